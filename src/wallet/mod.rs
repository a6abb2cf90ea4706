//! The holder's side: who asks, what of one's credentials would be shown, and the answer.
//!
//! 1. [`Asker::known`] reads a request, checks who signed it and whether that party may ask for this, by the holder's own
//!    trust list. A request of somebody unknown is read only by [`Asker::unauthenticated`], on purpose, and gets what
//!    is public.
//! 2. [`Consent::new`] lays it over what the holder has ([`Held`]) and says exactly what would be shown, before anything
//!    is signed. The holder may take things back.
//! 3. [`answer`] signs just that, for the party that was authenticated and for this one request.
//!
//! Nothing here stores or sends anything.

mod answer;
mod consent;
mod holding;
mod request;

pub use answer::{Answer, AnswerError, answer};
pub use consent::{Consent, ConsentError, Refusal, Shown, ShownClaim, Unanswered, Warning};
pub use holding::{Held, HeldAtError, HeldError};
pub use request::{Asker, AskerError, UnauthenticatedRequest, VerifiedRequest};
