//! One entry of a log: its form, its hashes, its proofs (did:webvh 1.0, "The DID Log File", "SCID Generation and
//! Verification", "Entry Hash Generation and Verification").

use sha2::{Digest, Sha256};

use super::error::EntryError;
use crate::did::method::key;
use crate::encoding::json::{self, Map, Value};
use crate::encoding::{jcs, multibase, multihash};
use crate::keys::PublicKey;
use crate::limits;
use crate::securing::data_integrity::{Proof, Suite};
use crate::time::Timestamp;

/// What stands for the SCID while it is calculated.
pub(super) const PLACEHOLDER: &str = "{SCID}";

/// Characters of a base58btc SHA-256 multihash.
const HASH_CHARACTERS: usize = 46;

/// An entry whose form was checked, and nothing else.
pub(super) struct Entry {
    pub(super) version_id: String,
    pub(super) number: u32,
    pub(super) time: Timestamp,
    time_text: String,
    pub(super) parameters: Map,
    pub(super) state: Map,
    pub(super) proofs: Vec<Proof>,
    /// The canonical form up to the value of `versionId`, with the quote that opens it.
    canonical: Vec<u8>,
    /// That, hashed.
    hashed: Sha256,
}

impl Entry {
    /// Reads one line of a log.
    pub(super) fn read(line: &[u8]) -> Result<Self, EntryError> {
        if line.len() > limits::LOG_ENTRY_BYTES {
            return Err(EntryError::TooLarge { bytes: line.len(), limit: limits::LOG_ENTRY_BYTES });
        }
        if line.trim_ascii().is_empty() {
            return Err(EntryError::BlankLine);
        }
        Self::of(json::parse_object(line)?)
    }

    /// Reads an entry that strict JSON was already made of.
    pub(super) fn of(mut map: Map) -> Result<Self, EntryError> {
        const MEMBERS: [&str; 5] = ["versionId", "versionTime", "parameters", "state", "proof"];
        if map.keys().any(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(EntryError::UnknownMember);
        }
        let version_id = text(&mut map, "versionId", "a number, a dash and a hash")?;
        let number = number(&version_id)
            .ok_or(EntryError::Member { member: "versionId", expected: "a number, a dash and a hash" })?;
        let expected_time = "a moment in UTC, such as 2026-03-31T09:30:00Z";
        let time_text = text(&mut map, "versionTime", expected_time)?;
        // "values without a zone designator, or expressing a non-UTC zone, MUST be rejected."
        let time = Some(&time_text)
            .filter(|text| text.ends_with('Z') || text.ends_with("+00:00"))
            .and_then(|text| Timestamp::parse(text).ok())
            .ok_or(EntryError::Member { member: "versionTime", expected: expected_time })?;
        let parameters = object(&mut map, "parameters")?;
        let state = object(&mut map, "state")?;
        let proofs = proofs(map.remove("proof"))?;
        let mut canonical = b"{\"parameters\":".to_vec();
        canonical.append(&mut jcs::canonicalize(&parameters));
        canonical.extend_from_slice(b",\"state\":");
        canonical.append(&mut jcs::canonicalize(&state));
        canonical.extend_from_slice(b",\"versionId\":\"");
        let hashed = Sha256::new_with_prefix(&canonical);
        Ok(Self { version_id, number, time, time_text, parameters, state, proofs, canonical, hashed })
    }

    /// The hash that follows the number in `versionId`.
    pub(super) fn hash(&self) -> &str {
        self.version_id.split_once('-').map_or("", |(_, hash)| hash)
    }

    /// The SHA-256 of the canonical entry without its proof, with `version_id` in place of its own. Of all texts that
    /// come here none needs an escape: they were read as numbers, hashes and times.
    fn digest(&self, version_id: &str) -> [u8; 32] {
        let hashed = self.hashed.clone().chain_update(version_id).chain_update(b"\",\"versionTime\":\"");
        hashed.chain_update(&self.time_text).chain_update(b"\"}").finalize().into()
    }

    /// What [`hash`](Self::hash) must be after an entry with that `versionId`; after the SCID for the first entry.
    ///
    /// "Set the versionId in the entry object to be the versionId from the previous log entry. If this is the first
    /// entry in the log, set the value to <scid>".
    pub(super) fn hash_after(&self, predecessor: &str) -> String {
        encode_hash(self.digest(predecessor))
    }

