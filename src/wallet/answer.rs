//! The answer: what the holder agreed to, signed for whoever asked and for this one request.

use std::fmt;

use super::consent::{Consent, Shown};
use super::holding::Held;
use crate::encoding::json::{self, Map, Value};
use crate::encoding::percent;
use crate::error::Explain;
use crate::jsonld::Contexts;
use crate::keys::{PublicKey, Signer};
use crate::presentation::request::Delivery;
use crate::presentation::{Disclose, PresentError, Request, present_with};
use crate::securing::sd_jwt::{self, SdJwtError};
use crate::time::Timestamp;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Nothing would be shown.
    #[error("nothing is shown")]
    Nothing,
    /// The request ended while the holder thought about it.
    #[error("the request ended at {at}")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// The key that a credential was issued to is not at hand, or is of a sort that cannot be used.
    #[error("{id}: the key that this credential was issued to is not at hand")]
    NoKey {
        /// The credential query.
        id: String,
    },
    /// The signer that was found has another key.
    #[error("{id}: the signer has another key than the credential was issued to")]
    OtherKey {
        /// The credential query.
        id: String,
    },
    /// A credential with selective disclosure could not be presented.
    #[error(transparent)]
    SdJwt(#[from] SdJwtError),
    /// A credential without it could not be presented.
    #[error(transparent)]
    Present(#[from] PresentError),
}

impl Explain for AnswerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "answer.nothing",
            Self::Expired { .. } => "request.expired",
            Self::NoKey { .. } => "answer.no-key",
            Self::OtherKey { .. } => "answer.other-key",
            Self::SdJwt(error) => error.code(),
            Self::Present(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Nothing => "Tell whoever asks that you show nothing.",
            Self::Expired { .. } => "Ask for a new request.",
            Self::NoKey { .. } => "Use the device that has the key, or ask the issuer for a credential for this one.",
            Self::OtherKey { .. } => "Look the signer up by the public key that is asked for.",
            Self::SdJwt(error) => error.hint(),
            Self::Present(error) => error.hint(),
        }
    }
}

/// An answer, ready to be sent. It holds personal data; `Debug` shows nothing of it.
#[derive(Clone)]
#[must_use]
pub struct Answer {
    vp_token: Map,
    state: Option<String>,
    response_uri: Option<String>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("response_uri", &self.response_uri).finish_non_exhaustive()
    }
}

impl Answer {
    /// `vp_token` (OpenID4VP 1.0, section 8.1): a list of presentations under the id of each credential query.
    pub fn vp_token(&self) -> &Map {
        &self.vp_token
    }

    /// `state`, as the request had it.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Where it goes by POST, or `None` if it is handed over by hand.
    pub fn response_uri(&self) -> Option<&str> {
        self.response_uri.as_deref()
    }

    /// The answer as one JSON object with `vp_token` and `state`, to be handed over by hand.
    pub fn to_json(&self) -> Map {
        let mut answer = Map::new();
        answer.insert("vp_token".to_owned(), Value::Object(self.vp_token.clone()));
        if let Some(state) = &self.state {
            answer.insert("state".to_owned(), state.as_str().into());
        }
        answer
    }

    /// The body of the POST, `application/x-www-form-urlencoded` (section 8.2).
    pub fn to_form(&self) -> String {
        let mut form = "vp_token=".to_owned();
        push_encoded(&mut form, &Value::Object(self.vp_token.clone()).to_string());
        if let Some(state) = &self.state {
            form.push_str("&state=");
            push_encoded(&mut form, state);
        }
        form
    }
}

/// Signs what the holder agreed to, each credential with the key that it was issued to, for the client identifier and
/// nonce of the request. `signer` finds the signer of a public key; `now` is this moment.
///
/// # Errors
/// [`AnswerError`].
pub fn answer<'k>(
    consent: &Consent<'_>,
    signer: &dyn Fn(&PublicKey) -> Option<&'k dyn Signer>,
    now: Timestamp,
) -> Result<Answer, AnswerError> {
    let asked = consent.asker().request();
    if let Some(at) = asked.expires.filter(|end| now >= *end) {
        return Err(AnswerError::Expired { at });
    }
    if consent.shown().is_empty() {
        return Err(AnswerError::Nothing);
    }
    // "The Wallet MUST link every Verifiable Presentation returned to the Verifier in the VP Token to the `client_id` and
    // the `nonce` values of the respective Authentication Request" (OpenID4VP 1.0, "Preventing Replay").
    let request = Request { audience: consent.asker().audience(), nonce: &asked.nonce, now };
    let mut vp_token = Map::new();
    for shown in consent.shown() {
        let id = shown.id().to_owned();
        let held = consent.held(shown).ok_or(AnswerError::NoKey { id: id.clone() })?;
        let presentation = presentation(shown, held, &request, consent.asker().contexts(), signer)?;
        // "the value is an array of one or more Presentations" (section 8.1).
        vp_token.insert(id, Value::Array(vec![presentation]));
    }
    let response_uri = match &asked.delivery {
        Delivery::DirectPost { response_uri } => Some(response_uri.clone()),
        _ => None,
    };
    Ok(Answer { vp_token, state: asked.state.clone(), response_uri })
}

fn presentation<'k>(
    shown: &Shown,
    held: &Held,
    request: &Request<'_>,
    contexts: &dyn Contexts,
    signer: &dyn Fn(&PublicKey) -> Option<&'k dyn Signer>,
) -> Result<Value, AnswerError> {
    let is_document = !held.is_sd_jwt() && !held.is_token();
    if !shown.proves_key() {
        let text = shown.text();
        return Ok(if is_document { json::parse(text.as_bytes()).map_err(PresentError::from)? } else { text.into() });
    }
    let id = || shown.id().to_owned();
    let found = held.keys().iter().find_map(|key| signer(key).map(|signer| (key, signer)));
    let (key, signer) = found.ok_or_else(|| AnswerError::NoKey { id: id() })?;
    if signer.public_key() != *key {
        return Err(AnswerError::OtherKey { id: id() });
    }
    if held.is_sd_jwt() {
        return Ok(sd_jwt::bind(shown.text(), request.audience, request.nonce, request.now.unix(), signer)?.into());
    }
    let presented = present_with(&[shown.text().as_bytes()], Disclose::Everything, request, contexts, signer)?;
    match is_document {
        false => Ok(presented.into()),
        true => Ok(json::parse(presented.as_bytes()).map_err(PresentError::from)?),
    }
}

fn push_encoded(form: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            // `~` is escaped in forms (WHATWG URL, section 5.2), though not in other parts of a URL.
            b'~' => percent::push_encoded(form, byte),
            byte => percent::push(form, byte),
        }
    }
}
