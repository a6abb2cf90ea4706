//! Which address a resource is published at, in which media types, and whose word it is; and which addresses are never
//! opened.

use super::error::{FetchError, UrlError};
use crate::did::Did;
use crate::did::method::web::{self, ends_in_a_number, is_domain_name, is_port};
use crate::limits;
use crate::verify::{Resource, Source};

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

const JSON: &[&str] = &["application/json"];

/// RFC 7517, section 8.5.
const KEY_SET: &[&str] = &["application/jwk-set+json", "application/json"];

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

/// A resolver that is asked for DIDs of methods which are not resolved here (DID Resolution 1.0, HTTP(S) binding). What
/// it says is its word: it counts only where the verifier's own trust list says so.
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
        if endpoint.contains('?') {
            return Err(UrlError::Character { position: endpoint.find('?').unwrap_or_default() }.into());
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
    /// Whose word it is.
    pub source: Source,
}

/// The address of a resource.
///
/// # Errors
/// [`FetchError::NoAddress`], or what is wrong with the identifier or the address.
pub fn of(resource: &Resource, resolvers: &[Resolver]) -> Result<Address, FetchError> {
    let id = resource.url();
    let (url, accept) = match resource.type_name() {
        "document" => return document(id, resolvers),
        "issuer-metadata" | "type-metadata" => (id.to_owned(), JSON),
        "key-set" => (id.to_owned(), KEY_SET),
        "status-list" => (id.to_owned(), STATUS_LIST),
        _ => return Err(FetchError::NoAddress),
    };
    published(url, accept)
}

fn published(url: String, accept: &'static [&'static str]) -> Result<Address, FetchError> {
    check(&url)?;
    Ok(Address { url, accept, source: Source::Fetched })
}

fn document(id: &str, resolvers: &[Resolver]) -> Result<Address, FetchError> {
    if !id.starts_with("did:") {
        return published(id.to_owned(), DOCUMENT);
    }
    let did = Did::parse(id)?;
    if did.method() == "web" {
        return published(web::address(&did)?, DOCUMENT);
    }
    let resolver = resolvers.iter().find(|resolver| resolver.serves(did.method())).ok_or(FetchError::NoAddress)?;
    // "the input DID MUST be URL-encoded": its own percent signs are, and what else it may have may stand in a path.
    let url = format!("{}/{}", resolver.endpoint, did.as_str().replace('%', "%25"));
    check(&url)?;
    Ok(Address { url, accept: DOCUMENT, source: Source::Asserted { by: resolver.endpoint.clone() } })
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
