//! The canonical text: lines in the order of their code points (RDFC-1.0, section 4.4.3, step 6, and section 5).
//!
//! Lines are compared before they are written, term by term. That comes to the same: no term's text can go on where a
//! shorter one ends, but for a literal's suffix, whose first byte is greater than the space that follows the shorter.

use std::cmp::Ordering;

use super::{Line, write_number};
use crate::jsonld::dataset::{Dataset, Quad, Span, Term};

/// The text, with each line once; notes its lines where somebody asks for them. `bytes` is about how long the text becomes.
pub(super) fn write(data: &Dataset, labels: &[u32], bytes: usize, mut lines: Option<&mut Vec<Line>>) -> String {
    let order = Order { data, labels };
    let label = |number: u32, out: &mut String| {
        out.push_str("c14n");
        write_number(order.label(number), out);
    };
    // What is said of one subject mostly has one copy of its text: numbers are soon put in order, and leave few subjects to
    // compare.
    let mut copies: Vec<u64> = (0..).zip(data.quads()).map(|(at, quad)| copy_of(quad.subject) << 32 | at).collect();
    copies.sort_unstable();
    let mut quads: Vec<&Quad> = copies.iter().filter_map(|copy| data.quads().get(*copy as u32 as usize)).collect();
    let mut subjects: Vec<&mut [&Quad]> = quads.chunk_by_mut(|one, other| one.subject == other.subject).collect();
    subjects.sort_unstable_by(|one, other| order.subjects(one, other));
    let mut text = String::with_capacity(bytes);
    for equal in subjects.chunk_by_mut(|one, other| order.subjects(one, other).is_eq()) {
        let mut gathered;
        let same = match equal {
            [alone] => &mut **alone,
            several => {
                gathered = several.concat();
                gathered.as_mut_slice()
            }
        };
        same.sort_unstable_by(|one, other| order.statements(one, other));
        for equal in same.chunk_by(|one, other| order.are_same(one, other)) {
            let groups = equal.iter().fold(0, |all, quad| all | quad.groups);
            if let Some(quad) = equal.first() {
                data.write_line(quad, &mut text, label);
                if let Some(lines) = &mut lines {
                    lines.push(Line { end: text.len(), groups });
                }
            }
        }
    }
    text
}

/// Tells copies of a term's text apart, in 32 bits. Were two the same, their statements would be gathered later.
fn copy_of(term: Term) -> u64 {
    u64::from(match term {
        Term::Blank(number) => number | 1 << 31,
        Term::Iri(span) | Term::Literal(span) => span.start(),
    })
}

struct Order<'a> {
    data: &'a Dataset,
    labels: &'a [u32],
}

impl Order<'_> {
    fn label(&self, blank: u32) -> u32 {
        self.labels.get(blank as usize).copied().unwrap_or_default()
    }

    fn subjects(&self, one: &[&Quad], other: &[&Quad]) -> Ordering {
        match (one.first(), other.first()) {
            (Some(one), Some(other)) => self.terms(one.subject, other.subject),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }

    /// Whether two with the same subject are the same statement.
    fn are_same(&self, one: &Quad, other: &Quad) -> bool {
        one.predicate.bytes() == other.predicate.bytes() && self.statements(one, other).is_eq()
    }

    /// Of two with the same subject.
    fn statements(&self, one: &Quad, other: &Quad) -> Ordering {
        let predicates = self.texts(one.predicate, other.predicate);
        let objects = predicates.then_with(|| self.terms(one.object, other.object));
        objects.then_with(|| match (one.graph, other.graph) {
            (Some(one), Some(other)) => self.terms(one, other),
            // The full stop that ends a line is less than what begins a term.
            (one, other) => one.is_some().cmp(&other.is_some()),
        })
    }

    fn terms(&self, one: Term, other: Term) -> Ordering {
        /// By the byte that each begins with: a quotation mark, an angle bracket, a low line.
        fn kind(term: Term) -> u8 {
            match term {
                Term::Literal(_) => 0,
                Term::Iri(_) => 1,
                Term::Blank(_) => 2,
            }
        }
        match (one, other) {
            (Term::Iri(one), Term::Iri(other)) | (Term::Literal(one), Term::Literal(other)) => self.texts(one, other),
            (Term::Blank(one), Term::Blank(other)) => as_text(self.label(one)).cmp(&as_text(self.label(other))),
            _ => kind(one).cmp(&kind(other)),
        }
    }

    fn texts(&self, one: Span, other: Span) -> Ordering {
        if one == other { Ordering::Equal } else { self.data.bytes(one).cmp(self.data.bytes(other)) }
    }
}

