//! What stands in `proofValue`: a header of three bytes and CBOR (VC-DI-ECDSA 1.0, sections 3.5.2, 3.5.3, 3.5.7 and
//! 3.5.8).

use zeroize::Zeroizing;

use super::SdError;
use crate::encoding::base64url;
use crate::encoding::cbor::{self, Key, Map, Value};
use crate::encoding::multibase::MultibaseError;
use crate::keys::{KeyType, PublicKey};
use crate::limits;

const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];

/// The multicodec of P-256 before a compressed point (Controlled Identifiers 1.0, section 2.2.2).
const P256: [u8; 2] = [0x80, 0x24];

/// Bytes of a raw ECDSA signature with P-256.
pub(super) type Signature = [u8; 64];

/// The key of one proof, with which its statements were signed. It says nothing of who the issuer is.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ProofKey {
    bytes: [u8; 35],
    pub(super) key: PublicKey,
}

impl ProofKey {
    fn read(bytes: &[u8]) -> Result<Self, SdError> {
        let bytes: [u8; 35] = bytes.try_into().map_err(|_| SdError::Form { expected: "a key of 35 bytes" })?;
        let Some(point) = bytes.strip_prefix(&P256) else {
            return Err(SdError::Form { expected: "a key of P-256" });
        };
        let key = PublicKey::from_bytes(KeyType::P256, point).map_err(SdError::Key)?;
        Ok(Self { bytes, key })
    }

    pub(super) fn of(key: PublicKey) -> Result<Self, SdError> {
        Self::read(&[&P256[..], &key.to_bytes()].concat())
    }

    /// As a Multikey has it before it becomes text.
    pub(super) fn as_bytes(&self) -> &[u8; 35] {
        &self.bytes
    }
}

/// What an issuer hands to a holder. Has no `Debug`: with the key of the labels all of them can be computed.
pub(super) struct BaseProof {
    pub(super) base_signature: Signature,
    pub(super) key: ProofKey,
    pub(super) label_key: Zeroizing<[u8; 32]>,
    /// One for each statement that is not mandatory, in the order of the statements.
    pub(super) signatures: Vec<Signature>,
    pub(super) mandatory: Vec<String>,
}

