//! DIDs and DID URLs, exactly as the grammar of DID 1.0 sections 3.1 and 3.2 has them, without normalisation: two
//! DIDs are the same if their bytes are.

use std::fmt;
use std::str::FromStr;

use crate::error::Explain;
use crate::limits;

/// Why a text is no DID or no DID URL. Positions count bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// Longer than [`limits::DID_BYTES`].
    #[error("a DID of {bytes} bytes, where at most {limit} are read")]
    TooLong {
        /// The length found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// The text does not begin with `did:`, which is lower case.
    #[error("a DID begins with \"did:\"")]
    Scheme,
    /// The method's name is empty, is not followed by a colon, or has other characters than a to z and 0 to 9.
    #[error("the name of the DID method ends wrongly at byte {position}")]
    Method {
        /// The first byte that does not fit.
        position: usize,
    },
    /// Nothing stands after the method's name, or after the last colon.
    #[error("the DID ends where an identifier was expected")]
    Empty,
    /// A character that may not stand there.
    #[error("a character that may not stand there, at byte {position}")]
    Character {
        /// Where it stands.
        position: usize,
    },
    /// A `%` that two hexadecimal digits do not follow.
    #[error("a % without two hexadecimal digits, at byte {position}")]
    PercentEncoding {
        /// Where the `%` stands.
        position: usize,
    },
    /// A DID with a path, query or fragment, where a DID alone was expected.
    #[error("a DID URL, where a DID was expected: byte {position} begins its path, query or fragment")]
    UrlWhereDid {
        /// Where the path, query or fragment begins.
        position: usize,
    },
}

impl Explain for DidError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "did.too-long",
            Self::Scheme => "did.scheme",
            Self::Method { .. } => "did.method",
            Self::Empty => "did.empty",
            Self::Character { .. } => "did.character",
            Self::PercentEncoding { .. } => "did.percent-encoding",
            Self::UrlWhereDid { .. } => "did.url-where-did",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::UrlWhereDid { .. } => "Leave out the path, query or fragment.",
            _ => "Copy the DID again, whole: it looks like did:key:z6Mk... or did:web:example.org.",
        }
    }
}

/// A DID: `did:`, a method's name, a colon and an identifier of that method.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did {
    text: String,
    method_end: usize,
}

impl Did {
    /// Reads a DID.
    ///
    /// # Errors
    /// [`DidError`]; a DID URL is [`DidError::UrlWhereDid`].
    pub fn parse(text: &str) -> Result<Self, DidError> {
        let method_end = Self::method_end(text)?;
        Ok(Self { text: text.to_owned(), method_end })
    }

    /// Whether [`parse`](Self::parse) reads the text.
    pub(crate) fn is_did(text: &str) -> bool {
        Self::method_end(text).is_ok()
    }

    /// Where the method's name ends in a text that is a DID.
    fn method_end(text: &str) -> Result<usize, DidError> {
        let (method_end, end) = Self::start(text)?;
        match text[end..].chars().next() {
            None => Ok(method_end),
            Some('/' | '?' | '#') => Err(DidError::UrlWhereDid { position: end }),
            Some(_) => Err(DidError::Character { position: end }),
        }
    }

    /// The longest DID that `text` begins with, and where it ends.
    fn parse_start(text: &str) -> Result<(Self, usize), DidError> {
        let (method_end, end) = Self::start(text)?;
        Ok((Self { text: text[..end].to_owned(), method_end }, end))
    }

