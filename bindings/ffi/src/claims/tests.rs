use serde_json::json;

use super::*;
use crate::words::Mirror;

/// A schema of a kind, and the names of its members for each record that it defines.
fn properties(schema: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

fn sorted(names: &[&'static str]) -> Vec<&'static str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names
}

fn words(schema: &Value) -> Vec<&str> {
    schema["oneOf"].as_array().unwrap().iter().map(|word| word["const"].as_str().unwrap()).collect()
}

/// Something of the form that the schema describes, with every member in it and the last word of each vocabulary. Texts
/// are not of their form: the records take any.
fn filled(schema: &Value, root: &Value) -> Value {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return filled(&root["$defs"][name.trim_start_matches("#/$defs/")], root);
    }
    if schema.get("oneOf").is_some() {
        return words(schema).last().copied().unwrap().into();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let members = schema["properties"].as_object().unwrap();
            Value::Object(members.iter().map(|(name, member)| (name.clone(), filled(member, root))).collect())
        }
        Some("array") => json!([filled(&schema["items"], root), filled(&schema["items"], root)]),
        Some("boolean") => true.into(),
        Some("string") => "text".into(),
        other => panic!("a schema of type {other:?}"),
    }
}

fn written(claims: &Claims) -> Value {
    Value::Object(match claims {
        Claims::ProofOfAddress { claims } => claims.to_file(),
        Claims::Licence { claims } => claims.to_file(),
        Claims::SkillCertification { claims } => claims.to_file(),
    })
}

fn read(kind: Kind, file: &Value) -> Result<Claims, BindingError> {
    Claims::of_file(kind, file.as_object().unwrap().clone())
}

#[test]
fn each_record_has_the_members_of_its_schema_and_no_others() {
    macro_rules! records {
        ($schema:expr, $($name:literal $record:ident),*) => {{
            let schema = $schema;
            let defined = schema["$defs"].as_object().unwrap();
            let mut seen = 0;
            $(
                assert_eq!(properties(&defined[$name]), sorted($record::MEMBERS), $name);
                seen += 1;
            )*
            let records = defined.values().filter(|schema| schema["type"] == "object").count();
            assert_eq!(seen, records, "a record of the core has no counterpart");
        }};
    }
    let schemas = Kind::ALL.iter().map(|kind| kind.to_core().schema()).collect::<Vec<_>>();
    assert_eq!(properties(&schemas[0]), sorted(ProofOfAddress::MEMBERS));
    assert_eq!(properties(&schemas[1]), sorted(Licence::MEMBERS));
    assert_eq!(properties(&schemas[2]), sorted(SkillCertification::MEMBERS));
    records!(
        &schemas[0],
        "Address" Address, "Consent" GivenConsent, "IdentityDocument" IdentityDocument, "Officer" Officer,
        "Organisation" Organisation, "PlaceOfBirth" PlaceOfBirth
    );
    records!(&schemas[1], "Category" LicenceCategory, "Restriction" Restriction, "Vehicle" Vehicle);
    records!(
        &schemas[2],
        "Alignment" Alignment, "Body" Institution, "EscoReference" EscoReference, "Evidence" Evidence,
        "Programme" Programme, "Skill" Skill
    );
}

