//! base64url without padding (RFC 4648 section 5, RFC 7515 section 2).

use super::base64::URL;
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
    URL.encode(bytes.as_ref())
}

/// Writes the text for `bytes` to the beginning of `text`, and returns how long it is; `None` if it does not fit.
pub(crate) fn encode_into(bytes: &[u8], text: &mut [u8]) -> Option<usize> {
    URL.encode_into(bytes, text)
}

/// Whether all characters are those of base64url, and there is one at least. That the text [decodes](decode) does not
/// follow. No early exit: texts are nearly always right, and without it many characters are looked at at once.
pub(crate) fn is_alphabet(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().fold(true, |all, byte| all & is_character(*byte))
}

/// Whether it is a character of base64url.
pub(crate) fn is_character(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_digit = byte.wrapping_sub(b'0') < 10;
    is_letter | is_digit | (byte == b'-') | (byte == b'_')
}

/// The bytes for `text`.
///
/// # Errors
/// [`Base64UrlError`] for anything that [`encode`] would not have written.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Base64UrlError> {
    URL.decode(text.as_ref()).map_err(|position| Base64UrlError { position })
}

/// As [`decode`], into a buffer that is used again; what was in it is gone.
///
/// # Errors
/// [`Base64UrlError`].
pub(crate) fn decode_into(text: &str, bytes: &mut Vec<u8>) -> Result<(), Base64UrlError> {
    URL.decode_into(text.as_bytes(), bytes).map_err(|position| Base64UrlError { position })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_hold_what_is_returned_elsewhere() {
        let (mut bytes, mut text) = (vec![9; 40], [0; 12]);
        for (input, output) in [("", &b""[..]), ("Zm8", b"fo"), ("-_8", &[0xfb, 0xff]), ("Zm9vYmFyLg", b"foobar.")] {
            decode_into(input, &mut bytes).unwrap();
            assert_eq!(bytes, output);
            let length = encode_into(output, &mut text).unwrap();
            assert_eq!(&text[..length], input.as_bytes());
        }
        assert_eq!(encode_into(&[0; 10], &mut text), None);
        for text in ["Zg==", "Zh", "Zm9", "Z", "Zm 8", "Zm8\n", "+/8", "Zm9v="] {
            assert_eq!(decode_into(text, &mut bytes), decode(text).map(|_| ()), "{text:?}");
            assert!(decode_into(text, &mut bytes).is_err());
        }
    }

    #[test]
    fn the_alphabet_is_that_of_the_table() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for byte in 0..=255 {
            assert_eq!(is_character(byte), ALPHABET.contains(&byte), "{byte}");
            assert_eq!(is_alphabet(&[b'A', byte, b'A']), ALPHABET.contains(&byte), "{byte}");
        }
        assert!(!is_alphabet(b""));
    }

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
