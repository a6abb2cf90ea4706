//! Which address a resource is published at, in which media types, and whose word it is; and which addresses are never
//! opened.

use super::error::{FetchError, UrlError};
use crate::did::Did;
use crate::did::method::web;
use crate::did::method::webvh::Identifier;
use crate::encoding::domain::{ends_in_a_number, is_domain_name, is_port};
use crate::limits;
use crate::verify::{Policy, Resource, Source};

/// DID documents and other controlled identifier documents (DID 1.1, "DID Document Representations"; Controlled
/// Identifiers 1.0, section 7). Plain JSON is what most servers call them.
pub(super) const DOCUMENT: &[&str] = &[
    "application/did",
    "application/did+json",
    "application/did+ld+json",
    "application/cid",
    "application/json",
    "application/ld+json",
];

/// A did:webvh log, one JSON object a line ("did.jsonl", did:webvh 1.0). It certifies itself, so that a server that does
/// not know the type does no harm.
pub(super) const LOG: &[&str] = &[
    "text/jsonl",
    "application/jsonl",
    "application/x-ndjson",
    "application/json",
    "text/plain",
    "application/octet-stream",
];

/// What a resolver answers with (DID Resolution 1.0, HTTP(S) binding): the document, or the whole result.
const RESOLUTION: &[&str] = &[
    "application/did",
    "application/did+json",
    "application/did+ld+json",
    "application/did-resolution",
    "application/ld+json",
    "application/json",
];

pub(super) const JSON: &[&str] = &["application/json"];

/// JSON-LD 1.1, section 6.1 of the processing algorithms; plain JSON is what many servers call a context.
const CONTEXT: &[&str] = &["application/ld+json", "application/json"];

/// RFC 7517, section 8.5.
const KEY_SET: &[&str] = &["application/jwk-set+json", "application/json"];

/// What an issuer signs in any of the ways in which it signs credentials.
const SIGNED: &[&str] = &[
    "application/vc+jwt",
    "application/vc",
    "application/vc+ld+json",
    "application/jwt",
    "application/ld+json",
    "application/json",
];

/// Bitstring Status List 1.0 (a credential in any of its securing mechanisms) and Token Status List (a JWT).
const STATUS_LIST: &[&str] = &[
    "application/vc+jwt",
    "application/statuslist+jwt",
    "application/vc",
    "application/vc+ld+json",
    "application/ld+json",
    "application/json",
    "application/jwt",
];

/// A resolver that is asked for DIDs of methods which are not resolved here (DID Resolution 1.0, HTTP(S) binding), when
/// a DID is resolved. A verification asks those alone that the policy's own trust lists believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver {
    endpoint: String,
    methods: Vec<String>,
}

impl Resolver {
    /// A resolver, such as `https://resolver.example/1.0/identifiers/`, for these methods.
    ///
    /// # Errors
    /// [`FetchError::Url`].
    pub fn new<'a>(endpoint: &str, methods: impl IntoIterator<Item = &'a str>) -> Result<Self, FetchError> {
        check(endpoint)?;
        if let Some(position) = endpoint.find('?') {
            return Err(UrlError::Character { position }.into());
        }
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        Ok(Self { endpoint, methods: methods.into_iter().map(str::to_owned).collect() })
    }

    /// Whether it is asked for DIDs of that method.
    pub(super) fn serves(&self, method: &str) -> bool {
        self.methods.iter().any(|served| served == method)
    }

    /// Where it is, without a slash at the end.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

/// Where a resource is published.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// The URL.
    pub url: String,
    /// The media types that are read.
    pub accept: &'static [&'static str],
    /// The most bytes that are read.
    pub max_bytes: usize,
    /// Whose word it is.
    pub source: Source,
}

/// The address of a resource. A DID whose method is not resolved here has one at the first resolver that the policy's
/// trust lists believe for that method.
///
/// # Errors
/// [`FetchError::NoAddress`], or what is wrong with the identifier or the address.
pub fn of(resource: &Resource, policy: &Policy) -> Result<Address, FetchError> {
    all(resource, policy)?.into_iter().next().ok_or(FetchError::NoAddress)
}

