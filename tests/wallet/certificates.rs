//! Certificates that were made for these tests, by OpenSSL: an authority, the same name with another key, and what they
//! certify for the key of `bank.example`.

use attesta::encoding::json;
use attesta::keys::SoftwareKey;

/// The authority.
pub(crate) const AUTHORITY: &str = "\
    MIIBdzCCAR6gAwIBAgICEAAwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwYSG9uZyBLb25nIFRlc3QgQXV0aG9yaXR5MB4XDTI2MDEw\
    MTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowIzEhMB8GA1UEAwwYSG9uZyBLb25nIFRlc3QgQXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYI\
    KoZIzj0DAQcDQgAElmKlV1IuxwD4hCjBsmXBXCZnT13OgkPzsvnUwbwyLCvdB0G/zh8etI57JuKl3rC7puGtn46Za8jSx8TQR2yu\
    T6NCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFF6a6k+CsmvoyBxceqvYJeLdMtDJMAoGCCqG\
    SM49BAMCA0cAMEQCIBwhxqh6sXZf1zl/GUvA4ddu8H44cHuNO7RMXdBDnVrWAiAE3Yx4ia/dABxQ2w4iEo5lc55dYUTiq90TzsUu\
    s/df3w==";

/// `O=Harbour Bank, CN=bank.example`, with that DNS name, by the authority, until 2046.
pub(crate) const BANK: &str = "\
    MIIBuTCCAWCgAwIBAgICEAIwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwYSG9uZyBLb25nIFRlc3QgQXV0aG9yaXR5MB4XDTI2MDEw\
    MTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowLjEVMBMGA1UEAwwMYmFuay5leGFtcGxlMRUwEwYDVQQKDAxIYXJib3VyIEJhbmswWTAT\
    BgcqhkjOPQIBBggqhkjOPQMBBwNCAAQEWMXI8sMrF296AiWn/QLFZb1NMhUJClxYDkB2JDv9gi4tn/oLd0CDWiqyxmz9aQXT2WAo\
    fjf8eTgySX27xiXio3kwdzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAXBgNVHREEEDAOggxiYW5rLmV4YW1wbGUwHQYD\
    VR0OBBYEFGzw2gm0bPA//BLOOFrdeqRYTiaFMB8GA1UdIwQYMBaAFF6a6k+CsmvoyBxceqvYJeLdMtDJMAoGCCqGSM49BAMCA0cA\
    MEQCIHhRDxJ3qrlALIzN3YHJjkyfL/y7pNBSqwQkukCxZQ3CAiAQNd6zFjDW7RZW5dQzXk2C3u7CfBnDoV89GQubAqa9vg==";

/// The same, by somebody who has the authority's name and not its key.
pub(crate) const FORGED: &str = "\
    MIIBuzCCAWCgAwIBAgICEAMwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwYSG9uZyBLb25nIFRlc3QgQXV0aG9yaXR5MB4XDTI2MDEw\
    MTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowLjEVMBMGA1UEAwwMYmFuay5leGFtcGxlMRUwEwYDVQQKDAxIYXJib3VyIEJhbmswWTAT\
    BgcqhkjOPQIBBggqhkjOPQMBBwNCAAQEWMXI8sMrF296AiWn/QLFZb1NMhUJClxYDkB2JDv9gi4tn/oLd0CDWiqyxmz9aQXT2WAo\
    fjf8eTgySX27xiXio3kwdzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAXBgNVHREEEDAOggxiYW5rLmV4YW1wbGUwHQYD\
    VR0OBBYEFGzw2gm0bPA//BLOOFrdeqRYTiaFMB8GA1UdIwQYMBaAFPOwM0htaAbJEdZbG84KFBZXsLjWMAoGCCqGSM49BAMCA0kA\
    MEYCIQCziavNQJExOPXddjc8vk4PF6fkdvNOA34D60wq9R7WBQIhAILfFDy2TZqVQzcyJhM0Gi4yJ7Y3loDEpRuOHyYJSyLf";

/// The same, by the authority, until 1 June 2026.
pub(crate) const ENDED: &str = "\
    MIIBujCCAWCgAwIBAgICEAQwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwYSG9uZyBLb25nIFRlc3QgQXV0aG9yaXR5MB4XDTI2MDEw\
    MTAwMDAwMFoXDTI2MDYwMTAwMDAwMFowLjEVMBMGA1UEAwwMYmFuay5leGFtcGxlMRUwEwYDVQQKDAxIYXJib3VyIEJhbmswWTAT\
    BgcqhkjOPQIBBggqhkjOPQMBBwNCAAQEWMXI8sMrF296AiWn/QLFZb1NMhUJClxYDkB2JDv9gi4tn/oLd0CDWiqyxmz9aQXT2WAo\
    fjf8eTgySX27xiXio3kwdzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAXBgNVHREEEDAOggxiYW5rLmV4YW1wbGUwHQYD\
    VR0OBBYEFGzw2gm0bPA//BLOOFrdeqRYTiaFMB8GA1UdIwQYMBaAFF6a6k+CsmvoyBxceqvYJeLdMtDJMAoGCCqGSM49BAMCA0gA\
    MEUCIQCk6fMcaH81opIJgRR7uWIPnSGykRR+uNoV5eknttjyVAIgYyFiQWnOT7zqvTFZlIRJIhfxFk4djm5MWIS5GavGCCw=";

/// The key of `bank.example`.
pub(crate) fn bank_key() -> SoftwareKey {
    let jwk = json::parse_object(
        br#"{"kty":"EC","crv":"P-256","x":"BFjFyPLDKxdvegIlp_0CxWW9TTIVCQpcWA5AdiQ7_YI",
             "y":"Li2f-gt3QINaKrLGbP1pBdPZYCh-N_x5ODJJfbvGJeI","d":"rEvgRJ6n_36Cmt7DS1aH5yuQ_NELLHeaZJRnLdB7qEc"}"#,
    );
    SoftwareKey::from_jwk(&jwk.unwrap()).unwrap()
}
