//! The published test vectors of the JCS cryptosuites (VC-DI-EdDSA 1.0, appendix B.2; VC-DI-ECDSA 1.0, appendix A.3 and
//! A.4): every intermediate value, the signature made anew, and the signed document after every possible change.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use attesta::credential::{Credential, Salt};
use attesta::did::method;
use attesta::encoding::json::{Map, Value, parse_object};
use attesta::encoding::{base64url, jcs, multibase};
use attesta::issuer::Issuer;
use attesta::jsonld::Embedded;
use attesta::keys::{KeyType, PublicKey, SoftwareKey, sign};
use attesta::securing::Format;
use attesta::securing::data_integrity::{self, ProofOptions, Signed, Suite, hash_data};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Code, Expected, Materials, Outcome, Policy, Preset, Report, danger, verify};
use common::changes::{Change, changes};
use serde_json::json;

/// One published run of one suite.
struct Run {
    suite: Suite,
    key_type: KeyType,
    folder: &'static str,
    key_file: &'static str,
    /// The member of the key file that holds the private key, and the multicodec that begins it.
    secret: (&'static str, [u8; 2]),
    /// How the names of the run's files end.
    suffix: &'static str,
}

const RUNS: [Run; 3] = [
    Run {
        suite: Suite::EddsaJcs2022,
        key_type: KeyType::Ed25519,
        folder: "vc-di-eddsa/TestVectors/eddsa-jcs-2022",
        key_file: "keyPair.json",
        secret: ("privateKeyMultibase", [0x80, 0x26]),
        suffix: "JCS",
    },
    Run {
        suite: Suite::EcdsaJcs2019,
        key_type: KeyType::P256,
        folder: "vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p256",
        key_file: "p256KeyPair.json",
        secret: ("secretKeyMultibase", [0x86, 0x26]),
        suffix: "JCSECDSAP256",
    },
    Run {
        suite: Suite::EcdsaJcs2019,
        key_type: KeyType::P384,
        folder: "vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p384",
        key_file: "p384KeyPair.json",
        secret: ("secretKeyMultibase", [0x87, 0x26]),
        suffix: "JCSECDSAP384",
    },
];

/// The files of a run. A file beside these would be one that nothing here looks at.
const FILES: [&str; 9] = [
    "canonDoc.txt",
    "combinedHash.txt",
    "docHash.txt",
    "proofCanon.txt",
    "proofConfig.json",
    "proofHash.txt",
    "sigBTC58.txt",
    "sigHex.txt",
    "signed.json",
];

/// A run with its folder found.
struct Published {
    run: &'static Run,
    folder: PathBuf,
}

impl Published {
    fn text(&self, file: &str) -> String {
        let (stem, extension) = file.split_once('.').unwrap();
        read(&self.folder.join(format!("{stem}{}.{extension}", self.run.suffix)))
    }

    fn object(&self, file: &str) -> Map {
        parse_object(self.text(file).as_bytes()).unwrap()
    }

    fn unsigned(&self) -> Map {
        parse_object(read(&self.folder.join("../unsigned.json")).as_bytes()).unwrap()
    }

    fn keys(&self) -> Map {
        parse_object(read(&self.folder.join("..").join(self.run.key_file)).as_bytes()).unwrap()
    }

    fn public_key(&self) -> PublicKey {
        PublicKey::from_multikey(self.keys()["publicKeyMultibase"].as_str().unwrap()).unwrap()
    }

