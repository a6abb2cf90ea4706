//! What only a Data Integrity proof can say.

use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::scene::{About, Scene, changed};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in [Format::EddsaJcs2022, Format::EcdsaJcs2019] {
        let [address, licence, _, other] = About::ALL.map(|about| Scene::new(about, format));
        cases.extend(valid(&licence));
        cases.extend(proofs(&address, &licence));
        cases.extend(suites(&licence, &other));
        cases.extend(of_any_suite(&licence));
        cases.extend(members(&licence));
    }
    cases
}

fn with_options(scene: &Scene, change: impl FnOnce(&mut Map)) -> String {
    scene.sign(scene.document(), change)
}

fn valid(licence: &Scene) -> Vec<Case> {
    vec![
        licence.valid("proof-in-a-list", "The one proof stands in a list.", {
            changed(&licence.credential(), |credential| {
                let proof = take(credential, "/proof");
                put(credential, "/proof", json!([proof]));
            })
        }),
        licence.valid(
            "proof-without-a-context",
            "The proof does not repeat the vocabulary.",
            with_options(licence, |proof| drop(take(proof, "/@context"))),
        ),
        licence.valid(
            "proof-without-a-time",
            "The proof does not say when it was made.",
            with_options(licence, |proof| drop(take(proof, "/created"))),
        ),
        licence.valid(
            "proof-that-ends-later",
            "The proof counts for another minute.",
            with_options(licence, |proof| put(proof, "/expires", "2026-11-20T09:01:00Z")),
        ),
        licence.valid(
            "proof-with-an-unknown-member",
            "A member of the proof that nobody knows was signed with it.",
            with_options(licence, |proof| put(proof, "/note", "carbon copy")),
        ),
        licence.valid("white-space-between", "The document was printed in another way after it was signed.", {
            let document: Value = serde_json::from_str(&licence.credential()).unwrap();
            format!("{document:#}\n")
        }),
    ]
}

fn proofs(address: &Scene, licence: &Scene) -> Vec<Case> {
    let signed = licence.credential();
    vec![
        licence
            .invalid("unsigned", "A licence without a proof.", Value::Object(licence.document()).to_string())
            .by(CheckId::Proof, Code::ProofAbsent),
        licence
            .invalid("proof-list-empty", "The list of proofs is empty.", {
                let mut document = licence.document();
                put(&mut document, "/proof", json!([]));
                Value::Object(document).to_string()
            })
            .by(CheckId::Proof, Code::ProofAbsent),
        licence
            .invalid(
                "proof-as-text",
                "The proof is a text.",
                changed(&signed, |credential| put(credential, "/proof", "signed by the authority")),
            )
            .by(CheckId::Proof, Code::ProofForm),
        address
            .invalid(
                "answer-unsigned",
                "The answer's proof was taken away.",
                changed(&address.answer(&address.credential()), |answer| drop(take(answer, "/proof"))),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofAbsent),
        address
            .invalid(
                "answer-with-the-credentials-proof",
                "The issuer's proof over the credential stands on the answer.",
                {
                    let credential: Value = serde_json::from_str(&address.credential()).unwrap();
                    changed(&address.answer(&address.credential()), |answer| {
                        put(answer, "/proof", credential["proof"].clone());
                    })
                },
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingOtherController),
    ]
}

fn suites(licence: &Scene, other: &Scene) -> Vec<Case> {
    let named = |name: &str| with_options(licence, |proof| put(proof, "/cryptosuite", name));
    let unsupported = |case: Case| case.by(CheckId::Algorithm, Code::AlgorithmUnsupported);
    let stripped = with_options(other, |proof| put(proof, "/type", "Ed25519Signature2020"));
    vec![
        unsupported(licence.open(
            "suite-with-selective-disclosure",
            "bbs-2023, which this version cannot check.",
            named("bbs-2023"),
        )),
        unsupported(licence.open(
            "suite-in-other-letters",
            "The suite's name in capitals is no suite.",
            named(&licence.format.name().to_uppercase()),
        )),
        unsupported(other.open(
            "proof-of-an-older-type",
            "A proof of the kind that came before cryptosuites.",
            stripped,
        )),
    ]
}

