//! Project Wycheproof: signatures and keys made to break verifiers. Every valid one must be accepted, every invalid
//! one refused, through the same functions that verify credentials.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

use attesta::encoding::json::{self, Map};
use attesta::keys::{Algorithm, KeyType, PublicKey, signature_from_der};
use wycheproof::{TestResult, ecdsa, eddsa};

#[derive(Default)]
struct Counts {
    valid: usize,
    invalid: usize,
    jwk: usize,
}

impl Counts {
    fn judge(&mut self, name: &str, id: usize, expected: &TestResult, accepted: bool) {
        match expected {
            TestResult::Valid => self.valid += 1,
            TestResult::Invalid => self.invalid += 1,
            TestResult::Acceptable => panic!("{name} {id}: nothing is said yet of \"acceptable\" cases"),
        }
        assert_eq!(accepted, *expected == TestResult::Valid, "{name} {id}");
    }

    fn close(&self, name: &str) {
        assert!(self.valid > 50 && self.invalid > 50, "{name}: too few cases were read");
        println!(
            "wycheproof {name}: {} valid accepted, {} invalid refused, 0 acceptable; {} keys read as JWK too",
            self.valid, self.invalid, self.jwk
        );
    }
}

/// The groups' JWKs exactly as published; the crate's own type has decoded them already.
fn jwks(data: &str) -> Vec<Option<Map>> {
    let set: serde_json::Value = serde_json::from_str(data).unwrap();
    let groups = set["testGroups"].as_array().unwrap();
    groups.iter().map(|group| group.get("publicKeyJwk").map(|jwk| jwk.as_object().unwrap().clone())).collect()
}

/// The key as bytes and, where there is a JWK, as that: both must read alike.
fn read(key_type: KeyType, bytes: &[u8], jwk: Option<Map>, counts: &mut Counts) -> PublicKey {
    let key = PublicKey::from_bytes(key_type, bytes).unwrap();
    if let Some(jwk) = jwk {
        let text = serde_json::to_vec(&jwk).unwrap();
        let from_jwk = PublicKey::from_jwk(&json::parse_object(&text).unwrap()).unwrap();
        assert_eq!(from_jwk, key);
        counts.jwk += 1;
    }
    key
}

#[test]
fn ed25519() {
    let mut counts = Counts::default();
    let jwks = jwks(eddsa::TestName::Ed25519.json_data());
    let groups = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups;
    assert_eq!(groups.len(), jwks.len());
    for (group, jwk) in groups.into_iter().zip(jwks) {
        let key = read(KeyType::Ed25519, &group.key.pk, jwk, &mut counts);
        for test in group.tests {
            let accepted = key.verify(Algorithm::Ed25519, &test.msg, &test.sig).is_ok();
            counts.judge("Ed25519", test.tc_id, &test.result, accepted);
        }
    }
    counts.close("Ed25519");
}

fn ecdsa(name: &str, test_name: ecdsa::TestName, algorithm: Algorithm, is_der: bool) {
    let mut counts = Counts::default();
    let jwks = jwks(test_name.json_data());
    let groups = ecdsa::TestSet::load(test_name).unwrap().test_groups;
    assert_eq!(groups.len(), jwks.len());
    for (group, jwk) in groups.into_iter().zip(jwks) {
        let key = read(algorithm.key_type(), &group.key.key, jwk, &mut counts);
        for test in group.tests {
            let accepted = if is_der {
                signature_from_der(algorithm, &test.sig).is_ok_and(|raw| key.verify(algorithm, &test.msg, &raw).is_ok())
            } else {
                key.verify(algorithm, &test.msg, &test.sig).is_ok()
            };
            counts.judge(name, test.tc_id, &test.result, accepted);
        }
    }
    counts.close(name);
}

#[test]
fn es256_raw() {
    ecdsa("ES256 raw", ecdsa::TestName::EcdsaSecp256r1Sha256P1363, Algorithm::Es256, false);
}

#[test]
fn es256_der() {
    ecdsa("ES256 DER", ecdsa::TestName::EcdsaSecp256r1Sha256, Algorithm::Es256, true);
}

#[test]
fn es384_raw() {
    ecdsa("ES384 raw", ecdsa::TestName::EcdsaSecp384r1Sha384P1363, Algorithm::Es384, false);
}

#[test]
fn es384_der() {
    ecdsa("ES384 DER", ecdsa::TestName::EcdsaSecp384r1Sha384, Algorithm::Es384, true);
}

#[test]
fn es512_raw() {
    ecdsa("ES512 raw", ecdsa::TestName::EcdsaSecp521r1Sha512P1363, Algorithm::Es512, false);
}

#[test]
fn es512_der() {
    ecdsa("ES512 DER", ecdsa::TestName::EcdsaSecp521r1Sha512, Algorithm::Es512, true);
}
