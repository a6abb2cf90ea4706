//! The owner's side: writing a log, entry by entry, and agreeing to one as a witness.
//!
//! Nothing leaves that [`Log::verify`] would not accept. An entry that needs witnesses is [`Pending`] until enough of
//! them have agreed.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::entry::{PLACEHOLDER, encode_hash};
use super::error::WebvhError;
use super::identifier::{Identifier, IdentifierError};
use super::log::{Log, Reader, key_hash};
use super::parameters::Witnesses;
use super::{METHOD, witness as proofs};
use crate::did::method::key;
use crate::did::{Did, DidError};
use crate::encoding::jcs;
use crate::encoding::json::{self, JsonError, Map, Value};
use crate::error::Explain;
use crate::jsonld::Embedded;
use crate::keys::{KeyType, PublicKey, Signer};
use crate::securing::data_integrity::{self, ProofOptions, SigningError, Suite};
use crate::time::Timestamp;

/// Why an entry was not written, or not agreed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The log with the new entry, or the one before it, does not hold.
    #[error(transparent)]
    Log(#[from] WebvhError),
    /// Nobody signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The place makes no DID.
    #[error("the place makes no DID: {0}")]
    Place(#[from] DidError),
    /// The place makes no did:webvh DID.
    #[error("the place makes no did:webvh DID: {0}")]
    Location(#[from] IdentifierError),
    /// A first entry without a document.
    #[error("the first entry needs a DID document")]
    NoDocument,
    /// The document has the id of another DID.
    #[error("the id of the DID document is not the DID")]
    DocumentId,
    /// The document is not strict JSON, or its members become one when the SCID is put in.
    #[error("the DID document: {0}")]
    Json(#[from] JsonError),
    /// What a witness was asked to agree to is not one entry.
    #[error("exactly one entry was expected")]
    NotOneEntry,
    /// The entry needs no witness, or not this one.
    #[error("the entry does not need this witness")]
    NotAWitness,
}

impl Explain for CreateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Log(error) => error.code(),
            Self::Signing(error) => error.code(),
            Self::Place(error) => error.code(),
            Self::Location(error) => error.code(),
            Self::NoDocument => "webvh.no-document",
            Self::DocumentId => "webvh.document-id",
            Self::Json(error) => error.code(),
            Self::NotOneEntry => "webvh.not-one-entry",
            Self::NotAWitness => "webvh.not-a-witness",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Log(error) => error.hint(),
            Self::Signing(error) => error.hint(),
            Self::Place(_) | Self::Location(_) => "Write the place like example.org or example.org%3A8443:people:mei.",
            Self::NoDocument => "Give a document with the keys that the DID shall have.",
            Self::DocumentId => "Leave the id out, or let it be the DID; in a first entry with {SCID} in it.",
            Self::Json(error) => error.hint(),
            Self::NotOneEntry => "Send the witness the new entry alone.",
            Self::NotAWitness => "Ask those whom the entry before names as witnesses.",
        }
    }
}

/// The DID of a place before its SCID is known, as a first document holds it: `did:webvh:{SCID}:example.org`.
pub fn placeholder_did(location: &str) -> String {
    format!("did:webvh:{PLACEHOLDER}:{location}")
}

/// A document with these keys. Each has a name, such as `key-1`, and may sign credentials and presentations, or receive
/// encrypted messages if it is an X25519 key.
pub fn document_of(did: &str, keys: &[(&str, &PublicKey)]) -> Map {
    let url = |name: &str| format!("{did}#{name}");
    let named = |agrees: bool| -> Vec<String> {
        let fits = |key: &PublicKey| (key.key_type() == KeyType::X25519) == agrees;
        keys.iter().filter(|(_, key)| fits(key)).map(|(name, _)| url(name)).collect()
    };
    let methods: Value = keys
        .iter()
        .map(|(name, key)| {
            json!({ "id": url(name), "type": "Multikey", "controller": did, "publicKeyMultibase": key.to_multikey() })
        })
        .collect();
    let mut map = Map::new();
    map.insert("@context".to_owned(), json!(["https://www.w3.org/ns/did/v1.1"]));
    map.insert("id".to_owned(), did.into());
    map.insert("verificationMethod".to_owned(), methods);
    for (relationship, urls) in
        [("authentication", named(false)), ("assertionMethod", named(false)), ("keyAgreement", named(true))]
    {
        if !urls.is_empty() {
            map.insert(relationship.to_owned(), urls.into());
        }
    }
    map
}

