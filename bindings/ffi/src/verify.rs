//! Verifying.

use std::sync::Arc;

use attesta::presentation::request::UnverifiedRequest;
use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::{self, Materials, Seen};

use crate::material::adding;
use crate::request::query;
use crate::words::Mirror as _;
use crate::{AttestaError, Material, PresentationRequest, Preset, Report, host};

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
    /// An answer to this request, with these credentials and claims.
    AnswerToQuery {
        /// The request.
        request: PresentationRequest,
        /// What was asked for: a DCQL query (OpenID4VP 1.0, section 6), as JSON.
        query_json: String,
    },
    /// An answer to a request of this verifier's own, with all that it asked for.
    AnswerToRequest {
        /// The request as this verifier signed and kept it ([`SignedRequest::text`](crate::SignedRequest)). Its
        /// signature is not checked: never take it from whoever answers.
        text: String,
    },
}

impl Expected {
    pub(crate) fn to_core(&self) -> Result<verify::Expected, AttestaError> {
        let answer = |request: &PresentationRequest| verify::Expected::answer(&request.audience, &request.nonce);
        Ok(match self {
            Self::Nothing => verify::Expected::nothing(),
            Self::Answer { request } => answer(request),
            Self::AnswerToQuery { request, query_json } => answer(request).query(query(query_json)?),
            Self::AnswerToRequest { text } => {
                verify::Expected::of(&UnverifiedRequest::parse(text.as_bytes())?.into_unchecked())
            }
        })
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
    pub(crate) fn to_core(self) -> Result<verify::At, AttestaError> {
        Ok(match self {
            Self::Now => verify::At::Now(host::now()?),
            Self::NowIs { unix_seconds } => verify::At::Now(Timestamp::from_unix(unix_seconds)?),
            Self::AsOf { unix_seconds } => verify::At::AsOf(Timestamp::from_unix(unix_seconds)?),
        })
    }
}

/// Decides about credentials and presentations: a policy, the issuers that it trusts, and materials, read once. It never
/// changes and may be used from many threads at once. Nothing is fetched but by
/// [`verify_online`](Self::verify_online).
#[derive(Debug, uniffi::Object)]
pub struct Verifier {
    pub(crate) policy: Arc<verify::Policy>,
    pub(crate) materials: Materials,
}

#[uniffi::export]
impl Verifier {
    /// A verifier with this policy, these trust lists (JSON) and materials. Where two trust lists name one issuer, the
    /// first decides.
    ///
    /// # Errors
    /// When the policy, a trust list or a piece of material cannot be read.
    #[uniffi::constructor(default(materials))]
    pub fn new(policy: Policy, trust_lists: Vec<String>, materials: Vec<Material>) -> Result<Self, AttestaError> {
        let policy = trust_lists.iter().try_fold(policy.to_core()?, |policy, list| {
            Ok::<_, AttestaError>(policy.trusting(TrustList::parse(list.as_bytes())?))
        })?;
        Ok(Self { policy: Arc::new(policy), materials: adding(Materials::none(), &materials)? })
    }

    /// This verifier with more materials, such as those that a report named as missing.
    ///
    /// # Errors
    /// When a piece of material cannot be read.
    pub fn with_materials(&self, materials: Vec<Material>) -> Result<Self, AttestaError> {
        Ok(Self { policy: Arc::clone(&self.policy), materials: adding(self.materials.clone(), &materials)? })
    }

    /// This verifier, knowing what was seen before: the JSON that [`remember_seen`] gave. What is older fails
    /// `material.rollback`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn remembering(&self, seen_json: String) -> Result<Self, AttestaError> {
        let mut materials = self.materials.clone();
        materials.remember(&Seen::parse(seen_json.as_bytes())?);
        Ok(Self { policy: Arc::clone(&self.policy), materials })
    }

    /// Decides, and says why. Whatever the bytes are, the answer is a report; only its outcome says whether to rely on
    /// them.
    ///
    /// # Errors
    /// When the moment is out of the calendar, or what is expected cannot be read.
    pub fn verify(&self, presented: Vec<u8>, expected: Expected, at: At) -> Result<Report, AttestaError> {
        let report = verify::verify(&presented, &expected.to_core()?, &self.materials, &self.policy, at.to_core()?);
        Ok(Report::of_core(report))
    }
}

/// What the app keeps of what was seen: what it kept until now, nothing the first time, and with it what a report rests
/// on.
///
/// # Errors
/// When what was kept cannot be read.
#[uniffi::export(default(kept_json = None))]
pub fn remember_seen(kept_json: Option<String>, report: &Report) -> Result<String, AttestaError> {
    let mut seen = kept_json.map_or(Ok(Seen::nothing()), |json| Seen::parse(json.as_bytes()))?;
    seen.merge(report.seen());
    Ok(seen.to_json().to_string())
}
