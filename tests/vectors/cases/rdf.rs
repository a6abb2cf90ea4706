//! What only suites can say that sign RDF: they sign what a document means, so that everything in it must mean something.

use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::trust::PinnedContext;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{inner, put, take};
use crate::cast::CAST;
use crate::forge::{VOCABULARY as OWN, VOCABULARY_FILE, with_proof};
use crate::outside::fetched;
use crate::scene::{About, Scene, changed};
use crate::vector::Case;

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const OURS: &str = "https://w3id.org/attesta/v1";
const CITIZENSHIP: &str = "https://w3id.org/citizenship/v2";
const DID: &str = "https://www.w3.org/ns/did/v1";
const OFFICER: &str = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in [Format::EddsaRdfc2022, Format::EcdsaRdfc2019] {
        let [address, licence, skill, other] = About::ALL.map(|about| Scene::new(about, format));
        cases.extend(valid(&address, &licence, &skill, &other));
        cases.extend(super::proofs::of_any_suite(&licence));
        cases.extend(proofs(&licence));
        cases.extend(changes(&address, &licence));
        cases.extend(contexts(&licence, &other));
        cases.extend(terms(&licence, &other));
        cases.extend(pins(&other));
        cases.extend(pinned(&other));
    }
    cases
}

/// The document with a list of proofs, each with the earlier ones that it builds on.
fn together(scene: &Scene, proofs: &[&Value]) -> String {
    let mut document = scene.document();
    put(&mut document, "/proof", json!(proofs));
    Value::Object(document).to_string()
}

fn proof_of(signed: &str) -> Value {
    serde_json::from_str::<Value>(signed).unwrap()["proof"].take()
}

/// A proof by the school over canonical JSON, whatever the scene signs.
fn over_json(document: Map, id: &str) -> Value {
    let options = json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "id": id, "created": "2026-11-02T00:00:00Z",
        "verificationMethod": CAST.school.method, "proofPurpose": "assertionMethod", "@context": document["@context"],
    });
    Value::Object(with_proof(document, options.as_object().unwrap().clone(), &CAST.school.key))["proof"].take()
}

fn valid(address: &Scene, licence: &Scene, skill: &Scene, other: &Scene) -> Vec<Case> {
    let own_context =
        licence.sign(licence.document(), |proof| put(proof, "/@context", licence.document()["@context"].clone()));
    vec![
        licence.valid("as-issued", "A licence as the authority handed it out.", licence.credential()),
        skill.valid("as-issued", "A certificate of a skill, in the words of Open Badges.", skill.credential()),
        other.valid("as-issued", "A resident's card.", other.credential()),
        address
            .valid("presented-to-the-bank", "The tenant answers the bank.", address.answer(&address.credential()))
            .asked(),
        licence.valid(
            "types-in-another-order",
            "The order of the types means nothing, and is not signed.",
            changed(&licence.credential(), |credential| {
                credential["type"].as_array_mut().unwrap().reverse();
            }),
        ),
        licence.valid(
            "proof-with-the-documents-vocabulary",
            "The proof repeats the document's vocabulary.",
            own_context,
        ),
        licence.valid("printed-anew", "The document was printed in another way after it was signed.", {
            let document: Value = serde_json::from_str(&licence.credential()).unwrap();
            format!("{document:#}\n")
        }),
        licence.valid(
            "chain-on-an-officers-proof-over-json",
            "An officer signed the text, and the issuer builds on that.",
            {
                let officers = over_json(licence.document(), OFFICER);
                let mut document = licence.document();
                put(&mut document, "/proof", json!([officers]));
                let last = proof_of(&licence.sign(document, |proof| put(proof, "/previousProof", OFFICER)));
                together(licence, &[&officers, &last])
            },
        ),
        licence.valid("proof-of-a-stranger-over-json", "A stranger signed the text as well.", {
            let own = proof_of(&licence.credential());
            together(licence, &[&over_json(licence.document(), OFFICER), &own])
        }),
    ]
}

