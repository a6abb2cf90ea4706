//! The log: every entry checked, in order (did:webvh 1.0, "Read (Resolve)").

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::entry::{Entry, encode_hash};
use super::error::{EntryError, WebvhError};
use super::history::{KeyHistory, KeyPeriod, Mark, reference};
use super::identifier::Identifier;
use super::parameters::{self, Parameters};
use super::witness::{self, Required};
use crate::did::{Did, Document};
use crate::encoding::json::{Map, Value};
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// How far a log may be ahead of the clock, in seconds: "Resolvers SHOULD use a tolerance of no more than 5 minutes."
const TOLERANCE: i64 = 5 * 60;

/// One version of a DID.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub(super) number: u32,
    pub(super) id: String,
    pub(super) time: Timestamp,
    pub(super) document: Arc<Document>,
    pub(super) parameters: Parameters,
    /// Bytes of the log up to the end of its entry.
    pub(super) end: usize,
}

impl Version {
    /// Its number, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its `versionId`: the number, a dash and the hash of its entry.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its `versionTime`, as the DID's owner states it.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Its number and its time.
    pub fn mark(&self) -> Mark {
        Mark { number: self.number, time: self.time }
    }

    /// The DID document of this version, even if the DID is deactivated with it.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What its entry and those before it have set.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}

/// Which version of a DID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select<'a> {
    /// The one of that `versionId`.
    Id(&'a str),
    /// The one of that number, from 1 (`versionNumber`).
    Number(u32),
    /// The newest one at that moment (`versionTime`).
    Time(Timestamp),
}

/// Why a log is not the one that was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rollback {
    /// A longer one was seen.
    #[error("a log of {seen} entries was seen before, and this one has {found}")]
    Truncated {
        /// Entries of the one that was seen.
        seen: u32,
        /// Entries of this one.
        found: u32,
    },
    /// Another entry was seen in the same place.
    #[error("entry {number} of the log is another one than was seen before")]
    Forked {
        /// The place.
        number: u32,
    },
    /// This log begins, by a checkpoint, after the entry that was seen: whether it holds that one cannot be told.
    #[error("the log is known from entry {oldest} on, and entry {number} was seen before")]
    Unknown {
        /// The entry that was seen.
        number: u32,
        /// The first entry that is known.
        oldest: u32,
    },
}

impl Explain for Rollback {
    fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "webvh.truncated",
            Self::Forked { .. } => "webvh.forked",
            Self::Unknown { .. } => "webvh.seen-unknown",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "Load the log again: an old copy was served, or somebody holds entries back.",
            Self::Forked { .. } => "Do not rely on the DID: its history was rewritten. Ask its owner in person.",
            Self::Unknown { .. } => "Load the whole log.",
        }
    }
}

/// A log whose every entry and every witness was checked.
#[derive(Debug, Clone)]
pub struct Log {
    pub(super) identifier: Identifier,
    /// Every DID that it has been, by when it was so first.
    pub(super) names: Vec<String>,
    pub(super) created: Timestamp,
    /// Oldest first, never empty; from a checkpoint on, if there was one.
    pub(super) versions: Vec<Version>,
    pub(super) history: KeyHistory,
}

impl Log {
    /// Checks a log (`did.jsonl`) and, if it has witnesses, their proofs (`did-witness.json`).
    ///
    /// `at` is now: no entry may lie more than 5 minutes ahead of it. Whoever judges the past gives the moment at which
    /// the log was obtained, and then takes [`as_of`](Self::as_of).
    ///
    /// The lines are those of JSON Lines: the last one may lack its line feed, a carriage return before it is white
    /// space, and an empty line is an error. Entries are checked one after the other in time that grows with the log's
    /// length; one that fails makes the whole log fail.
    ///
    /// # Errors
    /// [`WebvhError`].
    pub fn verify(did: &Did, log: &[u8], witnesses: Option<&[u8]>, at: Timestamp) -> Result<Self, WebvhError> {
        Reader::new(Identifier::parse(did)?, at).read(log, witnesses)
    }

    /// The DID that was asked for, taken apart.
    pub fn identifier(&self) -> &Identifier {
        &self.identifier
    }

    /// The hash of the first entry, which stays for the DID's whole life.
    pub fn scid(&self) -> &str {
        self.identifier.scid()
    }

    /// The DID today; not the one that was asked for if it has moved since.
    pub fn did(&self) -> &str {
        self.current().document.id()
    }

    /// Every DID that this log has been, by when it was so first. Places where it was before say nothing of who its owner is.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The versions, oldest first; never empty. After [`resume`](Self::resume) from the checkpoint's on.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Whether [`versions`](Self::versions) begin with the first.
    pub fn is_complete(&self) -> bool {
        self.oldest().number == 1
    }

