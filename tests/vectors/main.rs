//! The project's own vectors in `test-vectors/`: that the verifier answers each as its file says, that the files are
//! what the cases here make, and that together they reach every check and every code.
//!
//! `make vectors` writes the files anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test speaks and fails by these")]

mod cases;
mod cast;
#[allow(dead_code, reason = "each test uses its own part")]
#[path = "../common/certificates.rs"]
mod certificates;
mod cose;
mod forge;
mod outside;
mod scene;
mod selective;
mod statements;
mod vector;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use attesta::encoding::json::Map;
use attesta::verify::{CheckId, Code, Outcome, Report};
use serde_json::Value;

use vector::{differences, judge, standing_in_the_way, to_text, value_to_text};

/// Codes that no vector reaches, each with the reason.
const NOT_REACHED: [(Code, &str); 0] = [];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors")
}

/// Every vector by its path, made from the cases.
fn made() -> BTreeMap<String, Map> {
    let mut vectors = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in cases::all() {
        match case.finish() {
            Ok(vector) => assert!(vectors.insert(case.path(), vector).is_none(), "two cases are {}", case.path()),
            Err(difference) => wrong.push(difference),
        }
    }
    assert!(wrong.is_empty(), "{} cases are not judged as their authors expect:\n{}", wrong.len(), wrong.join("\n"));
    vectors
}

/// What the folder must hold, by path.
fn files_made() -> BTreeMap<String, String> {
    let mut files: BTreeMap<_, _> = made().iter().map(|(path, vector)| (path.clone(), to_text(vector))).collect();
    files.insert("keys.json".to_owned(), value_to_text(&cast::keys_file()));
    files.insert("certificates.json".to_owned(), value_to_text(&cases::certificates_file()));
    files
}

/// Every JSON file in the folder, by its path from there.
fn files_written() -> BTreeMap<String, String> {
    fn collect(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, root, files);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(&folder(), &folder(), &mut files);
    files
}

/// The vectors as they stand in their files.
static VECTORS: LazyLock<BTreeMap<String, Map>> = LazyLock::new(|| {
    let vectors: BTreeMap<String, Map> = files_written()
        .into_iter()
        .filter(|(path, _)| path.contains('/'))
        .map(|(path, text)| (path, serde_json::from_str(&text).unwrap()))
        .collect();
    assert!(vectors.len() > 400, "only {} vectors: run make vectors", vectors.len());
    vectors
});

/// What the verifier says of each.
static REPORTS: LazyLock<BTreeMap<&'static str, Report>> =
    LazyLock::new(|| VECTORS.iter().map(|(path, vector)| (path.as_str(), judge(vector))).collect());

/// The runner that every language has: the places where the report is not the expected one.
fn run(vector: &Map) -> Vec<String> {
    differences(&vector["report"], &judge(vector).to_json())
}

