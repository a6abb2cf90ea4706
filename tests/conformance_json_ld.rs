//! JSON-LD 1.1 to RDF against the vectors of the W3C: every case of JSON-LD 1.1 but the listed exceptions.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use attesta::jsonld::{Context, Contexts, Dataset, Term, to_dataset_leniently};
use serde_json::Value;

/// Cases that are not passed, each with its reason. One that passes all the same fails the test.
const EXCEPTIONS: &[(&str, &str)] =
    &[("tdi09", RDF_DIRECTION), ("tdi10", RDF_DIRECTION), ("tdi11", RDF_DIRECTION), ("tdi12", RDF_DIRECTION)];

const RDF_DIRECTION: &str = "rdfDirection is an option that no securing mechanism uses; it is not normative";

/// The contexts of the suite's folder, by the addresses that it says they have.
struct Suite(BTreeMap<String, Context>);

impl Contexts for Suite {
    fn context(&self, url: &str) -> Option<&Context> {
        self.0.get(url)
    }
}

#[derive(PartialEq)]
enum Verdict {
    Passed,
    Failed(String),
    Skipped,
}

#[test]
fn to_rdf() {
    let Some(folder) = common::vectors("json-ld") else { return };
    let manifest: Value = read(&folder.join("toRdf-manifest.jsonld"));
    let base = manifest["baseIri"].as_str().unwrap();
    let mut suite = Suite(contexts(&folder.join("toRdf"), &format!("{base}toRdf/")));
    suite.0.extend(contexts(&folder.join("toRdf/c031"), &format!("{base}toRdf/c031/")));
    let (mut passed, mut skipped, mut wrong) = (0, 0, Vec::new());
    let mut safe = 0;
    for case in manifest["sequence"].as_array().unwrap() {
        let id = case["@id"].as_str().unwrap().trim_start_matches('#');
        let exception = EXCEPTIONS.iter().find(|(name, _)| *name == id);
        match (judge(case, &folder, base, &suite), exception) {
            (Verdict::Skipped, None) => skipped += 1,
            (Verdict::Passed, None) => passed += 1,
            (Verdict::Failed(_), Some(_)) => {}
            (Verdict::Passed | Verdict::Skipped, Some(_)) => wrong.push(format!("{id} is an exception, and passes")),
            (Verdict::Failed(why), None) => wrong.push(format!("{id} {}: {why}", case["name"])),
        }
        safe += usize::from(is_safe(case, &folder, &suite));
    }
    println!(
        "json-ld toRdf: {passed} passed, {} exceptions, {skipped} of JSON-LD 1.0 skipped; {safe} are safe to sign",
        EXCEPTIONS.len()
    );
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed > 400, "only {passed}");
}

fn judge(case: &Value, folder: &Path, base: &str, suite: &Suite) -> Verdict {
    let option = &case["option"];
    if option["specVersion"] == "json-ld-1.0" || option["processingMode"] == "json-ld-1.0" {
        return Verdict::Skipped;
    }
    let input = case["input"].as_str().unwrap();
    let address = option["base"].as_str().map_or_else(|| format!("{base}{input}"), str::to_owned);
    let document = read(&folder.join(input));
    let expand_context =
        option["expandContext"].as_str().map(|file| Context::compile(&read(&folder.join(file))).unwrap());
    let made = to_dataset_leniently(&document, Some(&address), expand_context.as_ref(), suite);
    let types = case["@type"].to_string();
    if types.contains("NegativeEvaluationTest") {
        return match made {
            Ok(_) => Verdict::Failed(format!("accepted, where {} was expected", case["expectErrorCode"])),
            Err(error) => {
                if !error.to_string().ends_with(case["expectErrorCode"].as_str().unwrap()) {
                    println!("{}: {error} where {} was expected", case["@id"], case["expectErrorCode"]);
                }
                Verdict::Passed
            }
        };
    }
    let data = match made {
        Ok(data) => data,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    let Some(expected) = case["expect"].as_str() else { return Verdict::Passed };
    let expected = fs::read_to_string(folder.join(expected)).unwrap();
    let made = lines(&data);
    if isomorphic(&made, &parse(&expected)) {
        Verdict::Passed
    } else {
        Verdict::Failed(format!(
            "\n{}instead of\n{expected}",
            made.iter().map(|quad| quad.join(" ") + "\n").collect::<String>()
        ))
    }
}

/// Whether a positive case is read without anything that would be dropped, and without a base.
fn is_safe(case: &Value, folder: &Path, suite: &Suite) -> bool {
    let document = read(&folder.join(case["input"].as_str().unwrap()));
    case["@type"].to_string().contains("Positive")
        && document.as_object().is_some_and(|map| attesta::jsonld::to_dataset(map, suite).is_ok())
}

/// As the suite's own loader would: whatever can be compiled.
fn contexts(folder: &Path, base: &str) -> BTreeMap<String, Context> {
    let mut contexts = BTreeMap::new();
    for path in common::files(folder, "jsonld") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let url = format!("{base}{name}");
        let document = read(&path);
        if document.get("@context").is_some()
            && let Ok(context) = Context::compile_from(&document, Some(&url))
        {
            contexts.insert(url, context);
        }
    }
    contexts
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

type Line = [String; 4];

fn lines(data: &Dataset) -> BTreeSet<Line> {
    let term = |term: Term| match term {
        Term::Iri(span) | Term::Literal(span) => data.text(span).to_owned(),
        Term::Blank(number) => format!("_:b{number}"),
    };
    let quads = data.quads().iter();
    quads
        .map(|quad| {
            let predicate = data.text(quad.predicate).to_owned();
            [term(quad.subject), predicate, term(quad.object), quad.graph.map(term).unwrap_or_default()]
        })
        .collect()
}

/// N-Quads, of which only escapes have more than one form.
fn parse(text: &str) -> BTreeSet<Line> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).map(parse_line).collect()
}

