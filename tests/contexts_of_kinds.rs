//! Our own context, and Open Badges beside it, give every word that a kind can write its meaning.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::json::{Map, Value, parse_object};
use attesta::error::Explain as _;
use attesta::issuer::Issuer;
use attesta::jsonld::{Dataset, Embedded, Term, to_dataset};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::time::Date;
use serde_json::json;

/// A claims file with every member that the kind has.
fn whole(kind: Kind) -> Map {
    let mut file = kind.example();
    let more = match kind {
        Kind::ProofOfAddress => json!({
            "placeOfBirth": {"locality": "Kowloon", "region": "Kowloon City", "country": "HK"},
            "nationalities": ["HK", "FI"],
            "portrait": "data:image/png;base64,iVBORw==",
            "residentUntil": "2027-09-01",
            "identityDocument": {"number": "A123456(7)"},
            "address": {
                "region": "HK-KLN", "postalCode": "12", "bed": "2", "careOf": "Tai Nan Street Centre",
                "poBox": "1", "landmark": "Opposite the market", "plusCode": "7PJP8557+C4", "ward": "3",
            },
            "organisation": {"country": "HK"},
        }),
        Kind::Licence => json!({
            "nameLatin": "Aino Virtanen",
            "portrait": "data:image/png;base64,iVBORw==",
            "scope": "Driving",
            "conditions": ["By day", "Not abroad"],
            "categories": [{
                "code": "B", "description": "Cars", "issueDate": "2009-07-01", "expiryDate": "2041-06-16",
                "restrictions": [{"code": "S01", "sign": "<=", "value": "3500", "description": "At most 3500 kg"}],
            }],
            "premises": "Stall 12",
            "vehicle": {"registrationMark": "ABC-123", "identificationNumber": "WVWZZZ1JZXW000001", "description": "A van"},
        }),
        _ => json!({
            "familyName": "黃",
            "givenName": "秀英",
            "assessor": {"country": "HK"},
            "awardingBody": {"country": "HK"},
            "assessmentEvidence": [{
                "name": "Service log", "narrative": "214 hours", "genre": "log", "id": "https://log.example/1",
            }],
            "auditEvidence": [{
                "name": "Audit of 2025", "narrative": "In order", "genre": "report", "id": "https://audit.example/1",
            }],
        }),
    };
    for (name, value) in more.as_object().unwrap() {
        match (file.get_mut(name), value) {
            (Some(Value::Object(record)), Value::Object(more)) => record.extend(more.clone()),
            _ => {
                file.insert(name.clone(), value.clone());
            }
        }
    }
    file
}

/// The whole claims file as a credential, as it is before it gets a proof.
fn credential(kind: Kind) -> Map {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let issuer = Issuer::of_key(&key);
    let claims = Claims::from_claims_file(kind, &whole(kind)).unwrap();
    let day = Date::new(2026, 11, 20).unwrap();
    let status = json!({
        "id": "https://ngo.example/status/1#7", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": "7", "statusListCredential": "https://ngo.example/status/1",
    });
    let draft = Credential::of(claims, issuer.id(), day, 90, Salt::from_bytes([7; 32])).unwrap();
    let draft = draft.holder(Holder::Key(key.public_key())).status(status.as_object().unwrap().clone());
    let secured = issuer.secure(&draft, Format::EddsaJcs2022).unwrap();
    let mut document = parse_object(secured.as_bytes()).unwrap();
    document.remove("proof").unwrap();
    document
}

fn leaves<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| leaves(value, found)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, found)),
        leaf => found.push(leaf),
    }
}

fn lines(data: &Dataset) -> Vec<String> {
    let line = |quad| {
        let mut line = String::new();
        data.write_line(quad, &mut line, |number, out| out.push_str(&format!("b{number}")));
        line
    };
    data.quads().iter().map(line).collect()
}

/// What quads say: their literals and addresses, without marks.
fn objects(data: &Dataset) -> Vec<String> {
    let text = |term| match term {
        Term::Iri(span) => data.text(span).trim_matches(['<', '>']).to_owned(),
        Term::Literal(span) => {
            let text = data.text(span);
            serde_json::from_str(&text[..=text.rfind('"').unwrap()]).unwrap()
        }
        Term::Blank(_) => String::new(),
    };
    data.quads().iter().flat_map(|quad| [text(quad.subject), text(quad.object)]).collect()
}

#[test]
fn the_files_have_every_member_of_their_kinds() {
    for kind in Kind::ALL {
        let file = Value::Object(whole(kind));
        for place in kind.places() {
            assert!(file.pointer(&place).is_some(), "{place}");
        }
    }
}

#[test]
fn every_word_of_a_kind_has_a_meaning_and_nothing_is_lost() {
    for kind in Kind::ALL {
        let mut document = credential(kind);
        let data = to_dataset(&document, &Embedded).unwrap_or_else(|error| panic!("{}: {error}", kind.name()));
        let said = objects(&data);
        document.remove("@context");
        let (document, mut found) = (Value::Object(document), Vec::new());
        leaves(&document, &mut found);
        for leaf in found {
            let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
            let is_there = said.iter().any(|said| *said == text || said.ends_with(&format!("#{text}")));
            assert!(is_there || text == "Alignment" || text == "BitstringStatusListEntry", "{}: {text}", kind.name());
        }
    }
}

