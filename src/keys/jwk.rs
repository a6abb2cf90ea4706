//! Public keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.2, RFC 8037).

use super::{Algorithm, KeyError, KeyType, PublicKey};
use crate::encoding::base64url;
use crate::encoding::json::{Map, Value};

/// Members that hold private or symmetric key material in any registered key type (RFC 7518 section 6, RFC 9964).
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

impl PublicKey {
    /// Reads a public JWK. Members that RFC 7517 does not tie to the key, such as `kid`, are left to the caller.
    ///
    /// # Errors
    /// [`KeyError`] for private or symmetric keys, a `kty` that does not fit `crv`, coordinates that are not of the
    /// curve's full length (RFC 7518 section 6.2.1.2), points that [`from_bytes`](Self::from_bytes) refuses, and
    /// `use`, `key_ops` or `alg` that contradict the key or each other.
    pub fn from_jwk(jwk: &Map) -> Result<Self, KeyError> {
        if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
            return Err(KeyError::PrivateKey);
        }
        Self::from_public_members(jwk)
    }

    /// As [`from_jwk`](Self::from_jwk), for the public half of a private JWK.
    pub(super) fn from_public_members(jwk: &Map) -> Result<Self, KeyError> {
        let kty = text(jwk, "kty")?;
        if !matches!(kty, "OKP" | "EC") {
            return Err(KeyError::UnsupportedType);
        }
        let key_type: KeyType = text(jwk, "crv")?.parse()?;
        if key_type.kty() != kty {
            return Err(KeyError::TypeMismatch);
        }
        purpose_for(key_type, jwk)?;
        let x = coordinate(jwk, "x", key_type)?;
        if kty == "OKP" {
            return Self::from_bytes(key_type, &x);
        }
        let mut point = Vec::with_capacity(1 + 2 * x.len());
        point.push(4);
        point.extend(x);
        point.extend(coordinate(jwk, "y", key_type)?);
        Self::from_bytes(key_type, &point)
    }

    /// The JWK with its required members alone: `kty`, `crv`, `x` and, for EC, `y`.
    pub fn to_jwk(&self) -> Map {
        let (x, y) = self.coordinates();
        let mut jwk = Map::new();
        jwk.insert("kty".to_owned(), self.key_type().kty().into());
        jwk.insert("crv".to_owned(), self.key_type().crv().into());
        jwk.insert("x".to_owned(), base64url::encode(x).into());
        if let Some(y) = y {
            jwk.insert("y".to_owned(), base64url::encode(y).into());
        }
        jwk
    }
}

/// What the members `use`, `key_ops` and `alg` of a JWK allow (RFC 7517 sections 4.2 to 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JwkPurpose {
    /// They say nothing: whatever the key type can do.
    Any,
    /// Verifying signatures only.
    Signatures,
    /// Key agreement only.
    Agreement,
}

/// What a JWK says that its key is for.
///
/// # Errors
/// [`KeyError`] for a key type that is not supported and for members that contradict it or each other.
pub fn jwk_purpose(jwk: &Map) -> Result<JwkPurpose, KeyError> {
    purpose_for(text(jwk, "crv")?.parse()?, jwk)
}

fn purpose_for(key_type: KeyType, jwk: &Map) -> Result<JwkPurpose, KeyError> {
    let can_agree = key_type != KeyType::Ed25519;
    let mut purpose = JwkPurpose::Any;
    for (name, said) in [("use", from_use(jwk)?), ("key_ops", from_key_ops(jwk)?), ("alg", from_alg(key_type, jwk)?)] {
        let possible = match said {
            JwkPurpose::Any => continue,
            JwkPurpose::Signatures => key_type.algorithm().is_some(),
            JwkPurpose::Agreement => can_agree,
        };
        if !possible || (purpose != JwkPurpose::Any && purpose != said) {
            return Err(KeyError::Contradiction { name });
        }
        purpose = said;
    }
    Ok(purpose)
}

