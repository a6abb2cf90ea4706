//! Puts the checks together: opens what was presented, judges the presentation, then each credential in it. This is
//! the only place that goes from one document into another, at most three deep: envelope, presentation, credential.

use super::check::{CheckId, CheckSet};
use super::checks::envelope::{self, Envelope};
use super::checks::holder::{self, Presented};
use super::checks::key::{self, Lookup, NamedKey};
use super::checks::{Inquiry, Role, issuer, model, status, time};
use super::code::Code;
use super::expected::{At, Expected};
use super::materials::{Materials, Resource};
use super::policy::Policy;
use super::report::{
    CheckResult, Content, CredentialReport, Finding, Findings, Missing, Outcome, PresentationReport, Report,
};
use crate::credential::kind::Kind;
use crate::credential::model::{CredentialView, Enclosed, ModelError, PresentationView};
use crate::encoding::json::Map;
use crate::limits;

/// Decides about a credential or presentation, and says why.
///
/// A pure function: no network, no clock, no state. What it needs from outside stands in `materials`; what it would
/// still need, in [`Report::missing`].
///
/// `presented` is a `vc+jwt` or `vp+jwt` token, or a JSON document with an `eddsa-jcs-2022` or `ecdsa-jcs-2019` proof;
/// the format is told from the bytes. Whatever they are, the answer is a report.
pub fn verify(presented: &[u8], expected: &Expected, materials: &Materials, policy: &Policy, at: At) -> Report {
    let inquiry = Inquiry { expected, materials, policy, at };
    let mut verifier = Verifier { inquiry, missing: Vec::new() };
    let (presentation, credentials) = with_opened(presented, |opened| match opened {
        Ok(envelope) => match envelope.role() {
            Role::Presentation => {
                let (presentation, credentials) = verifier.presentation(&envelope);
                (Some(presentation), credentials)
            }
            Role::Credential => (None, vec![verifier.credential(envelope, &Presented::Bare)]),
        },
        Err(finding) => (None, vec![verifier.unreadable(finding)]),
    });
    let outcome = credentials
        .iter()
        .map(|report| report.outcome)
        .chain(presentation.iter().map(|report| report.outcome))
        .fold(Outcome::Valid, Outcome::and);
    Report { outcome, credentials, presentation, missing: verifier.missing, relaxed: policy.relaxed() }
}

/// Opens the bytes and hands the envelope on. A JSON document that only wraps a token in a `data:` URL (VC Data Model
/// 2.0, section 4.13) is unwrapped, once.
pub(super) fn with_opened<R>(presented: &[u8], judge: impl FnOnce(Result<Envelope<'_>, Finding>) -> R) -> R {
    let opened = envelope::parse(presented);
    match &opened {
        Ok(Envelope::Unsigned(document, _)) => match wrapped_token(document) {
            Some((media_type, token)) => judge(open_token(media_type, token)),
            None => judge(opened),
        },
        _ => judge(opened),
    }
}

fn wrapped_token(document: &Map) -> Option<(&str, &str)> {
    let kind = document.get("type")?.as_str()?;
    if !matches!(kind, "EnvelopedVerifiableCredential" | "EnvelopedVerifiablePresentation") {
        return None;
    }
    document.get("id")?.as_str()?.strip_prefix("data:application/")?.split_once(',')
}

/// Opens a token whose wrapping says what it is.
fn open_token<'a>(media_type: &str, token: &'a str) -> Result<Envelope<'a>, Finding> {
    match media_type {
        "vc+jwt" | "vp+jwt" => envelope::parse_token(token),
        "vc+sd-jwt" | "dc+sd-jwt" | "vp+sd-jwt" => Err(Finding::with(Code::ParseUnsupported, "an SD-JWT")),
        "vc+cose" | "vp+cose" => Err(Finding::with(Code::ParseUnsupported, "a COSE document")),
        other => Err(Finding::with(Code::ParseUnsupported, format_args!("\"{}\"", envelope::short(other)))),
    }
}

