use std::collections::BTreeSet;

use attesta::jsonld::rdfc::{Canonical, HashAlgorithm, TooComplex, canonicalize};
use attesta::jsonld::{Dataset, Quad, Term};

use crate::answers::assert_explained;

/// Blank nodes, and as many names: a byte below the first is a blank node, one below both a name, others are literals.
const NODES: u8 = 64;

/// Statements of one data set; those beyond are not read.
const STATEMENTS: usize = 2_000;

/// Data sets: one canonical text, whatever blank nodes are called, however statements are ordered and repeated.
///
/// An input is a byte that says how to mix, and four for each statement: subject, predicate, object, graph.
pub fn rdfc(bytes: &[u8]) {
    let Some((mix, rest)) = bytes.split_first() else { return };
    let statements: Vec<[u8; 4]> = rest
        .as_chunks()
        .0
        .iter()
        .take(STATEMENTS)
        .copied()
        .filter(|statement: &[u8; 4]| statement[0] < 2 * NODES)
        .collect();
    for algorithm in [HashAlgorithm::Sha256, HashAlgorithm::Sha384] {
        let data = dataset(&statements, 0);
        let canonical = canonicalize(&data, algorithm);
        let turned = dataset(&mixed(&statements, *mix), *mix);
        let again = canonicalize(&turned, algorithm);
        for (canonical, data) in [(&canonical, &data), (&again, &turned)] {
            match canonical {
                Ok(canonical) => assert_is_of(canonical, data, &statements),
                Err(error) => assert_explained(error),
            }
        }
        match (canonical, again) {
            (Ok(canonical), Ok(again)) => {
                let is_same = canonical.text() == again.text() || statements.iter().any(links_three);
                assert!(is_same, "two texts of the same:\n{}and\n{}", canonical.text(), again.text());
            }
            // In which order ways are tried is open, and so what they cost.
            (Err(TooComplex::Steps | TooComplex::Depth), _) | (_, Err(TooComplex::Steps | TooComplex::Depth)) => {}
            (one, two) => panic!("refused for its length, once only: {:?}, {:?}", one.err(), two.err()),
        }
    }
}

/// Whether three blank nodes stand in one statement.
///
/// RDFC-1.0 looks at them two at a time (section 4.7), so that it may take data sets for alike that are not, and what it
/// makes of them then hangs on the order in which they came. rdf-canonize has several texts of such data sets too. Each
/// is one of the data set, so that nothing else holds for it.
fn links_three(&[subject, _, object, graph]: &[u8; 4]) -> bool {
    let blanks = [subject, object, graph].into_iter().filter(|part| *part < NODES);
    blanks.collect::<BTreeSet<_>>().len() == 3
}

/// The data set of these statements, with blank nodes numbered after turning them by `turned`.
fn dataset(statements: &[[u8; 4]], turned: u8) -> Dataset {
    let mut data = Dataset::new();
    (0..NODES).for_each(|_| _ = data.add_blank());
    for &[subject, predicate, object, graph] in statements {
        // Some predicates are long.
        let long = if predicate < 240 { 0 } else { 1_500 };
        let span = data.add_iri(&format!("https://a.example/{predicate}{}", "p".repeat(long)));
        let mut term = |byte: u8| match byte {
            0..NODES => Term::Blank(u32::from((byte ^ turned) % NODES)),
            byte if byte < 2 * NODES => Term::Iri(data.add_iri(&format!("https://a.example/{byte}"))),
            byte => Term::Literal(data.add_literal(&format!("\"\n{}", char::from(byte)), "@en")),
        };
        let (subject, object) = (term(subject), term(object));
        let graph = (graph < 2 * NODES).then(|| term(graph));
        data.push(Quad { subject, predicate: span, object, graph, groups: 1 << (predicate % 8) });
    }
    data
}

