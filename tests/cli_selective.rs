//! Selective disclosure, requests and copies on the command line, by files, stdout and exit codes alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use attesta::encoding::base64url;
use serde_json::{Value, json};

const VALID: i32 = 0;
const INVALID: i32 = 1;
const MISUSE: i32 = 2;
const UNDETERMINED: i32 = 3;

const BANK: &str = "https://bank.example";
const NONCE: &str = "n-0S6_WzA2Mj0S6_WzA2Mj";
const HIDDEN: [&str; 3] = ["陳大文", "大南街", "CHAN"];

/// A folder with a centre, a bank, a tenant with two keys, and what each of them knows of the others.
struct Town {
    folder: PathBuf,
    tenant: [String; 2],
}

impl Town {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_selective-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut town = Self { folder, tenant: [String::new(), String::new()] };
        let (centre, bank) = (town.key("centre.jwk", "Ed25519"), town.key("bank.jwk", "P-256"));
        town.tenant = [town.key("tenant-1.jwk", "P-256"), town.key("tenant-2.jwk", "P-256")];
        let list = |entry: Value| json!({ "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [entry] });
        let knows_centre = list(json!({ "id": centre, "issues": ["proof-of-address"], "regions": ["HK"] }));
        let knows_bank =
            list(json!({ "id": bank, "name": { "en": "Harbour Bank" }, "verifies": ["proof-of-address"] }));
        town.write("trust.json", &knows_centre.to_string());
        town.write("phone.json", &knows_bank.to_string());
        town.write("claims.json", &town.ok(&["issue", "proof-of-address", "--example"]));
        town
    }

    fn key(&self, name: &str, algorithm: &str) -> String {
        let output = self.ok(&["key", "generate", "--alg", algorithm, "--out", name]);
        output.lines().find(|line| line.starts_with("did:key:")).unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
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

    /// The exit code, and the code of the check that decided.
    fn judged(&self, file: &str, arguments: &[&str]) -> (i32, Vec<String>) {
        let first = ["verify", file, "--policy", "bank-address", "--trust", "trust.json", "--json"];
        let output = self.run(&[&first, arguments].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["credentials"].as_array().unwrap().iter();
        let bad = ["fail", "undetermined"];
        let codes = checks
            .flat_map(|credential| credential["checks"].as_array().unwrap())
            .filter(|check| bad.contains(&check["result"].as_str().unwrap()) && check["code"] != "not-reached")
            .map(|check| check["code"].as_str().unwrap().to_owned());
        (output.status.code().unwrap(), codes.collect())
    }

    fn issue(&self, format: &str, out: &str) {
        let what = ["issue", "proof-of-address", "--claims", "claims.json", "--key", "centre.jwk"];
        let to = ["--holder", &self.tenant[0], "--format", format, "--out", out];
        assert_eq!(self.ok(&[&what[..], &to].concat()), "");
    }
}

#[test]
fn statements_are_signed_one_by_one_and_chosen() {
    let town = Town::new("statements");
    let hostel = town.key("hostel.jwk", "P-256");
    let entry = json!({ "id": hostel, "issues": ["proof-of-address"], "regions": ["HK"] });
    let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [entry] });
    town.write("trust.json", &list.to_string());
    let issue = ["issue", "proof-of-address", "--claims", "claims.json", "--holder", &town.tenant[0], "--out"];
    let always = ["--mandatory", "/credentialSubject/address/country"];
    let as_statements = ["--key", "hostel.jwk", "--format", "ecdsa-sd-2023"];
    town.ok(&[&issue[..], &["guarantee"], &as_statements, &always].concat());

    // The issuer's copy is for the holder alone.
    let asked = ["--audience", BANK, "--nonce", NONCE];
    let (code, codes) = town.judged("guarantee", &asked);
    assert_eq!((code, codes[0].as_str()), (INVALID, "proof.for-its-holder"), "{codes:?}");

    let district = "/credentialSubject/address/district";
    let answer =
        ["present", "--credential", "guarantee", "--key", "tenant-1.jwk", "--disclose", district, "--out", "answer"];
    town.ok(&[&answer[..], &asked].concat());
    assert_eq!(town.judged("answer", &asked), (VALID, vec![]));
    let verify = ["verify", "answer", "--policy", "bank-address", "--trust", "trust.json"];
    let said = town.ok(&[&verify[..], &asked].concat());
    assert!(said.contains("深水埗") && said.contains("HK"), "{said}");
    assert!(HIDDEN.iter().all(|hidden| !town.read("answer").contains(hidden) && !said.contains(hidden)), "{said}");
    let other = ["--audience", BANK, "--nonce", "m-anotherRequestAltogether"];
    // The presentation says so, and not the credential in it.
    assert_eq!(town.judged("answer", &other), (INVALID, vec![]));

    // A copy that is bound to nobody, of what is always shown.
    town.ok(&["present", "--credential", "guarantee", "--out", "copy"]);
    let copy: Value = serde_json::from_str(&town.read("copy")).unwrap();
    assert_eq!(copy["credentialSubject"]["address"], json!({ "country": "HK" }));
    assert_eq!(town.judged("copy", &asked), (INVALID, vec!["holder.binding.not-presented".to_owned()]));
    town.write("changed", &town.read("copy").replace("\"HK\"", "\"MO\""));
    assert_eq!(town.judged("changed", &asked).0, INVALID);

    for refused in [
        // Nothing more is in what was shown.
        vec!["present", "--credential", "copy", "--disclose", district],
        vec!["present", "--credential", "guarantee", "--disclose", "/credentialSubject/nothing"],
        [&issue[..], &["refused"], &as_statements, &["--mandatory", "/credentialSubject/nothing"]].concat(),
        [&issue[..], &["refused"], &as_statements, &["--mandatory", "credentialSubject"]].concat(),
        [&issue[..], &["refused", "--key", "centre.jwk", "--format", "ecdsa-sd-2023"]].concat(),
        [&issue[..], &["refused", "--key", "hostel.jwk", "--format", "vc+jwt"], &always].concat(),
    ] {
        let output = town.run(&refused);
        assert_eq!(output.status.code(), Some(MISUSE), "{refused:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(!town.folder.join("refused").exists());
}

#[test]
fn a_district_is_shown_without_the_door() {
    for (format, at) in [("dc+sd-jwt", ""), ("vc+sd-jwt", "/credentialSubject")] {
        let town = Town::new(&format!("district-{format}"));
        town.issue(format, "guarantee");
        let present = ["present", "--credential", "guarantee", "--key", "tenant-1.jwk", "--audience", BANK];
        let district = format!("{at}/address/district");
        let country = format!("{at}/address/country");
        let show = ["--nonce", NONCE, "--disclose", &district, "--disclose", &country, "--out", "answer"];
        assert_eq!(town.ok(&[&present[..], &show].concat()), "");
        let asked = ["--audience", BANK, "--nonce", NONCE];
        assert_eq!(town.judged("answer", &asked), (VALID, vec![]));
        let said =
            town.ok(&[&["verify", "answer", "--policy", "bank-address", "--trust", "trust.json"][..], &asked].concat());
        assert!(said.contains("深水埗") && said.contains("HK"), "{said}");
        assert!(HIDDEN.iter().all(|hidden| !said.contains(hidden)), "{said}");

        // Everything is there for who is shown everything; nobody is shown more than was named.
        let nothing = [&present[..], &["--nonce", NONCE, "--out", "nothing"]].concat();
        town.ok(&nothing);
        assert_eq!(town.judged("nothing", &asked), (UNDETERMINED, vec!["issuer.trust.region-not-shown".to_owned()]));
        let all = [&present[..], &["--nonce", NONCE, "--disclose", "", "--out", "all"]].concat();
        town.ok(&all);
        let said =
            town.ok(&[&["verify", "all", "--policy", "bank-address", "--trust", "trust.json"][..], &asked].concat());
        assert!(HIDDEN.iter().all(|hidden| said.contains(hidden)), "{said}");

        let other = ["--audience", BANK, "--nonce", "m-anotherRequestAltogether"];
        assert_eq!(town.judged("answer", &other), (INVALID, vec!["nonce.other".to_owned()]));
        let (code, codes) = town.judged("guarantee", &asked);
        assert_eq!((code, codes), (INVALID, vec!["holder.binding.not-presented".to_owned()]));
        // A disclosure taken away after the holder signed.
        let answer = town.read("answer");
        let is_district = |part: &str| {
            base64url::decode(part).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains("\"district\""))
        };
        let parts: Vec<&str> = answer.trim().split('~').filter(|part| !is_district(part)).collect();
        town.write("less", &parts.join("~"));
        let (code, codes) = town.judged("less", &asked);
        assert_eq!(code, INVALID);
        assert!(codes.contains(&"holder.binding.other-disclosures".to_owned()), "{codes:?}");

        for refused in [
            vec!["present", "--credential", "guarantee", "--disclose", "/none"],
            vec!["present", "--credential", "guarantee", "--disclose", "address"],
            vec!["present", "--credential", "answer", "--disclose", &district],
            vec!["present", "--credential", "guarantee", "--key", "tenant-2.jwk", "--audience", BANK, "--nonce", NONCE],
        ] {
            let output = town.run(&refused);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(MISUSE), 0), "{refused:?}");
        }
    }
}

