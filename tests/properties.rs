//! What holds for every document: a change anywhere is noticed, what is written reads back, and no bytes at all make
//! the verifier stop.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use attesta::credential::kind::{Claims, Kind};
use attesta::did::Document;
use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::time::Timestamp;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Material, Materials, Outcome, Policy, Report, Resource, Source, danger, verify};
use common::changes::{Change, changes};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// A document of our own vectors, with the desk that accepts it.
struct Sound {
    presented: Vec<u8>,
    expected: Expected,
    policy: Policy,
    materials: Materials,
    at: At,
}

impl Sound {
    fn read(path: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors").join(path);
        let vector: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut policy = Policy::default();
        for list in vector["trust"].as_array().unwrap() {
            policy = policy.trusting(TrustList::parse(list.to_string().as_bytes()).unwrap());
        }
        let expected = match vector.get("expected") {
            Some(expected) => Expected::answer(text(&expected["audience"]), text(&expected["nonce"])),
            None => Expected::nothing(),
        };
        let at = At::Now(Timestamp::parse(&text(&vector["at"]["now"])).unwrap());
        let mut materials = Materials::none();
        for material in vector["materials"].as_array().unwrap() {
            let resource = Resource::of_type(material["type"].as_str().unwrap(), text(&material["resource"])).unwrap();
            let obtained = Timestamp::parse(&text(&material["obtained"])).unwrap();
            let bytes = text(&material["text"]).into_bytes();
            materials.add(&Material { resource, bytes, obtained, source: Source::Fetched }).unwrap();
        }
        let presented = match vector["presented"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => base64url::decode(text(&vector["presentedBase64url"])).unwrap(),
        };
        let sound = Self { presented, expected, policy, materials, at };
        assert_eq!(sound.judge(&sound.presented), Outcome::Valid);
        assert!(danger::check_proof(&sound.presented, &Materials::none()).fits());
        sound
    }

    fn report(&self, presented: &[u8]) -> Report {
        verify(presented, &self.expected, &self.materials, &self.policy, self.at)
    }

    fn judge(&self, presented: &[u8]) -> Outcome {
        self.report(presented).outcome()
    }

    /// Neither accepted, nor by its signature alone.
    fn assert_refused(&self, presented: &[u8], change: &dyn std::fmt::Display) {
        assert_ne!(self.judge(presented), Outcome::Valid, "{change}");
        assert!(!danger::check_proof(presented, &Materials::none()).fits(), "{change}");
    }
}

#[test]
fn every_bit_of_a_token_and_of_a_message_counts() {
    for path in ["vc-jwt/other/valid/as-short-as-it-can-be.json", "vc-cose/other/valid/handed-over-as-a-file.json"] {
        let sound = Sound::read(path);
        let mut bytes = sound.presented.clone();
        for bit in 0..bytes.len() * 8 {
            let (byte, mask) = (bit / 8, 1 << (bit % 8));
            bytes[byte] ^= mask;
            sound.assert_refused(&bytes, &format_args!("{path}: bit {bit}"));
            bytes[byte] ^= mask;
        }
        assert_eq!(bytes, sound.presented);
    }
}

#[test]
fn every_member_of_a_document_counts() {
    for path in [
        "eddsa-jcs-2022/licence/valid/handed-over-as-a-file.json",
        "eddsa-jcs-2022/other/valid/handed-over-as-a-file.json",
        "ecdsa-jcs-2019/other/valid/handed-over-as-a-file.json",
    ] {
        let sound = Sound::read(path);
        let document: Value = serde_json::from_slice(&sound.presented).unwrap();
        let mut added = 0;
        for Change { what, document: changed } in changes(&document) {
            // Behind the contexts that were signed the suites let others follow (VC-DI-EdDSA 1.0, section 3.3.2).
            if adds_contexts(&document, &changed) {
                added += 1;
                continue;
            }
            sound.assert_refused(changed.to_string().as_bytes(), &format_args!("{path}: {what}"));
        }
        assert_eq!(added, 2, "{path}");
    }
}

