//! Who takes part: issuers, holders and thieves, with keys that everybody may know.

use std::sync::LazyLock;

use attesta::did::method;
use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

/// The verifier that most vectors are presented to.
pub(crate) const BANK: &str = "https://onboarding.harbourbank.example";
/// The nonce of its request.
pub(crate) const NONCE: &str = "n-2ZkF0mR8yWv4tQ1xLpHs7g";
/// The moment that most vectors judge.
pub(crate) const NOW: &str = "2026-11-20T09:00:00Z";
/// The day from which most credentials are valid.
pub(crate) const VALID_FROM: &str = "2026-11-02T00:00:00Z";
/// The end of that time, 90 days later.
pub(crate) const VALID_UNTIL: &str = "2027-01-31T00:00:00Z";
/// When the desk wrote its trust list.
pub(crate) const LIST_ISSUED: &str = "2026-11-01T00:00:00Z";

/// Somebody with a key and an identifier.
pub(crate) struct Party {
    pub(crate) name: &'static str,
    pub(crate) key: SoftwareKey,
    pub(crate) did: String,
    /// The verification method's absolute URL.
    pub(crate) method: String,
}

impl Party {
    fn new(name: &'static str, key_type: KeyType) -> Self {
        let key = key_of(name, key_type);
        let did = method::key::from_key(&key.public_key());
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        Self { name, key, did, method }
    }

    /// Under an identifier whose document is published somewhere.
    fn at(name: &'static str, key_type: KeyType, method: &str) -> Self {
        let (did, _) = method.split_once('#').unwrap();
        Self { name, key: key_of(name, key_type), did: did.to_owned(), method: method.to_owned() }
    }

    /// Under the method of a history.
    pub(crate) fn holding(name: &'static str, key: SoftwareKey, method: &str) -> Self {
        let (did, _) = method.split_once('#').unwrap();
        Self { name, key, did: did.to_owned(), method: method.to_owned() }
    }

