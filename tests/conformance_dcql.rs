//! The examples of OpenID4VP 1.0: every query in them is read, written back, and laid over the credentials in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use attesta::encoding::json::{JsonError, Map, Value, parse, parse_object};
use attesta::presentation::dcql::{Candidate, Matches, Meta, Query};
use serde_json::json;

/// Examples that stand for more than they say, with `...` in them, and are no JSON.
const NOT_JSON: [&str; 3] =
    ["request_object_client_id_did.json", "signed_request_payload.json", "signed_request_payload_compact.json"];

#[test]
fn every_query_of_the_examples_is_read_and_matched() {
    let Some(root) = common::vectors("openid4vp") else { return };
    let examples = root.join("1.0/examples");
    let (mut documents, mut queries, mut met, mut refused) = (0, 0, 0, 0);
    let mut not_json = BTreeSet::new();
    for path in json_files(&examples) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let document = match parse(&fs::read(&path).unwrap()) {
            Ok(Value::Object(document)) => document,
            Ok(_) => panic!("{name}: no object"),
            Err(JsonError::Syntax { .. }) => {
                not_json.insert(name);
                continue;
            }
            Err(error) => panic!("{name}: {error}"),
        };
        documents += 1;
        if !document.contains_key("credentials") {
            // What is no query is not taken for one.
            assert!(Query::parse(&document).is_err(), "{name}");
            refused += 1;
            continue;
        }
        let query = Query::parse(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
        queries += 1;
        assert_eq!(Query::parse(&query.to_map()), Ok(query.clone()), "{name}");

        // A wallet with what is asked for, made from the query alone, answers it; an empty one does not, and neither
        // does one that lacks a claim, or has it with another value.
        let wallet = Wallet::made_for(&query);
        let matches = wallet.matches(&query);
        assert!(matches.is_met(), "{name}: {:?}", matches.unmet());
        let answer: Vec<_> = matches
            .least()
            .unwrap()
            .into_iter()
            .map(|choice| (choice.id, wallet.candidate(choice.fit.candidate)))
            .collect();
        assert_eq!(query.is_answered_by(&answer), Ok(()), "{name}");
        for fit in matches.credentials.iter().flat_map(|credential| &credential.fits) {
            let claims = wallet.held[fit.candidate].claims.clone();
            assert!(
                fit.pointers.iter().all(|pointer| Value::Object(claims.clone()).pointer(pointer).is_some()),
                "{name}"
            );
        }
        met += 1;
        assert!(!query.matches(&[]).is_met() && query.is_answered_by(&[]).is_err(), "{name}");
        for (what, spoilt) in wallet.spoilt() {
            assert!(!spoilt.matches(&query).is_met(), "{name}: met {what}");
            refused += 1;
        }
    }
    println!("openid4vp: {documents} documents, {queries} queries read and met, {refused} refusals");
    assert_eq!(not_json, BTreeSet::from(NOT_JSON.map(str::to_owned)), "these examples are no JSON");
    assert_eq!((queries, met), (9, 9));
    assert!(refused >= queries);
}

