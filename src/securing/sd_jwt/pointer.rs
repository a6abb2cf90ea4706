//! JSON pointers (RFC 6901).

use std::fmt::Write as _;

/// Appends a member's name, escaped as section 3 says.
pub(super) fn push_name(pointer: &mut String, name: &str) {
    pointer.push('/');
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// Appends the position of a list's item, from 0.
pub(super) fn push_position(pointer: &mut String, position: usize) {
    // Writing into a String never fails.
    let _ = write!(pointer, "/{position}");
}

/// Whether the text is a JSON pointer: only then do two texts point to the same place exactly if they are equal.
pub(super) fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(|after| after.starts_with(['0', '1']))
}
