//! Copies of one guarantee that nobody can link.

use super::*;

fn options() -> CopiesOptions {
    CopiesOptions { issuer: None, format: None, valid_from: Some(FIRST_DAY.to_owned()), valid_days: 7 }
}

fn slot(index: u32) -> Option<String> {
    Some(json!({ "status_list": { "idx": index, "uri": "https://ngo.example/status/1" } }).to_string())
}

fn for_key(key: &SoftwareSigner, status_json: Option<String>) -> CopyFor {
    CopyFor { holder: Holder::Key { jwk: key.public_jwk() }, status_json }
}

#[test]
fn each_copy_is_bound_to_its_own_key() {
    let cast = Cast::gather();
    let keys: Vec<Arc<SoftwareSigner>> =
        (0..3).map(|_| Arc::new(SoftwareSigner::generate(Algorithm::Es256).unwrap())).collect();
    let recipients = keys.iter().map(|key| for_key(key, None)).collect();
    let claims = || example_claims(Kind::ProofOfAddress).unwrap();
    let copies = issue_copies(claims(), recipients, options(), cast.ngo.clone()).unwrap();
    assert_eq!(copies.credentials.len(), 3);
    let record = json(&copies.record_json);
    assert_eq!(record["copies"].as_array().map(Vec::len), Some(3));
    assert_eq!(record["reference"].as_str().map(str::len), Some(22));
    assert!(!copies.record_json.contains('陳') && !copies.to_string().contains("ey"));
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    for (position, credential) in copies.credentials.iter().enumerate() {
        let show = |key: &Arc<SoftwareSigner>| {
            present(vec![credential.clone().into()], Disclose::Everything, request.clone(), NOW, key.clone())
        };
        let report = cast.decide(&show(&keys[position]).unwrap(), &request);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        assert_eq!(report.credentials()[0].format, Some(CredentialFormat::SdJwtVc));
        assert_eq!(code(show(&keys[(position + 1) % 3])), "present.other-holder");
    }
    let again = issue_copies(claims(), vec![for_key(&keys[0], slot(1))], options(), cast.ngo.clone()).unwrap();
    assert_ne!(json(&again.record_json)["reference"], record["reference"]);
    assert_eq!(json(&again.record_json)["copies"][0]["status"], json!([json(&slot(1).unwrap())]));
}

#[test]
fn copies_that_could_be_linked_are_not_issued() {
    let cast = Cast::gather();
    let other = SoftwareSigner::generate(Algorithm::Es256).unwrap();
    let refused = |recipients: Vec<CopyFor>| {
        code(issue_copies(example_claims(Kind::ProofOfAddress).unwrap(), recipients, options(), cast.ngo.clone()))
    };
    let tenant = |status| for_key(&cast.tenant, status);
    assert_eq!(refused(Vec::new()), "issue.copies");
    assert_eq!(refused(vec![tenant(None), tenant(None)]), "issue.copies");
    assert_eq!(refused(vec![tenant(slot(1)), for_key(&other, slot(2)), tenant(slot(3))]), "issue.copies");
    let by_did = |did| CopyFor { holder: Holder::Did { did }, status_json: None };
    assert_eq!(refused(vec![tenant(None), by_did(cast.tenant.did_key())]), "issue.copies");
    assert_eq!(refused(vec![by_did(cast.tenant.did_jwk()), by_did(cast.tenant.did_key())]), "issue.copies");
    assert_eq!(refused(vec![tenant(slot(1)), for_key(&other, slot(1))]), "issue.copies");
    assert_eq!(refused(vec![tenant(None); attesta::limits::COPIES + 1]), "issue.copies");
    assert!(refused(vec![tenant(Some("{".to_owned()))]).starts_with("json."));
    let private = CopyFor { holder: Holder::Key { jwk: other.private_jwk() }, status_json: None };
    assert_eq!(refused(vec![private]), "key.private-key");
}
