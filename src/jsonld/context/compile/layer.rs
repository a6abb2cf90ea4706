//! One context that is an object: its keywords, and then its terms one by one (section 4.1.2, steps 5.5 to 5.13).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::Origin;
use crate::encoding::json::Map;
use crate::jsonld::context::active::Expanded;
use crate::jsonld::context::table::Table;
use crate::jsonld::context::{Active, Assumed, Budget, Direction, Layer, Lengths, Mapping, Setting, Term};
use crate::jsonld::error::{Fault, JsonLdError, Read};
use crate::jsonld::iri;
use crate::jsonld::keyword::Keyword;
use crate::limits;

/// The number of the next layer that is compiled ahead.
static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// The context of a term, by the term's position.
pub(super) struct Scoped<'b> {
    pub(super) position: usize,
    pub(super) value: &'b Value,
}

#[derive(Clone, Copy)]
pub(super) enum Progress {
    Begun,
    /// The term's position, if it became one.
    Done(Option<usize>),
}

pub(super) struct Builder<'b, 'w> {
    /// Whether what is taken from the surroundings is noted.
    pub(super) is_noting: bool,
    pub(super) local: &'b Map,
    pub(super) outer: &'w Active<'w>,
    pub(super) layer: Layer,
    pub(super) progress: BTreeMap<&'b str, Progress>,
    pub(super) protected: bool,
    pub(super) budget: &'w mut Budget,
    scoped: Vec<Scoped<'b>>,
    /// How many terms lean on each other here.
    depth: usize,
}

impl<'b, 'w> Builder<'b, 'w> {
    pub(super) fn new(local: &'b Map, outer: &'w Active<'w>, is_noting: bool, budget: &'w mut Budget) -> Self {
        Self {
            is_noting,
            local,
            outer,
            layer: Layer::default(),
            progress: BTreeMap::new(),
            protected: false,
            budget,
            scoped: Vec::new(),
            depth: 0,
        }
    }

    /// The layer, and the contexts of its terms, which are still to be compiled.
    pub(super) fn build(mut self, origin: &Origin<'_>) -> Read<(Layer, Vec<Scoped<'b>>)> {
        let local = self.local;
        // Step 5.5.
        if let Some(version) = local.get("@version")
            && version.as_f64() != Some(1.1)
        {
            return Err(Fault::VersionValue.into());
        }
        if origin.is_document() {
            self.layer.base = self.base(local.get("@base"))?;
        }
        self.layer.vocab = self.vocab(local.get("@vocab"))?;
        // Steps 5.9 and 5.10.
        self.layer.language = language(local.get("@language"), Fault::DefaultLanguage)?;
        self.layer.direction = direction(local.get("@direction"))?;
        // Step 5.11. What follows from it is for where the context is applied.
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
        Ok(self.finish(origin))
    }

    /// What is found out once and looked up often.
    fn finish(self, origin: &Origin<'_>) -> (Layer, Vec<Scoped<'b>>) {
        let Self { mut layer, scoped, .. } = self;
        layer.table = Table::of(layer.terms.iter().map(|term| term.hash));
        layer.has_protected = layer.terms.iter().any(|term| term.protected);
        let lengths = |is_one: fn(&Term) -> bool| {
            let names = layer.terms.iter().filter(|term| is_one(term)).map(|term| Lengths::of(&term.name));
            names.fold(Lengths::NONE, Lengths::and)
        };
        let keyword_lengths = lengths(|term| matches!(term.mapping, Mapping::Keyword(_)));
        let prefix_lengths = lengths(|term| term.prefix);
        (layer.keyword_lengths, layer.prefix_lengths) = (keyword_lengths, prefix_lengths);
        layer.has_colon = layer.terms.iter().any(|term| term.name.contains(':'));
        layer.bytes = layer.terms.iter().map(|term| term.bytes()).sum();
        // Many terms lean on few prefixes.
        layer.assumes.names.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
        layer.assumes.names.dedup_by(|one, other| one.key() == other.key());
        // Those of one call would fill the places of those that stay.
        if origin.is_ahead() {
            layer.number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        }
        (layer, scoped)
    }

