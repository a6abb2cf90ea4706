//! did:web: where the document of such a DID is published (did:web Method Specification, "Read (Resolve)").
//!
//! The identifier was written by a stranger and becomes an address that a host opens. Whatever two readers of
//! addresses could read in two ways is refused here, before there is an address.

use crate::did::Did;
use crate::encoding::domain::{ends_in_a_number, is_domain_name, is_port};
use crate::encoding::percent;
use crate::error::Explain;

/// Why a did:web has no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebError {
    /// Another method's DID.
    #[error("a DID that begins with \"did:web:\" was expected")]
    Method,
    /// Not a domain name of letters, digits, hyphens and dots.
    #[error("the DID does not begin with a domain name")]
    Host,
    /// An IP address, in any spelling, where a domain name was expected.
    #[error("the DID names an IP address, where a domain name was expected")]
    IpAddress,
    /// What follows `%3A` is no port.
    #[error("the DID has no port from 1 to 65535 where one was expected")]
    Port,
    /// A path segment that is empty, that climbs, or that holds a separator or a control character.
    #[error("the part {position} of the DID's path may not stand there")]
    Segment {
        /// Which, from 1.
        position: usize,
    },
}

impl Explain for WebError {
    fn code(&self) -> &'static str {
        match self {
            Self::Method => "did-web.method",
            Self::Host => "did-web.host",
            Self::IpAddress => "did-web.ip-address",
            Self::Port => "did-web.port",
            Self::Segment { .. } => "did-web.segment",
        }
    }

    fn hint(&self) -> &'static str {
        "Copy the DID again, whole: it looks like did:web:example.org or did:web:example.org%3A8443:people:mei."
    }
}

/// The address of the document of a did:web, such as `https://example.org/.well-known/did.json`.
///
/// # Errors
/// [`WebError`].
pub fn address(did: &Did) -> Result<String, WebError> {
    if did.method() != "web" {
        return Err(WebError::Method);
    }
    // "Replace ":" with "/" in the method specific identifier to obtain the fully qualified domain name and optional
    // path." What stood behind a percent-encoding stays in its segment.
    let mut segments = did.method_specific_id().split(':');
    let authority = authority(segments.next().unwrap_or_default())?;
    let mut path = String::new();
    for (index, segment) in segments.enumerate() {
        path.push('/');
        push_segment(&mut path, segment).ok_or(WebError::Segment { position: index + 1 })?;
    }
    // "If no path has been specified in the URL, append /.well-known." "Append /did.json to complete the URL."
    let path = if path.is_empty() { "/.well-known" } else { &path };
    Ok(format!("https://{authority}{path}/did.json"))
}

/// "If the domain contains a port percent decode the colon." Nothing else of a domain name may be encoded.
fn authority(text: &str) -> Result<String, WebError> {
    let Some(at) = text.find('%') else { return host(text).map(str::to_owned) };
    let (name, rest) = text.split_at(at);
    let port = rest.strip_prefix("%3A").or_else(|| rest.strip_prefix("%3a")).ok_or(WebError::Host)?;
    let host = host(name)?;
    if !is_port(port) {
        return Err(WebError::Port);
    }
    Ok(format!("{host}:{port}"))
}

/// "The method specific identifier MUST match the common name used in the SSL/TLS certificate, and it MUST NOT include
/// IP addresses."
fn host(text: &str) -> Result<&str, WebError> {
    if ends_in_a_number(text) {
        return Err(WebError::IpAddress);
    }
    if is_domain_name(text) { Ok(text) } else { Err(WebError::Host) }
}

