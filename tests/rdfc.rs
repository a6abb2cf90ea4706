//! RDF Dataset Canonicalization: one text whatever blank nodes are called, another one for another data set, and a bound
//! on what it takes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use attesta::error::Explain as _;
use attesta::jsonld::rdfc::{Canonical, HashAlgorithm, TooComplex, canonicalize};
use attesta::jsonld::{Dataset, Quad, Term};
use attesta::limits;
use common::nquads;
use proptest::prelude::*;
use proptest::sample::Index;

/// A part of a quad: a blank node by its number, or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Blank(u32),
    Name(char),
}
use Part::{Blank, Name};

/// Subject, predicate, object, graph.
type Statement = (Part, char, Part, Option<Part>);

fn dataset(blanks: u32, statements: &[Statement]) -> Dataset {
    let mut data = Dataset::new();
    (0..blanks).for_each(|number| assert_eq!(data.add_blank(), number));
    for (subject, predicate, object, graph) in statements {
        let name = |data: &mut Dataset, name| data.add_iri(&format!("https://a.example/{name}"));
        let predicate = name(&mut data, *predicate);
        let [subject, object, graph] = [Some(*subject), Some(*object), *graph].map(|part| match part? {
            Blank(number) => Some(Term::Blank(number)),
            Name(letter) => Some(Term::Iri(name(&mut data, letter))),
        });
        data.push(Quad { subject: subject.unwrap(), predicate, object: object.unwrap(), graph, groups: 0 });
    }
    data
}

fn canonical(data: &Dataset) -> Result<Canonical, TooComplex> {
    canonicalize(data, HashAlgorithm::Sha256)
}

/// The canonical text of blank nodes, linked by the predicate `p`.
fn text(blanks: u32, links: &[(u32, u32)]) -> String {
    let statements: Vec<Statement> = links.iter().map(|(from, to)| (Blank(*from), 'p', Blank(*to), None)).collect();
    canonical(&dataset(blanks, &statements)).unwrap().text().to_owned()
}

/// Every node linked to every other, all alike.
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

/// An RDF collection of one value, again and again.
fn list(length: u32) -> Dataset {
    let mut data = Dataset::new();
    let rdf = |data: &mut Dataset, name| data.add_iri(&format!("http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"));
    let [first, rest, nil, name, root] = ["first", "rest", "nil", "list", "root"].map(|name| rdf(&mut data, name));
    let value = Term::Literal(data.add_literal("same", ""));
    let push = |data: &mut Dataset, subject, predicate, object| {
        data.push(Quad { subject, predicate, object, graph: None, groups: 0 });
    };
    let mut before = (Term::Iri(root), name);
    for _ in 0..length {
        let node = Term::Blank(data.add_blank());
        push(&mut data, before.0, before.1, node);
        push(&mut data, node, first, value);
        before = (node, rest);
    }
    push(&mut data, before.0, before.1, Term::Iri(nil));
    data
}

/// A parent that has no name, with children that have none and say the same.
fn children(count: u32) -> Dataset {
    let mut statements = vec![(Name('a'), 'p', Blank(0), None)];
    for child in 1..=count {
        statements.push((Blank(0), 'c', Blank(child), None));
        statements.push((Blank(child), 'v', Name('s'), None));
    }
    dataset(count + 1, &statements)
}

/// Far more than it takes, even unoptimised on a busy machine; without the bound these take longer than anybody waits.
fn within_seconds<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < Duration::from_secs(10), "it took {:?}", start.elapsed());
    done
}

#[test]
fn nodes_that_are_all_linked_to_each_other_are_refused() {
    for nodes in [7, 8, 9, 10, 12, 20, 40, 100] {
        for bytes in [20, 1_000, 20_000, 200_000] {
            let data = clique(nodes, &format!("https://a.example/{}", "p".repeat(bytes)));
            let error = within_seconds(|| canonical(&data)).unwrap_err();
            assert!(matches!(error, TooComplex::Steps | TooComplex::Bytes), "{nodes} nodes, {bytes} bytes: {error:?}");
        }
    }
}

#[test]
fn a_few_nodes_that_are_all_linked_to_each_other_pass() {
    for nodes in 2..=5 {
        let canonical = canonical(&clique(nodes, "https://a.example/p")).unwrap();
        assert_eq!(canonical.lines().count() as u32, nodes * (nodes - 1));
    }
}

