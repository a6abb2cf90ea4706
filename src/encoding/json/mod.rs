//! Strict JSON (RFC 8259 within I-JSON, RFC 7493): what two readers could read differently is refused.
//!
//! One pass over the bytes bounds size, depth, the number of values and every number before anything is built; then
//! `serde_json` builds the value through a visitor that refuses duplicate members.

mod number;
mod visitor;

use serde::de::{DeserializeSeed, Deserializer};

use self::number::survives_as_double;
use self::visitor::{DUPLICATE, StrictValue, TextFirst};
use crate::error::Explain;
use crate::limits;

pub use serde_json::{Map as GenericMap, Value};

/// A JSON object.
pub type Map = serde_json::Map<String, Value>;

/// Why bytes are not the strict JSON that was expected. Carries positions, never content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// More bytes than allowed.
    #[error("{bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Nested deeper than [`limits::JSON_DEPTH`].
    #[error("nested deeper than {limit} levels at byte {position}")]
    TooDeep {
        /// Where the first level too many opens.
        position: usize,
        /// The ceiling.
        limit: usize,
    },
    /// More members and items than [`limits::JSON_VALUES`].
    #[error("more than {limit} members and array items")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// The number is not the same after a trip through an IEEE 754 double (RFC 7493 section 2.2).
    #[error("the number at byte {position} does not survive as an IEEE 754 double")]
    Number {
        /// Where the number begins.
        position: usize,
    },
    /// A member name that stands twice in one object (RFC 7493 section 2.3).
    #[error("a member name stands twice in one object, line {line} column {column}")]
    DuplicateMember {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// UTF-16, UTF-32, a byte order mark or bytes that are no UTF-8.
    #[error("not UTF-8 text without a byte order mark")]
    Encoding,
    /// Not JSON.
    #[error("not JSON: line {line} column {column}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but not an object.
    #[error("a JSON object was expected")]
    NotAnObject,
}

impl Explain for JsonError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "json.too-large",
            Self::TooDeep { .. } => "json.too-deep",
            Self::TooMany { .. } => "json.too-many",
            Self::Number { .. } => "json.number",
            Self::DuplicateMember { .. } => "json.duplicate-member",
            Self::Encoding => "json.encoding",
            Self::Syntax { .. } => "json.syntax",
            Self::NotAnObject => "json.not-an-object",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::TooDeep { .. } | Self::TooMany { .. } => {
                "No genuine document is like this: ask for the original file."
            }
            Self::Number { .. } => "Write numbers of more than 15 digits as text.",
            Self::DuplicateMember { .. } => "Keep one of the two members.",
            Self::Encoding => "Save the file as UTF-8 without a byte order mark.",
            Self::Syntax { .. } => "Check that the file is whole: it may have been cut off while it was copied.",
            Self::NotAnObject => "Put the members between { and }.",
        }
    }
}

/// Reads one JSON object of at most [`limits::DOCUMENT_BYTES`].
///
/// # Errors
/// [`JsonError`].
pub fn parse_object(bytes: &[u8]) -> Result<Map, JsonError> {
    match parse(bytes)? {
        Value::Object(map) => Ok(map),
        _ => Err(JsonError::NotAnObject),
    }
}

/// Reads one JSON value of at most [`limits::DOCUMENT_BYTES`].
///
/// # Errors
/// [`JsonError`].
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    read(bytes, |deserializer| StrictValue.deserialize(deserializer))
}

/// What follows a text in a list whose text nobody needs, such as the salt of a disclosure.
#[derive(Debug, PartialEq)]
pub(crate) enum AfterText<const N: usize> {
    /// The list has a text, and after it just these.
    Items([Value; N]),
    /// Another list.
    OtherList,
    /// No list.
    NoList,
}

/// As [`parse`], for a list of a text and `N` items. The text is checked and not kept.
///
/// # Errors
/// [`JsonError`], for all that [`parse`] refuses.
pub(crate) fn parse_after_text<const N: usize>(bytes: &[u8]) -> Result<AfterText<N>, JsonError> {
    if bytes.trim_ascii_start().first() != Some(&b'[') {
        return parse(bytes).map(|_| AfterText::NoList);
    }
    read(bytes, |deserializer| deserializer.deserialize_seq(TextFirst))
}

type Reader<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

fn read<'a, T>(bytes: &'a [u8], build: impl FnOnce(&mut Reader<'a>) -> serde_json::Result<T>) -> Result<T, JsonError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(JsonError::TooLarge { bytes: bytes.len(), limit: limits::DOCUMENT_BYTES });
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..] => {
            return Err(JsonError::Encoding);
        }
        _ => std::str::from_utf8(bytes).map_err(|_| JsonError::Encoding)?,
    };
    scan(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = build(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        if error.to_string().starts_with(DUPLICATE) {
            JsonError::DuplicateMember { line, column }
        } else {
            JsonError::Syntax { line, column }
        }
    })
}

