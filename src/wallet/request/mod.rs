//! Who asks: whether a request is genuine, in time, and within what its party may ask for.

mod error;

pub use error::AskerError;

use crate::credential::kind::Kind;
use crate::did::{DidUrl, Relationship};
use crate::jsonld::GivenContexts;
use crate::keys::PublicKey;
use crate::presentation::dcql::{Meta, Query};
use crate::presentation::request::{ClientId, ClientIdPrefix, RequestObject, UnverifiedRequest};
use crate::securing::jose::Jws;
use crate::time::Timestamp;
use crate::trust::{CertificateError, Chain, Entry, Standing, TrustList};
use crate::verify::{At, Materials, NoKey, key_of};

/// How far the clock of whoever asks may be ahead of ours, in seconds.
const SKEW: i64 = 300;

/// Purposes under one of which a key must stand in its DID document.
///
/// Off-spec: OpenID4VP 1.0, section 5.9.3 asks only that it stand among the `verificationMethod`s. A key that is there
/// for encryption or delegation was never meant to speak for its controller.
const PURPOSES: [Relationship; 2] = [Relationship::Authentication, Relationship::AssertionMethod];

/// Who asks.
#[derive(Debug, Clone)]
pub enum Asker {
    /// Somebody in the holder's trust list, who signed the request and may ask for this.
    Known(VerifiedRequest),
    /// Nobody knows.
    Unauthenticated(UnauthenticatedRequest),
}

/// A request whose party was authenticated, stands in the holder's trust list, and may ask for what it asks.
#[derive(Debug, Clone)]
pub struct VerifiedRequest {
    request: RequestObject,
    contexts: GivenContexts,
    /// Boxed, as a list's entry is larger than all else here.
    entry: Box<Entry>,
    subject: Option<String>,
}

/// A request of which nothing is known but what it says of itself.
#[derive(Debug, Clone)]
pub struct UnauthenticatedRequest {
    request: RequestObject,
    contexts: GivenContexts,
}

impl Asker {
    /// Reads a request that must come from somebody in the trust list: [`VerifiedRequest::check`].
    ///
    /// # Errors
    /// [`AskerError`].
    pub fn known(bytes: &[u8], list: &TrustList, materials: &Materials, at: At) -> Result<Self, AskerError> {
        VerifiedRequest::check(bytes, list, materials, at).map(Self::Known)
    }

    /// As [`known`](Self::known), by several trust lists: the first that knows whoever asks decides.
    ///
    /// # Errors
    /// [`AskerError`].
    pub fn known_to_any(bytes: &[u8], lists: &[TrustList], materials: &Materials, at: At) -> Result<Self, AskerError> {
        let mut refusal = AskerError::Unknown;
        for list in lists {
            match VerifiedRequest::check(bytes, list, materials, at) {
                Err(unknown @ (AskerError::Unknown | AskerError::Certificate(CertificateError::UnknownAnchor))) => {
                    refusal = unknown;
                }
                Err(error) => return Err(error),
                Ok(known) => {
                    return Ok(Self::Known(VerifiedRequest { contexts: materials.pinned_contexts(lists), ..known }));
                }
            }
        }
        Err(refusal)
    }

    /// Reads a request without asking who made it. A signature is not looked at: nothing rests on it. Such a request
    /// gets at most what is public, and its answer is still bound to the client identifier that it names, so that it is
    /// of no use to anybody else.
    ///
    /// # Errors
    /// [`AskerError::Request`], [`AskerError::Expired`], [`AskerError::NotYet`].
    pub fn unauthenticated(bytes: &[u8], at: At) -> Result<Self, AskerError> {
        let request = UnverifiedRequest::parse(bytes)?.into_unchecked();
        check_times(&request, at.time())?;
        Ok(Self::Unauthenticated(UnauthenticatedRequest { request, contexts: GivenContexts::none() }))
    }

    /// With these contexts, for credentials that name them and whose proofs sign RDF: giving them is the holder's own word for
    /// them. Those among the materials count without this where a trust list pins them by their hash.
    #[must_use]
    pub fn with_contexts(mut self, contexts: &GivenContexts) -> Self {
        match &mut self {
            Self::Known(known) => known.contexts.extend(contexts),
            Self::Unauthenticated(unknown) => unknown.contexts.extend(contexts),
        }
        self
    }

