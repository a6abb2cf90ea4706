//! The header parameters of a COSE message (RFC 9052 section 3.1, RFC 9596, RFC 9597).

use super::{CoseError, claims};
use crate::encoding::cbor::{self, Key, Map, Value};
use crate::encoding::json;
use crate::keys::{Algorithm, AlgorithmError};
use crate::limits;
use crate::securing::jose::Header;

pub(super) const ALGORITHM: i64 = 1;
const CRITICAL: i64 = 2;
pub(super) const CONTENT_TYPE: i64 = 3;
pub(super) const KEY_ID: i64 = 4;
pub(super) const CWT_CLAIMS: i64 = 15;
pub(super) const TYPE: i64 = 16;

/// The parameters that are understood whole, whatever they hold.
const UNDERSTOOD: [i64; 4] = [ALGORITHM, CONTENT_TYPE, KEY_ID, TYPE];

/// Reads both headers: the parameters, and the claims beside the payload.
///
/// Everything but the key's name must have been signed. The name only says where to look; whether the key found there
/// made the signature, and whose it is, is checked.
pub(super) fn read(protected: &[u8], unprotected: &Map<'_>) -> Result<(Header, json::Map), CoseError> {
    if protected.len() > limits::COSE_HEADER_BYTES {
        return Err(CoseError::HeaderTooLarge { bytes: protected.len(), limit: limits::COSE_HEADER_BYTES });
    }
    let value = match protected {
        // RFC 9052 section 3: a header without parameters is an empty string.
        [] => Value::Map(Map::new()),
        bytes => cbor::decode_in_any_order(bytes, limits::COSE_VALUES)
            .map_err(|error| CoseError::Cbor { part: "header", error })?,
    };
    let Value::Map(protected) = value else { return Err(CoseError::Form) };
    if unprotected.iter().any(|(label, _)| protected.get(label).is_some()) {
        return Err(CoseError::Twice);
    }
    let is_label = |(label, _): (Key<'_>, _)| !matches!(label, Key::Bytes(_));
    if !protected.iter().all(is_label) || !unprotected.iter().all(is_label) {
        return Err(CoseError::Form);
    }
    let get = |label: i64| protected.get(Key::from(label));
    let (algorithm, algorithm_name) = match get(ALGORITHM) {
        Some(Value::Text(name)) => (Err(AlgorithmError::Unsupported), (*name).to_owned()),
        other => {
            let id = other.and_then(Value::as_i64);
            let id =
                id.ok_or(CoseError::Parameter { label: ALGORITHM, expected: "an algorithm within what is signed" })?;
            (Algorithm::from_cose_id(id), id.to_string())
        }
    };
    let key_id = match get(KEY_ID).or_else(|| unprotected.get(Key::from(KEY_ID))) {
        None => None,
        Some(Value::Bytes(bytes)) => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Some(_) => return Err(CoseError::Parameter { label: KEY_ID, expected: "bytes" }),
    };
    let header = Header {
        algorithm,
        algorithm_name,
        media_type: media_type(get(TYPE), TYPE)?,
        content_type: media_type(get(CONTENT_TYPE), CONTENT_TYPE)?,
        key_id,
        certificates: Vec::new(),
        has_critical: has_critical(&protected, unprotected)?,
    };
    Ok((header, claims::read(get(CWT_CLAIMS))?))
}

/// A media type as text, or the number of a CoAP Content-Format, of which none is a credential's.
fn media_type(value: Option<&Value<'_>>, label: i64) -> Result<Option<String>, CoseError> {
    match value {
        None => Ok(None),
        Some(Value::Text(name)) => Ok(Some((*name).to_owned())),
        Some(Value::Unsigned(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(CoseError::Parameter { label, expected: "a media type" }),
    }
}

/// Whether `crit` demands something that is not understood. RFC 9052 section 3.1: it stands in the protected header, is an
/// array with at least one label, and each of them stands in the protected header too.
fn has_critical(protected: &Map<'_>, unprotected: &Map<'_>) -> Result<bool, CoseError> {
    const MALFORMED: CoseError =
        CoseError::Parameter { label: CRITICAL, expected: "a list of parameters within what is signed" };
    if unprotected.get(Key::from(CRITICAL)).is_some() {
        return Err(MALFORMED);
    }
    let Some(value) = protected.get(Key::from(CRITICAL)) else { return Ok(false) };
    let labels = value.as_array().filter(|labels| !labels.is_empty()).ok_or(MALFORMED)?;
    let mut has_other = false;
    for label in labels {
        let key = match label {
            Value::Text(name) => Key::Text(name),
            other => Key::from(other.as_i64().ok_or(MALFORMED)?),
        };
        if protected.get(key).is_none() {
            return Err(MALFORMED);
        }
        has_other |= !UNDERSTOOD.iter().any(|known| Key::from(*known) == key);
    }
    Ok(has_other)
}
