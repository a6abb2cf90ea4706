//! Status lists: each side reads, place by place, what the other wrote, and refuses what is damaged; what only the
//! other reads is named.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use attesta::encoding::json::Map;
use attesta::encoding::{base64url, multibase};
use attesta::status::bitstring::MINIMUM_ENTRIES;
use attesta::status::{Entry, List, Mechanism, NewList, Purpose, Statuses};
use attesta_interop::dcql::Dice;
use attesta_interop::now;
use identity_kit::status_list::{StatusList as KitList, StatusType};
use serde_json::json;
use ssi::status::Compression;
use ssi::status::bitstring_status_list::{BitString as SsiBits, EncodedList, SizedBitString, StatusSize};
use ssi::status::token_status_list::{BitString as SsiStatuses, json::JsonStatusList};

const URL: &str = "https://ngo.example/status/1";
const LARGEST: usize = 1 << 24;

fn ours(mechanism: Mechanism, size: u8, length: u64, values: &BTreeMap<u64, u8>) -> Map {
    let mut statuses = Statuses::new(mechanism, size, length).unwrap();
    values.iter().for_each(|(index, value)| statuses.set(*index, *value).unwrap());
    let new = NewList {
        url: URL,
        issuer: "did:web:ngo.example",
        purposes: &[Purpose::Revocation],
        signed_at: now(),
        expires: now().plus_seconds(86_400),
        ttl: 60,
        statuses: &statuses,
    };
    new.to_bitstring_credential().or_else(|| new.to_token_claims()).unwrap()
}

fn encoded_list(list: &Map) -> &str {
    list["credentialSubject"]["encodedList"].as_str().unwrap()
}

/// What attesta reads in a list at these places.
fn we_read(list: &List, places: &[u64]) -> Vec<u8> {
    let entry = |index: u64| match list.mechanism() {
        Mechanism::Token => json!({ "status_list": { "idx": index, "uri": URL } }),
        Mechanism::Bitstring => json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": index.to_string(), "statusListCredential": URL }),
    };
    let read = |index: &u64| list.value(&Entry::read(entry(*index).as_object().unwrap()).unwrap().unwrap()).unwrap();
    places.iter().map(read).collect()
}

fn we_open_bitstring(encoded: &str) -> Option<List> {
    let mut list = ours(Mechanism::Bitstring, 1, MINIMUM_ENTRIES, &BTreeMap::new());
    list["credentialSubject"]["encodedList"] = encoded.into();
    List::from_bitstring_credential(&list, URL).ok()
}

fn we_open_token(bits: u8, lst: &str) -> Option<List> {
    let claims = json!({ "sub": URL, "iat": now().unix(), "status_list": { "bits": bits, "lst": lst } });
    List::from_token_claims(claims.as_object().unwrap(), URL).ok()
}

fn ssi_reads_bitstring(encoded: &str, places: &[u64]) -> Option<Vec<u8>> {
    let bits = SsiBits::from_bytes(EncodedList::new(encoded.to_owned()).decode(None).ok()?);
    places.iter().map(|index| bits.get(StatusSize::DEFAULT, usize::try_from(*index).unwrap())).collect()
}

fn ssi_reads_token(bits: u8, lst: &str, places: &[u64]) -> Option<Vec<u8>> {
    let list: JsonStatusList = serde_json::from_value(json!({ "bits": bits, "lst": lst })).ok()?;
    let statuses = list.decode(None).ok()?;
    places.iter().map(|index| statuses.get(usize::try_from(*index).unwrap())).collect()
}

fn kit_reads(bits: u8, lst: &str, places: &[u64]) -> Option<Vec<u8>> {
    let list = KitList::from_lst(bits, lst, LARGEST).ok()?;
    places.iter().map(|index| list.get(*index).map(|status| status.0)).collect()
}

/// Of a fresh seed, which is printed.
fn new_dice() -> Dice {
    let seed = now().unix().unsigned_abs();
    println!("seed {seed}");
    Dice::new(seed)
}

/// Statuses at random in a list that holds at least as many as any must.
struct Case {
    length: u64,
    values: BTreeMap<u64, u8>,
    /// Those places, the ones around them, and some in every part of the list.
    places: Vec<u64>,
    /// What stands there.
    expected: Vec<u8>,
}

impl Case {
    fn new(dice: &mut Dice, bits: u8) -> Self {
        let length = MINIMUM_ENTRIES + 8 * dice.below(100) as u64;
        let end = usize::try_from(length).unwrap();
        let mut values: BTreeMap<u64, u8> =
            (0..200).map(|_| (dice.below(end) as u64, u8::try_from(dice.below(1 << bits)).unwrap())).collect();
        values.insert(0, 1);
        values.insert(length - 1, 1);
        let around = |index: &u64| index.saturating_sub(9)..(index + 9).min(length);
        let places: Vec<u64> = values.keys().flat_map(around).chain((0..length).step_by(997)).collect();
        let expected = places.iter().map(|index| values.get(index).copied().unwrap_or(0)).collect();
        Self { length, values, places, expected }
    }
}

