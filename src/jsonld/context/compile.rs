//! From what a context says to a layer (JSON-LD 1.1 API, sections 4.1.2 and 4.2.2).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::active::{Expanded, bare};
use super::table::{Table, class, hash};
use super::{
    Active, Assumed, Budget, Coercion, Containers, Context, Contexts, Direction, Item, Layer, Mapping, Setting, Term,
};
use crate::encoding::json::Map;
use crate::jsonld::error::{Fault, JsonLdError, Problem, Read};
use crate::jsonld::iri::{self, Form};
use crate::jsonld::keyword::Keyword;
use crate::limits;

/// Where a context is written.
pub(super) enum Origin<'o> {
    /// In a document that is being read.
    Document { contexts: &'o dyn Contexts, address: Option<&'o str> },
    /// In one of its own, whose `@base` says nothing about documents that name it.
    Elsewhere { contexts: Option<&'o dyn Contexts>, address: Option<&'o str> },
}

impl<'o> Origin<'o> {
    fn contexts(&self) -> Option<&'o dyn Contexts> {
        match self {
            Self::Document { contexts, .. } => Some(*contexts),
            Self::Elsewhere { contexts, .. } => *contexts,
        }
    }

    fn resolved(&self, address: &str) -> Box<str> {
        match self {
            Self::Document { address: Some(base), .. } | Self::Elsewhere { address: Some(base), .. } => {
                iri::resolve(base, address).into()
            }
            _ => address.into(),
        }
    }
}

/// Compiles a context of its own.
pub(super) fn document(document: &Value, address: Option<&str>) -> Read<Context> {
    let (value, is_wrapped) = match document.get("@context") {
        Some(value) => (value, true),
        None => (document, false),
    };
    let origin = Origin::Elsewhere { contexts: None, address };
    let compiled = context(value, &Active::new(None), &origin, &mut Budget::of_context(), 0);
    compiled.map_err(|problem| if is_wrapped { problem.under("@context") } else { problem })
}

/// Compiles a context that stands where `outer` is active. What depends on something that is not known here is left for
/// where it is applied.
fn context(value: &Value, outer: &Active<'_>, origin: &Origin<'_>, budget: &mut Budget, depth: usize) -> Read<Context> {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut active = outer.clone();
    let mut is_known = true;
    let mut items = Vec::with_capacity(values.len());
    for value in values {
        items.push(match value {
            Value::Null => {
                (active, is_known) = (Active::new(None), true);
                Item::Null
            }
            Value::String(address) => {
                is_known = false;
                Item::Address(origin.resolved(address))
            }
            Value::Object(map) => {
                let layer = match layer(map, &active, origin, budget, depth, true) {
                    Ok(layer) => {
                        let layer = Arc::new(layer);
                        active.assume(Arc::clone(&layer));
                        Some(layer)
                    }
                    Err(problem) if is_known && !problem.is_beyond() => return Err(problem),
                    Err(_) => {
                        is_known = false;
                        None
                    }
                };
                let propagate = map.get("@propagate").and_then(Value::as_bool);
                Item::Local { layer, source: Arc::new(map.clone()), propagate }
            }
            _ => return Err(Fault::LocalContext.into()),
        });
    }
    Ok(Context { items })
}

/// Compiles a context where it is applied.
pub(super) fn layer_here(map: &Map, outer: &Active<'_>, origin: &Origin<'_>, budget: &mut Budget) -> Read<Layer> {
    layer(map, outer, origin, budget, 0, false)
}

/// Compiles one context that is an object, where `outer` is active.
fn layer(
    map: &Map,
    outer: &Active<'_>,
    origin: &Origin<'_>,
    budget: &mut Budget,
    depth: usize,
    is_noting: bool,
) -> Read<Layer> {
    if depth > limits::JSON_DEPTH {
        return Err(JsonLdError::TooMuch { what: "contexts within each other", limit: limits::JSON_DEPTH }.into());
    }
    let imported;
    let local = match map.get("@import") {
        None => map,
        Some(Value::String(address)) => {
            imported = import(map, &origin.resolved(address), origin)?;
            &imported
        }
        Some(_) => return Err(Fault::ImportValue.into()),
    };
    let builder = Builder {
        is_noting,
        local,
        outer,
        layer: Layer::default(),
        progress: BTreeMap::new(),
        scoped: Vec::new(),
        protected: false,
        budget,
        depth: 0,
    };
    let (layer, scoped) = builder.build(origin)?;
    with_scoped(layer, scoped, outer, origin, budget, depth)
}

