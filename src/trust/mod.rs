//! Whom a verifier believes, and for what.

mod list;

pub use list::{Entry, Standing, TrustError, TrustList};