    /// Where the method's name and the longest DID end that `text` begins with.
    fn start(text: &str) -> Result<(usize, usize), DidError> {
        if text.len() > limits::DID_BYTES {
            return Err(DidError::TooLong { bytes: text.len(), limit: limits::DID_BYTES });
        }
        let bytes = text.as_bytes();
        if !bytes.starts_with(b"did:") {
            return Err(DidError::Scheme);
        }
        let name = bytes[4..].iter().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()).count();
        let method_end = 4 + name;
        if name == 0 || bytes.get(method_end) != Some(&b':') {
            return Err(DidError::Method { position: method_end });
        }
        let end = run(bytes, method_end + 1, |byte| is_id_character(byte) || byte == b':')?;
        if bytes[end - 1] == b':' {
            return match bytes.get(end) {
                None | Some(b'/' | b'?' | b'#') => Err(DidError::Empty),
                Some(_) => Err(DidError::Character { position: end }),
            };
        }
        Ok((method_end, end))
    }

    /// The whole DID.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The method's name, such as `key`.
    pub fn method(&self) -> &str {
        &self.text[4..self.method_end]
    }

    /// What follows the method's name and its colon.
    pub fn method_specific_id(&self) -> &str {
        &self.text[self.method_end + 1..]
    }
}

/// A DID with an optional path, query and fragment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DidUrl {
    text: String,
    did: Did,
    path_end: usize,
    query_end: usize,
}

impl DidUrl {
    /// Reads an absolute DID URL. A DID alone is one.
    ///
    /// # Errors
    /// [`DidError`].
    pub fn parse(text: &str) -> Result<Self, DidError> {
        let (did, did_end) = Did::parse_start(text)?;
        let bytes = text.as_bytes();
        let path_end = match bytes.get(did_end) {
            Some(b'/') => run(bytes, did_end, |byte| is_path_character(byte) || byte == b'/')?,
            _ => did_end,
        };
        let is_query = |byte| is_path_character(byte) || byte == b'/' || byte == b'?';
        let query_end = match bytes.get(path_end) {
            Some(b'?') => run(bytes, path_end + 1, is_query)?,
            _ => path_end,
        };
        let end = match bytes.get(query_end) {
            Some(b'#') => run(bytes, query_end + 1, is_query)?,
            _ => query_end,
        };
        if end < bytes.len() {
            return Err(DidError::Character { position: end });
        }
        Ok(Self { text: text.to_owned(), did, path_end, query_end })
    }

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The DID that it begins with.
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// The path with its leading `/`, or nothing.
    pub fn path(&self) -> &str {
        &self.text[self.did.text.len()..self.path_end]
    }

    /// What follows `?`, which may be empty text.
    pub fn query(&self) -> Option<&str> {
        self.text[self.path_end..self.query_end].strip_prefix('?')
    }

    /// What follows `#`, which may be empty text.
    pub fn fragment(&self) -> Option<&str> {
        self.text[self.query_end..].strip_prefix('#')
    }
}

/// Where the run of allowed characters and whole percent-encodings that begins at `start` ends.
fn run(bytes: &[u8], start: usize, is_allowed: impl Fn(u8) -> bool) -> Result<usize, DidError> {
    let mut position = start;
    while let Some(&byte) = bytes.get(position) {
        if byte == b'%' {
            match bytes.get(position + 1..position + 3) {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => position += 3,
                _ => return Err(DidError::PercentEncoding { position }),
            }
        } else if is_allowed(byte) {
            position += 1;
        } else {
            break;
        }
    }
    Ok(position)
}

/// `idchar` of DID 1.0 section 3.1, percent-encodings aside.
fn is_id_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// `pchar` of RFC 3986 section 3.3, percent-encodings aside.
fn is_path_character(byte: u8) -> bool {
    is_id_character(byte)
        || matches!(
            byte,
            b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@'
        )
}

macro_rules! text_type {
    ($type:ty) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl FromStr for $type {
            type Err = DidError;

            fn from_str(text: &str) -> Result<Self, DidError> {
                Self::parse(text)
            }
        }
    };
}

