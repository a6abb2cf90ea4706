//! `material.rollback`: nothing that the decision rests on is older than what was seen before.

use super::Inquiry;
use super::key::Sources;
use super::time::SKEW;
use crate::did::method::webvh::Rollback;
use crate::time::Timestamp;
use crate::verify::code::Code;
use crate::verify::expected::At;
use crate::verify::materials::{KeptLog, Seen, Source};
use crate::verify::report::Finding;

/// The logs and lists that a decision rests on, all of them genuine.
#[derive(Default)]
pub(in crate::verify) struct Used<'a> {
    pub(in crate::verify) logs: Vec<&'a KeptLog>,
    /// Status lists: where each is from, and when it was signed.
    pub(in crate::verify) lists: Vec<(&'a str, Timestamp)>,
    pub(in crate::verify) notices: Option<(&'a str, Timestamp)>,
}

impl Used<'_> {
    /// When the newest of them was signed.
    pub(in crate::verify) fn newest(&self) -> Option<Timestamp> {
        let lists = self.lists.iter().chain(&self.notices).map(|(_, signed)| *signed);
        lists.chain(self.logs.iter().map(|kept| kept.signed_at())).max()
    }

    /// Adds them to what was seen. What lies ahead is left out: a clock that is wrong once must not make everything look
    /// old for ever.
    pub(in crate::verify) fn note(&self, seen: &mut Seen, at: At) {
        let is_past = |signed: Timestamp| signed.seconds_since(at.time()) <= SKEW || matches!(at, At::AsOf(_));
        for kept in self.logs.iter().filter(|kept| is_past(kept.signed_at())) {
            seen.saw_log(kept.log.scid(), kept.log.current().id());
        }
        for (url, signed) in self.lists.iter().filter(|(_, signed)| is_past(*signed)) {
            seen.saw_status_list(url, *signed);
        }
        for (url, signed) in self.notices.iter().filter(|(_, signed)| is_past(*signed)) {
            seen.saw_notices(url, *signed);
        }
    }
}

/// Check `material.rollback`.
pub(in crate::verify) fn rollback(used: &Used<'_>, inquiry: &Inquiry<'_>) -> Finding {
    if used.logs.is_empty() && used.lists.is_empty() && used.notices.is_none() {
        return Finding::of(Code::NotApplicable);
    }
    let seen = inquiry.materials.seen();
    for kept in &used.logs {
        let did = kept.log.identifier().did().as_str();
        if kept.is_forked || Sources::from(inquiry).logs(did).any(|other| kept.contradicts(other)) {
            return Finding::of(Code::RollbackForkedLog);
        }
        match seen.log(kept.log.scid()).map_or(Ok(()), |(number, id)| kept.log.extends(number, id)) {
            Ok(()) => {}
            Err(Rollback::Truncated { .. }) => return Finding::of(Code::RollbackShorterLog),
            // What the host itself made goes on from what it saw.
            Err(Rollback::Unknown { .. }) if kept.checkpoint == Some(Source::Own) => {}
            Err(Rollback::Unknown { oldest, .. }) => return Finding::with(Code::RollbackBeforeCheckpoint, oldest),
            Err(Rollback::Forked { .. }) => return Finding::of(Code::RollbackForkedLog),
        }
    }
    // Judging the past, a list that was seen since then says nothing.
    let is_older = |signed: Timestamp, known: Option<Timestamp>| {
        known.is_some_and(|known| signed < known && inquiry.at.cut().is_none_or(|cut| known <= cut))
    };
    if let Some((_, signed)) = used.lists.iter().find(|(url, signed)| is_older(*signed, seen.status_list(url))) {
        return Finding::with(Code::RollbackOlderList, signed.in_words());
    }
    if let Some((_, signed)) = used.notices.filter(|(url, signed)| is_older(*signed, seen.notices(url))) {
        return Finding::with(Code::RollbackOlderNotices, signed.in_words());
    }
    Finding::of(Code::Ok)
}
