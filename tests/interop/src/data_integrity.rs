//! JSON documents with proofs: documents of types that are not ours, the contexts that the other side reads them by,
//! what it says of them, and everything that can be changed in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use attesta::encoding::json::Map;
use attesta::jsonld::Embedded;
use attesta::keys::KeyType;
use attesta::securing::data_integrity::{self, Suite};
use serde_json::{Value, json};

use crate::oracle::ask;
use crate::people::{Party, day};

const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
const ATTESTA_V1: &str = "https://w3id.org/attesta/v1";

/// The contexts by their URLs: ours as it is published, others as we have them. Those of credentials the other side has.
static CONTEXTS: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/contexts/attesta-v1.jsonld");
    let published = serde_json::from_str(&fs::read_to_string(published).unwrap()).unwrap();
    let mut contexts: BTreeMap<&str, Value> =
        Embedded::urls().filter_map(|url| Some((url, Embedded::document(url)?))).collect();
    contexts.insert(ATTESTA_V1, published);
    contexts
});

/// The contexts that a document names.
pub(crate) fn contexts_of(document: &Value) -> Value {
    let text = document.to_string();
    let named = CONTEXTS.iter().filter(|(url, _)| text.contains(**url));
    named.map(|(url, context)| ((*url).to_owned(), context.clone())).collect::<Map>().into()
}

/// Whether the other side finds one proof at least that holds.
pub fn they_verify(document: &Value) -> bool {
    they_verify_with(document, json!({}))
}

/// The same with more contexts than those that we have.
pub fn they_verify_by(document: &Value, contexts: &Value) -> bool {
    let mut all = contexts_of(document);
    all.as_object_mut().unwrap().extend(contexts.as_object().unwrap().clone());
    they_verify_with(document, json!({ "contexts": all }))
}

pub(crate) fn they_verify_with(document: &Value, input: Value) -> bool {
    judgement(document, input)["verified"].as_bool().unwrap()
}

/// Of which proofs, by their verification methods, the other side says that they hold.
pub fn they_find(document: &Value) -> Vec<String> {
    let answer = judgement(document, json!({}));
    let holding = answer["proofs"].as_array().unwrap().iter().filter(|proof| proof["verified"] == json!(true));
    holding.map(|proof| proof["verificationMethod"].as_str().unwrap().to_owned()).collect()
}

fn judgement(document: &Value, mut input: Value) -> Value {
    input["document"] = document.clone();
    if input.get("contexts").is_none() {
        input["contexts"] = contexts_of(document);
    }
    ask("data-integrity", "verify", &input)
}

/// What the other side signs as an issuer, with `ecdsa-sd-2023`: this alone is mandatory.
pub fn they_sign_statements(issuer: &Party, document: &Value, mandatory: &[String]) -> Value {
    assert_eq!(issuer.key_type(), KeyType::P256, "the suite has keys of P-256 alone");
    let input = json!({
        "document": document,
        "cryptosuite": Suite::EcdsaSd2023.name(),
        "key": issuer.private_jwk(),
        "contexts": contexts_of(document),
        "mandatory": mandatory,
    });
    let mut answer = ask("data-integrity", "sign", &input);
    assert!(answer.get("refused").is_none(), "{}", answer["refused"]);
    answer["document"].take()
}

/// What the other side shows as a holder of what was signed with `ecdsa-sd-2023`, or why it does not.
///
/// # Errors
/// Its reason.
pub fn they_derive(base: &Value, selective: &[String]) -> Result<Value, String> {
    let input = json!({ "document": base, "selective": selective, "contexts": contexts_of(base) });
    let mut answer = ask("data-integrity", "derive", &input);
    match answer.get("refused") {
        Some(reason) => Err(reason.to_string()),
        None => Ok(answer["document"].take()),
    }
}

/// What we sign under the party's name, beside the proofs that are there.
pub fn we_sign(party: &Party, suite: Suite, document: &Value) -> Value {
    we_sign_with(suite, &party.proof_options(), party, document)
}

/// The same with these options.
pub fn we_sign_with(
    suite: Suite,
    options: &data_integrity::ProofOptions<'_>,
    party: &Party,
    document: &Value,
) -> Value {
    let document = document.as_object().unwrap().clone();
    Value::Object(data_integrity::sign(document, suite, options, &Embedded, &party.key).unwrap())
}

/// Credentials of types that are not ours, without issuer: in words of their own, and in published ones.
pub fn plain_documents() -> Vec<(&'static str, Value)> {
    vec![("words of its own", own_words()), ("a resident's card", resident_card()), ("a citizen", citizen())]
}

