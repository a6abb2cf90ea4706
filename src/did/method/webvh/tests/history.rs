//! Which key was when; checkpoints; and logs that are not the ones that were seen.

use super::*;
use crate::did::Relationship;
use crate::limits;

fn method(id: &str, key: &SoftwareKey, controller: &str) -> Value {
    json!({ "id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": multikey(key) })
}

/// Five versions: `#key-1` has the first key, then the second; `#login` comes in the third and goes with the fifth;
/// the fourth takes `#key-1` out of `assertionMethod`.
struct Scene {
    owner: SoftwareKey,
    keys: [SoftwareKey; 3],
    forge: Forge,
}

fn scene() -> Scene {
    let (owner, keys) = (new_key(), [(); 3].map(|()| new_key()));
    let mut forge = Forge::begin_with(&owner, json!({ "portable": true }), |entry| {
        let id = "did:webvh:{SCID}:ngo.example";
        entry["state"]["verificationMethod"] = json!([method(&format!("{id}#key-1"), &keys[0], id)]);
        entry["state"]["assertionMethod"] = json!(["#key-1"]);
    });
    let id = forge.name();
    let [_, second, login] = &keys;
    forge.push_with(&owner, json!({}), |entry| {
        entry["state"]["verificationMethod"] = json!([method("#key-1", second, &id)]);
    });
    forge.push_with(&owner, json!({}), |entry| {
        entry["state"]["authentication"] = json!([method("#login", login, &id)]);
    });
    forge.push_with(&owner, json!({}), |entry| {
        entry["state"]["assertionMethod"] = json!([]);
    });
    forge.push_with(&owner, json!({}), |entry| {
        entry["state"].as_object_mut().unwrap().remove("authentication");
    });
    Scene { owner, keys, forge }
}

fn periods(log: &Log, url: &str) -> Vec<(u32, Option<u32>, String, bool)> {
    let period = |period: &KeyPeriod| {
        let key = period.method.key.as_ref().unwrap().to_multikey();
        let may_issue = period.method.serves(Relationship::AssertionMethod);
        (period.from.number, period.until.map(|until| until.number), key, may_issue)
    };
    log.method(url).map(period).collect()
}

