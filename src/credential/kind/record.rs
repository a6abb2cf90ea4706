//! Declares the records and vocabularies of all kinds. A record is written down once; its reader, its writer, its
//! builder, its check and its JSON Schema come from that declaration, so that they cannot disagree.
//!
//! A module that declares needs the [`prelude`].

/// The names that a declaration expands to.
pub(crate) mod prelude {
    pub(crate) use serde_json::Value;

    pub(crate) use super::{held, is_required, opaque_debug, record, setter, stored, vocabulary};
    pub(crate) use crate::credential::kind::claim::{
        At, Built, Claim, Declared, Extent, Held, Member, Reading, Rules, checked, given, written,
    };
    #[cfg(feature = "schema")]
    pub(crate) use crate::credential::kind::claim::{RecordSchema, flowing};
    pub(crate) use crate::credential::kind::error::ClaimsError;
    pub(crate) use crate::encoding::json::Map;
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

/// What a member holds: nothing more, the members of its record, or those of each record of its list.
macro_rules! held {
    (text $type:ty) => {
        Held::One(&[])
    };
    (value $type:ty) => {
        Held::One(&[])
    };
    (record $type:ty) => {
        Held::One(<$type>::MEMBERS)
    };
    (texts $type:ty) => {
        Held::Many(&[])
    };
    (values $type:ty) => {
        Held::Many(&[])
    };
    (records $type:ty) => {
        Held::Many(<$type>::MEMBERS)
    };
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
            self.record.$field = given($json, None, <$type>::parse(text.as_ref()), &mut self.error);
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
        pub fn $field(mut self, record: impl Into<<$type as Built>::Builder>) -> Self {
            self.record.$field = given($json, None, record.into().build(), &mut self.error);
            self
        }
    };
    (texts $type:ty, $json:literal, $field:ident, $($doc:expr)*) => {
        $(#[doc = $doc])*
        pub fn $field(mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
            for (index, text) in texts.into_iter().enumerate() {
                let item = given($json, Some(index), <$type>::parse(text.as_ref()), &mut self.error);
                self.record.$field.extend(item);
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
            R: Into<<$type as Built>::Builder>,
        {
            for (index, record) in records.into_iter().enumerate() {
                let item = given($json, Some(index), record.into().build(), &mut self.error);
                self.record.$field.extend(item);
            }
            self
        }
    };
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
                pub $field: stored!($shape $type),
            )*
        }

        impl $name {
            /// The members as they were declared.
            pub(crate) const MEMBERS: &'static [Declared] = &[$(Declared {
                name: $json,
                description: concat!($($field_doc, "\n",)*),
                is_required: is_required!($($required)?),
                held: held!($shape $type),
            },)*];

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
                value: &Value,
                at: &At<'_>,
                reading: Reading,
            ) -> Result<(), ClaimsError> {
                let place: &mut dyn Member = match name {
                    $($json => &mut self.$field,)*
                    _ => return reading.unknown(at, name),
                };
                place.read_from(value, &at.member(name), reading)
            }

            /// The members, in the order of their declarations.
            fn places(&self) -> [&dyn Member; Self::MEMBERS.len()] {
                [$(&self.$field,)*]
            }

            pub(crate) fn to_map(&self) -> Map {
                written(Self::MEMBERS, &self.places())
            }
        }

        impl Claim for $name {
            fn read(value: &Value, at: &At<'_>, reading: Reading) -> Result<Self, ClaimsError> {
                let mut record = Self::blank();
                for (name, value) in at.object(value)? {
                    record.read_member(name, value, at, reading)?;
                }
                Ok(record)
            }

            fn write(&self) -> Value {
                Value::Object(self.to_map())
            }

            fn check(&self, at: &At<'_>, extent: Extent) -> Result<(), ClaimsError> {
                checked(Self::MEMBERS, &self.places(), at, extent)?;
                Rules::rules(self, at, extent)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = RecordSchema::new();
                $(
                    schema.member::<stored!($shape $type)>(
                        generator,
                        $json,
                        concat!($($field_doc, "\n",)*),
                        is_required!($($required)?),
                    );
                )*
                schema.finish(concat!($($doc, "\n",)*))
            }
        }

        opaque_debug!($name);

        #[doc = concat!("Builds a [`", stringify!($name), "`]. An error is kept until [`build`](Self::build).")]
        #[derive(Clone)]
        #[must_use]
        pub struct $builder {
            record: $name,
            error: Option<ClaimsError>,
        }

        impl $builder {
            $(setter! { $shape $type, $json, $field, $($field_doc)* })*

            /// The record, if it is whole.
            ///
            /// # Errors
            /// The first member that was given in a wrong form, or else the first that is missing or contradicts
            /// another.
            pub fn build(self) -> Result<$name, ClaimsError> {
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

        impl Built for $name {
            type Builder = $builder;
        }

        opaque_debug!($builder);
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

        impl Claim for $name {
            fn read(value: &Value, at: &At<'_>, _: Reading) -> Result<Self, ClaimsError> {
                Self::from_word(at.text(value)?).ok_or_else(|| ClaimsError::Choice {
                    pointer: at.pointer(),
                    choices: Self::WORDS,
                })
            }

            fn write(&self) -> Value {
                self.as_str().into()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let words = [$(($word, concat!($($word_doc,)*)),)*];
                let options = words.map(|(word, meaning)| {
                    serde_json::json!({ "const": word, "description": flowing(meaning) })
                });
                schemars::json_schema!({ "type": "string", "oneOf": options })
            }
        }

        opaque_debug!($name);
    };
}

pub(crate) use {held, is_required, opaque_debug, record, setter, stored, vocabulary};
