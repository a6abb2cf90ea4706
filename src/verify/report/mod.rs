//! The answer: an outcome, and for every check what was found, why, and what to do.

mod credential;
mod finding;
mod other_proof;
mod presentation;

use std::borrow::Cow;

use serde_json::{Value, json};

use super::check::{CheckId, CheckSet};
use super::code::Code;
use super::materials::{Resource, Seen};

pub(crate) use self::credential::Content;
pub use self::credential::{Accepted, CredentialReport};
pub use self::finding::{Check, CheckResult, Outcome};
pub(crate) use self::finding::{Finding, Findings};
pub use self::other_proof::OtherProof;
pub use self::presentation::PresentationReport;

/// Something that must be fetched before the decision can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missing {
    /// What.
    pub resource: Resource,
}

/// The whole answer of [`verify`](super::verify).
#[derive(Debug, Clone)]
#[must_use = "a report decides nothing until its outcome is looked at"]
pub struct Report {
    pub(crate) outcome: Outcome,
    pub(crate) credentials: Vec<CredentialReport>,
    pub(crate) presentations: Vec<PresentationReport>,
    pub(crate) missing: Vec<Missing>,
    pub(crate) relaxed: CheckSet,
    pub(crate) seen: Seen,
}

impl Report {
    /// The decision over the presentation and all its credentials.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Each credential, in the order of the presentation.
    pub fn credentials(&self) -> &[CredentialReport] {
        &self.credentials
    }

    /// The presentation, if the document was one. Of an answer with several, the first.
    pub fn presentation(&self) -> Option<&PresentationReport> {
        self.presentations.first()
    }

    /// Each presentation around credentials, in the order of the answer. A credential with a key binding token of its
    /// own has none around it.
    pub fn presentations(&self) -> &[PresentationReport] {
        &self.presentations
    }

    /// What a host may fetch to decide what is open. Only what belongs to issuers that the trust list knows.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// The genuine logs and lists that this rests on. A host merges them into what it keeps
    /// ([`Seen::merge`]) and gives that back with its materials ([`Materials::remember`](super::Materials::remember)), so
    /// that older ones are noticed.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The checks that the policy in force does not require.
    pub fn relaxed(&self) -> CheckSet {
        self.relaxed
    }

    /// The credentials and their claims, if the outcome is valid; nothing otherwise.
    pub fn accepted(&self) -> Vec<Accepted<'_>> {
        if self.outcome != Outcome::Valid {
            return Vec::new();
        }
        self.credentials.iter().filter_map(Accepted::of).collect()
    }

    /// What undetermined credentials say, for a person who will decide by other means. Empty unless the outcome is
    /// undetermined and the document is authentic: proof, binding, purpose and disclosure passed.
    pub fn unconfirmed_claims(&self) -> Vec<Cow<'_, Value>> {
        if self.outcome != Outcome::Undetermined {
            return Vec::new();
        }
        self.credentials
            .iter()
            .filter_map(|report| report.content.as_ref())
            .filter(|content| content.is_authentic)
            .filter_map(Content::subject)
            .collect()
    }

    /// The first finding that stands in the way, in the order of the checks: a failure if there is one.
    pub fn reason(&self) -> Option<&Check> {
        fn among(checks: &[Check], relaxed: CheckSet) -> impl Iterator<Item = &Check> {
            checks.iter().filter(move |check| !relaxed.contains(check.id()))
        }
        let checks = || {
            let of_presentation = PresentationReport::relaxed(self.relaxed);
            let presentation = self.presentations.iter().flat_map(move |report| among(&report.checks, of_presentation));
            presentation.chain(self.credentials.iter().flat_map(|report| among(&report.checks, self.relaxed)))
        };
        let first = |result| {
            let of_result = || checks().filter(move |check| check.result() == result);
            // What was not reached waits for a check that says why, unless the policy relaxes just that one.
            of_result().find(|check| check.code() != Code::NotReached).or_else(|| of_result().next())
        };
        match self.outcome {
            Outcome::Valid => None,
            Outcome::Invalid => first(CheckResult::Fail),
            Outcome::Undetermined => first(CheckResult::Undetermined),
        }
    }

    /// The report as JSON, as the command line prints it. Claims stand there only as the gates allow.
    pub fn to_json(&self) -> Value {
        let mut object = json!({
            "outcome": self.outcome.name(),
            "credentials": self.credentials.iter().map(|report| report.to_json(self.outcome)).collect::<Vec<_>>(),
            "missing": self.missing.iter().map(|missing| json!({
                "type": missing.resource.type_name(),
                "resource": missing.resource.url(),
                "reveals": missing.resource.reveals(),
            })).collect::<Vec<_>>(),
            "relaxed": self.relaxed.iter().map(CheckId::name).collect::<Vec<_>>(),
        });
        let mut presentations = self.presentations.iter().map(PresentationReport::to_json);
        if let (Some(first), Some(members)) = (presentations.next(), object.as_object_mut()) {
            members.insert("presentation".to_owned(), first);
            let others: Vec<Value> = presentations.collect();
            if !others.is_empty() {
                members.insert("otherPresentations".to_owned(), Value::Array(others));
            }
        }
        object
    }
}
