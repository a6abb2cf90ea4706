//! The claims set of an SD-JWT VC (`dc+sd-jwt`): what its registered claims must be, and what is left when they are
//! taken away.
//!
//! This is a data model of its own, not the VC Data Model in another envelope: no contexts, the type is one text, and
//! the claims about the subject stand at the top, beside the registered ones. The verifier reads both models through
//! the same [`CredentialView`].
//!
//! Source: draft-ietf-oauth-sd-jwt-vc-19, section 2.2.2 and, for the integrity of documents, section 6.

mod error;
#[cfg(test)]
mod tests;

pub use error::SdJwtVcError;

use super::integrity::Integrity;
use super::kind::{Scheme, disclosure};
use super::model::{CredentialView, SubjectNamedBy, is_absolute_url};
use crate::encoding::json::{Map, Value};
use crate::limits;
use crate::time::Timestamp;

/// The registered claims that no holder may hide, with everything inside them (section 2.2.2.3).
pub const NEVER_DISCLOSABLE: &[&str] = &["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"];

/// Other registered claims (RFC 7519 section 4.1) and what an SD-JWT says of itself (RFC 9901 section 4.1.1): no
/// claims about the subject either.
const ALSO_REGISTERED: &[&str] = &["iat", "sub", "jti", "aud", "_sd_alg"];

/// Members of the VC Data Model that make another credential of the same bytes to whoever reads them by that model,
/// and what an SD-JWT has only before its disclosures are put in place.
const REFUSED: &[&str] = &["@context", "credentialSubject", "vc", "vp", "_sd", "..."];

/// The longest `vct`, `iss` or `sub` that is read: what a claim may have for a URI.
const NAME_BYTES: usize = limits::CLAIM_URI_BYTES;

/// Whether a member of the claims set is a registered claim, and so none about the subject.
pub fn is_registered(name: &str) -> bool {
    NEVER_DISCLOSABLE.contains(&name) || ALSO_REGISTERED.contains(&name)
}

/// The first claim that came from a disclosure and must not: a registered claim or something within it, or the metadata
/// of the scheme whose type the claims set has. `disclosed` are the JSON pointers of all that did.
pub fn wrongly_disclosed<'d>(payload: &Map, disclosed: &'d [String]) -> Option<&'d str> {
    let metadata = metadata_of(payload);
    let is_wrong = |pointer: &&'d str| {
        let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        NEVER_DISCLOSABLE.contains(&name) || metadata.contains(&name)
    };
    disclosed.iter().map(String::as_str).find(is_wrong)
}

fn metadata_of(payload: &Map) -> &'static [&'static str] {
    let scheme = payload.get("vct").and_then(Value::as_str).and_then(Scheme::of_vct);
    scheme.map_or(&[], Scheme::never_disclosable)
}

/// The claims about the subject: what is left of a claims set without its registered members.
pub fn subject_claims(mut payload: Map) -> Map {
    payload.retain(|name, _| !is_registered(name));
    payload
}

/// The JSON pointers of everything in a claims set that its holder may hide, an outer one before those within it: each
/// member that is neither registered nor metadata of a scheme, each member of a record and each item of a list within.
pub fn disclosable(payload: &Map) -> Vec<String> {
    let metadata = metadata_of(payload);
    let is_hidden = |name: &str, is_top: bool| !(is_top && (is_registered(name) || metadata.contains(&name)));
    let mut found = Vec::new();
    disclosure::collect(payload, "", &is_hidden, &mut found);
    found
}

/// Reads a claims set whose disclosures stand in their places (RFC 9901 section 7.1).
///
/// `issuer` is who issued it where something else than `iss` says so, such as the certificate in `x5c`; whether an
/// `iss` beside it is that issuer's own is for the caller to judge. The types are `vct` and all of `aka_vcts`, so that
/// an issuer must be trusted for each of them.
///
/// # Errors
/// [`SdJwtVcError`] for the first rule that the claims set breaks.
pub fn view<'a>(payload: &'a Map, issuer: Option<&'a str>) -> Result<CredentialView<'a>, SdJwtVcError> {
    // Off-spec: a JWT may have any claim. These are refused, as two readers could read two credentials.
    if let Some(member) = REFUSED.iter().copied().find(|name| payload.contains_key(*name)) {
        return Err(SdJwtVcError::Refused { member });
    }
    let vct = text(payload, "vct")?.ok_or(SdJwtVcError::Missing { member: "vct" })?;
    if !is_type_name(vct) {
        return Err(malformed("vct", TYPE));
    }
    let mut types = vec![vct];
    if let Some(value) = payload.get("aka_vcts") {
        types.extend(other_types(value, vct)?);
    }
    let iss = text(payload, "iss")?;
    // RFC 7519 section 2, StringOrURI: what has a colon is a URI.
    if iss.is_some_and(|iss| iss.contains(':') && !is_absolute_url(iss)) {
        return Err(malformed("iss", "a URI, or a name without a colon"));
    }
    let issuer = issuer.or(iss).ok_or(SdJwtVcError::Missing { member: "iss" })?;
    let sub = text(payload, "sub")?;
    let valid_from = moment(payload, "nbf", f64::ceil)?;
    let valid_until = moment(payload, "exp", f64::floor)?;
    moment(payload, "iat", f64::floor)?;
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && until < from
    {
        return Err(SdJwtVcError::ValidityPeriod);
    }
    if text(payload, "vct#integrity")?.is_some_and(|text| Integrity::parse(text).is_none()) {
        return Err(malformed("vct#integrity", "a digest such as sha256-, followed by base64,"));
    }
    Ok(CredentialView {
        id: None,
        issuer,
        types,
        contexts: Vec::new(),
        valid_from,
        valid_until,
        subjects: vec![payload],
        status: status(payload)?.into_iter().collect(),
        schemas: Vec::new(),
        confirmation: confirmation(payload)?,
        subject_named_by: SubjectNamedBy::Sub(sub),
    })
}

