//! The DID methods, one module each.

pub mod jwk;
pub mod key;
pub mod peer;
pub mod web;
pub mod webvh;

use super::{Did, Document, ResolutionError, ResolutionOptions};
use crate::encoding::base64url::Base64UrlError;
use crate::encoding::json::{JsonError, Map};
use crate::encoding::multibase::MultibaseError;
use crate::error::Explain;
use crate::keys::KeyError;

/// The document of a DID that carries its own keys; `None` for one whose document stands elsewhere.
pub fn resolve(did: &Did, options: &ResolutionOptions) -> Option<Result<Document, ResolutionError>> {
    match did.method() {
        "key" => Some(key::resolve(did, options)),
        "jwk" => Some(jwk::resolve(did)),
        "peer" => peer::resolve(did),
        _ => None,
    }
}

/// The services that a DID has by its method, unless its document has others of the same id.
pub(super) fn implied_services(did: &str) -> Vec<Map> {
    webvh::implied_services(did)
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
    /// Not strict JSON.
    #[error("the JSON inside the DID is not readable: {0}")]
    Json(#[from] JsonError),
    /// Not multibase.
    #[error("the DID's identifier is {0}")]
    Multibase(#[from] MultibaseError),
    /// A key that is refused.
    #[error("the key inside the DID is refused: {0}")]
    Key(#[from] KeyError),
    /// Not a did:web DID of a place on the web.
    #[error(transparent)]
    Web(#[from] web::WebError),
    /// Not a did:webvh DID of a place on the web.
    #[error(transparent)]
    Webvh(#[from] webvh::IdentifierError),
    /// Not of the form that its method gives it.
    #[error("the DID does not have the form of its method: {0}")]
    Form(&'static str),
}

impl Explain for MethodError {
    fn code(&self) -> &'static str {
        match self {
            Self::Prefix { .. } => "did.prefix",
            Self::TooLong { .. } => "did.too-long",
            Self::Base64Url(error) => error.code(),
            Self::Json(error) => error.code(),
            Self::Multibase(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::Web(error) => error.code(),
            Self::Webvh(error) => error.code(),
            Self::Form(_) => "did.form",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Key(error) => error.hint(),
            Self::Web(error) => error.hint(),
            Self::Webvh(error) => error.hint(),
            _ => "Copy the DID again, whole, from where it was published.",
        }
    }
}
