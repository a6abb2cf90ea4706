//! Status lists on the command line, as an issuer's scripts use them: by files, stdout and exit codes alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use attesta::encoding::base64url;
use attesta::encoding::json::{self, Map, Value};
use attesta::issuer::store::FileStore;
use attesta::jsonld::Embedded;
use attesta::keys::PublicKey;
use attesta::securing::data_integrity::Signed;
use attesta::securing::jose::Jws;
use attesta::status::{Entry, List};
use attesta::time::Timestamp;
use attesta::trust::{Entry as Trusted, TrustList};
use attesta::verify::{At, Expected, Material, Materials, Outcome, Policy, Resource, Source, verify};
use serde_json::json;

const VALID: i32 = 0;
const INVALID: i32 = 1;
const MISUSE: i32 = 2;
const UNDETERMINED: i32 = 3;
const DAY: u64 = 24 * 3600;
const URL: &str = "https://centre.example/status/1";

/// A folder with a centre's key and three keys of a tenant.
struct Centre {
    folder: PathBuf,
    tenant: Vec<String>,
}

impl Centre {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_status-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut centre = Self { folder, tenant: Vec::new() };
        centre.key("centre.jwk");
        centre.tenant = (1..=3).map(|number| centre.key(&format!("tenant-{number}.jwk"))).collect();
        let example = centre.ok(&["issue", "proof-of-address", "--example"]);
        fs::write(centre.folder.join("claims.json"), example).unwrap();
        centre
    }

    fn key(&self, name: &str) -> String {
        let output = self.ok(&["key", "generate", "--alg", "Ed25519", "--out", name]);
        output.lines().find(|line| line.starts_with("did:key:")).unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap().trim().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
        command.current_dir(&self.folder).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a person is told when it is refused.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(MISUSE), 0), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn create(&self, url: &str, more: &[&str]) {
        self.ok(&[&["status", "create", "--store", "kept", "--url", url, "--key", "centre.jwk"], more].concat());
    }

    /// Issues to these keys, and gives the reference under which that was remembered.
    fn issue(&self, format: &str, out: &str, holders: &[&String]) -> String {
        let mut arguments = vec!["issue", "proof-of-address", "--claims", "claims.json", "--key", "centre.jwk"];
        arguments.extend(["--format", format, "--store", "kept", "--out", out]);
        holders.iter().for_each(|holder| arguments.extend(["--holder", holder]));
        let output = self.run(&arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        let line = said.lines().find(|line| line.contains("one reference: ")).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    }

    /// Publishes the list and reads it as a verifier does, with the signature checked by the centre's key.
    fn published(&self, url: &str) -> List {
        self.ok(&["status", "publish", "--store", "kept", "--url", url, "--out", "list"]);
        let list = self.read("list");
        let mut jwk = json::parse_object(self.read("centre.jwk").as_bytes()).unwrap();
        jwk.remove("d");
        let key = PublicKey::from_jwk(&jwk).unwrap();
        if list.starts_with('{') {
            let document = json::parse_object(list.as_bytes()).unwrap();
            let Ok(signed) = Signed::read(document.clone()) else { unreachable!() };
            signed.verify(&key, &Embedded).unwrap();
            return List::from_bitstring_credential(&document, url).unwrap();
        }
        let jws = Jws::parse(&list).unwrap();
        jws.verify(jws.header.algorithm.unwrap(), &key).unwrap();
        if jws.header.media_type.as_deref() == Some("statuslist+jwt") {
            List::from_token_claims(&jws.payload, url).unwrap()
        } else {
            assert_eq!(jws.header.media_type.as_deref(), Some("vc+jwt"));
            List::from_bitstring_credential(&jws.payload, url).unwrap()
        }
    }

    /// What a verifier who trusts the centre says of a credential, with what the centre last published.
    fn judged(&self, file: &str, list: Option<&str>, url: &str) -> (Outcome, Option<String>) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let now = Timestamp::from_unix(i64::try_from(now).unwrap()).unwrap();
        let centre = self.ok(&["key", "show", "centre.jwk"]).lines().next().unwrap().to_owned();
        let policy = Policy::default().trusting(TrustList::new(now, vec![Trusted::new(&centre, ["*"])]).unwrap());
        let mut materials = Materials::none();
        if let Some(list) = list {
            let resource = Resource::StatusList(url.to_owned());
            let bytes = self.read(list).into_bytes();
            materials.add(&Material { resource, bytes, obtained: now, source: Source::Fetched }).unwrap();
        }
        let report = verify(self.read(file).as_bytes(), &Expected::nothing(), &materials, &policy, At::Now(now));
        (report.outcome(), report.reason().map(|check| check.code().name().to_owned()))
    }

    /// Publishes the list of that URL into a file.
    fn publish(&self, url: &str, out: &str, more: &[&str]) {
        self.ok(&[&["status", "publish", "--store", "kept", "--url", url, "--out", out], more].concat());
    }

    /// Writes the trust list of a bank that knows this issuer alone.
    fn trust(&self, issuer: &str) {
        let entry = json!({ "id": issuer, "issues": ["proof-of-address"] });
        let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [entry] });
        fs::write(self.folder.join("trust.json"), list.to_string()).unwrap();
    }

    fn did(&self, key: &str) -> String {
        self.ok(&["key", "show", key]).lines().next().unwrap().to_owned()
    }

    /// What a bank decides that knows the centre, and the report.
    fn verify(&self, file: &str, more: &[&str]) -> (i32, Value) {
        let output = self.run(&[&["verify", file, "--offline", "--trust", "trust.json", "--json"], more].concat());
        let code = output.status.code().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_ne!(code, MISUSE, "{said}");
        (code, serde_json::from_slice(&output.stdout).unwrap())
    }

    /// What a bank decides with this list, and the code of the check that decides it, or of `status.revocation`.
    fn decided(&self, file: &str, list: &str, more: &[&str]) -> (i32, String) {
        let given = format!("{URL}={list}");
        let (code, report) = self.verify(file, &[&["--status", &given], more].concat());
        (code, reason(&report))
    }

    /// The entries that a credential has.
    fn entries(&self, file: &str) -> Vec<Map> {
        let text = self.read(file);
        let document = match text.split(['.', '~']).nth(1) {
            Some(payload) if text.starts_with("eyJ") => {
                json::parse_object(&base64url::decode(payload).unwrap()).unwrap()
            }
            _ => json::parse_object(text.as_bytes()).unwrap(),
        };
        match document.get("credentialStatus").or_else(|| document.get("status")).unwrap() {
            Value::Array(entries) => entries.iter().map(|entry| entry.as_object().unwrap().clone()).collect(),
            entry => vec![entry.as_object().unwrap().clone()],
        }
    }
}

