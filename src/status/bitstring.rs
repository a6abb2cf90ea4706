//! Bitstring Status List 1.0 (W3C Recommendation of 15 May 2025): the list is a credential, its bits are compressed
//! with gzip, place 0 is the most significant bit of the first byte.

use super::entry::{Entry, Of, Purpose};
use super::list::{Content, List};
use super::{StatusError, compression};
use crate::credential::model::{CredentialView, is_absolute_url};
use crate::encoding::base64url;
use crate::encoding::json::{Map, Value};
use crate::limits;
use crate::time::Timestamp;

/// The `type` of an entry in `credentialStatus` (section 2.1).
pub const ENTRY_TYPE: &str = "BitstringStatusListEntry";

/// The type that a list's credential has beside `VerifiableCredential` (section 2.2).
pub const CREDENTIAL_TYPE: &str = "BitstringStatusListCredential";

/// The `type` of its subject.
pub const SUBJECT_TYPE: &str = "BitstringStatusList";

/// The fewest places that a list has, so that one among them says little (section 3.2, step 2).
pub const MINIMUM_ENTRIES: u64 = 131_072;

/// The most bits of one status that are read.
pub const MAXIMUM_SIZE: u8 = 8;

fn malformed(member: &'static str, expected: &'static str) -> StatusError {
    StatusError::Entry { member, expected }
}

pub(super) fn entry<'a>(entry: &'a Map) -> Result<Option<Entry<'a>>, StatusError> {
    if !has_type(entry, ENTRY_TYPE) {
        return Ok(None);
    }
    let text = |member| entry.get(member).and_then(Value::as_str);
    let purpose = text("statusPurpose").filter(|name| !name.is_empty());
    let purpose = Purpose::from_name(purpose.ok_or_else(|| malformed("statusPurpose", "a text"))?);
    let index = text("statusListIndex").and_then(index);
    let index = index.ok_or_else(|| malformed("statusListIndex", "a whole number as text, such as \"94567\""))?;
    let list = text("statusListCredential").filter(|url| url.len() <= limits::CLAIM_URI_BYTES && is_absolute_url(url));
    let list = list.ok_or_else(|| malformed("statusListCredential", "an absolute URL"))?;
    let size = entry.get("statusSize").map_or(Some(1), size);
    let size = size.ok_or_else(|| malformed("statusSize", "a whole number from 1 to 8"))?;
    let messages = entry.get("statusMessage").map(|value| messages(value, size)).transpose()?;
    // Section 2.1: "MUST be present if statusSize is greater than 1".
    if size > 1 && messages.is_none() {
        return Err(malformed("statusMessage", "a message for each status of more than one bit"));
    }
    if !entry.get("statusReference").is_none_or(is_reference) {
        return Err(malformed("statusReference", "an absolute URL or an array of them"));
    }
    Ok(Some(Entry { list, index, of: Of::Bitstring { purpose, size, messages } }))
}

fn has_type(object: &Map, wanted: &str) -> bool {
    match object.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name.as_str() == Some(wanted)),
        _ => false,
    }
}

/// "an arbitrary size integer greater than or equal to 0, expressed as a string in base 10". What no list can reach is
/// held at the greatest number there is, and so is beyond every list's end.
///
/// Off-spec: zeros before the number are refused, so that one place has one name.
fn index(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_shortest = text == "0" || !text.starts_with('0');
    (is_number && is_shortest).then(|| text.parse().unwrap_or(u64::MAX))
}

fn size(value: &Value) -> Option<u8> {
    value.as_u64().and_then(|size| u8::try_from(size).ok()).filter(|size| (1..=MAXIMUM_SIZE).contains(size))
}

