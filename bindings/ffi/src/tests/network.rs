//! A host that fetches.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::*;

type Answers = HashMap<String, Result<FetchAnswer, FetchFailure>>;

/// A network that a test writes down, and what was asked of it.
#[derive(Default)]
pub(super) struct Shelf {
    answers: Mutex<Answers>,
    asked: Mutex<Vec<FetchRequest>>,
}

impl Shelf {
    pub(super) fn put(&self, url: &str, content_type: &str, body: &str) {
        self.answer(url, Ok(answer(200, content_type, body)));
    }

    fn answer(&self, url: &str, answer: Result<FetchAnswer, FetchFailure>) {
        self.answers.lock().unwrap().insert(url.to_owned(), answer);
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).drain(..).map(|request| request.url).collect()
    }
}

impl Fetcher for Shelf {
    fn fetch(&self, request: FetchRequest) -> Result<FetchAnswer, FetchFailure> {
        self.asked.lock().unwrap().push(request.clone());
        let answers = self.answers.lock().unwrap();
        answers.get(&request.url).cloned().unwrap_or_else(|| Ok(answer(404, "text/plain", "")))
    }
}

fn answer(status: u16, content_type: &str, body: &str) -> FetchAnswer {
    let header = HttpHeader { name: "content-type".to_owned(), value: content_type.to_owned() };
    FetchAnswer { status, headers: vec![header], body: body.into(), url: None }
}

const WEB: &str = "did:web:ngo.example";
const WEB_URL: &str = "https://ngo.example/.well-known/did.json";
const JSON: &str = "application/json";

pub(super) fn signer(algorithm: Algorithm) -> Arc<SoftwareSigner> {
    Arc::new(SoftwareSigner::generate(algorithm).unwrap())
}

fn document(key: &SoftwareSigner) -> String {
    json!({
        "id": WEB, "assertionMethod": [format!("{WEB}#key-1")],
        "verificationMethod": [{ "id": format!("{WEB}#key-1"), "type": "Multikey", "controller": WEB,
            "publicKeyMultibase": jwk_to_multikey(key.public_jwk()).unwrap() }],
    })
    .to_string()
}

pub(super) fn licence(key: &Arc<SoftwareSigner>, method: &str) -> String {
    let options = IssueOptions {
        issuer: Some(Identity::Did { did: method.to_owned() }),
        ..for_holder(&signer(Algorithm::Es256), CredentialFormat::Jwt)
    };
    issue(example_claims(Kind::Licence).unwrap(), options, key.clone()).unwrap()
}

pub(super) fn desk(issuer: &str) -> Verifier {
    let policy = Policy::Preset { preset: Preset::Default };
    Verifier::new(policy, vec![trust_list(issuer)], Vec::new()).unwrap()
}

pub(super) fn online(desk: &Verifier, presented: &str, shelf: &Arc<Shelf>, at: At) -> OnlineReport {
    desk.verify_online(presented.into(), Expected::Nothing, at, shelf.clone(), None).unwrap()
}

#[test]
fn what_is_missing_is_fetched_once_and_said() {
    let (key, shelf) = (signer(Algorithm::Ed25519), Arc::new(Shelf::default()));
    shelf.put(WEB_URL, "application/did+json", &document(&key));
    let (shown, desk, cache) = (licence(&key, "did:web:ngo.example#key-1"), desk(WEB), Arc::new(FetchCache::new()));
    let again = || {
        let kept = Some(cache.clone());
        desk.verify_online(shown.clone().into(), Expected::Nothing, NOW, shelf.clone(), kept).unwrap()
    };
    let first = again();
    assert_eq!(first.report.outcome(), Outcome::Valid, "{}", first.report.to_json());
    assert_eq!(first.steps.iter().map(|step| step.outcome.as_str()).collect::<Vec<_>>(), ["fetched"]);
    assert!(first.steps[0].revealed.is_some());
    let request = shelf.asked.lock().unwrap()[0].clone();
    assert!(request.headers.iter().any(|header| header.name == "Accept" && header.value.contains("did+json")));
    assert!(request.max_bytes > 0 && request.max_seconds > 0);
    assert_eq!(shelf.asked(), [WEB_URL]);
    assert_eq!(again().steps[0].outcome, "kept");
    assert!(shelf.asked().is_empty());
}

#[test]
fn for_a_stranger_nothing_is_fetched() {
    let (key, shelf) = (signer(Algorithm::Ed25519), Arc::new(Shelf::default()));
    shelf.put(WEB_URL, JSON, &document(&key));
    let report = online(&desk("did:web:other.example"), &licence(&key, "did:web:ngo.example#key-1"), &shelf, NOW);
    assert_eq!(report.report.outcome(), Outcome::Undetermined);
    assert!(report.steps.is_empty() && shelf.asked().is_empty());
}

#[test]
fn a_fetcher_that_fails_or_answers_wrongly_leaves_it_open() {
    let key = signer(Algorithm::Ed25519);
    let shown = licence(&key, "did:web:ngo.example#key-1");
    let sound = || answer(200, JSON, &document(&key));
    let private = FetchFailure::NotPublic { address: "10.0.0.1".to_owned() };
    let elsewhere = FetchAnswer { url: Some("https://other.example/did.json".to_owned()), ..sound() };
    for (answer, code) in [
        (Err(FetchFailure::Unavailable), "fetch.unavailable"),
        (Err(FetchFailure::Unexpected), "fetch.unavailable"),
        (Err(FetchFailure::UnknownHost), "fetch.unknown-host"),
        (Err(private), "fetch.not-public"),
        (Err(FetchFailure::Tls), "fetch.tls"),
        (Err(FetchFailure::Timeout), "fetch.timeout"),
        (Err(FetchFailure::TooLarge), "fetch.too-large"),
        (Err(FetchFailure::CutOff), "fetch.cut-off"),
        (Ok(answer(404, JSON, "")), "fetch.status"),
        (Ok(answer(302, JSON, "")), "fetch.redirect"),
        (Ok(elsewhere), "fetch.redirect"),
        (Ok(answer(200, "text/html", "<p>")), "fetch.content-type"),
        (Ok(answer(200, JSON, &" ".repeat(10_000_000))), "fetch.too-large"),
    ] {
        let shelf = Arc::new(Shelf::default());
        shelf.answer(WEB_URL, answer);
        let report = online(&desk(WEB), &shown, &shelf, NOW);
        assert_eq!(report.report.outcome(), Outcome::Undetermined, "{code}");
        assert_eq!(report.steps[0].code.as_deref(), Some(code));
        assert!(report.report.accepted().is_empty());
    }
    assert!(is_public_address("8.8.8.8".to_owned()));
    for address in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "ngo.example", ""] {
        assert!(!is_public_address(address.to_owned()), "{address}");
    }
}
