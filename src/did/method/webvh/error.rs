use super::identifier::IdentifierError;
use super::witness::WitnessError;
use crate::did::document::DocumentError;
use crate::encoding::json::JsonError;
use crate::error::Explain;
use crate::keys::KeyError;
use crate::securing::data_integrity::{DataIntegrityError, ProofError};
use crate::time::Timestamp;

/// Why a log does not say what a did:webvh DID stands for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebvhError {
    /// Not a did:webvh DID.
    #[error(transparent)]
    Identifier(#[from] IdentifierError),
    /// A log of more than [`LOG_BYTES`](crate::limits::LOG_BYTES).
    #[error("a log of {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// More than [`LOG_ENTRIES`](crate::limits::LOG_ENTRIES).
    #[error("a log of more than {limit} entries")]
    TooManyEntries {
        /// The ceiling.
        limit: usize,
    },
    /// A log without an entry.
    #[error("the log is empty")]
    Empty,
    /// An entry is not what it must be.
    #[error("entry {number} of the log: {source}")]
    Entry {
        /// Its place in the log, from 1.
        number: u32,
        /// What is wrong with it.
        source: EntryError,
    },
    /// The log's SCID is not the DID's.
    #[error("the log belongs to another DID: its SCID is not the one in the DID")]
    AnotherScid,
    /// The log has this SCID, and no entry of it has this DID.
    #[error("no entry of the log has this DID as its id")]
    AnotherName,
    /// Witnesses are missing.
    #[error(transparent)]
    Witness(#[from] WitnessError),
}

impl Explain for WebvhError {
    fn code(&self) -> &'static str {
        match self {
            Self::Identifier(error) => error.code(),
            Self::TooLarge { .. } => "webvh.too-large",
            Self::TooManyEntries { .. } => "webvh.too-many-entries",
            Self::Empty => "webvh.empty",
            Self::Entry { source, .. } => source.code(),
            Self::AnotherScid => "webvh.another-scid",
            Self::AnotherName => "webvh.another-name",
            Self::Witness(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Identifier(error) => error.hint(),
            Self::TooLarge { .. } | Self::TooManyEntries { .. } => {
                "No genuine log is like this: ask the DID's owner for a new DID."
            }
            Self::Empty => "Load the log again from where the DID says, whole.",
            Self::Entry { source, .. } => source.hint(),
            Self::AnotherScid | Self::AnotherName => {
                "Load the log from where this DID says; if that is what was loaded, do not rely on the DID."
            }
            Self::Witness(error) => error.hint(),
        }
    }
}

/// Why an entry of a log does not count, and with it the whole log. Carries names of members, never their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// An empty line, which is no entry.
    #[error("an empty line")]
    BlankLine,
    /// More than [`LOG_ENTRY_BYTES`](crate::limits::LOG_ENTRY_BYTES).
    #[error("{bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not strict JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A member is missing or has the wrong form.
    #[error("the member {member} is missing or has the wrong form: {expected} was expected")]
    Member {
        /// Its name.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A member that entries do not have.
    #[error("a member that entries of a log do not have")]
    UnknownMember,
    /// The version number is not the next one.
    #[error("its version number is not {expected}")]
    VersionNumber {
        /// The number that comes next.
        expected: u32,
    },
    /// The hash in `versionId` is not that of the entry and of the one before it.
    #[error("its hash does not fit what stands in it and in the entry before it")]
    EntryHash,
    /// `versionTime` is not after the entry before it.
    #[error("its time {found} is not after that of the entry before it, {previous}")]
    NotLater {
        /// The time of the entry before it.
        previous: Timestamp,
        /// The time found.
        found: Timestamp,
    },
    /// `versionTime` has not come yet.
    #[error("its time {found} lies ahead: it is {now}")]
    Future {
        /// The time found.
        found: Timestamp,
        /// The moment at which this was judged.
        now: Timestamp,
    },
    /// A parameter is missing or has no value that it may have.
    #[error("the parameter {parameter} is missing or has the wrong form: {expected} was expected")]
    Parameter {
        /// Its name.
        parameter: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A parameter that this version of the method does not have.
    #[error("a parameter that did:webvh 1.0 does not have")]
    UnknownParameter,
    /// More items than are read.
    #[error("the parameter {parameter} has more than {limit} items")]
    TooMany {
        /// Its name.
        parameter: &'static str,
        /// The ceiling.
        limit: usize,
    },
    /// `method` is not the one version that is read.
    #[error("another version of the method than did:webvh:1.0")]
    Method,
    /// `scid` stands in an entry after the first.
    #[error("the parameter scid stands in another entry than the first")]
    ScidAgain,
    /// The SCID is not the hash of the first entry.
    #[error("the SCID is not the hash of this entry")]
    Scid,
    /// The placeholder of the SCID still stands in the first entry.
    #[error("the placeholder {{SCID}} still stands in it")]
    Placeholder,
    /// `portable` becomes true after the first entry.
    #[error("portable may be set in the first entry only")]
    PortableLate,
    /// A key in `updateKeys` is refused.
    #[error("a key in updateKeys is refused: {0}")]
    UpdateKey(KeyError),
    /// A witness is named twice.
    #[error("the parameter witness names one witness twice")]
    DuplicateWitness,
    /// A witness is no did:key DID with an Ed25519 key.
    #[error("the parameter witness names somebody who is no did:key with an Ed25519 key")]
    WitnessId,
    /// The threshold is no number from 1 to the number of witnesses.
    #[error("the parameter witness has a threshold that is no number from 1 to {witnesses}")]
    Threshold {
        /// How many witnesses are named.
        witnesses: usize,
    },
    /// While the next keys are committed to in advance, an entry must name its keys and the next ones.
    #[error("the parameter {parameter} is missing, although the next keys were committed to in advance")]
    PreRotation {
        /// The missing one.
        parameter: &'static str,
    },
    /// A key in `updateKeys` is none of those that the entry before committed to.
    #[error("a key in updateKeys is none of those that the entry before committed to")]
    NotCommitted,
    /// A proof cannot be looked into.
    #[error(transparent)]
    Proof(#[from] DataIntegrityError),
    /// A proof is not made with `eddsa-jcs-2022`.
    #[error("its proof is not made with eddsa-jcs-2022")]
    Cryptosuite,
    /// A proof is made for another purpose.
    #[error("its proof is not made for the purpose assertionMethod")]
    Purpose,
    /// The proof's `verificationMethod` is no did:key DID URL whose two halves are the same key.
    #[error("its proof does not name its key as a did:key, with the same key after the #")]
    VerificationMethod,
    /// The key of the proof is none that may update the DID at this entry.
    #[error("its proof is made with a key that may not update the DID")]
    NotAuthorized,
    /// The proof has expired.
    #[error("its proof expired at {expires}")]
    Expired {
        /// When.
        expires: Timestamp,
    },
    /// The signature does not hold.
    #[error("its proof does not hold: {0}")]
    Signature(#[from] ProofError),
    /// The DID document is malformed.
    #[error("its DID document: {0}")]
    Document(#[from] DocumentError),
    /// The id of the DID document is no did:webvh DID.
    #[error("the id of its DID document: {0}")]
    Id(#[from] IdentifierError),
    /// The DID document is of a DID with another SCID.
    #[error("the id of its DID document has another SCID")]
    IdScid,
    /// The DID moved, although it is not portable.
    #[error("the DID was moved, although it is not portable")]
    NotPortable,
    /// The DID moved, and `alsoKnownAs` does not say from where.
    #[error("the DID was moved, and alsoKnownAs does not hold the DID that it had")]
    MovedSilently,
    /// More names than [`LOG_NAMES`](crate::limits::LOG_NAMES).
    #[error("the DID was moved more than {limit} times")]
    TooManyNames {
        /// The ceiling.
        limit: usize,
    },
    /// The DID was deactivated, and an entry follows.
    #[error("the DID was deactivated in the entry before it")]
    Deactivated,
}

impl Explain for EntryError {
    fn code(&self) -> &'static str {
        match self {
            Self::BlankLine => "webvh.blank-line",
            Self::TooLarge { .. } => "webvh.entry-too-large",
            Self::Json(error) => error.code(),
            Self::Member { .. } => "webvh.member",
            Self::UnknownMember => "webvh.unknown-member",
            Self::VersionNumber { .. } => "webvh.version-number",
            Self::EntryHash => "webvh.entry-hash",
            Self::NotLater { .. } => "webvh.not-later",
            Self::Future { .. } => "webvh.future",
            Self::Parameter { .. } => "webvh.parameter",
            Self::UnknownParameter => "webvh.unknown-parameter",
            Self::TooMany { .. } => "webvh.too-many",
            Self::Method => "webvh.method",
            Self::ScidAgain => "webvh.scid-again",
            Self::Scid => "webvh.scid",
            Self::Placeholder => "webvh.placeholder",
            Self::PortableLate => "webvh.portable-late",
            Self::UpdateKey(_) => "webvh.update-key",
            Self::DuplicateWitness => "webvh.duplicate-witness",
            Self::WitnessId => "webvh.witness-id",
            Self::Threshold { .. } => "webvh.threshold",
            Self::PreRotation { .. } => "webvh.pre-rotation",
            Self::NotCommitted => "webvh.not-committed",
            Self::Proof(error) => error.code(),
            Self::Cryptosuite => "webvh.cryptosuite",
            Self::Purpose => "webvh.purpose",
            Self::VerificationMethod => "webvh.verification-method",
            Self::NotAuthorized => "webvh.not-authorized",
            Self::Expired { .. } => "webvh.proof-expired",
            Self::Signature(_) => "webvh.signature",
            Self::Document(error) => error.code(),
            Self::Id(error) => error.code(),
            Self::IdScid => "webvh.id-scid",
            Self::NotPortable => "webvh.not-portable",
            Self::MovedSilently => "webvh.moved-silently",
            Self::TooManyNames { .. } => "webvh.too-many-names",
            Self::Deactivated => "webvh.deactivated",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::BlankLine | Self::Json(_) => {
                "Load the log again, whole and unchanged: one entry a line, no empty lines."
            }
            Self::Future { .. } => "Check this device's clock; if it is right, do not rely on the DID.",
            Self::Method => "Use a newer version of this software, if there is one.",
            Self::Document(error) => error.hint(),
            _ => "Do not rely on the DID until its owner has published a log that holds.",
        }
    }
}