/// What an entry changes. What is not named stays as it was; in a first entry it takes the specification's default.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Change {
    document: Option<Map>,
    location: Option<String>,
    parameters: Map,
    update_keys: Option<Vec<String>>,
    is_deactivation: bool,
}

impl Change {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new document. Its `id` may be left out; in a first entry it has `{SCID}` wherever the SCID belongs.
    pub fn document(mut self, document: Map) -> Self {
        self.document = Some(document);
        self
    }

    /// Other keys that may update the DID: any one of them signs the next entry. All must be Ed25519.
    pub fn update_keys(mut self, keys: &[PublicKey]) -> Self {
        self.update_keys = Some(keys.iter().map(PublicKey::to_multikey).collect());
        self
    }

    /// Commits to the keys among which those of the next entry will be, without showing them: a thief of today's keys
    /// then cannot put in their own. None at all ends this. While it is so, every entry names its
    /// [`update_keys`](Self::update_keys), all of them committed to by the entry before, and is signed by one of them.
    pub fn next_keys(mut self, keys: &[PublicKey]) -> Self {
        let hashes: Vec<String> = keys.iter().map(|key| key_hash(&key.to_multikey())).collect();
        self.parameters.insert("nextKeyHashes".to_owned(), hashes.into());
        self
    }

    /// Those of whom `threshold` must agree to every later entry; to this one too if there were none before. Those who
    /// are replaced must agree to the entry that replaces them.
    pub fn witnesses(mut self, threshold: usize, keys: &[PublicKey]) -> Self {
        let ids = keys.iter().map(key::from_key).collect();
        self.parameters.insert("witness".to_owned(), Witnesses { threshold, ids }.to_json().into());
        self
    }

    /// No witnesses any more, to which those of today must agree.
    pub fn no_witnesses(mut self) -> Self {
        self.parameters.insert("witness".to_owned(), Map::new().into());
        self
    }

    /// Addresses of those who keep copies of the log.
    pub fn watchers(mut self, urls: &[&str]) -> Self {
        self.parameters.insert("watchers".to_owned(), json!(urls));
        self
    }

    /// Seconds for which a resolved DID may be kept.
    pub fn ttl(mut self, seconds: u32) -> Self {
        self.parameters.insert("ttl".to_owned(), seconds.into());
        self
    }

    /// Whether the DID may move: `true` in a first entry only, `false` for ever.
    pub fn portable(mut self, portable: bool) -> Self {
        self.parameters.insert("portable".to_owned(), portable.into());
        self
    }

    /// Moves the DID to another place, such as `example.net:ngo`. The document is rewritten, and says in `alsoKnownAs`
    /// where it was.
    pub fn moved_to(mut self, location: &str) -> Self {
        self.location = Some(location.to_owned());
        self
    }

    /// Ends the DID. Without keys that were committed to in advance nobody may update it any more.
    pub fn deactivated(mut self) -> Self {
        self.is_deactivation = true;
        self
    }

