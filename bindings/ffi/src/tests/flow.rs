use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify as core;

use super::*;

#[test]
fn a_guarantee_goes_from_the_ngo_through_the_tenants_phone_to_the_bank() {
    let cast = Cast::gather();
    for format in [CredentialFormat::Jwt, CredentialFormat::EddsaJcs2022] {
        let guarantee = cast.guarantee(format);
        let request = new_request(AUDIENCE.to_owned()).unwrap();
        let shown =
            present(vec![guarantee.into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone()).unwrap();
        let report = cast.decide(&shown, &request);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        assert_eq!(report.reason(), None);
        assert_eq!(report.missing(), []);
        assert_eq!(report.relaxed(), [] as [String; 0]);
        assert_eq!(report.unconfirmed().len(), 0);

        let [accepted] = &report.accepted()[..] else { panic!("one credential was presented") };
        assert_eq!(accepted.issuer, cast.ngo.did_key());
        assert_eq!(accepted.issuer_name.as_deref(), Some("Neighbourhood Centre"));
        assert_eq!(accepted.kind, Some(Kind::ProofOfAddress));
        assert!(accepted.claims == Some(example_claims(Kind::ProofOfAddress).unwrap()));
        assert_eq!(json(&accepted.subject_json)["id"], cast.tenant.did_key());
        let first = Timestamp::parse("2026-11-18T00:00:00Z").unwrap().unix();
        assert_eq!((accepted.valid_from, accepted.valid_until), (Some(first), Some(first + 7 * 86_400)));
        assert!(!accepted.to_string().contains("陳"), "a name is displayed");

        let [credential] = &report.credentials()[..] else { panic!("one credential was presented") };
        assert_eq!((credential.outcome, credential.format), (Outcome::Valid, Some(format)));
        assert_eq!(report.presentations()[0].holder, Some(cast.tenant.did_key()));
    }
}

#[test]
fn what_does_not_hold_tells_why_and_keeps_its_claims() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let guarantee = cast.guarantee(CredentialFormat::Jwt);
    let shown =
        present(vec![guarantee.clone().into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone())
            .unwrap();
    let refused = |presented: &str, request: &PresentationRequest, reason: &str| {
        let report = cast.decide(presented, request);
        assert_ne!(report.outcome(), Outcome::Valid);
        assert!(report.accepted().is_empty());
        let check = report.reason().unwrap();
        assert_eq!(check.code, reason);
        assert!(!check.message.is_empty() && !check.hint.is_empty());
    };
    refused(&shown, &new_request(AUDIENCE.to_owned()).unwrap(), "nonce.other");
    let elsewhere = PresentationRequest { audience: "https://other.example".to_owned(), ..request.clone() };
    refused(&shown, &elsewhere, "audience.other");
    refused(&guarantee, &request, "holder.binding.not-presented");
    refused("no credential at all", &request, "parse.unrecognised");
    refused("", &request, "parse.unrecognised");
    let again = new_request(AUDIENCE.to_owned()).unwrap();
    let other = present(vec![guarantee.into()], Disclose::Everything, again, NOW, cast.tenant.clone()).unwrap();
    let (content, signature) = (shown.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
    refused(&format!("{content}.{signature}"), &request, "proof.mismatch");

    let late = At::AsOf { unix_seconds: NOON + 91 * 86_400 };
    let expected = Expected::Answer { request };
    let report = cast.bank.verify(shown.clone().into(), expected.clone(), late).unwrap();
    assert_eq!(report.reason().unwrap().code, "valid-until.past");

    let stranger = Verifier::new(Policy::Preset { preset: Preset::Default }, Vec::new(), Vec::new()).unwrap();
    let report = stranger.verify(shown.into(), expected, NOW).unwrap();
    assert_eq!(report.outcome(), Outcome::Undetermined);
    assert!(report.accepted().is_empty());
    let [unconfirmed] = &report.unconfirmed()[..] else { panic!("an authentic document may be shown") };
    assert_eq!((unconfirmed.position, &json(&unconfirmed.subject_json)["name"]), (0, &json!("陳大文")));
    assert_eq!(unconfirmed.to_string(), "UnconfirmedCredential(..)");
}

#[test]
fn the_reports_json_is_the_cores() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let guarantee = cast.guarantee(CredentialFormat::Jwt);
    let shown =
        present(vec![guarantee.clone().into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone())
            .unwrap();
    let list = TrustList::parse(trust_list(&cast.ngo.did_key()).as_bytes()).unwrap();
    let policy = core::Policy::preset(core::Preset::BankAddress).trusting(list);
    let expected = core::Expected::answer(&request.audience, &request.nonce);
    let at = core::At::Now(Timestamp::from_unix(NOON).unwrap());
    for presented in [shown, guarantee, "nothing".to_owned()] {
        let theirs = core::verify(presented.as_bytes(), &expected, &core::Materials::none(), &policy, at);
        let ours = cast.decide(&presented, &request);
        assert_eq!(json(&ours.to_json()), theirs.to_json());
        let checks = theirs.credentials()[0].checks();
        let fields = |check: &core::Check| (check.id().name(), check.result().into(), check.code().name());
        let credential = &ours.credentials()[0];
        assert_eq!(credential.checks.len(), checks.len());
        for (own, core) in credential.checks.iter().zip(checks) {
            assert_eq!((own.id.as_str(), own.result, own.code.as_str()), fields(core));
            assert_eq!((own.message.as_str(), own.hint.as_str()), (core.message().as_str(), core.hint()));
            assert_eq!(own.age_seconds, core.age_seconds());
        }
    }
}

#[test]
fn what_is_missing_can_be_fetched_and_given() {
    const NGO: &str = "did:web:ngo.example";
    let cast = Cast::gather();
    let method = format!("{NGO}#key-1");
    let options = IssueOptions {
        issuer: Some(Identity::Did { did: method.clone() }),
        ..for_holder(&cast.tenant, CredentialFormat::Jwt)
    };
    let licence = issue(example_claims(Kind::Licence).unwrap(), options, cast.ngo.clone()).unwrap();
    let policy = Policy::Json { json: r#"{"type":"Policy","version":1,"holderBinding":"not-required"}"#.to_owned() };
    let desk = Verifier::new(policy, vec![trust_list(NGO)], Vec::new()).unwrap();
    let look = |desk: &Verifier| desk.verify(licence.clone().into(), Expected::Nothing, NOW).unwrap();

    let before = look(&desk);
    assert_eq!(before.outcome(), Outcome::Undetermined);
    assert_eq!(before.relaxed(), ["holder.binding"]);
    let [missing] = &before.missing()[..] else { panic!("the issuer's key document is missing") };
    assert_eq!((missing.r#type, missing.url.as_str()), (ResourceType::Document, NGO));
    assert!(!missing.reveals.is_empty());

    let document = |url: &str, source| Material {
        r#type: ResourceType::Document,
        url: url.to_owned(),
        bytes: json!({
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": NGO,
            "verificationMethod": [{
                "id": method, "type": "JsonWebKey", "controller": NGO, "publicKeyJwk": json(&cast.ngo.public_jwk()),
            }],
            "assertionMethod": [method],
        })
        .to_string()
        .into(),
        obtained: NOON - 60,
        source,
    };
    let after = look(&desk.with_materials(vec![document(NGO, MaterialSource::Fetched)]).unwrap());
    assert_eq!(after.outcome(), Outcome::Valid, "{}", after.to_json());
    let asserted = MaterialSource::Asserted { by: "did:web:somebody.example".to_owned() };
    let hearsay = look(&desk.with_materials(vec![document(NGO, asserted)]).unwrap());
    assert_eq!(hearsay.outcome(), Outcome::Undetermined);
    assert_eq!(hearsay.reason().unwrap().code, "proof.key-asserted");
    assert_eq!(look(&desk).outcome(), Outcome::Undetermined, "the first verifier has changed");

    let other = document("did:web:other.example", MaterialSource::Fetched);
    assert_eq!(code(desk.with_materials(vec![other])), "material.other-id");
    let never = Material { obtained: i64::MIN, ..document(NGO, MaterialSource::Fetched) };
    assert_eq!(code(desk.with_materials(vec![never])), "time.out-of-range");
}

#[test]
fn any_credential_can_be_issued_as_a_document() {
    let cast = Cast::gather();
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "MembershipCredential"],
        "validFrom": "2020-11-02T00:00:00Z",
        "credentialSubject": { "member": true },
    });
    let options =
        DocumentOptions { holder: None, issuer: None, format: None, mandatory: Vec::new(), contexts: Vec::new() };
    let secured = issue_document(document.to_string(), options.clone(), cast.ngo.clone()).unwrap();
    let policy = Policy::Preset { preset: Preset::Default };
    // It is signed today, by the system's clock.
    let list = trust_list(&cast.ngo.did_key()).replace("2026-11-01", "2020-11-01");
    let desk = Verifier::new(policy, vec![list], Vec::new()).unwrap();
    let report = desk.verify(secured.into(), Expected::Nothing, At::Now).unwrap();
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    let [accepted] = &report.accepted()[..] else { panic!("one credential was presented") };
    assert_eq!((accepted.kind, accepted.claims.is_none()), (None, true));
    assert_eq!(json(&accepted.subject_json), json!({ "member": true }));
    assert_eq!(accepted.valid_from, Some(Timestamp::parse("2020-11-02T00:00:00Z").unwrap().unix()));

    let mut strange = document.clone();
    strange["issuer"] = "did:web:somebody.example".into();
    let issued = issue_document(strange.to_string(), options.clone(), cast.ngo.clone());
    assert_eq!(code(issued), "issue.other-issuer");
    for broken in ["", "[]", "{}", "{\"a\":1,\"a\":2}"] {
        let issued = issue_document(broken.to_owned(), options.clone(), cast.ngo.clone());
        assert!(issued.is_err(), "{broken}");
    }
}

#[test]
fn todays_credential_is_valid_by_the_systems_clock() {
    let cast = Cast::gather();
    let options = IssueOptions { valid_from: None, ..for_holder(&cast.tenant, CredentialFormat::Jwt) };
    let guarantee = issue(example_claims(Kind::ProofOfAddress).unwrap(), options, cast.ngo.clone()).unwrap();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let shown =
        present(vec![guarantee.into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone()).unwrap();
    // A trust list would carry a date of its own.
    let desk = Verifier::new(Policy::Preset { preset: Preset::BankAddress }, Vec::new(), Vec::new()).unwrap();
    let report = desk.verify(shown.into(), Expected::Answer { request }, At::Now).unwrap();
    let checks = &report.credentials()[0].checks;
    let result = |id: &str| checks.iter().find(|check| check.id == id).map(|check| check.result);
    assert_eq!(result("valid-from"), Some(CheckResult::Pass), "{}", report.to_json());
    assert_eq!(result("valid-until"), Some(CheckResult::Pass));
}

#[test]
fn requests_differ() {
    let nonces: Vec<String> = (0..8).map(|_| new_request(AUDIENCE.to_owned()).unwrap().nonce).collect();
    for (position, nonce) in nonces.iter().enumerate() {
        assert_eq!(nonce.len(), 22, "128 bits in base64url");
        assert!(!nonces[..position].contains(nonce));
    }
}

#[test]
fn keys_are_written_in_every_form() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Es256, Algorithm::Es384, Algorithm::Es512] {
        let key = SoftwareSigner::generate(algorithm).unwrap();
        let jwk = key.public_jwk();
        assert_eq!(did_key_of(jwk.clone()).unwrap(), key.did_key());
        assert_eq!(described_jwk(key.describe().unwrap()).unwrap(), jwk);
        let cut = |mut description: SignerDescription| {
            description.public_key.pop();
            description
        };
        assert_eq!(code(described_jwk(cut(key.describe().unwrap()))), "key.length");
        assert_eq!(did_jwk_of(jwk.clone()).unwrap(), key.did_jwk());
        let multikey = jwk_to_multikey(jwk.clone()).unwrap();
        assert_eq!(key.did_key(), format!("did:key:{multikey}"));
        assert_eq!(multikey_to_jwk(multikey).unwrap(), jwk);
        assert_eq!(json(&resolve_did(key.did_key()))["didDocument"]["id"], key.did_key());
        let again = SoftwareSigner::from_private_jwk(key.private_jwk()).unwrap();
        assert_eq!(again.describe().unwrap(), key.describe().unwrap());
        assert_eq!(code(did_key_of(key.private_jwk())), "key.private-key");
        assert_eq!(code(SoftwareSigner::from_private_jwk(jwk)), "jwk.member");
        assert!(!format!("{key:?}").contains(&json(&key.private_jwk())["d"].as_str().unwrap()[..8]));
    }
    assert_eq!(json(&resolve_did("did:nothing".to_owned()))["didDocument"], Value::Null);
    assert!(multikey_to_jwk("z6Mk".to_owned()).is_err());
    assert!(did_key_of("{}".to_owned()).is_err());
    for text in ["", "[]", "did:key:z6Mk", "-----BEGIN PRIVATE KEY-----", "{\"kty\":\"EC\",\"kty\":\"EC\"}"] {
        assert_eq!(code(did_key_of(text.to_owned())), "bindings.not-a-jwk");
        assert_eq!(code(SoftwareSigner::from_private_jwk(text.to_owned())), "bindings.not-a-jwk");
    }
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(library_version(), env!("CARGO_PKG_VERSION"));
}
