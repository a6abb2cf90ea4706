//! Contexts as material: they count by their pinned hash, whoever handed them over.

use std::collections::HashMap;

use super::Materials;
use crate::jsonld::{Context, ContextFile, ContextFileError, Contexts, Embedded, GivenContexts};
use crate::limits;
use crate::trust::{PinnedContext, TrustList, pinned};
use crate::verify::policy::Policy;

/// Contexts by their URL, of each every content that was handed over.
#[derive(Clone, Default)]
pub(super) struct ContextFiles(HashMap<String, Vec<ContextFile>>);

impl ContextFiles {
    pub(super) fn add(&mut self, url: &str, bytes: &[u8]) -> Result<(), ContextFileError> {
        let file = ContextFile::read(url, bytes)?;
        let known = self.0.entry(url.to_owned()).or_default();
        known.retain(|other| other.sha_256() != file.sha_256());
        // Whoever hands over many different ones pushes the oldest out.
        if known.len() >= limits::CONTEXT_FILES {
            known.remove(0);
        }
        known.push(file);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn of(&self, url: &str) -> &[ContextFile] {
        self.0.get(url).map_or(&[], Vec::as_slice)
    }
}

impl Materials {
    /// The contexts among these that a trust list pins by their hash: of two lists that pin one URL the first decides.
    /// What nobody pinned does not count.
    pub fn pinned_contexts<'l>(&self, lists: impl IntoIterator<Item = &'l TrustList>) -> GivenContexts {
        let pins: Vec<&PinnedContext> = lists.into_iter().flat_map(TrustList::contexts).collect();
        let mut found = GivenContexts::none();
        for (url, files) in &self.contexts.0 {
            let Some(pin) = pinned(pins.iter().copied(), url) else { continue };
            if let Some(file) = files.iter().find(|file| *file.sha_256() == pin) {
                found.insert(url, file.clone());
            }
        }
        found
    }
}

/// Whose word decides which content of a context counts.
#[derive(Clone, Copy)]
pub(in crate::verify) enum Pins<'a> {
    /// The policy's, and that of its trust lists.
    Of(&'a Policy),
    /// Whoever handed the materials over: for work on conformance.
    Given,
}

/// The contexts that one verification knows: the embedded ones, and beside them those in the materials that are pinned.
#[derive(Clone, Copy)]
pub(in crate::verify) struct KnownContexts<'a> {
    pub(in crate::verify) materials: &'a Materials,
    pub(in crate::verify) pins: Pins<'a>,
}

impl<'a> KnownContexts<'a> {
    /// The file that counts for this URL.
    pub(in crate::verify) fn file(&self, url: &str) -> Option<&'a ContextFile> {
        match self.pins {
            Pins::Given => self.materials.contexts.of(url).last(),
            Pins::Of(policy) => {
                let pin = policy.pin_of(url)?;
                // What a trust list carries along stands among the policy's own.
                let mut files = self.materials.contexts.of(url).iter().chain(policy.archive.contexts.of(url));
                files.find(|file| *file.sha_256() == pin)
            }
        }
    }

    /// Whether it would count if it were at hand.
    pub(in crate::verify) fn is_pinned(&self, url: &str) -> bool {
        match self.pins {
            Pins::Given => true,
            Pins::Of(policy) => policy.pin_of(url).is_some(),
        }
    }

    /// Whether a digest is that of the context at this URL; `None` where that is open.
    pub(in crate::verify) fn has_digest(&self, url: &str, digest: &[u8]) -> Option<bool> {
        Embedded::has_digest(url, digest).or_else(|| self.file(url)?.has_digest(digest))
    }
}

impl Contexts for KnownContexts<'_> {
    fn context(&self, url: &str) -> Option<&Context> {
        Embedded.context(url).or_else(|| self.file(url).map(ContextFile::context))
    }
}
