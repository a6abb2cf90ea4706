//! Everybody who takes part in the demo, with keys made for this run, and what each of them knows of the others.

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
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
use attesta::verify::{At, Expected, Materials, Policy, Preset, Report, verify};
use serde_json::Value;

use super::fault;
use crate::files;
use crate::output::Misuse;

pub(super) const NGO: &str = "Tai Nan Street Neighbourhood Centre";
pub(super) const BANK: &str = "Harbour Bank";
pub(super) const DAYS: u32 = 7;
/// How long the bank waits for an answer.
const SECONDS: i64 = 300;

pub(super) struct Cast {
    pub(super) ngo: SoftwareKey,
    tenant: SoftwareKey,
    bank: SoftwareKey,
    pub(super) stranger: SoftwareKey,
    /// What the bank demands, and whom it believes.
    policy: Policy,
    /// Who may ask the tenant's phone for what. It came with the app.
    pub(super) phones_list: TrustList,
    pub(super) now: Timestamp,
}

impl Cast {
    pub(super) fn gather() -> Result<Self, Misuse> {
        let (ngo, bank) = (key(KeyType::Ed25519)?, key(KeyType::P256)?);
        let now = files::now()?;
        let mut centre = Entry::new(did_of(&ngo), [Kind::ProofOfAddress.name()]);
        centre.name.insert("en".to_owned(), NGO.to_owned());
        centre.regions = Some(vec!["HK".to_owned()]);
        let mut asker = Entry::new(did_of(&bank), [] as [&str; 0]);
        asker.name.insert("en".to_owned(), BANK.to_owned());
        asker.verifies = vec![Kind::ProofOfAddress.name().to_owned()];
        let list = |entry| TrustList::new(now, vec![entry]).map_err(|error| fault(&error));
        let policy = Policy::preset(Preset::BankAddress).trusting(list(centre)?);
        let (tenant, stranger) = (key(KeyType::P256)?, key(KeyType::P256)?);
        Ok(Self { ngo, tenant, bank, stranger, policy, phones_list: list(asker)?, now })
    }

    pub(super) fn guarantee(&self, issuer: &Issuer<'_>, from: Date, days: u32) -> Result<String, Misuse> {
        let claims = Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example())
            .map_err(|error| fault(&error))?;
        let salt = Salt::random().map_err(|error| fault(&error))?;
        let draft = Credential::of(claims, issuer.id(), from, days, salt).map_err(|error| fault(&error))?;
        let draft = draft.holder(Holder::Key(self.tenant.public_key()));
        issuer.secure(&draft, Format::SdJwtVc).map_err(|error| fault(&error))
    }

    /// A new request of the bank's, with a nonce of its own.
    pub(super) fn request(&self, query: Query) -> Result<RequestObject, Misuse> {
        let client_id = ClientId::of_did(&did_of(&self.bank)).map_err(|error| fault(&error))?;
        Ok(RequestObject::new(client_id, query, nonce()?, self.now, self.now.plus_seconds(SECONDS)))
    }

    /// The request as the phone gets it.
    pub(super) fn sign(&self, request: &RequestObject) -> Result<String, Misuse> {
        let did = did_of(&self.bank);
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        request.to_signed(&self.bank, Identity::Method(&method)).map_err(|error| fault(&error))
    }

    /// A request of somebody whom nobody knows.
    pub(super) fn unsigned_request(&self, query: Query) -> Result<String, Misuse> {
        const PAGE: &str = "https://quick-loans.example/answers";
        let client_id = ClientId::of_redirect_uri(PAGE).map_err(|error| fault(&error))?;
        let until = self.now.plus_seconds(SECONDS);
        let request = RequestObject::new(client_id, query, nonce()?, self.now, until).posted_to(PAGE);
        request.to_unsigned().map(|object| Value::Object(object).to_string()).map_err(|error| fault(&error))
    }

    /// The tenant's key, where a credential is bound to it.
    pub(super) fn tenants_signer(&self, wanted: &PublicKey) -> Option<&dyn Signer> {
        (self.tenant.public_key() == *wanted).then_some(&self.tenant as &dyn Signer)
    }

    /// An answer of the tenant's that shows what stands at these pointers.
    pub(super) fn present(&self, guarantee: &str, pointers: &[&str], request: &Request<'_>) -> Result<String, Misuse> {
        present(&[guarantee.as_bytes()], Disclose::Only(pointers), request, &self.tenant).map_err(|error| fault(&error))
    }

    pub(super) fn decide(&self, answer: &str, request: &RequestObject) -> Report {
        verify(answer.as_bytes(), &Expected::of(request), &Materials::none(), &self.policy, At::Now(self.now))
    }
}

pub(super) fn key(key_type: KeyType) -> Result<SoftwareKey, Misuse> {
    SoftwareKey::generate(key_type).map_err(|error| fault(&error))
}

fn did_of(key: &SoftwareKey) -> String {
    method::key::from_key(&key.public_key())
}

fn nonce() -> Result<String, Misuse> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Misuse::new(error, "Try again in a moment."))?;
    Ok(fresh_nonce(bytes))
}
