//! Keys that are committed to in advance.

use super::*;

/// Keys of four generations; the first entry commits to the second.
fn committed() -> ([SoftwareKey; 4], Forge) {
    let keys = [(); 4].map(|()| new_key());
    let forge = Forge::begin(&keys[0], json!({ "nextKeyHashes": [commitment(&keys[1])] }));
    (keys, forge)
}

fn both(update: &[&SoftwareKey], next: &[&SoftwareKey]) -> Value {
    let update: Vec<String> = update.iter().map(|key| multikey(key)).collect();
    let next: Vec<String> = next.iter().map(|key| commitment(key)).collect();
    json!({ "updateKeys": update, "nextKeyHashes": next })
}

#[test]
fn each_entry_is_signed_by_the_keys_it_reveals() {
    let ([_, second, third, fourth], mut forge) = committed();
    forge.push(&second, both(&[&second], &[&third])).push(&third, both(&[&third], &[&fourth]));
    let log = forge.verify().unwrap();
    assert_eq!(log.update_keys(), [multikey(&third)]);
    assert_eq!(log.current().parameters().next_key_hashes(), [commitment(&fourth)]);
}

#[test]
fn a_thief_of_todays_key_is_refused() {
    let ([first, ..], forge) = committed();
    let thief = new_key();
    for parameters in [both(&[&thief], &[&thief]), both(&[&first], &[&thief]), both(&[&first, &thief], &[])] {
        assert_eq!(forge.clone().push(&first, parameters.clone()).code(), "webvh.not-committed");
        assert_eq!(forge.clone().push(&thief, parameters).code(), "webvh.not-committed");
    }
}

#[test]
fn one_key_that_was_not_committed_to_spoils_the_others() {
    let ([first, second, third, _], forge) = committed();
    for extra in [&new_key(), &first, &third] {
        assert_eq!(forge.clone().push(&second, both(&[&second, extra], &[&third])).code(), "webvh.not-committed");
    }
}

#[test]
fn the_key_before_signs_no_more() {
    let ([first, second, third, _], mut forge) = committed();
    assert_eq!(forge.push(&first, both(&[&second], &[&third])).code(), "webvh.not-authorized");
}

#[test]
fn keys_that_are_not_named_are_refused() {
    let ([first, second, third, _], forge) = committed();
    let without = |name: &str| {
        let mut parameters = both(&[&second], &[&third]);
        parameters.as_object_mut().unwrap().remove(name);
        parameters
    };
    assert_eq!(forge.clone().push(&first, without("updateKeys")).code(), "webvh.pre-rotation");
    assert_eq!(forge.clone().push(&second, without("updateKeys")).code(), "webvh.pre-rotation");
    assert_eq!(forge.clone().push(&second, without("nextKeyHashes")).code(), "webvh.pre-rotation");
    assert_eq!(forge.clone().push(&first, json!({})).code(), "webvh.pre-rotation");
    assert_eq!(forge.clone().push(&first, json!({ "deactivated": true })).code(), "webvh.pre-rotation");
}

#[test]
fn keys_that_are_named_as_none_let_nobody_in() {
    let ([first, second, third, _], forge) = committed();
    for none in [json!([]), json!(null)] {
        let parameters = json!({ "updateKeys": none, "nextKeyHashes": [commitment(&third)] });
        assert_eq!(forge.clone().push(&first, parameters.clone()).code(), "webvh.not-authorized");
        assert_eq!(forge.clone().push(&second, parameters).code(), "webvh.not-authorized");
    }
}

#[test]
fn a_commitment_of_an_earlier_entry_is_used_up() {
    let ([first, second, third, _], mut forge) = committed();
    forge.push(&second, both(&[&second], &[&third]));
    for old in [&first, &second] {
        assert_eq!(forge.clone().push(old, both(&[old], &[&third])).code(), "webvh.not-committed");
    }
}

#[test]
fn a_commitment_to_the_same_key_again_holds() {
    let ([_, second, ..], mut forge) = committed();
    forge.push(&second, both(&[&second], &[&second])).push(&second, both(&[&second], &[&second]));
    assert_eq!(forge.code(), "ok");
}

#[test]
fn hashes_of_another_form_commit_to_nothing() {
    let key = new_key();
    let raw = multihash(&key.public_key().to_bytes());
    for hash in [multikey(&key), format!("z{}", commitment(&key)), raw, "random".to_owned(), String::new()] {
        let mut forge = Forge::begin(&new_key(), json!({ "nextKeyHashes": [hash] }));
        assert_eq!(forge.code(), "ok");
        assert_eq!(forge.push(&key, both(&[&key], &[])).code(), "webvh.not-committed");
    }
}

#[test]
fn the_end_of_commitments_takes_effect_after_its_entry() {
    let ([first, second, third, fourth], mut forge) = committed();
    assert_eq!(forge.clone().push(&first, both(&[&first], &[])).code(), "webvh.not-committed");
    forge.push(&second, both(&[&second], &[]));
    assert_eq!(forge.code(), "ok");
    // From here on the keys of the entry before sign.
    assert_eq!(forge.clone().push(&third, json!({ "updateKeys": [multikey(&third)] })).code(), "webvh.not-authorized");
    forge.push(&second, json!({ "updateKeys": [multikey(&third)] }));
    forge.push(&third, both(&[&third], &[&fourth]));
    assert_eq!(forge.code(), "ok");
    assert_eq!(forge.push(&third, json!({})).code(), "webvh.pre-rotation");
}

#[test]
fn extra_hashes_hide_how_many_keys_there_are() {
    let [first, second, third] = [(); 3].map(|()| new_key());
    let hashes = json!([commitment(&third), "decoy", commitment(&second)]);
    let mut forge = Forge::begin(&first, json!({ "nextKeyHashes": hashes }));
    assert_eq!(forge.push(&second, both(&[&second], &[&third])).code(), "ok");
}
