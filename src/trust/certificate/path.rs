//! Whether a chain leads to an anchor: path validation (RFC 5280 section 6) by `webpki`, with this library's own
//! signatures, and around it what `webpki` leaves to others.

use std::time::Duration;

use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, UnixTime, alg_id,
};
use sha2::{Digest, Sha256, Sha384};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert};

use super::error::CertificateError;
use super::parse::Certificate;
use crate::keys::{Algorithm, KeyType, PublicKey, signature_from_der};
use crate::time::Timestamp;

/// Whether the chain of these leads to `anchor`.
pub(super) fn validate(
    leaf: &Certificate,
    authorities: &[Certificate],
    anchor: &Certificate,
    at: Timestamp,
) -> Result<(), CertificateError> {
    if leaf.der == anchor.der {
        // The list pins this one certificate, whoever signed it.
        in_force(anchor, at)?;
        return for_signing(anchor);
    }
    // What stands above the anchor is not looked at. Subjects within a chain differ, so that there is one path at most.
    let length = if let Some(anchored) = authorities.iter().position(|authority| authority.der == anchor.der) {
        anchored
    } else if leaf.issuer == anchor.subject {
        0
    } else {
        let below = authorities.iter().position(|authority| authority.issuer == anchor.subject);
        below.ok_or(CertificateError::UnknownAnchor)? + 1
    };
    let authorities = authorities.get(..length).unwrap_or_default();
    // Off-spec: RFC 5280 section 6.1.1 (d) takes a name and a key from an anchor, and leaves open what else its
    // certificate says. A list that holds a certificate means all of it.
    in_force(anchor, at)?;
    for_certifying(anchor)?;
    if anchor.path_length.is_some_and(|longest| authorities.len() > longest) {
        return Err(CertificateError::PathTooLong);
    }
    let anchor_der = CertificateDer::from(&*anchor.der);
    let anchors = [anchor_from_trusted_cert(&anchor_der).map_err(in_our_words)?];
    let leaf_der = CertificateDer::from(&*leaf.der);
    let seconds = u64::try_from(at.unix()).map_err(|_| CertificateError::NotYetValid { from: leaf.from })?;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let entity = EndEntityCert::try_from(&leaf_der).map_err(in_our_words)?;
    let between: Vec<_> = authorities.iter().map(|authority| CertificateDer::from(&*authority.der)).collect();
    entity.verify_for_usage(ALGORITHMS, &anchors, &between, time, AnyUse, None, None).map_err(in_our_words)?;
    // "If a key usage extension is present, verify that the keyCertSign bit is set" (RFC 5280 section 6.1.4 (n)), which
    // `webpki` does not ask.
    authorities.iter().try_for_each(for_certifying)?;
    for_signing(leaf)
}

/// What `webpki` checks for the certificates of a path, and not for their anchor.
fn in_force(anchor: &Certificate, at: Timestamp) -> Result<(), CertificateError> {
    if anchor.has_unknown_critical {
        return Err(CertificateError::CriticalExtension);
    }
    // Both ends belong to the validity (RFC 5280 section 4.1.2.5), and it counts whole seconds.
    if at.unix() < anchor.from.unix() {
        return Err(CertificateError::NotYetValid { from: anchor.from });
    }
    if at.unix() > anchor.until.unix() {
        return Err(CertificateError::Expired { until: anchor.until });
    }
    Ok(())
}

fn for_certifying(authority: &Certificate) -> Result<(), CertificateError> {
    if !authority.is_authority {
        return Err(CertificateError::NotAnAuthority);
    }
    match authority.key_usage {
        Some(usage) if !usage.allows_certifying() => Err(CertificateError::KeyUsage),
        _ => Ok(()),
    }
}

fn for_signing(leaf: &Certificate) -> Result<(), CertificateError> {
    match leaf.key_usage {
        Some(usage) if !usage.allows_signing() => Err(CertificateError::KeyUsage),
        _ => Ok(()),
    }
}

/// Extended key usages are names for other protocols; none is registered for what is signed here.
struct AnyUse;

