//! What the host's system gives: its clock, and its randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use attesta::time::{TimeError, Timestamp};

use crate::error::BindingError;

/// The present moment by the system's clock, in whole seconds.
pub(crate) fn now() -> Result<Timestamp, TimeError> {
    let whole = |seconds| i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_unix(match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => whole(since.as_secs()),
        Err(before) => -whole(before.duration().as_secs()),
    })
}

/// Random bytes from the operating system.
pub(crate) fn random<const BYTES: usize>() -> Result<[u8; BYTES], BindingError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|_| BindingError::Randomness)?;
    Ok(bytes)
}
