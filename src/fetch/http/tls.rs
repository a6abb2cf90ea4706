//! TLS as it is used here: 1.2 and 1.3, no session that a server could recognise us by.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::HttpError;
use crate::limits;

/// With the library's own roots, and these.
pub(super) fn configuration(authorities: &[u8]) -> Result<ClientConfig, HttpError> {
    if !is_processor_supported() {
        return Err(HttpError::Processor);
    }
    if authorities.len() > limits::AUTHORITIES_BYTES {
        return Err(HttpError::Authorities { reason: "they are too many" });
    }
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let known = roots.len();
    for certificate in CertificateDer::pem_slice_iter(authorities) {
        let certificate = certificate.map_err(|_| HttpError::Authorities { reason: "this is no PEM" })?;
        roots.add(certificate).map_err(|_| HttpError::Authorities { reason: "one is no certificate" })?;
    }
    if roots.len() == known && !authorities.is_empty() {
        return Err(HttpError::Authorities { reason: "there is no certificate" });
    }
    let provider = Arc::new(rustls_graviola::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut configuration = builder.map_err(|_| HttpError::Start)?.with_root_certificates(roots).with_no_client_auth();
    // A resumed session would tell a server that the same computer asks again.
    configuration.resumption = Resumption::disabled();
    Ok(configuration)
}

/// What the cryptography beneath TLS demands, and would panic without.
#[cfg(target_arch = "x86_64")]
fn is_processor_supported() -> bool {
    is_x86_feature_detected!("aes")
        && is_x86_feature_detected!("pclmulqdq")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("adx")
        && is_x86_feature_detected!("avx")
        && is_x86_feature_detected!("avx2")
}

/// What the cryptography beneath TLS demands, and would panic without.
#[cfg(target_arch = "aarch64")]
fn is_processor_supported() -> bool {
    use std::arch::is_aarch64_feature_detected;
    is_aarch64_feature_detected!("neon")
        && is_aarch64_feature_detected!("aes")
        && is_aarch64_feature_detected!("pmull")
        && is_aarch64_feature_detected!("sha2")
}
