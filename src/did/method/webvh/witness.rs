//! Witnesses: `did-witness.json`, and who agreed to which entry (did:webvh 1.0, "DID Witnesses").

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::entry;
use super::parameters::Witnesses;
use crate::encoding::json::{self, JsonError, Value};
use crate::error::Explain;
use crate::keys::PublicKey;
use crate::limits;
use crate::securing::data_integrity::Proof;
use crate::threshold;
use crate::time::Timestamp;

/// Why the witnesses of a log cannot be counted, or are too few.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WitnessError {
    /// The log has witnesses, and their proofs are not at hand.
    #[error("the log has witnesses, and the file with their proofs is missing")]
    Missing,
    /// More bytes than [`limits::WITNESS_FILE_BYTES`].
    #[error("a file of witness proofs of {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// More proofs than [`limits::WITNESS_PROOFS`].
    #[error("a file of more than {limit} witness proofs")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// Not strict JSON.
    #[error("the file of witness proofs is not readable: {0}")]
    Json(#[from] JsonError),
    /// Not a list of objects with `versionId` and `proof`.
    #[error("the file of witness proofs is no list of objects with versionId and proof")]
    Form,
    /// Too few of the witnesses agreed to an entry.
    #[error("{found} of the {needed} witnesses that entry {number} of the log needs have agreed to it")]
    TooFew {
        /// The entry.
        number: u32,
        /// How many must agree.
        needed: usize,
        /// How many did.
        found: usize,
    },
}

impl Explain for WitnessError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "webvh.witness-missing",
            Self::TooLarge { .. } => "webvh.witness-too-large",
            Self::TooMany { .. } => "webvh.witness-too-many",
            Self::Json(error) => error.code(),
            Self::Form => "webvh.witness-form",
            Self::TooFew { .. } => "webvh.witness-too-few",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Missing => "Load did-witness.json too, from beside the log.",
            Self::TooLarge { .. } | Self::TooMany { .. } => {
                "Ask the DID's owner to keep only the newest proof of each witness in the file."
            }
            Self::Json(_) | Self::Form => "Load did-witness.json again, whole and unchanged.",
            Self::TooFew { .. } => "Do not rely on the DID until enough of its witnesses have agreed.",
        }
    }
}

/// The last entry that must be witnessed by these witnesses: who agrees to it agrees to all before it.
pub(super) struct Required {
    pub(super) number: u32,
    pub(super) witnesses: Arc<Witnesses>,
}

/// The file with each witness's newest proof that holds, as its publisher should keep it: "The DID Controller SHOULD
/// remove all older proofs for published DID Log entries, keeping only the latest proof for each witness."
pub(super) fn pruned(
    bytes: &[u8],
    number_of: impl Fn(&str) -> Option<u32>,
    now: Timestamp,
) -> Result<Vec<Value>, WitnessError> {
    let file = read(bytes, number_of)?;
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for entry in &file {
        let mut proofs = Vec::new();
        for proof in &entry.proofs {
            if let Some(id) = approval(entry, proof, now)
                && seen.insert(id)
            {
                proofs.push(Value::Object(proof.to_json()));
            }
        }
        if !proofs.is_empty() {
            kept.push(json!({ "versionId": entry.version_id, "proof": proofs }));
        }
    }
    kept.reverse();
    Ok(kept)
}

/// Who agrees to the entry by this proof. One that is of another kind, or that does not hold, is no evidence, and no
/// error either: "a resolver MAY ignore any proofs that fail verification".
fn approval<'p>(entry: &FileEntry, proof: &'p Proof, now: Timestamp) -> Option<&'p str> {
    let multikey = entry::signing_key(proof, now).ok()?;
    let (id, _) = proof.verification_method.split_once('#')?;
    // "Resolvers MUST NOT dereference the witness DID for a key": the key is what the DID says.
    let key = PublicKey::from_multikey(multikey).ok()?;
    proof.verify_digest(&key, &entry.digest).is_ok().then_some(id)
}

