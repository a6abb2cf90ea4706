//! did:webvh logs among the materials.

use std::collections::HashMap;

use super::{Material, MaterialError};
use crate::did::method::webvh::{Log, WebvhError, WitnessError};
use crate::did::{Did, Document};
use crate::time::Timestamp;

/// A log, its every entry verified. It proves itself, whoever handed it over.
#[derive(Clone)]
pub(crate) struct KeptLog {
    pub(crate) log: Log,
    pub(crate) obtained: Timestamp,
    /// Whether another log of the same DID is at hand that tells another history.
    pub(crate) is_forked: bool,
}

impl KeptLog {
    /// When its owner deactivated the DID. Entries after `until` are not looked at.
    pub(crate) fn deactivated(&self, until: Option<Timestamp>) -> Option<Timestamp> {
        self.log.deactivated().filter(|time| until.is_none_or(|until| *time <= until))
    }

    /// The newest document, up to that moment if there is one; of a deactivated DID the last one before that. `None` where
    /// the log begins later.
    pub(crate) fn document(&self, until: Option<Timestamp>) -> Option<&Document> {
        let versions = self.log.versions();
        let count = match until {
            Some(until) => versions.partition_point(|version| version.time() <= until),
            None => versions.len(),
        };
        let last = versions.get(count.checked_sub(1)?)?;
        let before = count.checked_sub(2).and_then(|before| versions.get(before));
        Some(if last.parameters().deactivated() { before.unwrap_or(last) } else { last }.document())
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
    waiting: HashMap<String, Material>,
}

impl Logs {
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    pub(super) fn get(&self, did: &str) -> Option<&KeptLog> {
        self.kept.get(did)
    }

    /// Whether there is a log of that DID that waits for its witnesses' proofs.
    pub(super) fn is_waiting(&self, did: &str) -> bool {
        self.waiting.contains_key(did)
    }

    /// Verifies a log and keeps it. One that needs witnesses waits for their proofs.
    pub(super) fn add(&mut self, did: &str, material: &Material) -> Result<(), MaterialError> {
        match self.verify(did, material) {
            // Proofs that are at hand may be older than the log.
            Err(WebvhError::Witness(WitnessError::Missing | WitnessError::TooFew { .. })) => {
                self.waiting.insert(did.to_owned(), material.clone());
                Ok(())
            }
            verified => {
                self.keep(did, verified?, material.obtained);
                Ok(())
            }
        }
    }

    /// Keeps the proofs of a log's witnesses, and verifies the log that waits for them.
    pub(super) fn add_witnesses(&mut self, did: &str, material: &Material) -> Result<(), MaterialError> {
        self.witnesses.insert(did.to_owned(), material.bytes.clone());
        let Some(waiting) = self.waiting.get(did) else { return Ok(()) };
        let obtained = waiting.obtained;
        let log = self.verify(did, waiting)?;
        self.waiting.remove(did);
        self.keep(did, log, obtained);
        Ok(())
    }

    fn verify(&self, did: &str, material: &Material) -> Result<Log, WebvhError> {
        let witnesses = self.witnesses.get(did).map(Vec::as_slice);
        let parsed = Did::parse(did).map_err(|_| WebvhError::AnotherName)?;
        // No entry may be newer than the moment at which the log was obtained.
        Log::verify(&parsed, &material.bytes, witnesses, material.obtained)
    }

    /// The longer of two logs of one DID stays: the shorter one is its beginning, or they are a fork.
    fn keep(&mut self, did: &str, log: Log, obtained: Timestamp) {
        let new = KeptLog { log, obtained, is_forked: false };
        let Some(known) = self.kept.get_mut(did) else { return drop(self.kept.insert(did.to_owned(), new)) };
        let length = |kept: &KeptLog| kept.log.current().number();
        let (longer, shorter) = if length(&new) > length(known) { (&new, &*known) } else { (&*known, &new) };
        let last = shorter.log.current();
        let is_forked = known.is_forked || longer.log.extends(last.number(), last.id()).is_err();
        let is_newer = length(&new) > length(known) || length(&new) == length(known) && new.obtained > known.obtained;
        if is_newer {
            *known = new;
        }
        known.is_forked = is_forked;
    }
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
        assert_eq!(materials.missing_of_log(did.as_str()), log.resource);
        materials.add(&log).unwrap();
        assert!(materials.log(did.as_str()).is_none());
        assert_eq!(materials.missing_of_log(did.as_str()), proofs.resource);
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
}
