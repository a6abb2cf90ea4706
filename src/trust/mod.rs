//! Whom a verifier believes, and for what.

pub mod certificate;
mod list;

pub use certificate::{Anchor, CertificateError, Chain};
pub use list::{Entry, Standing, TrustError, TrustList};