/// Section 4.1.2, step 5.6.
fn import(map: &Map, address: &str, origin: &Origin<'_>) -> Read<Map> {
    let unavailable = || JsonLdError::ContextUnavailable { url: address.to_owned() };
    let contexts = origin.contexts().ok_or_else(unavailable)?;
    let context = contexts.context(address).ok_or_else(unavailable)?;
    let [Item::Local { source, .. }] = context.items.as_slice() else { return Err(Fault::RemoteContext.into()) };
    if source.contains_key("@import") {
        return Err(Fault::ContextEntry.into());
    }
    let mut merged = Map::clone(source);
    merged.extend(map.iter().filter(|(name, _)| *name != "@import").map(|(name, value)| (name.clone(), value.clone())));
    Ok(merged)
}

/// Compiles the contexts of terms, in whose surroundings the layer itself is active.
fn with_scoped(
    mut layer: Layer,
    scoped: Vec<(usize, &Value)>,
    outer: &Active<'_>,
    origin: &Origin<'_>,
    budget: &mut Budget,
    depth: usize,
) -> Read<Layer> {
    let mut contexts = Vec::with_capacity(scoped.len());
    if !scoped.is_empty() {
        let mut active = outer.clone();
        active.assume_layer(&layer);
        for (index, value) in scoped {
            let compiled = context(value, &active, origin, budget, depth + 1).or_else(|problem| {
                if problem.is_beyond() || matches!(origin, Origin::Document { .. }) {
                    return Err(scoped_problem(problem));
                }
                // What is missing may be there where it is applied; what is wrong is found then.
                open(value, origin)
            });
            let name = layer.terms.get(index).map(|term| term.name.clone()).unwrap_or_default();
            contexts.push((index, compiled.map_err(|problem| problem.under("@context").under(name))?));
        }
    }
    for (index, context) in contexts {
        if let Some(term) = layer.terms.get_mut(index) {
            term.context = Some(context);
        }
    }
    Ok(layer)
}

/// Section 4.2.2, step 21.3.
fn scoped_problem(problem: Box<Problem>) -> Box<Problem> {
    if problem.is_beyond() { problem } else { Fault::ScopedContext.into() }
}

/// A context of which nothing is compiled.
fn open(value: &Value, origin: &Origin<'_>) -> Read<Context> {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    let item = |value: &Value| match value {
        Value::Null => Ok(Item::Null),
        Value::String(address) => Ok(Item::Address(origin.resolved(address))),
        Value::Object(map) => {
            let propagate = map.get("@propagate").and_then(Value::as_bool);
            Ok(Item::Local { layer: None, source: Arc::new(map.clone()), propagate })
        }
        _ => Err(Fault::ScopedContext.into()),
    };
    Ok(Context { items: values.iter().map(item).collect::<Read<_>>()? })
}

/// The number of the next layer that is compiled ahead.
static NUMBERS: AtomicU64 = AtomicU64::new(1);

#[derive(Clone, Copy)]
enum Progress {
    Begun,
    /// The term's position, if it became one.
    Done(Option<usize>),
}

