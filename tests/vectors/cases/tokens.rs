//! What only a token can say: its algorithm, its headers and its key.

use attesta::credential::Holder;
use attesta::encoding::jcs;
use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{put, take};
use crate::cast::{CAST, list, programme_document};
use crate::forge::{compact, enveloped, map, put_together, taken_apart};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let [address, licence, skill, other] = About::ALL.map(|about| Scene::new(about, Format::Jwt));
    let mut cases = valid(&address, &licence, &other);
    cases.extend(algorithms(&licence, &other));
    cases.extend(headers(&licence));
    cases.extend(key_names(&skill, &other));
    cases
}

fn with_header(scene: &Scene, change: impl FnOnce(&mut Map)) -> String {
    scene.sign(scene.document(), change)
}

fn valid(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    let college = Scene::new(About::Other, Format::Jwt).issued_by(&CAST.college);
    let long = |options: &mut Map| {
        put(options, "/typ", "application/vc+jwt");
        put(options, "/cty", "application/vc");
    };
    let claims = licence.issued(|licence| {
        let (id, subject) = (licence["id"].clone(), licence["credentialSubject"]["id"].clone());
        let issuer = licence["issuer"].clone();
        for (name, value) in [("iss", issuer), ("jti", id), ("sub", subject)] {
            licence.insert(name.to_owned(), value);
        }
        licence.insert("nbf".to_owned(), 1_793_577_600.into());
        licence.insert("exp".to_owned(), 1_801_353_600.into());
    });
    vec![
        college.valid("signed-with-es512", "Signed with a P-521 key.", college.credential()),
        Scene::new(About::Licence, Format::Jwt).issued_by(&CAST.hostel).valid(
            "signed-with-es256",
            "Signed with a P-256 key.",
            Scene::new(About::Licence, Format::Jwt).issued_by(&CAST.hostel).credential(),
        ),
        other.valid(
            "algorithm-by-its-old-name",
            "Ed25519 by its deprecated name EdDSA.",
            with_header(other, |header| put(header, "/alg", "EdDSA")),
        ),
        licence.valid(
            "media-types-in-full",
            "typ and cty with application/ before them.",
            licence.sign(licence.document(), long),
        ),
        licence.valid(
            "without-a-content-type",
            "typ alone says what the token is.",
            with_header(licence, |header| drop(take(header, "/cty"))),
        ),
        licence.valid("key-by-its-fragment", "The key is named by its fragment within the issuer's identifier.", {
            let fragment = licence.issuer.method.split_once('#').unwrap().1;
            with_header(licence, |header| put(header, "/kid", format!("#{fragment}")))
        }),
        other
            .valid(
                "as-short-as-it-can-be",
                "Nothing but what every credential must have.",
                other.sign(
                    map(json!({
                        "@context": ["https://www.w3.org/ns/credentials/v2"],
                        "type": "VerifiableCredential",
                        "issuer": other.issuer.did,
                        "credentialSubject": { "member": true },
                    })),
                    |header| {
                        take(header, "/cty");
                        put(header, "/kid", format!("#{}", other.issuer.method.split_once('#').unwrap().1));
                    },
                ),
            )
            .trusting(&[list(&[json!({ "id": other.issuer.did, "issues": ["*"] })])]),
        licence.valid(
            "header-parameter-that-nobody-knows",
            "A parameter that is not critical is left alone.",
            with_header(licence, |header| put(header, "/x-note", "carbon copy")),
        ),
        licence.valid("registered-claims-that-agree", "iss, sub, jti, nbf and exp say what the document says.", claims),
        licence.valid(
            "white-space-around",
            "A line break was added when the file was saved.",
            format!("\r\n{}\n", licence.credential()),
        ),
        licence.valid(
            "wrapped-in-a-data-url",
            "The token stands in a JSON document that says what it is.",
            enveloped("vc+jwt", &licence.credential()).to_string(),
        ),
        address
            .valid("answer-wrapped-in-a-data-url", "The answer stands in a JSON document that says what it is.", {
                let mut wrapped = enveloped("vp+jwt", &address.answer(&address.credential()));
                wrapped["type"] = "EnvelopedVerifiablePresentation".into();
                wrapped.to_string()
            })
            .asked(),
        address
            .valid(
                "holder-by-a-key",
                "The guarantee names its holder's key in cnf, and no identifier.",
                address.answer(&address.credential_to(Some(Holder::Key(CAST.tenant.public_key())))),
            )
            .asked(),
    ]
}

