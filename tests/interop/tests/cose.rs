//! COSE messages both ways with `cwt`, CBOR with `cbor2`, and what of the attacks on both the other side lets pass.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{SystemTime, UNIX_EPOCH};

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::cbor::{self, Key, Map as CborMap, Value as Cbor};
use attesta::encoding::jcs;
use attesta::issuer::Issuer;
use attesta::jsonld::Embedded;
use attesta::keys::{self, KeyType, Signer};
use attesta::presentation::{Disclose, Request, present_bytes};
use attesta::securing::Format;
use attesta::securing::cose::data_url;
use attesta::verify::{At, Code, Expected, Materials, Outcome, Policy, Preset, Report, danger, verify};
use attesta_interop::cose::{Owned, bytes, header, integer, map, they_read, they_sign, they_verify, they_write};
use attesta_interop::dcql::Dice;
use attesta_interop::{Party, Tally, claims, day, document, has_python, now, trusting};
use serde_json::{Value, json};

const BANK: &str = "https://onboarding.bank.example";
const THIEF: &str = "https://thief.example";
const NONCE: &str = "yBmyQ2VVLCcSJ0PqK2mEaw";
const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";

/// Each algorithm, fully specified and by its old number.
const ALGORITHMS: [(KeyType, i64); 6] = [
    (KeyType::Ed25519, -19),
    (KeyType::Ed25519, -8),
    (KeyType::P256, -9),
    (KeyType::P256, -7),
    (KeyType::P384, -51),
    (KeyType::P384, -35),
];

const KEY_TYPES: [KeyType; 3] = [KeyType::Ed25519, KeyType::P256, KeyType::P384];

fn we_issue(kind: Kind, issuer: &Party, holder: &Party) -> Vec<u8> {
    let draft = Credential::of(claims(kind), &issuer.did, day(0), 7, Salt::random().unwrap()).unwrap();
    let draft = draft.holder(Holder::Did(holder.did.clone()));
    Issuer::of_did(&issuer.did, &issuer.key).unwrap().secure_bytes(&draft, Format::Cose).unwrap()
}

fn issued_by(issuer: &Party, kind: Kind, holder: &Party) -> Value {
    let mut document = document(kind, holder);
    document["issuer"] = issuer.did.as_str().into();
    document
}

fn presentation(holder: &Party, credential: &[u8]) -> Value {
    json!({
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [{
            "@context": CREDENTIALS_V2,
            "type": "EnvelopedVerifiableCredential",
            "id": data_url("vc+cose", credential),
        }],
    })
}

fn judge(message: &[u8], expected: &Expected, policy: &Policy) -> Report {
    verify(message, expected, &Materials::none(), policy, At::Now(now()))
}

fn found(report: &Report) -> Option<&'static str> {
    report.reason().map(|check| check.code()).map(Code::name)
}

fn fits(message: &[u8]) -> bool {
    danger::check_proof(message, &Materials::none()).fits()
}

/// The message with one bit of some bytes changed, all over it.
fn flipped(message: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..message.len()).step_by(1 + message.len() / 40).map(|at| {
        let mut changed = message.to_vec();
        changed[at] ^= 1 << (at % 8);
        (at, changed)
    })
}

#[test]
fn what_we_issue_they_verify() {
    if !has_python() {
        return;
    }
    let mut tally = Tally::default();
    for (key_type, kind) in KEY_TYPES.into_iter().flat_map(|key| Kind::ALL.map(|kind| (key, kind))) {
        let name = |what: &str| format!("{key_type:?} {kind:?}: {what}");
        let [issuer, holder, stranger] = [(); 3].map(|()| Party::of_did_key(key_type));
        let message = we_issue(kind, &issuer, &holder);
        let (header, payload) = they_verify(&issuer, &message).unwrap_or_else(|| panic!("{}", name("refused")));
        assert_eq!(payload["issuer"], json!(issuer.did));
        assert_eq!(payload["credentialSubject"]["id"], json!(holder.did));
        assert_eq!(
            [&header["16"], &header["3"], &header["4"]],
            [&json!("application/vc+cose"), &json!("application/vc"), &json!(issuer.method),]
        );
        tally.accepts(&name("a credential"), fits(&message));
        for (at, changed) in flipped(&message) {
            let what = name(&format!("a bit of byte {at}"));
            tally.refuses(&what, they_verify(&issuer, &changed).is_some());
            tally.refuses(&what, fits(&changed));
        }
        let strangers = Party { did: issuer.did.clone(), method: issuer.method.clone(), key: stranger.key };
        tally.refuses(&name("another key"), they_verify(&strangers, &message).is_some());
    }
    tally.close("vc+cose issued by attesta");
}

