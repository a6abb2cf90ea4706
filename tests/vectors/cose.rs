//! Making COSE messages that say whatever they are told to say, signed for real. Neither the library's CBOR nor its
//! signing input is used, so that the two can disagree.
//!
//! Among the cases a message is a text, as everything else is: `cose:` and its bytes in base64url.

use attesta::encoding::json::{self, Map, Value};
use attesta::encoding::{base64url, jcs};
use attesta::keys::{self, Signer};

const PREFIX: &str = "cose:";

/// Names of header parameters as cases write them, with their labels.
const PARAMETERS: [(&str, i64); 5] = [("alg", 1), ("crit", 2), ("cty", 3), ("kid", 4), ("typ", 16)];

/// Names of CWT claims, which stand together in the parameter 15.
const CLAIMS: [(&str, i64); 7] =
    [("iss", 1), ("sub", 2), ("aud", 3), ("exp", 4), ("nbf", 5), ("iat", 6), ("nonce", 10)];

/// The four parts of a message, its headers and payload as bytes.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) protected: Vec<u8>,
    /// A map, encoded.
    pub(crate) unprotected: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Message {
    /// A signed message with exactly this header and payload.
    pub(crate) fn sign(header: &Map, payload: &Map, signer: &dyn Signer) -> Self {
        Self::sign_bytes(protected(header), jcs::canonicalize(payload), signer)
    }

    pub(crate) fn sign_bytes(protected: Vec<u8>, payload: Vec<u8>, signer: &dyn Signer) -> Self {
        let unsigned = Self { protected, unprotected: head(MAP, 0), payload, signature: Vec::new() };
        let signature = keys::sign(signer, &unsigned.signed_bytes()).unwrap();
        Self { signature, ..unsigned }
    }

    /// RFC 9052 section 4.4.
    pub(crate) fn signed_bytes(&self) -> Vec<u8> {
        [head(ARRAY, 4), text("Signature1"), bytes(&self.protected), bytes(b""), bytes(&self.payload)].concat()
    }

    pub(crate) fn untagged(&self) -> Vec<u8> {
        [head(ARRAY, 4), bytes(&self.protected), self.unprotected.clone(), bytes(&self.payload), bytes(&self.signature)]
            .concat()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [head(TAG, 18), self.untagged()].concat()
    }

    pub(crate) fn to_text(&self) -> String {
        as_text(&self.to_bytes())
    }

    pub(crate) fn document(&self) -> Map {
        json::parse_object(&self.payload).unwrap()
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(crate) fn read(text: &str) -> Self {
        let bytes = of_text(text).unwrap_or_else(|| panic!("this is no message: {text}"));
        let mut rest = bytes.strip_prefix(&[0xd2, 0x84]).unwrap();
        let protected = take_bytes(&mut rest);
        assert_eq!(rest[0], 0xa0, "an unprotected header of a case is written by hand");
        rest = &rest[1..];
        let (payload, signature) = (take_bytes(&mut rest), take_bytes(&mut rest));
        assert_eq!(rest, b"");
        Self { protected, unprotected: head(MAP, 0), payload, signature }
    }
}

/// A message's bytes as a text.
pub(crate) fn as_text(message: &[u8]) -> String {
    format!("{PREFIX}{}", base64url::encode(message))
}

/// The bytes of such a text; `None` for any other.
pub(crate) fn of_text(text: &str) -> Option<Vec<u8>> {
    Some(base64url::decode(text.strip_prefix(PREFIX)?).unwrap())
}

/// The protected header with these parameters and claims.
pub(crate) fn protected(header: &Map) -> Vec<u8> {
    let entries = |known: &[(&str, i64)]| -> Vec<(i64, Vec<u8>)> {
        known.iter().filter_map(|(name, label)| Some((*label, value(name, header.get(*name)?)))).collect()
    };
    let mut parameters = entries(&PARAMETERS);
    let claims = entries(&CLAIMS);
    if !claims.is_empty() {
        parameters.insert(parameters.len() - usize::from(header.contains_key("typ")), (15, map(&claims)));
    }
    let unknown =
        header.keys().find(|name| ![&PARAMETERS[..], &CLAIMS].concat().iter().any(|(known, _)| known == name));
    assert_eq!(unknown, None, "a COSE header of a case has no such parameter");
    map(&parameters)
}

fn value(name: &str, value: &Value) -> Vec<u8> {
    match value {
        Value::String(value) if matches!(name, "kid" | "nonce") => bytes(value.as_bytes()),
        Value::String(value) => text(value),
        Value::Number(number) => int(number.as_i64().unwrap()),
        Value::Array(items) => {
            [head(ARRAY, items.len()), items.iter().flat_map(|item| self::value("", item)).collect()].concat()
        }
        other => panic!("no COSE header holds {other}"),
    }
}

pub(crate) const ARRAY: u8 = 4;
pub(crate) const MAP: u8 = 5;
const TAG: u8 = 6;

pub(crate) fn map(entries: &[(i64, Vec<u8>)]) -> Vec<u8> {
    [
        head(MAP, entries.len()),
        entries.iter().flat_map(|(label, value)| [int(*label), value.clone()].concat()).collect(),
    ]
    .concat()
}

pub(crate) fn int(number: i64) -> Vec<u8> {
    match usize::try_from(number) {
        Ok(number) => head(0, number),
        Err(_) => head(1, usize::try_from(-1 - number).unwrap()),
    }
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

pub(crate) fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

pub(crate) fn head(major: u8, argument: usize) -> Vec<u8> {
    let bytes = u32::try_from(argument).unwrap().to_be_bytes();
    match argument {
        0..=23 => vec![major << 5 | bytes[3]],
        24..=0xff => vec![major << 5 | 24, bytes[3]],
        0x100..=0xffff => vec![major << 5 | 25, bytes[2], bytes[3]],
        _ => [&[major << 5 | 26], &bytes[..]].concat(),
    }
}

fn take_bytes(rest: &mut &[u8]) -> Vec<u8> {
    let (initial, after) = rest.split_first().unwrap();
    assert_eq!(initial >> 5, 2, "a byte string was expected");
    let width = match initial & 0x1f {
        0..=23 => 0,
        24 => 1,
        25 => 2,
        _ => 4,
    };
    let (argument, after) = after.split_at(width);
    let length = match width {
        0 => usize::from(initial & 0x1f),
        _ => argument.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
    };
    let (taken, after) = after.split_at(length);
    *rest = after;
    taken.to_vec()
}
