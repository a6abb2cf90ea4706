//! Status lists: what an issuer says, after issuing, of each credential by its place in a list.
//!
//! There are two kinds, alike in purpose and unlike in every detail: [Bitstring Status List 1.0](bitstring), a
//! credential of its own, and [Token Status List](token), a token. An [`Entry`] is what a credential says about its
//! place; a [`List`] is decoded once and then answers for each place.
//!
//! Nothing here looks at a signature. What becomes a [`List`] must have been verified before, and whether its issuer
//! may speak of this credential is for the verifier to say.

pub mod bitstring;
pub(crate) mod compression;
mod entry;
mod error;
mod list;
mod new;
#[cfg(test)]
mod tests;
pub mod token;

pub use entry::{Entry, Purpose, Standing};
pub use error::StatusError;
pub use list::{List, Mechanism};
pub(crate) use new::described;
pub use new::{NewList, Statuses};
