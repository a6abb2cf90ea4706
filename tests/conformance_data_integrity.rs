//! The published test vectors of the cryptosuites that sign whole documents (VC-DI-EdDSA 1.0, appendix B; VC-DI-ECDSA 1.0,
//! appendix A): every intermediate value, the signature made anew, and the signed document after every possible change.

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
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::to_dataset;
use attesta::keys::{KeyType, PublicKey, SoftwareKey, sign};
use attesta::securing::Format;
use attesta::securing::data_integrity::{self, ProofOptions, Signed, Suite, Transformation, hash_data};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Code, Expected, Materials, Outcome, Policy, Preset, Report, danger, verify};
use common::changes::{Change, changes};
use common::contexts::Known;
use serde_json::json;

/// One published run of one suite.
struct Run {
    suite: Suite,
    key_type: KeyType,
    folder: &'static str,
    /// What is signed, and with which key: files above the folder.
    document: &'static str,
    key_file: &'static str,
    /// The member of the key file that holds the private key, and the multicodec that begins it.
    secret: (&'static str, [u8; 2]),
    /// How the names of the run's files end.
    suffix: &'static str,
}

const ED25519: (&str, (&str, [u8; 2])) = ("keyPair.json", ("privateKeyMultibase", [0x80, 0x26]));
const P256: (&str, (&str, [u8; 2])) = ("p256KeyPair.json", ("secretKeyMultibase", [0x86, 0x26]));
const P384: (&str, (&str, [u8; 2])) = ("p384KeyPair.json", ("secretKeyMultibase", [0x87, 0x26]));

const ALUMNI: &str = "unsigned.json";
const EMPLOYMENT: &str = "employmentAuth.json";

const fn run(
    suite: Suite,
    key_type: KeyType,
    folder: &'static str,
    document: &'static str,
    suffix: &'static str,
) -> Run {
    let (key_file, secret) = match key_type {
        KeyType::P256 => P256,
        KeyType::P384 => P384,
        _ => ED25519,
    };
    Run { suite, key_type, folder, document, key_file, secret, suffix }
}

const RUNS: [Run; 9] = [
    run(Suite::EddsaJcs2022, KeyType::Ed25519, "vc-di-eddsa/TestVectors/eddsa-jcs-2022", ALUMNI, "JCS"),
    run(Suite::EcdsaJcs2019, KeyType::P256, "vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p256", ALUMNI, "JCSECDSAP256"),
    run(Suite::EcdsaJcs2019, KeyType::P384, "vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p384", ALUMNI, "JCSECDSAP384"),
    run(Suite::EddsaRdfc2022, KeyType::Ed25519, "vc-di-eddsa/TestVectors/eddsa-rdfc-2022", ALUMNI, "DataInt"),
    run(
        Suite::EddsaRdfc2022,
        KeyType::Ed25519,
        "vc-di-eddsa/TestVectors/eddsa-rdfc-2022/employ",
        EMPLOYMENT,
        "DataInt",
    ),
    run(Suite::EcdsaRdfc2019, KeyType::P256, "vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p256", ALUMNI, "ECDSAP256"),
    run(
        Suite::EcdsaRdfc2019,
        KeyType::P256,
        "vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p256/employ",
        EMPLOYMENT,
        "ECDSAP256",
    ),
    run(Suite::EcdsaRdfc2019, KeyType::P384, "vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p384", ALUMNI, "ECDSAP384"),
    run(
        Suite::EcdsaRdfc2019,
        KeyType::P384,
        "vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p384/employ",
        EMPLOYMENT,
        "ECDSAP384",
    ),
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
    /// The folder of the suites' vectors.
    vectors: PathBuf,
    contexts: Known,
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
        parse_object(read(&self.vectors.join(self.run.document)).as_bytes()).unwrap()
    }

    fn keys(&self) -> Map {
        parse_object(read(&self.vectors.join(self.run.key_file)).as_bytes()).unwrap()
    }

    fn public_key(&self) -> PublicKey {
        PublicKey::from_multikey(self.keys()["publicKeyMultibase"].as_str().unwrap()).unwrap()
    }

    fn signer(&self) -> SoftwareKey {
        let (member, multicodec) = self.run.secret;
        signer(&self.public_key(), self.keys()[member].as_str().unwrap(), multicodec)
    }

    fn signs_rdf(&self) -> bool {
        self.run.suite.transformation() == Transformation::Rdfc
    }

    fn hash(&self) -> HashAlgorithm {
        if self.run.key_type == KeyType::P384 { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 }
    }

