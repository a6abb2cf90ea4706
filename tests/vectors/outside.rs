//! What vectors have at hand from outside: logs, status lists, compromise notices.

use std::sync::LazyLock;

use attesta::did::method::webvh::{Change, Files, Log, create, document_of, placeholder_did, update};
use attesta::did::{Did, DidUrl};
use attesta::encoding::json::Map;
use attesta::keys::{PublicKey, Signer, SoftwareKey};
use attesta::status::{Mechanism, NewList, Purpose, Statuses};
use attesta::time::Timestamp;
use attesta::trust::notice::{CompromiseNotice, CompromiseNotices, Digest};
use serde_json::{Value, json};

use crate::cast::{Party, key_named};
use crate::forge::{map, token};

pub(crate) fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A material that the host fetched the day before most vectors judge.
pub(crate) fn fetched(type_name: &str, resource: &str, text: &str) -> Value {
    material(type_name, resource, text, "2026-11-19T09:00:00Z", json!("fetched"))
}

pub(crate) fn material(type_name: &str, resource: &str, text: &str, obtained: &str, source: Value) -> Value {
    json!({ "type": type_name, "resource": resource, "text": text, "obtained": obtained, "source": source })
}

// Logs.

/// When the council's first key came, and when the second took its place.
pub(crate) const FOUNDED: &str = "2026-03-01T09:00:00Z";
pub(crate) const ROTATED: &str = "2026-11-10T09:00:00Z";
pub(crate) const DEACTIVATED: &str = "2026-11-15T09:00:00Z";

/// An issuer with a history: a key that it had first, one that took its place, and the log that tells so.
pub(crate) struct Council {
    pub(crate) did: String,
    /// With the first key.
    pub(crate) old: Party,
    /// With the second.
    pub(crate) new: Party,
    /// The log before the keys were changed, after, and after the DID was given up.
    pub(crate) first: String,
    pub(crate) rotated: String,
    pub(crate) deactivated: String,
}

/// Keeps its keys under two names, and publishes no notices.
pub(crate) static COUNCIL: LazyLock<Council> = LazyLock::new(|| Council::new("council.example", "key-2", None));

/// The same, and names the address of its compromise notices.
pub(crate) static SHELTER: LazyLock<Council> =
    LazyLock::new(|| Council::new("shelter.example", "key-2", Some(SHELTER_NOTICES)));

/// Gave its second key the name of the first.
pub(crate) static ARCHIVE: LazyLock<Council> = LazyLock::new(|| Council::new("archive.example", "key-1", None));

pub(crate) const SHELTER_NOTICES: &str = "https://shelter.example/notices";

/// The key by which logs are written.
fn keeper() -> SoftwareKey {
    key_named("council-log")
}

impl Council {
    fn new(host: &str, second_name: &str, notices: Option<&str>) -> Self {
        let [old, new] = ["council-1", "council-2"].map(|name| key_named(&format!("{name} of {host}")));
        let document = |did: &str, name: &str, key: &SoftwareKey| {
            let mut document = document_of(did, &[(name, &key.public_key())]);
            if let Some(url) = notices {
                let service =
                    json!([{ "id": format!("{did}#notices"), "type": "CompromiseNotices", "serviceEndpoint": url }]);
                document.insert("service".to_owned(), service);
            }
            document
        };
        let start = Change::new().document(document(&placeholder_did(host), "key-1", &old));
        let pending = create(host, &start, &keeper(), moment(FOUNDED)).unwrap();
        let did = pending.did().clone();
        let first = pending.finish(&[]).unwrap();
        let rotation = Change::new().document(document(did.as_str(), second_name, &new));
        let rotated = update(&did, &first, &rotation, &keeper(), moment(ROTATED)).unwrap().finish(&[]).unwrap();
        let end = Change::new().deactivated();
        let deactivated = update(&did, &rotated, &end, &keeper(), moment(DEACTIVATED)).unwrap().finish(&[]).unwrap();
        let party = |name, key, method: &str| Party::holding(name, key, &format!("{did}#{method}"));
        Self {
            old: party("council-1", old, "key-1"),
            new: party("council-2", new, second_name),
            did: did.to_string(),
            first: first.log,
            rotated: rotated.log,
            deactivated: deactivated.log,
        }
    }

    /// A second entry that its owner never published: other keys at another time.
    pub(crate) fn forked(&self, key: &PublicKey) -> String {
        let did = Did::parse(&self.did).unwrap();
        let files = Files { log: self.first.clone(), witnesses: None };
        let change = Change::new().document(document_of(&self.did, &[("key-9", key)]));
        update(&did, &files, &change, &keeper(), moment("2026-11-09T09:00:00Z")).unwrap().finish(&[]).unwrap().log
    }

    /// What is known to whoever has a checkpoint of the log, made after so many entries, and the entries that follow.
    pub(crate) fn after_checkpoint(&self, text: &str, entries: usize) -> String {
        let end = text.split_inclusive('\n').take(entries).map(str::len).sum();
        let (beginning, rest) = text.split_at(end);
        let did = Did::parse(&self.did).unwrap();
        let log = Log::verify(&did, beginning.as_bytes(), None, moment("2026-11-19T09:00:00Z")).unwrap();
        format!("{}{rest}", log.checkpoint().to_line())
    }

