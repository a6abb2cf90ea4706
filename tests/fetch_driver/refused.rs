//! What must not be fetched, and what is not taken although it came.

use attesta::fetch::{Cache, Fetch, FetchError, FetchRequest, Fetched, InMemory, MemoryCache, Online, verify_online};
use attesta::limits;
use attesta::securing::Format;
use attesta::verify::{At, Expected, Materials, Outcome, Policy, Resource};

use crate::{DID, DID_URL, Scene, code_of, now, publishing, trusting};

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
