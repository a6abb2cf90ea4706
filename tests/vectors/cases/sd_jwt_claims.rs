//! The claims set of an SD-JWT VC: its types, labels and times, and what has no place in it.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{CAST, list};
use crate::scene::{ALUMNI, About, Scene};
use crate::selective::{bound, now};
use crate::vector::Case;

/// A `status` that this version cannot look up.
pub(super) fn status_entry() -> Value {
    json!({ "status_list": { "idx": 7, "uri": "https://school.example/status/1" } })
}

/// A list in which the scene's issuer may issue everything.
pub(super) fn everything(scene: &Scene) -> [Value; 1] {
    [list(&[json!({ "id": scene.issuer.did, "issues": ["*"] })])]
}

fn with(scene: &Scene, name: &str, value: impl Into<Value>) -> String {
    scene.made(|credential| put(&mut credential.payload, &format!("/{name}"), value))
}

fn broken(case: Case) -> Case {
    case.by(CheckId::DataModel, Code::ModelBroken)
}

pub(super) fn cases() -> Vec<Case> {
    let [address, licence, skill, other] = About::ALL.map(|about| Scene::new(about, Format::SdJwtVc));
    let mut cases = types(&licence, &skill, &other);
    cases.extend(labels(&other));
    cases.extend(data_models(&other));
    cases.extend(times(&other));
    cases.extend(members(&address, &licence, &other));
    cases
}

fn types(licence: &Scene, skill: &Scene, other: &Scene) -> Vec<Case> {
    let visitor = "https://school.example/credentials/visitor";
    let beside = |types: Value| with(other, "aka_vcts", types);
    let two_types = [list(&[json!({ "id": other.issuer.did, "issues": [ALUMNI, visitor] })])];
    vec![
        other
            .invalid("type-that-is-not-granted", "The type is another than the one that the list grants.", {
                with(other, "vct", visitor)
            })
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        other
            .invalid("type-beside-one-that-is-granted", "Beside the type that is granted stands another.", {
                beside(json!([visitor]))
            })
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        other
            .valid("two-types-that-are-granted", "Both types are granted.", beside(json!([visitor])))
            .trusting(&two_types),
        other
            .invalid("two-kinds-at-once", "The types are a licence and a skill.", {
                with(licence, "aka_vcts", json!(["https://w3id.org/attesta/vct/skill/1"]))
            })
            .trusting(&everything(licence))
            .status(licence.status())
            .by(CheckId::DataModel, Code::ModelTwoKinds),
        licence
            .invalid("kind-among-the-other-types", "A licence by its second type must carry what a licence carries.", {
                other.made(|credential| {
                    put(&mut credential.payload, "/aka_vcts", json!(["https://w3id.org/attesta/vct/licence/1"]));
                    take(&mut credential.payload, "/exp");
                })
            })
            .trusting(&everything(other))
            .by(CheckId::DataModel, Code::ModelKindNeeds),
        skill
            .invalid("licence-where-a-skill-is-asked-for", "Another kind than the policy takes.", licence.credential())
            .trusting(&[list(std::slice::from_ref(&licence.entry))])
            .by(CheckId::DataModel, Code::ModelKindRefused),
        broken(other.invalid("type-missing", "Nothing says what it is.", {
            other.made(|credential| drop(take(&mut credential.payload, "/vct")))
        })),
        broken(other.invalid("type-as-a-list", "The type is a list, of which each reader may take another item.", {
            with(other, "vct", json!([ALUMNI, visitor]))
        })),
        broken(other.invalid("other-types-repeat-the-type", "The type stands among the other types.", {
            beside(json!([ALUMNI]))
        })),
        broken(other.invalid("seventeen-types", "More types than are read.", {
            beside((0..16).map(|number| format!("https://school.example/types/{number}")).collect())
        })),
    ]
}

