//! The published test vectors of `ecdsa-sd-2023` (VC-DI-ECDSA 1.0, appendices A.7 and A.8): every intermediate value,
//! both proofs made anew byte for byte, and what was derived after every possible change.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;

use attesta::encoding::cbor::{self, Key};
use attesta::encoding::json::{Map, Value, parse};
use attesta::encoding::pointer::Pointer;
use attesta::encoding::{base64url, multibase};
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Context, Contexts, Dataset, Embedded, to_dataset, to_grouped_dataset};
use attesta::keys::{PublicKey, Signer as _, SoftwareKey};
use attesta::securing::data_integrity::sd::{self, Opened, Prepared, Secrets};
use common::changes::{Change, changes};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};

const ROOT: &str = "vc-di-ecdsa/TestVectors";

/// The folders, and the files with the pointers that are mandatory and chosen. The credentials are taken from what was
/// signed: `prCredUnsigned.json` beside the first describes itself in other words.
const RUNS: [(&str, [&str; 2]); 2] = [
    ("prc", ["prCredMandatory.json", "prCredSelective.json"]),
    ("employ", ["employMandatory.json", "employSelective.json"]),
];

/// The files of a run. A file beside these would be one that nothing here looks at.
const FILES: [&str; 20] = [
    "addBaseDocCanon.json",
    "addBaseDocHMACCanon.json",
    "addBaseTransform.json",
    "addHashData.json",
    "addPointerValues.json",
    "addProofConfig.json",
    "addProofConfigCanon.txt",
    "addRawBaseSignatureInfo.json",
    "addSignedSDBase.json",
    "derivedAdjMandatoryIndexes.json",
    "derivedAdjSignatures.json",
    "derivedAllGroupData.json",
    "derivedDisclosureData.json",
    "derivedGroupIndexes.json",
    "derivedRecoveredBaseData.json",
    "derivedRevealDocument.json",
    "derivedUnsignedReveal.json",
    "verifyCreateVerifyData.json",
    "verifyDerivedProofValue.json",
    "verifyNQuads.json",
];

