//! The documents that are measured, of this library and of others alike.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

use attesta::credential::{Credential, Salt};
use attesta::encoding::json;
use attesta::issuer::Issuer;
use attesta::keys::SoftwareKey;
use attesta::securing::jose::NewHeader;
use attesta::securing::sd_jwt::{self, Decoys, Hash, Plan};
use attesta::time::{Date, Timestamp};

/// A credential of no kind of ours, 656 bytes when it is written without white space and issued by a did:key.
pub(crate) const PLAIN: &str = r#"{
  "@context": ["https://www.w3.org/ns/credentials/v2"],
  "id": "urn:uuid:58172aac-d8ba-4ced-83dd-0b3aef56cc33",
  "type": ["VerifiableCredential", "AlumniCredential"],
  "name": "Alumni Credential",
  "description": "A minimum viable example of an Alumni Credential. It has as many bytes as the credential by which others are measured, 656.",
  "issuer": "ISSUER",
  "validFrom": "2026-03-31T00:00:00Z",
  "validUntil": "2026-06-29T00:00:00Z",
  "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples",
    "degree": "Bachelor of Science", "year": "2019", "honours": "First class", "department": "Department of Examples"}
}"#;

/// One of as many bytes, whose every member a context of the library's own defines.
pub(crate) const DEFINED: &str = r#"{
  "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/citizenship/v2"],
  "id": "urn:uuid:58172aac-d8ba-4ced-83dd-0b3aef56cc33",
  "type": ["VerifiableCredential", "PermanentResidentCardCredential"],
  "name": "Permanent Resident Card",
  "description": "A credential whose each and every member some context defines.",
  "issuer": "ISSUER",
  "validFrom": "2026-03-31T00:00:00Z",
  "validUntil": "2026-06-29T00:00:00Z",
  "credentialSubject": {"id": "did:example:abcdefgh", "type": ["Person", "PermanentResident"], "givenName": "John",
    "familyName": "Smith", "gender": "Male", "residentSince": "2015-01-01", "birthCountry": "Bahamas"}
}"#;

/// When all of them are verified.
pub(crate) fn moment() -> Timestamp {
    Timestamp::parse("2026-04-02T10:00:00Z").unwrap()
}

/// When they were issued.
pub(crate) fn day() -> Date {
    Date::new(2026, 3, 31).unwrap()
}

/// One of the texts above, issued by a key under its did:key.
pub(crate) fn credential(text: &str, key: &SoftwareKey) -> Credential {
    let issuer = Issuer::of_key(key);
    let document = json::parse_object(text.replace("ISSUER", issuer.id()).as_bytes()).unwrap();
    Credential::of_document(document, issuer.id(), day(), Salt::from_bytes([7; 32])).unwrap()
}

/// The plain credential's claims as an SD-JWT VC, all four of them hidden and shown.
pub(crate) fn sd_jwt(key: &SoftwareKey) -> String {
    let issuer = Issuer::of_key(key);
    let payload = serde_json::json!({
        "vct": "https://credentials.example/alumni",
        "iss": issuer.id(),
        "iat": day().midnight().unix(),
        "exp": day().midnight().unix() + 90 * 86_400,
        "alumniOf": "The School of Examples",
        "degree": "Bachelor of Science",
        "year": "2019",
        "honours": "First class",
    });
    let pointers = ["/alumniOf", "/degree", "/year", "/honours"].map(str::to_owned);
    let plan = Plan { pointers: &pointers, decoys: Decoys::Each(0), hash: Hash::Sha256 };
    let mut count = 0_u128;
    let mut salt = || {
        count += 1;
        count.to_be_bytes()
    };
    let concealed = sd_jwt::conceal(payload.as_object().unwrap().clone(), &plan, &mut salt).unwrap();
    let key_id = format!("{0}#{1}", issuer.id(), issuer.id().trim_start_matches("did:key:"));
    let header = NewHeader { media_type: "dc+sd-jwt", content_type: None, key_id: Some(&key_id), certificates: &[] };
    sd_jwt::issue(&concealed, &header, key).unwrap()
}