fn proofs(licence: &Scene) -> Vec<Case> {
    let of_text = licence.format.name().replace("rdfc", "jcs");
    vec![
        licence
            .invalid("signed-as-text-and-renamed", "The issuer signed the text, and the proof says it signed RDF.", {
                let signed = licence.sign(licence.document(), |proof| put(proof, "/cryptosuite", of_text.as_str()));
                changed(&signed, |credential| put(credential, "/proof/cryptosuite", licence.format.name()))
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid(
                "proof-with-an-unknown-member",
                "The proof has a member that no vocabulary defines, which no signature covers.",
                changed(&licence.credential(), |credential| put(credential, "/proof/note", "carbon copy")),
            )
            .by(CheckId::DataTerms, Code::TermsUndefined),
        licence
            .invalid(
                "proof-with-another-vocabulary",
                "The proof names a vocabulary of its own.",
                changed(&licence.credential(), |credential| put(credential, "/proof/@context", json!([V2]))),
            )
            .by(CheckId::Context, Code::ContextNotSigned),
        licence
            .invalid(
                "proof-of-a-stranger-alone",
                "A stranger signed it in the issuer's name.",
                licence.sign_as(licence.document(), licence.stranger(), |_| {}),
            )
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        licence
            .invalid("chain-cut", "The officer's proof, on which the issuer's builds, was taken away.", {
                let officers = over_json(licence.document(), OFFICER);
                let mut document = licence.document();
                put(&mut document, "/proof", json!([officers]));
                licence.sign(document, |proof| put(proof, "/previousProof", OFFICER))
            })
            .by(CheckId::Proof, Code::ProofAncestorMissing),
    ]
}

fn changes(address: &Scene, licence: &Scene) -> Vec<Case> {
    let changed_to = |pointer: &str, value: Value| licence.changed(|credential| put(credential, pointer, value));
    let mismatch = |case: Case| case.by(CheckId::Proof, Code::ProofMismatch);
    vec![
        mismatch(licence.invalid(
            "name-changed-after-signing",
            "The licence was made out to somebody else.",
            changed_to("/credentialSubject/familyName", "Somebody".into()),
        )),
        mismatch(licence.invalid(
            "end-changed-after-signing",
            "The licence was prolonged.",
            changed_to("/validUntil", "2036-01-31T00:00:00Z".into()),
        )),
        mismatch(licence.invalid(
            "status-taken-away",
            "The place in the status list was struck out.",
            licence.changed(|credential| drop(take(credential, "/credentialStatus"))),
        )),
        mismatch(
            address
                .invalid(
                    "answer-to-another-request",
                    "The nonce of the tenant's answer was rewritten.",
                    changed(&address.answer_to(&[&address.credential()], crate::cast::BANK, "n-1"), |answer| {
                        put(answer, "/proof/challenge", crate::cast::NONCE);
                    }),
                )
                .asked(),
        ),
        mismatch(
            address
                .invalid(
                    "credential-swapped-into-an-answer",
                    "The credential in the tenant's answer was exchanged for an older one.",
                    changed(&address.answer(&address.credential()), |answer| {
                        let older = address.credential_valid("2026-10-01", 90);
                        put(answer, "/verifiableCredential", json!([serde_json::from_str::<Value>(&older).unwrap()]));
                    }),
                )
                .asked(),
        ),
    ]
}

fn contexts(licence: &Scene, other: &Scene) -> Vec<Case> {
    let with = |scene: &Scene, contexts: Value| scene.changed(|credential| put(credential, "/@context", contexts));
    let redefined = json!([V2, { "title": "https://register.example/vocab#debtor" }, CITIZENSHIP]);
    vec![
        licence
            .invalid(
                "vocabulary-extended-after-signing",
                "A vocabulary was added behind the issuer's.",
                with(licence, json!([V2, OURS, CITIZENSHIP])),
            )
            .by(CheckId::Context, Code::ContextKind),
        licence
            .invalid(
                "vocabulary-injected-after-signing",
                "A vocabulary was put between the issuer's.",
                with(licence, json!([V2, CITIZENSHIP, OURS])),
            )
            .by(CheckId::Context, Code::ContextKind),
        licence
            .invalid(
                "vocabulary-of-its-own-injected",
                "Words were given a meaning of their own after signing.",
                with(licence, json!([V2, OURS, { "licenceNumbers": "https://w3id.org/attesta#licenceNumber" }])),
            )
            .by(CheckId::Context, Code::ContextKind),
        licence
            .invalid(
                "vocabularies-exchanged",
                "The issuer's vocabularies stand in another order.",
                with(licence, json!([OURS, V2])),
            )
            .by(CheckId::DataModel, Code::ModelBroken),
        licence
            .invalid(
                "word-redefined",
                "A protected word was given another meaning.",
                with(licence, json!([V2, { "name": "https://register.example/vocab#name" }, OURS])),
            )
            .by(CheckId::DataTerms, Code::TermsInvalid),
        licence
            .invalid(
                "words-redefined-inside",
                "Inside, words were given a meaning of their own, though none of them stands there.",
                licence.changed(|credential| {
                    put(credential, "/credentialSubject/@context", json!({ "debtor": "https://register.example/v#d" }));
                }),
            )
            .by(CheckId::Context, Code::ContextNested),
        other
            .open(
                "words-of-its-own",
                "The document itself says what a word means that nobody uses.",
                with(other, redefined),
            )
            .by(CheckId::Context, Code::ContextInline),
        other
            .open(
                "vocabulary-that-nobody-knows",
                "A vocabulary of which nobody says what it is.",
                with(other, json!([V2, CITIZENSHIP, OWN])),
            )
            .by(CheckId::DataTerms, Code::TermsContextUnknown),
        other
            .open(
                "vocabulary-that-is-pinned-and-not-at-hand",
                "A vocabulary that the desk has pinned, and whose file is not at hand.",
                with(other, json!([V2, CITIZENSHIP, OWN])),
            )
            .policy(json!({ "contexts": [PinnedContext::of(OWN, b"{}")] }))
            .missing(OWN)
            .by(CheckId::DataTerms, Code::TermsContextUnavailable),
    ]
}

/// Ten nodes without names, each of which refers to all: telling them apart takes longer than anybody has.
fn entangled(other: &Scene) -> String {
    other.changed(|credential| {
        put(credential, "/@context", json!([V2, CITIZENSHIP, DID]));
        let names: Vec<String> = (0..10).map(|number| format!("_:n{number}")).collect();
        let nodes: Vec<Value> =
            names.iter().map(|name| json!({ "id": name, "type": "Person", "alsoKnownAs": names })).collect();
        put(credential, "/credentialSubject/alsoKnownAs", json!(nodes));
    })
}

fn terms(licence: &Scene, other: &Scene) -> Vec<Case> {
    let by = |case: Case, code| case.by(CheckId::DataTerms, code);
    let subject =
        |credential: &mut Map, name: &str, value: Value| put(credential, &format!("/credentialSubject/{name}"), value);
    vec![
        by(
            licence.invalid(
                "undefined-member-added",
                "A member was added after signing that no vocabulary defines, so that the signature still fits.",
                licence.changed(|credential| subject(credential, "limitations", "none".into())),
            ),
            Code::TermsUndefined,
        ),
        by(
            other.invalid(
                "undefined-member-signed",
                "The issuer's own software dropped a member without a word when it signed.",
                other.issued(|credential| subject(credential, "clearance", "top secret".into())),
            ),
            Code::TermsUndefined,
        ),
        by(
            other.invalid(
                "undefined-type-added",
                "A type was added that no vocabulary defines.",
                other
                    .changed(|credential| credential["type"].as_array_mut().unwrap().push("PassportCredential".into())),
            ),
            Code::TermsUndefined,
        ),
        by(
            other.invalid(
                "member-without-a-value",
                "A member was added that says null.",
                other.changed(|credential| subject(credential, "gender", Value::Null)),
            ),
            Code::TermsDropped,
        ),
        by(
            other.invalid(
                "member-in-disguise",
                "A member's word was exchanged for its address, which a reader overlooks and the signature does not.",
                other.changed(|credential| {
                    let name = take(credential, "/credentialSubject/familyName");
                    let subject = inner(credential, "credentialSubject");
                    subject.insert("https://schema.org/familyName".to_owned(), name);
                }),
            ),
            Code::TermsDisguised,
        ),
        by(
            other.invalid(
                "parts-without-names-entangled",
                "Ten parts without names refer to each other.",
                entangled(other),
            ),
            Code::TermsTooMuch,
        ),
        by(
            other.invalid(
                "vocabulary-of-thousands-of-words",
                "The document defines more words than any genuine one.",
                {
                    other.changed(|credential| {
                        let words: Map =
                            (0..2_001).map(|number| (format!("w{number}"), format!("urn:w:{number}").into())).collect();
                        put(credential, "/@context", json!([V2, words, CITIZENSHIP]));
                    })
                },
            ),
            Code::TermsTooMuch,
        ),
    ]
}

/// A vocabulary that the desk pinned by its hash, and was handed.
fn pinned(other: &Scene) -> Vec<Case> {
    let at_hand =
        |case: Case| {
            case.policy(json!({ "contexts": [PinnedContext::of(OWN, VOCABULARY_FILE.as_bytes())] }))
                .with_material(fetched("context", OWN, VOCABULARY_FILE))
        };
    let saying = |member: &str| {
        other.issued(|credential| {
            put(credential, "/@context", json!([V2, CITIZENSHIP, OWN]));
            put(credential, member, "B");
        })
    };
    vec![
        at_hand(other.valid(
            "vocabulary-that-is-pinned",
            "A vocabulary that the desk has pinned, and whose file is at hand.",
            saying("/credentialSubject/boatClass"),
        )),
        at_hand(other.invalid(
            "word-that-the-pinned-vocabulary-lacks",
            "A word that nearly stands in the vocabulary that the desk has pinned.",
            saying("/credentialSubject/boatClas"),
        ))
        .by(CheckId::DataTerms, Code::TermsUndefined),
    ]
}

/// Digests by which a document pins its vocabularies.
fn pins(other: &Scene) -> Vec<Case> {
    let pinning = |digest: &str| {
        other.issued(|credential| {
            let resource = json!({ "id": V2, "type": "JsonSchema", "digestSRI": digest });
            put(credential, "/relatedResource", resource);
        })
    };
    vec![
        other
            .invalid(
                "vocabulary-pinned-to-another",
                "It pins its vocabulary by the digest of another file.",
                pinning("sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="),
            )
            .by(CheckId::Context, Code::ContextPinnedOther),
        other
            .open(
                "vocabulary-pinned-by-another-hash",
                "It pins its vocabulary by a digest that cannot be compared.",
                pinning(&format!("sha512-{}==", "A".repeat(86))),
            )
            .by(CheckId::Context, Code::ContextPinnedOpen),
    ]
}
