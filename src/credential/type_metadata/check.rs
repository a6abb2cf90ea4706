//! Whether a credential keeps what its type says of its claims.

use std::collections::HashSet;

use super::{ClaimMetadata, Disclosure, Resolved, Step, TypeMetadataError};
use crate::encoding::json::{Map, Value};
use crate::encoding::pointer::member;
use crate::limits;

/// What a path leads to in what was shown.
struct Selection<'a> {
    /// Each place with its pointer.
    places: Vec<(String, &'a Value)>,
    /// Whether something that is not shown may stand on the way.
    may_be_hidden: bool,
    /// Whether the last step was one into an object that is shown and has no such member.
    is_absent: bool,
}

impl Resolved {
    /// Checks the claims set against what the type says of its claims.
    ///
    /// `payload` has its disclosures in place; `disclosed` are the JSON pointers of what came from a disclosure, and
    /// `undisclosed` those of the objects and lists that still hold digests. A claim that may be among those counts as
    /// hidden, never as absent (section 5.6), unless the type forbids to hide it.
    ///
    /// # Errors
    /// [`TypeMetadataError`] for the first claim that does not keep the type's rules.
    pub fn check(&self, payload: &Map, disclosed: &[String], undisclosed: &[String]) -> Result<(), TypeMetadataError> {
        let disclosed: HashSet<&str> = disclosed.iter().map(String::as_str).collect();
        let undisclosed: HashSet<&str> = undisclosed.iter().map(String::as_str).collect();
        let mut budget = limits::TYPE_METADATA_PLACES;
        for claim in &self.claims {
            let selection = claim.select(payload, &undisclosed, &mut budget)?;
            let rule = claim.disclosure.unwrap_or(Disclosure::Allowed);
            for (pointer, _) in &selection.places {
                match (rule, disclosed.contains(pointer.as_str())) {
                    (Disclosure::Never, true) => return Err(TypeMetadataError::Hidden { claim: claim.shown_path() }),
                    (Disclosure::Always, false) => {
                        return Err(TypeMetadataError::Unhidden { claim: claim.shown_path() });
                    }
                    _ => {}
                }
            }
            if claim.mandatory != Some(true) || !selection.places.is_empty() {
                continue;
            }
            // Either it was never there, or it was made so that it can be hidden: the type forbids both.
            let must_be_shown = rule == Disclosure::Never && selection.is_absent;
            if must_be_shown || !selection.may_be_hidden {
                return Err(TypeMetadataError::Mandatory { claim: claim.shown_path() });
            }
        }
        Ok(())
    }
}

impl ClaimMetadata {
    /// Section 5.6.1.2, over what is shown.
    fn select<'a>(
        &self,
        payload: &'a Map,
        undisclosed: &HashSet<&str>,
        budget: &mut usize,
    ) -> Result<Selection<'a>, TypeMetadataError> {
        let structure = || TypeMetadataError::Structure { claim: self.shown_path() };
        // Step 1: the top of the credential.
        let Some((Step::Member(first), rest)) = self.path.split_first() else { return Err(structure()) };
        let value = payload.get(first);
        let mut selection = Selection {
            places: value.into_iter().map(|value| (member("", first), value)).collect(),
            may_be_hidden: value.is_none() && undisclosed.contains(""),
            is_absent: value.is_none(),
        };
        // Step 2: each component from left to right.
        for step in rest {
            let mut found = Vec::new();
            for (pointer, value) in &selection.places {
                let is_open = undisclosed.contains(pointer.as_str());
                let before = found.len();
                match (step, value) {
                    (Step::Member(name), Value::Object(members)) => {
                        found.extend(members.get(name).map(|value| (member(pointer, name), value)));
                        selection.may_be_hidden |= is_open && found.len() == before;
                    }
                    (Step::Each, Value::Array(items)) => {
                        let places = items.iter().enumerate();
                        found.extend(places.map(|(index, item)| (format!("{pointer}/{index}"), item)));
                        selection.may_be_hidden |= is_open;
                    }
                    // Items that are not shown leave no gap, so an index says nothing.
                    (Step::Item(_), Value::Array(_)) if is_open => selection.may_be_hidden = true,
                    (Step::Item(index), Value::Array(items)) => {
                        let item = usize::try_from(*index).ok().and_then(|index| items.get(index));
                        found.extend(item.map(|item| (format!("{pointer}/{index}"), item)));
                    }
                    _ => return Err(structure()),
                }
                let over = TypeMetadataError::TooMuch { limit: limits::TYPE_METADATA_PLACES };
                *budget = budget.checked_sub(1 + found.len() - before).ok_or(over)?;
            }
            let is_member = matches!(step, Step::Member(_));
            selection.is_absent = is_member && !selection.places.is_empty() && found.is_empty();
            selection.places = found;
        }
        Ok(selection)
    }
}