#[test]
fn children_that_are_all_alike_pass() {
    for count in [2, 50, 1_000, 10_000] {
        let canonical = within_seconds(|| canonical(&children(count))).unwrap();
        assert_eq!(canonical.lines().count() as u32, 2 * count + 1);
    }
    let error = within_seconds(|| canonical(&children(limits::QUADS as u32 / 2))).unwrap_err();
    assert_eq!(error, TooComplex::Quads);
}

#[test]
fn lists_of_equal_values_pass_up_to_a_length() {
    for length in [1, 2, 3, 50, 90] {
        let canonical = within_seconds(|| canonical(&list(length))).unwrap();
        assert_eq!(canonical.lines().count() as u32, 2 * length + 1);
    }
    for (length, wanted) in [
        (100, TooComplex::Steps),
        (1_000, TooComplex::Depth),
        (20_000, TooComplex::Depth),
        (limits::QUADS as u32 / 2, TooComplex::Quads),
        (100_000, TooComplex::Quads),
    ] {
        assert_eq!(within_seconds(|| canonical(&list(length))).unwrap_err(), wanted, "{length}");
    }
}

/// Two rings, each around a hub, where the hub is alike too: whoever walks a ring comes by the hub each time, and what the
/// hub says to nobody must not be read again each time.
#[test]
fn what_leads_nowhere_is_not_read_again_and_again() {
    let mut statements = Vec::new();
    for (hub, ring) in [(0, 2), (1, 52)] {
        let value = |number: u32| Name(char::from_u32('a' as u32 + number).unwrap());
        statements.extend((0..10_000).map(|number| (Blank(hub), 'v', value(number), None)));
        statements.extend((ring..ring + 50).map(|node| (Blank(node), 'h', Blank(hub), None)));
        statements.extend((ring..ring + 50).map(|node| (Blank(node), 'r', Blank(ring + (node + 1 - ring) % 50), None)));
    }
    let data = dataset(102, &statements);
    assert_eq!(within_seconds(|| canonical(&data)).unwrap_err(), TooComplex::Steps);
}

#[test]
fn a_text_that_would_be_too_long_is_refused_before_it_is_written() {
    let mut data = Dataset::new();
    let predicate = data.add_iri(&format!("https://a.example/{}", "p".repeat(limits::CANONICAL_BYTES / 100)));
    let object = Term::Iri(data.add_iri("https://a.example/o"));
    for number in 0..120 {
        let subject = Term::Iri(data.add_iri(&format!("https://a.example/{number}")));
        data.push(Quad { subject, predicate, object, graph: None, groups: 0 });
        assert_eq!(canonical(&data).err(), (number >= 99).then_some(TooComplex::Bytes), "{number}");
    }
}

#[test]
fn a_blank_node_that_was_never_added_cannot_take_all_memory() {
    let data = dataset(0, &[(Blank(u32::MAX - 1), 'p', Name('o'), None)]);
    assert_eq!(canonical(&data).unwrap_err(), TooComplex::Quads);
    let data = dataset(0, &[(Blank(u32::MAX), 'p', Name('o'), None)]);
    assert_eq!(canonical(&data).unwrap_err(), TooComplex::Quads);
}

#[test]
fn refusals_explain_themselves() {
    let mut codes = Vec::new();
    for error in [TooComplex::Quads, TooComplex::Bytes, TooComplex::Steps, TooComplex::Depth] {
        assert!(!error.to_string().is_empty() && error.hint().ends_with('.'));
        codes.push(error.code());
    }
    codes.dedup();
    assert_eq!(codes.len(), 4);
}

#[test]
fn an_empty_data_set_has_an_empty_text() {
    let canonical = canonical(&Dataset::new()).unwrap();
    assert_eq!((canonical.text(), canonical.lines().count()), ("", 0));
}

/// Worked out by hand: the node whose first degree hash is less comes first.
#[test]
fn names_are_those_of_the_standard() {
    let statement = (Blank(1), 'p', Name('o'), Some(Blank(0)));
    for algorithm in [HashAlgorithm::Sha256, HashAlgorithm::Sha384] {
        let canonical = canonicalize(&dataset(3, &[statement]), algorithm).unwrap();
        let line = |subject, graph| format!("_:{subject} <https://a.example/p> <https://a.example/o> _:{graph} .\n");
        let [graph, subject] = [line("z", "a"), line("a", "z")].map(|line| algorithm.digest(line.as_bytes()));
        let labels = if graph < subject { [0, 1] } else { [1, 0] };
        assert_eq!([0, 1].map(|number| canonical.label(number)), labels.map(Some));
        assert_eq!([2, 3, u32::MAX].map(|number| canonical.label(number)), [None; 3]);
        let wanted = line(&format!("c14n{}", labels[1]), &format!("c14n{}", labels[0]));
        assert_eq!(canonical.text(), wanted);
        assert_eq!(canonical.hash(), algorithm.digest(wanted.as_bytes()));
        assert_eq!(canonical.hash().as_bytes().len(), if algorithm == HashAlgorithm::Sha256 { 32 } else { 48 });
    }
}

