//! What each kind demands of a claims file, member by member.

use super::*;

/// One change to the kind's example, and how it is refused: pointer and code.
type Broken = (&'static [(&'static str, Change)], &'static str, &'static str);

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
