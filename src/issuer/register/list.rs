//! One list of the register: the keys of its places, and which status may follow which.

use super::{LISTS, RegisterError};
use crate::issuer::status::StatusList;
use crate::status::{Mechanism, Purpose, StatusError};

const SUSPENDED_IN_TOKEN: u8 = 2;

/// What is to be said of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It is valid no more, for ever.
    Revoke,
    /// It is not valid for now.
    Suspend,
    /// It is valid again after a suspension.
    Reinstate,
    /// There is a newer one. It stays valid.
    Refresh,
    /// This status, in a list for messages.
    Message(u8),
}

impl Change {
    pub(super) fn purpose(self) -> Purpose<'static> {
        match self {
            Self::Revoke => Purpose::Revocation,
            Self::Suspend | Self::Reinstate => Purpose::Suspension,
            Self::Refresh => Purpose::Refresh,
            Self::Message(_) => Purpose::Message,
        }
    }
}

/// A list of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredList {
    /// Its number, in the order in which the lists were created.
    pub(super) number: u32,
    /// What it is.
    pub list: StatusList,
}

impl RegisteredList {
    pub(super) fn key(&self) -> String {
        format!("{LISTS}{:06}", self.number)
    }

    pub(super) fn slots(&self) -> String {
        format!("slot/{:06}/", self.number)
    }

    pub(super) fn slot_key(&self, index: u64) -> String {
        format!("{}{index:020}", self.slots())
    }

    pub(super) fn publication_key(&self) -> String {
        format!("published/{:06}", self.number)
    }

    /// Whether its statuses can say that.
    pub fn takes(&self, change: Change) -> bool {
        match self.list.mechanism {
            Mechanism::Bitstring => self.list.purpose() == Some(change.purpose()),
            Mechanism::Token => match change {
                Change::Revoke => true,
                // A status of one bit has no room for 2, SUSPENDED.
                Change::Suspend | Change::Reinstate => self.list.size > 1,
                Change::Refresh | Change::Message(_) => false,
            },
        }
    }

    /// The status after a change.
    pub(super) fn after(&self, status: u8, change: Change) -> Result<u8, RegisterError> {
        if !self.takes(change) {
            return Err(RegisterError::OtherPurpose { purpose: change.purpose().name() });
        }
        match (change, self.list.mechanism) {
            (Change::Message(status), _) if u16::from(status) >= 1 << self.list.size => {
                Err(StatusError::List { member: "status", expected: "one that the list has a message for" }.into())
            }
            (Change::Message(status), _) => Ok(status),
            (Change::Revoke | Change::Refresh, _) => Ok(1),
            (Change::Suspend, Mechanism::Bitstring) => Ok(1),
            (Change::Reinstate, Mechanism::Bitstring) => Ok(0),
            // Token Status List, section 7.1: 1 is INVALID.
            (_, Mechanism::Token) if status == 1 => Err(RegisterError::Revoked),
            (Change::Suspend, Mechanism::Token) => Ok(SUSPENDED_IN_TOKEN),
            (Change::Reinstate, Mechanism::Token) => Ok(0),
        }
    }
}
