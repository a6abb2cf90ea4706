use super::query::integer;
use super::{
    AuthorityQuery, ClaimQuery, ClaimValue, CredentialQuery, CredentialSet, DcqlError, Meta, Path, Query, Step,
};
use crate::encoding::json::{Map, Value};
use crate::limits;

type Read<T> = Result<T, DcqlError>;

/// Formats whose `meta` is `type_values`. The first two are OpenID4VP's own (appendix B.1); the others name securing
/// mechanisms of VC Data Model 2.0 one by one.
fn has_type_values(format: &str) -> bool {
    matches!(format, "jwt_vc_json" | "ldp_vc" | "vc+jwt" | "vc+sd-jwt" | "vc+cose") || is_cryptosuite(format)
}

/// The registered cryptosuites of Data Integrity 1.0, all of which `ldp_vc` asks for.
pub(super) fn is_cryptosuite(format: &str) -> bool {
    matches!(
        format,
        "eddsa-jcs-2022" | "eddsa-rdfc-2022" | "ecdsa-jcs-2019" | "ecdsa-rdfc-2019" | "ecdsa-sd-2023" | "bbs-2023"
    )
}

impl Query {
    /// Reads the `dcql_query` of a request. Unknown members are ignored, as section 6 demands; a known one that is of
    /// another form than the specification gives it is refused, and never read as if it were absent.
    ///
    /// # Errors
    /// [`DcqlError`] with the JSON pointer into the query.
    pub fn parse(query: &Map) -> Result<Self, DcqlError> {
        let root = At { map: query, pointer: String::new() };
        let credentials = root.needed_list("credentials", limits::DCQL_CREDENTIALS)?;
        let credentials = credentials.iter().map(|item| credential_query(&item.object()?)).collect::<Read<Vec<_>>>()?;
        unique(credentials.iter().map(|credential| Some(credential.id.as_str())), "/credentials")?;
        let sets = root.list("credential_sets", limits::DCQL_SETS)?;
        let sets = sets.iter().map(|item| credential_set(&item.object()?, &credentials)).collect::<Read<Vec<_>>>()?;
        Ok(Self { credentials, credential_sets: sets })
    }
}

/// Section 6.1.
fn credential_query(at: &At<'_>) -> Read<CredentialQuery> {
    let format = at.needed("format")?.text()?;
    let claims = at.list("claims", limits::DCQL_CLAIMS)?;
    let claims = claims.iter().map(|item| claim_query(&item.object()?, &format)).collect::<Read<Vec<_>>>()?;
    unique(claims.iter().map(|claim| claim.id.as_deref()), &at.below("claims"))?;
    Ok(CredentialQuery {
        id: at.needed("id")?.id()?,
        multiple: at.truth("multiple", false)?,
        meta: meta(&at.needed("meta")?.object()?, &format)?,
        trusted_authorities: at
            .list("trusted_authorities", limits::DCQL_VALUES)?
            .iter()
            .map(|item| authority_query(&item.object()?))
            .collect::<Read<_>>()?,
        requires_holder_binding: at.truth("require_cryptographic_holder_binding", true)?,
        claim_sets: claim_sets(at, &claims)?,
        claims,
        format,
    })
}

/// Appendix B. "If empty, no specific constraints are placed"; if not, it must have what its format demands: a member
/// that is misspelt must not turn one type into all.
fn meta(at: &At<'_>, format: &str) -> Read<Meta> {
    if at.map.is_empty() {
        return Ok(Meta::Any);
    }
    match format {
        "dc+sd-jwt" => Ok(Meta::Vct(texts(&at.needed_list("vct_values", limits::DCQL_VALUES)?)?)),
        "mso_mdoc" => Ok(Meta::Doctype(at.needed("doctype_value")?.text()?)),
        _ if has_type_values(format) => {
            let lists = at.needed_list("type_values", limits::DCQL_VALUES)?;
            Ok(Meta::Types(lists.iter().map(|item| texts(&item.list(limits::DCQL_VALUES)?)).collect::<Read<_>>()?))
        }
        _ if is_shallow(at.map) => Ok(Meta::Unknown(at.map.clone())),
        _ => Err(DcqlError::TooDeep { pointer: at.pointer.clone(), limit: limits::JSON_DEPTH }),
    }
}

