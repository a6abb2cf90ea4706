//! What the targets begin with: made from the vectors, the kinds' examples and the files of `fuzz/seeds/`, never copied
//! from other collections.

use std::path::Path;
use std::{fs, io};

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::json;
use attesta::issuer::Issuer;
use attesta::keys::Signer as _;
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::{Format, Shape, sd_jwt, sniff};
use attesta::time::Date;
use attesta::verify::Outcome;

use crate::certificate::made;
use crate::people::{PEOPLE, known};
use crate::scene::{BANK, NONCE, STAGE, now};
use crate::{plain, verify};

/// Writes the seeds of every target, each into its folder under `root`.
///
/// # Errors
/// What stops a file from being written.
pub fn write(root: &Path) -> io::Result<()> {
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = root.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("made-{name}")), bytes)
    };
    for vector in &STAGE.vectors {
        let (name, presented) = (&*vector.name, &*vector.presented);
        put("verify", name, &before(vector.scene, presented))?;
        if let Some(plain) = verify::plain_form(presented) {
            put("verify", &format!("{name}-plain"), &before(vector.scene, plain.as_bytes()))?;
        }
        if matches!(sniff(presented), Ok(Shape::Cose(_))) {
            put("cose", name, presented)?;
            put("cbor", name, presented)?;
            if let Some(plain) = crate::cose::plain_form(presented) {
                put("cose", &format!("{name}-plain"), plain.as_bytes())?;
            }
        }
        let text = std::str::from_utf8(presented).unwrap_or_default().trim_ascii();
        if text.starts_with('{') {
            put("json", name, text.as_bytes())?;
            put("data_integrity", name, text.as_bytes())?;
            put("json_ld", name, text.as_bytes())?;
        } else if text.matches('.').count() == 2 {
            put("jose", name, text.as_bytes())?;
            if let Some(plain) = plain::take_apart(text) {
                put("jose", &format!("{name}-plain"), plain.as_bytes())?;
            }
        }
    }
    let own = STAGE.own;
    for (number, token) in sd_jwts().iter().enumerate() {
        let plain = plain::take_apart(token).expect("it was made here");
        assert_eq!(plain::assemble(&plain).as_ref(), Some(token), "the plain form stands for another token");
        let report = STAGE.scenes[if token.ends_with('~') { own } else { own + 1 }].judge(token.as_bytes());
        assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
        put("sd_jwt", &number.to_string(), token.as_bytes())?;
        put("sd_jwt", &format!("{number}-plain"), plain.as_bytes())?;
        for general in [false, true] {
            let document = plain::on_a_line(&sd_jwt::to_json(token, general).expect("it was made here"));
            put("sd_jwt", &format!("{number}-json-{general}"), document.as_bytes())?;
            put("verify", &format!("sd-jwt-{number}-json-{general}"), &before(own, document.as_bytes()))?;
        }
        let wrapped = verify::wrapped("dc+sd-jwt", token);
        put("verify", &format!("sd-jwt-{number}-wrapped"), &before(own, wrapped.as_bytes()))?;
        for scene in [own, own + 1, own + 2] {
            put("verify", &format!("sd-jwt-{number}-{scene}"), &before(scene, token.as_bytes()))?;
            put("verify", &format!("sd-jwt-{number}-{scene}-plain"), &before(scene, plain.as_bytes()))?;
        }
        let answer = format!(r#"{{"vp_token":{{"address":["{token}"]}}}}"#);
        put("verify", &format!("sd-jwt-{number}-answer"), &before(own + 2, answer.as_bytes()))?;
    }
    let hostile = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/verify");
    for entry in fs::read_dir(hostile)? {
        let path = entry?.path();
        let (name, bytes) = (path.file_name().unwrap_or_default().to_string_lossy(), fs::read(&path)?);
        for scene in [own, own + 1, own + 2] {
            put("verify", &format!("{name}-{scene}"), &before(scene, &bytes[..]))?;
        }
    }
    for person in PEOPLE.iter() {
        let key = person.key.public_key();
        put("did", &person.name, person.did().as_bytes())?;
        put("did", &format!("{}-jwk", person.name), attesta::did::method::jwk::from_key(&key).as_bytes())?;
        put("did", &format!("{}-url", person.name), person.method.as_bytes())?;
        let document = attesta::did::resolve(person.did(), &Default::default()).document;
        if let Some(document) = document {
            put("did", &format!("{}-document", person.name), plain::on_a_line(&document.to_json()).as_bytes())?;
        }
    }
    for kind in Kind::ALL {
        let (name, example) = (kind.name(), plain::on_a_line(&kind.example()));
        put("json", name, example.as_bytes())?;
        let of_kind = format!(r#"{{"vct":"{}",{}"#, kind.vct(), &example[1..]);
        put("type_metadata", name, format!("{of_kind}\n{}", kind.type_metadata()).as_bytes())?;
        let query = format!(
            r#"{{"credentials":[{{"id":"a","format":"dc+sd-jwt","meta":{{"vct_values":["{}"]}},"claims":[{{"path":["name"]}}]}}]}}"#,
            kind.vct()
        );
        put("dcql", name, format!("{query}\n{example}").as_bytes())?;
        put("json", &format!("{name}-query"), query.as_bytes())?;
        put("request", name, request(&query).as_bytes())?;
    }
    for (target, seeds) in [
        ("did_document", crate::did_document::made()),
        ("did_url", crate::did_url::made()),
        ("notice", crate::notice::made()),
        ("status", crate::status::made()),
        ("webvh", crate::webvh::made()),
    ] {
        for (name, seed) in seeds {
            put(target, name, &seed)?;
        }
    }
    for (target, seeds) in [("ecdsa_sd", crate::ecdsa_sd::made()), ("http_response", crate::http_response::made())] {
        for (name, seed) in seeds {
            put(target, &name, &seed)?;
        }
    }
    for (name, seed) in crate::rdfc::made() {
        put("rdfc", name, &seed)?;
    }
    let made = made();
    put("certificate", "leaf", &made.leaf)?;
    put("certificate", "chain", &[&made.leaf[..], &made.authority].concat())?;
    put("certificate", "whole", &[&made.leaf[..], &made.authority, &made.root].concat())?;
    put("certificate", "direct", &made.direct)?;
    put("certificate", "pinned", &made.pinned)?;
    let pem = |der: &[u8]| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", data_encoding::BASE64.encode(der))
    };
    put("certificate", "pem", format!("{}{}", pem(&made.leaf), pem(&made.authority)).as_bytes())
}