#[test]
fn a_copy_that_is_bound_to_nobody_is_judged_as_that() {
    let town = Town::new("derived");
    town.issue("dc+sd-jwt", "guarantee");
    town.ok(&["present", "--credential", "guarantee", "--disclose", "/address/country", "--out", "copy"]);
    assert_eq!(town.judged("copy", &[]), (INVALID, vec!["holder.binding.not-presented".to_owned()]));
    let output = town.run(&["verify", "copy", "--trust", "trust.json"]);
    assert_eq!(output.status.code(), Some(VALID));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("nothing shows that it was issued to whoever brought it"), "{said}");
}

#[test]
fn a_bank_that_said_who_it_is_gets_what_it_asked_for_and_no_more() {
    let town = Town::new("asked");
    town.issue("dc+sd-jwt", "guarantee");
    let ask = ["request", "proof-of-address", "--claim", "/address/district", "--claim", "/address/country"];
    town.ok(&[&ask[..], &["--key", "bank.jwk", "--out", "request"]].concat());
    town.ok(&[&ask[..], &["--key", "bank.jwk", "--out", "another"]].concat());
    let held = ["present", "--credential", "guarantee", "--request", "request"];
    let known = [&held[..], &["--trust", "phone.json"]].concat();

    let screen = town.ok(&known);
    assert!(screen.contains("Harbour Bank asks.") && screen.contains("深水埗"), "{screen}");
    assert!(HIDDEN.iter().all(|hidden| !screen.contains(hidden)), "{screen}");
    town.ok(&[&known[..], &["--agree", "--key", "tenant-1.jwk", "--out", "answer"]].concat());
    assert_eq!(town.judged("answer", &["--request", "request"]), (VALID, vec![]));
    assert!(HIDDEN.iter().all(|hidden| !town.read("answer").contains(hidden)));

    // To another request of the same bank the same answer is worth nothing.
    let (code, codes) = town.judged("answer", &["--request", "another"]);
    assert_eq!((code, codes), (INVALID, vec!["nonce.other".to_owned()]));
    // Nor does the guarantee alone answer it.
    let (code, codes) = town.judged("guarantee", &["--request", "request"]);
    assert_eq!(code, INVALID);
    assert!(codes.contains(&"holder.binding.not-presented".to_owned()), "{codes:?}");

    // Whom the phone does not know gets nothing, and neither does somebody who asks for what they may not.
    let screen = town.ok(&held);
    assert!(screen.contains("We do not know who asks.") && screen.contains("Nothing would be shown."), "{screen}");
    town.key("page.jwk", "P-256");
    town.ok(&[&ask[..], &["--key", "page.jwk", "--out", "of-a-page"]].concat());
    town.ok(&["request", "licence", "--claim", "/licenceNumber", "--key", "bank.jwk", "--out", "for-a-licence"]);
    let agree = ["--agree", "--key", "tenant-1.jwk"];
    for refused in [
        [&held[..], &agree].concat(),
        [&["present", "--credential", "guarantee", "--request", "of-a-page", "--trust", "phone.json"], &agree[..]]
            .concat(),
        [&["present", "--credential", "guarantee", "--request", "for-a-licence", "--trust", "phone.json"], &agree[..]]
            .concat(),
        [&known[..], &["--agree", "--key", "tenant-2.jwk"]].concat(),
    ] {
        let output = town.run(&refused);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(MISUSE), 0), "{refused:?}");
    }
}

