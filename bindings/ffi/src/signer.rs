//! Keys that sign: the host's own, behind a trait that Kotlin and Swift implement, and keys in memory.

use std::fmt;
use std::sync::Arc;

use attesta::did::method;
use attesta::keys::{self, PublicKey, Signer as _, SoftwareKey};

use crate::keys::jwk_members;
use crate::words::Mirror as _;
use crate::{Algorithm, AttestaError, SignatureEncoding};

/// Why there is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
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
        /// The platform's own number for what happened, such as an `OSStatus`.
        platform_code: i64,
    },
    /// The signer threw something else. Do not throw this yourself.
    #[error("the signer broke off with an exception that it does not declare")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SignerError {
    /// The text is dropped: it holds the host's stack trace, which is for the host's own log.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

impl From<SignerError> for keys::SignerError {
    fn from(error: SignerError) -> Self {
        match error {
            SignerError::Cancelled => Self::Cancelled,
            SignerError::Unavailable => Self::Unavailable,
            SignerError::Failed { platform_code } => Self::Failed { platform_code },
            SignerError::Unexpected => Self::Unexpected,
        }
    }
}

impl From<keys::SignerError> for SignerError {
    fn from(error: keys::SignerError) -> Self {
        match error {
            keys::SignerError::Cancelled => Self::Cancelled,
            keys::SignerError::Unavailable => Self::Unavailable,
            keys::SignerError::Failed { platform_code } => Self::Failed { platform_code },
            _ => Self::Unexpected,
        }
    }
}

/// What a signer says of itself.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignerDescription {
    /// The algorithm that it signs with.
    pub algorithm: Algorithm,
    /// How it writes signatures.
    pub encoding: SignatureEncoding,
    /// The public key: the 32 bytes of an Ed25519 key, or a point of the curve, compressed or not (SEC 1 section 2.3.3).
    pub public_key: Vec<u8>,
}

impl SignerDescription {
    /// The key that is described.
    pub(crate) fn to_core(&self) -> Result<PublicKey, AttestaError> {
        Ok(PublicKey::from_bytes(self.algorithm.to_core().key_type(), &self.public_key)?)
    }
}

/// A private key, wherever it lives: in a phone's secure hardware, on a card, on a server.
///
/// Both calls come from the thread that issues or presents, and may wait for a person. Never implement it to run on
/// the thread that draws the app.
#[uniffi::export(rust, foreign)]
pub trait Signer: Send + Sync {
    /// The algorithm, the encoding and the public key. Asked once for each credential or presentation.
    ///
    /// # Errors
    /// When the key cannot be reached.
    fn describe(&self) -> Result<SignerDescription, SignerError>;

    /// Signs these bytes. They are no digest: the signer hashes as its algorithm says. Every signature is checked
    /// against the described public key before it is used.
    ///
    /// # Errors
    /// When the person or the key store does not let it sign.
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, SignerError>;
}

/// A host's signer as the core knows signers, described once.
pub(crate) struct HostKey {
    signer: Arc<dyn Signer>,
    algorithm: keys::Algorithm,
    encoding: keys::SignatureEncoding,
    public_key: PublicKey,
}

impl HostKey {
    pub(crate) fn of(signer: Arc<dyn Signer>) -> Result<Self, AttestaError> {
        let description = signer.describe().map_err(keys::SignerError::from)?;
        let algorithm = description.algorithm.to_core();
        let public_key = description.to_core()?;
        Ok(Self { signer, algorithm, encoding: description.encoding.to_core(), public_key })
    }
}

impl keys::Signer for HostKey {
    fn algorithm(&self) -> keys::Algorithm {
        self.algorithm
    }

    fn encoding(&self) -> keys::SignatureEncoding {
        self.encoding
    }

    fn public_key(&self) -> PublicKey {
        self.public_key.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, keys::SignerError> {
        Ok(self.signer.sign(message.to_vec())?)
    }
}

/// A private key in this process's memory: for tests, servers and issuers without hardware. Phones have better.
#[derive(uniffi::Object)]
pub struct SoftwareSigner {
    key: SoftwareKey,
    algorithm: Algorithm,
}

impl fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareSigner").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

#[uniffi::export]
impl SoftwareSigner {
    /// A new key from the operating system's random numbers.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    #[uniffi::constructor]
    pub fn generate(algorithm: Algorithm) -> Result<Self, AttestaError> {
        Ok(Self { key: SoftwareKey::generate(algorithm.to_core().key_type())?, algorithm })
    }

    /// Reads a private JWK (RFC 7517), as this class writes it.
    ///
    /// # Errors
    /// When the text is no private JWK of a key that signs.
    #[uniffi::constructor]
    pub fn from_private_jwk(jwk: String) -> Result<Self, AttestaError> {
        let key = SoftwareKey::from_jwk(&jwk_members(&jwk)?)?;
        let algorithm = Algorithm::of_core(key.algorithm()).ok_or(keys::KeyError::UnsupportedType)?;
        Ok(Self { key, algorithm })
    }

    /// The private JWK. Whoever reads it can sign: keep it where the platform keeps secrets.
    pub fn private_jwk(&self) -> String {
        self.key.to_private_jwk().to_string()
    }

    /// The public JWK.
    pub fn public_jwk(&self) -> String {
        serde_json::Value::Object(self.key.public_key().to_jwk()).to_string()
    }

    /// The key's `did:key`.
    pub fn did_key(&self) -> String {
        method::key::from_key(&self.key.public_key())
    }

    /// The key's `did:jwk`.
    pub fn did_jwk(&self) -> String {
        method::jwk::from_key(&self.key.public_key())
    }
}

#[uniffi::export]
impl Signer for SoftwareSigner {
    fn describe(&self) -> Result<SignerDescription, SignerError> {
        let public_key = self.key.public_key().to_bytes();
        Ok(SignerDescription { algorithm: self.algorithm, encoding: SignatureEncoding::Raw, public_key })
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, SignerError> {
        Ok(keys::sign(&self.key, &message)?)
    }
}
