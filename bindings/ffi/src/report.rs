//! The answer of a verifier.

use attesta::verify::{self, Seen};

use crate::claims::opaque_display;
use crate::words::Mirror as _;
use crate::{CheckResult, Claims, CredentialFormat, Kind, MissingResource, Outcome};

/// One check's finding.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Check {
    /// The check's stable name, such as `valid-until`.
    pub id: String,
    /// What it came to.
    pub result: CheckResult,
    /// The stable name of what was found, such as `valid-until.past`.
    pub code: String,
    /// What was found, in a plain sentence. Holds identifiers and dates, never a claim.
    pub message: String,
    /// What to do about it; empty where there is nothing to do.
    pub hint: String,
    /// How old the material was that this rests on, in seconds.
    pub age_seconds: Option<u64>,
}

impl From<&verify::Check> for Check {
    fn from(check: &verify::Check) -> Self {
        Self {
            id: check.id().name().to_owned(),
            result: check.result().into(),
            code: check.code().name().to_owned(),
            message: check.message(),
            hint: check.hint().to_owned(),
            age_seconds: check.age_seconds(),
        }
    }
}

fn checks(checks: &[verify::Check]) -> Vec<Check> {
    checks.iter().map(Check::from).collect()
}

/// One credential and what was found about it. Whether it may be relied on is the whole report's.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CredentialReport {
    /// This credential's own outcome.
    pub outcome: Outcome,
    /// Every check.
    pub checks: Vec<Check>,
    /// The issuer that the credential names; who that is stands only if the check `key.binding` passed.
    pub issuer: Option<String>,
    /// The name that the verifier's own trust list gives the issuer.
    pub issuer_name: Option<String>,
    /// How it is secured, as far as that could be told.
    pub format: Option<CredentialFormat>,
    /// Its kind, if it is one of the three.
    pub kind: Option<Kind>,
    /// The proofs on it beside the one that decides.
    pub other_proofs: Vec<OtherProof>,
}

/// A proof on a document beside the one that decides: an earlier one on which that builds, or one by somebody else. Of
/// itself it changes no outcome.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OtherProof {
    /// The verification method that it names, which is whose it says it is; nothing where it cannot be looked into.
    pub verification_method: Option<String>,
    /// Its cryptosuite; nothing where it cannot be looked into.
    pub cryptosuite: Option<String>,
    /// Whether the proof that decides builds on it.
    pub is_built_on: bool,
    /// Whether it counts as its own author's.
    pub result: CheckResult,
    /// The stable name of what was found.
    pub code: String,
    /// What was found, in a plain sentence.
    pub message: String,
}

impl From<&verify::OtherProof> for OtherProof {
    fn from(proof: &verify::OtherProof) -> Self {
        Self {
            verification_method: proof.verification_method().map(str::to_owned),
            cryptosuite: proof.cryptosuite().map(str::to_owned),
            is_built_on: proof.is_built_on(),
            result: proof.result().into(),
            code: proof.code().name().to_owned(),
            message: proof.message(),
        }
    }
}

fn other_proofs(proofs: &[verify::OtherProof]) -> Vec<OtherProof> {
    proofs.iter().map(OtherProof::from).collect()
}

impl From<&verify::CredentialReport> for CredentialReport {
    fn from(report: &verify::CredentialReport) -> Self {
        Self {
            outcome: report.outcome().into(),
            checks: checks(report.checks()),
            issuer: report.issuer().map(str::to_owned),
            issuer_name: report.issuer_name().map(str::to_owned),
            format: report.format().and_then(CredentialFormat::of_core),
            kind: report.kind().and_then(Kind::of_core),
            other_proofs: other_proofs(report.other_proofs()),
        }
    }
}

/// What was found about the presentation around the credentials.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PresentationReport {
    /// The presentation's own outcome, its credentials aside.
    pub outcome: Outcome,
    /// Every check.
    pub checks: Vec<Check>,
    /// Who signed it; stands only if the check `key.binding` passed.
    pub holder: Option<String>,
    /// The proofs on it beside the one that decides.
    pub other_proofs: Vec<OtherProof>,
}

impl From<&verify::PresentationReport> for PresentationReport {
    fn from(report: &verify::PresentationReport) -> Self {
        Self {
            outcome: report.outcome().into(),
            checks: checks(report.checks()),
            holder: report.holder().map(str::to_owned),
            other_proofs: other_proofs(report.other_proofs()),
        }
    }
}

