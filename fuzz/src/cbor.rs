use attesta::encoding::cbor::{Value, decode, decode_in_any_order, encode};
use attesta::limits;

use crate::answers::assert_explained;

/// How many values the reader that does not ask for an order is given.
const VALUES: usize = 256;

/// CBOR: what is read strictly has only these bytes, and both readers read it alike.
pub fn cbor(bytes: &[u8]) {
    let strict = decode(bytes);
    match &strict {
        Ok(value) => {
            assert_eq!(encode(value), bytes, "a second encoding of the same value");
            assert!(bytes.len() <= limits::DOCUMENT_BYTES);
            assert_bounded(value, 1);
        }
        Err(error) => assert_explained(error),
    }
    match decode_in_any_order(bytes, VALUES) {
        Ok(value) => {
            if let Ok(strict) = &strict {
                assert_eq!(strict, &value, "the readers read it differently");
            }
            let written = encode(&value);
            assert!(written.len() <= bytes.len(), "the shortest encoding is longer");
            assert_eq!(decode(&written).as_ref(), Ok(&value));
            assert_bounded(&value, 1);
        }
        Err(error) => {
            assert!(strict.is_err() || count(strict.as_ref().ok()) > VALUES, "only the strict reader reads it");
            assert_explained(&error);
        }
    }
}

fn assert_bounded(value: &Value<'_>, depth: usize) {
    assert!(depth <= limits::CBOR_DEPTH, "deeper than allowed");
    match value {
        Value::Array(items) => items.iter().for_each(|item| assert_bounded(item, depth + 1)),
        Value::Map(map) => {
            let keys: Vec<_> = map.iter().map(|(key, _)| key).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "keys out of order, or twice");
            for (key, value) in map.iter() {
                assert_eq!(map.get(key), Some(value));
                assert_bounded(value, depth + 1);
            }
        }
        Value::Tag(_, value) => assert_bounded(value, depth + 1),
        _ => {}
    }
}

fn count(value: Option<&Value<'_>>) -> usize {
    match value {
        None => 0,
        Some(Value::Array(items)) => 1 + items.iter().map(|item| count(Some(item))).sum::<usize>(),
        Some(Value::Map(map)) => 1 + map.iter().map(|(_, value)| 1 + count(Some(value))).sum::<usize>(),
        Some(Value::Tag(_, value)) => 1 + count(Some(value)),
        Some(_) => 1,
    }
}
