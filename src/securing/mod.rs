//! Securing mechanisms: given a key, does this envelope hold, and what is inside?
//!
//! This layer knows keys and bytes. Whose key it is, and whether anybody should believe what is inside, is decided
//! above.

pub mod cose;
pub mod data_integrity;
pub mod jose;
pub mod sd_jwt;
mod sniff;

pub use sniff::{Shape, SniffError, sniff};

use std::fmt;

use data_integrity::Suite;

/// The ways of securing a credential that this version can read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `vc+jwt` and `vp+jwt` (VC-JOSE-COSE 1.0, section 3.1).
    Jwt,
    /// `vc+sd-jwt` and `vp+sd-jwt`: a VC Data Model document whose claims can be hidden (VC-JOSE-COSE 1.0, section 3.2).
    SdJwt,
    /// `dc+sd-jwt`: SD-JWT VC (draft-ietf-oauth-sd-jwt-vc).
    SdJwtVc,
    /// `vc+cose` and `vp+cose` (VC-JOSE-COSE 1.0, section 3.3). Bytes, where the others are text.
    Cose,
    /// Data Integrity with `eddsa-jcs-2022` (VC-DI-EdDSA 1.0, section 3.3).
    EddsaJcs2022,
    /// Data Integrity with `ecdsa-jcs-2019` (VC-DI-ECDSA 1.0, section 3.3).
    EcdsaJcs2019,
    /// Data Integrity with `eddsa-rdfc-2022` (VC-DI-EdDSA 1.0, section 3.2).
    EddsaRdfc2022,
    /// Data Integrity with `ecdsa-rdfc-2019` (VC-DI-ECDSA 1.0, section 3.2).
    EcdsaRdfc2019,
    /// Data Integrity with `ecdsa-sd-2023`, whose claims can be hidden (VC-DI-ECDSA 1.0, section 3.6).
    EcdsaSd2023,
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Jwt,
        Self::SdJwt,
        Self::SdJwtVc,
        Self::Cose,
        Self::EddsaJcs2022,
        Self::EcdsaJcs2019,
        Self::EddsaRdfc2022,
        Self::EcdsaRdfc2019,
        Self::EcdsaSd2023,
    ];

    /// The name: the credential's `typ`, or the cryptosuite.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jwt => "vc+jwt",
            Self::SdJwt => "vc+sd-jwt",
            Self::SdJwtVc => "dc+sd-jwt",
            Self::Cose => "vc+cose",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
        }
    }

    /// The cryptosuite, in formats that are JSON documents with a proof.
    pub fn suite(self) -> Option<Suite> {
        match self {
            Self::EddsaJcs2022 => Some(Suite::EddsaJcs2022),
            Self::EcdsaJcs2019 => Some(Suite::EcdsaJcs2019),
            Self::EddsaRdfc2022 => Some(Suite::EddsaRdfc2022),
            Self::EcdsaRdfc2019 => Some(Suite::EcdsaRdfc2019),
            Self::EcdsaSd2023 => Some(Suite::EcdsaSd2023),
            Self::Jwt | Self::SdJwt | Self::SdJwtVc | Self::Cose => None,
        }
    }

    /// Whether its form is bytes and not text.
    pub fn is_binary(self) -> bool {
        self == Self::Cose
    }

    /// Whether a holder can show parts of a credential in this format.
    pub fn can_hide(self) -> bool {
        matches!(self, Self::SdJwt | Self::SdJwtVc | Self::EcdsaSd2023)
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl From<Suite> for Format {
    fn from(suite: Suite) -> Self {
        match suite {
            Suite::EddsaJcs2022 => Self::EddsaJcs2022,
            Suite::EcdsaJcs2019 => Self::EcdsaJcs2019,
            Suite::EddsaRdfc2022 => Self::EddsaRdfc2022,
            Suite::EcdsaRdfc2019 => Self::EcdsaRdfc2019,
            Suite::EcdsaSd2023 => Self::EcdsaSd2023,
        }
    }
}

/// What was signed, in the form of its format.
pub(crate) enum Secured {
    /// A token or a JSON document.
    Text(String),
    /// A COSE message.
    Message(Vec<u8>),
}

impl Secured {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Message(message) => message,
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Message(message) => message,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
