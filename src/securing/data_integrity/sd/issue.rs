use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::select::parse;
use super::statements::{Statements, canonical, grouped, proof_hash, secret_labels};
use super::value::{BaseProof, ProofKey};
use super::{SdError, sign_data};
use crate::encoding::json::Map;
use crate::jsonld::Contexts;
use crate::keys::{self, KeyType, Signer, SoftwareKey};
use crate::limits;
use crate::securing::data_integrity::rdfc::check_words;

/// What is drawn for one proof and for nothing else: the key that signs its statements, and the one that makes its
/// labels. Wiped when it is dropped.
pub struct Secrets {
    key: SoftwareKey,
    label_key: Zeroizing<[u8; 32]>,
}

impl Secrets {
    /// From the operating system's generator.
    ///
    /// # Errors
    /// [`SdError::NoRandomness`].
    pub fn random() -> Result<Self, SdError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|_| SdError::NoRandomness)?;
        Self::from_seed(&seed)
    }

    /// From a secret that belongs to one document alone. If two documents had the same, whoever sees both could put
    /// together a third from their statements.
    ///
    /// # Errors
    /// [`SdError::NoRandomness`], which does not happen.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SdError> {
        let label_key = expand(seed, b"labels", 0)?;
        // All but some 2^-32 of what 32 bytes can be are keys of P-256.
        for count in 0..4 {
            let secret = expand(seed, b"statements", count)?;
            if let Ok(key) = SoftwareKey::from_secret(KeyType::P256, &*secret) {
                return Ok(Self { key, label_key });
            }
        }
        Err(SdError::NoRandomness)
    }

    /// From a key and the key of the labels themselves, as the published test vectors have them.
    #[doc(hidden)]
    pub fn from_parts(key: SoftwareKey, label_key: [u8; 32]) -> Self {
        Self { key, label_key: Zeroizing::new(label_key) }
    }
}

fn expand(seed: &[u8; 32], purpose: &[u8], count: u8) -> Result<Zeroizing<[u8; 32]>, SdError> {
    // Never fails: HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(seed).map_err(|_| SdError::NoRandomness)?;
    Ok(Zeroizing::new(mac.chain_update(purpose).chain_update([count]).finalize().into_bytes().into()))
}

/// A document that is ready to be signed, as statements.
pub struct Prepared {
    document: Map,
    options: Map,
    mandatory: Vec<String>,
    secrets: Secrets,
    statements: Statements,
    proof_hash: [u8; 32],
    mandatory_hash: [u8; 32],
}

impl Prepared {
    /// A document without a proof, and the proof without `proofValue` (VC-DI-ECDSA 1.0, sections 3.6.2 and 3.6.3). What
    /// stands at the `mandatory` JSON pointers every verifier will see.
    ///
    /// # Errors
    /// [`SdError`].
    pub fn new(
        document: Map,
        options: Map,
        mandatory: &[&str],
        secrets: Secrets,
        contexts: &dyn Contexts,
    ) -> Result<Self, SdError> {
        if document.contains_key("proof") {
            return Err(SdError::HasProof);
        }
        check_words(&document)?;
        let pointers = parse(&document, mandatory)?;
        if pointers.is_empty() {
            return Err(SdError::Nothing);
        }
        let dataset = grouped(&document, &[&pointers], contexts)?;
        let labels = secret_labels(&dataset, &canonical(&dataset)?, &secrets.label_key)?;
        let statements = Statements::of(&dataset, &labels);
        if statements.iter().filter(|(_, groups)| *groups == 0).count() > limits::SD_STATEMENTS {
            return Err(SdError::TooManyStatements { limit: limits::SD_STATEMENTS });
        }
        let proof_hash = proof_hash(&document, &options, contexts)?;
        let mandatory_hash = statements.mandatory_hash(|_, groups| groups != 0);
        let mandatory = mandatory.iter().map(|pointer| (*pointer).to_owned()).collect();
        Ok(Self { document, options, mandatory, secrets, statements, proof_hash, mandatory_hash })
    }

    /// Each statement in canonical order, and whether it is mandatory.
    pub fn statements(&self) -> impl Iterator<Item = (&str, bool)> {
        self.statements.iter().map(|(line, groups)| (line, groups != 0))
    }

    /// The hashes of the proof's options and of what is mandatory.
    pub fn hashes(&self) -> [&[u8; 32]; 2] {
        [&self.proof_hash, &self.mandatory_hash]
    }

    /// The document with a base proof (section 3.6.5). The secrets are wiped.
    ///
    /// # Errors
    /// [`SdError::SignerKeyType`], [`SdError::Signer`].
    pub fn sign(self, signer: &dyn Signer) -> Result<Map, SdError> {
        let key_type = signer.algorithm().key_type();
        if key_type != KeyType::P256 {
            return Err(SdError::SignerKeyType { key_type });
        }
        let Secrets { key, label_key } = self.secrets;
        let open = self.statements.iter().filter(|(_, groups)| *groups == 0);
        let signatures = open.map(|(line, _)| signature(&key, line.as_bytes())).collect::<Result<_, _>>()?;
        let key = ProofKey::of(key.public_key())?;
        let data = sign_data(&self.proof_hash, key.as_bytes(), &self.mandatory_hash);
        let base_signature = signature(signer, &data)?;
        let proof = BaseProof { base_signature, key, label_key, signatures, mandatory: self.mandatory };
        let (mut document, mut options) = (self.document, self.options);
        options.insert("proofValue".to_owned(), proof.write().into());
        document.insert("proof".to_owned(), Value::Object(options));
        Ok(document)
    }
}

fn signature(signer: &dyn Signer, message: &[u8]) -> Result<[u8; 64], SdError> {
    let signature = keys::sign(signer, message)?;
    signature.try_into().map_err(|_| SdError::Signer(keys::SignerError::Malformed))
}
