//! What no holder may hide of a document whose statements are signed one by one, whether it is shown or withheld.

use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::ecdsa_sd::mandatory_of;
use super::{push, put, take};
use crate::cast::{CAST, VALID_FROM, VALID_UNTIL, entry};
use crate::forge::map;
use crate::scene::{About, Scene};
use crate::statements::Shown;
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let licence = Scene::new(About::Licence, Format::EcdsaSd2023);
    let academy = &CAST.academy;
    let other = Scene::new(About::Other, Format::EcdsaSd2023).known_by(entry(
        academy,
        "Example Evening Academy",
        &[ALUMNI],
        &[],
    ));
    let mut cases = of_a_kind(&licence);
    cases.extend(of_others(&other));
    cases
}

/// A type of no kind of this library's, by its address.
const ALUMNI: &str = "https://academy.example/credentials#Alumni";

/// A licence whose issuer let the holder choose whether this is shown; it is, or not.
fn choosing(licence: &Scene, member: &str, is_shown: bool) -> String {
    let document = licence.document();
    let mandatory = mandatory_of(&document);
    let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).filter(|pointer| *pointer != member).collect();
    let base = licence.base(document, &mandatory, licence.issuer, |_| {});
    let pointers = ["/credentialSubject/name", "/credentialSubject/jurisdiction", member];
    licence.derived(&base, if is_shown { &pointers } else { &pointers[..2] })
}

fn of_a_kind(licence: &Scene) -> Vec<Case> {
    let fixed = |case: Case| case.by(CheckId::Disclosure, Code::DisclosureOfFixed);
    let needs = |case: Case| case.by(CheckId::DataModel, Code::ModelKindNeeds);
    let can_be_hidden = [
        ("end-that-can-be-hidden", "The issuer let the holder hide the end.", "/validUntil"),
        ("beginning-that-can-be-hidden", "The issuer let the holder hide the beginning.", "/validFrom"),
        ("issuer-that-can-be-hidden", "The issuer let the holder hide who issued it.", "/issuer"),
        ("status-that-can-be-hidden", "The issuer let the holder hide the status.", "/credentialStatus"),
        ("random-bits-that-can-be-hidden", "The issuer let the holder hide what keeps others from guessing.", "/salt"),
        ("holder-that-can-be-hidden", "The issuer let the holder hide whose it is.", "/credentialSubject/id"),
    ];
    let mut cases: Vec<Case> = can_be_hidden
        .into_iter()
        .map(|(name, description, member)| fixed(licence.invalid(name, description, choosing(licence, member, true))))
        .collect();
    cases.extend([
        needs(licence.invalid(
            "end-withheld",
            "The holder of a licence withheld its end.",
            choosing(licence, "/validUntil", false),
        )),
        needs(licence.invalid(
            "beginning-withheld",
            "The holder withheld its beginning.",
            choosing(licence, "/validFrom", false),
        )),
        needs(licence.invalid(
            "status-withheld",
            "The holder of a licence withheld its status.",
            choosing(licence, "/credentialStatus", false),
        )),
        licence
            .invalid("issuer-withheld", "The holder withheld who issued it.", choosing(licence, "/issuer", false))
            .by(CheckId::KeyBinding, Code::BindingNoAuthor),
        licence
            .invalid("subject-withheld", "The holder withheld everything that is said of the subject.", {
                let base =
                    licence.base(licence.document(), &["/issuer", "/validUntil", "/validFrom"], licence.issuer, |_| {});
                licence.derived(&base, &["/credentialStatus"])
            })
            .by(CheckId::DataModel, Code::ModelBroken),
        // Nobody sees what is not there; but what is there was not the holder's to choose.
        fixed(licence.invalid("one-status-of-two-withheld", "The holder of a licence withheld one status of two.", {
            let mut document = licence.document();
            let first = document["credentialStatus"].clone();
            let mut second = first.clone();
            second["statusPurpose"] = "suspension".into();
            put(&mut document, "/credentialStatus", json!([second, first]));
            let mandatory = mandatory_of(&document);
            let mandatory: Vec<&str> =
                mandatory.iter().map(String::as_str).filter(|pointer| *pointer != "/credentialStatus").collect();
            let base = licence.base(document, &mandatory, licence.issuer, |_| {});
            let shown = ["/credentialSubject/name", "/credentialSubject/jurisdiction", "/credentialStatus/1"];
            licence.derived(&base, &shown)
        })),
    ]);
    cases
}

/// A credential of no kind of this library's, with a status.
fn alumni(other: &Scene) -> Map {
    map(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc19",
        "type": ["VerifiableCredential", ALUMNI],
        "issuer": other.issuer.did,
        "validFrom": VALID_FROM,
        "validUntil": VALID_UNTIL,
        "credentialStatus": other.place(),
        "credentialSubject": { "id": CAST.tenant.did, "name": "Alumna", "description": "Book-keeping, 2019" },
    }))
}

