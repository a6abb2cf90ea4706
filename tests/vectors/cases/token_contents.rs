//! What stands in a token: its claims, its three parts as text, and the holder's key.

use attesta::credential::Holder;
use attesta::encoding::jcs;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::put;
use crate::cast::{BANK, CAST, NONCE};
use crate::forge::{compact, enclosed, put_together, signing, taken_apart};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let [address, licence] = [About::Address, About::Licence].map(|about| Scene::new(about, Format::Jwt));
    [claims(&licence), texts(&licence), confirmation(&address)].concat()
}

fn claims(licence: &Scene) -> Vec<Case> {
    let claiming = |name: &str, value: Value| {
        let name = format!("/{name}");
        licence.issued(|licence| put(licence, &name, value))
    };
    let contradicts = |case: Case| case.by(CheckId::DataModel, Code::ModelClaimsContradict);
    let expiry = |case: Case, code| case.by(CheckId::ProofExpiry, code);
    vec![
        contradicts(licence.invalid(
            "iss-contradicts",
            "iss names another issuer than the document.",
            claiming("iss", CAST.forger.did.as_str().into()),
        )),
        contradicts(licence.invalid(
            "iss-is-no-text",
            "iss is a list, of which each reader may take another item.",
            claiming("iss", json!([licence.issuer.did])),
        )),
        contradicts(licence.invalid(
            "jti-contradicts",
            "jti names another credential than the document.",
            claiming("jti", "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873".into()),
        )),
        contradicts(licence.invalid(
            "sub-contradicts",
            "sub names another person than the document.",
            claiming("sub", CAST.thief.did.as_str().into()),
        )),
        expiry(
            licence.invalid(
                "exp-past",
                "The signature ended, though the licence goes on.",
                claiming("exp", 1_795_165_199.into()),
            ),
            Code::ExpiryPast,
        ),
        expiry(
            licence.invalid(
                "exp-this-second",
                "The signature ends in this very second.",
                claiming("exp", 1_795_165_200.into()),
            ),
            Code::ExpiryPast,
        ),
        expiry(
            licence.invalid(
                "nbf-future",
                "The signature counts from tomorrow on.",
                claiming("nbf", 1_795_251_600.into()),
            ),
            Code::ExpiryFuture,
        ),
        expiry(
            licence.invalid(
                "iat-future",
                "The signature was made an hour from now.",
                claiming("iat", 1_795_168_800.into()),
            ),
            Code::ExpiryFuture,
        ),
        expiry(
            licence.invalid(
                "exp-as-text",
                "exp is text, which some readers would pass over.",
                claiming("exp", "1801353600".into()),
            ),
            Code::ExpiryForm,
        ),
        expiry(
            licence.invalid(
                "exp-null",
                "exp is null, which some readers would pass over.",
                claiming("exp", Value::Null),
            ),
            Code::ExpiryForm,
        ),
        expiry(
            licence.invalid("nbf-beyond-the-calendar", "nbf lies beyond the year 9999.", claiming("nbf", json!(1e14))),
            Code::ExpiryForm,
        ),
        licence
            .invalid("wrapped-as-in-data-model-1-1", "The credential stands within a claim vc, as it once did.", {
                let document = licence.document();
                claiming("vc", Value::Object(document))
            })
            .by(CheckId::DataModel, Code::ModelBroken),
    ]
}

