//! The driver: asks the verifier, fetches what it misses, and asks again.

use std::collections::HashSet;
use std::thread;

use super::address::{self, Address, Resolver};
use super::bounds::Bounds;
use super::error::FetchError;
use super::get::{Brought, Piece, Wanted, get};
use super::kept::{Cache, CacheError, Kept};
use super::request::Fetch;
use super::trace::{Attempt, Step, Trace};
use crate::limits;
use crate::time::Timestamp;
use crate::verify::{
    At, Days, Expected, Material, MaterialError, Materials, Outcome, Policy, Report, Resource, Seen, verify,
};

/// Says what time it is. Every function that returns a [`Timestamp`] is one.
pub trait Clock: Sync {
    /// This moment.
    fn now(&self) -> Timestamp;
}

impl<F: Fn() -> Timestamp + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}

/// What a verification with a network has at hand for that.
#[derive(Clone, Copy)]
pub struct Online<'a> {
    pub(super) fetch: &'a dyn Fetch,
    pub(super) clock: &'a dyn Clock,
    pub(super) cache: Option<&'a dyn Cache>,
    pub(super) seen: Option<&'a Seen>,
    pub(super) resolvers: &'a [Resolver],
    pub(super) bounds: Bounds,
}

impl<'a> Online<'a> {
    /// Fetches by `fetch`, at moments that `clock` tells, and keeps nothing.
    pub fn new(fetch: &'a dyn Fetch, clock: &'a dyn Clock) -> Self {
        Self { fetch, clock, cache: None, seen: None, resolvers: &[], bounds: Bounds::default() }
    }

    /// With what was fetched before, and what is kept for the next time.
    #[must_use]
    pub fn cache(mut self, cache: &'a dyn Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// With what was seen before, when a DID is resolved ([`resolve_online`](super::resolve_online)): a log that was cut
    /// off or rewritten since is refused. A verification has that among its materials.
    #[must_use]
    pub fn remembering(mut self, seen: &'a Seen) -> Self {
        self.seen = Some(seen);
        self
    }

    /// With resolvers for DIDs of other methods, when a DID is resolved
    /// ([`resolve_online`](super::resolve_online)). A verification asks those of its trust lists.
    #[must_use]
    pub fn resolvers(mut self, resolvers: &'a [Resolver]) -> Self {
        self.resolvers = resolvers;
        self
    }

    /// Within these bounds.
    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }
}

/// [`verify`] with a network: what is missing is fetched, added to `materials`, and the verifier is asked again, until
/// nothing new is missing or a bound is reached. The report is that of `verify` over the materials as they are then;
/// the trace says what was fetched, and who learnt of it.
///
/// Nothing is fetched that the verifier does not ask for, and it asks for nothing that a stranger's document names. No
/// resource is asked for twice; only where the outcome is not valid, and it rests on what was kept from before, that is
/// asked for anew.
pub fn verify_online(
    presented: &[u8],
    expected: &Expected,
    materials: &mut Materials,
    policy: &Policy,
    at: At,
    online: &Online<'_>,
) -> (Report, Trace) {
    let mut run = Run::new(online, policy);
    loop {
        let report = verify(presented, expected, materials, policy, at);
        let mut wanted = run.wanted(&report);
        if wanted.is_empty() && report.outcome() != Outcome::Valid {
            wanted = run.outlived();
        }
        if wanted.is_empty() || !run.round(wanted, materials) {
            return (report, run.trace);
        }
    }
}

/// One verification's use of the network.
struct Run<'a> {
    online: Online<'a>,
    bounds: Bounds,
    policy: &'a Policy,
    started: Timestamp,
    bytes: usize,
    rounds: usize,
    tried: HashSet<Resource>,
    /// What must not come from the cache.
    anew: HashSet<Resource>,
    trace: Trace,
}

impl<'a> Run<'a> {
    fn new(online: &Online<'a>, policy: &'a Policy) -> Self {
        Self {
            online: *online,
            bounds: online.bounds.within_limits(),
            policy,
            started: online.clock.now(),
            bytes: 0,
            rounds: 0,
            tried: HashSet::new(),
            anew: HashSet::new(),
            trace: Trace::default(),
        }
    }

    /// What is missing, was not tried yet, and may be.
    fn wanted(&mut self, report: &Report) -> Vec<Resource> {
        let mut wanted = Vec::new();
        for missing in report.missing() {
            let resource = missing.resource.clone();
            if self.tried.contains(&resource) {
                continue;
            }
            if self.tried.len() < self.bounds.resources && self.rounds < self.bounds.rounds {
                self.tried.insert(resource.clone());
                wanted.push(resource);
            } else {
                self.out_of_bounds(resource);
            }
        }
        wanted
    }

