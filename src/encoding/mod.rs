//! Text and bytes: strict JSON, its canonical form, CBOR, base64url, multibase and multihash, JSON pointers.
//!
//! Every decoder here is exact: one text for one value, no leniency that two implementations could disagree about.

mod base58;
pub(crate) mod base64;
pub mod base64url;
pub mod cbor;
pub mod domain;
pub mod jcs;
pub mod json;
pub mod multibase;
pub mod multihash;
pub mod percent;
pub mod pointer;
pub mod shown;
