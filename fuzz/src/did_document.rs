use attesta::did::edit::{self, EditError};
use attesta::did::{
    Content, DereferencingOptions, Document, Record, Relationship, ResolutionOptions, ResolutionResult, dereference,
    resolve_from,
};
use attesta::encoding::json::{Map, Value};
use attesta::keys::Signer as _;
use attesta::trust::notice;
use attesta::verify::{Material, Materials, Resource, Source};

use crate::answers::{assert_explained, assert_plain, assert_reads_back};
use crate::did::{Method, methods as methods_of};
use crate::people::{known, person};
use crate::plain::on_a_line;
use crate::scene::now;

/// More changes than this are not made.
const CHANGES: usize = 16;

/// Documents that somebody published, answers of resolvers with one, and how their owner changes them: a document counts
/// for its own id alone, and a change does what it says and nothing else.
///
/// An input is a document or an answer on the first line, and a change on each of the others: `add PERSON`,
/// `remove KEY`, `serve NAME TYPE URL`, `end NAME`.
pub fn did_document(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    answer(first);
    let document = match Document::parse(first) {
        Ok(document) => document,
        Err(error) => return assert_explained(&error),
    };
    material(&document);
    parts(&document);
    let mut map = document.to_json();
    for line in lines.take(CHANGES).filter_map(|line| std::str::from_utf8(line).ok()) {
        change(&mut map, line);
    }
}

/// What another resolver answered counts for the DID that it is about.
fn answer(bytes: &[u8]) {
    let result = match ResolutionResult::parse(bytes) {
        Ok(result) => result,
        Err(error) => return assert_explained(&error),
    };
    assert!(result.document.is_none() || result.error.is_none());
    let json = result.to_json();
    assert_reads_back(&json);
    for did in ["did:ethr:0x02", result.document.as_ref().map_or("did:ion:a", Document::id)] {
        let resolved = resolve_from(did, Some(Record::Answer(&result)), &ResolutionOptions::default());
        if let Some(document) = &resolved.document {
            assert_eq!(document.id(), did, "somebody else's document");
            let carries_it = ["did:key:", "did:jwk:", "did:peer:"].iter().any(|method| did.starts_with(method));
            assert!(carries_it || !result.is_deactivated(), "the document of a DID that ended");
        }
        if let Some(error) = &resolved.error {
            assert_explained(error);
            assert_plain(error.name());
        }
    }
}

/// As material it is taken for its own id, and for no other.
fn material(document: &Document) {
    let add = |id: String| {
        let bytes = on_a_line(&document.to_json()).into_bytes();
        let resource = Resource::Document(id);
        Materials::none().add(&Material { resource, bytes, obtained: now(), source: Source::Fetched })
    };
    assert_eq!(add(document.id().to_owned()), Ok(()));
    for other in [format!("{}/", document.id()), document.id().to_uppercase(), "did:web:other.example".to_owned()] {
        if other != document.id() {
            assert_explained(&add(other).expect_err("it is taken for another's"));
        }
    }
    match notice::address(document) {
        Ok(url) => assert!(url.is_none_or(|url| url.starts_with("https://"))),
        Err(error) => assert_explained(&error),
    }
}

/// Each method under the document's own id can be had by its fragment, for what it serves and for nothing else.
fn parts(document: &Document) {
    if !document.id().starts_with("did:web:") {
        return;
    }
    for method in document.verification_methods() {
        let Some(fragment) = method.id.strip_prefix(document.id()).filter(|rest| rest.starts_with('#')) else {
            continue;
        };
        for relationship in Relationship::ALL {
            let name = Some(relationship.name().to_owned());
            let options = DereferencingOptions { verification_relationship: name, ..Default::default() };
            let url = format!("{}{fragment}", document.id());
            let result = dereference(&url, Some(Record::Document(document)), &options);
            let is_found = matches!(result.content, Some(Content::Part(_)));
            assert!(!is_found || document.authorizes(&method.id, relationship), "{url} does not serve that");
            if let Some(error) = &result.error {
                assert_explained(error);
            }
        }
    }
}