    fn oldest(&self) -> &Version {
        // A log is made with one version at least, and none is ever taken out.
        &self.versions[0]
    }

    /// The newest version.
    pub fn current(&self) -> &Version {
        &self.versions[self.versions.len() - 1]
    }

    /// The newest document; `None` if the DID is deactivated: then "a resolver MUST NOT return the DIDDoc".
    pub fn document(&self) -> Option<&Document> {
        self.deactivated().is_none().then(|| self.current().document())
    }

    /// The time of the first entry.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// When the DID was deactivated, if it was.
    pub fn deactivated(&self) -> Option<Timestamp> {
        let current = self.current();
        current.parameters.deactivated.then_some(current.time)
    }

    /// Whether the DID may still move.
    pub fn portable(&self) -> bool {
        self.current().parameters.portable
    }

    /// Seconds for which its owner lets a resolved DID be kept; 0 for not at all.
    pub fn ttl(&self) -> u32 {
        self.current().parameters.ttl
    }

    /// Keys that may sign the next entry. While the next keys are committed to in advance these are not they.
    pub fn update_keys(&self) -> &[String] {
        self.current().parameters.update_keys()
    }

    /// Addresses of those who keep copies of the log.
    pub fn watchers(&self) -> &[String] {
        self.current().parameters.watchers()
    }

    /// One version, among [`versions`](Self::versions).
    pub fn version(&self, select: Select<'_>) -> Option<&Version> {
        match select {
            Select::Id(id) => self.versions.get(self.index_of(number_in(id)?)?).filter(|version| version.id == id),
            Select::Number(number) => self.versions.get(self.index_of(number)?),
            Select::Time(time) => {
                let count = self.versions.partition_point(|version| version.time <= time);
                self.versions.get(count.checked_sub(1)?)
            }
        }
    }

    /// The number of the version with that `versionId`, if it is one of them.
    pub(super) fn number_of(&self, id: &str) -> Option<u32> {
        self.version(Select::Id(id)).map(Version::number)
    }

    fn index_of(&self, number: u32) -> Option<usize> {
        number.checked_sub(self.oldest().number).and_then(|index| usize::try_from(index).ok())
    }

    /// The log as it stood at that moment, by its owner's own times; `None` if what stood then is not known here.
    pub fn as_of(&self, moment: Timestamp) -> Option<Self> {
        let count = self.versions.partition_point(|version| version.time <= moment);
        let last = self.versions.get(count.checked_sub(1)?)?;
        let reached = |mark: &Mark| mark.number <= last.number;
        let periods = self.keys().iter().filter(|period| reached(&period.from)).cloned();
        let periods = periods.map(|period| KeyPeriod { until: period.until.filter(reached), ..period }).collect();
        Some(Self {
            identifier: self.identifier.clone(),
            names: self.names.clone(),
            created: self.created,
            versions: self.versions[..count].to_vec(),
            history: KeyHistory::of(periods),
        })
    }

    /// Every key that the DID's documents have had, by when it came. Of a log that was resumed too: a checkpoint
    /// remembers them all.
    pub fn keys(&self) -> &[KeyPeriod] {
        &self.history.periods
    }

    /// What the verification method of that absolute URL has been, the newest first: the first is the current one if
    /// [`KeyPeriod::is_current`], all others were rotated out when they ended.
    ///
    /// Any DID that this log has been may stand in the URL. The same URL may have had different keys.
    pub fn method<'a>(&'a self, url: &str) -> impl Iterator<Item = &'a KeyPeriod> + use<'a> {
        let reference = self.names.iter().find_map(|name| reference(name, url)).map(str::to_owned);
        let is_it = move |period: &&KeyPeriod| reference.as_ref() == Some(&period.reference);
        self.history.periods.iter().rev().filter(is_it)
    }

    /// Whether this log goes on from what was seen before: a version's number and its `versionId`.
    ///
    /// # Errors
    /// [`Rollback`].
    pub fn extends(&self, seen_number: u32, seen_id: &str) -> Result<(), Rollback> {
        let (oldest, found) = (self.oldest().number, self.current().number);
        if seen_number > found {
            return Err(Rollback::Truncated { seen: seen_number, found });
        }
        match self.version(Select::Number(seen_number)) {
            Some(version) if version.id == seen_id => Ok(()),
            None if seen_number >= 1 => Err(Rollback::Unknown { number: seen_number, oldest }),
            _ => Err(Rollback::Forked { number: seen_number }),
        }
    }
}

