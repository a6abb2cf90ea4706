use std::fmt;

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256};

use super::{Algorithm, KeyError, KeyType};
use crate::encoding::base64url;
use crate::error::Explain;

/// A public key, decoded and checked: a point of its curve, of large order, written canonically.
///
/// `Debug` shows the type and the thumbprint.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    point: Point,
}

/// Kept decoded, because finding a point from its bytes costs a tenth of a verification.
#[derive(Clone, PartialEq, Eq)]
enum Point {
    Ed25519(ed25519_dalek::VerifyingKey),
    X25519([u8; 32]),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// The type of this key.
    pub fn key_type(&self) -> KeyType {
        match self.point {
            Point::Ed25519(_) => KeyType::Ed25519,
            Point::X25519(_) => KeyType::X25519,
            Point::P256(_) => KeyType::P256,
            Point::P384(_) => KeyType::P384,
            Point::P521(_) => KeyType::P521,
        }
    }

    /// Reads 32 raw bytes (Ed25519, X25519), or a point of a NIST curve, compressed or not (SEC 1 section 2.3.3).
    ///
    /// # Errors
    /// [`KeyError`] for a wrong length, bytes that are no point, points of small order (RFC 8032 leaves them to the
    /// verifier; with one, a signature fits many messages) and second encodings of the same point.
    pub fn from_bytes(key_type: KeyType, bytes: &[u8]) -> Result<Self, KeyError> {
        let point = match key_type {
            KeyType::Ed25519 => Point::Ed25519(ed25519(exact(bytes)?)?),
            KeyType::X25519 => Point::X25519(x25519(exact(bytes)?)?),
            KeyType::P256 => Point::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1(key_type, bytes)?).or_off()?),
            KeyType::P384 => Point::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(sec1(key_type, bytes)?).or_off()?),
            KeyType::P521 => Point::P521(p521::ecdsa::VerifyingKey::from_sec1_bytes(sec1(key_type, bytes)?).or_off()?),
        };
        Ok(Self { point })
    }

    /// 32 raw bytes (Ed25519, X25519), or the compressed point: 33, 49 or 67 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.point {
            Point::Ed25519(key) => key.as_bytes().to_vec(),
            Point::X25519(bytes) => bytes.to_vec(),
            Point::P256(key) => key.to_sec1_point(true).as_bytes().to_vec(),
            Point::P384(key) => key.to_sec1_point(true).as_bytes().to_vec(),
            Point::P521(key) => key.to_sec1_point(true).as_bytes().to_vec(),
        }
    }

    /// x, and y where the curve has one, each of the curve's full length.
    pub(crate) fn coordinates(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        let mut point = match &self.point {
            Point::Ed25519(key) => return (key.as_bytes().to_vec(), None),
            Point::X25519(bytes) => return (bytes.to_vec(), None),
            Point::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Point::P384(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Point::P521(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        };
        let y = point.split_off(1 + self.key_type().coordinate_length());
        (point.split_off(1), Some(y))
    }

    /// The JWK thumbprint: base64url of the SHA-256 of the required members (RFC 7638 section 3, RFC 8037 section 2).
    pub fn thumbprint(&self) -> String {
        let (x, y) = self.coordinates();
        let (crv, kty, x) = (self.key_type().crv(), self.key_type().kty(), base64url::encode(x));
        let members = match y {
            Some(y) => format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}","y":"{}"}}"#, base64url::encode(y)),
            None => format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}"}}"#),
        };
        base64url::encode(Sha256::digest(members))
    }

    /// Whether `signature`, in raw form, is this key's over `message`.
    ///
    /// Ed25519 is verified strictly: S below the order, R canonical and of large order. ECDSA takes the lower and the
    /// upper s, which JOSE does not tell apart.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        if algorithm.key_type() != self.key_type() {
            return Err(VerifyError::AlgorithmMismatch { algorithm, key_type: self.key_type() });
        }
        let expected = algorithm.signature_length();
        if signature.len() != expected {
            return Err(VerifyError::SignatureLength { expected, found: signature.len() });
        }
        match &self.point {
            Point::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| VerifyError::OutOfRange)?;
                key.verify_strict(message, &signature).map_err(|_| VerifyError::Mismatch)
            }
            Point::X25519(_) => Err(VerifyError::AlgorithmMismatch { algorithm, key_type: KeyType::X25519 }),
            Point::P256(key) => verify_ecdsa::<p256::ecdsa::Signature>(key, message, signature),
            Point::P384(key) => verify_ecdsa::<p384::ecdsa::Signature>(key, message, signature),
            Point::P521(key) => verify_ecdsa::<p521::ecdsa::Signature>(key, message, signature),
        }
    }

    /// Whether `signature`, r and s in raw form, is this P-256 or P-384 key's over whatever has this SHA-256 or SHA-384
    /// digest. X.509 chooses curve and hash apart (RFC 5758 section 3.2); JOSE does not, and [`verify`](Self::verify)
    /// serves it.
    pub(crate) fn verify_digest(&self, digest: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        fn ecdsa<'s, S: TryFrom<&'s [u8]>>(
            key: &impl PrehashVerifier<S>,
            digest: &[u8],
            signature: &'s [u8],
        ) -> Result<(), VerifyError> {
            let signature = S::try_from(signature).map_err(|_| VerifyError::OutOfRange)?;
            key.verify_prehash(digest, &signature).map_err(|_| VerifyError::Mismatch)
        }
        match &self.point {
            Point::P256(key) => ecdsa::<p256::ecdsa::Signature>(key, digest, signature),
            Point::P384(key) => ecdsa::<p384::ecdsa::Signature>(key, digest, signature),
            Point::Ed25519(_) | Point::X25519(_) | Point::P521(_) => Err(VerifyError::Mismatch),
        }
    }

    /// The X25519 key that belongs to this Ed25519 key (RFC 7748 section 4.1), `None` for other types.
    pub fn derive_x25519(&self) -> Option<Self> {
        match &self.point {
            Point::Ed25519(key) => Some(Self { point: Point::X25519(key.to_montgomery().to_bytes()) }),
            _ => None,
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {})", self.key_type(), self.thumbprint())
    }
}

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The algorithm is not the key's.
    #[error("{algorithm} was named, and the key is of type {key_type}")]
    AlgorithmMismatch {
        /// The algorithm that was named.
        algorithm: Algorithm,
        /// The type of the key.
        key_type: KeyType,
    },
    /// Too few or too many bytes.
    #[error("a signature of {found} bytes, where {expected} were expected")]
    SignatureLength {
        /// What the algorithm writes.
        expected: usize,
        /// What was found.
        found: usize,
    },
    /// r or s is zero or not below the order of the curve.
    #[error("a number of the signature is out of range")]
    OutOfRange,
    /// The signature is not this key's over this message.
    #[error("the signature does not fit the content and the key")]
    Mismatch,
}

