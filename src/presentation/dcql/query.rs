use std::fmt;

use serde_json::json;

use super::{DcqlError, Path, PathError, Step};
use crate::credential::kind::Kind;
use crate::encoding::json::{Map, Value};

/// What a verifier asks for (OpenID4VP 1.0, section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The credentials that play a part in it.
    pub credentials: Vec<CredentialQuery>,
    /// Which of them, in which combinations. Empty: all of them.
    pub credential_sets: Vec<CredentialSet>,
}

/// One credential that a verifier asks for (section 6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialQuery {
    /// Its name in the query and in the answer.
    pub id: String,
    /// The format, such as `dc+sd-jwt`. `ldp_vc` stands for every Data Integrity cryptosuite.
    pub format: String,
    /// Whether several may be presented.
    pub multiple: bool,
    /// Of which type.
    pub meta: Meta,
    /// Authorities one of which must stand behind the issuer. Empty: no matter which.
    pub trusted_authorities: Vec<AuthorityQuery>,
    /// Whether its holder must prove to have its key.
    pub requires_holder_binding: bool,
    /// The claims that are asked for. Empty: only those that cannot be hidden.
    pub claims: Vec<ClaimQuery>,
    /// Combinations of claims by their ids, the most wanted first. Empty: all claims.
    pub claim_sets: Vec<Vec<String>>,
}

/// Which type a credential must have (appendix B).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meta {
    /// Any: `meta` is empty.
    Any,
    /// One of these `vct`s: `vct_values` of `dc+sd-jwt`.
    Vct(Vec<String>),
    /// All types of one of these lists: `type_values` of W3C formats.
    Types(Vec<Vec<String>>),
    /// This document type: `doctype_value` of `mso_mdoc`.
    Doctype(String),
    /// What a format demands that this version does not know. Nothing meets it.
    Unknown(Map),
}

/// Authorities of one sort (section 6.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityQuery {
    /// `aki`, `etsi_tl`, `openid_federation`, or a sort that this version does not know.
    pub kind: String,
    /// Any of these will do.
    pub values: Vec<String>,
}

/// One claim that a verifier asks for (section 6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimQuery {
    /// Its name in `claim_sets`.
    pub id: Option<String>,
    /// Where it stands in the credential.
    pub path: Path,
    /// What it may be. Empty: anything.
    pub values: Vec<ClaimValue>,
}

/// A value that a claim may have. `Debug` does not show it: it may say whom the verifier expects.
#[derive(Clone, PartialEq, Eq)]
pub enum ClaimValue {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
}

/// A use case of a verifier, and the combinations of credentials that satisfy it (section 6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialSet {
    /// Ids of credential queries; one of these lists is enough.
    pub options: Vec<Vec<String>>,
    /// Whether the verifier insists.
    pub required: bool,
}

impl Query {
    /// A query for one credential.
    pub fn one(credential: CredentialQuery) -> Self {
        Self::all([credential])
    }

    /// A query for all of these credentials.
    pub fn all(credentials: impl IntoIterator<Item = CredentialQuery>) -> Self {
        Self { credentials: credentials.into_iter().collect(), credential_sets: Vec::new() }
    }

    /// Asks for one of these combinations of credentials. As soon as there is one set, a credential that stands in none
    /// is no longer asked for.
    #[must_use]
    pub fn require(self, options: &[&[&str]]) -> Self {
        self.set(options, true)
    }

    /// Says that one of these combinations of credentials would be welcome too.
    #[must_use]
    pub fn welcome(self, options: &[&[&str]]) -> Self {
        self.set(options, false)
    }

    fn set(mut self, options: &[&[&str]], required: bool) -> Self {
        let options = options.iter().map(|option| owned(option)).collect();
        self.credential_sets.push(CredentialSet { options, required });
        self
    }

    /// Whether the query can be read back: what was built from parts may lack a type, or name what is not there.
    ///
    /// # Errors
    /// [`DcqlError`], as [`Query::parse`] would find it.
    pub fn check(&self) -> Result<(), DcqlError> {
        Self::parse(&self.to_map()).map(drop)
    }

    /// Whether it names a type by its IRI, as the specification has it for W3C formats (appendix B.1.1): then the types of
    /// what answers it must be known as IRIs too.
    pub fn names_iris(&self) -> bool {
        let is_iri = |name: &String| name.contains(':');
        self.credentials.iter().any(|credential| match &credential.meta {
            Meta::Types(lists) => lists.iter().flatten().any(is_iri),
            _ => false,
        })
    }

