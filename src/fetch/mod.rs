//! Verification with a network: what [`verify`](crate::verify::verify) finds missing is fetched, and it is asked again.
//!
//! [`verify_online`] is the driver. It goes where the verifier asked to go and nowhere else, by a [`Fetch`] that the
//! host supplies: the feature `http` brings one for programs, a phone's app has its own, and [`InMemory`] is one for
//! tests. What was fetched is kept by a [`Cache`], on disk with the feature `store`. The decision stays where it was,
//! in a function without I/O.

pub mod address;
mod answer;
mod bounds;
#[cfg(feature = "store")]
pub mod cache;
mod driver;
mod error;
mod get;
#[cfg(feature = "http")]
pub mod http;
mod in_memory;
mod kept;
pub mod network;
mod request;
mod resolve;
mod trace;

pub use answer::HttpAnswer;
pub use bounds::Bounds;
pub use driver::{Clock, Online, verify_online};
pub use error::{FetchError, UrlError};
pub use in_memory::InMemory;
pub use kept::{Cache, CacheError, Kept, MemoryCache};
pub use request::{Body, Fetch, FetchRequest, Fetched, Validators};
pub use resolve::{dereference_online, resolve_online};
pub use trace::{Attempt, Step, Trace};
