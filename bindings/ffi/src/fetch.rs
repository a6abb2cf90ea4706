//! A network that the host brings: it fetches, and the core says what may be fetched and looks at what came.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use attesta::did::{DereferencingOptions, ResolutionOptions};
use attesta::encoding::json::Map;
use attesta::fetch::{self, MemoryCache, Online, address::Resolver, network};
use attesta::time::{TimeError, Timestamp};
use serde_json::Value;

use crate::{At, AttestaError, Expected, Report, ResourceType, Verifier, host};

/// A header of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Its name, in any case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One thing to fetch, by GET.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FetchRequest {
    /// Where: an https URL with a domain name, which was looked at.
    pub url: String,
    /// All headers that are sent. Send no others: no cookie, no credential, no referrer.
    pub headers: Vec<HttpHeader>,
    /// Stop reading after so many bytes of the body.
    pub max_bytes: u64,
    /// Give up after so many seconds in all.
    pub max_seconds: u32,
}

/// What a server answered, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FetchAnswer {
    /// The status, such as 200.
    pub status: u16,
    /// The headers as they came.
    pub headers: Vec<HttpHeader>,
    /// The body as it came, not decompressed.
    pub body: Vec<u8>,
    /// The address that answered, if the client says so. It must be that of the request: redirects are not followed.
    pub url: Option<String>,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum FetchFailure {
    /// There is no network, or the app or the person does not want to fetch now.
    #[error("it could not be fetched")]
    Unavailable,
    /// The domain name could not be looked up.
    #[error("its domain name could not be looked up")]
    UnknownHost,
    /// The domain name leads to an address for which [`is_public_address`] says no.
    #[error("its domain name leads to an address that is not public")]
    NotPublic {
        /// The IP address.
        address: String,
    },
    /// Nobody answers there.
    #[error("no connection could be made")]
    NoConnection,
    /// There is no TLS, or a certificate that is not good for this name.
    #[error("there is no secure connection")]
    Tls,
    /// It took longer than it may.
    #[error("it took too long")]
    Timeout,
    /// The body is longer than it may be.
    #[error("it has more bytes than it may")]
    TooLarge,
    /// The connection broke before all was there.
    #[error("the connection broke before it was whole")]
    CutOff,
    /// The fetcher threw something else. Do not throw this yourself.
    #[error("the fetcher broke off with an exception that it does not declare")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for FetchFailure {
    /// The text is dropped: it holds the host's stack trace, which is for the host's own log.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

impl FetchFailure {
    fn to_core(&self, request: &fetch::FetchRequest) -> fetch::FetchError {
        use fetch::FetchError as Core;
        match self {
            Self::Unavailable | Self::Unexpected => Core::Unavailable,
            Self::UnknownHost => Core::UnknownHost,
            Self::NotPublic { address } => address.parse().map_or(Core::Connect, |address| Core::NotPublic { address }),
            Self::NoConnection => Core::Connect,
            Self::Tls => Core::Tls { reason: "the phone or computer does not trust it" },
            Self::Timeout => Core::Timeout { seconds: request.max_seconds },
            Self::TooLarge => Core::TooLarge { limit: request.max_bytes },
            Self::CutOff => Core::CutOff,
        }
    }
}

/// Fetches one thing by the platform's own client.
///
/// Called on threads of the library's own, several at once, and may block there. What is to be fetched was looked at:
/// https, a domain name, nothing that two readers of addresses read differently; and what comes is looked at again:
/// its origin, status, type, encoding and size. What the library cannot see is the fetcher's to do: it asks by
/// [`is_public_address`] about every IP address that it connects to, it checks TLS, it follows no redirect, it sends
/// what the request says and nothing else, and it stops at both bounds.
#[uniffi::export(foreign)]
pub trait Fetcher: Send + Sync {
    /// Fetches it, or says why not.
    ///
    /// # Errors
    /// When no server answered.
    fn fetch(&self, request: FetchRequest) -> Result<FetchAnswer, FetchFailure>;
}

/// Whether this IP address belongs to the public internet: no loopback, no private or link-local range, no metadata of
/// a cloud. What is no IP address does not.
#[uniffi::export]
pub fn is_public_address(address: String) -> bool {
    address.parse::<IpAddr>().is_ok_and(network::is_public)
}

/// A host's fetcher as the core knows fetchers.
struct HostFetch(Arc<dyn Fetcher>);

impl fetch::Fetch for HostFetch {
    fn fetch(&self, request: &fetch::FetchRequest) -> Result<fetch::Fetched, fetch::FetchError> {
        let header = |(name, value): (&str, String)| HttpHeader { name: name.to_owned(), value };
        let asked = FetchRequest {
            url: request.url.clone(),
            headers: request.headers().into_iter().map(header).collect(),
            max_bytes: u64::try_from(request.max_bytes).unwrap_or(u64::MAX),
            max_seconds: request.max_seconds,
        };
        let answer = self.0.fetch(asked).map_err(|failure| failure.to_core(request))?;
        let headers = answer.headers.into_iter().map(|header| (header.name, header.value)).collect();
        fetch::HttpAnswer { status: answer.status, headers, body: answer.body, url: answer.url }.read(request)
    }
}

/// What was fetched, kept while the app runs, so that it need not be fetched again. Which resources are in it tells whose
/// credentials were checked.
#[derive(Debug, uniffi::Object)]
pub struct FetchCache {
    cache: MemoryCache,
}

#[uniffi::export]
impl FetchCache {
    /// An empty one.
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self { cache: MemoryCache::new() }
    }
}

