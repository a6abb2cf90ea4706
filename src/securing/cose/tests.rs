use serde_json::json;

use super::*;
use crate::encoding::cbor::{self, Key, Value};
use crate::encoding::json;
use crate::keys::{self, Algorithm, AlgorithmError, KeyType, Signer, SoftwareKey};
use crate::limits;

const JSON: &[u8] = br#"{"type":"VerifiableCredential"}"#;

fn map<'a>(entries: &[(i64, Value<'a>)]) -> cbor::Map<'a> {
    let mut map = cbor::Map::new();
    for (label, value) in entries {
        map.insert(Key::from(*label), value.clone());
    }
    map
}

fn bytes_of(entries: &[(i64, Value<'_>)]) -> Vec<u8> {
    cbor::encode(&Value::Map(map(entries)))
}

/// A message with these headers, this payload and no signature.
fn message(protected: &[u8], unprotected: cbor::Map<'_>, payload: Value<'_>) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![Value::Bytes(protected), Value::Map(unprotected), payload, Value::Bytes(&[])]))
}

/// What becomes of a message with these headers.
fn read(protected: &[(i64, Value<'_>)], unprotected: &[(i64, Value<'_>)]) -> Result<Sign1, CoseError> {
    Sign1::parse(&message(&bytes_of(protected), map(unprotected), Value::Bytes(JSON)))
}

fn code(result: Result<Sign1, CoseError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "read")
}

fn alg() -> (i64, Value<'static>) {
    (1, Value::from(-19))
}

const HEADER: NewHeader<'_> = NewHeader {
    media_type: "application/vc+cose",
    content_type: Some("application/vc"),
    key_id: Some("did:example:a#b"),
    issued_at: None,
    audience: None,
    nonce: None,
};

#[test]
fn another_structure_is_no_message() {
    let protected = bytes_of(&[alg()]);
    let empty = || Value::Map(cbor::Map::new());
    let whole = vec![Value::Bytes(&protected), empty(), Value::Bytes(JSON), Value::Bytes(&[])];
    assert_eq!(code(Sign1::parse(&cbor::encode(&Value::Array(whole.clone())))), "read");
    for position in 0..whole.len() {
        let (mut shorter, mut longer, mut other) = (whole.clone(), whole.clone(), whole.clone());
        shorter.remove(position);
        longer.insert(position, Value::Bytes(&[]));
        other[position] = Value::Text("else");
        for items in [shorter, longer, other] {
            assert_eq!(code(Sign1::parse(&cbor::encode(&Value::Array(items)))), "cose.form", "{position}");
        }
    }
    // Of several signers, of a MAC, encrypted; tagged twice; within a CWT's tag.
    let tagged = |tag: u64, value: Value<'static>| Value::Tag(tag, Box::new(value));
    let array = Value::Array(vec![Value::Bytes(&[0xa1, 0x01, 0x32]), empty(), Value::Bytes(JSON), Value::Bytes(&[])]);
    assert_eq!(code(Sign1::parse(&cbor::encode(&tagged(18, array.clone())))), "read");
    for tag in [98, 17, 16, 96, 61, 0] {
        assert_eq!(code(Sign1::parse(&cbor::encode(&tagged(tag, array.clone())))), "cose.form", "{tag}");
    }
    assert_eq!(code(Sign1::parse(&cbor::encode(&tagged(18, tagged(18, array.clone()))))), "cose.form");
    assert_eq!(code(Sign1::parse(&cbor::encode(&tagged(61, tagged(18, array))))), "cose.form");
}

#[test]
fn a_payload_that_is_elsewhere_is_refused() {
    let protected = bytes_of(&[alg()]);
    assert_eq!(code(Sign1::parse(&message(&protected, cbor::Map::new(), Value::Null))), "cose.detached");
    for payload in [&b""[..], b"[]", b"{", b"\xa0", br#"{"a":1,"a":2}"#, b"\xef\xbb\xbf{}"] {
        let found = code(Sign1::parse(&message(&protected, cbor::Map::new(), Value::Bytes(payload))));
        assert!(found.starts_with("json."), "{found}");
    }
}

