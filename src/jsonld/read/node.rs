//! Objects: who they are, of which types, and what is said of them.

use serde_json::Value;

use super::emit::{Graph, Rdf, Target, Thing};
use super::place::{Extra, Here, Place, Property, Wrap};
use super::survey::{Survey, only_graph};
use super::{Reader, one_or_many};
use crate::encoding::json::Map;
use crate::jsonld::context::{Active, Coercion, Containers, Expanded, How, Term as Definition};
use crate::jsonld::dataset::Term;
use crate::jsonld::error::{Fault, Read, Unsafe};
use crate::jsonld::keyword::Keyword;

/// The object whose members are read.
#[derive(Clone, Copy)]
struct About<'e> {
    active: &'e Active<'e>,
    /// The context before those of the types.
    type_scoped: &'e Active<'e>,
    /// `None` if lenient reading dropped it.
    subject: Option<Term>,
    /// What `@graph` fills.
    graph: Graph,
    /// Whether the members stand behind `@reverse`.
    is_reversed: bool,
    place: Place<'e>,
}

impl<'e> About<'e> {
    fn new(here: &Here<'e>, type_scoped: &'e Active<'e>, subject: Option<Term>, graph: Graph) -> Self {
        let place = here.place.in_graph(here.place.graph);
        Self { active: here.active, type_scoped, subject, graph, is_reversed: false, place }
    }
}

/// A member that is a keyword, or stands for one.
#[derive(Clone, Copy)]
struct Named<'e> {
    name: &'e str,
    keyword: Keyword,
    definition: Option<&'e Definition>,
}

/// Keywords that stood already, under whichever name: a bit each.
#[derive(Default)]
struct Seen(u32);

impl Seen {
    fn once(&mut self, keyword: Keyword) -> Read<()> {
        let bit = 1 << keyword as u32;
        let is_new = self.0 & bit == 0;
        self.0 |= bit;
        if is_new { Ok(()) } else { Err(Fault::CollidingKeywords.into()) }
    }
}

