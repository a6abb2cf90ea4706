//! What a holder shows of a document whose statements are signed one by one (`ecdsa-sd-2023`): as it should be, and what
//! others make of it.

use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{inner, put, take};
use crate::cast::{BANK, CAST, NONCE, list};
use crate::forge::enclosed;
use crate::scene::{About, Scene};
use crate::statements::{Shown, is_base};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let [address, licence, skill] =
        [About::Address, About::Licence, About::Skill].map(|about| Scene::new(about, Format::EcdsaSd2023));
    let mut cases = shown(&address, &licence, &skill);
    cases.extend(holders(&address, &licence));
    cases.extend(copies(&address, &licence));
    cases.extend(keys(&licence));
    cases.extend(statements(&licence));
    cases.extend(parts(&licence));
    cases.extend(encodings(&licence));
    cases.extend(words(&licence));
    cases
}

/// A list in which the scene's issuer is trusted everywhere.
fn everywhere(scene: &Scene) -> [Value; 1] {
    let mut entry = scene.entry.clone();
    entry.as_object_mut().unwrap().remove("regions");
    [list(&[entry])]
}

/// What most cases begin with: a licence of which some is shown.
const OF_A_LICENCE: [&str; 5] = ["/name", "/licenceType", "/jurisdiction", "/authority", "/categories/0"];

fn some(licence: &Scene) -> Shown {
    Shown::of(&licence.shown(&OF_A_LICENCE))
}

fn mismatch(case: Case) -> Case {
    case.by(CheckId::Proof, Code::ProofMismatch)
}

fn form(case: Case) -> Case {
    case.by(CheckId::Proof, Code::ProofForm)
}

fn shown(address: &Scene, licence: &Scene, skill: &Scene) -> Vec<Case> {
    vec![
        address
            .valid(
                "presented-to-the-bank",
                "A tenant answers the bank's request with all of the guarantee.",
                address.answer(&address.credential()),
            )
            .asked(),
        address
            .valid(
                "district-country-and-date-alone",
                "A bank learns in which district the tenant lives and since when, and neither name nor street.",
                address.answer(&address.shown(&["/address/district", "/address/country", "/residentSince"])),
            )
            .asked(),
        address
            .valid(
                "nothing-shown",
                "The tenant shows that there is such a guarantee, and no claim of it.",
                address.answer(&address.shown(&[])),
            )
            .asked()
            .trusting(&everywhere(address)),
        licence.valid(
            "handed-over-as-a-file",
            "A copy that shows some of a licence lies on the desk.",
            licence.shown(&OF_A_LICENCE),
        ),
        licence.valid(
            "everything-shown",
            "A copy that shows all of a licence.",
            licence.derived(&licence.credential(), &[""]),
        ),
        licence.valid("valid-for-a-week-without-a-status", "A licence that ends before anybody could revoke it.", {
            let mut document = licence.document();
            take(&mut document, "/credentialStatus");
            put(&mut document, "/validFrom", "2026-11-18T00:00:00Z");
            put(&mut document, "/validUntil", "2026-11-24T00:00:00Z");
            let mandatory = mandatory_of(&document);
            let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
            let base = licence.base(document, &mandatory, licence.issuer, |_| {});
            licence.derived(&base, &["/credentialSubject/name", "/credentialSubject/jurisdiction"])
        }),
        licence
            .valid(
                "one-item-of-a-list",
                "Of several categories one is shown.",
                licence.answer(&licence.shown(&["/jurisdiction", "/categories/0"])),
            )
            .asked(),
        skill.valid(
            "handed-over-as-a-file",
            "A certified skill, by its name.",
            skill.shown(&["/skill/name", "/jurisdiction"]),
        ),
    ]
}

