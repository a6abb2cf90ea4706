use super::{Algorithm, PublicKey, VerifyError, signature_from_der};
use crate::error::Explain;

/// How a signer writes its signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureEncoding {
    /// Fixed length: what JOSE, COSE and Data Integrity use (IEEE P1363 for ECDSA).
    Raw,
    /// ASN.1: what Secure Enclave, Android Keystore and most hardware return for ECDSA.
    Der,
}

/// A private key, wherever it lives. Small and fallible, so that a phone's secure element or a remote key store can
/// stand behind it.
pub trait Signer: Send + Sync {
    /// The algorithm that it signs with.
    fn algorithm(&self) -> Algorithm;

    /// How [`sign`](Self::sign) writes signatures.
    fn encoding(&self) -> SignatureEncoding;

    /// The public half.
    fn public_key(&self) -> PublicKey;

    /// Signs these bytes. The signer hashes as its algorithm says; the bytes are no digest.
    ///
    /// # Errors
    /// [`SignerError::Cancelled`], [`SignerError::Unavailable`], [`SignerError::Failed`] or
    /// [`SignerError::Unexpected`].
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Why there is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The person said no, or did not unlock the key.
    #[error("signing was cancelled")]
    Cancelled,
    /// The key store cannot be reached now, or no longer has the key.
    #[error("the key cannot be used now")]
    Unavailable,
    /// The key store refused, for a reason that it alone knows.
    #[error("the key store failed with its code {platform_code}")]
    Failed {
        /// The platform's own number for what happened.
        platform_code: i64,
    },
    /// The signer broke off without saying why: in Kotlin or Swift, an exception that it does not declare.
    #[error("the signer broke off without saying why")]
    Unexpected,
    /// The signer names an algorithm that its public key does not have.
    #[error("the signer's algorithm {algorithm} is not its public key's")]
    AlgorithmMismatch {
        /// The algorithm that the signer names.
        algorithm: Algorithm,
    },
    /// The signer returned the other encoding than it declares, or declares one that the algorithm does not have.
    #[error("the signer does not return the encoding that it declares")]
    Encoding,
    /// The signer returned bytes that are a signature in neither encoding.
    #[error("the signer returned bytes that are no signature")]
    Malformed,
    /// The signature is not by the key that the signer shows.
    #[error("the signer's public key does not verify its signature")]
    KeyMismatch,
}

impl Explain for SignerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "signer.cancelled",
            Self::Unavailable => "signer.unavailable",
            Self::Failed { .. } => "signer.failed",
            Self::Unexpected => "signer.unexpected",
            Self::AlgorithmMismatch { .. } => "signer.algorithm-mismatch",
            Self::Encoding => "signer.encoding",
            Self::Malformed => "signer.malformed",
            Self::KeyMismatch => "signer.key-mismatch",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Cancelled => "Start again and confirm with the fingerprint, face or code that protects the key.",
            Self::Unavailable => "Unlock the device and try again; if the key is gone, ask for a new credential.",
            Self::Failed { .. } => "Look the code up in the platform's manual.",
            Self::Unexpected => "Catch what the key store throws inside the signer, and say which of the errors it is.",
            Self::AlgorithmMismatch { .. } | Self::KeyMismatch => {
                "Let the signer return the public half of the very key that it signs with."
            }
            Self::Encoding => "Declare DER for phones' key stores and raw otherwise.",
            Self::Malformed => "Pass on the bytes exactly as the key store returned them.",
        }
    }
}

