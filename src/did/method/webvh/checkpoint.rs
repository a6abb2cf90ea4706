//! What a host remembers of a log, so as not to load and check it again from its beginning.

use std::fmt;

use super::entry;
use super::error::WebvhError;
use super::history::{KeyHistory, KeyPeriod, Mark, reference};
use super::identifier::{Identifier, IdentifierError};
use super::log::{Log, Reader, Version};
use super::parameters::{self, Parameters};
use crate::did::document::DocumentError;
use crate::did::{Did, Document, Relationship, VerificationMethod};
use crate::encoding::json::{self, JsonError, Map, Value};
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// The value of `type`.
const TYPE: &str = "WebvhCheckpoint";

/// Why bytes are no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// More bytes than [`limits::CHECKPOINT_BYTES`].
    #[error("a checkpoint of {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not strict JSON.
    #[error("the checkpoint is not readable: {0}")]
    Json(#[from] JsonError),
    /// A member is missing or has the wrong form.
    #[error("the checkpoint's member {member} is missing or has the wrong form")]
    Member {
        /// Its name.
        member: &'static str,
    },
    /// A name that is no did:webvh DID.
    #[error("a name in the checkpoint: {0}")]
    Name(#[from] IdentifierError),
    /// The document, or a key that there was, is malformed.
    #[error("the checkpoint's document or keys: {0}")]
    Document(#[from] DocumentError),
}

impl Explain for CheckpointError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "webvh.checkpoint-too-large",
            Self::Json(error) => error.code(),
            Self::Member { .. } => "webvh.checkpoint-member",
            Self::Name(error) => error.code(),
            Self::Document(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        "Put the checkpoint away and load the whole log."
    }
}

/// A version of a log with all that checking the next entries, and judging old signatures, needs.
///
/// It is as good as whoever made it: nothing in it is signed. Keep it where nobody else writes, or take it out of
/// something that a trusted party signed. With it [`Log::resume`] checks later entries, and [`Log::extends`] a log that
/// was loaded whole.
#[derive(Clone, PartialEq)]
pub struct Checkpoint {
    scid: String,
    names: Vec<String>,
    created: Timestamp,
    version: Version,
    keys: Vec<KeyPeriod>,
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checkpoint({} at {})", self.did(), self.version.id)
    }
}

impl Log {
    /// What to remember of this log.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            scid: self.scid().to_owned(),
            names: self.names.clone(),
            created: self.created,
            version: self.current().clone(),
            keys: self.keys().to_vec(),
        }
    }

    /// Checks the entries that follow a checkpoint, and them alone; there may be none. `tail` is the log from byte
    /// [`Checkpoint::bytes`] on, which a server may be asked for alone.
    ///
    /// "A resolver implementation that caches previously verified state could retrieve only subsequent entries and
    /// resume processing after the last verified entry [..], provided the cached state was itself produced by full
    /// verification and the cache has not been modified since."
    ///
    /// # Errors
    /// [`WebvhError`], as for [`verify`](Self::verify); [`WebvhError::AnotherScid`] for a checkpoint of another DID.
    pub fn resume(
        did: &Did,
        checkpoint: &Checkpoint,
        tail: &[u8],
        witnesses: Option<&[u8]>,
        at: Timestamp,
    ) -> Result<Self, WebvhError> {
        let identifier = Identifier::parse(did)?;
        if identifier.scid() != checkpoint.scid {
            return Err(WebvhError::AnotherScid);
        }
        let mut checkpoint = checkpoint.clone();
        // The line feed of the last line that was read, if it had none then.
        let tail = match tail.strip_prefix(b"\n") {
            Some(rest) => {
                checkpoint.version.end += 1;
                rest
            }
            None => tail,
        };
        Reader::resumed(identifier, checkpoint, at)?.read(tail, witnesses)
    }
}

impl Reader {
    fn resumed(identifier: Identifier, checkpoint: Checkpoint, now: Timestamp) -> Result<Self, WebvhError> {
        let reader = Self {
            names: checkpoint.names,
            created: checkpoint.created,
            history: KeyHistory::of(checkpoint.keys),
            ..Self::new(identifier, now)
        };
        let (number, version) = (checkpoint.version.number, checkpoint.version);
        reader.check_time(version.time).map_err(|source| WebvhError::Entry { number, source })?;
        Ok(Self { versions: vec![version], ..reader })
    }
}

