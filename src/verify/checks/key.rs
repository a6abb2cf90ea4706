//! The key that a document names: whose it is (`key.binding`), what for (`key.purpose`) and when (`key.validity`).
//!
//! Controlled Identifiers 1.0, section 3.3: the document's id is the identifier, the method stands in the document
//! under the purpose's relationship, and its controller is the document's subject.

use std::borrow::Cow;

use super::envelope::{Envelope, short};
use super::{Inquiry, Role};
use crate::did::{Did, Document, Relationship, ResolutionOptions, VerificationMethod, method};
use crate::keys::{KeyError, PublicKey};
use crate::time::Timestamp;
use crate::trust::certificate::{CertificateError, Chain};
use crate::verify::code::Code;
use crate::verify::issuer_metadata::{self, IssuerKeys};
use crate::verify::materials::{Materials, Read, Resource, Source};
use crate::verify::policy::{Known, Policy};
use crate::verify::report::Finding;

/// What became of looking up the key that a document names.
pub(in crate::verify) struct NamedKey<'a> {
    /// The identifier whose document holds the key, as the document names it.
    pub(in crate::verify) controller: Option<&'a str>,
    pub(in crate::verify) lookup: Lookup<'a>,
}

pub(in crate::verify) enum Lookup<'a> {
    /// The document names no key.
    NotNamed,
    /// What holds the key is not at hand.
    Unavailable(Resource),
    /// It is at hand, but only as somebody's word.
    Asserted,
    /// No way to get documents of this DID method.
    MethodUnsupported,
    /// The identifier itself, or the certificate, holds no usable key.
    Unusable(String),
    /// The document does not have that key.
    NotInDocument,
    Found(Found<'a>),
    /// The key of a certificate.
    Certified(Box<Certified<'a>>),
}

pub(in crate::verify) struct Found<'a> {
    document: Cow<'a, Document>,
    position: usize,
    obtained: Option<Timestamp>,
}

/// A key that a certificate chain in the token's header carries (`x5c`, RFC 7515 section 4.1.6).
pub(in crate::verify) struct Certified<'a> {
    key: PublicKey,
    /// The anchor of the verifier's own that the chain leads to.
    anchor: Result<Known<'a>, CertificateError>,
    /// Whether the leaf carries the author's name, where the token names one beside the certificate.
    is_named: bool,
}

impl Certified<'_> {
    /// Whether an authority in the trust list vouches for the key. That the list does not have the name is for
    /// `issuer.trust` to say.
    fn is_vouched_for(&self) -> bool {
        matches!(self.anchor, Ok(_) | Err(CertificateError::SubjectNotListed))
    }
}

impl Found<'_> {
    pub(in crate::verify) fn method(&self) -> &VerificationMethod {
        &self.document.verification_methods()[self.position]
    }

    fn authorizes(&self, relationship: Relationship) -> bool {
        self.document.authorizes(&self.method().id, relationship)
    }
}

impl<'a> NamedKey<'a> {
    pub(in crate::verify) fn key(&self) -> Option<&PublicKey> {
        self.key_or_reason()?.ok()
    }

    /// The key, or why the one that was found cannot be used.
    pub(in crate::verify) fn key_or_reason(&self) -> Option<Result<&PublicKey, &KeyError>> {
        match &self.lookup {
            Lookup::Found(found) => Some(found.method().key.as_ref()),
            Lookup::Certified(certified) => Some(Ok(&certified.key)),
            _ => None,
        }
    }

    pub(in crate::verify) fn obtained(&self) -> Option<Timestamp> {
        match &self.lookup {
            Lookup::Found(found) => found.obtained,
            _ => None,
        }
    }

    /// The entry of a trust list under whose anchor the key was certified.
    pub(in crate::verify) fn anchor(&self) -> Option<Known<'a>> {
        match &self.lookup {
            Lookup::Certified(certified) => certified.anchor.as_ref().ok().copied(),
            _ => None,
        }
    }

    pub(in crate::verify) fn is_certified(&self) -> bool {
        matches!(self.lookup, Lookup::Certified(_))
    }
}

