//! Making tokens and proofs that say whatever they are told to say, signed for real.
//!
//! The signing input of Data Integrity is computed here and not in the library, so that the two can disagree.

use std::sync::LazyLock;

use attesta::encoding::json::{self, Map};
use attesta::encoding::{base64url, jcs, multibase};
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{GivenContexts, to_dataset_leniently};
use attesta::keys::{self, KeyType, Signer};
use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384};

use crate::cose::{self, Message};

pub(crate) fn map(value: Value) -> Map {
    match value {
        Value::Object(map) => map,
        other => panic!("an object was expected: {other}"),
    }
}

/// A compact token of these bytes; `sign` gets what is to be signed.
pub(crate) fn compact(header: &[u8], payload: &[u8], sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    let signature = base64url::encode(sign(input.as_bytes()));
    format!("{input}.{signature}")
}

/// A signed token with exactly this header and payload.
pub(crate) fn token(header: &Map, payload: &Map, signer: &dyn Signer) -> String {
    compact(&jcs::canonicalize(header), &jcs::canonicalize(payload), signing(signer))
}

pub(crate) fn signing(signer: &dyn Signer) -> impl FnOnce(&[u8]) -> Vec<u8> {
    |input| keys::sign(signer, input).unwrap()
}

/// The header, the payload and the signature's text.
pub(crate) fn taken_apart(token: &str) -> (Map, Map, String) {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| json::parse_object(&base64url::decode(part).unwrap()).unwrap();
    (read(parts[0]), read(parts[1]), parts[2].to_owned())
}

/// A token put together from its parts without signing.
pub(crate) fn put_together(header: &Map, payload: &Map, signature: &str) -> String {
    let (header, payload) = (jcs::canonicalize(header), jcs::canonicalize(payload));
    format!("{}.{}.{signature}", base64url::encode(header), base64url::encode(payload))
}

/// The document with exactly this proof, whatever it says, and a signature over both.
pub(crate) fn with_proof(mut document: Map, mut options: Map, signer: &dyn Signer) -> Map {
    let data = hash_data(&document, &options, signer.algorithm().key_type());
    let value = multibase::encode_base58btc(keys::sign(signer, &data).unwrap());
    options.insert("proofValue".to_owned(), value.into());
    document.insert("proof".to_owned(), Value::Object(options));
    document
}

/// VC-DI-EdDSA 1.0, section 3.3.4: the hash of the proof's options, then the hash of the document.
fn hash_data(document: &Map, options: &Map, key_type: KeyType) -> Vec<u8> {
    let signs_rdf = options.get("cryptosuite").and_then(Value::as_str).is_some_and(|name| name.contains("-rdfc-"));
    let [options, document] = if signs_rdf {
        let mut options = options.clone();
        options.extend(document.get("@context").map(|context| ("@context".to_owned(), context.clone())));
        [&options, document].map(|document| canonical_rdf(document, key_type))
    } else {
        [options, document].map(jcs::canonicalize)
    };
    match key_type {
        KeyType::P384 => [Sha384::digest(options), Sha384::digest(document)].concat(),
        _ => [Sha256::digest(options), Sha256::digest(document)].concat(),
    }
}

/// A vocabulary that the library does not have of its own.
pub(crate) const VOCABULARY: &str = "https://register.example/context/v1";
pub(crate) const VOCABULARY_FILE: &str =
    r#"{"@context":{"@protected":true,"boatClass":"https://register.example/vocab#boatClass"}}"#;

static CONTEXTS: LazyLock<GivenContexts> = LazyLock::new(|| {
    let mut contexts = GivenContexts::none();
    contexts.add(VOCABULARY, VOCABULARY_FILE.as_bytes()).unwrap();
    contexts
});

/// Canonical RDF as those make it who drop without a word what they do not understand.
fn canonical_rdf(document: &Map, key_type: KeyType) -> Vec<u8> {
    let hash = if key_type == KeyType::P384 { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 };
    let data = to_dataset_leniently(&Value::Object(document.clone()), None, None, &*CONTEXTS).unwrap();
    canonicalize(&data, hash).unwrap().text().as_bytes().to_vec()
}

/// SHA-256 of the bytes that were signed, with a key that uses SHA-256.
pub(crate) fn digest(secured: &str) -> [u8; 32] {
    if secured.starts_with('{') {
        let mut document: Map = serde_json::from_str(secured).unwrap();
        let mut options = map(document.remove("proof").unwrap());
        options.remove("proofValue");
        return Sha256::digest(hash_data(&document, &options, KeyType::Ed25519)).into();
    }
    if cose::of_text(secured).is_some() {
        return Sha256::digest(Message::read(secured).signed_bytes()).into();
    }
    let token = secured.split('~').next().unwrap();
    Sha256::digest(token.rsplit_once('.').unwrap().0).into()
}

/// A credential as it stands in a presentation.
pub(crate) fn enclosed(credential: &str) -> Value {
    if credential.starts_with('{') {
        return serde_json::from_str(credential).unwrap();
    }
    match cose::of_text(credential) {
        Some(message) => enveloped("vc+cose;base64", &BASE64.encode(&message)),
        None => enveloped("vc+jwt", credential),
    }
}

pub(crate) fn enveloped(media_type: &str, data: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": format!("data:application/{media_type},{data}"),
        "type": "EnvelopedVerifiableCredential",
    })
}

/// A secured document with other bytes for its signature.
pub(crate) fn with_signature(secured: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    if secured.starts_with('{') {
        let mut document: Map = serde_json::from_str(secured).unwrap();
        let value = document["proof"]["proofValue"].as_str().unwrap();
        let signature = multibase::decode_base58btc(value, 200).unwrap();
        document["proof"]["proofValue"] = multibase::encode_base58btc(change(signature)).into();
        return Value::Object(document).to_string();
    }
    if cose::of_text(secured).is_some() {
        let message = Message::read(secured);
        return Message { signature: change(message.signature.clone()), ..message }.to_text();
    }
    let (input, signature) = secured.rsplit_once('.').unwrap();
    format!("{input}.{}", base64url::encode(change(base64url::decode(signature).unwrap())))
}
