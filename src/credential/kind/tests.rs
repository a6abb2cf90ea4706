use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::error::Explain;
use crate::limits;
use crate::time::Date;

const HOLDER: &str = "did:example:holder";

/// One change to the kind's example, and how it is refused: pointer and code.
type Broken = (&'static [(&'static str, Change)], &'static str, &'static str);

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

fn refused(kind: Kind, table: &[Broken]) {
    for (changes, pointer, code) in table {
        let mut file = kind.example();
        for (at, what) in *changes {
            change(&mut file, at, *what);
        }
        match Claims::from_claims_file(kind, &file) {
            Ok(_) => panic!("{pointer} {code}: accepted"),
            Err(error) => assert_eq!((error.pointer(), error.code()), (*pointer, *code), "{error}"),
        }
    }
}

fn accepted(kind: Kind, table: &[&[(&'static str, Change)]]) {
    for changes in table {
        let mut file = kind.example();
        for (at, what) in *changes {
            change(&mut file, at, *what);
        }
        let claims = Claims::from_claims_file(kind, &file).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(claims.to_claims_file(), file);
    }
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
fn an_address_may_have_no_street_and_no_number() {
    const NO_STREET: [(&str, Change); 2] = [("/address/street", Remove), ("/address/building", Remove)];
    accepted(
        Kind::ProofOfAddress,
        &[
            &[NO_STREET[0], NO_STREET[1], ("/address/landmark", Set(|| json!("under the Tung Chau Street flyover")))],
            &[NO_STREET[0], NO_STREET[1], ("/address/plusCode", Set(|| json!("7PJP8557+C4")))],
            &[NO_STREET[0], NO_STREET[1], ("/address/ward", Set(|| json!("Ward 7")))],
            &[("/address/poBox", Set(|| json!("88"))), ("/address/bed", Set(|| json!("12 upper")))],
            &[("/occupancy", Set(|| json!("care-of"))), ("/address/careOf", Set(|| json!("Father Luk, St Francis")))],
            &[("/address/formatted", Set(|| json!("大南街１２３號"))), ("/address/formattedLatin", Remove)],
            &[("/birthDate", Remove), ("/identityDocument", Remove), ("/residentSince", Remove)],
            &[("/knownBy", Set(|| json!(["document"]))), ("/lastVisit", Remove)],
            &[("/residentUntil", Set(|| json!("2024-09-01")))],
        ],
    );
}

#[test]
fn a_broken_proof_of_address_is_refused_where_it_is_broken() {
    refused(
        Kind::ProofOfAddress,
        &[
            (&[("/name", Remove)], "/name", "claims.missing"),
            (&[("/address", Remove)], "/address", "claims.missing"),
            (&[("/address/country", Remove)], "/address/country", "claims.missing"),
            (&[("/address/formatted", Remove)], "/address/formatted", "claims.missing"),
            (&[("/occupancy", Remove)], "/occupancy", "claims.missing"),
            (&[("/knownSince", Remove)], "/knownSince", "claims.missing"),
            (&[("/knownBy", Remove)], "/knownBy", "claims.missing"),
            (&[("/level", Remove)], "/level", "claims.missing"),
            (&[("/organisation", Remove)], "/organisation", "claims.missing"),
            (&[("/organisation/registrationNumber", Remove)], "/organisation/registrationNumber", "claims.missing"),
            (&[("/organisation/register", Remove)], "/organisation/register", "claims.missing"),
            (&[("/officer", Remove)], "/officer", "claims.missing"),
            (&[("/officer/role", Remove)], "/officer/role", "claims.missing"),
            (&[("/consent", Remove)], "/consent", "claims.missing"),
            (&[("/consent/givenOn", Remove)], "/consent/givenOn", "claims.missing"),
            (&[("/identityDocument/issuingCountry", Remove)], "/identityDocument/issuingCountry", "claims.missing"),
            (&[("/address/country", Set(|| json!("Hong Kong")))], "/address/country", "claims.form"),
            (&[("/address/country", Set(|| json!("hk")))], "/address/country", "claims.form"),
            (&[("/address/country", Set(|| json!(344)))], "/address/country", "claims.type"),
            (&[("/address/region", Set(|| json!("Kowloon")))], "/address/region", "claims.form"),
            (&[("/address/region", Set(|| json!("CN-HK")))], "/address/region", "claims.contradiction"),
            (&[("/address/plusCode", Set(|| json!("8557+C4")))], "/address/plusCode", "claims.form"),
            (&[("/address/houseNumber", Set(|| json!(123)))], "/address/houseNumber", "claims.type"),
            (&[("/address/houseNumber", Set(|| json!("321")))], "/address/houseNumber", "claims.contradiction"),
            (&[("/address/postalCode", Set(|| json!("999077")))], "/address/postalCode", "claims.contradiction"),
            (&[("/address/street", Remove), ("/address/building", Remove)], "/address/landmark", "claims.needed"),
            (
                &[("/address/street", Remove), ("/address/building", Remove), ("/address/poBox", Set(|| json!("88")))],
                "/address/poBox",
                "claims.contradiction",
            ),
            (&[("/address/unit", Set(|| Value::Null))], "/address/unit", "claims.type"),
            (&[("/address/unit", Set(|| json!("")))], "/address/unit", "claims.empty"),
            (&[("/address/unit", Set(|| json!(" 3")))], "/address/unit", "claims.surrounded"),
            (&[("/address/unit", Set(|| json!("3\u{202e}")))], "/address/unit", "claims.character"),
            (&[("/address/unit", Set(|| json!("3".repeat(151))))], "/address/unit", "claims.too-long"),
            (&[("/purpose", Set(|| json!("a".repeat(1001))))], "/purpose", "claims.too-long"),
            (&[("/address/door", Set(|| json!("3")))], "/address/door", "claims.unknown-member"),
            (&[("/address", Set(|| json!("123 Tai Nan Street")))], "/address", "claims.type"),
            (&[("/Name", Set(|| json!("CHAN Tai Man")))], "/Name", "claims.unknown-member"),
            (&[("/id", Set(|| json!(HOLDER)))], "/id", "claims.unknown-member"),
            (&[("/issuer", Set(|| json!(HOLDER)))], "/issuer", "claims.unknown-member"),
            (&[("/a~1b", Set(|| json!(1)))], "/a~01b", "claims.unknown-member"),
            (&[("/birthDate", Set(|| json!("1968-02-30")))], "/birthDate", "claims.form"),
            (&[("/birthDate", Set(|| json!("02/04/1968")))], "/birthDate", "claims.form"),
            (&[("/birthDate", Set(|| json!("2025-01-01")))], "/residentSince", "claims.order"),
            (&[("/residentSince", Remove), ("/birthDate", Set(|| json!("2024-01-01")))], "/knownSince", "claims.order"),
            (&[("/residentUntil", Set(|| json!("2024-08-31")))], "/residentUntil", "claims.order"),
            (&[("/lastVisit", Set(|| json!("2024-08-31")))], "/lastVisit", "claims.order"),
            (&[("/knownSince", Set(|| json!("2026-10-29")))], "/lastVisit", "claims.order"),
            (&[("/lastVisit", Remove)], "/lastVisit", "claims.needed"),
            (&[("/occupancy", Set(|| json!("owner")))], "/occupancy", "claims.choice"),
            (&[("/occupancy", Set(|| json!("Tenant")))], "/occupancy", "claims.choice"),
            (&[("/occupancy", Set(|| json!("care-of")))], "/address/careOf", "claims.needed"),
            (&[("/level", Set(|| json!("guaranteed")))], "/level", "claims.choice"),
            (&[("/knownBy", Set(|| json!("caseworker")))], "/knownBy", "claims.type"),
            (&[("/knownBy", Set(|| json!([])))], "/knownBy", "claims.empty"),
            (&[("/knownBy/1", Set(|| json!("hearsay")))], "/knownBy/1", "claims.choice"),
            (&[("/knownBy/1", Set(|| json!("caseworker")))], "/knownBy/1", "claims.duplicate"),
            (&[("/knownBy", Set(|| json!(vec!["document"; 33])))], "/knownBy", "claims.too-many"),
            (&[("/mailDeliverable", Set(|| json!("yes")))], "/mailDeliverable", "claims.type"),
            (&[("/consent/given", Set(|| json!(false)))], "/consent/given", "claims.contradiction"),
            (&[("/organisation/telephone", Set(|| json!("5550 0100")))], "/organisation/telephone", "claims.form"),
            (&[("/organisation/registerUrl", Set(|| json!("register")))], "/organisation/registerUrl", "claims.form"),
            (&[("/portrait", Set(|| json!("https://example.org/me.jpg")))], "/portrait", "claims.form"),
        ],
    );
}

#[test]
fn a_broken_licence_is_refused_where_it_is_broken() {
    refused(
        Kind::Licence,
        &[
            (&[("/name", Remove)], "/name", "claims.missing"),
            (&[("/title", Remove)], "/title", "claims.missing"),
            (&[("/licenceType", Remove)], "/licenceType", "claims.missing"),
            (&[("/licenceNumber", Remove)], "/licenceNumber", "claims.missing"),
            (&[("/authority", Remove)], "/authority", "claims.missing"),
            (&[("/jurisdiction", Remove)], "/jurisdiction", "claims.missing"),
            (&[("/issueDate", Remove)], "/issueDate", "claims.missing"),
            (&[("/categories/1/code", Remove)], "/categories/1/code", "claims.missing"),
            (&[("/categories/1/restrictions/0/code", Remove)], "/categories/1/restrictions/0/code", "claims.missing"),
            (&[("/categories/1/restrictions/1/value", Remove)], "/categories/1/restrictions/1/value", "claims.needed"),
            (&[("/categories", Remove)], "/categories", "claims.needed"),
            (&[("/licenceType", Set(|| json!("vehicle")))], "/vehicle", "claims.needed"),
            (&[("/licenceType", Set(|| json!("pilot")))], "/licenceType", "claims.choice"),
            (&[("/jurisdiction", Set(|| json!("Finland")))], "/jurisdiction", "claims.form"),
            (&[("/issueDate", Set(|| json!("2026-06-17T00:00:00Z")))], "/issueDate", "claims.form"),
            (&[("/expiryDate", Set(|| json!("2026-06-16")))], "/expiryDate", "claims.order"),
            (&[("/firstIssued", Set(|| json!("2026-06-18")))], "/issueDate", "claims.order"),
            (&[("/birthDate", Set(|| json!("2010-01-01")))], "/firstIssued", "claims.order"),
            (&[("/firstIssued", Remove), ("/birthDate", Set(|| json!("2026-06-18")))], "/issueDate", "claims.order"),
            (&[("/categories/1/expiryDate", Set(|| json!("2009-06-30")))], "/categories/1/expiryDate", "claims.order"),
            (&[("/categories/1/code", Set(|| json!("AM")))], "/categories/1/code", "claims.duplicate"),
            (&[("/categories", Set(|| json!([])))], "/categories", "claims.empty"),
            (&[("/categories/0", Set(|| json!("AM")))], "/categories/0", "claims.type"),
            (&[("/categories/0/class", Set(|| json!("2")))], "/categories/0/class", "claims.unknown-member"),
            (&[("/categories", Set(|| json!(vec![json!({ "code": "B" }); 33])))], "/categories", "claims.too-many"),
            (&[("/conditions", Set(|| json!(["By day", ""])))], "/conditions/1", "claims.empty"),
            (&[("/conditions", Set(|| json!("By day")))], "/conditions", "claims.type"),
            (&[("/registerUrl", Set(|| json!("transport.example.org")))], "/registerUrl", "claims.form"),
            (&[("/validFrom", Set(|| json!("2026-06-17")))], "/validFrom", "claims.unknown-member"),
        ],
    );
    accepted(
        Kind::Licence,
        &[
            &[("/expiryDate", Remove), ("/firstIssued", Remove)],
            &[("/licenceType", Set(|| json!("hawker"))), ("/categories", Remove)],
            &[
                ("/licenceType", Set(|| json!("vehicle"))),
                ("/vehicle", Set(|| json!({ "registrationMark": "ABC-123" }))),
                ("/jurisdiction", Set(|| json!("FI-18"))),
            ],
        ],
    );
}

#[test]
fn a_broken_skill_certification_is_refused_where_it_is_broken() {
    const AUDITED: (&str, Change) = ("/qualityAssuranceLevel", Set(|| json!("audited-assessment")));
    refused(
        Kind::SkillCertification,
        &[
            (&[("/skill", Remove)], "/skill", "claims.missing"),
            (&[("/skill/id", Remove)], "/skill/id", "claims.missing"),
            (&[("/skill/name", Remove)], "/skill/name", "claims.missing"),
            (&[("/skill/description", Remove)], "/skill/description", "claims.missing"),
            (&[("/skill/criteria", Remove)], "/skill/criteria", "claims.missing"),
            (&[("/proficiencyLevel", Remove)], "/proficiencyLevel", "claims.missing"),
            (&[("/typeOfAssessment", Remove)], "/typeOfAssessment", "claims.missing"),
            (&[("/assessedOn", Remove)], "/assessedOn", "claims.missing"),
            (&[("/qualityAssuranceLevel", Remove)], "/qualityAssuranceLevel", "claims.missing"),
            (&[("/awardingBody", Remove)], "/awardingBody", "claims.missing"),
            (&[("/awardingBody/id", Remove)], "/awardingBody/id", "claims.missing"),
            (&[("/skill/id", Set(|| json!("elderly-care")))], "/skill/id", "claims.form"),
            (&[("/skill/criteriaUrl", Set(|| json!("urn:criteria")))], "/skill/criteriaUrl", "claims.form"),
            (
                &[("/skill/escoReferences/0/uri", Set(|| json!("http://data.europa.eu/esco/occupation/1")))],
                "/skill/escoReferences/0/uri",
                "claims.form",
            ),
            (
                &[("/skill/alignments/0/url", Set(|| json!("http://data.europa.eu/esco/skill/1")))],
                "/skill/alignments/0/url",
                "claims.contradiction",
            ),
            (
                &[("/skill/alignments/0/targetName", Set(|| json!("Care")))],
                "/skill/alignments/0/targetName",
                "claims.unknown-member",
            ),
            (&[("/achievement", Set(|| json!({})))], "/achievement", "claims.unknown-member"),
            (&[("/proficiencyLevel", Set(|| json!(4)))], "/proficiencyLevel", "claims.type"),
            (&[("/proficiencyLevel", Set(|| json!("master")))], "/proficiencyLevel", "claims.choice"),
            (&[("/typeOfAssessment", Set(|| json!("exam")))], "/typeOfAssessment", "claims.choice"),
            (&[("/assessedOn", Set(|| json!("2026-09")))], "/assessedOn", "claims.form"),
            (&[("/assessor", Remove)], "/assessor", "claims.needed"),
            (
                &[("/assessor/id", Set(|| json!("did:web:timevoucher.example.org")))],
                "/assessor",
                "claims.contradiction",
            ),
            (&[AUDITED], "/auditEvidence", "claims.needed"),
            (&[AUDITED, ("/auditEvidence", Set(|| json!([])))], "/auditEvidence", "claims.empty"),
            (&[AUDITED, ("/auditEvidence", Set(|| json!([{}])))], "/auditEvidence/0/name", "claims.missing"),
            (&[("/activityEndDate", Set(|| json!("2024-01-31")))], "/activityEndDate", "claims.order"),
            (&[("/jurisdiction", Set(|| json!("Sham Shui Po")))], "/jurisdiction", "claims.form"),
            (&[("/programme/name", Remove)], "/programme/name", "claims.missing"),
        ],
    );
    accepted(
        Kind::SkillCertification,
        &[
            &[("/name", Remove), ("/nameLatin", Remove), ("/score", Remove)],
            &[("/qualityAssuranceLevel", Set(|| json!("self-asserted"))), ("/assessor", Remove)],
            &[AUDITED, ("/auditEvidence", Set(|| json!([{ "name": "Audit report 2026" }])))],
            &[("/skill/criteriaUrl", Remove), ("/skill/escoReferences", Remove), ("/skill/alignments", Remove)],
        ],
    );
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

#[cfg(feature = "schema")]
mod schema {
    use super::*;

    /// Checks the keywords that the schemas use, `pattern` and `format` aside; any other keyword fails the test.
    fn violations(schema: &Value, root: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        for (keyword, expected) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" | "pattern" | "format" => true,
                "$ref" => {
                    let target = root.pointer(expected.as_str().unwrap().trim_start_matches('#')).unwrap();
                    violations(target, root, value, at, found);
                    true
                }
                "type" => match expected.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    other => panic!("type {other}"),
                },
                "const" => value == expected,
                "oneOf" => {
                    let matching = expected.as_array().unwrap().iter().filter(|option| {
                        let mut inner = Vec::new();
                        violations(option, root, value, at, &mut inner);
                        inner.is_empty()
                    });
                    matching.count() == 1
                }
                "required" => {
                    let names = expected.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                    value.as_object().is_none_or(|members| names.clone().all(|name| members.contains_key(name)))
                }
                "properties" => {
                    for (name, member) in value.as_object().into_iter().flatten() {
                        match expected.get(name) {
                            Some(schema) => violations(schema, root, member, &format!("{at}/{name}"), found),
                            None => found.push(format!("{at}/{name} additionalProperties")),
                        }
                    }
                    true
                }
                "additionalProperties" => expected == false,
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        violations(expected, root, item, &format!("{at}/{index}"), found);
                    }
                    true
                }
                "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= expected.as_u64().unwrap()),
                "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= expected.as_u64().unwrap()),
                "minLength" => length(value) >= expected.as_u64().unwrap(),
                "maxLength" => value.as_str().is_none() || length(value) <= expected.as_u64().unwrap(),
                other => panic!("the schema uses {other}, which this test does not know"),
            };
            if !holds {
                found.push(format!("{at} {keyword}"));
            }
        }
    }

    fn length(value: &Value) -> u64 {
        value.as_str().map_or(u64::MAX, |text| text.chars().count() as u64)
    }

    fn judged(kind: Kind, changes: &[(&str, Change)]) -> Vec<String> {
        let mut file = kind.example();
        changes.iter().for_each(|(at, what)| change(&mut file, at, *what));
        let (schema, mut found) = (kind.schema(), Vec::new());
        violations(&schema, &schema, &Value::Object(file), "", &mut found);
        found
    }

    #[test]
    fn every_schema_accepts_its_example_and_explains_every_member() {
        for kind in Kind::ALL {
            assert_eq!(judged(kind, &[]), [""; 0]);
            let schema = kind.schema();
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_eq!(schema["$id"], format!("https://w3id.org/attesta/schema/{}/1", kind.name()));
            let definitions = schema["$defs"].as_object().unwrap().values();
            for record in definitions.chain([&schema]).filter(|schema| schema["type"] == "object") {
                assert_eq!(record["additionalProperties"], false);
                for (name, member) in record["properties"].as_object().unwrap() {
                    assert!(member["description"].as_str().is_some_and(|text| text.len() > 5), "{name}");
                }
            }
        }
    }

    #[test]
    fn the_schemas_refuse_what_reading_refuses() {
        let long: fn() -> Value = || json!("長".repeat(151));
        for (kind, at, what, expected) in [
            (Kind::ProofOfAddress, "/name", Remove, " required"),
            (Kind::ProofOfAddress, "/address/country", Remove, "/address required"),
            (Kind::ProofOfAddress, "/address/door", Set(|| json!("3")), "/address/door additionalProperties"),
            (Kind::ProofOfAddress, "/address/unit", Set(long), "/address/unit maxLength"),
            (Kind::ProofOfAddress, "/address/unit", Set(|| Value::Null), "/address/unit type"),
            (Kind::ProofOfAddress, "/level", Set(|| json!("certain")), "/level oneOf"),
            (Kind::ProofOfAddress, "/knownBy", Set(|| json!([])), "/knownBy minItems"),
            (Kind::ProofOfAddress, "/mailDeliverable", Set(|| json!("yes")), "/mailDeliverable type"),
            (Kind::Licence, "/categories/0/code", Remove, "/categories/0 required"),
            (Kind::Licence, "/validFrom", Set(|| json!("2026-06-17")), "/validFrom additionalProperties"),
            (Kind::SkillCertification, "/skill/id", Remove, "/skill required"),
            (Kind::SkillCertification, "/proficiencyLevel", Set(|| json!("master")), "/proficiencyLevel oneOf"),
        ] {
            assert!(judged(kind, &[(at, what)]).iter().any(|found| found == expected), "{expected}");
        }
    }
}