impl Explain for VerifyError {
    fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmMismatch { .. } => "signature.algorithm-mismatch",
            Self::SignatureLength { .. } => "signature.length",
            Self::OutOfRange => "signature.out-of-range",
            Self::Mismatch => "signature.mismatch",
        }
    }

    fn hint(&self) -> &'static str {
        "Do not accept it: the content was changed, or another key signed. Ask for the original."
    }
}

fn verify_ecdsa<'s, S>(key: &impl Verifier<S>, message: &[u8], signature: &'s [u8]) -> Result<(), VerifyError>
where
    S: TryFrom<&'s [u8]>,
{
    let signature = S::try_from(signature).map_err(|_| VerifyError::OutOfRange)?;
    key.verify(message, &signature).map_err(|_| VerifyError::Mismatch)
}

/// The curves' libraries say no more than that they refuse a point.
trait OrOff<T> {
    fn or_off(self) -> Result<T, KeyError>;
}

impl<T, E> OrOff<T> for Result<T, E> {
    fn or_off(self) -> Result<T, KeyError> {
        self.map_err(|_| KeyError::NotOnCurve)
    }
}

fn exact(bytes: &[u8]) -> Result<&[u8; 32], KeyError> {
    bytes.try_into().map_err(|_| KeyError::Length { expected: 32, found: bytes.len() })
}

