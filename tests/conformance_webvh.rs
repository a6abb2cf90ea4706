//! The did:webvh test suite: logs that two other implementations wrote, and what they say these resolve to.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::path::{Path, PathBuf};

use attesta::did::method::webvh::Log;
use attesta::did::{
    Content, DereferencingOptions, Did, Record, ResolutionOptions, ResolutionResult, dereference, resolve_from,
};
use attesta::time::Timestamp;
use common::vectors;
use serde_json::{Value, json};

/// Where the suite's own expectation departs from the method: "a resolver MUST NOT return the DIDDoc" of a DID that is
/// deactivated.
const RETURNS_A_DEACTIVATED_DOCUMENT: &str = "deactivate/rust";

/// Of an earlier version `updated` is the last update "for the document version which was resolved" (DID Resolution 1.0);
/// this writer has the log's last.
const UPDATES_ARE_THE_LAST: [&str; 2] = ["multi-update/rust 1", "multi-update/rust 2"];

/// Moved in name only: its log stays at one place.
const STAYS: &str = "portable-move/rust";

struct Case {
    name: String,
    folder: PathBuf,
    did: Did,
    log: Vec<u8>,
    witnesses: Option<Vec<u8>>,
}

impl Case {
    fn read(folder: PathBuf) -> Self {
        let log = std::fs::read(folder.join("did.jsonl")).unwrap();
        let last = log.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap();
        let entry: Value = serde_json::from_slice(last).unwrap();
        let did = Did::parse(entry["state"]["id"].as_str().unwrap()).unwrap();
        let witnesses = std::fs::read(folder.join("did-witness.json")).ok();
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        Self { name: format!("{}/{}", name(folder.parent().unwrap()), name(&folder)), folder, did, log, witnesses }
    }

