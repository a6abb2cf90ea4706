//! Public keys as Multikey text (Controlled Identifiers 1.0, section 2.2.2): base58btc of a multicodec and the key.

use super::{KeyError, KeyType, PublicKey};
use crate::encoding::multibase::{self, MultibaseError};
use crate::limits;

/// The multicodecs of private keys: Ed25519, X25519, P-256, P-384, P-521 and secp256k1 (Controlled Identifiers 1.0,
/// section 2.2.2, `secretKeyMultibase`; multicodec table).
const PRIVATE_CODECS: [[u8; 2]; 6] =
    [[0x80, 0x26], [0x82, 0x26], [0x86, 0x26], [0x87, 0x26], [0x88, 0x26], [0x81, 0x26]];

fn codec(key_type: KeyType) -> [u8; 2] {
    match key_type {
        KeyType::Ed25519 => [0xed, 0x01],
        KeyType::X25519 => [0xec, 0x01],
        KeyType::P256 => [0x80, 0x24],
        KeyType::P384 => [0x81, 0x24],
        KeyType::P521 => [0x82, 0x24],
    }
}

impl PublicKey {
    /// Reads a Multikey, such as `z6Mk...` (Ed25519) or `zDna...` (P-256). Points stand compressed.
    ///
    /// # Errors
    /// [`KeyError`] for anything that [`to_multikey`](Self::to_multikey) would not have written.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let bytes = match multibase::decode_base58btc(text, limits::MULTIKEY_CHARACTERS) {
            Err(MultibaseError::TooLong { .. }) => return Err(KeyError::UnsupportedType),
            decoded => decoded?,
        };
        let (found, key) = bytes.split_first_chunk::<2>().ok_or(KeyError::UnsupportedType)?;
        if PRIVATE_CODECS.contains(found) {
            return Err(KeyError::PrivateKey);
        }
        let key_type = KeyType::ALL.into_iter().find(|key_type| codec(*key_type) == *found);
        let key_type = key_type.ok_or(KeyError::UnsupportedType)?;
        let expected = key_type.short_length();
        if key.len() != expected {
            return Err(KeyError::Length { expected, found: key.len() });
        }
        Self::from_bytes(key_type, key)
    }

    /// This key as Multikey text.
    pub fn to_multikey(&self) -> String {
        let mut bytes = codec(self.key_type()).to_vec();
        bytes.extend(self.to_bytes());
        multibase::encode_base58btc(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    fn code(text: &str) -> &'static str {
        PublicKey::from_multikey(text).map_or_else(|error| error.code(), |_| "ok")
    }

    fn with(codec: &[u8], key: &[u8]) -> String {
        multibase::encode_base58btc([codec, key].concat())
    }

    #[test]
    fn the_examples_of_controlled_identifiers_read_and_write_back() {
        for (text, key_type) in [
            ("z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu", KeyType::Ed25519),
            ("z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F", KeyType::X25519),
            ("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", KeyType::P256),
            ("z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54", KeyType::P384),
            (
                "z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7",
                KeyType::P521,
            ),
        ] {
            let key = PublicKey::from_multikey(text).unwrap();
            assert_eq!((key.key_type(), key.to_multikey().as_str()), (key_type, text));
        }
    }

    #[test]
    fn what_is_no_public_multikey_is_refused() {
        let key = PublicKey::from_multikey("z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu").unwrap().to_bytes();
        let point = PublicKey::from_multikey("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv").unwrap();
        let (x, y) = point.coordinates();
        let uncompressed = [vec![4], x, y.unwrap()].concat();
        for (text, expected) in [
            (String::new(), "multibase.base"),
            ("z".to_owned(), "key.unsupported-type"),
            ("6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu".to_owned(), "multibase.base"),
            ("u7QEnmQ".to_owned(), "multibase.base"),
            ("z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cx0".to_owned(), "multibase.character"),
            (format!("z{}", "6".repeat(limits::MULTIKEY_CHARACTERS)), "key.unsupported-type"),
            (with(&[0xed, 0x01], &key[..31]), "key.length"),
            (with(&[0xed, 0x01], &[&key[..], &[0]].concat()), "key.length"),
            (with(&[0xed], &key), "key.unsupported-type"),
            (with(&[0xed, 0x81, 0x00], &key), "key.unsupported-type"),
            (with(&[0, 0xed, 0x01], &key), "key.unsupported-type"),
            (with(&[0xe7, 0x01], &[2; 33]), "key.unsupported-type"),
            (with(&[0xeb, 0x01], &[2; 96]), "key.unsupported-type"),
            (with(&[0x80, 0x26], &key), "key.private-key"),
            (with(&[0x86, 0x26], &key), "key.private-key"),
            (with(&[0x80, 0x24], &uncompressed), "key.length"),
            (with(&[0x81, 0x24], &point.to_bytes()), "key.length"),
            (with(&[0x80, 0x24], &[5; 33]), "key.not-on-curve"),
            (with(&[0xed, 0x01], &[0; 32]), "key.small-order"),
        ] {
            assert_eq!(code(&text), expected, "{text}");
        }
    }
}
