use attesta::encoding::base64url;
use attesta::encoding::json;
use attesta::keys::Signer as _;
use attesta::limits;
use attesta::securing::jose::{Jws, is_media_type};
use attesta::securing::{Shape, sniff};

use crate::answers::assert_explained;
use crate::people::PEOPLE;
use crate::plain;

/// Tokens: what is read is what stands there, and nothing holds that nobody signed.
pub fn jose(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let signer = plain::signed_by(text).and_then(|(signer, _)| signer);
    let token = plain::assemble(text).unwrap_or_else(|| text.to_owned());
    let jws = match Jws::parse(&token) {
        Ok(jws) => jws,
        Err(error) => return assert_explained(&error),
    };
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("a token of {} parts", parts.len()) };
    assert_eq!(jws.signing_input(), format!("{header}.{payload}").as_bytes());
    for part in [header, payload, signature] {
        let decoded = base64url::decode(part).expect("each part was read");
        assert_eq!(base64url::encode(decoded), part, "a second text for the same bytes");
    }
    let members = json::parse_object(&base64url::decode(header).expect("it was read")).expect("it was read");
    assert_eq!(Some(&*jws.header.algorithm_name), members["alg"].as_str());
    assert_eq!(jws.header.key_id.as_deref(), members.get("kid").and_then(|kid| kid.as_str()));
    assert_eq!(jws.header.has_critical, members.contains_key("crit"));
    assert!(jws.header.certificates.len() <= limits::CERTIFICATES);
    if let Err(error) = &jws.header.algorithm {
        assert_explained(error);
    }
    if let Some(typ) = &jws.header.media_type {
        assert!(
            is_media_type(typ, typ) || typ.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("application/"))
        );
    }
    if token.trim_ascii() == token && token.len() <= limits::DOCUMENT_BYTES {
        assert_eq!(sniff(token.as_bytes()).ok(), Some(Shape::CompactJws(&token)));
    }
    // What is in plain form was signed with that key, and with no other.
    if let Some(signer) = signer {
        let algorithm = signer.key.algorithm();
        let other = PEOPLE.iter().find(|person| person.key.algorithm() == algorithm && person.name != signer.name);
        assert!(jws.verify(algorithm, &signer.key.public_key()).is_ok());
        assert!(other.is_none_or(|other| jws.verify(algorithm, &other.key.public_key()).is_err()));
    }
}
