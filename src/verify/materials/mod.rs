//! Everything from outside that a decision may rest on, each with its source and its age.
//!
//! A log proves itself and a list is signed: whoever handed them over, they count for what they say. Documents and key
//! sets count where the host fetched them from their own address, and as somebody's word only where the verifier's own
//! trust list says so.

mod context;
mod log;
mod seen;
mod statement;

use std::collections::HashMap;
use std::fmt;

pub(in crate::verify) use context::{KnownContexts, Pins};
pub(crate) use log::KeptLog;
pub use seen::{Seen, SeenError};
pub(crate) use statement::Statement;

use super::issuer_metadata::{self, IssuerKeys, KeySet};
use crate::did::method::webvh::{CheckpointError, WebvhError};
use crate::did::{Document, DocumentError};
use crate::encoding::json::{self, JsonError, Value};
use crate::error::Explain;
use crate::jsonld::ContextFileError;
use crate::limits;
use crate::status::{List, StatusError};
use crate::time::Timestamp;
use crate::trust::TrustList;
use crate::trust::notice::{CompromiseNotices, NoticeError};

macro_rules! resources {
    ($($(#[$doc:meta])* $variant:ident $name:literal $reveals:literal)*) => {
        /// Something that a verification may need from outside.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Resource {
            $($(#[$doc])* $variant(String),)*
        }

        impl Resource {
            /// The names of all types, as [`type_name`](Self::type_name) gives them.
            pub const TYPES: &'static [&'static str] = &[$($name,)*];

            /// The DID or URL.
            pub fn url(&self) -> &str {
                match self {
                    $(Self::$variant(url) => url,)*
                }
            }

            /// What it is, as reports name it, such as `document` or `status-list`.
            pub fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// The resource of that type at that DID or URL.
            pub fn of_type(type_name: &str, url: String) -> Option<Self> {
                match type_name {
                    $($name => Some(Self::$variant(url)),)*
                    _ => None,
                }
            }

            /// What fetching it tells to whom, in a sentence.
            pub fn reveals(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $reveals,)*
                }
            }
        }
    };
}

resources! {
    /// The controlled identifier document of a DID or https URL.
    Document "document"
        "Fetching it tells the host of the issuer's identifier that somebody checks one of its credentials."
    /// The log of a did:webvh DID, `did.jsonl`; or a checkpoint in the place of its first entries
    /// ([`Checkpoint::split`](crate::did::method::webvh::Checkpoint::split)), which counts by whose word it is.
    Log "log"
        "Fetching it tells the host of the issuer's identifier that somebody checks one of its credentials."
    /// The proofs of the witnesses of a did:webvh DID, `did-witness.json`.
    LogWitnesses "log-witnesses"
        "Fetching it tells the host of the issuer's identifier that somebody checks one of its credentials."
    /// The JWT VC Issuer Metadata at this address, which is the issuer's with `/.well-known/jwt-vc-issuer` between host
    /// and path.
    IssuerMetadata "issuer-metadata"
        "Fetching it tells the issuer's host that somebody checks one of its credentials."
    /// The JWK Set at this address, which an issuer's metadata names.
    KeySet "key-set"
        "Fetching it tells the issuer's host that somebody checks one of its credentials."
    /// The type metadata of this `vct`.
    TypeMetadata "type-metadata"
        "Fetching it tells the host of the type's address that somebody checks a credential of this type."
    /// The status list at this URL: a credential, or a status list token.
    StatusList "status-list"
        "Fetching it tells the list's host that somebody checks one of the credentials in it, and not which: the whole list is fetched."
    /// The JSON-LD context at this URL.
    Context "context"
        "Fetching it tells the host of the context that somebody checks a document written in its words."
    /// The compromise notices at this URL, which an issuer's key document names.
    CompromiseNotices "compromise-notices"
        "Fetching it tells the issuer's host that somebody checks one of its credentials."
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url())
    }
}

/// Where material comes from, which decides what it counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// Fetched by the host itself, over TLS, from the address that belongs to the identifier.
    Fetched,
    /// Somebody else's word: the signer of a trust pack, a resolver's endpoint (its URL, as the trust list writes it).
    Asserted {
        /// Whose.
        by: String,
    },
    /// Made by the host itself, and kept where nobody else writes: a checkpoint of a log that it verified. Of anything
    /// else it is nobody's word.
    Own,
}

