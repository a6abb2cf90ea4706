//! Under which name a DID's document holds somebody's own key.

use std::path::Path;

use attesta::did::method::webvh::Log;
use attesta::did::{DidUrl, Document, Relationship, VerificationMethod};
use attesta::keys::PublicKey;
use attesta::limits;
use attesta::time::Timestamp;

use super::folder::did_of;
use crate::files;
use crate::output::Misuse;

/// The DID URL of the verification method that holds the key and may issue, in the newest version of the log
/// (`did.jsonl`) or in the document (`did.json`) that the file holds. `issuer` is the DID, or the DID URL, that was
/// asked for; if none was, the file says it.
pub(crate) fn of_issuer(path: &Path, issuer: Option<&str>, key: &PublicKey) -> Result<String, Misuse> {
    let name = files::name_of(path);
    let asked = match issuer {
        Some(text) => {
            Some(DidUrl::parse(text).map_err(|error| Misuse::about(format_args!("--issuer {text}"), &error))?)
        }
        None => None,
    };
    let now = files::now()?;
    let document = published(path, now)?.document;
    if let Some(asked) = asked.as_ref().filter(|asked| asked.did().as_str() != document.id()) {
        return Err(Misuse::new(
            format_args!("{} is not what {name} is about: that is {}", asked.did().as_str(), document.id()),
            "Leave --issuer out, or give the DID of the file. A DID that has moved issues by its new name.",
        ));
    }
    let is_in_force =
        |method: &&VerificationMethod| method.revoked.is_none() && method.expires.is_none_or(|expires| expires > now);
    let method = match asked.as_ref().filter(|asked| asked.fragment().is_some()) {
        Some(url) => document.verification_method(url.as_str()).filter(|method| {
            method.key.as_ref().is_ok_and(|known| known == key) && method.serves(Relationship::AssertionMethod)
        }),
        None => document.method_of_key(key, Relationship::AssertionMethod),
    };
    method.filter(is_in_force).map(|method| method.id.clone()).ok_or_else(|| {
        Misuse::new(
            format_args!("this key may not issue in the name of {}: {name} does not list it for that", document.id()),
            "Sign with the key that it lists, or add this one: attesta did update --add-key KEY",
        )
    })
}

/// What a file says of a DID.
pub(super) struct Published {
    /// The document that is in force.
    pub(super) document: Document,
    /// Its history, if it has one.
    pub(super) log: Option<Log>,
}

impl Published {
    /// Every DID that it has been.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.log.iter().flat_map(Log::names).map(String::as_str)
    }

    /// The URLs by which it has, or had, this key, the newest last, under the name that it has now.
    pub(super) fn names_of(&self, key: &PublicKey) -> Vec<String> {
        let is_it = |method: &&VerificationMethod| method.key.as_ref().is_ok_and(|known| known == key);
        let renamed = |method: &VerificationMethod| match method.id.split_once('#') {
            Some((_, name)) => format!("{}#{name}", self.document.id()),
            None => method.id.clone(),
        };
        self.methods().filter(is_it).map(renamed).collect()
    }

    /// Every key that it has or had for issuing.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        let issuing = self.methods().filter(|method| method.serves(Relationship::AssertionMethod));
        issuing.filter_map(|method| method.key.as_ref().ok())
    }

    fn methods(&self) -> impl Iterator<Item = &VerificationMethod> {
        let past = self.log.iter().flat_map(Log::keys).map(|period| &period.method);
        past.chain(self.document.verification_methods().iter().filter(|_| self.log.is_none()))
    }
}

/// What is published of a DID, by its `did.jsonl` or `did.json`.
pub(super) fn published(path: &Path, now: Timestamp) -> Result<Published, Misuse> {
    let name = files::name_of(path);
    let bytes = files::read_up_to(path, limits::LOG_BYTES)?;
    if !is_log(&bytes) {
        let document = Document::parse(&bytes).map_err(|error| Misuse::about(&name, &error))?;
        return Ok(Published { document, log: None });
    }
    let newest = did_of(&String::from_utf8_lossy(&bytes), &name)?;
    let beside = path.with_file_name("did-witness.json");
    let witnesses = match beside.exists() {
        true => Some(files::read_up_to(&beside, limits::WITNESS_FILE_BYTES)?),
        false => None,
    };
    let log = Log::verify(&newest, &bytes, witnesses.as_deref(), now).map_err(|error| Misuse::about(&name, &error))?;
    let document = log.document().cloned().ok_or_else(|| {
        Misuse::new(
            format_args!("{} was ended, and can issue nothing any more", log.did()),
            "Issue in the name of another DID.",
        )
    })?;
    Ok(Published { document, log: Some(log) })
}

/// Whether the file holds the entries of a log rather than a document: each is one line and has a `versionId`.
fn is_log(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    attesta::encoding::json::parse_object(line).is_ok_and(|entry| entry.contains_key("versionId"))
}
