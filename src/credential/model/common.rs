//! What credentials and presentations have in common: contexts, types, identifiers, texts.

use super::BASE_CONTEXT;
use super::error::{ModelError, Path};
use crate::encoding::json::{Map, Value};
use crate::time::Timestamp;

const URL: &str = "an absolute URL";
const OBJECTS: &str = "an object or an array of one or more";
const TYPES: &str = "a type or an array of one or more";
const CONTEXTS: &str = "an array that begins with https://www.w3.org/ns/credentials/v2";

/// Calls `read` for the value, or for each item where it is an array, which must not be empty.
pub(super) fn each<'a>(
    path: &Path<'_>,
    value: &'a Value,
    expected: &'static str,
    mut read: impl FnMut(&Path<'_>, &'a Value) -> Result<(), ModelError>,
) -> Result<(), ModelError> {
    match value {
        Value::Array(items) if items.is_empty() => Err(path.malformed(expected)),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| read(&path.item(index), item)),
        single => read(path, single),
    }
}

/// Calls `read` for the object, or for each of an array of objects.
pub(super) fn each_object<'a>(
    path: &Path<'_>,
    value: &'a Value,
    mut read: impl FnMut(&Path<'_>, &'a Map) -> Result<(), ModelError>,
) -> Result<(), ModelError> {
    each(path, value, OBJECTS, |path, item| match item {
        Value::Object(object) => read(path, object),
        _ => Err(path.malformed(OBJECTS)),
    })
}

/// Section 4.3. Inline contexts are `None`: what they define is for JSON-LD to say.
pub(super) fn contexts<'a>(path: &Path<'_>, value: &'a Value) -> Result<Vec<Option<&'a str>>, ModelError> {
    let Value::Array(items) = value else { return Err(path.malformed(CONTEXTS)) };
    if items.first().and_then(Value::as_str) != Some(BASE_CONTEXT) {
        return Err(path.malformed(CONTEXTS));
    }
    items.iter().enumerate().map(|(index, item)| context(&path.item(index), item)).collect()
}

pub(super) fn context<'a>(path: &Path<'_>, value: &'a Value) -> Result<Option<&'a str>, ModelError> {
    match value {
        Value::String(text) if text == BASE_CONTEXT || is_absolute_url(text) => Ok(Some(text)),
        Value::Object(_) => Ok(None),
        _ => Err(path.malformed("an absolute URL or an object")),
    }
}

/// The `type` of a credential or presentation: `required` is among them.
///
/// Off-spec: `refused` is not. What calls itself both a credential and a presentation is read as neither, so that no
/// two readers take it for different things.
pub(super) fn types<'a>(
    path: &Path<'_>,
    value: &'a Value,
    required: &str,
    refused: &str,
    expected: &'static str,
) -> Result<Vec<&'a str>, ModelError> {
    let mut types = Vec::with_capacity(value.as_array().map_or(1, Vec::len));
    each(path, value, expected, |path, item| {
        types.push(type_name(path, item)?);
        Ok(())
    })?;
    let holds = types.contains(&required) && !types.contains(&refused);
    if holds { Ok(types) } else { Err(path.malformed(expected)) }
}

/// Whether `wanted` is among the types of an object, without a judgement on the others.
pub(super) fn has_type(object: &Map, wanted: &str) -> bool {
    match object.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name.as_str() == Some(wanted)),
        _ => false,
    }
}

/// Section 4.5: a term or an absolute URL. What has a colon can only be the latter.
fn type_name<'a>(path: &Path<'_>, value: &'a Value) -> Result<&'a str, ModelError> {
    match value {
        Value::String(name) if is_term(name) || is_absolute_url(name) => Ok(name),
        _ => Err(path.malformed("a term or an absolute URL")),
    }
}

fn is_term(name: &str) -> bool {
    !name.is_empty() && !name.contains(':') && !is_keyword(name)
}

/// Section 4.4.
pub(super) fn url<'a>(path: &Path<'_>, value: &'a Value) -> Result<&'a str, ModelError> {
    match value {
        Value::String(text) if is_absolute_url(text) => Ok(text),
        _ => Err(path.malformed(URL)),
    }
}

/// What `issuer` and `holder` are: a URL, or an object whose `id` is one.
pub(super) fn url_or_object<'a>(path: &Path<'_>, value: &'a Value) -> Result<&'a str, ModelError> {
    match value {
        Value::Object(object) => {
            no_keywords(path, object)?;
            let id = object.get("id").ok_or_else(|| path.child("id").malformed(URL))?;
            url(&path.child("id"), id)
        }
        other => url(path, other),
    }
}

/// An object with a type and, if it has one, an `id` that is a URL (sections 4.4, 4.5).
pub(super) fn typed(path: &Path<'_>, object: &Map) -> Result<(), ModelError> {
    let mut has_type = false;
    for (name, value) in object {
        match name.as_str() {
            "id" => url(&path.child("id"), value).map(drop)?,
            "type" => {
                let path = path.child("type");
                each(&path, value, TYPES, |path, item| type_name(path, item).map(drop))?;
                has_type = true;
            }
            name => no_keyword(path, name)?,
        }
    }
    if has_type { Ok(()) } else { Err(path.child("type").malformed(TYPES)) }
}

/// Section 4.9: `xsd:dateTimeStamp`.
pub(super) fn timestamp(path: &Path<'_>, value: &Value) -> Result<Timestamp, ModelError> {
    let moment = value.as_str().and_then(|text| Timestamp::parse(text).ok());
    moment.ok_or_else(|| path.malformed("a date and time like 2026-03-31T09:30:00Z"))
}

/// Section 11.1: a string, a language value object, or an array of such objects.
pub(super) fn text(path: &Path<'_>, value: &Value) -> Result<(), ModelError> {
    match value {
        Value::String(_) => Ok(()),
        other => each(path, other, "a string or a language value object", language_value),
    }
}

