//! Revocation as a desk sees it, on the command line: by files, stdout and exit codes alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

const VALID: i32 = 0;
const INVALID: i32 = 1;
const UNDETERMINED: i32 = 3;
const URL: &str = "https://agency.example/status/1";

/// A folder with an agency that grants licences, and a stranger who keeps a list at the same address.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str, list: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_judged-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let desk = Self(folder);
        let agency = desk.ok(&["key", "generate", "--out", "agency.jwk"]);
        desk.ok(&["key", "generate", "--out", "stranger.jwk"]);
        let id = agency.lines().find(|line| line.starts_with("did:key:")).unwrap();
        let entry = json!({ "id": id, "name": { "en": "Agency" }, "issues": ["licence"] });
        let trust = json!({ "type": "TrustList", "version": 1, "issued": "2026-01-01T00:00:00Z", "entries": [entry] });
        fs::write(desk.0.join("trust.json"), trust.to_string()).unwrap();
        fs::write(desk.0.join("claims.json"), desk.ok(&["issue", "licence", "--example"])).unwrap();
        for (store, key) in [("kept", "agency.jwk"), ("other", "stranger.jwk")] {
            let create = ["status", "create", "--store", store, "--url", URL, "--key", key];
            desk.ok(&[&create[..], list].concat());
        }
        desk
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
        command.current_dir(&self.0).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Issues a licence, and gives the reference by which it is revoked.
    fn issue(&self, format: &str) -> String {
        let issue = ["issue", "licence", "--claims", "claims.json", "--key", "agency.jwk", "--format", format];
        let output = self.run(&[&issue[..], &["--store", "kept", "--out", "licence"]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        let line = said.lines().find(|line| line.contains("reference: ")).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    }

    fn publish(&self, store: &str, out: &str) {
        // Lists are dated by the second.
        std::thread::sleep(Duration::from_millis(1_100));
        self.ok(&["status", "publish", "--store", store, "--url", URL, "--out", out]);
    }

    /// The exit code and the finding that decides: the first that failed or, if none did, the first that is open.
    fn judged(&self, more: &[&str]) -> (i32, String, Value) {
        let verify = ["verify", "licence", "--policy", "licence-check", "--trust", "trust.json", "--json", "--offline"];
        let output = self.run(&[&verify[..], more].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["credentials"][0]["checks"].as_array().unwrap();
        let first = |result: &str| {
            let mut found = checks.iter().filter(|check| check["code"] != "not-reached");
            found.find(|check| check["result"] == result).map(|check| check["code"].as_str().unwrap().to_owned())
        };
        let code = first("fail").or_else(|| first("undetermined")).unwrap_or_default();
        (output.status.code().unwrap(), code, report)
    }

    fn judged_with(&self, list: &str) -> (i32, String) {
        let status = format!("{URL}={list}");
        let (code, finding, _) = self.judged(&["--status", &status, "--seen", "seen.json"]);
        (code, finding)
    }
}

#[test]
fn a_licence_is_good_until_a_list_that_its_issuer_signed_says_otherwise() {
    for (format, list) in [("vc+jwt", &[][..]), ("eddsa-jcs-2022", &[]), ("dc+sd-jwt", &["--format", "token"])] {
        let desk = Desk::new(format, list);
        let reference = desk.issue(format);
        desk.publish("kept", "before");
        desk.publish("other", "by-a-stranger");
        let found = |code, finding: &str| (code, finding.to_owned());

        let (code, finding, report) = desk.judged(&[]);
        assert_eq!((code, finding.as_str()), (UNDETERMINED, "status.list.unavailable"), "{format}");
        assert_eq!(report["missing"][0]["type"], "status-list");
        assert_eq!(report["missing"][0]["resource"], URL);
        assert!(report["missing"][0]["reveals"].as_str().unwrap().contains("the whole list is fetched"));

        assert_eq!(desk.judged_with("before"), found(VALID, ""), "{format}");
        assert_eq!(desk.judged_with("by-a-stranger"), found(INVALID, "status.list.other-issuer"), "{format}");

        desk.ok(&["revoke", &reference, "--store", "kept"]);
        desk.publish("kept", "after");
        assert_eq!(desk.judged_with("after"), found(INVALID, "status.revocation.revoked"), "{format}");
        assert_eq!(desk.judged_with("before"), found(INVALID, "material.rollback.older-list"), "{format}");
    }
}

#[test]
fn a_list_that_is_none_is_misuse() {
    let desk = Desk::new("none", &[]);
    desk.issue("vc+jwt");
    let status = format!("{URL}=claims.json");
    let output = desk.run(&["verify", "licence", "--trust", "trust.json", "--offline", "--status", &status]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("attesta: claims.json: "));
    fs::write(desk.0.join("seen.json"), "[]").unwrap();
    let output = desk.run(&["verify", "licence", "--trust", "trust.json", "--offline", "--seen", "seen.json"]);
    assert_eq!(output.status.code(), Some(2));
}
