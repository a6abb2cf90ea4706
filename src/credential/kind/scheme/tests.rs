use serde_json::{Value, json};

use super::*;
use crate::credential::sd_jwt_vc::{self, disclosable, is_registered, subject_claims, wrongly_disclosed};
use crate::credential::type_metadata::{Pins, Resolution, resolve};
use crate::credential::{Credential, Holder, Salt};
use crate::limits;

const RESIDENCE: Scheme = Scheme::CertificateOfResidence;
const SKILL: Scheme = Scheme::VerifiedSkill;

/// A claims file that has all that the scheme demands.
fn whole(scheme: Scheme) -> Value {
    let mut file = Value::Object(scheme.kind().example());
    let more = match scheme {
        Scheme::CertificateOfResidence => json!({
            "name": "Aino Virtanen", "familyName": "Virtanen", "givenName": "Aino",
            "placeOfBirth": { "locality": "Turku", "country": "FI" },
            "nationalities": ["FI", "SE"],
            "address": {
                "formatted": "Esimerkkikatu 12, 00100 Helsinki, Suomi", "country": "FI", "region": "FI-18",
                "locality": "Helsinki", "postalCode": "00100", "street": "Esimerkkikatu", "houseNumber": "12",
            },
            "organisation": {
                "legalName": "Esimerkkisäätiö", "registrationNumber": "1", "register": "PRH", "country": "FI",
            },
        }),
        Scheme::VerifiedSkill => json!({
            "familyName": "WONG", "givenName": "Sau Ying",
            "awardingBody": { "id": "did:web:a.example", "name": "Time Voucher Programme", "country": "HK" },
        }),
    };
    file.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    file
}

fn set(file: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = file.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")).as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(name)
    } else {
        parent.insert(name.to_owned(), value)
    };
}

fn claims(scheme: Scheme, file: &Value) -> Claims {
    Claims::from_claims_file(scheme.kind(), file.as_object().unwrap()).unwrap_or_else(|error| panic!("{error}"))
}

fn terms() -> SchemeTerms {
    SchemeTerms {
        legal_category: LegalCategory::NonQualified,
        bound_to: KeyBoundTo::Holder,
        issued: Date::new(2026, 11, 20).unwrap(),
        last_day: Some(Date::new(2027, 2, 17).unwrap()),
    }
}