impl ExtendedKeyUsageValidator for AnyUse {
    fn validate(&self, mut purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        purposes.try_for_each(|purpose| purpose.map(|_| ()))
    }
}

fn in_our_words(error: Error) -> CertificateError {
    let moment = |time: UnixTime| {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_unix(seconds).ok()
    };
    match error {
        Error::CertExpired { not_after, .. } => match moment(not_after) {
            Some(until) => CertificateError::Expired { until },
            None => CertificateError::Malformed,
        },
        Error::CertNotValidYet { not_before, .. } => match moment(not_before) {
            Some(from) => CertificateError::NotYetValid { from },
            None => CertificateError::Malformed,
        },
        Error::UnknownIssuer => CertificateError::UnknownAnchor,
        Error::CaUsedAsEndEntity => CertificateError::AuthorityAsLeaf,
        Error::EndEntityUsedAsCa => CertificateError::NotAnAuthority,
        Error::PathLenConstraintViolated | Error::MaximumPathDepthExceeded => CertificateError::PathTooLong,
        // Also for directory names and URIs, whose constraints `webpki` answers with a refusal unread.
        Error::NameConstraintViolation | Error::MaximumNameConstraintComparisonsExceeded => {
            CertificateError::NameNotAllowed
        }
        Error::UnsupportedCriticalExtension => CertificateError::CriticalExtension,
        Error::InvalidSignatureForPublicKey => CertificateError::Signature,
        Error::UnsupportedSignatureAlgorithmContext(_) | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            CertificateError::UnsupportedAlgorithm
        }
        _ => CertificateError::Malformed,
    }
}

/// The key of a certificate.
pub(super) fn key(certificate: &Certificate) -> Result<PublicKey, CertificateError> {
    let algorithm = &*certificate.key_algorithm;
    let key_type = KEY_TYPES.iter().find(|(identifier, _)| identifier.as_ref() == algorithm);
    let (_, key_type) = key_type.ok_or(CertificateError::UnsupportedAlgorithm)?;
    PublicKey::from_bytes(*key_type, &certificate.key).map_err(|_| CertificateError::Malformed)
}

const KEY_TYPES: [(AlgorithmIdentifier, KeyType); 3] =
    [(alg_id::ECDSA_P256, KeyType::P256), (alg_id::ECDSA_P384, KeyType::P384), (alg_id::ED25519, KeyType::Ed25519)];

const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    &Verifier { key: KeyType::P256, hash: Hash::Sha256 },
    &Verifier { key: KeyType::P384, hash: Hash::Sha384 },
    // Many authorities keep to SHA-256 whatever the curve.
    &Verifier { key: KeyType::P384, hash: Hash::Sha256 },
    &Verifier { key: KeyType::P256, hash: Hash::Sha384 },
    &Verifier { key: KeyType::Ed25519, hash: Hash::Own },
];

/// Signatures in certificates by this library's own keys.
#[derive(Debug)]
struct Verifier {
    key: KeyType,
    hash: Hash,
}

#[derive(Debug, Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    /// Ed25519 brings its own.
    Own,
}

impl SignatureVerificationAlgorithm for Verifier {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = PublicKey::from_bytes(self.key, key).map_err(|_| InvalidSignature)?;
        let raw = |algorithm| signature_from_der(algorithm, signature).map_err(|_| InvalidSignature);
        let curve = if self.key == KeyType::P384 { Algorithm::Es384 } else { Algorithm::Es256 };
        match self.hash {
            Hash::Sha256 => key.verify_digest(&Sha256::digest(message), &raw(curve)?),
            Hash::Sha384 => key.verify_digest(&Sha384::digest(message), &raw(curve)?),
            Hash::Own => key.verify(Algorithm::Ed25519, message, signature),
        }
        .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        match self.key {
            KeyType::P384 => alg_id::ECDSA_P384,
            KeyType::Ed25519 => alg_id::ED25519,
            _ => alg_id::ECDSA_P256,
        }
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match self.hash {
            Hash::Sha256 => alg_id::ECDSA_SHA256,
            Hash::Sha384 => alg_id::ECDSA_SHA384,
            Hash::Own => alg_id::ED25519,
        }
    }
}