#[test]
fn the_files_are_what_the_cases_make() {
    let made = files_made();
    if std::env::var_os("UPDATE").is_some() {
        for path in files_written().keys().filter(|path| !made.contains_key(*path)) {
            fs::remove_file(folder().join(path)).unwrap();
        }
        for (path, text) in &made {
            let path = folder().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    let written = files_written();
    let paths: BTreeSet<&String> = made.keys().chain(written.keys()).collect();
    let other: Vec<&String> = paths.into_iter().filter(|path| made.get(*path) != written.get(*path)).collect();
    assert!(other.is_empty(), "these files are not what the cases make; `make vectors` writes them anew: {other:#?}");
}

#[test]
fn every_report_is_the_expected_one() {
    for (path, report) in &*REPORTS {
        assert_eq!(differences(&VECTORS[*path]["report"], &report.to_json()), [] as [String; 0], "{path}");
    }
}

/// A folder for each format, and one for what is of none.
const FOLDERS: [&str; 10] = [
    "vc-jwt",
    "vc-sd-jwt",
    "dc-sd-jwt",
    "vc-cose",
    "eddsa-jcs-2022",
    "ecdsa-jcs-2019",
    "eddsa-rdfc-2022",
    "ecdsa-rdfc-2019",
    "ecdsa-sd-2023",
    "any",
];

#[test]
fn folders_and_outcomes_agree() {
    let (mut valid, mut invalid) = (0, 0);
    for (path, report) in &*REPORTS {
        let parts: Vec<&str> = path.split('/').collect();
        let [format, kind, side, _] = parts[..] else { panic!("{path} lies elsewhere") };
        assert!(FOLDERS.contains(&format), "{path}");
        assert!(["proof-of-address", "licence", "skill", "other"].contains(&kind), "{path}");
        match side {
            "valid" => valid += 1,
            "invalid" => invalid += 1,
            _ => panic!("{path} lies elsewhere"),
        }
        assert_eq!(report.outcome() == Outcome::Valid, side == "valid", "{path}");
        assert_eq!(report.accepted().is_empty(), side == "invalid", "{path}: claims without an outcome");
    }
    assert!(invalid >= valid && valid > 0, "{valid} valid, {invalid} invalid");
}

#[test]
fn every_check_alone_refuses_some_vector() {
    let alone: BTreeSet<CheckId> = REPORTS
        .values()
        .filter_map(|report| match standing_in_the_way(report)[..] {
            [check] => Some(check),
            _ => None,
        })
        .collect();
    let missing: Vec<&str> =
        CheckId::ALL.iter().filter(|check| !alone.contains(check)).map(|check| check.name()).collect();
    assert!(missing.is_empty(), "without these checks every vector would be judged the same: {missing:?}");
}

#[test]
fn every_code_is_reached() {
    let mut reached = Vec::new();
    for report in REPORTS.values() {
        let presentations = report.presentations().iter().flat_map(|presentation| presentation.checks());
        let checks = presentations.chain(report.credentials().iter().flat_map(|credential| credential.checks()));
        reached.extend(checks.map(|check| check.code()));
    }
    for code in Code::ALL {
        let excused = NOT_REACHED.iter().any(|(excused, _)| excused == code);
        assert_eq!(reached.contains(code), !excused, "{code:?}, {}", code.name());
    }
}

#[test]
fn an_expectation_that_is_turned_fails() {
    let all = &*VECTORS;
    for path in [
        "vc-jwt/proof-of-address/valid/presented-to-the-bank.json",
        "eddsa-jcs-2022/licence/invalid/end-changed-after-signing.json",
        "ecdsa-jcs-2019/skill/invalid/document-missing-of-a-known-issuer.json",
        "dc-sd-jwt/proof-of-address/valid/district-country-and-date-alone.json",
        "vc-sd-jwt/licence/invalid/claim-added.json",
    ] {
        let vector = &all[path];
        assert!(run(vector).is_empty(), "{path}");
        let found = judge(vector).to_json();
        let places = leaves(&vector["report"]);
        assert!(places.len() > 100, "{path}: {} places", places.len());
        for place in places {
            let mut turned = vector["report"].clone();
            turn(turned.pointer_mut(&place).unwrap());
            assert_eq!(differences(&turned, &found), [place], "{path}");
        }
        let mut turned = vector.clone();
        turned["report"]["outcome"] = "turned".into();
        turned["report"].as_object_mut().unwrap().remove("missing");
        assert_eq!(run(&turned), ["/outcome", "/missing"], "{path}");
    }
}

#[test]
fn another_document_fails() {
    let all = &*VECTORS;
    let mut vector = all["vc-jwt/licence/valid/handed-over-as-a-file.json"].clone();
    vector["presented"] = all["vc-jwt/licence/invalid/alg-none.json"]["presented"].clone();
    assert!(run(&vector).contains(&"/outcome".to_owned()));
}

#[test]
fn a_context_added_after_signing_is_not_handed_on() {
    for suite in ["eddsa-jcs-2022", "ecdsa-jcs-2019"] {
        let vector = &VECTORS[&format!("{suite}/other/valid/context-added-after-signing.json")];
        let presented: Value = serde_json::from_str(vector["presented"].as_str().unwrap()).unwrap();
        assert_eq!(presented["@context"].as_array().unwrap().len(), 3);
        let report = judge(vector);
        let accepted = report.accepted();
        assert_eq!(accepted[0].document()["@context"], presented["proof"]["@context"]);
    }
}

/// Pointers to all values that hold no others, and to empty lists.
fn leaves(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    if children.is_empty() {
        return vec![String::new()];
    }
    let inner = |(name, value): &(String, &Value)| {
        leaves(value).into_iter().map(|rest| format!("/{name}{rest}")).collect::<Vec<_>>()
    };
    children.iter().flat_map(inner).collect()
}

/// Makes another value of it.
fn turn(value: &mut Value) {
    *value = match value {
        Value::String(text) => format!("{text}.").into(),
        Value::Bool(bool) => (!*bool).into(),
        Value::Number(_) => Value::Null,
        _ => 1.into(),
    };
}
