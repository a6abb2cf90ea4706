//! What a did:webvh DID says: the SCID, and the place on the web (did:webvh 1.0, "Method-Specific Identifier" and "The
//! DID to HTTPS Transformation").

use std::fmt::Write as _;

use super::entry;
use crate::did::Did;
use crate::did::method::web;
use crate::encoding::json::{Map, Value};
use crate::error::Explain;

const PREFIX: &str = "did:webvh:";

/// Why a DID is no did:webvh DID whose log could be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// Another method's DID.
    #[error("a DID that begins with \"did:webvh:\" was expected")]
    Method,
    /// The SCID is no base58btc SHA-256 multihash of 46 characters.
    #[error("the part after \"did:webvh:\" is no SCID, the hash of a log's first entry")]
    Scid,
    /// There is no host after the SCID.
    #[error("the DID names no host after its SCID")]
    NoHost,
    /// The host is no domain name of at least two labels, written in letters, digits and hyphens.
    #[error("the host in the DID is no domain name of letters, digits, hyphens and at least one dot")]
    Host,
    /// A host with characters beyond ASCII.
    #[error("the host in the DID has letters beyond a to z")]
    International,
    /// The host is an IP address in some spelling, or this very machine.
    #[error("the host in the DID is an IP address or this very machine, not a domain name")]
    Address,
    /// The port is no number from 1 to 65535, or there are two.
    #[error("the port in the DID is no number from 1 to 65535")]
    Port,
    /// A step of the path is empty, leads elsewhere, or hides another step.
    #[error("a step of the path in the DID is empty, leads elsewhere, or is encoded twice")]
    Path,
}

impl Explain for IdentifierError {
    fn code(&self) -> &'static str {
        match self {
            Self::Method => "webvh.did-method",
            Self::Scid => "webvh.did-scid",
            Self::NoHost => "webvh.did-no-host",
            Self::Host => "webvh.did-host",
            Self::International => "webvh.did-international",
            Self::Address => "webvh.did-address",
            Self::Port => "webvh.did-port",
            Self::Path => "webvh.did-path",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::International => "Write the host in its ASCII form, whose labels begin with xn--.",
            _ => "Copy the DID again, whole: it looks like did:webvh:QmSCID...:example.org:path.",
        }
    }
}

/// A did:webvh DID, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    did: Did,
    scid_end: usize,
    /// `https://host[:port]`.
    origin: String,
    /// The steps of the path, percent-encoded, each with a leading `/`.
    path: String,
}

impl Identifier {
    /// Takes a DID apart.
    ///
    /// Off-spec: the specification has a host beyond ASCII mapped by IDNA2008, whose tables would weigh more than the
    /// rest of this method. It must be written in its ASCII form (`xn--`) here: a DID that is refused leads nowhere,
    /// one that is mapped otherwise than its owner meant leads to another host.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(did: &Did) -> Result<Self, IdentifierError> {
        if did.method() != "webvh" {
            return Err(IdentifierError::Method);
        }
        let mut parts = did.method_specific_id().split(':');
        let scid = parts.next().filter(|scid| entry::is_hash(scid)).ok_or(IdentifierError::Scid)?;
        let origin = origin(parts.next().ok_or(IdentifierError::NoHost)?)?;
        let mut path = String::new();
        for part in parts {
            path.push('/');
            write_step(part, &mut path)?;
        }
        Ok(Self { did: did.clone(), scid_end: PREFIX.len() + scid.len(), origin, path })
    }

    /// The DID.
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// The hash of the log's first entry: 46 characters of base58btc. It stays when the DID moves.
    pub fn scid(&self) -> &str {
        &self.did.as_str()[PREFIX.len()..self.scid_end]
    }

    /// The host and what follows it, as they stand in the DID.
    pub fn location(&self) -> &str {
        &self.did.as_str()[self.scid_end + 1..]
    }

    /// Where the log is published: an https URL that ends with `did.jsonl`.
    pub fn log_url(&self) -> String {
        self.url("did.jsonl")
    }

    /// Where the proofs of the witnesses are published: an https URL that ends with `did-witness.json`.
    pub fn witness_url(&self) -> String {
        self.url("did-witness.json")
    }

    /// Where what the owner has to show of itself is published: an https URL that ends with `whois.vp`.
    pub fn whois_url(&self) -> String {
        format!("{}{}/whois.vp", self.origin, self.path)
    }

    /// Where the paths of DID URLs lead: an https URL that ends with `/`.
    pub fn files_url(&self) -> String {
        format!("{}{}/", self.origin, self.path)
    }

    /// The services that the DID has unless its document has others of the same id: `#files` and `#whois`.
    pub fn implied_services(&self) -> Vec<Map> {
        let service = |members: &[(&str, &str)]| {
            members.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
        };
        let (files, whois) = (self.files_url(), self.whois_url());
        vec![
            service(&[("id", "#files"), ("type", "relativeRef"), ("serviceEndpoint", &files)]),
            service(&[
                ("@context", "https://identity.foundation/linked-vp/contexts/v1"),
                ("id", "#whois"),
                ("type", "LinkedVerifiablePresentation"),
                ("serviceEndpoint", &whois),
            ]),
        ]
    }

    /// The did:web DID of the same place.
    pub fn web_did(&self) -> String {
        format!("did:web:{}", self.location())
    }

    fn url(&self, file: &str) -> String {
        let path = if self.path.is_empty() { "/.well-known" } else { &self.path };
        format!("{}{path}/{file}", self.origin)
    }
}

