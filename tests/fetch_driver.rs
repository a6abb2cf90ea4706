//! Verification with a network that the test writes down: what is fetched, what is not, and what is remembered.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Salt};
use attesta::did::method::webvh::{self, Change, Files};
use attesta::error::Explain as _;
use attesta::fetch::{
    Attempt, Body, Bounds, Cache, CacheError, Fetch, FetchError, FetchRequest, Fetched, InMemory, Kept, MemoryCache,
    Online, Trace, UrlError, Validators, verify_online,
};
use attesta::issuer::{Issuer, StatusList};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::limits;
use attesta::securing::Format;
use attesta::status::{Mechanism, NewList, Purpose, Statuses};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, Resolver, TrustList};
use attesta::verify::{At, CheckId, Code, Days, Expected, Materials, Outcome, Policy, Report, Resource, Source};
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

// What must not be fetched.

#[test]
fn a_strangers_credential_makes_nobody_fetch() {
    let scene = Scene::of_did();
    let network = publishing(&scene);
    for policy in [Policy::default(), trusting("did:web:somebody-else.example"), trusting("did:web:ngo.example:tenant")]
    {
        let (report, trace) = scene.verify(&policy, &Online::new(&network, &now));
        assert_ne!(report.outcome(), Outcome::Valid);
        assert_eq!((trace.steps().len(), network.asked().len()), (0, 0));
    }
}

#[test]
fn a_credential_in_a_trusted_issuers_name_with_a_strangers_key_makes_nobody_fetch() {
    let scene = Scene::of_did();
    let network = publishing(&scene);
    // Signed by the stranger's key, naming the stranger's method, and the trusted issuer as issuer.
    let stranger = Scene::new("did:web:stranger.example#key-1", Format::Jwt);
    let mut parts = stranger.credential.split('.');
    let header = parts.next().unwrap();
    let payload = scene.credential.split('.').nth(1).unwrap();
    let forged = format!("{header}.{payload}.{}", parts.nth(1).unwrap());
    let mut materials = Materials::none();
    let online = Online::new(&network, &now);
    let (report, trace) = verify_online(
        forged.as_bytes(),
        &Expected::nothing(),
        &mut materials,
        &scene.policy(),
        At::Now(now()),
        &online,
    );
    assert_eq!(report.outcome(), Outcome::Invalid);
    assert_eq!((trace.steps().len(), network.asked().len()), (0, 0));
}

#[test]
fn addresses_that_nobody_should_open_are_never_handed_to_the_host() {
    for (method, code) in [
        ("did:web:127.0.0.1#key-1", "did-web.ip-address"),
        ("did:web:2130706433#key-1", "did-web.ip-address"),
        ("did:web:0x7f.1#key-1", "did-web.ip-address"),
        ("did:web:ngo.example%40thief.example#key-1", "did-web.host"),
        ("did:web:ngo.example:..:secret#key-1", "did-web.segment"),
        ("https://127.0.0.1/a#key-1", "url.ip-address"),
        ("https://[::1]/a#key-1", "url.ip-address"),
        ("https://user@ngo.example/a#key-1", "url.user"),
        ("https://ngo.example/../a#key-1", "url.path"),
    ] {
        let scene = Scene::new(method, Format::Jwt);
        let network = InMemory::new();
        let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
        assert_ne!(report.outcome(), Outcome::Valid, "{method}");
        assert_eq!(code_of(&trace), code, "{method}");
        assert_eq!(network.asked().len(), 0, "{method}");
        assert_eq!(trace.steps()[0].revealed(), None, "nobody learnt of it");
    }
}

#[test]
fn nothing_is_fetched_twice_in_one_run() {
    let scene = Scene::of_did();
    for answer in [
        Err(FetchError::Timeout { seconds: 10 }),
        Err(FetchError::Status { status: 404 }),
        Err(FetchError::NotPublic { address: "10.0.0.1".parse().unwrap() }),
        Ok(Fetched::bytes("<html>", "text/html")),
        Ok(Fetched::bytes("{}", "application/json")),
    ] {
        let network = InMemory::new().answer(DID_URL, answer);
        let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
        assert_eq!(report.outcome(), Outcome::Undetermined);
        assert_eq!((trace.steps().len(), network.asked().len()), (1, 1));
        assert_eq!(report.missing().len(), 1, "it is still missing");
    }
}

// What comes must be what was asked for, whoever fetched it.

