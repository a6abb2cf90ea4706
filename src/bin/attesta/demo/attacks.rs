//! What forgers and thieves do in the demo. Each attack is carried out for real, with what an attacker has.

use attesta::credential::model;
use attesta::did::method;
use attesta::encoding::base64url;
use attesta::encoding::json::{self, Map};
use attesta::keys::{Signer, SoftwareKey};
use attesta::presentation::Request;
use attesta::securing::jose::{self, NewHeader};
use serde_json::{Value, json};

use super::fault;
use crate::output::Misuse;

/// Writes another flat into a signed guarantee and leaves the signature as it was.
pub(super) fn change_the_flat(guarantee: &str) -> Result<String, Misuse> {
    let mut document = payload(guarantee)?;
    if let Some(Value::Object(address)) =
        document.get_mut("credentialSubject").and_then(|subject| subject.get_mut("address"))
    {
        address.insert("flat".to_owned(), "A".into());
        address.insert("floor".to_owned(), "28".into());
    }
    let parts: Vec<&str> = guarantee.split('.').collect();
    let changed = base64url::encode(Value::Object(document).to_string());
    Ok([parts[0], &changed, parts[2]].join("."))
}

/// Signs the guarantee, which names its issuer, with a key of somebody else's.
pub(super) fn sign_in_its_name(guarantee: &str, thief: &SoftwareKey) -> Result<String, Misuse> {
    sign(&payload(guarantee)?, "vc", thief)
}

/// Wraps somebody's guarantee into a presentation of one's own.
pub(super) fn present_as_own(guarantee: &str, request: &Request<'_>, thief: &SoftwareKey) -> Result<String, Misuse> {
    let document = json!({
        "@context": [model::BASE_CONTEXT],
        "type": [model::PRESENTATION_TYPE],
        "verifiableCredential": [{
            "@context": model::BASE_CONTEXT,
            "id": format!("data:application/vc+jwt,{guarantee}"),
            "type": model::ENVELOPED_CREDENTIAL_TYPE,
        }],
        "aud": request.audience,
        "nonce": request.nonce,
    });
    let Value::Object(document) = document else { return Ok(String::new()) };
    sign(&document, "vp", thief)
}

fn sign(document: &Map, content_type: &str, thief: &SoftwareKey) -> Result<String, Misuse> {
    let (media_type, method) = (format!("{content_type}+jwt"), method_of(thief));
    let header = NewHeader {
        media_type: &media_type,
        content_type: Some(content_type),
        key_id: Some(&method),
        certificates: &[],
    };
    jose::sign(document, &header, thief).map_err(|error| fault(&error))
}

fn payload(token: &str) -> Result<Map, Misuse> {
    let payload = token.split('.').nth(1).unwrap_or_default();
    let bytes = base64url::decode(payload).map_err(|error| fault(&error))?;
    json::parse_object(&bytes).map_err(|error| fault(&error))
}

fn method_of(key: &SoftwareKey) -> String {
    let did = method::key::from_key(&key.public_key());
    format!("{did}#{}", did.trim_start_matches("did:key:"))
}
