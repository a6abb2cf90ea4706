//! The nonces that a verifier gave out: each is answered once, and within its time.
//!
//! A nonce binds an answer to one request (OpenID4VP 1.0, "Preventing Replay of Verifiable Presentations"), but only if whoever asked remembers it. An
//! answer that was copied is signed as well as the first, so [`NonceLedger::redeem`] is what tells the two apart.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Mutex;

use crate::encoding::base64url;
use crate::encoding::percent::is_unreserved;
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// Characters that 128 random bits need, of the 66 that a nonce may have.
pub(crate) const NONCE_CHARACTERS: usize = 22;

/// Why a text is no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NonceError {
    /// So few characters that it could be guessed, or come twice.
    #[error("the nonce has {characters} characters, where at least {least} are needed")]
    Short {
        /// How many it has.
        characters: usize,
        /// How many are needed.
        least: usize,
    },
    /// More than [`limits::TRANSACTION_CHARACTERS`].
    #[error("the nonce has more than {limit} characters")]
    Long {
        /// The ceiling.
        limit: usize,
    },
    /// Characters that a URL would have to escape.
    #[error("the nonce may have letters from A to Z, digits, \"-\", \".\", \"_\" and \"~\" only")]
    Characters,
}

impl Explain for NonceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Short { .. } => "nonce.short",
            Self::Long { .. } => "nonce.long",
            Self::Characters => "nonce.characters",
        }
    }

    fn hint(&self) -> &'static str {
        "Whoever asks must make a nonce of 32 random bytes for each request, written as base64url."
    }
}

/// "Values MUST only contain ASCII URL safe characters" and "SHOULD contain at least 128 bits of entropy" (OpenID4VP 1.0,
/// section 5.2). How random they are cannot be seen, only that there is room for it.
pub(crate) fn check_nonce(nonce: &str, least: usize) -> Result<(), NonceError> {
    let characters = nonce.len();
    if characters > limits::TRANSACTION_CHARACTERS {
        return Err(NonceError::Long { limit: limits::TRANSACTION_CHARACTERS });
    }
    if !nonce.bytes().all(is_unreserved) {
        return Err(NonceError::Characters);
    }
    if characters < least { Err(NonceError::Short { characters, least }) } else { Ok(()) }
}

/// What became of a nonce that came back. Only [`Redeemed::Once`] lets an answer count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "only `Redeemed::Once` lets the answer count"]
pub enum Redeemed {
    /// It was given out, is in time, and came back for the first time.
    Once,
    /// It was never given out, or so long ago that it was forgotten.
    Unknown,
    /// It came back before: the answer is a copy.
    Again,
    /// It came back too late.
    Expired,
    /// The ledger could not be asked.
    Unavailable,
}

/// Why a nonce could not be written down. A request with it must not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// It can be guessed, or has characters that a nonce cannot have.
    #[error(transparent)]
    Nonce(#[from] NonceError),
    /// It was given out before.
    #[error("this nonce was given out before")]
    Duplicate,
    /// It would have expired before anybody could answer.
    #[error("the nonce would expire at {expires}, and it is {now} already")]
    Expired {
        /// When it would expire.
        expires: Timestamp,
        /// The moment at which it was to be given out.
        now: Timestamp,
    },
    /// As many requests are open as the ledger can remember.
    #[error("{capacity} requests are waiting for an answer, and no more can be remembered")]
    Full {
        /// How many it can remember.
        capacity: usize,
    },
    /// The ledger could not be written to.
    #[error("the ledger of nonces cannot be written to")]
    Unavailable,
}

impl Explain for LedgerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Nonce(error) => error.code(),
            Self::Duplicate => "ledger.duplicate",
            Self::Expired { .. } => "ledger.expired",
            Self::Full { .. } => "ledger.full",
            Self::Unavailable => "ledger.unavailable",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Nonce(error) => error.hint(),
            Self::Duplicate => "Make a new nonce for each request.",
            Self::Expired { .. } => "Give the holder some minutes to answer, and check the clock.",
            Self::Full { .. } => "Wait until older requests expire, let them expire sooner, or make the ledger larger.",
            Self::Unavailable => "Ask for nothing until the ledger works again.",
        }
    }
}

