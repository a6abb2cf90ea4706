//! `parse`, `media-type`, `algorithm`, `proof`, `context` as far as it belongs to the proof: what the envelope itself
//! can show.

use serde_json::Value;

use super::Role;
use super::key::{Lookup, NamedKey};
use crate::credential::model;
use crate::encoding::json::{self, Map};
use crate::keys::{Algorithm, AlgorithmError, PublicKey, VerifyError};
use crate::securing::data_integrity::{DataIntegrityError, ProofError, Signed, Suite};
use crate::securing::jose::{Jws, is_media_type};
use crate::securing::{Format, Shape, sniff};
use crate::verify::code::Code;
use crate::verify::report::Finding;

/// A document in its envelope, opened but not believed.
#[derive(Clone)]
pub(in crate::verify) enum Envelope<'a> {
    Jose(Box<Jws<'a>>),
    DataIntegrity(Box<Signed>),
    /// A JSON document whose proof is absent or cannot be looked into.
    Unsigned(Map, DataIntegrityError),
}

impl Envelope<'_> {
    pub(in crate::verify) fn document(&self) -> &Map {
        match self {
            Self::Jose(jws) => &jws.payload,
            Self::DataIntegrity(signed) => &signed.document,
            Self::Unsigned(document, _) => document,
        }
    }

    pub(in crate::verify) fn into_document(self) -> Map {
        match self {
            Self::Jose(jws) => jws.payload,
            Self::DataIntegrity(signed) => signed.into_signed_document(),
            Self::Unsigned(document, _) => document,
        }
    }

    pub(in crate::verify) fn format(&self) -> Option<Format> {
        match self {
            Self::Jose(_) => Some(Format::Jwt),
            Self::DataIntegrity(signed) => match signed.proof.suite()? {
                Suite::EddsaJcs2022 => Some(Format::EddsaJcs2022),
                Suite::EcdsaJcs2019 => Some(Format::EcdsaJcs2019),
            },
            Self::Unsigned(..) => None,
        }
    }

    /// The key that the envelope names: `kid`, or `verificationMethod`.
    pub(in crate::verify) fn key_reference(&self) -> Option<&str> {
        match self {
            Self::Jose(jws) => jws.header.key_id.as_deref(),
            Self::DataIntegrity(signed) => Some(&signed.proof.verification_method),
            Self::Unsigned(..) => None,
        }
    }

    /// A claim of the token beside the document, such as `iss`. Other formats have none.
    pub(in crate::verify) fn token_claim(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Jose(jws) => jws.payload.get(name),
            _ => None,
        }
    }

    pub(in crate::verify) fn role(&self) -> Role {
        if model::is_presentation(self.document()) { Role::Presentation } else { Role::Credential }
    }
}

/// Check `parse`: bytes into an envelope.
pub(in crate::verify) fn parse(bytes: &[u8]) -> Result<Envelope<'_>, Finding> {
    match sniff(bytes).map_err(|error| Finding::explained(Code::ParseUnrecognised, &error))? {
        Shape::CompactJws(token) => parse_token(token),
        Shape::Json(bytes) => {
            let document =
                json::parse_object(bytes).map_err(|error| Finding::explained(Code::ParseUnrecognised, &error))?;
            Ok(open(document))
        }
        Shape::SdJwt(_) => Err(Finding::with(Code::ParseUnsupported, "an SD-JWT")),
        Shape::Cose(_) => Err(Finding::with(Code::ParseUnsupported, "a COSE document")),
    }
}

/// A compact token into an envelope.
pub(in crate::verify) fn parse_token(token: &str) -> Result<Envelope<'_>, Finding> {
    match Jws::parse(token) {
        Ok(jws) => Ok(Envelope::Jose(Box::new(jws))),
        Err(error) => Err(Finding::explained(Code::ParseUnrecognised, &error)),
    }
}

/// A JSON document into an envelope.
pub(in crate::verify) fn open(document: Map) -> Envelope<'static> {
    match Signed::read(document) {
        Ok(signed) => Envelope::DataIntegrity(Box::new(signed)),
        Err(unsigned) => Envelope::Unsigned(unsigned.document, unsigned.error),
    }
}

/// Check `media-type`: the token's `typ` and `cty` name what is inside (VC-JOSE-COSE 1.0, section 3.1).
pub(in crate::verify) fn media_type(envelope: &Envelope<'_>, role: Role) -> Finding {
    let Envelope::Jose(jws) = envelope else { return Finding::of(Code::NotApplicable) };
    let declared = |value: &str, credential: &str, presentation: &str| {
        if is_media_type(value, credential) {
            Ok(Role::Credential)
        } else if is_media_type(value, presentation) {
            Ok(Role::Presentation)
        } else {
            Err(Finding::with(Code::MediaTypeOther, short(value)))
        }
    };
    let token = jws.header.media_type.as_deref().map(|value| declared(value, "vc+jwt", "vp+jwt")).transpose();
    let content = jws.header.content_type.as_deref().map(|value| declared(value, "vc", "vp")).transpose();
    match (token, content) {
        (Err(finding), _) | (_, Err(finding)) => finding,
        (Ok(None), Ok(None)) => Finding::of(Code::MediaTypeMissing),
        (Ok(token), Ok(content)) if token.unwrap_or(role) == role && content.unwrap_or(role) == role => {
            Finding::of(Code::Ok)
        }
        _ => Finding::of(Code::MediaTypeContradiction),
    }
}

