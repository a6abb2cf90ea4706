//! What would be shown to whom, before anything is signed.

mod asked;
mod shown;

pub use shown::{Shown, ShownClaim};

use std::collections::BTreeSet;
use std::fmt;

use super::holding::Held;
use super::request::Asker;
use crate::credential::kind::Kind;
use crate::encoding::json::Map;
use crate::error::Explain;
use crate::jsonld::types_of;
use crate::limits;
use crate::presentation::dcql::{Candidate, Query, Unmet, values_of};
use crate::securing::data_integrity::sd::SdError;
use crate::time::Timestamp;

/// Why a request is not laid over what the holder has, or something cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// A claim that credentials of the kind never have: whoever asks fishes, or means another kind.
    #[error("{id}: a {} has no {path}, which the request asks for", .kind.in_words())]
    ClaimNotInKind {
        /// The credential query.
        id: String,
        /// The claim.
        path: String,
        /// The kind that is asked for.
        kind: Kind,
    },
    /// More than [`limits::HELD_CREDENTIALS`].
    #[error("{count} credentials, where at most {limit} are compared with a request")]
    TooMany {
        /// How many there are.
        count: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Nothing of that name would be shown.
    #[error("nothing would be shown under that name")]
    NotShown,
    /// The claim is shown whatever the holder wants: its issuer did not let it be hidden, or it is part of a list.
    #[error("this claim cannot be taken back by itself")]
    NotSeparable,
}

impl Explain for ConsentError {
    fn code(&self) -> &'static str {
        match self {
            Self::ClaimNotInKind { .. } => "request.claim-not-in-kind",
            Self::TooMany { .. } => "consent.too-many",
            Self::NotShown => "consent.not-shown",
            Self::NotSeparable => "consent.not-separable",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::ClaimNotInKind { .. } => "Show nothing: the request asks for more than there is.",
            Self::TooMany { .. } => "Choose the credentials that could answer, and compare only those.",
            Self::NotShown => "Choose a credential or claim that would be shown.",
            Self::NotSeparable => "Take back the whole credential, or the whole list.",
        }
    }
}

/// Why one of the credentials that were asked for is not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The holder has none that fits.
    #[error("{0}")]
    Unmet(Unmet),
    /// What would fit is of further types, which this party may not see.
    #[error("the credential that fits is also of a type that this party may not see")]
    MayNotSee,
    /// What would fit is not valid at that moment.
    #[error("the credential that fits is not valid now")]
    NotValid,
    /// Nothing that was asked for is public, and it is not known who asks.
    #[error("nothing of it is shown to somebody who does not say who they are")]
    NotPublic,
    /// The holder took it back.
    #[error("you decided not to show it")]
    Withdrawn,
    /// An SD-JWT whose disclosures do not fit together.
    #[error("the credential that fits is damaged")]
    Damaged,
    /// A document of `ecdsa-sd-2023` from which just this cannot be shown.
    #[error("just this cannot be shown of the credential that fits: {0}")]
    Statements(#[from] SdError),
}

impl Explain for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unmet(error) => error.code(),
            Self::MayNotSee => "consent.may-not-see",
            Self::NotValid => "consent.not-valid",
            Self::NotPublic => "consent.not-public",
            Self::Withdrawn => "consent.withdrawn",
            Self::Damaged => "consent.damaged",
            Self::Statements(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Unmet(error) => error.hint(),
            Self::MayNotSee => "Show it only to somebody whom your trust list lets ask for all that it is.",
            Self::NotValid => "Ask the issuer for a new one.",
            Self::NotPublic => "Ask them to sign their request, and add them to your trust list if you know them.",
            Self::Withdrawn => "Read the request again if you change your mind.",
            Self::Damaged => "Ask the issuer to send it again.",
            Self::Statements(error) => error.hint(),
        }
    }
}

/// One of the credentials that were asked for, and why it is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unanswered {
    /// The credential query.
    pub id: String,
    /// Why.
    pub reason: Refusal,
}

