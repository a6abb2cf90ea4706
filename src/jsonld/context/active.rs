//! What is active at a place of a document: layers of contexts, one over the other.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::compile::{self, Origin};
use super::table::hash;
use super::{Budget, Containers, Context, Contexts, Direction, Item, Layer, Lengths, Mapping, Setting, Term};
use crate::jsonld::error::{Fault, JsonLdError, Read, Unsafe};
use crate::jsonld::iri::{self, Form};
use crate::jsonld::keyword::Keyword;
use crate::jsonld::one_or_many;
use crate::limits;

/// How a document is read.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::jsonld) struct Options<'o> {
    /// The address of the document, by which relative ones are resolved. Documents that are signed have none.
    pub(in crate::jsonld) base: Option<&'o str>,
    /// Whether what cannot be said in RDF is dropped without a word, as JSON-LD has it, and is no error.
    pub(in crate::jsonld) lenient: bool,
}

/// What all contexts of one call share.
pub(in crate::jsonld) struct Call<'c> {
    contexts: &'c dyn Contexts,
    pub(in crate::jsonld) options: Options<'c>,
    budget: Budget,
    /// The contexts that are being applied, each named by the one before.
    open: Vec<&'c Context>,
}

impl<'c> Call<'c> {
    pub(in crate::jsonld) fn new(contexts: &'c dyn Contexts, options: Options<'c>) -> Self {
        Self { contexts, options, budget: Budget::of_document(), open: Vec::new() }
    }
}

/// How a context is applied (JSON-LD 1.1 API, section 4.1.2).
#[derive(Clone, Copy)]
pub(in crate::jsonld) struct How {
    /// Whether it holds beyond the next object within.
    pub(in crate::jsonld) propagate: bool,
    /// Whether it may replace protected terms.
    pub(in crate::jsonld) overrides: bool,
}

impl How {
    /// Of `@context` in the document itself.
    pub(in crate::jsonld) const WRITTEN: Self = Self { propagate: true, overrides: false };
    /// Of a term that is a member.
    pub(in crate::jsonld) const OF_MEMBER: Self = Self { propagate: true, overrides: true };
    /// Of a term that is a type.
    pub(in crate::jsonld) const OF_TYPE: Self = Self { propagate: false, overrides: false };
}

#[derive(Clone)]
enum Held<'a> {
    Known(&'a Layer),
    Made(Arc<Layer>),
}

impl Held<'_> {
    fn get(&self) -> &Layer {
        match self {
            Self::Known(layer) => layer,
            Self::Made(layer) => layer,
        }
    }
}

/// How many layers are kept without the heap.
const IN_PLACE: usize = 6;

/// A few layers in place, and what goes beyond on the heap.
#[derive(Clone)]
struct Layers<'a> {
    first: [Option<Held<'a>>; IN_PLACE],
    more: Vec<Held<'a>>,
    count: usize,
    keyword_lengths: Lengths,
    prefix_lengths: Lengths,
}

impl<'a> Layers<'a> {
    const fn new() -> Self {
        Self {
            first: [const { None }; IN_PLACE],
            more: Vec::new(),
            count: 0,
            keyword_lengths: Lengths::NONE,
            prefix_lengths: Lengths::NONE,
        }
    }

    fn push(&mut self, held: Held<'a>) {
        let layer = held.get();
        self.keyword_lengths = self.keyword_lengths.and(layer.keyword_lengths);
        self.prefix_lengths = self.prefix_lengths.and(layer.prefix_lengths);
        match self.first.get_mut(self.count) {
            Some(place) => *place = Some(held),
            None => self.more.push(held),
        }
        self.count += 1;
    }

    /// From the topmost down.
    #[inline]
    fn down(&self) -> impl Iterator<Item = &Layer> {
        (0..self.count).rev().filter_map(|at| match self.first.get(at) {
            Some(held) => held.as_ref().map(Held::get),
            None => self.more.get(at - IN_PLACE).map(Held::get),
        })
    }
}

#[derive(Clone)]
enum Previous<'a> {
    None,
    Outer(&'a Active<'a>),
    Made(Arc<Active<'a>>),
}

/// An active context (JSON-LD 1.1 API, section 4.1).
#[derive(Clone)]
pub(in crate::jsonld) struct Active<'a> {
    layers: Layers<'a>,
    base: Option<Arc<str>>,
    previous: Previous<'a>,
}

