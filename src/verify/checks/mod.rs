//! The checks, one function each. A function looks at one document and says what it found; what that means for the
//! outcome is decided above.

pub(super) mod context;
pub(super) mod disclosure;
pub(super) mod envelope;
pub(super) mod holder;
pub(super) mod issuer;
pub(super) mod key;
pub(super) mod model;
pub(super) mod notices;
pub(super) mod proofs;
pub(super) mod rollback;
pub(super) mod status;
pub(super) mod time;

use super::expected::{At, Expected};
use super::materials::{KnownContexts, Materials};
use super::policy::Policy;
use key::Sources;

/// The arguments of one verification.
#[derive(Clone, Copy)]
pub(super) struct Inquiry<'a> {
    pub(super) expected: &'a Expected,
    pub(super) materials: &'a Materials,
    pub(super) policy: &'a Policy,
    pub(super) at: At,
}

impl<'a> Inquiry<'a> {
    /// The contexts that are known: the embedded ones, and the pinned ones that are at hand.
    pub(super) fn contexts(&self) -> KnownContexts<'a> {
        Sources::from(self).contexts()
    }
}

/// What a document is for, which decides who its author is and what its key must be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Credential,
    Presentation,
}
