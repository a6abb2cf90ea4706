//! One credential as it would be shown.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use super::Refusal;
use super::asked::ENVELOPE;
use crate::credential::kind::Kind;
use crate::credential::{model, sd_jwt_vc};
use crate::encoding::json::{Map, Value};
use crate::encoding::pointer::{Pointer, member, unescaped};
use crate::jsonld::Contexts;
use crate::limits;
use crate::securing::data_integrity::{Signed, sd};
use crate::securing::sd_jwt::SdJwt;
use crate::time::Timestamp;
use crate::wallet::holding::Held;

/// A claim that would be shown: a single value, or an empty list or record. `Debug` does not show its value.
#[derive(Clone, PartialEq)]
pub struct ShownClaim {
    pointer: String,
    value: Value,
}

impl ShownClaim {
    /// Its JSON pointer (RFC 6901) into the credential with all that it hides.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What it says, for the holder to read. Personal data.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl fmt::Debug for ShownClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownClaim").field("pointer", &self.pointer).finish_non_exhaustive()
    }
}

/// A credential that would be shown, and exactly what of it.
///
/// `Debug` shows which claims, and not what they say.
#[derive(Clone)]
pub struct Shown {
    id: String,
    position: usize,
    kind: Option<Kind>,
    types: Vec<String>,
    issuer: String,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    claims: Vec<ShownClaim>,
    shows_more: bool,
    is_bound: bool,
    proves_key: bool,
    text: String,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("id", &self.id).field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl Shown {
    /// What is shown of `held` if these pointers are disclosed: compared with what a reader of the very text finds in it
    /// that would be handed over.
    pub(super) fn of(
        id: &str,
        position: usize,
        held: &Held,
        pointers: &[String],
        must_bind: bool,
        contexts: &dyn Contexts,
    ) -> Result<Self, Refusal> {
        let proves_key = must_bind || held.is_holder_bound();
        let Handed { text, claims: handed, hidden } = match held.base() {
            Some(base) => derive(base, pointers, proves_key, contexts)?,
            None if held.is_sd_jwt() => disclose(held, pointers)?,
            None => Handed { text: held.text().to_owned(), claims: None, hidden: HashSet::new() },
        };
        let mut pruner = Pruner { hidden: &hidden, claims: Vec::new() };
        let left = pruner.object(held.claims(), "", limits::JSON_DEPTH);
        if handed.is_some_and(|handed| handed != left) {
            return Err(Refusal::Damaged);
        }
        let mut claims = pruner.claims;
        claims.retain(|claim| is_of_subject(&claim.pointer, held.format() == "dc+sd-jwt"));
        let is_asked = |claim: &ShownClaim| {
            pointers.iter().any(|asked| {
                claim.pointer.strip_prefix(asked.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        Ok(Self {
            id: id.to_owned(),
            position,
            kind: held.kind(),
            types: held.types().to_vec(),
            issuer: held.issuer().to_owned(),
            valid_from: held.valid_from(),
            valid_until: held.valid_until(),
            shows_more: !claims.iter().all(is_asked),
            is_bound: held.is_holder_bound(),
            proves_key,
            claims,
            text,
        })
    }

    /// The credential query that it answers.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The credential's position among those that the holder has.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Its kind, which is always shown.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Its types, which are always shown.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// Its issuer, who is always shown.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// From when on it is valid, which is always shown.
    pub fn valid_from(&self) -> Option<Timestamp> {
        self.valid_from
    }

    /// Until when it is valid, which is always shown.
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }

    /// Every claim that whoever asks would come to know, also those that cannot be hidden.
    pub fn claims(&self) -> &[ShownClaim] {
        &self.claims
    }

    /// Whether more is shown than was asked for.
    pub fn shows_more(&self) -> bool {
        self.shows_more
    }

    /// Whether the credential is bound to its holder's key.
    pub fn is_bound(&self) -> bool {
        self.is_bound
    }

    /// Whether the holder's key signs.
    pub(in crate::wallet) fn proves_key(&self) -> bool {
        self.proves_key
    }

    /// What is handed over, before the holder's key signs.
    pub(in crate::wallet) fn text(&self) -> &str {
        &self.text
    }
}

/// What would be handed over.
struct Handed {
    text: String,
    /// What a reader finds in it, where that is not all.
    claims: Option<Map>,
    /// JSON pointers to what stays hidden.
    hidden: HashSet<String>,
}

/// A copy with what these pointers need and what is mandatory.
fn derive(base: &Signed, pointers: &[String], proves_key: bool, contexts: &dyn Contexts) -> Result<Handed, Refusal> {
    let document = base.document();
    let mut chosen: BTreeSet<String> = pointers.iter().filter_map(|pointer| divided(pointer)).collect();
    // What every verifier needs, and every screen says: of what others issue it may not be mandatory.
    let needed = model::NEVER_DISCLOSABLE.iter().filter(|name| !sd::comes_along(name) && document.contains_key(**name));
    chosen.extend(needed.map(|name| member("", name)));
    // Whoever sees it must be able to compare the key that signs with the one that it was issued to.
    chosen.extend(subject_id(document).filter(|_| proves_key));
    let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
    let mandatory = base.mandatory_pointers()?;
    let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
    let hidden = sd::hidden(document, &mandatory, &chosen)?;
    let derived = base.derive(&chosen, contexts)?;
    let text = Value::Object(derived.clone()).to_string();
    let mut claims = derived;
    claims.remove("proof");
    Ok(Handed { text, claims: Some(claims), hidden })
}

/// What has to be chosen so that this is shown. What comes along with every object that is shown stands there whole: of a
/// list of types nobody can choose one.
fn divided(pointer: &str) -> Option<String> {
    let steps: Vec<&str> = pointer.split('/').collect();
    match steps.iter().position(|step| sd::comes_along(step)) {
        Some(1) if steps.get(1) == Some(&"@context") => None,
        Some(at) => Some(steps.get(..=at)?.join("/")),
        None => Some(pointer.to_owned()),
    }
}

/// The place of the identifier of the only subject.
fn subject_id(document: &Map) -> Option<String> {
    let (subject, at) = match document.get("credentialSubject")? {
        Value::Array(subjects) => match subjects.as_slice() {
            [only] => (only, "/credentialSubject/0/id"),
            _ => return None,
        },
        subject => (subject, "/credentialSubject/id"),
    };
    subject.get("id")?.as_str().map(|_| at.to_owned())
}

/// The token with what these pointers need.
fn disclose(held: &Held, pointers: &[String]) -> Result<Handed, Refusal> {
    let is_inside = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    let is_tied = |place: &str, asked: &str| place == asked || is_inside(place, asked) || is_inside(asked, place);
    // What is shown without any disclosure need not be chosen.
    let is_hidden = |asked: &&str| held.disclosable().iter().any(|place| is_tied(place, asked));
    let chosen: Vec<&str> = pointers.iter().map(String::as_str).filter(is_hidden).collect();
    let parsed = SdJwt::parse_issued(held.text()).map_err(|_| Refusal::Damaged)?;
    let text = parsed.select(&chosen).map_err(|_| Refusal::Damaged)?;
    let stays = held.disclosable().iter().filter(|place| !chosen.iter().any(|asked| is_tied(place, asked)));
    let hidden = stays.cloned().collect();
    let revealed = SdJwt::parse_issued(&text).and_then(|selected| selected.reveal()).map_err(|_| Refusal::Damaged)?;
    Ok(Handed { text, claims: Some(revealed.payload), hidden })
}

/// Takes from a credential what stays hidden, and writes down each single value that is left, with its pointer into the
/// whole: items of a list move up where others are hidden.
struct Pruner<'a> {
    hidden: &'a HashSet<String>,
    claims: Vec<ShownClaim>,
}

impl Pruner<'_> {
    fn object(&mut self, members: &Map, at: &str, depth: usize) -> Map {
        let mut left = Map::new();
        for (name, value) in members {
            let at = member(at, name);
            if !self.hidden.contains(&at) {
                left.insert(name.clone(), self.value(value, at, depth));
            }
        }
        left
    }

    fn value(&mut self, value: &Value, at: String, depth: usize) -> Value {
        let count = self.claims.len();
        let left = match value {
            Value::Object(members) if depth > 0 => Value::Object(self.object(members, &at, depth - 1)),
            Value::Array(items) if depth > 0 => {
                let places = items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item));
                let mut left = Vec::new();
                for (place, item) in places {
                    if !self.hidden.contains(&place) {
                        left.push(self.value(item, place, depth - 1));
                    }
                }
                Value::Array(left)
            }
            single => single.clone(),
        };
        if self.claims.len() == count {
            self.claims.push(ShownClaim { pointer: at, value: left.clone() });
        }
        left
    }
}

