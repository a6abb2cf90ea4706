//! From what a context says to a layer (JSON-LD 1.1 API, sections 4.1.2 and 4.2.2).

mod expand;
mod layer;
mod term;

use std::sync::Arc;

use serde_json::Value;

use super::{Active, Budget, Context, Contexts, Item, Layer};
use crate::encoding::json::Map;
use crate::jsonld::error::{Fault, JsonLdError, Read};
use crate::jsonld::{iri, one_or_many};
use crate::limits;
use layer::{Builder, Scoped};

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

    fn is_document(&self) -> bool {
        matches!(self, Self::Document { .. })
    }

    /// Whether nothing is known yet of where it will be applied.
    fn is_ahead(&self) -> bool {
        matches!(self, Self::Elsewhere { contexts: None, .. })
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
    let mut budget = Budget::of_context();
    let compiled = Compiler { origin: &origin, budget: &mut budget, depth: 0 }.context(value, &Active::new(None));
    compiled.map_err(|problem| if is_wrapped { problem.under("@context") } else { problem })
}

/// About how much there is to compare of the context of a term.
fn bytes_of(item: &Item) -> usize {
    fn of_map(map: &Map) -> usize {
        map.iter().map(|(name, value)| name.len() + of_value(value)).sum()
    }
    /// As deep as contexts may stand within each other.
    fn of_value(value: &Value) -> usize {
        const EACH: usize = 64;
        EACH + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(of_value).sum(),
            Value::Object(map) => of_map(map),
            _ => 0,
        }
    }
    match item {
        Item::Local { source, .. } => of_map(source),
        Item::Address(address) => address.len(),
        Item::Null => 0,
    }
}

/// Compiles a context where it is applied.
pub(super) fn layer_here(map: &Map, outer: &Active<'_>, origin: &Origin<'_>, budget: &mut Budget) -> Read<Layer> {
    Compiler { origin, budget, depth: 0 }.layer(map, outer, false)
}

struct Compiler<'w> {
    origin: &'w Origin<'w>,
    budget: &'w mut Budget,
    /// How many contexts of terms it is in.
    depth: usize,
}

impl Compiler<'_> {
    /// Compiles a context that stands where `outer` is active. What depends on something that is not known here is left
    /// for where it is applied.
    fn context(&mut self, value: &Value, outer: &Active<'_>) -> Read<Context> {
        let values = one_or_many(value);
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
                    Item::Address(self.origin.resolved(address))
                }
                Value::Object(map) => {
                    let layer = match self.layer(map, &active, true) {
                        Ok(layer) => {
                            let layer = Arc::new(layer);
                            active.assume(Arc::clone(&layer));
                            Some(layer)
                        }
                        // What is too much here is too much anywhere: whoever went on would spend it again.
                        Err(problem) if problem.is_ceiling() || is_known && !problem.is_beyond() => {
                            return Err(problem);
                        }
                        Err(_) => {
                            is_known = false;
                            None
                        }
                    };
                    Item::Local { layer, source: Arc::new(map.clone()) }
                }
                _ => return Err(Fault::LocalContext.into()),
            });
        }
        Ok(Context { items, is_list: value.is_array() })
    }

    /// Compiles one context that is an object, where `outer` is active.
    fn layer(&mut self, map: &Map, outer: &Active<'_>, is_noting: bool) -> Read<Layer> {
        if self.depth > limits::JSON_DEPTH {
            return Err(JsonLdError::TooMuch { what: "contexts within each other", limit: limits::JSON_DEPTH }.into());
        }
        let imported;
        let local = match map.get("@import") {
            None => map,
            Some(Value::String(address)) => {
                imported = self.import(map, &self.origin.resolved(address))?;
                &imported
            }
            Some(_) => return Err(Fault::ImportValue.into()),
        };
        let (layer, scoped) = Builder::new(local, outer, is_noting, self.budget).build(self.origin)?;
        self.with_scoped(layer, scoped, outer)
    }

    /// Section 4.1.2, step 5.6.
    fn import(&self, map: &Map, address: &str) -> Read<Map> {
        let unavailable = || JsonLdError::ContextUnavailable { url: address.to_owned() };
        let contexts = self.origin.contexts().ok_or_else(unavailable)?;
        let context = contexts.context(address).ok_or_else(unavailable)?;
        // "5.6.6) If the dereferenced document has no top-level map with an @context entry, or if the value of @context is
        // not a context definition (i.e., it is not an map)".
        let [Item::Local { source, .. }] = context.items.as_slice() else { return Err(Fault::RemoteContext.into()) };
        if context.is_list {
            return Err(Fault::RemoteContext.into());
        }
        if source.contains_key("@import") {
            return Err(Fault::ContextEntry.into());
        }
        let mut merged = Map::clone(source);
        let own = map.iter().filter(|(name, _)| *name != "@import");
        merged.extend(own.map(|(name, value)| (name.clone(), value.clone())));
        Ok(merged)
    }

    /// Compiles the contexts of terms, in whose surroundings the layer itself is active.
    fn with_scoped(&mut self, mut layer: Layer, scoped: Vec<Scoped<'_>>, outer: &Active<'_>) -> Read<Layer> {
        if scoped.is_empty() {
            return Ok(layer);
        }
        let mut contexts = Vec::with_capacity(scoped.len());
        let mut active = outer.clone();
        active.assume_layer(&layer);
        self.depth += 1;
        for Scoped { position, value } in scoped {
            let compiled = self.context(value, &active).or_else(|problem| {
                if problem.is_beyond() {
                    return Err(problem);
                }
                // Section 4.2.2, step 21.3.
                if self.origin.is_document() {
                    return Err(Fault::ScopedContext.into());
                }
                // What is missing may be there where it is applied; what is wrong is found then.
                self.open(value)
            });
            let name = layer.terms.get(position).map(|term| term.name.clone()).unwrap_or_default();
            contexts.push((position, compiled.map_err(|problem| problem.under("@context").under(name))?));
        }
        self.depth -= 1;
        for (position, context) in contexts {
            layer.bytes += context.items.iter().map(bytes_of).sum::<usize>();
            if let Some(term) = layer.terms.get_mut(position) {
                term.context = Some(context);
            }
        }
        Ok(layer)
    }

    /// A context of which nothing is compiled.
    fn open(&self, value: &Value) -> Read<Context> {
        let item = |value: &Value| match value {
            Value::Null => Ok(Item::Null),
            Value::String(address) => Ok(Item::Address(self.origin.resolved(address))),
            Value::Object(map) => Ok(Item::Local { layer: None, source: Arc::new(map.clone()) }),
            _ => Err(Fault::ScopedContext.into()),
        };
        let items = one_or_many(value).iter().map(item).collect::<Read<_>>()?;
        Ok(Context { items, is_list: value.is_array() })
    }
}
