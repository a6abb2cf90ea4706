//! Stolen keys: what a thief backdates, what its victim confirms, and who may say so.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::history::licence_by;
use super::put;
use crate::cast::{CAST, Party, entry, list};
use crate::forge::{digest, map, with_proof};
use crate::outside::{COUNCIL, SHELTER, SHELTER_NOTICES, fetched, material, notice, notices, notices_of};
use crate::scene::{About, Scene};
use crate::vector::Case;

const HONEST: Option<&str> = Some("2026-10-05T00:00:00Z");

pub(super) fn cases(format: Format) -> Vec<Case> {
    let mut cases = published(format);
    cases.extend(at_hand(format));
    cases
}

/// Notices at the address that the shelter's document names.
fn from_address(text: &str) -> Value {
    fetched("compromise-notices", SHELTER_NOTICES, text)
}

fn published(format: Format) -> Vec<Case> {
    let (scene, honest) = licence_by(format, &SHELTER.old, HONEST);
    // The thief has the old key, and writes whatever date it likes.
    let backdated = licence_by(format, &SHELTER.old, Some("2026-10-06T00:00:00Z")).1;
    let present = licence_by(format, &SHELTER.new, Some("2026-11-12T00:00:00Z")).1;
    let by = |party: &Party, accepted: &[[u8; 32]]| notices(&SHELTER.did, vec![notice(&SHELTER.old, accepted)], party);
    let confirming = by(&SHELTER.new, &[digest(&honest)]);
    let evidence = json!({ "rotatedKeys": "with-evidence" });
    let within = json!({ "rotatedKeys": { "within": "3650d" } });
    let with = |case: Case, policy: &Value| case.with_material(SHELTER.log(&SHELTER.rotated)).policy(policy.clone());
    let none = notices(&SHELTER.did, Vec::new(), &SHELTER.new);
    let by_proof = {
        let content = attesta::trust::notice::CompromiseNotices::new(
            SHELTER.did.as_str(),
            crate::outside::moment("2026-11-20T08:00:00Z"),
            vec![notice(&SHELTER.old, &[digest(&honest)])],
        );
        let options = map(json!({
            "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
            "verificationMethod": SHELTER.new.method,
        }));
        Value::Object(with_proof(content.unwrap().to_json(), options, &SHELTER.new.key)).to_string()
    };
    vec![
        with(
            scene.valid(
                "stolen-key-but-confirmed",
                "The issuer confirms what it signed before its key was stolen.",
                &honest,
            ),
            &evidence,
        )
        .with_material(from_address(&confirming)),
        with(
            scene.valid(
                "stolen-key-but-confirmed-by-a-document-with-a-proof",
                "The notices are JSON with a proof.",
                &honest,
            ),
            &evidence,
        )
        .with_material(from_address(&by_proof)),
        with(
            scene.valid("present-key-beside-a-stolen-one", "A notice about another key of the issuer.", &present),
            &within,
        )
        .with_material(from_address(&confirming)),
        with(scene.valid("nothing-stolen", "The issuer says that no key of its was stolen.", &honest), &within)
            .with_material(from_address(&none)),
        with(
            scene
                .invalid(
                    "backdated-by-a-stolen-key",
                    "A thief signs with the old key and writes an old date.",
                    &backdated,
                )
                .by(CheckId::KeyValidity, Code::ValidityCompromised),
            &within,
        )
        .with_material(from_address(&confirming)),
        with(
            scene
                .invalid(
                    "backdated-where-evidence-is-asked-for",
                    "The thief's work is not among what was confirmed.",
                    &backdated,
                )
                .by(CheckId::KeyValidity, Code::ValidityCompromised),
            &evidence,
        )
        .with_material(from_address(&confirming)),
        with(
            scene
                .open("notices-kept-back", "Somebody keeps back the notice that would convict them.", &backdated)
                .missing(SHELTER_NOTICES)
                .by(CheckId::KeyValidity, Code::ValidityNoticesMissing),
            &within,
        ),
        with(
            scene
                .open("notices-kept-back-of-a-present-key", "The present key could have been stolen too.", &present)
                .missing(SHELTER_NOTICES)
                .by(CheckId::KeyValidity, Code::ValidityNoticesMissing),
            &within,
        ),
        with(
            scene
                .open(
                    "notices-signed-by-the-stolen-key",
                    "The thief confirms its own work with the stolen key.",
                    &backdated,
                )
                .by(CheckId::KeyValidity, Code::ValidityNoticesNotGenuine),
            &within,
        )
        .with_material(from_address(&by(&SHELTER.old, &[digest(&backdated)]))),
        with(
            scene
                .open(
                    "notices-by-a-stranger",
                    "A stranger says at the issuer's address that nothing was stolen.",
                    &backdated,
                )
                .by(CheckId::KeyValidity, Code::ValidityNoticesNotGenuine),
            &within,
        )
        .with_material(from_address(&notices(&SHELTER.did, Vec::new(), &CAST.forger))),
        with(
            scene
                .open(
                    "notices-a-year-old",
                    "The notices were fetched a year ago, and the policy allows a week.",
                    &present,
                )
                .by(CheckId::KeyValidity, Code::ValidityNoticesStale),
            &json!({ "maxDocumentAge": "7d" }),
        )
        .with_material(material(
            "compromise-notices",
            SHELTER_NOTICES,
            &notices_of("2026-11-11T00:00:00Z", &SHELTER.did, Vec::new(), &SHELTER.new),
            "2026-11-12T00:00:00Z",
            json!("fetched"),
        )),
        with(
            scene
                .invalid("notices-older-than-seen", "Notices from before the theft are served again.", &honest)
                .by(CheckId::MaterialRollback, Code::RollbackOlderNotices),
            &within,
        )
        .with_material(from_address(&notices_of("2026-11-11T00:00:00Z", &SHELTER.did, Vec::new(), &SHELTER.new)))
        .seen(json!({ "compromiseNotices": { SHELTER_NOTICES: "2026-11-19T08:00:00Z" } })),
        with(
            scene.valid("as-of-a-day-before-the-notice", "Notices that were signed later are left aside.", &honest),
            &within,
        )
        .with_material(from_address(&by(&SHELTER.new, &[])))
        .with_material(from_address(&notices_of("2026-11-11T00:00:00Z", &SHELTER.did, Vec::new(), &SHELTER.new)))
        .at_past("2026-11-19T00:00:00Z"),
    ]
}

