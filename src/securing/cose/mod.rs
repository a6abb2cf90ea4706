//! COSE_Sign1 (RFC 9052 section 4.2) as VC-JOSE-COSE 1.0 uses it: the payload is the credential or presentation, as JSON.
//!
//! What others write need not be deterministic CBOR: RFC 9052 section 9 demands that of the bytes that are signed, and
//! those are put together here. So keys may stand in any order, and lengths may take more bytes than they need, which
//! encoders in use write. Lengths that are not said in advance and keys that stand twice are refused.

mod claims;
mod header;
mod sign1;

pub use sign1::{NewHeader, Sign1, sign};

use crate::encoding::base64;
use crate::encoding::cbor::CborError;
use crate::encoding::json::{JsonError, Map};
use crate::error::Explain;

/// Why bytes are no COSE_Sign1 message that can be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoseError {
    /// A `data:` URL whose data is not base64 (VC-JOSE-COSE 1.0, section 3.3.1).
    #[error("the data: URL holds no base64")]
    Base64,
    /// The message or its protected header is not CBOR, or goes beyond a ceiling.
    #[error("the COSE {part}: {error}")]
    Cbor {
        /// `message` or `header`.
        part: &'static str,
        /// What is wrong with it.
        error: CborError,
    },
    /// Another structure: RFC 9052 section 4.2 wants an array of the protected header, the unprotected one, the payload
    /// and the signature, with or without tag 18.
    #[error("a COSE_Sign1 message was expected: two headers, a payload and a signature")]
    Form,
    /// The payload is elsewhere (RFC 9052 section 4.1).
    #[error("the COSE message holds a signature alone: what was signed is elsewhere")]
    Detached,
    /// More than [`limits::COSE_HEADER_BYTES`](crate::limits::COSE_HEADER_BYTES).
    #[error("the COSE header has {bytes} bytes, where at most {limit} are read")]
    HeaderTooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// A header parameter of the wrong type, in the wrong header, or none where one is needed (RFC 9052 section 3.1).
    #[error("the COSE header parameter {label} is missing or not {expected}")]
    Parameter {
        /// Its label.
        label: i64,
        /// What was expected.
        expected: &'static str,
    },
    /// A header parameter that stands in both headers (RFC 9052 section 3).
    #[error("a COSE header parameter stands both inside and outside of what was signed")]
    Twice,
    /// The payload is not a strict JSON object.
    #[error("the payload: {error}")]
    Payload {
        /// What is wrong with it.
        error: JsonError,
    },
}

impl Explain for CoseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Base64 => "cose.base64",
            Self::Cbor { error, .. } => error.code(),
            Self::Form => "cose.form",
            Self::Detached => "cose.detached",
            Self::HeaderTooLarge { .. } => "cose.header-too-large",
            Self::Parameter { .. } => "cose.parameter",
            Self::Twice => "cose.twice",
            Self::Payload { error } => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Cbor { error, .. } => error.hint(),
            Self::Payload { error } => error.hint(),
            Self::Detached => "Ask for the file that holds what was signed as well.",
            Self::Twice => "Refuse it: the one outside can be changed by anybody.",
            _ => "Ask for the original file: it must be copied as bytes, whole and unchanged.",
        }
    }
}

/// The `data:` URL of a message, by which it stands in JSON: base64 as RFC 2397 has it (VC-JOSE-COSE 1.0, section
/// 3.3.1). `subtype` is `vc+cose` or `vp+cose`.
pub fn data_url(subtype: &str, message: &[u8]) -> String {
    format!("data:application/{subtype};base64,{}", base64::encode(message))
}

/// The message in the data of such a URL, what follows its comma.
///
/// # Errors
/// [`CoseError::Base64`].
pub fn from_data(data: &str) -> Result<Vec<u8>, CoseError> {
    base64::decode(data).ok_or(CoseError::Base64)
}

/// The message in an object that stands for a COSE credential or presentation: one of this type alone, whose `id` is such
/// a URL (VC Data Model 2.0, section 4.13). `None` for any other object.
///
/// # Errors
/// [`CoseError::Base64`].
pub fn from_enveloped(object: &Map, r#type: &str) -> Option<Result<Vec<u8>, CoseError>> {
    let is_typed = object.get("type")?.as_str()? == r#type;
    let (media_type, data) = object.get("id")?.as_str()?.strip_prefix("data:application/")?.split_once(',')?;
    (is_typed && matches!(media_type, "vc+cose;base64" | "vp+cose;base64")).then(|| from_data(data))
}

#[cfg(test)]
mod tests;
