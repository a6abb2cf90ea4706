//! did:webvh logs, both ways with didwebvh-ts: a DID from its creation to its end, judged after each step.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::did::Did;
use attesta::did::method::webvh::{Change, Files, Log, create, document_of, placeholder_did, update, witness};
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use attesta::time::Timestamp;
use attesta_interop::webvh;
use serde_json::{Value, json};

const OLD: &str = "ngo.example%3A8443:people";
const NEW: &str = "other.example";

fn at(day: i64) -> Timestamp {
    Timestamp::parse("2026-03-01T00:00:00Z").unwrap().plus_seconds(86_400 * day)
}

fn now() -> Timestamp {
    at(3650)
}

/// What is wrong with the files of a step: a log in which one thing was changed, or witnesses who are missing.
fn forgeries(log: &str, witnesses: Option<&str>) -> Vec<(&'static str, String, Option<String>)> {
    let witnesses = || witnesses.map(str::to_owned);
    let line_count = log.lines().count();
    let mut forged = vec![
        ("another time", log.replacen("2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z", 1), witnesses()),
        ("another host", log.replace("ngo.example", "thief.example"), witnesses()),
        ("another method", log.replacen("did:webvh:1.0", "did:webvh:0.9", 1), witnesses()),
        ("another proof", log.replacen("\"proofValue\":\"z", "\"proofValue\":\"z1", 1), witnesses()),
        ("no beginning", log.split_inclusive('\n').skip(1).collect(), witnesses()),
    ];
    if line_count > 2 {
        let gap = log.split_inclusive('\n').enumerate().filter(|(line, _)| *line != 1).map(|(_, line)| line);
        forged.push(("a gap", gap.collect(), witnesses()));
    }
    if let Some(file) = witnesses() {
        forged.push(("no witnesses", log.to_owned(), Some("[]".to_owned())));
        let one_each: Value = serde_json::from_str(&file).unwrap();
        let one_each: Value = one_each
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| json!({ "versionId": entry["versionId"], "proof": [entry["proof"][0]] }))
            .collect();
        forged.push(("one witness", log.to_owned(), Some(one_each.to_string())));
    }
    forged
}

fn without_implied_services(mut document: Value) -> Value {
    if let Some(services) = document.get_mut("service").and_then(Value::as_array_mut) {
        services.retain(|service| {
            let id = service["id"].as_str().unwrap();
            !id.ends_with("#files") && !id.ends_with("#whois")
        });
        if services.is_empty() {
            document.as_object_mut().unwrap().remove("service");
        }
    }
    document
}

#[test]
fn what_they_write_we_verify() {
    for witnessed in [true, false] {
        let life = webvh("live", &json!({ "location": OLD, "newLocation": NEW, "witnessed": witnessed }));
        let steps = life["steps"].as_array().unwrap();
        assert_eq!(steps.len(), if witnessed { 4 } else { 5 });
        for (index, step) in steps.iter().enumerate() {
            let (name, log) = (&step["name"], step["log"].as_str().unwrap());
            let did = Did::parse(step["did"].as_str().unwrap()).unwrap();
            let witnesses = step.get("witnesses").and_then(Value::as_str);
            let verify = |log: &str, witnesses: Option<&str>| {
                Log::verify(&did, log.as_bytes(), witnesses.map(str::as_bytes), now())
            };
            let verified = verify(log, witnesses).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(verified.versions().len(), index + 1, "{name}");
            assert_eq!(verified.deactivated().is_some(), name == "deactivated");
            assert_eq!(verified.did(), did.as_str());
            let key = |number: u32| verified.keys().iter().find(|period| period.from.number == number);
            assert!(key(1).unwrap().method.key.is_ok());
            for (what, log, witnesses) in forgeries(log, witnesses) {
                assert!(verify(&log, witnesses.as_deref()).is_err(), "{name}: {what}");
            }
        }
    }
}

#[test]
fn what_we_write_they_verify() {
    for witnessed in [true, false] {
        let keys: [SoftwareKey; 5] = std::array::from_fn(|_| SoftwareKey::generate(KeyType::Ed25519).unwrap());
        let witnesses: [SoftwareKey; 3] = std::array::from_fn(|_| SoftwareKey::generate(KeyType::Ed25519).unwrap());
        let public = |key: &SoftwareKey| vec![key.public_key()];
        let first = document_of(&placeholder_did(OLD), &[("key-1", &keys[4].public_key())]);
        let mut creation = Change::new().document(first).portable(true).next_keys(&public(&keys[1])).ttl(60);
        if witnessed {
            let ids: Vec<PublicKey> = witnesses.iter().map(Signer::public_key).collect();
            creation = creation.witnesses(2, &ids);
        }
        let pending = create(OLD, &creation, &keys[0], at(0)).unwrap();
        let mut did = pending.did().clone();
        let agree = |did: &Did, held: Option<&Files>, entry: &str, day: i64| {
            let count = if witnessed { 2 } else { 0 };
            witnesses[..count].iter().map(|key| witness(did, held, entry, key, at(day)).unwrap()).collect::<Vec<_>>()
        };
        let mut files = pending.clone().finish(&agree(&did, None, pending.entry(), 0)).unwrap();
        judge("created", &did, &files, 1);
        let rotated = document_of(did.as_str(), &[("key-2", &keys[4].public_key())]);
        for (name, change, signer) in [
            ("rotated", Change::new().document(rotated).update_keys(&public(&keys[1])).next_keys(&public(&keys[2])), 1),
            ("rotated again", Change::new().update_keys(&public(&keys[2])).next_keys(&public(&keys[3])), 2),
            ("moved", Change::new().moved_to(NEW).update_keys(&public(&keys[3])).next_keys(&[]), 3),
            ("deactivated", Change::new().deactivated(), 3),
        ] {
            let day = files.log.lines().count();
            let now = i64::try_from(day).unwrap();
            let pending = update(&did, &files, &change, &keys[signer], at(now)).unwrap();
            let proofs = agree(&did, Some(&files), pending.entry(), now);
            did = pending.did().clone();
            files = pending.finish(&proofs).unwrap();
            judge(name, &did, &files, day + 1);
        }
    }
}

/// What the other implementation says of our files, and of forgeries of them.
fn judge(name: &str, did: &Did, files: &Files, count: usize) {
    let resolve = |log: &str, witnesses: Option<&str>| {
        webvh("resolve", &json!({ "did": did.as_str(), "log": log, "witnesses": witnesses }))
    };
    let ours = files.verify(did, now()).unwrap();
    let theirs = resolve(&files.log, files.witnesses.as_deref());
    assert_eq!(theirs.get("error"), None, "{name}");
    assert_eq!(theirs["versionId"], ours.current().id(), "{name}");
    assert_eq!(theirs["deactivated"], ours.deactivated().is_some(), "{name}");
    assert_eq!(theirs["portable"], ours.portable(), "{name}");
    let document = ours.document().map_or(Value::Null, |document| document.to_json().into());
    assert_eq!(without_implied_services(theirs["document"].clone()), document, "{name}");
    assert_eq!(ours.versions().len(), count, "{name}");
    for (what, log, witnesses) in forgeries(&files.log, files.witnesses.as_deref()) {
        let theirs = resolve(&log, witnesses.as_deref());
        assert!(theirs.get("error").is_some(), "{name}: {what}: {theirs}");
    }
}
