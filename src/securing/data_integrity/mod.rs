//! Verifiable Credential Data Integrity 1.0 with the cryptosuites that sign canonical JSON: `eddsa-jcs-2022`
//! (VC-DI-EdDSA 1.0, section 3.3) and `ecdsa-jcs-2019` (VC-DI-ECDSA 1.0, section 3.3), one proof a document.

mod jcs;
mod proof;

pub use jcs::{HashData, hash_data};
pub use proof::{DataIntegrityError, Proof, ProofError, SigningError, Suite};

use serde_json::Value;

use crate::encoding::json::Map;
use crate::encoding::multibase;
use crate::keys::{self, KeyType, PublicKey, Signer};
use crate::time::Timestamp;

/// A document with its proof taken off, not yet checked.
#[derive(Clone)]
pub struct Signed {
    /// The document without `proof`.
    pub document: Map,
    /// The proof.
    pub proof: Proof,
}

/// A document without a proof that could be looked into.
pub struct Unsigned {
    /// The document; a proof of the wrong form still stands in it.
    pub document: Map,
    /// What is wrong with its proof.
    pub error: DataIntegrityError,
}

impl Signed {
    /// Takes the proof off a document that has exactly one.
    ///
    /// # Errors
    /// The document, with [`DataIntegrityError::Absent`] when there is no proof.
    pub fn read(mut document: Map) -> Result<Self, Box<Unsigned>> {
        let proof = match document.remove("proof") {
            None => Err((None, DataIntegrityError::Absent)),
            Some(Value::Object(proof)) => Ok(proof),
            Some(Value::Array(mut proofs)) => match proofs.pop() {
                Some(Value::Object(proof)) if proofs.is_empty() => Ok(proof),
                Some(last) if proofs.is_empty() => {
                    Err((Some(Value::Array(vec![last])), DataIntegrityError::NotAnObject))
                }
                Some(last) => {
                    proofs.push(last);
                    Err((Some(Value::Array(proofs)), DataIntegrityError::Several))
                }
                None => Err((Some(Value::Array(proofs)), DataIntegrityError::Absent)),
            },
            Some(other) => Err((Some(other), DataIntegrityError::NotAnObject)),
        };
        let read =
            proof.and_then(|proof| Proof::read(proof).map_err(|(proof, error)| (Some(Value::Object(proof)), error)));
        match read {
            Ok(proof) => Ok(Self { document, proof }),
            Err((proof, error)) => {
                if let Some(proof) = proof {
                    document.insert("proof".to_owned(), proof);
                }
                Err(Box::new(Unsigned { document, error }))
            }
        }
    }

    /// Whether the document's `@context` begins with the proof's, item by item (VC-DI-EdDSA 1.0, section 3.3.2,
    /// step 5). A proof without `@context` covers the document's own.
    pub fn context_holds(&self) -> bool {
        fn items(context: &Value) -> &[Value] {
            match context {
                Value::Array(items) => items,
                single => std::slice::from_ref(single),
            }
        }
        let Some(covered) = self.proof.options.get("@context") else { return true };
        self.document.get("@context").is_some_and(|present| items(present).starts_with(items(covered)))
    }

    /// The document as it was signed: without contexts that were added after the signed ones.
    pub fn into_signed_document(self) -> Map {
        let Self { mut document, mut proof } = self;
        if let (Some(present), Some(covered)) = (document.get_mut("@context"), proof.options.remove("@context")) {
            *present = covered;
        }
        document
    }

    /// Checks the signature with `key`, and that the context [holds](Self::context_holds).
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(&self, suite: Suite, key: &PublicKey) -> Result<(), ProofError> {
        let algorithm = suite.algorithm(key.key_type()).ok_or(ProofError::KeyType)?;
        if !self.context_holds() {
            return Err(ProofError::Context);
        }
        let signature = multibase::decode_base58btc(&self.proof.value, proof::VALUE_CHARACTERS)?;
        Ok(key.verify(algorithm, self.signed_bytes(key.key_type()).as_bytes(), &signature)?)
    }

    /// The bytes that were signed, with a key of that type.
    pub fn signed_bytes(&self, key_type: KeyType) -> HashData {
        match self.proof.options.get("@context") {
            // Step 5: the context that was signed stands in for the document's, which may only add to it.
            Some(context) if self.document.get("@context") != Some(context) => {
                let mut document = self.document.clone();
                document.insert("@context".to_owned(), context.clone());
                jcs::hash_data(&document, &self.proof.options, key_type)
            }
            _ => jcs::hash_data(&self.document, &self.proof.options, key_type),
        }
    }
}

/// What a new proof says beside the signature.
#[derive(Debug, Clone, Copy)]
pub struct ProofOptions<'a> {
    /// The verification method's absolute URL.
    pub verification_method: &'a str,
    /// `assertionMethod` for credentials, `authentication` for presentations.
    pub purpose: &'a str,
    /// The moment to claim; none is claimed without it.
    pub created: Option<Timestamp>,
    /// For presentations: for whom.
    pub domain: Option<&'a str>,
    /// For presentations: the verifier's nonce.
    pub challenge: Option<&'a str>,
}

/// Adds a proof to `document`, which must not have one.
///
/// # Errors
/// [`SigningError`].
pub fn sign(
    mut document: Map,
    suite: Suite,
    options: &ProofOptions<'_>,
    signer: &dyn Signer,
) -> Result<Map, SigningError> {
    let key_type = signer.algorithm().key_type();
    if suite.algorithm(key_type).is_none() {
        return Err(SigningError::KeyType { suite: suite.name(), key_type });
    }
    let mut proof = Map::new();
    let mut set = |name: &str, value: &str| proof.insert(name.to_owned(), value.into());
    set("type", "DataIntegrityProof");
    set("cryptosuite", suite.name());
    set("verificationMethod", options.verification_method);
    set("proofPurpose", options.purpose);
    if let Some(created) = options.created {
        set("created", &created.to_string());
    }
    if let Some(domain) = options.domain {
        set("domain", domain);
    }
    if let Some(challenge) = options.challenge {
        set("challenge", challenge);
    }
    if let Some(context) = document.get("@context") {
        proof.insert("@context".to_owned(), context.clone());
    }
    let data = jcs::hash_data(&document, &proof, key_type);
    let signature = keys::sign(signer, data.as_bytes())?;
    proof.insert("proofValue".to_owned(), multibase::encode_base58btc(signature).into());
    document.insert("proof".to_owned(), Value::Object(proof));
    Ok(document)
}