#[test]
fn what_a_host_hands_over_is_looked_at_again() {
    let scene = Scene::of_did();
    let good = || Fetched::bytes(scene.document().to_string(), "application/json");
    let other = Scene::new("did:web:thief.example#key-1", Format::Jwt).document().to_string();
    let long = format!("{}{}", scene.document(), " ".repeat(limits::MATERIAL_BYTES));
    let mut untyped = good();
    untyped.content_type = None;
    for (answer, code) in [
        (Fetched::bytes(scene.document().to_string(), "text/html"), "fetch.content-type"),
        (Fetched::bytes(scene.document().to_string(), "application/jsonx"), "fetch.content-type"),
        (untyped, "fetch.content-type"),
        (Fetched::bytes(long, "application/json"), "fetch.too-large"),
        (Fetched::not_modified(), "fetch.protocol"),
        (good().final_url("http://ngo.example/did.json"), "url.scheme"),
        (good().final_url("https://10.0.0.1/did.json"), "url.ip-address"),
        (Fetched::bytes(other, "application/json"), "material.other-id"),
        (Fetched::bytes("<html></html>", "application/json"), "json.syntax"),
        (Fetched::bytes("", "application/json"), "json.syntax"),
    ] {
        let network = InMemory::new().answer(DID_URL, Ok(answer));
        let cache = MemoryCache::new();
        let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now).cache(&cache));
        assert_eq!(report.outcome(), Outcome::Undetermined, "{code}");
        assert_eq!(code_of(&trace), code);
        assert_eq!(cache.get(&Resource::Document(DID.to_owned())), Ok(None), "what cannot be used is not kept");
    }
}

#[test]
fn a_host_that_panics_does_not_take_the_decision_with_it() {
    struct Panics;
    impl Fetch for Panics {
        fn fetch(&self, _: &FetchRequest) -> Result<Fetched, FetchError> {
            panic!("the host's own fault")
        }
    }
    let scene = Scene::of_did();
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&Panics, &now));
    assert_eq!(report.outcome(), Outcome::Undetermined);
    assert_eq!(code_of(&trace), "fetch.unavailable");
}

// Bounds.

#[test]
fn a_bound_of_nothing_fetches_nothing_and_says_so() {
    let scene = Scene::of_did();
    let network = publishing(&scene);
    let with = |change: fn(&mut Bounds)| {
        let mut bounds = Bounds::default();
        change(&mut bounds);
        let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now).bounds(bounds));
        assert_eq!(report.outcome(), Outcome::Undetermined);
        assert_eq!(only(&trace), &Attempt::Failed(FetchError::Bound));
        assert_eq!(network.asked().len(), 0);
    };
    with(|bounds| bounds.rounds = 0);
    with(|bounds| bounds.resources = 0);
    with(|bounds| bounds.bytes = 0);
    with(|bounds| bounds.seconds = 0);
}

#[test]
fn a_round_less_than_needed_leaves_it_open() {
    let scene = Scene::of_https();
    let network = InMemory::new().publish(METADATA_URL, "application/json", scene.metadata().to_string()).publish(
        KEYS_URL,
        "application/jwk-set+json",
        scene.key_set().to_string(),
    );
    let mut bounds = Bounds::default();
    bounds.rounds = 1;
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now).bounds(bounds));
    assert_eq!(report.outcome(), Outcome::Undetermined);
    assert_eq!(attempts(&trace), ["fetched", "failed"]);
    assert_eq!(trace.steps()[1].attempt, Attempt::Failed(FetchError::Bound));
    assert_eq!(network.asked().len(), 1);
}

#[test]
fn bytes_and_seconds_that_are_left_are_passed_on() {
    struct Slow<'a>(&'a AtomicI64, Mutex<Vec<FetchRequest>>, Value, Value);
    impl Fetch for Slow<'_> {
        fn fetch(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
            self.1.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            self.0.fetch_add(8, Ordering::SeqCst);
            let body = if request.url == METADATA_URL { &self.2 } else { &self.3 };
            Ok(Fetched::bytes(body.to_string(), "application/json"))
        }
    }
    let scene = Scene::of_https();
    let seconds = AtomicI64::new(0);
    let clock = || later(seconds.load(Ordering::SeqCst));
    let network = Slow(&seconds, Mutex::default(), scene.metadata(), scene.key_set());
    let mut bounds = Bounds::default();
    (bounds.seconds, bounds.bytes) = (11, 10_000);
    let (report, _) = scene.verify(&scene.policy(), &Online::new(&network, &clock).bounds(bounds));
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    let asked = network.1.into_inner().unwrap();
    let metadata = scene.metadata().to_string().len();
    let bounds: Vec<_> = asked.iter().map(|request| (request.max_seconds, request.max_bytes)).collect();
    assert_eq!(bounds, [(10, 10_000), (3, 10_000 - metadata)]);

    // One second less than the first takes, and the second is not begun.
    seconds.store(0, Ordering::SeqCst);
    let network = Slow(&seconds, Mutex::default(), scene.metadata(), scene.key_set());
    let mut bounds = Bounds::default();
    bounds.seconds = 8;
    let (_, trace) = scene.verify(&scene.policy(), &Online::new(&network, &clock).bounds(bounds));
    assert_eq!(attempts(&trace), ["fetched", "failed"]);
    assert_eq!(trace.steps()[1].attempt, Attempt::Failed(FetchError::Bound));
}

