//! Witnesses: who must agree to what, and what does not count as agreeing.

use super::*;
use crate::limits;

fn by(threshold: usize, witnesses: &[&SoftwareKey]) -> Value {
    let witnesses: Vec<Value> = witnesses.iter().map(|key| json!({ "id": did_key(key) })).collect();
    json!({ "threshold": threshold, "witnesses": witnesses })
}

/// A witness's proof for a `versionId`.
fn agree(id: &str, key: &SoftwareKey) -> Value {
    agree_with(id, options(key), key)
}

fn agree_with(id: &str, options: Value, key: &SoftwareKey) -> Value {
    proof_with(json!({ "versionId": id }).as_object().unwrap(), options, key)
}

fn file(entries: &[(&str, Vec<Value>)]) -> Value {
    entries.iter().map(|(id, proofs)| json!({ "versionId": id, "proof": proofs })).collect()
}

/// Two entries that two of three must witness.
struct Scene {
    owner: SoftwareKey,
    witnesses: [SoftwareKey; 3],
    forge: Forge,
}

fn scene() -> Scene {
    let (owner, witnesses) = (new_key(), [(); 3].map(|()| new_key()));
    let [a, b, c] = &witnesses;
    let mut forge = Forge::begin(&owner, json!({ "witness": by(2, &[a, b, c]) }));
    forge.push(&owner, json!({}));
    Scene { owner, witnesses, forge }
}

impl Scene {
    fn code(&self, entries: &[(&str, Vec<Value>)]) -> &'static str {
        code(self.forge.verify_with(&file(entries)))
    }

    /// Whether these proofs for the second entry are enough.
    fn second(&self, proofs: Vec<Value>) -> &'static str {
        self.code(&[(self.forge.id(2), proofs)])
    }
}

#[test]
fn enough_witnesses_of_the_newest_entry_agree_to_all() {
    let scene = scene();
    let [a, b, c] = &scene.witnesses;
    let id = scene.forge.id(2);
    for pair in [[a, b], [b, c], [c, a]] {
        assert_eq!(scene.second(pair.map(|key| agree(id, key)).to_vec()), "ok");
    }
    let log = scene.forge.verify_with(&file(&[(id, vec![agree(id, a), agree(id, b)])])).unwrap();
    assert_eq!(log.current().parameters().witness().unwrap().threshold(), 2);
    assert_eq!(log.current().parameters().witness().unwrap().ids(), [a, b, c].map(did_key));
}

#[test]
fn agreement_may_stand_at_different_entries() {
    let scene = scene();
    let [a, b, _] = &scene.witnesses;
    let (first, second) = (scene.forge.id(1), scene.forge.id(2));
    // One of them to the first only: the second entry has one.
    assert_eq!(
        scene.code(&[(first, vec![agree(first, a)]), (second, vec![agree(second, b)])]),
        "webvh.witness-too-few"
    );
    let all = [(second, vec![agree(second, b)]), (first, vec![agree(first, a)]), (second, vec![agree(second, a)])];
    assert_eq!(scene.code(&all), "ok");
}

#[test]
fn a_log_without_its_witnesses_file_is_refused() {
    let scene = scene();
    assert_eq!(scene.forge.code(), "webvh.witness-missing");
    assert_eq!(scene.code(&[]), "webvh.witness-too-few");
}

#[test]
fn too_few_witnesses_are_refused() {
    let scene = scene();
    let id = scene.forge.id(2);
    assert_eq!(scene.second(vec![agree(id, &scene.witnesses[0])]), "webvh.witness-too-few");
    let error = scene.forge.verify_with(&file(&[(id, vec![agree(id, &scene.witnesses[0])])])).unwrap_err();
    assert_eq!(error, WebvhError::Witness(WitnessError::TooFew { number: 2, needed: 2, found: 1 }));
}

#[test]
fn several_proofs_by_one_witness_count_once() {
    let scene = scene();
    let (id, key) = (scene.forge.id(2), &scene.witnesses[0]);
    let mut other = options(key);
    other["created"] = "2026-02-02T00:00:00Z".into();
    let proofs = vec![agree(id, key), agree(id, key), agree_with(id, other, key)];
    assert_eq!(scene.second(proofs.clone()), "webvh.witness-too-few");
    let first = scene.forge.id(1);
    assert_eq!(scene.code(&[(id, proofs), (first, vec![agree(first, key)])]), "webvh.witness-too-few");
}

