//! Verification methods: one key of a document, and what its controller lets it do.

use super::document::{DocumentError, absolute};
use crate::encoding::json::{Map, Value};
use crate::keys::{JwkPurpose, KeyError, KeyType, PublicKey, jwk_purpose};
use crate::time::Timestamp;

/// Members that hold private keys, in today's form and in those of older suites.
const SECRET_MEMBERS: [&str; 7] = [
    "secretKeyMultibase",
    "secretKeyJwk",
    "privateKeyMultibase",
    "privateKeyJwk",
    "privateKeyBase58",
    "privateKeyHex",
    "privateKeyPem",
];

/// What a verification method may be used for (Controlled Identifiers 1.0, section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Relationship {
    /// To log in, and to present credentials as their holder.
    Authentication,
    /// To make claims: to issue credentials.
    AssertionMethod,
    /// To receive encrypted messages.
    KeyAgreement,
    /// To use what one has been authorized to do.
    CapabilityInvocation,
    /// To pass an authorization on.
    CapabilityDelegation,
}

impl Relationship {
    /// Every relationship.
    pub const ALL: [Self; 5] = [
        Self::Authentication,
        Self::AssertionMethod,
        Self::KeyAgreement,
        Self::CapabilityInvocation,
        Self::CapabilityDelegation,
    ];

    /// The member of a document that lists its methods, which is also its name in `proofPurpose`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::AssertionMethod => "assertionMethod",
            Self::KeyAgreement => "keyAgreement",
            Self::CapabilityInvocation => "capabilityInvocation",
            Self::CapabilityDelegation => "capabilityDelegation",
        }
    }

    /// The relationship of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relationship| relationship.name() == name)
    }
}

/// A small set of relationships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Relationships(u8);

impl Relationships {
    pub(super) const NONE: Self = Self(0);
    pub(super) const AGREEMENT: Self = Self(1 << Relationship::KeyAgreement as u8);
    pub(super) const SIGNATURES: Self = Self(0b1_1111 & !Self::AGREEMENT.0);
    pub(super) const ALL: Self = Self(0b1_1111);

    pub(super) fn contains(self, relationship: Relationship) -> bool {
        self.0 & (1 << relationship as u8) != 0
    }

    fn insert(&mut self, relationship: Relationship) {
        self.0 |= 1 << relationship as u8;
    }
}

/// A key of a document.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct VerificationMethod {
    /// Its absolute URL, such as `did:web:example.org#key-1`.
    pub id: String,
    /// Its `type`. Keys are read from `Multikey`, `JsonWebKey` and `JsonWebKey2020`.
    pub method_type: String,
    /// Who controls it. Whoever verifies compares this with the document's own id.
    pub controller: String,
    /// The key, or why it cannot be used: one bad or foreign key does not spoil the others.
    pub key: Result<PublicKey, KeyError>,
    /// From when on it must not be used any more.
    pub expires: Option<Timestamp>,
    /// When its controller withdrew it.
    pub revoked: Option<Timestamp>,
    /// The `kid` of its JWK.
    pub jwk_kid: Option<String>,
    listed: Relationships,
    possible: Relationships,
}

impl VerificationMethod {
    /// A method that a DID method makes from a key.
    pub(super) fn of_key(
        id: String,
        method_type: &str,
        controller: &str,
        key: PublicKey,
        listed: Relationships,
    ) -> Self {
        let possible = possible(&key, JwkPurpose::Any);
        Self {
            id,
            method_type: method_type.to_owned(),
            controller: controller.to_owned(),
            key: Ok(key),
            expires: None,
            revoked: None,
            jwk_kid: None,
            listed,
            possible,
        }
    }

    /// The method that did:jwk makes of a JWK, which serves for all that its members allow.
    ///
    /// # Errors
    /// [`KeyError`].
    pub(super) fn of_jwk(id: String, controller: &str, jwk: &Map) -> Result<Self, KeyError> {
        let key = PublicKey::from_jwk(jwk)?;
        let possible = possible(&key, jwk_purpose(jwk)?);
        let jwk_kid = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
        let method = Self::of_key(id, "JsonWebKey", controller, key, possible);
        Ok(Self { possible, jwk_kid, ..method })
    }

