//! A proof of address as a certificate of residence.
//!
//! | claims file | certificate |
//! |---|---|
//! | `familyName`, `givenName`, `birthDate` | `family_name`, `given_name`, `birth_date` |
//! | `placeOfBirth`, `nationalities` | `place_of_birth`, `nationalities` |
//! | `address.country`, `region`, `locality` | `resident_country`, `resident_state`, `resident_city` |
//! | `address.postalCode`, `street`, `houseNumber` | `resident_postal_code`, `resident_street`, `resident_house_number` |
//! | `address.formatted`, else `formattedLatin` | `resident_address.resident_address` |
//! | `residentSince` | `arrival_date` |
//! | `organisation.legalName`, else `legalNameLatin`; `country` | `issuing_authority`, `issuing_country` |
//!
//! The parts of the address stand at the top and once more within `resident_address`: the rulebook lists them at both
//! places (section 5.1), so a verifier may ask for either. Each can be hidden by itself.

use serde_json::Value;

use super::{Members, Scheme, SchemeError, SchemeTerms, Writer, at, day, put};
use crate::credential::kind::claim::{At, Claim};
use crate::credential::kind::text::{Line, RegionCode};
use crate::credential::kind::{Address, ClaimsError, Organisation, ProofOfAddress};
use crate::encoding::json::Map;
use crate::limits;

pub(super) const MEMBERS: Members = &[
    ("/familyName", "/family_name"),
    ("/givenName", "/given_name"),
    ("/birthDate", "/birth_date"),
    ("/placeOfBirth", "/place_of_birth"),
    ("/nationalities", "/nationalities"),
    ("/address/country", "/resident_country"),
    ("/address/region", "/resident_state"),
    ("/address/locality", "/resident_city"),
    ("/address/postalCode", "/resident_postal_code"),
    ("/address/street", "/resident_street"),
    ("/address/houseNumber", "/resident_house_number"),
    ("/address/formatted", FULL_ADDRESS),
    ("/residentSince", "/arrival_date"),
    ("/organisation/legalName", "/issuing_authority"),
    ("/organisation/country", "/issuing_country"),
];

const ADDRESS: &str = "resident_address";
const FULL_ADDRESS: &str = "/resident_address/resident_address";

/// Parts that the whole address must hold (rule IR-03), by their pointers here and there.
const WITHIN_THE_ADDRESS: [(&str, &str); 4] = [
    ("/address/locality", "/resident_city"),
    ("/address/postalCode", "/resident_postal_code"),
    ("/address/street", "/resident_street"),
    ("/address/houseNumber", "/resident_house_number"),
];

const NOT_LATIN: &str = "the scheme takes Latin letters alone (ISO 8859-1)";
const TOO_LONG: &str = "the scheme takes at most 150 characters";

pub(super) fn write(proof: &ProofOfAddress, terms: &SchemeTerms) -> Result<Map, SchemeError> {
    let mut writer = Writer::new();
    writer.demand("family_name", "/familyName", proof.family_name.as_ref(), "the family name is missing");
    writer.demand("given_name", "/givenName", proof.given_name.as_ref(), "the given names are missing");
    writer.demand("birth_date", "/birthDate", proof.birth_date.as_ref(), "the date of birth is missing");
    let birth = proof.place_of_birth.as_ref();
    writer.demand("place_of_birth", "/placeOfBirth", birth, "the place of birth is missing");
    if birth.is_some_and(|place| place.locality.is_none()) {
        writer.gap("/placeOfBirth/locality", "the city, town or village of birth is missing");
    }
    match proof.nationalities.as_slice() {
        [] => writer.gap("/nationalities", "the nationalities are missing"),
        countries => writer.set("nationalities", countries.iter().map(Claim::write).collect()),
    }
    if let Some(address) = &proof.address {
        write_address(address, &mut writer);
    }
    writer.offer("arrival_date", proof.resident_since.as_ref());
    if proof.resident_since.is_some_and(|since| since > terms.issued) {
        writer.gap("/residentSince", "nobody can have moved in after the day of issue");
    }
    if let Some(organisation) = &proof.organisation {
        write_authority(organisation, &mut writer);
    }
    writer.metadata(terms);
    writer.set("issuance_date", terms.issued.write());
    writer.offer("expiry_date", terms.last_day.as_ref());
    // Section 3.1: 150 characters of ISO 8859-1 for every text.
    for (ours, theirs) in MEMBERS {
        let texts = at(&writer.members, theirs).map(texts).unwrap_or_default();
        let flaw = match &texts {
            texts if !texts.iter().all(|text| is_latin(text)) => Some(NOT_LATIN),
            texts if texts.iter().any(|text| text.chars().count() > limits::CLAIM_LINE_CHARACTERS) => Some(TOO_LONG),
            _ => None,
        };
        if let Some(why) = flaw {
            writer.gap(ours, why);
        }
    }
    writer.finish(Scheme::CertificateOfResidence)
}

