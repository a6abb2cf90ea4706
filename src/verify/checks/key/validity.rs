//! `key.validity`: whether the key counts at the moment that is judged. A proof's time is its signer's own word, so it
//! can only ever make a signature count less.

use super::{Certified, Found, Lookup, NamedKey, Place};
use crate::did::Relationship;
use crate::keys::PublicKey;
use crate::time::Timestamp;
use crate::verify::checks::envelope::{self, Envelope};
use crate::verify::checks::notices::{Needed, Notices};
use crate::verify::checks::time::{age, span};
use crate::verify::checks::{Inquiry, Role};
use crate::verify::code::Code;
use crate::verify::materials::Resource;
use crate::verify::policy::RotatedKeys;
use crate::verify::report::Finding;

/// What was found about a key, and what it rests on.
pub(in crate::verify) struct Validity<'a> {
    pub(in crate::verify) finding: Finding,
    /// What would have to be fetched.
    pub(in crate::verify) wanted: Option<Resource>,
    /// The address of the issuer's own notices that were looked at, and when they were signed.
    pub(in crate::verify) notices: Option<(&'a str, Timestamp)>,
}

impl Validity<'_> {
    fn of(finding: Finding) -> Self {
        Self { finding, wanted: None, notices: None }
    }
}

/// Check `key.validity`: the method was neither expired nor revoked at the moment that is judged (Controlled
/// Identifiers 1.0, section 2.2), neither denounced by its owner nor replaced. That a certificate was valid then,
/// `key.binding` says.
///
/// `closed` is when the author ceased to be. A presentation is made here and now, so nothing helps a key of its that was
/// replaced.
pub(in crate::verify) fn validity<'a>(
    envelope: &Envelope<'_>,
    named: &'a NamedKey<'a>,
    closed: Option<Timestamp>,
    role: Role,
    inquiry: &Inquiry<'a>,
) -> Validity<'a> {
    let found = match &named.lookup {
        Lookup::Found(found) => found,
        Lookup::Certified(certified) => return Validity::of(of_certificate(certified)),
        _ => return Validity::of(Finding::of(Code::NotReached)),
    };
    let Ok(key) = &found.method().key else {
        return Validity::of(ended(found, inquiry).unwrap_or(in_order(found, inquiry)));
    };
    let issuer = named.controller.filter(|_| role == Role::Credential);
    let Some(issuer) = issuer else { return Validity::of(presented(found, inquiry)) };
    let notices = Notices::of(issuer, &found.published.document, inquiry);
    let confirmed = match notices.about(key) {
        None => false,
        Some(denounced) => {
            let digest = envelope::signed_digest(envelope, key);
            if !digest.is_some_and(|digest| denounced.accepts(&digest)) {
                return Validity::of(Finding::with(Code::ValidityCompromised, denounced.since().in_words()));
            }
            true
        }
    };
    let finding = ended(found, inquiry)
        .filter(|_| !confirmed || inquiry.policy.rotated_keys == RotatedKeys::Refuse)
        .or_else(|| after_closing(envelope, closed))
        .or_else(|| replaced(envelope, found, confirmed, inquiry));
    let needed = notices.needed(inquiry);
    let wanted = match &needed {
        Needed::Unavailable(url) => Some(Resource::CompromiseNotices((*url).to_owned())),
        _ => None,
    };
    let open = match needed {
        Needed::NoAddress | Needed::AtHand => None,
        Needed::Unavailable(_) => Some(Finding::of(Code::ValidityNoticesMissing)),
        Needed::NotGenuine => Some(Finding::of(Code::ValidityNoticesNotGenuine)),
        Needed::Stale(age) => Some(Finding::with(Code::ValidityNoticesStale, span(age)).aged(Some(age))),
    };
    let is_confirmed = confirmed.then(|| Finding::with(Code::OkDetail, "its issuer confirmed this very document"));
    let finding = finding.or(open).or(is_confirmed).unwrap_or_else(|| in_order(found, inquiry));
    Validity { finding, wanted, notices: notices.own() }
}

fn of_certificate(certified: &Certified<'_>) -> Finding {
    Finding::of(if certified.is_vouched_for() { Code::Ok } else { Code::NotReached })
}

fn in_order(found: &Found<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let age = found.published.obtained.map(|obtained| age(inquiry.at, obtained));
    Finding::of(Code::Ok).aged(age)
}

/// The key of a presentation: there is no past to it.
fn presented(found: &Found<'_>, inquiry: &Inquiry<'_>) -> Finding {
    let gone = found.replaced().or(found.published.deactivated);
    let gone = gone.map(|time| Finding::with(Code::ValidityRotatedOut, time.in_words()));
    ended(found, inquiry).or(gone).unwrap_or_else(|| in_order(found, inquiry))
}

/// What the method says of its own end.
fn ended(found: &Found<'_>, inquiry: &Inquiry<'_>) -> Option<Finding> {
    let (at, method) = (inquiry.at.time(), found.method());
    if let Some(revoked) = method.revoked.filter(|revoked| at >= *revoked) {
        return Some(Finding::with(Code::ValidityRevoked, revoked.in_words()));
    }
    let expires = method.expires.filter(|expires| at >= *expires)?;
    Some(Finding::with(Code::ValidityExpired, expires.in_words()))
}

/// Whoever inherits the keys of a closed issuer signs nothing new with them.
fn after_closing(envelope: &Envelope<'_>, closed: Option<Timestamp>) -> Option<Finding> {
    let closed = closed?;
    match envelope.claimed_time() {
        None => Some(Finding::of(Code::ValidityNoTime)),
        Some(claimed) if claimed > closed => Some(Finding::with(Code::ValidityAfterClosing, closed.in_words())),
        Some(_) => None,
    }
}

/// A key that its owner replaced counts as the policy says. A proof without a time is judged by the current document
/// alone.
fn replaced(envelope: &Envelope<'_>, found: &Found<'_>, confirmed: bool, inquiry: &Inquiry<'_>) -> Option<Finding> {
    let Place::History(period) = found.place else { return None };
    let out = found.replaced()?;
    let days = match inquiry.policy.rotated_keys {
        RotatedKeys::Refuse => return Some(Finding::with(Code::ValidityRotatedOut, out.in_words())),
        _ if confirmed => return None,
        RotatedKeys::WithEvidence => return Some(Finding::with(Code::ValidityNoEvidence, out.in_words())),
        RotatedKeys::Within(days) => days,
    };
    let Some(claimed) = envelope.claimed_time() else { return Some(Finding::of(Code::ValidityNoTime)) };
    // Credentials are dated by the day, so the key's first day counts whole.
    if claimed < period.from.time.date().midnight() || claimed >= out {
        return Some(Finding::with(Code::ValidityOutsideItsTime, claimed.in_words()));
    }
    let since = age(inquiry.at, out);
    (since > days.seconds()).then(|| Finding::with(Code::ValidityRotatedLongAgo, span(since)).aged(Some(since)))
}

/// Whether a key counts as its owner's today, for what is signed anew time and again: lists, notices. The key itself if
/// it does.
pub(in crate::verify) fn stands_today<'n>(named: &'n NamedKey<'_>, inquiry: &Inquiry<'_>) -> Option<&'n PublicKey> {
    let stands = match &named.lookup {
        Lookup::Found(found) => {
            found.authorizes(Relationship::AssertionMethod)
                && found.replaced().is_none()
                && ended(found, inquiry).is_none()
        }
        _ => false,
    };
    named.key().filter(|_| stands)
}
