//! did:peer as the other implementations make and resolve it (`python/did_peer.py`, `node/did-peer.mjs`), and keys, services and documents
//! made at random.

use attesta::did::Relationship;
use attesta::encoding::json::Map;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use serde_json::{Value, json};

use crate::dcql::Dice;
use crate::oracle::{ask, ask_python};

pub use crate::oracle::has_python;

/// Their DID of form 2.
pub fn they_make_form_2(keys: &[(Relationship, PublicKey)], services: &[Map]) -> String {
    let keys: Vec<Value> =
        keys.iter().map(|(relationship, key)| json!([relationship.name(), key.to_multikey()])).collect();
    did(&ask_python("peer_2_create", &json!({ "keys": keys, "services": services })))
}

/// Their DID of form 4, the long one.
pub fn they_make_form_4(document: &Map) -> String {
    did(&ask_python("peer_4_create", &json!({ "document": document })))
}

/// The document that they make of a DID of form 2; `None` where they refuse it.
pub fn they_resolve_form_2(did: &str) -> Option<Value> {
    resolved(ask_python("peer_2_resolve", &json!({ "did": did })))
}

/// What they make of the long form of a DID of form 4: its document, its short form and the document of that; `None`
/// where they refuse it.
pub fn they_resolve_form_4(did: &str) -> Option<(Value, String, Value)> {
    let mut answer = ask_python("peer_4_resolve", &json!({ "did": did }));
    let short = answer.get("short").map(|short| short.as_str().unwrap().to_owned());
    let of_short = answer["shortDocument"].take();
    Some((resolved(answer)?, short?, of_short))
}

/// The DID of form 2 that the package in JavaScript makes of keys to authenticate and to agree with.
pub fn javascript_makes_form_2(keys: &[(Relationship, PublicKey)], services: &[Map]) -> String {
    let of = |wanted| {
        keys.iter().filter(|(relationship, _)| *relationship == wanted).map(|(_, key)| key.to_multikey()).collect()
    };
    let (signing, agreeing): (Vec<_>, Vec<_>) = (of(Relationship::Authentication), of(Relationship::KeyAgreement));
    let input = json!({ "authentication": signing, "keyAgreement": agreeing, "services": services });
    did(&ask("did-peer", "create", &input))
}

/// The document that the package in JavaScript makes of a DID of form 2; `None` where it refuses it.
pub fn javascript_resolves_form_2(did: &str) -> Option<Value> {
    resolved(ask("did-peer", "resolve", &json!({ "did": did })))
}

