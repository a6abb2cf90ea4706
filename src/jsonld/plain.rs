//! Members that are not written in plain words.

use serde_json::Value;

use crate::encoding::json::Map;
use crate::encoding::pointer::push_name;
use crate::limits;

/// Keywords that stand for no member of anything: a value and what it is, a list, a set.
const OF_VALUES: [&str; 6] = ["@value", "@language", "@direction", "@type", "@list", "@set"];

/// The first member, as a JSON pointer, that is named by a keyword or an address instead of a word of a context.
///
/// JSON-LD lets a document write `credentialStatus` as `https://www.w3.org/2018/credentials#credentialStatus`, or put it
/// under `@nest`, and the RDF is the same, and so is its signature. A reader of JSON looks for the word, and would take a
/// revoked credential for one that has no status at all. What stands under the names in `apart` is not looked at, nor is
/// any `@context`.
pub fn first_disguised(document: &Map, apart: &[&str]) -> Option<String> {
    let inner = document.iter().filter(|(name, _)| !apart.contains(&name.as_str()));
    in_members(inner, document.contains_key("@value"), limits::JSON_DEPTH).map(|steps| {
        steps.iter().rev().fold(String::new(), |mut pointer, step| {
            push_name(&mut pointer, step);
            pointer
        })
    })
}

/// The steps to it, the innermost first.
fn in_members<'a>(
    members: impl IntoIterator<Item = (&'a String, &'a Value)>,
    is_value: bool,
    depth: usize,
) -> Option<Vec<String>> {
    members.into_iter().filter(|(name, _)| *name != "@context").find_map(|(name, value)| {
        let is_plain = match name.strip_prefix('@') {
            Some(_) => OF_VALUES.contains(&name.as_str()) && (is_value || matches!(name.as_str(), "@list" | "@set")),
            None => !name.bytes().any(|byte| byte == b':'),
        };
        if !is_plain {
            return Some(vec![name.clone()]);
        }
        within(name, in_value(value, depth.checked_sub(1)?))
    })
}

fn in_value(value: &Value, depth: usize) -> Option<Vec<String>> {
    match value {
        Value::Object(members) => in_members(members, members.contains_key("@value"), depth),
        Value::Array(items) => {
            let depth = depth.checked_sub(1)?;
            items.iter().enumerate().find_map(|(index, item)| within(index, in_value(item, depth)))
        }
        _ => None,
    }
}

fn within(step: impl ToString, found: Option<Vec<String>>) -> Option<Vec<String>> {
    let mut steps = found?;
    steps.push(step.to_string());
    Some(steps)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn first(document: Value) -> Option<String> {
        first_disguised(document.as_object().unwrap(), &["verifiableCredential"])
    }

    #[test]
    fn words_are_plain_and_values_say_what_they_are() {
        for document in [
            json!({}),
            json!({"@context": ["https://a.example/", {"a:b": "https://a.example/", "n": "@nest"}], "id": "urn:a"}),
            json!({"name": {"@value": "Ada", "@language": "en", "@direction": "ltr"}}),
            json!({"born": {"@value": "1990", "@type": "http://www.w3.org/2001/XMLSchema#gYear"}}),
            json!({"steps": {"@list": [{"a": 1}, "b"]}, "words": {"@set": ["a:b", "@nest"]}}),
            json!({"verifiableCredential": [{"https://a.example/": 1}]}),
            json!({"...": "a", "_sd": [], "Größe": 1, "": 2}),
        ] {
            assert_eq!(first(document.clone()), None, "{document}");
        }
    }

    #[test]
    fn keywords_and_addresses_are_found_wherever_they_stand() {
        for (document, expected) in [
            (
                json!({"https://www.w3.org/2018/credentials#credentialStatus": {"id": "urn:a"}}),
                "/https:~1~1www.w3.org~12018~1credentials#credentialStatus",
            ),
            (json!({"cred:validUntil": "2026-11-21T00:00:00Z"}), "/cred:validUntil"),
            (json!({"@nest": {"validUntil": "2026-11-21T00:00:00Z"}}), "/@nest"),
            (json!({"a": {"@included": [{"id": "urn:a"}]}}), "/a/@included"),
            (json!({"a": [{"b": 1}, [{"@reverse": {}}]]}), "/a/1/0/@reverse"),
            (json!({"a": {"@id": "urn:a"}}), "/a/@id"),
            (json!({"a": {"@type": "B"}}), "/a/@type"),
            (json!({"a": {"@value": "b", "@index": "c"}}), "/a/@index"),
            (json!({"@graph": []}), "/@graph"),
            (json!({"a": {"@list": [{"b:c": 1}]}}), "/a/@list/0/b:c"),
            (json!({"a": {"verifiableCredential": {"b:c": 1}}}), "/a/verifiableCredential/b:c"),
            (json!({"a~b": {":": 1}}), "/a~0b/:"),
        ] {
            assert_eq!(first(document.clone()).as_deref(), Some(expected), "{document}");
        }
    }

    #[test]
    fn as_deep_as_json_may_be() {
        let deep = |levels: usize| (0..levels).fold(json!({"a:b": 1}), |inner, _| json!({ "a": inner }));
        assert!(first(deep(limits::JSON_DEPTH - 1)).is_some());
        // The strict reader lets nothing through that is deeper.
        assert_eq!(first(deep(limits::JSON_DEPTH + 1)), None);
    }
}
