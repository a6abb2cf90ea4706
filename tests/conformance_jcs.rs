//! RFC 8785 against the vectors of its author: canonical bytes, as text and as hexadecimal.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use attesta::encoding::{jcs, json};

#[test]
fn canonical_bytes_equal_the_published_ones() {
    let Some(folder) = common::vectors("jcs") else { return };
    let inputs = common::files(&folder.join("testdata/input"), "json");
    for path in &inputs {
        let name = path.file_name().unwrap();
        let value = json::parse(&std::fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{name:?}: {error}"));
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
