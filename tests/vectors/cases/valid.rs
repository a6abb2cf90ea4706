//! What must be accepted.

use attesta::credential::Holder;
use attesta::securing::Format;
use attesta::verify::CheckId;
use serde_json::json;

use super::{put, take};
use crate::cast::{BANK, CAST, NONCE, document, list, method_of};
use crate::forge::enclosed;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence, skill, other] = About::ALL.map(|about| Scene::new(about, format));
    [as_issued(&address, &licence, &skill, &other), variants(&address, &licence, &other)].concat()
}

fn as_issued(address: &Scene, licence: &Scene, skill: &Scene, other: &Scene) -> Vec<Case> {
    vec![
        address
            .valid(
                "presented-to-the-bank",
                "A tenant answers the bank's request with a guarantee of the address.",
                address.answer(&address.credential()),
            )
            .asked(),
        licence.valid("handed-over-as-a-file", "A licence lies on the desk as a file.", licence.credential()),
        licence
            .valid(
                "presented-by-its-holder",
                "The holder answers a request with the licence.",
                licence.answer(&licence.credential()),
            )
            .asked(),
        skill.valid(
            "handed-over-as-a-file",
            "A certified skill, whose issuer publishes its keys on its own host; the document is at hand.",
            skill.credential(),
        ),
        skill
            .valid(
                "presented-by-its-holder",
                "The holder answers a request with a certified skill.",
                skill.answer(&skill.credential()),
            )
            .asked(),
        other.valid(
            "handed-over-as-a-file",
            "A credential of a type that this library has no rules for.",
            other.credential_to(None),
        ),
        other
            .valid(
                "two-presented-together",
                "The holder answers with two credentials of two issuers.",
                other.answer_to(&[&other.credential(), &address.credential()], BANK, NONCE),
            )
            .asked()
            .trusting(&[list(std::slice::from_ref(&other.entry)), list(std::slice::from_ref(&address.entry))])
            .status(address.status()),
    ]
}

fn variants(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let neighbour = &CAST.neighbour;
    let published = tenant.under("did:web:tenant.example#phone");
    let to_published = other.credential_to(Some(Holder::Did(published.did.clone())));
    let published_document = document(&published.did, &[method_of(&published)], &["authentication"]);
    let several = json!(["https://other.example", BANK]);
    vec![
        address
            .valid("held-under-a-did-jwk", "The holder's identifier is the did:jwk of the key in the phone.", {
                let credential = address.credential_to(Some(Holder::Did(neighbour.did.clone())));
                address.answer_of(neighbour, &credential)
            })
            .asked(),
        other
            .valid(
                "held-under-a-published-document",
                "The holder's keys stand in a document on the holder's own host, which is at hand.",
                other.answer_of(&published, &to_published),
            )
            .asked()
            .fetched(&published_document),
        other
            .valid(
                "presented-with-a-key-of-the-holder",
                "The presentation is signed under the did:key of a key that the holder's document lists.",
                other.answer_of(tenant, &to_published),
            )
            .asked()
            .fetched(&published_document),
        address
            .valid(
                "presentation-that-names-no-holder",
                "A presentation need not name its holder: the key that signs it does.",
                address.answer_by(
                    tenant,
                    &[enclosed(&address.credential())],
                    |presentation| drop(take(presentation, "/holder")),
                    |_| {},
                ),
            )
            .asked(),
        address
            .valid(
                "presented-to-several-verifiers",
                "The answer is made for two verifiers, of which this one is the second.",
                address.answer_by(
                    tenant,
                    &[enclosed(&address.credential())],
                    |presentation| {
                        if address.format == Format::Jwt {
                            put(presentation, "/aud", several.clone());
                        }
                    },
                    |options| match address.format {
                        Format::Jwt => {}
                        Format::Cose => put(options, "/aud", several.clone()),
                        _ => put(options, "/domain", several.clone()),
                    },
                ),
            )
            .asked(),
        address
            .valid(
                "copy-where-no-holder-is-asked-for",
                "A bare copy is taken by a desk whose policy gives up holder binding; the report says so.",
                address.credential(),
            )
            .policy(json!({ "accepts": ["proof-of-address"], "holderBinding": "not-required" }))
            .relaxed(CheckId::HolderBinding),
        licence
            .valid("until-its-last-second", "One second before the licence ends.", licence.credential())
            .now("2027-01-30T23:59:59Z"),
        licence
            .valid("from-its-first-second", "In the very second from which the licence is valid.", licence.credential())
            .now("2026-11-02T00:00:00Z"),
        licence
            .valid(
                "as-of-a-day-when-it-was-valid",
                "Judged as of a day in its time, by a trust list that was written later.",
                licence.credential(),
            )
            .at_past("2026-11-05T12:00:00Z")
            .trusting(&[{
                let mut list = list(std::slice::from_ref(&licence.entry));
                list["issued"] = "2027-03-01T00:00:00Z".into();
                list
            }]),
        licence.valid(
            "in-a-subdivision-of-a-granted-country",
            "The trust list grants a country, and the licence holds in a part of it.",
            licence.issued(|licence| put(licence, "/credentialSubject/jurisdiction", "FI-18")),
        ),
        other.valid("issuer-as-an-object", "The issuer stands as an object with an id and a name.", {
            let issuer = json!({ "id": other.issuer.did, "name": "Example Evening School" });
            other.issued(|credential| put(credential, "/issuer", issuer))
        }),
        other
            .valid("unchecked-schema-relaxed", "The policy does not require the schema that the issuer names.", {
                let schema = json!({ "id": "https://school.example/alumni.json", "type": "JsonSchema" });
                other.issued(|credential| put(credential, "/credentialSchema", schema))
            })
            .policy(json!({ "relax": ["schema"] }))
            .relaxed(CheckId::Schema),
        licence
            .valid("of-any-type-by-a-star", "The trust list lets the issuer issue everything.", licence.credential())
            .trusting(&[list(&[json!({ "id": licence.issuer.did, "issues": ["*"] })])]),
        licence
            .valid(
                "trust-list-a-minute-ahead",
                "The trust list was written on a computer whose clock is a few minutes ahead.",
                licence.credential(),
            )
            .trusting(&[{
                let mut list = list(std::slice::from_ref(&licence.entry));
                list["issued"] = "2026-11-20T09:05:00Z".into();
                list
            }]),
    ]
}
