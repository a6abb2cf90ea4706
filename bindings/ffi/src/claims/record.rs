//! Declares the records and vocabularies that hosts fill and read, and how they stand in a claims file.

use attesta::encoding::json::Map;
use serde_json::Value;

use crate::error::BindingError;

/// One value of a claims file: a text, a day, a word, a record.
pub(crate) trait Claim: Sized {
    fn read(value: Value) -> Result<Self, BindingError>;
    #[cfg(feature = "issuer")]
    fn write(&self) -> Value;
}

impl Claim for String {
    fn read(value: Value) -> Result<Self, BindingError> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(BindingError::Version),
        }
    }

    #[cfg(feature = "issuer")]
    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Claim for bool {
    fn read(value: Value) -> Result<Self, BindingError> {
        value.as_bool().ok_or(BindingError::Version)
    }

    #[cfg(feature = "issuer")]
    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

/// What stands behind a member's name: one value, or a list. Where nothing stands, the file has no such member.
pub(crate) trait Member {
    fn read_from(&mut self, value: Value) -> Result<(), BindingError>;
    #[cfg(feature = "issuer")]
    fn write_to(&self, members: &mut Map, name: &str);
}

impl<T: Claim> Member for Option<T> {
    fn read_from(&mut self, value: Value) -> Result<(), BindingError> {
        *self = Some(T::read(value)?);
        Ok(())
    }

    #[cfg(feature = "issuer")]
    fn write_to(&self, members: &mut Map, name: &str) {
        if let Some(value) = self {
            members.insert(name.to_owned(), value.write());
        }
    }
}

impl<T: Claim> Member for Vec<T> {
    fn read_from(&mut self, value: Value) -> Result<(), BindingError> {
        let Value::Array(items) = value else { return Err(BindingError::Version) };
        for item in items {
            self.push(T::read(item)?);
        }
        Ok(())
    }

    #[cfg(feature = "issuer")]
    fn write_to(&self, members: &mut Map, name: &str) {
        if !self.is_empty() {
            members.insert(name.to_owned(), self.iter().map(T::write).collect());
        }
    }
}

/// A record by its members: what is done with all of them is compiled once, and not for each record.
pub(crate) trait Record {
    /// Where the member of that name stands.
    fn place(&mut self, name: &str) -> Option<&mut dyn Member>;
    /// All members and their names.
    #[cfg(feature = "issuer")]
    fn places(&self) -> Vec<(&'static str, &dyn Member)>;
}

/// Reads a claims file into an empty record.
pub(crate) fn read_into(record: &mut dyn Record, file: Map) -> Result<(), BindingError> {
    for (name, value) in file {
        record.place(&name).ok_or(BindingError::Version)?.read_from(value)?;
    }
    Ok(())
}

/// The claims file of a record.
#[cfg(feature = "issuer")]
pub(crate) fn written(record: &dyn Record) -> Map {
    let mut file = Map::new();
    for (name, member) in record.places() {
        member.write_to(&mut file, name);
    }
    file
}

/// Display output that names the type and shows nothing of the person; Kotlin and Swift print it.
macro_rules! opaque_display {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// Declares a record: `"jsonName" => rust_name: Type,`. Every member may be absent, because a holder may disclose any
/// part; what is required the core says.
macro_rules! record {
    (
        $(#[doc = $doc:expr])*
        $name:ident { $( $(#[doc = $member_doc:expr])* $json:literal => $member:ident: $type:ty, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
        #[uniffi::export(Display)]
        pub struct $name {
            $(
                $(#[doc = $member_doc])*
                #[uniffi(default)]
                pub $member: $type,
            )*
        }

        #[cfg(all(test, feature = "issuer"))]
        impl $name {
            pub(super) const MEMBERS: &'static [&'static str] = &[$($json,)*];
        }

        impl $name {
            pub(super) fn read_file(file: Map) -> Result<Self, BindingError> {
                let mut record = Self::default();
                read_into(&mut record, file)?;
                Ok(record)
            }

            #[cfg(feature = "issuer")]
            pub(super) fn to_file(&self) -> Map {
                written(self)
            }
        }

        impl Record for $name {
            fn place(&mut self, name: &str) -> Option<&mut dyn Member> {
                Some(match name {
                    $($json => &mut self.$member,)*
                    _ => return None,
                })
            }

            #[cfg(feature = "issuer")]
            fn places(&self) -> Vec<(&'static str, &dyn Member)> {
                vec![$(($json, &self.$member),)*]
            }
        }

        impl Claim for $name {
            fn read(value: Value) -> Result<Self, BindingError> {
                match value {
                    Value::Object(members) => Self::read_file(members),
                    _ => Err(BindingError::Version),
                }
            }

            #[cfg(feature = "issuer")]
            fn write(&self) -> Value {
                Value::Object(self.to_file())
            }
        }

        opaque_display!($name);
    };
}

/// Declares a closed vocabulary: the words as the claims file writes them.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:expr])*
        $name:ident { $( $(#[doc = $word_doc:expr])* $variant:ident = $word:literal, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $( $(#[doc = $word_doc])* $variant, )*
        }

        #[cfg(all(test, feature = "issuer"))]
        impl $name {
            pub(super) const WORDS: &'static [&'static str] = &[$($word,)*];
        }

        impl Claim for $name {
            fn read(value: Value) -> Result<Self, BindingError> {
                match value.as_str() {
                    $(Some($word) => Ok(Self::$variant),)*
                    _ => Err(BindingError::Version),
                }
            }

            #[cfg(feature = "issuer")]
            fn write(&self) -> Value {
                match self {
                    $(Self::$variant => $word,)*
                }
                .into()
            }
        }
    };
}

/// The names that a declaration expands to.
pub(super) mod prelude {
    pub(in crate::claims) use attesta::encoding::json::Map;
    pub(in crate::claims) use serde_json::Value;

    #[cfg(feature = "issuer")]
    pub(in crate::claims) use super::written;
    pub(in crate::claims) use super::{Claim, Member, Record, opaque_display, read_into, record, vocabulary};
    pub(in crate::claims) use crate::error::BindingError;
}

pub(crate) use opaque_display;
pub(super) use {record, vocabulary};
