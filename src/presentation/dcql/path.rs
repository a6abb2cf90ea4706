use std::fmt;

use crate::credential::kind::Kind;
use crate::encoding::json::{Map, Value};
use crate::encoding::pointer::{position, push_escaped, unescaped};
use crate::error::Explain;
use crate::limits;

/// One step of a claims path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// The member of that name.
    Member(String),
    /// The item at that position, from 0.
    Index(u64),
    /// All items: `null` in JSON.
    All,
}

impl From<&str> for Step {
    fn from(name: &str) -> Self {
        Self::Member(name.to_owned())
    }
}

impl From<String> for Step {
    fn from(name: String) -> Self {
        Self::Member(name)
    }
}

impl From<u64> for Step {
    fn from(position: u64) -> Self {
        Self::Index(position)
    }
}

/// A claims path pointer into a JSON-based credential (OpenID4VP 1.0, section 7).
///
/// Displayed like a JSON pointer, with `*` for all items of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

/// Why a path selects nothing, or a JSON pointer is no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// A name where there is no object.
    #[error("the path names a member of something that has no members")]
    NotAnObject,
    /// A position, or all items, where there is no list.
    #[error("the path counts items of something that is no list")]
    NotAList,
    /// Nothing stands there.
    #[error("nothing stands at the path")]
    Nothing,
    /// More elements than are read.
    #[error("the path selects more than {limit} elements")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// No JSON pointer (RFC 6901) to something below the root.
    #[error("a JSON pointer that begins with / was expected")]
    Pointer,
    /// More steps than are read.
    #[error("the path has more than {limit} steps")]
    TooLong {
        /// The ceiling.
        limit: usize,
    },
    /// A claim that no credential of the kind has.
    #[error("claim {number}: a {} has no such claim", .kind.in_words())]
    NotInKind {
        /// Which of the claims that were named, from 1.
        number: usize,
        /// The kind.
        kind: Kind,
    },
}

impl Explain for PathError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject => "dcql.path.not-an-object",
            Self::NotAList => "dcql.path.not-a-list",
            Self::Nothing => "dcql.path.nothing",
            Self::TooMany { .. } => "dcql.path.too-many",
            Self::Pointer => "dcql.path.pointer",
            Self::TooLong { .. } => "dcql.path.too-long",
            Self::NotInKind { .. } => "dcql.path.not-in-kind",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::NotAnObject | Self::NotAList | Self::Nothing => "Compare the path with an example of the credential.",
            Self::TooMany { .. } | Self::TooLong { .. } => "Ask for less at once.",
            Self::Pointer => "Write it like /address/district.",
            Self::NotInKind { .. } => "Compare it with the schema or the example of the kind.",
        }
    }
}

/// Whether items of lists stand where the issuer put them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Positions {
    /// As issued.
    AsIssued,
    /// Items before them may have been taken away with what was not disclosed.
    MovedUp,
}

/// An element that a path selects: its value, and the positions that stand for the path's lists.
pub(super) struct Selected<'v> {
    pub(super) value: &'v Value,
    positions: Vec<usize>,
}

impl Path {
    /// A path of these steps. An empty one selects nothing.
    pub fn new<S: Into<Step>>(steps: impl IntoIterator<Item = S>) -> Self {
        Self(steps.into_iter().map(Into::into).collect())
    }

    /// The path of a JSON pointer (RFC 6901). A token that is written like a position in a list, such as `0` or `12`,
    /// becomes one.
    ///
    /// # Errors
    /// [`PathError::Pointer`] where it does not begin with `/` or has a `~` that is no escape; [`PathError::TooLong`].
    pub fn from_pointer(pointer: &str) -> Result<Self, PathError> {
        let tokens = pointer.strip_prefix('/').ok_or(PathError::Pointer)?;
        let mut steps = Vec::new();
        for token in tokens.split('/') {
            if steps.len() == limits::DCQL_PATH_STEPS {
                return Err(PathError::TooLong { limit: limits::DCQL_PATH_STEPS });
            }
            steps.push(match position(token).and_then(|position| u64::try_from(position).ok()) {
                Some(position) => Step::Index(position),
                None => Step::Member(unescaped(token).ok_or(PathError::Pointer)?),
            });
        }
        Ok(Self(steps))
    }

