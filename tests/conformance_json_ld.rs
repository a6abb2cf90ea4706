//! JSON-LD 1.1 to RDF against the vectors of the W3C: every case of JSON-LD 1.1 but the listed exceptions.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Context, Contexts, Dataset, JsonLdError, to_dataset, to_dataset_leniently};
use common::nquads;
use serde_json::Value;

/// Cases that are not passed, each with its reason. One that passes all the same fails the test.
const EXCEPTIONS: &[(&str, &str)] =
    &[("tdi09", RDF_DIRECTION), ("tdi10", RDF_DIRECTION), ("tdi11", RDF_DIRECTION), ("tdi12", RDF_DIRECTION)];

const RDF_DIRECTION: &str = "rdfDirection is an option that no securing mechanism uses; it is not normative";

/// The contexts of the suite's folder, by the addresses that it says they have.
struct Suite(BTreeMap<String, Context>);

impl Contexts for Suite {
    fn context(&self, url: &str) -> Option<&Context> {
        self.0.get(url)
    }
}

#[derive(PartialEq)]
enum Verdict {
    Passed,
    Failed(String),
    Skipped,
}

#[test]
fn to_rdf() {
    let Some(folder) = common::vectors("json-ld") else { return };
    let manifest: Value = read(&folder.join("toRdf-manifest.jsonld"));
    let base = manifest["baseIri"].as_str().unwrap();
    let mut suite = Suite(contexts(&folder.join("toRdf"), &format!("{base}toRdf/")));
    suite.0.extend(contexts(&folder.join("toRdf/c031"), &format!("{base}toRdf/c031/")));
    let (mut passed, mut skipped, mut wrong) = (0, 0, Vec::new());
    let mut safe = 0;
    for case in manifest["sequence"].as_array().unwrap() {
        let id = case["@id"].as_str().unwrap().trim_start_matches('#');
        let exception = EXCEPTIONS.iter().find(|(name, _)| *name == id);
        match (judge(case, &folder, base, &suite), exception) {
            (Verdict::Skipped, None) => skipped += 1,
            (Verdict::Passed, None) => passed += 1,
            (Verdict::Failed(_), Some(_)) => {}
            (Verdict::Passed | Verdict::Skipped, Some(_)) => wrong.push(format!("{id} is an exception, and passes")),
            (Verdict::Failed(why), None) => wrong.push(format!("{id} {}: {why}", case["name"])),
        }
        safe += usize::from(is_safe(case, &folder, &suite));
    }
    println!(
        "json-ld toRdf: {passed} passed, {} exceptions, {skipped} of JSON-LD 1.0 skipped; {safe} are safe to sign",
        EXCEPTIONS.len()
    );
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed > 400, "only {passed}");
}

fn judge(case: &Value, folder: &Path, base: &str, suite: &Suite) -> Verdict {
    let option = &case["option"];
    if option["specVersion"] == "json-ld-1.0" || option["processingMode"] == "json-ld-1.0" {
        return Verdict::Skipped;
    }
    let input = case["input"].as_str().unwrap();
    let address = option["base"].as_str().map_or_else(|| format!("{base}{input}"), str::to_owned);
    let document = read(&folder.join(input));
    let expand_context =
        option["expandContext"].as_str().map(|file| Context::compile(&read(&folder.join(file))).unwrap());
    let made = to_dataset_leniently(&document, Some(&address), expand_context.as_ref(), suite);
    let types = case["@type"].to_string();
    if types.contains("NegativeEvaluationTest") {
        return match made {
            Ok(_) => Verdict::Failed(format!("accepted, where {} was expected", case["expectErrorCode"])),
            // What is not at hand is the same to us, whether it is not there or is no JSON-LD.
            Err(JsonLdError::ContextUnavailable { .. })
                if case["expectErrorCode"].as_str().unwrap().contains("remote") =>
            {
                Verdict::Passed
            }
            Err(JsonLdError::Invalid { fault, .. }) if case["expectErrorCode"] == *fault.to_string() => Verdict::Passed,
            Err(error) => Verdict::Failed(format!("{error}, where {} was expected", case["expectErrorCode"])),
        };
    }
    let data = match made {
        Ok(data) => data,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    let Some(expected) = case["expect"].as_str() else { return Verdict::Passed };
    let expected = fs::read_to_string(folder.join(expected)).unwrap();
    let (made, expected) = (canonical(&data), canonical(&nquads::parse(&expected).unwrap().data));
    if made == expected { Verdict::Passed } else { Verdict::Failed(format!("\n{made}instead of\n{expected}")) }
}

/// Data sets are isomorphic where their canonical forms are equal.
fn canonical(data: &Dataset) -> String {
    canonicalize(data, HashAlgorithm::Sha256).unwrap().text().to_owned()
}

/// Whether a positive case is read without anything that would be dropped, and without a base.
fn is_safe(case: &Value, folder: &Path, suite: &Suite) -> bool {
    let document = read(&folder.join(case["input"].as_str().unwrap()));
    case["@type"].to_string().contains("Positive")
        && document.as_object().is_some_and(|map| to_dataset(map, suite).is_ok())
}

/// As the suite's own loader would: whatever can be compiled.
fn contexts(folder: &Path, base: &str) -> BTreeMap<String, Context> {
    let mut contexts = BTreeMap::new();
    for path in common::files(folder, "jsonld") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let url = format!("{base}{name}");
        let document = read(&path);
        if document.get("@context").is_some()
            && let Ok(context) = Context::compile_from(&document, Some(&url))
        {
            contexts.insert(url, context);
        }
    }
    contexts
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What drops without a word is for these tests alone.
#[test]
fn nothing_that_is_signed_is_read_leniently() {
    fn named(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                named(&path, found);
            } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("to_dataset_leniently")) {
                found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut found = Vec::new();
    named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    assert_eq!(found, ["mod.rs", "tests.rs"], "where it is defined, and the tests beside it");
}
