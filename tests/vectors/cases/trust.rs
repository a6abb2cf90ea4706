//! What the desk's own trust list says of the issuer.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{push, put};
use crate::cast::{CAST, entry, list};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence, other] =
        [About::Address, About::Licence, About::Other].map(|about| Scene::new(about, format));
    let mut cases = grants(&address, &licence, &other);
    cases.extend(lists(&licence));
    cases
}

/// A list with the scene's entry after a change.
fn with(scene: &Scene, member: &str, value: impl Into<Value>) -> [Value; 1] {
    let mut entry = scene.entry.clone();
    entry[member] = value.into();
    [list(&[entry])]
}

fn grants(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    let regional = with(other, "regions", json!(["HK"]));
    vec![
        licence
            .invalid(
                "issuer-may-issue-other-things",
                "The trust list lets this authority vouch for addresses only.",
                licence.credential(),
            )
            .trusting(&with(licence, "issues", json!(["proof-of-address"])))
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        address
            .invalid(
                "type-beside-one-that-is-granted",
                "Beside the guarantee, which the issuer may give, the credential claims to be a bank's reference.",
                address.answer(&address.issued(|credential| push(credential, "type", "BankReferenceCredential"))),
            )
            .asked()
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        other
            .invalid(
                "no-type-that-is-granted",
                "A credential without a type of its own is not what the trust list grants.",
                other.issued(|credential| put(credential, "/type", json!(["VerifiableCredential"]))),
            )
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        licence
            .invalid(
                "region-not-granted",
                "The licence holds in Finland, and the grant is for Sweden.",
                licence.credential(),
            )
            .trusting(&with(licence, "regions", json!(["SE"])))
            .by(CheckId::IssuerTrust, Code::TrustOtherRegion),
        licence
            .invalid(
                "country-where-a-region-is-granted",
                "The licence holds in the whole country, and the grant is for one of its regions.",
                licence.credential(),
            )
            .trusting(&with(licence, "regions", json!(["FI-18"])))
            .by(CheckId::IssuerTrust, Code::TrustOtherRegion),
        other
            .open(
                "region-not-shown",
                "The grant is for one region, and nothing says where the credential belongs.",
                other.credential(),
            )
            .trusting(&regional)
            .by(CheckId::IssuerTrust, Code::TrustRegionNotShown),
        licence
            .invalid("issuer-trusted-only-later", "The grant begins tomorrow.", licence.credential())
            .trusting(&with(licence, "from", "2026-11-21T00:00:00Z"))
            .by(CheckId::IssuerTrust, Code::TrustNotYet),
        licence
            .invalid(
                "issuer-no-longer-trusted",
                "The grant ended before this day, though after the licence was issued.",
                licence.credential(),
            )
            .trusting(&with(licence, "until", "2026-11-15T00:00:00Z"))
            .by(CheckId::IssuerTrust, Code::TrustEnded),
    ]
}

fn lists(licence: &Scene) -> Vec<Case> {
    let known = list(std::slice::from_ref(&licence.entry));
    let narrow = with(licence, "issues", json!(["skill"]))[0].clone();
    let issued = |moment: &str| {
        let mut list = known.clone();
        list["issued"] = moment.into();
        [list]
    };
    vec![
        licence
            .open("no-trust-list", "Nobody said whom to believe.", licence.credential())
            .trusting(&[])
            .by(CheckId::IssuerTrust, Code::TrustNoList),
        licence
            .open("issuer-unknown", "The trust list knows other issuers, not this one.", licence.credential())
            .trusting(&[list(&[entry(&CAST.school, "Example Evening School", &["*"], &[])])])
            .by(CheckId::IssuerTrust, Code::TrustUnknown),
        licence
            .invalid(
                "second-list-is-wider",
                "Two trust lists name the issuer; the first, which is narrower, decides.",
                licence.credential(),
            )
            .trusting(&[narrow, known.clone()])
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        licence
            .open("trust-list-old", "The trust list is 19 days old, and the policy allows 7.", licence.credential())
            .policy(json!({ "accepts": ["licence"], "maxTrustListAge": "7d" }))
            .by(CheckId::Freshness, Code::FreshnessTrustList),
        licence
            .open(
                "trust-list-from-the-future",
                "The trust list was written tomorrow, so the clock cannot be right.",
                licence.credential(),
            )
            .trusting(&issued("2026-11-21T09:00:00Z"))
            .by(CheckId::ValidFrom, Code::Clock),
        licence
            .open(
                "ended-by-a-clock-that-is-wrong",
                "The licence has ended by a clock that runs ahead of nothing but itself: the trust list is later still.",
                licence.credential(),
            )
            .now("2027-03-01T00:00:00Z")
            .trusting(&issued("2027-03-02T00:00:00Z"))
            .by(CheckId::ValidFrom, Code::Clock),
    ]
}
