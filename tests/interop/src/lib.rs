//! What the tests against other implementations share: the oracles, the forms in which both sides sign, and cases made
//! at random.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

pub mod cose;
pub mod data_integrity;
pub mod dcql;
pub mod did_peer;
mod form;
pub mod json_ld;
mod oracle;
mod people;
pub mod rdf;
pub mod sd_jwt;
pub mod status;

pub use form::{Form, forge};
pub use oracle::{has_python, webvh};
pub use people::{Party, Tally, claims, coveted, day, document, now, trusting};
