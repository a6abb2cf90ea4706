//! JSON-LD documents at random: oxjsonld and jsonld.js make the same data set of them, or we say what would have been
//! lost. Where the others depart from JSON-LD 1.1 stands below, and is kept out of those documents.
//!
//! 5,000 documents of a fixed seed, and as many of a fresh one, which is printed; `ATTESTA_DOCUMENTS` says how many else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::error::Explain as _;
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Dataset, Embedded, to_dataset};
use attesta_interop::dcql::Dice;
use attesta_interop::json_ld::{FAULTS, make, shrink};
use attesta_interop::rdf::{dataset, read_by_jsonld_js, read_by_oxjsonld};
use serde_json::{Map, Value, json};

const SEED: u64 = 0x4a53_4f4e_2d4c_4431;
const V2: &str = "https://www.w3.org/ns/credentials/v2";

static CONTEXT: LazyLock<String> = LazyLock::new(|| Embedded::document(V2).unwrap().to_string());

/// jsonld.js is asked for one in so many documents: it takes most of the time.
const ASKED_OF_JSONLD_JS: usize = 10;

fn text(data: &Dataset) -> String {
    canonicalize(data, HashAlgorithm::Sha256).unwrap().text().to_owned()
}

fn ours(document: &Map<String, Value>) -> Result<String, String> {
    to_dataset(document, &Embedded).map(|data| text(&data)).map_err(|error| error.code().to_owned())
}

fn by_oxjsonld(document: &Map<String, Value>) -> Result<String, String> {
    let document = Value::Object(document.clone()).to_string();
    let quads = read_by_oxjsonld(&document, |url| (url == V2).then(|| CONTEXT.clone()))?;
    Ok(text(&dataset(&quads)))
}

fn by_jsonld_js(documents: &[Map<String, Value>]) -> Vec<Result<String, String>> {
    read_by_jsonld_js(documents, &json!({ V2: Embedded::document(V2).unwrap() }))
}

/// How somebody reads a document.
type Read<'a> = dyn Fn(&Map<String, Value>) -> Result<String, String> + 'a;

/// What is read differently, as the smallest document of which that holds, for whoever has to find out why.
fn complain(document: &Map<String, Value>, theirs: &Read<'_>) -> String {
    let kind = |document: &Map<String, Value>| match (ours(document), theirs(document)) {
        (Ok(ours), Ok(theirs)) => (true, true, ours == theirs),
        (ours, theirs) => (ours.is_ok(), theirs.is_ok(), false),
    };
    let first = kind(document);
    let least = shrink(document, &|smaller| kind(smaller) == first);
    format!("{}\nours: {:#?}\ntheirs: {:#?}", Value::Object(least.clone()), ours(&least), theirs(&least))
}

fn run(seed: u64) {
    let count: usize = std::env::var("ATTESTA_DOCUMENTS").map_or(5_000, |count| count.parse().unwrap());
    let mut dice = Dice::new(seed);
    let (mut equal, mut bytes, mut twice) = (0, 0, 0);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut dropped: BTreeMap<&str, usize> = BTreeMap::new();
    let mut asked = Vec::new();
    for case in 0..count {
        let made = make(&mut dice);
        match (ours(&made.document), by_oxjsonld(&made.document), made.fault) {
            (Ok(ours), Ok(theirs), None) if ours == theirs => {
                equal += 1;
                bytes += ours.len();
                if case % ASKED_OF_JSONLD_JS == 0 {
                    asked.push((made.document, ours));
                }
            }
            (Err(code), theirs, Some(fault)) => {
                *refused.entry(code).or_default() += 1;
                *dropped.entry(fault).or_default() += usize::from(theirs.is_ok());
            }
            (_, _, fault) => panic!("seed {seed}, case {case}, {fault:?}: {}", complain(&made.document, &by_oxjsonld)),
        }
    }
    let documents: Vec<_> = asked.iter().map(|(document, _)| document.clone()).collect();
    for ((document, ours), theirs) in asked.iter().zip(by_jsonld_js(&documents)) {
        // A data set has each statement once. jsonld.js writes one again that two different values make: see below.
        let mut lines: Vec<&str> = theirs.as_ref().map(|text| text.lines().collect()).unwrap_or_default();
        let count = lines.len();
        lines.dedup();
        if lines.len() < count {
            twice += 1;
        } else if theirs.as_ref() != Ok(ours) {
            panic!(
                "seed {seed}: {}",
                complain(document, &|document| by_jsonld_js(std::slice::from_ref(document)).remove(0))
            );
        }
    }
    println!(
        "JSON-LD, seed {seed}: {count} documents, {equal} equal, {} bytes of N-Quads each; {} of them asked of jsonld.js, \
         which repeats itself in {twice}",
        bytes / equal.max(1),
        asked.len()
    );
    println!("refused for what would be lost: {refused:?}");
    println!("and of those passed by oxjsonld: {dropped:?}");
    assert!(equal > count / 2, "too one-sided");
    assert!(count < 1_000 || FAULTS.iter().all(|fault| dropped.contains_key(fault)), "{dropped:?}");
}

#[test]
fn all_sides_read_the_same() {
    run(SEED);
    let seed = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() & 0xffff_ffff).unwrap();
    run(seed);
}

/// A document that the sides read differently: what we make of it, and who agrees.
struct Departure {
    document: Value,
    ours: Result<&'static str, &'static str>,
    oxjsonld_agrees: bool,
    jsonld_js_agrees: bool,
}