    /// Under the did:jwk of its key.
    fn of_jwk(name: &'static str, key_type: KeyType) -> Self {
        let key = key_of(name, key_type);
        let did = method::jwk::from_key(&key.public_key());
        Self { name, key, method: format!("{did}#0"), did }
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    /// The same key under another identifier.
    pub(crate) fn under(&self, method: &str) -> Self {
        Self::at(self.name, self.key.algorithm().key_type(), method)
    }
}

/// Everybody.
pub(crate) struct Cast {
    /// An organisation that vouches for addresses.
    pub(crate) ngo: Party,
    /// Another, with a P-256 key.
    pub(crate) hostel: Party,
    /// An authority that grants licences, with a P-384 key.
    pub(crate) transport: Party,
    /// Another, with an Ed25519 key.
    pub(crate) marine: Party,
    /// A programme that certifies skills and publishes its keys on its own host.
    pub(crate) programme: Party,
    /// The programme's P-256 key.
    pub(crate) programme_p256: Party,
    /// A school whose credentials are of no kind of this library's.
    pub(crate) school: Party,
    /// Another, with a P-256 key.
    pub(crate) academy: Party,
    /// Another, with a P-521 key.
    pub(crate) college: Party,
    /// A school that publishes its keys as an issuer's metadata, on its own host.
    pub(crate) institute: Party,
    /// A notary's office that has its key by a certificate.
    pub(crate) notary: Party,
    /// The person that most credentials are issued to.
    pub(crate) tenant: Party,
    /// Somebody whom one of the credentials is issued to under a did:jwk.
    pub(crate) neighbour: Party,
    /// Somebody who copied the tenant's files.
    pub(crate) thief: Party,
    /// Somebody who makes credentials in others' names.
    pub(crate) forger: Party,
}

/// The host of the programme's key document.
pub(crate) const PROGRAMME: &str = "did:web:timevoucher.example.org";

pub(crate) static CAST: LazyLock<Cast> = LazyLock::new(|| Cast {
    ngo: Party::new("ngo", KeyType::Ed25519),
    hostel: Party::new("hostel", KeyType::P256),
    transport: Party::new("transport", KeyType::P384),
    marine: Party::new("marine", KeyType::Ed25519),
    programme: Party::at("programme", KeyType::Ed25519, &format!("{PROGRAMME}#key-1")),
    programme_p256: Party::at("programme-p256", KeyType::P256, &format!("{PROGRAMME}#key-2")),
    school: Party::new("school", KeyType::Ed25519),
    academy: Party::new("academy", KeyType::P256),
    college: Party::new("college", KeyType::P521),
    institute: Party::at("institute", KeyType::Ed25519, "https://institute.example/issuers/7#key-1"),
    notary: Party::at("notary", KeyType::P256, "https://notary.example#seal"),
    tenant: Party::new("tenant", KeyType::P256),
    neighbour: Party::of_jwk("neighbour", KeyType::P256),
    thief: Party::new("thief", KeyType::P256),
    forger: Party::new("forger", KeyType::Ed25519),
});

impl Cast {
    pub(crate) fn all(&self) -> [&Party; 15] {
        [
            &self.ngo,
            &self.hostel,
            &self.transport,
            &self.marine,
            &self.programme,
            &self.programme_p256,
            &self.school,
            &self.academy,
            &self.college,
            &self.institute,
            &self.notary,
            &self.tenant,
            &self.neighbour,
            &self.thief,
            &self.forger,
        ]
    }
}

/// `test-vectors/keys.json`: every key with its private part, so that others can sign what these vectors expect.
pub(crate) fn keys_file() -> Value {
    let key = |party: &&Party| {
        let jwk: Value = serde_json::from_str(&party.key.to_private_jwk()).unwrap();
        json!({ "name": party.name, "verificationMethod": party.method, "privateJwk": jwk })
    };
    json!({
        "description": "Private keys that are published on purpose. They belong to nobody: trust nothing that they sign.",
        "keys": CAST.all().iter().map(key).collect::<Vec<_>>(),
    })
}

/// The bytes that a private key begins with: SHA-512 of a public sentence.
pub(crate) fn secret_of(name: &str) -> Vec<u8> {
    Sha512::digest(format!("attesta test vectors, a public key pair: {name}")).to_vec()
}

/// The Ed25519 key that a name stands for.
pub(crate) fn key_named(name: &str) -> SoftwareKey {
    key_of(name, KeyType::Ed25519)
}

/// The private key that a name stands for.
fn key_of(name: &str, key_type: KeyType) -> SoftwareKey {
    let mut secret = secret_of(name);
    let (public, secret) = match key_type {
        KeyType::Ed25519 => {
            secret.truncate(32);
            let seed: [u8; 32] = secret.as_slice().try_into().unwrap();
            (ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes().to_vec(), secret)
        }
        KeyType::P256 => {
            secret.truncate(32);
            let key = p256::ecdsa::SigningKey::from_slice(&secret).unwrap();
            (key.verifying_key().to_sec1_point(false).as_bytes().to_vec(), secret)
        }
        KeyType::P384 => {
            secret.truncate(48);
            let key = p384::ecdsa::SigningKey::from_slice(&secret).unwrap();
            (key.verifying_key().to_sec1_point(false).as_bytes().to_vec(), secret)
        }
        _ => {
            secret.splice(0..0, [0, 0]);
            let key = p521::ecdsa::SigningKey::from_slice(&secret).unwrap();
            (key.verifying_key().to_sec1_point(false).as_bytes().to_vec(), secret)
        }
    };
    let mut jwk = PublicKey::from_bytes(key_type, &public).unwrap().to_jwk();
    jwk.insert("d".to_owned(), base64url::encode(secret).into());
    SoftwareKey::from_jwk(&jwk).unwrap()
}

/// A verification method that a party's document lists.
pub(crate) fn method_of(party: &Party) -> Map {
    let Value::Object(method) = json!({
        "id": party.method,
        "type": "JsonWebKey",
        "controller": party.did,
        "publicKeyJwk": party.public_key().to_jwk(),
    }) else {
        unreachable!()
    };
    method
}

/// A controlled identifier document with these methods, each under these relationships.
pub(crate) fn document(id: &str, methods: &[Map], relationships: &[&str]) -> Value {
    let ids: Vec<&Value> = methods.iter().map(|method| &method["id"]).collect();
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/did/v1.1"],
        "id": id,
        "verificationMethod": methods,
    });
    for relationship in relationships {
        document[*relationship] = json!(ids);
    }
    document
}

/// The programme's document as it is published.
pub(crate) fn programme_document() -> Value {
    document(PROGRAMME, &[method_of(&CAST.programme), method_of(&CAST.programme_p256)], &["assertionMethod"])
}

/// An entry of a trust list.
pub(crate) fn entry(party: &Party, name: &str, issues: &[&str], regions: &[&str]) -> Value {
    let mut entry = json!({ "id": party.did, "name": { "en": name }, "issues": issues });
    if !regions.is_empty() {
        entry["regions"] = json!(regions);
    }
    entry
}

/// A trust list that the desk wrote on the first of November.
pub(crate) fn list(entries: &[Value]) -> Value {
    json!({ "type": "TrustList", "version": 1, "issued": LIST_ISSUED, "entries": entries })
}
