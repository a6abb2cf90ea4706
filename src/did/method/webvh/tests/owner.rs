//! The owner's side: what is written holds, and what would not hold is not written.

use super::*;
use crate::did::{Record, ResolutionOptions, resolve_from};

fn at(day: i64) -> Timestamp {
    Timestamp::parse("2026-02-01T08:00:00Z").unwrap().plus_seconds(86_400 * day)
}

fn public(keys: &[&SoftwareKey]) -> Vec<keys::PublicKey> {
    keys.iter().map(|key| key.public_key()).collect()
}

fn document(location: &str, key: &SoftwareKey) -> Map {
    document_of(&placeholder_did(location), &[("key-1", &key.public_key())])
}

/// A DID that one key updates.
fn simple(owner: &SoftwareKey, change: Change) -> (Did, Files) {
    let change = change.document(document("ngo.example", owner));
    let pending = create("ngo.example", &change, owner, at(0)).unwrap();
    let did = pending.did().clone();
    (did, pending.finish(&[]).unwrap())
}

/// A change that its witnesses, if any, all agree to.
fn go_on(
    did: &Did,
    files: &Files,
    change: &Change,
    signer: &SoftwareKey,
    day: i64,
    agree: &[&SoftwareKey],
) -> Result<Files, CreateError> {
    let pending = update(did, files, change, signer, at(day))?;
    let proofs: Result<Vec<Map>, _> =
        agree.iter().map(|key| witness(did, Some(files), pending.entry(), *key, at(day))).collect();
    pending.finish(&proofs?)
}

#[test]
fn a_whole_life() {
    let [first, second, third, assertion] = [(); 4].map(|()| new_key());
    let (did, files) = simple(&first, Change::new().portable(true).next_keys(&public(&[&second])));
    assert!(did.as_str().ends_with(":ngo.example"));
    let agreed = document_of(did.as_str(), &[("key-1", &assertion.public_key())]);
    let rotation = Change::new().document(agreed).update_keys(&public(&[&second])).next_keys(&public(&[&third]));
    let files = go_on(&did, &files, &rotation, &second, 1, &[]).unwrap();
    let onward = Change::new().update_keys(&public(&[&third])).next_keys(&[]);
    let files = go_on(&did, &files, &onward, &third, 2, &[]).unwrap();
    let files = go_on(&did, &files, &Change::new().moved_to("example.net%3A8443:ngo"), &third, 3, &[]).unwrap();
    let log = files.verify(&did, now()).unwrap();
    let new = format!("did:webvh:{}:example.net%3A8443:ngo", log.scid());
    assert_eq!(log.did(), new);
    let moved = log.document().unwrap().to_json();
    assert_eq!(moved["alsoKnownAs"], json!([did.as_str()]));
    assert_eq!(moved["verificationMethod"][0]["id"], format!("{new}#key-1"));
    assert_eq!(moved["verificationMethod"][0]["controller"], new);
    assert_eq!(moved["assertionMethod"], json!([format!("{new}#key-1")]));
    let moved = Did::parse(&new).unwrap();
    let files = go_on(&moved, &files, &Change::new().deactivated(), &third, 4, &[]).unwrap();
    let log = files.verify(&moved, now()).unwrap();
    assert_eq!(log.deactivated(), Some(at(4)));
    assert_eq!(log.versions().len(), 5);
    assert!(log.update_keys().is_empty());
    assert_eq!(code(update(&moved, &files, &Change::new(), &third, at(5))), "webvh.deactivated");
}

#[test]
fn the_scid_may_stand_in_the_place() {
    let owner = new_key();
    let place = "host.example:{SCID}";
    let change = Change::new().document(document(place, &owner));
    let pending = create(place, &change, &owner, at(0)).unwrap();
    let log = pending.clone().finish(&[]).unwrap().verify(pending.did(), now()).unwrap();
    assert_eq!(log.did(), format!("did:webvh:{0}:host.example:{0}", log.scid()));
}

