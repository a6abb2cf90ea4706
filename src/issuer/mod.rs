//! What an issuer does: put its name and its signature under a credential.

mod issue;

pub use issue::{IssueError, Issuer};