fn holders(address: &Scene, licence: &Scene) -> Vec<Case> {
    let shown = address.shown(&["/address/country", "/address/district"]);
    let binding = |case: Case, code| case.by(CheckId::HolderBinding, code);
    vec![
        binding(
            address
                .invalid("copied-without-its-holder", "Somebody hands over a copy that the tenant made.", &shown)
                .asked(),
            Code::BindingNotPresented,
        ),
        binding(
            address
                .invalid(
                    "presented-by-a-thief",
                    "Somebody else signs a presentation of the tenant's copy.",
                    address.answer_of(&CAST.thief, &shown),
                )
                .asked(),
            Code::BindingOtherKey,
        ),
        address
            .invalid("whose-it-is-changed", "A thief wrote another holder into what the tenant showed.", {
                let mut stolen = Shown::of(&shown);
                put(&mut stolen.document, "/credentialSubject/id", CAST.thief.did.as_str());
                address.answer_of(&CAST.thief, &stolen.to_text())
            })
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
        address
            .invalid(
                "presented-elsewhere",
                "The tenant's answer to another verifier.",
                address.answer_to(&[&shown], "https://other.example", NONCE),
            )
            .asked_as(BANK, NONCE)
            .by(CheckId::Audience, Code::AudienceOther),
        licence
            .valid("two-presented-together", "The holder answers with parts of two licences.", {
                let one = licence.shown(&["/name", "/jurisdiction"]);
                licence.answer_to(&[&one, &licence.shown(&OF_A_LICENCE)], BANK, NONCE)
            })
            .asked(),
    ]
}

/// The issuer's copy for the holder, where a verifier's must stand.
fn copies(address: &Scene, licence: &Scene) -> Vec<Case> {
    let base = licence.credential();
    assert!(is_base(&base));
    let own = |case: Case| case.by(CheckId::Proof, Code::ProofForHolder);
    let renamed = |value: &str| {
        let mut shown: Value = serde_json::from_str(&base).unwrap();
        shown["proof"]["cryptosuite"] = value.into();
        shown.to_string()
    };
    vec![
        own(licence.invalid("copy-for-the-holder", "The issuer's copy for the holder lies on the desk.", &base)),
        own(address
            .invalid(
                "copy-for-the-holder-presented",
                "The tenant's own copy was put into a presentation.",
                address.answer_by(&CAST.tenant, &[enclosed(&address.credential())], |_| {}, |_| {}),
            )
            .asked()),
        own(licence.invalid("copy-for-the-holder-changed", "The same, with another end.", {
            let mut changed: Value = serde_json::from_str(&base).unwrap();
            changed["validUntil"] = "2037-01-31T00:00:00Z".into();
            changed.to_string()
        })),
        licence
            .invalid(
                "copy-for-the-holder-as-a-whole-signature",
                "The same, as if its suite signed the whole document.",
                renamed("ecdsa-rdfc-2019"),
            )
            .by(CheckId::Proof, Code::ProofForm),
    ]
}

/// Whose keys they are.
fn keys(licence: &Scene) -> Vec<Case> {
    let thief = &CAST.thief;
    let issuer = licence.issuer;
    let mandatory = mandatory_of(&licence.document());
    let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
    let by_thief = |method: &str| {
        let base =
            licence.base(licence.document(), &mandatory, thief, |options| put(options, "/verificationMethod", method));
        licence.derived(&base, &["/credentialSubject"])
    };
    // A key of the thief's in place of the one that the issuer drew for the proof, as a Multikey has it.
    let own_key = [&[0x80, 0x24][..], &thief.public_key().to_bytes()].concat();
    vec![
        licence.valid("proof-made-by-hand", "The issuer named each thing that is mandatory itself.", {
            let base = licence.base(licence.document(), &mandatory, issuer, |_| {});
            licence.derived(&base, &["/credentialSubject"])
        }),
        mismatch(licence.invalid(
            "signed-by-a-stranger",
            "A stranger signed it, with a key in the proof that fits, and named the issuer's.",
            by_thief(&issuer.method),
        )),
        licence
            .invalid(
                "signed-by-a-stranger-openly",
                "A stranger signed it in the stranger's own name.",
                by_thief(&thief.method),
            )
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        mismatch(licence.invalid(
            "key-in-the-proof-replaced",
            "A stranger's key, by which the statements are signed.",
            {
                some(licence).changed(|shown| {
                    shown.sign_statements(&thief.key);
                    shown.key = own_key.clone();
                })
            },
        )),
        mismatch(licence.invalid(
            "key-in-the-proof-that-signed-all",
            "The key in the proof signed the statements, and the proof itself: read carelessly it fits.",
            {
                let base = licence.base(licence.document(), &mandatory, thief, |options| {
                    put(options, "/verificationMethod", issuer.method.as_str());
                });
                let mut shown = Shown::of(&licence.derived(&base, &["/credentialSubject"]));
                shown.sign_statements(&thief.key);
                shown.key = own_key.clone();
                shown.to_text()
            },
        )),
        mismatch(licence.invalid(
            "statements-signed-by-a-stranger",
            "A stranger signed the statements that are shown.",
            some(licence).changed(|shown| shown.sign_statements(&thief.key)),
        )),
        mismatch(licence.invalid(
            "statements-signed-by-the-issuer",
            "Another key than the proof's signed the statements.",
            some(licence).changed(|shown| shown.sign_statements(&issuer.key)),
        )),
        form(licence.invalid(
            "key-in-the-proof-of-another-curve",
            "The key in the proof says that it is one of P-384.",
            some(licence).changed(|shown| shown.key[0] = 0x81),
        )),
        form(licence.invalid(
            "key-in-the-proof-that-is-no-point",
            "The key in the proof lies on no curve.",
            some(licence).changed(|shown| shown.key[3..].fill(0xff)),
        )),
        mismatch(licence.invalid(
            "another-purpose-said",
            "The proof's purpose was changed to authentication.",
            some(licence).changed(|shown| put(&mut shown.options, "/proofPurpose", "assertionMethod2")),
        ))
        .by(CheckId::KeyPurpose, Code::PurposeClaimed),
        mismatch(licence.invalid(
            "expiry-of-the-proof-changed",
            "Somebody wrote into the proof when it ends.",
            some(licence).changed(|shown| put(&mut shown.options, "/expires", "2036-11-02T00:00:00Z")),
        )),
        mismatch(licence.invalid(
            "proof-that-builds-on-another",
            "The proof says that it builds on another one.",
            some(licence).changed(|shown| {
                put(&mut shown.options, "/previousProof", "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544")
            }),
        ))
        .by(CheckId::Proof, Code::ProofAncestorMissing),
    ]
}