fn parse_line(line: &str) -> Line {
    let mut terms = Vec::new();
    let mut rest = line.trim();
    while rest != "." && !rest.is_empty() {
        let end = match rest.as_bytes()[0] {
            b'<' => rest.find('>').unwrap() + 1,
            b'"' => {
                let mut end = 1;
                while rest.as_bytes()[end] != b'"' {
                    end += if rest.as_bytes()[end] == b'\\' { 2 } else { 1 };
                }
                let after = &rest[end + 1..];
                let suffix = match after.as_bytes().first() {
                    Some(b'^') => after.find('>').unwrap() + 1,
                    _ => after.find([' ', '\t']).unwrap_or(after.len()),
                };
                end + 1 + suffix
            }
            _ => rest.find([' ', '\t']).unwrap_or(rest.len()),
        };
        terms.push(normal(&rest[..end]));
        rest = rest[end..].trim_start();
    }
    terms.resize(4, String::new());
    terms.try_into().unwrap()
}

/// Escapes as canonical N-Quads has them, and no datatype for plain strings.
fn normal(term: &str) -> String {
    let mut out = String::new();
    let mut rest = term;
    while let Some(position) = rest.find('\\') {
        let (before, escape) = rest.split_at(position);
        out.push_str(before);
        let digits = match escape.as_bytes()[1] {
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let named = (digits > 0).then(|| u32::from_str_radix(&escape[2..2 + digits], 16).unwrap());
        match named.map(|code| char::from_u32(code).unwrap()) {
            Some(character) if !matches!(character, '\0'..='\u{1f}' | '\u{7f}') => out.push(character),
            _ => out.push_str(&escape[..2 + digits]),
        }
        rest = &escape[2 + digits..];
    }
    out.push_str(rest);
    out.replace('\u{7f}', "\\u007F").trim_end_matches("^^<http://www.w3.org/2001/XMLSchema#string>").to_owned()
}

/// Whether the blank nodes of one can be named so that it is the other. Tries names line by line; the cases are small.
fn isomorphic(left: &BTreeSet<Line>, right: &BTreeSet<Line>) -> bool {
    fn blanks(lines: &BTreeSet<Line>) -> BTreeSet<&str> {
        lines.iter().flatten().filter(|term| term.starts_with("_:")).map(String::as_str).collect()
    }
    /// What is said of a blank node, all blank nodes taken for one.
    fn signature(lines: &BTreeSet<Line>, blank: &str) -> Vec<String> {
        let seen = lines.iter().filter(|line| line.iter().any(|term| term == blank));
        let mut signature: Vec<String> = seen
            .map(|line| {
                let shown = line.iter().map(|term| match term.as_str() {
                    own if own == blank => "_:self",
                    other if other.starts_with("_:") => "_:other",
                    other => other,
                });
                shown.collect::<Vec<_>>().join(" ")
            })
            .collect();
        signature.sort();
        signature
    }
    fn search<'a>(
        left: &'a BTreeSet<Line>,
        right: &BTreeSet<Line>,
        open: &[(&'a str, Vec<&'a str>)],
        names: &mut BTreeMap<&'a str, &'a str>,
    ) -> bool {
        let Some(((blank, candidates), open)) = open.split_first() else {
            let renamed: BTreeSet<Line> = left
                .iter()
                .map(|line| line.clone().map(|term| names.get(term.as_str()).map_or(term, |name| (*name).to_owned())))
                .collect();
            return renamed == *right;
        };
        for candidate in candidates {
            if names.values().any(|name| name == candidate) {
                continue;
            }
            names.insert(blank, candidate);
            let fits = left.iter().all(|line| {
                let is_known = line.iter().all(|term| !term.starts_with("_:") || names.contains_key(term.as_str()));
                !is_known
                    || right.contains(
                        &line.clone().map(|term| names.get(term.as_str()).map_or(term, |name| (*name).to_owned())),
                    )
            });
            if fits && search(left, right, open, names) {
                return true;
            }
            names.remove(blank);
        }
        false
    }
    let (ours, theirs) = (blanks(left), blanks(right));
    if left.len() != right.len() || ours.len() != theirs.len() {
        return false;
    }
    let open: Vec<(&str, Vec<&str>)> = ours
        .iter()
        .map(|blank| {
            let own = signature(left, blank);
            (*blank, theirs.iter().filter(|other| signature(right, other) == own).copied().collect())
        })
        .collect();
    search(left, right, &open, &mut BTreeMap::new())
}