text_type!(Did);
text_type!(DidUrl);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_did_has_a_method_and_an_identifier() {
        for (text, method, id) in [
            (
                "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
                "key",
                "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            ),
            ("did:web:example.org%3A8443:people:mei", "web", "example.org%3A8443:people:mei"),
            ("did:3:a", "3", "a"),
            ("did:example::::a", "example", ":::a"),
            ("did:example:%aF", "example", "%aF"),
            ("did:a1b2:A.-_9", "a1b2", "A.-_9"),
        ] {
            let did = Did::parse(text).unwrap();
            assert_eq!((did.as_str(), did.method(), did.method_specific_id()), (text, method, id));
            let url = DidUrl::parse(text).unwrap();
            assert_eq!((url.did(), url.path(), url.query(), url.fragment()), (&did, "", None, None));
        }
    }

    #[test]
    fn what_the_grammar_does_not_have_is_refused_and_the_place_named() {
        use DidError::{Character, Empty, Method, PercentEncoding, Scheme, UrlWhereDid};
        for (text, error) in [
            ("", Scheme),
            ("did", Scheme),
            ("DID:key:z", Scheme),
            (" did:key:z", Scheme),
            ("urn:did:key:z", Scheme),
            ("did:", Method { position: 4 }),
            ("did::a", Method { position: 4 }),
            ("did:key", Method { position: 7 }),
            ("did:Key:z", Method { position: 4 }),
            ("did:ke-y:z", Method { position: 6 }),
            ("did:kéy:z", Method { position: 5 }),
            ("did:key:", Empty),
            ("did:key:a:", Empty),
            ("did:key:?a", Empty),
            ("did:key:#a", Empty),
            ("did:key:a b", Character { position: 9 }),
            ("did:key:a\n", Character { position: 9 }),
            ("did:key:a:\u{a0}", Character { position: 10 }),
            ("did:key:a~", Character { position: 9 }),
            ("did:key:é", Character { position: 8 }),
            ("did:key:\0", Character { position: 8 }),
            ("did:key:a%", PercentEncoding { position: 9 }),
            ("did:key:a%4", PercentEncoding { position: 9 }),
            ("did:key:%4g", PercentEncoding { position: 8 }),
            ("did:key:%é", PercentEncoding { position: 8 }),
            ("did:key:a/b", UrlWhereDid { position: 9 }),
            ("did:key:a?b", UrlWhereDid { position: 9 }),
            ("did:key:a#", UrlWhereDid { position: 9 }),
        ] {
            assert_eq!(Did::parse(text), Err(error), "{text:?}");
        }
        let long = format!("did:key:{}", "a".repeat(limits::DID_BYTES));
        assert_eq!(Did::parse(&long), Err(DidError::TooLong { bytes: long.len(), limit: limits::DID_BYTES }));
        assert!(Did::parse(&long[..limits::DID_BYTES]).is_ok());
    }

    #[test]
    fn a_did_url_splits_into_its_parts() {
        for (text, path, query, fragment) in [
            ("did:example:a#key-1", "", None, Some("key-1")),
            ("did:example:a#", "", None, Some("")),
            ("did:example:a?", "", Some(""), None),
            ("did:example:a/", "/", None, None),
            ("did:example:a//b;c=1/@:", "//b;c=1/@:", None, None),
            (
                "did:example:a/b?service=x&relativeRef=%2Fy?z#f/?",
                "/b",
                Some("service=x&relativeRef=%2Fy?z"),
                Some("f/?"),
            ),
            ("did:example:a?versionTime=2021-05-10T17:00:00Z", "", Some("versionTime=2021-05-10T17:00:00Z"), None),
        ] {
            let url = DidUrl::parse(text).unwrap();
            assert_eq!(url.did().as_str(), "did:example:a");
            assert_eq!((url.as_str(), url.path(), url.query(), url.fragment()), (text, path, query, fragment));
        }
        for (text, error) in [
            ("#key-1", DidError::Scheme),
            ("did:example:#a", DidError::Empty),
            ("did:example:a#b#c", DidError::Character { position: 15 }),
            ("did:example:a b", DidError::Character { position: 13 }),
            ("did:example:a/b c", DidError::Character { position: 15 }),
            ("did:example:a?b\"", DidError::Character { position: 15 }),
            ("did:example:a#é", DidError::Character { position: 14 }),
            ("did:example:a#[", DidError::Character { position: 14 }),
            ("did:example:a/%", DidError::PercentEncoding { position: 14 }),
            ("did:example:a#%zz", DidError::PercentEncoding { position: 14 }),
        ] {
            assert_eq!(DidUrl::parse(text), Err(error), "{text:?}");
        }
    }
}
