//! Reading a document: its id, its verification methods, and what each of them may do.

use std::collections::{HashMap, HashSet};

use super::DocumentError;
use super::url::{absolute, is_identifier};
use crate::did::verification_method::{Relationship, VerificationMethod};
use crate::encoding::json::{Map, Value};
use crate::limits;

/// The id and the verification methods, each with the relationships that list it.
pub(super) fn read(map: &Map) -> Result<(String, Vec<VerificationMethod>), DocumentError> {
    let id = map.get("id").and_then(Value::as_str).filter(|id| is_identifier(id)).ok_or(DocumentError::Id)?;
    let mut methods = Methods::default();
    for item in items(map, "verificationMethod")? {
        let item = item.as_object().ok_or(DocumentError::Member { member: "verificationMethod" })?;
        methods.add(VerificationMethod::read(id, item)?)?;
    }
    let defined = methods.list.len();
    let mut references = Vec::new();
    for relationship in Relationship::ALL {
        let member = relationship.name();
        for item in items(map, member)? {
            match item {
                Value::String(reference) => {
                    let url = absolute(id, reference).ok_or(DocumentError::Url { member })?;
                    references.push((url, relationship));
                }
                Value::Object(embedded) => {
                    let mut method = VerificationMethod::read(id, embedded)?;
                    method.list_under(relationship);
                    methods.add(method)?;
                }
                _ => return Err(DocumentError::Member { member }),
            }
        }
    }
    for (url, relationship) in references {
        // An embedded method serves where it stands and nowhere else; what the document does not hold serves
        // nothing (Controlled Identifiers 1.0, section 2.3).
        if let Some(index) = methods.indices.get(&url).copied().filter(|index| *index < defined) {
            methods.list[index].list_under(relationship);
        }
    }
    services_differ(id, map)?;
    Ok((id.to_owned(), methods.list))
}

/// What is no list of objects with ids is left to whoever looks for services.
fn services_differ(id: &str, map: &Map) -> Result<(), DocumentError> {
    let services = map.get("service").and_then(Value::as_array).into_iter().flatten();
    let mut seen = HashSet::new();
    for service in services.filter_map(|service| service.get("id")?.as_str()) {
        let url = absolute(id, service).unwrap_or_else(|| service.to_owned());
        if !seen.insert(url) {
            return Err(DocumentError::DuplicateService);
        }
    }
    Ok(())
}

/// Verification methods while a document is read, each id once.
#[derive(Default)]
struct Methods {
    list: Vec<VerificationMethod>,
    indices: HashMap<String, usize>,
}

impl Methods {
    fn add(&mut self, method: VerificationMethod) -> Result<(), DocumentError> {
        if self.list.len() == limits::VERIFICATION_METHODS {
            return Err(DocumentError::TooManyMethods { limit: limits::VERIFICATION_METHODS });
        }
        if self.indices.insert(method.id.clone(), self.list.len()).is_some() {
            return Err(DocumentError::DuplicateMethod);
        }
        self.list.push(method);
        Ok(())
    }
}

/// The items of a member that is a set, where an absent member has none.
fn items<'m>(map: &'m Map, member: &'static str) -> Result<&'m [Value], DocumentError> {
    match map.get(member) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(DocumentError::Member { member }),
    }
}