#[test]
fn what_we_present_they_verify() {
    if !has_python() {
        return;
    }
    let mut tally = Tally::default();
    for (key_type, kind) in KEY_TYPES.into_iter().flat_map(|key| Kind::ALL.map(|kind| (key, kind))) {
        let name = |what: &str| format!("{key_type:?} {kind:?}: {what}");
        let [issuer, holder] = [(); 2].map(|()| Party::of_did_key(key_type));
        let names_key = header(&issuer, issuer.key.algorithm().cose_id(), "application/vc+cose");
        let credential = they_sign(&issuer, &issued_by(&issuer, kind, &holder), &names_key, &[]);
        let request = Request { audience: BANK, nonce: NONCE, now: now() };
        let shown = present_bytes(&[&credential], Disclose::Everything, &request, &Embedded, &holder.key).unwrap();
        let (header, payload) = they_verify(&holder, &shown).unwrap_or_else(|| panic!("{}", name("refused")));
        // RFC 9597: CWT claims in the header; `aud` and `nonce`.
        assert_eq!([&header["15"]["3"], &header["15"]["10"]], [&json!(BANK), &json!(NONCE)]);
        assert_eq!(header["16"], json!("application/vp+cose"));
        let inside = payload["verifiableCredential"][0]["id"].as_str().unwrap();
        assert_eq!(inside, data_url("vc+cose", &credential), "{}", name("what is inside"));
        let policy = trusting(preset(kind), &issuer, &[kind.name()]);
        let report = judge(&shown, &Expected::answer(BANK, NONCE), &policy);
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("our own decision"), report.reason());
        tally.accepts(&name("a presentation"), true);
        for (at, changed) in flipped(&shown) {
            tally.refuses(&name(&format!("a bit of byte {at}")), they_verify(&holder, &changed).is_some());
        }
    }
    tally.close("vp+cose presented by attesta");
}

fn preset(kind: Kind) -> Preset {
    match kind {
        Kind::ProofOfAddress => Preset::BankAddress,
        Kind::Licence => Preset::LicenceCheck,
        _ => Preset::SkillCommunity,
    }
}

