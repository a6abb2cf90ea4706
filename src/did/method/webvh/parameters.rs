//! The parameters of a log (did:webvh 1.0, "did:webvh DID Method Parameters").

use std::collections::HashSet;
use std::sync::Arc;

use super::error::EntryError;
use super::{METHOD, entry};
use crate::did::document::is_url;
use crate::did::method::key;
use crate::encoding::json::{Map, Value};
use crate::keys::{KeyError, KeyType, PublicKey};
use crate::limits;

/// Seconds for which a resolved DID may be kept if its owner does not say.
const DEFAULT_TTL: u32 = 3600;

/// The largest `ttl`.
const MAX_TTL: u64 = 1 << 31;

/// What governs a log at one version: what its owner has set up to there. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    pub(super) portable: bool,
    pub(super) deactivated: bool,
    pub(super) ttl: u32,
    pub(super) update_keys: Arc<[String]>,
    /// They, decoded once; `None` for one of a type that signs nothing here.
    pub(super) decoded: Arc<[Option<PublicKey>]>,
    pub(super) next_key_hashes: Arc<[String]>,
    pub(super) witness: Option<Arc<Witnesses>>,
    pub(super) watchers: Arc<[String]>,
}

impl Parameters {
    /// Whether the DID may move to another place on the web.
    pub fn portable(&self) -> bool {
        self.portable
    }

    /// Whether the DID is no longer in use.
    pub fn deactivated(&self) -> bool {
        self.deactivated
    }

    /// Seconds for which its owner lets a resolved DID be kept; 0 for not at all.
    pub fn ttl(&self) -> u32 {
        self.ttl
    }

    /// The keys that may sign the next entry, as Multikeys, unless the next entry's keys are committed to in advance.
    pub fn update_keys(&self) -> &[String] {
        &self.update_keys
    }

    /// One of the keys, by its Multikey text.
    pub(super) fn update_key(&self, multikey: &str) -> Option<&PublicKey> {
        let index = self.update_keys.iter().position(|key| key == multikey)?;
        self.decoded.get(index)?.as_ref()
    }

    /// Hashes of the keys that may sign the next entry; empty if they are not committed to in advance.
    pub fn next_key_hashes(&self) -> &[String] {
        &self.next_key_hashes
    }

    /// Who must witness the next entry.
    pub fn witness(&self) -> Option<&Witnesses> {
        self.witness.as_deref()
    }

    /// Addresses of those who keep copies of the log.
    pub fn watchers(&self) -> &[String] {
        &self.watchers
    }

    /// What governs before anything is set.
    fn at_first() -> Self {
        Self {
            portable: false,
            deactivated: false,
            ttl: DEFAULT_TTL,
            update_keys: Arc::new([]),
            decoded: Arc::new([]),
            next_key_hashes: Arc::new([]),
            witness: None,
            watchers: Arc::new([]),
        }
    }

    /// Sets one that may stand in any entry.
    fn set(&mut self, name: &str, value: &Value) -> Result<(), EntryError> {
        match name {
            "portable" => self.portable = truth(value, "portable")?,
            "deactivated" => self.deactivated = truth(value, "deactivated")?,
            "ttl" if value.is_null() => self.ttl = DEFAULT_TTL,
            "ttl" => {
                let ttl = integer(value).filter(|ttl| *ttl <= MAX_TTL).and_then(|ttl| u32::try_from(ttl).ok());
                let expected = "a number of seconds";
                self.ttl = ttl.ok_or(EntryError::Parameter { parameter: "ttl", expected })?;
            }
            "updateKeys" => {
                let keys = texts(value, "updateKeys", limits::UPDATE_KEYS, limits::MULTIKEY_CHARACTERS)?;
                if keys[..] != self.update_keys[..] {
                    self.decoded = keys.iter().map(|key| decode(key)).collect::<Result<_, _>>()?;
                    self.update_keys = keys.into();
                }
            }
            "nextKeyHashes" => {
                let hashes = texts(value, "nextKeyHashes", limits::UPDATE_KEYS, limits::KEY_HASH_CHARACTERS)?;
                if hashes[..] != self.next_key_hashes[..] {
                    self.next_key_hashes = hashes.into();
                }
            }
            "witness" => {
                let witness = witnesses(value)?;
                if witness.as_ref() != self.witness.as_deref() {
                    self.witness = witness.map(Arc::new);
                }
            }
            "watchers" => {
                let watchers = texts(value, "watchers", limits::WATCHERS, limits::DID_BYTES)?;
                if !watchers.iter().all(|watcher| is_url(watcher)) {
                    return Err(EntryError::Parameter { parameter: "watchers", expected: "a list of URLs" });
                }
                if watchers[..] != self.watchers[..] {
                    self.watchers = watchers.into();
                }
            }
            // "The parameters object MUST only include properties defined in the version [..] being used."
            _ => return Err(EntryError::UnknownParameter),
        }
        Ok(())
    }
}

