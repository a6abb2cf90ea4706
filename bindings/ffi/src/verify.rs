//! Verifying.

use std::sync::Arc;

use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::{self, Material, Materials, Resource, Source};

use crate::words::Mirror as _;
use crate::{AttestaError, PresentationRequest, Preset, Report, host};

/// What a verifier demands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Policy {
    /// A policy that comes with the library.
    Preset {
        /// Which.
        preset: Preset,
    },
    /// A policy as JSON: `{"type":"Policy","version":1,...}`.
    Json {
        /// The text.
        json: String,
    },
}

impl Policy {
    fn to_core(&self) -> Result<verify::Policy, AttestaError> {
        Ok(match self {
            Self::Preset { preset } => verify::Policy::preset(preset.to_core()),
            Self::Json { json } => verify::Policy::parse(json.as_bytes())?,
        })
    }
}

/// Where a key document comes from, which decides what it counts for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum DocumentSource {
    /// Fetched by the app itself, over TLS, from the address that belongs to the identifier.
    Fetched,
    /// Somebody else's word: the signer of a trust pack, a resolver's endpoint.
    Asserted {
        /// Whose.
        by: String,
    },
}

impl DocumentSource {
    fn to_core(&self) -> Source {
        match self {
            Self::Fetched => Source::Fetched,
            Self::Asserted { by } => Source::Asserted { by: by.clone() },
        }
    }
}

/// An issuer's key document, as it was obtained.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct KeyDocument {
    /// The DID or https URL that it belongs to.
    pub id: String,
    /// Its bytes, unchanged.
    pub bytes: Vec<u8>,
    /// When it was obtained: seconds since 1970-01-01T00:00:00Z.
    pub obtained: i64,
    /// From whom.
    pub source: DocumentSource,
}

impl KeyDocument {
    fn to_core(&self) -> Result<Material, AttestaError> {
        Ok(Material {
            resource: Resource::Document(self.id.clone()),
            bytes: self.bytes.clone(),
            obtained: Timestamp::from_unix(self.obtained)?,
            source: self.source.to_core(),
        })
    }
}

/// This transaction: what was asked.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Expected {
    /// Nothing was asked: a document is looked at as it lies there.
    Nothing,
    /// An answer to this request.
    Answer {
        /// The request.
        request: PresentationRequest,
    },
}

impl Expected {
    fn to_core(&self) -> verify::Expected {
        match self {
            Self::Nothing => verify::Expected::nothing(),
            Self::Answer { request } => verify::Expected::answer(&request.audience, &request.nonce),
        }
    }
}

/// The moment that is judged. Seconds count from 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum At {
    /// Today, by the system's clock.
    Now,
    /// Today, by a clock that the app trusts more.
    NowIs {
        /// The present moment.
        unix_seconds: i64,
    },
    /// A moment in the past, as if it were then: what was signed later is left aside.
    AsOf {
        /// That moment.
        unix_seconds: i64,
    },
}

impl At {
    fn to_core(self) -> Result<verify::At, AttestaError> {
        Ok(match self {
            Self::Now => verify::At::Now(host::now()?),
            Self::NowIs { unix_seconds } => verify::At::Now(Timestamp::from_unix(unix_seconds)?),
            Self::AsOf { unix_seconds } => verify::At::AsOf(Timestamp::from_unix(unix_seconds)?),
        })
    }
}

/// Decides about credentials and presentations: a policy, the issuers that it trusts, and their key documents, read
/// once. It never changes and may be used from many threads at once. Nothing is fetched.
#[derive(Debug, uniffi::Object)]
pub struct Verifier {
    policy: Arc<verify::Policy>,
    materials: Materials,
}

#[uniffi::export]
impl Verifier {
    /// A verifier with this policy, these trust lists (JSON) and key documents. Where two trust lists name one issuer,
    /// the first decides.
    ///
    /// # Errors
    /// When the policy, a trust list or a key document cannot be read.
    #[uniffi::constructor(default(documents))]
    pub fn new(policy: Policy, trust_lists: Vec<String>, documents: Vec<KeyDocument>) -> Result<Self, AttestaError> {
        let mut trusting = policy.to_core()?;
        for list in trust_lists {
            trusting = trusting.trusting(TrustList::parse(list.as_bytes())?);
        }
        Self { policy: Arc::new(trusting), materials: Materials::none() }.adding(&documents)
    }

    /// This verifier with more key documents, such as those that a report named as missing.
    ///
    /// # Errors
    /// When a key document cannot be read.
    pub fn with_documents(&self, documents: Vec<KeyDocument>) -> Result<Self, AttestaError> {
        Self { policy: Arc::clone(&self.policy), materials: self.materials.clone() }.adding(&documents)
    }

    /// Decides, and says why. Whatever the bytes are, the answer is a report; only its outcome says whether to rely on
    /// them.
    ///
    /// # Errors
    /// When the moment is out of the calendar.
    pub fn verify(&self, presented: Vec<u8>, expected: Expected, at: At) -> Result<Report, AttestaError> {
        let report = verify::verify(&presented, &expected.to_core(), &self.materials, &self.policy, at.to_core()?);
        Ok(Report::of_core(report))
    }
}

impl Verifier {
    fn adding(mut self, documents: &[KeyDocument]) -> Result<Self, AttestaError> {
        for document in documents {
            self.materials.add(&document.to_core()?)?;
        }
        Ok(self)
    }
}