fn did(answer: &Value) -> String {
    answer["did"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn resolved(mut answer: Value) -> Option<Value> {
    answer.get_mut("document").map(Value::take).or_else(|| {
        assert!(answer.get("refused").is_some(), "{answer}");
        None
    })
}

/// A new key that may stand there.
pub fn key(dice: &mut Dice, relationship: Relationship) -> PublicKey {
    let agrees = relationship == Relationship::KeyAgreement;
    let key_type = *dice.pick(if agrees {
        &[KeyType::X25519, KeyType::X25519, KeyType::P256, KeyType::P384]
    } else {
        &[KeyType::Ed25519, KeyType::Ed25519, KeyType::P256, KeyType::P384]
    });
    // Nobody agrees on a secret here, and 255 bits are a key of X25519.
    if key_type == KeyType::X25519 {
        let mut bytes = SoftwareKey::generate(KeyType::Ed25519).unwrap().public_key().to_bytes();
        bytes[31] &= 0x7f;
        return PublicKey::from_bytes(key_type, &bytes).unwrap();
    }
    SoftwareKey::generate(key_type).unwrap().public_key()
}

/// One key to four, in any relationships.
pub fn keys(dice: &mut Dice) -> Vec<(Relationship, PublicKey)> {
    (0..=dice.below(4))
        .map(|_| {
            let relationship = *dice.pick(&Relationship::ALL);
            (relationship, key(dice, relationship))
        })
        .collect()
}

/// None to three services. With `named` each has an id, else some have.
pub fn services(dice: &mut Dice, named: bool) -> Vec<Map> {
    (0..dice.below(4))
        .map(|index| {
            let has_id = named || dice.once_in(2);
            service(dice, has_id.then(|| format!("#s{index}")))
        })
        .collect()
}

fn service(dice: &mut Dice, id: Option<String>) -> Map {
    let mut service = Map::new();
    if let Some(id) = id {
        service.insert("id".to_owned(), id.into());
    }
    service.insert("type".to_owned(), (*dice.pick(&["DIDCommMessaging", "LinkedDomains", "types", "深水埗"])).into());
    let endpoint = match dice.below(4) {
        0 => "https://ngo.example/inbox?a=~&b=\u{fe}\u{ff}>>??".into(),
        1 => Value::Array((0..=dice.below(2)).map(|_| endpoint(dice)).collect()),
        2 => json!([endpoint(dice), "wss://ngo.example"]),
        _ => endpoint(dice),
    };
    service.insert("serviceEndpoint".to_owned(), endpoint);
    // The abbreviations' whole names and their like, where they also stand.
    for (name, value) in [
        ("routingKeys", json!(["did:example:relay#1"])),
        ("accept", json!([])),
        ("accepts", json!({ "type": "DIDCommMessaging", "accept": [{ "routingKeys": 1.5 }] })),
        ("priority", json!(-1)),
        ("note", json!("\"type\":\"DIDCommMessaging\"")),
    ] {
        if dice.once_in(4) {
            service.insert(name.to_owned(), value);
        }
    }
    service
}

fn endpoint(dice: &mut Dice) -> Value {
    let mut endpoint = json!({ "uri": format!("https://ngo.example/{}", dice.below(100)) });
    if dice.once_in(2) {
        endpoint["accept"] = json!(["didcomm/v2", "didcomm/aip2;env=rfc587"]);
    }
    if dice.once_in(2) {
        endpoint["routingKeys"] = json!(["did:example:mediator#key-x25519-1"]);
    }
    endpoint
}

/// A document for form 4: keys that are referred to, some from several relationships or from none, keys that are
/// embedded, and services.
pub fn document(dice: &mut Dice) -> Map {
    let mut document = Map::new();
    document.insert("@context".to_owned(), json!(["https://www.w3.org/ns/did/v1.1"]));
    let mut defined = Vec::new();
    for (index, (relationship, key)) in keys(dice).into_iter().enumerate() {
        let id = if dice.once_in(2) { format!("#key-{index}") } else { format!("#{index}/%C3%A9?") };
        let mut method = json!({ "id": id, "type": "Multikey", "publicKeyMultibase": key.to_multikey() });
        if dice.once_in(3) {
            method = json!({ "id": id, "type": "JsonWebKey", "publicKeyJwk": key.to_jwk() });
        }
        if dice.once_in(4) {
            method["controller"] = "did:example:guardian".into();
        }
        if dice.once_in(3) {
            listed(&mut document, relationship.name()).push(method);
            continue;
        }
        defined.push(method);
        listed(&mut document, relationship.name()).push(id.clone().into());
        let also = *dice.pick(&Relationship::ALL);
        if dice.once_in(2) && also != relationship && also != Relationship::KeyAgreement {
            listed(&mut document, also.name()).push(id.into());
        }
    }
    if !defined.is_empty() {
        document.insert("verificationMethod".to_owned(), defined.into());
    }
    let services = services(dice, true);
    if !services.is_empty() {
        document.insert("service".to_owned(), services.into());
    }
    if dice.once_in(3) {
        document.insert("alsoKnownAs".to_owned(), json!(["did:example:somebody", "https://ngo.example/人"]));
    }
    document
}

fn listed<'d>(document: &'d mut Map, member: &str) -> &'d mut Vec<Value> {
    document.entry(member).or_insert_with(|| json!([])).as_array_mut().unwrap()
}

/// With each id and each reference to a verification method absolute.
pub fn with_absolute_urls(mut document: Value) -> Value {
    let id = document["id"].as_str().unwrap().to_owned();
    let expand = |url: &mut Value| {
        let text = url.as_str().unwrap();
        if text.starts_with('#') {
            *url = format!("{id}{text}").into();
        }
    };
    let relationships = Relationship::ALL.map(Relationship::name);
    for member in relationships.into_iter().chain(["verificationMethod", "service"]) {
        for item in document.get_mut(member).and_then(Value::as_array_mut).into_iter().flatten() {
            expand(if item.is_object() { &mut item["id"] } else { item });
        }
    }
    document
}
