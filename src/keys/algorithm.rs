//! Signature algorithms and key types, by the names that JOSE gives them, and the numbers that COSE does.

use std::fmt;
use std::str::FromStr;

use super::KeyError;
use crate::error::Explain;

/// A signature algorithm. Each belongs to exactly one key type and one hash, so that neither can be chosen by whoever
/// wrote the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// Ed25519 (RFC 8032), pure, verified strictly.
    Ed25519,
    /// ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4).
    Es256,
    /// ECDSA on P-384 with SHA-384 (RFC 7518 section 3.4).
    Es384,
    /// ECDSA on P-521 with SHA-512 (RFC 7518 section 3.4).
    Es512,
}

impl Algorithm {
    /// The fully specified JOSE name (RFC 9864 section 2.2): `Ed25519`, `ES256`, `ES384`, `ES512`.
    pub fn jose_name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
        }
    }

    /// Reads a JOSE `alg` value, which is case-sensitive. The deprecated `EdDSA` (RFC 9864) is read as
    /// Ed25519, the only curve of its family that this library has.
    ///
    /// # Errors
    /// [`AlgorithmError`]; `none` in any letter case is [`Unsecured`](AlgorithmError::Unsecured), as some libraries
    /// were deceived by `nOnE`.
    pub fn from_jose_name(name: &str) -> Result<Self, AlgorithmError> {
        match name {
            "Ed25519" | "EdDSA" => Ok(Self::Ed25519),
            "ES256" => Ok(Self::Es256),
            "ES384" => Ok(Self::Es384),
            "ES512" => Ok(Self::Es512),
            _ if name.eq_ignore_ascii_case("none") => Err(AlgorithmError::Unsecured),
            _ if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("HS")) => Err(AlgorithmError::Mac),
            _ => Err(AlgorithmError::Unsupported),
        }
    }

    /// The fully specified COSE identifier (RFC 9864 section 2.2): -19 for Ed25519, -9 for ESP256, -51 for ESP384, -52 for
    /// ESP512.
    pub fn cose_id(self) -> i64 {
        match self {
            Self::Ed25519 => -19,
            Self::Es256 => -9,
            Self::Es384 => -51,
            Self::Es512 => -52,
        }
    }

    /// Reads a COSE `alg` value that is a number. Those that RFC 9864 deprecates are read as what they mean with the only
    /// curve that this library has for them: -8 (EdDSA), -7 (ES256), -35 (ES384) and -36 (ES512).
    ///
    /// # Errors
    /// [`AlgorithmError`].
    pub fn from_cose_id(id: i64) -> Result<Self, AlgorithmError> {
        match id {
            -19 | -8 => Ok(Self::Ed25519),
            -9 | -7 => Ok(Self::Es256),
            -51 | -35 => Ok(Self::Es384),
            -52 | -36 => Ok(Self::Es512),
            // HMAC and AES-CBC-MAC (RFC 9053 section 3).
            4..=7 | 14 | 15 | 25 | 26 => Err(AlgorithmError::Mac),
            _ => Err(AlgorithmError::Unsupported),
        }
    }

    /// The only key type that signs with this algorithm.
    pub fn key_type(self) -> KeyType {
        match self {
            Self::Ed25519 => KeyType::Ed25519,
            Self::Es256 => KeyType::P256,
            Self::Es384 => KeyType::P384,
            Self::Es512 => KeyType::P521,
        }
    }

    /// Bytes of a raw signature: R and S of Ed25519, r and s of ECDSA (IEEE P1363). 64, 64, 96 and 132.
    pub fn signature_length(self) -> usize {
        2 * self.key_type().coordinate_length()
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.jose_name())
    }
}

/// Why an algorithm's name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AlgorithmError {
    /// `none`: nothing protects the content.
    #[error("the algorithm is \"none\": nothing protects the content")]
    Unsecured,
    /// `HS256` and its like: whoever can verify can also forge.
    #[error("the algorithm is a MAC, with which whoever can verify can also forge")]
    Mac,
    /// Any other name.
    #[error("the algorithm is none of Ed25519, EdDSA, ES256, ES384, ES512")]
    Unsupported,
}

impl Explain for AlgorithmError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unsecured => "algorithm.unsecured",
            Self::Mac => "algorithm.mac",
            Self::Unsupported => "algorithm.unsupported",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Unsecured | Self::Mac => "Do not accept it: ask the issuer for a copy that is signed.",
            Self::Unsupported => "Ask the issuer for a copy that is signed with Ed25519 or ES256.",
        }
    }
}

