//! Decentralized identifiers: their syntax, the documents they stand for, and how one leads to the other.
//!
//! [`Document::parse`] reads what somebody else published; [`resolve`] makes the document of a DID that carries its
//! own key. Nothing here fetches anything.

mod document;
pub mod method;
mod resolution;
mod syntax;
mod verification_method;

pub use document::{Document, DocumentError};
pub use resolution::{PublicKeyFormat, ResolutionError, ResolutionOptions, ResolutionResult, resolve};
pub use syntax::{Did, DidError, DidUrl};
pub use verification_method::{Relationship, VerificationMethod};
