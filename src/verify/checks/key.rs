//! The key that a document names: whose it is (`key.binding`), what for (`key.purpose`) and when (`key.validity`).
//!
//! Controlled Identifiers 1.0, section 3.3: the document's id is the identifier, the method stands in the document
//! under the purpose's relationship, and its controller is the document's subject.

use std::borrow::Cow;

use super::envelope::{Envelope, short};
use super::{Inquiry, Role};
use crate::did::{Did, Document, Relationship, ResolutionOptions, VerificationMethod, method};
use crate::keys::PublicKey;
use crate::time::Timestamp;
use crate::verify::code::Code;
use crate::verify::materials::{Materials, Source};
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
    /// The controller's document is not at hand.
    Unavailable,
    /// It is at hand, but only as somebody's word.
    Asserted,
    /// No way to get documents of this DID method.
    MethodUnsupported,
    /// The identifier itself holds no usable key.
    Unusable(String),
    /// The document does not have that key.
    NotInDocument,
    Found(Found<'a>),
}

pub(in crate::verify) struct Found<'a> {
    document: Cow<'a, Document>,
    position: usize,
    pub(in crate::verify) obtained: Option<Timestamp>,
}

impl Found<'_> {
    pub(in crate::verify) fn method(&self) -> &VerificationMethod {
        &self.document.verification_methods()[self.position]
    }

    fn authorizes(&self, relationship: Relationship) -> bool {
        self.document.authorizes(&self.method().id, relationship)
    }
}

impl NamedKey<'_> {
    pub(in crate::verify) fn key(&self) -> Option<&PublicKey> {
        match &self.lookup {
            Lookup::Found(found) => found.method().key.as_ref().ok(),
            _ => None,
        }
    }

    pub(in crate::verify) fn obtained(&self) -> Option<Timestamp> {
        match &self.lookup {
            Lookup::Found(found) => found.obtained,
            _ => None,
        }
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

/// Looks the key up that the envelope names. A name without an identifier in it belongs to the author.
pub(in crate::verify) fn look_up<'a>(
    envelope: &'a Envelope<'_>,
    author: Option<&'a str>,
    role: Role,
    materials: &'a Materials,
) -> NamedKey<'a> {
    let reference = envelope.key_reference();
    let (controller, name) = match reference {
        Some(reference) if reference.starts_with("did:") || reference.contains("://") => {
            (Some(reference.split('#').next().unwrap_or(reference)), Some(reference))
        }
        other => (author, other),
    };
    let Some(controller) = controller else { return NamedKey { controller: None, lookup: Lookup::NotNamed } };
    let lookup = match document_of(controller, materials) {
        Ok((document, obtained)) => match position_of(&document, controller, name, role) {
            Some(position) => Lookup::Found(Found { document, position, obtained }),
            None if name.is_none() => Lookup::NotNamed,
            None => Lookup::NotInDocument,
        },
        Err(lookup) => lookup,
    };
    NamedKey { controller: Some(controller), lookup }
}

/// The controlled identifier document of `id`, and when it was obtained unless it follows from the identifier itself.
pub(in crate::verify) fn document_of<'a>(
    id: &str,
    materials: &'a Materials,
) -> Result<(Cow<'a, Document>, Option<Timestamp>), Lookup<'a>> {
    if let Some(material) = materials.document(id).filter(|_| is_fetchable(id)) {
        return match &material.source {
            Source::Fetched => Ok((Cow::Borrowed(&material.content), Some(material.obtained))),
            Source::Asserted { .. } => Err(Lookup::Asserted),
        };
    }
    if is_fetchable(id) {
        return Err(Lookup::Unavailable);
    }
    let did = Did::parse(id).map_err(|error| Lookup::Unusable(error.to_string()))?;
    match method::resolve(&did, &ResolutionOptions::default()) {
        Some(Ok(document)) => Ok((Cow::Owned(document), None)),
        Some(Err(error)) => Err(Lookup::Unusable(error.to_string())),
        None => Err(Lookup::MethodUnsupported),
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
    let is_identifier = if author.starts_with("did:") {
        Did::parse(author).is_ok()
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
            Lookup::Found(_) => Finding::of(Code::Ok),
            Lookup::NotInDocument => Finding::of(Code::BindingNotInDocument),
            Lookup::Unavailable | Lookup::Asserted => Finding::of(Code::BindingUnavailable),
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
        _ => Finding::of(Code::NotReached),
    }
}

/// Check `key.validity`: the method was neither expired nor revoked at the moment that is judged (Controlled
/// Identifiers 1.0, section 2.2).
pub(in crate::verify) fn validity(named: &NamedKey<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let Lookup::Found(found) = &named.lookup else { return Finding::of(Code::NotReached) };
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