#[test]
fn no_more_is_had_by_asking_for_more() {
    let scene = Scene::of_did();
    let network = publishing(&scene);
    let mut bounds = Bounds::default();
    (bounds.bytes, bounds.seconds, bounds.rounds, bounds.resources) = (usize::MAX, u32::MAX, usize::MAX, usize::MAX);
    bounds.parallel = usize::MAX;
    let (report, _) = scene.verify(&scene.policy(), &Online::new(&network, &now).bounds(bounds));
    assert_eq!(report.outcome(), Outcome::Valid);
    let request = &network.asked()[0];
    assert_eq!((request.max_bytes, request.max_seconds), (limits::MATERIAL_BYTES, limits::FETCH_SECONDS_EACH));
}

/// Two credentials of two issuers at once.
fn two_issuers() -> (Scene, Scene, String, Policy) {
    let (one, other) = (Scene::of_did(), Scene::new("did:web:other.example#key-1", Format::Jwt));
    let answer = json!({ "vp_token": { "a": [one.credential], "b": [other.credential] } }).to_string();
    let entries = vec![Entry::new(one.id(), ["*"]), Entry::new(other.id(), ["*"])];
    let policy = Policy::default().trusting(TrustList::new(now(), entries).unwrap());
    (one, other, answer, policy)
}

#[test]
fn bytes_that_were_read_for_nothing_count() {
    let (_, _, answer, policy) = two_issuers();
    for (error, asked) in [
        (FetchError::TooLarge { limit: 1000 }, 1),
        (FetchError::CutOff, 1),
        (FetchError::Timeout { seconds: 10 }, 1),
        (FetchError::Connect, 2),
    ] {
        let other_url = "https://other.example/.well-known/did.json";
        let network = InMemory::new().answer(DID_URL, Err(error.clone())).answer(other_url, Err(error.clone()));
        let mut bounds = Bounds::default();
        (bounds.bytes, bounds.parallel) = (1000, 1);
        let online = Online::new(&network, &now).bounds(bounds);
        let (expected, mut materials) = (Expected::nothing(), Materials::none());
        let (_, trace) = verify_online(answer.as_bytes(), &expected, &mut materials, &policy, At::Now(now()), &online);
        assert_eq!((attempts(&trace).len(), network.asked().len()), (2, asked), "{error:?}");
    }
}

#[test]
fn several_are_fetched_at_the_same_time_and_not_more_than_allowed() {
    struct Counting(InMemory, AtomicI64, AtomicI64);
    impl Fetch for Counting {
        fn fetch(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
            let open = self.1.fetch_add(1, Ordering::SeqCst) + 1;
            self.2.fetch_max(open, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(300));
            self.1.fetch_sub(1, Ordering::SeqCst);
            self.0.fetch(request)
        }
    }
    let (one, other, answer, policy) = two_issuers();
    for parallel in [1, 2] {
        let other_url = "https://other.example/.well-known/did.json";
        let network = publishing(&one).publish(other_url, "application/json", other.document().to_string());
        let network = Counting(network, AtomicI64::new(0), AtomicI64::new(0));
        let mut bounds = Bounds::default();
        bounds.parallel = parallel;
        let online = Online::new(&network, &now).bounds(bounds);
        let (expected, mut materials) = (Expected::nothing(), Materials::none());
        let (report, trace) =
            verify_online(answer.as_bytes(), &expected, &mut materials, &policy, At::Now(now()), &online);
        assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["fetched", "fetched"]));
        assert_eq!(network.2.load(Ordering::SeqCst), i64::try_from(parallel).unwrap());
    }
}

// What is fetched.

#[test]
fn a_did_web_issuers_document_is_fetched_and_decides() {
    let scene = Scene::of_did();
    let network = publishing(&scene);
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    assert_eq!(attempts(&trace), ["fetched"]);
    assert_eq!(trace.steps()[0].url.as_deref(), Some(DID_URL));
    assert!(trace.steps()[0].revealed().is_some());
    let asked = network.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].accepts(Some("application/did+json;v=1")) && !asked[0].accepts(Some("text/html")));
    let step = &trace.to_json()[0];
    assert_eq!(
        (step["round"].as_u64(), step["type"].as_str(), step["resource"].as_str()),
        (Some(1), Some("document"), Some(DID))
    );
    assert_eq!((step["outcome"].as_str(), step["code"].as_str()), (Some("fetched"), None));
}

