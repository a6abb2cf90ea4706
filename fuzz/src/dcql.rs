use std::collections::BTreeSet;

use attesta::encoding::json::{self, Map, Value};
use attesta::encoding::pointer;
use attesta::presentation::dcql::{Authority, Candidate, Matches, Meta, Query};

use crate::answers::{assert_explained, assert_plain};

/// Credentials that a wallet of this test may hold.
const HELD: usize = 12;

/// Queries, laid over a wallet: what the wallet shows at least is what the verifier takes for an answer.
///
/// The first line is the query, each further one the claims of a credential. Each of these is held in every format and
/// of every type that the query asks for.
pub fn dcql(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let Some(map) = lines.next().and_then(|line| json::parse_object(line).ok()) else { return };
    let query = match Query::parse(&map) {
        Ok(query) => query,
        Err(error) => return assert_explained(&error),
    };
    let written = query.to_map();
    assert_eq!(Query::parse(&written).as_ref(), Ok(&query), "it reads back as another query");
    assert_eq!(query.check(), Ok(()));
    assert_plain(&format!("{query:?}").replace(char::is_control, ""));

    let claims: Vec<Map> = lines.filter_map(|line| json::parse_object(line).ok()).collect();
    let types: Vec<Vec<&str>> = query.credentials.iter().map(|credential| some_type(&credential.meta)).collect();
    let authorities: Vec<Authority<'_>> = query
        .credentials
        .iter()
        .flat_map(|credential| &credential.trusted_authorities)
        .filter_map(|authority| Some(Authority { kind: &authority.kind, value: authority.values.first()? }))
        .collect();
    let held: Vec<Candidate<'_>> = claims
        .iter()
        .flat_map(|claims| {
            query.credentials.iter().zip(&types).map(move |(credential, types)| (claims, credential, types))
        })
        .map(|(claims, credential, types)| Candidate {
            format: if credential.format == "ldp_vc" { "eddsa-jcs-2022" } else { &credential.format },
            types,
            claims,
            is_holder_bound: !claims.contains_key("unbound"),
            authorities: if claims.contains_key("stranger") { &[] } else { &authorities },
        })
        .take(HELD)
        .collect();
    check(&query, &held);
    // Without anything in the wallet, whoever insists on something is told why not.
    check(&query, &[]);
}

fn check(query: &Query, held: &[Candidate<'_>]) {
    let matches = query.matches(held);
    assert_eq!(matches.credentials.len(), query.credentials.len());
    assert_eq!(matches.sets.len(), query.credential_sets.len());
    for (credential, asked) in matches.credentials.iter().zip(&query.credentials) {
        assert_eq!(credential.fits.is_empty(), credential.unmet.is_some());
        if let Some(unmet) = &credential.unmet {
            assert_explained(unmet);
        }
        for fit in &credential.fits {
            let claims = Value::Object(held[fit.candidate].claims.clone());
            assert!(fit.pointers.iter().all(|pointer| claims.pointer(pointer).is_some()), "a pointer to nothing");
            assert_eq!(fit.pointers.len(), fit.pointers.iter().collect::<BTreeSet<_>>().len());
            assert!(fit.claim_set.is_none_or(|at| at < asked.claim_sets.len()));
            assert!(fit.disclosed <= values_in(&claims), "more is shown than there is");
        }
    }
    match matches.least() {
        Ok(_) => assert!(matches.is_met()),
        Err(unmet) => {
            assert_explained(&unmet);
            assert!(!matches.is_met(), "{unmet}");
            assert!(matches.unmet().iter().all(|unmet| !unmet.to_string().is_empty()));
        }
    }
    answered(query, &matches, held);
}

/// What the wallet shows is enough for the verifier, whether it shows all of it or only what was asked for.
fn answered(query: &Query, matches: &Matches, held: &[Candidate<'_>]) {
    let every: Vec<usize> = (0..matches.sets.len()).collect();
    for welcome in [&[][..], &every] {
        let Ok(choices) = matches.least_with(welcome) else { return };
        let shown: Vec<Map> = choices
            .iter()
            .map(|choice| {
                let candidate = &held[choice.fit.candidate];
                match can_hide(candidate.format) {
                    true => project(candidate.claims, &choice.fit.pointers),
                    false => candidate.claims.clone(),
                }
            })
            .collect();
        let answer: Vec<(&str, Candidate<'_>)> = choices
            .iter()
            .zip(&shown)
            .map(|(choice, claims)| (choice.id, Candidate { claims, ..held[choice.fit.candidate] }))
            .collect();
        assert_eq!(query.is_answered_by(&answer), Ok(()), "the least answer is none");
        // A stranger's credential beside it is not taken for an answer.
        let mut more = answer.clone();
        more.extend(answer.first().map(|(_, candidate)| ("not asked for", *candidate)));
        assert!(more.is_empty() || query.is_answered_by(&more).is_err());
    }
}

/// Formats whose claims can be hidden one by one, list items too.
fn can_hide(format: &str) -> bool {
    matches!(format, "dc+sd-jwt" | "vc+sd-jwt")
}

/// A type that the query accepts.
fn some_type(meta: &Meta) -> Vec<&str> {
    match meta {
        Meta::Vct(values) => values.first().map(String::as_str).into_iter().collect(),
        Meta::Types(lists) => lists.first().into_iter().flatten().map(String::as_str).collect(),
        Meta::Doctype(value) => vec![value],
        _ => Vec::new(),
    }
}

/// The claims with what stands at these pointers alone; lists close up, as those of an SD-JWT do.
fn project(claims: &Map, pointers: &[String]) -> Map {
    fn part(value: &Value, at: &str, pointers: &[String]) -> Option<Value> {
        if pointers.iter().any(|pointer| pointer == at) {
            return Some(value.clone());
        }
        let inside = format!("{at}/");
        if !pointers.iter().any(|pointer| pointer.starts_with(&inside)) {
            return None;
        }
        Some(match value {
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .filter_map(|(name, value)| {
                        let at = pointer::member(at, name);
                        Some((name.clone(), part(value, &at, pointers)?))
                    })
                    .collect(),
            ),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.filter_map(|(position, item)| part(item, &format!("{inside}{position}"), pointers)).collect()
            }
            other => other.clone(),
        })
    }
    match part(&Value::Object(claims.clone()), "", pointers) {
        Some(Value::Object(shown)) => shown,
        _ => Map::new(),
    }
}

/// Single values; an empty list or object counts as one.
fn values_in(value: &Value) -> usize {
    match value {
        Value::Object(members) if !members.is_empty() => members.values().map(values_in).sum(),
        Value::Array(items) if !items.is_empty() => items.iter().map(values_in).sum(),
        _ => 1,
    }
}
