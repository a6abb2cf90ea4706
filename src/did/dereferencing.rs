//! DID URL Dereferencing (DID Resolution 1.0, "DID URL Dereferencing"): from a DID URL to the key, the service, the
//! document or the address that it names.

use serde_json::json;

use super::resolution::{Record, ResolutionError, ResolutionOptions, accept, resolve_from};
use super::service::{self, Selection};
use super::{Did, DidUrl, Document, Relationship};
use crate::encoding::json::{Map, Value};
use crate::time::Timestamp;

/// What a caller may ask for (DID Resolution 1.0, "DID URL Dereferencing Options").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DereferencingOptions {
    /// What is passed on to the resolution of the DID. Its `accept` is that of the dereferencing: a media type of
    /// documents, or `text/uri-list` for the addresses of services.
    pub resolution: ResolutionOptions,
    /// `verificationRelationship`: the fragment must name a verification method that the document lists under this
    /// relationship.
    pub verification_relationship: Option<String>,
}

/// What a DID URL names.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// A document, perhaps with only those services that were asked for.
    Document(Map),
    /// A part of the document: a verification method, a service, or whatever else has that fragment. Its `id` is
    /// absolute.
    Part(Map),
    /// Addresses, in the document's order.
    Urls(Vec<String>),
}

/// The answer to a dereferencing.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct DereferencingResult {
    /// What the DID URL names; none if dereferencing failed.
    pub content: Option<Content>,
    /// Why it names nothing.
    pub error: Option<ResolutionError>,
    /// `contentMetadata`: of a document its `didDocumentMetadata`.
    pub content_metadata: Map,
}

impl DereferencingResult {
    /// The result as JSON: `didUrlDereferencingMetadata`, `content`, `contentMetadata`. Addresses are a text with one
    /// a line.
    pub fn to_json(&self) -> Map {
        let mut metadata = Map::new();
        if let Some(error) = &self.error {
            metadata.insert("error".to_owned(), error.to_json().into());
        }
        let (content, media_type) = match &self.content {
            None => (Value::Null, None),
            Some(Content::Document(map) | Content::Part(map)) => (json!(map), Some(accept::DID_DOCUMENT)),
            Some(Content::Urls(urls)) => (urls.join("\r\n").into(), Some(accept::URI_LIST)),
        };
        if let Some(media_type) = media_type {
            metadata.insert("contentType".to_owned(), media_type.into());
        }
        let mut map = Map::new();
        map.insert("didUrlDereferencingMetadata".to_owned(), metadata.into());
        map.insert("content".to_owned(), content);
        map.insert("contentMetadata".to_owned(), self.content_metadata.clone().into());
        map
    }
}

/// Dereferences a DID URL with what is at hand about its DID. No address is fetched, and none that a service names is
/// followed, so nothing can lead in a circle.
pub fn dereference(did_url: &str, record: Option<Record<'_>>, options: &DereferencingOptions) -> DereferencingResult {
    match content_of(did_url, record, options) {
        Ok((content, content_metadata)) => {
            DereferencingResult { content: Some(content), error: None, content_metadata }
        }
        Err(error) => DereferencingResult { content: None, error: Some(error), content_metadata: Map::new() },
    }
}

/// What dereferencing a DID URL will ask the resolution of its DID for.
///
/// # Errors
/// [`ResolutionError`], as from [`dereference`].
pub(crate) fn resolution_for(
    did_url: &str,
    options: &DereferencingOptions,
) -> Result<(Did, ResolutionOptions), ResolutionError> {
    let url = DidUrl::parse(did_url).map_err(ResolutionError::InvalidDidUrl)?;
    let resolution = Parameters::read(&url)?.added_to(&options.resolution)?;
    Ok((url.did().clone(), resolution))
}

