//! What may not stand in any file of the project: paths of somebody's machine, hosts of package registries, and
//! reminders of work left undone.
//!
//! The words are put together here from halves, so that this file can be read like every other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Files that tools write: lock files name the index that a package came from.
const WRITTEN_BY_TOOLS: &[&str] = &[
    "Cargo.lock",
    "tests/interop/Cargo.lock",
    "tests/interop/ssi/Cargo.lock",
    "tests/interop/webvh/Cargo.lock",
    "fuzz/Cargo.lock",
];

/// Folders of somebody's machine. An absolute path begins at the start, or after what cannot be part of a path.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/tm", "p/bash"),
];

const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("npm", "js.org"),
    concat!("npm", "js.com"),
    concat!("deb.", "debian.org"),
    concat!("security.", "debian.org"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("repo1.maven", ".org"),
    concat!("repo.maven", ".apache.org"),
    concat!("proxy.go", "lang.org"),
];

/// Whole words, in capitals.
const UNDONE: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

#[test]
fn every_file_speaks_of_the_project_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = committed(root);
    assert!(files.len() > 20, "only {} files: is this a git checkout?", files.len());
    let mut found = Vec::new();
    for file in files.iter().filter(|file| !WRITTEN_BY_TOOLS.contains(&file.as_str())) {
        // What is deleted but not yet committed, or is no text, holds no words.
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            found.extend(unwanted(line).map(|word| format!("{file}:{}: {word}", number + 1)));
        }
    }
    assert!(found.is_empty(), "these words may not stand in the project:\n{}", found.join("\n"));
}

#[test]
fn unwanted_words_are_found() {
    for (line, word) in [
        (concat!("see /wo", "rk/shared"), concat!("/wo", "rk/")),
        (concat!("(/ro", "ot/.cargo/bin)"), concat!("/ro", "ot/")),
        (concat!("\"/ho", "me/ada/attesta\""), concat!("/ho", "me/")),
        (concat!("/ho", "me/ada"), concat!("/ho", "me/")),
        (concat!("file:///ho", "me/ada"), concat!("/ho", "me/")),
        (concat!("https://index.crates", ".io/se/rd"), concat!("crates", ".io")),
        (concat!("\"resolved\": \"https://registry.npm", "js.org/x\""), concat!("npm", "js.org")),
        (concat!("// TO", "DO: later"), concat!("TO", "DO")),
        (concat!("FIX", "ME"), concat!("FIX", "ME")),
        (concat!("a (XX", "X)"), concat!("XX", "X")),
    ] {
        assert_eq!(unwanted(line).collect::<Vec<_>>(), [word], "{line}");
    }
}

#[test]
fn ordinary_words_pass() {
    for line in [
        concat!("https://example.org/wo", "rk/item"),
        concat!("let home = base.join(\"ho", "me/\");"),
        concat!("eyJhbGciTO", "DOiJFZERTQSJ9"),
        concat!("TO", "DOS and METHO", "DO"),
        "crates and io, npm, Maven and Debian's packages",
        "todo!() is refused by clippy",
    ] {
        assert_eq!(unwanted(line).collect::<Vec<_>>(), [] as [&str; 0], "{line}");
    }
}

/// The unwanted words in a line.
fn unwanted(line: &str) -> impl Iterator<Item = &'static str> {
    let is_path = |before: Option<char>| before.is_none_or(|c| !c.is_ascii_alphanumeric() && !"._-~)}".contains(c));
    let paths = MACHINE_PATHS
        .iter()
        .filter(move |word| line.match_indices(**word).any(|(at, _)| is_path(line[..at].chars().next_back())));
    let hosts = REGISTRY_HOSTS.iter().filter(move |word| line.contains(**word));
    let undone = UNDONE
        .iter()
        .filter(move |word| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|part| part == **word));
    paths.chain(hosts).chain(undone).copied()
}

/// The files that are committed or are about to be, from the root, as git lists them.
fn committed(root: &Path) -> Vec<String> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
