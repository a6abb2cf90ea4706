//! CBOR (RFC 8949): written deterministically (section 4.2.1), read strictly and within bounds.
//!
//! Read are integers, byte and text strings, arrays, maps, tags, booleans and null. Lengths are always definite, and no
//! key stands twice in a map. Floating-point numbers and other simple values are refused: no format that is read here
//! has them. Keys are integers and strings, so that two keys compare without walking a tree.

use std::cmp::Ordering;

use crate::error::Explain;
use crate::limits;

/// Why bytes are not the CBOR that was expected. Carries positions, never content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborError {
    /// More bytes than allowed.
    #[error("{bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Nested deeper than [`limits::CBOR_DEPTH`].
    #[error("nested deeper than {limit} levels at byte {position}")]
    TooDeep {
        /// Where the first level too many opens.
        position: usize,
        /// The ceiling.
        limit: usize,
    },
    /// More values than allowed.
    #[error("more than {limit} values")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// The bytes end within a value.
    #[error("the data ends within the value at byte {position}")]
    Truncated {
        /// Where the value begins.
        position: usize,
    },
    /// Bytes after the value.
    #[error("bytes follow the value, from byte {position} on")]
    Trailing {
        /// Where the value ends.
        position: usize,
    },
    /// A length that is not said in advance (RFC 8949 section 3.2).
    #[error("the length of the value at byte {position} is not said in advance")]
    Indefinite {
        /// Where the value begins.
        position: usize,
    },
    /// A number or length that takes more bytes than it needs (RFC 8949 section 4.2.1).
    #[error("the number or length at byte {position} is not written as short as can be")]
    NotShortest {
        /// Where the value begins.
        position: usize,
    },
    /// A key that comes before the one in front of it (RFC 8949 section 4.2.1).
    #[error("the keys of a map are not in order at byte {position}")]
    NotInOrder {
        /// Where the key begins.
        position: usize,
    },
    /// A key that stands twice in one map (RFC 8949 section 5.6).
    #[error("a key stands twice in one map, the second time at byte {position}")]
    DuplicateKey {
        /// Where the second one begins.
        position: usize,
    },
    /// A key that is neither an integer nor a string.
    #[error("the key at byte {position} is neither an integer nor a string")]
    Key {
        /// Where the key begins.
        position: usize,
    },
    /// A text that is no UTF-8.
    #[error("the text at byte {position} is no UTF-8")]
    Encoding {
        /// Where the text begins.
        position: usize,
    },
    /// A floating-point number, a simple value other than false, true and null, or a reserved one.
    #[error("the value at byte {position} is of a kind that is not read")]
    NotRead {
        /// Where the value begins.
        position: usize,
    },
}

impl Explain for CborError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "cbor.too-large",
            Self::TooDeep { .. } => "cbor.too-deep",
            Self::TooMany { .. } => "cbor.too-many",
            Self::Truncated { .. } => "cbor.truncated",
            Self::Trailing { .. } => "cbor.trailing",
            Self::Indefinite { .. } => "cbor.indefinite",
            Self::NotShortest { .. } => "cbor.not-shortest",
            Self::NotInOrder { .. } => "cbor.not-in-order",
            Self::DuplicateKey { .. } => "cbor.duplicate-key",
            Self::Key { .. } => "cbor.key",
            Self::Encoding { .. } => "cbor.encoding",
            Self::NotRead { .. } => "cbor.not-read",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::TooDeep { .. } | Self::TooMany { .. } => {
                "No genuine document is like this: ask for the original file."
            }
            Self::Truncated { .. } | Self::Trailing { .. } | Self::Encoding { .. } => {
                "Check that the file is whole, and that it was copied as bytes and not as text."
            }
            Self::Indefinite { .. } | Self::NotShortest { .. } | Self::NotInOrder { .. } => {
                "Ask whoever made it for deterministic CBOR, as RFC 8949 section 4.2.1 describes it."
            }
            Self::DuplicateKey { .. } => "Two readers could understand it differently: ask for one without the second.",
            Self::Key { .. } | Self::NotRead { .. } => {
                "Ask whoever made it for one of integers, strings, lists and maps alone."
            }
        }
    }
}

/// A CBOR value, which borrows its strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// An integer that is not negative (major type 0).
    Unsigned(u64),
    /// The integer `-1 - n` (major type 1).
    Negative(u64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a str),
    /// An array.
    Array(Vec<Value<'a>>),
    /// A map.
    Map(Map<'a>),
    /// A value with the tag in front of it.
    Tag(u64, Box<Value<'a>>),
    /// `false` or `true`.
    Bool(bool),
    /// `null`.
    Null,
}

/// A key of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// An integer that is not negative.
    Unsigned(u64),
    /// The integer `-1 - n`.
    Negative(u64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a str),
}

/// A map, whose keys stand in the order of RFC 8949 section 4.2.1, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map<'a>(Vec<(Key<'a>, Value<'a>)>);

/// Reads one value of at most [`limits::DOCUMENT_BYTES`] and [`limits::CBOR_VALUES`], and demands the deterministic
/// encoding of RFC 8949 section 4.2.1: what is read has only these bytes.
///
/// # Errors
/// [`CborError`].
pub fn decode(bytes: &[u8]) -> Result<Value<'_>, CborError> {
    Reader::new(bytes, true, limits::CBOR_VALUES).whole()
}

