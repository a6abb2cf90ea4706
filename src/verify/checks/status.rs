//! `status.revocation`, `status.suspension` and `status.list`: what the issuer says of a credential since it issued it,
//! and whether that list is genuine, the right one, and recent enough.

use super::envelope::{Envelope, short};
use super::key::{Absent, Lookup, Named, NamedKey, Sources, stands_today};
use super::notices::Notices;
use super::rollback::Used;
use super::time::{SKEW, age, ago, span};
use super::{Inquiry, Role};
use crate::credential::kind::Kind;
use crate::credential::model::CredentialView;
use crate::keys::PublicKey;
use crate::limits;
use crate::status::{Entry, List, Purpose, Standing, StatusError};
use crate::time::Timestamp;
use crate::trust::certificate::Chain;
use crate::verify::check::CheckId;
use crate::verify::code::Code;
use crate::verify::materials::{Resource, Statement};
use crate::verify::policy::STATUS_DAYS;
use crate::verify::report::{Finding, Findings};

/// The credential whose status is asked for.
pub(in crate::verify) struct Subject<'a, 'e> {
    pub(in crate::verify) envelope: &'e Envelope<'e>,
    pub(in crate::verify) view: &'e CredentialView<'e>,
    /// Who signed it.
    pub(in crate::verify) named: &'e NamedKey<'a>,
    /// When its issuer ceased to be.
    pub(in crate::verify) closed: Option<Timestamp>,
}

/// Sets the three checks. Returns the lists that would have to be fetched, and adds to `used` what the findings rest on.
pub(in crate::verify) fn status<'a>(
    findings: &mut Findings,
    subject: &Subject<'a, '_>,
    used: &mut Used<'a>,
    inquiry: &Inquiry<'a>,
) -> Vec<Resource> {
    let mut state = State {
        wanted: Vec::new(),
        used,
        checks: [CheckId::StatusRevocation, CheckId::StatusSuspension, CheckId::StatusList]
            .map(|check| (check, Finding::of(Code::NotApplicable))),
    };
    if may_be_hidden(subject.envelope, subject.view) {
        state.found(CheckId::StatusList, Finding::of(Code::StatusHidden));
    }
    if subject.view.status.len() > limits::STATUS_ENTRIES {
        let reason = format!("more than {} of them", limits::STATUS_ENTRIES);
        state.found(CheckId::StatusList, Finding::with(Code::StatusEntry, reason));
    } else {
        for entry in &subject.view.status {
            match Entry::read(entry) {
                Err(error) => state.found(CheckId::StatusList, Finding::explained(Code::StatusEntry, &error)),
                Ok(None) => state.found(CheckId::StatusList, Finding::of(Code::StatusUnsupported)),
                Ok(Some(entry)) => state.entry(&entry, subject, inquiry),
            }
        }
    }
    for (check, finding) in state.checks {
        findings.set(check, finding);
    }
    state.wanted
}

/// Whether the holder may have withheld an entry: the only one, or one of several.
fn may_be_hidden(envelope: &Envelope<'_>, view: &CredentialView<'_>) -> bool {
    // With `ecdsa-sd-2023` nobody sees that something is missing. Of our kinds everything but the claims is mandatory, and
    // `data-model` says for how long one may be valid without a status.
    let is_fixed =
        || matches!(envelope, Envelope::DataIntegrity(_)) && Kind::of_types(view.types.iter().copied()).is_some();
    (view.status.is_empty() && envelope.may_hide_members() && !is_fixed())
        || envelope.may_hide_within("credentialStatus")
}

/// The three checks, while the entries are looked at one after the other.
struct State<'u, 'a> {
    wanted: Vec<Resource>,
    used: &'u mut Used<'a>,
    checks: [(CheckId, Finding); 3],
}

