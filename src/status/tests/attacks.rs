//! Entries and lists that must be refused, each beside one that is read.

use super::*;
use crate::encoding::base64url;
use crate::limits;
use crate::status::compression::{gzip, zlib};

/// The code of reading this entry, after one member was changed; `null` takes it out.
fn entry_code(entry: &Map, member: &str, value: Value) -> &'static str {
    let mut entry = entry.clone();
    put(&mut entry, member, value);
    match Entry::read(&entry) {
        Ok(Some(_)) => "read",
        Ok(None) => "unknown",
        Err(error) => error.code(),
    }
}

fn put(object: &mut Map, member: &str, value: Value) {
    match value {
        Value::Null => drop(object.remove(member)),
        value => drop(object.insert(member.to_owned(), value)),
    }
}

#[test]
fn an_index_is_a_plain_number_in_its_own_form() {
    let entry = bitstring_entry(0);
    let of_bitstring = |value| entry_code(&entry, "statusListIndex", value);
    for good in ["0", "7", "94567", "18446744073709551615", "99999999999999999999999999"] {
        assert_eq!(of_bitstring(json!(good)), "read", "{good}");
    }
    for bad in ["", "-1", "+1", "007", "00", "1.0", "1e3", " 1", "1 ", "0x1", "١", "1_000"] {
        assert_eq!(of_bitstring(json!(bad)), "status.entry", "{bad:?}");
    }
    for bad in [json!(1), json!(1.5), json!(["1"]), json!(true), Value::Null] {
        assert_eq!(of_bitstring(bad), "status.entry");
    }
    let of_token = |value: Value| {
        let entry = map(json!({ "status_list": { "idx": value, "uri": URL } }));
        entry_code(&entry, "unused", Value::Null)
    };
    assert_eq!(of_token(json!(0)), "read");
    for bad in [json!(-1), json!(1.5), json!(1.0), json!("1"), json!([1]), json!(null)] {
        assert_eq!(of_token(bad), "status.entry");
    }
}

#[test]
fn an_entry_says_which_list_and_what_for() {
    let entry = bitstring_entry(0);
    for url in [json!(""), json!("status/1"), json!(1), json!(format!("https://{}", "a".repeat(3000))), Value::Null] {
        assert_eq!(entry_code(&entry, "statusListCredential", url.clone()), "status.entry");
        let token = map(json!({ "status_list": { "idx": 1, "uri": url } }));
        assert_eq!(entry_code(&token, "unused", Value::Null), "status.entry");
    }
    for purpose in [json!(""), json!(["revocation"]), json!(1), Value::Null] {
        assert_eq!(entry_code(&entry, "statusPurpose", purpose), "status.entry");
    }
    assert_eq!(entry_code(&entry, "statusPurpose", json!("frozen")), "read");
    for status_list in [json!(null), json!("x"), json!([]), json!({})] {
        let token = map(json!({ "status_list": status_list }));
        assert_eq!(entry_code(&token, "unused", Value::Null), "status.entry");
    }
    // Of another mechanism: nothing is said, and so nothing good.
    assert_eq!(entry_code(&entry, "type", json!("StatusList2021Entry")), "unknown");
    assert_eq!(entry_code(&entry, "type", json!(["StatusList2021Entry", "BitstringStatusListEntry"])), "read");
    assert_eq!(entry_code(&map(json!({ "identifier_list": {} })), "unused", Value::Null), "unknown");
}

#[test]
fn messages_are_as_many_as_statuses() {
    let entry = entry_of(Mechanism::Bitstring, 2, 0);
    assert_eq!(entry_code(&entry, "unused", Value::Null), "read");
    for size in [json!(0), json!(-1), json!(9), json!(1.5), json!("2"), json!(256), json!(1), json!(3)] {
        assert_eq!(entry_code(&entry, "statusSize", size), "status.entry");
    }
    assert_eq!(entry_code(&entry, "statusMessage", Value::Null), "status.entry");
    let message = |status: &str| json!({ "status": status, "message": "text" });
    let of = |statuses: [&str; 4]| entry_code(&entry, "statusMessage", statuses.map(message).to_vec().into());
    assert_eq!(of(["0x0", "0x1", "0x2", "0x3"]), "read");
    assert_eq!(of(["0x3", "0x02", "0x1", "0x0"]), "read");
    for statuses in [
        ["0x0", "0x1", "0x2", "0x2"],
        ["0x0", "0x1", "0x2", "0x4"],
        ["0x0", "0x1", "0x2", "3"],
        ["0x0", "0x1", "0x2", "0x"],
        ["0x0", "0x1", "0x2", "0x+3"],
        ["0x0", "0x1", "0x2", "0x103"],
    ] {
        assert_eq!(of(statuses), "status.entry", "{statuses:?}");
    }
    for messages in [
        json!([]),
        json!({}),
        json!("x"),
        json!([message("0x0"), message("0x1"), message("0x2")]),
        json!([message("0x0"), message("0x1"), message("0x2"), "0x3"]),
        json!([message("0x0"), message("0x1"), message("0x2"), { "status": "0x3" }]),
        json!(vec![message("0x0"); 100_000]),
    ] {
        assert_eq!(entry_code(&entry, "statusMessage", messages), "status.entry");
    }
    for reference in [json!("meaning"), json!([1]), json!(["https://ngo.example/a", "b"]), json!(1)] {
        assert_eq!(entry_code(&entry, "statusReference", reference), "status.entry");
    }
    assert_eq!(entry_code(&entry, "statusReference", json!(["https://ngo.example/a"])), "read");
}

