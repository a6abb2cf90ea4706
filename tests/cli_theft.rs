//! A stolen key on the command line, from its theft to the verifiers' answers: by files, stdout and exit codes alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const OK: i32 = 0;
const REFUSED: i32 = 1;
const MISUSE: i32 = 2;
const UNDETERMINED: i32 = 3;

const LIST: &str = "https://ngo.example/status/1";
const NOTICES: &str = "https://ngo.example/notices.jwt";

/// An organisation with a folder of its own, and a bank that checks what it issued.
struct Office {
    folder: PathBuf,
    did: String,
}

impl Office {
    /// With a DID, a register, and a licence that it issued with its first key.
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_theft-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut office = Self { folder, did: String::new() };
        for name in ["update", "first", "second", "third", "thief"] {
            office.ok(&format!("key generate --out {name}.jwk"));
        }
        let made = office.ok("did create webvh --dir d --domain ngo.example --key update.jwk --signing-key first.jwk");
        office.did = made.lines().next().unwrap().to_owned();
        office.write("claims.json", &office.ok("issue licence --example"));
        office.ok(&format!("status create --store kept --url {LIST} --key first.jwk --issuer-log d/did.jsonl"));
        office.issue("first", "--store kept --out genuine.jwt");
        office.publish("first");
        let entry = json!({ "id": office.did, "issues": ["licence"] });
        let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-20T00:00:00Z", "entries": [entry] });
        office.write("trust.json", &list.to_string());
        office.write("policy.json", r#"{"type":"Policy","version":1,"rotatedKeys":{"within":"30d"}}"#);
        office
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
        command.current_dir(&self.folder).args(arguments.split_whitespace()).stdin(Stdio::null()).output().unwrap()
    }

