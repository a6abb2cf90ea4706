//! What is asked of a host that can fetch, and what it answers.

use std::fmt;

use super::error::FetchError;

/// Fetches one thing. A host implements it: a program over HTTPS, an app with its platform's client, a test from
/// memory.
///
/// The driver checks the address before it asks, and what comes after; what it cannot see is the implementation's own:
/// that every IP address behind the name is a public one and is the one connected to, that TLS is checked, that no
/// cookie, credential or referrer is sent, that redirects are refused or each checked like the first address, and that
/// reading stops at `max_bytes` and `max_seconds`. It is called from several threads at once.
pub trait Fetch: Send + Sync {
    /// Fetches it, or says why not.
    ///
    /// # Errors
    /// [`FetchError`].
    fn fetch(&self, request: &FetchRequest) -> Result<Fetched, FetchError>;
}

/// One thing to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchRequest {
    /// Where: an https URL with a domain name.
    pub url: String,
    /// Which media types are read, the preferred first. Parameters are not compared.
    pub accept: Vec<String>,
    /// What is at hand already. Unless it has changed, [`Body::NotModified`] is the answer.
    pub unless: Option<Validators>,
    /// The most bytes that the body may have.
    pub max_bytes: usize,
    /// The most seconds that it may take in all.
    pub max_seconds: u32,
}

impl FetchRequest {
    /// A request for what is there now, within the usual bounds.
    pub fn new(url: impl Into<String>, accept: &[&str]) -> Self {
        Self {
            url: url.into(),
            accept: accept.iter().map(|&media_type| media_type.to_owned()).collect(),
            unless: None,
            max_bytes: crate::limits::MATERIAL_BYTES,
            max_seconds: crate::limits::FETCH_SECONDS_EACH,
        }
    }

    /// Whether this `Content-Type` is one of those that are read. Without one it counts as
    /// `application/octet-stream` (RFC 9110, section 8.3).
    pub fn accepts(&self, content_type: Option<&str>) -> bool {
        let content_type = content_type.unwrap_or("application/octet-stream");
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        self.accept.iter().any(|accepted| accepted.eq_ignore_ascii_case(essence))
    }
}

/// How a server tells one version of something from another (RFC 9110, section 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// `ETag`, with its quotes.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Those of a usable length and without control characters; the others are dropped.
    #[must_use]
    pub fn usable(self) -> Self {
        let usable = |text: &String| {
            text.len() <= crate::limits::FETCH_VALIDATOR_CHARACTERS
                && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        };
        Self { etag: self.etag.filter(usable), last_modified: self.last_modified.filter(usable) }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What came.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// The bytes.
    Bytes(Vec<u8>),
    /// What the request said is at hand is still what is published.
    NotModified,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::NotModified => f.write_str("not modified"),
        }
    }
}

/// An answer. When it was obtained, the driver's clock says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched {
    /// What came.
    pub body: Body,
    /// `Content-Type`, as it was sent.
    pub content_type: Option<String>,
    /// For how many seconds the server says that it will not change (`Cache-Control: max-age`); 0 for `no-cache`.
    pub max_age: Option<u32>,
    /// How this version is told from others.
    pub validators: Validators,
    /// Where it came from in the end, if redirects were followed.
    pub final_url: Option<String>,
    /// Whether it may be kept: not after `Cache-Control: no-store`.
    pub is_storable: bool,
}

impl Fetched {
    /// Bytes of a media type, and nothing more known of them.
    pub fn bytes(bytes: impl Into<Vec<u8>>, content_type: impl Into<String>) -> Self {
        Self {
            body: Body::Bytes(bytes.into()),
            content_type: Some(content_type.into()),
            max_age: None,
            validators: Validators::default(),
            final_url: None,
            is_storable: true,
        }
    }

    /// What was at hand is still what is published.
    pub fn not_modified() -> Self {
        Self {
            body: Body::NotModified,
            content_type: None,
            max_age: None,
            validators: Validators::default(),
            final_url: None,
            is_storable: true,
        }
    }

    /// With these validators.
    #[must_use]
    pub fn validators(mut self, validators: Validators) -> Self {
        self.validators = validators;
        self
    }

    /// With the time for which it will not change, in seconds.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Not to be kept.
    #[must_use]
    pub fn not_storable(mut self) -> Self {
        self.is_storable = false;
        self
    }

    /// With the address that it came from in the end.
    #[must_use]
    pub fn final_url(mut self, url: impl Into<String>) -> Self {
        self.final_url = Some(url.into());
        self
    }
}
