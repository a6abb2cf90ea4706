use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Batch, Store, StoreError};

/// A store that is gone when the process ends: for tests, and for hosts that write it away themselves.
#[derive(Default)]
pub struct InMemory {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl InMemory {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// A batch is written with one lock held and cannot fail half way, so that a panic elsewhere leaves it whole.
    fn values(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for InMemory {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.values().get(key).cloned())
    }

    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let values = self.values();
        let found = values.range::<str, _>((start, Bound::Unbounded)).take_while(|(key, _)| key.starts_with(prefix));
        Ok(found.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut values = self.values();
        if batch.expected.iter().any(|(key, value)| values.get(key) != value.as_ref()) {
            return Err(StoreError::Conflict);
        }
        values.extend(batch.written);
        Ok(())
    }
}