#[test]
fn what_they_issue_we_verify() {
    if !has_python() {
        return;
    }
    let mut tally = Tally::default();
    for ((key_type, algorithm), kind) in ALGORITHMS.into_iter().flat_map(|it| Kind::ALL.map(|kind| (it, kind))) {
        let name = |what: &str| format!("{key_type:?} {algorithm} {kind:?}: {what}");
        let [issuer, holder, stranger] = [(); 3].map(|()| Party::of_did_key(key_type));
        let document = issued_by(&issuer, kind, &holder);
        let policy = trusting(Preset::Default, &issuer, &[kind.name()]);
        let header = header(&issuer, algorithm, "application/vc+cose");
        let without = |label: i64| header.iter().filter(|(other, _)| *other != label).cloned().collect::<Vec<_>>();
        let with = |label: i64, value: Value| [without(label), vec![(label, value)]].concat();
        let by = |header: &[(i64, Value)]| they_sign(&issuer, &document, header, &[]);
        for (what, message) in [
            ("a credential", by(&header)),
            ("typ in short", by(&with(16, json!({ "text": "vc+cose" })))),
            ("a content type", by(&with(3, json!({ "text": "application/vc" })))),
            ("claims in the header", by(&with(15, map(&[(6, integer(day(0).midnight().unix()))])))),
            ("a parameter that nobody knows", by(&with(-70_000, bytes(b"left alone")))),
            (
                "the key's name unsigned",
                they_sign(&issuer, &document, &without(4), &[(4, bytes(issuer.method.as_bytes()))]),
            ),
        ] {
            let report = judge(&message, &Expected::nothing(), &policy);
            assert!(report.outcome() == Outcome::Valid, "{}: {:?}", name(what), report.reason());
            assert!(report.accepted()[0].claims() == Some(&claims(kind)), "{}", name(what));
            tally.accepts(&name(what), fits(&message));
        }
        let sound = by(&header);
        for (at, changed) in flipped(&sound) {
            let outcome = judge(&changed, &Expected::nothing(), &policy).outcome();
            tally.refuses(&name(&format!("a bit of byte {at}")), outcome == Outcome::Valid || fits(&changed));
        }
        let outdated = {
            let mut document = document.clone();
            document["validFrom"] = day(-7).midnight().to_string().into();
            document["validUntil"] = day(0).midnight().to_string().into();
            document
        };
        for (what, message, reason) in [
            ("another typ", by(&with(16, json!({ "text": "application/cwt" }))), "media-type.other"),
            (
                "a presentation's typ",
                by(&with(16, json!({ "text": "application/vp+cose" }))),
                "media-type.contradiction",
            ),
            ("key B named A", they_sign(&stranger, &document, &header, &[]), "proof.mismatch"),
            (
                "issuer A, key B",
                they_sign(&stranger, &document, &with(4, bytes(stranger.method.as_bytes())), &[]),
                "key.binding.other-controller",
            ),
            ("one that has run out", they_sign(&issuer, &outdated, &header, &[]), "valid-until.past"),
        ] {
            let report = judge(&message, &Expected::nothing(), &policy);
            assert_eq!(found(&report), Some(reason), "{}", name(what));
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }
    }
    tally.close("vc+cose issued by others");
}

#[test]
fn what_they_present_we_verify() {
    if !has_python() {
        return;
    }
    let mut tally = Tally::default();
    for ((key_type, algorithm), kind) in ALGORITHMS.into_iter().flat_map(|it| Kind::ALL.map(|kind| (it, kind))) {
        let name = |what: &str| format!("{key_type:?} {algorithm} {kind:?}: {what}");
        let [issuer, holder, stranger] = [(); 3].map(|()| Party::of_did_key(key_type));
        let credential = we_issue(kind, &issuer, &holder);
        let policy = trusting(preset(kind), &issuer, &[kind.name()]);
        let expected = Expected::answer(BANK, NONCE);
        let by = |party: &Party, audience: &str, nonce: &str| {
            let mut header = header(party, algorithm, "application/vp+cose");
            header.push((15, map(&[(3, json!({ "text": audience })), (10, bytes(nonce.as_bytes()))])));
            they_sign(party, &presentation(party, &credential), &header, &[])
        };
        let shown = by(&holder, BANK, NONCE);
        let report = judge(&shown, &expected, &policy);
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("a presentation"), report.reason());
        tally.accepts(&name("a presentation"), fits(&shown));
        let bare = header(&holder, algorithm, "application/vp+cose");
        for (what, message, reason) in [
            ("for another audience", by(&holder, THIEF, NONCE), "audience.other"),
            ("for another request", by(&holder, BANK, "another"), "nonce.other"),
            ("for nobody", they_sign(&holder, &presentation(&holder, &credential), &bare, &[]), "audience.missing"),
            ("a stranger's copy", by(&stranger, BANK, NONCE), "holder.binding.other-key"),
            ("a bare copy", credential.clone(), "holder.binding.not-presented"),
        ] {
            let report = judge(&message, &expected, &policy);
            assert_eq!(found(&report), Some(reason), "{}", name(what));
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }
    }
    tally.close("vp+cose presented by others");
}

