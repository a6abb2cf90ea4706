//! Status lists: each side reads, place by place, what the other wrote, and refuses what is damaged; what only the other
//! reads is named.

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

/// What attesta reads in a list, all of it.
fn we_read(list: &List, length: u64) -> Vec<u8> {
    let entry = |index: u64| match list.mechanism() {
        Mechanism::Token => json!({ "status_list": { "idx": index, "uri": URL } }),
        Mechanism::Bitstring => json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": index.to_string(), "statusListCredential": URL }),
    };
    let read = |index| list.value(&Entry::read(entry(index).as_object().unwrap()).unwrap().unwrap()).unwrap();
    (0..length).map(read).collect()
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

fn ssi_reads_bitstring(encoded: &str, length: u64) -> Option<Vec<u8>> {
    let bits = SsiBits::from_bytes(EncodedList::new(encoded.to_owned()).decode(None).ok()?);
    (0..length).map(|index| bits.get(StatusSize::DEFAULT, usize::try_from(index).unwrap())).collect()
}

fn ssi_reads_token(bits: u8, lst: &str, length: u64) -> Option<Vec<u8>> {
    let list: JsonStatusList = serde_json::from_value(json!({ "bits": bits, "lst": lst })).ok()?;
    let statuses = list.decode(None).ok()?;
    (0..length).map(|index| statuses.get(usize::try_from(index).unwrap())).collect()
}

fn kit_reads(bits: u8, lst: &str, length: u64) -> Option<Vec<u8>> {
    let list = KitList::from_lst(bits, lst, LARGEST).ok()?;
    (0..length).map(|index| list.get(index).map(|status| status.0)).collect()
}

/// Of a fresh seed, which is printed.
fn new_dice() -> Dice {
    let seed = now().unix().unsigned_abs();
    println!("seed {seed}");
    Dice::new(seed)
}

/// Statuses at random in a list that holds at least as many as any must, and all of it place by place.
fn case(dice: &mut Dice, bits: u8) -> (u64, BTreeMap<u64, u8>, Vec<u8>) {
    let length = MINIMUM_ENTRIES + 8 * dice.below(100) as u64;
    let end = usize::try_from(length).unwrap();
    let mut values: BTreeMap<u64, u8> =
        (0..200).map(|_| (dice.below(end) as u64, u8::try_from(dice.below(1 << bits)).unwrap())).collect();
    values.insert(0, 1);
    values.insert(length - 1, 1);
    let whole = (0..length).map(|index| values.get(&index).copied().unwrap_or(0)).collect();
    (length, values, whole)
}

#[test]
fn bitstrings_with_ssi() {
    let mut dice = new_dice();
    let (length, values, whole) = case(&mut dice, 1);
    let list = ours(Mechanism::Bitstring, 1, length, &values);
    assert!(ssi_reads_bitstring(encoded_list(&list), length).as_ref() == Some(&whole));

    let mut theirs = SizedBitString::new_zeroed(StatusSize::DEFAULT, usize::try_from(length).unwrap());
    values.iter().for_each(|(index, value)| {
        theirs.set(usize::try_from(*index).unwrap(), *value).unwrap();
    });
    let encoded = serde_json::to_value(theirs.encode()).unwrap();
    assert!(we_read(&we_open_bitstring(encoded.as_str().unwrap()).unwrap(), length) == whole);

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
        assert_eq!(ssi_reads_bitstring(&damaged, length).is_some(), ssi_accepts, "{what}");
    }
}

#[test]
fn tokens_with_both() {
    let mut dice = new_dice();
    for bits in [1, 2, 4, 8] {
        let (length, values, whole) = case(&mut dice, bits);
        let list = ours(Mechanism::Token, bits, length, &values);
        let lst = list["status_list"]["lst"].as_str().unwrap();
        assert!(kit_reads(bits, lst, length).as_ref() == Some(&whole), "{bits} bits");
        // Token Status List has base64url without padding; ssi pads it, and reads nothing else.
        let padded = format!("{lst}{}", "=".repeat((4 - lst.len() % 4) % 4));
        assert!(ssi_reads_token(bits, &padded, length).as_ref() == Some(&whole), "{bits} bits");
        assert_eq!(ssi_reads_token(bits, lst, length).is_some(), lst == padded);

        let mut theirs = KitList::new(bits, usize::try_from(length).unwrap()).unwrap();
        values.iter().for_each(|(index, value)| theirs.set(*index, StatusType(*value)).unwrap());
        assert!(we_read(&we_open_token(bits, &theirs.to_lst()).unwrap(), length) == whole, "{bits} bits");
        let mut theirs = SsiStatuses::new_valid(bits.try_into().unwrap(), usize::try_from(length).unwrap());
        values.iter().for_each(|(index, value)| {
            theirs.set(usize::try_from(*index).unwrap(), *value).unwrap();
        });
        let theirs = serde_json::to_value(JsonStatusList::encode(&theirs, Compression::best())).unwrap();
        let padded = theirs["lst"].as_str().unwrap();
        assert!(we_read(&we_open_token(bits, padded.trim_end_matches('=')).unwrap(), length) == whole, "{bits} bits");
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
            assert_eq!(kit_reads(bits, &damaged, length).is_some(), kit_accepts, "{bits} bits, {what}");
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
