//! N-Quads (RDF 1.1 N-Quads, W3C Recommendation of 25 February 2014), read strictly.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

use attesta::jsonld::{Dataset, Quad, Term};

/// What stands in a file, and the labels of its blank nodes by their numbers.
pub(crate) struct Read {
    pub(crate) data: Dataset,
    pub(crate) labels: Vec<String>,
}

/// Reads a whole file.
///
/// # Errors
/// A sentence with the number of the first line that is not N-Quads.
pub(crate) fn parse(text: &str) -> Result<Read, String> {
    let mut read = Read { data: Dataset::new(), labels: Vec::new() };
    let mut numbers = HashMap::new();
    for (index, line) in text.split(['\n', '\r']).enumerate() {
        let mut reader = Reader { rest: line.chars().peekable(), read: &mut read, numbers: &mut numbers };
        reader.line().ok_or_else(|| format!("line {} is not N-Quads: {line}", index + 1))?;
    }
    Ok(read)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    read: &'a mut Read,
    numbers: &'a mut HashMap<String, u32>,
}

impl Reader<'_> {
    fn line(&mut self) -> Option<()> {
        self.space();
        if matches!(self.rest.peek(), None | Some('#')) {
            return Some(());
        }
        let subject = self.term().filter(|term| !matches!(term, Term::Literal(_)))?;
        self.space();
        let Term::Iri(predicate) = self.term()? else { return None };
        self.space();
        let object = self.term()?;
        self.space();
        let graph = match self.rest.peek() {
            Some('.') => None,
            _ => Some(self.term().filter(|term| !matches!(term, Term::Literal(_)))?),
        };
        self.space();
        self.expect('.')?;
        self.space();
        self.read.data.push(Quad { subject, predicate, object, graph, groups: 0 });
        matches!(self.rest.peek(), None | Some('#')).then_some(())
    }

    fn space(&mut self) {
        while self.rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        self.rest.next_if_eq(&wanted).map(drop)
    }

    fn while_some(&mut self, wanted: impl Fn(&char) -> bool) -> String {
        std::iter::from_fn(|| self.rest.next_if(&wanted)).collect()
    }

    fn term(&mut self) -> Option<Term> {
        match self.rest.peek()? {
            '<' => {
                let iri = self.iri()?;
                Some(Term::Iri(self.read.data.add_iri(&iri)))
            }
            '_' => self.blank(),
            '"' => self.literal(),
            _ => None,
        }
    }

    fn iri(&mut self) -> Option<String> {
        self.expect('<')?;
        let mut iri = String::new();
        loop {
            match self.rest.next()? {
                '>' => break,
                '\\' => iri.push(self.escaped()?),
                '\0'..=' ' | '<' | '"' | '{' | '}' | '|' | '^' | '`' => return None,
                c => iri.push(c),
            }
        }
        // "IRIs may be written only as absolute IRIs."
        let scheme = iri.split_once(':')?.0;
        let rest = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(rest)).then_some(iri)
    }

    fn blank(&mut self) -> Option<Term> {
        self.expect('_')?;
        self.expect(':')?;
        let mut label = self.while_some(|c| c.is_alphanumeric() || "_-:.\u{b7}\u{203f}\u{2040}".contains(*c));
        // A dot at the end ends the statement.
        if label.ends_with('.') {
            label.pop();
            let rest: String = self.rest.clone().collect();
            if label.ends_with('.') || !rest.trim().is_empty() && !rest.trim().starts_with('#') {
                return None;
            }
            self.rest = ".".chars().peekable();
        }
        if !label.starts_with(|c: char| c.is_alphanumeric() || "_:".contains(c)) {
            return None;
        }
        let number = *self.numbers.entry(label).or_insert_with_key(|label| {
            self.read.labels.push(label.clone());
            self.read.data.add_blank()
        });
        Some(Term::Blank(number))
    }

    fn literal(&mut self) -> Option<Term> {
        self.expect('"')?;
        let mut value = String::new();
        loop {
            match self.rest.next()? {
                '"' => break,
                '\\' => value.push(self.escaped()?),
                c => value.push(c),
            }
        }
        let suffix = match self.rest.peek() {
            Some('@') => {
                self.rest.next();
                let tag = self.while_some(|c| c.is_ascii_alphanumeric() || *c == '-');
                let mut parts = tag.split('-');
                let is_sound = parts.next()?.chars().all(|c| c.is_ascii_alphabetic());
                if !is_sound || tag.split('-').any(str::is_empty) {
                    return None;
                }
                format!("@{tag}")
            }
            Some('^') => {
                self.rest.next();
                self.expect('^')?;
                match self.iri()?.as_str() {
                    // Section 5.2 of RDFC-1.0: a datatype of xsd:string is not written.
                    "http://www.w3.org/2001/XMLSchema#string" => String::new(),
                    datatype => format!("^^<{datatype}>"),
                }
            }
            _ => String::new(),
        };
        Some(Term::Literal(self.read.data.add_literal(&value, &suffix)))
    }

    fn escaped(&mut self) -> Option<char> {
        let digits = match self.rest.next()? {
            'u' => 4,
            'U' => 8,
            c => {
                let place = "tbnrf\"'\\".find(c)?;
                return "\t\u{8}\n\r\u{c}\"'\\".chars().nth(place);
            }
        };
        let mut value = 0;
        for _ in 0..digits {
            value = value * 16 + self.rest.next()?.to_digit(16)?;
        }
        char::from_u32(value)
    }
}
