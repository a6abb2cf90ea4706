//! did:key against the vectors of its specification. They are written in older verification method types, so keys are
//! compared, not documents. What is not supported must be refused by name.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::path::Path;

use attesta::did::{Document, Relationship, ResolutionOptions, method, resolve};
use attesta::encoding::json::{self, Map, Value};
use attesta::encoding::multibase;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};

const RELATIONSHIPS: [Relationship; 4] = [
    Relationship::Authentication,
    Relationship::AssertionMethod,
    Relationship::CapabilityInvocation,
    Relationship::CapabilityDelegation,
];

/// DID and the vector's entry for it, of every file; `x25519.json` keeps its documents one level deeper.
fn read(folder: &Path, file: &str) -> Vec<(String, Map)> {
    let bytes = std::fs::read(folder.join("test-vectors").join(file)).unwrap();
    let mut vectors = json::parse_object(&bytes).unwrap();
    if let Some(Value::Object(documents)) = vectors.remove("didDocument") {
        return documents
            .into_iter()
            .map(|(did, document)| (did, Map::from_iter([("didDocument".to_owned(), document)])))
            .collect();
    }
    vectors.into_iter().map(|(did, entry)| (did, entry.as_object().unwrap().clone())).collect()
}

/// The key that a vector's verification method holds, in whichever older form.
fn vector_key(method: &Value, key_type: KeyType) -> PublicKey {
    if let Some(jwk) = method.get("publicKeyJwk") {
        return PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap();
    }
    let base58 = method["publicKeyBase58"].as_str().unwrap();
    let bytes = multibase::decode_base58btc(&format!("z{base58}"), 200).unwrap();
    PublicKey::from_bytes(key_type, &bytes).unwrap()
}

/// Compares every verification method of the vector with the resolved document, and returns how many there were.
fn compare(did: &str, entry: &Map, document: &Document) -> usize {
    let expected = entry["didDocument"]["verificationMethod"].as_array().unwrap();
    for method in expected {
        let fragment = method["id"].as_str().unwrap().split_once('#').unwrap().1;
        let url = format!("{did}#{fragment}");
        let ours = document.verification_method(&url).unwrap_or_else(|| panic!("{url} is missing"));
        let key = ours.key.clone().unwrap();
        assert_eq!(key, vector_key(method, key.key_type()), "{url}");
        assert_eq!(ours.controller, did);
        let is_agreement = key.key_type() == KeyType::X25519;
        for relationship in RELATIONSHIPS {
            assert_eq!(document.authorizes(&url, relationship), !is_agreement, "{url}");
        }
        assert_eq!(document.authorizes(&url, Relationship::KeyAgreement), is_agreement, "{url}");
    }
    assert_eq!(document.verification_methods().len(), expected.len(), "{did}");
    expected.len()
}

#[test]
fn supported_keys_equal_the_published_ones() {
    let Some(folder) = common::vectors("did-key") else { return };
    let (mut dids, mut keys, mut private_keys) = (0, 0, 0);
    for file in ["ed25519-x25519.json", "nist-curves.json", "x25519.json"] {
        for (did, entry) in read(&folder, file) {
            let options = ResolutionOptions { enable_encryption_key_derivation: true, ..ResolutionOptions::default() };
            let result = resolve(&did, &options);
            assert_eq!(result.error, None, "{did}");
            keys += compare(&did, &entry, &result.document.unwrap());
            dids += 1;

            let key = method::key::public_key(&did).unwrap();
            assert_eq!(method::key::from_key(&key), did);
            assert_eq!(PublicKey::from_jwk(&key.to_jwk()).unwrap(), key);
            let private = ["verificationMethod", "verificationKeyPair"]
                .into_iter()
                .find_map(|holder| entry.get(holder)?.get("privateKeyJwk")?.as_object());
            if let Some(private) = private {
                assert!(PublicKey::from_jwk(private).is_err(), "{did}: a private key was read as a public one");
                assert_eq!(SoftwareKey::from_jwk(private).unwrap().public_key(), key, "{did}");
                private_keys += 1;
            }
        }
    }
    assert!(dids >= 16 && private_keys >= 6, "too few vectors were read: {dids}, {private_keys}");
    println!("did-key: {dids} DIDs with {keys} keys equal, {private_keys} private keys lead to their DIDs");
}

#[test]
fn unsupported_keys_are_refused_by_name() {
    let Some(folder) = common::vectors("did-key") else { return };
    let mut refused = 0;
    for file in ["secp256k1.json", "bls12381.json", "rsa.json"] {
        for (did, _) in read(&folder, file) {
            let result = resolve(&did, &ResolutionOptions::default());
            assert!(result.document.is_none());
            assert_eq!(result.error.unwrap().name(), "FEATURE_NOT_SUPPORTED", "{did}");
            refused += 1;
        }
    }
    assert!(refused >= 14, "too few vectors were read: {refused}");
    println!("did-key: {refused} DIDs of secp256k1, BLS12-381 and RSA refused as unsupported");
}

/// Damage done to each published DID: none may resolve, and none may resolve to another key silently.
#[test]
fn damaged_dids_do_not_resolve() {
    let Some(folder) = common::vectors("did-key") else { return };
    let mut refused = 0;
    for file in ["ed25519-x25519.json", "nist-curves.json", "x25519.json"] {
        for (did, _) in read(&folder, file) {
            let multikey = did.strip_prefix("did:key:").unwrap();
            for damaged in [
                did.to_uppercase(),
                format!(" {did}"),
                format!("{did}\n"),
                format!("{did}:"),
                format!("{did}1"),
                format!("{did}/path"),
                format!("{did}?versionId=1"),
                format!("{did}#{multikey}"),
                format!("did:key:1:{multikey}"),
                format!("did:key:{}", &multikey[1..]),
                format!("did:key:{}", &multikey[..multikey.len() - 1]),
                format!("did:key:z{multikey}"),
                format!("did:key:z1{}", &multikey[1..]),
                format!("did:key:f{}", &multikey[1..]),
                format!("did:key:%7A{}", &multikey[1..]),
                format!("did:jwk:{multikey}"),
                format!("did:key:{}", multikey.replacen('z', "zl", 1)),
                format!("did:key:{}0", &multikey[..multikey.len() - 1]),
            ] {
                let result = resolve(&damaged, &ResolutionOptions::default());
                assert!(result.document.is_none() && result.error.is_some(), "{damaged}");
                refused += 1;
            }
        }
    }
    println!("did-key: {refused} damaged DIDs refused");
}