    /// The log, fetched the day before.
    pub(crate) fn log(&self, text: &str) -> Value {
        fetched("log", &self.did, text)
    }
}

/// A DID whose every entry somebody must witness: its log, the proofs, and its first key.
pub(crate) fn witnessed() -> (Party, String, String) {
    let (host, key, witness) = ("court.example", key_named("court"), key_named("witness"));
    let document = document_of(&placeholder_did(host), &[("key-1", &key.public_key())]);
    let change = Change::new().document(document).witnesses(1, &[witness.public_key()]);
    let at = moment(FOUNDED);
    let pending = create(host, &change, &keeper(), at).unwrap();
    let proof = attesta::did::method::webvh::witness(pending.did(), None, pending.entry(), &witness, at).unwrap();
    let did = pending.did().to_string();
    let files = pending.finish(&[proof]).unwrap();
    (Party::holding("court", key, &format!("{did}#key-1")), files.log, files.witnesses.unwrap())
}

/// The newest `versionId` in a log.
pub(crate) fn version_of(log: &str) -> String {
    let entry: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    entry["versionId"].as_str().unwrap().to_owned()
}

pub(crate) fn scid_of(did: &str) -> String {
    DidUrl::parse(did).unwrap().did().as_str().split(':').nth(2).unwrap().to_owned()
}

// Status lists.

/// The places of a list that are not 0.
pub(crate) type Set<'a> = &'a [(u64, u8)];

/// A list that says nothing against anybody but what `set` says: what its issuer publishes at an address.
pub(crate) struct Published<'a> {
    pub(crate) url: &'a str,
    pub(crate) issuer: &'a Party,
    pub(crate) purpose: Purpose<'a>,
    pub(crate) size: u8,
    pub(crate) set: Set<'a>,
    pub(crate) signed: &'a str,
    pub(crate) expires: &'a str,
    pub(crate) ttl: u32,
}

impl<'a> Published<'a> {
    /// A list of revocations, signed an hour before most vectors judge.
    pub(crate) fn revocations(url: &'a str, issuer: &'a Party, set: Set<'a>) -> Self {
        let (signed, expires) = ("2026-11-20T08:00:00Z", "2027-06-01T00:00:00Z");
        Self { url, issuer, purpose: Purpose::Revocation, size: 1, set, signed, expires, ttl: 31_536_000 }
    }

    fn made(&self, mechanism: Mechanism, of: impl Fn(&NewList<'_>) -> Option<Map>) -> Map {
        let mut statuses = Statuses::new(mechanism, self.size, 131_072).unwrap();
        self.set.iter().for_each(|(index, value)| statuses.set(*index, *value).unwrap());
        of(&NewList {
            url: self.url,
            issuer: &self.issuer.did,
            purposes: &[self.purpose],
            signed_at: moment(self.signed),
            expires: moment(self.expires),
            ttl: self.ttl,
            statuses: &statuses,
        })
        .unwrap()
    }

    /// As a credential of its issuer's, without its signature.
    pub(crate) fn credential(&self) -> Map {
        self.made(Mechanism::Bitstring, |list| list.to_bitstring_credential())
    }

    /// As a credential, in a token.
    pub(crate) fn bitstring(&self) -> String {
        self.signed(&self.credential(), "vc+jwt")
    }

    /// As the claims of a status list token.
    pub(crate) fn claims(&self) -> Map {
        self.made(Mechanism::Token, |list| list.to_token_claims())
    }

    /// As a status list token.
    pub(crate) fn token(&self) -> String {
        self.signed(&self.claims(), "statuslist+jwt")
    }

    fn signed(&self, payload: &Map, media_type: &str) -> String {
        // An issuer's metadata knows its keys by the names in them.
        let key_id = match self.issuer.method.split_once('#') {
            Some((id, name)) if id.starts_with("https://") => name,
            _ => &self.issuer.method,
        };
        let algorithm = self.issuer.key.algorithm().jose_name();
        let header = map(json!({ "alg": algorithm, "typ": media_type, "kid": key_id }));
        token(&header, payload, &self.issuer.key)
    }
}

/// What a credential says of its place in such a list.
pub(crate) fn entry(url: &str, purpose: &str, index: &str) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": url,
    })
}

// Compromise notices.

/// A notice that somebody else may have this key, and that these documents stand.
pub(crate) fn notice(stolen: &Party, accepted: &[Digest]) -> CompromiseNotice {
    let accepted = accepted.iter().copied();
    CompromiseNotice::new(&stolen.method, stolen.public_key(), moment("2026-11-08T00:00:00Z"), accepted)
}

/// Notices about the keys of `issuer`, signed by a party an hour before most vectors judge.
pub(crate) fn notices(issuer: &str, notices: Vec<CompromiseNotice>, signer: &Party) -> String {
    notices_of("2026-11-20T08:00:00Z", issuer, notices, signer)
}

pub(crate) fn notices_of(issued: &str, issuer: &str, notices: Vec<CompromiseNotice>, signer: &Party) -> String {
    CompromiseNotices::new(issuer, moment(issued), notices).unwrap().sign(&signer.method, &signer.key).unwrap()
}
