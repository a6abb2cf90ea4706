//! JWT VC Issuer Metadata (SD-JWT-based Verifiable Credentials, draft-ietf-oauth-sd-jwt-vc, "JWT VC Issuer Metadata"):
//! the keys of an issuer that names itself by an https URL, read into the same document as every other issuer's.

use serde_json::{Value, json};

use super::materials::MaterialError;
use crate::did::Document;
use crate::encoding::json::{self, Map};
use crate::limits;

/// Where an issuer's keys are.
#[derive(Debug, Clone)]
pub(crate) enum IssuerKeys {
    /// In the metadata (`jwks`).
    Inline(Document),
    /// Those of `issuer` in a key set at `address` (`jwks_uri`).
    At { issuer: String, address: String },
}

/// The keys of a JWK Set (RFC 7517 section 5).
#[derive(Clone)]
pub(crate) struct KeySet(Vec<Value>);

/// The address of an issuer's metadata: `/.well-known/jwt-vc-issuer` stands between the host and the path. `None` for
/// what is no https URL, or has a query or fragment.
pub(crate) fn address(issuer: &str) -> Option<String> {
    let rest = issuer.strip_prefix("https://").filter(|rest| !rest.contains(['?', '#']))?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = path.strip_suffix('/').unwrap_or(path);
    (!host.is_empty()).then(|| format!("https://{host}/.well-known/jwt-vc-issuer{path}"))
}

/// Reads the metadata that was found at `at`.
pub(crate) fn read(bytes: &[u8], at: &str) -> Result<IssuerKeys, MaterialError> {
    let metadata = json::parse_object(bytes)?;
    let issuer = metadata.get("issuer").and_then(Value::as_str).ok_or(MaterialError::Member { member: "issuer" })?;
    if address(issuer).as_deref() != Some(at) {
        return Err(MaterialError::OtherId { asked: at.to_owned(), found: issuer.to_owned() });
    }
    match (metadata.get("jwks"), metadata.get("jwks_uri")) {
        (Some(Value::Object(set)), None) => Ok(IssuerKeys::Inline(KeySet::of(set)?.document(issuer)?)),
        (None, Some(Value::String(address))) if address.starts_with("https://") => {
            Ok(IssuerKeys::At { issuer: issuer.to_owned(), address: address.clone() })
        }
        _ => Err(MaterialError::Member { member: "jwks or jwks_uri" }),
    }
}

impl KeySet {
    /// Reads a JWK Set.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, MaterialError> {
        Self::of(&json::parse_object(bytes)?)
    }

    fn of(set: &Map) -> Result<Self, MaterialError> {
        match set.get("keys") {
            Some(Value::Array(keys)) if keys.len() <= limits::VERIFICATION_METHODS => Ok(Self(keys.clone())),
            _ => Err(MaterialError::Member { member: "keys" }),
        }
    }

    /// The keys as the document of `issuer`, all of them for assertions. A key that is for encryption is left out.
    pub(crate) fn document(&self, issuer: &str) -> Result<Document, MaterialError> {
        let for_signatures = |jwk: &&Value| jwk.get("use").and_then(Value::as_str).is_none_or(|use_| use_ == "sig");
        let methods: Vec<Value> = self
            .0
            .iter()
            .filter(for_signatures)
            .enumerate()
            .map(|(position, jwk)| {
                json!({ "id": format!("{issuer}#{position}"), "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": jwk })
            })
            .collect();
        let ids: Vec<&Value> = methods.iter().filter_map(|method| method.get("id")).collect();
        let document = json!({ "id": issuer, "assertionMethod": ids, "verificationMethod": methods });
        Ok(Document::from_map(document.as_object().ok_or(MaterialError::Member { member: "keys" })?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_between_host_and_path() {
        let cases = [
            ("https://issuer.example", Some("https://issuer.example/.well-known/jwt-vc-issuer")),
            ("https://issuer.example/", Some("https://issuer.example/.well-known/jwt-vc-issuer")),
            (
                "https://issuer.example:8443/tenant/1",
                Some("https://issuer.example:8443/.well-known/jwt-vc-issuer/tenant/1"),
            ),
            ("http://issuer.example", None),
            ("https://", None),
            ("https://issuer.example?a", None),
            ("https://issuer.example/#a", None),
            ("did:web:issuer.example", None),
        ];
        for (issuer, expected) in cases {
            assert_eq!(address(issuer).as_deref(), expected, "{issuer}");
        }
    }

    const AT: &str = "https://issuer.example/.well-known/jwt-vc-issuer";
    const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"k1"}"#;

    fn code(text: &str) -> &'static str {
        use crate::error::Explain;
        read(text.as_bytes(), AT).map_or_else(|error| error.code(), |_| "read")
    }

    #[test]
    fn metadata_of_another_issuer_or_without_one_place_for_keys_is_refused() {
        let inline = |issuer: &str| format!(r#"{{"issuer":"{issuer}","jwks":{{"keys":[{KEY}]}}}}"#);
        assert_eq!(code(&inline("https://issuer.example")), "read");
        assert_eq!(code(r#"{"issuer":"https://issuer.example","jwks_uri":"https://keys.example/a"}"#), "read");
        assert_eq!(code(&inline("https://thief.example")), "material.other-id");
        assert_eq!(code(&inline("https://issuer.example/tenant")), "material.other-id");
        assert_eq!(code(r#"{"jwks":{"keys":[]}}"#), "material.member");
        assert_eq!(code(r#"{"issuer":"https://issuer.example"}"#), "material.member");
        assert_eq!(
            code(r#"{"issuer":"https://issuer.example","jwks_uri":"http://keys.example/a"}"#),
            "material.member"
        );
        let both = r#"{"issuer":"https://issuer.example","jwks":{"keys":[]},"jwks_uri":"https://keys.example/a"}"#;
        assert_eq!(code(both), "material.member");
        assert_eq!(code(r#"{"issuer":"https://issuer.example","jwks":{"keys":{}}}"#), "material.member");
        assert_eq!(code("[]"), "json.not-an-object");
    }

    #[test]
    fn a_key_for_encryption_signs_nothing() {
        let text = format!(r#"{{"keys":[{}]}}"#, KEY.replace("\"kid\"", "\"use\":\"enc\",\"kid\""));
        let document = KeySet::read(text.as_bytes()).unwrap().document("https://issuer.example").unwrap();
        assert!(document.verification_methods().is_empty());
    }
}
