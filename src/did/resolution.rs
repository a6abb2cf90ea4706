//! DID Resolution 1.0: from a DID to its document.

use std::str::FromStr;

use serde_json::json;

use super::document::DocumentError;
use super::method::{self, MethodError};
use super::{Did, DidError, Document};
use crate::encoding::json::Map;
use crate::error::Explain;
use crate::keys::KeyError;
use crate::limits;
use crate::time::Timestamp;

/// The media type of DID documents (DID 1.1).
const CONTENT_TYPE: &str = "application/did";

/// What a caller may ask for (DID Resolution 1.0, "DID Resolution Options", and the did:key method). The default asks
/// for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolutionOptions {
    /// `accept`: media types in the form of an HTTP `Accept` header.
    pub accept: Option<String>,
    /// `expandRelativeUrls`: make the document's relative URLs absolute.
    pub expand_relative_urls: bool,
    /// `versionId`: that version of the document.
    pub version_id: Option<String>,
    /// `versionTime`: the version that was current then.
    pub version_time: Option<Timestamp>,
    /// `noCache`: do not answer from a cache. Nothing is cached here.
    pub no_cache: bool,
    /// `enableEncryptionKeyDerivation` (did:key): list the X25519 key that an Ed25519 key leads to.
    pub enable_encryption_key_derivation: bool,
    /// `publicKeyFormat` (did:key): how keys are written. Each method has its own default.
    pub public_key_format: Option<PublicKeyFormat>,
}

/// How a document writes keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKeyFormat {
    /// `Multikey` with `publicKeyMultibase`.
    Multikey,
    /// `JsonWebKey` with `publicKeyJwk`, which VC-JOSE-COSE asks for.
    JsonWebKey,
}

impl FromStr for PublicKeyFormat {
    type Err = ResolutionError;

    fn from_str(name: &str) -> Result<Self, ResolutionError> {
        match name {
            "Multikey" => Ok(Self::Multikey),
            "JsonWebKey" => Ok(Self::JsonWebKey),
            _ => Err(ResolutionError::InvalidOptions { option: "publicKeyFormat" }),
        }
    }
}

/// Why a DID does not resolve (DID Resolution 1.0, "Errors").
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolutionError {
    /// Not a DID.
    #[error("not a DID: {0}")]
    InvalidDid(#[from] DidError),
    /// A DID whose method says that it is malformed: the key that it carries is refused.
    #[error(transparent)]
    InvalidMethodId(MethodError),
    /// A key type that this library does not have.
    #[error("the DID carries {0}")]
    UnsupportedKey(KeyError),
    /// A method that this resolver does not have.
    #[error("the DID's method is none of those that are resolved here: key, jwk")]
    MethodNotSupported,
    /// An option that this method does not have.
    #[error("the DID's method does not support the option {feature}")]
    FeatureNotSupported {
        /// The option.
        feature: &'static str,
    },
    /// An option that makes no sense.
    #[error("the option {option} has no valid value")]
    InvalidOptions {
        /// The option.
        option: &'static str,
    },
    /// None of the accepted media types is to be had.
    #[error("only application/did is to be had, and the option accept does not allow it")]
    RepresentationNotSupported,
    /// There is no such DID, or no such version of it.
    #[error("there is no such DID, or no such version of it")]
    NotFound,
    /// The document is malformed.
    #[error("the DID document is malformed: {0}")]
    InvalidDidDocument(#[from] DocumentError),
}

impl From<MethodError> for ResolutionError {
    fn from(error: MethodError) -> Self {
        match error {
            MethodError::Key(key @ KeyError::UnsupportedType) => Self::UnsupportedKey(key),
            error => Self::InvalidMethodId(error),
        }
    }
}

impl ResolutionError {
    /// The name that the specification gives it, such as `INVALID_DID`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::InvalidDid(_) | Self::InvalidMethodId(_) => "INVALID_DID",
            Self::MethodNotSupported => "METHOD_NOT_SUPPORTED",
            Self::FeatureNotSupported { .. } | Self::UnsupportedKey(_) => "FEATURE_NOT_SUPPORTED",
            Self::InvalidOptions { .. } => "INVALID_OPTIONS",
            Self::RepresentationNotSupported => "REPRESENTATION_NOT_SUPPORTED",
            Self::NotFound => "NOT_FOUND",
            Self::InvalidDidDocument(_) => "INVALID_DID_DOCUMENT",
        }
    }

    /// The error as a problem object (RFC 9457): `type`, `title`, `detail`.
    pub fn to_json(&self) -> Map {
        let title = match self.name() {
            "INVALID_DID" => "The DID is invalid",
            "METHOD_NOT_SUPPORTED" => "The DID method is not supported",
            "FEATURE_NOT_SUPPORTED" => "A requested feature is not supported",
            "INVALID_OPTIONS" => "The resolution options are invalid",
            "REPRESENTATION_NOT_SUPPORTED" => "The requested representation is not supported",
            "NOT_FOUND" => "The DID was not found",
            _ => "The DID document is invalid",
        };
        let mut map = Map::new();
        map.insert("type".to_owned(), format!("https://www.w3.org/ns/did#{}", self.name()).into());
        map.insert("title".to_owned(), title.into());
        map.insert("detail".to_owned(), self.to_string().into());
        map
    }
}

