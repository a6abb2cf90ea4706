//! Controlled identifier documents, of which DID documents are one kind (Controlled Identifiers 1.0, DID 1.1).

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::verification_method::{Relationship, VerificationMethod};
use super::{Did, DidUrl};
use crate::encoding::json::{self, JsonError, Map, Value};
use crate::error::Explain;
use crate::keys::PublicKey;
use crate::limits;
use crate::time::TimeError;

/// Why bytes are no document whose keys could be used. Carries the names of members, never their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Not strict JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// More bytes than [`limits::MATERIAL_BYTES`].
    #[error("a document of {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// `id` is neither a DID nor an https URL without a fragment.
    #[error("the document's id is neither a DID nor an https URL without a fragment")]
    Id,
    /// A member is missing or has the wrong form.
    #[error("the member {member} is missing or has the wrong form")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// A member is no URL, absolute or relative to the document.
    #[error("the member {member} is no URL")]
    Url {
        /// The member's name.
        member: &'static str,
    },
    /// A date and time that cannot be read.
    #[error("the member {member} is {source}")]
    Time {
        /// The member's name.
        member: &'static str,
        /// What is wrong with it.
        source: TimeError,
    },
    /// More verification methods than [`limits::VERIFICATION_METHODS`].
    #[error("more than {limit} verification methods")]
    TooManyMethods {
        /// The ceiling.
        limit: usize,
    },
    /// Two verification methods have the same id.
    #[error("two verification methods have the same id")]
    DuplicateMethod,
    /// Two services have the same id: "A conforming consumer MUST produce an error if it detects multiple service entries
    /// with the same id" (DID 1.0, section 5.4).
    #[error("two services have the same id")]
    DuplicateService,
    /// A verification method has its key in two forms, which could differ.
    #[error("a verification method has both publicKeyMultibase and publicKeyJwk")]
    TwoKeys,
    /// A private key stands in the document.
    #[error("a private key stands in the document")]
    SecretKey,
}

impl Explain for DocumentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::TooLarge { .. } => "document.too-large",
            Self::Id => "document.id",
            Self::Member { .. } => "document.member",
            Self::Url { .. } => "document.url",
            Self::Time { .. } => "document.time",
            Self::TooManyMethods { .. } => "document.too-many-methods",
            Self::DuplicateMethod => "document.duplicate-method",
            Self::DuplicateService => "document.duplicate-service",
            Self::TwoKeys => "document.two-keys",
            Self::SecretKey => "document.secret-key",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Time { source, .. } => source.hint(),
            Self::TooLarge { .. } | Self::TooManyMethods { .. } => "Remove keys and services that are no longer used.",
            Self::Id => "Let id be the DID that the document is published for.",
            Self::Member { .. } | Self::Url { .. } => {
                "Compare the document with Controlled Identifiers 1.0, section 2: each verification method needs \
                 id, type and controller."
            }
            Self::DuplicateMethod => "Give each verification method an id of its own.",
            Self::DuplicateService => "Give each service an id of its own.",
            Self::TwoKeys => "Keep one of the two forms.",
            Self::SecretKey => "Take the private key out and replace it by a new one: others may have seen it.",
        }
    }
}

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

/// The id and the verification methods, each with the relationships that list it.
fn read(map: &Map) -> Result<(String, Vec<VerificationMethod>), DocumentError> {
    let id = map.get("id").and_then(Value::as_str).filter(|id| is_identifier(id)).ok_or(DocumentError::Id)?;
    let mut methods = Methods::default();
    for item in items(map, "verificationMethod")? {
        let item = item.as_object().ok_or(DocumentError::Member { member: "verificationMethod" })?;
        methods.add(VerificationMethod::read(id, item)?)?;
    }
    let defined = methods.list.len();
    let mut references = Vec::new();
    for relationship in Relationship::ALL {
        let member = relationship.name();
        for item in items(map, member)? {
            match item {
                Value::String(reference) => {
                    let url = absolute(id, reference).ok_or(DocumentError::Url { member })?;
                    references.push((url, relationship));
                }
                Value::Object(embedded) => {
                    let mut method = VerificationMethod::read(id, embedded)?;
                    method.list_under(relationship);
                    methods.add(method)?;
                }
                _ => return Err(DocumentError::Member { member }),
            }
        }
    }
    for (url, relationship) in references {
        // An embedded method serves where it stands and nowhere else; what the document does not hold serves
        // nothing (Controlled Identifiers 1.0, section 2.3).
        if let Some(index) = methods.indices.get(&url).copied().filter(|index| *index < defined) {
            methods.list[index].list_under(relationship);
        }
    }
    services_differ(id, map)?;
    Ok((id.to_owned(), methods.list))
}

