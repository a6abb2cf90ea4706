//! Compromise notices: which of them are genuine, and what they say of a key. It belongs to `key.validity`.
//!
//! Where the issuer's key document names the address of its notices, they are needed, whatever key signed: else whoever
//! keeps them back would make a thief's work valid. Beside those, every genuine notice that is at hand counts, also one
//! that came in a trust list or from a party that the trust list lets denounce the issuer's keys.

use super::key::{Named, Sources, stands_today};
use super::time::age;
use super::{Inquiry, Role};
use crate::did::Document;
use crate::keys::PublicKey;
use crate::time::Timestamp;
use crate::trust::notice::{self, CompromiseNotice, CompromiseNotices, Digest};
use crate::verify::materials::Statement;

/// The genuine notices about the keys of one issuer.
pub(in crate::verify) struct Notices<'a> {
    /// The newest of each author, with the key that signed it.
    genuine: Vec<(&'a Statement<CompromiseNotices>, PublicKey)>,
    /// Where the issuer publishes its own; an error where that cannot be read.
    address: Option<Result<Address<'a>, ()>>,
}

/// The address of notices, and the newest genuine ones from there.
struct Address<'a> {
    url: String,
    at_hand: Option<&'a Statement<CompromiseNotices>>,
    /// Whether something is at hand that says to come from there.
    is_known: bool,
}

/// Whether the issuer's own notices are at hand.
pub(in crate::verify) enum Needed<'n> {
    /// It publishes none.
    NoAddress,
    AtHand,
    Unavailable(&'n str),
    /// What is at hand was not signed with a current key of the issuer.
    NotGenuine,
    /// Obtained so many seconds ago, longer than the policy allows for what issuers publish of their keys.
    Stale(u64),
}

/// What genuine notices say of one key.
pub(in crate::verify) struct Denounced<'n> {
    first: &'n CompromiseNotice,
    others: Vec<&'n CompromiseNotice>,
}

impl Denounced<'_> {
    /// Whether everybody who denounces the key confirms that.
    pub(in crate::verify) fn accepts(&self, digest: &Digest) -> bool {
        self.all().all(|notice| notice.accepted.contains(digest))
    }

    /// Since when others may have had the key.
    pub(in crate::verify) fn since(&self) -> Timestamp {
        self.all().map(|notice| notice.since).fold(self.first.since, Timestamp::min)
    }

    fn all(&self) -> impl Iterator<Item = &CompromiseNotice> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

impl<'a> Notices<'a> {
    /// `document` is the issuer's own, at the moment that is judged.
    pub(in crate::verify) fn of(issuer: &str, document: &Document, inquiry: &Inquiry<'a>) -> Self {
        let mut genuine: Vec<(&Statement<_>, PublicKey)> = Vec::new();
        let mut authors: Vec<&str> = Vec::new();
        let cut = inquiry.at.cut();
        let archived = inquiry.policy.archive.notices(issuer);
        let mut at_hand: Vec<&'a Statement<CompromiseNotices>> = inquiry.materials.notices(issuer).iter().collect();
        at_hand.extend(archived);
        at_hand.retain(|statement| cut.is_none_or(|cut| statement.signed_at <= cut));
        at_hand.sort_by_key(|statement| std::cmp::Reverse(statement.signed_at));
        for statement in &at_hand {
            if let Some((author, key)) = signer(statement, issuer, inquiry)
                && !authors.contains(&author)
            {
                authors.push(author);
                genuine.push((statement, key));
            }
        }
        // What a trust list carries along of an issuer that is there does not stand in for what it publishes today.
        let is_closed = inquiry.policy.known(issuer).is_some_and(|known| known.entry.closed.is_some());
        let is_todays =
            |statement: &Statement<_>| is_closed || !archived.iter().any(|old| std::ptr::eq(old, statement));
        let address = match notice::address(document) {
            Ok(None) => None,
            Err(_) => Some(Err(())),
            Ok(Some(url)) => Some(Ok(Address {
                at_hand: genuine
                    .iter()
                    .map(|(statement, _)| *statement)
                    .find(|statement| statement.url == url && is_todays(statement)),
                is_known: at_hand.iter().any(|statement| statement.url == url && is_todays(statement)),
                url: url.to_owned(),
            })),
        };
        Self { genuine, address }
    }

    /// What they say of that key. A key does not denounce itself: a thief would confirm its own work.
    pub(in crate::verify) fn about(&self, key: &PublicKey) -> Option<Denounced<'_>> {
        let by_others = self.genuine.iter().filter(|(_, signer)| signer != key);
        let mut notices = by_others.filter_map(|(statement, _)| statement.content.about(key));
        Some(Denounced { first: notices.next()?, others: notices.collect() })
    }

    /// Whether the issuer's own notices are at hand.
    pub(in crate::verify) fn needed(&self, inquiry: &Inquiry<'_>) -> Needed<'_> {
        match &self.address {
            None => Needed::NoAddress,
            Some(Err(())) => Needed::NotGenuine,
            Some(Ok(Address { at_hand: Some(statement), .. })) => {
                let age = age(inquiry.at, statement.obtained);
                let limit = inquiry.policy.max_document_age;
                if limit.is_some_and(|limit| age > limit.seconds()) { Needed::Stale(age) } else { Needed::AtHand }
            }
            Some(Ok(Address { is_known: true, .. })) => Needed::NotGenuine,
            Some(Ok(address)) => Needed::Unavailable(&address.url),
        }
    }

    /// The address of the issuer's own notices, and when those at hand were signed.
    pub(in crate::verify) fn own(&self) -> Option<(&'a str, Timestamp)> {
        let Some(Ok(Address { at_hand: Some(statement), .. })) = &self.address else { return None };
        Some((&statement.url, statement.signed_at))
    }
}

/// Who signed it, if they may: the issuer itself with a key that it has today, or a party that the trust list names.
fn signer<'a>(
    statement: &'a Statement<CompromiseNotices>,
    issuer: &str,
    inquiry: &Inquiry<'a>,
) -> Option<(&'a str, PublicKey)> {
    let reference = statement.key_reference.as_deref();
    let named = Named { reference, author: None, role: Role::Credential, has_metadata: false };
    let named = named.look_up(Sources::from(inquiry), |key| statement.fits(key));
    let key = stands_today(&named, inquiry).filter(|key| statement.fits(key))?.clone();
    let author = named.controller?;
    let may = author == issuer
        || inquiry.policy.known(author).is_some_and(|known| known.entry.may_denounce(issuer, inquiry.at.time()));
    may.then_some((author, key))
}