impl Explain for ResolutionError {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidDid(error) => error.code(),
            Self::InvalidMethodId(error) => error.code(),
            Self::UnsupportedKey(error) => error.code(),
            Self::InvalidDidDocument(error) => error.code(),
            Self::MethodNotSupported => "resolution.method-not-supported",
            Self::FeatureNotSupported { .. } => "resolution.feature-not-supported",
            Self::InvalidOptions { .. } => "resolution.invalid-options",
            Self::RepresentationNotSupported => "resolution.representation-not-supported",
            Self::NotFound => "resolution.not-found",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::InvalidDid(error) => error.hint(),
            Self::InvalidMethodId(error) => error.hint(),
            Self::UnsupportedKey(error) => error.hint(),
            Self::InvalidDidDocument(error) => error.hint(),
            Self::MethodNotSupported => "Supply the DID's document yourself, obtained from a resolver that you trust.",
            Self::FeatureNotSupported { .. } | Self::InvalidOptions { .. } => "Leave the option out.",
            Self::RepresentationNotSupported => "Leave the option accept out, or let it be application/did.",
            Self::NotFound => "Check the DID with whoever gave it to you.",
        }
    }
}

/// The answer to a resolution (DID Resolution 1.0, "DID Resolution").
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct ResolutionResult {
    /// `didDocument`: the document; none if resolution failed or the DID is deactivated.
    pub document: Option<Document>,
    /// `didResolutionMetadata.error`.
    pub error: Option<ResolutionError>,
    /// `didDocumentMetadata`: what the method knows of the document, such as `created` and `deactivated`.
    pub document_metadata: Map,
    expand_relative_urls: bool,
}

impl ResolutionResult {
    /// The result that a method's outcome makes.
    pub(crate) fn of(outcome: Result<Document, ResolutionError>, options: &ResolutionOptions) -> Self {
        let (document, error) = match outcome {
            Ok(document) => (Some(document), None),
            Err(error) => (None, Some(error)),
        };
        let expand_relative_urls = options.expand_relative_urls;
        Self { document, error, document_metadata: Map::new(), expand_relative_urls }
    }

    /// The result as JSON: `didResolutionMetadata`, `didDocument`, `didDocumentMetadata`.
    pub fn to_json(&self) -> Map {
        let document = self.document.as_ref().map(|document| {
            if self.expand_relative_urls { document.to_json_with_absolute_urls() } else { document.to_json() }
        });
        let mut metadata = Map::new();
        if let Some(error) = &self.error {
            metadata.insert("error".to_owned(), error.to_json().into());
        } else if document.is_some() {
            metadata.insert("contentType".to_owned(), CONTENT_TYPE.into());
        }
        let mut map = Map::new();
        map.insert("didResolutionMetadata".to_owned(), metadata.into());
        map.insert("didDocument".to_owned(), json!(document));
        map.insert("didDocumentMetadata".to_owned(), self.document_metadata.clone().into());
        map
    }
}