/// `https://host[:port]` of the second part of the DID.
fn origin(part: &str) -> Result<String, IdentifierError> {
    // "A percent-encoded colon MUST NOT appear within encoded-domain-name": the first one begins the port.
    let separator = part.as_bytes().windows(3).position(|bytes| bytes.eq_ignore_ascii_case(b"%3a"));
    let (name, port) = match separator {
        Some(position) => (&part[..position], Some(&part[position + 3..])),
        None => (part, None),
    };
    let port = match port {
        None => None,
        Some(digits) if (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse::<u16>().ok().filter(|port| *port > 0).ok_or(IdentifierError::Port)?)
        }
        Some(_) => return Err(IdentifierError::Port),
    };
    let host = host(name)?;
    Ok(match port {
        None => format!("https://{host}"),
        Some(port) => format!("https://{host}:{port}"),
    })
}

/// The host in lower case, as DNS compares it.
fn host(name: &str) -> Result<String, IdentifierError> {
    // encoded-domain-name has at least one dot that stands for itself.
    if !name.contains('.') {
        return Err(IdentifierError::Host);
    }
    let bytes = decode(name).ok_or(IdentifierError::Host)?;
    if !bytes.is_ascii() {
        return Err(IdentifierError::International);
    }
    let host = String::from_utf8(bytes).map_err(|_| IdentifierError::Host)?.to_ascii_lowercase();
    if web::ends_in_a_number(&host) || host.ends_with(".localhost") {
        return Err(IdentifierError::Address);
    }
    if !web::is_domain_name(&host) {
        return Err(IdentifierError::Host);
    }
    Ok(host)
}

/// A step of the path: decoded once, judged, and encoded again.
///
/// Off-spec: a step that is still percent-encoded after that (`%252e`), or that has a control character, is refused,
/// although the specification leaves it. It would be safe for a server that decodes once, and servers in a row decode
/// more often.
fn write_step(part: &str, path: &mut String) -> Result<(), IdentifierError> {
    let bytes = decode(part).ok_or(IdentifierError::Path)?;
    let step = std::str::from_utf8(&bytes).map_err(|_| IdentifierError::Path)?;
    let is_encoded = |bytes: &[u8]| bytes[0] == b'%' && bytes[1..].iter().all(u8::is_ascii_hexdigit);
    if matches!(step, "" | "." | "..")
        || step.contains(|c: char| matches!(c, '/' | '\\') || c.is_control())
        || step.trim() != step
        || bytes.windows(3).any(is_encoded)
    {
        return Err(IdentifierError::Path);
    }
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            path.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    Ok(())
}

/// Percent-decoded once; `None` if a `%` stands without two hexadecimal digits.
fn decode(part: &str) -> Option<Vec<u8>> {
    let mut bytes = part.bytes();
    let mut decoded = Vec::with_capacity(part.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            decoded.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    Some(decoded)
}
