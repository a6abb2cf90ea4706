//! The scripts that decide whether a run counts: a tool that is missing, or a suite in which nothing ran, must fail aloud.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of commands, which is all that a script finds.
struct Tools(PathBuf);

impl Tools {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn with(self, name: &str, script: &str) -> Self {
        let path = self.0.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// Whether `scripts/need.sh wanted-tool=wanted-package` is content, and what it says.
    fn need(&self) -> (bool, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/need.sh");
        let output = Command::new("/bin/bash")
            .arg(script)
            .arg("wanted-tool=wanted-package")
            .env("PATH", &self.0)
            .env("CI", "true")
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }
}

const COMMAND: &str = "sudo apt-get install wanted-package";

#[test]
fn a_tool_that_is_there_needs_no_word() {
    let tools = Tools::new("need-there").with("wanted-tool", "exit 1");
    assert_eq!(tools.need(), (true, String::new()));
}

#[test]
fn a_missing_tool_is_named_with_the_command_that_installs_it() {
    let nobody = Tools::new("need-nobody").with("id", "echo 1000").with("apt-get", "exit 99");
    let no_apt = Tools::new("need-no-apt").with("id", "echo 0");
    let nothing = Tools::new("need-nothing");
    for tools in [nobody, no_apt, nothing] {
        let (content, said) = tools.need();
        assert!(!content && said.contains("wanted-tool") && said.contains(COMMAND), "{said}");
    }
}

#[test]
fn what_the_system_does_not_install_is_named_too() {
    let root = |name: &str, apt: &str| Tools::new(name).with("id", "echo 0").with("apt-get", apt);
    let (content, said) = root("need-fails", "exit 100").need();
    assert!(!content && said.contains(COMMAND) && said.contains("did not succeed"), "{said}");
    // The package is there already, and its folder is not in PATH.
    let (content, said) = root("need-elsewhere", "exit 0").need();
    assert!(!content && said.contains(COMMAND) && said.contains("PATH"), "{said}");
}

#[test]
fn what_the_system_installs_is_found() {
    let tools = Tools::new("need-installs").with("id", "echo 0");
    let tool = tools.0.join("wanted-tool");
    let install = format!("case $1 in install) echo > '{0}'; /bin/chmod 755 '{0}' ;; esac", tool.display());
    assert_eq!(tools.with("apt-get", &install).need(), (true, String::new()));
}

/// What `scripts/count.sh` makes of this text: its last line, if it is content.
fn counted(name: &str, text: &str) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/count.sh");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("count-{name}"));
    let mut child = Command::new("/bin/bash")
        .arg(script)
        .arg(name)
        .env("CARGO_TARGET_DIR", &target)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.starts_with(text), "what came in goes out: {printed}");
    output.status.success().then(|| printed.lines().last().unwrap().to_owned())
}

#[test]
fn every_languages_tests_are_counted() {
    let cargo = "test a ... ok\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out\n\
        test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
    assert_eq!(counted("rust", cargo).unwrap(), "rust: 16 passed, 2 failed, 1 skipped");

    let surefire = "[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.3 s -- in org.A\n\
        [INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0\n[INFO] Results:\n\
        [WARNING] Tests run: 10, Failures: 1, Errors: 2, Skipped: 3\n";
    assert_eq!(counted("kotlin", surefire).unwrap(), "kotlin: 11 passed, 3 failed, 3 skipped");

    let swift = "✔ Test \"a\" passed after 0.001 seconds.\n✔ Test run with 61 tests in 8 suites passed after 0.2 seconds.\n\
        ✘ Test \"b\" failed after 0.1 seconds with 3 issues.\n✘ Suite \"s\" failed after 0.2 seconds with 3 issues.\n\
        ✘ Test run with 5 tests failed after 0.2 seconds with 3 issues.\n";
    assert_eq!(counted("swift", swift).unwrap(), "swift: 65 passed, 1 failed, 0 skipped");
}

#[test]
fn a_suite_in_which_nothing_ran_fails() {
    for (name, text) in [
        ("empty", ""),
        ("other", "everything is fine\n"),
        ("none", "test result: ok. 0 passed; 0 failed; 5 ignored; 0 measured; 0 filtered out\n"),
        ("swift-none", "✔ Test run with 0 tests passed after 0.001 seconds.\n"),
    ] {
        assert_eq!(counted(name, text), None, "{name}");
    }
}
