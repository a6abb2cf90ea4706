//! did:key and did:jwk: whoever makes one of a key, all make the same, and read the same key out of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::did::{ResolutionOptions, method, resolve};
use attesta::encoding::{base64url, multibase};
use attesta::keys::{KeyType, PublicKey, Signer as _};
use attesta_interop::now;
use attesta_interop_ssi::{Judge, Kit, KitJudge, Maker};
use serde_json::{Value, json};

const RELATIONSHIPS: [&str; 5] =
    ["authentication", "assertionMethod", "keyAgreement", "capabilityInvocation", "capabilityDelegation"];

fn ours(did: &str) -> Value {
    Value::Object(resolve(did, &ResolutionOptions::default()).document.unwrap().to_json())
}

/// The one key of a document, whichever way it is written.
fn key_of(document: &Value) -> PublicKey {
    let [method] = &document["verificationMethod"].as_array().unwrap()[..] else { panic!("not one method") };
    match method.get("publicKeyJwk") {
        Some(jwk) => PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap(),
        None => PublicKey::from_multikey(method["publicKeyMultibase"].as_str().unwrap()).unwrap(),
    }
}

/// The document without what is compared by itself: its contexts, and how its key is written.
fn without_forms(did: &str, document: &Value) -> Value {
    let mut document = document.clone();
    document.as_object_mut().unwrap().remove("@context");
    for name in ["type", "publicKeyJwk", "publicKeyMultibase"] {
        document["verificationMethod"][0].as_object_mut().unwrap().remove(name);
    }
    // ssi refers to the method of a did:jwk relatively, which means the same.
    for name in RELATIONSHIPS {
        if document[name] == json!(["#0"]) {
            document[name] = json!([format!("{did}#0")]);
        }
    }
    for name in RELATIONSHIPS.into_iter().filter(|name| document[*name].is_null()).collect::<Vec<_>>() {
        document.as_object_mut().unwrap().remove(name);
    }
    document
}

fn without(document: &Value, names: &[&str]) -> Value {
    let mut document = document.clone();
    names.iter().for_each(|name| drop(document.as_object_mut().unwrap().remove(*name)));
    document
}

#[test]
fn of_ssi() {
    let judge = Judge::at(now());
    for key_type in [KeyType::Ed25519, KeyType::P256, KeyType::P384] {
        let maker = Maker::of_did_key(key_type);
        let (did, key) = (&maker.party.did, maker.party.key.public_key());
        assert_eq!(*did, method::key::from_key(&key));
        let (ours, theirs) = (ours(did), judge.resolve(did).unwrap());
        assert_eq!(ours["verificationMethod"], theirs["verificationMethod"]);
        // It lists the key for two of the relationships that the method's text gives it.
        let ours = without(&without_forms(did, &ours), &["capabilityInvocation", "capabilityDelegation"]);
        assert_eq!(ours, without_forms(did, &theirs));

        let maker = Maker::of_did_jwk(key_type);
        let (did, key) = (&maker.party.did, maker.party.key.public_key());
        assert_eq!(*did, method::jwk::from_key(&key));
        let (ours, theirs) = (self::ours(did), judge.resolve(did).unwrap());
        assert_eq!((key_of(&ours), key_of(&theirs)), (key.clone(), key));
        // It lists Ed25519 for agreeing on keys too, which that cannot do.
        let unable: &[&str] = if key_type == KeyType::Ed25519 { &["keyAgreement"] } else { &[] };
        assert!(unable.iter().all(|name| ours.get(name).is_none() && theirs.get(name).is_some()));
        assert_eq!(without_forms(did, &ours), without(&without_forms(did, &theirs), unable));
    }
}

#[test]
fn of_identity_kit() {
    for key_type in Kit::KEY_TYPES {
        let kit = Kit::of_did_key(key_type);
        let key = PublicKey::from_jwk(kit.public_jwk().as_object().unwrap()).unwrap();
        assert_eq!(kit.did, method::key::from_key(&key));
        let (ours, theirs) = (ours(&kit.did), KitJudge::resolve(&kit.did).unwrap());
        assert_eq!(ours["verificationMethod"], theirs["verificationMethod"]);
        assert_eq!(without_forms(&kit.did, &ours), without_forms(&kit.did, &theirs));

        let kit = Kit::of_did_jwk(key_type);
        let key = PublicKey::from_jwk(kit.public_jwk().as_object().unwrap()).unwrap();
        let (ours, theirs) = (self::ours(&kit.did), KitJudge::resolve(&kit.did).unwrap());
        assert_eq!((key_of(&ours), key_of(&theirs)), (key.clone(), key));
        assert_eq!(ours["verificationMethod"][0]["publicKeyJwk"], theirs["verificationMethod"][0]["publicKeyJwk"]);
        // It lists every key for agreeing on keys too, though its own JWK names an algorithm that signs.
        assert!(ours.get("keyAgreement").is_none() && theirs.get("keyAgreement").is_some());
        assert_eq!(without_forms(&kit.did, &ours), without(&without_forms(&kit.did, &theirs), &["keyAgreement"]));
    }
}

/// DIDs that no key stands behind: attesta refuses all of them, and what the others make documents of is
/// named.
#[test]
fn forged() {
    let judge = Judge::at(now());
    let (key, jwk) = (Maker::of_did_key(KeyType::Ed25519).party, Maker::of_did_jwk(KeyType::P256).party);
    let of_bytes = |bytes: &[u8]| format!("did:key:{}", multibase::encode_base58btc(bytes));
    let public = [&[0xed, 0x01][..], &key.key.public_key().to_bytes()].concat();
    assert_eq!(of_bytes(&public), key.did);
    for (what, did, ssi_accepts, kit_accepts) in [
        ("a letter of another alphabet", key.did.replacen("z6Mk", "z6M0", 1), false, false),
        ("a byte too few", of_bytes(&public[..33]), true, false),
        ("a byte too many", of_bytes(&[&public[..], &[0]].concat()), true, false),
        ("a point of small order", of_bytes(&[&[0xed, 0x01][..], &[0; 32]].concat()), true, true),
        ("a type of key that nobody knows", of_bytes(&[0xff, 0x7f, 1, 2, 3]), true, false),
        ("no JSON", format!("{}A", &jwk.did[..jwk.did.len() - 4]), false, false),
        ("a private key", format!("did:jwk:{}", base64url::encode(jwk.key.to_private_jwk().as_bytes())), false, false),
    ] {
        assert!(resolve(&did, &ResolutionOptions::default()).document.is_none(), "{what}: attesta made a document");
        assert_eq!(KitJudge::resolve(&did).is_ok(), kit_accepts, "{what}: {:?}", KitJudge::resolve(&did));
        assert_eq!(judge.resolve(&did).is_ok(), ssi_accepts, "{what}: {:?}", judge.resolve(&did));
    }
}
