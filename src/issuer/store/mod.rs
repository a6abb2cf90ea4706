//! Where an issuer keeps its register: a small contract that any database can fulfil, and two that do.

#[cfg(feature = "store")]
mod file;
mod memory;
#[cfg(test)]
mod tests;

#[cfg(feature = "store")]
pub use file::FileStore;
pub use memory::InMemory;

use crate::error::Explain;

/// Why a store did not do what it was asked for. No message holds what is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else changed what the batch builds on; nothing of it was written.
    #[error("somebody else changed the store at the same moment")]
    Conflict,
    /// Another process has it open.
    #[error("the store is in use by another process")]
    InUse,
    /// There is no store there.
    #[error("there is no store there")]
    NotThere,
    /// It cannot be read as a store of this version.
    #[error("the store cannot be read: it is damaged, or of another version")]
    Damaged,
    /// The medium failed: full, read-only, gone.
    #[error("the store cannot be read or written: {0}")]
    Medium(String),
}

impl Explain for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::Conflict => "store.conflict",
            Self::InUse => "store.in-use",
            Self::NotThere => "store.not-there",
            Self::Damaged => "store.damaged",
            Self::Medium(_) => "store.medium",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Conflict => "Try again.",
            Self::InUse => "Wait until the other has finished, and try again.",
            Self::NotThere => "Create it first, or check its name.",
            Self::Damaged => "Take the last backup; nothing was changed.",
            Self::Medium(_) => "Check that there is space, and that you may write there.",
        }
    }
}

/// What is written together: all of it, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What must stand under these keys before anything is written; `None` for nothing at all.
    pub expected: Vec<(String, Option<Vec<u8>>)>,
    /// What is written, in place of what stands there.
    pub written: Vec<(String, Vec<u8>)>,
}

impl Batch {
    /// Writes `value` under `key` if nothing stands there.
    pub fn insert(&mut self, key: String, value: Vec<u8>) {
        self.expected.push((key.clone(), None));
        self.written.push((key, value));
    }

    /// Writes `value` under `key` if `was` stands there.
    pub fn replace(&mut self, key: String, was: Vec<u8>, value: Vec<u8>) {
        self.expected.push((key.clone(), Some(was)));
        self.written.push((key, value));
    }
}

/// A store of bytes under keys of ASCII. Nothing is ever deleted.
///
/// A host's own database can stand behind it. It may be called from several threads.
pub trait Store: Send + Sync {
    /// What stands under the key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// What stands under keys that begin with `prefix`, in the order of the keys' bytes, from the first after `after`
    /// on, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// Writes the batch if all that it expects is so. When this returns `Ok`, the batch survives the end of the process
    /// and the loss of power; otherwise nothing of it was written.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something is not as expected; others where it cannot be written.
    fn commit(&self, batch: Batch) -> Result<(), StoreError>;
}
