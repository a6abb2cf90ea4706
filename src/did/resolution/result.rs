//! What a resolver answers.

use serde_json::json;

use super::{ResolutionError, ResolutionOptions, accept};
use crate::did::{Did, Document};
use crate::encoding::json::{self, Map, Value};
use crate::limits;

/// The answer to a resolution (DID Resolution 1.0, "DID Resolution").
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct ResolutionResult {
    /// `didDocument`: the document; none if resolution failed or the DID is deactivated.
    pub document: Option<Document>,
    /// `didResolutionMetadata.error`.
    pub error: Option<ResolutionError>,
    /// `didDocumentMetadata`: what the method knows of the document, such as `created` and `deactivated`.
    pub document_metadata: Map,
    expand_relative_urls: bool,
}

impl ResolutionResult {
    /// The result that a method's outcome makes. No document and no error is a deactivated DID.
    pub(crate) fn of(outcome: Result<(Option<Document>, Map), ResolutionError>, options: &ResolutionOptions) -> Self {
        let (document, error, document_metadata) = match outcome {
            Ok((document, metadata)) => (document, None, metadata),
            Err(error) => (None, Some(error), Map::new()),
        };
        Self { document, error, document_metadata, expand_relative_urls: options.expand_relative_urls }
    }

    /// Reads the result that another resolver answered with (DID Resolution 1.0, "DID Resolution Result", and of
    /// "Bindings" the HTTP one). Errors may have the form of a problem object or of a name.
    ///
    /// # Errors
    /// [`ResolutionError::InvalidAnswer`], [`ResolutionError::InvalidDidDocument`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ResolutionError> {
        if bytes.len() > limits::MATERIAL_BYTES {
            return Err(ResolutionError::InvalidAnswer);
        }
        let map = json::parse_object(bytes).map_err(|_| ResolutionError::InvalidAnswer)?;
        let member = |name: &str| map.get(name).and_then(Value::as_object);
        let document_metadata = member("didDocumentMetadata").cloned().unwrap_or_default();
        let error = match member("didResolutionMetadata").and_then(|metadata| metadata.get("error")) {
            None | Some(Value::Null) => None,
            Some(error) => Some(ResolutionError::Answered { name: error_name(error)? }),
        };
        let document = match map.get("didDocument") {
            Some(Value::Object(document)) if error.is_none() => Some(Document::from_map(document)?),
            None if error.is_none() => return Err(ResolutionError::InvalidAnswer),
            _ => None,
        };
        Ok(Self { document, error, document_metadata, expand_relative_urls: false })
    }

    /// Whether the DID is deactivated.
    pub fn is_deactivated(&self) -> bool {
        self.document_metadata.get("deactivated") == Some(&Value::Bool(true))
    }

    /// What the answer says of this DID.
    pub(super) fn answers(&self, did: &Did) -> Result<(Option<Document>, Map), ResolutionError> {
        match (&self.document, &self.error) {
            (_, Some(error)) => Err(error.clone()),
            (Some(document), None) if document.id() != did.as_str() => Err(ResolutionError::OtherDocument),
            (None, None) if !self.is_deactivated() => Err(ResolutionError::InvalidAnswer),
            // "Otherwise ... If the input DID has been deactivated ... didDocument: null"
            (document, None) => {
                Ok((document.clone().filter(|_| !self.is_deactivated()), self.document_metadata.clone()))
            }
        }
    }

    /// The document as JSON, with absolute URLs if the options asked for that; nothing if there is none.
    pub(in crate::did) fn document_json(&self) -> Map {
        let json = |document: &Document| {
            if self.expand_relative_urls { document.to_json_with_absolute_urls() } else { document.to_json() }
        };
        self.document.as_ref().map(json).unwrap_or_default()
    }

    /// The result as JSON: `didResolutionMetadata`, `didDocument`, `didDocumentMetadata`.
    pub fn to_json(&self) -> Map {
        let document = self.document.as_ref().map(|_| self.document_json());
        let mut metadata = Map::new();
        if let Some(error) = &self.error {
            metadata.insert("error".to_owned(), error.to_json().into());
        } else if document.is_some() {
            metadata.insert("contentType".to_owned(), accept::DID_DOCUMENT.into());
        }
        let mut map = Map::new();
        map.insert("didResolutionMetadata".to_owned(), metadata.into());
        map.insert("didDocument".to_owned(), json!(document));
        map.insert("didDocumentMetadata".to_owned(), self.document_metadata.clone().into());
        map
    }
}