/// A moment that goes on as the real one does.
struct Running {
    from: Timestamp,
    since: Instant,
}

impl Running {
    /// From the moment that is judged on, or from the system's where a past one is.
    fn of(at: At) -> Result<Self, AttestaError> {
        let from = match at {
            At::Now | At::AsOf { .. } => host::now()?,
            At::NowIs { unix_seconds } => Timestamp::from_unix(unix_seconds)?,
        };
        Ok(Self { from, since: Instant::now() })
    }
}

impl fetch::Clock for Running {
    fn now(&self) -> Timestamp {
        self.from.plus_seconds(i64::try_from(self.since.elapsed().as_secs()).unwrap_or(i64::MAX))
    }
}

/// One resource that was wanted.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FetchStep {
    /// Which time it went out, from 1.
    pub round: u32,
    /// What was wanted.
    pub r#type: ResourceType,
    /// The DID or URL that it belongs to.
    pub resource: String,
    /// The address, if one belongs to it.
    pub url: Option<String>,
    /// What became of it: `fetched`, `confirmed`, `kept`, `stood-in`, `unusable`, `failed` or `kept-failure`.
    pub outcome: String,
    /// The stable name of what went wrong, such as `fetch.timeout`.
    pub code: Option<String>,
    /// What went wrong, in a sentence.
    pub message: Option<String>,
    /// What this told to whom, in a sentence; nothing if nobody was asked.
    pub revealed: Option<String>,
}

impl FetchStep {
    fn of_core(step: &fetch::Step) -> Option<Self> {
        let error = step.attempt.error();
        Some(Self {
            round: u32::try_from(step.round).unwrap_or(u32::MAX),
            r#type: ResourceType::of_core(&step.resource)?,
            resource: step.resource.url().to_owned(),
            url: step.url.clone(),
            outcome: step.attempt.name().to_owned(),
            code: error.map(|error| error.code().to_owned()),
            message: error.map(ToString::to_string),
            revealed: step.revealed().map(str::to_owned),
        })
    }

    fn all(trace: &fetch::Trace) -> Vec<Self> {
        trace.steps().iter().filter_map(Self::of_core).collect()
    }
}

/// A decision, and what was fetched for it.
#[derive(uniffi::Record)]
pub struct OnlineReport {
    /// The decision.
    pub report: Arc<Report>,
    /// What was wanted from the network, in order.
    pub steps: Vec<FetchStep>,
}

