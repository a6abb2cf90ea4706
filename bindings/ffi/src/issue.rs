//! Issuing.

use std::sync::Arc;

use attesta::credential::kind;
use attesta::credential::{self, Credential, Salt};
use attesta::did::Did;
use attesta::encoding::json::{Map, parse_object};
use attesta::issuer::{self, Issuer};
use attesta::securing::Format;
use attesta::time::{Date, TimeError};
use serde_json::json;

use crate::claims::opaque_display;
use crate::identity::Named;
use crate::keys::read_jwk;
use crate::material::contexts;
use crate::signer::HostKey;
use crate::words::{Mirror, mirror};
use crate::{At, AttestaError, Claims, CredentialFormat, GivenContext, Identity, Signer, host};

/// Whom a credential is issued to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Holder {
    /// By a DID.
    Did {
        /// The DID.
        did: String,
    },
    /// By a public key alone.
    Key {
        /// The key as a public JWK.
        jwk: String,
    },
}

impl Holder {
    fn to_core(&self) -> Result<credential::Holder, AttestaError> {
        Ok(match self {
            Self::Did { did } => credential::Holder::Did(Did::parse(did)?.as_str().to_owned()),
            Self::Key { jwk } => credential::Holder::Key(read_jwk(jwk)?),
        })
    }
}

mirror! {
    /// A scheme of others under which a claim of ours can also be issued.
    Scheme of kind::Scheme {
        /// The certificate of residence of an EUDI pilot, for a proof of address.
        CertificateOfResidence,
        /// The verified skill of the same pilot, for a skill certification.
        VerifiedSkill,
    }
}

mirror! {
    /// What an attestation is by European law (Regulation (EU) 2024/1183).
    LegalCategory of kind::LegalCategory {
        /// Of a qualified trust service provider.
        Qualified,
        /// Of a public body, or on its behalf.
        PublicBody,
        /// Of anybody else, such as an NGO.
        NonQualified,
    }
}

mirror! {
    /// Which key a certificate is bound to.
    KeyBoundTo of kind::KeyBoundTo {
        /// The holder's key; nothing is said of other credentials.
        Holder,
        /// A key of the wallet that keeps the holder's European identity credential, as the issuer has checked.
        IdentityCredential,
    }
}

/// A scheme of others, in whose words and under whose type a credential is issued. Only as `dc+sd-jwt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SchemeTerms {
    /// The scheme.
    pub scheme: Scheme,
    /// What the attestation is by law.
    pub legal_category: LegalCategory,
    /// Which key it is bound to.
    pub bound_to: KeyBoundTo,
}

/// What a credential says beside its claims.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IssueOptions {
    /// Whom it is issued to. A proof of address must have a holder.
    #[uniffi(default)]
    pub holder: Option<Holder>,
    /// In whose name; that of the signer's did:key otherwise.
    #[uniffi(default)]
    pub issuer: Option<Identity>,
    /// How it is secured; a token (`vc+jwt`) otherwise.
    #[uniffi(default)]
    pub format: Option<CredentialFormat>,
    /// The first day on which it is valid, such as 2026-03-31; today by the system's clock (UTC) otherwise.
    #[uniffi(default)]
    pub valid_from: Option<String>,
    /// For how many days it is valid.
    #[uniffi(default = 90)]
    pub valid_days: u32,
    /// The `credentialStatus` entry, as JSON; for `dc+sd-jwt` the object under `status`.
    #[uniffi(default)]
    pub status_json: Option<String>,
    /// The scheme of others under which it is issued; the kind's own type and words otherwise.
    #[uniffi(default)]
    pub scheme: Option<SchemeTerms>,
    /// JSON pointers into the document to what is always shown, beside what every verifier needs. Only as `ecdsa-sd-2023`.
    #[uniffi(default)]
    pub mandatory: Vec<String>,
}

