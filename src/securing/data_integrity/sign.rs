//! Adding proofs to documents (Data Integrity 1.0, sections 4.2 and 4.3).

use serde_json::Value;

use super::chain::ChainError;
use super::proof::{DataIntegrityError, Proof, Suite, Transformation};
use super::rdfc::{self, CanonicalError};
use super::signed::{Signed, read_proof};
use crate::encoding::json::Map;
use crate::encoding::multibase;
use crate::error::Explain;
use crate::jsonld::Contexts;
use crate::keys::{self, KeyType, Signer, SignerError};
use crate::limits;
use crate::time::Timestamp;

/// Why no proof could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The suite has no use for the signer's key.
    #[error("{suite} does not use {key_type} keys")]
    KeyType {
        /// The suite's name.
        suite: &'static str,
        /// The key's type.
        key_type: KeyType,
    },
    /// The document, or what the proof would say, has no canonical RDF: something in it would not be signed.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// A proof that stands in the document cannot be read, or there are too many.
    #[error(transparent)]
    Proof(#[from] DataIntegrityError),
    /// The proofs that it is to build on are not all there.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A suite that signs statements: what of them is mandatory is said elsewhere ([`sd::Prepared`](super::sd::Prepared)).
    #[error("ecdsa-sd-2023 signs statements, and stands alone")]
    Statements,
    /// Another proof in the document has the new one's id.
    #[error("another proof in the document has the same id")]
    SameId,
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

impl Explain for SigningError {
    fn code(&self) -> &'static str {
        match self {
            Self::KeyType { .. } => "data-integrity.key-type",
            Self::Canonical(error) => error.code(),
            Self::Proof(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Statements => "data-integrity.statements",
            Self::SameId => "data-integrity.same-id",
            Self::Signer(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::KeyType { .. } => "Use an eddsa suite with Ed25519 keys, an ecdsa suite with P-256 and P-384 keys.",
            Self::Canonical(error) => error.hint(),
            Self::Proof(error) => error.hint(),
            Self::Chain(error) => error.hint(),
            Self::Statements => "Use ecdsa-rdfc-2019, or issue the credential as ecdsa-sd-2023.",
            Self::SameId => "Give each proof an id of its own, such as a fresh urn:uuid.",
            Self::Signer(error) => error.hint(),
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
    /// When the proof ceases to count.
    pub expires: Option<Timestamp>,
    /// For presentations: for whom.
    pub domain: Option<&'a str>,
    /// For presentations: the verifier's nonce.
    pub challenge: Option<&'a str>,
    /// A URL by which later proofs name this one.
    pub id: Option<&'a str>,
    /// The ids of the proofs in the document that this one builds on: it signs them with the document.
    pub previous: &'a [&'a str],
}

impl<'a> ProofOptions<'a> {
    /// A proof with this method, for this purpose, that says nothing else.
    pub fn new(verification_method: &'a str, purpose: &'a str) -> Self {
        Self {
            verification_method,
            purpose,
            created: None,
            expires: None,
            domain: None,
            challenge: None,
            id: None,
            previous: &[],
        }
    }

    /// The proof without `proofValue`.
    pub(crate) fn to_map(self, suite: Suite) -> Map {
        let mut proof = Map::new();
        let mut set = |name: &str, value: Value| proof.insert(name.to_owned(), value);
        set("type", "DataIntegrityProof".into());
        set("cryptosuite", suite.name().into());
        set("verificationMethod", self.verification_method.into());
        set("proofPurpose", self.purpose.into());
        let moments = [("created", self.created), ("expires", self.expires)];
        for (name, moment) in moments.into_iter().filter_map(|(name, moment)| Some((name, moment?))) {
            set(name, moment.to_string().into());
        }
        let texts = [("domain", self.domain), ("challenge", self.challenge), ("id", self.id)];
        for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text?))) {
            set(name, text.into());
        }
        match self.previous {
            [] => {}
            [only] => drop(set("previousProof", (*only).into())),
            several => drop(set("previousProof", several.iter().copied().collect())),
        }
        proof
    }
}

/// Adds a proof to a document, beside those that it has.
///
/// With a suite that signs RDF the document is read by its contexts first: what they do not define is an error, so is what
/// stands under another name than their own, and nothing is signed.
///
/// # Errors
/// [`SigningError`].
pub fn sign(
    mut document: Map,
    suite: Suite,
    options: &ProofOptions<'_>,
    contexts: &dyn Contexts,
    signer: &dyn Signer,
) -> Result<Map, SigningError> {
    let key_type = signer.algorithm().key_type();
    if suite.algorithm(key_type).is_none() {
        return Err(SigningError::KeyType { suite: suite.name(), key_type });
    }
    if suite.transformation() == Transformation::Statements {
        return Err(SigningError::Statements);
    }
    let mut proof = options.to_map(suite);
    if suite.transformation() == Transformation::Jcs
        && let Some(context) = document.get("@context")
    {
        proof.insert("@context".to_owned(), context.clone());
    }
    let others = take_proofs(&mut document)?;
    if suite.transformation() == Transformation::Rdfc {
        rdfc::check_words(&document)?;
    }
    if options.id.is_some() && others.iter().any(|other| other.id.as_deref() == options.id) {
        return Err(SigningError::SameId);
    }
    let mut values: Vec<Value> = others.iter().map(|other| Value::Object(other.to_json())).collect();
    let new = Signed::about_to_be(document, others, proof.clone())?;
    let data = new.bytes_to_sign(key_type, contexts)?;
    let signature = keys::sign(signer, data.as_bytes())?;
    proof.insert("proofValue".to_owned(), multibase::encode_base58btc(signature).into());
    let mut document = new.into_document();
    let proof = Value::Object(proof);
    let all = if values.is_empty() {
        proof
    } else {
        values.push(proof);
        Value::Array(values)
    };
    document.insert("proof".to_owned(), all);
    Ok(document)
}

/// Takes the proofs off; each of them must be readable.
fn take_proofs(document: &mut Map) -> Result<Vec<Proof>, DataIntegrityError> {
    let items = match document.remove("proof") {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(single) => vec![single],
    };
    if items.len() > limits::PROOFS {
        return Err(DataIntegrityError::TooMany { limit: limits::PROOFS });
    }
    items.into_iter().map(|item| read_proof(item).map_err(|(_, error)| error)).collect()
}