    /// The JSON form, the `dcql_query` of a request.
    pub fn to_map(&self) -> Map {
        let mut map = Map::new();
        map.insert("credentials".to_owned(), self.credentials.iter().map(CredentialQuery::to_value).collect());
        if !self.credential_sets.is_empty() {
            let sets = self.credential_sets.iter().map(|set| match set.required {
                true => json!({ "options": set.options }),
                false => json!({ "options": set.options, "required": false }),
            });
            map.insert("credential_sets".to_owned(), sets.collect());
        }
        map
    }

    pub(super) fn credential(&self, id: &str) -> Option<&CredentialQuery> {
        self.credentials.iter().find(|credential| credential.id == id)
    }
}

impl CredentialQuery {
    /// A credential in this format, bound to its holder's key, of any type, and no claims.
    pub fn new(id: impl Into<String>, format: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            format: format.into(),
            multiple: false,
            meta: Meta::Any,
            trusted_authorities: Vec::new(),
            requires_holder_binding: true,
            claims: Vec::new(),
            claim_sets: Vec::new(),
        }
    }

    /// A credential of a kind, and of it what stands at these JSON pointers into the kind's claims file.
    ///
    /// # Errors
    /// [`PathError`] where a text is no JSON pointer; [`PathError::NotInKind`] for a claim that the kind does not have.
    pub fn of_kind(
        id: impl Into<String>,
        format: impl Into<String>,
        kind: Kind,
        pointers: &[&str],
    ) -> Result<Self, PathError> {
        let mut query = Self::new(id, format);
        let is_sd_jwt_vc = query.format == "dc+sd-jwt";
        query.meta = match is_sd_jwt_vc {
            true => Meta::Vct(vec![kind.vct().to_owned()]),
            false => Meta::Types(vec![vec![kind.credential_type().to_owned()]]),
        };
        let places = kind.places();
        for (pointer, number) in pointers.iter().zip(1..) {
            let path = Path::from_pointer(pointer)?;
            if !places.contains(&path.place()) {
                return Err(PathError::NotInKind { number, kind });
            }
            let path = match is_sd_jwt_vc {
                true => path,
                false => Path::from_pointer(&kind.pointer_in_document(pointer))?,
            };
            query.claims.push(ClaimQuery::new(path));
        }
        Ok(query)
    }

    /// Accepts this `vct`, beside those that were named before.
    #[must_use]
    pub fn vct(mut self, vct: impl Into<String>) -> Self {
        match &mut self.meta {
            Meta::Vct(accepted) => accepted.push(vct.into()),
            other => *other = Meta::Vct(vec![vct.into()]),
        }
        self
    }

    /// Accepts a credential that has all of these types, beside the lists that were named before.
    #[must_use]
    pub fn types(mut self, types: &[&str]) -> Self {
        match &mut self.meta {
            Meta::Types(accepted) => accepted.push(owned(types)),
            other => *other = Meta::Types(vec![owned(types)]),
        }
        self
    }

    /// Asks for the claim at this path, such as `&["address", "district"]`.
    #[must_use]
    pub fn claim<S: Clone + Into<Step>>(self, path: &[S]) -> Self {
        self.asking(ClaimQuery::new(Path::new(path.iter().cloned())))
    }

    /// Asks for a claim.
    #[must_use]
    pub fn asking(mut self, claim: ClaimQuery) -> Self {
        self.claims.push(claim);
        self
    }

    /// Is content with these claims, by their ids, if no combination that was named before can be had.
    #[must_use]
    pub fn claim_set(mut self, ids: &[&str]) -> Self {
        self.claim_sets.push(owned(ids));
        self
    }

    /// Accepts several credentials.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Asks for an issuer under one of these authorities, beside those that were named before.
    #[must_use]
    pub fn trusted_authority(mut self, kind: &str, values: &[&str]) -> Self {
        self.trusted_authorities.push(AuthorityQuery { kind: kind.to_owned(), values: owned(values) });
        self
    }

    /// Accepts a credential from whoever has a copy of it.
    #[must_use]
    pub fn without_holder_binding(mut self) -> Self {
        self.requires_holder_binding = false;
        self
    }

    fn to_value(&self) -> Value {
        let mut map = Map::new();
        let mut set = |name: &str, value: Value| drop(map.insert(name.to_owned(), value));
        set("id", json!(self.id));
        set("format", json!(self.format));
        if self.multiple {
            set("multiple", true.into());
        }
        set("meta", self.meta.to_value());
        if !self.trusted_authorities.is_empty() {
            let authorities =
                self.trusted_authorities.iter().map(|query| json!({ "type": query.kind, "values": query.values }));
            set("trusted_authorities", authorities.collect());
        }
        if !self.requires_holder_binding {
            set("require_cryptographic_holder_binding", false.into());
        }
        if !self.claims.is_empty() {
            set("claims", self.claims.iter().map(ClaimQuery::to_value).collect());
        }
        if !self.claim_sets.is_empty() {
            set("claim_sets", json!(self.claim_sets));
        }
        Value::Object(map)
    }
}

