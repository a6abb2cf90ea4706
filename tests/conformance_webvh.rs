//! The did:webvh test suite: logs that two other implementations wrote, and what they say these resolve to.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use attesta::did::Did;
use attesta::did::method::webvh::Log;
use attesta::time::Timestamp;
use common::vectors;

#[test]
fn every_log_of_the_suite_verifies() {
    let Some(folder) = vectors("did-webvh") else { return };
    let now = Timestamp::parse("2026-11-21T00:00:00Z").unwrap();
    let mut count = 0;
    for scenario in std::fs::read_dir(folder).unwrap().filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        for writer in ["rust", "ts"].map(|name| scenario.join(name)).into_iter().filter(|path| path.is_dir()) {
            let log = std::fs::read(writer.join("did.jsonl")).unwrap();
            let witnesses = std::fs::read(writer.join("did-witness.json")).ok();
            let last = log.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap();
            let entry: serde_json::Value = serde_json::from_slice(last).unwrap();
            let did = Did::parse(entry["state"]["id"].as_str().unwrap()).unwrap();
            let verified = Log::verify(&did, &log, witnesses.as_deref(), now);
            assert!(verified.is_ok(), "{}: {:?}", writer.display(), verified.err());
            count += 1;
        }
    }
    assert_eq!(count, 26);
}
