//! What a holder has: credentials as their issuers sent them.

use std::fmt;

use crate::credential::kind::Kind;
use crate::credential::model::{self, CredentialView, ModelError};
use crate::credential::sd_jwt_vc::{self, SdJwtVcError};
use crate::did::{Did, Relationship, ResolutionOptions, method};
use crate::encoding::json::{self, JsonError, Map, Value};
use crate::error::Explain;
use crate::keys::PublicKey;
use crate::securing::cose::{self, CoseError, Sign1};
use crate::securing::data_integrity::sd::{self, SdError};
use crate::securing::data_integrity::{DataIntegrityError, Signed, Suite};
use crate::securing::jose::{Header, JoseError, Jws, is_media_type};
use crate::securing::sd_jwt::{self, SdJwt, SdJwtError};
use crate::securing::{Shape, SniffError, sniff};
use crate::time::Timestamp;
use crate::trust::{CertificateError, Chain};

/// Why bytes are no credential that a wallet can keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeldError {
    /// No format that is known.
    #[error("this is no credential: {0}")]
    Sniff(#[from] SniffError),
    /// Not a token that can be read.
    #[error("this is no credential: {0}")]
    Token(#[from] JoseError),
    /// Not a COSE message that can be read.
    #[error("this is no credential: {0}")]
    Cose(#[from] CoseError),
    /// Not an SD-JWT as an issuer sends it.
    #[error("this is no credential: {0}")]
    SdJwt(#[from] SdJwtError),
    /// Its proof cannot be read.
    #[error("this is no credential: {0}")]
    Proof(#[from] DataIntegrityError),
    /// Its proof of `ecdsa-sd-2023` is not as an issuer sends it.
    #[error("this is no credential: {0}")]
    Statements(#[from] SdError),
    /// Not strict JSON.
    #[error("this is no credential: {0}")]
    Json(#[from] JsonError),
    /// Breaks VC Data Model 2.0.
    #[error("this is no credential: {0}")]
    Model(#[from] ModelError),
    /// Breaks the rules of SD-JWT VC.
    #[error("this is no credential: {0}")]
    ClaimsSet(#[from] SdJwtVcError),
    /// Its issuer's certificates cannot be read.
    #[error("this is no credential: {0}")]
    Certificate(#[from] CertificateError),
    /// A presentation, or another document.
    #[error("this is no credential, but something else")]
    NotACredential,
    /// A format that this version does not keep.
    #[error("credentials of this format cannot be kept by this version")]
    Unsupported,
}

impl Explain for HeldError {
    fn code(&self) -> &'static str {
        match self {
            Self::Sniff(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Cose(error) => error.code(),
            Self::SdJwt(error) => error.code(),
            Self::Proof(error) => error.code(),
            Self::Statements(error) => error.code(),
            Self::Json(error) => error.code(),
            Self::Model(error) => error.code(),
            Self::ClaimsSet(error) => error.code(),
            Self::Certificate(error) => error.code(),
            Self::NotACredential => "held.not-a-credential",
            Self::Unsupported => "held.unsupported",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Sniff(error) => error.hint(),
            Self::Token(error) => error.hint(),
            Self::Cose(error) => error.hint(),
            Self::SdJwt(error) => error.hint(),
            Self::Proof(error) => error.hint(),
            Self::Statements(error) => error.hint(),
            Self::Json(error) => error.hint(),
            Self::Model(error) => error.hint(),
            Self::ClaimsSet(error) => error.hint(),
            Self::Certificate(error) => error.hint(),
            Self::NotACredential => "Choose the file that the issuer gave you.",
            Self::Unsupported => "Ask the issuer for it as dc+sd-jwt, vc+jwt or ecdsa-sd-2023.",
        }
    }
}

/// Which of several credentials cannot be kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("credential {number}: {error}")]
pub struct HeldAtError {
    /// Its position, from 1.
    pub number: usize,
    /// Why it cannot.
    pub error: HeldError,
}

impl Explain for HeldAtError {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn hint(&self) -> &'static str {
        self.error.hint()
    }
}

/// A credential that its holder has. It was read and not verified: that is for whoever it is shown to.
///
/// `Debug` shows the format and the kind.
#[derive(Clone)]
pub struct Held {
    text: String,
    format: String,
    claims: Map,
    disclosable: Vec<String>,
    base: Option<Signed>,
    types: Vec<String>,
    kind: Option<Kind>,
    issuer: String,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    is_bound: bool,
    keys: Vec<PublicKey>,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("format", &self.format).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A credential's text, and what is in it with all that can be disclosed.
struct Opened {
    text: String,
    format: String,
    claims: Map,
    disclosable: Vec<String>,
    /// The proof from which the holder derives what is shown.
    base: Option<Signed>,
    /// The subject of the issuer's certificate.
    certified: Option<String>,
}

impl Opened {
    /// One of which nothing can be hidden.
    fn whole(text: String, format: &str, claims: Map) -> Self {
        let (disclosable, base, certified) = (Vec::new(), None, None);
        Self { text, format: format.to_owned(), claims, disclosable, base, certified }
    }
}

impl Held {
    /// [Reads](Self::read) several credentials.
    ///
    /// # Errors
    /// [`HeldAtError`], for the first that cannot be kept.
    pub fn read_all<B: AsRef<[u8]>>(credentials: &[B]) -> Result<Vec<Self>, HeldAtError> {
        let read =
            |(bytes, number): (&B, usize)| Self::read(bytes.as_ref()).map_err(|error| HeldAtError { number, error });
        credentials.iter().zip(1..).map(read).collect()
    }

    /// Reads a credential as its issuer sent it: `vc+jwt`, `dc+sd-jwt` and `vc+sd-jwt` (compact or JSON), `vc+cose` (bytes, or
    /// in its envelope), or a document with Data Integrity proofs.
    ///
    /// # Errors
    /// [`HeldError`]; an SD-JWT with a key binding token is [`HeldError::SdJwt`], as somebody presented it already.
    pub fn read(bytes: &[u8]) -> Result<Self, HeldError> {
        let opened = match sniff(bytes)? {
            Shape::CompactJws(token) => open_token(token)?,
            Shape::SdJwt(token) => open_sd_jwt(token)?,
            Shape::Json(bytes) => {
                let document = json::parse_object(bytes)?;
                match cose::from_enveloped(&document, model::ENVELOPED_CREDENTIAL_TYPE) {
                    Some(message) => open_message(&message?)?,
                    None if document.contains_key("payload") => open_sd_jwt(&sd_jwt::from_json(&document)?)?,
                    None => open_document(document)?,
                }
            }
            Shape::Cose(message) => open_message(message)?,
        };
        Self::of(opened)
    }

    fn of(opened: Opened) -> Result<Self, HeldError> {
        let Opened { text, format, claims, disclosable, base, certified } = opened;
        let is_sd_jwt_vc = format == "dc+sd-jwt";
        let view = match is_sd_jwt_vc {
            true => sd_jwt_vc::view(&claims, certified.as_deref())?,
            false if model::is_presentation(&claims) => return Err(HeldError::NotACredential),
            false => CredentialView::read(&claims)?,
        };
        let types = view.types.iter().copied();
        let kind = if is_sd_jwt_vc { Kind::of_vcts(types) } else { Kind::of_types(types) };
        let keys = match (view.confirmation, view.subject_id()) {
            (Some(confirmation), _) => {
                let jwk = confirmation.get("jwk").and_then(Value::as_object);
                jwk.and_then(|jwk| PublicKey::from_jwk(jwk).ok()).into_iter().collect()
            }
            (None, Some(subject)) => keys_of(subject),
            (None, None) => Vec::new(),
        };
        Ok(Self {
            types: view.types.iter().map(|name| (*name).to_owned()).collect(),
            kind,
            issuer: view.issuer.to_owned(),
            valid_from: view.valid_from,
            valid_until: view.valid_until,
            is_bound: view.confirmation.is_some() || view.subject_id().is_some(),
            keys,
            text,
            format,
            disclosable,
            base,
            claims,
        })
    }

    /// Its format: `vc+jwt`, `dc+sd-jwt`, `vc+sd-jwt`, `vc+cose`, or the cryptosuite.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// Its types: the `vct` and its other names, or `type`.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// Its kind, if it is one of the three.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Who issued it, by its own word: a DID, a URL, or the subject of a certificate.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// From when on it is valid.
    pub fn valid_from(&self) -> Option<Timestamp> {
        self.valid_from
    }

    /// Until when it is valid.
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }

    /// Whether it was issued to a key.
    pub fn is_holder_bound(&self) -> bool {
        self.is_bound
    }

    /// The keys with one of which it is presented: that of `cnf`, or those of the subject's did:key or did:jwk. Empty if
    /// it is not bound, or bound to what this version cannot use.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// All that it says, hidden claims in their places. Personal data.
    pub fn claims(&self) -> &Map {
        &self.claims
    }

    /// As the issuer sent it; an SD-JWT in its compact form, a COSE message in its envelope (VC Data Model 2.0, section
    /// 4.13.1).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether its holder can hide claims. Of an `ecdsa-sd-2023` document only what the issuer sent has that, and not a copy
    /// that was derived from it.
    pub fn hides_claims(&self) -> bool {
        self.is_sd_jwt() || self.base.is_some()
    }

    /// The document with the proof from which what is shown is derived.
    pub(super) fn base(&self) -> Option<&Signed> {
        self.base.as_ref()
    }

    pub(super) fn is_sd_jwt(&self) -> bool {
        self.format.ends_with("+sd-jwt")
    }

    pub(super) fn is_token(&self) -> bool {
        self.format == "vc+jwt"
    }

    /// JSON pointers to what can be hidden.
    pub(super) fn disclosable(&self) -> &[String] {
        &self.disclosable
    }
}

fn open_token(token: &str) -> Result<Opened, HeldError> {
    let claims = Jws::parse(token)?.payload;
    if !claims.contains_key("credentialSubject") {
        return Err(HeldError::NotACredential);
    }
    Ok(Opened::whole(token.to_owned(), "vc+jwt", claims))
}

fn open_message(message: &[u8]) -> Result<Opened, HeldError> {
    let claims = Sign1::parse(message)?.payload;
    if !claims.contains_key("credentialSubject") {
        return Err(HeldError::NotACredential);
    }
    let url = cose::data_url("vc+cose", message);
    let text = Value::Object(model::enveloped(model::ENVELOPED_CREDENTIAL_TYPE, url)).to_string();
    Ok(Opened::whole(text, "vc+cose", claims))
}

fn open_sd_jwt(token: &str) -> Result<Opened, HeldError> {
    let parsed = SdJwt::parse_issued(token)?;
    let header = &parsed.jws.header;
    let is_typed = |subtype| header.media_type.as_deref().is_some_and(|typ| is_media_type(typ, subtype));
    let format = match (is_typed("dc+sd-jwt"), is_typed("vc+sd-jwt")) {
        (true, _) => "dc+sd-jwt",
        (_, true) => "vc+sd-jwt",
        _ => return Err(HeldError::NotACredential),
    };
    let certified = if format == "dc+sd-jwt" { certified(header)? } else { None };
    let revealed = parsed.reveal()?;
    let (text, format) = (token.to_owned(), format.to_owned());
    let (claims, disclosable) = (revealed.payload, revealed.disclosed);
    Ok(Opened { text, format, claims, disclosable, base: None, certified })
}

fn certified(header: &Header) -> Result<Option<String>, HeldError> {
    if header.certificates.is_empty() {
        return Ok(None);
    }
    Ok(Some(Chain::from_x5c(&header.certificates)?.subject()).filter(|subject| !subject.is_empty()))
}

fn open_document(mut document: Map) -> Result<Opened, HeldError> {
    let text = Value::Object(document.clone()).to_string();
    if let Some(base) = Signed::base_of(&document)? {
        let suite = base.proof().suite().filter(|suite| *suite == Suite::EcdsaSd2023).ok_or(HeldError::Unsupported)?;
        let mandatory = base.mandatory_pointers()?;
        let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
        let disclosable = sd::separable(base.document(), &mandatory)?;
        let (format, claims) = (suite.name().to_owned(), base.document().clone());
        return Ok(Opened { text, format, claims, disclosable, base: Some(base), certified: None });
    }
    let proof = document.remove("proof").ok_or(HeldError::NotACredential)?;
    let proofs = proof.as_array().map_or(std::slice::from_ref(&proof), Vec::as_slice);
    let mut named = proofs.iter().filter_map(|proof| proof.get("cryptosuite")?.as_str());
    let first = named.clone().find(|name| Suite::from_name(name).is_some()).or_else(|| named.next());
    let format = first.ok_or(HeldError::Unsupported)?;
    Ok(Opened::whole(text, format, document))
}

/// The keys with which the subject authenticates, where the DID itself carries them.
fn keys_of(subject: &str) -> Vec<PublicKey> {
    let Ok(did) = Did::parse(subject) else { return Vec::new() };
    let Some(Ok(document)) = method::resolve(&did, &ResolutionOptions::default()) else { return Vec::new() };
    let methods = document.verification_methods().iter();
    let own = methods.filter(|method| document.authorizes(&method.id, Relationship::Authentication));
    own.filter_map(|method| method.key.clone().ok()).collect()
}
