//! Verifiable Credential Data Integrity 1.0: proofs that stand in the document that they are made over, one or several
//! (proof sets), of which one may build on others (proof chains).
//!
//! The cryptosuites sign either canonical JSON, `eddsa-jcs-2022` and `ecdsa-jcs-2019`, or canonical RDF,
//! `eddsa-rdfc-2022` and `ecdsa-rdfc-2019` (VC-DI-EdDSA 1.0, VC-DI-ECDSA 1.0), or each statement of it by itself
//! ([`sd`]). Those that sign RDF are told where contexts come from; a member that no context defines is an error, because
//! no signature covers it.

mod chain;
mod proof;
mod rdfc;
pub mod sd;
mod sign;
mod signed;
mod transform;

pub use chain::ChainError;
pub use proof::{DataIntegrityError, Proof, ProofError, Suite, Transformation};
pub use rdfc::CanonicalError;
pub use sign::{ProofOptions, SigningError, sign};
pub use signed::{Signed, Unsigned};
pub use transform::{HashData, hash_data};
