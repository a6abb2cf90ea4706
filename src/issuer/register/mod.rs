//! The issuer's register: which places of its status lists are taken, what each of them says, and which copies belong
//! to one guarantee, so that one word revokes all of them.
//!
//! Whatever is confirmed was written before. A place is taken before a credential is signed, and the copies are
//! recorded before they are handed over: after a crash there may be a place that nobody has, and never a copy that
//! nobody can revoke.

mod error;
mod list;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::copies::Record;
use super::issue::Issuer;
use super::status::StatusList;
use super::store::{Batch, Store, StoreError};
use crate::credential::model::is_absolute_url;
use crate::encoding::base64url;
use crate::encoding::json::Map;
use crate::limits;
use crate::status::{Entry, NewList, Purpose, StatusError, Statuses};
use crate::time::Timestamp;

pub use self::error::RegisterError;
pub use self::list::{Change, RegisteredList};

/// A place that was taken for one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slot {
    /// The place in the list.
    pub index: u64,
    /// What stands of it in the credential.
    pub entry: Map,
}

/// What a change by reference reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// How many copies the reference stands for.
    pub copies: usize,
    /// The URLs of the lists that say something else now, and must be published.
    pub lists: Vec<String>,
}

/// What is kept of a list's last publication.
#[derive(Serialize, Deserialize)]
struct Published {
    signed_at: Timestamp,
}

/// An issuer's register, in a [`Store`].
#[derive(Clone, Copy)]
pub struct Register<'s> {
    store: &'s dyn Store,
}

/// The version of what is written; another one is not read.
const VERSION: &[u8] = b"1";
const VERSION_KEY: &str = "version";
const LISTS: &str = "list/";
const RECORDS: &str = "reference/";
const OWN_REFERENCES: &str = "own-reference/";

/// How often a free place is drawn before the list counts as full. With nine in ten places taken, one draw in some
/// 10^11 series would find none.
const DRAWS: usize = 240;

/// How often a change is tried anew when another thread changed the same.
const ATTEMPTS: usize = 16;

const PAGE: usize = 1024;

