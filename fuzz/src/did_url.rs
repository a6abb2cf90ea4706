use std::sync::LazyLock;

use attesta::did::{
    Content, DereferencingOptions, DidUrl, Document, Record, Relationship, ResolutionOptions, dereference, resolve_from,
};
use attesta::encoding::json::{Map, Value};
use attesta::keys::Signer as _;

use crate::answers::{assert_explained, assert_plain, assert_reads_back};
use crate::history::VERIFIED;
use crate::people::known;

/// A did:web document with services of every form, and some that nothing can be appended to.
static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let key = |name: &str| known(name).key.public_key().to_multikey();
    let text = format!(
        r##"{{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"did:web:ngo.example","alsoKnownAs":["https://ngo.example"],
"verificationMethod":[{{"id":"#key-1","type":"Multikey","controller":"did:web:ngo.example","publicKeyMultibase":"{}"}},
{{"id":"did:web:ngo.example#guest","type":"Multikey","controller":"did:web:guest.example","publicKeyMultibase":"{}"}}],
"assertionMethod":["#key-1","#guest"],
"authentication":[{{"id":"#login","type":"Multikey","controller":"did:web:ngo.example","publicKeyMultibase":"{}"}}],
"service":[{{"id":"#files","type":["Files","Linked"],"serviceEndpoint":"https://ngo.example/open/"}},
{{"id":"#bare","type":"Files","serviceEndpoint":"https://bare.example"}},
{{"id":"did:web:ngo.example#inbox","type":"Inbox","serviceEndpoint":["https://a.example:8443/in",{{"uri":"x"}},"https://b.example/in#top"]}},
{{"id":"#object","type":"Inbox","serviceEndpoint":{{"uri":"https://c.example"}}}},
{{"id":"#asked","type":"Query","serviceEndpoint":"https://ngo.example/?q=1"}}]}}"##,
        key("ngo"),
        key("marine"),
        key("hostel"),
    );
    Document::parse(text.as_bytes()).expect("it is a document")
});

/// DID URLs, and what they lead to over a document and over a log: a part of what is there, or an address below one
/// that is there.
///
/// An input is a DID URL, or what follows the DID in one; on a second line what `accept` is, on a third a relationship.
pub fn did_url(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut lines = text.split('\n');
    let url = lines.next().unwrap_or_default();
    let accept = lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
    let verification_relationship = lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
    let resolution = ResolutionOptions { accept, ..ResolutionOptions::default() };
    let options = DereferencingOptions { resolution, verification_relationship };
    let (did, _, log) = &*VERIFIED;
    for (did, record) in [(DOCUMENT.id(), Record::Document(&DOCUMENT)), (did.as_str(), Record::Log(log))] {
        let whole = if url.starts_with("did:") { url.to_owned() } else { format!("{did}{url}") };
        for record in [Some(record), None] {
            check(&whole, record, &options);
        }
    }
}

fn check(text: &str, record: Option<Record<'_>>, options: &DereferencingOptions) {
    let result = dereference(text, record, options);
    assert_eq!(result.content.is_none(), result.error.is_some());
    assert_eq!(dereference(text, record, options), result, "another answer to the same question");
    let json = result.to_json();
    assert_reads_back(&json);
    if let Some(error) = &result.error {
        assert_explained(error);
        assert_plain(error.name());
        assert!(!error.name().is_empty() && json["content"].is_null());
    }
    let Some(content) = result.content else { return };
    let url = DidUrl::parse(text).expect("it led to something");
    let source = source(&url, record);
    match content {
        Content::Urls(urls) => {
            assert!(!urls.is_empty() && options.verification_relationship.is_none());
            urls.iter().for_each(|found| assert_below(found, &url, &source));
        }
        Content::Part(part) => assert_part(&part, &url, &source, options),
        Content::Document(map) => {
            assert!(url.fragment().is_none() && url.path().is_empty() && options.verification_relationship.is_none());
            assert_contained(&map, &source);
            if let Some(Record::Log(_)) = record {
                assert_version(&url, &result.content_metadata);
            }
        }
        other => panic!("{other:?} is new here"),
    }
}

/// The document that the DID URL is about, of the version that it asks for.
fn source(url: &DidUrl, record: Option<Record<'_>>) -> Document {
    let mut resolution = ResolutionOptions::default();
    for (name, value) in parameters(url) {
        match name.as_str() {
            "versionId" => resolution.version_id = Some(value),
            "versionTime" => resolution.version_time = attesta::time::Timestamp::parse(&value).ok(),
            "versionNumber" => resolution.version_number = value.parse().ok(),
            _ => {}
        }
    }
    let result = resolve_from(url.did().as_str(), record, &resolution);
    result.document.expect("something of it was found")
}