/// The name of an error: a text such as `notFound`, or the last part of a problem object's `type` (RFC 9457).
fn error_name(error: &Value) -> Result<String, ResolutionError> {
    let name = match error {
        Value::String(name) => Some(name.as_str()),
        Value::Object(problem) => {
            problem.get("type").and_then(Value::as_str).and_then(|name| name.rsplit(['#', '/']).next())
        }
        _ => None,
    };
    let is_name = |name: &&str| {
        !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    name.filter(is_name).map(str::to_owned).ok_or(ResolutionError::InvalidAnswer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did::{Record, resolve_from};
    use crate::error::Explain;

    const DID: &str = "did:ethr:0x02";

    fn code(answer: &Value) -> &'static str {
        let result = match ResolutionResult::parse(answer.to_string().as_bytes()) {
            Ok(answer) => resolve_from(DID, Some(Record::Answer(&answer)), &ResolutionOptions::default()),
            Err(error) => return error.code(),
        };
        match result.error {
            Some(error) => error.code(),
            None if result.is_deactivated() => "deactivated",
            None => "ok",
        }
    }

    #[test]
    fn the_answer_of_another_resolver_is_passed_on() {
        let document = json!({ "id": DID });
        let metadata = json!({ "versionId": "3" });
        let answer = json!({ "didDocument": document, "didDocumentMetadata": metadata, "didResolutionMetadata": {} });
        let read = ResolutionResult::parse(answer.to_string().as_bytes()).unwrap();
        let result = resolve_from(DID, Some(Record::Answer(&read)), &ResolutionOptions::default()).to_json();
        assert_eq!(result["didDocument"], document);
        assert_eq!(result["didDocumentMetadata"], metadata);
        let closed = json!({ "didDocument": null, "didDocumentMetadata": { "deactivated": true } });
        assert_eq!(code(&closed), "deactivated");
        let still_there = json!({ "didDocument": document, "didDocumentMetadata": { "deactivated": true } });
        assert_eq!(code(&still_there), "deactivated");
        let read = ResolutionResult::parse(still_there.to_string().as_bytes()).unwrap();
        assert_eq!(resolve_from(DID, Some(Record::Answer(&read)), &ResolutionOptions::default()).document, None);
    }

    #[test]
    fn errors_keep_their_names_in_both_forms() {
        for (error, name) in
            [(json!({ "type": "https://www.w3.org/ns/did#NOT_FOUND" }), "NOT_FOUND"), (json!("notFound"), "notFound")]
        {
            let answer = json!({ "didDocument": null, "didResolutionMetadata": { "error": error } });
            assert_eq!(code(&answer), "resolution.answered");
            let read = ResolutionResult::parse(answer.to_string().as_bytes()).unwrap();
            assert_eq!(read.error.unwrap().name(), name);
        }
    }

    #[test]
    fn an_answer_that_is_none_is_refused() {
        for answer in [
            json!([]),
            json!({}),
            json!({ "didDocument": null }),
            json!({ "didDocument": null, "didDocumentMetadata": { "deactivated": "true" } }),
            json!({ "didDocument": null, "didResolutionMetadata": { "error": 404 } }),
            json!({ "didDocument": null, "didResolutionMetadata": { "error": "<script>" } }),
            json!({ "didDocument": null, "didResolutionMetadata": { "error": { "title": "Gone" } } }),
            json!({ "didDocument": "text" }),
        ] {
            assert_eq!(code(&answer), "resolution.invalid-answer", "{answer}");
        }
        assert_eq!(code(&json!({ "didDocument": { "id": "did:ethr:0x03" } })), "resolution.other-document");
        assert_eq!(code(&json!({ "didDocument": {} })), "document.id");
    }
}