struct Builder<'b, 'w> {
    /// Whether what is taken from the surroundings is noted.
    is_noting: bool,
    local: &'b Map,
    outer: &'w Active<'w>,
    layer: Layer,
    progress: BTreeMap<&'b str, Progress>,
    scoped: Vec<(usize, &'b Value)>,
    protected: bool,
    budget: &'w mut Budget,
    depth: usize,
}

impl<'b> Builder<'b, '_> {
    /// Section 4.1.2, steps 5.5 to 5.13.
    fn build(mut self, origin: &Origin<'_>) -> Read<(Layer, Vec<(usize, &'b Value)>)> {
        let local = self.local;
        if let Some(version) = local.get("@version")
            && version.as_f64() != Some(1.1)
        {
            return Err(Fault::VersionValue.into());
        }
        if let Origin::Document { .. } = origin {
            self.layer.base = self.base(local.get("@base"))?;
        }
        self.layer.vocab = self.vocab(local.get("@vocab"))?;
        self.layer.language = match local.get("@language") {
            None => Setting::Unset,
            Some(Value::Null) => Setting::Null,
            Some(Value::String(language)) => Setting::To(language.to_ascii_lowercase().into()),
            Some(_) => return Err(Fault::DefaultLanguage.into()),
        };
        self.layer.direction = direction(local.get("@direction"))?;
        self.layer.propagate = match local.get("@propagate") {
            None => None,
            Some(Value::Bool(propagate)) => Some(*propagate),
            Some(_) => return Err(Fault::PropagateValue.into()),
        };
        self.protected = match local.get("@protected") {
            None => false,
            Some(Value::Bool(protected)) => *protected,
            Some(_) => return Err(Fault::ProtectedValue.into()),
        };
        for name in local.keys() {
            self.define(name).map_err(|problem| problem.under(name))?;
        }
        let Self { mut layer, scoped, .. } = self;
        layer.table = Table::of(layer.terms.iter().map(|term| term.hash));
        layer.has_protected = layer.terms.iter().any(|term| term.protected);
        let keywords = layer.terms.iter().filter(|term| matches!(term.mapping, Mapping::Keyword(_)));
        layer.keyword_classes = keywords.fold(0, |classes, term| classes | class(term.hash));
        // Those of one call would fill the places of those that stay.
        if matches!(origin, Origin::Elsewhere { contexts: None, .. }) {
            layer.number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        }
        layer.has_colon = layer.terms.iter().any(|term| term.name.contains(':'));
        Ok((layer, scoped))
    }

    /// Step 5.7.
    fn base(&self, value: Option<&Value>) -> Read<Setting<Box<str>>> {
        match value {
            None => Ok(Setting::Unset),
            Some(Value::Null) => Ok(Setting::Null),
            Some(Value::String(base)) if iri::has_scheme(base) => Ok(Setting::To(base.as_str().into())),
            Some(Value::String(base)) => match self.outer.base() {
                Some(outer) => Ok(Setting::To(iri::resolve(outer, base).into())),
                None => Err(Fault::BaseIri.into()),
            },
            Some(_) => Err(Fault::BaseIri.into()),
        }
    }

    /// Step 5.8. A relative one continues the one before, or the base.
    fn vocab(&mut self, value: Option<&Value>) -> Read<Setting<Box<str>>> {
        let value = match value {
            None => return Ok(Setting::Unset),
            Some(Value::Null) => return Ok(Setting::Null),
            Some(Value::String(value)) => value,
            Some(_) => return Err(Fault::VocabMapping.into()),
        };
        if iri::is_keyword_like(value) {
            return Err(Fault::VocabMapping.into());
        }
        // The terms of this context are not there yet.
        let base = match &self.layer.base {
            Setting::Unset => self.outer.base(),
            Setting::Null => None,
            Setting::To(base) => Some(&**base),
        };
        let prefix = value.split_once(':').map(|(prefix, _)| prefix);
        let name = prefix.unwrap_or(value);
        if self.is_noting {
            let mapping = self.outer.mapping_of(name, prefix.is_some()).cloned();
            self.layer.assumes.names.push(Assumed { name: name.into(), is_prefix: prefix.is_some(), mapping });
        }
        let vocab = match self.outer.expand(value, true, false) {
            Expanded::Iri(iri) => iri.text().into_owned(),
            Expanded::Blank(label) => label.into_owned(),
            Expanded::Relative => {
                self.layer.assumes.base = true;
                base.map_or_else(|| value.clone(), |base| iri::resolve(base, value))
            }
            Expanded::Keyword(_) | Expanded::Null(_) => return Err(Fault::VocabMapping.into()),
        };
        if prefix.is_none() {
            self.layer.assumes.vocab = Some(self.outer.vocab().map(Box::from));
        }
        Ok(Setting::To(vocab.into()))
    }

    /// Section 4.2.2, create term definition.
    fn define(&mut self, name: &'b str) -> Read<()> {
        if is_context_keyword(name) {
            return Ok(());
        }
        match self.progress.get(name) {
            Some(Progress::Done(_)) => return Ok(()),
            Some(Progress::Begun) => return Err(Fault::CyclicIriMapping.into()),
            None => {}
        }
        let Some(value) = self.local.get(name) else { return Ok(()) };
        // Step 2.
        if name.is_empty() {
            return Err(Fault::TermDefinition.into());
        }
        self.budget.spend_term()?;
        // Step 5.
        if name != "@type" && iri::is_keyword_like(name) {
            return match Keyword::parse(name) {
                Some(_) => Err(Fault::KeywordRedefinition.into()),
                None => {
                    self.progress.insert(name, Progress::Done(None));
                    Ok(())
                }
            };
        }
        if self.depth >= limits::CONTEXT_CHAIN {
            return Err(
                JsonLdError::TooMuch { what: "terms that lean on each other", limit: limits::CONTEXT_CHAIN }.into()
            );
        }
        self.progress.insert(name, Progress::Begun);
        self.depth += 1;
        let term = self.term(name, value)?;
        self.depth -= 1;
        let position = self.layer.terms.len();
        if let Some(context) = value.get("@context")
            && !term.reverse
        {
            self.scoped.push((position, context));
        }
        self.budget.spend_bytes(term.bytes())?;
        self.layer.terms.push(term);
        self.progress.insert(name, Progress::Done(Some(position)));
        Ok(())
    }

    fn term(&mut self, name: &'b str, value: &'b Value) -> Read<Term> {
        let mut term = Term {
            name: name.into(),
            hash: hash(name),
            mapping: Mapping::Absent,
            prefix: false,
            protected: self.protected,
            reverse: false,
            coercion: Coercion::Unset,
            containers: Containers::default(),
            language: Setting::Unset,
            direction: Setting::Unset,
            index: None,
            nest: false,
            context: None,
        };
        // Steps 7 to 9.
        let map = match value {
            Value::Null => {
                term.mapping = Mapping::Null;
                return if name == "@type" { Err(Fault::KeywordRedefinition.into()) } else { Ok(term) };
            }
            Value::String(id) => {
                if name == "@type" {
                    return Err(Fault::KeywordRedefinition.into());
                }
                term.mapping = self.id(name, id)?;
                term.prefix = may_be_prefix(name, &term.mapping);
                return Ok(term);
            }
            Value::Object(map) => map,
            _ => return Err(Fault::TermDefinition.into()),
        };
        // Step 11.
        match map.get("@protected") {
            None => {}
            Some(Value::Bool(protected)) => term.protected = *protected,
            Some(_) => return Err(Fault::ProtectedValue.into()),
        }
        // Step 4.
        if name == "@type" {
            let is_set = map.get("@container").is_none_or(|container| container == "@set");
            if map.is_empty() || !is_set || map.keys().any(|key| key != "@container" && key != "@protected") {
                return Err(Fault::KeywordRedefinition.into());
            }
            term.mapping = Mapping::Keyword(Keyword::Type);
            if map.contains_key("@container") {
                term.containers = Containers::SET;
            }
            return Ok(term);
        }
        // Step 26.
        if map.keys().any(|key| !is_definition_keyword(key)) {
            return Err(Fault::TermDefinition.into());
        }
        // Step 12.
        term.coercion = match map.get("@type") {
            None => Coercion::Unset,
            Some(Value::String(datatype)) => self.coercion(datatype)?,
            Some(_) => return Err(Fault::TypeMapping.into()),
        };
        // Step 13.
        if let Some(reverse) = map.get("@reverse") {
            return self.reverse(map, reverse, term);
        }
        // Steps 14 to 18.
        term.mapping = match map.get("@id") {
            Some(Value::Null) => Mapping::Null,
            Some(Value::String(id)) => self.id(name, id)?,
            Some(_) => return Err(Fault::IriMapping.into()),
            None => self.implied(name)?,
        };
        if matches!(term.mapping, Mapping::Absent) {
            return Ok(term);
        }
        // Step 19.
        if let Some(container) = map.get("@container") {
            term.containers = containers(container)?;
            if term.is_in(Containers::TYPE) {
                match term.coercion {
                    Coercion::Unset => term.coercion = Coercion::Id,
                    Coercion::Id | Coercion::Vocab => {}
                    _ => return Err(Fault::TypeMapping.into()),
                }
            }
        }
        // Step 20.
        if let Some(index) = map.get("@index") {
            let Value::String(index) = index else { return Err(Fault::TermDefinition.into()) };
            if !term.is_in(Containers::INDEX) || !matches!(self.expand(index)?, Mapping::Iri(_, Form::Sound)) {
                return Err(Fault::TermDefinition.into());
            }
            term.index = Some(index.as_str().into());
        }
        // Steps 22 and 23.
        if !map.contains_key("@type") {
            term.language = match map.get("@language") {
                None => Setting::Unset,
                Some(Value::Null) => Setting::Null,
                Some(Value::String(language)) => Setting::To(language.to_ascii_lowercase().into()),
                Some(_) => return Err(Fault::LanguageMapping.into()),
            };
            term.direction = direction(map.get("@direction"))?;
        }
        // Step 24.
        match map.get("@nest") {
            None => {}
            Some(Value::String(nest)) if nest == "@nest" || Keyword::parse(nest).is_none() => term.nest = true,
            Some(_) => return Err(Fault::NestValue.into()),
        }
        // Step 25.
        match map.get("@prefix") {
            None => {}
            Some(_) if name.contains([':', '/']) => return Err(Fault::TermDefinition.into()),
            Some(Value::Bool(prefix)) => {
                if *prefix && matches!(term.mapping, Mapping::Keyword(_)) {
                    return Err(Fault::TermDefinition.into());
                }
                term.prefix = *prefix;
            }
            Some(_) => return Err(Fault::PrefixValue.into()),
        }
        if map.contains_key("@context") && term.mapping == Mapping::Keyword(Keyword::Context) {
            return Err(Fault::KeywordAlias.into());
        }
        Ok(term)
    }

    /// Step 12.
    fn coercion(&mut self, datatype: &'b str) -> Read<Coercion> {
        match self.expand(datatype)? {
            Mapping::Keyword(Keyword::Id) => Ok(Coercion::Id),
            Mapping::Keyword(Keyword::Vocab) => Ok(Coercion::Vocab),
            Mapping::Keyword(Keyword::Json) => Ok(Coercion::Json),
            Mapping::Keyword(Keyword::None) => Ok(Coercion::None),
            Mapping::Iri(_, Form::Relative) => Err(Fault::TypeMapping.into()),
            Mapping::Iri(text, form) => Ok(Coercion::Datatype {
                is_double: *text == *"<http://www.w3.org/2001/XMLSchema#double>",
                // What has no datatype of its own in N-Quads is a string.
                suffix: if *text == *"<http://www.w3.org/2001/XMLSchema#string>" {
                    Box::default()
                } else {
                    format!("^^{text}").into()
                },
                form,
            }),
            _ => Err(Fault::TypeMapping.into()),
        }
    }

    /// Step 13.
    fn reverse(&mut self, map: &'b Map, reverse: &'b Value, mut term: Term) -> Read<Term> {
        if map.contains_key("@id") || map.contains_key("@nest") {
            return Err(Fault::ReverseProperty.into());
        }
        let Value::String(reverse) = reverse else { return Err(Fault::IriMapping.into()) };
        if iri::is_keyword_like(reverse) {
            return if Keyword::parse(reverse).is_some() { Err(Fault::IriMapping.into()) } else { Ok(term) };
        }
        term.mapping = match self.expand(reverse)? {
            mapping @ (Mapping::Iri(_, Form::Sound | Form::Invalid) | Mapping::Blank(_)) => mapping,
            _ => return Err(Fault::IriMapping.into()),
        };
        term.containers = match map.get("@container") {
            None | Some(Value::Null) => Containers::default(),
            Some(Value::String(container)) if container == "@set" => Containers::SET,
            Some(Value::String(container)) if container == "@index" => Containers::INDEX,
            Some(_) => return Err(Fault::ReverseProperty.into()),
        };
        term.reverse = true;
        Ok(term)
    }

    /// Step 14.
    fn id(&mut self, name: &'b str, id: &'b str) -> Read<Mapping> {
        if id == name {
            return self.implied(name);
        }
        if iri::is_keyword_like(id) && Keyword::parse(id).is_none() {
            return Ok(Mapping::Absent);
        }
        let mapping = match self.expand(id)? {
            Mapping::Keyword(Keyword::Context) => return Err(Fault::KeywordAlias.into()),
            Mapping::Absent | Mapping::Null | Mapping::Iri(_, Form::Relative) => return Err(Fault::IriMapping.into()),
            mapping => mapping,
        };
        // Step 14.2.4.
        let is_inner_colon = name.get(1..name.len().saturating_sub(1)).is_some_and(|inner| inner.contains(':'));
        if is_inner_colon || name.contains('/') {
            self.progress.insert(name, Progress::Done(None));
            if self.expand(name)? != mapping {
                return Err(Fault::IriMapping.into());
            }
        }
        Ok(mapping)
    }

    /// Steps 15 to 18: the name itself says what it stands for.
    fn implied(&mut self, name: &'b str) -> Read<Mapping> {
        self.progress.insert(name, Progress::Done(None));
        // Step 15: any term may stand before the colon here.
        if let Some((prefix, suffix)) = name.split_once(':')
            && !prefix.is_empty()
            && prefix != "_"
            && !suffix.starts_with("//")
            && let Some(found) = self.find(prefix, false, true)?
        {
            return match found {
                Mapping::Iri(iri, _) => Ok(mapping(&format!("{}{suffix}", bare(&iri)))),
                Mapping::Blank(label) => Ok(Mapping::Blank(format!("{label}{suffix}").into())),
                _ => Err(Fault::IriMapping.into()),
            };
        }
        match self.expand(name)? {
            mapping @ (Mapping::Iri(_, Form::Sound | Form::Invalid) | Mapping::Blank(_)) => Ok(mapping),
            // A vocabulary may be relative itself.
            mapping @ Mapping::Iri(_, Form::Relative) if self.has_vocab() && !name.contains('/') => Ok(mapping),
            _ => Err(Fault::IriMapping.into()),
        }
    }

    fn has_vocab(&self) -> bool {
        match self.layer.vocab {
            Setting::Unset => self.outer.vocab().is_some(),
            Setting::Null => false,
            Setting::To(_) => true,
        }
    }

    /// Section 5.2.2, IRI expansion while terms are being defined.
    fn expand(&mut self, value: &'b str) -> Read<Mapping> {
        if value.starts_with('@') {
            if let Some(keyword) = Keyword::parse(value) {
                return Ok(Mapping::Keyword(keyword));
            }
            if iri::is_keyword_like(value) {
                return Ok(Mapping::Null);
            }
        }
        let colon = value.find(':').filter(|colon| *colon > 0);
        // Steps 3 to 5.
        if let Some(mapping) = self.find(value, false, colon.is_none())? {
            return Ok(mapping);
        }
        // Step 6.
        if let Some(colon) = colon {
            let (prefix, suffix) = (&value[..colon], &value[colon + 1..]);
            if prefix == "_" {
                return Ok(Mapping::Blank(value.into()));
            }
            if suffix.starts_with("//") {
                return Ok(mapping(value));
            }
            match self.find(prefix, true, true)? {
                Some(Mapping::Iri(prefix, _)) => return Ok(mapping(&format!("{}{suffix}", bare(&prefix)))),
                Some(Mapping::Blank(prefix)) => return Ok(Mapping::Blank(format!("{prefix}{suffix}").into())),
                _ => {}
            }
            if iri::has_scheme(value) {
                return Ok(mapping(value));
            }
        }
        // Step 7.
        let vocab = match &self.layer.vocab {
            Setting::Unset => {
                if self.is_noting && self.layer.assumes.vocab.is_none() {
                    self.layer.assumes.vocab = Some(self.outer.vocab().map(Box::from));
                }
                self.outer.vocab()
            }
            Setting::Null => None,
            Setting::To(vocab) => Some(&**vocab),
        };
        Ok(vocab.map_or_else(|| mapping(value), |vocab| mapping(&format!("{vocab}{value}"))))
    }

    /// A term of this context, defined first where it has to be, or of what is active around it.
    fn find(&mut self, name: &'b str, is_prefix: bool, is_noted: bool) -> Read<Option<Mapping>> {
        if self.local.contains_key(name) && !is_context_keyword(name) {
            self.define(name)?;
            let Some(Progress::Done(Some(position))) = self.progress.get(name) else { return Ok(None) };
            let term = self.layer.terms.get(*position).filter(|term| term.prefix || !is_prefix);
            return Ok(term.map(|term| term.mapping.clone()).filter(|mapping| *mapping != Mapping::Absent));
        }
        let mapping = self.outer.mapping_of(name, is_prefix).cloned();
        if is_noted && self.is_noting {
            self.layer.assumes.names.push(Assumed { name: name.into(), is_prefix, mapping: mapping.clone() });
        }
        Ok(mapping)
    }
}

