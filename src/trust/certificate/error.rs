use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// Why a chain of certificates is not believed.
///
/// Positions count from 0, the leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// None, or more than [`limits::CERTIFICATES`].
    #[error("{found} certificates, where 1 to {} are read", limits::CERTIFICATES)]
    Count {
        /// How many there are; counting stops one above the ceiling.
        found: usize,
    },
    /// More than [`limits::CERTIFICATE_BYTES`], or a file with more than [`limits::PEM_BYTES`].
    #[error("certificate {position} has more than {limit} bytes")]
    TooLarge {
        /// Which one.
        position: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not base64 as RFC 4648 section 4 writes it, with padding and without line breaks.
    #[error("certificate {position} is not base64: it was cut off or changed")]
    Base64 {
        /// Which one.
        position: usize,
    },
    /// No text of RFC 7468 that holds certificates and nothing else.
    #[error("this is not a PEM file of certificates alone")]
    Pem,
    /// Not the DER of an X.509 certificate (RFC 5280 section 4.1).
    #[error("a certificate cannot be read: it is damaged, or not an X.509 certificate")]
    Malformed,
    /// A certificate does not name the next one as its issuer (RFC 7515 section 4.1.6).
    #[error("certificate {position} was not issued by the one that follows it")]
    Order {
        /// The first of the two.
        position: usize,
    },
    /// Two certificates have the same subject.
    #[error("certificate {position} is about a party that already has one in this chain")]
    Repeated {
        /// The second of the two.
        position: usize,
    },
    /// A key or signature other than P-256, P-384 and Ed25519.
    #[error("a key or signature in the chain is of a kind that is not supported, such as RSA")]
    UnsupportedAlgorithm,
    /// A certificate of the chain is past its end.
    #[error("a certificate of the chain, or its anchor, expired on {}", until.in_words())]
    Expired {
        /// Its last moment.
        until: Timestamp,
    },
    /// A certificate of the chain is before its beginning.
    #[error("a certificate of the chain, or its anchor, is valid only from {} on", from.in_words())]
    NotYetValid {
        /// Its first moment.
        from: Timestamp,
    },
    /// The chain leads to none of the anchors.
    #[error("the certificates lead to no authority that is trusted here")]
    UnknownAnchor,
    /// The chain leads to an anchor, whose entry names other subjects.
    #[error("the authority is trusted here, but not for the party that this certificate names")]
    SubjectNotListed,
    /// More certificates follow than an authority allows (RFC 5280 section 4.2.1.9), or than are followed.
    #[error("there are more authorities in the chain than are allowed")]
    PathTooLong,
    /// Who signed a certificate of the chain is no authority (RFC 5280 section 4.2.1.9).
    #[error("a certificate of the chain was signed by somebody who is no authority")]
    NotAnAuthority,
    /// The certificate that was used to sign is an authority's own.
    #[error("the certificate belongs to an authority, which issues certificates and signs nothing else")]
    AuthorityAsLeaf,
    /// A key was used for what its certificate does not allow (RFC 5280 section 4.2.1.3).
    #[error("a certificate of the chain does not allow what its key was used for")]
    KeyUsage,
    /// A name is outside of what an authority may give (RFC 5280 section 4.2.1.10).
    #[error("a certificate of the chain bears a name that its authority may not give")]
    NameNotAllowed,
    /// A critical extension that is not understood (RFC 5280 section 4.2).
    #[error("a certificate of the chain has a condition that is not understood, and must not be passed over")]
    CriticalExtension,
    /// A signature in the chain does not fit.
    #[error("a signature in the chain of certificates does not fit")]
    Signature,
}

impl CertificateError {
    /// Whether this leaves the question open: the chain may be good, and another verifier, list or version could say
    /// so. All else is a reason to refuse.
    pub fn is_undetermined(&self) -> bool {
        matches!(self, Self::UnknownAnchor | Self::SubjectNotListed | Self::UnsupportedAlgorithm)
    }

    /// Of what two anchors answered, that which says more about the chain. An authority with two keys has two anchors
    /// of one name, and the signature fits only one of them.
    pub(in crate::trust) fn or_more_telling(self, other: Self) -> Self {
        let weight = |error: &Self| match error {
            Self::UnknownAnchor => 0,
            Self::Signature => 1,
            _ => 2,
        };
        if weight(&other) > weight(&self) { other } else { self }
    }
}

impl Explain for CertificateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Count { .. } => "certificate.count",
            Self::TooLarge { .. } => "certificate.too-large",
            Self::Base64 { .. } => "certificate.base64",
            Self::Pem => "certificate.pem",
            Self::Malformed => "certificate.malformed",
            Self::Order { .. } => "certificate.order",
            Self::Repeated { .. } => "certificate.repeated",
            Self::UnsupportedAlgorithm => "certificate.unsupported-algorithm",
            Self::Expired { .. } => "certificate.expired",
            Self::NotYetValid { .. } => "certificate.not-yet-valid",
            Self::UnknownAnchor => "certificate.unknown-anchor",
            Self::SubjectNotListed => "certificate.subject-not-listed",
            Self::PathTooLong => "certificate.path-too-long",
            Self::NotAnAuthority => "certificate.not-an-authority",
            Self::AuthorityAsLeaf => "certificate.authority-as-leaf",
            Self::KeyUsage => "certificate.key-usage",
            Self::NameNotAllowed => "certificate.name-not-allowed",
            Self::CriticalExtension => "certificate.critical-extension",
            Self::Signature => "certificate.signature",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Count { .. } | Self::TooLarge { .. } | Self::Order { .. } | Self::Repeated { .. } => {
                "Send the signer's own certificate first, then each authority's in order, and nothing else."
            }
            Self::Base64 { .. } | Self::Malformed => {
                "Export the certificate again: what is wanted is X.509 in DER, written in base64 on one line."
            }
            Self::Pem => "Give a text file that holds BEGIN CERTIFICATE and END CERTIFICATE, and no private key.",
            Self::UnsupportedAlgorithm => "Ask for certificates with keys of the type P-256, P-384 or Ed25519.",
            Self::Expired { .. } => "Ask the signer for a document that is signed under a certificate in force.",
            Self::NotYetValid { .. } => "Check this computer's clock, then ask the signer.",
            Self::UnknownAnchor => {
                "Add the authority's certificate to your trust list, if you trust whom it certifies."
            }
            Self::SubjectNotListed => "Add the party to \"subjects\" in your trust list, if you trust it.",
            Self::PathTooLong
            | Self::NotAnAuthority
            | Self::AuthorityAsLeaf
            | Self::KeyUsage
            | Self::NameNotAllowed
            | Self::CriticalExtension => {
                "Do not accept it: the certificates are used for what they were not made for. Ask the signer."
            }
            Self::Signature => "Do not accept it: the certificates were changed, or somebody else signed them.",
        }
    }
}
