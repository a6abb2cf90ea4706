//! What attesta offers to Kotlin and Swift: a few coarse calls, data in, data out.
//!
//! This crate converts and delegates. It decides nothing: every rule stands in the core, and so do the words of every
//! message. The languages' own layers (`bindings/kotlin`, `bindings/swift`) turn the calls into `suspend` and `async`
//! functions; here everything is synchronous, so that no runtime comes along and a host chooses its own threads.
//!
//! - **issue**: [`issue()`], [`issue_document()`] with a [`Signer`];
//! - **present**: [`present()`];
//! - **verify**: a [`Verifier`] answers with a [`Report`], whose claims are reached through [`Report::accepted`] alone;
//! - **keys**: [`Signer`], which a phone's key store implements, and [`SoftwareSigner`].

#![allow(unsafe_code, reason = "the entry points that UniFFI generates are extern functions over raw buffers")]

mod claims;
mod error;
mod host;
mod issue;
mod keys;
mod present;
mod report;
mod signer;
mod verify;
mod words;

pub use claims::{
    Address, Alignment, Assessment, Assurance, Claims, Consent, EscoReference, Evidence, Guarantee, IdentityDocument,
    Institution, KnownBy, Licence, LicenceCategory, LicenceType, Occupancy, Officer, Organisation, PlaceOfBirth,
    Proficiency, Programme, ProofOfAddress, Restriction, Skill, SkillCertification, Vehicle, claims_from_json,
    claims_to_json, example_claims,
};
pub use error::AttestaError;
pub use issue::{DocumentOptions, Holder, IssueOptions, issue, issue_document};
pub use keys::{described_jwk, did_jwk_of, did_key_of, jwk_to_multikey, multikey_to_jwk, resolve_did};
pub use present::{PresentationRequest, new_request, present};
pub use report::{AcceptedCredential, Check, CredentialReport, MissingDocument, PresentationReport, Report};
pub use signer::{Signer, SignerDescription, SignerError, SoftwareSigner};
pub use verify::{At, DocumentSource, Expected, KeyDocument, Policy, Verifier};
pub use words::{Algorithm, CheckResult, CredentialFormat, Kind, Outcome, Preset, SignatureEncoding};

uniffi::setup_scaffolding!();

/// The version of the library that was loaded, such as 0.1.0.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[cfg(test)]
mod tests;
