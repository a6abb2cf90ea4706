//! `parse`, `media-type`, `algorithm`, `proof`, `context` as far as it belongs to the proof: what the envelope itself
//! can show.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Role;
use super::context::{self, Covers};
use super::disclosure::Disclosed;
use super::key::{Absent, Lookup, NamedKey};
use crate::credential::model;
use crate::encoding::json::{self, Map};
use crate::encoding::shown::shown;
use crate::jsonld::Contexts;
use crate::keys::{Algorithm, AlgorithmError, KeyType, PublicKey, VerifyError};
use crate::securing::cose::Sign1;
use crate::securing::data_integrity::sd::{PLACES, SdError};
use crate::securing::data_integrity::{
    CanonicalError, ChainError, DataIntegrityError, Proof, ProofError, Signed, Suite, Transformation,
};
use crate::securing::jose::{Header, Jws, is_media_type};
use crate::securing::sd_jwt::SdJwt;
use crate::securing::{Format, Shape, sniff};
use crate::time::Timestamp;
use crate::trust::certificate::{CertificateError, Chain};
use crate::verify::code::Code;
use crate::verify::materials::{KnownContexts, Resource};
use crate::verify::report::Finding;

/// A document in its envelope, opened but not believed.
pub(in crate::verify) enum Envelope<'a> {
    Jose(Box<Jws<'a>>),
    SdJwt(Box<Disclosed<'a>>),
    Cose(Box<Sign1>),
    DataIntegrity(Proven<'a>),
    /// A JSON document whose proof is absent or cannot be looked into.
    Unsigned(Map, DataIntegrityError),
}

/// A document with proofs, of which one is looked at, and where its contexts come from.
#[derive(Clone)]
pub(in crate::verify) struct Proven<'a> {
    pub(in crate::verify) signed: Signed,
    contexts: &'a dyn Contexts,
}

impl<'a> Proven<'a> {
    pub(in crate::verify) fn proof(&self) -> &Proof {
        self.signed.proof()
    }

    /// The same document with another of its proofs.
    pub(in crate::verify) fn looking_at(&self, signed: Signed) -> Envelope<'a> {
        Envelope::DataIntegrity(Self { signed, contexts: self.contexts })
    }

    /// Why the document cannot be brought into the form that its suite signs; nothing for suites that sign bytes.
    pub(in crate::verify) fn not_canonical(&self, key: Option<&PublicKey>) -> Option<&CanonicalError> {
        let suite = self.proof().suite().filter(|suite| suite.transformation() != Transformation::Jcs)?;
        // Without a key it is open which hash names the nodes, which only their number of steps depends on.
        let key_type = key.map(PublicKey::key_type).filter(|key_type| suite.algorithm(*key_type).is_some());
        self.signed.canonical(key_type.unwrap_or(KeyType::P256), self.contexts).err()
    }

    /// Whether its holder could choose which statements are shown.
    pub(in crate::verify) fn can_hide(&self) -> bool {
        self.proof().suite().is_some_and(|suite| suite.transformation() == Transformation::Statements)
    }

    /// Why its statements do not fit it, of a proof that signs them one by one.
    pub(in crate::verify) fn not_opened(&self) -> Option<&SdError> {
        self.signed.opened(self.contexts).err()
    }

    /// Which of these places, JSON pointers into the document, were shown because they must be; nothing where that cannot
    /// be told.
    pub(in crate::verify) fn is_mandatory(&self, pointers: &[&str]) -> Option<[bool; PLACES]> {
        self.signed.opened(self.contexts).ok()?.mandatory(self.signed.document(), pointers, self.contexts).ok()
    }
}

