//! Status lists at random: each side reads what the other wrote, place by place, and what only one side reads is listed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::status::bitstring::MINIMUM_ENTRIES;
use attesta::status::{Entry, List, Mechanism, NewList, Purpose, Statuses};
use attesta_interop::dcql::Dice;
use attesta_interop::now;
use attesta_interop::status::{
    their_bitstring, their_token, they_check_bitstring, they_read_bitstring, they_read_token,
};
use serde_json::{Value, json};

const URL: &str = "https://ngo.example/status/1";
const ISSUER: &str = "did:web:ngo.example";
const SEED: u64 = 0x7374_6174_7573;

fn object(value: Value) -> Map {
    value.as_object().unwrap().clone()
}

/// Our list with these statuses: the credential, or the claims of a token.
fn ours(mechanism: Mechanism, size: u8, length: u64, values: &BTreeMap<u64, u8>) -> Map {
    let mut statuses = Statuses::new(mechanism, size, length).unwrap();
    values.iter().for_each(|(index, value)| statuses.set(*index, *value).unwrap());
    let new = NewList {
        url: URL,
        issuer: ISSUER,
        purposes: &[Purpose::Revocation],
        signed_at: now(),
        expires: now().plus_seconds(86_400),
        ttl: 60,
        statuses: &statuses,
    };
    new.to_bitstring_credential().or_else(|| new.to_token_claims()).unwrap()
}

fn entry(mechanism: Mechanism, index: u64) -> Map {
    object(match mechanism {
        Mechanism::Token => json!({ "status_list": { "idx": index, "uri": URL } }),
        Mechanism::Bitstring => json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": index.to_string(), "statusListCredential": URL }),
    })
}

/// What we read at these places.
fn we_read(list: &List, indexes: &[u64]) -> Vec<u8> {
    let read = |index: &u64| list.value(&Entry::read(&entry(list.mechanism(), *index)).unwrap().unwrap()).unwrap();
    indexes.iter().map(read).collect()
}

/// Some statuses, and the places around them and elsewhere.
fn case(dice: &mut Dice, size: u8, length: u64) -> (BTreeMap<u64, u8>, Vec<u64>) {
    let end = usize::try_from(length).unwrap();
    let mut values: BTreeMap<u64, u8> =
        (0..dice.below(200)).map(|_| (dice.below(end) as u64, u8::try_from(dice.below(1 << size)).unwrap())).collect();
    values.insert(0, 1);
    values.insert(length - 1, 1);
    let mut indexes: Vec<u64> =
        values.keys().flat_map(|index| index.saturating_sub(9)..(index + 9).min(length)).collect();
    indexes.extend((0..100).map(|_| dice.below(end) as u64));
    (values, indexes)
}

fn expected(values: &BTreeMap<u64, u8>, indexes: &[u64]) -> Vec<u8> {
    indexes.iter().map(|index| values.get(index).copied().unwrap_or(0)).collect()
}

#[test]
fn bitstrings_are_read_on_both_sides() {
    let mut dice = Dice::new(SEED);
    for round in 0..20 {
        let length = MINIMUM_ENTRIES + 8 * dice.below(10_000) as u64;
        let (values, indexes) = case(&mut dice, 1, length);
        let expected = expected(&values, &indexes);

        let written = ours(Mechanism::Bitstring, 1, length, &values);
        let encoded = written["credentialSubject"]["encodedList"].as_str().unwrap();
        assert_eq!(they_read_bitstring(encoded, &indexes).as_ref(), Some(&expected), "round {round}");

        let set: Vec<u64> = values.iter().filter(|(_, value)| **value == 1).map(|(index, _)| *index).collect();
        let mut theirs = their_bitstring(length, &set, URL, "revocation");
        theirs["issuer"] = ISSUER.into();
        let list = List::from_bitstring_credential(&object(theirs), URL).unwrap();
        assert_eq!(we_read(&list, &indexes), expected, "round {round}");
    }
}

#[test]
fn tokens_are_read_on_both_sides() {
    let mut dice = Dice::new(SEED + 1);
    for bits in [1, 2, 4, 8] {
        for round in 0..3 {
            let length = MINIMUM_ENTRIES + 8 * dice.below(1000) as u64;
            let (values, indexes) = case(&mut dice, bits, length);
            let expected = expected(&values, &indexes);

            let written = ours(Mechanism::Token, bits, length, &values);
            let lst = written["status_list"]["lst"].as_str().unwrap();
            assert_eq!(they_read_token(bits, lst, &indexes).as_ref(), Some(&expected), "{bits} bits, round {round}");

            let values: Vec<(u64, u8)> = values.into_iter().collect();
            let lst = their_token(bits, length, &values);
            let claims = json!({ "sub": URL, "iat": now().unix(), "status_list": { "bits": bits, "lst": lst } });
            let list = List::from_token_claims(&object(claims), URL).unwrap();
            assert_eq!(we_read(&list, &indexes), expected, "{bits} bits, round {round}");
        }
    }
}

