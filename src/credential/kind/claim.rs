//! What the values of claims have in common: a place, a reader, a writer, a check.
//!
//! Every member is optional in the type, because a holder may disclose any part of a credential; what a whole record
//! must have is marked `required` and checked apart from its form.

use serde_json::Value;

use super::error::ClaimsError;
use crate::encoding::json::Map;
use crate::encoding::pointer::push_escaped;
use crate::limits;
use crate::time::Date;

/// How long a stranger's member name may be in a pointer.
const SHOWN_NAME_CHARACTERS: usize = 64;

/// A place in the claims, on the stack: nothing is written unless an error has to say where.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    parent: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    /// The claims as a whole.
    pub(crate) const ROOT: At<'static> = At { parent: None, step: Step::Item(0) };

    pub(crate) fn member(&'a self, name: &'a str) -> At<'a> {
        At { parent: Some(self), step: Step::Member(name) }
    }

    pub(crate) fn item(&'a self, index: usize) -> At<'a> {
        At { parent: Some(self), step: Step::Item(index) }
    }

    /// The JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let Some(parent) = self.parent else { return String::new() };
        let mut pointer = parent.pointer();
        pointer.push('/');
        match self.step {
            Step::Member(name) => {
                let shown: String = name.chars().take(SHOWN_NAME_CHARACTERS).collect();
                push_escaped(&mut pointer, &shown);
            }
            Step::Item(index) => pointer.push_str(&index.to_string()),
        }
        pointer
    }

    pub(crate) fn wrong_type(&self, expected: &'static str) -> ClaimsError {
        ClaimsError::Type { pointer: self.pointer(), expected }
    }

    pub(crate) fn text<'v>(&self, value: &'v Value) -> Result<&'v str, ClaimsError> {
        value.as_str().ok_or_else(|| self.wrong_type("a text"))
    }

    pub(crate) fn object<'v>(&self, value: &'v Value) -> Result<&'v Map, ClaimsError> {
        value.as_object().ok_or_else(|| self.wrong_type("an object"))
    }

    /// Refuses unless `holds`: the member `name` of this record is demanded by another.
    pub(crate) fn needs(&self, holds: bool, name: &'static str, because: &'static str) -> Result<(), ClaimsError> {
        if holds { Ok(()) } else { Err(ClaimsError::Needed { pointer: self.member(name).pointer(), because }) }
    }

    /// Refuses unless `holds`: the member `name` of this record contradicts another.
    pub(crate) fn agrees(&self, holds: bool, name: &'static str, why: &'static str) -> Result<(), ClaimsError> {
        if holds { Ok(()) } else { Err(ClaimsError::Contradiction { pointer: self.member(name).pointer(), why }) }
    }

    /// Refuses if both days are there and `later` comes before `earlier`.
    pub(crate) fn in_order(
        &self,
        (earlier_name, earlier): (&'static str, Option<Date>),
        (later_name, later): (&'static str, Option<Date>),
    ) -> Result<(), ClaimsError> {
        match (earlier, later) {
            (Some(first), Some(second)) if second < first => {
                Err(ClaimsError::Order { pointer: self.member(later_name).pointer(), earlier: earlier_name })
            }
            _ => Ok(()),
        }
    }
}

/// What a reader does with a member that the kind does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A claims file: it is an error.
    Strict,
    /// A credential's subject: it is left alone, and stays untyped.
    Lenient,
}

impl Reading {
    pub(crate) fn unknown(self, at: &At<'_>, name: &str) -> Result<(), ClaimsError> {
        match self {
            Self::Strict => Err(ClaimsError::Unknown { pointer: at.member(name).pointer() }),
            Self::Lenient => Ok(()),
        }
    }
}

/// How much of a record must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All that is required.
    Whole,
    /// What its holder chose to show.
    Disclosed,
}

/// With the feature `schema`, every value of a claim describes itself.
#[cfg(feature = "schema")]
pub(crate) trait Described: schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> Described for T {}
#[cfg(not(feature = "schema"))]
pub(crate) trait Described {}
#[cfg(not(feature = "schema"))]
impl<T> Described for T {}

