//! Data sets and JSON-LD documents as oxrdf and oxjsonld read them, and data sets as rdf-canonize does: see
//! `node/rdfc.mjs`.

use std::collections::HashMap;

use attesta::jsonld::rdfc::HashAlgorithm;
use attesta::jsonld::{Dataset, Term};
use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad};
use serde_json::{Map, Value, json};

use crate::oracle::ask;

/// What oxjsonld makes of a document, with contexts by their address.
///
/// # Errors
/// Its own words.
pub fn read_by_oxjsonld(
    document: &str,
    context: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<Vec<Quad>, String> {
    let context = std::panic::AssertUnwindSafe(context);
    let load = move |url: &str| {
        let document = context(url).ok_or_else(|| format!("{url} is not at hand"))?.into_bytes();
        Ok(JsonLdRemoteDocument { document, document_url: url.to_owned() })
    };
    let load = std::panic::AssertUnwindSafe(load);
    JsonLdParser::new()
        .for_slice(document)
        .with_load_document_callback(move |url, _| load(url))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

/// The same quads for us.
pub fn dataset(quads: &[Quad]) -> Dataset {
    let mut data = Dataset::new();
    let mut numbers: HashMap<BlankNode, u32> = HashMap::new();
    for quad in quads {
        let mut blank = |data: &mut Dataset, node: &BlankNode| {
            Term::Blank(*numbers.entry(node.clone()).or_insert_with(|| data.add_blank()))
        };
        let subject = match &quad.subject {
            NamedOrBlankNode::NamedNode(name) => Term::Iri(data.add_iri(name.as_str())),
            NamedOrBlankNode::BlankNode(node) => blank(&mut data, node),
        };
        let object = match &quad.object {
            oxrdf::Term::NamedNode(name) => Term::Iri(data.add_iri(name.as_str())),
            oxrdf::Term::BlankNode(node) => blank(&mut data, node),
            oxrdf::Term::Literal(literal) => {
                let suffix = match literal.language() {
                    Some(language) => format!("@{language}"),
                    None if literal.datatype() == oxrdf::vocab::xsd::STRING => String::new(),
                    None => format!("^^{}", literal.datatype()),
                };
                Term::Literal(data.add_literal(literal.value(), &suffix))
            }
        };
        let graph = match &quad.graph_name {
            GraphName::DefaultGraph => None,
            GraphName::NamedNode(name) => Some(Term::Iri(data.add_iri(name.as_str()))),
            GraphName::BlankNode(node) => Some(blank(&mut data, node)),
        };
        let predicate = data.add_iri(quad.predicate.as_str());
        data.push(attesta::jsonld::Quad { subject, predicate, object, graph, groups: 0 });
    }
    data
}

/// The same quads for oxrdf.
pub fn quads(data: &Dataset) -> Vec<Quad> {
    let name = |term: &str| NamedNode::new_unchecked(term.trim_matches(['<', '>']));
    let blank = |number: u32| BlankNode::new_unchecked(format!("b{number}"));
    let quad = |quad: &attesta::jsonld::Quad| Quad {
        subject: match quad.subject {
            Term::Blank(number) => blank(number).into(),
            Term::Iri(span) | Term::Literal(span) => name(data.text(span)).into(),
        },
        predicate: name(data.text(quad.predicate)),
        object: match quad.object {
            Term::Blank(number) => blank(number).into(),
            Term::Iri(span) => name(data.text(span)).into(),
            Term::Literal(span) => data.text(span).parse::<oxrdf::Literal>().unwrap().into(),
        },
        graph_name: match quad.graph {
            None => GraphName::DefaultGraph,
            Some(Term::Blank(number)) => blank(number).into(),
            Some(Term::Iri(span) | Term::Literal(span)) => name(data.text(span)).into(),
        },
    };
    data.quads().iter().map(quad).collect()
}

/// The canonical text that oxrdf makes.
pub fn canonical_by_oxrdf(quads: &[Quad], hash: HashAlgorithm) -> String {
    let mut data: oxrdf::Dataset = quads.iter().cloned().collect();
    let hash_algorithm = match hash {
        HashAlgorithm::Sha256 => CanonicalizationHashAlgorithm::Sha256,
        HashAlgorithm::Sha384 => CanonicalizationHashAlgorithm::Sha384,
    };
    data.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    // It names nodes, and leaves the order and the writing to its user: the quads are written as ours are.
    let named: Vec<Quad> = data.iter().map(|quad| quad.into_owned()).collect();
    let data = dataset(&named);
    let mut labels: HashMap<u32, String> = HashMap::new();
    for (ours, theirs) in data.quads().iter().zip(&named) {
        let pairs = [
            (Some(ours.subject), Some(oxrdf::Term::from(theirs.subject.clone()))),
            (Some(ours.object), Some(theirs.object.clone())),
            (
                ours.graph,
                match &theirs.graph_name {
                    GraphName::BlankNode(node) => Some(node.clone().into()),
                    _ => None,
                },
            ),
        ];
        for pair in pairs {
            if let (Some(Term::Blank(number)), Some(oxrdf::Term::BlankNode(node))) = pair {
                labels.insert(number, node.as_str().to_owned());
            }
        }
    }
    let mut lines: Vec<String> = data
        .quads()
        .iter()
        .map(|quad| {
            let mut line = String::new();
            data.write_line(quad, &mut line, |number, out| out.push_str(&labels[&number]));
            line
        })
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.concat()
}

/// The canonical texts that rdf-canonize makes of texts of N-Quads.
pub fn canonical_by_rdf_canonize(texts: &[String], hash: HashAlgorithm) -> Vec<String> {
    let hash = match hash {
        HashAlgorithm::Sha256 => "SHA-256",
        HashAlgorithm::Sha384 => "SHA-384",
    };
    let answer = ask("rdfc", "canonicalize", &json!({ "texts": texts, "hash": hash }));
    answer["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// N-Quads, with the numbers of blank nodes as they are.
pub fn n_quads(data: &Dataset) -> String {
    let mut text = String::new();
    for quad in data.quads() {
        data.write_line(quad, &mut text, |number, out| out.push_str(&format!("b{number}")));
    }
    text
}

/// The canonical texts that jsonld.js makes of documents, or why it refuses them as unsafe.
pub fn read_by_jsonld_js(documents: &[Map<String, Value>], contexts: &Value) -> Vec<Result<String, String>> {
    let answer = ask("rdfc", "read", &json!({ "documents": documents, "contexts": contexts }));
    let text = |answer: &Value, name| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let one = |answer: &Value| text(answer, "text").ok_or_else(|| text(answer, "refused").unwrap());
    answer["answers"].as_array().unwrap().iter().map(one).collect()
}
