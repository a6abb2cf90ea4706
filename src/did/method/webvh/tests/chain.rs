//! Numbers, hashes, times, and who signed.

use super::*;

fn refused(forge: &Forge, number: u32, expected: &str) {
    let error = forge.verify().unwrap_err();
    assert_eq!(error.code(), expected, "{error}");
    assert!(matches!(error, WebvhError::Entry { number: found, .. } if found == number), "{error}");
}

#[test]
fn a_log_that_keeps_all_rules_holds() {
    let (key, forge) = three();
    let log = forge.verify().unwrap();
    assert_eq!(log.versions().len(), 3);
    assert_eq!(log.current().id(), forge.id(3));
    assert_eq!(log.current().time().to_string(), "2026-01-03T00:00:00Z");
    assert_eq!((log.did(), log.scid()), (forge.name().as_str(), forge.scid.as_str()));
    assert_eq!((log.ttl(), log.versions()[0].parameters().ttl()), (60, 3600));
    assert_eq!(log.update_keys(), [multikey(&key)]);
    assert_eq!((log.portable(), log.deactivated(), log.is_complete()), (false, None, true));
    assert_eq!(log.created().to_string(), "2026-01-01T00:00:00Z");
}

#[test]
fn versions_are_found_by_id_number_and_time() {
    let (_, forge) = three();
    let log = forge.verify().unwrap();
    let number = |select| log.version(select).map(Version::number);
    assert_eq!(number(Select::Id(forge.id(2))), Some(2));
    assert_eq!(number(Select::Number(3)), Some(3));
    assert_eq!(number(Select::Time(now())), Some(3));
    assert_eq!(number(Select::Time(Timestamp::parse("2026-01-02T23:59:59Z").unwrap())), Some(2));
    assert_eq!(number(Select::Time(Timestamp::parse("2025-12-31T23:59:59Z").unwrap())), None);
    assert_eq!(number(Select::Number(0)), None);
    assert_eq!(number(Select::Number(4)), None);
    assert_eq!(number(Select::Id("2-QmOther")), None);
    let renumbered = forge.id(2).replacen('2', "1", 1);
    assert_eq!(log.version(Select::Id(&renumbered)), None);
    assert_eq!(number(Select::Id("")), None);
}

#[test]
fn an_entry_left_out_is_refused() {
    let (_, mut forge) = three();
    forge.entries.remove(1);
    refused(&forge, 2, "webvh.version-number");
}

#[test]
fn an_entry_left_out_and_the_rest_renumbered_is_refused() {
    let (key, forge) = three();
    let mut gap = forge.clone();
    gap.entries.remove(1);
    let last = gap.entries.last_mut().unwrap();
    let renumbered = forge.id(3).replacen('3', "2", 1);
    last.insert("versionId".to_owned(), renumbered.into());
    gap.prove(|entry| proof_with(entry, options(&key), &key));
    refused(&gap, 2, "webvh.entry-hash");
}

#[test]
fn entries_in_another_order_are_refused() {
    let (_, mut forge) = three();
    forge.entries.swap(1, 2);
    refused(&forge, 2, "webvh.version-number");
    let (_, mut forge) = three();
    forge.entries.swap(0, 1);
    refused(&forge, 1, "webvh.parameter");
}

#[test]
fn an_entry_twice_is_refused() {
    let (_, mut forge) = three();
    forge.entries.push(forge.last().clone());
    refused(&forge, 4, "webvh.version-number");
}

#[test]
fn a_log_without_its_beginning_is_refused() {
    let (_, mut forge) = three();
    forge.entries.remove(0);
    refused(&forge, 1, "webvh.parameter");
}

#[test]
fn a_changed_entry_is_refused() {
    for number in 1..=3 {
        let (_, mut forge) = three();
        forge.entries[number - 1]["state"]["alsoKnownAs"] = json!(["https://thief.example/"]);
        let expected = if number == 1 { "webvh.scid" } else { "webvh.entry-hash" };
        refused(&forge, u32::try_from(number).unwrap(), expected);
    }
}

#[test]
fn an_entry_signed_anew_without_its_hash_is_refused() {
    let (key, mut forge) = three();
    forge.entries[2]["state"]["alsoKnownAs"] = json!(["https://thief.example/"]);
    forge.prove(|entry| proof_with(entry, options(&key), &key));
    refused(&forge, 3, "webvh.entry-hash");
}

#[test]
fn an_entry_of_another_log_is_refused() {
    let key = new_key();
    let mut ours = Forge::begin(&key, json!({}));
    let mut theirs = Forge::begin(&key, json!({ "ttl": 5 }));
    theirs.push(&key, json!({}));
    ours.entries.push(theirs.last().clone());
    refused(&ours, 2, "webvh.entry-hash");
}