/// Those of whom some must agree to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnesses {
    pub(super) threshold: usize,
    pub(super) ids: Vec<String>,
}

impl Witnesses {
    /// How many of them must agree, at least 1.
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    /// As the parameter is written.
    pub(super) fn to_json(&self) -> Map {
        let id = |id: &String| Value::Object(Map::from_iter([("id".to_owned(), id.as_str().into())]));
        let mut map = Map::new();
        map.insert("threshold".to_owned(), self.threshold.into());
        map.insert("witnesses".to_owned(), self.ids.iter().map(id).collect());
        map
    }

    /// Their did:key DIDs, each once.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }
}

/// What one entry says of the parameters.
pub(super) struct Stated {
    /// What is in force with this entry.
    pub(super) parameters: Parameters,
    /// The SCID; in the first entry only.
    pub(super) scid: Option<String>,
    pub(super) names_update_keys: bool,
    pub(super) names_next_key_hashes: bool,
}

/// Reads the parameters of an entry, over those of the entry before it.
///
/// "Some early did:webvh implementations used the JSON null value to indicate the deactivation of parameters such as
/// watchers, witness, updateKeys, nextKeyHashes, and ttl. [..] resolver implementations SHOULD gracefully accept null
/// and immediately convert the value to their equivalent default value". Only these five.
pub(super) fn read(map: &Map, previous: Option<&Parameters>) -> Result<Stated, EntryError> {
    let mut stated = Stated {
        parameters: previous.cloned().unwrap_or_else(Parameters::at_first),
        scid: None,
        names_update_keys: map.contains_key("updateKeys"),
        names_next_key_hashes: map.contains_key("nextKeyHashes"),
    };
    let parameters = &mut stated.parameters;
    for (name, value) in map {
        match name.as_str() {
            // "Resolvers MUST reject any method value that is not exactly one of the acceptable values".
            "method" if value == METHOD => {}
            "method" => return Err(EntryError::Method),
            "scid" if previous.is_some() => return Err(EntryError::ScidAgain),
            "scid" => {
                let expected = "a base58btc SHA-256 multihash";
                let text = value.as_str().filter(|text| entry::is_hash(text));
                stated.scid = Some(text.ok_or(EntryError::Parameter { parameter: "scid", expected })?.to_owned());
            }
            // "A later entry that sets portable: true MUST be rejected by resolvers, regardless of historical state."
            "portable" if previous.is_some() && value == true => return Err(EntryError::PortableLate),
            _ => parameters.set(name, value)?,
        }
    }
    if previous.is_none() {
        for (parameter, expected) in
            [("method", METHOD), ("scid", "the hash of this entry"), ("updateKeys", "a list of keys")]
        {
            if !map.contains_key(parameter) {
                return Err(EntryError::Parameter { parameter, expected });
            }
        }
    }
    Ok(stated)
}

