//! JWS compact serialisation (RFC 7515) as VC-JOSE-COSE 1.0 uses it: the payload is the credential or presentation.

use serde_json::Value;

use crate::encoding::base64url;
use crate::encoding::json::{self, JsonError, Map};
use crate::error::Explain;
use crate::keys::{self, Algorithm, AlgorithmError, PublicKey, Signer, SignerError, VerifyError};
use crate::limits;

/// Why a text is no JWS that can be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoseError {
    /// Not three parts.
    #[error("a token of three parts with dots between was expected")]
    Parts,
    /// A part is not base64url.
    #[error("the token's {part} is not base64url: it was cut off or changed")]
    Base64 {
        /// `header`, `payload` or `signature`.
        part: &'static str,
    },
    /// More than [`limits::JOSE_HEADER_BYTES`].
    #[error("the token's header has {bytes} bytes, where at most {limit} are read")]
    HeaderTooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// A part is not a strict JSON object.
    #[error("the token's {part}: {error}")]
    Json {
        /// `header` or `payload`.
        part: &'static str,
        /// What is wrong with it.
        error: JsonError,
    },
    /// A header parameter of the wrong type, or none where one is needed (RFC 7515 section 4.1).
    #[error("the token's header parameter \"{name}\" is missing or not {expected}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// More than [`limits::CERTIFICATES`] in `x5c`.
    #[error("the token's header has {count} certificates, where at most {limit} are read")]
    TooManyCertificates {
        /// The number found.
        count: usize,
        /// The ceiling.
        limit: usize,
    },
}

impl Explain for JoseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Parts => "jose.parts",
            Self::Base64 { .. } => "jose.base64",
            Self::HeaderTooLarge { .. } => "jose.header-too-large",
            Self::Json { error, .. } => error.code(),
            Self::Parameter { .. } => "jose.parameter",
            Self::TooManyCertificates { .. } => "jose.too-many-certificates",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json { error, .. } => error.hint(),
            _ => "Ask for the original file: tokens must be copied whole, without line breaks.",
        }
    }
}

/// The protected header's parameters that matter here, of a token or a COSE message. A key that stands in the header (`jwk`, `jku`, `x5u`) is never
/// used: whoever wrote the token chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `alg`, or why it is none that can be used.
    pub algorithm: Result<Algorithm, AlgorithmError>,
    /// `alg` as it stands there; of a COSE message its number.
    pub algorithm_name: String,
    /// `typ`.
    pub media_type: Option<String>,
    /// `cty`.
    pub content_type: Option<String>,
    /// `kid`.
    pub key_id: Option<String>,
    /// `x5c`: certificates in base64 DER, the signer's own first (RFC 7515 section 4.1.6). Not looked into, and as little
    /// to be believed as `jwk` until a chain to an anchor was validated.
    pub certificates: Vec<String>,
    /// Whether `crit` is there: no extension is understood, so it must be refused (RFC 7515 section 4.1.11).
    pub has_critical: bool,
}

/// A token that was taken apart, its signature not yet checked.
#[derive(Clone)]
pub struct Jws<'a> {
    /// The protected header.
    pub header: Header,
    /// The payload's object.
    pub payload: Map,
    signing_input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes a compact JWS apart.
    ///
    /// # Errors
    /// [`JoseError`].
    pub fn parse(token: &'a str) -> Result<Self, JoseError> {
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JoseError::Parts)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JoseError::Parts)?;
        if payload.contains('.') {
            return Err(JoseError::Parts);
        }
        let header = Header::read(protected(header)?)?;
        let payload = object("payload", &decode("payload", payload)?)?;
        let signature = decode("signature", signature)?;
        Ok(Self { header, payload, signing_input, signature })
    }

    /// Reads the payload once more, for whoever took it out.
    ///
    /// # Errors
    /// [`JoseError`]; none where the payload was not changed.
    pub(super) fn read_payload(&self) -> Result<Map, JoseError> {
        let (_, payload) = self.signing_input.split_once('.').ok_or(JoseError::Parts)?;
        object("payload", &decode("payload", payload)?)
    }

    /// The bytes that are signed.
    pub fn signing_input(&self) -> &'a [u8] {
        self.signing_input.as_bytes()
    }

    /// Checks the signature with `key`. The algorithm of the header must be the key's.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub fn verify(&self, algorithm: Algorithm, key: &PublicKey) -> Result<(), VerifyError> {
        key.verify(algorithm, self.signing_input(), &self.signature)
    }
}

impl Header {
    fn read(mut members: Map) -> Result<Self, JoseError> {
        let algorithm_name =
            text(&mut members, "alg")?.ok_or(JoseError::Parameter { name: "alg", expected: "text" })?;
        Ok(Self {
            algorithm: Algorithm::from_jose_name(&algorithm_name),
            algorithm_name,
            media_type: text(&mut members, "typ")?,
            content_type: text(&mut members, "cty")?,
            key_id: text(&mut members, "kid")?,
            has_critical: members.contains_key("crit"),
            certificates: certificates(members.remove("x5c"))?,
        })
    }
}

/// What the protected header of a new token says beside `alg`.
#[derive(Debug, Clone, Copy)]
pub struct NewHeader<'a> {
    /// `typ`.
    pub media_type: &'a str,
    /// `cty`.
    pub content_type: Option<&'a str>,
    /// `kid`.
    pub key_id: Option<&'a str>,
    /// `x5c`: certificates in base64 DER, the signer's own first. Left out where there are none.
    pub certificates: &'a [String],
}

