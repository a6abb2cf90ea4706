//! What ssi takes for what `make bench` measures of attesta: the same documents, signed by attesta, verified at the
//! same moment, each against the same raw operation. Run as `cargo bench` here.
//!
//! An Ed25519 token bears the algorithm's deprecated name, `EdDSA`, because ssi does not know the other.
//!
//! A call starts from the text and ends with ssi's verdict on the proof and the validity. Everything is at hand: the
//! key is in the did:key, and the contexts are loaded before the first call.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

#[path = "../../../../benches/harness/mod.rs"]
#[allow(dead_code, reason = "this table needs less of it")]
mod harness;
#[path = "../../../../benches/samples/mod.rs"]
mod samples;

use std::hint::black_box;

use attesta::encoding::{base64url, json, multibase};
use attesta::issuer::Issuer;
use attesta::jsonld::Embedded;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use attesta::securing::Format;
use attesta::securing::data_integrity::Signed;
use attesta_interop_ssi::{Judge, in_old_words};
use harness::Table;
use harness::counting::Counting;
use samples::{DEFINED, PLAIN, moment};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let judge = &Judge::at(moment());
    let keys = [SoftwareKey::generate(KeyType::Ed25519).unwrap(), SoftwareKey::generate(KeyType::P256).unwrap()];
    let mut table = Table::new();
    for key in &keys {
        let name = key.algorithm().jose_name();
        let token = in_old_words(&secured(PLAIN, key, Format::Jwt), key);
        let (message, signature) = parts(&token);
        let raw = format!("raw ssi vc+jwt {name}");
        table.raw(&raw, raw_check(key, message, signature));
        table.measure(&format!("ssi verify vc+jwt {name}"), &raw, move || judge.jwt(black_box(&token)).unwrap());

        let sd_jwt = in_old_words(&samples::sd_jwt(key), key);
        let (message, signature) = parts(sd_jwt.split('~').next().unwrap());
        let raw = format!("raw ssi dc+sd-jwt {name}");
        table.raw(&raw, raw_check(key, message, signature));
        let line = format!("ssi verify dc+sd-jwt {name} 4 disclosures");
        table.measure(&line, &raw, move || judge.sd_jwt(black_box(&sd_jwt)).unwrap());

        let (format, suite) = match key.algorithm().key_type() {
            KeyType::Ed25519 => (Format::EddsaRdfc2022, "eddsa-rdfc-2022"),
            _ => (Format::EcdsaRdfc2019, "ecdsa-rdfc-2019 P-256"),
        };
        let document = secured(DEFINED, key, format);
        let (message, signature) = hashed(&document, key);
        let raw = format!("raw ssi {suite}");
        table.raw(&raw, raw_check(key, message, signature));
        table
            .measure(&format!("ssi verify {suite}"), &raw, move || judge.data_integrity(black_box(&document)).unwrap());
    }
}

fn secured(text: &str, key: &SoftwareKey, format: Format) -> String {
    Issuer::of_key(key).secure(&samples::credential(text, key), format).unwrap()
}

/// What a token's signature is over, and the signature.
fn parts(token: &str) -> (Vec<u8>, Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    (message.as_bytes().to_vec(), base64url::decode(signature).unwrap())
}

/// The same of a document: what the suite hashes to, and the signature.
fn hashed(document: &str, key: &SoftwareKey) -> (Vec<u8>, Vec<u8>) {
    let document = json::parse_object(document.as_bytes()).unwrap();
    let signature = multibase::decode_base58btc(document["proof"]["proofValue"].as_str().unwrap(), 256).unwrap();
    let read = Signed::read(document).ok().unwrap();
    let message = read.signed_bytes(key.algorithm().key_type(), &Embedded).unwrap();
    (message.as_bytes().to_vec(), signature)
}

/// Decodes the key and verifies strictly, nothing else.
fn raw_check(key: &SoftwareKey, message: Vec<u8>, signature: Vec<u8>) -> impl FnMut() {
    let (algorithm, public) = (key.algorithm(), key.public_key().to_bytes());
    move || {
        let key = PublicKey::from_bytes(algorithm.key_type(), black_box(&public)).unwrap();
        key.verify(algorithm, black_box(&message), black_box(&signature)).unwrap();
    }
}