/// The bytes, if their first says compressed or not and their length agrees. The one-byte point at infinity, the
/// hybrid forms 6 and 7 and the compact form 5 are none of those that JWK and Multikey know.
fn sec1(key_type: KeyType, bytes: &[u8]) -> Result<&[u8], KeyError> {
    let expected = match bytes.first() {
        Some(4) => 1 + 2 * key_type.coordinate_length(),
        Some(2 | 3) => key_type.short_length(),
        Some(_) => return Err(KeyError::NotOnCurve),
        None => key_type.short_length(),
    };
    if bytes.len() == expected { Ok(bytes) } else { Err(KeyError::Length { expected, found: bytes.len() }) }
}

fn ed25519(bytes: &[u8; 32]) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
    if !below_prime(bytes) {
        return Err(KeyError::NonCanonical);
    }
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).or_off()?;
    if key.is_weak() { Err(KeyError::SmallOrder) } else { Ok(key) }
}

/// Off-spec: RFC 7748 section 5 lets a receiver take u modulo p and ignore the top bit. No key generator writes such
/// keys, and here a key's bytes are an identity, which must be written in one way only.
fn x25519(bytes: &[u8; 32]) -> Result<[u8; 32], KeyError> {
    if bytes[31] & 0x80 != 0 || !below_prime(bytes) {
        return Err(KeyError::NonCanonical);
    }
    if LOW_ORDER_U.contains(bytes) { Err(KeyError::SmallOrder) } else { Ok(*bytes) }
}

/// Whether the little-endian number without its top bit is below p = 2^255 - 19 (RFC 8032 section 5.1.3 step 1).
fn below_prime(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    *first < 0xed || last & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}

