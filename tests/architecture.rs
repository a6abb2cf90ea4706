//! Holds the shape of `src/`: imports point down, I/O stays at the edge, files stay readable.
//!
//! Every source file is read as Rust tokens, so comments and strings do not count, and grouped imports do.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/rules.rs"]
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use rules::Source;

/// The lines past which a file is split.
const MAXIMUM_LINES: usize = 1000;

#[test]
fn imports_point_down_and_input_and_output_stay_at_the_edge() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = rust_files(&root.join("src"));
    assert!(files.len() > 5, "only {} files under src: is this the crate's root?", files.len());
    let mut broken = Vec::new();
    for file in files {
        let shown = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        broken.extend(rules::broken(&Source { path: &shown, text: &text }));
    }
    assert!(broken.is_empty(), "the layers are broken:\n{}", broken.join("\n"));
}

#[test]
fn files_stay_readable() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let long: Vec<String> = ["src", "tests", "benches", "examples", "bindings", "fuzz"]
        .iter()
        .flat_map(|folder| rust_files(&root.join(folder)))
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            (lines > MAXIMUM_LINES).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "split what is longer than {MAXIMUM_LINES} lines:\n{}", long.join("\n"));
}

/// ARCHITECTURE.md says where each rule is kept: the files must be there, and what it names must stand in them.
#[test]
fn the_places_that_the_architecture_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let (mut places, mut missing) = (0, Vec::new());
    // Beside code the text has none of these marks, so that every second piece is code.
    for line in text.replace("```", "").lines() {
        let pieces: Vec<&str> = line.split('`').collect();
        let mut folder = Path::new("");
        for (position, piece) in pieces.iter().enumerate().skip(1).step_by(2) {
            let follows = pieces.get(position + 1).copied().unwrap_or_default();
            let path = if piece.starts_with("src/") || piece.starts_with("tests/") {
                folder = if piece.ends_with('/') { Path::new(piece) } else { Path::new(piece).parent().unwrap() };
                PathBuf::from(piece)
            } else if piece.ends_with(".rs") && follows.starts_with(" there") {
                folder.join(piece)
            } else {
                continue;
            };
            places += 1;
            let Ok(found) = fs::metadata(root.join(&path)) else {
                missing.push(format!("{} is not there", path.display()));
                continue;
            };
            let before = pieces[position - 1];
            if found.is_file() && position > 1 && before == " in " {
                let name = pieces[position - 2].rsplit("::").next().unwrap();
                if !fs::read_to_string(root.join(&path)).unwrap().contains(name) {
                    missing.push(format!("{} has no {name}", path.display()));
                }
            }
        }
    }
    assert!(places > 50, "only {places} places were found");
    assert!(missing.is_empty(), "ARCHITECTURE.md:\n{}", missing.join("\n"));
}

/// The phones' library is built without `Debug`: what a message shows by it would be missing there.
#[test]
fn messages_do_without_debug() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut messages, mut broken) = (0, Vec::new());
    for file in ["src", "bindings/ffi/src"].iter().flat_map(|folder| rust_files(&root.join(folder))) {
        for message in fs::read_to_string(&file).unwrap().split("#[error(").skip(1) {
            let message = message.split(")]").next().unwrap();
            messages += 1;
            if message.contains(":?}") || message.contains(":#?}") {
                broken.push(format!("{}: {message}", file.display()));
            }
        }
    }
    assert!(messages > 100, "only {messages} messages were found");
    assert!(broken.is_empty(), "write the value out, as by escape_debug:\n{}", broken.join("\n"));
}

#[test]
fn the_library_forbids_unsafe_code() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    assert!(text.contains("#![forbid(unsafe_code)]"), "src/lib.rs must say #![forbid(unsafe_code)]");
}