/// What a name or reference stands for (section 5.2.2).
#[derive(Debug)]
pub(in crate::jsonld) enum Expanded<'s> {
    Keyword(Keyword),
    Iri(Iri<'s>),
    /// With its `_:`.
    Blank(Cow<'s, str>),
    /// Nothing, and why that would be a silent drop.
    Null(Unsafe),
    /// Nothing that has a scheme.
    Relative,
}

/// An IRI, and how it is at hand.
#[derive(Debug)]
pub(in crate::jsonld) enum Iri<'s> {
    /// As N-Quads writes it.
    Rendered(&'s str, Form),
    /// With a scheme.
    Written(Cow<'s, str>),
    /// In two pieces, of which the first has the scheme.
    Parts(&'s str, &'s str),
}

impl Iri<'_> {
    /// The IRI alone.
    pub(in crate::jsonld) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Rendered(text, _) => bare(text).into(),
            Self::Written(text) => Cow::Borrowed(text),
            Self::Parts(first, second) => format!("{first}{second}").into(),
        }
    }

    pub(in crate::jsonld) fn form(&self) -> Form {
        match self {
            Self::Rendered(_, form) => *form,
            Self::Written(text) => iri::form_of_parts(text, ""),
            Self::Parts(first, second) => iri::form_of_parts(first, second),
        }
    }
}

impl<'a> Active<'a> {
    pub(in crate::jsonld) fn new(base: Option<&str>) -> Self {
        Self { layers: Layers::new(), base: base.map(Arc::from), previous: Previous::None }
    }

