//! did:webvh logs, both ways with didwebvh-rs: a DID from its creation to its end, judged after each step.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use attesta::did::Did;
use attesta::did::method::webvh::{Change, Files, Log, create, document_of, placeholder_did, update, witness};
use attesta::keys::{KeyType as OurKeyType, PublicKey, Signer as _, SoftwareKey};
use attesta::time::Timestamp;
use didwebvh_rs::prelude::*;
use didwebvh_rs::witness::Witnesses;
use serde_json::{Value, json};

const OLD: &str = "ngo.example%3A8443:people";
const NEW: &str = "other.example";

fn at(day: i64) -> Timestamp {
    Timestamp::parse("2026-03-01T00:00:00Z").unwrap().plus_seconds(86_400 * day)
}

fn now() -> Timestamp {
    at(3650)
}

/// Nothing that is asked here waits for anything.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn their_key() -> Secret {
    let mut key = Secret::generate_ed25519(None, None);
    let multikey = key.get_public_keymultibase().unwrap();
    key.id = format!("did:key:{multikey}#{multikey}");
    key
}

fn multikey(key: &Secret) -> Multibase {
    Multibase::new(key.get_public_keymultibase().unwrap())
}

fn committed(key: &Secret) -> Vec<Multibase> {
    vec![Multibase::new(key.get_public_keymultibase_hash().unwrap())]
}

/// What is wrong with the files: a log in which one thing was changed, or witnesses who are missing.
fn forgeries(files: &Files) -> Vec<(&'static str, Files)> {
    let with = |log: String| Files { log, ..files.clone() };
    let lines: Vec<&str> = files.log.split_inclusive('\n').collect();
    let mut forged = vec![
        ("another time", with(files.log.replacen("2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z", 1))),
        ("another host", with(files.log.replace("ngo.example", "thief.example"))),
        ("another method", with(files.log.replacen("did:webvh:1.0", "did:webvh:0.9", 1))),
        ("another proof", with(files.log.replacen("\"proofValue\":\"z", "\"proofValue\":\"z1", 1))),
    ];
    if lines.len() > 1 {
        forged.push(("no beginning", with(lines[1..].concat())));
    }
    if lines.len() > 2 {
        forged.push(("a gap", with([&lines[..1], &lines[2..]].concat().concat())));
    }
    if files.witnesses.is_some() {
        forged.push(("no witnesses", Files { witnesses: Some("[]".to_owned()), ..files.clone() }));
    }
    forged
}

/// What didwebvh-rs makes of the files: the `versionId` and the document.
fn they_resolve(did: &str, files: &Files) -> Result<(String, Value), String> {
    let mut state = DIDWebVHState::default();
    let resolved = done(state.resolve_log_owned(did, &files.log, files.witnesses.as_deref()));
    let (entry, metadata) = resolved.map_err(|error| error.to_string())?;
    Ok((metadata.version_id.clone(), entry.get_state().clone()))
}

fn text(state: &DIDWebVHState) -> String {
    state.log_entries().iter().map(|entry| serde_json::to_string(&entry.log_entry).unwrap() + "\n").collect()
}

fn files(state: &DIDWebVHState) -> Files {
    Files { log: text(state), witnesses: Some(serde_json::to_string(state.witness_proofs()).unwrap()) }
}

#[test]
fn what_they_write_we_verify() {
    let keys: [Secret; 5] = std::array::from_fn(|_| their_key());
    let [first, second, third, fourth, assertion] = &keys;
    let witnesses: [Secret; 3] = std::array::from_fn(|_| their_key());
    let witness_did = |key: &Secret| format!("did:key:{}", multikey(key));
    let config = Witnesses::builder()
        .threshold(2)
        .witnesses(witnesses.iter().map(|key| Multibase::new(witness_did(key))))
        .build()
        .unwrap();
    let mut creation = CreateDIDConfig::builder()
        .address("https://ngo.example:8443/people/")
        .authorization_key(first.clone())
        .did_document(json!({
            "id": "{DID}",
            "@context": ["https://www.w3.org/ns/did/v1"],
            "verificationMethod": [{
                "id": "{DID}#key-1", "type": "Multikey", "controller": "{DID}", "publicKeyMultibase": multikey(assertion).as_str(),
            }],
            "assertionMethod": ["{DID}#key-1"],
        }))
        .parameters(Parameters {
            update_keys: Some(Arc::new(vec![multikey(first)])),
            next_key_hashes: Some(Arc::new(committed(second))),
            portable: Some(true),
            witness: Some(Arc::new(config)),
            ..Parameters::default()
        })
        .version_time("2026-03-01T00:00:00Z".parse().unwrap());
    for key in &witnesses {
        creation = creation.witness_secret(witness_did(key), key.clone());
    }
    let created = done(create_did(creation.build().unwrap())).unwrap();
    let mut state = DIDWebVHState::from_log_entries(vec![created.log_entry().clone()]);
    state.set_witness_proofs(created.witness_proofs().clone());
    state.validate().unwrap().assert_complete().unwrap();
    we_verify("created", created.did(), &files(&state), 1);

    let change = |state: DIDWebVHState, signer: &Secret, day: u32| {
        let mut change = UpdateDIDConfig::builder()
            .state(state)
            .signing_key(signer.clone())
            .version_time(format!("2026-03-0{day}T00:00:00Z").parse().unwrap());
        for key in &witnesses {
            change = change.witness_secret(witness_did(key), key.clone());
        }
        change
    };
    let rotated = change(state, second, 2).update_keys(vec![multikey(second)]).next_key_hashes(committed(third));
    let rotated = done(update_did(rotated.build().unwrap())).unwrap();
    we_verify("rotated", rotated.did(), &files(rotated.state()), 2);
    let again =
        change(rotated.into_state(), third, 3).update_keys(vec![multikey(third)]).next_key_hashes(committed(fourth));
    let again = done(update_did(again.build().unwrap())).unwrap();
    we_verify("rotated again", again.did(), &files(again.state()), 3);
    let moved = change(again.into_state(), fourth, 4)
        .update_keys(vec![multikey(fourth)])
        .next_key_hashes(Vec::new())
        .migrate_to("https://other.example/");
    let moved = done(update_did(moved.build().unwrap())).unwrap();
    assert!(moved.did().ends_with(":other.example"), "{}", moved.did());
    we_verify("moved", moved.did(), &files(moved.state()), 4);
    let ended = change(moved.into_state(), fourth, 5).deactivate(true);
    let ended = done(update_did(ended.build().unwrap())).unwrap();
    we_verify("deactivated", ended.did(), &files(ended.state()), 5);
}

