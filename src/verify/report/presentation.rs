//! What was found about the presentation around the credentials.

use serde_json::{Value, json};

use super::{Check, OtherProof, Outcome};
use crate::verify::check::{CheckId, CheckSet};

/// What was found about the presentation around the credentials.
#[derive(Debug, Clone)]
pub struct PresentationReport {
    pub(crate) outcome: Outcome,
    pub(crate) checks: Vec<Check>,
    pub(crate) holder: Option<String>,
    pub(crate) other_proofs: Vec<OtherProof>,
}

impl PresentationReport {
    /// The presentation's own outcome, its credentials aside.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Every check, in the order of [`CheckId::ALL`].
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// One check.
    pub fn check(&self, id: CheckId) -> &Check {
        &self.checks[id as usize]
    }

    /// The proofs on it beside the one that decides.
    pub fn other_proofs(&self) -> &[OtherProof] {
        &self.other_proofs
    }

    pub(super) fn to_json(&self) -> Value {
        let mut object = json!({
            "outcome": self.outcome.name(),
            "checks": self.checks.iter().map(Check::to_json).collect::<Vec<_>>(),
            "holder": self.holder,
        });
        OtherProof::add_all(&self.other_proofs, &mut object);
        object
    }

    /// What a policy relaxes of a presentation. Its data model always counts: where that is broken no credential was
    /// judged, and an answer about none at all must not be valid.
    pub(crate) fn relaxed(relaxed: CheckSet) -> CheckSet {
        relaxed.without(CheckId::DataModel)
    }

    /// Who signed it; stands only if `key.binding` passed.
    pub fn holder(&self) -> Option<&str> {
        self.holder.as_deref()
    }
}