/// Signs `message` and returns the raw signature, after the signer's own public key has verified it: a broken or
/// glitched signer, or one that hashes differently, is noticed here and not by whoever receives the credential.
///
/// # Errors
/// [`SignerError`].
pub fn sign(signer: &dyn Signer, message: &[u8]) -> Result<Vec<u8>, SignerError> {
    let (algorithm, key) = (signer.algorithm(), signer.public_key());
    if key.key_type() != algorithm.key_type() {
        return Err(SignerError::AlgorithmMismatch { algorithm });
    }
    let written = signer.sign(message)?;
    let from_der = || signature_from_der(algorithm, &written).ok();
    let has_raw_length = written.len() == algorithm.signature_length();
    let raw = match signer.encoding() {
        SignatureEncoding::Raw if has_raw_length => written,
        SignatureEncoding::Raw if from_der().is_some() => return Err(SignerError::Encoding),
        SignatureEncoding::Raw => return Err(SignerError::Malformed),
        SignatureEncoding::Der => match from_der() {
            Some(raw) => raw,
            None if has_raw_length => return Err(SignerError::Encoding),
            None => return Err(SignerError::Malformed),
        },
    };
    match key.verify(algorithm, message, &raw) {
        Ok(()) => Ok(raw),
        Err(VerifyError::OutOfRange) => Err(SignerError::Malformed),
        Err(_) => Err(SignerError::KeyMismatch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, SoftwareKey};

    /// A signer that answers whatever the test wants.
    struct Fake {
        algorithm: Algorithm,
        encoding: SignatureEncoding,
        public_key: PublicKey,
        answer: Result<Vec<u8>, SignerError>,
    }

    impl Signer for Fake {
        fn algorithm(&self) -> Algorithm {
            self.algorithm
        }

        fn encoding(&self) -> SignatureEncoding {
            self.encoding
        }

        fn public_key(&self) -> PublicKey {
            self.public_key.clone()
        }

        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
            self.answer.clone()
        }
    }

    fn der(raw: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        for number in raw.chunks(raw.len() / 2) {
            let mut digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
            if digits[0] >= 0x80 {
                digits.insert(0, 0);
            }
            content.extend([2, digits.len() as u8]);
            content.extend(digits);
        }
        let mut sequence = vec![0x30];
        if content.len() >= 0x80 {
            sequence.push(0x81);
        }
        sequence.push(content.len() as u8);
        sequence.extend(content);
        sequence
    }

    #[test]
    fn both_encodings_come_out_raw() {
        for key_type in [KeyType::P256, KeyType::P384, KeyType::P521] {
            let key = SoftwareKey::generate(key_type).unwrap();
            let raw = sign(&key, b"message").unwrap();
            let hardware = Fake {
                algorithm: key.algorithm(),
                encoding: SignatureEncoding::Der,
                public_key: key.public_key(),
                answer: Ok(der(&raw)),
            };
            assert_eq!(sign(&hardware, b"message"), Ok(raw));
            assert_eq!(sign(&hardware, b"another message"), Err(SignerError::KeyMismatch));
        }
    }

    #[test]
    fn each_fault_of_a_signer_has_its_own_name() {
        use SignatureEncoding::{Der, Raw};
        let key = SoftwareKey::generate(KeyType::P256).unwrap();
        let edwards = SoftwareKey::generate(KeyType::Ed25519).unwrap();
        let stranger = SoftwareKey::generate(KeyType::P256).unwrap();
        let (good, strange) = (sign(&key, b"m").unwrap(), sign(&stranger, b"m").unwrap());
        let outcome = |algorithm, encoding, public_key: PublicKey, answer| {
            sign(&Fake { algorithm, encoding, public_key, answer }, b"m")
        };
        let es256 = |encoding, answer| outcome(Algorithm::Es256, encoding, key.public_key(), Ok(answer));

        assert_eq!(es256(Raw, good.clone()), Ok(good.clone()));
        assert_eq!(es256(Raw, der(&good)), Err(SignerError::Encoding));
        assert_eq!(es256(Der, good.clone()), Err(SignerError::Encoding));
        assert_eq!(es256(Raw, vec![]), Err(SignerError::Malformed));
        assert_eq!(es256(Der, vec![]), Err(SignerError::Malformed));
        assert_eq!(es256(Der, [der(&good), vec![0]].concat()), Err(SignerError::Malformed));
        assert_eq!(es256(Raw, vec![0; 64]), Err(SignerError::Malformed));
        assert_eq!(es256(Raw, vec![0xff; 64]), Err(SignerError::Malformed));
        assert_eq!(es256(Raw, strange.clone()), Err(SignerError::KeyMismatch));
        assert_eq!(es256(Der, der(&strange)), Err(SignerError::KeyMismatch));

        let signature = sign(&edwards, b"m").unwrap();
        let ed25519 = |encoding, answer| outcome(Algorithm::Ed25519, encoding, edwards.public_key(), Ok(answer));
        assert_eq!(ed25519(Raw, signature.clone()), Ok(signature.clone()));
        assert_eq!(ed25519(Der, signature), Err(SignerError::Encoding));
        assert_eq!(ed25519(Raw, good.clone()), Err(SignerError::KeyMismatch));

        let mismatch = SignerError::AlgorithmMismatch { algorithm: Algorithm::Es384 };
        assert_eq!(outcome(Algorithm::Es384, Raw, key.public_key(), Ok(good)), Err(mismatch));
        let failed = SignerError::Failed { platform_code: -25293 };
        for error in [SignerError::Cancelled, SignerError::Unavailable, failed, SignerError::Unexpected] {
            assert_eq!(outcome(Algorithm::Es256, Der, key.public_key(), Err(error)), Err(error));
        }
    }
}
