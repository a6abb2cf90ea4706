use p256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

use super::jwk::text;
use super::{Algorithm, JwkPurpose, KeyError, KeyType, PublicKey, SignatureEncoding, Signer, SignerError, jwk_purpose};
use crate::encoding::base64url;
use crate::encoding::json::Map;

/// A private key in this process's memory: for issuers without hardware, for tests and for backups.
///
/// It is wiped when it is dropped, shows nothing of itself and cannot be cloned. Signatures are deterministic:
/// Ed25519 by definition, ECDSA by RFC 6979.
pub struct SoftwareKey {
    secret: Secret,
    public: PublicKey,
}

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

impl SoftwareKey {
    /// A new key from the operating system's random numbers.
    ///
    /// # Errors
    /// [`KeyError::NotForSigning`] for X25519, [`KeyError::Randomness`].
    pub fn generate(key_type: KeyType) -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new(vec![0; key_type.coordinate_length()]);
        loop {
            getrandom::fill(&mut bytes).map_err(|_| KeyError::Randomness)?;
            if key_type == KeyType::P521 {
                // 521 bits in 66 bytes: drawing anew until they fit would take some 128 draws.
                bytes[0] &= 1;
            }
            match Self::from_secret(key_type, &bytes) {
                Err(KeyError::PrivateRange) => {}
                made => return made,
            }
        }
    }

    /// Reads a private JWK (RFC 7518 section 6.2.2, RFC 8037 section 2), whose public part must belong to `d`.
    ///
    /// # Errors
    /// [`KeyError`]: all that [`PublicKey::from_jwk`] refuses but `d`, a `d` of another length or out of range,
    /// another key's public part, and keys that do not sign.
    pub fn from_jwk(jwk: &Map) -> Result<Self, KeyError> {
        let public = PublicKey::from_public_members(jwk)?;
        if jwk_purpose(jwk)? == JwkPurpose::Agreement {
            return Err(KeyError::NotForSigning);
        }
        let decoded = base64url::decode(text(jwk, "d")?);
        let secret = Zeroizing::new(decoded.map_err(|source| KeyError::Base64Url { name: "d", source })?);
        let key = Self::from_secret(public.key_type(), &secret)?;
        if key.public == public { Ok(key) } else { Err(KeyError::PublicPart) }
    }

    /// The private JWK as JSON text.
    pub fn to_private_jwk(&self) -> Zeroizing<String> {
        let (x, y) = self.public.coordinates();
        // Room for everything at the start, so that no half-written copy is left behind in memory.
        let mut jwk = Zeroizing::new(String::with_capacity(512));
        jwk.push_str(r#"{"kty":""#);
        jwk.push_str(self.public.key_type().kty());
        jwk.push_str(r#"","crv":""#);
        jwk.push_str(self.public.key_type().crv());
        jwk.push_str(r#"","x":""#);
        jwk.push_str(&base64url::encode(x));
        if let Some(y) = y {
            jwk.push_str(r#"","y":""#);
            jwk.push_str(&base64url::encode(y));
        }
        jwk.push_str(r#"","d":""#);
        jwk.push_str(&Zeroizing::new(base64url::encode(&*self.secret_bytes())));
        jwk.push_str(r#""}"#);
        jwk
    }

    pub(crate) fn from_secret(key_type: KeyType, secret: &[u8]) -> Result<Self, KeyError> {
        let expected = key_type.coordinate_length();
        if secret.len() != expected {
            return Err(KeyError::Length { expected, found: secret.len() });
        }
        let out_of_range = |_| KeyError::PrivateRange;
        let secret = match key_type {
            KeyType::Ed25519 => {
                let seed = Zeroizing::new(<[u8; 32]>::try_from(secret).map_err(|_| KeyError::PrivateRange)?);
                Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))
            }
            KeyType::X25519 => return Err(KeyError::NotForSigning),
            KeyType::P256 => Secret::P256(p256::ecdsa::SigningKey::from_slice(secret).map_err(out_of_range)?),
            KeyType::P384 => Secret::P384(p384::ecdsa::SigningKey::from_slice(secret).map_err(out_of_range)?),
            KeyType::P521 => Secret::P521(p521::ecdsa::SigningKey::from_slice(secret).map_err(out_of_range)?),
        };
        let point = match &secret {
            Secret::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
            Secret::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        };
        Ok(Self { secret, public: PublicKey::from_bytes(key_type, &point)? })
    }

    fn secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match &self.secret {
            Secret::Ed25519(key) => key.as_bytes().to_vec(),
            Secret::P256(key) => Zeroizing::new(key.to_bytes()).to_vec(),
            Secret::P384(key) => Zeroizing::new(key.to_bytes()).to_vec(),
            Secret::P521(key) => Zeroizing::new(key.to_bytes()).to_vec(),
        })
    }
}

impl Signer for SoftwareKey {
    fn algorithm(&self) -> Algorithm {
        match self.secret {
            Secret::Ed25519(_) => Algorithm::Ed25519,
            Secret::P256(_) => Algorithm::Es256,
            Secret::P384(_) => Algorithm::Es384,
            Secret::P521(_) => Algorithm::Es512,
        }
    }

    fn encoding(&self) -> SignatureEncoding {
        SignatureEncoding::Raw
    }

    fn public_key(&self) -> PublicKey {
        self.public.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        const FAILED: SignerError = SignerError::Failed { platform_code: 0 };
        Ok(match &self.secret {
            Secret::Ed25519(key) => key.try_sign(message).map_err(|_| FAILED)?.to_bytes().to_vec(),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).map_err(|_| FAILED)?;
                signature.to_bytes().to_vec()
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.try_sign(message).map_err(|_| FAILED)?;
                signature.to_bytes().to_vec()
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature = key.try_sign(message).map_err(|_| FAILED)?;
                signature.to_bytes().to_vec()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use serde_json::json;

    use super::*;
    use crate::encoding::json;
    use crate::error::Explain;
    use crate::keys::sign;

    const SIGNING: [KeyType; 4] = [KeyType::Ed25519, KeyType::P256, KeyType::P384, KeyType::P521];

    fn private_jwk(key: &SoftwareKey) -> Map {
        json::parse_object(key.to_private_jwk().as_bytes()).unwrap()
    }

    #[test]
    fn a_new_key_signs_and_reads_back() {
        for key_type in SIGNING {
            let key = SoftwareKey::generate(key_type).unwrap();
            let signature = sign(&key, b"message").unwrap();
            assert_eq!(signature.len(), key.algorithm().signature_length());
            let again = SoftwareKey::from_jwk(&private_jwk(&key)).unwrap();
            assert_eq!(again.public_key(), key.public_key());
            assert_eq!(sign(&again, b"message"), Ok(signature), "signatures are deterministic");
            assert_ne!(SoftwareKey::generate(key_type).unwrap().public_key(), key.public_key());
            assert!(key.to_private_jwk().len() < 512, "the private JWK was moved while it was written");
        }
    }

    #[test]
    fn what_does_not_sign_is_not_made() {
        assert_eq!(SoftwareKey::generate(KeyType::X25519).err(), Some(KeyError::NotForSigning));
        // RFC 8037 appendix A.6.
        let agreement = json!({
            "kty": "OKP", "crv": "X25519", "d": "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo",
            "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo",
        });
        let refused = SoftwareKey::from_jwk(agreement.as_object().unwrap());
        assert_eq!(refused.err(), Some(KeyError::NotForSigning));
    }

    #[test]
    fn the_known_answers_of_the_standards_come_out() {
        // RFC 8037 appendix A.1 and A.4.
        let jwk = json!({
            "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        });
        let key = SoftwareKey::from_jwk(jwk.as_object().unwrap()).unwrap();
        let signature = sign(&key, b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc").unwrap();
        assert_eq!(
            base64url::encode(signature),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
        // RFC 6979 appendices A.2.5 to A.2.7, message "sample", with the curve's own hash.
        for (key_type, secret, signature) in [
            (
                KeyType::P256,
                "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                 f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            ),
            (
                KeyType::P384,
                "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
                "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46\
                 99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
            ),
            (
                KeyType::P521,
                "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75\
                 caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538",
                "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa\
                 00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a",
            ),
        ] {
            let secret = HEXLOWER.decode(secret.as_bytes()).unwrap();
            let key = SoftwareKey::from_secret(key_type, &secret).unwrap();
            assert_eq!(HEXLOWER.encode(&sign(&key, b"sample").unwrap()), signature, "{key_type}");
        }
    }

    #[test]
    fn damaged_private_keys_are_refused() {
        for key_type in SIGNING {
            let jwk = private_jwk(&SoftwareKey::generate(key_type).unwrap());
            let other = private_jwk(&SoftwareKey::generate(key_type).unwrap());
            let length = key_type.coordinate_length();
            let code = |name: &str, value: serde_json::Value| {
                let mut changed = jwk.clone();
                changed.insert(name.to_owned(), value);
                SoftwareKey::from_jwk(&changed).err().map_or("ok", |error| error.code())
            };
            assert_eq!(code("d", other["d"].clone()), "jwk.public-part");
            assert_eq!(code("d", base64url::encode(vec![1; length - 1]).into()), "key.length");
            assert_eq!(code("d", base64url::encode(vec![1; length + 1]).into()), "key.length");
            assert_eq!(code("d", "".into()), "key.length");
            assert_eq!(code("d", "*".into()), "jwk.base64url");
            assert_eq!(code("d", 1.into()), "jwk.member");
            assert_eq!(code("alg", "HS256".into()), "jwk.contradiction");
            let agreement = if key_type == KeyType::Ed25519 { "jwk.contradiction" } else { "key.not-for-signing" };
            assert_eq!(code("use", "enc".into()), agreement);
            assert_eq!(code("crv", "P-999".into()), "key.unsupported-type");
            if key_type != KeyType::Ed25519 {
                assert_eq!(code("d", base64url::encode(vec![0; length]).into()), "key.private-range");
                assert_eq!(code("d", base64url::encode(vec![0xff; length]).into()), "key.private-range");
            }
            let mut public_only = jwk.clone();
            public_only.remove("d");
            assert_eq!(SoftwareKey::from_jwk(&public_only).err(), Some(KeyError::Member { name: "d" }));
        }
    }
}
