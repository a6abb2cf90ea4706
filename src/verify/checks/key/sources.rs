//! Where the keys of an identifier come from. No code path leads from a document to a fetch.

use std::borrow::Cow;

use super::Absent;
use crate::did::method::webvh::KeyPeriod;
use crate::did::{Did, Document, ResolutionOptions, method};
use crate::time::Timestamp;
use crate::verify::checks::Inquiry;
use crate::verify::expected::At;
use crate::verify::issuer_metadata::{self, IssuerKeys};
use crate::verify::materials::{KeptLog, KnownContexts, Materials, Pins, Read, Resource, Source};
use crate::verify::policy::Policy;

/// Where keys are looked for.
#[derive(Clone, Copy)]
pub(in crate::verify) struct Sources<'a> {
    pub(in crate::verify) materials: &'a Materials,
    /// Whose certificate authorities, archives and resolvers count, and at which moment. Without it none does.
    pub(in crate::verify) trusted: Option<(&'a Policy, At)>,
}

impl<'a> From<&Inquiry<'a>> for Sources<'a> {
    fn from(inquiry: &Inquiry<'a>) -> Self {
        Self { materials: inquiry.materials, trusted: Some((inquiry.policy, inquiry.at)) }
    }
}

/// What an identifier's controller publishes.
pub(in crate::verify) struct Published<'a> {
    /// The document in force; of a deactivated DID the last one before that.
    pub(in crate::verify) document: Cow<'a, Document>,
    /// When it was obtained, unless it follows from the identifier itself.
    pub(in crate::verify) obtained: Option<Timestamp>,
    /// The log that it comes from.
    pub(in crate::verify) log: Option<&'a KeptLog>,
    pub(in crate::verify) deactivated: Option<Timestamp>,
    /// What comes later is not looked at.
    until: Option<Timestamp>,
}

impl<'a> Published<'a> {
    fn plain(document: Cow<'a, Document>, obtained: Option<Timestamp>) -> Self {
        Self { document, obtained, log: None, deactivated: None, until: None }
    }

    /// Whether the key came before the moment that is judged.
    pub(super) fn has_begun(&self, period: &KeyPeriod) -> bool {
        self.until.is_none_or(|until| period.from.time <= until)
    }

    /// When the key was replaced, if that was before the moment that is judged. Giving the whole DID up replaces no key.
    pub(super) fn ended(&self, period: &KeyPeriod) -> Option<Timestamp> {
        let ended = period.until.map(|mark| mark.time);
        let ended = ended.filter(|time| self.until.is_none_or(|until| *time <= until));
        ended.filter(|time| self.deactivated != Some(*time))
    }
}

impl<'a> Sources<'a> {
    /// The materials alone, with everything in them.
    pub(in crate::verify) fn of(materials: &'a Materials) -> Self {
        Self { materials, trusted: None }
    }

