//! From a document to quads in one pass: expansion (JSON-LD 1.1 API, section 5.1), node map generation (7.2) and
//! deserialisation to RDF (8.1) at once.

mod container;
mod literal;
mod node;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Active, Call, Context, Contexts, Expanded, How, Iri, Options, Term as Definition};
use super::dataset::{Dataset, Quad, Span, Term};
use super::error::{Fault, JsonLdError, Problem, Read, Unsafe};
use super::iri::Form;
use super::keyword::Keyword;
use super::selection::Selections;
use crate::encoding::json::Map;
use crate::limits;

/// What reads one document.
pub(super) struct Reader<'c> {
    call: Call<'c>,
    data: Dataset,
    /// The blank nodes that the document names.
    labels: BTreeMap<String, u32>,
    label_bytes: usize,
    rdf: [Option<Span>; Rdf::COUNT],
}

/// What of RDF's own vocabulary is used.
#[derive(Clone, Copy)]
enum Rdf {
    Type,
    First,
    Rest,
    Nil,
}

impl Rdf {
    const COUNT: usize = 4;

    const fn rendered(self) -> &'static str {
        match self {
            Self::Type => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
            Self::First => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>",
            Self::Rest => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>",
            Self::Nil => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>",
        }
    }
}

/// The member whose values are read. There is none at the top and directly in a graph.
#[derive(Clone, Copy)]
struct Property<'e> {
    name: Option<&'e str>,
    definition: Option<&'e Definition>,
}

impl<'e> Property<'e> {
    const FREE: Self = Self { name: None, definition: None };

    /// The same member, as another context defines it.
    fn within<'x>(&self, active: &'x Active<'_>) -> Property<'x>
    where
        'e: 'x,
    {
        Property { name: self.name, definition: self.name.and_then(|name| active.find(name)) }
    }

    fn is_free(&self) -> bool {
        self.name.is_none()
    }
}

/// Where something stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    graph: Graph,
    /// The selections to which it belongs whole.
    whole: u8,
    selections: Option<&'p Selections>,
    depth: usize,
    is_root: bool,
}

#[derive(Clone, Copy)]
enum Graph {
    Default,
    Named(Term),
    /// One whose name is none, so that all in it is dropped.
    Dropped,
}

impl<'p> Place<'p> {
    fn top(selections: &'p Selections) -> Self {
        Self { graph: Graph::Default, whole: selections.ends, selections: Some(selections), depth: 0, is_root: true }
    }

    /// At a member.
    fn member(self, name: &str) -> Self {
        let selections = self.selections.and_then(|selections| selections.child(name));
        Self { whole: self.whole | selections.map_or(0, |child| child.ends), selections, is_root: false, ..self }
    }

    /// At an item.
    fn item(self, index: usize) -> Self {
        // Numbers become text only where there is something to find.
        let selections = self.selections.and_then(|selections| selections.child(&index.to_string()));
        Self { whole: self.whole | selections.map_or(0, |child| child.ends), selections, ..self }
    }

    /// The selections to which something of it belongs.
    fn groups(self) -> u8 {
        self.whole | self.selections.map_or(0, |selections| selections.through)
    }

    /// What belongs together cannot be selected in part.
    fn undivided(self) -> Read<()> {
        if self.groups() == self.whole {
            return Ok(());
        }
        Err(Problem::selection("leads into something that cannot be taken apart"))
    }
}

/// Where what is read goes.
enum Target<'t> {
    /// To a member. Lenient reading may have dropped its subject or its name.
    Member { subject: Option<Term>, predicate: Option<Span>, is_reverse: bool },
    /// To a list.
    List(&'t mut Vec<Option<Term>>),
    /// Nowhere: an object stands for itself, in a graph or at the top.
    Graph,
    /// The same, where nothing else but an object may stand.
    Included,
}

impl Target<'_> {
    /// What lenient reading dropped leaves its place in a list.
    fn deliver_nothing(&mut self) -> Read<()> {
        if let Self::List(items) = self {
            items.push(None);
        }
        Ok(())
    }
}

