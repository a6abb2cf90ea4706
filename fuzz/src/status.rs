use std::collections::BTreeMap;

use attesta::encoding::json::{self, Map, Value};
use attesta::limits;
use attesta::status::bitstring::MINIMUM_ENTRIES;
use attesta::status::{Entry, List, Mechanism, NewList, Purpose, Standing, StatusError, Statuses};
use attesta::time::Timestamp;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use crate::answers::{assert_explained, assert_plain};

/// Where every list is said to come from.
const URL: &str = "https://ngo.example/status/1";

/// Status entries, and lists of both kinds: what is read answers for each place alike, never beyond its end, and for
/// nobody else's entries; what is written reads back.
///
/// An input is one JSON object, an entry or a list, or two of them a line each, a list and the entry that is looked up
/// in it; or the compressed bytes of a list; or else what is written into a list, nine bytes for each status.
pub fn status(bytes: &[u8]) {
    match bytes {
        [b'{', ..] => objects(bytes),
        [0x1f, ..] | [0x78, ..] => stream(bytes),
        _ => written(bytes),
    }
}

fn objects(bytes: &[u8]) {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let Some(Ok(first)) = lines.next().map(json::parse_object) else { return };
    let second = lines.next().and_then(|line| json::parse_object(line).ok());
    read_entry(&first);
    lists(&first, second.as_ref());
}

fn lists(object: &Map, entry: Option<&Map>) {
    let lists = [
        List::from_bitstring_credential(object, URL).map(|list| (list, Mechanism::Bitstring)),
        List::from_token_claims(object, URL).map(|list| (list, Mechanism::Token)),
    ];
    for list in lists {
        match list {
            Ok((list, mechanism)) => check(&list, mechanism, entry),
            Err(error) => assert_explained(&error),
        }
    }
}

fn object(value: Value) -> Map {
    value.as_object().expect("it is written as one").clone()
}

fn stream(bytes: &[u8]) {
    let text = BASE64URL_NOPAD.encode(bytes);
    let token = json!({ "sub": URL, "iat": 1, "status_list": { "bits": 4, "lst": text } });
    lists(&object(token), Some(&entry(Mechanism::Token, 1, 7)));
    let subject =
        json!({ "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": format!("u{text}") });
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:ngo.example",
        "credentialSubject": subject,
    });
    lists(&object(credential), Some(&entry(Mechanism::Bitstring, 1, 7)));
}

fn entry(mechanism: Mechanism, size: u8, index: u64) -> Map {
    if mechanism == Mechanism::Token {
        return object(json!({ "status_list": { "idx": index, "uri": URL } }));
    }
    let message = |status| json!({ "status": format!("0x{status:x}"), "message": "" });
    object(json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index.to_string(),
        "statusListCredential": URL,
        "statusSize": size,
        "statusMessage": (0..1_u16 << size).map(message).collect::<Vec<_>>(),
    }))
}

fn written(bytes: &[u8]) {
    let [first, rest @ ..] = bytes else { return };
    let mechanism = if first & 8 == 0 { Mechanism::Bitstring } else { Mechanism::Token };
    let size = (first & 7) + 1;
    let mut statuses = match Statuses::new(mechanism, size, MINIMUM_ENTRIES) {
        Ok(statuses) => statuses,
        Err(error) => return assert_explained(&error),
    };
    let mut model = BTreeMap::new();
    for operation in rest.chunks_exact(9).take(64) {
        let (index, status) = operation.split_first_chunk::<8>().expect("nine bytes");
        // Most within the list or just beyond its end, so that places meet.
        let index = u64::from_be_bytes(*index) % (MINIMUM_ENTRIES + 16);
        match statuses.set(index, status[0]) {
            Ok(()) => drop(model.insert(index, status[0])),
            Err(error) => {
                assert_explained(&error);
                assert!(index >= MINIMUM_ENTRIES || status[0].checked_shr(u32::from(size)).unwrap_or(0) > 0);
            }
        }
    }
    let moment = Timestamp::from_unix(1_795_165_200).expect("in the calendar");
    let purposes = [Purpose::Revocation];
    let issuer = "did:web:ngo.example";
    let new = NewList {
        url: URL,
        issuer,
        purposes: &purposes,
        signed_at: moment,
        expires: moment,
        ttl: 1,
        statuses: &statuses,
    };
    let list = match (new.to_bitstring_credential(), new.to_token_claims()) {
        (Some(document), None) => List::from_bitstring_credential(&document, URL),
        (None, Some(claims)) => List::from_token_claims(&claims, URL),
        _ => panic!("a list of both kinds, or of none"),
    };
    let list = list.expect("what is written reads back");
    for index in model.keys().flat_map(|index| index.saturating_sub(1)..=index + 1).filter(|at| *at < MINIMUM_ENTRIES) {
        let entry = entry(mechanism, size, index);
        let entry = Entry::read(&entry).ok().flatten().expect("it is written as one");
        assert_eq!(list.value(&entry), Ok(model.get(&index).copied().unwrap_or(0)), "place {index}");
    }
}