#[test]
fn what_a_resolver_would_refuse_is_not_written() {
    let [owner, thief] = [(); 2].map(|()| new_key());
    let (did, files) = simple(&owner, Change::new());
    for (change, signer, day, expected) in [
        (Change::new(), &thief, 1, "webvh.not-authorized"),
        (Change::new(), &owner, 0, "webvh.not-later"),
        (Change::new().portable(true), &owner, 1, "webvh.portable-late"),
        (Change::new().moved_to("other.example"), &owner, 1, "webvh.not-portable"),
        (Change::new().moved_to("127.0.0.1"), &owner, 1, "webvh.did-address"),
        (Change::new().watchers(&["no URL"]), &owner, 1, "webvh.parameter"),
        (Change::new().ttl(u32::MAX), &owner, 1, "webvh.parameter"),
        (Change::new().witnesses(2, &public(&[&thief])), &owner, 1, "webvh.threshold"),
        (Change::new().document(document("ngo.example", &owner)), &owner, 1, "webvh.document-id"),
    ] {
        assert_eq!(code(update(&did, &files, &change, signer, at(day))), expected);
    }
    let p256 = SoftwareKey::generate(KeyType::P256).unwrap();
    assert_eq!(code(update(&did, &files, &Change::new(), &p256, at(1))), "data-integrity.key-type");
    assert_eq!(code(create("ngo.example", &Change::new(), &owner, at(0))), "webvh.no-document");
    for (place, expected) in [
        ("localhost", "webvh.did-host"),
        ("10.0.0.1", "webvh.did-address"),
        ("ngo.example/x", "did.url-where-did"),
        ("", "did.empty"),
    ] {
        let change = Change::new().document(document(place, &owner));
        assert_eq!(code(create(place, &change, &owner, at(0))), expected, "{place}");
    }
    let other = Change::new().document(document("other.example", &owner));
    assert_eq!(code(create("ngo.example", &other, &owner, at(0))), "webvh.document-id");
    let locked_out = Change::new().document(document("ngo.example", &owner)).update_keys(&public(&[&thief]));
    assert_eq!(code(create("ngo.example", &locked_out, &owner, at(0))), "webvh.not-authorized");
    let mut broken = files.clone();
    broken.log = broken.log.replace("ngo.example", "bad.example");
    assert_eq!(code(update(&did, &broken, &Change::new(), &owner, at(1))), "webvh.scid");
}

#[test]
fn an_end_under_committed_keys_uses_one_of_them() {
    let [first, second] = [(); 2].map(|()| new_key());
    let (did, files) = simple(&first, Change::new().next_keys(&public(&[&second])));
    assert_eq!(code(update(&did, &files, &Change::new().deactivated(), &first, at(1))), "webvh.not-committed");
    let files = go_on(&did, &files, &Change::new().deactivated(), &second, 1, &[]).unwrap();
    assert!(files.verify(&did, now()).unwrap().deactivated().is_some());
}

#[test]
fn an_entry_waits_for_its_witnesses() {
    let [owner, a, b, c, stranger] = [(); 5].map(|()| new_key());
    let change = Change::new().document(document("ngo.example", &owner)).witnesses(2, &public(&[&a, &b, &c]));
    let pending = create("ngo.example", &change, &owner, at(0)).unwrap();
    let did = pending.did().clone();
    assert_eq!(pending.witnesses().unwrap().threshold(), 2);
    let agree = |key| witness(&did, None, pending.entry(), key, at(0));
    assert_eq!(code(agree(&stranger)), "webvh.not-a-witness");
    assert_eq!(code(agree(&owner)), "webvh.not-a-witness");
    let (by_a, by_b) = (agree(&a).unwrap(), agree(&b).unwrap());
    assert_eq!(code(pending.clone().finish(&[])), "webvh.witness-missing");
    assert_eq!(code(pending.clone().finish(&[by_a.clone(), by_a.clone()])), "webvh.witness-too-few");
    let mut files = pending.finish(&[by_a, by_b]).unwrap();
    // Of each witness the file keeps what is needed, however often they agree.
    for (day, pair) in [(1, [&b, &c]), (2, [&c, &a]), (3, [&a, &b]), (4, [&c, &b])] {
        files = go_on(&did, &files, &Change::new(), &owner, day, &pair).unwrap();
    }
    let log = files.verify(&did, now()).unwrap();
    assert_eq!(log.versions().len(), 5);
    let witnesses: Value = serde_json::from_str(files.witnesses.as_ref().unwrap()).unwrap();
    let proofs: usize =
        witnesses.as_array().unwrap().iter().map(|entry| entry["proof"].as_array().unwrap().len()).sum();
    assert!(proofs <= 5, "{proofs}");
    // A resolver that still has the log of the day before finds enough in the new file.
    let yesterday: String = files.log.split_inclusive('\n').take(4).collect();
    assert!(Files { log: yesterday, witnesses: files.witnesses.clone() }.verify(&did, now()).is_ok());
}

