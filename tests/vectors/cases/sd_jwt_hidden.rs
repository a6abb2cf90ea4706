//! What no holder may hide, whether it is shown or withheld.

use attesta::securing::Format;
use attesta::time::Timestamp;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::sd_jwt_claims::{everything, status_entry};
use super::{put, take};
use crate::cast::{VALID_FROM, VALID_UNTIL};
use crate::scene::{About, Scene};
use crate::selective::{Selective, bound, digest};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let [address, licence, _, other] = About::ALL.map(|about| Scene::new(about, Format::SdJwtVc));
    let mut cases = shown(&licence, &other);
    cases.extend(withheld(&address, &licence, &other));
    let [address, licence, _, other] = About::ALL.map(|about| Scene::new(about, Format::SdJwt));
    cases.extend(shown_of_a_document(&address, &licence, &other));
    cases.extend(withheld_of_a_document(&licence, &other));
    cases
}

/// A moment as tokens write it.
fn seconds(moment: &str) -> i64 {
    Timestamp::parse(moment).unwrap().unix()
}

fn fixed(case: Case) -> Case {
    case.by(CheckId::Disclosure, Code::DisclosureOfFixed)
}

/// The credential with one place hidden, and its disclosure at hand.
fn hidden(scene: &Scene, pointer: &str) -> String {
    scene.made(|credential| credential.hide(pointer))
}

/// The same without its disclosure.
fn gone(scene: &Scene, pointer: &str) -> String {
    scene.made(|credential| {
        credential.hide(pointer);
        credential.disclosures.clear();
    })
}

fn shown(licence: &Scene, other: &Scene) -> Vec<Case> {
    let with = |name: &'static str, value: Value| {
        other.made(|credential| {
            put(&mut credential.payload, &format!("/{name}"), value);
            credential.hide(&format!("/{name}"));
        })
    };
    vec![
        fixed(other.invalid(
            "end-that-can-be-hidden",
            "The issuer let the holder hide the end.",
            hidden(other, "/exp"),
        )),
        fixed(licence.invalid(
            "end-that-can-be-hidden",
            "The issuer of a licence let the holder hide its end.",
            hidden(licence, "/exp"),
        )),
        fixed(other.invalid(
            "beginning-that-can-be-hidden",
            "The issuer let the holder hide the beginning.",
            hidden(other, "/nbf"),
        )),
        fixed(other.invalid("issuer-that-can-be-hidden", "The issuer hid itself.", hidden(other, "/iss"))),
        fixed(other.invalid(
            "type-that-can-be-hidden",
            "The issuer let the holder hide the type.",
            hidden(other, "/vct"),
        )),
        fixed(other.invalid(
            "holders-key-that-can-be-hidden",
            "The issuer let the holder hide whose the credential is.",
            hidden(other, "/cnf"),
        )),
        fixed(other.invalid(
            "part-of-the-holders-key-that-can-be-hidden",
            "A member of the holder's key comes from a disclosure.",
            hidden(other, "/cnf/jwk/x"),
        )),
        fixed(other.invalid(
            "status-that-can-be-hidden",
            "The issuer let the holder hide where to look whether it was revoked.",
            with("status", status_entry()),
        )),
        fixed(other.invalid("digest-of-the-type-that-can-be-hidden", "The issuer hid which description holds.", {
            with("vct#integrity", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".into())
        })),
        fixed(other.invalid("other-types-that-can-be-hidden", "The issuer let the holder hide its other types.", {
            with("aka_vcts", json!(["https://school.example/credentials/visitor"]))
        }))
        .trusting(&everything(other)),
        other.valid(
            "date-of-issue-that-can-be-hidden",
            "The day of issue is no rule for anybody.",
            hidden(other, "/iat"),
        ),
    ]
}

