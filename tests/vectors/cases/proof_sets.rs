//! Documents with several proofs: beside each other, and built on each other.

use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{BANK, CAST, Party};
use crate::forge::{enclosed, with_signature};
use crate::scene::{About, Scene};
use crate::vector::Case;

const OFFICER: &str = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544";
const ISSUER: &str = "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54";
const PAST: &str = "2026-11-20T08:59:59Z";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in [Format::EddsaJcs2022, Format::EcdsaJcs2019] {
        let [address, licence] = [About::Address, About::Licence].map(|about| Scene::new(about, format));
        cases.extend(sets(&licence));
        cases.extend(no_deciding_proof(&licence));
        cases.extend(chains(&licence));
        cases.extend(broken_chains(&licence));
        cases.extend(ancestors(&licence));
        cases.extend(answers(&address));
    }
    cases
}

/// A proof by `party` over the licence, which builds on `earlier`.
fn proof_on(scene: &Scene, party: &Party, earlier: &[&Value], change: impl FnOnce(&mut Map)) -> Value {
    let mut document = scene.document();
    if !earlier.is_empty() {
        put(&mut document, "/proof", json!(earlier));
    }
    let ids: Vec<Value> = earlier.iter().map(|earlier| earlier["id"].clone()).collect();
    let signed = scene.sign_as(document, party, |proof| {
        match ids.as_slice() {
            [] => {}
            [only] => put(proof, "/previousProof", only.clone()),
            several => put(proof, "/previousProof", json!(several)),
        }
        change(proof);
    });
    serde_json::from_str::<Value>(&signed).unwrap()["proof"].take()
}

fn proof_by(scene: &Scene, party: &Party, change: impl FnOnce(&mut Map)) -> Value {
    proof_on(scene, party, &[], change)
}

fn with_proofs(scene: &Scene, proofs: &[&Value]) -> String {
    let mut document = scene.document();
    put(&mut document, "/proof", json!(proofs));
    Value::Object(document).to_string()
}

/// The officer's own proof, by which others can name it.
fn officers(scene: &Scene) -> Value {
    proof_by(scene, &CAST.school, |proof| put(proof, "/id", OFFICER))
}

fn broken(proof: &Value) -> Value {
    let signed = with_signature(&json!({ "proof": proof }).to_string(), |mut signature| {
        signature[9] ^= 1;
        signature
    });
    serde_json::from_str::<Value>(&signed).unwrap()["proof"].take()
}

fn sets(licence: &Scene) -> Vec<Case> {
    let issuers = proof_by(licence, licence.issuer, |_| {});
    let strangers = proof_by(licence, licence.stranger(), |_| {});
    let past = proof_by(licence, licence.issuer, |proof| put(proof, "/expires", PAST));
    vec![
        licence.valid(
            "proof-of-a-stranger-beside-the-issuers",
            "A stranger's proof stands behind the issuer's.",
            with_proofs(licence, &[&issuers, &strangers]),
        ),
        licence.valid(
            "proof-of-a-stranger-before-the-issuers",
            "A stranger's proof stands before the issuer's.",
            with_proofs(licence, &[&strangers, &issuers]),
        ),
        licence.valid(
            "proof-of-a-stranger-that-does-not-hold",
            "A stranger's proof beside the issuer's does not hold.",
            with_proofs(licence, &[&broken(&strangers), &issuers]),
        ),
        licence.valid(
            "proof-of-a-stranger-that-cannot-be-read",
            "What stands beside the issuer's proof is none.",
            with_proofs(licence, &[&json!({ "type": "DataIntegrityProof" }), &json!("signed"), &issuers]),
        ),
        licence.valid(
            "proof-of-a-stranger-that-builds-on-the-issuers",
            "A stranger's proof names one that is not there.",
            with_proofs(
                licence,
                &[&issuers, &proof_by(licence, licence.stranger(), |proof| put(proof, "/previousProof", OFFICER))],
            ),
        ),
        licence.valid(
            "proof-of-the-issuer-twice",
            "The issuer signed twice, the second time without a time.",
            with_proofs(
                licence,
                &[&issuers, &proof_by(licence, licence.issuer, |proof| drop(take(proof, "/created")))],
            ),
        ),
        licence.valid(
            "proof-of-the-issuer-past-and-another",
            "The issuer's first proof has ended, and its second has not.",
            with_proofs(licence, &[&past, &issuers]),
        ),
        licence.valid(
            "proof-of-the-issuer-broken-and-another",
            "One of the issuer's proofs holds, which is enough.",
            with_proofs(licence, &[&broken(&issuers), &issuers]),
        ),
        licence.valid("proofs-as-many-as-there-may-be", "Seven strangers signed beside the issuer.", {
            let mut proofs = vec![&strangers; 7];
            proofs.push(&issuers);
            with_proofs(licence, &proofs)
        }),
    ]
}