    /// The published private key. The library reads private keys as JWKs alone, so this decodes the multibase.
    fn signer(&self) -> SoftwareKey {
        let (member, multicodec) = self.run.secret;
        let bytes = multibase::decode_base58btc(self.keys()[member].as_str().unwrap(), 128).unwrap();
        let mut jwk = self.public_key().to_jwk();
        jwk.insert("d".to_owned(), base64url::encode(bytes.strip_prefix(&multicodec).unwrap()).into());
        SoftwareKey::from_jwk(&jwk).unwrap()
    }
}

/// The runs whose vectors are there.
fn published() -> impl Iterator<Item = Published> {
    RUNS.iter().filter_map(|run| common::vectors(run.folder).map(|folder| Published { run, folder }))
}

#[test]
fn every_file_of_the_vectors_is_used() {
    for published in published() {
        let expected: BTreeSet<String> =
            FILES.iter().map(|file| file.replacen('.', &format!("{}.", published.run.suffix), 1)).collect();
        let entries = fs::read_dir(&published.folder).unwrap();
        let found: BTreeSet<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(found, expected, "{}", published.run.folder);
    }
}

#[test]
fn every_intermediate_value_is_the_published_one() {
    for published in published() {
        let name = published.run.folder;
        let (document, options) = (published.unsigned(), published.object("proofConfig.json"));
        assert_eq!(text(jcs::canonicalize(&options)), published.text("proofCanon.txt"), "{name}");
        assert_eq!(text(jcs::canonicalize(&document)), published.text("canonDoc.txt"), "{name}");

        let (suite, key_type) = (published.run.suite, published.run.key_type);
        let data = hash_data(&document, &options, suite, key_type, &Embedded).unwrap();
        let (options_hash, document_hash) = data.as_bytes().split_at(data.as_bytes().len() / 2);
        assert_eq!(hex(options_hash), published.text("proofHash.txt"), "{name}");
        assert_eq!(hex(document_hash), published.text("docHash.txt"), "{name}");
        assert_eq!(hex(data.as_bytes()), published.text("combinedHash.txt"), "{name}");

        // Ed25519 is deterministic, and these ECDSA signatures are RFC 6979's: the same bytes come out.
        let signature = sign(&published.signer(), data.as_bytes()).unwrap();
        assert_eq!(hex(&signature), published.text("sigHex.txt"), "{name}");
        assert_eq!(multibase::encode_base58btc(&signature), published.text("sigBTC58.txt"), "{name}");
    }
}

#[test]
fn signing_again_makes_the_published_document() {
    for published in published() {
        let config = published.object("proofConfig.json");
        let member = |name: &str| config[name].as_str().unwrap();
        let options = ProofOptions {
            created: Some(Timestamp::parse(member("created")).unwrap()),
            ..ProofOptions::new(member("verificationMethod"), member("proofPurpose"))
        };
        let key = published.signer();
        let signed =
            data_integrity::sign(published.unsigned(), published.run.suite, &options, &Embedded, &key).unwrap();
        assert_eq!(signed, published.object("signed.json"), "{}", published.run.folder);

        let other = SoftwareKey::generate(published.run.key_type).unwrap();
        let forged =
            data_integrity::sign(published.unsigned(), published.run.suite, &options, &Embedded, &other).unwrap();
        assert_ne!(forged, signed);
        assert_eq!(reason(&forged), Some(Code::ProofMismatch), "another key signed in the name of this one");
    }
}

#[test]
fn the_published_documents_hold_and_every_change_is_refused() {
    for published in published() {
        let name = published.run.folder;
        let signed = published.object("signed.json");
        assert_eq!(reason(&signed), None, "{name}");

        let context = signed["@context"].clone();
        let (mut refused, mut added_contexts) = (0, 0);
        for Change { what, document } in changes(&Value::Object(signed)) {
            let changed = document.as_object().unwrap();
            if adds_contexts(&context, &document["@context"]) && changed["proof"]["@context"] == context {
                // Section 3.3.2, step 5: whoever passes a document on may add contexts after the signed ones.
                added_contexts += 1;
                let read = Signed::read(changed.clone()).map_err(|unsigned| unsigned.error).unwrap();
                assert_eq!(read.into_signed_document(), published.unsigned(), "{name}: {what} was read as signed");
                continue;
            }
            assert!(reason(changed).is_some(), "{name}: accepted after {what}");
            refused += 1;
        }
        assert_eq!(added_contexts, 2, "{name}");
        assert!(refused > 100, "{name}: only {refused} changes");
        println!("{name}: {refused} changes refused, none accepted");
    }
}

#[test]
fn a_changed_bit_is_refused() {
    for published in published() {
        let bytes = published.text("signed.json").into_bytes();
        let original: Value = serde_json::from_slice(&bytes).unwrap();
        let mut refused = 0;
        // NIST's curves are slow in a build without optimisation.
        let stride = if published.run.key_type == KeyType::Ed25519 { 1 } else { 11 };
        for position in (0..bytes.len()).step_by(stride) {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            // White space may stand for other white space.
            if serde_json::from_slice::<Value>(&changed).is_ok_and(|value| value == original) {
                continue;
            }
            let report = danger::check_proof(&changed, &Materials::none());
            assert!(!report.fits(), "{}: accepted with a bit of byte {position} changed", published.run.folder);
            refused += 1;
        }
        assert!(refused > 700 / stride, "{refused}");
    }
}

/// The vectors name an issuer at an https URL and sign with a did:key of nobody in particular.
#[test]
fn a_key_that_is_not_the_issuers_decides_nothing() {
    for published in published() {
        let signed = published.object("signed.json");
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let issuer = signed["issuer"].as_str().unwrap();
        let controller = method::key::from_key(&published.public_key());
        for trusted in [&[][..], &[issuer], &[controller.as_str()], &[issuer, controller.as_str()]] {
            let policy = Policy::preset(Preset::Default).trusting(list(now, trusted));
            let report = judge(&signed, &policy, now);
            assert_eq!(report.outcome(), Outcome::Invalid);
            assert_eq!(report.reason().unwrap().code().name(), "key.binding.other-controller");
            assert_eq!(report.credentials()[0].check(CheckId::Proof).code(), Code::Ok);
            assert!(report.accepted().is_empty() && report.unconfirmed_claims().is_empty());
            assert!(report.missing().is_empty(), "a stranger's document makes us fetch nothing");
        }
    }
}

#[test]
fn contexts_that_were_not_signed_are_not_read() {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let issuer = Issuer::of_key(&key);
    let day = Date::new(2026, 1, 1).unwrap();
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://ngo.example/terms"],
        "type": ["VerifiableCredential"],
        "credentialSubject": { "district": "Sham Shui Po" },
    });
    let draft = document.as_object().unwrap().clone();
    let draft = Credential::of_document(draft, issuer.id(), day, Salt::from_bytes([7; 32])).unwrap();
    let secured = issuer.secure(&draft, Format::EddsaJcs2022).unwrap();
    let signed = parse_object(secured.as_bytes()).unwrap();
    let now = day.midnight();
    let strict = Policy::preset(Preset::Default).trusting(list(now, &[issuer.id()]));
    let relaxed = strict.clone().relaxing(CheckId::Context).unwrap();
    let with_context = |context: Value| {
        let mut changed = signed.clone();
        changed.insert("@context".to_owned(), context);
        changed
    };

    let longer = with_context(json!([document["@context"][0], document["@context"][1], "https://thief.example/terms"]));
    for presented in [&signed, &longer] {
        let report = judge(presented, &strict, now);
        assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
        assert_eq!(report.accepted()[0].document()["@context"], document["@context"]);
    }
    for context in [
        json!(["https://www.w3.org/ns/credentials/v2"]),
        json!(["https://www.w3.org/ns/credentials/v2", "https://thief.example/terms"]),
        json!(["https://www.w3.org/ns/credentials/v2", "https://thief.example/terms", "https://ngo.example/terms"]),
        json!("https://www.w3.org/ns/credentials/v2"),
    ] {
        let report = judge(&with_context(context.clone()), &strict, now);
        assert_eq!(report.outcome(), Outcome::Invalid, "{context}");
        assert_eq!(report.credentials()[0].check(CheckId::Context).code().name(), "context.not-signed", "{context}");
        let report = judge(&with_context(context.clone()), &relaxed, now);
        assert_ne!(report.outcome(), Outcome::Valid, "{context}: no policy relaxes what was signed");
        assert!(report.unconfirmed_claims().is_empty());
    }
}

/// Why `check_proof` refuses a document; `None` if the proof fits.
fn reason(document: &Map) -> Option<Code> {
    let bytes = Value::Object(document.clone()).to_string();
    let report = danger::check_proof(bytes.as_bytes(), &Materials::none());
    assert_eq!(report.fits(), report.reason().is_none(), "a refusal has its reason: {bytes}");
    report.reason().map(|check| check.code())
}

fn judge(document: &Map, policy: &Policy, now: Timestamp) -> Report {
    let bytes = Value::Object(document.clone()).to_string();
    verify(bytes.as_bytes(), &Expected::nothing(), &Materials::none(), policy, At::Now(now))
}

fn list(issued: Timestamp, trusted: &[&str]) -> TrustList {
    TrustList::new(issued, trusted.iter().map(|id| Entry::new(*id, ["*"])).collect()).unwrap()
}

/// Whether `found` is `signed` with more after it.
fn adds_contexts(signed: &Value, found: &Value) -> bool {
    let (signed, found) = (signed.as_array().unwrap(), found.as_array());
    found.is_some_and(|found| found.len() > signed.len() && found.starts_with(signed))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
