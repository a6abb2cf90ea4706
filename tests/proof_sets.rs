//! Several who sign one document: issued with the library, and judged by it, whatever becomes of the proofs on the way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::error::Explain as _;
use attesta::issuer::{FurtherProof, Issuer};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{
    At, CheckId, CheckResult, Code, Expected, Materials, Outcome, Policy, Preset, Report, danger, verify,
};
use serde_json::{Value, json};

const ALL: [Format; 4] = [Format::EddsaJcs2022, Format::EcdsaJcs2019, Format::EddsaRdfc2022, Format::EcdsaRdfc2019];

/// The key that a format is for.
fn key_of(format: Format) -> SoftwareKey {
    let key_type = match format {
        Format::EddsaJcs2022 | Format::EddsaRdfc2022 => KeyType::Ed25519,
        _ => KeyType::P256,
    };
    SoftwareKey::generate(key_type).unwrap()
}

fn day() -> Date {
    Date::new(2026, 11, 2).unwrap()
}

/// A licence for a week, which needs no status.
fn draft(issuer: &Issuer<'_>) -> Credential {
    let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example()).unwrap();
    let holder = Holder::Key(SoftwareKey::generate(KeyType::P256).unwrap().public_key());
    Credential::of(claims, issuer.id(), day(), 7, Salt::from_bytes([7; 32])).unwrap().holder(holder)
}

fn judge(document: &Value, trusted: &str) -> Report {
    let now = day().midnight().plus_seconds(3600);
    let list = TrustList::new(day().midnight(), vec![Entry::new(trusted, ["licence"])]).unwrap();
    let policy = Policy::preset(Preset::LicenceCheck).trusting(list);
    verify(document.to_string().as_bytes(), &Expected::nothing(), &Materials::none(), &policy, At::Now(now))
}

fn reason(report: &Report) -> Option<Code> {
    report.reason().map(|check| check.code())
}

#[test]
fn an_officer_and_the_organisation_both_sign() {
    for format in ALL {
        for officers_format in ALL {
            let (key, officers_key) = (key_of(format), key_of(officers_format));
            let (ngo, officer) = (Issuer::of_key(&key), Issuer::of_key(&officers_key));
            let secured = ngo.secure_with(&draft(&ngo), format, &[&officer]).unwrap();
            let document: Value = serde_json::from_str(&secured).unwrap();
            let report = judge(&document, ngo.id());
            assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
            assert_eq!(report.credentials()[0].format(), Some(format));
            let [other] = report.credentials()[0].other_proofs() else { panic!("one officer") };
            assert_eq!(other.verification_method(), Some(officer.method()));
            assert!(other.is_built_on() && other.result() == CheckResult::Pass);
            assert!(danger::check_proof(secured.as_bytes(), &Materials::none()).fits());
            // It is the organisation's word and not the officer's.
            assert_eq!(judge(&document, officer.id()).outcome(), Outcome::Undetermined);

            let mut cut = document.clone();
            cut["proof"].as_array_mut().unwrap().remove(0);
            assert_eq!(reason(&judge(&cut, ngo.id())), Some(Code::ProofAncestorMissing));
            cut["proof"][0].as_object_mut().unwrap().remove("previousProof");
            assert_eq!(reason(&judge(&cut, ngo.id())), Some(Code::ProofMismatch));

            let mut of_officer = document.clone();
            of_officer["proof"].as_array_mut().unwrap().remove(1);
            assert_eq!(reason(&judge(&of_officer, ngo.id())), Some(Code::BindingOtherController));

            let mut moved = document.clone();
            moved["credentialSubject"]["familyName"] = "Somebody else".into();
            assert_eq!(reason(&judge(&moved, ngo.id())), Some(Code::ProofMismatch));
        }
    }
}

