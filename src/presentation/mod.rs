//! Presentations: a holder answers one verifier's request with credentials, signed for that request alone.

mod build;
pub mod dcql;
pub mod ledger;
pub mod request;

pub use build::{Disclose, PresentError, Request, derive, present, present_bytes, present_with};