#[test]
fn days_and_addresses_are_more_than_text() {
    let all: String =
        Kind::ALL.into_iter().flat_map(|kind| lines(&to_dataset(&credential(kind), &Embedded).unwrap())).collect();
    for line in [
        "<https://schema.org/birthDate> \"1968-04-02\"^^<http://www.w3.org/2001/XMLSchema#date>",
        "<https://w3id.org/attesta/vocab#mailDeliverable> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>",
        "<https://w3id.org/attesta/vocab#registerUrl> \"https://transport.example.org/licences\"^^<http://www.w3.org/2001/XMLSchema#anyURI>",
        "<https://w3id.org/attesta/vocab#assessedOn> \"2026-09-12\"^^<http://www.w3.org/2001/XMLSchema#date>",
        "<https://w3id.org/attesta/vocab#registeredAddress> \"G/F, 200 Tai Nan Street",
        "<https://schema.org/address> _:b",
        "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#source> <https://caretraining.example.org>",
    ] {
        assert!(all.contains(line), "{line}");
    }
}

/// The pointers of all objects in a document, but those that are contexts.
fn records(at: &str, value: &Value, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            members.iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return,
    };
    inner.iter().for_each(|(step, value)| records(&format!("{at}/{step}"), value, found));
}

#[test]
fn a_word_that_no_context_has_is_refused_wherever_it_stands() {
    for kind in Kind::ALL {
        let document = credential(kind);
        let mut found = Vec::new();
        records("", &Value::Object(document.clone()), &mut found);
        assert!(found.len() > 5, "{found:?}");
        for at in found {
            for name in ["debts", "occupancyType", "https", "Name"] {
                let mut changed = Value::Object(document.clone());
                changed.pointer_mut(&at).unwrap()[name] = json!("x");
                let error = to_dataset(changed.as_object().unwrap(), &Embedded).unwrap_err();
                assert_eq!(error.code(), "json-ld.undefined-term", "{at}/{name}");
                assert!(error.to_string().contains(&format!("{at}/{name}")), "{error}");
            }
        }
    }
}

/// Words of one kind mean nothing in another, and parts of one record nothing in another.
#[test]
fn words_belong_where_they_are_defined() {
    for (kind, at, name) in [
        (Kind::Licence, "/credentialSubject", "occupancy"),
        (Kind::ProofOfAddress, "/credentialSubject", "licenceType"),
        (Kind::SkillCertification, "/credentialSubject", "level"),
        (Kind::ProofOfAddress, "/credentialSubject", "street"),
        (Kind::ProofOfAddress, "/credentialSubject/officer", "street"),
        (Kind::ProofOfAddress, "/credentialSubject/address", "staffId"),
        (Kind::Licence, "/credentialSubject/vehicle", "code"),
        (Kind::SkillCertification, "/credentialSubject", "organiser"),
        (Kind::SkillCertification, "", "endorsementComment"),
    ] {
        let mut changed = Value::Object(credential(kind));
        changed.pointer_mut(at).unwrap()[name] = json!("x");
        let error = to_dataset(changed.as_object().unwrap(), &Embedded).unwrap_err();
        assert_eq!(error.code(), "json-ld.undefined-term", "{at}/{name}");
    }
}

#[test]
fn our_words_cannot_be_given_another_meaning() {
    for (kind, word) in [
        (Kind::ProofOfAddress, "ProofOfAddressCredential"),
        (Kind::Licence, "LicenceCredential"),
        (Kind::Licence, "name"),
    ] {
        let mut document = credential(kind);
        document.get_mut("@context").unwrap().as_array_mut().unwrap().push(json!({ word: "https://evil.example/x" }));
        assert_eq!(to_dataset(&document, &Embedded).unwrap_err().code(), "json-ld.protected", "{word}");
    }
    // Within a credential its own words win.
    let mut document = credential(Kind::Licence);
    let as_it_was = lines(&to_dataset(&document, &Embedded).unwrap());
    let more = json!({ "credentialSubject": "https://evil.example/x", "validUntil": "https://evil.example/y" });
    document.get_mut("@context").unwrap().as_array_mut().unwrap().push(more);
    assert_eq!(lines(&to_dataset(&document, &Embedded).unwrap()), as_it_was);

    let mut document = credential(Kind::Licence);
    document["credentialSubject"]["@context"] = json!({ "title": "https://evil.example/x" });
    assert_eq!(to_dataset(&document, &Embedded).unwrap_err().code(), "json-ld.protected");
}

/// Open Badges has a `salt` of its own.
#[test]
fn a_skill_may_say_all_that_open_badges_lets_it_say() {
    let mut document = credential(Kind::SkillCertification);
    document["credentialSubject"]["identifier"] = json!([{
        "type": "IdentityObject", "hashed": true, "identityHash": "sha256$c7ef86405ba71b85acd8e2e95166c4b1",
        "identityType": "emailAddress", "salt": "deadsea",
    }]);
    document["credentialSubject"]["source"]["address"] = json!({ "type": "Address", "addressCountry": "HK" });
    let data = to_dataset(&document, &Embedded).unwrap();
    let lines = lines(&data).concat();
    assert!(lines.contains("<https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt> \"deadsea\""));
    assert!(lines.contains("<https://w3id.org/attesta/vocab#salt> \"BwcHBwcHBwcHBwcHBwcHBw\""));
}
