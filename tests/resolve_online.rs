//! Resolution with a network: what is fetched from where, and what is refused of what comes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use attesta::did::{DereferencingOptions, ResolutionOptions, ResolutionResult};
use attesta::encoding::json;
use attesta::error::Explain;
use attesta::fetch::address::Resolver;
use attesta::fetch::{FetchError, Fetched, InMemory, Online, Trace, dereference_online, resolve_online};
use attesta::limits;
use attesta::time::Timestamp;
use common::vectors;
use serde_json::{Value, json};

const WEB: &str = "did:web:ngo.example";
const WEB_URL: &str = "https://ngo.example/.well-known/did.json";
const KEY: &str = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu";
const DID_JSON: &str = "application/did";
const RESULT: &str = "application/did-resolution";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T00:00:00Z").unwrap()
}

fn document(id: &str) -> Value {
    let key = json!({ "id": "#issue", "type": "Multikey", "controller": id, "publicKeyMultibase": KEY });
    json!({ "@context": ["https://www.w3.org/ns/did/v1.1"], "id": id, "verificationMethod": [key], "assertionMethod": ["#issue"] })
}

fn ethr() -> [Resolver; 1] {
    [Resolver::new("https://resolver.example/1.0/identifiers/", ["ethr", "peer"]).unwrap()]
}

fn with(options: &ResolutionOptions, did: &str, network: &InMemory) -> (ResolutionResult, Trace) {
    let resolvers = ethr();
    resolve_online(did, options, &Online::new(network, &now).resolvers(&resolvers))
}

fn resolved(did: &str, network: &InMemory) -> ResolutionResult {
    with(&ResolutionOptions::default(), did, network).0
}

/// The code of the error, and its name in DID Resolution.
fn error(did: &str, network: &InMemory) -> (&'static str, String) {
    let result = resolved(did, network);
    assert_eq!(result.document, None, "{did}");
    let error = result.error.unwrap();
    assert!(!error.hint().is_empty());
    (error.code(), error.name().to_owned())
}

fn asked(network: &InMemory) -> Vec<String> {
    network.asked().into_iter().map(|request| request.url).collect()
}

/// A log of the test suite, as its writer published it.
struct Published {
    did: String,
    log: Vec<u8>,
    witnesses: Option<Vec<u8>>,
    at: String,
}

impl Published {
    fn of(scenario: &str) -> Option<Self> {
        let folder = vectors("did-webvh")?.join(scenario);
        let log = std::fs::read(folder.join("did.jsonl")).unwrap();
        let witnesses = std::fs::read(folder.join("did-witness.json")).ok();
        let did = Self::name(log.split(|byte| *byte == b'\n').next().unwrap());
        let location = did.splitn(4, ':').nth(3).unwrap();
        let at = match location.split_once(':') {
            Some((host, path)) => format!("https://{host}/{}", path.replace(':', "/")),
            None => format!("https://{location}/.well-known"),
        };
        Some(Self { did, log, witnesses, at })
    }

    fn name(entry: &[u8]) -> String {
        json::parse_object(entry).unwrap()["state"]["id"].as_str().unwrap().to_owned()
    }

    fn log_url(&self) -> String {
        format!("{}/did.jsonl", self.at)
    }

    fn witness_url(&self) -> String {
        format!("{}/did-witness.json", self.at)
    }

    fn serving(&self, log: &[u8]) -> InMemory {
        InMemory::new().publish(self.log_url(), "text/jsonl; charset=utf-8", log)
    }
}

#[test]
fn a_did_web_is_fetched_from_its_own_address() {
    let network = InMemory::new().publish(WEB_URL, "application/did+json; charset=utf-8", document(WEB).to_string());
    let (result, trace) = with(&ResolutionOptions::default(), WEB, &network);
    assert_eq!((result.error, result.document.unwrap().id()), (None, WEB));
    assert_eq!(asked(&network), [WEB_URL]);
    let step = trace.to_json()[0].clone();
    assert_eq!((&step["url"], &step["outcome"]), (&json!(WEB_URL), &json!("fetched")));
}