/// The same statements after the holder wrote the end in other words, in which its datatype has to stand.
fn in_other_words(shown: &str, change: impl FnOnce(&mut Map, Value)) -> String {
    Shown::of(shown).changed(|shown| {
        let end = take(&mut shown.document, "/validUntil");
        change(&mut shown.document, json!({ "@value": end, "@type": "http://www.w3.org/2001/XMLSchema#dateTime" }));
    })
}

const SUBJECT: [&str; 1] = ["/credentialSubject/name"];

fn of_others(other: &Scene) -> Vec<Case> {
    let shown = |document: Map, mandatory: &[&str], pointers: &[&str]| {
        let base = other.base(document, mandatory, other.issuer, |_| {});
        other.derived(&base, pointers)
    };
    let all = ["/issuer", "/validFrom", "/validUntil", "/credentialStatus"];
    let without = |member: &str| -> Vec<&'static str> { all.into_iter().filter(|own| *own != member).collect() };
    let two = || {
        let mut document = alumni(other);
        let first = document["credentialStatus"].clone();
        let mut second = first.clone();
        second["statusPurpose"] = "suspension".into();
        put(&mut document, "/credentialStatus", json!([second, first]));
        document
    };
    let of = |case: Case| case.status(other.status());
    let presented: Vec<Case> = vec![
        other.valid(
            "handed-over-as-a-file",
            "A credential of another type, all that matters mandatory.",
            shown(alumni(other), &all, &SUBJECT),
        ),
        other
            .valid(
                "presented-by-its-holder",
                "The holder answers with a part of a credential of another type.",
                other.answer(&shown(alumni(other), &all, &SUBJECT)),
            )
            .asked(),
        other.valid(
            "end-that-can-be-hidden-and-is-shown",
            "The issuer let the holder hide the end, and it is shown.",
            shown(alumni(other), &without("/validUntil"), &["/credentialSubject/name", "/validUntil"]),
        ),
        other
            .open(
                "end-withheld",
                "The holder withheld the end, if there is one.",
                shown(alumni(other), &without("/validUntil"), &SUBJECT),
            )
            .by(CheckId::ValidUntil, Code::ValidUntilHidden),
        other
            .open(
                "beginning-withheld",
                "The holder withheld the day from which it is valid, if there is one.",
                shown(alumni(other), &without("/validFrom"), &SUBJECT),
            )
            .by(CheckId::ValidFrom, Code::ValidFromHidden),
        other
            .open(
                "status-withheld",
                "The holder withheld the status, if there is one.",
                shown(alumni(other), &without("/credentialStatus"), &SUBJECT),
            )
            .by(CheckId::StatusList, Code::StatusHidden),
        other
            .open(
                "status-that-can-be-hidden",
                "The status was the holder's to choose: there may be another one.",
                shown(alumni(other), &without("/credentialStatus"), &["/credentialSubject/name", "/credentialStatus"]),
            )
            .by(CheckId::StatusList, Code::StatusHidden),
        other
            .open(
                "one-status-of-two-withheld",
                "Of two entries the holder withheld one.",
                shown(two(), &without("/credentialStatus"), &["/credentialSubject/name", "/credentialStatus/1"]),
            )
            .by(CheckId::StatusList, Code::StatusHidden),
        other
            .open("end-that-there-never-was", "The credential has no end, which nobody can see.", {
                let mut document = alumni(other);
                document.remove("validUntil");
                shown(document, &without("/validUntil"), &SUBJECT)
            })
            .by(CheckId::ValidUntil, Code::ValidUntilHidden),
        other
            .invalid("end-under-its-address", "The end stands under its full address.", {
                in_other_words(&shown(alumni(other), &all, &SUBJECT), |document, end| {
                    document.insert("https://www.w3.org/2018/credentials#validUntil".to_owned(), end);
                })
            })
            .by(CheckId::DataTerms, Code::TermsDisguised),
        other
            .open("word-of-the-holders-own", "The holder gave the end another word.", {
                in_other_words(&shown(alumni(other), &all, &SUBJECT), |document, end| {
                    put(document, "/until", end);
                    push(document, "@context", json!({ "until": "https://www.w3.org/2018/credentials#validUntil" }));
                })
            })
            .by(CheckId::Context, Code::ContextInline),
        other
            .invalid(
                "subject-withheld",
                "The holder withheld whom it speaks of.",
                shown(alumni(other), &["/issuer"], &["/validUntil", "/validFrom", "/credentialStatus"]),
            )
            .by(CheckId::DataModel, Code::ModelBroken),
    ];
    presented.into_iter().map(of).collect()
}
