use std::fmt;

use sha2::{Digest, Sha256};

use super::RequestError;
use crate::did::Did;
use crate::encoding::domain::is_domain_name;
use crate::encoding::{base64, base64url};
use crate::limits;

/// How a verifier is identified, which decides what its request must prove (OpenID4VP 1.0, section 5.9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientIdPrefix {
    /// `decentralized_identifier`: by a DID, and signed with one of its keys.
    DecentralizedIdentifier,
    /// `x509_san_dns`: by a DNS name in the certificate of the key that signs.
    X509SanDns,
    /// `x509_hash`: by that certificate itself.
    X509Hash,
    /// `redirect_uri`: by the address to which the answer goes, and not signed.
    RedirectUri,
}

impl ClientIdPrefix {
    const ALL: [Self; 4] = [Self::DecentralizedIdentifier, Self::X509SanDns, Self::X509Hash, Self::RedirectUri];

    /// The prefix without its colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::DecentralizedIdentifier => "decentralized_identifier",
            Self::X509SanDns => "x509_san_dns",
            Self::X509Hash => "x509_hash",
            Self::RedirectUri => "redirect_uri",
        }
    }

    /// Whether requests with it are signed. There is no other case: those that can be must be.
    pub fn is_signed(self) -> bool {
        self != Self::RedirectUri
    }
}

/// A client identifier with its prefix, such as `decentralized_identifier:did:web:bank.example`.
///
/// The whole text is the audience of every answer: "Wallets MUST always use the full Client Identifier, including the
/// prefix" (OpenID4VP 1.0, "Always Use the Full Client Identifier").
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientId {
    text: String,
    prefix: ClientIdPrefix,
}

impl ClientId {
    /// Reads a client identifier.
    ///
    /// # Errors
    /// [`RequestError::Prefix`] without a prefix, with one that this version does not know, and with `origin`, which no
    /// request may have; [`RequestError::ClientId`] where what follows is not what the prefix says.
    pub fn parse(text: &str) -> Result<Self, RequestError> {
        if text.len() > limits::DID_BYTES {
            return Err(RequestError::ClientId { expected: "a short text" });
        }
        // "The Client Identifier Prefix is defined as the string before the (first) `:` character."
        let (name, original) = text.split_once(':').ok_or(RequestError::Prefix)?;
        let prefix =
            ClientIdPrefix::ALL.into_iter().find(|prefix| prefix.name() == name).ok_or(RequestError::Prefix)?;
        let (holds, expected) = match prefix {
            ClientIdPrefix::DecentralizedIdentifier => (Did::parse(original).is_ok(), "a DID"),
            ClientIdPrefix::X509SanDns => (is_domain_name(original), "a DNS name"),
            ClientIdPrefix::X509Hash => {
                (base64url::decode(original).is_ok_and(|hash| hash.len() == 32), "a SHA-256 hash as base64url")
            }
            ClientIdPrefix::RedirectUri => (https_host(original).is_some(), "an https URL"),
        };
        if holds { Ok(Self { text: text.to_owned(), prefix }) } else { Err(RequestError::ClientId { expected }) }
    }

    /// The client identifier of a DID.
    ///
    /// # Errors
    /// [`RequestError::ClientId`] if it is none.
    pub fn of_did(did: &str) -> Result<Self, RequestError> {
        Self::of(ClientIdPrefix::DecentralizedIdentifier, did)
    }

    /// The client identifier of a DNS name that stands in a certificate.
    ///
    /// # Errors
    /// [`RequestError::ClientId`] if it is none.
    pub fn of_dns_name(name: &str) -> Result<Self, RequestError> {
        Self::of(ClientIdPrefix::X509SanDns, name)
    }

    /// The client identifier of a certificate, in base64 DER as it stands in `x5c`: its SHA-256 hash.
    ///
    /// # Errors
    /// [`RequestError::ClientId`] if it is not base64.
    pub fn of_certificate(certificate: &str) -> Result<Self, RequestError> {
        Self::of(ClientIdPrefix::X509Hash, &certificate_hash(certificate)?)
    }

    /// The client identifier of somebody who cannot sign: where the answer goes.
    ///
    /// # Errors
    /// [`RequestError::ClientId`] if it is no https URL.
    pub fn of_redirect_uri(url: &str) -> Result<Self, RequestError> {
        Self::of(ClientIdPrefix::RedirectUri, url)
    }

    fn of(prefix: ClientIdPrefix, original: &str) -> Result<Self, RequestError> {
        Self::parse(&format!("{}:{original}", prefix.name()))
    }

    /// The whole identifier, prefix included: the audience of the answer.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How the verifier is identified.
    pub fn prefix(&self) -> ClientIdPrefix {
        self.prefix
    }

