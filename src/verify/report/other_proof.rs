//! The proofs on a document beside the one that decides.

use serde_json::{Value, json};

use super::{CheckResult, Finding};
use crate::verify::code::Code;

/// A proof on a document beside the one that decides: an earlier one on which that builds, or one by somebody else. Of
/// itself it changes no outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherProof {
    pub(crate) verification_method: Option<String>,
    pub(crate) cryptosuite: Option<String>,
    pub(crate) is_built_on: bool,
    pub(crate) finding: Finding,
}

impl OtherProof {
    /// The verification method that it names, which is whose it says it is; nothing where it cannot be looked into.
    pub fn verification_method(&self) -> Option<&str> {
        self.verification_method.as_deref()
    }

    /// Its cryptosuite; nothing where it cannot be looked into.
    pub fn cryptosuite(&self) -> Option<&str> {
        self.cryptosuite.as_deref()
    }

    /// Whether the proof that decides builds on it.
    pub fn is_built_on(&self) -> bool {
        self.is_built_on
    }

    /// Whether it counts as its own author's.
    pub fn result(&self) -> CheckResult {
        self.finding.code.result()
    }

    /// What was found.
    pub fn code(&self) -> Code {
        self.finding.code
    }

    /// What was found, in a plain sentence.
    pub fn message(&self) -> String {
        self.finding.code.message(self.finding.detail.as_deref())
    }

    fn to_json(&self) -> Value {
        json!({
            "verificationMethod": self.verification_method,
            "cryptosuite": self.cryptosuite,
            "isBuiltOn": self.is_built_on,
            "result": self.result().name(),
            "code": self.code().name(),
            "message": self.message(),
        })
    }

    /// Adds them to the report on their document, if there are any.
    pub(super) fn add_all(others: &[Self], report: &mut Value) {
        if let (false, Some(members)) = (others.is_empty(), report.as_object_mut()) {
            members.insert("otherProofs".to_owned(), others.iter().map(Self::to_json).collect());
        }
    }
}
