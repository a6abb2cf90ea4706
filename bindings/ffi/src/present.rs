//! Requests and the presentations that answer them.

use std::sync::Arc;

use attesta::encoding::base64url;
use attesta::presentation::{self, Disclose, Request};

use crate::error::BindingError;
use crate::host;
use crate::signer::HostKey;
use crate::{AttestaError, Signer};

/// What a verifier asks for: an answer for it, to this nonce.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PresentationRequest {
    /// Who the verifier is, as it names itself: a DID, a URL, a client id.
    pub audience: String,
    /// The nonce of this request, used once.
    pub nonce: String,
}

/// A request by this verifier, with a fresh nonce of 128 random bits.
///
/// # Errors
/// When the system has no randomness to give.
#[uniffi::export]
pub fn new_request(audience: String) -> Result<PresentationRequest, AttestaError> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|_| BindingError::Randomness)?;
    Ok(PresentationRequest { audience, nonce: base64url::encode(nonce) })
}

/// Presents credentials as they were issued, signed with the holder's key for this request. The answer is a token for
/// token credentials, and a JSON document with a proof for the others. Nothing is sent anywhere.
///
/// # Errors
/// When something else than credentials is given, they belong to another key, or the signer does not sign.
#[uniffi::export]
pub fn present(
    credentials: Vec<Vec<u8>>,
    request: PresentationRequest,
    signer: Arc<dyn Signer>,
) -> Result<String, AttestaError> {
    let key = HostKey::of(signer)?;
    let credentials: Vec<&[u8]> = credentials.iter().map(Vec::as_slice).collect();
    let request = Request { audience: &request.audience, nonce: &request.nonce, now: host::now()? };
    Ok(presentation::present(&credentials, Disclose::Everything, &request, &key)?)
}
