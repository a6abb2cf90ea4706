//! Issuing: drafts become secured credentials, one or many copies of one; a register remembers them and revokes them.

mod copies;
mod issue;
mod register;
mod selective;
mod status;
pub mod store;
#[cfg(test)]
mod tests;
mod together;

pub use copies::{Copies, CopyFor, Record, RecordedCopy};
pub use issue::{IssueError, Issuer};
pub use register::{Change, Changed, Register, RegisterError, RegisteredList, Slot};
pub use status::StatusList;
pub use together::FurtherProof;
