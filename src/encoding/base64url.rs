//! base64url without padding (RFC 4648 section 5, RFC 7515 section 2).

use data_encoding::BASE64URL_NOPAD;

use crate::error::Explain;

/// The text is not base64url: padding, white space, another alphabet's character, or trailing bits that are not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding, at byte {position}")]
pub struct Base64UrlError {
    /// Where the first wrong byte stands.
    pub position: usize,
}

impl Explain for Base64UrlError {
    fn code(&self) -> &'static str {
        "base64url.form"
    }

    fn hint(&self) -> &'static str {
        "Use the characters A to Z, a to z, 0 to 9, - and _, without = at the end."
    }
}

/// The text for `bytes`.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

/// The bytes for `text`.
///
/// # Errors
/// [`Base64UrlError`] for anything that [`encode`] would not have written.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Base64UrlError> {
    BASE64URL_NOPAD.decode(text.as_ref()).map_err(|error| Base64UrlError { position: error.position })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_encode_writes_is_read() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (&[0xfb, 0xff], "-_8")] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).unwrap(), bytes);
        }
        for text in ["Zg==", "Zh", "Zm9", "Z", "Zm 8", "Zm8\n", "+/8", "Zm9v="] {
            assert!(decode(text).is_err(), "{text:?}");
        }
    }
}
