//! Transformation and hashing: `hash(canonical proof options) || hash(canonical document)`.

use serde_json::Value;

use super::proof::{Suite, Transformation};
use super::rdfc::{self, CanonicalError};
use crate::encoding::jcs::canonicalize;
use crate::encoding::json::Map;
use crate::jsonld::Contexts;
use crate::jsonld::rdfc::{Hash, HashAlgorithm};
use crate::keys::KeyType;

/// Two digests with SHA-256 and a key, of `ecdsa-sd-2023`.
const LONGEST: usize = 99;

/// The bytes that a suite signs: 64 with SHA-256, 96 with SHA-384 (for P-384), 99 with `ecdsa-sd-2023`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashData {
    bytes: [u8; LONGEST],
    length: usize,
}

impl HashData {
    /// Proof options first, then the document.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(super) fn of_statements(signed: &[u8; LONGEST]) -> Self {
        Self { bytes: *signed, length: LONGEST }
    }

    pub(super) fn of(options: &Hash, document: &Hash) -> Self {
        let (options, document) = (options.as_bytes(), document.as_bytes());
        let mut data = Self { bytes: [0; LONGEST], length: options.len() + document.len() };
        data.bytes[..options.len()].copy_from_slice(options);
        data.bytes[options.len()..data.length].copy_from_slice(document);
        data
    }
}

/// SHA-384 for P-384 keys, else SHA-256 (VC-DI-ECDSA 1.0, sections 3.2.4 and 3.3.4); RDF is canonicalised with the same
/// (section 3.2.3).
pub(super) fn hash_of(key_type: KeyType) -> HashAlgorithm {
    match key_type {
        KeyType::P384 => HashAlgorithm::Sha384,
        _ => HashAlgorithm::Sha256,
    }
}

/// The bytes that a suite signs of a document with no `proof`, with options that have no `proofValue`.
///
/// # Errors
/// [`CanonicalError`], with suites that sign RDF.
pub fn hash_data(
    document: &Map,
    options: &Map,
    suite: Suite,
    key_type: KeyType,
    contexts: &dyn Contexts,
) -> Result<HashData, CanonicalError> {
    let (how, hash) = (suite.transformation(), hash_of(key_type));
    let options = hash_of_options(options, document.get("@context"), how, hash, contexts)?;
    Ok(HashData::of(&options, &hash_of_document(document, how, hash, contexts)?))
}

pub(super) fn hash_of_document(
    document: &Map,
    how: Transformation,
    hash: HashAlgorithm,
    contexts: &dyn Contexts,
) -> Result<Hash, CanonicalError> {
    match how {
        Transformation::Jcs => Ok(hash.digest(&canonicalize(document))),
        Transformation::Rdfc | Transformation::Statements => rdfc::of_document(document, hash, contexts),
    }
}

/// `context` is the document's own.
pub(super) fn hash_of_options(
    options: &Map,
    context: Option<&Value>,
    how: Transformation,
    hash: HashAlgorithm,
    contexts: &dyn Contexts,
) -> Result<Hash, CanonicalError> {
    match how {
        Transformation::Jcs => Ok(hash.digest(&canonicalize(options))),
        Transformation::Rdfc | Transformation::Statements => rdfc::of_options(options, context, hash, contexts),
    }
}
