//! Decentralized identifiers and verifiable credentials.

#![forbid(unsafe_code)]

pub mod encoding;
pub mod error;
pub mod limits;
pub mod time;
