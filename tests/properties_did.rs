//! What holds for every text and every document: nothing panics, and what is read is written back unchanged.

#![allow(clippy::unwrap_used, reason = "a test fails by these")]

use std::sync::LazyLock;

use attesta::did::method::webvh;
use attesta::did::{Did, DidUrl, Document, Relationship, ResolutionOptions, method, resolve};
use attesta::encoding::json;
use attesta::keys::{Algorithm, KeyType, Signer, SoftwareKey, signature_from_der};
use attesta::time::Timestamp;
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

const SCID: &str = "QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE";

/// A log of three entries, and its DID.
static LOG: LazyLock<(Did, String)> = LazyLock::new(|| {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let at = |day: i64| Timestamp::from_unix(1_767_225_600 + day * 86_400).unwrap();
    let document = webvh::document_of(&webvh::placeholder_did("ngo.example"), &[("key-1", &key.public_key())]);
    let pending = webvh::create("ngo.example", &webvh::Change::new().document(document), &key, at(0)).unwrap();
    let did = pending.did().clone();
    let mut files = pending.finish(&[]).unwrap();
    for day in 1..3 {
        let change = webvh::Change::new().ttl(60);
        files = webvh::update(&did, &files, &change, &key, at(day)).unwrap().finish(&[]).unwrap();
    }
    (did, files.log)
});

fn entries(log: &[u8]) -> Vec<serde_json::Value> {
    log.trim_ascii().split(|byte| *byte == b'\n').map(|line| serde_json::from_slice(line).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_place_of_a_log_is_an_https_address_that_leads_down(
        place in "[a-zA-Z0-9.%:_-]{0,40}|([a-z.]|%2[EeFf5]|%3[Aa]|%5[Cc]|%[0-9a-fA-F]{2}|:){0,12}",
    ) {
        let Ok(did) = Did::parse(&format!("did:webvh:{SCID}:{place}")) else { return Ok(()) };
        let Ok(identifier) = webvh::Identifier::parse(&did) else { return Ok(()) };
        prop_assert_eq!(identifier.location(), &place);
        for url in [identifier.log_url(), identifier.witness_url(), identifier.whois_url(), identifier.files_url()] {
            let rest = url.strip_prefix("https://").unwrap();
            let (authority, path) = rest.split_once('/').unwrap();
            let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
            prop_assert!(port.parse::<u16>().is_ok_and(|port| port > 0), "{}", url);
            prop_assert!(host.contains('.') && !host.ends_with('.'), "{}", url);
            prop_assert!(host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)));
            prop_assert!(host.parse::<std::net::IpAddr>().is_err(), "{}", url);
            prop_assert!(!path.contains(['?', '#', '\\', '@']), "{}", url);
            prop_assert!(!path.split('/').any(|step| matches!(step, "." | "..")), "{}", url);
            for hidden in ["%2e", "%2f", "%5c", "%00", "%25"] {
                let is_there = path.to_ascii_lowercase().contains(hidden);
                prop_assert!(!is_there || hidden == "%25", "{}", url);
            }
        }
    }

    #[test]
    fn no_log_holds_that_says_something_else(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (did, text) = &*LOG;
        let mut log = text.clone().into_bytes();
        let at = at.index(log.len());
        log[at] = byte;
        if webvh::Log::verify(did, &log, None, Timestamp::from_unix(1_800_000_000).unwrap()).is_ok() {
            prop_assert_eq!(entries(&log), entries(text.as_bytes()), "byte {}", at);
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_log(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[{}\\[\\]\":,a-z0-9\n ]{0,200}") {
        let (did, log) = &*LOG;
        let now = Timestamp::from_unix(1_800_000_000).unwrap();
        for bytes in [&bytes, text.as_bytes()] {
            prop_assert!(webvh::Log::verify(did, bytes, Some(bytes), now).is_err());
            prop_assert!(webvh::Checkpoint::parse(bytes).is_err());
            let after = [log.as_bytes(), bytes].concat();
            let is_blank = bytes.is_empty();
            prop_assert!(is_blank || webvh::Log::verify(did, &after, None, now).is_err());
        }
    }
}