/// Whether a `typ` or `cty` names this media type; `application/` may be left out (RFC 7515 section 4.1.9).
pub fn is_media_type(value: &str, subtype: &str) -> bool {
    let value = match value.get(..12) {
        Some(prefix) if prefix.eq_ignore_ascii_case("application/") => &value[12..],
        _ => value,
    };
    value.eq_ignore_ascii_case(subtype)
}

/// Signs `payload` into a compact JWS.
///
/// # Errors
/// [`SignerError`].
pub fn sign(payload: &Map, header: &NewHeader<'_>, signer: &dyn Signer) -> Result<String, SignerError> {
    let mut members = Map::new();
    members.insert("alg".to_owned(), signer.algorithm().jose_name().into());
    members.insert("typ".to_owned(), header.media_type.into());
    if let Some(content_type) = header.content_type {
        members.insert("cty".to_owned(), content_type.into());
    }
    if let Some(key_id) = header.key_id {
        members.insert("kid".to_owned(), key_id.into());
    }
    if !header.certificates.is_empty() {
        members.insert("x5c".to_owned(), header.certificates.into());
    }
    let mut token = base64url::encode(Value::Object(members).to_string());
    token.push('.');
    token.push_str(&base64url::encode(crate::encoding::jcs::canonicalize(payload)));
    let signature = keys::sign(signer, token.as_bytes())?;
    token.push('.');
    token.push_str(&base64url::encode(signature));
    Ok(token)
}

/// The members of an encoded protected header.
pub(super) fn protected(text: &str) -> Result<Map, JoseError> {
    let header = decode("header", text)?;
    if header.len() > limits::JOSE_HEADER_BYTES {
        return Err(JoseError::HeaderTooLarge { bytes: header.len(), limit: limits::JOSE_HEADER_BYTES });
    }
    object("header", &header)
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, JoseError> {
    base64url::decode(text).map_err(|_| JoseError::Base64 { part })
}

fn object(part: &'static str, bytes: &[u8]) -> Result<Map, JoseError> {
    json::parse_object(bytes).map_err(|error| JoseError::Json { part, error })
}

fn text(members: &mut Map, name: &'static str) -> Result<Option<String>, JoseError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(JoseError::Parameter { name, expected: "text" }),
    }
}

fn certificates(value: Option<Value>) -> Result<Vec<String>, JoseError> {
    const MALFORMED: JoseError = JoseError::Parameter { name: "x5c", expected: "a list of texts" };
    let items = match value {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) if !items.is_empty() => items,
        Some(_) => return Err(MALFORMED),
    };
    if items.len() > limits::CERTIFICATES {
        return Err(JoseError::TooManyCertificates { count: items.len(), limit: limits::CERTIFICATES });
    }
    let text = |item| match item {
        Value::String(text) => Ok(text),
        _ => Err(MALFORMED),
    };
    items.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys::{KeyType, SoftwareKey};

    const PLAIN: NewHeader<'_> =
        NewHeader { media_type: "vc+jwt", content_type: None, key_id: None, certificates: &[] };

    /// A token with this header and no signature.
    fn header(header: &Value) -> Result<Header, JoseError> {
        let token = format!("{}.e30.", base64url::encode(header.to_string()));
        Jws::parse(&token).map(|jws| jws.header)
    }

    #[test]
    fn what_is_signed_reads_back() {
        let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
        let certificates = ["MIIB".to_owned(), "MIIC".to_owned()];
        let new = NewHeader {
            content_type: Some("vc"),
            key_id: Some("did:example:a#b"),
            certificates: &certificates,
            ..PLAIN
        };
        let token = sign(&Map::new(), &new, &key).unwrap();
        let jws = Jws::parse(&token).unwrap();
        jws.verify(Algorithm::Ed25519, &key.public_key()).unwrap();
        assert_eq!(jws.header.media_type.as_deref(), Some("vc+jwt"));
        assert_eq!(jws.header.content_type.as_deref(), Some("vc"));
        assert_eq!(jws.header.key_id.as_deref(), Some("did:example:a#b"));
        assert_eq!(jws.header.certificates, certificates);

        let token = sign(&Map::new(), &PLAIN, &key).unwrap();
        let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
        assert_eq!(header, br#"{"alg":"Ed25519","typ":"vc+jwt"}"#);
        assert_eq!(Jws::parse(&token).unwrap().header.certificates, [""; 0]);
    }

    #[test]
    fn certificates_are_a_short_list_of_texts() {
        let chain = |count: usize| json!({ "alg": "ES256", "x5c": vec!["MIIB"; count] });
        assert_eq!(header(&chain(limits::CERTIFICATES)).unwrap().certificates.len(), limits::CERTIFICATES);
        let error = header(&chain(limits::CERTIFICATES + 1)).unwrap_err();
        assert_eq!(error.code(), "jose.too-many-certificates");
        for x5c in
            [json!("MIIB"), json!([]), json!([1]), json!(["MIIB", null]), json!([["MIIB"]]), json!({}), json!(null)]
        {
            let error = header(&json!({ "alg": "ES256", "x5c": x5c })).unwrap_err();
            assert_eq!(error.code(), "jose.parameter", "{x5c}");
        }
    }
}
