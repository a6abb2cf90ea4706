//! Proofs of `ecdsa-sd-2023` that say whatever they are told to say: their parts taken out of CBOR, changed, and put back.

use attesta::encoding::base64url;
use attesta::encoding::cbor::{self, Key, Value as Cbor};
use attesta::encoding::json::Map;
use attesta::jsonld::{Contexts, Embedded};
use attesta::keys::{self, Signer};
use attesta::presentation::{self, Disclose};
use attesta::securing::data_integrity::sd::{self, Opened, Prepared, Secrets};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cast::{Party, VALID_FROM};
use crate::forge::map;
use crate::scene::Scene;

/// The header of a derived proof.
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];

/// What a holder shows: a document, its proof without the value, and the parts of the value.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) document: Map,
    pub(crate) options: Map,
    pub(crate) base_signature: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) signatures: Vec<Vec<u8>>,
    pub(crate) labels: Vec<(u64, Vec<u8>)>,
    pub(crate) mandatory: Vec<u64>,
}

impl Shown {
    pub(crate) fn of(text: &str) -> Self {
        let mut document: Map = serde_json::from_str(text).unwrap();
        let mut options = map(document.remove("proof").unwrap());
        let value = options.remove("proofValue").unwrap();
        let bytes = base64url::decode(value.as_str().unwrap().strip_prefix('u').unwrap()).unwrap();
        let value = cbor::decode(bytes.strip_prefix(&DERIVED).unwrap()).unwrap();
        let [base_signature, key, signatures, labels, mandatory] = value.as_array().unwrap() else {
            panic!("a derived proof has five parts")
        };
        let bytes_of = |value: &Cbor<'_>| value.as_bytes().unwrap().to_vec();
        let number = |key: Key<'_>| match key {
            Key::Unsigned(number) => number,
            _ => panic!("labels have numbers"),
        };
        Self {
            document,
            options,
            base_signature: bytes_of(base_signature),
            key: bytes_of(key),
            signatures: signatures.as_array().unwrap().iter().map(bytes_of).collect(),
            labels: labels.as_map().unwrap().iter().map(|(key, label)| (number(key), bytes_of(label))).collect(),
            mandatory: mandatory.as_array().unwrap().iter().map(|index| index.as_u64().unwrap()).collect(),
        }
    }

    /// The value's CBOR, without the header.
    pub(crate) fn content(&self) -> Vec<u8> {
        let list = |items: &[Vec<u8>]| Cbor::Array(items.iter().map(|item| Cbor::Bytes(item)).collect()).into_bytes();
        let mut labels = head(5, self.labels.len());
        for (number, label) in &self.labels {
            labels.extend(cbor::encode(&Cbor::Unsigned(*number)));
            labels.extend(cbor::encode(&Cbor::Bytes(label)));
        }
        let mandatory = Cbor::Array(self.mandatory.iter().map(|index| Cbor::Unsigned(*index)).collect());
        [
            vec![0x85],
            cbor::encode(&Cbor::Bytes(&self.base_signature)),
            cbor::encode(&Cbor::Bytes(&self.key)),
            list(&self.signatures),
            labels,
            cbor::encode(&mandatory),
        ]
        .concat()
    }

    pub(crate) fn to_text(&self) -> String {
        self.with_content(&self.content())
    }

    /// With these bytes after the header.
    pub(crate) fn with_content(&self, content: &[u8]) -> String {
        self.with_value(&format!("u{}", base64url::encode([&DERIVED[..], content].concat())))
    }

    pub(crate) fn with_value(&self, value: &str) -> String {
        let mut document = self.document.clone();
        let mut options = self.options.clone();
        options.insert("proofValue".to_owned(), value.into());
        document.insert("proof".to_owned(), Value::Object(options));
        Value::Object(document).to_string()
    }

    /// After this change.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = self.clone();
        change(&mut changed);
        changed.to_text()
    }

    /// The statements that are not mandatory, signed by somebody else one by one.
    pub(crate) fn sign_statements(&mut self, signer: &dyn Signer) {
        let text = self.to_text();
        let mut document: Map = serde_json::from_str(&text).unwrap();
        let mut options = map(document.remove("proof").unwrap());
        let value = options.remove("proofValue").unwrap();
        let opened = Opened::read(&document, &options, value.as_str().unwrap(), contexts()).unwrap();
        let open = opened.statements().filter(|(_, is_mandatory)| !is_mandatory);
        self.signatures = open.map(|(line, _)| keys::sign(signer, line.as_bytes()).unwrap()).collect();
    }
}

trait IntoBytes {
    fn into_bytes(self) -> Vec<u8>;
}

impl IntoBytes for Cbor<'_> {
    fn into_bytes(self) -> Vec<u8> {
        cbor::encode(&self)
    }
}

/// The head of a value that has so many parts, at most 23.
fn head(major: u8, count: usize) -> Vec<u8> {
    vec![major << 5 | u8::try_from(count).unwrap()]
}

pub(crate) fn contexts() -> &'static dyn Contexts {
    &Embedded
}

impl Scene {
    /// A base proof by a party over any document, with this alone mandatory.
    pub(crate) fn base(
        &self,
        document: Map,
        mandatory: &[&str],
        party: &Party,
        change: impl FnOnce(&mut Map),
    ) -> String {
        let mut options = map(json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "ecdsa-sd-2023",
            "verificationMethod": party.method,
            "proofPurpose": "assertionMethod",
            "created": VALID_FROM,
        }));
        change(&mut options);
        let seed = Sha256::digest(Value::Object(document.clone()).to_string());
        let secrets = Secrets::from_seed(&seed.into()).unwrap();
        let prepared = Prepared::new(document, options, mandatory, secrets, contexts()).unwrap();
        Value::Object(prepared.sign(&party.key).unwrap()).to_string()
    }

    /// What the holder of a base proof shows at these pointers into the document.
    pub(crate) fn derived(&self, base: &str, pointers: &[&str]) -> String {
        presentation::derive(base.as_bytes(), Disclose::Only(pointers)).unwrap()
    }

    /// What the tenant shows at the claims file's pointers.
    pub(crate) fn shown(&self, pointers: &[&str]) -> String {
        let pointers: Vec<String> = pointers.iter().map(|pointer| self.at(pointer)).collect();
        let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
        self.derived(&self.credential(), &pointers)
    }
}

/// What only its holder may have.
pub(crate) fn is_base(text: &str) -> bool {
    let document: Value = serde_json::from_str(text).unwrap();
    sd::is_base(document["proof"]["proofValue"].as_str().unwrap())
}
