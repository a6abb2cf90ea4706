//! What a verification did on the network, so that it can be shown, and so that nobody is left to guess who learnt of
//! it.

use serde_json::{Value, json};

use super::error::FetchError;
use super::kept::CacheError;
use crate::error::Explain;
use crate::time::Timestamp;
use crate::verify::{MaterialError, Resource, Seen};

/// What became of one resource.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Attempt {
    /// It was fetched.
    Fetched {
        /// Its size.
        bytes: usize,
    },
    /// It was at hand, and its server confirmed that it has not changed.
    Confirmed,
    /// It was at hand and fresh. Nobody was asked.
    Kept {
        /// When it was obtained.
        obtained: Timestamp,
    },
    /// It could not be fetched; what was at hand stands in for it, with its age.
    StoodIn {
        /// When it was obtained.
        obtained: Timestamp,
        /// Why it could not be fetched.
        error: FetchError,
    },
    /// Something came, and it cannot be used.
    Unusable(MaterialError),
    /// It could not be fetched.
    Failed(FetchError),
    /// That it is not published was noticed just before. Nobody was asked.
    KeptFailure(FetchError),
}

impl Attempt {
    /// A stable name, in kebab case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fetched { .. } => "fetched",
            Self::Confirmed => "confirmed",
            Self::Kept { .. } => "kept",
            Self::StoodIn { .. } => "stood-in",
            Self::Unusable(_) => "unusable",
            Self::Failed(_) => "failed",
            Self::KeptFailure(_) => "kept-failure",
        }
    }

    /// What went wrong, if something did.
    pub fn error(&self) -> Option<&dyn Explain> {
        match self {
            Self::Fetched { .. } | Self::Confirmed | Self::Kept { .. } => None,
            Self::Unusable(error) => Some(error),
            Self::StoodIn { error, .. } | Self::Failed(error) | Self::KeptFailure(error) => Some(error),
        }
    }
}

/// One resource that was wanted.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// Which time the verification went out, from 1.
    pub round: usize,
    /// What was wanted.
    pub resource: Resource,
    /// The address, if one belongs to it.
    pub url: Option<String>,
    /// What became of it.
    pub attempt: Attempt,
    pub(super) was_asked: bool,
}

impl Step {
    /// What was given away to whom, in a sentence; `None` if nobody was asked.
    pub fn revealed(&self) -> Option<&'static str> {
        self.was_asked.then(|| self.resource.reveals())
    }

    /// As JSON: `round`, `type`, `resource`, `url`, `outcome`, `code`, `message`, `hint`, `revealed`.
    pub fn to_json(&self) -> Value {
        let error = self.attempt.error();
        json!({
            "round": self.round,
            "type": self.resource.type_name(),
            "resource": self.resource.url(),
            "url": self.url,
            "outcome": self.attempt.name(),
            "code": error.map(Explain::code),
            "message": error.map(ToString::to_string),
            "hint": error.map(Explain::hint),
            "revealed": self.revealed(),
        })
    }
}

/// What a verification did on the network, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    pub(super) steps: Vec<Step>,
    pub(super) seen: Seen,
    pub(super) cache_error: Option<CacheError>,
}

impl Trace {
    /// Each resource that was wanted.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The newest version of the log that a DID was resolved from, for the host to keep beside what it saw before
    /// ([`Seen::merge`]); nothing of a verification, whose report has it.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The first thing that went wrong with the cache. It decides nothing.
    pub fn cache_error(&self) -> Option<&CacheError> {
        self.cache_error.as_ref()
    }

    /// The steps as JSON.
    pub fn to_json(&self) -> Value {
        self.steps.iter().map(Step::to_json).collect()
    }
}