/// The codes of what fails, or else of what is open; of checks that were not reached nothing.
fn reason(report: &Value) -> String {
    let checks = report["credentials"][0]["checks"].as_array().unwrap();
    let with = |result: &str| {
        let of = checks.iter().filter(|check| check["result"] == result && check["code"] != "not-reached");
        of.map(|check| check["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    match with("fail") {
        none if none.is_empty() => with("undetermined"),
        some => some,
    }
}

fn check<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["credentials"][0]["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap()
}

/// A moment so many seconds from now, as --at takes it.
fn after(seconds: u64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    Timestamp::from_unix(i64::try_from(now + seconds).unwrap()).unwrap().to_string()
}

/// Lists are dated by the second.
fn next_second() {
    std::thread::sleep(std::time::Duration::from_millis(1100));
}

fn standing(list: &List, entry: &Map) -> String {
    format!("{:?}", list.standing(&Entry::read(entry).unwrap().unwrap()).unwrap())
}

const GOOD: &str = "Good";
const REVOKED: &str = "Revoked";
const SUSPENDED: &str = "Suspended";

#[test]
fn one_word_revokes_every_copy() {
    for (format, list_format) in [("dc+sd-jwt", "token"), ("vc+jwt", "bitstring"), ("eddsa-jcs-2022", "bitstring")] {
        let centre = Centre::new(&format!("copies-{format}"));
        centre.create(URL, &["--format", list_format]);
        let holders: Vec<&String> = centre.tenant.iter().collect();
        let reference = centre.issue(format, "guarantee", &holders);
        centre.issue(format, "neighbours", &holders[..1]);
        let copies: Vec<Map> = (1..=3).flat_map(|number| centre.entries(&format!("guarantee-{number}"))).collect();
        let neighbours = centre.entries("neighbours");
        let list = centre.published(URL);
        assert!(copies.iter().all(|entry| standing(&list, entry) == GOOD));
        assert_eq!(centre.judged("guarantee-2", None, URL).0, Outcome::Undetermined);
        assert_eq!(centre.judged("guarantee-2", Some("list"), URL), (Outcome::Valid, None));

        let output = centre.run(&["revoke", &reference, "--store", "kept"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && said.contains("All 3 copies are revoked.") && said.contains(URL), "{said}");
        let list = centre.published(URL);
        assert_eq!(copies.len(), 3);
        assert!(copies.iter().all(|entry| standing(&list, entry) == REVOKED));
        assert_eq!(standing(&list, &neighbours[0]), GOOD);
        let revoked = (Outcome::Invalid, Some("status.revocation.revoked".to_owned()));
        assert_eq!(centre.judged("guarantee-2", Some("list"), URL), revoked);
        assert_eq!(centre.judged("neighbours", Some("list"), URL), (Outcome::Valid, None));
    }
}

#[test]
fn a_credential_can_be_suspended_and_reinstated() {
    let centre = Centre::new("suspended");
    let other = "https://centre.example/status/2";
    centre.create(URL, &[]);
    centre.create(other, &["--purpose", "suspension", "--secured", "eddsa-jcs-2022"]);
    let reference = centre.issue("vc+jwt", "guarantee", &[&centre.tenant[0]]);
    let [revocation, suspension] = &centre.entries("guarantee")[..] else { panic!("two entries") };
    for (word, expected) in [("suspend", SUSPENDED), ("reinstate", GOOD)] {
        centre.ok(&["status", word, "--store", "kept", &reference]);
        assert_eq!(standing(&centre.published(other), suspension), expected);
        assert_eq!(standing(&centre.published(URL), revocation), GOOD);
    }
    let index = suspension["statusListIndex"].as_str().unwrap();
    centre.ok(&["status", "suspend", "--store", "kept", index]);
    assert_eq!(standing(&centre.published(other), suspension), SUSPENDED);
    let index = revocation["statusListIndex"].as_str().unwrap();
    centre.ok(&["status", "revoke", "--store", "kept", index]);
    assert_eq!(standing(&centre.published(URL), revocation), REVOKED);

    let said = centre.refused(&["status", "publish", "--store", "kept", "--out", "list"]);
    assert!(said.contains("2 lists") && said.contains(&format!("--url {URL}")) && said.contains(other), "{said}");
    let said = centre.refused(&["status", "publish", "--store", "kept", "--url", "https://centre.example/status/9"]);
    assert!(said.contains("status/9") && said.contains(&format!("--url {URL}")), "{said}");
    let said = centre.refused(&["status", "refresh", "--store", "kept", "7"]);
    assert!(said.contains("no list for refresh") && said.contains("--purpose refresh"), "{said}");
    let said = centre.refused(&["status", "suspend", "--store", "kept", "--url", URL, index]);
    assert!(said.contains("suspension"), "{said}");
}

#[test]
fn a_place_that_was_allocated_by_hand_is_used_and_revoked() {
    let centre = Centre::new("by-hand");
    centre.create(URL, &[]);
    let entry = centre.ok(&["status", "allocate", "--store", "kept"]);
    fs::write(centre.folder.join("entry.json"), &entry).unwrap();
    let issue = ["issue", "licence", "--claims", "licence.json", "--key", "centre.jwk", "--status", "entry.json"];
    let example = centre.ok(&["issue", "licence", "--example"]);
    fs::write(centre.folder.join("licence.json"), example).unwrap();
    centre.ok(&[&issue[..], &["--out", "licence.jwt"]].concat());
    let entry = json::parse_object(entry.as_bytes()).unwrap();
    assert_eq!(centre.entries("licence.jwt"), std::slice::from_ref(&entry));
    let index = entry["statusListIndex"].as_str().unwrap();
    centre.ok(&["status", "revoke", "--store", "kept", index]);
    assert_eq!(standing(&centre.published(URL), &entry), REVOKED);

    let free = if index == "7" { "8" } else { "7" };
    let said = centre.refused(&["status", "revoke", "--store", "kept", free]);
    assert!(said.contains("no credential was given this place"), "{said}");
    let said = centre.refused(&["status", "revoke", "--store", "kept", "99999999999999999999"]);
    assert!(said.contains("no credential was given this place"), "{said}");
    for unknown in ["AAAAAAAAAAAAAAAAAAAAAA", "-7", "+7", "7.0", "0x7", ""] {
        let said = centre.refused(&["status", "revoke", "--store", "kept", "--", unknown]);
        assert!(said.contains("no credential of that reference"), "{said}");
    }
    let said = centre.refused(&["revoke", "AAAAAAAAAAAAAAAAAAAAAA", "--store", "kept"]);
    assert!(said.contains("no credential of that reference"), "{said}");
}

#[test]
fn a_store_in_use_says_so() {
    let centre = Centre::new("in-use");
    centre.create(URL, &[]);
    let held = FileStore::open(&centre.folder.join("kept")).unwrap();
    for arguments in [
        &["status", "allocate", "--store", "kept"][..],
        &["status", "publish", "--store", "kept"],
        &["revoke", "AAAAAAAAAAAAAAAAAAAAAA", "--store", "kept"],
        &["status", "create", "--store", "kept", "--url", "https://centre.example/2", "--key", "centre.jwk"],
    ] {
        let said = centre.refused(arguments);
        assert!(said.contains("kept: the store is in use by another process"), "{said}");
    }
    drop(held);
    centre.ok(&["status", "allocate", "--store", "kept"]);
}

#[test]
fn what_is_issued_needs_a_list_of_its_format() {
    let centre = Centre::new("formats");
    centre.create(URL, &[]);
    let holder = ["--holder", &centre.tenant[0], "--store", "kept", "--out", "guarantee"];
    let issue = ["issue", "proof-of-address", "--claims", "claims.json", "--key", "centre.jwk"];
    let said = centre.refused(&[&issue[..], &["--format", "dc+sd-jwt"], &holder].concat());
    assert!(said.contains("no status list for dc+sd-jwt") && said.contains("--format token"), "{said}");
    assert!(!centre.folder.join("guarantee").exists());
    let said = centre.refused(&["status", "create", "--store", "kept", "--url", URL, "--key", "centre.jwk"]);
    assert!(said.contains("a list of that URL already"), "{said}");
}

#[test]
fn the_key_is_remembered_by_its_place_and_never_itself() {
    let centre = Centre::new("key");
    centre.create(URL, &[]);
    let secret = json::parse_object(centre.read("centre.jwk").as_bytes()).unwrap();
    let secret = secret["d"].as_str().unwrap().to_owned();
    let store = fs::read(centre.folder.join("kept/register.redb")).unwrap();
    let decoded = base64url::decode(&secret).unwrap();
    assert!(!store.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
    assert!(!store.windows(decoded.len()).any(|bytes| bytes == decoded));

    fs::rename(centre.folder.join("centre.jwk"), centre.folder.join("moved.jwk")).unwrap();
    let said = centre.refused(&["status", "publish", "--store", "kept"]);
    assert!(said.contains("centre.jwk"), "{said}");
    let said = centre.refused(&["status", "publish", "--store", "kept", "--key", "tenant-1.jwk"]);
    assert!(said.contains("another issuer"), "{said}");
    centre.ok(&["status", "publish", "--store", "kept", "--key", "moved.jwk"]);
}

#[test]
fn digests_are_those_of_the_key() {
    let centre = Centre::new("digests");
    centre.create(URL, &[]);
    let issuer = centre.ok(&["key", "show", "centre.jwk"]).lines().next().unwrap().to_owned();
    let method = format!("{issuer}#{}", issuer.trim_start_matches("did:key:"));
    let said = centre.refused(&["status", "digests", "--store", "kept", "--signed-by", &method]);
    assert!(said.contains("knows nothing") && said.contains("Nothing was issued"), "{said}");
    let holders: Vec<&String> = centre.tenant.iter().collect();
    centre.issue("vc+jwt", "guarantee", &holders);
    let said = centre.refused(&["status", "digests", "--store", "kept", "--signed-by", &issuer]);
    assert!(said.contains("knows nothing") && said.contains(&format!("--signed-by {method}")), "{said}");
    let printed = centre.ok(&["status", "digests", "--store", "kept", "--signed-by", &method]);
    let mut expected: Vec<String> = (1..=3)
        .map(|number| {
            use sha2::{Digest as _, Sha256};

            let token = centre.read(&format!("guarantee-{number}"));
            base64url::encode(Sha256::digest(token.rsplit_once('.').unwrap().0))
        })
        .collect();
    let mut printed: Vec<&str> = printed.lines().collect();
    expected.sort();
    printed.sort_unstable();
    assert_eq!(printed, expected);
}

#[test]
fn messages_and_refreshes_are_said_too() {
    let centre = Centre::new("messages");
    let messages = ["--purpose", "message", "--message", "open", "--message", "done"];
    centre.create(URL, &messages);
    let other = "https://centre.example/status/2";
    centre.create(other, &["--purpose", "refresh"]);
    let entry_in = |url: &str| {
        let entry = centre.ok(&["status", "allocate", "--store", "kept", "--url", url]);
        let entry = json::parse_object(entry.as_bytes()).unwrap();
        let index = entry["statusListIndex"].as_str().unwrap().to_owned();
        (entry, index)
    };
    let (entry, index) = entry_in(URL);
    centre.ok(&["status", "message", "--store", "kept", &index, "1"]);
    assert_eq!(standing(&centre.published(URL), &entry), r#"Message { value: 1, text: "done" }"#);
    let said = centre.refused(&["status", "message", "--store", "kept", &index, "2"]);
    assert!(said.contains("one that the list has a message for"), "{said}");
    let (entry, index) = entry_in(other);
    centre.ok(&["status", "refresh", "--store", "kept", &index]);
    assert_eq!(standing(&centre.published(other), &entry), "RefreshAvailable");

    let create = ["status", "create", "--store", "kept", "--url", "https://centre.example/3", "--key", "centre.jwk"];
    for (more, expected) in [
        (&["--message", "open"][..], "only a list for messages"),
        (&["--format", "token", "--message", "open"], "only a list for messages"),
        (&["--purpose", "message", "--message", "a", "--message", "b", "--message", "c"], "there are 3 messages"),
    ] {
        let said = centre.refused(&[&create[..], more].concat());
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn what_one_word_revoked_no_bank_accepts() {
    for (format, list_format) in [("dc+sd-jwt", "token"), ("vc+jwt", "bitstring"), ("eddsa-jcs-2022", "bitstring")] {
        let centre = Centre::new(&format!("accepted-{format}"));
        centre.trust(&centre.did("centre.jwk"));
        centre.create(URL, &["--format", list_format]);
        let holders: Vec<&String> = centre.tenant.iter().collect();
        let reference = centre.issue(format, "guarantee", &holders);
        centre.issue(format, "neighbours", &holders[..1]);
        centre.publish(URL, "before", &[]);
        let copies = ["guarantee-1", "guarantee-2", "guarantee-3"];
        for file in copies.into_iter().chain(["neighbours"]) {
            assert_eq!(centre.decided(file, "before", &[]), (VALID, String::new()), "{format} {file}");
        }
        centre.ok(&["revoke", &reference, "--store", "kept"]);
        assert_eq!(centre.decided("guarantee-1", "before", &[]).0, VALID, "what is not published nobody knows");

        next_second();
        centre.publish(URL, "after", &[]);
        let given = format!("{URL}=after");
        for file in copies {
            let (code, report) = centre.verify(file, &["--status", &given, "--seen", "seen.json"]);
            assert_eq!((code, reason(&report).as_str()), (INVALID, "status.revocation.revoked"), "{format} {file}");
            assert!(report["credentials"][0].get("claims").is_none(), "{report}");
            assert!(check(&report, "status.revocation")["ageSeconds"].as_u64().unwrap() < DAY);
        }
        assert_eq!(centre.decided("neighbours", "after", &[]), (VALID, String::new()), "{format}");

        // Who has seen the new list is not taken in by the old one.
        let (code, codes) = centre.decided("guarantee-2", "before", &["--seen", "seen.json"]);
        assert_eq!((code, codes.as_str()), (INVALID, "material.rollback.older-list"), "{format}");
        // Both together: the newer counts.
        let (before, after) = (format!("{URL}=before"), format!("{URL}=after"));
        for both in [["--status", &before, "--status", &after], ["--status", &after, "--status", &before]] {
            let (code, report) = centre.verify("guarantee-3", &both);
            assert_eq!((code, reason(&report).as_str()), (INVALID, "status.revocation.revoked"), "{format}");
        }
    }
}

#[test]
fn a_suspension_is_lifted_for_the_bank_too() {
    let centre = Centre::new("lifted");
    centre.trust(&centre.did("centre.jwk"));
    centre.create(URL, &["--format", "token"]);
    let reference = centre.issue("dc+sd-jwt", "guarantee", &[&centre.tenant[0]]);
    for (word, expected) in [
        ("suspend", (INVALID, "status.suspension.suspended")),
        ("reinstate", (VALID, "")),
        ("suspend", (INVALID, "status.suspension.suspended")),
        ("revoke", (INVALID, "status.revocation.revoked")),
    ] {
        centre.ok(&["status", word, "--store", "kept", &reference]);
        centre.publish(URL, "list", &[]);
        let (code, codes) = centre.decided("guarantee", "list", &[]);
        assert_eq!((code, codes.as_str()), expected, "{word}");
    }
    let said = centre.refused(&["status", "reinstate", "--store", "kept", &reference]);
    assert!(said.contains("for ever"), "{said}");
}

#[test]
fn the_age_of_what_is_known_is_said() {
    let centre = Centre::new("age");
    centre.trust(&centre.did("centre.jwk"));
    centre.create(URL, &[]);
    centre.issue("vc+jwt", "guarantee", &[&centre.tenant[0]]);
    centre.publish(URL, "week", &["--valid-for", "7d"]);
    centre.publish(URL, "quarter", &["--valid-for", "90d"]);
    let judged = |list: &str, seconds: u64| {
        let given = format!("{URL}={list}");
        let at = after(seconds);
        let (code, report) = centre.verify("guarantee", &["--status", &given, "--at", &at]);
        let check = check(&report, "status.list");
        let age = check["ageSeconds"].as_u64().unwrap();
        assert!(age.abs_diff(seconds) < 600, "{age} seconds, where {seconds} were expected");
        let plain =
            centre.run(&["verify", "guarantee", "--offline", "--trust", "trust.json", "--status", &given, "--at", &at]);
        assert_eq!(plain.status.code(), Some(code));
        (code, check["code"].as_str().unwrap().to_owned(), String::from_utf8(plain.stdout).unwrap())
    };
    let (code, found, said) = judged("week", 3 * 3600 + 60);
    assert_eq!((code, found.as_str()), (VALID, "ok"));
    assert!(said.contains("Not revoked, as of 3 hours ago."), "{said}");
    // Past its own day.
    let (code, found, said) = judged("week", 8 * DAY);
    assert_eq!((code, found.as_str()), (UNDETERMINED, "status.list.expired"));
    assert!(said.contains("COULD NOT TELL") && said.contains("valid until") && said.contains("--status"), "{said}");
    // Older than the policy takes, and than the list itself wants to be kept.
    let (code, found, said) = judged("quarter", 40 * DAY);
    assert_eq!((code, found.as_str()), (UNDETERMINED, "status.list.stale"));
    assert!(said.contains("COULD NOT TELL") && said.contains("40 days old"), "{said}");
    let (code, found, _) = judged("quarter", DAY);
    assert_eq!((code, found.as_str()), (UNDETERMINED, "status.list.stale"), "kept longer than half a day");
}

#[test]
fn without_its_own_list_nothing_is_decided() {
    let centre = Centre::new("no-list");
    centre.trust(&centre.did("centre.jwk"));
    centre.create(URL, &[]);
    centre.issue("vc+jwt", "guarantee", &[&centre.tenant[0]]);
    let (code, report) = centre.verify("guarantee", &[]);
    assert_eq!((code, reason(&report).as_str()), (UNDETERMINED, "status.list.unavailable"));
    assert_eq!(check(&report, "status.list")["ageSeconds"], Value::Null, "of nothing there is no age");
    assert_eq!(
        (&report["missing"][0]["type"], &report["missing"][0]["resource"]),
        (&json!("status-list"), &json!(URL))
    );
    assert!(report["credentials"][0].get("claims").is_none(), "{report}");
    let output = centre.run(&["verify", "guarantee", "--offline", "--trust", "trust.json"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("--status") && said.contains(&format!("the status list at {URL}")), "{said}");

    // A stranger's list of the same address, in which nothing is revoked.
    let stranger = Centre::new("no-list-stranger");
    stranger.create(URL, &[]);
    stranger.publish(URL, "list", &[]);
    fs::copy(stranger.folder.join("list"), centre.folder.join("strangers")).unwrap();
    assert_eq!(centre.decided("guarantee", "strangers", &[]), (INVALID, "status.list.other-issuer".to_owned()));

    // The centre's own list for something else, and of another address.
    let other = "https://centre.example/status/2";
    centre.create(other, &["--purpose", "suspension"]);
    centre.publish(other, "other", &[]);
    for (given, expected) in [
        (format!("{URL}=other"), "by another URL"),
        (format!("{URL}=guarantee"), "guarantee: "),
        (format!("{URL}=trust.json"), "nobody signed it"),
        (format!("{URL}=nowhere"), "no such file"),
        ("other".to_owned(), "URL=FILE was expected"),
        ("kept=other".to_owned(), "URL=FILE was expected"),
    ] {
        let said = centre.refused(&["verify", "guarantee", "--offline", "--trust", "trust.json", "--status", &given]);
        assert!(said.contains(expected) && said.lines().count() == 2, "{given}: {said}");
    }
    let given = format!("{other}=other");
    let (code, report) = centre.verify("guarantee", &["--status", &given]);
    assert_eq!((code, reason(&report).as_str()), (UNDETERMINED, "status.list.unavailable"));
}

#[test]
fn a_new_key_of_a_lasting_identity_signs_the_list() {
    let centre = Centre::new("new-key");
    for name in ["update-1.jwk", "update-2.jwk", "update-3.jwk", "old.jwk", "new.jwk"] {
        centre.key(name);
    }
    let create = ["did", "create", "webvh", "--domain", "ngo.example", "--dir", "files", "--key", "update-1.jwk"];
    centre.ok(&[&create[..], &["--next-key", "update-2.jwk", "--signing-key", "old.jwk"]].concat());
    let log = ["--issuer-log", "files/did.jsonl"];
    let did = centre.read("files/did.json");
    let did: Value = serde_json::from_str(&did).unwrap();
    let did = did["alsoKnownAs"][0].as_str().unwrap().to_owned();
    assert!(did.starts_with("did:webvh:"), "{did}");
    centre.trust(&did);
    let create = ["status", "create", "--store", "kept", "--url", URL, "--key", "old.jwk"];
    centre.ok(&[&create[..], &log].concat());
    let issue = ["issue", "proof-of-address", "--claims", "claims.json", "--key", "old.jwk", "--store", "kept"];
    centre.ok(&[&issue[..], &log, &["--holder", &centre.tenant[0], "--out", "guarantee"]].concat());
    centre.publish(URL, "list", &[]);
    let history = format!("{did}=files/did.jsonl");
    assert_eq!(centre.decided("guarantee", "list", &["--document", &history]), (VALID, String::new()));

    let update = ["did", "update", "--dir", "files", "--key", "update-2.jwk", "--next-key", "update-3.jwk"];
    next_second();
    centre.ok(&[&update[..], &["--add-key", "new.jwk"]].concat());
    // The new key has another name, which the list's head must give.
    let publish = ["status", "publish", "--store", "kept", "--out", "list", "--key"];
    let said = centre.refused(&[&publish[..], &["new.jwk"]].concat());
    assert!(said.contains("another key") && said.contains("--issuer-log"), "{said}");
    let said = centre.refused(&[&publish[..], &["tenant-1.jwk"], &log].concat());
    assert!(said.contains("may not issue in the name"), "{said}");
    let old = format!("{did}#{}", centre.did("old.jwk").trim_start_matches("did:key:"));
    centre.ok(&[&publish[..], &["new.jwk", "--issuer", &old]].concat());
    let (code, codes) = centre.decided("guarantee", "list", &["--document", &history]);
    assert_eq!((code, codes.as_str()), (INVALID, "status.list.not-genuine"), "under the other key's name");
    centre.ok(&[&publish[..], &["new.jwk"], &log].concat());
    assert_eq!(centre.decided("guarantee", "list", &["--document", &history]), (VALID, String::new()));
}
