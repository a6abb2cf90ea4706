//! Everything from outside that a decision may rest on, each with its source and its age.

use std::collections::HashMap;
use std::fmt;

use crate::did::{Document, DocumentError};
use crate::encoding::json::JsonError;
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// Something that a verification may need from outside.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Resource {
    /// The controlled identifier document of a DID or https URL.
    Document(String),
}

impl Resource {
    /// The DID or URL.
    pub fn url(&self) -> &str {
        match self {
            Self::Document(id) => id,
        }
    }

    /// What fetching it tells to whom, in a sentence.
    pub fn reveals(&self) -> &'static str {
        match self {
            Self::Document(_) => {
                "Fetching it tells the host of the issuer's identifier that somebody checks one of its credentials."
            }
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url())
    }
}

/// Where material comes from, which decides what it counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// Fetched by the host itself, over TLS, from the address that belongs to the identifier.
    Fetched,
    /// Somebody else's word: the signer of a trust pack, a resolver's endpoint.
    Asserted {
        /// Whose.
        by: String,
    },
}

/// One piece of material.
#[derive(Debug, Clone)]
pub struct Material {
    /// What it is.
    pub resource: Resource,
    /// The bytes as they were obtained.
    pub bytes: Vec<u8>,
    /// When.
    pub obtained: Timestamp,
    /// From whom.
    pub source: Source,
}

/// Why material cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MaterialError {
    /// More than [`limits::MATERIAL_BYTES`].
    #[error("the document has {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not a controlled identifier document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The document is another's (Controlled Identifiers 1.0, section 3.3: the id must equal the URL).
    #[error("the document is that of {found}, not of {asked}")]
    OtherId {
        /// What was asked for.
        asked: String,
        /// What the document says.
        found: String,
    },
}

impl Explain for MaterialError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "material.too-large",
            Self::Document(error) => error.code(),
            Self::OtherId { .. } => "material.other-id",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Document(error) => error.hint(),
            _ => "Fetch the document anew from the address that belongs to the identifier.",
        }
    }
}

impl From<JsonError> for MaterialError {
    fn from(error: JsonError) -> Self {
        Self::Document(error.into())
    }
}

#[derive(Debug, Clone)]
pub(crate) struct DocumentMaterial {
    pub(crate) document: Document,
    pub(crate) obtained: Timestamp,
    pub(crate) source: Source,
}

/// A verifier's materials. Each is read once, when it is added, so that judging many credentials costs nothing more.
#[derive(Debug, Clone, Default)]
pub struct Materials {
    documents: HashMap<String, Vec<DocumentMaterial>>,
}

impl Materials {
    /// None. Credentials of did:key and did:jwk issuers need none.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a piece of material and keeps it.
    ///
    /// # Errors
    /// [`MaterialError`].
    pub fn add(&mut self, material: &Material) -> Result<(), MaterialError> {
        if material.bytes.len() > limits::MATERIAL_BYTES {
            return Err(MaterialError::TooLarge { bytes: material.bytes.len(), limit: limits::MATERIAL_BYTES });
        }
        let Resource::Document(id) = &material.resource;
        let document = Document::parse(&material.bytes)?;
        if document.id() != id {
            return Err(MaterialError::OtherId { asked: id.clone(), found: document.id().to_owned() });
        }
        let entry = DocumentMaterial { document, obtained: material.obtained, source: material.source.clone() };
        self.documents.entry(id.clone()).or_default().push(entry);
        Ok(())
    }

    /// The newest document; what was fetched goes before what is asserted.
    pub(crate) fn document(&self, id: &str) -> Option<&DocumentMaterial> {
        self.documents.get(id)?.iter().max_by_key(|material| (material.source == Source::Fetched, material.obtained))
    }
}
