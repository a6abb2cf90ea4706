//! `attesta verify` with a network, from a server on this computer's loopback: what it may reach, what it says that it
//! did, and what it keeps.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/certificates.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod certificates;
#[path = "common/https.rs"]
mod https;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use https::{Identity, Server, answer};
use serde_json::{Value, json};

/// A folder of one test's own, with a credential whose issuer publishes its key on a server here.
struct Desk {
    folder: PathBuf,
    server: Server,
}

struct Answer {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Desk {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_online-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let identity = Identity::of("localhost");
        fs::write(folder.join("authority.pem"), &identity.authority_pem).unwrap();
        let document = folder.join("did.json");
        let server = Server::https(&identity, move |_, out| {
            let document = fs::read(&document).unwrap_or_default();
            out.write_all(&answer("200 OK", &[("Content-Type", "application/did+json")], &document)).map(|()| false)
        });
        let desk = Self { folder, server };
        let did = format!("did:web:localhost%3A{}", desk.server.port());
        assert_eq!(desk.run(&["key", "generate", "--out", "issuer.jwk"]).code, 0);
        let mut key: Value = serde_json::from_slice(&fs::read(desk.folder.join("issuer.jwk")).unwrap()).unwrap();
        key.as_object_mut().unwrap().remove("d");
        let method = format!("{did}#key-1");
        let published = json!({
            "id": did,
            "verificationMethod": [{ "id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": key }],
            "assertionMethod": [method],
        });
        desk.write("did.json", &published);
        let list = json!({ "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z", "entries": [{ "id": did, "issues": ["licence"] }] });
        desk.write("trust.json", &list);
        let example = desk.run(&["issue", "licence", "--example"]);
        fs::write(desk.folder.join("claims.json"), example.stdout).unwrap();
        let holder = desk.run(&["key", "generate", "--alg", "P-256", "--out", "holder.jwk"]).stdout;
        let holder = holder.lines().find(|line| line.starts_with("did:key:")).unwrap();
        let issued = desk.run(&[
            "issue",
            "licence",
            "--claims",
            "claims.json",
            "--key",
            "issuer.jwk",
            "--issuer",
            &method,
            "--holder",
            holder,
            "--format",
            "vc+jwt",
            "--valid-for",
            "7d",
            "--out",
            "licence.jwt",
        ]);
        assert_eq!(issued.code, 0, "{}", issued.stderr);
        desk
    }

    fn write(&self, name: &str, value: &Value) {
        fs::write(self.folder.join(name), value.to_string()).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        let output = Command::new(env!("CARGO_BIN_EXE_attesta"))
            .args(arguments)
            .current_dir(&self.folder)
            .env("XDG_CACHE_HOME", self.folder.join("cache"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Answer { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn verify(&self, more: &[&str]) -> Answer {
        self.run(&[&["verify", "licence.jwt", "--trust", "trust.json"], more].concat())
    }
}

/// This computer, by either of its addresses.
const HERE: [&str; 6] = ["--allow-network", "127.0.0.1/32", "--allow-network", "::1/128", "--ca-file", "authority.pem"];

#[test]
fn this_computers_own_network_is_closed_unless_opened() {
    let desk = Desk::new("closed");
    let answer = desk.verify(&[]);
    assert_eq!(answer.code, 3, "{} {}", answer.stdout, answer.stderr);
    assert!(answer.stdout.contains("which is not a public address"), "{}", answer.stdout);
    assert!(answer.stdout.contains("(--allow-network CIDR)"), "{}", answer.stdout);
    assert_eq!(desk.server.connections(), 0);
    // Open, and the authority unknown.
    let answer = desk.verify(&HERE[..4]);
    assert_eq!(answer.code, 3);
    assert!(answer.stdout.contains("its certificate is of an authority that is not known"), "{}", answer.stdout);
    assert_eq!(desk.server.heads().len(), 0, "nothing was asked");
    let answer = desk.verify(&["--offline"]);
    assert_eq!((answer.code, desk.server.heads().len()), (3, 0));
    assert!(!answer.stdout.contains("fetch "), "{}", answer.stdout);
}

#[test]
fn what_is_fetched_decides_is_said_and_is_kept() {
    let desk = Desk::new("open");
    let url = format!("https://localhost:{}/.well-known/did.json", desk.server.port());
    let answer = desk.verify(&HERE);
    assert_eq!(answer.code, 0, "{} {}", answer.stdout, answer.stderr);
    assert!(answer.stdout.contains(&format!("  Fetched: {url} Fetching it tells")), "{}", answer.stdout);
    let answer = desk.verify(&HERE);
    assert_eq!(answer.code, 0);
    assert!(answer.stdout.contains("  Fetched before, as of "), "{}", answer.stdout);
    assert!(answer.stdout.contains("Nobody was asked."), "{}", answer.stdout);
    assert_eq!(desk.server.heads().len(), 1);
    let answer = desk.verify(&[&HERE[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(report["fetched"][0]["outcome"], "kept");
    assert_eq!(report["fetched"][0]["url"], url.as_str());
    assert_eq!((&report["outcome"], &report["fetched"][0]["revealed"]), (&json!("valid"), &Value::Null));
    // A folder that cannot be used costs a request, not the answer.
    fs::remove_dir_all(desk.folder.join("cache")).unwrap();
    fs::write(desk.folder.join("cache"), "").unwrap();
    let answer = desk.verify(&HERE);
    assert_eq!((answer.code, desk.server.heads().len()), (0, 2), "{}", answer.stderr);
    assert!(answer.stderr.contains("cannot be kept"), "{}", answer.stderr);
}

#[test]
fn another_document_at_the_address_is_said_so() {
    let desk = Desk::new("other");
    desk.write("did.json", &json!({ "id": "did:web:thief.example" }));
    let answer = desk.verify(&HERE);
    assert_eq!(answer.code, 3);
    assert!(answer.stdout.contains("the document is that of did:web:thief.example, not of"), "{}", answer.stdout);
}

#[test]
fn options_that_make_no_sense_are_misuse() {
    let desk = Desk::new("misuse");
    fs::write(desk.folder.join("no.pem"), "no certificate").unwrap();
    for (arguments, said) in [
        (&["--ca-file", "no.pem"][..], "no.pem: the certificate authorities are not readable"),
        (&["--ca-file", "absent.pem"], "cannot read absent.pem"),
        (&["--allow-network", "10.0.0.1/8"], "has more bits than its length says"),
        (&["--allow-network", "localhost"], "not a network of the form"),
        (&["--offline", "--ca-file", "no.pem"], "--offline"),
    ] {
        let answer = desk.verify(arguments);
        assert_eq!(answer.code, 2, "{arguments:?}: {}", answer.stdout);
        assert!(answer.stderr.contains(said), "{arguments:?}: {}", answer.stderr);
        assert_eq!(answer.stdout, "");
    }
}