/// One value of a claim: a text, a day, a word of a vocabulary, a record.
pub(crate) trait Claim: Sized + Described {
    fn read(value: &Value, at: &At<'_>, reading: Reading) -> Result<Self, ClaimsError>;
    fn write(&self) -> Value;
    /// Whether everything required is there and the members agree. What has one form only has nothing to check.
    fn check(&self, _: &At<'_>, _: Extent) -> Result<(), ClaimsError> {
        Ok(())
    }
}

/// The rules between a record's members.
pub(crate) trait Rules {
    fn rules(&self, _: &At<'_>, _: Extent) -> Result<(), ClaimsError> {
        Ok(())
    }
}

/// What stands behind a member's name: one value, or a list.
pub(crate) trait Member {
    fn read_from(&mut self, value: &Value, at: &At<'_>, reading: Reading) -> Result<(), ClaimsError>;
    fn write_to(&self, map: &mut Map, name: &str);
    fn check(&self, at: &At<'_>, extent: Extent, required: bool) -> Result<(), ClaimsError>;
    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema
    where
        Self: Sized;
}

/// Writes the members of a record, by their declarations: compiled once, and not for each record.
pub(crate) fn written(declared: &[Declared], members: &[&dyn Member]) -> Map {
    let mut map = Map::new();
    for (declared, member) in declared.iter().zip(members) {
        member.write_to(&mut map, declared.name);
    }
    map
}

/// Checks the members of a record, by their declarations.
pub(crate) fn checked(
    declared: &[Declared],
    members: &[&dyn Member],
    at: &At<'_>,
    extent: Extent,
) -> Result<(), ClaimsError> {
    for (declared, member) in declared.iter().zip(members) {
        member.check(&at.member(declared.name), extent, declared.is_required)?;
    }
    Ok(())
}

fn missing(at: &At<'_>, extent: Extent, required: bool) -> Result<(), ClaimsError> {
    if required && extent == Extent::Whole { Err(ClaimsError::Missing { pointer: at.pointer() }) } else { Ok(()) }
}

impl<T: Claim> Member for Option<T> {
    fn read_from(&mut self, value: &Value, at: &At<'_>, reading: Reading) -> Result<(), ClaimsError> {
        *self = Some(T::read(value, at, reading)?);
        Ok(())
    }

    fn write_to(&self, map: &mut Map, name: &str) {
        if let Some(value) = self {
            map.insert(name.to_owned(), value.write());
        }
    }

    fn check(&self, at: &At<'_>, extent: Extent, required: bool) -> Result<(), ClaimsError> {
        match self {
            Some(value) => value.check(at, extent),
            None => missing(at, extent, required),
        }
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<T>()
    }
}

impl<T: Claim> Member for Vec<T> {
    fn read_from(&mut self, value: &Value, at: &At<'_>, reading: Reading) -> Result<(), ClaimsError> {
        let items = value.as_array().ok_or_else(|| at.wrong_type("a list"))?;
        // A list whose items are all hidden is shown as an empty one (RFC 9901 section 7.1, step 3.4).
        if items.is_empty() && reading == Reading::Strict {
            return Err(ClaimsError::Empty { pointer: at.pointer() });
        }
        within_list_limit(items.len(), at)?;
        self.clear();
        for (index, item) in items.iter().enumerate() {
            self.push(T::read(item, &at.item(index), reading)?);
        }
        Ok(())
    }

    fn write_to(&self, map: &mut Map, name: &str) {
        if !self.is_empty() {
            map.insert(name.to_owned(), self.iter().map(Claim::write).collect());
        }
    }

    fn check(&self, at: &At<'_>, extent: Extent, required: bool) -> Result<(), ClaimsError> {
        if self.is_empty() {
            return missing(at, extent, required);
        }
        within_list_limit(self.len(), at)?;
        self.iter().enumerate().try_for_each(|(index, item)| item.check(&at.item(index), extent))
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<T>();
        schemars::json_schema!({
            "type": "array", "items": items, "minItems": 1, "maxItems": limits::CLAIM_LIST_ITEMS
        })
    }
}

fn within_list_limit(length: usize, at: &At<'_>) -> Result<(), ClaimsError> {
    if length > limits::CLAIM_LIST_ITEMS {
        return Err(ClaimsError::TooMany { pointer: at.pointer(), limit: limits::CLAIM_LIST_ITEMS });
    }
    Ok(())
}

impl Claim for Date {
    fn read(value: &Value, at: &At<'_>, _: Reading) -> Result<Self, ClaimsError> {
        let expected = "a day of the calendar, written YYYY-MM-DD, was";
        Date::parse(at.text(value)?).map_err(|_| ClaimsError::Form { pointer: at.pointer(), expected })
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl Claim for bool {
    fn read(value: &Value, at: &At<'_>, _: Reading) -> Result<Self, ClaimsError> {
        value.as_bool().ok_or_else(|| at.wrong_type("true or false"))
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

/// A member of a record as it was declared.
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    /// The doc comment.
    pub(crate) description: &'static str,
    pub(crate) is_required: bool,
    pub(crate) held: Held,
}

/// What a member holds: one value, or a list; with the members of each where it is a record.
pub(crate) enum Held {
    One(&'static [Declared]),
    Many(&'static [Declared]),
}

/// Names a record's builder.
pub trait Built {
    /// The builder.
    type Builder;
}

/// What was given to a builder for the member `name`, or for one item of it. The first error is kept until it builds.
pub(crate) fn given<T>(
    name: &'static str,
    index: Option<usize>,
    result: Result<T, ClaimsError>,
    error: &mut Option<ClaimsError>,
) -> Option<T> {
    let member = At::ROOT.member(name);
    match result {
        Ok(value) => Some(value),
        Err(found) => {
            let place = index.map_or(member, |index| member.item(index)).pointer();
            error.get_or_insert(found.moved(|inside| place + inside));
            None
        }
    }
}

/// The JSON Schema of one record.
#[cfg(feature = "schema")]
pub(crate) struct RecordSchema {
    properties: Map,
    required: Vec<Value>,
}

#[cfg(feature = "schema")]
impl RecordSchema {
    pub(crate) fn new() -> Self {
        Self { properties: Map::new(), required: Vec::new() }
    }

    pub(crate) fn member<M: Member>(
        &mut self,
        generator: &mut schemars::SchemaGenerator,
        name: &str,
        description: &str,
        required: bool,
    ) {
        let mut schema = M::schema(generator);
        schema.insert("description".to_owned(), flowing(description).into());
        self.properties.insert(name.to_owned(), schema.into());
        if required {
            self.required.push(name.into());
        }
    }

    pub(crate) fn finish(self, description: &str) -> schemars::Schema {
        let mut schema = schemars::json_schema!({
            "type": "object",
            "description": flowing(description),
            "properties": self.properties,
            "additionalProperties": false,
        });
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        schema
    }
}

/// The first paragraph of a doc comment as one line of text, for a reader who does not know Rust.
pub(crate) fn flowing(documentation: &str) -> String {
    let paragraph = documentation.lines().map(str::trim).take_while(|line| !line.is_empty());
    paragraph.collect::<Vec<_>>().join(" ").replace('`', "")
}
