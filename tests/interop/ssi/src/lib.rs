//! attesta beside ssi, josekit and identity-kit: how each of them is asked.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod judge;
mod kit;
mod maker;
mod ours;

pub use judge::Judge;
pub use kit::{Kit, KitJudge};
pub use maker::{Maker, Words, in_old_words};
pub use ours::{
    Attacks, claims_set, claims_set_of, document_by, document_of, flipped, found, hidden_in, payload_of,
    signed_as_it_stands, we_issue, we_judge, we_judge_for, with_another_end,
};

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a future comes to that waits for nothing: all that is asked for here is at hand.
///
/// # Panics
/// If it waits.
pub fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}
