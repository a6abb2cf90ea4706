//! The neighbourhood centre of the demo: an identity with a history, a register of what it issued, and the files that it
//! publishes.

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::did::Did;
use attesta::did::method::webvh::{self, Files, document_of, placeholder_did};
use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::issuer::store::InMemory;
use attesta::issuer::{Change, CopyFor, Issuer, Register, StatusList};
use attesta::keys::{KeyType, PublicKey, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::notice::{self, CompromiseNotice, CompromiseNotices, Digest};
use attesta::verify::{Material, Materials, Resource, Source};
use serde_json::json;

use super::cast::key;
use super::{fault, need};
use crate::output::Misuse;
use crate::store;

const PLACE: &str = "tai-nan-centre.example";
const LIST: &str = "https://tai-nan-centre.example/status/1";
const NOTICES: &str = "https://tai-nan-centre.example/notices";
/// For how long a guarantee is valid, unless the centre takes it back.
pub(super) const DAYS: u32 = 90;
/// For how long a list may be relied on at most, as the centre says.
const LIST_DAYS: i64 = 60;
/// After how many seconds a verifier should ask for a newer list.
const TTL: u32 = 12 * 3600;

pub(super) struct Centre {
    did: Did,
    log: Files,
    present: SigningKey,
    /// The key that was replaced, once one was.
    old: Option<SigningKey>,
    /// The key that may change the identity next. The history has its digest alone.
    next: SoftwareKey,
    store: InMemory,
    /// The signed notices of what was stolen; there is such a file before anything was.
    notices: String,
}

/// A key that signs guarantees, and the DID URL by which the history knows it.
struct SigningKey {
    method: String,
    key: SoftwareKey,
}

/// A status list as a bank got it.
pub(super) struct FetchedList {
    pub(super) signed: String,
    pub(super) obtained: Timestamp,
}

impl Centre {
    /// Begins its identity, its register and its status list.
    pub(super) fn found(at: Timestamp) -> Result<Self, Misuse> {
        let (update, next, first) = (key(KeyType::Ed25519)?, key(KeyType::Ed25519)?, key(KeyType::Ed25519)?);
        let document = document(&placeholder_did(PLACE), "key-1", &first.public_key());
        let change = webvh::Change::new().document(document).next_keys(&[next.public_key()]);
        let pending = need(webvh::create(PLACE, &change, &update, at))?;
        let did = pending.did().clone();
        let log = need(pending.finish(&[]))?;
        let present = SigningKey { method: format!("{}#key-1", did.as_str()), key: first };
        let mut centre = Self { did, log, present, old: None, next, store: InMemory::new(), notices: String::new() };
        need(centre.register()?.create_list(StatusList::token(LIST, centre.did())))?;
        centre.notices = centre.sign_notices(Vec::new(), at)?;
        Ok(centre)
    }

    pub(super) fn did(&self) -> &str {
        self.did.as_str()
    }

    /// Vouches for the address, once for each of these keys. The copies, and the reference by which all of them are
    /// revoked.
    pub(super) fn issue(&self, holders: &[PublicKey], from: Date) -> Result<(Vec<String>, String), Misuse> {
        let (register, issuer) = (self.register()?, self.issuer()?);
        let slots = need(register.allocate(&need(register.list(LIST))?, holders.len()))?;
        let mut recipients = Vec::with_capacity(holders.len());
        for (holder, slot) in holders.iter().zip(slots) {
            let salt = need(Salt::random())?;
            recipients.push(CopyFor { holder: Holder::Key(holder.clone()), salt, status: vec![slot.entry] });
        }
        let draft = draft(&issuer, from, DAYS)?;
        let copies = need(issuer.secure_copies(&draft, &recipients, store::reference()?, Format::SdJwtVc))?;
        need(register.record(&copies.record))?;
        Ok((copies.credentials, copies.record.reference))
    }

    /// Revokes what it issued under that reference; how many copies that reached.
    pub(super) fn revoke(&self, reference: &str) -> Result<usize, Misuse> {
        Ok(need(self.register()?.change_reference(reference, Change::Revoke))?.copies)
    }

    /// Signs the status list as it is.
    pub(super) fn publish(&self, at: Timestamp) -> Result<String, Misuse> {
        let register = self.register()?;
        let expires = at.plus_seconds(LIST_DAYS * 86_400);
        need(register.publish(&need(register.list(LIST))?, &self.issuer()?, at, expires, TTL))
    }

    /// Takes a new key for guarantees, by the key that was promised for the next change, and promises another.
    pub(super) fn change_key(&mut self, at: Timestamp) -> Result<(), Misuse> {
        let (new, next) = (key(KeyType::Ed25519)?, key(KeyType::Ed25519)?);
        let document = document(self.did(), "key-2", &new.public_key());
        let change = webvh::Change::new()
            .document(document)
            .update_keys(&[self.next.public_key()])
            .next_keys(&[next.public_key()]);
        let pending = need(webvh::update(&self.did, &self.log, &change, &self.next, at))?;
        self.log = need(pending.finish(&[]))?;
        self.next = next;
        let present = SigningKey { method: format!("{}#key-2", self.did()), key: new };
        self.old = Some(std::mem::replace(&mut self.present, present));
        self.notices = self.sign_notices(Vec::new(), at)?;
        Ok(())
    }

    /// Tells everybody that others may have the old key, and what it signed that stands: all that the register knows of.
    /// How many that are.
    pub(super) fn report_theft(&mut self, since: Timestamp, at: Timestamp) -> Result<usize, Misuse> {
        let SigningKey { method, key } = self.stolen();
        let digests = need(self.register()?.digests(method))?;
        let digests: Vec<Digest> =
            digests.iter().filter_map(|digest| base64url::decode(digest).ok()?.try_into().ok()).collect();
        let count = digests.len();
        let notice = CompromiseNotice::new(method, key.public_key(), since, digests);
        self.notices = self.sign_notices(vec![notice], at)?;
        Ok(count)
    }

    /// What a bank has of it: its history and its notices, fetched now, and a status list.
    pub(super) fn materials(&self, list: &FetchedList, now: Timestamp) -> Result<Materials, Misuse> {
        let mut materials = Materials::none();
        for (resource, text, obtained) in [
            (Resource::Log(self.did().to_owned()), &self.log.log, now),
            (Resource::CompromiseNotices(NOTICES.to_owned()), &self.notices, now),
            (Resource::StatusList(LIST.to_owned()), &list.signed, list.obtained),
        ] {
            let bytes = text.as_bytes().to_vec();
            need(materials.add(&Material { resource, bytes, obtained, source: Source::Fetched }))?;
        }
        Ok(materials)
    }

    pub(super) fn issuer(&self) -> Result<Issuer<'_>, Misuse> {
        need(Issuer::of_did(&self.present.method, &self.present.key))
    }

    /// Whoever has the key that was replaced, and a guarantee that this signs for them: dated as they like, with a place
    /// in the list that nobody has.
    pub(super) fn signed_by_thief(&self, thief: PublicKey, date: Date) -> Result<String, Misuse> {
        const PLACE_OF_NOBODY: u64 = 0;
        let stolen = self.stolen();
        let issuer = need(Issuer::of_did(&stolen.method, &stolen.key))?;
        let entry = StatusList::token(LIST, self.did()).entry(PLACE_OF_NOBODY);
        let draft = draft(&issuer, date, DAYS)?.holder(Holder::Key(thief)).status(entry);
        need(issuer.secure(&draft, Format::SdJwtVc))
    }

    fn stolen(&self) -> &SigningKey {
        self.old.as_ref().unwrap_or(&self.present)
    }

    fn register(&self) -> Result<Register<'_>, Misuse> {
        need(Register::open(&self.store))
    }

    fn sign_notices(&self, notices: Vec<CompromiseNotice>, at: Timestamp) -> Result<String, Misuse> {
        let notices = need(CompromiseNotices::new(self.did(), at, notices))?;
        notices.sign(&self.present.method, &self.present.key).map_err(|error| fault(&error))
    }
}

/// A guarantee for the tenant of the example.
pub(super) fn draft(issuer: &Issuer<'_>, from: Date, days: u32) -> Result<Credential, Misuse> {
    let claims = need(Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example()))?;
    need(Credential::of(claims, issuer.id(), from, days, need(Salt::random())?))
}

/// The centre's document: the key, and where its notices stand.
fn document(did: &str, name: &str, key: &PublicKey) -> Map {
    let mut document = document_of(did, &[(name, key)]);
    let service = json!({ "id": format!("{did}#notices"), "type": notice::TYPE, "serviceEndpoint": NOTICES });
    document.insert("service".to_owned(), json!([service]));
    document
}