/// One piece of material.
#[derive(Debug, Clone)]
pub struct Material {
    /// What it is.
    pub resource: Resource,
    /// The bytes as they were obtained.
    pub bytes: Vec<u8>,
    /// When.
    pub obtained: Timestamp,
    /// From whom.
    pub source: Source,
}

/// Why material cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MaterialError {
    /// More than [`limits::MATERIAL_BYTES`].
    #[error("the document has {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not a controlled identifier document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A member is missing or has the wrong form.
    #[error("the member {member} is missing or has the wrong form")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// The document is another's (Controlled Identifiers 1.0, section 3.3: the id must equal the URL).
    #[error("the document is that of {found}, not of {asked}")]
    OtherId {
        /// What was asked for.
        asked: String,
        /// What the document says.
        found: String,
    },
    /// The log of a did:webvh DID does not hold.
    #[error(transparent)]
    Log(#[from] WebvhError),
    /// A checkpoint of a log is malformed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint of a log that its own server handed out: it would be the word of whoever has that server.
    #[error("it is a checkpoint of a log, and not the log itself, which alone counts from there")]
    CheckpointOfNobody,
    /// Something that must be signed, and could not be taken apart.
    #[error("it cannot be read: {0}")]
    Envelope(String),
    /// Something that must be signed, and is not.
    #[error("nobody signed it")]
    Unsigned,
    /// Not a status list.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Not compromise notices.
    #[error(transparent)]
    Notices(#[from] NoticeError),
    /// Not a context.
    #[error(transparent)]
    Context(#[from] ContextFileError),
}

impl Explain for MaterialError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "material.too-large",
            Self::Document(error) => error.code(),
            Self::Member { .. } => "material.member",
            Self::OtherId { .. } => "material.other-id",
            Self::Log(error) => error.code(),
            Self::Checkpoint(error) => error.code(),
            Self::CheckpointOfNobody => "material.checkpoint-of-nobody",
            Self::Envelope(_) => "material.envelope",
            Self::Unsigned => "material.unsigned",
            Self::Status(error) => error.code(),
            Self::Notices(error) => error.code(),
            Self::Context(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Document(error) => error.hint(),
            Self::Log(error) => error.hint(),
            Self::Checkpoint(error) => error.hint(),
            Self::CheckpointOfNobody => {
                "Load the whole log. A checkpoint counts that you made yourself, or somebody whom you trust for that."
            }
            Self::Status(error) => error.hint(),
            Self::Notices(error) => error.hint(),
            Self::Context(error) => error.hint(),
            _ => "Fetch the document anew from the address that belongs to the identifier.",
        }
    }
}

impl From<JsonError> for MaterialError {
    fn from(error: JsonError) -> Self {
        Self::Document(error.into())
    }
}

/// Material that was read: what is in it, when it was obtained, from whom.
#[derive(Debug, Clone)]
pub(crate) struct Read<T> {
    pub(crate) content: T,
    pub(crate) obtained: Timestamp,
    pub(crate) source: Source,
}

