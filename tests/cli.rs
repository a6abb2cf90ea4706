//! Every command and every message of the command line, as a person meets it: one case a file in `tests/cli/`, with
//! what goes to stdout, what to stderr, and the exit code. The files that the cases read lie in `tests/cli/given/`;
//! its keys are public. `TRYCMD=overwrite cargo test --all-features --test cli` writes what changed into the cases.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[test]
fn every_message_reads_as_it_was_meant() {
    trycmd::TestCases::new().case("tests/cli/*.toml");
}

/// What stands for `[..]` in a case may be anything.
fn fits(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    for part in parts {
        let Some(position) = rest.find(part) else { return false };
        rest = &rest[position + part.len()..];
    }
    rest.is_empty()
}

#[test]
fn the_readme_shows_what_the_demo_says() {
    let (readme, demo) = (include_str!("../README.md"), include_str!("cli/demo.toml"));
    let block = readme.split("```text\n").find(|block| block.starts_with(" - ")).unwrap();
    let block = block.split("\n```").next().unwrap();
    // Where a line breaks depends on how long the names and dates in it are.
    let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said: Vec<String> = demo.split("\n\n").map(in_one_line).collect();
    let shown: Vec<String> = block.split("\n\n").map(in_one_line).collect();
    assert!(shown.len() > 3, "{shown:?}");
    for scene in &shown {
        assert!(said.iter().any(|pattern| fits(scene, pattern)), "the demo does not say: {scene}");
    }
    assert!(!fits("a valid thing", "an [..] thing") && !fits("one or two", "one [..] three"));
}
