//! Every command and every message of the command line, as a person meets it: one case a file in `tests/cli/`, with
//! what goes to stdout, what to stderr, and the exit code. The files that the cases read lie in `tests/cli/given/`;
//! its keys are public. `TRYCMD=overwrite cargo test --all-features --test cli` writes what changed into the cases.

#[test]
fn every_message_reads_as_it_was_meant() {
    trycmd::TestCases::new().case("tests/cli/*.toml");
}
