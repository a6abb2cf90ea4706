use std::collections::{BTreeSet, HashMap};

use super::parse::is_cryptosuite;
use super::path::{Positions, Selected};
use super::query::shown;
use super::{ClaimQuery, CredentialQuery, Meta, PathError, Query, Unmet};
use crate::encoding::json::{Map, Value};
use crate::limits;

/// A credential that may answer a query: one of a holder's, or one that was presented.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// Its format: `dc+sd-jwt`, `vc+jwt`, `vc+sd-jwt`, `mso_mdoc`, or the cryptosuite.
    pub format: &'a str,
    /// The `vct` and those that it extends; or the types as they stand in the credential and, where they are known, as
    /// the IRIs that its contexts make of them; or the document type.
    pub types: &'a [&'a str],
    /// The claims from the credential's root, with all that can be disclosed (for a holder) or was (for a verifier).
    pub claims: &'a Map,
    /// Whether it is bound to its holder's key, and a presentation proves that.
    pub is_holder_bound: bool,
    /// Authorities that are known to stand behind its issuer.
    pub authorities: &'a [Authority<'a>],
}

/// An authority behind an issuer (OpenID4VP 1.0, section 6.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    /// `aki`, `etsi_tl` or `openid_federation`.
    pub kind: &'a str,
    /// Its name: for `aki` the key identifier as base64url without padding.
    pub value: &'a str,
}

/// A query laid over what a holder has. It holds positions and pointers, and no claims.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Matches {
    /// For each credential query, in the query's order.
    pub credentials: Vec<CredentialMatches>,
    /// For each credential set, in the query's order.
    pub sets: Vec<SetMatches>,
}

/// What fits one credential query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialMatches {
    /// The credential query.
    pub id: String,
    /// Whether several may be presented.
    pub multiple: bool,
    /// The candidates that fit, in their order.
    pub fits: Vec<Fit>,
    /// Why none fits, said of the one that came closest.
    pub unmet: Option<Unmet>,
}

/// One candidate that fits a credential query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Its position among the candidates.
    pub candidate: usize,
    /// The position in `claim_sets` of the combination that it satisfies, the first in the verifier's order.
    pub claim_set: Option<usize>,
    /// JSON pointers to what is to be disclosed, with all that stands below. Empty: only what cannot be hidden.
    pub pointers: Vec<String>,
    /// How many single values the verifier comes to know by that: all of the credential, if its format hides none.
    pub disclosed: usize,
}

/// Which alternatives of a credential set can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMatches {
    /// Whether the verifier insists.
    pub required: bool,
    /// Positions of credential queries for each alternative that can be had, in the verifier's order.
    pub options: Vec<Vec<usize>>,
    /// Positions of the credential queries that stand in the way of one that cannot.
    pub missing: Vec<usize>,
}

/// A credential to present under a credential query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'m> {
    /// The credential query.
    pub id: &'m str,
    /// Which candidate, and what of it.
    pub fit: &'m Fit,
}

impl Query {
    /// Lays the query over what a holder has: for each credential query the candidates that fit, and for each
    /// credential set the alternatives that can be had.
    pub fn matches(&self, candidates: &[Candidate<'_>]) -> Matches {
        let credentials: Vec<CredentialMatches> =
            self.credentials.iter().map(|query| credential_matches(query, candidates)).collect();
        let positions: HashMap<&str, usize> =
            credentials.iter().enumerate().map(|(at, credential)| (credential.id.as_str(), at)).collect();
        let sets = self.credential_sets.iter().map(|set| {
            let mut found = SetMatches { required: set.required, options: Vec::new(), missing: Vec::new() };
            for option in &set.options {
                let members: Option<Vec<usize>> = option.iter().map(|id| positions.get(id.as_str()).copied()).collect();
                // An id that the query does not have is refused when it is read; in one that was built it is never met.
                let Some(members) = members else { continue };
                let is_met = |at: &usize| credentials.get(*at).is_some_and(|credential| !credential.fits.is_empty());
                match members.iter().all(is_met) {
                    true => found.options.push(members),
                    false => found.missing.extend(members.into_iter().filter(|at| !is_met(at))),
                }
            }
            found
        });
        Matches { sets: sets.collect(), credentials }
    }
}

impl Matches {
    /// Whether all that the verifier insists on can be had.
    pub fn is_met(&self) -> bool {
        match self.sets.is_empty() {
            true => self.credentials.iter().all(|credential| !credential.fits.is_empty()),
            false => self.sets.iter().all(|set| !set.required || !set.options.is_empty()),
        }
    }

