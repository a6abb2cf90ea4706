//! `holder.binding`, `audience` and `nonce`: whoever presents it is whom it was issued to, here and now.

use serde_json::Value;

use super::envelope::{Envelope, algorithm_of, short};
use super::key::{Absent, Sources};
use super::{Inquiry, Role};
use crate::credential::model::CredentialView;
use crate::did::Relationship;
use crate::keys::PublicKey;
use crate::securing::jose::is_media_type;
use crate::time::Timestamp;
use crate::verify::code::Code;
use crate::verify::policy::HolderBinding;
use crate::verify::report::Finding;

/// How a credential was handed over.
pub(in crate::verify) enum Presented<'a> {
    /// As it lies there.
    Bare,
    /// In a presentation whose signature does not hold, or holds for nobody that is known.
    ByNobody,
    /// In a presentation that this key signed, allowed by this controller for authentication.
    By { controller: &'a str, key: &'a PublicKey },
    /// With a key binding token of its own (RFC 9901 section 4.3).
    Bound,
}

/// Check `holder.binding`. In a presentation it is made always; what the policy decides is whether it may be absent.
pub(in crate::verify) fn binding(
    envelope: &Envelope<'_>,
    view: &CredentialView<'_>,
    presented: &Presented<'_>,
    inquiry: &Inquiry<'_>,
) -> Finding {
    let required = match inquiry.policy.holder_binding {
        HolderBinding::Required => true,
        HolderBinding::WhenExpected => !inquiry.expected.is_nothing(),
        HolderBinding::NotRequired => false,
    };
    // Such a key is not read.
    let names_key_in_header = matches!(envelope, Envelope::Cose(message) if message.claims.contains_key("cnf"));
    let has_holder = names_key_in_header || view.confirmation.is_some() || view.names_a_subject();
    match presented {
        Presented::Bare if required => Finding::of(Code::BindingNotPresented),
        Presented::Bare => Finding::of(Code::NotApplicable),
        _ if !has_holder => Finding::of(if required { Code::BindingNoHolder } else { Code::NotApplicable }),
        Presented::ByNobody => Finding::of(Code::NotReached),
        _ if names_key_in_header => Finding::of(Code::BindingUnsupported),
        Presented::By { controller, key } => {
            expecting(signer_is_holder(view, controller, key, inquiry), required, inquiry)
        }
        Presented::Bound => expecting(key_binding(envelope, view, inquiry), required, inquiry),
    }
}

/// That somebody is present is shown only by an answer to a request.
fn expecting(finding: Finding, required: bool, inquiry: &Inquiry<'_>) -> Finding {
    if finding.passed() && required && inquiry.expected.is_nothing() {
        return Finding::of(Code::BindingNoExpectation);
    }
    finding
}

/// RFC 9901 section 7.3, step 5: the key binding token is one, signed by the holder's key over exactly what was
/// presented, and not in the future.
fn key_binding(envelope: &Envelope<'_>, view: &CredentialView<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let Some(disclosed) = envelope.disclosed() else { return Finding::of(Code::NotReached) };
    let Some(binding) = &disclosed.sd_jwt.key_binding else { return Finding::of(Code::NotReached) };
    let keys = match holder_keys(view, inquiry) {
        Ok(keys) => keys,
        Err(finding) => return finding,
    };
    let header = &binding.jws.header;
    if !header.media_type.as_deref().is_some_and(|media_type| is_media_type(media_type, "kb+jwt")) {
        return Finding::with(Code::BindingForm, "its type is not kb+jwt");
    }
    let algorithm = match algorithm_of(header, None) {
        Ok(algorithm) => algorithm,
        Err(finding) => return Finding::with(Code::BindingForm, finding.code.message(finding.detail.as_deref())),
    };
    if !keys.iter().any(|key| binding.jws.verify(algorithm, key).is_ok()) {
        return Finding::of(Code::BindingOtherKey);
    }
    if !binding.hash_matches(&disclosed.sd_jwt) {
        return Finding::of(Code::BindingOtherDisclosures);
    }
    match binding.issued_at().and_then(|seconds| Timestamp::from_unix(seconds).ok()) {
        None => Finding::with(Code::BindingForm, "it does not say when it was made (iat)"),
        Some(made) if made.seconds_since(inquiry.at.time()) > super::time::SKEW => {
            Finding::with(Code::BindingFuture, made.in_words())
        }
        Some(_) => Finding::of(Code::Ok),
    }
}

