//! What the library stands on, from `cargo tree`: few packages, none of which needs a C compiler.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

/// The most packages that the core may bring, procedural macros not counted.
const MAXIMUM: usize = 60;

/// Packages that compile C or bind to a library written in it, beside every name that ends in `-sys`.
const C: &[&str] = &[
    "autotools",
    "aws-lc-fips-sys",
    "aws-lc-rs",
    "bindgen",
    "boring",
    "cc",
    "cmake",
    "cxx-build",
    "nasm-rs",
    "openssl",
    "pkg-config",
    "ring",
    "vcpkg",
    "wolfssl",
];

/// Names that end in `-sys`, but are Rust alone: declarations of what the platform itself offers.
const RUST_ALL_THE_SAME: &[&str] = &["js-sys", "linux-raw-sys", "web-sys", "windows-sys"];

/// Packages that open sockets, or bring a runtime that polls them.
const NETWORK: &[&str] = &[
    "async-io",
    "async-std",
    "curl",
    "h2",
    "h3",
    "hickory-resolver",
    "hyper",
    "isahc",
    "mio",
    "native-tls",
    "quinn",
    "reqwest",
    "rustls",
    "smol",
    "socket2",
    "tokio",
    "tungstenite",
    "ureq",
];

#[test]
fn the_core_stays_small() {
    let names = packages("attesta", &["-e", "normal,no-proc-macro", "--no-default-features"]);
    let count = names.len() - 1;
    assert!(count <= MAXIMUM, "{count} packages, where {MAXIMUM} are allowed: {names:?}");
}

#[test]
fn nothing_that_ships_needs_c() {
    for features in ["--no-default-features", "--all-features"] {
        let names = packages("attesta", &["-e", "normal,build", "--target", "all", features]);
        let found = needing_c(&names);
        assert!(found.is_empty(), "with {features} these need a C compiler: {found:?}");
    }
}

#[test]
fn the_phones_library_needs_neither_c_nor_a_network() {
    let names = packages("attesta-ffi", &["-e", "normal,build", "--target", "all"]);
    assert!(names.contains("uniffi"), "`uniffi` is not in the tree, so the tree was not read: {names:?}");
    let found = needing_c(&names);
    assert!(found.is_empty(), "these need a C compiler: {found:?}");
    let found: Vec<_> = names.iter().filter(|name| NETWORK.contains(&name.as_str())).collect();
    assert!(found.is_empty(), "these open sockets or bring a runtime: {found:?}");
}

#[test]
fn c_is_recognised() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    for package in ["cc", "cmake", "ring", "aws-lc-sys", "openssl-sys", "libsqlite3-sys", "zstd-sys", "bindgen"] {
        assert_eq!(needing_c(&names(&["serde", package, "sha2"])), [package]);
    }
    assert!(
        needing_c(&names(&["serde", "windows-sys", "js-sys", "linux-raw-sys", "libc", "ccm", "cc-traits"])).is_empty()
    );
}

#[test]
fn a_tree_is_read_by_its_names() {
    let tree = "attesta v0.1.0 (/somewhere)\nserde v1.0.0\nserde v1.0.0 (*)\n\nsha2 v0.11.1\n";
    assert_eq!(names_in(tree).into_iter().collect::<Vec<_>>(), ["attesta", "serde", "sha2"]);
}

/// The names in the tree beneath this package, its own among them.
fn packages(package: &str, arguments: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "-p", package, "--locked", "--prefix", "none"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    let names = names_in(&String::from_utf8(output.stdout).unwrap());
    for known in ["attesta", "ed25519-dalek", "serde_json", "sha2"] {
        assert!(names.contains(known), "`{known}` is not in the tree, so the tree was not read: {names:?}");
    }
    names
}

fn names_in(tree: &str) -> BTreeSet<String> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn needing_c(names: &BTreeSet<String>) -> Vec<&str> {
    names
        .iter()
        .map(String::as_str)
        .filter(|name| C.contains(name) || (name.ends_with("-sys") && !RUST_ALL_THE_SAME.contains(name)))
        .collect()
}
