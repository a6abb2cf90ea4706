//! Fetching over HTTPS, from the public internet alone (feature `http`).
//!
//! What is fetched is named by strangers: an identifier in a credential becomes a name that is looked up and an address
//! that is connected to, from inside the host's own network. So, for each request:
//!
//! - https alone, TLS 1.2 or newer, with the certificate authorities that come with the library or those that the host
//!   names, and no others;
//! - the name is looked up once, every address behind it must be public, and the connection goes to one of those: a name
//!   that leads elsewhere a moment later changes nothing;
//! - no redirect is followed unless the host allows it, and then each hop is checked like the first;
//! - header, body, waiting and the whole have an end, whatever the server announces; nothing is decompressed;
//! - no cookie, credential or referrer, and the same `User-Agent` for everybody; no proxy unless the host names one.
//!
//! Behind a proxy that the host names ([`Builder::proxy`]) it is the proxy that looks names up and connects: where they
//! lead cannot be checked here, and keeping strangers' names out of the host's own network is the proxy's task.

mod answer;
mod names;
mod proxy;
mod tls;

use core::net::IpAddr;
use core::time::Duration;
use std::fmt;
use std::sync::{Arc, mpsc};

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use tokio::runtime::{Builder as RuntimeBuilder, Runtime};
use tokio::time::timeout;

use super::address;
use super::error::{FetchError, UrlError};
use super::network::{Network, is_public};
use super::request::{Fetch, FetchRequest, Fetched};
use crate::error::Explain;
use crate::limits;

pub use names::{Names, SystemNames};

/// What every request says of who asks: the library and its version, nothing of the host.
const USER_AGENT: &str = concat!("attesta/", env!("CARGO_PKG_VERSION"));

/// Why nothing can be fetched over HTTPS from here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// Not a file of certificates in PEM.
    #[error("the certificate authorities are not readable: {reason}")]
    Authorities {
        /// Why, in some words.
        reason: &'static str,
    },
    /// Not the address of a proxy, or not together with the rest.
    #[error("the proxy: {reason}")]
    Proxy {
        /// Why, in some words.
        reason: &'static str,
    },
    /// TLS needs instructions that this processor does not have.
    #[error("this processor lacks instructions that secure connections need")]
    Processor,
    /// The operating system refuses what is needed.
    #[error("the network cannot be used on this computer")]
    Start,
}

impl Explain for HttpError {
    fn code(&self) -> &'static str {
        match self {
            Self::Authorities { .. } => "http.authorities",
            Self::Proxy { .. } => "http.proxy",
            Self::Processor => "http.processor",
            Self::Start => "http.start",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Authorities { .. } => {
                "Give a PEM file: each certificate between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----."
            }
            Self::Proxy { .. } => "Give it as http://proxy.example:3128, without a user's name and without a path.",
            Self::Processor | Self::Start => "Work offline, and supply the documents as files.",
        }
    }
}

/// Sets [`HttpFetch`] up. Everything here widens what is reached, and is for tests and a host's own network.
#[derive(Default)]
pub struct Builder {
    networks: Vec<Network>,
    authorities: Vec<u8>,
    redirects: usize,
    names: Option<Arc<dyn Names>>,
    proxy: Option<String>,
}

impl Builder {
    /// Lets names lead into this network too, although it is not public.
    #[must_use]
    pub fn allow_network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// Believes these certificate authorities too, in PEM.
    #[must_use]
    pub fn authorities(mut self, pem: &[u8]) -> Self {
        self.authorities.push(b'\n');
        self.authorities.extend_from_slice(pem);
        self
    }

    /// Follows so many redirects, at most [`limits::FETCH_REDIRECTS`]. Each leads to an address that is checked like
    /// the first.
    #[must_use]
    pub fn follow_redirects(mut self, most: usize) -> Self {
        self.redirects = most.min(limits::FETCH_REDIRECTS);
        self
    }

    /// Looks names up by this instead of the operating system.
    #[must_use]
    pub fn names(mut self, names: Arc<dyn Names>) -> Self {
        self.names = Some(names);
        self
    }

    /// Connects through this HTTP proxy alone, such as `http://proxy.example:3128`; TLS still ends at the server that is
    /// asked. None is ever taken from the environment.
    ///
    /// The proxy looks names up and connects to what it finds. No address is checked here any more: a stranger's name
    /// reaches whatever the proxy reaches. So it goes with no [`allow_network`](Self::allow_network).
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Makes it.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn build(self) -> Result<HttpFetch, HttpError> {
        let tls = tls::configuration(&self.authorities)?;
        let names = self.names.unwrap_or_else(|| Arc::new(SystemNames));
        let proxy = self.proxy.as_deref().map(proxy::read).transpose()?;
        if proxy.is_some() && !self.networks.is_empty() {
            return Err(HttpError::Proxy {
                reason: "which networks are reached is its own matter, and none can be allowed",
            });
        }
        let host = proxy.as_ref().map(|(_, host)| host.clone());
        let resolver = names::Checked::new(names, Permitted(self.networks), host);
        let runtime = RuntimeBuilder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(limits::FETCH_PARALLEL * 4)
            .thread_name("attesta-fetch")
            .enable_all()
            .build()
            .map_err(|_| HttpError::Start)?;
        let mut client = Client::builder().no_proxy();
        if let Some((proxy, _)) = proxy {
            client = client.proxy(proxy);
        }
        let client = client
            .use_preconfigured_tls(tls)
            .https_only(true)
            .http1_only()
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .user_agent(USER_AGENT)
            .dns_resolver(Arc::new(resolver))
            .connect_timeout(Duration::from_secs(limits::FETCH_CONNECT_SECONDS.into()))
            .pool_idle_timeout(Duration::from_secs(limits::FETCH_SECONDS.into()))
            .pool_max_idle_per_host(limits::FETCH_PARALLEL)
            .build()
            .map_err(|_| HttpError::Start)?;
        Ok(HttpFetch { client, redirects: self.redirects, runtime: Some(runtime) })
    }
}

