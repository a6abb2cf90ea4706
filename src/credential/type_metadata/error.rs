use crate::encoding::json::JsonError;
use crate::error::Explain;

/// Why type metadata cannot be used, or why a credential does not keep what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeMetadataError {
    /// Not strict JSON.
    #[error("the type's description: {0}")]
    Json(#[from] JsonError),
    /// A value that the format does not allow there.
    #[error("the type's description: {expected} was expected at {pointer}")]
    Malformed {
        /// Where it stands, as a JSON pointer (RFC 6901).
        pointer: String,
        /// What was expected.
        expected: &'static str,
    },
    /// More items than are read.
    #[error("the type's description: more than {limit} items at {pointer}")]
    TooMany {
        /// Where they stand, as a JSON pointer (RFC 6901).
        pointer: String,
        /// The ceiling.
        limit: usize,
    },
    /// The description is of another type than the one that was asked for.
    #[error("the description is of another type than the credential")]
    OtherType,
    /// The bytes are not those that the digest stands for.
    #[error("the type's description is not the one that was pinned by its digest")]
    OtherBytes,
    /// A text that is no integrity metadata.
    #[error("the digest that pins the type's description is not written as one")]
    IntegrityForm,
    /// Only digests of algorithms that are not known here.
    #[error("the digest that pins the type's description is of an unknown algorithm")]
    IntegrityAlgorithm,
    /// Every description was demanded to be pinned, and this one is not.
    #[error("a description of the type is not pinned by a digest")]
    NotPinned,
    /// A type extends itself, if by way of others.
    #[error("the type extends itself")]
    Circular,
    /// More types extend each other than [`TYPE_METADATA_CHAIN`](crate::limits::TYPE_METADATA_CHAIN).
    #[error("more than {limit} types extend each other")]
    TooDeep {
        /// The ceiling.
        limit: usize,
    },
    /// A type takes back what the type that it extends demands of a claim.
    #[error("{claim}: the type loosens what the type that it extends demands")]
    Loosened {
        /// The claim's path, its steps joined by points.
        claim: String,
    },
    /// A claim's path does not lead through the credential: an object stands for a list, or the other way round.
    #[error("{claim}: the credential has another structure than its type")]
    Structure {
        /// The claim's path, its steps joined by points.
        claim: String,
    },
    /// A claim that the type demands was never in the credential.
    #[error("{claim}: the type demands this claim")]
    Mandatory {
        /// The claim's path, its steps joined by points.
        claim: String,
    },
    /// A claim that must never be hidden came from a disclosure.
    #[error("{claim}: the type forbids to hide this claim")]
    Hidden {
        /// The claim's path, its steps joined by points.
        claim: String,
    },
    /// A claim that its holder must be able to hide cannot be hidden.
    #[error("{claim}: the type demands that this claim can be hidden")]
    Unhidden {
        /// The claim's path, its steps joined by points.
        claim: String,
    },
    /// Checking would take more work than is spent on it.
    #[error("the type's description leads to more than {limit} places of the credential")]
    TooMuch {
        /// The ceiling.
        limit: usize,
    },
}

impl Explain for TypeMetadataError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Malformed { .. } => "type-metadata.form",
            Self::TooMany { .. } => "type-metadata.too-many",
            Self::OtherType => "type-metadata.other-type",
            Self::OtherBytes => "type-metadata.other-bytes",
            Self::IntegrityForm => "type-metadata.integrity-form",
            Self::IntegrityAlgorithm => "type-metadata.integrity-algorithm",
            Self::NotPinned => "type-metadata.not-pinned",
            Self::Circular => "type-metadata.circular",
            Self::TooDeep { .. } => "type-metadata.too-deep",
            Self::Loosened { .. } => "type-metadata.loosened",
            Self::Structure { .. } => "type-metadata.structure",
            Self::Mandatory { .. } => "type-metadata.mandatory",
            Self::Hidden { .. } => "type-metadata.hidden",
            Self::Unhidden { .. } => "type-metadata.unhidden",
            Self::TooMuch { .. } => "type-metadata.too-much",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::OtherBytes | Self::OtherType => "Fetch the description again from the address of the type.",
            Self::Structure { .. } | Self::Mandatory { .. } | Self::Hidden { .. } | Self::Unhidden { .. } => {
                "Ask the issuer for a credential that keeps the rules of its type."
            }
            Self::NotPinned => "Ask whoever publishes the type to pin each description by its digest.",
            _ => "Whoever publishes the type has to mend its description.",
        }
    }
}