/// The checks that ask whether the bytes were signed by whom they name. The same for credentials, presentations and
/// [`danger::check_proof`](super::danger::check_proof).
pub(super) fn check_envelope(findings: &mut Findings, envelope: &Envelope<'_>, named: &NamedKey<'_>, role: Role) {
    findings.set(CheckId::Parse, Finding::of(Code::Ok));
    findings.set(CheckId::MediaType, envelope::media_type(envelope, role));
    findings.set(CheckId::Algorithm, envelope::algorithm(envelope, named));
    findings.set(CheckId::Proof, envelope::proof(envelope, named));
    findings.set(CheckId::KeyPurpose, key::purpose(envelope, named, role));
    findings.set(CheckId::Context, envelope::signed_context(envelope));
}

/// The credential's issuer: text, or an object with an `id` (VC Data Model 2.0, section 4.7).
pub(super) fn issuer_of(document: &Map) -> Option<&str> {
    let issuer = document.get("issuer")?;
    issuer.as_str().or_else(|| issuer.get("id")?.as_str())
}

/// Whose presentation it is: its `holder`, or else the token's `iss`.
pub(super) fn holder_of<'a>(envelope: &'a Envelope<'_>) -> Option<&'a str> {
    let holder = envelope.document().get("holder");
    let named = holder.and_then(|holder| holder.as_str().or_else(|| holder.get("id")?.as_str()));
    named.or_else(|| envelope.token_claim("iss")?.as_str())
}

struct Verifier<'a> {
    inquiry: Inquiry<'a>,
    missing: Vec<Missing>,
}