impl Checkpoint {
    /// The SCID of the log.
    pub fn scid(&self) -> &str {
        &self.scid
    }

    /// The DID at this version.
    pub fn did(&self) -> &str {
        self.version.document.id()
    }

    /// The number of the version.
    pub fn number(&self) -> u32 {
        self.version.number
    }

    /// Its `versionId`.
    pub fn version_id(&self) -> &str {
        &self.version.id
    }

    /// Bytes of the log up to this version, as it was read then.
    pub fn bytes(&self) -> usize {
        self.version.end
    }

    /// As JSON.
    pub fn to_json(&self) -> Map {
        let mut map = Map::new();
        let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
        set("type", TYPE.into());
        set("version", 1.into());
        set("scid", self.scid.as_str().into());
        set("names", self.names.iter().map(String::as_str).collect());
        set("created", self.created.to_string().into());
        set("versionId", self.version.id.as_str().into());
        set("versionTime", self.version.time.to_string().into());
        set("bytes", self.version.end.into());
        set("parameters", self.version.parameters.to_json().into());
        set("state", self.version.document.to_json().into());
        set("keys", self.keys.iter().map(|period| Value::Object(write_period(period))).collect());
        map
    }

    /// As a line of JSON, behind which the entries that follow may stand; see [`split`](Self::split).
    pub fn to_line(&self) -> String {
        format!("{}\n", Value::Object(self.to_json()))
    }

    /// Takes a log apart that begins with a checkpoint in the place of its first entries, one a line: the checkpoint, and
    /// the entries that follow it, of which there may be none. `None` for a log that begins with an entry.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn split(log: &[u8]) -> Result<Option<(Self, &[u8])>, CheckpointError> {
        let end = log.iter().position(|byte| *byte == b'\n').unwrap_or(log.len());
        let (line, rest) = log.split_at(end);
        // An entry is not read twice, unless somebody wrote this name into one.
        if !line.windows(TYPE.len()).any(|window| window == TYPE.as_bytes()) {
            return Ok(None);
        }
        if line.len() > limits::CHECKPOINT_BYTES {
            return Err(CheckpointError::TooLarge { bytes: line.len(), limit: limits::CHECKPOINT_BYTES });
        }
        let map = json::parse_object(line)?;
        if map.get("type").and_then(Value::as_str) != Some(TYPE) {
            return Ok(None);
        }
        Ok(Some((Self::read(map)?, rest.strip_prefix(b"\n").unwrap_or(rest))))
    }

    /// Reads a checkpoint that this library wrote. Whether it may be relied on is for the caller to know.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        if bytes.len() > limits::CHECKPOINT_BYTES {
            return Err(CheckpointError::TooLarge { bytes: bytes.len(), limit: limits::CHECKPOINT_BYTES });
        }
        Self::read(json::parse_object(bytes)?)
    }

    fn read(mut map: Map) -> Result<Self, CheckpointError> {
        if map.get("type").and_then(Value::as_str) != Some(TYPE) {
            return Err(CheckpointError::Member { member: "type" });
        }
        if map.get("version").and_then(Value::as_u64) != Some(1) {
            return Err(CheckpointError::Member { member: "version" });
        }
        let scid = text(&map, "scid")?.to_owned();
        let names = names(&map, &scid)?;
        let id = text(&map, "versionId")?.to_owned();
        let number = entry::number(&id).ok_or(CheckpointError::Member { member: "versionId" })?;
        let wrong = || CheckpointError::Member { member: "parameters" };
        let stated = map.get("parameters").and_then(Value::as_object).ok_or_else(wrong)?;
        let parameters = parameters::read_in_force(stated).map_err(|_| wrong())?;
        let Some(Value::Object(state)) = map.remove("state") else {
            return Err(CheckpointError::Member { member: "state" });
        };
        let document = Document::from_owned_map(state)?;
        if !names.iter().any(|name| name == document.id()) {
            return Err(CheckpointError::Member { member: "names" });
        }
        let Some(Value::Array(keys)) = map.remove("keys") else {
            return Err(CheckpointError::Member { member: "keys" });
        };
        let keys = keys.into_iter().map(|item| read_period(item, &names)).collect::<Result<_, _>>()?;
        let bytes = map.get("bytes").and_then(Value::as_u64).and_then(|bytes| usize::try_from(bytes).ok());
        let version = Version {
            number,
            id,
            time: time(&map, "versionTime")?,
            document: document.into(),
            parameters,
            end: bytes.ok_or(CheckpointError::Member { member: "bytes" })?,
        };
        Ok(Self { created: time(&map, "created")?, version, scid, names, keys })
    }
}

