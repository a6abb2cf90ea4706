//! did:webvh logs among the materials.

use std::collections::HashMap;

use super::{Material, MaterialError, Source};
use crate::did::method::webvh::{Checkpoint, Log, Rollback, WebvhError, WitnessError};
use crate::did::{Did, Document};
use crate::limits;
use crate::time::Timestamp;

/// A log, its every entry verified. It proves itself, whoever handed it over; from a checkpoint on, it is as good as
/// whoever made that.
#[derive(Clone)]
pub(crate) struct KeptLog {
    pub(crate) log: Log,
    pub(crate) obtained: Timestamp,
    /// Whose word its beginning is.
    pub(crate) checkpoint: Option<Source>,
    /// Whether another log of the same DID is at hand that tells another history.
    pub(crate) is_forked: bool,
}

impl KeptLog {
    /// When its owner deactivated the DID. Entries after `until` are not looked at.
    pub(crate) fn deactivated(&self, until: Option<Timestamp>) -> Option<Timestamp> {
        self.log.deactivated().filter(|time| until.is_none_or(|until| *time <= until))
    }

    /// The newest document, up to that moment if there is one; of a deactivated DID the last one before that. `None` where
    /// the log begins later, or with a checkpoint of a DID that had ended.
    pub(crate) fn document(&self, until: Option<Timestamp>) -> Option<&Document> {
        let versions = self.log.versions();
        let count = match until {
            Some(until) => versions.partition_point(|version| version.time() <= until),
            None => versions.len(),
        };
        let last = versions.get(count.checked_sub(1)?)?;
        let before = count.checked_sub(2).and_then(|before| versions.get(before));
        let version = match before {
            _ if !last.parameters().deactivated() => last,
            Some(before) => before,
            None if self.log.is_complete() => last,
            None => return None,
        };
        Some(version.document())
    }

    /// Whether it and another log of the DID tell two histories, as far as they can be compared.
    pub(crate) fn contradicts(&self, other: &Self) -> bool {
        let (longer, shorter) = if self.number() < other.number() { (other, self) } else { (self, other) };
        let last = shorter.log.current();
        matches!(longer.log.extends(last.number(), last.id()), Err(Rollback::Forked { .. }))
    }

    /// The number of its newest entry.
    pub(crate) fn number(&self) -> u32 {
        self.log.current().number()
    }

    /// When the newest entry was signed.
    pub(crate) fn signed_at(&self) -> Timestamp {
        self.log.current().time()
    }
}

/// Logs by DID, and what is needed to verify them.
#[derive(Clone, Default)]
pub(super) struct Logs {
    kept: HashMap<String, KeptLog>,
    witnesses: HashMap<String, Vec<u8>>,
    /// Logs that need witnesses' proofs which are not at hand.
    waiting: HashMap<String, Vec<Material>>,
    /// Logs that begin with a checkpoint: of each party that made one, and of the host itself, the longest.
    resumed: HashMap<String, Vec<KeptLog>>,
    /// Those that need witnesses' proofs which are not at hand.
    resumed_waiting: HashMap<String, Vec<Material>>,
}

impl Logs {
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    pub(super) fn get(&self, did: &str) -> Option<&KeptLog> {
        self.kept.get(did)
    }

