//! VC Data Model 2.0: every MUST that a consumer can check without JSON-LD processing.
//!
//! Reading is one pass over the members of a JSON object. What it returns borrows from the object and holds only what
//! a verifier goes on with: [`CredentialView`] for a credential, [`PresentationView`] for a presentation. Whether
//! terms are defined, and what a context makes of them, is decided where JSON-LD is processed.
//!
//! Source: Verifiable Credentials Data Model v2.0, W3C Recommendation of 15 May 2025.

mod common;
mod credential;
mod error;
mod presentation;
mod related;
#[cfg(test)]
mod tests;

pub(crate) use common::is_absolute_url;
pub(in crate::credential) use common::is_language_tag;
pub use credential::CredentialView;
pub(in crate::credential) use credential::SubjectNamedBy;
pub use error::{Member, ModelError};
pub use presentation::{Enclosed, PresentationView, enveloped, is_presentation};

/// The context that comes first in every credential and presentation (section 4.3).
pub const BASE_CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";

/// The type that every credential has (section 4.5).
pub const CREDENTIAL_TYPE: &str = "VerifiableCredential";

/// The type that every presentation has (section 4.13).
pub const PRESENTATION_TYPE: &str = "VerifiablePresentation";

/// The type of an object that stands for a credential in an envelope, such as a JWT (section 4.13.1).
pub const ENVELOPED_CREDENTIAL_TYPE: &str = "EnvelopedVerifiableCredential";

/// The type of an object that stands for a presentation in an envelope (section 4.13.2).
pub const ENVELOPED_PRESENTATION_TYPE: &str = "EnvelopedVerifiablePresentation";

/// The members of a document that no holder of a credential of ours may hide: what a verifier needs to be safe.
/// VC-JOSE-COSE 1.0, section 3.2.1 recommends it for some of them.
pub const NEVER_DISCLOSABLE: &[&str] = &[
    "@context",
    "id",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "relatedResource",
    "cnf",
    "salt",
];
