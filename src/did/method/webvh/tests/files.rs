//! The log as a file: lines, sizes, and what only looks like JSON.

use super::*;
use crate::limits;

fn read(did: &Did, log: &[u8]) -> &'static str {
    code(Log::verify(did, log, None, now()))
}

#[test]
fn an_empty_log_is_refused() {
    let (_, forge) = three();
    assert_eq!(read(&forge.did(), b""), "webvh.empty");
    for blank in ["\n", " ", "\r\n", "\n\n", " \t\n"] {
        assert_eq!(read(&forge.did(), blank.as_bytes()), "webvh.blank-line", "{blank:?}");
    }
}

#[test]
fn lines_end_as_those_of_json_lines_do() {
    let (_, forge) = three();
    let text = forge.text();
    for same in [text.clone(), text.trim_end().to_owned(), text.replace('\n', "\r\n"), text.replace('\n', " \n")] {
        assert_eq!(read(&forge.did(), same.as_bytes()), "ok");
    }
}

#[test]
fn empty_lines_are_refused() {
    let (_, forge) = three();
    let text = forge.text();
    for other in [
        format!("\n{text}"),
        format!("{text}\n"),
        text.replace('\n', "\n\n"),
        format!("{text}\r\n"),
        format!("{text} "),
    ] {
        assert_eq!(read(&forge.did(), other.as_bytes()), "webvh.blank-line", "{other:?}");
    }
}

#[test]
fn other_ends_of_lines_are_refused() {
    let (_, forge) = three();
    for end in ["\r", "\u{2028}", "\0", ",", ""] {
        let text = forge.text().replace('\n', end);
        assert!(read(&forge.did(), text.as_bytes()).starts_with("json."), "{end:?}");
    }
    let list = format!("[{}]", forge.text().trim_end().replace('\n', ","));
    assert_eq!(read(&forge.did(), list.as_bytes()), "json.not-an-object");
}

#[test]
fn what_two_readers_could_read_differently_is_refused() {
    let (_, forge) = three();
    let text = forge.text();
    let twice = text.replacen("\"versionTime\"", "\"versionTime\":\"2026-01-01T00:00:00Z\",\"versionTime\"", 1);
    assert_eq!(read(&forge.did(), twice.as_bytes()), "json.duplicate-member");
    assert_eq!(read(&forge.did(), format!("\u{feff}{text}").as_bytes()), "json.encoding");
    let number = text.replacen("\"state\":{", "\"state\":{\"n\":9007199254740993,", 1);
    assert_eq!(read(&forge.did(), number.as_bytes()), "json.number");
    let deep = text.replacen("\"state\":{", &format!("\"state\":{{\"n\":{}1{},", "[".repeat(40), "]".repeat(40)), 1);
    assert_eq!(read(&forge.did(), deep.as_bytes()), "json.too-deep");
    assert_eq!(read(&forge.did(), b"\xff\xfe"), "json.encoding");
}

#[test]
fn a_log_that_was_cut_off_within_an_entry_is_refused() {
    let (_, forge) = three();
    let text = forge.text();
    for end in (1..text.len()).step_by(97) {
        let cut = &text[..end];
        let is_whole = cut.ends_with("}\n") || cut.ends_with("]}") || text[end..].starts_with('\n');
        assert_eq!(read(&forge.did(), cut.as_bytes()) == "ok", is_whole && cut.contains("proofValue"), "{end}");
    }
}

#[test]
fn any_flipped_byte_is_refused() {
    let (_, forge) = three();
    let text = forge.text();
    for at in (0..text.len()).step_by(31) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        assert_ne!(read(&forge.did(), &bytes), "ok", "byte {at}: {:?}", char::from(bytes[at]));
    }
}

#[test]
fn an_entry_beyond_its_ceiling_is_refused() {
    let key = new_key();
    let long =
        |bytes: usize| Forge::begin_with(&key, json!({}), |entry| entry["state"]["long"] = "x".repeat(bytes).into());
    assert_eq!(long(limits::LOG_ENTRY_BYTES - 2_000).code(), "ok");
    assert_eq!(long(limits::LOG_ENTRY_BYTES).code(), "webvh.entry-too-large");
    assert_eq!(long(1024 * 1024).code(), "webvh.entry-too-large");
}

#[test]
fn a_log_beyond_its_ceiling_is_refused_unread() {
    let (_, forge) = three();
    let long = vec![b' '; limits::LOG_BYTES + 1];
    assert_eq!(read(&forge.did(), &long), "webvh.too-large");
}
