//! Queries and wallets made at random, and what the other side says of them.

use attesta::encoding::json::Map;
use attesta::presentation::dcql::{Authority, Candidate};
use serde_json::{Value, json};

use crate::oracle::ask;

/// What the other side finds: see `node/dcql.mjs`.
pub fn they_match(query: &Value, wallet: &[Held]) -> Value {
    let credentials: Vec<Value> = wallet.iter().map(Held::in_their_form).collect();
    ask("dcql", "match", &json!({ "query": query, "credentials": credentials }))
}

/// Whether the other side is content with these answers; `None` where it fails at the query.
pub fn they_are_content(query: &Value, answers: &[(String, &Held)]) -> Option<bool> {
    let answers: Vec<Value> = answers.iter().map(|(id, held)| json!([id, held.in_their_form()])).collect();
    ask("dcql", "answer", &json!({ "query": query, "answers": answers }))["met"].as_bool()
}

/// SplitMix64: the same cases for the same seed, everywhere.
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end`, that excluded.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A credential in a wallet.
#[derive(Debug)]
pub struct Held {
    format: &'static str,
    types: Vec<&'static str>,
    /// Its claims from the root.
    pub claims: Map,
    is_bound: bool,
    authorities: Vec<Authority<'static>>,
}

const KEYS: [&str; 3] = ["s9tIpPmhxdiuNkHMEWNpYim8S8Y", "UPIgYuqPNqx7xJtGVKdOxMJDUbM", "AAAA"];
const FORMATS: [&str; 8] =
    ["dc+sd-jwt", "dc+sd-jwt", "dc+sd-jwt", "vc+sd-jwt", "jwt_vc_json", "eddsa-rdfc-2022", "bbs-2023", "mso_mdoc"];
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

impl Held {
    /// One of any format, type and claims.
    pub fn random(dice: &mut Dice) -> Self {
        let format = *dice.pick(&FORMATS);
        let types = match format {
            "dc+sd-jwt" | "mso_mdoc" => vec![*dice.pick(&["t", "u"])],
            _ => ["t", "u", "v"].into_iter().filter(|_| !dice.once_in(3)).chain(["w"]).collect(),
        };
        let claims = match format {
            "mso_mdoc" => Value::Object(NAMES.iter().map(|name| ((*name).to_owned(), object(dice, 0))).collect()),
            _ => object(dice, 3),
        };
        let authorities = match dice.once_in(3) {
            true => KEYS[..=dice.below(2)].iter().map(|value| Authority { kind: "aki", value }).collect(),
            false => Vec::new(),
        };
        Self { format, types, claims: claims.as_object().unwrap().clone(), is_bound: !dice.once_in(6), authorities }
    }

    /// In our form.
    pub fn candidate(&self) -> Candidate<'_> {
        Candidate {
            format: self.format,
            types: &self.types,
            claims: &self.claims,
            is_holder_bound: self.is_bound,
            authorities: &self.authorities,
        }
    }

    fn in_their_form(&self) -> Value {
        let mut credential =
            json!({ "credential_format": self.their_format(), "cryptographic_holder_binding": self.is_bound });
        match self.format {
            "dc+sd-jwt" => credential["vct"] = json!(self.types[0]),
            "mso_mdoc" => credential["doctype"] = json!(self.types[0]),
            _ => credential["type"] = json!(self.types),
        }
        let claims = if self.format == "mso_mdoc" { "namespaces" } else { "claims" };
        credential[claims] = Value::Object(self.claims.clone());
        if let Some(first) = self.authorities.first() {
            let values: Vec<&str> = self.authorities.iter().map(|authority| authority.value).collect();
            credential["authority"] = json!({ "type": first.kind, "values": values });
        }
        credential
    }

    fn their_format(&self) -> &'static str {
        match self.format {
            "eddsa-rdfc-2022" | "bbs-2023" => "ldp_vc",
            other => other,
        }
    }
}

fn object(dice: &mut Dice, depth: usize) -> Value {
    let members = NAMES.iter().filter(|_| !dice.once_in(4)).collect::<Vec<_>>();
    Value::Object(members.into_iter().map(|name| ((*name).to_owned(), any(dice, depth))).collect())
}

fn any(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth == 0 { 12 } else { 24 }) {
        0..5 => json!(dice.pick(&["x", "y", "0", "true"])),
        5..8 => json!(dice.below(3)),
        8..10 => json!(dice.once_in(2)),
        10 => json!(dice.pick(&[0.5, 1.0, -1.0])),
        11 => Value::Null,
        12..17 => object(dice, depth - 1),
        // Lists are mostly of one type, as in credentials.
        17..22 => {
            let objects = dice.once_in(2);
            (0..dice.below(4)).map(|_| if objects { object(dice, depth - 1) } else { any(dice, 0) }).collect()
        }
        _ => (0..dice.below(4)).map(|_| any(dice, depth - 1)).collect(),
    }
}

/// A query that this wallet may answer.
pub fn query(dice: &mut Dice, wallet: &[Held]) -> Value {
    let ids: Vec<String> = (0..=dice.below(4)).map(|at| format!("q{at}")).collect();
    let credentials: Vec<Value> = ids.iter().map(|id| credential(dice, id, wallet)).collect();
    let mut query = json!({ "credentials": credentials });
    if dice.once_in(2) {
        let sets = (0..=dice.below(3)).map(|_| {
            let options = (0..=dice.below(3)).map(|_| some_of(dice, &ids, 2)).collect::<Vec<_>>();
            let mut set = json!({ "options": options });
            if dice.once_in(3) {
                set["required"] = json!(dice.once_in(3));
            }
            set
        });
        query["credential_sets"] = sets.collect();
    }
    query
}

fn credential(dice: &mut Dice, id: &str, wallet: &[Held]) -> Value {
    let like = dice.pick(wallet);
    let meta = match like.format {
        "dc+sd-jwt" if dice.once_in(4) => json!({}),
        "dc+sd-jwt" => json!({ "vct_values": some(dice, &["t", "u", "v"], 2) }),
        "mso_mdoc" => json!({ "doctype_value": dice.pick(&["t", "u"]) }),
        _ => json!({ "type_values": (0..=dice.below(2)).map(|_| some(dice, &["t", "u", "w"], 2)).collect::<Vec<_>>() }),
    };
    let mut credential = json!({ "id": id, "format": like.their_format(), "meta": meta });
    if dice.once_in(3) {
        credential["multiple"] = json!(dice.once_in(2));
    }
    if dice.once_in(4) {
        credential["require_cryptographic_holder_binding"] = json!(dice.once_in(2));
    }
    if dice.once_in(6) {
        let kind = json!({ "type": "aki", "values": some(dice, &KEYS, 2) });
        let list = json!({ "type": "etsi_tl", "values": ["https://lotl.example.com"] });
        credential["trusted_authorities"] = if dice.once_in(2) { json!([list, kind]) } else { json!([kind]) };
    }
    if dice.once_in(8) {
        return credential;
    }
    let count = 1 + dice.below(4);
    let has_sets = dice.once_in(3);
    let claims = (0..count).map(|at| {
        let mut claim = claim(dice, like);
        if has_sets {
            claim["id"] = json!(format!("c{at}"));
        }
        claim
    });
    credential["claims"] = claims.collect();
    if has_sets {
        let ids: Vec<String> = (0..count).map(|at| format!("c{at}")).collect();
        credential["claim_sets"] = (0..=dice.below(3)).map(|_| json!(some_of(dice, &ids, 3))).collect();
    }
    credential
}

/// A path that leads through this credential, or nearly, with the value that stands there, or nearly.
fn claim(dice: &mut Dice, like: &Held) -> Value {
    let claims = Value::Object(like.claims.clone());
    let (mut at, mut path) = (&claims, Vec::new());
    let is_mdoc = like.format == "mso_mdoc";
    while path.is_empty() || (is_mdoc && path.len() < 2) || !dice.once_in(4) {
        at = match at {
            Value::Object(members) if !members.is_empty() => {
                let names: Vec<&String> = members.keys().collect();
                let name = *dice.pick(&names);
                path.push(json!(name));
                &members[name]
            }
            Value::Array(items) if !items.is_empty() => {
                let position = dice.below(items.len());
                path.push(if dice.once_in(2) { Value::Null } else { json!(position) });
                &items[position]
            }
            _ => break,
        };
        if is_mdoc && path.len() == 2 {
            break;
        }
    }
    if dice.once_in(10) || path.is_empty() || (is_mdoc && path.len() < 2) {
        let names = ["a", "b", "e", "0", "length", "constructor"].map(|name| json!(name));
        let others = [json!(0), json!(1), json!(5), Value::Null];
        match is_mdoc {
            true => path = vec![dice.pick(&names[..4]).clone(), dice.pick(&names[..4]).clone()],
            false if dice.once_in(2) => path.push(dice.pick(&names).clone()),
            false if path.len() > 1 => *path.last_mut().unwrap() = dice.pick(&others).clone(),
            false => path.push(dice.pick(&others).clone()),
        }
    }
    let mut claim = json!({ "path": path });
    if dice.once_in(4) {
        let near = [json!("x"), json!(1), json!(true), json!(2.0), json!("0")];
        let mut values = vec![dice.pick(&near).clone()];
        if matches!(at, Value::String(_) | Value::Bool(_)) || at.is_i64() && !dice.once_in(4) {
            values.push(at.clone());
        }
        claim["values"] = json!(values);
    }
    claim
}

fn some<'a>(dice: &mut Dice, of: &[&'a str], most: usize) -> Vec<&'a str> {
    (0..=dice.below(most)).map(|_| *dice.pick(of)).collect()
}

fn some_of(dice: &mut Dice, of: &[String], most: usize) -> Vec<String> {
    (0..=dice.below(most)).map(|_| dice.pick(of).clone()).collect()
}

/// Answers to the query: now and then the wrong ones, too many, too few, or one that was not asked for.
pub fn answers<'w>(dice: &mut Dice, query: &Value, wallet: &'w [Held], fits: &[Vec<usize>]) -> Vec<(String, &'w Held)> {
    let mut answers = Vec::new();
    for (credential, fits) in query["credentials"].as_array().unwrap().iter().zip(fits) {
        let id = credential["id"].as_str().unwrap();
        let times = if dice.once_in(6) { dice.below(3) } else { 1 };
        for _ in 0..times {
            match fits.is_empty() || dice.once_in(8) {
                true if dice.once_in(3) => answers.push((id.to_owned(), dice.pick(wallet))),
                true => {}
                false => answers.push((id.to_owned(), &wallet[*dice.pick(fits)])),
            }
        }
    }
    if dice.once_in(20) {
        answers.push(("stranger".to_owned(), dice.pick(wallet)));
    }
    answers
}

/// The query with one thing in it taken away, doubled, or made into something else.
pub fn damaged(dice: &mut Dice, query: &Value) -> Value {
    let mut pointers = Vec::new();
    collect(query, "", &mut pointers);
    let pointer = dice.pick(&pointers);
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let mut damaged = query.clone();
    let mut others = vec![json!(null), json!(-1), json!(1.5), json!(true), json!("x y"), json!("z"), json!("")];
    others.extend([json!([]), json!({}), json!([[]]), json!([{}])]);
    match damaged.pointer_mut(parent).unwrap() {
        Value::Object(members) if dice.once_in(3) => drop(members.remove(last)),
        Value::Array(items) if dice.once_in(3) => items.push(items[last.parse::<usize>().unwrap()].clone()),
        _ => *damaged.pointer_mut(pointer).unwrap() = dice.pick(&others).clone(),
    }
    damaged
}

fn collect(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let mut below = |name: &str, value: &Value| {
        pointers.push(format!("{pointer}/{name}"));
        collect(value, &format!("{pointer}/{name}"), pointers);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| below(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| below(&at.to_string(), value)),
        _ => {}
    }
}

/// Why the other side refuses the query, if it does.
pub fn they_refuse(query: &Value) -> Option<String> {
    ask("dcql", "match", &json!({ "query": query, "credentials": [] }))["refused"].as_str().map(str::to_owned)
}