impl<'c> Reader<'c> {
    /// A node object.
    pub(super) fn node<'e>(
        &mut self,
        here: &Here<'e>,
        type_scoped: &'e Active<'e>,
        map: &Map,
        survey: &Survey<'_>,
        target: &mut Target<'_>,
    ) -> Read<()>
    where
        'c: 'e,
    {
        let Here { active, extra, place, .. } = *here;
        let is_graph = survey.has_graph && survey.others == 0;
        if extra.graph == Wrap::Always || extra.graph == Wrap::UnlessGraph && !is_graph {
            return self.wrapped(here, target, |reader, place| {
                let here = Here { extra: Extra::NONE, place, ..*here };
                reader.node(&here, type_scoped, map, survey, &mut Target::Graph)
            });
        }
        // The graph of a document that is nothing else is the default graph (section 8.1 by way of 5.1).
        if place.is_root && survey.has_graph && only_graph(active, map) {
            let about = About::new(here, type_scoped, None, place.graph);
            return self.members(&about, map, &mut Seen::default());
        }
        let id = self.id(active, map, survey)?;
        let says_nothing = survey.others == 0 && !survey.has_graph && extra.r#type.is_none() && extra.index.is_none();
        // Step 19; in a graph a mere reference says nothing either.
        if says_nothing && matches!(target, Target::Graph | Target::Included) {
            let about = About::new(here, type_scoped, None, Graph::Dropped);
            self.members(&about, map, &mut Seen::default())?;
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
        self.extra_of(here, subject)?;
        let before = self.data.quads().len();
        let about = About::new(here, type_scoped, subject, subject.map_or(Graph::Dropped, Graph::Named));
        self.members(&about, map, &mut Seen::default())?;
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
    pub(super) fn wrapped_reference(&mut self, here: &Here<'_>, node: Term, target: &mut Target<'_>) -> Read<()> {
        if here.extra.graph != Wrap::Never {
            return self.wrapped(here, target, |reader, _| reader.drop(Unsafe::FreeFloating));
        }
        self.extra_of(here, Some(node))?;
        self.deliver(Thing::Node(node), target, here.place)
    }

    /// Makes a graph, and lets it be filled.
    fn wrapped<'e>(
        &mut self,
        here: &Here<'e>,
        target: &mut Target<'_>,
        fill: impl FnOnce(&mut Self, Place<'e>) -> Read<()>,
    ) -> Read<()> {
        let name = match here.extra.id {
            Some(key) => self.resource(&here.active.expand(key, false, true))?,
            None => Some(Term::Blank(self.data.add_blank())),
        };
        self.extra_of(here, name)?;
        let graph = name.map_or(Graph::Dropped, Graph::Named);
        fill(self, here.place.in_graph(graph))?;
        match name {
            Some(name) => self.deliver(Thing::Node(name), target, here.place),
            None => target.deliver_nothing(),
        }
    }

    /// What the key of a map says of what stands behind it.
    fn extra_of(&mut self, here: &Here<'_>, subject: Option<Term>) -> Read<()> {
        let Here { active, extra, place, .. } = *here;
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
            for nested in one_or_many(value).iter().filter_map(Value::as_object) {
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
    fn members<'e>(&mut self, about: &About<'e>, map: &Map, seen: &mut Seen) -> Read<()>
    where
        'c: 'e,
    {
        for (name, value) in map {
            let (definition, expanded) = about.active.member(name);
            let read = match &expanded {
                Expanded::Keyword(keyword) => {
                    self.keyword(about, Named { name, keyword: *keyword, definition }, value, seen)
                }
                Expanded::Null(reason) => self.drop(*reason),
                Expanded::Relative => self.drop(Unsafe::UndefinedTerm),
                Expanded::Iri(_) | Expanded::Blank(_) => {
                    self.member(about, Property { name: Some(name), definition }, &expanded, value)
                }
            };
            read.map_err(|problem| problem.under(name))?;
        }
        Ok(())
    }

    /// Step 13.4.
    fn keyword<'e>(&mut self, about: &About<'e>, member: Named<'_>, value: &Value, seen: &mut Seen) -> Read<()>
    where
        'c: 'e,
    {
        let Named { name, keyword, definition } = member;
        if about.is_reversed && keyword != Keyword::Context {
            return Err(Fault::ReversePropertyMap.into());
        }
        // A selection takes along what is called `id` and `type`, and not what means the same.
        if matches!(keyword, Keyword::Id | Keyword::Type) && !matches!(name, "id" | "type") {
            about.place.undivided()?;
        }
        match keyword {
            // Said already.
            Keyword::Context | Keyword::Id => Ok(()),
            Keyword::Type => self.types(about, value),
            Keyword::Index => {
                seen.once(keyword)?;
                self.index(value)
            }
            Keyword::Graph => {
                seen.once(keyword)?;
                let place = about.place.member(name).in_graph(about.graph);
                self.values(&Here::free(about.active, place), value, &mut Target::Graph).map(|_| ())
            }
            Keyword::Included => {
                let here = Here::free(about.active, about.place.member(name));
                self.values(&here, value, &mut Target::Included).map(|_| ())
            }
            Keyword::Reverse => {
                seen.once(keyword)?;
                let Value::Object(map) = value else { return Err(Fault::ReverseValue.into()) };
                let about = About { is_reversed: true, place: about.place.member(name).deeper()?, ..*about };
                self.members(&about, map, &mut Seen::default())
            }
            Keyword::Nest => {
                let about = About { place: about.place.member(name).deeper()?, ..*about };
                self.nested(&about, definition, value, seen)
            }
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
    fn types(&mut self, about: &About<'_>, value: &Value) -> Read<()> {
        for value in one_or_many(value) {
            let Value::String(name) = value else { return Err(Fault::TypeValue.into()) };
            let expanded = about.type_scoped.expand(name, true, true);
            let r#type = match &expanded {
                Expanded::Relative => self.drop(Unsafe::UndefinedTerm).map(|()| None)?,
                other => self.resource(other)?,
            };
            if let (Some(subject), Some(r#type)) = (about.subject, r#type) {
                let predicate = self.rdf(Rdf::Type);
                self.push(subject, predicate, r#type, about.place)?;
            }
        }
        Ok(())
    }

    /// Step 14.
    fn nested<'e>(
        &mut self,
        about: &About<'e>,
        definition: Option<&Definition>,
        value: &Value,
        seen: &mut Seen,
    ) -> Read<()>
    where
        'c: 'e,
    {
        let with_scoped;
        let active = match definition.and_then(|definition| definition.context.as_ref()) {
            None => about.active,
            Some(context) => {
                with_scoped = about.active.with(context, How::OF_MEMBER, &mut self.call)?;
                &with_scoped
            }
        };
        for value in one_or_many(value) {
            let Value::Object(map) = value else { return Err(Fault::NestValue.into()) };
            if map.keys().any(|name| active.is(name, Keyword::Value)) {
                return Err(Fault::NestValue.into());
            }
            self.members(&About { active, ..*about }, map, seen)?;
        }
        Ok(())
    }

    /// Steps 13.5 to 13.14.
    fn member<'e>(
        &mut self,
        about: &About<'e>,
        property: Property<'_>,
        expanded: &Expanded<'_>,
        value: &Value,
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
        let here = Here::behind(about.active, property, about.place.member(property.name.unwrap_or_default()));
        // Step 13.6.
        if is_json {
            here.place.undivided()?;
            let literal = Term::Literal(self.json(value));
            return self.leaf(Thing::Literal(literal), &Extra::NONE, target, here.place);
        }
        if let Value::Object(map) = value {
            if containers.has(Containers::LANGUAGE) {
                return self.language_map(&here, map, target);
            }
            if containers.has(Containers::INDEX) || containers.has(Containers::ID) || containers.has(Containers::TYPE) {
                return self.index_map(&here, map, target);
            }
        }
        // Step 13.11.
        if containers.has(Containers::LIST) {
            return self.list_member(&here, value, target);
        }
        // Step 13.12.
        let is_mere_graph =
            containers.has(Containers::GRAPH) && !containers.has(Containers::ID) && !containers.has(Containers::INDEX);
        let extra = Extra { graph: if is_mere_graph { Wrap::Always } else { Wrap::Never }, ..Extra::NONE };
        self.values(&Here { extra, ..here }, value, target).map(|_| ())
    }
}
