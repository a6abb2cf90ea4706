//! The published schemas accept and refuse as reading does.

use super::*;

/// Checks the keywords that the schemas use, `pattern` and `format` aside; any other keyword fails the test.
fn violations(schema: &Value, root: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, expected) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "pattern" | "format" => true,
            "$ref" => {
                let target = root.pointer(expected.as_str().unwrap().trim_start_matches('#')).unwrap();
                violations(target, root, value, at, found);
                true
            }
            "type" => match expected.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                other => panic!("type {other}"),
            },
            "const" => value == expected,
            "oneOf" => {
                let matching = expected.as_array().unwrap().iter().filter(|option| {
                    let mut inner = Vec::new();
                    violations(option, root, value, at, &mut inner);
                    inner.is_empty()
                });
                matching.count() == 1
            }
            "required" => {
                let names = expected.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                value.as_object().is_none_or(|members| names.clone().all(|name| members.contains_key(name)))
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    match expected.get(name) {
                        Some(schema) => violations(schema, root, member, &format!("{at}/{name}"), found),
                        None => found.push(format!("{at}/{name} additionalProperties")),
                    }
                }
                true
            }
            "additionalProperties" => expected == false,
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    violations(expected, root, item, &format!("{at}/{index}"), found);
                }
                true
            }
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= expected.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= expected.as_u64().unwrap()),
            "minLength" => length(value) >= expected.as_u64().unwrap(),
            "maxLength" => value.as_str().is_none() || length(value) <= expected.as_u64().unwrap(),
            other => panic!("the schema uses {other}, which this test does not know"),
        };
        if !holds {
            found.push(format!("{at} {keyword}"));
        }
    }
}

fn length(value: &Value) -> u64 {
    value.as_str().map_or(u64::MAX, |text| text.chars().count() as u64)
}

fn judged(kind: Kind, changes: &[(&str, Change)]) -> Vec<String> {
    let mut file = kind.example();
    changes.iter().for_each(|(at, what)| change(&mut file, at, *what));
    let (schema, mut found) = (kind.schema(), Vec::new());
    violations(&schema, &schema, &Value::Object(file), "", &mut found);
    found
}

#[test]
fn every_schema_accepts_its_example_and_explains_every_member() {
    for kind in Kind::ALL {
        assert_eq!(judged(kind, &[]), [""; 0]);
        let schema = kind.schema();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["$id"], format!("https://w3id.org/attesta/schema/{}/1", kind.name()));
        let definitions = schema["$defs"].as_object().unwrap().values();
        for record in definitions.chain([&schema]).filter(|schema| schema["type"] == "object") {
            assert_eq!(record["additionalProperties"], false);
            for (name, member) in record["properties"].as_object().unwrap() {
                assert!(member["description"].as_str().is_some_and(|text| text.len() > 5), "{name}");
            }
        }
    }
}

#[test]
fn the_schemas_refuse_what_reading_refuses() {
    let long: fn() -> Value = || json!("長".repeat(151));
    for (kind, at, what, expected) in [
        (Kind::ProofOfAddress, "/name", Remove, " required"),
        (Kind::ProofOfAddress, "/address/country", Remove, "/address required"),
        (Kind::ProofOfAddress, "/address/door", Set(|| json!("3")), "/address/door additionalProperties"),
        (Kind::ProofOfAddress, "/address/unit", Set(long), "/address/unit maxLength"),
        (Kind::ProofOfAddress, "/address/unit", Set(|| Value::Null), "/address/unit type"),
        (Kind::ProofOfAddress, "/level", Set(|| json!("certain")), "/level oneOf"),
        (Kind::ProofOfAddress, "/knownBy", Set(|| json!([])), "/knownBy minItems"),
        (Kind::ProofOfAddress, "/mailDeliverable", Set(|| json!("yes")), "/mailDeliverable type"),
        (Kind::Licence, "/categories/0/code", Remove, "/categories/0 required"),
        (Kind::Licence, "/validFrom", Set(|| json!("2026-06-17")), "/validFrom additionalProperties"),
        (Kind::SkillCertification, "/skill/id", Remove, "/skill required"),
        (Kind::SkillCertification, "/proficiencyLevel", Set(|| json!("master")), "/proficiencyLevel oneOf"),
    ] {
        assert!(judged(kind, &[(at, what)]).iter().any(|found| found == expected), "{expected}");
    }
}
