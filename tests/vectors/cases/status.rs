//! Revoked and suspended credentials, and lists that are old, forged, of somebody else or about something else.

use attesta::securing::Format;
use attesta::status::Purpose;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{push, put, take};
use crate::cast::{CAST, PROGRAMME, Party, entry as listed, list};
use crate::forge::{map, with_proof};
use crate::outside::{COUNCIL, Published, Set, entry, fetched, material, notice, notices};
use crate::scene::{About, Scene};
use crate::vector::Case;

const URL: &str = "https://transport.example/status/3";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in [Format::Jwt, Format::EddsaJcs2022, Format::EcdsaJcs2019] {
        cases.extend(said_by_a_list(format));
    }
    cases.extend(lists_of_others());
    cases.extend(old_lists());
    cases.extend(other_lists());
    cases.extend(tokens());
    cases
}

/// At hand, as it was fetched the day before.
fn at_hand(text: &str) -> Value {
    fetched("status-list", URL, text)
}

fn revocations<'a>(scene: &Scene, set: Set<'a>) -> Published<'a> {
    Published::revocations(URL, scene.issuer, set)
}

/// A licence whose status stands in these places.
fn licence(format: Format, entries: Value) -> (Scene, String) {
    let scene = Scene::new(About::Licence, format);
    let credential = scene.issued(|credential| put(credential, "/credentialStatus", entries));
    (scene, credential)
}

fn revocable(format: Format) -> (Scene, String) {
    licence(format, entry(URL, "revocation", "94567"))
}

fn said_by_a_list(format: Format) -> Vec<Case> {
    let (scene, credential) = revocable(format);
    let (_, suspendable) = licence(format, entry(URL, "suspension", "94567"));
    let suspensions = |set| Published { purpose: Purpose::Suspension, ..revocations(&scene, set) }.bitstring();
    let of_suite = |set| {
        let document = revocations(&scene, set).credential();
        if format == Format::Jwt {
            return revocations(&scene, set).bitstring();
        }
        let options = map(json!({
            "type": "DataIntegrityProof",
            "cryptosuite": if format == Format::EddsaJcs2022 { "eddsa-jcs-2022" } else { "ecdsa-jcs-2019" },
            "verificationMethod": scene.issuer.method,
            "proofPurpose": "assertionMethod",
            "created": "2026-11-20T08:00:00Z",
        }));
        Value::Object(with_proof(document, options, &scene.issuer.key)).to_string()
    };
    let without_status = |days| {
        let mut document = scene.unsigned(&scene.credential_valid("2026-11-18", days));
        take(&mut document, "/credentialStatus");
        scene.sign(document, |_| {})
    };
    vec![
        scene.valid("no-status-for-a-week", "It ends before revoking it would help anybody.", without_status(7)),
        scene
            .invalid("no-status-for-longer-than-a-week", "Nobody could revoke it.", without_status(8))
            .by(CheckId::DataModel, Code::ModelKindNeeds),
        scene
            .valid("not-revoked", "Its issuer's list of an hour ago says nothing against it.", &credential)
            .without_status()
            .with_material(at_hand(&of_suite(&[(94566, 1), (94568, 1)]))),
        scene
            .invalid("revoked", "Its issuer revoked it.", &credential)
            .without_status()
            .with_material(at_hand(&of_suite(&[(94567, 1)])))
            .by(CheckId::StatusRevocation, Code::StatusRevoked),
        scene
            .invalid("suspended", "Its issuer suspended it.", &suspendable)
            .without_status()
            .with_material(at_hand(&suspensions(&[(94567, 1)])))
            .by(CheckId::StatusSuspension, Code::StatusSuspended),
        scene
            .open("list-not-at-hand", "The list was not fetched; the report names it.", &credential)
            .without_status()
            .missing(URL)
            .by(CheckId::StatusList, Code::StatusListUnavailable),
        scene
            .open(
                "list-not-at-hand-of-an-unknown-issuer",
                "Nobody knows the issuer, so no list is fetched.",
                &credential,
            )
            .without_status()
            .trusting(&[list(&[listed(&CAST.school, "Example Evening School", &["*"], &[])])])
            .by(CheckId::StatusList, Code::StatusListUnavailable),
        scene
            .open("status-of-an-unknown-type", "The status is kept in a way that nobody here knows.", {
                licence(format, json!({ "id": URL, "type": "StampInABook" })).1
            })
            .without_status()
            .by(CheckId::StatusList, Code::StatusUnsupported),
        scene
            .open("status-of-an-unknown-purpose", "The list says something that nobody here understands.", {
                licence(format, entry(URL, "mood", "94567")).1
            })
            .without_status()
            .by(CheckId::StatusList, Code::StatusUnsupported),
        scene
            .valid(
                "status-relaxed",
                "The policy requires neither revocation nor its list; the report says so.",
                &credential,
            )
            .without_status()
            .policy(json!({ "accepts": ["licence"], "relax": ["status.revocation", "status.list"] }))
            .relaxed(CheckId::StatusRevocation)
            .relaxed(CheckId::StatusList),
    ]
}