    /// What a command that must succeed writes to stdout.
    fn ok(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(OK), "{arguments}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What a command that is not carried out says.
    fn refused(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(MISUSE), "{arguments}: {}", text(&output.stdout));
        text(&output.stderr)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn issue(&self, key: &str, rest: &str) {
        self.ok(&format!("issue licence --claims claims.json --key {key}.jwk --issuer-log d/did.jsonl {rest}"));
    }

    fn publish(&self, key: &str) {
        let by = format!("--key {key}.jwk --issuer-log d/did.jsonl");
        self.ok(&format!("status publish --store kept --url {LIST} {by} --out list"));
    }

    /// What stands after the `#` where a document holds the key.
    fn name(&self, key: &str) -> String {
        let shown = self.ok(&format!("key show {key}.jwk"));
        shown.lines().next().unwrap().trim_start_matches("did:key:").to_owned()
    }

    /// Takes one key out of the DID and puts another in.
    fn replace(&self, old: &str, new: &str, rest: &str) {
        let name = self.name(old);
        self.ok(&format!("did update --dir d --remove-key {name} --add-key {new}.jwk --key update.jwk {rest}"));
        self.publish(new);
    }

    fn digests(&self, key: &str) {
        let method = format!("{}#{}", self.did, self.name(key));
        let digests = self.ok(&format!("status digests --store kept --signed-by {method}"));
        self.write(&format!("{key}.digests"), &digests);
    }

    /// The bank's exit code, and why it is not satisfied.
    fn judge(&self, file: &str, rest: &str) -> (i32, String) {
        let given = format!("--status {LIST}=list --document {}=d/did.jsonl", self.did);
        let how = "--offline --json --trust trust.json --policy policy.json";
        let output = self.run(&format!("verify {file} {how} {given} {rest}"));
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        let checks = report["credentials"][0]["checks"].as_array().unwrap().clone();
        let with = |result: &str| checks.iter().find(|check| check["result"] == result);
        let code =
            with("fail").or_else(|| with("undetermined")).map_or("none", |check| check["code"].as_str().unwrap());
        (output.status.code().unwrap(), code.to_owned())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn is(status: i32, code: &str) -> (i32, String) {
    (status, code.to_owned())
}

const SINCE: &str = "--since 2026-11-01T00:00:00Z";

#[test]
fn what_a_thief_backdated_fails_and_what_the_register_knows_stands() {
    let office = Office::new("whole");
    let with_notices = format!("--document notices:{NOTICES}=notices.jwt");
    assert_eq!(office.judge("genuine.jwt", ""), is(OK, "none"));

    // The thief has the key, and a copy of the log of that time.
    office.issue("first", "--valid-for 7d --out forged.jwt");
    office.replace("first", "second", &format!("--add-service notices=CompromiseNotices={NOTICES}"));
    for file in ["genuine.jwt", "forged.jwt"] {
        assert_eq!(office.judge(file, ""), is(UNDETERMINED, "key.validity.notices-missing"), "{file}");
    }
    office.digests("first");
    let notice = format!("did notice --issuer-log d/did.jsonl --stolen first.jwk {SINCE}");
    let said = office.run(&format!("{notice} --accepted first.digests --key second.jwk --out notices.jwt"));
    assert_eq!(said.status.code(), Some(OK), "{}", text(&said.stderr));
    assert!(text(&said.stderr).contains(NOTICES), "{}", text(&said.stderr));
    assert_eq!(office.judge("genuine.jwt", &with_notices), is(OK, "none"));
    assert_eq!(office.judge("forged.jwt", &with_notices), is(REFUSED, "key.validity.compromised"));

    // Neither the thief's own notices nor those of a stranger count.
    office.ok("did create webvh --dir other --domain thief.example --key update.jwk --signing-key thief.jwk");
    office.ok(&format!(
        "did notice --issuer-log other/did.jsonl --stolen second.jwk --name x {SINCE} --nothing-accepted --key thief.jwk \
         --out strangers.jwt"
    ));
    let strangers = format!("--document notices:{NOTICES}=strangers.jwt");
    assert_eq!(office.judge("genuine.jwt", &strangers), is(UNDETERMINED, "key.validity.notices-missing"));

    // The bank remembers when they were signed.
    let seen = "--seen seen.json";
    assert_eq!(office.judge("genuine.jwt", &format!("{with_notices} {seen}")), is(OK, "none"));
    assert!(office.read("seen.json").contains(NOTICES));

    // A second key is stolen: the file that says so still says what it said of the first.
    office.issue("second", "--store kept --out later.jwt");
    office.issue("second", "--valid-for 7d --out forged-later.jwt");
    fs::copy(office.folder.join("notices.jwt"), office.folder.join("by-second.jwt")).unwrap();
    office.replace("second", "third", "");
    office.digests("second");
    let again = format!("did notice --issuer-log d/did.jsonl --stolen second.jwk {SINCE} --accepted second.digests");
    office.ok(&format!("{again} --before notices.jwt --key third.jwk --out notices.jwt"));
    for (file, expected) in [
        ("genuine.jwt", is(OK, "none")),
        ("later.jwt", is(OK, "none")),
        ("forged.jwt", is(REFUSED, "key.validity.compromised")),
        ("forged-later.jwt", is(REFUSED, "key.validity.compromised")),
    ] {
        assert_eq!(office.judge(file, &format!("{with_notices} {seen}")), expected, "{file}");
    }
    // What the second key signed of the first counts no more, and nothing is believed without notices that do.
    let by_second = format!("--document notices:{NOTICES}=by-second.jwt");
    assert_eq!(office.judge("genuine.jwt", &by_second), is(UNDETERMINED, "key.validity.notices-not-genuine"));
    // Nothing at all is confirmed.
    office.ok(&format!("{notice} --nothing-accepted --key third.jwk --before notices.jwt --out notices.jwt"));
    assert_eq!(office.judge("genuine.jwt", &with_notices), is(REFUSED, "key.validity.compromised"));
    assert_eq!(office.judge("later.jwt", &with_notices), is(OK, "none"));
}

#[test]
fn what_makes_no_notice_is_refused() {
    let office = Office::new("refused");
    office.digests("first");
    office.write("damaged.digests", "AAAA\n");
    office.ok("did create web --dir web --domain ngo.example --key thief.jwk");
    let notice = |rest: &str| format!("did notice --issuer-log d/did.jsonl {rest} --out no.jwt");
    let stolen = "--stolen first.jwk --accepted first.digests";
    let sign = "--key second.jwk";
    for (arguments, reason) in [
        (format!("{stolen} {SINCE} --key first.jwk"), "the very key that it is about"),
        (format!("{stolen} {SINCE} {sign}"), "may not issue"),
        (format!("{stolen} --since 2999-01-01T00:00:00Z {sign}"), "future"),
        (format!("{stolen} --since yesterday {sign}"), "--since"),
        (format!("--stolen first.jwk {SINCE} {sign}"), "--accepted"),
        (format!("{stolen} --nothing-accepted {SINCE} {sign}"), "together"),
        (format!("--stolen nothing.jwk --accepted first.digests {SINCE} {sign}"), "nothing.jwk"),
    ] {
        assert!(
            office.refused(&notice(&arguments)).contains(reason),
            "{arguments}: {}",
            office.refused(&notice(&arguments))
        );
    }
    let name = office.name("second");
    office.ok("did update --dir d --add-key second.jwk --key update.jwk");
    for (arguments, reason) in [
        (format!("--stolen thief.jwk --accepted first.digests {SINCE} {sign}"), "never had the key"),
        (format!("--stolen first.jwk --accepted damaged.digests {SINCE} {sign}"), "line 1 is no digest"),
        (format!("{stolen} {SINCE} {sign} --before first.digests"), "no key of the issuer signed them"),
        (format!("{stolen} {SINCE} {sign} --before genuine.jwt"), "member typ"),
    ] {
        assert!(
            office.refused(&notice(&arguments)).contains(reason),
            "{arguments}: {}",
            office.refused(&notice(&arguments))
        );
    }
    assert!(!office.folder.join("no.jwt").exists());
    // Another's notices are not added to.
    office.ok(&format!(
        "did notice --issuer-log web/did.json --stolen first.jwk {SINCE} --nothing-accepted --key thief.jwk --out web.jwt"
    ));
    let said = office.refused(&notice(&format!("{stolen} {SINCE} {sign} --before web.jwt")));
    assert!(said.contains("no key of the issuer signed them"), "{said}");
    // A did:web has lost the key's name with the key; it is named as all keys are.
    let payload = office.read("web.jwt").split('.').nth(1).unwrap().to_owned();
    let payload = attesta::encoding::base64url::decode(&payload).unwrap();
    assert!(text(&payload).contains(&format!("did:web:ngo.example#{}", office.name("first"))));
    assert_ne!(name, office.name("first"));
}
