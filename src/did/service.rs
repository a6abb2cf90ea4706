//! The services of a document: which are meant, and the addresses that they lead to.

use super::resolution::ResolutionError;
use super::{Document, method};
use crate::encoding::json::{Map, Value};
use crate::encoding::percent;
use crate::limits;

/// Which services are asked for.
pub(super) struct Selection {
    /// `service`: the id, or the fragment of it.
    pub(super) id: Option<String>,
    /// `serviceType`.
    pub(super) service_type: Option<String>,
    /// `relativeRef`: what is appended to the address.
    pub(super) relative_reference: Option<String>,
}

/// The services that are meant, among those of the document and those that its method implies.
pub(super) fn select(document: &Document, selection: &Selection) -> Vec<Map> {
    let listed =
        document.member("service").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let mut services: Vec<Map> = listed.cloned().collect();
    for implied in method::implied_services(document.id()) {
        let id = absolute_id(document, &implied);
        if !services.iter().any(|service| absolute_id(document, service) == id) {
            services.push(implied);
        }
    }
    services.retain(|service| {
        let has_id = selection.id.as_deref().is_none_or(|wanted| {
            let wanted = match wanted.strip_prefix('#') {
                Some(fragment) => format!("{}#{fragment}", document.id()),
                None if wanted.contains(':') => wanted.to_owned(),
                None => format!("{}#{wanted}", document.id()),
            };
            absolute_id(document, service) == Some(wanted)
        });
        has_id && selection.service_type.as_deref().is_none_or(|wanted| has_type(service, wanted))
    });
    services
}

fn absolute_id(document: &Document, service: &Map) -> Option<String> {
    document.absolute(service.get("id")?.as_str()?)
}

/// `type` is a text or a list of texts (DID 1.1, section 5.4).
fn has_type(service: &Map, wanted: &str) -> bool {
    match service.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name.as_str() == Some(wanted)),
        _ => false,
    }
}

/// The addresses of the services. An endpoint that is an object has none.
///
/// # Errors
/// [`ResolutionError::InvalidParameter`] if the relative reference would lead out of the endpoint, or a fragment meets
/// another.
pub(super) fn urls(
    services: &[Map],
    relative_reference: Option<&str>,
    fragment: Option<&str>,
) -> Result<Vec<String>, ResolutionError> {
    let mut urls = Vec::new();
    for service in services {
        let endpoints = match service.get("serviceEndpoint") {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(endpoint) => vec![endpoint],
            None => Vec::new(),
        };
        for endpoint in endpoints.into_iter().filter_map(Value::as_str) {
            let mut url = match relative_reference {
                Some(reference) => below(endpoint, reference)?,
                None => endpoint.to_owned(),
            };
            if let Some(fragment) = fragment {
                if url.contains('#') {
                    return Err(ResolutionError::InvalidParameter { name: "fragment" });
                }
                url.push('#');
                url.push_str(fragment);
            }
            urls.push(url);
        }
    }
    Ok(urls)
}

/// The address of `reference` below the endpoint.
///
/// Off-spec: the algorithm names RFC 3986 section 5, by which `/some/path` would leave the endpoint's own path. Its
/// example, the method did:webvh and the section on path traversal all append it, and so does this.
fn below(endpoint: &str, reference: &str) -> Result<String, ResolutionError> {
    let invalid = ResolutionError::InvalidParameter { name: "relativeRef" };
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (reference, None),
    };
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}#"#.contains(&byte);
    let path = path.strip_prefix('/').unwrap_or(path);
    if !reference.bytes().all(is_plain) || leads_elsewhere(path) || endpoint.contains(['?', '#']) {
        return Err(invalid);
    }
    let mut url = format!("{}/{path}", endpoint.strip_suffix('/').unwrap_or(endpoint));
    if let Some(query) = query {
        url.push('?');
        url.push_str(query);
    }
    if url.len() > limits::DID_BYTES { Err(invalid) } else { Ok(url) }
}

/// Whether a path climbs out of where it is appended, in any encoding: it is decoded until nothing changes.
fn leads_elsewhere(path: &str) -> bool {
    let mut decoded = path.to_owned();
    loop {
        if decoded.starts_with('/') || decoded.contains(['\\', '\0']) {
            return true;
        }
        if decoded.split(['/', '?', '#']).any(|segment| matches!(segment, "." | "..")) {
            return true;
        }
        match percent_decoded(&decoded) {
            // Each round is shorter than the one before.
            Some(next) if next.len() < decoded.len() => decoded = next,
            Some(_) => return false,
            None => return true,
        }
    }
}

/// The text with each percent-encoding replaced by its byte, once; `None` if one is cut short or the bytes are no
/// UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    String::from_utf8(percent::decode(text)?).ok()
}
