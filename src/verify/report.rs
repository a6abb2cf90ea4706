//! The answer: an outcome, and for every check what was found, why, and what to do.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Value, json};

use super::check::{CheckId, CheckSet};
use super::code::Code;
use super::materials::{Resource, Seen};
use crate::credential::kind::{Claims, Kind};
use crate::credential::sd_jwt_vc;
use crate::encoding::json::Map;
use crate::error::Explain;
use crate::securing::Format;
use crate::time::Timestamp;

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

/// One credential and what was found about it.
#[derive(Clone)]
pub struct CredentialReport {
    pub(crate) outcome: Outcome,
    pub(crate) checks: Vec<Check>,
    pub(crate) issuer: Option<String>,
    pub(crate) issuer_name: Option<String>,
    pub(crate) format: Option<Format>,
    pub(crate) kind: Option<Kind>,
    pub(crate) content: Option<Content>,
    pub(crate) other_proofs: Vec<OtherProof>,
}

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
    fn add_all(others: &[Self], report: &mut Value) {
        if let (false, Some(members)) = (others.is_empty(), report.as_object_mut()) {
            members.insert("otherProofs".to_owned(), others.iter().map(Self::to_json).collect());
        }
    }
}

/// What a credential says. Reachable only through the gates of the report.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) document: Map,
    /// Whether the claims stand beside those of the token, as in an SD-JWT VC.
    pub(crate) is_flat: bool,
    pub(crate) claims: Option<Claims>,
    pub(crate) valid_from: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    /// Whether proof, binding, purpose and disclosure passed, so that it may be shown as unconfirmed.
    pub(crate) is_authentic: bool,
}

impl Content {
    /// `credentialSubject`; of an SD-JWT VC its claims without the registered ones.
    fn subject(&self) -> Option<Cow<'_, Value>> {
        if self.is_flat {
            return Some(Cow::Owned(Value::Object(sd_jwt_vc::subject_claims(self.document.clone()))));
        }
        self.document.get("credentialSubject").map(Cow::Borrowed)
    }
}

impl CredentialReport {
    /// This credential's own outcome. Whether it may be relied on is the whole report's.
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

    /// The issuer that the credential names; who that is stands only if `key.binding` passed.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The name that the verifier's own trust list gives the issuer.
    pub fn issuer_name(&self) -> Option<&str> {
        self.issuer_name.as_deref()
    }

    /// How it is secured, as far as that could be told.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// Its kind, if it is one of the three.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// The proofs on it beside the one that decides.
    pub fn other_proofs(&self) -> &[OtherProof] {
        &self.other_proofs
    }

    fn to_json(&self, overall: Outcome) -> Value {
        let mut object = json!({
            "outcome": self.outcome.name(),
            "checks": self.checks.iter().map(Check::to_json).collect::<Vec<_>>(),
            "issuer": self.issuer,
            "issuerName": self.issuer_name,
            "format": self.format.map(Format::name),
            "kind": self.kind.map(Kind::name),
        });
        OtherProof::add_all(&self.other_proofs, &mut object);
        if let (Some(content), Some(members)) = (&self.content, object.as_object_mut()) {
            if overall == Outcome::Valid {
                members.insert("claims".to_owned(), json!(content.subject()));
                members.insert("validFrom".to_owned(), json!(content.valid_from));
                members.insert("validUntil".to_owned(), json!(content.valid_until));
            } else if overall == Outcome::Undetermined && content.is_authentic {
                members.insert("unconfirmedClaims".to_owned(), json!(content.subject()));
            }
        }
        object
    }
}

impl fmt::Debug for CredentialReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialReport")
            .field("outcome", &self.outcome)
            .field("kind", &self.kind)
            .field("issuer", &self.issuer)
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}

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

    fn to_json(&self) -> Value {
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
        self.credentials
            .iter()
            .filter_map(|report| report.content.as_ref().map(|content| Accepted { report, content }))
            .collect()
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
            checks.iter().filter(move |check| !relaxed.contains(check.id))
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

/// A credential that may be relied on.
#[derive(Clone, Copy)]
pub struct Accepted<'a> {
    report: &'a CredentialReport,
    content: &'a Content,
}

impl<'a> Accepted<'a> {
    /// The issuer.
    pub fn issuer(&self) -> Option<&'a str> {
        self.report.issuer()
    }

    /// The name that the verifier's own trust list gives the issuer.
    pub fn issuer_name(&self) -> Option<&'a str> {
        self.report.issuer_name()
    }

    /// Its kind, if it is one of the three.
    pub fn kind(&self) -> Option<Kind> {
        self.report.kind()
    }

    /// The typed claims, if it is one of the three kinds.
    pub fn claims(&self) -> Option<&'a Claims> {
        self.content.claims.as_ref()
    }

    /// `credentialSubject` as it stands in the document; of an SD-JWT VC its claims without the registered ones. What
    /// the holder did not disclose is not there.
    pub fn subject(&self) -> Option<Cow<'a, Value>> {
        self.content.subject()
    }

    /// The whole document, its proof taken off.
    pub fn document(&self) -> &'a Map {
        &self.content.document
    }

    /// Valid from that moment on.
    pub fn valid_from(&self) -> Option<Timestamp> {
        self.content.valid_from
    }

    /// Valid until that moment, itself excluded.
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.content.valid_until
    }
}

impl fmt::Debug for Accepted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted").field("issuer", &self.issuer()).finish_non_exhaustive()
    }
}
