//! One document of type metadata.

use std::collections::BTreeSet;

use super::error::TypeMetadataError;
use crate::credential::integrity::Integrity;
use crate::credential::model::is_language_tag;
use crate::encoding::json::{JsonError, Map, Value, parse_object};
use crate::encoding::pointer::member;
use crate::limits;

/// A type as its publisher describes it (draft-ietf-oauth-sd-jwt-vc-19, section 5.2). What it says for rendering is not
/// read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeMetadata {
    /// The type.
    pub vct: String,
    /// A name for developers.
    pub name: Option<String>,
    /// A description for developers.
    pub description: Option<String>,
    /// The type that it extends.
    pub extends: Option<String>,
    /// `extends#integrity`, the digest of that type's own description.
    pub extends_integrity: Option<String>,
    /// What people call the type, by language.
    pub display: Vec<Display>,
    /// What holds for its claims, each path once.
    pub claims: Vec<ClaimMetadata>,
}

/// A name in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Display {
    /// The language (RFC 5646), such as `zh-Hant`.
    pub locale: String,
    /// What people call it: `name` of a type, `label` of a claim.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
}

/// What holds for a claim, or for each claim that its path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimMetadata {
    /// The way to it from the top of the claims set.
    pub path: Vec<Step>,
    /// What people call it, by language.
    pub display: Option<Vec<Display>>,
    /// Whether its issuer must put it in; where it is not said, it need not.
    pub mandatory: Option<bool>,
    /// Whether its holder can hide it.
    pub disclosure: Option<Disclosure>,
    /// The name under which a picture of the credential shows it.
    pub svg_id: Option<String>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A member of an object.
    Member(String),
    /// An item of a list, from 0.
    Item(u64),
    /// Each item of a list.
    Each,
}

/// Whether a claim's holder can hide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// Must be able to.
    Always,
    /// May be able to.
    Allowed,
    /// Must not be able to.
    Never,
}

impl Disclosure {
    /// The word as the document writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Allowed => "allowed",
            Self::Never => "never",
        }
    }
}

type Result<T> = std::result::Result<T, TypeMetadataError>;

fn malformed(pointer: &str, expected: &'static str) -> TypeMetadataError {
    TypeMetadataError::Malformed { pointer: pointer.to_owned(), expected }
}

impl TypeMetadata {
    /// Reads a document of at most [`limits::MATERIAL_BYTES`]. Members that are not understood are left alone (section
    /// 5.2); those that are must have their form.
    ///
    /// # Errors
    /// [`TypeMetadataError`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > limits::MATERIAL_BYTES {
            return Err(JsonError::TooLarge { bytes: bytes.len(), limit: limits::MATERIAL_BYTES }.into());
        }
        let document = parse_object(bytes)?;
        let text = |name| text(&document, "", name);
        let extends_integrity = text("extends#integrity")?;
        if let Some(integrity) = &extends_integrity
            && Integrity::parse(integrity).is_none()
        {
            return Err(TypeMetadataError::IntegrityForm);
        }
        let extends = text("extends")?;
        // Section 6: the digest is of what `extends` names. Alone it pins nothing, and whoever took the name away took
        // the rules of that type away with it.
        if extends.is_none() && extends_integrity.is_some() {
            return Err(malformed("/extends", "the type that extends#integrity pins"));
        }
        let mut svg_ids = BTreeSet::new();
        let mut paths = BTreeSet::new();
        let mut claims = Vec::new();
        for (at, claim) in objects(&document, "", "claims", limits::TYPE_METADATA_CLAIMS)?.unwrap_or_default() {
            let claim = claim_metadata(&at, claim)?;
            if claim.svg_id.as_ref().is_some_and(|id| !svg_ids.insert(id.clone())) {
                return Err(malformed(&member(&at, "svg_id"), "a name that no other claim has"));
            }
            // Off-spec: nothing says what holds where a path stands twice, so two readers could differ.
            if !paths.insert(claim.path.clone()) {
                return Err(malformed(&member(&at, "path"), "a path that no other claim has"));
            }
            claims.push(claim);
        }
        Ok(Self {
            vct: text("vct")?.ok_or_else(|| malformed("/vct", "a text"))?,
            name: text("name")?,
            description: text("description")?,
            extends,
            extends_integrity,
            display: display(&document, "", "name")?.unwrap_or_default(),
            claims,
        })
    }
}

