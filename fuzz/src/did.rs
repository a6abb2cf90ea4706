use attesta::did::{Did, DidUrl, Document, PublicKeyFormat, Relationship, ResolutionOptions, method, resolve};
use attesta::encoding::json::{self, Value};
use attesta::limits;

use crate::answers::{assert_explained, assert_plain, assert_reads_back};

/// DIDs, DID URLs, the documents of DIDs that carry a key, and documents that somebody published.
pub fn did(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        syntax(text);
        resolution(text);
    }
    document(bytes);
}

fn syntax(text: &str) {
    let url = match DidUrl::parse(text) {
        Ok(url) => url,
        Err(error) => {
            assert_explained(&error);
            assert!(Did::parse(text).is_err(), "a DID that is no DID URL");
            return;
        }
    };
    let mut parts = format!("{}{}", url.did(), url.path());
    for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            parts.push(mark);
            parts.push_str(part);
        }
    }
    assert_eq!(parts, text);
    assert_eq!(url.to_string(), text);
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
    let did = url.did();
    assert_eq!(format!("did:{}:{}", did.method(), did.method_specific_id()), did.as_str());
    assert_eq!(Did::parse(did.as_str()).as_ref(), Ok(did));
    assert_eq!(Did::parse(text).is_ok(), did.as_str() == text);
}

fn resolution(text: &str) {
    let plain = ResolutionOptions::default;
    let derived = ResolutionOptions { enable_encryption_key_derivation: true, expand_relative_urls: true, ..plain() };
    let as_jwk = ResolutionOptions { public_key_format: Some(PublicKeyFormat::JsonWebKey), ..plain() };
    let accepting = ResolutionOptions { accept: Some(text.to_owned()), ..plain() };
    for options in [plain(), derived, as_jwk, accepting] {
        let result = resolve(text, &options);
        assert_ne!(result.document.is_some(), result.error.is_some());
        assert_reads_back(&result.to_json());
        if let Some(error) = &result.error {
            assert_explained(error);
        }
        let Some(document) = result.document else { continue };
        assert_eq!(document.id(), text);
        check(&document);
        assert!(!document.verification_methods().is_empty());
        assert_eq!(Document::from_map(&document.to_json()).as_ref().map(methods), Ok(methods(&document)));
    }
    if let Ok(key) = method::key::public_key(text) {
        assert_eq!(method::key::from_key(&key), text, "a second did:key for the same key");
    }
    if let Ok(key) = method::jwk::public_key(text) {
        assert_eq!(method::jwk::public_key(&method::jwk::from_key(&key)), Ok(key));
    }
}

fn document(bytes: &[u8]) {
    let document = match Document::parse(bytes) {
        Ok(document) => document,
        Err(error) => return assert_explained(&error),
    };
    assert_eq!(Some(document.to_json()), json::parse_object(bytes).ok());
    check(&document);
    let again = Document::from_map(&document.to_json_with_absolute_urls()).expect("absolute URLs are URLs");
    assert_eq!(methods(&again), methods(&document), "another document with absolute URLs");
}

fn check(document: &Document) {
    assert_plain(document.id());
    assert!(document.verification_methods().len() <= limits::VERIFICATION_METHODS);
    for method in document.verification_methods() {
        assert_plain(&method.id);
        let found = document.verification_method(&method.id);
        assert!(found.is_none_or(|found| found.id == method.id && method.id.starts_with(document.id())));
        for relationship in Relationship::ALL {
            let may = document.authorizes(&method.id, relationship);
            assert!(!may || (found.is_some() && method.serves(relationship)));
            if let Ok(key) = &method.key {
                let of_key = document.method_of_key(key, relationship);
                assert!(of_key.is_some() || !may);
                assert!(of_key.is_none_or(|found| found.key.as_ref() == Ok(key)));
            }
        }
        if let Err(error) = &method.key {
            assert_explained(error);
        }
    }
    for reference in ["#key-1", "/path", "?query", "did:example:a#b", "\n", ""] {
        let absolute = document.absolute(reference);
        assert!(absolute.is_none_or(|url| url.bytes().all(|byte| byte.is_ascii_graphic())));
    }
    assert!(document.member("id").is_none_or(Value::is_string));
}

/// A method's id, its key if that can be used, and what it serves.
pub(crate) type Method = (String, Option<String>, Vec<Relationship>);

/// The methods of a document, in their order.
pub(crate) fn methods(document: &Document) -> Vec<Method> {
    let describe = |method: &attesta::did::VerificationMethod| {
        let serves = Relationship::ALL.into_iter().filter(|relationship| method.serves(*relationship)).collect();
        (method.id.clone(), method.key.as_ref().ok().map(|key| key.to_multikey()), serves)
    };
    document.verification_methods().iter().map(describe).collect()
}
