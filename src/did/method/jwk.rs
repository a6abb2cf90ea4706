//! did:jwk: the DID is a JWK, base64url-encoded exactly as its maker wrote it.

use super::MethodError;
use crate::did::{Did, Document, ResolutionError, VerificationMethod};
use crate::encoding::json::{self, Map};
use crate::encoding::{base64url, jcs};
use crate::keys::PublicKey;
use crate::limits;

const PREFIX: &str = "did:jwk:";

/// A DID of a key: the JWK's required members, in lexicographic order. The same key has other DIDs of this method,
/// if somebody wrote its JWK otherwise.
pub fn from_key(key: &PublicKey) -> String {
    format!("{PREFIX}{}", base64url::encode(jcs::canonicalize(&key.to_jwk())))
}

/// The key of a DID, without making its document.
///
/// # Errors
/// [`MethodError`]; a private JWK is refused.
pub fn public_key(did: &str) -> Result<PublicKey, MethodError> {
    Ok(PublicKey::from_jwk(&jwk(did)?)?)
}

/// The document of a DID. Its one method is `#0`, with the JWK as it stands in the DID. `use`, `key_ops`, `alg` and
/// the curve say whether it serves for signatures, for key agreement or for both.
///
/// Off-spec: the method's own text names the type JsonWebKey2020, which Controlled Identifiers 1.0 has replaced by
/// JsonWebKey; VC-JOSE-COSE 1.0 accepts that one only.
///
/// # Errors
/// [`ResolutionError`].
pub fn resolve(did: &Did) -> Result<Document, ResolutionError> {
    let jwk = jwk(did.as_str())?;
    let method = VerificationMethod::of_jwk(format!("{did}#0"), did.as_str(), &jwk).map_err(MethodError::from)?;
    Ok(Document::of_jwk(did.as_str(), method, jwk))
}

fn jwk(did: &str) -> Result<Map, MethodError> {
    if did.len() > limits::DID_BYTES {
        return Err(MethodError::TooLong { bytes: did.len(), limit: limits::DID_BYTES });
    }
    let encoded = did.strip_prefix(PREFIX).ok_or(MethodError::Prefix { prefix: PREFIX })?;
    Ok(json::parse_object(&base64url::decode(encoded)?)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::did::{Relationship, ResolutionOptions};
    use crate::error::Explain;

    /// The first example of the method's specification: P-256, not in lexicographic order, no `use`.
    const EXAMPLE: &str = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";

    fn did(jwk: &Value) -> String {
        format!("{PREFIX}{}", base64url::encode(jwk.to_string()))
    }

    fn p256() -> Value {
        json!({
            "kty": "EC", "crv": "P-256",
            "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
            "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
        })
    }

    fn with(changes: Value) -> String {
        let mut jwk = p256();
        jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        did(&jwk)
    }

    fn relationships(did: &str) -> Vec<&'static str> {
        let document = resolve(&Did::parse(did).unwrap()).unwrap();
        let url = format!("{did}#0");
        let served = Relationship::ALL.into_iter().filter(|relationship| document.authorizes(&url, *relationship));
        served.map(Relationship::name).collect()
    }

    #[test]
    fn the_example_of_the_specification_resolves() {
        let document = crate::did::resolve(EXAMPLE, &ResolutionOptions::default()).document.unwrap();
        assert_eq!(document.id(), EXAMPLE);
        let method = document.verification_method(&format!("{EXAMPLE}#0")).unwrap();
        assert_eq!(method.method_type, "JsonWebKey");
        assert_eq!(method.controller, EXAMPLE);
        assert_eq!(method.key, Ok(public_key(EXAMPLE).unwrap()));
        assert_eq!(document.to_json()["verificationMethod"][0]["publicKeyJwk"], p256());
        assert_eq!(from_key(&public_key(EXAMPLE).unwrap()), EXAMPLE);
    }

    #[test]
    fn the_identifier_is_the_text_and_never_written_anew() {
        let spaced = format!("{PREFIX}{}", base64url::encode(format!(" {} ", p256())));
        let document = resolve(&Did::parse(&spaced).unwrap()).unwrap();
        assert_eq!(document.id(), spaced);
        assert_eq!(public_key(&spaced).unwrap(), public_key(EXAMPLE).unwrap());
        assert_ne!(from_key(&public_key(&spaced).unwrap()), spaced);
        let kept = with(json!({ "kid": "1", "ext": true }));
        let document = resolve(&Did::parse(&kept).unwrap()).unwrap();
        assert_eq!(document.to_json()["verificationMethod"][0]["publicKeyJwk"]["ext"], true);
    }

    #[test]
    fn use_and_curve_decide_what_the_key_serves_for() {
        let signatures = ["authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"];
        assert_eq!(relationships(EXAMPLE).len(), 5);
        assert_eq!(relationships(&with(json!({ "use": "sig" }))), signatures);
        assert_eq!(relationships(&with(json!({ "use": "enc" }))), ["keyAgreement"]);
        let ed25519 = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
        assert_eq!(relationships(&did(&ed25519)), signatures);
        let x25519 = json!({ "kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08" });
        assert_eq!(relationships(&did(&x25519)), ["keyAgreement"]);
    }

    #[test]
    fn what_carries_no_public_key_is_refused() {
        for (text, expected) in [
            ("did:key:z".to_owned(), "did.prefix"),
            ("did:jwk:".to_owned(), "json.syntax"),
            ("did:jwk:a".to_owned(), "base64url.form"),
            (format!("{EXAMPLE}="), "base64url.form"),
            (format!("{EXAMPLE}#0"), "base64url.form"),
            (format!("{PREFIX}{}", base64url::encode("{}x")), "json.syntax"),
            (format!("{PREFIX}{}", base64url::encode("[]")), "json.not-an-object"),
            (format!("{PREFIX}{}", base64url::encode(r#"{"kty":"EC","kty":"EC"}"#)), "json.duplicate-member"),
            (with(json!({ "d": "AA" })), "key.private-key"),
            (did(&json!({ "kty": "oct", "k": "AA" })), "key.private-key"),
            (did(&json!({ "kty": "RSA", "n": "AA", "e": "AQAB" })), "key.unsupported-type"),
            (with(json!({ "y": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0" })), "key.not-on-curve"),
            (with(json!({ "use": "both" })), "jwk.contradiction"),
            (format!("{PREFIX}{}", "a".repeat(limits::DID_BYTES)), "did.too-long"),
        ] {
            assert_eq!(public_key(&text).map_or_else(|error| error.code(), |_| "ok"), expected, "{text}");
            let error = crate::did::resolve(&text, &ResolutionOptions::default()).error.unwrap();
            assert!(matches!(error.name(), "INVALID_DID" | "FEATURE_NOT_SUPPORTED"), "{text}");
        }
    }

    #[test]
    fn options_that_belong_to_did_key_are_not_supported() {
        for options in [
            ResolutionOptions { enable_encryption_key_derivation: true, ..ResolutionOptions::default() },
            ResolutionOptions {
                public_key_format: Some(crate::did::PublicKeyFormat::Multikey),
                ..ResolutionOptions::default()
            },
        ] {
            let error = crate::did::resolve(EXAMPLE, &options).error.unwrap();
            assert_eq!(error.name(), "FEATURE_NOT_SUPPORTED");
        }
    }
}