/// The credentials of the examples against the queries for them.
#[test]
fn the_credentials_of_the_examples_answer_their_queries() {
    let Some(root) = common::vectors("openid4vp") else { return };
    let examples = root.join("1.0/examples");
    let read = |name: &str| parse_object(&fs::read(examples.join(name)).unwrap()).unwrap();
    let query = |name: &str| Query::parse(&read(name)).unwrap();
    let matches = |query: &Query, format: &str, types: &[&str], claims: &Map| {
        query.matches(&[Candidate { format, types, claims, is_holder_bound: true, authorities: &[] }])
    };
    let w3c = ["VerifiableCredential", "IDCredential"];

    // The credential of VC Data Model 1.1 stands in the token's `vc`; paths begin at the credential's root.
    let token = read("credentials/jwt_vc.json");
    let found = matches(&query("request/dcql_jwt_vc.json"), "jwt_vc_json", &w3c, token["vc"].as_object().unwrap());
    assert_eq!(
        found.least().unwrap()[0].fit.pointers,
        ["/credentialSubject/family_name", "/credentialSubject/given_name"]
    );
    let found = matches(&query("request/dcql_jwt_vc.json"), "jwt_vc_json", &w3c, &token);
    assert_eq!(
        found.unmet()[0].to_string(),
        "example_jwt_vc: the credential does not say /credentialSubject/family_name"
    );

    let signed = read("credentials/ldp_vc.json");
    let found = matches(&query("request/dcql_ldp_vc.json"), "eddsa-rdfc-2022", &w3c, &signed);
    assert_eq!(found.least().unwrap()[0].fit.pointers.len(), 7);
    let found = matches(&query("request/dcql_ldp_vc.json"), "vc+jwt", &w3c, &signed);
    assert_eq!(found.unmet()[0].to_string(), "example_ldp_vc: there is no credential in the format ldp_vc");

    // The unsecured example has no address, and its sample query asks for one.
    let person = read("credentials/sd_jwt_vc_unsecured.json");
    let vct = [person["vct"].as_str().unwrap()];
    let found = matches(&query("query_lang/simple.json"), "dc+sd-jwt", &vct, &person);
    assert_eq!(found.unmet()[0].to_string(), "my_credential: the credential does not say /address/street_address");
    let mut with_address = person.clone();
    with_address.insert("address".to_owned(), json!({ "street_address": "42 Market Street", "locality": "Milliways" }));
    let found = matches(&query("query_lang/simple.json"), "dc+sd-jwt", &vct, &with_address);
    assert_eq!(found.least().unwrap()[0].fit.pointers, ["/family_name", "/given_name", "/address/street_address"]);

    // What the issuer signed says nothing of the claims that it conceals.
    let concealed = read("credentials/sd_jwt_vc.json");
    assert!(!matches(&query("query_lang/simple.json"), "dc+sd-jwt", &vct, &concealed).is_met());
}

/// Appendix D tells how its examples are to be understood.
#[test]
fn alternatives_are_taken_in_the_verifiers_order() {
    let Some(root) = common::vectors("openid4vp") else { return };
    let query = |name: &str| {
        let path = root.join("1.0/examples/query_lang").join(name);
        Query::parse(&parse_object(&fs::read(path).unwrap()).unwrap()).unwrap()
    };
    let chosen = |query: &Query, held: &[&str], welcome: &[usize]| {
        let mut wallet = Wallet::made_for(query);
        wallet.held.retain(|held_one| held.contains(&held_one.id.as_str()));
        let matches = wallet.matches(query);
        let ids =
            matches.least_with(welcome).map(|choices| choices.iter().map(|choice| choice.id.to_owned()).collect());
        ids.map_err(|_| matches.unmet().len())
    };
    let ids = |ids: &[&str]| Ok(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());

    let either = query("credentials_alternatives.json");
    let everything = ["nice_to_have", "pid_reduced_cred_2", "pid_reduced_cred_1", "other_pid", "pid"];
    assert_eq!(chosen(&either, &everything, &[]), ids(&["pid"]));
    assert_eq!(chosen(&either, &everything, &[1]), ids(&["pid", "nice_to_have"]));
    assert_eq!(chosen(&either, &["other_pid", "pid_reduced_cred_1"], &[]), ids(&["other_pid"]));
    assert_eq!(
        chosen(&either, &["pid_reduced_cred_2", "pid_reduced_cred_1"], &[]),
        ids(&["pid_reduced_cred_1", "pid_reduced_cred_2"])
    );
    assert_eq!(chosen(&either, &["pid_reduced_cred_1", "nice_to_have"], &[1]), Err(3));

    // Two queries for one card: the second is asked for only if the holder wants to.
    let mdoc = query("complex_mdoc.json");
    assert_eq!(chosen(&mdoc, &["mdl-address"], &[]), Err(2), "it has the address and not the name");
    assert_eq!(chosen(&mdoc, &["mdl-id", "mdl-address"], &[]), ids(&["mdl-id"]));
    assert_eq!(chosen(&mdoc, &["mdl-id", "mdl-address"], &[1]), ids(&["mdl-id", "mdl-address"]));
    assert_eq!(chosen(&mdoc, &["photo_card-id", "mdl-address"], &[1]), ids(&["mdl-address", "photo_card-id"]));

    // "a and c and d and e" is preferred to "a and b and e".
    let claims = query("claims_alternatives.json");
    let mut wallet = Wallet::made_for(&claims);
    assert_eq!(wallet.matches(&claims).credentials[0].fits[0].claim_set, Some(0));
    wallet.held[0].claims.remove("region");
    let matches = wallet.matches(&claims);
    let fit = &matches.credentials[0].fits[0];
    assert_eq!(
        (fit.claim_set, &fit.pointers[..]),
        (Some(1), &["/family_name", "/postal_code", "/date_of_birth"].map(str::to_owned)[..])
    );
    wallet.held[0].claims.remove("postal_code");
    assert!(!wallet.matches(&claims).is_met());
}

