use attesta::did::method::webvh::{Checkpoint, Log, Rollback, Select, Version, WebvhError};
use attesta::did::{Did, Document, Record, ResolutionOptions, resolve_from};
use attesta::encoding::json::{Map, Value};
use attesta::keys::Signer as _;

use crate::answers::{assert_explained, assert_plain, assert_reads_back};
use crate::history::{self, ENDED, FULL, History, VERIFIED, assemble, first_did, multihash};
use crate::plain::on_a_line;
use crate::scene::now;

/// Logs of did:webvh DIDs with the proofs of their witnesses: one that holds was signed by whom the entries before let,
/// holds as far as any of its entries, and is the same when it is resumed from there; one that was changed does not hold.
///
/// An input is a log, with the witnesses' file on its last line if that begins with `[`; a log in plain form; or else
/// what is changed in a log that holds: three bytes for each change, where and what. The byte 0 takes the whole line away.
pub fn webvh(bytes: &[u8]) {
    match bytes {
        [b'{', ..] => raw(bytes),
        [b's', b'i', b'g', b'n', ..] => {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            if let Some(history) = assemble(text) {
                said(&history);
            }
        }
        _ => changed(bytes),
    }
}

fn raw(bytes: &[u8]) {
    let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let last = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |position| position + 1);
    let (log, witnesses) = match lines.split_at(last) {
        (log, witnesses @ [b'[', ..]) => (log, Some(witnesses)),
        _ => (bytes, None),
    };
    let did = first_did(log).unwrap_or_else(|| VERIFIED.0.clone());
    match Log::verify(&did, log, witnesses, now()) {
        Ok(verified) => check(&did, &verified, log, witnesses),
        Err(error) => assert_explained(&error),
    }
    if let Ok(checkpoint) = Checkpoint::parse(bytes) {
        assert_eq!(reread(&checkpoint), checkpoint, "another checkpoint once it was written");
    }
}

fn said(history: &History) {
    let Some(did) = history.did() else { return };
    match history.verify(&did) {
        Ok(log) => {
            assert_allowed(history, &log);
            check(&did, &log, history.log.as_bytes(), history.witnesses.as_deref().map(str::as_bytes));
        }
        Err(error) => assert_explained(&error),
    }
}

