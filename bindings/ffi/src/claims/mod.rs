//! The three kinds' claims as records of the host's language.
//!
//! They go to the core and come back as one JSON object, the claims file: which members there are is said once here,
//! and a test holds it against the core's schemas.

mod licence;
mod proof_of_address;
mod record;
mod skill;

pub use licence::{Licence, LicenceCategory, LicenceType, Restriction, Vehicle};
pub use proof_of_address::{
    Address, GivenConsent, Guarantee, IdentityDocument, KnownBy, Occupancy, Officer, Organisation, PlaceOfBirth,
    ProofOfAddress,
};
pub use skill::{
    Alignment, Assessment, Assurance, EscoReference, Evidence, Institution, Proficiency, Programme, Skill,
    SkillCertification,
};

use attesta::credential::kind;
use attesta::encoding::json::Map;

#[cfg(feature = "issuer")]
use {
    crate::AttestaError, attesta::credential::kind::ClaimsError, attesta::encoding::json::parse_object,
    serde_json::Value,
};

use crate::Kind;
use crate::error::BindingError;
use crate::words::Mirror as _;
pub(crate) use record::opaque_display;

/// What a credential of one of the three kinds says of its holder.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Display)]
#[allow(
    clippy::large_enum_variant,
    reason = "hosts see records; a value lives as long as the call that it goes through"
)]
pub enum Claims {
    /// A proof of address.
    ProofOfAddress {
        /// What it says.
        claims: ProofOfAddress,
    },
    /// A licence.
    Licence {
        /// What it says.
        claims: Licence,
    },
    /// A skill certification.
    SkillCertification {
        /// What it says.
        claims: SkillCertification,
    },
}

opaque_display!(Claims);

impl Claims {
    /// Typed and checked by the core.
    #[cfg(feature = "issuer")]
    pub(crate) fn to_core(&self) -> Result<kind::Claims, ClaimsError> {
        let (kind, file) = match self {
            Self::ProofOfAddress { claims } => (kind::Kind::ProofOfAddress, claims.to_file()),
            Self::Licence { claims } => (kind::Kind::Licence, claims.to_file()),
            Self::SkillCertification { claims } => (kind::Kind::SkillCertification, claims.to_file()),
        };
        kind::Claims::from_claims_file(kind, &file)
    }

    pub(crate) fn of_core(claims: &kind::Claims) -> Result<Self, BindingError> {
        let kind = Kind::of_core(claims.kind()).ok_or(BindingError::Version)?;
        Self::of_file(kind, claims.to_claims_file())
    }

    fn of_file(kind: Kind, file: Map) -> Result<Self, BindingError> {
        Ok(match kind {
            Kind::ProofOfAddress => Self::ProofOfAddress { claims: ProofOfAddress::read_file(file)? },
            Kind::Licence => Self::Licence { claims: Licence::read_file(file)? },
            Kind::SkillCertification => Self::SkillCertification { claims: SkillCertification::read_file(file)? },
        })
    }
}

/// Reads a claims file (JSON), with everything that the kind requires.
///
/// # Errors
/// When the text is no JSON, or its members are not those of the kind; the message says which.
#[cfg(feature = "issuer")]
#[uniffi::export]
pub fn claims_from_json(kind: Kind, json: String) -> Result<Claims, AttestaError> {
    let claims = kind::Claims::from_claims_file(kind.to_core(), &parse_object(json.as_bytes())?)?;
    Ok(Claims::of_core(&claims)?)
}

/// The claims file (JSON) of these claims.
///
/// # Errors
/// When something that the kind requires is missing, or a member has the wrong form; the message says which.
#[cfg(feature = "issuer")]
#[uniffi::export]
pub fn claims_to_json(claims: Claims) -> Result<String, AttestaError> {
    Ok(Value::Object(claims.to_core()?.to_claims_file()).to_string())
}

/// Filled claims to start from. Their people and organisations are made up.
///
/// # Errors
/// When bindings and library are of different versions.
#[cfg(feature = "issuer")]
#[uniffi::export]
pub fn example_claims(kind: Kind) -> Result<Claims, AttestaError> {
    Ok(Claims::of_file(kind, kind.to_core().example())?)
}

#[cfg(test)]
#[cfg(feature = "issuer")]
mod tests;