/// Remembers nonces between a request and its answer. Implement it over a database where several processes ask.
///
/// `redeem` must be atomic: of any number of calls with the same nonce, on any thread or machine, one gets
/// [`Redeemed::Once`]. Look up and mark in one transaction.
pub trait NonceLedger: Send + Sync {
    /// Writes a nonce down before the request with it is sent. It counts until `expires`, that moment excluded.
    ///
    /// # Errors
    /// [`LedgerError`].
    fn issue(&self, nonce: &str, expires: Timestamp, now: Timestamp) -> Result<(), LedgerError>;

    /// Takes a nonce back, once.
    fn redeem(&self, nonce: &str, now: Timestamp) -> Redeemed;
}

/// A nonce of 256 bits: 43 characters of base64url. `random` must come from the operating system, anew for each request.
pub fn fresh_nonce(random: [u8; 32]) -> String {
    base64url::encode(random)
}

/// A ledger in memory, for one process.
///
/// It remembers at most `capacity` nonces, those that were redeemed included. When it is full it forgets what has
/// expired; when nothing has, it refuses new ones: to forget an open request would make its answer a stranger's, and to
/// forget a redeemed one would hide that the next answer is a copy.
pub struct MemoryLedger {
    capacity: usize,
    nonces: Mutex<Nonces>,
}

#[derive(Default)]
struct Nonces {
    given: HashMap<String, Given>,
    by_expiry: BTreeSet<(Timestamp, String)>,
}

struct Given {
    expires: Timestamp,
    is_redeemed: bool,
}

impl fmt::Debug for MemoryLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLedger").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl MemoryLedger {
    /// An empty ledger for that many nonces. A nonce takes some 200 bytes.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, nonces: Mutex::default() }
    }
}

impl NonceLedger for MemoryLedger {
    fn issue(&self, nonce: &str, expires: Timestamp, now: Timestamp) -> Result<(), LedgerError> {
        check_nonce(nonce, NONCE_CHARACTERS)?;
        if expires <= now {
            return Err(LedgerError::Expired { expires, now });
        }
        let mut nonces = self.nonces.lock().map_err(|_| LedgerError::Unavailable)?;
        if nonces.given.contains_key(nonce) {
            return Err(LedgerError::Duplicate);
        }
        if nonces.given.len() >= self.capacity {
            nonces.forget_expired(now);
        }
        if nonces.given.len() >= self.capacity {
            return Err(LedgerError::Full { capacity: self.capacity });
        }
        nonces.given.insert(nonce.to_owned(), Given { expires, is_redeemed: false });
        nonces.by_expiry.insert((expires, nonce.to_owned()));
        Ok(())
    }

    fn redeem(&self, nonce: &str, now: Timestamp) -> Redeemed {
        let Ok(mut nonces) = self.nonces.lock() else { return Redeemed::Unavailable };
        match nonces.given.get_mut(nonce) {
            None => Redeemed::Unknown,
            Some(given) if given.is_redeemed => Redeemed::Again,
            Some(given) if now >= given.expires => Redeemed::Expired,
            Some(given) => {
                given.is_redeemed = true;
                Redeemed::Once
            }
        }
    }
}

