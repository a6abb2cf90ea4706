//! The forms of text that claims are made of. A value of these types has its form: it was checked when it was read.

use serde_json::Value;

use super::claim::{At, Claim, Reading};
use super::error::ClaimsError;
use super::record::opaque_debug;
use crate::encoding::shown::is_hidden;
use crate::limits;

/// What is wrong with a text, before it is known where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Empty,
    TooLong(usize),
    Character,
    Surrounded,
    Form(&'static str),
}

impl Flaw {
    pub(crate) fn at(self, at: &At<'_>) -> ClaimsError {
        let pointer = at.pointer();
        match self {
            Self::Empty => ClaimsError::Empty { pointer },
            Self::TooLong(limit) => ClaimsError::TooLong { pointer, limit },
            Self::Character => ClaimsError::Character { pointer },
            Self::Surrounded => ClaimsError::Surrounded { pointer },
            Self::Form(expected) => ClaimsError::Form { pointer, expected },
        }
    }
}

/// Declares a form of text: its name, what checks it, its JSON Schema.
macro_rules! text_form {
    ($(#[doc = $doc:expr])* $name:ident, $check:expr, $schema:tt) => {
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes a text that has this form.
            ///
            /// # Errors
            /// [`ClaimsError`] with an empty pointer.
            pub fn parse(text: &str) -> Result<Self, ClaimsError> {
                Self::parse_at(text, &At::ROOT)
            }

            fn parse_at(text: &str, at: &At<'_>) -> Result<Self, ClaimsError> {
                let check: fn(&str) -> Result<(), Flaw> = $check;
                check(text).map_err(|flaw| flaw.at(at))?;
                Ok(Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Claim for $name {
            fn read(value: &Value, at: &At<'_>, _: Reading) -> Result<Self, ClaimsError> {
                Self::parse_at(at.text(value)?, at)
            }

            fn write(&self) -> Value {
                Value::String(self.0.clone())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }

        opaque_debug!($name);
    };
}

text_form!(
    /// One line of text in any script: at most [`limits::CLAIM_LINE_CHARACTERS`] characters.
    Line,
    |text| printable(text, limits::CLAIM_LINE_CHARACTERS, false),
    { "type": "string", "minLength": 1, "maxLength": limits::CLAIM_LINE_CHARACTERS, "pattern": "^\\S(.*\\S)?$" }
);

text_form!(
    /// Free text in any script, line breaks allowed: at most [`limits::CLAIM_PROSE_CHARACTERS`] characters.
    Prose,
    |text| printable(text, limits::CLAIM_PROSE_CHARACTERS, true),
    { "type": "string", "minLength": 1, "maxLength": limits::CLAIM_PROSE_CHARACTERS, "pattern": "^\\S([\\s\\S]*\\S)?$" }
);

text_form!(
    /// A country as two capital letters (ISO 3166-1 alpha-2), such as `HK`.
    CountryCode,
    |text| form(is_country(text), "two capital letters (ISO 3166-1), such as HK, were"),
    { "type": "string", "pattern": "^[A-Z]{2}$" }
);

text_form!(
    /// A part of a country (ISO 3166-2), such as `FI-18`.
    RegionCode,
    |text| form(is_region(text), "a region's code (ISO 3166-2), such as FI-18, was"),
    { "type": "string", "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$" }
);

text_form!(
    /// A country (ISO 3166-1 alpha-2) or a part of one (ISO 3166-2), such as `HK` or `FI-18`.
    Jurisdiction,
    |text| form(is_country(text) || is_region(text), "a country's or region's code, such as HK or FI-18, was"),
    { "type": "string", "pattern": "^[A-Z]{2}(-[A-Z0-9]{1,3})?$" }
);

text_form!(
    /// A page on the web: an absolute `https` or `http` URL (RFC 3986) without a user name in it.
    WebAddress,
    web_address,
    { "type": "string", "format": "uri", "pattern": "^https?://[^/?#@:]", "maxLength": limits::CLAIM_URI_BYTES }
);

text_form!(
    /// An absolute URI (RFC 3986) that names something for good, such as `https://example.org/skills/tutoring`, a
    /// DID or a `urn:uuid:`.
    Identifier,
    uri,
    { "type": "string", "format": "uri", "maxLength": limits::CLAIM_URI_BYTES }
);

text_form!(
    /// A skill in ESCO, the European classification of skills and occupations:
    /// `http://data.europa.eu/esco/skill/` and its id.
    EscoSkill,
    |text| form(is_esco_skill(text), "an ESCO URI that begins with http://data.europa.eu/esco/skill/ was"),
    { "type": "string", "format": "uri", "pattern": "^http://data\\.europa\\.eu/esco/skill/[A-Za-z0-9.-]{1,150}$" }
);

text_form!(
    /// A full plus code (Open Location Code): a place without a street, such as `7PJP8557+C4`.
    PlusCode,
    |text| form(is_plus_code(text.as_bytes()), "a full plus code such as 7PJP8557+C4 was"),
    { "type": "string", "pattern": "^[2-9C][2-9CFGHJMPQRV][2-9CFGHJMPQRVWX]{6}\\+[2-9CFGHJMPQRVWX]{2,7}$" }
);

text_form!(
    /// A telephone number with its country code (ITU-T E.164): `+`, then 6 to 15 digits; spaces and hyphens may stand
    /// between them.
    Telephone,
    |text| form(is_telephone(text), "a telephone number with its country code, such as +852 5550 0100, was"),
    { "type": "string", "pattern": "^\\+[0-9](?=(?:[ -]*[0-9]){5,14}$)[0-9 -]*[0-9]$", "maxLength": 30 }
);

text_form!(
    /// A picture of a face as a `data:` URL (RFC 2397): JPEG or PNG in base64, at most
    /// [`limits::CLAIM_PORTRAIT_BYTES`] bytes of text.
    Portrait,
    portrait,
    {
        "type": "string",
        "pattern": "^data:image/(jpeg|png);base64,[A-Za-z0-9+/]+={0,2}$",
        "maxLength": limits::CLAIM_PORTRAIT_BYTES
    }
);

fn form(holds: bool, expected: &'static str) -> Result<(), Flaw> {
    if holds { Ok(()) } else { Err(Flaw::Form(expected)) }
}

/// What every ESCO skill begins with.
pub(crate) const ESCO_SKILL: &str = "http://data.europa.eu/esco/skill/";

fn printable(text: &str, limit: usize, line_breaks: bool) -> Result<(), Flaw> {
    if text.is_empty() {
        return Err(Flaw::Empty);
    }
    let mut length = text.len();
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let hidden = |character: char| is_hidden(character) && !(line_breaks && character == '\n');
        length = text.chars().count();
        if text.chars().any(hidden) {
            return Err(Flaw::Character);
        }
    }
    if length > limit {
        return Err(Flaw::TooLong(limit));
    }
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return Err(Flaw::Surrounded);
    }
    Ok(())
}

fn is_country(text: &str) -> bool {
    matches!(text.as_bytes(), [b'A'..=b'Z', b'A'..=b'Z'])
}

fn is_region(text: &str) -> bool {
    text.split_once('-').is_some_and(|(country, part)| {
        let known = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        is_country(country) && (1..=3).contains(&part.len()) && part.bytes().all(known)
    })
}

/// An absolute URI, RFC 3986 section 3: a scheme, a colon, something after it, only the characters that a URI may have.
fn uri(text: &str) -> Result<(), Flaw> {
    let form = Flaw::Form("an absolute URI such as https://example.org/skills/tutoring was");
    if text.len() > limits::CLAIM_URI_BYTES {
        return Err(Flaw::TooLong(limits::CLAIM_URI_BYTES));
    }
    let (scheme, rest) = text.split_once(':').ok_or(form)?;
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.bytes().all(in_scheme) || rest.is_empty() {
        return Err(form);
    }
    let mut bytes = rest.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'%' => [bytes.next(), bytes.next()].iter().all(|digit| digit.is_some_and(|d| d.is_ascii_hexdigit())),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !allowed {
            return Err(form);
        }
    }
    Ok(())
}

fn web_address(text: &str) -> Result<(), Flaw> {
    uri(text)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let has_host = !authority.is_empty() && !authority.starts_with(':');
    form(has_host && !authority.contains('@'), "a web address such as https://example.org/register was")
}

fn is_esco_skill(text: &str) -> bool {
    let id = text.strip_prefix(ESCO_SKILL).unwrap_or_default();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (1..=limits::CLAIM_LINE_CHARACTERS).contains(&id.len()) && id.bytes().all(known)
}

/// Open Location Code, full: eight digits of which the first two stay within the globe, `+`, two to seven digits.
fn is_plus_code(code: &[u8]) -> bool {
    const DIGITS: &[u8] = b"23456789CFGHJMPQRVWX";
    const LATITUDES: &[u8] = b"23456789C";
    const LONGITUDES: &[u8] = b"23456789CFGHJMPQRV";
    let [latitude, longitude, a, b, c, d, e, f, b'+', place @ ..] = code else { return false };
    let inside = LATITUDES.contains(latitude) && LONGITUDES.contains(longitude);
    inside
        && (2..=7).contains(&place.len())
        && [a, b, c, d, e, f].into_iter().chain(place).all(|digit| DIGITS.contains(digit))
}

fn is_telephone(text: &str) -> bool {
    let Some(number) = text.strip_prefix('+') else { return false };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let ends_in_digits = |bytes: &[u8]| matches!(bytes, [b'0'..=b'9', .., b'0'..=b'9']);
    ends_in_digits(number.as_bytes())
        && (6..=15).contains(&digits)
        && text.len() <= 30
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'-')
}

