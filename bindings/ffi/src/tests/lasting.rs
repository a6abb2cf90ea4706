//! An issuer that keeps a did:webvh, and revokes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::network::{Shelf, desk, licence, online, signer};
use super::*;

fn reason(report: &OnlineReport) -> String {
    report.report.reason().map(|check| check.code).unwrap_or_default()
}

fn at(days: i64) -> At {
    At::NowIs { unix_seconds: NOON + days * 86_400 }
}

fn change() -> DidChange {
    DidChange {
        document_json: None,
        add_keys: Vec::new(),
        remove_keys: Vec::new(),
        update_keys: Vec::new(),
        next_keys: None,
        witnesses: None,
        portable: None,
        moved_to: None,
        deactivate: false,
    }
}

/// A did:webvh with one key that signs credentials and one that may change it, and its log's address.
struct Lasting {
    files: DidFiles,
    update: Arc<SoftwareSigner>,
    next: Arc<SoftwareSigner>,
    issuing: Arc<SoftwareSigner>,
}

impl Lasting {
    fn begin() -> Self {
        let [update, next] = [signer(Algorithm::Ed25519), signer(Algorithm::Ed25519)];
        let issuing = signer(Algorithm::Es256);
        let change =
            DidChange { add_keys: vec![issuing.public_jwk()], next_keys: Some(vec![next.public_jwk()]), ..change() };
        let files = create_did_webvh("ngo.example".to_owned(), change, at(-3), update.clone()).unwrap().files.unwrap();
        Self { files, update, next, issuing }
    }

    fn method(&self) -> String {
        format!("{}#{}", self.files.did, jwk_to_multikey(self.issuing.public_jwk()).unwrap())
    }
}

#[test]
fn no_key_that_is_given_beside_a_first_document_is_dropped() {
    let (update, issuing) = (signer(Algorithm::Ed25519), signer(Algorithm::Es256));
    let document = r#"{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"did:webvh:{SCID}:ngo.example"}"#;
    let of_document = || DidChange { document_json: Some(document.to_owned()), ..change() };
    let created = |change| create_did_webvh("ngo.example".to_owned(), change, at(-3), update.clone());
    assert!(created(of_document()).unwrap().files.is_some());
    for change in [
        DidChange { add_keys: vec![issuing.public_jwk()], ..of_document() },
        DidChange { remove_keys: vec!["key-1".to_owned()], ..of_document() },
    ] {
        let AttestaError::Failed { code, .. } = created(change).unwrap_err();
        assert_eq!(code, "bindings.document-and-keys");
    }
}

const LOG_URL: &str = "https://ngo.example/.well-known/did.jsonl";

