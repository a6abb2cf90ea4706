use std::fmt;

use super::list::Mechanism;
use super::{StatusError, bitstring, token};
use crate::encoding::json::{Map, Value};

/// A place in a status list, as a credential names it. Borrows from the credential.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub(super) list: &'a str,
    pub(super) index: u64,
    pub(super) of: Of<'a>,
}

/// What the two mechanisms say of an entry beside its place.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    Bitstring { purpose: Purpose<'a>, size: u8, messages: Option<&'a [Value]> },
    Token,
}

/// What a status of a bitstring is about (Bitstring Status List 1.0, section 2.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose<'a> {
    /// `revocation`: the credential is valid no more, for ever.
    Revocation,
    /// `suspension`: the credential is not valid for now.
    Suspension,
    /// `message`: something else that the issuer says of it.
    Message,
    /// `refresh`: there is a newer one. The credential stays valid.
    Refresh,
    /// Another, whose meaning this library does not know.
    Other(&'a str),
}

impl<'a> Purpose<'a> {
    /// The purpose of that name.
    pub fn from_name(name: &'a str) -> Self {
        match name {
            "revocation" => Self::Revocation,
            "suspension" => Self::Suspension,
            "message" => Self::Message,
            "refresh" => Self::Refresh,
            other => Self::Other(other),
        }
    }

    /// Its name, as it stands in `statusPurpose`.
    pub fn name(self) -> &'a str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
            Self::Message => "message",
            Self::Refresh => "refresh",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Purpose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Purpose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.name(), f)
    }
}

/// What a status means for the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing<'a> {
    /// Nothing is said against it.
    Good,
    /// It is valid no more.
    Revoked,
    /// It is not valid for now.
    Suspended,
    /// It is valid, and there is a newer one.
    RefreshAvailable,
    /// The issuer says something of it. The text is made for developers, and nothing that was checked.
    Message {
        /// The status.
        value: u8,
        /// Its text: from `statusMessage`, or `unset` and `set`.
        text: &'a str,
    },
    /// A status or a purpose whose meaning this library does not know: no verifier may take it for good.
    Unknown {
        /// The status.
        value: u8,
    },
}

impl<'a> Entry<'a> {
    /// Reads one entry of a credential: an object of `credentialStatus`, or the `status` claim of a token
    /// (`{"status_list": {"idx", "uri"}}`). `None` where it is of a mechanism that this library does not know; a
    /// verifier must not take that for a good status.
    ///
    /// # Errors
    /// [`StatusError::Entry`].
    pub fn read(entry: &'a Map) -> Result<Option<Self>, StatusError> {
        match entry.get("type") {
            None => token::entry(entry),
            Some(_) => bitstring::entry(entry),
        }
    }

    /// The URL of the list.
    pub fn list(&self) -> &'a str {
        self.list
    }

    /// The place in the list, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Of which kind the list is.
    pub fn mechanism(&self) -> Mechanism {
        match self.of {
            Of::Bitstring { .. } => Mechanism::Bitstring,
            Of::Token => Mechanism::Token,
        }
    }

    /// What the status is about. `None` in a Token Status List, whose statuses say that themselves: any of them can
    /// revoke or suspend.
    pub fn purpose(&self) -> Option<Purpose<'a>> {
        match self.of {
            Of::Bitstring { purpose, .. } => Some(purpose),
            Of::Token => None,
        }
    }

    /// What a status that the list gave for this entry means.
    pub fn standing(&self, value: u8) -> Standing<'a> {
        match self.of {
            // Token Status List, section 7.1.
            Of::Token => match value {
                0 => Standing::Good,
                1 => Standing::Revoked,
                2 => Standing::Suspended,
                _ => Standing::Unknown { value },
            },
            Of::Bitstring { purpose: Purpose::Message, messages, .. } => match bitstring::message(messages, value) {
                Some(text) => Standing::Message { value, text },
                None => Standing::Unknown { value },
            },
            Of::Bitstring { purpose: Purpose::Other(_), .. } => Standing::Unknown { value },
            Of::Bitstring { .. } if value == 0 => Standing::Good,
            Of::Bitstring { purpose: Purpose::Revocation, .. } => Standing::Revoked,
            Of::Bitstring { purpose: Purpose::Suspension, .. } => Standing::Suspended,
            Of::Bitstring { purpose: Purpose::Refresh, .. } => Standing::RefreshAvailable,
        }
    }
}

/// Not the index: by it a credential can be told from all others.
impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("mechanism", &self.mechanism()).field("purpose", &self.purpose()).finish()
    }
}