fn content_of(
    did_url: &str,
    record: Option<Record<'_>>,
    options: &DereferencingOptions,
) -> Result<(Content, Map), ResolutionError> {
    let url = DidUrl::parse(did_url).map_err(ResolutionError::InvalidDidUrl)?;
    let parameters = Parameters::read(&url)?;
    let wants_urls = match &options.resolution.accept {
        Some(accept) => accept::prefers_uri_list(accept).ok_or(ResolutionError::InvalidOptions { option: "accept" })?,
        None => false,
    };
    let mut resolution = parameters.added_to(&options.resolution)?;
    if wants_urls {
        resolution.accept = None;
    }
    // "Dereferencing the Resource", steps 2 and 3.
    let resolved = resolve_from(url.did().as_str(), record, &resolution);
    if let Some(error) = resolved.error {
        return Err(error);
    }
    let Some(document) = &resolved.document else { return Err(ResolutionError::NotFound) };
    let metadata = resolved.document_metadata.clone();
    let selection = parameters.selection(&url)?;
    if parameters.has_unknown || (!url.path().is_empty() && selection.is_none()) {
        return Err(ResolutionError::NotFound);
    }
    if let Some(selection) = selection {
        let services = service::select(document, &selection);
        if services.is_empty() {
            return Err(ResolutionError::NotFound);
        }
        // A path leads to an address, and so does whoever asks for one.
        let leads_to_urls = wants_urls || !url.path().is_empty();
        if options.verification_relationship.is_some() && (leads_to_urls || url.fragment().is_none()) {
            return Err(ResolutionError::InvalidVerificationMethod);
        }
        if leads_to_urls {
            let urls = service::urls(&services, selection.relative_reference.as_deref(), url.fragment())?;
            return if urls.is_empty() {
                Err(ResolutionError::NotFound)
            } else {
                Ok((Content::Urls(urls), Map::new()))
            };
        }
        let mut json = resolved.document_json();
        json.insert("service".to_owned(), services.into_iter().map(Value::Object).collect());
        return match url.fragment() {
            Some(fragment) => part(document, json, fragment, options).map(|part| (Content::Part(part), Map::new())),
            None => Ok((Content::Document(json), metadata)),
        };
    }
    if wants_urls {
        return Err(ResolutionError::RepresentationNotSupported);
    }
    let json = resolved.document_json();
    match url.fragment() {
        Some(fragment) => part(document, json, fragment, options).map(|part| (Content::Part(part), Map::new())),
        None if options.verification_relationship.is_some() => Err(ResolutionError::InvalidVerificationMethod),
        None => Ok((Content::Document(json), metadata)),
    }
}

/// "Dereferencing the Fragment".
fn part(
    document: &Document,
    json: Map,
    fragment: &str,
    options: &DereferencingOptions,
) -> Result<Map, ResolutionError> {
    let url = format!("{}#{fragment}", document.id());
    if let Some(name) = &options.verification_relationship {
        let relationship = Relationship::from_name(name)
            .ok_or(ResolutionError::InvalidOptions { option: "verificationRelationship" })?;
        // Controlled Identifiers 1.0, section 3.3: the method stands in this document, and its controller is the
        // document's subject.
        let method = document
            .verification_method(&url)
            .filter(|method| method.controller == document.id())
            .ok_or(ResolutionError::InvalidVerificationMethod)?;
        if !method.serves(relationship) {
            return Err(ResolutionError::InvalidRelationship { relationship });
        }
    }
    let is_it = |item: &Map| {
        let id = item.get("id").and_then(Value::as_str);
        id.and_then(|id| document.absolute(id)).is_some_and(|id| id == url)
    };
    let found = json
        .into_iter()
        .filter_map(|(_, member)| match member {
            Value::Array(items) => Some(items),
            _ => None,
        })
        .flatten()
        .find_map(|item| match item {
            Value::Object(item) if is_it(&item) => Some(item),
            _ => None,
        });
    let mut part = found.ok_or(ResolutionError::NotFound)?;
    part.insert("id".to_owned(), url.into());
    Ok(part)
}

/// The parameters of a DID URL's query, percent-decoded once.
#[derive(Default)]
struct Parameters {
    service: Option<String>,
    service_type: Option<String>,
    relative_reference: Option<String>,
    version_id: Option<String>,
    version_time: Option<String>,
    version_number: Option<String>,
    has_unknown: bool,
}

