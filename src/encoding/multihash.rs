//! Multihash, of which one hash function is used: SHA-256.

use sha2::{Digest, Sha256};

/// The multihash of bytes by SHA-256: the function's code, `0x12`, the digest's length, `0x20`, and the digest.
pub fn sha2_256(bytes: &[u8]) -> [u8; 34] {
    let mut multihash = [0; 34];
    multihash[..2].copy_from_slice(&[0x12, 0x20]);
    multihash[2..].copy_from_slice(&Sha256::digest(bytes));
    multihash
}
