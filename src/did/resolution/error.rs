//! Why a DID or DID URL leads to nothing.

use crate::did::document::DocumentError;
use crate::did::method::MethodError;
use crate::did::method::webvh::{Rollback, WebvhError};
use crate::did::{DidError, Relationship};
use crate::encoding::json::Map;
use crate::error::Explain;
use crate::keys::KeyError;

/// Why a DID does not resolve (DID Resolution 1.0, "Errors").
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolutionError {
    /// Not a DID.
    #[error("not a DID: {0}")]
    InvalidDid(#[from] DidError),
    /// A DID whose method says that it is malformed: the key that it carries is refused.
    #[error(transparent)]
    InvalidMethodId(MethodError),
    /// A key type that this library does not have.
    #[error("the DID carries {0}")]
    UnsupportedKey(KeyError),
    /// A method that this resolver does not have, or for which it was given nothing to resolve from.
    #[error("the DID's method is none of those that are resolved without material: key, jwk, peer")]
    MethodNotSupported,
    /// A form of the method's DIDs that is not resolved here.
    #[error("of the DIDs of this method only {resolved} are resolved here")]
    FormNotSupported {
        /// Those that are.
        resolved: &'static str,
    },
    /// An option that this method does not have.
    #[error("the DID's method does not support the option {feature}")]
    FeatureNotSupported {
        /// The option.
        feature: &'static str,
    },
    /// An option that makes no sense.
    #[error("the option {option} has no valid value")]
    InvalidOptions {
        /// The option.
        option: &'static str,
    },
    /// None of the accepted media types is to be had.
    #[error("only application/did is to be had, and the option accept does not allow it")]
    RepresentationNotSupported,
    /// There is no such DID, or no such version of it.
    #[error("there is no such DID, or no such version of it")]
    NotFound,
    /// The document is another DID's.
    #[error("the document is that of another DID")]
    OtherDocument,
    /// Not a DID URL.
    #[error("not a DID URL: {0}")]
    InvalidDidUrl(DidError),
    /// A part of a DID URL that makes no sense, or that leads out of where it may lead.
    #[error("the DID URL's {name} stands there twice, has no valid value, or leads elsewhere")]
    InvalidParameter {
        /// The parameter, or the part of the URL.
        name: &'static str,
    },
    /// The DID URL names no verification method of the document (Controlled Identifiers 1.0, section 3.5).
    #[error("the DID URL names no verification method that this document controls")]
    InvalidVerificationMethod,
    /// The document does not list the verification method under the relationship (there too).
    #[error("the document does not list that verification method under {}", .relationship.name())]
    InvalidRelationship {
        /// The relationship that was asked for.
        relationship: Relationship,
    },
    /// What another resolver answered.
    #[error("the resolver that was asked answers {name}")]
    Answered {
        /// The error's name as that resolver gave it, such as `NOT_FOUND`.
        name: String,
    },
    /// The answer of another resolver is none.
    #[error("the resolver that was asked gave no result of DID Resolution")]
    InvalidAnswer,
    /// The document is malformed.
    #[error("the DID document is malformed: {0}")]
    InvalidDidDocument(#[from] DocumentError),
    /// The log of a did:webvh does not hold (did:webvh 1.0: "Any error that renders the did:webvh DID invalid during
    /// resolution").
    #[error("the DID's log: {0}")]
    InvalidLog(#[from] WebvhError),
    /// The log of a did:webvh is not the one that was seen before.
    #[error("{}", match .0 {
        Rollback::Truncated { .. } => "its history is shorter than what was seen before: entries were kept back",
        _ => "its history contradicts the one that was seen before",
    })]
    Rollback(Rollback),
    /// What stands at the DID's address could not be fetched, which says nothing about the DID.
    #[error("what belongs to the DID could not be fetched: {reason}")]
    NotFetched {
        /// Why, in a sentence.
        reason: String,
        /// What to do about it.
        hint: &'static str,
    },
}

impl From<MethodError> for ResolutionError {
    fn from(error: MethodError) -> Self {
        match error {
            MethodError::Key(key @ KeyError::UnsupportedType) => Self::UnsupportedKey(key),
            error => Self::InvalidMethodId(error),
        }
    }
}

