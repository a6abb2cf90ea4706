//! did:key: the DID is the key (W3C CCG, did:key v0.9).

use super::MethodError;
use crate::did::verification_method::Relationships;
use crate::did::{Did, Document, PublicKeyFormat, ResolutionError, ResolutionOptions, VerificationMethod};
use crate::keys::{KeyType, PublicKey};

pub(super) const PREFIX: &str = "did:key:";

/// The DID of a key.
pub fn from_key(key: &PublicKey) -> String {
    format!("{PREFIX}{}", key.to_multikey())
}

/// The key of a DID, without making its document.
///
/// Off-spec: the method's algorithm also reads `did:key:VERSION:KEY`, and its grammar base64url keys. The grammar has
/// no version and the algorithm no base64url, so what both allow is read: `did:key:z`. Each key has one DID.
///
/// # Errors
/// [`MethodError`].
pub fn public_key(did: &str) -> Result<PublicKey, MethodError> {
    let multikey = did.strip_prefix(PREFIX).ok_or(MethodError::Prefix { prefix: PREFIX })?;
    Ok(PublicKey::from_multikey(multikey)?)
}

/// The document of a DID. Its one method is named by the DID and the multibase value, and serves for signatures or,
/// if the key is X25519, for key agreement.
///
/// # Errors
/// [`ResolutionError`].
pub fn resolve(did: &Did, options: &ResolutionOptions) -> Result<Document, ResolutionError> {
    let key = public_key(did.as_str())?;
    let method_type = match options.public_key_format.unwrap_or(PublicKeyFormat::Multikey) {
        PublicKeyFormat::Multikey => "Multikey",
        PublicKeyFormat::JsonWebKey => "JsonWebKey",
    };
    let method = |multikey: &str, key, listed| {
        VerificationMethod::of_key(format!("{did}#{multikey}"), method_type, did.as_str(), key, listed)
    };
    let agreement = if options.enable_encryption_key_derivation { key.derive_x25519() } else { None };
    let listed = if key.key_type() == KeyType::X25519 { Relationships::AGREEMENT } else { Relationships::SIGNATURES };
    let mut methods = vec![method(did.method_specific_id(), key, listed)];
    if let Some(agreement) = agreement {
        methods.push(method(&agreement.to_multikey(), agreement, Relationships::AGREEMENT));
    }
    Ok(Document::of_methods(did.as_str(), methods))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did::Relationship;
    use crate::error::Explain;

    const ED25519: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    const X25519: &str = "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p";

    fn document(did: &str, options: &ResolutionOptions) -> Document {
        resolve(&Did::parse(did).unwrap(), options).unwrap()
    }

    #[test]
    fn the_example_of_the_specification_resolves() {
        let document = document(ED25519, &ResolutionOptions::default());
        let url = format!("{ED25519}#{}", &ED25519[PREFIX.len()..]);
        for relationship in Relationship::ALL {
            assert_eq!(document.authorizes(&url, relationship), relationship != Relationship::KeyAgreement);
        }
        assert_eq!(document.verification_methods().len(), 1);
        assert_eq!(document.verification_methods()[0].controller, ED25519);
        assert_eq!(from_key(&public_key(ED25519).unwrap()), ED25519);
        assert_eq!(
            Document::from_map(&document.to_json()).unwrap().verification_methods(),
            document.verification_methods()
        );
    }

    #[test]
    fn the_encryption_key_is_derived_when_asked_for() {
        let options = ResolutionOptions { enable_encryption_key_derivation: true, ..ResolutionOptions::default() };
        let derived = document(ED25519, &options);
        let url = format!("{ED25519}#{X25519}");
        assert!(derived.authorizes(&url, Relationship::KeyAgreement));
        assert!(!derived.authorizes(&url, Relationship::AssertionMethod));
        assert_eq!(derived.verification_method(&url).unwrap().key, Ok(PublicKey::from_multikey(X25519).unwrap()));

        let agreement = document(&format!("{PREFIX}{X25519}"), &options);
        let url = format!("{PREFIX}{X25519}#{X25519}");
        assert_eq!(agreement.verification_methods().len(), 1);
        assert!(agreement.authorizes(&url, Relationship::KeyAgreement));
        assert!(!agreement.authorizes(&url, Relationship::Authentication));
    }

    #[test]
    fn keys_are_written_as_jwk_when_asked_for() {
        let options =
            ResolutionOptions { public_key_format: Some(PublicKeyFormat::JsonWebKey), ..ResolutionOptions::default() };
        let json = document(ED25519, &options).to_json();
        let method = &json["verificationMethod"][0];
        assert_eq!(method["type"], "JsonWebKey");
        assert_eq!(method["publicKeyJwk"], serde_json::json!(public_key(ED25519).unwrap().to_jwk()));
        assert!(method.get("publicKeyMultibase").is_none());
        assert!(Document::from_map(&json).unwrap().verification_methods()[0].key.is_ok());
    }

    #[test]
    fn other_ways_to_write_a_key_are_refused() {
        for (did, expected) in [
            ("", "did.prefix"),
            ("did:key", "did.prefix"),
            ("did:jwk:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did.prefix"),
            ("did:key:", "multibase.base"),
            ("did:key:6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "multibase.base"),
            ("did:key:u7QEu", "multibase.base"),
            ("did:key:1:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "multibase.base"),
            ("did:key:1.1:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "multibase.base"),
            ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0", "multibase.character"),
            ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6Mk", "multibase.character"),
            ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do", "key.unsupported-type"),
            ("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "key.unsupported-type"),
        ] {
            assert_eq!(public_key(did).map_or_else(|error| error.code(), |_| "ok"), expected, "{did}");
        }
    }
}