struct Run {
    root: PathBuf,
    folder: PathBuf,
    pointers: [&'static str; 2],
}

fn runs() -> impl Iterator<Item = Run> {
    let root = common::vectors(ROOT);
    root.into_iter().flat_map(|root| {
        RUNS.into_iter().map(move |(name, pointers)| Run {
            folder: root.join("ecdsa-sd-2023").join(name),
            root: root.clone(),
            pointers,
        })
    })
}

fn json_of(path: &PathBuf) -> Value {
    parse(&std::fs::read(path).unwrap()).unwrap()
}

fn map(value: Value) -> Map {
    let Value::Object(map) = value else { panic!("no object") };
    map
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// A JavaScript map as the files have it: pairs in a list.
fn pairs(value: &Value) -> Vec<(&Value, &str)> {
    let pairs = value.get("value").unwrap_or(value).as_array().unwrap();
    pairs.iter().map(|pair| (&pair[0], pair[1].as_str().unwrap())).collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The contexts that the documents name.
struct Known(Context);

impl Contexts for Known {
    fn context(&self, url: &str) -> Option<&Context> {
        if url == "https://w3id.org/citizenship/v4rc1" { Some(&self.0) } else { Embedded.context(url) }
    }
}

fn contexts() -> Option<Known> {
    let folder = common::vectors("citizenship/contexts")?;
    Some(Known(Context::compile(&json_of(&folder.join("citizenship-v4rc1.jsonld"))).unwrap()))
}

impl Run {
    fn json(&self, file: &str) -> Value {
        json_of(&self.folder.join(file))
    }

    fn document(&self) -> Map {
        apart(self.json("addSignedSDBase.json")).0
    }

    fn mandatory(&self) -> Value {
        json_of(&self.root.join(self.pointers[0]))
    }

    fn selective(&self) -> Value {
        json_of(&self.root.join(self.pointers[1]))
    }

    fn keys(&self) -> Map {
        map(json_of(&self.root.join("ecdsa-sd-2023/SDKeyMaterial.json")))
    }

    fn key(&self, pair: &str) -> SoftwareKey {
        let pair = &self.keys()[pair];
        let public = PublicKey::from_multikey(pair["publicKeyMultibase"].as_str().unwrap()).unwrap();
        let secret = multibase::decode_base58btc(pair["secretKeyMultibase"].as_str().unwrap(), 128).unwrap();
        let mut jwk = public.to_jwk();
        jwk.insert("d".to_owned(), base64url::encode(secret.strip_prefix(&[0x86, 0x26]).unwrap()).into());
        SoftwareKey::from_jwk(&jwk).unwrap()
    }

    fn issuer(&self) -> PublicKey {
        PublicKey::from_multikey(self.keys()["baseKeyPair"]["publicKeyMultibase"].as_str().unwrap()).unwrap()
    }

    fn label_key(&self) -> [u8; 32] {
        let text = self.keys()["hmacKeyString"].as_str().unwrap().to_owned();
        std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
    }

    /// The options of the proof: its configuration without the document's context.
    fn options(&self) -> Map {
        let mut options = map(self.json("addProofConfig.json"));
        assert_eq!(options.remove("@context"), self.document().get("@context").cloned());
        options
    }

    fn prepared(&self, contexts: &Known) -> Prepared {
        let secrets = Secrets::from_parts(self.key("proofKeyPair"), self.label_key());
        let mandatory = self.mandatory();
        Prepared::new(self.document(), self.options(), &texts(&mandatory), secrets, contexts).unwrap()
    }
}

/// A document with its proof apart: what is left, the options, and the value.
fn apart(signed: Value) -> (Map, Map, String) {
    let mut document = map(signed);
    let mut options = map(document.remove("proof").unwrap());
    let Some(Value::String(value)) = options.remove("proofValue") else { panic!("no proofValue") };
    (document, options, value)
}

fn content(value: &str) -> Vec<u8> {
    base64url::decode(value.strip_prefix('u').unwrap()).unwrap()
}

/// The same labels as the library should make, without the library.
fn labelled(dataset: &Dataset, label: impl Fn(u32) -> String) -> Vec<(String, u8)> {
    let canonical = canonicalize(dataset, HashAlgorithm::Sha256).unwrap();
    let mut lines: Vec<(String, u8)> = dataset
        .quads()
        .iter()
        .map(|quad| {
            let mut line = String::new();
            dataset.write_line(quad, &mut line, |number, out| out.push_str(&label(canonical.label(number).unwrap())));
            (line, quad.groups)
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn every_file_is_looked_at() {
    for run in runs() {
        let found = std::fs::read_dir(&run.folder).unwrap();
        let found: BTreeSet<String> =
            found.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(found, FILES.map(str::to_owned).into());
    }
}

#[test]
fn a_base_proof_comes_out_as_published() {
    let Some(contexts) = contexts() else { return };
    for run in runs() {
        let document = run.document();
        let canonical = canonicalize(&to_dataset(&document, &contexts).unwrap(), HashAlgorithm::Sha256).unwrap();
        let lines: Vec<&str> = canonical.lines().map(|(line, _)| line).collect();
        assert_eq!(lines, texts(&run.json("addBaseDocCanon.json")));

        let config = map(run.json("addProofConfig.json"));
        let config = canonicalize(&to_dataset(&config, &contexts).unwrap(), HashAlgorithm::Sha256).unwrap();
        let published = std::fs::read_to_string(run.folder.join("addProofConfigCanon.txt")).unwrap();
        assert_eq!(config.text().trim_end(), published.trim_end());

        let prepared = run.prepared(&contexts);
        let statements: Vec<(&str, bool)> = prepared.statements().collect();
        let all: Vec<&str> = statements.iter().map(|(line, _)| *line).collect();
        assert_eq!(all, texts(&run.json("addBaseDocHMACCanon.json")));
        let transform = run.json("addBaseTransform.json");
        assert_eq!(transform["mandatoryPointers"], run.mandatory());
        for (group, is_mandatory) in [("mandatory", true), ("nonMandatory", false)] {
            let group: Vec<(usize, &str)> = pairs(&transform[group])
                .into_iter()
                .map(|(index, line)| (index.as_u64().unwrap() as usize, line))
                .collect();
            let own = statements.iter().enumerate().filter(|(_, (_, is))| *is == is_mandatory);
            assert_eq!(own.map(|(index, (line, _))| (index, *line)).collect::<Vec<_>>(), group);
        }
        let [proof_hash, mandatory_hash] = prepared.hashes().map(hex);
        assert_eq!(run.json("addHashData.json"), json!({ "proofHash": proof_hash, "mandatoryHash": mandatory_hash }));
        for chosen in run.json("addPointerValues.json").as_array().unwrap() {
            let whole = Value::Object(document.clone());
            assert_eq!(whole.pointer(chosen["pointer"].as_str().unwrap()), Some(&chosen["value"]));
        }

        let signed = Value::Object(prepared.sign(&run.key("baseKeyPair")).unwrap());
        assert_eq!(signed, run.json("addSignedSDBase.json"));
        let (_, _, value) = apart(signed);
        let content = content(&value);
        assert_eq!(content[..3], [0xd9, 0x5d, 0]);
        let parts = cbor::decode(&content[3..]).unwrap();
        let parts = parts.as_array().unwrap();
        let bytes = |value: &cbor::Value<'_>| hex(value.as_bytes().unwrap());
        let raw = run.json("addRawBaseSignatureInfo.json");
        let signatures: Vec<String> = parts[3].as_array().unwrap().iter().map(bytes).collect();
        let pointers: Vec<&str> = parts[4].as_array().unwrap().iter().map(|text| text.as_text().unwrap()).collect();
        let key = multibase::encode_base58btc(parts[1].as_bytes().unwrap());
        let found = json!({
            "baseSignature": bytes(&parts[0]), "publicKey": key, "signatures": signatures, "mandatoryPointers": pointers,
        });
        assert_eq!(found, raw);
        let recovered = run.json("derivedRecoveredBaseData.json");
        let found = json!({
            "baseSignature": bytes(&parts[0]), "proofPublicKey": key, "hmacKey": bytes(&parts[2]),
            "signatures": signatures, "mandatoryPointers": pointers,
        });
        assert_eq!(found, recovered);
    }
}

#[test]
fn the_statements_that_are_chosen_are_as_published() {
    let Some(contexts) = contexts() else { return };
    for run in runs() {
        let (mandatory, selective) = (run.mandatory(), run.selective());
        let (mandatory, selective) = (texts(&mandatory), texts(&selective));
        let combined = [mandatory.clone(), selective.clone()].concat();
        let document = run.document();
        let parsed = [mandatory, selective, combined]
            .map(|pointers| pointers.iter().map(|pointer| Pointer::parse(pointer).unwrap()).collect::<Vec<_>>());
        let dataset = to_grouped_dataset(&document, &contexts, &parsed.each_ref().map(Vec::as_slice)).unwrap();
        let mac = Hmac::<Sha256>::new_from_slice(&run.label_key()).unwrap();
        let label = |number: u32| {
            let mac = mac.clone().chain_update(format!("c14n{number}"));
            format!("u{}", base64url::encode(mac.finalize().into_bytes()))
        };
        let lines = labelled(&dataset, label);
        let data = run.json("derivedAllGroupData.json");
        assert_eq!(lines.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>(), texts(&data["nquads"]));
        let indexes = run.json("derivedGroupIndexes.json");
        for (bit, name) in ["mandatory", "selective", "combined"].into_iter().enumerate() {
            for (set, is_in) in [("matching", true), ("nonMatching", false)] {
                let found: Vec<(usize, &str)> = lines
                    .iter()
                    .enumerate()
                    .filter(|(_, (_, groups))| (groups & 1 << bit != 0) == is_in)
                    .map(|(index, (line, _))| (index, line.as_str()))
                    .collect();
                let published = pairs(&data["groups"][name][set]);
                let published = published.into_iter().map(|(index, line)| (index.as_u64().unwrap() as usize, line));
                assert_eq!(found, published.collect::<Vec<_>>(), "{name} {set}");
            }
            let matching = lines.iter().enumerate().filter(|(_, (_, groups))| groups & 1 << bit != 0);
            let matching: Vec<usize> = matching.map(|(index, _)| index).collect();
            assert_eq!(indexes[format!("{name}Indexes")], json!(matching));
        }
        let others = lines.iter().enumerate().filter(|(_, (_, groups))| groups & 1 == 0).map(|(index, _)| index);
        assert_eq!(indexes["nonMandatoryIndexes"], json!(others.collect::<Vec<_>>()));
    }
}

#[test]
fn a_derived_proof_comes_out_as_published_and_holds() {
    let Some(contexts) = contexts() else { return };
    for run in runs() {
        let (document, options, value) = apart(run.json("addSignedSDBase.json"));
        let selective = run.selective();
        let derived = sd::derive(&document, &options, &value, &texts(&selective), &contexts).unwrap();
        assert_eq!(Value::Object(derived.clone()), run.json("derivedRevealDocument.json"));
        let (revealed, options, derived) = apart(Value::Object(derived));
        assert_eq!(Value::Object(revealed.clone()), run.json("derivedUnsignedReveal.json"));

        let content = content(&derived);
        assert_eq!(content[..3], [0xd9, 0x5d, 1]);
        let parts = cbor::decode(&content[3..]).unwrap();
        let parts = parts.as_array().unwrap();
        let bytes = |value: &cbor::Value<'_>| hex(value.as_bytes().unwrap());
        let signatures: Vec<String> = parts[2].as_array().unwrap().iter().map(bytes).collect();
        let indexes: Vec<u64> = parts[4].as_array().unwrap().iter().map(|index| index.as_u64().unwrap()).collect();
        let labels: Vec<Value> = parts[3]
            .as_map()
            .unwrap()
            .iter()
            .map(|(key, label)| {
                let Key::Unsigned(number) = key else { panic!("no number") };
                json!([format!("c14n{number}"), format!("u{}", base64url::encode(label.as_bytes().unwrap()))])
            })
            .collect();
        let (base, key) = (bytes(&parts[0]), multibase::encode_base58btc(parts[1].as_bytes().unwrap()));
        let data = |labels: Value| {
            json!({
                "baseSignature": base, "publicKey": key, "signatures": signatures, "labelMap": labels,
                "mandatoryIndexes": indexes,
            })
        };
        let of_javascript = json!({ "dataType": "Map", "value": labels });
        assert_eq!(data(of_javascript), run.json("derivedDisclosureData.json"));
        assert_eq!(data(json!(labels)), run.json("verifyDerivedProofValue.json"));
        assert_eq!(run.json("derivedAdjMandatoryIndexes.json"), json!({ "adjMandatoryIndexes": indexes }));
        let adjusted = run.json("derivedAdjSignatures.json");
        assert_eq!(adjusted["filteredSignatures"], json!(signatures));
        let all = run.json("derivedRecoveredBaseData.json");
        let chosen = adjusted["adjSignatureIndexes"].as_array().unwrap();
        let chosen: Vec<&Value> = chosen.iter().map(|at| &all["signatures"][at.as_u64().unwrap() as usize]).collect();
        assert_eq!(json!(chosen), json!(signatures));

        let opened = Opened::read(&revealed, &options, &derived, &contexts).unwrap();
        let lines: Vec<&str> = opened.statements().map(|(line, _)| line).collect();
        assert_eq!(lines, texts(&run.json("verifyNQuads.json")));
        let open: Vec<&str> = opened.statements().filter(|(_, is)| !is).map(|(line, _)| line).collect();
        let signed = opened.signed_bytes();
        let found = json!({
            "baseSignature": base, "proofHash": hex(&signed[..32]), "publicKey": key, "signatures": signatures,
            "nonMandatory": open, "mandatoryHash": hex(&signed[67..]),
        });
        assert_eq!(found, run.json("verifyCreateVerifyData.json"));
        assert_eq!(
            hex(Sha256::digest(multibase::decode_base58btc(&key, 128).unwrap())),
            hex(Sha256::digest(&signed[32..67]))
        );
        opened.verify(&run.issuer()).unwrap();
        opened.verify(&run.key("proofKeyPair").public_key()).unwrap_err();
    }
}

#[test]
fn what_was_derived_fails_after_every_change() {
    let Some(contexts) = contexts() else { return };
    let (mut refused, mut alike) = (0, 0);
    for run in runs() {
        let published = map(run.json("derivedRevealDocument.json"));
        let holds = |document: &Value| {
            // Without a value there is nothing to check.
            let Some(Value::String(_)) = document.pointer("/proof/proofValue") else { return false };
            let (document, options, value) = apart(document.clone());
            let opened = Opened::read(&document, &options, &value, &contexts);
            opened.is_ok_and(|opened| opened.verify(&run.issuer()).is_ok())
        };
        let published = Value::Object(published);
        assert!(holds(&published));
        // JSON-LD writes one thing in many ways: a list for a single value, types in another order.
        let meaning = |document: &Value| {
            let (mut document, mut options, value) = apart(document.clone());
            options.insert("@context".to_owned(), document.remove("@context")?);
            document.insert("@context".to_owned(), options["@context"].clone());
            let text = |part: &Map| {
                let canonical = canonicalize(&to_dataset(part, &contexts).ok()?, HashAlgorithm::Sha256).ok()?;
                Some(canonical.text().to_owned())
            };
            Some((text(&document)?, text(&options)?, value))
        };
        for Change { document, what } in changes(&published) {
            if holds(&document) {
                assert_eq!(meaning(&document), meaning(&published), "{what}");
                alike += 1;
            } else {
                refused += 1;
            }
        }
    }
    println!("{ROOT}/ecdsa-sd-2023: {refused} changes refused, {alike} that say the same accepted");
    // Where the vectors are not there, none was made.
    assert!([(592, 40), (0, 0)].contains(&(refused, alike)));
}