/// As [`decode`], for formats that do not demand the deterministic encoding of what others write: keys may stand in any
/// order, and lengths may take more bytes than they need. Neither lets two readers understand it differently.
/// `values` is how many there may be, at most some hundreds: the time grows with their square if the keys are not in order.
///
/// # Errors
/// [`CborError`].
pub fn decode_in_any_order(bytes: &[u8], values: usize) -> Result<Value<'_>, CborError> {
    Reader::new(bytes, false, values).whole()
}

/// Writes a value in the deterministic encoding of RFC 8949 section 4.2.1.
pub fn encode(value: &Value<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

impl<'a> Value<'a> {
    /// The integer that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(*number),
            _ => None,
        }
    }

    /// The integer, if 64 bits with a sign hold it.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => i64::try_from(*number).ok(),
            Self::Negative(number) => i64::try_from(*number).ok().map(|number| -1 - number),
            _ => None,
        }
    }

    /// The byte string.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text string.
    pub fn as_text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of the array.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The map.
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        match u64::try_from(number) {
            Ok(number) => Self::Unsigned(number),
            Err(_) => Self::Negative(!number as u64),
        }
    }
}

impl From<i64> for Key<'_> {
    fn from(number: i64) -> Self {
        match u64::try_from(number) {
            Ok(number) => Self::Unsigned(number),
            Err(_) => Self::Negative(!number as u64),
        }
    }
}

impl<'a> Key<'a> {
    /// What the encoding consists of: the major type, its argument, and the content.
    fn parts(&self) -> (u8, u64, &'a [u8]) {
        match self {
            Self::Unsigned(number) => (UNSIGNED, *number, &[]),
            Self::Negative(number) => (NEGATIVE, *number, &[]),
            Self::Bytes(bytes) => (BYTES, bytes.len() as u64, bytes),
            Self::Text(text) => (TEXT, text.len() as u64, text.as_bytes()),
        }
    }
}