impl<'a> State<'_, 'a> {
    /// Of several findings of one check the worst counts, and of two alike the one that says more.
    fn found(&mut self, check: CheckId, finding: Finding) {
        let weight = |finding: &Finding| (finding.code.result().rank(), finding.detail.is_some());
        for (own, known) in &mut self.checks {
            if *own == check && weight(&finding) > weight(known) {
                *known = finding;
                return;
            }
        }
    }

    fn entry(&mut self, entry: &Entry<'_>, subject: &Subject<'a, '_>, inquiry: &Inquiry<'a>) {
        match entry.purpose() {
            None => self.decide(entry, &[CheckId::StatusRevocation, CheckId::StatusSuspension], subject, inquiry),
            Some(Purpose::Revocation) => self.decide(entry, &[CheckId::StatusRevocation], subject, inquiry),
            Some(Purpose::Suspension) => self.decide(entry, &[CheckId::StatusSuspension], subject, inquiry),
            Some(Purpose::Message | Purpose::Refresh) => self.mention(entry, subject, inquiry),
            Some(Purpose::Other(_)) => self.found(CheckId::StatusList, Finding::of(Code::StatusUnsupported)),
        }
    }

    /// An entry by which the issuer can withdraw the credential.
    fn decide(&mut self, entry: &Entry<'_>, about: &[CheckId], subject: &Subject<'a, '_>, inquiry: &Inquiry<'a>) {
        let list = match newest(entry.list(), subject, self.used, inquiry) {
            Ok(list) => list,
            Err(Without { finding, wanted }) => {
                // Nothing is fetched that the policy does not require.
                self.wanted.extend(wanted.filter(|_| !inquiry.policy.relaxed().contains(CheckId::StatusList)));
                return self.open(finding, about);
            }
        };
        let standing = match list.statement.content.standing(entry) {
            Ok(standing) => standing,
            Err(error) => return self.open(misfit(&error), about),
        };
        let age = Some(list.age);
        self.found(CheckId::StatusList, list.freshness(subject.closed, inquiry).aged(age));
        let signed = list.statement.signed_at.in_words();
        let (check, finding) = match standing {
            Standing::Good => (CheckId::StatusList, Finding::of(Code::Ok)),
            Standing::Revoked => (CheckId::StatusRevocation, Finding::with(Code::StatusRevoked, signed)),
            Standing::Suspended => (CheckId::StatusSuspension, Finding::with(Code::StatusSuspended, signed)),
            _ => (CheckId::StatusList, Finding::of(Code::StatusValue)),
        };
        self.found(check, finding.aged(age));
        for check in about {
            let what = if *check == CheckId::StatusRevocation { "revoked" } else { "suspended" };
            let finding = Finding::with(Code::OkDetail, format_args!("not {what}, as of {}", ago(list.age)));
            self.found(*check, finding.aged(age));
        }
    }

    /// There is no list that answers: whether the credential was withdrawn is open.
    fn open(&mut self, finding: Finding, about: &[CheckId]) {
        self.found(CheckId::StatusList, finding);
        about.iter().for_each(|check| self.found(*check, Finding::of(Code::NotReached)));
    }

    /// An entry that decides nothing: what it says is shown if it is at hand, and nothing is fetched for it.
    fn mention(&mut self, entry: &Entry<'_>, subject: &Subject<'a, '_>, inquiry: &Inquiry<'a>) {
        let Ok(list) = newest(entry.list(), subject, self.used, inquiry) else { return };
        let what = match list.statement.content.standing(entry) {
            Ok(Standing::RefreshAvailable) => "its issuer has a newer one".to_owned(),
            Ok(Standing::Message { value, .. }) => format!("its issuer's note {value:#x}"),
            _ => return,
        };
        let finding = Finding::with(Code::OkDetail, format_args!("{what}, as of {}", ago(list.age)));
        self.found(CheckId::StatusList, finding.aged(Some(list.age)));
    }
}

/// A list that can be read for this credential.
struct Newest<'a> {
    statement: &'a Statement<List>,
    /// Seconds since it was signed or, if that is earlier, obtained.
    age: u64,
    /// Whether the verifier's own trust list carries it along.
    is_archived: bool,
}

/// Why there is no list, and what to fetch.
struct Without {
    finding: Finding,
    wanted: Option<Resource>,
}

impl Newest<'_> {
    /// Whether the list is recent enough. The last list of an issuer that is no more stays the last.
    fn freshness(&self, closed: Option<Timestamp>, inquiry: &Inquiry<'_>) -> Finding {
        if closed.is_some() && self.is_archived {
            return Finding::of(Code::Ok);
        }
        let list = &self.statement.content;
        if let Some(expires) = list.expires().filter(|expires| inquiry.at.time() >= *expires) {
            return Finding::with(Code::StatusListExpired, expires.in_words());
        }
        let limit = inquiry.policy.max_status_age.unwrap_or(STATUS_DAYS).seconds();
        // The list's own word on how long it may be kept counts from when it was obtained, and can only shorten that.
        let is_kept_too_long = list.ttl().is_some_and(|ttl| age(inquiry.at, self.statement.obtained) > ttl);
        if self.age > limit || is_kept_too_long {
            return Finding::with(Code::StatusListStale, span(self.age));
        }
        Finding::of(Code::Ok)
    }
}