impl Role {
    /// What a key must be allowed to do to sign a document of this role.
    pub(in crate::verify) fn relationship(self) -> Relationship {
        match self {
            Self::Credential => Relationship::AssertionMethod,
            Self::Presentation => Relationship::Authentication,
        }
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::Credential => "assertionMethod",
            Self::Presentation => "authentication",
        }
    }
}

/// Where keys are looked for.
#[derive(Clone, Copy)]
pub(in crate::verify) struct Sources<'a> {
    pub(in crate::verify) materials: &'a Materials,
    /// Whose certificate authorities count, and at which moment. Without it none does.
    pub(in crate::verify) anchors: Option<(&'a Policy, Timestamp)>,
}

impl<'a> From<&Inquiry<'a>> for Sources<'a> {
    fn from(inquiry: &Inquiry<'a>) -> Self {
        Self { materials: inquiry.materials, anchors: Some((inquiry.policy, inquiry.at.time())) }
    }
}

/// Looks the key up that the envelope names. A name without an identifier in it belongs to the author.
pub(in crate::verify) fn look_up<'a>(
    envelope: &'a Envelope<'_>,
    author: Option<&'a str>,
    role: Role,
    sources: Sources<'a>,
) -> NamedKey<'a> {
    if let Some(chain) = envelope.certificates() {
        return NamedKey {
            controller: author,
            lookup: certified(chain, envelope.token_claim("iss").is_some(), author, sources),
        };
    }
    let reference = envelope.key_reference();
    let (controller, name) = match reference {
        Some(reference) if reference.starts_with("did:") || reference.contains("://") => {
            (Some(reference.split('#').next().unwrap_or(reference)), Some(reference))
        }
        other => (author, other),
    };
    let Some(controller) = controller else { return NamedKey { controller: None, lookup: Lookup::NotNamed } };
    let document = match issuer_metadata::address(controller).filter(|_| envelope.is_sd_jwt_vc()) {
        Some(address) => metadata_of(controller, address, sources.materials),
        None => document_of(controller, sources.materials),
    };
    let lookup = match document {
        Ok((document, obtained)) => match position_of(&document, controller, name, role) {
            Some(position) => Lookup::Found(Found { document, position, obtained }),
            None if name.is_none() => Lookup::NotNamed,
            None => Lookup::NotInDocument,
        },
        Err(lookup) => lookup,
    };
    NamedKey { controller: Some(controller), lookup }
}

/// The key of a chain. Whether somebody vouches for its names is a question of its own.
fn certified<'a>(
    chain: Result<&Chain, &CertificateError>,
    has_name: bool,
    author: Option<&str>,
    sources: Sources<'a>,
) -> Lookup<'a> {
    let read = chain.map_err(Clone::clone).and_then(|chain| Ok((chain, chain.key()?)));
    match read {
        Err(error) => Lookup::Unusable(error.to_string()),
        Ok((chain, key)) => Lookup::Certified(Box::new(Certified {
            key,
            anchor: match sources.anchors {
                Some((policy, at)) => policy.anchor_of(chain, at),
                None => Err(CertificateError::UnknownAnchor),
            },
            is_named: !has_name || author.is_some_and(|author| chain.is_named(author)),
        })),
    }
}

type FoundDocument<'a> = Result<(Cow<'a, Document>, Option<Timestamp>), Lookup<'a>>;

/// The controlled identifier document of `id`, and when it was obtained unless it follows from the identifier itself.
pub(in crate::verify) fn document_of<'a>(id: &str, materials: &'a Materials) -> FoundDocument<'a> {
    if is_fetchable(id) {
        let material = fetched(materials.document(id), || Resource::Document(id.to_owned()))?;
        return Ok((Cow::Borrowed(&material.content), Some(material.obtained)));
    }
    let did = Did::parse(id).map_err(|error| Lookup::Unusable(error.to_string()))?;
    match method::resolve(&did, &ResolutionOptions::default()) {
        Some(Ok(document)) => Ok((Cow::Owned(document), None)),
        Some(Err(error)) => Err(Lookup::Unusable(error.to_string())),
        None => Err(Lookup::MethodUnsupported),
    }
}

