//! Resolution that remembers: what was fetched before, for as long as its owner lets it be, and what was seen; and several
//! resolvers, where one cannot be reached.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::did::method::webvh::{self, Change, Files};
use attesta::did::{Did, ResolutionOptions, ResolutionResult};
use attesta::error::Explain as _;
use attesta::fetch::address::Resolver;
use attesta::fetch::{
    Attempt, Cache, Fetch, FetchError, FetchRequest, Fetched, InMemory, Kept, MemoryCache, Online, Trace,
    resolve_online,
};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::limits;
use attesta::time::Timestamp;
use attesta::verify::{Resource, Seen, Source};
use serde_json::{Value, json};

const LOG_URL: &str = "https://ngo.example/.well-known/did.jsonl";
const WITNESS_URL: &str = "https://ngo.example/.well-known/did-witness.json";

fn later(seconds: i64) -> Timestamp {
    Timestamp::parse("2026-11-20T09:00:00Z").unwrap().plus_seconds(seconds)
}

fn key() -> SoftwareKey {
    SoftwareKey::generate(KeyType::Ed25519).unwrap()
}

/// A did:webvh with three versions, and another third one.
struct History {
    did: Did,
    keeper: SoftwareKey,
    versions: Vec<Files>,
    fork: Files,
}

fn history(ttl: Option<u32>) -> History {
    let keeper = key();
    let document = |did: &str| webvh::document_of(did, &[("key-1", &key().public_key())]);
    let mut first = Change::new().document(document(&webvh::placeholder_did("ngo.example")));
    if let Some(ttl) = ttl {
        first = first.ttl(ttl);
    }
    let begun = later(-86_400);
    let pending = webvh::create("ngo.example", &first, &keeper, begun).unwrap();
    let did = pending.did().clone();
    let first = pending.finish(&[]).unwrap();
    let next = |before: &Files, seconds: i64| {
        let change = Change::new().document(document(did.as_str()));
        webvh::update(&did, before, &change, &keeper, begun.plus_seconds(seconds)).unwrap().finish(&[]).unwrap()
    };
    let second = next(&first, 60);
    let (third, fork) = (next(&second, 120), next(&second, 180));
    History { did: did.clone(), versions: vec![first, second, third], fork, keeper }
}

impl History {
    fn log(&self, versions: usize) -> &str {
        &self.versions[versions - 1].log
    }
}

fn serving(log: &str) -> InMemory {
    InMemory::new().publish(LOG_URL, "text/jsonl", log)
}

fn resolve(did: &str, network: &dyn Fetch, cache: &dyn Cache, at: Timestamp) -> (ResolutionResult, Trace) {
    let clock = || at;
    resolve_online(did, &ResolutionOptions::default(), &Online::new(network, &clock).cache(cache))
}

fn attempts(trace: &Trace) -> Vec<&'static str> {
    trace.steps().iter().map(|step| step.attempt.name()).collect()
}

fn version(result: &ResolutionResult) -> u32 {
    let id = result.document_metadata["versionId"].as_str().unwrap();
    id.split_once('-').unwrap().0.parse().unwrap()
}

// For how long.

#[test]
fn a_log_is_kept_for_as_long_as_its_owner_says() {
    for (ttl, server, fresh_for) in [
        (Some(60), None, 60),
        (Some(60), Some(86_400), 60),
        (Some(7_200), None, 7_200),
        (Some(7_200), Some(30), 30),
        (Some(u32::MAX / 2), None, i64::from(limits::CACHE_FRESH_SECONDS_MOST)),
        // Without a word of its owner's, an hour (did:webvh 1.0, "ttl").
        (None, None, 3_600),
        (Some(0), Some(86_400), 0),
        (Some(60), Some(0), 0),
    ] {
        let history = history(ttl);
        let did = history.did.as_str();
        let mut answer = Fetched::bytes(history.log(2), "text/jsonl");
        if let Some(seconds) = server {
            answer = answer.max_age(seconds);
        }
        let (network, cache) = (InMemory::new().answer(LOG_URL, Ok(answer)), MemoryCache::new());
        let longer = serving(history.log(3));
        let (result, trace) = resolve(did, &network, &cache, later(0));
        assert_eq!((version(&result), attempts(&trace)), (2, vec!["fetched"]));
        if fresh_for > 0 {
            let (result, trace) = resolve(did, &longer, &cache, later(fresh_for - 1));
            assert_eq!((version(&result), attempts(&trace)), (2, vec!["kept"]), "{ttl:?} {server:?}");
            assert_eq!(longer.asked().len(), 0);
        }
        let (result, trace) = resolve(did, &longer, &cache, later(fresh_for));
        assert_eq!((version(&result), attempts(&trace)), (3, vec!["fetched"]), "{ttl:?} {server:?}");
    }
}