impl Envelope<'_> {
    pub(in crate::verify) fn document(&self) -> &Map {
        match self {
            Self::Jose(jws) => &jws.payload,
            Self::SdJwt(disclosed) => &disclosed.payload,
            Self::Cose(message) => &message.payload,
            Self::DataIntegrity(proven) => proven.signed.document(),
            Self::Unsigned(document, _) => document,
        }
    }

    pub(in crate::verify) fn into_document(self) -> Map {
        match self {
            Self::Jose(jws) => jws.payload,
            Self::SdJwt(disclosed) => disclosed.payload,
            Self::Cose(message) => message.payload,
            Self::DataIntegrity(proven) => proven.signed.into_signed_document(),
            Self::Unsigned(document, _) => document,
        }
    }

    pub(in crate::verify) fn format(&self) -> Option<Format> {
        match self {
            Self::Jose(_) => Some(Format::Jwt),
            Self::SdJwt(disclosed) if disclosed.is_vc => Some(Format::SdJwtVc),
            Self::SdJwt(_) => Some(Format::SdJwt),
            Self::Cose(_) => Some(Format::Cose),
            Self::DataIntegrity(proven) => proven.proof().suite().map(Format::from),
            Self::Unsigned(..) => None,
        }
    }

    /// The key that the envelope names: `kid`, or `verificationMethod`.
    pub(in crate::verify) fn key_reference(&self) -> Option<&str> {
        match self {
            Self::DataIntegrity(proven) => Some(&proven.proof().verification_method),
            other => other.header()?.key_id.as_deref(),
        }
    }

    /// The header that was signed, in the formats that have one.
    fn header(&self) -> Option<&Header> {
        match self {
            Self::Cose(message) => Some(&message.header),
            other => Some(&other.jws()?.header),
        }
    }

    /// The signed token, in the formats that are one.
    fn jws(&self) -> Option<&Jws<'_>> {
        match self {
            Self::Jose(jws) => Some(jws),
            Self::SdJwt(disclosed) => Some(&disclosed.sd_jwt.jws),
            Self::Cose(_) | Self::DataIntegrity(_) | Self::Unsigned(..) => None,
        }
    }

    /// What a token says that it is (`typ`).
    pub(in crate::verify) fn media_type(&self) -> Option<&str> {
        self.jws()?.header.media_type.as_deref()
    }

    /// When the signature claims to have been made: `iat` of a token, `created` of a proof. Its signer's own word.
    pub(in crate::verify) fn claimed_time(&self) -> Option<Timestamp> {
        match self {
            Self::DataIntegrity(proven) => proven.proof().created,
            _ => super::time::numeric_date(self.token_claim("iat")?),
        }
    }

    /// A claim of the token beside the document, such as `iss`: among the document's members, or in the header of a COSE
    /// message. Other formats have none.
    pub(in crate::verify) fn token_claim(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Jose(_) | Self::SdJwt(_) => self.document().get(name),
            Self::Cose(message) => message.claims.get(name),
            _ => None,
        }
    }

    /// What was disclosed, in the formats in which a holder can hide claims.
    pub(in crate::verify) fn disclosed(&self) -> Option<&Disclosed<'_>> {
        match self {
            Self::SdJwt(disclosed) => Some(disclosed),
            _ => None,
        }
    }

    /// Whether the holder may have withheld a member of the document itself, such as its end. An SD-JWT VC forbids hiding
    /// those that matter.
    pub(in crate::verify) fn may_hide_members(&self) -> bool {
        match self {
            Self::SdJwt(disclosed) => !disclosed.is_vc && disclosed.may_hide_members(),
            // What is not there leaves no trace.
            Self::DataIntegrity(proven) => proven.can_hide(),
            _ => false,
        }
    }

    /// Whether the holder may have withheld a part of this member that is there, such as an item of it.
    pub(in crate::verify) fn may_hide_within(&self, member: &str) -> bool {
        match self {
            Self::SdJwt(disclosed) => !disclosed.is_vc && disclosed.may_hide_within(member),
            Self::DataIntegrity(proven) if proven.can_hide() && proven.signed.document().contains_key(member) => {
                proven.is_mandatory(&[&format!("/{member}")]).is_none_or(|[is_mandatory, ..]| !is_mandatory)
            }
            _ => false,
        }
    }

    /// Whether its claims may be a part of what was issued.
    pub(in crate::verify) fn shows_a_part(&self) -> bool {
        match self {
            Self::SdJwt(_) => true,
            Self::DataIntegrity(proven) => proven.can_hide(),
            _ => false,
        }
    }

    /// Whether the document is what was signed, with what was disclosed in its place. Where that does not fit nothing
    /// can be said of its content.
    pub(in crate::verify) fn is_whole(&self) -> bool {
        self.disclosed().is_none_or(|disclosed| disclosed.broken.is_none())
    }

    /// Whether it is an SD-JWT VC, whose claims stand beside those of the token.
    pub(in crate::verify) fn is_sd_jwt_vc(&self) -> bool {
        self.disclosed().is_some_and(|disclosed| disclosed.is_vc)
    }

    /// The certificate chain that names the issuer. Only an SD-JWT VC may have one: elsewhere a key in the header is
    /// whatever its author chose.
    pub(in crate::verify) fn certificates(&self) -> Option<Result<&Chain, &CertificateError>> {
        self.disclosed()?.chain.as_ref().map(Result::as_ref)
    }

    /// The certificates in a token's header, unread. Of credentials they count in an SD-JWT VC alone.
    pub(in crate::verify) fn carried_certificates(&self) -> Option<&[String]> {
        let certificates = self.jws()?.header.certificates.as_slice();
        (!certificates.is_empty()).then_some(certificates)
    }

    /// The credential's issuer: text, or an object with an `id` (VC Data Model 2.0, section 4.7); of an SD-JWT VC its
    /// `iss`, or else the subject of the certificate.
    pub(in crate::verify) fn issuer(&self) -> Option<&str> {
        if let Some(disclosed) = self.disclosed().filter(|disclosed| disclosed.is_vc) {
            return disclosed.issuer();
        }
        let issuer = self.document().get("issuer")?;
        issuer.as_str().or_else(|| issuer.get("id")?.as_str())
    }

    /// Whose presentation it is: its `holder`, or else the token's `iss`.
    pub(in crate::verify) fn holder(&self) -> Option<&str> {
        let holder = self.document().get("holder");
        let named = holder.and_then(|holder| holder.as_str().or_else(|| holder.get("id")?.as_str()));
        named.or_else(|| self.token_claim("iss")?.as_str())
    }

    /// What the signature covers.
    pub(in crate::verify) fn covers(&self) -> Covers {
        match self {
            Self::DataIntegrity(proven) => match proven.proof().suite().map(Suite::transformation) {
                Some(Transformation::Rdfc | Transformation::Statements) => Covers::Meaning,
                _ => Covers::Words,
            },
            _ => Covers::Words,
        }
    }

    pub(in crate::verify) fn role(&self) -> Role {
        if model::is_presentation(self.document()) { Role::Presentation } else { Role::Credential }
    }
}

