//! Decentralized identifiers: their syntax, the documents they stand for, and how one leads to the other.
//!
//! [`Document::parse`] reads what somebody else published; [`resolve`] makes the document of a DID that carries its
//! own key. Nothing here fetches anything.

mod dereferencing;
mod document;
pub mod edit;
pub mod method;
mod resolution;
mod service;
mod syntax;
mod verification_method;

pub(crate) use dereferencing::resolution_for;
pub use dereferencing::{Content, DereferencingOptions, DereferencingResult, dereference};
pub(crate) use document::is_identifier;
pub use document::{Document, DocumentError};
pub use resolution::{
    PublicKeyFormat, Record, ResolutionError, ResolutionOptions, ResolutionResult, resolve, resolve_from,
};
pub use syntax::{Did, DidError, DidUrl};
pub use verification_method::{Relationship, VerificationMethod};