    /// What was taken from the cache and is not of this minute: the issuer may have changed it since, and the outcome
    /// with it.
    fn outlived(&mut self) -> Vec<Resource> {
        if self.rounds >= self.bounds.rounds {
            return Vec::new();
        }
        let now = self.online.clock.now();
        let is_old = |obtained: Timestamp| now.seconds_since(obtained) >= i64::from(limits::CACHE_ANEW_SECONDS);
        let old = |step: &Step| match step.attempt {
            Attempt::Kept { obtained } if is_old(obtained) => Some(step.resource.clone()),
            _ => None,
        };
        let old: Vec<Resource> =
            self.trace.steps.iter().filter_map(old).filter(|resource| !self.anew.contains(resource)).collect();
        self.anew.extend(old.iter().cloned());
        old
    }

    /// Notes what would have been one too many, once.
    fn out_of_bounds(&mut self, resource: Resource) {
        if self.trace.steps.iter().all(|step| step.resource != resource) {
            let attempt = Attempt::Failed(FetchError::Bound);
            self.trace.steps.push(Step { round: self.rounds, resource, url: None, attempt, was_asked: false });
        }
    }

    /// Goes out once. Whether it brought anything that is worth asking the verifier again.
    fn round(&mut self, wanted: Vec<Resource>, materials: &mut Materials) -> bool {
        self.rounds += 1;
        let mut is_new = false;
        for batch in wanted.chunks(self.bounds.parallel) {
            let Some((bytes, seconds)) = self.left() else {
                batch.iter().for_each(|resource| self.out_of_bounds(resource.clone()));
                continue;
            };
            for (resource, brought) in batch.iter().zip(self.fetch_all(batch, bytes, seconds)) {
                for attempt in brought {
                    is_new |= self.take(resource, attempt, materials);
                }
            }
        }
        is_new
    }

    /// Bytes and seconds that may still be spent.
    fn left(&self) -> Option<(usize, u32)> {
        let bytes = self.bounds.bytes.checked_sub(self.bytes).filter(|bytes| *bytes > 0)?;
        let spent = self.online.clock.now().seconds_since(self.started).max(0);
        let seconds = self.bounds.seconds.checked_sub(u32::try_from(spent).ok()?).filter(|seconds| *seconds > 0)?;
        Some((bytes, seconds))
    }

    fn fetch_all(&self, batch: &[Resource], bytes: usize, seconds: u32) -> Vec<Vec<Brought>> {
        let addresses: Vec<_> = batch.iter().map(|resource| address::all(resource, self.policy)).collect();
        let bytes_of = |addresses: &Vec<Address>| addresses.iter().map(|address| address.max_bytes).sum();
        let wanted: Vec<usize> = addresses.iter().map(|found| found.as_ref().map_or(0, bytes_of)).collect();
        let shares = shares(&wanted, bytes);
        thread::scope(|scope| {
            let threads: Vec<_> = batch
                .iter()
                .zip(addresses)
                .zip(shares)
                .map(|((resource, addresses), max_bytes)| {
                    thread::Builder::new().spawn_scoped(scope, move || match addresses {
                        Ok(addresses) => {
                            let wanted = Wanted { resource, addresses: &addresses, max_bytes, max_seconds: seconds };
                            get(&self.online, &wanted, |kept, now| self.may_be_taken(resource, kept, now))
                        }
                        Err(error) => vec![Brought::failed(error)],
                    })
                })
                .collect();
            // There may be no more threads, and a host's own fetching may panic: neither must take the decision with it.
            let joined = threads.into_iter().map(|thread| thread.ok().and_then(|thread| thread.join().ok()));
            joined.map(|brought| brought.unwrap_or_else(|| vec![Brought::failed(FetchError::Unavailable)])).collect()
        })
    }

