use super::error::CertificateError;
use super::parse::Certificate;
use super::{host, name, path};
use crate::encoding::base64;
use crate::keys::PublicKey;
use crate::limits;
use crate::time::Timestamp;

/// Certificates as they were presented: the signer's own, the leaf, first, then the authorities', each having issued
/// the one before it. Taken apart and in order, but not yet believed.
///
/// `Debug` shows thumbprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    leaf: Certificate,
    authorities: Vec<Certificate>,
}

impl Chain {
    /// Reads the header parameter `x5c` (RFC 7515 section 4.1.6): base64 of DER, the leaf first.
    ///
    /// # Errors
    /// [`CertificateError`]: none or more than [`limits::CERTIFICATES`], larger ones than
    /// [`limits::CERTIFICATE_BYTES`], what is no certificate, and an order in which one did not issue the one before.
    pub fn from_x5c(texts: &[impl AsRef<str>]) -> Result<Self, CertificateError> {
        if texts.is_empty() || texts.len() > limits::CERTIFICATES {
            return Err(CertificateError::Count { found: texts.len() });
        }
        let decode = |(position, text): (usize, &_)| decode(position, AsRef::<str>::as_ref(text));
        Self::from_der(texts.iter().enumerate().map(decode))
    }

    /// Reads a PEM file (RFC 7468 section 5), the leaf first. Text between the certificates is passed over; anything
    /// else in PEM, such as a private key, is refused.
    ///
    /// # Errors
    /// [`CertificateError`]: as [`from_x5c`](Self::from_x5c).
    pub fn from_pem(file: &[u8]) -> Result<Self, CertificateError> {
        if file.len() > limits::PEM_BYTES {
            return Err(CertificateError::TooLarge { position: 0, limit: limits::PEM_BYTES });
        }
        let text = std::str::from_utf8(file).map_err(|_| CertificateError::Pem)?;
        let mut texts: Vec<String> = Vec::new();
        let mut open: Option<String> = None;
        for line in text.lines().map(str::trim_end) {
            match (&mut open, line) {
                (None, "-----BEGIN CERTIFICATE-----") if texts.len() == limits::CERTIFICATES => {
                    return Err(CertificateError::Count { found: texts.len() + 1 });
                }
                (None, "-----BEGIN CERTIFICATE-----") => open = Some(String::new()),
                (Some(_), "-----END CERTIFICATE-----") => texts.extend(open.take()),
                (_, line) if line.starts_with("-----") => return Err(CertificateError::Pem),
                (Some(text), line) => text.push_str(line),
                (None, _) => {}
            }
        }
        if open.is_some() {
            return Err(CertificateError::Pem);
        }
        Self::from_x5c(&texts)
    }

    fn from_der(read: impl Iterator<Item = Result<Certificate, CertificateError>>) -> Result<Self, CertificateError> {
        let mut certificates = read.collect::<Result<Vec<_>, _>>()?;
        // RFC 7515 section 4.1.6: "with each subsequent certificate being the one used to certify the previous one".
        for (position, pair) in certificates.windows(2).enumerate() {
            if let [issued, issuer] = pair
                && issued.issuer != issuer.subject
            {
                return Err(CertificateError::Order { position });
            }
        }
        // Off-spec: an authority may certify a new key of its own under its own name (RFC 5280 section 3.2). Without
        // that, a chain is a single path, and nobody can make a verifier try a thousand.
        for (position, certificate) in certificates.iter().enumerate() {
            if certificates.iter().take(position).any(|earlier| earlier.subject == certificate.subject) {
                return Err(CertificateError::Repeated { position });
            }
        }
        let authorities = certificates.split_off(certificates.len().min(1));
        let leaf = certificates.pop().ok_or(CertificateError::Count { found: 0 })?;
        Ok(Self { leaf, authorities })
    }

    /// What [`from_x5c`](Self::from_x5c) reads.
    pub fn to_x5c(&self) -> Vec<String> {
        std::iter::once(&self.leaf).chain(&self.authorities).map(|one| base64::encode(&one.der)).collect()
    }

    /// The leaf's key. It is the signer's only if the chain is [valid](Self::validate).
    ///
    /// # Errors
    /// [`CertificateError::UnsupportedAlgorithm`] for all but P-256, P-384 and Ed25519,
    /// [`CertificateError::Malformed`] for a key that is no sound one.
    pub fn key(&self) -> Result<PublicKey, CertificateError> {
        path::key(&self.leaf)
    }