/// What holds for the proof of a credential by every suite that signs the whole document.
pub(super) fn of_any_suite(licence: &Scene) -> Vec<Case> {
    let with = |member: &str, value: &str| with_options(licence, |proof| put(proof, member, value));
    let wrong = match licence.format {
        Format::EddsaJcs2022 => "ecdsa-jcs-2019",
        Format::EcdsaJcs2019 => "eddsa-jcs-2022",
        Format::EddsaRdfc2022 => "ecdsa-rdfc-2019",
        _ => "eddsa-rdfc-2022",
    };
    vec![
        licence
            .invalid(
                "suite-of-another-key",
                "The suite has no use for keys of the issuer's type.",
                with("/cryptosuite", wrong),
            )
            .by(CheckId::Algorithm, Code::AlgorithmMismatch),
        licence
            .invalid(
                "signed-for-another-purpose",
                "The issuer signed it to log in, not to issue.",
                with("/proofPurpose", "authentication"),
            )
            .by(CheckId::KeyPurpose, Code::PurposeClaimed),
        licence
            .invalid("purpose-changed-after-signing", "The proof's purpose was rewritten.", {
                let signed = with("/proofPurpose", "authentication");
                changed(&signed, |credential| put(credential, "/proof/proofPurpose", "assertionMethod"))
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid(
                "proof-past",
                "The proof ended, though the licence goes on.",
                with("/expires", "2026-11-20T08:59:59Z"),
            )
            .by(CheckId::ProofExpiry, Code::ExpiryPast),
        licence
            .invalid("proof-past-prolonged", "The end of a proof was put off after it was signed.", {
                let signed = with("/expires", "2026-11-20T08:59:59Z");
                changed(&signed, |credential| put(credential, "/proof/expires", "2027-11-20T08:59:59Z"))
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid(
                "proof-from-the-future",
                "The proof was made an hour from now.",
                with("/created", "2026-11-20T10:00:00Z"),
            )
            .by(CheckId::ProofExpiry, Code::ExpiryFuture),
    ]
}

fn members(licence: &Scene) -> Vec<Case> {
    let signed = licence.credential();
    let set = |member: &str, value: Value| with_options(licence, |proof| put(proof, member, value));
    let replaced = |member: &str, value: &str| changed(&signed, |credential| put(credential, member, value));
    let form = |case: Case| case.by(CheckId::Proof, Code::ProofForm);
    let value = {
        let document: Value = serde_json::from_str(&signed).unwrap();
        document["proof"]["proofValue"].as_str().unwrap().to_owned()
    };
    let mut cases = vec![
        licence
            .invalid("context-replaced-in-document-and-proof", "The vocabulary was rewritten wherever it stands.", {
                changed(&signed, |credential| {
                    let contexts = json!([credential["@context"][0], "https://stranger.example/terms"]);
                    put(credential, "/@context", contexts.clone());
                    put(credential, "/proof/@context", contexts);
                })
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid("key-named-by-its-fragment", "The proof names its key without saying whose it is.", {
                let fragment = format!("#{}", licence.issuer.method.split_once('#').unwrap().1);
                changed(&signed, |credential| put(credential, "/proof/verificationMethod", fragment))
            })
            .by(CheckId::Proof, Code::ProofMismatch),
    ];
    let malformed = [
        (
            "without-a-suite",
            "The proof does not say how it was made.",
            with_options(licence, |proof| drop(take(proof, "/cryptosuite"))),
        ),
        (
            "without-a-key",
            "The proof does not name its key.",
            with_options(licence, |proof| drop(take(proof, "/verificationMethod"))),
        ),
        (
            "without-a-purpose",
            "The proof does not say what for.",
            with_options(licence, |proof| drop(take(proof, "/proofPurpose"))),
        ),
        (
            "without-a-signature",
            "The proof holds no signature.",
            changed(&signed, |credential| drop(inner_proof(credential).remove("proofValue"))),
        ),
        ("end-that-is-no-date", "The proof's end cannot be read.", set("/expires", "soon".into())),
        ("end-that-is-a-number", "The proof's end is a number.", set("/expires", 1_801_353_600.into())),
        (
            "signature-in-another-base",
            "The signature is written in base64url, which the suite does not use.",
            replaced("/proof/proofValue", "uAQIDBA"),
        ),
        (
            "signature-with-a-foreign-character",
            "A character in the signature does not belong to base58.",
            replaced("/proof/proofValue", &format!("{value}0")),
        ),
        (
            "signature-of-a-thousand-characters",
            "The signature is longer than any genuine one.",
            replaced("/proof/proofValue", &format!("z{}", "2".repeat(1000))),
        ),
    ];
    cases.extend(
        malformed.into_iter().map(|(name, description, presented)| form(licence.invalid(name, description, presented))),
    );
    cases
}

fn inner_proof(credential: &mut Map) -> &mut Map {
    credential.get_mut("proof").unwrap().as_object_mut().unwrap()
}