/// The parameters of the query, each with its bytes in place of what stands for them.
fn parameters(url: &DidUrl) -> Vec<(String, String)> {
    let pairs = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// The text with every percent-encoding decoded once; what is none, or no UTF-8, stays recognisable as no plain text.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, others)) = rest.split_first() {
        let digits = others.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every address that a service of the document names, and those that a did:webvh has without naming them.
fn endpoints(document: &Document) -> Vec<String> {
    let listed = document.member("service").and_then(Value::as_array).into_iter().flatten();
    let mut found = Vec::new();
    for service in listed {
        match &service["serviceEndpoint"] {
            Value::String(url) => found.push(url.clone()),
            Value::Array(items) => found.extend(items.iter().filter_map(Value::as_str).map(str::to_owned)),
            _ => {}
        }
    }
    if let Some(place) = document.id().strip_prefix("did:webvh:").and_then(|rest| rest.split_once(':')) {
        let mut parts = place.1.split(':');
        let host = parts.next().unwrap_or_default().replace("%3A", ":");
        let path: String = parts.map(|part| format!("/{part}")).collect();
        found.extend([format!("https://{host}{path}/"), format!("https://{host}{path}/whois.vp")]);
    }
    found
}

/// An address is an endpoint, or lies below one however a server decodes it.
fn assert_below(found: &str, url: &DidUrl, document: &Document) {
    assert!(found.bytes().all(|byte| byte.is_ascii_graphic()), "{found:?}");
    let bare = match url.fragment() {
        Some(fragment) => found.strip_suffix(&format!("#{fragment}")).expect("it has the fragment that was asked for"),
        None => found,
    };
    let endpoints = endpoints(document);
    let is_relative = !url.path().is_empty() || parameters(url).iter().any(|(name, _)| name == "relativeRef");
    if !is_relative || url.path() == "/whois" {
        assert!(endpoints.iter().any(|endpoint| *endpoint == bare), "{found} is nobody's endpoint");
        return;
    }
    let below = endpoints.iter().find_map(|endpoint| {
        let rest = bare.strip_prefix(endpoint.trim_end_matches('/'))?;
        rest.strip_prefix('/')
    });
    let below = below.unwrap_or_else(|| panic!("{found} is below nobody's endpoint"));
    let mut path = below.split('?').next().unwrap_or_default().to_owned();
    loop {
        assert!(!path.contains(['\\', '\0']) && !path.starts_with('/'), "{found} leads elsewhere");
        assert!(!path.split('/').any(|step| matches!(step, "." | "..")), "{found} leads elsewhere");
        let next = decoded(&path);
        if next == path {
            break;
        }
        path = next;
    }
}

fn assert_part(part: &Map, url: &DidUrl, document: &Document, options: &DereferencingOptions) {
    let id = format!("{}#{}", document.id(), url.fragment().expect("a part is named by a fragment"));
    assert_eq!(part.get("id").and_then(Value::as_str), Some(&*id));
    let (mut wanted, members) = (part.clone(), document.to_json());
    wanted.remove("id");
    let mut items = members.values().filter_map(Value::as_array).flatten().filter_map(Value::as_object);
    let is_it = |item: &Map| {
        let mut item = item.clone();
        let own = item.remove("id").and_then(|id| document.absolute(id.as_str()?));
        own.as_deref() == Some(&*id) && item == wanted
    };
    assert!(items.any(is_it) || is_implied(part, document), "it does not stand in the document");
    if let Some(name) = &options.verification_relationship {
        let relationship = Relationship::from_name(name).expect("it was taken for one");
        assert!(document.authorizes(&id, relationship), "{id} does not serve {name}");
        assert_eq!(part["controller"], document.id(), "somebody else's method");
    }
}

/// A service that every did:webvh has.
fn is_implied(part: &Map, document: &Document) -> bool {
    let endpoint = part.get("serviceEndpoint").and_then(Value::as_str);
    document.id().starts_with("did:webvh:")
        && endpoint.is_some_and(|endpoint| endpoints(document).iter().any(|known| known == endpoint))
}

/// A document is the one that was asked about, with no more services than it has.
fn assert_contained(map: &Map, document: &Document) {
    let source = document.to_json();
    for (name, value) in map {
        if name != "service" {
            assert_eq!(source.get(name), Some(value), "{name} is another");
        }
    }
    assert!(source.keys().all(|name| name == "service" || map.contains_key(name)), "something is missing");
    let listed = source.get("service").and_then(Value::as_array);
    for service in map.get("service").and_then(Value::as_array).into_iter().flatten() {
        let is_listed = listed.is_some_and(|listed| listed.contains(service));
        assert!(is_listed || service.as_object().is_some_and(|service| is_implied(service, document)), "{service}");
    }
}

/// The document is of the version that was asked for.
fn assert_version(url: &DidUrl, metadata: &Map) {
    for (name, value) in parameters(url) {
        match name.as_str() {
            "versionId" => assert_eq!(metadata["versionId"], value.as_str()),
            "versionNumber" => {
                let id = metadata["versionId"].as_str().unwrap_or_default();
                assert_eq!(id.split('-').next().map(str::parse::<u64>), Some(value.parse()));
            }
            _ => {}
        }
    }
}

/// What may follow a DID.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    let newest = &VERIFIED.2.current();
    [
        ("none", String::new()),
        ("key", "#key-1".to_owned()),
        ("key-for-claims", "#key-1\n\nassertionMethod".to_owned()),
        ("files", "?service=files&relativeRef=%2Fpolicies%2Fa.pdf\ntext/uri-list".to_owned()),
        ("type", "?serviceType=Inbox\ntext/uri-list;q=0.5, application/did;q=0.1".to_owned()),
        ("service", "?service=inbox".to_owned()),
        ("path", "/policies/a.pdf?x=1#page-2".to_owned()),
        ("whois", "/whois".to_owned()),
        ("version", format!("?versionId={}", newest.id())),
        ("number", "?versionNumber=1#key-1".to_owned()),
        ("time", "?versionTime=2026-03-15T00:00:00Z".to_owned()),
        ("whole", format!("{}?service=%23open&relativeRef=a%2Fb&versionNumber=1", VERIFIED.0)),
    ]
    .map(|(name, text)| (name, text.into_bytes()))
    .to_vec()
}