fn from_use(jwk: &Map) -> Result<JwkPurpose, KeyError> {
    match jwk.get("use") {
        None => Ok(JwkPurpose::Any),
        Some(Value::String(name)) if name == "sig" => Ok(JwkPurpose::Signatures),
        Some(Value::String(name)) if name == "enc" => Ok(JwkPurpose::Agreement),
        Some(_) => Err(KeyError::Contradiction { name: "use" }),
    }
}

fn from_key_ops(jwk: &Map) -> Result<JwkPurpose, KeyError> {
    const WRONG: KeyError = KeyError::Contradiction { name: "key_ops" };
    let Some(operations) = jwk.get("key_ops") else { return Ok(JwkPurpose::Any) };
    let operations = operations.as_array().ok_or(WRONG)?;
    let (mut signs, mut agrees) = (false, false);
    for (position, operation) in operations.iter().enumerate() {
        match operation.as_str() {
            _ if operations[..position].contains(operation) => return Err(WRONG),
            Some("sign" | "verify") => signs = true,
            Some("deriveKey" | "deriveBits") => agrees = true,
            _ => return Err(WRONG),
        }
    }
    match (signs, agrees) {
        (true, false) => Ok(JwkPurpose::Signatures),
        (false, true) => Ok(JwkPurpose::Agreement),
        _ => Err(WRONG),
    }
}

fn from_alg(key_type: KeyType, jwk: &Map) -> Result<JwkPurpose, KeyError> {
    match jwk.get("alg").map(Value::as_str) {
        None => Ok(JwkPurpose::Any),
        Some(Some("ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A192KW" | "ECDH-ES+A256KW")) => Ok(JwkPurpose::Agreement),
        Some(Some(name)) if Algorithm::from_jose_name(name).is_ok_and(|named| named.key_type() == key_type) => {
            Ok(JwkPurpose::Signatures)
        }
        Some(_) => Err(KeyError::Contradiction { name: "alg" }),
    }
}

pub(super) fn text<'j>(jwk: &'j Map, name: &'static str) -> Result<&'j str, KeyError> {
    jwk.get(name).and_then(Value::as_str).ok_or(KeyError::Member { name })
}

