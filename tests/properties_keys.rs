//! What holds for every key, message and signature.

#![allow(clippy::unwrap_used, reason = "a test speaks and fails by these")]

use attesta::encoding::json;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey, sign};
use proptest::prelude::*;

fn signing_key_type() -> impl Strategy<Value = KeyType> {
    prop::sample::select(vec![KeyType::Ed25519, KeyType::P256, KeyType::P384, KeyType::P521])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_public_key_reads_back_from_every_form(key_type in signing_key_type()) {
        let key = SoftwareKey::generate(key_type).unwrap().public_key();
        for key in [Some(key.clone()), key.derive_x25519()].into_iter().flatten() {
            prop_assert_eq!(&PublicKey::from_jwk(&key.to_jwk()).unwrap(), &key);
            prop_assert_eq!(&PublicKey::from_multikey(&key.to_multikey()).unwrap(), &key);
            prop_assert_eq!(&PublicKey::from_bytes(key.key_type(), &key.to_bytes()).unwrap(), &key);
        }
    }

    #[test]
    fn a_flipped_bit_in_message_or_signature_is_refused(
        key_type in signing_key_type(),
        message in prop::collection::vec(any::<u8>(), 1..200),
        bit in any::<prop::sample::Index>(),
    ) {
        let key = SoftwareKey::generate(key_type).unwrap();
        let (algorithm, public) = (key.algorithm(), key.public_key());
        let signature = sign(&key, &message).unwrap();
        prop_assert!(public.verify(algorithm, &message, &signature).is_ok());

        let flipped = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        };
        prop_assert!(public.verify(algorithm, &flipped(&message), &signature).is_err());
        prop_assert!(public.verify(algorithm, &message, &flipped(&signature)).is_err());
    }

    #[test]
    fn no_bytes_make_a_key_that_does_not_write_itself_back(
        bytes in prop::collection::vec(any::<u8>(), 0..140),
        text in "[zu][1-9A-Za-z]{0,120}",
    ) {
        for key_type in KeyType::ALL {
            if let Ok(key) = PublicKey::from_bytes(key_type, &bytes) {
                prop_assert_eq!(PublicKey::from_bytes(key_type, &key.to_bytes()).unwrap(), key);
            }
        }
        if let Ok(key) = PublicKey::from_multikey(&text) {
            prop_assert_eq!(key.to_multikey(), text);
        }
    }

    #[test]
    fn a_private_key_is_never_read_as_a_public_one(key_type in signing_key_type()) {
        let key = SoftwareKey::generate(key_type).unwrap();
        let jwk = json::parse_object(key.to_private_jwk().as_bytes()).unwrap();
        prop_assert!(PublicKey::from_jwk(&jwk).is_err());
        let public = format!("{:?}", key.public_key());
        let secret = jwk["d"].as_str().unwrap();
        prop_assert!(!public.contains(secret));
    }
}
