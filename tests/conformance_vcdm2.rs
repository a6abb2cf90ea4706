//! The working group's test suite for VC Data Model 2.0: every document of it, judged by the data model, and where that
//! holds by whether everything in it has a meaning (safe JSON-LD).

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use attesta::credential::model::{CredentialView, ModelError, PresentationView};
use attesta::encoding::json::{Map, Value, parse_object};
use attesta::error::Explain;
use attesta::jsonld::{Contexts, GivenContexts, JsonLdError, first_disguised, to_dataset};

/// What only shows when contexts are processed: types that are redefined, undefined, or defined as no URL.
const BY_JSON_LD: [&str; 4] = [
    "credential-redef-type-fail",
    "credential-redef-type2-fail",
    "credential-type-mapped-nonurl-fail",
    "credential-type-unmapped-fail",
];

/// Sound documents whose texts say in which direction they run, which RDF has no place for: a suite that signs RDF would
/// not sign it, so that such a suite refuses them.
const NOT_AS_RDF: [&str; 4] = [
    "credential-description-language-direction-en-ok",
    "credential-name-language-direction-en-ok",
    "issuer-description-language-direction-en-ok",
    "issuer-name-language-direction-en-ok",
];

/// The context of the standard's own examples, which defines every word by `@vocab`.
const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";

/// Documents whose names carry no verdict: whether a credential is self-asserted is for the verifier to say.
const WITHOUT_VERDICT: [&str; 3] = [
    "presentation-self-asserted-vc-holder-mismatch",
    "presentation-self-asserted-vc-issuer-mismatch",
    "presentation-self-asserted-vc-no-holder",
];

#[test]
fn the_data_model_suite_agrees() {
    let Some(root) = common::vectors("vcdm2-suite-inputs") else { return };
    let Some(contexts) = common::vectors("../contexts") else { return };
    let mut given = GivenContexts::none();
    given.add(EXAMPLES, &fs::read(contexts.join("credentials-examples-v2.jsonld")).unwrap()).unwrap();
    let (mut judged, mut not_judged) = (0, 0);
    let mut wrong = Vec::new();
    let mut by_json_ld = BTreeSet::new();
    for path in documents(&root.join("input")).unwrap() {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap().to_owned();
        let document = judge(&name, &fs::read(&path).unwrap());
        if WITHOUT_VERDICT.contains(&name.as_str()) {
            not_judged += 1;
            continue;
        }
        judged += 1;
        let refuse = name.ends_with("-fail") || name.ends_with("-fail-or-inject");
        assert!(refuse || name.ends_with("-ok"), "{name} carries no verdict");
        let verdict = document.and_then(|document| {
            let verdict = every_word(document, &given);
            if NOT_AS_RDF.contains(&name.as_str()) {
                assert_eq!(verdict.map_err(|error| error.code()), Err("json-ld.direction"), "{name}");
                return Ok(());
            }
            if verdict.is_err() {
                by_json_ld.insert(name.clone());
            }
            verdict.map_err(|error| format!("{} ({error})", error.code()))
        });
        match verdict {
            Ok(()) if refuse => wrong.push(format!("{name}: accepted")),
            Err(error) if !refuse => wrong.push(format!("{name}: refused, {error}")),
            _ => {}
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(by_json_ld, BTreeSet::from(BY_JSON_LD.map(str::to_owned)), "what JSON-LD decides");
    println!("vcdm2: {judged} documents judged as their names say, {not_judged} have no label");
    assert_eq!((judged, not_judged), (117, 3));
}

/// Whether everything in a document has a meaning, as it must where that is what is signed. Proofs and what is presented
/// answer for themselves.
fn every_word(mut document: Map, contexts: &dyn Contexts) -> Result<(), JsonLdError> {
    document.remove("proof");
    document.remove("verifiableCredential");
    assert_eq!(first_disguised(&document, &[]), None);
    to_dataset(&document, contexts).map(drop)
}

/// The document, if the data model holds.
fn judge(name: &str, bytes: &[u8]) -> Result<Map, String> {
    let mut document = parse_object(bytes).map_err(|error| error.to_string())?;
    let said = |error: ModelError| format!("{} ({error})", error.code());
    if name.starts_with("presentation-") {
        PresentationView::read(&document).map_err(said)?;
        return Ok(document);
    }
    if name != "credential-no-issuer-fail" {
        name_an_issuer(&mut document);
    }
    date(name, &mut document);
    CredentialView::read(&document).map_err(said)?;
    Ok(document)
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
