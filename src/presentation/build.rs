//! Building a presentation in the credential's own family: tokens into a `vp+jwt`, COSE messages into a `vp+cose`, Data
//! Integrity documents into a presentation with a proof of the same kind, an SD-JWT into itself with what is disclosed.

use serde_json::{Value, json};

use crate::credential::model;
use crate::did::{Did, Relationship, ResolutionOptions, method};
use crate::encoding::json::{self, JsonError, Map};
use crate::error::Explain;
use crate::jsonld::{Contexts, Embedded};
use crate::keys::{PublicKey, Signer, SignerError};
use crate::limits;
use crate::securing::cose::{self, CoseError, Sign1};
use crate::securing::data_integrity::sd::SdError;
use crate::securing::data_integrity::{self, ProofOptions, Signed, SigningError, Suite, Transformation};
use crate::securing::jose::{self, JoseError, Jws, NewHeader};
use crate::securing::sd_jwt::{self, SdJwt, SdJwtError};
use crate::securing::{Secured, Shape, SniffError, sniff};
use crate::time::Timestamp;

/// What a verifier asks for: an answer for it, to this nonce, now.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who the verifier is, as it names itself.
    pub audience: &'a str,
    /// The nonce of its request.
    pub nonce: &'a str,
    /// The moment of the answer, by the holder's clock. Only an SD-JWT says it.
    pub now: Timestamp,
}

/// How much of its credentials a holder shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclose<'a> {
    /// All of it.
    Everything,
    /// What stands at these JSON pointers and below them, and what cannot be hidden. They point into the claims file
    /// of a `dc+sd-jwt`, and into the whole document of a `vc+sd-jwt` or of `ecdsa-sd-2023`.
    Only(&'a [&'a str]),
}

