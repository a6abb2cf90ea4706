//! What the records of all kinds share. A record is declared once; its reader, its writer, its builder, its check and
//! its JSON Schema come from that declaration, so that they cannot disagree.
//!
//! Every member is optional in the type, because a holder may disclose any part of a credential; what a whole record
//! must have is marked `required` and checked apart from its form.

use serde_json::Value;

use super::error::ClaimsError;
use super::text::Form;
use crate::encoding::json::Map;
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
                pointer.push_str(&shown.replace('~', "~0").replace('/', "~1"));
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
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
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
        if items.is_empty() {
            return Err(ClaimsError::Empty { pointer: at.pointer() });
        }
        within_list_limit(items.len(), at)?;
        let read = items.iter().enumerate().map(|(index, item)| T::read(item, &at.item(index), reading));
        *self = read.collect::<Result<_, _>>()?;
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

/// Keeps the first error of a builder until it builds.
pub(crate) fn noted<T>(result: Result<T, ClaimsError>, error: &mut Option<ClaimsError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(found) => {
            error.get_or_insert(found);
            None
        }
    }
}

/// A text given to a builder, for the member `name`.
pub(crate) fn given_text<T: Form>(name: &'static str, text: &str) -> Result<T, ClaimsError> {
    T::accept(text).map_err(|flaw| flaw.at(&At::ROOT.member(name)))
}

/// An error of the record that stands at `/name`, or at `/name/index`.
pub(crate) fn inside(name: &str, index: Option<usize>, error: ClaimsError) -> ClaimsError {
    let member = At::ROOT.member(name);
    let prefix = match index {
        Some(index) => member.item(index).pointer(),
        None => member.pointer(),
    };
    error.moved(|pointer| prefix + pointer)
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
#[cfg(feature = "schema")]
pub(crate) fn flowing(documentation: &str) -> String {
    let paragraph = documentation.lines().map(str::trim).take_while(|line| !line.is_empty());
    paragraph.collect::<Vec<_>>().join(" ").replace('`', "")
}

/// Debug output that names the type and shows nothing of the person.
macro_rules! opaque_debug {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(..)"))
            }
        }
    };
}

/// The type that stores a member: `text`, `value` and `record` one at most, `texts`, `values` and `records` a list.
macro_rules! stored {
    (text $type:ty) => { Option<$type> };
    (value $type:ty) => { Option<$type> };
    (record $type:ty) => { Option<$type> };
    (texts $type:ty) => { Vec<$type> };
    (values $type:ty) => { Vec<$type> };
    (records $type:ty) => { Vec<$type> };
}

macro_rules! is_required {
    () => {
        false
    };
    (required) => {
        true
    };
}

/// A builder's method for one member.
macro_rules! setter {
    (text $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, text: impl AsRef<str>) -> Self {
            let given = $crate::credential::kind::record::given_text($json, text.as_ref());
            self.record.$field = $crate::credential::kind::record::noted(given, &mut self.error);
            self
        }
    };
    (value $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, value: $type) -> Self {
            self.record.$field = Some(value);
            self
        }
    };
    (record $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, record: impl Into<<$type as $crate::credential::kind::record::Built>::Builder>) -> Self {
            let built = record.into().build();
            let placed = built.map_err(|error| $crate::credential::kind::record::inside($json, None, error));
            self.record.$field = $crate::credential::kind::record::noted(placed, &mut self.error);
            self
        }
    };
    (texts $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
            for (index, text) in texts.into_iter().enumerate() {
                let given = <$type as $crate::credential::kind::text::Form>::accept(text.as_ref());
                let placed = given.map_err(|flaw| {
                    let list = $crate::credential::kind::record::At::ROOT.member($json);
                    flaw.at(&list.item(index))
                });
                self.record.$field.extend($crate::credential::kind::record::noted(placed, &mut self.error));
            }
            self
        }
    };
    (values $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, values: impl IntoIterator<Item = $type>) -> Self {
            self.record.$field.extend(values);
            self
        }
    };
    (records $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field<R>(mut self, records: impl IntoIterator<Item = R>) -> Self
        where
            R: Into<<$type as $crate::credential::kind::record::Built>::Builder>,
        {
            for (index, record) in records.into_iter().enumerate() {
                let built = record.into().build();
                let placed = built.map_err(|error| {
                    $crate::credential::kind::record::inside($json, Some(index), error)
                });
                self.record.$field.extend($crate::credential::kind::record::noted(placed, &mut self.error));
            }
            self
        }
    };
}

/// Names a record's builder.
pub trait Built {
    /// The builder.
    type Builder;
}