    /// What follows the prefix: a DID, a DNS name, a hash, a URL. By itself it identifies nobody.
    pub fn original(&self) -> &str {
        &self.text[self.prefix.name().len() + 1..]
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.text)
    }
}

pub(super) fn certificate_hash(certificate: &str) -> Result<String, RequestError> {
    let bytes =
        base64::decode(certificate).ok_or(RequestError::ClientId { expected: "a certificate as base64 DER" })?;
    Ok(base64url::encode(Sha256::digest(bytes)))
}

/// The host of an https URL that has no user, no fragment, and nothing that readers of URLs take in different ways.
pub(super) fn https_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    if url.len() > limits::CLAIM_URI_BYTES || !url.bytes().all(is_url_byte) {
        return None;
    }
    let authority = rest.split(['/', '?']).next()?;
    let host = match authority.split_once(':') {
        Some((host, port)) => (!port.is_empty() && port.parse::<u16>().is_ok()).then_some(host)?,
        None => authority,
    };
    is_domain_name(host).then_some(host)
}

/// What RFC 3986 allows, without `#` (a fragment), `@` (a user), and `\`, which some readers take for `/`.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?[]!$&'()*+,;=%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    #[test]
    fn each_prefix_has_its_own_form() {
        for (text, prefix) in [
            ("decentralized_identifier:did:web:bank.example", ClientIdPrefix::DecentralizedIdentifier),
            ("x509_san_dns:bank.example", ClientIdPrefix::X509SanDns),
            ("x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk", ClientIdPrefix::X509Hash),
            ("redirect_uri:https://bank.example/post", ClientIdPrefix::RedirectUri),
        ] {
            let client_id = ClientId::parse(text).unwrap();
            assert_eq!((client_id.prefix(), client_id.as_str()), (prefix, text));
            assert_eq!(format!("{}:{}", prefix.name(), client_id.original()), text);
        }
    }

    #[test]
    fn what_names_nobody_is_refused() {
        let code = |text: &str| ClientId::parse(text).unwrap_err().code();
        for text in [
            "",
            "bank",
            "did:web:bank.example",
            "https://bank.example",
            "origin:https://bank.example",
            "verifier_attestation:bank",
            "openid_federation:https://bank.example",
            "web-origin:https://bank.example",
            "entity_id:https://bank.example",
            " decentralized_identifier:did:web:bank.example",
            "Decentralized_Identifier:did:web:bank.example",
            ":did:web:bank.example",
        ] {
            assert_eq!(code(text), "request.prefix", "{text}");
        }
        for text in [
            "decentralized_identifier:",
            "decentralized_identifier:bank.example",
            "decentralized_identifier:did:web:bank.example#key-1",
            "decentralized_identifier:decentralized_identifier:did:web:bank.example",
            "x509_san_dns:https://bank.example",
            "x509_san_dns:*.bank.example",
            "x509_san_dns:bank.example.",
            "x509_san_dns:bank_example",
            "x509_san_dns:-bank.example",
            "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZsz",
            "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk=",
            "redirect_uri:http://bank.example/post",
            "redirect_uri:bank.example",
            "redirect_uri:https://bank.example/post#fragment",
        ] {
            assert_eq!(code(text), "request.client-id", "{text}");
        }
        assert_eq!(code(&format!("decentralized_identifier:did:web:{}", "a".repeat(5000))), "request.client-id");
    }

    #[test]
    fn a_url_has_one_host_to_every_reader() {
        assert_eq!(https_host("https://bank.example/post?a=b"), Some("bank.example"));
        assert_eq!(https_host("https://bank.example:8443"), Some("bank.example"));
        assert_eq!(https_host("https://Bank.Example?x"), Some("Bank.Example"));
        for url in [
            "https://",
            "https:///post",
            "https://bank.example@thief.example/post",
            "https://bank.example:a@thief.example/post",
            "https://thief.example\\@bank.example/post",
            "https://bank.example:/post",
            "https://bank.example:99999/post",
            "https://bank.example /post",
            "https://bank.example/p\u{f6}st",
            "https://bank.example/\npost",
            "https://[::1]/post",
            "https://b\u{430}nk.example/post",
            "HTTPS://bank.example/post",
            "javascript:alert(1)",
        ] {
            assert_eq!(https_host(url), None, "{url}");
        }
    }

    #[test]
    fn a_certificate_is_named_by_its_hash() {
        // The SHA-256 digest of no bytes at all.
        let client_id = ClientId::of_certificate("").unwrap();
        assert_eq!(client_id.as_str(), "x509_hash:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
        assert_eq!(ClientId::of_certificate("a_b").unwrap_err().code(), "request.client-id");
    }
}
