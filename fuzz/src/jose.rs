use attesta::encoding::base64url;
use attesta::encoding::json;
use attesta::keys::Signer as _;
use attesta::limits;
use attesta::securing::jose::{Jws, is_media_type};
use attesta::securing::{Shape, sniff};

use crate::answers::assert_explained;
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
        assert!(jws.verify(algorithm, &signer.key.public_key()).is_ok());
        for other in signer.others() {
            assert!(jws.verify(algorithm, &other.key.public_key()).is_err(), "{} signed it too", other.name);
        }
        // Nor does the signature fit anything else that could be read.
        let changed = json::parse_object(&base64url::decode(payload).expect("it was read")).map(|mut claims| {
            claims.insert("added after signing".to_owned(), true.into());
            format!("{header}.{}.{signature}", base64url::encode(plain::on_a_line(&claims)))
        });
        for other in [Ok(format!("{header}.{header}.{signature}")), changed].into_iter().flatten() {
            let is_same = other == token;
            let fits = |jws: Jws| jws.verify(algorithm, &signer.key.public_key()).is_ok();
            assert!(is_same || !Jws::parse(&other).is_ok_and(fits), "what was changed holds");
        }
    }
}
