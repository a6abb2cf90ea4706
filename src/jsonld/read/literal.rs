//! Values: value expansion (JSON-LD 1.1 API, section 5.3) and object to RDF conversion (8.2).

use serde_json::{Number, Value};

use super::Reader;
use super::emit::{Target, Thing};
use super::place::{Here, Place, Property};
use crate::encoding::jcs;
use crate::encoding::json::Map;
use crate::jsonld::context::{Active, Coercion, Expanded};
use crate::jsonld::dataset::{Span, Term};
use crate::jsonld::error::{Fault, Read, Unsafe};
use crate::jsonld::iri::Form;
use crate::jsonld::keyword::Keyword;

const BOOLEAN: &str = "^^<http://www.w3.org/2001/XMLSchema#boolean>";
const DOUBLE: &str = "^^<http://www.w3.org/2001/XMLSchema#double>";
const INTEGER: &str = "^^<http://www.w3.org/2001/XMLSchema#integer>";
const JSON: &str = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>";

/// The datatype of a value object.
enum Datatype {
    Unset,
    Json,
    Suffix { suffix: String, is_double: bool },
}

impl Reader<'_> {
    /// A text, number or truth value behind a member.
    pub(super) fn scalar(&mut self, here: &Here<'_>, value: &Value, target: &mut Target<'_>) -> Read<()> {
        match self.expanded(here.active, here.property, value)? {
            Some(Thing::Node(node)) if !here.extra.is_none() => self.wrapped_reference(here, node, target),
            Some(Thing::Node(_)) if matches!(target, Target::Graph) => self.drop(Unsafe::FreeFloating),
            Some(Thing::Literal(_)) if here.extra.says_something() => Err(Fault::ValueObject.into()),
            Some(thing) => self.leaf(thing, &here.extra, target, here.place),
            None => target.deliver_nothing(),
        }
    }

    /// Section 5.3, value expansion; `None` for what lenient reading drops.
    pub(super) fn expanded(
        &mut self,
        active: &Active<'_>,
        property: Property<'_>,
        value: &Value,
    ) -> Read<Option<Thing>> {
        let definition = property.definition;
        let coercion = definition.map_or(&Coercion::Unset, |definition| &definition.coercion);
        // Steps 1 and 2.
        if let Value::String(text) = value
            && matches!(coercion, Coercion::Id | Coercion::Vocab)
        {
            let expanded = active.expand(text, matches!(coercion, Coercion::Vocab), true);
            return Ok(self.resource(&expanded)?.map(Thing::Node));
        }
        // Steps 3 to 5.
        let literal = match (value, coercion) {
            (value, Coercion::Datatype { suffix, form, is_double }) => match form {
                Form::Sound => Some(self.typed(value, Some(suffix), *is_double)),
                Form::Relative => self.drop(Unsafe::RelativeIri).map(|()| None)?,
                Form::Invalid => self.drop(Unsafe::InvalidIri).map(|()| None)?,
            },
            (Value::String(text), _) => {
                if active.has_direction(definition) {
                    self.drop(Unsafe::Direction)?;
                }
                match active.language(definition) {
                    Some(language) => self.in_language(text, language)?,
                    None => Some(self.data.add_literal(text, "")),
                }
            }
            (value, _) => Some(self.typed(value, None, false)),
        };
        Ok(literal.map(Term::Literal).map(Thing::Literal))
    }

    /// A text in a language. Tags are written in lower case, as JSON-LD 1.1 allows and other processors do: the case
    /// changes what is signed.
    pub(super) fn in_language(&mut self, text: &str, language: &str) -> Read<Option<Span>> {
        if !is_language_tag(language) {
            return self.drop(Unsafe::Language).map(|()| None);
        }
        Ok(Some(self.data.add_literal(text, &["@", &language.to_ascii_lowercase()].concat())))
    }

    /// Section 8.2, steps 6 to 12.
    fn typed(&mut self, value: &Value, suffix: Option<&str>, is_double: bool) -> Span {
        match value {
            Value::Bool(true) => self.data.add_literal("true", suffix.unwrap_or(BOOLEAN)),
            Value::Bool(false) => self.data.add_literal("false", suffix.unwrap_or(BOOLEAN)),
            Value::Number(number) => match integer(number).filter(|_| !is_double) {
                Some(text) => self.data.add_literal(&text, suffix.unwrap_or(INTEGER)),
                None => self.data.add_literal(&double(number.as_f64().unwrap_or_default()), suffix.unwrap_or(DOUBLE)),
            },
            Value::String(text) => self.data.add_literal(text, suffix.unwrap_or_default()),
            other => self.json(other),
        }
    }

    /// Any JSON as one value (section 8.6).
    pub(super) fn json(&mut self, value: &Value) -> Span {
        let bytes = jcs::canonicalize_value(value);
        self.data.add_literal(&String::from_utf8_lossy(&bytes), JSON)
    }

    /// Section 5.1.2, step 15; `None` for what lenient reading drops.
    pub(super) fn value_object(
        &mut self,
        active: &Active<'_>,
        type_scoped: &Active<'_>,
        map: &Map,
        place: Place<'_>,
    ) -> Read<Option<Term>> {
        place.undivided()?;
        let (mut value, mut language, mut has_direction, mut datatype) = (None, None, false, Datatype::Unset);
        let mut seen: u8 = 0;
        for (name, member) in map {
            let mut once = |bit: u8| {
                let is_new = seen & bit == 0;
                seen |= bit;
                if is_new { Ok(()) } else { Err(Fault::CollidingKeywords) }
            };
            let read: Read<()> = match active.member(name).1 {
                Expanded::Keyword(Keyword::Context) => Ok(()),
                Expanded::Keyword(Keyword::Value) => {
                    once(1)?;
                    value = Some(member);
                    Ok(())
                }
                Expanded::Keyword(Keyword::Language) => {
                    once(2)?;
                    language = member.as_str();
                    if language.is_some() { Ok(()) } else { Err(Fault::LanguageTaggedString.into()) }
                }
                Expanded::Keyword(Keyword::Direction) => {
                    once(4)?;
                    has_direction = true;
                    match member.as_str() {
                        Some("ltr" | "rtl") => self.drop(Unsafe::Direction),
                        _ => Err(Fault::BaseDirection.into()),
                    }
                }
                Expanded::Keyword(Keyword::Type) => {
                    once(8)?;
                    self.datatype(type_scoped, member).map(|found| datatype = found)
                }
                Expanded::Keyword(Keyword::Index) => {
                    once(16)?;
                    self.index(member)
                }
                Expanded::Null(reason) => self.drop(reason),
                Expanded::Relative => self.drop(Unsafe::UndefinedTerm),
                _ => Err(Fault::ValueObject.into()),
            };
            read.map_err(|problem| problem.under(name))?;
        }
        let value = value.unwrap_or(&Value::Null);
        let is_language = language.is_some() || has_direction;
        if is_language && !matches!(datatype, Datatype::Unset) {
            return Err(Fault::ValueObject.into());
        }
        let literal = match (value, &datatype) {
            (value, Datatype::Json) => Some(self.json(value)),
            (Value::Object(_) | Value::Array(_), _) => return Err(Fault::ValueObjectValue.into()),
            (Value::Null, _) => self.drop(Unsafe::NullValue).map(|()| None)?,
            (Value::String(text), Datatype::Unset) => match language {
                Some(language) => self.in_language(text, language)?,
                None => Some(self.data.add_literal(text, "")),
            },
            _ if is_language => return Err(Fault::LanguageTaggedValue.into()),
            (value, Datatype::Unset) => Some(self.typed(value, None, false)),
            (value, Datatype::Suffix { suffix, is_double }) => Some(self.typed(value, Some(suffix), *is_double)),
        };
        Ok(literal.map(Term::Literal))
    }

    fn datatype(&self, type_scoped: &Active<'_>, value: &Value) -> Read<Datatype> {
        let Value::String(name) = value else {
            // Step 13.4.4.1, and step 15.4 for what is a type, and not of a value.
            let is_types = value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
            return Err(if is_types { Fault::TypedValue } else { Fault::TypeValue }.into());
        };
        match type_scoped.expand(name, true, true) {
            Expanded::Keyword(Keyword::Json) => Ok(Datatype::Json),
            Expanded::Iri(iri) if iri.form() == Form::Sound => Ok(match &*iri.text() {
                "http://www.w3.org/2001/XMLSchema#string" => {
                    Datatype::Suffix { suffix: String::new(), is_double: false }
                }
                datatype => Datatype::Suffix {
                    suffix: format!("^^<{datatype}>"),
                    is_double: datatype == "http://www.w3.org/2001/XMLSchema#double",
                },
            }),
            Expanded::Relative if self.is_safe() => Err(Unsafe::RelativeIri.into()),
            Expanded::Iri(_) if self.is_safe() => Err(Unsafe::InvalidIri.into()),
            _ => Err(Fault::TypedValue.into()),
        }
    }
}