fn lists_of_others() -> Vec<Case> {
    let (scene, credential) = revocable(Format::Jwt);
    let scene = &scene;
    let by = |party| Published::revocations(URL, party, &[]).bitstring();
    let with_keeper =
        |keeper: &Party, word: &str| [list(&[scene.entry.clone(), listed(keeper, "Example Registry", &[word], &[])])];
    let in_the_issuers_name = {
        let forged = CAST.forger.under(&scene.issuer.method);
        Published::revocations(URL, Box::leak(Box::new(forged)), &[]).bitstring()
    };
    let naming_the_issuer = {
        let document = revocations(scene, &[]).credential();
        let header = map(json!({ "alg": "Ed25519", "typ": "vc+jwt", "kid": CAST.forger.method }));
        crate::forge::token(&header, &document, &CAST.forger.key)
    };
    let programme: &'static Party = &CAST.programme;
    let (of_council, council_licence) = {
        let scene = Scene::new(About::Licence, Format::Jwt).issued_by(&COUNCIL.new);
        let credential = scene.issued(|credential| put(credential, "/credentialStatus", entry(URL, "revocation", "7")));
        (scene, credential)
    };
    let by_council = |party| at_hand(&Published::revocations(URL, party, &[]).bitstring());
    let denounced = {
        let text =
            notices(&scene.issuer.did, vec![notice(scene.issuer, &[crate::forge::digest(&credential)])], &CAST.marine);
        fetched("compromise-notices", "https://notices.example/", &text)
    };
    let denouncing = json!({ "id": CAST.marine.did, "denounces": ["*"] });
    vec![
        scene
            .valid(
                "list-of-a-keeper-that-is-named",
                "The trust list lets another party keep status lists.",
                &credential,
            )
            .without_status()
            .trusting(&with_keeper(&CAST.marine, "status-list"))
            .with_material(at_hand(&by(&CAST.marine))),
        scene
            .invalid("list-of-another-issuer", "A list at the right address, signed by somebody else.", &credential)
            .without_status()
            .with_material(at_hand(&by(&CAST.marine)))
            .by(CheckId::StatusList, Code::StatusListOtherIssuer),
        scene
            .invalid(
                "list-of-another-issuer-that-may-issue-anything",
                "It may issue whatever it likes, and keep no lists of others.",
                &credential,
            )
            .without_status()
            .trusting(&with_keeper(&CAST.marine, "*"))
            .with_material(at_hand(&by(&CAST.marine)))
            .by(CheckId::StatusList, Code::StatusListOtherIssuer),
        scene
            .invalid(
                "list-forged-in-the-issuers-name",
                "The list names the issuer's key, and another signed it.",
                &credential,
            )
            .without_status()
            .with_material(at_hand(&in_the_issuers_name))
            .by(CheckId::StatusList, Code::StatusListNotGenuine),
        scene
            .invalid(
                "list-that-names-the-issuer-and-anothers-key",
                "The list says that it is the issuer's, and names a stranger's key.",
                &credential,
            )
            .without_status()
            .with_material(at_hand(&naming_the_issuer))
            .by(CheckId::StatusList, Code::StatusListNotGenuine),
        scene
            .open(
                "list-of-a-keeper-whose-keys-are-missing",
                "The keeper's key document is to be fetched first.",
                &credential,
            )
            .without_status()
            .trusting(&with_keeper(programme, "status-list"))
            .with_material(at_hand(&by(programme)))
            .missing(PROGRAMME)
            .by(CheckId::StatusList, Code::StatusListKeyUnavailable),
        of_council
            .invalid(
                "list-signed-with-a-replaced-key",
                "The list is signed with a key that its issuer replaced.",
                &council_licence,
            )
            .without_status()
            .with_material(COUNCIL.log(&COUNCIL.rotated))
            .with_material(by_council(&COUNCIL.old))
            .by(CheckId::StatusList, Code::StatusListNotGenuine),
        of_council
            .valid(
                "list-signed-with-the-present-key",
                "The list is signed with the key that the log has today.",
                &council_licence,
            )
            .without_status()
            .with_material(COUNCIL.log(&COUNCIL.rotated))
            .with_material(by_council(&COUNCIL.new)),
        scene
            .invalid(
                "list-signed-with-a-stolen-key",
                "The credential was confirmed, and the list was not.",
                &credential,
            )
            .without_status()
            .trusting(&[list(&[scene.entry.clone(), denouncing])])
            .with_material(denounced)
            .with_material(at_hand(&by(scene.issuer)))
            .by(CheckId::StatusList, Code::StatusListNotGenuine),
    ]
}

