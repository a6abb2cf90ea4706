//! What a policy that relaxes a check cannot bring about.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use attesta::did::method;
use attesta::encoding::json;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::securing::jose::{self, NewHeader};
use attesta::time::Timestamp;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Code, Expected, Materials, Outcome, Policy, Report, verify};

/// What a policy that relaxes `data-model` says of this presentation, soundly signed by a stranger.
fn judged(presentation: &str) -> Report {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let did = method::key::from_key(&key.public_key());
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let document = json::parse_object(presentation.as_bytes()).unwrap();
    let header = NewHeader { media_type: "vp+jwt", content_type: Some("vp"), key_id: Some(&method), certificates: &[] };
    let token = jose::sign(&document, &header, &key).unwrap();
    let policy = Policy::default().relaxing(CheckId::DataModel).unwrap();
    let at = At::Now(Timestamp::parse("2026-11-20T09:30:00Z").unwrap());
    verify(token.as_bytes(), &Expected::nothing(), &Materials::none(), &policy, at)
}

#[test]
fn a_presentation_without_credentials_is_never_valid() {
    const BASE: &str = r#""@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"]"#;
    let empty = format!("{{{BASE}}}");
    let contradicting = format!("{{{BASE},\"id\":\"urn:example:one\",\"jti\":\"urn:example:another\"}}");
    for (presentation, outcome, code) in [
        (empty.as_str(), Outcome::Undetermined, Code::ModelNothingInside),
        (&contradicting, Outcome::Invalid, Code::ModelClaimsContradict),
        (r#"{"type":["VerifiablePresentation"]}"#, Outcome::Invalid, Code::ModelBroken),
        (r#"{"type":["VerifiablePresentation"],"verifiableCredential":[7]}"#, Outcome::Invalid, Code::ModelBroken),
    ] {
        let report = judged(presentation);
        assert_eq!(report.outcome(), outcome, "{presentation}");
        assert_eq!(report.reason().map(|check| check.code()), Some(code), "{presentation}");
        assert!(report.credentials().is_empty() && report.accepted().is_empty());
        assert!(report.relaxed().contains(CheckId::DataModel));
    }
}

#[test]
fn a_status_that_nobody_looked_up_is_open_though_its_list_is_relaxed() {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let did = method::key::from_key(&key.public_key());
    let kid = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let credential = json::parse_object(
        format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"{did}",
                "credentialSubject":{{"alumniOf":"A School"}},"credentialStatus":{{"type":"BitstringStatusListEntry",
                "statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://a.example/1"}}}}"#
        )
        .as_bytes(),
    )
    .unwrap();
    let header = NewHeader { media_type: "vc+jwt", content_type: Some("vc"), key_id: Some(&kid), certificates: &[] };
    let token = jose::sign(&credential, &header, &key).unwrap();
    let now = Timestamp::parse("2026-11-20T09:30:00Z").unwrap();
    let policy = Policy::default().trusting(TrustList::new(now, vec![Entry::new(&did, ["*"])]).unwrap());
    let judged = |relaxed: &[CheckId]| {
        let policy = relaxed.iter().fold(policy.clone(), |policy, check| policy.relaxing(*check).unwrap());
        let report = verify(token.as_bytes(), &Expected::nothing(), &Materials::none(), &policy, At::Now(now));
        (report.outcome(), report.reason().map(|check| (check.id(), check.code())), report.missing().len())
    };
    let (list, revocation) = (CheckId::StatusList, CheckId::StatusRevocation);
    assert_eq!(judged(&[]), (Outcome::Undetermined, Some((list, Code::StatusListUnavailable)), 1));
    assert_eq!(judged(&[list]), (Outcome::Undetermined, Some((revocation, Code::NotReached)), 0));
    assert_eq!(judged(&[list, revocation]), (Outcome::Valid, None, 0));
}
