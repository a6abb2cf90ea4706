//! What only a COSE message can say: its encoding, its two headers and its algorithm.

use attesta::encoding::jcs;
use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use data_encoding::BASE64;
use serde_json::json;

use super::{put, take};
use crate::cast::CAST;
use crate::cose::{ARRAY, MAP, Message, bytes, head, int, map, protected, text};
use crate::forge::enveloped;
use crate::outside::moment;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let [address, licence, other] =
        [About::Address, About::Licence, About::Other].map(|it| Scene::new(it, Format::Cose));
    let mut cases = valid(&address, &licence, &other);
    cases.extend(encodings(&other));
    cases.extend(structures(&other));
    cases.extend(headers(&licence, &other));
    cases.extend(algorithms(&licence, &other));
    cases.extend(claims(&address, &licence));
    cases
}

fn with_header(scene: &Scene, change: impl FnOnce(&mut Map)) -> String {
    scene.sign(scene.document(), change)
}

/// The header that the issuer writes.
fn header_of(scene: &Scene) -> Map {
    let header = json!({
        "alg": scene.issuer.public_key().key_type().algorithm().unwrap().cose_id(),
        "typ": "application/vc+cose",
        "cty": "application/vc",
        "kid": scene.issuer.method,
    });
    crate::forge::map(header)
}

/// The issuer's message with this protected header.
pub(super) fn with_protected(scene: &Scene, protected: Vec<u8>) -> Message {
    Message::sign_bytes(protected, jcs::canonicalize(&scene.document()), &scene.issuer.key)
}

/// The entries of the issuer's header without those labels.
pub(super) fn entries_without(scene: &Scene, labels: &[i64]) -> Vec<(i64, Vec<u8>)> {
    let issuer = scene.issuer;
    let algorithm = issuer.public_key().key_type().algorithm().unwrap().cose_id();
    let entries = [
        (1, int(algorithm)),
        (3, text("application/vc")),
        (4, bytes(issuer.method.as_bytes())),
        (16, text("application/vc+cose")),
    ];
    entries.into_iter().filter(|(label, _)| !labels.contains(label)).collect()
}

pub(super) fn with_unprotected(message: &Message, unprotected: &[(i64, Vec<u8>)]) -> Vec<u8> {
    Message { unprotected: map(unprotected), ..message.clone() }.to_bytes()
}

fn valid(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    let message = with_protected(other, protected(&header_of(other)));
    let without_kid = with_protected(other, map(&entries_without(other, &[4])));
    let college = Scene::new(About::Other, Format::Cose).issued_by(&CAST.college);
    let hostel = Scene::new(About::Licence, Format::Cose).issued_by(&CAST.hostel);
    let wrapped = |r#type: &str, media_type: &str, secured: &str| {
        let message = crate::cose::of_text(secured).unwrap();
        let mut wrapped = enveloped(&format!("{media_type};base64"), &BASE64.encode(&message));
        wrapped["type"] = r#type.into();
        wrapped.to_string()
    };
    vec![
        other.valid("without-its-tag", "The message stands there without tag 18.", message.untagged()),
        other.valid(
            "algorithm-by-its-old-number",
            "Ed25519 as EdDSA, -8.",
            with_header(other, |header| put(header, "/alg", -8)),
        ),
        hostel.valid("signed-with-esp256", "Signed with a P-256 key.", hostel.credential()),
        hostel.valid(
            "es256-by-its-old-number",
            "ESP256 as ES256, -7.",
            with_header(&hostel, |header| put(header, "/alg", -7)),
        ),
        licence.valid(
            "es384-by-its-old-number",
            "ESP384 as ES384, -35.",
            with_header(licence, |header| put(header, "/alg", -35)),
        ),
        college.valid("signed-with-esp512", "Signed with a P-521 key.", college.credential()),
        other.valid(
            "media-types-in-short",
            "typ and content type without application/ before them.",
            with_header(other, |header| {
                put(header, "/typ", "vc+cose");
                put(header, "/cty", "vc");
            }),
        ),
        licence.valid(
            "without-a-content-type",
            "typ alone says what the message is.",
            with_header(licence, |header| drop(take(header, "/cty"))),
        ),
        other.valid(
            "key-named-outside-of-what-is-signed",
            "The key's name stands in the unprotected header.",
            with_unprotected(&without_kid, &[(4, bytes(other.issuer.method.as_bytes()))]),
        ),
        other.valid(
            "parameters-that-nobody-knows",
            "Parameters that are not critical are left alone, in either header.",
            with_unprotected(
                &with_protected(other, map(&[entries_without(other, &[]), vec![(99, text("carbon copy"))]].concat())),
                &[(98, map(&[(1, int(2))]))],
            ),
        ),
        other.valid(
            "critical-and-understood",
            "What the message demands to be understood is.",
            with_header(other, |header| put(header, "/crit", json!([1, 16]))),
        ),
        other.valid("written-by-another-encoder", "Keys in another order, and lengths of two bytes.", {
            let entries: Vec<u8> = entries_without(other, &[])
                .into_iter()
                .rev()
                .flat_map(|(label, value)| [int(label), value].concat())
                .collect();
            with_protected(other, [vec![0xb9, 0, 4], entries].concat()).to_bytes()
        }),
        licence.valid(
            "wrapped-in-a-data-url",
            "The message stands in a JSON document that says what it is.",
            wrapped("EnvelopedVerifiableCredential", "vc+cose", &licence.credential()),
        ),
        address
            .valid(
                "answer-wrapped-in-a-data-url",
                "The answer stands in a JSON document that says what it is.",
                wrapped("EnvelopedVerifiablePresentation", "vp+cose", &address.answer(&address.credential())),
            )
            .asked(),
    ]
}