/// Why a presentation could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentError {
    /// No credential was given, or too many.
    #[error("between 1 and {limit} credentials can be presented at once")]
    Count {
        /// The ceiling.
        limit: usize,
    },
    /// Not a credential's bytes.
    #[error("this is no credential: {0}")]
    Sniff(#[from] SniffError),
    /// Not a token that can be read.
    #[error("this is no credential: {0}")]
    Token(#[from] JoseError),
    /// Not a COSE message that can be read.
    #[error("this is no credential: {0}")]
    Cose(#[from] CoseError),
    /// Not JSON.
    #[error("this is no credential: {0}")]
    Json(#[from] JsonError),
    /// A presentation, or another document.
    #[error("this is no credential, but something else")]
    NotACredential,
    /// A format that cannot be presented yet.
    #[error("credentials of this format cannot be presented by this version")]
    Unsupported,
    /// Tokens, COSE messages and Data Integrity documents together.
    #[error("credentials of different formats cannot go into one presentation")]
    MixedFamilies,
    /// Several credentials of a format whose presentations hold one.
    #[error("of this format only one credential can be presented at once")]
    OneAtATime,
    /// A format that shows everything was to hide something.
    #[error("a credential of this format can only be shown whole")]
    CannotHide,
    /// Not an SD-JWT that an issuer gave, or nothing in it at one of the pointers.
    #[error("{0}")]
    SdJwt(#[from] SdJwtError),
    /// Not a document of `ecdsa-sd-2023` that an issuer gave, or nothing in it at one of the pointers.
    #[error("{0}")]
    Statements(#[from] SdError),
    /// The credential was issued to another key.
    #[error("the credential was issued to another key than this one")]
    OtherHolder,
    /// The credential names no key, so that no answer could show that it is its holder's.
    #[error("the credential was issued to nobody's key")]
    NotBound,
    /// The audience or nonce is empty, too long, or holds control characters.
    #[error("the {name} must have 1 to {limit} characters, none of them a control character")]
    Transaction {
        /// `audience` or `nonce`.
        name: &'static str,
        /// The ceiling.
        limit: usize,
    },
    /// The signer did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

impl From<SignerError> for PresentError {
    fn from(error: SignerError) -> Self {
        Self::Signing(error.into())
    }
}

impl Explain for PresentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Count { .. } => "present.count",
            Self::Sniff(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Cose(error) => error.code(),
            Self::Json(error) => error.code(),
            Self::NotACredential => "present.not-a-credential",
            Self::Unsupported => "present.unsupported",
            Self::MixedFamilies => "present.mixed-families",
            Self::OneAtATime => "present.one-at-a-time",
            Self::CannotHide => "present.cannot-hide",
            Self::SdJwt(error) => error.code(),
            Self::Statements(error) => error.code(),
            Self::OtherHolder => "present.other-holder",
            Self::NotBound => "present.not-bound",
            Self::Transaction { .. } => "present.transaction",
            Self::Signing(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Count { .. } => "Choose the credentials that were asked for.",
            Self::Sniff(error) => error.hint(),
            Self::Token(error) => error.hint(),
            Self::Cose(error) => error.hint(),
            Self::Json(error) => error.hint(),
            Self::NotACredential => "Choose the file that the issuer gave you.",
            Self::Unsupported => {
                "Ask the issuer for it as dc+sd-jwt, vc+sd-jwt, vc+jwt, vc+cose, or with a Data Integrity proof."
            }
            Self::MixedFamilies | Self::OneAtATime => "Present them one by one.",
            Self::CannotHide => "Show all of it, or ask the issuer for it as dc+sd-jwt or ecdsa-sd-2023.",
            Self::SdJwt(error) => error.hint(),
            Self::Statements(error) => error.hint(),
            Self::NotBound => "Present it without a key, or ask the issuer for one that is issued to your key.",
            Self::OtherHolder => "Use the key that you gave the issuer when it was issued.",
            Self::Transaction { .. } => "Copy it again from the verifier's request.",
            Self::Signing(error) => error.hint(),
        }
    }
}

/// Presents credentials, signed with the holder's key for this request.
///
/// The answer is a `vp+jwt` token for `vc+jwt` credentials, a JSON document with a proof for Data Integrity credentials,
/// and for an SD-JWT the credential itself with what is disclosed and a key binding token (RFC 9901 section 4.3). For
/// `vc+cose` credentials, as bytes or in their envelope, it is the `EnvelopedVerifiablePresentation` that holds a
/// `vp+cose` message (VC Data Model 2.0, section 4.13.2). Nothing is sent anywhere.
///
/// # Errors
/// [`PresentError`].
pub fn present(
    credentials: &[&[u8]],
    disclose: Disclose<'_>,
    request: &Request<'_>,
    signer: &dyn Signer,
) -> Result<String, PresentError> {
    present_with(credentials, disclose, request, &Embedded, signer)
}

/// The same, with more contexts than the library's own: those that the credentials name, where their proofs sign RDF.
///
/// # Errors
/// [`PresentError`].
pub fn present_with(
    credentials: &[&[u8]],
    disclose: Disclose<'_>,
    request: &Request<'_>,
    contexts: &dyn Contexts,
    signer: &dyn Signer,
) -> Result<String, PresentError> {
    Ok(match sign(credentials, disclose, request, contexts, signer)? {
        Secured::Text(text) => text,
        Secured::Message(message) => {
            let url = cose::data_url("vp+cose", &message);
            Value::Object(model::enveloped(model::ENVELOPED_PRESENTATION_TYPE, url)).to_string()
        }
    })
}

/// As [`present_with`], in the bytes that a file of the format holds: for `vc+cose` credentials the `vp+cose` message itself,
/// else the text.
///
/// # Errors
/// [`PresentError`].
pub fn present_bytes(
    credentials: &[&[u8]],
    disclose: Disclose<'_>,
    request: &Request<'_>,
    contexts: &dyn Contexts,
    signer: &dyn Signer,
) -> Result<Vec<u8>, PresentError> {
    Ok(sign(credentials, disclose, request, contexts, signer)?.into_bytes())
}

fn sign(
    credentials: &[&[u8]],
    disclose: Disclose<'_>,
    request: &Request<'_>,
    contexts: &dyn Contexts,
    signer: &dyn Signer,
) -> Result<Secured, PresentError> {
    if credentials.is_empty() || credentials.len() > limits::CREDENTIALS {
        return Err(PresentError::Count { limit: limits::CREDENTIALS });
    }
    check_transaction("audience", request.audience)?;
    check_transaction("nonce", request.nonce)?;
    if let Some(token) = lone_sd_jwt(credentials)? {
        let sd_jwt = SdJwt::parse_issued(token)?;
        let payload = sd_jwt.reveal()?.payload;
        // A signature that nobody could compare with the credential shows nothing.
        let names_holder = payload.contains_key("cnf") || payload.contains_key("sub");
        if !names_holder && payload.get("credentialSubject").and_then(|subject| subject.get("id")).is_none() {
            return Err(PresentError::NotBound);
        }
        HolderMethod::of([&payload], &signer.public_key())?;
        let shown = disclosing(&sd_jwt, disclose)?;
        return Ok(Secured::Text(sd_jwt::bind(&shown, request.audience, request.nonce, request.now.unix(), signer)?));
    }
    let held = credentials.iter().map(|credential| Held::read(credential)).collect::<Result<Vec<_>, _>>()?;
    match disclose {
        Disclose::Everything => {}
        Disclose::Only(_) if !held.iter().all(Held::can_hide) => return Err(PresentError::CannotHide),
        Disclose::Only([]) => {}
        // Which of them the pointers lead into would be open.
        Disclose::Only(_) if held.len() > 1 => return Err(PresentError::OneAtATime),
        Disclose::Only(_) => {}
    }
    let family = held[0].family();
    if held.iter().any(|credential| credential.family() != family) {
        return Err(PresentError::MixedFamilies);
    }
    // Whoever reads only one of the two ways of signing a document can read the answer as it reads the credentials.
    let signs_rdf = |credential: &Held| {
        matches!(credential.transformation(), Some(Transformation::Rdfc | Transformation::Statements))
    };
    let how = if held.iter().all(signs_rdf) { Transformation::Rdfc } else { Transformation::Jcs };
    let holder = HolderMethod::of(held.iter().map(|credential| &credential.document), &signer.public_key())?;
    let mut document = Map::new();
    let mut set = |name: &str, value: Value| document.insert(name.to_owned(), value);
    set("@context", json!([model::BASE_CONTEXT]));
    set("type", json!([model::PRESENTATION_TYPE]));
    set("holder", holder.did.as_str().into());
    let shown = held.into_iter().map(|credential| credential.showing(disclose, contexts));
    set("verifiableCredential", shown.map(|held| held.map(Held::enclosed)).collect::<Result<_, _>>()?);
    if family == Family::Cose {
        let header = cose::NewHeader {
            media_type: "application/vp+cose",
            content_type: Some("application/vp"),
            key_id: Some(&holder.method),
            issued_at: None,
            audience: Some(request.audience),
            nonce: Some(request.nonce),
        };
        return Ok(Secured::Message(cose::sign(&document, &header, signer)?));
    }
    if family == Family::Token {
        set("aud", request.audience.into());
        set("nonce", request.nonce.into());
        let header = NewHeader {
            media_type: "vp+jwt",
            content_type: Some("vp"),
            key_id: Some(&holder.method),
            certificates: &[],
        };
        return Ok(Secured::Text(jose::sign(&document, &header, signer)?));
    }
    let options = ProofOptions {
        domain: Some(request.audience),
        challenge: Some(request.nonce),
        ..ProofOptions::new(&holder.method, "authentication")
    };
    let suite = Suite::of_key(signer.algorithm().key_type(), how);
    let signed = data_integrity::sign(document, suite, &options, contexts, signer)?;
    Ok(Secured::Text(Value::Object(signed).to_string()))
}

/// A copy of an SD-JWT or of an `ecdsa-sd-2023` document that shows just this and is bound to nobody: whoever gets it can
/// show it on.
///
/// # Errors
/// [`PresentError`].
pub fn derive(credential: &[u8], disclose: Disclose<'_>) -> Result<String, PresentError> {
    derive_with(credential, disclose, &Embedded)
}

/// The same, with more contexts than the library's own: those that an `ecdsa-sd-2023` document names.
///
/// # Errors
/// [`PresentError`].
pub fn derive_with(credential: &[u8], disclose: Disclose<'_>, contexts: &dyn Contexts) -> Result<String, PresentError> {
    if let Some(token) = lone_sd_jwt(&[credential])? {
        return disclosing(&SdJwt::parse_issued(token)?, disclose);
    }
    match Held::read(credential)? {
        held if held.can_hide() => Ok(Value::Object(held.showing(disclose, contexts)?.document).to_string()),
        _ => Err(PresentError::CannotHide),
    }
}

/// Whether its holder can show parts of a credential, as its issuer gave it.
pub fn can_hide(credential: &[u8]) -> bool {
    match sniff(credential) {
        Ok(Shape::SdJwt(_)) => true,
        Ok(Shape::Json(_)) => Held::read(credential).is_ok_and(|held| held.can_hide()),
        _ => false,
    }
}

/// The text of an SD-JWT, if that is what was given.
fn lone_sd_jwt<'a>(credentials: &[&'a [u8]]) -> Result<Option<&'a str>, PresentError> {
    let mut found = None;
    for credential in credentials {
        if let Shape::SdJwt(token) = sniff(credential)? {
            found = Some(token);
        }
    }
    match found {
        Some(_) if credentials.len() > 1 => Err(PresentError::OneAtATime),
        found => Ok(found),
    }
}

fn disclosing(sd_jwt: &SdJwt<'_>, disclose: Disclose<'_>) -> Result<String, PresentError> {
    Ok(match disclose {
        Disclose::Everything => sd_jwt.text().to_owned(),
        Disclose::Only(pointers) => sd_jwt.select(pointers)?,
    })
}

fn check_transaction(name: &'static str, value: &str) -> Result<(), PresentError> {
    let limit = limits::TRANSACTION_CHARACTERS;
    let fits = (1..=limit).contains(&value.chars().count()) && !value.contains(char::is_control);
    if fits { Ok(()) } else { Err(PresentError::Transaction { name, limit }) }
}

/// Ways of securing whose credentials and presentations go together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Token,
    Cose,
    DataIntegrity,
}

/// A credential that the holder has, read no further than presenting it needs.
struct Held {
    document: Map,
    /// Of a token or a COSE message the `data:` URL that stands for it.
    enveloped: Option<(Family, String)>,
    /// Of a document the proof from which its holder derives what is shown, if it has one.
    base: Option<Signed>,
}

impl Held {
    fn read(bytes: &[u8]) -> Result<Self, PresentError> {
        let held = match sniff(bytes)? {
            Shape::CompactJws(token) => Self {
                document: Jws::parse(token)?.payload,
                enveloped: Some((Family::Token, format!("data:application/vc+jwt,{token}"))),
                base: None,
            },
            Shape::Cose(message) => Self::of_message(message)?,
            Shape::Json(bytes) => {
                let document = json::parse_object(bytes)?;
                match cose::from_enveloped(&document, model::ENVELOPED_CREDENTIAL_TYPE) {
                    Some(message) => Self::of_message(&message?)?,
                    None => {
                        let base = Signed::base_of(&document).map_err(SigningError::Proof)?;
                        Self { document, enveloped: None, base }
                    }
                }
            }
            _ => return Err(PresentError::Unsupported),
        };
        let is_credential = held.document.contains_key("credentialSubject") && !model::is_presentation(&held.document);
        if is_credential { Ok(held) } else { Err(PresentError::NotACredential) }
    }

    fn of_message(message: &[u8]) -> Result<Self, PresentError> {
        let document = Sign1::parse(message)?.payload;
        Ok(Self { document, enveloped: Some((Family::Cose, cose::data_url("vc+cose", message))), base: None })
    }

    fn family(&self) -> Family {
        self.enveloped.as_ref().map_or(Family::DataIntegrity, |(family, _)| *family)
    }

    /// How its first proof signs it.
    fn transformation(&self) -> Option<Transformation> {
        let proof = self.document.get("proof")?;
        let first = proof.as_array().map_or(Some(proof), |proofs| proofs.first())?;
        Some(Suite::from_name(first.get("cryptosuite")?.as_str()?)?.transformation())
    }

    fn can_hide(&self) -> bool {
        self.base.is_some()
    }

    /// What a verifier sees of it. What only its holder may have never leaves.
    fn showing(self, disclose: Disclose<'_>, contexts: &dyn Contexts) -> Result<Self, PresentError> {
        let Some(base) = &self.base else { return Ok(self) };
        let pointers = match disclose {
            Disclose::Everything => &[""],
            Disclose::Only(pointers) => pointers,
        };
        Ok(Self { document: base.derive(pointers, contexts)?, enveloped: None, base: None })
    }

    /// As it stands in `verifiableCredential` (VC Data Model 2.0, section 4.13).
    fn enclosed(self) -> Value {
        Value::Object(match self.enveloped {
            None => self.document,
            Some((_, url)) => model::enveloped(model::ENVELOPED_CREDENTIAL_TYPE, url),
        })
    }
}

/// The identifier under which the holder signs: the one that the credentials were issued to, or else the key's did:key.
struct HolderMethod {
    did: String,
    method: String,
}

impl HolderMethod {
    fn of<'a>(documents: impl IntoIterator<Item = &'a Map>, key: &PublicKey) -> Result<Self, PresentError> {
        let mut own = None;
        for document in documents {
            if let Some(jwk) = document.get("cnf").and_then(|cnf| cnf.get("jwk")).and_then(Value::as_object) {
                if PublicKey::from_jwk(jwk).as_ref() != Ok(key) {
                    return Err(PresentError::OtherHolder);
                }
                continue;
            }
            let subject = document.get("credentialSubject").and_then(|subject| subject.get("id"));
            let subject = subject.or_else(|| document.get("sub"));
            if let Some(did) = subject.and_then(Value::as_str) {
                own = Some(Self::of_did(did, key)?);
            }
        }
        Ok(own.unwrap_or_else(|| {
            let did = method::key::from_key(key);
            Self { method: format!("{did}#{}", did.trim_start_matches("did:key:")), did }
        }))
    }

    fn of_did(did: &str, key: &PublicKey) -> Result<Self, PresentError> {
        let parsed = Did::parse(did).map_err(|_| PresentError::OtherHolder)?;
        match method::resolve(&parsed, &ResolutionOptions::default()) {
            Some(Ok(document)) => match document.method_of_key(key, Relationship::Authentication) {
                Some(found) => Ok(Self { did: did.to_owned(), method: found.id.clone() }),
                None => Err(PresentError::OtherHolder),
            },
            _ => Err(PresentError::OtherHolder),
        }
    }
}
