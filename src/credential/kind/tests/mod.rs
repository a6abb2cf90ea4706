mod claims_files;
#[cfg(feature = "schema")]
mod schema;
mod types;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::error::Explain;
use crate::limits;
use crate::time::Date;

const HOLDER: &str = "did:example:holder";

#[derive(Clone, Copy)]
enum Change {
    Set(fn() -> Value),
    Remove,
}

use Change::{Remove, Set};

fn change(file: &mut Map, pointer: &str, change: Change) {
    let (parents, name) = pointer.rsplit_once('/').unwrap();
    let mut whole = Value::Object(std::mem::take(file));
    let parent = whole.pointer_mut(parents).unwrap_or_else(|| panic!("nothing at {parents}"));
    match (parent, change) {
        (Value::Object(members), Set(value)) => {
            members.insert(name.to_owned(), value());
        }
        (Value::Object(members), Remove) => {
            members.remove(name).unwrap_or_else(|| panic!("the example has no {pointer}"));
        }
        (Value::Array(items), Set(value)) => items[name.parse::<usize>().unwrap()] = value(),
        _ => panic!("{pointer} cannot be changed"),
    }
    *file = whole.as_object().unwrap().clone();
}

#[test]
fn every_example_survives_the_way_into_a_credential_and_back() {
    for kind in Kind::ALL {
        let file = kind.example();
        let claims = Claims::from_claims_file(kind, &file).unwrap_or_else(|error| panic!("{}: {error}", kind.name()));
        assert_eq!(claims.kind(), kind);
        assert_eq!(claims.to_claims_file(), file);
        let subject = claims.to_subject(Some(HOLDER));
        assert_eq!(subject["id"], HOLDER);
        assert!(Claims::from_subject(kind, &subject).unwrap() == claims, "{}", kind.name());
        assert!(Claims::from_disclosed(kind, &subject).unwrap() == claims, "{}", kind.name());
        assert!(!claims.to_subject(None).contains_key("id"));
    }
}

#[test]
fn kinds_are_told_apart_by_their_type() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_name(kind.name()), Some(kind));
        assert_eq!(Kind::of_types(kind.types().iter().copied()), Some(kind));
        assert!(kind.types().contains(&kind.credential_type()));
        assert_eq!(kind.context().first(), Some(&CREDENTIALS_V2));
        assert_eq!(kind.context().last(), Some(&ATTESTA_V1));
    }
    assert_eq!(Kind::from_name("proof-of-adress"), None);
    assert_eq!(Kind::of_types(["VerifiableCredential"]), None);
    assert_eq!(Kind::of_types(["LicenceCredential", "ProofOfAddressCredential"]), None);
    assert_eq!(Kind::of_types(["LicenceCredential", "LicenceCredential"]), Some(Kind::Licence));
    assert_eq!(Kind::of_types(["licencecredential"]), None);
}

#[test]
fn region_is_the_most_specific_code() {
    let region = |kind: Kind, changes: &[(&str, Change)]| {
        let mut file = kind.example();
        changes.iter().for_each(|(at, what)| change(&mut file, at, *what));
        Claims::from_claims_file(kind, &file).unwrap().region().map(str::to_owned)
    };
    assert_eq!(region(Kind::ProofOfAddress, &[]).as_deref(), Some("HK"));
    let london = [("/address/country", Set(|| json!("GB"))), ("/address/region", Set(|| json!("GB-LND")))];
    assert_eq!(region(Kind::ProofOfAddress, &london).as_deref(), Some("GB-LND"));
    assert_eq!(region(Kind::Licence, &[]).as_deref(), Some("FI"));
    assert_eq!(region(Kind::SkillCertification, &[("/jurisdiction", Remove)]), None);
}

