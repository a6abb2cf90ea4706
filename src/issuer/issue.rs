//! Issuing: a draft becomes a secured credential.

use serde_json::Value;

use crate::credential::{Credential, DraftError, Holder};
use crate::did::{Did, DidUrl, Relationship, ResolutionOptions, method};
use crate::encoding::json::Map;
use crate::error::Explain;
use crate::keys::{PublicKey, Signer, SignerError};
use crate::securing::Format;
use crate::securing::data_integrity::{self, ProofOptions, SigningError, Suite};
use crate::securing::jose::{self, NewHeader};

/// Why a credential could not be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The issuer is not a DID or DID URL.
    #[error("the issuer: {0}")]
    Did(String),
    /// The DID's own key is another than the signer's.
    #[error("the signing key does not belong to {did}")]
    OtherKey {
        /// The issuer's DID.
        did: String,
    },
    /// The DID does not say which of its keys signs.
    #[error("{did} does not say which key signs")]
    MethodNeeded {
        /// The issuer's DID.
        did: String,
    },
    /// The draft names another issuer than the one that signs.
    #[error("the credential names another issuer than the one that signs it")]
    OtherIssuer,
    /// The draft cannot become a credential.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The signer did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

impl From<SignerError> for IssueError {
    fn from(error: SignerError) -> Self {
        Self::Signing(error.into())
    }
}

impl Explain for IssueError {
    fn code(&self) -> &'static str {
        match self {
            Self::Did(_) => "issue.did",
            Self::OtherKey { .. } => "issue.other-key",
            Self::MethodNeeded { .. } => "issue.method-needed",
            Self::OtherIssuer => "issue.other-issuer",
            Self::Draft(error) => error.code(),
            Self::Signing(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Did(_) => "Give the issuer's DID, such as did:key:z6Mk... or did:web:ngo.example#key-1.",
            Self::OtherKey { .. } => {
                "Sign with the key of that DID, or leave the issuer out to use the key's own did:key."
            }
            Self::MethodNeeded { .. } => "Give the DID with the key's fragment, such as did:web:ngo.example#key-1.",
            Self::OtherIssuer => "Take \"issuer\" out of the document, or sign with that issuer's key.",
            Self::Draft(error) => error.hint(),
            Self::Signing(error) => error.hint(),
        }
    }
}

/// Somebody who issues: an identifier, the verification method that it signs with, and the key behind it.
pub struct Issuer<'a> {
    id: String,
    method: String,
    signer: &'a dyn Signer,
}

impl<'a> Issuer<'a> {
    /// The issuer whose DID is the key's own did:key.
    pub fn of_key(signer: &'a dyn Signer) -> Self {
        let id = method::key::from_key(&signer.public_key());
        let fragment = id.trim_start_matches("did:key:").to_owned();
        Self { method: format!("{id}#{fragment}"), id, signer }
    }

    /// An issuer by its identifier. For did:key and did:jwk the key is compared with the signer's; any other DID, and
    /// an https URL, must come with the fragment of the key, such as `did:web:ngo.example#key-1`.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn of_did(did: &str, signer: &'a dyn Signer) -> Result<Self, IssueError> {
        if let Some((id, _)) = did.split_once('#').filter(|_| did.starts_with("https://")) {
            return Ok(Self { id: id.to_owned(), method: did.to_owned(), signer });
        }
        let url = DidUrl::parse(did).map_err(|error| IssueError::Did(error.to_string()))?;
        let id = url.did().as_str().to_owned();
        match own_method(url.did(), &signer.public_key(), Relationship::AssertionMethod) {
            Some(Some(method)) => Ok(Self { id, method, signer }),
            Some(None) => Err(IssueError::OtherKey { did: id }),
            None if url.fragment().is_some() && url.path().is_empty() && url.query().is_none() => {
                Ok(Self { id, method: did.to_owned(), signer })
            }
            None => Err(IssueError::MethodNeeded { did: id }),
        }
    }

    /// The issuer's identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs a draft into the form that is handed over: a compact token, or a JSON document.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn secure(&self, credential: &Credential, format: Format) -> Result<String, IssueError> {
        let document = self.document(credential, format)?;
        let day = credential.valid_from().midnight();
        let suite = match format {
            Format::Jwt => {
                let mut payload = document;
                payload.insert("iat".to_owned(), day.unix().into());
                let header = NewHeader {
                    media_type: "vc+jwt",
                    content_type: Some("vc"),
                    key_id: Some(&self.method),
                    certificates: &[],
                };
                return Ok(jose::sign(&payload, &header, self.signer)?);
            }
            Format::EddsaJcs2022 => Suite::EddsaJcs2022,
            Format::EcdsaJcs2019 => Suite::EcdsaJcs2019,
        };
        let options = ProofOptions {
            verification_method: &self.method,
            purpose: "assertionMethod",
            created: Some(day),
            domain: None,
            challenge: None,
        };
        let signed = data_integrity::sign(document, suite, &options, self.signer)?;
        Ok(Value::Object(signed).to_string())
    }

    fn document(&self, credential: &Credential, format: Format) -> Result<Map, IssueError> {
        let document = match (credential.issued_to(), format) {
            (None, _) => credential.document(None, None),
            (Some(Holder::Did(did)), _) => credential.document(Some(did), None),
            (Some(Holder::Key(key)), Format::Jwt) => {
                let mut confirmation = Map::new();
                confirmation.insert("jwk".to_owned(), Value::Object(key.to_jwk()));
                credential.document(None, Some(confirmation))
            }
            (Some(Holder::Key(key)), _) => credential.document(Some(&method::key::from_key(key)), None),
        }?;
        let issuer = document.get("issuer");
        let named = issuer.and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str()));
        if named == Some(self.id.as_str()) { Ok(document) } else { Err(IssueError::OtherIssuer) }
    }
}

/// For a DID that holds its keys itself: the method of this key under the relationship, if it has it. `None` for other
/// DID methods.
fn own_method(did: &Did, key: &PublicKey, relationship: Relationship) -> Option<Option<String>> {
    let document = method::resolve(did, &ResolutionOptions::default())?.ok();
    Some(document.and_then(|document| document.method_of_key(key, relationship).map(|method| method.id.clone())))
}
