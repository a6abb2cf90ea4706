//! Chains of certificates against anchors: every attack is written here byte by byte, beside the sound chain that it
//! was made from.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "certificates/anchors.rs"]
mod anchors;
#[path = "certificates/chains.rs"]
mod chains;
mod common;
#[path = "certificates/names.rs"]
mod names;
#[path = "certificates/reading.rs"]
mod reading;

use attesta::error::Explain;
use attesta::keys::KeyType::{self, P256};
use attesta::time::Timestamp;
use attesta::trust::{Anchor, CertificateError, Chain};
use common::certificates::*;

const TODAY: &str = "2026-06-01T12:00:00Z";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn key(name: &str) -> Key {
    Key::new(name, P256)
}

fn chain(certificates: &[&[u8]]) -> Result<Chain, CertificateError> {
    let texts: Vec<_> = certificates.iter().map(|certificate| base64(certificate)).collect();
    Chain::from_x5c(&texts)
}

fn anchor(certificate: &[u8]) -> Anchor {
    Anchor::from_base64(&base64(certificate)).unwrap()
}

/// The code of what comes out, `valid` where nothing is wrong.
fn judged(certificates: &[&[u8]], anchors: &[&[u8]]) -> &'static str {
    judged_at(TODAY, certificates, anchors)
}

fn judged_at(time: &str, certificates: &[&[u8]], anchors: &[&[u8]]) -> &'static str {
    let anchors: Result<Vec<_>, _> = anchors.iter().map(|one| Anchor::from_base64(&base64(one))).collect();
    let judged = anchors.and_then(|anchors| chain(certificates)?.validate(&anchors, at(time)).map(|_| ()));
    judged.map_or_else(|error| error.code(), |()| "valid")
}

/// An authority over everything, one below it, and who signs: "root", "middle" and "leaf", each free to be changed.
struct Cast {
    root: Blueprint,
    middle: Blueprint,
    leaf: Blueprint,
    keys: [Key; 3],
}

impl Cast {
    fn new() -> Self {
        Self::with([P256; 3])
    }

    fn with(types: [KeyType; 3]) -> Self {
        let [root, middle, leaf] = ["root", "middle", "leaf"].map(common_name);
        let of_authority = || vec![authority(None), key_usage(KEY_CERT_SIGN | CRL_SIGN)];
        let of_leaf = vec![key_usage(DIGITAL_SIGNATURE), alternative_names(&[(DNS, b"bank.example")])];
        Self {
            root: Blueprint::new(root.clone(), root.clone(), of_authority()),
            middle: Blueprint::new(middle.clone(), root, of_authority()),
            leaf: Blueprint::new(leaf, middle, of_leaf),
            keys: [Key::new("root", types[0]), Key::new("middle", types[1]), Key::new("leaf", types[2])],
        }
    }

    /// Leaf, middle, root.
    fn signed(&self) -> [Vec<u8>; 3] {
        let [root, middle, leaf] = &self.keys;
        [self.leaf.sign(leaf, middle), self.middle.sign(middle, root), self.root.sign(root, root)]
    }

    /// The chain without its root, against the root.
    fn judged(&self) -> &'static str {
        let [leaf, middle, root] = self.signed();
        judged(&[&leaf, &middle], &[&root])
    }
}

/// What comes of the sound cast with one thing changed.
fn changed(change: impl FnOnce(&mut Cast)) -> &'static str {
    let mut cast = Cast::new();
    assert_eq!(cast.judged(), "valid", "the cast was not sound before the change");
    change(&mut cast);
    cast.judged()
}