/// What is said.
fn statements(licence: &Scene) -> Vec<Case> {
    let with = |change: &dyn Fn(&mut Map)| some(licence).changed(|shown| change(&mut shown.document));
    let name = |document: &mut Map| put(document, "/credentialSubject/name", "Eve Example");
    let other = {
        let mut document = licence.document();
        name(&mut document);
        let mandatory = mandatory_of(&document);
        let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
        let base = licence.base(document, &mandatory, licence.issuer, |_| {});
        let pointers = OF_A_LICENCE.map(|pointer| licence.at(pointer));
        Shown::of(&licence.derived(&base, &pointers.each_ref().map(String::as_str)))
    };
    vec![
        mismatch(licence.invalid("claim-changed", "The holder wrote another name into it.", with(&name))),
        mismatch(licence.invalid(
            "claim-added",
            "The holder added a claim.",
            with(&|document| {
                put(document, "/credentialSubject/licenceNumber", "X-1");
            }),
        )),
        mismatch(licence.invalid(
            "claim-added-with-a-signature",
            "The same, with the signature of another statement.",
            {
                some(licence).changed(|shown| {
                    put(&mut shown.document, "/credentialSubject/licenceNumber", "X-1");
                    shown.signatures.push(shown.signatures[0].clone());
                })
            },
        )),
        mismatch(licence.invalid("claim-in-place-of-another", "The holder put one claim in the place of another.", {
            with(&|document| {
                let claimed = take(document, "/credentialSubject/name");
                put(document, "/credentialSubject/licenceNumber", claimed);
            })
        })),
        mismatch(licence.invalid(
            "claim-taken-away",
            "A claim was taken away, and its signature is left.",
            with(&|document| {
                take(document, "/credentialSubject/name");
            }),
        )),
        mismatch(licence.invalid(
            "end-changed",
            "The end, which is mandatory, was put off.",
            with(&|document| {
                put(document, "/validUntil", "2037-01-31T00:00:00Z");
            }),
        )),
        mismatch(licence.invalid(
            "status-changed",
            "Another place in the status list, which is mandatory, was written.",
            with(&|document| put(document, "/credentialStatus/statusListIndex", "94568")),
        )),
        mismatch(licence.invalid("another-credentials-proof", "The proof of another licence of the same issuer.", {
            some(licence).changed(|shown| {
                let document = std::mem::take(&mut shown.document);
                *shown = Shown { document, ..other.clone() };
            })
        })),
        mismatch(licence.invalid(
            "another-credentials-statements",
            "A name with its signature from another licence.",
            {
                some(licence).changed(|shown| {
                    name(&mut shown.document);
                    shown.signatures = other.signatures.clone();
                })
            },
        )),
    ]
}