    /// The text that is hashed.
    fn canonical(&self, document: &Map) -> String {
        if self.signs_rdf() {
            let data = to_dataset(document, &self.contexts).unwrap();
            return canonicalize(&data, self.hash()).unwrap().text().to_owned();
        }
        text(jcs::canonicalize(document))
    }

    /// Why `check_proof` refuses a document; `None` if the proof fits.
    fn reason(&self, document: &Map) -> Option<Code> {
        reason(document, self.contexts.materials())
    }
}

/// The published private key. The library reads private keys as JWKs alone, so this decodes the multibase.
fn signer(public: &PublicKey, secret: &str, multicodec: [u8; 2]) -> SoftwareKey {
    let bytes = multibase::decode_base58btc(secret, 128).unwrap();
    let mut jwk = public.to_jwk();
    jwk.insert("d".to_owned(), base64url::encode(bytes.strip_prefix(&multicodec).unwrap()).into());
    SoftwareKey::from_jwk(&jwk).unwrap()
}

/// The runs whose vectors are there.
fn published() -> impl Iterator<Item = Published> {
    RUNS.iter().filter_map(|run| {
        let folder = common::vectors(run.folder)?;
        let (suites, _) = run.folder.split_once("TestVectors/").unwrap();
        let vectors = common::vectors(&format!("{suites}TestVectors"))?;
        let contexts = Known::beside(&vectors.join("../.."));
        Some(Published { run, folder, vectors, contexts })
    })
}

#[test]
fn every_file_of_the_vectors_is_used() {
    for published in published() {
        let expected: BTreeSet<String> =
            FILES.iter().map(|file| file.replacen('.', &format!("{}.", published.run.suffix), 1)).collect();
        let entries = fs::read_dir(&published.folder).unwrap().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
        let found: BTreeSet<String> = files.map(|entry| entry.file_name().into_string().unwrap()).collect();
        assert_eq!(found, expected, "{}", published.run.folder);
    }
}

#[test]
fn every_intermediate_value_is_the_published_one() {
    for published in published() {
        let name = published.run.folder;
        let (document, options) = (published.unsigned(), published.object("proofConfig.json"));
        assert_eq!(published.canonical(&options), published.text("proofCanon.txt"), "{name}");
        assert_eq!(published.canonical(&document), published.text("canonDoc.txt"), "{name}");

        let (suite, key_type) = (published.run.suite, published.run.key_type);
        let data = hash_data(&document, &options, suite, key_type, &published.contexts).unwrap();
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
        let options = options_of(&config);
        let key = published.signer();
        let sign = |key: &SoftwareKey| {
            let suite = published.run.suite;
            data_integrity::sign(published.unsigned(), suite, &options, &published.contexts, key).unwrap()
        };
        let signed = sign(&key);
        assert_eq!(signed, published.object("signed.json"), "{}", published.run.folder);

        let forged = sign(&SoftwareKey::generate(published.run.key_type).unwrap());
        assert_ne!(forged, signed);
        assert_eq!(published.reason(&forged), Some(Code::ProofMismatch), "another key signed in the name of this one");
    }
}

fn options_of(config: &Map) -> ProofOptions<'_> {
    let member = |name: &str| config[name].as_str().unwrap();
    ProofOptions {
        created: Some(Timestamp::parse(member("created")).unwrap()),
        id: config.get("id").and_then(Value::as_str),
        ..ProofOptions::new(member("verificationMethod"), member("proofPurpose"))
    }
}

