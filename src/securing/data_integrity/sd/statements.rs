//! A document as statements: lines of canonical N-Quads in which blank nodes bear labels that tell nothing (VC-DI-ECDSA
//! 1.0, sections 3.4.1 to 3.4.4, 3.4.15 and 3.4.16).

use std::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::SdError;
use crate::encoding::base64url;
use crate::encoding::json::Map;
use crate::encoding::pointer::Pointer;
use crate::jsonld::rdfc::{Canonical, HashAlgorithm, canonicalize};
use crate::jsonld::{Contexts, Dataset, JsonLdError, Quad, Term, to_grouped_dataset};
use crate::securing::data_integrity::CanonicalError;
use crate::securing::data_integrity::rdfc::of_options;

/// The statements of a data set in canonical order, each once.
#[derive(Clone)]
pub(super) struct Statements {
    text: String,
    lines: Vec<Line>,
}

#[derive(Clone)]
struct Line {
    place: Range<usize>,
    groups: u8,
}

impl Statements {
    /// With a label for each blank node, by the node's number.
    pub(super) fn of(dataset: &Dataset, labels: &[[u8; 32]]) -> Self {
        // `u` and base64url.
        let labels: Vec<String> = labels.iter().map(base64url::encode).collect();
        let mut text = String::with_capacity(dataset.text_bytes() * 2);
        let mut lines = Vec::with_capacity(dataset.quads().len());
        for quad in dataset.quads() {
            let start = text.len();
            dataset.write_line(quad, &mut text, |number, out| {
                out.push('u');
                out.push_str(labels.get(number as usize).map_or("", String::as_str));
            });
            lines.push(Line { place: start..text.len(), groups: quad.groups });
        }
        lines.sort_unstable_by(|a, b| text[a.place.clone()].cmp(&text[b.place.clone()]));
        lines.dedup_by(|next, kept| {
            let is_same = text[next.place.clone()] == text[kept.place.clone()];
            if is_same {
                kept.groups |= next.groups;
            }
            is_same
        });
        Self { text, lines }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Each statement with its newline, and the groups that it belongs to.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u8)> {
        self.lines.iter().map(|line| (&self.text[line.place.clone()], line.groups))
    }

    /// SHA-256 of those that are mandatory, one after the other (section 3.4.17).
    pub(super) fn mandatory_hash(&self, is_mandatory: impl Fn(usize, u8) -> bool) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (index, (line, groups)) in self.iter().enumerate() {
            if is_mandatory(index, groups) {
                hash.update(line);
            }
        }
        hash.finalize().into()
    }
}

/// SHA-256 of the proof without its value, as a canonical data set in the document's terms (sections 3.6.3 and 3.6.4).
pub(super) fn proof_hash(document: &Map, options: &Map, contexts: &dyn Contexts) -> Result<[u8; 32], SdError> {
    let own = options.get("@context");
    if own.is_some() && own != document.get("@context") {
        return Err(SdError::Context);
    }
    let hash = of_options(options, document.get("@context"), HashAlgorithm::Sha256, contexts)?;
    hash.as_bytes().try_into().map_err(|_| SdError::Context)
}

/// The document as quads, each in the groups of the selections that take it in.
pub(super) fn grouped(document: &Map, selections: &[&[Pointer]], contexts: &dyn Contexts) -> Result<Dataset, SdError> {
    to_grouped_dataset(document, contexts, selections).map_err(|error| match error {
        // The pointers lead somewhere; what is left is a part that cannot be told from the others.
        JsonLdError::Selection { .. } => SdError::Selection,
        error => CanonicalError::JsonLd(error).into(),
    })
}

pub(super) fn canonical(dataset: &Dataset) -> Result<Canonical, SdError> {
    Ok(canonicalize(dataset, HashAlgorithm::Sha256).map_err(CanonicalError::TooComplex)?)
}

/// What each blank node is called, by its number: an HMAC of its canonical label (section 3.4.4).
pub(super) fn secret_labels(
    dataset: &Dataset,
    canonical: &Canonical,
    key: &[u8; 32],
) -> Result<Vec<[u8; 32]>, SdError> {
    // Never fails: HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| SdError::Labels)?;
    let label = |number: u32| match canonical.label(number) {
        Some(label) => mac.clone().chain_update(format!("c14n{label}")).finalize().into_bytes().into(),
        // No statement has it.
        None => [0; 32],
    };
    Ok((0..dataset.blanks()).map(label).collect())
}

/// What each blank node was called when it was signed, by its number; `labels` has it by its canonical label. Each label
/// must be used (section 3.4.3).
pub(super) fn given_labels(
    dataset: &Dataset,
    canonical: &Canonical,
    labels: &[[u8; 32]],
) -> Result<Vec<[u8; 32]>, SdError> {
    let mut by_number = vec![[0; 32]; dataset.blanks() as usize];
    let mut is_used = vec![false; labels.len()];
    for number in used_blanks(dataset) {
        let label = canonical.label(number).map_or(usize::MAX, |label| label as usize);
        let (Some(given), Some(used), Some(place)) =
            (labels.get(label), is_used.get_mut(label), by_number.get_mut(number as usize))
        else {
            return Err(SdError::Labels);
        };
        *place = *given;
        *used = true;
    }
    if is_used.contains(&false) { Err(SdError::Labels) } else { Ok(by_number) }
}

fn used_blanks(dataset: &Dataset) -> impl Iterator<Item = u32> {
    dataset.quads().iter().flat_map(blanks_of)
}

fn blanks_of(quad: &Quad) -> impl Iterator<Item = u32> {
    [Some(quad.subject), Some(quad.object), quad.graph].into_iter().filter_map(|term| match term {
        Some(Term::Blank(number)) => Some(number),
        _ => None,
    })
}

/// The quads of which a predicate holds, as a data set of their own; and for each of its blank nodes the number that it
/// had.
pub(super) fn part_of(dataset: &Dataset, is_in: impl Fn(&Quad) -> bool) -> (Dataset, Vec<u32>) {
    let mut part = Dataset::new();
    let mut numbers = vec![None; dataset.blanks() as usize];
    let mut former = Vec::new();
    for quad in dataset.quads().iter().filter(|quad| is_in(quad)) {
        let mut term = |term: Term, part: &mut Dataset| match term {
            Term::Iri(span) => Term::Iri(part.add_rendered(dataset.text(span))),
            Term::Literal(span) => Term::Literal(part.add_rendered(dataset.text(span))),
            Term::Blank(number) => Term::Blank(match numbers.get(number as usize).copied().flatten() {
                Some(known) => known,
                None => {
                    let new = part.add_blank();
                    former.push(number);
                    if let Some(place) = numbers.get_mut(number as usize) {
                        *place = Some(new);
                    }
                    new
                }
            }),
        };
        let copy = Quad {
            subject: term(quad.subject, &mut part),
            object: term(quad.object, &mut part),
            graph: quad.graph.map(|graph| term(graph, &mut part)),
            predicate: part.add_rendered(dataset.text(quad.predicate)),
            groups: quad.groups,
        };
        part.push(copy);
    }
    (part, former)
}