/// The parts of the proof.
fn parts(licence: &Scene) -> Vec<Case> {
    let with = |change: &dyn Fn(&mut Shown)| some(licence).changed(|shown| change(shown));
    let shown = some(licence);
    let counts = [shown.labels.len(), shown.signatures.len(), shown.mandatory.len()];
    assert!(counts.iter().all(|count| *count > 1), "{counts:?}");
    vec![
        mismatch(licence.invalid(
            "mandatory-position-twice",
            "A position stands twice.",
            with(&|shown| {
                shown.mandatory[1] = shown.mandatory[0];
            }),
        )),
        mismatch(licence.invalid(
            "mandatory-position-outside",
            "A position lies outside.",
            with(&|shown| {
                shown.mandatory[0] = 1000;
            }),
        )),
        mismatch(licence.invalid(
            "mandatory-position-beyond-counting",
            "A position that no memory has.",
            with(&|shown| {
                shown.mandatory[0] = u64::MAX;
            }),
        )),
        mismatch(licence.invalid(
            "mandatory-position-left-out",
            "Something mandatory is said to be chosen.",
            with(&|shown| {
                shown.mandatory.pop();
                shown.signatures.push(shown.signatures[0].clone());
            }),
        )),
        mismatch(licence.invalid(
            "mandatory-positions-of-others",
            "Something chosen is said to be mandatory.",
            with(&|shown| {
                let chosen = (0..).find(|index| !shown.mandatory.contains(index)).unwrap();
                shown.mandatory[0] = chosen;
            }),
        )),
        mismatch(licence.invalid(
            "everything-said-to-be-mandatory",
            "Everything is said to be mandatory.",
            with(&|shown| {
                shown.mandatory = (0..(shown.mandatory.len() + shown.signatures.len()) as u64).collect();
                shown.signatures.clear();
            }),
        )),
        mismatch(licence.invalid(
            "signatures-in-another-order",
            "Two signatures changed places.",
            with(&|shown| {
                shown.signatures.swap(0, 1);
            }),
        )),
        mismatch(licence.invalid(
            "signature-left-out",
            "A statement has no signature.",
            with(&|shown| {
                shown.signatures.pop();
            }),
        )),
        mismatch(licence.invalid(
            "signature-too-many",
            "A signature has no statement.",
            with(&|shown| {
                shown.signatures.push(shown.signatures[0].clone());
            }),
        )),
        mismatch(licence.invalid(
            "signature-with-a-flipped-bit",
            "One bit of a statement's signature.",
            with(&|shown| {
                shown.signatures[0][40] ^= 1;
            }),
        )),
        mismatch(licence.invalid(
            "base-signature-with-a-flipped-bit",
            "One bit of the issuer's signature.",
            with(&|shown| {
                shown.base_signature[40] ^= 1;
            }),
        )),
        mismatch(licence.invalid(
            "one-name-for-two-parts",
            "Two parts of the document are given one name.",
            with(&|shown| {
                shown.labels[1].1 = shown.labels[0].1.clone();
            }),
        )),
        mismatch(licence.invalid(
            "names-changed-places",
            "Two parts of the document have each other's name.",
            with(&|shown| {
                let first = shown.labels[0].1.clone();
                shown.labels[0].1 = std::mem::replace(&mut shown.labels[1].1, first);
            }),
        )),
        mismatch(licence.invalid(
            "name-left-out",
            "A part of the document has no name.",
            with(&|shown| {
                shown.labels.pop();
            }),
        )),
        mismatch(licence.invalid(
            "name-too-many",
            "A name belongs to no part of the document.",
            with(&|shown| {
                shown.labels.push((shown.labels.len() as u64, vec![9; 32]));
            }),
        )),
        mismatch(licence.invalid(
            "names-with-a-gap",
            "The names are not numbered one after the other.",
            with(&|shown| {
                shown.labels.last_mut().unwrap().0 += 1;
            }),
        )),
        form(licence.invalid(
            "six-hundred-signatures",
            "More signatures than any document has statements.",
            with(&|shown| {
                shown.signatures = vec![shown.signatures[0].clone(); 600];
            }),
        )),
    ]
}

