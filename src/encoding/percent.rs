//! Percent-encoding (RFC 3986 section 2.1).

/// The bytes with each percent-encoding replaced by the byte it stands for, once; `None` if a `%` stands without two
/// hexadecimal digits.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            decoded.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    Some(decoded)
}

/// Percent-encoded but for what is unreserved.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut encoded = String::with_capacity(bytes.len());
    bytes.iter().for_each(|byte| push(&mut encoded, *byte));
    encoded
}

/// Writes one byte behind `text`, encoded unless it is unreserved.
pub fn push(text: &mut String, byte: u8) {
    if is_unreserved(byte) {
        text.push(char::from(byte));
    } else {
        push_encoded(text, byte);
    }
}

/// Writes one byte behind `text`, encoded whatever it is.
pub fn push_encoded(text: &mut String, byte: u8) {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    text.push('%');
    text.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
}

/// Whether the byte never needs encoding (RFC 3986 section 2.3).
pub fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_as_the_same() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all)), Some(all));
        assert_eq!(encode("a-._~/ %é"), "a-._~%2F%20%25%C3%A9");
        assert_eq!(decode("%2f%2F%41b"), Some(b"//Ab".to_vec()));
        assert_eq!(decode("%2541"), Some(b"%41".to_vec()));
    }

    #[test]
    fn half_an_encoding_is_none() {
        for text in ["%", "%4", "a%", "%4g", "%g4", "%%41", "%+1", "%é"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