fn algorithms(licence: &Scene, other: &Scene) -> Vec<Case> {
    let unsigned = |name: &str| {
        let mut header = json!({ "typ": "vc+jwt", "cty": "vc", "kid": licence.issuer.method });
        header["alg"] = name.into();
        compact(header.to_string().as_bytes(), &jcs::canonicalize(&licence.document()), |_| Vec::new())
    };
    let with_secret = |secret: Vec<u8>| {
        let header = json!({ "alg": "HS256", "typ": "vc+jwt", "cty": "vc", "kid": other.issuer.method });
        compact(header.to_string().as_bytes(), &jcs::canonicalize(&other.document()), |input| hmac(&secret, input))
    };
    let named = |scene: &Scene, name: &str| with_header(scene, |header| put(header, "/alg", name));
    let case = |case: Case, code| case.by(CheckId::Algorithm, code);
    vec![
        case(
            licence.invalid("alg-none", "The token says that it is not signed.", unsigned("none")),
            Code::AlgorithmNone,
        ),
        case(
            licence.invalid(
                "alg-none-in-other-letters",
                "nOnE, by which some libraries were deceived.",
                unsigned("nOnE"),
            ),
            Code::AlgorithmNone,
        ),
        case(
            licence.invalid(
                "alg-none-over-a-signature",
                "The header of a signed token was replaced by one without.",
                {
                    let (mut header, payload, signature) = taken_apart(&licence.credential());
                    put(&mut header, "/alg", "none");
                    put_together(&header, &payload, &signature)
                },
            ),
            Code::AlgorithmNone,
        ),
        case(
            other.invalid(
                "hmac-with-public-key",
                "The issuer's public key serves as the secret of an HMAC, as a confused verifier would use it.",
                with_secret(other.issuer.public_key().to_bytes()),
            ),
            Code::AlgorithmMac,
        ),
        case(
            other.invalid(
                "hmac-with-public-jwk",
                "The text of the issuer's public JWK serves as the secret of an HMAC.",
                with_secret(jcs::canonicalize(&other.issuer.public_key().to_jwk())),
            ),
            Code::AlgorithmMac,
        ),
        case(
            licence.invalid(
                "algorithm-of-another-curve",
                "ES256 is named, and the key is of P-384.",
                named(licence, "ES256"),
            ),
            Code::AlgorithmMismatch,
        ),
        case(
            other.invalid(
                "algorithm-of-another-family",
                "ES256 is named, and the key is of Ed25519.",
                named(other, "ES256"),
            ),
            Code::AlgorithmMismatch,
        ),
        case(
            licence.open("algorithm-of-bitcoin", "ES256K, which this version does not have.", named(licence, "ES256K")),
            Code::AlgorithmUnsupported,
        ),
        case(
            licence.open("algorithm-rsa", "RS256, which this version does not have.", named(licence, "RS256")),
            Code::AlgorithmUnsupported,
        ),
        case(
            licence.open(
                "algorithm-with-a-space",
                "ES384 with a space behind it is no algorithm.",
                named(licence, "ES384 "),
            ),
            Code::AlgorithmUnsupported,
        ),
    ]
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut key = [0; 64];
    match secret.len() {
        0..=64 => key[..secret.len()].copy_from_slice(secret),
        _ => key[..32].copy_from_slice(&Sha256::digest(secret)),
    }
    let inner = Sha256::digest([&key.map(|byte| byte ^ 0x36), message].concat());
    Sha256::digest([key.map(|byte| byte ^ 0x5c).as_slice(), &inner].concat()).to_vec()
}