/// Check `parse`: bytes into an envelope.
pub(in crate::verify) fn parse<'a>(bytes: &'a [u8], contexts: &'a dyn Contexts) -> Result<Envelope<'a>, Finding> {
    match sniff(bytes).map_err(|error| Finding::explained(Code::ParseUnrecognised, &error))? {
        Shape::CompactJws(token) => parse_token(token),
        Shape::Json(bytes) => {
            let document =
                json::parse_object(bytes).map_err(|error| Finding::explained(Code::ParseUnrecognised, &error))?;
            Ok(open(document, contexts))
        }
        Shape::SdJwt(token) => parse_sd_jwt(token),
        Shape::Cose(message) => parse_cose(message),
    }
}

/// A compact token into an envelope.
pub(in crate::verify) fn parse_token(token: &str) -> Result<Envelope<'_>, Finding> {
    match Jws::parse(token) {
        Ok(jws) => Ok(Envelope::Jose(Box::new(jws))),
        Err(error) => Err(Finding::explained(Code::ParseUnrecognised, &error)),
    }
}

/// A COSE message into an envelope.
pub(in crate::verify) fn parse_cose(message: &[u8]) -> Result<Envelope<'static>, Finding> {
    match Sign1::parse(message) {
        Ok(message) => Ok(Envelope::Cose(Box::new(message))),
        Err(error) => Err(Finding::explained(Code::ParseUnrecognised, &error)),
    }
}

/// A compact SD-JWT into an envelope.
pub(in crate::verify) fn parse_sd_jwt(token: &str) -> Result<Envelope<'_>, Finding> {
    match SdJwt::parse(token) {
        Ok(sd_jwt) => Ok(Envelope::SdJwt(Box::new(Disclosed::open(sd_jwt)))),
        Err(error) if error.is_unsupported() => Err(Finding::with(Code::ParseUnsupported, error)),
        Err(error) => Err(Finding::explained(Code::ParseUnrecognised, &error)),
    }
}

/// A JSON document into an envelope.
pub(in crate::verify) fn open(document: Map, contexts: &dyn Contexts) -> Envelope<'_> {
    match Signed::read(document) {
        Ok(signed) => Envelope::DataIntegrity(Proven { signed, contexts }),
        Err(unsigned) => Envelope::Unsigned(unsigned.document, unsigned.error),
    }
}

