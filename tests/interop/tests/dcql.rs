//! DCQL queries and wallets at random: both sides find the same credentials, the same claim sets, and agree whether the
//! whole can be satisfied.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::encoding::json::Map;
use attesta::presentation::dcql::{Candidate, Matches, Meta, Query};
use attesta_interop::dcql::{Dice, Held, answers, damaged, query, they_are_content, they_match, they_refuse};
use serde_json::{Value, json};

const CASES: usize = 2_000;
const SEED: u64 = 0x4f49_4434_5650;

/// It keeps what is wrong by the claim's path in a plain object, and one of that name is a function there.
const BREAKS: &str = "a query for \"constructor\" stops it";

/// Where the other side departs from OpenID4VP 1.0, section 7.1.1. Each must be met in the cases of the fixed seed,
/// alone, with the two sides apart; else it is no departure any more.
const DEPARTURES: [&str; 6] = [
    BREAKS,
    // "If any of the currently selected element(s) is not an object, abort processing and return an error", and the
    // same for lists: it passes over that element only.
    "an item of another type",
    // A text selects "the respective key", and a list has none: it reads `length` and positions as keys of a list.
    "a key of a list",
    // The same of what every JavaScript object inherits.
    "an inherited key",
    // "If the set of elements currently selected is empty, abort processing and return an error": it accepts all items
    // of an empty list.
    "all of an empty list",
    // A claim may be null, and is then selected: it takes it for absent.
    "a claim that is null",
];

#[test]
fn both_sides_find_the_same() {
    let mut seen = Tally::default();
    run(SEED, &mut seen);
    assert_eq!(seen.departures.keys().copied().collect::<BTreeSet<_>>(), BTreeSet::from(DEPARTURES));
    seen.print("fixed");
    assert!(seen.fit > 1_000 && seen.unfit > 1_000 && seen.met > 300 && seen.unmet > 300, "too one-sided");

    let seed = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() & 0xffff_ffff).unwrap();
    println!("fresh seed: {seed}");
    let mut fresh = Tally::default();
    run(seed, &mut fresh);
    fresh.print("fresh");
}

#[test]
fn what_they_refuse_we_refuse() {
    let mut dice = Dice::new(SEED);
    let (mut both, mut we, mut neither, mut unconstrained, mut unknown) = (0, 0, 0, 0, 0);
    for case in 0..CASES {
        let wallet: Vec<Held> = (0..=dice.below(3)).map(|_| Held::random(&mut dice)).collect();
        let wanted = query(&mut dice, &wallet);
        let damaged = damaged(&mut dice, &wanted);
        match (Query::parse(damaged.as_object().unwrap()), they_refuse(&damaged)) {
            (Err(_), Some(_)) => both += 1,
            (Err(_), None) => we += 1,
            (Ok(_), None) => neither += 1,
            // "If empty, no specific constraints are placed" (section 6.1): they demand types in W3C formats even so.
            (Ok(query), Some(_)) if query.credentials.iter().any(|credential| credential.meta == Meta::Any) => {
                unconstrained += 1;
            }
            // A format or a sort of authority that is defined elsewhere is no mistake: nothing that we know meets it.
            (Ok(query), Some(_)) if asks_for_what_nobody_knows(&query) => unknown += 1,
            (Ok(_), Some(refused)) => panic!("case {case}: {refused}\n{damaged}"),
        }
    }
    println!(
        "dcql, damaged queries: {both} refused by both, {we} by us alone, {neither} by neither; by them alone {unconstrained} \
         without types and {unknown} with what is defined elsewhere"
    );
    assert!(both > 300 && neither > 100);
}

fn asks_for_what_nobody_knows(query: &Query) -> bool {
    let formats = ["dc+sd-jwt", "vc+sd-jwt", "jwt_vc_json", "ldp_vc", "mso_mdoc"];
    query.credentials.iter().any(|credential| {
        let known = |value: &String| value.starts_with("https://") || !value.contains(' ') && !value.is_empty();
        !formats.contains(&credential.format.as_str())
            || credential.trusted_authorities.iter().any(|authority| {
                !["aki", "etsi_tl"].contains(&authority.kind.as_str()) || !authority.values.iter().all(known)
            })
    })
}

#[derive(Default)]
struct Tally {
    fit: usize,
    unfit: usize,
    met: usize,
    unmet: usize,
    content: usize,
    discontent: usize,
    departures: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn print(&self, seed: &str) {
        println!(
            "dcql, {seed} seed: {} fits and {} misfits, {} queries met and {} unmet, {} answers accepted and {} refused",
            self.fit, self.unfit, self.met, self.unmet, self.content, self.discontent
        );
        for (departure, count) in &self.departures {
            println!("  {departure}: {count}");
        }
    }
}

