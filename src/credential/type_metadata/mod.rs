//! Type metadata: what the publisher of an SD-JWT VC's type says of its claims, and whether a credential keeps it.
//!
//! [`resolve`] follows a type through the types that it extends, over documents that the caller has at hand, and says
//! which one is missing. [`Resolved::check`] holds a credential against the result. The types of our own kinds are
//! always at hand: their description is made from the declaration that the claims are read by.
//!
//! Source: draft-ietf-oauth-sd-jwt-vc-19, sections 5 and 6.

mod built_in;
mod check;
mod document;
mod error;
#[cfg(test)]
mod tests;

pub use document::{ClaimMetadata, Disclosure, Display, Step, TypeMetadata};
pub use error::TypeMetadataError;

use std::borrow::Cow;

use super::integrity::Integrity;
use super::kind::Kind;
use crate::encoding::shown::shown;
use crate::limits;

/// Whether every document must be pinned by a digest, from the credential (`vct#integrity`) on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pins {
    /// A document without a digest is taken as it was obtained; one with a digest must fit it.
    Optional,
    /// A document without a digest is refused. What is built in needs none.
    Demanded,
}

/// What came of following a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// All documents were at hand.
    Resolved(Resolved),
    /// This one was not.
    Missing {
        /// The type that it describes, which may be the URL where it is published.
        vct: String,
        /// The digest that it must fit.
        integrity: Option<String>,
    },
}

/// A type with all that it inherits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resolved {
    /// The type and those that it extends, itself first.
    pub types: Vec<String>,
    /// What people call it, by language.
    pub display: Vec<Display>,
    /// What holds for its claims, inherited ones first.
    pub claims: Vec<ClaimMetadata>,
}

/// Follows `vct` through the types that it extends. `integrity` is the credential's `vct#integrity`; `lookup` gives the
/// document of a type as it was obtained, byte for byte.
///
/// # Errors
/// [`TypeMetadataError`] for a document that is broken, of another type, or not the pinned one, and for a chain that is
/// circular or longer than [`limits::TYPE_METADATA_CHAIN`].
pub fn resolve<'m>(
    vct: &str,
    integrity: Option<&str>,
    pins: Pins,
    lookup: impl Fn(&str) -> Option<&'m [u8]>,
) -> Result<Resolution, TypeMetadataError> {
    let mut chain: Vec<TypeMetadata> = Vec::new();
    let mut next = Some((vct.to_owned(), integrity.map(str::to_owned)));
    while let Some((vct, integrity)) = next {
        // Section 7.4: consumers MUST detect circular dependencies and reject the credential.
        if chain.iter().any(|document| document.vct == vct) {
            return Err(TypeMetadataError::Circular);
        }
        if chain.len() == limits::TYPE_METADATA_CHAIN {
            return Err(TypeMetadataError::TooDeep { limit: limits::TYPE_METADATA_CHAIN });
        }
        let pin = match &integrity {
            Some(text) => Some(Integrity::parse(text).ok_or(TypeMetadataError::IntegrityForm)?),
            None => None,
        };
        let Some(bytes) = obtain(&vct, pin.as_ref(), pins, &lookup)? else {
            return Ok(Resolution::Missing { vct, integrity });
        };
        let document = TypeMetadata::parse(&bytes)?;
        // Section 5.3: the vct MUST be identical to the one in the reference.
        if document.vct != vct {
            return Err(TypeMetadataError::OtherType);
        }
        next = document.extends.clone().map(|extends| (extends, document.extends_integrity.clone()));
        chain.push(document);
    }
    merge(chain).map(Resolution::Resolved)
}

/// The bytes of one document, once they fit their digest. A digest on a built-in type may stand for what an earlier
/// version of this library had built in, so a document that fits it may be given.
fn obtain<'m>(
    vct: &str,
    pin: Option<&Integrity>,
    pins: Pins,
    lookup: impl Fn(&str) -> Option<&'m [u8]>,
) -> Result<Option<Cow<'m, [u8]>>, TypeMetadataError> {
    let fits = |bytes: &[u8]| pin.is_none_or(|pin| pin.fits(bytes));
    if pin.is_some_and(|pin| !pin.is_supported()) {
        return Err(TypeMetadataError::IntegrityAlgorithm);
    }
    let own = Kind::ALL.into_iter().find(|kind| kind.vct() == vct);
    if let Some(bytes) = own.map(|kind| kind.type_metadata().into_bytes())
        && fits(&bytes)
    {
        return Ok(Some(Cow::Owned(bytes)));
    }
    if pin.is_none() && pins == Pins::Demanded {
        return Err(TypeMetadataError::NotPinned);
    }
    // Section 6: a document that does not fit MUST NOT be processed further.
    match lookup(vct) {
        None => Ok(None),
        Some(bytes) if fits(bytes) => Ok(Some(Cow::Borrowed(bytes))),
        Some(_) => Err(TypeMetadataError::OtherBytes),
    }
}

/// Sections 5.5.2 and 5.6.5, from the outermost type inwards.
fn merge(chain: Vec<TypeMetadata>) -> Result<Resolved, TypeMetadataError> {
    let types = chain.iter().map(|document| document.vct.clone()).collect();
    let mut merged = Resolved { types, display: Vec::new(), claims: Vec::new() };
    for document in chain.into_iter().rev() {
        if !document.display.is_empty() {
            merged.display = document.display;
        }
        for claim in document.claims {
            match merged.claims.iter_mut().find(|inherited| inherited.path == claim.path) {
                Some(inherited) => inherited.extend(claim)?,
                None => merged.claims.push(claim),
            }
        }
    }
    Ok(merged)
}

impl ClaimMetadata {
    /// Section 5.6.5: what the extending type says takes precedence, as far as it demands no less.
    fn extend(&mut self, by: Self) -> Result<(), TypeMetadataError> {
        let fixed = |disclosure: Option<Disclosure>| disclosure.filter(|found| *found != Disclosure::Allowed);
        let changes =
            by.disclosure.is_some() && fixed(self.disclosure).is_some_and(|fixed| by.disclosure != Some(fixed));
        if changes || (self.mandatory == Some(true) && by.mandatory == Some(false)) {
            return Err(TypeMetadataError::Loosened { claim: self.shown_path() });
        }
        self.display = by.display.or(self.display.take());
        self.mandatory = by.mandatory.or(self.mandatory);
        self.disclosure = by.disclosure.or(self.disclosure);
        self.svg_id = by.svg_id.or(self.svg_id.take());
        Ok(())
    }

    /// The path as a person reads it: `degrees.*.type`. It comes from a stranger, so what could disturb a terminal is
    /// replaced.
    fn shown_path(&self) -> String {
        const SHOWN_CHARACTERS: usize = 128;
        let steps = self.path.iter().map(|step| match step {
            Step::Member(name) => Cow::Borrowed(name.as_str()),
            Step::Item(index) => Cow::Owned(index.to_string()),
            Step::Each => Cow::Borrowed("*"),
        });
        let path = steps.collect::<Vec<_>>().join(".");
        shown(&path, SHOWN_CHARACTERS)
    }
}
