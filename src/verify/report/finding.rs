//! What one check comes to, and what all of them make of the outcome.

use std::fmt;

use serde_json::{Value, json};

use crate::error::Explain;
use crate::verify::check::{CheckId, CheckSet};
use crate::verify::code::Code;

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub enum Outcome {
    /// Every check that the policy requires passed.
    Valid,
    /// At least one of them failed.
    Invalid,
    /// None failed, but at least one could not be decided.
    Undetermined,
}

impl Outcome {
    /// `valid`, `invalid` or `undetermined`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Undetermined => "undetermined",
        }
    }

    /// Fail beats undetermined beats pass.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Invalid, _) | (_, Self::Invalid) => Self::Invalid,
            (Self::Undetermined, _) | (_, Self::Undetermined) => Self::Undetermined,
            (Self::Valid, Self::Valid) => Self::Valid,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckResult {
    /// In order.
    Pass,
    /// Not in order.
    Fail,
    /// Could not be decided.
    Undetermined,
    /// The document's kind and format have nothing for this check to look at.
    NotApplicable,
}

impl CheckResult {
    /// `pass`, `fail`, `undetermined` or `not-applicable`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Undetermined => "undetermined",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Which of two findings of one check counts: the greater.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::NotApplicable => 0,
            Self::Pass => 1,
            Self::Undetermined => 2,
            Self::Fail => 3,
        }
    }
}

/// One check's finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    id: CheckId,
    finding: Finding,
}

impl Check {
    /// Which check.
    pub fn id(&self) -> CheckId {
        self.id
    }

    /// What it came to.
    pub fn result(&self) -> CheckResult {
        self.finding.code.result()
    }

    /// What was found.
    pub fn code(&self) -> Code {
        self.finding.code
    }

    /// What was found, in a plain sentence. Holds identifiers and dates, never a claim.
    pub fn message(&self) -> String {
        self.finding.code.message(self.finding.detail.as_deref())
    }

    /// What the check adds to its code, as a part of a sentence: "not revoked, as of 3 hours ago". Like the message it holds
    /// identifiers and dates, never a claim.
    pub fn detail(&self) -> Option<&str> {
        self.finding.detail.as_deref()
    }

    /// What to do about it; empty where there is nothing to do.
    pub fn hint(&self) -> &'static str {
        self.finding.hint.unwrap_or(self.finding.code.hint())
    }

    /// How old the material was that this rests on, in seconds.
    pub fn age_seconds(&self) -> Option<u64> {
        self.finding.age
    }

    /// The finding as JSON: `id`, `result`, `code`, `message`, `hint`, `ageSeconds`.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id.name(),
            "result": self.result().name(),
            "code": self.code().name(),
            "message": self.message(),
            "hint": self.hint(),
            "ageSeconds": self.age_seconds(),
        })
    }
}

/// What one check function returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: Code,
    pub(crate) detail: Option<Box<str>>,
    pub(crate) hint: Option<&'static str>,
    pub(crate) age: Option<u64>,
}

impl Finding {
    pub(crate) fn of(code: Code) -> Self {
        Self { code, detail: None, hint: None, age: None }
    }

    pub(crate) fn with(code: Code, detail: impl fmt::Display) -> Self {
        Self { detail: Some(detail.to_string().into()), ..Self::of(code) }
    }

    /// The error's own message and hint, which know more than the code's.
    pub(crate) fn explained(code: Code, error: &dyn Explain) -> Self {
        Self { hint: Some(error.hint()), ..Self::with(code, error) }
    }

    pub(crate) fn aged(mut self, age: Option<u64>) -> Self {
        self.age = age;
        self
    }

    pub(crate) fn passed(&self) -> bool {
        self.code.result() == CheckResult::Pass
    }
}

/// All checks of one document, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Findings([Finding; CheckId::COUNT]);

impl Findings {
    /// Every check answers `code` until it is set.
    pub(crate) fn all(code: Code) -> Self {
        Self(std::array::from_fn(|_| Finding::of(code)))
    }

    pub(crate) fn set(&mut self, check: CheckId, finding: Finding) {
        self.0[check as usize] = finding;
    }

    pub(crate) fn get(&self, check: CheckId) -> &Finding {
        &self.0[check as usize]
    }

    pub(crate) fn passed(&self, check: CheckId) -> bool {
        self.get(check).passed()
    }

    /// Combines all checks but the relaxed ones.
    pub(crate) fn outcome(&self, relaxed: CheckSet) -> Outcome {
        CheckId::ALL.into_iter().filter(|check| !relaxed.contains(*check)).fold(Outcome::Valid, |outcome, check| {
            outcome.and(match self.get(check).code.result() {
                CheckResult::Fail => Outcome::Invalid,
                CheckResult::Undetermined => Outcome::Undetermined,
                CheckResult::Pass | CheckResult::NotApplicable => Outcome::Valid,
            })
        })
    }

    pub(crate) fn into_checks(self) -> Vec<Check> {
        CheckId::ALL.into_iter().zip(self.0).map(|(id, finding)| Check { id, finding }).collect()
    }
}