fn portrait(text: &str) -> Result<(), Flaw> {
    if text.len() > limits::CLAIM_PORTRAIT_BYTES {
        return Err(Flaw::TooLong(limits::CLAIM_PORTRAIT_BYTES));
    }
    let jpeg = text.strip_prefix("data:image/jpeg;base64,");
    let picture = jpeg.or_else(|| text.strip_prefix("data:image/png;base64,")).unwrap_or_default();
    let digits = picture.trim_end_matches('=');
    let padded = picture.len().is_multiple_of(4) && picture.len() - digits.len() <= 2;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let whole = !digits.is_empty() && padded && digits.bytes().all(known);
    form(whole, "a data:image/jpeg;base64, or data:image/png;base64, URL was")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    fn code<T: Claim>(text: &str) -> &'static str {
        T::read(&Value::from(text), &At::ROOT, Reading::Strict).err().map_or("", |error| error.code())
    }

    #[test]
    fn a_line_is_what_a_person_can_read() {
        for text in ["A", "陳大文", "深水埗鴨寮街123號", "محمد بن علي", "क्षत्रिय", "O’Brien-Núñez", &"長".repeat(150)]
        {
            assert_eq!(code::<Line>(text), "", "{text}");
        }
        for (text, expected) in [
            ("", "claims.empty"),
            (" ", "claims.surrounded"),
            (" Chan", "claims.surrounded"),
            ("Chan\u{3000}", "claims.surrounded"),
            ("Chan\nTai Man", "claims.character"),
            ("Chan\u{0}", "claims.character"),
            ("Chan\u{9b}31m", "claims.character"),
            ("Chan\u{202e}naM iaT", "claims.character"),
            ("Chan\u{2066}Tai", "claims.character"),
            ("Chan\u{200b}Tai", "claims.character"),
            ("Chan\u{e0041}", "claims.character"),
            (&"a".repeat(151), "claims.too-long"),
            (&"長".repeat(151), "claims.too-long"),
        ] {
            assert_eq!(code::<Line>(text), expected, "{text:?}");
        }
        assert_eq!(code::<Prose>("Flat 12\nBlock B"), "");
        assert_eq!(code::<Prose>("Flat 12\r\nBlock B"), "claims.character");
        assert_eq!(code::<Prose>(&"a".repeat(1001)), "claims.too-long");
    }

    #[test]
    fn codes_have_their_form() {
        for (refused, accepted, check) in [
            (
                &["", "hk", "H", "HKG", "H1", "ＨＫ", "HK "] as &[_],
                &["HK", "FI"] as &[_],
                code::<CountryCode> as fn(&str) -> _,
            ),
            (
                &["HK", "FI-", "FI-1234", "fi-18", "FI_18", "FI-1-8", "FIN-18"],
                &["FI-18", "GB-LND", "US-NY"],
                code::<RegionCode>,
            ),
            (&["", "Hong Kong", "HK-", "-18"], &["HK", "FI-18"], code::<Jurisdiction>),
            (
                &[
                    "7PJP8557+",
                    "7PJP8557+C",
                    "8557+C4",
                    "7PJP8557C4",
                    "7pjp8557+c4",
                    "XPJP8557+C4",
                    "7PJP8557+AB",
                    "7PJP855長+C4",
                ],
                &["7PJP8557+C4", "7PJP8557+C4X"],
                code::<PlusCode>,
            ),
            (
                &["2345 6789", "+852", "+852 CALL ME", "+1234567890123456", "+852 2345 6789 ", "++85223456789"],
                &["+852 2345 6789", "+358-9-1234567"],
                code::<Telephone>,
            ),
            (
                &[
                    "https://data.europa.eu/esco/skill/a1",
                    "http://data.europa.eu/esco/skill/",
                    "http://data.europa.eu/esco/occupation/a1",
                    "http://data.europa.eu/esco/skill/a1/../b2",
                    "http://data.europa.eu.evil.example/esco/skill/a1",
                ],
                &["http://data.europa.eu/esco/skill/6c1a8d2e-9b3f-4d5e-8a7c-1f2b3c4d5e6f"],
                code::<EscoSkill>,
            ),
            (
                &[
                    "",
                    "example.org",
                    "ftp://example.org",
                    "https://",
                    "https://:443/",
                    "https:///path",
                    "https://bank.example@evil.example/",
                    "https://example.org/a b",
                    "https://example.org/%zz",
                    "https://example.org/%2",
                    "javascript:alert(1)",
                    "https://例.example/",
                ],
                &["https://example.org", "http://example.org:8080/a?b=c#d"],
                code::<WebAddress>,
            ),
            (
                &["", "tutoring", ":", "urn:", "1a:b", "https://example.org/<skill>", "did:web:example.org\n"],
                &[
                    "urn:uuid:6c1a8d2e-9b3f-4d5e-8a7c-1f2b3c4d5e6f",
                    "did:web:example.org",
                    "https://example.org/skills/1",
                ],
                code::<Identifier>,
            ),
            (
                &[
                    "https://example.org/me.jpg",
                    "data:image/svg+xml;base64,PHN2Zz4=",
                    "data:image/png;base64,",
                    "data:image/png;base64,====",
                    "data:image/png;base64,AAA",
                    "data:image/png;base64,A===",
                    "data:image/png;base64,AA-_",
                ],
                &["data:image/jpeg;base64,/9j/4AAQ", "data:image/png;base64,iVBORw=="],
                code::<Portrait>,
            ),
        ] {
            for text in refused {
                assert_eq!(check(text), "claims.form", "{text:?}");
            }
            for text in accepted {
                assert_eq!(check(text), "", "{text:?}");
            }
        }
        assert_eq!(code::<WebAddress>(&format!("https://example.org/{}", "a".repeat(2048))), "claims.too-long");
        assert_eq!(code::<Portrait>(&format!("data:image/png;base64,{}", "A".repeat(65_536))), "claims.too-long");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Line::parse("Chan Tai Man").unwrap()), "Line(..)");
    }
}
