use attesta::limits;
use attesta::presentation::request::{ClientId, ClientIdPrefix, Delivery, Identity, RequestError, UnverifiedRequest};

use crate::answers::{assert_explained, assert_plain};
use crate::people::known;
use crate::plain;

/// The fewest characters of a nonce that this library writes into a request: 128 bits.
const NONCE_CHARACTERS: usize = 22;

/// Requests: what is read can be written, and reads back as the same request.
pub fn request(bytes: &[u8]) {
    let assembled = std::str::from_utf8(bytes).ok().and_then(plain::assemble);
    let bytes = assembled.as_deref().map_or(bytes, str::as_bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        client_id(text);
    }
    let request = match UnverifiedRequest::parse(bytes) {
        Ok(request) => request,
        Err(error) => return assert_explained(&error),
    };
    let is_signed = request.claimed_client_id().prefix().is_signed();
    assert_eq!(is_signed, !bytes.trim_ascii().starts_with(b"{"), "signed where it cannot be, or not where it must");
    let request = request.into_unchecked();
    client_id(request.client_id.as_str());
    assert_plain(&request.nonce);
    if let Delivery::DirectPost { response_uri } = &request.delivery {
        assert!(response_uri.starts_with("https://") && response_uri.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    assert!(
        request.expires.is_none_or(|until| request.issued_at.max(request.not_before).is_none_or(|from| from < until))
    );

    let written = match request.client_id.prefix() {
        ClientIdPrefix::RedirectUri => request.to_unsigned().map(|map| plain::on_a_line(&map)),
        ClientIdPrefix::DecentralizedIdentifier => {
            let signer = known("ngo");
            let method = format!("{}#key-1", request.client_id.original());
            let stranger = request.to_signed(&signer.key, Identity::Method(&signer.method));
            assert!(stranger.is_err() || request.client_id.original() == signer.did(), "signed as somebody else");
            request.to_signed(&signer.key, Identity::Method(&method))
        }
        _ => return,
    };
    match written {
        Ok(written) if written.len() > limits::REQUEST_BYTES => {}
        Ok(written) => {
            let again = UnverifiedRequest::parse(written.as_bytes()).expect("what was written is a request");
            assert_eq!(again.into_unchecked(), request);
        }
        Err(error) => {
            assert_explained(&error);
            assert!(request.nonce.len() < NONCE_CHARACTERS, "it was read and cannot be written: {error}");
        }
    }
}

fn client_id(text: &str) {
    let id = match ClientId::parse(text) {
        Ok(id) => id,
        Err(error @ (RequestError::Prefix | RequestError::ClientId { .. })) => return assert_explained(&error),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(format!("{}:{}", id.prefix().name(), id.original()), text);
    assert_plain(&id.to_string());
    assert!(id.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
    let again = match id.prefix() {
        ClientIdPrefix::DecentralizedIdentifier => ClientId::of_did(id.original()),
        ClientIdPrefix::X509SanDns => ClientId::of_dns_name(id.original()),
        ClientIdPrefix::RedirectUri => ClientId::of_redirect_uri(id.original()),
        _ => return,
    };
    assert_eq!(again, Ok(id));
}
