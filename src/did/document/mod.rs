//! Controlled identifier documents, of which DID documents are one kind (Controlled Identifiers 1.0, DID 1.1).

mod error;
mod read;
#[cfg(test)]
mod tests;
mod url;

use std::fmt;

use super::verification_method::{Relationship, VerificationMethod};
use crate::encoding::json::{self, Map, Value};
use crate::keys::PublicKey;
use crate::limits;

pub use self::error::DocumentError;
use self::read::read;
pub(crate) use self::url::is_identifier;
pub(super) use self::url::{absolute, is_url};

/// A controlled identifier document: whose it is, its keys, and what each of them may do.
///
/// `Debug` shows its id and the number of its verification methods.
#[derive(Clone, PartialEq)]
pub struct Document {
    id: String,
    methods: Vec<VerificationMethod>,
    source: Source,
}

/// What a document is written from.
#[derive(Clone, PartialEq)]
enum Source {
    /// As it was read.
    Read(Map),
    /// The methods themselves: it was made from a key.
    Methods,
    /// The one method, whose JWK stands in the DID as its maker wrote it.
    Jwk(Map),
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() > limits::MATERIAL_BYTES {
            return Err(DocumentError::TooLarge { bytes: bytes.len(), limit: limits::MATERIAL_BYTES });
        }
        let map = json::parse_object(bytes)?;
        let (id, methods) = read(&map)?;
        Ok(Self { id, methods, source: Source::Read(map) })
    }

    /// Reads a document that strict JSON was already made of.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn from_map(map: &Map) -> Result<Self, DocumentError> {
        Self::from_owned_map(map.clone())
    }

    /// As [`from_map`](Self::from_map), without a copy.
    pub(super) fn from_owned_map(map: Map) -> Result<Self, DocumentError> {
        let (id, methods) = read(&map)?;
        Ok(Self { id, methods, source: Source::Read(map) })
    }

    /// The document of a DID that carries its keys itself.
    pub(super) fn of_methods(id: &str, methods: Vec<VerificationMethod>) -> Self {
        Self { id: id.to_owned(), methods, source: Source::Methods }
    }

    /// The document of a DID that is a JWK.
    pub(super) fn of_jwk(id: &str, method: VerificationMethod, jwk: Map) -> Self {
        Self { id: id.to_owned(), methods: vec![method], source: Source::Jwk(jwk) }
    }

    /// The DID or https URL that the document describes.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Every verification method, those under another document's URL too.
    pub fn verification_methods(&self) -> &[VerificationMethod] {
        &self.methods
    }

    /// The verification method of that absolute URL.
    ///
    /// A method whose URL lies outside this document is not found: only the document that the URL points into may
    /// say what its key is (Controlled Identifiers 1.0, section 3.3).
    pub fn verification_method(&self, url: &str) -> Option<&VerificationMethod> {
        if !url.strip_prefix(self.id.as_str())?.starts_with(['#', '/', '?']) {
            return None;
        }
        self.methods.iter().find(|method| method.id == url)
    }

    /// The first method with this key that stands under the relationship.
    pub fn method_of_key(&self, key: &PublicKey, relationship: Relationship) -> Option<&VerificationMethod> {
        self.verification_methods()
            .iter()
            .find(|method| method.key.as_ref() == Ok(key) && self.authorizes(&method.id, relationship))
    }

    /// Whether this document lets the method of that absolute URL act in that relationship.
    pub fn authorizes(&self, url: &str, relationship: Relationship) -> bool {
        self.verification_method(url).is_some_and(|method| method.serves(relationship))
    }

    /// The absolute URL of a reference such as `#key-1`; `None` if it is no URL.
    pub fn absolute(&self, reference: &str) -> Option<String> {
        absolute(&self.id, reference)
    }

    /// The JSON of each verification method, in the order of
    /// [`verification_methods`](Self::verification_methods).
    pub(super) fn method_sources(&self) -> impl Iterator<Item = &Map> {
        let items = |name: &str| self.member(name).and_then(Value::as_array).into_iter().flatten();
        let embedded = Relationship::ALL.into_iter().flat_map(move |relationship| items(relationship.name()));
        items("verificationMethod").chain(embedded).filter_map(Value::as_object)
    }

    /// The members as they were read.
    pub(super) fn source(&self) -> Option<&Map> {
        match &self.source {
            Source::Read(map) => Some(map),
            Source::Methods | Source::Jwk(_) => None,
        }
    }

    /// Another member as it was read: `service`, `alsoKnownAs`, `controller` and whatever else the document holds.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.source()?.get(name)
    }

    /// The document as JSON: exactly what was read, or what the DID's keys make.
    pub fn to_json(&self) -> Map {
        if let Source::Read(source) = &self.source {
            return source.clone();
        }
        let mut map = Map::new();
        map.insert("@context".to_owned(), vec!["https://www.w3.org/ns/did/v1.1"].into());
        map.insert("id".to_owned(), self.id.as_str().into());
        let methods = self.methods.iter().map(|method| {
            let mut json = method.to_json();
            if let Source::Jwk(jwk) = &self.source {
                json.insert("publicKeyJwk".to_owned(), jwk.clone().into());
            }
            Value::Object(json)
        });
        map.insert("verificationMethod".to_owned(), methods.collect());
        for relationship in Relationship::ALL {
            let served = self.methods.iter().filter(|method| method.serves(relationship));
            let urls: Vec<Value> = served.map(|method| method.id.as_str().into()).collect();
            if !urls.is_empty() {
                map.insert(relationship.name().to_owned(), urls.into());
            }
        }
        map
    }

    /// As [`to_json`](Self::to_json), with the relative URLs of methods, relationships, services and other listed
    /// objects made absolute (DID Resolution 1.0, option `expandRelativeUrls`).
    pub fn to_json_with_absolute_urls(&self) -> Map {
        let mut map = self.to_json();
        for (name, member) in map.iter_mut() {
            let refers = Relationship::from_name(name).is_some();
            for item in member.as_array_mut().into_iter().flatten() {
                let url = match item {
                    Value::Object(object) => object.get_mut("id"),
                    Value::String(_) if refers => Some(item),
                    _ => None,
                };
                if let Some(Value::String(url)) = url
                    && url.starts_with(['#', '/', '?'])
                    && let Some(expanded) = absolute(&self.id, url)
                {
                    *url = expanded;
                }
            }
        }
        map
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({}, {} verification methods)", self.id, self.methods.len())
    }
}
