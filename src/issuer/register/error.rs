//! Why the register did not do what it was asked for.

use crate::error::Explain;
use crate::issuer::issue::IssueError;
use crate::issuer::store::StoreError;
use crate::status::StatusError;
use crate::time::Timestamp;

/// Why the register did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The store behind it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list cannot be written as it was described.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// The list was not signed.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The operating system gave no random bits.
    #[error("the operating system gave no random bits")]
    NoRandomness,
    /// Not a URL under which a list can be published.
    #[error("a list is published under an absolute URL, without #")]
    Url,
    /// A list with that URL is there already.
    #[error("the register has a list of that URL already")]
    ListTwice,
    /// There is no list with that URL.
    #[error("the register has no list of that URL")]
    UnknownList,
    /// Too many lists.
    #[error("the register has {limit} lists, and takes no more")]
    TooManyLists {
        /// The ceiling.
        limit: usize,
    },
    /// So many places are taken that no free one was found.
    #[error("the list is full")]
    Full,
    /// No credential was given this place.
    #[error("no credential was given this place")]
    NotAllocated,
    /// There is no guarantee of that reference.
    #[error("the register has no credential of that reference")]
    UnknownReference,
    /// The reference is in use.
    #[error("the register has a credential of that reference already")]
    ReferenceTwice,
    /// None of the places can say that.
    #[error("no list of the credential is for {purpose}")]
    OtherPurpose {
        /// What was to be written.
        purpose: &'static str,
    },
    /// A revocation is for ever.
    #[error("the credential was revoked, and a revocation is for ever")]
    Revoked,
    /// The list was published with a later time before.
    #[error("the list was published at a later time already: {last}")]
    Clock {
        /// The time of the last publication.
        last: Timestamp,
    },
}

impl Explain for RegisterError {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Status(error) => error.code(),
            Self::Issue(error) => error.code(),
            Self::NoRandomness => "register.no-randomness",
            Self::Url => "register.url",
            Self::ListTwice => "register.list-twice",
            Self::UnknownList => "register.unknown-list",
            Self::TooManyLists { .. } => "register.too-many-lists",
            Self::Full => "register.full",
            Self::NotAllocated => "register.not-allocated",
            Self::UnknownReference => "register.unknown-reference",
            Self::ReferenceTwice => "register.reference-twice",
            Self::OtherPurpose { .. } => "register.other-purpose",
            Self::Revoked => "register.revoked",
            Self::Clock { .. } => "register.clock",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Store(error) => error.hint(),
            Self::Status(_) => "Describe the list otherwise: at least 131,072 places, statuses of 1 to 8 bits.",
            Self::Issue(error) => error.hint(),
            Self::NoRandomness => "Try again in a moment; the system may still be starting.",
            Self::Url => "Give the URL from which verifiers will fetch it, such as https://ngo.example/status/1.",
            Self::ListTwice => "Give the new list a URL of its own.",
            Self::UnknownList => "Give the URL of a list that was created in this register.",
            Self::TooManyLists { .. } => "Use longer lists, or a second register.",
            Self::Full => "Create another list, with another URL.",
            Self::NotAllocated => "Check the number: it stands in the credential's status entry.",
            Self::UnknownReference => {
                "Check the reference: it was printed when the credential was issued. A guarantee's own reference and a \
                 licence's number will do too."
            }
            Self::ReferenceTwice => "Draw the reference at random, for each credential anew.",
            Self::OtherPurpose { .. } => {
                "Revoke what has a place in a list for revocation, suspend what has one for suspension. A Token Status \
                 List can do both."
            }
            Self::Revoked => "Issue a new credential, if the holder should have one again.",
            Self::Clock { .. } => "Set this computer's clock: verifiers refuse a list that is older than the last.",
        }
    }
}
