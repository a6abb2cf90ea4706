//! Proof sets and chains: which proof decides, whether what it builds on holds, and what is said of the others.
//!
//! The deciding proof is by the author, for the purpose that is expected, and counts with all proofs that it builds on.
//! Of several such proofs one is enough. A stranger's proof is reported and changes nothing.

use super::envelope::{self, Envelope, Proven, short};
use super::key::{self, Sources};
use super::{Inquiry, Role, holder, issuer, time};
use crate::limits;
use crate::securing::data_integrity::Signed;
use crate::verify::code::Code;
use crate::verify::report::{CheckResult, Finding, OtherProof};

/// The document with the proof that decides. Where there is none, with the one that comes closest: the checks will say
/// what is wrong with it.
pub(in crate::verify) fn deciding<'a>(envelope: Envelope<'a>, role: Role, inquiry: &Inquiry<'a>) -> Envelope<'a> {
    let chosen = match &envelope {
        Envelope::DataIntegrity(proven) if proven.signed.count() > 1 => choose(&envelope, proven, role, inquiry),
        _ => return envelope,
    };
    chosen.unwrap_or(envelope)
}

fn choose<'a>(envelope: &Envelope<'a>, proven: &Proven<'a>, role: Role, inquiry: &Inquiry<'a>) -> Option<Envelope<'a>> {
    let author = author_of(envelope, role);
    let is_authors = |signed: &Signed| match author {
        Some(author) => controller_of(&signed.proof().verification_method).is_none_or(|own| own == author),
        // A presentation that names nobody is by whoever signed it.
        None => role == Role::Presentation,
    };
    let has_purpose = |signed: &Signed| signed.proof().purpose == role.purpose();
    let all: Vec<Signed> = proven.signed.each().collect();
    let candidates: Vec<&Signed> = all.iter().filter(|signed| is_authors(signed) && has_purpose(signed)).collect();
    let chosen = match candidates.as_slice() {
        [] => all.iter().find(|signed| is_authors(signed)).or_else(|| all.iter().find(|signed| has_purpose(signed)))?,
        [only] => only,
        several => several.iter().copied().min_by_key(|signed| {
            let envelope = proven.looking_at((*signed).clone());
            let finding = by_itself(&envelope, author, role, Sources::from(inquiry), Some(inquiry));
            finding.or_else(|| chained(&envelope, role, Sources::from(inquiry), Some(inquiry))).map(rank)
        })?,
    };
    Some(proven.looking_at(chosen.clone()))
}

fn rank(finding: Finding) -> u8 {
    finding.code.result().rank()
}

/// Whoever must have signed.
fn author_of<'e>(envelope: &'e Envelope<'_>, role: Role) -> Option<&'e str> {
    match role {
        Role::Credential => envelope.issuer(),
        Role::Presentation => envelope.holder(),
    }
}

/// The identifier in a verification method's URL; a bare name has none.
fn controller_of(method: &str) -> Option<&str> {
    let is_whole = method.starts_with("did:") || method.contains("://");
    method.split('#').next().filter(|_| is_whole)
}

/// What stands against a proof, its ancestors aside; nothing if it counts. Without an inquiry times and requests are not
/// looked at.
fn by_itself<'a>(
    envelope: &Envelope<'a>,
    author: Option<&str>,
    role: Role,
    sources: Sources<'_>,
    inquiry: Option<&Inquiry<'_>>,
) -> Option<Finding> {
    let named = key::look_up(envelope, author, role, sources);
    let mut findings = vec![
        envelope::algorithm(envelope, &named),
        envelope::signed_context(envelope),
        envelope::data_terms(envelope, &named, role, &sources.contexts()).0,
        envelope::proof(envelope, &named),
        key::binding(author.or(named.controller), &named),
        key::purpose(envelope, &named, role),
    ];
    if let Some(inquiry) = inquiry {
        let known = named.controller.and_then(|controller| inquiry.policy.known(controller));
        let closed = issuer::closed(&named, known, inquiry);
        findings.push(key::validity(envelope, &named, closed, role, inquiry).finding);
        findings.push(time::proof_expiry(envelope, inquiry.at));
        if role == Role::Presentation {
            findings.push(holder::audience(envelope, role, inquiry));
            findings.push(holder::nonce(envelope, role, inquiry));
        }
    }
    worst(findings)
}

/// The first failure, or else the first that is open: one that says why, if there is one.
fn worst(findings: Vec<Finding>) -> Option<Finding> {
    let first = |result| {
        let of_result = || findings.iter().filter(move |finding| finding.code.result() == result);
        of_result().find(|finding| finding.code != Code::NotReached).or_else(|| of_result().next())
    };
    first(CheckResult::Fail).or_else(|| first(CheckResult::Undetermined)).cloned()
}

/// What stands against the proofs that this one builds on; nothing if all of them count, each for its own author.
pub(in crate::verify) fn chained(
    envelope: &Envelope<'_>,
    role: Role,
    sources: Sources<'_>,
    inquiry: Option<&Inquiry<'_>>,
) -> Option<Finding> {
    let Envelope::DataIntegrity(proven) = envelope else { return None };
    // That they cannot be put in order, the check `proof` says.
    let ancestors = proven.signed.ancestors().unwrap_or_default();
    let found = ancestors.into_iter().filter_map(|ancestor| {
        let envelope = proven.looking_at(ancestor);
        let author = envelope.key_reference().and_then(controller_of);
        by_itself(&envelope, author, role, sources, inquiry)
    });
    let finding = worst(found.collect())?;
    let code = match finding.code.result() {
        CheckResult::Fail => Code::ProofAncestor,
        _ => Code::ProofAncestorOpen,
    };
    let message = finding.code.message(finding.detail.as_deref());
    Some(Finding::with(code, message.trim_end_matches('.')))
}

/// What is said of the proofs beside the one that decides.
pub(in crate::verify) fn others<'a>(envelope: &Envelope<'a>, role: Role, inquiry: &Inquiry<'a>) -> Vec<OtherProof> {
    let Envelope::DataIntegrity(proven) = envelope else { return Vec::new() };
    let ancestors = proven.signed.ancestors().unwrap_or_default();
    let others = proven.signed.each().filter(|each| !each.is(&proven.signed)).map(|each| {
        let is_built_on = ancestors.iter().any(|ancestor| ancestor.is(&each));
        let envelope = proven.looking_at(each.clone());
        let author = envelope.key_reference().and_then(controller_of);
        let finding = by_itself(&envelope, author, role, Sources::from(inquiry), Some(inquiry))
            .or_else(|| chained(&envelope, role, Sources::from(inquiry), Some(inquiry)));
        OtherProof {
            verification_method: Some(method_of(&each)),
            cryptosuite: Some(short(&each.proof().suite_name)),
            is_built_on,
            finding: finding.unwrap_or(Finding::of(Code::Ok)),
        }
    });
    let unreadable = proven.signed.unreadable().iter().map(|error| OtherProof {
        verification_method: None,
        cryptosuite: None,
        is_built_on: false,
        finding: Finding::with(Code::ProofForm, error),
    });
    others.chain(unreadable).collect()
}

fn method_of(signed: &Signed) -> String {
    let method = &signed.proof().verification_method;
    let is_plain = method.len() <= limits::DID_BYTES && !method.contains(char::is_control);
    if is_plain { method.clone() } else { short(method) }
}