    /// What the words of the holder's credentials mean.
    pub(super) fn contexts(&self) -> &GivenContexts {
        match self {
            Self::Known(known) => &known.contexts,
            Self::Unauthenticated(unknown) => &unknown.contexts,
        }
    }

    /// The request. For one that is not authenticated, all of it is an unknown party's own word.
    pub fn request(&self) -> &RequestObject {
        match self {
            Self::Known(known) => &known.request,
            Self::Unauthenticated(unknown) => &unknown.request,
        }
    }

    /// The audience of every answer: the client identifier with its prefix. Nothing else in the request can change it.
    pub fn audience(&self) -> &str {
        self.request().client_id.as_str()
    }

    /// Whether who asks was authenticated.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// The name in the holder's own trust list, in English or else in its first language; never what a request or a
    /// certificate says. `None` if the entry has none, and for whoever is not known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Known(known) => known.entry.display_name(),
            Self::Unauthenticated(_) => None,
        }
    }

    /// The subject of the certificate by which whoever asks is known, as [`Chain::subject`] writes it; [`name`](Self::name)
    /// is then that of the authority that answers for them. `None` for whoever is known by a DID, is not known, or has a
    /// certificate that names nobody.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Known(known) => known.subject.as_deref(),
            Self::Unauthenticated(_) => None,
        }
    }

    /// Who asks, in a sentence.
    pub fn in_words(&self) -> String {
        match self {
            Self::Known(known) => match (known.entry.display_name(), &known.subject) {
                (Some(name), None) => format!("{name} asks."),
                (Some(name), Some(subject)) => format!("{subject} asks, for whom {name} answers."),
                (None, Some(subject)) => format!("{subject} asks."),
                (None, None) => format!("{} asks.", known.request.client_id.original()),
            },
            Self::Unauthenticated(_) => "We do not know who asks.".to_owned(),
        }
    }

    /// Whether this party may see a credential of all these types.
    pub(super) fn may_see(&self, types: &[&str], at: Timestamp) -> bool {
        match self {
            Self::Known(known) => TrustList::may_ask(&known.entry, types, at) == Standing::Trusted,
            Self::Unauthenticated(_) => true,
        }
    }
}

impl VerifiedRequest {
    /// Reads a request and decides whether it is genuine, in time, and within what its party may ask for.
    ///
    /// The DID or the certificate of the client identifier must have signed it; that party, or the authority behind its
    /// certificate, must stand in `list` with every type that is asked for among its `verifies`. A key document is asked
    /// for only of parties in the list. Contexts among the materials that the list pins count for what is shown.
    ///
    /// # Errors
    /// [`AskerError`].
    pub fn check(bytes: &[u8], list: &TrustList, materials: &Materials, at: At) -> Result<Self, AskerError> {
        let unverified = UnverifiedRequest::parse(bytes)?;
        let now = at.time();
        if let At::Now(now) = at
            && list.issued().seconds_since(now) > SKEW
        {
            return Err(AskerError::Clock { issued: list.issued() });
        }
        let client_id = unverified.claimed_client_id();
        let jws = unverified.jws().ok_or(AskerError::Unsigned)?;
        let algorithm = jws.header.algorithm?;
        let (key, entry, subject) = match client_id.prefix() {
            ClientIdPrefix::DecentralizedIdentifier => {
                let did = client_id.original();
                let entry = list.entry(did).ok_or(AskerError::Unknown)?;
                (key_of_did(did, jws, materials, now)?, entry, None)
            }
            ClientIdPrefix::X509SanDns | ClientIdPrefix::X509Hash => {
                let chain = chain_of(client_id, jws)?;
                let entry = list.anchor_of(&chain, now)?;
                (chain.key()?, entry, Some(chain.subject()).filter(|subject| !subject.is_empty()))
            }
            _ => return Err(AskerError::Unsigned),
        };
        jws.verify(algorithm, &key).map_err(|_| AskerError::Signature)?;
        let entry = Box::new(entry.clone());
        let request = unverified.into_unchecked();
        check_times(&request, now)?;
        check_grant(&request.query, &entry, now)?;
        Ok(Self { request, contexts: materials.pinned_contexts([list]), entry, subject })
    }
}

