//! Integrity metadata: the digests by which one document pins another.
//!
//! Source: Subresource Integrity, section 3, for the text; draft-ietf-oauth-sd-jwt-vc-19, section 6, for what follows
//! from it.

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::encoding::base64;
use crate::limits;

/// Digests of one document, all of the strongest algorithm that stands in the text.
///
/// Algorithms: SHA-256, SHA-384 and SHA-512. Digests of others are not looked at; where there is none of these, no
/// document fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrity {
    algorithm: Option<Algorithm>,
    digests: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn named(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

impl Integrity {
    /// Reads digests such as `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=`, white space between them. `None`
    /// for a text of another form, longer than [`limits::INTEGRITY_CHARACTERS`], or with a digest whose length is not
    /// its algorithm's.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > limits::INTEGRITY_CHARACTERS {
            return None;
        }
        let mut found = Self { algorithm: None, digests: Vec::new() };
        let mut is_empty = true;
        for expression in text.split_ascii_whitespace() {
            is_empty = false;
            let (name, rest) = expression.split_once('-')?;
            let value = rest.split('?').next().unwrap_or_default();
            let Some(algorithm) = Algorithm::named(name) else { continue };
            // The grammar allows both alphabets of base64.
            let value = value.replace('-', "+").replace('_', "/");
            let digest = base64::decode(&value)?;
            if digest.len() != algorithm.length() {
                return None;
            }
            // "MUST use the hash expressions with the strongest hash algorithm it supports".
            if found.algorithm < Some(algorithm) {
                found = Self { algorithm: Some(algorithm), digests: Vec::new() };
            }
            if found.algorithm == Some(algorithm) {
                found.digests.push(digest);
            }
        }
        (!is_empty).then_some(found)
    }

    /// Whether it names an algorithm that is known here.
    pub fn is_supported(&self) -> bool {
        self.algorithm.is_some()
    }

    /// The digest, if there is only one.
    pub(crate) fn single(&self) -> Option<&[u8]> {
        match self.digests.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Whether a document has one of the digests, by what is `known` of it: whether a digest is the document's, and
    /// `None` where that is open.
    pub(crate) fn agrees(&self, known: impl Fn(&[u8]) -> Option<bool>) -> Option<bool> {
        let answers: Vec<_> = self.digests.iter().map(|digest| known(digest)).collect();
        match () {
            () if answers.contains(&Some(true)) => Some(true),
            () if answers.is_empty() || answers.contains(&None) => None,
            () => Some(false),
        }
    }

    /// Whether these bytes, as they were obtained, have one of the digests.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        self.algorithm.is_some_and(|algorithm| self.digests.contains(&algorithm.digest(bytes)))
    }
}

/// The SHA-256 of these bytes as integrity metadata.
pub fn of(bytes: &[u8]) -> String {
    format!("sha256-{}", base64::encode(&Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_256: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const EMPTY_384: &str = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";

    fn fits(text: &str, bytes: &[u8]) -> bool {
        Integrity::parse(text).unwrap().fits(bytes)
    }

    #[test]
    fn a_document_fits_its_digest_and_no_other_does() {
        assert_eq!(of(b""), EMPTY_256);
        for text in [EMPTY_256, EMPTY_384, "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=?ct=json"] {
            assert!(fits(text, b""), "{text}");
            assert!(!fits(text, b" "), "{text}");
        }
        assert!(fits(&format!("{} {EMPTY_256}", of(b"other")), b""));
        assert!(fits(&format!("sha1-AAAA {EMPTY_256}"), b""));
    }

    #[test]
    fn the_strongest_algorithm_decides_alone() {
        let both = format!("{} {EMPTY_384}", of(b"other"));
        assert!(fits(&both, b"") && !fits(&both, b"other"));
        let both = format!("{EMPTY_384} {}", of(b"other"));
        assert!(fits(&both, b"") && !fits(&both, b"other"));
    }

    #[test]
    fn a_digest_that_is_not_known_fits_nothing() {
        for text in ["sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "md5-1B2M2Y8AsgTpgAmY7PhCfg==", "SHA256-AAAA"] {
            let integrity = Integrity::parse(text).unwrap();
            assert!(!integrity.is_supported() && !integrity.fits(b""));
        }
    }

    #[test]
    fn what_is_no_integrity_metadata_is_refused() {
        for text in [
            "",
            " ",
            "sha256",
            "sha256-",
            "sha256-AAAA",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "sha384-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ] {
            assert_eq!(Integrity::parse(text), None, "{text}");
        }
        assert_eq!(Integrity::parse(&format!("{EMPTY_256} ").repeat(40)), None);
    }
}
