//! One resource: from what is kept, or else from its addresses, one after the other until one of them answers.

use super::address::{self, Address};
use super::driver::Online;
use super::error::FetchError;
use super::kept::{CacheError, Kept};
use super::request::{Body, FetchRequest, Fetched, Validators};
use super::trace::Attempt;
use crate::limits;
use crate::time::Timestamp;
use crate::verify::{Resource, Source};

/// What is wanted, and within which bounds.
pub(super) struct Wanted<'a> {
    pub(super) resource: &'a Resource,
    /// Where it may be, the preferred place first. Never empty.
    pub(super) addresses: &'a [Address],
    /// Bytes in all that may be read.
    pub(super) max_bytes: usize,
    /// Seconds in all that it may take.
    pub(super) max_seconds: u32,
}

/// What one attempt brought.
pub(super) struct Brought {
    pub(super) url: Option<String>,
    pub(super) was_asked: bool,
    /// Bytes that were read for nothing, or may have been.
    pub(super) wasted: usize,
    pub(super) cache_error: Option<CacheError>,
    pub(super) result: Result<Piece, Attempt>,
}

impl Brought {
    /// What never came so far as to ask.
    pub(super) fn failed(error: FetchError) -> Self {
        let result = Err(Attempt::Failed(error));
        Self { url: None, was_asked: false, wasted: 0, cache_error: None, result }
    }
}

/// Bytes to be read.
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) obtained: Timestamp,
    pub(super) max_age: Option<u32>,
    pub(super) validators: Validators,
    pub(super) source: Source,
    pub(super) attempt: Attempt,
    pub(super) is_storable: bool,
}

impl Piece {
    fn kept(kept: &Kept, attempt: Attempt) -> Option<Self> {
        let Kept::Found { bytes, obtained, max_age, validators, source } = kept.clone() else { return None };
        Some(Self { bytes, obtained, max_age, validators, source, attempt, is_storable: true })
    }

    /// What is kept of it, if it was fetched just now and may be.
    pub(super) fn to_keep(&self) -> Option<Kept> {
        let is_new = matches!(self.attempt, Attempt::Fetched { .. } | Attempt::Confirmed);
        (is_new && self.is_storable).then(|| Kept::Found {
            bytes: self.bytes.clone(),
            obtained: self.obtained,
            max_age: self.max_age,
            validators: self.validators.clone(),
            source: self.source.clone(),
        })
    }
}

