//! What comes from outside: key documents, issuers' metadata and key sets, descriptions of types.

use attesta::jsonld::GivenContexts;
use attesta::time::Timestamp;
use attesta::verify::{self, Materials, Resource, Source};

use crate::AttestaError;

/// What a piece of material is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ResourceType {
    /// The document of a DID or https URL, with its keys.
    Document,
    /// The metadata of an issuer of SD-JWT VCs, at its address with `/.well-known/jwt-vc-issuer`.
    IssuerMetadata,
    /// The key set at an address that an issuer's metadata names.
    KeySet,
    /// The metadata of a type of SD-JWT VCs, by its `vct`.
    TypeMetadata,
    /// The log of a did:webvh DID, `did.jsonl`.
    Log,
    /// The proofs of a log's witnesses, `did-witness.json`.
    LogWitnesses,
    /// The status list at a URL.
    StatusList,
    /// The compromise notices at a URL, which an issuer's document names.
    CompromiseNotices,
    /// The JSON-LD context at a URL. It counts only with the hash that the policy or a trust list pins.
    Context,
}

impl ResourceType {
    const ALL: [Self; 9] = [
        Self::Document,
        Self::IssuerMetadata,
        Self::KeySet,
        Self::TypeMetadata,
        Self::Log,
        Self::LogWitnesses,
        Self::StatusList,
        Self::CompromiseNotices,
        Self::Context,
    ];

    fn to_core(self, url: String) -> Resource {
        match self {
            Self::Document => Resource::Document(url),
            Self::IssuerMetadata => Resource::IssuerMetadata(url),
            Self::KeySet => Resource::KeySet(url),
            Self::TypeMetadata => Resource::TypeMetadata(url),
            Self::Log => Resource::Log(url),
            Self::LogWitnesses => Resource::LogWitnesses(url),
            Self::StatusList => Resource::StatusList(url),
            Self::CompromiseNotices => Resource::CompromiseNotices(url),
            Self::Context => Resource::Context(url),
        }
    }

    /// `None` for what the core has and hosts do not know yet.
    pub(crate) fn of_core(resource: &Resource) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.to_core(resource.url().to_owned()) == *resource)
    }
}

/// Where material comes from, which decides what it counts for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum MaterialSource {
    /// Fetched by the app itself, over TLS, from the address that belongs to the identifier.
    Fetched,
    /// Somebody else's word: the signer of a trust pack, a resolver's endpoint.
    Asserted {
        /// Whose.
        by: String,
    },
    /// Made by the app itself, and kept where nobody else writes: a checkpoint of a log that it verified. Of anything else
    /// it is nobody's word.
    Own,
}

impl MaterialSource {
    fn to_core(&self) -> Source {
        match self {
            Self::Fetched => Source::Fetched,
            Self::Asserted { by } => Source::Asserted { by: by.clone() },
            Self::Own => Source::Own,
        }
    }
}

/// Something from outside, as it was obtained.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Material {
    /// What it is.
    pub r#type: ResourceType,
    /// The DID or URL that it belongs to; for type metadata, the `vct`.
    pub url: String,
    /// Its bytes, unchanged.
    pub bytes: Vec<u8>,
    /// When it was obtained: seconds since 1970-01-01T00:00:00Z.
    pub obtained: i64,
    /// From whom.
    pub source: MaterialSource,
}

impl Material {
    fn to_core(&self) -> Result<verify::Material, AttestaError> {
        Ok(verify::Material {
            resource: self.r#type.to_core(self.url.clone()),
            bytes: self.bytes.clone(),
            obtained: Timestamp::from_unix(self.obtained)?,
            source: self.source.to_core(),
        })
    }
}

/// A JSON-LD context that is not built in, for whoever issues or presents what names it, in formats that sign RDF: giving it
/// is the app's word that these are its bytes. A verifier takes contexts as [`Material`], by their pinned hash.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GivenContext {
    /// Its URL, as documents name it.
    pub url: String,
    /// Its bytes, as they were published.
    pub bytes: Vec<u8>,
}

/// The built-in contexts, and these.
pub(crate) fn contexts(given: &[GivenContext]) -> Result<GivenContexts, AttestaError> {
    let mut contexts = GivenContexts::none();
    for GivenContext { url, bytes } in given {
        contexts.add(url, bytes)?;
    }
    Ok(contexts)
}

/// These materials, and what is in `first` already.
pub(crate) fn adding(mut first: Materials, materials: &[Material]) -> Result<Materials, AttestaError> {
    for material in materials {
        first.add(&material.to_core()?)?;
    }
    Ok(first)
}

/// Something that must be fetched before a decision can be made.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MissingResource {
    /// What it is.
    pub r#type: ResourceType,
    /// The DID or URL that it belongs to; for type metadata, the `vct`.
    pub url: String,
    /// What fetching it tells to whom, in a sentence.
    pub reveals: String,
}

impl MissingResource {
    pub(crate) fn of_core(resource: &Resource) -> Option<Self> {
        let (url, reveals) = (resource.url().to_owned(), resource.reveals().to_owned());
        ResourceType::of_core(resource).map(|r#type| Self { r#type, url, reveals })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_know_every_type_of_the_core() {
        let url = "https://ngo.example";
        for name in Resource::TYPES.iter().copied() {
            let resource = Resource::of_type(name, url.to_owned()).unwrap();
            let missing = MissingResource::of_core(&resource).unwrap();
            assert_eq!(
                (missing.r#type.to_core(missing.url), missing.reveals.as_str()),
                (resource.clone(), resource.reveals())
            );
        }
    }
}