#[test]
fn one_thing_leads_to_the_next() {
    let scene = Scene::of_https();
    let network = InMemory::new().publish(METADATA_URL, "application/json", scene.metadata().to_string()).publish(
        KEYS_URL,
        "application/jwk-set+json",
        scene.key_set().to_string(),
    );
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    let rounds: Vec<_> = trace.steps().iter().map(|step| (step.round, step.url.as_deref().unwrap())).collect();
    assert_eq!(rounds, [(1, METADATA_URL), (2, KEYS_URL)]);
    assert_eq!(report.credentials()[0].issuer(), Some(HTTPS));
}

#[test]
fn material_that_is_at_hand_is_not_fetched() {
    let scene = Scene::of_did();
    let network = InMemory::new();
    let mut materials = Materials::none();
    let bytes = scene.document().to_string().into_bytes();
    let resource = Resource::Document(DID.to_owned());
    materials.add(&attesta::verify::Material { resource, bytes, obtained: now(), source: Source::Fetched }).unwrap();
    let online = Online::new(&network, &now);
    let presented = scene.credential.as_bytes();
    let (report, trace) =
        verify_online(presented, &Expected::nothing(), &mut materials, &scene.policy(), At::Now(now()), &online);
    assert_eq!((report.outcome(), trace.steps().len(), network.asked().len()), (Outcome::Valid, 0, 0));
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

#[test]
fn a_log_is_fetched_and_then_the_proofs_of_its_witnesses() {
    let Logged { scene, after, .. } = logged();
    let network = publishing_log(&after);
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!(report.outcome(), Outcome::Valid, "{:?} {trace:?}", report.reason());
    let urls: Vec<_> = trace.steps().iter().map(|step| step.url.as_deref().unwrap()).collect();
    assert_eq!(urls, [LOG_URL, WITNESS_URL]);
    assert_eq!(network.asked()[0].max_bytes, limits::LOG_BYTES);
    // Without the proofs nothing is decided, and the log is not kept as if it were verified.
    let network = InMemory::new().publish(LOG_URL, "text/jsonl", after.log.clone());
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Undetermined, vec!["fetched", "failed"]));
}

#[test]
fn proofs_from_before_the_log_are_fetched_anew() {
    let Logged { scene, before, after } = logged();
    let cache = MemoryCache::new();
    let (report, _) = at(&scene, &publishing_log(&before), &cache, now(), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    let (report, trace) = at(&scene, &publishing_log(&after), &cache, later(3600), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Valid, "{:?} {trace:?}", report.reason());
    assert_eq!(attempts(&trace), ["fetched", "fetched"]);
    // Proofs that are not enough leave neither themselves nor the log behind.
    let stale = publishing_log(&after).publish(WITNESS_URL, "application/json", before.witnesses.unwrap());
    let (report, _) = at(&scene, &stale, &cache, later(7200), &scene.policy());
    assert_ne!(report.outcome(), Outcome::Valid);
    assert_eq!(cache.get(&Resource::Log(scene.id().to_owned())), Ok(None));
    assert_eq!(cache.get(&Resource::LogWitnesses(scene.id().to_owned())), Ok(None));
}

const LIST_URL: &str = "https://lists.example/status/1";

/// A credential of the 90 days, with a place in a status list.
fn listed() -> Scene {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let method = "did:web:ngo.example#key-1";
    let issuer = Issuer::of_did(method, &key).unwrap();
    let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example()).unwrap();
    let from = Date::new(2026, 11, 2).unwrap();
    let draft = Credential::of(claims, issuer.id(), from, 90, Salt::random().unwrap()).unwrap();
    let holder = SoftwareKey::generate(KeyType::P256).unwrap();
    let entry = StatusList::bitstring(LIST_URL, issuer.id(), Purpose::Revocation).entry(4711);
    let draft = draft.holder(attesta::credential::Holder::Key(holder.public_key())).status(entry);
    let credential = issuer.secure(&draft, Format::Jwt).unwrap();
    Scene { method: method.to_owned(), credential, key }
}

