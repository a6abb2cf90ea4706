//! Selections of a document's members by JSON pointers (VC-DI-ECDSA 1.0, section 3.4.13).

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::JsonLdError;
use crate::encoding::json::Map;

/// A JSON pointer (RFC 6901), taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Takes a pointer apart: nothing, or steps that each begin with `/`.
    ///
    /// # Errors
    /// [`JsonLdError::Selection`].
    pub fn parse(text: &str) -> Result<Self, JsonLdError> {
        let malformed =
            || JsonLdError::Selection { pointer: String::new(), reason: "is not written as a JSON pointer" };
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let steps = text.strip_prefix('/').ok_or_else(malformed)?;
        let steps: Option<Vec<String>> = steps.split('/').map(unescaped).collect();
        steps.map(Self).ok_or_else(malformed)
    }

    /// The names of members and numbers of items that lead there.
    pub fn steps(&self) -> &[String] {
        &self.0
    }
}

/// Section 4: `~1` is `/`, and `~0` is `~`.
fn unescaped(step: &str) -> Option<String> {
    let mut parts = step.split('~');
    let mut name = parts.next()?.to_owned();
    for part in parts {
        name.push(match part.as_bytes().first()? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        });
        name.push_str(part.get(1..)?);
    }
    Some(name)
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|step| write!(f, "/{}", step.replace('~', "~0").replace('/', "~1")))
    }
}

/// All selections of one call, as a tree of steps.
#[derive(Default)]
pub(super) struct Selections {
    /// The selections that end here.
    pub(super) ends: u8,
    /// The selections that lead on from here.
    pub(super) through: u8,
    children: BTreeMap<String, Selections>,
}

impl Selections {
    pub(super) fn none() -> Self {
        Self::default()
    }

    pub(super) fn of(document: &Map, selections: &[&[Pointer]]) -> Result<Self, JsonLdError> {
        const MOST: usize = u8::BITS as usize;
        if selections.len() > MOST {
            return Err(JsonLdError::TooMuch { what: "selections at once", limit: MOST });
        }
        let mut root = Self::default();
        for (number, pointers) in selections.iter().enumerate() {
            let bit = 1 << number;
            for pointer in *pointers {
                if !leads_somewhere(document, pointer.steps()) {
                    return Err(JsonLdError::Selection { pointer: pointer.to_string(), reason: "leads nowhere" });
                }
                let mut at = &mut root;
                for step in pointer.steps() {
                    at.through |= bit;
                    at = at.children.entry(step.clone()).or_default();
                }
                at.ends |= bit;
            }
        }
        Ok(root)
    }

    pub(super) fn child(&self, step: &str) -> Option<&Self> {
        self.children.get(step)
    }
}

fn leads_somewhere(document: &Map, steps: &[String]) -> bool {
    let Some((first, rest)) = steps.split_first() else { return true };
    let Some(mut value) = document.get(first) else { return false };
    for step in rest {
        let next = match value {
            Value::Object(map) => map.get(step),
            // RFC 6901, section 4: digits without a leading zero.
            Value::Array(items) if step == "0" || !step.starts_with(['0', '+']) => {
                step.parse::<usize>().ok().and_then(|index| items.get(index))
            }
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return false,
        }
    }
    true
}