#[test]
fn a_did_lasts_through_a_rotation_to_its_end() {
    let first = Lasting::begin();
    let shown = licence(&first.issuing, &first.method());
    let shelf = Arc::new(Shelf::default());
    shelf.put(LOG_URL, "text/jsonl", &first.files.log);
    let verifier = desk(&first.files.did);
    let fresh = online(&verifier, &shown, &shelf, at(-1));
    assert_eq!(fresh.report.outcome(), Outcome::Valid, "{}", fresh.report.to_json());
    let seen = remember_seen(None, &fresh.report).unwrap();

    // Only what was committed to takes over.
    let (last, new_issuing) = (signer(Algorithm::Ed25519), signer(Algorithm::Ed25519));
    let rotation = |signer: &SoftwareSigner| DidChange {
        add_keys: vec![new_issuing.public_jwk()],
        remove_keys: vec![jwk_to_multikey(first.issuing.public_jwk()).unwrap()],
        update_keys: vec![signer.public_jwk()],
        next_keys: Some(vec![last.public_jwk()]),
        ..change()
    };
    let update =
        |change, signer: &Arc<SoftwareSigner>| update_did_webvh(first.files.clone(), change, at(0), signer.clone());
    assert!(code(update(rotation(&first.update), &first.update)).starts_with("webvh."));
    let rotated = update(rotation(&first.next), &first.next).unwrap().files.unwrap();
    shelf.put(LOG_URL, "text/jsonl", &rotated.log);
    let old = online(&verifier, &shown, &shelf, at(0));
    assert_eq!((old.report.outcome(), reason(&old).as_str()), (Outcome::Invalid, "key.validity.rotated-out"));
    let lenient = r#"{"type":"Policy","version":1,"rotatedKeys":{"within":"30d"}}"#.to_owned();
    let lenient = Verifier::new(Policy::Json { json: lenient }, vec![trust_list(&first.files.did)], vec![]).unwrap();
    let stands = online(&lenient, &shown, &shelf, at(0));
    assert_eq!(stands.report.outcome(), Outcome::Valid, "{}", stands.report.to_json());

    // Whoever saw the rotation takes no log without it.
    let seen = remember_seen(Some(seen), &stands.report).unwrap();
    shelf.put(LOG_URL, "text/jsonl", &first.files.log);
    let cut = online(&lenient.remembering(seen).unwrap(), &shown, &shelf, at(0));
    assert_eq!(reason(&cut), "material.rollback.shorter-log");

    // A checkpoint needs the rest alone, and only the rest that follows it.
    let read = |log: &str, checkpoint: Option<String>| {
        read_did_webvh(first.files.did.clone(), log.into(), None, checkpoint, at(1))
    };
    let kept = read(&first.files.log, None).unwrap();
    let tail = &rotated.log[usize::try_from(kept.read_bytes).unwrap()..];
    let resumed = read(tail, Some(kept.checkpoint_json.clone())).unwrap();
    assert_eq!(resumed, read(&rotated.log, None).unwrap());
    assert!(code(read(&first.files.log, Some(kept.checkpoint_json))).starts_with("webvh."));
    assert!(!code(read(tail, Some("{}".to_owned()))).is_empty());

    // As material, a checkpoint of one's own stands for what came before it; anybody else's does not.
    let checkpoint = read(&first.files.log, None).unwrap().checkpoint_json;
    let knowing = |source| {
        lenient.with_materials(vec![Material {
            r#type: ResourceType::Log,
            url: first.files.did.clone(),
            bytes: format!("{checkpoint}\n{tail}").into(),
            obtained: NOON,
            source,
        }])
    };
    let judged = |source| knowing(source).unwrap().verify(shown.clone().into(), Expected::Nothing, at(0)).unwrap();
    let own = judged(MaterialSource::Own);
    assert_eq!(own.outcome(), Outcome::Valid, "{}", own.to_json());
    let told = MaterialSource::Asserted { by: "did:web:somebody.example".to_owned() };
    assert_eq!(judged(told).outcome(), Outcome::Undetermined);
    assert_eq!(code(knowing(MaterialSource::Fetched)), "material.checkpoint-of-nobody");

    // The end.
    let end = DidChange { deactivate: true, ..change() };
    let ended = update_did_webvh(rotated, end, at(2), last).unwrap().files.unwrap();
    assert_eq!(
        read_did_webvh(ended.did.clone(), ended.log.clone().into(), None, None, at(3)).unwrap().document_json,
        None
    );
    shelf.put(LOG_URL, "text/jsonl", &ended.log);
    let resolve = |url: String, number| {
        let options =
            ResolveOptions { version_id: None, version_time: None, version_number: number, resolvers: Vec::new() };
        resolve_online(url, options, at(3), shelf.clone()).unwrap()
    };
    let now = resolve(ended.did.clone(), None);
    assert_eq!(json(&now.json)["didDocumentMetadata"]["deactivated"], true);
    assert_eq!(now.steps[0].outcome, "fetched");
    let keys = |number: u64| {
        let result = json(&resolve(ended.did.clone(), Some(number)).json);
        result["didDocument"]["verificationMethod"].as_array().cloned().unwrap_or_default()
    };
    assert_eq!((keys(1).len(), keys(2).len()), (1, 1));
    assert_ne!(keys(1), keys(2));
    let part = resolve(
        format!("{}?versionNumber=1#{}", ended.did, jwk_to_multikey(first.issuing.public_jwk()).unwrap()),
        None,
    );
    assert_eq!(json(&part.json)["content"]["type"], "Multikey");
    let none = json(&resolve(ended.did, Some(9)).json);
    assert!(none["didResolutionMetadata"]["error"].is_object() && none["didDocument"].is_null());
}