/// Which addresses may be connected to.
struct Permitted(Vec<Network>);

impl Permitted {
    fn check(&self, address: IpAddr) -> Result<(), FetchError> {
        if is_public(address) || self.0.iter().any(|network| network.contains(address)) {
            Ok(())
        } else {
            Err(FetchError::NotPublic { address })
        }
    }
}

/// Fetches over HTTPS.
pub struct HttpFetch {
    client: Client,
    redirects: usize,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl fmt::Debug for HttpFetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpFetch").field("redirects", &self.redirects).finish_non_exhaustive()
    }
}

impl HttpFetch {
    /// From the public internet alone, without redirects.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn new() -> Result<Self, HttpError> {
        Self::builder().build()
    }

    /// To be set up.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Drop for HttpFetch {
    fn drop(&mut self) {
        // Does not wait for a name that is still being looked up, and may be called from asynchronous code.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Fetch for HttpFetch {
    fn fetch(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        let runtime = self.runtime.as_ref().ok_or(FetchError::Unavailable)?;
        let (sender, receiver) = mpsc::channel();
        let (client, redirects, request) = (self.client.clone(), self.redirects, request.clone());
        // Spawned and waited for, rather than run here, so that a caller may be asynchronous code itself.
        runtime.spawn(async move {
            let seconds = request.max_seconds;
            let whole = timeout(Duration::from_secs(seconds.into()), go(&client, &request, redirects)).await;
            // The caller waits until this is sent.
            let _ = sender.send(whole.unwrap_or(Err(FetchError::Timeout { seconds })));
        });
        receiver.recv().unwrap_or(Err(FetchError::Unavailable))
    }
}

/// One request with its redirects.
async fn go(client: &Client, request: &FetchRequest, redirects: usize) -> Result<Fetched, FetchError> {
    let mut url = read(&request.url)?;
    for _ in 0..=redirects {
        let response = send(client, request, &url).await?;
        if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
            let fetched = answer::read(response, request).await?;
            return Ok(Fetched { final_url: Some(url.into()), ..fetched });
        }
        if redirects == 0 {
            return Err(FetchError::Redirect);
        }
        url = target(&url, &response)?;
    }
    Err(FetchError::TooManyRedirects { limit: redirects })
}

async fn send(client: &Client, request: &FetchRequest, url: &Url) -> Result<Response, FetchError> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| FetchError::Protocol);
    let mut sent = client.get(url.clone()).header(ACCEPT, value(&request.accept.join(", "))?);
    // Nothing is decompressed here: a few bytes could become many.
    sent = sent.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(unless) = &request.unless {
        if let Some(etag) = &unless.etag {
            sent = sent.header(IF_NONE_MATCH, value(etag)?);
        }
        if let Some(date) = &unless.last_modified {
            sent = sent.header(IF_MODIFIED_SINCE, value(date)?);
        }
    }
    sent.send().await.map_err(|error| answer::why(&error))
}

/// Where a redirect leads, if that may be opened.
fn target(from: &Url, response: &Response) -> Result<Url, FetchError> {
    let mut locations = response.headers().get_all(LOCATION).iter();
    let (Some(location), None) = (locations.next(), locations.next()) else { return Err(FetchError::Protocol) };
    let location = location.to_str().map_err(|_| FetchError::Protocol)?;
    if location.len() > limits::FETCH_URL_CHARACTERS {
        let characters = location.len();
        return Err(UrlError::TooLong { characters, limit: limits::FETCH_URL_CHARACTERS }.into());
    }
    // "A fragment in Location is the client's own": it is not sent (RFC 9110, section 10.2.2).
    let location = location.split('#').next().unwrap_or_default();
    let url = from.join(location).map_err(|_| FetchError::Protocol)?;
    read(url.as_str())
}

/// The address as the client will read it, which must be as it was checked.
fn read(text: &str) -> Result<Url, FetchError> {
    address::check(text)?;
    let url = Url::parse(text).map_err(|_| UrlError::Host)?;
    let authority = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let is_same = url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.domain().is_some_and(|domain| domain.eq_ignore_ascii_case(host))
        && url.port_or_known_default() == port.parse().ok();
    if is_same { Ok(url) } else { Err(UrlError::Host.into()) }
}
