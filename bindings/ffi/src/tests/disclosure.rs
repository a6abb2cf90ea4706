//! What a holder shows of a credential without a signed request, and materials of every type.

use super::*;

const NAME: &str = "陳大文";

fn only(pointers: &[&str]) -> Disclose {
    Disclose::Only { pointers: pointers.iter().map(|pointer| (*pointer).to_owned()).collect() }
}

#[test]
fn only_what_is_chosen_is_shown() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    for (format, pointer) in [
        (CredentialFormat::SdJwtVc, "/address/district"),
        (CredentialFormat::SdJwt, "/credentialSubject/address/district"),
    ] {
        let held = || vec![cast.guarantee(format).into()];
        let show = |disclose| present(held(), disclose, request.clone(), NOW, cast.tenant.clone()).unwrap();
        let report = cast.decide(&show(only(&[pointer])), &request);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        let subject = &report.accepted()[0].subject_json;
        assert!(subject.contains("深水埗") && !subject.contains(NAME) && !subject.contains("大南街"));
        let report = cast.decide(&show(only(&[])), &request);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        assert!(!report.accepted()[0].subject_json.contains("深水埗"));
        let report = cast.decide(&show(Disclose::Everything), &request);
        assert!(report.accepted()[0].claims == Some(example_claims(Kind::ProofOfAddress).unwrap()));
        assert!(report.presentations().is_empty(), "the holder signs a part of the credential");

        let nowhere = present(held(), only(&["/nowhere"]), request.clone(), NOW, cast.tenant.clone());
        assert!(code(nowhere).starts_with("sd-jwt."));
        let stolen = present(held(), only(&[]), request.clone(), NOW, cast.ngo.clone());
        assert_eq!(code(stolen), "present.other-holder");
    }
    for format in [CredentialFormat::Jwt, CredentialFormat::EddsaJcs2022] {
        let held = vec![cast.guarantee(format).into()];
        let hiding = present(held, only(&["/credentialSubject"]), request.clone(), NOW, cast.tenant.clone());
        assert_eq!(code(hiding), "present.cannot-hide");
    }
}

#[test]
fn a_derived_copy_shows_its_part_to_anybody_and_proves_no_holder() {
    let cast = Cast::gather();
    let guarantee = cast.guarantee(CredentialFormat::SdJwtVc);
    let copy = derive(guarantee.clone().into(), only(&["/address/country"])).unwrap();
    assert!(copy.ends_with('~') && copy.len() < guarantee.len());
    let policy = Policy::Json { json: r#"{"type":"Policy","version":1,"holderBinding":"not-required"}"#.to_owned() };
    let desk = Verifier::new(policy, vec![trust_list(&cast.ngo.did_key())], Vec::new()).unwrap();
    let report = desk.verify(copy.clone().into(), Expected::Nothing, NOW).unwrap();
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    assert!(!report.accepted()[0].subject_json.contains(NAME));
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    assert_eq!(cast.decide(&copy, &request).outcome(), Outcome::Invalid);
    assert_eq!(code(derive(cast.guarantee(CredentialFormat::Jwt).into(), Disclose::Everything)), "present.cannot-hide");
    assert!(derive(b"a letter".to_vec(), Disclose::Everything).is_err());
}

#[test]
fn an_answer_too_far_ahead_of_the_banks_clock_does_not_count() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let ahead = At::NowIs { unix_seconds: NOON + 3600 };
    let held = vec![cast.guarantee(CredentialFormat::SdJwtVc).into()];
    let shown = present(held, only(&[]), request.clone(), ahead, cast.tenant.clone()).unwrap();
    assert_ne!(cast.decide(&shown, &request).outcome(), Outcome::Valid);
    let never = At::NowIs { unix_seconds: i64::MIN };
    assert_eq!(code(present(Vec::new(), only(&[]), request, never, cast.tenant.clone())), "time.out-of-range");
}

