use crate::encoding::cbor::CborError;
use crate::encoding::multibase::MultibaseError;
use crate::error::Explain;
use crate::keys::{KeyError, KeyType, SignerError, VerifyError};
use crate::securing::data_integrity::CanonicalError;

/// Why a proof of `ecdsa-sd-2023` cannot be read, does not hold, or cannot be made. What is in the document is never
/// shown, except for the JSON pointers that a caller gave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SdError {
    /// `proofValue` is no base64url.
    #[error("proof.proofValue: {0}")]
    Value(MultibaseError),
    /// It begins neither as a base proof nor as a derived one.
    #[error("proof.proofValue: a proof of ecdsa-sd-2023 was expected")]
    Header,
    /// The issuer's copy for the holder, where the holder's copy for a verifier must stand.
    #[error("this is the copy that only its holder may have: everything can be read from it")]
    IsBase,
    /// The holder's copy for a verifier, where the issuer's copy for the holder must stand.
    #[error("this was made for a verifier already: nothing more can be chosen from it")]
    IsDerived,
    /// What follows is no deterministic CBOR.
    #[error("proof.proofValue: {0}")]
    Cbor(#[from] CborError),
    /// A part has another form than the suite says (VC-DI-ECDSA 1.0, sections 3.5.3 and 3.5.8).
    #[error("proof.proofValue: {expected} was expected")]
    Form {
        /// What.
        expected: &'static str,
    },
    /// More statements that can be hidden than [`limits::SD_STATEMENTS`](crate::limits::SD_STATEMENTS).
    #[error("more than {limit} statements that can be hidden")]
    TooManyStatements {
        /// The ceiling.
        limit: usize,
    },
    /// More pointers than [`limits::SD_POINTERS`](crate::limits::SD_POINTERS).
    #[error("more than {limit} pointers")]
    TooManyPointers {
        /// The ceiling.
        limit: usize,
    },
    /// The key within the proof is none of P-256.
    #[error("proof.proofValue: the key for the statements: {0}")]
    Key(KeyError),
    /// The proof has a `@context` of its own that is not the document's.
    #[error("the proof has another @context than the document")]
    Context,
    /// The document or its proof has no canonical RDF.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The map of labels does not name each blank node of the document, once.
    #[error("the proof's labels are not those of the document")]
    Labels,
    /// A position stands twice, or lies outside.
    #[error("the proof's positions are not those of the document's statements")]
    Indexes,
    /// Not as many signatures as there are statements that need one.
    #[error("{found} signatures for {expected} statements")]
    Count {
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// The issuer's key is not one of P-256.
    #[error("the key is of a type that the cryptosuite does not use")]
    KeyType,
    /// The issuer's signature does not hold.
    #[error(transparent)]
    Signature(#[from] VerifyError),
    /// The signature of a statement does not hold: it was added or changed.
    #[error("something in the document is not what the issuer signed")]
    Statement,
    /// Nothing stands at this JSON pointer, or it is no JSON pointer (RFC 6901).
    #[error("there is no claim at \"{}\"", pointer.escape_debug())]
    PointerUnknown {
        /// The pointer.
        pointer: String,
    },
    /// Nothing was chosen, and nothing is always shown.
    #[error("nothing would be shown")]
    Nothing,
    /// The document does not fit its proof: it was changed after it was issued.
    #[error("the credential was changed after it was issued")]
    Changed,
    /// A part of the document cannot be shown by itself.
    #[error("what was chosen cannot be shown by itself")]
    Selection,
    /// The document has a proof already.
    #[error("the document has a proof already")]
    HasProof,
    /// The signer's key is none of P-256.
    #[error("ecdsa-sd-2023 does not use {key_type} keys")]
    SignerKeyType {
        /// The key's type.
        key_type: KeyType,
    },
    /// The system has no randomness to give.
    #[error("no random bits")]
    NoRandomness,
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

impl Explain for SdError {
    fn code(&self) -> &'static str {
        match self {
            Self::Value(_) => "ecdsa-sd.value",
            Self::Header => "ecdsa-sd.header",
            Self::IsBase => "ecdsa-sd.is-base",
            Self::IsDerived => "ecdsa-sd.is-derived",
            Self::Cbor(error) => error.code(),
            Self::Form { .. } => "ecdsa-sd.form",
            Self::TooManyStatements { .. } => "ecdsa-sd.too-many-statements",
            Self::TooManyPointers { .. } => "ecdsa-sd.too-many-pointers",
            Self::Key(_) => "ecdsa-sd.key",
            Self::Context => "ecdsa-sd.context",
            Self::Canonical(error) => error.code(),
            Self::Labels => "ecdsa-sd.labels",
            Self::Indexes => "ecdsa-sd.indexes",
            Self::Count { .. } => "ecdsa-sd.count",
            Self::KeyType => "ecdsa-sd.key-type",
            Self::Signature(_) => "ecdsa-sd.signature",
            Self::Statement => "ecdsa-sd.statement",
            Self::PointerUnknown { .. } => "ecdsa-sd.pointer-unknown",
            Self::Nothing => "ecdsa-sd.nothing",
            Self::Changed => "ecdsa-sd.changed",
            Self::Selection => "ecdsa-sd.selection",
            Self::HasProof => "ecdsa-sd.has-proof",
            Self::SignerKeyType { .. } => "ecdsa-sd.signer-key-type",
            Self::NoRandomness => "ecdsa-sd.no-randomness",
            Self::Signer(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::IsBase => "Ask the holder for a copy that was made for you, and delete this one.",
            Self::IsDerived | Self::Changed => "Choose the file that the issuer gave you, unchanged.",
            Self::TooManyStatements { .. } | Self::TooManyPointers { .. } => {
                "Name more of it as mandatory, in larger parts, or issue it in several credentials."
            }
            Self::Canonical(error) => error.hint(),
            Self::PointerUnknown { .. } => "Choose among the claims that the credential has.",
            Self::Nothing => "Choose something to show.",
            Self::Selection => "Choose the whole list or record that it stands in.",
            Self::HasProof => "Give the document without its proof.",
            Self::SignerKeyType { .. } => "Use ecdsa-sd-2023 with P-256 keys, eddsa-rdfc-2022 with Ed25519 keys.",
            Self::NoRandomness => "Try again in a moment.",
            Self::Signer(error) => error.hint(),
            _ => "Ask the holder for the original file. If it stays so, refuse it.",
        }
    }
}
