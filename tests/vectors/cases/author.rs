//! Signing in somebody else's name, and authors that have no keys.

use attesta::did::method;
use attesta::encoding::json::Map;
use attesta::encoding::{base64url, multibase};
use attesta::keys::Signer;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{CAST, list};
use crate::forge::with_signature;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, other] = [About::Address, About::Other].map(|about| Scene::new(about, format));
    let mut cases = in_another_name(&address);
    cases.extend(without_keys(&other));
    if format != Format::EcdsaJcs2019 {
        cases.extend(weak_ed25519(&other));
    }
    cases
}

/// The member that names the key.
fn key_member(scene: &Scene) -> &'static str {
    if scene.has_header() { "/kid" } else { "/verificationMethod" }
}

fn in_another_name(address: &Scene) -> Vec<Case> {
    let (issuer, stranger) = (address.issuer, address.stranger());
    let named = |key: String| move |options: &mut Map| put(options, key_member(address), key.as_str());
    vec![
        address
            .invalid(
                "issuer-a-key-b",
                "A stranger wrote the organisation's identifier as issuer and signed with a key of their own.",
                address.answer(&address.sign_as(address.document(), stranger, |_| {})),
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        address
            .invalid(
                "issuer-a-key-b-named-as-a",
                "A stranger signed with a key of their own and named the organisation's key.",
                address.answer(&address.sign_as(address.document(), stranger, named(issuer.method.clone()))),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
        address
            .invalid(
                "issuer-a-key-b-with-a-document-that-is-missing",
                "The key is said to be that of a host whose document is not at hand: it is not the issuer's all the same.",
                address.answer(&address.sign_as(
                    address.document(),
                    stranger,
                    named("did:web:stranger.example#key-1".to_owned()),
                )),
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        address
            .invalid(
                "key-that-the-issuer-does-not-have",
                "The key is named by a fragment that the issuer's document does not have.",
                address.answer(&address.sign_as(
                    address.document(),
                    stranger,
                    named(format!("{}#{}", issuer.did, stranger.did.trim_start_matches("did:key:"))),
                )),
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        address
            .invalid(
                "issuer-is-a-did-url",
                "The issuer is a key's URL instead of an identifier, so that it could be taken for either.",
                address.answer(&address.issued(|credential| put(credential, "/issuer", issuer.method.as_str()))),
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingNotADid),
        address
            .invalid(
                "issuer-with-another-letter-case",
                "The issuer's identifier is spelt with other letters in upper and lower case.",
                address.answer(
                    &address.issued(|credential| put(credential, "/issuer", issuer.did.to_lowercase().as_str())),
                ),
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingOtherController),
    ]
}

fn without_keys(other: &Scene) -> Vec<Case> {
    let (issuer, stranger) = (other.issuer, other.stranger());
    let issued_as = |id: &str| other.issued(|credential| put(credential, "/issuer", id));
    let trusted = |case: Case, id: &str| case.trusting(&[list(&[json!({ "id": id, "issues": ["AlumniCredential"] })])]);
    let signed_as = |id: &str, method: &str| {
        let mut credential = other.document();
        put(&mut credential, "/issuer", id);
        other.sign_as(credential, &stranger.under(method), |_| {})
    };
    let private = {
        let jwk: Value = serde_json::from_str(&stranger.key.to_private_jwk()).unwrap();
        format!("did:jwk:{}", base64url::encode(jwk.to_string()))
    };
    let garbled = format!("{}x", issuer.did);
    let elsewhere = "did:elsewhere:EiClkZMDxPKqC9c";
    vec![
        other
            .invalid(
                "issuer-missing",
                "The credential names no issuer, though a known one signed it.",
                other.issued(|credential| drop(take(credential, "/issuer"))),
            )
            .by(CheckId::KeyBinding, Code::BindingNoAuthor),
        other
            .invalid(
                "issuer-without-keys",
                "The issuer is named by a number that nobody can have a key of.",
                issued_as("urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873"),
            )
            .by(CheckId::KeyBinding, Code::BindingNotADid),
        other
            .invalid(
                "issuer-over-plain-http",
                "The issuer's document would come over a connection that anybody can change.",
                issued_as("http://school.example/keys"),
            )
            .by(CheckId::KeyBinding, Code::BindingNotADid),
        trusted(
            other
                .invalid(
                    "private-key-in-the-issuers-did-jwk",
                    "The issuer's identifier is a private key, with which anybody who reads it can sign.",
                    signed_as(&private, &format!("{private}#0")),
                )
                .by(CheckId::Proof, Code::ProofKeyUnusable),
            &private,
        ),
        trusted(
            other
                .invalid(
                    "issuer-did-garbled",
                    "The issuer's identifier holds no key: a character was added.",
                    signed_as(&garbled, &format!("{garbled}#{}", garbled.trim_start_matches("did:key:"))),
                )
                .by(CheckId::Proof, Code::ProofKeyUnusable),
            &garbled,
        ),
        trusted(
            other
                .open(
                    "issuer-of-another-did-method",
                    "The trust list knows the issuer, but this version cannot look its keys up.",
                    signed_as(elsewhere, &format!("{elsewhere}#key-1")),
                )
                .by(CheckId::Proof, Code::ProofMethodUnsupported),
            elsewhere,
        ),
    ]
}

fn weak_ed25519(other: &Scene) -> Vec<Case> {
    let did_of = |prefix: [u8; 2], key: [u8; 32]| {
        format!("did:key:{}", multibase::encode_base58btc([prefix.as_slice(), &key].concat()))
    };
    let secured = |did: &str| {
        let mut credential = other.document();
        put(&mut credential, "/issuer", did);
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        other.sign_as(credential, &CAST.forger.under(&method), |_| {})
    };
    // The neutral point as key and as R, and S = 0: the equation holds for every message.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = did_of([0xed, 0x01], neutral);
    let forged = with_signature(&secured(&weak), |_| [neutral, [0; 32]].concat());
    let agreement = method::key::from_key(&CAST.forger.key.public_key().derive_x25519().unwrap());
    let trusting = |did: &str| [list(&[json!({ "id": did, "issues": ["*"] })])];
    vec![
        other
            .invalid(
                "issuer-key-of-small-order",
                "With this key one signature fits every document, if the verifier does not refuse the key.",
                forged,
            )
            .trusting(&trusting(&weak))
            .by(CheckId::Proof, Code::ProofKeyUnusable),
        other
            .invalid(
                "issuer-key-for-agreement",
                "The issuer's identifier holds an X25519 key, which cannot sign.",
                secured(&agreement),
            )
            .trusting(&trusting(&agreement))
            .by(CheckId::Algorithm, Code::AlgorithmMismatch),
    ]
}