    /// What stood before a context that does not propagate.
    pub(in crate::jsonld) fn previous(&self) -> Option<&Active<'a>> {
        match &self.previous {
            Previous::None => None,
            Previous::Outer(active) => Some(active),
            Previous::Made(active) => Some(active),
        }
    }

    #[inline]
    pub(in crate::jsonld) fn find(&self, name: &str) -> Option<&Term> {
        self.find_hashed(name, hash(name))
    }

    #[inline]
    fn find_hashed(&self, name: &str, hash: u64) -> Option<&Term> {
        let term = self.layers.down().find_map(|layer| layer.find(name, hash))?;
        (!matches!(term.mapping, Mapping::Absent)).then_some(term)
    }

    fn setting<'s>(&'s self, of: impl Fn(&'s Layer) -> &'s Setting<Arc<str>>) -> Option<&'s Arc<str>> {
        self.layers.down().find_map(|layer| match of(layer) {
            Setting::Unset => None,
            Setting::Null => Some(None),
            Setting::To(value) => Some(Some(value)),
        })?
    }

    pub(super) fn vocab(&self) -> Option<&str> {
        self.shared_vocab().map(|vocab| &**vocab)
    }

    pub(super) fn shared_vocab(&self) -> Option<&Arc<str>> {
        self.setting(|layer| &layer.vocab)
    }

    pub(super) fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// The language of a text of this member.
    pub(in crate::jsonld) fn language<'s>(&'s self, term: Option<&'s Term>) -> Option<&'s str> {
        match term.map(|term| &term.language) {
            None | Some(Setting::Unset) => self.setting(|layer| &layer.language).map(|language| &**language),
            Some(Setting::Null) => None,
            Some(Setting::To(language)) => Some(language),
        }
    }

    /// Whether a text of this member has a direction.
    pub(in crate::jsonld) fn has_direction(&self, term: Option<&Term>) -> bool {
        let default = || {
            self.layers.down().find_map(|layer| match layer.direction {
                Setting::Unset => None,
                Setting::Null => Some(false),
                Setting::To(Direction::LeftToRight | Direction::RightToLeft) => Some(true),
            })
        };
        match term.map(|term| term.direction) {
            None | Some(Setting::Unset) => default().unwrap_or(false),
            Some(Setting::Null) => false,
            Some(Setting::To(_)) => true,
        }
    }

    /// Whether the name is this keyword or stands for it.
    #[inline]
    pub(in crate::jsonld) fn is(&self, name: &str, keyword: Keyword) -> bool {
        self.keyword(name) == Some(keyword)
    }

    /// The keyword that the name is or stands for.
    #[inline]
    pub(in crate::jsonld) fn keyword(&self, name: &str) -> Option<Keyword> {
        if name.starts_with('@') {
            return Keyword::parse(name);
        }
        // Few names are as long as one of these, and this is asked of every name.
        if !self.layers.keyword_lengths.meets(Lengths::of(name)) {
            return None;
        }
        match self.find(name)?.mapping {
            Mapping::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// A member's name: its term, and what it stands for.
    #[inline]
    pub(in crate::jsonld) fn member<'s>(&'s self, name: &'s str) -> (Option<&'s Term>, Expanded<'s>) {
        if name.starts_with('@') {
            return (None, self.expand(name, true, false));
        }
        match self.find(name) {
            Some(term) => (Some(term), term.mapping.expanded()),
            None => (None, self.expand_unknown(name, true, false)),
        }
    }

    /// Section 5.2.2, IRI expansion.
    pub(in crate::jsonld) fn expand<'s>(&'s self, value: &'s str, vocab: bool, document: bool) -> Expanded<'s> {
        if value.starts_with('@') {
            if let Some(keyword) = Keyword::parse(value) {
                return Expanded::Keyword(keyword);
            }
            // Step 2.
            if iri::is_keyword_like(value) {
                return Expanded::Null(Unsafe::KeywordLike);
            }
        }
        // Steps 4 and 5.
        if !vocab {
            if let Some(keyword) = self.keyword(value) {
                return Expanded::Keyword(keyword);
            }
        } else if let Some(term) = self.find(value) {
            return term.mapping.expanded();
        }
        self.expand_unknown(value, vocab, document)
    }

    /// From step 6.
    fn expand_unknown<'s>(&'s self, value: &'s str, vocab: bool, document: bool) -> Expanded<'s> {
        if let Some(colon) = value.find(':').filter(|colon| *colon > 0) {
            let (prefix, suffix) = (&value[..colon], &value[colon + 1..]);
            if prefix == "_" {
                return Expanded::Blank(value.into());
            }
            let has_scheme = iri::has_scheme(value);
            if suffix.starts_with("//") {
                return if has_scheme { Expanded::Iri(Iri::Written(value.into())) } else { Expanded::Relative };
            }
            if self.layers.prefix_lengths.meets(Lengths::of(prefix))
                && let Some(term) = self.find(prefix).filter(|term| term.prefix)
            {
                match &term.mapping {
                    Mapping::Iri(iri, _) => return joined(bare(iri), suffix),
                    Mapping::Blank(label) => return Expanded::Blank(format!("{label}{suffix}").into()),
                    _ => {}
                }
            }
            if has_scheme {
                return Expanded::Iri(Iri::Written(value.into()));
            }
        }
        if vocab && let Some(vocab) = self.vocab() {
            return joined(vocab, value);
        }
        if document && let Some(base) = self.base() {
            return written(iri::resolve(base, value).into());
        }
        Expanded::Relative
    }

    /// What is active where a compiled context is applied to this.
    pub(in crate::jsonld) fn with<'c: 'a>(&'a self, context: &'a Context, how: How, call: &mut Call<'c>) -> Read<Self> {
        let mut next = self.clone();
        next.apply(context, how, Some(self), call)?;
        Ok(next)
    }

    /// What is active where a context is applied to this that stands in a document behind `@context`.
    pub(in crate::jsonld) fn with_written<'c: 'a>(&'a self, value: &Value, call: &mut Call<'c>) -> Read<Self> {
        let mut next = self.clone();
        if let Value::Object(map) = value
            && map.get("@propagate") == Some(&Value::Bool(false))
            && matches!(next.previous, Previous::None)
        {
            next.previous = Previous::Outer(self);
        }
        for (index, item) in one_or_many(value).iter().enumerate() {
            let applied = next.apply_written_item(item, call);
            applied.map_err(|problem| if value.is_array() { problem.under(index) } else { problem })?;
        }
        Ok(next)
    }

    /// Applies a compiled context. `before` is what was active; `None` where this itself is, as another context was applied
    /// to it since.
    pub(in crate::jsonld) fn apply<'c: 'a>(
        &mut self,
        context: &'a Context,
        how: How,
        before: Option<&'a Active<'a>>,
        call: &mut Call<'c>,
    ) -> Read<()> {
        let how = How { propagate: context.propagate().unwrap_or(how.propagate), ..how };
        if !how.propagate && matches!(self.previous, Previous::None) {
            self.previous = match before {
                Some(before) => Previous::Outer(before),
                None => Previous::Made(Arc::new(self.clone())),
            };
        }
        self.apply_items(&context.items, how, call)
    }

    fn apply_written_item<'c: 'a>(&mut self, item: &Value, call: &mut Call<'c>) -> Read<()> {
        match item {
            Value::Null => self.forget(How::WRITTEN, call),
            Value::String(address) => match call.options.base {
                Some(base) => self.apply_address(&iri::resolve(base, address), How::WRITTEN, call),
                None => self.apply_address(address, How::WRITTEN, call),
            },
            Value::Object(map) => {
                let origin = Origin::Document { contexts: call.contexts, address: call.options.base };
                let layer = compile::layer_here(map, self, &origin, &mut call.budget)?;
                self.push(Held::Made(Arc::new(layer)), How::WRITTEN, call)
            }
            _ => Err(Fault::LocalContext.into()),
        }
    }

    fn apply_items<'c: 'a>(&mut self, items: &'a [Item], how: How, call: &mut Call<'c>) -> Read<()> {
        for item in items {
            match item {
                Item::Null => self.forget(how, call)?,
                Item::Address(address) => self.apply_address(address, how, call)?,
                Item::Local { layer, source } => match layer {
                    Some(layer) if self.meets(layer, &mut call.budget)? => self.push(Held::Known(layer), how, call)?,
                    _ => {
                        let origin = Origin::Elsewhere { contexts: Some(call.contexts), address: None };
                        let layer = compile::layer_here(source, self, &origin, &mut call.budget)?;
                        self.push(Held::Made(Arc::new(layer)), how, call)?;
                    }
                },
            }
        }
        Ok(())
    }

    /// Section 4.1.2, step 5.2.
    fn apply_address<'c: 'a>(&mut self, address: &str, how: How, call: &mut Call<'c>) -> Read<()> {
        let Some(context) = call.contexts.context(address) else {
            return Err(JsonLdError::ContextUnavailable { url: cut(address) }.into());
        };
        if call.open.len() >= limits::CONTEXT_CHAIN || call.open.iter().any(|open| std::ptr::eq(*open, context)) {
            return Err(Fault::RecursiveContextInclusion.into());
        }
        // One that names no other cannot lead back to itself.
        let is_open = context.items.iter().any(|item| matches!(item, Item::Address(_)));
        if is_open {
            call.open.push(context);
        }
        if context.propagate() == Some(false) && matches!(self.previous, Previous::None) {
            self.previous = Previous::Made(Arc::new(self.clone()));
        }
        let applied = self.apply_items(&context.items, how, call);
        if is_open {
            call.open.pop();
        }
        applied
    }

    /// Step 5.1.
    fn forget(&mut self, how: How, call: &mut Call<'_>) -> Read<()> {
        if !how.overrides && self.has_protected(&mut call.budget)? {
            return Err(Fault::ContextNullification.into());
        }
        // "5.1.2) ... and, if propagate is false, previous context in result to the previous value of result". Off-spec: where
        // that itself does not propagate, to what was before it, so that none of it comes back.
        if how.propagate {
            self.previous = Previous::None;
        }
        self.layers = Layers::new();
        self.base = call.options.base.map(Arc::from);
        Ok(())
    }

    fn has_protected(&self, budget: &mut Budget) -> Read<bool> {
        for layer in self.layers.down().filter(|layer| layer.has_protected) {
            budget.spend(layer.terms.len())?;
            let mut protected = layer.terms.iter().filter(|term| term.protected);
            // Where it is overridden, what counts is the topmost.
            if protected.any(|term| self.find_hashed(&term.name, term.hash).is_some_and(|found| found.protected)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether what the layer took from its surroundings is the same here.
    fn meets(&self, layer: &Layer, budget: &mut Budget) -> Read<bool> {
        if self.layers.down().any(|other| other.has_colon) {
            return Ok(false);
        }
        let assumes = &layer.assumes;
        if assumes.is_empty() {
            return Ok(true);
        }
        budget.spend(assumes.names.len())?;
        Ok(!assumes.base
            && assumes.vocab.as_ref().is_none_or(|vocab| vocab.as_ref() == self.shared_vocab())
            && assumes.names.iter().all(|name| self.mapping_of(&name.name, name.is_prefix) == name.mapping.as_ref()))
    }

    /// What a name is mapped to; as a prefix, if it may be one.
    pub(super) fn mapping_of(&self, name: &str, is_prefix: bool) -> Option<&Mapping> {
        self.find(name).filter(|term| term.prefix || !is_prefix).map(|term| &term.mapping)
    }

    /// Lays a layer over the others.
    fn push(&mut self, held: Held<'a>, how: How, call: &mut Call<'_>) -> Read<()> {
        if self.layers.count >= limits::CONTEXT_LAYERS {
            return Err(JsonLdError::TooMuch { what: "contexts at one place", limit: limits::CONTEXT_LAYERS }.into());
        }
        let layer = held.get();
        // Laid over itself it changes nothing.
        if self.layers.down().next().is_some_and(|top| std::ptr::eq(top, layer)) {
            return Ok(());
        }
        let held = if how.overrides { held } else { self.keep_protected(held, call)? };
        match &held.get().base {
            Setting::Unset => {}
            Setting::Null => self.base = None,
            Setting::To(base) => self.base = Some(Arc::from(&**base)),
        }
        self.layers.push(held);
        Ok(())
    }

    /// As [`push`](Self::push), where a context is only compiled and nothing is read with it.
    pub(super) fn assume(&mut self, layer: Arc<Layer>) {
        self.layers.push(Held::Made(layer));
    }

    pub(super) fn assume_layer(&mut self, layer: &'a Layer) {
        self.layers.push(Held::Known(layer));
    }

    /// Section 4.2.2, step 27: a protected term stays as it is, unless it is said anew.
    fn keep_protected(&self, held: Held<'a>, call: &mut Call<'_>) -> Read<Held<'a>> {
        let layer = held.get();
        if self.layers.down().all(|below| !below.has_protected || layer.keeps.has(below.number)) {
            return Ok(held);
        }
        // What the terms stand for may be long, is compared, and more than once.
        call.budget.spend(layer.terms.len() * self.layers.count + layer.bytes / 64)?;
        if self.layers.down().all(|below| !below.has_protected || layer.leaves(below)) {
            return Ok(held);
        }
        // One of them is not as it was; what counts is the topmost.
        let mut protect = Vec::new();
        for (index, term) in layer.terms.iter().enumerate() {
            let Some(before) = self.find_hashed(&term.name, term.hash).filter(|before| before.protected) else {
                continue;
            };
            if !before.same(term) {
                return Err(Fault::ProtectedTermRedefinition.into());
            }
            if !term.protected {
                protect.push(index);
            }
        }
        if protect.is_empty() {
            return Ok(held);
        }
        let mut copy = layer.clone();
        for index in protect {
            if let Some(term) = copy.terms.get_mut(index) {
                term.protected = true;
            }
        }
        copy.has_protected = true;
        copy.number = 0;
        Ok(Held::Made(Arc::new(copy)))
    }
}

impl Layer {
    /// Whether no protected term of the other is another here, or protected no more.
    fn leaves(&self, below: &Layer) -> bool {
        let leaves = self.terms.iter().all(|term| {
            let before = below.find(&term.name, term.hash).filter(|before| before.protected);
            before.is_none_or(|before| term.protected && before.same(term))
        });
        if leaves && self.number != 0 {
            self.keeps.add(below.number);
        }
        leaves
    }
}

impl Mapping {
    #[inline]
    pub(super) fn expanded(&self) -> Expanded<'_> {
        match self {
            Self::Absent | Self::Null => Expanded::Null(Unsafe::NullTerm),
            Self::Keyword(keyword) => Expanded::Keyword(*keyword),
            Self::Iri(_, Form::Relative) => Expanded::Relative,
            Self::Iri(text, form) => Expanded::Iri(Iri::Rendered(text, *form)),
            Self::Blank(label) => Expanded::Blank(Cow::Borrowed(label)),
        }
    }
}

impl Term {
    pub(in crate::jsonld) fn is_in(&self, containers: Containers) -> bool {
        self.containers.has(containers)
    }
}

/// Without the angle brackets.
pub(super) fn bare(rendered: &str) -> &str {
    rendered.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(rendered)
}

/// What is put together here.
fn joined<'s>(first: &'s str, second: &'s str) -> Expanded<'s> {
    if iri::has_scheme(first) {
        Expanded::Iri(Iri::Parts(first, second))
    } else {
        written(format!("{first}{second}").into())
    }
}

/// What was put together may have become something else.
fn written(text: Cow<'_, str>) -> Expanded<'_> {
    if text.starts_with("_:") {
        Expanded::Blank(text)
    } else if iri::has_scheme(&text) {
        Expanded::Iri(Iri::Written(text))
    } else {
        Expanded::Relative
    }
}

/// An address as a message repeats it.
fn cut(address: &str) -> String {
    address.chars().take(limits::CLAIM_LINE_CHARACTERS).collect()
}