/// The newest entry that each witness has signed for: "A valid proof from a witness carries the implication that ALL
/// prior DID Log entries are also approved by that witness."
///
/// `number_of` gives the number of the entry with a `versionId`, if the log has it: "Non-matching entries, including
/// those for future entries, MUST be discarded and MUST NOT be treated as evidence of witnessing for any other entry."
/// Of each witness the newest proof is looked at first, and older ones only if that does not hold.
fn approvals<'f>(file: &'f [FileEntry], known: &HashSet<&str>, now: Timestamp) -> HashMap<&'f str, u32> {
    let mut newest = HashMap::new();
    for entry in file {
        for proof in &entry.proofs {
            let Some((id, _)) = proof.verification_method.split_once('#') else { continue };
            if known.contains(id) && !newest.contains_key(id) && approval(entry, proof, now).is_some() {
                newest.insert(id, entry.number);
            }
        }
    }
    newest
}

struct FileEntry {
    number: u32,
    version_id: String,
    digest: [u8; 32],
    proofs: Vec<Proof>,
}

/// Reads the file; entries that are not in the log are left out, the newest stands first.
fn read(bytes: &[u8], number_of: impl Fn(&str) -> Option<u32>) -> Result<Vec<FileEntry>, WitnessError> {
    if bytes.len() > limits::WITNESS_FILE_BYTES {
        return Err(WitnessError::TooLarge { bytes: bytes.len(), limit: limits::WITNESS_FILE_BYTES });
    }
    let Value::Array(items) = json::parse(bytes)? else { return Err(WitnessError::Form) };
    let mut entries = Vec::new();
    let mut count = 0;
    for item in items {
        let Value::Object(mut item) = item else { return Err(WitnessError::Form) };
        let Some(Value::String(version_id)) = item.remove("versionId") else { return Err(WitnessError::Form) };
        let proofs = match item.remove("proof") {
            Some(Value::Array(proofs)) => proofs,
            Some(proof @ Value::Object(_)) => vec![proof],
            // "array entries without proofs [..] SHOULD be removed"
            None => continue,
            Some(_) => return Err(WitnessError::Form),
        };
        count += proofs.len();
        if count > limits::WITNESS_PROOFS {
            return Err(WitnessError::TooMany { limit: limits::WITNESS_PROOFS });
        }
        let Some(number) = number_of(&version_id) else { continue };
        let proofs = proofs.into_iter().filter_map(|proof| match proof {
            Value::Object(proof) => Proof::parse(proof).ok(),
            _ => None,
        });
        let digest = statement(&version_id);
        entries.push(FileEntry { number, version_id, digest, proofs: proofs.collect() });
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));
    Ok(entries)
}

/// The digest of what a witness signs: `{"versionId":..}`. A `versionId` that the log has needs no escape.
fn statement(version_id: &str) -> [u8; 32] {
    Sha256::digest(format!("{{\"versionId\":\"{version_id}\"}}")).into()
}

/// Checks that every entry which must be witnessed is, by enough different witnesses, in proofs for it or for a later
/// entry of the log.
pub(super) fn verify(
    required: &[Required],
    file: Option<&[u8]>,
    number_of: impl Fn(&str) -> Option<u32>,
    now: Timestamp,
) -> Result<(), WitnessError> {
    if required.is_empty() {
        return Ok(());
    }
    let file = read(file.ok_or(WitnessError::Missing)?, number_of)?;
    let known: HashSet<&str> =
        required.iter().flat_map(|required| &required.witnesses.ids).map(String::as_str).collect();
    let newest = approvals(&file, &known, now);
    for Required { number, witnesses } in required {
        let agreed = || {
            let agreed = |id: &&String| newest.get(id.as_str()).is_some_and(|newest| newest >= number);
            witnesses.ids.iter().filter(agreed)
        };
        if !threshold::is_reached(witnesses.threshold, agreed()) {
            let (needed, found) = (witnesses.threshold, agreed().count());
            return Err(WitnessError::TooFew { number: *number, needed, found });
        }
    }
    Ok(())
}