/// Whether it is nested no deeper than a document may be, found without a call for each level: what comes from the
/// strict reader is, what a host hands in from elsewhere need not be.
fn is_shallow(map: &Map) -> bool {
    let mut open: Vec<(&Value, usize)> = map.values().map(|value| (value, 2)).collect();
    while let Some((value, depth)) = open.pop() {
        match value {
            Value::Object(_) | Value::Array(_) if depth > limits::JSON_DEPTH => return false,
            Value::Object(members) => open.extend(members.values().map(|value| (value, depth + 1))),
            Value::Array(items) => open.extend(items.iter().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    true
}

/// Section 6.1.1.
fn authority_query(at: &At<'_>) -> Read<AuthorityQuery> {
    let values = texts(&at.needed_list("values", limits::DCQL_VALUES)?)?;
    Ok(AuthorityQuery { kind: at.needed("type")?.text()?, values })
}

/// Section 6.3.
fn claim_query(at: &At<'_>, format: &str) -> Read<ClaimQuery> {
    let id = at.optional("id").map(|item| item.id()).transpose()?;
    let steps = at.needed_list("path", limits::DCQL_PATH_STEPS)?;
    let path = Path::new(steps.iter().map(step).collect::<Read<Vec<_>>>()?);
    // Section 7.2.1: "If the claims path pointer does not contain exactly two components or one of the components is
    // not a string then abort processing".
    if format == "mso_mdoc" && !matches!(path.steps(), [Step::Member(_), Step::Member(_)]) {
        return Err(DcqlError::MdocPath { pointer: at.below("path") });
    }
    let values = at.list("values", limits::DCQL_VALUES)?.iter().map(value).collect::<Read<_>>()?;
    Ok(ClaimQuery { id, path, values })
}

/// "a non-empty array of strings, nulls and non-negative integers" (section 7).
fn step(item: &Item<'_>) -> Read<Step> {
    const EXPECTED: &str = "a text, null, or a whole number that is not negative";
    match item.value {
        // A member may have an empty name.
        Value::String(name) => bounded(name, &item.pointer).map(Step::Member),
        Value::Null => Ok(Step::All),
        Value::Number(number) => integer(number)
            .and_then(|position| u64::try_from(position).ok())
            .map(Step::Index)
            .ok_or_else(|| item.must_be(EXPECTED)),
        _ => Err(item.must_be(EXPECTED)),
    }
}

/// "a non-empty array of strings, integers or boolean values" (section 6.3).
fn value(item: &Item<'_>) -> Read<ClaimValue> {
    const EXPECTED: &str = "a text, a whole number, true or false";
    match item.value {
        Value::String(text) => bounded(text, &item.pointer).map(ClaimValue::Text),
        Value::Bool(truth) => Ok(ClaimValue::Boolean(*truth)),
        Value::Number(number) => integer(number).map(ClaimValue::Integer).ok_or_else(|| item.must_be(EXPECTED)),
        _ => Err(item.must_be(EXPECTED)),
    }
}

/// "`claim_sets` MUST NOT be present if `claims` is absent" (section 6.4.1), and each claim then has an id.
fn claim_sets(at: &At<'_>, claims: &[ClaimQuery]) -> Read<Vec<Vec<String>>> {
    let sets = at.list("claim_sets", limits::DCQL_OPTIONS)?;
    if !sets.is_empty() {
        let unnamed = claims.iter().position(|claim| claim.id.is_none());
        if let Some(position) = unnamed {
            return Err(DcqlError::Needed { pointer: format!("{}/{position}/id", at.below("claims")) });
        }
        if claims.is_empty() {
            return Err(DcqlError::Needed { pointer: at.below("claims") });
        }
    }
    let ids: Vec<&str> = claims.iter().filter_map(|claim| claim.id.as_deref()).collect();
    sets.iter().map(|item| known(&item.list(limits::DCQL_OPTIONS)?, &ids)).collect()
}

/// Section 6.2.
fn credential_set(at: &At<'_>, credentials: &[CredentialQuery]) -> Read<CredentialSet> {
    let ids: Vec<&str> = credentials.iter().map(|credential| credential.id.as_str()).collect();
    let options = at.needed_list("options", limits::DCQL_OPTIONS)?;
    let options =
        options.iter().map(|item| known(&item.list(limits::DCQL_OPTIONS)?, &ids)).collect::<Read<Vec<_>>>()?;
    Ok(CredentialSet { options, required: at.truth("required", true)? })
}

/// An alternative: names of what stands in the same query.
fn known(items: &[Item<'_>], ids: &[&str]) -> Read<Vec<String>> {
    items
        .iter()
        .map(|item| match item.id()? {
            id if ids.contains(&id.as_str()) => Ok(id),
            _ => Err(DcqlError::UnknownId { pointer: item.pointer.clone() }),
        })
        .collect()
}

fn unique<'a>(ids: impl Iterator<Item = Option<&'a str>>, list: &str) -> Read<()> {
    let mut seen = Vec::new();
    for (position, id) in ids.enumerate() {
        let Some(id) = id else { continue };
        if seen.contains(&id) {
            return Err(DcqlError::DuplicateId { pointer: format!("{list}/{position}/id") });
        }
        seen.push(id);
    }
    Ok(())
}

fn texts(items: &[Item<'_>]) -> Read<Vec<String>> {
    items.iter().map(Item::text).collect()
}

fn bounded(text: &str, pointer: &str) -> Read<String> {
    if text.len() > limits::DCQL_TEXT_BYTES {
        return Err(DcqlError::TooLong { pointer: pointer.to_owned(), limit: limits::DCQL_TEXT_BYTES });
    }
    Ok(text.to_owned())
}

/// An object in the query, and where it stands.
struct At<'a> {
    map: &'a Map,
    pointer: String,
}

/// A value in the query, and where it stands.
struct Item<'a> {
    value: &'a Value,
    pointer: String,
}

impl<'a> At<'a> {
    fn below(&self, name: &str) -> String {
        format!("{}/{name}", self.pointer)
    }

    fn optional(&self, name: &str) -> Option<Item<'a>> {
        self.map.get(name).map(|value| Item { value, pointer: self.below(name) })
    }

    fn needed(&self, name: &str) -> Read<Item<'a>> {
        self.optional(name).ok_or_else(|| DcqlError::Missing { pointer: self.below(name) })
    }

    /// A list that is not empty where it is there.
    fn list(&self, name: &str, limit: usize) -> Read<Vec<Item<'a>>> {
        self.optional(name).map_or_else(|| Ok(Vec::new()), |item| item.list(limit))
    }

    fn needed_list(&self, name: &str, limit: usize) -> Read<Vec<Item<'a>>> {
        self.needed(name)?.list(limit)
    }

    fn truth(&self, name: &str, default: bool) -> Read<bool> {
        match self.optional(name) {
            None => Ok(default),
            Some(item) => item.value.as_bool().ok_or_else(|| item.must_be("true or false")),
        }
    }
}

