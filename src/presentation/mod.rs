//! Presentations: a holder answers one verifier's request with credentials, signed for that request alone.

mod build;
pub mod dcql;
pub mod ledger;
pub mod request;

pub use build::{Disclose, PresentError, Request, can_hide, derive, derive_with, present, present_bytes, present_with};
