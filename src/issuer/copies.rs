//! Unlinkable copies: one guarantee, issued to a person many times over, so that two verifiers who put their records
//! together cannot tell that both were shown the same.
//!
//! Each copy has its own holder key, its own random bits (and with them its own id and salts) and its own status slot.
//! What all of them share, every credential of this issuer from that day shares too: the issuer, the type, the days.
//! docs/privacy.md says what still links.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::issue::{IssueError, Issuer};
use crate::credential::{Credential, Holder, Salt};
use crate::encoding::base64url;
use crate::encoding::json::Map;
use crate::keys::PublicKey;
use crate::limits;
use crate::securing::{Format, Shape, sniff};
use crate::time::Date;

/// Whom one copy is for, and what makes it unlike the others.
#[derive(Debug, Clone)]
pub struct CopyFor {
    /// The key that this copy alone is bound to.
    pub holder: Holder,
    /// Fresh random bits.
    pub salt: Salt,
    /// Its own slot in a status list.
    pub status: Option<Map>,
}

/// The copies, and the line of the issuer's register by which all of them are revoked.
pub struct Copies {
    /// Each copy as it is handed over, in the order in which they were asked for.
    pub credentials: Vec<String>,
    /// What the issuer keeps.
    pub record: Record,
}

/// One line of an issuer's register: which copies belong together. It says nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Record {
    /// The one name of all the copies; 128 random bits in base64url. Only the issuer knows it.
    pub reference: String,
    /// The day on which they were issued.
    pub issued: Date,
    /// The copies.
    pub copies: Vec<RecordedCopy>,
}

/// What the register keeps of one copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedCopy {
    /// SHA-256 of the bytes that were signed, in base64url.
    pub digest: String,
    /// Its slot, as it stands in the copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Map>,
}

impl Record {
    /// The slots of all copies: what is set in the status lists to revoke them together.
    pub fn slots(&self) -> impl Iterator<Item = &Map> {
        self.copies.iter().filter_map(|copy| copy.status.as_ref())
    }
}

impl Issuer<'_> {
    /// Signs one copy of the draft for each recipient. The draft itself names neither holder nor status.
    ///
    /// # Errors
    /// [`IssueError::Copies`] where two of them could be linked: a key, random bits or a slot that stands twice, or a
    /// draft that has a holder or a slot of its own, or is no kind's; else those of [`secure`](Self::secure).
    pub fn secure_copies(
        &self,
        draft: &Credential,
        recipients: &[CopyFor],
        reference: [u8; 16],
        format: Format,
    ) -> Result<Copies, IssueError> {
        check(draft, recipients)?;
        let mut credentials = Vec::with_capacity(recipients.len());
        let mut copies = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let mut copy = draft.clone().salted(recipient.salt).holder(recipient.holder.clone());
            if let Some(entry) = &recipient.status {
                copy = copy.status(entry.clone());
            }
            let secured = self.secure(&copy, format)?;
            copies.push(RecordedCopy { digest: digest_of(&secured), status: recipient.status.clone() });
            credentials.push(secured);
        }
        let record = Record { reference: base64url::encode(reference), issued: draft.valid_from(), copies };
        Ok(Copies { credentials, record })
    }
}

fn check(draft: &Credential, recipients: &[CopyFor]) -> Result<(), IssueError> {
    let refuse = |why| Err(IssueError::Copies(why));
    if recipients.is_empty() || recipients.len() > limits::COPIES {
        return refuse("between 1 and 1,000 copies can be issued at once");
    }
    if draft.issued_to().is_some() || !draft.is_of_kind() {
        return refuse("only claims of a kind, without a holder of their own, can be issued as copies");
    }
    if draft.has_status() {
        return refuse(
            "the claims have a slot in a status list already, by which anybody could tell copies that share it",
        );
    }
    let mut keys: HashSet<String> = HashSet::new();
    let mut slots: HashSet<String> = HashSet::new();
    let mut ids: HashSet<String> = HashSet::new();
    for recipient in recipients {
        if !keys.insert(name_of(&recipient.holder)) {
            return refuse("two copies are for the same key, by which anybody could tell that they belong together");
        }
        if !ids.insert(recipient.salt.urn()) {
            return refuse("two copies have the same random bits");
        }
        if let Some(entry) = &recipient.status
            && !slots.insert(Value::Object(entry.clone()).to_string())
        {
            return refuse("two copies have the same slot in a status list");
        }
    }
    Ok(())
}

/// The key itself where it is known, so that a key and its did:key are the same.
fn name_of(holder: &Holder) -> String {
    let of_key = |key: &PublicKey| key.thumbprint();
    match holder {
        Holder::Key(key) => of_key(key),
        Holder::Did(did) => match super::issue::only_key_of(did) {
            Some(key) => of_key(&key),
            None => did.clone(),
        },
    }
}

/// Of what was signed: a token without its signature and disclosures, or the whole document.
fn digest_of(secured: &str) -> String {
    let signed = match sniff(secured.as_bytes()) {
        Ok(Shape::CompactJws(token) | Shape::SdJwt(token)) => {
            let jws = token.split('~').next().unwrap_or(token);
            jws.rsplit_once('.').map_or(jws, |(signing_input, _)| signing_input)
        }
        _ => secured,
    };
    base64url::encode(Sha256::digest(signed))
}