impl<'a> Item<'a> {
    fn must_be(&self, expected: &'static str) -> DcqlError {
        DcqlError::Type { pointer: self.pointer.clone(), expected }
    }

    fn object(&self) -> Read<At<'a>> {
        match self.value {
            Value::Object(map) => Ok(At { map, pointer: self.pointer.clone() }),
            _ => Err(self.must_be("an object")),
        }
    }

    fn list(&self, limit: usize) -> Read<Vec<Item<'a>>> {
        let Value::Array(items) = self.value else { return Err(self.must_be("a list")) };
        if items.is_empty() {
            return Err(DcqlError::Empty { pointer: self.pointer.clone() });
        }
        if items.len() > limit {
            return Err(DcqlError::TooMany { pointer: self.pointer.clone(), limit });
        }
        let item = |(position, value)| Item { value, pointer: format!("{}/{position}", self.pointer) };
        Ok(items.iter().enumerate().map(item).collect())
    }

    fn text(&self) -> Read<String> {
        match self.value {
            Value::String(text) if text.is_empty() => Err(DcqlError::Empty { pointer: self.pointer.clone() }),
            Value::String(text) => bounded(text, &self.pointer),
            _ => Err(self.must_be("a text")),
        }
    }

    /// "a non-empty string consisting of alphanumeric, underscore (`_`), or hyphen (`-`) characters" (section 6.1).
    fn id(&self) -> Read<String> {
        let id = self.text()?;
        let fits = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if fits { Ok(id) } else { Err(DcqlError::Id { pointer: self.pointer.clone() }) }
    }
}