/// What is no list of objects with ids is left to whoever looks for services.
fn services_differ(id: &str, map: &Map) -> Result<(), DocumentError> {
    let services = map.get("service").and_then(Value::as_array).into_iter().flatten();
    let mut seen = HashSet::new();
    for service in services.filter_map(|service| service.get("id")?.as_str()) {
        let url = absolute(id, service).unwrap_or_else(|| service.to_owned());
        if !seen.insert(url) {
            return Err(DocumentError::DuplicateService);
        }
    }
    Ok(())
}

/// Verification methods while a document is read, each id once.
#[derive(Default)]
struct Methods {
    list: Vec<VerificationMethod>,
    indices: HashMap<String, usize>,
}

impl Methods {
    fn add(&mut self, method: VerificationMethod) -> Result<(), DocumentError> {
        if self.list.len() == limits::VERIFICATION_METHODS {
            return Err(DocumentError::TooManyMethods { limit: limits::VERIFICATION_METHODS });
        }
        if self.indices.insert(method.id.clone(), self.list.len()).is_some() {
            return Err(DocumentError::DuplicateMethod);
        }
        self.list.push(method);
        Ok(())
    }
}

/// The items of a member that is a set, where an absent member has none.
fn items<'m>(map: &'m Map, member: &'static str) -> Result<&'m [Value], DocumentError> {
    match map.get(member) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(DocumentError::Member { member }),
    }
}

/// Whether the text can be the id of a document: a DID, or an https URL without a fragment.
pub(crate) fn is_identifier(id: &str) -> bool {
    let is_https = || id.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?']));
    Did::parse(id).is_ok() || (is_https() && is_url(id) && !id.contains('#'))
}

/// The reference resolved against the document's id (RFC 3986 section 5; DID 1.0 section 3.2.2). Against an https URL
/// only a fragment is resolved: methods of a document at a URL lie in that document.
pub(super) fn absolute(document_id: &str, reference: &str) -> Option<String> {
    let is_did = document_id.starts_with("did:");
    let url = match reference.as_bytes().first()? {
        b'#' => format!("{document_id}{reference}"),
        b'/' | b'?' if is_did => format!("{document_id}{reference}"),
        _ => reference.to_owned(),
    };
    let is_valid = if url.starts_with("did:") { DidUrl::parse(&url).is_ok() } else { is_url(&url) };
    is_valid.then_some(url)
}

