//! `valid-from`, `valid-until`, `proof-expiry` and `freshness`.

use serde_json::Value;

use super::Inquiry;
use super::envelope::Envelope;
use super::key::NamedKey;
use crate::credential::model::CredentialView;
use crate::time::{Days, Timestamp};
use crate::trust::TrustList;
use crate::verify::code::Code;
use crate::verify::expected::At;
use crate::verify::report::Finding;

/// How far a signer's clock may be ahead of ours, in seconds.
pub(super) const SKEW: i64 = 300;

/// Seconds between `earlier` and the moment that is judged; 0 if it is later.
pub(in crate::verify) fn age(at: At, earlier: Timestamp) -> u64 {
    u64::try_from(at.time().seconds_since(earlier)).unwrap_or(0)
}

/// The finding of every check of time when the clock cannot be right: a trust list of our own, or something genuine that
/// the decision rests on (`signed`), was signed later than what the clock says.
pub(in crate::verify) fn clock(inquiry: &Inquiry<'_>, signed: Option<Timestamp>) -> Option<Finding> {
    let At::Now(now) = inquiry.at else { return None };
    let mut moments = inquiry.policy.trust_lists().iter().map(TrustList::issued).chain(signed);
    moments.find(|moment| moment.seconds_since(now) > SKEW).map(|issued| Finding::with(Code::Clock, issued.in_words()))
}

/// Check `valid-from`.
pub(in crate::verify) fn valid_from(envelope: &Envelope<'_>, view: &CredentialView<'_>, at: At) -> Finding {
    match view.valid_from {
        None if envelope.may_hide_members() => Finding::of(Code::ValidFromHidden),
        None => Finding::of(Code::NotApplicable),
        Some(from) if at.time() < from => Finding::with(Code::ValidFromFuture, from.in_words()),
        Some(_) => Finding::of(Code::Ok),
    }
}

/// Check `valid-until`. The moment itself is no longer valid.
pub(in crate::verify) fn valid_until(envelope: &Envelope<'_>, view: &CredentialView<'_>, at: At) -> Finding {
    match view.valid_until {
        None if envelope.may_hide_members() => Finding::of(Code::ValidUntilHidden),
        None => Finding::of(Code::NotApplicable),
        Some(until) if at.time() >= until => Finding::with(Code::ValidUntilPast, until.in_words()),
        Some(_) => Finding::of(Code::Ok),
    }
}

/// Check `proof-expiry`: the signature's own times, `exp`, `nbf` and `iat` (RFC 7519 section 4.1) or `expires` and
/// `created` (Data Integrity 1.0, section 2.1).
pub(in crate::verify) fn proof_expiry(envelope: &Envelope<'_>, at: At) -> Finding {
    let (starts, ends) = match times(envelope) {
        Ok(times) => times,
        Err(finding) => return finding,
    };
    let early = |moment: &Timestamp| moment.seconds_since(at.time()) > SKEW;
    match (starts, ends) {
        (_, Some(end)) if at.time() >= end => Finding::with(Code::ExpiryPast, end.in_words()),
        (Some(start), _) if early(&start) => Finding::with(Code::ExpiryFuture, start.in_words()),
        // No holder may hide them, and what is hidden beside the claims may be just these.
        (None, _) | (_, None) if envelope.disclosed().is_some() && envelope.may_hide_members() => {
            Finding::of(Code::ExpiryHidden)
        }
        (None, None) => Finding::of(Code::NotApplicable),
        _ => Finding::of(Code::Ok),
    }
}

/// The later of the moments from which the signature counts, and the moment at which it ends.
fn times(envelope: &Envelope<'_>) -> Result<(Option<Timestamp>, Option<Timestamp>), Finding> {
    if let Envelope::DataIntegrity(proven) = envelope {
        return Ok((proven.proof().created, proven.proof().expires));
    }
    let claim = |name: &'static str| match envelope.token_claim(name) {
        None => Ok(None),
        Some(value) => numeric_date(value).map(Some).ok_or_else(|| Finding::with(Code::ExpiryForm, name)),
    };
    // `nbf` and `exp` of an SD-JWT VC are the credential's own beginning and end.
    if envelope.is_sd_jwt_vc() {
        return Ok((claim("iat")?, None));
    }
    Ok((claim("iat")?.max(claim("nbf")?), claim("exp")?))
}

/// Seconds since 1970-01-01T00:00:00Z, a fraction dropped (RFC 7519 section 2).
pub(super) fn numeric_date(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().or_else(|| {
        let seconds = value.as_f64()?.floor();
        (seconds.abs() < 1e15).then_some(seconds as i64)
    })?;
    Timestamp::from_unix(seconds).ok()
}

/// Check `freshness`: the credential, the key document and the trust list are no older than the policy allows.
pub(in crate::verify) fn freshness(
    view: &CredentialView<'_>,
    issuer: &NamedKey<'_>,
    list: Option<&TrustList>,
    closed: Option<Timestamp>,
    inquiry: &Inquiry<'_>,
) -> Finding {
    let policy = inquiry.policy;
    let too_old = |moment: Timestamp, limit: Option<Days>| {
        let age = age(inquiry.at, moment);
        limit.is_some_and(|limit| age > limit.seconds()).then_some(age)
    };
    match (view.valid_from, policy.max_credential_age) {
        (None, Some(_)) => return Finding::of(Code::NotShown),
        (Some(from), limit) => {
            if let Some(age) = too_old(from, limit) {
                return Finding::with(Code::FreshnessCredential, span(age)).aged(Some(age));
            }
        }
        (None, None) => {}
    }
    // What an issuer published that is no more cannot be had anew.
    let obtained = issuer.obtained().filter(|_| closed.is_none());
    if let Some(age) = obtained.and_then(|obtained| too_old(obtained, policy.max_document_age)) {
        return Finding::with(Code::FreshnessDocument, span(age)).aged(Some(age));
    }
    if let Some(age) = list.and_then(|list| too_old(list.issued(), policy.max_trust_list_age)) {
        return Finding::with(Code::FreshnessTrustList, span(age)).aged(Some(age));
    }
    match issuer.obtained().map(|obtained| age(inquiry.at, obtained)) {
        Some(age) => Finding::with(Code::OkDetail, format_args!("key document as of {}", ago(age))).aged(Some(age)),
        None => Finding::of(Code::Ok),
    }
}

/// When that was, as a person says it.
pub(in crate::verify) fn ago(seconds: u64) -> String {
    if seconds < 60 { "now".to_owned() } else { format!("{} ago", span(seconds)) }
}

/// A span of time as a person says it: the largest unit alone.
pub(in crate::verify) fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => return "less than a minute".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numeric_dates_are_numbers() {
        let seconds = |value: Value| numeric_date(&value).map(Timestamp::unix);
        assert_eq!(seconds(json!(1_734_223_620)), Some(1_734_223_620));
        assert_eq!(seconds(json!(1_734_223_620.9)), Some(1_734_223_620));
        for value in
            [json!("1734223620"), json!("2010-01-01T19:23:24Z"), json!(null), json!(1e300), json!(u64::MAX), json!([1])]
        {
            assert_eq!(seconds(value), None);
        }
    }

    #[test]
    fn spans_are_said_in_the_largest_unit() {
        assert_eq!(
            [59, 60, 7_199, 86_400, 259_200].map(span),
            ["less than a minute", "1 minute", "1 hour", "1 day", "3 days"]
        );
        assert_eq!([0, 59, 60, 86_400].map(ago), ["now", "now", "1 minute ago", "1 day ago"]);
    }
}