#[test]
fn the_published_documents_hold_and_every_change_is_refused() {
    for published in published() {
        let name = published.run.folder;
        let signed = published.object("signed.json");
        assert_eq!(published.reason(&signed), None, "{name}");

        let (context, canonical) = (signed["@context"].clone(), published.text("canonDoc.txt"));
        let (mut refused, mut added_contexts, mut same) = (0, 0, 0);
        for Change { what, document } in changes(&Value::Object(signed)) {
            let changed = document.as_object().unwrap();
            if !published.signs_rdf()
                && adds_contexts(&context, &document["@context"])
                && changed["proof"]["@context"] == context
            {
                // Section 3.3.2, step 5: whoever passes a document on may add contexts after the signed ones.
                added_contexts += 1;
                let read = Signed::read(changed.clone()).map_err(|unsigned| unsigned.error).unwrap();
                assert_eq!(read.into_signed_document(), published.unsigned(), "{name}: {what} was read as signed");
                continue;
            }
            if published.signs_rdf() && published.reason(changed).is_none() {
                // What means the same: the order of values, how often one is said, or a text for an object with that id.
                let mut document = changed.clone();
                let Some(Value::Object(mut proof)) = document.remove("proof") else { panic!("{name}: {what}") };
                proof.remove("proofValue");
                proof.insert("@context".to_owned(), document["@context"].clone());
                assert_eq!(published.canonical(&document), canonical, "{name}: {what}");
                assert_eq!(published.canonical(&proof), published.text("proofCanon.txt"), "{name}: {what}");
                same += 1;
                continue;
            }
            assert!(published.reason(changed).is_some(), "{name}: accepted after {what}");
            refused += 1;
        }
        assert_eq!(added_contexts, if published.signs_rdf() { 0 } else { 2 }, "{name}");
        assert!(refused > 100, "{name}: only {refused} changes");
        println!("{name}: {refused} changes refused, {same} that mean the same accepted");
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
            let report = danger::check_proof(&changed, published.contexts.materials());
            assert!(!report.fits(), "{}: accepted with a bit of byte {position} changed", published.run.folder);
            refused += 1;
        }
        assert!(refused > 700 / stride, "{refused}");
    }
}

/// Appendix B.3 of VC-DI-EdDSA 1.0: two proofs beside each other, a third that builds on both, a fourth on the third.
#[test]
fn proof_sets_and_chains_are_the_published_ones() {
    let Some(folder) = common::vectors("vc-di-eddsa/TestVectors/proof-set-chain") else { return };
    let known = Known::beside(&folder.join("../../.."));
    let object = |file: &str| parse_object(read(&folder.join(format!("{file}.json"))).as_bytes()).unwrap();
    let keys = object("multiKeyPairs");
    let key = |number: usize| {
        let pair = &keys[&format!("keyPair{number}")];
        let public = PublicKey::from_multikey(pair["publicKeyMultibase"].as_str().unwrap()).unwrap();
        signer(&public, pair["privateKeyMultibase"].as_str().unwrap(), [0x80, 0x26])
    };
    let mut document = object("unsigned");
    for (number, config, signed, seen) in [
        (1, "proofSetConfig1", "signedProofSet1", None),
        (2, "proofSetConfig2", "signedProofSet2", None),
        (3, "proofChainConfig1", "signedProofChain1", Some("proofChainTempDoc1")),
        (4, "proofChainConfig2", "signedProofChain2", Some("proofChainTempDoc2")),
    ] {
        let config = object(config);
        let previous: Vec<&str> = match config.get("previousProof") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            single => single.and_then(Value::as_str).into_iter().collect(),
        };
        let options = ProofOptions { previous: &previous, ..options_of(&config) };
        document = data_integrity::sign(document, Suite::EddsaRdfc2022, &options, &known, &key(number)).unwrap();
        let made = document.clone();
        assert_eq!(made, object(signed), "{signed}");
        assert_eq!(reason(&made, known.materials()), None, "{signed}");

        let Ok(read) = Signed::read(made) else { panic!("{signed} has proofs") };
        let last = read.each().last().unwrap();
        let seen = seen.map_or_else(|| object("unsigned"), object);
        let mut of_seen = config.clone();
        of_seen.insert("@context".to_owned(), seen["@context"].clone());
        let data = hash_data(&seen, &of_seen, Suite::EddsaRdfc2022, KeyType::Ed25519, &known).unwrap();
        assert_eq!(last.signed_bytes(KeyType::Ed25519, &known).unwrap(), data, "{signed}");
        let ancestors = last.ancestors().unwrap().len();
        assert_eq!(ancestors, [0, 0, 2, 3][number - 1]);
    }

    // Whatever is changed, taken away or exchanged: not all of the proofs hold, unless it means the same.
    let last = object("signedProofChain2");
    let canonical = |document: &Map| {
        let mut document = document.clone();
        let proofs = document.remove("proof").unwrap_or_default();
        let data = to_dataset(&document, &known).unwrap();
        (canonicalize(&data, HashAlgorithm::Sha256).unwrap().text().to_owned(), proofs)
    };
    let (text, proofs) = canonical(&last);
    let mut refused = 0;
    for Change { what, document } in changes(&Value::Object(last)) {
        let changed = document.as_object().unwrap();
        if reason(changed, known.materials()).is_some() {
            refused += 1;
            continue;
        }
        let (own, left) = canonical(changed);
        assert_eq!(own, text, "accepted after {what}");
        let mut left = left.as_array().cloned().unwrap_or_else(|| vec![left]);
        for previous in left.iter_mut().filter_map(|proof| proof.get_mut("previousProof")) {
            // One name may stand in a list or alone, and several in any order, twice or once.
            if let Value::Array(names) = previous {
                names.sort_by_key(Value::to_string);
                names.dedup();
                if let [only] = names.as_mut_slice() {
                    *previous = only.take();
                }
            }
        }
        assert!(left.iter().all(|proof| proofs.as_array().unwrap().contains(proof)), "accepted after {what}");
    }
    assert!(refused > 150, "only {refused} changes");
}