/// The keys of an issuer's metadata, as its document. The older of metadata and key set counts for its age.
fn metadata_of<'a>(issuer: &str, address: String, materials: &'a Materials) -> FoundDocument<'a> {
    let metadata = fetched(materials.issuer_keys(&address), || Resource::IssuerMetadata(address.clone()))?;
    let named = match &metadata.content {
        IssuerKeys::Inline(document) => document.id(),
        IssuerKeys::At { issuer, .. } => issuer,
    };
    // Two issuers can share an address, and the metadata is of just one of them.
    if named != issuer {
        return Err(Lookup::NotInDocument);
    }
    match &metadata.content {
        IssuerKeys::Inline(document) => Ok((Cow::Borrowed(document), Some(metadata.obtained))),
        IssuerKeys::At { address, .. } => {
            let keys = fetched(materials.key_set(address), || Resource::KeySet(address.clone()))?;
            let document = keys.content.document(issuer).map_err(|error| Lookup::Unusable(error.to_string()))?;
            Ok((Cow::Owned(document), Some(keys.obtained.min(metadata.obtained))))
        }
    }
}

fn fetched<'a, T>(
    material: Option<&'a Read<T>>,
    resource: impl FnOnce() -> Resource,
) -> Result<&'a Read<T>, Lookup<'a>> {
    match material {
        None => Err(Lookup::Unavailable(resource())),
        Some(material) if material.source == Source::Fetched => Ok(material),
        Some(_) => Err(Lookup::Asserted),
    }
}

/// Whether documents of this identifier are published at an address that belongs to it.
fn is_fetchable(id: &str) -> bool {
    id.starts_with("https://") || id.starts_with("did:web:")
}

fn position_of(document: &Document, controller: &str, name: Option<&str>, role: Role) -> Option<usize> {
    let methods = document.verification_methods();
    let Some(name) = name else {
        // Off-spec: VC-JOSE-COSE 1.0, section 3.3 wants a `kid` from issuers whose keys are DID URLs. Without one the key is
        // still the author's own if there is just one for this purpose.
        let mut allowed = (0..methods.len()).filter(|at| document.authorizes(&methods[*at].id, role.relationship()));
        return match (allowed.next(), allowed.next()) {
            (Some(position), None) => Some(position),
            _ => None,
        };
    };
    let is_named = |method: &VerificationMethod| match name.strip_prefix('#') {
        Some(fragment) => method.id.strip_prefix(controller).and_then(|rest| rest.strip_prefix('#')) == Some(fragment),
        None if name.contains(':') => method.id == name,
        None => method.jwk_kid.as_deref() == Some(name),
    };
    methods.iter().position(|method| is_named(method) && method.controller == document.id())
}

/// Check `key.binding`: the key is the author's own.
pub(in crate::verify) fn binding(author: Option<&str>, named: &NamedKey<'_>) -> Finding {
    let Some(author) = author else { return Finding::of(Code::BindingNoAuthor) };
    if let Lookup::Certified(certified) = &named.lookup {
        return match &certified.anchor {
            _ if !certified.is_named => Finding::with(Code::BindingOtherName, short(author)),
            Ok(_) | Err(CertificateError::SubjectNotListed) => Finding::of(Code::Ok),
            Err(CertificateError::UnknownAnchor) => Finding::of(Code::BindingUnknownAnchor),
            Err(error) if error.is_undetermined() => Finding::with(Code::BindingCertificateUnsupported, error),
            Err(error) => Finding::with(Code::BindingCertificate, error),
        };
    }
    let is_identifier = if author.starts_with("did:") {
        Did::is_did(author)
    } else {
        author.starts_with("https://") && !author.contains('#')
    };
    if !is_identifier {
        return Finding::with(Code::BindingNotADid, short(author));
    }
    match named.controller {
        None => Finding::of(Code::NotReached),
        Some(controller) if controller != author => Finding::with(Code::BindingOtherController, short(controller)),
        Some(_) => match &named.lookup {
            Lookup::Found(_) | Lookup::Certified(_) => Finding::of(Code::Ok),
            Lookup::NotInDocument => Finding::of(Code::BindingNotInDocument),
            Lookup::Unavailable(_) | Lookup::Asserted => Finding::of(Code::BindingUnavailable),
            Lookup::NotNamed | Lookup::MethodUnsupported | Lookup::Unusable(_) => Finding::of(Code::NotReached),
        },
    }
}