/// What is written of a value has the same bytes on both sides, and is read as that value.
#[test]
fn deterministic_cbor_is_the_same() {
    if !has_python() {
        return;
    }
    let fresh = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() % (1 << 60)).unwrap();
    println!("deterministic CBOR: seed {fresh}");
    let mut compared = 0;
    for seed in [8949, fresh] {
        let mut dice = Dice::new(seed);
        let values: Vec<Owned> = (0..1_500).map(|_| Owned::random(&mut dice, 3)).collect();
        let theirs = they_write(&values.iter().map(Owned::described).collect::<Vec<_>>());
        for (value, theirs) in values.iter().zip(theirs) {
            let value = value.borrowed();
            assert!(cbor::encode(&value) == theirs, "{value:?}");
            assert_eq!(cbor::decode(&theirs).as_ref(), Ok(&value));
            compared += 1;
        }
    }
    assert_eq!(compared, 3_000);
}

/// A message by the issuer with these bytes as its protected header, and these as its unprotected one.
fn by_hand(issuer: &Party, protected: &[u8], unprotected: &[u8], payload: &[u8]) -> Vec<u8> {
    let signed = cbor::encode(&Cbor::Array(vec![
        Cbor::Text("Signature1"),
        Cbor::Bytes(protected),
        Cbor::Bytes(&[]),
        Cbor::Bytes(payload),
    ]));
    let signature = keys::sign(&issuer.key, &signed).unwrap();
    let string = |content: &[u8]| cbor::encode(&Cbor::Bytes(content));
    [vec![0xd2, 0x84], string(protected), unprotected.to_vec(), string(payload), string(&signature)].concat()
}

/// Each is signed by the issuer, so that nothing but the attack itself can be the reason to refuse it.
#[test]
fn attacks() {
    if !has_python() {
        return;
    }
    let [issuer, holder] = [(); 2].map(|()| Party::of_did_key(KeyType::Ed25519));
    let payload = jcs::canonicalize(issued_by(&issuer, Kind::Licence, &holder).as_object().unwrap());
    let payload = payload.as_slice();
    let algorithm = issuer.key.algorithm().cose_id();
    let entry = |label: i64, value: Cbor<'_>| [cbor::encode(&Cbor::from(label)), cbor::encode(&value)].concat();
    let alg = entry(1, Cbor::from(algorithm));
    let kid = entry(4, Cbor::Bytes(issuer.method.as_bytes()));
    let typ = entry(16, Cbor::Text("application/vc+cose"));
    let map_of = |entries: &[&[u8]]| [vec![0xa0 | u8::try_from(entries.len()).unwrap()], entries.concat()].concat();
    let sound = map_of(&[&alg, &kid, &typ]);
    let by = |protected: Vec<u8>| by_hand(&issuer, &protected, &[0xa0], payload);
    let whole = by(sound.clone());
    assert!(fits(&whole) && they_verify(&issuer, &whole).is_some(), "without an attack both accept it");
    let nested = |count: usize| [vec![0x81; count], vec![0]].concat();

    // The attack, the message, and whether the other side accepts it.
    let table: Vec<(&str, Vec<u8>, bool)> = vec![
        ("the message's length not said", [&[0xd2, 0x9f], &whole[2..], &[0xff]].concat(), true),
        (
            "the header's length not said",
            by([vec![0xbf], alg.clone(), kid.clone(), typ.clone(), vec![0xff]].concat()),
            true,
        ),
        ("a parameter twice", by(map_of(&[&alg, &kid, &typ, &typ])), true),
        (
            "a parameter twice, with two values",
            by(map_of(&[&alg, &kid, &entry(16, Cbor::Text("application/vp+cose")), &typ])),
            true,
        ),
        ("the key's name in both headers", by_hand(&issuer, &sound, &map_of(&[&kid]), payload), true),
        ("the algorithm in both headers", by_hand(&issuer, &sound, &map_of(&[&alg]), payload), true),
        ("the algorithm unsigned", by_hand(&issuer, &map_of(&[&kid, &typ]), &map_of(&[&alg]), payload), false),
        ("no type", by(map_of(&[&alg, &kid])), true),
        ("the type unsigned", by_hand(&issuer, &map_of(&[&alg, &kid]), &map_of(&[&typ]), payload), true),
        (
            "something critical that nobody knows",
            by(map_of(&[
                &alg,
                &entry(2, Cbor::Array(vec![Cbor::from(-70_000)])),
                &kid,
                &typ,
                &entry(-70_000, Cbor::Null),
            ])),
            true,
        ),
        (
            "a header 10,000 deep",
            by(map_of(&[&alg, &kid, &typ, &[entry(-70_000, Cbor::Null)[..5].to_vec(), nested(10_000)].concat()])),
            false,
        ),
        (
            "an unprotected header 10,000 deep",
            by_hand(
                &issuer,
                &sound,
                &map_of(&[&[entry(-70_000, Cbor::Null)[..5].to_vec(), nested(10_000)].concat()]),
                payload,
            ),
            false,
        ),
        ("bytes behind it", [&whole[..], &[0]].concat(), true),
        ("bytes behind the header", by([&sound[..], &[0]].concat()), true),
        ("a MAC's tag", [&[0xd1], &whole[1..]].concat(), false),
        ("a tag in a tag", [&[0xd2], &whole[..]].concat(), false),
        (
            "no payload",
            {
                let signature = &whole[whole.len() - 66..];
                [&[0xd2, 0x84][..], &cbor::encode(&Cbor::Bytes(&sound)), &[0xa0, 0xf6], signature].concat()
            },
            false,
        ),
        ("an algorithm of another key", by(map_of(&[&entry(1, Cbor::from(-9)), &kid, &typ])), false),
        (
            "no signature",
            {
                let mut cut = whole[..whole.len() - 66].to_vec();
                cut.push(0x40);
                cut
            },
            false,
        ),
    ];
    let mut accepted = 0;
    println!("{:45} attesta   cwt", "attack");
    for (what, message, theirs) in table {
        let outcome = judge(&message, &Expected::nothing(), &trusting(Preset::Default, &issuer, &["licence"]));
        let verified = they_verify(&issuer, &message).is_some();
        println!(
            "{what:45} {}   {}",
            found(&outcome).unwrap_or("accepted"),
            if verified { "accepts" } else { "refuses" }
        );
        assert!(outcome.outcome() != Outcome::Valid && !fits(&message), "{what}");
        assert_eq!(verified, theirs, "{what}: the other side");
        accepted += usize::from(verified);
    }
    println!("cwt accepts {accepted} of them");
}

