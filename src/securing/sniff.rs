//! Which format are these bytes? Decided by their shape alone; no file name and no caller's word is needed.

use crate::encoding::base64url;
use crate::error::Explain;
use crate::limits;

/// What the bytes look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape<'a> {
    /// Three parts of base64url with dots between (RFC 7515 section 7.1).
    CompactJws(&'a str),
    /// An SD-JWT: a compact JWS followed by `~` (RFC 9901 section 4).
    SdJwt(&'a str),
    /// A JSON object.
    Json(&'a [u8]),
    /// A COSE_Sign1 structure (RFC 9052 section 4.2).
    Cose(&'a [u8]),
}

/// Why bytes are no format that this library knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SniffError {
    /// Nothing but white space.
    #[error("there is nothing in it")]
    Empty,
    /// More than [`limits::DOCUMENT_BYTES`].
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The ceiling.
        limit: usize,
    },
    /// Text, but not in UTF-8.
    #[error("the text is saved in another encoding than UTF-8, or begins with a byte order mark")]
    Encoding,
    /// Another kind of file.
    #[error("it is {what}")]
    OtherFile {
        /// Such as `a PDF document`.
        what: &'static str,
    },
    /// A JWE in compact form (RFC 7516 section 7.1).
    #[error("it is an encrypted token")]
    Encrypted,
    /// Anything else.
    #[error("no format of a credential or presentation was recognised")]
    Unknown,
}

impl Explain for SniffError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "parse.empty",
            Self::TooLarge { .. } => "parse.too-large",
            Self::Encoding => "parse.encoding",
            Self::OtherFile { .. } => "parse.other-file",
            Self::Encrypted => "parse.encrypted",
            Self::Unknown => "parse.unknown-format",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "Ask for the file again: it arrived empty.",
            Self::TooLarge { .. } => "No genuine credential is this large: ask for the original file.",
            Self::Encoding => "Save the file as UTF-8 without a byte order mark.",
            Self::OtherFile { .. } => "A picture or printout cannot be checked: ask for the credential file itself.",
            Self::Encrypted => {
                "Ask the holder to send it unencrypted, or open it with the key that it was encrypted to."
            }
            Self::Unknown => "Ask for the original file: a credential is one long token or a JSON document.",
        }
    }
}

/// Tells the shape of `bytes`; white space around them is ignored.
///
/// # Errors
/// [`SniffError`] when no format that this library knows begins like that.
pub fn sniff(bytes: &[u8]) -> Result<Shape<'_>, SniffError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(SniffError::TooLarge { limit: limits::DOCUMENT_BYTES });
    }
    if let Some(what) = other_file(bytes) {
        return Err(SniffError::OtherFile { what });
    }
    if let [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'{' | b'e', 0, ..] | [0, b'{' | b'e', ..] =
        bytes
    {
        return Err(SniffError::Encoding);
    }
    match bytes {
        // Tag 18 before an array, or an untagged array of four whose first item is a byte string. Lengths that are not
        // said in advance look like it too, and are refused with their own reason.
        [0xd2, 0x80..=0x9f, ..] | [0x84 | 0x9f, 0x40..=0x5f, ..] => return Ok(Shape::Cose(bytes)),
        _ => {}
    }
    let bytes = bytes.trim_ascii();
    match bytes.first() {
        None => Err(SniffError::Empty),
        Some(b'{') => Ok(Shape::Json(bytes)),
        Some(_) => sniff_token(bytes),
    }
}

fn sniff_token(bytes: &[u8]) -> Result<Shape<'_>, SniffError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SniffError::Unknown)?;
    let end = text.find('~').unwrap_or(text.len());
    let dots = count_dots(&bytes[..end]).ok_or(SniffError::Unknown)?;
    match (dots, end < bytes.len()) {
        (2, false) => Ok(Shape::CompactJws(text)),
        (2, true) => Ok(Shape::SdJwt(text)),
        (4, false) => Err(SniffError::Encrypted),
        _ => Err(SniffError::Unknown),
    }
}

/// Dots between base64url characters; `None` if another character stands there. Piece by piece with no early exit, so
/// that many characters are looked at at once: tokens are long and nearly always right.
fn count_dots(bytes: &[u8]) -> Option<usize> {
    const PIECE: usize = 128;
    let mut dots = 0;
    for piece in bytes.chunks(PIECE) {
        let is_fitting = |all, byte: &u8| all & (base64url::is_character(*byte) | (*byte == b'.'));
        if !piece.iter().fold(true, is_fitting) {
            return None;
        }
        dots += usize::from(piece.iter().fold(0_u8, |dots, byte| dots + u8::from(*byte == b'.')));
    }
    Some(dots)
}

fn other_file(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 8] = [
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture or a recording"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\x1f\x8b", "a compressed file"),
        (b"<", "a web page or an XML document"),
    ];
    SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_is_told_by_its_bytes() {
        assert_eq!(sniff(b" eyJ.e30.AA\n"), Ok(Shape::CompactJws("eyJ.e30.AA")));
        assert_eq!(sniff(b"eyJ.e30.AA~WyJ~"), Ok(Shape::SdJwt("eyJ.e30.AA~WyJ~")));
        assert_eq!(sniff(b"\n{\"a\":1} "), Ok(Shape::Json(b"{\"a\":1}")));
        assert_eq!(sniff(&[0xd2, 0x84, 0x43]), Ok(Shape::Cose(&[0xd2, 0x84, 0x43])));
    }

    #[test]
    fn what_is_no_credential_is_named() {
        let code = |bytes: &[u8]| sniff(bytes).map_or_else(|error| error.code(), |_| "recognised");
        assert_eq!(code(b" \r\n\t"), "parse.empty");
        assert_eq!(code(b""), "parse.empty");
        assert_eq!(code(b"%PDF-1.7"), "parse.other-file");
        assert_eq!(code(b"<!DOCTYPE html>"), "parse.other-file");
        assert_eq!(code(b"PK\x03\x04...."), "parse.other-file");
        assert_eq!(code(b"\xef\xbb\xbf{}"), "parse.encoding");
        assert_eq!(code(b"{\0}\0"), "parse.encoding");
        assert_eq!(code(b"a.b.c.d.e"), "parse.encrypted");
        assert_eq!(code(b"[]"), "parse.unknown-format");
        assert_eq!(code(b"a.b"), "parse.unknown-format");
        assert_eq!(code(b"a.b.c=="), "parse.unknown-format");
        assert_eq!(code(b"a.b.c d"), "parse.unknown-format");
        assert_eq!(code(&[7; 64]), "parse.unknown-format");
        assert_eq!(code(&vec![b'{'; limits::DOCUMENT_BYTES + 1]), "parse.too-large");
    }
}