#[test]
fn version_ids_of_another_form_are_refused() {
    let (_, forge) = three();
    let hash = forge.id(3)[2..].to_owned();
    for id in [
        String::new(),
        hash.clone(),
        "3".to_owned(),
        "3-".to_owned(),
        format!("3{hash}"),
        format!("3--{hash}"),
        format!("3-{hash}-"),
        format!("03-{hash}"),
        format!("+3-{hash}"),
        format!("-3-{hash}"),
        format!("3.0-{hash}"),
        format!(" 3-{hash}"),
        format!("3-z{hash}"),
        format!("3-{}", &hash[1..]),
        format!("99999999999999999999-{hash}"),
    ] {
        let mut other = forge.clone();
        other.entries[2].insert("versionId".to_owned(), id.as_str().into());
        refused(&other, 3, "webvh.member");
    }
    for (id, expected) in
        [(format!("4-{hash}"), "webvh.version-number"), (format!("3-{}", &hash.to_lowercase()), "webvh.entry-hash")]
    {
        let mut other = forge.clone();
        other.entries[2].insert("versionId".to_owned(), id.into());
        refused(&other, 3, expected);
    }
}

#[test]
fn a_hash_by_another_function_is_refused() {
    // SHA-512 (0x13), cut to 32 bytes.
    let (_, mut forge) = three();
    let mut bytes = vec![0x13, 0x20];
    bytes.extend([7; 32]);
    forge.entries[2].insert("versionId".to_owned(), format!("3-{}", &multibase::encode_base58btc(bytes)[1..]).into());
    refused(&forge, 3, "webvh.entry-hash");
}

#[test]
fn a_scid_of_another_entry_is_refused() {
    let (_, forge) = three();
    let (_, other) = three();
    let text = forge.text().replace(&forge.scid, &other.scid);
    assert_eq!(code(Log::verify(&other.did(), text.as_bytes(), None, now())), "webvh.scid");
}

#[test]
fn a_log_of_another_did_is_refused() {
    let (_, forge) = three();
    let (_, other) = three();
    let outcome = Log::verify(&other.did(), forge.text().as_bytes(), None, now());
    assert_eq!(outcome.unwrap_err(), WebvhError::AnotherScid);
}

#[test]
fn a_did_that_the_log_never_had_is_refused() {
    let (_, forge) = three();
    for place in ["thief.example", "ngo.example:people", "ngo.example%3A8443", "NGO.example"] {
        let did = Did::parse(&format!("did:webvh:{}:{place}", forge.scid)).unwrap();
        let outcome = Log::verify(&did, forge.text().as_bytes(), None, now());
        assert_eq!(outcome.unwrap_err(), WebvhError::AnotherName, "{place}");
    }
}

#[test]
fn a_scid_in_a_second_place_is_part_of_the_hash() {
    let key = new_key();
    let place = |entry: &mut Map| entry["state"]["id"] = "did:webvh:{SCID}:ngo.example:{SCID}".into();
    let forge = Forge::begin_with(&key, json!({}), place);
    let did = Did::parse(forge.entries[0]["state"]["id"].as_str().unwrap()).unwrap();
    let log = Log::verify(&did, forge.text().as_bytes(), None, now()).unwrap();
    assert_eq!(log.identifier().log_url(), format!("https://ngo.example/{}/did.jsonl", forge.scid));
}

#[test]
fn a_placeholder_that_was_left_standing_is_refused() {
    let (key, forge) = three();
    let mut entry = forge.entries[0].clone();
    entry.remove("proof");
    entry["state"]["alsoKnownAs"] = json!(["urn:{SCID}"]);
    // The SCID of this one fits the text in which the placeholder stands, and the one in which it was replaced.
    let mut text = String::from_utf8(jcs::canonicalize(&entry)).unwrap();
    text = text.replace(forge.id(1), "{SCID}").replace(&forge.scid, "{SCID}");
    let scid = multihash(text.as_bytes());
    let left = text.replace("urn:{SCID}", "urn:@").replace("{SCID}", &scid).replace("urn:@", "urn:{SCID}");
    let mut left_standing = Forge { entries: Vec::new(), scid };
    left_standing.seal(serde_json::from_str(&left).unwrap(), &key);
    refused(&left_standing, 1, "webvh.placeholder");
}

