//! Which part of a document JSON pointers take in (VC-DI-ECDSA 1.0, sections 3.4.10 to 3.4.13).

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::SdError;
use crate::encoding::json::Map;
use crate::encoding::pointer::{Pointer, member, position, push_position};
use crate::limits;

/// Pointers as the tree that they are, so that a document is walked once, however many there are.
#[derive(Default)]
struct Node {
    is_whole: bool,
    inner: BTreeMap<String, Node>,
}

impl Node {
    fn of<'p>(pointers: impl IntoIterator<Item = &'p Pointer>) -> Self {
        let mut root = Self::default();
        for pointer in pointers {
            let mut node = &mut root;
            for step in pointer.steps() {
                node = node.inner.entry(step.clone()).or_default();
            }
            node.is_whole = true;
        }
        root
    }
}

/// Whether a member is shown along with whatever is shown of its object.
pub fn comes_along(name: &str) -> bool {
    matches!(name, "@context" | "id" | "@id" | "type" | "@type")
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
    let root = Node::of(pointers);
    match (root.is_whole, root.inner.is_empty()) {
        (true, _) => Ok(document.clone()),
        (false, true) => Err(SdError::Nothing),
        (false, false) => Ok(of_object(document, &root)),
    }
}

/// As deep as the document is: each step leads into it.
fn of_object(source: &Map, node: &Node) -> Map {
    let mut selected = Map::new();
    for (name, value) in source {
        match node.inner.get(name) {
            Some(inner) => {
                selected.insert(name.clone(), of_value(value, inner));
            }
            None if comes_along(name) => {
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

/// What stays hidden where just this is shown: JSON pointers to members and items, the outermost of each. They are
/// positions in the whole document: those of lists move up in what is shown.
///
/// # Errors
/// [`SdError::PointerUnknown`], [`SdError::TooManyPointers`].
pub fn hidden(document: &Map, mandatory: &[&str], selective: &[&str]) -> Result<HashSet<String>, SdError> {
    let pointers = [parse(document, mandatory)?, parse(document, selective)?];
    let root = Node::of(pointers.iter().flatten());
    let mut found = HashSet::new();
    if !root.is_whole {
        hidden_in_object(document, &root, "", &mut found);
    }
    Ok(found)
}

/// As deep as the pointers, which lead into the document.
fn hidden_in_object(members: &Map, node: &Node, at: &str, found: &mut HashSet<String>) {
    for (name, value) in members {
        match node.inner.get(name) {
            Some(inner) => hidden_in_value(value, inner, member(at, name), found),
            None if comes_along(name) => {}
            None => drop(found.insert(member(at, name))),
        }
    }
}

fn hidden_in_value(value: &Value, node: &Node, at: String, found: &mut HashSet<String>) {
    match value {
        _ if node.is_whole => {}
        Value::Object(members) => hidden_in_object(members, node, &at, found),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let mut place = at.clone();
                push_position(&mut place, index);
                match node.inner.get(&index.to_string()) {
                    Some(inner) => hidden_in_value(item, inner, place, found),
                    None => drop(found.insert(place)),
                }
            }
        }
        _ => {}
    }
}

/// What a holder may show or hide of a document, an outer place before those within it: JSON pointers to all that is not
/// mandatory. What [comes along](comes_along) with an object is not among them, nor is what stands within a value with its
/// language or type, or within a list in order.
///
/// # Errors
/// [`SdError::PointerUnknown`], [`SdError::TooManyPointers`].
pub fn separable(document: &Map, mandatory: &[&str]) -> Result<Vec<String>, SdError> {
    let root = Node::of(&parse(document, mandatory)?);
    let mut found = Vec::new();
    if !root.is_whole {
        separable_in_object(document, Some(&root), "", limits::JSON_DEPTH, &mut found);
    }
    Ok(found)
}

fn separable_in_object(members: &Map, node: Option<&Node>, at: &str, depth: usize, found: &mut Vec<String>) {
    for (name, value) in members.iter().filter(|(name, _)| !comes_along(name)) {
        separable_at(value, node.and_then(|node| node.inner.get(name)), member(at, name), depth, found);
    }
}

fn separable_at(value: &Value, node: Option<&Node>, at: String, depth: usize, found: &mut Vec<String>) {
    match node {
        Some(node) if node.is_whole => return,
        Some(_) => {}
        None => found.push(at.clone()),
    }
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(members) if members.keys().any(|name| matches!(name.as_str(), "@value" | "@list")) => {}
        Value::Object(members) => separable_in_object(members, node, &at, depth, found),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let mut place = at.clone();
                push_position(&mut place, index);
                separable_at(item, node.and_then(|node| node.inner.get(&index.to_string())), place, depth, found);
            }
        }
        _ => {}
    }
}
