//! What cannot be read as JSON-LD, or must not be signed as it stands.

use crate::encoding::pointer::push_escaped;
use crate::encoding::shown::shown;
use crate::error::Explain;

/// Characters of one member's name that a message repeats.
const NAME_CHARACTERS: usize = 64;

/// Characters of an address that a message repeats.
const ADDRESS_CHARACTERS: usize = 256;

/// Why a document is not made into quads. Names members and addresses, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonLdError {
    /// Something would be dropped without a word, so that no signature covers it.
    #[error("{}: {reason}", place(pointer))]
    Unsafe {
        /// Where it stands, as a JSON pointer (RFC 6901). Long names are cut.
        pointer: String,
        /// What it is.
        reason: Unsafe,
    },
    /// JSON-LD itself forbids it.
    #[error("{}: JSON-LD does not allow this: {fault}", place(pointer))]
    Invalid {
        /// Where it stands, as a JSON pointer (RFC 6901). What is wrong in a context stands where the context is named.
        pointer: String,
        /// What it is.
        fault: Fault,
    },
    /// A context that the document names is not at hand.
    #[error("the context {} is not at hand", shown(url, ADDRESS_CHARACTERS))]
    ContextUnavailable {
        /// Its address.
        url: String,
    },
    /// More than is read of anything.
    #[error("more than {limit} {what}")]
    TooMuch {
        /// Of what, in the plural.
        what: &'static str,
        /// The ceiling.
        limit: usize,
    },
    /// A pointer of a selection that leads nowhere, or to a part of what cannot be taken apart.
    #[error("{}: a selection {reason}", place(pointer))]
    Selection {
        /// The pointer.
        pointer: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// What JSON-LD would drop without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsafe {
    /// A member or type that no context defines.
    #[error("no context defines this member")]
    UndefinedTerm,
    /// A member that a context maps to nothing.
    #[error("a context says that this member means nothing")]
    NullTerm,
    /// A name that looks like a keyword and is none.
    #[error("the name looks like a keyword of JSON-LD and is none")]
    KeywordLike,
    /// A member that is a blank node.
    #[error("the member stands for a blank node, which cannot be signed")]
    BlankPredicate,
    /// An identifier, type or datatype that is no whole IRI.
    #[error("a whole address (IRI) was expected")]
    RelativeIri,
    /// An IRI with characters that none has.
    #[error("an address (IRI) has characters that no address has")]
    InvalidIri,
    /// An `id` that is null.
    #[error("the identifier is null")]
    NullId,
    /// A value that is null.
    #[error("the value is null")]
    NullValue,
    /// A value where only objects count.
    #[error("the value belongs to nothing")]
    FreeFloating,
    /// An object that says nothing.
    #[error("the object says nothing")]
    EmptyObject,
    /// An `@index`, or the name in a map of indexes.
    #[error("the name of an index would not be signed")]
    Index,
    /// A text direction.
    #[error("the direction of a text would not be signed")]
    Direction,
    /// A language that is no language tag.
    #[error("the language is not written as a language tag")]
    Language,
}

macro_rules! faults {
    ($($name:ident = $code:literal,)*) => {
        /// What JSON-LD forbids, by the names of JSON-LD 1.1 Processing Algorithms and API, section 9.4.8.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum Fault {
            $(
                #[doc = concat!("`", $code, "`.")]
                #[error($code)]
                $name,
            )*
        }
    };
}

faults! {
    CollidingKeywords = "colliding keywords",
    ContextEntry = "invalid context entry",
    ContextNullification = "invalid context nullification",
    ContainerMapping = "invalid container mapping",
    CyclicIriMapping = "cyclic IRI mapping",
    BaseDirection = "invalid base direction",
    BaseIri = "invalid base IRI",
    DefaultLanguage = "invalid default language",
    IdValue = "invalid @id value",
    ImportValue = "invalid @import value",
    IncludedValue = "invalid @included value",
    IndexValue = "invalid @index value",
    IriMapping = "invalid IRI mapping",
    KeywordAlias = "invalid keyword alias",
    KeywordRedefinition = "keyword redefinition",
    LanguageMapping = "invalid language mapping",
    LanguageMapValue = "invalid language map value",
    LanguageTaggedString = "invalid language-tagged string",
    LanguageTaggedValue = "invalid language-tagged value",
    LocalContext = "invalid local context",
    NestValue = "invalid @nest value",
    PrefixValue = "invalid @prefix value",
    PropagateValue = "invalid @propagate value",
    ProtectedTermRedefinition = "protected term redefinition",
    ProtectedValue = "invalid @protected value",
    RecursiveContextInclusion = "recursive context inclusion",
    RemoteContext = "invalid remote context",
    ReverseProperty = "invalid reverse property",
    ReversePropertyMap = "invalid reverse property map",
    ReversePropertyValue = "invalid reverse property value",
    ReverseValue = "invalid @reverse value",
    ScopedContext = "invalid scoped context",
    SetOrListObject = "invalid set or list object",
    TermDefinition = "invalid term definition",
    TypeMapping = "invalid type mapping",
    TypeValue = "invalid type value",
    TypedValue = "invalid typed value",
    ValueObject = "invalid value object",
    ValueObjectValue = "invalid value object value",
    VersionValue = "invalid @version value",
    VocabMapping = "invalid vocab mapping",
}