impl Nonces {
    fn forget_expired(&mut self, now: Timestamp) {
        while let Some((expires, nonce)) = self.by_expiry.pop_first() {
            if expires > now {
                self.by_expiry.insert((expires, nonce));
                return;
            }
            self.given.remove(&nonce);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(1_800_000_000 + seconds).unwrap()
    }

    fn nonce(seed: u8) -> String {
        fresh_nonce([seed; 32])
    }

    #[test]
    fn a_nonce_counts_once() {
        let ledger = MemoryLedger::new(4);
        ledger.issue(&nonce(1), at(300), at(0)).unwrap();
        assert_eq!(ledger.redeem(&nonce(1), at(1)), Redeemed::Once);
        assert_eq!(ledger.redeem(&nonce(1), at(2)), Redeemed::Again);
        assert_eq!(ledger.redeem(&nonce(1), at(400)), Redeemed::Again, "a copy stays a copy when it is late");
        assert_eq!(ledger.issue(&nonce(1), at(300), at(3)), Err(LedgerError::Duplicate));
    }

    #[test]
    fn what_was_never_given_out_is_unknown() {
        let ledger = MemoryLedger::new(4);
        ledger.issue(&nonce(1), at(300), at(0)).unwrap();
        for stranger in [nonce(2), String::new(), nonce(1).to_lowercase(), format!(" {}", nonce(1))] {
            assert_eq!(ledger.redeem(&stranger, at(1)), Redeemed::Unknown, "{stranger}");
        }
        assert_eq!(ledger.redeem(&nonce(1), at(1)), Redeemed::Once, "strangers' attempts spend nothing");
    }

    #[test]
    fn a_late_answer_is_told_from_one_in_time() {
        let ledger = MemoryLedger::new(4);
        ledger.issue(&nonce(1), at(300), at(0)).unwrap();
        ledger.issue(&nonce(2), at(300), at(0)).unwrap();
        assert_eq!(ledger.redeem(&nonce(1), at(299)), Redeemed::Once);
        assert_eq!(ledger.redeem(&nonce(2), at(300)), Redeemed::Expired);
        assert_eq!(ledger.redeem(&nonce(2), at(299)), Redeemed::Once, "a clock that was set back");
    }

    #[test]
    fn what_could_not_be_answered_or_guessed_at_is_not_given_out() {
        let ledger = MemoryLedger::new(4);
        assert_eq!(ledger.issue(&nonce(1), at(0), at(0)), Err(LedgerError::Expired { expires: at(0), now: at(0) }));
        assert_eq!(ledger.issue("AAECAw", at(300), at(0)).unwrap_err().code(), "nonce.short");
        assert_eq!(ledger.issue("b3VyIG5vbmNl/+==aaaaaaaa", at(300), at(0)).unwrap_err().code(), "nonce.characters");
        assert_eq!(ledger.redeem(&nonce(1), at(0)), Redeemed::Unknown);
    }

    #[test]
    fn a_full_ledger_forgets_what_expired_and_nothing_else() {
        let ledger = MemoryLedger::new(3);
        ledger.issue(&nonce(1), at(300), at(0)).unwrap();
        ledger.issue(&nonce(2), at(100), at(0)).unwrap();
        ledger.issue(&nonce(3), at(200), at(0)).unwrap();
        assert_eq!(ledger.redeem(&nonce(1), at(50)), Redeemed::Once);
        assert_eq!(ledger.issue(&nonce(4), at(400), at(99)), Err(LedgerError::Full { capacity: 3 }));
        assert_eq!(ledger.redeem(&nonce(2), at(100)), Redeemed::Expired, "still remembered");
        ledger.issue(&nonce(4), at(400), at(100)).unwrap();
        assert_eq!(ledger.redeem(&nonce(2), at(100)), Redeemed::Unknown);
        assert_eq!(ledger.redeem(&nonce(1), at(101)), Redeemed::Again, "a redeemed one is kept for its time");
        assert_eq!(ledger.redeem(&nonce(3), at(101)), Redeemed::Once);
        assert_eq!(MemoryLedger::new(0).issue(&nonce(1), at(1), at(0)), Err(LedgerError::Full { capacity: 0 }));
    }

    #[test]
    fn of_many_threads_with_one_nonce_one_wins() {
        const THREADS: usize = 8;
        let ledger = MemoryLedger::new(64);
        let ledger: &dyn NonceLedger = &ledger;
        for round in 0..32 {
            let nonce = nonce(round);
            ledger.issue(&nonce, at(300), at(0)).unwrap();
            let start = Barrier::new(THREADS);
            let once = thread::scope(|scope| {
                let redeem = || {
                    start.wait();
                    ledger.redeem(&nonce, at(1))
                };
                let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(redeem)).collect();
                let outcomes = threads.into_iter().map(|thread| thread.join().unwrap());
                let (once, again): (Vec<_>, Vec<_>) = outcomes.partition(|outcome| *outcome == Redeemed::Once);
                assert!(again.iter().all(|outcome| *outcome == Redeemed::Again));
                once.len()
            });
            assert_eq!(once, 1);
        }
    }

    #[test]
    fn a_fresh_nonce_has_all_its_bits() {
        assert_eq!(nonce(255), "_".repeat(42) + "8");
        assert_eq!(check_nonce(&nonce(0), NONCE_CHARACTERS), Ok(()));
    }
}