impl Verifier<'_> {
    /// The report for something that could not be opened.
    fn unreadable(&self, finding: Finding) -> CredentialReport {
        let mut findings = Findings::all(Code::NotReached);
        findings.set(CheckId::Parse, finding);
        self.credential_report(findings, None, None)
    }

    fn presentation(&mut self, envelope: &Envelope<'_>) -> (PresentationReport, Vec<CredentialReport>) {
        let inquiry = self.inquiry;
        let mut findings = Findings::all(Code::NotApplicable);
        let named = key::look_up(envelope, holder_of(envelope), Role::Presentation, inquiry.materials);
        // A presentation need not name its holder: then it is whoever controls the key.
        let author = holder_of(envelope).or(named.controller);
        check_envelope(&mut findings, envelope, &named, Role::Presentation);
        findings.set(CheckId::KeyBinding, key::binding(author, &named));
        findings.set(CheckId::KeyValidity, key::validity(&named, &inquiry));
        let expiry = time::clock(&inquiry).unwrap_or_else(|| time::proof_expiry(envelope, inquiry.at));
        findings.set(CheckId::ProofExpiry, expiry);
        findings.set(CheckId::Audience, holder::audience(envelope, &inquiry));
        findings.set(CheckId::Nonce, holder::nonce(envelope, &inquiry));
        self.want_document_of(author, &named);

        let proven =
            [CheckId::Proof, CheckId::KeyBinding, CheckId::KeyPurpose].into_iter().all(|check| findings.passed(check));
        let presented = match (named.controller, named.key()) {
            (Some(controller), Some(key)) if proven => Presented::By { controller, key },
            _ => Presented::ByNobody,
        };
        let (model, credentials) = match PresentationView::read(envelope.document()) {
            Err(ModelError::TooManyCredentials { limit }) => (Finding::with(Code::ModelTooMany, limit), Vec::new()),
            Err(error) => (Finding::with(Code::ModelBroken, error), Vec::new()),
            Ok(view) => match model::contradiction(envelope, author.unwrap_or_default(), view.id, None) {
                Some(name) => (Finding::with(Code::ModelClaimsContradict, name), Vec::new()),
                None if view.credentials.is_empty() => (Finding::of(Code::ModelNothingInside), Vec::new()),
                None => {
                    let enclosed = view.credentials.iter().map(|enclosed| self.enclosed(enclosed, &presented));
                    (Finding::of(Code::Ok), enclosed.collect())
                }
            },
        };
        findings.set(CheckId::DataModel, model);
        demand(&mut findings, TRANSACTION.into_iter().collect(), inquiry.policy);
        let outcome = findings.outcome(PresentationReport::relaxed(inquiry.policy.relaxed()));
        let holder = author.map(str::to_owned);
        (PresentationReport { outcome, checks: findings.into_checks(), holder }, credentials)
    }

    /// A credential inside a presentation.
    fn enclosed(&mut self, enclosed: &Enclosed<'_>, presented: &Presented<'_>) -> CredentialReport {
        let opened = match enclosed {
            Enclosed::Enveloped { media_type, data } => open_token(media_type, data),
            Enclosed::Embedded(document) => Ok(envelope::open((*document).clone())),
        };
        match opened {
            Ok(envelope) => self.credential(envelope, presented),
            Err(finding) => self.unreadable(finding),
        }
    }

    fn credential(&mut self, envelope: Envelope<'_>, presented: &Presented<'_>) -> CredentialReport {
        let inquiry = self.inquiry;
        let mut findings = Findings::all(Code::NotApplicable);
        let issuer = issuer_of(envelope.document());
        let named = key::look_up(&envelope, issuer, Role::Credential, inquiry.materials);
        check_envelope(&mut findings, &envelope, &named, Role::Credential);
        findings.set(CheckId::KeyBinding, key::binding(issuer, &named));
        findings.set(CheckId::KeyValidity, key::validity(&named, &inquiry));
        findings.set(CheckId::ProofExpiry, time::proof_expiry(&envelope, inquiry.at));
        self.want_document_of(issuer, &named);

        let mut content = None;
        match CredentialView::read(envelope.document()) {
            Err(error) => {
                findings.set(CheckId::DataModel, Finding::with(Code::ModelBroken, error));
                for check in OF_THE_MODEL {
                    findings.set(check, Finding::of(Code::NotReached));
                }
            }
            Ok(view) => content = Some(self.claims(&mut findings, &envelope, &view, &named, presented)),
        }
        if let Some(finding) = time::clock(&inquiry) {
            for check in [CheckId::ValidFrom, CheckId::ValidUntil, CheckId::ProofExpiry, CheckId::Freshness] {
                findings.set(check, finding.clone());
            }
        }
        // Audience and nonce are the presentation's, if there is one.
        let elsewhere: CheckSet = match presented {
            Presented::Bare => CheckSet::default(),
            _ => TRANSACTION.into_iter().collect(),
        };
        demand(
            &mut findings,
            CheckId::ALL.into_iter().filter(|check| !elsewhere.contains(*check)).collect(),
            inquiry.policy,
        );

        let issuer = issuer.map(str::to_owned);
        let mut report = self.credential_report(findings, issuer, envelope.format());
        if let Some((kind, mut read)) = content {
            report.kind = kind;
            let foundation = [CheckId::Proof, CheckId::KeyBinding, CheckId::KeyPurpose, CheckId::Disclosure];
            read.is_authentic = foundation
                .into_iter()
                .all(|check| matches!(report.check(check).result(), CheckResult::Pass | CheckResult::NotApplicable));
            read.document = envelope.into_document();
            report.content = Some(read);
        }
        report
    }

    /// The checks that look at what the credential says. The document itself is filled in by the caller.
    fn claims(
        &self,
        findings: &mut Findings,
        envelope: &Envelope<'_>,
        view: &CredentialView<'_>,
        named: &NamedKey<'_>,
        presented: &Presented<'_>,
    ) -> (Option<Kind>, Content) {
        let inquiry = &self.inquiry;
        let kind = Kind::of_types(view.types.iter().copied());
        let (model, claims) = model::credential(envelope, view, kind, inquiry.policy);
        let region = claims.as_ref().and_then(|claims| claims.region());
        let context = model::context(view, kind, findings.get(CheckId::Context).clone());
        let list = inquiry.policy.list_of(view.issuer);
        findings.set(CheckId::DataModel, model);
        findings.set(CheckId::Context, context);
        findings.set(CheckId::Schema, model::schema(view));
        findings.set(CheckId::ValidFrom, time::valid_from(view, inquiry.at));
        findings.set(CheckId::ValidUntil, time::valid_until(view, inquiry.at));
        findings.set(CheckId::Freshness, time::freshness(view, named, list, inquiry));
        for check in [CheckId::StatusRevocation, CheckId::StatusSuspension, CheckId::StatusList] {
            findings.set(check, status::status(check, view));
        }
        findings.set(CheckId::HolderBinding, holder::binding(view, presented, inquiry));
        findings.set(CheckId::IssuerTrust, issuer::trust(view.issuer, &view.types, region, inquiry));
        let (valid_from, valid_until) = (view.valid_from, view.valid_until);
        (kind, Content { document: Map::new(), claims, valid_from, valid_until, is_authentic: false })
    }

    fn credential_report(
        &self,
        findings: Findings,
        issuer: Option<String>,
        format: Option<crate::securing::Format>,
    ) -> CredentialReport {
        let policy = self.inquiry.policy;
        let outcome = findings.outcome(policy.relaxed());
        let issuer_name = issuer
            .as_deref()
            .and_then(|issuer| policy.list_of(issuer)?.entry(issuer)?.display_name())
            .map(str::to_owned);
        let checks = findings.into_checks();
        CredentialReport { outcome, checks, issuer, issuer_name, format, kind: None, content: None }
    }

    /// Notes that a key document is missing, if it may be fetched: it is the author's own, and the trust list knows the
    /// author. A stranger's document must not make us fetch what it names.
    fn want_document_of(&mut self, author: Option<&str>, named: &NamedKey<'_>) {
        let Some(controller) = named.controller.filter(|controller| author == Some(controller)) else { return };
        let policy = self.inquiry.policy;
        let is_known = policy.list_of(controller).is_some() || policy.fetch_unknown_issuers;
        if is_known && matches!(named.lookup, Lookup::Unavailable) && self.missing.len() < limits::MISSING_RESOURCES {
            let missing = Missing { resource: Resource::Document(controller.to_owned()) };
            if !self.missing.contains(&missing) {
                self.missing.push(missing);
            }
        }
    }
}