    /// The leaf's subject as RFC 4514 writes it: `CN=...,O=...,C=...`, most specific first. What cannot be seen, such
    /// as a control character, stands there as `\` and hexadecimal. It is empty where the leaf names nobody.
    pub fn subject(&self) -> String {
        self.leaf.subject_text.clone()
    }

    /// The organisation of the leaf's subject, if it is a text without anything hidden in it.
    pub fn organisation(&self) -> Option<String> {
        name::value(&self.leaf.subject, name::ORGANISATION)
    }

    /// The common name of the leaf's subject, if it is a text without anything hidden in it.
    pub fn common_name(&self) -> Option<String> {
        name::value(&self.leaf.subject, name::COMMON_NAME)
    }

    /// The base64url SHA-256 of the leaf's DER: what follows `x509_hash:` in a client identifier (OpenID4VP 1.0
    /// section 5.9.3), and the header `x5t#S256`.
    pub fn thumbprint(&self) -> String {
        self.leaf.thumbprint()
    }

    /// The DNS names among the leaf's alternative names, in lower case. Wildcards are left out: they name nobody.
    pub fn dns_names(&self) -> &[String] {
        &self.leaf.dns_names
    }

    /// Whether the leaf's alternative names have this issuer: a URI that is the same byte by byte, or the DNS name
    /// that is the host of an https URL, or that is itself the identifier.
    ///
    /// Never a DID, whose own document says which keys it has; nor a URL with a user or a port, of which a DNS name
    /// says nothing. The common name does not count (RFC 9525 section 2).
    pub fn is_named(&self, issuer: &str) -> bool {
        if issuer.starts_with("did:") {
            return false;
        }
        let is_host_named = host::host_of(issuer)
            .is_some_and(|host| self.leaf.dns_names.iter().any(|name| name.eq_ignore_ascii_case(host)));
        is_host_named || self.leaf.uris.iter().any(|uri| uri == issuer)
    }

    /// The first anchor to which this chain leads at that moment (RFC 5280 section 6): signatures, times, authorities
    /// and how many, key usages, name constraints, critical extensions.
    ///
    /// The anchor may stand in the chain or not; what stands above it is not looked at. A leaf that is itself an
    /// anchor, byte by byte, is valid while it is in force. Constraints on directory names and URIs are refused unread.
    /// Extended key usages are not looked at, nor is revocation.
    ///
    /// # Errors
    /// [`CertificateError`]: [`UnknownAnchor`](CertificateError::UnknownAnchor) where no anchor has a name that the
    /// chain leads to, and else what is wrong with the path to one that has.
    pub fn validate<'a>(
        &self,
        anchors: impl IntoIterator<Item = &'a Anchor>,
        at: Timestamp,
    ) -> Result<&'a Anchor, CertificateError> {
        let mut found = CertificateError::UnknownAnchor;
        for anchor in anchors {
            match path::validate(&self.leaf, &self.authorities, &anchor.certificate, at) {
                Ok(()) => return Ok(anchor),
                Err(error) => found = found.or_more_telling(error),
            }
        }
        Err(found)
    }
}

/// A certificate that the verifier trusts by its own decision: an authority's, or the one certificate of a signer.
///
/// `Debug` shows the thumbprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    certificate: Certificate,
}

impl Anchor {
    /// Reads the base64 of its DER, with padding and without line breaks.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_base64(text: &str) -> Result<Self, CertificateError> {
        Ok(Self { certificate: decode(0, text)? })
    }

    /// `x509_hash:` and the base64url SHA-256 of its DER.
    pub fn id(&self) -> String {
        format!("x509_hash:{}", self.certificate.thumbprint())
    }

    /// Its subject, as [`Chain::subject`] writes it.
    pub fn subject(&self) -> String {
        self.certificate.subject_text.clone()
    }
}

fn decode(position: usize, text: &str) -> Result<Certificate, CertificateError> {
    if text.len() > base64::encoded_length(limits::CERTIFICATE_BYTES) {
        return Err(CertificateError::TooLarge { position, limit: limits::CERTIFICATE_BYTES });
    }
    let der = base64::decode(text).ok_or(CertificateError::Base64 { position })?;
    if der.len() > limits::CERTIFICATE_BYTES {
        return Err(CertificateError::TooLarge { position, limit: limits::CERTIFICATE_BYTES });
    }
    Certificate::parse(&der).ok_or(CertificateError::Malformed)
}