/// "The request MUST be signed with a private key associated with the DID. [...] a particular public key used to sign
/// the request in question MUST be identified by the `kid` in the JOSE Header" (OpenID4VP 1.0, section 5.9.3).
fn key_of_did(did: &str, jws: &Jws<'_>, materials: &Materials, at: Timestamp) -> Result<PublicKey, AskerError> {
    let kid = jws.header.key_id.as_deref().ok_or(AskerError::NoKey)?;
    let url = DidUrl::parse(kid).map_err(|_| AskerError::NoKey)?;
    if url.did().as_str() != did {
        return Err(AskerError::OtherKey);
    }
    if url.fragment().is_none() || !url.path().is_empty() || url.query().is_some() {
        return Err(AskerError::NoKey);
    }
    key_of(did, kid, &PURPOSES, materials, at).map_err(|why| match why {
        NoKey::Unavailable(missing) => AskerError::KeyUnavailable { missing },
        NoKey::MethodUnsupported => AskerError::MethodUnsupported,
        NoKey::Unusable | NoKey::NotInDocument => AskerError::KeyNotFound,
        NoKey::OtherPurpose => AskerError::KeyPurpose,
        NoKey::Ended(since) => AskerError::KeyEnded { since },
    })
}

/// The certificates, the first of which must be the client identifier's.
fn chain_of(client_id: &ClientId, jws: &Jws<'_>) -> Result<Chain, AskerError> {
    if jws.header.certificates.is_empty() {
        return Err(AskerError::NoKey);
    }
    let chain = Chain::from_x5c(&jws.header.certificates)?;
    let original = client_id.original();
    let is_own = match client_id.prefix() {
        // "MUST be a DNS name and match a `dNSName` Subject Alternative Name (SAN) entry in the leaf certificate".
        ClientIdPrefix::X509SanDns => chain.dns_names().iter().any(|name| name.eq_ignore_ascii_case(original)),
        // "MUST be a hash and match the hash of the leaf certificate".
        _ => chain.thumbprint() == original,
    };
    if is_own { Ok(chain) } else { Err(AskerError::OtherKey) }
}

fn check_times(request: &RequestObject, now: Timestamp) -> Result<(), AskerError> {
    if let Some(at) = request.expires.filter(|end| now >= *end) {
        return Err(AskerError::Expired { at });
    }
    let starts = request.issued_at.max(request.not_before);
    match starts.filter(|start| start.seconds_since(now) > SKEW) {
        Some(at) => Err(AskerError::NotYet { at }),
        None => Ok(()),
    }
}

/// Every type that the query asks for must be granted: also those of alternatives, as the answer to one of them would
/// tell what the holder has.
fn check_grant(query: &Query, entry: &Entry, at: Timestamp) -> Result<(), AskerError> {
    for credential in &query.credentials {
        let alternatives: Vec<Vec<&str>> = match &credential.meta {
            Meta::Vct(accepted) => accepted.iter().map(|vct| vec![vct.as_str()]).collect(),
            Meta::Types(lists) => {
                lists.iter().map(|list| list.iter().map(|name| Kind::type_name(name)).collect()).collect()
            }
            Meta::Doctype(doctype) => vec![vec![doctype.as_str()]],
            // No type at all is every type.
            _ => vec![Vec::new()],
        };
        for types in &alternatives {
            match TrustList::may_ask(entry, types, at) {
                Standing::Trusted => {}
                Standing::NotYet(from) => return Err(AskerError::TrustedLater { from }),
                Standing::Ended(until) => return Err(AskerError::TrustEnded { until }),
                _ => return Err(AskerError::MayNotAsk { what: in_words(types) }),
            }
        }
    }
    Ok(())
}

fn in_words(types: &[&str]) -> String {
    const CHARACTERS: usize = 100;
    let kind = Kind::of_types(types.iter().copied()).or_else(|| Kind::of_vcts(types.iter().copied()));
    match (kind, types) {
        (Some(kind), _) => format!("a {}", kind.in_words()),
        (None, []) => "credentials of every type".to_owned(),
        (None, types) => {
            // A stranger's text: nothing that a terminal would obey.
            let harmless = |c: char| if c.is_ascii_graphic() || c.is_alphanumeric() { c } else { ' ' };
            let text: String = types.join(" and ").chars().take(CHARACTERS).map(harmless).collect();
            format!("a credential of the type {text}")
        }
    }
}
