//! Both kinds written and read, and what must be refused.

mod attacks;
mod streams;

use proptest::prelude::*;
use serde_json::json;

use super::bitstring::MINIMUM_ENTRIES;
use super::*;
use crate::encoding::json::{Map, Value};
use crate::error::Explain;
use crate::time::Timestamp;

const URL: &str = "https://ngo.example/status/1";

fn map(value: Value) -> Map {
    value.as_object().unwrap().clone()
}

fn new_list(statuses: &Statuses) -> NewList<'_> {
    NewList {
        url: URL,
        issuer: "did:web:ngo.example",
        purposes: &[Purpose::Revocation],
        signed_at: Timestamp::parse("2026-11-02T09:00:00Z").unwrap(),
        expires: Timestamp::parse("2026-11-09T09:00:00Z").unwrap(),
        ttl: 3600,
        statuses,
    }
}

fn bitstring_entry(index: u64) -> Map {
    map(json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index.to_string(),
        "statusListCredential": URL,
    }))
}

fn token_entry(index: u64) -> Map {
    map(json!({ "status_list": { "idx": index, "uri": URL } }))
}

#[test]
fn what_is_written_reads_back() {
    let last = MINIMUM_ENTRIES - 1;
    let mut statuses = Statuses::new(Mechanism::Bitstring, 1, MINIMUM_ENTRIES).unwrap();
    for index in [0, 9, last] {
        statuses.set(index, 1).unwrap();
    }
    let list = List::from_bitstring_credential(&new_list(&statuses).to_bitstring_credential().unwrap(), URL).unwrap();
    let mut statuses = Statuses::new(Mechanism::Token, 2, MINIMUM_ENTRIES).unwrap();
    for index in [0, 9, last] {
        statuses.set(index, 1).unwrap();
    }
    let token = List::from_token_claims(&new_list(&statuses).to_token_claims().unwrap(), URL).unwrap();
    for (index, expected) in
        [(0, Standing::Revoked), (1, Standing::Good), (9, Standing::Revoked), (last, Standing::Revoked)]
    {
        let entry = bitstring_entry(index);
        assert_eq!(list.standing(&Entry::read(&entry).unwrap().unwrap()), Ok(expected));
        let entry = token_entry(index);
        assert_eq!(token.standing(&Entry::read(&entry).unwrap().unwrap()), Ok(expected));
    }
    let entry = bitstring_entry(last + 1);
    let entry = Entry::read(&entry).unwrap().unwrap();
    assert_eq!(list.value(&entry), Err(StatusError::OutOfRange { entries: MINIMUM_ENTRIES }));
    assert_eq!(list.ttl(), Some(3600));
    assert_eq!(list.signed_at(), token.signed_at());
    assert_eq!(list.expires(), token.expires());
}

/// The statuses of a list with so many places, read back through a credential or the claims of a token.
fn read_back(statuses: &Statuses, mechanism: Mechanism) -> List {
    let new = new_list(statuses);
    match mechanism {
        Mechanism::Bitstring => List::from_bitstring_credential(&new.to_bitstring_credential().unwrap(), URL).unwrap(),
        Mechanism::Token => List::from_token_claims(&new.to_token_claims().unwrap(), URL).unwrap(),
    }
}

/// An entry with statuses of that size, and a message for each where there must be some.
fn entry_of(mechanism: Mechanism, size: u8, index: u64) -> Map {
    if mechanism == Mechanism::Token {
        return token_entry(index);
    }
    let mut entry = bitstring_entry(index);
    if size > 1 {
        let message = |status| json!({ "status": format!("0x{status:X}"), "message": format!("step {status}") });
        entry.insert("statusSize".to_owned(), size.into());
        entry.insert("statusMessage".to_owned(), (0..1_u16 << size).map(message).collect());
    }
    entry
}