#[test]
fn a_skill_becomes_an_open_badge() {
    let claims = Claims::from_claims_file(Kind::SkillCertification, &Kind::SkillCertification.example()).unwrap();
    let subject = Value::Object(claims.to_subject(Some(HOLDER)));
    for (pointer, expected) in [
        ("/type", json!(["AchievementSubject"])),
        ("/achievement/type", json!(["Achievement"])),
        ("/achievement/id", json!("https://timevoucher.example.org/skills/elderly-care")),
        ("/achievement/criteria/id", json!("https://timevoucher.example.org/skills/elderly-care/criteria")),
        ("/achievement/alignment/0/type", json!(["Alignment"])),
        ("/achievement/alignment/0/targetFramework", json!("ESCO")),
        ("/achievement/alignment/1/targetCode", json!("CARE-2")),
        ("/source/type", json!(["Profile"])),
        ("/source/id", json!("https://caretraining.example.org")),
        ("/result", json!([{ "type": ["Result"], "value": "86 of 100" }])),
        ("/licenseNumber", json!("TVP-EC-0088")),
        ("/role", json!("Home helper")),
        ("/assessmentEvidence/0/type", json!(["Evidence"])),
        ("/proficiencyLevel", json!("proficient")),
    ] {
        assert_eq!(subject.pointer(pointer), Some(&expected), "{pointer}");
    }
    for claims_file_only in ["skill", "assessor", "score", "licenceNumber"] {
        assert_eq!(subject.get(claims_file_only), None);
    }
}

#[test]
fn what_open_badges_does_not_define_is_never_read_as_the_skill() {
    let kind = Kind::SkillCertification;
    let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
    let mut subject = claims.to_subject(None);
    subject.insert("skill".to_owned(), json!({ "id": "urn:other", "name": "Surgery" }));
    subject.insert("assessor".to_owned(), json!("anybody"));
    subject.insert("score".to_owned(), json!("100 of 100"));
    subject.insert("licenceNumber".to_owned(), json!("1"));
    assert!(Claims::from_subject(kind, &subject).unwrap() == claims);
    subject.remove("achievement");
    assert_eq!(Claims::from_subject(kind, &subject).unwrap_err().pointer(), "/achievement");
}

#[test]
fn errors_in_a_subject_point_into_the_subject() {
    let kind = Kind::SkillCertification;
    let subject = Claims::from_claims_file(kind, &kind.example()).unwrap().to_subject(None);
    for (at, what, pointer, code) in [
        ("/achievement/name", Remove, "/achievement/name", "claims.missing"),
        ("/achievement/criteria", Remove, "/achievement/criteria/narrative", "claims.missing"),
        ("/achievement/criteria", Set(|| json!("by looking")), "/achievement/criteria", "claims.type"),
        ("/achievement/criteria/narrative", Set(|| json!("")), "/achievement/criteria/narrative", "claims.empty"),
        ("/achievement/alignment", Set(|| json!({})), "/achievement/alignment", "claims.type"),
        (
            "/achievement/alignment/0/targetUrl",
            Set(|| json!("http://data.europa.eu/esco/skill/")),
            "/achievement/alignment/0/targetUrl",
            "claims.form",
        ),
        ("/achievement/alignment/0/targetName", Remove, "/achievement/alignment", "claims.missing"),
        ("/achievement", Set(|| json!("care")), "/achievement", "claims.type"),
        ("/source", Remove, "/source", "claims.needed"),
        ("/source/name", Remove, "/source/name", "claims.missing"),
        ("/result", Set(|| json!("86")), "/result", "claims.type"),
        ("/result/0", Set(|| json!("86")), "/result/0", "claims.type"),
        ("/result/0/value", Set(|| json!(86)), "/result/0/value", "claims.type"),
        ("/licenseNumber", Set(|| json!(88)), "/licenseNumber", "claims.type"),
        ("/proficiencyLevel", Set(|| json!("master")), "/proficiencyLevel", "claims.choice"),
    ] {
        let mut subject = subject.clone();
        change(&mut subject, at, what);
        let error = Claims::from_subject(kind, &subject).unwrap_err();
        assert_eq!((error.pointer(), error.code()), (pointer, code), "{at}");
    }
}