#[test]
fn a_query_may_name_a_kind_by_the_iris_of_its_types() {
    for kind in Kind::ALL {
        let document = json!({ "@context": kind.context(), "type": kind.types() });
        let iris = crate::jsonld::types_of(document.as_object().unwrap(), &crate::jsonld::Embedded);
        let names: Vec<&str> = iris.iter().map(|iri| Kind::type_name(iri)).collect();
        assert_eq!(names, kind.types());
        assert!(iris.iter().all(|iri| iri.contains("://")));
        // What a credential says is not read so.
        assert_eq!(Kind::of_types(iris.iter().map(String::as_str)), None);
    }
    for other in [
        "VerifiableCredential",
        "https://w3id.org/attesta/vocab#VerifiableCredential",
        "https://w3id.org/attesta/vocab#",
        "https://a.example/vocab#LicenceCredential",
        "https://www.w3.org/2018/credentials#LicenceCredential",
        "#LicenceCredential",
        "",
    ] {
        assert_eq!(Kind::type_name(other), other);
    }
}

#[test]
fn types_are_iris_by_what_is_published_alone() {
    let of = |document: Value| crate::jsonld::types_of(document.as_object().unwrap(), &crate::jsonld::Embedded);
    let base = "https://www.w3.org/ns/credentials/v2";
    assert_eq!(of(json!({ "@context": base, "type": "VerifiableCredential", "x": 1 })).len(), 1);
    for unknown in [
        json!({ "type": "VerifiableCredential" }),
        json!({ "@context": base }),
        json!({ "@context": [base], "type": ["VerifiableCredential", "Unknown"] }),
        json!({ "@context": [base, "https://a.example/v1"], "type": ["VerifiableCredential"] }),
        json!({ "@context": [base, { "X": "https://w3id.org/attesta/vocab#LicenceCredential" }], "type": ["X"] }),
        json!({ "@context": { "X": "https://w3id.org/attesta/vocab#LicenceCredential" }, "type": "X" }),
        json!({ "@context": base, "type": { "VerifiableCredential": 1 } }),
    ] {
        assert!(of(unknown.clone()).is_empty(), "{unknown}");
    }
}