impl Parameters {
    /// A parameter that stands there twice is refused: two readers could each take another one ("Query String
    /// Normalization and Injection Risks").
    fn read(url: &DidUrl) -> Result<Self, ResolutionError> {
        let mut parameters = Self::default();
        for pair in url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = service::percent_decoded(name).ok_or(ResolutionError::InvalidParameter { name: "" })?;
            let (name, place) = match name.as_str() {
                "service" => ("service", &mut parameters.service),
                "serviceType" => ("serviceType", &mut parameters.service_type),
                "relativeRef" => ("relativeRef", &mut parameters.relative_reference),
                "versionId" => ("versionId", &mut parameters.version_id),
                "versionTime" => ("versionTime", &mut parameters.version_time),
                "versionNumber" => ("versionNumber", &mut parameters.version_number),
                _ => {
                    parameters.has_unknown = true;
                    continue;
                }
            };
            let value = service::percent_decoded(value).ok_or(ResolutionError::InvalidParameter { name })?;
            if place.replace(value).is_some() {
                return Err(ResolutionError::InvalidParameter { name });
            }
        }
        if parameters.relative_reference.is_some() && !parameters.names_services() {
            return Err(ResolutionError::InvalidParameter { name: "relativeRef" });
        }
        Ok(parameters)
    }

    fn names_services(&self) -> bool {
        self.service.is_some() || self.service_type.is_some()
    }

    /// The options with the versions that the URL asks for. One that both ask for differently is refused.
    fn added_to(&self, options: &ResolutionOptions) -> Result<ResolutionOptions, ResolutionError> {
        let mut added = options.clone();
        if let Some(id) = &self.version_id
            && added.version_id.replace(id.clone()).is_some_and(|other| other != *id)
        {
            return Err(ResolutionError::InvalidParameter { name: "versionId" });
        }
        if let Some(text) = &self.version_time {
            let time = Timestamp::parse(text).map_err(|_| ResolutionError::InvalidParameter { name: "versionTime" })?;
            if added.version_time.replace(time).is_some_and(|other| other != time) {
                return Err(ResolutionError::InvalidParameter { name: "versionTime" });
            }
        }
        if let Some(text) = &self.version_number {
            let number = text.parse().map_err(|_| ResolutionError::InvalidParameter { name: "versionNumber" })?;
            if added.version_number.replace(number).is_some_and(|other| other != number) {
                return Err(ResolutionError::InvalidParameter { name: "versionNumber" });
            }
        }
        Ok(added)
    }

    /// Which services are asked for: by parameters, or in did:webvh by a path (did:webvh 1.0, "DID URL Resolution").
    fn selection(&self, url: &DidUrl) -> Result<Option<Selection>, ResolutionError> {
        let path = url.path();
        if path.is_empty() {
            let selection = Selection {
                id: self.service.clone(),
                service_type: self.service_type.clone(),
                relative_reference: self.relative_reference.clone(),
            };
            return Ok(self.names_services().then_some(selection));
        }
        if self.names_services() {
            return Err(ResolutionError::InvalidParameter { name: "service" });
        }
        if url.did().method() != "webvh" {
            return Ok(None);
        }
        let by_id = |id: &str, relative_reference| {
            Some(Selection { id: Some(id.to_owned()), service_type: None, relative_reference })
        };
        if path == "/whois" {
            return Ok(by_id("#whois", None));
        }
        Ok(by_id("#files", Some(path.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DID: &str = "did:web:ngo.example";
    const KEY: &str = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu";

    fn document() -> Document {
        let key = |id: &str, controller: &str| json!({ "id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": KEY });
        let json = json!({
            "@context": ["https://www.w3.org/ns/did/v1.1"],
            "id": DID,
            "verificationMethod": [key("#issue", DID), key("did:web:ngo.example#guest", "did:web:guest.example")],
            "assertionMethod": ["#issue", "#guest"],
            "authentication": [key("#login", DID)],
            "service": [
                { "id": "#files", "type": ["Files", "Linked"], "serviceEndpoint": "https://ngo.example/open/" },
                { "id": "did:web:ngo.example#inbox", "type": "Inbox", "serviceEndpoint": ["https://a.example", { "uri": "x" }, "https://b.example/in#top"] },
                { "id": "#object", "type": "Inbox", "serviceEndpoint": { "uri": "https://c.example" } },
                { "id": "#asked", "type": "Query", "serviceEndpoint": "https://ngo.example/?q=1" },
            ],
        });
        Document::from_map(json.as_object().unwrap()).unwrap()
    }

    fn with(change: impl FnOnce(&mut DereferencingOptions)) -> DereferencingOptions {
        let mut options = DereferencingOptions::default();
        change(&mut options);
        options
    }

    fn for_urls() -> DereferencingOptions {
        with(|options| options.resolution.accept = Some("text/uri-list".to_owned()))
    }

    fn dereferenced(suffix: &str, options: &DereferencingOptions) -> DereferencingResult {
        let result = dereference(&format!("{DID}{suffix}"), Some(Record::Document(&document())), options);
        assert_eq!(result.content.is_none(), result.error.is_some());
        result
    }

    fn part(suffix: &str, options: &DereferencingOptions) -> Map {
        match dereferenced(suffix, options).content {
            Some(Content::Part(part)) => part,
            other => panic!("{suffix}: {other:?}"),
        }
    }

    fn urls(suffix: &str) -> Vec<String> {
        match dereferenced(suffix, &for_urls()).content {
            Some(Content::Urls(urls)) => urls,
            other => panic!("{suffix}: {other:?}"),
        }
    }

    fn error(suffix: &str, options: &DereferencingOptions) -> String {
        dereferenced(suffix, options).error.map_or_else(|| "none".to_owned(), |error| error.name().to_owned())
    }

    #[test]
    fn a_did_alone_leads_to_its_document() {
        let result = dereferenced("", &DereferencingOptions::default());
        assert_eq!(result.content, Some(Content::Document(document().to_json())));
        let json = result.to_json();
        assert_eq!(json["didUrlDereferencingMetadata"], json!({ "contentType": "application/did" }));
        assert_eq!(json["contentMetadata"], json!({}));
    }

    #[test]
    fn a_fragment_names_a_part_of_the_document() {
        let none = DereferencingOptions::default();
        assert_eq!(part("#issue", &none)["id"], "did:web:ngo.example#issue");
        assert_eq!(part("#login", &none)["publicKeyMultibase"], KEY);
        assert_eq!(part("#inbox", &none)["type"], "Inbox");
        assert_eq!(error("#missing", &none), "NOT_FOUND");
        assert_eq!(error("#", &none), "NOT_FOUND");
    }

    #[test]
    fn a_key_must_be_listed_for_what_it_is_asked_for() {
        let asked = |name: &str| with(|options| options.verification_relationship = Some(name.to_owned()));
        assert_eq!(part("#issue", &asked("assertionMethod"))["type"], "Multikey");
        assert_eq!(part("#login", &asked("authentication"))["type"], "Multikey");
        for (suffix, name, expected) in [
            ("#issue", "authentication", "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
            ("#login", "assertionMethod", "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
            ("#guest", "assertionMethod", "INVALID_VERIFICATION_METHOD"),
            ("#inbox", "authentication", "INVALID_VERIFICATION_METHOD"),
            ("#missing", "authentication", "INVALID_VERIFICATION_METHOD"),
            ("", "authentication", "INVALID_VERIFICATION_METHOD"),
            ("?service=files", "authentication", "INVALID_VERIFICATION_METHOD"),
            ("?service=inbox#inbox", "authentication", "INVALID_VERIFICATION_METHOD"),
            ("#issue", "signing", "INVALID_OPTIONS"),
        ] {
            assert_eq!(error(suffix, &asked(name)), expected, "{suffix} {name}");
        }
        let for_addresses = with(|options| {
            options.resolution.accept = Some("text/uri-list".to_owned());
            options.verification_relationship = Some("authentication".to_owned());
        });
        assert_eq!(error("?service=files", &for_addresses), "INVALID_VERIFICATION_METHOD");
        assert_eq!(part("?service=files#login", &asked("authentication"))["type"], "Multikey");
        let problem = dereferenced("#guest", &asked("assertionMethod")).to_json();
        let expected = "https://w3id.org/security#INVALID_VERIFICATION_METHOD";
        assert_eq!(problem["didUrlDereferencingMetadata"]["error"]["type"], expected);
        assert_eq!(problem["content"], json!(null));
    }

    #[test]
    fn services_are_selected_by_id_and_type() {
        let none = DereferencingOptions::default();
        let selected = |suffix: &str| match dereferenced(suffix, &none).content {
            Some(Content::Document(document)) => document["service"].as_array().unwrap().len(),
            other => panic!("{suffix}: {other:?}"),
        };
        assert_eq!(selected("?service=files"), 1);
        assert_eq!(selected("?service=did:web:ngo.example%23inbox"), 1);
        assert_eq!(selected("?serviceType=Inbox"), 2);
        assert_eq!(selected("?serviceType=Linked&service=%23files"), 1);
        assert_eq!(part("?serviceType=Inbox#object", &none)["id"], "did:web:ngo.example#object");
        assert_eq!(error("?service=files&serviceType=Inbox", &none), "NOT_FOUND");
        assert_eq!(error("?service=other", &none), "NOT_FOUND");
    }

    #[test]
    fn addresses_of_services_are_given_when_they_are_asked_for() {
        assert_eq!(urls("?service=files"), ["https://ngo.example/open/"]);
        assert_eq!(
            urls("?service=files&relativeRef=%2Fmyresume%2Fdoc%3Fversion%3Dlatest#intro"),
            ["https://ngo.example/open/myresume/doc?version=latest#intro"]
        );
        assert_eq!(urls("?service=inbox"), ["https://a.example", "https://b.example/in#top"]);
        assert_eq!(urls("?service=files&relativeRef=a%2520b"), ["https://ngo.example/open/a%20b"]);
        let listed = dereferenced("?service=inbox", &for_urls()).to_json();
        assert_eq!(listed["content"], "https://a.example\r\nhttps://b.example/in#top");
        assert_eq!(listed["didUrlDereferencingMetadata"]["contentType"], "text/uri-list");
        assert_eq!(error("?service=object", &for_urls()), "NOT_FOUND");
        assert_eq!(error("?service=inbox#part", &for_urls()), "INVALID_DID_URL");
        assert_eq!(error("", &for_urls()), "REPRESENTATION_NOT_SUPPORTED");
    }

    #[test]
    fn a_relative_reference_never_leaves_its_endpoint() {
        for reference in [
            "../secret",
            "%2E%2E%2Fsecret",
            "a/%2E./b",
            "%252E%252E%252Fsecret",
            "%25252e%25252e/secret",
            "/a/../../b",
            "./a",
            "..",
            "a/..",
            "a/..%3Fx",
            "..%5Csecret",
            "%2F%2Fevil.example/a",
            "//evil.example/a",
            "a%00b",
            "a%2500b",
            "a%20b",
            "a%0D%0AHost:%20evil.example",
            "a%25",
            "a%23b",
            "%FF",
        ] {
            assert_eq!(
                error(&format!("?service=files&relativeRef={reference}"), &for_urls()),
                "INVALID_DID_URL",
                "{reference}"
            );
        }
        assert_eq!(
            urls("?service=files&relativeRef=https:%2F%2Fevil.example"),
            ["https://ngo.example/open/https://evil.example"]
        );
        assert_eq!(error("?service=asked&relativeRef=a", &for_urls()), "INVALID_DID_URL");
        assert_eq!(error("?service=inbox&relativeRef=a", &for_urls()), "INVALID_DID_URL");
        assert_eq!(error("?relativeRef=a", &for_urls()), "INVALID_DID_URL");
    }

    #[test]
    fn what_is_asked_for_twice_or_makes_no_sense_is_refused() {
        let none = DereferencingOptions::default();
        for (suffix, expected) in [
            ("?service=files&service=inbox", "INVALID_DID_URL"),
            ("?service=files&serv%69ce=inbox", "INVALID_DID_URL"),
            ("?versionTime=yesterday", "INVALID_DID_URL"),
            ("?versionNumber=-1", "INVALID_DID_URL"),
            ("?versionId=1", "FEATURE_NOT_SUPPORTED"),
            ("?unknown=1", "NOT_FOUND"),
            ("?service=files&unknown=1", "NOT_FOUND"),
            ("/path", "NOT_FOUND"),
            ("/whois", "NOT_FOUND"),
            ("/path?service=files", "INVALID_DID_URL"),
            ("#a#b", "INVALID_DID_URL"),
            (" ", "INVALID_DID_URL"),
        ] {
            assert_eq!(error(suffix, &none), expected, "{suffix}");
        }
        let other = with(|options| options.resolution.version_id = Some("2".to_owned()));
        assert_eq!(error("?versionId=1", &other), "INVALID_DID_URL");
        let unknown = dereference("did:example:1#key", None, &none);
        assert_eq!(unknown.error.unwrap().name(), "METHOD_NOT_SUPPORTED");
    }
}
