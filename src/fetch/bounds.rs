//! How much one verification may fetch.

use crate::limits;

/// How much one verification may fetch. The default is what [`limits`] has; more is not had by asking for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// Times that it goes out.
    pub rounds: usize,
    /// Resources in all.
    pub resources: usize,
    /// Bytes in all.
    pub bytes: usize,
    /// Seconds in all.
    pub seconds: u32,
    /// Resources at the same time.
    pub parallel: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            rounds: limits::FETCH_ROUNDS,
            resources: limits::FETCH_RESOURCES,
            bytes: limits::FETCH_BYTES,
            seconds: limits::FETCH_SECONDS,
            parallel: limits::FETCH_PARALLEL,
        }
    }
}

impl Bounds {
    /// Never above the ceilings, and at least one at a time.
    pub(super) fn within_limits(self) -> Self {
        Self {
            rounds: self.rounds.min(limits::FETCH_ROUNDS),
            resources: self.resources.min(limits::FETCH_RESOURCES),
            bytes: self.bytes.min(limits::FETCH_BYTES),
            seconds: self.seconds.min(limits::FETCH_SECONDS),
            parallel: self.parallel.clamp(1, limits::FETCH_PARALLEL),
        }
    }
}