/// Check `media-type`: the token's `typ` and `cty` name what is inside (VC-JOSE-COSE 1.0, sections 3.1 to 3.3; SD-JWT VC,
/// section 3.2.1).
pub(in crate::verify) fn media_type(envelope: &Envelope<'_>, role: Role) -> Finding {
    let Some(header) = envelope.header() else { return Finding::of(Code::NotApplicable) };
    if envelope.is_sd_jwt_vc() {
        return match &header.media_type {
            None => Finding::of(Code::MediaTypeMissing),
            Some(value) if is_media_type(value, "dc+sd-jwt") => Finding::of(Code::Ok),
            Some(value) => Finding::with(Code::MediaTypeOther, short(value)),
        };
    }
    let (credential, presentation) = match envelope {
        Envelope::SdJwt(_) => ("vc+sd-jwt", "vp+sd-jwt"),
        Envelope::Cose(_) => ("vc+cose", "vp+cose"),
        _ => ("vc+jwt", "vp+jwt"),
    };
    let declared = |value: &str, credential: &str, presentation: &str| {
        if is_media_type(value, credential) {
            Ok(Role::Credential)
        } else if is_media_type(value, presentation) {
            Ok(Role::Presentation)
        } else {
            Err(Finding::with(Code::MediaTypeOther, short(value)))
        }
    };
    let token = header.media_type.as_deref().map(|value| declared(value, credential, presentation)).transpose();
    let content = header.content_type.as_deref().map(|value| declared(value, "vc", "vp")).transpose();
    match (token, content) {
        (Err(finding), _) | (_, Err(finding)) => finding,
        (Ok(None), Ok(None)) => Finding::of(Code::MediaTypeMissing),
        (Ok(token), Ok(content)) if token.unwrap_or(role) == role && content.unwrap_or(role) == role => {
            Finding::of(Code::Ok)
        }
        _ => Finding::of(Code::MediaTypeContradiction),
    }
}

/// The algorithm that a header asks for with this key.
pub(in crate::verify) fn algorithm_of(header: &Header, key: Option<&PublicKey>) -> Result<Algorithm, Finding> {
    if header.has_critical {
        return Err(Finding::of(Code::AlgorithmCritical));
    }
    match &header.algorithm {
        Ok(algorithm) if key.is_some_and(|key| key.key_type() != algorithm.key_type()) => {
            Err(Finding::of(Code::AlgorithmMismatch))
        }
        Ok(algorithm) => Ok(*algorithm),
        Err(AlgorithmError::Unsecured) => Err(Finding::of(Code::AlgorithmNone)),
        Err(AlgorithmError::Mac) => Err(Finding::with(Code::AlgorithmMac, short(&header.algorithm_name))),
        Err(_) => Err(Finding::with(Code::AlgorithmUnsupported, short(&header.algorithm_name))),
    }
}

/// The algorithm that the envelope asks for with this key.
fn asked_algorithm(envelope: &Envelope<'_>, key: Option<&PublicKey>) -> Result<Algorithm, Finding> {
    match envelope {
        Envelope::Jose(jws) => algorithm_of(&jws.header, key),
        Envelope::SdJwt(disclosed) => algorithm_of(&disclosed.sd_jwt.jws.header, key),
        Envelope::Cose(message) => algorithm_of(&message.header, key),
        Envelope::DataIntegrity(proven) => match (proven.proof().suite(), key) {
            (None, _) => Err(Finding::with(Code::AlgorithmUnsupported, short(&proven.proof().suite_name))),
            (Some(suite), Some(key)) => {
                suite.algorithm(key.key_type()).ok_or_else(|| Finding::of(Code::AlgorithmMismatch))
            }
            (Some(Suite::EddsaJcs2022 | Suite::EddsaRdfc2022), None) => Ok(Algorithm::Ed25519),
            (Some(_), None) => Ok(Algorithm::Es256),
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
            DataIntegrityError::TooMany { limit } => Finding::with(Code::ProofTooMany, limit),
            error => Finding::with(Code::ProofForm, error),
        };
    }
    if let Envelope::DataIntegrity(proven) = envelope
        && let Err(error) = proven.signed.ancestors()
    {
        return Finding::of(match error {
            ChainError::Cycle => Code::ProofAncestorCycle,
            _ => Code::ProofAncestorMissing,
        });
    }
    let id = named.controller.unwrap_or_default();
    let key = match &named.lookup {
        Lookup::NotNamed => return Finding::of(Code::ProofNoKey),
        Lookup::Absent(Absent::Unavailable(_)) => return Finding::with(Code::ProofKeyUnavailable, short(id)),
        Lookup::Absent(Absent::Asserted) => return Finding::with(Code::ProofKeyAsserted, short(id)),
        Lookup::Absent(Absent::MethodUnsupported) => return Finding::with(Code::ProofMethodUnsupported, short(id)),
        Lookup::Absent(Absent::Unusable(reason)) => return Finding::with(Code::ProofKeyUnusable, reason),
        Lookup::Absent(Absent::NotInDocument) => return Finding::of(Code::NotReached),
        Lookup::Found(_) | Lookup::Certified(_) => match named.key_or_reason() {
            Some(Ok(key)) => key,
            Some(Err(error)) => return Finding::with(Code::ProofKeyUnusable, error),
            None => return Finding::of(Code::NotReached),
        },
    };
    let Some(verified) = signature(envelope, key) else { return Finding::of(Code::NotReached) };
    match verified {
        Ok(()) => Finding::of(Code::Ok),
        // The checks `algorithm`, `context` and `data-terms` say what is wrong.
        Err(
            ProofError::KeyType
            | ProofError::Context
            | ProofError::Canonical
            | ProofError::Signature(VerifyError::AlgorithmMismatch { .. }),
        ) => Finding::of(Code::NotReached),
        Err(
            error @ (ProofError::Value(_)
            | ProofError::TooManyStatements { .. }
            | ProofError::Signature(VerifyError::SignatureLength { .. })),
        ) => Finding::with(Code::ProofForm, error),
        Err(ProofError::Opening) => match envelope {
            Envelope::DataIntegrity(proven) => not_opened(proven),
            _ => Finding::of(Code::NotReached),
        },
        Err(_) => Finding::of(Code::ProofMismatch),
    }
}

