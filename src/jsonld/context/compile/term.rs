//! One term (section 4.2.2).

use serde_json::Value;

use super::layer::{Builder, direction, language};
use crate::encoding::json::Map;
use crate::jsonld::context::active::bare;
use crate::jsonld::context::table::hash;
use crate::jsonld::context::{Coercion, Containers, Mapping, Setting, Term};
use crate::jsonld::error::{Fault, Read};
use crate::jsonld::iri::{self, Form};
use crate::jsonld::keyword::Keyword;
use crate::jsonld::one_or_many;

impl<'b> Builder<'b, '_> {
    /// Steps 7 to 26.
    pub(super) fn term(&mut self, name: &'b str, value: &'b Value) -> Read<Term> {
        let mut term = Term::new(name, self.protected);
        if name == "@type" {
            return of_type(term, value);
        }
        match value {
            // Step 7.
            Value::Null => term.mapping = Mapping::Null,
            // Step 8.
            Value::String(id) => {
                term.mapping = self.id(name, id)?;
                term.prefix = id != name && may_be_prefix(name, &term.mapping);
            }
            Value::Object(map) => return self.definition(name, map, term),
            // Step 9.
            _ => return Err(Fault::TermDefinition.into()),
        }
        Ok(term)
    }

    fn definition(&mut self, name: &'b str, map: &'b Map, mut term: Term) -> Read<Term> {
        term.protected = protected(map, term.protected)?;
        // Step 26.
        if map.keys().any(|key| !is_definition_keyword(key)) {
            return Err(Fault::TermDefinition.into());
        }
        // Step 12.
        term.coercion = match map.get("@type") {
            None => Coercion::Unset,
            Some(Value::String(datatype)) => self.coercion(datatype)?,
            Some(_) => return Err(Fault::TypeMapping.into()),
        };
        // Step 13.
        if let Some(reverse) = map.get("@reverse") {
            return self.reverse(map, reverse, term);
        }
        // Steps 14 to 18.
        term.mapping = match map.get("@id") {
            Some(Value::Null) => Mapping::Null,
            Some(Value::String(id)) => self.id(name, id)?,
            Some(_) => return Err(Fault::IriMapping.into()),
            None => self.implied(name)?,
        };
        if matches!(term.mapping, Mapping::Absent) {
            return Ok(term);
        }
        // Step 19.
        if let Some(container) = map.get("@container") {
            term.containers = containers(container)?;
            if term.is_in(Containers::TYPE) {
                match term.coercion {
                    Coercion::Unset => term.coercion = Coercion::Id,
                    Coercion::Id | Coercion::Vocab => {}
                    _ => return Err(Fault::TypeMapping.into()),
                }
            }
        }
        // Step 20.
        if let Some(index) = map.get("@index") {
            let Value::String(index) = index else { return Err(Fault::TermDefinition.into()) };
            if !term.is_in(Containers::INDEX) || !matches!(self.expand(index)?, Mapping::Iri(_, Form::Sound)) {
                return Err(Fault::TermDefinition.into());
            }
            term.index = Some(index.as_str().into());
        }
        // Steps 22 and 23.
        if !map.contains_key("@type") {
            term.language = language(map.get("@language"), Fault::LanguageMapping)?;
            term.direction = direction(map.get("@direction"))?;
        }
        // Step 24.
        match map.get("@nest") {
            None => {}
            Some(Value::String(nest)) if nest == "@nest" || Keyword::parse(nest).is_none() => term.nest = true,
            Some(_) => return Err(Fault::NestValue.into()),
        }
        // Step 25.
        match map.get("@prefix") {
            None => {}
            Some(_) if name.contains([':', '/']) => return Err(Fault::TermDefinition.into()),
            Some(Value::Bool(prefix)) => {
                if *prefix && matches!(term.mapping, Mapping::Keyword(_)) {
                    return Err(Fault::TermDefinition.into());
                }
                term.prefix = *prefix;
            }
            Some(_) => return Err(Fault::PrefixValue.into()),
        }
        if map.contains_key("@context") && term.mapping == Mapping::Keyword(Keyword::Context) {
            return Err(Fault::KeywordAlias.into());
        }
        Ok(term)
    }

    /// Step 12.
    fn coercion(&mut self, datatype: &'b str) -> Read<Coercion> {
        match self.expand(datatype)? {
            Mapping::Keyword(Keyword::Id) => Ok(Coercion::Id),
            Mapping::Keyword(Keyword::Vocab) => Ok(Coercion::Vocab),
            Mapping::Keyword(Keyword::Json) => Ok(Coercion::Json),
            Mapping::Keyword(Keyword::None) => Ok(Coercion::None),
            Mapping::Iri(_, Form::Relative) => Err(Fault::TypeMapping.into()),
            Mapping::Iri(text, form) => {
                self.budget.spend_bytes(text.len())?;
                Ok(Coercion::Datatype {
                    is_double: *text == *"<http://www.w3.org/2001/XMLSchema#double>",
                    // What has no datatype of its own in N-Quads is a string.
                    suffix: if *text == *"<http://www.w3.org/2001/XMLSchema#string>" {
                        Box::default()
                    } else {
                        format!("^^{text}").into()
                    },
                    form,
                })
            }
            _ => Err(Fault::TypeMapping.into()),
        }
    }

    /// Step 13.
    fn reverse(&mut self, map: &'b Map, reverse: &'b Value, mut term: Term) -> Read<Term> {
        if map.contains_key("@id") || map.contains_key("@nest") {
            return Err(Fault::ReverseProperty.into());
        }
        let Value::String(reverse) = reverse else { return Err(Fault::IriMapping.into()) };
        if iri::is_keyword_like(reverse) {
            return if Keyword::parse(reverse).is_some() { Err(Fault::IriMapping.into()) } else { Ok(term) };
        }
        term.mapping = match self.expand(reverse)? {
            mapping @ (Mapping::Iri(_, Form::Sound | Form::Invalid) | Mapping::Blank(_)) => mapping,
            _ => return Err(Fault::IriMapping.into()),
        };
        term.containers = match map.get("@container") {
            None | Some(Value::Null) => Containers::default(),
            Some(Value::String(container)) if container == "@set" => Containers::SET,
            Some(Value::String(container)) if container == "@index" => Containers::INDEX,
            Some(_) => return Err(Fault::ReverseProperty.into()),
        };
        term.reverse = true;
        Ok(term)
    }
}

