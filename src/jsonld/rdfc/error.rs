use crate::error::Explain;
use crate::limits;

/// Why a data set has no canonical form here: finding it would take too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TooComplex {
    /// Too many statements, or too many things without a name.
    #[error("the document makes more than {} statements", limits::QUADS)]
    Quads,
    /// Too long when it is written out.
    #[error("the document's canonical text is longer than {} bytes", limits::CANONICAL_BYTES)]
    Bytes,
    /// So many things without an `id` refer to each other, and look so alike, that telling them apart takes too long.
    #[error("too many parts without an id look alike and refer to each other")]
    Steps,
    /// Things without an `id` that look alike stand in a row that is too long: a list of equal values, for one.
    #[error("more than {} parts without an id look alike and follow each other", limits::CANONICAL_DEPTH)]
    Depth,
}

impl Explain for TooComplex {
    fn code(&self) -> &'static str {
        match self {
            Self::Quads => "rdf.too-many-quads",
            Self::Bytes => "rdf.too-long",
            Self::Steps => "rdf.too-complex",
            Self::Depth => "rdf.too-deep",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Quads | Self::Bytes => "Split the document into several.",
            Self::Steps | Self::Depth => "Give an id to the parts of the document that refer to each other.",
        }
    }
}