#[test]
fn a_subject_may_hold_more_and_a_disclosure_less() {
    let kind = Kind::ProofOfAddress;
    let mut subject = kind.example();
    subject.insert("id".to_owned(), json!(HOLDER));
    subject.insert("type".to_owned(), json!("Person"));
    subject.insert("favouriteColour".to_owned(), json!("green"));
    let claims = Claims::from_subject(kind, &subject).unwrap();
    assert_eq!(claims.to_claims_file(), kind.example());

    let shown = json!({ "address": { "district": "深水埗" }, "residentSince": "2024-09-01" });
    let shown = shown.as_object().unwrap();
    let Claims::ProofOfAddress(proof) = Claims::from_disclosed(kind, shown).unwrap() else { panic!("another kind") };
    assert_eq!(proof.address.unwrap().district.unwrap().as_str(), "深水埗");
    assert_eq!(Claims::from_subject(kind, shown).unwrap_err().code(), "claims.missing");
    for (member, value, pointer) in [
        ("birthDate", json!("2025-01-01"), "/residentSince"),
        ("level", json!("certain"), "/level"),
        ("address", json!({ "country": "FI", "region": "SE-01" }), "/address/region"),
        ("consent", json!({ "given": false }), "/consent/given"),
    ] {
        let mut shown = shown.clone();
        shown.insert(member.to_owned(), value);
        assert_eq!(Claims::from_disclosed(kind, &shown).unwrap_err().pointer(), pointer);
    }
    // The list was shown, and none of its items.
    let mut shown = shown.clone();
    shown.insert("knownBy".to_owned(), json!([]));
    let Claims::ProofOfAddress(proof) = Claims::from_disclosed(kind, &shown).unwrap() else { panic!("another kind") };
    assert!(proof.known_by.is_empty());
    assert_eq!(Claims::from_claims_file(kind, &shown).unwrap_err().code(), "claims.empty");
    for kind in Kind::ALL {
        assert!(Claims::from_disclosed(kind, &Map::new()).is_ok());
        assert!(Claims::from_subject(kind, &Map::new()).is_err());
    }
}

#[test]
fn a_builder_names_the_first_thing_that_is_wrong() {
    let day = Date::new(2026, 11, 2).unwrap();
    let organisation = || Organisation::builder().legal_name("Centre").registration_number("1").register("Registry");
    let address = || Address::builder().formatted("1 Main Street").country("HK").street("Main Street");
    let whole = || {
        ProofOfAddress::builder()
            .name("Chan Tai Man")
            .address(address())
            .occupancy(Occupancy::Tenant)
            .known_since(day)
            .known_by([KnownBy::Document])
            .level(Guarantee::Attested)
            .organisation(organisation())
            .officer(Officer::builder().name("Lee Mei Ling").role("Social worker"))
            .consent(Consent::builder().given(true).given_on(day))
    };
    assert!(whole().build().is_ok());
    assert!(whole().address(address().build().unwrap()).build().is_ok());
    for (builder, pointer, code) in [
        (whole().name(""), "/name", "claims.empty"),
        (whole().name("").name_latin(" "), "/name", "claims.empty"),
        (whole().address(address().country("hk")), "/address/country", "claims.form"),
        (whole().address(Address::builder().country("HK")), "/address/formatted", "claims.missing"),
        (whole().organisation(Organisation::builder()), "/organisation/legalName", "claims.missing"),
        (whole().consent(Consent::builder().given(false).given_on(day)), "/consent/given", "claims.contradiction"),
        (whole().known_by([KnownBy::SiteVisit]), "/lastVisit", "claims.needed"),
        (whole().known_by([KnownBy::Document]), "/knownBy/1", "claims.duplicate"),
        (whole().birth_date(day.plus_days(1).unwrap()), "/knownSince", "claims.order"),
        (ProofOfAddress::builder(), "/name", "claims.missing"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.pointer(), error.code()), (pointer, code));
    }
    let categories = [Category::builder().code("B"), Category::builder().code("\t")];
    let licence = Licence::builder().categories(categories).conditions(["By day", "\n"]);
    assert_eq!(licence.build().unwrap_err().pointer(), "/categories/1/code");
    let conditions = Licence::builder().conditions(["By day", "\n"]);
    assert_eq!(conditions.build().unwrap_err().pointer(), "/conditions/1");
}

