//! What is remembered, and when it is taken.

use attesta::error::Explain as _;
use attesta::fetch::{
    Attempt, Body, Cache, CacheError, FetchError, Fetched, InMemory, Kept, MemoryCache, UrlError, Validators,
};
use attesta::limits;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code, Days, Outcome, Report, Resource, Source};

use crate::{DID, DID_URL, LOG_URL, Logged, Scene, WITNESS_URL, at, attempts, later, logged, now, only, publishing};

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
