//! RDF Dataset Canonicalization against the test suite of its working group.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use attesta::jsonld::rdfc::{Canonical, HashAlgorithm, TooComplex, canonicalize};
use common::nquads::{self, Read};
use serde_json::Value;

/// What a case must lead to.
enum Wanted {
    Text(String),
    Names(BTreeMap<String, String>),
    Refusal,
}

struct Case {
    id: String,
    read: Read,
    algorithm: HashAlgorithm,
    wanted: Wanted,
}

fn cases(folder: &Path) -> Vec<Case> {
    let open = |name: &Value| {
        let path = folder.join(name.as_str().unwrap());
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let manifest: Value = serde_json::from_str(&open(&"manifest.jsonld".into())).unwrap();
    let entries = manifest["entries"].as_array().unwrap();
    let case = |entry: &Value| Case {
        id: entry["id"].as_str().unwrap().trim_start_matches('#').to_owned(),
        read: nquads::parse(&open(&entry["action"])).unwrap_or_else(|error| panic!("{entry}: {error}")),
        algorithm: match entry.get("hashAlgorithm").map(|name| name.as_str().unwrap()) {
            None => HashAlgorithm::Sha256,
            Some("SHA384") => HashAlgorithm::Sha384,
            Some(other) => panic!("{other} is no hash of RDFC-1.0's tests"),
        },
        wanted: match entry["type"].as_str().unwrap() {
            "rdfc:RDFC10EvalTest" => Wanted::Text(open(&entry["result"])),
            "rdfc:RDFC10MapTest" => Wanted::Names(serde_json::from_str(&open(&entry["result"])).unwrap()),
            "rdfc:RDFC10NegativeEvalTest" => Wanted::Refusal,
            other => panic!("{other} is no type of RDFC-1.0's tests"),
        },
    };
    entries.iter().map(case).collect()
}

/// The canonical name of each blank node, by the name that it came with.
fn names(read: &Read, canonical: &Canonical) -> BTreeMap<String, String> {
    let name = |(number, label): (u32, &String)| (label.clone(), format!("c14n{}", canonical.label(number).unwrap()));
    (0..).zip(&read.labels).map(name).collect()
}

#[test]
fn every_case_agrees() {
    let Some(folder) = common::vectors("rdf-canon") else { return };
    let cases = cases(&folder);
    let [mut texts, mut maps, mut refusals] = [0; 3];
    for case in &cases {
        let id = &case.id;
        let canonical = canonicalize(&case.read.data, case.algorithm);
        match &case.wanted {
            Wanted::Text(wanted) => {
                assert_eq!(canonical.unwrap().text(), wanted, "{id}");
                texts += 1;
            }
            Wanted::Names(wanted) => {
                assert_eq!(&names(&case.read, &canonical.unwrap()), wanted, "{id}");
                maps += 1;
            }
            Wanted::Refusal => {
                assert_eq!(canonical.map(|_| ()), Err(TooComplex::Steps), "{id}");
                refusals += 1;
            }
        }
    }
    println!("rdf-canon: {texts} texts and {maps} maps equal, {refusals} refused, of {} cases", cases.len());
    assert_eq!((texts, maps, refusals), (64, 21, 1), "a suite with other cases");
}

#[test]
fn a_canonical_text_is_its_own_canonical_form() {
    let Some(folder) = common::vectors("rdf-canon") else { return };
    for case in cases(&folder) {
        if let Ok(canonical) = canonicalize(&case.read.data, case.algorithm) {
            let again = nquads::parse(canonical.text()).unwrap();
            assert_eq!(canonicalize(&again.data, case.algorithm).unwrap().text(), canonical.text(), "{}", case.id);
        }
    }
}

/// The same, but with the other hash: blank nodes get other names somewhere in the suite.
#[test]
fn the_hash_decides() {
    let Some(folder) = common::vectors("rdf-canon") else { return };
    let cases = cases(&folder);
    let differ = |case: &&Case| {
        let with = |algorithm| canonicalize(&case.read.data, algorithm).map(|canonical| canonical.text().to_owned());
        with(HashAlgorithm::Sha256) != with(HashAlgorithm::Sha384)
    };
    assert!(cases.iter().filter(differ).count() > 10);
}
