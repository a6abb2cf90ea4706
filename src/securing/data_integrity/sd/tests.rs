use serde_json::json;

use super::value::BaseProof;
use super::*;
use crate::encoding::base64url;
use crate::error::Explain;
use crate::jsonld::Context;
use crate::keys::{self, KeyType, Signer, SoftwareKey};
use crate::limits;
use crate::securing::data_integrity::{ProofError, Signed};
use serde_json::Value;

const URL: &str = "https://a.example/context";

/// One small context.
struct Own(Context);

impl Contexts for Own {
    fn context(&self, url: &str) -> Option<&Context> {
        (url == URL).then_some(&self.0)
    }
}

fn contexts() -> Own {
    let names = [
        "Thing",
        "Person",
        "issuer",
        "until",
        "subject",
        "name",
        "born",
        "address",
        "street",
        "town",
        "phone",
        "twin",
        "DataIntegrityProof",
        "cryptosuite",
        "proofPurpose",
        "verificationMethod",
        "created",
    ];
    let terms = names.iter().map(|name| ((*name).to_owned(), json!(format!("https://a.example/vocabulary#{name}"))));
    let mut terms: Map = terms.collect();
    terms.insert("id".to_owned(), json!("@id"));
    terms.insert("type".to_owned(), json!("@type"));
    terms.insert("line".to_owned(), json!({ "@id": "https://a.example/line", "@container": "@list" }));
    Own(Context::compile(&json!({ "@context": terms })).unwrap())
}

fn map(value: Value) -> Map {
    value.as_object().unwrap().clone()
}

fn document() -> Map {
    map(json!({
        "@context": URL,
        "id": "urn:a:1",
        "type": "Thing",
        "issuer": "did:example:issuer",
        "until": "2027-01-01",
        "subject": {
            "id": "did:example:holder",
            "type": "Person",
            "name": "Ada",
            "born": "1990-01-01",
            "address": { "street": "Road 1", "town": "Harbour" },
            "phone": ["1", "2", "3"],
            "line": ["a", "b"],
            "twin": [{ "name": "Ben" }, { "name": "Cyn" }],
        },
    }))
}

fn options() -> Map {
    map(json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-sd-2023",
        "verificationMethod": "did:example:issuer#key",
        "proofPurpose": "assertionMethod",
    }))
}

/// What every verifier sees.
const MANDATORY: [&str; 2] = ["/issuer", "/until"];

struct Scene {
    contexts: Own,
    issuer: SoftwareKey,
}

/// A document and the value of its proof, apart.
#[derive(Clone)]
struct Parts {
    document: Map,
    value: String,
}

impl Parts {
    fn of(mut document: Map) -> Self {
        let proof = map(document.remove("proof").unwrap());
        Self { document, value: proof["proofValue"].as_str().unwrap().to_owned() }
    }

    fn derived(&self) -> DerivedProof {
        DerivedProof::read(&self.value).unwrap()
    }

    /// With a changed proof.
    fn with(&self, change: impl FnOnce(&mut DerivedProof)) -> Self {
        let mut proof = self.derived();
        change(&mut proof);
        Self { document: self.document.clone(), value: proof.write() }
    }
}

impl Scene {
    fn new() -> Self {
        Self { contexts: contexts(), issuer: SoftwareKey::generate(KeyType::P256).unwrap() }
    }

    fn issued_by(&self, document: Map, mandatory: &[&str], signer: &SoftwareKey) -> Parts {
        let secrets = Secrets::random().unwrap();
        let prepared = Prepared::new(document, options(), mandatory, secrets, &self.contexts).unwrap();
        Parts::of(prepared.sign(signer).unwrap())
    }

    fn issued(&self) -> Parts {
        self.issued_by(document(), &MANDATORY, &self.issuer)
    }

    fn derive(&self, base: &Parts, pointers: &[&str]) -> Result<Parts, SdError> {
        derive(&base.document, &options(), &base.value, pointers, &self.contexts).map(Parts::of)
    }

    fn shown(&self, pointers: &[&str]) -> Parts {
        self.derive(&self.issued(), pointers).unwrap()
    }

