//! JSON-LD documents at random: credentials over the context of the data model, with contexts of their own, and some with
//! a fault that JSON-LD passes over without a word.

use serde_json::{Map, Value, json};

use crate::dcql::Dice;

/// A document, and what was done to it.
#[derive(Debug)]
pub struct Made {
    /// The document.
    pub document: Map<String, Value>,
    /// What a processor of JSON-LD drops in it, or makes of it something else than is written; nothing if that is sound.
    pub fault: Option<&'static str>,
}

/// Every fault that a document may have.
pub const FAULTS: [&str; 16] = [
    "a blank node as a member",
    "a datatype that is no address",
    "a direction",
    "a language that is none",
    "a member that means nothing",
    "a member that nobody defines",
    "a member that resembles a keyword",
    "a null",
    "a relative identifier",
    "a relative link",
    "a type that nobody defines",
    "a value in the middle of nowhere",
    "an identifier with a space",
    "an identifier that is null",
    "an index",
    "the name of an index",
];

/// What a member of a context's own holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Anything,
    Text,
    Number,
    Date,
    Iri,
    Word,
    Json,
    Set,
    List,
    Languages,
    ById,
    ByType,
    ByProperty,
    Graph,
    GraphById,
    Back,
    Nest,
    Home,
}

/// The members of the context of a document's own, with their definitions.
fn terms() -> Vec<(&'static str, Value, Holds)> {
    vec![
        ("xAny", json!("ex:any"), Holds::Anything),
        ("xFull", json!({"@id": "https://example.com/full#term"}), Holds::Anything),
        ("xText", json!({"@id": "ex:text", "@language": null}), Holds::Text),
        ("xGerman", json!({"@id": "ex:german", "@language": "de-CH"}), Holds::Text),
        ("xDouble", json!({"@id": "ex:double", "@type": "xsd:double"}), Holds::Number),
        ("xInteger", json!({"@id": "ex:integer", "@type": "xsd:integer"}), Holds::Number),
        ("xNone", json!({"@id": "ex:none", "@type": "@none"}), Holds::Number),
        ("xWhen", json!({"@id": "ex:when", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}), Holds::Date),
        ("xLink", json!({"@id": "ex:link", "@type": "@id"}), Holds::Iri),
        ("xWord", json!({"@id": "ex:word", "@type": "@vocab"}), Holds::Word),
        ("xJson", json!({"@id": "ex:json", "@type": "@json"}), Holds::Json),
        ("xSet", json!({"@id": "ex:set", "@container": "@set"}), Holds::Set),
        ("xList", json!({"@id": "ex:list", "@container": "@list"}), Holds::List),
        ("xLinks", json!({"@id": "ex:links", "@container": "@list", "@type": "@id"}), Holds::Iri),
        ("xWords", json!({"@id": "ex:words", "@container": "@language"}), Holds::Languages),
        ("xSetOfWords", json!({"@id": "ex:words", "@container": ["@language", "@set"]}), Holds::Languages),
        ("xById", json!({"@id": "ex:byId", "@container": "@id"}), Holds::ById),
        ("xByType", json!({"@id": "ex:byType", "@container": "@type"}), Holds::ByType),
        ("xByProperty", json!({"@id": "ex:by", "@container": "@index", "@index": "ex:key"}), Holds::ByProperty),
        ("xGraph", json!({"@id": "ex:graph", "@container": "@graph"}), Holds::Graph),
        ("xGraphById", json!({"@id": "ex:graphs", "@container": ["@graph", "@id"]}), Holds::GraphById),
        ("xBack", json!({"@reverse": "ex:back"}), Holds::Back),
        ("xNest", json!("@nest"), Holds::Nest),
        (
            "xHome",
            json!({"@id": "ex:home", "@context": {"xRoom": "ex:room", "xFloor": {"@id": "ex:floor", "@type": "xsd:integer"}}}),
            Holds::Home,
        ),
    ]
}