impl ResolutionError {
    /// The name that the specification gives it, such as `INVALID_DID`.
    pub fn name(&self) -> &str {
        match self {
            Self::InvalidDid(_) | Self::InvalidMethodId(_) | Self::InvalidLog(_) | Self::Rollback(_) => "INVALID_DID",
            Self::MethodNotSupported => "METHOD_NOT_SUPPORTED",
            Self::FeatureNotSupported { .. } | Self::FormNotSupported { .. } | Self::UnsupportedKey(_) => {
                "FEATURE_NOT_SUPPORTED"
            }
            Self::InvalidOptions { .. } => "INVALID_OPTIONS",
            Self::RepresentationNotSupported => "REPRESENTATION_NOT_SUPPORTED",
            Self::NotFound => "NOT_FOUND",
            Self::InvalidDidUrl(_) | Self::InvalidParameter { .. } => "INVALID_DID_URL",
            Self::InvalidVerificationMethod => "INVALID_VERIFICATION_METHOD",
            Self::InvalidRelationship { .. } => "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
            Self::Answered { name } => name,
            Self::InvalidAnswer | Self::NotFetched { .. } => "INTERNAL_ERROR",
            Self::InvalidDidDocument(_) | Self::OtherDocument => "INVALID_DID_DOCUMENT",
        }
    }

    /// The error as a problem object (RFC 9457): `type`, `title`, `detail`.
    pub fn to_json(&self) -> Map {
        let title = match self.name() {
            "INVALID_DID" => "The DID is invalid",
            "METHOD_NOT_SUPPORTED" => "The DID method is not supported",
            "FEATURE_NOT_SUPPORTED" => "A requested feature is not supported",
            "INVALID_OPTIONS" => "The resolution options are invalid",
            "REPRESENTATION_NOT_SUPPORTED" => "The requested representation is not supported",
            "NOT_FOUND" => "The DID was not found",
            "INVALID_DID_URL" => "The DID URL is invalid",
            "INVALID_VERIFICATION_METHOD" => "The verification method is invalid",
            "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD" => "The verification method has another relationship",
            "INVALID_DID_DOCUMENT" => "The DID document is invalid",
            _ => "The DID could not be resolved",
        };
        let mut map = Map::new();
        let vocabulary = match self {
            Self::InvalidVerificationMethod | Self::InvalidRelationship { .. } => "https://w3id.org/security#",
            _ => "https://www.w3.org/ns/did#",
        };
        map.insert("type".to_owned(), format!("{vocabulary}{}", self.name()).into());
        map.insert("title".to_owned(), title.into());
        map.insert("detail".to_owned(), self.to_string().into());
        map
    }
}

impl Explain for ResolutionError {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidDid(error) => error.code(),
            Self::InvalidMethodId(error) => error.code(),
            Self::UnsupportedKey(error) => error.code(),
            Self::InvalidDidDocument(error) => error.code(),
            Self::InvalidLog(error) => error.code(),
            Self::Rollback(error) => error.code(),
            Self::NotFetched { .. } => "resolution.not-fetched",
            Self::MethodNotSupported => "resolution.method-not-supported",
            Self::FormNotSupported { .. } => "resolution.form-not-supported",
            Self::FeatureNotSupported { .. } => "resolution.feature-not-supported",
            Self::InvalidOptions { .. } => "resolution.invalid-options",
            Self::RepresentationNotSupported => "resolution.representation-not-supported",
            Self::NotFound => "resolution.not-found",
            Self::OtherDocument => "resolution.other-document",
            Self::InvalidDidUrl(error) => error.code(),
            Self::InvalidParameter { .. } => "resolution.invalid-parameter",
            Self::InvalidVerificationMethod => "resolution.invalid-verification-method",
            Self::InvalidRelationship { .. } => "resolution.invalid-relationship",
            Self::Answered { .. } => "resolution.answered",
            Self::InvalidAnswer => "resolution.invalid-answer",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::InvalidDid(error) => error.hint(),
            Self::InvalidMethodId(error) => error.hint(),
            Self::UnsupportedKey(error) => error.hint(),
            Self::InvalidDidDocument(error) => error.hint(),
            Self::InvalidLog(error) => error.hint(),
            Self::Rollback(error) => error.hint(),
            Self::NotFetched { hint, .. } => hint,
            Self::MethodNotSupported => "Supply the DID's document yourself, obtained from a resolver that you trust.",
            Self::FormNotSupported { .. } => "Ask whoever uses this DID for one of those forms.",
            Self::FeatureNotSupported { .. } | Self::InvalidOptions { .. } => "Leave the option out.",
            Self::RepresentationNotSupported => "Leave the option accept out, or let it be application/did.",
            Self::NotFound => "Check the DID with whoever gave it to you.",
            Self::OtherDocument => "Fetch the document anew from the address that belongs to the DID.",
            Self::InvalidDidUrl(error) => error.hint(),
            Self::InvalidParameter { .. } => "Write each parameter once, percent-encoded, and let paths only go down.",
            Self::InvalidVerificationMethod | Self::InvalidRelationship { .. } => {
                "Ask whoever controls the DID which of its keys is meant for this."
            }
            Self::Answered { .. } | Self::InvalidAnswer => "Ask another resolver, or whoever runs this one.",
        }
    }
}
