//! Issuing.

use std::sync::Arc;

use attesta::credential::{self, Credential, Salt};
use attesta::did::Did;
use attesta::encoding::json;
use attesta::issuer::{IssueError, Issuer};
use attesta::securing::Format;
use attesta::time::{Date, TimeError};

use crate::keys::read_jwk;
use crate::signer::HostKey;
use crate::words::Mirror as _;
use crate::{AttestaError, Claims, CredentialFormat, Signer, host};

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

/// What a credential says beside its claims.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IssueOptions {
    /// Whom it is issued to. A proof of address must have a holder.
    #[uniffi(default)]
    pub holder: Option<Holder>,
    /// The issuer's DID, with the key's fragment unless it is a did:key or did:jwk; the signer's did:key otherwise.
    #[uniffi(default)]
    pub issuer: Option<String>,
    /// How it is secured; a token (`vc+jwt`) otherwise.
    #[uniffi(default)]
    pub format: Option<CredentialFormat>,
    /// The first day on which it is valid, such as 2026-03-31; today by the system's clock (UTC) otherwise.
    #[uniffi(default)]
    pub valid_from: Option<String>,
    /// For how many days it is valid.
    #[uniffi(default = 90)]
    pub valid_days: u32,
    /// The `credentialStatus` entry, as JSON.
    #[uniffi(default)]
    pub status_json: Option<String>,
}

/// What is added to a credential document where the document itself says nothing.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DocumentOptions {
    /// Whom it is issued to.
    #[uniffi(default)]
    pub holder: Option<Holder>,
    /// The issuer's DID, with the key's fragment unless it is a did:key or did:jwk; the signer's did:key otherwise.
    #[uniffi(default)]
    pub issuer: Option<String>,
    /// How it is secured; a token (`vc+jwt`) otherwise.
    #[uniffi(default)]
    pub format: Option<CredentialFormat>,
}

/// Issues a credential of one of the three kinds: a compact token, or a JSON document with a proof.
///
/// # Errors
/// When the claims are not of their kind, an option has the wrong form, or the signer does not sign.
#[uniffi::export]
pub fn issue(claims: Claims, options: IssueOptions, signer: Arc<dyn Signer>) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let issuer = issuer(options.issuer.as_deref(), &key)?;
    let from = options.valid_from.as_deref().map_or_else(today, Date::parse)?;
    let mut draft = Credential::of(claims.to_core()?, issuer.id(), from, options.valid_days, Salt::random()?)?;
    if let Some(entry) = options.status_json {
        draft = draft.status(json::parse_object(entry.as_bytes())?);
    }
    secure(draft, options.holder, options.format, &issuer)
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
    let issuer = issuer(options.issuer.as_deref(), &key)?;
    let document = json::parse_object(document_json.as_bytes())?;
    let draft = Credential::of_document(document, issuer.id(), today()?, Salt::random()?)?;
    secure(draft, options.holder, options.format, &issuer)
}

fn issuer<'a>(did: Option<&str>, key: &'a HostKey) -> Result<Issuer<'a>, IssueError> {
    did.map_or_else(|| Ok(Issuer::of_key(key)), |did| Issuer::of_did(did, key))
}

fn today() -> Result<Date, TimeError> {
    Ok(host::now()?.date())
}

fn secure(
    mut draft: Credential,
    holder: Option<Holder>,
    format: Option<CredentialFormat>,
    issuer: &Issuer<'_>,
) -> Result<String, AttestaError> {
    if let Some(holder) = holder {
        draft = draft.holder(holder.to_core()?);
    }
    Ok(issuer.secure(&draft, format.map_or(Format::Jwt, CredentialFormat::to_core))?)
}
