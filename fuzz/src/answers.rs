//! What every answer must be, whatever it is about.

use attesta::encoding::jcs;
use attesta::encoding::json::{self, Map};
use attesta::error::Explain;

/// The longest message that an error may have: it is read by a person, and may end in a log.
const MESSAGE_BYTES: usize = 16 * 1024;

/// An error has a code for programs, a message and a hint for people, and nothing in them that could disturb a terminal.
///
/// # Panics
/// If it has not.
pub(crate) fn assert_explained(error: &dyn Explain) {
    let is_code = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    assert!(!error.code().is_empty() && error.code().bytes().all(is_code), "the code {:?}", error.code());
    let message = error.to_string();
    assert!(!message.is_empty() && message.len() <= MESSAGE_BYTES, "{}: {} bytes", error.code(), message.len());
    assert_plain(&message);
    assert!(!error.hint().is_empty(), "{} has no hint", error.code());
    assert_plain(error.hint());
}

/// A result is strict JSON once it is written, and says the same.
///
/// # Panics
/// If it is not.
pub(crate) fn assert_reads_back(json: &Map) {
    assert_eq!(json::parse_object(&jcs::canonicalize(json)).as_ref(), Ok(json));
}

/// A text that is shown to a person has no control character in it, nor one that makes text show as another.
///
/// # Panics
/// If it has.
pub(crate) fn assert_plain(text: &str) {
    let is_direction =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let found = text.chars().find(|character| character.is_control() || is_direction(*character));
    assert!(found.is_none(), "{found:?} in {text:?}");
}