/// Decodes the segment once, looks at what a server would see, and writes that down again for a URL.
fn push_segment(path: &mut String, segment: &str) -> Option<()> {
    let decoded = percent::decode(segment)?;
    let text = std::str::from_utf8(&decoded).ok()?;
    let climbs = matches!(text, "" | "." | "..");
    if climbs || text.chars().any(|c| c.is_control() || matches!(c, '/' | '\\')) {
        return None;
    }
    path.push_str(&percent::encode(&decoded));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, WebError> {
        address(&Did::parse(text).unwrap())
    }

    #[test]
    fn what_could_be_read_in_two_ways_has_no_address() {
        let long = format!("did:web:{}.example", "a".repeat(64));
        for (did, error) in [
            ("did:key:z6Mk", WebError::Method),
            ("did:webvh:example.org", WebError::Method),
            // Addresses, in every spelling that some reader knows.
            ("did:web:127.0.0.1", WebError::IpAddress),
            ("did:web:127.1", WebError::IpAddress),
            ("did:web:2130706433", WebError::IpAddress),
            ("did:web:0177.0.0.1", WebError::IpAddress),
            ("did:web:0x7f000001", WebError::IpAddress),
            ("did:web:0X7F.1", WebError::IpAddress),
            ("did:web:example.0x", WebError::IpAddress),
            ("did:web:169.254.169.254:latest:meta-data", WebError::IpAddress),
            ("did:web:192.0.2.1%3A443", WebError::IpAddress),
            ("did:web:192.0.2.1.", WebError::IpAddress),
            ("did:web:%5B%3A%3A1%5D", WebError::Host),
            ("did:web:%5Bfe80%3A%3A1%2525eth0%5D", WebError::Host),
            // Names that are none.
            ("did:web::a", WebError::Host),
            ("did:web:.", WebError::Host),
            ("did:web:..", WebError::Host),
            ("did:web:example..org", WebError::Host),
            ("did:web:example.org.", WebError::Host),
            ("did:web:-example.org", WebError::Host),
            ("did:web:example_.org", WebError::Host),
            (long.as_str(), WebError::Host),
            // What leaks out of a domain name.
            ("did:web:user%40example.org", WebError::Host),
            ("did:web:bank.example%40thief.example", WebError::Host),
            ("did:web:bank.example%23.thief.example", WebError::Host),
            ("did:web:bank.example%3Fthief.example", WebError::Host),
            ("did:web:bank.example%2Fthief.example", WebError::Host),
            ("did:web:bank.example%5Cthief.example", WebError::Host),
            ("did:web:bank.example%00.thief.example", WebError::Host),
            ("did:web:bank.example%0D%0AHost%3Athief.example", WebError::Host),
            ("did:web:bank.example%2e", WebError::Host),
            ("did:web:b%C3%A4nk.example", WebError::Host),
            ("did:web:bank.example%253A443", WebError::Host),
            // Ports.
            ("did:web:bank.example%3A", WebError::Port),
            ("did:web:bank.example%3A0", WebError::Port),
            ("did:web:bank.example%3A0443", WebError::Port),
            ("did:web:bank.example%3A65536", WebError::Port),
            ("did:web:bank.example%3A443%3A443", WebError::Port),
            ("did:web:bank.example%3A443%2F..", WebError::Port),
            ("did:web:bank.example%3A443%40thief.example", WebError::Port),
            ("did:web:bank.example%3Auser%40thief.example", WebError::Port),
            // Paths.
            ("did:web:bank.example::a", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a::b", WebError::Segment { position: 2 }),
            ("did:web:bank.example:..:secret", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a:.", WebError::Segment { position: 2 }),
            ("did:web:bank.example:%2e%2E", WebError::Segment { position: 1 }),
            ("did:web:bank.example:.%2e", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a%2Fb", WebError::Segment { position: 1 }),
            ("did:web:bank.example:..%2f..%2fsecret", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a%5Cb", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a%00", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a%0D%0Ab", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a%7F", WebError::Segment { position: 1 }),
            ("did:web:bank.example:a%FF", WebError::Segment { position: 1 }),
        ] {
            assert_eq!(of(did), Err(error), "{did}");
        }
    }

    #[test]
    fn the_address_follows_from_the_identifier() {
        for (did, url) in [
            ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
            ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
            ("did:web:example.com%3a8443", "https://example.com:8443/.well-known/did.json"),
            ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
            ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
            ("did:web:1.example:2", "https://1.example/2/did.json"),
            // Decoded once: what a server decodes is what the DID says.
            ("did:web:example.com:a%20b", "https://example.com/a%20b/did.json"),
            ("did:web:example.com:%252e%252e", "https://example.com/%252e%252e/did.json"),
            ("did:web:example.com:a%23b%3Fc", "https://example.com/a%23b%3Fc/did.json"),
            ("did:web:example.com:%61", "https://example.com/a/did.json"),
            ("did:web:example.com:%c3%bc", "https://example.com/%C3%BC/did.json"),
            ("did:web:example.com:...", "https://example.com/.../did.json"),
        ] {
            assert_eq!(of(did).as_deref(), Ok(url), "{did}");
        }
    }
}
