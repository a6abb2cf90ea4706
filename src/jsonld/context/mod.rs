//! Contexts, compiled once: what each says is kept as a *delta*, which is laid over whatever is active where it is
//! applied.
//!
//! A delta is made against what is known where the context is written (nothing, or the context around it), and notes
//! what it took from there. Where that is different when it is applied, the context is processed anew for the call.

mod active;
mod compile;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::error::{JsonLdError, Read};
use super::iri::Form;
use super::keyword::Keyword;
use crate::encoding::json::Map;
use crate::limits;

pub(super) use active::{Active, Call, Expanded, How, Iri, Options};
use table::Table;

/// Where the contexts come from that documents name by their address.
pub trait Contexts {
    /// The context of that address, compiled. Nothing is fetched.
    fn context(&self, url: &str) -> Option<&Context>;
}

/// A context, compiled: immutable, and cheap to apply.
#[derive(Clone, PartialEq)]
pub struct Context {
    items: Vec<Item>,
    /// Whether it is written as a list, even of one.
    is_list: bool,
}

impl Context {
    /// Compiles the value of `@context`, or a document that has one. What it names by address is looked up where it is
    /// applied; relative addresses cannot be.
    ///
    /// # Errors
    /// [`JsonLdError::Invalid`], with a pointer into the context.
    pub fn compile(document: &Value) -> Result<Self, JsonLdError> {
        Self::compile_from(document, None)
    }

    /// As [`compile`](Self::compile), of a document with this address: addresses in it may be relative.
    ///
    /// # Errors
    /// As there.
    pub fn compile_from(document: &Value, address: Option<&str>) -> Result<Self, JsonLdError> {
        Ok(compile::document(document, address)?)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("items", &self.items.len()).finish_non_exhaustive()
    }
}

/// One of the contexts that are applied one after the other.
#[derive(Clone)]
enum Item {
    /// `null`: all that was active is forgotten.
    Null,
    /// Named by its address.
    Address(Box<str>),
    /// Written out.
    Local {
        /// What it makes of what was assumed to be active; `None` if that was too little to tell.
        layer: Option<Arc<Layer>>,
        /// What it says, for where something else is active.
        source: Arc<Map>,
    },
}

impl PartialEq for Item {
    /// Whether they are written alike, or come to the same.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Address(left), Self::Address(right)) => left == right,
            (Self::Local { layer, source }, Self::Local { layer: other_layer, source: other_source }) => {
                Arc::ptr_eq(source, other_source)
                    || source == other_source
                    || layer.is_some() && layer == other_layer && written(source) == written(other_source)
            }
            _ => false,
        }
    }
}

impl Context {
    /// Whether it says itself how far it reaches (JSON-LD 1.1 API, section 4.1.2, step 2: "If local context is an object
    /// containing the member @propagate").
    fn propagate(&self) -> Option<bool> {
        match self.items.as_slice() {
            [Item::Local { source, .. }] if !self.is_list => written(source),
            _ => None,
        }
    }
}

fn written(source: &Map) -> Option<bool> {
    source.get("@propagate").and_then(Value::as_bool)
}

/// What a context says about something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Setting<T> {
    #[default]
    Unset,
    Null,
    To(T),
}

/// What one context adds to what is active.
#[derive(Default, Clone)]
pub(super) struct Layer {
    terms: Vec<Term>,
    table: Table,
    base: Setting<Box<str>>,
    vocab: Setting<Arc<str>>,
    language: Setting<Arc<str>>,
    direction: Setting<Direction>,
    propagate: Option<bool>,
    has_protected: bool,
    /// The bytes of what its terms stand for.
    bytes: usize,
    /// The lengths of the names that stand for keywords.
    keyword_lengths: Lengths,
    /// Those of prefixes.
    prefix_lengths: Lengths,
    /// Which of the layers that were compiled ahead it is; 0 for others.
    number: u64,
    /// Layers whose protected terms it leaves as they are, by their numbers.
    keeps: Kept,
    /// A term that is written with a colon: what is written out elsewhere may be this.
    has_colon: bool,
    assumes: Assumptions,
}

/// A bit for each length that some name has, and one for all that are longer.
#[derive(Debug, Clone, Copy, Default)]
struct Lengths(u64);

impl Lengths {
    const NONE: Self = Self(0);

    #[inline]
    fn of(name: &str) -> Self {
        Self(1 << name.len().min(63))
    }

    #[inline]
    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The numbers of a few layers, found out as they are met.
#[derive(Default)]
struct Kept([AtomicU64; 4]);

impl Kept {
    fn has(&self, number: u64) -> bool {
        number != 0 && self.0.iter().any(|place| place.load(Ordering::Relaxed) == number)
    }