    /// The parameters of an entry after `previous`.
    fn parameters(&self, previous: Option<&Log>, signer: &dyn Signer) -> Map {
        let mut map = self.parameters.clone();
        let is_committed = previous.is_some_and(|log| !log.current().parameters().next_key_hashes().is_empty());
        let mut update_keys = self.update_keys.clone();
        if previous.is_none() || (self.is_deactivation && is_committed) {
            update_keys.get_or_insert_with(|| vec![signer.public_key().to_multikey()]);
        }
        if self.is_deactivation {
            map.insert("deactivated".to_owned(), true.into());
            // "updateKeys SHOULD be set to an empty array [] when deactivating the DID."
            if is_committed {
                map.entry("nextKeyHashes").or_insert_with(|| json!([]));
            } else {
                update_keys = Some(Vec::new());
            }
        }
        if let Some(keys) = update_keys {
            map.insert("updateKeys".to_owned(), keys.into());
        }
        if previous.is_none() {
            map.insert("method".to_owned(), METHOD.into());
            map.insert("scid".to_owned(), PLACEHOLDER.into());
        }
        map
    }

    /// The document of an entry after `previous`.
    fn state(&self, previous: &Log) -> Result<Map, CreateError> {
        let old = previous.did();
        let new = match &self.location {
            Some(location) => format!("did:webvh:{}:{location}", previous.scid()),
            None => old.to_owned(),
        };
        let mut state = match &self.document {
            Some(document) => document.clone(),
            None => {
                let mut state = previous.current().document().to_json();
                rename(&mut state, old, &new);
                state
            }
        };
        if *state.entry("id").or_insert_with(|| new.as_str().into()) != new.as_str() {
            return Err(CreateError::DocumentId);
        }
        if new != old {
            let known = state.entry("alsoKnownAs").or_insert_with(|| json!([]));
            if let Value::Array(names) = known
                && !names.iter().any(|name| name == old)
            {
                names.push(old.into());
            }
        }
        Ok(state)
    }
}

/// Puts another DID in the place of one, wherever it or a URL in it is a value, but not in `alsoKnownAs`.
fn rename(state: &mut Map, old: &str, new: &str) {
    let mut open: Vec<&mut Value> =
        state.iter_mut().filter(|(name, _)| *name != "alsoKnownAs").map(|(_, value)| value).collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => {
                let rest = text.strip_prefix(old).filter(|rest| rest.is_empty() || rest.starts_with(['#', '/', '?']));
                if let Some(rest) = rest {
                    *text = format!("{new}{rest}");
                }
            }
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values_mut()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// What is published of a DID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// `did.jsonl`.
    pub log: String,
    /// `did-witness.json`, if there are or were witnesses. It is published before the log.
    pub witnesses: Option<String>,
}

impl Files {
    /// Checks them, as anybody would who found them published.
    ///
    /// # Errors
    /// [`WebvhError`].
    pub fn verify(&self, did: &Did, at: Timestamp) -> Result<Log, WebvhError> {
        Log::verify(did, self.log.as_bytes(), self.witnesses.as_deref().map(str::as_bytes), at)
    }
}

/// A new entry that holds, and that its witnesses, if there are any, have yet to agree to.
#[derive(Debug, Clone)]
#[must_use]
pub struct Pending {
    did: Did,
    before: Option<(Files, Log)>,
    entry: String,
    version_id: String,
    witnesses: Option<Witnesses>,
    at: Timestamp,
}

impl Pending {
    /// Takes up an entry again that was left waiting, as [`entry`](Self::entry) gave it. `published` are the files that
    /// it goes on from; `None` for a first entry.
    ///
    /// # Errors
    /// [`CreateError`], as for the entry when it was written.
    pub fn resume(did: &Did, published: Option<&Files>, entry: &str, at: Timestamp) -> Result<Self, CreateError> {
        if entry.trim_end().contains('\n') {
            return Err(CreateError::NotOneEntry);
        }
        let before = match published {
            Some(files) => Some((files.clone(), files.verify(did, at)?)),
            None => None,
        };
        let reader = match &before {
            Some((_, log)) => Reader::after(log.clone(), at),
            None => Reader::new(Identifier::parse(did)?, at),
        };
        let entry = format!("{}\n", entry.trim_end());
        let (after, required) = reader.read_entries(entry.as_bytes())?;
        let witnesses = required.last().map(|required| (*required.witnesses).clone());
        let version_id = after.current().id().to_owned();
        Ok(Self { did: Did::parse(after.did())?, before, entry, version_id, witnesses, at })
    }