/// The bytewise lexicographic order of the deterministic encodings. A longer argument begins with a greater byte, so
/// that arguments compare as numbers.
impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Map<'a> {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value for a key.
    pub fn get(&self, key: Key<'_>) -> Option<&Value<'a>> {
        let place = self.0.binary_search_by(|(other, _)| other.cmp(&key)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Puts a value in; one that stood there goes.
    pub fn insert(&mut self, key: Key<'a>, value: Value<'a>) {
        match self.place(key) {
            Ok(place) => {
                if let Some(entry) = self.0.get_mut(place) {
                    entry.1 = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// The entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Key<'a>, &Value<'a>)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    /// Where the key stands, or where it belongs. What comes in order is found at once.
    fn place(&self, key: Key<'_>) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if *last >= key => self.0.binary_search_by(|(other, _)| other.cmp(&key)),
            _ => Err(self.0.len()),
        }
    }
}

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

const FALSE: u64 = 20;
const TRUE: u64 = 21;
const NULL: u64 = 22;

fn write(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Unsigned(number) => write_head(UNSIGNED, *number, out),
        Value::Negative(number) => write_head(NEGATIVE, *number, out),
        Value::Bytes(bytes) => write_string(BYTES, bytes, out),
        Value::Text(text) => write_string(TEXT, text.as_bytes(), out),
        Value::Array(items) => {
            write_head(ARRAY, items.len() as u64, out);
            for item in items {
                write(item, out);
            }
        }
        Value::Map(map) => {
            write_head(MAP, map.len() as u64, out);
            for (key, value) in &map.0 {
                let (major, argument, content) = key.parts();
                write_head(major, argument, out);
                out.extend_from_slice(content);
                write(value, out);
            }
        }
        Value::Tag(tag, value) => {
            write_head(TAG, *tag, out);
            write(value, out);
        }
        Value::Bool(value) => write_head(SIMPLE, if *value { TRUE } else { FALSE }, out),
        Value::Null => write_head(SIMPLE, NULL, out),
    }
}

fn write_string(major: u8, content: &[u8], out: &mut Vec<u8>) {
    write_head(major, content.len() as u64, out);
    out.extend_from_slice(content);
}

fn write_head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let bytes = argument.to_be_bytes();
    let (information, argument) = match argument {
        0..=23 => (bytes[7], &bytes[8..]),
        24..=0xff => (24, &bytes[7..]),
        0x100..=0xffff => (25, &bytes[6..]),
        0x1_0000..=0xffff_ffff => (26, &bytes[4..]),
        _ => (27, &bytes[..]),
    };
    out.push(major << 5 | information);
    out.extend_from_slice(argument);
}

struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    deterministic: bool,
    values: usize,
    limit: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], deterministic: bool, limit: usize) -> Self {
        Self { bytes, position: 0, deterministic, values: 0, limit }
    }

    fn whole(mut self) -> Result<Value<'a>, CborError> {
        if self.bytes.len() > limits::DOCUMENT_BYTES {
            return Err(CborError::TooLarge { bytes: self.bytes.len(), limit: limits::DOCUMENT_BYTES });
        }
        let value = self.value(1)?;
        if self.position != self.bytes.len() {
            return Err(CborError::Trailing { position: self.position });
        }
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, CborError> {
        let position = self.position;
        if depth > limits::CBOR_DEPTH {
            return Err(CborError::TooDeep { position, limit: limits::CBOR_DEPTH });
        }
        let (major, argument) = self.head()?;
        Ok(match major {
            UNSIGNED => Value::Unsigned(argument),
            NEGATIVE => Value::Negative(argument),
            BYTES => Value::Bytes(self.take(argument, position)?),
            TEXT => Value::Text(self.text(argument, position)?),
            ARRAY => {
                let mut items = Vec::with_capacity(self.announced(argument, 1, position)?);
                for _ in 0..argument {
                    items.push(self.value(depth + 1)?);
                }
                Value::Array(items)
            }
            MAP => {
                let mut map = Map(Vec::with_capacity(self.announced(argument, 2, position)?));
                for _ in 0..argument {
                    self.entry(&mut map, depth)?;
                }
                Value::Map(map)
            }
            TAG => Value::Tag(argument, Box::new(self.value(depth + 1)?)),
            _ => match argument {
                FALSE => Value::Bool(false),
                TRUE => Value::Bool(true),
                NULL => Value::Null,
                _ => return Err(CborError::NotRead { position }),
            },
        })
    }

    fn entry(&mut self, map: &mut Map<'a>, depth: usize) -> Result<(), CborError> {
        let position = self.position;
        let (major, argument) = self.head()?;
        let key = match major {
            UNSIGNED => Key::Unsigned(argument),
            NEGATIVE => Key::Negative(argument),
            BYTES => Key::Bytes(self.take(argument, position)?),
            TEXT => Key::Text(self.text(argument, position)?),
            _ => return Err(CborError::Key { position }),
        };
        let Err(place) = map.place(key) else { return Err(CborError::DuplicateKey { position }) };
        if self.deterministic && place != map.len() {
            return Err(CborError::NotInOrder { position });
        }
        let value = self.value(depth + 1)?;
        map.0.insert(place, (key, value));
        Ok(())
    }

    /// The major type and the argument of what comes next, counted as a value.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let position = self.position;
        self.values += 1;
        if self.values > self.limit {
            return Err(CborError::TooMany { limit: self.limit });
        }
        let [initial] = self.array(position)?;
        let (major, information) = (initial >> 5, initial & 0x1f);
        let (argument, least) = match information {
            0..=23 => (u64::from(information), 0),
            // Floating-point numbers, and simple values that take a byte of their own.
            24..=27 if major == SIMPLE => return Err(CborError::NotRead { position }),
            24 => (u64::from(u8::from_be_bytes(self.array(position)?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.array(position)?)), 0x100),
            26 => (u64::from(u32::from_be_bytes(self.array(position)?)), 0x1_0000),
            27 => (u64::from_be_bytes(self.array(position)?), 0x1_0000_0000),
            // Without a meaning for integers and tags (RFC 8949 section 3.2), a break where nothing was open.
            31 if (BYTES..=MAP).contains(&major) => return Err(CborError::Indefinite { position }),
            _ => return Err(CborError::NotRead { position }),
        };
        if self.deterministic && argument < least {
            return Err(CborError::NotShortest { position });
        }
        Ok((major, argument))
    }

    /// How many items may be allocated for. Each takes a byte at least, so that more than are left cannot come.
    fn announced(&self, argument: u64, each: u64, position: usize) -> Result<usize, CborError> {
        let values = argument.checked_mul(each).and_then(|values| usize::try_from(values).ok());
        match values {
            Some(values) if values <= self.bytes.len() - self.position => {
                if values > self.limit - self.values {
                    return Err(CborError::TooMany { limit: self.limit });
                }
                Ok(argument as usize)
            }
            _ => Err(CborError::Truncated { position }),
        }
    }

    fn text(&mut self, length: u64, position: usize) -> Result<&'a str, CborError> {
        std::str::from_utf8(self.take(length, position)?).map_err(|_| CborError::Encoding { position })
    }

    fn take(&mut self, length: u64, position: usize) -> Result<&'a [u8], CborError> {
        let end = usize::try_from(length).ok().and_then(|length| self.position.checked_add(length));
        let taken = end.and_then(|end| self.bytes.get(self.position..end)).ok_or(CborError::Truncated { position })?;
        self.position += taken.len();
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, position: usize) -> Result<[u8; N], CborError> {
        let taken = self.take(N as u64, position)?;
        taken.try_into().map_err(|_| CborError::Truncated { position })
    }
}

#[cfg(test)]
mod tests;