/// Made-up files, each with a word of the message that must refuse it.
const REFUSED: &[(&str, &str, &str)] = &[
    // Upward.
    ("src/keys/jwk.rs", "use crate::did::Did;", "`keys` may not use `did`"),
    ("src/securing/jose.rs", "use crate::credential::Credential;", "`securing` may not use `credential`"),
    ("src/encoding/json.rs", "use crate::{limits, verify::Report};", "`encoding` may not use `verify`"),
    (
        "src/encoding/json.rs",
        "use crate::{limits, verify::{policy::{Policy}, Report}};",
        "`encoding` may not use `verify`",
    ),
    ("src/status/bitstring.rs", "fn f(r: &crate::verify::Report) {}", "`status` may not use `verify`"),
    ("src/jsonld/mod.rs", "pub use crate::securing::proof;", "`jsonld` may not use `securing`"),
    ("src/did/mod.rs", "fn f() { let x = vec![crate::fetch::get()]; }", "`did` may not use `fetch`"),
    ("src/did/mod.rs", "macro_rules! m { () => { $crate::verify::verify() } }", "`did` may not use `verify`"),
    ("src/trust/list.rs", "#[cfg(test)] mod tests { use crate::issuer::Issuer; }", "`trust` may not use `issuer`"),
    ("src/keys/jwk.rs", "pub(in crate::did) fn f() {}", "`keys` may not use `did`"),
    // Upward by climbing.
    ("src/keys/mod.rs", "use super::did::Did;", "`keys` may not use `did`"),
    ("src/did/method/web.rs", "use super::super::super::verify::Report;", "`did` may not use `verify`"),
    ("src/did/method/mod.rs", "use self::super::super::verify::Report;", "`did` may not use `verify`"),
    ("src/keys/mod.rs", "mod inner { use super::super::verify::Report; }", "`keys` may not use `verify`"),
    ("src/keys.rs", "use super::{encoding, verify::Report};", "`keys` may not use `verify`"),
    // Sideways.
    ("src/did/mod.rs", "use crate::credential::Credential;", "never import each other"),
    ("src/credential/model.rs", "use crate::did::Did;", "never import each other"),
    ("src/status/mod.rs", "use crate::trust::TrustList;", "never import each other"),
    ("src/trust/mod.rs", "use crate::presentation::Request;", "never import each other"),
    ("src/issuer/mod.rs", "use crate::wallet::Store;", "never import each other"),
    ("src/pack/mod.rs", "use crate::fetch::Fetch;", "never import each other"),
    ("src/error.rs", "use crate::limits;", "never import each other"),
    ("src/limits.rs", "use crate::encoding::json;", "`limits` may not use `encoding`"),
    ("src/time.rs", "use crate::encoding::json;", "`time` may not use `encoding`"),
    // Around the layers.
    ("src/keys/mod.rs", "use crate::*;", "the crate's root"),
    ("src/keys/mod.rs", "use super::*;", "the crate's root"),
    ("src/keys/mod.rs", "use crate as root;", "the crate's root"),
    ("src/keys/mod.rs", "use crate::{self as root};", "the crate's root"),
    ("src/keys/mod.rs", "use crate::Report;", "unknown module `Report`"),
    ("src/keys/mod.rs", "extern crate self as attesta;", "by its own name"),
    ("src/keys/mod.rs", "use attesta::verify::Report;", "by its own name"),
    ("src/keys/mod.rs", "#[path = \"../verify/mod.rs\"] mod verify;", "`#[path]`"),
    ("src/keys/mod.rs", "#[cfg_attr(all(), path = \"x.rs\")] mod verify;", "`#[path]`"),
    ("src/keys/mod.rs", "include!(\"../verify/mod.rs\");", "`include!`"),
    // Unknown.
    ("src/helpers/mod.rs", "", "unknown module `helpers`"),
    ("src/utils.rs", "", "unknown module `utils`"),
    ("src/keys/mod.rs", "use crate::utils::hex;", "unknown module `utils`"),
    // Input, output and clocks.
    ("src/keys/mod.rs", "use std::fs;", "`std::fs`"),
    ("src/keys/mod.rs", "use std::{fmt, fs::File};", "`std::fs`"),
    ("src/keys/mod.rs", "use ::std::fs;", "`std::fs`"),
    ("src/verify/mod.rs", "fn f() { std::env::var(\"X\"); }", "`std::env`"),
    ("src/fetch/mod.rs", "use std::net::TcpStream;", "`std::net`"),
    ("src/verify/mod.rs", "use std::process::Command;", "`std::process`"),
    ("src/time.rs", "fn f() { std::time::SystemTime::now(); }", "`SystemTime::now`"),
    ("src/time.rs", "use std::time::SystemTime; fn f() { SystemTime::now(); }", "`SystemTime::now`"),
    ("src/time.rs", "use std::time::SystemTime as Clock;", "another name"),
    ("src/time.rs", "use std as base;", "another name"),
    ("src/time.rs", "use std::{self as base};", "another name"),
    ("src/keys/mod.rs", "fn f() { std::io::stdin(); }", "`io::stdin`"),
    ("src/verify/mod.rs", "fn f() { let t = Instant::now(); }", "`Instant::now`"),
    ("src/wallet/mod.rs", "use std::fs;", "`std::fs`"),
    ("src/keys/store.rs", "use std::fs;", "`std::fs`"),
    ("src/keys/mod.rs", "mod tests { use std::fs; }", "#[cfg(test)]"),
    ("src/keys/mod.rs", "mod tests;", "#[cfg(test)]"),
    // No Rust at all.
    ("src/keys/mod.rs", "fn f( {", "cannot be read as Rust"),
];