/// Every address at which a resource may be asked for, the preferred first: of a DID whose method is not resolved here one
/// at each resolver, at most [`limits::FETCH_RESOLVERS`].
///
/// # Errors
/// As [`of`].
pub fn all(resource: &Resource, policy: &Policy) -> Result<Vec<Address>, FetchError> {
    let log = |did: &str| -> Result<Identifier, FetchError> { Ok(Identifier::parse(&Did::parse(did)?)?) };
    let (url, accept, max_bytes) = match resource {
        Resource::Document(id) => return document(id, policy),
        Resource::Log(did) => (log(did)?.log_url(), LOG, limits::LOG_BYTES),
        Resource::LogWitnesses(did) => (log(did)?.witness_url(), JSON, limits::WITNESS_FILE_BYTES),
        Resource::IssuerMetadata(url) | Resource::TypeMetadata(url) => (url.clone(), JSON, limits::MATERIAL_BYTES),
        Resource::KeySet(url) => (url.clone(), KEY_SET, limits::MATERIAL_BYTES),
        Resource::Context(url) => (url.clone(), CONTEXT, limits::MATERIAL_BYTES),
        Resource::StatusList(url) => (url.clone(), STATUS_LIST, limits::DOCUMENT_BYTES),
        Resource::CompromiseNotices(url) => (url.clone(), SIGNED, limits::DOCUMENT_BYTES),
    };
    check(&url)?;
    Ok(vec![Address { url, accept, max_bytes, source: Source::Fetched }])
}

fn document(id: &str, policy: &Policy) -> Result<Vec<Address>, FetchError> {
    let max_bytes = limits::MATERIAL_BYTES;
    let own = |url: String| {
        check(&url)?;
        Ok(vec![Address { url, accept: DOCUMENT, max_bytes, source: Source::Fetched }])
    };
    let did = match Did::parse(id) {
        Err(_) if !id.starts_with("did:") => return own(id.to_owned()),
        Err(error) => return Err(error.into()),
        Ok(did) if did.method() == "web" => return own(web::address(&did)?),
        Ok(did) => did,
    };
    let mut endpoints: Vec<&str> = Vec::new();
    for resolver in policy.resolvers(did.method()) {
        let endpoint = resolver.endpoint.as_str();
        if endpoints.len() < limits::FETCH_RESOLVERS && !endpoints.contains(&endpoint) {
            endpoints.push(endpoint);
        }
    }
    let at = |endpoint: &str| {
        // "The input DID MUST be URL-encoded": of what a DID may have, only its percent signs need that in a path.
        let url = format!("{endpoint}{}", did.as_str().replace('%', "%25"));
        check(&url)?;
        Ok(Address { url, accept: RESOLUTION, max_bytes, source: Source::Asserted { by: endpoint.to_owned() } })
    };
    // One that may not be opened leaves the others.
    let (mut addresses, mut wrong) = (Vec::new(), FetchError::NoAddress);
    for endpoint in endpoints {
        match at(endpoint) {
            Ok(address) => addresses.push(address),
            Err(error) => wrong = error,
        }
    }
    if addresses.is_empty() { Err(wrong) } else { Ok(addresses) }
}

