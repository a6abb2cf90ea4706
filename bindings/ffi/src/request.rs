//! A verifier's requests: written, signed, and remembered until they are answered.

use std::sync::Arc;

use attesta::encoding::json;
use attesta::presentation::dcql::{CredentialQuery, Query};
use attesta::presentation::ledger::{self, MemoryLedger, NonceLedger as _, fresh_nonce};
use attesta::presentation::request::{self, ClientId, RequestObject};
use attesta::time::Timestamp;

use crate::identity::Named;
use crate::signer::HostKey;
use crate::words::Mirror as _;
use crate::{At, AttestaError, CredentialFormat, Identity, Kind, Signer, host};

/// A credential of one of the three kinds that a verifier asks for, and what of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AskFor {
    /// Its name in the request and in the answer: letters, digits, `_` and `-`.
    pub id: String,
    /// The kind.
    pub kind: Kind,
    /// The format that is taken.
    pub format: CredentialFormat,
    /// The claims that are needed, as JSON pointers into the kind's claims file, in every format.
    pub pointers: Vec<String>,
}

/// What a verifier asks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Ask {
    /// All of these credentials.
    Kinds {
        /// The credentials.
        credentials: Vec<AskFor>,
    },
    /// Whatever a DCQL query says (OpenID4VP 1.0, section 6).
    Query {
        /// The query, as JSON.
        json: String,
    },
}

impl Ask {
    fn to_core(&self) -> Result<Query, AttestaError> {
        match self {
            Self::Query { json } => query(json),
            Self::Kinds { credentials } => {
                let queries = credentials.iter().map(|asked| {
                    let pointers: Vec<&str> = asked.pointers.iter().map(String::as_str).collect();
                    CredentialQuery::of_kind(&asked.id, asked.format.to_core().name(), asked.kind.to_core(), &pointers)
                });
                Ok(Query::all(queries.collect::<Result<Vec<_>, _>>()?))
            }
        }
    }
}

/// Reads a DCQL query.
pub(crate) fn query(query_json: &str) -> Result<Query, AttestaError> {
    Ok(Query::parse(&json::parse_object(query_json.as_bytes())?)?)
}

/// Who asks, and how the answer comes back.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RequestOptions {
    /// In whose name; that of the signer's did:key otherwise.
    #[uniffi(default)]
    pub verifier: Option<Identity>,
    /// A DNS name in the verifier's certificate, by which wallets then know it; the certificate's hash otherwise.
    #[uniffi(default)]
    pub dns_name: Option<String>,
    /// The https URL where the answer goes by POST; it is handed over by hand otherwise.
    #[uniffi(default)]
    pub response_uri: Option<String>,
    /// What comes back with the answer.
    #[uniffi(default)]
    pub state: Option<String>,
    /// For how many seconds it may be answered.
    #[uniffi(default = 600)]
    pub valid_seconds: u32,
}

/// A request that was signed. Keep it until it is answered: `text` is what the answer is compared with.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignedRequest {
    /// The request as it is sent or shown: a compact JWS.
    pub text: String,
    /// Who asks: the audience of every answer.
    pub client_id: String,
    /// The nonce, of 256 random bits.
    pub nonce: String,
    /// Until when it may be answered, that moment excluded: seconds since 1970-01-01T00:00:00Z.
    pub expires: i64,
}

/// Asks holders for credentials: a request with a fresh nonce, signed with the verifier's key.
///
/// # Errors
/// When the query or an option has the wrong form, the identity is not the key's, or the signer does not sign.
#[uniffi::export]
pub fn create_request(
    ask: Ask,
    options: RequestOptions,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<SignedRequest, AttestaError> {
    let key = HostKey::of(signer)?;
    let named = Named::read(options.verifier.as_ref())?;
    let verifier = named.with(&key)?;
    let certificates = named.certificates();
    let client_id = match (&options.dns_name, certificates.as_deref()) {
        (Some(name), _) => ClientId::of_dns_name(name)?,
        (None, Some([leaf, ..])) => ClientId::of_certificate(leaf)?,
        (None, _) => ClientId::of_did(verifier.id())?,
    };
    let identity = match &certificates {
        Some(certificates) => request::Identity::Certificates(certificates),
        None => request::Identity::Method(verifier.method()),
    };
    let now = at.to_core()?.time();
    let expires = now.plus_seconds(i64::from(options.valid_seconds));
    let nonce = fresh_nonce(host::random()?);
    let mut request = RequestObject::new(client_id, ask.to_core()?, nonce, now, expires);
    if let Some(uri) = options.response_uri {
        request = request.posted_to(uri);
    }
    if let Some(state) = options.state {
        request = request.state(state);
    }
    Ok(SignedRequest {
        text: request.to_signed(&key, identity)?,
        client_id: request.client_id.as_str().to_owned(),
        nonce: request.nonce,
        expires: expires.unix(),
    })
}

/// What became of a nonce that came back. Only `Once` lets an answer count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Redeemed {
    /// It was given out, is in time, and came back for the first time.
    Once,
    /// It was never given out, or so long ago that it was forgotten.
    Unknown,
    /// It came back before: the answer is a copy.
    Again,
    /// It came back too late.
    Expired,
    /// The ledger could not be asked.
    Unavailable,
}

impl From<ledger::Redeemed> for Redeemed {
    fn from(redeemed: ledger::Redeemed) -> Self {
        match redeemed {
            ledger::Redeemed::Once => Self::Once,
            ledger::Redeemed::Unknown => Self::Unknown,
            ledger::Redeemed::Again => Self::Again,
            ledger::Redeemed::Expired => Self::Expired,
            _ => Self::Unavailable,
        }
    }
}

/// Remembers the nonces of this process's requests, so that each is answered once and in time. May be used from many
/// threads at once: of any number of calls with one nonce, one gets `Once`. A service of several processes keeps nonces
/// in its database instead, and marks them there in one transaction.
#[derive(Debug, uniffi::Object)]
pub struct NonceLedger {
    ledger: MemoryLedger,
}

#[uniffi::export]
impl NonceLedger {
    /// An empty ledger that remembers so many nonces, of some 200 bytes each. When none has expired it refuses more.
    #[uniffi::constructor]
    pub fn new(capacity: u32) -> Self {
        Self { ledger: MemoryLedger::new(usize::try_from(capacity).unwrap_or(usize::MAX)) }
    }

    /// Writes a nonce down, before its request is sent. It counts until `expires` (seconds since 1970-01-01T00:00:00Z),
    /// that moment excluded.
    ///
    /// # Errors
    /// When the nonce could be guessed or was given out before, has expired, or the ledger is full. Do not send the
    /// request then.
    pub fn issue(&self, nonce: String, expires: i64, at: At) -> Result<(), AttestaError> {
        Ok(self.ledger.issue(&nonce, Timestamp::from_unix(expires)?, at.to_core()?.time())?)
    }

    /// Takes a nonce back, once: for an answer that was found valid, before anything rests on it.
    ///
    /// # Errors
    /// When the moment is out of the calendar.
    pub fn redeem(&self, nonce: String, at: At) -> Result<Redeemed, AttestaError> {
        Ok(self.ledger.redeem(&nonce, at.to_core()?.time()).into())
    }
}
