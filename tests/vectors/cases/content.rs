//! What a credential says: data model, kind, vocabulary, schema and status.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::json;

use super::{push, put, take};
use crate::cast::CAST;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence, skill, other] = About::ALL.map(|about| Scene::new(about, format));
    let mut cases = kinds(&address, &licence, &skill, &other);
    cases.extend(model(&licence, &other));
    cases.extend(vocabulary(&licence, &skill, &other));
    cases.extend(unread(&other));
    cases
}

fn kinds(address: &Scene, licence: &Scene, skill: &Scene, other: &Scene) -> Vec<Case> {
    let needs = |case: Case| case.by(CheckId::DataModel, Code::ModelKindNeeds);
    let claims = |case: Case| case.by(CheckId::DataModel, Code::ModelClaims);
    vec![
        needs(licence.invalid(
            "without-an-end",
            "A licence that would hold for ever.",
            licence.issued(|credential| drop(take(credential, "/validUntil"))),
        )),
        needs(licence.invalid(
            "without-a-start",
            "A licence that does not say from when it holds.",
            licence.issued(|credential| drop(take(credential, "/validFrom"))),
        )),
        needs(
            address
                .invalid(
                    "without-a-holder",
                    "A guarantee for nobody's key, which anybody could present.",
                    address.answer(&address.issued(|credential| drop(take(credential, "/credentialSubject/id")))),
                )
                .asked(),
        ),
        claims(
            address
                .invalid(
                    "without-consent",
                    "A guarantee to which the person did not consent.",
                    address.answer(&address.issued(|credential| {
                        put(credential, "/credentialSubject/consent/given", false);
                    })),
                )
                .asked(),
        ),
        claims(
            address
                .invalid(
                    "without-an-address",
                    "A guarantee of an address that holds no address.",
                    address.answer(&address.issued(|credential| drop(take(credential, "/credentialSubject/address")))),
                )
                .asked(),
        ),
        claims(licence.invalid(
            "born-on-a-day-that-does-not-exist",
            "A date of birth on a thirtieth of February.",
            licence.issued(|credential| put(credential, "/credentialSubject/birthDate", "1991-02-30")),
        )),
        claims(licence.invalid(
            "text-that-runs-backwards",
            "A title with a character that reverses what is printed.",
            licence.issued(|credential| put(credential, "/credentialSubject/title", "Ajokortti \u{202e}B")),
        )),
        claims(skill.invalid(
            "without-an-achievement",
            "A certified skill that does not say which.",
            skill.issued(|credential| drop(take(credential, "/credentialSubject/achievement"))),
        )),
        licence
            .invalid("two-people-at-once", "One licence for two people.", {
                licence.issued(|credential| {
                    let subject = credential["credentialSubject"].clone();
                    put(credential, "/credentialSubject", json!([subject, subject]));
                })
            })
            .by(CheckId::DataModel, Code::ModelSeveralSubjects),
        address
            .invalid(
                "two-kinds-at-once",
                "A guarantee of an address that claims to be a licence too.",
                address.answer(&address.issued(|credential| push(credential, "type", "LicenceCredential"))),
            )
            .asked()
            .preset("default")
            .by(CheckId::DataModel, Code::ModelTwoKinds),
        licence
            .invalid(
                "licence-where-an-address-is-asked-for",
                "A licence is handed to a bank that asked for a proof of address.",
                licence.answer(&licence.credential()),
            )
            .asked()
            .preset("bank-address")
            .by(CheckId::DataModel, Code::ModelKindRefused),
        other
            .invalid(
                "no-kind-where-a-licence-is-asked-for",
                "A desk that takes licences is handed something else.",
                other.credential(),
            )
            .preset("licence-check")
            .by(CheckId::DataModel, Code::ModelKindRefused),
    ]
}