/// The same statements in another order, and some of them again.
fn mixed(statements: &[[u8; 4]], mix: u8) -> Vec<[u8; 4]> {
    let mut mixed = statements.to_vec();
    mixed.extend(statements.iter().skip(usize::from(mix % 8)).take(usize::from(mix / 32)));
    let length = mixed.len();
    mixed.rotate_left(usize::from(mix).min(length));
    for place in (0..length).step_by(3) {
        mixed.swap(place, (place * 7 + usize::from(mix)) % length);
    }
    mixed
}

/// The text is what the names make of the data set: every statement once, in order, in the groups of its repetitions.
fn assert_is_of(canonical: &Canonical, data: &Dataset, statements: &[[u8; 4]]) {
    let named: BTreeSet<u32> = (0..u32::from(NODES)).filter_map(|number| canonical.label(number)).collect();
    let is_used = |node: &u8| statements.iter().any(|[s, _, o, g]| [s, o, g].contains(&node));
    let used = (0..NODES).filter(is_used).count() as u32;
    assert!(named.iter().copied().eq(0..used), "{named:?} are not the first {used} numbers");
    let mut lines: Vec<(String, u8)> = Vec::new();
    for quad in data.quads() {
        let mut line = String::new();
        data.write_line(quad, &mut line, |blank, out| {
            out.push_str(&format!("c14n{}", canonical.label(blank).expect("it is used")));
        });
        lines.push((line, quad.groups));
    }
    lines.sort_unstable();
    lines.dedup_by(|again, first| {
        let same = again.0 == first.0;
        first.1 |= if same { again.1 } else { 0 };
        same
    });
    let found: Vec<(String, u8)> = canonical.lines().map(|(line, groups)| (line.to_owned(), groups)).collect();
    assert_eq!(found, lines);
    assert_eq!(found.into_iter().map(|(line, _)| line).collect::<String>(), canonical.text());
}

/// Shapes to begin with: those that are easy, those that look alike, and those that are refused.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    const NAME: u8 = NODES;
    const LITERAL: u8 = 2 * NODES;
    const NO_GRAPH: u8 = 255;
    let ring = |from: u8, length: u8| (0..length).map(move |n| [from + n, 1, from + (n + 1) % length, NO_GRAPH]);
    let clique = |nodes: u8, predicate: u8| {
        let others = move |from: u8| (0..nodes).filter(move |to| *to != from);
        (0..nodes).flat_map(move |from| others(from).map(move |to| [from, predicate, to, NO_GRAPH])).collect()
    };
    let shapes: [(&str, Vec<[u8; 4]>); 14] = [
        ("names", (0..9).map(|n| [NAME + n, n, LITERAL + n, NO_GRAPH]).collect()),
        ("one-blank", (0..9).map(|n| [0, n, LITERAL + n, NO_GRAPH]).collect()),
        ("chain", (0..9).flat_map(|n| [[n, 1, n + 1, NO_GRAPH], [n, 2, LITERAL + n, NO_GRAPH]]).collect()),
        ("list", (0..40).flat_map(|n| [[n, 1, n + 1, NO_GRAPH], [n, 2, LITERAL, NO_GRAPH]]).collect()),
        ("children", (1..60).flat_map(|n| [[0, 1, n, NO_GRAPH], [n, 2, LITERAL, NO_GRAPH]]).collect()),
        ("twins", (1..5).flat_map(|n| [[0, 1, n, NO_GRAPH], [10, 1, 10 + n, NO_GRAPH]]).collect()),
        ("ring", ring(0, 6).collect()),
        ("two-rings", ring(0, 3).chain(ring(3, 3)).collect()),
        ("itself", vec![[0, 1, 0, NO_GRAPH], [1, 1, 1, 1], [2, 1, 2, 0]]),
        ("graphs", (0..6).flat_map(|n| [[n, 1, NAME, n + 6], [n + 6, 2, n, NO_GRAPH]]).collect()),
        ("twice", ring(0, 4).chain(ring(0, 4)).collect()),
        ("clique-5", clique(5, 1)),
        ("clique-10", clique(10, 1)),
        ("clique-10-long", clique(10, 250)),
    ];
    shapes.into_iter().map(|(name, statements)| (name, [&[0x5b], statements.as_flattened()].concat())).collect()
}
