//! `holder.binding`, `audience` and `nonce`: whoever presents it is whom it was issued to, here and now.

use serde_json::Value;

use super::Inquiry;
use super::envelope::{Envelope, short};
use super::key::{Lookup, document_of};
use crate::credential::model::CredentialView;
use crate::did::Relationship;
use crate::keys::PublicKey;
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
}

/// Check `holder.binding`. In a presentation it is made always; what the policy decides is whether it may be absent.
pub(in crate::verify) fn binding(
    view: &CredentialView<'_>,
    presented: &Presented<'_>,
    inquiry: &Inquiry<'_>,
) -> Finding {
    let required = match inquiry.policy.holder_binding {
        HolderBinding::Required => true,
        HolderBinding::WhenExpected => !inquiry.expected.is_nothing(),
        HolderBinding::NotRequired => false,
    };
    let has_holder = view.confirmation.is_some() || view.names_a_subject();
    match presented {
        Presented::Bare if required => Finding::of(Code::BindingNotPresented),
        Presented::Bare => Finding::of(Code::NotApplicable),
        _ if !has_holder => Finding::of(if required { Code::BindingNoHolder } else { Code::NotApplicable }),
        Presented::ByNobody => Finding::of(Code::NotReached),
        Presented::By { controller, key } => match signer_is_holder(view, controller, key, inquiry) {
            finding if finding.passed() && required && inquiry.expected.is_nothing() => {
                Finding::of(Code::BindingNoExpectation)
            }
            finding => finding,
        },
    }
}

fn signer_is_holder(view: &CredentialView<'_>, controller: &str, key: &PublicKey, inquiry: &Inquiry<'_>) -> Finding {
    if let Some(confirmation) = view.confirmation {
        return Finding::of(match confirmation.get("jwk") {
            Some(Value::Object(jwk)) if PublicKey::from_jwk(jwk).as_ref() == Ok(key) => Code::Ok,
            Some(_) => Code::BindingOtherKey,
            None => Code::BindingUnsupported,
        });
    }
    if view.subjects.len() > 1 {
        return Finding::of(Code::BindingSeveralSubjects);
    }
    let Some(subject) = view.subject_id() else { return Finding::of(Code::BindingOtherKey) };
    if subject == controller {
        return Finding::of(Code::Ok);
    }
    match document_of(subject, inquiry.materials) {
        Ok((document, _)) => {
            let is_holders = document.verification_methods().iter().any(|method| {
                document.authorizes(&method.id, Relationship::Authentication) && method.key.as_ref() == Ok(key)
            });
            Finding::of(if is_holders { Code::Ok } else { Code::BindingOtherKey })
        }
        Err(Lookup::Unavailable | Lookup::Asserted) => Finding::with(Code::HolderKeyUnavailable, short(subject)),
        Err(_) => Finding::of(Code::BindingOtherKey),
    }
}

/// Check `audience`: `aud` (RFC 7519 section 4.1.3) or `domain` (Data Integrity 1.0, section 2.1) is the verifier.
pub(in crate::verify) fn audience(envelope: &Envelope<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let Some(expected) = &inquiry.expected.audience else { return Finding::of(Code::NotApplicable) };
    let made_for: Vec<&str> = match envelope {
        Envelope::DataIntegrity(signed) => signed.proof.domains.iter().map(String::as_str).collect(),
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

/// Check `nonce`: `nonce` or `challenge` is the one of this request.
pub(in crate::verify) fn nonce(envelope: &Envelope<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let Some(expected) = &inquiry.expected.nonce else { return Finding::of(Code::NotApplicable) };
    let answered = match envelope {
        Envelope::DataIntegrity(signed) => signed.proof.challenge.as_deref(),
        _ => envelope.token_claim("nonce").and_then(Value::as_str),
    };
    Finding::of(match answered {
        None => Code::NonceMissing,
        Some(nonce) if nonce == expected => Code::Ok,
        Some(_) => Code::NonceOther,
    })
}
