use attesta::encoding::json::{self, Map, Value};
use attesta::encoding::pointer::{self, Pointer};
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Context, Dataset, Embedded, Term, to_dataset, to_dataset_leniently, to_grouped_dataset};

use crate::answers::assert_explained;

/// Members of one document that are taken away, one after the other.
const TAKEN_AWAY: usize = 8;

/// Documents of JSON-LD: what is read says all that the document says, and nothing else.
pub fn json_ld(bytes: &[u8]) {
    let Ok(document) = json::parse_object(bytes) else { return };
    let _ = Context::compile(&Value::Object(document.clone())).inspect_err(|error| assert_explained(error));
    let lenient = to_dataset_leniently(&Value::Object(document.clone()), None, None, &Embedded);
    let data = match to_dataset(&document, &Embedded) {
        Ok(data) => data,
        Err(error) => return assert_explained(&error),
    };
    assert_sound(&data);
    let lenient = lenient.expect("what nothing is dropped of is refused by the standard");
    assert_eq!(canonical(&data), canonical(&lenient), "the standard reads something else");
    assert_all_is_said(&document, &data);
    assert_parts_are_parts(&document, &data);
}

fn canonical(data: &Dataset) -> Option<String> {
    canonicalize(data, HashAlgorithm::Sha256).ok().map(|canonical| canonical.text().to_owned())
}

/// Statements are what N-Quads can write.
fn assert_sound(data: &Dataset) {
    let is_iri = |text: &str| {
        let iri = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or_default();
        iri.contains(':') && !iri.contains(|c: char| c <= ' ' || "<>\"{}|^`\\".contains(c))
    };
    for quad in data.quads() {
        assert!(is_iri(data.text(quad.predicate)), "{}", data.text(quad.predicate));
        for term in [Some(quad.subject), Some(quad.object), quad.graph].into_iter().flatten() {
            match term {
                Term::Iri(iri) => assert!(is_iri(data.text(iri)), "{}", data.text(iri)),
                Term::Blank(number) => assert!(number < data.blanks()),
                Term::Literal(literal) => assert!(data.text(literal).starts_with('"')),
            }
        }
    }
}

/// Whatever is taken away was said: there are fewer statements without it.
fn assert_all_is_said(document: &Map, data: &Dataset) {
    // An identifier is part of other statements.
    let members = document.iter().filter(|(name, value)| *name != "@context" && !value.is_string());
    for (name, _) in members.filter(|(_, value)| says_something(value)).take(TAKEN_AWAY) {
        let mut rest = document.clone();
        rest.remove(name);
        if let Ok(rest) = to_dataset(&rest, &Embedded) {
            assert!(rest.quads().len() < data.quads().len(), "nothing is said by {name}");
        }
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(members) => members.iter().any(|(name, value)| name != "@context" && says_something(value)),
        _ => true,
    }
}

/// All members together are the whole, and so is the document itself.
fn assert_parts_are_parts(document: &Map, data: &Dataset) {
    let whole = [Pointer::parse("").expect("the whole document")];
    let step = |name: &String| Pointer::parse(&pointer::member("", name));
    let members: Vec<Pointer> = document.keys().map(step).collect::<Option<_>>().expect("a pointer");
    match to_grouped_dataset(document, &Embedded, &[&whole, &members]) {
        Ok(grouped) => {
            assert_eq!(grouped.quads().len(), data.quads().len());
            assert!(grouped.quads().iter().all(|quad| quad.groups == 0b11), "a statement is of no member");
        }
        // An identifier or type by another name cannot be selected.
        Err(error) => assert_explained(&error),
    }
}
