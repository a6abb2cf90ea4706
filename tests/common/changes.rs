//! Every small change that can be made to a JSON document.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Map, Value, json};

/// A document after one change.
pub(crate) struct Change {
    /// What was changed, as a sentence says it.
    pub(crate) what: String,
    pub(crate) document: Value,
}

/// The document after each change: at every place the value altered, of another type, taken away, given another name;
/// in every object a member more; in every list an item more, an item twice, and two neighbours exchanged.
pub(crate) fn changes(document: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    for pointer in pointers(document) {
        let mut change = |what: &str, edit: &dyn Fn(&mut Value)| {
            let mut changed = document.clone();
            if let Some(value) = changed.pointer_mut(&pointer) {
                edit(value);
            }
            // Two equal neighbours exchanged are no change.
            if changed != *document {
                found.push(Change { what: format!("{what} at \"{pointer}\""), document: changed });
            }
        };
        match document.pointer(&pointer) {
            Some(Value::Object(object)) => {
                change("a member added", &|value| drop(members(value).insert("added".to_owned(), true.into())));
                for name in object.keys() {
                    change(&format!("{name} removed"), &|value| drop(members(value).remove(name)));
                    change(&format!("{name} renamed"), &|value| {
                        let member = members(value).remove(name);
                        members(value).insert(format!("{name}2"), member.unwrap_or_default());
                    });
                    for other in others(&object[name]) {
                        change(&format!("{name} set to {other}"), &|value| {
                            members(value).insert(name.clone(), other.clone());
                        });
                    }
                }
            }
            Some(Value::Array(list)) => {
                change("an item added", &|value| items(value).push("https://example.com/added".into()));
                change("an item added before all", &|value| {
                    items(value).insert(0, "https://example.com/added".into());
                });
                for position in 0..list.len() {
                    change(&format!("item {position} removed"), &|value| drop(items(value).remove(position)));
                    change(&format!("item {position} doubled"), &|value| {
                        let again = items(value)[position].clone();
                        items(value).insert(position, again);
                    });
                    change(&format!("item {position} and its neighbour exchanged"), &|value| {
                        let next = (position + 1).min(list.len() - 1);
                        items(value).swap(position, next);
                    });
                    for other in others(&list[position]) {
                        change(&format!("item {position} set to {other}"), &|value| {
                            items(value)[position] = other.clone();
                        });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The pointers to the document itself and to all objects and lists in it.
fn pointers(document: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = found.get(at).cloned() {
        let below = |name: &str| format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        match document.pointer(&pointer) {
            Some(Value::Object(object)) => {
                found.extend(object.iter().filter(|(_, value)| is_nested(value)).map(|(name, _)| below(name)));
            }
            Some(Value::Array(list)) => {
                let nested = list.iter().enumerate().filter(|(_, value)| is_nested(value));
                found.extend(nested.map(|(position, _)| below(&position.to_string())));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// What could stand in a value's place: a near miss, and every other type.
fn others(value: &Value) -> Vec<Value> {
    let mut others = vec![json!(null), json!(true), json!(0), json!(""), json!([]), json!({})];
    match value {
        Value::String(text) => {
            others.extend([json!(format!("{text} ")), json!(format!("{text}\0")), json!(text.to_uppercase())]);
            others.extend([json!([text]), json!({ "id": text })]);
            let mut shorter = text.clone();
            shorter.pop();
            others.push(json!(shorter));
            // The first character that is a letter or digit, exchanged for its neighbour.
            let letter = |c: char| c.is_ascii_alphanumeric();
            others.push(json!(text.replacen(letter, "x", 1)));
        }
        Value::Number(number) => others.push(json!(number.as_f64().unwrap_or_default() + 1.0)),
        Value::Bool(truth) => others.push(json!(!truth)),
        Value::Null => {}
        Value::Array(list) => others.push(list.first().cloned().unwrap_or(json!([[]]))),
        // A proof alone in a list is the same proof, so an object is not wrapped.
        Value::Object(_) => {}
    }
    others.retain(|other| other != value);
    others
}

fn members(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}

fn items(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().unwrap()
}