/// What is wrong with the signatures of single statements, before any of them was checked.
fn not_opened(proven: &Proven<'_>) -> Finding {
    match proven.not_opened() {
        None => Finding::of(Code::NotReached),
        Some(SdError::IsBase) => Finding::of(Code::ProofForHolder),
        // Something stands there that has no signature, or the other way round.
        Some(SdError::Labels | SdError::Indexes | SdError::Count { .. }) => Finding::of(Code::ProofMismatch),
        Some(error) => Finding::with(Code::ProofForm, error),
    }
}

/// Whether the signature holds with this key; `None` where the envelope does not ask for an algorithm of the key's.
fn signature(envelope: &Envelope<'_>, key: &PublicKey) -> Option<Result<(), ProofError>> {
    let algorithm = asked_algorithm(envelope, Some(key)).ok()?;
    match envelope {
        Envelope::DataIntegrity(proven) => Some(proven.signed.verify(key, proven.contexts)),
        Envelope::Cose(message) => Some(message.verify(algorithm, key).map_err(ProofError::from)),
        other => Some(other.jws()?.verify(algorithm, key).map_err(ProofError::from)),
    }
}

/// Whether this key made the signature.
pub(in crate::verify) fn fits(envelope: &Envelope<'_>, key: &PublicKey) -> bool {
    matches!(signature(envelope, key), Some(Ok(())))
}

/// SHA-256 of exactly the bytes that were signed with this key.
pub(in crate::verify) fn signed_digest(envelope: &Envelope<'_>, key: &PublicKey) -> Option<[u8; 32]> {
    match envelope {
        Envelope::DataIntegrity(proven) => {
            let data = proven.signed.signed_bytes(key.key_type(), proven.contexts).ok()?;
            Some(Sha256::digest(data.as_bytes()).into())
        }
        Envelope::Cose(message) => Some(Sha256::digest(message.signed_bytes()).into()),
        other => Some(Sha256::digest(other.jws()?.signing_input()).into()),
    }
}

/// The part of check `context` that belongs to the proof: the vocabulary is the one that was signed.
pub(in crate::verify) fn signed_context(envelope: &Envelope<'_>) -> Finding {
    match envelope {
        Envelope::DataIntegrity(proven) if !proven.signed.context_holds() => Finding::of(Code::ContextNotSigned),
        Envelope::DataIntegrity(_) => Finding::of(Code::Ok),
        _ => Finding::of(Code::NotApplicable),
    }
}

/// Check `data-terms`: every member is defined by a context, so that the signature covers it. Suites that sign bytes cover
/// everything. Returns the context to fetch, if one is missing.
pub(in crate::verify) fn data_terms(
    envelope: &Envelope<'_>,
    named: &NamedKey<'_>,
    role: Role,
    known: &KnownContexts<'_>,
) -> (Finding, Option<Resource>) {
    let proven = match envelope {
        Envelope::DataIntegrity(proven) if envelope.covers() == Covers::Meaning => proven,
        _ => return (Finding::of(Code::NotApplicable), None),
    };
    let problem = match proven.not_canonical(named.key()) {
        Some(CanonicalError::TooComplex(error)) => return (context::too_complex(error), None),
        Some(CanonicalError::JsonLd(error)) => Some(error),
        _ => None,
    };
    let wanted = problem.and_then(|problem| context::missing(problem, known));
    (context::data_terms(envelope.document(), role, &proven.proof().options, problem, known), wanted)
}

/// What a stranger wrote, cut to a length that fits a sentence, without control characters.
pub(in crate::verify) fn short(text: &str) -> String {
    const CHARACTERS: usize = 120;
    shown(text, CHARACTERS)
}
