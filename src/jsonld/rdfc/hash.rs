//! The hash that names blank nodes, and that a proof is made over.

use std::fmt;

use sha2::{Digest as _, Sha256, Sha384};

/// What RDFC-1.0 hashes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// SHA-256, which RDFC-1.0 has where nothing else is said.
    Sha256,
    /// SHA-384, with keys on P-384.
    Sha384,
}

impl HashAlgorithm {
    /// The hash of some bytes.
    pub fn digest(self, bytes: &[u8]) -> Hash {
        let mut hash = Hash { bytes: [0; LONGEST], length: 0 };
        match self {
            Self::Sha256 => hash.fill(&Sha256::digest(bytes)),
            Self::Sha384 => hash.fill(&Sha384::digest(bytes)),
        }
        hash
    }
}

const LONGEST: usize = 48;

/// A hash. Its order is that of its bytes, and so of its hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash {
    bytes: [u8; LONGEST],
    length: u8,
}

impl Hash {
    /// Its 32 or 48 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    fn fill(&mut self, digest: &[u8]) {
        self.length = digest.len() as u8;
        for (to, from) in self.bytes.iter_mut().zip(digest) {
            *to = *from;
        }
    }

    /// Appends its digits, in lower case.
    pub(super) fn write_hex(&self, out: &mut String) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
        for byte in self.as_bytes() {
            out.push(digit(byte >> 4));
            out.push(digit(*byte));
        }
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hex = String::with_capacity(2 * LONGEST);
        self.write_hex(&mut hex);
        f.write_str(&hex)
    }
}
