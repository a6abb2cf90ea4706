//! What a caller may ask a resolver for.

use std::str::FromStr;

use super::ResolutionError;
use crate::time::Timestamp;

/// What a caller may ask for (DID Resolution 1.0, "DID Resolution Options", and the did:key method). The default asks
/// for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolutionOptions {
    /// `accept`: media types in the form of an HTTP `Accept` header.
    pub accept: Option<String>,
    /// `expandRelativeUrls`: make the document's relative URLs absolute.
    pub expand_relative_urls: bool,
    /// `versionId`: that version of the document.
    pub version_id: Option<String>,
    /// `versionTime`: the version that was current then.
    pub version_time: Option<Timestamp>,
    /// `versionNumber` (did:webvh): the version of that number, from 1.
    pub version_number: Option<u64>,
    /// `noCache`: do not answer from a cache. Nothing is cached here.
    pub no_cache: bool,
    /// `enableEncryptionKeyDerivation` (did:key): list the X25519 key that an Ed25519 key leads to.
    pub enable_encryption_key_derivation: bool,
    /// `publicKeyFormat` (did:key): how keys are written. Each method has its own default.
    pub public_key_format: Option<PublicKeyFormat>,
}

/// How a document writes keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKeyFormat {
    /// `Multikey` with `publicKeyMultibase`.
    Multikey,
    /// `JsonWebKey` with `publicKeyJwk`, which VC-JOSE-COSE asks for.
    JsonWebKey,
}

impl FromStr for PublicKeyFormat {
    type Err = ResolutionError;

    fn from_str(name: &str) -> Result<Self, ResolutionError> {
        match name {
            "Multikey" => Ok(Self::Multikey),
            "JsonWebKey" => Ok(Self::JsonWebKey),
            _ => Err(ResolutionError::InvalidOptions { option: "publicKeyFormat" }),
        }
    }
}