/// Notices that no key document leads to.
fn at_hand(format: Format) -> Vec<Case> {
    let scene = Scene::new(About::Other, format);
    let (school, anchor) = (scene.issuer, &CAST.marine);
    let denouncing = |accepted: &[[u8; 32]], by: &Party| {
        let text = notices(&school.did, vec![notice(school, accepted)], by);
        fetched("compromise-notices", "https://notices.example/", &text)
    };
    let known = entry(school, "Example Evening School", &["AlumniCredential"], &[]);
    let mut denouncer = json!({ "id": anchor.did, "name": { "en": "Example Registry" }, "denounces": [school.did] });
    let lists = |denouncer: &Value| [list(&[known.clone(), denouncer.clone()])];
    let named = lists(&denouncer);
    put(denouncer.as_object_mut().unwrap(), "/denounces", json!(["did:web:stranger.example"]));
    let of_another = lists(&denouncer);
    let in_the_list = {
        let text = notices(&school.did, vec![notice(school, &[])], anchor);
        let mut entry = known.clone();
        let body = attesta::encoding::base64url::encode(text);
        let item = json!({ "type": "compromise-notices", "url": "https://notices.example/", "body": body });
        put(entry.as_object_mut().unwrap(), "/archive", json!([item]));
        let denouncer = json!({ "id": anchor.did, "denounces": ["*"] });
        [list(&[entry, denouncer])]
    };
    let credential = scene.credential();
    let (council, of_council) = licence_by(format, &COUNCIL.new, Some("2026-11-12T00:00:00Z"));
    let about_other = notices(&COUNCIL.did, vec![notice(&COUNCIL.new, &[])], &SHELTER.new);
    vec![
        scene
            .valid("denounced-by-a-registry-but-confirmed", "The registry confirms this very document.", &credential)
            .trusting(&named)
            .with_material(denouncing(&[digest(&credential)], anchor)),
        scene
            .invalid(
                "denounced-by-a-registry",
                "The trust list lets a registry denounce the issuer's keys.",
                &credential,
            )
            .trusting(&named)
            .with_material(denouncing(&[], anchor))
            .by(CheckId::KeyValidity, Code::ValidityCompromised),
        scene
            .invalid("denounced-in-the-trust-list", "The trust list carries the registry's notice along.", &credential)
            .trusting(&in_the_list)
            .by(CheckId::KeyValidity, Code::ValidityCompromised),
        scene
            .valid(
                "denounced-by-somebody-for-others",
                "The registry may denounce another issuer's keys, not these.",
                &credential,
            )
            .trusting(&of_another)
            .with_material(denouncing(&[], anchor)),
        scene
            .valid("denounced-by-a-stranger", "A stranger wants to spoil what the school issued.", &credential)
            .with_material(denouncing(&[], &CAST.forger)),
        scene
            .invalid(
                "confirmed-by-a-stranger",
                "The registry denounces the key, and a stranger confirms the document.",
                &credential,
            )
            .trusting(&named)
            .with_material(denouncing(&[], anchor))
            .with_material(denouncing(&[digest(&credential)], &CAST.forger))
            .by(CheckId::KeyValidity, Code::ValidityCompromised),
        council
            .valid("notice-for-another-issuers-key", "Another issuer denounces a key that is not its own.", &of_council)
            .with_material(COUNCIL.log(&COUNCIL.rotated))
            .with_material(fetched("compromise-notices", "https://notices.example/", &about_other)),
    ]
}