    fn open(&self, parts: &Parts) -> Result<Opened, SdError> {
        Opened::read(&parts.document, &options(), &parts.value, &self.contexts)
    }

    /// The code of what is wrong with it.
    fn code(&self, parts: &Parts) -> &'static str {
        let verified = self.open(parts).and_then(|opened| opened.verify(&self.issuer.public_key()));
        verified.map_or_else(|error| error.code(), |()| "holds")
    }
}

const SHOWN: [&str; 4] = ["/subject/name", "/subject/address/town", "/subject/phone/2", "/subject/twin/1"];

#[test]
fn what_is_chosen_is_shown_and_holds() {
    let scene = Scene::new();
    let base = scene.issued();
    let shown = scene.derive(&base, &SHOWN).unwrap();
    assert_eq!(scene.code(&shown), "holds");
    let expected = json!({
        "@context": URL,
        "id": "urn:a:1",
        "type": "Thing",
        "issuer": "did:example:issuer",
        "until": "2027-01-01",
        "subject": {
            "id": "did:example:holder",
            "type": "Person",
            "name": "Ada",
            "address": { "town": "Harbour" },
            "phone": ["3"],
            "twin": [{ "name": "Cyn" }],
        },
    });
    assert_eq!(Value::Object(shown.document.clone()), expected);

    let everything = scene.derive(&base, &[""]).unwrap();
    assert_eq!((scene.code(&everything), &everything.document), ("holds", &base.document));
    let nothing = scene.derive(&base, &[]).unwrap();
    assert_eq!(scene.code(&nothing), "holds");
    assert!(!nothing.document.contains_key("subject"));
    assert!(nothing.derived().signatures.is_empty());
    for pointers in [&["/subject"][..], &["/subject", "/subject/name"], &["/until"], &["/subject/line"]] {
        assert_eq!(scene.code(&scene.derive(&base, pointers).unwrap()), "holds", "{pointers:?}");
    }
    let signed = |parts: &Parts| scene.open(parts).unwrap().signed_bytes().to_vec();
    assert_eq!(signed(&shown), signed(&everything));
    let of_base = base_signed_bytes(&base.document, &options(), &base.value, &scene.contexts).unwrap();
    assert_eq!(signed(&shown), of_base);
    assert!(is_base(&base.value) && !is_base(&shown.value));
}

#[test]
fn a_verifier_learns_what_could_not_have_been_hidden() {
    let scene = Scene::new();
    let places = ["/issuer", "/until", "/subject/name", "/subject/id"];
    let mandatory = |shown: &Parts, places: &[&str]| {
        scene.open(shown).unwrap().mandatory(&shown.document, places, &scene.contexts).unwrap()
    };
    let shown = scene.shown(&["/subject/name"]);
    assert_eq!(mandatory(&shown, &places)[..4], [true, true, false, false]);
    assert_eq!(mandatory(&shown, &[]), [false; PLACES]);
    assert_eq!(mandatory(&shown, &["/issuer"; 9]), [true; PLACES]);
    let base = scene.issued_by(document(), &["/issuer", "/subject/id"], &scene.issuer);
    let shown = scene.derive(&base, &["/until", "/subject/name"]).unwrap();
    assert_eq!(mandatory(&shown, &places)[..4], [true, false, false, true]);
    // Of two items one is mandatory, so there may be a third.
    let base = scene.issued_by(document(), &["/issuer", "/subject/phone/0"], &scene.issuer);
    let shown = scene.derive(&base, &["/subject/phone/1"]).unwrap();
    assert_eq!(
        mandatory(&shown, &["/subject/phone", "/subject/phone/0", "/subject/phone/1"])[..3],
        [false, true, false]
    );
}

#[test]
fn the_holders_copy_and_the_verifiers_are_told_apart() {
    let scene = Scene::new();
    let base = scene.issued();
    assert_eq!(scene.code(&base), "ecdsa-sd.is-base");
    let shown = scene.derive(&base, &SHOWN).unwrap();
    let again = scene.derive(&shown, &["/subject/name"]).map(|_| ()).unwrap_err();
    assert_eq!(again.code(), "ecdsa-sd.is-derived");
    for (header, code) in [([0xd9, 0x5d, 2], "ecdsa-sd.header"), ([0xd9, 0x5d, 3], "ecdsa-sd.header")] {
        let mut bytes = base64url::decode(&shown.value[1..]).unwrap();
        bytes[..3].copy_from_slice(&header);
        let value = format!("u{}", base64url::encode(bytes));
        assert_eq!(scene.code(&Parts { value, ..shown.clone() }), code);
    }
}