/// What an undetermined credential says, for a person who will decide by other means.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct UnconfirmedCredential {
    /// The credential's position among those of the report.
    pub position: u32,
    /// What it says of its subject, as JSON.
    pub subject_json: String,
}

opaque_display!(UnconfirmedCredential);

/// A credential that may be relied on.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct AcceptedCredential {
    /// The issuer.
    pub issuer: String,
    /// The name that the verifier's own trust list gives the issuer.
    pub issuer_name: Option<String>,
    /// The kind, if it is one of the three.
    pub kind: Option<Kind>,
    /// The typed claims, if it is one of the three kinds. What the holder did not disclose is absent.
    pub claims: Option<Claims>,
    /// What it says of its subject, as JSON: `credentialSubject` as it stands in the document; of an SD-JWT VC its
    /// claims without the registered ones. What the holder did not disclose is not there.
    pub subject_json: String,
    /// Valid from that moment on: seconds since 1970-01-01T00:00:00Z.
    pub valid_from: Option<i64>,
    /// Valid until that moment, itself excluded: seconds since 1970-01-01T00:00:00Z.
    pub valid_until: Option<i64>,
}

impl From<verify::Accepted<'_>> for AcceptedCredential {
    fn from(accepted: verify::Accepted<'_>) -> Self {
        Self {
            // A valid report has an issuer: without one `key.binding` fails, and no policy relaxes that.
            issuer: accepted.issuer().unwrap_or_default().to_owned(),
            issuer_name: accepted.issuer_name().map(str::to_owned),
            kind: accepted.kind().and_then(Kind::of_core),
            claims: accepted.claims().and_then(|claims| Claims::of_core(claims).ok()),
            subject_json: accepted.subject().map(|claims| claims.to_string()).unwrap_or_default(),
            valid_from: accepted.valid_from().map(|moment| moment.unix()),
            valid_until: accepted.valid_until().map(|moment| moment.unix()),
        }
    }
}

opaque_display!(AcceptedCredential);

/// The whole answer of a verifier. It decides nothing until its outcome is looked at.
#[derive(Debug, uniffi::Object)]
pub struct Report {
    report: verify::Report,
}

impl Report {
    pub(crate) fn of_core(report: verify::Report) -> Self {
        Self { report }
    }
}

#[uniffi::export]
impl Report {
    /// The decision over the presentation and all its credentials.
    pub fn outcome(&self) -> Outcome {
        self.report.outcome().into()
    }

    /// The finding that stands in the way: a failure if there is one, else what is open. Nothing when valid.
    pub fn reason(&self) -> Option<Check> {
        self.report.reason().map(Check::from)
    }

    /// The credentials and their claims, if the outcome is valid; nothing otherwise.
    pub fn accepted(&self) -> Vec<AcceptedCredential> {
        self.report.accepted().into_iter().map(AcceptedCredential::from).collect()
    }

    /// What undetermined credentials say. Empty unless the outcome is undetermined and the document is signed by whom it
    /// names.
    pub fn unconfirmed(&self) -> Vec<UnconfirmedCredential> {
        let report = self.report.to_json();
        let credentials = report["credentials"].as_array().into_iter().flatten().zip(0..);
        let subjects = credentials.filter_map(|(report, position)| Some((report.get("unconfirmedClaims")?, position)));
        subjects
            .map(|(subject, position)| UnconfirmedCredential { position, subject_json: subject.to_string() })
            .collect()
    }

    /// Each credential and what was found about it, in the order of the presentation. Without claims.
    pub fn credentials(&self) -> Vec<CredentialReport> {
        self.report.credentials().iter().map(CredentialReport::from).collect()
    }

    /// Each presentation around credentials, in the order of the answer. None for what was handed over without one, and
    /// for an SD-JWT, whose holder signs a part of the credential itself.
    pub fn presentations(&self) -> Vec<PresentationReport> {
        self.report.presentations().iter().map(PresentationReport::from).collect()
    }

    /// What the app may fetch to decide what is open, and then give to a verifier with these materials.
    pub fn missing(&self) -> Vec<MissingResource> {
        self.report.missing().iter().filter_map(|missing| MissingResource::of_core(&missing.resource)).collect()
    }

    /// The names of the checks that the policy in force does not require.
    pub fn relaxed(&self) -> Vec<String> {
        self.report.relaxed().iter().map(|check| check.name().to_owned()).collect()
    }

    /// The whole report as JSON, as the command line prints it.
    pub fn to_json(&self) -> String {
        self.report.to_json().to_string()
    }
}

impl Report {
    pub(crate) fn seen(&self) -> &Seen {
        self.report.seen()
    }
}