/// What numbers are to be compared by to come in the order of their digits as text: the digits, as far to the left as they
/// go, and how many there are.
fn as_text(number: u32) -> (u64, u32) {
    const MOST_DIGITS: u32 = 10;
    let digits = number.checked_ilog10().unwrap_or_default() + 1;
    (u64::from(number) * 10_u64.pow(MOST_DIGITS - digits), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_the_order_of_their_text() {
        let numbers = [0, 1, 2, 9, 10, 11, 19, 20, 99, 100, 101, 199, 1_000, 99_999, 100_000, u32::MAX - 1, u32::MAX];
        for one in numbers {
            for other in numbers {
                assert_eq!(
                    as_text(one).cmp(&as_text(other)),
                    one.to_string().cmp(&other.to_string()),
                    "{one} and {other}"
                );
            }
        }
    }

    /// Terms of which one begins as the other goes on, in every place.
    #[test]
    fn lines_come_in_the_order_of_their_bytes() {
        let mut data = Dataset::new();
        let blanks: Vec<Term> = (0..12).map(|_| Term::Blank(data.add_blank())).collect();
        let iri = |data: &mut Dataset, iri: &str| Term::Iri(data.add_iri(iri));
        let iris = ["urn:a", "urn:a!", "urn:a/b", "urn:a", "urn:é", "urn:b"].map(|text| iri(&mut data, text));
        let literals = [
            ("a", ""),
            ("a", "@en"),
            ("a", "@en-gb"),
            ("a", "^^<urn:a>"),
            ("a!", ""),
            ("a\"", ""),
            ("", ""),
            ("a b", "@de"),
            ("a\u{10ffff}", ""),
            ("a\u{e000}", ""),
        ]
        .map(|(text, suffix)| Term::Literal(data.add_literal(text, suffix)));
        let subjects: Vec<Term> = blanks.iter().chain(&iris).copied().collect();
        let objects: Vec<Term> = subjects.iter().chain(&literals).copied().collect();
        let graphs = [None, Some(blanks[1]), Some(blanks[10]), Some(iris[0]), Some(iris[1])];
        for (number, subject) in subjects.iter().enumerate() {
            for object in &objects {
                for (graph, name) in graphs.iter().enumerate() {
                    let Term::Iri(predicate) = iris[(number + graph) % iris.len()] else { panic!("an IRI") };
                    let groups = 1 << (number % 8);
                    data.push(Quad { subject: *subject, predicate, object: *object, graph: *name, groups });
                }
            }
        }
        let labels: Vec<u32> = (0..12).rev().collect();
        let label = |number: u32, out: &mut String| out.push_str(&format!("c14n{}", labels[number as usize]));
        let mut expected: Vec<String> = Vec::new();
        for quad in data.quads() {
            let mut line = String::new();
            data.write_line(quad, &mut line, label);
            expected.push(line);
        }
        expected.sort();
        expected.dedup();
        let mut lines = Vec::new();
        assert_eq!(write(&data, &labels, 0, Some(&mut lines)), expected.concat());
        assert_eq!(write(&data, &labels, 0, None), expected.concat());
        assert_eq!(lines.len(), expected.len());
        assert!(expected.len() < data.quads().len(), "two of the IRIs are one");
    }
}
