//! Issuing with `ecdsa-sd-2023`: what every verifier sees, whatever the holder chooses.

use serde_json::Value;

use super::issue::{IssueError, Issuer};
use crate::credential::Credential;
use crate::encoding::json::Map;
use crate::encoding::pointer::member;
use crate::securing::data_integrity::sd::{Prepared, Secrets};
use crate::securing::data_integrity::{ProofOptions, Suite};
use crate::time::Timestamp;

impl Issuer<'_> {
    /// Signs a document statement by statement.
    pub(super) fn sign_statements(
        &self,
        document: Map,
        credential: &Credential,
        created: Timestamp,
    ) -> Result<String, IssueError> {
        let mut mandatory = never_hidden(&document);
        mandatory.extend_from_slice(credential.mandatory_pointers());
        mandatory.sort_unstable();
        mandatory.dedup();
        let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
        let options = ProofOptions { created: Some(created), ..self.proof_options() }.to_map(Suite::EcdsaSd2023);
        let secrets = Secrets::from_seed(&credential.salt().secret_of(&document))?;
        let prepared = Prepared::new(document, options, &mandatory, secrets, self.contexts)?;
        Ok(Value::Object(prepared.sign(self.signer)?).to_string())
    }
}

/// What a verifier needs to be safe: everything but what is said of the subjects, and who they are. The same stands open
/// in a `vc+sd-jwt`.
fn never_hidden(document: &Map) -> Vec<String> {
    // `id` and `type` of an object are shown with whatever is shown of it.
    let is_apart = |name: &str| matches!(name, "@context" | "id" | "type" | "credentialSubject");
    let others = document.keys().filter(|name| !is_apart(name));
    let mut pointers: Vec<String> = others.map(|name| member("", name)).collect();
    match document.get("credentialSubject") {
        Some(Value::Object(subject)) => pointers.extend(named(subject, "/credentialSubject")),
        Some(Value::Array(subjects)) => {
            let subjects = subjects.iter().enumerate().filter_map(|(at, subject)| Some((at, subject.as_object()?)));
            pointers.extend(subjects.filter_map(|(at, subject)| named(subject, &format!("/credentialSubject/{at}"))));
        }
        _ => {}
    }
    pointers
}

/// That there is this subject: its `id`, or else its `type`.
fn named(subject: &Map, at: &str) -> Option<String> {
    let name = ["id", "type"].into_iter().find(|name| subject.contains_key(*name))?;
    Some(format!("{at}/{name}"))
}