#[test]
fn an_issuers_metadata_and_key_set_are_fetched_one_after_the_other() {
    const ISSUER: &str = "https://ngo.example";
    const METADATA: &str = "https://ngo.example/.well-known/jwt-vc-issuer";
    const KEYS: &str = "https://ngo.example/keys";
    let cast = Cast::gather();
    let issuer = Some(Identity::Did { did: format!("{ISSUER}#key-1") });
    let options = IssueOptions { issuer, ..for_holder(&cast.tenant, CredentialFormat::SdJwtVc) };
    let licence = issue(example_claims(Kind::Licence).unwrap(), options, cast.ngo.clone()).unwrap();
    let policy = Policy::Json { json: r#"{"type":"Policy","version":1,"holderBinding":"not-required"}"#.to_owned() };
    let desk = Verifier::new(policy, vec![trust_list(ISSUER)], Vec::new()).unwrap();
    let material = |r#type, url: &str, content: Value| Material {
        r#type,
        url: url.to_owned(),
        bytes: content.to_string().into(),
        obtained: NOON,
        source: MaterialSource::Fetched,
    };
    let mut jwk = json(&cast.ngo.public_jwk());
    jwk["kid"] = "key-1".into();
    let metadata = || material(ResourceType::IssuerMetadata, METADATA, json!({ "issuer": ISSUER, "jwks_uri": KEYS }));
    let keys = || material(ResourceType::KeySet, KEYS, json!({ "keys": [jwk] }));
    let judge = |materials| {
        let desk = desk.with_materials(materials).unwrap();
        let report = desk.verify(licence.clone().into(), Expected::Nothing, NOW).unwrap();
        let missing: Vec<_> = report.missing().into_iter().map(|missing| (missing.r#type, missing.url)).collect();
        (report.outcome(), missing)
    };
    let open = |r#type, url: &str| (Outcome::Undetermined, vec![(r#type, url.to_owned())]);
    assert_eq!(judge(Vec::new()), open(ResourceType::IssuerMetadata, METADATA));
    assert_eq!(judge(vec![metadata()]), open(ResourceType::KeySet, KEYS));
    assert_eq!(judge(vec![keys()]), open(ResourceType::IssuerMetadata, METADATA));
    assert_eq!(judge(vec![metadata(), keys()]), (Outcome::Valid, Vec::new()));
    let other = material(
        ResourceType::IssuerMetadata,
        METADATA,
        json!({ "issuer": "https://thief.example", "jwks_uri": KEYS }),
    );
    assert_eq!(code(desk.with_materials(vec![other])), "material.other-id");
    let broken = Material { bytes: b"keys".to_vec(), ..keys() };
    assert!(desk.with_materials(vec![broken]).is_err());
}

#[test]
fn a_credential_is_issued_in_the_words_of_another_scheme() {
    let cast = Cast::gather();
    let terms = SchemeTerms {
        scheme: Scheme::CertificateOfResidence,
        legal_category: LegalCategory::NonQualified,
        bound_to: KeyBoundTo::Holder,
    };
    let options = |format| IssueOptions { scheme: Some(terms), ..for_holder(&cast.tenant, format) };
    let issuing = |claims: Claims, options| issue(claims, options, cast.ngo.clone());
    let bare = example_claims(Kind::ProofOfAddress).unwrap();
    let Err(AttestaError::Failed { message, .. }) = issuing(bare, options(CredentialFormat::SdJwtVc)) else {
        panic!("the scheme demands more than the example says")
    };
    assert!(message.contains("placeOfBirth") && !message.contains(NAME), "{message}");

    let mut file = json(&claims_to_json(example_claims(Kind::ProofOfAddress).unwrap()).unwrap());
    file["familyName"] = "Virtanen".into();
    file["givenName"] = "Aino".into();
    file["placeOfBirth"] = json!({ "locality": "Turku", "country": "FI" });
    file["nationalities"] = json!(["FI"]);
    file["address"] = json!({ "formatted": "Esimerkkikatu 12, 00100 Helsinki", "country": "FI", "locality": "Helsinki",
        "postalCode": "00100", "street": "Esimerkkikatu", "houseNumber": "12" });
    file["organisation"]["country"] = "FI".into();
    let full = || claims_from_json(Kind::ProofOfAddress, file.to_string()).unwrap();
    let certificate = issuing(full(), options(CredentialFormat::SdJwtVc)).unwrap();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let shown = present(vec![certificate.into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone());
    let report = cast.decide(&shown.unwrap(), &request);
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    assert_eq!(report.accepted()[0].kind, Some(Kind::ProofOfAddress));
    assert!(report.accepted()[0].subject_json.contains("attestation_legal_category"));

    assert_eq!(code(issuing(full(), options(CredentialFormat::Jwt))), "draft.scheme-format");
    let licence = example_claims(Kind::Licence).unwrap();
    assert!(code(issuing(licence, options(CredentialFormat::SdJwtVc))).starts_with("scheme."));
}