fn old_lists() -> Vec<Case> {
    let (scene, credential) = revocable(Format::Jwt);
    let scene = &scene;
    let signed = |signed, set| Published { signed, ..revocations(scene, set) };
    let last_month = signed("2026-10-20T08:00:00Z", &[]);
    let with = |case: Case, list: &Published<'_>| case.without_status().with_material(at_hand(&list.bitstring()));
    let bank = Scene::new(About::Address, Format::Jwt);
    let guarantee = bank.issued(|credential| put(credential, "/credentialStatus", entry(URL, "revocation", "7")));
    let week_old = Published { signed: "2026-11-13T08:59:59Z", ..Published::revocations(URL, bank.issuer, &[]) };
    let kept = {
        let list = Published { ttl: 3600, ..signed("2026-11-19T08:00:00Z", &[]) };
        material("status-list", URL, &list.bitstring(), "2026-11-20T07:59:59Z", json!("fetched"))
    };
    vec![
        with(
            scene
                .open("list-of-last-month", "Last month's list is served today.", &credential)
                .by(CheckId::StatusList, Code::StatusListStale),
            &last_month,
        ),
        with(
            scene
                .invalid(
                    "revoked-by-a-list-of-last-month",
                    "What was revoked stays so, however old the list.",
                    &credential,
                )
                .by(CheckId::StatusRevocation, Code::StatusRevoked),
            &signed("2026-10-20T08:00:00Z", &[(94567, 1)]),
        ),
        with(
            bank.open(
                "list-older-than-the-bank-allows",
                "The list was signed a week and a second ago.",
                bank.answer(&guarantee),
            )
            .asked()
            .by(CheckId::StatusList, Code::StatusListStale),
            &week_old,
        ),
        with(
            scene
                .open("list-past-its-date", "The list says that it was valid until this morning.", &credential)
                .by(CheckId::StatusList, Code::StatusListExpired),
            &Published { expires: "2026-11-20T08:30:00Z", ..revocations(scene, &[]) },
        ),
        scene
            .open(
                "list-kept-longer-than-it-says",
                "The list was fetched an hour and a second ago, and may be kept for an hour.",
                &credential,
            )
            .without_status()
            .with_material(kept)
            .by(CheckId::StatusList, Code::StatusListStale),
        with(
            scene
                .invalid("list-older-than-seen", "A list from before the revocation is served again.", &credential)
                .seen(json!({ "statusLists": { URL: "2026-11-20T08:30:00Z" } }))
                .by(CheckId::MaterialRollback, Code::RollbackOlderList),
            &revocations(scene, &[]),
        ),
        with(
            scene
                .valid("list-newer-than-seen", "The list is newer than the one that was seen.", &credential)
                .seen(json!({ "statusLists": { URL: "2026-11-19T08:30:00Z" } })),
            &revocations(scene, &[]),
        ),
        with(
            with(
                scene
                    .invalid("revoked-by-the-newer-of-two-lists", "The older list is at hand too.", &credential)
                    .by(CheckId::StatusRevocation, Code::StatusRevoked),
                &last_month,
            ),
            &revocations(scene, &[(94567, 1)]),
        ),
        with(
            with(
                scene
                    .valid(
                        "as-of-a-day-before-it-was-revoked",
                        "The newer list, by which it was revoked, is left aside.",
                        &credential,
                    )
                    .at_past("2026-11-18T00:00:00Z"),
                &signed("2026-11-17T08:00:00Z", &[]),
            ),
            &revocations(scene, &[(94567, 1)]),
        ),
        with(
            scene
                .open(
                    "list-signed-ahead-of-the-clock",
                    "The list is of an hour that has not come by this clock.",
                    &credential,
                )
                .now("2026-11-20T07:50:00Z")
                .by(CheckId::ValidFrom, Code::Clock),
            &revocations(scene, &[]),
        ),
    ]
}

