//! What an object is, by a look over its members.

use serde_json::Value;

use super::Reader;
use crate::encoding::json::Map;
use crate::jsonld::context::{Active, Expanded};
use crate::jsonld::error::{Fault, Read, Unsafe};
use crate::jsonld::keyword::Keyword;

/// What a look over an object's members shows of what it is.
#[derive(Default)]
pub(super) struct Survey<'m> {
    has_value: bool,
    list: Option<(&'m str, &'m Value)>,
    set: Option<(&'m str, &'m Value)>,
    pub(super) id: Option<(&'m str, &'m Value)>,
    pub(super) has_graph: bool,
    pub(super) has_nest: bool,
    pub(super) has_language: bool,
    /// Members beside `@context`, `@id`, `@index` and `@graph`.
    pub(super) others: usize,
}

/// What an object stands for. A list or set has a member of that name.
pub(super) enum Kind<'m> {
    Value,
    List(&'m str, &'m Value),
    Set(&'m str, &'m Value),
    Node,
}

impl<'m> Survey<'m> {
    pub(super) fn of(active: &Active<'_>, map: &'m Map) -> Read<Self> {
        let mut survey = Self::default();
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

    pub(super) fn kind(&self) -> Read<Kind<'m>> {
        match (self.list, self.set) {
            _ if self.has_value => Ok(Kind::Value),
            (None, None) => Ok(Kind::Node),
            (Some((name, value)), None) => Ok(Kind::List(name, value)),
            (None, Some((name, value))) => Ok(Kind::Set(name, value)),
            // Step 17.
            (Some(_), Some(_)) => Err(Fault::SetOrListObject.into()),
        }
    }
}

/// Step 7: what is a value, or refers to an object, is read as its member's context has it.
pub(super) fn stays(active: &Active<'_>, map: &Map) -> bool {
    match map.len() {
        1 => map.keys().any(|name| matches!(active.keyword(name), Some(Keyword::Id | Keyword::Value))),
        _ => map.keys().any(|name| active.is(name, Keyword::Value)),
    }
}

/// Whether nothing but `@graph` is left of the object.
pub(super) fn only_graph(active: &Active<'_>, map: &Map) -> bool {
    map.keys().all(|name| {
        matches!(
            active.member(name).1,
            Expanded::Keyword(Keyword::Graph | Keyword::Context) | Expanded::Null(_) | Expanded::Relative
        )
    })
}

impl Reader<'_> {
    /// Step 17: beside `@list` or `@set` only `@index` may stand.
    pub(super) fn only_index(&self, active: &Active<'_>, map: &Map, keyword: Keyword) -> Read<()> {
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
    pub(super) fn index(&self, value: &Value) -> Read<()> {
        if value.is_string() { self.drop(Unsafe::Index) } else { Err(Fault::IndexValue.into()) }
    }
}
