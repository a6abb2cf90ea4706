//! The reader of our term tables: one line a term.
//!
//! | line | means |
//! |---|---|
//! | `!` | the terms of this context are protected |
//! | `&` | the same, and `id` and `type` stand for `@id` and `@type` |
//! | `>` | this context, a type's, holds in what is nested too (`@propagate`) |
//! | `term iri option...` | a term |
//!
//! A line that is set in by one more space belongs to the scoped context of the term above it. An IRI is `<whole>`,
//! `vocabulary:name`, `vocabulary:` for the term's own name in that vocabulary, or `=vocabulary` for the vocabulary
//! itself, which makes the term a prefix. The options: `@id`, `@vocab`, `@json` or a datatype's IRI; `@set`, `@list` or
//! `@graph`; `null` for a scoped context that forgets all; `open` for a term that is not protected.

use std::iter::Peekable;

use serde_json::{Map, Value};

/// What a table's IRIs begin with. `xsds` is how several published contexts write XML Schema's namespace; it is another.
const VOCABULARIES: &[(&str, &str)] = &[
    ("as", "https://www.w3.org/ns/activitystreams#"),
    ("attesta", "https://w3id.org/attesta/vocab#"),
    ("cred", "https://www.w3.org/2018/credentials#"),
    ("ctzn", "https://w3id.org/citizenship#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("did", "https://www.w3.org/ns/did#"),
    ("jose", "https://www.iana.org/assignments/jose#"),
    ("jwt", "https://www.iana.org/assignments/jwt#"),
    ("ob", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"),
    ("schema", "https://schema.org/"),
    ("schemas", "http://schema.org/"),
    ("sec", "https://w3id.org/security#"),
    ("status", "https://www.w3.org/ns/credentials/status#"),
    ("vdl", "https://w3id.org/vdl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("xsds", "https://www.w3.org/2001/XMLSchema#"),
];

/// The context that a table describes, as the value of an `@context`. What is no line of a table is left out; a test
/// holds every table against this.
pub(super) fn context(table: &[&str]) -> Value {
    let mut lines = table.iter().flat_map(|part| part.lines()).map(Line::of).peekable();
    Value::Object(block(&mut lines, 0))
}

struct Line<'a> {
    depth: usize,
    words: &'a str,
}

impl<'a> Line<'a> {
    fn of(text: &'a str) -> Self {
        let words = text.trim_start_matches(' ');
        Self { depth: text.len() - words.len(), words }
    }
}

/// As deep as our own tables are.
fn block<'a>(lines: &mut Peekable<impl Iterator<Item = Line<'a>>>, depth: usize) -> Map<String, Value> {
    let mut context = Map::new();
    while let Some(line) = lines.next_if(|line| line.depth == depth) {
        match line.words {
            "!" | "&" => {
                context.insert("@protected".to_owned(), true.into());
                if line.words == "&" {
                    context.insert("id".to_owned(), "@id".into());
                    context.insert("type".to_owned(), "@type".into());
                }
            }
            ">" => {
                context.insert("@propagate".to_owned(), true.into());
            }
            words => {
                let mut words = words.split(' ');
                let (Some(term), Some(iri)) = (words.next(), words.next()) else { continue };
                let mut definition = Map::new();
                definition.insert("@id".to_owned(), expand(iri, term).into());
                words.for_each(|option| apply(option, &mut definition));
                if lines.peek().is_some_and(|next| next.depth > depth) {
                    definition.insert("@context".to_owned(), Value::Object(block(lines, depth + 1)));
                }
                context.insert(term.to_owned(), Value::Object(definition));
            }
        }
    }
    context
}

fn apply(option: &str, definition: &mut Map<String, Value>) {
    let (member, value) = match option {
        "@id" | "@vocab" | "@json" => ("@type", option.into()),
        "@set" | "@list" | "@graph" => ("@container", option.into()),
        "null" => ("@context", Value::Null),
        "open" => ("@protected", false.into()),
        datatype => ("@type", expand(datatype, "").into()),
    };
    definition.insert(member.to_owned(), value);
}

fn expand(iri: &str, term: &str) -> String {
    let vocabulary = |name: &str| VOCABULARIES.iter().find(|(known, _)| *known == name).map(|(_, iri)| *iri);
    let whole = || iri.trim_start_matches('<').trim_end_matches('>').to_owned();
    match (iri.strip_prefix('='), iri.split_once(':')) {
        (Some(name), _) => vocabulary(name).unwrap_or_default().to_owned(),
        (None, Some((name, local))) => match vocabulary(name) {
            Some(start) => format!("{start}{}", if local.is_empty() { term } else { local }),
            None => whole(),
        },
        (None, None) => whole(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_says_what_a_context_says() {
        let table = "!\nxsd =xsd\nname schema:\nbirth schema:birthDate xsd:date open\nItem <https://a.example/Item>\n &\n \
                     >\n parts attesta: @id @set null\n  !\n  note attesta:\nlast <xsd:date>\n";
        let expected = json!({
            "@protected": true,
            "xsd": {"@id": "http://www.w3.org/2001/XMLSchema#"},
            "name": {"@id": "https://schema.org/name"},
            "birth": {
                "@id": "https://schema.org/birthDate",
                "@type": "http://www.w3.org/2001/XMLSchema#date",
                "@protected": false,
            },
            "Item": {
                "@id": "https://a.example/Item",
                "@context": {
                    "@protected": true,
                    "@propagate": true,
                    "id": "@id",
                    "type": "@type",
                    "parts": {
                        "@id": "https://w3id.org/attesta/vocab#parts",
                        "@type": "@id",
                        "@container": "@set",
                        "@context": {"@protected": true, "note": {"@id": "https://w3id.org/attesta/vocab#note"}},
                    },
                },
            },
            "last": {"@id": "xsd:date"},
        });
        assert_eq!(context(&[table]), expected);
        let (first, rest) = table.split_at(2);
        assert_eq!(context(&[first, rest]), expected);
    }
}
