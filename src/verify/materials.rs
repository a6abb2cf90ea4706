//! Everything from outside that a decision may rest on, each with its source and its age.

use std::collections::HashMap;
use std::fmt;

use super::issuer_metadata::{self, IssuerKeys, KeySet};
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
    /// The JWT VC Issuer Metadata at this address, which is the issuer's with `/.well-known/jwt-vc-issuer` between host
    /// and path.
    IssuerMetadata(String),
    /// The JWK Set at this address, which an issuer's metadata names.
    KeySet(String),
    /// The type metadata of this `vct`.
    TypeMetadata(String),
}

impl Resource {
    /// The DID or URL.
    pub fn url(&self) -> &str {
        match self {
            Self::Document(url) | Self::IssuerMetadata(url) | Self::KeySet(url) | Self::TypeMetadata(url) => url,
        }
    }

    /// What it is, as reports name it: `document`, `issuer-metadata`, `key-set` or `type-metadata`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Document(_) => "document",
            Self::IssuerMetadata(_) => "issuer-metadata",
            Self::KeySet(_) => "key-set",
            Self::TypeMetadata(_) => "type-metadata",
        }
    }

    /// The resource of that type at that DID or URL.
    pub fn of_type(type_name: &str, url: String) -> Option<Self> {
        match type_name {
            "document" => Some(Self::Document(url)),
            "issuer-metadata" => Some(Self::IssuerMetadata(url)),
            "key-set" => Some(Self::KeySet(url)),
            "type-metadata" => Some(Self::TypeMetadata(url)),
            _ => None,
        }
    }

    /// What fetching it tells to whom, in a sentence.
    pub fn reveals(&self) -> &'static str {
        match self {
            Self::Document(_) => {
                "Fetching it tells the host of the issuer's identifier that somebody checks one of its credentials."
            }
            Self::IssuerMetadata(_) | Self::KeySet(_) => {
                "Fetching it tells the issuer's host that somebody checks one of its credentials."
            }
            Self::TypeMetadata(_) => {
                "Fetching it tells the host of the type's address that somebody checks a credential of this type."
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
    /// A member is missing or has the wrong form.
    #[error("the member {member} is missing or has the wrong form")]
    Member {
        /// The member's name.
        member: &'static str,
    },
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
            Self::Member { .. } => "material.member",
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

/// Material that was read: what is in it, when it was obtained, from whom.
#[derive(Debug, Clone)]
pub(crate) struct Read<T> {
    pub(crate) content: T,
    pub(crate) obtained: Timestamp,
    pub(crate) source: Source,
}

/// Materials of one type, by address. What was fetched goes before what is asserted, and of each the newest.
#[derive(Clone)]
struct Shelf<T>(HashMap<String, Vec<Read<T>>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Shelf<T> {
    fn put(&mut self, material: &Material, content: T) {
        let read = Read { content, obtained: material.obtained, source: material.source.clone() };
        self.0.entry(material.resource.url().to_owned()).or_default().push(read);
    }

    fn newest(&self, url: &str) -> Option<&Read<T>> {
        self.0.get(url)?.iter().max_by_key(|read| (read.source == Source::Fetched, read.obtained))
    }
}

/// A verifier's materials. Each is read once, when it is added, so that judging many credentials costs nothing more.
#[derive(Clone, Default)]
pub struct Materials {
    documents: Shelf<Document>,
    issuers: Shelf<IssuerKeys>,
    key_sets: Shelf<KeySet>,
    types: Shelf<Vec<u8>>,
}

impl fmt::Debug for Materials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [self.documents.0.len(), self.issuers.0.len(), self.key_sets.0.len(), self.types.0.len()];
        f.debug_struct("Materials").field("resources", &counts.iter().sum::<usize>()).finish_non_exhaustive()
    }
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
        let bytes = &material.bytes;
        match &material.resource {
            Resource::Document(id) => {
                let document = Document::parse(bytes)?;
                if document.id() != id {
                    return Err(MaterialError::OtherId { asked: id.clone(), found: document.id().to_owned() });
                }
                self.documents.put(material, document);
            }
            Resource::IssuerMetadata(url) => self.issuers.put(material, issuer_metadata::read(bytes, url)?),
            Resource::KeySet(_) => self.key_sets.put(material, KeySet::read(bytes)?),
            Resource::TypeMetadata(_) => self.types.put(material, bytes.clone()),
        }
        Ok(())
    }

    pub(crate) fn document(&self, id: &str) -> Option<&Read<Document>> {
        self.documents.newest(id)
    }

    /// The metadata at that address.
    pub(crate) fn issuer_keys(&self, url: &str) -> Option<&Read<IssuerKeys>> {
        self.issuers.newest(url)
    }

    pub(crate) fn key_set(&self, url: &str) -> Option<&Read<KeySet>> {
        self.key_sets.newest(url)
    }

    /// The bytes of the type metadata of that `vct`.
    pub(crate) fn type_metadata(&self, vct: &str) -> Option<&Read<Vec<u8>>> {
        self.types.newest(vct)
    }
}
