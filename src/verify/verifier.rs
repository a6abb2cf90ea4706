//! Puts the checks together: opens what was presented, judges each presentation, then each credential in it. This is
//! the only place that goes from one document into another, at most four deep: answer, envelope, presentation,
//! credential.

use serde_json::Value;

use super::answer;
use super::check::{CheckId, CheckSet};
use super::checks::context;
use super::checks::envelope::{self, Envelope};
use super::checks::holder::{self, Presented};
use super::checks::key::{self, Absent, Lookup, NamedKey, Sources};
use super::checks::rollback::{self, Used};
use super::checks::{Inquiry, Role, disclosure, issuer, model, proofs, status, time};
use super::code::Code;
use super::expected::{At, Expected};
use super::materials::{Materials, Resource, Seen};
use super::policy::{Known, Policy};
use super::report::{
    CheckResult, Content, CredentialReport, Finding, Findings, Missing, OtherProof, Outcome, PresentationReport, Report,
};
use crate::credential::kind::Kind;
use crate::credential::model::{CredentialView, Enclosed, ModelError, PresentationView};
use crate::credential::sd_jwt_vc;
use crate::encoding::json::Map;
use crate::jsonld::Contexts;
use crate::limits;
use crate::securing::cose::{self, CoseError};
use crate::securing::{Format, sd_jwt};
use crate::time::Timestamp;

/// Decides about a credential or presentation, and says why.
///
/// A pure function: no network, no clock, no state. What it needs from outside stands in `materials`; what it would
/// still need, in [`Report::missing`].
///
/// `presented` is a token (`vc+jwt`, `vp+jwt`), a COSE message (`vc+cose`, `vp+cose`), an SD-JWT in any of its three
/// forms (`dc+sd-jwt`, `vc+sd-jwt`, `vp+sd-jwt`), a JSON document with one or several Data Integrity proofs, or an answer
/// of several of them
/// (`{"vp_token": ...}`, OpenID4VP 1.0 section 8.1); the format is told from the bytes. Whatever they are, the answer
/// is a report.
pub fn verify(presented: &[u8], expected: &Expected, materials: &Materials, policy: &Policy, at: At) -> Report {
    let inquiry = Inquiry { expected, materials, policy, at };
    let mut verifier = Verifier {
        inquiry,
        missing: Vec::new(),
        presentations: Vec::new(),
        credentials: Vec::new(),
        seen: Seen::nothing(),
    };
    match answer::read(presented) {
        Some(Ok(answer)) => {
            for (id, presentation) in answer.presentations() {
                verifier.presented(presentation.as_bytes(), Some(id));
            }
        }
        Some(Err(finding)) => verifier.unreadable(finding),
        None => verifier.presented(presented, None),
    }
    if let Some(query) = &expected.query {
        answer::compare(query, &mut verifier.credentials, &verifier.inquiry.contexts());
    }
    let credentials: Vec<CredentialReport> =
        verifier.credentials.into_iter().map(|judged| judged.into_report(policy)).collect();
    let outcome = credentials
        .iter()
        .map(|report| report.outcome)
        .chain(verifier.presentations.iter().map(|report| report.outcome))
        .fold(Outcome::Valid, Outcome::and);
    Report {
        outcome,
        credentials,
        presentations: verifier.presentations,
        missing: verifier.missing,
        relaxed: policy.relaxed(),
        seen: verifier.seen,
    }
}