const TYPE: &str = "the name of a type, without white space";
const TYPES: &str = "an array of other types than vct, each once";

fn malformed(member: &'static str, expected: &'static str) -> SdJwtVcError {
    SdJwtVcError::Malformed { member, expected }
}

/// Whether a text can be the Collision-Resistant Name that a type is (RFC 7515 section 2). That nobody else uses it
/// cannot be seen from its form: whoever compares types compares them whole.
fn is_type_name(name: &str) -> bool {
    let printable = name.chars().all(|character| !character.is_whitespace() && !character.is_control());
    printable && (!name.contains(':') || is_absolute_url(name))
}

fn text<'a>(payload: &'a Map, member: &'static str) -> Result<Option<&'a str>, SdJwtVcError> {
    match payload.get(member) {
        None => Ok(None),
        Some(Value::String(text)) if text.len() > NAME_BYTES => {
            Err(SdJwtVcError::TooLong { member, limit: NAME_BYTES })
        }
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(_) => Err(malformed(member, "a text")),
    }
}

fn object<'a>(payload: &'a Map, member: &'static str) -> Result<Option<&'a Map>, SdJwtVcError> {
    match payload.get(member) {
        None => Ok(None),
        Some(Value::Object(object)) if !object.is_empty() => Ok(Some(object)),
        Some(_) => Err(malformed(member, "an object with a member")),
    }
}

/// RFC 7800 section 3.1: one key, and no more.
///
/// Off-spec: a member beside it that no specification names is left alone there; two ways of naming a key are refused
/// here, since a reader could take either.
fn confirmation(payload: &Map) -> Result<Option<&Map>, SdJwtVcError> {
    let Some(confirmation) = object(payload, "cnf")? else { return Ok(None) };
    let keys = ["jwk", "jwe", "jku"].into_iter().filter(|name| confirmation.contains_key(*name)).count();
    let is_key = confirmation.get("jwk").is_none_or(Value::is_object);
    if keys <= 1 && is_key { Ok(Some(confirmation)) } else { Err(malformed("cnf", "one key")) }
}

/// Token Status List, section 6.2: `status_list` holds the index and the address of the list.
fn status(payload: &Map) -> Result<Option<&Map>, SdJwtVcError> {
    let Some(status) = object(payload, "status")? else { return Ok(None) };
    let is_entry = |entry: &Value| {
        let uri = entry.get("uri").and_then(Value::as_str);
        entry.get("idx").is_some_and(Value::is_u64)
            && uri.is_some_and(|uri| uri.len() <= NAME_BYTES && is_absolute_url(uri))
    };
    if status.get("status_list").is_none_or(is_entry) {
        return Ok(Some(status));
    }
    Err(malformed("status", "a status_list with idx, a whole number, and uri"))
}

/// NumericDate (RFC 7519 section 2). A fraction is rounded so that the credential is never valid for longer.
fn moment(payload: &Map, member: &'static str, round: fn(f64) -> f64) -> Result<Option<Timestamp>, SdJwtVcError> {
    const EXPECTED: &str = "a number of seconds since 1970-01-01T00:00:00Z within the years 1 to 9999";
    let Some(value) = payload.get(member) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| {
        let seconds = round(value.as_f64()?);
        (seconds.abs() < 1e15).then_some(seconds as i64)
    });
    let moment = seconds.and_then(|seconds| Timestamp::from_unix(seconds).ok());
    moment.map(Some).ok_or_else(|| malformed(member, EXPECTED))
}

/// Section 2.2.2.2: a non-empty array of types, among them not `vct` itself.
fn other_types<'a>(value: &'a Value, vct: &str) -> Result<Vec<&'a str>, SdJwtVcError> {
    const MEMBER: &str = "aka_vcts";
    let items = value.as_array().filter(|items| !items.is_empty()).ok_or_else(|| malformed(MEMBER, TYPES))?;
    if items.len() >= limits::CREDENTIAL_TYPES {
        return Err(SdJwtVcError::TooManyTypes { limit: limits::CREDENTIAL_TYPES });
    }
    let mut types: Vec<&str> = Vec::with_capacity(items.len());
    for item in items {
        let name = item.as_str().filter(|name| !name.is_empty() && name.len() <= NAME_BYTES && is_type_name(name));
        let name = name.ok_or_else(|| malformed(MEMBER, TYPES))?;
        if name == vct || types.contains(&name) {
            return Err(malformed(MEMBER, TYPES));
        }
        types.push(name);
    }
    Ok(types)
}
