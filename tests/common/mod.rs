//! What the conformance tests share.

#![allow(dead_code, unreachable_pub, reason = "each test is a crate of its own and uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

use std::path::{Path, PathBuf};

/// A folder of the published conformance vectors, which are read in place: the environment variable
/// `CONFORMANCE_VECTORS`, or `../shared/vectors` beside the crate.
///
/// Where the folder is missing this prints which sets do not run and where to get them, and returns `None`; under
/// `CI=true` it panics, as a check that silently did not run is worse than one that fails.
pub fn vectors(sub: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("CONFORMANCE_VECTORS") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"),
    };
    let folder = root.join(sub);
    if folder.is_dir() {
        return Some(folder);
    }
    let message = format!(
        "1 conformance set did not run: {sub}. Get the vectors that CONTRIBUTING.md lists and name their folder in \
         CONFORMANCE_VECTORS."
    );
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{message}");
    println!("{message}");
    None
}

/// The files of a folder that end with `extension`, sorted by name. Panics if there are none.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .{extension} file in {}", folder.display());
    paths
}