fn credential() -> Map {
    new_list(&Statuses::new(Mechanism::Bitstring, 1, MINIMUM_ENTRIES).unwrap()).to_bitstring_credential().unwrap()
}

fn token_claims() -> Map {
    new_list(&Statuses::new(Mechanism::Token, 1, MINIMUM_ENTRIES).unwrap()).to_token_claims().unwrap()
}

type Reader = fn(&Map, &str) -> Result<List, StatusError>;

/// The code of reading a list whose member, or one of its inner object's, was changed.
fn list_code(pointer: &[&str], value: Value) -> &'static str {
    let (mut list, read): (Map, Reader) = match pointer[0] {
        "token" => (token_claims(), List::from_token_claims),
        _ => (credential(), List::from_bitstring_credential),
    };
    match pointer[1..] {
        [member] => put(&mut list, member, value),
        [outer, member] => put(list[outer].as_object_mut().unwrap(), member, value),
        _ => panic!("{pointer:?}"),
    }
    read(&list, URL).map_or_else(|error| error.code(), |_| "read")
}

#[test]
fn a_list_is_what_it_was_asked_for_as() {
    assert_eq!(list_code(&["credential", "name"], json!("Statuses")), "read");
    assert_eq!(list_code(&["credential", "id"], json!("https://ngo.example/status/2")), "status.other-list");
    assert_eq!(list_code(&["credential", "type"], json!(["VerifiableCredential"])), "status.list");
    assert_eq!(list_code(&["credential", "type"], json!(["BitstringStatusListCredential"])), "data-model.type");
    assert_eq!(list_code(&["credential", "credentialSubject", "type"], json!("StatusList")), "status.list");
    let subject = credential()["credentialSubject"].clone();
    assert_eq!(list_code(&["credential", "credentialSubject"], json!([subject, subject])), "status.list");
    for purpose in [json!(""), json!([]), json!([1]), json!({}), json!(vec!["revocation"; 17]), Value::Null] {
        assert_eq!(list_code(&["credential", "credentialSubject", "statusPurpose"], purpose), "status.list");
    }
    for size in [json!(0), json!(9), json!("1"), json!(1.5)] {
        assert_eq!(list_code(&["credential", "credentialSubject", "statusSize"], size), "status.list");
    }
    for ttl in [json!(-1), json!("60"), json!(1.5)] {
        assert_eq!(list_code(&["credential", "credentialSubject", "ttl"], ttl), "status.list");
    }

    assert_eq!(list_code(&["token", "aggregation_uri"], json!("https://elsewhere.example")), "read");
    for (sub, code) in [
        (json!("https://ngo.example/status/2"), "status.other-list"),
        (json!("https://ngo.example/status/1/"), "status.other-list"),
        (json!(1), "status.list"),
        (Value::Null, "status.list"),
    ] {
        assert_eq!(list_code(&["token", "sub"], sub), code);
    }
    for bits in [json!(0), json!(3), json!(5), json!(16), json!(257), json!("1"), json!(1.5), Value::Null] {
        assert_eq!(list_code(&["token", "status_list", "bits"], bits), "status.list");
    }
    for ttl in [json!(0), json!(-1), json!("60"), json!([60])] {
        assert_eq!(list_code(&["token", "ttl"], ttl), "status.list");
    }
    for moment in [json!("2026-11-02T09:00:00Z"), json!(1e300), json!([1])] {
        for member in ["iat", "exp", "nbf"] {
            assert_eq!(list_code(&["token", member], moment.clone()), "status.list");
        }
    }
    assert_eq!(list_code(&["token", "iat"], Value::Null), "status.list");
    assert_eq!(list_code(&["token", "iss"], json!({})), "status.list");
    assert_eq!(list_code(&["token", "status_list"], json!([])), "status.list");
    // What is past is for the verifier to say.
    assert_eq!(list_code(&["token", "exp"], json!(1)), "read");
    assert_eq!(list_code(&["credential", "validUntil"], json!("2026-11-02T10:00:00Z")), "read");
}

