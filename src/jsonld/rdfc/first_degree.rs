//! What a blank node looks like by its own quads (RDFC-1.0, section 4.6), and to whom it is linked.

use super::blanks_of;
use super::hash::{Hash, HashAlgorithm};
use crate::jsonld::dataset::{Dataset, Quad, Span, Term};

/// A list for each blank node, one behind the other.
struct Lists<T> {
    ranges: Vec<(usize, usize)>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    fn gather(nodes: usize, entries: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut ranges = vec![(0, 0); nodes];
        // From inside the iterators: a loop would ask each of them which of its parts is next.
        entries.clone().for_each(|(node, _)| {
            if let Some((_, count)) = ranges.get_mut(node as usize) {
                *count += 1;
            }
        });
        let mut start = 0;
        for range in &mut ranges {
            let count = range.1;
            *range = (start, start);
            start += count;
        }
        let mut items: Vec<T> = entries.clone().map(|(_, item)| item).collect();
        entries.for_each(|(node, item)| {
            if let Some((_, end)) = ranges.get_mut(node as usize) {
                if let Some(place) = items.get_mut(*end) {
                    *place = item;
                }
                *end += 1;
            }
        });
        Self { ranges, items }
    }

    fn of(&self, node: u32) -> &[T] {
        let (start, end) = self.ranges.get(node as usize).copied().unwrap_or_default();
        self.items.get(start..end).unwrap_or_default()
    }

    /// Puts a list in the place of one that was at least as long.
    fn replace(&mut self, node: u32, list: impl Iterator<Item = T>) {
        let Some((start, end)) = self.ranges.get_mut(node as usize) else { return };
        let mut kept = *start;
        for (place, item) in self.items.iter_mut().take(*end).skip(*start).zip(list) {
            *place = item;
            kept += 1;
        }
        *end = kept;
    }
}

/// The quads of each blank node, by their positions in the data set (section 4.4.3, step 2).
pub(super) struct Adjacency(Lists<u32>);

impl Adjacency {
    pub(super) fn of(data: &Dataset, nodes: usize) -> Self {
        let entries = (0..).zip(data.quads()).flat_map(|(position, quad)| {
            let [subject, object, graph] = nodes_of(quad);
            let graph = graph.filter(|_| graph != subject && graph != object);
            let object = object.filter(|_| object != subject);
            [subject, object, graph].into_iter().flatten().map(move |node| (node, position))
        });
        Self(Lists::gather(nodes, entries))
    }

    /// The quads that name this node, each once.
    pub(super) fn quads(&self, node: u32) -> &[u32] {
        self.0.of(node)
    }
}

/// The blank nodes that are subject, object and graph.
fn nodes_of(quad: &Quad) -> [Option<u32>; 3] {
    [Some(quad.subject), Some(quad.object), quad.graph].map(|term| match term {
        Some(Term::Blank(node)) => Some(node),
        _ => None,
    })
}

/// The first degree hash of every blank node. Quads that stand in the data set twice are taken out of the lists.
pub(super) fn hashes(data: &Dataset, algorithm: HashAlgorithm, adjacency: &mut Adjacency) -> Vec<Hash> {
    let mut lines = String::new();
    let mut sorted = String::new();
    let mut entries: Vec<(usize, usize, u32)> = Vec::new();
    let mut hashes = Vec::with_capacity(adjacency.0.ranges.len());
    for node in 0..adjacency.0.ranges.len() as u32 {
        // "3.1.1.1) If the blank node's existing blank node identifier matches the reference blank node identifier then
        // use the blank node identifier a, otherwise, use the blank node identifier z".
        lines.clear();
        entries.clear();
        for (number, quad) in quads_of(data, adjacency, node) {
            let start = lines.len();
            data.write_line(quad, &mut lines, |other, out| out.push(if other == node { 'a' } else { 'z' }));
            entries.push((start, lines.len(), number));
        }
        if let [_] = entries.as_slice() {
            hashes.push(algorithm.digest(lines.as_bytes()));
            continue;
        }
        // "4) Sort nquads in Unicode code point order."
        let line = |&(start, end, _): &(usize, usize, u32)| lines.as_bytes().get(start..end).unwrap_or_default();
        entries.sort_unstable_by(|left, right| line(left).cmp(line(right)));
        // Lines may be equal, and quads not: a data set has each quad once. Only equal lines can be of equal quads.
        if entries.windows(2).any(|pair| matches!(pair, [left, right] if line(left) == line(right))) {
            let blanks = |entry: &(usize, usize, u32)| data.quads().get(entry.2 as usize).map(nodes_of);
            entries.sort_unstable_by(|left, right| {
                line(left).cmp(line(right)).then_with(|| blanks(left).cmp(&blanks(right)))
            });
            entries.dedup_by(|left, right| line(left) == line(right) && blanks(left) == blanks(right));
            adjacency.0.replace(node, entries.iter().map(|entry| entry.2));
        }
        // "5) Return the hash that results from passing the sorted and concatenated nquads through the hash algorithm."
        sorted.clear();
        for &(start, end, _) in &entries {
            sorted.push_str(lines.get(start..end).unwrap_or_default());
        }
        hashes.push(algorithm.digest(sorted.as_bytes()));
    }
    hashes
}

fn quads_of<'a>(
    data: &'a Dataset,
    adjacency: &'a Adjacency,
    node: u32,
) -> impl Iterator<Item = (u32, &'a Quad)> + Clone {
    adjacency.quads(node).iter().filter_map(|number| Some((*number, data.quads().get(*number as usize)?)))
}

/// How a quad links one blank node to another.
#[derive(Clone, Copy)]
pub(super) struct Link {
    /// Where the other stands: `s`, `o` or `g`.
    pub(super) position: u8,
    pub(super) predicate: Span,
    pub(super) other: u32,
}

/// The links of each blank node to others.
pub(super) struct Links(Lists<Link>);

impl Links {
    pub(super) fn of(data: &Dataset, adjacency: &Adjacency) -> Self {
        let nodes = adjacency.0.ranges.len();
        let entries = (0..nodes as u32).flat_map(|node| {
            quads_of(data, adjacency, node).flat_map(move |(_, quad)| {
                blanks_of(quad)
                    .filter(move |(_, other)| *other != node)
                    .map(move |(position, other)| (node, Link { position, predicate: quad.predicate, other }))
            })
        });
        Self(Lists::gather(nodes, entries))
    }

    pub(super) fn from(&self, node: u32) -> &[Link] {
        self.0.of(node)
    }
}