fn withheld(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    let needs = |case: Case| case.by(CheckId::DataModel, Code::ModelKindNeeds);
    let model = |case: Case| case.by(CheckId::DataModel, Code::ModelBroken);
    let nested = |place: &str, change: &dyn Fn(&mut Selective)| {
        other.made(|credential| {
            change(credential);
            credential.hide(place);
            credential.disclosures.clear();
        })
    };
    vec![
        needs(licence.invalid("end-withheld", "The holder of a licence withheld its end.", gone(licence, "/exp"))),
        needs(licence.invalid("beginning-withheld", "The holder withheld its beginning.", gone(licence, "/nbf"))),
        needs(
            address
                .invalid(
                    "holders-key-withheld",
                    "Somebody withheld whose guarantee it is.",
                    bound(&gone(address, "/cnf")),
                )
                .asked(),
        ),
        other
            .invalid("holders-key-withheld", "Somebody withheld whose credential it is.", bound(&gone(other, "/cnf")))
            .asked()
            .by(CheckId::HolderBinding, Code::BindingNoHolder),
        model(other.invalid("type-withheld", "The holder withheld what it is.", gone(other, "/vct"))),
        other
            .invalid("issuer-withheld", "The holder withheld who issued it.", gone(other, "/iss"))
            .by(CheckId::KeyBinding, Code::BindingNoAuthor),
        fixed(other.invalid(
            "item-of-the-other-types-withheld",
            "The holder withheld one of the types that the credential has.",
            nested("/aka_vcts/1", &|credential| {
                let types =
                    json!(["https://school.example/credentials/visitor", "https://w3id.org/attesta/vct/skill/1"]);
                put(&mut credential.payload, "/aka_vcts", types);
            }),
        ))
        .trusting(&everything(other)),
        fixed(other.invalid(
            "part-of-the-holders-key-withheld",
            "A member of the holder's key was withheld.",
            nested("/cnf/jwk/x", &|_| {}),
        )),
        fixed(other.invalid("part-of-the-status-withheld", "A part of the status was withheld.", {
            nested("/status/suspension", &|credential| {
                let mut status = status_entry();
                status["suspension"] = json!({ "idx": 7 });
                put(&mut credential.payload, "/status", status);
            })
        })),
    ]
}

/// Of a kind of ours in the W3C data model, nothing but claims may be hidden.
fn shown_of_a_document(address: &Scene, licence: &Scene, other: &Scene) -> Vec<Case> {
    let with = |name: &'static str, value: Value| {
        licence.made(|credential| {
            put(&mut credential.payload, &format!("/{name}"), value);
            credential.hide(&format!("/{name}"));
        })
    };
    let status = json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://transport.example.org/status/1",
    });
    let fixed_members = [
        ("end-that-can-be-hidden", "The issuer let the holder hide the end.", "/validUntil"),
        ("beginning-that-can-be-hidden", "The issuer let the holder hide the beginning.", "/validFrom"),
        ("issuer-that-can-be-hidden", "The issuer hid itself.", "/issuer"),
        ("vocabulary-that-can-be-hidden", "The issuer let the holder hide the contexts.", "/@context"),
        ("type-that-can-be-hidden", "The issuer let the holder hide the type.", "/type"),
        ("item-of-the-type-that-can-be-hidden", "The issuer let the holder hide one of the types.", "/type/1"),
        ("number-that-can-be-hidden", "The issuer let the holder hide the credential's own identifier.", "/id"),
    ];
    let mut cases: Vec<Case> = fixed_members
        .into_iter()
        .map(|(name, description, pointer)| fixed(licence.invalid(name, description, hidden(licence, pointer))))
        .collect();
    let token_times = [
        ("token-end-that-can-be-hidden", "The issuer let the holder hide until when the signature counts.", "exp"),
        (
            "token-beginning-that-can-be-hidden",
            "The issuer let the holder hide from when on the signature counts.",
            "nbf",
        ),
        ("token-date-that-can-be-hidden", "The issuer let the holder hide when it was signed.", "iat"),
    ];
    let end = seconds(VALID_UNTIL);
    let start = seconds(VALID_FROM);
    cases.extend(token_times.into_iter().flat_map(|(name, description, member)| {
        let moment = if member == "exp" { end } else { start };
        [licence, other].map(|scene| {
            fixed(scene.invalid(name, description, {
                scene.made(|credential| {
                    put(&mut credential.payload, &format!("/{member}"), moment);
                    credential.hide(&format!("/{member}"));
                })
            }))
        })
    }));
    cases.extend([
        fixed(licence.invalid("status-that-can-be-hidden", "The issuer let the holder hide the status.", {
            with("credentialStatus", status)
        })),
        fixed(
            address
                .invalid("holders-key-that-can-be-hidden", "The issuer let the holder hide whose guarantee it is.", {
                    bound(&hidden(address, "/cnf"))
                })
                .asked(),
        ),
    ]);
    cases
}

