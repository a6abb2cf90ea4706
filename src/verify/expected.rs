//! This transaction: what was asked, and the moment that is judged.

use crate::presentation::dcql::Query;
use crate::presentation::request::RequestObject;
use crate::time::Timestamp;

/// What the verifier asked for. What a presentation answers is compared with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Expected {
    /// Who the verifier is: a DID, a URL, a client id.
    pub audience: Option<String>,
    /// The nonce of this request; at least 128 random bits, used once.
    pub nonce: Option<String>,
    /// Which credentials, and which of their claims.
    pub query: Option<Query>,
}

impl Expected {
    /// Nothing was asked: a document is looked at as it lies there.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// An answer to this request, for this audience.
    pub fn answer(audience: impl Into<String>, nonce: impl Into<String>) -> Self {
        Self { audience: Some(audience.into()), nonce: Some(nonce.into()), query: None }
    }

    /// The answer to a request of the verifier's own, as it wrote and kept it.
    pub fn of(request: &RequestObject) -> Self {
        Self::answer(request.client_id.as_str(), &request.nonce).query(request.query.clone())
    }

    /// With these credentials and claims asked for. An answer that lacks some of them fails `disclosure`.
    #[must_use]
    pub fn query(mut self, query: Query) -> Self {
        self.query = Some(query);
        self
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.audience.is_none() && self.nonce.is_none()
    }
}

/// The moment that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum At {
    /// Today, by the caller's clock.
    Now(Timestamp),
    /// A moment in the past (or to come), by what is at hand today. Logs, lists and notices that were signed later are left
    /// aside; the verifier's own trust list counts with what it says of that moment.
    AsOf(Timestamp),
}

impl At {
    /// The moment itself.
    pub fn time(self) -> Timestamp {
        match self {
            Self::Now(time) | Self::AsOf(time) => time,
        }
    }

    /// After which moment nothing that was signed is looked at. Judging today that is none: what lies ahead shows that a
    /// clock is wrong.
    pub(crate) fn cut(self) -> Option<Timestamp> {
        match self {
            Self::Now(_) => None,
            Self::AsOf(time) => Some(time),
        }
    }
}