fn run(seed: u64, seen: &mut Tally) {
    let mut dice = Dice::new(seed);
    for case in 0..CASES {
        let wallet: Vec<Held> = (0..=dice.below(5)).map(|_| Held::random(&mut dice)).collect();
        let wanted = query(&mut dice, &wallet);
        let name = format!("case {case} of seed {seed}");
        let ours = Query::parse(wanted.as_object().unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let candidates: Vec<Candidate<'_>> = wallet.iter().map(Held::candidate).collect();
        let found = ours.matches(&candidates);
        let theirs = they_match(&wanted, &wallet);
        assert!(theirs["refused"].is_null(), "{name}: {theirs}\n{wanted}");
        if !theirs["broken"].is_null() {
            assert!(wanted.to_string().contains("\"constructor\""), "{name}: {theirs}\n{wanted}");
            *seen.departures.entry(BREAKS).or_default() += 1;
            continue;
        }
        if compare(&name, &wanted, &wallet, &found, &theirs, seen) {
            let options: Vec<usize> = found.sets.iter().map(|set| set.options.len()).collect();
            let theirs_options: Vec<usize> =
                theirs["options"].as_array().unwrap().iter().map(|set| set.as_array().unwrap().len()).collect();
            assert_eq!(
                (found.is_met(), options),
                (theirs["met"].as_bool().unwrap(), theirs_options),
                "{name}: {wanted}"
            );
            assert_eq!(found.least().is_ok(), found.is_met(), "{name}");
            *(if found.is_met() { &mut seen.met } else { &mut seen.unmet }) += 1;
        }
        answer(&name, &mut dice, &ours, &wanted, &wallet, &found, seen);
    }
}

/// Whether both sides find the same candidates, and in each the same claim set. Where they do not, a departure of the
/// other side must explain it.
fn compare(name: &str, wanted: &Value, wallet: &[Held], found: &Matches, theirs: &Value, seen: &mut Tally) -> bool {
    let mut agree = true;
    for (credential, matches) in wanted["credentials"].as_array().unwrap().iter().zip(&found.credentials) {
        for (position, held) in wallet.iter().enumerate() {
            let fit = matches.fits.iter().find(|fit| fit.candidate == position);
            let our_set = fit.map(|fit| fit.claim_set.map_or(Value::Null, |at| json!(at)));
            let fits = theirs["fits"][&matches.id].as_array().unwrap();
            let their_set =
                fits.iter().position(|fit| *fit == json!(position)).map(|at| theirs["sets"][&matches.id][at].clone());
            if our_set == their_set {
                *(if fit.is_some() { &mut seen.fit } else { &mut seen.unfit }) += 1;
                continue;
            }
            agree = false;
            let departures = departures(credential, &held.claims);
            assert!(!departures.is_empty(), "{name}: {credential}\n{held:?}\nours {our_set:?}, theirs {their_set:?}");
            if departures.len() == 1 {
                *seen.departures.entry(departures.into_iter().next().unwrap()).or_default() += 1;
            }
        }
    }
    agree
}

/// The verifier's side. Of an answer they judge the authorities, which we leave to the trust list; take any item of a
/// list for the one at a position, where we take none from behind it; and fail at a position in an empty list.
fn answer(
    name: &str,
    dice: &mut Dice,
    ours: &Query,
    wanted: &Value,
    wallet: &[Held],
    found: &Matches,
    seen: &mut Tally,
) {
    let fits: Vec<Vec<usize>> =
        found.credentials.iter().map(|matches| matches.fits.iter().map(|fit| fit.candidate).collect()).collect();
    let given = answers(dice, wanted, wallet, &fits);
    let presented: Vec<(&str, Candidate<'_>)> =
        given.iter().map(|(id, held)| (id.as_str(), held.candidate())).collect();
    let verdict = ours.is_answered_by(&presented);
    let is_content = they_are_content(wanted, &given);
    if is_content == Some(verdict.is_ok()) {
        *(if verdict.is_ok() { &mut seen.content } else { &mut seen.discontent }) += 1;
        return;
    }
    let credentials = wanted["credentials"].as_array().unwrap();
    let is_explained = given.iter().any(|(id, held)| {
        let credential = credentials.iter().find(|credential| credential["id"] == *id);
        credential.is_some_and(|credential| {
            let has_position = |claim: &Value| claim["path"].as_array().unwrap().iter().any(Value::is_number);
            !credential["trusted_authorities"].is_null()
                || credential["claims"].as_array().is_some_and(|claims| claims.iter().any(has_position))
                || !departures(credential, &held.claims).is_empty()
        })
    });
    let is_explained = is_explained || (is_content.is_none() && wanted.to_string().contains("\"constructor\""));
    assert!(is_explained, "{name}: {verdict:?}\n{wanted}\n{given:?}");
}

/// The departures that the claims of this query meet in this credential.
fn departures(credential: &Value, claims: &Map) -> BTreeSet<&'static str> {
    let mut met = BTreeSet::new();
    for claim in credential["claims"].as_array().into_iter().flatten() {
        let path = claim["path"].as_array().unwrap();
        walk(&Value::Object(claims.clone()), path, false, !claim["values"].is_null(), &mut met);
    }
    met
}

fn walk(value: &Value, path: &[Value], is_item: bool, has_values: bool, met: &mut BTreeSet<&'static str>) {
    let Some((step, rest)) = path.split_first() else {
        if value.is_null() && !has_values {
            met.insert("a claim that is null");
        }
        return;
    };
    match (step, value) {
        (Value::String(name), Value::Object(members)) => match members.get(name) {
            Some(value) => walk(value, rest, is_item, has_values, met),
            None if name == "constructor" => drop(met.insert("an inherited key")),
            None => {}
        },
        (Value::String(name), Value::Array(_)) if matches!(name.as_str(), "0" | "length") => {
            met.insert("a key of a list");
        }
        (Value::String(name), Value::Array(_)) if name == "constructor" => {
            met.insert("an inherited key");
        }
        (Value::Null, Value::Array(items)) => {
            if items.is_empty() {
                met.insert("all of an empty list");
            }
            items.iter().for_each(|item| walk(item, rest, true, has_values, met));
        }
        (Value::Number(position), Value::Array(items)) => {
            let item = usize::try_from(position.as_u64().unwrap()).ok().and_then(|at| items.get(at));
            if let Some(item) = item {
                walk(item, rest, is_item, has_values, met);
            }
        }
        _ if is_item => drop(met.insert("an item of another type")),
        _ => {}
    }
}
