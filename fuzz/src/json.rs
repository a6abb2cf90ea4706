use std::fmt;

use attesta::encoding::jcs;
use attesta::encoding::json::{self, JsonError, Value};
use attesta::limits;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::answers::assert_explained;

/// The strict reader beside `serde_json`, and the canonical form beside another implementation's.
pub fn json(bytes: &[u8]) {
    let loose = serde_json::from_slice::<Value>(bytes);
    let strict = match json::parse(bytes) {
        Ok(strict) => strict,
        Err(error) => {
            assert_explained(&error);
            assert!(json::parse_object(bytes).is_err());
            if matches!(error, JsonError::Syntax { .. }) {
                assert!(loose.is_err(), "only the strict reader finds fault with its syntax");
            }
            return;
        }
    };
    assert_eq!(strict, loose.expect("what the strict reader takes is JSON"));
    assert!(depth(&strict) <= limits::JSON_DEPTH);
    let written: Written = serde_json::from_slice(bytes).expect("it is JSON");
    assert_eq!(written.values, values(&strict), "a member stands there twice");
    assert!(written.values <= limits::JSON_VALUES);
    assert_eq!(json::parse_object(bytes).is_ok(), strict.is_object());

    let canonical = jcs::canonicalize_value(&strict);
    let other = serde_json_canonicalizer::to_vec(&strict).expect("it can be written");
    assert_eq!(canonical, other, "{}", String::from_utf8_lossy(&canonical));
    let again = json::parse(&canonical).expect("the canonical form is strict JSON");
    assert!(is_same(&again, &strict), "the canonical form says something else");
    assert_eq!(jcs::canonicalize_value(&again), canonical);
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

/// Values as they are written, members that stand twice counted twice.
struct Written {
    values: usize,
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Counter)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Written, E> {
        Ok(Written { values: 1 })
    }

    fn visit_i64<E>(self, _: i64) -> Result<Written, E> {
        Ok(Written { values: 1 })
    }

    fn visit_u64<E>(self, _: u64) -> Result<Written, E> {
        Ok(Written { values: 1 })
    }

    fn visit_f64<E>(self, _: f64) -> Result<Written, E> {
        Ok(Written { values: 1 })
    }

    fn visit_str<E>(self, _: &str) -> Result<Written, E> {
        Ok(Written { values: 1 })
    }

    fn visit_unit<E>(self) -> Result<Written, E> {
        Ok(Written { values: 1 })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Written, A::Error> {
        let mut values = 1;
        while let Some(item) = items.next_element::<Written>()? {
            values += item.values;
        }
        Ok(Written { values })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Written, A::Error> {
        let mut values = 1;
        while let Some((_, member)) = members.next_entry::<IgnoredAny, Written>()? {
            values += member.values;
        }
        Ok(Written { values })
    }
}

/// Equal, where numbers are doubles: `1.0` is written as `1`.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| is_same(left, right)))
        }
        _ => left == right,
    }
}
