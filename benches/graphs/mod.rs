//! Data sets that are hard to canonicalise, and how long that takes, or refusing it.

use std::hint::black_box;

use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Dataset, Quad, Term};

use crate::harness::Table;

/// Every line: what passes, and then what is refused.
pub(crate) fn measure(table: &mut Table<'_>) {
    let mut one = |name: String, data: Dataset, passes: bool| {
        assert_eq!(canonicalize(&data, HashAlgorithm::Sha256).is_ok(), passes, "{name}");
        table.alone(&name, move || canonicalize(black_box(&data), HashAlgorithm::Sha256).is_ok());
    };
    one("canonicalize RDFC 20 statements".to_owned(), things(1, 20), true);
    one("canonicalize RDFC 4 blank nodes".to_owned(), things(4, 5), true);
    one("canonicalize RDFC 500 blank nodes".to_owned(), things(500, 2), true);
    one("canonicalize RDFC 50 equal values".to_owned(), list(50), true);
    one("canonicalize RDFC 1000 equal children".to_owned(), children(1_000), true);
    for nodes in [7, 8, 10, 40] {
        for (bytes, name) in [(20, ""), (20_000, ", predicates of 20 kB")] {
            let predicate = format!("https://example.com/{}", "p".repeat(bytes));
            one(format!("refuse RDFC K{nodes}{name}"), clique(nodes, &predicate), false);
        }
    }
    one("refuse RDFC 20000 equal values".to_owned(), list(20_000), false);
}

fn push(data: &mut Dataset, subject: Term, predicate: &str, object: Term) {
    let predicate = data.add_iri(predicate);
    data.push(Quad { subject, predicate, object, graph: None, groups: 0 });
}

fn iri(data: &mut Dataset, iri: &str) -> Term {
    Term::Iri(data.add_iri(iri))
}

/// Blank nodes, each linked to by the one before, with some statements each. A single one has a name instead.
fn things(count: u32, statements: u32) -> Dataset {
    let mut data = Dataset::new();
    let mut before = iri(&mut data, "https://example.com/credentials/1");
    for number in 0..count {
        let subject = if count == 1 { before } else { Term::Blank(data.add_blank()) };
        for statement in 0..statements {
            let value = data.add_literal(&format!("A value, {number} and {statement}"), "");
            push(&mut data, subject, &format!("https://example.com/vocabulary#{statement}"), Term::Literal(value));
        }
        push(&mut data, before, "https://example.com/vocabulary#next", subject);
        before = subject;
    }
    data
}

/// An RDF collection of one value, again and again.
fn list(length: u32) -> Dataset {
    const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let mut data = Dataset::new();
    let value = Term::Literal(data.add_literal("same", ""));
    let mut before = (iri(&mut data, "https://example.com/root"), "https://example.com/list".to_owned());
    for _ in 0..length {
        let node = Term::Blank(data.add_blank());
        push(&mut data, before.0, &before.1, node);
        push(&mut data, node, &format!("{RDF}first"), value);
        before = (node, format!("{RDF}rest"));
    }
    let nil = iri(&mut data, &format!("{RDF}nil"));
    push(&mut data, before.0, &before.1, nil);
    data
}

/// Children without a name that say the same.
fn children(count: u32) -> Dataset {
    let mut data = Dataset::new();
    let parent = iri(&mut data, "https://example.com/parent");
    let value = Term::Literal(data.add_literal("same", ""));
    for _ in 0..count {
        let child = Term::Blank(data.add_blank());
        push(&mut data, parent, "https://example.com/child", child);
        push(&mut data, child, "https://example.com/value", value);
    }
    data
}

/// Every node linked to every other.
fn clique(nodes: u32, predicate: &str) -> Dataset {
    let mut data = Dataset::new();
    let predicate = data.add_iri(predicate);
    (0..nodes).for_each(|_| _ = data.add_blank());
    for from in 0..nodes {
        for to in (0..nodes).filter(|to| *to != from) {
            data.push(Quad { subject: Term::Blank(from), predicate, object: Term::Blank(to), graph: None, groups: 0 });
        }
    }
    data
}
