use serde_json::json;

use super::*;
use crate::encoding::json::{Map, Value};

mod matching;
mod reading;

const PID: &str = "https://credentials.example/identity";

fn map(value: Value) -> Map {
    value.as_object().unwrap().clone()
}

fn parse(value: Value) -> Result<Query, DcqlError> {
    Query::parse(&map(value))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn person() -> Map {
    map(json!({
        "name": "Arthur Dent",
        "address": { "street": "42 Market Street", "locality": "Milliways", "a/b~c": 1 },
        "degrees": [
            { "type": "Bachelor of Science", "grades": [3, 4] },
            { "type": "Master of Science", "grades": [] },
        ],
        "nationalities": ["British", "Betelgeusian"],
        "mixed": [{ "type": "x" }, "text"],
        "nothing": null,
        "age": 42,
        "isAdult": true,
        "half": 0.5,
    }))
}

fn identity(claims: &Map) -> Candidate<'_> {
    Candidate { format: "dc+sd-jwt", types: &[PID], claims, is_holder_bound: true, authorities: &[] }
}

fn one(claims: Value) -> Value {
    json!({ "credentials": [{ "id": "pid", "format": "dc+sd-jwt", "meta": { "vct_values": [PID] }, "claims": claims }] })
}