/// Materials of one type, by address. What was fetched goes before what is asserted, and of each the newest.
#[derive(Clone)]
struct Shelf<T>(HashMap<String, Vec<Read<T>>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Shelf<T> {
    fn put(&mut self, material: &Material, content: T) {
        let read = Read { content, obtained: material.obtained, source: material.source.clone() };
        self.0.entry(material.resource.url().to_owned()).or_default().push(read);
    }

    fn newest(&self, url: &str) -> Option<&Read<T>> {
        self.0.get(url)?.iter().max_by_key(|read| (read.source == Source::Fetched, read.obtained))
    }
}

/// Signed statements by the address or issuer that they are about, the newest first.
#[derive(Clone)]
struct Signed<T>(HashMap<String, Vec<Statement<T>>>);

impl<T> Default for Signed<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Signed<T> {
    /// Keeps the newest few. Of more than that, what is only somebody's word goes first.
    fn put(&mut self, name: &str, statement: Statement<T>) {
        let known = self.0.entry(name.to_owned()).or_default();
        let fingerprint = statement.fingerprint();
        let is_same = |other: &&mut Statement<T>| other.fingerprint() == fingerprint && other.url == statement.url;
        if let Some(same) = known.iter_mut().find(is_same) {
            // The same once more is only younger.
            let rank = |it: &Statement<T>| (it.source == Source::Fetched, it.obtained);
            if rank(&statement) > rank(same) {
                (same.source, same.obtained) = (statement.source, statement.obtained);
            }
            return;
        }
        let position = known.partition_point(|other| other.signed_at > statement.signed_at);
        known.insert(position, statement);
        if known.len() > limits::SIGNED_LISTS {
            let last_asserted = known.iter().rposition(|other| other.source != Source::Fetched);
            known.remove(last_asserted.unwrap_or(limits::SIGNED_LISTS));
        }
    }

    fn all(&self, name: &str) -> &[Statement<T>] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// A verifier's materials. Each is read once, when it is added, so that judging many credentials costs nothing more.
#[derive(Clone, Default)]
pub struct Materials {
    documents: Shelf<Document>,
    logs: log::Logs,
    issuers: Shelf<IssuerKeys>,
    key_sets: Shelf<KeySet>,
    types: Shelf<Vec<u8>>,
    contexts: context::ContextFiles,
    status_lists: Signed<List>,
    notices: Signed<CompromiseNotices>,
    seen: Seen,
}

impl fmt::Debug for Materials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            self.documents.0.len(),
            self.logs.len(),
            self.issuers.0.len(),
            self.key_sets.0.len(),
            self.types.0.len(),
            self.contexts.len(),
            self.status_lists.0.len(),
            self.notices.0.len(),
        ];
        f.debug_struct("Materials").field("resources", &counts.iter().sum::<usize>()).finish_non_exhaustive()
    }
}

impl Materials {
    /// None. Credentials of did:key and did:jwk issuers need none.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a piece of material and keeps it.
    ///
    /// A context counts only as it is pinned ([`PinnedContext`](crate::trust::PinnedContext)), whoever handed it over.
    ///
    /// A log is verified here, once. One that has witnesses is kept and counts when their proofs are added too. Of several
    /// logs of one DID the longest counts; the signatures of lists are checked when they are used.
    ///
    /// A log that begins with a checkpoint holds from there on. It counts if the checkpoint is the host's own
    /// ([`Source::Own`]), or the word of somebody ([`Source::Asserted`]) whom the verifier's own trust list lets vouch for
    /// logs ([`CHECKPOINT`](crate::trust::CHECKPOINT)). `obtained` is when its last entries were fetched, or when none were
    /// found that follow.
    ///
    /// # Errors
    /// [`MaterialError`].
    pub fn add(&mut self, material: &Material) -> Result<(), MaterialError> {
        let limit = match &material.resource {
            Resource::Log(_) => limits::LOG_BYTES,
            Resource::LogWitnesses(_) => limits::WITNESS_FILE_BYTES,
            Resource::StatusList(_) | Resource::CompromiseNotices(_) => limits::DOCUMENT_BYTES,
            _ => limits::MATERIAL_BYTES,
        };
        let bytes = &material.bytes;
        if bytes.len() > limit {
            return Err(MaterialError::TooLarge { bytes: bytes.len(), limit });
        }
        match &material.resource {
            Resource::Document(id) => {
                let document = document(bytes)?;
                if document.id() != id {
                    return Err(MaterialError::OtherId { asked: id.clone(), found: document.id().to_owned() });
                }
                self.documents.put(material, document);
            }
            Resource::Log(did) => self.logs.add(did, material)?,
            Resource::LogWitnesses(did) => self.logs.add_witnesses(did, material)?,
            Resource::IssuerMetadata(url) => self.issuers.put(material, issuer_metadata::read(bytes, url)?),
            Resource::KeySet(_) => self.key_sets.put(material, KeySet::read(bytes)?),
            Resource::TypeMetadata(_) => self.types.put(material, bytes.clone()),
            Resource::Context(url) => self.contexts.add(url, bytes)?,
            Resource::StatusList(url) => self.status_lists.put(url, Statement::status_list(material)?),
            Resource::CompromiseNotices(_) => {
                let notices = Statement::notices(material)?;
                let issuer = notices.content.issuer().to_owned();
                self.notices.put(&issuer, notices);
            }
        }
        Ok(())
    }

