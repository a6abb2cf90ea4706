use super::common::{
    contexts, each_object, is_keyword, no_keywords, text, timestamp, typed, types, url, url_or_object,
};
use super::error::{Member, ModelError, Path};
use super::related::related_resources;
use super::{CREDENTIAL_TYPE, PRESENTATION_TYPE};
use crate::encoding::json::{Map, Value};
use crate::time::Timestamp;

/// What a verifier reads of a credential whose data model holds. Borrows from the JSON, and has no `Debug`: subjects
/// are personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct CredentialView<'a> {
    /// `id`, an absolute URL.
    pub id: Option<&'a str>,
    /// `issuer` or its `id`, an absolute URL.
    pub issuer: &'a str,
    /// `type`, in the document's order; `VerifiableCredential` is among them.
    pub types: Vec<&'a str>,
    /// `@context`, in order, the base context first; `None` for an inline object.
    pub contexts: Vec<Option<&'a str>>,
    /// `validFrom`.
    pub valid_from: Option<Timestamp>,
    /// `validUntil`, not before `valid_from`.
    pub valid_until: Option<Timestamp>,
    /// `credentialSubject`: at least one, none of them empty. Of an SD-JWT VC the claims set itself, whose registered
    /// members are no claims about the subject.
    pub subjects: Vec<&'a Map>,
    /// `credentialStatus`, each with a `type`.
    pub status: Vec<&'a Map>,
    /// `credentialSchema`, each with a `type` and an `id`.
    pub schemas: Vec<&'a Map>,
    /// `cnf`, the key that a holder proves to have (RFC 7800 section 3.1).
    pub confirmation: Option<&'a Map>,
    pub(in crate::credential) subject_named_by: SubjectNamedBy<'a>,
}

/// Where a subject's identifier stands.
#[derive(Clone, Copy)]
pub(in crate::credential) enum SubjectNamedBy<'a> {
    /// In each subject's own `id`.
    Id,
    /// In the claims set's `sub`, if it has one.
    Sub(Option<&'a str>),
}

impl<'a> CredentialView<'a> {
    /// Reads a credential, secured (with `proof`) or not.
    ///
    /// # Errors
    /// [`ModelError`] for the first rule of the data model that the document breaks.
    pub fn read(document: &'a Map) -> Result<Self, ModelError> {
        let mut issuer = None;
        let mut view = Self {
            id: None,
            issuer: "",
            types: Vec::new(),
            contexts: Vec::new(),
            valid_from: None,
            valid_until: None,
            subjects: Vec::new(),
            status: Vec::new(),
            schemas: Vec::new(),
            confirmation: None,
            subject_named_by: SubjectNamedBy::Id,
        };
        for (name, value) in document {
            let Some(member) = Member::named(name) else {
                if is_keyword(name) {
                    return Err(ModelError::Keyword { pointer: String::new() });
                }
                continue;
            };
            let path = Path::Member(member);
            match member {
                Member::Context => view.contexts = contexts(&path, value)?,
                Member::Id => view.id = Some(url(&path, value)?),
                Member::Type => {
                    const EXPECTED: &str = "VerifiableCredential among the types, and not VerifiablePresentation";
                    view.types = types(&path, value, CREDENTIAL_TYPE, PRESENTATION_TYPE, EXPECTED)?;
                }
                Member::Name | Member::Description => text(&path, value)?,
                Member::Issuer => issuer = Some(read_issuer(&path, value)?),
                Member::CredentialSubject => view.subjects = objects(&path, value, subject)?,
                Member::ValidFrom => view.valid_from = Some(timestamp(&path, value)?),
                Member::ValidUntil => view.valid_until = Some(timestamp(&path, value)?),
                Member::CredentialStatus => view.status = objects(&path, value, typed)?,
                Member::CredentialSchema => view.schemas = objects(&path, value, schema)?,
                Member::TermsOfUse
                | Member::RefreshService
                | Member::Evidence
                | Member::ConfidenceMethod
                | Member::RenderMethod
                | Member::Proof => each_object(&path, value, typed)?,
                Member::RelatedResource => related_resources(&path, value)?,
                Member::Confirmation => {
                    view.confirmation = Some(value.as_object().ok_or_else(|| path.malformed("an object"))?);
                }
                Member::WrappedCredential | Member::WrappedPresentation => {
                    return Err(ModelError::Forbidden { member });
                }
                // Of a presentation: in a credential they are members like any other that nobody defined.
                Member::Holder | Member::VerifiableCredential => {}
            }
        }
        let missing = |member| Err(ModelError::Missing { member });
        if view.contexts.is_empty() {
            return missing(Member::Context);
        }
        if view.types.is_empty() {
            return missing(Member::Type);
        }
        if view.subjects.is_empty() {
            return missing(Member::CredentialSubject);
        }
        let Some(issuer) = issuer else { return missing(Member::Issuer) };
        if let (Some(from), Some(until)) = (view.valid_from, view.valid_until)
            && until < from
        {
            return Err(ModelError::ValidityPeriod);
        }
        Ok(Self { issuer, ..view })
    }

    /// The subject, if the credential speaks of one alone.
    pub fn single_subject(&self) -> Option<&'a Map> {
        match self.subjects[..] {
            [subject] => Some(subject),
            _ => None,
        }
    }

    /// The `id` of the single subject, an absolute URL; of an SD-JWT VC its `sub`.
    pub fn subject_id(&self) -> Option<&'a str> {
        match self.subject_named_by {
            SubjectNamedBy::Id => self.single_subject()?.get("id")?.as_str(),
            SubjectNamedBy::Sub(sub) => sub,
        }
    }

    /// Whether some subject has an identifier, be it one of several.
    pub fn names_a_subject(&self) -> bool {
        match self.subject_named_by {
            SubjectNamedBy::Id => self.subjects.iter().any(|subject| subject.contains_key("id")),
            SubjectNamedBy::Sub(sub) => sub.is_some(),
        }
    }
}

fn objects<'a>(
    path: &Path<'_>,
    value: &'a Value,
    check: impl Fn(&Path<'_>, &'a Map) -> Result<(), ModelError>,
) -> Result<Vec<&'a Map>, ModelError> {
    let mut objects = Vec::with_capacity(value.as_array().map_or(1, Vec::len));
    each_object(path, value, |path, object| {
        check(path, object)?;
        objects.push(object);
        Ok(())
    })?;
    Ok(objects)
}

/// Section 4.7, and section 4.6 as the working group's tests apply it to issuers.
fn read_issuer<'a>(path: &Path<'_>, value: &'a Value) -> Result<&'a str, ModelError> {
    let id = url_or_object(path, value)?;
    for name in ["name", "description"] {
        if let Some(value) = value.get(name) {
            text(&path.child(name), value)?;
        }
    }
    Ok(id)
}

/// Section 4.8.
fn subject(path: &Path<'_>, subject: &Map) -> Result<(), ModelError> {
    if subject.is_empty() {
        return Err(path.malformed("an object with at least one claim"));
    }
    no_keywords(path, subject)?;
    match subject.get("id") {
        Some(id) => url(&path.child("id"), id).map(drop),
        None => Ok(()),
    }
}

/// Section 4.11.
fn schema(path: &Path<'_>, schema: &Map) -> Result<(), ModelError> {
    typed(path, schema)?;
    match schema.get("id") {
        Some(_) => Ok(()),
        None => Err(path.child("id").malformed("an absolute URL")),
    }
}