    pub(super) fn resumed(&self, did: &str) -> &[KeptLog] {
        self.resumed.get(did).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a log of that DID that waits for its witnesses' proofs.
    pub(super) fn is_waiting(&self, did: &str, counts: impl Fn(&Source) -> bool) -> bool {
        let resumed = self.resumed_waiting.get(did).into_iter().flatten();
        self.waiting.contains_key(did) || resumed.map(|material| &material.source).any(counts)
    }

    /// Verifies a log and keeps it. One that needs witnesses waits for their proofs.
    pub(super) fn add(&mut self, did: &str, material: &Material) -> Result<(), MaterialError> {
        if let Some((checkpoint, tail)) = Checkpoint::split(&material.bytes)? {
            return self.add_resumed(did, material, &checkpoint, tail);
        }
        match self.verify(did, material) {
            // Proofs that are at hand may be older than the log.
            Err(WebvhError::Witness(WitnessError::Missing | WitnessError::TooFew { .. })) => {
                self.wait(did, material);
                Ok(())
            }
            verified => {
                self.keep(did, verified?, material.obtained);
                Ok(())
            }
        }
    }

    /// Keeps the proofs of a log's witnesses, and verifies the logs that wait for them.
    pub(super) fn add_witnesses(&mut self, did: &str, material: &Material) -> Result<(), MaterialError> {
        self.witnesses.insert(did.to_owned(), material.bytes.clone());
        for waiting in self.resumed_waiting.remove(did).unwrap_or_default() {
            // Somebody's word that does not hold is not at hand, and nothing rests on it.
            let _ = self.add(did, &waiting);
        }
        let (mut has_held, mut refused) = (false, Ok(()));
        for waiting in self.waiting.remove(did).unwrap_or_default() {
            match self.verify(did, &waiting) {
                Ok(log) => {
                    self.keep(did, log, waiting.obtained);
                    has_held = true;
                }
                Err(error) => {
                    refused = Err(error.into());
                    self.wait(did, &waiting);
                }
            }
        }
        if has_held { Ok(()) } else { refused }
    }

    /// Keeps a log that waits, beside others: one that was cut off, or that no witness will ever agree to, takes no
    /// other's place. What the host has of itself goes before what somebody handed over.
    fn wait(&mut self, did: &str, material: &Material) {
        let is_own = |material: &Material| !matches!(material.source, Source::Asserted { .. });
        let waiting = self.waiting.entry(did.to_owned()).or_default();
        match waiting.iter_mut().find(|other| other.bytes == material.bytes) {
            Some(same) => {
                same.obtained = same.obtained.max(material.obtained);
                if is_own(material) {
                    same.source = material.source.clone();
                }
            }
            None => push_bounded(waiting, material.clone(), limits::WAITING_LOGS, is_own),
        }
    }

    fn verify(&self, did: &str, material: &Material) -> Result<Log, WebvhError> {
        // No entry may be newer than the moment at which the log was obtained.
        Log::verify(&parsed(did)?, &material.bytes, self.witnesses_of(did), material.obtained)
    }

    fn witnesses_of(&self, did: &str) -> Option<&[u8]> {
        self.witnesses.get(did).map(Vec::as_slice)
    }

    /// Verifies what follows a checkpoint. Whether the checkpoint counts is asked when the log is used.
    fn add_resumed(
        &mut self,
        did: &str,
        material: &Material,
        checkpoint: &Checkpoint,
        tail: &[u8],
    ) -> Result<(), MaterialError> {
        if material.source == Source::Fetched {
            return Err(MaterialError::CheckpointOfNobody);
        }
        let resumed = Log::resume(&parsed(did)?, checkpoint, tail, self.witnesses_of(did), material.obtained);
        match resumed {
            Err(WebvhError::Witness(WitnessError::Missing | WitnessError::TooFew { .. })) => {
                let waiting = self.resumed_waiting.entry(did.to_owned()).or_default();
                push_bounded(waiting, material.clone(), limits::CHECKPOINTS, |material| material.source == Source::Own);
            }
            resumed => {
                let (log, obtained, checkpoint) = (resumed?, material.obtained, Some(material.source.clone()));
                self.keep_resumed(did, KeptLog { log, obtained, checkpoint, is_forked: false });
            }
        }
        Ok(())
    }

    /// Of the logs by one party's word the longest stays.
    fn keep_resumed(&mut self, did: &str, new: KeptLog) {
        let resumed = self.resumed.entry(did.to_owned()).or_default();
        if let Some(known) = resumed.iter_mut().find(|known| known.checkpoint == new.checkpoint) {
            return keep_longer(known, new);
        }
        push_bounded(resumed, new, limits::CHECKPOINTS, |kept| kept.checkpoint == Some(Source::Own));
    }

    fn keep(&mut self, did: &str, log: Log, obtained: Timestamp) {
        let new = KeptLog { log, obtained, checkpoint: None, is_forked: false };
        match self.kept.get_mut(did) {
            Some(known) => keep_longer(known, new),
            None => drop(self.kept.insert(did.to_owned(), new)),
        }
    }
}

fn parsed(did: &str) -> Result<Did, WebvhError> {
    Did::parse(did).map_err(|_| WebvhError::AnotherName)
}

/// Keeps a few: the host's own before somebody's word, and of that what came first.
fn push_bounded<T>(kept: &mut Vec<T>, new: T, limit: usize, is_own: impl Fn(&T) -> bool) {
    if kept.len() >= limit {
        match kept.iter().position(|item| !is_own(item)).filter(|_| is_own(&new)) {
            Some(position) => drop(kept.remove(position)),
            None => return,
        }
    }
    kept.push(new);
}

/// The longer of two logs of one DID stays: the shorter one is its beginning, or they are a fork.
fn keep_longer(known: &mut KeptLog, new: KeptLog) {
    let is_forked = known.is_forked || known.contradicts(&new);
    let is_newer = new.number() > known.number() || new.number() == known.number() && new.obtained > known.obtained;
    if is_newer {
        *known = new;
    }
    known.is_forked = is_forked;
}

#[cfg(test)]
mod tests {
    use super::super::{Materials, Resource, Source};
    use super::*;
    use crate::did::method::webvh::{Change, Files, create, document_of, placeholder_did, update, witness};
    use crate::error::Explain;
    use crate::keys::{KeyType, Signer, SoftwareKey};

