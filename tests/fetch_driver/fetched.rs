//! What is fetched, and what follows from it.

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Salt};
use attesta::fetch::{Cache, FetchError, Fetched, InMemory, MemoryCache, Online, verify_online};
use attesta::issuer::{Issuer, StatusList};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::limits;
use attesta::securing::Format;
use attesta::status::{Mechanism, NewList, Purpose, Statuses};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, Resolver, TrustList};
use attesta::verify::{At, Expected, Materials, Outcome, Policy, Resource, Source};
use serde_json::json;

use crate::{
    DID, DID_URL, HTTPS, KEYS_URL, LOG_URL, Logged, METADATA_URL, Scene, WITNESS_URL, at, attempts, later, logged, now,
    publishing, publishing_log,
};

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