#[test]
fn the_key_in_the_proof_is_nobodys() {
    let scene = Scene::new();
    // A stranger makes a whole proof; read literally, the key in it would be the one to check it with.
    let stranger = SoftwareKey::generate(KeyType::P256).unwrap();
    let forged = scene.derive(&scene.issued_by(document(), &MANDATORY, &stranger), &SHOWN).unwrap();
    assert_eq!(scene.code(&forged), "ecdsa-sd.signature");
    let secrets = Secrets::from_parts(SoftwareKey::from_secret(KeyType::P256, &[7; 32]).unwrap(), [1; 32]);
    let prepared = Prepared::new(document(), options(), &MANDATORY, secrets, &scene.contexts).unwrap();
    let own = SoftwareKey::from_secret(KeyType::P256, &[7; 32]).unwrap();
    let forged = scene.derive(&Parts::of(prepared.sign(&own).unwrap()), &SHOWN).unwrap();
    assert_eq!(scene.code(&forged), "ecdsa-sd.signature");

    // The issuer's signature, and a stranger's key with statements of its own.
    let shown = scene.shown(&SHOWN);
    let lines = |parts: &Parts| {
        let opened = scene.open(parts).unwrap();
        let open = opened.statements().filter(|(_, is_mandatory)| !is_mandatory);
        open.map(|(line, _)| line.to_owned()).collect::<Vec<_>>()
    };
    let by_stranger = |parts: &Parts| -> Vec<value::Signature> {
        let sign = |line: &String| keys::sign(&stranger, line.as_bytes()).unwrap().try_into().unwrap();
        lines(parts).iter().map(sign).collect()
    };
    let signatures = by_stranger(&shown);
    assert_eq!(scene.code(&shown.with(|proof| proof.signatures = signatures.clone())), "ecdsa-sd.statement");
    let key = value::ProofKey::of(stranger.public_key()).unwrap();
    let replaced = shown.with(|proof| (proof.signatures, proof.key) = (signatures, key));
    assert_eq!(scene.code(&replaced), "ecdsa-sd.signature");
    // The issuer signed the statements, and none of them by its own key.
    let opened = scene.open(&shown).unwrap();
    assert_eq!(opened.verify(&stranger.public_key()).unwrap_err().code(), "ecdsa-sd.signature");
    for key_type in [KeyType::P384, KeyType::Ed25519] {
        let key = SoftwareKey::generate(key_type).unwrap();
        assert_eq!(opened.verify(&key.public_key()).unwrap_err(), SdError::KeyType);
    }
}