#[test]
fn a_scid_that_stands_again_is_refused() {
    let (key, mut forge) = three();
    let scid = forge.scid.clone();
    forge.push(&key, json!({ "scid": scid }));
    refused(&forge, 4, "webvh.scid-again");
}

#[test]
fn members_whose_names_hold_the_scid_are_sorted_after_it_is_replaced() {
    let key = new_key();
    let names = |entry: &mut Map| {
        entry["state"]["{SCID}"] = json!(1);
        entry["state"]["Z"] = json!(2);
    };
    assert_eq!(Forge::begin_with(&key, json!({}), names).code(), "ok");
}

#[test]
fn a_time_that_does_not_grow_is_refused() {
    for time in
        ["2026-01-03T00:00:00Z", "2026-01-02T23:59:59Z", "2026-01-02T23:59:59.999+00:00", "1999-01-01T00:00:00Z"]
    {
        let (key, mut forge) = three();
        forge.push_with(&key, json!({}), |entry| entry["versionTime"] = time.into());
        refused(&forge, 4, "webvh.not-later");
    }
    let (key, mut forge) = three();
    forge.push_with(&key, json!({}), |entry| entry["versionTime"] = "2026-01-03T00:00:00.001Z".into());
    assert_eq!(forge.code(), "ok");
}

#[test]
fn a_time_more_than_five_minutes_ahead_is_refused() {
    for (time, expected) in [
        ("2026-11-20T09:35:00Z", "ok"),
        ("2026-11-20T09:35:00.000000001Z", "webvh.future"),
        ("2026-11-20T09:35:01Z", "webvh.future"),
        ("9999-12-31T23:59:59Z", "webvh.future"),
    ] {
        let (key, mut forge) = three();
        forge.push_with(&key, json!({}), |entry| entry["versionTime"] = time.into());
        assert_eq!(forge.code(), expected, "{time}");
    }
}

#[test]
fn a_time_that_is_not_in_utc_is_refused() {
    for time in [
        json!("2026-01-04T00:00:00"),
        json!("2026-01-04T00:00:00+08:00"),
        json!("2026-01-04T00:00:00-00:00"),
        json!("2026-01-04T00:00:00z"),
        json!("2026-01-04"),
        json!("2026-02-30T00:00:00Z"),
        json!("Z"),
        json!(1_767_484_800),
        json!(null),
    ] {
        let (key, mut forge) = three();
        forge.push_with(&key, json!({}), |entry| entry["versionTime"] = time);
        refused(&forge, 4, "webvh.member");
    }
    let (key, mut forge) = three();
    forge.push_with(&key, json!({}), |entry| entry["versionTime"] = "2026-01-04T00:00:00+00:00".into());
    assert_eq!(forge.code(), "ok");
}

#[test]
fn a_proof_by_a_stranger_is_refused() {
    let (_, mut forge) = three();
    forge.push(&new_key(), json!({}));
    refused(&forge, 4, "webvh.not-authorized");
}

#[test]
fn a_key_that_lets_itself_in_is_refused() {
    let (_, mut forge) = three();
    let thief = new_key();
    forge.push(&thief, json!({ "updateKeys": [multikey(&thief)] }));
    refused(&forge, 4, "webvh.not-authorized");
}

#[test]
fn a_key_that_was_replaced_is_refused() {
    let (old, mut forge) = three();
    let new = new_key();
    forge.push(&old, json!({ "updateKeys": [multikey(&new)] }));
    assert_eq!(forge.code(), "ok");
    forge.push(&old, json!({}));
    refused(&forge, 5, "webvh.not-authorized");
}

#[test]
fn nobody_follows_when_no_key_is_left() {
    let (key, mut forge) = three();
    forge.push(&key, json!({ "updateKeys": [] }));
    assert_eq!(forge.code(), "ok");
    forge.push(&key, json!({ "updateKeys": [multikey(&key)] }));
    refused(&forge, 5, "webvh.not-authorized");
}

#[test]
fn a_first_entry_that_nobody_may_sign_is_refused() {
    assert_eq!(Forge::begin(&new_key(), json!({ "updateKeys": [] })).code(), "webvh.not-authorized");
    assert_eq!(
        Forge::begin(&new_key(), json!({ "updateKeys": [multikey(&new_key())] })).code(),
        "webvh.not-authorized"
    );
}

#[test]
fn a_signature_over_something_else_is_refused() {
    let (key, mut forge) = three();
    let other = forge.entries[1].clone();
    forge.prove(|_| json!([proof_with(&other, options(&key), &key)]));
    refused(&forge, 3, "webvh.signature");
    let (_, mut forge) = three();
    let replayed = forge.entries[1]["proof"].clone();
    forge.prove(|_| replayed);
    refused(&forge, 3, "webvh.signature");
}

