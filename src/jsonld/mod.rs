//! JSON-LD 1.1 for what is signed: from a document to RDF quads, and from quads to the one canonical text that a proof
//! is made over (RDF Dataset Canonicalization, RDFC-1.0).
//!
//! What could be read in two ways, or would be dropped without a word, is an error that names the member: a signature
//! does not cover what is not there.

pub mod dataset;
pub mod rdfc;
mod embedded;

pub use dataset::{Dataset, Quad, Term};
pub use embedded::Embedded;
