//! URLs as they stand in documents: ids, and references relative to them.

use crate::did::{Did, DidUrl};
use crate::limits;

/// Whether the text can be the id of a document: a DID, or an https URL without a fragment.
pub(crate) fn is_identifier(id: &str) -> bool {
    let is_https = || id.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?']));
    Did::parse(id).is_ok() || (is_https() && is_url(id) && !id.contains('#'))
}

/// The reference resolved against the document's id (RFC 3986 section 5; DID 1.0 section 3.2.2). Against an https URL
/// only a fragment is resolved: methods of a document at a URL lie in that document.
pub(in crate::did) fn absolute(document_id: &str, reference: &str) -> Option<String> {
    let is_did = document_id.starts_with("did:");
    let url = match reference.as_bytes().first()? {
        b'#' => format!("{document_id}{reference}"),
        b'/' | b'?' if is_did => format!("{document_id}{reference}"),
        _ => reference.to_owned(),
    };
    let is_valid = if url.starts_with("did:") { DidUrl::parse(&url).is_ok() } else { is_url(&url) };
    is_valid.then_some(url)
}

/// Whether the text is an absolute URL by the characters of RFC 3986, at most as long as a DID URL.
pub(in crate::did) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    text.len() <= limits::DID_BYTES
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte))
        && rest.bytes().filter(|byte| *byte == b'#').count() <= 1
}
