//! What was fetched before, so that it need not be fetched again, and is at hand when there is no network.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::request::Validators;
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;
use crate::verify::{Resource, Source};

/// What is remembered of one resource.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// What was published.
    Found {
        /// The bytes, which were read without an error.
        bytes: Vec<u8>,
        /// When they were last known to be what is published.
        obtained: Timestamp,
        /// For how many seconds after that their server says that they will not change.
        max_age: Option<u32>,
        /// How this version is told from others.
        validators: Validators,
        /// Whose word it is.
        source: Source,
    },
    /// Nothing was published.
    Absent {
        /// The HTTP status that said so: 404 or 410.
        status: u16,
        /// When.
        noticed: Timestamp,
    },
}

impl Kept {
    /// What was published at that moment, without anything that a server said of it.
    pub fn found(bytes: impl Into<Vec<u8>>, obtained: Timestamp, source: Source) -> Self {
        Self::Found { bytes: bytes.into(), obtained, max_age: None, validators: Validators::default(), source }
    }

    /// Nothing was published at that moment, as this status said.
    pub fn absent(status: u16, noticed: Timestamp) -> Self {
        Self::Absent { status, noticed }
    }

    /// Not fresh for longer than that. Where its server does not say for how long it will not change, this does.
    #[must_use]
    pub(super) fn for_at_most(self, seconds: Option<u32>) -> Self {
        match (self, seconds) {
            (Self::Found { bytes, obtained, max_age, validators, source }, Some(seconds)) => {
                let max_age = Some(max_age.map_or(seconds, |said| said.min(seconds)));
                Self::Found { bytes, obtained, max_age, validators, source }
            }
            (kept, _) => kept,
        }
    }

    /// Whether nobody needs to be asked at that moment. What was noticed in the future is not believed: a clock was
    /// wrong, then or now.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let (since, seconds) = match self {
            Self::Found { obtained, max_age, .. } => {
                (*obtained, max_age.unwrap_or(limits::CACHE_FRESH_SECONDS).min(limits::CACHE_FRESH_SECONDS_MOST))
            }
            Self::Absent { noticed, .. } => (*noticed, limits::CACHE_ABSENT_SECONDS),
        };
        (0..i64::from(seconds)).contains(&now.seconds_since(since))
    }

    /// Whether it is young enough to stand in for what cannot be fetched.
    pub(super) fn may_stand_in(&self, now: Timestamp) -> bool {
        let most = i64::from(limits::CACHE_STALE_SECONDS);
        self.obtained().is_some_and(|obtained| (0..most).contains(&now.seconds_since(obtained)))
    }

    /// When what was found was obtained.
    pub(super) fn obtained(&self) -> Option<Timestamp> {
        match self {
            Self::Found { obtained, .. } => Some(*obtained),
            Self::Absent { .. } => None,
        }
    }

    pub(super) fn source(&self) -> Option<&Source> {
        match self {
            Self::Found { source, .. } => Some(source),
            Self::Absent { .. } => None,
        }
    }

    /// By what a server can tell whether it has changed.
    pub(super) fn validators(&self) -> Option<Validators> {
        match self {
            Self::Found { validators, .. } if !validators.is_empty() => Some(validators.clone()),
            _ => None,
        }
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found { bytes, obtained, .. } => write!(f, "{} bytes as of {obtained}", bytes.len()),
            Self::Absent { status, noticed } => write!(f, "absent ({status}) as of {noticed}"),
        }
    }
}

/// Why nothing can be remembered. The decision does not depend on it: what is not remembered is fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// It cannot be read.
    #[error("what was fetched before cannot be read: {reason}")]
    Unreadable {
        /// Why, in some words.
        reason: String,
    },
    /// It cannot be written.
    #[error("what was fetched cannot be kept: {reason}")]
    Unwritable {
        /// Why, in some words.
        reason: String,
    },
}

impl Explain for CacheError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "cache.unreadable",
            Self::Unwritable { .. } => "cache.unwritable",
        }
    }

    fn hint(&self) -> &'static str {
        "Check that the folder can be written to and that its disk is not full. It may be deleted: what was in it is \
         fetched again."
    }
}

/// Keeps what was fetched. An entry is replaced as a whole or not at all.
///
/// Which resources are in it tells whose credentials were checked: keep it where nobody else can read.
pub trait Cache: Send + Sync {
    /// What is remembered of that resource.
    ///
    /// # Errors
    /// [`CacheError`].
    fn get(&self, resource: &Resource) -> Result<Option<Kept>, CacheError>;

    /// Remembers it, in place of what was remembered before. Others may be forgotten to make room.
    ///
    /// # Errors
    /// [`CacheError`].
    fn put(&self, resource: &Resource, kept: &Kept) -> Result<(), CacheError>;

    /// Forgets it.
    ///
    /// # Errors
    /// [`CacheError`].
    fn remove(&self, resource: &Resource) -> Result<(), CacheError>;
}

/// Remembers until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryCache(Mutex<HashMap<Resource, Kept>>);

impl MemoryCache {
    /// Nothing is remembered yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Cache for MemoryCache {
    fn get(&self, resource: &Resource) -> Result<Option<Kept>, CacheError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(resource).cloned())
    }

    fn put(&self, resource: &Resource, kept: &Kept) -> Result<(), CacheError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= limits::CACHE_ENTRIES && !entries.contains_key(resource) {
            entries.clear();
        }
        entries.insert(resource.clone(), kept.clone());
        Ok(())
    }

    fn remove(&self, resource: &Resource) -> Result<(), CacheError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(resource);
        Ok(())
    }
}