#[test]
fn the_proofs_of_witnesses_are_kept_with_their_log() {
    let (keeper, witness) = (key(), key());
    let document = webvh::document_of(&webvh::placeholder_did("ngo.example"), &[("key-1", &key().public_key())]);
    let change = Change::new().document(document).witnesses(1, &[witness.public_key()]).ttl(60);
    let pending = webvh::create("ngo.example", &change, &keeper, later(-60)).unwrap();
    let did = pending.did().clone();
    let proof = webvh::witness(&did, None, pending.entry(), &witness, later(-60)).unwrap();
    let files = pending.finish(&[proof]).unwrap();
    let network = serving(&files.log).publish(WITNESS_URL, "application/json", files.witnesses.clone().unwrap());
    let cache = MemoryCache::new();
    let (result, trace) = resolve(did.as_str(), &network, &cache, later(0));
    assert_eq!((result.error, attempts(&trace)), (None, vec!["fetched", "fetched"]));
    let (result, trace) = resolve(did.as_str(), &InMemory::new(), &cache, later(59));
    assert_eq!((result.error, attempts(&trace)), (None, vec!["kept", "kept"]));
    // A log that is asked for anew needs proofs that are as new.
    let (_, trace) = resolve(did.as_str(), &network, &cache, later(60));
    assert_eq!(attempts(&trace), ["fetched", "fetched"]);
    // Proofs that are not enough leave nothing behind.
    let cache = MemoryCache::new();
    let without = serving(&files.log).publish(WITNESS_URL, "application/json", "[]");
    assert!(resolve(did.as_str(), &without, &cache, later(0)).0.error.is_some());
    assert_eq!(cache.get(&Resource::Log(did.to_string())), Ok(None));
    assert_eq!(cache.get(&Resource::LogWitnesses(did.to_string())), Ok(None));
}

#[test]
fn what_does_not_hold_is_not_kept_and_what_is_not_there_for_a_minute() {
    let history = history(None);
    let did = history.did.as_str();
    let cache = MemoryCache::new();
    let cut = history.log(2);
    for network in
        [serving(&cut[..cut.len() - 20]), serving("<html>"), InMemory::new().publish(LOG_URL, "text/html", cut)]
    {
        assert!(resolve(did, &network, &cache, later(0)).0.error.is_some());
        assert_eq!(cache.get(&Resource::Log(did.to_owned())), Ok(None));
    }
    let (result, _) = resolve(did, &InMemory::new(), &cache, later(0));
    assert_eq!(result.error.unwrap().name(), "NOT_FOUND");
    let network = serving(cut);
    let (result, trace) = resolve(did, &network, &cache, later(30));
    assert_eq!((result.error.unwrap().name(), attempts(&trace)), ("NOT_FOUND", vec!["kept-failure"]));
    assert_eq!(resolve(did, &network, &cache, later(60)).0.error, None);
    // A document of another DID is not kept under this one's name.
    let web = "did:web:ngo.example";
    let other = json!({ "id": "did:web:thief.example" }).to_string();
    let network = InMemory::new().publish("https://ngo.example/.well-known/did.json", "application/did", other);
    assert!(resolve(web, &network, &cache, later(0)).0.error.is_some());
    assert_eq!(cache.get(&Resource::Document(web.to_owned())), Ok(None));
}

#[test]
fn what_is_kept_stands_in_for_a_server_that_is_down_unless_that_is_not_wanted() {
    let history = history(Some(60));
    let did = history.did.as_str();
    let cache = MemoryCache::new();
    let _ = resolve(did, &serving(history.log(2)), &cache, later(0));
    let down = InMemory::new().answer(LOG_URL, Err(FetchError::Connect));
    let (result, trace) = resolve(did, &down, &cache, later(3_600));
    assert_eq!((version(&result), attempts(&trace)), (2, vec!["stood-in"]));
    let anew = |network: &dyn Fetch, at: Timestamp| {
        let clock = || at;
        let options = ResolutionOptions { no_cache: true, ..ResolutionOptions::default() };
        resolve_online(did, &options, &Online::new(network, &clock).cache(&cache))
    };
    assert_eq!(anew(&down, later(1)).0.error.unwrap().code(), "resolution.not-fetched");
    let (result, trace) = anew(&serving(history.log(3)), later(1));
    assert_eq!((version(&result), attempts(&trace)), (3, vec!["fetched"]));
    // What was taken down does not stand in for itself.
    let gone = resolve(did, &InMemory::new(), &cache, later(3_600)).0;
    assert_eq!(gone.error.unwrap().name(), "NOT_FOUND");
}

// What was seen.

