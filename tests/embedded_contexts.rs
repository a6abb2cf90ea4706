//! The contexts of our own against those that their publishers published: as JSON, in one normal form, since two files
//! may write one context in two ways.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use attesta::encoding::json::{Map, Value};
use attesta::encoding::{base64url, jcs};
use attesta::jsonld::{Contexts as _, Embedded};
use sha2::{Digest, Sha256, Sha384};

const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const OURS: &str = "https://w3id.org/attesta/v1";

/// What the context means, whichever way it is written: every definition an object, every IRI whole.
fn normal(context: &Value) -> Value {
    let Value::Object(context) = context else { return context.clone() };
    let mut found = Map::new();
    for (name, value) in context {
        let value = match value {
            _ if name == "@version" => continue,
            _ if name.starts_with('@') => value.clone(),
            Value::String(iri) => serde_json::json!({ "@id": whole(iri, context) }),
            Value::Object(definition) => definition
                .iter()
                .map(|(member, value)| {
                    let value = match member.as_str() {
                        "@id" | "@type" => whole(value.as_str().unwrap(), context).into(),
                        "@context" => normal(value),
                        _ => value.clone(),
                    };
                    (member.clone(), value)
                })
                .collect(),
            other => panic!("{name}: {other}"),
        };
        found.insert(name.clone(), value);
    }
    Value::Object(found)
}

/// An IRI without its prefix, if the same context defines one.
fn whole(iri: &str, context: &Map) -> String {
    let of = |term: &str| {
        let definition = context.get(term)?;
        definition.as_str().or_else(|| definition.get("@id")?.as_str())
    };
    match iri.split_once(':') {
        Some((prefix, local)) if !local.starts_with("//") => of(prefix).map(|start| format!("{start}{local}")),
        Some(_) => None,
        None => of(iri).map(str::to_owned),
    }
    .unwrap_or_else(|| iri.to_owned())
}

fn embedded(url: &str) -> Value {
    normal(&Embedded::document(url).unwrap_or_else(|| panic!("no context {url}"))["@context"])
}

fn assert_same(url: &str, published: &[u8]) {
    let published: Value = serde_json::from_slice(published).unwrap();
    assert_eq!(embedded(url), normal(&published["@context"]), "{url}");
}

fn assert_digests(url: &str, bytes: &[u8]) {
    assert_eq!(Embedded::has_digest(url, &Sha256::digest(bytes)), Some(true), "{url}");
    assert_eq!(Embedded::has_digest(url, &Sha384::digest(bytes)), Some(true), "{url}");
}

/// Those whose published bytes are at hand.
#[test]
fn ours_mean_what_the_published_ones_mean() {
    let of_w3c: &[(&str, &str)] = &[
        (CREDENTIALS_V2, "credentials-v2"),
        ("https://w3id.org/security/data-integrity/v2", "data-integrity-v2"),
        ("https://w3id.org/security/multikey/v1", "multikey-v1"),
        ("https://w3id.org/security/jwk/v1", "jwk-v1"),
        ("https://www.w3.org/ns/cid/v1", "cid-v1"),
        ("https://www.w3.org/ns/did/v1.1", "cid-v1"),
    ];
    let of_citizenship: &[(&str, &str)] = &[
        ("https://w3id.org/citizenship/v1", "citizenship-v1"),
        ("https://w3id.org/citizenship/v2", "citizenship-v2"),
        ("https://w3id.org/citizenship/v3", "citizenship-v3"),
    ];
    for (folder, contexts) in [("../contexts", of_w3c), ("citizenship/contexts", of_citizenship)] {
        let Some(folder) = common::vectors(folder) else { continue };
        for (url, file) in contexts {
            let bytes = fs::read(folder.join(file).with_extension("jsonld")).unwrap();
            assert_same(url, &bytes);
            assert_digests(url, &bytes);
        }
    }
}

/// Those that another implementation carries; the bytes of two are its publisher's.
#[test]
fn ours_mean_what_those_of_ssi_mean() {
    for (url, text, are_published) in [
        ("https://www.w3.org/2018/credentials/v1", ssi_contexts::CREDENTIALS_V1, true),
        ("https://www.w3.org/ns/did/v1", ssi_contexts::DID_V1, true),
        ("https://w3id.org/vdl/v1", ssi_contexts::VDL_V1, false),
        (CREDENTIALS_V2, ssi_contexts::CREDENTIALS_V2, false),
        ("https://w3id.org/security/data-integrity/v2", ssi_contexts::W3ID_DATA_INTEGRITY_V2, false),
        ("https://w3id.org/citizenship/v1", ssi_contexts::CITIZENSHIP_V1, true),
    ] {
        assert_same(url, text.as_bytes());
        if are_published {
            assert_digests(url, text.as_bytes());
        }
    }
}

/// Nobody packages the published Open Badges context for Rust, so the digest of its normal form stands here, of the file
/// whose SHA-256 is the published one.
#[test]
fn open_badges_means_what_the_published_file_means() {
    let digest = Sha256::digest(jcs::canonicalize_value(&embedded(OPEN_BADGES)));
    assert_eq!(base64url::encode(digest), "cH1EktewQ6iA0XtyBQOT8p9r4pPJYG9xgNq-oeYkHqQ");
}

#[test]
fn the_file_that_others_load_is_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/contexts/attesta-v1.jsonld");
    let bytes = fs::read(file).unwrap();
    assert_same(OURS, &bytes);
    assert_digests(OURS, &bytes);
}

/// All names of members and all values of `name`, at any depth.
fn walk(value: &Value, seen: &mut impl FnMut(&str, &Value)) {
    for (name, value) in value.as_object().into_iter().flatten() {
        seen(name, value);
        walk(value, seen);
    }
}

#[test]
fn each_can_be_used() {
    for url in Embedded::urls() {
        assert!(Embedded.context(url).is_some(), "{url}");
    }
    assert!(Embedded.context("https://w3id.org/attesta/v2").is_none());
}

#[test]
fn none_gives_a_misspelt_member_a_meaning() {
    for url in Embedded::urls() {
        walk(&embedded(url), &mut |name, _| {
            assert!(!["@vocab", "@base", "@import"].contains(&name), "{url}: {name}");
        });
    }
    assert!(!Embedded::has("https://www.w3.org/ns/credentials/examples/v2"));
}

/// A term of ours that Open Badges defines too must mean the same, or what is of both could not be read at all: a
/// protected term is not defined anew.
#[test]
fn our_skills_and_open_badges_never_contradict() {
    let mut theirs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    walk(&embedded(OPEN_BADGES), &mut |name, value| theirs.entry(name.to_owned()).or_default().push(value.clone()));
    let ours = embedded(OURS);
    let skill = ours["SkillCertificationCredential"]["@context"].as_object().unwrap();
    for (term, definition) in skill.iter().filter(|(term, _)| !term.starts_with('@')) {
        let is_open = definition.get("@protected") == Some(&Value::Bool(false));
        for other in theirs.get(term).into_iter().flatten() {
            assert!(is_open || definition == other, "{term}");
        }
    }
}

#[test]
fn a_digest_is_of_one_file_alone() {
    let other = Sha256::digest(b"{}");
    for url in Embedded::urls() {
        assert_eq!(Embedded::has_digest(url, &other), Some(false), "{url}");
        assert_eq!(Embedded::has_digest(url, &other[..31]), None, "{url}");
    }
    assert_eq!(Embedded::has_digest("https://w3id.org/attesta/v2", &other), None);
    assert_eq!(Embedded::document("https://w3id.org/attesta/v1#"), None);
}