#[test]
fn ten_nodes_and_more_are_sorted_by_code_point() {
    let statements: Vec<Statement> = (0..12).map(|number| (Blank(number), 'p', Name('o'), None)).collect();
    let canonical = canonical(&dataset(12, &statements)).unwrap();
    let labels: Vec<u32> =
        canonical.lines().map(|(line, _)| line[6..line.find(' ').unwrap()].parse().unwrap()).collect();
    assert_eq!(labels, [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn duplicates_count_once_and_belong_to_the_groups_of_all() {
    let statements = [
        (Blank(0), 'p', Blank(1), None),
        (Blank(1), 'p', Blank(0), None),
        (Blank(0), 'p', Blank(1), None),
        (Name('a'), 'p', Blank(0), None),
        (Name('a'), 'p', Blank(1), None),
        (Name('a'), 'p', Name('b'), None),
        (Name('a'), 'p', Name('b'), None),
    ];
    let plain = dataset(2, &statements);
    let mut data = Dataset::new();
    let span = data.add_iri("https://a.example/p");
    let [a, b] = ["a", "b"].map(|name| Term::Iri(data.add_iri(&format!("https://a.example/{name}"))));
    (0..2).for_each(|_| _ = data.add_blank());
    for (bit, (subject, _, object, _)) in statements.iter().enumerate() {
        let [subject, object] = [subject, object].map(|part| match part {
            Blank(number) => Term::Blank(*number),
            Name('a') => a,
            Name(_) => b,
        });
        data.push(Quad { subject, predicate: span, object, graph: None, groups: 1 << bit });
    }
    let canonical = canonical(&data).unwrap();
    assert_eq!(canonical.text(), self::canonical(&plain).unwrap().text());
    let mut groups: Vec<u8> = canonical.lines().map(|(_, groups)| groups).collect();
    assert_eq!(canonical.lines().map(|(line, _)| line).collect::<String>(), canonical.text());
    groups.sort_unstable();
    assert_eq!(groups, [0b10, 0b101, 0b1000, 0b10000, 0b110_0000]);
}

/// Quads are not equal because the lines are that stand for them while a node is hashed.
#[test]
fn lines_that_look_alike_are_not_taken_for_duplicates() {
    let two = text(3, &[(0, 1), (0, 2)]);
    let one = text(2, &[(0, 1), (0, 1)]);
    assert_eq!((two.lines().count(), one.lines().count()), (2, 1));
}

#[test]
fn another_data_set_has_another_text() {
    // Two rings of three, and one of six: each node looks alike by its own quads.
    let rings = text(6, &[(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]);
    let ring = text(6, &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)]);
    assert_ne!(rings, ring);
    // A link turned around.
    let turned = text(6, &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]);
    assert_ne!(turned, ring);
    // The same node twice, and two nodes.
    let nodes = |second| {
        let statements =
            [(Name('a'), 'p', Blank(0), None), (Name('a'), 'q', Blank(second), None), (Blank(0), 'v', Name('x'), None)];
        canonical(&dataset(2, &statements)).unwrap().text().to_owned()
    };
    assert_ne!(nodes(0), nodes(1));
}

fn part(blanks: u32) -> impl Strategy<Value = Part> {
    prop_oneof![4 => (0..blanks).prop_map(Blank), 1 => proptest::char::range('a', 'b').prop_map(Name)]
}

fn statements(blanks: u32, most: usize) -> impl Strategy<Value = Vec<Statement>> {
    let graph = prop_oneof![8 => Just(None), 2 => part(blanks).prop_map(Some)];
    let statement = (part(blanks), proptest::char::range('p', 'q'), part(blanks), graph);
    proptest::collection::vec(statement, 0..most)
}

/// The same statements, with other numbers for blank nodes.
fn renamed(statements: &[Statement], numbers: &[u32]) -> Vec<Statement> {
    let rename = |part: Part| match part {
        Blank(number) => Blank(numbers[number as usize]),
        Name(name) => Name(name),
    };
    statements.iter().map(|(s, p, o, g)| (rename(*s), *p, rename(*o), g.map(rename))).collect()
}

/// Every order of the numbers below `count`.
fn orders(count: u32) -> Vec<Vec<u32>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let insert = |order: Vec<u32>| {
        (0..=order.len()).map(move |place| {
            let mut order = order.clone();
            order.insert(place, count - 1);
            order
        })
    };
    orders(count - 1).into_iter().flat_map(insert).collect()
}