impl Explain for JsonLdError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unsafe { reason, .. } => match reason {
                Unsafe::UndefinedTerm => "json-ld.undefined-term",
                Unsafe::NullTerm => "json-ld.null-term",
                Unsafe::KeywordLike => "json-ld.keyword-like",
                Unsafe::BlankPredicate => "json-ld.blank-predicate",
                Unsafe::RelativeIri => "json-ld.relative-iri",
                Unsafe::InvalidIri => "json-ld.invalid-iri",
                Unsafe::NullId => "json-ld.null-id",
                Unsafe::NullValue => "json-ld.null-value",
                Unsafe::FreeFloating => "json-ld.free-floating",
                Unsafe::EmptyObject => "json-ld.empty-object",
                Unsafe::Index => "json-ld.index",
                Unsafe::Direction => "json-ld.direction",
                Unsafe::Language => "json-ld.language",
            },
            Self::Invalid { fault, .. } => match fault {
                Fault::ProtectedTermRedefinition | Fault::ContextNullification => "json-ld.protected",
                Fault::RecursiveContextInclusion => "json-ld.context-loops",
                _ => "json-ld.invalid",
            },
            Self::ContextUnavailable { .. } => "json-ld.context-unavailable",
            Self::TooMuch { .. } => "json-ld.too-much",
            Self::Selection { .. } => "json-ld.selection",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Unsafe { reason, .. } => match reason {
                Unsafe::UndefinedTerm | Unsafe::NullTerm | Unsafe::KeywordLike | Unsafe::BlankPredicate => {
                    "Take the member out, or name a context that defines it, and sign again."
                }
                Unsafe::RelativeIri | Unsafe::InvalidIri | Unsafe::NullId => {
                    "Write the address in full, such as https://example.org/1, and sign again."
                }
                _ => "Take it out, and sign again.",
            },
            Self::Invalid { .. } => "Whoever wrote the document or its context has to mend it.",
            Self::ContextUnavailable { .. } => "Supply the context, pinned by its hash.",
            Self::TooMuch { .. } => "No genuine document is like this: ask for the original.",
            Self::Selection { .. } => "Select whole members that the document has.",
        }
    }
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "the top" } else { pointer }
}

/// How anything inside this layer ends: boxed, so that what goes well is small.
pub(super) type Read<T> = Result<T, Box<Problem>>;

/// What went wrong, and on the way out, where: steps are added innermost first.
#[derive(Debug)]
pub(super) struct Problem {
    kind: Kind,
    steps: Vec<String>,
}

#[derive(Debug)]
enum Kind {
    Unsafe(Unsafe),
    Invalid(Fault),
    Selection(&'static str),
    Other(JsonLdError),
}

impl Problem {
    /// A selection leads into a part of what stands here.
    #[cold]
    pub(super) fn selection(reason: &'static str) -> Box<Self> {
        Box::new(Self { kind: Kind::Selection(reason), steps: Vec::new() })
    }

    /// Under this member.
    #[cold]
    pub(super) fn under(mut self: Box<Self>, step: impl ToString) -> Box<Self> {
        self.steps.push(step.to_string());
        self
    }

    /// Whether it is a ceiling or a missing context, which is not the fault of what is being read.
    pub(super) fn is_beyond(&self) -> bool {
        matches!(self.kind, Kind::Other(_))
    }

    /// Whether it is a ceiling.
    pub(super) fn is_ceiling(&self) -> bool {
        matches!(self.kind, Kind::Other(JsonLdError::TooMuch { .. }))
    }
}

impl From<Unsafe> for Box<Problem> {
    #[cold]
    fn from(reason: Unsafe) -> Self {
        Box::new(Problem { kind: Kind::Unsafe(reason), steps: Vec::new() })
    }
}

impl From<Fault> for Box<Problem> {
    #[cold]
    fn from(fault: Fault) -> Self {
        Box::new(Problem { kind: Kind::Invalid(fault), steps: Vec::new() })
    }
}

impl From<JsonLdError> for Box<Problem> {
    #[cold]
    fn from(error: JsonLdError) -> Self {
        Box::new(Problem { kind: Kind::Other(error), steps: Vec::new() })
    }
}

impl From<Box<Problem>> for JsonLdError {
    fn from(problem: Box<Problem>) -> Self {
        let Problem { kind, steps } = *problem;
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            pointer.push('/');
            push_escaped(&mut pointer, &shown(step, NAME_CHARACTERS));
        }
        match kind {
            Kind::Unsafe(reason) => Self::Unsafe { pointer, reason },
            Kind::Invalid(fault) => Self::Invalid { pointer, fault },
            Kind::Selection(reason) => Self::Selection { pointer, reason },
            Kind::Other(error) => error,
        }
    }
}