fn change(map: &mut Map, line: &str) {
    let before = map.clone();
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or_default();
    let (what, first) = (word(), word());
    let outcome = match what {
        "add" => add_key(map, first),
        "remove" => remove_key(map, first),
        "serve" => {
            let (service_type, endpoint) = (word(), word());
            edit::add_service(map, first, service_type, endpoint).map(|()| {
                assert!(edit::add_service(&mut map.clone(), first, service_type, endpoint).is_err(), "twice");
                let mut without = map.clone();
                assert_eq!(edit::remove_service(&mut without, first), Ok(()));
                assert_eq!(without_empty_lists(&without), without_empty_lists(&before), "something else changed");
            })
        }
        "end" => edit::remove_service(map, first).map(|()| {
            assert_eq!(edit::remove_service(&mut map.clone(), first), Err(EditError::NoSuchService));
            assert_eq!(methods(map), methods(&before));
        }),
        _ => Ok(()),
    };
    if let Err(error) = outcome {
        assert_explained(&error);
        assert_eq!(*map, before, "refused, and changed all the same");
    }
    assert!(Document::from_map(map).is_ok(), "a change left no document");
}

fn add_key(map: &mut Map, name: &str) -> Result<(), EditError> {
    let before = map.clone();
    let key = person(name).unwrap_or(known("ngo")).key.public_key();
    let id = edit::add_key(map, &key)?;
    let document = Document::from_map(map).expect("it is one still");
    let method = document.verification_method(&id).expect("the key is there");
    assert_eq!(method.key.as_ref(), Ok(&key));
    assert_eq!(method.controller, document.id());
    for relationship in Relationship::ALL {
        let is_for = matches!(relationship, Relationship::Authentication | Relationship::AssertionMethod);
        assert_eq!(method.serves(relationship), is_for, "{relationship:?}");
    }
    let others: Vec<_> = methods(map).into_iter().filter(|(other, _, _)| *other != id).collect();
    assert_eq!(others, methods(&before), "another key was changed");
    assert_eq!(edit::add_key(&mut map.clone(), &key), Err(EditError::KeyIsThere));
    let mut without = map.clone();
    assert_eq!(edit::remove_key(&mut without, &id), Ok(()));
    assert_eq!(without_empty_lists(&without), without_empty_lists(&before), "something else changed");
    Ok(())
}

fn remove_key(map: &mut Map, name: &str) -> Result<(), EditError> {
    let before = methods(map);
    edit::remove_key(map, name)?;
    let after = methods(map);
    assert_eq!(after.len() + 1, before.len(), "not one key was removed");
    assert!(after.iter().all(|method| before.contains(method)), "another key was changed");
    assert_eq!(edit::remove_key(map, name), Err(EditError::NoSuchKey));
    Ok(())
}

fn methods(map: &Map) -> Vec<Method> {
    methods_of(&Document::from_map(map).expect("it is one"))
}

/// The document without lists that are empty, which a change may take away.
fn without_empty_lists(map: &Map) -> Map {
    map.iter()
        .filter(|(_, value)| value.as_array().is_none_or(|items| !items.is_empty()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Documents with keys in every place, and what an answer of a resolver makes of one.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    let did = "did:web:ngo.example";
    let key = |name: &str| known(name).key.public_key();
    let method = |id: &str, name: &str| serde_json::json!({ "id": id, "type": "Multikey", "controller": did, "publicKeyMultibase": key(name).to_multikey() });
    let as_jwk = serde_json::json!({ "id": format!("{did}#jwk"), "type": "JsonWebKey", "controller": did, "publicKeyJwk": key("hostel").to_jwk() });
    let document = serde_json::json!({
        "@context": ["https://www.w3.org/ns/did/v1.1"], "id": did,
        "verificationMethod": [method("#key-1", "marine"), as_jwk],
        "assertionMethod": ["#key-1", format!("{did}#jwk"), method("#own", "school")],
        "authentication": ["#key-1", "did:web:other.example#key-1"],
        "service": [{ "id": "#notices", "type": "CompromiseNotices", "serviceEndpoint": "https://ngo.example/notices" }],
    });
    let answer = serde_json::json!({
        "didDocument": { "id": "did:ethr:0x02" }, "didDocumentMetadata": { "versionId": "3" }, "didResolutionMetadata": {},
    });
    let ended = serde_json::json!({ "didDocument": Value::Null, "didDocumentMetadata": { "deactivated": true } });
    let wrong = serde_json::json!({ "didDocument": Value::Null, "didResolutionMetadata": { "error": "notFound" } });
    let changes =
        "add ngo\nremove #own\nserve files Files https://ngo.example/open/\nend notices\nremove key-1\nadd tenant";
    vec![
        ("document", document.to_string().into_bytes()),
        ("changes", format!("{document}\n{changes}").into_bytes()),
        ("answer", answer.to_string().into_bytes()),
        ("answer-ended", ended.to_string().into_bytes()),
        ("answer-error", wrong.to_string().into_bytes()),
    ]
}