/// Resolves a DID that carries its own keys: did:key and did:jwk.
///
/// The order of the checks is that of DID Resolution 1.0, "DID Resolution Algorithm": the DID, its method, what the
/// method supports (these have no versions), whether the options make sense, and then the method itself.
pub fn resolve(did: &str, options: &ResolutionOptions) -> ResolutionResult {
    ResolutionResult::of(document_of(did, options), options)
}

fn document_of(did: &str, options: &ResolutionOptions) -> Result<Document, ResolutionError> {
    let did = Did::parse(did)?;
    let is_jwk = match did.method() {
        "key" => false,
        "jwk" => true,
        _ => return Err(ResolutionError::MethodNotSupported),
    };
    let wants_multikey = options.public_key_format == Some(PublicKeyFormat::Multikey);
    for (feature, is_unsupported) in [
        ("versionId", options.version_id.is_some()),
        ("versionTime", options.version_time.is_some()),
        ("enableEncryptionKeyDerivation", is_jwk && options.enable_encryption_key_derivation),
        ("publicKeyFormat", is_jwk && wants_multikey),
    ] {
        if is_unsupported {
            return Err(ResolutionError::FeatureNotSupported { feature });
        }
    }
    if let Some(accept) = &options.accept
        && !accepts_did_documents(accept).ok_or(ResolutionError::InvalidOptions { option: "accept" })?
    {
        return Err(ResolutionError::RepresentationNotSupported);
    }
    if is_jwk { method::jwk::resolve(&did) } else { method::key::resolve(&did, options) }
}

/// Whether an `Accept` value allows `application/did`, by its most specific range (RFC 9110 section 12.5.1); `None`
/// if it has no valid form. The two media types of DID 1.0 count as the one that replaced them.
fn accepts_did_documents(accept: &str) -> Option<bool> {
    if accept.len() > limits::TRANSACTION_CHARACTERS {
        return None;
    }
    let mut best = (0, accept.trim().is_empty());
    for range in split_unquoted(accept, ',')? {
        let parts = split_unquoted(range, ';')?;
        let (media_type, parameters) = parts.split_first()?;
        if media_type.is_empty() && parameters.is_empty() {
            continue;
        }
        let (kind, subtype) = media_type.split_once('/')?;
        if !is_token(kind) || !is_token(subtype) || (kind == "*" && subtype != "*") {
            return None;
        }
        let mut is_wanted = true;
        for parameter in parameters {
            let (name, value) = parameter.split_once('=')?;
            if !is_token(name) {
                return None;
            }
            if name.eq_ignore_ascii_case("q") {
                is_wanted = weight(value)? > 0;
            }
        }
        let specificity = match media_type.to_ascii_lowercase().as_str() {
            CONTENT_TYPE => 4,
            "application/did+json" | "application/did+ld+json" => 3,
            "application/*" => 2,
            "*/*" => 1,
            _ => continue,
        };
        if specificity > best.0 || (specificity == best.0 && is_wanted) {
            best = (specificity, is_wanted);
        }
    }
    Some(best.1)
}