impl Parameters {
    /// All of them, as an entry could state them.
    fn to_json(&self) -> Map {
        let list = |texts: &[String]| texts.iter().map(String::as_str).collect::<Value>();
        let mut map = Map::new();
        let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
        set("portable", self.portable.into());
        set("deactivated", self.deactivated.into());
        set("ttl", self.ttl.into());
        set("updateKeys", list(&self.update_keys));
        set("nextKeyHashes", list(&self.next_key_hashes));
        set("watchers", list(&self.watchers));
        set("witness", self.witness().map(parameters::Witnesses::to_json).unwrap_or_default().into());
        map
    }
}

fn text<'m>(map: &'m Map, member: &'static str) -> Result<&'m str, CheckpointError> {
    map.get(member).and_then(Value::as_str).ok_or(CheckpointError::Member { member })
}

fn time(map: &Map, member: &'static str) -> Result<Timestamp, CheckpointError> {
    Timestamp::parse(text(map, member)?).map_err(|_| CheckpointError::Member { member })
}

/// The names, each of which has the SCID.
fn names(map: &Map, scid: &str) -> Result<Vec<String>, CheckpointError> {
    let wrong = || CheckpointError::Member { member: "names" };
    let items = map.get("names").and_then(Value::as_array).filter(|items| items.len() <= limits::LOG_NAMES);
    let name = |item: &Value| {
        let name = Did::parse(item.as_str().ok_or_else(wrong)?).map_err(|_| wrong())?;
        if Identifier::parse(&name)?.scid() == scid { Ok(name.as_str().to_owned()) } else { Err(wrong()) }
    };
    items.ok_or_else(wrong)?.iter().map(name).collect()
}

fn write_period(period: &KeyPeriod) -> Map {
    let mark = |mark: &Mark| {
        let mut map = Map::new();
        map.insert("number".to_owned(), mark.number.into());
        map.insert("time".to_owned(), mark.time.to_string().into());
        Value::Object(map)
    };
    let mut map = Map::new();
    map.insert("id".to_owned(), period.method.id.as_str().into());
    map.insert("method".to_owned(), period.source.clone().into());
    map.insert("relationships".to_owned(), period.method.listed().map(Relationship::name).collect());
    map.insert("from".to_owned(), mark(&period.from));
    if let Some(until) = &period.until {
        map.insert("until".to_owned(), mark(until));
    }
    map
}

fn read_period(item: Value, names: &[String]) -> Result<KeyPeriod, CheckpointError> {
    let wrong = || CheckpointError::Member { member: "keys" };
    let Value::Object(mut map) = item else { return Err(wrong()) };
    let id = text(&map, "id").map_err(|_| wrong())?.to_owned();
    let (name, reference) =
        names.iter().find_map(|name| reference(name, &id).map(|rest| (name, rest.to_owned()))).ok_or_else(wrong)?;
    let Some(Value::Object(source)) = map.remove("method") else { return Err(wrong()) };
    let mut method = VerificationMethod::read(name, &source)?;
    if method.id != id {
        return Err(wrong());
    }
    for name in map.get("relationships").and_then(Value::as_array).ok_or_else(wrong)? {
        method.list_under(name.as_str().and_then(Relationship::from_name).ok_or_else(wrong)?);
    }
    let mark = |mark: &Value| -> Result<Mark, CheckpointError> {
        let mark = mark.as_object().ok_or_else(wrong)?;
        let number = mark.get("number").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        Ok(Mark { number: number.ok_or_else(wrong)?, time: time(mark, "time").map_err(|_| wrong())? })
    };
    let from = mark(map.get("from").ok_or_else(wrong)?)?;
    let until = map.get("until").map(mark).transpose()?;
    Ok(KeyPeriod { method, from, until, reference, source })
}
