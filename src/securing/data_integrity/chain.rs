//! Which proofs a proof builds on (Data Integrity 1.0, section 2.1.2, `previousProof`).

use super::proof::Proof;
use crate::error::Explain;

/// Why the proofs that a proof builds on cannot be put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// It names one that is not there.
    #[error("it builds on another proof, which is not there")]
    Missing,
    /// It names one that stands there twice.
    #[error("it builds on a proof whose id stands there twice")]
    Twice,
    /// It builds on itself.
    #[error("the proofs build on each other in a circle")]
    Cycle,
}

impl Explain for ChainError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "data-integrity.chain-missing",
            Self::Twice => "data-integrity.chain-twice",
            Self::Cycle => "data-integrity.chain-cycle",
        }
    }

    fn hint(&self) -> &'static str {
        "Ask the holder for the file as the issuer gave it, with all of its proofs."
    }
}

/// Positions in a list of at most [`PROOFS`](crate::limits::PROOFS) proofs, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Positions(u8);

const _: () = assert!(crate::limits::PROOFS <= 8, "one bit for each proof");

impl Positions {
    pub(super) fn contains(self, at: usize) -> bool {
        self.iter().any(|own| own == at)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..8).filter(move |at| self.0 & (1 << at) != 0)
    }

    fn add(&mut self, others: Self) {
        self.0 |= others.0;
    }
}

/// The proofs that the one at a position names.
pub(super) fn named<'a>(
    proofs: impl Iterator<Item = &'a Proof> + Clone,
    proof: &Proof,
) -> Result<Positions, ChainError> {
    let mut found = Positions::default();
    for name in &proof.previous {
        let is_named = |(_, proof): &(usize, &Proof)| proof.id.as_ref() == Some(name);
        let mut matching = proofs.clone().enumerate().filter(is_named);
        let (at, _) = matching.next().ok_or(ChainError::Missing)?;
        if matching.next().is_some() {
            return Err(ChainError::Twice);
        }
        found.add(Positions(1 << at));
    }
    Ok(found)
}

/// The proofs that the one at a position builds on, and those on which these build.
pub(super) fn ancestors<'a>(
    proofs: impl Iterator<Item = &'a Proof> + Clone,
    at: usize,
) -> Result<Positions, ChainError> {
    let reached = reached(proofs.clone(), at)?;
    for each in reached.iter() {
        if self::reached(proofs.clone(), each)?.contains(each) {
            return Err(ChainError::Cycle);
        }
    }
    if reached.contains(at) { Err(ChainError::Cycle) } else { Ok(reached) }
}

fn reached<'a>(proofs: impl Iterator<Item = &'a Proof> + Clone, at: usize) -> Result<Positions, ChainError> {
    let named = |at: usize| match proofs.clone().nth(at) {
        Some(proof) => named(proofs.clone(), proof),
        None => Ok(Positions::default()),
    };
    let mut reached = named(at)?;
    // Each round adds a proof or is the last.
    for _ in 0..crate::limits::PROOFS {
        for each in reached.iter() {
            reached.add(named(each)?);
        }
    }
    Ok(reached)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The ancestors of the last of these proofs, each with an id and the ids that it names.
    fn last(proofs: &[(&str, Value)]) -> Result<Vec<usize>, ChainError> {
        let proofs: Vec<Proof> = proofs
            .iter()
            .map(|(id, previous)| {
                let mut proof = json!({
                    "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "id": id,
                    "verificationMethod": "did:example:a#b", "proofPurpose": "assertionMethod", "proofValue": "z2",
                });
                if !previous.is_null() {
                    proof["previousProof"] = previous.clone();
                }
                Proof::read(proof.as_object().unwrap().clone()).map_err(|(_, error)| error).unwrap()
            })
            .collect();
        ancestors(proofs.iter(), proofs.len() - 1).map(|found| found.iter().collect())
    }

    #[test]
    fn ancestors_are_found_through_others() {
        assert_eq!(last(&[("a", json!(null))]), Ok(vec![]));
        assert_eq!(last(&[("a", json!(null)), ("b", json!(null))]), Ok(vec![]));
        assert_eq!(last(&[("a", json!(null)), ("b", json!("a")), ("c", json!("b"))]), Ok(vec![0, 1]));
        let both = json!(["a", "b"]);
        assert_eq!(last(&[("a", json!(null)), ("b", json!(null)), ("c", both), ("d", json!("c"))]), Ok(vec![0, 1, 2]));
        // The order in the document is nobody's word.
        assert_eq!(last(&[("b", json!("a")), ("a", json!(null)), ("c", json!("b"))]), Ok(vec![0, 1]));
    }

    #[test]
    fn what_cannot_be_put_in_order_is_refused() {
        assert_eq!(last(&[("a", json!("b"))]), Err(ChainError::Missing));
        assert_eq!(last(&[("a", json!(null)), ("b", json!(["a", "c"]))]), Err(ChainError::Missing));
        assert_eq!(last(&[("a", json!("gone")), ("b", json!("a"))]), Err(ChainError::Missing));
        assert_eq!(last(&[("a", json!(null)), ("a", json!(null)), ("b", json!("a"))]), Err(ChainError::Twice));
        assert_eq!(last(&[("a", json!("a"))]), Err(ChainError::Cycle));
        assert_eq!(last(&[("a", json!("b")), ("b", json!("a"))]), Err(ChainError::Cycle));
        assert_eq!(last(&[("a", json!("b")), ("b", json!("a")), ("c", json!("a"))]), Err(ChainError::Cycle));
        let circle: Vec<(String, Value)> =
            (0..8).map(|at| (format!("p{at}"), json!(format!("p{}", (at + 1) % 8)))).collect();
        let circle: Vec<(&str, Value)> = circle.iter().map(|(id, previous)| (id.as_str(), previous.clone())).collect();
        assert_eq!(last(&circle), Err(ChainError::Cycle));
    }
}