    /// Why not: for each credential query that stands in the way of what the verifier insists on, one reason. Of a set
    /// with several alternatives, what each of them lacks.
    pub fn unmet(&self) -> Vec<&Unmet> {
        let in_the_way: BTreeSet<usize> = match self.sets.is_empty() {
            true => (0..self.credentials.len()).collect(),
            false => {
                let failed = self.sets.iter().filter(|set| set.required && set.options.is_empty());
                failed.flat_map(|set| set.missing.iter().copied()).collect()
            }
        };
        in_the_way.into_iter().filter_map(|at| self.credentials.get(at)?.unmet.as_ref()).collect()
    }

    /// The answer that discloses least: nothing that is optional, of each required set the first alternative that can
    /// be had, and for each credential query [`CredentialMatches::least`].
    ///
    /// # Errors
    /// The first reason of [`Matches::unmet`]: "If the Wallet cannot deliver all non-optional Credentials requested by
    /// the Verifier according to these rules, it MUST NOT return any" (section 6.4.2).
    pub fn least(&self) -> Result<Vec<Choice<'_>>, Unmet> {
        self.least_with(&[])
    }

    /// The same, with these optional credential sets, by their position, where they can be had.
    ///
    /// # Errors
    /// As for [`Matches::least`].
    pub fn least_with(&self, welcome: &[usize]) -> Result<Vec<Choice<'_>>, Unmet> {
        let mut chosen = BTreeSet::new();
        if self.sets.is_empty() {
            chosen.extend(0..self.credentials.len());
        }
        for (position, set) in self.sets.iter().enumerate() {
            match set.options.first() {
                Some(option) if set.required || welcome.contains(&position) => chosen.extend(option.iter().copied()),
                None if set.required => {
                    let reason = set.missing.iter().find_map(|at| self.credentials.get(*at)?.unmet.clone());
                    return Err(reason.unwrap_or(Unmet::NoOption { position }));
                }
                _ => {}
            }
        }
        let chosen = chosen.into_iter().filter_map(|at| self.credentials.get(at));
        chosen
            .map(|credential| match (credential.least(), &credential.unmet) {
                (Some(fit), _) => Ok(Choice { id: &credential.id, fit }),
                (None, Some(reason)) => Err(reason.clone()),
                (None, None) => Err(Unmet::NotAnswered { id: credential.id.clone() }),
            })
            .collect()
    }
}

impl CredentialMatches {
    /// The candidate that discloses least: the fewest values, and of equals the first.
    pub fn least(&self) -> Option<&Fit> {
        self.fits.iter().min_by_key(|fit| (fit.disclosed, fit.candidate))
    }
}

fn credential_matches(query: &CredentialQuery, candidates: &[Candidate<'_>]) -> CredentialMatches {
    let mut fits = Vec::new();
    let mut closest = Miss::Format;
    let asked = Asked::of(query);
    for (position, candidate) in candidates.iter().enumerate() {
        match asked.claims_of(candidate, Positions::AsIssued) {
            Ok((claim_set, claims)) => fits.push(query.fit(position, candidate, claim_set, &claims)),
            Err(miss) if miss.rank() > closest.rank() => closest = miss,
            Err(_) => {}
        }
    }
    let unmet = if fits.is_empty() { Some(closest.of(query)) } else { None };
    CredentialMatches { id: query.id.clone(), multiple: query.multiple, fits, unmet }
}

/// What a candidate lacks.
#[derive(Clone, Copy)]
pub(super) enum Miss {
    Format,
    Type,
    HolderBinding,
    Authority,
    /// The claim at this position does not stand there.
    Claim(usize),
    /// It does, with another value.
    Value(usize),
}

impl Miss {
    /// How close the candidate came.
    fn rank(&self) -> u8 {
        match self {
            Self::Format => 0,
            Self::Type => 1,
            Self::HolderBinding => 2,
            Self::Authority => 3,
            Self::Claim(_) => 4,
            Self::Value(_) => 5,
        }
    }

    pub(super) fn of(&self, query: &CredentialQuery) -> Unmet {
        let id = query.id.clone();
        let path = |at: &usize| query.claims.get(*at).map(|claim| claim.path.to_string()).unwrap_or_default();
        match self {
            Self::Format => Unmet::Format { id, format: shown(&query.format) },
            Self::Type => Unmet::Type { id, wanted: query.meta.in_words() },
            Self::HolderBinding => Unmet::HolderBinding { id },
            Self::Authority => Unmet::Authority { id },
            Self::Claim(at) => Unmet::Claim { id, path: path(at) },
            Self::Value(at) => Unmet::Value { id, path: path(at) },
        }
    }
}

/// A claim query's position, and what it selects.
pub(super) type Found<'v> = (usize, Vec<Selected<'v>>);

