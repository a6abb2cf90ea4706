//! The JSON serialisations (RFC 9901 section 8, RFC 7515 section 7.2) and the compact one, into each other.

use serde_json::json;

use super::hash::is_base64url;
use super::{SdJwt, SdJwtError};
use crate::encoding::json::{Map, Value};
use crate::limits;
use crate::securing::jose::{self, JoseError};

/// Header parameters that would let whoever passes a token on choose how it is checked.
const PROTECTED_ONLY: [&str; 3] = ["alg", "crit", "x5c"];

/// The compact text of an SD-JWT in flattened JSON serialisation, or in the general one with a single signature. Of
/// the unprotected header only `disclosures` and `kb_jwt` are kept: nothing covers the rest.
///
/// # Errors
/// [`SdJwtError`]; [`SeveralSignatures`](SdJwtError::SeveralSignatures) where there is more than one.
pub fn from_json(document: &Map) -> Result<String, SdJwtError> {
    let payload = encoded(document, "payload")?;
    let signed = signed(document)?;
    let protected = encoded(signed, "protected")?;
    let signature = encoded(signed, "signature")?;
    let empty = Map::new();
    let header = match signed.get("header") {
        None => &empty,
        Some(Value::Object(header)) => header,
        Some(_) => return Err(SdJwtError::Member { name: "header", expected: "an object" }),
    };
    check_header(header, &jose::protected(protected)?)?;
    let disclosures = match header.get("disclosures") {
        None => [].as_slice(),
        Some(Value::Array(disclosures)) => disclosures,
        Some(_) => return Err(DISCLOSURES),
    };
    if disclosures.len() > limits::DISCLOSURES {
        return Err(SdJwtError::TooManyDisclosures { limit: limits::DISCLOSURES });
    }
    let mut text = format!("{protected}.{payload}.{signature}~");
    for disclosure in disclosures {
        text.push_str(disclosure.as_str().filter(|text| is_base64url(text)).ok_or(DISCLOSURES)?);
        text.push('~');
    }
    match header.get("kb_jwt") {
        None => {}
        Some(Value::String(token)) if token.split('.').all(is_base64url) => text.push_str(token),
        Some(_) => return Err(SdJwtError::Member { name: "kb_jwt", expected: "a token" }),
    }
    Ok(text)
}

/// An SD-JWT in flattened JSON serialisation, or in the `general` one.
///
/// # Errors
/// Those of [`SdJwt::parse`].
pub fn to_json(token: &str, general: bool) -> Result<Map, SdJwtError> {
    let parsed = SdJwt::parse(token)?;
    let mut parts = parsed.text.split(['.', '~']);
    let mut part = || parts.next().ok_or(SdJwtError::Token(JoseError::Parts));
    let (protected, payload, signature) = (part()?, part()?, part()?);
    let mut header = json!({ "disclosures": parsed.disclosures });
    if let Some(key_binding) = token.strip_prefix(parsed.text).filter(|rest| !rest.is_empty()) {
        header["kb_jwt"] = key_binding.into();
    }
    let mut document = Map::new();
    let mut signed = Map::new();
    signed.insert("protected".to_owned(), protected.into());
    signed.insert("header".to_owned(), header);
    signed.insert("signature".to_owned(), signature.into());
    if general {
        document.insert("signatures".to_owned(), json!([signed]));
    } else {
        document = signed;
    }
    document.insert("payload".to_owned(), payload.into());
    Ok(document)
}

const DISCLOSURES: SdJwtError = SdJwtError::Member { name: "disclosures", expected: "a list of base64url texts" };

/// The object with the signature: the only one of `signatures`, or the document itself.
fn signed(document: &Map) -> Result<&Map, SdJwtError> {
    let Some(signatures) = document.get("signatures") else { return Ok(document) };
    // RFC 7515 section 7.2.2: the two forms are never mixed.
    if ["protected", "header", "signature"].iter().any(|name| document.contains_key(*name)) {
        return Err(SdJwtError::Member { name: "signatures", expected: "alone beside the payload" });
    }
    match signatures.as_array().map(Vec::as_slice) {
        Some([Value::Object(only)]) => Ok(only),
        Some([_, _, ..]) => Err(SdJwtError::SeveralSignatures),
        _ => Err(SdJwtError::Member { name: "signatures", expected: "a list of one object" }),
    }
}

fn check_header(unprotected: &Map, protected: &Map) -> Result<(), SdJwtError> {
    // RFC 7515 section 7.2.1: "The Header Parameter names in the two locations MUST be disjoint."
    if unprotected.keys().any(|name| protected.contains_key(name)) {
        return Err(SdJwtError::HeaderRepeated);
    }
    match PROTECTED_ONLY.into_iter().find(|name| unprotected.contains_key(*name)) {
        Some(name) => Err(SdJwtError::HeaderUnprotected { name }),
        None => Ok(()),
    }
}

/// A part of the token. Only base64url gets through, so that no part can hold the end of itself.
fn encoded<'a>(object: &'a Map, name: &'static str) -> Result<&'a str, SdJwtError> {
    match object.get(name) {
        Some(Value::String(text)) if is_base64url(text) => Ok(text),
        _ => Err(SdJwtError::Member { name, expected: "base64url text" }),
    }
}
