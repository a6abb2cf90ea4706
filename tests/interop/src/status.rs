//! Status lists as the other implementations write and read them: see `node/status.mjs`.

use serde_json::{Value, json};

use crate::oracle::ask;

/// Their Bitstring Status List with these places set, not signed and without an issuer.
pub fn their_bitstring(length: u64, set: &[u64], url: &str, purpose: &str) -> Value {
    let input = json!({ "length": length, "set": set, "id": url, "purpose": purpose });
    ask("status", "bitstring_write", &input)["credential"].take()
}

/// What they read at these places of an `encodedList`; `None` where they refuse it.
pub fn they_read_bitstring(encoded: &str, indexes: &[u64]) -> Option<Vec<u8>> {
    statuses(&ask("status", "bitstring_read", &json!({ "encodedList": encoded, "indexes": indexes })))
}

/// What they find for the entries of a credential in this list; `None` where they refuse.
pub fn they_check_bitstring(credential: &Value, list: &Value) -> Option<Vec<u8>> {
    statuses(&ask("status", "bitstring_check", &json!({ "credential": credential, "list": list })))
}

/// Their `lst` of a Token Status List with these statuses.
pub fn their_token(bits: u8, length: u64, values: &[(u64, u8)]) -> String {
    let answer = ask("status", "token_write", &json!({ "bits": bits, "length": length, "values": values }));
    answer["lst"].as_str().unwrap().to_owned()
}

/// What they read at these places of a `lst`; `None` where they refuse it.
pub fn they_read_token(bits: u8, lst: &str, indexes: &[u64]) -> Option<Vec<u8>> {
    statuses(&ask("status", "token_read", &json!({ "bits": bits, "lst": lst, "indexes": indexes })))
}

fn statuses(answer: &Value) -> Option<Vec<u8>> {
    let of = |status: &Value| match status {
        Value::Bool(set) => u8::from(*set),
        status => u8::try_from(status.as_u64().unwrap()).unwrap(),
    };
    answer.get("statuses").map(|statuses| statuses.as_array().unwrap().iter().map(of).collect())
}