/// What the holder should know before they agree.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Nobody knows who asks.
    Unauthenticated,
    /// The format cannot hide anything: all of this credential is shown, whatever was asked for.
    ShowsEverything {
        /// The credential query.
        id: String,
    },
    /// More is shown than was asked for, because its issuer did not let it be hidden.
    ShowsMore {
        /// The credential query.
        id: String,
    },
    /// The credential is not bound to a key: whoever gets it can show it as their own.
    NotBound {
        /// The credential query.
        id: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("We do not know who asks. Only what is public is shown."),
            Self::ShowsEverything { id } => {
                write!(f, "{id}: this credential cannot hide anything. All that it says is shown.")
            }
            Self::ShowsMore { id } => {
                write!(f, "{id}: this credential shows more than was asked for. Its issuer did not let it be hidden.")
            }
            Self::NotBound { id } => {
                write!(f, "{id}: this credential is bound to no key. Whoever gets it can show it as their own.")
            }
        }
    }
}

/// What the holder is asked to agree to. It changes only by taking things back, or by adding what was only welcome.
#[must_use]
pub struct Consent<'a> {
    asker: &'a Asker,
    held: &'a [Held],
    at: Timestamp,
    withdrawn: BTreeSet<String>,
    /// Credentials by their position, and JSON pointers into them.
    withheld: BTreeSet<(usize, String)>,
    welcome: BTreeSet<usize>,
    /// The types of each credential as IRIs, where the query names some.
    iris: Vec<Vec<String>>,
    shown: Vec<Shown>,
    unanswered: Vec<Unanswered>,
}

impl<'a> Consent<'a> {
    /// Lays the request over what the holder has at that moment. Of credentials that fit, the one that discloses least
    /// is chosen; nothing that is merely welcome is added.
    ///
    /// Either all that is asked for can be shown or nothing is: "If the Wallet cannot deliver all non-optional
    /// Credentials requested by the Verifier according to these rules, it MUST NOT return any" (OpenID4VP 1.0, section
    /// 6.4.2).
    ///
    /// Off-spec: somebody unknown gets what is public of what they asked for, even if that is not all. What is not
    /// public is taken out of the query before it is compared with anything, so that not even the absence of an answer
    /// tells a value.
    ///
    /// # Errors
    /// [`ConsentError::ClaimNotInKind`], [`ConsentError::TooMany`].
    pub fn new(asker: &'a Asker, held: &'a [Held], at: Timestamp) -> Result<Self, ConsentError> {
        if held.len() > limits::HELD_CREDENTIALS {
            return Err(ConsentError::TooMany { count: held.len(), limit: limits::HELD_CREDENTIALS });
        }
        asked::check_claims(&asker.request().query)?;
        let (withdrawn, withheld, welcome) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (shown, unanswered) = (Vec::new(), Vec::new());
        let iris = match asker.request().query.names_iris() {
            true => held.iter().map(|held| types_of(held.claims(), asker.contexts())).collect(),
            false => Vec::new(),
        };
        let consent = Self { asker, held, at, withdrawn, withheld, welcome, iris, shown, unanswered };
        Ok(consent.planned())
    }

