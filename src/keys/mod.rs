//! Keys and signatures: which algorithms there are, how a public key is written, how the library signs.
//!
//! A [`PublicKey`] is decoded and checked once, when it is read; after that it can only verify. A private key is
//! anything behind the [`Signer`] trait: a phone's secure element, a server's key store or a [`SoftwareKey`]. The
//! library itself signs through [`sign`] alone, which lets no signature out that its own public key does not verify.

mod algorithm;
mod der;
mod error;
mod jwk;
mod multikey;
mod public;
mod signer;
mod software;

pub use algorithm::{Algorithm, AlgorithmError, KeyType};
pub use der::{DerError, signature_from_der};
pub use error::KeyError;
pub use jwk::{JwkPurpose, jwk_purpose};
pub use public::{PublicKey, VerifyError};
pub use signer::{SignatureEncoding, Signer, SignerError, sign};
pub use software::SoftwareKey;
