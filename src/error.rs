//! What every error of this library can say of itself.

/// An error that a person can act on: a stable code for programs, a plain message (its
/// [`Display`](std::fmt::Display)), and a hint that says what to do next.
///
/// Neither the message nor the hint ever holds a claim, a secret or another piece of personal data:
/// they may go into logs.
pub trait Explain: std::error::Error {
    /// A stable identifier in kebab case, such as `json.duplicate-member`.
    fn code(&self) -> &'static str;

    /// One sentence that says what to do about it.
    fn hint(&self) -> &'static str;
}
