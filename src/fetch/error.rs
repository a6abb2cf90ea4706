//! Why something could not be fetched.

use core::net::IpAddr;

use crate::did::DidError;
use crate::did::method::web::WebError;
use crate::did::method::webvh::IdentifierError;
use crate::error::Explain;

/// Why an address is not opened. Found in its text alone, before any name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// Longer than [`limits::FETCH_URL_CHARACTERS`](crate::limits::FETCH_URL_CHARACTERS).
    #[error("the address has {characters} characters, where at most {limit} are read")]
    TooLong {
        /// The length found.
        characters: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not `https://`.
    #[error("the address does not begin with https://")]
    Scheme,
    /// A character that addresses do not have, or that readers of addresses take for another.
    #[error("the address has a character that may not stand there, at byte {position}")]
    Character {
        /// Where it stands.
        position: usize,
    },
    /// A user's name or a password.
    #[error("the address holds a user's name or a password")]
    User,
    /// Not a domain name.
    #[error("the address has no domain name")]
    Host,
    /// An IP address in any spelling.
    #[error("the address names an IP address, where a domain name was expected")]
    IpAddress,
    /// Not a port.
    #[error("the address has no port from 1 to 65535 where one was expected")]
    Port,
    /// A fragment, which is never sent, and which a DID may leak into an address.
    #[error("the address has a fragment (#)")]
    Fragment,
    /// A path with `.` or `..` in it, written out or percent-encoded.
    #[error("the path of the address climbs (..)")]
    Path,
}

impl Explain for UrlError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "url.too-long",
            Self::Scheme => "url.scheme",
            Self::Character { .. } => "url.character",
            Self::User => "url.user",
            Self::Host => "url.host",
            Self::IpAddress => "url.ip-address",
            Self::Port => "url.port",
            Self::Fragment => "url.fragment",
            Self::Path => "url.path",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Scheme => "Only https is fetched. Ask whoever publishes it for an https address.",
            _ => "Such an address may be an attempt to misuse this computer. Ask whoever publishes it for another.",
        }
    }
}

/// Why something could not be fetched. Holds addresses, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address is not opened.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// Not a DID.
    #[error(transparent)]
    Did(#[from] DidError),
    /// A did:web without an address.
    #[error(transparent)]
    DidWeb(#[from] WebError),
    /// A did:webvh without an address.
    #[error(transparent)]
    DidWebvh(#[from] IdentifierError),
    /// No address belongs to that resource: no way is known to get it.
    #[error("no address is known for it")]
    NoAddress,
    /// The domain name does not exist, or its server does not answer.
    #[error("its domain name could not be looked up")]
    UnknownHost,
    /// The domain name leads to an address that does not belong to the public internet.
    #[error("its domain name leads to {address}, which is not a public address")]
    NotPublic {
        /// The address.
        address: IpAddr,
    },
    /// Nobody answers there.
    #[error("no connection could be made")]
    Connect,
    /// TLS failed: another name in the certificate, an expired or unknown one, an old version, no TLS at all.
    #[error("there is no secure connection: {reason}")]
    Tls {
        /// Why, in some words.
        reason: &'static str,
    },
    /// It took longer than it may.
    #[error("it took longer than {seconds} seconds")]
    Timeout {
        /// The bound.
        seconds: u32,
    },
    /// The server's answer was no success.
    #[error("the server answered with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The server sends us elsewhere, and that is not followed.
    #[error("the server sends us to another address, which is not followed")]
    Redirect,
    /// More redirects than may be followed.
    #[error("the server sends us on more than {limit} times")]
    TooManyRedirects {
        /// The ceiling.
        limit: usize,
    },
    /// Larger than it may be, announced or real.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The ceiling.
        limit: usize,
    },
    /// Another media type than was asked for.
    #[error("it is of another media type than was asked for")]
    ContentType,
    /// Compressed, although that was not asked for.
    #[error("it came compressed, which was not asked for")]
    Encoding,
    /// It ended before it was whole.
    #[error("the connection broke before it was whole")]
    CutOff,
    /// What came is no HTTP, or says what it may not.
    #[error("the server's answer is not HTTP as it should be")]
    Protocol,
    /// The host has no network, or refuses.
    #[error("it could not be fetched")]
    Unavailable,
    /// A bound of this verification was reached before it was its turn.
    #[error("this verification has fetched as much as it may")]
    Bound,
}

impl Explain for FetchError {
    fn code(&self) -> &'static str {
        match self {
            Self::Url(error) => error.code(),
            Self::Did(error) => error.code(),
            Self::DidWeb(error) => error.code(),
            Self::DidWebvh(error) => error.code(),
            Self::NoAddress => "fetch.no-address",
            Self::UnknownHost => "fetch.unknown-host",
            Self::NotPublic { .. } => "fetch.not-public",
            Self::Connect => "fetch.connect",
            Self::Tls { .. } => "fetch.tls",
            Self::Timeout { .. } => "fetch.timeout",
            Self::Status { .. } => "fetch.status",
            Self::Redirect => "fetch.redirect",
            Self::TooManyRedirects { .. } => "fetch.too-many-redirects",
            Self::TooLarge { .. } => "fetch.too-large",
            Self::ContentType => "fetch.content-type",
            Self::Encoding => "fetch.encoding",
            Self::CutOff => "fetch.cut-off",
            Self::Protocol => "fetch.protocol",
            Self::Unavailable => "fetch.unavailable",
            Self::Bound => "fetch.bound",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Url(error) => error.hint(),
            Self::Did(error) => error.hint(),
            Self::DidWeb(error) => error.hint(),
            Self::DidWebvh(error) => error.hint(),
            Self::NoAddress => "Supply it yourself, obtained from its publisher.",
            Self::UnknownHost | Self::Connect | Self::Timeout { .. } | Self::CutOff | Self::Unavailable => {
                "Check this computer's connection, and try again later."
            }
            Self::NotPublic { .. } => {
                "Strangers' names must not lead into your own network. If this one is your own, allow its network."
            }
            Self::Tls { .. } => {
                "Do not go on without it: tell whoever publishes it. If the certificate is your own authority's, name \
                 that authority."
            }
            Self::Status { .. }
            | Self::Redirect
            | Self::TooManyRedirects { .. }
            | Self::TooLarge { .. }
            | Self::ContentType
            | Self::Encoding
            | Self::Protocol => "Tell whoever publishes it: it is not published as it should be.",
            Self::Bound => "Verify it again: what was fetched is at hand then. Or verify fewer documents at once.",
        }
    }
}

impl FetchError {
    /// Whether the server says that there is no such thing, rather than that it cannot be had just now.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 410 })
    }
}
