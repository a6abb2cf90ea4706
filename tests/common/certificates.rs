//! Certificates that the tests write themselves, sound ones and others, byte by byte and always the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use attesta::keys::{KeyType, PublicKey};
use data_encoding::BASE64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8: u8 = 0x0c;
pub(crate) const PRINTABLE: u8 = 0x13;
pub(crate) const IA5: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const BMP: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const DNS: u8 = 0x82;
pub(crate) const URI: u8 = 0x86;

pub(crate) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub(crate) const COUNTRY: &[u8] = &[0x55, 4, 6];
pub(crate) const ORGANISATION: &[u8] = &[0x55, 4, 10];
/// organizationIdentifier, 2.5.4.97.
pub(crate) const ORGANISATION_ID: &[u8] = &[0x55, 4, 97];

/// Bits of the key usage.
pub(crate) const DIGITAL_SIGNATURE: u8 = 0x80;
pub(crate) const CONTENT_COMMITMENT: u8 = 0x40;
pub(crate) const KEY_ENCIPHERMENT: u8 = 0x20;
pub(crate) const KEY_CERT_SIGN: u8 = 0x04;
pub(crate) const CRL_SIGN: u8 = 0x02;

/// One element.
pub(crate) fn der(tag: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let mut element = vec![tag];
    match content.len() {
        0..=0x7f => element.push(length[3]),
        0x80..=0xff => element.extend([0x81, length[3]]),
        0x100..=0xffff => element.extend([0x82, length[2], length[3]]),
        _ => element.extend([0x83, length[1], length[2], length[3]]),
    }
    element.extend(content);
    element
}

/// A sequence of elements.
pub(crate) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    der(SEQUENCE, elements.concat())
}

/// A distinguished name without its outer tag, each attribute in a set of its own: identifier, tag and value.
pub(crate) fn name(attributes: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
    let attribute = |(id, tag, value): &(&[u8], u8, &[u8])| der(SET, sequence(&[der(OID, id), der(*tag, value)]));
    attributes.iter().flat_map(attribute).collect()
}

/// `CN=...` alone.
pub(crate) fn common_name(text: &str) -> Vec<u8> {
    name(&[(COMMON_NAME, UTF8, text.as_bytes())])
}

/// A private key that follows from a name.
pub(crate) enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    /// 2,048 bits that nobody has a private key for; what it "signs" is no signature.
    Rsa,
}

/// What a certificate is signed with.
#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
    Own,
}

impl Key {
    pub(crate) fn new(name: &str, key_type: KeyType) -> Self {
        let long = [Sha512::digest(name).to_vec(), Sha512::digest([name, "2"].concat()).to_vec()].concat();
        match key_type {
            KeyType::Ed25519 => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(long[..32].try_into().unwrap())),
            KeyType::P256 => Self::P256(p256::ecdsa::SigningKey::from_slice(&long[..32]).unwrap()),
            KeyType::P384 => Self::P384(p384::ecdsa::SigningKey::from_slice(&long[..48]).unwrap()),
            KeyType::P521 => Self::P521(p521::ecdsa::SigningKey::from_slice(&[&[0], &long[..65]].concat()).unwrap()),
            other => panic!("{other} signs no certificates"),
        }
    }

    /// The usual hash for this key.
    pub(crate) fn hash(&self) -> Hash {
        match self {
            Self::Ed25519(_) => Hash::Own,
            Self::P256(_) | Self::Rsa => Hash::Sha256,
            Self::P384(_) => Hash::Sha384,
            Self::P521(_) => Hash::Sha512,
        }
    }

    fn point(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Rsa => sequence(&[der(INTEGER, [[0].as_slice(), &[0xc3; 256]].concat()), der(INTEGER, [1, 0, 1])]),
        }
    }

    /// As the library reads it.
    pub(crate) fn public_key(&self) -> PublicKey {
        let key_type = match self {
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::P256(_) => KeyType::P256,
            Self::P384(_) => KeyType::P384,
            Self::P521(_) => KeyType::P521,
            Self::Rsa => panic!("the library reads no RSA"),
        };
        PublicKey::from_bytes(key_type, &self.point()).unwrap()
    }

    /// `SubjectPublicKeyInfo`.
    fn info(&self) -> Vec<u8> {
        const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
        let algorithm = match self {
            Self::Ed25519(_) => sequence(&[der(OID, [0x2b, 0x65, 0x70])]),
            Self::P256(_) => sequence(&[der(OID, EC), der(OID, [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])]),
            Self::P384(_) => sequence(&[der(OID, EC), der(OID, [0x2b, 0x81, 4, 0, 0x22])]),
            Self::P521(_) => sequence(&[der(OID, EC), der(OID, [0x2b, 0x81, 4, 0, 0x23])]),
            Self::Rsa => sequence(&[der(OID, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), vec![5, 0]]),
        };
        sequence(&[algorithm, der(BIT_STRING, [vec![0], self.point()].concat())])
    }

    /// `AlgorithmIdentifier` of its signatures.
    fn algorithm(&self, hash: Hash) -> Vec<u8> {
        let ecdsa = |last: u8| sequence(&[der(OID, [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, last])]);
        match (self, hash) {
            (Self::Ed25519(_), _) => sequence(&[der(OID, [0x2b, 0x65, 0x70])]),
            (Self::Rsa, _) => sequence(&[der(OID, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b]), vec![5, 0]]),
            (_, Hash::Sha256 | Hash::Own) => ecdsa(2),
            (_, Hash::Sha384) => ecdsa(3),
            (_, Hash::Sha512) => ecdsa(4),
        }
    }

    fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        let digest = match hash {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 | Hash::Own => Sha512::digest(message).to_vec(),
        };
        let raw = match self {
            Self::Ed25519(key) => return key.sign(message).to_bytes().to_vec(),
            Self::Rsa => return vec![0x11; 256],
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                signature.to_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                signature.to_bytes().to_vec()
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                signature.to_bytes().to_vec()
            }
        };
        let (r, s) = raw.split_at(raw.len() / 2);
        sequence(&[positive(r), positive(s)])
    }
}

