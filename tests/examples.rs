//! Each example runs, and what it says of itself holds.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/decide_at_the_desk.rs"]
mod decide_at_the_desk;
#[path = "../examples/issue_a_guarantee.rs"]
mod issue_a_guarantee;
#[path = "../examples/present_it.rs"]
mod present_it;
#[path = "../examples/sign_in_hardware.rs"]
mod sign_in_hardware;

#[test]
fn a_guarantee_is_issued() {
    issue_a_guarantee::main().unwrap();
}

#[test]
fn it_is_presented() {
    present_it::main().unwrap();
}

#[test]
fn the_desk_accepts_it_once() {
    decide_at_the_desk::main().unwrap();
}

#[test]
fn hardware_signs() {
    sign_in_hardware::main().unwrap();
}

#[test]
fn every_example_is_among_them() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut examples: Vec<_> = names.filter(|name| name.ends_with(".rs")).collect();
    examples.sort();
    assert_eq!(examples, ["decide_at_the_desk.rs", "issue_a_guarantee.rs", "present_it.rs", "sign_in_hardware.rs"]);
}
