use attesta::encoding::jcs;
use attesta::encoding::json::{self, JsonError, Value};
use attesta::limits;

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
