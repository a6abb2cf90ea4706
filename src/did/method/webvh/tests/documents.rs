//! Parameters, the document's id, and moves.

use super::*;
use crate::limits;

fn first(parameters: Value) -> &'static str {
    Forge::begin(&new_key(), parameters).code()
}

fn later(parameters: Value) -> &'static str {
    let (key, mut forge) = three();
    forge.push(&key, parameters).code()
}

#[test]
fn an_unknown_parameter_is_refused() {
    for parameters in
        [json!({ "prerotation": true }), json!({ "Ttl": 5 }), json!({ "": null }), json!({ "hash": "sha3" })]
    {
        assert_eq!(first(parameters.clone()), "webvh.unknown-parameter");
        assert_eq!(later(parameters), "webvh.unknown-parameter");
    }
}

#[test]
fn another_version_of_the_method_is_refused() {
    for method in
        ["did:webvh:99.0", "did:webvh:1.0-rc1", "didwebvh:1.0", "did:webvh:0.5", "did:tdw:0.4", "did:webvh:1", ""]
    {
        assert_eq!(first(json!({ "method": method })), "webvh.method", "{method}");
        assert_eq!(later(json!({ "method": method })), "webvh.method", "{method}");
    }
    assert_eq!(first(json!({ "method": null })), "webvh.method");
    assert_eq!(later(json!({ "method": METHOD })), "ok");
}

#[test]
fn a_first_entry_without_what_it_must_have_is_refused() {
    for name in ["method", "scid", "updateKeys"] {
        let key = new_key();
        let without = |entry: &mut Map| {
            entry["parameters"].as_object_mut().unwrap().remove(name);
        };
        assert_eq!(Forge::begin_with(&key, json!({}), without).code(), "webvh.parameter", "{name}");
    }
}

#[test]
fn parameters_of_another_form_are_refused() {
    for parameters in [
        json!({ "portable": "true" }),
        json!({ "portable": 1 }),
        json!({ "portable": null }),
        json!({ "deactivated": null }),
        json!({ "deactivated": "false" }),
        json!({ "ttl": -1 }),
        json!({ "ttl": 1.5 }),
        json!({ "ttl": "60" }),
        json!({ "ttl": 2_147_483_649_u64 }),
        json!({ "updateKeys": "z6Mk" }),
        json!({ "updateKeys": [5] }),
        json!({ "updateKeys": ["a".repeat(limits::MULTIKEY_CHARACTERS + 1)] }),
        json!({ "nextKeyHashes": {} }),
        json!({ "nextKeyHashes": [null] }),
        json!({ "nextKeyHashes": ["same", "same"] }),
        json!({ "watchers": ["no URL"] }),
        json!({ "watchers": "https://watcher.example" }),
        json!({ "watchers": ["https://watcher.example", "https://watcher.example"] }),
    ] {
        assert_eq!(later(parameters.clone()), "webvh.parameter", "{parameters}");
    }
    assert_eq!(later(json!({ "ttl": 2_147_483_648_u64, "watchers": ["https://watcher.example/log"] })), "ok");
    assert_eq!(first(json!({ "scid": "QmNoSuchHash" })), "webvh.parameter");
    let (key, mut forge) = three();
    assert_eq!(forge.push_with(&key, json!({}), |entry| entry["parameters"] = json!([])).code(), "webvh.member");
}

#[test]
fn null_stands_for_the_default_where_early_logs_had_it() {
    let key = new_key();
    let witness = new_key();
    let mut forge = Forge::begin(&key, json!({ "ttl": 5, "watchers": ["https://w.example"], "witness": null }));
    forge.push(&key, json!({ "ttl": null, "watchers": null, "nextKeyHashes": null }));
    let log = forge.verify().unwrap();
    assert_eq!((log.ttl(), log.watchers().len()), (3600, 0));
    assert_eq!(log.current().parameters().witness(), None);
    // And never for consent that is still needed.
    let witnesses = json!({ "threshold": 1, "witnesses": [{ "id": did_key(&witness) }] });
    let mut forge = Forge::begin(&key, json!({ "witness": witnesses }));
    forge.push(&key, json!({ "witness": null }));
    assert_eq!(forge.code(), "webvh.witness-missing");
}

#[test]
fn update_keys_that_are_no_keys_are_refused() {
    let p256 = SoftwareKey::generate(KeyType::P256).unwrap();
    let mut small_order = vec![0xed, 0x01, 1];
    small_order.extend([0; 31]);
    for (key, expected) in [
        ("no key".to_owned(), "webvh.update-key"),
        ("z0".to_owned(), "webvh.update-key"),
        (format!("did:key:{}", multikey(&new_key())), "webvh.update-key"),
        (multibase::encode_base58btc(small_order), "webvh.update-key"),
        (multibase::encode_base58btc([&[0x80, 0x26][..], &[7; 32]].concat()), "webvh.update-key"),
        (multikey(&p256), "ok"),
    ] {
        assert_eq!(later(json!({ "updateKeys": [key] })), expected, "{key}");
    }
}

#[test]
fn a_key_that_the_cryptosuite_does_not_use_signs_nothing() {
    let p256 = SoftwareKey::generate(KeyType::P256).unwrap();
    let (key, mut forge) = three();
    forge.push(&key, json!({ "updateKeys": [multikey(&p256)] }));
    assert_eq!(forge.push(&p256, json!({})).code(), "webvh.signature");
}

#[test]
fn more_keys_than_are_read_are_refused() {
    let many: Vec<String> = (0..10_000).map(|n| format!("z{n}")).collect();
    assert_eq!(later(json!({ "updateKeys": many })), "webvh.too-many");
    assert_eq!(later(json!({ "nextKeyHashes": many })), "webvh.too-many");
    assert_eq!(later(json!({ "watchers": many })), "webvh.too-many");
    let most: Vec<String> = (0..limits::UPDATE_KEYS).map(|_| multikey(&new_key())).collect();
    assert_eq!(later(json!({ "updateKeys": most })), "ok");
}