#[test]
fn what_was_changed_added_or_left_out_is_noticed() {
    let scene = Scene::new();
    let shown = scene.shown(&SHOWN);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut document = Value::Object(shown.document.clone());
        change(&mut document);
        Parts { document: map(document), value: shown.value.clone() }
    };
    let code = |change: &dyn Fn(&mut Value)| scene.code(&changed(change));
    assert_eq!(code(&|_| ()), "holds");
    assert_eq!(code(&|it| it["subject"]["name"] = json!("Bob")), "ecdsa-sd.statement");
    assert_eq!(code(&|it| it["subject"]["id"] = json!("did:example:other")), "ecdsa-sd.statement");
    assert_eq!(code(&|it| it["until"] = json!("2037-01-01")), "ecdsa-sd.signature");
    assert_eq!(code(&|it| it["issuer"] = json!("did:example:other")), "ecdsa-sd.signature");
    assert_eq!(code(&|it| it["subject"]["born"] = json!("1990-01-01")), "ecdsa-sd.count");
    assert_eq!(code(&|it| drop(it["subject"].as_object_mut().unwrap().remove("name"))), "ecdsa-sd.count");
    assert_eq!(code(&|it| drop(it.as_object_mut().unwrap().remove("until"))), "ecdsa-sd.count");
    // Another statement instead.
    assert_eq!(
        code(&|it| {
            let subject = it["subject"].as_object_mut().unwrap();
            subject.remove("name");
            subject.insert("born".to_owned(), json!("1990-01-01"));
        }),
        "ecdsa-sd.statement"
    );
    // What is mandatory left out, and the positions made to fit.
    let without = changed(&|it| drop(it.as_object_mut().unwrap().remove("until")));
    let count = shown.derived().mandatory.len();
    for left_out in 0..count {
        let fitting = without.with(|proof| {
            proof.mandatory.remove(left_out);
            let last = proof.mandatory.len() as u64 + proof.signatures.len() as u64;
            proof.mandatory.iter_mut().for_each(|index| *index = (*index).min(last - 1));
        });
        assert!(["ecdsa-sd.signature", "ecdsa-sd.indexes"].contains(&scene.code(&fitting)));
    }
    // A statement added, with the signature of another one, or with one by a stranger.
    let added = changed(&|it| it["subject"]["born"] = json!("1990-01-01"));
    let stranger = SoftwareKey::generate(KeyType::P256).unwrap();
    for place in 0..=shown.derived().signatures.len() {
        let repeated = added.with(|proof| proof.signatures.insert(place, proof.signatures[0]));
        assert_ne!(scene.code(&repeated), "holds");
        let strange = keys::sign(&stranger, b"line").unwrap().try_into().unwrap();
        let strange = added.with(|proof| proof.signatures.insert(place, strange));
        assert_ne!(scene.code(&strange), "holds");
    }
}

#[test]
fn positions_labels_and_signatures_have_one_form() {
    let scene = Scene::new();
    let shown = scene.shown(&SHOWN);
    let code = |change: fn(&mut DerivedProof)| scene.code(&shown.with(change));
    assert_eq!(code(|_| ()), "holds");
    assert!(shown.derived().labels.len() == 2 && shown.derived().mandatory.len() == 3);

    assert_eq!(code(|proof| proof.mandatory.push(proof.mandatory[0])), "ecdsa-sd.indexes");
    assert_eq!(code(|proof| proof.mandatory[1] = proof.mandatory[0]), "ecdsa-sd.indexes");
    assert_eq!(code(|proof| proof.mandatory.push(1000)), "ecdsa-sd.indexes");
    assert_eq!(code(|proof| proof.mandatory.push(u64::MAX)), "ecdsa-sd.indexes");
    assert_eq!(code(|proof| proof.mandatory.truncate(2)), "ecdsa-sd.count");
    assert_eq!(code(|proof| proof.mandatory.clear()), "ecdsa-sd.count");
    // Another one is said to be mandatory.
    assert_eq!(
        code(|proof| {
            let other = (0..).find(|index| !proof.mandatory.contains(index)).unwrap();
            proof.mandatory[0] = other;
        }),
        "ecdsa-sd.signature"
    );
    // One less is mandatory, and has a signature of some statement.
    assert_eq!(
        code(|proof| {
            proof.mandatory.pop();
            proof.signatures.push(proof.signatures[0]);
        }),
        "ecdsa-sd.signature"
    );

    assert_eq!(code(|proof| proof.labels[1] = proof.labels[0]), "ecdsa-sd.labels");
    assert_eq!(code(|proof| proof.labels.truncate(1)), "ecdsa-sd.labels");
    assert_eq!(code(|proof| proof.labels.clear()), "ecdsa-sd.labels");
    assert_eq!(code(|proof| proof.labels.push([9; 32])), "ecdsa-sd.labels");
    assert_eq!(code(|proof| proof.labels.swap(0, 1)), "ecdsa-sd.statement");
    assert_eq!(code(|proof| proof.labels[0] = [9; 32]), "ecdsa-sd.statement");

    assert_eq!(code(|proof| proof.signatures.swap(0, 1)), "ecdsa-sd.statement");
    assert_eq!(code(|proof| proof.signatures.reverse()), "ecdsa-sd.statement");
    assert_eq!(code(|proof| proof.signatures[0] = [0; 64]), "ecdsa-sd.statement");
    assert_eq!(code(|proof| proof.base_signature[9] ^= 1), "ecdsa-sd.signature");
    assert_eq!(code(|proof| proof.base_signature = proof.signatures[0]), "ecdsa-sd.signature");
    assert_eq!(code(|proof| proof.signatures.truncate(1)), "ecdsa-sd.count");
    assert_eq!(code(|proof| proof.signatures.push([1; 64])), "ecdsa-sd.count");
    assert_eq!(code(|proof| proof.signatures = vec![[1; 64]; 600]), "ecdsa-sd.too-many-statements");
}