#[test]
fn each_key_has_the_versions_in_which_it_stood() {
    let scene = scene();
    let log = scene.forge.verify().unwrap();
    let [first, second, login] = scene.keys.each_ref().map(multikey);
    assert_eq!(
        periods(&log, &format!("{}#key-1", log.did())),
        [(4, None, second.clone(), false), (2, Some(4), second, true), (1, Some(2), first, true)]
    );
    assert_eq!(periods(&log, &format!("{}#login", log.did())), [(3, Some(5), login, false)]);
    let times: Vec<_> = log.keys().iter().map(|period| (period.from.time, period.until)).collect();
    assert_eq!(times[0].0.to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(times[0].1.unwrap().time.to_string(), "2026-01-02T00:00:00Z");
    assert_eq!(log.keys().iter().filter(|period| period.is_current()).count(), 1);
}

#[test]
fn a_method_of_another_document_is_none_of_this_history() {
    let scene = scene();
    let log = scene.forge.verify().unwrap();
    for url in
        ["#key-1", "did:web:ngo.example#key-1", &scene.forge.name(), &format!("{}x#key-1", scene.forge.name()), ""]
    {
        assert_eq!(periods(&log, url), [], "{url}");
    }
    let (owner, mut forge) = three();
    let key = new_key();
    forge.push_with(&owner, json!({}), |entry| {
        entry["state"]["verificationMethod"] =
            json!([method("did:web:other.example#key-1", &key, "did:web:other.example")]);
    });
    assert!(forge.verify().unwrap().keys().is_empty());
}

#[test]
fn a_key_that_comes_back_has_two_periods() {
    let scene = scene();
    let mut forge = scene.forge.clone();
    let id = forge.name();
    forge.push_with(&scene.owner, json!({}), |entry| {
        entry["state"]["verificationMethod"] = json!([method("#key-1", &scene.keys[0], &id)]);
        entry["state"]["assertionMethod"] = json!(["#key-1"]);
    });
    let found = periods(&forge.verify().unwrap(), &format!("{id}#key-1"));
    let first = multikey(&scene.keys[0]);
    assert_eq!(found[0], (6, None, first.clone(), true));
    assert_eq!(found[3], (1, Some(2), first, true));
}

#[test]
fn the_end_of_a_did_ends_its_keys() {
    let mut scene = scene();
    scene.forge.push(&scene.owner, json!({ "deactivated": true }));
    let log = scene.forge.verify().unwrap();
    assert!(log.keys().iter().all(|period| !period.is_current()));
    assert_eq!(periods(&log, &format!("{}#key-1", log.did()))[0].1, Some(6));
}

#[test]
fn keys_keep_their_periods_when_the_did_moves() {
    let mut scene = scene();
    let (old, new) = (scene.forge.name(), format!("did:webvh:{}:other.example", scene.forge.scid));
    scene.forge.push_with(&scene.owner, json!({}), |entry| {
        entry["state"]["id"] = new.as_str().into();
        entry["state"]["alsoKnownAs"] = json!([old]);
        entry["state"]["verificationMethod"] = json!([method("#key-1", &scene.keys[1], &new)]);
    });
    let log = scene.forge.verify().unwrap();
    let under = |name: &str| periods(&log, &format!("{name}#key-1"));
    assert_eq!(under(&old), under(&new));
    assert_eq!(under(&new)[0], (4, None, multikey(&scene.keys[1]), false));
    let current = log.method(&format!("{old}#key-1")).next().unwrap();
    assert_eq!(current.method.id, format!("{new}#key-1"));
    assert_eq!(current.method.controller, new);
}

#[test]
fn the_past_is_as_it_was_then() {
    let scene = scene();
    let log = scene.forge.verify().unwrap();
    for count in 1..=5 {
        let mut then = scene.forge.clone();
        then.entries.truncate(count);
        let moment = now_at(count);
        let (as_of, then) = (log.as_of(moment).unwrap(), then.verify().unwrap());
        assert_eq!(as_of.versions(), then.versions());
        let bytes: usize = scene.forge.text().split_inclusive('\n').take(count).map(str::len).sum();
        assert_eq!(as_of.checkpoint().bytes(), bytes);
        let shape = |log: &Log| log.keys().iter().map(|period| (period.from, period.until)).collect::<Vec<_>>();
        assert_eq!(shape(&as_of), shape(&then), "{count}");
    }
    assert!(log.as_of(Timestamp::parse("2025-12-31T00:00:00Z").unwrap()).is_none());
}

fn now_at(count: usize) -> Timestamp {
    Timestamp::parse(&format!("2026-01-0{count}T12:00:00Z")).unwrap()
}

/// The log as if it had been read in two parts, the first of `count` entries, with a checkpoint through JSON between.
fn in_two_parts(forge: &Forge, count: usize) -> Result<Log, WebvhError> {
    let mut beginning = forge.clone();
    beginning.entries.truncate(count);
    let checkpoint = beginning.verify().unwrap().checkpoint();
    assert_eq!(checkpoint.bytes(), beginning.text().len());
    let json = Value::from(checkpoint.to_json()).to_string();
    let read = Checkpoint::parse(json.as_bytes()).unwrap();
    assert_eq!(read, checkpoint);
    Log::resume(&forge.did(), &read, &forge.text().as_bytes()[read.bytes()..], None, now())
}

#[test]
fn a_checkpoint_stands_for_the_entries_before_it() {
    let scene = scene();
    let whole = scene.forge.verify().unwrap();
    for count in 1..=5 {
        let log = in_two_parts(&scene.forge, count).unwrap();
        assert_eq!(log.versions(), &whole.versions()[count - 1..]);
        assert_eq!(log.keys(), whole.keys(), "{count}");
        assert_eq!((log.names(), log.created(), log.is_complete()), (whole.names(), whole.created(), count == 1));
        assert_eq!(log.checkpoint(), whole.checkpoint());
        assert_eq!(log.version(Select::Number(1)).is_some(), count == 1);
        assert_eq!(log.version(Select::Id(scene.forge.id(5))), Some(whole.current()));
    }
}

#[test]
fn a_checkpoint_remembers_what_governs_the_next_entry() {
    let [owner, next, witness] = [(); 3].map(|()| new_key());
    let witnesses = json!({ "threshold": 1, "witnesses": [{ "id": did_key(&witness) }] });
    let mut forge = Forge::begin(
        &owner,
        json!({ "nextKeyHashes": [commitment(&next)], "witness": witnesses, "watchers": ["https://w.example"], "ttl": 9 }),
    );
    let agree = |id: &str| {
        let proof = proof_with(json!({ "versionId": id }).as_object().unwrap(), options(&witness), &witness);
        json!([{ "versionId": id, "proof": [proof] }])
    };
    let first = agree(forge.id(1));
    let checkpoint = forge.verify_with(&first).unwrap().checkpoint();
    let resume = |entry: &Forge, file: Option<&Value>| {
        let tail = &entry.text()[checkpoint.bytes()..];
        let file = file.map(|file| file.to_string());
        code(Log::resume(&entry.did(), &checkpoint, tail.as_bytes(), file.as_deref().map(str::as_bytes), now()))
    };
    let rotated = json!({ "updateKeys": [multikey(&next)], "nextKeyHashes": [] });
    let mut thief = forge.clone();
    thief.push(&owner, json!({ "updateKeys": [multikey(&owner)], "nextKeyHashes": [] }));
    assert_eq!(resume(&thief, Some(&agree(thief.id(2)))), "webvh.not-committed");
    assert_eq!(resume(forge.clone().push(&owner, json!({})), None), "webvh.pre-rotation");
    forge.push(&next, rotated);
    assert_eq!(resume(&forge, None), "webvh.witness-missing");
    assert_eq!(resume(&forge, Some(&first)), "webvh.witness-too-few");
    assert_eq!(resume(&forge, Some(&agree(forge.id(2)))), "ok");
}

#[test]
fn what_does_not_follow_a_checkpoint_is_refused() {
    let (key, forge) = three();
    let checkpoint = forge.verify().unwrap().checkpoint();
    let resume = |did: &Did, tail: &str| code(Log::resume(did, &checkpoint, tail.as_bytes(), None, now()));
    let mut longer = forge.clone();
    longer.push(&key, json!({})).push(&key, json!({}));
    let tail = longer.text()[checkpoint.bytes()..].to_owned();
    let (fourth, fifth) = tail.trim_end().split_once('\n').unwrap();
    assert_eq!(resume(&forge.did(), &tail), "ok");
    assert_eq!(resume(&forge.did(), ""), "ok");
    assert_eq!(resume(&forge.did(), fourth), "ok");
    assert_eq!(resume(&forge.did(), fifth), "webvh.version-number");
    assert_eq!(resume(&forge.did(), &forge.text()), "webvh.scid-again");
    assert_eq!(resume(&forge.did(), "\n\n"), "webvh.blank-line");
    assert_eq!(resume(&forge.did(), " \n"), "webvh.blank-line");
    assert_eq!(resume(&forge.did(), &format!("\n{tail}")), "ok");
    let (_, other) = three();
    assert_eq!(resume(&other.did(), ""), "webvh.another-scid");
    let stranger = Did::parse(&format!("did:webvh:{}:thief.example", forge.scid)).unwrap();
    assert_eq!(resume(&stranger, ""), "webvh.another-name");
    // A branch that left the log before the checkpoint.
    let mut branch = forge.clone();
    branch.entries.pop();
    branch.push(&key, json!({ "ttl": 5 })).push(&key, json!({}));
    let tail = branch.text();
    assert_eq!(resume(&forge.did(), tail.lines().last().unwrap()), "webvh.entry-hash");
    let early = Timestamp::parse("2026-01-02T23:54:59Z").unwrap();
    assert_eq!(code(Log::resume(&forge.did(), &checkpoint, b"", None, early)), "webvh.future");
}

#[test]
fn a_did_that_ended_before_a_checkpoint_does_not_go_on() {
    let (key, mut forge) = three();
    forge.push(&key, json!({ "deactivated": true }));
    let checkpoint = forge.verify().unwrap().checkpoint();
    let ended = Log::resume(&forge.did(), &checkpoint, b"", None, now()).unwrap();
    assert!(ended.deactivated().is_some());
    forge.push(&key, json!({}));
    let tail = &forge.text()[checkpoint.bytes()..];
    assert_eq!(code(Log::resume(&forge.did(), &checkpoint, tail.as_bytes(), None, now())), "webvh.deactivated");
}

#[test]
fn a_checkpoint_of_another_form_is_refused() {
    let scene = scene();
    let good = Value::from(scene.forge.verify().unwrap().checkpoint().to_json());
    let read = |json: &Value| code(Checkpoint::parse(json.to_string().as_bytes()));
    assert_eq!(read(&good), "ok");
    let (_, other) = three();
    for (member, value, expected) in [
        ("type", json!("Checkpoint"), "webvh.checkpoint-member"),
        ("version", json!(2), "webvh.checkpoint-member"),
        ("scid", json!(other.scid), "webvh.checkpoint-member"),
        ("names", json!([]), "webvh.checkpoint-member"),
        ("names", json!(["did:web:ngo.example"]), "webvh.did-method"),
        ("names", json!([other.name()]), "webvh.checkpoint-member"),
        ("names", json!(vec![scene.forge.name(); limits::LOG_NAMES + 1]), "webvh.checkpoint-member"),
        ("created", json!("then"), "webvh.checkpoint-member"),
        ("versionId", json!("5"), "webvh.checkpoint-member"),
        ("versionTime", json!(5), "webvh.checkpoint-member"),
        ("bytes", json!(-1), "webvh.checkpoint-member"),
        ("parameters", json!({ "unknown": 1 }), "webvh.checkpoint-member"),
        ("parameters", json!({ "scid": scene.forge.scid }), "webvh.checkpoint-member"),
        ("state", json!([]), "webvh.checkpoint-member"),
        ("state", json!({ "id": "did:web:ngo.example" }), "webvh.checkpoint-member"),
        ("state", json!({}), "document.id"),
        ("keys", json!({}), "webvh.checkpoint-member"),
        ("keys", json!([5]), "webvh.checkpoint-member"),
        ("keys", json!([{ "id": "did:web:ngo.example#a", "method": {} }]), "webvh.checkpoint-member"),
    ] {
        let mut changed = good.clone();
        changed[member] = value;
        assert_eq!(read(&changed), expected, "{member}");
    }
    for (member, value) in [
        ("method", json!(5)),
        ("relationships", json!(["signing"])),
        ("from", json!({})),
        ("until", json!(5)),
        ("id", json!(format!("{}#other", scene.forge.name()))),
    ] {
        let mut changed = good.clone();
        changed["keys"][0][member] = value;
        assert_eq!(read(&changed), "webvh.checkpoint-member", "{member}");
    }
    assert_eq!(code(Checkpoint::parse(&vec![b' '; limits::CHECKPOINT_BYTES + 1])), "webvh.checkpoint-too-large");
    assert_eq!(code(Checkpoint::parse(b"{")), "json.syntax");
}

#[test]
fn a_log_that_was_cut_off_is_noticed() {
    let (_, forge) = three();
    let mut short = forge.clone();
    short.entries.pop();
    let log = short.verify().unwrap();
    assert_eq!(log.extends(3, forge.id(3)), Err(Rollback::Truncated { seen: 3, found: 2 }));
    assert_eq!(log.extends(2, forge.id(2)), Ok(()));
    assert_eq!(log.extends(1, forge.id(1)), Ok(()));
    assert_eq!(forge.verify().unwrap().extends(2, forge.id(2)), Ok(()));
}

#[test]
fn a_log_that_was_rewritten_is_noticed() {
    let (key, forge) = three();
    let mut other = forge.clone();
    other.entries.pop();
    other.push(&key, json!({ "ttl": 5 })).push(&key, json!({}));
    let log = other.verify().unwrap();
    assert_eq!(log.extends(3, forge.id(3)), Err(Rollback::Forked { number: 3 }));
    assert_eq!(log.extends(2, forge.id(2)), Ok(()));
    assert_eq!(log.extends(0, ""), Err(Rollback::Forked { number: 0 }));
    for error in [log.extends(9, "9-").unwrap_err(), log.extends(3, "").unwrap_err()] {
        assert!(code(Err::<(), _>(error)).starts_with("webvh."));
    }
}

#[test]
fn what_lies_before_a_checkpoint_cannot_be_compared() {
    let (_, forge) = three();
    let log = in_two_parts(&forge, 3).unwrap();
    assert_eq!(log.extends(3, forge.id(3)), Ok(()));
    assert_eq!(log.extends(2, forge.id(2)), Err(Rollback::Unknown { number: 2, oldest: 3 }));
}
