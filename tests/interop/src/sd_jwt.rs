//! SD-JWTs as the other implementations make and read them, and what must be in them.

use std::collections::BTreeSet;

use attesta::encoding::json::Map;
use attesta::keys::{KeyType, PublicKey, Signer};
use attesta::securing::sd_jwt::{Hash, SdJwt};
use serde_json::{Value, json};

use crate::dcql::Dice;
use crate::oracle::{ask, ask_python, has_python};
use crate::people::{Party, now};

/// An implementation of SD-JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// `@sd-jwt/core` and `@sd-jwt/sd-jwt-vc`, in JavaScript.
    JavaScript,
    /// `sd-jwt`, in Python.
    Python,
}

/// Pointers (RFC 6901) into a payload.
pub type Places = BTreeSet<String>;

/// For whom an answer is, and to what nonce.
pub type Transaction<'a> = (&'a str, &'a str);

impl Peer {
    /// Those that are installed. What is missing is printed, and fails in continuous integration.
    pub fn all() -> Vec<Self> {
        if has_python() { vec![Self::JavaScript, Self::Python] } else { vec![Self::JavaScript] }
    }

    /// The keys that its issuers have.
    pub fn issuers(self) -> &'static [KeyType] {
        &[KeyType::Ed25519, KeyType::P256, KeyType::P384, KeyType::P521]
    }

    /// The keys that its holders have.
    pub fn holders(self) -> &'static [KeyType] {
        match self {
            Self::JavaScript => self.issuers(),
            // It verifies key binding tokens with ES256 alone.
            Self::Python => &[KeyType::P256],
        }
    }

    /// The hashes that it has.
    pub fn hashes(self) -> &'static [Hash] {
        match self {
            Self::JavaScript => &[Hash::Sha256, Hash::Sha384, Hash::Sha512],
            Self::Python => &[Hash::Sha256],
        }
    }

    /// What it issues: `hidden` names what can be hidden, `header` what stands in the header beside `alg`.
    pub fn issues(self, issuer: &Party, claims: &Value, hidden: &Places, header: &Value, terms: Terms<'_>) -> String {
        let mut input = json!({
            "claims": claims,
            "frame": frame(claims, hidden),
            "key": issuer.private_jwk(),
            "alg": terms.alg.unwrap_or(issuer.key.algorithm().jose_name()),
            "header": header,
            "decoys": terms.has_decoys,
        });
        if let Some(holder) = terms.holder {
            input["holder"] = Value::Object(holder.key.public_key().to_jwk());
        }
        if self == Self::JavaScript {
            input["hash"] = terms.hash.name().into();
        }
        self.text("issue", &input)
    }

    /// What its holder shows: what stands at these places and no more. `revealed` is all that the SD-JWT says.
    pub fn presents(
        self,
        issued: &str,
        revealed: &Value,
        shown: &Places,
        to: Option<(&Party, Transaction<'_>)>,
    ) -> String {
        let mut input = json!({ "text": issued, "frame": frame(revealed, shown) });
        if let Some((holder, (audience, nonce))) = to {
            input["key"] = holder.private_jwk();
            input["alg"] = holder.key.algorithm().jose_name().into();
            input["audience"] = audience.into();
            input["nonce"] = nonce.into();
            if self == Self::JavaScript {
                input["issuedAt"] = now().unix().into();
            }
        }
        self.text("present", &input)
    }

    /// What it reads, if it accepts.
    pub fn reads(self, text: &str, issuer: &PublicKey, to: Option<Transaction<'_>>) -> Option<Value> {
        let mut input = json!({ "text": text, "key": issuer.to_jwk() });
        if let Some((audience, nonce)) = to {
            input["audience"] = audience.into();
            input["nonce"] = nonce.into();
        }
        let mut answer = self.ask("verify", &input);
        answer["verified"].as_bool().unwrap().then(|| answer["payload"].take())
    }

    fn text(self, command: &str, input: &Value) -> String {
        self.ask(command, input)["text"].as_str().unwrap().to_owned()
    }

    fn ask(self, command: &str, input: &Value) -> Value {
        match self {
            Self::JavaScript => ask("sd-jwt", command, input),
            Self::Python => ask_python(command, input),
        }
    }
}

/// How an SD-JWT is to be issued.
#[derive(Clone, Copy, Default)]
pub struct Terms<'a> {
    /// To whom.
    pub holder: Option<&'a Party>,
    /// With digests that nothing belongs to.
    pub has_decoys: bool,
    /// For the digests.
    pub hash: Hash,
    /// If not the fully specified name.
    pub alg: Option<&'static str>,
}

/// The JSON serialisation that the packages in JavaScript make of a compact one.
pub fn their_json(text: &str, is_general: bool) -> Map {
    let mut answer = ask("sd-jwt", "to_json", &json!({ "text": text, "general": is_general }));
    answer["json"].as_object_mut().map(std::mem::take).unwrap()
}

/// The compact serialisation that they make of one in JSON.
pub fn their_compact(document: &Map, is_general: bool) -> String {
    let answer = ask("sd-jwt", "from_json", &json!({ "json": document, "general": is_general }));
    answer["text"].as_str().unwrap().to_owned()
}

