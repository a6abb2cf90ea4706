//! Where the reader is in a document.

use super::emit::Graph;
use crate::jsonld::context::{Active, Context, Term as Definition};
use crate::jsonld::dataset::{Span, Term};
use crate::jsonld::error::{JsonLdError, Problem, Read};
use crate::jsonld::selection::Selections;
use crate::limits;

/// What the algorithm of the standard passes on from value to value.
#[derive(Clone, Copy)]
pub(super) struct Here<'e> {
    pub(super) active: &'e Active<'e>,
    pub(super) property: Property<'e>,
    /// Whether it stands behind the key of a map.
    pub(super) from_map: bool,
    pub(super) extra: Extra<'e>,
    pub(super) place: Place<'e>,
}

impl<'e> Here<'e> {
    /// Where no member and no map leads to.
    pub(super) fn free(active: &'e Active<'e>, place: Place<'e>) -> Self {
        Self { active, property: Property::FREE, from_map: false, extra: Extra::NONE, place }
    }

    /// Behind a member that is no map.
    pub(super) fn behind(active: &'e Active<'e>, property: Property<'e>, place: Place<'e>) -> Self {
        Self { active, property, from_map: false, extra: Extra::NONE, place }
    }
}

/// The member whose values are read. There is none at the top and directly in a graph.
#[derive(Clone, Copy)]
pub(super) struct Property<'e> {
    pub(super) name: Option<&'e str>,
    pub(super) definition: Option<&'e Definition>,
}

impl<'e> Property<'e> {
    pub(super) const FREE: Self = Self { name: None, definition: None };

    /// The same member, as another context defines it.
    pub(super) fn within<'x>(&self, active: &'x Active<'_>) -> Property<'x>
    where
        'e: 'x,
    {
        Property { name: self.name, definition: self.name.and_then(|name| active.find(name)) }
    }

    /// The context that the member brings along.
    pub(super) fn context(&self) -> Option<&'e Context> {
        self.definition?.context.as_ref()
    }

    pub(super) fn is_free(&self) -> bool {
        self.name.is_none()
    }
}

/// The place in the document, and the graph that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) graph: Graph,
    /// The selections to which it belongs whole.
    whole: u8,
    selections: Option<&'p Selections>,
    depth: usize,
    pub(super) is_root: bool,
}

impl<'p> Place<'p> {
    pub(super) fn top(selections: &'p Selections) -> Self {
        Self { graph: Graph::Default, whole: selections.ends, selections: Some(selections), depth: 0, is_root: true }
    }

    /// At a member.
    pub(super) fn member(self, name: &str) -> Self {
        let selections = self.selections.and_then(|selections| selections.child(name));
        Self { whole: self.whole | selections.map_or(0, |child| child.ends), selections, is_root: false, ..self }
    }

    /// At an item.
    pub(super) fn item(self, index: usize) -> Self {
        // Numbers become text only where there is something to find.
        let selections = self.selections.and_then(|selections| selections.child(&index.to_string()));
        Self { whole: self.whole | selections.map_or(0, |child| child.ends), selections, is_root: false, ..self }
    }

    /// Within something that stands here, in a graph.
    pub(super) fn in_graph(self, graph: Graph) -> Self {
        Self { graph, is_root: false, ..self }
    }

    /// One level further in. What was read strictly is less deep; nothing else bounds the recursion.
    pub(super) fn deeper(self) -> Read<Self> {
        if self.depth > limits::JSON_DEPTH {
            return Err(JsonLdError::TooMuch { what: "levels", limit: limits::JSON_DEPTH }.into());
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    /// The selections to which something of it belongs.
    pub(super) fn groups(self) -> u8 {
        self.whole | self.selections.map_or(0, |selections| selections.through)
    }

    /// What belongs together cannot be selected in part.
    pub(super) fn undivided(self) -> Read<()> {
        if self.groups() == self.whole {
            return Ok(());
        }
        Err(Problem::selection("leads into something that cannot be taken apart"))
    }
}

/// What the keys of maps say of what stands behind them.
#[derive(Clone, Copy, Default)]
pub(super) struct Extra<'x> {
    pub(super) id: Option<&'x str>,
    pub(super) r#type: Option<&'x str>,
    pub(super) index: Option<(Option<Span>, Term)>,
    pub(super) graph: Wrap,
}

/// Whether a value becomes a graph of its own.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Wrap {
    #[default]
    Never,
    Always,
    /// Unless it is one already.
    UnlessGraph,
}

impl Extra<'_> {
    pub(super) const NONE: Extra<'static> = Extra { id: None, r#type: None, index: None, graph: Wrap::Never };

    /// Whether a key says who or of which type it is, or what it is found by.
    pub(super) fn says_something(&self) -> bool {
        self.id.is_some() || self.r#type.is_some() || self.index.is_some()
    }

    pub(super) fn is_none(&self) -> bool {
        !self.says_something() && self.graph == Wrap::Never
    }
}
