//! Issuing: drafts become secured credentials, one or many copies of one.

mod copies;
mod issue;

pub use copies::{Copies, CopyFor, Record, RecordedCopy};
pub use issue::{IssueError, Issuer};