/// What a credential document is signed with, and what is added where the document itself says nothing.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DocumentOptions {
    /// Whom it is issued to.
    #[uniffi(default)]
    pub holder: Option<Holder>,
    /// In whose name; that of the signer's did:key otherwise.
    #[uniffi(default)]
    pub issuer: Option<Identity>,
    /// How it is secured; a token (`vc+jwt`) otherwise.
    #[uniffi(default)]
    pub format: Option<CredentialFormat>,
    /// JSON pointers into the document to what is always shown, beside what every verifier needs. Only as `ecdsa-sd-2023`.
    #[uniffi(default)]
    pub mandatory: Vec<String>,
    /// The contexts that the document names and the library does not have. What no context defines is not signed but refused.
    #[uniffi(default)]
    pub contexts: Vec<GivenContext>,
}

/// What another proof on a document says of itself.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProofOptions {
    /// The way of signing; the suite is then that of the signer's key.
    pub format: CredentialFormat,
    /// In whose name; that of the signer's did:key otherwise.
    #[uniffi(default)]
    pub signed_by: Option<Identity>,
    /// A URL by which later proofs can name this one, such as a fresh `urn:uuid`.
    #[uniffi(default)]
    pub id: Option<String>,
    /// The ids of the proofs that this one builds on: it signs them with the document, and fails where one of them is taken
    /// away or does not hold. None for a proof that stands on its own.
    #[uniffi(default)]
    pub previous: Vec<String>,
    /// The contexts that the document names and the library does not have.
    #[uniffi(default)]
    pub contexts: Vec<GivenContext>,
}

/// Whom one of several copies is for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CopyFor {
    /// The key that this copy alone is bound to.
    pub holder: Holder,
    /// Its own slot in a status list: the `credentialStatus` entry, as JSON; for `dc+sd-jwt` the object under `status`.
    #[uniffi(default)]
    pub status_json: Option<String>,
}

/// What all copies say beside the claims.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CopiesOptions {
    /// In whose name; that of the signer's did:key otherwise.
    #[uniffi(default)]
    pub issuer: Option<Identity>,
    /// How they are secured; as `dc+sd-jwt` otherwise.
    #[uniffi(default)]
    pub format: Option<CredentialFormat>,
    /// The first day on which they are valid, such as 2026-03-31; today by the system's clock (UTC) otherwise.
    #[uniffi(default)]
    pub valid_from: Option<String>,
    /// For how many days they are valid.
    #[uniffi(default = 90)]
    pub valid_days: u32,
}

/// Copies of one credential that nobody can link, and what the issuer remembers of them.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct Copies {
    /// Each copy as it is handed over, in the order in which they were asked for.
    pub credentials: Vec<String>,
    /// One line of the issuer's register, as JSON: by it all copies are revoked together. It says nothing of the
    /// person. Keep it before a copy is handed over.
    pub record_json: String,
}

opaque_display!(Copies);

/// Issues a credential of one of the three kinds: a compact token, or a JSON document.
///
/// # Errors
/// When the claims are not of their kind, an option has the wrong form, or the signer does not sign.
#[uniffi::export]
pub fn issue(claims: Claims, options: IssueOptions, signer: Arc<dyn Signer>) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let issuer = Named::read(options.issuer.as_ref())?.with(&key)?;
    let mut draft = draft(&claims, &issuer, options.valid_from.as_deref(), options.valid_days)?;
    if let Some(terms) = options.scheme {
        draft = draft.under(terms.scheme.to_core(), terms.legal_category.to_core(), terms.bound_to.to_core())?;
    }
    if let Some(entry) = status(options.status_json.as_deref())? {
        draft = draft.status(entry);
    }
    secure(draft, options.holder, options.format, &options.mandatory, &issuer)
}