fn headers(licence: &Scene) -> Vec<Case> {
    let forger = &CAST.forger;
    let own_jwk = forger.public_key().to_jwk();
    vec![
        licence
            .invalid(
                "crit",
                "The header demands an extension, and the signature is sound.",
                with_header(licence, |header| {
                    put(header, "/crit", json!(["exp"]));
                    put(header, "/exp", 1_801_353_600);
                }),
            )
            .by(CheckId::Algorithm, Code::AlgorithmCritical),
        licence
            .invalid(
                "crit-empty",
                "An empty list of extensions is none that may be passed over.",
                with_header(licence, |header| put(header, "/crit", json!([]))),
            )
            .by(CheckId::Algorithm, Code::AlgorithmCritical),
        licence
            .invalid("key-in-the-header", "A stranger put their own key into the header and named the issuer's.", {
                let scene = Scene::new(About::Licence, Format::Jwt).issued_by(&CAST.marine);
                scene.sign_as(licence.document(), forger, |header| {
                    put(header, "/kid", licence.issuer.method.as_str());
                    put(header, "/jwk", own_jwk.clone());
                })
            })
            .by(CheckId::Algorithm, Code::AlgorithmMismatch),
        {
            let marine = Scene::new(About::Licence, Format::Jwt).issued_by(&CAST.marine);
            let presented = marine.sign_as(marine.document(), forger, |header| {
                put(header, "/kid", marine.issuer.method.as_str());
                put(header, "/jwk", own_jwk.clone());
            });
            let description =
                "A stranger put their own key, of the issuer's type, into the header and named the issuer's.";
            marine
                .invalid("key-of-the-same-type-in-the-header", description, presented)
                .by(CheckId::Proof, Code::ProofMismatch)
        },
        licence
            .invalid(
                "algorithm-missing",
                "The header names no algorithm.",
                with_header(licence, |header| drop(take(header, "/alg"))),
            )
            .by(CheckId::Parse, Code::ParseUnrecognised),
        licence
            .invalid(
                "algorithm-as-a-list",
                "The header leaves the reader a choice of algorithms.",
                with_header(licence, |header| put(header, "/alg", json!(["ES384", "none"]))),
            )
            .by(CheckId::Parse, Code::ParseUnrecognised),
        licence
            .invalid(
                "header-of-25-kilobytes",
                "The header is longer than any genuine one.",
                with_header(licence, |header| put(header, "/x-note", "a".repeat(25 * 1024))),
            )
            .by(CheckId::Parse, Code::ParseUnrecognised),
    ]
}

fn key_names(skill: &Scene, other: &Scene) -> Vec<Case> {
    let (stranger, issuer) = (&CAST.forger, other.issuer);
    let by_stranger = |kid: String| other.sign_as(other.document(), stranger, |header| put(header, "/kid", kid));
    vec![
        skill
            .invalid(
                "no-key-named-where-there-are-two",
                "The issuer has two keys, and the token names neither.",
                with_header(skill, |header| drop(take(header, "/kid"))),
            )
            .by(CheckId::Proof, Code::ProofNoKey),
        skill
            .invalid(
                "other-key-of-the-issuer-named",
                "The issuer's other key is named, of another type.",
                with_header(skill, |header| put(header, "/kid", CAST.programme_p256.method.as_str())),
            )
            .by(CheckId::Algorithm, Code::AlgorithmMismatch),
        other
            .invalid(
                "fragment-of-another-did",
                "The key is named by the fragment that it has in a stranger's document.",
                by_stranger(format!("#{}", stranger.did.trim_start_matches("did:key:"))),
            )
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        other
            .invalid(
                "key-by-a-name-that-nobody-gave",
                "The key is named key-1, which the issuer's document does not know.",
                by_stranger("key-1".to_owned()),
            )
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        other
            .invalid(
                "key-named-by-the-did-alone",
                "The key is named by the issuer's identifier without a fragment.",
                other.sign(other.document(), |header| put(header, "/kid", issuer.did.as_str())),
            )
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        skill
            .valid(
                "key-by-the-name-in-its-jwk",
                "The key is named by the kid that its JWK carries.",
                with_header(skill, |header| put(header, "/kid", "2026-a")),
            )
            .without_materials()
            .fetched(&{
                let mut document = programme_document();
                document["verificationMethod"][0]["publicKeyJwk"]["kid"] = "2026-a".into();
                document
            }),
    ]
}