    const HOST: &str = "ngo.example";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn key() -> SoftwareKey {
        SoftwareKey::generate(KeyType::Ed25519).unwrap()
    }

    fn material(resource: Resource, text: &str) -> Material {
        let obtained = at("2026-11-20T09:00:00Z");
        Material { resource, bytes: text.into(), obtained, source: Source::Asserted { by: "a courier".to_owned() } }
    }

    /// A log of one entry, witnessed by somebody if there is one.
    fn made(keeper: &SoftwareKey, witnesses: Option<&SoftwareKey>) -> (Did, Files) {
        let document = document_of(&placeholder_did(HOST), &[("key-1", &key().public_key())]);
        let mut change = Change::new().document(document);
        if let Some(witness) = witnesses {
            change = change.witnesses(1, &[witness.public_key()]);
        }
        let now = at("2026-11-01T09:00:00Z");
        let pending = create(HOST, &change, keeper, now).unwrap();
        let did = pending.did().clone();
        let proofs: Vec<_> =
            witnesses.map(|signer| witness(&did, None, pending.entry(), signer, now).unwrap()).into_iter().collect();
        (did, pending.finish(&proofs).unwrap())
    }

    fn next(did: &Did, files: &Files, keeper: &SoftwareKey, second: u8) -> Files {
        let change = Change::new().document(document_of(did.as_str(), &[("key-2", &key().public_key())]));
        update(did, files, &change, keeper, at(&format!("2026-11-10T09:00:0{second}Z"))).unwrap().finish(&[]).unwrap()
    }

    #[test]
    fn the_longest_of_several_logs_counts_and_a_fork_is_noticed() {
        let keeper = key();
        let (did, first) = made(&keeper, None);
        let (second, other) = (next(&did, &first, &keeper, 1), next(&did, &first, &keeper, 2));
        let third = next(&did, &second, &keeper, 3);
        let kept = |logs: &[&Files]| {
            let mut materials = Materials::none();
            for files in logs {
                materials.add(&material(Resource::Log(did.to_string()), &files.log)).unwrap();
            }
            let kept = materials.log(did.as_str()).unwrap();
            (kept.log.current().number(), kept.is_forked)
        };
        assert_eq!(kept(&[&first, &third, &second]), (3, false));
        assert_eq!(kept(&[&third, &first]), (3, false));
        assert_eq!(kept(&[&second, &other]), (2, true));
        assert_eq!(kept(&[&other, &third]), (3, true));
        assert_eq!(kept(&[&other, &second, &third, &first]), (3, true), "a fork that was seen stays one");
    }

