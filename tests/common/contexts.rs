//! The published contexts that signed examples name and that the library has not of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use attesta::jsonld::{Context, Contexts, Embedded};
use attesta::time::Timestamp;
use attesta::trust::PinnedContext;
use attesta::verify::{Material, Materials, Policy, Resource, Source};

const FILES: [(&str, &str); 2] = [
    ("https://www.w3.org/ns/credentials/examples/v2", "../contexts/credentials-examples-v2.jsonld"),
    ("https://w3id.org/citizenship/v4rc1", "citizenship/contexts/citizenship-v4rc1.jsonld"),
];

/// The library's own contexts, and those of the recommendations' examples: as they are, and as material.
pub(crate) struct Known {
    folder: PathBuf,
    compiled: Vec<(&'static str, Context)>,
    materials: Materials,
}

impl Known {
    /// `vectors` is the folder of the conformance vectors.
    pub(crate) fn beside(vectors: &Path) -> Self {
        let mut known = Self { folder: vectors.to_owned(), compiled: Vec::new(), materials: Materials::none() };
        for (url, file) in FILES {
            let bytes = known.bytes(file);
            let document = serde_json::from_slice(&bytes).unwrap();
            known.compiled.push((url, Context::compile(&document).unwrap()));
            let resource = Resource::Context(url.to_owned());
            let obtained = Timestamp::from_unix(1_767_225_600).unwrap();
            known.materials.add(&Material { resource, bytes, obtained, source: Source::Fetched }).unwrap();
        }
        known
    }

    fn bytes(&self, file: &str) -> Vec<u8> {
        let path = self.folder.join(file);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn materials(&self) -> &Materials {
        &self.materials
    }

    /// The policy, with the contexts pinned as they are.
    pub(crate) fn pinned(&self, policy: Policy) -> Policy {
        FILES
            .into_iter()
            .fold(policy, |policy, (url, file)| policy.pinning(PinnedContext::of(url, &self.bytes(file))).unwrap())
    }
}

impl Contexts for Known {
    fn context(&self, url: &str) -> Option<&Context> {
        let own = self.compiled.iter().find(|(own, _)| *own == url).map(|(_, context)| context);
        own.or_else(|| Embedded.context(url))
    }
}