/// Its list as of that moment, good for a week, and to be asked for again after a minute and a half.
fn list_of(scene: &Scene, signed_at: Timestamp, revoked: bool) -> String {
    let mut statuses = Statuses::new(Mechanism::Bitstring, 1, 131_072).unwrap();
    statuses.set(4711, u8::from(revoked)).unwrap();
    let new = NewList {
        url: LIST_URL,
        issuer: scene.id(),
        purposes: &[Purpose::Revocation],
        signed_at,
        expires: signed_at.plus_seconds(7 * 86_400),
        ttl: 90,
        statuses: &statuses,
    };
    Issuer::of_did(&scene.method, &scene.key).unwrap().secure_list(&new, Format::Jwt).unwrap()
}

fn publishing_list(scene: &Scene, list: String) -> InMemory {
    let answer = Fetched::bytes(list, "application/vc+jwt").max_age(86_400);
    publishing(scene).answer(LIST_URL, Ok(answer))
}

#[test]
fn a_status_list_is_fetched_behind_a_proof_that_holds_and_not_before() {
    let scene = listed();
    let network = publishing_list(&scene, list_of(&scene, later(-600), false));
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!(report.outcome(), Outcome::Valid, "{:?} {trace:?}", report.reason());
    let rounds: Vec<_> = trace.steps().iter().map(|step| (step.round, step.url.as_deref().unwrap())).collect();
    assert_eq!(rounds, [(1, DID_URL), (2, LIST_URL)]);
    // Of a forgery, the trusted issuer's keys and nothing else.
    let forged = Scene { credential: format!("{}AAAA", &scene.credential[..scene.credential.len() - 4]), ..listed() };
    let network = publishing_list(&scene, list_of(&scene, later(-600), false));
    let (report, trace) = forged.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Invalid, vec!["fetched"]));
    // A list that cannot be had is no list that says nothing.
    let network = publishing(&scene);
    let (report, trace) = scene.verify(&scene.policy(), &Online::new(&network, &now));
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Undetermined, vec!["fetched", "failed"]));
}

#[test]
fn a_list_that_wants_to_be_asked_for_again_is_although_its_server_says_a_day() {
    let scene = listed();
    let cache = MemoryCache::new();
    let network = publishing_list(&scene, list_of(&scene, later(-600), false));
    let (report, _) = at(&scene, &network, &cache, now(), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    let revoked = publishing_list(&scene, list_of(&scene, later(30), true));
    let (report, trace) = at(&scene, &revoked, &cache, later(80), &scene.policy());
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["kept", "kept"]));
    let (report, trace) = at(&scene, &revoked, &cache, later(100), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Invalid, "{trace:?}");
    assert!(revoked.asked().iter().any(|request| request.url == LIST_URL));
}

#[test]
fn a_resolver_is_asked_only_if_the_trust_list_believes_it() {
    let scene = Scene::new("did:ethr:0xabc#key-1", Format::Jwt);
    let answer = json!({ "didDocument": scene.document(), "didResolutionMetadata": {}, "didDocumentMetadata": {} });
    let url = "https://resolver.example/1.0/identifiers/did:ethr:0xabc";
    let network = InMemory::new().publish(url, "application/did-resolution", answer.to_string());
    let believing = |method: &str| {
        let resolver = Resolver::new("https://resolver.example/1.0/identifiers/", [method]);
        let list = TrustList::new(now(), vec![Entry::new(scene.id(), ["*"])]).unwrap();
        Policy::default().trusting(list.resolving(vec![resolver]).unwrap())
    };
    for policy in [scene.policy(), believing("ion")] {
        let (report, trace) = scene.verify(&policy, &Online::new(&network, &now));
        assert_eq!((report.outcome(), trace.steps().len()), (Outcome::Undetermined, 0));
    }
    assert_eq!(network.asked().len(), 0);
    let (report, trace) = scene.verify(&believing("ethr"), &Online::new(&network, &now));
    assert_eq!(report.outcome(), Outcome::Valid, "{:?} {trace:?}", report.reason());
    assert_eq!(network.asked()[0].url, url);
}

