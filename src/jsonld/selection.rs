//! Selections of a document's members by JSON pointers (VC-DI-ECDSA 1.0, section 3.4.13).

use std::collections::BTreeMap;

use super::error::JsonLdError;
use crate::encoding::json::Map;
use crate::encoding::pointer::Pointer;

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
                if !pointer.leads_into(document) {
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
