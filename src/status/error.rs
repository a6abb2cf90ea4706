use super::list::Mechanism;
use crate::credential::model::ModelError;
use crate::error::Explain;

/// Why an entry or a list cannot be read, or does not answer for an entry.
///
/// Bitstring Status List 1.0, section 3.5 has names of its own for some of them; each variant says which.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// A member of the credential's entry (`MALFORMED_VALUE_ERROR`).
    #[error("the status entry's {member}: {expected} was expected")]
    Entry {
        /// Its name.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A member of the list (`MALFORMED_VALUE_ERROR`).
    #[error("the status list's {member}: {expected} was expected")]
    List {
        /// Its name.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// The list is a credential that breaks the data model.
    #[error("the status list: {0}")]
    Model(#[from] ModelError),
    /// The list was published under another URL than the one it was asked for under.
    #[error("the status list names itself by another URL than the one that the credential names")]
    OtherList,
    /// An entry of one mechanism, a list of the other.
    #[error("the credential names a {entry}, and this is a {list}")]
    OtherMechanism {
        /// The entry's.
        entry: Mechanism,
        /// The list's.
        list: Mechanism,
    },
    /// The list does not speak of what the entry is about (`STATUS_VERIFICATION_ERROR`).
    #[error("the status list is for another purpose than the credential's entry")]
    OtherPurpose,
    /// The list has statuses of another size than the entry.
    #[error("the credential's entry has statuses of {entry} bits, the list of {list}")]
    OtherSize {
        /// What the entry says.
        entry: u8,
        /// What the list says.
        list: u8,
    },
    /// Too few places for anybody to disappear among them (`STATUS_LIST_LENGTH_ERROR`).
    #[error("the status list has {entries} places, where at least {minimum} are needed")]
    TooShort {
        /// The places that it has.
        entries: u64,
        /// The places that it must have.
        minimum: u64,
    },
    /// The entry's index is beyond the list's end (`RANGE_ERROR`).
    #[error("the credential's place is beyond the {entries} places of the status list")]
    OutOfRange {
        /// The places that the list has.
        entries: u64,
    },
    /// Not the text that compressed bytes are written as.
    #[error("the status list's {member} is not {expected}")]
    Encoding {
        /// Its name.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// More than is read, before or after decompression.
    #[error("the status list is larger than the {limit} bytes that are read")]
    TooLarge {
        /// The ceiling, in bytes.
        limit: usize,
    },
    /// Not one whole stream of that compression and nothing else.
    #[error("the status list is not compressed as {expected}: {fault}")]
    Compression {
        /// `gzip` or `zlib`.
        expected: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },
}

impl Explain for StatusError {
    fn code(&self) -> &'static str {
        match self {
            Self::Entry { .. } => "status.entry",
            Self::List { .. } => "status.list",
            Self::Model(error) => error.code(),
            Self::OtherList => "status.other-list",
            Self::OtherMechanism { .. } => "status.other-mechanism",
            Self::OtherPurpose => "status.other-purpose",
            Self::OtherSize { .. } => "status.other-size",
            Self::TooShort { .. } => "status.too-short",
            Self::OutOfRange { .. } => "status.out-of-range",
            Self::Encoding { .. } => "status.encoding",
            Self::TooLarge { .. } => "status.too-large",
            Self::Compression { .. } => "status.compression",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Entry { .. } => "Ask the issuer for the credential anew: its status cannot be looked up as it is.",
            Self::OutOfRange { .. } => {
                "Fetch the list again; if that changes nothing, ask the issuer whether this is the right list."
            }
            Self::OtherList | Self::OtherMechanism { .. } | Self::OtherPurpose | Self::OtherSize { .. } => {
                "Give the list that the credential names, from the URL that it names."
            }
            Self::Model(error) => error.hint(),
            _ => "Fetch the list again from its URL; if that changes nothing, tell its issuer that it is damaged.",
        }
    }
}
