//! Which verification method had which key, and when.

use std::collections::HashMap;

use crate::did::{Document, VerificationMethod};
use crate::encoding::json::Map;
use crate::time::Timestamp;

/// A version of the DID, by its number and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mark {
    /// The version's number, from 1.
    pub number: u32,
    /// Its `versionTime`.
    pub time: Timestamp,
}

/// A run of versions throughout which the DID's documents had one verification method, with the same key and in the
/// same relationships.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KeyPeriod {
    /// The method, as the last version of the run has it: what it may do, [`serves`](VerificationMethod::serves) says.
    pub method: VerificationMethod,
    /// The first version that has it so.
    pub from: Mark,
    /// The first version after that which has not; `None` while the newest one has it. Deactivation ends every run.
    pub until: Option<Mark>,
    /// What follows the DID in the method's id, such as `#key-1`. The rest changes when the DID moves.
    pub(super) reference: String,
    /// The method as it stands in the document.
    pub(super) source: Map,
}

impl KeyPeriod {
    /// Whether the newest version of the DID has it.
    pub fn is_current(&self) -> bool {
        self.until.is_none()
    }
}

/// Runs, while the versions are read one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyHistory {
    /// By when they began.
    pub(super) periods: Vec<KeyPeriod>,
    /// The runs that have not ended, by their reference.
    open: HashMap<String, usize>,
}

impl KeyHistory {
    /// Goes on from what is known up to some version.
    pub(super) fn of(periods: Vec<KeyPeriod>) -> Self {
        let current = periods.iter().enumerate().filter(|(_, period)| period.is_current());
        let open = current.map(|(index, period)| (period.reference.clone(), index)).collect();
        Self { periods, open }
    }

    /// Takes the next version's document in.
    pub(super) fn add(&mut self, document: &Document, mark: Mark) {
        let mut open = HashMap::with_capacity(document.verification_methods().len());
        for (method, source) in document.verification_methods().iter().zip(document.method_sources()) {
            let Some(reference) = reference(document.id(), &method.id) else { continue };
            let index = match self.open.get(reference) {
                Some(index) if self.periods[*index].method.is_same_but_for_its_name(method) => {
                    let known = &mut self.periods[*index];
                    if known.method != *method {
                        (known.method, known.source) = (method.clone(), source.clone());
                    }
                    *index
                }
                _ => {
                    self.periods.push(KeyPeriod {
                        method: method.clone(),
                        from: mark,
                        until: None,
                        reference: reference.to_owned(),
                        source: source.clone(),
                    });
                    self.periods.len() - 1
                }
            };
            open.insert(reference.to_owned(), index);
        }
        for (reference, index) in &self.open {
            if open.get(reference) != Some(index) {
                self.periods[*index].until = Some(mark);
            }
        }
        self.open = open;
    }

    /// Ends every run.
    pub(super) fn end(&mut self, mark: Mark) {
        for index in self.open.drain().map(|(_, index)| index) {
            self.periods[index].until = Some(mark);
        }
    }
}

/// What follows the DID in the id of a method; `None` for a method of another document.
pub(super) fn reference<'m>(did: &str, id: &'m str) -> Option<&'m str> {
    id.strip_prefix(did).filter(|rest| rest.starts_with(['#', '/', '?']))
}
