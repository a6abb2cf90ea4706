//! What the host's system gives: its clock.

use std::time::{SystemTime, UNIX_EPOCH};

use attesta::time::{TimeError, Timestamp};

/// The present moment by the system's clock, in whole seconds.
pub(crate) fn now() -> Result<Timestamp, TimeError> {
    let whole = |seconds| i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_unix(match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => whole(since.as_secs()),
        Err(before) => -whole(before.duration().as_secs()),
    })
}
