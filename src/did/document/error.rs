//! Why a document cannot be used.

use crate::encoding::json::JsonError;
use crate::error::Explain;
use crate::time::TimeError;

/// Why bytes are no document whose keys could be used. Carries the names of members, never their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Not strict JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// More bytes than [`crate::limits::MATERIAL_BYTES`].
    #[error("a document of {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// `id` is neither a DID nor an https URL without a fragment.
    #[error("the document's id is neither a DID nor an https URL without a fragment")]
    Id,
    /// A member is missing or has the wrong form.
    #[error("the member {member} is missing or has the wrong form")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// A member is no URL, absolute or relative to the document.
    #[error("the member {member} is no URL")]
    Url {
        /// The member's name.
        member: &'static str,
    },
    /// A date and time that cannot be read.
    #[error("the member {member} is {source}")]
    Time {
        /// The member's name.
        member: &'static str,
        /// What is wrong with it.
        source: TimeError,
    },
    /// More verification methods than [`crate::limits::VERIFICATION_METHODS`].
    #[error("more than {limit} verification methods")]
    TooManyMethods {
        /// The ceiling.
        limit: usize,
    },
    /// Two verification methods have the same id.
    #[error("two verification methods have the same id")]
    DuplicateMethod,
    /// Two services have the same id: "A conforming consumer MUST produce an error if it detects multiple service entries
    /// with the same id" (DID 1.0, section 5.4).
    #[error("two services have the same id")]
    DuplicateService,
    /// A verification method has its key in two forms, which could differ.
    #[error("a verification method has both publicKeyMultibase and publicKeyJwk")]
    TwoKeys,
    /// A private key stands in the document.
    #[error("a private key stands in the document")]
    SecretKey,
}

impl Explain for DocumentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::TooLarge { .. } => "document.too-large",
            Self::Id => "document.id",
            Self::Member { .. } => "document.member",
            Self::Url { .. } => "document.url",
            Self::Time { .. } => "document.time",
            Self::TooManyMethods { .. } => "document.too-many-methods",
            Self::DuplicateMethod => "document.duplicate-method",
            Self::DuplicateService => "document.duplicate-service",
            Self::TwoKeys => "document.two-keys",
            Self::SecretKey => "document.secret-key",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Time { source, .. } => source.hint(),
            Self::TooLarge { .. } | Self::TooManyMethods { .. } => "Remove keys and services that are no longer used.",
            Self::Id => "Let id be the DID that the document is published for.",
            Self::Member { .. } | Self::Url { .. } => {
                "Compare the document with Controlled Identifiers 1.0, section 2: each verification method needs \
                 id, type and controller."
            }
            Self::DuplicateMethod => "Give each verification method an id of its own.",
            Self::DuplicateService => "Give each service an id of its own.",
            Self::TwoKeys => "Keep one of the two forms.",
            Self::SecretKey => "Take the private key out and replace it by a new one: others may have seen it.",
        }
    }
}
