//! What tells blank nodes apart whose own quads look alike: the ways from them to others (RDFC-1.0, sections 4.7 and
//! 4.8), within a budget.

use super::first_degree::{Link, Links};
use super::hash::{Hash, HashAlgorithm};
use super::{NONE, Names, TooComplex, write_number};
use crate::jsonld::dataset::Dataset;
use crate::limits;

/// What section 4.8 finds from one blank node: a hash, and who was met on the way to it, in that order.
pub(super) struct Path {
    pub(super) hash: Hash,
    pub(super) issued: Vec<u32>,
}

/// The data set, and what is left of the budget, for all the nodes that look alike.
pub(super) struct Search<'a> {
    data: &'a Dataset,
    algorithm: HashAlgorithm,
    hashes: &'a [Hash],
    links: &'a Links,
    issuer: Issuer,
    /// Who is still to be followed, by all the paths that are being written.
    ahead: Vec<u32>,
    /// What is hashed for a neighbour; kept so that it is allocated once.
    input: String,
    left: usize,
}

/// The identifier issuer (section 4.5) with the prefix `b`. Nothing is copied for an order that is tried: what was issued
/// in it is taken back.
struct Issuer {
    issued: Vec<u32>,
    labels: Vec<u32>,
}

impl Issuer {
    fn label(&self, node: u32) -> Option<u32> {
        self.labels.get(node as usize).copied().filter(|label| *label != NONE)
    }

    fn issue(&mut self, node: u32) {
        if let Some(label) = self.labels.get_mut(node as usize).filter(|label| **label == NONE) {
            *label = self.issued.len() as u32;
            self.issued.push(node);
        }
    }

    /// Takes back what was issued after the first `kept`, and returns it.
    fn take_back(&mut self, kept: usize) -> Vec<u32> {
        let taken = self.issued.split_off(kept.min(self.issued.len()));
        for node in &taken {
            if let Some(label) = self.labels.get_mut(*node as usize) {
                *label = NONE;
            }
        }
        taken
    }
}

/// The best of the orders that were tried: its path, and what was issued in it.
struct Chosen {
    path: String,
    issued: Vec<u32>,
}

impl<'a> Search<'a> {
    pub(super) fn new(data: &'a Dataset, algorithm: HashAlgorithm, hashes: &'a [Hash], links: &'a Links) -> Self {
        let issuer = Issuer { issued: Vec::new(), labels: vec![NONE; hashes.len()] };
        Self {
            data,
            algorithm,
            hashes,
            links,
            issuer,
            ahead: Vec::new(),
            input: String::new(),
            left: limits::CANONICAL_STEPS,
        }
    }

    /// Section 4.4.3, steps 5.2.2 to 5.2.4: an issuer of its own, which names this node first.
    pub(super) fn path_from(&mut self, node: u32, canonical: &Names<'_>) -> Result<Path, TooComplex> {
        self.issuer.issue(node);
        let hash = self.n_degree(node, canonical, 1)?;
        Ok(Path { hash, issued: self.issuer.take_back(0) })
    }

    fn charge(&mut self, steps: usize) -> Result<(), TooComplex> {
        self.left = self.left.checked_sub(steps).ok_or(TooComplex::Steps)?;
        Ok(())
    }

    /// Hash N-Degree Quads (section 4.8).
    fn n_degree(&mut self, node: u32, canonical: &Names<'_>, depth: usize) -> Result<Hash, TooComplex> {
        if depth > limits::CANONICAL_DEPTH {
            return Err(TooComplex::Depth);
        }
        // "3) For each quad in quads: 3.1) For each component in quad, where component is the subject, object, or graph
        // name, and it is a blank node that is not identified by identifier".
        let links = self.links;
        let mut related = Vec::with_capacity(links.from(node).len());
        for link in links.from(node) {
            related.push((self.related(link, canonical)?, link.other));
        }
        related.sort_unstable();
        // "5) For each related hash to blank node list mapping in Hn, code point ordered by related hash".
        let mut others: Vec<u32> = related.iter().map(|(_, other)| *other).collect();
        let mut rest = others.as_mut_slice();
        let mut data = String::new();
        // A list, and no set: a node that is linked twice in the same way stands there twice.
        for group in related.chunk_by(|left, right| left.0 == right.0) {
            let (Some((hash, _)), Some((others, behind))) = (group.first(), rest.split_at_mut_checked(group.len()))
            else {
                break;
            };
            hash.write_hex(&mut data);
            self.choose(others, canonical, depth, &mut data)?;
            rest = behind;
        }
        Ok(self.algorithm.digest(data.as_bytes()))
    }