/// What is written out, or was put together.
fn mapping(text: &str) -> Mapping {
    if text.starts_with("_:") {
        Mapping::Blank(text.into())
    } else {
        Mapping::Iri(format!("<{text}>").into(), iri::form(text))
    }
}

/// Step 14.2.5.
fn may_be_prefix(name: &str, mapping: &Mapping) -> bool {
    !name.contains([':', '/'])
        && match mapping {
            Mapping::Iri(iri, _) => bare(iri).ends_with([':', '/', '?', '#', '[', ']', '@']),
            Mapping::Blank(_) => true,
            _ => false,
        }
}

fn direction(value: Option<&Value>) -> Read<Setting<Direction>> {
    match value {
        None => Ok(Setting::Unset),
        Some(Value::Null) => Ok(Setting::Null),
        Some(value) => {
            let direction = value.as_str().and_then(Direction::parse);
            direction.map(Setting::To).ok_or_else(|| Fault::BaseDirection.into())
        }
    }
}

/// Step 19.
fn containers(value: &Value) -> Read<Containers> {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut all = Containers::default();
    for value in values {
        let one = match value.as_str() {
            Some("@graph") => Containers::GRAPH,
            Some("@id") => Containers::ID,
            Some("@index") => Containers::INDEX,
            Some("@language") => Containers::LANGUAGE,
            Some("@list") => Containers::LIST,
            Some("@set") => Containers::SET,
            Some("@type") => Containers::TYPE,
            _ => return Err(Fault::ContainerMapping.into()),
        };
        if all.has(one) {
            return Err(Fault::ContainerMapping.into());
        }
        all = all.and(one);
    }
    // One; or one of these with @set; or @graph with @id or @index, and with @set or without.
    let others = all.without(Containers::SET);
    let is_allowed = match others.count() {
        0 => all == Containers::SET,
        1 => others != Containers::LIST || all == others,
        2 => others.has(Containers::GRAPH) && (others.has(Containers::ID) || others.has(Containers::INDEX)),
        _ => false,
    };
    if is_allowed { Ok(all) } else { Err(Fault::ContainerMapping.into()) }
}

fn is_context_keyword(name: &str) -> bool {
    matches!(
        name,
        "@base" | "@direction" | "@import" | "@language" | "@propagate" | "@protected" | "@version" | "@vocab"
    )
}

fn is_definition_keyword(name: &str) -> bool {
    matches!(
        name,
        "@id"
            | "@reverse"
            | "@container"
            | "@context"
            | "@direction"
            | "@index"
            | "@language"
            | "@nest"
            | "@prefix"
            | "@protected"
            | "@type"
    )
}