/// Opens the bytes and hands the envelope on. A JSON document that only wraps a token, in a `data:` URL (VC Data Model
/// 2.0, section 4.13) or as one of the JSON forms of an SD-JWT (RFC 9901 section 8), is unwrapped, once.
pub(super) fn with_opened<R>(
    presented: &[u8],
    contexts: &dyn Contexts,
    judge: impl FnOnce(Result<Envelope<'_>, Finding>) -> R,
) -> R {
    let opened = envelope::parse(presented, contexts);
    let Ok(Envelope::Unsigned(document, _)) = &opened else { return judge(opened) };
    if let Some((media_type, token)) = wrapped_token(document) {
        return judge(open_token(media_type, token));
    }
    if !sd_jwt::is_json(document) {
        return judge(opened);
    }
    match sd_jwt::from_json(document) {
        Ok(token) => judge(envelope::parse_sd_jwt(&token)),
        Err(error) if error.is_unsupported() => judge(Err(Finding::with(Code::ParseUnsupported, error))),
        Err(error) => judge(Err(Finding::explained(Code::ParseUnrecognised, &error))),
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
        "vc+sd-jwt" | "dc+sd-jwt" | "vp+sd-jwt" => envelope::parse_sd_jwt(token),
        "vc+cose;base64" | "vp+cose;base64" => match cose::from_data(token) {
            Ok(message) => envelope::parse_cose(&message),
            Err(error) => Err(Finding::explained(Code::ParseUnrecognised, &error)),
        },
        "vc+cose" | "vp+cose" => Err(Finding::explained(Code::ParseUnrecognised, &CoseError::Base64)),
        other => Err(Finding::with(Code::ParseUnsupported, format_args!("\"{}\"", envelope::short(other)))),
    }
}

/// The checks that ask whether the bytes were signed by whom they name. The same for credentials, presentations and
/// [`danger::check_proof`](super::danger::check_proof).
///
/// Of a document with several proofs they look at the one that `envelope` looks at, and at those on which it builds.
/// Without an inquiry the times of these are not looked at. Returns the context to fetch, if one is missing.
pub(super) fn check_envelope(
    findings: &mut Findings,
    envelope: &Envelope<'_>,
    named: &NamedKey<'_>,
    role: Role,
    sources: Sources<'_>,
    inquiry: Option<&Inquiry<'_>>,
) -> Option<Resource> {
    findings.set(CheckId::Parse, Finding::of(Code::Ok));
    findings.set(CheckId::MediaType, envelope::media_type(envelope, role));
    findings.set(CheckId::Algorithm, envelope::algorithm(envelope, named));
    let proof = envelope::proof(envelope, named);
    let chained = if proof.passed() { proofs::chained(envelope, role, sources, inquiry) } else { None };
    findings.set(CheckId::Proof, chained.unwrap_or(proof));
    findings.set(CheckId::KeyPurpose, key::purpose(envelope, named, role));
    let (terms, wanted) = envelope::data_terms(envelope, named, role, &sources.contexts());
    findings.set(CheckId::DataTerms, terms);
    findings.set(CheckId::Context, envelope::signed_context(envelope));
    findings.set(CheckId::Disclosure, disclosure::disclosure(envelope, None));
    wanted
}

/// A credential that was judged, before anybody compared it with what was asked.
pub(super) struct Judged {
    pub(super) findings: Findings,
    issuer: Option<String>,
    issuer_name: Option<String>,
    pub(super) format: Option<Format>,
    kind: Option<Kind>,
    pub(super) content: Option<Content>,
    /// The credential query that it says it answers (DCQL).
    pub(super) answers: Option<String>,
    other_proofs: Vec<OtherProof>,
}

impl Judged {
    pub(super) fn into_report(self, policy: &Policy) -> CredentialReport {
        let outcome = self.findings.outcome(policy.relaxed());
        let is_authentic = self.is_authentic();
        CredentialReport {
            outcome,
            checks: self.findings.into_checks(),
            issuer: self.issuer,
            issuer_name: self.issuer_name,
            format: self.format,
            kind: self.kind,
            content: self.content.map(|content| Content { is_authentic, ..content }),
            other_proofs: self.other_proofs,
        }
    }

    /// Its types as a query names them: `vct`, or the document's `type`.
    pub(super) fn type_names(&self) -> Vec<&str> {
        let Some(content) = &self.content else { return Vec::new() };
        let member = if self.format == Some(Format::SdJwtVc) { "vct" } else { "type" };
        match content.document.get(member) {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether proof, binding, purpose and disclosure passed.
    fn is_authentic(&self) -> bool {
        let foundation = [CheckId::Proof, CheckId::KeyBinding, CheckId::KeyPurpose, CheckId::Disclosure];
        foundation.into_iter().all(|check| {
            matches!(self.findings.get(check).code.result(), CheckResult::Pass | CheckResult::NotApplicable)
        })
    }
}

/// A credential that was opened, and what is known of its author.
#[derive(Clone, Copy)]
struct About<'a, 'e> {
    envelope: &'e Envelope<'e>,
    view: &'e CredentialView<'e>,
    named: &'e NamedKey<'a>,
    known: Option<Known<'a>>,
    /// When its issuer ceased to be.
    closed: Option<Timestamp>,
    presented: &'e Presented<'e>,
}

struct Verifier<'a> {
    inquiry: Inquiry<'a>,
    missing: Vec<Missing>,
    presentations: Vec<PresentationReport>,
    credentials: Vec<Judged>,
    seen: Seen,
}

impl<'m> Verifier<'m> {
    /// One thing that was handed over, perhaps as the answer to one credential query.
    fn presented(&mut self, bytes: &[u8], answers: Option<&str>) {
        let contexts = self.inquiry.contexts();
        with_opened(bytes, &contexts, |opened| match opened {
            Ok(envelope) => match envelope.role() {
                Role::Presentation => self.presentation(envelope, answers),
                Role::Credential => {
                    let is_bound = envelope.disclosed().is_some_and(|it| it.sd_jwt.key_binding.is_some());
                    let presented = if is_bound { Presented::Bound } else { Presented::Bare };
                    self.credential(envelope, &presented, answers);
                }
            },
            Err(finding) => self.unreadable(finding),
        });
    }

    /// Something that could not be opened.
    fn unreadable(&mut self, finding: Finding) {
        let mut findings = Findings::all(Code::NotReached);
        findings.set(CheckId::Parse, finding);
        let (issuer, issuer_name, format, kind, content, answers) = (None, None, None, None, None, None);
        let other_proofs = Vec::new();
        self.credentials.push(Judged { findings, issuer, issuer_name, format, kind, content, answers, other_proofs });
    }

    fn presentation(&mut self, envelope: Envelope<'_>, answers: Option<&str>) {
        let inquiry = self.inquiry;
        let envelope = &proofs::deciding(envelope, Role::Presentation, &inquiry);
        let mut findings = Findings::all(Code::NotApplicable);
        let named = key::look_up(envelope, envelope.holder(), Role::Presentation, Sources::from(&inquiry));
        // A presentation need not name its holder: then it is whoever controls the key.
        let author = envelope.holder().or(named.controller);
        let sources = Sources::from(&inquiry);
        let terms = check_envelope(&mut findings, envelope, &named, Role::Presentation, sources, Some(&inquiry));
        findings.set(CheckId::KeyBinding, key::binding(author, &named));
        findings.set(CheckId::KeyValidity, key::validity(envelope, &named, None, Role::Presentation, &inquiry).finding);
        let used = Used { logs: named.log().into_iter().collect(), ..Used::default() };
        findings.set(CheckId::MaterialRollback, rollback::rollback(&used, &inquiry));
        let expiry = time::clock(&inquiry, used.newest()).unwrap_or_else(|| time::proof_expiry(envelope, inquiry.at));
        findings.set(CheckId::ProofExpiry, expiry);
        findings.set(CheckId::Audience, holder::audience(envelope, Role::Presentation, &inquiry));
        findings.set(CheckId::Nonce, holder::nonce(envelope, Role::Presentation, &inquiry));
        self.want_keys_of(author, &named);
        self.want_terms_of(author, &named, terms);
        let signed = findings.get(CheckId::Context).clone();
        let context = context::of_presentation(envelope.document(), signed, envelope.covers(), inquiry.policy);
        findings.set(CheckId::Context, context);

        let proven = [CheckId::Proof, CheckId::KeyBinding, CheckId::KeyPurpose, CheckId::Disclosure]
            .into_iter()
            .all(|check| matches!(findings.get(check).code.result(), CheckResult::Pass | CheckResult::NotApplicable));
        let presented = match (named.controller, named.key()) {
            (Some(controller), Some(key)) if proven => Presented::By { controller, key },
            _ => Presented::ByNobody,
        };
        let model = match PresentationView::read(envelope.document()) {
            _ if !envelope.is_whole() => Finding::of(Code::NotReached),
            Err(ModelError::TooManyCredentials { limit }) => Finding::with(Code::ModelTooMany, limit),
            Err(error) => Finding::with(Code::ModelBroken, error),
            Ok(view) => match model::contradiction(envelope, author.unwrap_or_default(), view.id, None) {
                Some(name) => Finding::with(Code::ModelClaimsContradict, name),
                None if view.credentials.is_empty() => Finding::of(Code::ModelNothingInside),
                None => {
                    for enclosed in &view.credentials {
                        self.enclosed(enclosed, &presented, answers);
                    }
                    Finding::of(Code::Ok)
                }
            },
        };
        findings.set(CheckId::DataModel, model);
        demand(&mut findings, TRANSACTION.into_iter().collect(), inquiry.policy);
        let outcome = findings.outcome(PresentationReport::relaxed(inquiry.policy.relaxed()));
        let holder = author.map(str::to_owned);
        let other_proofs = proofs::others(envelope, Role::Presentation, &inquiry);
        self.presentations.push(PresentationReport { outcome, checks: findings.into_checks(), holder, other_proofs });
    }

    /// A credential inside a presentation.
    fn enclosed(&mut self, enclosed: &Enclosed<'_>, presented: &Presented<'_>, answers: Option<&str>) {
        let contexts = self.inquiry.contexts();
        let opened = match enclosed {
            Enclosed::Enveloped { media_type, data } => open_token(media_type, data),
            Enclosed::Embedded(document) => Ok(envelope::open((*document).clone(), &contexts)),
        };
        match opened {
            Ok(envelope) => self.credential(envelope, presented, answers),
            Err(finding) => self.unreadable(finding),
        }
    }

    fn credential(&mut self, envelope: Envelope<'_>, presented: &Presented<'_>, answers: Option<&str>) {
        let inquiry = self.inquiry;
        let envelope = proofs::deciding(envelope, Role::Credential, &inquiry);
        let mut findings = Findings::all(Code::NotApplicable);
        let issuer = envelope.issuer();
        let named = key::look_up(&envelope, issuer, Role::Credential, Sources::from(&inquiry));
        let known = match issuer {
            Some(issuer) if !named.is_certified() => inquiry.policy.known(issuer),
            _ => named.anchor(),
        };
        let sources = Sources::from(&inquiry);
        let terms = check_envelope(&mut findings, &envelope, &named, Role::Credential, sources, Some(&inquiry));
        findings.set(CheckId::KeyBinding, key::binding(issuer, &named));
        let closed = issuer::closed(&named, known, &inquiry);
        let validity = key::validity(&envelope, &named, closed, Role::Credential, &inquiry);
        findings.set(CheckId::KeyValidity, validity.finding);
        findings.set(CheckId::ProofExpiry, time::proof_expiry(&envelope, inquiry.at));
        self.want_keys_of(issuer, &named);
        self.want_terms_of(issuer, &named, terms);
        let mut wanted: Vec<Resource> = validity.wanted.into_iter().collect();
        let logs = named.log().into_iter().collect();
        let mut used = Used { logs, lists: Vec::new(), notices: validity.notices };

        let mut kind = None;
        let mut content = None;
        match credential_view(&envelope) {
            Err(finding) => {
                findings.set(CheckId::DataModel, finding);
                for check in OF_THE_MODEL {
                    findings.set(check, Finding::of(Code::NotReached));
                }
            }
            Ok(view) => {
                let about = About { envelope: &envelope, view: &view, named: &named, known, closed, presented };
                let read = self.claims(&mut findings, &about, &mut wanted, &mut used);
                kind = read.0;
                content = Some(read.1);
            }
        }
        if matches!(presented, Presented::Bound) {
            findings.set(CheckId::Audience, holder::audience(&envelope, Role::Credential, &inquiry));
            findings.set(CheckId::Nonce, holder::nonce(&envelope, Role::Credential, &inquiry));
        }
        let rolled_back = rollback::rollback(&used, &inquiry);
        let may_be_noted = matches!(rolled_back.code.result(), CheckResult::Pass | CheckResult::NotApplicable);
        if rolled_back.code == Code::RollbackBeforeCheckpoint {
            wanted.extend(used.logs.iter().map(|kept| Resource::Log(kept.log.identifier().did().to_string())));
        }
        findings.set(CheckId::MaterialRollback, rolled_back);
        // Nothing else is fetched for a document before it is known to be its issuer's, and the issuer to be trusted.
        let is_genuine = GENUINE
            .into_iter()
            .all(|check| matches!(findings.get(check).code.result(), CheckResult::Pass | CheckResult::NotApplicable));
        if is_genuine {
            wanted.into_iter().for_each(|resource| self.want(resource));
            // What contradicts the memory must not take its place there.
            if may_be_noted {
                used.note(&mut self.seen, inquiry.at);
            }
        }
        if let Some(finding) = time::clock(&inquiry, used.newest()) {
            for check in [CheckId::ValidFrom, CheckId::ValidUntil, CheckId::ProofExpiry, CheckId::Freshness] {
                findings.set(check, finding.clone());
            }
        }
        // Audience and nonce are the presentation's, if there is one.
        let elsewhere: CheckSet = match presented {
            Presented::Bare | Presented::Bound => CheckSet::default(),
            _ => TRANSACTION.into_iter().collect(),
        };
        demand(
            &mut findings,
            CheckId::ALL.into_iter().filter(|check| !elsewhere.contains(*check)).collect(),
            inquiry.policy,
        );
        let issuer = issuer.map(str::to_owned);
        let issuer_name = known.and_then(|known| known.entry.display_name()).map(str::to_owned);
        let format = envelope.format();
        let answers = answers.map(str::to_owned);
        let other_proofs = proofs::others(&envelope, Role::Credential, &inquiry);
        if let Some(content) = &mut content {
            content.document = envelope.into_document();
        }
        self.credentials.push(Judged { findings, issuer, issuer_name, format, kind, content, answers, other_proofs });
    }

    /// The checks that look at what the credential says. The document itself is filled in by the caller.
    fn claims<'a>(
        &self,
        findings: &mut Findings,
        about: &About<'a, '_>,
        wanted: &mut Vec<Resource>,
        used: &mut Used<'a>,
    ) -> (Option<Kind>, Content)
    where
        Self: 'a,
    {
        let inquiry = &self.inquiry.clone();
        let About { envelope, view, named, known, closed, presented } = *about;
        let kind = model::kind(envelope, view);
        let (model, claims) = model::credential(envelope, view, kind, inquiry.policy);
        let region = claims.as_ref().and_then(|claims| claims.region());
        let signed = findings.get(CheckId::Context).clone();
        let (known_contexts, covers) = (inquiry.contexts(), envelope.covers());
        let context =
            context::of_credential(envelope.document(), view, kind, signed, covers, &known_contexts, inquiry.policy);
        findings.set(CheckId::DataModel, model);
        findings.set(CheckId::Context, context);
        findings.set(CheckId::Disclosure, disclosure::disclosure(envelope, kind));
        let (schema, of_type) = model::schema(envelope, view, inquiry.materials);
        findings.set(CheckId::Schema, schema);
        wanted.extend(of_type);
        findings.set(CheckId::ValidFrom, time::valid_from(envelope, view, inquiry.at));
        findings.set(CheckId::ValidUntil, time::valid_until(envelope, view, inquiry.at));
        let list = known.map(|known| known.list);
        findings.set(CheckId::Freshness, time::freshness(view, named, list, closed, inquiry));
        let subject = status::Subject { envelope, view, named, closed };
        wanted.extend(status::status(findings, &subject, used, inquiry));
        findings.set(CheckId::HolderBinding, holder::binding(envelope, view, presented, inquiry));
        findings.set(CheckId::IssuerTrust, issuer::trust(view, known, kind, region, closed, inquiry));
        let (valid_from, valid_until) = (view.valid_from, view.valid_until);
        (
            kind,
            Content {
                document: Map::new(),
                is_flat: envelope.is_sd_jwt_vc(),
                claims,
                valid_from,
                valid_until,
                is_authentic: false,
            },
        )
    }

    /// Notes that the author's keys are missing, if they may be fetched: they are the author's own, and the trust list
    /// knows the author. A stranger's document must not make us fetch what it names.
    fn want_keys_of(&mut self, author: Option<&str>, named: &NamedKey<'_>) {
        let Some(controller) = named.controller.filter(|controller| author == Some(controller)) else { return };
        let Lookup::Absent(Absent::Unavailable(resource)) = &named.lookup else { return };
        let policy = self.inquiry.policy;
        if policy.known(controller).is_some() || policy.fetch_unknown_issuers {
            self.want(resource.clone());
        }
    }

    /// Notes that the context is missing by which a document is read, under the same conditions.
    fn want_terms_of(&mut self, author: Option<&str>, named: &NamedKey<'_>, context: Option<Resource>) {
        let Some(controller) = named.controller.filter(|controller| author == Some(controller)) else { return };
        let policy = self.inquiry.policy;
        if policy.known(controller).is_some() || policy.fetch_unknown_issuers {
            context.into_iter().for_each(|context| self.want(context));
        }
    }

    fn want(&mut self, resource: Resource) {
        let missing = Missing { resource };
        if self.missing.len() < limits::MISSING_RESOURCES && !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }
}

/// What the verifier reads of a credential, by the data model of its format.
pub(super) fn credential_view<'a>(envelope: &'a Envelope<'_>) -> Result<CredentialView<'a>, Finding> {
    if !envelope.is_whole() {
        return Err(Finding::of(Code::NotReached));
    }
    if envelope.is_sd_jwt_vc() {
        let view = sd_jwt_vc::view(envelope.document(), envelope.issuer());
        return view.map_err(|error| Finding::with(Code::ModelBroken, error));
    }
    CredentialView::read(envelope.document()).map_err(|error| Finding::with(Code::ModelBroken, error))
}

/// Checks about this transaction, which a presentation answers for all its credentials.
const TRANSACTION: [CheckId; 2] = [CheckId::Audience, CheckId::Nonce];

/// What must hold before anything is fetched for a document.
const GENUINE: [CheckId; 5] =
    [CheckId::Proof, CheckId::KeyBinding, CheckId::KeyPurpose, CheckId::Disclosure, CheckId::IssuerTrust];

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