/// The bytes of the proof.
fn encodings(licence: &Scene) -> Vec<Case> {
    let shown = some(licence);
    let content = shown.content();
    let with = |bytes: Vec<u8>| shown.with_content(&bytes);
    let labels = |keys: [u64; 2]| {
        let mut changed = shown.clone();
        changed.labels.truncate(2);
        changed.labels[0].0 = keys[0];
        changed.labels[1].0 = keys[1];
        changed.to_text()
    };
    let cases = [
        (
            "length-not-said",
            "The number of parts is not said in advance.",
            with([&[0x9f], &content[1..], &[0xff]].concat()),
        ),
        (
            "length-longer-than-needed",
            "The number of parts takes two bytes.",
            with([&[0x98, 5], &content[1..]].concat()),
        ),
        ("nested-ten-thousand-deep", "Lists in lists.", with(vec![0x81; 10_000])),
        ("tagged-ten-thousand-deep", "Tags on tags.", with(vec![0xc0; 10_000])),
        ("longer-than-memory", "A list of so many parts as no memory has.", with([vec![0x9b], vec![0x7f; 8]].concat())),
        ("bytes-after-the-proof", "A byte follows the last part.", with([&content[..], &[0]].concat())),
        ("proof-cut-off", "The last byte is missing.", with(content[..content.len() - 1].to_vec())),
        ("proof-in-a-tag", "The parts stand in a tag.", with([&[0xc0], &content[..]].concat())),
        ("four-parts", "The last part is missing.", with(vec![0x84, 0x40, 0x40, 0x80, 0xa0])),
        ("names-in-another-order", "The numbers of the names are not in order.", labels([1, 0])),
        ("one-number-for-two-names", "Two names have one number.", labels([0, 0])),
        (
            "header-of-nothing",
            "The proof begins as no proof of this suite does.",
            shown.with_value(&format!("u{}", base64url::encode([&[0xd9, 0x5d, 2], &content[..]].concat()))),
        ),
        (
            "proof-in-base58",
            "The proof says that it is base58btc.",
            shown.with_value("z3FXQqFwbZxKBxGxqFvCwSbRkCxyGqB9n"),
        ),
        ("proof-padded", "The proof's base64url is padded.", shown.with_value("u2V0BhVhAHA==")),
    ];
    cases
        .into_iter()
        .map(|(name, description, presented)| form(licence.invalid(name, description, presented)))
        .collect()
}

/// The same statements in other words, which a reader of JSON would not find.
fn words(licence: &Scene) -> Vec<Case> {
    let with = |change: &dyn Fn(&mut Map)| some(licence).changed(|shown| change(&mut shown.document));
    let needs = |case: Case| case.by(CheckId::DataModel, Code::ModelKindNeeds);
    let broken = |case: Case| case.by(CheckId::DataModel, Code::ModelBroken);
    vec![
        needs(licence.invalid("end-under-its-address", "The end stands under its full address.", with(&|document| {
            let end = take(document, "/validUntil");
            let end = json!({ "@value": end, "@type": "http://www.w3.org/2001/XMLSchema#dateTime" });
            document.insert("https://www.w3.org/2018/credentials#validUntil".to_owned(), end);
        }))),
        broken(licence.invalid("status-out-of-sight", "The status stands under a word that JSON-LD skips.", with(&|document| {
            let status = take(document, "/credentialStatus");
            put(document, "/@nest", json!({ "credentialStatus": status }));
        }))),
        broken(licence.invalid("holder-under-a-keyword", "Whose it is stands under a keyword.", with(&|document| {
            let id = take(document, "/credentialSubject/id");
            inner(document, "credentialSubject").insert("@id".to_owned(), id);
        }))),
        needs(licence.invalid("word-of-the-holders-own", "The holder gave the end another word.", with(&|document| {
            let end = take(document, "/validUntil");
            put(document, "/until", end);
            let own = json!({ "until": { "@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime" } });
            document.get_mut("@context").unwrap().as_array_mut().unwrap().push(own);
        }))),
    ]
}

/// What an issuer that names everything itself makes mandatory: all but what is said of the subject, and who that is.
pub(super) fn mandatory_of(document: &Map) -> Vec<String> {
    let is_apart = |name: &&String| matches!(name.as_str(), "@context" | "id" | "type" | "credentialSubject");
    let others = document.keys().filter(|name| !is_apart(name)).map(|name| format!("/{name}"));
    others.chain(["/credentialSubject/id".to_owned()]).collect()
}