#[test]
fn each_vocabulary_has_the_words_of_its_schema() {
    let words_of = |kind: Kind, name: &str| {
        let schema = kind.to_core().schema();
        words(&schema["$defs"][name]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(words_of(Kind::ProofOfAddress, "Occupancy"), Occupancy::WORDS);
    assert_eq!(words_of(Kind::ProofOfAddress, "KnownBy"), KnownBy::WORDS);
    assert_eq!(words_of(Kind::ProofOfAddress, "Guarantee"), Guarantee::WORDS);
    assert_eq!(words_of(Kind::Licence, "LicenceType"), LicenceType::WORDS);
    assert_eq!(words_of(Kind::SkillCertification, "Proficiency"), Proficiency::WORDS);
    assert_eq!(words_of(Kind::SkillCertification, "Assessment"), Assessment::WORDS);
    assert_eq!(words_of(Kind::SkillCertification, "Assurance"), Assurance::WORDS);
}

#[test]
fn what_a_record_reads_it_writes_again() {
    for kind in Kind::ALL {
        let schema = kind.to_core().schema();
        let file = filled(&schema, &schema);
        let claims = read(*kind, &file).unwrap();
        assert_eq!(written(&claims), file, "{kind:?}");
    }
}

#[test]
fn the_examples_go_to_the_core_and_come_back() {
    for kind in Kind::ALL {
        let claims = example_claims(*kind).unwrap();
        let core = claims.to_core().unwrap();
        assert_eq!(core.to_claims_file(), kind.to_core().example());
        assert!(Claims::of_core(&core).unwrap() == claims);
        let json = claims_to_json(claims.clone()).unwrap();
        assert!(claims_from_json(*kind, json).unwrap() == claims);
    }
}

#[test]
fn what_the_records_do_not_know_is_not_dropped() {
    for kind in Kind::ALL {
        let example = Value::Object(kind.to_core().example());
        for broken in [json!({ "extra": "x" }), json!({ "name": 7 }), json!({ "name": null }), json!({ "name": ["x"] })]
        {
            let mut file = example.clone();
            file.as_object_mut().unwrap().extend(broken.as_object().unwrap().clone());
            assert!(matches!(read(*kind, &file), Err(BindingError::Version)), "{broken}");
        }
    }
    for (member, value) in [
        ("occupancy", json!("palace")),
        ("knownBy", json!("caseworker")),
        ("knownBy", json!(["gossip"])),
        ("address", json!("Tai Nan Street")),
        ("address", json!({ "planet": "Mars" })),
        ("mailDeliverable", json!("yes")),
    ] {
        let mut file = Value::Object(Kind::ProofOfAddress.to_core().example());
        file[member] = value;
        assert!(matches!(read(Kind::ProofOfAddress, &file), Err(BindingError::Version)), "{member}");
    }
}

#[test]
fn the_core_says_what_is_wrong_with_claims() {
    let code = |claims: ProofOfAddress| match claims_to_json(Claims::ProofOfAddress { claims }) {
        Ok(_) => "accepted".to_owned(),
        Err(AttestaError::Failed { code, .. }) => code,
    };
    let Claims::ProofOfAddress { claims: good } = example_claims(Kind::ProofOfAddress).unwrap() else {
        panic!("the example is of another kind");
    };
    assert_eq!(code(good.clone()), "accepted");
    assert_eq!(code(ProofOfAddress::default()), "claims.missing");
    assert_eq!(code(ProofOfAddress { known_by: Vec::new(), ..good.clone() }), "claims.missing");
    assert_eq!(code(ProofOfAddress { name: Some(String::new()), ..good.clone() }), "claims.empty");
    assert_eq!(code(ProofOfAddress { known_since: Some("20 May".to_owned()), ..good.clone() }), "claims.form");
    let before = Some("1900-01-01".to_owned());
    assert_eq!(code(ProofOfAddress { resident_until: before, ..good.clone() }), "claims.order");
    let twice = vec![KnownBy::Caseworker, KnownBy::Caseworker];
    assert_eq!(code(ProofOfAddress { known_by: twice, ..good }), "claims.duplicate");
    for json in ["", "{", "[]", "null", "{\"name\":\"a\",\"name\":\"b\"}", "{\"extra\":1}"] {
        assert!(claims_from_json(Kind::Licence, json.to_owned()).is_err(), "{json}");
    }
}

#[test]
fn nothing_personal_is_displayed() {
    let claims = example_claims(Kind::ProofOfAddress).unwrap();
    assert_eq!(claims.to_string(), "Claims(..)");
    let Claims::ProofOfAddress { claims } = claims else { panic!("the example is of another kind") };
    assert_eq!(claims.to_string(), "ProofOfAddress(..)");
    assert_eq!(claims.address.unwrap().to_string(), "Address(..)");
}