#[test]
fn a_witness_agrees_to_the_next_entry_of_its_own_log_only() {
    let [owner, w] = [(); 2].map(|()| new_key());
    let change = Change::new().document(document("ngo.example", &owner)).witnesses(1, &public(&[&w]));
    let pending = create("ngo.example", &change, &owner, at(0)).unwrap();
    let did = pending.did().clone();
    let files = pending.clone().finish(&[witness(&did, None, pending.entry(), &w, at(0)).unwrap()]).unwrap();
    let one = update(&did, &files, &Change::new(), &owner, at(1)).unwrap();
    let other = update(&did, &files, &Change::new().ttl(5), &owner, at(1)).unwrap();
    let agreed = witness(&did, Some(&files), one.entry(), &w, at(1)).unwrap();
    let held = one.clone().finish(&[agreed]).unwrap();
    // The one that it agreed to is part of its log now: another one in the same place does not follow.
    assert_eq!(code(witness(&did, Some(&held), other.entry(), &w, at(1))), "webvh.version-number");
    assert_eq!(code(witness(&did, None, one.entry(), &w, at(1))), "webvh.parameter");
    let both = format!("{}\n{}", one.entry(), other.entry());
    assert_eq!(code(witness(&did, Some(&files), &both, &w, at(1))), "webvh.not-one-entry");
    assert_eq!(code(witness(&did, Some(&files), "", &w, at(1))), "webvh.not-a-witness");
    let stolen = one.entry().replace("ngo.example", "bad.example");
    assert_eq!(code(witness(&did, Some(&files), &stolen, &w, at(1))), "webvh.entry-hash");
    assert_eq!(code(witness(&did, Some(&files), one.entry(), &w, at(-1))), "webvh.future");
}

/// "Two-of-three update keys for an NGO": three keys, any of which writes; three witnesses with the same people, two of
/// whom must agree. One lost key stops nothing, and one stolen key does nothing.
#[test]
fn two_of_three_keep_a_did_when_one_key_is_lost_or_stolen() {
    let update_keys = [(); 3].map(|()| new_key());
    let next_keys = [(); 3].map(|()| new_key());
    let people = [(); 3].map(|()| new_key());
    let change = Change::new()
        .document(document("ngo.example", &new_key()))
        .update_keys(&public(&update_keys.each_ref()))
        .next_keys(&public(&next_keys.each_ref()))
        .witnesses(2, &public(&people.each_ref()));
    let pending = create("ngo.example", &change, &update_keys[0], at(0)).unwrap();
    let did = pending.did().clone();
    let agreed: Vec<Map> =
        people[..2].iter().map(|key| witness(&did, None, pending.entry(), key, at(0)).unwrap()).collect();
    let files = pending.finish(&agreed).unwrap();

    // Any of the three next keys goes on, whichever of the three people is missing.
    let fresh = [(); 3].map(|()| new_key());
    for (lost, writer) in next_keys.iter().enumerate().map(|(index, _)| (index, (index + 1) % 3)) {
        let remaining: Vec<&SoftwareKey> =
            next_keys.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, key)| key).collect();
        let change = Change::new().update_keys(&public(&remaining)).next_keys(&public(&fresh.each_ref()));
        let others: Vec<&SoftwareKey> =
            people.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, key)| key).collect();
        let went_on = go_on(&did, &files, &change, &next_keys[writer], 1, &others);
        assert!(went_on.is_ok(), "without {lost}: {:?}", went_on.err());
    }

    // Whoever has one update key of today, or even one that was committed to, and one witness's key, is refused.
    let thief = new_key();
    let takeover = |keys: &[&SoftwareKey]| {
        Change::new().update_keys(&public(keys)).next_keys(&public(&[&thief])).witnesses(1, &public(&[&thief]))
    };
    for stolen in &update_keys {
        assert_eq!(code(update(&did, &files, &takeover(&[&thief]), stolen, at(1))), "webvh.not-committed");
        assert_eq!(code(update(&did, &files, &takeover(&[stolen]), stolen, at(1))), "webvh.not-committed");
    }
    for stolen in &next_keys {
        let pending = update(&did, &files, &takeover(&[stolen]), stolen, at(1)).unwrap();
        assert_eq!(code(witness(&did, Some(&files), pending.entry(), &thief, at(1))), "webvh.not-a-witness");
        let one = witness(&did, Some(&files), pending.entry(), &people[0], at(1)).unwrap();
        assert_eq!(code(pending.clone().finish(&[])), "webvh.witness-too-few");
        assert_eq!(code(pending.finish(&[one.clone(), one])), "webvh.witness-too-few");
    }
}