#[test]
fn two_credentials_of_one_issuer_cannot_be_mixed() {
    let scene = Scene::new();
    let mut other = Value::Object(document());
    other["subject"]["name"] = json!("Bob");
    let (one, two) = (scene.issued(), scene.issued_by(map(other), &MANDATORY, &scene.issuer));
    let (one, two) = (scene.derive(&one, &SHOWN).unwrap(), scene.derive(&two, &SHOWN).unwrap());
    assert_eq!((scene.code(&one), scene.code(&two)), ("holds", "holds"));
    // What is mandatory is the same in both; the rest is not.
    assert_eq!(scene.code(&Parts { value: two.value.clone(), ..one.clone() }), "ecdsa-sd.statement");
    assert_eq!(scene.code(&Parts { value: one.value.clone(), ..two.clone() }), "ecdsa-sd.statement");
    let mixed = one.with(|proof| proof.signatures = two.derived().signatures);
    assert_eq!(scene.code(&Parts { document: two.document.clone(), ..mixed }), "ecdsa-sd.statement");
    let mixed = one.with(|proof| proof.base_signature = two.derived().base_signature);
    assert_eq!(scene.code(&mixed), "ecdsa-sd.signature");
    let mixed = one.with(|proof| proof.key = two.derived().key);
    assert_eq!(scene.code(&mixed), "ecdsa-sd.signature");
}

#[test]
fn the_proofs_own_members_are_signed() {
    let scene = Scene::new();
    let shown = scene.shown(&SHOWN);
    let code = |name: &str, value: Value| {
        let mut options = options();
        options.insert(name.to_owned(), value);
        let opened = Opened::read(&shown.document, &options, &shown.value, &scene.contexts);
        opened.and_then(|opened| opened.verify(&scene.issuer.public_key())).map_or_else(|e| e.code(), |()| "holds")
    };
    assert_eq!(code("verificationMethod", json!("did:example:issuer#key")), "holds");
    assert_eq!(code("verificationMethod", json!("did:example:other#key")), "ecdsa-sd.signature");
    assert_eq!(code("proofPurpose", json!("authentication")), "ecdsa-sd.signature");
    assert_eq!(code("created", json!("2026-01-01T00:00:00Z")), "ecdsa-sd.signature");
    assert_eq!(code("@context", json!(URL)), "holds");
    assert_eq!(code("@context", json!([URL])), "ecdsa-sd.context");
    assert_eq!(code("@context", json!({ "created": "https://b.example/made" })), "ecdsa-sd.context");
}

