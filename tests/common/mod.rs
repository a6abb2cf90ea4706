//! What the conformance tests share.

#![allow(dead_code, reason = "each test is a crate of its own and uses its own part")]
#![allow(clippy::panic, reason = "a test fails by panicking")]

pub(crate) mod certificates;
pub(crate) mod changes;
pub(crate) mod contexts;
pub(crate) mod kill;
pub(crate) mod nquads;

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where each set of published vectors comes from, by its folder.
const SOURCES: [(&str, &str); 16] = [
    ("citizenship", "w3c-ccg/citizenship-vocab"),
    ("did-key", "w3c-ccg/did-key-spec"),
    ("did-peer", "decentralized-identity/peer-did-method-spec"),
    ("did-webvh", "decentralized-identity/didwebvh-test-suite"),
    ("jcs", "cyberphone/json-canonicalization"),
    ("jose-cookbook", "ietf-jose/cookbook"),
    ("json-ld", "w3c/json-ld-api"),
    ("multibase", "multiformats/multibase"),
    ("openid4vp", "openid/OpenID4VP"),
    ("rdf-canon", "w3c/rdf-canon"),
    ("sd-jwt", "oauth-wg/oauth-selective-disclosure-jwt"),
    ("token-status-list", "oauth-wg/draft-ietf-oauth-status-list"),
    ("vc-di-ecdsa", "w3c/vc-di-ecdsa"),
    ("vc-di-eddsa", "w3c/vc-di-eddsa"),
    ("vc-jose-cose", "w3c/vc-jose-cose-test-suite"),
    ("vcdm2-suite-inputs", "w3c/vc-data-model-2.0-test-suite"),
];

/// The folder `sub` of the conformance vectors, which lie where the environment variable `CONFORMANCE_VECTORS` says or
/// else in `../shared/vectors` beside the crate.
///
/// `None`, after a line that says what did not run, where the folder is missing.
///
/// # Panics
/// Where the folder is missing under `CI=true`: there a set that did not run is a failure.
pub(crate) fn vectors(sub: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CONFORMANCE_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), PathBuf::from);
    let folder = root.join(sub);
    if folder.is_dir() {
        return Some(folder);
    }
    let source =
        SOURCES.iter().find(|(name, _)| Path::new(sub).starts_with(name)).map_or("its publisher", |found| found.1);
    let line = format!(
        "1 conformance set did not run: {sub}. Get it from {source} on GitHub and name the folder that holds it in \
         CONFORMANCE_VECTORS."
    );
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{line}");
    // Written past the test harness, which would keep the output of a test that passes to itself.
    let _ = writeln!(std::io::stderr(), "{line}");
    None
}

/// The files of a folder that end with `extension`, sorted by name.
///
/// # Panics
/// If there are none.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .{extension} file in {}", folder.display());
    paths
}