/// Whether the address is one that may be opened: https, a domain name, nothing that two readers of addresses read in
/// two ways. Where its name leads is for whoever opens the connection to check.
///
/// # Errors
/// [`UrlError`].
pub fn check(url: &str) -> Result<(), UrlError> {
    if url.len() > limits::FETCH_URL_CHARACTERS {
        return Err(UrlError::TooLong { characters: url.len(), limit: limits::FETCH_URL_CHARACTERS });
    }
    let rest = url.strip_prefix("https://").ok_or(UrlError::Scheme)?;
    if let Some(position) = url.bytes().position(|byte| !is_url_character(byte)) {
        return Err(UrlError::Character { position });
    }
    if url.contains('#') {
        return Err(UrlError::Fragment);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if authority.contains('@') {
        return Err(UrlError::User);
    }
    if authority.contains(['[', ']']) {
        return Err(UrlError::IpAddress);
    }
    let host = match authority.split_once(':') {
        Some((_, port)) if !is_port(port) => return Err(UrlError::Port),
        Some((host, _)) => host,
        None => authority,
    };
    if ends_in_a_number(host) {
        return Err(UrlError::IpAddress);
    }
    if !is_domain_name(host) {
        return Err(UrlError::Host);
    }
    let path = path.split('?').next().unwrap_or_default();
    if path.split('/').any(climbs) { Err(UrlError::Path) } else { Ok(()) }
}

/// The characters of RFC 3986, section 2. What it does not have, such as `\`, spaces and controls, is where readers
/// differ.
fn is_url_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// `.` or `..`, as browsers read them too (WHATWG URL Standard, "double-dot URL path segment").
fn climbs(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    matches!(segment.as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain as _;
    use crate::time::Timestamp;
    use crate::trust::{self, TrustList};

    const WEBVH: &str = "did:webvh:QmfGEUAcMpzo25kF2Rhn8L5FAXysfGnkzjwdKoNPi615XQ:ngo.example:keys";

    fn policy() -> Policy {
        let resolver = trust::Resolver::new("https://resolver.example/1.0/identifiers/", ["ethr", "ion"]);
        let list = TrustList::new(Timestamp::from_unix(0).unwrap(), Vec::new()).unwrap();
        Policy::default().trusting(list.resolving(vec![resolver]).unwrap())
    }

    fn url(type_name: &str, id: &str) -> Result<(String, Source), &'static str> {
        let resource = Resource::of_type(type_name, id.to_owned()).unwrap();
        of(&resource, &policy()).map(|address| (address.url, address.source)).map_err(|error| error.code())
    }

    #[test]
    fn each_resource_has_the_address_that_belongs_to_it() {
        for (type_name, id, expected) in [
            ("document", "did:web:ngo.example", "https://ngo.example/.well-known/did.json"),
            ("document", "https://ngo.example/keys?v=1", "https://ngo.example/keys?v=1"),
            (
                "issuer-metadata",
                "https://a.example/.well-known/jwt-vc-issuer",
                "https://a.example/.well-known/jwt-vc-issuer",
            ),
            ("key-set", "https://a.example:8443/keys", "https://a.example:8443/keys"),
            ("type-metadata", "https://a.example/type", "https://a.example/type"),
            ("status-list", "https://a.example/status/1", "https://a.example/status/1"),
            ("context", "https://a.example/context/v1", "https://a.example/context/v1"),
            ("compromise-notices", "https://a.example/notices", "https://a.example/notices"),
            ("log", WEBVH, "https://ngo.example/keys/did.jsonl"),
            ("log-witnesses", WEBVH, "https://ngo.example/keys/did-witness.json"),
        ] {
            assert_eq!(url(type_name, id), Ok((expected.to_owned(), Source::Fetched)), "{id}");
        }
        let asserted = Source::Asserted { by: "https://resolver.example/1.0/identifiers/".to_owned() };
        for (did, expected) in [
            ("did:ethr:0xa:b", "https://resolver.example/1.0/identifiers/did:ethr:0xa:b"),
            ("did:ion:a%2Fb", "https://resolver.example/1.0/identifiers/did:ion:a%252Fb"),
        ] {
            assert_eq!(url("document", did), Ok((expected.to_owned(), asserted.clone())));
        }
    }

    #[test]
    fn what_has_no_address_gets_none() {
        for (type_name, id, code) in [
            ("document", "did:example:a", "fetch.no-address"),
            ("document", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "fetch.no-address"),
            ("document", "did:ethr:a/../b", "did.url-where-did"),
            ("document", "did:web:10.0.0.1", "did-web.ip-address"),
            ("document", "urn:a", "url.scheme"),
            ("document", "https://a.example/#key", "url.fragment"),
            ("log", "did:webvh:ngo.example", "webvh.did-scid"),
            ("log", "did:web:ngo.example", "webvh.did-method"),
            ("log-witnesses", &WEBVH.replace("ngo.example", "127.0.0.1"), "webvh.did-address"),
            ("log", &WEBVH.replace("ngo.example", "localhost"), "webvh.did-host"),
            ("status-list", "https://[::1]/status", "url.ip-address"),
            ("key-set", "http://a.example/keys", "url.scheme"),
            ("type-metadata", "urn:eudi:pid:1", "url.scheme"),
            ("type-metadata", "data:application/json,{}", "url.scheme"),
        ] {
            assert_eq!(url(type_name, id), Err(code), "{id}");
        }
        for endpoint in
            ["http://resolver.example/", "https://10.0.0.1/", "https://a@resolver.example/", "https://a.example/?did="]
        {
            assert!(Resolver::new(endpoint, ["ethr"]).is_err(), "{endpoint}");
        }
        assert!(check(&format!("https://{}.example/", "a".repeat(limits::FETCH_URL_CHARACTERS))).is_err());
    }
}
