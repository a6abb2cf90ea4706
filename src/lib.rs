//! Decentralized identifiers and verifiable credentials.

#![forbid(unsafe_code)]

pub mod credential;
pub mod encoding;
pub mod error;
pub mod keys;
pub mod limits;
pub mod securing;
pub mod time;
pub mod trust;