#[test]
fn a_bank_gets_just_the_statements_that_it_asked_for() {
    let town = Town::new("asked-statements");
    let hostel = town.key("hostel.jwk", "P-256");
    let entry = json!({ "id": hostel, "issues": ["proof-of-address"], "regions": ["HK"] });
    let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [entry] });
    town.write("trust.json", &list.to_string());
    let issue = ["issue", "proof-of-address", "--claims", "claims.json", "--holder", &town.tenant[0]];
    let as_statements = ["--key", "hostel.jwk", "--format", "ecdsa-sd-2023", "--out", "guarantee"];
    let always = ["--mandatory", "/credentialSubject/address/country"];
    town.ok(&[&issue[..], &as_statements, &always].concat());
    let iri = |name: &str| format!("https://w3id.org/attesta/vocab#{name}");
    let query = |claims: &[&[&str]]| {
        let claims: Vec<Value> = claims.iter().map(|path| json!({ "path": path })).collect();
        let meta = json!({ "type_values": [[iri("ProofOfAddressCredential")]] });
        json!({ "credentials": [{ "id": "home", "format": "ldp_vc", "meta": meta, "claims": claims }] }).to_string()
    };
    let district = ["credentialSubject", "address", "district"];
    town.write("district.json", &query(&[&district]));
    town.write("more.json", &query(&[&district, &["credentialSubject", "name"]]));
    for (file, out) in [("district.json", "request"), ("district.json", "another"), ("more.json", "more")] {
        town.ok(&["request", "--query", file, "--key", "bank.jwk", "--out", out]);
    }
    let held = ["present", "--credential", "guarantee", "--trust", "phone.json", "--request"];
    let screen = town.ok(&[&held[..], &["request"]].concat());
    assert!(screen.contains("Harbour Bank asks.") && screen.contains("深水埗") && screen.contains("HK"), "{screen}");
    assert!(screen.contains("Its issuer did not let it be hidden."), "{screen}");
    assert!(HIDDEN.iter().all(|hidden| !screen.contains(hidden)), "{screen}");
    let agree = ["request", "--agree", "--key", "tenant-1.jwk", "--out", "answer"];
    town.ok(&[&held[..], &agree].concat());
    let answer = town.read("answer");
    assert!(HIDDEN.iter().all(|hidden| !answer.contains(hidden)) && !answer.contains("u2V0A"));
    assert_eq!(town.judged("answer", &["--request", "request"]), (VALID, vec![]));
    // To another request of the same bank, and to one that asks for more, it is no answer.
    assert_eq!(town.judged("answer", &["--request", "another"]).0, INVALID);
    let (code, codes) = town.judged("answer", &["--request", "more"]);
    assert_eq!((code, codes), (INVALID, vec!["disclosure.not-answered".to_owned()]));
    // The issuer's copy answers nothing.
    assert_eq!(town.judged("guarantee", &["--request", "request"]).0, INVALID);
    // Another's key, and a copy in which the name is not.
    town.ok(&[
        "present",
        "--credential",
        "guarantee",
        "--disclose",
        "/credentialSubject/address/district",
        "--out",
        "copy",
    ]);
    for refused in [
        [&held[..], &["request", "--agree", "--key", "tenant-2.jwk"]].concat(),
        vec![
            "present",
            "--credential",
            "copy",
            "--trust",
            "phone.json",
            "--request",
            "more",
            "--agree",
            "--key",
            "tenant-1.jwk",
        ],
    ] {
        let output = town.run(&refused);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(MISUSE), 0), "{refused:?}");
    }
}

