//! Policies that ask for what the document does not show. For checks that nothing else can trigger in this version,
//! these are their vectors.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::json;

use crate::scene::{About, Scene};
use crate::vector::Case;

/// The check, the vector's name, and what is asked for.
const DEMANDS: [(CheckId, &str, &str); 11] = [
    (CheckId::DataTerms, "terms-asked-for", "that every member is defined by a vocabulary"),
    (CheckId::Disclosure, "disclosure-asked-for", "a format in which the holder chooses what to show"),
    (CheckId::MaterialRollback, "rollback-protection-asked-for", "a comparison with what was seen before"),
    (CheckId::IssuerAccreditation, "accreditation-asked-for", "that somebody recognises the issuer"),
    (CheckId::Delegation, "delegation-asked-for", "that the issuer delegated to whoever signed"),
    (CheckId::Endorsement, "endorsement-asked-for", "that people endorse it"),
    (CheckId::StatusRevocation, "revocation-asked-for", "that it can be revoked"),
    (CheckId::Schema, "schema-asked-for", "that the issuer names a schema"),
    (CheckId::HolderBinding, "holder-asked-for", "that its holder presents it"),
    (CheckId::Audience, "audience-asked-for", "that it was made for this desk"),
    (CheckId::Nonce, "nonce-asked-for", "that it answers a request"),
];

pub(super) fn cases() -> Vec<Case> {
    let (licence, other) = (Scene::new(About::Licence, Format::Jwt), Scene::new(About::Other, Format::Jwt));
    let demand = |(check, name, what): (CheckId, &'static str, &str)| {
        // A licence has a status, and with it what can be compared with what was seen.
        let has_status = matches!(check, CheckId::StatusRevocation | CheckId::MaterialRollback);
        let scene = if has_status { &other } else { &licence };
        scene
            .open(
                name,
                &format!("The policy asks for {what}, and the document shows nothing of the kind."),
                scene.credential(),
            )
            .policy(json!({ "demand": [check.name()] }))
            .by(check, Code::NotShown)
    };
    DEMANDS.into_iter().map(demand).collect()
}
