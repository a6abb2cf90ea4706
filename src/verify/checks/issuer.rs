//! `issuer.trust`: whether the verifier's own trust list lets this issuer issue this.

use super::Inquiry;
use super::envelope::short;
use super::key::NamedKey;
use crate::credential::kind::Kind;
use crate::credential::model::CredentialView;
use crate::time::Timestamp;
use crate::trust::{Standing, TrustList};
use crate::verify::code::Code;
use crate::verify::policy::Known;
use crate::verify::report::Finding;

/// When the issuer ceased to be, if it did before the moment that is judged: it gave its DID up, or the trust list says
/// that it closed.
pub(in crate::verify) fn closed(
    named: &NamedKey<'_>,
    known: Option<Known<'_>>,
    inquiry: &Inquiry<'_>,
) -> Option<Timestamp> {
    let listed = known.and_then(|known| known.entry.closed).filter(|closed| inquiry.at.time() >= *closed);
    named.deactivated().into_iter().chain(listed).min()
}

/// Check `issuer.trust`. `known` is the list and the entry that speak of the issuer, or of the anchor that certified it.
pub(in crate::verify) fn trust(
    view: &CredentialView<'_>,
    known: Option<Known<'_>>,
    kind: Option<Kind>,
    region: Option<&str>,
    closed: Option<Timestamp>,
    inquiry: &Inquiry<'_>,
) -> Finding {
    let (issuer, types) = (view.issuer, view.types.as_slice());
    if inquiry.policy.trust_lists().is_empty() {
        return Finding::of(Code::TrustNoList);
    }
    let Some(known) = known else { return Finding::with(Code::TrustUnknown, short(issuer)) };
    match TrustList::standing_of(known.entry, types, region, inquiry.at.time()) {
        Standing::Trusted => {
            match (closed.and_then(|closed| gone(closed, known, types, kind, inquiry)), known.entry.display_name()) {
                (Some(finding), _) => finding,
                (None, Some(name)) => Finding::with(Code::OkDetail, format_args!("issued by {name}")),
                (None, None) => Finding::of(Code::Ok),
            }
        }
        Standing::Unknown => Finding::with(Code::TrustUnknown, short(issuer)),
        Standing::OtherType(refused) => Finding::with(Code::TrustOtherType, in_words(refused)),
        Standing::OtherRegion(region) => Finding::with(Code::TrustOtherRegion, short(region)),
        Standing::RegionNotShown => Finding::of(Code::TrustRegionNotShown),
        Standing::NotYet(from) => Finding::with(Code::TrustNotYet, from.in_words()),
        Standing::Ended(until) => Finding::with(Code::TrustEnded, until.in_words()),
    }
}

/// What stands against documents of an issuer that is no more. Nobody would say that a tenant left; of other documents the
/// trust list says how long they outlive their issuer.
fn gone(
    closed: Timestamp,
    known: Known<'_>,
    types: &[&str],
    kind: Option<Kind>,
    inquiry: &Inquiry<'_>,
) -> Option<Finding> {
    let until = known.entry.stands_until(types, closed).filter(|_| kind != Some(Kind::ProofOfAddress));
    match until {
        None => Some(Finding::with(Code::TrustClosed, closed.in_words())),
        Some(until) if inquiry.at.time() >= until => Some(Finding::with(Code::TrustOutlived, until.in_words())),
        Some(_) => None,
    }
}

/// A credential type as a person says it.
fn in_words(credential_type: &str) -> String {
    match Kind::ALL.into_iter().find(|kind| kind.credential_type() == credential_type).or(Kind::of_vct(credential_type))
    {
        Some(kind) => format!("a {}", kind.in_words()),
        None => format!("credentials of the type {}", short(credential_type)),
    }
}
