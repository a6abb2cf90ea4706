//! The working group's test suite for VC Data Model 2.0: every document of it, judged by the data model alone.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use attesta::credential::model::{CredentialView, ModelError, PresentationView};
use attesta::encoding::json::{Map, Value, parse_object};
use attesta::error::Explain;

/// What only shows when contexts are processed: types that are redefined, undefined, or defined as no URL. Without
/// JSON-LD these documents are sound, and one that is refused means that this list is out of date.
const NEEDS_JSON_LD: [&str; 4] = [
    "credential-redef-type-fail",
    "credential-redef-type2-fail",
    "credential-type-mapped-nonurl-fail",
    "credential-type-unmapped-fail",
];

/// Documents whose names carry no verdict: whether a credential is self-asserted is for the verifier to say.
const WITHOUT_VERDICT: [&str; 3] = [
    "presentation-self-asserted-vc-holder-mismatch",
    "presentation-self-asserted-vc-issuer-mismatch",
    "presentation-self-asserted-vc-no-holder",
];

#[test]
fn the_data_model_suite_agrees() {
    let Some(root) = common::vectors("vcdm2-suite-inputs") else { return };
    let (mut judged, mut not_judged) = (0, 0);
    let mut wrong = Vec::new();
    let mut deferred = BTreeSet::new();
    for path in documents(&root.join("input")).unwrap() {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap().to_owned();
        let verdict = judge(&name, &fs::read(&path).unwrap());
        if WITHOUT_VERDICT.contains(&name.as_str()) {
            not_judged += 1;
            continue;
        }
        judged += 1;
        let refuse = name.ends_with("-fail") || name.ends_with("-fail-or-inject");
        assert!(refuse || name.ends_with("-ok"), "{name} carries no verdict");
        match verdict {
            Ok(()) if NEEDS_JSON_LD.contains(&name.as_str()) => {
                deferred.insert(name);
            }
            Ok(()) if refuse => wrong.push(format!("{name}: accepted")),
            Err(error) if !refuse => wrong.push(format!("{name}: refused, {error}")),
            _ => {}
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(deferred, BTreeSet::from(NEEDS_JSON_LD.map(str::to_owned)), "a document is refused without JSON-LD");
    assert_eq!((judged, not_judged), (117, 3));
}

fn judge(name: &str, bytes: &[u8]) -> Result<(), String> {
    let mut document = parse_object(bytes).map_err(|error| error.to_string())?;
    let said = |error: ModelError| format!("{} ({error})", error.code());
    if name.starts_with("presentation-") {
        return PresentationView::read(&document).map(drop).map_err(said);
    }
    if name != "credential-no-issuer-fail" {
        name_an_issuer(&mut document);
    }
    date(name, &mut document);
    CredentialView::read(&document).map(drop).map_err(said)
}

/// As the suite's runner does before it sends a document: an issuer that is absent is set, one that is null is not.
fn name_an_issuer(document: &mut Map) {
    let issuer = || Value::from("did:example:issuer");
    if let Value::Object(object) = document.entry("issuer").or_insert_with(issuer) {
        object.entry("id").or_insert_with(issuer);
    }
}

/// The suite's runner puts moments a year before and after its own clock into two documents; any two will do here.
fn date(name: &str, document: &mut Map) {
    if !name.starts_with("credential-validUntil-validFrom-") {
        return;
    }
    for member in ["validFrom", "validUntil"] {
        let moment = match document[member].as_str() {
            Some("PAST DATE") => "2025-01-01T00:00:00Z",
            Some("FUTURE DATE") => "2027-01-01T00:00:00Z",
            _ => continue,
        };
        document.insert(member.to_owned(), moment.into());
    }
}

fn documents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(documents(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
