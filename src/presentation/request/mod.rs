//! Requests: what a verifier asks for, and what a wallet reads of that (OpenID4VP 1.0, section 5, with JWT-Secured
//! Authorization Requests, RFC 9101).
//!
//! A verifier fills in a [`RequestObject`], writes its nonce into a [ledger](super::ledger) and signs it. A wallet reads
//! an [`UnverifiedRequest`], which says nothing of who asks; that is decided where keys and trust lists are known.
//!
//! What a request is for, in words for people, is not in the protocol, and would be the asker's own word.

mod client_id;
mod error;
#[cfg(test)]
mod tests;

pub use client_id::{ClientId, ClientIdPrefix};
pub use error::RequestError;

use std::collections::BTreeSet;

use serde_json::json;

use super::dcql::Query;
use super::ledger::{NONCE_CHARACTERS, check_nonce};
use crate::encoding::json::{self, Map, Value};
use crate::encoding::percent::is_unreserved;
use crate::keys::{Algorithm, Signer};
use crate::limits;
use crate::securing::jose::{self, Jws, NewHeader, is_media_type};
use crate::securing::{Shape, sniff};
use crate::time::Timestamp;
use client_id::{certificate_hash, https_host};

/// The `typ` of a signed request (RFC 9101, section 10.8).
pub const MEDIA_TYPE: &str = "oauth-authz-req+jwt";

/// The `aud` of a request to whichever wallet gets it (OpenID4VP 1.0, section 5.8).
pub const ANY_WALLET: &str = "https://self-issued.me/v2";

/// Characters that a stranger's nonce must have. The specification's own examples have fewer than 128 bits need, and
/// the nonce protects whoever made it; what could be guessed within minutes is refused all the same.
const FOREIGN_NONCE_CHARACTERS: usize = 16;

const ALGORITHMS: [Algorithm; 4] = [Algorithm::Es256, Algorithm::Ed25519, Algorithm::Es384, Algorithm::Es512];

/// How the answer comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// However the parties like: a file, a QR code, Bluetooth. There is no `response_mode`.
    ///
    /// Off-spec: OpenID4VP 1.0, section 5.2 demands a `response_mode`. It has none for parties that stand before each
    /// other without a network.
    ByHand,
    /// By an HTTP POST (`direct_post`, section 8.2).
    DirectPost {
        /// The https URL to which it goes.
        response_uri: String,
    },
}

/// What a verifier asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestObject {
    /// Who asks.
    pub client_id: ClientId,
    /// What makes this request another than every other.
    pub nonce: String,
    /// Which credentials and claims.
    pub query: Query,
    /// How the answer comes back.
    pub delivery: Delivery,
    /// What the verifier wants back with the answer.
    pub state: Option<String>,
    /// `iat`.
    pub issued_at: Option<Timestamp>,
    /// `nbf`.
    pub not_before: Option<Timestamp>,
    /// `exp`.
    pub expires: Option<Timestamp>,
}