/// Everything that a context can say of a term, or nearly.
fn own_words() -> Value {
    json!({
        "@context": [CREDENTIALS_V2, {
            "@protected": true,
            "CardCredential": "https://cards.example/#CardCredential",
            "Card": { "@id": "https://cards.example/#Card", "@context": {
                "@protected": true,
                "number": { "@id": "https://cards.example/#number", "@type": "http://www.w3.org/2001/XMLSchema#string" },
                "doors": { "@id": "https://cards.example/#doors", "@container": "@list" },
                "places": { "@id": "https://cards.example/#places", "@type": "@id", "@container": "@set" },
            } },
            "card": { "@id": "https://cards.example/#card", "@type": "@id" },
            "height": "https://cards.example/#height",
            "active": "https://cards.example/#active",
            "motto": { "@id": "https://cards.example/#motto", "@language": "de" },
            "titles": { "@id": "https://cards.example/#titles", "@container": "@language" },
            "layout": { "@id": "https://cards.example/#layout", "@type": "@json" },
            "friends": { "@id": "https://cards.example/#friends" },
            "since": { "@id": "https://cards.example/#since", "@type": "http://www.w3.org/2001/XMLSchema#date" },
        }],
        "id": "urn:uuid:5f0a7d2e-94b5-4c8f-8d19-3e8a4d0a1c77",
        "type": ["VerifiableCredential", "CardCredential"],
        "name": { "@value": "Ein Ausweis", "@language": "de" },
        "validFrom": day(0).midnight().to_string(),
        "validUntil": day(7).midnight().to_string(),
        "credentialSubject": {
            "id": "did:example:subject",
            "height": 1.71,
            "active": true,
            "motto": "Wer \"sucht\",\nfindet \u{0007}深水埗",
            "titles": { "de": "Frau Doktor", "en": ["Doctor", "Ms"] },
            "layout": { "b": [1, 2.50, null, { "z": "é", "a": 1e21 }], "a": {} },
            "since": "2024-02-29",
            "card": {
                "type": "Card",
                "number": "007",
                "doors": ["south", "north", "south"],
                "places": ["https://cards.example/1", "urn:cards:2"],
            },
            "friends": [
                { "height": 170, "friends": { "active": false } },
                { "height": 180, "friends": { "active": true } },
            ],
        },
    })
}

fn resident_card() -> Value {
    json!({
        "@context": [CREDENTIALS_V2, "https://w3id.org/citizenship/v2"],
        "type": ["VerifiableCredential", "PermanentResidentCardCredential"],
        "name": "Permanent Resident Card",
        "validFrom": day(0).midnight().to_string(),
        "validUntil": day(7).midnight().to_string(),
        "credentialSubject": {
            "type": ["Person", "PermanentResident"],
            "givenName": "MARIA",
            "familyName": "EXAMPLE",
            "birthDate": "1980-01-02",
            "height": { "type": "QuantitativeValue", "unitCode": "CMT", "value": 171 },
            "permanentResidentCard": { "type": "PermanentResidentCard", "identifier": "123", "lprNumber": "000-000-001" },
        },
    })
}

fn citizen() -> Value {
    json!({
        "@context": [CREDENTIALS_V2, "https://w3id.org/citizenship/v3"],
        "id": "urn:uuid:a2d6f1c5-74a3-4b3e-9a17-9b3f5f2b8f10",
        "type": ["VerifiableCredential", "CertificateOfCitizenshipCredential"],
        "validFrom": day(0).midnight().to_string(),
        "validUntil": day(7).midnight().to_string(),
        "credentialSubject": {
            "id": "did:example:citizen",
            "type": ["Person", "Citizen"],
            "givenName": "Ana",
            "familyName": "Example",
        },
    })
}

/// The document with this issuer.
pub fn issued_by(issuer: &Party, document: &Value) -> Value {
    let mut document = document.clone();
    document["issuer"] = issuer.did.as_str().into();
    document
}

/// Everything of a document changed once: each value, each name, each member and item left out, and a member added to each
/// object. What a context says is changed as far as it says something of this document.
pub fn changes(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    collect(document, "", &mut |name, pointer, change| {
        let mut changed = document.clone();
        change(changed.pointer_mut(pointer).unwrap());
        found.push((format!("{name} {pointer}"), changed));
    });
    found
}

type Change<'a> = &'a dyn Fn(&mut Value);

fn collect(value: &Value, pointer: &str, each: &mut dyn FnMut(&str, &str, Change<'_>)) {
    let in_context = pointer.contains("/@context");
    match value {
        Value::Null => {}
        Value::Bool(flag) if !in_context => each("turned", pointer, &|value| *value = json!(!flag)),
        Value::Number(number) => {
            let more =
                number.as_i64().map_or_else(|| json!(number.as_f64().unwrap() * 1.5), |number| json!(number + 1));
            each("counted on", pointer, &|value| *value = more.clone());
        }
        Value::String(text) if !in_context || text.contains(':') => {
            each("lengthened", pointer, &|value| *value = format!("{text}x").into());
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                each(&format!("item {at} taken out of"), pointer, &|value| {
                    drop(value.as_array_mut().unwrap().remove(at))
                });
                collect(item, &format!("{pointer}/{at}"), each);
            }
        }
        Value::Object(members) => {
            if !in_context && !pointer.ends_with("/layout") {
                each("added to", pointer, &|value| value["added"] = json!(true));
            }
            for (name, member) in members {
                if !in_context || !name.starts_with('@') {
                    each(&format!("{name} taken out of"), pointer, &|value| {
                        value.as_object_mut().unwrap().remove(name);
                    });
                }
                if !in_context {
                    each(&format!("{name} renamed in"), pointer, &|value| {
                        let members = value.as_object_mut().unwrap();
                        let member = members.remove(name).unwrap();
                        members.insert(format!("{name}x"), member);
                    });
                }
                collect(member, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), each);
            }
        }
        Value::Bool(_) | Value::String(_) => {}
    }
}