    /// Reads a verification method of the document `document_id` (Controlled Identifiers 1.0, section 2.2).
    pub(super) fn read(document_id: &str, map: &Map) -> Result<Self, DocumentError> {
        if SECRET_MEMBERS.iter().any(|name| map.contains_key(*name)) {
            return Err(DocumentError::SecretKey);
        }
        if map.contains_key("publicKeyMultibase") && map.contains_key("publicKeyJwk") {
            return Err(DocumentError::TwoKeys);
        }
        let jwk = map.get("publicKeyJwk").and_then(Value::as_object);
        let method_type = text(map, "type")?.to_owned();
        let key = match method_type.as_str() {
            "Multikey" => match map.get("publicKeyMultibase").and_then(Value::as_str) {
                Some(multikey) => PublicKey::from_multikey(multikey),
                None => Err(KeyError::Member { name: "publicKeyMultibase" }),
            },
            "JsonWebKey" | "JsonWebKey2020" => {
                jwk.ok_or(KeyError::Member { name: "publicKeyJwk" }).and_then(PublicKey::from_jwk)
            }
            _ => Err(KeyError::UnsupportedType),
        };
        if key == Err(KeyError::PrivateKey) {
            return Err(DocumentError::SecretKey);
        }
        let possible = match (&key, jwk) {
            (Ok(key), Some(jwk)) => jwk_purpose(jwk).map_or(Relationships::NONE, |purpose| possible(key, purpose)),
            (Ok(key), None) => possible(key, JwkPurpose::Any),
            (Err(_), _) => Relationships::ALL,
        };
        Ok(Self {
            id: absolute(document_id, text(map, "id")?)
                .ok_or(DocumentError::Url { member: "verificationMethod.id" })?,
            method_type,
            controller: text(map, "controller")?.to_owned(),
            key,
            expires: time(map, "expires")?,
            revoked: time(map, "revoked")?,
            jwk_kid: jwk.and_then(|jwk| jwk.get("kid")).and_then(Value::as_str).map(str::to_owned),
            listed: Relationships::NONE,
            possible,
        })
    }

    /// This method as a document writes it: a Multikey, or a JWK for the other types.
    pub(super) fn to_json(&self) -> Map {
        let mut map = Map::new();
        map.insert("id".to_owned(), self.id.as_str().into());
        map.insert("type".to_owned(), self.method_type.as_str().into());
        map.insert("controller".to_owned(), self.controller.as_str().into());
        if let Ok(key) = &self.key {
            if self.method_type == "Multikey" {
                map.insert("publicKeyMultibase".to_owned(), key.to_multikey().into());
            } else {
                map.insert("publicKeyJwk".to_owned(), key.to_jwk().into());
            }
        }
        map
    }

    /// Whether the document lists this method under the relationship, and the key can serve it: a JWK with
    /// `"use":"enc"` issues nothing wherever it is listed, and Ed25519 agrees on no secret.
    pub fn serves(&self, relationship: Relationship) -> bool {
        self.listed.contains(relationship) && self.possible.contains(relationship)
    }

    /// Whether the other is this method again in another version of the document, whose DID may have moved: the same
    /// key, for the same uses, within the same times.
    pub(super) fn is_same_but_for_its_name(&self, other: &Self) -> bool {
        self.key == other.key
            && self.method_type == other.method_type
            && (self.listed, self.possible) == (other.listed, other.possible)
            && (self.expires, self.revoked) == (other.expires, other.revoked)
            && self.jwk_kid == other.jwk_kid
    }

    /// The relationships under which the document lists this method, whether or not the key can serve them.
    pub(super) fn listed(&self) -> impl Iterator<Item = Relationship> {
        Relationship::ALL.into_iter().filter(|relationship| self.listed.contains(*relationship))
    }

    pub(super) fn list_under(&mut self, relationship: Relationship) {
        self.listed.insert(relationship);
    }
}

fn possible(key: &PublicKey, purpose: JwkPurpose) -> Relationships {
    match (key.key_type(), purpose) {
        (KeyType::X25519, _) | (_, JwkPurpose::Agreement) => Relationships::AGREEMENT,
        (KeyType::Ed25519, _) | (_, JwkPurpose::Signatures) => Relationships::SIGNATURES,
        _ => Relationships::ALL,
    }
}

fn text<'m>(map: &'m Map, member: &'static str) -> Result<&'m str, DocumentError> {
    map.get(member).and_then(Value::as_str).ok_or(DocumentError::Member { member })
}

/// A time that cannot be read spoils the document: a key whose `revoked` is illegible may well be revoked.
fn time(map: &Map, member: &'static str) -> Result<Option<Timestamp>, DocumentError> {
    match map.get(member) {
        None => Ok(None),
        Some(value) => {
            let text = value.as_str().ok_or(DocumentError::Member { member })?;
            Timestamp::parse(text).map(Some).map_err(|source| DocumentError::Time { member, source })
        }
    }
}