/// Check `key.purpose`: the controller lists the key for this purpose, and the proof claims no other.
pub(in crate::verify) fn purpose(envelope: &Envelope<'_>, named: &NamedKey<'_>, role: Role) -> Finding {
    if let Envelope::DataIntegrity(signed) = envelope
        && signed.proof.purpose != role.purpose()
    {
        return Finding::with(Code::PurposeClaimed, short(&signed.proof.purpose));
    }
    match &named.lookup {
        Lookup::Found(found) if found.authorizes(role.relationship()) => Finding::of(Code::Ok),
        Lookup::Found(_) => Finding::with(Code::PurposeOther, role.purpose()),
        // Reading the chain refuses a leaf whose key usage is not for signatures.
        Lookup::Certified(_) => Finding::of(Code::Ok),
        _ => Finding::of(Code::NotReached),
    }
}

/// Check `key.validity`: the method was neither expired nor revoked at the moment that is judged (Controlled
/// Identifiers 1.0, section 2.2). That a certificate was valid then, `key.binding` says.
pub(in crate::verify) fn validity(named: &NamedKey<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let found = match &named.lookup {
        Lookup::Found(found) => found,
        Lookup::Certified(certified) if certified.is_vouched_for() => return Finding::of(Code::Ok),
        _ => return Finding::of(Code::NotReached),
    };
    let at = inquiry.at.time();
    let method = found.method();
    if let Some(revoked) = method.revoked.filter(|revoked| at >= *revoked) {
        return Finding::with(Code::ValidityRevoked, revoked.in_words());
    }
    if let Some(expires) = method.expires.filter(|expires| at >= *expires) {
        return Finding::with(Code::ValidityExpired, expires.in_words());
    }
    let age = found.obtained.map(|obtained| super::time::age(inquiry.at, obtained));
    Finding::of(Code::Ok).aged(age)
}

/// Why there is no key to check the signature of what is neither a credential nor a presentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// This is not at hand, or only as somebody's word.
    Unavailable(Resource),
    /// No way to get documents of this DID method.
    MethodUnsupported,
    /// The identifier, or the key that was named, is none that can be used.
    Unusable,
    /// The document does not have that key.
    NotInDocument,
    /// It has the key, for other purposes.
    OtherPurpose,
    /// The key's time is over.
    Ended(Timestamp),
}

/// The key of `controller` that the DID URL `name` names, if it serves one of these purposes at that moment.
pub(crate) fn key_of(
    controller: &str,
    name: &str,
    purposes: &[Relationship],
    materials: &Materials,
    at: Timestamp,
) -> Result<PublicKey, NoKey> {
    let (document, obtained) = document_of(controller, materials).map_err(|lookup| match lookup {
        Lookup::Unavailable(resource) => NoKey::Unavailable(resource),
        Lookup::Asserted => NoKey::Unavailable(Resource::Document(controller.to_owned())),
        Lookup::MethodUnsupported => NoKey::MethodUnsupported,
        _ => NoKey::Unusable,
    })?;
    // The role matters only where no key is named.
    let position = position_of(&document, controller, Some(name), Role::Presentation).ok_or(NoKey::NotInDocument)?;
    let found = Found { document, position, obtained };
    if !purposes.iter().any(|purpose| found.authorizes(*purpose)) {
        return Err(NoKey::OtherPurpose);
    }
    let method = found.method();
    if let Some(end) = [method.revoked, method.expires].into_iter().flatten().find(|end| at >= *end) {
        return Err(NoKey::Ended(end));
    }
    method.key.clone().map_err(|_| NoKey::Unusable)
}
