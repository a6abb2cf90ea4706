//! `disclosure`: what a holder showed of a credential whose claims can be hidden is what was signed, and what a verifier
//! needs to be safe was never hidden.

use super::envelope::Envelope;
use crate::credential::kind::Kind;
use crate::credential::{model, sd_jwt_vc};
use crate::encoding::json::Map;
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

/// The member of the document that a pointer leads into; empty for the document itself.
fn member_of(pointer: &str) -> &str {
    pointer.split('/').nth(1).unwrap_or_default()
}