fn coordinate(jwk: &Map, name: &'static str, key_type: KeyType) -> Result<Vec<u8>, KeyError> {
    let bytes = base64url::decode(text(jwk, name)?).map_err(|source| KeyError::Base64Url { name, source })?;
    let expected = key_type.coordinate_length();
    if bytes.len() == expected { Ok(bytes) } else { Err(KeyError::Length { expected, found: bytes.len() }) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Explain;

    /// RFC 7517 appendix A.1.
    fn p256() -> Value {
        json!({
            "kty": "EC", "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        })
    }

    /// RFC 8037 appendix A.2.
    fn ed25519() -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
    }

    fn x25519() -> Value {
        json!({ "kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08" })
    }

    /// `changes` laid over `jwk`; a null takes the member away.
    fn with(mut jwk: Value, changes: Value) -> Map {
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => jwk.as_object_mut().unwrap().remove(name),
                value => jwk.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        jwk.as_object().unwrap().clone()
    }

    fn code(jwk: Value, changes: Value) -> &'static str {
        PublicKey::from_jwk(&with(jwk, changes)).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn a_jwk_reads_and_writes_back() {
        for jwk in [p256(), ed25519(), x25519()] {
            let jwk = with(jwk, json!({}));
            assert_eq!(PublicKey::from_jwk(&jwk).unwrap().to_jwk(), jwk);
        }
        assert_eq!(code(p256(), json!({ "kid": "1", "x5t": 5, "ext": true, "use": "sig", "alg": "ES256" })), "ok");
        assert_eq!(code(ed25519(), json!({ "alg": "EdDSA", "key_ops": ["verify"] })), "ok");
        assert_eq!(code(x25519(), json!({ "alg": "ECDH-ES+A128KW", "use": "enc" })), "ok");
    }

    #[test]
    fn private_and_symmetric_keys_are_refused_whatever_else_they_hold() {
        for name in PRIVATE_MEMBERS {
            for jwk in [p256(), ed25519(), json!({})] {
                assert_eq!(code(jwk, json!({ name: "AA" })), "key.private-key", "{name}");
            }
        }
        assert_eq!(code(p256(), json!({ "d": 5 })), "key.private-key");
    }

    #[test]
    fn damaged_and_foreign_keys_are_refused() {
        let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
        for (changes, expected) in [
            (json!({ "kty": null }), "jwk.member"),
            (json!({ "kty": 1 }), "jwk.member"),
            (json!({ "crv": null }), "jwk.member"),
            (json!({ "x": null }), "jwk.member"),
            (json!({ "y": null }), "jwk.member"),
            (json!({ "y": ["AA"] }), "jwk.member"),
            (json!({ "kty": "RSA" }), "key.unsupported-type"),
            (json!({ "kty": "ec" }), "key.unsupported-type"),
            (json!({ "crv": "secp256k1" }), "key.unsupported-type"),
            (json!({ "kty": "OKP" }), "jwk.type-mismatch"),
            (json!({ "crv": "Ed25519" }), "jwk.type-mismatch"),
            (json!({ "crv": "P-384" }), "key.length"),
            (json!({ "x": format!("{x}=") }), "jwk.base64url"),
            (json!({ "x": x.replace('K', "+") }), "jwk.base64url"),
            (json!({ "x": format!("{}5", &x[..x.len() - 1]) }), "jwk.base64url"),
            (json!({ "x": format!("AAAA{x}") }), "key.length"),
            (json!({ "x": &x[..x.len() - 3] }), "key.length"),
            (json!({ "x": "" }), "key.length"),
            (json!({ "y": x }), "key.not-on-curve"),
            (json!({ "x": "A".repeat(43), "y": "A".repeat(43) }), "key.not-on-curve"),
        ] {
            assert_eq!(code(p256(), changes.clone()), expected, "{changes}");
        }
        assert_eq!(code(ed25519(), json!({ "x": "A".repeat(43) })), "key.small-order");
        assert_eq!(code(x25519(), json!({ "x": "A".repeat(43) })), "key.small-order");
        assert_eq!(code(ed25519(), json!({ "kty": "EC" })), "jwk.type-mismatch");
    }

    #[test]
    fn members_that_contradict_the_key_are_refused() {
        for (jwk, changes) in [
            (p256(), json!({ "alg": "ES384" })),
            (p256(), json!({ "alg": "none" })),
            (p256(), json!({ "alg": "HS256" })),
            (p256(), json!({ "alg": 7 })),
            (p256(), json!({ "use": "signature" })),
            (p256(), json!({ "use": ["sig"] })),
            (p256(), json!({ "use": "sig", "alg": "ECDH-ES" })),
            (p256(), json!({ "use": "enc", "key_ops": ["verify"] })),
            (p256(), json!({ "key_ops": [] })),
            (p256(), json!({ "key_ops": "verify" })),
            (p256(), json!({ "key_ops": ["verify", "verify"] })),
            (p256(), json!({ "key_ops": ["verify", "deriveBits"] })),
            (p256(), json!({ "key_ops": ["encrypt"] })),
            (ed25519(), json!({ "use": "enc" })),
            (ed25519(), json!({ "alg": "ES256" })),
            (ed25519(), json!({ "key_ops": ["deriveBits"] })),
            (x25519(), json!({ "use": "sig" })),
            (x25519(), json!({ "alg": "EdDSA" })),
            (x25519(), json!({ "key_ops": ["verify"] })),
        ] {
            assert_eq!(code(jwk, changes.clone()), "jwk.contradiction", "{changes}");
        }
    }

    #[test]
    fn the_purpose_is_what_the_members_say() {
        let purpose = |jwk, changes| jwk_purpose(&with(jwk, changes));
        assert_eq!(purpose(p256(), json!({})), Ok(JwkPurpose::Any));
        assert_eq!(purpose(p256(), json!({ "alg": "ES256", "use": "sig" })), Ok(JwkPurpose::Signatures));
        assert_eq!(purpose(p256(), json!({ "key_ops": ["deriveBits", "deriveKey"] })), Ok(JwkPurpose::Agreement));
        assert_eq!(purpose(p256(), json!({ "use": 1 })), Err(KeyError::Contradiction { name: "use" }));
    }
}