/// Whether a claim says something of the subject, and not only of the credential.
fn is_of_subject(pointer: &str, is_sd_jwt_vc: bool) -> bool {
    let first = pointer.split('/').nth(1).unwrap_or_default();
    if is_sd_jwt_vc {
        return !sd_jwt_vc::is_registered(&unescaped(first).unwrap_or_default());
    }
    // A subject's identifier is its key's, which every presentation shows; a type says what the kind says.
    let is_type = pointer.ends_with("/type") || pointer.contains("/type/");
    !ENVELOPE.contains(&first) && pointer != "/credentialSubject/id" && !is_type
}

/// Whether the pointer leads to a member of an object.
pub(super) fn is_member(claims: &Map, pointer: &str) -> bool {
    let Some((above, _)) = pointer.rsplit_once('/') else { return false };
    above.is_empty() || Pointer::parse(above).is_some_and(|above| above.find(claims).is_some_and(Value::is_object))
}

/// Takes a member away.
pub(super) fn remove_member(claims: &mut Map, pointer: &str) {
    let Some((above, name)) = pointer.rsplit_once('/') else { return };
    let (Some(above), Some(name)) = (Pointer::parse(above), unescaped(name)) else { return };
    let members =
        if above.steps().is_empty() { Some(claims) } else { above.find_mut(claims).and_then(Value::as_object_mut) };
    if let Some(members) = members {
        members.remove(&name);
    }
}
