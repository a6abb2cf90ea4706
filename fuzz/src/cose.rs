use attesta::encoding::cbor::{self, Value as Cbor};
use attesta::encoding::json::{self, Value};
use attesta::keys::Signer as _;
use attesta::limits;
use attesta::securing::cose::{NewHeader, Sign1, data_url, from_data, sign};
use attesta::securing::{Shape, sniff};

use crate::answers::assert_explained;
use crate::people::{PEOPLE, Person};
use crate::plain;

/// COSE messages: what is read is what stands there, and nothing holds that nobody signed.
///
/// In plain form a message is `sign NAME`, a line with its header's `typ`, `cty`, `kid`, `iat`, `aud` and `nonce`, and a
/// line with its payload.
pub fn cose(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if let Some((Some(signer), rest)) = plain::signed_by(text) {
        return written(signer, rest);
    }
    let message = match Sign1::parse(bytes) {
        Ok(message) => message,
        Err(error) => return assert_explained(&error),
    };
    assert_read(&message);
    if matches!(bytes, [0xd2, ..] | [0x84, ..]) {
        assert_eq!(sniff(bytes).ok(), Some(Shape::Cose(bytes)));
    }
    for person in PEOPLE.iter().filter(|person| Ok(person.key.algorithm()) == message.header.algorithm) {
        if message.verify(person.key.algorithm(), &person.key.public_key()).is_ok() {
            assert_holds_so_only(&message, bytes, person);
        }
    }
}

/// What holds with a person's key holds with that key alone, and not with a bit of its payload changed.
fn assert_holds_so_only(message: &Sign1, bytes: &[u8], signer: &Person) {
    let algorithm = signer.key.algorithm();
    assert!(message.verify(algorithm, &signer.key.public_key()).is_ok());
    for other in signer.others() {
        assert!(message.verify(algorithm, &other.key.public_key()).is_err(), "{} signed it too", other.name);
    }
    let signed = cbor::decode(message.signed_bytes()).expect("what is signed is deterministic");
    let payload = signed.as_array().and_then(|parts| parts[3].as_bytes()).expect("the payload is signed");
    let start = bytes.windows(payload.len()).position(|part| part == payload).expect("the payload is in the message");
    for place in [start, start + payload.len() / 2, start + payload.len() - 1] {
        let mut changed = bytes.to_vec();
        changed[place] ^= 1;
        let holds = |message: Sign1| message.verify(algorithm, &signer.key.public_key()).is_ok();
        assert!(!Sign1::parse(&changed).is_ok_and(holds), "what was changed holds");
    }
}

/// A message that is signed here.
fn written(signer: &Person, lines: &str) {
    let Some((header, payload)) = lines.split_once('\n') else { return };
    let (Ok(header), Ok(payload)) = (json::parse_object(header.as_bytes()), json::parse_object(payload.as_bytes()))
    else {
        return;
    };
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let new = NewHeader {
        media_type: text("typ").unwrap_or("application/vc+cose"),
        content_type: text("cty"),
        key_id: text("kid"),
        issued_at: header.get("iat").and_then(Value::as_i64),
        audience: text("aud"),
        nonce: text("nonce"),
    };
    let bytes = sign(&payload, &new, &signer.key).expect("the key signs");
    let value = cbor::decode(&bytes).expect("what is written is deterministic");
    assert_eq!(cbor::encode(&value), bytes);
    let message = match Sign1::parse(&bytes) {
        Ok(message) => message,
        // A header that is longer than any may be.
        Err(error) => return assert_explained(&error),
    };
    assert_read(&message);
    assert_eq!(message.payload, payload);
    assert_eq!(message.header.media_type.as_deref(), Some(new.media_type));
    assert_eq!(message.header.content_type.as_deref(), new.content_type);
    assert_eq!(message.header.key_id.as_deref(), new.key_id);
    assert_eq!(message.claims.get("iat").and_then(Value::as_i64), new.issued_at);
    assert_eq!(message.claims.get("aud").and_then(Value::as_str), new.audience);
    assert_eq!(message.claims.get("nonce").and_then(Value::as_str), new.nonce);
    let url = data_url("vc+cose", &bytes);
    let (_, data) = url.split_once(',').expect("it has data");
    assert_eq!(from_data(data).as_ref(), Ok(&bytes));
    assert_holds_so_only(&message, &bytes, signer);
}

fn assert_read(message: &Sign1) {
    if let Err(error) = &message.header.algorithm {
        assert_explained(error);
    }
    assert!(message.header.certificates.is_empty());
    let signed = cbor::decode(message.signed_bytes()).expect("what is signed is deterministic");
    let Some([Cbor::Text("Signature1"), Cbor::Bytes(protected), Cbor::Bytes([]), Cbor::Bytes(payload)]) =
        signed.as_array()
    else {
        panic!("another structure is signed")
    };
    assert!(protected.len() <= limits::COSE_HEADER_BYTES);
    assert_eq!(json::parse_object(payload).as_ref(), Ok(&message.payload), "another payload was signed");
}

/// The plain form of a message of one of the people.
pub(crate) fn plain_form(bytes: &[u8]) -> Option<String> {
    let message = Sign1::parse(bytes).ok()?;
    let person = PEOPLE.iter().find(|person| Some(&*person.method) == message.header.key_id.as_deref())?;
    let mut header = message.claims;
    let members =
        [("typ", message.header.media_type), ("cty", message.header.content_type), ("kid", message.header.key_id)];
    header.extend(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))));
    Some(format!("sign {}\n{}\n{}", person.name, plain::on_a_line(&header), plain::on_a_line(&message.payload)))
}
