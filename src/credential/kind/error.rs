//! Why claims are refused, and where.

use crate::encoding::pointer::Pointer;
use crate::error::Explain;

/// Why claims are not of their kind.
///
/// Each variant carries the JSON pointer (RFC 6901) of the member, and never its value: the message may go into logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimsError {
    /// The kind demands this member.
    #[error("{}: this member is missing", dotted(.pointer))]
    Missing {
        /// Where it should stand.
        pointer: String,
    },
    /// The kind has no such member.
    #[error("{}: this kind has no such member", dotted(.pointer))]
    Unknown {
        /// Where it stands.
        pointer: String,
    },
    /// Another JSON type was expected.
    #[error("{}: {expected} was expected", dotted(.pointer))]
    Type {
        /// Where it stands.
        pointer: String,
        /// What was expected, such as "a text".
        expected: &'static str,
    },
    /// Nothing stands there. An absent member is left out.
    #[error("{}: nothing stands there", dotted(.pointer))]
    Empty {
        /// Where it stands.
        pointer: String,
    },
    /// Longer than allowed.
    #[error("{}: longer than {limit} characters", dotted(.pointer))]
    TooLong {
        /// Where it stands.
        pointer: String,
        /// The ceiling: characters of a text, bytes of a URI or a picture.
        limit: usize,
    },
    /// A control character, or one that changes the direction or hides what stands there.
    #[error("{}: holds a character that cannot be printed", dotted(.pointer))]
    Character {
        /// Where it stands.
        pointer: String,
    },
    /// White space at the beginning or the end.
    #[error("{}: begins or ends with white space", dotted(.pointer))]
    Surrounded {
        /// Where it stands.
        pointer: String,
    },
    /// Not written as its form demands.
    #[error("{}: {expected} expected", dotted(.pointer))]
    Form {
        /// Where it stands.
        pointer: String,
        /// The form, such as "two capital letters (ISO 3166-1), such as HK, were".
        expected: &'static str,
    },
    /// None of the words of the vocabulary.
    #[error("{}: one of {} was expected", dotted(.pointer), .choices.join(", "))]
    Choice {
        /// Where it stands.
        pointer: String,
        /// The vocabulary.
        choices: &'static [&'static str],
    },
    /// More items than allowed.
    #[error("{}: more than {limit} items", dotted(.pointer))]
    TooMany {
        /// Where the list stands.
        pointer: String,
        /// The ceiling.
        limit: usize,
    },
    /// The same item twice.
    #[error("{}: stands twice", dotted(.pointer))]
    Duplicate {
        /// Where it stands the second time.
        pointer: String,
    },
    /// What stands elsewhere in the claims demands this member.
    #[error("{}: needed because {because}", dotted(.pointer))]
    Needed {
        /// Where it should stand.
        pointer: String,
        /// What demands it.
        because: &'static str,
    },
    /// A day before one that it cannot precede.
    #[error("{}: cannot be before {earlier}", dotted(.pointer))]
    Order {
        /// Where the later day stands.
        pointer: String,
        /// The member that it contradicts.
        earlier: &'static str,
    },
    /// Two members say different things, or one says what the kind cannot carry.
    #[error("{}: {why}", dotted(.pointer))]
    Contradiction {
        /// Where one of them stands.
        pointer: String,
        /// The contradiction.
        why: &'static str,
    },
}

impl ClaimsError {
    /// The JSON pointer (RFC 6901) of the member; empty for the claims as a whole.
    pub fn pointer(&self) -> &str {
        match self {
            Self::Missing { pointer }
            | Self::Unknown { pointer }
            | Self::Type { pointer, .. }
            | Self::Empty { pointer }
            | Self::TooLong { pointer, .. }
            | Self::Character { pointer }
            | Self::Surrounded { pointer }
            | Self::Form { pointer, .. }
            | Self::Choice { pointer, .. }
            | Self::TooMany { pointer, .. }
            | Self::Duplicate { pointer }
            | Self::Needed { pointer, .. }
            | Self::Order { pointer, .. }
            | Self::Contradiction { pointer, .. } => pointer,
        }
    }

    /// This error with another pointer.
    pub(crate) fn moved(mut self, to: impl FnOnce(&str) -> String) -> Self {
        match &mut self {
            Self::Missing { pointer }
            | Self::Unknown { pointer }
            | Self::Type { pointer, .. }
            | Self::Empty { pointer }
            | Self::TooLong { pointer, .. }
            | Self::Character { pointer }
            | Self::Surrounded { pointer }
            | Self::Form { pointer, .. }
            | Self::Choice { pointer, .. }
            | Self::TooMany { pointer, .. }
            | Self::Duplicate { pointer }
            | Self::Needed { pointer, .. }
            | Self::Order { pointer, .. }
            | Self::Contradiction { pointer, .. } => *pointer = to(pointer),
        }
        self
    }
}

impl Explain for ClaimsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "claims.missing",
            Self::Unknown { .. } => "claims.unknown-member",
            Self::Type { .. } => "claims.type",
            Self::Empty { .. } => "claims.empty",
            Self::TooLong { .. } => "claims.too-long",
            Self::Character { .. } => "claims.character",
            Self::Surrounded { .. } => "claims.surrounded",
            Self::Form { .. } => "claims.form",
            Self::Choice { .. } => "claims.choice",
            Self::TooMany { .. } => "claims.too-many",
            Self::Duplicate { .. } => "claims.duplicate",
            Self::Needed { .. } => "claims.needed",
            Self::Order { .. } => "claims.order",
            Self::Contradiction { .. } => "claims.contradiction",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } | Self::Needed { .. } => "Add the member; the kind's example shows how it is filled.",
            Self::Unknown { .. } => "Check its spelling against the kind's schema, or leave it out.",
            Self::Type { .. } | Self::Form { .. } => "Write it as the kind's example does.",
            Self::Empty { .. } => "Leave the member out when there is nothing to say.",
            Self::TooLong { .. } => "Shorten it.",
            Self::Character { .. } => "Type it again instead of pasting it.",
            Self::Surrounded { .. } => "Take the white space away.",
            Self::Choice { .. } => "Take the word that comes closest.",
            Self::TooMany { .. } => "Keep the items that the verifier needs.",
            Self::Duplicate { .. } => "Keep one of the two.",
            Self::Order { .. } => "Check the two days; they are written year, month, day.",
            Self::Contradiction { .. } => "Check both members against the paper that they come from.",
        }
    }
}

/// `/address/country` as a person reads it: `address.country`.
///
/// A member's name may come from a stranger, so what could disturb a terminal is replaced.
pub(super) fn dotted(pointer: &str) -> String {
    if pointer.is_empty() {
        return "the claims".to_owned();
    }
    let path = Pointer::parse(pointer).map_or_else(|| pointer.to_owned(), |parsed| parsed.steps().join("."));
    path.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::dotted;

    #[test]
    fn a_pointer_is_read_as_rfc_6901_writes_it() {
        for (pointer, read) in [
            ("", "the claims"),
            ("/address/country", "address.country"),
            ("/a~1b/~01", "a/b.~1"),
            ("/knownBy/0", "knownBy.0"),
            ("/a\u{1b}[2J", "a\u{fffd}[2J"),
            // Not as anything ours writes it.
            ("/a~2", "/a~2"),
        ] {
            assert_eq!(dotted(pointer), read);
        }
    }
}
