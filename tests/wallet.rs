//! The holder's side: who asks, what would be shown, the answer, and what somebody tries who should get nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "wallet/answers.rs"]
mod answers;
#[path = "wallet/askers.rs"]
mod askers;
#[path = "wallet/certificates.rs"]
mod certificates;
#[path = "wallet/consents.rs"]
mod consents;
#[path = "wallet/holdings.rs"]
mod holdings;
#[path = "wallet/statements.rs"]
mod statements;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::did::method;
use attesta::encoding::base64url;
use attesta::encoding::json::{self, Map, Value};
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::presentation::dcql::{CredentialQuery, Query};
use attesta::presentation::ledger::fresh_nonce;
use attesta::presentation::request::{ClientId, Identity, RequestObject};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Materials};
use attesta::wallet::{Asker, AskerError, Held};

/// The moment of these tests.
fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T09:30:00Z").unwrap()
}

/// A verifier that is known by a DID.
struct Desk {
    key: SoftwareKey,
    did: String,
    method: String,
}

impl Desk {
    fn new() -> Self {
        let key = SoftwareKey::generate(KeyType::P256).unwrap();
        let did = method::key::from_key(&key.public_key());
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        Self { key, did, method }
    }

    fn client_id(&self) -> ClientId {
        ClientId::of_did(&self.did).unwrap()
    }

    fn request(&self, query: Query) -> RequestObject {
        let until = now().plus_seconds(300);
        RequestObject::new(self.client_id(), query, fresh_nonce([7; 32]), now(), until)
    }

    fn sign(&self, request: &RequestObject) -> String {
        request.to_signed(&self.key, Identity::Method(&self.method)).unwrap()
    }

    fn signed(&self, query: Query) -> String {
        self.sign(&self.request(query))
    }

    /// A trust list with this desk alone, which may ask for these.
    fn may_ask(&self, verifies: &[&str]) -> TrustList {
        TrustList::new(now(), vec![entry(&self.did, verifies)]).unwrap()
    }

    fn known(&self, query: Query) -> Asker {
        asker(&self.signed(query), &self.may_ask(&["*"])).unwrap()
    }
}

fn entry(id: &str, verifies: &[&str]) -> Entry {
    let mut entry = Entry::new(id, [] as [&str; 0]);
    entry.verifies = verifies.iter().map(|word| (*word).to_owned()).collect();
    entry.name.insert("en".to_owned(), "The desk".to_owned());
    entry
}

fn asker(request: &str, list: &TrustList) -> Result<Asker, AskerError> {
    Asker::known(request.as_bytes(), list, &Materials::none(), At::Now(now()))
}

/// A request of somebody who does not sign.
fn unsigned(query: Query) -> String {
    let client_id = ClientId::of_redirect_uri("https://stall.example/answers").unwrap();
    let request = RequestObject::new(client_id, query, fresh_nonce([8; 32]), now(), now().plus_seconds(300));
    let request = request.posted_to("https://stall.example/answers");
    Value::Object(request.to_unsigned().unwrap()).to_string()
}

fn unknown(query: Query) -> Asker {
    Asker::unauthenticated(unsigned(query).as_bytes(), At::Now(now())).unwrap()
}

fn asking(kind: Kind, format: &str, pointers: &[&str]) -> CredentialQuery {
    CredentialQuery::of_kind(kind.name(), format, kind, pointers).unwrap()
}

fn district() -> Query {
    Query::one(asking(Kind::ProofOfAddress, "dc+sd-jwt", &["/address/district"]))
}

/// The kind's example, issued to this key from 18 November 2026 on, for so short a time that it needs no status.
fn issued(kind: Kind, format: Format, issuer: &SoftwareKey, holder: &SoftwareKey, days: u32) -> String {
    let issuer = Issuer::of_key(issuer);
    let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
    let day = Date::new(2026, 11, 18).unwrap();
    let draft = Credential::of(claims, issuer.id(), day, days, Salt::random().unwrap()).unwrap();
    issuer.secure(&draft.holder(Holder::Key(holder.public_key())), format).unwrap()
}

fn held(kind: Kind, format: Format, holder: &SoftwareKey) -> Held {
    let issuer = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    Held::read(issued(kind, format, &issuer, holder, 7).as_bytes()).unwrap()
}

fn phone() -> SoftwareKey {
    SoftwareKey::generate(KeyType::P256).unwrap()
}

/// The token with another header (part 0) or payload (part 1), its signature as it was.
fn with(token: &str, part: usize, change: impl Fn(&mut Map)) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut members = json::parse_object(&base64url::decode(&parts[part]).unwrap()).unwrap();
    change(&mut members);
    parts[part] = base64url::encode(Value::Object(members).to_string());
    parts.join(".")
}