#[test]
fn a_key_in_hardware_cannot_change_a_did() {
    let phone = signer(Algorithm::Es256);
    let made = create_did_webvh("ngo.example".to_owned(), change(), NOW, phone.clone());
    assert!(!code(made).is_empty());
    let named = DidChange { update_keys: vec![phone.public_jwk()], ..change() };
    let made = create_did_webvh("ngo.example".to_owned(), named, NOW, signer(Algorithm::Ed25519));
    assert!(!code(made).is_empty());
    let place = create_did_webvh("127.0.0.1".to_owned(), change(), NOW, signer(Algorithm::Ed25519));
    assert!(!code(place).is_empty());
}

#[test]
fn an_entry_waits_for_its_witnesses() {
    let first = Lasting::begin();
    let witness = signer(Algorithm::Ed25519);
    let witnesses = Some(Witnesses { threshold: 1, keys: vec![witness.public_jwk()] });
    let last = signer(Algorithm::Ed25519);
    let change = DidChange {
        update_keys: vec![first.next.public_jwk()],
        next_keys: Some(vec![last.public_jwk()]),
        witnesses,
        ..change()
    };
    let entry = update_did_webvh(first.files.clone(), change, at(0), first.next.clone()).unwrap();
    assert_eq!(entry.files, None);
    let agree = |signer: &Arc<SoftwareSigner>| {
        witness_did_webvh(entry.did.clone(), Some(first.files.clone()), entry.entry.clone(), at(0), signer.clone())
    };
    assert_eq!(code(agree(&last)), "webvh.not-a-witness");
    let finish =
        |proofs| finish_did_webvh(entry.did.clone(), Some(first.files.clone()), entry.entry.clone(), proofs, at(0));
    assert!(!code(finish(Vec::new())).is_empty());
    let files = finish(vec![agree(&witness).unwrap()]).unwrap();
    assert!(files.witnesses.is_some());
}

/// A host's database, which fails when it is told to.
#[derive(Default)]
struct Database {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
    is_broken: Mutex<bool>,
}

impl Database {
    fn values(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>>, StoreFailure> {
        if *self.is_broken.lock().unwrap() { Err(StoreFailure::Failed) } else { Ok(self.values.lock().unwrap()) }
    }
}

impl RegisterStore for Database {
    fn get(&self, key: String) -> Result<Option<Vec<u8>>, StoreFailure> {
        Ok(self.values()?.get(&key).cloned())
    }

    fn page(&self, prefix: String, after: Option<String>, limit: u32) -> Result<Vec<StoredValue>, StoreFailure> {
        let values = self.values()?;
        let found = values.iter().filter(|(key, _)| key.starts_with(&prefix));
        let found = found.filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after));
        let stored = |(key, value): (&String, &Vec<u8>)| StoredValue { key: key.clone(), value: Some(value.clone()) };
        Ok(found.take(limit as usize).map(stored).collect())
    }

    fn commit(&self, expected: Vec<StoredValue>, written: Vec<StoredValue>) -> Result<(), StoreFailure> {
        let mut values = self.values()?;
        if expected.iter().any(|stored| values.get(&stored.key) != stored.value.as_ref()) {
            return Err(StoreFailure::Conflict);
        }
        values.extend(written.into_iter().filter_map(|stored| Some((stored.key, stored.value?))));
        Ok(())
    }
}

const LIST: &str = "https://ngo.example/status/1";

