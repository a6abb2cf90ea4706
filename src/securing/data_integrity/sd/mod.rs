//! `ecdsa-sd-2023` (VC-DI-ECDSA 1.0, sections 3.4 to 3.6): the issuer signs each statement of a document by itself, and
//! the holder chooses which ones a verifier sees.
//!
//! - The issuer makes a *base proof* ([`Prepared::sign`]). It is for the holder alone: everything can be read from it.
//! - The holder makes a *derived proof* from it ([`derive()`]), with what is mandatory and what was chosen. No key of the
//!   holder is needed, so whoever has a copy can show it on; a presentation around it binds it to one moment.
//! - The verifier [opens](Opened::read) that and [verifies](Opened::verify) it with the issuer's key.
//!
//! The issuer's key, P-256, signs the proof's options, what is mandatory, and a key that was drawn for this proof alone.
//! That key signed the other statements and was forgotten. Off-spec: section 3.6.7, read literally, would check the
//! issuer's signature with the key that stands in the proof, which anybody could have put there. Here the key in the
//! proof says nothing but which statements belong together.
//!
//! What a verifier cannot see is whether something is missing: the end, or a second subject, may have been left out as
//! long as it is not mandatory. The caller must ask [`mandatory`](Opened::mandatory).
//!
//! Copies of one credential can be linked: the signatures and labels are the same in each.

mod derive;
mod error;
mod issue;
mod select;
mod statements;
mod value;

pub use derive::{base_signed_bytes, derive, mandatory_pointers};
pub use error::SdError;
pub use issue::{Prepared, Secrets};
pub use select::{comes_along, hidden, separable};

use std::collections::HashSet;

use statements::{Statements, canonical, given_labels, grouped, proof_hash};
use value::DerivedProof;

use super::CanonicalError;
use crate::encoding::json::Map;
use crate::encoding::pointer::Pointer;
use crate::jsonld::{Contexts, to_dataset};
use crate::keys::{Algorithm, PublicKey};

/// The most places of a document of which [`Opened::mandatory`] tells at once.
pub const PLACES: usize = 8;

/// A document with a derived proof, read and not checked yet.
#[derive(Clone)]
pub struct Opened {
    proof: DerivedProof,
    /// What each blank node was called when it was signed, by its number.
    labels: Vec<[u8; 32]>,
    statements: Statements,
    is_mandatory: Vec<bool>,
    signed: [u8; 99],
}

impl Opened {
    /// Reads a document without `proof`, the options of its proof, and its `proofValue` (VC-DI-ECDSA 1.0, section
    /// 3.5.9).
    ///
    /// # Errors
    /// [`SdError`].
    pub fn read(document: &Map, options: &Map, value: &str, contexts: &dyn Contexts) -> Result<Self, SdError> {
        let proof = DerivedProof::read(value)?;
        let proof_hash = proof_hash(document, options, contexts)?;
        let dataset = to_dataset(document, contexts).map_err(CanonicalError::JsonLd)?;
        let labels = given_labels(&dataset, &canonical(&dataset)?, &proof.labels)?;
        let statements = Statements::of(&dataset, &labels);
        // Step 7: which of them are mandatory.
        let mut is_mandatory = vec![false; statements.len()];
        for index in &proof.mandatory {
            match usize::try_from(*index).ok().and_then(|index| is_mandatory.get_mut(index)) {
                Some(place) if !*place => *place = true,
                _ => return Err(SdError::Indexes),
            }
        }
        // Section 3.6.7, step 3.
        let expected = statements.len() - proof.mandatory.len();
        if proof.signatures.len() != expected {
            return Err(SdError::Count { found: proof.signatures.len(), expected });
        }
        // Step 8.
        let mandatory_hash = statements.mandatory_hash(|index, _| is_mandatory.get(index) == Some(&true));
        let signed = sign_data(&proof_hash, proof.key.as_bytes(), &mandatory_hash);
        Ok(Self { proof, labels, statements, is_mandatory, signed })
    }

    /// Of each of at most [`PLACES`] JSON pointers whether everything that is said there is shown because it must be, and
    /// not because its holder chose so. `document` is the one that was read.
    ///
    /// # Errors
    /// [`SdError::PointerUnknown`], [`SdError::Canonical`].
    pub fn mandatory(
        &self,
        document: &Map,
        pointers: &[&str],
        contexts: &dyn Contexts,
    ) -> Result<[bool; PLACES], SdError> {
        let pointers = select::parse(document, pointers)?;
        let selections: Vec<&[Pointer]> = pointers.chunks(1).take(PLACES).collect();
        let dataset = grouped(document, &selections, contexts)?;
        let known: HashSet<&str> = self.statements().filter(|(_, is)| *is).map(|(line, _)| line).collect();
        let selected = Statements::of(&dataset, &self.labels);
        let chosen = selected.iter().filter(|(line, _)| !known.contains(line)).fold(0, |all, (_, groups)| all | groups);
        Ok(std::array::from_fn(|place| place < selections.len() && chosen & (1 << place) == 0))
    }

    /// Each statement in canonical order, and whether it is mandatory.
    pub fn statements(&self) -> impl Iterator<Item = (&str, bool)> {
        self.statements.iter().zip(&self.is_mandatory).map(|((line, _), is_mandatory)| (line, *is_mandatory))
    }

    /// The bytes that the issuer signed: the hash of the proof's options, the key of the proof, and the hash of what is
    /// mandatory. They are the same for all that is derived from one base proof.
    pub fn signed_bytes(&self) -> &[u8; 99] {
        &self.signed
    }

    /// Checks the issuer's signature with the issuer's key, and then that of each statement.
    ///
    /// # Errors
    /// [`SdError::KeyType`], [`SdError::Signature`], [`SdError::Statement`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), SdError> {
        self.verify_issuer(key)?;
        self.verify_statements()
    }

    /// The issuer's signature alone.
    pub(super) fn verify_issuer(&self, key: &PublicKey) -> Result<(), SdError> {
        if Some(Algorithm::Es256) != key.key_type().algorithm() {
            return Err(SdError::KeyType);
        }
        // Section 3.6.7, step 7, with the key of the verification method (see above).
        Ok(key.verify(Algorithm::Es256, &self.signed, &self.proof.base_signature)?)
    }

    /// How many statements have a signature of their own.
    pub(super) fn signatures(&self) -> usize {
        self.proof.signatures.len()
    }

    /// The signature of each statement, which says nothing of who the issuer is.
    pub(super) fn verify_statements(&self) -> Result<(), SdError> {
        // Section 3.6.7, step 8.
        let open = self.statements().filter(|(_, is_mandatory)| !is_mandatory);
        for ((line, _), signature) in open.zip(&self.proof.signatures) {
            let verified = self.proof.key.key.verify(Algorithm::Es256, line.as_bytes(), signature);
            verified.map_err(|_| SdError::Statement)?;
        }
        Ok(())
    }
}

/// Whether a `proofValue` begins as a base proof does: then only its holder may have it.
pub fn is_base(value: &str) -> bool {
    // The header d95d00 in base64url.
    value.starts_with("u2V0A")
}

/// What the issuer signs (section 3.5.1).
fn sign_data(proof_hash: &[u8; 32], key: &[u8; 35], mandatory_hash: &[u8; 32]) -> [u8; 99] {
    let mut data = [0; 99];
    data[..32].copy_from_slice(proof_hash);
    data[32..67].copy_from_slice(key);
    data[67..].copy_from_slice(mandatory_hash);
    data
}

#[cfg(test)]
mod tests;