/// Gets it: every attempt in order, of which the last one counts. `may_be_taken` says whether what is kept is as good as
/// what would be fetched.
///
/// The next address is asked where one cannot be reached or gives no answer; what one says is not there is not looked
/// for elsewhere.
pub(super) fn get(
    online: &Online<'_>,
    wanted: &Wanted<'_>,
    may_be_taken: impl Fn(&Kept, Timestamp) -> bool,
) -> Vec<Brought> {
    let started = online.clock.now();
    let (kept, cache_error) = match online.cache.map(|cache| cache.get(wanted.resource)) {
        Some(Ok(kept)) => (kept, None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let is_from = |address: &Address, kept: &Kept| kept.source().is_some_and(|source| is_same(source, &address.source));
    let place = |kept: &Kept| match kept {
        Kept::Absent { .. } => wanted.addresses.first(),
        Kept::Found { .. } => wanted.addresses.iter().find(|address| is_from(address, kept)),
    };
    let kept = kept.and_then(|kept| Some((place(&kept)?, kept)));
    if let Some((address, kept)) = kept.as_ref().filter(|(_, kept)| may_be_taken(kept, started)) {
        let result = match kept {
            Kept::Absent { status, .. } => Err(Attempt::KeptFailure(FetchError::Status { status: *status })),
            Kept::Found { obtained, .. } => {
                Piece::kept(kept, Attempt::Kept { obtained: *obtained }).ok_or(Attempt::Failed(FetchError::Bound))
            }
        };
        return vec![Brought { url: Some(address.url.clone()), was_asked: false, wasted: 0, cache_error, result }];
    }
    let kept = kept.map(|(_, kept)| kept);
    let mut attempts: Vec<Brought> = Vec::new();
    let mut left = wanted.max_bytes;
    for (position, address) in wanted.addresses.iter().enumerate() {
        let now = online.clock.now();
        let spent = u32::try_from(now.seconds_since(started).max(0)).unwrap_or(u32::MAX);
        let (max_bytes, seconds) = (left.min(address.max_bytes), wanted.max_seconds.saturating_sub(spent));
        let own = kept.as_ref().filter(|kept| is_from(address, kept));
        let (answer, was_asked) = if max_bytes == 0 || seconds == 0 {
            (Err(FetchError::Bound), false)
        } else {
            let mut request = FetchRequest::new(&address.url, address.accept);
            (request.max_bytes, request.max_seconds) = (max_bytes, seconds.min(limits::FETCH_SECONDS_EACH));
            request.unless = own.and_then(Kept::validators);
            (online.fetch.fetch(&request).and_then(|fetched| admit(&request, fetched)), true)
        };
        let wasted = match &answer {
            Err(FetchError::TooLarge { .. } | FetchError::CutOff | FetchError::Timeout { .. }) => max_bytes,
            _ => 0,
        };
        left = left.saturating_sub(wasted);
        let is_last = position + 1 == wanted.addresses.len() || answer.as_ref().map_or_else(is_final, |_| true);
        let result = judge(answer, own, kept.as_ref().filter(|_| is_last), address, now);
        let cache_error = cache_error.clone().filter(|_| position == 0);
        attempts.push(Brought { url: Some(address.url.clone()), was_asked, wasted, cache_error, result });
        if is_last {
            break;
        }
    }
    attempts
}

/// Whether no other address is asked after that.
fn is_final(error: &FetchError) -> bool {
    error.is_absence() || *error == FetchError::Bound
}

/// Whose word it is. A slash at the end of an endpoint makes no other one of it.
fn is_same(one: &Source, other: &Source) -> bool {
    match (one, other) {
        (Source::Asserted { by: one }, Source::Asserted { by: other }) => {
            one.trim_end_matches('/') == other.trim_end_matches('/')
        }
        _ => one == other,
    }
}

/// What an answer comes to. `stale` is what may stand in for one that did not come.
fn judge(
    answer: Result<Fetched, FetchError>,
    kept: Option<&Kept>,
    stale: Option<&Kept>,
    address: &Address,
    asked: Timestamp,
) -> Result<Piece, Attempt> {
    // The moment before the request: what came may be as old as that.
    let obtained = asked;
    match answer {
        Ok(Fetched { body: Body::Bytes(bytes), max_age, validators, is_storable, .. }) => Ok(Piece {
            attempt: Attempt::Fetched { bytes: bytes.len() },
            bytes,
            obtained,
            max_age,
            validators: validators.usable(),
            source: address.source.clone(),
            is_storable,
        }),
        Ok(Fetched { body: Body::NotModified, max_age, is_storable, .. }) => {
            let piece = kept.and_then(|kept| Piece::kept(kept, Attempt::Confirmed));
            let piece = piece.ok_or(Attempt::Failed(FetchError::Protocol))?;
            Ok(Piece { obtained, max_age: max_age.or(piece.max_age), is_storable, ..piece })
        }
        // What was taken down must not stand in for itself.
        Err(error) if error.is_absence() => Err(Attempt::Failed(error)),
        Err(error) => {
            let stale = stale.filter(|kept| kept.may_stand_in(asked)).and_then(|kept| {
                let obtained = kept.obtained()?;
                Piece::kept(kept, Attempt::StoodIn { obtained, error: error.clone() })
            });
            stale.ok_or(Attempt::Failed(error))
        }
    }
}

/// What a host hands over is looked at again: it may be anybody's implementation.
fn admit(request: &FetchRequest, fetched: Fetched) -> Result<Fetched, FetchError> {
    if let Some(url) = &fetched.final_url {
        address::check(url)?;
    }
    match &fetched.body {
        Body::NotModified if request.unless.is_none() => Err(FetchError::Protocol),
        Body::NotModified => Ok(fetched),
        Body::Bytes(bytes) if bytes.len() > request.max_bytes => Err(FetchError::TooLarge { limit: request.max_bytes }),
        Body::Bytes(_) if !request.accepts(fetched.content_type.as_deref()) => Err(FetchError::ContentType),
        Body::Bytes(_) => Ok(fetched),
    }
}