#[uniffi::export]
impl Verifier {
    /// As [`verify`](Self::verify), and what is missing is fetched and looked at, within fixed bounds of time and size.
    /// Nothing is fetched for a document that is not by an issuer whom the verifier trusts.
    ///
    /// # Errors
    /// As [`verify`](Self::verify). What cannot be fetched is no error: the report says what is open.
    pub fn verify_online(
        &self,
        presented: Vec<u8>,
        expected: Expected,
        at: At,
        fetcher: Arc<dyn Fetcher>,
        cache: Option<Arc<FetchCache>>,
    ) -> Result<OnlineReport, AttestaError> {
        let (fetch, clock) = (HostFetch(fetcher), Running::of(at)?);
        let online = with_cache(Online::new(&fetch, &clock), cache.as_deref());
        let mut materials = self.materials.clone();
        let (report, trace) = fetch::verify_online(
            &presented,
            &expected.to_core()?,
            &mut materials,
            &self.policy,
            at.to_core()?,
            &online,
        );
        Ok(OnlineReport { report: Arc::new(Report::of_core(report)), steps: FetchStep::all(&trace) })
    }
}

fn with_cache<'a>(online: Online<'a>, cache: Option<&'a FetchCache>) -> Online<'a> {
    cache.map_or(online, |cache| online.cache(&cache.cache))
}

/// What a resolution is asked for beside the DID.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ResolveOptions {
    /// That version of the document.
    #[uniffi(default)]
    pub version_id: Option<String>,
    /// The version that was current then: seconds since 1970-01-01T00:00:00Z.
    #[uniffi(default)]
    pub version_time: Option<i64>,
    /// The version of that number, from 1.
    #[uniffi(default)]
    pub version_number: Option<u64>,
    /// Where DIDs of other methods are asked for.
    #[uniffi(default)]
    pub resolvers: Vec<DidResolver>,
}

/// Somebody who resolves DIDs of methods that the library does not know (DID Resolution 1.0, "HTTP(S) Binding"). Their
/// word is all there is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DidResolver {
    /// Such as `https://resolver.example/1.0/identifiers/`.
    pub endpoint: String,
    /// The names of the methods, such as `ethr`.
    pub methods: Vec<String>,
}

impl ResolveOptions {
    fn to_core(&self) -> Result<ResolutionOptions, TimeError> {
        Ok(ResolutionOptions {
            version_id: self.version_id.clone(),
            version_time: self.version_time.map(Timestamp::from_unix).transpose()?,
            version_number: self.version_number,
            ..ResolutionOptions::default()
        })
    }
}

/// The answer to a resolution, and what was fetched for it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Resolution {
    /// The result as JSON. What went wrong stands in it.
    pub json: String,
    /// What was wanted from the network, in order.
    pub steps: Vec<FetchStep>,
}

impl Resolution {
    fn of(json: Map, trace: &fetch::Trace) -> Self {
        Self { json: Value::Object(json).to_string(), steps: FetchStep::all(trace) }
    }
}

/// DID Resolution 1.0 of a DID, or the dereferencing of a DID URL with a path, query or fragment: the document, at a
/// version if one is asked for, a key, a service, or addresses. What a service leads to is named, not fetched.
///
/// # Errors
/// When a moment is out of the calendar, or the address of a resolver is none that may be opened.
#[uniffi::export]
pub fn resolve_online(
    did_url: String,
    options: ResolveOptions,
    at: At,
    fetcher: Arc<dyn Fetcher>,
) -> Result<Resolution, AttestaError> {
    let resolution = options.to_core()?;
    let resolvers = options
        .resolvers
        .iter()
        .map(|resolver| Resolver::new(&resolver.endpoint, resolver.methods.iter().map(String::as_str)))
        .collect::<Result<Vec<_>, _>>()?;
    let (fetch, clock) = (HostFetch(fetcher), Running::of(at)?);
    let online = Online::new(&fetch, &clock).resolvers(&resolvers);
    Ok(if did_url.contains(['/', '?', '#']) {
        let options = DereferencingOptions { resolution, verification_relationship: None };
        let (result, trace) = fetch::dereference_online(&did_url, &options, &online);
        Resolution::of(result.to_json(), &trace)
    } else {
        let (result, trace) = fetch::resolve_online(&did_url, &resolution, &online);
        Resolution::of(result.to_json(), &trace)
    })
}
