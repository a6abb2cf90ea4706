//! COSE messages, and CBOR, with the oracle in Python.

use attesta::encoding::base64url;
use attesta::encoding::cbor::{self, Key};
use serde_json::{Value, json};

use crate::dcql::Dice;
use crate::oracle::ask_python;
use crate::people::Party;

/// What a protected header says that names the party's key, by label: values as the oracle takes them.
pub fn header(party: &Party, algorithm: i64, media_type: &str) -> Vec<(i64, Value)> {
    vec![(1, integer(algorithm)), (4, bytes(party.method.as_bytes())), (16, json!({ "text": media_type }))]
}

/// An integer, as the oracle takes it.
pub fn integer(number: i64) -> Value {
    json!({ "integer": number.to_string() })
}

/// A byte string, as the oracle takes it.
pub fn bytes(content: &[u8]) -> Value {
    json!({ "bytes": base64url::encode(content) })
}

/// A map with these labels, as the oracle takes it.
pub fn map(entries: &[(i64, Value)]) -> Value {
    json!({ "map": entries.iter().map(|(label, value)| json!([integer(*label), value])).collect::<Vec<_>>() })
}

/// A message that the other side signs with the party's key.
pub fn they_sign(party: &Party, payload: &Value, header: &[(i64, Value)], unprotected: &[(i64, Value)]) -> Vec<u8> {
    let algorithm = header.iter().find(|(label, _)| *label == 1).unwrap().1["integer"].as_str().unwrap();
    let mut input = json!({
        "payload": payload.to_string(),
        "key": party.private_jwk(),
        "alg": algorithm.parse::<i64>().unwrap(),
        "header": map(header),
    });
    if !unprotected.is_empty() {
        input["unprotected"] = map(unprotected);
    }
    base64url::decode(ask_python("cose_sign", &input)["message"].as_str().unwrap()).unwrap()
}

/// What the other side reads in a message that this party signed, as header and payload; `None` if it did not.
pub fn they_verify(party: &Party, message: &[u8]) -> Option<(Value, Value)> {
    let mut key = party.private_jwk();
    key.as_object_mut().unwrap().remove("d");
    let input = json!({ "message": base64url::encode(message), "key": key, "kid": party.method });
    let mut answer = ask_python("cose_verify", &input);
    let verified = answer["verified"].as_bool().unwrap();
    verified.then(|| {
        let payload = serde_json::from_str(answer["payload"].as_str().unwrap()).unwrap();
        (answer["header"].take(), payload)
    })
}

/// What the other side writes for these values.
pub fn they_write(values: &[Value]) -> Vec<Vec<u8>> {
    let answer = ask_python("cbor_write", &json!({ "values": values }));
    let encodings = answer["encodings"].as_array().unwrap().iter();
    encodings.map(|encoding| base64url::decode(encoding.as_str().unwrap()).unwrap()).collect()
}

/// Whether the other side can read it.
pub fn they_read(encoding: &[u8]) -> bool {
    let answer = ask_python("cbor_read", &json!({ "encodings": [base64url::encode(encoding)] }));
    answer["readable"][0].as_bool().unwrap()
}

/// A value with what it is made of: [`cbor::Value`] borrows its strings.
#[derive(Clone, PartialEq)]
pub enum Owned {
    /// An integer: whether it is negative, and its argument.
    Integer(bool, u64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<Owned>),
    /// A map.
    Map(Vec<(Owned, Owned)>),
    /// A tag.
    Tag(u64, Box<Owned>),
    /// `false`, `true` or `null`.
    Simple(Option<bool>),
}

/// Numbers at which the encoding changes its form.
const EDGES: [u64; 12] =
    [0, 23, 24, 255, 256, 65_535, 65_536, u32::MAX as u64, 1 << 32, i64::MAX as u64, 1 << 63, u64::MAX];

impl Owned {
    /// A value at random.
    pub fn random(dice: &mut Dice, depth: usize) -> Self {
        match dice.below(if depth == 0 { 4 } else { 7 }) {
            0 => Self::Integer(dice.once_in(2), argument(dice)),
            1 => Self::Bytes((0..length(dice)).map(|_| u8::try_from(dice.below(256)).unwrap()).collect()),
            2 => Self::Text((0..length(dice)).map(|_| *dice.pick(&['a', 'é', '深', '𝄞', '\n'])).collect()),
            3 => Self::Simple(*dice.pick(&[None, Some(true), Some(false)])),
            4 => Self::Array((0..length(dice)).map(|_| Self::random(dice, depth - 1)).collect()),
            5 => {
                let mut entries: Vec<(Self, Self)> = Vec::new();
                for _ in 0..length(dice) {
                    let key = Self::random(dice, 0);
                    if !matches!(key, Self::Simple(_)) && entries.iter().all(|(other, _)| *other != key) {
                        entries.push((key, Self::random(dice, depth - 1)));
                    }
                }
                Self::Map(entries)
            }
            // The other side gives meaning to tags below 60,000.
            _ => Self::Tag(60_000 + argument(dice) / 2, Box::new(Self::random(dice, depth - 1))),
        }
    }

    /// As the library takes it.
    pub fn borrowed(&self) -> cbor::Value<'_> {
        match self {
            Self::Integer(false, argument) => cbor::Value::Unsigned(*argument),
            Self::Integer(true, argument) => cbor::Value::Negative(*argument),
            Self::Bytes(content) => cbor::Value::Bytes(content),
            Self::Text(content) => cbor::Value::Text(content),
            Self::Array(items) => cbor::Value::Array(items.iter().map(Self::borrowed).collect()),
            Self::Map(entries) => {
                let mut map = cbor::Map::new();
                entries.iter().for_each(|(key, value)| map.insert(key.key(), value.borrowed()));
                cbor::Value::Map(map)
            }
            Self::Tag(tag, inner) => cbor::Value::Tag(*tag, Box::new(inner.borrowed())),
            Self::Simple(None) => cbor::Value::Null,
            Self::Simple(Some(flag)) => cbor::Value::Bool(*flag),
        }
    }

    fn key(&self) -> Key<'_> {
        match self {
            Self::Integer(false, argument) => Key::Unsigned(*argument),
            Self::Integer(true, argument) => Key::Negative(*argument),
            Self::Bytes(content) => Key::Bytes(content),
            Self::Text(content) => Key::Text(content),
            _ => panic!("this is no key"),
        }
    }

    /// As the oracle takes it.
    pub fn described(&self) -> Value {
        match self {
            Self::Integer(false, argument) => json!({ "integer": argument.to_string() }),
            Self::Integer(true, argument) => json!({ "integer": (-1 - i128::from(*argument)).to_string() }),
            Self::Bytes(content) => bytes(content),
            Self::Text(content) => json!({ "text": content }),
            Self::Array(items) => json!({ "array": items.iter().map(Self::described).collect::<Vec<_>>() }),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| json!([key.described(), value.described()]));
                json!({ "map": entries.collect::<Vec<_>>() })
            }
            Self::Tag(tag, inner) => json!({ "tag": [tag.to_string(), inner.described()] }),
            Self::Simple(value) => json!({ "simple": value }),
        }
    }
}

fn argument(dice: &mut Dice) -> u64 {
    let edge = *dice.pick(&EDGES);
    if dice.once_in(2) { edge } else { edge.wrapping_sub(dice.below(300) as u64) }
}

/// Of strings and lists; seldom one whose length takes a byte more.
fn length(dice: &mut Dice) -> usize {
    match dice.below(60) {
        0 => 22 + dice.below(4),
        1 => 254 + dice.below(4),
        _ => dice.below(5),
    }
}
