//! DID Resolution 1.0: from a DID to its document.

pub(super) mod accept;
mod error;
mod options;
mod result;

pub use error::ResolutionError;
pub use options::{PublicKeyFormat, ResolutionOptions};
pub use result::ResolutionResult;

use super::method::webvh::{Identifier, Log};
use super::method::{self, MethodError};
use super::{Did, Document};
use crate::encoding::json::Map;

/// What is at hand about a DID that does not carry its document itself. Whoever hands it over answers for where it
/// comes from.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Record<'a> {
    /// The document that stands at the DID's own address (did:web), or that the other party told (the short form of
    /// did:peer).
    Document(&'a Document),
    /// The log of the DID (did:webvh), which was checked for it.
    Log(&'a Log),
    /// The answer of somebody else's resolver, to the same options.
    Answer(&'a ResolutionResult),
}

/// Resolves a DID that carries its own keys: did:key, did:jwk and did:peer.
pub fn resolve(did: &str, options: &ResolutionOptions) -> ResolutionResult {
    resolve_from(did, None, options)
}

/// Resolves a DID with what is at hand about it. A DID that carries its own keys needs nothing.
///
/// The order of the checks is that of DID Resolution 1.0, "DID Resolution Algorithm": the DID, its method, what the
/// method supports, whether the options make sense, and then the method itself.
pub fn resolve_from(did: &str, record: Option<Record<'_>>, options: &ResolutionOptions) -> ResolutionResult {
    let outcome = found(did, record, options);
    ResolutionResult::of(outcome, options)
}

/// How a DID leads to its document.
enum Way<'a> {
    Key,
    Jwk,
    Peer(Result<Document, ResolutionError>),
    Given(Record<'a>),
}

fn found(
    did: &str,
    record: Option<Record<'_>>,
    options: &ResolutionOptions,
) -> Result<(Option<Document>, Map), ResolutionError> {
    let did = Did::parse(did)?;
    let way = match (did.method(), record) {
        ("key", _) => Way::Key,
        ("jwk", _) => Way::Jwk,
        ("peer", record) => match (method::peer::resolve(&did), record) {
            (Some(outcome), _) => Way::Peer(outcome),
            (None, Some(record)) => Way::Given(record),
            (None, None) => Way::Peer(Err(ResolutionError::NotFound)),
        },
        ("web", Some(record @ Record::Document(_)))
        | ("webvh", Some(record @ Record::Log(_)))
        | (_, Some(record @ Record::Answer(_))) => Way::Given(record),
        _ => return Err(ResolutionError::MethodNotSupported),
    };
    is_supported(&way, options)?;
    is_valid(options)?;
    match did.method() {
        "web" => drop(method::web::address(&did).map_err(MethodError::from)?),
        "webvh" => drop(Identifier::parse(&did).map_err(MethodError::from)?),
        _ => {}
    }
    match way {
        Way::Key => whole(method::key::resolve(&did, options)?),
        Way::Jwk => whole(method::jwk::resolve(&did)?),
        Way::Peer(outcome) => whole(outcome?),
        Way::Given(Record::Document(document)) if document.id() == did.as_str() => whole(document.clone()),
        Way::Given(Record::Log(log)) if *log.identifier().did() == did => log.answer(options),
        Way::Given(Record::Document(_) | Record::Log(_)) => Err(ResolutionError::OtherDocument),
        Way::Given(Record::Answer(answer)) => answer.answers(&did),
    }
}

fn whole(document: Document) -> Result<(Option<Document>, Map), ResolutionError> {
    Ok((Some(document), Map::new()))
}

/// "Determine whether the input DID resolution options are supported."
fn is_supported(way: &Way<'_>, options: &ResolutionOptions) -> Result<(), ResolutionError> {
    let has_versions = matches!(way, Way::Given(Record::Log(_) | Record::Answer(_)));
    let has_format = match options.public_key_format {
        None => true,
        Some(PublicKeyFormat::JsonWebKey) => matches!(way, Way::Key | Way::Jwk),
        Some(PublicKeyFormat::Multikey) => matches!(way, Way::Key),
    };
    for (feature, is_unsupported) in [
        ("versionId", options.version_id.is_some() && !has_versions),
        ("versionTime", options.version_time.is_some() && !has_versions),
        ("versionNumber", options.version_number.is_some() && !has_versions),
        ("enableEncryptionKeyDerivation", options.enable_encryption_key_derivation && !matches!(way, Way::Key)),
        ("publicKeyFormat", !has_format),
    ] {
        if is_unsupported {
            return Err(ResolutionError::FeatureNotSupported { feature });
        }
    }
    Ok(())
}

/// "Determine whether the input DID resolution options are valid."
fn is_valid(options: &ResolutionOptions) -> Result<(), ResolutionError> {
    let versions = [options.version_id.is_some(), options.version_time.is_some(), options.version_number.is_some()];
    if versions.into_iter().filter(|is_given| *is_given).count() > 1 {
        return Err(ResolutionError::InvalidOptions { option: "versionId, versionTime or versionNumber: one of them" });
    }
    match options.accept.as_deref().map(accept::accepts_did_documents) {
        None | Some(Some(true)) => Ok(()),
        Some(Some(false)) => Err(ResolutionError::RepresentationNotSupported),
        Some(None) => Err(ResolutionError::InvalidOptions { option: "accept" }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::time::Timestamp;

    const ED25519: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    const P256: &str = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";

    fn with(change: impl FnOnce(&mut ResolutionOptions)) -> ResolutionOptions {
        let mut options = ResolutionOptions::default();
        change(&mut options);
        options
    }

    fn error(did: &str, options: &ResolutionOptions) -> Option<String> {
        let result = resolve(did, options);
        assert_eq!(result.document.is_none(), result.error.is_some());
        result.error.map(|error| error.name().to_owned())
    }

    #[test]
    fn the_checks_come_in_the_order_of_the_specification() {
        let version = |options: &mut ResolutionOptions| options.version_id = Some("1".to_owned());
        let bad_accept = |options: &mut ResolutionOptions| options.accept = Some("did".to_owned());
        let both = with(|options| {
            version(options);
            bad_accept(options);
        });
        assert_eq!(error("key:z", &both), Some("INVALID_DID".to_owned()));
        assert_eq!(error("did:web:example.org", &both), Some("METHOD_NOT_SUPPORTED".to_owned()));
        assert_eq!(error(ED25519, &both), Some("FEATURE_NOT_SUPPORTED".to_owned()));
        assert_eq!(error(ED25519, &with(bad_accept)), Some("INVALID_OPTIONS".to_owned()));
        assert_eq!(error("did:key:zzz", &with(bad_accept)), Some("INVALID_OPTIONS".to_owned()));
        let xml = with(|options| options.accept = Some("application/xml".to_owned()));
        assert_eq!(error(ED25519, &xml), Some("REPRESENTATION_NOT_SUPPORTED".to_owned()));
        assert_eq!(error("did:key:zzz", &ResolutionOptions::default()), Some("FEATURE_NOT_SUPPORTED".to_owned()));
        assert_eq!(error("did:key:z0", &ResolutionOptions::default()), Some("INVALID_DID".to_owned()));
        let time = with(|options| options.version_time = Timestamp::from_unix(0).ok());
        assert_eq!(error(ED25519, &time), Some("FEATURE_NOT_SUPPORTED".to_owned()));
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
                "detail": "the DID's method is none of those that are resolved without material: key, jwk, peer",
            } })
        );
    }
}