    /// Where there is a place left.
    fn add(&self, number: u64) {
        let taken = |place: &AtomicU64| place.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if number != 0 {
            let _ = self.0.iter().any(taken);
        }
    }
}

impl Clone for Kept {
    /// None: they were found out for another layer.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What a layer took from what was active around it.
#[derive(Default, Clone, PartialEq)]
struct Assumptions {
    names: Vec<Assumed>,
    vocab: Option<Option<Arc<str>>>,
    base: bool,
}

/// A name that was looked up, and what was found.
#[derive(Clone, PartialEq)]
struct Assumed {
    name: Box<str>,
    is_prefix: bool,
    mapping: Option<Mapping>,
}

impl Assumed {
    fn key(&self) -> (&str, bool) {
        (&self.name, self.is_prefix)
    }
}

impl Assumptions {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.vocab.is_none() && !self.base
    }
}

impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || self.terms == other.terms
                && self.base == other.base
                && self.vocab == other.vocab
                && self.language == other.language
                && self.direction == other.direction
                && self.propagate == other.propagate
                && self.assumes == other.assumes
    }
}

impl Layer {
    fn find(&self, name: &str, hash: u64) -> Option<&Term> {
        self.table.candidates(hash).filter_map(|index| self.terms.get(index)).find(|term| *term.name == *name)
    }
}

/// A term's definition (JSON-LD 1.1 API, section 4.1).
#[derive(Clone, PartialEq)]
pub(super) struct Term {
    name: Box<str>,
    hash: u64,
    mapping: Mapping,
    /// Whether it may stand before a colon.
    prefix: bool,
    protected: bool,
    pub(super) reverse: bool,
    pub(super) coercion: Coercion,
    pub(super) containers: Containers,
    language: Setting<Arc<str>>,
    direction: Setting<Direction>,
    pub(super) index: Option<Box<str>>,
    pub(super) nest: bool,
    pub(super) context: Option<Context>,
}

impl Term {
    fn bytes(&self) -> usize {
        let mapping = match &self.mapping {
            Mapping::Iri(text, _) | Mapping::Blank(text) => text.len(),
            _ => 0,
        };
        mapping + if let Coercion::Datatype { suffix, .. } = &self.coercion { suffix.len() } else { 0 }
    }

    /// Whether the definitions are the same, protection aside.
    fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || self.mapping == other.mapping
                && self.prefix == other.prefix
                && self.reverse == other.reverse
                && self.coercion == other.coercion
                && self.containers == other.containers
                && self.language == other.language
                && self.direction == other.direction
                && self.index == other.index
                && self.nest == other.nest
                && self.context == other.context
    }
}

/// What a term stands for.
#[derive(Debug, Clone, PartialEq)]
enum Mapping {
    /// The definition was passed over: as if there were none, here or in what was active before.
    Absent,
    /// Nothing, on purpose.
    Null,
    Keyword(Keyword),
    /// As N-Quads writes it, in angle brackets.
    Iri(Arc<str>, Form),
    /// With its `_:`.
    Blank(Arc<str>),
}

/// What a term says of its values' type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Coercion {
    Unset,
    Id,
    Vocab,
    Json,
    /// `@none`.
    None,
    Datatype {
        /// What follows a literal in N-Quads.
        suffix: Box<str>,
        form: Form,
        is_double: bool,
    },
}

/// The direction of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "ltr" => Some(Self::LeftToRight),
            "rtl" => Some(Self::RightToLeft),
            _ => None,
        }
    }
}

/// The containers of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Containers(u8);

impl Containers {
    pub(super) const LIST: Self = Self(1);
    pub(super) const SET: Self = Self(2);
    pub(super) const LANGUAGE: Self = Self(4);
    pub(super) const INDEX: Self = Self(8);
    pub(super) const ID: Self = Self(16);
    pub(super) const TYPE: Self = Self(32);
    pub(super) const GRAPH: Self = Self(64);

    pub(super) fn has(self, some: Self) -> bool {
        self.0 & some.0 != 0
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn count(self) -> u32 {
        self.0.count_ones()
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The work that a call may spend on contexts.
pub(super) struct Budget {
    terms: usize,
    bytes: usize,
    comparisons: usize,
}

impl Budget {
    /// Of one document.
    pub(super) fn of_document() -> Self {
        Self {
            terms: limits::INLINE_CONTEXT_TERMS,
            bytes: limits::CONTEXT_BYTES,
            comparisons: limits::CONTEXT_COMPARISONS,
        }
    }

    /// Of one context that is compiled ahead: what is read of JSON bounds it.
    fn of_context() -> Self {
        Self { terms: limits::JSON_VALUES, bytes: limits::CONTEXT_BYTES, comparisons: limits::CONTEXT_COMPARISONS }
    }

    fn spend_bytes(&mut self, bytes: usize) -> Read<()> {
        self.bytes = self
            .bytes
            .checked_sub(bytes)
            .ok_or(JsonLdError::TooMuch { what: "bytes of addresses in contexts", limit: limits::CONTEXT_BYTES })?;
        Ok(())
    }

    fn spend_term(&mut self) -> Read<()> {
        self.terms = self.terms.checked_sub(1).ok_or(JsonLdError::TooMuch {
            what: "terms in contexts that are written into the document",
            limit: limits::INLINE_CONTEXT_TERMS,
        })?;
        Ok(())
    }

    fn spend(&mut self, comparisons: usize) -> Read<()> {
        self.comparisons = self.comparisons.checked_sub(comparisons).ok_or(JsonLdError::TooMuch {
            what: "steps for the contexts of types and members",
            limit: limits::CONTEXT_COMPARISONS,
        })?;
        Ok(())
    }
}
