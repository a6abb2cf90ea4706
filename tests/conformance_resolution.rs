//! The versions that the logs of the did:webvh test suite resolve to, and the addresses that their paths lead to.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::path::PathBuf;

use attesta::did::method::webvh::Log;
use attesta::did::{
    Content, DereferencingOptions, Did, Record, ResolutionOptions, ResolutionResult, dereference, resolve_from,
};
use attesta::encoding::json;
use attesta::time::Timestamp;
use common::vectors;

/// A log of the suite, verified, and its folder.
fn logs() -> Vec<(PathBuf, Log)> {
    let Some(folder) = vectors("did-webvh") else { return Vec::new() };
    let now = Timestamp::parse("2026-11-21T00:00:00Z").unwrap();
    let scenarios = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let writers = scenarios.flat_map(|scenario| ["rust", "ts"].map(|name| scenario.join(name)));
    let log_of = |writer: PathBuf| {
        let log = std::fs::read(writer.join("did.jsonl")).unwrap();
        let witnesses = std::fs::read(writer.join("did-witness.json")).ok();
        let last = log.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap();
        let entry = json::parse_object(last).unwrap();
        let did = Did::parse(entry["state"]["id"].as_str().unwrap()).unwrap();
        let log = Log::verify(&did, &log, witnesses.as_deref(), now).unwrap();
        (writer, log)
    };
    writers.filter(|path| path.is_dir()).map(log_of).collect()
}

fn result_of(log: &Log, version_number: Option<u64>) -> ResolutionResult {
    let options = ResolutionOptions { version_number, ..ResolutionOptions::default() };
    resolve_from(log.identifier().did().as_str(), Some(Record::Log(log)), &options)
}

#[test]
fn every_version_is_found_by_number_by_id_and_by_time() {
    for (writer, log) in logs() {
        let did = log.identifier().did().as_str();
        for version in log.versions() {
            let by_number = result_of(&log, Some(version.number().into()));
            let by_id = ResolutionOptions { version_id: Some(version.id().to_owned()), ..Default::default() };
            let by_time = ResolutionOptions { version_time: Some(version.time()), ..Default::default() };
            // After a deactivation there is no version that was active.
            let by_time = Some(by_time).filter(|_| !version.parameters().deactivated());
            for options in [Some(by_id), by_time].into_iter().flatten() {
                let result = resolve_from(did, Some(Record::Log(&log)), &options);
                assert_eq!(result.to_json(), by_number.to_json(), "{}", writer.display());
            }
        }
        let before = Timestamp::from_unix(log.created().unix() - 1).unwrap();
        let missing = [
            ResolutionOptions { version_time: Some(before), ..Default::default() },
            ResolutionOptions { version_id: Some("1-QmNone".to_owned()), ..Default::default() },
            ResolutionOptions { version_number: Some(0), ..Default::default() },
            ResolutionOptions { version_number: Some(u64::MAX), ..Default::default() },
        ];
        for options in missing {
            let result = resolve_from(did, Some(Record::Log(&log)), &options);
            assert_eq!(result.error.unwrap().name(), "NOT_FOUND");
        }
        let both = ResolutionOptions { version_number: Some(1), version_time: Some(before), ..Default::default() };
        assert_eq!(resolve_from(did, Some(Record::Log(&log)), &both).error.unwrap().name(), "INVALID_OPTIONS");
        let other = "did:webvh:QmSoujwhaNNgWGD3deyXDHoE3UTvnXJSeq925AR4kzoc9S:other.example";
        let result = resolve_from(other, Some(Record::Log(&log)), &ResolutionOptions::default());
        assert_eq!(result.error.unwrap().name(), "INVALID_DID_DOCUMENT");
    }
}

#[test]
fn paths_lead_to_the_services_that_the_method_implies() {
    for (writer, log) in logs().into_iter().filter(|(_, log)| log.document().is_some()) {
        let did = log.identifier().did().as_str();
        let lead = |suffix: &str| {
            let options = DereferencingOptions::default();
            match dereference(&format!("{did}{suffix}"), Some(Record::Log(&log)), &options).content {
                Some(Content::Urls(urls)) => urls,
                other => panic!("{suffix}: {other:?}"),
            }
        };
        assert_eq!(lead("/whois"), [log.identifier().whois_url()], "{}", writer.display());
        let file = format!("{}licences/2026.pdf", log.identifier().files_url());
        assert_eq!(lead("/licences/2026.pdf"), [file], "{}", writer.display());
        for refused in ["/../secret", "/a/%2e%2e/b", "/%252e%252e/b", "//evil.example"] {
            let options = DereferencingOptions::default();
            let result = dereference(&format!("{did}{refused}"), Some(Record::Log(&log)), &options);
            assert_eq!(result.error.unwrap().name(), "INVALID_DID_URL", "{refused}");
        }
    }
}
