use super::common::{
    context, contexts, each, each_object, has_type, is_absolute_url, is_keyword, no_keywords, typed, types, url,
    url_or_object,
};
use super::error::{Member, ModelError, Path};
use super::related::is_restricted_name;
use super::{BASE_CONTEXT, CREDENTIAL_TYPE, ENVELOPED_CREDENTIAL_TYPE, PRESENTATION_TYPE};
use crate::encoding::json::{Map, Value};
use crate::limits;

/// What a verifier reads of a presentation whose data model holds. Borrows from the JSON, and has no `Debug`:
/// credentials hold personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct PresentationView<'a> {
    /// `id`, an absolute URL.
    pub id: Option<&'a str>,
    /// `holder` or its `id`, an absolute URL.
    pub holder: Option<&'a str>,
    /// `type`, in the document's order; `VerifiablePresentation` is among them.
    pub types: Vec<&'a str>,
    /// `@context`, in order, the base context first; `None` for an inline object.
    pub contexts: Vec<Option<&'a str>>,
    /// `verifiableCredential`, in order, at most [`limits::CREDENTIALS`].
    pub credentials: Vec<Enclosed<'a>>,
}

/// A credential as it stands in a presentation. Its own data model is not judged yet.
#[derive(Clone, Copy)]
pub enum Enclosed<'a> {
    /// A credential in an envelope: `EnvelopedVerifiableCredential` (section 4.13.1).
    Enveloped {
        /// The media type of the `data:` URL with its parameters, without `application/`: `vc+jwt`, or
        /// `vc+cose;base64`.
        media_type: &'a str,
        /// What follows the comma, percent-encoding and base64 as they stand. Not empty.
        data: &'a str,
    },
    /// A credential with its proof inside, or with none of its own.
    Embedded(&'a Map),
}

impl<'a> PresentationView<'a> {
    /// Reads a presentation, secured (with `proof`) or not. The credentials in it are told apart and otherwise left to
    /// [`CredentialView::read`](super::CredentialView::read).
    ///
    /// # Errors
    /// [`ModelError`] for the first rule of the data model that the document breaks.
    pub fn read(document: &'a Map) -> Result<Self, ModelError> {
        let mut view =
            Self { id: None, holder: None, types: Vec::new(), contexts: Vec::new(), credentials: Vec::new() };
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
                    const EXPECTED: &str = "VerifiablePresentation among the types, and not VerifiableCredential";
                    view.types = types(&path, value, PRESENTATION_TYPE, CREDENTIAL_TYPE, EXPECTED)?;
                }
                Member::Holder => view.holder = Some(url_or_object(&path, value)?),
                Member::VerifiableCredential => view.credentials = credentials(&path, value)?,
                Member::TermsOfUse | Member::ConfidenceMethod | Member::RenderMethod | Member::Proof => {
                    each_object(&path, value, typed)?;
                }
                Member::WrappedCredential | Member::WrappedPresentation => {
                    return Err(ModelError::Forbidden { member });
                }
                // Of a credential: in a presentation they are members like any other that nobody defined.
                _ => {}
            }
        }
        let missing = |member| Err(ModelError::Missing { member });
        if view.contexts.is_empty() {
            return missing(Member::Context);
        }
        if view.types.is_empty() {
            return missing(Member::Type);
        }
        Ok(view)
    }
}

/// Whether a document calls itself a presentation, by its type. It may still not be a sound one.
pub fn is_presentation(document: &Map) -> bool {
    has_type(document, PRESENTATION_TYPE)
}

/// The object that stands for a credential or presentation in an envelope (section 4.13): `r#type` says for which, and
/// `data_url` has the envelope.
pub fn enveloped(r#type: &str, data_url: String) -> Map {
    let mut object = Map::new();
    object.insert("@context".to_owned(), BASE_CONTEXT.into());
    object.insert("id".to_owned(), data_url.into());
    object.insert("type".to_owned(), r#type.into());
    object
}

fn credentials<'a>(path: &Path<'_>, value: &'a Value) -> Result<Vec<Enclosed<'a>>, ModelError> {
    let count = value.as_array().map_or(1, Vec::len);
    if count > limits::CREDENTIALS {
        return Err(ModelError::TooManyCredentials { limit: limits::CREDENTIALS });
    }
    let mut credentials = Vec::with_capacity(count);
    each_object(path, value, |path, object| {
        credentials.push(enclosed(path, object)?);
        Ok(())
    })?;
    Ok(credentials)
}

fn enclosed<'a>(path: &Path<'_>, object: &'a Map) -> Result<Enclosed<'a>, ModelError> {
    no_keywords(path, object)?;
    match (has_type(object, ENVELOPED_CREDENTIAL_TYPE), has_type(object, CREDENTIAL_TYPE)) {
        (true, false) => in_envelope(path, object),
        (false, true) => Ok(Enclosed::Embedded(object)),
        _ => Err(path.child("type").malformed("VerifiableCredential, or EnvelopedVerifiableCredential alone")),
    }
}

/// Section 4.13.1.
fn in_envelope<'a>(path: &Path<'_>, object: &'a Map) -> Result<Enclosed<'a>, ModelError> {
    const EXPECTED: &str = "EnvelopedVerifiableCredential alone";
    each(&path.child("type"), object.get("type").unwrap_or(&Value::Null), EXPECTED, |path, item| {
        if item.as_str() == Some(ENVELOPED_CREDENTIAL_TYPE) { Ok(()) } else { Err(path.malformed(EXPECTED)) }
    })?;
    enveloped_context(&path.child("@context"), object.get("@context").unwrap_or(&Value::Null))?;
    let data_url = object.get("id").and_then(Value::as_str).and_then(data_url);
    let (media_type, data) =
        data_url.ok_or_else(|| path.child("id").malformed("a data: URL like data:application/vc+jwt,..."))?;
    Ok(Enclosed::Enveloped { media_type, data })
}

/// A context that defines the object's terms: the base context, alone or among others.
fn enveloped_context(path: &Path<'_>, value: &Value) -> Result<(), ModelError> {
    const EXPECTED: &str = "https://www.w3.org/ns/credentials/v2, alone or among others";
    let mut based = false;
    each(path, value, EXPECTED, |path, item| {
        based |= context(path, item)? == Some(BASE_CONTEXT);
        Ok(())
    })?;
    if based { Ok(()) } else { Err(path.malformed(EXPECTED)) }
}

/// The media type after `application/` and the data of a `data:` URL (RFC 2397).
///
/// Off-spec: a line break at the end is left out, as URL parsers do (URL Standard, section 4.4). The working group's own
/// examples have one after base64.
fn data_url(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches('\n');
    let (media_type, data) = text.strip_prefix("data:application/")?.split_once(',')?;
    let subtype = media_type.split(';').next()?;
    let holds = is_restricted_name(subtype) && !data.is_empty() && is_absolute_url(text);
    holds.then_some((media_type, data))
}