fn no_deciding_proof(licence: &Scene) -> Vec<Case> {
    let issuers = proof_by(licence, licence.issuer, |_| {});
    let strangers = proof_by(licence, licence.stranger(), |_| {});
    let login = proof_by(licence, licence.issuer, |proof| put(proof, "/proofPurpose", "authentication"));
    let past = proof_by(licence, licence.issuer, |proof| put(proof, "/expires", PAST));
    vec![
        licence
            .invalid(
                "proofs-of-strangers-alone",
                "Two strangers signed, and the issuer did not.",
                with_proofs(licence, &[&strangers, &proof_by(licence, &CAST.school, |_| {})]),
            )
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        licence
            .invalid(
                "proof-of-the-issuer-broken-beside-a-strangers",
                "The issuer's proof does not hold, and a stranger's does.",
                with_proofs(licence, &[&strangers, &broken(&issuers)]),
            )
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid(
                "proof-for-another-purpose-beside-a-strangers",
                "The issuer signed it to log in, and a stranger to issue it.",
                with_proofs(licence, &[&strangers, &login]),
            )
            .by(CheckId::KeyPurpose, Code::PurposeClaimed),
        licence
            .invalid(
                "proof-past-beside-a-strangers",
                "The issuer's proof has ended, and a stranger's has not.",
                with_proofs(licence, &[&past, &strangers]),
            )
            .by(CheckId::ProofExpiry, Code::ExpiryPast),
        licence
            .invalid(
                "proofs-of-the-issuer-one-past-one-broken",
                "The issuer signed twice; one proof has ended, the other does not hold.",
                with_proofs(licence, &[&past, &broken(&issuers)]),
            )
            .by(CheckId::ProofExpiry, Code::ExpiryPast),
        licence
            .invalid("nine-proofs", "Eight strangers signed beside the issuer.", {
                let mut proofs = vec![&strangers; 8];
                proofs.push(&issuers);
                with_proofs(licence, &proofs)
            })
            .by(CheckId::Proof, Code::ProofTooMany),
        licence
            .invalid(
                "proofs-none-of-which-can-be-read",
                "What stands in the list of proofs is none.",
                with_proofs(licence, &[&json!({ "type": "DataIntegrityProof" }), &json!("signed")]),
            )
            .by(CheckId::Proof, Code::ProofForm),
    ]
}

fn chains(licence: &Scene) -> Vec<Case> {
    let officers = officers(licence);
    let issuers = proof_on(licence, licence.issuer, &[&officers], |_| {});
    vec![
        licence.valid(
            "chain-of-an-officer-and-the-issuer",
            "An officer signed, and the issuer's proof builds on that.",
            with_proofs(licence, &[&officers, &issuers]),
        ),
        licence.valid(
            "chain-in-another-order",
            "The proofs of a chain stand in another order than they were made in.",
            with_proofs(licence, &[&issuers, &officers]),
        ),
        licence.valid(
            "chain-with-a-stranger-between",
            "A stranger's proof stands among those of a chain.",
            with_proofs(licence, &[&officers, &proof_by(licence, licence.stranger(), |_| {}), &issuers]),
        ),
        licence.valid("chain-of-three", "One officer builds on another, and the issuer on both.", {
            let second = proof_on(licence, &CAST.ngo, &[&officers], |proof| put(proof, "/id", ISSUER));
            let last = proof_on(licence, licence.issuer, &[&officers, &second], |_| {});
            with_proofs(licence, &[&officers, &second, &last])
        }),
    ]
}

fn broken_chains(licence: &Scene) -> Vec<Case> {
    let officers = officers(licence);
    let issuers = proof_on(licence, licence.issuer, &[&officers], |proof| put(proof, "/id", ISSUER));
    let (missing, cycle) = (Code::ProofAncestorMissing, Code::ProofAncestorCycle);
    let naming = |party: &Party, id: &str, previous: &str| {
        proof_by(licence, party, |proof| {
            put(proof, "/id", id);
            put(proof, "/previousProof", previous);
        })
    };
    let case = |name, description, proofs: &[&Value], code| {
        licence.invalid(name, description, with_proofs(licence, proofs)).by(CheckId::Proof, code)
    };
    vec![
        case("chain-cut", "The officer's proof, on which the issuer's builds, was taken away.", &[&issuers], missing),
        case(
            "chain-cut-and-a-stranger-added",
            "A stranger's proof stands where the officer's did, under another name.",
            &[&proof_by(licence, licence.stranger(), |_| {}), &issuers],
            missing,
        ),
        case(
            "chain-with-a-stranger-in-the-officers-place",
            "A stranger's proof stands where the officer's did, under its name.",
            &[&proof_by(licence, licence.stranger(), |proof| put(proof, "/id", OFFICER)), &issuers],
            Code::ProofMismatch,
        ),
        case(
            "chain-of-a-stranger-on-the-issuers-lost-proof",
            "The issuer's proof was replaced by a stranger's that says it builds on it.",
            &[&naming(licence.stranger(), OFFICER, ISSUER)],
            missing,
        ),
        case(
            "chain-whose-link-stands-there-twice",
            "The proof that is named stands there twice.",
            &[&officers, &officers, &issuers],
            missing,
        ),
        case(
            "chain-on-itself",
            "The issuer's proof says that it builds on itself.",
            &[&naming(licence.issuer, ISSUER, ISSUER)],
            cycle,
        ),
        case(
            "chain-in-a-circle",
            "The officer's proof says that it builds on the issuer's, which builds on it.",
            &[&naming(&CAST.school, OFFICER, ISSUER), &naming(licence.issuer, ISSUER, OFFICER)],
            cycle,
        ),
        case(
            "chain-that-names-a-number",
            "The proof before is named by a number.",
            &[&proof_by(licence, licence.issuer, |proof| put(proof, "/previousProof", 7))],
            Code::ProofForm,
        ),
        case(
            "chain-that-names-nothing",
            "The list of the proofs before is empty.",
            &[&proof_by(licence, licence.issuer, |proof| put(proof, "/previousProof", json!([])))],
            Code::ProofForm,
        ),
        case(
            "chain-said-after-signing",
            "The issuer's proof was made to build on a stranger's after it was signed.",
            &[&officers, &{
                let mut proof = proof_by(licence, licence.issuer, |_| {});
                proof["previousProof"] = OFFICER.into();
                proof
            }],
            Code::ProofMismatch,
        ),
        case(
            "chain-denied-after-signing",
            "What the issuer's proof builds on was struck out after it was signed.",
            &[&{
                let mut proof = issuers.clone();
                proof.as_object_mut().unwrap().remove("previousProof");
                proof
            }],
            Code::ProofMismatch,
        ),
    ]
}