    /// The place that it leads to in any credential: a JSON pointer, `0` for each item of a list.
    pub(crate) fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.0 {
            place.push('/');
            match step {
                Step::Member(name) => push_escaped(&mut place, name),
                Step::Index(_) | Step::All => place.push('0'),
            }
        }
        place
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// JSON pointers to all that the path selects in these claims, in document order.
    ///
    /// # Errors
    /// [`PathError`] where the processing of section 7.1.1 ends with an error.
    pub fn pointers(&self, claims: &Map) -> Result<Vec<String>, PathError> {
        let selected = self.select(claims, Positions::AsIssued)?;
        Ok(selected.iter().map(|element| self.pointer_to(element)).collect())
    }

    /// "1. Select the root element of the Credential. 2. Process the query of the claims path pointer array from left
    /// to right" (OpenID4VP 1.0, section 7.1.1).
    pub(super) fn select<'v>(&self, claims: &'v Map, positions: Positions) -> Result<Vec<Selected<'v>>, PathError> {
        let Some((Step::Member(name), rest)) = self.0.split_first() else { return Err(PathError::NotAList) };
        let mut selected: Vec<Selected<'v>> =
            claims.get(name).map(|value| Selected { value, positions: Vec::new() }).into_iter().collect();
        // Off-spec: an answer lacks the items that were not disclosed, so a position there is at most what it was. An
        // item that took another's place may be of another type, and must not spoil the answer.
        let mut has_moved = false;
        for step in rest {
            let mut next = Vec::with_capacity(selected.len());
            for element in selected {
                match (step, element.value) {
                    (Step::Member(name), Value::Object(members)) => {
                        // "If the key does not exist in any element currently selected, remove that element."
                        next.extend(members.get(name).map(|value| Selected { value, ..element }));
                    }
                    (Step::All, Value::Array(items)) => take(items, 0, items.len(), &element, &mut next)?,
                    (Step::Index(position), Value::Array(items)) => {
                        // "If the index does not exist in a selected array, remove that array from the selection."
                        let at = usize::try_from(*position).unwrap_or(usize::MAX);
                        match positions {
                            Positions::AsIssued => take(items, at, at.saturating_add(1), &element, &mut next)?,
                            Positions::MovedUp => take(items, 0, at.saturating_add(1), &element, &mut next)?,
                        }
                    }
                    _ if has_moved => {}
                    // "If any of the currently selected element(s) is not an object, abort processing and return an
                    // error", and likewise for arrays: of the whole path, not of the one element.
                    (Step::Member(_), _) => return Err(PathError::NotAnObject),
                    (Step::All | Step::Index(_), _) => return Err(PathError::NotAList),
                }
            }
            has_moved |= positions == Positions::MovedUp && matches!(step, Step::Index(_));
            selected = next;
        }
        // "3. If the set of elements currently selected is empty, abort processing and return an error."
        if selected.is_empty() { Err(PathError::Nothing) } else { Ok(selected) }
    }

    pub(super) fn pointer_to(&self, element: &Selected<'_>) -> String {
        let mut positions = element.positions.iter();
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                Step::Member(name) => push_escaped(&mut pointer, name),
                Step::Index(_) | Step::All => {
                    pointer.push_str(&positions.next().map(ToString::to_string).unwrap_or_default());
                }
            }
        }
        pointer
    }
}

/// Adds the items `from..until` to what is selected.
fn take<'v>(
    items: &'v [Value],
    from: usize,
    until: usize,
    list: &Selected<'v>,
    next: &mut Vec<Selected<'v>>,
) -> Result<(), PathError> {
    let until = until.min(items.len());
    if next.len() + until.saturating_sub(from) > limits::DCQL_SELECTED {
        return Err(PathError::TooMany { limit: limits::DCQL_SELECTED });
    }
    next.extend(items.iter().enumerate().take(until).skip(from).map(|(position, value)| {
        let mut positions = Vec::with_capacity(list.positions.len() + 1);
        positions.extend_from_slice(&list.positions);
        positions.push(position);
        Selected { value, positions }
    }));
    Ok(())
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                Step::Member(name) => {
                    let mut escaped = String::new();
                    push_escaped(&mut escaped, name);
                    write!(f, "/{}", super::query::shown(&escaped))?;
                }
                Step::Index(position) => write!(f, "/{position}")?,
                Step::All => f.write_str("/*")?,
            }
        }
        Ok(())
    }
}