fn positive(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
    let digits = &number[start..];
    if digits[0] & 0x80 == 0 { der(INTEGER, digits) } else { der(INTEGER, [&[0], digits].concat()) }
}

/// A certificate before it is signed. What is not set is as most certificates have it.
#[derive(Clone)]
pub(crate) struct Blueprint {
    /// Without the outer tag, as [`name`] writes it.
    pub(crate) subject: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    /// `YYMMDDHHMMSSZ`.
    pub(crate) from: &'static str,
    pub(crate) until: &'static str,
    pub(crate) extensions: Vec<Vec<u8>>,
    /// 2 is version 3; without one there is no field, and it is version 1.
    pub(crate) version: Option<u8>,
    pub(crate) hash: Option<Hash>,
}

impl Blueprint {
    /// Valid through 2026, with these extensions.
    pub(crate) fn new(subject: Vec<u8>, issuer: Vec<u8>, extensions: Vec<Vec<u8>>) -> Self {
        let (from, until) = ("260101000000Z", "261231235959Z");
        Self { subject, issuer, from, until, extensions, version: Some(2), hash: None }
    }

    /// The whole certificate about `key`, signed with `issuer`, in DER.
    pub(crate) fn sign(&self, key: &Key, issuer: &Key) -> Vec<u8> {
        let hash = self.hash.unwrap_or_else(|| issuer.hash());
        let algorithm = issuer.algorithm(hash);
        let mut parts = Vec::new();
        parts.extend(self.version.map(|version| der(0xa0, der(INTEGER, [version]))));
        parts.push(der(INTEGER, [1]));
        parts.push(algorithm.clone());
        parts.push(der(SEQUENCE, &self.issuer));
        parts.push(sequence(&[moment(self.from), moment(self.until)]));
        parts.push(der(SEQUENCE, &self.subject));
        parts.push(key.info());
        if !self.extensions.is_empty() {
            parts.push(der(0xa3, sequence(&self.extensions)));
        }
        let signed = sequence(&parts);
        let signature = issuer.sign(hash, &signed);
        sequence(&[signed, algorithm, der(BIT_STRING, [vec![0], signature].concat())])
    }
}

fn moment(text: &str) -> Vec<u8> {
    der(if text.len() == 15 { GENERALIZED_TIME } else { UTC_TIME }, text)
}

/// An extension `2.5.29.id`.
pub(crate) fn extension(id: u8, is_critical: bool, value: Vec<u8>) -> Vec<u8> {
    extension_of(&[0x55, 0x1d, id], is_critical, value)
}

pub(crate) fn extension_of(id: &[u8], is_critical: bool, value: Vec<u8>) -> Vec<u8> {
    let critical = if is_critical { der(BOOLEAN, [0xff]) } else { Vec::new() };
    sequence(&[der(OID, id), critical, der(OCTET_STRING, value)])
}

/// Basic constraints of an authority, with at most so many authorities below it.
pub(crate) fn authority(longest: Option<u8>) -> Vec<u8> {
    let longest = longest.map(|longest| der(INTEGER, [longest])).unwrap_or_default();
    extension(19, true, sequence(&[der(BOOLEAN, [0xff]), longest]))
}

pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    extension(15, true, der(BIT_STRING, [u8::try_from(bits.trailing_zeros().min(7)).unwrap(), bits]))
}

/// Subject alternative names: tag and content of each.
pub(crate) fn alternative_names(names: &[(u8, &[u8])]) -> Vec<u8> {
    let names: Vec<_> = names.iter().map(|(tag, content)| der(*tag, content)).collect();
    extension(17, false, sequence(&names))
}

/// Name constraints: what is permitted and what is excluded, each as tag and content.
pub(crate) fn name_constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Vec<u8> {
    let subtrees = |tag: u8, names: &[(u8, &[u8])]| {
        let bases: Vec<_> = names.iter().map(|(tag, content)| sequence(&[der(*tag, content)])).collect();
        if bases.is_empty() { Vec::new() } else { der(tag, bases.concat()) }
    };
    extension(30, true, sequence(&[subtrees(0xa0, permitted), subtrees(0xa1, excluded)]))
}

/// As `x5c` has it.
pub(crate) fn base64(certificate: &[u8]) -> String {
    BASE64.encode(certificate)
}