#[test]
fn what_words_mean_is_given_to_whoever_answers() {
    const URL: &str = "https://register.example/context/v1";
    let town = Town::new("asked-words");
    let hostel = town.key("hostel.jwk", "P-256");
    let vocabulary = "https://register.example/vocab#";
    let terms = |zone: &str, number: &str| {
        let of = |name: &str| format!("{vocabulary}{name}");
        json!({ "@context": { "PassCredential": of("PassCredential"), "zone": of(zone), "number": of(number) } })
    };
    town.write("context.jsonld", &terms("zone", "number").to_string());
    town.write("swapped.jsonld", &terms("number", "zone").to_string());
    let pass = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", URL],
        "type": ["VerifiableCredential", "PassCredential"], "validUntil": "2100-01-01T00:00:00Z",
        "credentialSubject": { "id": town.tenant[0], "zone": "north", "number": "7" },
    });
    town.write("pass.json", &pass.to_string());
    let given = format!("{URL}=context.jsonld");
    let issue = ["issue", "credential", "--claims", "pass.json", "--key", "hostel.jwk", "--format", "ecdsa-sd-2023"];
    town.ok(&[&issue[..], &["--context", &given, "--out", "pass"]].concat());
    let bank = town.ok(&["key", "show", "bank.jwk"]);
    let bank = bank.lines().find(|line| line.starts_with("did:key:")).unwrap();
    let list = |entry: Value| json!({ "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [entry] });
    town.write("phone.json", &list(json!({ "id": bank, "verifies": ["*"] })).to_string());
    town.write("trust.json", &list(json!({ "id": hostel, "issues": ["*"] })).to_string());
    let claims = json!([{ "path": ["credentialSubject", "zone"] }]);
    let meta = json!({ "type_values": [["PassCredential"]] });
    let query = json!({ "credentials": [{ "id": "pass", "format": "ldp_vc", "meta": meta, "claims": claims }] });
    town.write("query.json", &query.to_string());
    town.ok(&["request", "--query", "query.json", "--key", "bank.jwk", "--out", "request"]);
    let answer = ["present", "--credential", "pass", "--request", "request", "--trust", "phone.json", "--agree"];
    let answer = [&answer[..], &["--key", "tenant-1.jwk", "--out", "answer"]].concat();
    let swapped = format!("{URL}=swapped.jsonld");
    for refused in [&[][..], &["--context", &swapped]] {
        let output = town.run(&[&answer[..], refused].concat());
        assert_eq!(output.status.code(), Some(MISUSE), "{}", String::from_utf8_lossy(&output.stderr));
    }
    town.ok(&[&answer[..], &["--context", &given]].concat());
    let handed = town.read("answer");
    assert!(handed.contains("north") && !handed.contains("\"number\""), "{handed}");
    let verify = ["verify", "answer", "--request", "request", "--trust", "trust.json", "--json"];
    let judged = |arguments: &[&str]| {
        let output = town.run(&[&verify[..], arguments].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["credentials"][0]["checks"].as_array().unwrap().clone();
        let of = |id: &str| checks.iter().find(|check| check["id"] == id).unwrap()["result"].clone();
        (of("proof"), of("disclosure"), report["presentation"]["outcome"].clone())
    };
    assert_eq!(judged(&["--context", &given]), ("pass".into(), "pass".into(), "valid".into()));
    let (proof, _, presentation) = judged(&["--context", &swapped]);
    assert!(proof != "pass" && presentation != "valid", "{proof} {presentation}");
}

#[test]
fn copies_are_numbered_and_remembered() {
    let town = Town::new("copies");
    let issue =
        ["issue", "proof-of-address", "--claims", "claims.json", "--key", "centre.jwk", "--format", "dc+sd-jwt"];
    let to = ["--holder", &town.tenant[0], "--holder", &town.tenant[1], "--out", "guarantee.sd-jwt"];
    let list = "https://centre.example/status/1";
    town.ok(&["status", "create", "--store", "kept", "--url", list, "--key", "centre.jwk", "--format", "token"]);
    let output = town.run(&[&issue[..], &to, &["--store", "kept"]].concat());
    assert_eq!(output.status.code(), Some(VALID));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("2 copies. kept knows this by one reference: "), "{said}");
    for (number, key) in [("1", "tenant-1.jwk"), ("2", "tenant-2.jwk")] {
        let copy = format!("guarantee-{number}.sd-jwt");
        let present = ["present", "--credential", &copy, "--key", key, "--audience", BANK, "--nonce", NONCE];
        town.ok(&[&present[..], &["--disclose", "/address/country", "--out", "answer"]].concat());
        // Whether it was revoked is open, since nobody gave the bank the list; all else holds.
        let (code, codes) = town.judged("answer", &["--audience", BANK, "--nonce", NONCE]);
        assert!(code == UNDETERMINED && codes.iter().all(|code| code.starts_with("status.")), "{codes:?}");
    }
    let twice = [&issue[..], &["--holder", &town.tenant[0], "--holder", &town.tenant[0], "--store", "kept"]];
    let output = town.run(&twice.concat());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(MISUSE), 0));
}
