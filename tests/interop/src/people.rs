//! Who takes part, what is claimed, and when.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::credential::kind::{Claims, Kind};
use attesta::did::method;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::securing::data_integrity::ProofOptions;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{Policy, Preset};
use serde_json::{Value, json};

/// Somebody with a key that both sides can sign with.
pub struct Party {
    /// Its DID.
    pub did: String,
    /// The DID URL of its only verification method.
    pub method: String,
    /// Its key.
    pub key: SoftwareKey,
}

impl Party {
    /// With a new key and its did:key.
    pub fn of_did_key(key_type: KeyType) -> Self {
        let key = SoftwareKey::generate(key_type).unwrap();
        let did = method::key::from_key(&key.public_key());
        Self { method: format!("{did}#{}", did.trim_start_matches("did:key:")), did, key }
    }

    /// With a new key and its did:jwk.
    pub fn of_did_jwk(key_type: KeyType) -> Self {
        let key = SoftwareKey::generate(key_type).unwrap();
        let did = method::jwk::from_key(&key.public_key());
        Self { method: format!("{did}#0"), did, key }
    }

    /// Signs documents under its own method.
    pub fn proof_options(&self) -> ProofOptions<'_> {
        ProofOptions::new(&self.method, "assertionMethod")
    }

    /// The type of its key.
    pub fn key_type(&self) -> KeyType {
        self.key.algorithm().key_type()
    }

    pub(crate) fn of_jwk(jwk: &Value, did: String, method: String) -> Self {
        Self { did, method, key: SoftwareKey::from_jwk(jwk.as_object().unwrap()).unwrap() }
    }

    pub(crate) fn private_jwk(&self) -> Value {
        serde_json::from_str(&self.key.to_private_jwk()).unwrap()
    }
}

/// The claims of the kind's own example.
pub fn claims(kind: Kind) -> Claims {
    Claims::from_claims_file(kind, &kind.example()).unwrap()
}

/// A claim of the example, and what somebody would rather have there.
pub fn coveted(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::ProofOfAddress => ("CHAN Tai Man", "CHAN Tai Wan"),
        Kind::Licence => ("\"code\":\"B\"", "\"code\":\"C\""),
        _ => ("86 of 100", "96 of 100"),
    }
}

/// A credential of that kind for the other side to sign: valid for a week from today, since it has no status, its issuer left to the signer.
pub fn document(kind: Kind, holder: &Party) -> Value {
    json!({
        "@context": kind.context(),
        "id": "urn:uuid:1f0c9f0e-6d3c-4e0b-9d55-0a4b7b1f2a11",
        "type": kind.types(),
        "validFrom": day(0).midnight().to_string(),
        "validUntil": day(7).midnight().to_string(),
        "credentialSubject": claims(kind).to_subject(Some(&holder.did)),
    })
}

/// The moment at which the tests began.
pub fn now() -> Timestamp {
    static NOW: LazyLock<Timestamp> = LazyLock::new(|| {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Timestamp::from_unix(i64::try_from(seconds).unwrap()).unwrap()
    });
    *NOW
}

/// So many days from today.
pub fn day(days: i64) -> Date {
    now().date().plus_days(days).unwrap()
}

/// The policy, trusting this issuer for these kinds or types.
pub fn trusting(preset: Preset, issuer: &Party, issues: &[&str]) -> Policy {
    let list = TrustList::new(now(), vec![Entry::new(&issuer.did, issues.iter().copied())]).unwrap();
    Policy::preset(preset).trusting(list)
}

/// How often somebody accepted and refused.
#[derive(Default)]
pub struct Tally {
    accepted: usize,
    refused: usize,
}

impl Tally {
    /// Something sound was accepted.
    ///
    /// # Panics
    /// If it was not.
    pub fn accepts(&mut self, what: &str, accepted: bool) {
        assert!(accepted, "{what} was refused");
        self.accepted += 1;
    }

    /// Something forged was refused.
    ///
    /// # Panics
    /// If it was not.
    pub fn refuses(&mut self, what: &str, accepted: bool) {
        assert!(!accepted, "{what} was accepted");
        self.refused += 1;
    }

    /// As many must have been refused as accepted.
    ///
    /// # Panics
    /// If there were fewer, or none.
    pub fn close(&self, name: &str) {
        assert!(self.accepted > 0 && self.refused >= self.accepted, "{name}: too few were refused");
        println!("{name}: {} accepted, {} forged ones refused", self.accepted, self.refused);
    }
}