fn sizes() -> impl Strategy<Value = (Mechanism, u8)> {
    let of_token = prop::sample::select(&token::SIZES[..]).prop_map(|size| (Mechanism::Token, size));
    prop_oneof![(1..=8_u8).prop_map(|size| (Mechanism::Bitstring, size)), of_token]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is set is read at its place, and every other place stays as it was, for every size that there is.
    #[test]
    fn each_place_keeps_its_own_status(
        (mechanism, size) in sizes(),
        entries in MINIMUM_ENTRIES..MINIMUM_ENTRIES + 9,
        given in prop::collection::btree_map(0..MINIMUM_ENTRIES, any::<u8>(), 0..40),
        around in 0..MINIMUM_ENTRIES - 40,
    ) {
        let mask = u8::MAX >> (8 - size);
        let mut statuses = Statuses::new(mechanism, size, entries).unwrap();
        for (index, value) in &given {
            statuses.set(*index, mask).unwrap();
            statuses.set(*index, value & mask).unwrap();
        }
        let list = read_back(&statuses, mechanism);
        let near = given.keys().flat_map(|index| [index.saturating_sub(1), *index, index + 1]);
        for index in near.chain(around..around + 40).filter(|index| *index < entries) {
            let entry = entry_of(mechanism, size, index);
            let entry = Entry::read(&entry).unwrap().unwrap();
            prop_assert_eq!(list.value(&entry), Ok(given.get(&index).map_or(0, |value| value & mask)));
        }
    }

    /// The bits stand where the specifications put them: the first place is the most significant bit of a bitstring,
    /// and the least significant ones of a token.
    #[test]
    fn the_first_place_stands_where_it_should((mechanism, size) in sizes(), value in 1..=255_u8) {
        let value = (value & (u8::MAX >> (8 - size))).max(1);
        let mut statuses = Statuses::new(mechanism, size, MINIMUM_ENTRIES).unwrap();
        statuses.set(0, value).unwrap();
        let list = read_back(&statuses, mechanism);
        let first = match mechanism {
            Mechanism::Bitstring => value << (8 - size),
            Mechanism::Token => value,
        };
        prop_assert_eq!(list.bytes[0], first);
        prop_assert!(list.bytes[1..].iter().all(|byte| *byte == 0));
    }
}

#[test]
fn a_status_means_what_its_purpose_says() {
    let standing = |purpose: &str, value| {
        let mut entry = bitstring_entry(0);
        entry.insert("statusPurpose".to_owned(), purpose.into());
        match Entry::read(&entry).unwrap().unwrap().standing(value) {
            Standing::Message { value, text } => format!("{value} {text}"),
            other => format!("{other:?}"),
        }
    };
    for (purpose, zero, one) in [
        ("revocation", "Good", "Revoked"),
        ("suspension", "Good", "Suspended"),
        ("refresh", "Good", "RefreshAvailable"),
        ("message", "0 unset", "1 set"),
        ("Revocation", "Unknown { value: 0 }", "Unknown { value: 1 }"),
    ] {
        assert_eq!((standing(purpose, 0).as_str(), standing(purpose, 1).as_str()), (zero, one), "{purpose}");
    }
    let entry = token_entry(0);
    let token = Entry::read(&entry).unwrap().unwrap();
    let standings = [0, 1, 2].map(|value| token.standing(value));
    assert_eq!(standings, [Standing::Good, Standing::Revoked, Standing::Suspended]);
    // Section 7.1 leaves 3 and 12 to 15 to applications, and the rest to registration: none of them is good.
    assert!((3..=255).all(|value| token.standing(value) == Standing::Unknown { value }));

    let mut entry = entry_of(Mechanism::Bitstring, 2, 0);
    entry.insert("statusPurpose".to_owned(), "message".into());
    let entry = Entry::read(&entry).unwrap().unwrap();
    assert_eq!(entry.standing(3), Standing::Message { value: 3, text: "step 3" });
}

#[test]
fn neither_an_entry_nor_a_list_shows_its_places() {
    let entry = bitstring_entry(94_567);
    let entry = format!("{:?}", Entry::read(&entry).unwrap().unwrap());
    assert!(!entry.contains("94567") && entry.contains("revocation"), "{entry}");
    let list = read_back(&Statuses::new(Mechanism::Token, 1, MINIMUM_ENTRIES).unwrap(), Mechanism::Token);
    assert!(format!("{list:?}").len() < 250);
}