/// What the issuer builds on, signed with the officer's key, does not count.
fn ancestors(licence: &Scene) -> Vec<Case> {
    let over = |officers: &Value| {
        let issuers = proof_on(licence, licence.issuer, &[officers], |_| {});
        with_proofs(licence, &[officers, &issuers])
    };
    let officers_with = |member: &'static str, value: &'static str| {
        proof_by(licence, &CAST.school, |proof| {
            put(proof, "/id", OFFICER);
            put(proof, member, value);
        })
    };
    let case = |name, description, presented| {
        licence.invalid(name, description, presented).by(CheckId::Proof, Code::ProofAncestor)
    };
    vec![
        case("link-that-does-not-hold", "The officer's proof does not hold.", over(&broken(&officers(licence)))),
        case("link-past", "The officer's proof has ended.", over(&officers_with("/expires", PAST))),
        case(
            "link-from-the-future",
            "The officer's proof was made an hour from now.",
            over(&officers_with("/created", "2026-11-20T10:00:00Z")),
        ),
        case(
            "link-for-another-purpose",
            "The officer signed it to log in.",
            over(&officers_with("/proofPurpose", "authentication")),
        ),
        case(
            "link-by-a-key-that-is-not-the-officers",
            "The officer's proof was made with another key than it names.",
            over(&proof_by(licence, &CAST.ngo, |proof| {
                put(proof, "/id", OFFICER);
                put(proof, "/verificationMethod", CAST.school.method.as_str());
            })),
        ),
        licence
            .open(
                "link-of-a-suite-that-is-not-known",
                "The officer's proof is of a suite that this version does not have.",
                over(&officers_with("/cryptosuite", "bbs-2023")),
            )
            .by(CheckId::Proof, Code::ProofAncestorOpen),
        licence
            .open(
                "link-whose-key-is-not-at-hand",
                "The officer's key document is not at hand.",
                over(&officers_with("/verificationMethod", "did:web:officer.example#key-1")),
            )
            .by(CheckId::Proof, Code::ProofAncestorOpen),
    ]
}

fn answers(address: &Scene) -> Vec<Case> {
    let credential = address.credential();
    let document = |answer: &str| {
        let mut document: Map = serde_json::from_str(answer).unwrap();
        document.remove("proof");
        document
    };
    let proof = |answer: &str| serde_json::from_str::<Value>(answer).unwrap()["proof"].take();
    let answer = address.answer(&credential);
    let together = |proofs: &[&Value]| {
        let mut document = document(&answer);
        put(&mut document, "/proof", json!(proofs));
        Value::Object(document).to_string()
    };
    let as_tenants = |document: &mut Map| put(document, "/holder", CAST.tenant.did.as_str());
    let thiefs = proof(&address.answer_by(&CAST.thief, &[enclosed(&credential)], as_tenants, |_| {}));
    let old = proof(&address.answer_to(&[&credential], BANK, "n-1"));
    vec![
        address
            .valid(
                "answer-with-a-strangers-proof-beside",
                "A stranger signed the tenant's answer as well.",
                together(&[&thiefs, &proof(&answer)]),
            )
            .asked(),
        address
            .valid(
                "answer-signed-for-two-requests",
                "The tenant's answer has a proof for an older request, and one for this.",
                together(&[&old, &proof(&answer)]),
            )
            .asked(),
        address
            .invalid(
                "answer-of-another-request-with-a-thiefs-proof-for-this",
                "The tenant answered another request, and a thief added a proof for this one.",
                together(&[&old, &thiefs]),
            )
            .asked()
            .by(CheckId::Nonce, Code::NonceOther),
    ]
}
