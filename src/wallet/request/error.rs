use crate::error::Explain;
use crate::keys::AlgorithmError;
use crate::presentation::request::RequestError;
use crate::time::Timestamp;
use crate::trust::CertificateError;
use crate::verify::Resource;

/// Why a request is not answered: it is not whose it says, too late, or asks for what that party may not see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskerError {
    /// It cannot be read.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Nobody signed it.
    #[error("nobody signed the request: who asks is not known")]
    Unsigned,
    /// Whoever asks stands in no entry of the holder's trust list.
    #[error("whoever asks does not stand in your trust list")]
    Unknown,
    /// Signed with an algorithm that is not supported.
    #[error("the request's signature: {0}")]
    Algorithm(#[from] AlgorithmError),
    /// `kid` is absent, or no DID URL with a fragment.
    #[error("the request does not say with which key it was signed")]
    NoKey,
    /// The key, or the certificate, belongs to another party than the one in `client_id`.
    #[error("the request is signed with a key of another party than the one it names")]
    OtherKey,
    /// The party's key document is not at hand.
    #[error("the key of whoever asks is not at hand: it cannot be told whether the request is genuine")]
    KeyUnavailable {
        /// What would have to be fetched.
        missing: Resource,
    },
    /// The DID method is not supported.
    #[error("the key of whoever asks is published in a way that this version does not support")]
    MethodUnsupported,
    /// The party has no such key, or none that can be used.
    #[error("whoever is named in the request has no such key")]
    KeyNotFound,
    /// The key is not for signing requests.
    #[error("the key that signed the request is for other purposes")]
    KeyPurpose,
    /// The key expired or was revoked.
    #[error("the key that signed the request counts no longer since {}", .since.in_words())]
    KeyEnded {
        /// Since when.
        since: Timestamp,
    },
    /// The certificates are not to be believed.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The signature does not fit.
    #[error("the request's signature does not fit: it was changed, or somebody else signed it")]
    Signature,
    /// `exp` is past.
    #[error("the request ended at {at}")]
    Expired {
        /// When it ended.
        at: Timestamp,
    },
    /// `iat` or `nbf` lies more than five minutes ahead.
    #[error("the request was made at {at}, which is still to come")]
    NotYet {
        /// From when on it counts.
        at: Timestamp,
    },
    /// The trust list was written after the moment that is judged.
    #[error("this device's clock is wrong: your trust list was written at {}", .issued.in_words())]
    Clock {
        /// When the list was written.
        issued: Timestamp,
    },
    /// The party is trusted only from a later moment on.
    #[error("whoever asks is trusted only from {} on", .from.in_words())]
    TrustedLater {
        /// From when on.
        from: Timestamp,
    },
    /// The party is trusted no longer.
    #[error("whoever asks was trusted only until {}", .until.in_words())]
    TrustEnded {
        /// Until when.
        until: Timestamp,
    },
    /// The party's entry does not let it ask for this.
    #[error("this party may not ask for {what}")]
    MayNotAsk {
        /// What it asks for: a kind in words, or a type.
        what: String,
    },
}

impl AskerError {
    /// What would have to be fetched to decide, if that is what is missing.
    pub fn missing(&self) -> Option<&Resource> {
        match self {
            Self::KeyUnavailable { missing } => Some(missing),
            _ => None,
        }
    }

    /// Whether this leaves the question open. All else is a reason to refuse. Neither lets the request be answered.
    pub fn is_undetermined(&self) -> bool {
        match self {
            Self::KeyUnavailable { .. } | Self::MethodUnsupported | Self::Unknown | Self::Clock { .. } => true,
            Self::Certificate(error) => error.is_undetermined(),
            _ => false,
        }
    }
}

impl Explain for AskerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Request(error) => error.code(),
            Self::Unsigned => "request.unsigned",
            Self::Unknown => "request.unknown-asker",
            Self::Algorithm(error) => error.code(),
            Self::NoKey => "request.no-key",
            Self::OtherKey => "request.other-key",
            Self::KeyUnavailable { .. } => "request.key-unavailable",
            Self::MethodUnsupported => "request.method-unsupported",
            Self::KeyNotFound => "request.key-not-found",
            Self::KeyPurpose => "request.key-purpose",
            Self::KeyEnded { .. } => "request.key-ended",
            Self::Certificate(error) => error.code(),
            Self::Signature => "request.signature",
            Self::Expired { .. } => "request.expired",
            Self::NotYet { .. } => "request.not-yet",
            Self::Clock { .. } => "request.clock",
            Self::TrustedLater { .. } => "request.trusted-later",
            Self::TrustEnded { .. } => "request.trust-ended",
            Self::MayNotAsk { .. } => "request.may-not-ask",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Request(error) => error.hint(),
            Self::Algorithm(error) => error.hint(),
            Self::Certificate(error) => error.hint(),
            Self::Unsigned | Self::Unknown => {
                "Show nothing that is not public, unless you know otherwise who asks and add them to your trust list."
            }
            Self::KeyUnavailable { .. } => "Go online and read the request again.",
            Self::MethodUnsupported | Self::KeyPurpose | Self::KeyEnded { .. } => {
                "Ask them to sign their requests with another key."
            }
            Self::NoKey | Self::OtherKey | Self::KeyNotFound | Self::Signature => {
                "Show nothing: somebody may be using another's name."
            }
            Self::Expired { .. } => "Ask for a new request.",
            Self::NotYet { .. } | Self::Clock { .. } => "Check this device's clock, then read the request again.",
            Self::TrustedLater { .. } | Self::TrustEnded { .. } => "Get a newer trust list, or show nothing.",
            Self::MayNotAsk { .. } => {
                "Show nothing. If they have a reason to ask, whoever keeps your trust list decides."
            }
        }
    }
}