fn language_value(path: &Path<'_>, value: &Value) -> Result<(), ModelError> {
    const EXPECTED: &str = "an object of @value and, if need be, @language and @direction";
    let Value::Object(object) = value else { return Err(path.malformed(EXPECTED)) };
    for (name, value) in object {
        match (name.as_str(), value.as_str()) {
            ("@value", Some(_)) => {}
            ("@value", None) => return Err(path.child("@value").malformed("a string")),
            ("@language", Some(tag)) if is_language_tag(tag) => {}
            ("@language", _) => return Err(path.child("@language").malformed("a language tag (BCP 47)")),
            ("@direction", Some("ltr" | "rtl")) => {}
            ("@direction", _) => return Err(path.child("@direction").malformed("ltr or rtl")),
            _ => return Err(path.malformed(EXPECTED)),
        }
    }
    if object.contains_key("@value") { Ok(()) } else { Err(path.child("@value").malformed("a string")) }
}

/// Off-spec: an object of JSON-LD's own making (`@value`, `@set`, `@graph`, `@id` in place of `id`) is refused wherever
/// the data model has a member of its own, as a reader without JSON-LD would see another document than one with it.
pub(super) fn no_keywords(path: &Path<'_>, object: &Map) -> Result<(), ModelError> {
    object.keys().try_for_each(|name| no_keyword(path, name))
}

fn no_keyword(path: &Path<'_>, name: &str) -> Result<(), ModelError> {
    if is_keyword(name) && name != "@context" {
        return Err(ModelError::Keyword { pointer: path.pointer() });
    }
    Ok(())
}

/// The form that JSON-LD 1.1 keeps for its keywords (section 1.7): `@` and letters.
pub(super) fn is_keyword(name: &str) -> bool {
    name.strip_prefix('@').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// The shape of a well-formed language tag (RFC 5646 section 2.1): subtags of one to eight letters and digits, the
/// first of letters alone. A subtag of one character announces others, so it stands last only in private use.
pub(in crate::credential) fn is_language_tag(tag: &str) -> bool {
    let private = |subtag: &str| subtag.eq_ignore_ascii_case("x");
    let subtags_hold = tag
        .split('-')
        .all(|subtag| matches!(subtag.len(), 1..=8) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let first = tag.split('-').next().unwrap_or_default();
    let first_holds = first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (first.len() > 1 || private(first) || first.eq_ignore_ascii_case("i"));
    let mut from_last = tag.rsplit('-');
    let last_holds = from_last.next().is_some_and(|last| last.len() > 1) || from_last.any(private);
    subtags_hold && first_holds && last_holds
}

/// Whether a text is an absolute URL: `scheme:` and at least one more character, all of them characters of RFC 3986,
/// percent signs before two hexadecimal digits, and one `#` at most.
pub(crate) fn is_absolute_url(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(colon) = bytes.iter().position(|byte| !is_scheme_byte(*byte)) else { return false };
    let (scheme, rest) = bytes.split_at(colon);
    let Some(rest) = rest.strip_prefix(b":") else { return false };
    let scheme_holds = scheme.first().is_some_and(u8::is_ascii_alphabetic);
    scheme_holds && !rest.is_empty() && has_url_form(rest)
}

fn has_url_form(rest: &[u8]) -> bool {
    let mut fragments = 0;
    let mut position = 0;
    while let Some(&byte) = rest.get(position) {
        match URL_BYTES[usize::from(byte)] {
            Class::Plain => {}
            Class::Fragment => fragments += 1,
            Class::Percent => match rest.get(position + 1..position + 3) {
                Some([high, low]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => position += 2,
                _ => return false,
            },
            Class::Refused => return false,
        }
        position += 1;
    }
    fragments <= 1
}

fn is_scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

#[derive(Clone, Copy)]
enum Class {
    Refused,
    Plain,
    Percent,
    Fragment,
}

/// unreserved, gen-delims and sub-delims of RFC 3986 section 2.
const URL_BYTES: [Class; 256] = {
    let mut table = [Class::Refused; 256];
    let plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=";
    let mut index = 0;
    while index < plain.len() {
        table[plain[index] as usize] = Class::Plain;
        index += 1;
    }
    table[b'%' as usize] = Class::Percent;
    table[b'#' as usize] = Class::Fragment;
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_urls_are_told_from_other_texts() {
        for url in [
            "https://id.example/things#123",
            "did:example:1234abcd",
            "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
            "http://[2001:db8::7]/c=GB?objectClass?one",
            "did:web:example.org%3A8443:issuer",
            "data:application/vc+jwt,eyJh.eyJi.c2ln",
            "a:b",
        ] {
            assert!(is_absolute_url(url), "{url}");
        }
        for text in [
            "",
            ":",
            "https",
            "https:",
            "://host",
            "//host/path",
            "/path",
            "#fragment",
            "1a:b",
            "+a:b",
            "ht tp://a",
            "https ://not-a-url",
            "https://a b",
            "https://a\n",
            "https://a#b#c",
            "https://a/%",
            "https://a/%4",
            "https://a/%zz",
            "https://é.example",
            "https://a/<b>",
            "https://a\\b",
            "ｈttps://a",
        ] {
            assert!(!is_absolute_url(text), "{text}");
        }
    }

    #[test]
    fn language_tags_have_the_form_of_bcp_47() {
        for tag in ["en", "zh-Hant-HK", "de-1996", "x-ngo", "x-a", "i-klingon", "en-x-a", "sl-rozaj-biske", "yue"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["", "e", "x", "i", "en-", "-en", "en--GB", "en_GB", "en-a", "12", "abcdefghi", "en-abcdefghi", "é"]
        {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