impl BaseProof {
    pub(super) fn read(value: &str) -> Result<Self, SdError> {
        let bytes = Zeroizing::new(decoded(value)?);
        let content = match bytes.split_first_chunk::<3>() {
            Some((&BASE, content)) => content,
            Some((&DERIVED, _)) => return Err(SdError::IsDerived),
            _ => return Err(SdError::Header),
        };
        let value = cbor::decode(content)?;
        let [base_signature, key, label_key, signatures, mandatory] = items(&value, "a list of five parts")?;
        let pointers = array(mandatory, "a list of pointers")?;
        if pointers.len() > limits::SD_POINTERS {
            return Err(SdError::TooManyPointers { limit: limits::SD_POINTERS });
        }
        let pointer = |value: &Value<'_>| value.as_text().map(str::to_owned);
        Ok(Self {
            base_signature: bytes_of(base_signature, "a signature of 64 bytes")?,
            key: ProofKey::read(byte_string(key, "a key of 35 bytes")?)?,
            label_key: Zeroizing::new(bytes_of(label_key, "a key of 32 bytes for the labels")?),
            signatures: signatures_of(signatures)?,
            mandatory: pointers
                .iter()
                .map(|value| pointer(value).ok_or(SdError::Form { expected: "a list of pointers" }))
                .collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn write(&self) -> String {
        encoded(
            BASE,
            vec![
                Value::Bytes(&self.base_signature),
                Value::Bytes(self.key.as_bytes()),
                Value::Bytes(&*self.label_key),
                Value::Array(self.signatures.iter().map(|signature| Value::Bytes(signature)).collect()),
                Value::Array(self.mandatory.iter().map(|pointer| Value::Text(pointer)).collect()),
            ],
        )
    }
}

/// What a holder hands to a verifier.
#[derive(Clone)]
pub(super) struct DerivedProof {
    pub(super) base_signature: Signature,
    pub(super) key: ProofKey,
    /// One for each statement that is shown and not mandatory, in the order of the statements.
    pub(super) signatures: Vec<Signature>,
    /// What `c14n0`, `c14n1` and so on were called when they were signed.
    pub(super) labels: Vec<[u8; 32]>,
    /// Which of the statements that are shown are mandatory.
    pub(super) mandatory: Vec<u64>,
}

impl DerivedProof {
    pub(super) fn read(value: &str) -> Result<Self, SdError> {
        let bytes = decoded(value)?;
        let content = match bytes.split_first_chunk::<3>() {
            Some((&DERIVED, content)) => content,
            Some((&BASE, _)) => return Err(SdError::IsBase),
            _ => return Err(SdError::Header),
        };
        let value = cbor::decode(content)?;
        let [base_signature, key, signatures, labels, mandatory] = items(&value, "a list of five parts")?;
        let index = |value: &Value<'_>| value.as_u64().ok_or(SdError::Form { expected: "a list of positions" });
        Ok(Self {
            base_signature: bytes_of(base_signature, "a signature of 64 bytes")?,
            key: ProofKey::read(byte_string(key, "a key of 35 bytes")?)?,
            signatures: signatures_of(signatures)?,
            labels: labels_of(labels)?,
            mandatory: array(mandatory, "a list of positions")?.iter().map(index).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn write(&self) -> String {
        let mut labels = Map::new();
        for (number, label) in (0..).zip(&self.labels) {
            labels.insert(Key::Unsigned(number), Value::Bytes(label));
        }
        encoded(
            DERIVED,
            vec![
                Value::Bytes(&self.base_signature),
                Value::Bytes(self.key.as_bytes()),
                Value::Array(self.signatures.iter().map(|signature| Value::Bytes(signature)).collect()),
                Value::Map(labels),
                Value::Array(self.mandatory.iter().map(|index| Value::Unsigned(*index)).collect()),
            ],
        )
    }
}

/// The map of labels: `c14n0`, `c14n1` and so on without a gap, and no two nodes of one name. Else what was said of one
/// node could be shown as said of two, or of two as of one.
fn labels_of(value: &Value<'_>) -> Result<Vec<[u8; 32]>, SdError> {
    const EXPECTED: &str = "a map from numbers to labels of 32 bytes";
    let map = value.as_map().ok_or(SdError::Form { expected: EXPECTED })?;
    let mut labels = Vec::with_capacity(map.len());
    for (number, (key, label)) in (0..).zip(map.iter()) {
        match key {
            Key::Unsigned(key) if key == number => labels.push(bytes_of(label, EXPECTED)?),
            Key::Unsigned(_) => return Err(SdError::Labels),
            _ => return Err(SdError::Form { expected: EXPECTED }),
        }
    }
    let mut sorted = labels.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) { Err(SdError::Labels) } else { Ok(labels) }
}

fn decoded(value: &str) -> Result<Vec<u8>, SdError> {
    let text = value.strip_prefix('u').ok_or(SdError::Value(MultibaseError::Base))?;
    base64url::decode(text).map_err(|_| SdError::Value(MultibaseError::Character))
}

fn encoded(header: [u8; 3], parts: Vec<Value<'_>>) -> String {
    let content = Zeroizing::new(cbor::encode(&Value::Array(parts)));
    let bytes = Zeroizing::new([&header[..], &content].concat());
    format!("u{}", base64url::encode(&*bytes))
}

fn array<'v, 'a>(value: &'v Value<'a>, expected: &'static str) -> Result<&'v [Value<'a>], SdError> {
    value.as_array().ok_or(SdError::Form { expected })
}

fn items<'v, 'a, const N: usize>(value: &'v Value<'a>, expected: &'static str) -> Result<&'v [Value<'a>; N], SdError> {
    array(value, expected)?.try_into().map_err(|_| SdError::Form { expected })
}

fn byte_string<'a>(value: &Value<'a>, expected: &'static str) -> Result<&'a [u8], SdError> {
    value.as_bytes().ok_or(SdError::Form { expected })
}

fn bytes_of<const N: usize>(value: &Value<'_>, expected: &'static str) -> Result<[u8; N], SdError> {
    byte_string(value, expected)?.try_into().map_err(|_| SdError::Form { expected })
}

fn signatures_of(value: &Value<'_>) -> Result<Vec<Signature>, SdError> {
    const EXPECTED: &str = "a list of signatures of 64 bytes";
    let items = array(value, EXPECTED)?;
    if items.len() > limits::SD_STATEMENTS {
        return Err(SdError::TooManyStatements { limit: limits::SD_STATEMENTS });
    }
    items.iter().map(|item| bytes_of(item, EXPECTED)).collect()
}
