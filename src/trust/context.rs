//! Pinned contexts: which content of a JSON-LD context counts.
//!
//! A context decides what the members of a document mean, and with suites that sign RDF nothing but that meaning is
//! signed. So a context from elsewhere counts as its reader pinned it, byte by byte, whoever handed it over.

use serde::{Deserialize, Serialize};

use crate::credential::integrity::{self, Integrity};
use crate::jsonld::Embedded;

/// The one content of a context that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PinnedContext {
    /// Its URL, as documents write it.
    pub id: String,
    /// SHA-256 of its bytes, as `digestSRI` writes it: `sha256-` and base64.
    pub digest: String,
}

impl PinnedContext {
    /// The content with this digest.
    pub fn new(id: impl Into<String>, digest: impl Into<String>) -> Self {
        Self { id: id.into(), digest: digest.into() }
    }

    /// This very content.
    pub fn of(id: impl Into<String>, bytes: &[u8]) -> Self {
        Self::new(id, integrity::of(bytes))
    }

    /// The 32 bytes of the digest; `None` where it has another form.
    pub(crate) fn sha_256(&self) -> Option<[u8; 32]> {
        let pinned = Integrity::parse(&self.digest)?;
        pinned.single()?.try_into().ok()
    }

    /// What is wrong with it.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let Some(digest) = self.sha_256() else { return Some("\"digest\" must be sha256- and the base64 of 32 bytes") };
        if !self.id.contains(':') {
            return Some("\"id\" must be the URL of a context");
        }
        (Embedded::has_digest(&self.id, &digest) == Some(false))
            .then_some("\"digest\" is not that of the context published under \"id\", which is built in")
    }
}

/// The pins of several owners, in their order: of two that pin one URL the first decides.
pub(crate) fn pinned<'a>(pins: impl IntoIterator<Item = &'a PinnedContext>, url: &str) -> Option<[u8; 32]> {
    pins.into_iter().find(|pin| pin.id == url)?.sha_256()
}

/// What is wrong with the pins of one owner, and at which place, from 0.
pub(crate) fn problem(pins: &[PinnedContext]) -> Option<(usize, &'static str)> {
    let of = |(position, pin): (usize, &PinnedContext)| {
        let is_twice = pins[..position].iter().any(|other| other.id == pin.id);
        let problem = pin.problem().or(is_twice.then_some("another pin has the same \"id\""));
        problem.map(|problem| (position, problem))
    };
    pins.iter().enumerate().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://register.example/context/v1";

    #[test]
    fn a_pin_is_one_sha_256() {
        let pin = PinnedContext::of(OWN, b"{}");
        assert_eq!(pin.problem(), None);
        assert_eq!(pin.digest, "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
        let sha_384 = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
        let two = format!("{} {}", pin.digest, PinnedContext::of(OWN, b"[]").digest);
        for digest in ["", "sha256-", "sha256-e30=", "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=", sha_384, &two] {
            assert!(PinnedContext::new(OWN, digest).problem().is_some(), "{digest}");
        }
        assert!(PinnedContext::new("context/v1", pin.digest.clone()).problem().is_some());
        assert!(PinnedContext::new("", pin.digest).problem().is_some());
    }

    #[test]
    fn what_is_built_in_cannot_be_pinned_to_something_else() {
        let other = PinnedContext::of(
            "https://www.w3.org/ns/credentials/v2",
            br#"{"@context":{"@vocab":"https://a.example/"}}"#,
        );
        assert!(other.problem().is_some());
        let published = "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ=";
        assert!(PinnedContext::new("https://www.w3.org/ns/credentials/v2", published).problem().is_none());
    }

    #[test]
    fn one_address_is_pinned_once() {
        let pins = [PinnedContext::of(OWN, b"{}"), PinnedContext::of(OWN, b"[]")];
        assert_eq!(problem(&pins).map(|(position, _)| position), Some(1));
        assert_eq!(problem(&pins[..1]), None);
        assert_eq!(pinned(&pins, OWN), pins[0].sha_256());
        assert_eq!(pinned(&pins, "https://register.example/context/v2"), None);
    }
}