/// Defined beside the members, whatever else is.
fn scopes() -> [(&'static str, Value); 5] {
    [
        ("ex", json!("https://example.com/ns#")),
        ("xsd", json!("http://www.w3.org/2001/XMLSchema#")),
        (
            "XPerson",
            json!({"@id": "ex:Person", "@context": {"xNick": "ex:nick", "xAge": {"@id": "ex:age", "@type": "xsd:integer"}}}),
        ),
        ("XPlace", json!({"@id": "ex:Place", "@context": {"@propagate": true, "xArea": "ex:area"}})),
        ("XPlain", json!("ex:Plain")),
    ]
}

struct Maker<'a> {
    dice: &'a mut Dice,
    terms: Vec<(&'static str, Value, Holds)>,
    has_vocabulary: bool,
    fault: Option<&'static str>,
    is_faulty: bool,
    nodes: usize,
}

/// A document.
pub fn make(dice: &mut Dice) -> Made {
    let terms = terms().into_iter().filter(|_| !dice.once_in(3)).collect();
    let mut maker = Maker { terms, has_vocabulary: false, fault: None, is_faulty: false, nodes: 0, dice };
    let mut own: Map<String, Value> =
        maker.terms.iter().map(|(name, means, _)| ((*name).to_owned(), means.clone())).collect();
    own.extend(scopes().map(|(name, means)| (name.to_owned(), means)));
    own.insert("xNothing".to_owned(), Value::Null);
    own.insert("xIndex".to_owned(), json!({"@id": "ex:index", "@container": "@index"}));
    if maker.dice.once_in(3) {
        own.insert("@vocab".to_owned(), json!(maker.dice.pick(&["https://example.com/vocabulary#", "ex:vocabulary/"])));
        maker.has_vocabulary = true;
    }
    for (keyword, value) in [("@language", json!("en")), ("@version", json!(1.1)), ("@protected", json!(true))] {
        if maker.dice.once_in(4) {
            own.insert(keyword.to_owned(), value);
        }
    }
    if maker.dice.once_in(4) {
        let fault = *maker.dice.pick(&FAULTS);
        let needs_no_vocabulary =
            ["a member that nobody defines", "a type that nobody defines", "a datatype that is no address"];
        maker.fault = Some(fault).filter(|fault| !(maker.has_vocabulary && needs_no_vocabulary.contains(fault)));
    }
    let mut contexts = vec![json!("https://www.w3.org/ns/credentials/v2")];
    let (first, second): (Map<_, _>, Map<_, _>) = if maker.dice.once_in(4) && !own.contains_key("@protected") {
        own.into_iter().partition(|(name, _)| !["xLink", "xJson", "xWhen"].contains(&&**name))
    } else {
        (own, Map::new())
    };
    contexts.push(first.into());
    if !second.is_empty() {
        contexts.push(second.into());
    }
    let mut document = maker.node(0, &[]);
    for name in ["@id", "@type", "type", "id"] {
        document.remove(name);
    }
    document.insert("@context".to_owned(), contexts.into());
    document.insert("type".to_owned(), json!(["VerifiableCredential", "XPlain"]));
    if !maker.dice.once_in(3) {
        document.insert("id".to_owned(), json!("urn:uuid:0b1e4a4a-6f9c-4cf0-9d0f-1c1f6f0f8a11"));
    }
    document.insert("issuer".to_owned(), match maker.dice.below(2) {
        0 => json!("did:web:issuer.example"),
        _ => json!({"id": "https://issuer.example/1", "name": "An issuer", "description": {"@value": "Dies", "@language": "de"}}),
    });
    document.insert("validFrom".to_owned(), json!("2026-11-18T00:00:00Z"));
    let subjects: Vec<Value> = (0..=maker.dice.below(2)).map(|_| maker.node(1, &[]).into()).collect();
    document.insert("credentialSubject".to_owned(), subjects.into());
    if maker.dice.once_in(4) {
        document.insert("evidence".to_owned(), json!({"id": "https://example.com/evidence/1", "type": ["XPlain"]}));
    }
    if maker.fault.is_some() && !maker.is_faulty {
        let (dice, fault) = (&mut *maker.dice, maker.fault);
        let mut last = Map::new();
        damage(dice, fault.unwrap_or_default(), &mut last);
        last.entry("ex:also").or_insert(json!("here"));
        document.insert("ex:last".to_owned(), last.into());
    }
    Made { fault: maker.fault, document }
}

const TEXTS: [&str; 10] = [
    "",
    "plain",
    "same",
    "\"quoted\" \\",
    "line\nand\ttab\r",
    "é😀漢",
    "\u{7f}\u{1}\u{8}\u{c}",
    "<b>&amp;",
    "0",
    " spaced ",
];
const IRIS: [&str; 7] = [
    "https://example.com/1",
    "urn:uuid:5f0c1f5e-1f0a-4d5e-8b43-9b6d5b3f9a10",
    "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH#a",
    "https://example.com/é?q=1&r=%20#f",
    "ex:compact",
    "_:same",
    "mailto:somebody@example.com",
];
const NUMBERS: [&str; 13] = [
    "0",
    "1",
    "-1",
    "42",
    "1.5",
    "-0.25",
    "0.1",
    "123456789012",
    "9007199254740991",
    "3.0",
    "1e21",
    "1.0e2",
    "2.5e-10",
];

/// Puts a fault into a node.
fn damage(dice: &mut Dice, fault: &str, node: &mut Map<String, Value>) {
    let (name, value) = match fault {
        "a blank node as a member" => ("_:member", json!("x")),
        "a datatype that is no address" => ("ex:typed", json!({"@value": "x", "@type": "relative"})),
        "a direction" => ("ex:directed", json!({"@value": "x", "@direction": "rtl"})),
        "a language that is none" => {
            ("ex:spoken", json!({"@value": "x", "@language": *dice.pick(&["en_US", "a b", "1en"])}))
        }
        "a member that means nothing" => ("xNothing", json!("x")),
        "a member that nobody defines" => ("yUndefined", json!("x")),
        "a member that resembles a keyword" => ("@resembles", json!("x")),
        "a null" => ("ex:empty", json!(null)),
        "a relative identifier" => ("id", json!(*dice.pick(&["relative", "../up", "#fragment"]))),
        "a relative link" => ("ex:linked", json!({"id": "relative/link"})),
        "a type that nobody defines" => ("type", json!(["YUndefined"])),
        "a value in the middle of nowhere" => ("@graph", json!(["x"])),
        "an identifier with a space" => ("id", json!("https://example.com/a b")),
        "an identifier that is null" => ("id", json!(null)),
        "an index" => ("ex:indexed", json!({"@value": "x", "@index": "one"})),
        _ => ("xIndex", json!({"one": "x", "two": "y"})),
    };
    for other in ["@id", "@type", "@graph"] {
        node.remove(other);
    }
    node.insert(name.to_owned(), value);
}

impl Maker<'_> {
    /// A node; `known` are members that scoped contexts define.
    fn node(&mut self, depth: usize, known: &[&'static str]) -> Map<String, Value> {
        self.node_of(depth, known, false)
    }

    /// A node, without a type that has a context of its own where it is `plain`.
    fn node_of(&mut self, depth: usize, known: &[&'static str], plain: bool) -> Map<String, Value> {
        self.nodes += 1;
        let mut node = Map::new();
        let mut known = known.to_vec();
        if !self.dice.once_in(3) {
            let name = *self.dice.pick(&["id", "@id"]);
            node.insert(name.to_owned(), json!(*self.dice.pick(&IRIS)));
        }
        // What a type defines ends with its node, unless it is propagated.
        let mut here = Vec::new();
        let kind = if depth == 0 { 9 } else { self.dice.below(6) };
        match if plain { kind.max(2) } else { kind } {
            0 => {
                node.insert("type".to_owned(), json!("XPerson"));
                here.extend(["xNick", "xAge"]);
            }
            1 => {
                node.insert("@type".to_owned(), json!(["XPlace", "https://example.com/Type"]));
                known.push("xArea");
            }
            2 => {
                node.insert("type".to_owned(), json!(["ex:Compact", "XPlain"]));
            }
            _ => {}
        }
        for name in known.iter().chain(&here) {
            if self.dice.once_in(2) {
                let value = if ["xAge", "xFloor"].contains(name) { self.number() } else { self.scalar() };
                node.insert((*name).to_owned(), value);
            }
        }
        for _ in 0..=self.dice.below(4) {
            self.member(&mut node, depth, &known, depth == 0 || (kind < 2 && !plain));
        }
        if self.has_vocabulary && self.dice.once_in(2) {
            node.insert("yWord".to_owned(), self.value(depth, &known));
        }
        if depth > 0 && self.dice.once_in(8) {
            node.insert("@context".to_owned(), json!({"xLocal": {"@id": "ex:local", "@type": "ex:Datatype"}}));
            node.insert("xLocal".to_owned(), json!("y"));
        }
        if self.dice.once_in(10) && depth < 3 {
            node.insert("@reverse".to_owned(), json!({"ex:forth": [self.node(depth + 1, &known)]}));
        }
        if self.dice.once_in(10) && depth < 3 {
            node.insert("@included".to_owned(), json!([self.whole(depth + 1, &known)]));
        }
        if self.dice.once_in(10) && depth < 3 && depth > 0 && !plain {
            node.insert("@graph".to_owned(), json!([self.whole(depth + 1, &known), self.whole(depth + 1, &known)]));
        }
        if let (Some(fault), false, true) = (self.fault, self.is_faulty, depth > 0 && !plain && self.dice.once_in(4)) {
            self.is_faulty = true;
            node.retain(|name, _| {
                !["id", "@id", "type", "@type", "xNick", "xAge", "xArea", "@context", "xLocal"].contains(&name.as_str())
            });
            damage(self.dice, fault, &mut node);
            node.entry("ex:also").or_insert(json!("here"));
        }
        node
    }

    /// A node that says something, wherever it stands.
    fn whole(&mut self, depth: usize, known: &[&'static str]) -> Map<String, Value> {
        let mut node = self.node(depth, known);
        node.insert("ex:said".to_owned(), self.scalar());
        node
    }

    fn member(&mut self, node: &mut Map<String, Value>, depth: usize, known: &[&'static str], is_scoped: bool) {
        let (name, holds) = match self.dice.below(4) {
            1.. if !self.terms.is_empty() => {
                let place = self.dice.below(self.terms.len());
                (self.terms[place].0, self.terms[place].2)
            }
            _ => *self.dice.pick(&[
                ("ex:direct", Holds::Anything),
                ("https://example.com/absolute#member", Holds::Anything),
                ("urn:a:member", Holds::Anything),
                ("name", Holds::Text),
                ("description", Holds::Text),
            ]),
        };
        if node.contains_key(name) {
            return;
        }
        let deep = depth >= 3;
        let value = match holds {
            Holds::Anything => self.value(depth, known),
            Holds::Text => json!(*self.dice.pick(&TEXTS)),
            Holds::Number => self.number(),
            Holds::Date => json!("2026-11-18T10:00:00Z"),
            Holds::Iri => match self.dice.below(3) {
                0 => json!([*self.dice.pick(&IRIS), *self.dice.pick(&IRIS)]),
                1 if !deep => self.node(depth + 1, known).into(),
                _ => json!(*self.dice.pick(&IRIS)),
            },
            Holds::Word => json!(*self.dice.pick(&["XPlain", "ex:word", "https://example.com/word"])),
            Holds::Json => self.json(0),
            Holds::Set => json!([self.scalar(), self.value(depth, known)]),
            Holds::List => self.list(depth, known, true),
            Holds::Languages => {
                json!({"en": *self.dice.pick(&TEXTS), "de-CH": ["eins", "zwei"], "@none": "none", "zh-hant": []})
            }
            Holds::ById if !deep => {
                json!({"https://example.com/by": self.apart(depth), "@none": self.apart(depth)})
            }
            Holds::ByType if !deep => {
                json!({"XPlain": self.apart(depth), "ex:Other": [self.apart(depth)]})
            }
            Holds::ByProperty if !deep => {
                json!({"one": self.node_of(depth + 1, known, true), "two": [self.node_of(depth + 1, known, true)]})
            }
            Holds::Graph if !deep => json!([self.apart(depth), self.apart(depth)]),
            Holds::GraphById if !deep => {
                json!({"https://example.com/graph": self.apart(depth), "@none": self.apart(depth)})
            }
            Holds::Back if !deep => json!([self.node(depth + 1, known), self.node(depth + 1, known)]),
            Holds::Nest if !deep => {
                let mut nested = Map::new();
                self.member(&mut nested, depth + 1, known, is_scoped);
                nested.into()
            }
            Holds::Home if !deep && !is_scoped => {
                let known: Vec<&'static str> = known.iter().copied().chain(["xRoom", "xFloor"]).collect();
                self.node(depth + 1, &known).into()
            }
            _ => return,
        };
        node.insert(name.to_owned(), value);
    }

    /// A node in a map of identifiers or types, which says something and has its identifier from there: contexts of what
    /// is around it do not reach in.
    fn apart(&mut self, depth: usize) -> Map<String, Value> {
        let mut node = self.node_of(depth + 1, &[], true);
        node.remove("id");
        node.remove("@id");
        node.insert("ex:said".to_owned(), self.scalar());
        node
    }

    fn number(&mut self) -> Value {
        let number = *self.dice.pick(&NUMBERS);
        serde_json::from_str(number).unwrap()
    }

    fn scalar(&mut self) -> Value {
        match self.dice.below(6) {
            0 => self.number(),
            1 => json!(self.dice.once_in(2)),
            _ => json!(*self.dice.pick(&TEXTS)),
        }
    }

    fn value(&mut self, depth: usize, known: &[&'static str]) -> Value {
        match self.dice.below(12) {
            0..=3 => self.scalar(),
            4 => {
                json!({"@value": *self.dice.pick(&TEXTS), "@language": *self.dice.pick(&["en", "zh-Hant", "de-ch-1996"])})
            }
            5 => json!({"@value": "2026-11-18", "@type": *self.dice.pick(&["xsd:date", "https://example.com/type"])}),
            6 => {
                json!({"@value": self.number(), "@type": *self.dice.pick(&["xsd:double", "xsd:decimal", "xsd:integer"])})
            }
            7 => json!({"@value": self.json(0), "@type": "@json"}),
            8 => json!({"id": *self.dice.pick(&IRIS)}),
            9 => json!({"@list": self.list(depth, known, false)}),
            10 => json!([self.scalar(), {"@set": [self.scalar(), {"@value": self.scalar()}]}]),
            _ if depth < 3 => self.node(depth + 1, known).into(),
            _ => json!([]),
        }
    }

    fn list(&mut self, depth: usize, known: &[&'static str], in_lists: bool) -> Value {
        let items = (0..self.dice.below(4)).map(|_| match self.dice.below(5) {
            0 => json!("same"),
            1 if depth < 3 => self.node(depth + 1, known).into(),
            2 if in_lists => json!([self.scalar(), self.scalar()]),
            _ => self.scalar(),
        });
        Value::Array(items.collect())
    }

    fn json(&mut self, depth: usize) -> Value {
        match self.dice.below(if depth < 3 { 6 } else { 4 }) {
            0 => self.number(),
            1 => json!(null),
            2 => json!(*self.dice.pick(&TEXTS)),
            3 => json!(self.dice.once_in(2)),
            4 => json!([self.json(depth + 1), self.json(depth + 1)]),
            _ => {
                json!({"b": self.json(depth + 1), "a": self.json(depth + 1), "\u{20ac}": self.json(depth + 1), "😀": 1, "": [], "@id": {}})
            }
        }
    }
}

/// The smallest document that is as bad, by taking away one member or item after the other.
pub fn shrink(document: &Map<String, Value>, is_bad: &dyn Fn(&Map<String, Value>) -> bool) -> Map<String, Value> {
    let mut least = document.clone();
    while let Some(less) = smaller(&Value::Object(least.clone()))
        .into_iter()
        .find_map(|less| less.as_object().filter(|less| is_bad(less)).cloned())
    {
        least = less;
    }
    least
}

/// Everything that has one member or item less, somewhere.
fn smaller(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                let mut less = map.clone();
                less.remove(name);
                all.push(less.into());
                for inner in smaller(inner) {
                    let mut less = map.clone();
                    less.insert(name.clone(), inner);
                    all.push(less.into());
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let mut less = items.clone();
                less.remove(index);
                all.push(less.into());
                for inner in smaller(inner) {
                    let mut less = items.clone();
                    less[index] = inner;
                    all.push(less.into());
                }
            }
        }
        _ => {}
    }
    all
}