#[test]
fn portability_that_comes_late_is_refused() {
    assert_eq!(later(json!({ "portable": true })), "webvh.portable-late");
    let key = new_key();
    let mut forge = Forge::begin(&key, json!({ "portable": true }));
    assert!(forge.verify().unwrap().portable());
    // "regardless of historical state"
    assert_eq!(forge.clone().push(&key, json!({ "portable": true })).code(), "webvh.portable-late");
    forge.push(&key, json!({ "portable": false }));
    assert!(!forge.verify().unwrap().portable());
    assert_eq!(forge.push(&key, json!({ "portable": true })).code(), "webvh.portable-late");
}

/// A log that moves to `thief.example`.
fn moved(portable: bool, parameters: Value, change: impl FnOnce(&mut Map, &str)) -> Forge {
    let key = new_key();
    let mut forge = Forge::begin(&key, json!({ "portable": portable }));
    let (old, new) = (forge.name(), format!("did:webvh:{}:other.example", forge.scid));
    forge.push_with(&key, parameters, |entry| {
        entry["state"]["id"] = new.into();
        entry["state"]["alsoKnownAs"] = json!([old]);
        change(entry, &old);
    });
    forge
}

#[test]
fn a_portable_did_moves_and_keeps_its_history() {
    let forge = moved(true, json!({}), |_, _| ());
    let log = forge.verify().unwrap();
    let new = format!("did:webvh:{}:other.example", forge.scid);
    assert_eq!((log.did(), log.names()), (new.as_str(), &[forge.name(), new.clone()][..]));
    let asked = Log::verify(&Did::parse(&new).unwrap(), forge.text().as_bytes(), None, now()).unwrap();
    assert_eq!(asked.identifier().log_url(), "https://other.example/.well-known/did.jsonl");
}

#[test]
fn a_move_of_a_did_that_is_not_portable_is_refused() {
    assert_eq!(moved(false, json!({}), |_, _| ()).code(), "webvh.not-portable");
    assert_eq!(moved(true, json!({ "portable": false }), |_, _| ()).code(), "webvh.not-portable");
}

#[test]
fn a_move_that_does_not_say_from_where_is_refused() {
    for known in [json!([]), json!(null), json!(["did:web:ngo.example"]), json!({})] {
        assert_eq!(
            moved(true, json!({}), |entry, _| entry["state"]["alsoKnownAs"] = known).code(),
            "webvh.moved-silently"
        );
    }
    let text = |entry: &mut Map, old: &str| entry["state"]["alsoKnownAs"] = old.into();
    assert_eq!(moved(true, json!({}), text).code(), "webvh.moved-silently");
}

#[test]
fn a_move_to_another_scid_is_refused() {
    let (_, other) = three();
    let thief = other.name();
    assert_eq!(moved(true, json!({}), |entry, _| entry["state"]["id"] = thief.into()).code(), "webvh.id-scid");
}

#[test]
fn moves_beyond_what_is_remembered_are_refused() {
    let key = new_key();
    let mut forge = Forge::begin(&key, json!({ "portable": true }));
    for place in 0..limits::LOG_NAMES {
        assert_eq!(forge.code(), "ok");
        let new = format!("did:webvh:{}:other{place}.example", forge.scid);
        forge.push_with(&key, json!({}), |entry| {
            entry["state"]["alsoKnownAs"] = json!([entry["state"]["id"]]);
            entry["state"]["id"] = new.into();
        });
    }
    assert_eq!(forge.code(), "webvh.too-many-names");
}

#[test]
fn a_document_of_somebody_else_is_refused() {
    for (id, expected) in [
        (json!("did:web:ngo.example"), "webvh.did-method"),
        (json!("https://ngo.example/"), "webvh.id-scid"),
        (json!("did:webvh:ngo.example"), "webvh.did-scid"),
        (json!("did:webvh:{SCID}"), "webvh.did-no-host"),
        (json!(three().1.name()), "webvh.id-scid"),
        (json!("did:webvh:{SCID}:localhost"), "webvh.did-host"),
        (json!("did:webvh:{SCID}:ngo.example#key"), "document.id"),
        (json!(5), "document.id"),
    ] {
        let forge = Forge::begin_with(&new_key(), json!({}), |entry| entry["state"]["id"] = id.clone());
        assert_eq!(forge.code(), expected, "{id}");
    }
    let forge = Forge::begin_with(&new_key(), json!({}), |entry| {
        entry["state"].as_object_mut().unwrap().remove("id");
    });
    assert_eq!(forge.code(), "document.id");
}

#[test]
fn a_private_key_in_any_version_is_refused() {
    let key = new_key();
    let mut forge = Forge::begin(&key, json!({}));
    forge.push_with(&key, json!({}), |entry| {
        entry["state"]["verificationMethod"] = json!([{
            "id": "#a", "type": "Multikey", "controller": entry["state"]["id"], "secretKeyMultibase": "z",
        }]);
    });
    assert_eq!(forge.code(), "document.secret-key");
}

#[test]
fn members_that_entries_do_not_have_are_refused() {
    let (key, mut forge) = three();
    forge.push_with(&key, json!({}), |entry| {
        entry.insert("comment".to_owned(), "hello".into());
    });
    assert_eq!(forge.code(), "webvh.unknown-member");
    for name in ["versionTime", "parameters", "state"] {
        let (key, mut forge) = three();
        forge.push_with(&key, json!({}), |entry| {
            entry.remove(name);
        });
        assert_eq!(forge.code(), "webvh.member", "{name}");
    }
}
