//! DIDs that the command line makes, published by a server on loopback, and found there again over HTTPS.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/certificates.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod certificates;
#[path = "common/https.rs"]
mod https;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::did::{ResolutionOptions, ResolutionResult};
use attesta::fetch::{Online, resolve_online};
use attesta::time::Timestamp;
use https::{Book, Identity, Server, answer, client};

const HOST: &str = "ngo.example";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli_did_online-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
    command.current_dir(folder).args(arguments.split_whitespace()).stdin(Stdio::null());
    command.env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap()
}

/// The first line of what a command that must succeed writes to stdout.
fn ok(folder: &Path, arguments: &str) -> String {
    let output = run(folder, arguments);
    assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)), "{arguments}");
    text(&output.stdout).lines().next().unwrap_or_default().to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Timestamp::from_unix(i64::try_from(seconds).unwrap()).unwrap()
}

/// A server of the files in a folder that is named later, as most are set up: by the ends of their names.
fn publish(identity: &Identity) -> (Server, Arc<Mutex<PathBuf>>) {
    let published = Arc::new(Mutex::new(PathBuf::new()));
    let folder = published.clone();
    let server = Server::https(identity, move |head, out| {
        let path = head.split(' ').nth(1).unwrap();
        let name = path.rsplit('/').next().unwrap();
        let media_type = if name.ends_with(".json") { "application/json" } else { "application/octet-stream" };
        let bytes = match fs::read(folder.lock().unwrap().join(name)) {
            Ok(bytes) => answer("200 OK", &[("Content-Type", media_type)], &bytes),
            Err(_) => answer("404 Not Found", &[], b""),
        };
        out.write_all(&bytes).map(|()| true)
    });
    (server, published)
}

#[test]
fn a_witnessed_did_is_found_on_its_own_domain_and_after_it_moved() {
    let office = folder("webvh");
    let identity = Identity::of(HOST);
    let (server, published) = publish(&identity);
    *published.lock().unwrap() = office.join("d");
    for name in ["update-1", "update-2", "update-3", "issuing"] {
        ok(&office, &format!("key generate --out {name}.jwk"));
    }
    let witness = ok(&office, "key generate --out witness.jwk");
    let place = format!("{HOST}:{}/people", server.port());
    let did = ok(
        &office,
        &format!(
            "did create webvh --dir d --domain {place} --portable --key update-1.jwk --next-key update-2.jwk \
             --signing-key issuing.jwk --witness {witness}"
        ),
    );
    let fetch = client(&Arc::new(Book::default().with(HOST, &[&["127.0.0.1"]])), &identity).build().unwrap();
    let resolved = |did: &str| -> ResolutionResult {
        resolve_online(did, &ResolutionOptions::default(), &Online::new(&fetch, &now)).0
    };
    let error = |did: &str| resolved(did).error.map(|error| error.name().to_owned());
    assert_eq!(error(&did).as_deref(), Some("NOT_FOUND"), "nothing is published before the witness agreed");
    ok(&office, "did witness --dir d --key witness.jwk");
    assert_eq!(resolved(&did).document.unwrap().id(), did);
    let asked: Vec<_> = server.heads().iter().map(|head| head.lines().next().unwrap().to_owned()).collect();
    assert_eq!(asked[1..], ["GET /people/did.jsonl HTTP/1.1", "GET /people/did-witness.json HTTP/1.1"]);

    ok(
        &office,
        &format!("did port --dir d --domain {HOST}:{}/moved --key update-2.jwk --next-key update-3.jwk", server.port()),
    );
    assert_eq!(resolved(&did).document_metadata["versionId"].as_str().map(|id| &id[..2]), Some("1-"));
    let moved = ok(&office, "did witness --dir d --key witness.jwk");
    for name in [&did, &moved] {
        let result = resolved(name);
        assert_eq!(
            (result.document.unwrap().id(), &result.document_metadata["versionId"].as_str().unwrap()[..2]),
            (moved.as_str(), "2-")
        );
    }
    // Another place that serves this log is not the DID's.
    let elsewhere = did.replace(":people", ":bank");
    assert_eq!(error(&elsewhere).as_deref(), Some("INVALID_DID"));
    fs::remove_file(office.join("d/did-witness.json")).unwrap();
    assert_eq!(error(&did).as_deref(), Some("INVALID_DID"));
}

