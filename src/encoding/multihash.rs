//! Multihash, of which one hash function is written: SHA-256.

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

/// The digest in a multihash by SHA-256, SHA-384 or SHA-512; `None` for another function, or another length.
pub fn sha2_digest(bytes: &[u8]) -> Option<&[u8]> {
    let (head, digest) = bytes.split_at_checked(2)?;
    // Codes of the multicodec table: sha2-256, sha2-384, sha2-512; each below 128, so one byte.
    matches!((head, digest.len()), ([0x12, 0x20], 32) | ([0x20, 0x30], 48) | ([0x13, 0x40], 64)).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_as_long_as_its_function_makes_it() {
        assert_eq!(sha2_digest(&sha2_256(b"")), Some(&Sha256::digest(b"")[..]));
        let of = |code: u8, length: u8, found: usize| [vec![code, length], vec![7; found]].concat();
        for (code, length) in [(0x12, 32), (0x20, 48), (0x13, 64)] {
            assert_eq!(sha2_digest(&of(code, length, length.into())), Some(&vec![7; length.into()][..]));
            assert_eq!(sha2_digest(&of(code, length, usize::from(length) - 1)), None);
            assert_eq!(sha2_digest(&of(code, length - 1, usize::from(length) - 1)), None);
        }
        assert_eq!(sha2_digest(&of(0x11, 20, 20)), None);
        assert_eq!(sha2_digest(&[0x12]), None);
        assert_eq!(sha2_digest(&[]), None);
    }
}
