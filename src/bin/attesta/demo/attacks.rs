//! What forgers and thieves do in the demo. Each attack is carried out for real, with what an attacker has.

use attesta::did::method;
use attesta::encoding::base64url;
use attesta::encoding::json::{self, Map};
use attesta::keys::{Signer, SoftwareKey};
use attesta::presentation::{Disclose, Request, derive};
use attesta::securing::jose::{self, NewHeader};
use attesta::securing::sd_jwt;
use serde_json::{Value, json};

use super::fault;
use crate::output::Misuse;

/// Puts another district into an answer, where the true one was disclosed.
pub(super) fn change_the_district(answer: &str) -> Result<String, Misuse> {
    let changed = answer.split('~').map(|part| {
        let Ok(bytes) = base64url::decode(part) else { return part.to_owned() };
        match serde_json::from_slice::<Value>(&bytes) {
            Ok(Value::Array(parts)) if parts.get(1) == Some(&json!("district")) => {
                base64url::encode(json!([parts[0], "district", "Mid-Levels"]).to_string())
            }
            _ => part.to_owned(),
        }
    });
    Ok(changed.collect::<Vec<_>>().join("~"))
}

/// Signs the guarantee, which names its issuer, with a key of somebody else's.
pub(super) fn sign_in_its_name(guarantee: &str, thief: &SoftwareKey) -> Result<String, Misuse> {
    let (token, disclosures) = guarantee.split_once('~').unwrap_or((guarantee, ""));
    let did = method::key::from_key(&thief.public_key());
    let key_id = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let header = NewHeader { media_type: "dc+sd-jwt", content_type: None, key_id: Some(&key_id), certificates: &[] };
    let signed = jose::sign(&payload(token)?, &header, thief).map_err(|error| fault(&error))?;
    Ok(format!("{signed}~{disclosures}"))
}

/// Shows somebody's guarantee, with a key of one's own behind it.
pub(super) fn present_as_own(
    guarantee: &str,
    disclose: Disclose<'_>,
    request: &Request<'_>,
    thief: &SoftwareKey,
) -> Result<String, Misuse> {
    let shown = derive(guarantee.as_bytes(), disclose).map_err(|error| fault(&error))?;
    let bound = sd_jwt::bind(&shown, request.audience, request.nonce, request.now.unix(), thief);
    bound.map_err(|error| fault(&error))
}

fn payload(token: &str) -> Result<Map, Misuse> {
    let payload = token.split('.').nth(1).unwrap_or_default();
    let bytes = base64url::decode(payload).map_err(|error| fault(&error))?;
    json::parse_object(&bytes).map_err(|error| fault(&error))
}