fn model(licence: &Scene, other: &Scene) -> Vec<Case> {
    let broken = |case: Case| case.by(CheckId::DataModel, Code::ModelBroken);
    // What calls itself a presentation is first of all no answer with the label or purpose of a credential.
    let (check, code) = match other.format {
        Format::Jwt | Format::Cose => (CheckId::MediaType, Code::MediaTypeContradiction),
        _ => (CheckId::KeyPurpose, Code::PurposeClaimed),
    };
    vec![
        broken(licence.invalid(
            "ends-before-it-begins",
            "The end lies before the beginning.",
            licence.issued(|credential| put(credential, "/validUntil", "2026-11-01T00:00:00Z")),
        )),
        broken(other.invalid(
            "of-data-model-1-1",
            "A credential by the rules of the older data model.",
            other.issued(|credential| {
                put(credential, "/@context", json!(["https://www.w3.org/2018/credentials/v1"]));
                put(credential, "/issuanceDate", "2026-11-02T00:00:00Z");
            }),
        )),
        broken(other.invalid(
            "without-a-subject",
            "A credential that speaks of nobody.",
            other.issued(|credential| drop(take(credential, "/credentialSubject"))),
        )),
        broken(other.invalid(
            "subject-that-says-nothing",
            "A subject without a single claim.",
            other.issued(|credential| put(credential, "/credentialSubject", json!({}))),
        )),
        broken(other.invalid(
            "not-a-verifiable-credential",
            "The types do not say that it is a credential.",
            other.issued(|credential| put(credential, "/type", json!(["AlumniCredential"]))),
        )),
        broken(other.invalid(
            "json-ld-keyword",
            "@id beside id: a reader with JSON-LD sees another document.",
            other.issued(|credential| put(credential, "/@id", "urn:example:other")),
        )),
        broken(other.invalid(
            "id-that-is-no-url",
            "The credential's id is no URL.",
            other.issued(|credential| put(credential, "/id", "number 5")),
        )),
        broken(other.invalid(
            "end-that-is-no-date",
            "The end is written in words.",
            other.issued(|credential| put(credential, "/validUntil", "next year")),
        )),
        broken(
            other.invalid(
                "status-without-a-type",
                "A status entry that does not say what it is.",
                other.issued(|credential| {
                    put(credential, "/credentialStatus", json!({ "id": "https://school.example/1" }))
                }),
            ),
        ),
        other
            .invalid(
                "credential-and-presentation-at-once",
                "Two readers could take it for two things.",
                other.issued(|credential| push(credential, "type", "VerifiablePresentation")),
            )
            .by(check, code),
    ]
}

fn vocabulary(licence: &Scene, skill: &Scene, other: &Scene) -> Vec<Case> {
    let kind = |case: Case| case.by(CheckId::Context, Code::ContextKind);
    let (is_token, replaced, extended) = match licence.format {
        Format::Jwt | Format::Cose => {
            (true, (CheckId::Proof, Code::ProofMismatch), (CheckId::Proof, Code::ProofMismatch))
        }
        _ => (false, (CheckId::Context, Code::ContextNotSigned), (CheckId::Context, Code::ContextKind)),
    };
    let mut cases = vec![
        kind(licence.invalid(
            "context-injected",
            "The issuer added a vocabulary to those of the kind.",
            licence.issued(|credential| push(credential, "@context", "https://stranger.example/terms")),
        )),
        kind(licence.invalid("context-defined-in-the-document", "The document redefines a term of the kind.", {
            let inline = json!({ "licenceNumber": "https://stranger.example/terms#name" });
            licence.issued(|credential| push(credential, "@context", inline))
        })),
        kind(licence.invalid("context-of-the-kind-missing", "The kind's own vocabulary is missing.", {
            licence.issued(|credential| {
                let base = credential["@context"][0].clone();
                put(credential, "/@context", json!([base]));
            })
        })),
        kind(skill.invalid("contexts-reordered", "The kind's vocabularies stand in another order.", {
            skill.issued(|credential| {
                let [base, badges, ours] = [0, 1, 2].map(|at| credential["@context"][at].clone());
                put(credential, "/@context", json!([base, ours, badges]));
            })
        })),
        licence
            .invalid("context-replaced-after-signing", "Another vocabulary stands in place of the kind's.", {
                licence.changed(|credential| {
                    let base = credential["@context"][0].clone();
                    put(credential, "/@context", json!([base, "https://stranger.example/terms"]));
                })
            })
            .by(replaced.0, replaced.1),
        licence
            .invalid(
                "context-added-after-signing",
                "A vocabulary was added behind those that were signed.",
                licence.changed(|credential| push(credential, "@context", "https://stranger.example/terms")),
            )
            .by(extended.0, extended.1),
    ];
    let added = other.changed(|credential| push(credential, "@context", "https://stranger.example/terms"));
    cases.push(if is_token {
        other
            .invalid("context-added-after-signing", "A vocabulary was added behind those that were signed.", added)
            .by(CheckId::Proof, Code::ProofMismatch)
    } else {
        other.valid(
            "context-added-after-signing",
            "A vocabulary was added behind those that were signed, as the suite allows; it is not part of what counts.",
            added,
        )
    });
    cases
}

/// What this version cannot look into, and so does not pass.
fn unread(other: &Scene) -> Vec<Case> {
    vec![
        other
            .open("schema-that-is-not-checked", "The issuer names a schema for its claims.", {
                let schema = json!({ "id": "https://school.example/alumni.json", "type": "JsonSchema" });
                other.issued(|credential| put(credential, "/credentialSchema", schema))
            })
            .by(CheckId::Schema, Code::SchemaUnsupported),
        other
            .open("presented-by-the-issuer-to-itself", "Somebody issued the credential to themselves.", {
                let party = if other.format == Format::EddsaJcs2022 { &CAST.forger } else { &CAST.tenant };
                other.sign_as(
                    {
                        let mut credential = other.document();
                        put(&mut credential, "/issuer", party.did.as_str());
                        credential
                    },
                    party,
                    |_| {},
                )
            })
            .by(CheckId::IssuerTrust, Code::TrustUnknown),
    ]
}
