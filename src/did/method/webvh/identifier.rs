//! What a did:webvh DID says: the SCID, and the place on the web (did:webvh 1.0, "Method-Specific Identifier" and "The
//! DID to HTTPS Transformation").

use super::entry;
use crate::did::Did;
use crate::encoding::{domain, percent};
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
    let bytes = percent::decode(name).ok_or(IdentifierError::Host)?;
    if !bytes.is_ascii() {
        return Err(IdentifierError::International);
    }
    let host = String::from_utf8(bytes).map_err(|_| IdentifierError::Host)?.to_ascii_lowercase();
    if domain::ends_in_a_number(&host) || host.ends_with(".localhost") {
        return Err(IdentifierError::Address);
    }
    if !domain::is_domain_name(&host) {
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
    let bytes = percent::decode(part).ok_or(IdentifierError::Path)?;
    let step = std::str::from_utf8(&bytes).map_err(|_| IdentifierError::Path)?;
    let is_encoded = |bytes: &[u8]| bytes[0] == b'%' && bytes[1..].iter().all(u8::is_ascii_hexdigit);
    if matches!(step, "" | "." | "..")
        || step.contains(|c: char| matches!(c, '/' | '\\') || c.is_control())
        || step.trim() != step
        || bytes.windows(3).any(is_encoded)
    {
        return Err(IdentifierError::Path);
    }
    path.push_str(&percent::encode(bytes));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did::DidError;

    const SCID: &str = "QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE";

    fn parse(location: &str) -> Result<Identifier, IdentifierError> {
        Identifier::parse(&Did::parse(&format!("did:webvh:{SCID}:{location}")).unwrap())
    }

    #[test]
    fn each_part_has_its_place_in_the_addresses() {
        for (location, base) in [
            ("example.com", "https://example.com/.well-known/"),
            ("issuer.example.com", "https://issuer.example.com/.well-known/"),
            ("example.com:dids:issuer", "https://example.com/dids/issuer/"),
            ("example.com%3A3000:dids:issuer", "https://example.com:3000/dids/issuer/"),
            ("example.com%3a3000", "https://example.com:3000/.well-known/"),
            ("EXAMPLE.Com", "https://example.com/.well-known/"),
            ("xn--jp-cd2fp15c.xn--fsq.jp:%E7%94%A8%E6%88%B7", "https://xn--jp-cd2fp15c.xn--fsq.jp/%E7%94%A8%E6%88%B7/"),
            ("%65xample.com:%7euser:a%20b", "https://example.com/~user/a%20b/"),
            ("example.com:.well-known", "https://example.com/.well-known/"),
            ("example.com:...", "https://example.com/.../"),
            ("example.com%3A65535:100%25", "https://example.com:65535/100%25/"),
        ] {
            let identifier = parse(location).unwrap();
            assert_eq!(identifier.log_url(), format!("{base}did.jsonl"));
            assert_eq!(identifier.witness_url(), format!("{base}did-witness.json"));
            assert_eq!(identifier.web_did(), format!("did:web:{location}"));
            assert_eq!((identifier.scid(), identifier.location()), (SCID, location));
        }
        let identifier = parse("example.com").unwrap();
        assert_eq!(identifier.whois_url(), "https://example.com/whois.vp");
        assert_eq!(identifier.files_url(), "https://example.com/");
        let identifier = parse("example.com%3A3000:dids:issuer").unwrap();
        assert_eq!(identifier.whois_url(), "https://example.com:3000/dids/issuer/whois.vp");
        assert_eq!(identifier.files_url(), "https://example.com:3000/dids/issuer/");
    }

    #[test]
    fn hosts_that_are_none_are_refused() {
        use IdentifierError::{Address, Host, International, Port};
        for (location, error) in [
            ("localhost", Host),
            ("example", Host),
            ("example%2Ecom", Host),
            ("example.com.", Host),
            (".example.com", Host),
            ("example..com", Host),
            ("-example.com", Host),
            ("example-.com", Host),
            ("exam_ple.com", Host),
            ("user%40example.com", Host),
            ("user%3Apassword%40example.com", Port),
            ("example.com%2Fpath", Host),
            ("example.com%3Fquery", Host),
            ("example.com%23fragment", Host),
            ("example.com%5Cpath", Host),
            ("example.com%00", Host),
            ("example.com%20", Host),
            ("ex%2561mple.com", Host),
            ("example.com%253A8080", Host),
            ("%5B%3A%3A1%5D.example", Port),
            ("127.0.0.1", Address),
            ("127.1", Address),
            ("%31%32%37.0.0.1", Address),
            ("127%2E0.0%2E1", Address),
            ("0x7f.0.0.1", Address),
            ("example.0x7f", Address),
            ("example.0X7F", Address),
            ("0177.0.0.01", Address),
            ("example.2130706433", Address),
            ("2130706433.1", Address),
            ("app.localhost", Address),
            ("j%C3%BCdisch.example", International),
            ("%E4%BE%8B.jp", International),
            ("xn--.%EF%BC%8Eexample", International),
            ("example.%E2%91%A0", International),
        ] {
            assert_eq!(parse(location), Err(error), "{location}");
        }
        assert_eq!(parse(&format!("{}.com", "a".repeat(64))), Err(Host));
        assert!(parse(&format!("{}.com", "a".repeat(63))).is_ok());
        assert_eq!(parse(&format!("{}com", "a.".repeat(126))), Err(Host));
    }

    #[test]
    fn ports_that_are_none_are_refused() {
        for location in [
            "example.com%3A",
            "example.com%3A0",
            "example.com%3A65536",
            "example.com%3A808080",
            "example.com%3A-1",
            "example.com%3A80a",
            "example.com%3A80%3A80",
            "example.com%3A%38%30",
            "example.com%3A80.evil.example",
            "example%3A80.com",
        ] {
            assert_eq!(parse(location), Err(IdentifierError::Port), "{location}");
        }
        // Without its encoding a port is the first step of the path.
        assert_eq!(parse("example.com:8080").unwrap().log_url(), "https://example.com/8080/did.jsonl");
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for step in [
            ".",
            "..",
            "%2e",
            "%2E%2e",
            ".%2e",
            "%2e%2e%2f%2e%2e",
            "a%2Fb",
            "%2F",
            "a%5Cb",
            "%00",
            "a%0A",
            "%20a",
            "a%20",
            "%C2%A0a",
            "%252e%252e",
            "%252F",
            "%252525",
            "%FF",
            "%C0%AE",
            "%ED%A0%80",
        ] {
            assert_eq!(parse(&format!("example.com:{step}")), Err(IdentifierError::Path), "{step}");
            assert_eq!(parse(&format!("example.com:a:{step}:b")), Err(IdentifierError::Path), "{step}");
        }
        assert_eq!(parse("example.com::a"), Err(IdentifierError::Path));
        assert_eq!(parse(":example.com"), Err(IdentifierError::Host));
    }

    #[test]
    fn what_is_no_did_of_this_method_is_refused() {
        let code = |did: &str| Identifier::parse(&Did::parse(did).unwrap()).map_or_else(|error| error.code(), |_| "ok");
        assert_eq!(code("did:web:example.com"), "webvh.did-method");
        assert_eq!(code(&format!("did:tdw:{SCID}:example.com")), "webvh.did-method");
        assert_eq!(code(&format!("did:webvh:{SCID}")), "webvh.did-no-host");
        for scid in [
            "example.com".to_owned(),
            format!("z{SCID}"),
            SCID[1..].to_owned(),
            SCID.replace('m', "l"),
            SCID.replace('m', "0"),
            SCID.to_lowercase(),
            // Another hash function, SHA-512, cut to 32 bytes.
            "8Vv347foTHxwEHYxjqHTDDsTqmLuDCFzQbmKKvhpPKNLp8".to_owned(),
            "1".repeat(46),
        ] {
            assert_eq!(code(&format!("did:webvh:{scid}:example.com")), "webvh.did-scid", "{scid}");
        }
    }

    #[test]
    fn what_follows_the_did_never_becomes_part_of_the_host() {
        for url in ["#key-1", "/path", "?versionId=1", "#@evil.example", "/../evil.example"] {
            let text = format!("did:webvh:{SCID}:example.com{url}");
            assert!(matches!(Did::parse(&text), Err(DidError::UrlWhereDid { .. })), "{url}");
        }
    }
}
