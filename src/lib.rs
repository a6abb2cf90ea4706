//! Decentralized identifiers and verifiable credentials.

pub mod credential;
pub mod encoding;
pub mod error;
pub mod limits;
pub mod time;
