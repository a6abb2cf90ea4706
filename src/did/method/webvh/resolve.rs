//! What follows from a checked log: the did:web DID of the same place.

use super::log::Log;
use crate::did::ResolutionError;
use crate::did::method::implied_services;
use crate::encoding::jcs;
use crate::encoding::json::{self, Map, Value};

impl Log {
    /// The document of the did:web DID of the same place (`did.json`), which leads older software to the same keys
    /// without the history; `None` if the DID is deactivated.
    ///
    /// # Errors
    /// [`ResolutionError::InvalidDidDocument`] if two of its members become one.
    pub fn web_document(&self) -> Result<Option<Map>, ResolutionError> {
        // "Publishing a Parallel did:web DID", step 1: "Start with the resolved version of the DIDDoc from did:webvh."
        let Some(document) = self.document() else { return Ok(None) };
        let mut map = document.to_json();
        // Step 2: services that are implied "MUST be added".
        let services = map.entry("service").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(services) = services {
            for implied in implied_services(document.id()) {
                let id = |service: &Map| service.get("id").and_then(Value::as_str).and_then(|id| document.absolute(id));
                let is_listed = |service: &Value| service.as_object().and_then(id) == id(&implied);
                if !services.iter().any(is_listed) {
                    services.push(implied.into());
                }
            }
        }
        // Step 3: "Execute a text replacement across the DIDDoc of did:webvh:<SCID>: to did:web:".
        let text = String::from_utf8(jcs::canonicalize(&map)).unwrap_or_default();
        let text = text.replace(&format!("did:webvh:{}:", self.scid()), "did:web:");
        let invalid = |error| ResolutionError::InvalidDidDocument(crate::did::DocumentError::Json(error));
        let mut map = json::parse_object(text.as_bytes()).map_err(invalid)?;
        // Steps 4 and 5: the did:webvh DID goes into alsoKnownAs, which has nothing twice and not the did:web DID itself.
        let mut known: Vec<Value> = Vec::new();
        let own = map.get("id").cloned();
        let listed = map.remove("alsoKnownAs");
        let listed = listed.as_ref().and_then(Value::as_array).into_iter().flatten().cloned();
        for name in listed.chain([Value::from(document.id())]) {
            if Some(&name) != own.as_ref() && !known.contains(&name) {
                known.push(name);
            }
        }
        map.insert("alsoKnownAs".to_owned(), known.into());
        Ok(Some(map))
    }
}
