//! Presentations that answer an audience and a nonce, and copies that are bound to nobody.

use std::sync::Arc;

use attesta::credential::model::{ENVELOPED_CREDENTIAL_TYPE, ENVELOPED_PRESENTATION_TYPE};
use attesta::encoding::base64url;
use attesta::encoding::json::parse_object;
use attesta::presentation::{self, Request};
use attesta::securing::cose;

use crate::signer::HostKey;
use crate::{At, AttestaError, GivenContext, Signer, host, material};

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
    /// Of a `dc+sd-jwt`, `vc+sd-jwt` or `ecdsa-sd-2023`, what stands at these places and below them, and what cannot be
    /// hidden. Every other format can only be shown whole.
    Only {
        /// JSON pointers: into the claims file of a `dc+sd-jwt`, into the whole document of the other two.
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
/// JSON document with a proof for Data Integrity credentials, one that holds a message for `vc+cose`
/// ([`bytes_of`](crate::bytes_of) takes it out), and for an SD-JWT the credential itself with what is
/// disclosed. `at` is the moment of the answer, which only an SD-JWT says. `contexts` are those that credentials name and the
/// library does not have, where their proofs sign RDF. Nothing is sent anywhere.
///
/// # Errors
/// When something else than credentials is given, one cannot hide what it should, they belong to another key, or the
/// signer does not sign.
#[uniffi::export(default(contexts))]
pub fn present(
    credentials: Vec<Vec<u8>>,
    disclose: Disclose,
    request: PresentationRequest,
    at: At,
    signer: Arc<dyn Signer>,
    contexts: Vec<GivenContext>,
) -> Result<String, AttestaError> {
    let contexts = material::contexts(&contexts)?;
    let key = HostKey::of(signer)?;
    let credentials: Vec<&[u8]> = credentials.iter().map(Vec::as_slice).collect();
    let request = Request { audience: &request.audience, nonce: &request.nonce, now: at.to_core()?.time() };
    Ok(disclose.with(|disclose| presentation::present_with(&credentials, disclose, &request, &contexts, &key))?)
}

/// A copy of an SD-JWT or of an `ecdsa-sd-2023` document that shows just this and is bound to nobody: whoever gets it can
/// show it on. `contexts` are those that the document names and the library does not have.
///
/// # Errors
/// When it is none of these as its issuer gave it, or has nothing at one of the places.
#[uniffi::export(default(contexts))]
pub fn derive(credential: Vec<u8>, disclose: Disclose, contexts: Vec<GivenContext>) -> Result<String, AttestaError> {
    let contexts = material::contexts(&contexts)?;
    Ok(disclose.with(|disclose| presentation::derive_with(&credential, disclose, &contexts))?)
}

/// What was issued or presented as the bytes that a file of its format holds: of `vc+cose` and `vp+cose` the message in the
/// envelope, of every other format the text itself.
///
/// # Errors
/// When it is an envelope whose data is no base64.
#[uniffi::export]
pub fn bytes_of(secured: String) -> Result<Vec<u8>, AttestaError> {
    let object = parse_object(secured.as_bytes()).unwrap_or_default();
    let types = [ENVELOPED_CREDENTIAL_TYPE, ENVELOPED_PRESENTATION_TYPE];
    let message = types.into_iter().find_map(|r#type| cose::from_enveloped(&object, r#type));
    Ok(message.unwrap_or_else(|| Ok(secured.into_bytes()))?)
}
