//! Why a trust list cannot be used.

use super::certificate::CertificateError;
use crate::encoding::json::JsonError;
use crate::error::Explain;

/// Why a trust list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not strict JSON.
    #[error("the trust list: {0}")]
    Json(#[from] JsonError),
    /// A member is missing, unknown or of the wrong form.
    #[error("the trust list: {0}")]
    Form(String),
    /// `type` is not `TrustList`, or `version` is not 1.
    #[error("the trust list: \"type\":\"TrustList\" and \"version\":1 were expected")]
    Version,
    /// More than [`crate::limits::TRUST_ENTRIES`].
    #[error("the trust list has more than {limit} entries")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// The same party stands in two entries.
    #[error("the trust list: entries {first} and {second} have the same id")]
    Twice {
        /// Position of the first, from 0.
        first: usize,
        /// Position of the second, from 0.
        second: usize,
    },
    /// An entry contradicts itself.
    #[error("the trust list: entry {position}: {problem}")]
    Entry {
        /// Its position, from 0.
        position: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// A resolver cannot be used.
    #[error("the trust list: resolver {position}: {problem}")]
    Resolver {
        /// Its position, from 0.
        position: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// A pin of a context cannot be used.
    #[error("the trust list: context {position}: {problem}")]
    Context {
        /// Its position, from 0.
        position: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// An entry's certificate cannot be used.
    #[error("the trust list: entry {position}: {error}")]
    Certificate {
        /// The entry's position, from 0.
        position: usize,
        /// What is wrong with the certificate.
        error: CertificateError,
    },
}

impl Explain for TrustError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Form(_) => "trust-list.form",
            Self::Version => "trust-list.version",
            Self::TooMany { .. } => "trust-list.too-many",
            Self::Twice { .. } => "trust-list.twice",
            Self::Entry { .. } => "trust-list.entry",
            Self::Resolver { .. } => "trust-list.resolver",
            Self::Context { .. } => "trust-list.context",
            Self::Certificate { error, .. } => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Form(_) | Self::Version | Self::Entry { .. } => {
                "Write it like {\"type\":\"TrustList\",\"version\":1,\"issued\":\"2026-01-01T00:00:00Z\",\
                 \"entries\":[{\"id\":\"did:key:...\",\"name\":{\"en\":\"...\"},\"issues\":[\"proof-of-address\"]}]}."
            }
            Self::TooMany { .. } => "Split it by region and load the lists that this desk needs.",
            Self::Twice { .. } => "Put everything about one party into one entry.",
            Self::Resolver { .. } => {
                "Write it like \"resolvers\":[{\"endpoint\":\"https://resolver.example/1.0/identifiers/\",\"methods\":[\"ethr\"]}]."
            }
            Self::Context { .. } => {
                "Write it like \"contexts\":[{\"id\":\"https://register.example/context/v1\",\"digest\":\"sha256-...\"}]."
            }
            Self::Certificate { error, .. } => error.hint(),
        }
    }
}