#[test]
fn a_log_answers_a_resolver() {
    let owner = new_key();
    let witness_key = new_key();
    let change = Change::new().document(document("ngo.example", &owner)).ttl(60).witnesses(1, &public(&[&witness_key]));
    let pending = create("ngo.example", &change, &owner, at(0)).unwrap();
    let did = pending.did().clone();
    let agreed = witness(&did, None, pending.entry(), &witness_key, at(0)).unwrap();
    let files = pending.finish(&[agreed]).unwrap();
    let files =
        go_on(&did, &files, &Change::new().watchers(&["https://w.example/"]), &owner, 1, &[&witness_key]).unwrap();
    let log = files.verify(&did, now()).unwrap();
    let ask = |did: &str, options: &ResolutionOptions| resolve_from(did, Some(Record::Log(&log)), options);
    let result = ask(did.as_str(), &ResolutionOptions::default());
    assert_eq!(result.document.as_ref(), log.document());
    assert_eq!(
        Value::from(result.document_metadata),
        json!({
            "versionId": log.current().id(), "versionTime": "2026-02-02T08:00:00Z", "created": "2026-02-01T08:00:00Z",
            "updated": "2026-02-02T08:00:00Z", "scid": log.scid(), "portable": false, "deactivated": false, "ttl": "60",
            "witness": { "threshold": "1", "witnesses": [{ "id": did_key(&witness_key) }] },
            "watchers": ["https://w.example/"],
        })
    );
    let first = ResolutionOptions { version_number: Some(1), ..ResolutionOptions::default() };
    assert_eq!(ask(did.as_str(), &first).document_metadata["versionId"], log.versions()[0].id());
    let time = ResolutionOptions { version_time: Some(at(0)), ..ResolutionOptions::default() };
    assert_eq!(ask(did.as_str(), &time).document_metadata["versionId"], log.versions()[0].id());
    for (options, expected) in [
        (ResolutionOptions { version_id: Some("1-Qm".to_owned()), ..ResolutionOptions::default() }, "NOT_FOUND"),
        (ResolutionOptions { version_number: Some(u64::MAX), ..ResolutionOptions::default() }, "NOT_FOUND"),
        (ResolutionOptions { version_time: Some(at(-1)), ..ResolutionOptions::default() }, "NOT_FOUND"),
        (ResolutionOptions { version_time: Some(at(1)), ..first.clone() }, "INVALID_OPTIONS"),
    ] {
        assert_eq!(ask(did.as_str(), &options).error.unwrap().name(), expected);
    }
    let other = format!("did:webvh:{}:other.example", log.scid());
    assert_eq!(ask(&other, &ResolutionOptions::default()).error.unwrap().name(), "INVALID_DID_DOCUMENT");
    assert_eq!(ask("did:web:ngo.example", &ResolutionOptions::default()).error.unwrap().name(), "METHOD_NOT_SUPPORTED");
}

#[test]
fn a_did_that_ended_has_no_document() {
    let owner = new_key();
    let (did, files) = simple(&owner, Change::new());
    let files = go_on(&did, &files, &Change::new().deactivated(), &owner, 1, &[]).unwrap();
    let log = files.verify(&did, now()).unwrap();
    let ask = |options: &ResolutionOptions| resolve_from(did.as_str(), Some(Record::Log(&log)), options);
    let result = ask(&ResolutionOptions::default());
    assert!(result.document.is_none() && result.error.is_none() && result.is_deactivated());
    let last = ResolutionOptions { version_time: Some(now()), ..ResolutionOptions::default() };
    assert_eq!(ask(&last).error.unwrap().name(), "NOT_FOUND");
    let first = ResolutionOptions { version_number: Some(1), ..ResolutionOptions::default() };
    let result = ask(&first);
    assert!(result.document.is_some() && result.is_deactivated());
    assert_eq!(log.web_document(), Ok(None));
}

#[test]
fn a_did_web_document_lies_beside_the_log() {
    let owner = new_key();
    let mut given = document("ngo.example%3A8443:people", &owner);
    given.insert(
        "alsoKnownAs".to_owned(),
        json!(["did:web:ngo.example%3A8443:people", "https://ngo.example/", "https://ngo.example/"]),
    );
    given.insert(
        "service".to_owned(),
        json!([{ "id": "#whois", "type": "Own", "serviceEndpoint": "https://own.example/" }]),
    );
    let place = "ngo.example%3A8443:people";
    let pending = create(place, &Change::new().document(given), &owner, at(0)).unwrap();
    let did = pending.did().clone();
    let log = pending.finish(&[]).unwrap().verify(&did, now()).unwrap();
    let web = log.web_document().unwrap().unwrap();
    let id = "did:web:ngo.example%3A8443:people";
    assert_eq!(web["id"], id);
    assert_eq!(log.identifier().web_did(), id);
    assert_eq!(web["verificationMethod"][0]["id"], format!("{id}#key-1"));
    assert_eq!(web["alsoKnownAs"], json!(["https://ngo.example/", did.as_str()]));
    assert_eq!(web["service"][0]["type"], "Own");
    assert_eq!(web["service"][1]["id"], format!("{id}#files"));
    assert_eq!(web["service"][1]["serviceEndpoint"], "https://ngo.example:8443/people/");
    assert_eq!(web["service"].as_array().unwrap().len(), 2);
    assert!(!log.document().unwrap().to_json().contains_key("unknown"));
}
