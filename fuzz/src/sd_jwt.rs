use attesta::encoding::json::{self, Map, Value};
use attesta::limits;
use attesta::securing::sd_jwt::{self, SdJwt, SdJwtError};

use crate::answers::assert_explained;
use crate::plain;

/// Places of one token that are tried; each takes a pass over the whole.
const PLACES: usize = 6;

/// SD-JWTs: a holder shows what was chosen, what that needs, and no more; both JSON forms lead back to the same text.
pub fn sd_jwt(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(document) = json::parse_object(bytes).ok().filter(sd_jwt::is_json) {
        match sd_jwt::from_json(&document) {
            Ok(token) => check(&token),
            Err(error) => assert_explained(&error),
        }
        return;
    }
    check(&plain::assemble(text).unwrap_or_else(|| text.to_owned()));
}

fn check(token: &str) {
    let parsed = match SdJwt::parse(token) {
        Ok(parsed) => parsed,
        Err(error) => return assert_explained(&error),
    };
    assert!(parsed.disclosures().len() <= limits::DISCLOSURES);
    assert!(token.starts_with(parsed.text()) && parsed.text().ends_with('~'));
    assert_eq!(SdJwt::parse_issued(token).is_ok(), parsed.key_binding.is_none());
    if let Some(binding) = &parsed.key_binding {
        let hash = binding.jws.payload.get("sd_hash").and_then(Value::as_str);
        assert_eq!(binding.hash_matches(&parsed), hash == Some(&*parsed.sd_hash()));
    }
    check_json(token, &parsed);

    let revealed = match parsed.reveal() {
        Ok(revealed) => revealed,
        Err(error) => {
            assert_explained(&error);
            assert_eq!(parsed.select(&[]).err(), Some(error), "what does not hold together is not passed on");
            return;
        }
    };
    assert_eq!(revealed.disclosed.len(), parsed.disclosures().len(), "each disclosure is put in one place");
    let whole = Value::Object(revealed.payload.clone());
    assert!(!has_digests(&whole), "a digest is left");
    for pointer in &revealed.disclosed {
        assert!(whole.pointer(pointer).is_some(), "nothing at {pointer}");
    }
    assert_eq!(parsed.select(&[""]).as_deref(), Ok(parsed.text()));

    let nothing = shown(&parsed, &[]);
    assert!(nothing.disclosed.is_empty());
    assert!(is_part(&Value::Object(nothing.payload), &whole), "more is shown than there is");
    for pointer in revealed.disclosed.iter().take(PLACES) {
        let shown = shown(&parsed, &[pointer]);
        let part = Value::Object(shown.payload);
        assert!(is_part(&part, &whole), "more is shown than there is");
        let last = pointer.rsplit('/').next().unwrap_or_default();
        // A list closes up, so an item may stand at another position.
        if pointer.split('/').all(|step| step.parse::<usize>().is_err()) {
            assert_eq!(part.pointer(pointer), whole.pointer(pointer), "{last} is not all there");
        }
    }
    for pointer in ["/\u{7f}", "x", "/iss/x"] {
        match parsed.select(&[pointer]) {
            Err(error @ (SdJwtError::PointerUnknown { .. } | SdJwtError::PointerNotDisclosable { .. })) => {
                assert_explained(&error);
            }
            Err(error) => panic!("{error}"),
            Ok(_) => assert!(whole.pointer(pointer).is_some(), "{pointer:?} was chosen"),
        }
    }
}

/// What is in the token with these places alone.
fn shown(parsed: &SdJwt<'_>, pointers: &[&str]) -> sd_jwt::Revealed {
    let selected = parsed.select(pointers).expect("these places can be shown");
    let parsed = SdJwt::parse_issued(&selected).expect("what is selected reads back");
    parsed.reveal().expect("what is selected holds together")
}

fn check_json(token: &str, parsed: &SdJwt<'_>) {
    for general in [false, true] {
        let document = sd_jwt::to_json(token, general).expect("it was parsed");
        assert!(sd_jwt::is_json(&document));
        match sd_jwt::from_json(&document) {
            Ok(back) => assert_eq!(back, token),
            Err(error) => {
                assert_explained(&error);
                // An empty part is no base64url there, and these members stand in the header that nobody signed.
                let header = Value::from(parsed.jws.header.certificates.clone());
                let has_empty = token.split(['.', '~']).rev().skip(1).any(str::is_empty);
                let is_taken = header_of(token)
                    .is_some_and(|header| header.contains_key("disclosures") || header.contains_key("kb_jwt"));
                let is_odd = parsed.disclosures().iter().any(|text| !text.bytes().all(is_base64url));
                assert!(has_empty || is_taken || is_odd, "{error}: {header}");
            }
        }
    }
}

fn header_of(token: &str) -> Option<Map> {
    let header = attesta::encoding::base64url::decode(token.split('.').next()?).ok()?;
    json::parse_object(&header).ok()
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn has_digests(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            ["_sd", "_sd_alg", "..."].iter().any(|name| members.contains_key(*name))
                || members.values().any(has_digests)
        }
        Value::Array(items) => items.iter().any(has_digests),
        _ => false,
    }
}

/// Whether everything in `part` stands in `whole`, list items in their order.
pub(crate) fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(name, part)| whole.get(name).is_some_and(|whole| is_part(part, whole)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            let mut rest = whole.iter();
            part.iter().all(|part| rest.any(|whole| is_part(part, whole)))
        }
        _ => part == whole,
    }
}
