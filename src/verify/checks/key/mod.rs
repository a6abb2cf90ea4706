//! The key that a document names: whose it is (`key.binding`), what for (`key.purpose`) and when (`key.validity`).
//!
//! Controlled Identifiers 1.0, section 3.3: the document's id is the identifier, the method stands in the document
//! under the purpose's relationship, and its controller is the document's subject.

mod asked;
mod sources;
mod validity;

use std::borrow::Cow;

pub(crate) use asked::{NoKey, key_of};
pub(in crate::verify) use sources::{Published, Sources};
pub(in crate::verify) use validity::{stands_today, validity};

use super::Role;
use super::envelope::{self, Envelope, short};
use crate::did::method::webvh::KeyPeriod;
use crate::did::{Did, Document, Relationship, VerificationMethod};
use crate::keys::{KeyError, PublicKey};
use crate::limits;
use crate::time::Timestamp;
use crate::trust::certificate::{CertificateError, Chain};
use crate::verify::code::Code;
use crate::verify::materials::{KeptLog, Resource};
use crate::verify::policy::Known;
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
    Absent(Absent),
    Found(Found<'a>),
    /// The key of a certificate.
    Certified(Box<Certified<'a>>),
}

/// Why there is no key.
pub(in crate::verify) enum Absent {
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
}

pub(in crate::verify) struct Found<'a> {
    /// What its controller publishes at the moment that is judged.
    published: Published<'a>,
    place: Place<'a>,
}

/// Where a key was found.
enum Place<'a> {
    /// In the controller's document, at this position.
    Document(usize),
    /// In the history of a did:webvh DID.
    History(&'a KeyPeriod),
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

impl<'a> Found<'a> {
    pub(in crate::verify) fn method(&self) -> &VerificationMethod {
        match self.place {
            Place::Document(position) => &self.published.document.verification_methods()[position],
            Place::History(period) => &period.method,
        }
    }

    fn authorizes(&self, relationship: Relationship) -> bool {
        match self.place {
            Place::Document(_) => self.published.document.authorizes(&self.method().id, relationship),
            Place::History(period) => period.method.serves(relationship),
        }
    }

    /// When the key was replaced, if it was.
    fn replaced(&self) -> Option<Timestamp> {
        match self.place {
            Place::Document(_) => None,
            Place::History(period) => self.published.ended(period),
        }
    }

    fn log(&self) -> Option<&'a KeptLog> {
        self.published.log
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
            Lookup::Found(found) => found.published.obtained,
            _ => None,
        }
    }

    /// The controller's document at the moment that is judged.
    pub(in crate::verify) fn document(&self) -> Option<&Document> {
        match &self.lookup {
            Lookup::Found(found) => Some(&found.published.document),
            _ => None,
        }
    }

    /// The log in which the key stands.
    pub(in crate::verify) fn log(&self) -> Option<&'a KeptLog> {
        match &self.lookup {
            Lookup::Found(found) => found.log(),
            _ => None,
        }
    }

    /// When its controller gave its DID up.
    pub(in crate::verify) fn deactivated(&self) -> Option<Timestamp> {
        match &self.lookup {
            Lookup::Found(found) => found.published.deactivated,
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

    pub(in crate::verify) fn purpose(self) -> &'static str {
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
    sources: Sources<'a>,
) -> NamedKey<'a> {
    if let Some(chain) = envelope.certificates() {
        return NamedKey {
            controller: author,
            lookup: certified(chain, envelope.token_claim("iss").is_some(), author, sources),
        };
    }
    let named = Named { reference: envelope.key_reference(), author, role, has_metadata: envelope.is_sd_jwt_vc() };
    named.look_up(sources, |key| envelope::fits(envelope, key))
}

/// The name of a key.
pub(in crate::verify) struct Named<'a> {
    /// `kid` or `verificationMethod`.
    pub(in crate::verify) reference: Option<&'a str>,
    /// To whom a name belongs that has no identifier in it.
    pub(in crate::verify) author: Option<&'a str>,
    pub(in crate::verify) role: Role,
    /// Whether an https URL is that of an issuer with metadata (SD-JWT VC), and not of a document.
    pub(in crate::verify) has_metadata: bool,
}