/// The content of a proof after its header, changed.
fn rewritten(shown: &Parts, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Parts {
    let bytes = base64url::decode(&shown.value[1..]).unwrap();
    let content = change(bytes[3..].to_vec());
    let value = format!("u{}", base64url::encode([&bytes[..3], &content].concat()));
    Parts { document: shown.document.clone(), value }
}

#[test]
fn one_value_has_one_encoding() {
    let scene = Scene::new();
    let shown = scene.shown(&SHOWN);
    let code = |change: fn(Vec<u8>) -> Vec<u8>| scene.code(&rewritten(&shown, change));
    assert_eq!(code(|content| content), "holds");
    assert_eq!(code(|content| [content, vec![0]].concat()), "cbor.trailing");
    assert_eq!(code(|content| content[..content.len() - 1].to_vec()), "cbor.truncated");
    assert_eq!(code(|_| Vec::new()), "cbor.truncated");
    // Five items, with a longer head than needed, or without saying how many.
    assert_eq!(code(|content| [&[0x98, 5], &content[1..]].concat()), "cbor.not-shortest");
    assert_eq!(code(|content| [&[0x9f], &content[1..], &[0xff]].concat()), "cbor.indefinite");
    assert_eq!(code(|_| vec![0x81; 10_000]), "cbor.too-deep");
    assert_eq!(code(|_| vec![0xd8; 10_000]), "cbor.too-deep");
    assert_eq!(code(|_| vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), "cbor.truncated");
    // A tag around it, or a part as text.
    assert_eq!(code(|content| [vec![0xc0], content].concat()), "ecdsa-sd.form");
    assert_eq!(code(|content| [&[0x85, 0x78], &content[2..]].concat()), "cbor.encoding");
    assert_eq!(code(|_| vec![0x80]), "ecdsa-sd.form");
    assert_eq!(code(|_| vec![0x85, 0, 0, 0, 0, 0]), "ecdsa-sd.form");
    assert_eq!(code(|content| [&content[..], &[]].concat()), "holds");
    for value in ["", "u", "z2", "uA", "u=", "u 2V0B", &shown.value[1..], &format!("{}=", shown.value)] {
        assert_ne!(scene.code(&Parts { value: value.to_owned(), ..shown.clone() }), "holds", "{value:.9}");
    }
    // The map of labels with a gap, or with texts as keys.
    let label = |keys: [u8; 2]| {
        let proof = shown.derived();
        let entry = |key: u8, label: &[u8; 32]| [&[key, 0x58, 32], &label[..]].concat();
        let map = [vec![0xa2], entry(keys[0], &proof.labels[0]), entry(keys[1], &proof.labels[1])].concat();
        let original = [vec![0xa2], entry(0, &proof.labels[0]), entry(1, &proof.labels[1])].concat();
        scene.code(&rewritten(&shown, |content| {
            let at = content.windows(original.len()).position(|window| window == original).unwrap();
            [&content[..at], &map, &content[at + original.len()..]].concat()
        }))
    };
    assert_eq!(label([0, 1]), "holds");
    assert_eq!(label([0, 2]), "ecdsa-sd.labels");
    assert_eq!(label([1, 0]), "cbor.not-in-order");
    assert_eq!(label([0, 0]), "cbor.duplicate-key");
    assert_eq!(label([0, 0x20]), "ecdsa-sd.form");
}

#[test]
fn the_key_in_the_proof_is_one_of_p_256() {
    let scene = Scene::new();
    let shown = scene.shown(&SHOWN);
    let key = shown.derived().key.as_bytes().to_vec();
    let code = |change: &dyn Fn(&mut [u8])| {
        scene.code(&rewritten(&shown, |mut content| {
            let at = content.windows(35).position(|window| window == key).unwrap();
            change(&mut content[at..at + 35]);
            content
        }))
    };
    assert_eq!(code(&|_| ()), "holds");
    assert_eq!(code(&|key| key[0] = 0x81), "ecdsa-sd.form");
    assert_eq!(code(&|key| key[2] = 4), "ecdsa-sd.key");
    assert_eq!(code(&|key| key[3..].fill(0xff)), "ecdsa-sd.key");
}

#[test]
fn pointers_lead_somewhere() {
    let scene = Scene::new();
    let base = scene.issued();
    for pointer in [
        "name",
        "/nothing",
        "/subject/nothing",
        "/subject/phone/3",
        "/subject/phone/00",
        "/subject/phone/+1",
        "/subject/phone/-",
        "/subject/name/0",
        "/subject/",
        "//subject",
        "/sub~ject",
        "/subject~",
        "#/subject",
    ] {
        let expected = SdError::PointerUnknown { pointer: pointer.to_owned() };
        assert_eq!(scene.derive(&base, &[pointer]).map(|_| ()), Err(expected.clone()), "{pointer}");
        let secrets = Secrets::random().unwrap();
        let prepared = Prepared::new(document(), options(), &["/issuer", pointer], secrets, &scene.contexts);
        assert_eq!(prepared.map(|_| ()), Err(expected), "{pointer}");
    }
    // The items of a list say nothing without their order.
    assert!(scene.derive(&base, &["/subject/line/1"]).is_err());
    let many = vec!["/issuer"; limits::SD_POINTERS + 1];
    let code = scene.derive(&base, &many).map(|_| ()).unwrap_err().code();
    assert_eq!(code, "ecdsa-sd.too-many-pointers");
    let secrets = Secrets::random().unwrap();
    let prepared = Prepared::new(document(), options(), &[], secrets, &scene.contexts);
    assert_eq!(prepared.map(|_| ()), Err(SdError::Nothing));
}

#[test]
fn what_was_changed_after_it_was_issued_is_not_shown() {
    let scene = Scene::new();
    let base = scene.issued();
    let code = |change: &dyn Fn(&mut Value), pointer| {
        let mut document = Value::Object(base.document.clone());
        change(&mut document);
        let parts = Parts { document: map(document), value: base.value.clone() };
        scene.derive(&parts, &[pointer]).map_or_else(|error| error.code(), |_| "shown")
    };
    assert_eq!(code(&|_| (), "/subject/name"), "shown");
    assert_eq!(code(&|it| it["subject"]["name"] = json!("Bob"), "/subject/name"), "ecdsa-sd.changed");
    assert_eq!(
        code(&|it| drop(it["subject"].as_object_mut().unwrap().remove("born")), "/subject/name"),
        "ecdsa-sd.changed"
    );
    assert_eq!(code(&|it| it["subject"]["town"] = json!("Bay"), "/subject/name"), "ecdsa-sd.changed");
}

#[test]
fn secrets_are_for_one_document() {
    let scene = Scene::new();
    let issued = |seed: u8| {
        let secrets = Secrets::from_seed(&[seed; 32]).unwrap();
        let prepared = Prepared::new(document(), options(), &MANDATORY, secrets, &scene.contexts).unwrap();
        BaseProof::read(&Parts::of(prepared.sign(&scene.issuer).unwrap()).value).unwrap()
    };
    let (one, again, other) = (issued(1), issued(1), issued(2));
    assert_eq!(one.write(), again.write());
    assert!(one.key != other.key && *one.label_key != *other.label_key && one.signatures != other.signatures);
    let signer = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let secrets = Secrets::random().unwrap();
    let prepared = Prepared::new(document(), options(), &MANDATORY, secrets, &scene.contexts).unwrap();
    assert_eq!(prepared.sign(&signer).map(|_| ()).unwrap_err().code(), "ecdsa-sd.signer-key-type");
    let mut signed = document();
    signed.insert("proof".to_owned(), json!({}));
    let prepared = Prepared::new(signed, options(), &MANDATORY, Secrets::random().unwrap(), &scene.contexts);
    assert_eq!(prepared.map(|_| ()), Err(SdError::HasProof));
}

#[test]
fn what_stays_hidden_is_what_is_not_in_the_copy() {
    let scene = Scene::new();
    let base = scene.issued();
    let after = |pointers: &[&str]| {
        let mut found: Vec<String> = hidden(&document(), &MANDATORY, pointers).unwrap().into_iter().collect();
        found.sort();
        found
    };
    assert_eq!(after(&[]), ["/subject"]);
    assert_eq!(after(&[""]), [""; 0]);
    assert_eq!(after(&["/subject"]), [""; 0]);
    let expected = [
        "/subject/address/street",
        "/subject/born",
        "/subject/line",
        "/subject/phone/0",
        "/subject/phone/1",
        "/subject/twin/0",
    ];
    assert_eq!(after(&SHOWN), expected);
    // Just this lacks in what is derived.
    let mut left = Value::Object(document());
    let subject = left["subject"].as_object_mut().unwrap();
    subject.remove("born");
    subject.remove("line");
    subject.insert("address".to_owned(), json!({ "town": "Harbour" }));
    subject.insert("phone".to_owned(), json!(["3"]));
    subject.insert("twin".to_owned(), json!([{ "name": "Cyn" }]));
    assert_eq!(Value::Object(scene.derive(&base, &SHOWN).unwrap().document), left);
    for refused in ["name", "/nothing", "/subject/phone/3"] {
        assert_eq!(hidden(&document(), &MANDATORY, &[refused]).unwrap_err().code(), "ecdsa-sd.pointer-unknown");
        assert_eq!(separable(&document(), &[refused]).unwrap_err().code(), "ecdsa-sd.pointer-unknown");
    }
    let many = vec!["/issuer"; limits::SD_POINTERS + 1];
    assert_eq!(hidden(&document(), &many, &[]).unwrap_err().code(), "ecdsa-sd.too-many-pointers");
}

#[test]
fn what_a_holder_may_hide_can_be_shown_by_itself() {
    let scene = Scene::new();
    let mandatory = ["/issuer", "/until", "/subject/address/town", "/subject/phone/0"];
    let base = scene.issued_by(document(), &mandatory, &scene.issuer);
    assert_eq!(mandatory_pointers(&base.value).unwrap(), mandatory);
    let found = separable(&document(), &mandatory).unwrap();
    let expected = [
        "/subject/name",
        "/subject/born",
        "/subject/address/street",
        "/subject/phone/1",
        "/subject/phone/2",
        "/subject/line",
        "/subject/line/0",
        "/subject/line/1",
        "/subject/twin",
        "/subject/twin/0",
        "/subject/twin/0/name",
        "/subject/twin/1",
        "/subject/twin/1/name",
    ];
    let mut sorted = found.clone();
    sorted.sort();
    let mut expected = expected.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(sorted, expected);
    for pointer in found.iter().filter(|pointer| !pointer.starts_with("/subject/line/")) {
        let least = scene.derive(&base, &[]).unwrap().document;
        assert_ne!(scene.derive(&base, &[pointer]).unwrap().document, least, "{pointer}");
    }
    assert_eq!(separable(&document(), &[""]).unwrap(), [""; 0]);
    let value = map(json!({ "name": { "@value": "Ada", "@language": "en" }, "line": { "@list": ["a"] } }));
    assert_eq!(separable(&value, &[]).unwrap(), ["/line", "/name"]);
    assert_eq!(mandatory_pointers(&scene.shown(&[]).value).unwrap_err().code(), "ecdsa-sd.is-derived");
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(separable(&map(json!({ "name": deep })), &[]).unwrap().len(), limits::JSON_DEPTH + 1);
}

/// A document with so many names, and so many derived proofs, all of them the issuer's.
fn with_proofs(scene: &Scene, names: usize, proofs: usize) -> Signed {
    let mut document = document();
    document["subject"]["phone"] = (0..names).map(|number| json!(format!("{number}"))).collect();
    let everything: Vec<Value> = (0..proofs)
        .map(|_| {
            let base = scene.issued_by(document.clone(), &MANDATORY, &scene.issuer);
            let shown = scene.derive(&base, &[""]).unwrap();
            let mut proof = options();
            proof.insert("proofValue".to_owned(), shown.value.into());
            Value::Object(proof)
        })
        .collect();
    document.insert("proof".to_owned(), everything.into());
    let Ok(signed) = Signed::read(document) else { panic!("they can be read") };
    signed
}

#[test]
fn each_signature_is_checked_once_and_no_more_of_them_than_a_ceiling() {
    let scene = Scene::new();
    let key = scene.issuer.public_key();
    let stranger = SoftwareKey::generate(KeyType::P256).unwrap().public_key();
    let signed = with_proofs(&scene, 480, 3);
    let verify = |at: usize, key| signed.each().nth(at).unwrap().verify(key, &scene.contexts);
    // Whoever signed with another key than is asked for costs one check, however often that is tried.
    for at in 0..3 {
        assert!(matches!(verify(at, &stranger), Err(ProofError::Signature(_))));
    }
    // Two of them are within the ceiling, and are looked at again for nothing.
    for at in [0, 1, 0, 1] {
        assert_eq!(verify(at, &key), Ok(()));
    }
    let limit = limits::SD_CHECKS;
    assert_eq!(verify(2, &key), Err(ProofError::TooManyStatements { limit }));
    assert_eq!((verify(0, &key), verify(2, &key)), (Ok(()), Err(ProofError::TooManyStatements { limit })));
    // Eight small ones are all looked at.
    let signed = with_proofs(&scene, 8, limits::PROOFS);
    assert!(signed.each().all(|each| each.verify(&key, &scene.contexts).is_ok()));
}