#[test]
fn strangers_and_the_owner_do_not_count() {
    let scene = scene();
    let (id, key) = (scene.forge.id(2), &scene.witnesses[0]);
    for stranger in [&scene.owner, &new_key()] {
        assert_eq!(scene.second(vec![agree(id, key), agree(id, stranger)]), "webvh.witness-too-few");
    }
}

#[test]
fn a_proof_for_another_log_does_not_count() {
    let (ours, theirs) = (scene(), scene());
    let [a, b, _] = &ours.witnesses;
    let id = theirs.forge.id(2);
    // As it was made, under the other log's versionId; and put under ours.
    assert_eq!(ours.code(&[(id, vec![agree(id, a), agree(id, b)])]), "webvh.witness-too-few");
    assert_eq!(ours.second(vec![agree(id, a), agree(id, b)]), "webvh.witness-too-few");
}

#[test]
fn a_proof_for_an_earlier_entry_does_not_count_for_a_later_one() {
    let scene = scene();
    let [a, b, _] = &scene.witnesses;
    let first = scene.forge.id(1);
    assert_eq!(scene.code(&[(first, vec![agree(first, a), agree(first, b)])]), "webvh.witness-too-few");
    assert_eq!(scene.second(vec![agree(first, a), agree(first, b)]), "webvh.witness-too-few");
}

#[test]
fn a_proof_for_an_entry_that_is_not_in_the_log_does_not_count() {
    let mut scene = scene();
    let full = scene.forge.clone();
    let owner = &scene.owner;
    let mut longer = full.clone();
    longer.push(owner, json!({}));
    let [a, b, _] = &scene.witnesses;
    let unpublished = longer.id(3);
    assert_eq!(
        scene.code(&[(unpublished, vec![agree(unpublished, a), agree(unpublished, b)])]),
        "webvh.witness-too-few"
    );
    // With the first two published as well, both logs hold.
    let second = full.id(2);
    let both = file(&[
        (second, vec![agree(second, a), agree(second, b)]),
        (unpublished, vec![agree(unpublished, a), agree(unpublished, b)]),
    ]);
    assert_eq!(code(full.verify_with(&both)), "ok");
    assert_eq!(code(longer.verify_with(&both)), "ok");
    // A fork of the owner: the witnesses agreed to another second entry.
    scene.forge.entries.pop();
    scene.forge.push(owner, json!({ "ttl": 5 }));
    assert_eq!(code(scene.forge.verify_with(&both)), "webvh.witness-too-few");
}

#[test]
fn proofs_of_another_kind_do_not_count() {
    let scene = scene();
    let [a, b, _] = &scene.witnesses;
    let id = scene.forge.id(2);
    for (name, value) in [
        ("cryptosuite", json!("eddsa-rdfc-2022")),
        ("proofPurpose", json!("authentication")),
        ("type", json!("Ed25519Signature2020")),
        ("type", json!("eddsa-jcs-2022")),
        ("expires", json!("2026-11-20T09:30:00Z")),
        ("@context", json!([])),
        ("verificationMethod", json!(did_key(b))),
        ("verificationMethod", json!(format!("{}#{}", did_key(b), multikey(a)))),
        ("verificationMethod", json!(format!("did:web:ngo.example#{}", multikey(b)))),
    ] {
        let mut changed = options(b);
        changed[name] = value;
        assert_eq!(scene.second(vec![agree(id, a), agree_with(id, changed, b)]), "webvh.witness-too-few", "{name}");
    }
    // In one witness's name, with another's key.
    assert_eq!(scene.second(vec![agree(id, a), agree_with(id, options(b), a)]), "webvh.witness-too-few");
}

#[test]
fn proofs_that_do_not_hold_do_not_spoil_those_that_do() {
    let scene = scene();
    let [a, b, c] = &scene.witnesses;
    let id = scene.forge.id(2);
    let proofs = vec![json!("no proof"), json!({}), agree_with(id, options(b), c), agree(id, a), agree(id, b)];
    assert_eq!(scene.second(proofs), "ok");
}