impl Meta {
    fn to_value(&self) -> Value {
        match self {
            Self::Any => json!({}),
            Self::Vct(values) => json!({ "vct_values": values }),
            Self::Types(values) => json!({ "type_values": values }),
            Self::Doctype(value) => json!({ "doctype_value": value }),
            Self::Unknown(members) => Value::Object(members.clone()),
        }
    }

    /// The types for a sentence.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::Unknown(_) => "that is asked for".to_owned(),
            Self::Doctype(value) => shown(value),
            Self::Vct(values) => alternatives(values.iter().map(|value| shown(value))),
            Self::Types(lists) => alternatives(lists.iter().map(|list| {
                let mut types = list.iter().map(|value| shown(value));
                let some: Vec<String> = types.by_ref().take(SHOWN_TYPES).collect();
                some.join(" and ")
            })),
        }
    }
}

const SHOWN_TYPES: usize = 4;

fn alternatives(mut values: impl Iterator<Item = String>) -> String {
    let some: Vec<String> = values.by_ref().take(SHOWN_TYPES).collect();
    let rest = if values.next().is_some() { ", or another" } else { "" };
    format!("{}{rest}", some.join(", or "))
}

/// A stranger's text in a sentence: what could disturb a terminal is replaced, and a long one is cut.
pub(super) fn shown(text: &str) -> String {
    const CHARACTERS: usize = 100;
    let is_long = text.chars().nth(CHARACTERS).is_some();
    let harmless = |character: char| match character {
        // Bidirectional controls would let a text show as another.
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    };
    let shown: String = text.chars().take(CHARACTERS).map(harmless).collect();
    if is_long { shown + "..." } else { shown }
}

impl ClaimQuery {
    /// The claim at this path, whatever it is.
    pub fn new(path: Path) -> Self {
        Self { id: None, path, values: Vec::new() }
    }

    /// Names it for `claim_sets`.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Asks for it only if it has this value, or one that was named before. What comes must be checked all the same.
    #[must_use]
    pub fn value(mut self, value: impl Into<ClaimValue>) -> Self {
        self.values.push(value.into());
        self
    }

    fn to_value(&self) -> Value {
        let mut map = Map::new();
        if let Some(id) = &self.id {
            map.insert("id".to_owned(), json!(id));
        }
        let steps = self.path.steps().iter().map(|step| match step {
            Step::Member(name) => json!(name),
            Step::Index(position) => json!(position),
            Step::All => Value::Null,
        });
        map.insert("path".to_owned(), steps.collect());
        if !self.values.is_empty() {
            let values = self.values.iter().map(|value| match value {
                ClaimValue::Text(text) => json!(text),
                ClaimValue::Integer(number) => json!(number),
                ClaimValue::Boolean(truth) => json!(truth),
            });
            map.insert("values".to_owned(), values.collect());
        }
        Value::Object(map)
    }
}

impl ClaimValue {
    /// "the type and value of the claim both match exactly" (section 6.3).
    pub(super) fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(wanted), Value::String(text)) => wanted == text,
            (Self::Integer(wanted), Value::Number(number)) => integer(number) == Some(*wanted),
            (Self::Boolean(wanted), Value::Bool(truth)) => wanted == truth,
            _ => false,
        }
    }
}

/// A number without a fraction: in JSON `2.0` is the same number as `2` (RFC 8785, section 3.2.2.3).
pub(super) fn integer(number: &serde_json::Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT)?;
        #[allow(clippy::cast_possible_truncation, reason = "whole, and within 2 to the power of 53")]
        Some(float as i64)
    })
}

impl From<&str> for ClaimValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for ClaimValue {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for ClaimValue {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(..)",
            Self::Integer(_) => "Integer(..)",
            Self::Boolean(_) => "Boolean(..)",
        })
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
