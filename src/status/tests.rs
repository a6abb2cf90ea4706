//! Both kinds written and read, and what must be refused.

use serde_json::json;

use super::bitstring::MINIMUM_ENTRIES;
use super::*;
use crate::encoding::json::{Map, Value};
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
