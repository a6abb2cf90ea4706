//! Logs of did:webvh DIDs as plain lines. Changing a byte of a log breaks a hash or a signature; changing a byte of these
//! lines changes what is said, and the rest is made to fit.
//!
//! ```text
//! sign NAME            whose key signs the entry; nobody's where the name is unknown
//! {"versionTime":..}   the entry without versionId and proof; "@ngo" stands for that person's key, "^ngo" for its hash
//! witness NAME 1       who agrees to which entry, as many lines as there are witnesses
//! ```

use std::sync::LazyLock;

use attesta::did::Did;
use attesta::did::method::webvh::Log;
use attesta::encoding::json::{self, Map, Value};
use attesta::encoding::{jcs, multibase};
use attesta::jsonld::Embedded;
use attesta::keys::Signer as _;
use attesta::securing::data_integrity::{ProofOptions, Suite, sign};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::people::{PEOPLE, Person, person};
use crate::scene::now;

/// More entries, or more approvals of witnesses, than this are not read from lines.
const LINES: usize = 16;

/// What stands for the SCID until it is known.
const SCID: &str = "{SCID}";

/// A log, and what its lines said.
pub(crate) struct History {
    /// `did.jsonl`.
    pub(crate) log: String,
    /// `did-witness.json`.
    pub(crate) witnesses: Option<String>,
    /// Each entry as it was said, and whose key signed it.
    pub(crate) entries: Vec<(Map, Option<&'static Person>)>,
    /// Who agreed to the entry of which number.
    pub(crate) approvals: Vec<(&'static Person, usize)>,
}

/// A history with everything in it: keys in advance, a witness, another place, services, a key that was replaced.
pub(crate) const FULL: &str = r##"sign ngo
{"versionTime":"2026-01-01T00:00:00Z","parameters":{"method":"did:webvh:1.0","scid":"{SCID}","updateKeys":["@ngo"],"portable":true,"ttl":600},"state":{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"did:webvh:{SCID}:ngo.example","verificationMethod":[{"id":"did:webvh:{SCID}:ngo.example#key-1","type":"Multikey","controller":"did:webvh:{SCID}:ngo.example","publicKeyMultibase":"@programme"}],"assertionMethod":["did:webvh:{SCID}:ngo.example#key-1"],"service":[{"id":"#open","type":"Files","serviceEndpoint":"https://files.ngo.example/open/"}]}}
sign ngo
{"versionTime":"2026-02-01T00:00:00Z","parameters":{"nextKeyHashes":["^marine","^school"],"witness":{"threshold":1,"witnesses":[{"id":"did:key:@school"},{"id":"did:key:@institute"}]}},"state":{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"did:webvh:{SCID}:ngo.example","verificationMethod":[{"id":"#key-1","type":"Multikey","controller":"did:webvh:{SCID}:ngo.example","publicKeyMultibase":"@institute"}],"authentication":["#key-1"],"assertionMethod":["#key-1"]}}
sign marine
{"versionTime":"2026-03-01T00:00:00Z","parameters":{"updateKeys":["@marine"],"nextKeyHashes":[]},"state":{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"did:webvh:{SCID}:ngo.example%3A8443:people:mei","alsoKnownAs":["did:webvh:{SCID}:ngo.example"],"verificationMethod":[{"id":"#key-2","type":"Multikey","controller":"did:webvh:{SCID}:ngo.example%3A8443:people:mei","publicKeyMultibase":"@institute"}],"assertionMethod":["#key-2"],"service":[{"id":"#files","type":"Files","serviceEndpoint":"https://files.ngo.example/open"},{"id":"#notices","type":"CompromiseNotices","serviceEndpoint":"https://ngo.example/notices"}]}}
sign marine
{"versionTime":"2026-04-01T00:00:00Z","parameters":{"witness":{},"watchers":["https://watch.example/ngo"]},"state":{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"did:webvh:{SCID}:ngo.example%3A8443:people:mei","verificationMethod":[{"id":"#key-2","type":"Multikey","controller":"did:webvh:{SCID}:ngo.example%3A8443:people:mei","publicKeyMultibase":"@forger"}],"assertionMethod":["#key-2"]}}
witness school 4
witness institute 2
"##;

/// A history that ends.
pub(crate) const ENDED: &str = r##"sign ngo
{"versionTime":"2026-01-01T00:00:00Z","parameters":{"method":"did:webvh:1.0","scid":"{SCID}","updateKeys":["@ngo"],"nextKeyHashes":["^marine"]},"state":{"id":"did:webvh:{SCID}:ngo.example","verificationMethod":[{"id":"#key-1","type":"Multikey","controller":"did:webvh:{SCID}:ngo.example","publicKeyMultibase":"@programme"}],"assertionMethod":["#key-1"]}}
sign marine
{"versionTime":"2026-02-01T00:00:00Z","parameters":{"updateKeys":["@marine"],"nextKeyHashes":[],"deactivated":true},"state":{"id":"did:webvh:{SCID}:ngo.example"}}
"##;

/// The full history, checked, under its first name.
pub(crate) static VERIFIED: LazyLock<(Did, History, Log)> = LazyLock::new(|| {
    let history = assemble(FULL).expect("it is in plain form");
    let did = history.did().expect("it begins with a DID");
    let log = history.verify(&did).expect("it holds");
    (did, history, log)
});

impl History {
    /// The DID of the first entry.
    pub(crate) fn did(&self) -> Option<Did> {
        first_did(self.log.as_bytes())
    }

    pub(crate) fn verify(&self, did: &Did) -> Result<Log, attesta::did::method::webvh::WebvhError> {
        Log::verify(did, self.log.as_bytes(), self.witnesses.as_deref().map(str::as_bytes), now())
    }
}

/// The id of the document in the first entry of a log.
pub(crate) fn first_did(log: &[u8]) -> Option<Did> {
    let line = log.split(|byte| *byte == b'\n').next()?;
    let entry = json::parse_object(line).ok()?;
    Did::parse(entry.get("state")?.get("id")?.as_str()?).ok()
}

/// The log that a text in plain form stands for.
pub(crate) fn assemble(text: &str) -> Option<History> {
    let text = named(text);
    let mut history = History { log: String::new(), witnesses: None, entries: Vec::new(), approvals: Vec::new() };
    let (mut lines, mut scid, mut predecessor) = (text.lines(), SCID.to_owned(), SCID.to_owned());
    let mut ids = Vec::new();
    let mut file = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("sign ") {
            let mut entry = json::parse_object(lines.next()?.replace(SCID, &scid).as_bytes()).ok()?;
            entry.insert("versionId".to_owned(), predecessor.as_str().into());
            if ids.is_empty() {
                let text = String::from_utf8(jcs::canonicalize(&entry)).ok()?;
                scid = multihash(text.as_bytes());
                entry = json::parse_object(text.replace(SCID, &scid).as_bytes()).ok()?;
            }
            predecessor = format!("{}-{}", ids.len() + 1, multihash(&jcs::canonicalize(&entry)));
            entry.insert("versionId".to_owned(), predecessor.as_str().into());
            let signer = person(name);
            let signed = signed(entry.clone(), signer)?;
            history.log.push_str(&String::from_utf8(jcs::canonicalize(&signed)).ok()?);
            history.log.push('\n');
            history.entries.push((entry, signer));
            ids.push(predecessor.clone());
        } else if let Some((name, number)) = line.strip_prefix("witness ").and_then(|rest| rest.split_once(' ')) {
            let (witness, number): (_, usize) = (person(name)?, number.parse().ok()?);
            let id = ids.get(number.checked_sub(1)?)?;
            let statement = Map::from_iter([("versionId".to_owned(), Value::from(id.as_str()))]);
            let mut statement = signed(statement, Some(witness))?;
            let proof = statement.remove("proof");
            file.push(json!({ "versionId": id, "proof": [proof] }));
            history.approvals.push((witness, number));
        } else {
            return None;
        }
        if ids.len() > LINES || file.len() > LINES {
            return None;
        }
    }
    history.witnesses = (!file.is_empty()).then(|| Value::Array(file).to_string());
    (!ids.is_empty()).then_some(history)
}

/// With a proof; with one that cannot hold if nobody signs.
fn signed(document: Map, signer: Option<&Person>) -> Option<Map> {
    let by = signer.or_else(|| person("ngo"))?;
    let multikey = by.key.public_key().to_multikey();
    let method = format!("did:key:{multikey}#{multikey}");
    let options = ProofOptions::new(&method, "assertionMethod");
    // The suite is that of Ed25519; nobody else's key makes a proof.
    let mut signed = sign(document, Suite::EddsaJcs2022, &options, &Embedded, &by.key).ok()?;
    if signer.is_none() {
        signed.get_mut("proof")?.as_object_mut()?.insert("proofValue".to_owned(), "z1".into());
    }
    Some(signed)
}

/// The text with everybody's keys in place of their names.
fn named(text: &str) -> String {
    let mut text = text.to_owned();
    for (name, multikey, hash) in KEYS.iter() {
        text = text.replace(&format!("@{name}"), multikey).replace(&format!("^{name}"), hash);
    }
    text
}

/// Name, key and its hash of everybody, those first whose names begin with another's.
static KEYS: LazyLock<Vec<(&str, String, String)>> = LazyLock::new(|| {
    let mut keys: Vec<_> = PEOPLE
        .iter()
        .map(|person| {
            let multikey = person.key.public_key().to_multikey();
            let hash = multihash(multikey.as_bytes());
            (&*person.name, multikey, hash)
        })
        .collect();
    keys.sort_by_key(|(name, _, _)| std::cmp::Reverse(name.len()));
    keys
});

/// As a log writes hashes.
pub(crate) fn multihash(bytes: &[u8]) -> String {
    let mut hash = vec![0x12, 0x20];
    hash.extend(Sha256::digest(bytes));
    multibase::encode_base58btc(hash)[1..].to_owned()
}
