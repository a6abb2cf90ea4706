//! Changing a DID document: its keys and its services. Whoever owns the DID then publishes it, as the method says.

use serde_json::json;

use super::Relationship;
use super::document::{Document, DocumentError};
use crate::encoding::json::{Map, Value};
use crate::error::Explain;
use crate::keys::{KeyType, PublicKey};

/// Why a document was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The document does not hold before the change, or would not hold after it.
    #[error("the DID document is malformed: {0}")]
    Document(#[from] DocumentError),
    /// A member that must be a list is none.
    #[error("the member {name} of the DID document is no list")]
    NotAList {
        /// Its name.
        name: &'static str,
    },
    /// The key is there already.
    #[error("the DID document has this key already")]
    KeyIsThere,
    /// No key has that name.
    #[error("the DID document has no key of that name")]
    NoSuchKey,
    /// A service of that name is there already.
    #[error("the DID document has a service of that name already")]
    ServiceIsThere,
    /// No service has that name.
    #[error("the DID document has no service of that name")]
    NoSuchService,
}

impl Explain for EditError {
    fn code(&self) -> &'static str {
        match self {
            Self::Document(error) => error.code(),
            Self::NotAList { .. } => "did-edit.not-a-list",
            Self::KeyIsThere => "did-edit.key-is-there",
            Self::NoSuchKey => "did-edit.no-such-key",
            Self::ServiceIsThere => "did-edit.service-is-there",
            Self::NoSuchService => "did-edit.no-such-service",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Document(error) => error.hint(),
            Self::NotAList { .. } => "Correct the document by hand first.",
            Self::KeyIsThere => "Make a new key, or leave this one as it is.",
            Self::NoSuchKey | Self::NoSuchService => "Name it as the document does, with what follows the # of its id.",
            Self::ServiceIsThere => "Remove the one that is there, or choose another name.",
        }
    }
}

/// The name of a key in a document: its Multikey, so that no two keys ever share one.
pub fn key_name(key: &PublicKey) -> String {
    key.to_multikey()
}

/// Adds a key, which may then sign credentials and log in, or receive encrypted messages if it is an X25519 key. Returns
/// the id of the new verification method.
///
/// # Errors
/// [`EditError::KeyIsThere`], [`EditError::NotAList`], [`EditError::Document`].
pub fn add_key(document: &mut Map, key: &PublicKey) -> Result<String, EditError> {
    let read = Document::from_map(document)?;
    if read.verification_methods().iter().any(|method| method.key.as_ref().is_ok_and(|known| known == key)) {
        return Err(EditError::KeyIsThere);
    }
    let id = format!("{}#{}", read.id(), key_name(key));
    if read.verification_method(&id).is_some() {
        return Err(EditError::KeyIsThere);
    }
    let method = json!({
        "id": id, "type": "Multikey", "controller": read.id(), "publicKeyMultibase": key.to_multikey(),
    });
    list(document, "verificationMethod")?.push(method);
    let relationships: &[&'static str] = match key.key_type() {
        KeyType::X25519 => &["keyAgreement"],
        _ => &["authentication", "assertionMethod"],
    };
    for relationship in relationships {
        list(document, relationship)?.push(id.as_str().into());
    }
    Ok(id)
}

/// Takes a key out of the document, wherever it is listed. `name` is its id, or what follows the `#` in it.
///
/// # Errors
/// [`EditError::NoSuchKey`], [`EditError::Document`].
pub fn remove_key(document: &mut Map, name: &str) -> Result<(), EditError> {
    let read = Document::from_map(document)?;
    let id = id_of(&read, name);
    if read.verification_method(&id).is_none() {
        return Err(EditError::NoSuchKey);
    }
    let relationships = Relationship::ALL.map(Relationship::name);
    for member in ["verificationMethod"].into_iter().chain(relationships) {
        let Some(Value::Array(items)) = document.get_mut(member) else { continue };
        items.retain(|item| named(&read, item) != Some(id.clone()));
        if items.is_empty() {
            document.remove(member);
        }
    }
    Ok(())
}

/// Adds a service.
///
/// # Errors
/// [`EditError::ServiceIsThere`], [`EditError::NotAList`], [`EditError::Document`].
pub fn add_service(document: &mut Map, name: &str, service_type: &str, endpoint: &str) -> Result<(), EditError> {
    let read = Document::from_map(document)?;
    let id = id_of(&read, name);
    // An id that is no URL would name nothing, and could not be taken out again.
    if read.absolute(&id).is_none() {
        return Err(DocumentError::Url { member: "service" }.into());
    }
    if services(document).any(|service| named(&read, service) == Some(id.clone())) {
        return Err(EditError::ServiceIsThere);
    }
    list(document, "service")?.push(json!({ "id": id, "type": service_type, "serviceEndpoint": endpoint }));
    Document::from_map(document)?;
    Ok(())
}

/// Takes a service out of the document. `name` is its id, or what follows the `#` in it.
///
/// # Errors
/// [`EditError::NoSuchService`], [`EditError::Document`].
pub fn remove_service(document: &mut Map, name: &str) -> Result<(), EditError> {
    let read = Document::from_map(document)?;
    let id = id_of(&read, name);
    if !services(document).any(|service| named(&read, service) == Some(id.clone())) {
        return Err(EditError::NoSuchService);
    }
    let left = list(document, "service")?;
    left.retain(|service| named(&read, service) != Some(id.clone()));
    if left.is_empty() {
        document.remove("service");
    }
    Ok(())
}

fn services(document: &Map) -> impl Iterator<Item = &Value> {
    document.get("service").and_then(Value::as_array).into_iter().flatten()
}