#[test]
fn bitstrings_with_ssi() {
    let mut dice = new_dice();
    let Case { length, values, places, expected } = Case::new(&mut dice, 1);
    let list = ours(Mechanism::Bitstring, 1, length, &values);
    assert_eq!(ssi_reads_bitstring(encoded_list(&list), &places).as_ref(), Some(&expected));

    let mut theirs = SizedBitString::new_zeroed(StatusSize::DEFAULT, usize::try_from(length).unwrap());
    values.iter().for_each(|(index, value)| {
        theirs.set(usize::try_from(*index).unwrap(), *value).unwrap();
    });
    let encoded = serde_json::to_value(theirs.encode()).unwrap();
    assert_eq!(we_read(&we_open_bitstring(encoded.as_str().unwrap()).unwrap(), &places), expected);

    let encoded = encoded_list(&list);
    let gzip = base64url::decode(&encoded[1..]).unwrap();
    let again = |bytes: &[u8]| format!("u{}", base64url::encode(bytes));
    let flipped = |at: usize| {
        let mut gzip = gzip.clone();
        gzip[at] ^= 1;
        again(&gzip)
    };
    for (what, damaged, ssi_accepts) in [
        ("no letter of its base", encoded[1..].to_owned(), false),
        ("no gzip", flipped(0), false),
        ("another method", flipped(2), false),
        ("another sum", flipped(gzip.len() - 8), false),
        ("half of it", again(&gzip[..gzip.len() / 2]), false),
        ("another base", multibase::encode_base58btc(&gzip), true),
        ("a byte behind it", again(&[&gzip[..], &[0]].concat()), true),
        ("one list behind another", again(&[&gzip[..], &gzip[..]].concat()), true),
    ] {
        assert!(we_open_bitstring(&damaged).is_none(), "{what}: attesta read it");
        assert_eq!(ssi_reads_bitstring(&damaged, &places).is_some(), ssi_accepts, "{what}");
    }
}

#[test]
fn tokens_with_both() {
    let mut dice = new_dice();
    for bits in [1, 2, 4, 8] {
        let Case { length, values, places, expected } = Case::new(&mut dice, bits);
        let list = ours(Mechanism::Token, bits, length, &values);
        let lst = list["status_list"]["lst"].as_str().unwrap();
        assert_eq!(kit_reads(bits, lst, &places).as_ref(), Some(&expected), "{bits} bits");
        // Token Status List has base64url without padding; ssi pads it, and reads nothing else.
        let padded = format!("{lst}{}", "=".repeat((4 - lst.len() % 4) % 4));
        assert_eq!(ssi_reads_token(bits, &padded, &places).as_ref(), Some(&expected), "{bits} bits");
        assert_eq!(ssi_reads_token(bits, lst, &places).is_some(), lst == padded);

        let mut theirs = KitList::new(bits, usize::try_from(length).unwrap()).unwrap();
        values.iter().for_each(|(index, value)| theirs.set(*index, StatusType(*value)).unwrap());
        assert_eq!(we_read(&we_open_token(bits, &theirs.to_lst()).unwrap(), &places), expected, "{bits} bits");
        let mut theirs = SsiStatuses::new_valid(bits.try_into().unwrap(), usize::try_from(length).unwrap());
        values.iter().for_each(|(index, value)| {
            theirs.set(usize::try_from(*index).unwrap(), *value).unwrap();
        });
        let theirs = serde_json::to_value(JsonStatusList::encode(&theirs, Compression::best())).unwrap();
        let padded = theirs["lst"].as_str().unwrap();
        assert_eq!(
            we_read(&we_open_token(bits, padded.trim_end_matches('=')).unwrap(), &places),
            expected,
            "{bits} bits"
        );
        assert_eq!(we_open_token(bits, padded).is_some(), !padded.ends_with('='));

        let zlib = base64url::decode(lst).unwrap();
        let mut wrong = zlib.clone();
        *wrong.last_mut().unwrap() ^= 1;
        let behind = [&zlib[..], &[0]].concat();
        for (what, damaged, kit_accepts) in [
            ("another sum", base64url::encode(&wrong), false),
            ("half of it", base64url::encode(&zlib[..zlib.len() / 2]), false),
            ("nothing", String::new(), false),
            ("padding", format!("{lst}="), false),
            ("a byte behind it", base64url::encode(&behind), true),
        ] {
            assert!(we_open_token(bits, &damaged).is_none(), "{bits} bits, {what}: attesta read it");
            assert_eq!(kit_reads(bits, &damaged, &places).is_some(), kit_accepts, "{bits} bits, {what}");
        }
    }
}

/// Values that are none: attesta refuses them, as the others do.
#[test]
fn sizes_that_are_none() {
    let list = ours(Mechanism::Token, 1, MINIMUM_ENTRIES, &BTreeMap::new());
    let lst = list["status_list"]["lst"].as_str().unwrap();
    for bits in [0, 3, 5, 16] {
        assert!(we_open_token(bits, lst).is_none(), "{bits} bits");
        assert!(KitList::from_lst(bits, lst, LARGEST).is_err(), "{bits} bits");
        let list = serde_json::from_value::<JsonStatusList>(json!({ "bits": bits, "lst": lst }));
        assert!(list.is_err(), "{bits} bits");
    }
}
