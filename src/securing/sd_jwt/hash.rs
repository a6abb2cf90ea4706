use std::cmp::Ordering;

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

    /// The same where no text is needed.
    pub(super) fn digest_text(self, bytes: &[u8]) -> DigestText {
        match self {
            Self::Sha256 => DigestText::of(&Sha256::digest(bytes)),
            Self::Sha384 => DigestText::of(&Sha384::digest(bytes)),
            Self::Sha512 => DigestText::of(&Sha512::digest(bytes)),
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

/// A digest's text where it needs no memory of its own. Compared as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DigestText {
    /// Followed by zeros. All digests of one token are equally long.
    characters: [u8; DigestText::CHARACTERS],
}

impl DigestText {
    /// The longest, of SHA-512.
    const CHARACTERS: usize = 86;

    fn of(digest: &[u8]) -> Self {
        let mut characters = [0; Self::CHARACTERS];
        // No hash is longer than SHA-512.
        let _ = base64url::encode_into(digest, &mut characters);
        Self { characters }
    }

    /// Compares with a text of the same length, as [`Hash::fits`] sees to.
    pub(super) fn compare(&self, text: &str) -> Ordering {
        let length = text.len().min(Self::CHARACTERS);
        self.characters[..length].cmp(text.as_bytes())
    }
}

/// Whether all characters are those of base64url, and there is one at least.
pub(super) fn is_base64url(text: &str) -> bool {
    base64url::is_alphabet(text.as_bytes())
}
