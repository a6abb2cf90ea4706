//! The command line from end to end, as a script uses it: issue, present, verify, by files, stdout and exit codes alone.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use attesta::encoding::{base64url, json};
use attesta::verify::CheckId;
use serde_json::{Value, json};

const VALID: i32 = 0;
const INVALID: i32 = 1;
const MISUSE: i32 = 2;
const UNDETERMINED: i32 = 3;

const BANK: &str = "https://bank.example";
const NONCE: &str = "n-0S6_WzA2Mj";
const DURING: &str = "2026-11-15T09:00:00Z";
const AFTER: &str = "2027-01-30T00:00:00Z";

/// A folder of one test's own, with an issuer's key and a holder's, and a trust list that names the issuer.
struct Desk {
    folder: PathBuf,
    holder: String,
}

impl Desk {
    fn new(name: &str, issuer_algorithm: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_flow-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut desk = Self { folder, holder: String::new() };
        let issuer = desk.key("issuer.jwk", issuer_algorithm);
        desk.holder = desk.key("holder.jwk", "P-256");
        let entry = json!({"id": issuer, "issues": ["proof-of-address", "licence", "skill"]});
        let list = json!({"type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [entry]});
        desk.write("trust.json", &list.to_string());
        desk
    }

    /// Makes a key and returns its did:key.
    fn key(&self, name: &str, algorithm: &str) -> String {
        let output = self.ok(&["key", "generate", "--alg", algorithm, "--out", name]);
        output.lines().find(|line| line.starts_with("did:key:")).unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
        command.current_dir(&self.folder).args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command that must succeed writes to stdout. It has nothing to say on stderr.
    fn ok(&self, arguments: &[&str]) -> String {
        text(&self.ok_bytes(arguments))
    }

    fn ok_bytes(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.run(arguments);
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        output.stdout
    }

    /// Runs a verification with `--json` and without, whose exit codes must agree. Returns the code and the report.
    fn verify(&self, arguments: &[&str]) -> (i32, Value) {
        let plain = self.run(&[&["verify"], arguments].concat());
        let output = self.run(&[&["verify", "--json"], arguments].concat());
        assert_eq!(plain.status.code(), output.status.code(), "{arguments:?}");
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Puts another name into what was signed, and leaves the signature as it was.
fn forged(secured: &[u8]) -> Vec<u8> {
    if secured[0] == 0xd2 {
        let mut message = secured.to_vec();
        let member = b"\"name\":\"";
        let at = message.windows(member.len()).position(|window| window == member).unwrap() + member.len();
        // Of the same length, as every length is written before what has it.
        message.iter_mut().skip(at).take_while(|byte| **byte != b'"').for_each(|byte| *byte = b'x');
        return message;
    }
    let secured = std::str::from_utf8(secured).unwrap();
    let change = |document: &mut Value| {
        let name = &mut document["credentialSubject"]["name"];
        assert!(name.is_string());
        *name = "Somebody Else".into();
    };
    let secured = secured.trim();
    if secured.starts_with('{') {
        let mut document = serde_json::from_str(secured).unwrap();
        change(&mut document);
        return document.to_string().into_bytes();
    }
    let parts: Vec<&str> = secured.split('.').collect();
    let mut payload = json::parse(&base64url::decode(parts[1]).unwrap()).unwrap();
    change(&mut payload);
    [parts[0], &base64url::encode(payload.to_string()), parts[2]].join(".").into_bytes()
}

/// The codes of the checks that failed, the credentials' before the presentation's.
fn failed_checks(report: &Value) -> Vec<&str> {
    let credentials = report["credentials"].as_array().unwrap();
    let documents = credentials.iter().chain(report.get("presentation"));
    let checks = documents.flat_map(|document| document["checks"].as_array().unwrap());
    checks.filter(|check| check["result"] == "fail").map(|check| check["code"].as_str().unwrap()).collect()
}

#[test]
fn every_kind_in_every_format_goes_the_whole_way() {
    let formats = [
        ("vc+jwt", "Ed25519"),
        ("vc+cose", "Ed25519"),
        ("vc+cose", "P-384"),
        ("eddsa-jcs-2022", "Ed25519"),
        ("ecdsa-jcs-2019", "P-256"),
    ];
    for (format, algorithm) in formats {
        for kind in ["proof-of-address", "licence", "skill"] {
            let desk = Desk::new(&format!("{format}-{algorithm}-{kind}"), algorithm);
            desk.write("claims.json", &desk.ok(&["issue", kind, "--example"]));
            let issue = ["issue", kind, "--claims", "claims.json", "--key", "issuer.jwk", "--format", format];
            let from = ["--holder", &desk.holder, "--valid-from", "2026-11-10", "--valid-for", "7d"];
            assert_eq!(desk.ok(&[&issue[..], &from, &["--out", "credential"]].concat()), "");
            let present = ["present", "--credential", "credential", "--key", "holder.jwk"];
            let request = ["--audience", BANK, "--nonce", NONCE];
            fs::write(desk.path("answer"), desk.ok_bytes(&[&present[..], &request].concat())).unwrap();
            // Into a file it goes as to stdout.
            let again = [&present[..], &request, &["--out", "again"]].concat();
            assert_eq!(desk.ok(&again), "");
            let [answer, again] = ["answer", "again"].map(|name| fs::read(desk.path(name)).unwrap());
            assert_eq!((answer.len(), answer[0], answer[1]), (again.len(), again[0], again[1]), "{format}");
            assert_eq!(answer[0] == 0xd2, format == "vc+cose");
            the_answer_is_judged(&desk, kind, format);
            the_copy_is_judged(&desk);
        }
    }
}

fn the_answer_is_judged(desk: &Desk, kind: &str, format: &str) {
    let request = ["--audience", BANK, "--nonce", NONCE];
    let trusted = [&["answer", "--trust", "trust.json", "--at", DURING], &request[..]].concat();
    let (code, report) = desk.verify(&trusted);
    assert_eq!((code, &report["outcome"]), (VALID, &json!("valid")), "{kind} {format}: {:?}", failed_checks(&report));
    let credential = &report["credentials"][0];
    assert_eq!((&credential["kind"], &credential["format"]), (&json!(kind), &json!(format)));
    assert!(credential["claims"]["name"].is_string());
    for document in [credential, &report["presentation"]] {
        let ids: Vec<_> = document["checks"].as_array().unwrap().iter().map(|check| &check["id"]).collect();
        assert!(CheckId::ALL.iter().map(|check| check.name()).eq(ids), "every check is listed, in its order");
    }

    let (code, report) = desk.verify(&[&["answer", "--at", DURING], &request[..]].concat());
    assert_eq!((code, &report["outcome"]), (UNDETERMINED, &json!("undetermined")));
    assert_eq!(report["credentials"][0].get("claims"), None);
    assert!(report["credentials"][0]["unconfirmedClaims"]["name"].is_string());

    let other = ["answer", "--trust", "trust.json", "--at", DURING, "--audience", BANK, "--nonce", "another"];
    let (code, report) = desk.verify(&other);
    assert_eq!((code, failed_checks(&report)), (INVALID, vec!["nonce.other"]));
    let other =
        ["answer", "--trust", "trust.json", "--at", DURING, "--audience", "https://a.example", "--nonce", NONCE];
    let (code, report) = desk.verify(&other);
    assert_eq!((code, failed_checks(&report)), (INVALID, vec!["audience.other"]));
}

fn the_copy_is_judged(desk: &Desk) {
    let trusted = |file, at| desk.verify(&[file, "--trust", "trust.json", "--at", at]);
    assert_eq!(trusted("credential", DURING).0, VALID);
    let (code, report) = trusted("credential", AFTER);
    assert_eq!((code, failed_checks(&report)), (INVALID, vec!["valid-until.past"]));
    assert_eq!(report["credentials"][0].get("claims"), None);

    fs::write(desk.path("forged"), forged(&fs::read(desk.path("credential")).unwrap())).unwrap();
    let (code, report) = trusted("forged", DURING);
    assert_eq!((code, failed_checks(&report)), (INVALID, vec!["proof.mismatch"]));
    assert!(!report.to_string().contains("Somebody Else"), "no claim of a forged document is shown");

    let (code, report) = desk.verify(&["credential", "--policy", "proof-only"]);
    assert_eq!((code, &report["outcome"]), (VALID, &json!("proof-only")));
    assert_eq!(report.get("credentials"), None);
    let (code, report) = desk.verify(&["forged", "--policy", "proof-only"]);
    assert_eq!((code, &report["outcome"]), (INVALID, &json!("invalid")));

    let request = ["--audience", BANK, "--nonce", NONCE];
    let (code, report) =
        desk.verify(&[&["credential", "--trust", "trust.json", "--at", DURING], &request[..]].concat());
    assert_eq!(code, INVALID, "a copy answers no request");
    assert!(failed_checks(&report).contains(&"holder.binding.not-presented"));
}

#[test]
fn misuse_exits_with_2_and_leaves_stdout_empty() {
    let desk = Desk::new("misuse", "Ed25519");
    fs::write(desk.path("policy.json"), "{}").unwrap();
    let cases: [&[&str]; 12] = [
        &["verify", "--json"],
        &["verify", "--json", "nowhere"],
        &["verify", "--json", "."],
        &["verify", "--json", "trust.json", "--trust", "nowhere"],
        &["verify", "--json", "trust.json", "--trust", "issuer.jwk"],
        &["verify", "--json", "trust.json", "--policy", "nowhere"],
        &["verify", "--json", "trust.json", "--policy", "policy.json"],
        &["verify", "--json", "trust.json", "--at", "today"],
        &["verify", "--json", "trust.json", "--unknown"],
        &["issue", "licence", "--claims", "trust.json", "--key", "issuer.jwk"],
        &["present", "--credential", "trust.json", "--key", "holder.jwk", "--audience", BANK, "--nonce", NONCE],
        &["frobnicate"],
    ];
    for arguments in cases {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(MISUSE), "{arguments:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.starts_with("attesta: ") && message.lines().count() >= 2, "{arguments:?}: {message}");
    }
}

#[test]
fn bytes_that_are_no_credential_are_invalid() {
    let desk = Desk::new("bytes", "Ed25519");
    let large = vec![b'{'; 2 * 1024 * 1024];
    let cases: [&[u8]; 9] = [b"", b"\0", b"{", b"[]", b"null", b"a.b.c", b"%PDF-1.7", &[0xff; 64], &large];
    for bytes in cases {
        let mut child = desk
            .command(&["verify", "-", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It stops reading at its ceiling, so the rest may find the pipe closed.
        let _ = child.stdin.take().unwrap().write_all(bytes);
        let output = child.wait_with_output().unwrap();
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(20)]).into_owned();
        assert_eq!(output.status.code(), Some(INVALID), "{shown:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["credentials"][0]["checks"][0]["result"], "fail", "{shown:?}");
        assert_eq!(text(&output.stderr), "", "{shown:?}");
    }
}

#[test]
fn a_private_key_stays_where_it_is() {
    let desk = Desk::new("secrets", "Ed25519");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(desk.path("issuer.jwk")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    desk.write("claims.json", &desk.ok(&["issue", "licence", "--example"]));
    let key = desk.read("issuer.jwk");
    let secret = json::parse(key.as_bytes()).unwrap()["d"].as_str().unwrap().to_owned();
    let issue = ["issue", "licence", "--claims", "claims.json", "--key"];
    let refused: [&[&str]; 8] = [
        &["key", "generate", "--out", "issuer.jwk"],
        &[&issue[..], &["issuer.jwk", "--out", "issuer.jwk"]].concat(),
        &[&issue[..], &["holder.jwk", "--out", "./issuer.jwk"]].concat(),
        &[&issue[..], &["issuer.jwk", "--holder", "issuer.jwk"]].concat(),
        &[&issue[..], &["issuer.jwk", "--holder", &key]].concat(),
        &[&issue[..], &[&key]].concat(),
        &["issue", "licence", "--claims", "issuer.jwk", "--key", "issuer.jwk"],
        &["present", "--credential", "issuer.jwk", "--key", "issuer.jwk", "--audience", BANK, "--nonce", NONCE],
    ];
    for arguments in refused {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(MISUSE), "{}", text(&output.stderr));
        for shown in [&output.stdout, &output.stderr] {
            assert!(!text(shown).contains(&secret), "the secret is shown");
        }
        assert_eq!(desk.read("issuer.jwk"), key, "the key is gone");
    }
    let output = desk.run(&["verify", "issuer.jwk", "--json"]);
    assert_eq!(output.status.code(), Some(INVALID));
    assert!(!text(&output.stdout).contains(&secret));
    for arguments in [&["key", "show", "issuer.jwk"][..], &["key", "show", "issuer.jwk", "--jwk"]] {
        assert!(!desk.ok(arguments).contains(&secret));
    }
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let desk = Desk::new("pipes", "Ed25519");
    desk.write("claims.json", &desk.ok(&["issue", "licence", "--example"]));
    desk.ok(&["issue", "licence", "--claims", "claims.json", "--key", "issuer.jwk", "--out", "credential"]);
    let cases: [(&[&str], i32); 6] = [
        (&["demo"], VALID),
        (&["--help"], VALID),
        (&["schema", "licence"], VALID),
        (&["verify", "credential", "--trust", "trust.json"], VALID),
        (&["verify", "credential", "--json"], UNDETERMINED),
        (&["verify", "claims.json"], INVALID),
    ];
    for (arguments, expected) in cases {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(expected), "{arguments:?}");
    }
}

#[test]
fn the_signed_vectors_of_the_standards_fit_their_keys() {
    let desk = Desk::new("vectors", "Ed25519");
    let mut seen = 0;
    for (set, file) in [
        ("vc-di-eddsa", "TestVectors/eddsa-jcs-2022/signedJCS.json"),
        ("vc-di-ecdsa", "TestVectors/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json"),
        ("vc-di-ecdsa", "TestVectors/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json"),
    ] {
        let Some(folder) = common::vectors(set) else { continue };
        let path = folder.canonicalize().unwrap().join(file);
        let name = path.to_str().unwrap();
        assert_eq!(desk.verify(&[name, "--policy", "proof-only"]).0, VALID, "{file}");
        // Their issuer is not the controller of the key that signed.
        let (code, report) = desk.verify(&[name]);
        assert_eq!((code, failed_checks(&report)), (INVALID, vec!["key.binding.other-controller"]), "{file}");

        let mut changed = json::parse(&fs::read(&path).unwrap()).unwrap();
        changed["name"] = "Something else".into();
        desk.write("changed.json", &changed.to_string());
        assert_eq!(desk.verify(&["changed.json", "--policy", "proof-only"]).0, INVALID, "{file}");
        seen += 1;
    }
    println!("signed JCS vectors: {seen} of 3 judged");
}