#[test]
fn a_changed_record_is_checked_again() {
    let claims = Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example()).unwrap();
    let Claims::ProofOfAddress(mut proof) = claims else { panic!("another kind") };
    proof.known_by = vec![KnownBy::Document; limits::CLAIM_LIST_ITEMS + 1];
    assert_eq!(Claims::ProofOfAddress(proof.clone()).validate().unwrap_err().code(), "claims.too-many");
    proof.known_by.clear();
    assert_eq!(Claims::ProofOfAddress(proof).validate().unwrap_err().code(), "claims.missing");
}

#[test]
fn nothing_of_the_person_is_in_an_error_or_in_debug_output() {
    const SECRET: &str = "陳大文";
    let mut file = Kind::ProofOfAddress.example();
    for pointer in ["/address/country", "/level", "/birthDate", "/organisation/telephone", "/mailDeliverable"] {
        let mut file = file.clone();
        change(&mut file, pointer, Set(|| json!(SECRET)));
        let error = Claims::from_claims_file(Kind::ProofOfAddress, &file).unwrap_err();
        assert!(!format!("{error} {error:?} {}", error.hint()).contains(SECRET), "{pointer}");
    }
    let claims = Claims::from_claims_file(Kind::ProofOfAddress, &file).unwrap();
    assert_eq!(format!("{claims:?}"), "Claims(..)");
    let Claims::ProofOfAddress(proof) = &claims else { panic!("another kind") };
    let shown = format!("{proof:?} {:?} {:?} {:?}", proof.address, proof.occupancy, ProofOfAddress::builder());
    assert_eq!(shown, "ProofOfAddress(..) Some(Address(..)) Some(Occupancy(..)) ProofOfAddressBuilder(..)");

    change(&mut file, "/address/country", Set(|| json!("hk")));
    let error = Claims::from_claims_file(Kind::ProofOfAddress, &file).unwrap_err();
    assert_eq!(error.to_string(), "address.country: two capital letters (ISO 3166-1), such as HK, were expected");

    let mut stranger = Map::new();
    stranger.insert("\u{1b}[2J~/".to_owned() + &"x".repeat(10_000), json!(1));
    let error = Claims::from_claims_file(Kind::Licence, &stranger).unwrap_err();
    assert!(error.pointer().len() < 200);
    assert!(error.to_string().starts_with("\u{fffd}[2J~/xx"), "{error}");
    assert!(!error.to_string().contains('\u{1b}'));
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let members = value.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value));
    let items = value.as_array().into_iter().flatten().enumerate().map(|(index, value)| (index.to_string(), value));
    for (step, inner) in members.chain(items) {
        let place = format!("{at}/{step}");
        places(inner, &place, found);
        found.push(place);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[A-Z]{2}|20[0-9]{2}-0[1-9]-1[0-9]|https://[a-z]{1,5}[.]example/|urn:[a-z]{1,5}:1".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let name = prop_oneof![Just("id".to_owned()), Just("name".to_owned()), "[a-z~/]{0,8}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_anywhere_is_refused_or_kept(
        kind in prop::sample::select(&Kind::ALL[..]),
        place: prop::sample::Index,
        value in any_value(),
    ) {
        let spoiled = |document: Map| {
            let mut document = Value::Object(document);
            let mut pointers = Vec::new();
            places(&document, "", &mut pointers);
            *document.pointer_mut(place.get::<String>(&pointers)).unwrap() = value.clone();
            document.as_object().unwrap().clone()
        };
        let file = spoiled(kind.example());
        if let Ok(claims) = Claims::from_claims_file(kind, &file) {
            prop_assert_eq!(claims.to_claims_file(), file);
            prop_assert!(Claims::from_subject(kind, &claims.to_subject(Some(HOLDER))).unwrap() == claims);
        }
        let example = Claims::from_claims_file(kind, &kind.example()).unwrap();
        let subject = spoiled(example.to_subject(Some(HOLDER)));
        if let Ok(claims) = Claims::from_subject(kind, &subject) {
            prop_assert_eq!(claims.validate(), Ok(()));
            prop_assert!(Claims::from_disclosed(kind, &subject).unwrap() == claims);
        }
    }
}
