//! Members whose values stand in a list or a map (JSON-LD 1.1 API, section 5.1.2, steps 13.7 to 13.12).

use serde_json::Value;

use super::{Extra, Place, Property, Reader, Shape, Target, Thing, Wrap};
use crate::encoding::json::Map;
use crate::jsonld::context::{Active, Containers, How};
use crate::jsonld::dataset::Term;
use crate::jsonld::error::{Fault, Read, Unsafe};
use crate::jsonld::keyword::Keyword;

impl<'c> Reader<'c> {
    /// Step 13.11: a list, unless the value is one already.
    pub(super) fn list_member<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        value: &Value,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        place.undivided()?;
        let list = match value {
            Value::Object(_) => {
                let mut items = Vec::new();
                let inner = &mut Target::List(&mut items);
                let shape = self.values(active, property, value, false, Extra::NONE, inner, place)?;
                match (shape, items.as_slice()) {
                    (Shape::List, [Some(list)]) => *list,
                    _ => self.string_together(&items, place)?,
                }
            }
            other => self.list(active, property, other, place)?,
        };
        self.leaf(Thing::List(list), Extra::NONE, target, place)
    }

    /// Step 13.7.
    pub(super) fn language_map<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        map: &Map,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()> {
        if active.has_direction(property.definition) {
            self.drop(Unsafe::Direction)?;
        }
        for (key, value) in map {
            let place = place.member(key);
            let is_none = is_none(active, key);
            let mut one = |reader: &mut Self, value: &Value, place: Place<'_>| {
                let literal = match value {
                    Value::Null => reader.drop(Unsafe::NullValue).map(|()| None)?,
                    Value::String(text) if is_none => Some(reader.data.add_literal(text, "")),
                    Value::String(text) => reader.in_language(text, key)?,
                    _ => return Err(Fault::LanguageMapValue.into()),
                };
                match literal {
                    Some(literal) => reader.leaf(Thing::Literal(Term::Literal(literal)), Extra::NONE, target, place),
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
    pub(super) fn index_map<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        map: &Map,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        for (key, value) in map {
            let read = self.indexed(active, property, key, value, target, place.member(key));
            read.map_err(|problem| problem.under(key))?;
        }
        Ok(())
    }

    fn indexed<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        key: &str,
        value: &Value,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
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
                let mut next = context.clone();
                next.apply(scoped, How::OF_TYPE, Some(context), &mut self.call)?;
                with_type = next;
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
                extra.index = value.map(|value| match value {
                    Thing::Node(term) | Thing::Literal(term) | Thing::List(term) => (predicate, term),
                });
            }
        } else if is_named {
            // RDF does not say the key.
            self.drop(Unsafe::Index)?;
        }
        // The member is defined where the map stands.
        let read = self.values(context, property, value, true, extra, target, place);
        read.map(|_| ())
    }
}

fn is_none(active: &Active<'_>, key: &str) -> bool {
    active.keyword(key) == Some(Keyword::None)
}
