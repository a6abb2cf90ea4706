//! How much is fetched, how often, how much at a time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use attesta::fetch::{Attempt, Bounds, Fetch, FetchError, FetchRequest, Fetched, InMemory, Online, verify_online};
use attesta::limits;
use attesta::securing::Format;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Outcome, Policy};
use serde_json::{Value, json};

use crate::{DID_URL, KEYS_URL, METADATA_URL, Scene, attempts, later, now, only, publishing};

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
