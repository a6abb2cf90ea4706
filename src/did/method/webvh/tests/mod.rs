//! Every rule with the attack that it is there for. Logs are forged by hand, with nothing of what writes them for
//! owners: hashes and signatures of a forged entry fit, and the one thing that is wrong is what the test names.

mod chain;
mod documents;
mod files;
mod history;
mod owner;
mod rotation;
mod size;
mod witnesses;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::did::Did;
use crate::encoding::json::Map;
use crate::encoding::{jcs, multibase};
use crate::error::Explain;
use crate::keys::{self, KeyType, Signer, SoftwareKey};
use crate::time::Timestamp;

pub(super) fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T09:30:00Z").unwrap()
}

pub(super) fn new_key() -> SoftwareKey {
    SoftwareKey::generate(KeyType::Ed25519).unwrap()
}

pub(super) fn multikey(key: &SoftwareKey) -> String {
    key.public_key().to_multikey()
}

pub(super) fn did_key(key: &SoftwareKey) -> String {
    format!("did:key:{}", multikey(key))
}

pub(super) fn multihash(bytes: &[u8]) -> String {
    let mut hash = vec![0x12, 0x20];
    hash.extend(Sha256::digest(bytes));
    multibase::encode_base58btc(hash)[1..].to_owned()
}

pub(super) fn commitment(key: &SoftwareKey) -> String {
    multihash(multikey(key).as_bytes())
}

/// A proof with these options, whatever they say, by this key.
pub(super) fn proof_with(document: &Map, options: Value, key: &SoftwareKey) -> Value {
    let mut options = options.as_object().unwrap().clone();
    let data = [Sha256::digest(jcs::canonicalize(&options)), Sha256::digest(jcs::canonicalize(document))].concat();
    let signature = keys::sign(key, &data).unwrap();
    options.insert("proofValue".to_owned(), multibase::encode_base58btc(signature).into());
    options.into()
}

pub(super) fn options(key: &SoftwareKey) -> Value {
    json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
        "verificationMethod": format!("{}#{}", did_key(key), multikey(key)), "created": "2026-01-01T00:00:00Z",
    })
}

/// A log whose hashes and signatures fit.
#[derive(Clone)]
pub(super) struct Forge {
    pub(super) entries: Vec<Map>,
    pub(super) scid: String,
}

impl Forge {
    /// A first entry with these parameters beside the required ones.
    pub(super) fn begin(key: &SoftwareKey, parameters: Value) -> Self {
        Self::begin_with(key, parameters, |_| ())
    }

    /// As [`begin`](Self::begin), with the entry changed before its SCID is calculated.
    pub(super) fn begin_with(key: &SoftwareKey, parameters: Value, change: impl FnOnce(&mut Map)) -> Self {
        let mut all = json!({ "method": METHOD, "scid": "{SCID}", "updateKeys": [multikey(key)] });
        all.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        let state = json!({ "@context": ["https://www.w3.org/ns/did/v1.1"], "id": "did:webvh:{SCID}:ngo.example" });
        let entry = json!({
            "versionId": "{SCID}", "versionTime": "2026-01-01T00:00:00Z", "parameters": all, "state": state,
        });
        let mut entry = entry.as_object().unwrap().clone();
        change(&mut entry);
        let text = String::from_utf8(jcs::canonicalize(&entry)).unwrap();
        let scid = multihash(text.as_bytes());
        let entry = serde_json::from_str(&text.replace("{SCID}", &scid)).unwrap();
        let mut forge = Self { entries: Vec::new(), scid };
        forge.seal(entry, key);
        forge
    }

    /// The next entry, a day later, with the document as it was.
    pub(super) fn push(&mut self, key: &SoftwareKey, parameters: Value) -> &mut Self {
        self.push_with(key, parameters, |_| ())
    }

    /// As [`push`](Self::push), with the entry changed before it is hashed and signed.
    pub(super) fn push_with(
        &mut self,
        key: &SoftwareKey,
        parameters: Value,
        change: impl FnOnce(&mut Map),
    ) -> &mut Self {
        let entry = json!({
            "versionId": self.last()["versionId"], "versionTime": self.time(self.entries.len()),
            "parameters": parameters, "state": self.last()["state"],
        });
        let mut entry = entry.as_object().unwrap().clone();
        change(&mut entry);
        self.seal(entry, key);
        self
    }

    /// Hashes and signs an entry whose `versionId` is its predecessor's.
    fn seal(&mut self, mut entry: Map, key: &SoftwareKey) {
        let hash = multihash(&jcs::canonicalize(&entry));
        entry.insert("versionId".to_owned(), format!("{}-{hash}", self.entries.len() + 1).into());
        let proof = proof_with(&entry, options(key), key);
        entry.insert("proof".to_owned(), json!([proof]));
        self.entries.push(entry);
    }

    /// The last entry with another proof, or several.
    pub(super) fn prove(&mut self, proof: impl FnOnce(&Map) -> Value) -> &mut Self {
        let last = self.entries.last_mut().unwrap();
        last.remove("proof");
        let proof = proof(last);
        last.insert("proof".to_owned(), proof);
        self
    }

    fn time(&self, days: usize) -> String {
        let first = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        first.plus_seconds(86_400 * i64::try_from(days).unwrap()).to_string()
    }

    pub(super) fn last(&self) -> &Map {
        self.entries.last().unwrap()
    }

    pub(super) fn id(&self, number: usize) -> &str {
        self.entries[number - 1]["versionId"].as_str().unwrap()
    }

    pub(super) fn name(&self) -> String {
        format!("did:webvh:{}:ngo.example", self.scid)
    }

    pub(super) fn did(&self) -> Did {
        Did::parse(&self.name()).unwrap()
    }

    pub(super) fn text(&self) -> String {
        self.entries.iter().map(|entry| String::from_utf8(jcs::canonicalize(entry)).unwrap() + "\n").collect()
    }

    pub(super) fn verify(&self) -> Result<Log, WebvhError> {
        Log::verify(&self.did(), self.text().as_bytes(), None, now())
    }

    pub(super) fn verify_with(&self, witnesses: &Value) -> Result<Log, WebvhError> {
        Log::verify(&self.did(), self.text().as_bytes(), Some(witnesses.to_string().as_bytes()), now())
    }

    pub(super) fn code(&self) -> &'static str {
        code(self.verify())
    }
}

pub(super) fn code<T, E: Explain>(outcome: Result<T, E>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.hint().is_empty());
            error.code()
        }
    }
}

/// Three entries, all by one key.
pub(super) fn three() -> (SoftwareKey, Forge) {
    let key = new_key();
    let mut forge = Forge::begin(&key, json!({}));
    forge.push(&key, json!({ "ttl": 60 })).push(&key, json!({}));
    (key, forge)
}
