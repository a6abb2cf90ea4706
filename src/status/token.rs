//! Token Status List (draft-ietf-oauth-status-list-21): the list is a token, its bytes are compressed with zlib, place
//! 0 is the least significant bits of the first byte. Read in its JSON form.

use super::bitstring::mask;
use super::entry::{Entry, Of};
use super::list::{Content, List};
use super::{StatusError, compression};
use crate::credential::model::is_absolute_url;
use crate::encoding::base64url;
use crate::encoding::json::{Map, Value};
use crate::limits;
use crate::time::Timestamp;

/// The `typ` of a status list token (section 5.1).
pub const MEDIA_TYPE: &str = "statuslist+jwt";

/// The sizes, in bits, that a status can have (section 4.1).
pub const SIZES: [u8; 4] = [1, 2, 4, 8];

/// Section 6.2: the member `status_list` of the claim `status`.
pub(super) fn entry<'a>(status: &'a Map) -> Result<Option<Entry<'a>>, StatusError> {
    let malformed = |member, expected| StatusError::Entry { member, expected };
    let Some(value) = status.get("status_list") else { return Ok(None) };
    let reference = value.as_object().ok_or_else(|| malformed("status_list", "an object with idx and uri"))?;
    let index = reference.get("idx").and_then(Value::as_u64);
    let index = index.ok_or_else(|| malformed("idx", "a whole number from 0"))?;
    let list = reference.get("uri").and_then(Value::as_str);
    let list = list.filter(|url| url.len() <= limits::CLAIM_URI_BYTES && is_absolute_url(url));
    let list = list.ok_or_else(|| malformed("uri", "an absolute URL"))?;
    Ok(Some(Entry { list, index, of: Of::Token }))
}

pub(super) fn list(claims: &Map, url: &str) -> Result<List, StatusError> {
    let malformed = |member, expected| StatusError::List { member, expected };
    // Section 8.3: the sub claim MUST be equal to the uri of the Referenced Token.
    let subject = claims.get("sub").and_then(Value::as_str).ok_or_else(|| malformed("sub", "the list's own URL"))?;
    if subject != url {
        return Err(StatusError::OtherList);
    }
    let signed_at = moment(claims, "iat", f64::floor)?;
    let signed_at = Some(signed_at.ok_or_else(|| malformed("iat", MOMENT))?);
    let expires = moment(claims, "exp", f64::floor)?;
    let valid_from = moment(claims, "nbf", f64::ceil)?;
    let issuer = match claims.get("iss") {
        None => None,
        Some(value) => Some(value.as_str().ok_or_else(|| malformed("iss", "a text"))?.to_owned()),
    };
    let ttl = claims.get("ttl").map(|value| ttl(value).ok_or_else(|| malformed("ttl", "a number of seconds above 0")));
    let content = claims.get("status_list").and_then(Value::as_object);
    let content = content.ok_or_else(|| malformed("status_list", "an object with bits and lst"))?;
    let bits = content.get("bits").and_then(Value::as_u64).and_then(|bits| u8::try_from(bits).ok());
    let bits = bits.filter(|bits| SIZES.contains(bits)).ok_or_else(|| malformed("bits", "1, 2, 4 or 8"))?;
    let encoded = content.get("lst").and_then(Value::as_str).ok_or_else(|| malformed("lst", "a text"))?;
    Ok(List {
        url: url.to_owned(),
        is_named: true,
        issuer,
        of: Content::Token { bits },
        bytes: expand(encoded)?,
        signed_at,
        valid_from,
        expires,
        ttl: ttl.transpose()?,
    })
}

const MOMENT: &str = "a number of seconds since 1970-01-01T00:00:00Z within the years 1 to 9999";

/// NumericDate (RFC 7519 section 2). A fraction is rounded so that the list is never valid for longer.
fn moment(claims: &Map, member: &'static str, round: fn(f64) -> f64) -> Result<Option<Timestamp>, StatusError> {
    let Some(value) = claims.get(member) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| {
        let seconds = round(value.as_f64()?);
        (seconds.abs() < 1e15).then_some(seconds as i64)
    });
    let moment = seconds.and_then(|seconds| Timestamp::from_unix(seconds).ok());
    moment.map(Some).ok_or(StatusError::List { member, expected: MOMENT })
}

/// Section 5.1: a positive number of seconds. What is left of a fraction shortens it.
fn ttl(value: &Value) -> Option<u64> {
    let seconds = value.as_f64().filter(|seconds| *seconds > 0.0)?;
    Some(value.as_u64().unwrap_or(seconds as u64))
}

/// Section 4.1, backwards.
fn expand(encoded: &str) -> Result<Vec<u8>, StatusError> {
    if encoded.len() > limits::STATUS_LIST_ENCODED_BYTES {
        return Err(StatusError::TooLarge { limit: limits::STATUS_LIST_ENCODED_BYTES });
    }
    let compressed = base64url::decode(encoded)
        .map_err(|_| StatusError::Encoding { member: "lst", expected: "base64url without padding" })?;
    compression::unzlib(&compressed, limits::STATUS_LIST_BYTES)
}

/// Section 8.3: an index beyond the list's end is refused.
pub(super) fn value(bytes: &[u8], bits: u8, index: u64) -> Result<u8, StatusError> {
    let per_byte = u64::from(8 / bits);
    let entries = bytes.len() as u64 * per_byte;
    let at = usize::try_from(index / per_byte).ok();
    let byte = at.and_then(|at| bytes.get(at)).ok_or(StatusError::OutOfRange { entries })?;
    let from_right = (index % per_byte) as u32 * u32::from(bits);
    Ok(byte >> from_right & mask(bits))
}

/// Writes a status where [`value`] reads it. `false` where there is no such place, or no such status.
pub(crate) fn set(bytes: &mut [u8], bits: u8, index: u64, value: u8) -> bool {
    if !SIZES.contains(&bits) || value > mask(bits) {
        return false;
    }
    let per_byte = u64::from(8 / bits);
    let at = usize::try_from(index / per_byte).ok();
    let Some(byte) = at.and_then(|at| bytes.get_mut(at)) else { return false };
    let from_right = (index % per_byte) as u32 * u32::from(bits);
    *byte = *byte & !(mask(bits) << from_right) | value << from_right;
    true
}

/// Section 4.1: zlib, then base64url.
pub(crate) fn encode(bytes: &[u8]) -> String {
    base64url::encode(compression::zlib(bytes))
}