    /// Whether what is kept is as good as what would be fetched.
    fn may_be_taken(&self, resource: &Resource, kept: &Kept, now: Timestamp) -> bool {
        // "did-witness.json" is published before the log that needs it (did:webvh 1.0, "The Witness Proofs File"): what
        // was kept from before the log lacks the newest proofs.
        let is_of_the_same_log = |step: &Step| {
            step.resource.url() == resource.url()
                && matches!(step.attempt, Attempt::Fetched { .. } | Attempt::Confirmed)
        };
        let is_behind =
            matches!(resource, Resource::LogWitnesses(_)) && self.trace.steps.iter().any(is_of_the_same_log);
        let most = match resource {
            Resource::StatusList(_) => self.policy.max_status_age,
            // Its hash is pinned: it does not age.
            Resource::Context(_) => None,
            _ => self.policy.max_document_age,
        };
        let is_young = |obtained: Timestamp| {
            let age = u64::try_from(now.seconds_since(obtained)).unwrap_or(0);
            most.is_none_or(|Days(days)| age <= u64::from(days) * 86_400)
        };
        if is_behind || self.anew.contains(resource) {
            return false;
        }
        kept.is_fresh(now) && kept.obtained().is_none_or(is_young)
    }

    /// Reads what came, keeps it if it can be used, and writes down what became of it.
    fn take(&mut self, resource: &Resource, brought: Brought, materials: &mut Materials) -> bool {
        let Brought { url, was_asked, wasted, cache_error, result } = brought;
        self.note(cache_error);
        self.bytes = self.bytes.saturating_add(wasted);
        let (attempt, is_new) = match result {
            Ok(piece) => {
                let attempt = piece.attempt.clone();
                match self.read(resource, piece, materials) {
                    Ok(()) => (attempt, true),
                    Err(error) => (Attempt::Unusable(error), false),
                }
            }
            Err(attempt) => {
                if let Attempt::Failed(FetchError::Status { status }) = attempt
                    && FetchError::is_absence(&FetchError::Status { status })
                {
                    self.keep(resource, &Kept::Absent { status, noticed: self.online.clock.now() });
                }
                (attempt, false)
            }
        };
        let round = self.rounds;
        self.trace.steps.push(Step { round, resource: resource.clone(), url, attempt, was_asked });
        is_new
    }

    fn read(&mut self, resource: &Resource, piece: Piece, materials: &mut Materials) -> Result<(), MaterialError> {
        if matches!(piece.attempt, Attempt::Fetched { .. }) {
            self.bytes = self.bytes.saturating_add(piece.bytes.len());
        }
        let kept = piece.to_keep();
        let Piece { bytes, obtained, source, .. } = piece;
        let material = Material { resource: resource.clone(), bytes, obtained, source };
        if let Err(error) = materials.add(&material) {
            self.forget(resource);
            // What could not be verified is not kept: the log waited for these proofs.
            if let Resource::LogWitnesses(did) = resource {
                self.forget(&Resource::Log(did.clone()));
            }
            return Err(error);
        }
        let time_to_live = materials.log(resource.url()).map(|kept| kept.log.ttl());
        if let Some(kept) = kept {
            self.keep(resource, &kept.for_at_most(time_to_live));
        }
        // A log that waited for these proofs has said only now for how long it may be kept.
        if let (Resource::LogWitnesses(did), Some(cache)) = (resource, self.online.cache) {
            let log = Resource::Log(did.clone());
            if let Ok(Some(kept @ Kept::Found { .. })) = cache.get(&log) {
                self.keep(&log, &kept.for_at_most(time_to_live));
            }
        }
        Ok(())
    }

    fn keep(&mut self, resource: &Resource, kept: &Kept) {
        if let Some(cache) = self.online.cache {
            self.note(cache.put(resource, kept).err());
        }
    }

    fn forget(&mut self, resource: &Resource) {
        if let Some(cache) = self.online.cache {
            self.note(cache.remove(resource).err());
        }
    }

    fn note(&mut self, error: Option<CacheError>) {
        self.trace.cache_error = self.trace.cache_error.take().or(error);
    }
}

/// How many bytes each may have: what it wants at most, and together no more than there are. What small ones leave goes
/// to the large.
fn shares(wanted: &[usize], mut bytes: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|position| wanted.get(*position));
    let mut shares = vec![0; wanted.len()];
    let mut left = wanted.len();
    for position in order {
        if let (Some(share), Some(wanted)) = (shares.get_mut(position), wanted.get(position)) {
            *share = (*wanted).min(bytes / left.max(1));
            bytes -= *share;
            left -= 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_small_ones_leave_goes_to_the_large() {
        assert_eq!(shares(&[10, 1000, 10, 0], 100), [10, 80, 10, 0]);
        assert_eq!(shares(&[1000, 1000], 101), [50, 51]);
        assert_eq!(shares(&[5, 5], 100), [5, 5]);
        assert_eq!(shares(&[5, 5, 5], 2), [0, 1, 1]);
        assert_eq!(shares(&[], 100), [0; 0]);
    }
}