/// Whether the text is an absolute URL by the characters of RFC 3986, at most as long as a DID URL.
pub(super) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    text.len() <= limits::DID_BYTES
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte))
        && rest.bytes().filter(|byte| *byte == b'#').count() <= 1
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys::KeyError;

    const KEY: &str = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu";
    const DID: &str = "did:web:ngo.example";

    fn multikey(id: &str) -> Value {
        json!({ "id": id, "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY })
    }

    fn p256() -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "kid": "first",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        })
    }

    fn json_web_key(id: &str, jwk: Value) -> Value {
        json!({ "id": id, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk })
    }

    fn document(members: Value) -> Result<Document, DocumentError> {
        let mut map = members.as_object().unwrap().clone();
        map.entry("id").or_insert(DID.into());
        Document::parse(&serde_json::to_vec(&map).unwrap())
    }

    fn code(members: Value) -> &'static str {
        document(members).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn methods_serve_where_they_are_listed_and_nowhere_else() {
        let document = document(json!({
            "verificationMethod": [multikey("#a"), json_web_key("did:web:ngo.example#b", p256())],
            "assertionMethod": ["did:web:ngo.example#a", "#missing", "did:web:other.example#a"],
            "authentication": ["#b", multikey("#embedded")],
            "keyAgreement": ["#b", "#embedded", "#a"],
        }))
        .unwrap();
        let authorized = |url: &str| {
            let listed = Relationship::ALL.into_iter().filter(|relationship| document.authorizes(url, *relationship));
            listed.map(Relationship::name).collect::<Vec<_>>()
        };
        assert_eq!(authorized("did:web:ngo.example#a"), ["assertionMethod"], "Ed25519 agrees on no secret");
        assert_eq!(authorized("did:web:ngo.example#b"), ["authentication", "keyAgreement"]);
        assert_eq!(authorized("did:web:ngo.example#embedded"), ["authentication"]);
        for url in ["#a", "did:web:ngo.example", "did:web:ngo.example#missing", "did:web:other.example#a", ""] {
            assert_eq!(authorized(url), [""; 0], "{url:?}");
        }
        assert_eq!(document.verification_methods().len(), 3);
        let second = document.verification_method("did:web:ngo.example#b").unwrap();
        assert_eq!(second.jwk_kid.as_deref(), Some("first"));
        assert_eq!(format!("{document:?}"), "Document(did:web:ngo.example, 3 verification methods)");
    }

    #[test]
    fn two_services_of_one_id_are_refused() {
        let service = |id: &str, url: &str| json!({ "id": id, "type": "x", "serviceEndpoint": url });
        let services = |first: &str, second: &str| {
            let [first, second] = [service(first, "https://a.example/"), service(second, "https://b.example/")];
            code(json!({ "service": [first, second] }))
        };
        assert_eq!(services("#files", "#notices"), "ok");
        assert_eq!(services("#files", "did:web:other.example#files"), "ok");
        assert_eq!(services("#files", "#files"), "document.duplicate-service");
        assert_eq!(services("#files", "did:web:ngo.example#files"), "document.duplicate-service");
        assert_eq!(services("urn:a", "urn:a"), "document.duplicate-service");
        assert_eq!(services("a", "a"), "document.duplicate-service");
    }

    #[test]
    fn a_method_under_another_documents_url_is_never_found() {
        for url in ["did:web:ngo.example.evil#a", "did:web:other.example#a", "did:web:ngo.exampl#a", "urn:a"] {
            let document =
                document(json!({ "verificationMethod": [multikey(url)], "assertionMethod": [url] })).unwrap();
            assert!(document.verification_method(url).is_none(), "{url}");
            assert!(!document.authorizes(url, Relationship::AssertionMethod), "{url}");
        }
    }

    #[test]
    fn what_a_jwk_is_not_for_it_does_not_serve() {
        let serves = |changes: Value| {
            let mut jwk = p256();
            jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let method = json_web_key("#a", jwk);
            let document = document(json!({
                "verificationMethod": [method], "assertionMethod": ["#a"], "keyAgreement": ["#a"],
            }))
            .unwrap();
            let url = "did:web:ngo.example#a";
            (
                document.authorizes(url, Relationship::AssertionMethod),
                document.authorizes(url, Relationship::KeyAgreement),
            )
        };
        assert_eq!(serves(json!({})), (true, true));
        assert_eq!(serves(json!({ "use": "sig" })), (true, false));
        assert_eq!(serves(json!({ "use": "enc" })), (false, true));
        assert_eq!(serves(json!({ "key_ops": ["deriveBits"] })), (false, true));
        assert_eq!(serves(json!({ "alg": "ECDH-ES" })), (false, true));
    }

    #[test]
    fn one_key_that_cannot_be_used_leaves_the_others() {
        let with_type = |kind: &str| {
            let mut method = multikey("#a");
            method["type"] = kind.into();
            method
        };
        let mut no_key = multikey("#a");
        no_key.as_object_mut().unwrap().remove("publicKeyMultibase");
        let mut number = multikey("#a");
        number["publicKeyMultibase"] = 5.into();
        let mut other_curve = p256();
        other_curve["crv"] = "secp256k1".into();
        for (method, error) in [
            (with_type("Ed25519VerificationKey2018"), KeyError::UnsupportedType),
            (with_type("multikey"), KeyError::UnsupportedType),
            (with_type("JsonWebKey"), KeyError::Member { name: "publicKeyJwk" }),
            (json_web_key("#a", "text".into()), KeyError::Member { name: "publicKeyJwk" }),
            (json_web_key("#a", other_curve), KeyError::UnsupportedType),
            (no_key, KeyError::Member { name: "publicKeyMultibase" }),
            (number, KeyError::Member { name: "publicKeyMultibase" }),
        ] {
            let document = document(json!({ "verificationMethod": [method, multikey("#good")] })).unwrap();
            assert_eq!(document.verification_methods()[0].key, Err(error));
            assert!(document.verification_methods()[1].key.is_ok());
        }
    }

    #[test]
    fn malformed_documents_are_refused() {
        let changed = |name: &str, value: Value| {
            let mut method = multikey("#a");
            method[name] = value;
            json!({ "verificationMethod": [method] })
        };
        let mut private = p256();
        private["d"] = "AA".into();
        let mut both = json_web_key("#a", p256());
        both["publicKeyMultibase"] = KEY.into();
        for (members, expected) in [
            (json!({ "id": null }), "document.id"),
            (json!({ "id": "did:web:ngo.example#a" }), "document.id"),
            (json!({ "id": "http://ngo.example/" }), "document.id"),
            (json!({ "id": "https://" }), "document.id"),
            (json!({ "id": "https:///path" }), "document.id"),
            (json!({ "id": "https://ngo.example/#a" }), "document.id"),
            (json!({ "id": "https://ngo example/" }), "document.id"),
            (json!({ "id": ["did:web:ngo.example"] }), "document.id"),
            (json!({ "verificationMethod": {} }), "document.member"),
            (json!({ "verificationMethod": ["#a"] }), "document.member"),
            (json!({ "assertionMethod": "#a" }), "document.member"),
            (json!({ "assertionMethod": [5] }), "document.member"),
            (json!({ "assertionMethod": [""] }), "document.url"),
            (json!({ "assertionMethod": ["key-1"] }), "document.url"),
            (json!({ "assertionMethod": ["#a#b"] }), "document.url"),
            (changed("id", Value::Null), "document.member"),
            (changed("id", "a b".into()), "document.url"),
            (changed("id", "did:web:ngo.example#ö".into()), "document.url"),
            (changed("type", json!(["Multikey"])), "document.member"),
            (changed("controller", Value::Null), "document.member"),
            (changed("revoked", "yesterday".into()), "document.time"),
            (changed("revoked", true.into()), "document.member"),
            (changed("expires", "2026-02-30T00:00:00Z".into()), "document.time"),
            (changed("secretKeyMultibase", "z".into()), "document.secret-key"),
            (changed("privateKeyJwk", json!({})), "document.secret-key"),
            (json!({ "verificationMethod": [json_web_key("#a", private)] }), "document.secret-key"),
            (json!({ "verificationMethod": [both] }), "document.two-keys"),
            (
                json!({ "verificationMethod": [multikey("#a"), multikey("did:web:ngo.example#a")] }),
                "document.duplicate-method",
            ),
            (
                json!({ "verificationMethod": [multikey("#a")], "authentication": [multikey("#a")] }),
                "document.duplicate-method",
            ),
            (
                json!({ "authentication": [multikey("#a")], "assertionMethod": [multikey("#a")] }),
                "document.duplicate-method",
            ),
        ] {
            assert_eq!(code(members.clone()), expected, "{members}");
        }
        assert_eq!(Document::parse(b"[]").unwrap_err().code(), "json.not-an-object");
        assert_eq!(Document::parse(&[b' '; limits::MATERIAL_BYTES + 1]).unwrap_err().code(), "document.too-large");
        let many: Vec<Value> = (0..=limits::VERIFICATION_METHODS).map(|n| multikey(&format!("#{n}"))).collect();
        assert_eq!(code(json!({ "verificationMethod": many[1..] })), "ok");
        assert_eq!(code(json!({ "verificationMethod": many })), "document.too-many-methods");
    }

    #[test]
    fn a_document_at_a_url_resolves_its_fragments() {
        let url = "https://example.issuer/vc-jose-cose";
        let mut method = json_web_key("#key-1", p256());
        method["controller"] = url.into();
        let members = json!({ "id": url, "verificationMethod": [method], "assertionMethod": ["#key-1"] });
        let document = document(members).unwrap();
        assert!(document.authorizes(&format!("{url}#key-1"), Relationship::AssertionMethod));
        assert!(!document.authorizes("https://example.issuer/#key-1", Relationship::AssertionMethod));
        assert_eq!(document.absolute("/other"), None);
    }

    #[test]
    fn times_are_read_and_other_members_kept() {
        let mut method = multikey("#a");
        method["expires"] = "2026-12-31T00:00:00Z".into();
        method["revoked"] = "2026-06-01T08:00:00+08:00".into();
        let members = json!({
            "verificationMethod": [method], "alsoKnownAs": ["https://ngo.example/"], "authentication": ["#a"],
            "service": [{ "id": "#files", "type": "x", "serviceEndpoint": "https://ngo.example/" }, "#text"],
        });
        let document = document(members.clone()).unwrap();
        let method = &document.verification_methods()[0];
        assert_eq!(method.expires.unwrap().to_string(), "2026-12-31T00:00:00Z");
        assert_eq!(method.revoked.unwrap().to_string(), "2026-06-01T00:00:00Z");
        assert_eq!(document.member("alsoKnownAs"), members.get("alsoKnownAs"));
        assert_eq!(document.to_json()["service"], members["service"]);
        let expanded = document.to_json_with_absolute_urls();
        assert_eq!(expanded["verificationMethod"][0]["id"], "did:web:ngo.example#a");
        assert_eq!(expanded["authentication"], json!(["did:web:ngo.example#a"]));
        assert_eq!(expanded["service"][0]["id"], "did:web:ngo.example#files");
        assert_eq!(expanded["service"][1], "#text");
    }
}