/// What is no deterministic CBOR, or none at all.
#[test]
fn cbor_that_is_refused() {
    if !has_python() {
        return;
    }
    let table: [(&str, Vec<u8>, bool); 14] = [
        ("an array whose length is not said", vec![0x9f, 0x01, 0xff], true),
        ("a map whose length is not said", vec![0xbf, 0x01, 0x02, 0xff], true),
        ("a text whose length is not said", vec![0x7f, 0x61, 0x61, 0xff], true),
        ("bytes whose length is not said", vec![0x5f, 0x41, 0x61, 0xff], true),
        ("a key twice", vec![0xa2, 0x01, 0x02, 0x01, 0x03], true),
        ("keys in another order", vec![0xa2, 0x02, 0x02, 0x01, 0x03], true),
        ("keys in the order of RFC 7049", vec![0xa2, 0x60, 0x00, 0x18, 0x64, 0x00], true),
        ("a number with a byte too much", vec![0x18, 0x17], true),
        ("a length with eight bytes too much", vec![0x5b, 0, 0, 0, 0, 0, 0, 0, 1, 0x61], true),
        ("an array longer than memory", [vec![0x9b], vec![0xff; 8]].concat(), false),
        ("a string longer than memory", [vec![0x5b, 0x7f], vec![0xff; 7]].concat(), false),
        ("10,000 arrays in each other", [vec![0x81; 10_000], vec![0]].concat(), false),
        ("no text", vec![0x61, 0xff], false),
        ("nothing", Vec::new(), false),
    ];
    for (what, encoding, theirs) in table {
        assert!(cbor::decode(&encoding).is_err(), "{what}");
        assert_eq!(they_read(&encoding), theirs, "{what}: the other side");
    }
    let mut map = CborMap::new();
    map.insert(Key::from(100), Cbor::Null);
    map.insert(Key::Text(""), Cbor::Null);
    assert_eq!(cbor::encode(&Cbor::Map(map)), [0xa2, 0x18, 0x64, 0xf6, 0x60, 0xf6]);
}
