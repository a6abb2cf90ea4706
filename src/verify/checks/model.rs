//! `data-model` and `schema`: whether the document keeps the rules of its data model and its kind.

use serde_json::Value;

use super::envelope::{Envelope, short};
use crate::credential::kind::{Claims, Kind};
use crate::credential::model::CredentialView;
use crate::credential::type_metadata::{self, Pins, Resolution, TypeMetadataError};
use crate::status::{Entry, Purpose};
use crate::time::Days;
use crate::verify::code::Code;
use crate::verify::materials::{Materials, Resource, Source};
use crate::verify::policy::Policy;
use crate::verify::report::Finding;

/// Check `data-model` for a credential that keeps VC Data Model 2.0: what its kind must carry, what its claims must
/// keep, and what the policy takes. Returns the typed claims if it is one of the kinds.
pub(in crate::verify) fn credential(
    envelope: &Envelope<'_>,
    view: &CredentialView<'_>,
    kind: Option<Kind>,
    policy: &Policy,
) -> (Finding, Option<Claims>) {
    if let Some(name) = contradiction(envelope, view.issuer, view.id, view.subject_id()) {
        return (Finding::with(Code::ModelClaimsContradict, name), None);
    }
    if let Some(accepted) =
        policy.accepts.as_deref().filter(|accepted| kind.is_none_or(|kind| !accepted.contains(&kind)))
    {
        let names: Vec<_> = accepted.iter().map(|kind| format!("a {}", kind.in_words())).collect();
        return (Finding::with(Code::ModelKindRefused, names.join(" or ")), None);
    }
    let Some(kind) = kind else {
        let is_kinds =
            |name: &&str| Kind::ALL.iter().any(|kind| kind.credential_type() == *name) || Kind::of_vct(name).is_some();
        let claims_kinds = view.types.iter().any(is_kinds);
        return (Finding::of(if claims_kinds { Code::ModelTwoKinds } else { Code::Ok }), None);
    };
    let Some(subject) = view.single_subject() else { return (Finding::of(Code::ModelSeveralSubjects), None) };
    if let Some(missing) = missing_of_kind(kind, view) {
        return (Finding::with(Code::ModelKindNeeds, missing), None);
    }
    let claims = match envelope.disclosed() {
        None if envelope.shows_a_part() => Claims::from_disclosed(kind, subject),
        None => Claims::from_subject(kind, subject),
        // The type decides in whose words the claims are, ours or another scheme's.
        Some(disclosed) if disclosed.is_vc => {
            Claims::of_sd_jwt_vc(&view.types, subject).unwrap_or_else(|| Claims::from_claims_set(kind, subject))
        }
        Some(_) => Claims::from_disclosed(kind, subject),
    };
    match claims {
        Ok(claims) => (Finding::of(Code::Ok), Some(claims)),
        Err(error) => (Finding::with(Code::ModelClaims, error), None),
    }
}

/// The kind that the credential claims to be, by its types or its `vct`.
pub(in crate::verify) fn kind(envelope: &Envelope<'_>, view: &CredentialView<'_>) -> Option<Kind> {
    let types = view.types.iter().copied();
    if envelope.is_sd_jwt_vc() { Kind::of_vcts(types) } else { Kind::of_types(types) }
}

/// For how long a credential of a kind may be valid without a status.
const WITHOUT_STATUS: Days = Days(7);

/// What a credential of this kind must carry beside its claims. Absence can be the attack: a guarantee without an end
/// would stand for ever, and one without a holder could be presented by anybody.
fn missing_of_kind(kind: Kind, view: &CredentialView<'_>) -> Option<&'static str> {
    let has_holder = view.confirmation.is_some() || view.subject_id().is_some();
    match kind {
        _ if view.valid_from.is_none() => Some("the day from which it is valid (validFrom)"),
        _ if view.valid_until.is_none() => Some("the day on which it ends (validUntil)"),
        _ if !can_be_withdrawn(view) && !is_short(view) => Some(
            "a status (credentialStatus or status) by which it can be revoked, as it is valid for more than 7 days",
        ),
        Kind::ProofOfAddress if !has_holder => {
            Some("a key of the person that it was issued to (credentialSubject.id or cnf)")
        }
        _ => None,
    }
}

/// Whether it names a list by which its issuer can withdraw it. An entry that cannot be read here is for the checks of
/// the status to refuse.
fn can_be_withdrawn(view: &CredentialView<'_>) -> bool {
    view.status.iter().any(|entry| match Entry::read(entry) {
        Ok(Some(entry)) => !matches!(entry.purpose(), Some(Purpose::Message | Purpose::Refresh)),
        Ok(None) | Err(_) => true,
    })
}

/// Whether it ends before revoking it would help anybody.
fn is_short(view: &CredentialView<'_>) -> bool {
    let (Some(from), Some(until)) = (view.valid_from, view.valid_until) else { return false };
    u64::try_from(until.seconds_since(from)).is_ok_and(|seconds| seconds <= WITHOUT_STATUS.seconds())
}

/// A claim of the token that says something else than the document (VC-JOSE-COSE 1.0, section 3.1.3).
pub(in crate::verify) fn contradiction(
    envelope: &Envelope<'_>,
    author: &str,
    id: Option<&str>,
    subject: Option<&str>,
) -> Option<&'static str> {
    let says_other = |name: &str, own: Option<&str>| match envelope.token_claim(name) {
        None => false,
        Some(Value::String(claimed)) => own.is_some_and(|own| own != claimed),
        Some(_) => true,
    };
    [("iss", Some(author)), ("jti", id), ("sub", subject)]
        .into_iter()
        .find(|(name, own)| says_other(name, *own))
        .map(|(name, _)| name)
}

/// Check `schema`; and the type metadata to fetch, if some is missing.
pub(in crate::verify) fn schema(
    envelope: &Envelope<'_>,
    view: &CredentialView<'_>,
    materials: &Materials,
) -> (Finding, Option<Resource>) {
    let (Some(disclosed), Some(vct)) = (envelope.disclosed().filter(|it| it.is_vc), view.types.first()) else {
        let code = if view.schemas.is_empty() { Code::NotApplicable } else { Code::SchemaUnsupported };
        return (Finding::of(code), None);
    };
    let integrity = disclosed.payload.get("vct#integrity").and_then(Value::as_str);
    let lookup = |vct: &str| {
        let material = materials.type_metadata(vct).filter(|material| material.source == Source::Fetched)?;
        Some(material.content.as_slice())
    };
    // Reading the claims of a kind of ours demands more than its metadata does. Of other types the metadata is optional
    // unless the issuer pins it.
    if integrity.is_none() && (Kind::of_vct(vct).is_some() || lookup(vct).is_none()) {
        return (Finding::of(Code::NotApplicable), None);
    }
    match type_metadata::resolve(vct, integrity, Pins::Optional, lookup) {
        Ok(Resolution::Missing { vct, .. }) => {
            (Finding::with(Code::SchemaTypeUnavailable, short(&vct)), Some(Resource::TypeMetadata(vct)))
        }
        Ok(Resolution::Resolved(resolved)) => {
            match resolved.check(&disclosed.payload, &disclosed.disclosed, &disclosed.undisclosed) {
                Ok(()) => (Finding::of(Code::Ok), None),
                Err(error) => (Finding::with(Code::SchemaType, error), None),
            }
        }
        Err(TypeMetadataError::IntegrityAlgorithm) => (Finding::of(Code::SchemaUnsupported), None),
        Err(error) => (Finding::with(Code::SchemaType, error), None),
    }
}