/// A whole credential with an entry of ours, and a list of ours: their check comes to the same as ours, and both refuse
/// what is not for each other.
#[test]
fn a_credential_is_checked_on_both_sides() {
    let list = ours(Mechanism::Bitstring, 1, MINIMUM_ENTRIES, &BTreeMap::from([(94_567, 1)]));
    let read = List::from_bitstring_credential(&list, URL).unwrap();
    let credential = |change: fn(&mut Map), index: u64| {
        let mut entry = entry(Mechanism::Bitstring, index);
        change(&mut entry);
        json!({ "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
            "issuer": ISSUER, "credentialSubject": { "name": "Ada" }, "credentialStatus": entry })
    };
    let both = |credential: &Value, list: &Map| {
        let theirs = they_check_bitstring(credential, &Value::Object(list.clone()));
        let entry = credential["credentialStatus"].as_object().unwrap();
        let ours = match Entry::read(entry) {
            Ok(Some(entry)) => read.value(&entry).ok().map(|value| vec![value]),
            _ => None,
        };
        (ours, theirs)
    };
    assert_eq!(both(&credential(|_| (), 94_567), &list), (Some(vec![1]), Some(vec![1])));
    assert_eq!(both(&credential(|_| (), 94_568), &list), (Some(vec![0]), Some(vec![0])));
    for (change, index) in [
        (|entry: &mut Map| drop(entry.insert("statusPurpose".to_owned(), "suspension".into())), 1),
        (|entry: &mut Map| drop(entry.remove("statusPurpose")), 1),
        (|entry: &mut Map| drop(entry.insert("statusListIndex".to_owned(), "x".into())), 1),
        (|entry: &mut Map| drop(entry.insert("type".to_owned(), "StatusList2021Entry".into())), 1),
        (|entry: &mut Map| drop(entry.remove("statusListCredential")), 1),
        (|_: &mut Map| (), MINIMUM_ENTRIES),
    ] as [(fn(&mut Map), u64); 6]
    {
        let credential = credential(change, index);
        assert_eq!(both(&credential, &list), (None, None), "{}", credential["credentialStatus"]);
    }
    // They take a number up to the first character that is none.
    for index in ["94567.0", "94567x", "094567", " 94567", "+94567"] {
        let mut credential = credential(|_| (), 1);
        credential["credentialStatus"]["statusListIndex"] = index.into();
        assert_eq!(both(&credential, &list), (None, Some(vec![1])), "{index}");
    }
}

/// What both refuse, and what they let pass.
#[test]
fn damaged_lists_are_refused() {
    let list = ours(Mechanism::Bitstring, 1, MINIMUM_ENTRIES, &BTreeMap::from([(7, 1)]));
    let encoded = list["credentialSubject"]["encodedList"].as_str().unwrap().to_owned();
    let read = |encoded: &str| {
        let mut list = list.clone();
        list["credentialSubject"]["encodedList"] = encoded.into();
        let ours = List::from_bitstring_credential(&list, URL).is_ok();
        (ours, they_read_bitstring(encoded, &[7]).is_some())
    };
    assert_eq!(read(&encoded), (true, true));
    let gzip = base64url::decode(&encoded[1..]).unwrap();
    let again = |bytes: &[u8]| format!("u{}", base64url::encode(bytes));
    let changed = |at: usize| {
        let mut gzip = gzip.clone();
        gzip[at] ^= 1;
        again(&gzip)
    };
    for damaged in [
        encoded[1..].to_owned(),
        format!("z{}", &encoded[1..]),
        changed(0),
        changed(2),
        changed(12),
        changed(gzip.len() - 8),
        again(&gzip[..gzip.len() / 2]),
    ] {
        assert_eq!(read(&damaged), (false, false), "{damaged}");
    }
    for passed in [format!("{encoded}="), again(&[&gzip[..], b"\0"].concat())] {
        assert_eq!(read(&passed), (false, true), "{passed}");
    }
    let short = their_bitstring(8, &[1], URL, "revocation");
    let short = short["credentialSubject"]["encodedList"].as_str().unwrap();
    assert_eq!(read(short), (false, true));

    let list = ours(Mechanism::Token, 2, MINIMUM_ENTRIES, &BTreeMap::from([(7, 2)]));
    let lst = list["status_list"]["lst"].as_str().unwrap().to_owned();
    let read = |lst: &str| {
        let claims = json!({ "sub": URL, "iat": 1, "status_list": { "bits": 2, "lst": lst } });
        (List::from_token_claims(&object(claims), URL).is_ok(), they_read_token(2, lst, &[7]).is_some())
    };
    assert_eq!(read(&lst), (true, true));
    let zlib = base64url::decode(&lst).unwrap();
    let mut wrong = zlib.clone();
    *wrong.last_mut().unwrap() ^= 1;
    for damaged in [base64url::encode(&wrong), base64url::encode(&zlib[..zlib.len() / 2]), String::new()] {
        assert_eq!(read(&damaged), (false, false), "{damaged}");
    }
    let of_gzip = read(&base64url::encode(&gzip));
    assert!(!of_gzip.0, "gzip is no zlib");
}