/// Made-up files that keep every rule.
const ACCEPTED: &[(&str, &str)] = &[
    ("src/lib.rs", "pub use crate::verify::Report; pub mod keys;"),
    ("src/keys/jwk.rs", "use crate::encoding::{base64url, json}; use crate::error::Explain;"),
    ("src/did/method/webvh/log.rs", "use crate::securing::data_integrity; use super::super::key; use super::entry;"),
    ("src/verify/mod.rs", "use crate::{credential, did, limits, presentation, securing, status, time, trust};"),
    ("src/issuer/mod.rs", "use crate::verify::Report; fn f(k: crate::keys::Key) {}"),
    ("src/encoding/json.rs", "use crate::{error::Explain, limits, time::Timestamp};"),
    ("src/time.rs", "use crate::error::Explain; use crate::limits;"),
    ("src/time.rs", "use std::time::{SystemTime, Duration};"),
    ("src/keys/mod.rs", "pub(crate) fn f() {} pub(super) fn g() {} pub(self) fn h() {} pub(in super) fn i() {}"),
    ("src/keys/mod.rs", "use crate::keys::jwk; use self::jwk::Jwk; mod inner { use super::*; }"),
    (
        "src/keys/mod.rs",
        "// use crate::verify::Report;\n/* use crate::did; */ const X: &str = \"crate::verify std::fs\";",
    ),
    ("src/keys/mod.rs", "/// See `crate::verify`, `std::fs`.\nfn f<'crate_>(x: &'crate_ str) { let c = '\"'; }"),
    ("src/keys/mod.rs", "fn fs() {} mod net { pub(super) fn env() {} } use crate::keys::env::fs;"),
    ("src/keys/mod.rs", "#[cfg(test)] mod tests { use super::*; use std::{env, fs}; }"),
    ("src/keys/mod.rs", "fn f(self) -> u8 { let path = include != 1; self as u8 } use std::fmt::Debug as Shown;"),
    ("src/keys/tests.rs", "use std::fs;"),
    ("src/bin/attesta/main.rs", "use attesta::verify; use crate::output; use std::{env, fs, process};"),
    ("src/service/mod.rs", "use std::net::TcpListener; use crate::fetch::Fetch;"),
    ("src/fetch/http.rs", "use std::net::TcpStream; fn f() { std::time::Instant::now(); }"),
    ("src/fetch/http/client.rs", "use std::net::TcpStream;"),
    ("src/wallet/store.rs", "use std::fs;"),
    ("src/issuer/store/file.rs", "use std::fs;"),
];

#[test]
fn what_breaks_a_rule_is_refused() {
    for (path, text, expected) in REFUSED {
        let broken = rules::broken(&Source { path, text });
        assert!(
            broken.iter().any(|line| line.contains(expected)),
            "{path}: {text}\nexpected {expected}, got {broken:?}"
        );
        assert!(broken.iter().all(|line| line.starts_with(path)), "the file is not named: {broken:?}");
    }
}

#[test]
fn what_keeps_the_rules_is_accepted() {
    for (path, text) in ACCEPTED {
        let broken = rules::broken(&Source { path, text });
        assert!(broken.is_empty(), "{path}: {text}\n{broken:?}");
    }
}

#[test]
fn the_line_is_named() {
    let text = "use crate::limits;\n\nuse crate::{\n    encoding,\n    verify::Report,\n};\n";
    let broken = rules::broken(&Source { path: "src/keys/mod.rs", text });
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert!(broken[0].starts_with("src/keys/mod.rs:5: "), "{broken:?}");
}

/// Every `.rs` file beneath `folder`, built and installed things left out; none if the folder is not there.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with("node_modules") {
                files.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
