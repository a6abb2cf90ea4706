//! When a credential counts.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::json;

use super::take;
use crate::cast::VALID_UNTIL;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence, other] =
        [About::Address, About::Licence, About::Other].map(|about| Scene::new(about, format));
    vec![
        licence
            .invalid("not-yet-valid", "One second before the licence begins.", licence.credential())
            .now("2026-11-01T23:59:59Z")
            .by(CheckId::ValidFrom, Code::ValidFromFuture),
        licence
            .invalid("ended", "The licence ended the day before.", licence.credential())
            .now("2027-02-01T09:00:00Z")
            .by(CheckId::ValidUntil, Code::ValidUntilPast),
        licence
            .invalid("ends-this-second", "The licence ends in this very second.", licence.credential())
            .now(VALID_UNTIL)
            .by(CheckId::ValidUntil, Code::ValidUntilPast),
        licence
            .invalid("as-of-a-day-before-it-began", "Judged as of a day before it was issued.", licence.credential())
            .at_past("2026-10-01T00:00:00Z")
            .by(CheckId::ValidFrom, Code::ValidFromFuture),
        licence
            .invalid("as-of-a-day-after-it-ended", "Judged as of a day after it ended.", licence.credential())
            .at_past("2027-06-01T00:00:00Z")
            .by(CheckId::ValidUntil, Code::ValidUntilPast),
        address
            .invalid(
                "older-than-the-bank-allows",
                "A guarantee for a whole year, of which the bank takes the first three months.",
                address.answer(&address.credential_valid("2026-08-01", 365)),
            )
            .asked()
            .by(CheckId::Freshness, Code::FreshnessCredential),
        other
            .open(
                "no-start-where-an-age-is-asked-for",
                "The policy limits the age of a credential, and this one does not say how old it is.",
                other.issued(|credential| drop(take(credential, "/validFrom"))),
            )
            .policy(json!({ "maxCredentialAge": "90d" }))
            .by(CheckId::Freshness, Code::NotShown),
    ]
}
