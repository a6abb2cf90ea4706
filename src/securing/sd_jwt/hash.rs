use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::SdJwtError;
use crate::encoding::base64url;
use crate::encoding::json::{Map, Value};

/// The hash that digests of disclosures and `sd_hash` are made with: the payload's `_sd_alg` (RFC 9901 section 4.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Hash {
    /// `sha-256`, which also counts where `_sd_alg` is absent.
    #[default]
    Sha256,
    /// `sha-384`.
    Sha384,
    /// `sha-512`.
    Sha512,
}

impl Hash {
    /// The name in the IANA registry "Named Information Hash Algorithm".
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// The hash of that name, which is case-sensitive.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|hash| hash.name() == name)
    }

    /// What a payload says (RFC 9901 section 7.1 step 2.5).
    pub(super) fn of_payload(payload: &Map) -> Result<Self, SdJwtError> {
        match payload.get("_sd_alg") {
            None => Ok(Self::default()),
            Some(Value::String(name)) => Self::from_name(name).ok_or(SdJwtError::HashUnsupported),
            Some(_) => Err(SdJwtError::HashForm),
        }
    }

    /// The digest in base64url.
    pub(super) fn digest(self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256 => base64url::encode(Sha256::digest(bytes)),
            Self::Sha384 => base64url::encode(Sha384::digest(bytes)),
            Self::Sha512 => base64url::encode(Sha512::digest(bytes)),
        }
    }

    /// Whether the text can be a digest: base64url of the hash's length.
    pub(super) fn fits(self, digest: &str) -> bool {
        let characters = match self {
            Self::Sha256 => 43,
            Self::Sha384 => 64,
            Self::Sha512 => 86,
        };
        digest.len() == characters && is_base64url(digest)
    }
}

/// Whether all characters are those of base64url, and there is one at least.
pub(super) fn is_base64url(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
