//! From what was read to quads: deserialisation to RDF (JSON-LD 1.1 API, section 8.1), within its ceilings.

use super::Reader;
use super::place::{Extra, Place, Wrap};
use crate::jsonld::context::{Expanded, Iri};
use crate::jsonld::dataset::{Quad, Span, Term};
use crate::jsonld::error::{Fault, JsonLdError, Read, Unsafe};
use crate::jsonld::iri::Form;
use crate::limits;

/// What of RDF's own vocabulary is used.
#[derive(Clone, Copy)]
pub(super) enum Rdf {
    Type,
    First,
    Rest,
    Nil,
}

impl Rdf {
    pub(super) const COUNT: usize = 4;

    const fn rendered(self) -> &'static str {
        match self {
            Self::Type => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
            Self::First => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>",
            Self::Rest => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>",
            Self::Nil => "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>",
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Graph {
    Default,
    Named(Term),
    /// One whose name is none, so that all in it is dropped.
    Dropped,
}

/// What was read.
#[derive(Clone, Copy)]
pub(super) enum Thing {
    /// An object, or a reference to one.
    Node(Term),
    Literal(Term),
    List(Term),
}

impl Thing {
    pub(super) fn term(self) -> Term {
        match self {
            Self::Node(term) | Self::Literal(term) | Self::List(term) => term,
        }
    }
}

/// Where what is read goes.
pub(super) enum Target<'t> {
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
    pub(super) fn deliver_nothing(&mut self) -> Read<()> {
        if let Self::List(items) = self {
            items.push(None);
        }
        Ok(())
    }
}

impl Reader<'_> {
    pub(super) fn rdf(&mut self, name: Rdf) -> Span {
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
    pub(super) fn leaf(
        &mut self,
        thing: Thing,
        extra: &Extra<'_>,
        target: &mut Target<'_>,
        place: Place<'_>,
    ) -> Read<()> {
        if extra.graph == Wrap::Never {
            return self.deliver(thing, target, place);
        }
        // In a graph of its own it is not said of anything.
        self.drop(Unsafe::FreeFloating)?;
        let name = Term::Blank(self.data.add_blank());
        self.deliver(Thing::Node(name), target, place)
    }

    pub(super) fn deliver(&mut self, thing: Thing, target: &mut Target<'_>, place: Place<'_>) -> Read<()> {
        self.room()?;
        match (target, thing) {
            (Target::Member { is_reverse: true, .. }, Thing::Literal(_) | Thing::List(_)) => {
                Err(Fault::ReversePropertyValue.into())
            }
            (Target::Member { subject, predicate, is_reverse }, thing) => {
                let (Some(subject), Some(predicate)) = (*subject, *predicate) else { return Ok(()) };
                if *is_reverse {
                    self.push(thing.term(), predicate, subject, place)
                } else {
                    self.push(subject, predicate, thing.term(), place)
                }
            }
            (Target::List(items), thing) => {
                items.push(Some(thing.term()));
                Ok(())
            }
            (Target::Included, Thing::Literal(_) | Thing::List(_)) => Err(Fault::IncludedValue.into()),
            (Target::Graph, Thing::Literal(_) | Thing::List(_)) => self.drop(Unsafe::FreeFloating),
            (Target::Graph | Target::Included, Thing::Node(_)) => Ok(()),
        }
    }

    pub(super) fn push(&mut self, subject: Term, predicate: Span, object: Term, place: Place<'_>) -> Read<()> {
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
    pub(super) fn resource(&mut self, expanded: &Expanded<'_>) -> Read<Option<Term>> {
        match expanded {
            Expanded::Iri(iri) => Ok(self.iri(iri)?.map(Term::Iri)),
            Expanded::Blank(label) => Ok(Some(Term::Blank(self.blank(label)?))),
            Expanded::Keyword(_) | Expanded::Relative => self.drop(Unsafe::RelativeIri).map(|()| None),
            Expanded::Null(reason) => self.drop(*reason).map(|()| None),
        }
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
        // Each time that it is named: to put it together, and to find it, takes as long.
        self.label_bytes += label.len();
        self.room()?;
        if let Some(number) = self.labels.get(label) {
            return Ok(*number);
        }
        let number = self.data.add_blank();
        self.labels.insert(label.to_owned(), number);
        Ok(number)
    }
}
