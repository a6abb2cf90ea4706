//! Changes after signing, and signatures that are none.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::CAST;
use crate::cose::Message;
use crate::forge::{taken_apart, with_signature};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence] = [About::Address, About::Licence].map(|about| Scene::new(about, format));
    let mut cases = changes(&address, &licence);
    cases.extend(signatures(&licence));
    if format != Format::EddsaJcs2022 {
        cases.extend(of_ecdsa(format));
    }
    cases
}

fn changes(address: &Scene, licence: &Scene) -> Vec<Case> {
    let changed = |name, description, presented: String| {
        licence.invalid(name, description, presented).by(CheckId::Proof, Code::ProofMismatch)
    };
    vec![
        address
            .invalid(
                "flat-changed-after-signing",
                "Another flat was written into a signed guarantee.",
                address.answer(&address.changed(|credential| put(credential, "/credentialSubject/address/flat", "A"))),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
        address
            .invalid(
                "subject-changed-after-signing",
                "Somebody put their own identifier into another's guarantee and presents it.",
                address.answer_of(
                    &CAST.thief,
                    &address.changed(|credential| put(credential, "/credentialSubject/id", CAST.thief.did.as_str())),
                ),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
        changed(
            "end-changed-after-signing",
            "The end of a signed licence was put off by a year.",
            licence.changed(|credential| put(credential, "/validUntil", "2028-01-31T00:00:00Z")),
        ),
        changed(
            "category-added-after-signing",
            "A category was added to a signed driving licence.",
            licence.changed(|credential| {
                let categories = json!([{ "code": "AM" }, { "code": "B" }, { "code": "D" }]);
                put(credential, "/credentialSubject/categories", categories);
            }),
        ),
        changed(
            "member-added-after-signing",
            "A member that the issuer did not write was added.",
            licence.changed(|credential| put(credential, "/name", "Licence")),
        ),
        changed(
            "member-removed-after-signing",
            "A member that the issuer wrote was taken away.",
            licence.changed(|credential| drop(take(credential, "/credentialSubject/registerUrl"))),
        ),
        changed(
            "issuer-changed-after-signing",
            "Another issuer's name was written over the one that signed.",
            licence.changed(|credential| put(credential, "/issuer", CAST.forger.did.as_str())),
        ),
        changed("status-removed-after-signing", "The entry by which a licence can be revoked was taken away.", {
            let entry = json!({
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "94567",
                "statusListCredential": "https://transport.example/status/3",
            });
            let signed = licence.issued(|credential| put(credential, "/credentialStatus", entry));
            crate::scene::changed(&signed, |credential| drop(take(credential, "/credentialStatus")))
        }),
        changed("signatures-swapped", "The signature of the same issuer's licence of another day.", {
            let other_day = licence.credential_valid("2026-11-03", 90);
            with_signature_of(&licence.credential(), &other_day)
        }),
    ]
}

/// The first credential with the second's signature.
fn with_signature_of(credential: &str, other: &str) -> String {
    if credential.starts_with('{') {
        let other: Value = serde_json::from_str(other).unwrap();
        return crate::scene::changed(credential, |credential| {
            put(credential, "/proof/proofValue", other["proof"]["proofValue"].clone());
        });
    }
    if crate::cose::of_text(credential).is_some() {
        return with_signature(credential, |_| Message::read(other).signature);
    }
    let (input, _) = credential.rsplit_once('.').unwrap();
    format!("{input}.{}", taken_apart(other).2)
}

fn signatures(licence: &Scene) -> Vec<Case> {
    let signed = licence.credential();
    let with = |change: fn(Vec<u8>) -> Vec<u8>| with_signature(&signed, change);
    vec![
        licence
            .invalid(
                "signature-of-zeros",
                "The signature is nothing but zeros, which some verifiers have taken for one.",
                with(|signature| vec![0; signature.len()]),
            )
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid("signature-empty", "The signature is empty.", with(|_| Vec::new()))
            .by(CheckId::Proof, Code::ProofForm),
        licence
            .invalid(
                "signature-one-byte-short",
                "The last byte of the signature is missing.",
                with(|mut signature| {
                    signature.pop();
                    signature
                }),
            )
            .by(CheckId::Proof, Code::ProofForm),
        licence
            .invalid(
                "signature-one-byte-long",
                "A byte follows the signature.",
                with(|mut signature| {
                    signature.push(0);
                    signature
                }),
            )
            .by(CheckId::Proof, Code::ProofForm),
        licence
            .invalid(
                "signature-with-a-flipped-bit",
                "One bit of the signature is another.",
                with(|mut signature| {
                    signature[40] ^= 4;
                    signature
                }),
            )
            .by(CheckId::Proof, Code::ProofMismatch),
    ]
}

/// What is peculiar to ECDSA: two signatures for one, and a second way to write them.
fn of_ecdsa(format: Format) -> Vec<Case> {
    let licence = Scene::new(About::Licence, format).issued_by(&CAST.hostel);
    let signed = licence.credential();
    let scalars = |signature: &[u8]| p256::ecdsa::Signature::from_slice(signature).unwrap();
    let low = |signature: Vec<u8>| scalars(&signature).normalize_s().to_bytes().to_vec();
    let high = |signature: Vec<u8>| {
        let (r, s) = scalars(&signature).normalize_s().split_scalars();
        p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap().to_bytes().to_vec()
    };
    vec![
        licence.valid("signature-with-low-s", "ECDSA with the lower of the two s.", with_signature(&signed, low)),
        licence.valid(
            "signature-with-high-s",
            "ECDSA with the upper of the two s: the standards take both, so no signature may serve as an identity.",
            with_signature(&signed, high),
        ),
        licence
            .invalid(
                "signature-in-der",
                "The signature is written in ASN.1 instead of r and s in a row.",
                with_signature(&signed, |signature| scalars(&signature).to_der().as_bytes().to_vec()),
            )
            .by(CheckId::Proof, Code::ProofForm),
        licence
            .invalid(
                "signature-with-s-plus-the-order",
                "s lies above the order of the curve.",
                with_signature(&signed, |mut signature| {
                    signature[32..].fill(0xff);
                    signature
                }),
            )
            .by(CheckId::Proof, Code::ProofMismatch),
    ]
}
