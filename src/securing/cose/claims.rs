//! CWT claims in the header of a COSE message (RFC 9597): what stands beside the payload, as the claims of a JWT stand in
//! it. They are handed on under the names that JWTs have for them (RFC 8392 section 4).

use super::CoseError;
use super::header::CWT_CLAIMS;
use crate::encoding::cbor::{Key, Map, Value};
use crate::encoding::json;

/// The label of each claim that is read, and the name that a JWT has for it.
const CLAIMS: [(i64, &str); 8] = [
    (1, "iss"),
    (2, "sub"),
    (3, "aud"),
    (4, "exp"),
    (5, "nbf"),
    (6, "iat"),
    (8, "cnf"),
    // Registered for EAT (RFC 9711 section 4.1), whose bounds on its length are not held: the verifier chose it.
    (10, "nonce"),
];

/// The claims by their names. One that has not the form of its claim is `null`, which no check takes for a value; a
/// key (`cnf`) is not looked into.
pub(super) fn read(parameter: Option<&Value<'_>>) -> Result<json::Map, CoseError> {
    let Some(parameter) = parameter else { return Ok(json::Map::new()) };
    let claims = parameter.as_map().ok_or(CoseError::Parameter { label: CWT_CLAIMS, expected: "a map of claims" })?;
    let found = CLAIMS.iter().filter_map(|(label, name)| Some((*name, claims.get(Key::from(*label))?)));
    Ok(found.map(|(name, value)| (name.to_owned(), claim(name, value))).collect())
}

fn claim(name: &str, value: &Value<'_>) -> json::Value {
    let text = |value: &Value<'_>| value.as_text().map(json::Value::from);
    let claim = match name {
        "exp" | "nbf" | "iat" => value.as_i64().map(json::Value::from),
        "aud" => match value.as_array() {
            Some(audiences) => audiences.iter().map(text).collect::<Option<Vec<_>>>().map(json::Value::from),
            None => text(value),
        },
        "nonce" => match value.as_bytes() {
            Some(bytes) => std::str::from_utf8(bytes).ok().map(json::Value::from),
            None => text(value),
        },
        "cnf" => None,
        _ => text(value),
    };
    claim.unwrap_or_default()
}

/// The claims of a new message.
pub(super) fn write<'a>(issued_at: Option<i64>, audience: Option<&'a str>, nonce: Option<&'a str>) -> Map<'a> {
    let mut claims = Map::new();
    let mut set = |name: &str, value: Option<Value<'a>>| {
        let label = CLAIMS.iter().find(|(_, known)| *known == name).map(|(label, _)| *label);
        if let (Some(label), Some(value)) = (label, value) {
            claims.insert(Key::from(label), value);
        }
    };
    set("aud", audience.map(Value::Text));
    set("iat", issued_at.map(Value::from));
    set("nonce", nonce.map(|nonce| Value::Bytes(nonce.as_bytes())));
    claims
}
