//! Multibase as Controlled Identifiers 1.0, section 2.4 uses it: base58btc (`z`) and base64url without padding (`u`).

use super::base58;
use crate::error::Explain;

/// Why a text is no multibase value that this library reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MultibaseError {
    /// The first character names another base, or there is none.
    #[error("a multibase value that begins with z (base58btc) or u (base64url) was expected")]
    Base,
    /// A character that the base does not have.
    #[error("a character that the base named by the first character does not have")]
    Character,
    /// Longer than the caller allows.
    #[error("a multibase value of at most {limit} characters was expected")]
    TooLong {
        /// The ceiling, in characters.
        limit: usize,
    },
}

impl Explain for MultibaseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Base => "multibase.base",
            Self::Character => "multibase.character",
            Self::TooLong { .. } => "multibase.too-long",
        }
    }

    fn hint(&self) -> &'static str {
        "Copy the value again, whole, from where it was published."
    }
}

/// base58btc with its prefix `z`.
pub fn encode_base58btc(bytes: impl AsRef<[u8]>) -> String {
    format!("z{}", base58::encode(bytes.as_ref()))
}

/// Reads base58btc with its prefix `z`. Decoding takes time that grows with the square of the length, so the caller
/// names a ceiling.
///
/// # Errors
/// [`MultibaseError`].
pub fn decode_base58btc(text: &str, limit: usize) -> Result<Vec<u8>, MultibaseError> {
    let Some(digits) = text.strip_prefix('z') else {
        return Err(MultibaseError::Base);
    };
    if text.len() > limit {
        return Err(MultibaseError::TooLong { limit });
    }
    base58::decode(digits).ok_or(MultibaseError::Character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base58btc_reads_what_it_writes() {
        for bytes in [&b""[..], b"\0\0", b"Hello World!", &[255; 40]] {
            assert_eq!(decode_base58btc(&encode_base58btc(bytes), 100).unwrap(), bytes);
        }
        assert_eq!(encode_base58btc("Hello World!"), "z2NEpo7TZRRrLZSi2U");
    }

    #[test]
    fn other_bases_and_characters_are_refused() {
        assert_eq!(decode_base58btc("", 9), Err(MultibaseError::Base));
        assert_eq!(decode_base58btc("f00", 9), Err(MultibaseError::Base));
        assert_eq!(decode_base58btc("z0", 9), Err(MultibaseError::Character));
        assert_eq!(decode_base58btc("zé", 9), Err(MultibaseError::Character));
        assert_eq!(decode_base58btc("z2222", 4), Err(MultibaseError::TooLong { limit: 4 }));
    }
}