    /// Remembers what was seen before: what is older fails `material.rollback` from now on.
    pub fn remember(&mut self, seen: &Seen) {
        self.seen.merge(seen);
    }

    /// What the entries of a trust list carry along, as its owner's word.
    ///
    /// # Errors
    /// [`MaterialError`] for the first that cannot be read; those after it are read all the same.
    pub(super) fn add_archives(&mut self, list: &TrustList) -> Result<(), MaterialError> {
        let mut outcome = Ok(());
        for (entry, archived) in list.entries().iter().flat_map(|entry| entry.archive.iter().map(move |it| (entry, it)))
        {
            let resource = Resource::of_type(&archived.r#type, archived.url.clone());
            let added = match (resource, archived.bytes()) {
                (Some(resource), Some(bytes)) => {
                    let source = Source::Asserted { by: entry.id.clone() };
                    self.add(&Material { resource, bytes, obtained: list.issued(), source })
                }
                _ => Err(MaterialError::Member { member: "archive" }),
            };
            outcome = outcome.and(added);
        }
        outcome
    }

    pub(crate) fn document(&self, id: &str) -> Option<&Read<Document>> {
        self.documents.newest(id)
    }

    /// What this endpoint or signer says that the document of that DID is.
    pub(crate) fn document_asserted_by(&self, id: &str, by: &str) -> Option<&Read<Document>> {
        // Whether an endpoint is written with a slash at its end makes no other endpoint of it.
        let by = by.trim_end_matches('/');
        let is_theirs = |read: &&Read<Document>| matches!(&read.source, Source::Asserted { by: own } if own.trim_end_matches('/') == by);
        self.documents.0.get(id)?.iter().filter(is_theirs).max_by_key(|read| read.obtained)
    }

    pub(crate) fn log(&self, did: &str) -> Option<&KeptLog> {
        self.logs.get(did)
    }

    /// Logs of that DID that begin with somebody's checkpoint.
    pub(crate) fn resumed_logs(&self, did: &str) -> &[KeptLog] {
        self.logs.resumed(did)
    }

    /// What must be fetched so that there is a log of that DID. `counts` tells whose checkpoints do.
    pub(crate) fn missing_of_log(&self, did: &str, counts: impl Fn(&Source) -> bool) -> Resource {
        match self.logs.is_waiting(did, counts) {
            true => Resource::LogWitnesses(did.to_owned()),
            false => Resource::Log(did.to_owned()),
        }
    }

    /// The metadata at that address.
    pub(crate) fn issuer_keys(&self, url: &str) -> Option<&Read<IssuerKeys>> {
        self.issuers.newest(url)
    }

    pub(crate) fn key_set(&self, url: &str) -> Option<&Read<KeySet>> {
        self.key_sets.newest(url)
    }

    /// The bytes of the type metadata of that `vct`.
    pub(crate) fn type_metadata(&self, vct: &str) -> Option<&Read<Vec<u8>>> {
        self.types.newest(vct)
    }

    /// The status lists at that address, the newest first.
    pub(crate) fn status_lists(&self, url: &str) -> &[Statement<List>] {
        self.status_lists.all(url)
    }

    /// The compromise notices about keys of that issuer, the newest first, whoever signed them.
    pub(crate) fn notices(&self, issuer: &str) -> &[Statement<CompromiseNotices>] {
        self.notices.all(issuer)
    }

    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }
}

/// A document, or the answer of a DID Resolution endpoint with one (DID Resolution 1.0, section 4: `didDocument` beside
/// its metadata).
fn document(bytes: &[u8]) -> Result<Document, MaterialError> {
    let mut map = json::parse_object(bytes)?;
    if map.contains_key("id") {
        return Ok(Document::from_map(&map)?);
    }
    let is_deactivated = |metadata: &Value| metadata.get("deactivated") == Some(&Value::Bool(true));
    if map.get("didDocumentMetadata").is_some_and(is_deactivated) {
        return Err(MaterialError::Member { member: "didDocumentMetadata.deactivated" });
    }
    match map.remove("didDocument") {
        Some(Value::Object(document)) => Ok(Document::from_map(&document)?),
        _ => Ok(Document::from_map(&map)?),
    }
}
