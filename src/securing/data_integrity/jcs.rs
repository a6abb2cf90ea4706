//! Transformation and hashing of the JCS suites: `hash(canonical proof options) || hash(canonical document)`.

use sha2::{Digest, Sha256, Sha384};

use crate::encoding::jcs::canonicalize;
use crate::encoding::json::Map;
use crate::keys::KeyType;

/// The bytes that a JCS suite signs: 64 with SHA-256, 96 with SHA-384 (for P-384).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashData {
    bytes: [u8; 96],
    length: usize,
}

impl HashData {
    /// Proof options first, then the document.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Hashes both parts: with SHA-384 for P-384 keys, else with SHA-256 (VC-DI-ECDSA 1.0, section 3.3.4). `document` has no
/// `proof`, `options` no `proofValue`.
pub fn hash_data(document: &Map, options: &Map, key_type: KeyType) -> HashData {
    match key_type {
        KeyType::P384 => combine::<Sha384>(document, options),
        _ => combine::<Sha256>(document, options),
    }
}

fn combine<H: Digest>(document: &Map, options: &Map) -> HashData {
    let size = <H as Digest>::output_size();
    let mut data = HashData { bytes: [0; 96], length: 2 * size };
    data.bytes[..size].copy_from_slice(&H::digest(canonicalize(options)));
    data.bytes[size..2 * size].copy_from_slice(&H::digest(canonicalize(document)));
    data
}
