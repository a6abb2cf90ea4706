//! Bytes of which no format is told.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code, Outcome};
use serde_json::{Value, json};

use crate::cast::list;
use crate::forge::enveloped;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let licence = Scene::new(About::Licence, Format::EddsaJcs2022);
    let json_file = licence.credential();
    let token = Scene::new(About::Licence, Format::Jwt).credential();
    let utf_16 = |order: fn(u16) -> [u8; 2]| json_file.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let nested = |levels: usize, open: &str, close: &str| {
        format!(r#"{{"@context":{}0{}}}"#, open.repeat(levels), close.repeat(levels))
    };
    let cut = &json_file[..json_file.len() - 40];
    let mut cases = vec![
        nothing("empty", "An empty file.", b""),
        nothing("white-space", "Nothing but white space.", b" \r\n\t \n"),
        nothing("truncated-json", "A licence of which the end is missing.", cut),
        nothing("text-behind-json", "Another document stands behind the first.", format!("{json_file}{{}}").as_bytes()),
        nothing("list-of-credentials", "A list is not a document.", format!("[{json_file}]").as_bytes()),
        nothing("text-in-quotes", "A token in quotation marks.", format!("\"{token}\"").as_bytes()),
        nothing("number", "A number.", b"42"),
        nothing("words", "A sentence.", b"I hereby confirm that Aino Virtanen may drive."),
        nothing("duplicate-members", "The licence names two holders, one above the other.", json_file.replacen("\"credentialSubject\":{", r#""credentialSubject":{"name":"Mallory","#, 1).as_bytes()),
        nothing("duplicate-members-in-another-spelling", "The same member twice, once with an escaped letter.", json_file.replacen("\"issuer\":", r#""\u0069ssuer":"did:key:z6Mk","issuer":"#, 1).as_bytes()),
        nothing("number-too-long", "A number that two readers would read differently.", json_file.replacen('{', r#"{"number":9007199254740993,"#, 1)),
        nothing("lone-surrogate", "A text that is no sequence of characters.", json_file.replacen('{', r#"{"name":"\ud800","#, 1)),
        nothing("not-utf-8", "A text with a byte that is no character.", [&json_file.as_bytes()[..1], b"\"n\xff\":1,", &json_file.as_bytes()[1..]].concat()),
        nothing("utf-16-little-endian", "A licence saved as UTF-16.", utf_16(u16::to_le_bytes)),
        nothing("utf-16-big-endian", "A licence saved as UTF-16, the other way round.", utf_16(u16::to_be_bytes)),
        nothing("byte-order-mark", "A licence with a mark before it.", format!("\u{feff}{json_file}").as_bytes()),
        nothing("nested-100000-lists", "Lists within lists, a hundred thousand deep.", nested(100_000, "[", "]")),
        nothing("nested-thousand-objects", "Objects within objects, a thousand deep.", nested(1_000, "{\"a\":", "}")),
        nothing("binary", "Bytes of no kind.", (0..=255).rev().collect::<Vec<u8>>()),
        nothing("zeros", "Nothing but zeros.", [0; 64]),
        nothing("pdf", "A printout.", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
        nothing("picture", "A photograph of a licence.", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        nothing("archive", "An office document.", b"PK\x03\x04\x14\0\x06\0\x08\0"),
        nothing("web-page", "A page that shows a licence.", b"<!DOCTYPE html><title>Licence</title>"),
        nothing("jwe", "A token that is encrypted to somebody else.", b"eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSJ9..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ"),
        nothing("cose", "A COSE message whose payload is cut off.", [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x26, 0xa0, 0x41, 0x7b, 0x41, 0x00]),
        nothing(
            "cose-untagged",
            "The same without its tag.",
            [0x84, 0x43, 0xa1, 0x01, 0x26, 0xa0, 0x41, 0x7b, 0x41, 0x00],
        ),
    ];
    cases.extend(json_documents(&licence));
    cases
}

fn nothing(name: &'static str, description: &str, presented: impl AsRef<[u8]>) -> Case {
    Case::new("any/other".to_owned(), name, description, presented, Outcome::Invalid)
        .by(CheckId::Parse, Code::ParseUnrecognised)
}

/// Objects that are no credential.
fn json_documents(licence: &Scene) -> Vec<Case> {
    let object = |name, description: &str, presented: String| {
        Case::new("any/other".to_owned(), name, description, presented, Outcome::Invalid)
    };
    vec![
        object("empty-object", "An object with nothing in it.", "{}".to_owned()).by(CheckId::Proof, Code::ProofAbsent),
        object(
            "trust-list",
            "A trust list is handed over as if it were a credential.",
            list(std::slice::from_ref(&licence.entry)).to_string(),
        )
        .by(CheckId::Proof, Code::ProofAbsent),
        object(
            "public-key",
            "A key is handed over as if it were a credential.",
            json!(licence.issuer.public_key().to_jwk()).to_string(),
        )
        .by(CheckId::Proof, Code::ProofAbsent),
        object("envelope-in-an-envelope", "A JSON document that holds a JSON document by its own label.", {
            let inner = enveloped("vc+jwt", "e30.e30.");
            enveloped("vc+jwt", &inner.to_string()).to_string()
        })
        .by(CheckId::Parse, Code::ParseUnrecognised),
        object(
            "presentation-unsigned",
            "A presentation that nobody signed.",
            json!({
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": [serde_json::from_str::<Value>(&licence.credential()).unwrap()],
            })
            .to_string(),
        )
        .by(CheckId::Proof, Code::ProofAbsent),
    ]
}