    /// Step 5.7.
    fn base(&mut self, value: Option<&Value>) -> Read<Setting<Box<str>>> {
        let base: Box<str> = match value {
            None => return Ok(Setting::Unset),
            Some(Value::Null) => return Ok(Setting::Null),
            Some(Value::String(base)) if iri::has_scheme(base) => base.as_str().into(),
            Some(Value::String(base)) => {
                let outer = self.outer.base().ok_or(Fault::BaseIri)?;
                iri::resolve(outer, base).into()
            }
            Some(_) => return Err(Fault::BaseIri.into()),
        };
        self.budget.spend_bytes(base.len())?;
        Ok(Setting::To(base))
    }

    /// Step 5.8. A relative one continues the one before, or the base.
    fn vocab(&mut self, value: Option<&Value>) -> Read<Setting<Arc<str>>> {
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
        let vocab: Arc<str> = match self.outer.expand(value, true, false) {
            Expanded::Iri(iri) => iri.text().into(),
            Expanded::Blank(label) => label.into(),
            Expanded::Relative => {
                self.layer.assumes.base = true;
                base.map_or_else(|| value.as_str().into(), |base| iri::resolve(base, value).into())
            }
            Expanded::Keyword(_) | Expanded::Null(_) => return Err(Fault::VocabMapping.into()),
        };
        self.budget.spend_bytes(vocab.len())?;
        self.note(value, false);
        match value.split_once(':') {
            Some((prefix, _)) => self.note(prefix, true),
            None => self.note_vocab(),
        }
        Ok(Setting::To(vocab))
    }

    /// Section 4.2.2, create term definition.
    pub(super) fn define(&mut self, name: &'b str) -> Read<()> {
        if is_context_keyword(name) {
            return Ok(());
        }
        // Step 1.
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
        if let Some(value) = value.get("@context")
            && !term.reverse
        {
            self.scoped.push(Scoped { position, value });
        }
        self.layer.terms.push(term);
        self.progress.insert(name, Progress::Done(Some(position)));
        Ok(())
    }

    /// Notes what a name means in the surroundings.
    pub(super) fn note(&mut self, name: &str, is_prefix: bool) {
        if self.is_noting {
            let mapping = self.outer.mapping_of(name, is_prefix).cloned();
            self.layer.assumes.names.push(Assumed { name: name.into(), is_prefix, mapping });
        }
    }

    /// Notes the vocabulary of the surroundings.
    pub(super) fn note_vocab(&mut self) {
        if self.is_noting && self.layer.assumes.vocab.is_none() {
            self.layer.assumes.vocab = Some(self.outer.shared_vocab().cloned());
        }
    }
}

/// Section 4.1.2, step 5.9, and of terms section 4.2.2, step 22.
pub(super) fn language(value: Option<&Value>, fault: Fault) -> Read<Setting<Arc<str>>> {
    match value {
        None => Ok(Setting::Unset),
        Some(Value::Null) => Ok(Setting::Null),
        Some(Value::String(language)) => Ok(Setting::To(language.to_ascii_lowercase().into())),
        Some(_) => Err(fault.into()),
    }
}

/// Section 4.1.2, step 5.10, and of terms section 4.2.2, step 23.
pub(super) fn direction(value: Option<&Value>) -> Read<Setting<Direction>> {
    match value {
        None => Ok(Setting::Unset),
        Some(Value::Null) => Ok(Setting::Null),
        Some(value) => {
            let direction = value.as_str().and_then(Direction::parse);
            direction.map(Setting::To).ok_or_else(|| Fault::BaseDirection.into())
        }
    }
}

pub(super) fn is_context_keyword(name: &str) -> bool {
    matches!(
        name,
        "@base" | "@direction" | "@import" | "@language" | "@propagate" | "@protected" | "@version" | "@vocab"
    )
}