/// Signed by somebody else, with contexts that the library has of its own.
#[test]
fn the_signed_citizenship_credentials_hold() {
    let Some(folder) = common::vectors("citizenship/examples") else { return };
    let (mut signed, none) = (0, Materials::none());
    for path in common::files(&folder, "jsonld") {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.ends_with("-signed.jsonld") {
            continue;
        }
        signed += 1;
        let document = parse_object(read(&path).as_bytes()).unwrap();
        assert_eq!(reason(&document, &none), None, "{name}");
        let issuer = document["issuer"].as_str().or(document["issuer"]["id"].as_str()).unwrap();
        let moment = |value: &Value| value.as_str().map(|text| Timestamp::parse(text).unwrap());
        let now = moment(&document["validFrom"]).max(moment(&document["proof"]["created"])).unwrap().plus_seconds(60);
        let policy = Policy::preset(Preset::Default).trusting(list(now, &[issuer]));
        let report = judge(&document, &policy, &none, now);
        assert_eq!(report.outcome(), Outcome::Valid, "{name}: {:?}", report.reason());

        let mut moved = document.clone();
        moved["credentialSubject"]["familyName"] = "SOMEBODY".into();
        assert_eq!(reason(&moved, &none), Some(Code::ProofMismatch), "{name}");
        let mut added = document;
        added["credentialSubject"]["petName"] = "Rex".into();
        assert_eq!(reason(&added, &none), Some(Code::TermsUndefined), "{name}");
    }
    println!(
        "citizenship: {signed} signed credentials accepted, as many changed and as many with more in them refused"
    );
    assert_eq!(signed, 8);
}

/// The vectors name an issuer at an https URL and sign with a did:key of nobody in particular.
#[test]
fn a_key_that_is_not_the_issuers_decides_nothing() {
    for published in published() {
        let signed = published.object("signed.json");
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let issuer = signed["issuer"].as_str().or(signed["issuer"]["id"].as_str()).unwrap();
        let controller = method::key::from_key(&published.public_key());
        for trusted in [&[][..], &[issuer], &[controller.as_str()], &[issuer, controller.as_str()]] {
            let policy = Policy::preset(Preset::Default).trusting(list(now, trusted));
            let policy = published.contexts.pinned(policy);
            let report = judge(&signed, &policy, published.contexts.materials(), now);
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
        let report = judge(presented, &strict, &Materials::none(), now);
        assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
        assert_eq!(report.accepted()[0].document()["@context"], document["@context"]);
    }
    for context in [
        json!(["https://www.w3.org/ns/credentials/v2"]),
        json!(["https://www.w3.org/ns/credentials/v2", "https://thief.example/terms"]),
        json!(["https://www.w3.org/ns/credentials/v2", "https://thief.example/terms", "https://ngo.example/terms"]),
        json!("https://www.w3.org/ns/credentials/v2"),
    ] {
        let report = judge(&with_context(context.clone()), &strict, &Materials::none(), now);
        assert_eq!(report.outcome(), Outcome::Invalid, "{context}");
        assert_eq!(report.credentials()[0].check(CheckId::Context).code().name(), "context.not-signed", "{context}");
        let report = judge(&with_context(context.clone()), &relaxed, &Materials::none(), now);
        assert_ne!(report.outcome(), Outcome::Valid, "{context}: no policy relaxes what was signed");
        assert!(report.unconfirmed_claims().is_empty());
    }
}

/// Why `check_proof` refuses a document; `None` if all of its proofs fit.
fn reason(document: &Map, materials: &Materials) -> Option<Code> {
    let bytes = Value::Object(document.clone()).to_string();
    let report = danger::check_proof(bytes.as_bytes(), materials);
    assert_eq!(report.fits(), report.reason().is_none(), "a refusal has its reason: {bytes}");
    report.reason().map(|check| check.code())
}

fn judge(document: &Map, policy: &Policy, materials: &Materials, now: Timestamp) -> Report {
    let bytes = Value::Object(document.clone()).to_string();
    verify(bytes.as_bytes(), &Expected::nothing(), materials, policy, At::Now(now))
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
