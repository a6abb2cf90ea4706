//! Issuers with a history: keys that were replaced, logs that were cut off or rewritten.

use std::sync::LazyLock;

use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::put;
use crate::cast::{CAST, Party, entry, list};
use crate::outside::{ARCHIVE, COUNCIL, Council, fetched, material, scid_of, version_of, witnessed};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let mut cases = replaced_keys(format);
    cases.extend(logs(format));
    cases.extend(checkpoints(format));
    cases
}

/// A licence that this party signed, which claims to be of that moment or of none, and what is known of its issuer.
pub(super) fn licence_by(format: Format, party: &'static Party, claimed: Option<&str>) -> (Scene, String) {
    let known = entry(party, "Example Council", &["AlumniCredential"], &[]);
    let scene = Scene::new(About::Other, format).issued_by(party).known_by(known);
    let mut document = scene.document();
    let mut options = Map::new();
    match (format, claimed) {
        (Format::Jwt, Some(claimed)) => put(&mut document, "/iat", crate::outside::moment(claimed).unix()),
        (Format::Jwt, None) => drop(document.remove("iat")),
        (_, Some(claimed)) => put(&mut options, "/created", claimed),
        (_, None) => {}
    }
    let signed = scene.sign_as(document, party, |own| {
        own.remove("created");
        own.extend(options);
    });
    (scene, signed)
}

fn replaced_keys(format: Format) -> Vec<Case> {
    let (old, new) = (&COUNCIL.old, &COUNCIL.new);
    let (scene, before) = licence_by(format, old, Some("2026-11-02T00:00:00Z"));
    let of = |party, claimed| licence_by(format, party, claimed).1;
    let with = |case: Case, policy: Value| {
        let case = case.with_material(COUNCIL.log(&COUNCIL.rotated));
        if policy.is_null() { case } else { case.policy(policy) }
    };
    let within = |days: &str| json!({ "rotatedKeys": { "within": days } });
    vec![
        with(
            scene.valid(
                "present-key-of-a-history",
                "Signed with the key that the log has today.",
                of(new, Some("2026-11-12T00:00:00Z")),
            ),
            Value::Null,
        ),
        with(
            scene.valid(
                "replaced-key-within-the-days-that-the-policy-gives",
                "The key was replaced ten days ago.",
                &before,
            ),
            within("30d"),
        ),
        with(
            scene.valid(
                "signed-on-the-first-day-of-its-key",
                "Credentials are dated by the day, and the key came at nine in the morning.",
                of(old, Some("2026-03-01T00:00:00Z")),
            ),
            within("30d"),
        ),
        with(
            scene.valid(
                "as-of-a-day-before-the-key-was-replaced",
                "Judged as of a day on which the key was in use.",
                &before,
            ),
            Value::Null,
        )
        .at_past("2026-11-09T09:00:00Z"),
        with(
            scene
                .invalid("replaced-key", "The key was replaced since, and the policy takes none that was.", &before)
                .by(CheckId::KeyValidity, Code::ValidityRotatedOut),
            Value::Null,
        ),
        with(
            scene
                .invalid(
                    "replaced-key-too-long-ago",
                    "The key was replaced ten days ago, and the policy gives nine.",
                    &before,
                )
                .by(CheckId::KeyValidity, Code::ValidityRotatedLongAgo),
            within("9d"),
        ),
        with(
            scene
                .invalid(
                    "replaced-key-after-its-time",
                    "It claims a day on which its issuer had another key already.",
                    of(old, Some("2026-11-12T00:00:00Z")),
                )
                .by(CheckId::KeyValidity, Code::ValidityOutsideItsTime),
            within("30d"),
        ),
        with(
            scene
                .invalid(
                    "replaced-key-before-its-time",
                    "It claims a day before its issuer had that key.",
                    of(old, Some("2026-02-28T00:00:00Z")),
                )
                .by(CheckId::KeyValidity, Code::ValidityOutsideItsTime),
            within("30d"),
        ),
        with(
            scene
                .invalid("replaced-key-and-no-time", "It does not say when it was signed.", of(old, None))
                .by(CheckId::KeyValidity, Code::ValidityNoTime),
            within("30d"),
        ),
        with(
            scene
                .open("replaced-key-without-evidence", "Nothing confirms it but its own date.", &before)
                .by(CheckId::KeyValidity, Code::ValidityNoEvidence),
            json!({ "rotatedKeys": "with-evidence" }),
        ),
        with(
            scene
                .invalid(
                    "key-that-never-was-in-the-log",
                    "A thief names a key of its own in the issuer's name.",
                    of(
                        Box::leak(Box::new(CAST.forger.under(&format!("{}#key-3", COUNCIL.did)))),
                        Some("2026-11-02T00:00:00Z"),
                    ),
                )
                .by(CheckId::KeyBinding, Code::BindingNotInDocument),
            within("30d"),
        ),
        {
            let (scene, signed) = licence_by(format, &ARCHIVE.old, Some("2026-11-02T00:00:00Z"));
            scene
                .invalid("replaced-key-of-the-same-name", "The name stands for another key by now.", signed)
                .with_material(ARCHIVE.log(&ARCHIVE.rotated))
                .by(CheckId::KeyValidity, Code::ValidityRotatedOut)
        },
        {
            let (scene, signed) = licence_by(format, &ARCHIVE.new, Some("2026-11-12T00:00:00Z"));
            scene
                .valid("present-key-of-an-older-ones-name", "The name stood for another key before.", signed)
                .with_material(ARCHIVE.log(&ARCHIVE.rotated))
        },
    ]
}

