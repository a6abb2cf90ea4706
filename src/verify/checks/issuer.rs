//! `issuer.trust`: whether the verifier's own trust list lets this issuer issue this.

use super::Inquiry;
use super::envelope::short;
use crate::trust::Standing;
use crate::verify::code::Code;
use crate::verify::report::Finding;

/// Check `issuer.trust`.
pub(in crate::verify) fn trust(issuer: &str, types: &[&str], region: Option<&str>, inquiry: &Inquiry<'_>) -> Finding {
    if inquiry.policy.trust_lists().is_empty() {
        return Finding::of(Code::TrustNoList);
    }
    let Some(list) = inquiry.policy.list_of(issuer) else { return Finding::with(Code::TrustUnknown, short(issuer)) };
    match list.standing(issuer, types, region, inquiry.at.time()) {
        Standing::Trusted => match list.entry(issuer).and_then(|entry| entry.display_name()) {
            Some(name) => Finding::with(Code::OkDetail, format_args!("issued by {name}")),
            None => Finding::of(Code::Ok),
        },
        Standing::Unknown => Finding::with(Code::TrustUnknown, short(issuer)),
        Standing::OtherType(refused) => Finding::with(Code::TrustOtherType, short(refused)),
        Standing::OtherRegion(region) => Finding::with(Code::TrustOtherRegion, short(region)),
        Standing::RegionNotShown => Finding::of(Code::TrustRegionNotShown),
        Standing::NotYet(from) => Finding::with(Code::TrustNotYet, from),
        Standing::Ended(until) => Finding::with(Code::TrustEnded, until),
    }
}
