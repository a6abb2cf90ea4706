use crate::encoding::base64url::Base64UrlError;
use crate::encoding::multibase::MultibaseError;
use crate::error::Explain;

/// Why a key is refused. Carries lengths and the names of members, never key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A key type that this library does not have: secp256k1, RSA, BLS, Ed448 and others.
    #[error("a key type that is none of Ed25519, X25519, P-256, P-384, P-521")]
    UnsupportedType,
    /// `kty` and `crv` name different families.
    #[error("kty and crv of the JWK do not belong together")]
    TypeMismatch,
    /// A private or symmetric key stands where a public one belongs.
    #[error("a private key stands where a public key belongs")]
    PrivateKey,
    /// A member that the key needs is absent or has the wrong form.
    #[error("the member {name} of the key is missing or has the wrong form")]
    Member {
        /// The member's name.
        name: &'static str,
    },
    /// A member is not base64url.
    #[error("the member {name} of the JWK is {source}")]
    Base64Url {
        /// The member's name.
        name: &'static str,
        /// What is wrong with it.
        source: Base64UrlError,
    },
    /// `use`, `key_ops` or `alg` contradicts the key or another of them, or has no form that RFC 7517 allows.
    #[error("the member {name} of the JWK contradicts the key or its other members")]
    Contradiction {
        /// The member's name.
        name: &'static str,
    },
    /// Not a multibase text.
    #[error(transparent)]
    Multibase(#[from] MultibaseError),
    /// Too few or too many bytes.
    #[error("{found} bytes, where a key or coordinate of {expected} bytes was expected")]
    Length {
        /// The length that the key type has.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// The bytes are no point of the curve.
    #[error("the bytes are no point of the curve")]
    NotOnCurve,
    /// A point of small order: signatures that "verify" with it, or secrets agreed with it, prove nothing.
    #[error("the key is a point of small order, with which anyone could sign")]
    SmallOrder,
    /// A second way to write a key that has a shorter number.
    #[error("the key is not written in its canonical form")]
    NonCanonical,
    /// The private key is zero or not below the order of the curve.
    #[error("the private key is out of range")]
    PrivateRange,
    /// The public part of a private JWK belongs to another private key.
    #[error("the public part of the JWK does not belong to its private part")]
    PublicPart,
    /// A key for key agreement, where one that signs was expected.
    #[error("a key that signs was expected, and X25519 does not sign")]
    NotForSigning,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Randomness,
}

impl Explain for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedType => "key.unsupported-type",
            Self::PrivateKey => "key.private-key",
            Self::Length { .. } => "key.length",
            Self::NotOnCurve => "key.not-on-curve",
            Self::SmallOrder => "key.small-order",
            Self::NonCanonical => "key.non-canonical",
            Self::PrivateRange => "key.private-range",
            Self::NotForSigning => "key.not-for-signing",
            Self::Randomness => "key.randomness",
            Self::TypeMismatch => "jwk.type-mismatch",
            Self::Member { .. } => "jwk.member",
            Self::Base64Url { .. } => "jwk.base64url",
            Self::Contradiction { .. } => "jwk.contradiction",
            Self::PublicPart => "jwk.public-part",
            Self::Multibase(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::UnsupportedType => "Use an Ed25519 or P-256 key.",
            Self::PrivateKey => "Publish the public part only, and replace this key: others may have seen it.",
            Self::Length { .. } | Self::NotOnCurve | Self::NonCanonical | Self::PrivateRange => {
                "Export the key again from where it was made: this copy is damaged."
            }
            Self::SmallOrder => "Do not accept anything from whoever published this key.",
            Self::TypeMismatch | Self::Member { .. } | Self::Base64Url { .. } => {
                "Export the key again: a JWK (RFC 7517) has kty, crv, x and, for EC, y; a Multikey is text."
            }
            Self::Contradiction { .. } => {
                "Remove use, key_ops and alg from the JWK, or let them say what the key does."
            }
            Self::PublicPart => "Export the key pair again: its two halves come from different keys.",
            Self::NotForSigning => "Make an Ed25519 or P-256 key for signing.",
            Self::Randomness => "Try again; if it happens again, the device cannot make keys safely.",
            Self::Multibase(error) => error.hint(),
        }
    }
}