    /// The contexts that are known: the library's own, and of those at hand the pinned ones. Without a policy whoever
    /// handed them over pins them: that is for work on conformance.
    pub(in crate::verify) fn contexts(&self) -> KnownContexts<'a> {
        let pins = self.trusted.map_or(Pins::Given, |(policy, _)| Pins::Of(policy));
        KnownContexts { materials: self.materials, pins }
    }

    /// What the controller of `id` publishes. `has_metadata` tells that an https URL stands for an issuer's metadata.
    pub(in crate::verify) fn published(&self, id: &str, has_metadata: bool) -> Result<Published<'a>, Absent> {
        match issuer_metadata::address(id).filter(|_| has_metadata) {
            Some(address) => self.metadata(id, address),
            None => self.document(id),
        }
    }

    fn document(&self, id: &str) -> Result<Published<'a>, Absent> {
        if id.starts_with("https://") || id.starts_with("did:web:") {
            let material = self.of_own_address(|it| it.document(id), || Resource::Document(id.to_owned()))?;
            return Ok(Published::plain(Cow::Borrowed(&material.content), Some(material.obtained)));
        }
        if id.starts_with("did:webvh:") {
            return self.log(id);
        }
        let did = Did::parse(id).map_err(|error| Absent::Unusable(error.to_string()))?;
        match method::resolve(&did, &ResolutionOptions::default()) {
            Some(Ok(document)) => Ok(Published::plain(Cow::Owned(document), None)),
            Some(Err(error)) => Err(Absent::Unusable(error.to_string())),
            None => self.resolved(&did),
        }
    }

    /// The logs of that DID that count: those that prove themselves, and from a checkpoint on those whose maker is
    /// believed. What the trust list carries along is its owner's word.
    pub(in crate::verify) fn logs(&self, id: &str) -> impl Iterator<Item = &'a KeptLog> + use<'a> {
        let this = *self;
        let is_believed = move |kept: &&KeptLog| kept.checkpoint.as_ref().is_none_or(|source| this.believes(source));
        let at_hand = self.materials.log(id).into_iter().chain(self.materials.resumed_logs(id)).filter(is_believed);
        let archived = self.archive().map(|archive| archive.log(id).into_iter().chain(archive.resumed_logs(id)));
        at_hand.chain(archived.into_iter().flatten())
    }

    /// The one of them that is relied on.
    pub(in crate::verify) fn kept_log(&self, id: &str) -> Option<&'a KeptLog> {
        self.log(id).ok()?.log
    }

    /// Whether checkpoints from there count.
    fn believes(&self, maker: &Source) -> bool {
        let may =
            |(policy, at): (&Policy, At), by| policy.known(by).is_some_and(|it| it.entry.may_vouch_for_logs(at.time()));
        match maker {
            Source::Own => true,
            Source::Asserted { by } => self.trusted.is_some_and(|trusted| may(trusted, by)),
            Source::Fetched => false,
        }
    }

    /// A log proves itself, wherever it comes from. Of several the longest counts.
    fn log(&self, id: &str) -> Result<Published<'a>, Absent> {
        let until = self.trusted.and_then(|(_, at)| at.cut());
        let missing = || self.materials.missing_of_log(id, |maker| self.believes(maker));
        let Some(longest) = self.logs(id).map(KeptLog::number).max() else {
            return Err(Absent::Unavailable(missing()));
        };
        // A shorter one knows enough of a moment before its last entry, which the longest may not reach.
        let knows = |kept: &&KeptLog| kept.number() == longest || until.is_some_and(|until| kept.signed_at() > until);
        let known = self.logs(id).filter(knows).filter_map(|kept| Some((kept, kept.document(until)?)));
        let Some((kept, document)) = known.max_by_key(|(kept, _)| (kept.number(), kept.log.is_complete())) else {
            return Err(match self.logs(id).any(|kept| kept.log.is_complete() && kept.number() == longest) {
                true => Absent::Unusable("its log begins after the moment that is judged".to_owned()),
                false => Absent::Unavailable(missing()),
            });
        };
        Ok(Published {
            document: Cow::Borrowed(document),
            obtained: Some(kept.obtained),
            log: Some(kept),
            deactivated: kept.deactivated(until),
            until,
        })
    }

    /// The word of an endpoint that the verifier's own trust list believes for this DID method.
    fn resolved(&self, did: &Did) -> Result<Published<'a>, Absent> {
        let id = did.as_str();
        let Some((policy, _)) = self.trusted else { return Err(Absent::MethodUnsupported) };
        if let Some(material) = policy.archive.document(id) {
            return Ok(Published::plain(Cow::Borrowed(&material.content), Some(material.obtained)));
        }
        let mut resolvers = policy.resolvers(did.method()).peekable();
        if resolvers.peek().is_none() {
            let is_there = self.materials.document(id).is_some();
            return Err(if is_there { Absent::Asserted } else { Absent::MethodUnsupported });
        }
        match resolvers.find_map(|resolver| self.materials.document_asserted_by(id, &resolver.endpoint)) {
            Some(material) => Ok(Published::plain(Cow::Borrowed(&material.content), Some(material.obtained))),
            None if self.materials.document(id).is_some() => Err(Absent::Asserted),
            None => Err(Absent::Unavailable(Resource::Document(id.to_owned()))),
        }
    }

    /// The keys of an issuer's metadata, as its document. The older of metadata and key set counts for its age.
    fn metadata(&self, issuer: &str, address: String) -> Result<Published<'a>, Absent> {
        let metadata =
            self.of_own_address(|it| it.issuer_keys(&address), || Resource::IssuerMetadata(address.clone()))?;
        let named = match &metadata.content {
            IssuerKeys::Inline(document) => document.id(),
            IssuerKeys::At { issuer, .. } => issuer,
        };
        // Two issuers can share an address, and the metadata is of just one of them.
        if named != issuer {
            return Err(Absent::NotInDocument);
        }
        match &metadata.content {
            IssuerKeys::Inline(document) => Ok(Published::plain(Cow::Borrowed(document), Some(metadata.obtained))),
            IssuerKeys::At { address, .. } => {
                let keys = self.of_own_address(|it| it.key_set(address), || Resource::KeySet(address.clone()))?;
                let document = keys.content.document(issuer).map_err(|error| Absent::Unusable(error.to_string()))?;
                Ok(Published::plain(Cow::Owned(document), Some(keys.obtained.min(metadata.obtained))))
            }
        }
    }

    /// What the host fetched from its own address, or else what the verifier's own trust list carries along.
    fn of_own_address<T>(
        &self,
        material: impl Fn(&'a Materials) -> Option<&'a Read<T>>,
        resource: impl FnOnce() -> Resource,
    ) -> Result<&'a Read<T>, Absent> {
        let at_hand = material(self.materials);
        match at_hand.filter(|read| read.source == Source::Fetched).or_else(|| material(self.archive()?)) {
            Some(read) => Ok(read),
            None if at_hand.is_some() => Err(Absent::Asserted),
            None => Err(Absent::Unavailable(resource())),
        }
    }

    fn archive(&self) -> Option<&'a Materials> {
        self.trusted.map(|(policy, _)| &policy.archive)
    }
}
