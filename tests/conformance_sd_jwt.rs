//! The examples that RFC 9901 and SD-JWT VC publish: who signed, what is disclosed, what a holder shows, to whom it is
//! bound.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use attesta::encoding::json::{self, Map, Value};
use attesta::error::Explain;
use attesta::keys::{Algorithm, PublicKey};
use attesta::securing::jose::Jws;
use attesta::securing::sd_jwt::{SdJwt, from_json, to_json};
use serde_json::json;

struct Example {
    name: String,
    folder: PathBuf,
    issuer: PublicKey,
    holder: PublicKey,
}

impl Example {
    fn json(&self, file: &str) -> Map {
        json::parse_object(&fs::read(self.folder.join(file)).unwrap()).unwrap_or_else(|error| self.fail(&error))
    }

    /// The published text, which is in one of the serialisations; the JSON ones are published as text in JSON.
    fn text(&self, stem: &str) -> String {
        match fs::read_to_string(self.folder.join(stem).with_extension("txt")) {
            Ok(text) => text,
            Err(_) => self.compact(self.document(stem)),
        }
    }

    fn document(&self, stem: &str) -> Map {
        let published = fs::read(self.folder.join(stem).with_extension("json")).unwrap();
        let text: String = serde_json::from_slice(&published).unwrap();
        json::parse_object(text.as_bytes()).unwrap()
    }

    /// Several signatures are refused by their own name, and what remains with the first alone is read.
    fn compact(&self, mut document: Map) -> String {
        if let Some(signatures) = document.get_mut("signatures").and_then(Value::as_array_mut) {
            signatures.truncate(1);
            return from_json(&document).unwrap_or_else(|error| self.fail(&error));
        }
        let text = from_json(&document).unwrap_or_else(|error| self.fail(&error));
        assert_eq!(to_json(&text, false).unwrap(), document, "{}", self.name);
        text
    }

    fn verify(&self, jws: &Jws<'_>, key: &PublicKey, stranger: &PublicKey) {
        assert_eq!(jws.header.algorithm, Ok(Algorithm::Es256), "{}", self.name);
        assert_eq!(jws.verify(Algorithm::Es256, key), Ok(()), "{}", self.name);
        assert!(jws.verify(Algorithm::Es256, stranger).is_err(), "{}", self.name);
    }

    fn fail(&self, error: &dyn std::fmt::Display) -> ! {
        panic!("{}: {error}", self.name)
    }
}

/// Every example of a set, with the keys in its settings.
fn examples(set: &str) -> Option<Vec<Example>> {
    let root = common::vectors("sd-jwt")?.join(set);
    let settings = fs::read_to_string(root.join("settings.yml")).unwrap();
    let (issuer, holder) = settings.split_once("holder_key:").unwrap();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let example = |folder: PathBuf| Example {
        name: folder.strip_prefix(root.parent().unwrap()).unwrap().display().to_string(),
        folder,
        issuer: key(issuer),
        holder: key(holder),
    };
    Some(folders.into_iter().map(example).collect())
}

/// The first key in the settings.
fn key(settings: &str) -> PublicKey {
    let value = |name: &str| {
        let line = settings.lines().find_map(|line| line.trim_start().strip_prefix(&format!("{name}: ")));
        line.unwrap().trim().to_owned()
    };
    let jwk = json!({ "kty": "EC", "crv": value("crv"), "x": value("x"), "y": value("y") });
    PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap()
}

fn parse<'a>(example: &Example, text: &'a str) -> SdJwt<'a> {
    SdJwt::parse(text).unwrap_or_else(|error| example.fail(&error))
}

/// The issuer's signature holds, the payload is the published one, and with all disclosures it has every claim.
fn check_issued(example: &Example) {
    let text = example.text("sd_jwt_issuance");
    let issued = SdJwt::parse_issued(&text).unwrap_or_else(|error| example.fail(&error));
    example.verify(&issued.jws, &example.issuer, &example.holder);
    assert_eq!(issued.jws.payload, example.json("sd_jwt_payload.json"), "{}", example.name);
    let revealed = issued.reveal().unwrap_or_else(|error| example.fail(&error));
    assert_eq!(revealed.disclosed.len(), issued.disclosures().len(), "{}", example.name);
    for (name, value) in example.json("user_claims.json") {
        assert_eq!(revealed.payload.get(&name), Some(&value), "{} {name}", example.name);
    }
    let decoys = example.folder.join("decoy_digests.json").exists();
    assert_eq!(revealed.undisclosed.is_empty(), !decoys, "{}", example.name);
    assert_eq!(issued.select(&[""]).unwrap(), text, "{}", example.name);
}

