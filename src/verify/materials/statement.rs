//! Signed statements among the materials: status lists and compromise notices. Each is read when it is added; whether it
//! is genuine depends on its signer's keys, and is asked when it is used.

use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::{Material, MaterialError, Source};
use crate::jsonld::Embedded;
use crate::keys::PublicKey;
use crate::securing::jose::is_media_type;
use crate::securing::{Shape, sniff};
use crate::status::{List, token};
use crate::time::Timestamp;
use crate::trust::certificate::{CertificateError, Chain};
use crate::trust::notice::{self, CompromiseNotices};
use crate::verify::checks::Role;
use crate::verify::checks::envelope::{self, Envelope};

/// Something that somebody signed, with what it says.
#[derive(Clone)]
pub(crate) struct Statement<T> {
    signed: Arc<[u8]>,
    /// The address from which it is said to come.
    pub(crate) url: String,
    /// Who says that they signed it, where it says so.
    pub(crate) author: Option<String>,
    /// The key that it names.
    pub(crate) key_reference: Option<String>,
    /// The certificates that it carries instead.
    pub(crate) chain: Option<Result<Chain, CertificateError>>,
    pub(crate) content: Arc<T>,
    /// By its own word; without that when it was obtained.
    pub(crate) signed_at: Timestamp,
    pub(crate) obtained: Timestamp,
    pub(crate) source: Source,
    /// The key that was tried last on the signature, and whether it fits. So a list that many credentials share is
    /// checked once.
    tried: OnceLock<(PublicKey, bool)>,
}

impl Statement<List> {
    /// A status list: a credential in any format, or a status list token.
    pub(super) fn status_list(material: &Material) -> Result<Self, MaterialError> {
        let envelope = open(&material.bytes)?;
        let url = material.resource.url();
        let is_token = envelope.media_type().is_some_and(|it| is_media_type(it, token::MEDIA_TYPE));
        let list = if is_token {
            List::from_token_claims(envelope.document(), url)?
        } else {
            if !matches!(envelope, Envelope::DataIntegrity(_)) && !is_labelled_as_credential(&envelope) {
                return Err(MaterialError::Member { member: "typ" });
            }
            List::from_bitstring_credential(envelope.document(), url)?
        };
        // One that does not say where it belongs could be another list of the same issuer: then it counts only where it
        // was fetched from.
        if !list.is_named() && material.source != Source::Fetched {
            return Err(MaterialError::Member { member: "id" });
        }
        let (author, signed_at) = (list.issuer().map(str::to_owned), list.signed_at());
        Ok(Self::of(material, &envelope, author, signed_at, list))
    }
}

impl Statement<CompromiseNotices> {
    /// Compromise notices: a token, or JSON with a Data Integrity proof.
    pub(super) fn notices(material: &Material) -> Result<Self, MaterialError> {
        let envelope = open(&material.bytes)?;
        let is_labelled = envelope.media_type().is_some_and(|it| is_media_type(it, notice::MEDIA_TYPE));
        if !matches!(envelope, Envelope::DataIntegrity(_)) && !is_labelled {
            return Err(MaterialError::Member { member: "typ" });
        }
        let notices = CompromiseNotices::read(envelope.document())?;
        let signed_at = notices.issued();
        // Not every author is the issuer that they are about: it is whoever controls the key.
        Ok(Self::of(material, &envelope, None, Some(signed_at), notices))
    }
}

impl<T> Statement<T> {
    fn of(
        material: &Material,
        envelope: &Envelope<'_>,
        author: Option<String>,
        signed_at: Option<Timestamp>,
        content: T,
    ) -> Self {
        Self {
            signed: trimmed(&material.bytes).into(),
            url: material.resource.url().to_owned(),
            author,
            key_reference: envelope.key_reference().map(str::to_owned),
            chain: envelope.carried_certificates().map(Chain::from_x5c),
            content: Arc::new(content),
            signed_at: signed_at.unwrap_or(material.obtained),
            obtained: material.obtained,
            source: material.source.clone(),
            tried: OnceLock::new(),
        }
    }

    /// Whether this key made the signature, over exactly what was read.
    pub(crate) fn fits(&self, key: &PublicKey) -> bool {
        if let Some((tried, fits)) = self.tried.get()
            && tried == key
        {
            return *fits;
        }
        let fits = open(&self.signed).is_ok_and(|envelope| envelope::fits(&envelope, key));
        // Another thread may have been first, with this key or another.
        let _ = self.tried.set((key.clone(), fits));
        fits
    }

    /// SHA-256 of the bytes that this key signed.
    pub(crate) fn digest(&self, key: &PublicKey) -> Option<[u8; 32]> {
        envelope::signed_digest(&open(&self.signed).ok()?, key)
    }

    /// SHA-256 of the whole, by which two are told apart.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.signed).into()
    }
}

fn open(bytes: &[u8]) -> Result<Envelope<'_>, MaterialError> {
    let envelope = envelope::parse(trimmed(bytes), &Embedded)
        .map_err(|finding| MaterialError::Envelope(finding.detail.map(String::from).unwrap_or_default()))?;
    match &envelope {
        Envelope::Unsigned(..) => Err(MaterialError::Unsigned),
        // A list is its issuer's word alone.
        Envelope::DataIntegrity(proven) if proven.signed.count() > 1 || !proven.proof().previous.is_empty() => {
            Err(MaterialError::Member { member: "proof" })
        }
        Envelope::DataIntegrity(proven) if proven.proof().purpose != "assertionMethod" => {
            Err(MaterialError::Member { member: "proof.proofPurpose" })
        }
        _ if !envelope.is_whole() => Err(MaterialError::Unsigned),
        _ => Ok(envelope),
    }
}

/// Without the white space around text. In bytes nothing is white space.
fn trimmed(bytes: &[u8]) -> &[u8] {
    if matches!(sniff(bytes), Ok(Shape::Cose(_))) { bytes } else { bytes.trim_ascii() }
}

fn is_labelled_as_credential(envelope: &Envelope<'_>) -> bool {
    envelope::media_type(envelope, Role::Credential).passed()
}
