//! The message itself: taken apart, checked with a given key, signed.

use super::header::{ALGORITHM, CONTENT_TYPE, CWT_CLAIMS, KEY_ID, TYPE};
use super::{CoseError, claims, header};
use crate::encoding::cbor::{self, Key, Map, Value};
use crate::encoding::{jcs, json};
use crate::keys::{self, Algorithm, PublicKey, Signer, SignerError, VerifyError};
use crate::limits;
use crate::securing::jose::Header;

/// RFC 9052 section 2: the tag of a COSE_Sign1 message.
const TAG: u64 = 18;

/// A COSE_Sign1 message that was taken apart, its signature not yet checked.
#[derive(Clone)]
pub struct Sign1 {
    /// What the headers say.
    pub header: Header,
    /// CWT claims of the protected header (RFC 9597), under the names that JWTs have for them: `iss`, `sub`, `aud`, `exp`,
    /// `nbf`, `iat`, `nonce`, and `cnf`, whose key is not read. One of the wrong form is `null`.
    pub claims: json::Map,
    /// The payload's object.
    pub payload: json::Map,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl Sign1 {
    /// Takes a message apart, tagged or untagged.
    ///
    /// # Errors
    /// [`CoseError`].
    pub fn parse(message: &[u8]) -> Result<Self, CoseError> {
        let value = cbor::decode_in_any_order(message, limits::COSE_VALUES)
            .map_err(|error| CoseError::Cbor { part: "message", error })?;
        let value = match value {
            Value::Tag(TAG, value) => *value,
            value => value,
        };
        let (protected, unprotected, payload, signature) = match value.as_array() {
            Some(
                [Value::Bytes(protected), Value::Map(unprotected), Value::Bytes(payload), Value::Bytes(signature)],
            ) => (*protected, unprotected, *payload, *signature),
            Some([Value::Bytes(_), Value::Map(_), Value::Null, Value::Bytes(_)]) => return Err(CoseError::Detached),
            _ => return Err(CoseError::Form),
        };
        let (header, claims) = header::read(protected, unprotected)?;
        let signed = to_be_signed(protected, payload);
        let payload = json::parse_object(payload).map_err(|error| CoseError::Payload { error })?;
        Ok(Self { header, claims, payload, signed, signature: signature.to_vec() })
    }

    /// The bytes that are signed: the Sig_structure (RFC 9052 section 4.4).
    pub fn signed_bytes(&self) -> &[u8] {
        &self.signed
    }

    /// Checks the signature with `key`. The algorithm of the header must be the key's.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub fn verify(&self, algorithm: Algorithm, key: &PublicKey) -> Result<(), VerifyError> {
        key.verify(algorithm, &self.signed, &self.signature)
    }
}

/// RFC 9052 section 4.4: the context string, the protected header as it stands, no external data, the payload.
fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        Value::Text("Signature1"),
        Value::Bytes(protected),
        Value::Bytes(&[]),
        Value::Bytes(payload),
    ]))
}

/// What the protected header of a new message says beside `alg`.
#[derive(Debug, Clone, Copy)]
pub struct NewHeader<'a> {
    /// `typ` (16), with `application/`.
    pub media_type: &'a str,
    /// Content type (3), with `application/`.
    pub content_type: Option<&'a str>,
    /// `kid` (4).
    pub key_id: Option<&'a str>,
    /// CWT claim `iat`: seconds since 1970-01-01T00:00:00Z.
    pub issued_at: Option<i64>,
    /// CWT claim `aud`.
    pub audience: Option<&'a str>,
    /// CWT claim `nonce`.
    pub nonce: Option<&'a str>,
}

/// Signs `payload` into a tagged message in deterministic CBOR. Everything in its header is signed.
///
/// # Errors
/// [`SignerError`].
pub fn sign(payload: &json::Map, header: &NewHeader<'_>, signer: &dyn Signer) -> Result<Vec<u8>, SignerError> {
    let mut parameters = Map::new();
    parameters.insert(Key::from(ALGORITHM), Value::from(signer.algorithm().cose_id()));
    parameters.insert(Key::from(TYPE), Value::Text(header.media_type));
    if let Some(content_type) = header.content_type {
        parameters.insert(Key::from(CONTENT_TYPE), Value::Text(content_type));
    }
    if let Some(key_id) = header.key_id {
        parameters.insert(Key::from(KEY_ID), Value::Bytes(key_id.as_bytes()));
    }
    let claims = claims::write(header.issued_at, header.audience, header.nonce);
    if !claims.is_empty() {
        parameters.insert(Key::from(CWT_CLAIMS), Value::Map(claims));
    }
    let protected = cbor::encode(&Value::Map(parameters));
    let payload = jcs::canonicalize(payload);
    let signature = keys::sign(signer, &to_be_signed(&protected, &payload))?;
    let parts =
        vec![Value::Bytes(&protected), Value::Map(Map::new()), Value::Bytes(&payload), Value::Bytes(&signature)];
    Ok(cbor::encode(&Value::Tag(TAG, Box::new(Value::Array(parts)))))
}