#[test]
fn what_stands_there_and_is_not_its_document_is_refused() {
    let serving = |content_type: &str, body: &str| InMemory::new().publish(WEB_URL, content_type, body);
    let own = document(WEB).to_string();
    let large = format!("{{\"id\":\"{WEB}\",\"x\":\"{}\"}}", "a".repeat(limits::MATERIAL_BYTES));
    for (network, code, name) in [
        (
            serving(DID_JSON, &document("did:web:thief.example").to_string()),
            "resolution.other-document",
            "INVALID_DID_DOCUMENT",
        ),
        (
            serving(DID_JSON, &document("did:web:NGO.example").to_string()),
            "resolution.other-document",
            "INVALID_DID_DOCUMENT",
        ),
        (serving("text/html", &own), "resolution.not-fetched", "INTERNAL_ERROR"),
        (serving(DID_JSON, "<html>log in first</html>"), "json.syntax", "INVALID_DID_DOCUMENT"),
        (serving(DID_JSON, &own[..own.len() - 3]), "json.syntax", "INVALID_DID_DOCUMENT"),
        (serving(DID_JSON, &large), "resolution.not-fetched", "INTERNAL_ERROR"),
        (InMemory::new(), "resolution.not-found", "NOT_FOUND"),
        (InMemory::new().answer(WEB_URL, Err(FetchError::Status { status: 410 })), "resolution.not-found", "NOT_FOUND"),
        (
            InMemory::new().answer(WEB_URL, Err(FetchError::Status { status: 500 })),
            "resolution.not-fetched",
            "INTERNAL_ERROR",
        ),
        (InMemory::new().answer(WEB_URL, Err(FetchError::Redirect)), "resolution.not-fetched", "INTERNAL_ERROR"),
        (InMemory::new().answer(WEB_URL, Ok(Fetched::not_modified())), "resolution.not-fetched", "INTERNAL_ERROR"),
        (
            InMemory::new()
                .answer(WEB_URL, Ok(Fetched::bytes(own.as_str(), DID_JSON).final_url("http://10.0.0.1/did.json"))),
            "resolution.not-fetched",
            "INTERNAL_ERROR",
        ),
    ] {
        let (found, found_name) = error(WEB, &network);
        assert_eq!((found, found_name.as_str()), (code, name));
    }
}

#[test]
fn nothing_is_fetched_for_what_has_no_address() {
    let network = InMemory::new();
    for (did, name) in [
        ("did:web:127.0.0.1", "INVALID_DID"),
        ("did:web:169.254.169.254:latest", "INVALID_DID"),
        ("did:web:bank.example%40thief.example", "INVALID_DID"),
        ("did:web:ngo.example:..:secret", "INVALID_DID"),
        ("did:webvh:ngo.example", "INVALID_DID"),
        ("did:webvh:QmSoujwhaNNgWGD3deyXDHoE3UTvnXJSeq925AR4kzoc9S:10.0.0.1", "INVALID_DID"),
        ("did:webvh:QmSoujwhaNNgWGD3deyXDHoE3UTvnXJSeq925AR4kzoc9S:ngo.example:%2e%2e", "INVALID_DID"),
        ("did:ion:EiAx", "METHOD_NOT_SUPPORTED"),
        ("did:key:z0", "INVALID_DID"),
        ("https://ngo.example", "INVALID_DID"),
    ] {
        assert_eq!(error(did, &network).1, name, "{did}");
    }
    let own_key = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    assert!(resolved(own_key, &network).document.is_some());
    assert_eq!(asked(&network), [""; 0]);
}