#[test]
fn the_next_resolver_is_asked_where_one_cannot_be_reached() {
    let scene = Scene::new("did:ethr:0xabc#key-1", Format::Jwt);
    let url = |name: &str| format!("https://{name}.example/did:ethr:0xabc");
    let believing = |names: &[&str]| {
        let resolvers = names.iter().map(|name| Resolver::new(format!("https://{name}.example/"), ["ethr"]));
        let list = TrustList::new(now(), vec![Entry::new(scene.id(), ["*"])]).unwrap();
        Policy::default().trusting(list.resolving(resolvers.collect()).unwrap())
    };
    let serving = |name: &str| InMemory::new().publish(url(name), "application/did", scene.document().to_string());
    let asked = |network: InMemory, names: &[&str]| {
        let (report, trace) = scene.verify(&believing(names), &Online::new(&network, &now));
        assert!(trace.steps().iter().all(|step| step.round == 1 && step.revealed().is_some()));
        (report.outcome(), attempts(&trace), network.asked().len())
    };
    let down = |name: &str, network: InMemory| network.answer(url(name), Err(FetchError::Timeout { seconds: 10 }));
    assert_eq!(asked(serving("a"), &["a", "b"]), (Outcome::Valid, vec!["fetched"], 1));
    assert_eq!(asked(down("a", serving("b")), &["a", "b"]), (Outcome::Valid, vec!["failed", "fetched"], 2));
    let all = ["a", "b", "c", "d"];
    let (outcome, tried, count) = asked(all[..3].iter().fold(serving("d"), |network, name| down(name, network)), &all);
    assert_eq!((outcome, tried, count), (Outcome::Undetermined, vec!["failed"; 3], limits::FETCH_RESOLVERS));
    // One that says that there is no such DID has answered; and one that the list does not name is never asked.
    assert_eq!(asked(serving("b"), &["a", "b"]), (Outcome::Undetermined, vec!["failed"], 1));
    assert_eq!(asked(down("a", serving("b")), &["a"]), (Outcome::Undetermined, vec!["failed"], 1));
    // A second list that names the same resolver does not make it be asked twice.
    let twice = believing(&["a"]).trusting(
        TrustList::new(now(), Vec::new())
            .unwrap()
            .resolving(vec![
                Resolver::new("https://a.example/", ["ethr"]),
                Resolver::new("https://b.example/", ["ethr"]),
            ])
            .unwrap(),
    );
    let network = down("a", serving("b"));
    let (report, trace) = scene.verify(&twice, &Online::new(&network, &now));
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["failed", "fetched"]));
    // What one of them said before stands in only after all were asked.
    let cache = MemoryCache::new();
    let policy = believing(&["a", "b"]);
    let _ = at(&scene, &serving("a"), &cache, now(), &policy);
    let none = down("b", down("a", InMemory::new()));
    let (report, trace) = at(&scene, &none, &cache, later(3600), &policy);
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["failed", "stood-in"]));
}

// What is remembered.

#[test]
fn a_log_is_kept_for_as_long_as_its_owner_says() {
    let Logged { scene, after, .. } = logged();
    let cache = MemoryCache::new();
    let proofs = after.witnesses.clone().unwrap();
    // Its owner says ten minutes, its server a day.
    let network =
        || {
            InMemory::new()
                .answer(LOG_URL, Ok(Fetched::bytes(after.log.clone(), "text/jsonl").max_age(86_400)))
                .publish(WITNESS_URL, "application/json", proofs.clone())
        };
    let judged = |seconds: i64| {
        let network = network();
        let (report, trace) = at(&scene, &network, &cache, later(seconds), &scene.policy());
        assert_eq!(report.outcome(), Outcome::Valid, "{:?} {trace:?}", report.reason());
        attempts(&trace)
    };
    assert_eq!(judged(0), ["fetched", "fetched"]);
    assert_eq!(judged(200), ["kept", "kept"]);
    assert_eq!(judged(599), ["kept", "kept"]);
    assert_eq!(judged(600), ["fetched", "fetched"]);
}

#[test]
fn where_what_was_kept_leaves_it_open_it_is_asked_for_anew() {
    let (old, new) = (Scene::of_did(), Scene::of_did());
    let cache = MemoryCache::new();
    let _ = at(&old, &publishing(&old), &cache, now(), &old.policy());
    // The issuer has another key now.
    let network = publishing(&new);
    let (report, trace) = at(&new, &network, &cache, later(59), &new.policy());
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Invalid, vec!["kept"]), "a minute's rest");
    let (report, trace) = at(&new, &network, &cache, later(60), &new.policy());
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["kept", "fetched"]));
    // A forgery costs the issuer's server one request, not more.
    let thief = Scene::of_did();
    let network = publishing(&new);
    let (report, trace) = at(&thief, &network, &cache, later(200), &thief.policy());
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Invalid, vec!["kept", "fetched"]));
    assert_eq!(network.asked().len(), 1);
}

/// The age of the issuer's document, by the report.
fn age(report: &Report) -> Option<u64> {
    report.credentials()[0].check(CheckId::KeyValidity).age_seconds()
}