/// CBOR that two readers could understand differently, or that costs more to read than it is worth.
fn encodings(other: &Scene) -> Vec<Case> {
    let refused = |name, description: &str, presented: Vec<u8>| {
        other.invalid(name, description, presented).by(CheckId::Parse, Code::ParseUnrecognised)
    };
    let whole = with_protected(other, protected(&header_of(other)));
    let (bytes_of, parts) = (whole.to_bytes(), whole.untagged());
    let headed = |header: Vec<u8>| with_protected(other, header).to_bytes();
    let entries = |count: usize| -> Vec<u8> {
        let known = entries_without(other, &[]);
        let entries = known.into_iter().flat_map(|(label, value)| [int(label), value].concat());
        head(MAP, count).into_iter().chain(entries).collect()
    };
    vec![
        refused(
            "array-of-indefinite-length",
            "The message does not say how many parts it has.",
            [&[0xd2, 0x9f], &parts[1..], &[0xff]].concat(),
        ),
        refused("header-of-indefinite-length", "The signed header does not say how many entries it has.", {
            headed([&[0xbf], &entries(4)[1..], &[0xff]].concat())
        }),
        refused("payload-of-indefinite-length", "The payload comes in pieces.", {
            let before = [vec![0xd2, 0x84], bytes(&whole.protected), vec![0xa0]].concat();
            [before, vec![0x5f], bytes(&whole.payload), vec![0xff], bytes(&whole.signature)].concat()
        }),
        refused("algorithm-twice", "The signed header names two algorithms.", {
            headed([entries(5), int(1), int(-9)].concat())
        }),
        refused("algorithm-twice-in-another-length", "The same label again, written with a byte more.", {
            headed([entries(5), vec![0x18, 0x01], int(-9)].concat())
        }),
        refused("lists-10000-deep", "A parameter with lists within lists, ten thousand deep.", {
            headed([entries(5), int(99), vec![0x81; 10_000], int(0)].concat())
        }),
        refused(
            "tags-10000-deep",
            "Ten thousand tags before the message.",
            [vec![0xd2; 10_000], parts.clone()].concat(),
        ),
        refused("payload-of-2-to-the-63", "The payload is said to have 2^63 bytes.", {
            let before = [vec![0xd2, 0x84], bytes(&whole.protected), vec![0xa0]].concat();
            [before, vec![0x5b, 0x80, 0, 0, 0, 0, 0, 0, 0], whole.payload.clone()].concat()
        }),
        refused("parameters-without-end", "A header with four thousand million entries, and three bytes.", {
            headed(vec![0xba, 0xff, 0xff, 0xff, 0xff, 0x01, 0x32])
        }),
        refused("many-values", "A parameter that lists a thousand numbers.", {
            headed([entries(5), int(99), head(ARRAY, 1000), vec![0; 1000]].concat())
        }),
        refused("header-of-25-kilobytes", "The header is longer than any genuine one.", {
            headed([entries(5), int(99), bytes(&[0; 25 * 1024])].concat())
        }),
        refused("bytes-behind-the-message", "A line break was added behind the message.", {
            [&bytes_of[..], b"\n"].concat()
        }),
        refused("cut-off", "The end of the message is missing.", bytes_of[..bytes_of.len() - 10].to_vec()),
        refused("in-hexadecimal", "The message as digits.", {
            bytes_of.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
        }),
    ]
}

