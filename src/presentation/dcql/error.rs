use crate::error::Explain;

/// Why a query cannot be used. `pointer` is the JSON pointer (RFC 6901) into the query; it holds names of the
/// specification and positions only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DcqlError {
    /// A member that must be there is not.
    #[error("the query: {pointer} is missing")]
    Missing {
        /// Where it should stand.
        pointer: String,
    },
    /// Another JSON type than the member has.
    #[error("the query: {pointer} must be {expected}")]
    Type {
        /// Where it stands.
        pointer: String,
        /// What it must be.
        expected: &'static str,
    },
    /// An empty list or text.
    #[error("the query: {pointer} is empty")]
    Empty {
        /// Where it stands.
        pointer: String,
    },
    /// More items than are read.
    #[error("the query: {pointer} has more than {limit} items")]
    TooMany {
        /// Where the list stands.
        pointer: String,
        /// The ceiling.
        limit: usize,
    },
    /// A longer text than is read.
    #[error("the query: {pointer} has more than {limit} bytes")]
    TooLong {
        /// Where it stands.
        pointer: String,
        /// The ceiling.
        limit: usize,
    },
    /// Nested deeper than is read.
    #[error("the query: {pointer} is nested deeper than {limit} levels")]
    TooDeep {
        /// Where it stands.
        pointer: String,
        /// The ceiling.
        limit: usize,
    },
    /// Characters that an id cannot have.
    #[error("the query: {pointer} may have letters from A to Z, digits, \"_\" and \"-\" only")]
    Id {
        /// Where it stands.
        pointer: String,
    },
    /// An id that stands for something else already.
    #[error("the query: {pointer} is an id that was given before")]
    DuplicateId {
        /// Where it stands the second time.
        pointer: String,
    },
    /// An alternative that names nothing in the query.
    #[error("the query: {pointer} names nothing that is asked for")]
    UnknownId {
        /// Where it stands.
        pointer: String,
    },
    /// `claim_sets` without `claims`, or with claims that have no id.
    #[error("the query: {pointer} is needed because there are claim_sets")]
    Needed {
        /// Where it should stand.
        pointer: String,
    },
    /// A path into an mdoc that is not a namespace and an element.
    #[error("the query: {pointer} must be a namespace and an element identifier")]
    MdocPath {
        /// Where it stands.
        pointer: String,
    },
}

impl DcqlError {
    /// The JSON pointer into the query.
    pub fn pointer(&self) -> &str {
        match self {
            Self::Missing { pointer }
            | Self::Type { pointer, .. }
            | Self::Empty { pointer }
            | Self::TooMany { pointer, .. }
            | Self::TooLong { pointer, .. }
            | Self::TooDeep { pointer, .. }
            | Self::Id { pointer }
            | Self::DuplicateId { pointer }
            | Self::UnknownId { pointer }
            | Self::Needed { pointer }
            | Self::MdocPath { pointer } => pointer,
        }
    }
}

impl Explain for DcqlError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "dcql.missing",
            Self::Type { .. } => "dcql.type",
            Self::Empty { .. } => "dcql.empty",
            Self::TooMany { .. } => "dcql.too-many",
            Self::TooLong { .. } => "dcql.too-long",
            Self::TooDeep { .. } => "dcql.too-deep",
            Self::Id { .. } => "dcql.id",
            Self::DuplicateId { .. } => "dcql.duplicate-id",
            Self::UnknownId { .. } => "dcql.unknown-id",
            Self::Needed { .. } => "dcql.needed",
            Self::MdocPath { .. } => "dcql.mdoc-path",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } | Self::Type { .. } | Self::Empty { .. } | Self::Id { .. } => {
                "Whoever asks must mend the query: OpenID4VP 1.0, section 6, says how it is written."
            }
            Self::TooMany { .. } | Self::TooLong { .. } | Self::TooDeep { .. } => "Ask for less at once.",
            Self::DuplicateId { .. } => "Give each of them an id of its own.",
            Self::UnknownId { .. } => "Name an id that stands in the same query, or leave the alternative out.",
            Self::Needed { .. } => "Give each claim an id, and name those ids in claim_sets.",
            Self::MdocPath { .. } => "Write it like [\"org.iso.18013.5.1\", \"given_name\"].",
        }
    }
}