#[test]
fn everybody_signs_for_themselves_and_the_issuer_last() {
    let keys: Vec<SoftwareKey> = (0..8).map(|at| key_of(ALL[at % ALL.len()])).collect();
    let signers: Vec<Issuer<'_>> = keys.iter().map(|key| Issuer::of_key(key)).collect();
    let (ngo, officers) = signers.split_first().unwrap();
    let officers: Vec<&Issuer<'_>> = officers.iter().collect();
    let secured = ngo.secure_with(&draft(ngo), ALL[0], &officers).unwrap();
    let document: Value = serde_json::from_str(&secured).unwrap();
    assert_eq!(judge(&document, ngo.id()).outcome(), Outcome::Valid);
    assert_eq!(judge(&document, ngo.id()).credentials()[0].other_proofs().len(), 7);
    let ids: std::collections::BTreeSet<_> =
        document["proof"].as_array().unwrap().iter().filter_map(|proof| proof["id"].as_str()).collect();
    assert_eq!(ids.len(), 7);
    for at in 0..7 {
        let mut cut = document.clone();
        cut["proof"].as_array_mut().unwrap().remove(at);
        assert_eq!(reason(&judge(&cut, ngo.id())), Some(Code::ProofAncestorMissing), "{at}");
        let mut forged = document.clone();
        forged["proof"][at]["created"] = "2026-11-01T00:00:00Z".into();
        assert_eq!(reason(&judge(&forged, ngo.id())), Some(Code::ProofMismatch), "{at}");
    }
    let ninth = [officers.as_slice(), &[officers[0]]].concat();
    let error = ngo.secure_with(&draft(ngo), ALL[0], &ninth).unwrap_err();
    assert_eq!(error.code(), "data-integrity.too-many");
    let error = ngo.secure_with(&draft(ngo), Format::Jwt, &officers).unwrap_err();
    assert_eq!(error.code(), "issue.one-proof");
}

#[test]
fn proofs_are_added_one_by_one() {
    let (ngo_key, key, officers_key) = (key_of(ALL[0]), key_of(ALL[1]), key_of(ALL[0]));
    let ngo = Issuer::of_key(&ngo_key);
    let secured = ngo.secure(&draft(&ngo), ALL[0]).unwrap();
    let created = Timestamp::parse("2026-11-02T00:30:00Z").unwrap();
    let further = |id, previous| FurtherProof { created, id, previous };
    let (other, officer) = (Issuer::of_key(&key), Issuer::of_key(&officers_key));

    let two = other.add_proof(&secured, ALL[1], &further(Some("urn:a"), &[])).unwrap();
    let three = officer.add_proof(&two, ALL[0], &further(None, &["urn:a"])).unwrap();
    let document: Value = serde_json::from_str(&three).unwrap();
    let report = judge(&document, ngo.id());
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    let others = report.credentials()[0].other_proofs();
    let found: Vec<_> = others.iter().map(|other| (other.is_built_on(), other.result())).collect();
    assert_eq!(found, [(false, CheckResult::Pass); 2]);
    assert!(danger::check_proof(three.as_bytes(), &Materials::none()).fits());

    // What a stranger's proof builds on can be taken away without harm to the issuer's.
    let mut cut = document.clone();
    cut["proof"].as_array_mut().unwrap().remove(1);
    let report = judge(&cut, ngo.id());
    assert_eq!(report.outcome(), Outcome::Valid);
    assert_eq!(report.credentials()[0].other_proofs()[0].code(), Code::ProofAncestorMissing);
    let report = danger::check_proof(cut.to_string().as_bytes(), &Materials::none());
    assert_eq!(report.reason().map(|check| check.id()), Some(CheckId::Proof));

    for (previous, id, code) in [
        (&["urn:b"][..], None, "data-integrity.chain-missing"),
        (&["urn:a", "urn:b"], None, "data-integrity.chain-missing"),
        (&["urn:c"], Some("urn:c"), "data-integrity.chain-cycle"),
        (&[], Some("urn:a"), "data-integrity.same-id"),
    ] {
        let error = officer.add_proof(&two, ALL[0], &further(id, previous)).unwrap_err();
        assert_eq!(error.code(), code);
    }
    let broken = json!({ "proof": [{ "type": "DataIntegrityProof" }] }).to_string();
    assert_eq!(officer.add_proof(&broken, ALL[0], &further(None, &[])).unwrap_err().code(), "data-integrity.member");
    assert_eq!(officer.add_proof("[]", ALL[0], &further(None, &[])).unwrap_err().code(), "json.not-an-object");
    let error = officer.add_proof(&secured, Format::Jwt, &further(None, &[])).unwrap_err();
    assert_eq!(error.code(), "issue.one-proof");
}
