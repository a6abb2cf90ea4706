//! The one error that hosts see.

use attesta::error::Explain;

/// Why a call could not do what it was asked. A document that does not hold is no error, but
/// a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum AttestaError {
    /// The call failed. No part holds personal data: all three may go into logs.
    #[error("{message}")]
    Failed {
        /// A stable name for programs, such as `claims.missing`.
        code: String,
        /// What happened, in a sentence.
        message: String,
        /// What to do about it, in a sentence.
        hint: String,
    },
}

impl<E: Explain> From<E> for AttestaError {
    fn from(error: E) -> Self {
        Self::explained(&error)
    }
}

impl AttestaError {
    /// In one place for all errors: written out for each, where each may happen, it adds up.
    fn explained(error: &dyn Explain) -> Self {
        Self::Failed { code: error.code().to_owned(), message: error.to_string(), hint: error.hint().to_owned() }
    }
}

/// What goes wrong between the core and the hosts, and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BindingError {
    #[error("the library has claims that these bindings do not know")]
    Version,
    #[error("the operating system gave no random bits")]
    Randomness,
    /// Apart from what the JSON reader says, which speaks of files.
    #[error("the text is no JWK: it is not a JSON object")]
    NotAJwk,
    #[cfg(feature = "issuer")]
    #[error("the first entry has a whole document, and keys to add or remove beside it")]
    DocumentAndKeys,
}

impl Explain for BindingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Version => "bindings.version",
            Self::Randomness => "bindings.randomness",
            Self::NotAJwk => "bindings.not-a-jwk",
            #[cfg(feature = "issuer")]
            Self::DocumentAndKeys => "bindings.document-and-keys",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Version => "Build the app with bindings and library of the same version.",
            Self::Randomness => "Try again in a moment; the system may still be starting.",
            Self::NotAJwk => {
                "Give the key as a JWK (RFC 7517), {\"kty\":...}: PEM, DIDs and Multikeys are other forms."
            }
            #[cfg(feature = "issuer")]
            Self::DocumentAndKeys => "Write the keys into the document, or leave the document out.",
        }
    }
}