#[test]
fn a_guarantee_is_revoked_by_its_reference() {
    let (cast, database, shelf) = (Cast::gather(), Arc::new(Database::default()), Arc::new(Shelf::default()));
    let register = IssuerRegister::new(Some(database.clone())).unwrap();
    let list = |register: &IssuerRegister| {
        register.create_list(LIST.to_owned(), StatusListKind::Token, None, None, cast.ngo.clone())
    };
    list(&register).unwrap();
    assert_eq!(code(list(&register)), "register.list-twice");
    let entry = register.allocate(LIST.to_owned(), 1).unwrap().remove(0);
    let recipient = CopyFor { holder: Holder::Key { jwk: cast.tenant.public_jwk() }, status_json: Some(entry) };
    let options = CopiesOptions { issuer: None, format: None, valid_from: Some(FIRST_DAY.to_owned()), valid_days: 90 };
    let copies =
        issue_copies(example_claims(Kind::Licence).unwrap(), vec![recipient], options, cast.ngo.clone()).unwrap();
    let reference = register.record(copies.record_json.clone()).unwrap();
    assert_eq!(code(register.record(copies.record_json.clone())), "register.reference-twice");
    assert_eq!(code(register.record("{}".to_owned())), "bindings.not-a-record");
    let publish = |register: &IssuerRegister, day: i64, signer: &Arc<SoftwareSigner>| {
        register.publish(LIST.to_owned(), None, 30, 3600, at(day), signer.clone())
    };
    let verifier = desk(&cast.ngo.did_key());
    let judged = |day: i64| {
        let report = online(&verifier, &copies.credentials[0], &shelf, at(day));
        (report.report.outcome(), reason(&report))
    };
    assert_eq!(judged(0), (Outcome::Undetermined, "status.list.unavailable".to_owned()));
    let standing = publish(&register, 0, &cast.ngo).unwrap();
    shelf.put(LIST, "application/statuslist+jwt", &standing);
    assert_eq!(judged(0), (Outcome::Valid, String::new()));

    // Opened anew, as after the end of the app.
    drop(register);
    let register = IssuerRegister::new(Some(database.clone())).unwrap();
    let changed = register.change(reference.clone(), RegisterChange::Revoke).unwrap();
    assert_eq!(changed, Changed { copies: 1, lists: vec![LIST.to_owned()] });
    assert_eq!(code(register.change(reference, RegisterChange::Reinstate)), "register.revoked");
    assert_eq!(code(register.change("A".repeat(22), RegisterChange::Revoke)), "register.unknown-reference");
    assert_eq!(code(publish(&register, -1, &cast.ngo)), "register.clock");
    assert!(!code(publish(&register, 1, &signer(Algorithm::Ed25519))).is_empty());
    let revoked = publish(&register, 1, &cast.ngo).unwrap();
    shelf.put(LIST, "application/statuslist+jwt", &revoked);
    assert_eq!(judged(1), (Outcome::Invalid, "status.revocation.revoked".to_owned()));

    // The old list again: what was seen speaks against it; for who saw nothing it is fresh until it is too old.
    let seen = remember_seen(None, &online(&verifier, &copies.credentials[0], &shelf, at(1)).report).unwrap();
    shelf.put(LIST, "application/statuslist+jwt", &standing);
    let report = online(&verifier.remembering(seen).unwrap(), &copies.credentials[0], &shelf, at(1));
    assert_eq!(report.report.outcome(), Outcome::Invalid);
    assert_eq!(reason(&report), "material.rollback.older-list");
    let late = online(&verifier, &copies.credentials[0], &shelf, at(31));
    assert_eq!(late.report.outcome(), Outcome::Undetermined);
    let checks = late.report.credentials().remove(0).checks;
    let status = checks.into_iter().find(|check| check.id == "status.list").unwrap();
    assert!(matches!(status.code.as_str(), "status.list.expired" | "status.list.stale"), "{}", status.code);
    assert!(!register.digests(json(&copies.record_json)["signedBy"].as_str().unwrap().to_owned()).unwrap().is_empty());
    *database.is_broken.lock().unwrap() = true;
    assert_eq!(code(register.allocate(LIST.to_owned(), 1)), "store.medium");
    assert_eq!(code(IssuerRegister::new(Some(database))), "store.medium");
    assert!(IssuerRegister::new(None).is_ok());
}