    fn verify(&self) -> Log {
        let verified = Log::verify(&self.did, &self.log, self.witnesses.as_deref(), now());
        verified.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// What the suite expects of a version; of the newest by default.
    fn expected(&self, number: Option<u64>) -> Option<Value> {
        let file =
            number.map_or("resolutionResult.json".to_owned(), |number| format!("resolutionResult.{number}.json"));
        let text = std::fs::read(self.folder.join(file)).ok()?;
        Some(serde_json::from_slice(&text).unwrap())
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T00:00:00Z").unwrap()
}

fn cases() -> Vec<Case> {
    let Some(folder) = vectors("did-webvh") else { return Vec::new() };
    let scenarios = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let folders = scenarios.flat_map(|scenario| ["rust", "ts"].map(|writer| scenario.join(writer)));
    let cases: Vec<Case> = folders.filter(|folder| folder.is_dir()).map(Case::read).collect();
    assert_eq!(cases.len(), 26);
    cases
}

/// The document without the services that every DID of this method has.
fn without_implied_services(mut document: Value) -> Value {
    if let Some(services) = document.get_mut("service").and_then(Value::as_array_mut) {
        services.retain(|service| {
            let id = service["id"].as_str().unwrap();
            !id.ends_with("#files") && !id.ends_with("#whois")
        });
        if services.is_empty() {
            document.as_object_mut().unwrap().remove("service");
        }
    }
    document
}

fn compare(name: &str, expected: &Value, result: ResolutionResult) {
    let found = Value::from(result.to_json());
    let document = match name {
        RETURNS_A_DEACTIVATED_DOCUMENT => json!(null),
        _ => without_implied_services(expected["didDocument"].clone()),
    };
    assert_eq!(found["didDocument"], document, "{name}");
    for member in ["versionId", "versionTime", "created", "updated", "deactivated", "portable", "scid"] {
        if let Some(value) = expected["didDocumentMetadata"].get(member) {
            let departs = member == "updated" && UPDATES_ARE_THE_LAST.contains(&name);
            let agrees = found["didDocumentMetadata"].get(member) == Some(value);
            assert_eq!(agrees, !departs, "{name}: {member}: {found}");
        }
    }
}

#[test]
fn every_log_resolves_to_what_its_writer_says() {
    for case in cases() {
        let log = case.verify();
        let result = resolve_from(case.did.as_str(), Some(Record::Log(&log)), &ResolutionOptions::default());
        compare(&case.name, &case.expected(None).unwrap(), result);
    }
}

#[test]
fn earlier_versions_resolve_to_what_their_writer_says() {
    let mut count = 0;
    for case in cases() {
        let log = case.verify();
        for number in 1..=9 {
            let Some(expected) = case.expected(Some(number)) else { continue };
            let options = ResolutionOptions { version_number: Some(number), ..ResolutionOptions::default() };
            let result = resolve_from(case.did.as_str(), Some(Record::Log(&log)), &options);
            compare(&format!("{} {number}", case.name), &expected, result);
            count += 1;
        }
    }
    assert!(count == 4 || vectors("did-webvh").is_none(), "{count}");
}

#[test]
fn implied_services_have_the_addresses_that_the_writers_give() {
    for case in cases() {
        let expected = case.expected(None).unwrap();
        let log = case.verify();
        let asks = ResolutionOptions { accept: Some("text/uri-list".to_owned()), ..ResolutionOptions::default() };
        let options = DereferencingOptions { resolution: asks, ..DereferencingOptions::default() };
        for (suffix, fragment) in [("?service=files", "#files"), ("/whois", "#whois")] {
            let services = expected["didDocument"]["service"].as_array().into_iter().flatten();
            let Some(service) = services.into_iter().find(|s| s["id"].as_str().unwrap().ends_with(fragment)) else {
                continue;
            };
            if log.document().is_none() {
                continue;
            }
            let found = dereference(&format!("{}{suffix}", case.did), Some(Record::Log(&log)), &options);
            let Some(Content::Urls(urls)) = found.content else { panic!("{}: {:?}", case.name, found.error) };
            let slashless = |url: &str| url.trim_end_matches('/').to_owned();
            let expected = slashless(service["serviceEndpoint"].as_str().unwrap());
            assert_eq!(urls.iter().map(|url| slashless(url)).collect::<Vec<_>>(), [expected], "{}", case.name);
        }
    }
}

#[test]
fn a_moved_did_is_the_same_under_both_names() {
    for case in cases().into_iter().filter(|case| case.name.starts_with("portable-move")) {
        let log = case.verify();
        assert_eq!(log.names().len(), if case.name == STAYS { 1 } else { 2 }, "{}", case.name);
        let old = Did::parse(&log.names()[0]).unwrap();
        let under_old = Log::verify(&old, &case.log, case.witnesses.as_deref(), now()).unwrap();
        assert_eq!(under_old.versions(), log.versions());
    }
}

#[test]
fn no_log_holds_without_one_of_its_parts() {
    for case in cases() {
        let text = String::from_utf8(case.log.clone()).unwrap();
        let fails = |changed: &str, witnesses: Option<&[u8]>| {
            let outcome = Log::verify(&case.did, changed.as_bytes(), witnesses, now());
            assert!(outcome.is_err(), "{}: {changed}", case.name);
        };
        for (from, to) in [
            ("\"versionTime\":\"2000-01-01T00:00:00Z\"", "\"versionTime\":\"2000-01-01T00:00:01Z\""),
            ("did:webvh:1.0", "did:webvh:1.1"),
            ("eddsa-jcs-2022", "eddsa-jcs-2023"),
            ("\"proofPurpose\":\"assertionMethod\"", "\"proofPurpose\":\"authentication\""),
            ("Multikey", "multikey"),
        ] {
            assert!(text.contains(from), "{}", case.name);
            fails(&text.replacen(from, to, 1), case.witnesses.as_deref());
        }
        let lines: Vec<&str> = text.lines().collect();
        for left_out in 0..lines.len().saturating_sub(1) {
            let rest: String =
                (0..lines.len()).filter(|line| *line != left_out).map(|line| format!("{}\n", lines[line])).collect();
            fails(&rest, case.witnesses.as_deref());
        }
        if case.witnesses.is_some() {
            fails(&text, None);
            fails(&text, Some(b"[]"));
        }
    }
}