    /// The DID as of this entry.
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// The entry as one line of JSON: what every witness is sent.
    pub fn entry(&self) -> &str {
        self.entry.trim_end()
    }

    /// Its `versionId`, which witnesses sign.
    pub fn version_id(&self) -> &str {
        &self.version_id
    }

    /// Who must agree to it.
    pub fn witnesses(&self) -> Option<&Witnesses> {
        self.witnesses.as_ref()
    }

    /// The files to publish, with the proofs that [`witness`] made. Of older proofs each witness's last one is kept.
    ///
    /// # Errors
    /// [`CreateError::Log`] if too few witnesses agreed.
    pub fn finish(self, approvals: &[Map]) -> Result<Files, CreateError> {
        let (before, mut kept) = match &self.before {
            Some((files, log)) => {
                let number_of = |id: &str| log.number_of(id);
                let kept = match &files.witnesses {
                    Some(file) => proofs::pruned(file.as_bytes(), number_of, self.at).map_err(WebvhError::from)?,
                    None => Vec::new(),
                };
                let line_feed = if files.log.ends_with('\n') { "" } else { "\n" };
                (format!("{}{line_feed}", files.log), kept)
            }
            None => (String::new(), Vec::new()),
        };
        if !approvals.is_empty() {
            kept.push(json!({ "versionId": self.version_id, "proof": approvals }));
        }
        let witnesses =
            (!kept.is_empty()).then(|| String::from_utf8(jcs::canonicalize_value(&kept.into())).unwrap_or_default());
        let files = Files { log: format!("{before}{}", self.entry), witnesses };
        files.verify(&self.did, self.at)?;
        Ok(files)
    }
}

/// Makes a DID: its first entry.
///
/// `location` is where its log will be: a host, perhaps a port, perhaps steps of a path (`example.org%3A8443:people:mei`).
/// `{SCID}` in it stands for the SCID. `at` is now, to the second. Whoever signs may update the DID, unless
/// [`Change::update_keys`] says otherwise, among which it must then be.
///
/// # Errors
/// [`CreateError`].
pub fn create(location: &str, change: &Change, signer: &dyn Signer, at: Timestamp) -> Result<Pending, CreateError> {
    let placeholder = placeholder_did(location);
    let mut state = change.document.clone().ok_or(CreateError::NoDocument)?;
    if *state.entry("id").or_insert_with(|| placeholder.as_str().into()) != placeholder.as_str() {
        return Err(CreateError::DocumentId);
    }
    let preliminary = preliminary(PLACEHOLDER, at, change.parameters(None, signer), state);
    // "base58btc(multihash(JCS(preliminary log entry with placeholders), <hash algorithm>))", and then "a literal text
    // replacement of every occurrence of the placeholder {SCID} with the calculated SCID".
    let text = jcs::canonicalize(&preliminary);
    let scid = encode_hash(Sha256::digest(&text).into());
    let text = String::from_utf8(text).unwrap_or_default().replace(PLACEHOLDER, &scid);
    let entry = json::parse_object(text.as_bytes())?;
    let did = Did::parse(&placeholder.replace(PLACEHOLDER, &scid))?;
    let identifier = Identifier::parse(&did)?;
    let (entry, version_id) = complete(entry, &scid, 1, signer, at)?;
    let (_, required) = Reader::new(identifier, at).read_entries(entry.as_bytes())?;
    let witnesses = required.last().map(|required| (*required.witnesses).clone());
    Ok(Pending { did, before: None, entry, version_id, witnesses, at })
}