/// The keys by which the holder may answer: the one in `cnf`, or those of the subject's own document.
fn holder_keys(view: &CredentialView<'_>, inquiry: &Inquiry<'_>) -> Result<Vec<PublicKey>, Finding> {
    if let Some(confirmation) = view.confirmation {
        return match confirmation.get("jwk") {
            Some(Value::Object(jwk)) => match PublicKey::from_jwk(jwk) {
                Ok(key) => Ok(vec![key]),
                Err(_) => Err(Finding::of(Code::BindingOtherKey)),
            },
            Some(_) => Err(Finding::of(Code::BindingOtherKey)),
            None => Err(Finding::of(Code::BindingUnsupported)),
        };
    }
    if view.subjects.len() > 1 {
        return Err(Finding::of(Code::BindingSeveralSubjects));
    }
    let Some(subject) = view.subject_id() else { return Err(Finding::of(Code::BindingOtherKey)) };
    match Sources::from(inquiry).published(subject, false) {
        Ok(published) if published.deactivated.is_none() => {
            let document = &published.document;
            Ok(document
                .verification_methods()
                .iter()
                .filter(|method| document.authorizes(&method.id, Relationship::Authentication))
                .filter_map(|method| method.key.clone().ok())
                .collect())
        }
        Err(Absent::Unavailable(_) | Absent::Asserted) => {
            Err(Finding::with(Code::HolderKeyUnavailable, short(subject)))
        }
        _ => Err(Finding::of(Code::BindingOtherKey)),
    }
}

fn signer_is_holder(view: &CredentialView<'_>, controller: &str, key: &PublicKey, inquiry: &Inquiry<'_>) -> Finding {
    if view.confirmation.is_none() && view.subjects.len() == 1 && view.subject_id() == Some(controller) {
        return Finding::of(Code::Ok);
    }
    match holder_keys(view, inquiry) {
        Ok(keys) => Finding::of(if keys.contains(key) { Code::Ok } else { Code::BindingOtherKey }),
        Err(finding) => finding,
    }
}

/// Check `audience`: `aud` (RFC 7519 section 4.1.3) or `domain` (Data Integrity 1.0, section 2.1) is the verifier.
///
/// Of a credential the key binding token says it, which `holder.binding` looks at. Of a presentation the presentation
/// itself does: nobody's key is behind a key binding token there.
pub(in crate::verify) fn audience(envelope: &Envelope<'_>, role: Role, inquiry: &Inquiry<'_>) -> Finding {
    let Some(expected) = &inquiry.expected.audience else { return Finding::of(Code::NotApplicable) };
    let made_for: Vec<&str> = match envelope {
        Envelope::DataIntegrity(proven) => proven.proof().domains.iter().map(String::as_str).collect(),
        Envelope::SdJwt(disclosed) if role == Role::Credential => {
            disclosed.sd_jwt.key_binding.iter().filter_map(|binding| binding.audience()).collect()
        }
        _ => match envelope.token_claim("aud") {
            Some(Value::String(audience)) => vec![audience],
            Some(Value::Array(audiences)) => audiences.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        },
    };
    Finding::of(match made_for.as_slice() {
        [] => Code::AudienceMissing,
        audiences if audiences.contains(&expected.as_str()) => Code::Ok,
        _ => Code::AudienceOther,
    })
}

/// Check `nonce`: `nonce` or `challenge` is the one of this request. It stands where the audience does.
pub(in crate::verify) fn nonce(envelope: &Envelope<'_>, role: Role, inquiry: &Inquiry<'_>) -> Finding {
    let Some(expected) = &inquiry.expected.nonce else { return Finding::of(Code::NotApplicable) };
    let answered = match envelope {
        Envelope::DataIntegrity(proven) => proven.proof().challenge.as_deref(),
        Envelope::SdJwt(disclosed) if role == Role::Credential => {
            disclosed.sd_jwt.key_binding.as_ref().and_then(|binding| binding.nonce())
        }
        _ => envelope.token_claim("nonce").and_then(Value::as_str),
    };
    Finding::of(match answered {
        None => Code::NonceMissing,
        Some(nonce) if nonce == expected => Code::Ok,
        Some(_) => Code::NonceOther,
    })
}
