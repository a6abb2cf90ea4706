//! Files made to exhaust whoever reads them: each is answered in time, within a bound of memory, and never accepted.

#![allow(clippy::unwrap_used, reason = "a test speaks and fails by these")]

mod allocator;

use std::time::{Duration, Instant};

use attesta::credential::kind::Kind;
use attesta::did::method::webvh;
use attesta::did::{Did, Document, method};
use attesta::encoding::json::Map;
use attesta::encoding::{base64url, multibase};
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::limits;
use attesta::securing::jose::{self, NewHeader};
use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::{
    At, Expected, Material, MaterialError, Materials, Outcome, Policy, Resource, Source, danger, verify,
};
use serde_json::{Value, json};

use allocator::{Measuring, allocated};

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

/// How long an answer may take. Without optimisation everything is some thirty times slower.
const TIME: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 100 });

/// Bytes that an answer may ask for beyond its input, those that it gave back included.
const MEMORY: u64 = 64 * 1024 * 1024;

/// Whether `operation` stayed within the bounds, with what it returned.
fn bounded<T>(name: &str, operation: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let (value, bytes) = allocated(operation);
    let time = start.elapsed();
    assert!(time <= TIME, "{name}: {time:?}");
    assert!(bytes <= MEMORY, "{name}: {bytes} bytes");
    value
}

#[test]
#[should_panic(expected = "too much: ")]
fn too_much_memory_is_noticed() {
    let grown = bounded("too much", || (0..65).map(|_| vec![0_u8; 1 << 20]).map(|bytes| bytes.len()).sum::<usize>());
    assert_eq!(grown, 65 << 20);
}

#[test]
#[should_panic(expected = "too long: ")]
fn too_much_time_is_noticed() {
    bounded("too long", || std::thread::sleep(TIME + Duration::from_millis(1)));
}

fn now() -> At {
    At::Now(Timestamp::parse("2026-11-20T09:00:00Z").unwrap())
}

fn assert_refused(name: &str, presented: &[u8]) {
    let expected = Expected::answer("https://bank.example", "n-1");
    let report = bounded(name, || verify(presented, &expected, &Materials::none(), &Policy::default(), now()));
    assert_ne!(report.outcome(), Outcome::Valid, "{name}");
    let said = bounded(name, || report.to_json().to_string());
    assert!(said.len() < 2 * 1024 * 1024, "{name}: a report of {} bytes", said.len());
    let proof = bounded(name, || danger::check_proof(presented, &Materials::none()));
    assert!(!proof.fits(), "{name}");
}

fn megabytes(count: usize, piece: &str) -> String {
    piece.repeat((count << 20) / piece.len())
}

/// As much of the piece as a document may hold, with room for what stands around it.
fn filling(piece: &str) -> String {
    piece.repeat((limits::DOCUMENT_BYTES - 8 * 1024) / piece.len())
}

#[test]
fn files_that_are_too_large() {
    assert_refused("50 MB of zeros", &vec![0; 50 << 20]);
    for piece in ["{", "[", "\"", "eyJ", "a.", " ", "~", "1", "\u{feff}", "{\"a\":", "<"] {
        assert_refused(&format!("50 MB of {piece:?}"), megabytes(50, piece).as_bytes());
    }
    let token = format!("{}.{}.{}", megabytes(16, "e30"), megabytes(16, "e30"), megabytes(16, "AAAA"));
    assert_refused("a token of 48 MB", token.as_bytes());
}