fn remembering(did: &str, network: &dyn Fetch, cache: &dyn Cache, seen: &Seen) -> (ResolutionResult, Trace) {
    let clock = || later(10);
    resolve_online(did, &ResolutionOptions::default(), &Online::new(network, &clock).cache(cache).remembering(seen))
}

#[test]
fn a_log_that_was_cut_off_or_rewritten_since_it_was_seen_is_refused() {
    let history = history(None);
    let did = history.did.as_str();
    let none = MemoryCache::new();
    let (_, trace) = remembering(did, &serving(history.log(3)), &none, &Seen::nothing());
    let seen = trace.seen().clone();
    assert!(!seen.is_empty());
    let error = |network: &InMemory| {
        let cache = MemoryCache::new();
        let (result, trace) = remembering(did, network, &cache, &seen);
        assert_eq!((result.document.is_none(), trace.seen().is_empty()), (true, true), "it is not what was seen now");
        assert_eq!(cache.get(&Resource::Log(did.to_owned())), Ok(None), "and it is not kept");
        let error = result.error.unwrap();
        assert!(error.to_string().contains("history") && !error.hint().is_empty());
        (error.code(), error.name().to_owned())
    };
    let refused = |code| (code, "INVALID_DID".to_owned());
    assert_eq!(error(&serving(history.log(2))), refused("webvh.truncated"));
    assert_eq!(error(&serving(history.log(1))), refused("webvh.truncated"));
    assert_eq!(error(&serving(&history.fork.log)), refused("webvh.forked"));
    assert_eq!(version(&remembering(did, &serving(history.log(3)), &none, &seen).0), 3);

    // An older version is asked for: what is remembered is the log, and not what was answered.
    let options = ResolutionOptions { version_number: Some(1), ..ResolutionOptions::default() };
    let network = serving(history.log(3));
    let clock = || later(10);
    let (result, trace) = resolve_online(did, &options, &Online::new(&network, &clock));
    assert_eq!((version(&result), trace.seen()), (1, &seen));
    let longer = webvh::update(&history.did, &history.versions[2], &Change::new().ttl(5), &history.keeper, later(-60));
    let longer = longer.unwrap().finish(&[]).unwrap();
    let (result, _) = remembering(did, &serving(&longer.log), &MemoryCache::new(), &seen);
    assert_eq!(version(&result), 4);
}

#[test]
fn what_is_kept_and_older_than_what_was_seen_is_fetched_anew() {
    let history = history(None);
    let did = history.did.as_str();
    let cache = MemoryCache::new();
    let _ = resolve(did, &serving(history.log(2)), &cache, later(0));
    let seen = resolve(did, &serving(history.log(3)), &MemoryCache::new(), later(0)).1.seen().clone();
    let (result, trace) = remembering(did, &serving(history.log(3)), &cache, &seen);
    assert_eq!((version(&result), attempts(&trace)), (3, vec!["kept", "fetched"]));
    let cache = MemoryCache::new();
    let _ = resolve(did, &serving(history.log(2)), &cache, later(0));
    let (result, trace) = remembering(did, &serving(history.log(2)), &cache, &seen);
    assert_eq!((result.error.unwrap().code(), attempts(&trace)), ("webvh.truncated", vec!["kept", "fetched"]));
}

// Several resolvers.

const DID: &str = "did:ethr:0x02";

fn at(resolver: &str) -> String {
    format!("https://{resolver}.example/did%3Aethr%3A0x02")
}

fn resolvers(names: &[&str]) -> Vec<Resolver> {
    names.iter().map(|name| Resolver::new(&format!("https://{name}.example/"), ["ethr"]).unwrap()).collect()
}

fn document() -> Value {
    json!({ "id": DID, "verificationMethod": [] })
}