    #[test]
    fn a_log_waits_for_its_witnesses_whichever_comes_first() {
        let (keeper, somebody) = (key(), key());
        let (did, files) = made(&keeper, Some(&somebody));
        let log = material(Resource::Log(did.to_string()), &files.log);
        let proofs = material(Resource::LogWitnesses(did.to_string()), files.witnesses.as_deref().unwrap());
        let mut materials = Materials::none();
        assert_eq!(materials.missing_of_log(did.as_str(), |_| false), log.resource);
        materials.add(&log).unwrap();
        assert!(materials.log(did.as_str()).is_none());
        assert_eq!(materials.missing_of_log(did.as_str(), |_| false), proofs.resource);
        let none = material(proofs.resource.clone(), "[]");
        assert_eq!(materials.add(&none).unwrap_err().code(), "webvh.witness-too-few");
        assert!(materials.log(did.as_str()).is_none());
        materials.add(&proofs).unwrap();
        assert!(materials.log(did.as_str()).is_some());

        let mut materials = Materials::none();
        materials.add(&proofs).unwrap();
        materials.add(&log).unwrap();
        assert!(materials.log(did.as_str()).is_some());
    }

    #[test]
    fn no_log_that_waits_takes_the_place_of_another() {
        let (keeper, somebody) = (key(), key());
        let (did, first) = made(&keeper, Some(&somebody));
        let now = at("2026-11-10T09:00:00Z");
        let change = Change::new().document(document_of(did.as_str(), &[("key-2", &key().public_key())]));
        let pending = update(&did, &first, &change, &keeper, now).unwrap();
        let agreed = witness(&did, Some(&first), pending.entry(), &somebody, now).unwrap();
        // What a thief of the update key wrote, to which no witness agrees.
        let change = Change::new().document(document_of(did.as_str(), &[("key-3", &key().public_key())]));
        let stolen = update(&did, &first, &change, &keeper, now).unwrap();
        let forked = format!("{}{}\n", first.log, stolen.entry());
        let second = pending.finish(&[agreed]).unwrap();
        let log = |text: &str| material(Resource::Log(did.to_string()), text);
        let proofs = material(Resource::LogWitnesses(did.to_string()), second.witnesses.as_deref().unwrap());
        let kept = |logs: &[&str]| {
            let mut materials = Materials::none();
            for text in logs {
                materials.add(&log(text)).unwrap();
            }
            materials.add(&proofs).unwrap();
            let kept = materials.log(did.as_str()).unwrap();
            (kept.number(), kept.log.current().id() == second.verify(&did, now).unwrap().current().id())
        };
        assert_eq!(kept(&[&second.log]), (2, true));
        assert_eq!(kept(&[&second.log, &first.log]), (2, true), "one that was cut off");
        assert_eq!(kept(&[&first.log, &second.log]), (2, true));
        assert_eq!(kept(&[&second.log, &forked]), (2, true), "one that waits for ever");
        assert_eq!(kept(&[&forked, &second.log]), (2, true));
        // However many of them a stranger hands over, the one that the host fetched finds its place.
        let mut materials = Materials::none();
        for second in 0..limits::WAITING_LOGS * 2 {
            let now = at(&format!("2026-11-10T09:00:{second:02}Z"));
            let stolen = update(&did, &first, &change, &keeper, now).unwrap();
            materials.add(&log(&format!("{}{}\n", first.log, stolen.entry()))).unwrap();
        }
        materials.add(&Material { source: Source::Fetched, ..log(&second.log) }).unwrap();
        materials.add(&proofs).unwrap();
        assert_eq!(materials.log(did.as_str()).unwrap().number(), 2);
    }