    /// Hash Related Blank Node (section 4.7).
    fn related(&mut self, link: &Link, canonical: &Names<'_>) -> Result<Hash, TooComplex> {
        let predicate = self.data.text(link.predicate);
        self.charge(2 + predicate.len() / 64)?;
        let mut input = std::mem::take(&mut self.input);
        input.clear();
        input.push(char::from(link.position));
        if link.position != b'g' {
            input.push_str(predicate);
        }
        let is_named = self.write_label(link.other, canonical, &mut input);
        if let Some(hash) = self.hashes.get(link.other as usize).filter(|_| !is_named) {
            hash.write_hex(&mut input);
        }
        let hash = self.algorithm.digest(input.as_bytes());
        self.input = input;
        Ok(hash)
    }

    /// Steps 5.2 to 5.6: tries every order of nodes that cannot be told apart, appends the least path to `data`, and
    /// keeps what was issued for it.
    fn choose(
        &mut self,
        others: &mut [u32],
        canonical: &Names<'_>,
        depth: usize,
        data: &mut String,
    ) -> Result<(), TooComplex> {
        if let [_] = others {
            self.charge(1)?;
            return self.path(others, None, canonical, depth, data).map(drop);
        }
        // Beside the nodes of one order, only what it issues is written and taken back, and every one of those was a
        // node of some order.
        if orders(others, self.left) > self.left / others.len() {
            return Err(TooComplex::Steps);
        }
        let before = self.issuer.issued.len();
        let mut chosen: Option<Chosen> = None;
        let mut path = String::new();
        loop {
            self.charge(others.len())?;
            path.clear();
            let least = chosen.as_ref().map(|chosen| &*chosen.path);
            let is_whole = self.path(others, least, canonical, depth, &mut path)?;
            let issued = self.issuer.take_back(before);
            // "5.4.6) If chosen path is empty or path is less than chosen path when considering code point order".
            if is_whole && chosen.as_ref().is_none_or(|chosen| path < chosen.path) {
                let other = chosen.take().map(|chosen| chosen.path).unwrap_or_default();
                chosen = Some(Chosen { path: std::mem::replace(&mut path, other), issued });
            }
            if !next_order(others) {
                break;
            }
        }
        if let Some(chosen) = chosen {
            data.push_str(&chosen.path);
            chosen.issued.into_iter().for_each(|node| self.issuer.issue(node));
        }
        Ok(())
    }

    /// Steps 5.4.2 to 5.4.5: appends the path of one order; `false` where it is skipped, because it cannot be the least.
    fn path(
        &mut self,
        order: &[u32],
        least: Option<&str>,
        canonical: &Names<'_>,
        depth: usize,
        path: &mut String,
    ) -> Result<bool, TooComplex> {
        let is_worse = |path: &str| least.is_some_and(|least| path.len() >= least.len() && path > least);
        let start = self.ahead.len();
        for &node in order {
            if !self.write_label(node, canonical, path) {
                self.ahead.push(node);
                self.issuer.issue(node);
                self.write_label(node, canonical, path);
            }
            if is_worse(path) {
                self.ahead.truncate(start);
                return Ok(false);
            }
        }
        for place in start..self.ahead.len() {
            let Some(node) = self.ahead.get(place).copied() else { break };
            let hash = self.n_degree(node, canonical, depth + 1)?;
            self.write_label(node, canonical, path);
            path.push('<');
            hash.write_hex(path);
            path.push('>');
            if is_worse(path) {
                self.ahead.truncate(start);
                return Ok(false);
            }
        }
        self.ahead.truncate(start);
        Ok(true)
    }

    /// Writes the canonical name of a node, or else its temporary one; `false` where it has neither.
    fn write_label(&self, node: u32, canonical: &Names<'_>, out: &mut String) -> bool {
        let (prefix, label) = match (canonical.of(node), self.issuer.label(node)) {
            (Some(label), _) => ("_:c14n", label),
            (None, Some(label)) => ("_:b", label),
            (None, None) => return false,
        };
        out.push_str(prefix);
        write_number(label, out);
        true
    }
}

/// In how many orders these can stand, or more than `most`. Sorted: a node may stand there twice.
pub(super) fn orders(sorted: &[u32], most: usize) -> usize {
    let (mut orders, mut same) = (1_usize, 0);
    let mut last = None;
    for (before, node) in sorted.iter().enumerate() {
        same = if last == Some(node) { same + 1 } else { 1 };
        last = Some(node);
        // The orders of those before, times the places for this one, over the places that its likes have.
        orders = orders.saturating_mul(before + 1) / same;
        if orders > most {
            break;
        }
    }
    orders
}

/// Rearranges into the next order, by number; `false` after the last.
pub(super) fn next_order(nodes: &mut [u32]) -> bool {
    let rises = |pair: &[u32]| matches!(pair, [left, right] if left < right);
    let Some(pivot) = nodes.windows(2).rposition(rises) else { return false };
    let Some(next) = nodes.iter().rposition(|node| nodes.get(pivot).is_some_and(|pivot| node > pivot)) else {
        return false;
    };
    nodes.swap(pivot, next);
    if let Some(tail) = nodes.get_mut(pivot + 1..) {
        tail.reverse();
    }
    true
}