impl<'a> Named<'a> {
    /// `fits` tells whether a key made the signature: in a long history one name can stand for several keys.
    pub(in crate::verify) fn look_up(&self, sources: Sources<'a>, fits: impl Fn(&PublicKey) -> bool) -> NamedKey<'a> {
        let (controller, name) = match self.reference {
            Some(reference) if reference.starts_with("did:") || reference.contains("://") => {
                (Some(reference.split('#').next().unwrap_or(reference)), Some(reference))
            }
            other => (self.author, other),
        };
        let Some(controller) = controller else { return NamedKey { controller: None, lookup: Lookup::NotNamed } };
        let lookup = match sources.published(controller, self.has_metadata) {
            Ok(published) => {
                let place = match (published.log, name) {
                    (Some(kept), Some(name)) if name.contains(':') || name.starts_with('#') => {
                        in_history(&published, kept, &url_of(controller, name), self.role, fits).map(Place::History)
                    }
                    _ => position_of(&published.document, controller, name, self.role).map(Place::Document),
                };
                match place {
                    Some(place) => Lookup::Found(Found { published, place }),
                    None if name.is_none() => Lookup::NotNamed,
                    None => Lookup::Absent(Absent::NotInDocument),
                }
            }
            Err(absent) => Lookup::Absent(absent),
        };
        NamedKey { controller: Some(controller), lookup }
    }
}

fn url_of<'n>(controller: &str, name: &'n str) -> Cow<'n, str> {
    if name.starts_with('#') { format!("{controller}{name}").into() } else { name.into() }
}

/// The key of that URL in the history of a DID: of those that may serve the purpose the newest, or the one that made the
/// signature if there are several. What serves no purpose is found too, so that the report can say so.
fn in_history<'a>(
    published: &Published<'a>,
    kept: &'a KeptLog,
    url: &str,
    role: Role,
    fits: impl Fn(&PublicKey) -> bool,
) -> Option<&'a KeyPeriod> {
    let periods = kept
        .log
        .method(url)
        .filter(|period| published.has_begun(period) && kept.log.names().contains(&period.method.controller));
    let periods: Vec<&KeyPeriod> = periods.take(limits::KEYS_OF_ONE_NAME).collect();
    let mut serving = periods.iter().copied().filter(|period| period.method.serves(role.relationship()));
    let newest = serving.next();
    match serving.next() {
        None => newest.or(periods.first().copied()),
        Some(_) => {
            let made_it = |period: &&KeyPeriod| period.method.key.as_ref().is_ok_and(&fits);
            let mut serving = periods.iter().copied().filter(|period| period.method.serves(role.relationship()));
            serving.find(made_it).or(newest)
        }
    }
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
        Err(error) => Lookup::Absent(Absent::Unusable(error.to_string())),
        Ok((chain, key)) => Lookup::Certified(Box::new(Certified {
            key,
            anchor: match sources.trusted {
                Some((policy, at)) => policy.anchor_of(chain, at.time()),
                None => Err(CertificateError::UnknownAnchor),
            },
            is_named: !has_name || author.is_some_and(|author| chain.is_named(author)),
        })),
    }
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
            Lookup::Absent(Absent::NotInDocument) => Finding::of(Code::BindingNotInDocument),
            Lookup::Absent(Absent::Unavailable(_) | Absent::Asserted) => Finding::of(Code::BindingUnavailable),
            Lookup::NotNamed | Lookup::Absent(Absent::MethodUnsupported | Absent::Unusable(_)) => {
                Finding::of(Code::NotReached)
            }
        },
    }
}

/// Check `key.purpose`: the controller lists the key for this purpose, and the proof claims no other.
pub(in crate::verify) fn purpose(envelope: &Envelope<'_>, named: &NamedKey<'_>, role: Role) -> Finding {
    if let Envelope::DataIntegrity(proven) = envelope
        && proven.proof().purpose != role.purpose()
    {
        return Finding::with(Code::PurposeClaimed, short(&proven.proof().purpose));
    }
    match &named.lookup {
        Lookup::Found(found) if found.authorizes(role.relationship()) => Finding::of(Code::Ok),
        Lookup::Found(_) => Finding::with(Code::PurposeOther, role.purpose()),
        // Reading the chain refuses a leaf whose key usage is not for signatures.
        Lookup::Certified(_) => Finding::of(Code::Ok),
        _ => Finding::of(Code::NotReached),
    }
}
