//! The JSON serialisations (RFC 9901 section 8, RFC 7515 section 7.2) and the compact one, into each other.

use serde_json::json;

use super::hash::is_base64url;
use super::{SdJwt, SdJwtError};
use crate::encoding::json::{Map, Value};
use crate::limits;
use crate::securing::jose::{self, JoseError};

/// Header parameters that would let whoever passes a token on choose how it is checked.
const PROTECTED_ONLY: [&str; 3] = ["alg", "crit", "x5c"];

/// Whether a document looks like one of the JSON serialisations.
pub fn is_json(document: &Map) -> bool {
    document.contains_key("payload") && (document.contains_key("signature") || document.contains_key("signatures"))
}

/// The compact text of an SD-JWT in flattened JSON serialisation, or in the general one with a single signature. Of
/// the unprotected header only `disclosures` and `kb_jwt` are kept: nothing covers the rest.
///
/// # Errors
/// [`SdJwtError`]; [`SeveralSignatures`](SdJwtError::SeveralSignatures) where there is more than one.
pub fn from_json(document: &Map) -> Result<String, SdJwtError> {
    let payload = encoded(document, "payload")?;
    let signed = signed(document)?;
    let protected = encoded(signed, "protected")?;
    let signature = encoded(signed, "signature")?;
    let empty = Map::new();
    let header = match signed.get("header") {
        None => &empty,
        Some(Value::Object(header)) => header,
        Some(_) => return Err(SdJwtError::Member { name: "header", expected: "an object" }),
    };
    check_header(header, &jose::protected(protected)?)?;
    let disclosures = match header.get("disclosures") {
        None => [].as_slice(),
        Some(Value::Array(disclosures)) => disclosures,
        Some(_) => return Err(DISCLOSURES),
    };
    if disclosures.len() > limits::DISCLOSURES {
        return Err(SdJwtError::TooManyDisclosures { limit: limits::DISCLOSURES });
    }
    let mut text = format!("{protected}.{payload}.{signature}~");
    for disclosure in disclosures {
        text.push_str(disclosure.as_str().filter(|text| is_base64url(text)).ok_or(DISCLOSURES)?);
        text.push('~');
    }
    match header.get("kb_jwt") {
        None => {}
        Some(Value::String(token)) if token.split('.').all(is_base64url) => text.push_str(token),
        Some(_) => return Err(SdJwtError::Member { name: "kb_jwt", expected: "a token" }),
    }
    Ok(text)
}

/// An SD-JWT in flattened JSON serialisation, or in the `general` one.
///
/// # Errors
/// Those of [`SdJwt::parse`].
pub fn to_json(token: &str, general: bool) -> Result<Map, SdJwtError> {
    let parsed = SdJwt::parse(token)?;
    let mut parts = parsed.text.split(['.', '~']);
    let mut part = || parts.next().ok_or(SdJwtError::Token(JoseError::Parts));
    let (protected, payload, signature) = (part()?, part()?, part()?);
    let mut header = json!({ "disclosures": parsed.disclosures });
    if let Some(key_binding) = token.strip_prefix(parsed.text).filter(|rest| !rest.is_empty()) {
        header["kb_jwt"] = key_binding.into();
    }
    let mut document = Map::new();
    let mut signed = Map::new();
    signed.insert("protected".to_owned(), protected.into());
    signed.insert("header".to_owned(), header);
    signed.insert("signature".to_owned(), signature.into());
    if general {
        document.insert("signatures".to_owned(), json!([signed]));
    } else {
        document = signed;
    }
    document.insert("payload".to_owned(), payload.into());
    Ok(document)
}

const DISCLOSURES: SdJwtError = SdJwtError::Member { name: "disclosures", expected: "a list of base64url texts" };

/// The object with the signature: the only one of `signatures`, or the document itself.
fn signed(document: &Map) -> Result<&Map, SdJwtError> {
    let Some(signatures) = document.get("signatures") else { return Ok(document) };
    // RFC 7515 section 7.2.2: the two forms are never mixed.
    if ["protected", "header", "signature"].iter().any(|name| document.contains_key(*name)) {
        return Err(SdJwtError::Member { name: "signatures", expected: "alone beside the payload" });
    }
    match signatures.as_array().map(Vec::as_slice) {
        Some([Value::Object(only)]) => Ok(only),
        Some([_, _, ..]) => Err(SdJwtError::SeveralSignatures),
        _ => Err(SdJwtError::Member { name: "signatures", expected: "a list of one object" }),
    }
}

fn check_header(unprotected: &Map, protected: &Map) -> Result<(), SdJwtError> {
    // RFC 7515 section 7.2.1: "The Header Parameter names in the two locations MUST be disjoint."
    if unprotected.keys().any(|name| protected.contains_key(name)) {
        return Err(SdJwtError::HeaderRepeated);
    }
    match PROTECTED_ONLY.into_iter().find(|name| unprotected.contains_key(*name)) {
        Some(name) => Err(SdJwtError::HeaderUnprotected { name }),
        None => Ok(()),
    }
}