#[test]
fn bits_are_written_in_one_way_alone() {
    let of_credential = |text: String| list_code(&["credential", "credentialSubject", "encodedList"], json!(text));
    let bytes = vec![0; 16_384];
    let good = base64url::encode(gzip(&bytes));
    assert_eq!(of_credential(format!("u{good}")), "read");
    for (text, code) in [
        (String::new(), "status.encoding"),
        (good.clone(), "status.encoding"),
        (format!("m{good}"), "status.encoding"),
        (format!("z{good}"), "status.encoding"),
        (format!("u{good}="), "status.encoding"),
        (format!("u{}", good.replace(['-', '_'], "+")), "status.encoding"),
        (format!("u {good}"), "status.encoding"),
        (format!("u{good}\n"), "status.encoding"),
        ("u".to_owned(), "status.compression"),
        (format!("u{}", base64url::encode(zlib(&bytes))), "status.compression"),
        (format!("u{}", base64url::encode(&bytes)), "status.compression"),
        (format!("u{}", base64url::encode(gzip(&bytes[1..]))), "status.too-short"),
        (format!("u{}", base64url::encode(gzip(b""))), "status.too-short"),
        (format!("u{}", "A".repeat(limits::STATUS_LIST_ENCODED_BYTES)), "status.too-large"),
        (format!("u{}", base64url::encode(gzip(&vec![0; limits::STATUS_LIST_BYTES + 1]))), "status.too-large"),
    ] {
        assert_eq!(of_credential(text.clone()), code, "{}", text.get(..20).unwrap_or(&text));
    }
    for value in [json!(1), json!([]), Value::Null] {
        assert_eq!(list_code(&["credential", "credentialSubject", "encodedList"], value), "status.list");
    }

    let of_token = |text: String| list_code(&["token", "status_list", "lst"], json!(text));
    let good = base64url::encode(zlib(&[0]));
    assert_eq!(of_token(good.clone()), "read");
    for (text, code) in [
        (String::new(), "status.compression"),
        (format!("u{good}"), "status.encoding"),
        (format!("{good}="), "status.encoding"),
        (format!("{good}\n"), "status.encoding"),
        (base64url::encode(gzip(&bytes)), "status.compression"),
        ("A".repeat(limits::STATUS_LIST_ENCODED_BYTES + 1), "status.too-large"),
        (base64url::encode(zlib(&vec![0; limits::STATUS_LIST_BYTES + 1])), "status.too-large"),
    ] {
        assert_eq!(of_token(text.clone()), code, "{}", text.get(..20).unwrap_or(&text));
    }
    for value in [json!(1), json!([]), Value::Null] {
        assert_eq!(list_code(&["token", "status_list", "lst"], value), "status.list");
    }
}

#[test]
fn a_list_answers_for_its_own_entries_alone() {
    let list = List::from_bitstring_credential(&credential(), URL).unwrap();
    let token = List::from_token_claims(&token_claims(), URL).unwrap();
    let code = |list: &List, entry: &Map| {
        list.value(&Entry::read(entry).unwrap().unwrap()).map_or_else(|error| error.code(), |_| "answered")
    };
    assert_eq!(code(&list, &bitstring_entry(5)), "answered");
    assert_eq!(code(&token, &token_entry(5)), "answered");
    assert_eq!(code(&list, &token_entry(5)), "status.other-mechanism");
    assert_eq!(code(&token, &bitstring_entry(5)), "status.other-mechanism");
    for index in [MINIMUM_ENTRIES, MINIMUM_ENTRIES * 8, u64::MAX / 8, u64::MAX] {
        assert_eq!(code(&list, &bitstring_entry(index)), "status.out-of-range");
        assert_eq!(code(&token, &token_entry(index)), "status.out-of-range");
    }
    let changed = |member: &str, value: &str| {
        let mut entry = bitstring_entry(5);
        entry.insert(member.to_owned(), value.into());
        entry
    };
    assert_eq!(code(&list, &changed("statusListCredential", "https://ngo.example/status/2")), "status.other-list");
    for purpose in ["suspension", "message", "refresh", "Revocation", "revocation "] {
        assert_eq!(code(&list, &changed("statusPurpose", purpose)), "status.other-purpose");
    }
    // 131,072 bits are too few for as many statuses of two bits.
    assert_eq!(code(&list, &entry_of(Mechanism::Bitstring, 2, 5)), "status.too-short");

    let mut statuses = Statuses::new(Mechanism::Bitstring, 4, MINIMUM_ENTRIES).unwrap();
    statuses.set(5, 9).unwrap();
    let wide = List::from_bitstring_credential(&new_list(&statuses).to_bitstring_credential().unwrap(), URL).unwrap();
    assert_eq!(code(&wide, &entry_of(Mechanism::Bitstring, 4, 5)), "answered");
    assert_eq!(code(&wide, &bitstring_entry(5)), "status.other-size");
    assert_eq!(code(&wide, &entry_of(Mechanism::Bitstring, 2, 5)), "status.other-size");

    let mut several = credential();
    put(several["credentialSubject"].as_object_mut().unwrap(), "statusPurpose", json!(["refresh", "revocation"]));
    let several = List::from_bitstring_credential(&several, URL).unwrap();
    assert_eq!(code(&several, &bitstring_entry(5)), "answered");
    assert_eq!(code(&several, &changed("statusPurpose", "suspension")), "status.other-purpose");
}

