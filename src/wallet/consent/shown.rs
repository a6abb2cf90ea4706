//! One credential as it would be shown.

use std::collections::HashSet;
use std::fmt;

use super::Refusal;
use super::asked::ENVELOPE;
use crate::credential::kind::Kind;
use crate::credential::sd_jwt_vc;
use crate::encoding::json::{Map, Value};
use crate::encoding::pointer::{Pointer, member, unescaped};
use crate::limits;
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
    ) -> Result<Self, Refusal> {
        let (text, hidden) = match held.is_sd_jwt() {
            true => disclose(held, pointers)?,
            false => (held.text().to_owned(), HashSet::new()),
        };
        let mut pruner = Pruner { hidden: &hidden, claims: Vec::new() };
        let left = pruner.object(held.claims(), "", limits::JSON_DEPTH);
        if held.is_sd_jwt() {
            let revealed = SdJwt::parse_issued(&text).and_then(|selected| selected.reveal());
            if revealed.map_err(|_| Refusal::Damaged)?.payload != left {
                return Err(Refusal::Damaged);
            }
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
            proves_key: must_bind || held.is_holder_bound(),
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

    /// Every claim that whoever asks would come to know.
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

/// The token with what these pointers need, and the JSON pointers of what stays hidden.
fn disclose(held: &Held, pointers: &[String]) -> Result<(String, HashSet<String>), Refusal> {
    let is_inside = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    let is_tied = |place: &str, asked: &str| place == asked || is_inside(place, asked) || is_inside(asked, place);
    // What is shown without any disclosure need not be chosen.
    let is_hidden = |asked: &&str| held.disclosable().iter().any(|place| is_tied(place, asked));
    let chosen: Vec<&str> = pointers.iter().map(String::as_str).filter(is_hidden).collect();
    let parsed = SdJwt::parse_issued(held.text()).map_err(|_| Refusal::Damaged)?;
    let text = parsed.select(&chosen).map_err(|_| Refusal::Damaged)?;
    let stays = held.disclosable().iter().filter(|place| !chosen.iter().any(|asked| is_tied(place, asked)));
    Ok((text, stays.cloned().collect()))
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
