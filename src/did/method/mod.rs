//! The DID methods, one module each.

pub mod jwk;
pub mod key;
pub mod webvh;

use super::{Did, Document, ResolutionError, ResolutionOptions};
use crate::encoding::base64url::Base64UrlError;
use crate::encoding::json::JsonError;
use crate::error::Explain;
use crate::keys::KeyError;

/// The document of a DID that carries its own key; `None` for any other method.
pub fn resolve(did: &Did, options: &ResolutionOptions) -> Option<Result<Document, ResolutionError>> {
    match did.method() {
        "key" => Some(key::resolve(did, options)),
        "jwk" => Some(jwk::resolve(did)),
        _ => None,
    }
}

/// Why a DID does not carry the key that its method says it carries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MethodError {
    /// Another method's DID, or no DID.
    #[error("a DID that begins with \"{prefix}\" was expected")]
    Prefix {
        /// What it begins with.
        prefix: &'static str,
    },
    /// Not base64url.
    #[error("the DID's identifier is {0}")]
    Base64Url(#[from] Base64UrlError),
    /// Longer than [`DID_BYTES`](crate::limits::DID_BYTES).
    #[error("a DID of {bytes} bytes, where at most {limit} are read")]
    TooLong {
        /// The length found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not the JSON of a JWK.
    #[error("the JWK inside the DID is not readable: {0}")]
    Json(#[from] JsonError),
    /// A key that is refused.
    #[error("the key inside the DID is refused: {0}")]
    Key(#[from] KeyError),
}

impl Explain for MethodError {
    fn code(&self) -> &'static str {
        match self {
            Self::Prefix { .. } => "did.prefix",
            Self::TooLong { .. } => "did.too-long",
            Self::Base64Url(error) => error.code(),
            Self::Json(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Key(error) => error.hint(),
            _ => "Copy the DID again, whole, from where it was published.",
        }
    }
}