    /// Who asks.
    pub fn asker(&self) -> &'a Asker {
        self.asker
    }

    /// What would be shown. Empty: nothing is.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// What was asked for and would not be shown, and why.
    pub fn unanswered(&self) -> &[Unanswered] {
        &self.unanswered
    }

    /// What the holder should know.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if !self.asker.is_known() {
            warnings.push(Warning::Unauthenticated);
        }
        for shown in &self.shown {
            let id = shown.id().to_owned();
            match self.held.get(shown.position()) {
                Some(held) if !held.hides_claims() => warnings.push(Warning::ShowsEverything { id: id.clone() }),
                _ if shown.shows_more() => warnings.push(Warning::ShowsMore { id: id.clone() }),
                _ => {}
            }
            if !shown.is_bound() {
                warnings.push(Warning::NotBound { id });
            }
        }
        warnings
    }

    /// Positions of the credential sets that are welcome and not needed (`required` is false).
    pub fn optional_sets(&self) -> Vec<usize> {
        let sets = self.asker.request().query.credential_sets.iter().enumerate();
        sets.filter(|(_, set)| !set.required).map(|(position, _)| position).collect()
    }

    /// Adds a credential set that is only welcome, by its position.
    ///
    /// # Errors
    /// [`ConsentError::NotShown`] if there is no such set.
    pub fn with_optional(mut self, position: usize) -> Result<Self, ConsentError> {
        if !self.optional_sets().contains(&position) {
            return Err(ConsentError::NotShown);
        }
        self.welcome.insert(position);
        Ok(self.planned())
    }

    /// Takes back a credential. If the verifier insists on it, nothing at all is shown.
    ///
    /// # Errors
    /// [`ConsentError::NotShown`].
    pub fn without(mut self, id: &str) -> Result<Self, ConsentError> {
        self.shown_as(id)?;
        self.withdrawn.insert(id.to_owned());
        Ok(self.planned())
    }

    /// Takes back a claim of a credential, by its JSON pointer as in [`ShownClaim::pointer`], or what it stands in. If
    /// the verifier insists on it, nothing at all is shown; if another of its `claim_sets` will do, that one is.
    ///
    /// # Errors
    /// [`ConsentError::NotShown`], [`ConsentError::NotSeparable`].
    pub fn without_claim(mut self, id: &str, pointer: &str) -> Result<Self, ConsentError> {
        let shown = self.shown_as(id)?;
        if !shown.claims().iter().any(|claim| is_at_or_in(claim.pointer(), pointer)) {
            return Err(ConsentError::NotShown);
        }
        let position = shown.position();
        let held = self.held.get(position).ok_or(ConsentError::NotShown)?;
        // Taking an item out of a list would move those behind it, and pointers would mean others.
        if !held.disclosable().iter().any(|place| place == pointer) || !shown::is_member(held.claims(), pointer) {
            return Err(ConsentError::NotSeparable);
        }
        self.withheld.insert((position, pointer.to_owned()));
        Ok(self.planned())
    }

    pub(super) fn held(&self, shown: &Shown) -> Option<&'a Held> {
        self.held.get(shown.position())
    }

    fn shown_as(&self, id: &str) -> Result<&Shown, ConsentError> {
        self.shown.iter().find(|shown| shown.id() == id).ok_or(ConsentError::NotShown)
    }

    fn planned(mut self) -> Self {
        let asked = &self.asker.request().query;
        let (query, mut unanswered) = match self.asker.is_known() {
            true => (asked.clone(), Vec::new()),
            false => asked::public_part(asked),
        };
        let query = asked::without(query, &self.withdrawn);
        let shown = match self.choose(&query) {
            Ok(shown) => shown,
            Err(reasons) => {
                unanswered.extend(reasons);
                Vec::new()
            }
        };
        let withdrawn = self.withdrawn.iter().cloned();
        unanswered.extend(withdrawn.map(|id| Unanswered { id, reason: Refusal::Withdrawn }));
        (self.shown, self.unanswered) = (shown, unanswered);
        self
    }

    /// What is shown for this query, or why it is nothing.
    fn choose(&self, query: &Query) -> Result<Vec<Shown>, Vec<Unanswered>> {
        if query.credentials.is_empty() {
            return Err(Vec::new());
        }
        let usable: Vec<usize> = (0..self.held.len()).filter(|at| self.is_usable(*at).is_ok()).collect();
        let reduced: Vec<_> = usable.iter().map(|at| self.claims_of(*at)).collect();
        let types: Vec<Vec<&str>> = usable.iter().map(|at| self.types_of(*at)).collect();
        let candidates: Vec<Candidate<'_>> = usable
            .iter()
            .zip(&reduced)
            .zip(&types)
            .filter_map(|((at, claims), types)| {
                let held = self.held.get(*at)?;
                let is_holder_bound = held.is_holder_bound();
                Some(Candidate { format: held.format(), types, claims, is_holder_bound, authorities: &[] })
            })
            .collect();
        let mut matches = query.matches(&candidates);
        for fit in matches.credentials.iter_mut().flat_map(|credential| &mut credential.fits) {
            let held = usable.get(fit.candidate).and_then(|at| self.held.get(*at));
            // A copy that was derived is of a format that can hide, and cannot.
            if let Some(held) = held.filter(|held| !held.hides_claims()) {
                fit.disclosed = values_of(held.claims());
            }
        }
        let welcome: Vec<usize> = self.welcome.iter().copied().collect();
        let Ok(choices) = matches.least_with(&welcome) else {
            let unmet = matches.unmet();
            let reasons = matches.credentials.iter().filter_map(|credential| {
                let own = credential.unmet.as_ref().filter(|own| unmet.contains(own))?;
                let id = credential.id.clone();
                Some(Unanswered { reason: self.refusal(query, &id, own), id })
            });
            return Err(reasons.collect());
        };
        let (mut shown, mut refused) = (Vec::new(), Vec::new());
        for choice in choices {
            let Some(position) = usable.get(choice.fit.candidate).copied() else { continue };
            let Some(held) = self.held.get(position) else { continue };
            let asked = query.credentials.iter().find(|credential| credential.id == choice.id);
            let must_bind = asked.is_none_or(|credential| credential.requires_holder_binding);
            match Shown::of(choice.id, position, held, &choice.fit.pointers, must_bind, self.asker.contexts()) {
                Err(reason) => refused.push(Unanswered { id: choice.id.to_owned(), reason }),
                // What was asked for is a record or a list, and this stands in it.
                Ok(shown) if self.shows_withheld(&shown) => {
                    refused.push(Unanswered { id: choice.id.to_owned(), reason: Refusal::Withdrawn });
                }
                // Whatever led here, to somebody unknown nothing is shown that is not public.
                Ok(shown) if !self.asker.is_known() && !asked::is_public(&shown, held) => {
                    refused.push(Unanswered { id: choice.id.to_owned(), reason: Refusal::NotPublic });
                }
                Ok(one) => shown.push(one),
            }
        }
        if refused.is_empty() { Ok(shown) } else { Err(refused) }
    }

    fn shows_withheld(&self, shown: &Shown) -> bool {
        let own = self.withheld.iter().filter(|(at, _)| *at == shown.position());
        own.into_iter().any(|(_, pointer)| shown.claims().iter().any(|claim| is_at_or_in(claim.pointer(), pointer)))
    }

    fn is_usable(&self, position: usize) -> Result<(), Refusal> {
        let held = self.held.get(position).ok_or(Refusal::Damaged)?;
        let is_early = held.valid_from().is_some_and(|from| self.at < from);
        if is_early || held.valid_until().is_some_and(|until| self.at >= until) {
            return Err(Refusal::NotValid);
        }
        let own: Vec<&str> = held.types().iter().map(String::as_str).collect();
        // A list may name types as the query does.
        let iris: Vec<&str> = self.iris_of(position).map(Kind::type_name).collect();
        match self.asker.may_see(&own, self.at) || !iris.is_empty() && self.asker.may_see(&iris, self.at) {
            true => Ok(()),
            false => Err(Refusal::MayNotSee),
        }
    }

    fn iris_of(&self, position: usize) -> impl Iterator<Item = &str> {
        self.iris.get(position).into_iter().flatten().map(String::as_str)
    }

    fn types_of(&self, position: usize) -> Vec<&str> {
        let own = self.held.get(position).into_iter().flat_map(|held| held.types()).map(String::as_str);
        own.chain(self.iris_of(position)).collect()
    }

    /// What the credential says, without what the holder took back.
    fn claims_of(&self, position: usize) -> Map {
        let mut claims = self.held.get(position).map(|held| held.claims().clone()).unwrap_or_default();
        for (_, pointer) in self.withheld.iter().filter(|(at, _)| *at == position) {
            shown::remove_member(&mut claims, pointer);
        }
        claims
    }

    /// Says of a credential that would have fitted why it is left aside; else what the query misses.
    fn refusal(&self, query: &Query, id: &str, unmet: &Unmet) -> Refusal {
        let Some(asked) = query.credentials.iter().find(|credential| credential.id == id) else {
            return Refusal::Unmet(unmet.clone());
        };
        let alone = Query::one(asked.clone());
        let left_aside = self.held.iter().enumerate().filter_map(|(at, held)| {
            let reason = self.is_usable(at).err()?;
            let types = self.types_of(at);
            let (format, claims, is_holder_bound) = (held.format(), held.claims(), held.is_holder_bound());
            let candidate = Candidate { format, types: &types, claims, is_holder_bound, authorities: &[] };
            alone.matches(&[candidate]).is_met().then_some(reason)
        });
        let withheld = self.withheld.iter().any(|(at, _)| {
            let types = self.types_of(*at);
            self.held.get(*at).is_some_and(|held| {
                let (format, claims, is_holder_bound) = (held.format(), held.claims(), held.is_holder_bound());
                let candidate = Candidate { format, types: &types, claims, is_holder_bound, authorities: &[] };
                alone.matches(&[candidate]).is_met()
            })
        });
        match left_aside.into_iter().next() {
            _ if withheld => Refusal::Withdrawn,
            Some(reason) => reason,
            None => Refusal::Unmet(unmet.clone()),
        }
    }
}

/// Whether a place is another one, or stands within it.
fn is_at_or_in(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
