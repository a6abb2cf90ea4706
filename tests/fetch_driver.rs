//! Verification with a network that the test writes down: what is fetched, what is not, and what is remembered.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "fetch_driver/bounds.rs"]
mod bounds;
#[path = "fetch_driver/fetched.rs"]
mod fetched;
#[path = "fetch_driver/kept.rs"]
mod kept;
#[path = "fetch_driver/refused.rs"]
mod refused;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Salt};
use attesta::did::method::webvh::{self, Change, Files};
use attesta::fetch::{Attempt, Cache, Fetch, Fetched, InMemory, Online, Trace, verify_online};
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Policy, Report};
use serde_json::{Value, json};

const DID: &str = "did:web:ngo.example";
const DID_URL: &str = "https://ngo.example/.well-known/did.json";
const HTTPS: &str = "https://school.example/issuers/7";
const METADATA_URL: &str = "https://school.example/.well-known/jwt-vc-issuer/issuers/7";
const KEYS_URL: &str = "https://keys.example/7";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T09:00:00Z").unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now().plus_seconds(seconds)
}

/// An issuer with a licence that it issued.
struct Scene {
    key: SoftwareKey,
    method: String,
    credential: String,
}

impl Scene {
    fn new(method: &str, format: Format) -> Self {
        Self::with(SoftwareKey::generate(KeyType::P256).unwrap(), method, format)
    }

    fn with(key: SoftwareKey, method: &str, format: Format) -> Self {
        let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example()).unwrap();
        let issuer = Issuer::of_did(method, &key).unwrap();
        let draft =
            Credential::of(claims, issuer.id(), Date::new(2026, 11, 18).unwrap(), 7, Salt::random().unwrap()).unwrap();
        let holder = SoftwareKey::generate(KeyType::P256).unwrap();
        let draft = draft.holder(attesta::credential::Holder::Key(holder.public_key()));
        let credential = issuer.secure(&draft, format).unwrap();
        Self { key, method: method.to_owned(), credential }
    }

    fn of_did() -> Self {
        Self::new("did:web:ngo.example#key-1", Format::Jwt)
    }

    fn of_https() -> Self {
        Self::new("https://school.example/issuers/7#key-1", Format::SdJwtVc)
    }

    fn id(&self) -> &str {
        self.method.split('#').next().unwrap()
    }

    /// The issuer's document.
    fn document(&self) -> Value {
        let id = self.id();
        json!({
            "id": id,
            "verificationMethod": [{ "id": self.method, "type": "JsonWebKey", "controller": id, "publicKeyJwk": self.key.public_key().to_jwk() }],
            "assertionMethod": [self.method],
        })
    }

    fn key_set(&self) -> Value {
        let mut jwk = self.key.public_key().to_jwk();
        jwk.insert("kid".to_owned(), "key-1".into());
        json!({ "keys": [jwk] })
    }

    fn metadata(&self) -> Value {
        json!({ "issuer": self.id(), "jwks_uri": KEYS_URL })
    }

    /// A policy that trusts the issuer for everything.
    fn policy(&self) -> Policy {
        trusting(self.id())
    }

    fn verify(&self, policy: &Policy, online: &Online<'_>) -> (Report, Trace) {
        verify_online(
            self.credential.as_bytes(),
            &Expected::nothing(),
            &mut Materials::none(),
            policy,
            At::Now(now()),
            online,
        )
    }
}

fn trusting(id: &str) -> Policy {
    Policy::default().trusting(TrustList::new(now(), vec![Entry::new(id, ["*"])]).unwrap())
}

fn publishing(scene: &Scene) -> InMemory {
    InMemory::new().publish(DID_URL, "application/did+json; charset=utf-8", scene.document().to_string())
}

/// What comes of it at that moment, with what was kept before.
fn at(scene: &Scene, network: &dyn Fetch, cache: &dyn Cache, moment: Timestamp, policy: &Policy) -> (Report, Trace) {
    let clock = || moment;
    let online = Online::new(network, &clock).cache(cache);
    let presented = scene.credential.as_bytes();
    verify_online(presented, &Expected::nothing(), &mut Materials::none(), policy, At::Now(moment), &online)
}

fn attempts(trace: &Trace) -> Vec<&'static str> {
    trace.steps().iter().map(|step| step.attempt.name()).collect()
}

fn only(trace: &Trace) -> &Attempt {
    assert_eq!(trace.steps().len(), 1, "{trace:?}");
    &trace.steps()[0].attempt
}

fn code_of(trace: &Trace) -> &'static str {
    only(trace).error().map_or("none", attesta::error::Explain::code)
}

/// A did:webvh with one witness: its log, before and after an entry that its witness approved of.
struct Logged {
    scene: Scene,
    before: Files,
    after: Files,
}

const LOG_URL: &str = "https://ngo.example/.well-known/did.jsonl";
const WITNESS_URL: &str = "https://ngo.example/.well-known/did-witness.json";

fn logged() -> Logged {
    let [updates, witness] = [(); 2].map(|()| SoftwareKey::generate(KeyType::Ed25519).unwrap());
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let document = webvh::document_of(&webvh::placeholder_did("ngo.example"), &[("key-1", &key.public_key())]);
    let change = Change::new().document(document).witnesses(1, &[witness.public_key()]);
    let begun = Timestamp::parse("2026-11-01T00:00:00Z").unwrap();
    let pending = webvh::create("ngo.example", &change, &updates, begun).unwrap();
    let did = pending.did().clone();
    let approve = |held: Option<&Files>, entry: &str, at| webvh::witness(&did, held, entry, &witness, at).unwrap();
    let approval = approve(None, pending.entry(), begun);
    let before = pending.finish(&[approval]).unwrap();
    let changed = begun.plus_seconds(86_400);
    let pending = webvh::update(&did, &before, &Change::new().ttl(600), &updates, changed).unwrap();
    let approval = approve(Some(&before), pending.entry(), changed);
    let after = pending.finish(&[approval]).unwrap();
    Logged { scene: Scene::with(key, &format!("{did}#key-1"), Format::Jwt), before, after }
}

/// The log and the proofs of its witness; the log must be asked about each time, the proofs for a day not.
fn publishing_log(files: &Files) -> InMemory {
    let proofs = files.witnesses.clone().unwrap();
    InMemory::new()
        .answer(LOG_URL, Ok(Fetched::bytes(files.log.clone(), "text/jsonl").max_age(0)))
        .answer(WITNESS_URL, Ok(Fetched::bytes(proofs, "application/json").max_age(86_400)))
}