/// A credential for each credential query, with the claims that it asks for.
struct Wallet {
    held: Vec<Held>,
}

#[derive(Clone)]
struct Held {
    id: String,
    format: String,
    types: Vec<String>,
    claims: Map,
}

impl Wallet {
    fn made_for(query: &Query) -> Self {
        let held = query.credentials.iter().map(|credential| {
            let mut claims = Map::new();
            for claim in &credential.claims {
                let wanted = serde_json::to_value(Query::one(credential.clone()).to_map()).unwrap();
                let position = credential.claims.iter().position(|other| other == claim).unwrap();
                let wanted = &wanted["credentials"][0]["claims"][position]["values"][0];
                let value = if wanted.is_null() { json!("x") } else { wanted.clone() };
                let pointer = claim.path.to_string();
                put(&mut claims, &pointer.split('/').skip(1).collect::<Vec<_>>(), value);
            }
            let types = match &credential.meta {
                Meta::Vct(values) => vec![values[0].clone()],
                Meta::Types(lists) => lists[0].clone(),
                Meta::Doctype(value) => vec![value.clone()],
                other => panic!("{other:?}"),
            };
            Held { id: credential.id.clone(), format: credential.format.clone(), types, claims }
        });
        Self { held: held.collect() }
    }

    fn matches(&self, query: &Query) -> Matches {
        let types: Vec<Vec<&str>> =
            self.held.iter().map(|held| held.types.iter().map(String::as_str).collect()).collect();
        let candidates: Vec<Candidate<'_>> =
            self.held.iter().zip(&types).map(|(held, types)| Candidate { types, ..held.candidate() }).collect();
        query.matches(&candidates)
    }

    fn candidate(&self, at: usize) -> Candidate<'_> {
        let held = &self.held[at];
        // A test may keep what it never frees.
        let types: Vec<&str> = held.types.iter().map(String::as_str).collect();
        Candidate { types: types.leak(), ..held.candidate() }
    }

    /// Wallets that must not do: every credential of another type, in another format, or without its claims.
    fn spoilt(&self) -> Vec<(&'static str, Self)> {
        let change = |edit: &dyn Fn(&mut Held)| {
            let mut held = self.held.clone();
            held.iter_mut().for_each(edit);
            Self { held }
        };
        vec![
            ("by another type", change(&|held| held.types = vec!["https://other.example".to_owned()])),
            ("by another format", change(&|held| held.format.push('x'))),
            ("without claims", change(&|held| held.claims.clear())),
        ]
    }
}

impl Held {
    fn candidate(&self) -> Candidate<'_> {
        Candidate { format: &self.format, types: &[], claims: &self.claims, is_holder_bound: true, authorities: &[] }
    }
}

fn put(claims: &mut Map, path: &[&str], value: Value) {
    match path {
        [] => {}
        [name] => drop(claims.insert((*name).to_owned(), value)),
        [name, rest @ ..] => {
            let inner = claims.entry((*name).to_owned()).or_insert_with(|| json!({}));
            put(inner.as_object_mut().unwrap(), rest, value);
        }
    }
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(json_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}