/// Issues any credential of VC Data Model 2.0, given as JSON. Its own members stay; `id`, `issuer` and `validFrom`
/// (today) are added where they are absent.
///
/// # Errors
/// When the document breaks the data model, an option has the wrong form, or the signer does not sign.
#[uniffi::export]
pub fn issue_document(
    document_json: String,
    options: DocumentOptions,
    signer: Arc<dyn Signer>,
) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let contexts = contexts(&options.contexts)?;
    let issuer = Named::read(options.issuer.as_ref())?.with(&key)?.with_contexts(&contexts);
    let document = parse_object(document_json.as_bytes())?;
    let draft = Credential::of_document(document, issuer.id(), today()?, Salt::random()?)?;
    secure(draft, options.holder, options.format, &options.mandatory, &issuer)
}

/// Adds a proof to a document with a Data Integrity proof, or to one that has none yet: another party's, or the issuer's own
/// that builds on others'. Whether those that are there hold is not asked. The issuer's proof decides, with those that it
/// builds on; any other is reported and changes nothing.
///
/// # Errors
/// When the format has no place for another proof, the text is no document, it has too many proofs, `previous` names none
/// of them, or the signer does not sign.
#[uniffi::export]
pub fn add_proof(
    document_json: String,
    options: ProofOptions,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let contexts = contexts(&options.contexts)?;
    let party = Named::read(options.signed_by.as_ref())?.with(&key)?.with_contexts(&contexts);
    let previous: Vec<&str> = options.previous.iter().map(String::as_str).collect();
    let (created, id) = (at.to_core()?.time(), options.id.as_deref());
    let further = issuer::FurtherProof { created, id, previous: &previous };
    Ok(party.add_proof(&document_json, options.format.to_core(), &further)?)
}

/// Issues one credential many times over to one person, each copy to a key of its own, so that those who were shown
/// different copies cannot tell that they are the same.
///
/// # Errors
/// When two copies could be linked, as by a key or slot that stands twice; and as [`issue()`].
#[uniffi::export]
pub fn issue_copies(
    claims: Claims,
    copies: Vec<CopyFor>,
    options: CopiesOptions,
    signer: Arc<dyn Signer>,
) -> Result<Copies, AttestaError> {
    let key = HostKey::of(signer)?;
    let issuer = Named::read(options.issuer.as_ref())?.with(&key)?;
    let draft = draft(&claims, &issuer, options.valid_from.as_deref(), options.valid_days)?;
    let recipients = copies
        .iter()
        .map(|copy| {
            let (holder, status) = (copy.holder.to_core()?, status(copy.status_json.as_deref())?);
            Ok(issuer::CopyFor { holder, salt: Salt::random()?, status: status.into_iter().collect() })
        })
        .collect::<Result<Vec<_>, AttestaError>>()?;
    let format = options.format.map_or(Format::SdJwtVc, CredentialFormat::to_core);
    let issuer::Copies { credentials, record } = issuer.secure_copies(&draft, &recipients, host::random()?, format)?;
    Ok(Copies { credentials, record_json: json!(record).to_string() })
}

fn draft(claims: &Claims, issuer: &Issuer<'_>, from: Option<&str>, days: u32) -> Result<Credential, AttestaError> {
    let from = from.map_or_else(today, Date::parse)?;
    Ok(Credential::of(claims.to_core()?, issuer.id(), from, days, Salt::random()?)?)
}

fn status(entry_json: Option<&str>) -> Result<Option<Map>, AttestaError> {
    Ok(entry_json.map(|entry| parse_object(entry.as_bytes())).transpose()?)
}

fn today() -> Result<Date, TimeError> {
    Ok(host::now()?.date())
}

fn secure(
    mut draft: Credential,
    holder: Option<Holder>,
    format: Option<CredentialFormat>,
    mandatory: &[String],
    issuer: &Issuer<'_>,
) -> Result<String, AttestaError> {
    draft = mandatory.iter().fold(draft, |draft, pointer| draft.mandatory(pointer));
    if let Some(holder) = holder {
        draft = draft.holder(holder.to_core()?);
    }
    Ok(issuer.secure(&draft, format.map_or(Format::Jwt, CredentialFormat::to_core))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_know_every_scheme_of_the_core() {
        assert!(kind::Scheme::ALL.into_iter().all(|scheme| Scheme::of_core(scheme).is_some()));
    }
}
