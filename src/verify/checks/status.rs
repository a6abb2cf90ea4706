//! `status.revocation`, `status.suspension` and `status.list`. This version reads no status lists, so a credential
//! that names one is never valid: whether it was revoked is open.

use super::disclosure::Disclosed;
use super::envelope::Envelope;
use super::time::may_hide_members;
use crate::credential::model::CredentialView;
use crate::encoding::json::Map;
use crate::verify::CheckId;
use crate::verify::code::Code;
use crate::verify::report::Finding;

/// Which of the three checks an entry belongs to, by its type and purpose.
fn check_of(entry: &Map) -> CheckId {
    let text = |name: &str| entry.get(name).and_then(|value| value.as_str());
    match (text("type"), text("statusPurpose")) {
        (Some("BitstringStatusListEntry"), Some("revocation")) => CheckId::StatusRevocation,
        (Some("BitstringStatusListEntry"), Some("suspension")) => CheckId::StatusSuspension,
        _ => CheckId::StatusList,
    }
}

/// Whether the holder may have withheld an entry: the only one, or one of several.
fn may_be_hidden(envelope: &Envelope<'_>, view: &CredentialView<'_>) -> bool {
    let within = |disclosed: &Disclosed<'_>| !disclosed.is_vc && disclosed.may_hide_within("credentialStatus");
    (view.status.is_empty() && may_hide_members(envelope)) || envelope.disclosed().is_some_and(within)
}

/// The finding of one of the three checks.
pub(in crate::verify) fn status(check: CheckId, envelope: &Envelope<'_>, view: &CredentialView<'_>) -> Finding {
    if check == CheckId::StatusList && may_be_hidden(envelope, view) {
        return Finding::of(Code::StatusHidden);
    }
    if !view.status.iter().any(|entry| check_of(entry) == check) {
        return Finding::of(Code::NotApplicable);
    }
    let what = match check {
        CheckId::StatusRevocation => "revoked",
        CheckId::StatusSuspension => "suspended",
        _ => "changed since it was issued",
    };
    Finding::with(Code::StatusUnsupported, what)
}
