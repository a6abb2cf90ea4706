//! The lists that the authors of Token Status List publish: one of a million places for each size of a status.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeMap;

use attesta::encoding::json::Map;
use attesta::status::{Entry, List, StatusError};
use serde_json::{Value, json};

const URL: &str = "https://ngo.example/status/1";

fn entry(index: u64) -> Map {
    let entry = json!({ "status_list": { "idx": index, "uri": URL } });
    entry.as_object().unwrap().clone()
}

fn claims(bits: &Value, lst: &str) -> Map {
    let claims = json!({ "sub": URL, "iat": 1_793_610_000, "status_list": { "bits": bits, "lst": lst } });
    claims.as_object().unwrap().clone()
}

#[test]
fn every_published_list_says_what_it_is_said_to_say() {
    let Some(folder) = common::vectors("token-status-list") else { return };
    let file = std::fs::read(folder.join("vectors.json")).unwrap();
    let vectors: Vec<Value> = serde_json::from_slice(&file).unwrap();
    assert_eq!(vectors.iter().map(|vector| vector["bits"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 4, 8]);
    for vector in &vectors {
        let lst = vector["lst"].as_str().unwrap();
        let list = List::from_token_claims(&claims(&vector["bits"], lst), URL).unwrap();
        let expected: BTreeMap<u64, u8> = serde_json::from_value(vector["statuses"].clone()).unwrap();
        assert!(!expected.is_empty());
        let size = vector["size"].as_u64().unwrap();
        let value = |index| {
            let entry = entry(index);
            list.value(&Entry::read(&entry).unwrap().unwrap())
        };
        let near = expected.keys().flat_map(|index| index.saturating_sub(40)..(index + 40).min(size));
        for index in (0..size).step_by(61).chain(near) {
            assert_eq!(value(index), Ok(expected.get(&index).copied().unwrap_or(0)), "place {index}");
        }
        assert_eq!(value(size), Err(StatusError::OutOfRange { entries: size }));

        // The same list under another size, or cut off, is not the same list.
        let other = if vector["bits"] == 8 { 4 } else { 8 };
        let read = List::from_token_claims(&claims(&json!(other), lst), URL).unwrap();
        let differs = expected.iter().any(|(index, status)| {
            let entry = entry(*index);
            read.value(&Entry::read(&entry).unwrap().unwrap()) != Ok(*status)
        });
        assert!(differs);
        for end in [lst.len() - 4, lst.len() / 8 * 4, 4] {
            assert!(List::from_token_claims(&claims(&vector["bits"], &lst[..end]), URL).is_err());
        }
    }
    println!("token-status-list: {} lists of {} places equal", vectors.len(), vectors[0]["size"]);
}
