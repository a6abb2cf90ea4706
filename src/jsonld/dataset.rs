//! RDF quads (RDF 1.1 Concepts, section 3), each term already as N-Quads writes it.

use std::fmt::{self, Write};

/// A piece of a data set's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u32,
    length: u32,
}

impl Span {
    pub(super) fn start(self) -> u32 {
        self.start
    }

    /// How many bytes it has.
    pub(super) fn bytes(self) -> usize {
        self.length as usize
    }
}

/// An IRI or a literal, as N-Quads writes it, or a blank node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// `<https://...>`.
    Iri(Span),
    /// The blank node of that number.
    Blank(u32),
    /// `"..."`, with its language or datatype.
    Literal(Span),
}

/// One statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quad {
    /// An IRI or a blank node.
    pub subject: Term,
    /// An IRI.
    pub predicate: Span,
    /// What is said.
    pub object: Term,
    /// The graph that it stands in, an IRI or a blank node; `None` is the default graph.
    pub graph: Option<Term>,
    /// The selections that it belongs to, a bit each.
    pub groups: u8,
}

/// Quads, in the order in which they were added. One may stand there twice.
#[derive(Clone, Default)]
pub struct Dataset {
    text: String,
    quads: Vec<Quad>,
    blanks: u32,
}

impl Dataset {
    /// No quads.
    pub fn new() -> Self {
        Self::default()
    }

    /// None either, but room for those of a usual credential.
    pub(super) fn with_room() -> Self {
        const QUADS: usize = 24;
        const TEXT_BYTES: usize = 2048;
        Self { text: String::with_capacity(TEXT_BYTES), quads: Vec::with_capacity(QUADS), blanks: 0 }
    }

    /// The quads.
    pub fn quads(&self) -> &[Quad] {
        &self.quads
    }

    /// How many blank nodes there are: their numbers begin at 0.
    pub fn blanks(&self) -> u32 {
        self.blanks
    }

    /// The bytes of text that its terms take.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// What stands at a place.
    pub fn text(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.text.get(start..start + span.length as usize).unwrap_or_default()
    }

    /// Its bytes, which compare as the text does.
    pub(super) fn bytes(&self, span: Span) -> &[u8] {
        let start = span.start as usize;
        self.text.as_bytes().get(start..start + span.length as usize).unwrap_or_default()
    }

    /// Adds a blank node.
    pub fn add_blank(&mut self) -> u32 {
        self.blanks += 1;
        self.blanks - 1
    }

    /// Adds a term that is written as N-Quads has it already.
    pub fn add_rendered(&mut self, term: &str) -> Span {
        self.add(|text| text.push_str(term))
    }

    /// Adds an IRI, which must be one: nothing is checked or escaped.
    pub fn add_iri(&mut self, iri: &str) -> Span {
        self.add(|text| text.extend(["<", iri, ">"]))
    }

    /// As [`add_iri`](Self::add_iri), of one in two pieces.
    pub(super) fn add_iri_of_parts(&mut self, first: &str, second: &str) -> Span {
        self.add(|text| text.extend(["<", first, second, ">"]))
    }

    /// Adds a literal; `suffix` is what follows its closing quotation mark: nothing, `@language` or `^^<datatype>`.
    pub fn add_literal(&mut self, value: &str, suffix: &str) -> Span {
        self.add(|text| {
            text.push('"');
            escape(value, text);
            text.extend(["\"", suffix]);
        })
    }

    /// Adds a statement.
    pub fn push(&mut self, quad: Quad) {
        self.quads.push(quad);
    }

    fn add(&mut self, write: impl FnOnce(&mut String)) -> Span {
        let start = self.text.len();
        write(&mut self.text);
        // The ceilings on what is read keep both far below 4 GiB.
        Span { start: start as u32, length: (self.text.len() - start) as u32 }
    }

    /// Writes a quad as a line of canonical N-Quads (RDFC-1.0, section 5), with a label for each blank node.
    pub fn write_line(&self, quad: &Quad, out: &mut String, label: impl Fn(u32, &mut String)) {
        let term = |term: Term, out: &mut String| match term {
            Term::Iri(span) | Term::Literal(span) => out.push_str(self.text(span)),
            Term::Blank(number) => {
                out.push_str("_:");
                label(number, out);
            }
        };
        term(quad.subject, out);
        out.push(' ');
        out.push_str(self.text(quad.predicate));
        out.push(' ');
        term(quad.object, out);
        if let Some(graph) = quad.graph {
            out.push(' ');
            term(graph, out);
        }
        out.push_str(" .\n");
    }
}

/// The content of a literal, as canonical N-Quads escapes it (RDFC-1.0, section 5.2.3).
fn escape(value: &str, out: &mut String) {
    // No early exit, so that many bytes are looked at at once; hardly any text needs more.
    let is_plain = value
        .bytes()
        .fold(true, |plain, byte| plain & (byte >= 0x20) & (byte != b'"') & (byte != b'\\') & (byte != 0x7f));
    if is_plain {
        out.push_str(value);
        return;
    }
    let mut rest = value;
    let needs = |c: char| matches!(c, '\u{0}'..='\u{1f}' | '"' | '\\' | '\u{7f}');
    while let Some(position) = rest.find(needs) {
        out.push_str(&rest[..position]);
        let c = rest[position..].chars().next().unwrap_or_default();
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            other => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{:04X}", u32::from(other));
            }
        }
        rest = &rest[position + c.len_utf8()..];
    }
    out.push_str(rest);
}

impl fmt::Debug for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataset")
            .field("quads", &self.quads.len())
            .field("blanks", &self.blanks)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_escapes_what_canonical_n_quads_escape() {
        let mut data = Dataset::new();
        let predicate = data.add_iri("https://a.example/p");
        let object = Term::Literal(data.add_literal("a\"\\\n\r\t\u{8}\u{c}\u{0}\u{7f}é", "@en"));
        let subject = Term::Blank(data.add_blank());
        let graph = Some(Term::Iri(data.add_iri("https://a.example/g")));
        data.push(Quad { subject, predicate, object, graph, groups: 0 });
        let mut line = String::new();
        data.write_line(&data.quads()[0], &mut line, |number, out| out.push_str(&format!("c14n{number}")));
        assert_eq!(
            line,
            "_:c14n0 <https://a.example/p> \"a\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u007Fé\"@en <https://a.example/g> .\n"
        );
    }
}
