use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::jsonld::error::{Fault, JsonLdError, Unsafe};
use crate::jsonld::{Context, Contexts, to_dataset};

/// Contexts by address.
#[derive(Default)]
struct Known(BTreeMap<&'static str, Context>);

impl Known {
    fn with(mut self, url: &'static str, context: Value) -> Self {
        self.0.insert(url, Context::compile(&json!({ "@context": context })).unwrap());
        self
    }
}

impl Contexts for Known {
    fn context(&self, url: &str) -> Option<&Context> {
        self.0.get(url)
    }
}

/// What is said in a document, sorted, whose contexts are written into it, and again where they have an address. Both come
/// to the same.
fn lines(context: Value, members: Value) -> Result<Vec<String>, JsonLdError> {
    const URL: &str = "https://a.example/v1";
    let read = |context: Value, known: &Known| {
        let mut document = members.as_object().unwrap().clone();
        document.insert("@context".to_owned(), context);
        let data = to_dataset(&document, known)?;
        let line = |quad| {
            let mut line = String::new();
            data.write_line(quad, &mut line, |number, out| out.push_str(&format!("b{number}")));
            line.trim_end_matches(" .\n").to_owned()
        };
        let mut lines: Vec<String> = data.quads().iter().map(line).collect();
        lines.sort();
        Ok(lines)
    };
    let ahead = read(json!(URL), &Known::default().with(URL, context.clone()));
    let here = read(context, &Known::default());
    match (&ahead, &here) {
        // Where something is wrong in a context, it stands there, or where it is named.
        (Err(JsonLdError::Invalid { fault, .. }), Err(JsonLdError::Invalid { fault: other, .. })) => {
            assert_eq!(fault, other);
        }
        _ => assert_eq!(ahead, here),
    }
    ahead
}

fn fault(context: Value, members: Value) -> Fault {
    match lines(context.clone(), members) {
        Err(JsonLdError::Invalid { fault, .. }) => fault,
        other => panic!("{context}: {other:?}"),
    }
}

fn undefined(context: Value, members: Value) -> String {
    match lines(context.clone(), members) {
        Err(JsonLdError::Unsafe { pointer, reason: Unsafe::UndefinedTerm }) => pointer,
        other => panic!("{context}: {other:?}"),
    }
}

#[test]
fn a_protected_term_stays_whatever_takes_its_place() {
    let outer = |inner: Value| {
        json!({
            "name": {"@id": "urn:name", "@protected": true},
            "T": {"@id": "urn:T", "@context": inner},
            "p": {"@id": "urn:p", "@context": inner},
        })
    };
    let typed = json!({"@id": "urn:a", "@type": "T", "name": "x"});
    for inner in [
        json!({"name": "urn:other"}),
        json!({"name": null}),
        json!({"name": {"@id": "@foo"}}),
        json!({"name": {"@reverse": "urn:name"}}),
        json!({"name": {"@id": "urn:name", "@type": "@id"}}),
        json!({"name": {"@id": "urn:name", "@container": "@set"}}),
        json!({"name": {"@id": "urn:name", "@language": "en"}}),
        json!({"name": {"@id": "urn:name", "@prefix": true}}),
        json!({"name": {"@id": "urn:name", "@context": {}}}),
    ] {
        assert_eq!(fault(outer(inner.clone()), typed.clone()), Fault::ProtectedTermRedefinition, "{inner}");
        let written = json!([outer(json!({})), inner.clone()]);
        assert_eq!(fault(written, json!({"@id": "urn:a", "name": "x"})), Fault::ProtectedTermRedefinition, "{inner}");
    }
    assert_eq!(fault(outer(json!(null)), typed.clone()), Fault::ContextNullification);
    assert_eq!(fault(outer(json!([{}, null])), typed.clone()), Fault::ContextNullification);
    // Said anew it is the same, and a member's own context may say something else.
    let same = lines(outer(json!({"name": "urn:name"})), typed).unwrap();
    assert_eq!(same[1], "<urn:a> <urn:name> \"x\"");
    let of_member = json!({"@id": "urn:a", "p": {"@id": "urn:b", "name": "x"}});
    let other = lines(outer(json!({"name": "urn:other"})), of_member).unwrap();
    assert_eq!(other[1], "<urn:b> <urn:other> \"x\"");
}

/// What stays protected although the context that says it anew does not say so.
#[test]
fn what_is_said_anew_stays_protected() {
    let name = |protected: bool| json!({"name": {"@id": "urn:name", "@protected": protected}});
    let contexts = json!([name(true), name(false), {"name": "urn:other"}]);
    assert_eq!(fault(contexts, json!({"@id": "urn:a", "name": "x"})), Fault::ProtectedTermRedefinition);
    let free = json!([name(false), name(false), {"name": "urn:other"}]);
    assert_eq!(lines(free, json!({"@id": "urn:a", "name": "x"})).unwrap(), ["<urn:a> <urn:other> \"x\""]);
}

/// The context of `p` is compiled where the type's is active, and applied where it no longer is.
#[test]
fn what_a_context_was_compiled_with_is_there_or_does_not_count() {
    let context = |own: Value| {
        let mut of_type = json!({
            "a": {"@id": "http://x.example/", "@prefix": true},
            "a:b": "http://x.example/b",
            "word": "http://x.example/word",
            "p": {"@id": "urn:p", "@context": own},
        });
        of_type["@vocab"] = json!("http://v.example/");
        json!({ "@vocab": "http://outer.example/", "T": {"@id": "urn:T", "@context": of_type} })
    };
    let member = |own: Value| {
        let members = json!({"@id": "urn:a", "@type": "T", "p": {"@id": "urn:b", "t": "x"}});
        lines(context(own.clone()), members).unwrap_or_else(|error| panic!("{own}: {error}")).remove(2)
    };
    assert_eq!(member(json!({"t": "a:b"})), "<urn:b> <a:b> \"x\"");
    assert_eq!(member(json!({"t": "a:c"})), "<urn:b> <a:c> \"x\"");
    assert_eq!(member(json!({"t": "word"})), "<urn:b> <http://outer.example/word> \"x\"");
    assert_eq!(member(json!({"t": {"@id": "t"}})), "<urn:b> <http://outer.example/t> \"x\"");
    assert_eq!(member(json!({"@vocab": "more/"})), "<urn:b> <http://outer.example/more/t> \"x\"");
    assert_eq!(member(json!({"@vocab": "a:b"})), "<urn:b> <a:bt> \"x\"");
    assert_eq!(member(json!({"@vocab": "word"})), "<urn:b> <http://outer.example/wordt> \"x\"");
    assert_eq!(member(json!({"t": {"@id": "urn:t", "@type": "a:b"}})), "<urn:b> <urn:t> \"x\"^^<a:b>");
}

#[test]
fn how_far_a_context_reaches_is_said_by_an_object_alone() {
    let context = |own: Value| json!({"p": {"@id": "urn:p", "@context": own}, "q": "urn:q"});
    let members = json!({"@id": "urn:a", "p": {"@id": "urn:b", "t": 1, "q": {"@id": "urn:c", "t": 2}}});
    let own = json!({"@propagate": false, "t": "urn:t"});
    assert_eq!(undefined(context(own.clone()), members.clone()), "/p/q/t");
    assert_eq!(lines(context(json!([own])), members.clone()).unwrap().len(), 4);
    assert_eq!(lines(context(json!({"t": "urn:t"})), members).unwrap().len(), 4);
    let of_type = |own: Value| json!({"T": {"@id": "urn:T", "@context": own}, "q": "urn:q"});
    let members = json!({"@id": "urn:a", "@type": "T", "t": 1, "q": {"@id": "urn:c", "t": 2}});
    let own = json!({"@propagate": true, "t": "urn:t"});
    assert_eq!(lines(of_type(own.clone()), members.clone()).unwrap().len(), 4);
    assert_eq!(undefined(of_type(json!([own])), members.clone()), "/q/t");
    assert_eq!(undefined(of_type(json!({"t": "urn:t"})), members), "/q/t");
}

#[test]
fn what_is_forgotten_does_not_come_back() {
    let context = |of_type: Value| json!({"name": "urn:name", "T": {"@id": "urn:T", "@context": of_type}});
    let nested = json!({"n": {"@id": "@nest", "@context": null}});
    let members = json!({"@type": "T", "@id": "urn:a", "n": {"urn:q": {"@id": "urn:b", "name": "x"}}});
    assert_eq!(undefined(context(nested), members), "/n/urn:q/name");
    // The null of a type reaches no further than its object, and neither does another type's context.
    let both = json!({
        "name": "urn:name",
        "T": {"@id": "urn:T", "@context": {"t": "urn:t"}},
        "U": {"@id": "urn:U", "@context": null},
    });
    let members = |inner: &str| json!({"@type": ["T", "U"], "@id": "urn:a", "urn:q": {"@id": "urn:b", inner: "x"}});
    assert_eq!(lines(both.clone(), members("name")).unwrap().len(), 4);
    assert_eq!(undefined(both, members("t")), "/urn:q/t");
}

#[test]
fn an_imported_context_is_one_object() {
    const URL: &str = "https://a.example/imported";
    let read = |imported: Value| {
        let document = json!({"@context": {"@import": URL, "u": "urn:u"}, "@id": "urn:a", "t": 1, "u": 2});
        to_dataset(document.as_object().unwrap(), &Known::default().with(URL, imported)).map(|data| data.quads().len())
    };
    assert_eq!(read(json!({"t": "urn:t", "u": "urn:other"})), Ok(2));
    for (imported, expected) in [
        (json!([{"t": "urn:t"}]), Fault::RemoteContext),
        (json!([{"t": "urn:t"}, {}]), Fault::RemoteContext),
        (json!([]), Fault::RemoteContext),
        (json!(null), Fault::RemoteContext),
        (json!("https://a.example/other"), Fault::RemoteContext),
        (json!({"@import": "https://a.example/other"}), Fault::ContextEntry),
    ] {
        match read(imported.clone()) {
            Err(JsonLdError::Invalid { fault, .. }) => assert_eq!(fault, expected, "{imported}"),
            other => panic!("{imported}: {other:?}"),
        }
    }
}

#[test]
fn a_term_that_stands_for_itself_is_no_prefix() {
    let context = json!({"@vocab": "urn:v/", "foo#": "foo#", "bar": "urn:bar#"});
    let of = |name: &str| lines(context.clone(), json!({"@id": "urn:a", name: "x"}));
    assert_eq!(of("bar:x").unwrap(), ["<urn:a> <urn:bar#x> \"x\""]);
    assert_eq!(of("foo#:x").unwrap(), ["<urn:a> <urn:v/foo#:x> \"x\""]);
}

/// A context of many terms.
fn many(one: impl Fn(usize) -> Value) -> Value {
    Value::Object((0..900).map(|number| (format!("t{number}"), one(number))).collect())
}

/// A context of many terms that each bring this one along, and what else it says.
fn scoped(context: &Value, more: Value) -> Value {
    let mut all = many(|_| json!({"@id": "urn:t", "@context": context}));
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn of(context: Value) -> Value {
    json!({"@context": context, "@id": "urn:a", "urn:p": 1})
}

/// A document of many equal objects.
fn objects(context: Value, object: Value) -> Value {
    json!({"@context": context, "@id": "urn:a", "urn:p": vec![object; 3_000]})
}

/// Short names for long addresses, and much to do for little to say: each of these would take seconds, or more memory than
/// a phone has.
#[test]
fn what_is_short_to_say_and_long_to_do_is_refused() {
    let long = "a".repeat(400_000);
    let vocabulary = json!({ "@vocab": format!("urn:{long}") });
    let prefix = json!({"p": {"@id": format!("urn:{long}"), "@prefix": true}});
    let indexed = json!({"x": {"@id": "urn:x", "@container": "@index", "@index": "p:y"}});
    let unprotected = many(|_| json!("urn:u"));
    let leaning: BTreeMap<String, String> =
        (0..900).map(|number| (format!("u{number}"), format!("t{number}:x"))).collect();
    let mut protected = many(|_| json!({"@id": "urn:t", "@protected": true}));
    protected["m"] = json!({"@id": "urn:m", "@context": unprotected});
    for (what, document) in [
        ("vocabularies", of(scoped(&json!({"@vocab": "a"}), vocabulary.clone()))),
        ("the same vocabulary", of(scoped(&json!({"@vocab": ""}), vocabulary.clone()))),
        ("terms", of(scoped(&json!({"x": "p:y"}), prefix.clone()))),
        ("datatypes", of(scoped(&json!({"x": {"@id": "urn:x", "@type": "p:y"}}), prefix.clone()))),
        ("indexes", of(scoped(&indexed, prefix))),
        (
            "vocabularies of objects",
            objects(vocabulary, json!({"@context": {"@vocab": "a"}, "@id": "urn:b", "urn:p": 1})),
        ),
        (
            "bases of objects",
            objects(
                json!({"@base": format!("https://a.example/{long}/")}),
                json!({"@context": {"@base": "a"}, "@id": "urn:b", "urn:p": 1}),
            ),
        ),
        ("names of blank nodes", objects(json!({"p": format!("_:{long}")}), json!({"@id": "p:x", "urn:p": 1}))),
        (
            "terms that are the same",
            objects(
                json!({
                    "x": {"@id": format!("urn:{long}"), "@protected": true},
                    "T": {"@id": "urn:T", "@context": {"x": format!("urn:{long}")}},
                }),
                json!({"@type": "T", "urn:p": 1}),
            ),
        ),
        (
            "contexts that are the same",
            objects(
                json!({
                    "x": {"@id": "urn:x", "@protected": true, "@context": unprotected},
                    "T": {"@id": "urn:T", "@context": {"x": {"@id": "urn:x", "@context": unprotected}}},
                }),
                json!({"@type": "T", "urn:p": 1}),
            ),
        ),
        ("what was protected", objects(protected, json!({"m": {"@context": null, "urn:p": 1}}))),
        (
            "what was assumed",
            objects(
                json!([
                    many(|_| json!({"@id": "urn:t/", "@prefix": true})),
                    {"T": {"@id": "urn:T", "@context": leaning}},
                ]),
                json!({"@type": "T", "urn:p": 1}),
            ),
        ),
    ] {
        let read = to_dataset(document.as_object().unwrap(), &Known::default());
        assert!(matches!(read, Err(JsonLdError::TooMuch { .. })), "{what}: {:?}", read.map(|data| data.quads().len()));
    }
}

#[test]
fn as_many_that_say_no_more_than_stands_there_are_read() {
    for document in [
        of(scoped(&json!({"@vocab": "a"}), json!({"@vocab": "urn:v/"}))),
        of(scoped(&json!({"x": "p:y"}), json!({"p": "urn:p/"}))),
        objects(json!({"p": "_:p"}), json!({"@id": "p:x", "urn:p": 1})),
        objects(
            json!({"x": {"@id": "urn:x", "@protected": true}, "T": {"@id": "urn:T", "@context": {"x": "urn:x"}}}),
            json!({"@type": "T", "urn:p": 1}),
        ),
        objects(
            json!({"p": "urn:p/", "T": {"@id": "urn:T", "@context": {"x": "p:x", "y": "p:y"}}}),
            json!({"@type": "T", "x": 1}),
        ),
    ] {
        to_dataset(document.as_object().unwrap(), &Known::default()).unwrap();
    }
}