#[test]
fn hostile_cbor_is_refused() {
    let header = |header: &[u8]| code(Sign1::parse(&message(header, cbor::Map::new(), Value::Bytes(JSON))));
    assert_eq!(header(&[0xa1, 0x01, 0x32]), "read");
    // alg twice, the same with a longer label, an indefinite map, bytes after it, a header that is no map.
    assert_eq!(header(&[0xa2, 0x01, 0x32, 0x01, 0x26]), "cbor.duplicate-key");
    assert_eq!(header(&[0xa2, 0x01, 0x32, 0x18, 0x01, 0x26]), "cbor.duplicate-key");
    assert_eq!(header(&[0xbf, 0x01, 0x32, 0xff]), "cbor.indefinite");
    assert_eq!(header(&[0xa1, 0x01, 0x32, 0x00]), "cbor.trailing");
    assert_eq!(header(&[0x81, 0x01]), "cose.form");
    assert_eq!(header(&[0xa2, 0x01, 0x32, 0x41, 0x00, 0x00]), "cose.form");
    let deep = [&[0xa2, 0x01, 0x32, 0x18, 0x63][..], &[0x81; 10_000], &[0x00]].concat();
    assert_eq!(header(&deep), "cbor.too-deep");
    let many = [&[0xa2, 0x01, 0x32, 0x18, 0x63, 0x99, 0x01, 0x00][..], &[0x00; 256]].concat();
    assert_eq!(header(&many), "cbor.too-many");
    let large =
        [&[0xa2, 0x01, 0x32, 0x18, 0x63, 0x59, 0x60, 0x00][..], &vec![0x00; limits::COSE_HEADER_BYTES]].concat();
    assert_eq!(header(&large), "cose.header-too-large");

    let whole = sign(&json::Map::new(), &HEADER, &SoftwareKey::generate(KeyType::Ed25519).unwrap()).unwrap();
    assert_eq!(code(Sign1::parse(&whole)), "read");
    assert_eq!(code(Sign1::parse(&[&whole[..], b"\n"].concat())), "cbor.trailing");
    assert_eq!(code(Sign1::parse(&[&[0xd2, 0x9f], &whole[2..], &[0xff]].concat())), "cbor.indefinite");
    for end in 0..whole.len() {
        assert_eq!(code(Sign1::parse(&whole[..end])), "cbor.truncated", "{end}");
    }
}

#[test]
fn no_parameter_stands_in_both_headers() {
    for (label, value) in
        [(1, Value::from(-19)), (4, Value::Bytes(b"a")), (16, Value::Text("vc+cose")), (99, Value::Null)]
    {
        assert_eq!(code(read(&[alg(), (label, value.clone())], &[(label, value)])), "cose.twice", "{label}");
    }
}

#[test]
fn only_what_was_signed_is_believed() {
    assert_eq!(code(read(&[], &[alg()])), "cose.parameter");
    let outside = read(
        &[alg()],
        &[
            (16, Value::Text("application/vc+cose")),
            (3, Value::Text("application/vc")),
            (15, Value::Map(map(&[(3, Value::Text("bank"))]))),
            (4, Value::Bytes(b"did:example:a#b")),
        ],
    )
    .unwrap();
    assert_eq!((&outside.header.media_type, &outside.header.content_type), (&None, &None));
    assert!(outside.claims.is_empty());
    assert_eq!(outside.header.key_id.as_deref(), Some("did:example:a#b"));
}

#[test]
fn parameters_have_their_types() {
    for (label, value) in [
        (1, Value::Bytes(b"EdDSA")),
        (1, Value::Null),
        (1, Value::Unsigned(u64::MAX)),
        (3, Value::Bytes(b"application/vc")),
        (3, Value::from(-1)),
        (4, Value::Text("did:example:a#b")),
        (4, Value::from(7)),
        (16, Value::Array(vec![Value::Text("vc+cose")])),
        (15, Value::Array(vec![])),
    ] {
        assert_eq!(code(read(&[alg(), (label, value.clone())], &[])), "cose.parameter", "{label} {value:?}");
    }
    let header = |label, value| read(&[alg(), (label, value)], &[]).unwrap().header;
    assert_eq!(header(16, Value::from(50)).media_type.as_deref(), Some("50"));
    assert_eq!(header(4, Value::Bytes(&[0xff])).key_id, None);
}