fn withheld_of_a_document(licence: &Scene, other: &Scene) -> Vec<Case> {
    let entry = |purpose: &str| {
        json!({
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": "7",
            "statusListCredential": "https://transport.example.org/status/1",
        })
    };
    let statuses = |scene: &Scene, place: &str, entries: Value| {
        scene.made(|credential| {
            put(&mut credential.payload, "/credentialStatus", entries);
            // That the token's own end is shown, so that the status alone is open.
            put(&mut credential.payload, "/exp", seconds(VALID_UNTIL));
            credential.hide(place);
            credential.disclosures.clear();
        })
    };
    let both = || json!([entry("suspension"), entry("revocation")]);
    let suspension_relaxed = json!({ "relax": ["status.suspension"] });
    vec![
        licence
            .invalid("end-withheld", "The holder of a licence withheld its end.", gone(licence, "/validUntil"))
            .by(CheckId::DataModel, Code::ModelKindNeeds),
        licence
            .invalid("status-withheld", "The holder of a licence withheld its status.", {
                statuses(licence, "/credentialStatus", entry("revocation"))
            })
            .by(CheckId::DataModel, Code::ModelKindNeeds),
        fixed(licence.invalid("one-status-of-two-withheld", "The holder of a licence withheld one status of two.", {
            statuses(licence, "/credentialStatus/1", both())
        }))
        .policy(suspension_relaxed.clone())
        .relaxed(CheckId::StatusSuspension),
        fixed(licence.invalid("item-of-the-type-withheld", "The holder withheld one of the types.", {
            licence.made(|credential| {
                put(&mut credential.payload, "/type", json!(["VerifiableCredential", "LicenceCredential", "Permit"]));
                credential.hide("/type/2");
                credential.disclosures.clear();
            })
        })),
        licence
            .invalid("vocabulary-withheld", "The holder withheld the contexts.", gone(licence, "/@context"))
            .by(CheckId::DataModel, Code::ModelBroken),
        other
            .open("end-withheld", "The holder withheld the end, if there is one.", gone(other, "/validUntil"))
            .by(CheckId::ValidUntil, Code::ValidUntilHidden),
        other
            .open("beginning-withheld", "The holder withheld the day from which it is valid, if there is one.", {
                gone(other, "/validFrom")
            })
            .by(CheckId::ValidFrom, Code::ValidFromHidden),
        other
            .open("status-withheld", "The holder withheld the status, if there is one.", {
                statuses(other, "/credentialStatus", entry("revocation"))
            })
            .by(CheckId::StatusList, Code::StatusHidden),
        other
            .open("one-status-of-two-withheld", "Of two entries the holder withheld one.", {
                statuses(other, "/credentialStatus/1", both())
            })
            .policy(suspension_relaxed)
            .relaxed(CheckId::StatusSuspension)
            .missing("https://transport.example.org/status/1")
            .by(CheckId::StatusList, Code::StatusHidden),
        other
            .open("something-withheld", "Something beside the claims is hidden, and nobody knows what.", {
                other.made(|credential| credential.add_digest("", &digest("decoy")))
            })
            .by(CheckId::ProofExpiry, Code::ExpiryHidden),
        licence
            .open(
                "token-end-withheld",
                "The signature had ended, and the holder withheld that; the document's own end is shown.",
                {
                    licence.made(|credential| {
                        put(&mut credential.payload, "/exp", seconds(VALID_FROM));
                        credential.hide("/exp");
                        credential.disclosures.clear();
                    })
                },
            )
            .by(CheckId::ProofExpiry, Code::ExpiryHidden),
        licence
            .open("token-date-withheld", "The holder withheld when it was signed.", {
                licence.made(|credential| {
                    put(&mut credential.payload, "/exp", seconds(VALID_UNTIL));
                    credential.hide("/iat");
                    credential.disclosures.clear();
                })
            })
            .by(CheckId::ProofExpiry, Code::ExpiryHidden),
        licence
            .invalid("token-end-that-is-past", "The signature had ended, though the document's own end is to come.", {
                licence.made(|credential| {
                    put(&mut credential.payload, "/exp", seconds(VALID_FROM));
                })
            })
            .by(CheckId::ProofExpiry, Code::ExpiryPast),
        licence
            .invalid(
                "subject-of-which-nothing-is-left",
                "All that is said of the subject is withheld, and it has no name.",
                {
                    licence.remade(|credential| {
                        take(&mut credential.payload, "/credentialSubject/id");
                        credential.disclosures.clear();
                    })
                },
            )
            .by(CheckId::DataModel, Code::ModelBroken),
        other.valid("end-and-status-shown", "All that matters is shown, though the issuer let the holder hide it.", {
            hidden(other, "/validUntil")
        }),
    ]
}
