//! What a checked log answers to a resolver, and what follows from it: services that every DID of this method has, and
//! the did:web DID of the same place.

use serde_json::json;

use super::identifier::Identifier;
use super::log::{Log, Select, Version};
use crate::did::{Did, Document, ResolutionError, ResolutionOptions};
use crate::encoding::jcs;
use crate::encoding::json::{self, Map, Value};

/// The services that a DID of this method has whether its document lists them or not (did:webvh 1.0, "DID URL Path
/// Resolution" and "whois LinkedVP Service"); none for another method's DID.
pub(in crate::did) fn implied_services(did: &str) -> Vec<Map> {
    let Some(identifier) = Did::parse(did).ok().and_then(|did| Identifier::parse(&did).ok()) else {
        return Vec::new();
    };
    let files = json!({
        "id": format!("{did}#files"),
        "type": "relativeRef",
        "serviceEndpoint": identifier.files_url(),
    });
    let whois = json!({
        "@context": "https://identity.foundation/linked-vp/contexts/v1",
        "id": format!("{did}#whois"),
        "type": "LinkedVerifiablePresentation",
        "serviceEndpoint": identifier.whois_url(),
    });
    [files, whois].into_iter().filter_map(|service| service.as_object().cloned()).collect()
}

impl Log {
    /// The version that the options ask for, the newest by default, and what is known of it. There is no document if
    /// the DID is deactivated and no version was asked for.
    pub(in crate::did) fn answer(
        &self,
        options: &ResolutionOptions,
    ) -> Result<(Option<Document>, Map), ResolutionError> {
        let number = options.version_number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        let select = match (&options.version_id, options.version_time, number) {
            (Some(id), _, _) => Some(Select::Id(id)),
            (_, Some(time), _) => Some(Select::Time(time)),
            (_, _, Some(number)) => Some(Select::Number(number)),
            (None, None, None) => None,
        };
        let version = match select {
            None => self.current(),
            // "If the DID was not active at the specified time, a NotFound MUST be returned."
            Some(select) => self
                .version(select)
                .filter(|version| !(matches!(select, Select::Time(_)) && version.parameters.deactivated))
                .ok_or(ResolutionError::NotFound)?,
        };
        let is_hidden = self.deactivated().is_some() && version == self.current();
        let document = (!is_hidden).then(|| version.document().clone());
        Ok((document, self.metadata(version)))
    }

    /// `didDocumentMetadata`. Numbers are texts there: "the DID-RESOLUTION specification requires that DID metadata not
    /// be integers".
    fn metadata(&self, version: &Version) -> Map {
        let newest = &self.current().parameters;
        let mut map = Map::new();
        let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
        set("versionId", version.id().into());
        set("versionTime", version.time().to_string().into());
        set("created", self.created().to_string().into());
        // DID Resolution 1.0: the last update "for the document version which was resolved".
        set("updated", version.time().to_string().into());
        set("scid", self.scid().into());
        set("portable", newest.portable().into());
        set("deactivated", newest.deactivated().into());
        set("ttl", newest.ttl().to_string().into());
        if let Some(witnesses) = newest.witness() {
            let mut witness = witnesses.to_json();
            witness.insert("threshold".to_owned(), witnesses.threshold().to_string().into());
            set("witness", witness.into());
        }
        set("watchers", newest.watchers().iter().map(String::as_str).collect());
        if let Some(next) = self.version(Select::Number(version.number() + 1)) {
            set("nextUpdate", next.time().to_string().into());
            set("nextVersionId", next.id().into());
        }
        // Off-spec: DID Resolution 1.0 wants the document's `id` to be the DID that was asked for. That of a DID that
        // has moved is the new one, as did:webvh has it.
        if self.did() != self.identifier().did().as_str() {
            set("canonicalId", self.did().into());
        }
        map
    }

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
