//! Keeping a did:webvh: its log is written here, and published by the host.

use std::sync::Arc;

use attesta::did::edit;
use attesta::did::method::webvh::{self, Change, Checkpoint, Files, Log, Pending};
use attesta::did::{Did, edit::key_name};
use attesta::encoding::json::{Map, parse_object};
use attesta::keys::PublicKey;
use serde_json::Value;

use crate::error::BindingError;
use crate::keys::read_jwk;
use crate::signer::HostKey;
use crate::{At, AttestaError, Signer};

/// What is published of a did:webvh.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DidFiles {
    /// The DID.
    pub did: String,
    /// `did.jsonl`.
    pub log: String,
    /// `did-witness.json`, if there are or were witnesses. It is published before the log.
    pub witnesses: Option<String>,
}

impl DidFiles {
    fn to_core(&self) -> Result<(Did, Files), AttestaError> {
        Ok((Did::parse(&self.did)?, Files { log: self.log.clone(), witnesses: self.witnesses.clone() }))
    }

    fn of_core(did: &Did, files: Files) -> Self {
        Self { did: did.as_str().to_owned(), log: files.log, witnesses: files.witnesses }
    }
}

/// Who must agree to later entries.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Witnesses {
    /// How many of them must agree.
    pub threshold: u32,
    /// Their Ed25519 keys, as public JWKs. None at all: nobody any more, to which today's witnesses must agree.
    pub keys: Vec<String>,
}

/// What an entry of the log changes. What is not named stays as it is. All keys are public JWKs.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DidChange {
    /// A whole new document, as JSON, in place of the one that there is. In the first entry it holds all keys itself, and
    /// `{SCID}` where the DID's own will stand.
    #[uniffi(default)]
    pub document_json: Option<String>,
    /// Keys that may sign credentials from now on, of any type: here those in a phone's hardware are welcome.
    #[uniffi(default)]
    pub add_keys: Vec<String>,
    /// Keys that may no longer, by what follows the `#` of their ids: their Multikeys, if they were added here.
    #[uniffi(default)]
    pub remove_keys: Vec<String>,
    /// The keys that may change the DID from now on; any one of them can. All must be Ed25519.
    #[uniffi(default)]
    pub update_keys: Vec<String>,
    /// The keys among which those of the next entry will be: committed to, and not shown. None at all ends this.
    #[uniffi(default)]
    pub next_keys: Option<Vec<String>>,
    /// Who must agree to later entries.
    #[uniffi(default)]
    pub witnesses: Option<Witnesses>,
    /// Whether the DID may move: said in the first entry, or never.
    #[uniffi(default)]
    pub portable: Option<bool>,
    /// Another place, such as `example.net:ngo`.
    #[uniffi(default)]
    pub moved_to: Option<String>,
    /// Ends the DID, for ever.
    #[uniffi(default)]
    pub deactivate: bool,
}

fn keys(jwks: &[String]) -> Result<Vec<PublicKey>, AttestaError> {
    jwks.iter().map(|jwk| read_jwk(jwk)).collect()
}

impl DidChange {
    /// What is changed in `document`, which is the DID's until now; nothing if it stays.
    fn edited(&self, document: Map) -> Result<Option<Map>, AttestaError> {
        let given = self.document_json.as_deref().map(|json| parse_object(json.as_bytes())).transpose()?;
        if given.is_none() && self.add_keys.is_empty() && self.remove_keys.is_empty() {
            return Ok(None);
        }
        let mut document = given.unwrap_or(document);
        for name in &self.remove_keys {
            edit::remove_key(&mut document, name)?;
        }
        for key in keys(&self.add_keys)? {
            edit::add_key(&mut document, &key)?;
        }
        Ok(Some(document))
    }

    fn to_core(&self, document: Option<Map>) -> Result<Change, AttestaError> {
        let mut change = document.map_or_else(Change::new, |document| Change::new().document(document));
        if !self.update_keys.is_empty() {
            change = change.update_keys(&keys(&self.update_keys)?);
        }
        if let Some(next) = &self.next_keys {
            change = change.next_keys(&keys(next)?);
        }
        change = match &self.witnesses {
            None => change,
            Some(witnesses) if witnesses.keys.is_empty() => change.no_witnesses(),
            Some(Witnesses { threshold, keys: jwks }) => {
                change.witnesses(usize::try_from(*threshold).unwrap_or(usize::MAX), &keys(jwks)?)
            }
        };
        if let Some(portable) = self.portable {
            change = change.portable(portable);
        }
        if let Some(place) = &self.moved_to {
            change = change.moved_to(place);
        }
        Ok(if self.deactivate { change.deactivated() } else { change })
    }
}

/// A new entry.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DidEntry {
    /// The DID as of this entry.
    pub did: String,
    /// Its `versionId`.
    pub version_id: String,
    /// The entry itself, one line of JSON: what witnesses are sent.
    pub entry: String,
    /// What to publish now; nothing while witnesses have yet to agree, see [`finish_did_webvh`].
    pub files: Option<DidFiles>,
}

impl DidEntry {
    fn of(pending: Pending) -> Result<Self, AttestaError> {
        let did = pending.did().clone();
        let (version_id, entry) = (pending.version_id().to_owned(), pending.entry().to_owned());
        let files = match pending.witnesses() {
            Some(_) => None,
            None => Some(DidFiles::of_core(&did, pending.finish(&[])?)),
        };
        Ok(Self { did: did.as_str().to_owned(), version_id, entry, files })
    }
}