fn we_verify(name: &str, did: &str, files: &Files, count: usize) {
    let did = Did::parse(did).unwrap();
    let log = files.verify(&did, now()).unwrap_or_else(|error| panic!("{name}: {error}\n{}", files.log));
    assert_eq!(log.versions().len(), count, "{name}");
    assert_eq!(log.deactivated().is_some(), name == "deactivated");
    assert_eq!(log.did(), did.as_str());
    assert!(log.keys()[0].method.key.is_ok());
    assert!(Log::verify(&did, files.log.as_bytes(), None, now()).is_err(), "{name}: no witnesses");
    for (what, forged) in forgeries(files) {
        assert!(forged.verify(&did, now()).is_err(), "{name}: {what}");
    }
}

#[test]
fn what_we_write_they_verify() {
    let keys: [SoftwareKey; 5] = std::array::from_fn(|_| SoftwareKey::generate(OurKeyType::Ed25519).unwrap());
    let witnesses: [SoftwareKey; 3] = std::array::from_fn(|_| SoftwareKey::generate(OurKeyType::Ed25519).unwrap());
    let public = |key: &SoftwareKey| vec![key.public_key()];
    let ids: Vec<PublicKey> = witnesses.iter().map(SoftwareKey::public_key).collect();
    let first = document_of(&placeholder_did(OLD), &[("key-1", &keys[4].public_key())]);
    let creation = Change::new().document(first).portable(true).next_keys(&public(&keys[1])).witnesses(2, &ids).ttl(60);
    let pending = create(OLD, &creation, &keys[0], at(0)).unwrap();
    let mut did = pending.did().clone();
    let agree = |did: &Did, held: Option<&Files>, entry: &str, day: i64| {
        witnesses[..2].iter().map(|key| witness(did, held, entry, key, at(day)).unwrap()).collect::<Vec<_>>()
    };
    let mut files = pending.clone().finish(&agree(&did, None, pending.entry(), 0)).unwrap();
    they_verify("created", &did, &files, 1);
    let rotated = document_of(did.as_str(), &[("key-2", &keys[4].public_key())]);
    for (name, change, signer) in [
        ("rotated", Change::new().document(rotated).update_keys(&public(&keys[1])).next_keys(&public(&keys[2])), 1),
        ("rotated again", Change::new().update_keys(&public(&keys[2])).next_keys(&public(&keys[3])), 2),
        ("moved", Change::new().moved_to(NEW).update_keys(&public(&keys[3])).next_keys(&[]), 3),
        ("deactivated", Change::new().deactivated(), 3),
    ] {
        let day = i64::try_from(files.log.lines().count()).unwrap();
        let pending = update(&did, &files, &change, &keys[signer], at(day)).unwrap();
        let proofs = agree(&did, Some(&files), pending.entry(), day);
        did = pending.did().clone();
        files = pending.finish(&proofs).unwrap();
        they_verify(name, &did, &files, files.log.lines().count());
    }
}

fn they_verify(name: &str, did: &Did, files: &Files, count: usize) {
    let ours = files.verify(did, now()).unwrap();
    let (version_id, document) = they_resolve(did.as_str(), files).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(version_id, ours.current().id(), "{name}");
    assert_eq!(document, Value::from(ours.current().document().to_json()), "{name}");
    assert_eq!(ours.versions().len(), count);
    for (what, forged) in forgeries(files) {
        // It may answer with the versions before the one that fails, and says so.
        if let Ok((version_id, _)) = they_resolve(did.as_str(), &forged) {
            assert_ne!(version_id, ours.current().id(), "{name}: {what}");
        }
    }
}
