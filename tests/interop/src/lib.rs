//! What the tests against other implementations share: the oracles, and the forms in which both sides sign.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod form;
mod oracle;
mod people;

pub use form::{Form, forge};
pub use people::{Party, Tally, claims, coveted, day, document, now, trusting};