/// The u of every point of order 1, 2, 4 or 8 on Curve25519 and its twist: 0, 1, p - 1 and the two of order 8.
const LOW_ORDER_U: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    fn read(key_type: KeyType, text: &str) -> Result<PublicKey, KeyError> {
        PublicKey::from_bytes(key_type, &hex(text))
    }

    /// RFC 8032 section 7.1, tests 1 to 3.
    const RFC_8032: [[&str; 3]; 3] = [
        [
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ];

    #[test]
    fn the_signatures_of_rfc_8032_hold_and_no_others() {
        for [key, message, signature] in RFC_8032 {
            let (key, message, mut signature) = (read(KeyType::Ed25519, key).unwrap(), hex(message), hex(signature));
            assert_eq!(key.verify(Algorithm::Ed25519, &message, &signature), Ok(()));
            assert_eq!(key.verify(Algorithm::Ed25519, b"another", &signature), Err(VerifyError::Mismatch));
            let short = key.verify(Algorithm::Ed25519, &message, &signature[..63]);
            assert_eq!(short, Err(VerifyError::SignatureLength { expected: 64, found: 63 }));
            // S + L, which a lenient verifier takes for S.
            let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
            let mut carry = 0;
            for (byte, order) in signature[32..].iter_mut().zip(order) {
                let sum = u16::from(*byte) + u16::from(order) + carry;
                *byte = sum as u8;
                carry = sum >> 8;
            }
            assert!(key.verify(Algorithm::Ed25519, &message, &signature).is_err());
        }
    }

    #[test]
    fn a_key_verifies_with_its_own_algorithm_only() {
        let key = read(KeyType::Ed25519, RFC_8032[0][0]).unwrap();
        let agreement = key.derive_x25519().unwrap();
        for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512] {
            let mismatch = VerifyError::AlgorithmMismatch { algorithm, key_type: KeyType::Ed25519 };
            assert_eq!(key.verify(algorithm, b"", &hex(RFC_8032[0][2])), Err(mismatch));
            assert!(agreement.verify(algorithm, b"", &[1; 64]).is_err());
        }
        let mismatch = VerifyError::AlgorithmMismatch { algorithm: Algorithm::Ed25519, key_type: KeyType::X25519 };
        assert_eq!(agreement.verify(Algorithm::Ed25519, b"", &[1; 64]), Err(mismatch));
        assert!(agreement.derive_x25519().is_none());
    }

    #[test]
    fn ed25519_keys_of_small_order_and_second_encodings_are_refused() {
        for (key, error) in [
            ("0000000000000000000000000000000000000000000000000000000000000000", KeyError::SmallOrder),
            ("0000000000000000000000000000000000000000000000000000000000000080", KeyError::SmallOrder),
            ("0100000000000000000000000000000000000000000000000000000000000000", KeyError::SmallOrder),
            ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::SmallOrder),
            ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", KeyError::SmallOrder),
            ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", KeyError::SmallOrder),
            ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", KeyError::SmallOrder),
            ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", KeyError::SmallOrder),
            ("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::NonCanonical),
            ("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::NonCanonical),
            ("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", KeyError::NonCanonical),
            ("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::NonCanonical),
            ("0200000000000000000000000000000000000000000000000000000000000000", KeyError::NotOnCurve),
            ("d75a98", KeyError::Length { expected: 32, found: 3 }),
            ("", KeyError::Length { expected: 32, found: 0 }),
        ] {
            assert_eq!(read(KeyType::Ed25519, key), Err(error), "{key}");
        }
    }

    #[test]
    fn x25519_keys_that_agree_on_a_known_secret_are_refused() {
        // RFC 7748 section 6.1, Alice.
        let key = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
        assert_eq!(read(KeyType::X25519, key).unwrap().to_bytes(), hex(key));
        for bytes in LOW_ORDER_U {
            assert_eq!(PublicKey::from_bytes(KeyType::X25519, &bytes), Err(KeyError::SmallOrder));
            let mut high = bytes;
            high[31] |= 0x80;
            assert_eq!(PublicKey::from_bytes(KeyType::X25519, &high), Err(KeyError::NonCanonical));
        }
        for first in 0xed..=0xff {
            let mut bytes = LOW_ORDER_U[2];
            bytes[0] = first;
            assert_eq!(PublicKey::from_bytes(KeyType::X25519, &bytes), Err(KeyError::NonCanonical));
        }
        assert_eq!(read(KeyType::X25519, "00"), Err(KeyError::Length { expected: 32, found: 1 }));
    }

    #[test]
    fn points_of_the_nist_curves_read_compressed_and_not() {
        // The generator of P-256.
        let x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
        let y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
        let key = read(KeyType::P256, &format!("04{x}{y}")).unwrap();
        assert_eq!(key, read(KeyType::P256, &format!("03{x}")).unwrap());
        assert_ne!(key, read(KeyType::P256, &format!("02{x}")).unwrap());
        assert_eq!(key.to_bytes(), hex(&format!("03{x}")));

        let off = y.replace("51f5", "51f6");
        let big = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        for (text, error) in [
            (String::new(), KeyError::Length { expected: 33, found: 0 }),
            ("00".to_owned(), KeyError::NotOnCurve),
            (format!("00{}", "00".repeat(32)), KeyError::NotOnCurve),
            (format!("05{x}"), KeyError::NotOnCurve),
            (format!("07{x}{y}"), KeyError::NotOnCurve),
            (format!("{x}{y}"), KeyError::NotOnCurve),
            (format!("04{x}{off}"), KeyError::NotOnCurve),
            (format!("02{big}"), KeyError::NotOnCurve),
            (format!("04{x}"), KeyError::Length { expected: 65, found: 33 }),
            (format!("03{x}{y}"), KeyError::Length { expected: 33, found: 65 }),
            (format!("03{}", &x[2..]), KeyError::Length { expected: 33, found: 32 }),
        ] {
            assert_eq!(read(KeyType::P256, &text), Err(error), "{text}");
        }
        assert!(read(KeyType::P384, &format!("03{x}")).is_err());
    }

    #[test]
    fn debug_shows_the_type_and_the_thumbprint() {
        // RFC 8037 appendix A.3.
        let key = read(KeyType::Ed25519, RFC_8032[0][0]).unwrap();
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(format!("{key:?}"), "PublicKey(Ed25519, kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k)");
    }
}
