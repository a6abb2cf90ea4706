//! did:webvh 1.0: a DID whose history anybody can check, wherever they got it from.
//!
//! The DID names a place on the web and, by its SCID, the first entry of a log. Each entry holds one version of the DID
//! document, is chained to the one before it by a hash, and is signed by a key that the log itself let in.
//! [`Log::verify`] checks every entry and every witness; nothing here fetches anything or reads a clock.
//!
//! The owner writes the log with [`create`] and [`update`]; its witnesses agree with [`witness`](fn@witness).
//!
//! A host that saw a log keeps a [`Checkpoint`]: with it [`Log::resume`] needs only the entries that came since, and
//! [`Log::extends`] notices a log that was cut off or rewritten.

mod checkpoint;
mod create;
mod entry;
mod error;
mod history;
mod identifier;
mod log;
mod parameters;
mod resolve;
mod witness;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use create::{Change, CreateError, Files, Pending, create, document_of, placeholder_did, update, witness};
pub use error::{EntryError, WebvhError};
pub use history::{KeyPeriod, Mark};
pub use identifier::{Identifier, IdentifierError};
pub use log::{Log, Rollback, Select, Version};
pub use parameters::{Parameters, Witnesses};
pub use witness::WitnessError;

pub(in crate::did) use resolve::implied_services;

/// The version of the method that is read and written: the value of the parameter `method`.
pub const METHOD: &str = "did:webvh:1.0";

#[cfg(test)]
mod tests;
