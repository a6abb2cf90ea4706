//! From a document to quads in one pass: expansion (JSON-LD 1.1 API, section 5.1), node map generation (7.2) and
//! deserialisation to RDF (8.1) at once.

mod container;
mod emit;
mod literal;
mod node;
mod place;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Active, Call, Context, Contexts, How, Options};
use super::dataset::{Dataset, Span};
use super::error::{Fault, Read, Unsafe};
use super::keyword::Keyword;
use super::one_or_many;
use super::selection::Selections;
use crate::encoding::json::Map;
use emit::{Rdf, Target, Thing};
use place::{Here, Place};
use survey::{Kind, Survey};

/// What reads one document.
pub(super) struct Reader<'c> {
    call: Call<'c>,
    data: Dataset,
    /// The blank nodes that the document names.
    labels: BTreeMap<String, u32>,
    label_bytes: usize,
    rdf: [Option<Span>; Rdf::COUNT],
}

/// An object of a document, and the `@context` by which it is read.
#[derive(Clone, Copy)]
struct Source<'d> {
    map: &'d Map,
    context: Option<&'d Value>,
}

impl<'d> Source<'d> {
    fn of(map: &'d Map) -> Self {
        Self { map, context: map.get("@context") }
    }
}

/// Whether a list was read that stands alone.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    List,
    Other,
}

impl<'c> Reader<'c> {
    pub(super) fn new(contexts: &'c dyn Contexts, options: Options<'c>) -> Self {
        Self {
            call: Call::new(contexts, options),
            data: Dataset::with_room(),
            labels: BTreeMap::new(),
            label_bytes: 0,
            rdf: [None; Rdf::COUNT],
        }
    }

    pub(super) fn document(self, document: &Map, selections: &Selections) -> Read<Dataset> {
        self.source(Source::of(document), selections)
    }

    /// A document that is read with this context, whatever `@context` stands in it.
    pub(super) fn document_with(self, document: &Map, context: &Value) -> Read<Dataset> {
        self.source(Source { map: document, context: Some(context) }, &Selections::none())
    }

    fn source(mut self, source: Source<'_>, selections: &Selections) -> Read<Dataset> {
        let active = Active::new(self.call.options.base);
        self.map(&Here::free(&active, Place::top(selections)), source, &mut Target::Graph)?;
        Ok(self.data)
    }

    pub(super) fn value(mut self, document: &Value, expand_context: Option<&Context>) -> Read<Dataset> {
        let bare = Active::new(self.call.options.base);
        let active = match expand_context {
            Some(context) => bare.with(context, How::WRITTEN, &mut self.call)?,
            None => bare.clone(),
        };
        let none = Selections::none();
        self.values(&Here::free(&active, Place::top(&none)), document, &mut Target::Graph)?;
        Ok(self.data)
    }

    fn is_safe(&self) -> bool {
        !self.call.options.lenient
    }

    /// An error, or nothing at all.
    fn drop(&self, reason: Unsafe) -> Read<()> {
        if self.is_safe() { Err(reason.into()) } else { Ok(()) }
    }

    /// Section 5.1.2: whatever stands behind a member, or at the top.
    fn values<'e>(&mut self, here: &Here<'e>, value: &Value, target: &mut Target<'_>) -> Read<Shape>
    where
        'c: 'e,
    {
        match value {
            // Step 1.
            Value::Null => self.drop(Unsafe::NullValue).map(|()| Shape::Other),
            // Step 5.
            Value::Array(items) => {
                let place = here.place.deeper()?;
                for (index, item) in items.iter().enumerate() {
                    let here = Here { place: place.item(index), ..*here };
                    self.values(&here, item, target).map_err(|problem| problem.under(index))?;
                }
                Ok(Shape::Other)
            }
            Value::Object(map) => self.map(here, Source::of(map), target),
            // Step 4.
            scalar => {
                if matches!(target, Target::Included) {
                    return Err(Fault::IncludedValue.into());
                }
                if here.property.is_free() {
                    return self.drop(Unsafe::FreeFloating).map(|()| Shape::Other);
                }
                match here.property.context() {
                    None => self.scalar(here, scalar, target)?,
                    Some(context) => {
                        let scoped = here.active.with(context, How::OF_MEMBER, &mut self.call)?;
                        let here = Here { active: &scoped, property: here.property.within(&scoped), ..*here };
                        self.scalar(&here, scalar, target)?;
                    }
                }
                Ok(Shape::Other)
            }
        }
    }

