//! docs/policies.md against the library: every member of a trust list and a policy stands there, no other does, and its
//! examples are read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use attesta::trust::TrustList;
use attesta::verify::{Policy, Preset};

const PAGE: &str = include_str!("../docs/policies.md");

/// The members that the reader would have taken in the place of one that it does not know.
fn members(refusal: &str) -> BTreeSet<String> {
    let (_, expected) = refusal.split_once("expected one of ").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The names in the first column of the table with this heading.
fn named(heading: &str) -> BTreeSet<String> {
    let (_, table) = PAGE.split_once(heading).unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}

fn refused_list(text: &str) -> String {
    TrustList::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn every_member_stands_on_the_page_and_no_other() {
    assert_eq!(named("| member | says |\n"), members(&refused_list(r#"{"unheard-of":1}"#)));
    let entry = r#"{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[{"unheard-of":1}]}"#;
    assert_eq!(named("| member of an entry | says |\n"), members(&refused_list(entry)));
    let policy = Policy::parse(br#"{"unheard-of":1}"#).unwrap_err().to_string();
    assert_eq!(named("| member | says | without it |\n"), members(&policy));
    let presets: BTreeSet<_> = Preset::ALL.into_iter().map(|preset| preset.name().to_owned()).collect();
    assert_eq!(named("| name | accepts | holder | ages |\n"), presets);
}

#[test]
fn the_examples_are_read() {
    let examples: Vec<&str> = PAGE.split("```json").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [list, policy] = examples[..] else { panic!("the page has another number of examples") };
    assert_eq!(TrustList::parse(list.as_bytes()).unwrap().entries().len(), 2);
    Policy::parse(policy.as_bytes()).unwrap();
}
