//! X.509 certificates: who stands behind a key that a token carries in its header `x5c`.
//!
//! A [`Chain`] is what was presented, an [`Anchor`] what the verifier's own list holds. A chain says nothing before it
//! was [validated](Chain::validate) to an anchor. Whether a certificate was revoked is not looked at: no lists of
//! revoked certificates are fetched, so what ends a certificate early is its entry in the trust list.

mod chain;
mod der;
mod error;
mod host;
mod name;
mod parse;
mod path;

pub use chain::{Anchor, Chain};
pub use error::CertificateError;