/// Texts that are almost a token.
fn texts(licence: &Scene) -> Vec<Case> {
    let token = licence.credential();
    let (header, payload, signature) = taken_apart(&token);
    let key = &licence.issuer.key;
    let header_bytes = jcs::canonicalize(&header);
    let signed = |payload: &str| compact(&header_bytes, payload.as_bytes(), signing(key));
    let text = String::from_utf8(jcs::canonicalize(&payload)).unwrap();
    let last = token.chars().next_back().unwrap();
    let broken = |name, description, presented: String| {
        licence.invalid(name, description, presented).by(CheckId::Parse, Code::ParseUnrecognised)
    };
    vec![
        broken("truncated", "The token was cut off in its payload.", token[..token.len() / 2].to_owned()),
        // The last character of 96 bytes carries no spare bits, so ES256's 64 bytes show it.
        {
            let hostel = Scene::new(About::Licence, Format::Jwt).issued_by(&CAST.hostel);
            let token = hostel.credential();
            let (kept, last) = token.split_at(token.len() - 1);
            let presented = format!("{kept}{}", with_spare_bit(last.chars().next().unwrap()));
            hostel
                .invalid(
                    "signature-with-spare-bits",
                    "A second way to write the same signature in base64url.",
                    presented,
                )
                .by(CheckId::Parse, Code::ParseUnrecognised)
        },
        broken("signature-padded", "Padding stands behind the signature.", format!("{token}==")),
        broken(
            "header-in-plain-base64",
            "A part is written in the other alphabet of base64.",
            format!("{}+/{last}", &token[..token.len() - 3]),
        ),
        broken(
            "line-break-inside",
            "A mail program broke the token into two lines.",
            format!("{}\r\n{}", &token[..100], &token[100..]),
        ),
        broken("two-parts", "The signature and its dot are missing.", token.rsplit_once('.').unwrap().0.to_owned()),
        broken("four-parts", "A part too many.", format!("{token}.{signature}")),
        broken("payload-is-a-list", "The payload is a list of credentials.", signed(&format!("[{text}]"))),
        broken("payload-is-not-json", "The payload is text.", signed("a driving licence")),
        broken("payload-with-duplicate-members", "The licence says twice how long it holds.", {
            signed(&text.replacen('{', r#"{"validUntil":"2099-01-01T00:00:00Z","#, 1))
        }),
        broken(
            "payload-with-a-byte-order-mark",
            "A mark stands before the payload's JSON.",
            signed(&format!("\u{feff}{text}")),
        ),
        broken("payload-with-a-number-too-long", "A number that two readers would read differently.", {
            signed(&text.replacen('{', r#"{"number":9007199254740993,"#, 1))
        }),
        broken("header-with-duplicate-members", "The header names two algorithms.", {
            let header = String::from_utf8(header_bytes.clone()).unwrap().replacen('{', r#"{"alg":"none","#, 1);
            compact(header.as_bytes(), text.as_bytes(), signing(key))
        }),
        broken("header-is-not-json", "The header is no object.", compact(b"\"ES384\"", text.as_bytes(), signing(key))),
    ]
}

/// The character with a bit set that base64url of a whole number of bytes leaves zero.
fn with_spare_bit(last: char) -> char {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = ALPHABET.find(last).unwrap();
    assert_eq!(value & 0xf, 0, "64 bytes leave four bits in their last character");
    ALPHABET.chars().nth(value | 1).unwrap()
}

/// The holder's key in `cnf` (RFC 7800).
fn confirmation(address: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let bound = address.credential_to(Some(Holder::Key(tenant.public_key())));
    let confirmed_by = |confirmation: Value| {
        let mut document = address.unsigned(&bound);
        put(&mut document, "/cnf", confirmation);
        address.sign(document, |_| {})
    };
    let private: Value = serde_json::from_str(&tenant.key.to_private_jwk()).unwrap();
    let both = address.issued(|credential| put(credential, "/cnf", json!({ "jwk": tenant.public_key().to_jwk() })));
    vec![
        address
            .invalid(
                "confirmed-key-presented-by-a-stranger",
                "cnf holds the tenant's key, and a stranger presents.",
                address.answer_of(&CAST.thief, &bound),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .open("cnf-without-jwk", "cnf names the holder's key by its fingerprint alone.", {
                let confirmation = json!({ "jkt": tenant.public_key().thumbprint() });
                address.answer_of(tenant, &confirmed_by(confirmation))
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingUnsupported),
        address
            .invalid(
                "cnf-with-a-private-key",
                "cnf publishes the private key of the holder.",
                address.answer_of(tenant, &confirmed_by(json!({ "jwk": private }))),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .invalid("cnf-of-another-key-than-the-subjects", "cnf decides, and its key is not the subject's.", {
                let mut document = address.unsigned(&both);
                put(&mut document, "/cnf", json!({ "jwk": CAST.thief.public_key().to_jwk() }));
                address.answer_of(tenant, &address.sign(document, |_| {}))
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .valid(
                "cnf-beside-the-subject",
                "cnf holds the key of the subject's own identifier.",
                address.answer_of(tenant, &both),
            )
            .asked(),
        address
            .invalid("answer-unsigned", "The answer says that it is not signed.", {
                let (mut header, payload, _) = taken_apart(&address.answer(&bound));
                put(&mut header, "/alg", "none");
                put_together(&header, &payload, "")
            })
            .asked()
            .by(CheckId::Algorithm, Code::AlgorithmNone),
        address
            .invalid("answer-with-the-issuers-signature", "The issuer's token itself, with an audience written in.", {
                let mut document = address.unsigned(&bound);
                put(&mut document, "/aud", BANK);
                put(&mut document, "/nonce", NONCE);
                address.sign(document, |_| {})
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingNotPresented),
        address
            .invalid(
                "answer-whose-iss-contradicts",
                "The answer names one holder, and its iss another.",
                address.answer_by(
                    tenant,
                    &[enclosed(&bound)],
                    |presentation| put(presentation, "/iss", CAST.thief.did.as_str()),
                    |_| {},
                ),
            )
            .asked()
            .by(CheckId::DataModel, Code::ModelClaimsContradict),
    ]
}