fn logs(format: Format) -> Vec<Case> {
    let council: &Council = &COUNCIL;
    let (scene, before) = licence_by(format, &COUNCIL.old, Some("2026-11-02T00:00:00Z"));
    let after = licence_by(format, &COUNCIL.new, Some("2026-11-12T00:00:00Z")).1;
    let seen = |log: &str| json!({ "logs": { scid_of(&council.did): version_of(log) } });
    let forked = council.forked(&CAST.forger.public_key());
    let (court, log, proofs) = witnessed();
    let court: &'static Party = Box::leak(Box::new(court));
    let (by_court, ruling) = licence_by(format, court, Some("2026-11-02T00:00:00Z"));
    vec![
        scene
            .invalid("log-cut-off", "The log is served without the entry by which the key was replaced.", &before)
            .with_material(council.log(&council.first))
            .seen(seen(&council.rotated))
            .by(CheckId::MaterialRollback, Code::RollbackShorterLog),
        scene
            .invalid("log-rewritten", "The log has another second entry than was seen.", &before)
            .policy(json!({ "rotatedKeys": { "within": "30d" } }))
            .with_material(council.log(&forked))
            .seen(seen(&council.rotated))
            .by(CheckId::MaterialRollback, Code::RollbackForkedLog),
        scene
            .invalid(
                "two-logs-that-contradict-each-other",
                "Two logs are at hand, which share their first entry alone.",
                &after,
            )
            .with_material(council.log(&council.rotated))
            .with_material(material("log", &council.did, &forked, "2026-11-18T09:00:00Z", json!("fetched")))
            .by(CheckId::MaterialRollback, Code::RollbackForkedLog),
        scene
            .valid("log-longer-than-what-was-seen", "The log goes on from what was seen.", &after)
            .with_material(council.log(&council.rotated))
            .seen(seen(&council.first)),
        scene
            .valid("shorter-log-beside-the-whole", "Of two logs the longer one counts, whoever has it.", &after)
            .with_material(council.log(&council.first))
            .with_material(material(
                "log",
                &council.did,
                &council.rotated,
                "2026-11-18T09:00:00Z",
                json!({ "assertedBy": "did:web:library.example" }),
            )),
        scene
            .open("log-missing-of-a-known-issuer", "The report names the log that is to be fetched.", &after)
            .missing(&council.did)
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
        scene
            .open("log-missing-of-an-unknown-issuer", "Nobody knows the issuer, so nothing is fetched.", &after)
            .trusting(&[list(&[entry(&CAST.school, "Example Evening School", &["*"], &[])])])
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
        scene
            .open(
                "log-signed-ahead-of-the-clock",
                "The newest entry is of a day that has not come by this clock.",
                &before,
            )
            .with_material(council.log(&council.rotated))
            .policy(json!({ "rotatedKeys": { "within": "30d" } }))
            .now("2026-11-10T08:00:00Z")
            .by(CheckId::ValidFrom, Code::Clock),
        by_court
            .valid("log-with-its-witnesses", "Every entry was witnessed, and the proofs are at hand.", &ruling)
            .with_material(fetched("log", &court.did, &log))
            .with_material(fetched("log-witnesses", &court.did, &proofs)),
        by_court
            .open("log-without-its-witnesses", "The log demands a witness, whose proof is not at hand.", &ruling)
            .with_material(fetched("log", &court.did, &log))
            .missing(&court.did)
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
    ]
}