/// Messages of another structure.
fn structures(other: &Scene) -> Vec<Case> {
    let refused = |name, description: &str, presented: Vec<u8>| {
        other.invalid(name, description, presented).by(CheckId::Parse, Code::ParseUnrecognised)
    };
    let whole = with_protected(other, protected(&header_of(other)));
    let parts = whole.untagged();
    let of = |payload: Vec<u8>| {
        let signed = Message::sign_bytes(whole.protected.clone(), payload, &other.issuer.key);
        signed.to_bytes()
    };
    vec![
        refused("detached", "The payload is elsewhere.", {
            [vec![0xd2, 0x84], bytes(&whole.protected), vec![0xa0, 0xf6], bytes(&whole.signature)].concat()
        }),
        refused("tagged-twice", "A message in a message's tag.", [&[0xd2, 0xd2], &parts[..]].concat()),
        refused("five-parts", "A fifth part stands behind the signature.", {
            [&[0xd2, 0x85], &parts[1..], &[0x40]].concat()
        }),
        refused("payload-that-is-cbor", "The payload is CBOR and not JSON.", of(map(&[(1, text("credential"))]))),
        refused("payload-with-duplicate-members", "The payload names two issuers.", {
            let payload = String::from_utf8(whole.payload.clone()).unwrap();
            of(payload.replacen('{', r#"{"issuer":"did:key:z6Mk","#, 1).into_bytes())
        }),
        other
            .invalid("payload-of-another-message", "The payload of one message with the signature of another.", {
                let mut document = other.document();
                put(&mut document, "/validUntil", "2029-11-02T00:00:00Z");
                Message { payload: jcs::canonicalize(&document), ..whole.clone() }.to_bytes()
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        other
            .invalid(
                "signed-as-another-structure",
                "What was signed says that it is of a message with many signers.",
                {
                    let context =
                        [head(ARRAY, 4), text("Signature"), bytes(&whole.protected), bytes(b""), bytes(&whole.payload)];
                    let signature = attesta::keys::sign(&other.issuer.key, &context.concat()).unwrap();
                    Message { signature, ..whole.clone() }.to_bytes()
                },
            )
            .by(CheckId::Proof, Code::ProofMismatch),
        other
            .invalid("signed-with-external-data", "Something that stands elsewhere was signed along.", {
                let context =
                    [head(ARRAY, 4), text("Signature1"), bytes(&whole.protected), bytes(b"x"), bytes(&whole.payload)];
                let signature = attesta::keys::sign(&other.issuer.key, &context.concat()).unwrap();
                Message { signature, ..whole.clone() }.to_bytes()
            })
            .by(CheckId::Proof, Code::ProofMismatch),
    ]
}

fn headers(licence: &Scene, other: &Scene) -> Vec<Case> {
    let refused = |name, description: &str, presented: Vec<u8>| {
        other.invalid(name, description, presented).by(CheckId::Parse, Code::ParseUnrecognised)
    };
    let whole = with_protected(other, protected(&header_of(other)));
    let key = bytes(other.issuer.method.as_bytes());
    vec![
        other
            .invalid(
                "header-changed-after-signing",
                "The issuer's signature stands behind another header.",
                Message { protected: map(&entries_without(other, &[3])), ..whole.clone() }.to_bytes(),
            )
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid(
                "crit",
                "The header demands an extension, and the signature is sound.",
                with_protected(
                    licence,
                    map(&[
                        entries_without(licence, &[3, 4, 16]),
                        vec![(2, [head(ARRAY, 1), int(99)].concat())],
                        entries_without(licence, &[1]),
                        vec![(99, int(1))],
                    ]
                    .concat()),
                )
                .to_bytes(),
            )
            .by(CheckId::Algorithm, Code::AlgorithmCritical),
        refused("crit-empty", "An empty list of extensions.", {
            let header = with_header(other, |header| put(header, "/crit", json!([])));
            crate::cose::of_text(&header).unwrap()
        }),
        refused("crit-outside-of-what-is-signed", "The list of extensions stands in the unprotected header.", {
            with_unprotected(&whole, &[(2, [head(ARRAY, 1), int(1)].concat())])
        }),
        refused("key-named-twice", "The key's name stands in both headers.", with_unprotected(&whole, &[(4, key)])),
        refused("algorithm-outside-of-what-is-signed", "The algorithm stands in the unprotected header.", {
            let without = with_protected(other, map(&entries_without(other, &[1])));
            with_unprotected(&without, &[(1, int(-19))])
        }),
        refused("algorithm-missing", "Neither header names an algorithm.", {
            with_protected(other, map(&entries_without(other, &[1]))).to_bytes()
        }),
        refused("no-header", "The signed header is empty.", with_protected(other, Vec::new()).to_bytes()),
        refused("key-named-as-text", "The key's name is text, where bytes belong.", {
            let entries = [entries_without(other, &[4, 16]), vec![(4, text(&other.issuer.method))]].concat();
            with_protected(other, map(&entries)).to_bytes()
        }),
        other
            .invalid(
                "stranger-named-outside-of-what-is-signed",
                "A stranger signed, and wrote their key's name outside.",
                {
                    let stranger = other.stranger();
                    let header = map(&entries_without(other, &[4]));
                    let message = Message::sign_bytes(header, jcs::canonicalize(&other.document()), &stranger.key);
                    with_unprotected(&message, &[(4, bytes(stranger.method.as_bytes()))])
                },
            )
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        other
            .invalid("key-in-the-header", "A stranger put their own key into the header and named the issuer's.", {
                let stranger = other.stranger();
                // A COSE_Key of Ed25519 (RFC 9053 section 7.2).
                let key = stranger.public_key().to_bytes();
                let cose_key = [head(MAP, 3), int(1), int(1), int(-1), int(6), int(-2), bytes(&key)].concat();
                let header = map(&[entries_without(other, &[]), vec![(25, cose_key)]].concat());
                Message::sign_bytes(header, jcs::canonicalize(&other.document()), &stranger.key).to_bytes()
            })
            .by(CheckId::Proof, Code::ProofMismatch),
    ]
}

fn algorithms(licence: &Scene, other: &Scene) -> Vec<Case> {
    let named = |scene: &Scene, id: i64| with_header(scene, |header| put(header, "/alg", id));
    let case = |case: Case, code| case.by(CheckId::Algorithm, code);
    vec![
        case(other.invalid("hmac", "HMAC with SHA-256, 5.", named(other, 5)), Code::AlgorithmMac),
        case(
            licence.invalid(
                "algorithm-of-another-curve",
                "ESP256 is named, and the key is of P-384.",
                named(licence, -9),
            ),
            Code::AlgorithmMismatch,
        ),
        case(
            other.invalid(
                "algorithm-of-another-family",
                "ES256 is named, and the key is of Ed25519.",
                named(other, -7),
            ),
            Code::AlgorithmMismatch,
        ),
        case(
            licence.open("algorithm-rsa", "RS256, which this version does not have.", named(licence, -257)),
            Code::AlgorithmUnsupported,
        ),
        case(
            licence.open(
                "algorithm-by-its-name-in-tokens",
                "The text ES384, which is no algorithm of COSE.",
                with_header(licence, |header| put(header, "/alg", "ES384")),
            ),
            Code::AlgorithmUnsupported,
        ),
    ]
}

/// CWT claims in the header (RFC 9597).
fn claims(address: &Scene, licence: &Scene) -> Vec<Case> {
    let claimed = |name: &str, value: serde_json::Value| {
        with_header(licence, |header| drop(header.insert(name.to_owned(), value)))
    };
    let seconds = |time: &str| moment(time).unix().into();
    let answer = |unprotected: &[(i64, Vec<u8>)]| {
        let answer = address.answer_by(
            &CAST.tenant,
            &[crate::forge::enclosed(&address.credential())],
            |_| {},
            |header| {
                take(header, "/aud");
                take(header, "/nonce");
            },
        );
        with_unprotected(&Message::read(&answer), unprotected)
    };
    vec![
        licence.valid("claims-that-agree", "iss, nbf and exp say what the document says.", {
            with_header(licence, |header| {
                put(header, "/iss", licence.issuer.did.as_str());
                put(header, "/nbf", 1_793_577_600);
                put(header, "/exp", 1_801_353_600);
            })
        }),
        licence
            .invalid("signature-that-has-ended", "The signature ended a minute ago.", {
                claimed("exp", seconds("2026-11-20T08:59:00Z"))
            })
            .by(CheckId::ProofExpiry, Code::ExpiryPast),
        licence
            .invalid("end-in-words", "The end of the signature is text.", claimed("exp", "2027-01-01".into()))
            .by(CheckId::ProofExpiry, Code::ExpiryForm),
        licence
            .invalid("another-issuer-claimed", "The header names another issuer than the document.", {
                claimed("iss", CAST.forger.did.as_str().into())
            })
            .by(CheckId::DataModel, Code::ModelClaimsContradict),
        address
            .invalid("audience-and-nonce-outside-of-what-is-signed", "Whom it is for was written there later.", {
                let claims =
                    [head(MAP, 2), int(3), text(crate::cast::BANK), int(10), bytes(crate::cast::NONCE.as_bytes())];
                answer(&[(15, claims.concat())])
            })
            .asked()
            .by(CheckId::Audience, Code::AudienceMissing),
        address
            .open("holders-key-in-the-header", "The issuer names the holder's key in the header, which is not read.", {
                let cose_key = [head(MAP, 1), int(1), map(&[(1, int(2))])].concat();
                let claims = [head(MAP, 1), int(8), cose_key].concat();
                let header =
                    map(&[entries_without(address, &[16]), vec![(15, claims)], entries_without(address, &[1, 3, 4])]
                        .concat());
                let credential = with_protected(address, header).to_text();
                address.answer(&credential)
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingUnsupported),
    ]
}