#[test]
fn a_log_is_fetched_and_its_witnesses_only_where_it_has_some() {
    let Some(plain) = Published::of("key-rotation/ts") else { return };
    let network = plain.serving(&plain.log);
    let result = resolved(&plain.did, &network);
    assert_eq!((result.error, result.document.unwrap().id()), (None, plain.did.as_str()));
    assert_eq!(asked(&network), [plain.log_url()]);

    let witnessed = Published::of("witness-threshold/ts").unwrap();
    let proofs = witnessed.witnesses.as_ref().unwrap();
    let network = witnessed.serving(&witnessed.log).publish(witnessed.witness_url(), "application/json", &proofs[..]);
    let (result, trace) = with(&ResolutionOptions::default(), &witnessed.did, &network);
    assert_eq!((result.error, result.document.is_some()), (None, true));
    assert_eq!(asked(&network), [witnessed.log_url(), witnessed.witness_url()]);
    assert_eq!(trace.steps().len(), 2);
}

#[test]
fn a_log_that_does_not_hold_resolves_to_nothing() {
    let Some(own) = Published::of("key-rotation/ts") else { return };
    let other = Published::of("basic-create/rust").unwrap();
    let witnessed = Published::of("witness-threshold/ts").unwrap();
    let cut = &own.log[..own.log.len() - 40];
    let without_first = own.log.splitn(2, |byte| *byte == b'\n').nth(1).unwrap();
    let proofs =
        |bytes: &[u8]| witnessed.serving(&witnessed.log).publish(witnessed.witness_url(), "application/json", bytes);
    for (did, network, name) in [
        (&own.did, own.serving(&other.log), "INVALID_DID"),
        (&own.did, own.serving(cut), "INVALID_DID"),
        (&own.did, own.serving(without_first), "INVALID_DID"),
        (&own.did, own.serving(b""), "INVALID_DID"),
        (&own.did, own.serving(b"<html>"), "INVALID_DID"),
        (&own.did, InMemory::new().publish(own.log_url(), "text/html", &own.log[..]), "INTERNAL_ERROR"),
        (&own.did, own.serving(&vec![b' '; limits::LOG_BYTES + 1]), "INTERNAL_ERROR"),
        (&own.did, InMemory::new(), "NOT_FOUND"),
        (&own.did, InMemory::new().answer(own.log_url(), Err(FetchError::Status { status: 410 })), "NOT_FOUND"),
        (&own.did, InMemory::new().answer(own.log_url(), Err(FetchError::CutOff)), "INTERNAL_ERROR"),
        // The witnesses' proofs: not there, of another log, none.
        (&witnessed.did, witnessed.serving(&witnessed.log), "INVALID_DID"),
        (&witnessed.did, proofs(b"[]"), "INVALID_DID"),
        (&witnessed.did, proofs(b"{}"), "INVALID_DID"),
        (&witnessed.did, proofs(&vec![b' '; limits::WITNESS_FILE_BYTES + 1]), "INTERNAL_ERROR"),
    ] {
        let (code, found) = error(did, &network);
        assert_eq!(found, name, "{code}");
    }
}