/// Each must be met; else it is no departure any more. Sections are those of JSON-LD 1.1 Processing Algorithms and API.
fn departures() -> Vec<Departure> {
    vec![
        // 8.2.2, step 10: a number is a whole one below 10^21: oxjsonld ends with 64 bits.
        Departure {
            document: json!({"ex:n": 1e20}),
            ours: Ok("_:c14n0 <ex:n> \"100000000000000000000\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"),
            oxjsonld_agrees: false,
            jsonld_js_agrees: true,
        },
        // The same step: this one "has a non-zero fractional part". jsonld.js looks for a dot in it, and signs nought.
        Departure {
            document: json!({"ex:n": 1e-7}),
            ours: Ok("_:c14n0 <ex:n> \"1.0E-7\"^^<http://www.w3.org/2001/XMLSchema#double> .\n"),
            oxjsonld_agrees: true,
            jsonld_js_agrees: false,
        },
        // RFC 8785, section 3.2.3: names are sorted by their UTF-16 code units, not by code points.
        Departure {
            document: json!({"ex:n": {"@type": "@json", "@value": {"\u{fb33}": 1, "😀": 2}}}),
            ours: Ok(
                "_:c14n0 <ex:n> \"{\\\"😀\\\":2,\\\"\u{fb33}\\\":1}\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .\n",
            ),
            oxjsonld_agrees: false,
            jsonld_js_agrees: true,
        },
        // 5.3.2, steps 4 and 5: a type mapping of @none is none, and leaves the default language.
        Departure {
            document: json!({"@context": {"@language": "en", "n": {"@id": "ex:n", "@type": "@none"}}, "n": "x"}),
            ours: Ok("_:c14n0 <ex:n> \"x\"@en .\n"),
            oxjsonld_agrees: false,
            jsonld_js_agrees: true,
        },
        // A data set has each statement once (RDF 1.1 Concepts, section 4).
        Departure {
            document: json!({"ex:n": [0, {"@type": "http://www.w3.org/2001/XMLSchema#integer", "@value": 0}]}),
            ours: Ok("_:c14n0 <ex:n> \"0\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"),
            oxjsonld_agrees: true,
            jsonld_js_agrees: false,
        },
        // 5.1.2, steps 7 and 8: the context of a member reaches down from it, whatever type what it stands in has.
        Departure {
            document: json!({
                "@context": {
                    "P": {"@context": {}, "@id": "ex:P"},
                    "home": {"@context": {"floor": "ex:floor"}, "@id": "ex:home"}
                },
                "@id": "ex:1", "@type": "P", "home": {"@id": "ex:2", "ex:x": {"@id": "ex:3", "floor": "1"}}
            }),
            ours: Ok("<ex:1> <ex:home> <ex:2> .\n\
                <ex:1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <ex:P> .\n\
                <ex:2> <ex:x> <ex:3> .\n\
                <ex:3> <ex:floor> \"1\" .\n"),
            oxjsonld_agrees: false,
            jsonld_js_agrees: true,
        },
        // 5.1.2, step 13.8.3: in a map of identifiers the context is the previous one, of before a type's. jsonld.js does
        // so in a map of types alone.
        Departure {
            document: json!({
                "@context": {
                    "P": {"@context": {"area": "ex:area"}, "@id": "ex:P"},
                    "byId": {"@container": "@id", "@id": "ex:byId"}
                },
                "@id": "ex:1", "@type": "P", "byId": {"ex:2": {"area": "1"}}
            }),
            ours: Err("json-ld.undefined-term"),
            oxjsonld_agrees: false,
            jsonld_js_agrees: false,
        },
        // 5.1.2, step 13.8.3.7.1 wraps what is no graph object, which has no member beside @graph, @id and @index.
        Departure {
            document: json!({
                "@context": {"graphs": {"@container": ["@graph", "@id"], "@id": "ex:graphs"}},
                "@id": "ex:1", "graphs": {"ex:2": {"@id": "ex:3", "@graph": [], "ex:n": "x"}}
            }),
            ours: Ok("<ex:1> <ex:graphs> <ex:2> .\n<ex:3> <ex:n> \"x\" <ex:2> .\n"),
            oxjsonld_agrees: false,
            jsonld_js_agrees: true,
        },
        // 5.1.2, step 5.2.2 makes a list of a list in a list only where the member's own container is @list; without it
        // what is in it is poured out (step 5.2.3), as oxjsonld does. jsonld.js keeps the lists apart, and so do we.
        Departure {
            document: json!({"ex:n": {"@list": [[]]}}),
            ours: Ok("_:c14n0 <ex:n> _:c14n1 .\n\
                _:c14n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n\
                _:c14n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n"),
            oxjsonld_agrees: false,
            jsonld_js_agrees: true,
        },
    ]
}

#[test]
fn departures_are_those_that_are_listed() {
    for departure in departures() {
        let document = departure.document.as_object().unwrap();
        let wanted = departure.ours.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(ours(document), wanted, "{}", departure.document);
        let agrees = |theirs: Result<String, String>| match (&wanted, theirs) {
            (Ok(wanted), Ok(theirs)) => *wanted == theirs,
            (wanted, theirs) => wanted.is_err() && theirs.is_err(),
        };
        assert_eq!(agrees(by_oxjsonld(document)), departure.oxjsonld_agrees, "oxjsonld: {}", departure.document);
        let theirs = by_jsonld_js(std::slice::from_ref(document)).remove(0);
        assert_eq!(agrees(theirs), departure.jsonld_js_agrees, "jsonld.js: {}", departure.document);
    }
}
