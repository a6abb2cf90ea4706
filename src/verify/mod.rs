//! The verifier: one pure function that decides and says why.
//!
//! ```text
//! verify(presented, expected, materials, policy, at) -> Report
//! ```
//!
//! A report's outcome is valid, invalid or undetermined. Among the checks that the policy requires, one that fails
//! beats one that could not be decided, and that beats those that passed.

mod answer;
mod check;
mod checks;
mod code;
pub mod danger;
mod expected;
mod issuer_metadata;
mod materials;
mod policy;
mod report;
mod verifier;

pub use crate::time::Days;
pub use check::{CheckId, CheckSet};
pub(crate) use checks::key::{NoKey, key_of};
pub use code::Code;
pub use expected::{At, Expected};
pub use materials::{Material, MaterialError, Materials, Resource, Seen, SeenError, Source};
pub use policy::{HolderBinding, InlineContexts, Policy, PolicyError, Preset, RotatedKeys};
pub use report::{
    Accepted, Check, CheckResult, CredentialReport, Missing, OtherProof, Outcome, PresentationReport, Report,
};
pub use verifier::verify;