/// Logs that begin with a checkpoint: whose word counts, and what is noticed all the same.
fn checkpoints(format: Format) -> Vec<Case> {
    const LIBRARY: &str = "did:web:library.example";
    let council: &Council = &COUNCIL;
    let (scene, before) = licence_by(format, &COUNCIL.old, Some("2026-11-02T00:00:00Z"));
    let after = licence_by(format, &COUNCIL.new, Some("2026-11-12T00:00:00Z")).1;
    let seen = |log: &str| json!({ "logs": { scid_of(&council.did): version_of(log) } });
    let forged = licence_by(format, forger(), Some("2026-11-12T00:00:00Z")).1;
    let forked = council.forked(&CAST.forger.public_key());
    let by = |by: &str, text: String| {
        material("log", &council.did, &text, "2026-11-19T09:00:00Z", json!({ "assertedBy": by }))
    };
    let library = |text: &str, entries: usize| by(LIBRARY, council.after_checkpoint(text, entries));
    // The verifier knows the council, and lets the library vouch for logs.
    let known = entry(&COUNCIL.old, "Example Council", &["AlumniCredential"], &[]);
    let letting = |words: &[&str]| {
        let library = json!({ "id": LIBRARY, "name": { "en": "Example Library" }, "issues": words });
        [list(&[known.clone(), library])]
    };
    let believed = letting(&["log-checkpoint"]);
    let within = json!({ "rotatedKeys": { "within": "30d" } });
    let missing = |case: Case| case.missing(&council.did).by(CheckId::Proof, Code::ProofKeyUnavailable);
    vec![
        scene
            .valid("log-from-a-checkpoint", "Somebody whom the verifier believes vouches for its first entry.", &after)
            .trusting(&believed)
            .with_material(library(&council.rotated, 1)),
        scene
            .valid("key-replaced-before-a-checkpoint", "The checkpoint still says when the key was in use.", &before)
            .trusting(&believed)
            .policy(within.clone())
            .with_material(library(&council.rotated, 2)),
        scene
            .invalid("key-that-a-checkpoint-knows-as-replaced", "The policy refuses replaced keys.", &before)
            .trusting(&believed)
            .policy(json!({ "rotatedKeys": "refuse" }))
            .with_material(library(&council.rotated, 2))
            .by(CheckId::KeyValidity, Code::ValidityRotatedOut),
        missing(
            scene
                .open("checkpoint-by-a-stranger", "Nobody lets its maker vouch for logs.", &after)
                .with_material(library(&council.rotated, 1)),
        ),
        missing(
            scene
                .open("checkpoint-by-an-issuer-of-everything", "That it may issue anything does not say this.", &after)
                .trusting(&letting(&["*"]))
                .with_material(library(&council.rotated, 1)),
        ),
        missing(
            scene
                .open(
                    "forgery-by-a-strangers-checkpoint",
                    "The key stands in a history that a stranger tells.",
                    &forged,
                )
                .trusting(&believed)
                .with_material(by("did:web:stranger.example", council.after_checkpoint(&forked, 2))),
        ),
        scene
            .valid(
                "checkpoint-by-a-stranger-beside-the-log",
                "A stranger's word of another history spoils nothing.",
                &after,
            )
            .trusting(&believed)
            .with_material(council.log(&council.rotated))
            .with_material(by("did:web:stranger.example", council.after_checkpoint(&forked, 2))),
        scene
            .invalid("log-from-a-checkpoint-cut-off", "More entries were seen than follow the checkpoint.", &before)
            .trusting(&believed)
            .with_material(library(&council.first, 1))
            .seen(seen(&council.rotated))
            .by(CheckId::MaterialRollback, Code::RollbackShorterLog),
        scene
            .invalid("checkpoint-of-a-rewritten-log", "Another second entry was seen than it vouches for.", &forged)
            .trusting(&believed)
            .with_material(library(&forked, 2))
            .seen(seen(&council.rotated))
            .by(CheckId::MaterialRollback, Code::RollbackForkedLog),
        scene
            .invalid("checkpoint-that-contradicts-the-log", "It vouches for another second entry.", &after)
            .trusting(&believed)
            .with_material(council.log(&council.rotated))
            .with_material(library(&forked, 2))
            .by(CheckId::MaterialRollback, Code::RollbackForkedLog),
        scene
            .open("checkpoint-later-than-what-was-seen", "Whether it goes on from that is open.", &after)
            .trusting(&believed)
            .with_material(library(&council.rotated, 2))
            .seen(seen(&council.first))
            .missing(&council.did)
            .by(CheckId::MaterialRollback, Code::RollbackBeforeCheckpoint),
        missing(
            scene
                .open("moment-before-a-checkpoint", "What stood then, the checkpoint does not say.", &before)
                .trusting(&believed)
                .with_material(library(&council.rotated, 2))
                .at_past("2026-11-05T00:00:00Z"),
        ),
        missing(
            scene
                .open("checkpoint-of-a-did-that-ended", "Its last document is not in the checkpoint.", &after)
                .trusting(&believed)
                .with_material(library(&council.deactivated, 3)),
        ),
    ]
}

/// The forger, who says that its key is the council's.
fn forger() -> &'static Party {
    static FORGER: LazyLock<Party> = LazyLock::new(|| CAST.forger.under(&format!("{}#key-9", COUNCIL.did)));
    &FORGER
}