fn at(scene: &Scene, network: &dyn Fetch, cache: &dyn Cache, moment: Timestamp, policy: &Policy) -> (Report, Trace) {
    let clock = || moment;
    let online = Online::new(network, &clock).cache(cache);
    let presented = scene.credential.as_bytes();
    verify_online(presented, &Expected::nothing(), &mut Materials::none(), policy, At::Now(moment), &online)
}

#[test]
fn what_is_fresh_is_taken_and_nobody_learns_of_it() {
    let scene = Scene::of_did();
    let (network, cache) = (publishing(&scene), MemoryCache::new());
    let (report, _) = at(&scene, &network, &cache, now(), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Valid);
    let (report, trace) = at(&scene, &network, &cache, later(299), &scene.policy());
    assert_eq!(only(&trace), &Attempt::Kept { obtained: now() });
    assert_eq!((report.outcome(), age(&report), trace.steps()[0].revealed()), (Outcome::Valid, Some(299), None));
    assert_eq!(network.asked().len(), 1);
    // Neither longer than its time, nor before it was obtained.
    for moment in [later(300), later(-1)] {
        let (_, trace) = at(&scene, &network, &cache, moment, &scene.policy());
        assert_eq!(attempts(&trace), ["fetched"]);
    }
}

#[test]
fn a_server_shortens_the_time_and_never_stretches_it_past_the_ceiling() {
    let scene = Scene::of_did();
    for (max_age, last) in [(0, None), (10, Some(9)), (u32::MAX, Some(i64::from(limits::CACHE_FRESH_SECONDS_MOST) - 1))]
    {
        let answer = Fetched::bytes(scene.document().to_string(), "application/json").max_age(max_age);
        let (network, cache) = (InMemory::new().answer(DID_URL, Ok(answer)), MemoryCache::new());
        let _ = at(&scene, &network, &cache, now(), &scene.policy());
        if let Some(last) = last {
            assert_eq!(attempts(&at(&scene, &network, &cache, later(last), &scene.policy()).1), ["kept"]);
        }
        let past = last.map_or(0, |last| last + 1);
        assert_eq!(attempts(&at(&scene, &network, &cache, later(past), &scene.policy()).1), ["fetched"]);
    }
}

#[test]
fn what_may_not_be_kept_is_not() {
    let scene = Scene::of_did();
    let answer = Fetched::bytes(scene.document().to_string(), "application/json").not_storable();
    let (network, cache) = (InMemory::new().answer(DID_URL, Ok(answer)), MemoryCache::new());
    let (report, _) = at(&scene, &network, &cache, now(), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Valid);
    assert_eq!(cache.get(&Resource::Document(DID.to_owned())), Ok(None));
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let scene = Scene::of_did();
    let validators = Validators { etag: Some("\"v1\"".to_owned()), last_modified: None };
    let answer = Fetched::bytes(scene.document().to_string(), "application/json").validators(validators.clone());
    let (network, cache) = (InMemory::new().answer(DID_URL, Ok(answer)), MemoryCache::new());
    let _ = at(&scene, &network, &cache, now(), &scene.policy());
    let (report, trace) = at(&scene, &network, &cache, later(86_400), &scene.policy());
    assert_eq!(only(&trace), &Attempt::Confirmed);
    assert_eq!((report.outcome(), age(&report)), (Outcome::Valid, Some(0)), "confirmed a moment ago");
    assert!(trace.steps()[0].revealed().is_some());
    assert_eq!(network.asked()[1].unless, Some(validators));
    let (_, trace) = at(&scene, &network, &cache, later(86_400 + 100), &scene.policy());
    assert_eq!(only(&trace), &Attempt::Kept { obtained: later(86_400) });
}

#[test]
fn what_cannot_be_fetched_is_stood_in_for_with_its_age() {
    let scene = Scene::of_did();
    let cache = MemoryCache::new();
    let _ = at(&scene, &publishing(&scene), &cache, now(), &scene.policy());
    let day = 86_400;
    for error in [
        FetchError::UnknownHost,
        FetchError::Connect,
        FetchError::Timeout { seconds: 10 },
        FetchError::Status { status: 503 },
        FetchError::Tls { reason: "its certificate has expired" },
    ] {
        let offline = InMemory::new().answer(DID_URL, Err(error.clone()));
        let (report, trace) = at(&scene, &offline, &cache, later(3 * day), &scene.policy());
        assert_eq!(only(&trace), &Attempt::StoodIn { obtained: now(), error });
        assert_eq!((report.outcome(), age(&report)), (Outcome::Valid, Some(3 * 86_400)));
        // Whether that is too old, the policy decides.
        let strict = scene.policy().max_document_age(Days(2));
        let (report, _) = at(&scene, &offline, &cache, later(3 * day), &strict);
        assert_eq!(report.outcome(), Outcome::Undetermined);
        assert_eq!(report.reason().map(|check| check.code()), Some(Code::FreshnessDocument));
        // Past a ceiling it is not even asked.
        let (report, trace) = at(&scene, &offline, &cache, later(30 * day), &scene.policy());
        assert_ne!(report.outcome(), Outcome::Valid);
        assert_eq!(attempts(&trace), ["failed"]);
    }
}

