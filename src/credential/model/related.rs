//! `relatedResource`: digests by which a credential pins what it points to (section 5.3).

use std::collections::BTreeSet;

use super::common::{each, each_object, no_keywords, url};
use super::error::{ModelError, Path};
use crate::encoding::json::{Map, Value};

const SRI: &str = "sha256-, sha384- or sha512- and a base64 digest of that length";
const MULTIBASE: &str = "a digest in multibase, base58btc (z) or base64url (u)";

pub(super) fn related_resources(path: &Path<'_>, value: &Value) -> Result<(), ModelError> {
    let mut seen = BTreeSet::new();
    each_object(path, value, |path, resource| {
        if seen.insert(related_resource(path, resource)?) {
            return Ok(());
        }
        Err(ModelError::RepeatedResource { pointer: path.child("id").pointer() })
    })
}

fn related_resource<'a>(path: &Path<'_>, resource: &'a Map) -> Result<&'a str, ModelError> {
    no_keywords(path, resource)?;
    let id = url(&path.child("id"), resource.get("id").unwrap_or(&Value::Null))?;
    if let Some(media_type) = resource.get("mediaType") {
        let holds = media_type.as_str().is_some_and(is_media_type);
        if !holds {
            return Err(path.child("mediaType").malformed("a media type like application/json"));
        }
    }
    let sri = digest(path, resource, "digestSRI", SRI, is_sri_digest)?;
    let multibase = digest(path, resource, "digestMultibase", MULTIBASE, is_multibase)?;
    if sri || multibase { Ok(id) } else { Err(path.malformed("digestSRI or digestMultibase")) }
}

/// Whether the resource has that member: one digest or several.
fn digest(
    path: &Path<'_>,
    resource: &Map,
    name: &'static str,
    expected: &'static str,
    is_digest: fn(&str) -> bool,
) -> Result<bool, ModelError> {
    let Some(value) = resource.get(name) else { return Ok(false) };
    each(&path.child(name), value, expected, |path, item| {
        if item.as_str().is_some_and(is_digest) { Ok(()) } else { Err(path.malformed(expected)) }
    })?;
    Ok(true)
}

/// `type/subtype` of RFC 6838 section 4.2, parameters not looked into.
fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_restricted_name(kind) && is_restricted_name(subtype))
}

/// A type or subtype name of RFC 6838 section 4.2.
pub(super) fn is_restricted_name(text: &str) -> bool {
    text.len() <= 127
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

/// `hash-expression` of Subresource Integrity, section 3.5, with a digest as long as its algorithm makes it.
fn is_sri_digest(text: &str) -> bool {
    let Some((algorithm, digest)) = text.split_once('-') else { return false };
    let (characters, padding) = match algorithm {
        "sha256" => (43, "="),
        "sha384" => (64, ""),
        "sha512" => (86, "=="),
        _ => return false,
    };
    let (value, end) = digest.split_at_checked(characters).unwrap_or((digest, "short"));
    end == padding && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte))
}

/// Controlled Identifiers 1.0, section 2.4. Which digest it is shows when the resource is compared with it.
fn is_multibase(text: &str) -> bool {
    let (base, value) = text.split_at_checked(1).unwrap_or_default();
    !value.is_empty()
        && value.bytes().all(|byte| match base {
            "z" => byte.is_ascii_alphanumeric() && !b"0OIl".contains(&byte),
            "u" => byte.is_ascii_alphanumeric() || b"-_".contains(&byte),
            _ => false,
        })
}