/// Bounds depth, count and numbers in one pass. What is not JSON is left for the parser to name.
fn scan(bytes: &[u8]) -> Result<(), JsonError> {
    let (mut position, mut depth, mut values) = (0, 0usize, 1usize);
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                position = end_of_string(bytes, position + 1);
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                values += 1;
                if depth > limits::JSON_DEPTH {
                    return Err(JsonError::TooDeep { position, limit: limits::JSON_DEPTH });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            b'-' | b'0'..=b'9' => {
                let length = bytes[position..]
                    .iter()
                    .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
                    .count();
                if !survives_as_double(&bytes[position..position + length]) {
                    return Err(JsonError::Number { position });
                }
                position += length;
                continue;
            }
            _ => {}
        }
        position += 1;
    }
    if values > limits::JSON_VALUES {
        return Err(JsonError::TooMany { limit: limits::JSON_VALUES });
    }
    Ok(())
}

/// The position after the closing quote, or the end of the input.
fn end_of_string(bytes: &[u8], mut position: usize) -> usize {
    /// The top bit of the first byte of this value, and of none before it; those of later ones mean nothing.
    fn places(word: u64, byte: u8) -> u64 {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        let differing = word ^ (ONES * u64::from(byte));
        differing.wrapping_sub(ONES) & !differing & (ONES << 7)
    }
    while let Some(piece) = bytes.get(position..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*piece);
        let found = places(word, b'"') | places(word, b'\\');
        position += found.trailing_zeros() as usize / 8;
        if found != 0 {
            if bytes.get(position) == Some(&b'"') {
                return position + 1;
            }
            position += 2;
        }
    }
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => return position + 1,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_text_is_read_as_strictly_as_anything() {
        let items = |text: &str| parse_after_text::<2>(text.as_bytes());
        let two = || Ok(AfterText::Items([Value::from("a"), Value::from(1)]));
        assert_eq!(items(r#"["s","a",1]"#), two());
        assert_eq!(items(" \n[ \"\\u0073\" , \"a\" , 1 ] "), two());
        for list in [
            "[]",
            r#"["s"]"#,
            r#"["s",1]"#,
            r#"["s",1,2,3]"#,
            "[1,2,3]",
            "[null,1,2]",
            r#"[["s"],1,2]"#,
            "[{},1,2]",
            "[1.5,1,2]",
            "[true,1,2]",
        ] {
            assert_eq!(items(list), Ok(AfterText::OtherList), "{list}");
        }
        for other in ["{}", "1", "null", "true", r#""s""#, r#"{"a":["s",1,2]}"#] {
            assert_eq!(items(other), Ok(AfterText::NoList), "{other}");
        }
        for refused in [
            "",
            "[",
            r#"["s",1,2"#,
            r#"["s",1,2]]"#,
            r#"["s",1,2] {}"#,
            r#"["s",1,2,]"#,
            r#"["\ud800",1,2]"#,
            "[\"\n\",1,2]",
            r#"[{"a":1,"a":2},1,2]"#,
            r#"[[{"a":1,"a":2}],1,2]"#,
            r#"["s",{"a":1,"a":2},2]"#,
            r#"["s",1,2,{"a":1,"a":2}]"#,
            r#"["s",9007199254740993,2]"#,
            "[1e999,1,2]",
            "\u{c}[\"s\",1,2]",
            "\u{feff}[\"s\",1,2]",
            r#"{"a":1,"a":1}"#,
        ] {
            assert!(items(refused).is_err(), "{refused}");
            assert_eq!(items(refused).err(), parse(refused.as_bytes()).err(), "{refused}");
        }
        assert_eq!(items(&"[".repeat(100)).err().map(|error| error.code()), Some("json.too-deep"));
    }

    pub(super) fn code(text: &str) -> &'static str {
        parse(text.as_bytes()).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_at_any_depth() {
        assert_eq!(code(r#"{"a":1,"a":1}"#), "json.duplicate-member");
        assert_eq!(code(r#"[{"b":[{"a":1,"\u0061":2}]}]"#), "json.duplicate-member");
        assert_eq!(code(r#"{"a":{"a":1}}"#), "ok");
    }

    #[test]
    fn depth_and_count_are_bounded_before_anything_is_built() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert_eq!(code(&nested(limits::JSON_DEPTH)), "ok");
        assert_eq!(code(&nested(limits::JSON_DEPTH + 1)), "json.too-deep");
        assert_eq!(code(&"[".repeat(100_000)), "json.too-deep");
        assert_eq!(code(&format!("[{}0]", "0,".repeat(limits::JSON_VALUES))), "json.too-many");
        assert_eq!(code(&" ".repeat(limits::DOCUMENT_BYTES + 1)), "json.too-large");
        assert_eq!(code(r#"{"brackets in text":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[["}"#), "ok");
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            "{",
            "{\"a\"}",
            "[1,]",
            "01",
            "+1",
            ".5",
            "1.",
            "NaN",
            "nul",
            "\"\\x\"",
            "\"\n\"",
            "{} {}",
            "'a'",
            "\"\\ud800\"",
            "1.5.5",
            "-",
            "1e",
            "--1",
        ] {
            assert_eq!(code(text), "json.syntax", "{text}");
        }
        assert_eq!(code("\u{feff}{}"), "json.encoding");
        assert_eq!(parse(b"\"\xff\""), Err(JsonError::Encoding));
        assert_eq!(parse(b"{\0\"\0"), Err(JsonError::Encoding));
        assert_eq!(parse_object(b"[]"), Err(JsonError::NotAnObject));
    }
}