fn text(object: &Map, at: &str, name: &str) -> Result<Option<String>> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(malformed(&member(at, name), "a text")),
    }
}

/// The objects of a list, with where each stands.
fn objects<'a>(object: &'a Map, at: &str, name: &str, limit: usize) -> Result<Option<Vec<(String, &'a Map)>>> {
    let Some(value) = object.get(name) else { return Ok(None) };
    let at = member(at, name);
    let items = value.as_array().ok_or_else(|| malformed(&at, "an array"))?;
    if items.len() > limit {
        return Err(TypeMetadataError::TooMany { pointer: at, limit });
    }
    let read = |(index, item): (usize, &'a Value)| {
        let at = format!("{at}/{index}");
        let object = item.as_object().ok_or_else(|| malformed(&at, "an object"))?;
        Ok((at, object))
    };
    items.iter().enumerate().map(read).collect::<Result<_>>().map(Some)
}

/// Sections 5.5 and 5.6.2; the name stands under `label` for a claim.
fn display(object: &Map, at: &str, named: &str) -> Result<Option<Vec<Display>>> {
    let Some(items) = objects(object, at, "display", limits::TYPE_METADATA_LANGUAGES)? else { return Ok(None) };
    let read = |(at, item): (String, &Map)| {
        let demanded = |name| text(item, &at, name)?.ok_or_else(|| malformed(&member(&at, name), "a text"));
        let locale = demanded("locale")?;
        if !is_language_tag(&locale) {
            return Err(malformed(&member(&at, "locale"), "a language tag (BCP 47)"));
        }
        Ok(Display { locale, name: demanded(named)?, description: text(item, &at, "description")? })
    };
    items.into_iter().map(read).collect::<Result<_>>().map(Some)
}

/// Section 5.6.
fn claim_metadata(at: &str, claim: &Map) -> Result<ClaimMetadata> {
    const WORDS: &str = "always, allowed or never";
    let mandatory = match claim.get("mandatory") {
        None => None,
        Some(Value::Bool(mandatory)) => Some(*mandatory),
        Some(_) => return Err(malformed(&member(at, "mandatory"), "true or false")),
    };
    let disclosure = match text(claim, at, "sd")?.as_deref() {
        None => None,
        Some("always") => Some(Disclosure::Always),
        Some("allowed") => Some(Disclosure::Allowed),
        Some("never") => Some(Disclosure::Never),
        Some(_) => return Err(malformed(&member(at, "sd"), WORDS)),
    };
    let svg_id = text(claim, at, "svg_id")?;
    let is_name = |id: &String| {
        id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !id.starts_with(|first: char| first.is_ascii_digit())
    };
    if svg_id.as_ref().is_some_and(|id| !is_name(id)) {
        return Err(malformed(&member(at, "svg_id"), "letters, digits and underscores, no digit first"));
    }
    let path = path(&member(at, "path"), claim.get("path"))?;
    Ok(ClaimMetadata { path, display: display(claim, at, "label")?, mandatory, disclosure, svg_id })
}

/// Section 5.6.1: texts, `null` and whole numbers that are not negative.
fn path(at: &str, value: Option<&Value>) -> Result<Vec<Step>> {
    const EXPECTED: &str = "a path of texts, null and whole numbers";
    let steps = value.and_then(Value::as_array).filter(|steps| !steps.is_empty());
    let steps = steps.ok_or_else(|| malformed(at, EXPECTED))?;
    if steps.len() > limits::JSON_DEPTH {
        return Err(TypeMetadataError::TooMany { pointer: at.to_owned(), limit: limits::JSON_DEPTH });
    }
    let step = |step: &Value| match step {
        Value::String(name) => Ok(Step::Member(name.clone())),
        Value::Null => Ok(Step::Each),
        other => other.as_u64().map(Step::Item).ok_or_else(|| malformed(at, EXPECTED)),
    };
    steps.iter().map(step).collect()
}
