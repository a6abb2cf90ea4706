//! `make bench`: one line an operation, with its time, its allocations and its ratio to the raw operation.

mod harness;

use std::hint::black_box;

use attesta::encoding::{base64url, jcs, json};
use harness::Table;
use harness::counting::Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A credential as an NGO writes one, before it is signed.
const CREDENTIAL: &str = r#"{
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  "id": "urn:uuid:9d1f0f6e-3a3b-4c0f-8f7d-0e6a2f5f4c11",
  "type": ["VerifiableCredential", "ProofOfAddress"],
  "issuer": {"id": "did:web:centre.example", "name": {"en": "Sham Shui Po District Centre"}},
  "validFrom": "2026-03-31T09:30:00Z",
  "validUntil": "2026-06-29T09:30:00Z",
  "credentialSubject": {
    "name": "Chan Tai Man",
    "address": {"unit": "Cubicle 3, Flat B, 5/F", "street": "128 Apliu Street", "district": "Sham Shui Po"},
    "occupancy": "tenant",
    "residentSince": "2023-08-01"
  }
}"#;

fn main() {
    let bytes = CREDENTIAL.as_bytes();
    let text = base64url::encode(bytes);
    let mut table = Table::new();
    table.raw("raw serde_json", || serde_json::from_slice::<serde_json::Value>(black_box(bytes)));
    table.measure("parse JSON", "raw serde_json", || json::parse(black_box(bytes)));
    table.measure("canonicalize JCS", "raw serde_json", || {
        json::parse(black_box(bytes)).map(|value| jcs::canonicalize(&value))
    });
    table.alone("decode base64url", || base64url::decode(black_box(&text)));
}