    /// Section 5.1.2, from step 6.
    fn map<'e>(&mut self, here: &Here<'e>, source: Source<'_>, target: &mut Target<'_>) -> Read<Shape>
    where
        'c: 'e,
    {
        let Source { map, context } = source;
        let place = here.place.deeper()?;
        // Step 7.
        let reverted = match here.active.previous() {
            Some(previous) if !here.from_map && !survey::stays(here.active, map) => previous,
            _ => here.active,
        };
        // Step 8.
        let with_scoped;
        let scoped = match here.property.context() {
            None => reverted,
            Some(context) => {
                with_scoped = reverted.with(context, How::OF_MEMBER, &mut self.call)?;
                &with_scoped
            }
        };
        // Step 9.
        let with_written;
        let type_scoped = match context {
            None => scoped,
            Some(value) => {
                let written = scoped.with_written(value, &mut self.call);
                with_written = written.map_err(|problem| problem.under("@context"))?;
                &with_written
            }
        };
        // Steps 10 and 11.
        let with_types = self.with_types(type_scoped, map)?;
        let active = with_types.as_ref().unwrap_or(type_scoped);
        let here = &Here { active, place, ..*here };

        let survey = Survey::of(active, map)?;
        match survey.kind()? {
            Kind::Value => {
                if here.extra.says_something() {
                    return Err(Fault::ValueObject.into());
                }
                if let Some(literal) = self.value_object(active, type_scoped, map, place)? {
                    self.leaf(Thing::Literal(literal), &here.extra, target, place)?;
                }
                Ok(Shape::Other)
            }
            Kind::Node => {
                self.node(here, type_scoped, map, &survey, target)?;
                Ok(Shape::Other)
            }
            // Step 17.
            Kind::List(name, value) => {
                self.only_index(active, map, Keyword::List)?;
                if here.property.is_free() {
                    return match target {
                        Target::Included => Err(Fault::IncludedValue.into()),
                        _ => self.drop(Unsafe::FreeFloating).map(|()| Shape::Other),
                    };
                }
                let place = place.member(name);
                place.undivided()?;
                let list = self.list(active, here.property.within(active), value, place);
                let list = list.map_err(|problem| problem.under(name))?;
                self.leaf(Thing::List(list), &here.extra, target, place)?;
                Ok(Shape::List)
            }
            Kind::Set(name, value) => {
                self.only_index(active, map, Keyword::Set)?;
                let (property, place) = (here.property.within(active), place.member(name));
                let within = Here { property, from_map: false, place, ..*here };
                self.values(&within, value, target).map_err(|problem| problem.under(name))?;
                Ok(Shape::Other)
            }
        }
    }

    /// Step 11: the contexts of the object's types.
    fn with_types<'e>(&mut self, type_scoped: &'e Active<'e>, map: &Map) -> Read<Option<Active<'e>>>
    where
        'c: 'e,
    {
        let mut active: Option<Active<'e>> = None;
        for (name, value) in map {
            if !type_scoped.is(name, Keyword::Type) {
                continue;
            }
            let context_of = |r#type: &str| type_scoped.find(r#type)?.context.as_ref();
            let mut apply = |context: &'e Context| {
                // What one that propagates brought is still there where the next one no longer is.
                let before = active.is_none().then_some(type_scoped);
                let next = active.get_or_insert_with(|| type_scoped.clone());
                next.apply(context, How::OF_TYPE, before, &mut self.call).map_err(|problem| problem.under(name))
            };
            match value {
                Value::String(r#type) => context_of(r#type).map_or(Ok(()), apply)?,
                Value::Array(types) => {
                    let types = types.iter().filter_map(Value::as_str);
                    let mut contexts: Vec<(&str, &'e Context)> =
                        types.filter_map(|r#type| Some((r#type, context_of(r#type)?))).collect();
                    contexts.sort_unstable_by_key(|(r#type, _)| *r#type);
                    contexts.into_iter().try_for_each(|(_, context)| apply(context))?;
                }
                _ => {}
            }
        }
        Ok(active)
    }
}