/// With what a request is signed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Identity<'a> {
    /// A key of the DID in the client identifier: its DID URL.
    Method(&'a str),
    /// A certificate for the key, in base64 DER, and those that lead from it to an anchor.
    Certificates(&'a [String]),
}

impl RequestObject {
    /// A request that is handed over by hand and may be answered until `expires`.
    pub fn new(
        client_id: ClientId,
        query: Query,
        nonce: impl Into<String>,
        issued_at: Timestamp,
        expires: Timestamp,
    ) -> Self {
        Self {
            client_id,
            nonce: nonce.into(),
            query,
            delivery: Delivery::ByHand,
            state: None,
            issued_at: Some(issued_at),
            not_before: None,
            expires: Some(expires),
        }
    }

    /// Wants its answer at this https URL.
    #[must_use]
    pub fn posted_to(mut self, response_uri: impl Into<String>) -> Self {
        self.delivery = Delivery::DirectPost { response_uri: response_uri.into() };
        self
    }

    /// Wants this back with the answer.
    #[must_use]
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The signed request: a compact JWS.
    ///
    /// # Errors
    /// [`RequestError::Signed`] for the prefix `redirect_uri`; [`RequestError::OtherIdentity`] where the DID URL is not
    /// of the DID, or the first certificate not the one of an `x509_hash`; what reading it would refuse; a nonce with
    /// less than 128 bits; [`RequestError::Signing`].
    pub fn to_signed(&self, signer: &dyn Signer, identity: Identity<'_>) -> Result<String, RequestError> {
        let original = self.client_id.original();
        let fits = match (self.client_id.prefix(), identity) {
            (ClientIdPrefix::RedirectUri, _) => return Err(RequestError::Signed),
            (ClientIdPrefix::DecentralizedIdentifier, Identity::Method(method)) => {
                method.strip_prefix(original).is_some_and(|rest| rest.starts_with('#'))
            }
            (ClientIdPrefix::X509SanDns, Identity::Certificates(certificates)) => !certificates.is_empty(),
            (ClientIdPrefix::X509Hash, Identity::Certificates([leaf, ..])) => certificate_hash(leaf)? == original,
            _ => false,
        };
        if !fits {
            return Err(RequestError::OtherIdentity);
        }
        let mut payload = self.checked()?;
        payload.insert("aud".to_owned(), ANY_WALLET.into());
        let (key_id, certificates) = match identity {
            Identity::Method(method) => (Some(method), &[][..]),
            Identity::Certificates(certificates) => (None, certificates),
        };
        let header = NewHeader { media_type: MEDIA_TYPE, content_type: None, key_id, certificates };
        Ok(jose::sign(&payload, &header, signer)?)
    }

    /// The request without a signature, as a JSON object: for the prefix `redirect_uri` only.
    ///
    /// # Errors
    /// [`RequestError::NotSigned`] for every other prefix; what reading it would refuse; a nonce with less than 128 bits.
    pub fn to_unsigned(&self) -> Result<Map, RequestError> {
        if self.client_id.prefix().is_signed() { Err(RequestError::NotSigned) } else { self.checked() }
    }

    /// The payload, if a wallet would read it.
    fn checked(&self) -> Result<Map, RequestError> {
        check_nonce(&self.nonce, NONCE_CHARACTERS)?;
        let payload = self.to_payload();
        Self::read(&payload)?;
        Ok(payload)
    }

    fn to_payload(&self) -> Map {
        let mut payload = Map::new();
        let mut set = |name: &str, value: Value| drop(payload.insert(name.to_owned(), value));
        set("client_id", self.client_id.as_str().into());
        set("response_type", "vp_token".into());
        set("nonce", self.nonce.as_str().into());
        set("dcql_query", Value::Object(self.query.to_map()));
        set("client_metadata", json!({ "vp_formats_supported": formats_of(&self.query) }));
        if let Delivery::DirectPost { response_uri } = &self.delivery {
            set("response_mode", "direct_post".into());
            set("response_uri", response_uri.as_str().into());
        }
        if let Some(state) = &self.state {
            set("state", state.as_str().into());
        }
        for (name, moment) in [("iat", self.issued_at), ("nbf", self.not_before), ("exp", self.expires)] {
            if let Some(moment) = moment {
                set(name, moment.unix().into());
            }
        }
        payload
    }

    /// Reads the parameters. "The Wallet MUST ignore any unrecognized parameters, other than the `transaction_data`
    /// parameter" (section 5), and `iss`.
    fn read(payload: &Map) -> Result<Self, RequestError> {
        let find = |names: &[&'static str]| names.iter().copied().find(|name| payload.contains_key(*name));
        if let Some(member) = find(&["client_id_scheme", "presentation_definition", "presentation_definition_uri"]) {
            return Err(RequestError::Outdated { member });
        }
        // "Wallets that do not support this parameter MUST reject requests that contain it" (transaction_data). "Either
        // a `dcql_query` or a `scope` parameter [...] but not both"; no scope is known here. A request object has no
        // reference to another (RFC 9101, section 4), and an answer by redirect is none of the ways of `Delivery`.
        let unsupported = ["transaction_data", "scope", "request", "request_uri", "request_uri_method", "redirect_uri"];
        if let Some(member) = find(&unsupported) {
            return Err(RequestError::Unsupported { member });
        }
        let client_id = ClientId::parse(text(payload, "client_id")?.ok_or(missing("client_id", "a text"))?)?;
        if text(payload, "response_type")? != Some("vp_token") {
            return Err(RequestError::ResponseType);
        }
        let nonce = text(payload, "nonce")?.ok_or(missing("nonce", "a text"))?;
        check_nonce(nonce, FOREIGN_NONCE_CHARACTERS)?;
        let delivery = delivery(payload, &client_id)?;
        let query = payload.get("dcql_query").and_then(Value::as_object).ok_or(missing("dcql_query", "an object"))?;
        let query = Query::parse(query)?;
        let state = text(payload, "state")?;
        // "`state` values MUST only contain ASCII URL safe characters" (section 5.2).
        if state.is_some_and(|state| !is_state(state)) {
            return Err(missing("state", "a short text of characters that a URL never escapes"));
        }
        // "if at least one Presentation without Holder Binding is requested", there must be a `state` with "at least 128
        // bits of entropy" (section 5.3).
        let is_bound = query.credentials.iter().all(|credential| credential.requires_holder_binding);
        if !is_bound && state.is_none_or(|state| state.len() < NONCE_CHARACTERS) {
            return Err(RequestError::StateNeeded { least: NONCE_CHARACTERS });
        }
        let (issued_at, not_before) = (moment(payload, "iat")?, moment(payload, "nbf")?);
        let expires = moment(payload, "exp")?;
        if let (Some(from), Some(until)) = (issued_at.max(not_before), expires)
            && until <= from
        {
            return Err(missing("exp", "later than iat and nbf"));
        }
        let (nonce, state) = (nonce.to_owned(), state.map(str::to_owned));
        Ok(Self { client_id, nonce, query, delivery, state, issued_at, not_before, expires })
    }
}

/// A request that was read. Nobody has checked who signed it, whether it is still in time, or whether that party may ask.
#[must_use]
pub struct UnverifiedRequest<'a> {
    request: RequestObject,
    jws: Option<Jws<'a>>,
}

impl<'a> UnverifiedRequest<'a> {
    /// Reads a request: a compact JWS, or a JSON object where the client identifier stands for no key.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, RequestError> {
        if bytes.len() > limits::REQUEST_BYTES {
            return Err(RequestError::TooLarge { bytes: bytes.len(), limit: limits::REQUEST_BYTES });
        }
        match sniff(bytes)? {
            Shape::CompactJws(token) => Self::read_signed(Jws::parse(token)?),
            Shape::Json(bytes) => {
                let request = RequestObject::read(&json::parse_object(bytes)?)?;
                if request.client_id.prefix().is_signed() {
                    return Err(RequestError::NotSigned);
                }
                Ok(Self { request, jws: None })
            }
            _ => Err(RequestError::NotARequest),
        }
    }

    fn read_signed(jws: Jws<'a>) -> Result<Self, RequestError> {
        // "Wallets MUST NOT process Request Objects where the `typ` Header Parameter is not present or does not have
        // the value `oauth-authz-req+jwt`" (section 5).
        if !jws.header.media_type.as_deref().is_some_and(|typ| is_media_type(typ, MEDIA_TYPE)) {
            return Err(RequestError::MediaType);
        }
        if jws.header.has_critical {
            return Err(RequestError::Critical);
        }
        let is_for_wallets = match jws.payload.get("aud") {
            // Off-spec: section 5.8 demands an `aud`; many requests have none, and none excludes nobody.
            None => true,
            Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience == ANY_WALLET),
            Some(audience) => audience == ANY_WALLET,
        };
        if !is_for_wallets {
            return Err(RequestError::Audience);
        }
        let request = RequestObject::read(&jws.payload)?;
        // "Requests using the `redirect_uri` Client Identifier Prefix cannot be signed because there is no method for
        // the Wallet to obtain a trusted key for verification" (section 5.9.3).
        if !request.client_id.prefix().is_signed() {
            return Err(RequestError::Signed);
        }
        Ok(Self { request, jws: Some(jws) })
    }

    /// Who asks, by its own word.
    pub fn claimed_client_id(&self) -> &ClientId {
        &self.request.client_id
    }

    /// The token, if it is one. Its signature has not been checked.
    pub(crate) fn jws(&self) -> Option<&Jws<'a>> {
        self.jws.as_ref()
    }

    /// The request without any check: for the verifier that wrote it and kept it, never for a wallet.
    pub fn into_unchecked(self) -> RequestObject {
        self.request
    }
}