    #[test]
    fn a_log_that_does_not_hold_or_is_anothers_is_refused() {
        let keeper = key();
        let (did, files) = made(&keeper, None);
        let (other, _) = made(&keeper, None);
        let code = |did: &Did, text: &str| {
            let outcome = Materials::none().add(&material(Resource::Log(did.to_string()), text));
            outcome.map_or_else(|error| error.code(), |()| "read")
        };
        assert_eq!(code(&did, &files.log), "read");
        assert_eq!(code(&other, &files.log), "webvh.another-scid");
        assert_eq!(code(&did, &files.log.replace("key-1", "key-9")), "webvh.scid");
        assert_eq!(code(&did, ""), "webvh.empty");
        let mut early = material(Resource::Log(did.to_string()), &files.log);
        early.obtained = at("2026-10-31T09:00:00Z");
        assert_eq!(Materials::none().add(&early).unwrap_err().code(), "webvh.future");
    }

    /// The log from a checkpoint on, after so many entries.
    fn compact(did: &Did, files: &Files, entries: usize) -> String {
        let end = files.log.split_inclusive('\n').take(entries).map(str::len).sum();
        let (beginning, rest) = files.log.split_at(end);
        let log = Log::verify(did, beginning.as_bytes(), None, at("2026-11-20T09:00:00Z")).unwrap();
        format!("{}{rest}", log.checkpoint().to_line())
    }

    fn from(source: Source, did: &Did, text: &str) -> Material {
        Material { source, ..material(Resource::Log(did.to_string()), text) }
    }

    #[test]
    fn a_checkpoint_is_kept_with_its_maker_and_the_longest_of_each_stays() {
        let keeper = key();
        let (did, first) = made(&keeper, None);
        let second = next(&did, &first, &keeper, 1);
        let third = next(&did, &second, &keeper, 3);
        let mut materials = Materials::none();
        let mut add = |source: &Source, files: &Files, entries| {
            materials.add(&from(source.clone(), &did, &compact(&did, files, entries))).unwrap();
        };
        let library = Source::Asserted { by: "did:web:library.example".to_owned() };
        add(&library, &second, 1);
        add(&Source::Own, &third, 2);
        add(&Source::Own, &second, 2);
        add(&library, &second, 2);
        let kept: Vec<_> = materials
            .resumed_logs(did.as_str())
            .iter()
            .map(|kept| (kept.checkpoint.clone().unwrap(), kept.number(), kept.is_forked))
            .collect();
        assert_eq!(kept, [(library, 2, false), (Source::Own, 3, false)]);
        assert!(materials.log(did.as_str()).is_none(), "they do not prove themselves");
    }

    #[test]
    fn strangers_cannot_crowd_the_hosts_own_checkpoint_out() {
        let keeper = key();
        let (did, first) = made(&keeper, None);
        let text = compact(&did, &first, 1);
        let mut materials = Materials::none();
        for number in 0..limits::CHECKPOINTS * 3 {
            let by = format!("did:web:stranger-{number}.example");
            materials.add(&from(Source::Asserted { by }, &did, &text)).unwrap();
        }
        assert_eq!(materials.resumed_logs(did.as_str()).len(), limits::CHECKPOINTS);
        materials.add(&from(Source::Own, &did, &text)).unwrap();
        let kept = materials.resumed_logs(did.as_str());
        assert_eq!(kept.len(), limits::CHECKPOINTS);
        assert!(kept.iter().any(|kept| kept.checkpoint == Some(Source::Own)));
    }

