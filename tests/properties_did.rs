//! What holds for every text and every document: nothing panics, and what is read is written back unchanged.

#![allow(clippy::unwrap_used, reason = "a test fails by these")]

use attesta::did::{Did, DidUrl, Document, Relationship, ResolutionOptions, method, resolve};
use attesta::encoding::json;
use attesta::keys::{Algorithm, KeyType, Signer, SoftwareKey, signature_from_der};
use proptest::prelude::*;
use serde_json::json;

/// Texts that are nearly DIDs.
fn near_did() -> impl Strategy<Value = String> {
    "(did|DID|di)?:?(key|jwk|web|Key)?:?[a-zA-Z0-9.%:_é#?/-]{0,60}"
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_did_is_read_whole_or_not_at_all(text in prop_oneof![near_did(), any::<String>()]) {
        if let Ok(did) = Did::parse(&text) {
            prop_assert_eq!(did.as_str(), &text);
            prop_assert_eq!(format!("did:{}:{}", did.method(), did.method_specific_id()), text.clone());
        }
        if let Ok(url) = DidUrl::parse(&text) {
            let mut whole = format!("{}{}", url.did(), url.path());
            if let Some(query) = url.query() {
                whole = format!("{whole}?{query}");
            }
            if let Some(fragment) = url.fragment() {
                whole = format!("{whole}#{fragment}");
            }
            prop_assert_eq!(whole, text.clone());
        } else {
            prop_assert!(Did::parse(&text).is_err());
        }
        let result = resolve(&text, &ResolutionOptions::default());
        prop_assert_eq!(result.document.is_some(), result.error.is_none());
    }

    #[test]
    fn any_accept_value_has_an_answer(accept in prop_oneof![any::<String>(), "[a-z*/;=,q0-9.\" \\\\]{0,40}"]) {
        let options = ResolutionOptions { accept: Some(accept), ..ResolutionOptions::default() };
        let _answered = resolve("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", &options).to_json();
    }

    #[test]
    fn documents_of_arbitrary_members_do_not_panic(
        id in prop_oneof![near_did(), "https://[a-z/#?]{0,10}"],
        references in prop::collection::vec(prop_oneof![near_did(), "[#/?a-z]{0,6}", any::<String>()], 0..6),
        key in "z6Mk[1-9A-Za-z]{0,50}",
    ) {
        let methods: Vec<_> = references
            .iter()
            .map(|id| json!({ "id": id, "type": "Multikey", "controller": id, "publicKeyMultibase": key }))
            .collect();
        let bytes = json!({ "id": id, "verificationMethod": methods, "assertionMethod": references }).to_string();
        if let Ok(document) = Document::parse(bytes.as_bytes()) {
            prop_assert_eq!(serde_json::Value::from(document.to_json()), json::parse(bytes.as_bytes()).unwrap());
            for method in document.verification_methods() {
                let authorized = document.authorizes(&method.id, Relationship::AssertionMethod);
                prop_assert!(!authorized || method.id.starts_with(document.id()));
            }
            let _expanded = document.to_json_with_absolute_urls();
        }
    }

    #[test]
    fn der_of_arbitrary_bytes_is_refused_or_of_the_right_length(bytes in prop::collection::vec(any::<u8>(), 0..150)) {
        for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512, Algorithm::Ed25519] {
            if let Ok(raw) = signature_from_der(algorithm, &bytes) {
                prop_assert_eq!(raw.len(), algorithm.signature_length());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_key_has_dids_that_lead_back_to_it(
        key_type in prop::sample::select(vec![KeyType::Ed25519, KeyType::P256, KeyType::P384, KeyType::P521]),
    ) {
        let key = SoftwareKey::generate(key_type).unwrap().public_key();
        for did in [method::key::from_key(&key), method::jwk::from_key(&key)] {
            let document = resolve(&did, &ResolutionOptions::default()).document.unwrap();
            prop_assert_eq!(document.id(), &did);
            let methods = document.verification_methods();
            prop_assert_eq!(methods.len(), 1);
            prop_assert_eq!(methods[0].key.as_ref().unwrap(), &key);
            prop_assert!(document.authorizes(&methods[0].id, Relationship::AssertionMethod));
            let again = Document::from_map(&document.to_json()).unwrap();
            prop_assert_eq!(again.verification_methods(), methods);
        }
    }
}
