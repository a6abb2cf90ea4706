//! The calls as a host makes them.

mod certificates;
mod copies;
mod disclosure;
mod faults;
mod flow;
mod formats;
mod lasting;
mod network;
mod requests;
mod threads;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::*;

pub(crate) const AUDIENCE: &str = "https://bank.example";

/// 2026-11-20T12:00:00Z, and the first day of what was issued before it.
pub(crate) const NOON: i64 = 1_795_176_000;
pub(crate) const NOW: At = At::NowIs { unix_seconds: NOON };
pub(crate) const FIRST_DAY: &str = "2026-11-18";

/// An NGO that issues, a tenant with a key, a bank that trusts the NGO.
pub(crate) struct Cast {
    pub(crate) ngo: Arc<SoftwareSigner>,
    pub(crate) tenant: Arc<SoftwareSigner>,
    pub(crate) bank: Arc<Verifier>,
}

impl Cast {
    pub(crate) fn gather() -> Self {
        let ngo = SoftwareSigner::generate(Algorithm::Ed25519).unwrap();
        let list = trust_list(&ngo.did_key());
        let policy = Policy::Preset { preset: Preset::BankAddress };
        let bank = Verifier::new(policy, vec![list], Vec::new()).unwrap();
        let tenant = SoftwareSigner::generate(Algorithm::Es256).unwrap();
        Self { ngo: Arc::new(ngo), tenant: Arc::new(tenant), bank: Arc::new(bank) }
    }

    pub(crate) fn guarantee(&self, format: CredentialFormat) -> String {
        let claims = example_claims(Kind::ProofOfAddress).unwrap();
        issue(claims, for_holder(&self.tenant, format), self.ngo.clone()).unwrap()
    }

    pub(crate) fn decide(&self, presented: &str, request: &PresentationRequest) -> Report {
        let expected = Expected::Answer { request: request.clone() };
        self.bank.verify(presented.into(), expected, NOW).unwrap()
    }
}

/// Every context is built in, but where a test says otherwise.
pub(crate) fn present(
    credentials: Vec<Vec<u8>>,
    disclose: Disclose,
    request: PresentationRequest,
    at: At,
    signer: Arc<dyn Signer>,
) -> Result<String, AttestaError> {
    crate::present(credentials, disclose, request, at, signer, Vec::new())
}

pub(crate) fn derive(credential: Vec<u8>, disclose: Disclose) -> Result<String, AttestaError> {
    crate::derive(credential, disclose, Vec::new())
}

pub(crate) fn for_holder(holder: &SoftwareSigner, format: CredentialFormat) -> IssueOptions {
    IssueOptions {
        holder: Some(Holder::Did { did: holder.did_key() }),
        issuer: None,
        format: Some(format),
        valid_from: Some(FIRST_DAY.to_owned()),
        valid_days: 7,
        status_json: None,
        scheme: None,
        mandatory: Vec::new(),
    }
}

pub(crate) fn trust_list(issuer: &str) -> String {
    json!({
        "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z",
        "entries": [{ "id": issuer, "name": { "en": "Neighbourhood Centre" }, "issues": ["*"] }],
    })
    .to_string()
}

/// The code of what a call refused.
pub(crate) fn code<T>(result: Result<T, AttestaError>) -> String {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(AttestaError::Failed { code, message, hint }) => {
            assert!(!message.is_empty() && !hint.is_empty(), "{code} explains nothing");
            code
        }
    }
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
