//! Issuers that publish their keys: what the document allows, when, and what to do without it.

use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::put;
use crate::cast::{CAST, PROGRAMME, Party, document, entry, list, method_of, programme_document};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let skill = Scene::new(About::Skill, format);
    let mut cases = relationships(&skill);
    cases.extend(times(&skill));
    cases.extend(whereabouts(&skill));
    cases
}

/// The issuer's key as a verification method, after a change.
fn method(party: &Party, change: impl FnOnce(&mut Map)) -> Map {
    let mut method = method_of(party);
    change(&mut method);
    method
}

/// The issuer's document with this method alone.
fn with(method: Map, relationships: &[&str]) -> Value {
    document(PROGRAMME, &[method], relationships)
}

fn relationships(skill: &Scene) -> Vec<Case> {
    let issuer = skill.issuer;
    let case = |name, description, document: &Value, check, code| {
        let case = skill.invalid(name, description, skill.credential());
        case.without_materials().fetched(document).by(check, code)
    };
    let unmarked = method(issuer, |_| {});
    let of_another = {
        let mut document = with(unmarked.clone(), &["assertionMethod"]);
        document["verificationMethod"][0]["controller"] = "did:web:stranger.example".into();
        document
    };
    let other_key = {
        let mut replaced = unmarked.clone();
        let stranger = skill.stranger();
        put(&mut replaced, "/publicKeyJwk", stranger.public_key().to_jwk());
        with(replaced, &["assertionMethod"])
    };
    let unsupported = {
        let mut bitcoin = unmarked.clone();
        put(&mut bitcoin, "/publicKeyJwk", json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" }));
        with(bitcoin, &["assertionMethod"])
    };
    let mut cases = vec![
        case(
            "key-for-authentication-only",
            "The issuer's document lets this key log in, not issue.",
            &with(unmarked.clone(), &["authentication"]),
            CheckId::KeyPurpose,
            Code::PurposeOther,
        ),
        case(
            "key-for-agreement-only",
            "The issuer's document lists this key for encryption alone.",
            &with(unmarked.clone(), &["keyAgreement"]),
            CheckId::KeyPurpose,
            Code::PurposeOther,
        ),
        case(
            "key-listed-for-nothing",
            "The key stands in the issuer's document, which lets it do nothing.",
            &with(unmarked, &[]),
            CheckId::KeyPurpose,
            Code::PurposeOther,
        ),
        case(
            "key-controlled-by-another",
            "The issuer's document shows the key, but names another as its controller.",
            &of_another,
            CheckId::KeyBinding,
            Code::BindingNotInDocument,
        ),
        case(
            "key-replaced-in-the-document",
            "The document has another key by now, and the old one signed.",
            &other_key,
            CheckId::Proof,
            Code::ProofMismatch,
        ),
        case(
            "key-of-a-type-not-read",
            "The document holds a key under that name that cannot be used.",
            &unsupported,
            CheckId::Proof,
            Code::ProofKeyUnusable,
        ),
    ];
    if skill.format == Format::EcdsaJcs2019 {
        let marked = method(issuer, |method| put(method, "/publicKeyJwk/use", "enc"));
        cases.push(case(
            "key-marked-for-encryption",
            "The key is listed for issuing, but says of itself that it is for encryption.",
            &with(marked, &["assertionMethod"]),
            CheckId::KeyPurpose,
            Code::PurposeOther,
        ));
    }
    cases
}

fn times(skill: &Scene) -> Vec<Case> {
    let case = |case: Case, member: &str, moment: &str| {
        let method = method(skill.issuer, |method| put(method, member, moment));
        case.without_materials().fetched(&with(method, &["assertionMethod"]))
    };
    vec![
        case(
            skill.valid("key-that-expires-later", "The key expires a minute from now.", skill.credential()),
            "/expires",
            "2026-11-20T09:01:00Z",
        ),
        case(
            skill.valid("key-revoked-tomorrow", "The issuer will withdraw the key tomorrow.", skill.credential()),
            "/revoked",
            "2026-11-21T09:00:00Z",
        ),
        case(
            skill
                .invalid("key-expired", "The key expired since it signed.", skill.credential())
                .by(CheckId::KeyValidity, Code::ValidityExpired),
            "/expires",
            "2026-11-10T00:00:00Z",
        ),
        case(
            skill
                .invalid("key-expires-this-second", "The key expires in this very second.", skill.credential())
                .by(CheckId::KeyValidity, Code::ValidityExpired),
            "/expires",
            "2026-11-20T09:00:00Z",
        ),
        case(
            skill
                .invalid("key-revoked", "The issuer withdrew the key after it signed.", skill.credential())
                .by(CheckId::KeyValidity, Code::ValidityRevoked),
            "/revoked",
            "2026-11-10T00:00:00Z",
        ),
    ]
}

fn whereabouts(skill: &Scene) -> Vec<Case> {
    let published = programme_document();
    let by_stranger = skill.stranger().under("did:web:stranger.example#key-1");
    let of_another = {
        let foreign = skill.issuer.under("did:web:stranger.example#key-1");
        let mut listed = method_of(&foreign);
        put(&mut listed, "/controller", PROGRAMME);
        (with(listed, &["assertionMethod"]), foreign)
    };
    vec![
        skill
            .open(
                "document-missing-of-a-known-issuer",
                "The trust list knows the issuer, so the report names the document that is to be fetched.",
                skill.credential(),
            )
            .without_materials()
            .missing(PROGRAMME)
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
        skill
            .open(
                "document-missing-of-an-unknown-issuer",
                "Nobody knows the issuer, so the credential cannot make the verifier fetch anything.",
                skill.credential(),
            )
            .without_materials()
            .trusting(&[list(&[entry(&CAST.school, "Example Evening School", &["*"], &[])])])
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
        skill
            .open(
                "document-missing-but-may-be-fetched",
                "Nobody knows the issuer, and the policy lets the host fetch its document all the same.",
                skill.credential(),
            )
            .without_materials()
            .trusting(&[list(&[entry(&CAST.school, "Example Evening School", &["*"], &[])])])
            .policy(json!({ "fetchUnknownIssuers": true }))
            .missing(PROGRAMME)
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
        skill
            .open("document-only-asserted", "The issuer's document is somebody else's word.", skill.credential())
            .without_materials()
            .material(&published, "2026-11-19T09:00:00Z", json!({ "assertedBy": CAST.forger.did }))
            .by(CheckId::Proof, Code::ProofKeyAsserted),
        skill
            .open(
                "document-old",
                "The issuer's document was fetched 31 days ago, and the policy allows 30.",
                skill.credential(),
            )
            .without_materials()
            .material(&published, "2026-10-20T09:00:00Z", json!("fetched"))
            .by(CheckId::Freshness, Code::FreshnessDocument),
        skill
            .valid(
                "document-as-old-as-the-policy-allows",
                "The issuer's document was fetched exactly 30 days ago.",
                skill.credential(),
            )
            .without_materials()
            .material(&published, "2026-10-21T09:00:00Z", json!("fetched")),
        skill
            .valid(
                "document-fetched-after-an-assertion",
                "What the host fetched itself goes before somebody's newer word with another key.",
                skill.credential(),
            )
            .material(
                &with(method_of(&skill.stranger().under(&skill.issuer.method)), &["assertionMethod"]),
                "2026-11-20T08:59:00Z",
                json!({ "assertedBy": CAST.forger.did }),
            ),
        skill
            .invalid(
                "document-of-a-stranger-at-hand",
                "A stranger's key, with the stranger's document at hand, under the programme's name.",
                skill.sign_as(skill.document(), &by_stranger, |_| {}),
            )
            .fetched(&document(&by_stranger.did, &[method_of(&by_stranger)], &["assertionMethod"]))
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        skill
            .invalid(
                "key-of-another-did-in-the-document",
                "The issuer's document lists a key under another's identifier, and the credential names that.",
                skill.sign_as(skill.document(), &of_another.1, |_| {}),
            )
            .without_materials()
            .fetched(&of_another.0)
            .by(CheckId::KeyBinding, Code::BindingOtherController),
    ]
}