/// What a member of an entry's parameters is once the entry is read: `null` is as good as empty.
fn list(parameters: &Map, name: &str) -> Option<Vec<String>> {
    let items = match parameters.get(name)? {
        Value::Array(items) => items.as_slice(),
        _ => &[],
    };
    Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Everything in a log that holds was allowed by what was said before it, by rules written down here once more.
fn assert_allowed(history: &History, log: &Log) {
    assert_eq!(log.versions().len(), history.entries.len());
    let (mut keys, mut hashes, mut witness) = (Vec::new(), Vec::new(), None);
    let (mut is_over, mut may_move, mut id) = (false, true, Value::Null);
    for (index, (entry, signer)) in history.entries.iter().enumerate() {
        assert!(!is_over, "an entry after the end");
        let parameters = entry["parameters"].as_object().expect("it was read as one");
        let own_keys = list(parameters, "updateKeys").unwrap_or_else(|| keys.clone());
        let signer = signer.expect("nobody signed, and it holds");
        let active = if index == 0 || !hashes.is_empty() { &own_keys } else { &keys };
        assert!(active.contains(&signer.key.public_key().to_multikey()), "{} may not sign entry {index}", signer.name);
        let is_announced = |key: &String| hashes.contains(&multihash(key.as_bytes()));
        assert!(hashes.is_empty() || own_keys.iter().all(is_announced), "a key that nobody announced");

        let own_witness = match parameters.get("witness") {
            None => witness.clone(),
            Some(Value::Object(stated)) if !stated.is_empty() => Some(stated.clone()),
            Some(_) => None,
        };
        let standing = witness.as_ref().or(own_witness.as_ref());
        assert!(standing.is_none_or(|standing| is_witnessed(history, standing, index + 1)), "too few witnesses");

        may_move = match parameters.get("portable") {
            Some(stated) => may_move && stated == true,
            None => may_move && index > 0,
        };
        let own_id = entry["state"]["id"].clone();
        assert!(index == 0 || own_id == id || may_move, "it moved, and must not");
        is_over = match parameters.get("deactivated") {
            Some(stated) => stated == true,
            None => is_over,
        };
        (keys, hashes, witness, id) =
            (own_keys, list(parameters, "nextKeyHashes").unwrap_or(hashes), own_witness, own_id);
    }
    assert_eq!((log.update_keys(), log.deactivated().is_some()), (&*keys, is_over));
}

/// Whether enough different witnesses agreed to the entry or to a later one.
fn is_witnessed(history: &History, witness: &Map, number: usize) -> bool {
    let ids: Vec<&str> = witness["witnesses"]
        .as_array()
        .expect("it was read as one")
        .iter()
        .filter_map(|witness| witness["id"].as_str()?.strip_prefix("did:key:"))
        .collect();
    let mut agreed: Vec<String> = history
        .approvals
        .iter()
        .filter(|(_, approved)| *approved >= number)
        .map(|(person, _)| person.key.public_key().to_multikey())
        .filter(|key| ids.contains(&&**key))
        .collect();
    agreed.sort_unstable();
    agreed.dedup();
    let threshold = witness["threshold"].as_f64().expect("it was read as one");
    threshold >= 1.0 && agreed.len() as f64 >= threshold
}

fn changed(changes: &[u8]) {
    let (did, history, whole) = &*VERIFIED;
    let mut log: Vec<Vec<u8>> = history.log.split_inclusive('\n').map(|line| line.as_bytes().to_vec()).collect();
    log.push(history.witnesses.as_deref().unwrap_or_default().as_bytes().to_vec());
    for change in changes.chunks_exact(3).take(64) {
        let mut position = usize::from(u16::from_be_bytes([change[0], change[1]]));
        let bytes: usize = log.iter().map(Vec::len).sum();
        position %= bytes.max(1);
        for line in &mut log {
            if position < line.len() {
                match change[2] {
                    0 => line.clear(),
                    byte => line[position] = byte,
                }
                break;
            }
            position -= line.len();
        }
    }
    let witnesses = log.pop().unwrap_or_default();
    let found = match Log::verify(did, &log.concat(), Some(&witnesses), now()) {
        Ok(found) => found,
        Err(error) => return assert_explained(&error),
    };
    let count = found.versions().len();
    assert!(count <= whole.versions().len(), "a log that grew");
    for (found, original) in found.versions().iter().zip(whole.versions()) {
        assert_same(found, original);
    }
    let newest = whole.current();
    let outcome = found.extends(newest.number(), newest.id());
    if count == whole.versions().len() {
        assert_eq!((outcome, found.keys(), found.names()), (Ok(()), whole.keys(), whole.names()));
    } else {
        assert!(matches!(outcome, Err(Rollback::Truncated { .. })), "{outcome:?}");
    }
}

fn assert_same(found: &Version, original: &Version) {
    assert_eq!((found.id(), found.time(), found.number()), (original.id(), original.time(), original.number()));
    assert_eq!((found.document(), found.parameters()), (original.document(), original.parameters()));
}

/// A log that holds answers for each of its versions, and is the same log from any of them on.
fn check(did: &Did, log: &Log, bytes: &[u8], witnesses: Option<&[u8]>) {
    assert!(log.is_complete() && log.names().iter().any(|name| name == did.as_str()));
    assert!(log.versions()[0].time() == log.created());
    assert!(log.current().time() <= now().plus_seconds(300), "an entry of the future");
    assert_eq!(log.document().is_none(), log.deactivated().is_some());
    for (index, version) in log.versions().iter().enumerate() {
        let number = u32::try_from(index + 1).expect("there are few");
        assert_eq!(version.number(), number);
        assert!(index == 0 || log.versions()[index - 1].time() < version.time());
        assert_plain(version.id());
        for select in [Select::Id(version.id()), Select::Number(number), Select::Time(version.time())] {
            assert_eq!(log.version(select).map(Version::id), Some(version.id()));
        }
        assert_eq!(log.extends(number, version.id()), Ok(()));
        assert_eq!(log.extends(number, "another"), Err(Rollback::Forked { number }));
        assert_eq!(log.as_of(version.time()).map(|then| then.current().id().to_owned()).as_deref(), Some(version.id()));
    }
    let beyond = log.current().number() + 1;
    assert_eq!(log.extends(beyond, "another").map_err(|_| ()), Err(()), "what was seen is gone, and nobody says so");
    assert!(log.as_of(log.created().plus_seconds(-1)).is_none());
    for period in log.keys() {
        assert!(!period.is_current() || log.document().is_some(), "a key of a DID that ended");
        let holds = |document: &Document| document.verification_methods().contains(&period.method);
        assert!(!period.is_current() || log.document().is_some_and(holds));
        assert!(period.until.is_none_or(|until| until.number > period.from.number));
    }
    match log.web_document() {
        Ok(document) => assert_eq!(document.is_some(), log.document().is_some()),
        Err(error) => assert_explained(&error),
    }
    resolution(did, log);
    resumption(did, log, bytes, witnesses);
}

fn resolution(did: &Did, log: &Log) {
    for version in log.versions() {
        let number = Some(u64::from(version.number()));
        let options = ResolutionOptions { version_number: number, ..ResolutionOptions::default() };
        let result = resolve_from(did.as_str(), Some(Record::Log(log)), &options);
        assert_eq!(result.document_metadata["versionId"], version.id());
        assert_reads_back(&result.to_json());
        if let Some(document) = &result.document {
            assert_eq!(document, version.document());
        } else {
            assert!(log.deactivated().is_some() && version.number() == log.current().number());
        }
    }
}

fn resumption(did: &Did, log: &Log, bytes: &[u8], witnesses: Option<&[u8]>) {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!(lines.len(), log.versions().len());
    let mut end = 0;
    for (line, version) in lines.iter().zip(log.versions()) {
        end += line.len();
        let name = Did::parse(version.document().id()).expect("it was read as one");
        let before = match Log::verify(&name, &bytes[..end], witnesses, now()) {
            Ok(before) => before,
            // Whoever agreed to a later entry is not known to have agreed to this one.
            Err(WebvhError::Witness(_)) => continue,
            Err(error) => panic!("the log holds, and does not as far as entry {}: {error}", version.number()),
        };
        let checkpoint = before.checkpoint();
        assert_eq!(
            (checkpoint.number(), checkpoint.version_id(), checkpoint.bytes()),
            (version.number(), version.id(), end)
        );
        let checkpoint = reread(&checkpoint);
        let resumed = Log::resume(did, &checkpoint, &bytes[end..], witnesses, now());
        let resumed = resumed.unwrap_or_else(|error| panic!("not from entry {} on: {error}", version.number()));
        for (found, original) in resumed.versions().iter().zip(&log.versions()[before.versions().len() - 1..]) {
            assert_same(found, original);
        }
        assert_eq!(resumed.current().number(), log.current().number());
        assert_eq!(resumed.names(), log.names());
        assert_eq!((resumed.keys(), resumed.created()), (log.keys(), log.created()));
        assert_eq!(resumed.deactivated(), log.deactivated());
        assert_eq!(reread(&resumed.checkpoint()), reread(&log.checkpoint()));
    }
}

fn reread(checkpoint: &Checkpoint) -> Checkpoint {
    Checkpoint::parse(on_a_line(&checkpoint.to_json()).as_bytes()).expect("what is written reads back")
}

/// Histories in plain form and as they are published, a checkpoint, and changes.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    let published = |text: &str| {
        let history = assemble(text).expect("it is in plain form");
        format!("{}{}", history.log, history.witnesses.unwrap_or_default()).into_bytes()
    };
    let ended = assemble(ENDED).expect("it is in plain form");
    let log = ended.verify(&ended.did().expect("it begins with a DID")).expect("it holds");
    assert!(log.deactivated().is_some(), "it does not end");
    let checkpoint = on_a_line(&history::VERIFIED.2.checkpoint().to_json());
    vec![
        ("full-plain", FULL.as_bytes().to_vec()),
        ("full", published(FULL)),
        ("ended-plain", ENDED.as_bytes().to_vec()),
        ("ended", published(ENDED)),
        ("checkpoint", checkpoint.into_bytes()),
        ("changed", vec![0, 40, b'x', 3, 9, b'"']),
        ("cut-off", vec![0xff, 0xff, 0]),
        ("nothing-changed", vec![0xff; 1]),
    ]
}