/// The type of a key: its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// Edwards curve for signatures (RFC 8032).
    Ed25519,
    /// Montgomery curve for key agreement (RFC 7748). It never signs.
    X25519,
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
}

impl KeyType {
    /// Every key type.
    pub const ALL: [Self; 5] = [Self::Ed25519, Self::X25519, Self::P256, Self::P384, Self::P521];

    /// The JWK curve name `crv` (RFC 7518 section 6.2.1.1, RFC 8037 section 2).
    pub fn crv(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::X25519 => "X25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The JWK family `kty`: `OKP` or `EC`.
    pub fn kty(self) -> &'static str {
        match self {
            Self::Ed25519 | Self::X25519 => "OKP",
            Self::P256 | Self::P384 | Self::P521 => "EC",
        }
    }

    /// The algorithm that keys of this type sign with; `None` for X25519.
    pub fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::Ed25519 => Some(Algorithm::Ed25519),
            Self::X25519 => None,
            Self::P256 => Some(Algorithm::Es256),
            Self::P384 => Some(Algorithm::Es384),
            Self::P521 => Some(Algorithm::Es512),
        }
    }

    /// Bytes of one coordinate, and of a private key.
    pub(crate) fn coordinate_length(self) -> usize {
        match self {
            Self::Ed25519 | Self::X25519 | Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Bytes of a public key in its short form: raw, or a compressed point (SEC 1 section 2.3.3).
    pub(crate) fn short_length(self) -> usize {
        match self {
            Self::Ed25519 | Self::X25519 => 32,
            Self::P256 | Self::P384 | Self::P521 => 1 + self.coordinate_length(),
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.crv())
    }
}

impl FromStr for KeyType {
    type Err = KeyError;

    /// Reads a JWK curve name.
    fn from_str(crv: &str) -> Result<Self, KeyError> {
        Self::ALL.into_iter().find(|key_type| key_type.crv() == crv).ok_or(KeyError::UnsupportedType)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_belong_to_one_key_type() {
        for (name, length) in [("Ed25519", 64), ("ES256", 64), ("ES384", 96), ("ES512", 132)] {
            let algorithm = Algorithm::from_jose_name(name).unwrap();
            assert_eq!(algorithm.jose_name(), name);
            assert_eq!(algorithm.signature_length(), length);
            assert_eq!(algorithm.key_type().algorithm(), Some(algorithm));
            assert_eq!(Algorithm::from_cose_id(algorithm.cose_id()), Ok(algorithm));
        }
        for (id, name) in [(-8, "Ed25519"), (-7, "ES256"), (-35, "ES384"), (-36, "ES512")] {
            assert_eq!(Algorithm::from_cose_id(id).unwrap().jose_name(), name);
        }
        assert_eq!(Algorithm::from_jose_name("EdDSA"), Ok(Algorithm::Ed25519));
        for key_type in KeyType::ALL {
            assert_eq!(key_type.crv().parse(), Ok(key_type));
        }
        assert_eq!(KeyType::X25519.algorithm(), None);
    }

    #[test]
    fn what_protects_nothing_is_told_from_what_is_not_supported() {
        for name in ["none", "None", "NONE", "nOnE"] {
            assert_eq!(Algorithm::from_jose_name(name), Err(AlgorithmError::Unsecured), "{name}");
        }
        for name in ["HS256", "HS384", "HS512", "hs256"] {
            assert_eq!(Algorithm::from_jose_name(name), Err(AlgorithmError::Mac), "{name}");
        }
        for id in [4, 5, 6, 7, 14, 15, 25, 26] {
            assert_eq!(Algorithm::from_cose_id(id), Err(AlgorithmError::Mac), "{id}");
        }
        // Of RSA, of secp256k1, of Ed448, of encryption, of another sign, reserved.
        for id in [-257, -37, -47, -53, 1, 3, 8, 9, 19, 51, 0, i64::MIN, i64::MAX] {
            assert_eq!(Algorithm::from_cose_id(id), Err(AlgorithmError::Unsupported), "{id}");
        }
        for name in
            ["", "es256", "ed25519", "EDDSA", "ES256 ", " none", "RS256", "PS256", "ES256K", "Ed448", "ECDH-ES", "é"]
        {
            assert_eq!(Algorithm::from_jose_name(name), Err(AlgorithmError::Unsupported), "{name:?}");
        }
        for crv in ["", "p-256", "P256", "secp256k1", "Ed448", "X448", "BLS12381G2"] {
            assert_eq!(crv.parse::<KeyType>(), Err(KeyError::UnsupportedType), "{crv}");
        }
    }
}
