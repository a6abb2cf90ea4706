//! Decentralized identifiers and verifiable credentials.

#![forbid(unsafe_code)]

pub mod credential;
pub mod did;
pub mod encoding;
pub mod error;
pub mod issuer;
pub mod keys;
pub mod limits;
pub mod presentation;
pub mod securing;
pub mod time;
pub mod trust;
pub mod verify;