fn number_in(version_id: &str) -> Option<u32> {
    version_id.split_once('-')?.0.parse().ok()
}

/// A log while it is read.
pub(super) struct Reader {
    pub(super) identifier: Identifier,
    pub(super) now: Timestamp,
    pub(super) names: Vec<String>,
    pub(super) created: Timestamp,
    pub(super) versions: Vec<Version>,
    pub(super) history: KeyHistory,
    /// For each set of witnesses, one after the other.
    pub(super) required: Vec<Required>,
}

impl Reader {
    pub(super) fn new(identifier: Identifier, now: Timestamp) -> Self {
        Self {
            identifier,
            now,
            names: Vec::new(),
            created: now,
            versions: Vec::new(),
            history: KeyHistory::default(),
            required: Vec::new(),
        }
    }

    /// Goes on after a log.
    pub(super) fn after(log: Log, now: Timestamp) -> Self {
        Self {
            names: log.names,
            created: log.created,
            versions: log.versions,
            history: log.history,
            ..Self::new(log.identifier, now)
        }
    }

    /// Checks all entries, then the witnesses.
    pub(super) fn read(self, log: &[u8], witnesses: Option<&[u8]>) -> Result<Log, WebvhError> {
        let now = self.now;
        let (log, required) = self.read_entries(log)?;
        witness::verify(&required, witnesses, |id| log.number_of(id), now)?;
        Ok(log)
    }

    /// Checks all entries, and says which of them must be witnessed, and by whom.
    pub(super) fn read_entries(mut self, log: &[u8]) -> Result<(Log, Vec<Required>), WebvhError> {
        let mut end = self.versions.last().map_or(0, |version| version.end);
        let bytes = end.saturating_add(log.len());
        if bytes > limits::LOG_BYTES {
            return Err(WebvhError::TooLarge { bytes, limit: limits::LOG_BYTES });
        }
        for line in log.split_inclusive(|byte| *byte == b'\n') {
            end += line.len();
            self.add(line.strip_suffix(b"\n").unwrap_or(line), end)?;
        }
        self.finish()
    }

    /// Checks the line that ends there.
    fn add(&mut self, line: &[u8], end: usize) -> Result<(), WebvhError> {
        let number = self.versions.last().map_or(1, |previous| previous.number + 1);
        if usize::try_from(number).is_ok_and(|number| number > limits::LOG_ENTRIES) {
            return Err(WebvhError::TooManyEntries { limit: limits::LOG_ENTRIES });
        }
        let add = |source| WebvhError::Entry { number, source };
        let entry = Entry::read(line).map_err(add)?;
        let mut stated =
            parameters::read(&entry.parameters, self.versions.last().map(Version::parameters)).map_err(add)?;
        if let Some(scid) = stated.scid.take() {
            entry.verify_scid(&scid).map_err(add)?;
            if scid != self.identifier.scid() {
                return Err(WebvhError::AnotherScid);
            }
        }
        self.check(entry, number, &stated, end).map_err(add)
    }

    /// The steps of the specification for one entry, what is cheap before what is not; the SCID was checked.
    fn check(
        &mut self,
        mut entry: Entry,
        number: u32,
        stated: &parameters::Stated,
        end: usize,
    ) -> Result<(), EntryError> {
        let previous = self.versions.last();
        // "If set to true, the DID is considered deactivated and no further updates to the DID are permitted."
        if previous.is_some_and(|previous| previous.parameters.deactivated) {
            return Err(EntryError::Deactivated);
        }
        // Step 3: "The version number MUST be 1 for the first entry and MUST equal the previous entry's version number
        // + 1 for each subsequent entry."
        if entry.number != number {
            return Err(EntryError::VersionNumber { expected: number });
        }
        let predecessor = previous.map_or(self.identifier.scid(), |previous| &previous.id);
        if entry.hash_after(predecessor) != entry.hash() {
            return Err(EntryError::EntryHash);
        }
        self.check_time(entry.time)?;
        // Step 7: "The hash of every multikey in parameters.updateKeys [..] MUST appear in the previous entry's
        // nextKeyHashes."
        let committed = previous.map_or(&[][..], |previous| previous.parameters.next_key_hashes());
        if !committed.is_empty() {
            check_commitment(committed, stated)?;
        }
        // Authorized Keys: the first entry and those under pre-rotation are signed by their own updateKeys, all others
        // by those of the entry before.
        let active = match previous {
            Some(previous) if committed.is_empty() => &previous.parameters,
            _ => &stated.parameters,
        };
        entry.verify_proofs(self.now, |multikey| active.update_key(multikey))?;
        let document = self.document(std::mem::take(&mut entry.state), stated.parameters.portable)?;
        if self.versions.is_empty() {
            self.created = entry.time;
        }
        // "If the witness property is updated from {}, the change is immediately active", and a list that is replaced
        // still witnesses the entry which replaces it.
        let standing = self.versions.last().and_then(|previous| previous.parameters.witness.as_ref());
        if let Some(witnesses) = standing.or(stated.parameters.witness.as_ref()) {
            match self.required.last_mut() {
                Some(last) if Arc::ptr_eq(&last.witnesses, witnesses) => last.number = number,
                _ => self.required.push(Required { number, witnesses: Arc::clone(witnesses) }),
            }
        }
        let parameters = stated.parameters.clone();
        let version = Version { number, id: entry.version_id, time: entry.time, document, parameters, end };
        if version.parameters.deactivated {
            self.history.end(version.mark());
        } else {
            self.history.add(&version.document, version.mark());
        }
        self.versions.push(version);
        Ok(())
    }