#[test]
fn a_file_of_another_form_is_refused() {
    let scene = scene();
    let read = |bytes: &[u8]| code(Log::verify(&scene.forge.did(), scene.forge.text().as_bytes(), Some(bytes), now()));
    for other in [
        "{}",
        "[5]",
        "[[]]",
        r#"[{"proof":[]}]"#,
        r#"[{"versionId":5,"proof":[]}]"#,
        r#"[{"versionId":"1-a","proof":5}]"#,
    ] {
        assert_eq!(read(other.as_bytes()), "webvh.witness-form", "{other}");
    }
    assert_eq!(read(b""), "json.syntax");
    assert_eq!(read(b"[]"), "webvh.witness-too-few");
    assert_eq!(read(br#"[{"versionId":"1-a"}]"#), "webvh.witness-too-few");
    assert_eq!(read(&vec![b' '; limits::WITNESS_FILE_BYTES + 1]), "webvh.witness-too-large");
    let many = format!("[{{\"versionId\":\"1-a\",\"proof\":[{}0]}}]", "0,".repeat(limits::WITNESS_PROOFS));
    assert_eq!(read(many.as_bytes()), "webvh.witness-too-many");
}

#[test]
fn a_log_without_witnesses_needs_no_file_and_reads_none() {
    let (_, forge) = three();
    assert_eq!(code(forge.verify_with(&json!("nonsense"))), "ok");
}

#[test]
fn thresholds_that_bind_nobody_are_refused() {
    let [a, b] = [(); 2].map(|()| new_key());
    let refused = |witness: Value| Forge::begin(&new_key(), json!({ "witness": witness })).code();
    for threshold in [json!(0), json!(3), json!(-1), json!(1.5), json!("2"), json!(null), json!(1e30)] {
        let mut witness = by(1, &[&a, &b]);
        witness["threshold"] = threshold;
        assert_eq!(refused(witness), "webvh.threshold");
    }
    assert_eq!(refused(json!({ "threshold": 0, "witnesses": [] })), "webvh.threshold");
    assert_eq!(refused(json!({ "threshold": 1, "witnesses": [] })), "webvh.threshold");
    assert_eq!(refused(json!({ "witnesses": [{ "id": did_key(&a) }] })), "webvh.threshold");
    for none in
        [json!({ "threshold": 1 }), json!([]), json!("none"), json!(false), json!({ "threshold": 1, "witnesses": {} })]
    {
        assert_eq!(refused(none), "webvh.parameter");
    }
}

#[test]
fn a_witness_named_twice_is_refused() {
    let [a, b] = [(); 2].map(|()| new_key());
    let forge = Forge::begin(&new_key(), json!({ "witness": by(2, &[&a, &b, &a]) }));
    assert_eq!(forge.code(), "webvh.duplicate-witness");
}

#[test]
fn a_witness_that_is_no_ed25519_did_key_is_refused() {
    let p256 = SoftwareKey::generate(KeyType::P256).unwrap();
    let key = new_key();
    for id in [
        "did:web:witness.example".to_owned(),
        multikey(&key),
        format!("{}#{}", did_key(&key), multikey(&key)),
        did_key(&p256),
        "did:key:z6Mk".to_owned(),
        format!(" {}", did_key(&key)),
        String::new(),
    ] {
        let witness = json!({ "threshold": 1, "witnesses": [{ "id": id }] });
        assert_eq!(Forge::begin(&new_key(), json!({ "witness": witness })).code(), "webvh.witness-id", "{id}");
    }
    for item in [json!({ "id": 5 }), json!({}), json!(did_key(&key)), json!({ "id": did_key(&key), "weight": 3 })] {
        let witness = json!({ "threshold": 1, "witnesses": [item] });
        assert_eq!(Forge::begin(&new_key(), json!({ "witness": witness })).code(), "webvh.parameter");
    }
}

#[test]
fn more_witnesses_than_are_counted_are_refused() {
    let many = vec![json!({ "id": did_key(&new_key()) }); limits::WITNESSES + 1];
    let witness = json!({ "threshold": 1, "witnesses": many });
    assert_eq!(Forge::begin(&new_key(), json!({ "witness": witness })).code(), "webvh.too-many");
}

/// A first entry with one of two witnesses, and then a change of them.
fn changed(witness: Value) -> (Forge, [SoftwareKey; 2]) {
    let (owner, witnesses) = (new_key(), [(); 2].map(|()| new_key()));
    let mut forge = Forge::begin(&owner, json!({ "witness": by(2, &[&witnesses[0], &witnesses[1]]) }));
    forge.push(&owner, json!({ "witness": witness }));
    (forge, witnesses)
}

#[test]
fn witnesses_who_are_replaced_must_agree_to_that() {
    let new = new_key();
    let (forge, [a, b]) = changed(by(1, &[&new]));
    let id = forge.id(2);
    let judge = |keys: &[&SoftwareKey]| {
        let proofs = keys.iter().map(|key| agree(id, key)).collect();
        code(forge.verify_with(&file(&[(id, proofs)])))
    };
    assert_eq!(judge(&[&a, &b]), "ok");
    assert_eq!(judge(&[&new]), "webvh.witness-too-few");
    assert_eq!(judge(&[&new, &a]), "webvh.witness-too-few");
}

#[test]
fn a_threshold_that_the_owner_lowered_alone_is_refused() {
    let (owner, [a, b]) = (new_key(), [(); 2].map(|()| new_key()));
    let mut forge = Forge::begin(&owner, json!({ "witness": by(2, &[&a, &b]) }));
    forge.push(&owner, json!({ "witness": by(1, &[&a, &b]) }));
    let id = forge.id(2).to_owned();
    assert_eq!(code(forge.verify_with(&file(&[(&id, vec![agree(&id, &a)])]))), "webvh.witness-too-few");
    // Nor does a later entry under the lower one make up for it.
    forge.push(&owner, json!({}));
    let later = forge.id(3).to_owned();
    assert_eq!(code(forge.verify_with(&file(&[(&later, vec![agree(&later, &a)])]))), "webvh.witness-too-few");
    let both = file(&[(&id, vec![agree(&id, &b)]), (&later, vec![agree(&later, &a)])]);
    assert_eq!(code(forge.verify_with(&both)), "ok");
}

#[test]
fn witnesses_who_are_sent_away_must_agree_to_that() {
    let (forge, [a, b]) = changed(json!({}));
    let id = forge.id(2).to_owned();
    assert_eq!(forge.code(), "webvh.witness-missing");
    assert_eq!(code(forge.verify_with(&file(&[(&id, vec![agree(&id, &a)])]))), "webvh.witness-too-few");
    let agreed = file(&[(&id, vec![agree(&id, &a), agree(&id, &b)])]);
    assert_eq!(code(forge.verify_with(&agreed)), "ok");
    assert_eq!(forge.verify_with(&agreed).unwrap().current().parameters().witness(), None);
    // From then on nobody needs to.
    let owner = new_key();
    let mut later = Forge::begin(&owner, json!({ "witness": by(1, &[&a]) }));
    later.push(&owner, json!({ "witness": {} })).push(&owner, json!({}));
    let id = later.id(2).to_owned();
    assert_eq!(code(later.verify_with(&file(&[(&id, vec![agree(&id, &a)])]))), "ok");
}

#[test]
fn the_first_witnesses_must_agree_at_once() {
    let (owner, witness) = (new_key(), new_key());
    let mut forge = Forge::begin(&owner, json!({}));
    forge.push(&owner, json!({ "witness": by(1, &[&witness]) }));
    assert_eq!(forge.code(), "webvh.witness-missing");
    let (first, second) = (forge.id(1).to_owned(), forge.id(2).to_owned());
    assert_eq!(code(forge.verify_with(&file(&[(&first, vec![agree(&first, &witness)])]))), "webvh.witness-too-few");
    assert_eq!(code(forge.verify_with(&file(&[(&second, vec![agree(&second, &witness)])]))), "ok");
}

#[test]
fn the_end_of_a_did_must_be_witnessed_too() {
    let mut scene = scene();
    let [a, b, _] = &scene.witnesses;
    scene.forge.push(&scene.owner, json!({ "deactivated": true, "updateKeys": [] }));
    let (second, third) = (scene.forge.id(2).to_owned(), scene.forge.id(3).to_owned());
    assert_eq!(scene.code(&[(&second, vec![agree(&second, a), agree(&second, b)])]), "webvh.witness-too-few");
    assert_eq!(scene.code(&[(&third, vec![agree(&third, a), agree(&third, b)])]), "ok");
}

#[test]
fn witnesses_do_not_stand_in_for_a_broken_entry() {
    let mut scene = scene();
    let [a, b, _] = &scene.witnesses;
    scene.forge.push(&new_key(), json!({}));
    let id = scene.forge.id(3).to_owned();
    assert_eq!(scene.code(&[(&id, vec![agree(&id, a), agree(&id, b)])]), "webvh.not-authorized");
}