#[test]
fn what_is_critical_must_be_understood() {
    let text = |labels: Vec<Value<'static>>| (2, Value::Array(labels));
    let typ = || (16, Value::Text("vc+cose"));
    let is_critical = |header: &[(i64, Value<'_>)]| read(header, &[]).map(|read| read.header.has_critical);
    assert_eq!(is_critical(&[alg()]), Ok(false));
    assert_eq!(is_critical(&[alg(), text(vec![Value::from(1)])]), Ok(false));
    assert_eq!(is_critical(&[alg(), typ(), text(vec![Value::from(16), Value::from(1)])]), Ok(false));
    assert_eq!(is_critical(&[alg(), (99, Value::Null), text(vec![Value::from(99)])]), Ok(true));
    let claims = (15, Value::Map(cbor::Map::new()));
    assert_eq!(is_critical(&[alg(), claims, text(vec![Value::from(15)])]), Ok(true));
    assert_eq!(is_critical(&[alg(), text(vec![Value::from(2)])]), Ok(true));
    // Empty, no list, of no labels, of one that is not there; outside of what was signed.
    assert_eq!(code(read(&[alg(), text(vec![])], &[])), "cose.parameter");
    assert_eq!(code(read(&[alg(), (2, Value::from(1))], &[])), "cose.parameter");
    assert_eq!(code(read(&[alg(), text(vec![Value::Null])], &[])), "cose.parameter");
    assert_eq!(code(read(&[alg(), text(vec![Value::from(99)])], &[])), "cose.parameter");
    assert_eq!(code(read(&[alg(), text(vec![Value::Text("exp")])], &[])), "cose.parameter");
    assert_eq!(code(read(&[alg()], &[text(vec![Value::from(1)])])), "cose.parameter");
}

#[test]
fn claims_of_another_form_are_no_values() {
    let claims = |entries: &[(i64, Value<'_>)]| {
        json::Value::Object(read(&[alg(), (15, Value::Map(map(entries)))], &[]).unwrap().claims)
    };
    assert_eq!(
        claims(&[
            (1, Value::Text("did:example:a")),
            (2, Value::Text("did:example:b")),
            (3, Value::Array(vec![Value::Text("bank"), Value::Text("shop")])),
            (4, Value::from(1_900_000_000)),
            (5, Value::from(-1)),
            (6, Value::from(1_700_000_000)),
            (10, Value::Bytes(b"n-0S6")),
            (7, Value::Bytes(b"unread")),
            (99, Value::Null),
        ]),
        json!({
            "iss": "did:example:a",
            "sub": "did:example:b",
            "aud": ["bank", "shop"],
            "exp": 1_900_000_000,
            "nbf": -1,
            "iat": 1_700_000_000,
            "nonce": "n-0S6",
        })
    );
    let wrong = || Value::Map(cbor::Map::new());
    for (label, name) in [(1, "iss"), (2, "sub"), (3, "aud"), (4, "exp"), (5, "nbf"), (6, "iat"), (10, "nonce")] {
        assert_eq!(claims(&[(label, wrong())]), json!({ name: null }));
    }
    assert_eq!(claims(&[(3, Value::Array(vec![Value::Text("bank"), Value::Null]))]), json!({ "aud": null }));
    assert_eq!(claims(&[(4, Value::Text("2030"))]), json!({ "exp": null }));
    assert_eq!(claims(&[(4, Value::Tag(1, Box::new(Value::from(1))))]), json!({ "exp": null }));
    assert_eq!(claims(&[(4, Value::Unsigned(u64::MAX))]), json!({ "exp": null }));
    assert_eq!(claims(&[(10, Value::Bytes(&[0xff]))]), json!({ "nonce": null }));
    assert_eq!(claims(&[(8, wrong())]), json!({ "cnf": null }));
}

#[test]
fn algorithms_are_bound_to_the_type_of_the_key() {
    let algorithm = |id: Value<'_>| read(&[(1, id)], &[]).unwrap().header.algorithm;
    for (id, expected) in [
        (-19, Ok(Algorithm::Ed25519)),
        (-8, Ok(Algorithm::Ed25519)),
        (-9, Ok(Algorithm::Es256)),
        (-7, Ok(Algorithm::Es256)),
        (-51, Ok(Algorithm::Es384)),
        (-35, Ok(Algorithm::Es384)),
        (5, Err(AlgorithmError::Mac)),
        (-257, Err(AlgorithmError::Unsupported)),
    ] {
        assert_eq!(algorithm(Value::from(id)), expected, "{id}");
    }
    assert_eq!(algorithm(Value::Text("ES256")), Err(AlgorithmError::Unsupported));

    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let signed = Sign1::parse(&sign(&json::Map::new(), &HEADER, &key).unwrap()).unwrap();
    signed.verify(Algorithm::Es256, &key.public_key()).unwrap();
    for other in [KeyType::Ed25519, KeyType::P256, KeyType::P384] {
        let stranger = SoftwareKey::generate(other).unwrap().public_key();
        assert!(signed.verify(Algorithm::Es256, &stranger).is_err(), "{other}");
        assert!(signed.verify(other.algorithm().unwrap(), &stranger).is_err(), "{other}");
    }
}

#[test]
fn what_is_signed_reads_back() {
    for key_type in [KeyType::Ed25519, KeyType::P256, KeyType::P384] {
        let key = SoftwareKey::generate(key_type).unwrap();
        let header = NewHeader { issued_at: Some(1_700_000_000), audience: Some("bank"), nonce: Some("n"), ..HEADER };
        let mut payload = json::Map::new();
        payload.insert("b".to_owned(), 1.into());
        payload.insert("a".to_owned(), "é".into());
        let message = sign(&payload, &header, &key).unwrap();
        assert_eq!(cbor::encode(&cbor::decode(&message).unwrap()), message);
        let read = Sign1::parse(&message).unwrap();
        read.verify(key.algorithm(), &key.public_key()).unwrap();
        assert_eq!(read.header.algorithm, Ok(key.algorithm()));
        assert_eq!(read.header.algorithm_name, key.algorithm().cose_id().to_string());
        assert_eq!(read.header.media_type.as_deref(), Some("application/vc+cose"));
        assert_eq!(read.header.content_type.as_deref(), Some("application/vc"));
        assert_eq!(read.header.key_id.as_deref(), Some("did:example:a#b"));
        assert!(!read.header.has_critical);
        assert_eq!(json::Value::Object(read.claims), json!({ "iat": 1_700_000_000, "aud": "bank", "nonce": "n" }));
        assert_eq!(read.payload, payload);
    }
}

#[test]
fn every_byte_is_signed() {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let mut payload = json::Map::new();
    payload.insert("name".to_owned(), "Ada".into());
    let message = sign(&payload, &HEADER, &key).unwrap();
    for position in 0..message.len() {
        for bit in 0..8 {
            let mut changed = message.clone();
            changed[position] ^= 1 << bit;
            let holds =
                Sign1::parse(&changed).is_ok_and(|read| read.verify(Algorithm::Ed25519, &key.public_key()).is_ok());
            assert!(!holds, "bit {bit} of byte {position}");
        }
    }
}

/// The example of an Ed25519 key in RFC 9052 has no JSON in it, so the Sig_structure is put together here by hand.
#[test]
fn the_signed_bytes_are_the_sig_structure() {
    let protected = bytes_of(&[alg()]);
    let read = Sign1::parse(&message(&protected, cbor::Map::new(), Value::Bytes(b"{}"))).unwrap();
    let expected = [&[0x84, 0x6a][..], b"Signature1", &[0x43, 0xa1, 0x01, 0x32], &[0x40], &[0x42], b"{}"].concat();
    assert_eq!(read.signed_bytes(), expected);
}

/// RFC 9052 section 9 wants the deterministic encoding of what is signed, not of the message.
#[test]
fn a_header_is_signed_as_it_stands() {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    // typ before alg, and lengths of two bytes, as some encoders write every map.
    let protected = [&[0xb9, 0x00, 0x02, 0x10, 0x78, 0x07][..], b"vc+cose", &[0x01, 0x38, 0x08]].concat();
    let signature = keys::sign(&key, &{
        let head =
            [&[0x84, 0x6a][..], b"Signature1", &[0x40 | protected.len() as u8], &protected, &[0x40, 0x42], b"{}"];
        head.concat()
    })
    .unwrap();
    let message = [
        &[0xd8, 0x12, 0x98, 0x04, 0x58, protected.len() as u8][..],
        &protected,
        &[0xb8, 0x00, 0x58, 0x02],
        b"{}",
        &[0x58, 0x40],
        &signature,
    ]
    .concat();
    let read = Sign1::parse(&message).unwrap();
    assert_eq!(read.header.media_type.as_deref(), Some("vc+cose"));
    read.verify(Algorithm::Es256, &key.public_key()).unwrap();
}

#[test]
fn an_envelope_holds_base64_alone() {
    let url = data_url("vc+cose", &[0xd2, 0x84, 0xff]);
    assert_eq!(url, "data:application/vc+cose;base64,0oT/");
    let unwrap = |id: &str, r#type: json::Value| {
        let object = json!({ "id": id, "type": r#type });
        from_enveloped(object.as_object().unwrap(), "EnvelopedVerifiableCredential")
    };
    let enveloped = || json!("EnvelopedVerifiableCredential");
    assert_eq!(unwrap(&url, enveloped()), Some(Ok(vec![0xd2, 0x84, 0xff])));
    assert_eq!(unwrap("data:application/vc+cose;base64,0oT_", enveloped()), Some(Err(CoseError::Base64)));
    assert_eq!(unwrap("data:application/vc+cose;base64,0oT", enveloped()), Some(Err(CoseError::Base64)));
    assert_eq!(unwrap("data:application/vc+cose,0oT/", enveloped()), None);
    assert_eq!(unwrap("data:application/vc+jwt,a.b.c", enveloped()), None);
    assert_eq!(unwrap(&url, json!("EnvelopedVerifiablePresentation")), None);
}
