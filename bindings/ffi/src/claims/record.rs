//! Declares the records and vocabularies that hosts fill and read.

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

/// Declares a record. Its members are those of the claims file, and every one may be absent.
macro_rules! record {
    (
        $(#[doc = $doc:expr])*
        $name:ident { $( $(#[doc = $member_doc:expr])* $member:ident: $type:ty, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, uniffi::Record)]
        #[serde(rename_all = "camelCase", default, deny_unknown_fields)]
        #[uniffi::export(Display)]
        pub struct $name {
            $(
                $(#[doc = $member_doc])*
                #[uniffi(default)]
                pub $member: $type,
            )*
        }

        opaque_display!($name);
    };
}

/// Declares a vocabulary. Its words are the variants' names in kebab case.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:expr])*
        $name:ident { $( $(#[doc = $word_doc:expr])* $word:ident, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, uniffi::Enum)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $( $(#[doc = $word_doc])* $word, )*
        }
    };
}

pub(crate) use {opaque_display, record, vocabulary};
