//! RDF Dataset Canonicalization (RDFC-1.0, W3C Recommendation of 21 May 2024): one text for one data set, whatever its
//! blank nodes were called and in whatever order its quads came.
//!
//! Telling blank nodes apart that look alike can take longer than anybody lives. What that may cost is counted while it
//! goes on, and everything else is in proportion to the text.
//!
//! The algorithm looks at the blank nodes of a quad two at a time (section 4.7). Where three stand in one, it may take
//! nodes for alike that are not, and then the text hangs on the order in which the quads came. Each such text is one of
//! the data set and of no other: a signature may fail to be found right, and never holds for something else.

mod error;
mod first_degree;
mod hash;
mod n_degree;
mod order;
#[cfg(test)]
mod tests;

use std::fmt;

pub use error::TooComplex;
pub use hash::{Hash, HashAlgorithm};

use crate::jsonld::dataset::{Dataset, Quad, Term};
use crate::limits;

/// No number, where a blank node has none.
const NONE: u32 = u32::MAX;

/// A data set in its canonical form.
#[derive(Clone)]
pub struct Canonical {
    text: String,
    lines: Vec<Line>,
    labels: Vec<u32>,
    algorithm: HashAlgorithm,
}

#[derive(Clone, Copy)]
struct Line {
    end: usize,
    groups: u8,
}

impl Canonical {
    /// The lines in the order of their code points, each with its newline: what is hashed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The hash of the text, with the algorithm that named the blank nodes.
    pub fn hash(&self) -> Hash {
        self.algorithm.digest(self.text.as_bytes())
    }

    /// The lines, each with its newline, and the groups that it belongs to: those of its quad, and of its duplicates.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = (&str, u8)> {
        let mut start = 0;
        self.lines.iter().map(move |line| {
            let text = self.text.get(start..line.end).unwrap_or_default();
            start = line.end;
            (text, line.groups)
        })
    }

    /// N in `c14nN`, the canonical name of a blank node; `None` for one that no quad has.
    pub fn label(&self, blank: u32) -> Option<u32> {
        self.labels.get(blank as usize).copied().filter(|label| *label != NONE)
    }
}

impl fmt::Debug for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canonical").field("lines", &self.lines.len()).finish_non_exhaustive()
    }
}

/// The canonical form of a data set. Statements that stand there twice count once.
///
/// # Errors
/// [`TooComplex`], before the time that it takes grows beyond some milliseconds.
pub fn canonicalize(data: &Dataset, algorithm: HashAlgorithm) -> Result<Canonical, TooComplex> {
    let (labels, bytes) = labels(data, algorithm)?;
    let mut lines = Vec::with_capacity(data.quads().len());
    let text = order::write(data, &labels, bytes, Some(&mut lines));
    Ok(Canonical { text, lines, labels, algorithm })
}

/// The [hash](Canonical::hash) of the canonical form, for whoever needs nothing else of it.
///
/// # Errors
/// As [`canonicalize`].
pub fn hash(data: &Dataset, algorithm: HashAlgorithm) -> Result<Hash, TooComplex> {
    let (labels, bytes) = labels(data, algorithm)?;
    Ok(algorithm.digest(order::write(data, &labels, bytes, None).as_bytes()))
}

/// The canonical names of all blank nodes, and about how many bytes the text has.
fn labels(data: &Dataset, algorithm: HashAlgorithm) -> Result<(Vec<u32>, usize), TooComplex> {
    let (nodes, bytes) = measure(data)?;
    let mut labels = vec![NONE; nodes];
    // Step 4 names a blank node whose hash is its own alone: the only one needs no hash.
    match labels.as_mut_slice() {
        [] => {}
        [label] => *label = 0,
        _ => name(data, algorithm, &mut labels)?,
    }
    Ok((labels, bytes))
}

