//! Members whose values stand in a list or a map (JSON-LD 1.1 API, section 5.1.2, steps 13.7 to 13.12).

use serde_json::Value;

use super::emit::{Rdf, Target, Thing};
use super::place::{Extra, Here, Place, Property, Wrap};
use super::{Reader, Shape};
use crate::encoding::json::Map;
use crate::jsonld::context::{Active, Containers, How};
use crate::jsonld::dataset::Term;
use crate::jsonld::error::{Fault, Read, Unsafe};
use crate::jsonld::keyword::Keyword;

impl<'c> Reader<'c> {
    /// Step 13.11: a list, unless the value is one already.
    pub(super) fn list_member<'e>(&mut self, here: &Here<'e>, value: &Value, target: &mut Target<'_>) -> Read<()>
    where
        'c: 'e,
    {
        let place = here.place;
        place.undivided()?;
        let list = match value {
            Value::Object(_) => {
                let mut items = Vec::new();
                let shape = self.values(here, value, &mut Target::List(&mut items))?;
                match (shape, items.as_slice()) {
                    (Shape::List, [Some(list)]) => *list,
                    _ => self.string_together(&items, place)?,
                }
            }
            other => self.list(here.active, here.property, other, place)?,
        };
        self.leaf(Thing::List(list), &Extra::NONE, target, place)
    }

    /// The items of a list, and the quads that string them together.
    pub(super) fn list<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        value: &Value,
        place: Place<'e>,
    ) -> Read<Term>
    where
        'c: 'e,
    {
        let mut items = Vec::new();
        match value {
            Value::Array(values) => {
                let here = Here::behind(active, property, place.deeper()?);
                items.reserve(values.len());
                for (index, value) in values.iter().enumerate() {
                    let read = match value {
                        // A list in a list.
                        Value::Array(_) => {
                            self.list(active, property, value, here.place).map(|inner| items.push(Some(inner)))
                        }
                        single => self.values(&here, single, &mut Target::List(&mut items)).map(|_| ()),
                    };
                    read.map_err(|problem| problem.under(index))?;
                }
            }
            single => {
                let here = Here::behind(active, property, place);
                self.values(&here, single, &mut Target::List(&mut items))?;
            }
        }
        self.string_together(&items, place)
    }

    /// Section 8.3, list to RDF conversion.
    fn string_together(&mut self, items: &[Option<Term>], place: Place<'_>) -> Read<Term> {
        let nil = Term::Iri(self.rdf(Rdf::Nil));
        let (first, rest) = (self.rdf(Rdf::First), self.rdf(Rdf::Rest));
        let mut next = nil;
        for item in items.iter().rev() {
            let node = Term::Blank(self.data.add_blank());
            if let Some(item) = item {
                self.push(node, first, *item, place)?;
            }
            self.push(node, rest, next, place)?;
            next = node;
        }
        Ok(next)
    }

    /// Step 13.7.
    pub(super) fn language_map(&mut self, here: &Here<'_>, map: &Map, target: &mut Target<'_>) -> Read<()> {
        if here.active.has_direction(here.property.definition) {
            self.drop(Unsafe::Direction)?;
        }
        for (key, value) in map {
            let place = here.place.member(key);
            let is_none = is_none(here.active, key);
            let mut one = |reader: &mut Self, value: &Value, place: Place<'_>| {
                let literal = match value {
                    Value::Null => reader.drop(Unsafe::NullValue).map(|()| None)?,
                    Value::String(text) if is_none => Some(reader.data.add_literal(text, "")),
                    Value::String(text) => reader.in_language(text, key)?,
                    _ => return Err(Fault::LanguageMapValue.into()),
                };
                match literal {
                    Some(literal) => reader.leaf(Thing::Literal(Term::Literal(literal)), &Extra::NONE, target, place),
                    None => Ok(()),
                }
            };
            let read = match value {
                Value::Array(values) => values.iter().enumerate().try_for_each(|(index, value)| {
                    one(self, value, place.item(index)).map_err(|problem| problem.under(index))
                }),
                single => one(self, single, place),
            };
            read.map_err(|problem| problem.under(key))?;
        }
        Ok(())
    }

    /// Step 13.8.
    pub(super) fn index_map<'e>(&mut self, here: &Here<'e>, map: &Map, target: &mut Target<'_>) -> Read<()>
    where
        'c: 'e,
    {
        for (key, value) in map {
            let here = Here { place: here.place.member(key), ..*here };
            self.indexed(&here, key, value, target).map_err(|problem| problem.under(key))?;
        }
        Ok(())
    }

    fn indexed<'e>(&mut self, here: &Here<'e>, key: &str, value: &Value, target: &mut Target<'_>) -> Read<()>
    where
        'c: 'e,
    {
        let Here { active, property, place, .. } = *here;
        let containers = property.definition.map(|definition| definition.containers).unwrap_or_default();
        let is_named = !is_none(active, key);
        let mut extra = Extra {
            graph: if containers.has(Containers::GRAPH) { Wrap::UnlessGraph } else { Wrap::Never },
            ..Extra::NONE
        };
        // Step 13.8.3.1.
        let mut context = active;
        if containers.has(Containers::ID) || containers.has(Containers::TYPE) {
            context = active.previous().unwrap_or(active);
        }
        let with_type;
        if containers.has(Containers::TYPE) {
            extra.r#type = is_named.then_some(key);
            // Step 13.8.3.2.
            if let Some(scoped) = context.find(key).and_then(|definition| definition.context.as_ref()) {
                with_type = context.with(scoped, How::OF_TYPE, &mut self.call)?;
                context = &with_type;
            }
        } else if containers.has(Containers::ID) {
            extra.id = is_named.then_some(key);
        } else if let Some(index) = property.definition.and_then(|definition| definition.index.as_deref()) {
            // Step 13.8.3.7.2.
            if is_named {
                let predicate = self.predicate(&active.expand(index, true, false))?;
                let indexing = Property { name: Some(index), definition: active.find(index) };
                let value = self.expanded(active, indexing, &Value::String(key.to_owned()))?;
                extra.index = value.map(|value| (predicate, value.term()));
            }
        } else if is_named {
            // RDF does not say the key.
            self.drop(Unsafe::Index)?;
        }
        // The member is defined where the map stands.
        self.values(&Here { active: context, property, from_map: true, extra, place }, value, target).map(|_| ())
    }
}

fn is_none(active: &Active<'_>, key: &str) -> bool {
    active.keyword(key) == Some(Keyword::None)
}
