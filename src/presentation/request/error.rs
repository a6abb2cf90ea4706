use crate::encoding::json::JsonError;
use crate::error::Explain;
use crate::keys::SignerError;
use crate::presentation::dcql::DcqlError;
use crate::presentation::ledger::NonceError;
use crate::securing::SniffError;
use crate::securing::jose::JoseError;

/// Why a request cannot be read, or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// More than [`limits::REQUEST_BYTES`](crate::limits::REQUEST_BYTES).
    #[error("the request has {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Another kind of file.
    #[error("this is no request: {0}")]
    Sniff(#[from] SniffError),
    /// A credential or something else that is neither a plain token nor JSON.
    #[error("this is no request, but something else")]
    NotARequest,
    /// Not a token that can be read.
    #[error("this is no request: {0}")]
    Token(#[from] JoseError),
    /// Not strict JSON.
    #[error("this is no request: {0}")]
    Json(#[from] JsonError),
    /// `typ` is not `oauth-authz-req+jwt`.
    #[error("the token is not marked as a request (typ oauth-authz-req+jwt)")]
    MediaType,
    /// The header has `crit`.
    #[error("the request demands an extension that this version does not know")]
    Critical,
    /// A member is missing or has the wrong form.
    #[error("the request's {member} is missing or not {expected}")]
    Member {
        /// Its name.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A member of drafts of the protocol.
    #[error("the request has {member}, which only drafts of OpenID4VP have")]
    Outdated {
        /// Its name.
        member: &'static str,
    },
    /// A member that asks for what this version does not do.
    #[error("the request has {member}, which this version does not support")]
    Unsupported {
        /// Its name.
        member: &'static str,
    },
    /// `response_type` is not `vp_token`.
    #[error("the request asks for another answer than a presentation (response_type vp_token)")]
    ResponseType,
    /// `response_mode` is not `direct_post`.
    #[error("the request wants its answer in a way that this version does not support")]
    ResponseMode,
    /// The client identifier has no prefix, an unknown one, or `origin`.
    #[error("the request does not say who asks in a way that this version knows")]
    Prefix,
    /// What follows the prefix has another form than the prefix says.
    #[error("the request's client_id is wrong: {expected} was expected after its prefix")]
    ClientId {
        /// What was expected.
        expected: &'static str,
    },
    /// A client identifier that stands for a key, and no signature.
    #[error("the request names a party that signs its requests, and is not signed")]
    NotSigned,
    /// A client identifier that stands for no key, and a signature.
    #[error("the request is signed, and its client_id says that nobody can check by whom")]
    Signed,
    /// The nonce could be guessed, or has characters that it cannot have.
    #[error(transparent)]
    Nonce(#[from] NonceError),
    /// A credential is asked for without proof of its holder's key, and no `state` joins request and answer.
    #[error(
        "the request asks for a credential without its holder's key, and has no state of at least {least} characters"
    )]
    StateNeeded {
        /// How many characters are needed.
        least: usize,
    },
    /// The query cannot be used.
    #[error(transparent)]
    Query(#[from] DcqlError),
    /// The answer would go to an address of somebody else.
    #[error("the request wants its answer at an address that does not belong to whoever asks")]
    ResponseUri,
    /// `aud` is another party than a wallet.
    #[error("the request is meant for somebody else than a wallet")]
    Audience,
    /// The key that was named to sign with does not belong to the client identifier.
    #[error("the key or certificate does not belong to the client_id under which the request is made")]
    OtherIdentity,
    /// The signer did not sign.
    #[error(transparent)]
    Signing(#[from] SignerError),
}

impl Explain for RequestError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "request.too-large",
            Self::Sniff(error) => error.code(),
            Self::NotARequest => "request.not-a-request",
            Self::Token(error) => error.code(),
            Self::Json(error) => error.code(),
            Self::MediaType => "request.media-type",
            Self::Critical => "request.critical",
            Self::Member { .. } => "request.member",
            Self::Outdated { .. } => "request.outdated",
            Self::Unsupported { .. } => "request.unsupported",
            Self::ResponseType => "request.response-type",
            Self::ResponseMode => "request.response-mode",
            Self::Prefix => "request.prefix",
            Self::ClientId { .. } => "request.client-id",
            Self::NotSigned => "request.not-signed",
            Self::Signed => "request.signed",
            Self::Nonce(error) => error.code(),
            Self::StateNeeded { .. } => "request.state-needed",
            Self::Query(error) => error.code(),
            Self::ResponseUri => "request.response-uri",
            Self::Audience => "request.audience",
            Self::OtherIdentity => "request.other-identity",
            Self::Signing(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "Show nothing: no genuine request is this large.",
            Self::Sniff(error) => error.hint(),
            Self::Token(error) => error.hint(),
            Self::Json(error) => error.hint(),
            Self::Nonce(error) => error.hint(),
            Self::Query(error) => error.hint(),
            Self::Signing(error) => error.hint(),
            Self::NotARequest | Self::MediaType => "Ask for the request itself: a token or a JSON document.",
            Self::NotSigned | Self::ResponseUri => "Show nothing: somebody may be using another's name.",
            Self::OtherIdentity => "Sign with a key of the DID or with the certificate that the client_id names.",
            Self::Prefix | Self::ClientId { .. } | Self::Signed => {
                "Whoever asks must name itself by decentralized_identifier, x509_san_dns or x509_hash and sign, or by \
                 redirect_uri without a signature."
            }
            Self::StateNeeded { .. } => "Whoever asks must make a fresh state of 32 random bytes for each request.",
            _ => "Whoever asks must mend the request: OpenID4VP 1.0, sections 5 and 8, say how it is written.",
        }
    }
}