fn read_entry(entry: &Map) -> Option<Entry<'_>> {
    match Entry::read(entry) {
        Ok(Some(entry)) => {
            assert_plain(entry.list());
            assert_eq!(entry.purpose().is_none(), entry.mechanism() == Mechanism::Token);
            for value in 0..=u8::MAX {
                let standing = entry.standing(value);
                assert!(value == 0 || standing != Standing::Good, "a status other than 0 that means nothing");
            }
            Some(entry)
        }
        Ok(None) => None,
        Err(error) => {
            assert_explained(&error);
            None
        }
    }
}

fn check(list: &List, mechanism: Mechanism, entry: Option<&Map>) {
    assert_eq!((list.url(), list.mechanism()), (URL, mechanism));
    assert!(mechanism == Mechanism::Bitstring || (list.is_named() && list.signed_at().is_some()));
    let Some(entry) = entry.and_then(read_entry) else { return };
    let answer = list.value(&entry);
    assert_eq!(answer, list.value(&entry), "another answer to the same question");
    match answer {
        Ok(_) => {
            assert_eq!((entry.list(), entry.mechanism()), (URL, mechanism));
            assert!(entry.index() < limits::STATUS_LIST_BYTES as u64 * 8);
            let names_it = |purpose: Purpose<'_>| list.purposes().iter().any(|name| name == purpose.name());
            assert!(entry.purpose().is_none_or(names_it), "a status for another purpose");
        }
        Err(error) => {
            assert_explained(&error);
            if let StatusError::OutOfRange { entries } = error {
                assert!(entry.index() >= entries);
            }
        }
    }
}

/// A list of each kind with an entry of it, an entry of each kind, and their compressed bytes.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (name, stream, mechanism, size) in [
        ("bitstring", "bitstring-stream", Mechanism::Bitstring, 1),
        ("bitstring-of-3-bits", "bitstring-of-3-bits-stream", Mechanism::Bitstring, 3),
        ("token", "token-stream", Mechanism::Token, 2),
    ] {
        let mut statuses = Statuses::new(mechanism, size, MINIMUM_ENTRIES).expect("a list may have this size");
        for index in [0, 7, 94_567, MINIMUM_ENTRIES - 1] {
            statuses.set(index, 1).expect("within the list");
        }
        let moment = Timestamp::from_unix(1_795_165_200).expect("in the calendar");
        let (purposes, issuer) = ([Purpose::Revocation], "did:web:ngo.example");
        let new = NewList {
            url: URL,
            issuer,
            purposes: &purposes,
            signed_at: moment,
            expires: moment,
            ttl: 1,
            statuses: &statuses,
        };
        let list = new.to_bitstring_credential().or_else(|| new.to_token_claims()).expect("one of both kinds");
        let encoded = list
            .get("credentialSubject")
            .and_then(|subject| subject.get("encodedList")?.as_str()?.strip_prefix('u'))
            .or_else(|| list.get("status_list")?.get("lst")?.as_str());
        let encoded = encoded.expect("a list has its bits");
        seeds.push((stream, BASE64URL_NOPAD.decode(encoded.as_bytes()).expect("it is written as that")));
        let entry = Value::Object(entry(mechanism, size, 94_567));
        seeds.push((name, format!("{}\n{entry}", Value::Object(list)).into_bytes()));
    }
    seeds.push(("entry", Value::Object(entry(Mechanism::Bitstring, 2, 5)).to_string().into_bytes()));
    seeds.push(("entry-of-a-token", Value::Object(entry(Mechanism::Token, 2, 5)).to_string().into_bytes()));
    seeds.push(("written", [&[0][..], &[0; 7], &[5, 1], &[0; 7], &[6, 1]].concat()));
    seeds.push(("written-of-4-bits", [&[11][..], &[0; 7], &[5, 15], &[255; 8], &[9]].concat()));
    seeds
}