/// A part of the token. Only base64url gets through, so that no part can hold the end of itself.
fn encoded<'a>(object: &'a Map, name: &'static str) -> Result<&'a str, SdJwtError> {
    match object.get(name) {
        Some(Value::String(text)) if is_base64url(text) => Ok(text),
        _ => Err(SdJwtError::Member { name, expected: "base64url text" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64url;
    use crate::error::Explain;
    use crate::securing::sd_jwt::tests::{digest, disclosure, token};

    fn compact() -> [String; 3] {
        let disclosures = [disclosure(json!(["s0", "a", 0])), disclosure(json!(["s1", "b", 1]))];
        let payload = json!({ "_sd": disclosures.each_ref().map(digest) });
        let issued = token(&payload, &disclosures);
        let bound = format!("{issued}{}", issued.split('~').next().unwrap());
        [token(&payload, &[""; 0]), issued, bound]
    }

    fn code(document: &Value) -> &'static str {
        from_json(document.as_object().unwrap()).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn both_forms_lead_back_to_the_same_text() {
        for text in compact() {
            for general in [false, true] {
                let document = to_json(&text, general).unwrap();
                assert_eq!(document.contains_key("signatures"), general);
                assert_eq!(from_json(&document).unwrap(), text);
            }
        }
        assert_eq!(to_json("a.b.c", false).unwrap_err().code(), "sd-jwt.form");
    }

    #[test]
    fn members_that_are_not_understood_are_ignored() {
        let [_, text, _] = compact();
        let mut document = Value::Object(to_json(&text, false).unwrap());
        document["header"]["kid"] = "key-1".into();
        document["header"]["x5t"] = 1.into();
        document["more"] = 1.into();
        assert_eq!(from_json(document.as_object().unwrap()).unwrap(), text);
        document.as_object_mut().unwrap().remove("header");
        assert_eq!(from_json(document.as_object().unwrap()).unwrap(), text[..=text.find('~').unwrap()]);
    }

    #[test]
    fn several_signatures_are_told_apart_from_none() {
        let [_, text, _] = compact();
        let document = Value::Object(to_json(&text, true).unwrap());
        let with = |signatures: Value| {
            let mut document = document.clone();
            document["signatures"] = signatures;
            code(&document)
        };
        let one = &document["signatures"][0];
        assert_eq!(with(json!([one])), "ok");
        assert_eq!(with(json!([one, one])), "sd-jwt.several-signatures");
        assert_eq!(with(json!([one, 1, 2])), "sd-jwt.several-signatures");
        for signatures in [json!([]), json!([1]), json!([[one]]), json!(one), json!("x"), json!(null)] {
            assert_eq!(with(signatures.clone()), "sd-jwt.member", "{signatures}");
        }
        for name in ["protected", "header", "signature"] {
            let mut mixed = document.clone();
            mixed[name] = one[name].clone();
            assert_eq!(code(&mixed), "sd-jwt.member", "{name}");
        }
    }

    #[test]
    fn each_part_is_base64url_and_there() {
        let [_, _, text] = compact();
        let document = Value::Object(to_json(&text, false).unwrap());
        for name in ["payload", "protected", "signature"] {
            let mut changed = document.clone();
            for value in [json!(null), json!(""), json!(["e30"]), json!("e30="), json!("e30.e30"), json!("e30~e30")] {
                changed[name] = value.clone();
                assert_eq!(code(&changed), "sd-jwt.member", "{name} {value}");
            }
            changed.as_object_mut().unwrap().remove(name);
            assert_eq!(code(&changed), "sd-jwt.member", "{name}");
        }
        let with = |name: &str, value: Value| {
            let mut changed = document.clone();
            changed["header"][name] = value;
            code(&changed)
        };
        let kept = &document["header"]["disclosures"][0];
        for value in [
            json!(null),
            json!(kept),
            json!({}),
            json!([1]),
            json!([kept, null]),
            json!([kept, ""]),
            json!([format!("{}~", kept.as_str().unwrap())]),
            json!(["A.A.A"]),
        ] {
            assert_eq!(with("disclosures", value.clone()), "sd-jwt.member", "{value}");
        }
        assert_eq!(with("disclosures", json!(vec!["A"; limits::DISCLOSURES])), "ok");
        assert_eq!(with("disclosures", json!(vec!["A"; limits::DISCLOSURES + 1])), "sd-jwt.too-many-disclosures");
        for value in
            [json!(null), json!(1), json!(""), json!("A~A.A.A"), json!("A.A.A~"), json!(["A.A.A"]), json!("A..A")]
        {
            assert_eq!(with("kb_jwt", value.clone()), "sd-jwt.member", "{value}");
        }
        let mut changed = document.clone();
        changed["header"] = json!([]);
        assert_eq!(code(&changed), "sd-jwt.member");
    }

    #[test]
    fn what_decides_stands_in_the_protected_header_alone() {
        let [_, text, _] = compact();
        let document = Value::Object(to_json(&text, false).unwrap());
        let with = |name: &str, value: Value| {
            let mut changed = document.clone();
            changed["header"][name] = value;
            code(&changed)
        };
        assert_eq!(with("alg", json!("Ed25519")), "sd-jwt.header-repeated");
        assert_eq!(with("typ", json!("dc+sd-jwt")), "sd-jwt.header-repeated");
        assert_eq!(with("x5c", json!(["MIIB"])), "sd-jwt.header-unprotected");
        assert_eq!(with("crit", json!(["x"])), "sd-jwt.header-unprotected");
        let mut moved = document.clone();
        moved["protected"] = base64url::encode(r#"{"typ":"dc+sd-jwt"}"#).into();
        moved["header"]["alg"] = "Ed25519".into();
        assert_eq!(code(&moved), "sd-jwt.header-unprotected");
        moved["protected"] = base64url::encode("[]").into();
        assert_eq!(code(&moved), "json.not-an-object");
        moved["protected"] = base64url::encode(" ".repeat(limits::JOSE_HEADER_BYTES + 1)).into();
        assert_eq!(code(&moved), "jose.header-too-large");
    }
}
