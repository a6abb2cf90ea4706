//! Checking a proof alone, for work on conformance and interoperability.
//!
//! A signature that fits says nothing about who made it. Use [`verify`](crate::verify::verify) to decide anything.

use super::CheckSet;
use super::check::CheckId;
use super::checks::Role;
use super::checks::envelope::Envelope;
use super::checks::key::{self, Absent, Lookup, Sources};
use super::code::Code;
use super::materials::Materials;
use super::report::{Check, CheckResult, Finding, Findings, Outcome};
use super::verifier::{check_envelope, credential_view, with_opened};
use crate::credential::model::PresentationView;

/// What [`check_proof`] found. It has no outcome that a program could take for a decision, and no claims.
#[derive(Debug, Clone)]
#[must_use]
pub struct ProofReport {
    fits: bool,
    checks: Vec<Check>,
}

impl ProofReport {
    /// Whether the proof fits the key that the document names. That key may be anybody's.
    pub fn fits(&self) -> bool {
        self.fits
    }

    /// Every check; those that were not made are not applicable.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The first check that stands in the way.
    pub fn reason(&self) -> Option<&Check> {
        let first =
            |result| self.checks.iter().find(|check| check.result() == result && check.code() != Code::NotReached);
        first(CheckResult::Fail).or_else(|| first(CheckResult::Undetermined))
    }
}

/// Checks parsing, algorithm, data model, proof and purpose of the outer document. Neither dates nor trust are looked
/// at, and the key is not compared with the issuer. Of several proofs every one must fit. Contexts among the materials count
/// as they are, whatever their hash.
pub fn check_proof(presented: &[u8], materials: &Materials) -> ProofReport {
    let contexts = Sources::of(materials).contexts();
    let findings = with_opened(presented, &contexts, |opened| match opened {
        Err(finding) => {
            let mut findings = Findings::all(Code::NotReached);
            findings.set(CheckId::Parse, finding);
            findings
        }
        Ok(Envelope::DataIntegrity(proven)) if proven.signed.count() > 1 => {
            let all = proven.signed.each().map(|signed| check(&proven.looking_at(signed), materials));
            let worst = all.min_by_key(fits).unwrap_or(Findings::all(Code::NotReached));
            match proven.signed.unreadable().first() {
                Some(error) if fits(&worst) => {
                    let mut findings = worst;
                    findings.set(CheckId::Proof, Finding::with(Code::ProofForm, error));
                    findings
                }
                _ => worst,
            }
        }
        Ok(envelope) => check(&envelope, materials),
    });
    ProofReport { fits: fits(&findings), checks: findings.into_checks() }
}

fn fits(findings: &Findings) -> bool {
    findings.outcome(CheckSet::default()) == Outcome::Valid && findings.passed(CheckId::Proof)
}

fn check(envelope: &Envelope<'_>, materials: &Materials) -> Findings {
    let role = envelope.role();
    let author = match role {
        Role::Credential => envelope.issuer(),
        Role::Presentation => envelope.holder(),
    };
    let named = key::look_up(envelope, author, role, Sources::of(materials));
    let mut findings = Findings::all(Code::NotApplicable);
    check_envelope(&mut findings, envelope, &named, role, Sources::of(materials), None);
    if matches!(named.lookup, Lookup::Absent(Absent::NotInDocument)) {
        // In `verify` the check `key.binding` says so, which is not made here.
        let reason = "the document of its controller does not contain it";
        findings.set(CheckId::Proof, Finding::with(Code::ProofKeyUnusable, reason));
    }
    let model = match role {
        Role::Credential => credential_view(envelope).map(drop),
        Role::Presentation => PresentationView::read(envelope.document())
            .map(drop)
            .map_err(|error| Finding::with(Code::ModelBroken, error)),
    };
    let model = model.err().unwrap_or(Finding::of(Code::Ok));
    findings.set(CheckId::DataModel, model);
    findings
}