/// The newest genuine list from that address; those that were signed after a past moment are left aside.
fn newest<'a>(
    url: &str,
    subject: &Subject<'a, '_>,
    used: &mut Used<'a>,
    inquiry: &Inquiry<'a>,
) -> Result<Newest<'a>, Without> {
    let at = inquiry.at.time();
    let archived = inquiry.policy.archive.status_lists(url).iter().map(|statement| (statement, true));
    let at_hand = inquiry.materials.status_lists(url).iter().map(|statement| (statement, false));
    let in_force = |(statement, _): &(&'a Statement<List>, bool)| {
        let is_next = statement.content.valid_from().is_some_and(|from| from.seconds_since(at) > SKEW);
        let is_ahead = statement.signed_at.seconds_since(at) > SKEW;
        inquiry.at.cut().is_none_or(|cut| statement.signed_at <= cut) && (is_ahead || !is_next)
    };
    let mut lists: Vec<_> = at_hand.chain(archived).filter(in_force).collect();
    lists.sort_by_key(|(statement, _)| std::cmp::Reverse(statement.signed_at));
    let mut without = None;
    for (statement, is_archived) in lists {
        match genuine(statement, subject, used, inquiry) {
            Ok(()) => {
                used.lists.push((&statement.url, statement.signed_at));
                let since = statement.signed_at.min(statement.obtained);
                return Ok(Newest { statement, age: age(inquiry.at, since), is_archived });
            }
            Err(why) => without = without.or(Some(why)),
        }
    }
    Err(without.unwrap_or_else(|| Without {
        finding: Finding::of(Code::StatusListUnavailable),
        wanted: Some(Resource::StatusList(url.to_owned())),
    }))
}

/// Whether a list was signed by somebody who may speak of this credential: its issuer, or a party that the trust list lets
/// keep the status of others' credentials.
fn genuine<'a>(
    statement: &'a Statement<List>,
    subject: &Subject<'a, '_>,
    used: &mut Used<'a>,
    inquiry: &Inquiry<'a>,
) -> Result<(), Without> {
    let without = |finding| Without { finding, wanted: None };
    let not_genuine = || without(Finding::of(Code::StatusListNotGenuine));
    if let Some(chain) = &statement.chain {
        return match chain {
            Ok(chain) if is_certified(statement, chain, subject, inquiry) => Ok(()),
            _ => Err(not_genuine()),
        };
    }
    let issuer = subject.view.issuer;
    let author = statement.author.as_deref();
    let named = Named {
        reference: statement.key_reference.as_deref(),
        // A list that names nobody is by whoever controls its key, and a bare name belongs to the credential's issuer.
        author: author.or(Some(issuer)),
        role: Role::Credential,
        has_metadata: subject.envelope.is_sd_jwt_vc(),
    };
    let named = named.look_up(Sources::from(inquiry), |key| statement.fits(key));
    let Some(controller) = named.controller else { return Err(not_genuine()) };
    if author.is_some_and(|author| author != controller) {
        return Err(not_genuine());
    }
    let is_keeper = |id| inquiry.policy.known(id).is_some_and(|known| known.entry.may_keep_status(inquiry.at.time()));
    if controller != issuer && !is_keeper(controller) {
        return Err(without(Finding::with(Code::StatusListOtherIssuer, short(controller))));
    }
    match &named.lookup {
        Lookup::Absent(Absent::Unavailable(resource)) => Err(Without {
            finding: Finding::with(Code::StatusListKeyUnavailable, short(controller)),
            wanted: Some(resource.clone()),
        }),
        Lookup::Absent(Absent::Asserted | Absent::MethodUnsupported) => {
            Err(without(Finding::with(Code::StatusListKeyUnavailable, short(controller))))
        }
        _ => match stands_today(&named, inquiry) {
            Some(key) if statement.fits(key) && !is_denounced(key, statement, controller, &named, inquiry) => {
                used.logs.extend(Sources::from(inquiry).kept_log(controller));
                Ok(())
            }
            _ => Err(not_genuine()),
        },
    }
}

/// Whether the list's certificate is one of the credential's own issuer: the same name under the same anchor.
fn is_certified(statement: &Statement<List>, chain: &Chain, subject: &Subject<'_, '_>, inquiry: &Inquiry<'_>) -> bool {
    let Ok(anchor) = inquiry.policy.anchor_of(chain, inquiry.at.time()) else { return false };
    let is_same_name = matches!(subject.envelope.certificates(), Some(Ok(own)) if own.subject() == chain.subject());
    let is_same_anchor = subject.named.anchor().is_some_and(|own| own.entry.id == anchor.entry.id);
    let may = is_same_name && is_same_anchor || anchor.entry.may_keep_status(inquiry.at.time());
    may && chain.key().is_ok_and(|key| statement.fits(&key))
}

/// A stolen key that its owner denounced says nothing of a credential either.
fn is_denounced(
    key: &PublicKey,
    statement: &Statement<List>,
    controller: &str,
    named: &NamedKey<'_>,
    inquiry: &Inquiry<'_>,
) -> bool {
    let Some(document) = named.document() else { return false };
    let notices = Notices::of(controller, document, inquiry);
    notices.about(key).is_some_and(|denounced| !statement.digest(key).is_some_and(|digest| denounced.accepts(&digest)))
}

/// A genuine list that does not answer for the entry.
fn misfit(error: &StatusError) -> Finding {
    let code = match error {
        StatusError::OtherPurpose => Code::StatusListOtherPurpose,
        StatusError::OutOfRange { .. } => Code::StatusListOutOfRange,
        _ => Code::StatusListOther,
    };
    Finding::explained(code, error)
}