#[test]
fn what_was_taken_down_does_not_stand_in_for_itself() {
    let scene = Scene::of_did();
    for status in [404, 410] {
        let cache = MemoryCache::new();
        let _ = at(&scene, &publishing(&scene), &cache, now(), &scene.policy());
        let gone = InMemory::new().answer(DID_URL, Err(FetchError::Status { status }));
        let (report, trace) = at(&scene, &gone, &cache, later(3600), &scene.policy());
        assert_eq!(report.outcome(), Outcome::Undetermined);
        assert_eq!(only(&trace), &Attempt::Failed(FetchError::Status { status }));
        // And that it was, is remembered for a while.
        let (_, trace) = at(&scene, &gone, &cache, later(3659), &scene.policy());
        assert_eq!(only(&trace), &Attempt::KeptFailure(FetchError::Status { status }));
        assert_eq!(gone.asked().len(), 1);
        let (report, _) = at(&scene, &publishing(&scene), &cache, later(3660), &scene.policy());
        assert_eq!(report.outcome(), Outcome::Valid);
    }
}

#[test]
fn a_policy_that_wants_todays_document_gets_it() {
    let scene = Scene::of_did();
    let (network, cache) = (publishing(&scene), MemoryCache::new());
    let policy = scene.policy().max_document_age(Days(0));
    let (report, _) = at(&scene, &network, &cache, now(), &policy);
    assert_eq!(report.outcome(), Outcome::Valid);
    let (report, trace) = at(&scene, &network, &cache, later(1), &policy);
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["fetched"]));
}

#[test]
fn another_sources_word_is_not_taken_for_what_we_fetched() {
    let scene = Scene::of_did();
    let (network, cache) = (publishing(&scene), MemoryCache::new());
    let resource = Resource::Document(DID.to_owned());
    let thief = Scene::new("did:web:ngo.example#key-1", Format::Jwt);
    let kept = Kept::found(
        thief.document().to_string(),
        now(),
        Source::Asserted { by: "https://resolver.example".to_owned() },
    );
    cache.put(&resource, &kept).unwrap();
    let (report, trace) = at(&scene, &network, &cache, now(), &scene.policy());
    assert_eq!((report.outcome(), attempts(&trace)), (Outcome::Valid, vec!["fetched"]));
}

#[test]
fn a_cache_that_fails_decides_nothing_and_is_reported() {
    struct Broken;
    impl Cache for Broken {
        fn get(&self, _: &Resource) -> Result<Option<Kept>, CacheError> {
            Err(CacheError::Unreadable { reason: "the disk is gone".to_owned() })
        }
        fn put(&self, _: &Resource, _: &Kept) -> Result<(), CacheError> {
            Err(CacheError::Unwritable { reason: "the disk is gone".to_owned() })
        }
        fn remove(&self, _: &Resource) -> Result<(), CacheError> {
            Err(CacheError::Unwritable { reason: "the disk is gone".to_owned() })
        }
    }
    let scene = Scene::of_did();
    let (report, trace) = at(&scene, &publishing(&scene), &Broken, now(), &scene.policy());
    assert_eq!(report.outcome(), Outcome::Valid);
    assert_eq!(trace.cache_error().map(|error| error.code()), Some("cache.unreadable"));
}

#[test]
fn validators_that_could_break_a_request_are_dropped() {
    let long = "a".repeat(limits::FETCH_VALIDATOR_CHARACTERS + 1);
    for etag in ["\"a\"\r\nCookie: b", "\"\u{e9}\"", "\0", &long] {
        let validators = Validators { etag: Some(etag.to_owned()), last_modified: Some("now".to_owned()) };
        assert_eq!(validators.usable(), Validators { etag: None, last_modified: Some("now".to_owned()) });
    }
}

#[test]
fn bodies_and_what_is_kept_do_not_show_in_debug_output() {
    let body = Body::Bytes(b"did:web:secret".to_vec());
    assert_eq!(format!("{body:?}"), "14 bytes");
    let kept = Kept::found("did:web:secret", now(), Source::Fetched);
    assert!(!format!("{kept:?}").contains("secret"));
    assert_eq!(UrlError::Scheme.code(), "url.scheme");
}
