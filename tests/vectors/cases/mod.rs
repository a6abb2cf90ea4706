//! Every vector, by theme. Each case says what its author expects, before the verifier is asked.

mod answers;
mod author;
mod bytes;
mod content;
mod cose;
mod demands;
mod ecdsa_sd;
mod ecdsa_sd_hidden;
mod history;
mod holder;
mod keys;
mod labels;
mod notices;
mod proof_sets;
mod proofs;
mod rdf;
mod sd_jwt;
mod sd_jwt_binding;
mod sd_jwt_certificates;
mod sd_jwt_claims;
mod sd_jwt_disclosures;
mod sd_jwt_hidden;
mod sd_jwt_issuers;
mod sd_jwt_presentations;
mod sd_jwt_schemes;
mod sd_jwt_signature;
mod sd_jwt_types;
mod signature;
mod status;
mod survival;
mod time;
mod token_contents;
mod tokens;
mod trust;
mod valid;

use attesta::encoding::json::Map;
use attesta::securing::Format;
use serde_json::Value;

pub(crate) use sd_jwt_certificates::certificates_file;

use crate::vector::Case;

/// Every vector: each theme in each format, then what only one format can say or no format is told.
pub(crate) fn all() -> Vec<Case> {
    let themes = [
        valid::cases,
        signature::cases,
        author::cases,
        keys::cases,
        content::cases,
        trust::cases,
        time::cases,
        holder::cases,
    ];
    let mut cases: Vec<Case> =
        WHOLE.into_iter().flat_map(|format| themes.into_iter().flat_map(move |theme| theme(format))).collect();
    // The keys of these issuers are Ed25519 keys.
    let of_council = [history::cases, notices::cases, survival::cases];
    cases.extend(
        [Format::Jwt, Format::EddsaJcs2022]
            .into_iter()
            .flat_map(|format| of_council.into_iter().flat_map(move |theme| theme(format))),
    );
    cases.extend(status::cases());
    let selective = [
        sd_jwt::cases,
        sd_jwt_disclosures::cases,
        sd_jwt_binding::cases,
        sd_jwt_presentations::cases,
        sd_jwt_signature::cases,
    ];
    cases.extend(HIDING.into_iter().flat_map(|format| selective.into_iter().flat_map(move |theme| theme(format))));
    cases.extend(sd_jwt_hidden::cases());
    cases.extend(sd_jwt_claims::cases());
    cases.extend(sd_jwt_issuers::cases());
    cases.extend(sd_jwt_certificates::cases());
    cases.extend(sd_jwt_types::cases());
    cases.extend(sd_jwt_schemes::cases());
    cases.extend(answers::cases());
    cases.extend(tokens::cases());
    cases.extend(token_contents::cases());
    cases.extend(cose::cases());
    cases.extend(labels::cases());
    cases.extend(proofs::cases());
    cases.extend(proof_sets::cases());
    cases.extend(ecdsa_sd::cases());
    cases.extend(ecdsa_sd_hidden::cases());
    cases.extend(rdf::cases());
    cases.extend(bytes::cases());
    cases.extend(demands::cases());
    cases
}

/// The formats in which a credential is shown whole.
const WHOLE: [Format; 4] = [Format::Jwt, Format::Cose, Format::EddsaJcs2022, Format::EcdsaJcs2019];

/// The formats in which a holder shows parts.
const HIDING: [Format; 2] = [Format::SdJwt, Format::SdJwtVc];

/// Writes a value at a JSON pointer; its last member need not be there yet.
fn put(document: &mut Map, pointer: &str, value: impl Into<Value>) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match parent.strip_prefix('/') {
        None => document.insert(name.to_owned(), value.into()),
        Some(path) => inner(document, path).insert(name.to_owned(), value.into()),
    };
}

/// Takes the member at a JSON pointer away.
fn take(document: &mut Map, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let taken = match parent.strip_prefix('/') {
        None => document.remove(name),
        Some(path) => inner(document, path).remove(name),
    };
    taken.unwrap_or_else(|| panic!("there is no {pointer}"))
}

fn inner<'m>(document: &'m mut Map, path: &str) -> &'m mut Map {
    path.split('/').fold(document, |map, name| map.get_mut(name).unwrap().as_object_mut().unwrap())
}

/// Adds an item to the list at a pointer.
fn push(document: &mut Map, name: &str, item: impl Into<Value>) {
    document.get_mut(name).unwrap().as_array_mut().unwrap().push(item.into());
}