/// How many blank nodes there are, and about how many bytes of text, once it is known that neither are too many.
fn measure(data: &Dataset) -> Result<(usize, usize), TooComplex> {
    if data.quads().len() > limits::QUADS {
        return Err(TooComplex::Quads);
    }
    let mut nodes = data.blanks() as usize;
    let mut bytes = 0;
    for quad in data.quads() {
        bytes += quad.predicate.bytes() + "    .\n".len();
        for term in [Some(quad.subject), Some(quad.object), quad.graph].into_iter().flatten() {
            bytes += match term {
                Term::Iri(span) | Term::Literal(span) => span.bytes(),
                Term::Blank(number) => {
                    nodes = nodes.max(number as usize + 1);
                    "_:c14n0".len()
                }
            };
        }
    }
    if nodes > limits::QUADS {
        return Err(TooComplex::Quads);
    }
    if bytes > limits::CANONICAL_BYTES {
        return Err(TooComplex::Bytes);
    }
    Ok((nodes, bytes))
}

/// The canonical issuer (section 4.5).
struct Names<'a> {
    labels: &'a mut [u32],
    issued: u32,
}

impl Names<'_> {
    fn of(&self, node: u32) -> Option<u32> {
        self.labels.get(node as usize).copied().filter(|label| *label != NONE)
    }

    fn issue(&mut self, node: u32) {
        if let Some(label) = self.labels.get_mut(node as usize).filter(|label| **label == NONE) {
            *label = self.issued;
            self.issued += 1;
        }
    }
}

/// Names every blank node (section 4.4.3, steps 2 to 5).
fn name(data: &Dataset, algorithm: HashAlgorithm, labels: &mut [u32]) -> Result<(), TooComplex> {
    let mut adjacency = first_degree::Adjacency::of(data, labels.len());
    let hashes = first_degree::hashes(data, algorithm, &mut adjacency);
    let mut order: Vec<u32> = (0..labels.len() as u32).filter(|node| !adjacency.quads(*node).is_empty()).collect();
    let hash_of = |node: &u32| hashes.get(*node as usize);
    order.sort_unstable_by(|left, right| hash_of(left).cmp(&hash_of(right)));
    let mut names = Names { labels, issued: 0 };
    // "4) For each hash to identifier list map entry in hash to blank nodes map, code point ordered by hash: 4.1) If
    // identifier list has more than one entry, continue".
    let alike = |left: &u32, right: &u32| hash_of(left) == hash_of(right);
    for group in order.chunk_by(alike) {
        if let [alone] = group {
            names.issue(*alone);
        }
    }
    if names.issued as usize == order.len() {
        return Ok(());
    }
    // "5) For each hash to identifier list map entry in hash to blank nodes map, code point ordered by hash".
    let links = first_degree::Links::of(data, &adjacency);
    let mut search = n_degree::Search::new(data, algorithm, &hashes, &links);
    for group in order.chunk_by(alike).filter(|group| group.len() > 1) {
        let mut paths = Vec::with_capacity(group.len());
        for node in group {
            // "5.2.1) If a canonical identifier has already been issued for n, continue".
            if names.of(*node).is_none() {
                paths.push(search.path_from(*node, &names)?);
            }
        }
        // "5.3) For each result in the hash path list, code point ordered by the hash in result".
        paths.sort_by_key(|path| path.hash);
        for node in paths.into_iter().flat_map(|path| path.issued) {
            names.issue(node);
        }
    }
    Ok(())
}

/// Writes a number in decimal.
fn write_number(number: u32, out: &mut String) {
    let divisors = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10];
    for divisor in divisors.into_iter().filter(|divisor| number >= *divisor) {
        out.push(char::from(b'0' + (number / divisor % 10) as u8));
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// The blank nodes of a quad by their places: `s`, `o` and `g`, as section 4.7 names them.
fn blanks_of(quad: &Quad) -> impl Iterator<Item = (u8, u32)> + Clone + use<> {
    let terms = [(b's', Some(quad.subject)), (b'o', Some(quad.object)), (b'g', quad.graph)];
    terms.into_iter().filter_map(|(position, term)| match term {
        Some(Term::Blank(number)) => Some((position, number)),
        _ => None,
    })
}
