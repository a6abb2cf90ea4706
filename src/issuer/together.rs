//! Several who sign one document, such as an organisation and the officer who vouches for it.
//!
//! Each has a proof of its own. Whoever checks the document goes by the issuer's; so that the others' count, that builds
//! on them: it signs them with the document, and fails if one of them is taken away or does not hold.

use serde_json::Value;

use super::issue::{IssueError, Issuer};
use crate::credential::Credential;
use crate::encoding::json;
use crate::securing::Format;
use crate::securing::data_integrity::{self, ProofOptions, Suite};
use crate::time::Timestamp;

/// What a further proof says of itself.
#[derive(Debug, Clone, Copy)]
pub struct FurtherProof<'a> {
    /// When it is made.
    pub created: Timestamp,
    /// A URL by which later proofs can name it, such as a fresh `urn:uuid`.
    pub id: Option<&'a str>,
    /// The ids of the proofs that it builds on; none for one that stands on its own.
    pub previous: &'a [&'a str],
}

impl Issuer<'_> {
    /// Signs a draft after others have: each of them for itself, then this issuer, whose proof builds on all of theirs.
    /// They sign in the format's way with the suite of their own keys.
    ///
    /// # Errors
    /// [`IssueError::OneProof`] for a format that has no proofs; else those of [`secure`](Self::secure).
    pub fn secure_with(
        &self,
        credential: &Credential,
        format: Format,
        others: &[&Issuer<'_>],
    ) -> Result<String, IssueError> {
        let suite = format.suite().filter(|_| !format.can_hide()).ok_or(IssueError::OneProof)?;
        let mut document = self.document(credential, format)?;
        let created = Some(credential.valid_from().midnight());
        let mut ids = credential.salt().of_proofs();
        let mut previous = Vec::with_capacity(others.len());
        for other in others {
            other.named()?;
            let id = ids();
            let options = ProofOptions { created, id: Some(&id), ..other.proof_options() };
            let suite = Suite::of_key(other.key_type(), suite.transformation());
            document = data_integrity::sign(document, suite, &options, self.contexts, other.signer)?;
            previous.push(id);
        }
        let previous: Vec<&str> = previous.iter().map(String::as_str).collect();
        let options = ProofOptions { created, previous: &previous, ..self.proof_options() };
        let signed = data_integrity::sign(document, suite, &options, self.contexts, self.signer)?;
        Ok(Value::Object(signed).to_string())
    }

    /// Adds this party's proof to a document that has one or several. Whether those hold is not asked.
    ///
    /// # Errors
    /// [`IssueError::OneProof`] for a format that has no proofs, [`IssueError::MethodNeeded`] for somebody who is known by a
    /// certificate, [`IssueError::NoDocument`] for what is no document, [`IssueError::Signing`].
    pub fn add_proof(&self, secured: &str, format: Format, further: &FurtherProof<'_>) -> Result<String, IssueError> {
        let suite = format.suite().filter(|_| !format.can_hide()).ok_or(IssueError::OneProof)?;
        self.named()?;
        let document = json::parse_object(secured.as_bytes()).map_err(IssueError::NoDocument)?;
        let FurtherProof { created, id, previous } = *further;
        let options = ProofOptions { created: Some(created), id, previous, ..self.proof_options() };
        let signed = data_integrity::sign(document, suite, &options, self.contexts, self.signer)?;
        Ok(Value::Object(signed).to_string())
    }

    /// A proof names a verification method, which whoever is known by a certificate has not.
    fn named(&self) -> Result<(), IssueError> {
        if self.method().is_empty() { Err(IssueError::MethodNeeded { did: self.id().to_owned() }) } else { Ok(()) }
    }
}