    /// Checks the SCID of the first entry.
    ///
    /// "Replace the versionId property value with the literal "{SCID}". Treat the resulting log entry as a string and
    /// do a text replacement of the scid value [..] with the literal string {SCID}."
    pub(super) fn verify_scid(&self, scid: &str) -> Result<(), EntryError> {
        let text = std::str::from_utf8(&self.canonical).map_err(|_| EntryError::Scid)?;
        // "the literal string {SCID} cannot appear as a value anywhere in the first published DID Log entry": if it
        // could, one SCID would fit several entries.
        if text.contains(PLACEHOLDER) {
            return Err(EntryError::Placeholder);
        }
        let text = format!("{text}{PLACEHOLDER}\",\"versionTime\":\"{}\"}}", self.time_text);
        // Read again, because names of members are sorted by what stands in them after the replacement.
        let replaced = json::parse_object(text.replace(scid, PLACEHOLDER).as_bytes())?;
        if encode_hash(Sha256::digest(jcs::canonicalize(&replaced)).into()) == scid {
            Ok(())
        } else {
            Err(EntryError::Scid)
        }
    }

    /// Checks every proof, with keys that `authorize` knows by their Multikey text.
    pub(super) fn verify_proofs<'k>(
        &self,
        now: Timestamp,
        authorize: impl Fn(&str) -> Option<&'k PublicKey>,
    ) -> Result<(), EntryError> {
        let digest = self.digest(&self.version_id);
        for proof in &self.proofs {
            let multikey = signing_key(proof, now)?;
            let key = authorize(multikey).ok_or(EntryError::NotAuthorized)?;
            proof.verify_digest(key, &digest)?;
        }
        Ok(())
    }
}

/// The Multikey text of a proof's key, if the proof is of the one kind that this method has.
///
/// "an absent, mismatched, or non-conformant cryptosuite MUST cause the entry to be rejected"; and of a did:key:
/// "the multibase value in the method-specific identifier (the body of the DID) MUST equal the multibase value in any
/// fragment identifier".
pub(super) fn signing_key(proof: &Proof, now: Timestamp) -> Result<&str, EntryError> {
    if proof.suite() != Some(Suite::EddsaJcs2022) {
        return Err(EntryError::Cryptosuite);
    }
    if proof.purpose != "assertionMethod" {
        return Err(EntryError::Purpose);
    }
    if let Some(expires) = proof.expires.filter(|expires| *expires <= now) {
        return Err(EntryError::Expired { expires });
    }
    let (did, fragment) = proof.verification_method.split_once('#').ok_or(EntryError::VerificationMethod)?;
    match did.strip_prefix(key::PREFIX) {
        Some(body) if body == fragment => Ok(body),
        _ => Err(EntryError::VerificationMethod),
    }
}

/// A SHA-256 digest as a base58btc multihash, without a multibase prefix.
pub(super) fn encode_hash(digest: [u8; 32]) -> String {
    let mut text = multibase::encode_base58btc(multihash::of_sha2_256(digest));
    text.remove(0);
    text
}

/// Whether the text is a base58btc SHA-256 multihash.
pub(super) fn is_hash(text: &str) -> bool {
    text.len() == HASH_CHARACTERS
        && multibase::decode_base58btc(&format!("z{text}"), HASH_CHARACTERS + 1)
            .is_ok_and(|bytes| multihash::is_sha2_256(&bytes))
}

/// The version number of a `versionId`: decimal digits without a leading zero, one dash, and characters that a hash may
/// have.
pub(super) fn number(version_id: &str) -> Option<u32> {
    let (number, hash) = version_id.split_once('-')?;
    let is_number = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_hash = hash.len() == HASH_CHARACTERS && hash.bytes().all(|byte| byte.is_ascii_alphanumeric());
    number.parse().ok().filter(|_| is_number && is_hash)
}

fn text(map: &mut Map, member: &'static str, expected: &'static str) -> Result<String, EntryError> {
    match map.remove(member) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(EntryError::Member { member, expected }),
    }
}

fn object(map: &mut Map, member: &'static str) -> Result<Map, EntryError> {
    match map.remove(member) {
        Some(Value::Object(object)) => Ok(object),
        _ => Err(EntryError::Member { member, expected: "an object" }),
    }
}

/// The proofs: a list, or one alone, as the method's JSON Schema also allows. All of them must hold.
fn proofs(value: Option<Value>) -> Result<Vec<Proof>, EntryError> {
    let expected = EntryError::Member { member: "proof", expected: "a list of one to eight proofs" };
    let items = match value {
        Some(Value::Array(items)) if (1..=limits::PROOFS).contains(&items.len()) => items,
        Some(Value::Object(proof)) => vec![Value::Object(proof)],
        _ => return Err(expected),
    };
    let proof = |item| match item {
        Value::Object(proof) => Ok(Proof::parse(proof)?),
        _ => Err(expected.clone()),
    };
    items.into_iter().map(proof).collect()
}
