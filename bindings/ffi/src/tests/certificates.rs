//! Who is known by a certificate: a bank that asks, an authority that issues.

#[allow(unused, reason = "the certificates that the core's own tests use")]
#[path = "../../../../tests/wallet/certificates.rs"]
mod made;

use super::requests::{Desk, district, plainly};
use super::*;

fn pem(certificate: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n")
}

fn bank() -> Arc<SoftwareSigner> {
    Arc::new(SoftwareSigner::from_private_jwk(made::bank_key().to_private_jwk().to_string()).unwrap())
}

/// A list of whoever has a certificate by this authority.
fn list(certificate: &str) -> String {
    json!({
        "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z",
        "entries": [{ "certificate": certificate, "name": { "en": "The authority" },
                      "issues": ["licence"], "verifies": ["proof-of-address"] }],
    })
    .to_string()
}

fn by(certificate: &str, dns_name: Option<&str>) -> RequestOptions {
    let verifier = Some(Identity::Certificate { pem: pem(certificate) });
    RequestOptions { verifier, dns_name: dns_name.map(str::to_owned), ..plainly() }
}

#[test]
fn a_bank_asks_by_its_certificate() {
    let ask = |options| create_request(district(CredentialFormat::SdJwtVc), options, NOW, bank()).unwrap();
    let known = |request: &SignedRequest, lists| Asker::known(request.text.clone().into(), lists, Vec::new(), NOW);
    let lists = || vec![list(made::AUTHORITY)];
    let named = ask(by(made::BANK, Some("bank.example")));
    assert_eq!(named.client_id, "x509_san_dns:bank.example");
    let hashed = ask(by(made::BANK, None));
    assert!(hashed.client_id.starts_with("x509_hash:"));
    for request in [&named, &hashed] {
        let description = known(request, lists()).unwrap().describe();
        assert_eq!((description.is_known, description.id), (true, request.client_id.clone()));
        assert_eq!(description.subject.as_deref(), Some("O=Harbour Bank,CN=bank.example"));
        assert_eq!(description.name.as_deref(), Some("The authority"));
        assert!(description.in_words.contains("bank.example") && description.in_words.contains("The authority"));
        let stranger = Desk::that_may_ask_for(&["*"]);
        assert_eq!(code(known(request, vec![stranger.list.clone()])), "certificate.unknown-anchor");
        assert!(known(request, vec![stranger.list, list(made::AUTHORITY)]).is_ok(), "the second list knows it");
    }
    let other_name = ask(by(made::BANK, Some("other.example")));
    assert_eq!(code(known(&other_name, lists())), "request.other-key");
    for certificate in [made::FORGED, made::ENDED] {
        let request = ask(by(certificate, None));
        assert!(code(known(&request, lists())).starts_with("certificate."));
    }
}

#[test]
fn a_certificate_of_another_key_is_of_no_use() {
    let other: Arc<SoftwareSigner> = Arc::new(SoftwareSigner::generate(Algorithm::Es256).unwrap());
    let asking = |options, signer: &Arc<SoftwareSigner>| {
        code(create_request(district(CredentialFormat::SdJwtVc), options, NOW, signer.clone()))
    };
    assert_eq!(asking(by(made::BANK, None), &other), "issue.other-certificate");
    assert_eq!(asking(by("", None), &other), "certificate.malformed");
    let private = format!("{}-----BEGIN PRIVATE KEY-----\n", pem(made::BANK));
    let private = RequestOptions { verifier: Some(Identity::Certificate { pem: private }), ..plainly() };
    assert_eq!(asking(private, &bank()), "certificate.pem");
}

#[test]
fn an_authority_issues_by_its_certificate() {
    let cast = Cast::gather();
    let options = |format| IssueOptions {
        issuer: Some(Identity::Certificate { pem: pem(made::BANK) }),
        ..for_holder(&cast.tenant, format)
    };
    let licence = || example_claims(Kind::Licence).unwrap();
    let issued = issue(licence(), options(CredentialFormat::SdJwtVc), bank()).unwrap();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let shown = present(vec![issued.into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone()).unwrap();
    let judge = |list: String| {
        let policy = Policy::Preset { preset: Preset::LicenceCheck };
        let desk = Verifier::new(policy, vec![list], Vec::new()).unwrap();
        desk.verify(shown.clone().into(), Expected::Answer { request: request.clone() }, NOW).unwrap()
    };
    let report = judge(list(made::AUTHORITY));
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    assert_eq!(report.accepted()[0].issuer_name.as_deref(), Some("The authority"));
    assert_ne!(judge(trust_list("did:web:ngo.example")).outcome(), Outcome::Valid);

    for format in [CredentialFormat::Jwt, CredentialFormat::SdJwt, CredentialFormat::EcdsaJcs2019] {
        assert!(issue(licence(), options(format), bank()).is_err());
    }
    // A further proof would name no key.
    let beside = ProofOptions {
        format: CredentialFormat::EcdsaJcs2019,
        signed_by: Some(Identity::Certificate { pem: pem(made::BANK) }),
        id: None,
        previous: Vec::new(),
        contexts: Vec::new(),
    };
    let document = cast.guarantee(CredentialFormat::EddsaJcs2022);
    assert_eq!(code(add_proof(document, beside, NOW, bank())), "issue.method-needed");
    assert_eq!(code(issue(licence(), options(CredentialFormat::SdJwtVc), cast.ngo.clone())), "issue.other-certificate");
}