fn write_address(address: &Address, writer: &mut Writer) {
    const COUNTRY: &str = "the country is missing";
    writer.demand("resident_country", "/address/country", address.country.as_ref(), COUNTRY);
    // Rule IR-05: left out where the country does not use it. A code cannot be a placeholder.
    writer.offer("resident_state", address.region.as_ref());
    for (name, pointer, part, why) in [
        ("resident_city", "/address/locality", &address.locality, "the city, town or village is missing"),
        ("resident_postal_code", "/address/postalCode", &address.postal_code, "the postal code is missing"),
        // Rule IR-04: with a street and a number, a post office box is never all that is known.
        ("resident_street", "/address/street", &address.street, "the street is missing"),
        ("resident_house_number", "/address/houseNumber", &address.house_number, "the house number is missing"),
    ] {
        writer.demand(name, pointer, part.as_ref(), why);
    }
    let formatted = address.formatted.as_ref().filter(|text| is_latin(text.as_str()));
    let Some(whole) = formatted.or(address.formatted_latin.as_ref()).or(address.formatted.as_ref()) else { return };
    let parts = writer.members.iter().filter(|(name, _)| name.starts_with("resident_"));
    let mut nested: Map = parts.map(|(name, value)| (name.clone(), value.clone())).collect();
    nested.insert(ADDRESS.to_owned(), whole.write());
    writer.set(ADDRESS, Value::Object(nested));
    // Rule IR-03: the whole text holds the parts.
    for (ours, theirs) in WITHIN_THE_ADDRESS {
        let part = at(&writer.members, theirs).and_then(Value::as_str);
        if part.is_some_and(|part| !holds(whole.as_str(), part)) {
            writer.gap(ours, "does not stand in the whole address");
        }
    }
}

fn write_authority(organisation: &Organisation, writer: &mut Writer) {
    const COUNTRY: &str = "the country where the organisation is registered is missing";
    let own = organisation.legal_name.as_ref().filter(|name| is_latin(name.as_str()));
    let name: Option<&Line> = own.or(organisation.legal_name_latin.as_ref()).or(organisation.legal_name.as_ref());
    writer.offer("issuing_authority", name);
    writer.demand("issuing_country", "/organisation/country", organisation.country.as_ref(), COUNTRY);
}

fn is_latin(text: &str) -> bool {
    text.chars().all(|character| character <= '\u{ff}')
}

/// The texts of a value that is one, or of a record of texts.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => members.values().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

fn holds(whole: &str, part: &str) -> bool {
    whole.to_lowercase().contains(&part.to_lowercase())
}

/// The members of a claims file.
pub(super) fn read(payload: &Map) -> Result<Map, ClaimsError> {
    let mut file = Map::new();
    if payload.get(ADDRESS).is_some_and(|address| !address.is_object() && !address.is_string()) {
        return Err(At::ROOT.member(ADDRESS).wrong_type("an object"));
    }
    for (ours, theirs) in MEMBERS {
        // Some issuers write the whole address as one text, as in the mdoc encoding (section 5.2).
        let flat = payload.get(ADDRESS).filter(|value| *theirs == FULL_ADDRESS && value.is_string());
        let nested = payload.get(ADDRESS).and_then(|address| address.get(theirs.trim_start_matches('/')));
        let nested = nested.filter(|_| theirs.starts_with("/resident_"));
        let top = flat.or_else(|| at(payload, theirs));
        if let (Some(top), Some(nested)) = (top, nested)
            && top != nested
        {
            let why = "stands twice in the address, each time differently";
            return Err(ClaimsError::Contradiction { pointer: (*theirs).to_owned(), why });
        }
        let Some(value) = top.or(nested) else { continue };
        // A state may be named or coded (section 3.3); ours is a code.
        let is_state = *theirs == "/resident_state";
        if is_state && value.as_str().is_none_or(|code| RegionCode::parse(code).is_err()) {
            continue;
        }
        put(&mut file, ours, value.clone());
    }
    // Rule IR-01, over the day of issue, which no holder can hide.
    let (arrived, issued) = (day(payload, "arrival_date")?, day(payload, "issuance_date")?);
    At::ROOT.in_order(("arrival_date", arrived), ("issuance_date", issued))?;
    // Rule IR-03.
    let whole = at(&file, "/address/formatted").and_then(Value::as_str);
    for (ours, theirs) in WITHIN_THE_ADDRESS {
        let part = at(&file, ours).and_then(Value::as_str);
        if let (Some(whole), Some(part)) = (whole, part)
            && !holds(whole, part)
        {
            let why = "does not stand in the whole address";
            return Err(ClaimsError::Contradiction { pointer: theirs.to_owned(), why });
        }
    }
    Ok(file)
}