/// "The `response_uri` value MUST be a value that the client would be permitted to use as `redirect_uri`" (section 8.2).
fn delivery(payload: &Map, client_id: &ClientId) -> Result<Delivery, RequestError> {
    let response_uri = text(payload, "response_uri")?;
    match text(payload, "response_mode")? {
        None if response_uri.is_some() => return Err(RequestError::ResponseMode),
        None => return Ok(Delivery::ByHand),
        Some("direct_post") => {}
        Some(_) => return Err(RequestError::ResponseMode),
    }
    let original = client_id.original();
    let response_uri = match client_id.prefix() {
        // "The Verifier MAY omit the `redirect_uri` Authorization Request parameter (or `response_uri` when Response
        // Mode `direct_post` is used)."
        ClientIdPrefix::RedirectUri => response_uri.or(Some(original)),
        _ => response_uri,
    };
    let response_uri = response_uri.ok_or(missing("response_uri", "an https URL"))?;
    let host = https_host(response_uri).ok_or(missing("response_uri", "an https URL"))?;
    let belongs = match client_id.prefix() {
        ClientIdPrefix::RedirectUri => response_uri == original,
        // "the FQDN of the `redirect_uri` value MUST match the Client Identifier without the prefix". A client of the
        // trust list could be let off; none is, as a signature that leaked would then send answers anywhere.
        ClientIdPrefix::X509SanDns => host.eq_ignore_ascii_case(original),
        // The signature covers it, and the identifier names no host.
        ClientIdPrefix::DecentralizedIdentifier | ClientIdPrefix::X509Hash => true,
    };
    if !belongs {
        return Err(RequestError::ResponseUri);
    }
    Ok(Delivery::DirectPost { response_uri: response_uri.to_owned() })
}

