//! DCQL, the Digital Credentials Query Language (OpenID4VP 1.0, sections 6 and 7): what a verifier asks for, which of a
//! holder's credentials answer it, and what of them has to be shown.
//!
//! A verifier writes a [`Query`], and judges with [`Query::is_answered_by`] whether all that it asked for came. A
//! wallet reads one with [`Query::parse`] and lays it over what it holds with [`Query::matches`]; [`Matches::least`] is
//! the answer that discloses least. Nothing here decides whether a credential is genuine or whom to believe: a query is a
//! stranger's wish, and `values` and `trusted_authorities` in it protect privacy, never a decision (section 6.4.1).
//!
//! ```
//! use attesta::encoding::json;
//! use attesta::presentation::dcql::{Candidate, CredentialQuery, Query};
//!
//! let vct = "https://w3id.org/attesta/vct/proof-of-address/1";
//! let query = Query::one(CredentialQuery::new("address", "dc+sd-jwt").vct(vct).claim(&["address", "district"]));
//! query.check()?;
//!
//! let claims = json::parse_object(br#"{"name":"CHAN Tai Man","address":{"country":"HK","district":"Sham Shui Po"}}"#)?;
//! let types = [vct];
//! let held =
//!     Candidate { format: "dc+sd-jwt", types: &types, claims: &claims, is_holder_bound: true, authorities: &[] };
//! let matches = query.matches(&[held]);
//! let answer = matches.least()?;
//! assert_eq!(answer[0].fit.pointers, ["/address/district"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod error;
mod matching;
mod parse;
mod path;
mod query;
mod unmet;

pub use error::DcqlError;
pub(crate) use matching::values_of;
pub use matching::{Authority, Candidate, Choice, CredentialMatches, Fit, Matches, SetMatches};
pub use path::{Path, PathError, Step};
pub use query::{AuthorityQuery, ClaimQuery, ClaimValue, CredentialQuery, CredentialSet, Meta, Query};
pub use unmet::Unmet;

#[cfg(test)]
mod tests;
