//! Public keys and identifiers, written in another form.

use attesta::did::{self, ResolutionOptions, method};
use attesta::encoding::json;
use attesta::keys::PublicKey;
use serde_json::{Map, Value};

use crate::error::BindingError;
use crate::{AttestaError, SignerDescription};

/// Reads a public JWK. A private one is refused.
pub(crate) fn read_jwk(jwk: &str) -> Result<PublicKey, AttestaError> {
    Ok(PublicKey::from_jwk(&jwk_members(jwk)?)?)
}

/// The members of a JWK, public or private.
pub(crate) fn jwk_members(jwk: &str) -> Result<Map<String, Value>, BindingError> {
    json::parse_object(jwk.as_bytes()).map_err(|_| BindingError::NotAJwk)
}

/// The public JWK of the key that a signer describes: what the holder of a key in hardware gives the issuer.
///
/// # Errors
/// When the bytes are no public key of the algorithm.
#[uniffi::export]
pub fn described_jwk(description: SignerDescription) -> Result<String, AttestaError> {
    Ok(Value::Object(description.to_core()?.to_jwk()).to_string())
}

/// The `did:key` of a public JWK.
///
/// # Errors
/// When the text is no public JWK of a supported key type.
#[uniffi::export]
pub fn did_key_of(jwk: String) -> Result<String, AttestaError> {
    Ok(method::key::from_key(&read_jwk(&jwk)?))
}

/// The `did:jwk` of a public JWK.
///
/// # Errors
/// When the text is no public JWK of a supported key type.
#[uniffi::export]
pub fn did_jwk_of(jwk: String) -> Result<String, AttestaError> {
    Ok(method::jwk::from_key(&read_jwk(&jwk)?))
}

/// A public JWK as Multikey text, such as `z6Mk...`.
///
/// # Errors
/// When the text is no public JWK of a supported key type.
#[uniffi::export]
pub fn jwk_to_multikey(jwk: String) -> Result<String, AttestaError> {
    Ok(read_jwk(&jwk)?.to_multikey())
}

/// Multikey text as a public JWK.
///
/// # Errors
/// When the text is no public Multikey of a supported key type.
#[uniffi::export]
pub fn multikey_to_jwk(multikey: String) -> Result<String, AttestaError> {
    Ok(Value::Object(PublicKey::from_multikey(&multikey)?.to_jwk()).to_string())
}

/// The result of DID Resolution 1.0 as JSON: `didDocument`, `didResolutionMetadata`, `didDocumentMetadata`. What went
/// wrong stands in it. Only DIDs that carry their own key are resolved (did:key, did:jwk, did:peer); nothing is fetched.
#[uniffi::export]
pub fn resolve_did(did: String) -> String {
    Value::Object(did::resolve(&did, &ResolutionOptions::default()).to_json()).to_string()
}
