//! Strict JSON (RFC 8259 within I-JSON, RFC 7493): what two readers could read differently is refused.
//!
//! One pass over the bytes bounds size, depth, the number of values and every number before anything is built; then
//! `serde_json` builds the value through a visitor that refuses duplicate members.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::Number;

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
    let value = StrictValue.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
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
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => return position + 1,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    bytes.len()
}

/// Whether a double, written with as many significant digits as the text has, gives the text's value back; a fraction
/// of up to 17 digits may differ by less than half a unit in the last place, as RFC 8785's own examples do.
fn survives_as_double(text: &[u8]) -> bool {
    if text.len() > limits::JSON_NUMBER_CHARACTERS {
        return false;
    }
    let (mantissa, has_exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(end) => (&text[..end], true),
        None => (text, false),
    };
    let digits: Vec<u8> =
        mantissa.iter().copied().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').collect();
    // DBL_DIG: fifteen significant digits always survive, unless the exponent leaves the range.
    if digits.len() <= 15 && !has_exponent {
        return true;
    }
    let Some(value) = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok()) else {
        return true; // not a number at all: the parser says so
    };
    if digits.is_empty() {
        return value == 0.0;
    }
    if !value.is_finite() || value == 0.0 {
        return false;
    }
    if value.fract() != 0.0 && digits.len() <= 17 {
        return true;
    }
    let written = format!("{:.*e}", digits.len() - 1, value.abs());
    let kept = written.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit);
    kept.eq(digits)
}

const DUPLICATE: &str = "duplicate member";

struct StrictValue;

impl<'de> DeserializeSeed<'de> for StrictValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(StrictValue)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(StrictValue)?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
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
    fn numbers_that_a_double_would_change_are_refused() {
        for number in [
            "0",
            "-0",
            "0.1",
            "1.0",
            "1e23",
            "9007199254740992",
            "-9007199254740992",
            "333333333.33333329",
            "1E30",
            "4.50",
            "5e-324",
            "0e999",
            "0.30000000000000004",
            "100000000000000000000",
        ] {
            assert_eq!(code(number), "ok", "{number}");
        }
        for number in [
            "9007199254740993",
            "-9007199254740993",
            "9007199254740993.0",
            "1e400",
            "-1e400",
            "1e-400",
            "3.14159265358979323846",
            "18446744073709551615",
            "1000000000000000000000000000000000000000000000",
        ] {
            assert_eq!(code(number), "json.number", "{number}");
        }
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
