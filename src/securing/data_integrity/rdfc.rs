//! Canonical RDF of a document and of a proof's options (VC-DI-EdDSA 1.0, sections 3.2.3 to 3.2.5; VC-DI-ECDSA 1.0,
//! sections 3.2.3 to 3.2.5).

use serde_json::Value;

use crate::encoding::json::Map;
use crate::error::Explain;
use crate::jsonld::rdfc::{self, Hash, HashAlgorithm, TooComplex};
use crate::jsonld::{Contexts, JsonLdError, first_disguised, to_dataset, to_dataset_with};

/// Why a document or a proof has no canonical RDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalError {
    /// Something in the document or its proof is no safe JSON-LD.
    #[error(transparent)]
    JsonLd(#[from] JsonLdError),
    /// Its nodes cannot be told apart with the work that is allowed.
    #[error(transparent)]
    TooComplex(#[from] TooComplex),
    /// A member is named by an address or a keyword. Its meaning would be signed, and readers of the document would overlook
    /// it ([`first_disguised`]).
    #[error("{pointer} is named by an address or a keyword instead of a word")]
    Disguised {
        /// The member, as a JSON pointer.
        pointer: String,
    },
}

impl Explain for CanonicalError {
    fn code(&self) -> &'static str {
        match self {
            Self::JsonLd(error) => error.code(),
            Self::TooComplex(error) => error.code(),
            Self::Disguised { .. } => "data-integrity.disguised",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::JsonLd(error) => error.hint(),
            Self::TooComplex(error) => error.hint(),
            Self::Disguised { .. } => "Write the word that the document's @context has for it.",
        }
    }
}

/// Before anything is signed: whether every member stands there by its word. What a presentation carries answers for
/// itself.
pub(super) fn check_words(document: &Map) -> Result<(), CanonicalError> {
    match first_disguised(document, &["verifiableCredential"]) {
        Some(pointer) => Err(CanonicalError::Disguised { pointer }),
        None => Ok(()),
    }
}

pub(super) fn of_document(
    document: &Map,
    hash: HashAlgorithm,
    contexts: &dyn Contexts,
) -> Result<Hash, CanonicalError> {
    Ok(rdfc::hash(&to_dataset(document, contexts)?, hash)?)
}

/// Section 3.2.5: "Set proofConfig.@context to unsecuredDocument.@context."
pub(super) fn of_options(
    options: &Map,
    context: Option<&Value>,
    hash: HashAlgorithm,
    contexts: &dyn Contexts,
) -> Result<Hash, CanonicalError> {
    let data = match context {
        Some(context) => to_dataset_with(options, context, contexts),
        None => to_dataset(options, contexts),
    };
    Ok(rdfc::hash(&data.map_err(in_proof)?, hash)?)
}

/// Says of what is wrong in a proof that it stands there.
fn in_proof(error: JsonLdError) -> JsonLdError {
    let under = |pointer: String| format!("/proof{pointer}");
    match error {
        JsonLdError::Unsafe { pointer, reason } => JsonLdError::Unsafe { pointer: under(pointer), reason },
        JsonLdError::Invalid { pointer, fault } => JsonLdError::Invalid { pointer: under(pointer), fault },
        other => other,
    }
}