    #[test]
    fn what_does_not_follow_a_checkpoint_is_refused() {
        let keeper = key();
        let (did, first) = made(&keeper, None);
        let (other, others) = made(&keeper, None);
        let (second, fork) = (next(&did, &first, &keeper, 1), next(&did, &first, &keeper, 2));
        let third = next(&did, &second, &keeper, 3);
        let code = |source: Source, did: &Did, text: &str| {
            Materials::none().add(&from(source, did, text)).map_or_else(|error| error.code(), |()| "read")
        };
        let own = |text: &str| code(Source::Own, &did, text);
        let line = |files: &Files, count| compact(&did, files, count).lines().next().unwrap().to_owned();
        let entry = |files: &Files, number: usize| files.log.lines().nth(number - 1).unwrap().to_owned();
        let after_second = line(&second, 2);
        assert_eq!(own(&after_second), "read");
        assert_eq!(own(&format!("{after_second}\n{}\n", entry(&third, 3))), "read");
        // Handed out by the DID's own server, it would be the word of whoever has that.
        assert_eq!(code(Source::Fetched, &did, &after_second), "material.checkpoint-of-nobody");
        assert_eq!(code(Source::Own, &other, &after_second), "webvh.another-scid");
        let other_name = Did::parse(&did.as_str().replace(HOST, "thief.example")).unwrap();
        assert_eq!(code(Source::Own, &other_name, &after_second), "webvh.another-name");
        for (tail, expected) in [
            (entry(&second, 2), "webvh.version-number"),
            (first.log.clone(), "webvh.scid-again"),
            (entry(&others, 1), "webvh.scid-again"),
            (format!("{}\n\n", entry(&third, 3)), "webvh.blank-line"),
            (entry(&third, 3).replace("key-2", "key-9"), "webvh.entry-hash"),
        ] {
            assert_eq!(own(&format!("{after_second}\n{tail}")), expected, "{tail}");
        }
        // A tail of the other branch, and one of a checkpoint whose hash was changed.
        let of_fork = line(&fork, 2);
        assert_eq!(own(&format!("{of_fork}\n{}", entry(&third, 3))), "webvh.entry-hash");
        let forged = after_second.replace("\"2-Qm", "\"2-Qn");
        assert_ne!(forged, after_second);
        assert_eq!(own(&format!("{forged}\n{}", entry(&third, 3))), "webvh.entry-hash");
        assert_eq!(own(&after_second.replace("\"scid\"", "\"skid\"")), "webvh.checkpoint-member");
        assert_eq!(own(&format!("{after_second}}}")), "json.syntax");
        let padded = after_second.replace('}', &format!("{}}}", " ".repeat(limits::CHECKPOINT_BYTES)));
        assert_eq!(own(&padded), "webvh.checkpoint-too-large");
        let mut early = from(Source::Own, &did, &after_second);
        early.obtained = at("2026-11-05T09:00:00Z");
        assert_eq!(Materials::none().add(&early).unwrap_err().code(), "webvh.future");
    }

    #[test]
    fn what_follows_a_checkpoint_waits_for_its_witnesses() {
        let (keeper, somebody) = (key(), key());
        let (did, files) = made(&keeper, Some(&somebody));
        let log = files.verify(&did, at("2026-11-20T09:00:00Z")).unwrap();
        let change = Change::new().document(document_of(did.as_str(), &[("key-2", &key().public_key())]));
        let now = at("2026-11-10T09:00:00Z");
        let pending = update(&did, &files, &change, &keeper, now).unwrap();
        let proof = witness(&did, Some(&files), pending.entry(), &somebody, now).unwrap();
        let longer = pending.finish(&[proof]).unwrap();
        let text = format!("{}{}", log.checkpoint().to_line(), &longer.log[files.log.len()..]);
        let proofs = material(Resource::LogWitnesses(did.to_string()), longer.witnesses.as_deref().unwrap());

        let mut materials = Materials::none();
        let missing = |materials: &Materials, counts: bool| materials.missing_of_log(did.as_str(), |_| counts);
        materials.add(&from(Source::Own, &did, &text)).unwrap();
        assert!(materials.resumed_logs(did.as_str()).is_empty());
        assert_eq!(missing(&materials, true), proofs.resource);
        assert_eq!(missing(&materials, false), Resource::Log(did.to_string()), "what does not count is not waited for");
        materials.add(&material(proofs.resource.clone(), "[]")).unwrap();
        assert!(materials.resumed_logs(did.as_str()).is_empty());
        materials.add(&proofs).unwrap();
        assert_eq!(materials.resumed_logs(did.as_str())[0].number(), 2);
    }
}
