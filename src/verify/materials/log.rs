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
            verified => Ok(self.keep(did, verified?, material.obtained)),
        }
    }

    /// Keeps the proofs of a log's witnesses, and verifies the log that waits for them.
    pub(super) fn add_witnesses(&mut self, did: &str, material: &Material) -> Result<(), MaterialError> {
        self.witnesses.insert(did.to_owned(), material.bytes.clone());
        let Some(waiting) = self.waiting.get(did) else { return Ok(()) };
        let obtained = waiting.obtained;
        let log = self.verify(did, waiting)?;
        self.waiting.remove(did);
        Ok(self.keep(did, log, obtained))
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