    /// Step 4: "The versionTime of every entry MUST be strictly greater than the immediately preceding entry's" and
    /// "MUST NOT be more than a small, implementation-defined tolerance in the future".
    pub(super) fn check_time(&self, found: Timestamp) -> Result<(), EntryError> {
        if let Some(previous) = self.versions.last().map(|previous| previous.time)
            && found <= previous
        {
            return Err(EntryError::NotLater { previous, found });
        }
        if found > self.now.plus_seconds(TOLERANCE) {
            return Err(EntryError::Future { found, now: self.now });
        }
        Ok(())
    }

    /// Step 6: the document, whose id has the SCID, and is the one before it unless the DID moved.
    fn document(&mut self, state: Map, portable: bool) -> Result<Arc<Document>, EntryError> {
        let previous = self.versions.last().map(|previous| &previous.document);
        if let Some(previous) = previous.filter(|previous| previous.source() == Some(&state)) {
            return Ok(Arc::clone(previous));
        }
        let document = Document::from_owned_map(state)?;
        if previous.is_some_and(|previous| previous.id() == document.id()) {
            return Ok(Arc::new(document));
        }
        let identifier = Identifier::parse(&Did::parse(document.id()).map_err(|_| EntryError::IdScid)?)?;
        // "The SCID segment of state.id MUST be byte-for-byte identical to the scid value in the DID".
        if identifier.scid() != self.identifier.scid() {
            return Err(EntryError::IdScid);
        }
        if let Some(previous) = previous {
            if !portable {
                return Err(EntryError::NotPortable);
            }
            // "The DIDDoc MUST contain the prior DID string as an alsoKnownAs entry."
            let known = document.member("alsoKnownAs").and_then(Value::as_array);
            if !known.is_some_and(|known| known.iter().any(|name| name == previous.id())) {
                return Err(EntryError::MovedSilently);
            }
        }
        if !self.names.iter().any(|name| name == document.id()) {
            if self.names.len() == limits::LOG_NAMES {
                return Err(EntryError::TooManyNames { limit: limits::LOG_NAMES });
            }
            self.names.push(document.id().to_owned());
        }
        Ok(Arc::new(document))
    }

    fn finish(self) -> Result<(Log, Vec<Required>), WebvhError> {
        if self.versions.is_empty() {
            return Err(WebvhError::Empty);
        }
        // "if it is 0, the log MUST be rejected, as no entry's state.id matches the DID being resolved."
        if !self.names.iter().any(|name| name == self.identifier.did().as_str()) {
            return Err(WebvhError::AnotherName);
        }
        let log = Log {
            identifier: self.identifier,
            names: self.names,
            created: self.created,
            versions: self.versions,
            history: self.history,
        };
        Ok((log, self.required))
    }
}

/// "While active, both nextKeyHashes AND updateKeys MUST be present as explicit properties in every subsequent log
/// entry"; and every key must be one that was committed to.
fn check_commitment(committed: &[String], stated: &parameters::Stated) -> Result<(), EntryError> {
    for (parameter, is_named) in
        [("updateKeys", stated.names_update_keys), ("nextKeyHashes", stated.names_next_key_hashes)]
    {
        if !is_named {
            return Err(EntryError::PreRotation { parameter });
        }
    }
    let is_committed = |key: &String| committed.contains(&key_hash(key));
    if stated.parameters.update_keys.iter().all(is_committed) { Ok(()) } else { Err(EntryError::NotCommitted) }
}

/// What `nextKeyHashes` holds for a key: "base58btc(multihash(multikey))".
pub(super) fn key_hash(multikey: &str) -> String {
    encode_hash(Sha256::digest(multikey).into())
}