#[test]
fn a_signature_by_another_key_than_it_names_is_refused() {
    let (key, mut forge) = three();
    forge.prove(|entry| json!([proof_with(entry, options(&key), &new_key())]));
    refused(&forge, 3, "webvh.signature");
}

/// The last entry, with one thing in the proof's options other than it should be.
fn with_option(name: &str, value: Value) -> Forge {
    let (key, mut forge) = three();
    let mut changed = options(&key);
    changed[name] = value;
    forge.prove(|entry| json!([proof_with(entry, changed, &key)]));
    forge
}

#[test]
fn another_cryptosuite_is_refused() {
    for suite in ["ecdsa-jcs-2019", "eddsa-rdfc-2022", "EDDSA-JCS-2022", "eddsa-jcs-2022 ", ""] {
        refused(&with_option("cryptosuite", suite.into()), 3, "webvh.cryptosuite");
    }
    refused(&with_option("cryptosuite", json!(null)), 3, "data-integrity.member");
    refused(&with_option("type", "Ed25519Signature2020".into()), 3, "webvh.cryptosuite");
    refused(&with_option("type", "eddsa-jcs-2022".into()), 3, "webvh.cryptosuite");
}

#[test]
fn another_purpose_is_refused() {
    for purpose in ["authentication", "capabilityInvocation", "assertionmethod", ""] {
        refused(&with_option("proofPurpose", purpose.into()), 3, "webvh.purpose");
    }
}

#[test]
fn a_proof_that_has_expired_is_refused() {
    refused(&with_option("expires", "2026-11-20T09:30:00Z".into()), 3, "webvh.proof-expired");
    assert_eq!(with_option("expires", "2026-11-20T09:30:01Z".into()).code(), "ok");
}

#[test]
fn a_proof_with_a_context_or_an_ancestor_is_refused() {
    refused(&with_option("@context", json!(["https://www.w3.org/ns/credentials/v2"])), 3, "webvh.signature");
    refused(&with_option("previousProof", json!("urn:uuid:1")), 3, "data-integrity.ancestor");
}

#[test]
fn a_key_that_is_not_named_as_a_did_key_with_itself_is_refused() {
    let (key, thief) = (multikey(&new_key()), multikey(&new_key()));
    for method in [
        key.clone(),
        format!("did:key:{key}"),
        format!("did:key:{key}#{thief}"),
        format!("did:key:{key}#"),
        format!("did:key:{key}#{key}#{key}"),
        format!("did:web:ngo.example#{key}"),
        format!("#{key}"),
        format!("DID:key:{key}#{key}"),
    ] {
        refused(&with_option("verificationMethod", method.into()), 3, "webvh.verification-method");
    }
}

#[test]
fn an_entry_without_a_proof_is_refused() {
    for proof in [json!([]), json!(null), json!("z"), json!({})] {
        let (_, mut forge) = three();
        forge.prove(|_| proof.clone());
        let expected = if proof == json!({}) { "data-integrity.member" } else { "webvh.member" };
        refused(&forge, 3, expected);
    }
    let (_, mut forge) = three();
    forge.entries[2].remove("proof");
    refused(&forge, 3, "webvh.member");
}

#[test]
fn of_several_proofs_each_must_hold() {
    let (first, mut forge) = three();
    let second = new_key();
    forge.push(&first, json!({ "updateKeys": [multikey(&first), multikey(&second)] })).push(&first, json!({}));
    let both = |one: &SoftwareKey, other: &SoftwareKey| {
        let mut forge = forge.clone();
        forge.prove(|entry| json!([proof_with(entry, options(one), one), proof_with(entry, options(other), other)]));
        forge
    };
    assert_eq!(both(&first, &second).code(), "ok");
    refused(&both(&first, &new_key()), 5, "webvh.not-authorized");
    refused(&both(&new_key(), &first), 5, "webvh.not-authorized");
    let mut many = forge.clone();
    many.prove(|entry| vec![proof_with(entry, options(&first), &first); 9].into());
    refused(&many, 5, "webvh.member");
}

#[test]
fn an_entry_after_the_end_is_refused() {
    let (key, mut forge) = three();
    forge.push(&key, json!({ "deactivated": true }));
    let log = forge.verify().unwrap();
    assert_eq!(log.deactivated().unwrap().to_string(), "2026-01-04T00:00:00Z");
    assert!(log.document().is_none());
    forge.push(&key, json!({ "deactivated": false }));
    refused(&forge, 5, "webvh.deactivated");
}
