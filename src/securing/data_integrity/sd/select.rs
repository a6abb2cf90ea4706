//! Which part of a document JSON pointers take in (VC-DI-ECDSA 1.0, sections 3.4.10 to 3.4.13).

use std::collections::BTreeMap;

use serde_json::Value;

use super::SdError;
use crate::encoding::json::Map;
use crate::encoding::pointer::{Pointer, position};
use crate::limits;

/// Pointers as the tree that they are, so that a document is walked once, however many there are.
#[derive(Default)]
struct Node {
    is_whole: bool,
    inner: BTreeMap<String, Node>,
}

/// Pointers to places that the document has.
pub(super) fn parse<T: AsRef<str>>(document: &Map, pointers: &[T]) -> Result<Vec<Pointer>, SdError> {
    if pointers.len() > limits::SD_POINTERS {
        return Err(SdError::TooManyPointers { limit: limits::SD_POINTERS });
    }
    let parse = |text: &str| {
        let pointer = Pointer::parse(text).filter(|pointer| pointer.leads_into(document));
        pointer.ok_or_else(|| SdError::PointerUnknown { pointer: text.to_owned() })
    };
    pointers.iter().map(|text| parse(text.as_ref())).collect()
}

/// What stands at the pointers, and for each object on the way its `@context`, `id` and `type`.
///
/// Off-spec: a blank node's own `id` is taken along too, as what is said of the node elsewhere would part from it.
pub(super) fn select<'p>(document: &Map, pointers: impl IntoIterator<Item = &'p Pointer>) -> Result<Map, SdError> {
    let mut root = Node::default();
    for pointer in pointers {
        let mut node = &mut root;
        for step in pointer.steps() {
            node = node.inner.entry(step.clone()).or_default();
        }
        node.is_whole = true;
    }
    match (root.is_whole, root.inner.is_empty()) {
        (true, _) => Ok(document.clone()),
        (false, true) => Err(SdError::Nothing),
        (false, false) => Ok(of_object(document, &root)),
    }
}

/// As deep as the document is: each step leads into it.
fn of_object(source: &Map, node: &Node) -> Map {
    let is_kept = |name: &str| matches!(name, "@context" | "id" | "@id" | "type" | "@type");
    let mut selected = Map::new();
    for (name, value) in source {
        match node.inner.get(name) {
            Some(inner) => {
                selected.insert(name.clone(), of_value(value, inner));
            }
            None if is_kept(name) => {
                selected.insert(name.clone(), value.clone());
            }
            None => {}
        }
    }
    selected
}

fn of_value(source: &Value, node: &Node) -> Value {
    match source {
        _ if node.is_whole => source.clone(),
        Value::Object(members) => Value::Object(of_object(members, node)),
        Value::Array(items) => {
            let mut chosen: Vec<(usize, &Node)> =
                node.inner.iter().filter_map(|(step, inner)| Some((position(step)?, inner))).collect();
            chosen.sort_unstable_by_key(|(position, _)| *position);
            // Section 3.4.13: "Make array dense".
            chosen.into_iter().filter_map(|(position, inner)| Some(of_value(items.get(position)?, inner))).collect()
        }
        other => other.clone(),
    }
}