/// Checks about this transaction, which a presentation answers for all its credentials.
const TRANSACTION: [CheckId; 2] = [CheckId::Audience, CheckId::Nonce];

/// Checks that need a credential whose data model holds.
const OF_THE_MODEL: [CheckId; 9] = [
    CheckId::Schema,
    CheckId::ValidFrom,
    CheckId::ValidUntil,
    CheckId::Freshness,
    CheckId::StatusRevocation,
    CheckId::StatusSuspension,
    CheckId::StatusList,
    CheckId::HolderBinding,
    CheckId::IssuerTrust,
];

/// What the policy demands must be shown: where a demanded check has nothing to look at, the outcome is open.
fn demand(findings: &mut Findings, among: CheckSet, policy: &Policy) {
    for check in policy.demand.iter().filter(|check| among.contains(*check)) {
        if findings.get(check).code.result() == CheckResult::NotApplicable {
            findings.set(check, Finding::of(Code::NotShown));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn too_many_credentials_are_named_as_such() {
        let code = |count: usize| {
            let credential = json!({ "type": "VerifiableCredential" });
            let presentation = json!({
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": "VerifiablePresentation",
                "verifiableCredential": vec![credential; count],
            });
            let at = At::AsOf(Timestamp::from_unix(0).unwrap());
            let presented = presentation.to_string();
            let report = verify(presented.as_bytes(), &Expected::nothing(), &Materials::none(), &Policy::default(), at);
            (report.presentation().unwrap().check(CheckId::DataModel).code(), report.credentials().len())
        };
        assert_eq!(code(limits::CREDENTIALS), (Code::Ok, limits::CREDENTIALS));
        assert_eq!(code(limits::CREDENTIALS + 1), (Code::ModelTooMany, 0));
    }
}
