//! Decentralized identifiers and verifiable credentials.

pub mod did;
pub mod encoding;
pub mod error;
pub mod keys;
pub mod limits;
pub mod time;