impl<'s> Register<'s> {
    /// The register in this store; an empty store becomes an empty register.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for a store of another version; [`RegisterError::Store`].
    pub fn open(store: &'s dyn Store) -> Result<Self, RegisterError> {
        if store.get(VERSION_KEY)?.is_none() {
            let mut batch = Batch::default();
            batch.insert(VERSION_KEY.to_owned(), VERSION.to_vec());
            match store.commit(batch) {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match store.get(VERSION_KEY)?.as_deref() {
            Some(VERSION) => Ok(Self { store }),
            _ => Err(StoreError::Damaged.into()),
        }
    }

    /// Begins a list, nothing set and no place taken.
    ///
    /// # Errors
    /// [`RegisterError::Url`], [`RegisterError::ListTwice`], [`RegisterError::TooManyLists`], [`RegisterError::Status`] for
    /// a size or length that no list has.
    pub fn create_list(&self, list: StatusList) -> Result<RegisteredList, RegisterError> {
        if list.url.len() > limits::CLAIM_URI_BYTES || list.url.contains('#') || !is_absolute_url(&list.url) {
            return Err(RegisterError::Url);
        }
        Statuses::new(list.mechanism, list.size, list.entries)?;
        // What it would print must be read by others.
        Entry::read(&list.entry(0))?.ok_or(StatusError::Entry { member: "type", expected: "one that is known" })?;
        let lists = self.lists()?;
        if lists.iter().any(|other| other.list.url == list.url) {
            return Err(RegisterError::ListTwice);
        }
        if lists.len() >= limits::REGISTERED_LISTS {
            return Err(RegisterError::TooManyLists { limit: limits::REGISTERED_LISTS });
        }
        let list = RegisteredList { number: lists.last().map_or(1, |last| last.number + 1), list };
        let mut batch = Batch::default();
        batch.insert(list.key(), to_bytes(&list.list)?);
        self.store.commit(batch)?;
        Ok(list)
    }

    /// All lists, in the order in which they were created.
    ///
    /// # Errors
    /// [`RegisterError::Store`].
    pub fn lists(&self) -> Result<Vec<RegisteredList>, RegisterError> {
        let page = self.store.page(LISTS, None, limits::REGISTERED_LISTS)?;
        let list = |(key, value): (String, Vec<u8>)| {
            let number = key.strip_prefix(LISTS).and_then(|number| number.parse().ok()).ok_or(StoreError::Damaged)?;
            Ok(RegisteredList { number, list: from_bytes(&value)? })
        };
        page.into_iter().map(list).collect()
    }

    /// The list of that URL.
    ///
    /// # Errors
    /// [`RegisterError::UnknownList`], [`RegisterError::Store`].
    pub fn list(&self, url: &str) -> Result<RegisteredList, RegisterError> {
        self.lists()?.into_iter().find(|list| list.list.url == url).ok_or(RegisterError::UnknownList)
    }

    /// Takes a place for each of so many credentials, each drawn on its own from all that are free, and never given out
    /// again. Who knows one of them learns nothing of the others, nor of how many there are.
    ///
    /// # Errors
    /// [`RegisterError::Full`], [`RegisterError::NoRandomness`], [`RegisterError::Store`].
    pub fn allocate(&self, list: &RegisteredList, count: usize) -> Result<Vec<Slot>, RegisterError> {
        for _ in 0..ATTEMPTS {
            let mut batch = Batch::default();
            let mut drawn = BTreeSet::new();
            let mut slots = Vec::with_capacity(count.min(limits::COPIES));
            for _ in 0..count {
                let index = self.draw(list, &drawn)?;
                drawn.insert(index);
                batch.insert(list.slot_key(index), vec![0]);
                slots.push(Slot { index, entry: list.list.entry(index) });
            }
            match self.store.commit(batch) {
                Ok(()) => return Ok(slots),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict.into())
    }

    fn draw(&self, list: &RegisteredList, drawn: &BTreeSet<u64>) -> Result<u64, RegisterError> {
        for _ in 0..DRAWS {
            let index = random_below(list.list.entries)?;
            if !drawn.contains(&index) && self.store.get(&list.slot_key(index))?.is_none() {
                return Ok(index);
            }
        }
        Err(RegisterError::Full)
    }

    /// Remembers what was signed. Hand the copies over after this only.
    ///
    /// # Errors
    /// [`RegisterError::ReferenceTwice`], [`RegisterError::Store`].
    pub fn record(&self, record: &Record) -> Result<(), RegisterError> {
        let mut batch = Batch::default();
        batch.insert(record_key(&record.reference)?, to_bytes(record)?);
        if let Some(own) = &record.own_reference {
            batch.insert(format!("{}{}", own_reference_prefix(own), record.reference), Vec::new());
        }
        self.store.commit(batch).map_err(|error| match error {
            StoreError::Conflict => RegisterError::ReferenceTwice,
            error => error.into(),
        })
    }

    /// What belongs to a reference.
    ///
    /// # Errors
    /// [`RegisterError::UnknownReference`], [`RegisterError::Store`].
    pub fn find(&self, reference: &str) -> Result<Record, RegisterError> {
        let value = self.store.get(&record_key(reference)?)?.ok_or(RegisterError::UnknownReference)?;
        from_bytes(&value)
    }

    /// All that was issued under the issuer's own number of it, such as `2026-0412`; nothing if there is none.
    ///
    /// # Errors
    /// [`RegisterError::Store`].
    pub fn find_own(&self, own_reference: &str) -> Result<Vec<Record>, RegisterError> {
        let prefix = own_reference_prefix(own_reference);
        let mut records = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.store.page(&prefix, after.as_deref(), PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(records) };
            after = Some(last.clone());
            for (key, _) in &page {
                records.push(self.find(&key[prefix.len()..])?);
            }
        }
    }

    /// What a reference stands for: one record, or all of the issuer's own number.
    fn meant(&self, reference: &str) -> Result<Vec<Record>, RegisterError> {
        match self.find(reference) {
            Ok(record) => Ok(vec![record]),
            Err(RegisterError::UnknownReference) => {
                let records = self.find_own(reference)?;
                if records.is_empty() { Err(RegisterError::UnknownReference) } else { Ok(records) }
            }
            Err(error) => Err(error),
        }
    }

    /// All records, `limit` of them at most from the first after `after` on, in the order of their references.
    ///
    /// # Errors
    /// [`RegisterError::Store`].
    pub fn records(&self, after: Option<&str>, limit: usize) -> Result<Vec<Record>, RegisterError> {
        let after = after.map(record_key).transpose()?;
        let page = self.store.page(RECORDS, after.as_deref(), limit)?;
        page.iter().map(|(_, value)| from_bytes(value)).collect()
    }

    /// The digests of all that this verification method signed: what a compromise notice about its key accepts.
    ///
    /// # Errors
    /// [`RegisterError::Store`].
    pub fn digests(&self, signed_by: &str) -> Result<Vec<String>, RegisterError> {
        let mut digests = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.records(after.as_deref(), PAGE)?;
            let Some(last) = page.last() else { return Ok(digests) };
            after = Some(last.reference.clone());
            let of_key = page.into_iter().filter(|record| record.signed_by == signed_by);
            digests.extend(of_key.flat_map(|record| record.copies).map(|copy| copy.digest));
        }
    }

    /// Changes what one place says. Verifiers learn it when the list is published.
    ///
    /// # Errors
    /// [`RegisterError::NotAllocated`], [`RegisterError::OtherPurpose`], [`RegisterError::Revoked`],
    /// [`RegisterError::Store`].
    pub fn change(&self, list: &RegisteredList, index: u64, change: Change) -> Result<(), RegisterError> {
        self.change_all(&[(list, index)], change)
    }

    /// Changes what the places of all copies say that belong to one reference, or to the issuer's own number: all of
    /// them, or none.
    ///
    /// # Errors
    /// [`RegisterError::UnknownReference`], and those of [`change`](Self::change).
    pub fn change_reference(&self, reference: &str, change: Change) -> Result<Changed, RegisterError> {
        let records = self.meant(reference)?;
        let lists = self.lists()?;
        let mut places = Vec::new();
        for entry in records.iter().flat_map(Record::slots) {
            let entry = Entry::read(entry)?.ok_or(RegisterError::UnknownList)?;
            let list = lists.iter().find(|list| list.list.url == entry.list()).ok_or(RegisterError::UnknownList)?;
            if list.takes(change) {
                places.push((list, entry.index()));
            }
        }
        // Of each copy, or a verifier could be shown the one that was left out.
        let reached = |copy: &super::copies::RecordedCopy| {
            let mut entries = copy.status.iter().filter_map(|entry| Entry::read(entry).ok().flatten());
            entries.any(|entry| places.iter().any(|(list, at)| list.list.url == entry.list() && *at == entry.index()))
        };
        let copies: Vec<_> = records.iter().flat_map(|record| &record.copies).collect();
        if !copies.iter().copied().all(reached) {
            return Err(RegisterError::OtherPurpose { purpose: change.purpose().name() });
        }
        self.change_all(&places, change)?;
        let urls: BTreeSet<&str> = places.iter().map(|(list, _)| list.list.url.as_str()).collect();
        Ok(Changed { copies: copies.len(), lists: urls.into_iter().map(str::to_owned).collect() })
    }

    fn change_all(&self, places: &[(&RegisteredList, u64)], change: Change) -> Result<(), RegisterError> {
        for _ in 0..ATTEMPTS {
            let mut batch = Batch::default();
            for (list, index) in places {
                let key = list.slot_key(*index);
                let was = self.store.get(&key)?.ok_or(RegisterError::NotAllocated)?;
                let [status] = was[..] else { return Err(StoreError::Damaged.into()) };
                let becomes = list.after(status, change)?;
                if becomes != status {
                    batch.replace(key, was, vec![becomes]);
                }
            }
            if batch.written.is_empty() {
                return Ok(());
            }
            match self.store.commit(batch) {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// What the list says at this moment.
    ///
    /// # Errors
    /// [`RegisterError::Store`].
    pub fn statuses(&self, list: &RegisteredList) -> Result<Statuses, RegisterError> {
        let statuses = Statuses::new(list.list.mechanism, list.list.size, list.list.entries)?;
        let mut statuses = statuses.messages(&list.list.messages);
        let prefix = list.slots();
        let mut after: Option<String> = None;
        loop {
            let page = self.store.page(&prefix, after.as_deref(), PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(statuses) };
            after = Some(last.clone());
            for (key, value) in page {
                let index =
                    key.strip_prefix(&prefix).and_then(|index| index.parse().ok()).ok_or(StoreError::Damaged)?;
                let [status] = value[..] else { return Err(StoreError::Damaged.into()) };
                if status != 0 {
                    statuses.set(index, status)?;
                }
            }
        }
    }

    /// Signs the list as it is now, to be put under its URL. `expires` is when it ceases to be valid: publish the next
    /// one before. `ttl` is after how many seconds a verifier should ask for a newer one.
    ///
    /// # Errors
    /// [`RegisterError::Clock`] where it was published with a later time before; [`RegisterError::Issue`];
    /// [`RegisterError::Store`].
    pub fn publish(
        &self,
        list: &RegisteredList,
        issuer: &Issuer<'_>,
        signed_at: Timestamp,
        expires: Timestamp,
        ttl: u32,
    ) -> Result<String, RegisterError> {
        let key = list.publication_key();
        let last = self.store.get(&key)?;
        if let Some(bytes) = &last {
            let Published { signed_at: last } = from_bytes(bytes)?;
            if last > signed_at {
                return Err(RegisterError::Clock { last });
            }
        }
        let statuses = self.statuses(list)?;
        let purposes: Vec<Purpose<'_>> = list.list.purpose().into_iter().collect();
        let StatusList { url, issuer: issued_by, format, .. } = &list.list;
        let new = NewList { url, issuer: issued_by, purposes: &purposes, signed_at, expires, ttl, statuses: &statuses };
        let signed = issuer.secure_list(&new, *format)?;
        let batch =
            Batch { expected: vec![(key.clone(), last)], written: vec![(key, to_bytes(&Published { signed_at })?)] };
        self.store.commit(batch)?;
        Ok(signed)
    }
}

/// What comes before the references of all that was issued under one number of the issuer's own. Hashed, so that any
/// text is a key.
fn own_reference_prefix(own_reference: &str) -> String {
    format!("{OWN_REFERENCES}{}/", base64url::encode(Sha256::digest(own_reference)))
}

/// A reference is 128 random bits in base64url; nothing else becomes a key.
fn record_key(reference: &str) -> Result<String, RegisterError> {
    let is_plain = reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if reference.len() == 22 && is_plain {
        Ok(format!("{RECORDS}{reference}"))
    } else {
        Err(RegisterError::UnknownReference)
    }
}

fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, RegisterError> {
    serde_json::to_vec(value).map_err(|_| StoreError::Damaged.into())
}

fn from_bytes<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, RegisterError> {
    serde_json::from_slice(bytes).map_err(|_| StoreError::Damaged.into())
}

/// A number below `end`, each as likely as the others.
fn random_below(end: u64) -> Result<u64, RegisterError> {
    // The numbers that would favour the first ones are drawn anew.
    let even = u64::MAX - u64::MAX % end.max(1);
    loop {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|_| RegisterError::NoRandomness)?;
        let number = u64::from_le_bytes(bytes);
        if number < even {
            return Ok(number % end.max(1));
        }
    }
}
