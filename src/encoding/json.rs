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

/// Whether the number survives as a double. It does if it is
/// - what ECMAScript, and so canonical JSON (RFC 8785), writes for its double, however it is spelled: whatever is
///   read here is thus written as something that is read again; or
/// - a whole number that is exactly the value of its double; or
/// - a fraction of at most 17 digits, which no other double is nearer to: many writers print so many, and RFC 8785's
///   own examples hold one.
fn survives_as_double(text: &[u8]) -> bool {
    if text.len() > limits::JSON_NUMBER_CHARACTERS {
        return false;
    }
    // DBL_DIG: fifteen significant digits always survive, unless an exponent leaves the range. No number of so few
    // characters leaves it without one.
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let has_exponent = text.iter().any(|byte| matches!(byte, b'e' | b'E'));
    if !has_exponent && text.iter().filter(is_digit).skip_while(|digit| **digit == b'0').count() <= 15 {
        return true;
    }
    if !is_number(text) {
        return true; // the parser says so
    }
    // By the parser that reads it later. It refuses what leaves the range.
    let Ok(value) = serde_json::from_slice::<f64>(text) else { return false };
    let Some(decimal) = Decimal::read(text) else { return false };
    let is_same = |written: &str| Decimal::read(written.as_bytes()).is_some_and(|other| other == decimal);
    let mut buffer = ryu_js::Buffer::new();
    if is_same(buffer.format_finite(value)) {
        return true;
    }
    if value.fract() != 0.0 { decimal.length <= 17 && value.is_normal() } else { is_same(&format!("{value:.0}")) }
}

/// Whether the text is a number of JSON (RFC 8259 section 6).
fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (b"0".as_slice(), rest),
    };
    let exponent = match rest {
        [] => b"0".as_slice(),
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => exponent,
        _ => return false,
    };
    let has_end = !exponent.is_empty() && digits(exponent).1.is_empty();
    (whole == b"0" || whole.first().is_some_and(|first| *first != b'0')) && !fraction.is_empty() && has_end
}

/// The digits that the text begins with, and what follows them.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// The value of a number's text without its sign: the significant digits, and the power of ten of the last of them.
/// Nothing has no digits, and no power.
#[derive(PartialEq)]
struct Decimal {
    digits: [u8; limits::JSON_NUMBER_CHARACTERS],
    length: usize,
    exponent: i64,
}

impl Decimal {
    /// `None` for a text that is no number of at most [`limits::JSON_NUMBER_CHARACTERS`].
    fn read(text: &[u8]) -> Option<Self> {
        let mut decimal = Self { digits: [0; limits::JSON_NUMBER_CHARACTERS], length: 0, exponent: 0 };
        let (mut length, mut zeros, mut is_fraction) = (0, 0, false);
        for (position, byte) in text.iter().enumerate() {
            match byte {
                b'e' | b'E' => {
                    let exponent: i64 = std::str::from_utf8(text.get(position + 1..)?).ok()?.parse().ok()?;
                    decimal.exponent = decimal.exponent.checked_add(exponent)?;
                    break;
                }
                b'.' => is_fraction = true,
                b'0'..=b'9' => {
                    decimal.exponent -= i64::from(is_fraction);
                    // A zero counts once another digit follows it, and never before the first.
                    if *byte == b'0' {
                        zeros += usize::from(length > 0);
                        continue;
                    }
                    length += zeros;
                    *decimal.digits.get_mut(length)? = *byte;
                    (length, zeros) = (length + 1, 0);
                }
                _ => {}
            }
        }
        decimal.length = length;
        if length == 0 {
            decimal.exponent = 0;
        } else {
            decimal.exponent = decimal.exponent.checked_add(i64::try_from(zeros).ok()?)?;
        }
        Some(decimal)
    }
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

struct TextFirst<const N: usize>;

impl<'de, const N: usize> Visitor<'de> for TextFirst<N> {
    type Value = AfterText<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<AfterText<N>, A::Error> {
        let has_text = list.next_element_seed(IsText)?.unwrap_or_default();
        let mut items = [const { Value::Null }; N];
        let mut count = 0;
        while let Some(item) = list.next_element_seed(StrictValue)? {
            if let Some(place) = items.get_mut(count) {
                *place = item;
            }
            count += 1;
        }
        Ok(if has_text && count == N { AfterText::Items(items) } else { AfterText::OtherList })
    }
}

/// Reads any value as strictly as [`StrictValue`], and keeps whether it is text.
struct IsText;

impl<'de> DeserializeSeed<'de> for IsText {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for IsText {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<bool, E> {
        StrictValue.visit_f64(value).map(|_| false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<bool, A::Error> {
        StrictValue.visit_seq(items).map(|_| false)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<bool, A::Error> {
        StrictValue.visit_map(members).map(|_| false)
    }
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
            "9007199254740993",
            "-9007199254740993",
            "9007199254740993.0",
            "9007199254740992.5",
            "12345678901234567890",
            "18446744073709551615",
            "1e400",
            "-1e400",
            "1e309",
            "1.7976931348623158e308",
            "1.7976931348623157e309",
            "1e-400",
            "2e-324",
            "3.14159265358979323846",
            "1000000000000000000000000000000000000000000000",
            "1e99999999999999999999999999",
            "1e-99999999999999999999999999",
        ] {
            assert_eq!(code(number), "json.number", "{number}");
        }
    }

    #[test]
    fn a_number_that_is_nearly_its_double_is_refused() {
        for (taken, refused) in [
            ("1152921504606846976", "1152921504606846977"),
            ("1152921504606847000", "1152921504606846999"),
            ("1e23", "9.9999999999999995e22"),
            ("0.30000000000000004", "0.300000000000000044"),
            ("5e-324", "4.9e-324"),
            ("5e-324", "3e-324"),
            ("2.2250738585072014e-308", "2.22507385850720138e-308"),
            ("1.7976931348623157e308", "1.797693134862315708e308"),
            ("9007199254740992", "9007199254740992.4"),
            ("0", "1e-999"),
        ] {
            let double = |text: &str| text.parse::<f64>().unwrap().to_bits();
            assert_eq!(double(taken), double(refused), "{taken} {refused}");
            for sign in ["", "-"] {
                assert_eq!(code(&format!("{sign}{taken}")), "ok", "{taken}");
                assert_eq!(code(&format!("{sign}{refused}")), "json.number", "{refused}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_no_question_of_doubles() {
        for text in [
            "01e400",
            "-01e400",
            "00e1",
            "1.e400",
            "1e",
            "1e+",
            "1e400.5",
            "1e4e4",
            "--1e400",
            "1.5.5e400",
            "-e400",
            "1e+-4",
            "1E",
        ] {
            assert_eq!(code(text), "json.syntax", "{text}");
        }
    }

    #[test]
    fn numbers_that_a_double_holds_are_read() {
        for number in [
            "0",
            "-0",
            "-0.0",
            "0e999",
            "0.1",
            "1.0",
            "1e21",
            "1e23",
            "9007199254740992",
            "-9007199254740992",
            "9007199254740992.00",
            "90071992547409920000e-4",
            "1E30",
            "1e+30",
            "4.50",
            "5e-324",
            "50000e-328",
            "0.30000000000000004",
            "333333333.33333329",
            "0.10000000000000001",
            "51184467409551616",
            "51184467409551620",
            "99999999999999991611392",
            "100000000000000000000",
            "10000000000000000000000",
            "1.7976931348623157e308",
            "0.00000000000000000000000000000000000001",
        ] {
            assert_eq!(code(number), "ok", "{number}");
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
