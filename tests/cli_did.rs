//! DIDs on the command line from their beginning to their end, as an organisation keeps them: by files, stdout and exit
//! codes alone; and what the library says of the same files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use attesta::did::Did;
use attesta::did::method::webvh::{Log, Rollback, Select};
use attesta::time::Timestamp;
use serde_json::{Value, json};

const OK: i32 = 0;
const REFUSED: i32 = 1;
const MISUSE: i32 = 2;
const UNDETERMINED: i32 = 3;

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// A folder of one test's own.
struct Office(PathBuf);

impl Office {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_did-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
        command.current_dir(&self.0).args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command that must succeed writes to stdout.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(OK), "{arguments:?}");
        text(&output.stdout)
    }

    /// What a command that must not succeed says.
    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stdout));
        text(&output.stderr)
    }

    /// Makes a key and returns its did:key.
    fn key(&self, name: &str) -> String {
        self.ok(&["key", "generate", "--out", name]).lines().next().unwrap().to_owned()
    }

    /// What stands after the `#` where a document holds the key.
    fn key_name(&self, file: &str) -> String {
        self.ok(&["key", "show", file]).lines().next().unwrap().trim_start_matches("did:key:").to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A DID with two committed next keys and two of three witnesses, published. Returns it.
    fn witnessed(&self) -> String {
        for name in ["update-1", "update-2", "update-3", "issuing"] {
            self.key(&format!("{name}.jwk"));
        }
        let witnesses: Vec<_> = (1..=3).map(|number| self.key(&format!("witness-{number}.jwk"))).collect();
        let mut create: Vec<&str> = "did create webvh --dir d --domain ngo.example --portable --threshold 2 \
             --key update-1.jwk --next-key update-2.jwk --next-key update-3.jwk --signing-key issuing.jwk"
            .split_whitespace()
            .collect();
        witnesses.iter().for_each(|did| create.extend(["--witness", did]));
        let did = self.ok(&create).lines().next().unwrap().to_owned();
        self.agree(&["witness-1.jwk", "witness-2.jwk"]);
        did
    }

    fn agree(&self, witnesses: &[&str]) {
        for key in witnesses {
            self.ok(&["did", "witness", "--dir", "d", "--key", key]);
        }
    }

    /// The log in the folder `d`, as the library reads it.
    fn log(&self, did: &str) -> Log {
        let (log, proofs) = (self.read("d/did.jsonl"), self.read("d/did-witness.json"));
        Log::verify(&Did::parse(did).unwrap(), log.as_bytes(), Some(proofs.as_bytes()), now()).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Timestamp::from_unix(i64::try_from(seconds).unwrap()).unwrap()
}

const FILES: [&str; 4] = ["--log", "d/did.jsonl", "--witness", "d/did-witness.json"];

#[test]
fn a_did_is_made_rotated_twice_moved_and_ended_and_resolves_at_each_version() {
    let office = Office::new("life");
    let first = office.witnessed();
    office.key("update-4.jwk");
    office.key("update-5.jwk");
    let changes = [
        "did rotate --dir d --key update-3.jwk --next-key update-2.jwk --next-key update-4.jwk",
        "did rotate --dir d --key update-4.jwk --next-key update-2.jwk",
        "did port --dir d --domain charity.example/hk --key update-2.jwk --next-key update-5.jwk",
        "did deactivate --dir d --key update-5.jwk",
    ];
    let mut newest = first.clone();
    for change in changes {
        let published = office.read("d/did.jsonl");
        let answer = office.ok(&words(change));
        newest = answer.lines().next().unwrap().to_owned();
        assert_eq!(office.read("d/did.jsonl"), published, "nothing is published before the witnesses agreed");
        office.agree(&["witness-2.jwk", "witness-3.jwk"]);
        assert!(office.read("d/did.jsonl").starts_with(&published), "what was published stays");
    }
    assert!(newest.ends_with(":charity.example:hk") && newest != first, "{newest}");
    assert_eq!(office.names("d"), ["did-witness.json", "did.jsonl"], "did.json goes with the DID");

    for did in [&first, &newest] {
        let log = office.log(did);
        assert_eq!(log.versions().len(), 5);
        for number in 1..=5 {
            let version = log.version(Select::Number(number)).unwrap();
            let shown = number.to_string();
            let resolve =
                [&["did", "resolve", did.as_str(), "--json", "--version-number", &shown], &FILES[..]].concat();
            let output = office.run(&resolve);
            let result: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(result["didDocumentMetadata"]["versionId"], version.id());
            if number == 5 {
                assert_eq!((output.status.code(), &result["didDocument"]), (Some(REFUSED), &Value::Null));
                assert_eq!(result["didDocumentMetadata"]["deactivated"], true);
            } else {
                assert_eq!(output.status.code(), Some(OK));
                assert_eq!(result["didDocument"], Value::Object(version.document().to_json()));
            }
            let by_id = ["did", "resolve", did, "--json", "--version-id", version.id()];
            assert_eq!(office.run(&[&by_id, &FILES[..]].concat()).stdout, output.stdout);
        }
        let check = [&["did", "verify-log", "--did", did, "--json"], &FILES[..]].concat();
        let found: Value = serde_json::from_str(&office.ok(&check)).unwrap();
        assert_eq!((&found["outcome"], found["versions"].as_array().unwrap().len()), (&"valid".into(), 5));
        let beyond = [&["did", "resolve", did.as_str(), "--version-number", "6"], &FILES[..]].concat();
        office.refused(REFUSED, &beyond);
    }
    let then = office.log(&first).version(Select::Number(3)).unwrap().time().to_string();
    let check = [&["did", "verify-log", "--did", &first, "--json", "--at", &then], &FILES[..]].concat();
    let found: Value = serde_json::from_str(&office.ok(&check)).unwrap();
    assert_eq!((found["versions"].as_array().unwrap().len(), &found["deactivated"]), (3, &Value::Null));
    let more = ["did", "rotate", "--dir", "d", "--key", "update-5.jwk", "--update-key", "update-1.jwk"];
    assert!(office.refused(MISUSE, &more).contains("was ended"));
}

#[test]
fn a_log_that_was_cut_or_changed_is_refused() {
    let office = Office::new("cut");
    let did = office.witnessed();
    office.key("update-4.jwk");
    office.ok(&["did", "rotate", "--dir", "d", "--key", "update-2.jwk", "--next-key", "update-4.jwk"]);
    office.agree(&["witness-1.jwk", "witness-3.jwk"]);
    let whole = office.read("d/did.jsonl");
    let (log, seen) = (office.log(&did), office.log(&did).checkpoint());
    assert_eq!(log.extends(seen.number(), seen.version_id()), Ok(()));
    let (first, second) = whole.trim_end().split_once('\n').unwrap();

    for (what, changed) in [
        ("cut inside an entry", whole[..whole.len() - 100].to_owned()),
        ("without its beginning", format!("{second}\n")),
        ("an empty line", format!("{first}\n\n{second}\n")),
        ("an entry twice", format!("{whole}{second}\n")),
        ("another domain", whole.replace("ngo.example", "bank.example")),
        ("empty", String::new()),
    ] {
        assert_ne!(changed, whole, "{what}");
        office.write("changed.jsonl", &changed);
        let files = ["--log", "changed.jsonl", "--witness", "d/did-witness.json"];
        let check = [&["did", "verify-log", "--did", &did], &files[..]].concat();
        assert_eq!(office.refused(REFUSED, &check), "", "{what}");
        let resolve = [&["did", "resolve", &did], &files[..]].concat();
        assert!(office.refused(REFUSED, &resolve).starts_with("attesta: did:webvh:"), "{what}");
        let issue = "issue licence --claims claims.json --key issuing.jwk --issuer-log changed.jsonl";
        office.write("claims.json", &office.ok(&["issue", "licence", "--example"]));
        office.refused(MISUSE, &words(issue));
    }
    // A whole entry that is held back leaves a log that holds. Whoever saw the longer one notices.
    let proofs = office.read("d/did-witness.json");
    let held_back = format!("{first}\n");
    let shorter =
        Log::verify(&Did::parse(&did).unwrap(), held_back.as_bytes(), Some(proofs.as_bytes()), now()).unwrap();
    let truncated = Rollback::Truncated { seen: 2, found: 1 };
    assert_eq!(shorter.extends(seen.number(), seen.version_id()), Err(truncated));
}

#[test]
fn a_thief_of_one_key_changes_nothing() {
    let office = Office::new("thief");
    let did = office.witnessed();
    let published = office.read("d/did.jsonl");
    office.key("thief.jwk");
    office.key("nobody.jwk");
    let rotate = |key: &str| {
        let change = format!("did rotate --dir d --key {key} --next-key thief.jwk");
        office.run(&words(&change))
    };
    // The update key of today, the issuing key, a key of nobody: none of them was committed to.
    for key in ["update-1.jwk", "issuing.jwk", "nobody.jwk", "witness-1.jwk"] {
        let output = rotate(key);
        assert_eq!(output.status.code(), Some(MISUSE), "{key}");
        assert!(text(&output.stderr).contains("committed to"), "{key}: {}", text(&output.stderr));
    }
    // A committed key makes an entry that waits; one stolen witness is not enough, and cannot agree twice.
    assert_eq!(rotate("update-2.jwk").status.code(), Some(OK));
    let agree = |key: &str| office.run(&["did", "witness", "--dir", "d", "--key", key]);
    assert_eq!(agree("thief.jwk").status.code(), Some(MISUSE));
    assert_eq!(agree("witness-1.jwk").status.code(), Some(OK));
    assert_eq!(agree("witness-1.jwk").status.code(), Some(MISUSE));
    assert_eq!(office.read("d/did.jsonl"), published);
    let waiting = office.read("d/did-waiting.jsonl");
    office.write("d/did.jsonl", &format!("{published}{waiting}"));
    let check = [&["did", "verify-log", "--did", &did], &FILES[..]].concat();
    office.refused(REFUSED, &check);
}

#[test]
fn keys_documents_and_witnesses_change_as_they_are_told() {
    let office = Office::new("changes");
    for name in ["update-1", "update-2", "update-3", "issuing"] {
        office.key(&format!("{name}.jwk"));
    }
    let witness = office.key("witness-1.jwk");
    let run = |arguments: &str| office.ok(&words(arguments));
    let refused = |arguments: &str| office.refused(MISUSE, &words(arguments));
    let made = run("did create webvh --dir d --domain ngo.example --key update-1.jwk --signing-key issuing.jwk");
    let did = made.lines().next().unwrap();
    let document = |log: &str| -> Value {
        let files = ["--log", "d/did.jsonl", "--witness", "d/did-witness.json"];
        let files = if log.is_empty() { &files[..2] } else { &files[..] };
        serde_json::from_str(&office.ok(&[&["did", "resolve", did], files].concat())).unwrap()
    };

    run("did rotate --dir d --key update-1.jwk --update-key update-2.jwk");
    assert!(refused("did update --dir d --add-key update-1.jwk --key update-1.jwk").contains("may not change"));
    run("did rotate --dir d --key update-2.jwk --next-key update-3.jwk");
    assert!(refused("did rotate --dir d --key update-2.jwk --no-next-keys").contains("committed to"));
    run("did update --dir d --add-service site=LinkedDomains=https://ngo.example --key update-3.jwk --no-next-keys");
    assert_eq!(document("")["service"][0]["id"], format!("{did}#site"));

    let mut changed = document("");
    changed.as_object_mut().unwrap().remove("id");
    changed["service"][0]["serviceEndpoint"] = "https://www.ngo.example".into();
    office.write("changed.json", &changed.to_string());
    run("did update --dir d --document changed.json --key update-3.jwk");
    assert_eq!(document("")["service"][0]["serviceEndpoint"], "https://www.ngo.example");
    assert_eq!(document("")["id"], did);
    let parallel: Value = serde_json::from_str(&office.read("d/did.json")).unwrap();
    assert_eq!((&parallel["id"], &parallel["alsoKnownAs"][0]), (&"did:web:ngo.example".into(), &did.into()));
    office.write("list.json", "[]");
    let before = office.read("d/did.jsonl");
    refused("did update --dir d --document list.json --key update-3.jwk");
    assert_eq!(office.read("d/did.jsonl"), before);

    run(&format!("did update --dir d --witness {witness} --key update-3.jwk"));
    assert_eq!(office.read("d/did.jsonl"), before, "a first witness agrees to the entry that names it");
    office.agree(&["witness-1.jwk"]);
    run("did update --dir d --no-witnesses --key update-3.jwk");
    office.agree(&["witness-1.jwk"]);
    run("did update --dir d --remove-service site --key update-3.jwk");
    assert_eq!(document("witnessed").get("service"), None);
    assert_eq!(office.log(did).versions().len(), 8);
}

#[test]
fn a_witness_elsewhere_sends_its_proof_back() {
    let office = Office::new("elsewhere");
    let did = office.witnessed();
    office.ok(&["did", "rotate", "--dir", "d", "--key", "update-2.jwk", "--next-key", "update-3.jwk"]);
    fs::create_dir_all(office.path("copy")).unwrap();
    for name in office.names("d") {
        fs::copy(office.path("d").join(&name), office.path("copy").join(&name)).unwrap();
    }
    office.ok(&["did", "witness", "--dir", "copy", "--key", "witness-3.jwk"]);
    office.agree(&["witness-1.jwk"]);
    office.ok(&["did", "witness", "--dir", "d", "--proofs", "copy/did-witness.json"]);
    assert_eq!(office.log(&did).versions().len(), 2);

    // The last writing was broken off after the log: what waits is published already, and stands in nobody's way.
    let published = office.read("d/did.jsonl");
    office.write("d/did-waiting.jsonl", published.lines().last().unwrap());
    fs::remove_file(office.path("d/did.json")).unwrap();
    office.refused(MISUSE, &["did", "witness", "--dir", "d", "--key", "witness-2.jwk"]);
    assert_eq!(office.names("d"), ["did-witness.json", "did.json", "did.jsonl"], "the writing is brought to its end");
    office.write("d/did-waiting.jsonl", published.lines().last().unwrap());
    office.key("update-4.jwk");
    office.ok(&["did", "rotate", "--dir", "d", "--key", "update-3.jwk", "--next-key", "update-4.jwk"]);
    // A proof that somebody made up is no approval.
    let forged = office.read("copy/did-witness.json").replace("\"proofValue\":\"z", "\"proofValue\":\"z2");
    let waiting: Value = serde_json::from_str(&office.read("d/did-waiting.jsonl")).unwrap();
    let old: Vec<Value> = serde_json::from_str(&forged).unwrap();
    let forged = json!([{ "versionId": waiting["versionId"], "proof": old.last().unwrap()["proof"] }]);
    office.write("forged.json", &forged.to_string());
    office.refused(MISUSE, &["did", "witness", "--dir", "d", "--proofs", "forged.json"]);
    // Nor does it, put into the folder, stand in the way of the witness whose it pretends to be.
    let kept: Vec<Value> = serde_json::from_str(&office.read("d/did-witness.json")).unwrap();
    let with_forged: Vec<_> = kept.into_iter().chain(forged.as_array().unwrap().iter().cloned()).collect();
    office.write("d/did-witness.json", &Value::from(with_forged).to_string());
    office.agree(&["witness-2.jwk"]);
    assert_eq!(office.read("d/did.jsonl"), published, "a forged proof is not counted beside a good one");
    office.agree(&["witness-3.jwk"]);
    assert_eq!(office.log(&did).versions().len(), 3);
}

/// The folder `d` again as it was when it was copied to `before`.
fn restore(office: &Office) {
    let _ = fs::remove_dir_all(office.path("d"));
    fs::create_dir_all(office.path("d")).unwrap();
    for name in office.names("before") {
        fs::copy(office.path("before").join(&name), office.path("d").join(&name)).unwrap();
    }
}

#[test]
fn a_writing_that_is_killed_leaves_what_was_or_what_is() {
    const ROUNDS: u32 = 60;
    let office = Office::new("killed");
    let did = office.witnessed();
    office.ok(&["did", "rotate", "--dir", "d", "--key", "update-2.jwk", "--next-key", "update-3.jwk"]);
    office.agree(&["witness-1.jwk"]);
    fs::rename(office.path("d"), office.path("before")).unwrap();
    restore(&office);
    let agree = ["did", "witness", "--dir", "d", "--key", "witness-2.jwk"];
    let started = Instant::now();
    office.ok(&agree);
    let whole = started.elapsed();
    let mut written = 0;
    for round in 0..ROUNDS {
        restore(&office);
        let mut child = office.command(&agree).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From before it begins to after its end.
        thread::sleep(whole * round / (ROUNDS * 3 / 4));
        let _ = child.kill();
        child.wait().unwrap();
        // Whatever is in the folder may be published: the proofs are there before the entry that needs them.
        let versions = office.log(&did).versions().len();
        assert!((1..=2).contains(&versions), "{versions}");
        written += versions - 1;
        let again = office.run(&agree).status.code();
        assert!(again == Some(OK) || again == Some(MISUSE), "{again:?}");
        assert_eq!(office.log(&did).versions().len(), 2, "what was broken off is brought to its end");
        let parallel: Value = serde_json::from_str(&office.read("d/did.json")).unwrap();
        assert_eq!(parallel["alsoKnownAs"][0], did.as_str());
        assert!(!office.names("d").contains(&"did-waiting.jsonl".to_owned()));
    }
    assert!((1..60).contains(&written), "{written} of {ROUNDS} were written before they were killed");
}

#[test]
fn what_is_issued_by_the_log_verifies_by_the_log() {
    let office = Office::new("issue");
    let did = office.witnessed();
    office.write("claims.json", &office.ok(&["issue", "licence", "--example"]));
    let issue = "issue licence --claims claims.json --valid-for 7d --issuer-log d/did.jsonl --out licence.jwt --key";
    let issue = words(issue);
    assert!(office.refused(MISUSE, &[&issue[..], &["update-1.jwk"]].concat()).contains("may not issue"));
    office.ok(&[&issue[..], &["issuing.jwk"]].concat());

    let entry = json!({ "id": did, "issues": ["licence"] });
    let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-20T00:00:00Z", "entries": [entry] });
    office.write("trust.json", &list.to_string());
    let judge = |documents: &[String]| {
        let mut verify = vec!["verify", "licence.jwt", "--offline", "--json", "--trust", "trust.json"];
        documents.iter().for_each(|document| verify.extend(["--document", document]));
        let output = office.run(&verify);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["credentials"][0]["checks"].as_array().unwrap().clone();
        let open = checks.iter().find(|check| check["result"] == "fail" || check["result"] == "undetermined");
        (output.status.code().unwrap(), open.map_or("none", |check| check["code"].as_str().unwrap()).to_owned())
    };
    let both = [format!("witnesses:{did}=d/did-witness.json"), format!("{did}=d/did.jsonl")];
    assert_eq!(judge(&both), (OK, "none".to_owned()));
    assert_eq!(judge(&[]), (UNDETERMINED, "proof.key-unavailable".to_owned()));
    assert_eq!(judge(&both[1..]), (UNDETERMINED, "proof.key-unavailable".to_owned()));

    let name = office.key_name("issuing.jwk");
    let remove =
        ["did", "update", "--dir", "d", "--remove-key", &name, "--key", "update-2.jwk", "--next-key", "update-3.jwk"];
    office.ok(&remove);
    assert_eq!(judge(&both), (OK, "none".to_owned()), "nothing has changed before the witnesses agreed");
    office.agree(&["witness-1.jwk", "witness-2.jwk"]);
    assert_eq!(judge(&both), (REFUSED, "key.validity.rotated-out".to_owned()));
    assert!(office.refused(MISUSE, &[&issue[..], &["issuing.jwk"]].concat()).contains("may not issue"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_another_command_changes_is_left_alone() {
    let office = Office::new("locked");
    office.witnessed();
    let before = office.read("d/did.jsonl");
    let held = fs::File::open(office.path("d")).unwrap();
    held.lock().unwrap();
    office.key("update-4.jwk");
    for arguments in [
        "did rotate --dir d --key update-2.jwk --next-key update-4.jwk",
        "did update --dir d --add-key update-4.jwk --key update-2.jwk --next-key update-4.jwk",
        "did port --dir d --domain other.example --key update-2.jwk --next-key update-4.jwk",
        "did deactivate --dir d --key update-2.jwk",
        "did witness --dir d --key witness-1.jwk",
        "did create web --dir d --domain other.example --key issuing.jwk",
    ] {
        let said = office.refused(MISUSE, &words(arguments));
        assert!(said.contains("another command of attesta is at work in d"), "{arguments}: {said}");
    }
    assert_eq!(office.read("d/did.jsonl"), before);
    drop(held);
    office.ok(&["did", "rotate", "--dir", "d", "--key", "update-2.jwk", "--next-key", "update-4.jwk"]);
    assert_eq!(office.names("d"), ["did-waiting.jsonl", "did-witness.json", "did.json", "did.jsonl"]);
}

#[test]
fn a_checkpoint_and_what_follows_it_stand_for_the_whole_log() {
    let office = Office::new("checkpoint");
    let did = office.witnessed();
    let check = |rest: &str| {
        let arguments = format!("did verify-log --did {did} --witness d/did-witness.json {rest}");
        let output = office.run(&words(&arguments));
        (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, said) = check("--log d/did.jsonl --checkpoint first.checkpoint");
    let bytes = office.read("d/did.jsonl").len();
    assert_eq!((code, said.contains(&format!("the first {bytes} bytes"))), (OK, true), "{said}");
    office.write("claims.json", &office.ok(&["issue", "licence", "--example"]));
    let issue = "issue licence --claims claims.json --key issuing.jwk --issuer-log d/did.jsonl --out licence.jwt \
                 --valid-for 7d";
    office.ok(&words(issue));
    let entry = json!({ "id": did, "issues": ["licence"] });
    let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-20T00:00:00Z", "entries": [entry] });
    office.write("trust.json", &list.to_string());
    let judge = |rest: &str| {
        let arguments = format!("verify licence.jwt --offline --json --trust trust.json {rest}");
        let output = office.run(&words(&arguments));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let checks = report["credentials"][0]["checks"].as_array().cloned().unwrap_or_default();
        let open = checks.iter().find(|check| check["result"] == "fail" || check["result"] == "undetermined");
        let code = open.map_or("none", |check| check["code"].as_str().unwrap()).to_owned();
        (output.status.code().unwrap(), code, text(&output.stderr))
    };
    let outcome = |rest: &str| {
        let (status, code, _) = judge(rest);
        (status, code)
    };
    let first = format!("--checkpoint {did}=first.checkpoint");
    assert_eq!(outcome(&first), (OK, "none".to_owned()));

    // The log goes on; the rest of it alone makes the next checkpoint.
    office.ok(&["did", "rotate", "--dir", "d", "--key", "update-2.jwk", "--next-key", "update-3.jwk"]);
    office.agree(&["witness-1.jwk", "witness-2.jwk"]);
    let rest = office.read("d/did.jsonl")[bytes..].to_owned();
    office.write("rest.jsonl", &rest);
    let (code, said) = check("--after first.checkpoint --log rest.jsonl --checkpoint second.checkpoint");
    assert_eq!((code, said.contains("up to version 2")), (OK, true), "{said}");
    let whole = check("--log d/did.jsonl --checkpoint whole.checkpoint");
    assert_eq!(whole.0, OK);
    assert_eq!(office.read("second.checkpoint"), office.read("whole.checkpoint"));
    let second = format!("--checkpoint {did}=second.checkpoint");
    assert_eq!(outcome(&format!("{second} --seen seen.json")), (OK, "none".to_owned()));
    assert_eq!(
        outcome(&format!("{first} --seen seen.json")),
        (REFUSED, "material.rollback.shorter-log".to_owned()),
        "an older one than was seen"
    );
    assert_eq!(
        outcome(&format!("{first} --seen seen.json")),
        (REFUSED, "material.rollback.shorter-log".to_owned()),
        "and it has not taken the place of what was seen"
    );

    // What does not follow it, and what it is not.
    office.write("cut.jsonl", &rest[..rest.len() - 40]);
    office.write("other.jsonl", &rest.replace("\"2-Qm", "\"2-Qn"));
    for tail in ["cut.jsonl", "other.jsonl", "d/did.jsonl"] {
        assert_eq!(check(&format!("--after first.checkpoint --log {tail} --checkpoint no.checkpoint")).0, REFUSED);
        assert!(!office.path("no.checkpoint").exists(), "{tail}");
    }
    assert_eq!(check("--after rest.jsonl --log rest.jsonl").0, MISUSE);
    assert_eq!(check("--log d/did.jsonl --checkpoint issuing.jwk").0, MISUSE, "a private key is not written over");
    let (status, _, said) = judge(&format!("--document {did}=first.checkpoint"));
    assert_eq!((status, said.contains("material") || said.contains("not the log itself")), (MISUSE, true), "{said}");
    let (status, _, said) = judge(&format!("--checkpoint {did}x=first.checkpoint"));
    assert_eq!(status, MISUSE, "{said}");
    let damaged = office.read("second.checkpoint").replace("\"names\"", "\"name\"");
    office.write("damaged.checkpoint", &damaged);
    assert_eq!(judge(&format!("--checkpoint {did}=damaged.checkpoint")).0, MISUSE);
    let forged = office.read("second.checkpoint").replace("\"2-Qm", "\"2-Qn");
    office.write("forged.checkpoint", &forged);
    assert_eq!(
        outcome(&format!("--checkpoint {did}=forged.checkpoint --seen seen.json")),
        (REFUSED, "material.rollback.forked-log".to_owned())
    );
    // One that was made long ago is as old as that.
    office.write("policy.json", r#"{"type":"Policy","version":1,"maxDocumentAge":"30d"}"#);
    assert_eq!(outcome(&format!("{second} --policy policy.json")), (OK, "none".to_owned()));
    let file = fs::File::options().write(true).open(office.path("second.checkpoint")).unwrap();
    file.set_modified(SystemTime::now() - std::time::Duration::from_secs(1)).unwrap();
    assert_eq!(outcome(&format!("{second} --policy policy.json")), (OK, "none".to_owned()));
    file.set_modified(SystemTime::now() - std::time::Duration::from_secs(60 * 86_400)).unwrap();
    let (status, _, said) = judge(&format!("{second} --policy policy.json"));
    assert_eq!(status, MISUSE, "no entry is newer than when its checkpoint was written: {said}");
}

/// Runs the lines as a person would who copies them into a shell.
fn copied(office: &Office, lines: &str) {
    let tools = office.path("tools");
    fs::create_dir_all(&tools).unwrap();
    let attesta = tools.join("attesta");
    fs::write(&attesta, format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_attesta"))).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&attesta, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").args(["-euc", lines]).current_dir(&office.0).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn every_command_of_the_page_for_organisations_works() {
    let page = include_str!("../docs/identity.md");
    let blocks: Vec<_> = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 15, "every block is run");
    let office = Office::new("page");
    copied(&office, &blocks.concat());
    let log = office.read("did-files/did.jsonl");
    assert_eq!(log.lines().count(), 7);
    assert_eq!(office.names("web-files"), ["did.json"]);
}

#[cfg(unix)]
#[test]
fn a_log_is_given_whole_however_long_it_may_be() {
    let office = Office::new("long-log");
    office.key("update.jwk");
    office.key("issuing.jwk");
    let create = "did create webvh --dir d --domain ngo.example --key update.jwk --signing-key issuing.jwk";
    let did = office.ok(&words(create)).lines().next().unwrap().to_owned();
    let names: Vec<_> = (0..400).map(|number| format!("https://ngo.example/{number}/{}", "a".repeat(1000))).collect();
    for round in 0..3 {
        let last = office.read("d/did.jsonl").lines().last().unwrap().to_owned();
        let mut document = serde_json::from_str::<Value>(&last).unwrap()["state"].take();
        document["alsoKnownAs"] = json!(names[round..]);
        office.write("document.json", &document.to_string());
        office.ok(&words("did update --dir d --key update.jwk --document document.json"));
    }
    assert!(office.read("d/did.jsonl").len() > attesta::limits::DOCUMENT_BYTES);
    let claims = office.ok(&words("issue licence --example"));
    office.write("claims.json", &claims);
    office
        .ok(&words("issue licence --claims claims.json --key issuing.jwk --issuer-log d/did.jsonl --out licence.jwt"));
    let given = format!("{did}=d/did.jsonl");
    let verify = ["verify", "licence.jwt", "--offline", "--policy", "proof-only", "--document", &given];
    assert!(office.ok(&verify).starts_with("The proof fits"));
    // And not one byte more than any log may have.
    let mut long = office.read("d/did.jsonl");
    long.push_str(&" ".repeat(attesta::limits::LOG_BYTES));
    office.write("d/did.jsonl", &long);
    assert!(office.refused(MISUSE, &verify).contains("bytes, where at most"));
}

#[test]
fn a_first_timer_gets_a_did_by_copying_from_the_help() {
    let office = Office::new("help");
    let help = office.ok(&["did", "create", "webvh", "--help"]);
    let is_command = |line: &&str| {
        line.starts_with("  attesta ") || line.starts_with("    --signing-key") || line.starts_with("    --key")
    };
    let lines: Vec<_> = help.lines().skip_while(|line| !line.starts_with("From nothing")).filter(is_command).collect();
    assert_eq!(lines.len(), 7, "{lines:?}");
    copied(&office, &lines.join("\n"));
    assert_eq!(office.names("did-files"), ["did.json", "did.jsonl"]);
}
