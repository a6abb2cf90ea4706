//! Everybody who takes part in the demo, with keys made for this run, and what each of them knows of the others.

use attesta::credential::Holder;
use attesta::credential::kind::Kind;
use attesta::did::method;
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use attesta::presentation::dcql::Query;
use attesta::presentation::ledger::fresh_nonce;
use attesta::presentation::request::{ClientId, Identity, RequestObject};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Policy, Preset, Report, Seen, verify};
use serde_json::Value;

use super::centre::{self, Centre, FetchedList};
use super::{ASKED, need};
use crate::files;
use crate::output::Misuse;

pub(super) const NGO: &str = "Tai Nan Street Neighbourhood Centre";
pub(super) const BANK: &str = "Harbour Bank";
/// How many copies of the guarantee the tenant gets.
const COPIES: usize = 3;
/// How long the bank waits for an answer.
const SECONDS: i64 = 300;

pub(super) struct Cast {
    pub(super) centre: Centre,
    /// The keys in the tenant's phone, one for each copy.
    pub(super) tenant: [SoftwareKey; COPIES],
    /// Somebody who rents another room there.
    pub(super) neighbour: SoftwareKey,
    bank: SoftwareKey,
    pub(super) stranger: SoftwareKey,
    /// What the bank demands, and whom it believes.
    pub(super) policy: Policy,
    /// What the bank fetched last.
    materials: Materials,
    /// What the bank remembers of what it fetched before.
    seen: Seen,
    /// Who may ask the tenant's phone for what. It came with the app.
    pub(super) phones_list: TrustList,
    /// The moment of the story.
    pub(super) now: Timestamp,
}

impl Cast {
    pub(super) fn gather() -> Result<Self, Misuse> {
        let bank = key(KeyType::P256)?;
        let now = files::now()?;
        let centre = Centre::found(days_before(now, 400))?;
        let mut listed = Entry::new(centre.did(), [Kind::ProofOfAddress.name()]);
        listed.name.insert("en".to_owned(), NGO.to_owned());
        listed.regions = Some(vec!["HK".to_owned()]);
        let mut asker = Entry::new(did_of(&bank), [] as [&str; 0]);
        asker.name.insert("en".to_owned(), BANK.to_owned());
        asker.verifies = vec![Kind::ProofOfAddress.name().to_owned()];
        Ok(Self {
            centre,
            tenant: [key(KeyType::P256)?, key(KeyType::P256)?, key(KeyType::P256)?],
            neighbour: key(KeyType::P256)?,
            bank,
            stranger: key(KeyType::P256)?,
            policy: Policy::preset(Preset::BankAddress).trusting(need(TrustList::new(now, vec![listed]))?),
            materials: Materials::none(),
            seen: Seen::nothing(),
            phones_list: need(TrustList::new(now, vec![asker]))?,
            now,
        })
    }

    /// Days later.
    pub(super) fn wait(&mut self, days: i64) {
        self.now = days_before(self.now, -days);
    }

    /// The bank fetches what the centre publishes, and takes this status list.
    pub(super) fn fetch(&mut self, list: &FetchedList) -> Result<(), Misuse> {
        self.materials = self.centre.materials(list, self.now)?;
        self.materials.remember(&self.seen);
        Ok(())
    }

    /// The bank keeps in mind how new that was on which a decision rests.
    pub(super) fn remember(&mut self, report: &Report) {
        self.seen.merge(report.seen());
        self.materials.remember(&self.seen);
    }

    /// A guarantee for the tenant by any issuer, without a status.
    pub(super) fn guarantee(&self, issuer: &Issuer<'_>, from: Date, days: u32) -> Result<String, Misuse> {
        let draft = centre::draft(issuer, from, days)?.holder(Holder::Key(self.tenant[0].public_key()));
        need(issuer.secure(&draft, Format::SdJwtVc))
    }

    /// A new request of the bank's, with a nonce of its own.
    pub(super) fn request(&self, query: Query) -> Result<RequestObject, Misuse> {
        let client_id = need(ClientId::of_did(&did_of(&self.bank)))?;
        Ok(RequestObject::new(client_id, query, nonce()?, self.now, self.now.plus_seconds(SECONDS)))
    }

    /// The request as the phone gets it.
    pub(super) fn sign(&self, request: &RequestObject) -> Result<String, Misuse> {
        let did = did_of(&self.bank);
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        need(request.to_signed(&self.bank, Identity::Method(&method)))
    }

    /// A request of somebody whom nobody knows.
    pub(super) fn unsigned_request(&self, query: Query) -> Result<String, Misuse> {
        const PAGE: &str = "https://quick-loans.example/answers";
        let client_id = need(ClientId::of_redirect_uri(PAGE))?;
        let until = self.now.plus_seconds(SECONDS);
        let request = RequestObject::new(client_id, query, nonce()?, self.now, until).posted_to(PAGE);
        need(request.to_unsigned()).map(|object| Value::Object(object).to_string())
    }

    /// The tenant's key, where a credential is bound to it.
    pub(super) fn tenants_signer(&self, wanted: &PublicKey) -> Option<&dyn Signer> {
        self.tenant.iter().find(|key| key.public_key() == *wanted).map(|key| key as &dyn Signer)
    }

    /// An answer that shows what stands at these pointers, by the holder of this key.
    pub(super) fn present(
        &self,
        guarantee: &str,
        holder: &SoftwareKey,
        pointers: &[&str],
        request: &RequestObject,
    ) -> Result<String, Misuse> {
        let request = Request { audience: request.client_id.as_str(), nonce: &request.nonce, now: self.now };
        need(present(&[guarantee.as_bytes()], Disclose::Only(pointers), &request, holder))
    }

    /// The holder of this key shows it to the bank, and the bank decides by its policy.
    pub(super) fn show(&self, guarantee: &str, holder: &SoftwareKey) -> Result<Report, Misuse> {
        let request = self.request(super::query()?)?;
        Ok(self.decide(&self.present(guarantee, holder, &ASKED, &request)?, &request))
    }

    pub(super) fn decide(&self, answer: &str, request: &RequestObject) -> Report {
        verify(answer.as_bytes(), &Expected::of(request), &self.materials, &self.policy, At::Now(self.now))
    }
}

pub(super) fn days_before(moment: Timestamp, days: i64) -> Timestamp {
    moment.plus_seconds(-days * 86_400)
}

pub(super) fn key(key_type: KeyType) -> Result<SoftwareKey, Misuse> {
    need(SoftwareKey::generate(key_type))
}

fn did_of(key: &SoftwareKey) -> String {
    method::key::from_key(&key.public_key())
}

fn nonce() -> Result<String, Misuse> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Misuse::new(error, "Try again in a moment."))?;
    Ok(fresh_nonce(bytes))
}
