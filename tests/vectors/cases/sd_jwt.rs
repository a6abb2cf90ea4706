//! What a holder shows of a credential whose claims can be hidden, as it should be.

use attesta::securing::Format;
use attesta::securing::sd_jwt::to_json;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{CAST, list};
use crate::forge::enveloped;
use crate::scene::{About, Scene};
use crate::selective::{bound, digest};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let scenes = About::ALL.map(|about| Scene::new(about, format));
    let [address, licence, skill, other] = &scenes;
    let mut cases: Vec<Case> = scenes.iter().flat_map(as_issued).collect();
    cases.extend(parts(address, licence, skill, other));
    cases.extend(holders(address, licence));
    cases.extend(forms(licence, other));
    cases
}

/// A list in which the scene's issuer is trusted everywhere.
fn everywhere(scene: &Scene) -> [Value; 1] {
    let mut entry = scene.entry.clone();
    entry.as_object_mut().unwrap().remove("regions");
    [list(&[entry])]
}

fn as_issued(scene: &Scene) -> Vec<Case> {
    let everything =
        scene.valid("everything-shown", "The holder shows all that there is.", bound(&scene.credential())).asked();
    let shown = bound(&scene.showing(&[]));
    let description = "The holder shows that there is such a credential, and no claim of it.";
    let nothing = scene.valid("nothing-shown", description, shown).asked().trusting(&everywhere(scene));
    let mut cases = vec![everything, nothing];
    if scene.about != About::Address {
        let presented = scene.credential();
        cases.push(scene.valid("handed-over-as-a-file", "A copy of what the issuer gave lies on the desk.", presented));
    }
    cases
}

/// Some claims, others withheld.
fn parts(address: &Scene, licence: &Scene, skill: &Scene, other: &Scene) -> Vec<Case> {
    let public = licence.about.kind().unwrap().public();
    let public: Vec<&str> = public.iter().copied().filter(|pointer| *pointer != "/scope").collect();
    vec![
        address
            .valid(
                "district-country-and-date-alone",
                "A bank learns in which district the tenant lives and since when, and neither name nor street.",
                address.presented(&["/address/district", "/address/country", "/residentSince"]),
            )
            .asked(),
        address
            .valid(
                "district-and-date-alone",
                "The country is withheld too, and the issuer is trusted everywhere.",
                address.presented(&["/address/district", "/residentSince"]),
            )
            .asked()
            .trusting(&everywhere(address)),
        address
            .open(
                "place-withheld-where-it-matters",
                "The issuer is trusted for one place, and the tenant withholds which place it is.",
                address.presented(&["/address/district", "/residentSince"]),
            )
            .asked()
            .by(CheckId::IssuerTrust, Code::TrustRegionNotShown),
        address
            .valid(
                "one-item-of-a-list",
                "Of several ways in which the organisation knows the tenant, one is shown.",
                address.presented(&["/address/country", "/knownBy/1"]),
            )
            .asked(),
        licence.valid(
            "public-part-on-a-plate",
            "What may hang on the wall: what the licence allows, where, and by whose authority.",
            licence.showing(&public),
        ),
        skill
            .valid("skill-alone", "The skill, and not whose it is.", skill.presented(&["/skill", "/jurisdiction"]))
            .asked(),
        other.valid(
            "file-with-one-claim",
            "A copy that shows one claim of a type without rules.",
            other.showing(&["/alumniOf"]),
        ),
        licence
            .open(
                "place-withheld-in-a-file",
                "The authority is trusted for one country, and the copy does not say which country it is.",
                licence.showing(&["/licenceType", "/name"]),
            )
            .by(CheckId::IssuerTrust, Code::TrustRegionNotShown),
    ]
}

/// Whose it is.
fn holders(address: &Scene, licence: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    vec![
        address
            .valid(
                "held-under-a-did",
                "The credential names the tenant's identifier, whose key answers.",
                bound(&address.made(|credential| {
                    take(&mut credential.payload, "/cnf");
                    let subject = if address.format == Format::SdJwtVc { "/sub" } else { "/credentialSubject/id" };
                    put(&mut credential.payload, subject, tenant.did.as_str());
                })),
            )
            .asked(),
        licence.valid(
            "answer-kept-as-a-file",
            "An answer to somebody's request lies on the desk, where nothing was asked.",
            bound(&licence.credential()),
        ),
    ]
}

/// Other ways to write the same.
fn forms(licence: &Scene, other: &Scene) -> Vec<Case> {
    let claim = other.at(&format!("/{}", other.claim()));
    let answer = bound(&other.showing(&["/alumniOf"]));
    let json = |general: bool| Value::Object(to_json(&answer, general).unwrap()).to_string();
    let hidden_once = |hash: Option<&'static str>| {
        other.made(|credential| {
            credential.hide(&claim);
            if let Some(hash) = hash {
                put(&mut credential.payload, "/_sd_alg", hash);
            }
        })
    };
    vec![
        other.valid("as-flattened-json", "The same in the flattened JSON serialisation.", json(false)).asked(),
        other.valid("as-general-json", "The same in the general JSON serialisation.", json(true)).asked(),
        licence.valid("wrapped-in-a-data-url", "The credential stands in an envelope of the W3C data model.", {
            enveloped(licence.format.name(), &licence.credential()).to_string()
        }),
        licence.valid("disclosures-in-another-order", "The holder shows the same in another order.", {
            licence.with_disclosures(|disclosures| disclosures.reverse())
        }),
        other.valid("without-a-name-for-the-hash", "Where no hash is named it is sha-256.", hidden_once(None)),
        other.valid("hash-named", "The hash is named.", hidden_once(Some("sha-256"))),
        other.valid("nothing-can-be-hidden", "An issuer lets the holder hide nothing.", other.made(|_| {})),
        other.valid(
            "decoys-among-the-digests",
            "Digests that stand for nothing are among those of the claims.",
            other.made(|credential| {
                credential.hide(&claim);
                for decoy in ["one", "two", "three"] {
                    credential.add_digest(other.top(), &digest(decoy));
                }
            }),
        ),
        other.valid(
            "decoys-in-a-list",
            "Places in a list that stand for nothing.",
            other.made(|credential| {
                let list = json!(["en", { "...": digest("one") }, "fr", { "...": digest("two") }]);
                put(&mut credential.payload, &other.at("/languages"), list);
            }),
        ),
        other.valid(
            "claim-within-a-claim",
            "What is hidden is an object in which more is hidden, and both are shown.",
            other.made(|credential| {
                put(&mut credential.payload, &other.at("/degree"), json!({ "name": "Book-keeping", "year": 2019 }));
                credential.hide(&other.at("/degree/name"));
                credential.hide(&other.at("/degree"));
            }),
        ),
        other.valid(
            "claim-within-a-claim-withheld",
            "The outer one is shown, and the one within it is not.",
            other.made(|credential| {
                put(&mut credential.payload, &other.at("/degree"), json!({ "name": "Book-keeping", "year": 2019 }));
                credential.hide(&other.at("/degree/name"));
                credential.hide(&other.at("/degree"));
                credential.withhold("name");
            }),
        ),
    ]
}
