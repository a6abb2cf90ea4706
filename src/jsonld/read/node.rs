//! Objects: who they are, of which types, and what is said of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Extra, Graph, Place, Property, Rdf, Reader, Survey, Target, Thing, Wrap};
use crate::encoding::json::Map;
use crate::jsonld::context::{Active, Coercion, Containers, Expanded, How, Term as Definition};
use crate::jsonld::dataset::{Span, Term};
use crate::jsonld::error::{Fault, Read, Unsafe};
use crate::jsonld::keyword::Keyword;

/// The object whose members are read.
#[derive(Clone, Copy)]
struct About<'e> {
    /// `None` if lenient reading dropped it.
    subject: Option<Term>,
    /// The context before those of the types.
    type_scoped: &'e Active<'e>,
    /// What `@graph` fills.
    graph: Graph,
    /// Whether the members stand behind `@reverse`.
    is_reversed: bool,
}

/// Keywords that stood already, under whichever name.
#[derive(Default)]
struct Seen(BTreeSet<u8>);

impl Seen {
    fn once(&mut self, keyword: Keyword) -> Read<()> {
        if self.0.insert(keyword as u8) { Ok(()) } else { Err(Fault::CollidingKeywords.into()) }
    }
}

impl<'c> Reader<'c> {
    /// A node object.
    #[allow(clippy::too_many_arguments, reason = "what the algorithm of the standard passes on")]
    pub(super) fn node<'e>(
        &mut self,
        active: &'e Active<'e>,
        type_scoped: &'e Active<'e>,
        map: &Map,
        survey: &Survey<'_>,
        extra: Extra<'_>,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        let is_graph = survey.has_graph && survey.others == 0;
        if extra.graph == Wrap::Always || extra.graph == Wrap::UnlessGraph && !is_graph {
            return self.wrapped(active, extra, target, place, |reader, place| {
                let extra = Extra::NONE;
                reader.node(active, type_scoped, map, survey, extra, &mut Target::Graph, place)
            });
        }
        // The graph of a document that is nothing else is the default graph (section 8.1 by way of 5.1).
        if place.is_root && survey.has_graph && only_graph(active, map) {
            let about = About { subject: None, type_scoped, graph: place.graph, is_reversed: false };
            return self.members(active, about, map, &mut Seen::default(), Place { is_root: false, ..place });
        }
        let place = Place { is_root: false, ..place };
        let id = self.id(active, map, survey)?;
        let says_nothing = survey.others == 0 && !survey.has_graph && extra.r#type.is_none() && extra.index.is_none();
        // Step 19; in a graph a mere reference says nothing either.
        if says_nothing && matches!(target, Target::Graph | Target::Included) {
            let about = About { subject: None, type_scoped, graph: Graph::Dropped, is_reversed: false };
            self.members(active, about, map, &mut Seen::default(), place)?;
            return self.drop(if id.is_some() { Unsafe::FreeFloating } else { Unsafe::EmptyObject });
        }
        // Step 18.
        if survey.has_language && survey.others == 1 && id.is_none() && !survey.has_graph {
            return self.drop(Unsafe::FreeFloating);
        }
        let subject = match (id, extra.id) {
            (Some(id), _) => id,
            (None, Some(key)) => self.resource(&active.expand(key, false, true))?,
            (None, None) => Some(Term::Blank(self.data.add_blank())),
        };
        self.extra_of(active, subject, extra, place)?;
        let graph = subject.map_or(Graph::Dropped, Graph::Named);
        let about = About { subject, type_scoped, graph, is_reversed: false };
        let before = self.data.quads().len();
        self.members(active, about, map, &mut Seen::default(), place)?;
        // Members without a value, such as empty arrays, say nothing either.
        if let Some(subject) = subject
            && matches!(target, Target::Graph | Target::Included)
            && extra.is_none()
            && !self.is_said(subject, before)
        {
            self.drop(if id.is_some() { Unsafe::FreeFloating } else { Unsafe::EmptyObject })?;
        }
        match subject {
            Some(subject) => self.deliver(Thing::Node(subject), target, place),
            None => target.deliver_nothing(),
        }
    }

    /// Whether the quads from there on name the node.
    fn is_said(&self, node: Term, from: usize) -> bool {
        let is_it = |term: Term| match (term, node) {
            (Term::Iri(one), Term::Iri(other)) => self.data.text(one) == self.data.text(other),
            (one, other) => one == other,
        };
        let quads = self.data.quads().get(from..).unwrap_or_default();
        quads.iter().any(|quad| is_it(quad.subject) || is_it(quad.object) || quad.graph.is_some_and(is_it))
    }

    /// A reference behind the key of a map.
    pub(super) fn wrapped_reference(
        &mut self,
        active: &Active<'_>,
        node: Term,
        extra: Extra<'_>,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()> {
        if extra.graph != Wrap::Never {
            return self.wrapped(active, extra, target, place, |reader, _| reader.drop(Unsafe::FreeFloating));
        }
        self.extra_of(active, Some(node), extra, place)?;
        self.deliver(Thing::Node(node), target, place)
    }

    /// Makes a graph, and lets it be filled.
    fn wrapped(
        &mut self,
        active: &Active<'_>,
        extra: Extra<'_>,
        target: &mut Target<'_>,
        place: Place<'_>,
        fill: impl FnOnce(&mut Self, Place<'_>) -> Read<()>,
    ) -> Read<()> {
        let name = match extra.id {
            Some(key) => self.resource(&active.expand(key, false, true))?,
            None => Some(Term::Blank(self.data.add_blank())),
        };
        self.extra_of(active, name, extra, place)?;
        let graph = name.map_or(Graph::Dropped, Graph::Named);
        fill(self, Place { graph, is_root: false, ..place })?;
        match name {
            Some(name) => self.deliver(Thing::Node(name), target, place),
            None => target.deliver_nothing(),
        }
    }

    /// What the key of a map says of what stands behind it.
    fn extra_of(&mut self, active: &Active<'_>, subject: Option<Term>, extra: Extra<'_>, place: Place<'_>) -> Read<()> {
        let Some(subject) = subject else { return Ok(()) };
        if let Some(key) = extra.r#type
            && let Some(r#type) = self.resource(&active.expand(key, true, true))?
        {
            let predicate = self.rdf(Rdf::Type);
            self.push(subject, predicate, r#type, place)?;
        }
        if let Some((Some(predicate), value)) = extra.index {
            self.push(subject, predicate, value, place)?;
        }
        Ok(())
    }

    /// Step 13.4.3, wherever it stands: also behind `@nest`. The outer `None` is none, the inner one dropped.
    fn id(&mut self, active: &Active<'_>, map: &Map, survey: &Survey<'_>) -> Read<Option<Option<Term>>> {
        let nested = if survey.has_nest { self.nested_id(active, map)? } else { None };
        match (survey.id, nested) {
            (Some(_), Some(_)) => Err(Fault::CollidingKeywords.into()),
            (None, nested) => Ok(nested),
            (Some((name, value)), None) => {
                self.id_value(active, value).map(Some).map_err(|problem| problem.under(name))
            }
        }
    }

    fn id_value(&mut self, active: &Active<'_>, value: &Value) -> Read<Option<Term>> {
        match value {
            Value::String(id) => self.resource(&active.expand(id, false, true)),
            Value::Null if self.is_safe() => Err(Unsafe::NullId.into()),
            _ => Err(Fault::IdValue.into()),
        }
    }

    fn nested_id(&mut self, active: &Active<'_>, map: &Map) -> Read<Option<Option<Term>>> {
        let mut found = None;
        for (name, value) in map {
            if !active.is(name, Keyword::Nest) {
                continue;
            }
            let values = match value {
                Value::Array(values) => values.as_slice(),
                single => std::slice::from_ref(single),
            };
            for nested in values.iter().filter_map(Value::as_object) {
                // Contexts of `@nest` are laid over it where its members are read; an `@id` has the same name there.
                let survey = Survey::of(active, nested)?;
                if let Some(id) = self.id(active, nested, &survey)?
                    && found.replace(id).is_some()
                {
                    return Err(Fault::CollidingKeywords.into());
                }
            }
        }
        Ok(found)
    }

    /// Step 13: all members, and step 14, what is nested.
    fn members<'e>(
        &mut self,
        active: &'e Active<'e>,
        about: About<'e>,
        map: &Map,
        seen: &mut Seen,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        for (name, value) in map {
            let (definition, expanded) = active.member(name);
            let read = match &expanded {
                Expanded::Keyword(keyword) => {
                    self.keyword(active, about, definition, (name, *keyword), value, seen, place)
                }
                Expanded::Null(reason) => self.drop(*reason),
                Expanded::Relative => self.drop(Unsafe::UndefinedTerm),
                Expanded::Iri(_) | Expanded::Blank(_) => {
                    let property = Property { name: Some(name), definition };
                    self.member(active, about, property, &expanded, value, place.member(name))
                }
            };
            read.map_err(|problem| problem.under(name))?;
        }
        Ok(())
    }

    /// Step 13.4.
    #[allow(clippy::too_many_arguments, reason = "what the algorithm of the standard passes on")]
    fn keyword<'e>(
        &mut self,
        active: &'e Active<'e>,
        about: About<'e>,
        definition: Option<&'e Definition>,
        (name, keyword): (&'e str, Keyword),
        value: &Value,
        seen: &mut Seen,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        if about.is_reversed && keyword != Keyword::Context {
            return Err(Fault::ReversePropertyMap.into());
        }
        // A selection takes along what is called `id` and `type`, and not what means the same.
        if matches!(keyword, Keyword::Id | Keyword::Type) && !matches!(name, "id" | "type") {
            place.undivided()?;
        }
        match keyword {
            // Said already.
            Keyword::Context | Keyword::Id => Ok(()),
            Keyword::Type => self.types(about, value, place),
            Keyword::Index => {
                seen.once(keyword)?;
                self.index(value)
            }
            Keyword::Graph => {
                seen.once(keyword)?;
                let place = Place { graph: about.graph, is_root: false, ..place.member(name) };
                let read = self.values(active, Property::FREE, value, false, Extra::NONE, &mut Target::Graph, place);
                read.map(|_| ())
            }
            Keyword::Included => {
                let place = place.member(name);
                self.values(active, Property::FREE, value, false, Extra::NONE, &mut Target::Included, place).map(|_| ())
            }
            Keyword::Reverse => {
                seen.once(keyword)?;
                let Value::Object(map) = value else { return Err(Fault::ReverseValue.into()) };
                self.descend(place)?;
                let place = Place { depth: place.depth + 1, ..place.member(name) };
                let about = About { is_reversed: true, ..about };
                self.members(active, about, map, &mut Seen::default(), place)
            }
            Keyword::Nest => self.nested(active, about, definition, value, seen, place.member(name)),
            // Step 13.4.7 and the like: what belongs to a value object and stands in none.
            Keyword::Language => {
                if value.is_string() {
                    self.drop(Unsafe::FreeFloating)
                } else {
                    Err(Fault::LanguageTaggedString.into())
                }
            }
            Keyword::Direction => match value.as_str() {
                Some("ltr" | "rtl") => self.drop(Unsafe::Direction),
                _ => Err(Fault::BaseDirection.into()),
            },
            _ => self.drop(Unsafe::UndefinedTerm),
        }
    }

    /// Step 13.4.4.
    fn types(&mut self, about: About<'_>, value: &Value, place: Place<'_>) -> Read<()> {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            single => std::slice::from_ref(single),
        };
        for value in values {
            let Value::String(name) = value else { return Err(Fault::TypeValue.into()) };
            let expanded = about.type_scoped.expand(name, true, true);
            let r#type = match &expanded {
                Expanded::Relative => self.drop(Unsafe::UndefinedTerm).map(|()| None)?,
                other => self.resource(other)?,
            };
            if let (Some(subject), Some(r#type)) = (about.subject, r#type) {
                let predicate = self.rdf(Rdf::Type);
                self.push(subject, predicate, r#type, place)?;
            }
        }
        Ok(())
    }

    /// Step 14.
    fn nested<'e>(
        &mut self,
        active: &'e Active<'e>,
        about: About<'e>,
        definition: Option<&'e Definition>,
        value: &Value,
        seen: &mut Seen,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        self.descend(place)?;
        let place = Place { depth: place.depth + 1, ..place };
        let with_scoped;
        let active = match definition.and_then(|definition| definition.context.as_ref()) {
            None => active,
            Some(context) => {
                let mut next = active.clone();
                next.apply(context, How::OF_MEMBER, Some(active), &mut self.call)?;
                with_scoped = next;
                &with_scoped
            }
        };
        let values = match value {
            Value::Array(values) => values.as_slice(),
            single => std::slice::from_ref(single),
        };
        for value in values {
            let Value::Object(map) = value else { return Err(Fault::NestValue.into()) };
            if map.keys().any(|name| active.is(name, Keyword::Value)) {
                return Err(Fault::NestValue.into());
            }
            self.members(active, About { ..about }, map, seen, place)?;
        }
        Ok(())
    }

    /// Steps 13.5 to 13.14.
    fn member<'e>(
        &mut self,
        active: &'e Active<'e>,
        about: About<'e>,
        property: Property<'e>,
        expanded: &Expanded<'_>,
        value: &Value,
        place: Place<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        let containers = property.definition.map(|definition| definition.containers).unwrap_or_default();
        let is_json = property.definition.is_some_and(|definition| definition.coercion == Coercion::Json);
        if value.is_null() && !is_json {
            return self.drop(Unsafe::NullValue);
        }
        let predicate = self.predicate(expanded)?;
        let is_reverse = property.definition.is_some_and(|definition| definition.reverse) != about.is_reversed;
        let target = &mut Target::Member { subject: about.subject, predicate, is_reverse };
        // Step 13.6.
        if is_json {
            place.undivided()?;
            let literal = Term::Literal(self.json(value));
            return self.leaf(Thing::Literal(literal), Extra::NONE, target, place);
        }
        if let Value::Object(map) = value {
            if containers.has(Containers::LANGUAGE) {
                return self.language_map(active, property, map, target, place);
            }
            if containers.has(Containers::INDEX) || containers.has(Containers::ID) || containers.has(Containers::TYPE) {
                return self.index_map(active, property, map, target, place);
            }
        }
        // Step 13.11.
        if containers.has(Containers::LIST) {
            return self.list_member(active, property, value, target, place);
        }
        // Step 13.12.
        let is_mere_graph =
            containers.has(Containers::GRAPH) && !containers.has(Containers::ID) && !containers.has(Containers::INDEX);
        let extra = Extra { graph: if is_mere_graph { Wrap::Always } else { Wrap::Never }, ..Extra::NONE };
        self.values(active, property, value, false, extra, target, place).map(|_| ())
    }

    /// A member's name as a predicate; `None` for what lenient reading drops.
    pub(super) fn predicate(&mut self, expanded: &Expanded<'_>) -> Read<Option<Span>> {
        match expanded {
            Expanded::Iri(iri) => self.iri(iri),
            Expanded::Blank(_) => self.drop(Unsafe::BlankPredicate).map(|()| None),
            Expanded::Keyword(_) | Expanded::Relative => self.drop(Unsafe::UndefinedTerm).map(|()| None),
            Expanded::Null(reason) => self.drop(*reason).map(|()| None),
        }
    }
}

/// Whether nothing but `@graph` is left of the object.
fn only_graph(active: &Active<'_>, map: &Map) -> bool {
    map.keys().all(|name| {
        matches!(
            active.member(name).1,
            Expanded::Keyword(Keyword::Graph | Keyword::Context) | Expanded::Null(_) | Expanded::Relative
        )
    })
}