/// Lists of the issuer's own that do not answer.
fn other_lists() -> Vec<Case> {
    let (scene, credential) = revocable(Format::Jwt);
    let scene = &scene;
    let of = |entries| licence(Format::Jwt, entries).1;
    let with = |case: Case, list: String| case.without_status().with_material(at_hand(&list));
    let refreshes = Published { purpose: Purpose::Refresh, ..revocations(scene, &[(94567, 1)]) };
    let notes = Published { purpose: Purpose::Message, size: 2, ..revocations(scene, &[(94567, 2)]) };
    let messages = {
        let mut entry = entry(URL, "message", "94567");
        entry["statusSize"] = json!(2);
        let message = |status| json!({ "status": format!("{status:#x}"), "message": "see our register" });
        entry["statusMessage"] = (0..4).map(message).collect();
        entry
    };
    let many = {
        let mut document = map(json!({ "entries": [] }));
        (0..9).for_each(|index| push(&mut document, "entries", entry(URL, "revocation", &index.to_string())));
        document["entries"].clone()
    };
    let mut cases: Vec<Case> = [
        ("index-with-a-sign", entry(URL, "revocation", "+94567")),
        ("index-below-zero", entry(URL, "revocation", "-1")),
        ("index-with-zeros-before-it", entry(URL, "revocation", "094567")),
        ("index-that-is-a-fraction", entry(URL, "revocation", "94567.0")),
        (
            "list-without-an-address",
            json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1" }),
        ),
        ("more-places-than-are-looked-up", many),
    ]
    .into_iter()
    .map(|(name, entry)| {
        let case = scene.invalid(name, "A status that cannot be read as one place.", of(entry));
        with(case, revocations(scene, &[]).bitstring()).by(CheckId::StatusList, Code::StatusEntry)
    })
    .collect();
    cases.extend([
        with(
            scene
                .invalid(
                    "list-of-another-purpose",
                    "The list of suspensions is served as that of revocations.",
                    &credential,
                )
                .by(CheckId::StatusList, Code::StatusListOtherPurpose),
            Published { purpose: Purpose::Suspension, ..revocations(scene, &[]) }.bitstring(),
        ),
        with(
            scene
                .invalid("place-beyond-the-end", "The list has 131,072 places, and this is the next one.", {
                    of(entry(URL, "revocation", "131072"))
                })
                .by(CheckId::StatusList, Code::StatusListOutOfRange),
            revocations(scene, &[]).bitstring(),
        ),
        with(
            scene
                .invalid("list-of-the-other-kind", "The address holds a status list token.", &credential)
                .by(CheckId::StatusList, Code::StatusListOther),
            revocations(scene, &[]).token(),
        ),
        scene
            .valid("newer-one-to-be-had", "The issuer says that there is a newer licence.", {
                of(json!([scene.place(), entry(URL, "refresh", "94567")]))
            })
            .with_material(at_hand(&refreshes.bitstring())),
        scene
            .valid("message-of-the-issuer", "The issuer says something else of the licence.", {
                of(json!([scene.place(), messages]))
            })
            .with_material(at_hand(&notes.bitstring())),
        with(
            scene
                .invalid("status-by-which-nothing-can-be-revoked", "The only list says where there is a newer one.", {
                    of(entry(URL, "refresh", "94567"))
                })
                .by(CheckId::DataModel, Code::ModelKindNeeds),
            refreshes.bitstring(),
        ),
    ]);
    cases
}

/// Status list tokens, for SD-JWT VCs.
fn tokens() -> Vec<Case> {
    let scene = Scene::new(About::Other, Format::SdJwtVc);
    let credential = {
        let mut credential = crate::selective::Selective::of(&scene.credential());
        put(&mut credential.payload, "/status", json!({ "status_list": { "idx": 7, "uri": URL } }));
        credential.signed(scene.issuer)
    };
    let list = |set| Published { size: 2, ..revocations(&scene, set) };
    let with = |case: Case, text: &str| case.without_status().with_material(at_hand(text));
    vec![
        with(
            scene.valid("not-revoked", "The status list token says nothing against it.", &credential),
            &list(&[(6, 1), (8, 2)]).token(),
        ),
        with(
            scene
                .invalid("revoked", "Its issuer revoked it.", &credential)
                .by(CheckId::StatusRevocation, Code::StatusRevoked),
            &list(&[(7, 1)]).token(),
        ),
        with(
            scene
                .invalid("suspended", "Its issuer suspended it.", &credential)
                .by(CheckId::StatusSuspension, Code::StatusSuspended),
            &list(&[(7, 2)]).token(),
        ),
        with(
            scene
                .open(
                    "status-that-only-its-issuer-understands",
                    "The status list token says something of the issuer's own.",
                    &credential,
                )
                .by(CheckId::StatusList, Code::StatusValue),
            &list(&[(7, 3)]).token(),
        ),
        with(
            scene
                .invalid("list-of-the-other-kind", "The address holds a bitstring.", &credential)
                .by(CheckId::StatusList, Code::StatusListOther),
            &revocations(&scene, &[]).bitstring(),
        ),
        with(
            scene
                .invalid("list-of-another-issuer", "A list at the right address, signed by somebody else.", &credential)
                .by(CheckId::StatusList, Code::StatusListOtherIssuer),
            &Published::revocations(URL, &CAST.marine, &[]).token(),
        ),
        scene
            .open("list-not-at-hand", "The list was not fetched; the report names it.", &credential)
            .missing(URL)
            .by(CheckId::StatusList, Code::StatusListUnavailable),
    ]
}
