//! `disclosure`: what a holder showed of a credential whose claims can be hidden is what was signed, and what a verifier
//! needs to be safe was never hidden.

use super::envelope::{Envelope, Proven};
use crate::credential::kind::Kind;
use crate::credential::{model, sd_jwt_vc};
use crate::encoding::json::Map;
use crate::securing::data_integrity::sd::PLACES;
use crate::securing::jose::is_media_type;
use crate::securing::sd_jwt::{Revealed, SdJwt, SdJwtError};
use crate::trust::certificate::{CertificateError, Chain};
use crate::verify::code::Code;
use crate::verify::report::Finding;

/// An SD-JWT with its disclosures put back in their places.
pub(in crate::verify) struct Disclosed<'a> {
    pub(in crate::verify) sd_jwt: SdJwt<'a>,
    /// With what was disclosed; as it was signed where the disclosures do not fit.
    pub(in crate::verify) payload: Map,
    /// Pointers to what came from a disclosure.
    pub(in crate::verify) disclosed: Vec<String>,
    /// Pointers to objects and arrays in which something may still be hidden.
    pub(in crate::verify) undisclosed: Vec<String>,
    /// Why the disclosures do not fit.
    pub(in crate::verify) broken: Option<SdJwtError>,
    /// Whether it is an SD-JWT VC, and not a VC Data Model document in an SD-JWT.
    pub(in crate::verify) is_vc: bool,
    pub(in crate::verify) chain: Option<Result<Chain, CertificateError>>,
    certified_name: Option<String>,
}

impl<'a> Disclosed<'a> {
    /// Puts the disclosures in their places.
    pub(in crate::verify) fn open(mut sd_jwt: SdJwt<'a>) -> Self {
        let (revealed, broken) = match sd_jwt.take_revealed() {
            Ok(revealed) => (revealed, None),
            Err(error) => {
                let payload = std::mem::take(&mut sd_jwt.jws.payload);
                (Revealed { payload, disclosed: Vec::new(), undisclosed: Vec::new() }, Some(error))
            }
        };
        let Revealed { payload, disclosed, undisclosed } = revealed;
        let header = &sd_jwt.jws.header;
        let is_vc = match &header.media_type {
            Some(media_type) if is_media_type(media_type, "dc+sd-jwt") => true,
            _ => payload.contains_key("vct") && !payload.contains_key("@context"),
        };
        let chain = (is_vc && !header.certificates.is_empty()).then(|| Chain::from_x5c(&header.certificates));
        let certified_name = match &chain {
            Some(Ok(chain)) if !payload.contains_key("iss") => Some(chain.subject()),
            _ => None,
        };
        Self { sd_jwt, payload, disclosed, undisclosed, broken, is_vc, chain, certified_name }
    }

    /// Of an SD-JWT VC: `iss`, or else the subject of the certificate.
    pub(in crate::verify) fn issuer(&self) -> Option<&str> {
        match self.payload.get("iss") {
            Some(issuer) => issuer.as_str(),
            None => self.certified_name.as_deref(),
        }
    }

    /// Whether a member of the document itself may be hidden, such as its end.
    pub(in crate::verify) fn may_hide_members(&self) -> bool {
        self.undisclosed.iter().any(String::is_empty)
    }

    /// Whether something within this member may be hidden, such as an item of it.
    pub(in crate::verify) fn may_hide_within(&self, member: &str) -> bool {
        self.undisclosed.iter().any(|pointer| member_of(pointer) == member)
    }
}

/// What a token says of its own time, whatever its document is. RFC 9901 section 9.7: nothing may be hidden that is
/// critical for whether it is valid.
const TOKEN_TIMES: [&str; 3] = ["exp", "nbf", "iat"];

/// Check `disclosure`.
pub(in crate::verify) fn disclosure(envelope: &Envelope<'_>, kind: Option<Kind>) -> Finding {
    if let Envelope::DataIntegrity(proven) = envelope
        && proven.can_hide()
    {
        return of_statements(proven, kind);
    }
    let Some(disclosed) = envelope.disclosed() else { return Finding::of(Code::NotApplicable) };
    if let Some(error) = &disclosed.broken {
        return Finding::explained(Code::DisclosureBroken, error);
    }
    let wrong = |pointers: &[String]| {
        if disclosed.is_vc {
            return sd_jwt_vc::wrongly_disclosed(&disclosed.payload, pointers)
                .map(|pointer| member_of(pointer).to_owned());
        }
        // What VC-JOSE-COSE 1.0, section 3.2.1 only recommends is a rule for our own kinds.
        let is_fixed = |member: &&str| {
            TOKEN_TIMES.contains(member) || (kind.is_some() && model::NEVER_DISCLOSABLE.contains(member))
        };
        pointers.iter().map(|pointer| member_of(pointer)).find(is_fixed).map(str::to_owned)
    };
    // What was withheld of a list of types, or of a key, is as bad as what was shown.
    match wrong(&disclosed.disclosed).or_else(|| wrong(&disclosed.undisclosed)) {
        Some(member) => Finding::with(Code::DisclosureOfFixed, member),
        None => Finding::of(Code::Ok),
    }
}

/// The same of a document whose statements are signed one by one: that each is the issuer's is what the check `proof` says.
/// In one of our kinds what must never be hidden was not the holder's to choose.
fn of_statements(proven: &Proven<'_>, kind: Option<Kind>) -> Finding {
    if proven.not_opened().is_some() {
        return Finding::of(Code::NotReached);
    }
    if kind.is_none() {
        return Finding::of(Code::Ok);
    }
    let document = proven.signed.document();
    // With whatever is mandatory of an object its `id` and `type` are; a context is no statement.
    let is_stated = |member: &&&str| !matches!(**member, "@context" | "id" | "type") && document.contains_key(**member);
    let mut fixed: Vec<String> =
        model::NEVER_DISCLOSABLE.iter().filter(is_stated).map(|member| format!("/{member}")).collect();
    if document.get("credentialSubject").is_some_and(|subject| subject.get("id").is_some()) {
        fixed.push("/credentialSubject/id".to_owned());
    }
    let fixed: Vec<&str> = fixed.iter().map(String::as_str).collect();
    for some in fixed.chunks(PLACES) {
        let Some(is_mandatory) = proven.is_mandatory(some) else { return Finding::of(Code::NotReached) };
        let chosen = some.iter().zip(is_mandatory).find(|(_, is_mandatory)| !is_mandatory);
        if let Some((pointer, _)) = chosen {
            return Finding::with(Code::DisclosureOfFixed, pointer.trim_start_matches('/').replace('/', "."));
        }
    }
    Finding::of(Code::Ok)
}

/// The member of the document that a pointer leads into; empty for the document itself.
fn member_of(pointer: &str) -> &str {
    pointer.split('/').nth(1).unwrap_or_default()
}