/// Declares a record: `"jsonName" => rust_name: shape Type, required;`, with a doc comment on each member.
macro_rules! record {
    (
        $(#[doc = $doc:expr])*
        $name:ident built by $builder:ident {
            $(
                $(#[doc = $field_doc:expr])*
                $json:literal => $field:ident: $shape:ident $type:ty $(, $required:ident)?;
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $field_doc])*
                pub $field: $crate::credential::kind::record::stored!($shape $type),
            )*
        }

        impl $name {
            #[doc = concat!("Begins a [`", stringify!($name), "`] with nothing in it.")]
            pub fn builder() -> $builder {
                $builder { record: Self::blank(), error: None }
            }

            pub(crate) fn blank() -> Self {
                Self { $($field: Default::default(),)* }
            }

            /// Reads one member into its place.
            pub(crate) fn read_member(
                &mut self,
                name: &str,
                value: &serde_json::Value,
                at: &$crate::credential::kind::record::At<'_>,
                reading: $crate::credential::kind::record::Reading,
            ) -> Result<(), $crate::credential::kind::ClaimsError> {
                use $crate::credential::kind::record::Member;
                match name {
                    $($json => self.$field.read_from(value, &at.member($json), reading),)*
                    _ => reading.unknown(at, name),
                }
            }

            pub(crate) fn to_map(&self) -> $crate::encoding::json::Map {
                use $crate::credential::kind::record::Member;
                let mut map = $crate::encoding::json::Map::new();
                $(self.$field.write_to(&mut map, $json);)*
                map
            }
        }

        impl $crate::credential::kind::record::Claim for $name {
            fn read(
                value: &serde_json::Value,
                at: &$crate::credential::kind::record::At<'_>,
                reading: $crate::credential::kind::record::Reading,
            ) -> Result<Self, $crate::credential::kind::ClaimsError> {
                let mut record = Self::blank();
                for (name, value) in at.object(value)? {
                    record.read_member(name, value, at, reading)?;
                }
                Ok(record)
            }

            fn write(&self) -> serde_json::Value {
                serde_json::Value::Object(self.to_map())
            }

            fn check(
                &self,
                at: &$crate::credential::kind::record::At<'_>,
                extent: $crate::credential::kind::record::Extent,
            ) -> Result<(), $crate::credential::kind::ClaimsError> {
                use $crate::credential::kind::record::Member;
                $(
                    let required = $crate::credential::kind::record::is_required!($($required)?);
                    self.$field.check(&at.member($json), extent, required)?;
                )*
                $crate::credential::kind::record::Rules::rules(self, at, extent)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = $crate::credential::kind::record::RecordSchema::new();
                $(
                    schema.member::<$crate::credential::kind::record::stored!($shape $type)>(
                        generator,
                        $json,
                        concat!($($field_doc, "\n",)*),
                        $crate::credential::kind::record::is_required!($($required)?),
                    );
                )*
                schema.finish(concat!($($doc, "\n",)*))
            }
        }

        $crate::credential::kind::record::opaque_debug!($name);

        #[doc = concat!("Builds a [`", stringify!($name), "`]. An error is kept until [`build`](Self::build).")]
        #[derive(Clone)]
        #[must_use]
        pub struct $builder {
            record: $name,
            error: Option<$crate::credential::kind::ClaimsError>,
        }

        impl $builder {
            $($crate::credential::kind::record::setter! { $shape $type, $json, $field, $($field_doc)* })*

            /// The record, if it is whole.
            ///
            /// # Errors
            /// The first member that was given in a wrong form, or else the first that is missing or contradicts
            /// another.
            pub fn build(self) -> Result<$name, $crate::credential::kind::ClaimsError> {
                use $crate::credential::kind::record::{At, Claim, Extent};
                if let Some(error) = self.error {
                    return Err(error);
                }
                self.record.check(&At::ROOT, Extent::Whole)?;
                Ok(self.record)
            }
        }

        impl From<$name> for $builder {
            fn from(record: $name) -> Self {
                Self { record, error: None }
            }
        }

        impl $crate::credential::kind::record::Built for $name {
            type Builder = $builder;
        }

        $crate::credential::kind::record::opaque_debug!($builder);
    };
}

/// Declares a closed vocabulary: the words as the credential writes them.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:expr])*
        $name:ident { $( $(#[doc = $word_doc:expr])* $variant:ident = $word:literal, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $word_doc])* $variant, )*
        }

        impl $name {
            /// Every word, in the vocabulary's order.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The word as the credential writes it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The meaning of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl $crate::credential::kind::record::Claim for $name {
            fn read(
                value: &serde_json::Value,
                at: &$crate::credential::kind::record::At<'_>,
                _: $crate::credential::kind::record::Reading,
            ) -> Result<Self, $crate::credential::kind::ClaimsError> {
                Self::from_word(at.text(value)?).ok_or_else(|| $crate::credential::kind::ClaimsError::Choice {
                    pointer: at.pointer(),
                    choices: Self::WORDS,
                })
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                use $crate::credential::kind::record::flowing;
                let words = [$(serde_json::json!({ "const": $word, "description": flowing(concat!($($word_doc,)*)) }),)*];
                schemars::json_schema!({ "type": "string", "oneOf": words })
            }
        }

        $crate::credential::kind::record::opaque_debug!($name);
    };
}

pub(crate) use {is_required, opaque_debug, record, setter, stored, vocabulary};
