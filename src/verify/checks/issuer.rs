//! `issuer.trust`: whether the verifier's own trust list lets this issuer issue this.

use super::Inquiry;
use super::envelope::short;
use crate::credential::kind::Kind;
use crate::trust::{Standing, TrustList};
use crate::verify::code::Code;
use crate::verify::policy::Known;
use crate::verify::report::Finding;

/// Check `issuer.trust`. `known` is the list and the entry that speak of the issuer, or of the anchor that certified it.
pub(in crate::verify) fn trust(
    issuer: &str,
    known: Option<Known<'_>>,
    types: &[&str],
    region: Option<&str>,
    inquiry: &Inquiry<'_>,
) -> Finding {
    if inquiry.policy.trust_lists().is_empty() {
        return Finding::of(Code::TrustNoList);
    }
    let Some(known) = known else { return Finding::with(Code::TrustUnknown, short(issuer)) };
    match TrustList::standing_of(known.entry, types, region, inquiry.at.time()) {
        Standing::Trusted => match known.entry.display_name() {
            Some(name) => Finding::with(Code::OkDetail, format_args!("issued by {name}")),
            None => Finding::of(Code::Ok),
        },
        Standing::Unknown => Finding::with(Code::TrustUnknown, short(issuer)),
        Standing::OtherType(refused) => Finding::with(Code::TrustOtherType, in_words(refused)),
        Standing::OtherRegion(region) => Finding::with(Code::TrustOtherRegion, short(region)),
        Standing::RegionNotShown => Finding::of(Code::TrustRegionNotShown),
        Standing::NotYet(from) => Finding::with(Code::TrustNotYet, from.in_words()),
        Standing::Ended(until) => Finding::with(Code::TrustEnded, until.in_words()),
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