/// A credential query with its `claim_sets` as positions of claims, so that names are looked up once and not for every
/// candidate.
pub(super) struct Asked<'q> {
    query: &'q CredentialQuery,
    sets: Vec<Vec<usize>>,
}

impl<'q> Asked<'q> {
    pub(super) fn of(query: &'q CredentialQuery) -> Self {
        let names = query.claims.iter().enumerate().filter_map(|(at, claim)| Some((claim.id.as_deref()?, at)));
        let positions: HashMap<&str, usize> = names.collect();
        let set = |ids: &Vec<String>| {
            let mut set = Vec::new();
            for id in ids {
                // A name that is nobody's is refused when a query is read; in one that was built, no claim meets it.
                let at = positions.get(id.as_str()).copied().unwrap_or(usize::MAX);
                if !set.contains(&at) {
                    set.push(at);
                }
            }
            set
        };
        Self { query, sets: query.claim_sets.iter().map(set).collect() }
    }

    /// What is asked of the candidate, or what it lacks: the position of the combination of claims, and the claims.
    pub(super) fn claims_of<'v>(
        &self,
        candidate: &Candidate<'v>,
        positions: Positions,
    ) -> Result<(Option<usize>, Vec<Found<'v>>), Miss> {
        let query = self.query;
        if query.format != candidate.format && !(query.format == "ldp_vc" && is_cryptosuite(candidate.format)) {
            return Err(Miss::Format);
        }
        if !query.meta.is_met_by(candidate.types) {
            return Err(Miss::Type);
        }
        if query.requires_holder_binding && !candidate.is_holder_bound {
            return Err(Miss::HolderBinding);
        }
        if positions == Positions::AsIssued && !query.is_under_authority(candidate) {
            return Err(Miss::Authority);
        }
        self.claims_in(candidate.claims, positions)
    }

    /// Section 6.4.1.
    fn claims_in<'v>(&self, claims: &'v Map, positions: Positions) -> Result<(Option<usize>, Vec<Found<'v>>), Miss> {
        let select = |at: usize| {
            let claim = self.query.claims.get(at).ok_or(Miss::Claim(at))?;
            match claim.select(claims, positions) {
                Ok(selected) if selected.is_empty() => Err(Miss::Value(at)),
                Ok(selected) => Ok(selected),
                Err(_) => Err(Miss::Claim(at)),
            }
        };
        let all = |set: &mut dyn Iterator<Item = usize>| {
            let (mut found, mut elements) = (Vec::new(), 0);
            for at in set {
                let selected = select(at)?;
                elements += selected.len();
                if elements > limits::DCQL_SELECTED {
                    return Err(Miss::Claim(at));
                }
                found.push((at, selected));
            }
            Ok(found)
        };
        // "If `claims` is absent, the Verifier is requesting no claims that are selectively disclosable"; "If `claims`
        // is present, but `claim_sets` is absent, the Verifier requests all claims listed".
        if self.sets.is_empty() {
            return Ok((None, all(&mut (0..self.query.claims.len()))?));
        }
        // "the Wallet SHOULD return the first option that it can satisfy. If the Wallet cannot satisfy any of the
        // options, it MUST NOT return any claims." A claim stands in many options and is looked for once.
        let mut misses: Vec<Option<Option<Miss>>> = vec![None; self.query.claims.len()];
        let mut first_miss = None;
        for (position, set) in self.sets.iter().enumerate() {
            let miss = set.iter().find_map(|at| match misses.get_mut(*at) {
                Some(known) => *known.get_or_insert_with(|| select(*at).err()),
                None => Some(Miss::Claim(*at)),
            });
            let miss = match miss {
                Some(miss) => miss,
                None => match all(&mut set.iter().copied()) {
                    Ok(found) => return Ok((Some(position), found)),
                    Err(miss) => miss,
                },
            };
            first_miss.get_or_insert(miss);
        }
        Err(first_miss.unwrap_or(Miss::Claim(0)))
    }
}