#[test]
fn a_list_says_when_it_was_signed_and_by_whom() {
    let hour = |hour: u32| Some(Timestamp::parse(&format!("2026-11-02T{hour:02}:00:00Z")).unwrap());
    let read = |change: fn(&mut Map)| {
        let mut document = credential();
        change(&mut document);
        List::from_bitstring_credential(&document, URL).unwrap()
    };
    let plain = read(|_| ());
    assert_eq!((plain.signed_at(), plain.valid_from(), plain.ttl()), (hour(9), hour(9), Some(3600)));
    assert_eq!((plain.issuer(), plain.is_named()), (Some("did:web:ngo.example"), true));
    assert_eq!(read(|list| drop(list.insert("iat".to_owned(), 1_793_613_600.into()))).signed_at(), hour(10));
    let proofs = read(|list| {
        let proof = |hour| json!({ "type": "DataIntegrityProof", "created": format!("2026-11-02T{hour}:00:00Z") });
        list.insert("proof".to_owned(), json!([proof(12), proof(11)]));
    });
    assert_eq!((proofs.signed_at(), proofs.valid_from()), (hour(11), hour(9)));
    let bare = read(|list| {
        for member in ["id", "validFrom", "validUntil"] {
            list.remove(member);
        }
        put(list["credentialSubject"].as_object_mut().unwrap(), "ttl", json!(1999));
    });
    assert_eq!((bare.signed_at(), bare.expires(), bare.ttl(), bare.is_named()), (None, None, Some(1), false));

    let mut claims = token_claims();
    put(&mut claims, "ttl", json!(60.9));
    put(&mut claims, "nbf", json!(1_793_610_000.5));
    put(&mut claims, "exp", json!(1_793_613_600.5));
    let token = List::from_token_claims(&claims, URL).unwrap();
    assert_eq!((token.ttl(), token.expires()), (Some(60), hour(10)), "fractions never lengthen");
    assert_eq!(token.valid_from(), hour(9).map(|moment| moment.plus_seconds(1)));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let new = |mechanism, size, entries| {
        Statuses::new(mechanism, size, entries).map_or_else(|error| error.code(), |_| "made")
    };
    assert_eq!(new(Mechanism::Bitstring, 8, MINIMUM_ENTRIES), "made");
    for (mechanism, size) in
        [(Mechanism::Bitstring, 0), (Mechanism::Bitstring, 9), (Mechanism::Token, 3), (Mechanism::Token, 0)]
    {
        assert_eq!(new(mechanism, size, MINIMUM_ENTRIES), "status.list");
    }
    assert_eq!(new(Mechanism::Token, 1, MINIMUM_ENTRIES - 1), "status.too-short");
    assert_eq!(new(Mechanism::Token, 1, u64::MAX), "status.too-large");
    assert_eq!(new(Mechanism::Token, 8, u64::MAX / 2), "status.too-large");

    let mut statuses = Statuses::new(Mechanism::Token, 2, MINIMUM_ENTRIES).unwrap();
    assert_eq!(statuses.set(0, 4).unwrap_err().code(), "status.list");
    assert_eq!(statuses.set(MINIMUM_ENTRIES, 1).unwrap_err().code(), "status.out-of-range");
    assert_eq!(statuses.set(u64::MAX, 1).unwrap_err().code(), "status.out-of-range");
    assert!(new_list(&statuses).to_bitstring_credential().is_none());
}