/// The algorithms that this library verifies, for each format of the query (OpenID4VP 1.0, section 11.1 and appendix B).
fn formats_of(query: &Query) -> Map {
    let algorithms: Vec<_> = ALGORITHMS.map(Algorithm::jose_name).into();
    let formats: BTreeSet<&str> = query.credentials.iter().map(|credential| credential.format.as_str()).collect();
    let parameters = |format: &str| match format {
        "dc+sd-jwt" | "vc+sd-jwt" => json!({ "sd-jwt_alg_values": algorithms, "kb-jwt_alg_values": algorithms }),
        "vc+jwt" => json!({ "alg_values": algorithms }),
        _ => json!({}),
    };
    formats.into_iter().map(|format| (format.to_owned(), parameters(format))).collect()
}

fn missing(member: &'static str, expected: &'static str) -> RequestError {
    RequestError::Member { member, expected }
}

fn text<'m>(payload: &'m Map, member: &'static str) -> Result<Option<&'m str>, RequestError> {
    match payload.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(missing(member, "a text")),
    }
}

fn is_state(state: &str) -> bool {
    (1..=limits::TRANSACTION_CHARACTERS).contains(&state.len()) && state.bytes().all(is_unreserved)
}

/// A NumericDate (RFC 7519, section 2), a fraction of a second dropped.
fn moment(payload: &Map, member: &'static str) -> Result<Option<Timestamp>, RequestError> {
    const EXPECTED: &str = "a number of seconds since 1970";
    let Some(value) = payload.get(member) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| {
        let seconds = value.as_f64()?.floor();
        #[allow(clippy::cast_possible_truncation, reason = "far below 2 to the power of 53")]
        (seconds.abs() < 1e12).then_some(seconds as i64)
    });
    let moment = seconds.and_then(|seconds| Timestamp::from_unix(seconds).ok());
    moment.map(Some).ok_or(missing(member, EXPECTED))
}