impl CredentialQuery {
    /// "Every Credential returned by the Wallet SHOULD match at least one of the conditions present" (section 6.1).
    fn is_under_authority(&self, candidate: &Candidate<'_>) -> bool {
        let is_met = |authority: &Authority<'_>| {
            self.trusted_authorities.iter().any(|wanted| {
                wanted.kind == authority.kind && wanted.values.iter().any(|value| value == authority.value)
            })
        };
        self.trusted_authorities.is_empty() || candidate.authorities.iter().any(is_met)
    }

    fn fit(&self, position: usize, candidate: &Candidate<'_>, claim_set: Option<usize>, found: &[Found<'_>]) -> Fit {
        let mut pointers = Vec::with_capacity(found.len());
        for (at, selected) in found {
            let Some(claim) = self.claims.get(*at) else { continue };
            pointers.extend(selected.iter().map(|element| claim.path.pointer_to(element)));
        }
        // "Wallets SHOULD ignore such duplicate claim queries": each of them must be met, so that none of them can
        // loosen another, and what they select is disclosed once.
        let mut seen = BTreeSet::new();
        let is_new: Vec<bool> = pointers.iter().map(|pointer| seen.insert(pointer.as_str())).collect();
        let disclosed = match hides_claims(candidate.format) {
            false => values_of(candidate.claims),
            true => {
                let elements = found.iter().flat_map(|(_, selected)| selected);
                let own = elements
                    .zip(&pointers)
                    .zip(&is_new)
                    .filter(|((_, pointer), is_new)| **is_new && !has_ancestor(pointer, &seen));
                own.map(|((element, _), _)| values_in(element.value)).sum()
            }
        };
        let mut is_new = is_new.into_iter();
        pointers.retain(|_| is_new.next().unwrap_or_default());
        Fit { candidate: position, claim_set, pointers, disclosed }
    }
}

impl ClaimQuery {
    /// What the path selects and has an allowed value: "the claim should be treated the same as if it did not exist"
    /// otherwise (section 6.4.1), so of several elements those that have one are left.
    fn select<'v>(&self, claims: &'v Map, positions: Positions) -> Result<Vec<Selected<'v>>, PathError> {
        let mut selected = self.path.select(claims, positions)?;
        if !self.values.is_empty() {
            selected.retain(|element| self.values.iter().any(|value| value.is(element.value)));
        }
        Ok(selected)
    }
}

impl Meta {
    fn is_met_by(&self, types: &[&str]) -> bool {
        let has = |wanted: &String| types.contains(&wanted.as_str());
        match self {
            Self::Any => true,
            Self::Vct(accepted) => accepted.iter().any(has),
            // "a set of fully expanded types that MUST be present in [...] the `type` property of the Verifiable
            // Credential, regardless of order or the presence of additional types" (appendix B.1.1).
            Self::Types(lists) => lists.iter().any(|list| list.iter().all(has)),
            Self::Doctype(wanted) => has(wanted),
            Self::Unknown(_) => false,
        }
    }
}

/// Whether a holder can hide claims in this format. In one that is not known everything counts as disclosed.
pub(super) fn hides_claims(format: &str) -> bool {
    matches!(format, "dc+sd-jwt" | "vc+sd-jwt" | "mso_mdoc" | "ecdsa-sd-2023" | "bbs-2023")
}

/// Whether something above the pointer is disclosed as a whole anyway.
fn has_ancestor(pointer: &str, disclosed: &BTreeSet<&str>) -> bool {
    let slashes = pointer.char_indices().skip(1).filter(|(_, character)| *character == '/');
    slashes.into_iter().any(|(at, _)| pointer.get(..at).is_some_and(|above| disclosed.contains(above)))
}

/// Single values in a credential.
pub(crate) fn values_of(claims: &Map) -> usize {
    claims.values().map(values_in).sum()
}

/// Single values in it, counted without a call for each level. An empty list says something too.
fn values_in(value: &Value) -> usize {
    let (mut open, mut count) = (vec![value], 0);
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) if !members.is_empty() => open.extend(members.values()),
            Value::Array(items) if !items.is_empty() => open.extend(items),
            _ => count += 1,
        }
    }
    count
}