/// Whether the document differs from the original in contexts behind the original's alone.
fn adds_contexts(original: &Value, document: &Value) -> bool {
    let mut without = document.clone();
    if let (Some(Value::Array(all)), Some(signed)) = (without.get_mut("@context"), original["@context"].as_array()) {
        all.truncate(signed.len());
    }
    without == *original
}

#[test]
fn the_examples_read_back() {
    for kind in Kind::ALL {
        assert_reads_back(kind, &kind.example()).unwrap();
    }
}

/// What is read from a claims file writes the same file, and reads back from it and from a credential's subject.
fn assert_reads_back(kind: Kind, file: &Map) -> Result<(), TestCaseError> {
    let claims = Claims::from_claims_file(kind, file).map_err(|error| TestCaseError::reject(error.to_string()))?;
    prop_assert_eq!(&claims.to_claims_file(), file);
    prop_assert_eq!(&Claims::from_subject(kind, &claims.to_subject(Some("did:example:holder"))).unwrap(), &claims);
    prop_assert_eq!(&Claims::from_disclosed(kind, &claims.to_subject(None)).unwrap(), &claims);
    Ok(())
}

/// Every value beneath the document.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (format!("/{name}"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (format!("/{at}"), value)).collect(),
        _ => Vec::new(),
    };
    let below = |(name, value): (String, &Value)| {
        let deeper = pointers(value).into_iter().map(|rest| format!("{name}{rest}")).collect::<Vec<_>>();
        std::iter::once(name).chain(deeper)
    };
    children.into_iter().flat_map(below).collect()
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_i64..=253_402_300_799).prop_map(|seconds| Timestamp::from_unix(seconds).unwrap())
}

fn entry() -> impl Strategy<Value = Entry> {
    let id = prop_oneof![
        "did:web:[a-z]{1,20}\\.example",
        "https://[a-z]{1,20}\\.example/[a-z]{0,8}",
        Just("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK".to_owned()),
    ];
    let names = prop::collection::btree_map("[a-z]{2}(-[A-Z]{2})?", any::<String>(), 0..3);
    let regions = prop::option::of(prop::collection::vec("[A-Z]{2}(-[A-Z]{2})?", 1..3));
    let span = prop::option::of((moment(), moment()));
    (id, names, prop::collection::vec(any::<String>(), 1..4), regions, span).prop_map(
        |(id, name, issues, regions, span): (String, BTreeMap<String, String>, _, _, _)| {
            let mut entry = Entry::new(id, issues);
            entry.name = name;
            entry.regions = regions;
            if let Some((first, second)) = span.filter(|(first, second)| first != second) {
                entry.from = Some(first.min(second));
                entry.until = Some(first.max(second));
            }
            entry
        },
    )
}

/// What happens to a document on its way: bits flip, parts get lost, come twice, or are written over.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Cut(Index, u8),
    Repeat(Index, u8),
    Insert(Index, &'static str),
}

fn damage() -> impl Strategy<Value = Damage> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\\",
        ":",
        ",",
        ".",
        "~",
        " ",
        "\n",
        "\0",
        "null",
        "1e999",
        "\u{feff}",
        "eyJ",
        "\"proof\":",
        "\"@context\":",
        "\"type\":\"VerifiablePresentation\",",
        "\\ud800",
        "劏",
        "AAAA",
        "==",
    ]);
    prop_oneof![
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Damage::Cut(at, length)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Damage::Repeat(at, length)),
        (any::<Index>(), pieces).prop_map(|(at, piece)| Damage::Insert(at, piece)),
    ]
}