/// Reads parameters that are all in force, as a checkpoint holds them.
pub(super) fn read_in_force(map: &Map) -> Result<Parameters, EntryError> {
    let mut parameters = Parameters::at_first();
    map.iter().try_for_each(|(name, value)| parameters.set(name, value))?;
    Ok(parameters)
}

fn truth(value: &Value, parameter: &'static str) -> Result<bool, EntryError> {
    value.as_bool().ok_or(EntryError::Parameter { parameter, expected: "true or false" })
}

/// An integer that is not negative, however it is written: canonical JSON writes `2.0` as `2`.
fn integer(value: &Value) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value.as_u64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..EXACT).contains(number))?;
        Some(number as u64)
    })
}

/// A list of different texts; `null` is an empty one.
fn texts(value: &Value, parameter: &'static str, limit: usize, characters: usize) -> Result<Vec<String>, EntryError> {
    let expected = "a list of different texts of the usual length";
    let wrong = || EntryError::Parameter { parameter, expected };
    let items = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(items) if items.len() <= limit => items,
        Value::Array(_) => return Err(EntryError::TooMany { parameter, limit }),
        _ => return Err(wrong()),
    };
    let text = |item: &Value| item.as_str().filter(|text| text.len() <= characters).map(str::to_owned);
    let texts: Vec<String> = items.iter().map(text).collect::<Option<_>>().ok_or_else(wrong)?;
    let distinct: HashSet<&str> = texts.iter().map(String::as_str).collect();
    if distinct.len() == texts.len() { Ok(texts) } else { Err(wrong()) }
}

/// A key of a type that this library does not have may stand there; it signs nothing that this version accepts.
fn decode(multikey: &str) -> Result<Option<PublicKey>, EntryError> {
    match PublicKey::from_multikey(multikey) {
        Ok(key) => Ok(Some(key)),
        Err(KeyError::UnsupportedType) => Ok(None),
        Err(error) => Err(EntryError::UpdateKey(error)),
    }
}

/// "resolvers MUST NOT silently coerce a malformed witness to 'no witnesses'": only `{}`, and `null` for it, is none.
fn witnesses(value: &Value) -> Result<Option<Witnesses>, EntryError> {
    let wrong = EntryError::Parameter { parameter: "witness", expected: "a threshold and a list of witnesses" };
    let map = match value {
        Value::Null => return Ok(None),
        Value::Object(map) if map.is_empty() => return Ok(None),
        Value::Object(map) => map,
        _ => return Err(wrong),
    };
    let Some(Value::Array(items)) = map.get("witnesses") else { return Err(wrong) };
    if map.keys().any(|name| !matches!(name.as_str(), "threshold" | "witnesses")) {
        return Err(wrong);
    }
    if items.len() > limits::WITNESSES {
        return Err(EntryError::TooMany { parameter: "witness", limit: limits::WITNESSES });
    }
    let mut ids: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        // A weight, as older versions had it, would change what the threshold means.
        let id = match item {
            Value::Object(witness) if witness.len() == 1 => witness.get("id").and_then(Value::as_str),
            _ => None,
        };
        let id = id.ok_or_else(|| wrong.clone())?;
        // "A witness id whose body decodes to a key of any other type MUST be rejected at parameter-validation time".
        if !key::public_key(id).is_ok_and(|key| key.key_type() == KeyType::Ed25519) {
            return Err(EntryError::WitnessId);
        }
        if ids.iter().any(|known| known == id) {
            return Err(EntryError::DuplicateWitness);
        }
        ids.push(id.to_owned());
    }
    // "The threshold MUST be between 1 and the number of distinct witnesses[].id values, inclusive."
    let threshold = map.get("threshold").and_then(integer).and_then(|threshold| usize::try_from(threshold).ok());
    match threshold {
        Some(threshold) if (1..=ids.len()).contains(&threshold) => Ok(Some(Witnesses { threshold, ids })),
        _ => Err(EntryError::Threshold { witnesses: ids.len() }),
    }
}