fn as_a_set(mut statements: Vec<Statement>) -> Vec<Statement> {
    statements.sort_unstable();
    statements.dedup();
    statements
}

/// Whether three blank nodes stand in one statement.
fn links_three(statements: &[Statement]) -> bool {
    statements.iter().any(|(subject, _, object, graph)| {
        let parts: BTreeSet<Part> = [Some(*subject), Some(*object), *graph].into_iter().flatten().collect();
        parts.iter().filter(|part| matches!(part, Blank(_))).count() == 3
    })
}

/// Section 4.7 looks at the blank nodes of a statement two at a time. To it the last two of these are alike, who change
/// places in the statements of the first two, so that either may be named first. `rdf-canonize` makes the same two texts.
#[test]
fn the_standard_leaves_some_data_sets_open() {
    let [one, two, this, that] = [0, 1, 2, 3];
    let linked = |this: u32, that: u32| {
        let statements = [
            (Blank(one), 'p', Blank(this), Some(Blank(that))),
            (Blank(two), 'p', Blank(one), None),
            (Blank(two), 'p', Blank(that), Some(Blank(this))),
        ];
        canonical(&dataset(4, &statements)).unwrap()
    };
    let texts = [linked(this, that), linked(that, this)].map(|canonical| canonical.text().to_owned());
    let p = "<https://a.example/p>";
    let told = |this: &str, that: &str| {
        [
            format!("_:c14n0 {p} _:{this} _:{that} .\n"),
            format!("_:c14n1 {p} _:c14n0 .\n"),
            format!("_:c14n1 {p} _:{that} _:{this} .\n"),
        ]
        .concat()
    };
    assert_ne!(texts[0], texts[1], "no longer open: then say so no more");
    for text in &texts {
        assert!([told("c14n2", "c14n3"), told("c14n3", "c14n2")].contains(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn names_order_and_repetition_do_not_matter(
        statements in statements(8, 24),
        numbers in Just((0..8).collect::<Vec<u32>>()).prop_shuffle(),
        places in proptest::collection::vec(any::<Index>(), 32),
        again in proptest::collection::vec(any::<Index>(), 0..4),
    ) {
        let mut other = renamed(&statements, &numbers);
        if !other.is_empty() {
            for index in again {
                other.push(other[index.index(other.len())]);
            }
            let length = other.len();
            (0..length).zip(&places).for_each(|(from, to)| other.swap(from, to.index(length)));
        }
        for algorithm in [HashAlgorithm::Sha256, HashAlgorithm::Sha384] {
            let [one, two] = [&statements, &other].map(|statements| canonicalize(&dataset(8, statements), algorithm));
            // In which order ways are tried is left open, and so what they cost.
            let (Ok(one), Ok(two)) = (one, two) else { continue };
            prop_assert!(one.text() == two.text() || links_three(&statements), "{}and\n{}", one.text(), two.text());
            prop_assert_eq!(one.lines().count(), as_a_set(statements.clone()).len());
            let read = nquads::parse(one.text()).unwrap();
            let again = canonicalize(&read.data, algorithm).unwrap();
            prop_assert!(again.text() == one.text() || links_three(&statements), "{}and\n{}", again.text(), one.text());
        }
    }

    /// Equal exactly where renaming makes one of the other, which is tried in every way. What the standard leaves open may
    /// differ all the same.
    #[test]
    fn texts_are_equal_only_for_the_same_data_set(one in statements(4, 6), change in statements(4, 2), place: Index) {
        let mut two = one.clone();
        let statement = change.first().copied();
        if let (Some(statement), false) = (statement, two.is_empty()) {
            let place = place.index(two.len());
            two[place] = statement;
        }
        let is_same = orders(4).iter().any(|order| as_a_set(renamed(&one, order)) == as_a_set(two.clone()));
        let is_open = links_three(&one);
        let [one, two] = [one, two].map(|statements| canonical(&dataset(4, &statements)).unwrap().text().to_owned());
        if one == two || !is_open {
            prop_assert_eq!(one == two, is_same);
        }
    }
}
