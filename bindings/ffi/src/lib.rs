//! What attesta offers to Kotlin and Swift: a few coarse calls, data in, data out.
//!
//! This crate converts and delegates. It decides nothing: every rule stands in the core, and so do the words of every
//! message. The languages' own layers (`bindings/kotlin`, `bindings/swift`) turn the calls into `suspend` and `async`
//! functions; here everything is synchronous, so that no runtime comes along and a host chooses its own threads.
//!
//! - **ask**: [`create_request()`], and a [`NonceLedger`] that remembers what was asked;
//! - **answer**: an [`Asker`] says who asks, a [`Consent`] what exactly would be shown, [`answer()`] signs just that;
//! - **present** without such a request: [`present()`], [`derive()`];
//! - **verify**: a [`Verifier`] answers with a [`Report`], whose claims are reached through [`Report::accepted`] alone;
//! - **verify with a network**: [`Verifier::verify_online`] and [`resolve_online()`] over a [`Fetcher`] that the host
//!   implements;
//! - **keys**: [`Signer`], which a phone's key store implements, and [`SoftwareSigner`].
//!
//! With the feature `issuer` this is the library of issuers' apps, which takes the place of the other:
//!
//! - **issue**: `issue()`, `issue_document()`, `issue_copies()` with a [`Signer`]; `add_proof()` for whoever signs beside
//!   the issuer;
//! - **last**: a did:webvh, from `create_did_webvh()` to its end;
//! - **revoke**: an `IssuerRegister` over a `RegisterStore` that the host implements.

#![allow(unsafe_code, reason = "the entry points that UniFFI generates are extern functions over raw buffers")]

mod claims;
mod error;
mod fetch;
mod host;
mod identity;
#[cfg(feature = "issuer")]
mod issue;
mod keys;
mod material;
mod present;
#[cfg(feature = "issuer")]
mod register;
mod report;
mod request;
mod signer;
mod verify;
mod wallet;
#[cfg(feature = "issuer")]
mod webvh;
mod words;

pub use claims::{
    Address, Alignment, Assessment, Assurance, Claims, EscoReference, Evidence, GivenConsent, Guarantee,
    IdentityDocument, Institution, KnownBy, Licence, LicenceCategory, LicenceType, Occupancy, Officer, Organisation,
    PlaceOfBirth, Proficiency, Programme, ProofOfAddress, Restriction, Skill, SkillCertification, Vehicle,
};
#[cfg(feature = "issuer")]
pub use claims::{claims_from_json, claims_to_json, example_claims};
pub use error::AttestaError;
pub use fetch::{
    DidResolver, FetchAnswer, FetchCache, FetchFailure, FetchRequest, FetchStep, Fetcher, HttpHeader, OnlineReport,
    Resolution, ResolveOptions, is_public_address, resolve_online,
};
pub use identity::Identity;
#[cfg(feature = "issuer")]
pub use issue::{
    Copies, CopiesOptions, CopyFor, DocumentOptions, Holder, IssueOptions, KeyBoundTo, LegalCategory, ProofOptions,
    Scheme, SchemeTerms, add_proof, issue, issue_copies, issue_document,
};
pub use keys::{described_jwk, did_jwk_of, did_key_of, jwk_to_multikey, multikey_to_jwk, resolve_did};
pub use material::{GivenContext, Material, MaterialSource, MissingResource, ResourceType};
pub use present::{Disclose, PresentationRequest, bytes_of, derive, new_request, present};
#[cfg(feature = "issuer")]
pub use register::{Changed, IssuerRegister, RegisterChange, RegisterStore, StatusListKind, StoreFailure, StoredValue};
pub use report::{
    AcceptedCredential, Check, CredentialReport, OtherProof, PresentationReport, Report, UnconfirmedCredential,
};
pub use request::{Ask, AskFor, NonceLedger, Redeemed, RequestOptions, SignedRequest, create_request};
pub use signer::{Signer, SignerDescription, SignerError, SoftwareSigner};
pub use verify::{At, Expected, Policy, Verifier, remember_seen};
pub use wallet::{
    Answer, Asker, AskerDescription, Consent, ConsentScreen, ShownClaim, ShownCredential, UnansweredCredential,
    Warning, WarningType, answer, missing_for_request,
};
#[cfg(feature = "issuer")]
pub use webvh::{
    DidChange, DidEntry, DidFiles, DidState, Witnesses, create_did_webvh, finish_did_webvh, read_did_webvh,
    update_did_webvh, witness_did_webvh,
};
pub use words::{Algorithm, CheckResult, CredentialFormat, Kind, Outcome, Preset, SignatureEncoding};

uniffi::setup_scaffolding!();

/// The version of the library that was loaded, such as 0.1.0.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

// They issue what they present and verify.
#[cfg(test)]
#[cfg(feature = "issuer")]
mod tests;