fn damaged(presented: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = presented.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let range = |at: &Index, length: u8| {
            let start = at.index(bytes.len());
            start..bytes.len().min(start + usize::from(length))
        };
        match damage {
            Damage::Flip(at, bit) => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Damage::Cut(at, length) => drop(bytes.drain(range(at, *length))),
            Damage::Repeat(at, length) => {
                let part = bytes[range(at, *length)].to_vec();
                let at = at.index(bytes.len());
                bytes.splice(at..at, part);
            }
            Damage::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

const DOCUMENTS: [&str; 9] = [
    "vc-jwt/other/valid/handed-over-as-a-file.json",
    "vc-jwt/other/valid/two-presented-together.json",
    "vc-jwt/licence/valid/wrapped-in-a-data-url.json",
    "vc-cose/licence/valid/handed-over-as-a-file.json",
    "vc-cose/proof-of-address/valid/presented-to-the-bank.json",
    "eddsa-jcs-2022/licence/valid/handed-over-as-a-file.json",
    "eddsa-jcs-2022/other/valid/two-presented-together.json",
    "ecdsa-jcs-2019/other/valid/handed-over-as-a-file.json",
    "ecdsa-jcs-2019/proof-of-address/valid/presented-to-the-bank.json",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn claims_read_back(
        kind in kind(),
        removed in prop::collection::vec(any::<Index>(), 0..4),
        written in prop::option::of((any::<Index>(), "\\PC{1,40}")),
    ) {
        let mut file = Value::Object(kind.example());
        for index in removed {
            let places = pointers(&file);
            let (parent, name) = index.get(&places).rsplit_once('/').unwrap();
            match file.pointer_mut(parent).unwrap() {
                Value::Object(members) => drop(members.remove(name)),
                Value::Array(items) if items.len() > 1 => drop(items.remove(name.parse().unwrap())),
                _ => {}
            }
        }
        if let Some((index, text)) = written {
            let places = pointers(&file);
            if let Value::String(old) = file.pointer_mut(index.get(&places).as_str()).unwrap() {
                *old = text;
            }
        }
        // What the kind refuses is for its own tests.
        if let Err(TestCaseError::Fail(reason)) = assert_reads_back(kind, file.as_object().unwrap()) {
            return Err(TestCaseError::Fail(reason));
        }
    }

    #[test]
    fn trust_lists_read_back(issued in moment(), entries in prop::collection::vec(entry(), 0..4)) {
        let mut entries = entries;
        let mut seen = std::collections::BTreeSet::new();
        entries.retain(|entry| seen.insert(entry.id.clone()));
        let list = TrustList::new(issued, entries).unwrap();
        let again = TrustList::parse(serde_json::to_string(&list).unwrap().as_bytes()).unwrap();
        prop_assert_eq!(again.entries(), list.entries());
        prop_assert_eq!(again.issued(), list.issued());
    }

    #[test]
    fn no_bytes_stop_the_verifier(bytes in prop::collection::vec(any::<u8>(), 0..600), text in "[\\[{\"][\\PC\\n]{0,300}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let at = At::AsOf(Timestamp::from_unix(0).unwrap());
            let report = verify(bytes, &Expected::nothing(), &Materials::none(), &Policy::default(), at);
            prop_assert_ne!(report.outcome(), Outcome::Valid);
            prop_assert!(!danger::check_proof(bytes, &Materials::none()).fits());
            prop_assert!(TrustList::parse(bytes).is_err());
            prop_assert!(Policy::parse(bytes).is_err());
            prop_assert!(Document::parse(bytes).is_err());
        }
    }

    #[test]
    fn a_damaged_document_is_refused_or_says_the_same(
        path in prop::sample::select(DOCUMENTS.to_vec()),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let sound = Sound::read(path);
        let bytes = damaged(&sound.presented, &damages);
        let report = sound.report(&bytes);
        if report.outcome() == Outcome::Valid {
            // White space between members, for example.
            let original = sound.report(&sound.presented);
            let documents = |report: &Report| {
                report.accepted().iter().map(|accepted| accepted.document().clone()).collect::<Vec<_>>()
            };
            prop_assert_eq!(documents(&report), documents(&original));
        }
        prop_assert!(!report.to_json().is_null());
    }
}