/// The absolute id that a name stands for.
fn id_of(document: &Document, name: &str) -> String {
    match name.strip_prefix('#') {
        Some(fragment) => format!("{}#{fragment}", document.id()),
        None if name.starts_with("did:") || name.starts_with("https://") => name.to_owned(),
        None => format!("{}#{name}", document.id()),
    }
}

/// The absolute id of a method or service, or of what refers to one.
fn named(document: &Document, item: &Value) -> Option<String> {
    let id = match item {
        Value::Object(item) => item.get("id")?.as_str()?,
        item => item.as_str()?,
    };
    document.absolute(id)
}

fn list<'m>(document: &'m mut Map, name: &'static str) -> Result<&'m mut Vec<Value>, EditError> {
    match document.entry(name).or_insert_with(|| json!([])) {
        Value::Array(items) => Ok(items),
        _ => Err(EditError::NotAList { name }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Signer as _, SoftwareKey};

    const DID: &str = "did:web:ngo.example";

    fn document() -> Map {
        let service = json!({ "id": "#site", "type": "LinkedDomains", "serviceEndpoint": "https://ngo.example" });
        let value = json!({ "id": DID, "service": [service] });
        value.as_object().cloned().unwrap()
    }

    fn key(key_type: KeyType) -> PublicKey {
        SoftwareKey::generate(key_type).unwrap().public_key()
    }

    #[test]
    fn a_key_that_is_added_may_sign_and_is_gone_when_it_is_removed() {
        let (mut changed, key) = (document(), key(KeyType::Ed25519));
        let id = add_key(&mut changed, &key).unwrap();
        let read = Document::from_map(&changed).unwrap();
        assert_eq!(id, format!("{DID}#{}", key.to_multikey()));
        assert!(
            read.authorizes(&id, Relationship::AssertionMethod) && read.authorizes(&id, Relationship::Authentication)
        );
        assert!(!read.authorizes(&id, Relationship::KeyAgreement));
        for name in [id.clone(), format!("#{}", key.to_multikey()), key.to_multikey()] {
            let mut without = changed.clone();
            remove_key(&mut without, &name).unwrap();
            assert_eq!(without, document(), "{name}");
        }
    }

    #[test]
    fn a_key_is_removed_however_it_is_written() {
        let key = key(KeyType::P256).to_multikey();
        let method = json!({ "id": "#k", "type": "Multikey", "controller": DID, "publicKeyMultibase": key });
        let mut listed = document();
        listed.insert("verificationMethod".to_owned(), json!([method]));
        listed.insert("assertionMethod".to_owned(), json!(["#k", format!("{DID}#k")]));
        remove_key(&mut listed, "k").unwrap();
        assert_eq!(listed, document());
        let mut embedded = document();
        embedded.insert("authentication".to_owned(), json!([method]));
        remove_key(&mut embedded, "#k").unwrap();
        assert_eq!(embedded, document());
    }

    #[test]
    fn what_would_leave_a_document_that_nobody_can_read_is_refused() {
        let key = key(KeyType::Ed25519);
        let mut with_key = document();
        add_key(&mut with_key, &key).unwrap();
        let unchanged = with_key.clone();
        assert_eq!(add_key(&mut with_key, &key), Err(EditError::KeyIsThere));
        assert_eq!(remove_key(&mut with_key, "nobody"), Err(EditError::NoSuchKey));
        assert_eq!(remove_key(&mut with_key, "site"), Err(EditError::NoSuchKey));
        assert_eq!(remove_key(&mut with_key, "did:web:other.example#site"), Err(EditError::NoSuchKey));
        let another = add_service(&mut with_key, "site", "LinkedDomains", "https://ngo.example");
        assert_eq!(another, Err(EditError::ServiceIsThere));
        assert_eq!(remove_service(&mut with_key, "other"), Err(EditError::NoSuchService));
        assert_eq!(with_key, unchanged);
        let mut broken = document();
        broken.insert("service".to_owned(), json!({}));
        assert_eq!(add_service(&mut broken, "a", "A", "https://a.example").unwrap_err().code(), "did-edit.not-a-list");
        assert_eq!(add_key(&mut Map::new(), &key).unwrap_err().code(), "document.id");
    }

    #[test]
    fn a_document_at_an_address_is_changed_as_a_dids_is() {
        let value = json!({ "id": "https://ngo.example/keys" });
        let (before, key) = (value.as_object().cloned().unwrap(), key(KeyType::P256));
        let mut changed = before.clone();
        let id = add_key(&mut changed, &key).unwrap();
        assert_eq!(id, format!("https://ngo.example/keys#{}", key_name(&key)));
        remove_key(&mut changed, &id).unwrap();
        assert_eq!(changed, before);
    }

    #[test]
    fn services_come_and_go() {
        let mut changed = document();
        add_service(&mut changed, "#inbox", "Inbox", "https://ngo.example/in").unwrap();
        assert_eq!(changed["service"][1]["id"], "did:web:ngo.example#inbox");
        remove_service(&mut changed, "did:web:ngo.example#inbox").unwrap();
        assert_eq!(changed, document());
        for name in ["in box", "a\"b", "did:", "did:web:ngo.example#a#b"] {
            let before = changed.clone();
            let error =
                add_service(&mut changed, name, "Inbox", "https://ngo.example/in").map_err(|error| error.code());
            assert_eq!((error, &changed), (Err("document.url"), &before), "{name}");
        }
        remove_service(&mut changed, "site").unwrap();
        assert_eq!(changed.get("service"), None);
    }
}
