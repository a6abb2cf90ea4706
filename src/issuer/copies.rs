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

use super::issue::{IssueError, Issuer, text_of};
use crate::credential::{Credential, Holder, Salt};
use crate::encoding::base64url;
use crate::encoding::json::{self, Map};
use crate::jsonld::Contexts;
use crate::keys::{KeyType, PublicKey};
use crate::limits;
use crate::securing::cose::Sign1;
use crate::securing::data_integrity::Signed;
use crate::securing::{Format, Secured, Shape, sniff};
use crate::time::Date;

/// Whom one copy is for, and what makes it unlike the others.
#[derive(Debug, Clone)]
pub struct CopyFor {
    /// The key that this copy alone is bound to.
    pub holder: Holder,
    /// Fresh random bits.
    pub salt: Salt,
    /// Its own slots in status lists, each an entry as the format has it.
    pub status: Vec<Map>,
}

/// The copies, and the record by which all of them are revoked.
pub struct Copies {
    /// Each copy as it is handed over, in the order in which they were asked for.
    pub credentials: Vec<String>,
    /// What the issuer keeps.
    pub record: Record,
}

/// What an issuer's register keeps of one guarantee: which copies belong together. It says nothing of the person but
/// which keys the copies were issued to. See [`Register`](super::Register).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Record {
    /// The one name of all the copies; 128 random bits in base64url. Only the issuer knows it.
    pub reference: String,
    /// The number by which the issuer itself knows it, such as `2026-0412`. It may have been issued more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_reference: Option<String>,
    /// The day on which they were issued.
    pub issued: Date,
    /// The verification method that signed them; empty for an issuer that is known by a certificate.
    pub signed_by: String,
    /// The copies.
    pub copies: Vec<RecordedCopy>,
}

/// What the register keeps of one copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedCopy {
    /// SHA-256 of the bytes that were signed, in base64url: of a token its signing input, of a COSE message
    /// the Sig_structure, of a document with a proof the hash data that the suite signs. A compromise notice lists these to keep what it does not denounce.
    pub digest: String,
    /// Whom it was issued to: a key's thumbprint (RFC 7638), or a DID that is no key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Its slots, as they stand in the copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<Map>,
}

impl Record {
    /// The slots of all copies: what is set in the status lists to revoke them together.
    pub fn slots(&self) -> impl Iterator<Item = &Map> {
        self.copies.iter().flat_map(|copy| &copy.status)
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
            let copy = draft.clone().salted(recipient.salt).holder(recipient.holder.clone());
            let copy = recipient.status.iter().cloned().fold(copy, Credential::status);
            let secured = self.sign(&copy, format)?;
            copies.push(self.recorded(&secured, Some(&recipient.holder), &recipient.status));
            credentials.push(text_of(secured));
        }
        Ok(Copies { credentials, record: self.record(draft, reference, copies) })
    }

    /// Signs a draft as it is, and says what the register keeps of it: one copy, with the draft's own holder and slots.
    ///
    /// # Errors
    /// Those of [`secure`](Self::secure).
    pub fn secure_recorded(
        &self,
        draft: &Credential,
        reference: [u8; 16],
        format: Format,
    ) -> Result<(String, Record), IssueError> {
        let secured = self.sign(draft, format)?;
        let copy = self.recorded(&secured, draft.issued_to(), draft.statuses());
        let record = self.record(draft, reference, vec![copy]);
        Ok((text_of(secured), record))
    }

    fn recorded(&self, secured: &Secured, holder: Option<&Holder>, status: &[Map]) -> RecordedCopy {
        let digest = digest_of(secured.as_bytes(), self.key_type(), self.contexts);
        RecordedCopy { digest, holder: holder.map(name_of), status: status.to_vec() }
    }

    fn record(&self, draft: &Credential, reference: [u8; 16], copies: Vec<RecordedCopy>) -> Record {
        let reference = base64url::encode(reference);
        let own_reference = draft.own_reference().map(str::to_owned);
        Record { reference, own_reference, issued: draft.valid_from(), signed_by: self.method().to_owned(), copies }
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
    if !draft.statuses().is_empty() {
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
        if !recipient.status.iter().all(|entry| slots.insert(Value::Object(entry.clone()).to_string())) {
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

/// Of what was signed: a token without its signature and disclosures, a COSE message's Sig_structure, or the hash data of
/// a document's proof.
fn digest_of(secured: &[u8], key_type: KeyType, contexts: &dyn Contexts) -> String {
    let digest = match sniff(secured) {
        Ok(Shape::CompactJws(token) | Shape::SdJwt(token)) => {
            let jws = token.split('~').next().unwrap_or(token);
            Sha256::digest(jws.rsplit_once('.').map_or(jws, |(signing_input, _)| signing_input))
        }
        Ok(Shape::Cose(message)) => match Sign1::parse(message) {
            Ok(message) => Sha256::digest(message.signed_bytes()),
            Err(_) => Sha256::digest(secured),
        },
        _ => {
            let signed = json::parse_object(secured).ok().and_then(|document| Signed::read(document).ok());
            match signed.and_then(|signed| signed.signed_bytes(key_type, contexts).ok()) {
                Some(data) => Sha256::digest(data.as_bytes()),
                // What this library signs is a token or has one proof.
                None => Sha256::digest(secured),
            }
        }
    };
    base64url::encode(digest)
}