fn written(scheme: Scheme) -> Map {
    claims(scheme, &whole(scheme)).to_scheme(scheme, &terms()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is missing after these changes, as pointers.
fn gaps(scheme: Scheme, changes: &[(&str, Value)]) -> Vec<&'static str> {
    let mut file = whole(scheme);
    changes.iter().for_each(|(pointer, value)| set(&mut file, pointer, value.clone()));
    match claims(scheme, &file).to_scheme(scheme, &terms()) {
        Ok(_) => Vec::new(),
        Err(SchemeError::Gaps { gaps, .. }) => gaps.into_iter().map(|gap| gap.pointer).collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_scheme_is_told_by_its_type() {
    for scheme in Scheme::ALL {
        assert_eq!(Scheme::from_name(scheme.name()), Some(scheme));
        assert_eq!(Scheme::of_vct(scheme.vct()), Some(scheme));
        assert_eq!(Kind::of_vct(scheme.vct()), Some(scheme.kind()));
        // One kind in the words of two schemes is none: the claims could be read either way.
        assert_eq!(Kind::of_vcts([scheme.vct(), scheme.kind().vct()]), None);
        assert_eq!(Kind::of_vcts([scheme.vct(), "urn:other:type"]), Some(scheme.kind()));
        assert!(Claims::of_sd_jwt_vc(&[scheme.vct(), scheme.kind().vct()], &Map::new()).is_none());
    }
    for other in ["eu.europa.ec.eudi.cor.2", "EU.EUROPA.EC.EUDI.COR.1", "verified-skill", ""] {
        assert_eq!(Scheme::of_vct(other), None);
    }
}

#[test]
fn a_certificate_of_residence_has_the_members_of_its_rulebook() {
    let mut expected = json!({
        "family_name": "Virtanen", "given_name": "Aino", "birth_date": "1968-04-02",
        "place_of_birth": { "locality": "Turku", "country": "FI" },
        "nationalities": ["FI", "SE"],
        "arrival_date": "2024-09-01",
        "attestation_legal_category": "non-qualified-EAA",
        "issuance_date": "2026-11-20", "expiry_date": "2027-02-17",
        "issuing_authority": "Esimerkkisäätiö", "issuing_country": "FI",
    });
    let parts = json!({
        "resident_country": "FI", "resident_state": "FI-18", "resident_city": "Helsinki",
        "resident_postal_code": "00100", "resident_street": "Esimerkkikatu", "resident_house_number": "12",
    });
    let mut nested = parts.clone();
    set(&mut nested, "/resident_address", json!("Esimerkkikatu 12, 00100 Helsinki, Suomi"));
    expected.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    set(&mut expected, "/resident_address", nested);
    assert_eq!(Value::Object(written(RESIDENCE)), expected);

    let bound = SchemeTerms { bound_to: KeyBoundTo::IdentityCredential, ..terms() };
    let bound = claims(RESIDENCE, &whole(RESIDENCE)).to_scheme(RESIDENCE, &bound).unwrap();
    assert_eq!(bound["cryptographically_bound_to"], "urn:eudi:pid:1");
}

#[test]
fn a_verified_skill_has_the_members_of_its_rulebook() {
    let members = written(SKILL);
    for (name, expected) in [
        ("attestation_legal_category", json!("non-qualified-EAA")),
        ("identifier", json!("TVP-EC-0088")),
        ("title", json!("Care for elderly people at home")),
        ("givenName", json!("Sau Ying")),
        ("familyName", json!("WONG")),
        ("issuerCountry", json!("HK")),
        ("awardingBody", json!("Time Voucher Programme")),
        ("issuanceDate", json!("2026-11-20")),
        ("skillProficiencyLevel", json!("proficient")),
        ("typeOfAssessment", json!("structured-observation")),
        ("qualityAssuranceLevel", json!("third-party-assessed")),
        ("escoReference", json!(["http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001"])),
        ("assessmentDate", json!("2026-09-12")),
        ("grade", json!("86 of 100")),
    ] {
        assert_eq!(members.get(name), Some(&expected), "{name}");
    }
    assert!(members["skillOutcome"].is_string() && members["qualityAssuranceMethod"]["name"].is_string());
    assert_eq!(members["assessor"]["name"], "Kowloon Care Training Association");

    let mut audited = whole(SKILL);
    set(&mut audited, "/qualityAssuranceLevel", json!("audited-assessment"));
    set(&mut audited, "/auditEvidence", json!([{ "name": "Audit report 2026" }]));
    let audited = claims(SKILL, &audited).to_scheme(SKILL, &terms()).unwrap();
    assert_eq!(audited["auditInformation"], json!({ "evidence": [{ "name": "Audit report 2026" }] }));
}

#[test]
fn all_that_is_missing_is_named_at_once() {
    // The example is written for people in Hong Kong, in their script.
    let file = Value::Object(Kind::ProofOfAddress.example());
    let error = claims(RESIDENCE, &file).to_scheme(RESIDENCE, &terms()).unwrap_err();
    let SchemeError::Gaps { gaps, .. } = &error else { panic!("{error}") };
    let pointers: Vec<_> = gaps.iter().map(|gap| gap.pointer).collect();
    for pointer in [
        "/placeOfBirth",
        "/nationalities",
        "/address/postalCode",
        "/address/street",
        "/organisation/country",
        "/familyName",
    ] {
        assert!(pointers.contains(&pointer), "{pointer}: {pointers:?}");
    }
    assert_eq!(error.code(), "scheme.gaps");
    let text = error.to_string();
    assert!(text.starts_with("a certificate of residence needs more: placeOfBirth: the place of birth is"), "{text}");
    assert!(!format!("{text} {error:?} {}", error.hint()).contains("陳"));

    let skill = Value::Object(Kind::SkillCertification.example());
    let error = claims(SKILL, &skill).to_scheme(SKILL, &terms()).unwrap_err();
    let SchemeError::Gaps { gaps, .. } = &error else { panic!("{error}") };
    let pointers: Vec<_> = gaps.iter().map(|gap| gap.pointer).collect();
    assert_eq!(pointers, ["/givenName", "/familyName", "/awardingBody/country"]);
}

#[test]
fn each_demand_of_a_scheme_is_kept() {
    let gone = || Value::Null;
    for (changes, expected) in [
        (vec![("/familyName", gone())], vec!["/familyName"]),
        (vec![("/givenName", gone()), ("/birthDate", gone())], vec!["/givenName", "/birthDate"]),
        (vec![("/placeOfBirth/locality", gone())], vec!["/placeOfBirth/locality"]),
        (vec![("/placeOfBirth", gone())], vec!["/placeOfBirth"]),
        (vec![("/nationalities", gone())], vec!["/nationalities"]),
        (vec![("/address/locality", gone())], vec!["/address/locality"]),
        (vec![("/address/postalCode", gone())], vec!["/address/postalCode"]),
        (vec![("/address/houseNumber", gone())], vec!["/address/houseNumber"]),
        (vec![("/address/street", gone()), ("/address/building", json!("A"))], vec!["/address/street"]),
        (vec![("/organisation/country", gone())], vec!["/organisation/country"]),
        // IR-01
        (
            vec![("/residentSince", json!("2026-11-21")), ("/lastVisit", gone()), ("/knownBy", json!(["document"]))],
            vec!["/residentSince"],
        ),
        // IR-03
        (vec![("/address/locality", json!("Espoo"))], vec!["/address/locality"]),
        (vec![("/address/street", json!("Toinen katu"))], vec!["/address/street"]),
        // IR-04: a box at a place without a street
        (
            vec![("/address/street", gone()), ("/address/poBox", json!("7")), ("/address/landmark", json!("the pier"))],
            vec!["/address/street"],
        ),
        (vec![("/familyName", json!("Вирта"))], vec!["/familyName"]),
        (vec![("/placeOfBirth/locality", json!("深圳"))], vec!["/placeOfBirth"]),
        (
            vec![("/address/formatted", json!(format!("Esimerkkikatu 12, 00100 Helsinki {}", "x".repeat(150))))],
            vec!["/address/formatted"],
        ),
        // Optional, or of no use to the scheme.
        (vec![("/address/region", gone()), ("/residentSince", gone())], vec![]),
        (vec![("/name", json!("陳大文")), ("/purpose", json!("開戶"))], vec![]),
    ] {
        assert_eq!(gaps(RESIDENCE, &changes), expected, "{changes:?}");
    }
    for (changes, expected) in [
        (vec![("/licenceNumber", gone()), ("/givenName", gone())], vec!["/licenceNumber", "/givenName"]),
        (vec![("/familyName", gone())], vec!["/familyName"]),
        (vec![("/awardingBody/country", gone())], vec!["/awardingBody/country"]),
        (vec![("/qualityAssuranceMethod", gone())], vec!["/qualityAssuranceMethod"]),
        (vec![("/assessedOn", json!("2026-11-21"))], vec!["/assessedOn"]),
        (vec![("/score", gone()), ("/skill/escoReferences", gone()), ("/narrative", gone())], vec![]),
    ] {
        assert_eq!(gaps(SKILL, &changes), expected, "{changes:?}");
    }
}

#[test]
fn latin_letters_are_taken_where_the_claims_have_both() {
    let mut file = whole(RESIDENCE);
    set(&mut file, "/address/formatted", json!("芬蘭 Esimerkkikatu 12"));
    set(&mut file, "/address/formattedLatin", json!("Esimerkkikatu 12, 00100 Helsinki"));
    set(&mut file, "/organisation/legalName", json!("基金會"));
    set(&mut file, "/organisation/legalNameLatin", json!("Foundation"));
    let members = claims(RESIDENCE, &file).to_scheme(RESIDENCE, &terms()).unwrap();
    assert_eq!(members["resident_address"]["resident_address"], "Esimerkkikatu 12, 00100 Helsinki");
    assert_eq!(members["issuing_authority"], "Foundation");
}

#[test]
fn a_scheme_is_for_its_kind_and_its_legal_category() {
    for (scheme, kind) in [(RESIDENCE, Kind::Licence), (SKILL, Kind::ProofOfAddress)] {
        let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
        assert_eq!(claims.to_scheme(scheme, &terms()).unwrap_err().code(), "scheme.other-kind");
    }
    let qualified = SchemeTerms { legal_category: LegalCategory::Qualified, ..terms() };
    let refused = claims(SKILL, &whole(SKILL)).to_scheme(SKILL, &qualified).unwrap_err();
    assert_eq!(refused.code(), "scheme.legal-category");
    assert!(claims(RESIDENCE, &whole(RESIDENCE)).to_scheme(RESIDENCE, &qualified).is_ok());
    let Claims::ProofOfAddress(mut broken) = claims(RESIDENCE, &whole(RESIDENCE)) else { panic!("another kind") };
    broken.consent = None;
    let refused = Claims::ProofOfAddress(broken).to_scheme(RESIDENCE, &terms()).unwrap_err();
    assert_eq!(refused.code(), "claims.missing");
}

fn claims_set(scheme: Scheme) -> Map {
    let claims = claims(scheme, &whole(scheme));
    let draft = Credential::of(claims, "did:web:ngo.example", terms().issued, 90, Salt::from_bytes([7; 32])).unwrap();
    let draft = draft.under(scheme, LegalCategory::NonQualified, KeyBoundTo::Holder).unwrap();
    let draft = draft.holder(Holder::Did("did:example:tenant".to_owned()));
    assert_eq!(draft.document(None, None).unwrap_err().code(), "draft.scheme-format");
    draft.claims_set(None, None).unwrap()
}

#[test]
fn the_claims_set_of_a_scheme_hides_its_claims_and_shows_its_metadata() {
    for scheme in Scheme::ALL {
        let payload = claims_set(scheme);
        assert_eq!(payload["vct"], scheme.vct());
        assert_eq!(Value::Object(subject_claims(payload.clone())), Value::Object(written(scheme)));
        let pointers = disclosable(&payload);
        assert_eq!(wrongly_disclosed(&payload, &pointers), None);
        for name in scheme.never_disclosable() {
            let pointer = format!("/{name}");
            assert!(!pointers.contains(&pointer), "{name}");
            assert_eq!(wrongly_disclosed(&payload, std::slice::from_ref(&pointer)), Some(pointer.as_str()));
        }
        for pointer in ["/vct", "/cnf/jwk", "/status/status_list/idx"] {
            assert_eq!(wrongly_disclosed(&payload, &[pointer.to_owned()]), Some(pointer));
        }
        assert!(written(scheme).keys().all(|name| !is_registered(name)));
    }
    let residence = disclosable(&claims_set(RESIDENCE));
    for pointer in ["/resident_city", "/resident_address", "/resident_address/resident_city", "/nationalities/1"] {
        assert!(residence.iter().any(|found| found == pointer), "{pointer}");
    }
}

/// What is left of a claims set whose holder shows these members alone.
fn shown(payload: &Map, keep: &[&str]) -> Map {
    let hidden = disclosable(payload);
    let stays = |pointer: &String| !hidden.contains(pointer) || keep.contains(&pointer.as_str());
    fn pick(value: &Value, at: &str, stays: &dyn Fn(&String) -> bool) -> Value {
        match value {
            Value::Object(members) => {
                let inner = members.iter().map(|(name, value)| (name, format!("{at}/{name}"), value));
                let kept = inner.filter(|(_, at, _)| stays(at));
                Value::Object(kept.map(|(name, at, value)| (name.clone(), pick(value, &at, stays))).collect())
            }
            other => other.clone(),
        }
    }
    pick(&Value::Object(payload.clone()), "", &stays).as_object().unwrap().clone()
}

#[test]
fn a_scheme_is_read_back_as_our_kind_whole_or_in_part() {
    let payload = claims_set(RESIDENCE);
    let Some(Ok(Claims::ProofOfAddress(proof))) = Claims::of_sd_jwt_vc(&[RESIDENCE.vct()], &payload) else {
        panic!("not read")
    };
    let own = claims(RESIDENCE, &whole(RESIDENCE)).to_claims_file();
    let back = proof.to_map();
    for name in ["familyName", "givenName", "birthDate", "placeOfBirth", "nationalities", "address", "residentSince"] {
        assert_eq!(back.get(name), own.get(name), "{name}");
    }
    assert_eq!(back["organisation"], json!({ "legalName": "Esimerkkisäätiö", "country": "FI" }));

    for keep in [["/resident_city", "/arrival_date"], ["/resident_address", "/resident_address/resident_city"]] {
        let part = shown(&payload, &keep);
        let Ok(Claims::ProofOfAddress(proof)) = Claims::from_scheme_disclosed(RESIDENCE, &part) else { panic!() };
        assert_eq!(proof.to_map()["address"], json!({ "locality": "Helsinki" }));
        assert!(proof.family_name.is_none() && proof.nationalities.is_empty());
    }

    let payload = claims_set(SKILL);
    let Some(Ok(Claims::SkillCertification(skill))) = Claims::of_sd_jwt_vc(&[SKILL.vct()], &payload) else {
        panic!("not read")
    };
    let own = claims(SKILL, &whole(SKILL)).to_claims_file();
    let back = skill.to_map();
    for (name, value) in &back {
        match name.as_str() {
            // The title of an ESCO skill and what the scheme has no member for are gone.
            "skill" => {
                assert_eq!(value["name"], own["skill"]["name"]);
                assert_eq!(value["description"], own["skill"]["description"]);
                assert_eq!(value["escoReferences"][0]["uri"], own["skill"]["escoReferences"][0]["uri"]);
            }
            "awardingBody" => assert_eq!(value, &json!({ "name": "Time Voucher Programme", "country": "HK" })),
            _ => assert_eq!(Some(value), own.get(name), "{name}"),
        }
    }
    assert_eq!(back.len(), 14);
    let part = shown(&payload, &["/title", "/skillProficiencyLevel"]);
    let Ok(Claims::SkillCertification(skill)) = Claims::from_scheme_disclosed(SKILL, &part) else { panic!() };
    assert_eq!(skill.to_map().len(), 2);
}

#[test]
fn a_credential_that_breaks_the_rules_of_its_scheme_is_refused() {
    for (scheme, name, value, pointer, code) in [
        (RESIDENCE, "birth_date", json!("1968-13-01"), "/birth_date", "claims.form"),
        (RESIDENCE, "nationalities", json!("FI"), "/nationalities", "claims.type"),
        (RESIDENCE, "nationalities", json!(["Finland"]), "/nationalities/0", "claims.form"),
        (
            RESIDENCE,
            "nationalities",
            json!(vec!["FI"; limits::CLAIM_LIST_ITEMS + 1]),
            "/nationalities",
            "claims.too-many",
        ),
        (RESIDENCE, "place_of_birth", json!("Turku"), "/place_of_birth", "claims.type"),
        (RESIDENCE, "place_of_birth", json!({ "country": "fi" }), "/place_of_birth/country", "claims.form"),
        (RESIDENCE, "family_name", json!("x".repeat(151)), "/family_name", "claims.too-long"),
        (RESIDENCE, "family_name", json!("Virtanen\u{202e}"), "/family_name", "claims.character"),
        (RESIDENCE, "resident_country", json!("SE"), "/resident_country", "claims.contradiction"),
        (RESIDENCE, "resident_city", json!("Espoo"), "/resident_city", "claims.contradiction"),
        (RESIDENCE, "resident_address", json!(7), "/resident_address", "claims.type"),
        (RESIDENCE, "resident_address", json!("Toinen katu 1"), "/resident_city", "claims.contradiction"),
        (RESIDENCE, "arrival_date", json!("2026-11-21"), "/issuance_date", "claims.order"),
        (RESIDENCE, "arrival_date", json!("1960-01-01"), "/arrival_date", "claims.order"),
        (RESIDENCE, "issuance_date", json!("yesterday"), "/issuance_date", "claims.form"),
        (RESIDENCE, "attestation_legal_category", json!("QEA"), "/attestation_legal_category", "claims.choice"),
        (SKILL, "attestation_legal_category", json!(1), "/attestation_legal_category", "claims.choice"),
        (SKILL, "skillProficiencyLevel", json!("EQF 4"), "/skillProficiencyLevel", "claims.choice"),
        (SKILL, "qualityAssuranceLevel", json!("certified"), "/qualityAssuranceLevel", "claims.choice"),
        (SKILL, "issuanceDate", json!("2026-09-11"), "/issuanceDate", "claims.order"),
        (SKILL, "assessmentDate", json!("12/09/2026"), "/assessmentDate", "claims.form"),
        (SKILL, "skillOutcome", json!([1]), "/skillOutcome/0", "claims.type"),
        (SKILL, "title", json!(""), "/title", "claims.empty"),
        (SKILL, "issuerCountry", json!("Hong Kong"), "/issuerCountry", "claims.form"),
        (SKILL, "givenName", json!(["A"]), "/givenName", "claims.type"),
    ] {
        let mut payload = claims_set(scheme);
        payload.insert(name.to_owned(), value);
        let error = Claims::from_scheme_disclosed(scheme, &payload).unwrap_err();
        assert_eq!((error.pointer(), error.code()), (pointer, code), "{name}: {error}");
    }
}

#[test]
fn what_a_scheme_leaves_open_is_left_untyped_in_another_form() {
    let read = |scheme, changes: Value| {
        let mut payload = claims_set(scheme);
        payload.extend(changes.as_object().unwrap().clone());
        Claims::from_scheme_disclosed(scheme, &payload).unwrap_or_else(|error| panic!("{error}")).to_claims_file()
    };
    let state = json!({ "resident_state": "Uusimaa", "resident_address": "Esimerkkikatu 12, 00100 Helsinki" });
    let address = &read(RESIDENCE, state)["address"];
    assert_eq!((address.get("region"), &address["formatted"]), (None, &json!("Esimerkkikatu 12, 00100 Helsinki")));

    let file = read(
        SKILL,
        json!({
            "typeOfAssessment": "peer-review",
            "assessor": { "name": "Foundation", "id": "not a URI" },
            "assessmentEvidence": [{ "sha256": "x" }, { "name": 7 }, { "name": "Log" }],
            "qualityAssuranceMethod": { "type": "ISO-standard", "reference": "ISO/IEC 17024" },
            "escoReference": ["http://data.europa.eu/esco/occupation/1"],
            "skillOutcome": ["Lifts safely", "Calls for help"],
            "qualityFramework": { "name": "X" },
        }),
    );
    assert_eq!((file.get("typeOfAssessment"), file.get("assessor")), (None, None));
    assert_eq!(file["assessmentEvidence"], json!([{}, { "name": "Log" }]));
    assert_eq!(file["qualityAssuranceMethod"], "ISO/IEC 17024");
    assert_eq!(file["skill"]["description"], "Lifts safely\nCalls for help");
    assert_eq!(file["skill"].get("escoReferences"), None);
}

#[test]
fn a_pointer_of_ours_leads_to_the_schemes_members() {
    assert_eq!(RESIDENCE.pointers("/residentSince"), ["/arrival_date"]);
    assert_eq!(RESIDENCE.pointers("/placeOfBirth/country"), ["/place_of_birth/country"]);
    assert_eq!(RESIDENCE.pointers("/address/formatted"), ["/resident_address/resident_address"]);
    assert_eq!(RESIDENCE.pointers("/address").len(), 7);
    assert_eq!(SKILL.pointers("/skill"), ["/title", "/skillOutcome", "/escoReference"]);
    assert_eq!(SKILL.pointers("/awardingBody"), ["/awardingBody", "/issuerCountry"]);
    for nowhere in ["/occupancy", "/add", "/addressee", "/knownBy/0"] {
        assert!(RESIDENCE.pointers(nowhere).is_empty(), "{nowhere}");
    }
    for pointer in Kind::SkillCertification.public().iter().flat_map(|pointer| SKILL.pointers(pointer)) {
        assert!(written(SKILL).contains_key(pointer.trim_start_matches('/')));
    }
}

#[test]
fn nothing_of_ours_describes_the_type_of_another_scheme() {
    for scheme in Scheme::ALL {
        let found = resolve(scheme.vct(), None, Pins::Optional, |_| None).unwrap();
        assert_eq!(found, Resolution::Missing { vct: scheme.vct().to_owned(), integrity: None });
        assert!(sd_jwt_vc::view(&claims_set(scheme), None).is_ok());
    }
}