/// The trimmed parts between separators that stand outside quotes; `None` if a quote is left open.
fn split_unquoted(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (position, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if character == separator && !is_quoted => {
                parts.push(text[start..position].trim_matches([' ', '\t']));
                start = position + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim_matches([' ', '\t']));
    (!is_quoted).then_some(parts)
}

/// `token` of RFC 9110 section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// `qvalue` of RFC 9110 section 12.4.2, in thousandths.
fn weight(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u32 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (thousandths <= 1000).then_some(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    const P256: &str = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";

    fn with(change: impl FnOnce(&mut ResolutionOptions)) -> ResolutionOptions {
        let mut options = ResolutionOptions::default();
        change(&mut options);
        options
    }

    fn error(did: &str, options: &ResolutionOptions) -> Option<&'static str> {
        let result = resolve(did, options);
        assert_eq!(result.document.is_none(), result.error.is_some());
        result.error.map(|error| error.name())
    }

    #[test]
    fn the_checks_come_in_the_order_of_the_specification() {
        let version = |options: &mut ResolutionOptions| options.version_id = Some("1".to_owned());
        let bad_accept = |options: &mut ResolutionOptions| options.accept = Some("did".to_owned());
        let both = with(|options| {
            version(options);
            bad_accept(options);
        });
        assert_eq!(error("key:z", &both), Some("INVALID_DID"));
        assert_eq!(error("did:web:example.org", &both), Some("METHOD_NOT_SUPPORTED"));
        assert_eq!(error(ED25519, &both), Some("FEATURE_NOT_SUPPORTED"));
        assert_eq!(error(ED25519, &with(bad_accept)), Some("INVALID_OPTIONS"));
        assert_eq!(error("did:key:zzz", &with(bad_accept)), Some("INVALID_OPTIONS"));
        let xml = with(|options| options.accept = Some("application/xml".to_owned()));
        assert_eq!(error(ED25519, &xml), Some("REPRESENTATION_NOT_SUPPORTED"));
        assert_eq!(error("did:key:zzz", &ResolutionOptions::default()), Some("FEATURE_NOT_SUPPORTED"));
        assert_eq!(error("did:key:z0", &ResolutionOptions::default()), Some("INVALID_DID"));
        let time = with(|options| options.version_time = Timestamp::from_unix(0).ok());
        assert_eq!(error(ED25519, &time), Some("FEATURE_NOT_SUPPORTED"));
        assert_eq!(error(ED25519, &with(|options| options.no_cache = true)), None);
        assert_eq!("XML".parse::<PublicKeyFormat>().unwrap_err().name(), "INVALID_OPTIONS");
    }

    #[test]
    fn a_result_is_written_as_the_specification_has_it() {
        let found = resolve(P256, &ResolutionOptions::default()).to_json();
        let multikey = &P256["did:key:".len()..];
        let url = format!("{P256}#{multikey}");
        assert_eq!(
            serde_json::Value::from(found),
            json!({
                "didResolutionMetadata": { "contentType": "application/did" },
                "didDocument": {
                    "@context": ["https://www.w3.org/ns/did/v1.1"],
                    "id": P256,
                    "verificationMethod": [
                        { "id": url, "type": "Multikey", "controller": P256, "publicKeyMultibase": multikey },
                    ],
                    "authentication": [url],
                    "assertionMethod": [url],
                    "capabilityInvocation": [url],
                    "capabilityDelegation": [url],
                },
                "didDocumentMetadata": {},
            })
        );
        let failed = resolve("did:web:example.org", &ResolutionOptions::default()).to_json();
        assert_eq!(failed["didDocument"], json!(null));
        assert_eq!(failed["didDocumentMetadata"], json!({}));
        assert_eq!(
            failed["didResolutionMetadata"],
            json!({ "error": {
                "type": "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED",
                "title": "The DID method is not supported",
                "detail": "the DID's method is none of those that are resolved here: key, jwk",
            } })
        );
    }

    #[test]
    fn accept_is_read_as_http_reads_it() {
        for accept in [
            "",
            "*/*",
            "application/did",
            "Application/DID; q=0.5",
            "text/html, application/*;q=0.001",
            "application/did+ld+json",
            "application/did;profile=\"a,b;c\"",
            "*/*;q=0, application/did",
            ",application/did,",
        ] {
            assert_eq!(accepts_did_documents(accept), Some(true), "{accept}");
        }
        for accept in
            ["text/html", "application/did;q=0, */*", "*/*;q=0", "application/json", "application/did;q=0.000"]
        {
            assert_eq!(accepts_did_documents(accept), Some(false), "{accept}");
        }
        for accept in [
            "did",
            "*/did",
            "application/",
            "/did",
            "application/did;q=2",
            "application/did;q=1.001",
            "a/b;q=0.0001",
            "a/b;q=-1",
            "a/b;q",
            "a b/c",
            "a/b;p=\"",
            "a/b/c",
            "é/b",
            ";q=1",
        ] {
            assert_eq!(accepts_did_documents(accept), None, "{accept}");
        }
        assert_eq!(accepts_did_documents(&"a/b,".repeat(limits::TRANSACTION_CHARACTERS)), None);
    }
}
