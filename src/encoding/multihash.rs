//! Multihash, of which one hash function is used: SHA-256.

use sha2::{Digest, Sha256};

/// The function's code and the digest's length, 32 bytes.
const SHA2_256: [u8; 2] = [0x12, 0x20];

/// The multihash of bytes by SHA-256.
pub fn sha2_256(bytes: &[u8]) -> [u8; 34] {
    of_sha2_256(Sha256::digest(bytes).into())
}

/// The multihash of a digest that SHA-256 made.
pub fn of_sha2_256(digest: [u8; 32]) -> [u8; 34] {
    let mut multihash = [0; 34];
    multihash[..2].copy_from_slice(&SHA2_256);
    multihash[2..].copy_from_slice(&digest);
    multihash
}

/// Whether the bytes have the form of a multihash by SHA-256.
pub fn is_sha2_256(bytes: &[u8]) -> bool {
    bytes.len() == 34 && bytes.starts_with(&SHA2_256)
}