/// Writes the next entry of a DID's log.
///
/// `files` are those that are published now, `at` is now, to the second. The signer is one of the keys that may update
/// the DID: of the entry before, or of this one if its keys were committed to in advance.
///
/// # Errors
/// [`CreateError`].
pub fn update(
    did: &Did,
    files: &Files,
    change: &Change,
    signer: &dyn Signer,
    at: Timestamp,
) -> Result<Pending, CreateError> {
    let log = files.verify(did, at)?;
    let (predecessor, number) = (log.current().id().to_owned(), log.current().number() + 1);
    let entry = preliminary(&predecessor, at, change.parameters(Some(&log), signer), change.state(&log)?);
    let (entry, version_id) = complete(entry, &predecessor, number, signer, at)?;
    let (after, required) = Reader::after(log.clone(), at).read_entries(entry.as_bytes())?;
    let witnesses = required.last().map(|required| (*required.witnesses).clone());
    let did = Did::parse(after.did())?;
    Ok(Pending { did, before: Some((files.clone(), log)), entry, version_id, witnesses, at })
}

/// Agrees to an entry as a witness, after checking it as the next one of the log that the witness itself holds; `None`
/// for the first entry of a DID. Returns the proof, for [`Pending::finish`].
///
/// The witness then keeps the entry as part of its log, published or not: it must never agree to another one in the
/// same place.
///
/// # Errors
/// [`CreateError`].
pub fn witness(
    did: &Did,
    held: Option<&Files>,
    entry: &str,
    signer: &dyn Signer,
    at: Timestamp,
) -> Result<Map, CreateError> {
    let reader = match held {
        Some(files) => Reader::after(files.verify(did, at)?, at),
        None => Reader::new(Identifier::parse(did)?, at),
    };
    if entry.trim_end().contains('\n') {
        return Err(CreateError::NotOneEntry);
    }
    let (log, required) = reader.read_entries(entry.trim_end().as_bytes())?;
    let id = key::from_key(&signer.public_key());
    if !required.last().is_some_and(|required| required.witnesses.ids.contains(&id)) {
        return Err(CreateError::NotAWitness);
    }
    let mut statement = Map::new();
    statement.insert("versionId".to_owned(), log.current().id().into());
    let signed = sign(statement, signer, at)?;
    match signed.into_iter().find(|(name, _)| name == "proof") {
        Some((_, Value::Object(proof))) => Ok(proof),
        _ => Err(CreateError::NotOneEntry),
    }
}

/// An entry before it has its hash and its proof.
fn preliminary(version_id: &str, at: Timestamp, parameters: Map, state: Map) -> Map {
    let mut entry = Map::new();
    entry.insert("versionId".to_owned(), version_id.into());
    let whole = Timestamp::from_unix(at.unix()).unwrap_or(at);
    entry.insert("versionTime".to_owned(), whole.to_string().into());
    entry.insert("parameters".to_owned(), parameters.into());
    entry.insert("state".to_owned(), state.into());
    entry
}

/// The entry with its hash and proof, as a line, and its `versionId`.
fn complete(
    mut entry: Map,
    predecessor: &str,
    number: u32,
    signer: &dyn Signer,
    at: Timestamp,
) -> Result<(String, String), CreateError> {
    entry.insert("versionId".to_owned(), predecessor.into());
    let version_id = format!("{number}-{}", encode_hash(Sha256::digest(jcs::canonicalize(&entry)).into()));
    entry.insert("versionId".to_owned(), version_id.as_str().into());
    let mut entry = sign(entry, signer, at)?;
    if let Some(proof) = entry.get_mut("proof") {
        *proof = json!([proof.take()]);
    }
    let line = String::from_utf8(jcs::canonicalize(&entry)).unwrap_or_default();
    Ok((format!("{line}\n"), version_id))
}

fn sign(document: Map, signer: &dyn Signer, at: Timestamp) -> Result<Map, SigningError> {
    let multikey = signer.public_key().to_multikey();
    let method = format!("{}{multikey}#{multikey}", key::PREFIX);
    let created = Some(Timestamp::from_unix(at.unix()).unwrap_or(at));
    let options = ProofOptions { created, ..ProofOptions::new(&method, "assertionMethod") };
    data_integrity::sign(document, Suite::EddsaJcs2022, &options, &Embedded, signer)
}