#[test]
fn the_next_resolver_is_asked_where_one_cannot_be_reached() {
    let asked = |network: InMemory, names: &[&str]| {
        let (clock, resolvers) = (|| later(0), resolvers(names));
        let online = Online::new(&network, &clock).resolvers(&resolvers);
        let (result, trace) = resolve_online(DID, &ResolutionOptions::default(), &online);
        let urls: Vec<String> = network.asked().into_iter().map(|request| request.url).collect();
        assert_eq!(trace.steps().len(), urls.len(), "each is written down");
        (result.error.map(|error| error.name().to_owned()), urls)
    };
    let serving = |name: &str| InMemory::new().publish(at(name), "application/did", document().to_string());
    assert_eq!(asked(serving("a"), &["a", "b"]), (None, vec![at("a")]));
    for error in [
        FetchError::Connect,
        FetchError::UnknownHost,
        FetchError::Timeout { seconds: 10 },
        FetchError::CutOff,
        FetchError::Tls { reason: "its certificate has expired" },
        FetchError::Status { status: 502 },
        FetchError::Status { status: 429 },
        FetchError::NotPublic { address: "10.0.0.1".parse().unwrap() },
        FetchError::Unavailable,
    ] {
        let network = serving("b").answer(at("a"), Err(error.clone()));
        assert_eq!(asked(network, &["a", "b"]), (None, vec![at("a"), at("b")]), "{error}");
    }
    // What one of them answers is an answer, also that there is no such DID.
    for status in [404, 410] {
        let network = serving("b").answer(at("a"), Err(FetchError::Status { status }));
        assert_eq!(asked(network, &["a", "b"]).1, [at("a")], "{status}");
    }
    let network = serving("b").publish(at("a"), "application/did", json!({ "id": "did:ethr:0x03" }).to_string());
    let (error, urls) = asked(network, &["a", "b"]);
    assert_eq!((error.as_deref(), urls), (Some("INVALID_DID_DOCUMENT"), vec![at("a")]));
    // No more than so many.
    let names = ["a", "b", "c", "d", "e"];
    let network =
        names[..4].iter().fold(serving("e"), |network, name| network.answer(at(name), Err(FetchError::Connect)));
    let (error, urls) = asked(network, &names);
    assert_eq!((error.as_deref(), urls.len()), (Some("INTERNAL_ERROR"), limits::FETCH_RESOLVERS));
    // Another method's resolver is not asked.
    let (network, clock) = (serving("a"), || later(0));
    let others = [Resolver::new("https://a.example/", ["ion"]).unwrap()];
    let (result, trace) =
        resolve_online(DID, &ResolutionOptions::default(), &Online::new(&network, &clock).resolvers(&others));
    assert_eq!((result.error.unwrap().name(), trace.steps().len()), ("METHOD_NOT_SUPPORTED", 0));
}

#[test]
fn resolvers_that_do_not_answer_share_the_time() {
    struct Slow(std::sync::atomic::AtomicI64, std::sync::Mutex<Vec<u32>>);
    impl Fetch for Slow {
        fn fetch(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
            self.1.lock().unwrap().push(request.max_seconds);
            self.0.fetch_add(request.max_seconds.into(), std::sync::atomic::Ordering::SeqCst);
            Err(FetchError::Timeout { seconds: request.max_seconds })
        }
    }
    let network = Slow(0.into(), std::sync::Mutex::default());
    let clock = || later(network.0.load(std::sync::atomic::Ordering::SeqCst));
    let resolvers = resolvers(&["a", "b", "c"]);
    let mut bounds = attesta::fetch::Bounds::default();
    bounds.seconds = 14;
    let online = Online::new(&network, &clock).resolvers(&resolvers).bounds(bounds);
    let (result, trace) = resolve_online(DID, &ResolutionOptions::default(), &online);
    assert!(result.error.is_some());
    assert_eq!(*network.1.lock().unwrap(), [10, 4]);
    assert_eq!(trace.steps().last().unwrap().attempt, Attempt::Failed(FetchError::Bound));
}

#[test]
fn an_answer_is_kept_with_its_resolver_and_only_to_the_plain_question() {
    let cache = MemoryCache::new();
    let network = InMemory::new().publish(at("a"), "application/did", document().to_string()).publish(
        format!("{}?versionId=1", at("a")),
        "application/did",
        document().to_string(),
    );
    let with = |names: &[&str], version: Option<&str>, network: &InMemory| {
        let (clock, resolvers) = (|| later(0), resolvers(names));
        let options = ResolutionOptions { version_id: version.map(str::to_owned), ..ResolutionOptions::default() };
        let online = Online::new(network, &clock).resolvers(&resolvers).cache(&cache);
        let (result, trace) = resolve_online(DID, &options, &online);
        (result.error.is_none(), attempts(&trace))
    };
    let resource = Resource::Document(DID.to_owned());
    assert_eq!(with(&["a"], Some("1"), &network), (true, vec!["fetched"]));
    assert_eq!(cache.get(&resource), Ok(None));
    assert_eq!(with(&["a"], None, &network), (true, vec!["fetched"]));
    let by = Source::Asserted { by: "https://a.example".to_owned() };
    assert!(matches!(cache.get(&resource), Ok(Some(Kept::Found { source, .. })) if source == by));
    assert_eq!(with(&["a"], None, &InMemory::new()), (true, vec!["kept"]));
    assert_eq!(with(&["a"], Some("1"), &InMemory::new()), (false, vec!["failed"]), "another question");
    assert_eq!(with(&["b", "a"], None, &InMemory::new()), (true, vec!["kept"]));
    assert_eq!(with(&["b"], None, &InMemory::new()), (false, vec!["failed"]), "another's word is not this one's");
}