/// One message for each status, none of them twice.
fn messages(value: &Value, size: u8) -> Result<&[Value], StatusError> {
    const MEMBER: &str = "statusMessage";
    let items = value.as_array().filter(|items| items.len() == 1 << size);
    let items = items.ok_or_else(|| malformed(MEMBER, "an array with one message for each possible status"))?;
    let mut seen = [false; 1 << MAXIMUM_SIZE];
    for item in items {
        let status = status_of(item).filter(|_| item.get("message").is_some_and(Value::is_string));
        let status = status.ok_or_else(|| malformed(MEMBER, "objects with status, such as 0x1, and message"))?;
        match seen.get_mut(usize::from(status)).filter(|_| u16::from(status) < 1 << size) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(malformed(MEMBER, "each possible status once")),
        }
    }
    Ok(items)
}

/// `status`: "a string representing the hexadecimal value of the status prefixed with 0x".
fn status_of(message: &Value) -> Option<u8> {
    let digits = message.get("status")?.as_str()?.strip_prefix("0x")?;
    let is_hex = matches!(digits.len(), 1..=4) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

/// What the entry says that this status means. Section 2.1: without messages they are `unset` and `set`.
pub(super) fn message(messages: Option<&[Value]>, value: u8) -> Option<&str> {
    match (messages, value) {
        (Some(messages), value) => {
            messages.iter().find(|message| status_of(message) == Some(value))?.get("message")?.as_str()
        }
        (None, 0) => Some("unset"),
        (None, 1) => Some("set"),
        (None, _) => None,
    }
}

fn is_reference(value: &Value) -> bool {
    let is_url = |value: &Value| value.as_str().is_some_and(is_absolute_url);
    match value {
        Value::Array(items) => items.iter().all(is_url),
        value => is_url(value),
    }
}

pub(super) fn list(document: &Map, url: &str) -> Result<List, StatusError> {
    let malformed = |member, expected| StatusError::List { member, expected };
    let view = CredentialView::read(document)?;
    if !view.types.contains(&CREDENTIAL_TYPE) {
        return Err(malformed("type", CREDENTIAL_TYPE));
    }
    // Section 2.2: "MAY express an id property that matches the value specified in statusListCredential".
    if view.id.is_some_and(|id| id != url) {
        return Err(StatusError::OtherList);
    }
    let subject = view.single_subject().filter(|subject| has_type(subject, SUBJECT_TYPE));
    let subject = subject.ok_or_else(|| malformed("credentialSubject", "one BitstringStatusList"))?;
    let purposes = subject.get("statusPurpose").and_then(purposes);
    let purposes = purposes.ok_or_else(|| malformed("statusPurpose", "a text or an array of some"))?;
    let size = match subject.get("statusSize") {
        None => None,
        Some(value) => Some(size(value).ok_or_else(|| malformed("statusSize", "a whole number from 1 to 8"))?),
    };
    let ttl = match subject.get("ttl") {
        None => None,
        Some(value) => Some(value.as_u64().ok_or_else(|| malformed("ttl", "a whole number of milliseconds"))? / 1000),
    };
    let encoded = subject.get("encodedList").and_then(Value::as_str);
    let encoded = encoded.ok_or_else(|| malformed("encodedList", "a text"))?;
    Ok(List {
        url: url.to_owned(),
        is_named: view.id.is_some(),
        issuer: Some(view.issuer.to_owned()),
        of: Content::Bitstring { purposes, size },
        bytes: expand(encoded)?,
        signed_at: signed_at(document).or(view.valid_from),
        valid_from: view.valid_from,
        expires: view.valid_until,
        ttl,
    })
}

/// One or more texts.
fn purposes(value: &Value) -> Option<Vec<String>> {
    let name = |value: &Value| value.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    match value {
        Value::Array(items) if !items.is_empty() && items.len() <= limits::STATUS_PURPOSES => {
            items.iter().map(name).collect()
        }
        value => name(value).map(|name| vec![name]),
    }
}

/// The time that the envelope gives: `iat` of a token, or the earliest `created` of the proofs.
fn signed_at(document: &Map) -> Option<Timestamp> {
    if let Some(seconds) = document.get("iat").and_then(Value::as_i64) {
        return Timestamp::from_unix(seconds).ok();
    }
    let created = |proof: &Value| Timestamp::parse(proof.get("created")?.as_str()?).ok();
    match document.get("proof")? {
        Value::Array(proofs) => proofs.iter().filter_map(created).min(),
        proof => created(proof),
    }
}

/// Bitstring Expansion Algorithm (section 3.4).
fn expand(encoded: &str) -> Result<Vec<u8>, StatusError> {
    const ENCODING: StatusError =
        StatusError::Encoding { member: "encodedList", expected: "u and base64url without padding" };
    if encoded.len() > limits::STATUS_LIST_ENCODED_BYTES {
        return Err(StatusError::TooLarge { limit: limits::STATUS_LIST_ENCODED_BYTES });
    }
    let encoded = encoded.strip_prefix('u').ok_or(ENCODING)?;
    let compressed = base64url::decode(encoded).map_err(|_| ENCODING)?;
    let bytes = compression::gunzip(&compressed, limits::STATUS_LIST_BYTES)?;
    // Section 2.2: "The uncompressed bitstring MUST be at least 16KB in size."
    let entries = bytes.len() as u64 * 8;
    if entries < MINIMUM_ENTRIES {
        return Err(StatusError::TooShort { entries, minimum: MINIMUM_ENTRIES });
    }
    Ok(bytes)
}

/// Validate Algorithm (section 3.2), steps 9 and 10. A status of several bits has its most significant one first, and
/// may stand across two bytes.
pub(super) fn value(bytes: &[u8], size: u8, index: u64) -> Result<u8, StatusError> {
    // 9. If the length of the revocation bitstring divided by statusSize is less than minimumNumberOfEntries, raise a
    // STATUS_LIST_LENGTH_ERROR.
    let entries = bytes.len() as u64 * 8 / u64::from(size);
    if entries < MINIMUM_ENTRIES {
        return Err(StatusError::TooShort { entries, minimum: MINIMUM_ENTRIES });
    }
    // 10. Let status be the value in the bitstring at the position indicated by the credentialIndex multiplied by the
    // size. If that is outside of the range of the bitstring, a RANGE_ERROR MUST be raised.
    if index >= entries {
        return Err(StatusError::OutOfRange { entries });
    }
    let position = index * u64::from(size);
    let at = usize::try_from(position / 8).map_err(|_| StatusError::OutOfRange { entries })?;
    let first = bytes.get(at).copied().ok_or(StatusError::OutOfRange { entries })?;
    let pair = u16::from_be_bytes([first, bytes.get(at + 1).copied().unwrap_or(0)]);
    let from_right = 16 - (position % 8) as u32 - u32::from(size);
    Ok((pair >> from_right) as u8 & mask(size))
}

/// Writes a status where [`value`] reads it. `false` where there is no such place, or no such status.
pub(crate) fn set(bytes: &mut [u8], size: u8, index: u64, value: u8) -> bool {
    if !(1..=MAXIMUM_SIZE).contains(&size) || index >= bytes.len() as u64 * 8 / u64::from(size) || value > mask(size) {
        return false;
    }
    (0..size).all(|bit| {
        let position = index * u64::from(size) + u64::from(bit);
        let Some(byte) = usize::try_from(position / 8).ok().and_then(|at| bytes.get_mut(at)) else { return false };
        let one = 0x80 >> (position % 8);
        if value >> (size - 1 - bit) & 1 == 1 {
            *byte |= one
        } else {
            *byte &= !one
        }
        true
    })
}

/// Bitstring Generation Algorithm (section 3.3), step 3.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = "u".to_owned();
    text.push_str(&base64url::encode(compression::gzip(bytes)));
    text
}

/// The greatest status of that many bits.
pub(super) fn mask(size: u8) -> u8 {
    u8::MAX >> 8_u8.saturating_sub(size).min(7)
}