#[test]
fn the_command_line_fetches_what_it_is_allowed_to() {
    let office = folder("web");
    let identity = Identity::of("localhost");
    let (server, published) = publish(&identity);
    *published.lock().unwrap() = office.join("d");
    fs::write(office.join("ca.pem"), &identity.authority_pem).unwrap();
    ok(&office, "key generate --out issuing.jwk");
    let did = ok(&office, &format!("did create web --dir d --domain localhost:{} --key issuing.jwk", server.port()));
    let allowed = "--allow-network 127.0.0.1/32 --allow-network ::1/128";
    let found = run(&office, &format!("did resolve {did} {allowed} --ca-file ca.pem"));
    assert_eq!((text(&found.stderr).as_str(), found.status.code()), ("", Some(0)));
    let document: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(document["id"], did.as_str());

    let connections = server.connections();
    for (arguments, reason) in [
        (format!("{did} --ca-file ca.pem"), "not a public address"),
        (format!("{did} --offline"), "nothing is at hand"),
        (format!("did:web:127.0.0.1%3A{} {allowed}", server.port()), "IP address"),
    ] {
        let output = run(&office, &format!("did resolve {arguments} --no-cache"));
        assert_eq!(output.status.code(), Some(1), "{arguments}");
        assert!(text(&output.stderr).contains(reason), "{arguments}: {}", text(&output.stderr));
    }
    assert_eq!(server.connections(), connections, "nobody was asked");
    for (arguments, reason) in [
        (format!("{did} {allowed}"), "no secure connection"),
        (format!("{did}:bank {allowed} --ca-file ca.pem"), "document is that of another DID"),
    ] {
        let output = run(&office, &format!("did resolve {arguments} --no-cache"));
        assert_eq!(output.status.code(), Some(1), "{arguments}");
        assert!(text(&output.stderr).contains(reason), "{arguments}: {}", text(&output.stderr));
    }
    let misuse = run(&office, &format!("did resolve {did} {allowed} --ca-file issuing.jwk"));
    assert_eq!(misuse.status.code(), Some(2), "{}", text(&misuse.stderr));
}