impl Term {
    fn new(name: &str, protected: bool) -> Self {
        Self {
            name: name.into(),
            hash: hash(name),
            mapping: Mapping::Absent,
            prefix: false,
            protected,
            reverse: false,
            coercion: Coercion::Unset,
            containers: Containers::default(),
            language: Setting::Unset,
            direction: Setting::Unset,
            index: None,
            nest: false,
            context: None,
        }
    }
}

/// Step 4: of `@type` a context may say that it is a set, and that this is protected.
fn of_type(mut term: Term, value: &Value) -> Read<Term> {
    let map = match value {
        Value::Object(map) => map,
        Value::Null | Value::String(_) => return Err(Fault::KeywordRedefinition.into()),
        _ => return Err(Fault::TermDefinition.into()),
    };
    term.protected = protected(map, term.protected)?;
    let is_set = map.get("@container").is_none_or(|container| container == "@set");
    if map.is_empty() || !is_set || map.keys().any(|key| key != "@container" && key != "@protected") {
        return Err(Fault::KeywordRedefinition.into());
    }
    term.mapping = Mapping::Keyword(Keyword::Type);
    if map.contains_key("@container") {
        term.containers = Containers::SET;
    }
    Ok(term)
}

/// Step 11.
fn protected(map: &Map, otherwise: bool) -> Read<bool> {
    match map.get("@protected") {
        None => Ok(otherwise),
        Some(Value::Bool(protected)) => Ok(*protected),
        Some(_) => Err(Fault::ProtectedValue.into()),
    }
}

/// Step 14.2.5.
fn may_be_prefix(name: &str, mapping: &Mapping) -> bool {
    !name.contains([':', '/'])
        && match mapping {
            Mapping::Iri(iri, _) => bare(iri).ends_with([':', '/', '?', '#', '[', ']', '@']),
            Mapping::Blank(_) => true,
            _ => false,
        }
}

/// Step 19.
fn containers(value: &Value) -> Read<Containers> {
    let mut all = Containers::default();
    for value in one_or_many(value) {
        let one = match value.as_str() {
            Some("@graph") => Containers::GRAPH,
            Some("@id") => Containers::ID,
            Some("@index") => Containers::INDEX,
            Some("@language") => Containers::LANGUAGE,
            Some("@list") => Containers::LIST,
            Some("@set") => Containers::SET,
            Some("@type") => Containers::TYPE,
            _ => return Err(Fault::ContainerMapping.into()),
        };
        if all.has(one) {
            return Err(Fault::ContainerMapping.into());
        }
        all = all.and(one);
    }
    // One; or one of these with @set; or @graph with @id or @index, and with @set or without.
    let others = all.without(Containers::SET);
    let is_allowed = match others.count() {
        0 => all == Containers::SET,
        1 => others != Containers::LIST || all == others,
        2 => others.has(Containers::GRAPH) && (others.has(Containers::ID) || others.has(Containers::INDEX)),
        _ => false,
    };
    if is_allowed { Ok(all) } else { Err(Fault::ContainerMapping.into()) }
}

fn is_definition_keyword(name: &str) -> bool {
    matches!(
        name,
        "@id"
            | "@reverse"
            | "@container"
            | "@context"
            | "@direction"
            | "@index"
            | "@language"
            | "@nest"
            | "@prefix"
            | "@protected"
            | "@type"
    )
}