/// What was presented says what was published. Returns whether it is bound to a key.
fn check_presented(example: &Example) -> bool {
    let text = example.text("sd_jwt_presentation");
    let presented = parse(example, &text);
    example.verify(&presented.jws, &example.issuer, &example.holder);
    let revealed = presented.reveal().unwrap_or_else(|error| example.fail(&error));
    assert_eq!(revealed.payload, example.json("verified_contents.json"), "{}", example.name);

    let is_bound = example.folder.join("kb_jwt_payload.json").exists();
    assert_eq!(presented.key_binding.is_some(), is_bound, "{}", example.name);
    let Some(binding) = &presented.key_binding else { return false };
    let published = example.json("kb_jwt_payload.json");
    example.verify(&binding.jws, &example.holder, &example.issuer);
    assert!(binding.is_typed(), "{}", example.name);
    assert!(binding.hash_matches(&presented), "{}", example.name);
    assert_eq!(published["sd_hash"], presented.sd_hash(), "{}", example.name);
    assert_eq!(published["aud"].as_str(), binding.audience(), "{}", example.name);
    assert_eq!(published["nonce"].as_str(), binding.nonce(), "{}", example.name);
    assert_eq!(published["iat"].as_i64(), binding.issued_at(), "{}", example.name);
    assert_eq!(binding.jws.payload, published, "{}", example.name);

    // The binding is to these disclosures: with one less, or one more that was issued too, it does not hold.
    let issued = example.text("sd_jwt_issuance");
    let all = parse(example, &issued);
    let kept = presented.disclosures();
    let more: Vec<&str> = all.disclosures().iter().copied().filter(|text| !kept.contains(text)).take(1).collect();
    for other in [kept.iter().copied().skip(1).collect(), [kept, &more].concat()] {
        if other != kept {
            let (token, _) = issued.split_once('~').unwrap();
            let other = format!("{token}~{}", other.iter().map(|text| format!("{text}~")).collect::<String>());
            assert!(!binding.hash_matches(&parse(example, &other)), "{}", example.name);
        }
    }
    true
}

/// What a holder selects to show just this, naming every place all of whose disclosures were shown, is what was shown.
fn check_selected(example: &Example) {
    let (issued, presented) = (example.text("sd_jwt_issuance"), example.text("sd_jwt_presentation"));
    let (issued, presented) = (parse(example, &issued), parse(example, &presented));
    let shown: BTreeSet<&str> = presented.disclosures().iter().copied().collect();
    let all = issued.reveal().unwrap();
    let mut pointers = pointers(&Value::Object(all.payload));
    pointers.retain(|pointer| match issued.select(&[pointer]) {
        Ok(selected) => parse(example, &selected).disclosures().iter().all(|disclosure| shown.contains(disclosure)),
        Err(error) => {
            assert_eq!(error.code(), "sd-jwt.pointer-not-disclosable", "{}", example.name);
            false
        }
    });
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    let selected = issued.select(&pointers).unwrap();
    let selected = parse(example, &selected);
    assert_eq!(selected.disclosures().iter().copied().collect::<BTreeSet<_>>(), shown, "{}", example.name);
    assert_eq!(selected.reveal().unwrap().payload, presented.reveal().unwrap().payload, "{}", example.name);
}

/// Every place in the document, as a JSON pointer.
fn pointers(document: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = found.get(at).cloned() {
        match document.pointer(&pointer) {
            Some(Value::Object(object)) => {
                let names = object.keys().map(|name| name.replace('~', "~0").replace('/', "~1"));
                found.extend(names.map(|name| format!("{pointer}/{name}")));
            }
            Some(Value::Array(items)) => found.extend((0..items.len()).map(|item| format!("{pointer}/{item}"))),
            _ => {}
        }
        at += 1;
    }
    found
}

fn check_set(set: &str, of: usize, bound: usize) {
    let Some(examples) = examples(set) else { return };
    let mut found = (0, 0);
    for example in &examples {
        check_issued(example);
        check_selected(example);
        found.0 += 1;
        found.1 += usize::from(check_presented(example));
    }
    assert_eq!(found, (of, bound));
    println!("sd-jwt/{set}: {of} of {of} equal, {bound} of them bound to a key");
}

#[test]
fn the_examples_of_rfc_9901() {
    check_set("rfc9901-examples", 15, 6);
}

#[test]
fn the_examples_of_sd_jwt_vc() {
    check_set("sdjwtvc-examples", 3, 2);
}

#[test]
fn several_signatures_are_not_mistaken_for_one() {
    let Some(examples) = examples("rfc9901-examples") else { return };
    let example = examples.iter().find(|example| example.name.ends_with("json_serialization_general")).unwrap();
    for stem in ["sd_jwt_issuance", "sd_jwt_presentation"] {
        let error = from_json(&example.document(stem)).unwrap_err();
        assert_eq!(error.code(), "sd-jwt.several-signatures");
    }
}