#[test]
fn what_was_fetched_is_kept_and_asked_for_anew_where_that_is_wanted() {
    let office = folder("kept");
    let identity = Identity::of("localhost");
    let (server, published) = publish(&identity);
    *published.lock().unwrap() = office.join("d");
    fs::write(office.join("ca.pem"), &identity.authority_pem).unwrap();
    ok(&office, "key generate --out issuing.jwk");
    let did = ok(&office, &format!("did create web --dir d --domain localhost:{} --key issuing.jwk", server.port()));
    let services = |rest: &str| {
        let reach = "--allow-network 127.0.0.1/32 --allow-network ::1/128 --ca-file ca.pem";
        let output = run(&office, &format!("did resolve {did} {reach} {rest}"));
        assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        document["service"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(services(""), 0);
    ok(&office, "did update --dir d --add-service site=LinkedDomains=https://ngo.example");
    let connections = server.connections();
    assert_eq!(services(""), 0, "what was fetched just before");
    assert_eq!(server.connections(), connections, "nobody was asked");
    assert_eq!(services("--no-cache"), 1);
    assert_eq!(services(""), 1, "what was fetched anew is kept");
    // A file in the place of the network is not kept.
    fs::write(office.join("other.json"), format!("{{\"id\":\"{did}\"}}")).unwrap();
    let given = run(&office, &format!("did resolve {did} --document other.json"));
    assert_eq!(given.status.code(), Some(0));
    assert_eq!(services(""), 1);
}

#[test]
fn a_proxy_is_asked_where_the_command_names_one_and_never_else() {
    let office = folder("proxy");
    let identity = Identity::of("localhost");
    let (server, published) = publish(&identity);
    *published.lock().unwrap() = office.join("d");
    fs::write(office.join("ca.pem"), &identity.authority_pem).unwrap();
    ok(&office, "key generate --out issuing.jwk");
    let did = ok(&office, &format!("did create web --dir d --domain localhost:{} --key issuing.jwk", server.port()));
    let (port, heads) = https::proxy(server.port());
    let resolve = |rest: &str, environment: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attesta"));
        let arguments = format!("did resolve {did} --no-cache --ca-file ca.pem {rest}");
        command.current_dir(&office).args(arguments.split_whitespace()).stdin(Stdio::null());
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            command.env(name, environment);
        }
        let output = command.env("XDG_CACHE_HOME", office.join("cache")).output().unwrap();
        (output.status.code().unwrap(), text(&output.stderr))
    };
    let proxy = format!("http://127.0.0.1:{port}");
    let allowed = "--allow-network 127.0.0.1/32 --allow-network ::1/128";
    assert_eq!(resolve(allowed, &proxy), (0, String::new()));
    assert_eq!(heads.lock().unwrap().len(), 0, "the environment names one, the command does not");
    assert_eq!(resolve(&format!("--proxy {proxy}"), "http://127.0.0.1:1"), (0, String::new()));
    assert_eq!(heads.lock().unwrap().len(), 1);
    for (arguments, reason) in [
        (format!("--proxy {proxy} {allowed}"), "--proxy cannot be given together with --allow-network"),
        ("--proxy proxy.example".to_owned(), "--proxy: the proxy: its address"),
        ("--proxy http://user:secret@proxy.example".to_owned(), "a user's name or a password"),
    ] {
        let (code, said) = resolve(&arguments, "");
        assert_eq!(code, 2, "{arguments}: {said}");
        assert!(said.contains(reason) && !said.contains("secret"), "{arguments}: {said}");
    }
    let offline = run(&office, &format!("did resolve {did} --offline --proxy {proxy}"));
    assert_eq!(offline.status.code(), Some(2));
}

#[test]
fn a_log_that_goes_back_behind_what_was_seen_is_refused() {
    let office = folder("seen");
    ok(&office, "key generate --out update.jwk");
    ok(&office, "key generate --out issuing.jwk");
    let did = ok(&office, "did create webvh --dir d --domain ngo.example --key update.jwk --signing-key issuing.jwk");
    let resolve = |rest: &str| {
        let output = run(&office, &format!("did resolve {did} --offline --log d/did.jsonl {rest}"));
        (output.status.code().unwrap(), text(&output.stderr))
    };
    let found = (0, String::new());
    assert_eq!(resolve("--seen seen.json"), found);
    let first = fs::read(office.join("d/did.jsonl")).unwrap();
    ok(&office, "did update --dir d --key update.jwk --add-service site=LinkedDomains=https://ngo.example");
    assert_eq!(resolve("--seen seen.json"), found);
    fs::write(office.join("d/did.jsonl"), &first).unwrap();
    for _ in 0..2 {
        let (code, said) = resolve("--seen seen.json");
        assert_eq!(code, 1);
        assert!(said.contains("shorter than what was seen before"), "{said}");
    }
    assert_eq!(resolve(""), found, "who remembers nothing notices nothing");
    ok(&office, "did update --dir d --key update.jwk --add-service other=LinkedDomains=https://other.example");
    let (code, said) = resolve("--seen seen.json");
    assert_eq!(code, 1);
    assert!(said.contains("contradicts the one that was seen"), "{said}");
    fs::write(office.join("damaged.json"), "{}}").unwrap();
    assert_eq!(resolve("--seen damaged.json").0, 2);
}