/// The digits of a number without a fraction below 10^21.
fn integer(number: &Number) -> Option<String> {
    if let Some(integer) = number.as_i64() {
        return Some(integer.to_string());
    }
    if let Some(integer) = number.as_u64() {
        return Some(integer.to_string());
    }
    let value = number.as_f64()?;
    if value == 0.0 {
        return Some(String::from("0"));
    }
    (value.fract() == 0.0 && value.abs() < 1e21).then(|| format!("{value:.0}"))
}

/// The canonical form of `xsd:double` (section 8.2, step 7; `printf` writes it `%1.15E`).
fn double(value: f64) -> String {
    let text = format!("{value:.15E}");
    let Some((mantissa, exponent)) = text.split_once('E') else { return text };
    let mantissa = mantissa.trim_end_matches('0');
    let zero = if mantissa.ends_with('.') { "0" } else { "" };
    format!("{mantissa}{zero}E{exponent}")
}

/// As N-Quads writes one (RDF 1.1 N-Quads, `LANGTAG`), and at most eight characters a part (RFC 5646).
fn is_language_tag(text: &str) -> bool {
    text.split('-').enumerate().all(|(position, part)| {
        (1..=8).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphabetic() || position > 0 && byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_canonical() {
        for (value, expected) in [
            (0.0, "0.0E0"),
            (5.3, "5.3E0"),
            (-5.3, "-5.3E0"),
            (0.1, "1.0E-1"),
            (100.0, "1.0E2"),
            (1e21, "1.0E21"),
            (1e-7, "1.0E-7"),
            (1.0 / 3.0, "3.333333333333333E-1"),
            (f64::MAX, "1.797693134862316E308"),
        ] {
            assert_eq!(double(value), expected);
        }
    }

    #[test]
    fn whole_numbers_are_integers() {
        let integer = |text: &str| integer(&text.parse().unwrap());
        assert_eq!(integer("5").as_deref(), Some("5"));
        assert_eq!(integer("5.0").as_deref(), Some("5"));
        assert_eq!(integer("-0").as_deref(), Some("0"));
        assert_eq!(integer("-0.0").as_deref(), Some("0"));
        assert_eq!(integer("18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(integer("1e20").as_deref(), Some("100000000000000000000"));
        assert_eq!(integer("1e21"), None);
        assert_eq!(integer("5.5"), None);
    }

    #[test]
    fn what_is_no_language_tag_is_seen() {
        for tag in ["", "-", "en-", "-en", "e n", "123", "abcdefghi", "en_GB", "en-é", "en\"", "en-\n"] {
            assert!(!is_language_tag(tag), "{tag}");
        }
        for tag in ["en", "en-GB", "zh-Hant-HK", "de-1996", "x-private"] {
            assert!(is_language_tag(tag), "{tag}");
        }
    }
}