#[test]
fn files_that_are_nested() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[[],", "]")] {
        let nested = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        assert_refused("nested", nested.as_bytes());
        assert_refused("nested and cut off", open.repeat(100_000).as_bytes());
        let within = format!(r#"{{"type":"VerifiablePresentation","verifiableCredential":{nested}}}"#);
        assert_refused("nested within a presentation", within.as_bytes());
        let payload = base64url::encode(&nested);
        assert_refused("nested in a token", format!("eyJhbGciOiJFUzI1NiJ9.{payload}.AAAA").as_bytes());
        assert_refused("nested in a header", format!("{payload}.e30.AAAA").as_bytes());
        let did = format!("did:jwk:{payload}");
        let credential = json!({ "issuer": did, "proof": { "verificationMethod": format!("{did}#0") } });
        assert_refused("nested in a did:jwk", credential.to_string().as_bytes());
    }
    let envelope = |id: &str| {
        json!({ "@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": id })
            .to_string()
    };
    let mut wrapped = "e30.e30.".to_owned();
    while wrapped.len() < 200_000 {
        wrapped = envelope(&format!("data:application/vc+jwt,{wrapped}"));
    }
    assert_refused("envelopes in envelopes", wrapped.as_bytes());
}

#[test]
fn files_with_too_much_in_them() {
    let array = |piece: &str| format!(r#"{{"a":[{}0]}}"#, filling(piece));
    for (name, text) in [
        ("numbers", array("0,")),
        ("lists", array("[],")),
        ("objects", array("{},")),
        ("long numbers", array("0.12345678901234567890123456789012345678,")),
        ("exponents", array("1e-308,")),
        ("escapes", format!(r#"{{"a":"{}"}}"#, filling("\\u0061"))),
        ("backslashes", format!(r#"{{"a":"{}"}}"#, filling("\\\\"))),
        ("one number", format!(r#"{{"a":{}}}"#, filling("1"))),
        ("white space", format!("{{{}}}", filling(" "))),
        ("one open text", format!("{{\"{}", filling("a"))),
        ("one name many times", format!("{{{}}}", filling("\"a\":0,"))),
    ] {
        assert_refused(name, text.as_bytes());
    }
    let members: Map = (0..limits::JSON_VALUES - 10).map(|number| (format!("m{number:05}"), json!(number))).collect();
    assert_refused("as many members as are read", Value::Object(members).to_string().as_bytes());
}

/// A credential in which one member after another is as large as it can be.
#[test]
fn members_that_are_too_large() {
    let many = |item: Value| Value::Array(vec![item; limits::JSON_VALUES - 100]);
    let long = filling("a");
    for (pointer, value) in [
        ("/@context", many("https://www.w3.org/ns/credentials/v2".into())),
        ("/type", many("VerifiableCredential".into())),
        ("/type", Value::Array((0..15_000).map(|number| format!("Type{number}").into()).collect())),
        ("/issuer", format!("did:key:z{long}").into()),
        ("/issuer", format!("did:jwk:{long}").into()),
        ("/issuer", format!("https://{long}").into()),
        ("/credentialSubject", many(json!({ "a": 1 }))),
        ("/credentialSubject/knownBy", many("caseworker".into())),
        ("/credentialSubject/name", long.clone().into()),
        ("/credentialStatus", many(json!({ "type": "a" }))),
        ("/credentialSchema", many(json!({ "id": "urn:a", "type": "a" }))),
        ("/relatedResource", many(json!({ "id": "urn:a", "digestMultibase": "zQm" }))),
        ("/name", many(json!({ "@value": "a" }))),
        ("/validUntil", long.clone().into()),
        ("/proof", many(json!({ "type": "DataIntegrityProof" }))),
        ("/proof/proofValue", format!("z{}", filling("2")).into()),
        ("/proof/verificationMethod", format!("did:key:z{}", filling("2")).into()),
        ("/proof/cryptosuite", long.clone().into()),
        ("/proof/created", long.clone().into()),
        ("/proof/domain", many("a".into())),
        ("/proof/@context", many("urn:a".into())),
    ] {
        let mut credential = proof_of_address();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = credential.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.insert(name.to_owned(), value);
        let text = credential.to_string();
        assert!(text.len() > 70_000, "{pointer} is not large");
        assert_refused(pointer, text.as_bytes());
        let presentation = json!({ "type": "VerifiablePresentation", "verifiableCredential": [credential] });
        assert_refused(pointer, presentation.to_string().as_bytes());
        let token = format!("eyJhbGciOiJFUzI1NiJ9.{}.AAAA", base64url::encode(text));
        assert_refused(pointer, token.as_bytes());
    }
}

fn proof_of_address() -> Value {
    let did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    json!({
        "@context": Kind::ProofOfAddress.context(),
        "type": Kind::ProofOfAddress.types(),
        "issuer": did,
        "validFrom": "2026-11-02T00:00:00Z",
        "validUntil": "2027-01-31T00:00:00Z",
        "credentialSubject": Kind::ProofOfAddress.example(),
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": format!("{did}#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),
            "proofPurpose": "assertionMethod",
            "proofValue": multibase::encode_base58btc([1; 64]),
        },
    })
}

/// Names of keys and algorithms in a token's header.
#[test]
fn headers_that_are_too_large() {
    for name in ["alg", "typ", "cty", "kid", "crit", "x5c", "jwk"] {
        for value in [json!("a".repeat(500_000)), json!("a".repeat(8_000)), json!(vec!["a"; 10_000])] {
            let mut header = json!({ "alg": "ES256", "typ": "vc+jwt", "kid": "did:web:ngo.example#key-1" });
            header[name] = value;
            let payload = base64url::encode(proof_of_address().to_string());
            let token = format!("{}.{payload}.AAAA", base64url::encode(header.to_string()));
            assert_refused(name, token.as_bytes());
        }
    }
}

/// The dearest work that a stranger can ask for: as many signatures as are checked, of the slowest kind.
#[test]
fn presentations_with_as_many_signatures_as_are_checked() {
    let key = SoftwareKey::generate(KeyType::P521).unwrap();
    let did = method::key::from_key(&key.public_key());
    let kid = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let sign = |document: Value, typ: &str, cty: &str| {
        let header = NewHeader { media_type: typ, content_type: Some(cty), key_id: Some(&kid), certificates: &[] };
        jose::sign(document.as_object().unwrap(), &header, &key)
    };
    let mut credential = proof_of_address();
    credential["issuer"] = did.as_str().into();
    credential["credentialSubject"]["id"] = did.as_str().into();
    credential.as_object_mut().unwrap().remove("proof");
    credential["credentialStatus"] = json!({
        "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7",
        "statusListCredential": "https://ngo.example/status/1",
    });
    let token = sign(credential, "vc+jwt", "vc").unwrap();
    let enclosed = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{token}"),
    });
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiablePresentation",
        "verifiableCredential": vec![enclosed; limits::CREDENTIALS],
        "aud": "https://bank.example",
        "nonce": "n-1",
    });
    let presented = sign(presentation, "vp+jwt", "vp").unwrap();
    let expected = Expected::answer("https://bank.example", "n-1");
    let none = Materials::none();
    let report = bounded("32 signatures", || verify(presented.as_bytes(), &expected, &none, &Policy::default(), now()));
    assert_eq!(report.credentials().len(), limits::CREDENTIALS);
    assert_eq!(report.outcome(), Outcome::Undetermined, "the issuer is unknown");
}

/// What a host hands in is bounded too: it came over a network.
#[test]
fn materials_and_lists_that_are_too_large() {
    let id = "did:web:ngo.example";
    let add = |name: &str, bytes: Vec<u8>| -> Result<(), MaterialError> {
        let obtained = Timestamp::from_unix(0).unwrap();
        let material =
            Material { resource: Resource::Document(id.to_owned()), bytes, obtained, source: Source::Fetched };
        bounded(name, || Materials::none().add(&material))
    };
    let method = |number: usize| json!({ "id": format!("#{number}"), "type": "Multikey", "controller": id, "publicKeyMultibase": "z6Mk" });
    let document = |count: usize| {
        json!({ "id": id, "verificationMethod": (0..count).map(method).collect::<Vec<_>>() }).to_string()
    };
    assert!(add("50 MB", vec![b' '; 50 << 20]).is_err());
    assert!(add("nested", "[".repeat(100_000).into_bytes()).is_err());
    assert!(add("a thousand methods", document(1_000).into_bytes()).is_err());
    add("as many methods as are read", document(limits::VERIFICATION_METHODS).into_bytes()).unwrap();
    let references = json!({ "id": id, "assertionMethod": vec!["#a"; 15_000], "authentication": ["#a"] }).to_string();
    add("many references", references.into_bytes()).unwrap();

    for (name, text) in [("zeros", megabytes(50, "\0")), ("nested", "[".repeat(100_000))] {
        assert!(bounded(name, || TrustList::parse(text.as_bytes())).is_err());
        assert!(bounded(name, || Policy::parse(text.as_bytes())).is_err());
        assert!(bounded(name, || Document::parse(text.as_bytes())).is_err());
    }
}

#[test]
fn logs_that_exhaust() {
    let did = Did::parse("did:webvh:QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE:ngo.example").unwrap();
    let moment = Timestamp::parse("2026-11-20T09:00:00Z").unwrap();
    let refused = |name: &str, log: &[u8], witnesses: Option<&[u8]>| {
        let outcome = bounded(name, || webvh::Log::verify(&did, log, witnesses, moment));
        assert!(outcome.is_err(), "{name}");
    };
    for piece in ["\n", "{}\n", "{", " ", "[]\n", "\0", "{\"parameters\":{}}\n"] {
        refused(&format!("16 MB of {piece:?}"), megabytes(16, piece).as_bytes(), None);
        refused(&format!("50 MB of {piece:?}"), megabytes(50, piece).as_bytes(), None);
    }
    let keys: Vec<String> = (0..9_000).map(|n| format!("z{}", n.to_string().repeat(11))).collect();
    let entry = |parameters: Value| {
        json!({
            "versionId": format!("1-{}", "Q".repeat(46)), "versionTime": "2026-01-01T00:00:00Z", "parameters": parameters,
            "state": { "id": did.as_str() }, "proof": [],
        })
        .to_string()
    };
    for name in ["updateKeys", "nextKeyHashes", "watchers"] {
        refused(name, entry(json!({ name: keys })).as_bytes(), None);
    }
    let ids: Vec<Value> = keys.iter().map(|key| json!({ "id": key })).collect();
    refused("witnesses", entry(json!({ "witness": { "threshold": 1, "witnesses": ids } })).as_bytes(), None);
}

/// A log that needs a witness, with as many proofs as are looked at, none of which holds.
#[test]
fn witness_proofs_that_exhaust() {
    let [owner, witness] = [(); 2].map(|()| SoftwareKey::generate(KeyType::Ed25519).unwrap());
    let moment = Timestamp::parse("2026-11-20T09:00:00Z").unwrap();
    let document = webvh::document_of(&webvh::placeholder_did("ngo.example"), &[("key-1", &owner.public_key())]);
    let change = webvh::Change::new().document(document).witnesses(1, &[witness.public_key()]);
    let pending = webvh::create("ngo.example", &change, &owner, moment).unwrap();
    let proof = webvh::witness(pending.did(), None, pending.entry(), &witness, moment).unwrap();
    let forged = json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
        "verificationMethod": proof["verificationMethod"],
        "proofValue": proof["proofValue"],
    });
    let file =
        json!([{ "versionId": pending.version_id(), "proof": vec![forged; limits::WITNESS_PROOFS] }]).to_string();
    let verify =
        |file: &str| webvh::Log::verify(pending.did(), pending.entry().as_bytes(), Some(file.as_bytes()), moment);
    assert!(bounded("forged witness proofs", || verify(&file)).is_err());
    assert!(verify(&json!([{ "versionId": pending.version_id(), "proof": [proof] }]).to_string()).is_ok());
}