/// What is presented to the scene at this position.
fn before(scene: usize, presented: &[u8]) -> Vec<u8> {
    let number = u16::try_from(scene).unwrap_or_default();
    [&number.to_be_bytes(), presented].concat()
}

/// A signed request with this query, in plain form.
fn request(query: &str) -> String {
    let ngo = known("ngo");
    let (did, method) = (ngo.did(), &ngo.method);
    format!(
        r#"sign ngo
{{"alg":"EdDSA","typ":"oauth-authz-req+jwt","kid":"{method}"}}
{{"aud":"https://self-issued.me/v2","client_id":"decentralized_identifier:{did}","response_type":"vp_token","nonce":"{NONCE}","dcql_query":{query},"response_mode":"direct_post","response_uri":"https://bank.example/post","state":"a-state-of-22-characters","iat":1795165200,"exp":1795165500}}"#
    )
}

/// An SD-JWT of each kind as it was issued, as it is shown to the bank whole, and with one claim.
pub(crate) fn sd_jwts() -> Vec<String> {
    let (issuer, holder) = (known("ngo"), known("tenant"));
    let mut tokens = Vec::new();
    for (kind, format) in Kind::ALL.into_iter().flat_map(|kind| [(kind, Format::SdJwtVc), (kind, Format::SdJwt)]) {
        let claims = Claims::from_claims_file(kind, &kind.example()).expect("the example is one");
        let by = Issuer::of_key(&issuer.key);
        // For a week, which needs no status.
        let from = Date::new(2026, 11, 15).expect("a day");
        let draft = Credential::of(claims, by.id(), from, 7, Salt::from_bytes([7; 32])).expect("a draft");
        let draft = draft.holder(Holder::Key(holder.key.public_key()));
        let issued = by.secure(&draft, format).expect("it is signed");
        let request = Request { audience: BANK, nonce: NONCE, now: now() };
        let one: &[&str] = if format == Format::SdJwt { &["/credentialSubject/name"] } else { &["/name"] };
        for disclose in [Disclose::Everything, Disclose::Only(one)] {
            tokens.push(present(&[issued.as_bytes()], disclose, &request, &holder.key).expect("it is shown"));
        }
        tokens.push(issued);
    }
    assert!(tokens.iter().all(|token| json::parse(token.as_bytes()).is_err() && token.contains('~')));
    tokens
}