#[test]
fn versions_are_asked_for_in_the_url_and_by_options() {
    let Some(own) = Published::of("multi-update/ts") else { return };
    let network = own.serving(&own.log);
    let second = with(&ResolutionOptions { version_number: Some(2), ..Default::default() }, &own.did, &network).0;
    let id = second.document_metadata["versionId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("2-"));
    let resolvers = ethr();
    let online = Online::new(&network, &now).resolvers(&resolvers);
    let dereferenced = |url: &str| dereference_online(url, &DereferencingOptions::default(), &online).0;
    let result = dereferenced(&format!("{}?versionId={id}", own.did));
    assert_eq!(result.content_metadata["versionId"], id.as_str());
    for (query, name) in [
        ("?versionNumber=99", "NOT_FOUND"),
        ("?versionNumber=2&versionNumber=1", "INVALID_DID_URL"),
        ("?versionTime=yesterday", "INVALID_DID_URL"),
        ("#nowhere", "NOT_FOUND"),
    ] {
        assert_eq!(dereferenced(&format!("{}{query}", own.did)).error.unwrap().name(), name, "{query}");
    }
}

#[test]
fn a_resolver_is_asked_for_the_methods_that_it_serves() {
    let did = "did:ethr:0x02%23";
    let url = "https://resolver.example/1.0/identifiers/did%3Aethr%3A0x02%2523";
    let answer = json!({ "didDocument": document(did), "didDocumentMetadata": { "versionId": "3" }, "didResolutionMetadata": {} });
    let network = InMemory::new().publish(url, RESULT, answer.to_string());
    let result = resolved(did, &network);
    assert_eq!((result.error, result.document.unwrap().id()), (None, did));
    assert_eq!(result.document_metadata["versionId"], "3");

    let alone = InMemory::new().publish(url, DID_JSON, document(did).to_string());
    assert!(resolved(did, &alone).document.is_some());

    let mut options = ResolutionOptions { version_id: Some("3&noCache=false".to_owned()), ..Default::default() };
    options.no_cache = true;
    let network = InMemory::new();
    assert_eq!(with(&options, did, &network).0.error.unwrap().name(), "NOT_FOUND");
    assert_eq!(asked(&network), [format!("{url}?versionId=3%26noCache%3Dfalse&noCache=true")]);
}

#[test]
fn an_answer_of_a_resolver_that_is_none_is_refused() {
    let (did, url) = ("did:ethr:0x02", "https://resolver.example/1.0/identifiers/did%3Aethr%3A0x02");
    let serving = |content_type: &str, body: &Value| InMemory::new().publish(url, content_type, body.to_string());
    let found = |document: Value| json!({ "didDocument": document, "didResolutionMetadata": {} });
    let gone = InMemory::new().answer(url, Err(FetchError::Status { status: 410 }));
    let closed = resolved(did, &gone);
    assert_eq!((closed.document.is_none(), closed.error.is_none(), closed.is_deactivated()), (true, true, true));
    for (network, name) in [
        (serving(RESULT, &found(document("did:ethr:0x03"))), "INVALID_DID_DOCUMENT"),
        (serving(DID_JSON, &document("did:ethr:0x03")), "INVALID_DID_DOCUMENT"),
        (serving(RESULT, &found(json!("text"))), "INTERNAL_ERROR"),
        (serving(RESULT, &json!([])), "INTERNAL_ERROR"),
        (
            serving(RESULT, &json!({ "didDocument": null, "didResolutionMetadata": { "error": "notFound" } })),
            "notFound",
        ),
        (serving("text/html", &found(document(did))), "INTERNAL_ERROR"),
        (InMemory::new(), "NOT_FOUND"),
        (InMemory::new().answer(url, Err(FetchError::Status { status: 501 })), "INTERNAL_ERROR"),
        (InMemory::new().answer(url, Err(FetchError::Timeout { seconds: 10 })), "INTERNAL_ERROR"),
    ] {
        assert_eq!(error(did, &network).1, name);
    }
    let short = "did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd";
    assert_eq!(error(short, &InMemory::new()).1, "NOT_FOUND");
}

#[test]
fn a_network_that_takes_too_long_is_left() {
    let network = InMemory::new().publish(WEB_URL, DID_JSON, document(WEB).to_string());
    let started = std::sync::atomic::AtomicI64::new(0);
    // Each look at this clock is half an hour after the one before.
    let clock = || {
        let seconds = started.fetch_add(1800, std::sync::atomic::Ordering::Relaxed);
        now().plus_seconds(seconds)
    };
    let (result, trace) = resolve_online(WEB, &ResolutionOptions::default(), &Online::new(&network, &clock));
    assert_eq!(result.error.unwrap().code(), "resolution.not-fetched");
    assert_eq!(trace.steps()[0].attempt.error().unwrap().code(), "fetch.bound");
    assert_eq!(trace.steps()[0].revealed(), None);
    assert_eq!(asked(&network), [""; 0]);
}
