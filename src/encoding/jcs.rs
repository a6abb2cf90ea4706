//! The JSON Canonicalization Scheme (RFC 8785).

use serde::Serialize;

/// The canonical bytes of a JSON value: members sorted by UTF-16 code units, numbers as ECMAScript writes them, no
/// white space.
///
/// A value that [`json`](super::json) has read always has a canonical form, so this does not fail.
pub fn canonicalize(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    canonicalize_into(value, &mut bytes);
    bytes
}

/// As [`canonicalize`], appended to `bytes`.
pub fn canonicalize_into(value: &impl Serialize, bytes: &mut Vec<u8>) {
    // serde_json::Value has no NaN, no infinity and only text keys, which is all that could fail here.
    let written = serde_json_canonicalizer::to_writer(value, bytes);
    debug_assert!(written.is_ok());
}