/// What was read.
#[derive(Clone, Copy)]
enum Thing {
    /// An object, or a reference to one.
    Node(Term),
    Literal(Term),
    List(Term),
}

/// What the keys of maps say of what stands behind them.
#[derive(Clone, Copy, Default)]
struct Extra<'x> {
    id: Option<&'x str>,
    r#type: Option<&'x str>,
    index: Option<(Option<Span>, Term)>,
    graph: Wrap,
}

/// Whether a value becomes a graph of its own.
#[derive(Clone, Copy, Default, PartialEq)]
enum Wrap {
    #[default]
    Never,
    Always,
    /// Unless it is one already.
    UnlessGraph,
}

impl Extra<'_> {
    const NONE: Extra<'static> = Extra { id: None, r#type: None, index: None, graph: Wrap::Never };

    fn is_none(&self) -> bool {
        self.id.is_none() && self.r#type.is_none() && self.index.is_none() && self.graph == Wrap::Never
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

    pub(super) fn document(mut self, document: &Map, selections: &Selections) -> Read<Dataset> {
        let active = Active::new(self.call.options.base);
        self.map(&active, Property::FREE, document, false, Extra::NONE, &mut Target::Graph, Place::top(selections))?;
        Ok(self.data)
    }

    pub(super) fn value(mut self, document: &Value, expand_context: Option<&Context>) -> Read<Dataset> {
        let bare = Active::new(self.call.options.base);
        let mut active = bare.clone();
        if let Some(context) = expand_context {
            active.apply(context, How::WRITTEN, Some(&bare), &mut self.call)?;
        }
        let none = Selections::none();
        self.values(&active, Property::FREE, document, false, Extra::NONE, &mut Target::Graph, Place::top(&none))?;
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
    #[allow(clippy::too_many_arguments, reason = "what the algorithm of the standard passes on")]
    fn values<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        value: &Value,
        from_map: bool,
        extra: Extra<'_>,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<Shape>
    where
        'c: 'e,
    {
        match value {
            // Step 1.
            Value::Null => self.drop(Unsafe::NullValue).map(|()| Shape::Other),
            // Step 5.
            Value::Array(items) => {
                self.descend(place)?;
                for (index, item) in items.iter().enumerate() {
                    let place = if place.selections.is_some() { place.item(index) } else { place };
                    let place = Place { depth: place.depth + 1, is_root: false, ..place };
                    let read = self.values(active, property, item, from_map, extra, target, place);
                    read.map_err(|problem| problem.under(index))?;
                }
                Ok(Shape::Other)
            }
            Value::Object(map) => self.map(active, property, map, from_map, extra, target, place),
            // Step 4.
            scalar => {
                if matches!(target, Target::Included) {
                    return Err(Fault::IncludedValue.into());
                }
                if property.is_free() {
                    return self.drop(Unsafe::FreeFloating).map(|()| Shape::Other);
                }
                match property.definition.and_then(|definition| definition.context.as_ref()) {
                    None => self.scalar(active, property, scalar, extra, target, place)?,
                    Some(context) => {
                        let mut scoped = active.clone();
                        scoped.apply(context, How::OF_MEMBER, Some(active), &mut self.call)?;
                        self.scalar(&scoped, property.within(&scoped), scalar, extra, target, place)?;
                    }
                }
                Ok(Shape::Other)
            }
        }
    }

    fn descend(&self, place: Place<'_>) -> Read<()> {
        // What was read strictly is less deep; nothing else bounds the recursion.
        if place.depth > limits::JSON_DEPTH {
            return Err(JsonLdError::TooMuch { what: "levels", limit: limits::JSON_DEPTH }.into());
        }
        Ok(())
    }

    /// Section 5.1.2, from step 6.
    #[allow(clippy::too_many_arguments, reason = "what the algorithm of the standard passes on")]
    fn map<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        map: &Map,
        from_map: bool,
        extra: Extra<'_>,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<Shape>
    where
        'c: 'e,
    {
        self.descend(place)?;
        let place = Place { depth: place.depth + 1, ..place };
        // Step 7.
        let reverted = match active.previous() {
            Some(previous) if !from_map && !stays(active, map) => previous,
            _ => active,
        };
        // Step 8.
        let with_scoped;
        let scoped = match property.definition.and_then(|definition| definition.context.as_ref()) {
            None => reverted,
            Some(context) => {
                let mut next = reverted.clone();
                next.apply(context, How::OF_MEMBER, Some(reverted), &mut self.call)?;
                with_scoped = next;
                &with_scoped
            }
        };
        // Step 9.
        let with_written;
        let type_scoped = match map.get("@context") {
            None => scoped,
            Some(value) => {
                let mut next = scoped.clone();
                let applied = next.apply_written(value, scoped, &mut self.call);
                applied.map_err(|problem| problem.under("@context"))?;
                with_written = next;
                &with_written
            }
        };
        // Steps 10 and 11.
        let with_types = self.with_types(type_scoped, map)?;
        let active = with_types.as_ref().unwrap_or(type_scoped);

        let survey = Survey::of(active, map)?;
        if survey.has_value {
            if extra.id.is_some() || extra.r#type.is_some() || extra.index.is_some() {
                return Err(Fault::ValueObject.into());
            }
            let literal = self.value_object(active, type_scoped, map, place)?;
            return match literal {
                Some(literal) => self.leaf(Thing::Literal(literal), extra, target, place).map(|()| Shape::Other),
                None => Ok(Shape::Other),
            };
        }
        match (survey.list, survey.set) {
            (None, None) => {
                self.node(active, type_scoped, map, &survey, extra, target, place)?;
                Ok(Shape::Other)
            }
            // Step 17.
            (Some(_), Some(_)) => Err(Fault::SetOrListObject.into()),
            (Some((name, value)), None) => {
                self.only_index(active, map, Keyword::List)?;
                if property.is_free() {
                    return match target {
                        Target::Included => Err(Fault::IncludedValue.into()),
                        _ => self.drop(Unsafe::FreeFloating).map(|()| Shape::Other),
                    };
                }
                let place = place.member(name);
                place.undivided()?;
                let property = property.within(active);
                let list = self.list(active, property, value, place).map_err(|problem| problem.under(name))?;
                self.leaf(Thing::List(list), extra, target, place)?;
                Ok(Shape::List)
            }
            (None, Some((name, value))) => {
                self.only_index(active, map, Keyword::Set)?;
                let property = property.within(active);
                let read = self.values(active, property, value, false, extra, target, place.member(name));
                read.map_err(|problem| problem.under(name))?;
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
            let context_of = |value| {
                let name = Value::as_str(value)?;
                let context = type_scoped.find(name)?.context.as_ref()?;
                Some((name, context))
            };
            let mut contexts: Vec<(&str, &'e Context)> = match value {
                Value::Array(values) => values.iter().filter_map(context_of).collect(),
                single => context_of(single).into_iter().collect(),
            };
            contexts.sort_by_key(|(name, _)| *name);
            for (_, context) in contexts {
                // What one that propagates brought is still there where the next one no longer is.
                let before = active.is_none().then_some(type_scoped);
                let next = active.get_or_insert_with(|| type_scoped.clone());
                let applied = next.apply(context, How::OF_TYPE, before, &mut self.call);
                applied.map_err(|problem| problem.under(name))?;
            }
        }
        Ok(active)
    }

    /// Step 17: beside `@list` or `@set` only `@index` may stand.
    fn only_index(&self, active: &Active<'_>, map: &Map, keyword: Keyword) -> Read<()> {
        for (name, value) in map {
            match active.member(name).1 {
                Expanded::Keyword(found) if found == keyword => {}
                Expanded::Keyword(Keyword::Context) => {}
                Expanded::Keyword(Keyword::Index) => self.index(value).map_err(|problem| problem.under(name))?,
                Expanded::Null(reason) => self.drop(reason).map_err(|problem| problem.under(name))?,
                Expanded::Relative => self.drop(Unsafe::UndefinedTerm).map_err(|problem| problem.under(name))?,
                _ => return Err(Fault::SetOrListObject.into()),
            }
        }
        Ok(())
    }

    /// Step 13.4.8. RDF does not say it.
    fn index(&self, value: &Value) -> Read<()> {
        if value.is_string() { self.drop(Unsafe::Index) } else { Err(Fault::IndexValue.into()) }
    }

    /// The items of a list, and the quads that string them together.
    fn list<'e>(
        &mut self,
        active: &'e Active<'e>,
        property: Property<'e>,
        value: &Value,
        place: Place<'_>,
    ) -> Read<Term>
    where
        'c: 'e,
    {
        self.descend(place)?;
        let place = Place { depth: place.depth + usize::from(value.is_array()), is_root: false, ..place };
        let mut items = Vec::new();
        match value {
            Value::Array(values) => {
                items.reserve(values.len());
                for (index, value) in values.iter().enumerate() {
                    let read = match value {
                        // A list in a list.
                        Value::Array(_) => {
                            self.list(active, property, value, place).map(|inner| items.push(Some(inner)))
                        }
                        single => {
                            let mut target = Target::List(&mut items);
                            self.values(active, property, single, false, Extra::NONE, &mut target, place).map(|_| ())
                        }
                    };
                    read.map_err(|problem| problem.under(index))?;
                }
            }
            single => {
                let mut target = Target::List(&mut items);
                self.values(active, property, single, false, Extra::NONE, &mut target, place)?;
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

    fn rdf(&mut self, name: Rdf) -> Span {
        if let Some(Some(span)) = self.rdf.get(name as usize) {
            return *span;
        }
        let span = self.data.add_rendered(name.rendered());
        if let Some(place) = self.rdf.get_mut(name as usize) {
            *place = Some(span);
        }
        span
    }

    /// What is no object, or refers to one, with what a map's key says of it.
    fn leaf(&mut self, thing: Thing, extra: Extra<'_>, target: &mut Target<'_>, place: Place<'_>) -> Read<()> {
        if extra.graph == Wrap::Never {
            return self.deliver(thing, target, place);
        }
        // In a graph of its own it is not said of anything.
        self.drop(Unsafe::FreeFloating)?;
        let name = Term::Blank(self.data.add_blank());
        self.deliver(Thing::Node(name), target, place)
    }

    fn deliver(&mut self, thing: Thing, target: &mut Target<'_>, place: Place<'_>) -> Read<()> {
        self.room()?;
        match (target, thing) {
            (Target::Member { is_reverse: true, .. }, Thing::Literal(_) | Thing::List(_)) => {
                Err(Fault::ReversePropertyValue.into())
            }
            (
                Target::Member { subject, predicate, is_reverse },
                Thing::Node(term) | Thing::Literal(term) | Thing::List(term),
            ) => {
                let (Some(subject), Some(predicate)) = (*subject, *predicate) else { return Ok(()) };
                if *is_reverse {
                    self.push(term, predicate, subject, place)
                } else {
                    self.push(subject, predicate, term, place)
                }
            }
            (Target::List(items), Thing::Node(term) | Thing::Literal(term) | Thing::List(term)) => {
                items.push(Some(term));
                Ok(())
            }
            (Target::Included, Thing::Literal(_) | Thing::List(_)) => Err(Fault::IncludedValue.into()),
            (Target::Graph, Thing::Literal(_) | Thing::List(_)) => self.drop(Unsafe::FreeFloating),
            (Target::Graph | Target::Included, Thing::Node(_)) => Ok(()),
        }
    }

    fn push(&mut self, subject: Term, predicate: Span, object: Term, place: Place<'_>) -> Read<()> {
        let graph = match place.graph {
            Graph::Default => None,
            Graph::Named(name) => Some(name),
            Graph::Dropped => return Ok(()),
        };
        if self.data.quads().len() >= limits::QUADS {
            return Err(JsonLdError::TooMuch { what: "statements", limit: limits::QUADS }.into());
        }
        self.room()?;
        self.data.push(Quad { subject, predicate, object, graph, groups: place.groups() });
        Ok(())
    }

    /// Short names may stand for long addresses.
    fn room(&self) -> Read<()> {
        if self.data.text_bytes() + self.label_bytes > limits::DATASET_BYTES {
            return Err(JsonLdError::TooMuch { what: "bytes of statements", limit: limits::DATASET_BYTES }.into());
        }
        Ok(())
    }

    /// What stands for an IRI or a blank node; `None` for what lenient reading drops.
    fn resource(&mut self, expanded: &Expanded<'_>) -> Read<Option<Term>> {
        match expanded {
            Expanded::Iri(iri) => Ok(self.iri(iri)?.map(Term::Iri)),
            Expanded::Blank(label) => Ok(Some(Term::Blank(self.blank(label)?))),
            Expanded::Keyword(_) | Expanded::Relative => self.drop(Unsafe::RelativeIri).map(|()| None),
            Expanded::Null(reason) => self.drop(*reason).map(|()| None),
        }
    }

    fn iri(&mut self, iri: &Iri<'_>) -> Read<Option<Span>> {
        self.room()?;
        match iri.form() {
            Form::Sound => Ok(Some(match iri {
                Iri::Rendered(text, _) => self.data.add_rendered(text),
                Iri::Written(text) => self.data.add_iri(text),
                Iri::Parts(first, second) => self.data.add_iri_of_parts(first, second),
            })),
            Form::Relative => self.drop(Unsafe::RelativeIri).map(|()| None),
            Form::Invalid => self.drop(Unsafe::InvalidIri).map(|()| None),
        }
    }

    fn blank(&mut self, label: &str) -> Read<u32> {
        if let Some(number) = self.labels.get(label) {
            return Ok(*number);
        }
        self.label_bytes += label.len();
        self.room()?;
        let number = self.data.add_blank();
        self.labels.insert(label.to_owned(), number);
        Ok(number)
    }
}

/// Step 7: what is a value, or refers to an object, is read as its member's context has it.
fn stays(active: &Active<'_>, map: &Map) -> bool {
    match map.len() {
        1 => map.keys().any(|name| active.is(name, Keyword::Id) || active.is(name, Keyword::Value)),
        _ => map.keys().any(|name| active.is(name, Keyword::Value)),
    }
}

/// What a look over an object's members shows of what it is.
struct Survey<'m> {
    has_value: bool,
    list: Option<(&'m str, &'m Value)>,
    set: Option<(&'m str, &'m Value)>,
    id: Option<(&'m str, &'m Value)>,
    has_graph: bool,
    has_nest: bool,
    has_language: bool,
    /// Members beside `@context`, `@id`, `@index` and `@graph`.
    others: usize,
}

impl<'m> Survey<'m> {
    fn of(active: &Active<'_>, map: &'m Map) -> Read<Self> {
        let mut survey = Self {
            has_value: false,
            list: None,
            set: None,
            id: None,
            has_graph: false,
            has_nest: false,
            has_language: false,
            others: 0,
        };
        for (name, value) in map {
            match active.keyword(name) {
                Some(Keyword::Context | Keyword::Index) => {}
                Some(Keyword::Value) => survey.has_value = true,
                Some(Keyword::List) => survey.list = Some((name, value)),
                Some(Keyword::Set) => survey.set = Some((name, value)),
                Some(Keyword::Id) => {
                    if survey.id.replace((name, value)).is_some() {
                        return Err(Fault::CollidingKeywords.into());
                    }
                }
                Some(Keyword::Graph) => survey.has_graph = true,
                other => {
                    survey.has_nest |= other == Some(Keyword::Nest);
                    survey.has_language |= other == Some(Keyword::Language);
                    survey.others += 1;
                }
            }
        }
        Ok(survey)
    }
}
