//! Presentations that answer an audience and a nonce, and copies that are bound to nobody.

use std::sync::Arc;

use attesta::encoding::base64url;
use attesta::presentation::{self, Request};

use crate::signer::HostKey;
use crate::{At, AttestaError, Signer, host};

/// What a verifier asks for: an answer for it, to this nonce.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PresentationRequest {
    /// Who the verifier is, as it names itself: a DID, a URL, a client id.
    pub audience: String,
    /// The nonce of this request, used once.
    pub nonce: String,
}

/// How much of a credential is shown.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Disclose {
    /// All of it.
    Everything,
    /// Of a `dc+sd-jwt` or `vc+sd-jwt`, what stands at these places and below them, and what cannot be hidden. Every
    /// other format can only be shown whole.
    Only {
        /// JSON pointers: into the claims file of a `dc+sd-jwt`, into the whole document of a `vc+sd-jwt`.
        pointers: Vec<String>,
    },
}

impl Disclose {
    /// Calls with what the core knows it as.
    fn with<T>(&self, call: impl FnOnce(presentation::Disclose<'_>) -> T) -> T {
        match self {
            Self::Everything => call(presentation::Disclose::Everything),
            Self::Only { pointers } => {
                let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
                call(presentation::Disclose::Only(&pointers))
            }
        }
    }
}

/// A request by this verifier, with a fresh nonce of 128 random bits. It asks for nothing by name, and is not signed: who
/// answers must know otherwise who asks, and for what.
///
/// # Errors
/// When the system has no randomness to give.
#[uniffi::export]
pub fn new_request(audience: String) -> Result<PresentationRequest, AttestaError> {
    let nonce: [u8; 16] = host::random()?;
    Ok(PresentationRequest { audience, nonce: base64url::encode(nonce) })
}

/// Presents credentials, signed with the holder's key for this request. The answer is a token for token credentials, a
/// JSON document with a proof for Data Integrity credentials, and for an SD-JWT the credential itself with what is
/// disclosed. `at` is the moment of the answer, which only an SD-JWT says. Nothing is sent anywhere.
///
/// # Errors
/// When something else than credentials is given, one cannot hide what it should, they belong to another key, or the
/// signer does not sign.
#[uniffi::export]
pub fn present(
    credentials: Vec<Vec<u8>>,
    disclose: Disclose,
    request: PresentationRequest,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let credentials: Vec<&[u8]> = credentials.iter().map(Vec::as_slice).collect();
    let request = Request { audience: &request.audience, nonce: &request.nonce, now: at.to_core()?.time() };
    Ok(disclose.with(|disclose| presentation::present(&credentials, disclose, &request, &key))?)
}

/// A copy of an SD-JWT that shows just this and is bound to nobody: whoever gets it can show it on.
///
/// # Errors
/// When it is no SD-JWT as its issuer gave it, or has nothing at one of the places.
#[uniffi::export]
pub fn derive(credential: Vec<u8>, disclose: Disclose) -> Result<String, AttestaError> {
    Ok(disclose.with(|disclose| presentation::derive(&credential, disclose))?)
}
