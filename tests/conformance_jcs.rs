//! RFC 8785 against the vectors of its author: canonical bytes, as text and as hexadecimal.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use attesta::encoding::{jcs, json};
use attesta::error::Explain;

/// Has a number with more digits than a double holds, which the strict reader does not take from anybody.
const BEYOND_THE_READER: &str = "values.json";

#[test]
fn canonical_bytes_equal_the_published_ones() {
    let Some(folder) = common::vectors("jcs") else { return };
    let inputs = common::files(&folder.join("testdata/input"), "json");
    for path in &inputs {
        let name = path.file_name().unwrap();
        let bytes = std::fs::read(path).unwrap();
        let value = match json::parse(&bytes) {
            Ok(value) => value,
            Err(error) => {
                assert_eq!((name.to_str(), error.code()), (Some(BEYOND_THE_READER), "json.number"));
                serde_json::from_slice(&bytes).unwrap()
            }
        };
        let canonical = jcs::canonicalize_value(&value);

        let output = std::fs::read(folder.join("testdata/output").join(name)).unwrap();
        assert_eq!(canonical, output, "{name:?}");

        let hex = std::fs::read_to_string(folder.join("testdata/outhex").join(name).with_extension("txt")).unwrap();
        let hex: Vec<u8> = hex.split_ascii_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
        assert_eq!(canonical, hex, "{name:?}");

        let again = json::parse(&canonical).unwrap();
        assert_eq!(jcs::canonicalize_value(&again), canonical, "{name:?} is not its own canonical form");
    }
    println!("jcs: {} of {} equal", inputs.len(), inputs.len());
}