/// Makes a did:webvh at a place such as `example.org:people:mei`. The signer may change it from then on, unless
/// `update_keys` says otherwise.
///
/// # Errors
/// When the signer's key is not Ed25519, the place makes no DID, keys are given beside a whole document, or the signer
/// does not sign.
#[uniffi::export]
pub fn create_did_webvh(
    place: String,
    change: DidChange,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<DidEntry, AttestaError> {
    let key = HostKey::of(signer)?;
    let did = webvh::placeholder_did(&place);
    let given = change.document_json.as_deref().map(|json| parse_object(json.as_bytes())).transpose()?;
    let document = match given {
        Some(_) if !change.add_keys.is_empty() || !change.remove_keys.is_empty() => {
            return Err(BindingError::DocumentAndKeys.into());
        }
        Some(document) => document,
        None => {
            let keys = keys(&change.add_keys)?;
            let names: Vec<String> = keys.iter().map(key_name).collect();
            let named: Vec<_> = names.iter().map(String::as_str).zip(&keys).collect();
            webvh::document_of(&did, &named)
        }
    };
    let change = change.to_core(Some(document))?;
    DidEntry::of(webvh::create(&place, &change, &key, at.to_core()?.time())?)
}

/// Writes the next entry: new keys, another document, another place, or the end.
///
/// # Errors
/// When what is published does not hold, the change is none that may be made, or the signer may not make it.
#[uniffi::export]
pub fn update_did_webvh(
    published: DidFiles,
    change: DidChange,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<DidEntry, AttestaError> {
    let key = HostKey::of(signer)?;
    let ((did, files), at) = (published.to_core()?, at.to_core()?.time());
    let document = files.verify(&did, at)?.current().document().to_json();
    let change = change.to_core(change.edited(document)?)?;
    DidEntry::of(webvh::update(&did, &files, &change, &key, at)?)
}

/// Agrees to an entry as a witness, who holds the log up to it; nothing for a first entry. Returns the proof, as JSON.
/// Whoever agreed to one entry never agrees to another in its place.
///
/// # Errors
/// When the entry does not hold, or does not need this witness.
#[uniffi::export]
pub fn witness_did_webvh(
    did: String,
    held: Option<DidFiles>,
    entry: String,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let held = held.map(|files| files.to_core()).transpose()?.map(|(_, files)| files);
    let proof = webvh::witness(&Did::parse(&did)?, held.as_ref(), &entry, &key, at.to_core()?.time())?;
    Ok(Value::Object(proof).to_string())
}

/// The files to publish, once enough witnesses have agreed to an entry. `published` are those of before; nothing for a
/// first entry.
///
/// # Errors
/// When too few of them agreed, or a proof is not theirs.
#[uniffi::export]
pub fn finish_did_webvh(
    did: String,
    published: Option<DidFiles>,
    entry: String,
    proofs_json: Vec<String>,
    at: At,
) -> Result<DidFiles, AttestaError> {
    let published = published.map(|files| files.to_core()).transpose()?.map(|(_, files)| files);
    let proofs = proofs_json.iter().map(|json| parse_object(json.as_bytes())).collect::<Result<Vec<_>, _>>()?;
    let pending = Pending::resume(&Did::parse(&did)?, published.as_ref(), &entry, at.to_core()?.time())?;
    Ok(DidFiles::of_core(&pending.did().clone(), pending.finish(&proofs)?))
}

/// What a log says that was verified.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DidState {
    /// The DID now.
    pub did: String,
    /// The newest version.
    pub version_id: String,
    /// Its document, as JSON; nothing once the DID has ended.
    pub document_json: Option<String>,
    /// What to keep, so that only the bytes after [`read_bytes`](Self::read_bytes) need loading next time. It is as
    /// good as the place where it is kept: nothing in it is signed.
    pub checkpoint_json: String,
    /// Bytes of the log that were read, from its beginning.
    pub read_bytes: u64,
}

/// Verifies a log: whole, or from a checkpoint on, with the bytes that came since.
///
/// # Errors
/// When it does not hold, or the checkpoint is none or of another DID.
#[uniffi::export]
pub fn read_did_webvh(
    did: String,
    log: Vec<u8>,
    witnesses: Option<Vec<u8>>,
    checkpoint_json: Option<String>,
    at: At,
) -> Result<DidState, AttestaError> {
    let (did, witnesses, at) = (Did::parse(&did)?, witnesses.as_deref(), at.to_core()?.time());
    let log = match checkpoint_json {
        None => Log::verify(&did, &log, witnesses, at)?,
        Some(json) => Log::resume(&did, &Checkpoint::parse(json.as_bytes())?, &log, witnesses, at)?,
    };
    let checkpoint = log.checkpoint();
    Ok(DidState {
        did: log.did().to_owned(),
        version_id: log.current().id().to_owned(),
        document_json: log.document().map(|document| Value::Object(document.to_json()).to_string()),
        read_bytes: u64::try_from(checkpoint.bytes()).unwrap_or(u64::MAX),
        checkpoint_json: Value::Object(checkpoint.to_json()).to_string(),
    })
}