/// What we read, as a relying party that has the issuer's key and believes it; or why not.
///
/// # Errors
/// What stands in the way.
pub fn we_read(text: &str, issuer: &PublicKey, to: Option<Transaction<'_>>) -> Result<Value, String> {
    let sd_jwt = SdJwt::parse(text).map_err(|error| error.to_string())?;
    let algorithm = sd_jwt.jws.header.algorithm.map_err(|error| error.to_string())?;
    sd_jwt.jws.verify(algorithm, issuer).map_err(|error| error.to_string())?;
    let payload = sd_jwt.reveal().map_err(|error| error.to_string())?.payload;
    if let Some((audience, nonce)) = to {
        let binding = sd_jwt.key_binding.as_ref().ok_or("no key binding")?;
        let holder = payload.get("cnf").and_then(|cnf| cnf.get("jwk")).and_then(Value::as_object);
        let holder = PublicKey::from_jwk(holder.ok_or("no holder")?).map_err(|error| error.to_string())?;
        let algorithm = binding.jws.header.algorithm.map_err(|error| error.to_string())?;
        binding.jws.verify(algorithm, &holder).map_err(|error| error.to_string())?;
        for (what, holds) in [
            ("typ", binding.is_typed()),
            ("aud", binding.audience() == Some(audience)),
            ("nonce", binding.nonce() == Some(nonce)),
            ("iat", binding.issued_at().is_some()),
            ("sd_hash", binding.hash_matches(&sd_jwt)),
        ] {
            if !holds {
                return Err(format!("{what} of the key binding"));
            }
        }
    }
    Ok(Value::Object(payload))
}

/// A payload at random, and what of it can be hidden.
pub fn random_payload(dice: &mut Dice) -> (Value, Places) {
    let mut members = Map::new();
    for _ in 0..=dice.below(4) {
        members.insert((*dice.pick(&NAMES)).to_owned(), random_value(dice, 3));
    }
    let payload = Value::Object(members);
    let mut places = Places::new();
    collect(&payload, "", &mut places);
    let hidden = places.into_iter().filter(|_| !dice.once_in(3)).collect();
    (payload, hidden)
}

// None with a full stop: the packages in JavaScript name a place by its names with full stops between.
const NAMES: [&str; 10] = ["name", "given name", "住址", "a/b", "~0", "list", "0", "_sdx", "\"", "é"];

fn random_value(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth == 0 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => dice.once_in(2).into(),
        2 => json!(i64::try_from(dice.below(1 << 40)).unwrap() - (1 << 39)),
        3 => json!(0.25),
        4 => "深水埗 \u{1f3e0} \\ \" ~ .".into(),
        5 => "".into(),
        6 | 7 => (0..dice.below(4)).map(|_| random_value(dice, depth - 1)).collect(),
        _ => {
            let members = (0..dice.below(4)).map(|_| ((*dice.pick(&NAMES)).to_owned(), random_value(dice, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

/// Some of what can be hidden. What lies within something is shown with it only.
pub fn some_of(dice: &mut Dice, hidden: &Places) -> Places {
    let mut chosen = Places::new();
    for place in hidden {
        let is_reachable = hidden.iter().filter(|other| is_within(place, other)).all(|other| chosen.contains(other));
        if is_reachable && dice.once_in(2) {
            chosen.insert(place.clone());
        }
    }
    chosen
}

/// What is shown where somebody asks for `wanted`: that, what it lies in, and what lies in it.
pub fn around(hidden: &Places, wanted: &Places) -> Places {
    let is_near = |place: &&String| {
        wanted.iter().any(|other| *place == other || is_within(place, other) || is_within(other, place))
    };
    hidden.iter().filter(is_near).cloned().collect()
}

fn is_within(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'))
}

/// What is left of a value when all that can be hidden is, but for what is shown.
pub fn remaining(value: &Value, hidden: &Places, shown: &Places) -> Value {
    remaining_at(value, "", &|place: &str| !hidden.contains(place) || shown.contains(place))
}

fn remaining_at(value: &Value, at: &str, is_kept: &impl Fn(&str) -> bool) -> Value {
    let mut kept = inside(value, at);
    kept.retain(|(_, place, _)| is_kept(place));
    let mut kept = kept.into_iter().map(|(name, place, value)| (name, remaining_at(value, &place, is_kept)));
    match value {
        Value::Object(_) => Value::Object(kept.collect()),
        Value::Array(_) => Value::Array(kept.by_ref().map(|(_, value)| value).collect()),
        other => other.clone(),
    }
}

fn collect(value: &Value, at: &str, places: &mut Places) {
    for (_, place, value) in inside(value, at) {
        collect(value, &place, places);
        places.insert(place);
    }
}

/// Members with their names, or items with their positions, and the places of both.
fn inside<'v>(value: &'v Value, at: &str) -> Vec<(String, String, &'v Value)> {
    let escaped = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), escaped(name), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), escaped(&at.to_string()), item)).collect()
        }
        _ => Vec::new(),
    }
}

/// The places as the oracles take them: only those that are chosen, and those on the way there.
fn frame(value: &Value, places: &Places) -> Value {
    frame_at(value, "", places)
}

fn frame_at(value: &Value, at: &str, places: &Places) -> Value {
    let mut below = Map::new();
    for (name, place, value) in inside(value, at) {
        if places.contains(&place) || places.iter().any(|other| is_within(other, &place)) {
            below.insert(name, frame_at(value, &place, places));
        }
    }
    json!({ "inside": below, "chosen": places.contains(at), "is_list": value.is_array() })
}
