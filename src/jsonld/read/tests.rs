use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::encoding::pointer::Pointer;
use crate::error::Explain;
use crate::jsonld::error::{Fault, JsonLdError, Unsafe};
use crate::jsonld::{Context, Contexts, Dataset, Quad, to_dataset, to_dataset_leniently, to_grouped_dataset};
use crate::limits;

/// Contexts by address.
#[derive(Default)]
struct Known(BTreeMap<&'static str, Context>);

impl Known {
    fn with(mut self, url: &'static str, context: Value) -> Self {
        self.0.insert(url, Context::compile(&context).unwrap());
        self
    }
}

impl Contexts for Known {
    fn context(&self, url: &str) -> Option<&Context> {
        self.0.get(url)
    }
}

const EX: &str = "https://ex.example/v1";

/// A context with something of each, protected as published ones are.
fn known() -> Known {
    Known::default().with(
        EX,
        json!({"@context": {
            "@protected": true,
            "id": "@id",
            "type": "@type",
            "ex": {"@id": "https://ex.example/#", "@prefix": true},
            "name": "https://ex.example/#name",
            "knows": {"@id": "https://ex.example/#knows", "@type": "@id"},
            "kind": {"@id": "https://ex.example/#kind", "@type": "@vocab"},
            "born": {"@id": "https://ex.example/#born", "@type": "http://www.w3.org/2001/XMLSchema#date"},
            "items": {"@id": "https://ex.example/#items", "@container": "@list"},
            "data": {"@id": "https://ex.example/#data", "@type": "@json"},
            "title": {"@id": "https://ex.example/#title", "@container": "@language"},
            "parts": {"@id": "https://ex.example/#parts", "@container": "@index"},
            "byId": {"@id": "https://ex.example/#byId", "@container": "@id"},
            "proof": {"@id": "https://ex.example/#proof", "@type": "@id", "@container": "@graph"},
            "nothing": null,
            "blank": "_:blank",
            "nest": "@nest",
            "Person": {"@id": "https://ex.example/#Person", "@context": {
                "@protected": true,
                "age": {"@id": "https://ex.example/#age", "@type": "http://www.w3.org/2001/XMLSchema#integer"},
            }},
            "Place": "https://ex.example/#Place",
        }}),
    )
}

/// A document with the context.
fn document(members: &Value) -> Value {
    let mut document = json!({"@context": EX});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    document
}

fn read(members: &Value) -> Result<Dataset, JsonLdError> {
    to_dataset(document(members).as_object().unwrap(), &known())
}

fn line(data: &Dataset, quad: &Quad) -> String {
    let mut line = String::new();
    data.write_line(quad, &mut line, |number, out| out.push_str(&format!("b{number}")));
    line.trim_end_matches(" .\n").replace("https://ex.example/#", "#")
}

fn lines(members: &Value) -> Vec<String> {
    let data = read(members).unwrap_or_else(|error| panic!("{members}: {error}"));
    let mut lines: Vec<String> = data.quads().iter().map(|quad| line(&data, quad)).collect();
    lines.sort();
    lines
}

#[test]
fn what_would_be_dropped_is_named() {
    use Unsafe::*;
    for (members, pointer, reason) in [
        (json!({"id": "urn:a", "unknown": 1}), "/unknown", UndefinedTerm),
        (json!({"id": "urn:a", "name": "x", "knows": {"id": "urn:b", "x/y~z": 1}}), "/knows/x~1y~0z", UndefinedTerm),
        (json!({"id": "urn:a", "unknown": []}), "/unknown", UndefinedTerm),
        (json!({"id": "urn:a", "unknown": null}), "/unknown", UndefinedTerm),
        (json!({"id": "urn:a", "age": 5}), "/age", UndefinedTerm),
        (json!({"id": "urn:a", "type": "Unknown"}), "/type", UndefinedTerm),
        (json!({"id": "urn:a", "type": ["Person", "Unknown"]}), "/type", UndefinedTerm),
        (json!({"id": "urn:a", "nothing": 1}), "/nothing", NullTerm),
        (json!({"id": "urn:a", "@foo": 1}), "/@foo", KeywordLike),
        (json!({"id": "urn:a", "kind": "@foo"}), "/kind", KeywordLike),
        (json!({"id": "@foo", "name": "x"}), "/id", KeywordLike),
        (json!({"id": "urn:a", "blank": 1}), "/blank", BlankPredicate),
        (json!({"id": "urn:a", "_:b": 1}), "/_:b", BlankPredicate),
        (json!({"id": "a", "name": "x"}), "/id", RelativeIri),
        (json!({"id": "", "name": "x"}), "/id", RelativeIri),
        (json!({"id": "urn:a", "knows": "b"}), "/knows", RelativeIri),
        (json!({"id": "urn:a", "knows": ["urn:b", "c"]}), "/knows/1", RelativeIri),
        (json!({"id": "urn:a", "knows": {"id": "b"}}), "/knows/id", RelativeIri),
        (json!({"id": "urn:a", "kind": "Unknown"}), "/kind", RelativeIri),
        (json!({"id": "urn:a", "kind": "@type"}), "/kind", RelativeIri),
        (json!({"id": "urn:a", "name": {"@value": "x", "@type": "y"}}), "/name/@type", RelativeIri),
        (json!({"id": "urn:a b", "name": "x"}), "/id", InvalidIri),
        (json!({"id": "urn:a", "knows": "urn:<b>"}), "/knows", InvalidIri),
        (json!({"id": "urn:a", "type": "urn:a\"b"}), "/type", InvalidIri),
        (json!({"id": "urn:a", "urn:a\\b": 1}), "/urn:a\\b", InvalidIri),
        (json!({"id": "urn:a", "ex:a b": 1}), "/ex:a b", InvalidIri),
        (json!({"id": "urn:a", "name": {"@value": "x", "@type": "urn:{"}}), "/name/@type", InvalidIri),
        (json!({"id": null, "name": "x"}), "/id", NullId),
        (json!({"id": "urn:a", "name": null}), "/name", NullValue),
        (json!({"id": "urn:a", "name": ["x", null]}), "/name/1", NullValue),
        (json!({"id": "urn:a", "name": {"@value": null}}), "/name", NullValue),
        (json!({"id": "urn:a", "items": [1, null]}), "/items/1", NullValue),
        (json!({"id": "urn:a", "title": {"en": null}}), "/title/en", NullValue),
        (json!({"@graph": ["x"]}), "/@graph/0", FreeFloating),
        (json!({"@graph": [{"@value": "x"}]}), "/@graph/0", FreeFloating),
        (json!({"@graph": [{"@list": ["x"]}]}), "/@graph/0", FreeFloating),
        (json!({"@graph": [{"id": "urn:a"}]}), "/@graph/0", FreeFloating),
        (json!({"id": "urn:a"}), "", FreeFloating),
        (json!({"id": "urn:a", "name": []}), "", FreeFloating),
        (json!({"name": []}), "", EmptyObject),
        (json!({"@graph": [{"id": "urn:a", "name": []}, {"id": "urn:b", "name": "x"}]}), "/@graph/0", FreeFloating),
        (json!({"id": "urn:a", "name": "x", "@included": {"id": "urn:b", "name": []}}), "/@included", FreeFloating),
        (json!({"id": "urn:a", "name": {"@language": "en"}}), "/name", FreeFloating),
        // In a graph of its own a reference is not said of anything, and so not signed.
        (json!({"id": "urn:a", "proof": "urn:b"}), "/proof", FreeFloating),
        (json!({"id": "urn:a", "proof": [{"id": "urn:b"}]}), "/proof/0", FreeFloating),
        (json!({"id": "urn:a", "name": "x", "@included": [{"id": "urn:b"}]}), "/@included/0", FreeFloating),
        (json!({}), "", EmptyObject),
        (json!({"id": "urn:a", "name": "x", "@included": {}}), "/@included", EmptyObject),
        (json!({"id": "urn:a", "proof": {}}), "/proof", EmptyObject),
        (json!({"id": "urn:a", "name": "x", "@index": "y"}), "/@index", Index),
        (json!({"id": "urn:a", "name": {"@value": "x", "@index": "y"}}), "/name/@index", Index),
        (json!({"id": "urn:a", "items": {"@list": ["x"], "@index": "y"}}), "/items/@index", Index),
        (json!({"id": "urn:a", "parts": {"first": "x"}}), "/parts/first", Index),
        (json!({"id": "urn:a", "name": {"@value": "x", "@direction": "rtl"}}), "/name/@direction", Direction),
        (json!({"id": "urn:a", "name": {"@value": "x", "@language": "not a tag"}}), "/name", Language),
        (json!({"id": "urn:a", "title": {"not a tag": "x"}}), "/title/not a tag", Language),
    ] {
        let error = read(&members).expect_err(&members.to_string());
        assert_eq!(error, JsonLdError::Unsafe { pointer: pointer.to_owned(), reason }, "{members}");
        assert!(!error.code().is_empty() && !error.hint().is_empty());
        // The standard itself drops it; this is what the suite's own tests need, and nothing that is signed.
        let document = document(&members);
        if reason != NullId {
            let dropped = to_dataset_leniently(&document, None, None, &known());
            let is_typed = matches!(dropped, Err(JsonLdError::Invalid { fault: Fault::TypedValue, .. }));
            assert!(dropped.is_ok() || is_typed, "{members}: {dropped:?}");
        }
    }
}

#[test]
fn what_json_ld_forbids_is_refused() {
    for (members, fault) in [
        (json!({"id": 5, "name": "x"}), Fault::IdValue),
        (json!({"id": "urn:a", "@id": "urn:b", "name": "x"}), Fault::CollidingKeywords),
        (json!({"type": 5}), Fault::TypeValue),
        (json!({"type": [null]}), Fault::TypeValue),
        (json!({"name": {"@value": {}}}), Fault::ValueObjectValue),
        (json!({"name": {"@value": "x", "name": "y"}}), Fault::ValueObject),
        (json!({"name": {"@value": "x", "id": "urn:b"}}), Fault::ValueObject),
        (json!({"name": {"@value": "x", "@type": "urn:t", "@language": "en"}}), Fault::ValueObject),
        (json!({"name": {"@value": 5, "@language": "en"}}), Fault::LanguageTaggedValue),
        (json!({"name": {"@value": "x", "@language": 5}}), Fault::LanguageTaggedString),
        (json!({"name": {"@value": "x", "@type": ["urn:t"]}}), Fault::TypedValue),
        (json!({"items": {"@list": [], "name": "x"}}), Fault::SetOrListObject),
        (json!({"items": {"@list": [], "@set": []}}), Fault::SetOrListObject),
        (json!({"title": {"en": 5}}), Fault::LanguageMapValue),
        (json!({"name": "x", "@index": 5}), Fault::IndexValue),
        (json!({"name": "x", "nest": 5}), Fault::NestValue),
        (json!({"name": "x", "nest": {"@value": "y"}}), Fault::NestValue),
        (json!({"name": "x", "@included": "y"}), Fault::IncludedValue),
        (json!({"name": "x", "@reverse": "y"}), Fault::ReverseValue),
        (json!({"name": "x", "@reverse": {"name": "y"}}), Fault::ReversePropertyValue),
        (json!({"name": "x", "@reverse": {"id": "urn:y"}}), Fault::ReversePropertyMap),
        (json!({"byId": {"urn:b": {"@value": "x"}}}), Fault::ValueObject),
        (json!({"@context": [EX, {"name": "https://other.example/"}], "name": "x"}), Fault::ProtectedTermRedefinition),
        (json!({"@context": [EX, null], "urn:x": "x"}), Fault::ContextNullification),
        (json!({"@context": [EX, 5], "name": "x"}), Fault::LocalContext),
        (json!({"knows": {"@context": {"name": "urn:other"}, "name": "x"}}), Fault::ProtectedTermRedefinition),
        (json!({"@context": [EX, {"a": "b:c", "b": "a:d"}], "name": "x"}), Fault::CyclicIriMapping),
        (json!({"@context": [EX, {"@import": 5}], "name": "x"}), Fault::ImportValue),
        (json!({"@context": [EX, {"@base": "relative"}], "name": "x"}), Fault::BaseIri),
        (json!({"@context": [EX, {"@version": 1.0}], "name": "x"}), Fault::VersionValue),
    ] {
        match read(&members).expect_err(&members.to_string()) {
            JsonLdError::Invalid { fault: found, .. } => assert_eq!(found, fault, "{members}"),
            other => panic!("{members}: {other}"),
        }
    }
}

#[test]
fn statements_are_what_the_document_says() {
    for (members, expected) in [
        (json!({"id": "urn:a", "name": "x"}), vec![r#"<urn:a> <#name> "x""#]),
        (
            json!({"name": ["x", 5, 5.5, true]}),
            vec![
                r#"_:b0 <#name> "5"^^<http://www.w3.org/2001/XMLSchema#integer>"#,
                r#"_:b0 <#name> "5.5E0"^^<http://www.w3.org/2001/XMLSchema#double>"#,
                r#"_:b0 <#name> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>"#,
                r#"_:b0 <#name> "x""#,
            ],
        ),
        (
            json!({"id": "urn:a", "kind": ["Place", "ex:b", "urn:c"]}),
            vec!["<urn:a> <#kind> <#Place>", "<urn:a> <#kind> <#b>", "<urn:a> <#kind> <urn:c>"],
        ),
        (
            json!({"id": "urn:a", "type": "Person", "age": 5, "born": "2000-01-01"}),
            vec![
                r#"<urn:a> <#age> "5"^^<http://www.w3.org/2001/XMLSchema#integer>"#,
                r#"<urn:a> <#born> "2000-01-01"^^<http://www.w3.org/2001/XMLSchema#date>"#,
                "<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <#Person>",
            ],
        ),
        (
            json!({"id": "urn:a", "title": {"en-GB": "x", "@none": "y"}, "name": {"@value": "z", "@language": "DE"}}),
            vec![
                // Tags are written in lower case, as other processors write them before they sign.
                r#"<urn:a> <#name> "z"@de"#,
                r#"<urn:a> <#title> "x"@en-gb"#,
                r#"<urn:a> <#title> "y""#,
            ],
        ),
        (
            json!({"id": "urn:a", "data": {"b": [1, null], "a": 1.0}}),
            vec![r#"<urn:a> <#data> "{\"a\":1,\"b\":[1,null]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"#],
        ),
        (
            json!({"id": "urn:a", "byId": {"urn:b": {"name": "x"}}}),
            vec!["<urn:a> <#byId> <urn:b>", r#"<urn:b> <#name> "x""#],
        ),
        (
            json!({"id": "urn:a", "nest": {"name": "x"}, "@reverse": {"knows": {"id": "urn:b"}}}),
            vec![r#"<urn:a> <#name> "x""#, "<urn:b> <#knows> <urn:a>"],
        ),
        (
            json!({"id": "urn:a", "proof": [{"name": "x"}, {"name": "y"}]}),
            vec![
                "<urn:a> <#proof> _:b0",
                "<urn:a> <#proof> _:b2",
                r#"_:b1 <#name> "x" _:b0"#,
                r#"_:b3 <#name> "y" _:b2"#,
            ],
        ),
        (
            json!({"id": "urn:a", "items": [["x"], []]}),
            vec![
                "<urn:a> <#items> _:b2",
                r#"_:b0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "x""#,
                "_:b0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>",
                "_:b1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>",
                "_:b1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>",
                "_:b2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:b0",
                "_:b2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:b1",
            ],
        ),
    ] {
        assert_eq!(lines(&members), expected, "{members}");
    }
}

#[test]
fn contexts_of_types_end_with_their_object() {
    let error = read(&json!({"type": "Person", "age": 5, "knows": {"age": 6}})).unwrap_err();
    assert_eq!(error, JsonLdError::Unsafe { pointer: "/knows/age".to_owned(), reason: Unsafe::UndefinedTerm });
    assert_eq!(lines(&json!({"type": "Person", "knows": {"type": "Person", "age": 6}})).len(), 4);
}

#[test]
fn a_context_that_says_one_thing_here_and_another_there_is_read_anew() {
    // `n` leans on what is active around it, in both ways that a context can.
    let known = Known::default()
        .with("https://a.example/", json!({"@vocab": "https://a.example/#", "p": "https://a.example/p/"}))
        .with("https://b.example/", json!({"@vocab": "https://b.example/#", "p": "https://b.example/p/"}))
        .with(
            "https://c.example/",
            json!({"x": {"@id": "urn:x", "@context": [{"n": {"@id": "p:n"}, "v": {"@type": "@id"}}]}}),
        );
    for (first, expected) in [
        ("https://a.example/", ["<https://a.example/p/n>", "<https://a.example/#v>"]),
        ("https://b.example/", ["<https://b.example/p/n>", "<https://b.example/#v>"]),
    ] {
        let document = json!({"@context": [first, "https://c.example/"], "x": {"n": "y", "v": "urn:z"}});
        let data = to_dataset(document.as_object().unwrap(), &known).unwrap();
        let predicates: Vec<&str> = data.quads().iter().map(|quad| data.text(quad.predicate)).collect();
        assert!(expected.iter().all(|expected| predicates.contains(expected)), "{predicates:?}");
    }
    // And without either, it means nothing that could be signed.
    let document = json!({"@context": "https://c.example/", "x": {"n": "y", "v": "urn:z"}});
    assert!(to_dataset(document.as_object().unwrap(), &known).is_err());
}

#[test]
fn protection_outlives_a_repetition_without_it() {
    let repeated = json!({"@context": [EX, {"name": "https://ex.example/#name"}], "name": "x"});
    assert!(read(&repeated).is_ok());
    let then_changed = json!({"@context": [EX, {"name": "https://ex.example/#name"}, {"name": "https://other.example/"}], "name": "x"});
    match read(&then_changed).unwrap_err() {
        JsonLdError::Invalid { fault, .. } => assert_eq!(fault, Fault::ProtectedTermRedefinition),
        other => panic!("{other}"),
    }
}

#[test]
fn contexts_that_loop_or_are_missing_are_refused() {
    let known = known()
        .with("https://loop.example/a", json!({"@context": ["https://loop.example/b"]}))
        .with("https://loop.example/b", json!({"@context": ["https://loop.example/a", {"x": "urn:x"}]}))
        .with("https://lone.example/", json!({"@context": "https://missing.example/"}));
    let read = |context: Value| {
        let document = json!({"@context": context, "urn:x": "y"});
        to_dataset(document.as_object().unwrap(), &known).unwrap_err()
    };
    let error = read(json!("https://loop.example/a"));
    assert_eq!(error.code(), "json-ld.context-loops", "{error}");
    let missing = JsonLdError::ContextUnavailable { url: "https://missing.example/".to_owned() };
    assert_eq!(read(json!("https://missing.example/")), missing);
    assert_eq!(read(json!([EX, "https://lone.example/"])), missing);
    assert_eq!(read(json!({"@import": "https://missing.example/"})), missing);
    let disguised = read(json!("https://missing.example/\u{7f}\u{202e}")).to_string();
    assert_eq!(disguised, "the context https://missing.example/\u{fffd}\u{fffd} is not at hand");
}

#[test]
fn a_message_shows_nothing_that_a_terminal_obeys() {
    let hostile = "a\t\u{1b}[2J\u{202e}b";
    let address = format!("https://a.example/{hostile}");
    let long = format!("https://a.example/{}", "a".repeat(100_000));
    for document in [
        json!({"@context": address, "urn:x": "y"}),
        json!({"@context": {"@import": address}, "urn:x": "y"}),
        json!({"@context": {"@import": long}, "urn:x": "y"}),
        json!({"@context": EX, hostile: "y"}),
        json!({"@context": {hostile: {"@id": 1}}, "urn:x": "y"}),
    ] {
        let message = to_dataset(document.as_object().unwrap(), &known()).expect_err("it has no meaning").to_string();
        assert!(!message.contains(|c: char| c.is_control() || c == '\u{202e}'), "{message:?}");
        assert!(message.len() < 10_000, "{} bytes", message.len());
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let is_too_much = |document: &Value| {
        let error = to_dataset(document.as_object().unwrap(), &known()).expect_err("too much");
        assert!(matches!(error, JsonLdError::TooMuch { .. }), "{error}");
    };
    let terms: serde_json::Map<String, Value> =
        (0..10_000).map(|number| (format!("t{number}"), json!(format!("urn:t:{number}")))).collect();
    is_too_much(&json!({"@context": terms, "urn:x": "y"}));
    // Terms of which each leans on the next.
    let chain: serde_json::Map<String, Value> = (0..1_000)
        .map(|number| (format!("t{number}"), json!({"@id": format!("t{}:x", number + 1), "@prefix": true})))
        .collect();
    is_too_much(&json!({"@context": chain, "urn:x": "y"}));
    is_too_much(&json!({"@context": vec![json!({"x": "urn:x"}); limits::CONTEXT_LAYERS + 1], "urn:x": "y"}));
    // A long address behind a short name.
    let long = format!("urn:{}", "x".repeat(64 * 1024));
    is_too_much(&json!({"@context": {"x": long}, "@graph": vec![json!({"x": "y"}); 1_000]}));
    // Types that each bring a context.
    let types: serde_json::Map<String, Value> = (0..200)
        .map(|number| (format!("T{number}"), json!({"@id": format!("urn:t:{number}"), "@context": {}})))
        .collect();
    let names: Vec<&String> = types.keys().collect();
    is_too_much(&json!({"@context": types, "@type": names}));
    let mut deep = json!({"name": "x"});
    for _ in 0..limits::JSON_DEPTH + 2 {
        deep = json!({"knows": deep});
    }
    is_too_much(&document(&deep));
}

#[test]
fn selections_are_marked() {
    let members = json!({
        "id": "urn:a",
        "type": "Place",
        "name": ["x", "y"],
        "knows": [{"id": "urn:b", "type": "Person", "age": 5, "name": "z"}, {"name": "w"}],
        "items": ["i"],
        "title": {"en": "t", "de": "u"},
    });
    let document = document(&members);
    let pointers = |texts: &[&str]| texts.iter().map(|text| Pointer::parse(text).unwrap()).collect::<Vec<_>>();
    let select = |selections: &[&[&str]]| {
        let parsed: Vec<Vec<Pointer>> = selections.iter().map(|texts| pointers(texts)).collect();
        let selections: Vec<&[Pointer]> = parsed.iter().map(Vec::as_slice).collect();
        to_grouped_dataset(document.as_object().unwrap(), &known(), &selections)
    };
    let marked = |selections: &[&[&str]], bit: u8| {
        let data = select(selections).unwrap();
        let quads = data.quads().iter().filter(|quad| quad.groups & bit != 0);
        let mut lines: Vec<String> = quads.map(|quad| line(&data, quad)).collect();
        lines.sort();
        lines
    };
    let place = "<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <#Place>";
    let person = "<urn:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <#Person>";
    let age = r#"<urn:b> <#age> "5"^^<http://www.w3.org/2001/XMLSchema#integer>"#;
    let selections: &[&[&str]] =
        &[&["/knows/0/age"], &["/name/1", "/title/de"], &["/knows/1"], &["/items"], &[""], &[]];
    assert_eq!(
        marked(selections, 1),
        [age, person, "<urn:a> <#knows> <urn:b>", place].map(str::to_owned).into_sorted()
    );
    assert_eq!(
        marked(selections, 2),
        [r#"<urn:a> <#name> "y""#, r#"<urn:a> <#title> "u"@de"#, place].map(str::to_owned).into_sorted()
    );
    assert_eq!(marked(selections, 4).len(), 3);
    assert_eq!(marked(selections, 8).len(), 4);
    assert_eq!(marked(selections, 16).len(), select(selections).unwrap().quads().len());
    assert!(marked(selections, 32).is_empty());

    for (pointer, place) in [
        ("/unknown", "/unknown"),
        ("/name/2", "/name/2"),
        ("/name/01", "/name/01"),
        ("/name/-", "/name/-"),
        ("/knows/0/name/x", "/knows/0/name/x"),
        ("/items/0", "/items"),
    ] {
        match select(&[&[pointer]]) {
            Err(JsonLdError::Selection { pointer: found, .. }) => assert_eq!(found, place),
            other => panic!("{pointer}: {other:?}"),
        }
    }
    assert!(select(&[&["/name"] as &[&str]; 9]).is_err());
}

#[test]
fn what_cannot_be_taken_apart_is_not_selected_in_part() {
    for (members, pointer) in [
        (json!({"id": "urn:a", "name": {"@value": "x", "@language": "en"}}), "/name/@value"),
        (json!({"id": "urn:a", "data": {"a": 1, "b": 2}}), "/data/a"),
        (json!({"id": "urn:a", "items": {"@list": ["x", "y"]}}), "/items/@list/0"),
        // Its type would be left behind: a selection takes along what is called `type`.
        (json!({"@id": "urn:a", "name": "x"}), "/name"),
        (json!({"@type": "Place", "name": "x"}), "/name"),
    ] {
        let pointers = [Pointer::parse(pointer).unwrap()];
        let found = to_grouped_dataset(document(&members).as_object().unwrap(), &known(), &[&pointers]);
        assert!(matches!(found, Err(JsonLdError::Selection { .. })), "{members}: {found:?}");
    }
}

/// In order, for comparison with lines in order.
trait IntoSorted {
    fn into_sorted(self) -> Vec<String>;
}

impl<const N: usize> IntoSorted for [String; N] {
    fn into_sorted(self) -> Vec<String> {
        let mut all = self.to_vec();
        all.sort();
        all
    }
}

#[test]
fn errors_name_members_and_never_hold_values() {
    let secret = "s3cret";
    for members in [
        json!({"id": secret, "name": secret}),
        json!({"id": "urn:a", "name": {"@value": secret, "@language": secret, "@type": secret}}),
        json!({"id": "urn:a", "knows": [secret]}),
        json!({"id": "urn:a", "type": [secret]}),
        json!({"id": "urn:a", "kind": secret}),
        json!({"id": format!("urn:{secret} x"), "name": "x"}),
    ] {
        let error = read(&members).unwrap_err();
        assert!(!format!("{error} {error:?} {}", error.hint()).contains(secret), "{error}");
    }
    // A terminal gets to see neither what it would obey, nor a name without end.
    let error = read(&json!({"id": "urn:a", format!("\u{1b}[2J{}", "x".repeat(10_000)): 1})).unwrap_err().to_string();
    assert!(error.len() < 200 && !error.contains('\u{1b}'), "{error}");
}

fn name() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "@context",
        "@id",
        "@type",
        "@value",
        "@language",
        "@direction",
        "@list",
        "@set",
        "@graph",
        "@reverse",
        "@index",
        "@included",
        "@nest",
        "@json",
        "@none",
        "@vocab",
        "@base",
        "@import",
        "@propagate",
        "@protected",
        "@version",
        "@container",
        "@prefix",
        "@foo",
        "id",
        "type",
        "ex",
        "ex:a",
        "name",
        "knows",
        "kind",
        "born",
        "items",
        "data",
        "title",
        "parts",
        "byId",
        "proof",
        "nothing",
        "blank",
        "nest",
        "Person",
        "age",
        "_:b",
        "urn:x",
        "unknown",
        "",
        ":",
        "a/b",
        "https://ex.example/v1",
    ];
    proptest::sample::select(NAMES).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        name().prop_map(Value::from),
        Just(json!(EX)),
        Just(json!(1.1)),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(name(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Documents that are mostly read: members with values of their kind.
fn likely() -> impl Strategy<Value = Value> {
    let literal = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1e22..1e22).prop_map(Value::from),
        "[a-z\\PC]{0,5}".prop_map(Value::from),
        Just(json!({"@value": "x", "@language": "en"})),
        Just(json!({"@value": 5, "@type": "ex:t"})),
    ];
    let reference = proptest::sample::select(&["urn:a", "urn:b", "_:c", "https://d.example/"] as &[&str]);
    let node = (proptest::option::of(reference.clone()), proptest::collection::vec(literal.clone(), 0..3)).prop_map(
        |(id, names)| {
            let mut node = json!({"name": names});
            node.as_object_mut().unwrap().extend(id.map(|id| ("id".to_owned(), json!(id))));
            node
        },
    );
    node.prop_recursive(4, 30, 4, move |node| {
        let one_of = |value: BoxedStrategy<Value>| {
            prop_oneof![value.clone(), proptest::collection::vec(value, 0..3).prop_map(Value::from)]
        };
        let nodes = one_of(node.clone().boxed());
        let names = proptest::sample::select(&["knows", "ex:p", "@included", "proof", "urn:q", "@graph"] as &[&str]);
        (
            proptest::collection::btree_map(names, nodes, 0..3),
            proptest::option::of(one_of(literal.clone().boxed())),
            proptest::option::of(proptest::collection::vec(prop_oneof![literal.clone(), node.clone()], 0..3)),
            proptest::option::of(node.clone()),
            proptest::option::of(value()),
            proptest::option::of(proptest::sample::select(&["Place", "Person"] as &[&str])),
            proptest::option::of(node),
        )
            .prop_map(|(members, name, items, by_id, data, r#type, reverse)| {
                let mut all: serde_json::Map<String, Value> =
                    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let more = [
                    ("name", name),
                    ("items", items.map(Value::from)),
                    ("byId", by_id.map(|node| json!({"urn:x": node, "@none": {"name": 1}}))),
                    ("data", data),
                    ("type", r#type.map(Value::from)),
                    ("@reverse", reverse.map(|node| json!({"knows": node}))),
                ];
                all.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
                Value::Object(all)
            })
    })
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(members) => members.values().any(says_something),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_taken_away_was_said(members in likely()) {
        let document = document(&members);
        let map = document.as_object().unwrap();
        let Ok(data) = to_dataset(map, &known()) else { return Ok(()) };
        for (name, value) in map.iter().filter(|(name, value)| *name != "@context" && *name != "id" && says_something(value)) {
            let mut rest = map.clone();
            rest.remove(name);
            if let Ok(rest) = to_dataset(&rest, &known()) {
                prop_assert!(rest.quads().len() < data.quads().len(), "{name}: {value}");
            }
        }
        let pointers: Vec<Pointer> = map.keys().map(|name| Pointer::parse(&format!("/{name}")).unwrap()).collect();
        let grouped = to_grouped_dataset(map, &known(), &[&pointers, &[]]).unwrap();
        prop_assert_eq!(grouped.quads().len(), data.quads().len());
        prop_assert!(grouped.quads().iter().all(|quad| quad.groups == 1));
    }

    #[test]
    fn any_document_is_read_or_refused(value in value(), first in name(), second in name()) {
        let known = known();
        let lenient = to_dataset_leniently(&value, Some("https://base.example/"), None, &known);
        if let Value::Object(map) = &value {
            let mut map = map.clone();
            map.entry("@context").or_insert(json!(EX));
            if let Ok(data) = to_dataset(&map, &known) {
                // What is safe is said by the standard too, and as much of it.
                let again = to_dataset_leniently(&Value::Object(map.clone()), None, None, &known).unwrap();
                prop_assert_eq!(again.quads().len(), data.quads().len());
            }
            let pointers = [Pointer::parse(&format!("/{}", first.replace('/', "~1"))).unwrap(), Pointer::parse(&format!("/{}/0", second.replace('/', "~1"))).unwrap()];
            let _ = to_grouped_dataset(&map, &known, &[&pointers[..1], &pointers[1..]]);
        }
        let _ = Context::compile(&value);
        drop(lenient);
    }
}