/// The algorithm that the envelope asks for with this key.
fn asked_algorithm(envelope: &Envelope<'_>, key: Option<&PublicKey>) -> Result<Algorithm, Finding> {
    match envelope {
        Envelope::Jose(jws) if jws.header.has_critical => Err(Finding::of(Code::AlgorithmCritical)),
        Envelope::Jose(jws) => match &jws.header.algorithm {
            Ok(algorithm) if key.is_some_and(|key| key.key_type() != algorithm.key_type()) => {
                Err(Finding::of(Code::AlgorithmMismatch))
            }
            Ok(algorithm) => Ok(*algorithm),
            Err(AlgorithmError::Unsecured) => Err(Finding::of(Code::AlgorithmNone)),
            Err(AlgorithmError::Mac) => Err(Finding::with(Code::AlgorithmMac, short(&jws.header.algorithm_name))),
            Err(_) => Err(Finding::with(Code::AlgorithmUnsupported, short(&jws.header.algorithm_name))),
        },
        Envelope::DataIntegrity(signed) => match (signed.proof.suite(), key) {
            (None, _) => Err(Finding::with(Code::AlgorithmUnsupported, short(&signed.proof.suite_name))),
            (Some(suite), Some(key)) => {
                suite.algorithm(key.key_type()).ok_or_else(|| Finding::of(Code::AlgorithmMismatch))
            }
            (Some(Suite::EddsaJcs2022), None) => Ok(Algorithm::Ed25519),
            (Some(Suite::EcdsaJcs2019), None) => Ok(Algorithm::Es256),
        },
        Envelope::Unsigned(..) => Err(Finding::of(Code::NotReached)),
    }
}

/// Check `algorithm`: one that is allowed, and that belongs to the key.
pub(in crate::verify) fn algorithm(envelope: &Envelope<'_>, named: &NamedKey<'_>) -> Finding {
    match asked_algorithm(envelope, named.key()) {
        Ok(algorithm) => Finding::with(Code::OkDetail, algorithm.jose_name()),
        Err(finding) => finding,
    }
}

/// Check `proof`: the signature, with the key that the envelope names.
pub(in crate::verify) fn proof(envelope: &Envelope<'_>, named: &NamedKey<'_>) -> Finding {
    if let Envelope::Unsigned(_, error) = envelope {
        return match error {
            DataIntegrityError::Absent => Finding::of(Code::ProofAbsent),
            DataIntegrityError::Several => Finding::of(Code::ProofSeveral),
            error => Finding::with(Code::ProofForm, error),
        };
    }
    let id = named.controller.unwrap_or_default();
    let key = match &named.lookup {
        Lookup::NotNamed => return Finding::of(Code::ProofNoKey),
        Lookup::Unavailable => return Finding::with(Code::ProofKeyUnavailable, short(id)),
        Lookup::Asserted => return Finding::with(Code::ProofKeyAsserted, short(id)),
        Lookup::MethodUnsupported => return Finding::with(Code::ProofMethodUnsupported, short(id)),
        Lookup::Unusable(reason) => return Finding::with(Code::ProofKeyUnusable, reason),
        Lookup::NotInDocument => return Finding::of(Code::NotReached),
        Lookup::Found(found) => match &found.method().key {
            Ok(key) => key,
            Err(error) => return Finding::with(Code::ProofKeyUnusable, error),
        },
    };
    let Ok(algorithm) = asked_algorithm(envelope, Some(key)) else { return Finding::of(Code::NotReached) };
    let verified = match envelope {
        Envelope::Jose(jws) => jws.verify(algorithm, key).map_err(ProofError::from),
        Envelope::DataIntegrity(signed) => match signed.proof.suite() {
            Some(suite) => signed.verify(suite, key),
            None => return Finding::of(Code::NotReached),
        },
        Envelope::Unsigned(..) => return Finding::of(Code::NotReached),
    };
    match verified {
        Ok(()) => Finding::of(Code::Ok),
        // The checks `algorithm` and `context` say what is wrong.
        Err(
            ProofError::KeyType | ProofError::Context | ProofError::Signature(VerifyError::AlgorithmMismatch { .. }),
        ) => Finding::of(Code::NotReached),
        Err(error @ (ProofError::Value(_) | ProofError::Signature(VerifyError::SignatureLength { .. }))) => {
            Finding::with(Code::ProofForm, error)
        }
        Err(_) => Finding::of(Code::ProofMismatch),
    }
}

/// The part of check `context` that belongs to the proof: the vocabulary is the one that was signed.
pub(in crate::verify) fn signed_context(envelope: &Envelope<'_>) -> Finding {
    match envelope {
        Envelope::DataIntegrity(signed) if !signed.context_holds() => Finding::of(Code::ContextNotSigned),
        Envelope::DataIntegrity(_) => Finding::of(Code::Ok),
        _ => Finding::of(Code::NotApplicable),
    }
}

/// What a stranger wrote, cut to a length that fits a sentence, without control characters.
pub(in crate::verify) fn short(text: &str) -> String {
    const CHARACTERS: usize = 120;
    let mut kept: String = text.chars().take(CHARACTERS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(CHARACTERS).is_some() {
        kept.push('…');
    }
    kept
}