fn labels(other: &Scene) -> Vec<Case> {
    let labelled = |name: &str| other.made(|credential| put(&mut credential.header, "/typ", name));
    vec![
        other
            .invalid(
                "labelled-as-a-w3c-credential",
                "The label is that of the W3C's data model.",
                labelled("vc+sd-jwt"),
            )
            .by(CheckId::MediaType, Code::MediaTypeOther),
        other
            .invalid("labelled-as-any-jwt", "The label says JWT, which everything is.", labelled("JWT"))
            .by(CheckId::MediaType, Code::MediaTypeOther),
        other
            .invalid("labelled-as-a-key-binding", "The label is that of a holder's token.", labelled("kb+jwt"))
            .by(CheckId::MediaType, Code::MediaTypeOther),
        other
            .open("without-a-label", "The token does not say what it is.", {
                other.made(|credential| drop(take(&mut credential.header, "/typ")))
            })
            .by(CheckId::MediaType, Code::MediaTypeMissing),
        other.valid("label-in-full", "The label is the media type in full.", labelled("application/dc+sd-jwt")),
    ]
}

fn data_models(other: &Scene) -> Vec<Case> {
    vec![
        broken(other.invalid("contexts-in-it", "Contexts would make another credential of it to other readers.", {
            with(other, "@context", json!(["https://www.w3.org/ns/credentials/v2"]))
        })),
        broken(other.invalid("subject-of-the-other-data-model", "A subject of the W3C's data model stands in it.", {
            with(other, "credentialSubject", json!({ "alumniOf": "Example University" }))
        })),
        broken(other.invalid("wrapped-as-in-data-model-1-1", "Another credential stands within a claim vc.", {
            with(other, "vc", json!({ "type": ["VerifiableCredential"] }))
        })),
    ]
}

fn times(other: &Scene) -> Vec<Case> {
    let now = now();
    vec![
        other
            .invalid("ended", "Its end is past.", with(other, "exp", now - 1))
            .by(CheckId::ValidUntil, Code::ValidUntilPast),
        other
            .invalid("ends-this-second", "Its end is this very second.", with(other, "exp", now))
            .by(CheckId::ValidUntil, Code::ValidUntilPast),
        other
            .invalid("not-yet-valid", "It begins tomorrow.", with(other, "nbf", now + 86_400))
            .by(CheckId::ValidFrom, Code::ValidFromFuture),
        other
            .invalid("issued-in-the-future", "It was issued an hour from now.", with(other, "iat", now + 3_600))
            .by(CheckId::ProofExpiry, Code::ExpiryFuture),
        other.valid("without-an-end", "Of a type without rules an end is not demanded.", {
            other.made(|credential| drop(take(&mut credential.payload, "/exp")))
        }),
        other
            .open("without-an-end-where-one-is-demanded", "The policy demands an end.", {
                other.made(|credential| drop(take(&mut credential.payload, "/exp")))
            })
            .policy(json!({ "demand": ["valid-until"] }))
            .by(CheckId::ValidUntil, Code::NotShown),
        broken(other.invalid("end-as-text", "The end is text, which some readers would pass over.", {
            with(other, "exp", "1801353600")
        })),
        broken(other.invalid("end-null", "The end is null, which some readers would pass over.", {
            with(other, "exp", Value::Null)
        })),
        broken(
            other.invalid("ends-before-it-begins", "The end lies before the beginning.", {
                with(other, "exp", 1_000_000)
            }),
        ),
        broken(other.invalid("end-as-a-date", "The end is written as the W3C's data model does.", {
            with(other, "exp", "2027-01-31T00:00:00Z")
        })),
    ]
}

fn members(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    vec![
        other
            .open("status-that-cannot-be-looked-up", "A status list, which is not at hand.", {
                with(other, "status", status_entry())
            })
            .missing("https://school.example/status/1")
            .by(CheckId::StatusList, Code::StatusListUnavailable),
        broken(other.invalid("status-that-is-empty", "The status says nothing.", with(other, "status", json!({})))),
        broken(other.invalid("two-keys-of-a-holder", "Two ways to name the holder's key.", {
            with(other, "cnf", json!({ "jwk": CAST.tenant.public_key().to_jwk(), "jku": "https://thief.example/keys" }))
        })),
        address
            .invalid("country-that-does-not-exist", "A claim does not keep the rules of its kind.", {
                bound(&address.made(|credential| put(&mut credential.payload, "/address/country", "Hong Kong")))
            })
            .asked()
            .by(CheckId::DataModel, Code::ModelClaims),
        licence.valid("claim-that-nobody-knows", "An issuer says more than the kind has members for.", {
            licence.made(|credential| put(&mut credential.payload, "/colourOfTheCard", "pink"))
        }),
    ]
}
