//! Whom a verifier believes, and for what.

pub mod certificate;
mod context;
mod entry;
mod error;
mod list;
pub mod notice;

pub use certificate::{Anchor, CertificateError, Chain};
pub use context::PinnedContext;
pub(crate) use context::{pinned, problem as problem_of_pins};
pub use entry::{Archived, CHECKPOINT, Entry, Resolver, STATUS_LIST};
pub use error::TrustError;
pub use list::{Standing, TrustList};
