//! Every format on its way from the issuer to the desk; proofs beside the issuer's; contexts that are not built in.

use attesta::trust::PinnedContext;

use super::requests::{Desk, district, plainly};
use super::*;

const NAME: &str = "陳大文";
const DISTRICT: &str = "深水埗";

/// The key that a format is for.
fn key_for(format: CredentialFormat) -> Arc<SoftwareSigner> {
    use CredentialFormat::{EcdsaJcs2019, EcdsaRdfc2019, EcdsaSd2023};
    let algorithm = match format {
        EcdsaJcs2019 | EcdsaRdfc2019 | EcdsaSd2023 => Algorithm::Es256,
        _ => Algorithm::Ed25519,
    };
    Arc::new(SoftwareSigner::generate(algorithm).unwrap())
}

fn bank_of(ngo: &SoftwareSigner) -> Arc<Verifier> {
    let policy = Policy::Preset { preset: Preset::BankAddress };
    Verifier::new(policy, vec![trust_list(&ngo.did_key())], Vec::new()).unwrap().into()
}

/// A desk that also takes what nobody presents, and what shows no status. Its list is old enough for what is signed today,
/// by the system's clock.
fn desk_of(ngo: &SoftwareSigner, materials: Vec<Material>, contexts: &Value) -> Verifier {
    let policy = json!({
        "type": "Policy", "version": 1, "holderBinding": "not-required", "relax": ["status.list"], "contexts": contexts,
    });
    let json = policy.to_string();
    let list = trust_list(&ngo.did_key()).replace("2026-11-01", "2020-11-01");
    Verifier::new(Policy::Json { json }, vec![list], materials).unwrap()
}

fn guarantee_by(ngo: &Arc<SoftwareSigner>, tenant: &SoftwareSigner, format: CredentialFormat) -> String {
    issue(example_claims(Kind::ProofOfAddress).unwrap(), for_holder(tenant, format), ngo.clone()).unwrap()
}

fn only(pointers: &[&str]) -> Disclose {
    Disclose::Only { pointers: pointers.iter().map(|pointer| (*pointer).to_owned()).collect() }
}

#[test]
fn every_format_makes_its_way_and_no_changed_byte_does() {
    let cast = Cast::gather();
    let formats = <CredentialFormat as crate::words::Mirror>::ALL;
    assert_eq!(formats.len(), 9);
    for format in formats.iter().copied() {
        let ngo = key_for(format);
        let bank = bank_of(&ngo);
        let request = new_request(AUDIENCE.to_owned()).unwrap();
        let expected = Expected::Answer { request: request.clone() };
        let decide = |presented: &[u8]| bank.verify(presented.to_vec(), expected.clone(), NOW).unwrap();
        let held = guarantee_by(&ngo, &cast.tenant, format);
        let shown = present(vec![held.clone().into()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone())
            .unwrap();
        let report = decide(shown.as_bytes());
        assert_eq!(report.outcome(), Outcome::Valid, "{format:?}: {}", report.to_json());
        assert_eq!(report.credentials()[0].format, Some(format));
        assert!(report.accepted()[0].claims == Some(example_claims(Kind::ProofOfAddress).unwrap()), "{format:?}");
        assert!(report.credentials()[0].other_proofs.is_empty());

        // The copy that was not presented is nobody's answer.
        assert_eq!(decide(held.as_bytes()).outcome(), Outcome::Invalid, "{format:?}");
        // One character of what was signed, in a token's payload or in the words themselves.
        let changed = match shown.find("Sham Shui Po") {
            Some(_) => shown.replace("Sham Shui Po", "Sham Shui Pa"),
            None => {
                let middle = shown.find(['.', ',']).unwrap() + 120;
                let other = if shown.as_bytes()[middle] == b'A' { "B" } else { "A" };
                format!("{}{other}{}", &shown[..middle], &shown[middle + 1..])
            }
        };
        assert_ne!(changed, shown);
        let report = decide(changed.as_bytes());
        assert_eq!(report.outcome(), Outcome::Invalid, "{format:?}");
        assert!(report.accepted().is_empty() && report.unconfirmed().is_empty());
    }
}

#[test]
fn of_signed_statements_only_what_was_chosen_is_seen() {
    const FORMAT: CredentialFormat = CredentialFormat::EcdsaSd2023;
    let cast = Cast::gather();
    let ngo = key_for(FORMAT);
    let bank = bank_of(&ngo);
    let country = "/credentialSubject/address/country";
    let options = |format, pointer: &str| IssueOptions {
        mandatory: vec![pointer.to_owned()],
        ..for_holder(&cast.tenant, format)
    };
    let claims = || example_claims(Kind::ProofOfAddress).unwrap();
    let held = issue(claims(), options(FORMAT, country), ngo.clone()).unwrap();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let expected = Expected::Answer { request: request.clone() };
    let decide = |presented: &str| bank.verify(presented.into(), expected.clone(), NOW).unwrap();
    let show = |held: &str, disclose| present(vec![held.into()], disclose, request.clone(), NOW, cast.tenant.clone());

    let shown = show(&held, only(&["/credentialSubject/address/district"])).unwrap();
    let report = decide(&shown);
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    let subject = json(&report.accepted()[0].subject_json);
    assert_eq!(subject["address"]["district"], DISTRICT);
    assert_eq!(subject["address"]["country"], "HK");
    assert!(!shown.contains(NAME) && !shown.contains("大南街"));
    let least = show(&held, only(&[])).unwrap();
    let report = decide(&least);
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    assert!(least.contains("HK") && !least.contains(DISTRICT), "what is mandatory is always shown, and nothing else");

    // The issuer's copy is for the holder alone: with it whoever got it could choose anew.
    assert_eq!(decide(&held).outcome(), Outcome::Invalid);
    let desk = desk_of(&ngo, Vec::new(), &json!([]));
    let judge = |text: &str| desk.verify(text.into(), Expected::Nothing, NOW).unwrap();
    assert_eq!(judge(&held).reason().unwrap().code, "proof.for-its-holder");
    let copy = derive(held.clone().into(), only(&["/credentialSubject/address/district"])).unwrap();
    assert_eq!(judge(&copy).outcome(), Outcome::Valid);
    assert!(!copy.contains(NAME));
    assert_eq!(judge(&copy.replace(DISTRICT, "觀塘")).reason().unwrap().code, "proof.mismatch");
    // Nothing is derived from what was derived, nor from what does not stand there.
    assert!(derive(copy.into(), only(&[])).is_err());
    assert!(show(&held, only(&["/credentialSubject/nowhere"])).is_err());

    let refused = |options| code(issue(claims(), options, ngo.clone()));
    assert_eq!(refused(options(CredentialFormat::Jwt, country)), "issue.mandatory-format");
    assert_eq!(refused(options(CredentialFormat::EcdsaRdfc2019, country)), "issue.mandatory-format");
    assert!(!refused(options(FORMAT, "/credentialSubject/nowhere")).is_empty());
    assert!(!refused(options(FORMAT, "credentialSubject")).is_empty());
    // The suite has one type of key.
    assert!(!code(issue(claims(), for_holder(&cast.tenant, FORMAT), cast.ngo.clone())).is_empty());
}

#[test]
fn a_consent_to_single_statements_says_what_cannot_be_hidden() {
    let (cast, format) = (Cast::gather(), CredentialFormat::EcdsaSd2023);
    let ngo = key_for(format);
    let (bank, desk) = (bank_of(&ngo), Desk::that_may_ask_for(&["proof-of-address"]));
    let [country, inner] = ["country", "district"].map(|name| format!("/credentialSubject/address/{name}"));
    let options = IssueOptions { mandatory: vec![country.clone()], ..for_holder(&cast.tenant, format) };
    let held = issue(example_claims(Kind::ProofOfAddress).unwrap(), options, ngo).unwrap();
    let request = desk.ask(district(format), plainly());
    let asker = desk.known(&request.text).unwrap();
    let consent = Arc::new(Consent::new(asker, vec![held.clone().into()], NOW).unwrap());
    let screen = consent.screen();
    let shown: Vec<&str> = screen.shown[0].claims.iter().map(|claim| claim.pointer.as_str()).collect();
    assert_eq!(shown, [&country, &inner]);
    assert!(screen.shown[0].shows_more && screen.shown[0].is_bound);
    assert_eq!(screen.warnings.iter().map(|warning| warning.r#type).collect::<Vec<_>>(), [WarningType::ShowsMore]);
    let id = screen.shown[0].id.clone();
    assert_eq!(code(consent.without_claim(id.clone(), country)), "consent.not-separable");
    assert!(consent.without_claim(id, inner).unwrap().screen().shown.is_empty());

    let answered = answer(consent.clone(), vec![cast.tenant.clone()], NOW).unwrap();
    assert!(answered.json.contains(DISTRICT) && !answered.json.contains(NAME) && !answered.json.contains("大南街"));
    assert!(!answered.json.contains(&json(&held)["proof"]["proofValue"].as_str().unwrap()[..40]));
    let judge = |answer: &str, request: &str| {
        let expected = Expected::AnswerToRequest { text: request.to_owned() };
        bank.verify(answer.into(), expected, NOW).unwrap()
    };
    let report = judge(&answered.json, &request.text);
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    assert_eq!(json(&report.accepted()[0].subject_json)["address"]["country"], "HK");
    // Another request, another district, another key.
    let another = desk.ask(district(format), plainly());
    assert_eq!(judge(&answered.json, &another.text).outcome(), Outcome::Invalid);
    assert_eq!(judge(&answered.json.replace(DISTRICT, "觀塘"), &request.text).outcome(), Outcome::Invalid);
    assert_eq!(code(answer(consent, vec![cast.ngo.clone()], NOW)), "answer.no-key");
}

#[test]
fn a_consent_knows_the_contexts_that_a_list_pins() {
    const URL: &str = "https://register.example/context/v1";
    let file = json!({ "@context": { "member": "https://register.example/vocab#member" } }).to_string().into_bytes();
    let cast = Cast::gather();
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", URL],
        "type": ["VerifiableCredential"], "validFrom": "2020-11-02T00:00:00Z", "validUntil": "2100-01-01T00:00:00Z",
        "credentialSubject": { "id": cast.tenant.did_key(), "member": true },
    })
    .to_string();
    let desk = Desk::that_may_ask_for(&["*"]);
    for format in [CredentialFormat::EddsaRdfc2022, CredentialFormat::EcdsaSd2023] {
        let contexts = vec![GivenContext { url: URL.to_owned(), bytes: file.clone() }];
        let options =
            DocumentOptions { holder: None, issuer: None, format: Some(format), mandatory: Vec::new(), contexts };
        let held = issue_document(document.clone(), options, key_for(format)).unwrap();
        let query = json!({ "credentials": [{
            "id": "card", "format": "ldp_vc", "meta": { "type_values": [["VerifiableCredential"]] },
            "claims": [{ "path": ["credentialSubject", "member"] }],
        }] });
        let request = desk.ask(Ask::Query { json: query.to_string() }, plainly());
        let material = |bytes: &[u8]| Material {
            r#type: ResourceType::Context,
            url: URL.to_owned(),
            bytes: bytes.to_vec(),
            obtained: 1_604_400_000,
            source: MaterialSource::Own,
        };
        let pinning = |bytes: &[u8]| {
            let mut list = json(&desk.list);
            list["contexts"] = json!([{ "id": URL, "digest": PinnedContext::of(URL, bytes).digest }]);
            list.to_string()
        };
        let answered = |list: String, materials| {
            let asker = Arc::new(Asker::known(request.text.clone().into(), vec![list], materials, NOW)?);
            let consent = Arc::new(Consent::new(asker, vec![held.clone().into()], NOW)?);
            answer(consent, vec![cast.tenant.clone()], NOW)
        };
        let turned = String::from_utf8(file.clone()).unwrap().replace("#member", "#debtor").into_bytes();
        let good = answered(pinning(&file), vec![material(&turned), material(&file)]).unwrap();
        assert!(good.json.contains(r#""member":true"#), "{}", good.json);
        for (list, materials) in [
            (desk.list.clone(), vec![material(&file)]),
            (pinning(&file), vec![material(&turned)]),
            (pinning(&file), Vec::new()),
            (pinning(&turned), vec![material(&file)]),
        ] {
            let refused = code(answered(list, materials));
            assert!(matches!(refused.as_str(), "answer.nothing" | "json-ld.context-unavailable"), "{refused}");
        }
    }
}

#[test]
fn a_message_of_bytes_goes_as_text_and_as_bytes() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let held = cast.guarantee(CredentialFormat::Cose);
    assert!(held.contains("EnvelopedVerifiableCredential"));
    let file = bytes_of(held.clone()).unwrap();
    assert_eq!(file[0], 0xd2, "COSE_Sign1 has the tag 18");
    let decide = |presented: Vec<u8>| {
        let expected = Expected::Answer { request: request.clone() };
        cast.bank.verify(presented, expected, NOW).unwrap()
    };
    for credential in [file.clone(), held.into_bytes()] {
        let shown = present(vec![credential], Disclose::Everything, request.clone(), NOW, cast.tenant.clone()).unwrap();
        let message = bytes_of(shown.clone()).unwrap();
        assert_eq!(message[0], 0xd2);
        for answer in [shown.into_bytes(), message.clone()] {
            assert_eq!(decide(answer).outcome(), Outcome::Valid);
        }
        for place in [10, message.len() / 2, message.len() - 1] {
            let mut changed = message.clone();
            changed[place] ^= 1;
            assert_eq!(decide(changed).outcome(), Outcome::Invalid, "byte {place}");
        }
        assert_eq!(decide(message[..message.len() - 1].to_vec()).outcome(), Outcome::Invalid);
    }
    assert_eq!(decide(file).outcome(), Outcome::Invalid, "nobody presents it");

    // What is text stays what it is.
    for format in [CredentialFormat::Jwt, CredentialFormat::EddsaJcs2022] {
        let text = cast.guarantee(format);
        assert_eq!(bytes_of(text.clone()).unwrap(), text.into_bytes());
    }
    assert_eq!(bytes_of("paper".to_owned()).unwrap(), b"paper");
    let broken = r#"{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+cose;base64,###"}"#;
    assert!(code(bytes_of(broken.to_owned())).starts_with("cose."));
}

#[test]
fn an_officer_signs_beside_the_issuer_or_before_it() {
    let cast = Cast::gather();
    let officer = key_for(CredentialFormat::EcdsaRdfc2019);
    let desk = desk_of(&cast.ngo, Vec::new(), &json!([]));
    let judge = |text: &str| desk.verify(text.into(), Expected::Nothing, NOW).unwrap();
    let options =
        |format| ProofOptions { format, signed_by: None, id: None, previous: Vec::new(), contexts: Vec::new() };
    let early = At::NowIs { unix_seconds: NOON - 3600 };

    for (format, officers) in [
        (CredentialFormat::EddsaRdfc2022, CredentialFormat::EcdsaRdfc2019),
        (CredentialFormat::EddsaJcs2022, CredentialFormat::EcdsaJcs2019),
    ] {
        let issued = cast.guarantee(format);
        let both = add_proof(issued.clone(), options(officers), early, officer.clone()).unwrap();
        let report = judge(&both);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        let [other] = &report.credentials()[0].other_proofs[..] else { panic!("the officer's proof is reported") };
        assert_eq!((other.is_built_on, other.result), (false, CheckResult::Pass));
        assert!(other.verification_method.as_ref().unwrap().starts_with(&officer.did_key()));
        assert_eq!(judge(&both.replace("Sham Shui Po", "Sham Shui Pa")).outcome(), Outcome::Invalid);

        // The officer's proof first, and the issuer's that builds on it.
        let mut bare = json(&issued);
        bare.as_object_mut().unwrap().remove("proof");
        let id = "urn:uuid:5d2a1c0e-9a4e-4c39-9c34-0d7a6a1f2b3c".to_owned();
        let first = ProofOptions { id: Some(id.clone()), ..options(officers) };
        let signed = add_proof(bare.to_string(), first, early, officer.clone()).unwrap();
        let last = ProofOptions { previous: vec![id.clone()], ..options(format) };
        let chained = add_proof(signed.clone(), last.clone(), early, cast.ngo.clone()).unwrap();
        let report = judge(&chained);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        assert!(report.credentials()[0].other_proofs[0].is_built_on);
        let mut cut = json(&chained);
        cut["proof"].as_array_mut().unwrap().remove(0);
        assert_eq!(judge(&cut.to_string()).outcome(), Outcome::Invalid, "what it builds on was taken away");
        assert_ne!(judge(&signed).outcome(), Outcome::Valid, "the issuer has not signed");

        assert_eq!(code(add_proof(issued.clone(), last, early, cast.ngo.clone())), "data-integrity.chain-missing");
    }
    let token = cast.guarantee(CredentialFormat::Jwt);
    let as_token = options(CredentialFormat::Jwt);
    assert_eq!(code(add_proof(token.clone(), as_token, NOW, officer.clone())), "issue.one-proof");
    let statements = options(CredentialFormat::EcdsaSd2023);
    assert_eq!(code(add_proof(token.clone(), statements, NOW, officer.clone())), "issue.one-proof");
    assert!(code(add_proof(token, options(CredentialFormat::EcdsaRdfc2019), NOW, officer)).starts_with("json."));
}

#[test]
fn a_context_of_somebody_else_counts_by_its_pinned_hash() {
    const URL: &str = "https://register.example/context/v1";
    let file = json!({ "@context": { "member": "https://register.example/vocab#member" } }).to_string().into_bytes();
    let cast = Cast::gather();
    let given = || vec![GivenContext { url: URL.to_owned(), bytes: file.clone() }];
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", URL],
        "type": ["VerifiableCredential"],
        "validFrom": "2020-11-02T00:00:00Z",
        "validUntil": "2100-01-01T00:00:00Z",
        "credentialSubject": { "id": cast.tenant.did_key(), "member": true },
    })
    .to_string();
    let options = |format, contexts| DocumentOptions {
        holder: None,
        issuer: None,
        format: Some(format),
        mandatory: Vec::new(),
        contexts,
    };
    for format in [CredentialFormat::EddsaRdfc2022, CredentialFormat::EcdsaRdfc2019, CredentialFormat::EcdsaSd2023] {
        let ngo = key_for(format);
        let issuing = |contexts| issue_document(document.clone(), options(format, contexts), ngo.clone());
        assert!(!code(issuing(Vec::new())).is_empty(), "what no context defines is not signed");
        let mut held = issuing(given()).unwrap();
        if format == CredentialFormat::EcdsaSd2023 {
            let shown = || only(&["/credentialSubject/member"]);
            assert!(crate::derive(held.clone().into(), shown(), Vec::new()).is_err());
            held = crate::derive(held.into(), shown(), given()).unwrap();
        }
        let pins = json!([{ "id": URL, "digest": PinnedContext::of(URL, &file).digest }]);
        let context = |bytes: &[u8]| Material {
            r#type: ResourceType::Context,
            url: URL.to_owned(),
            bytes: bytes.to_vec(),
            obtained: 1_604_400_000,
            source: MaterialSource::Own,
        };
        let judge = |materials, pins: &Value| {
            desk_of(&ngo, materials, pins).verify(held.clone().into(), Expected::Nothing, At::Now).unwrap()
        };
        let report = judge(vec![context(&file)], &pins);
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        assert_eq!(json(&report.accepted()[0].subject_json)["member"], true);
        // Pinned by nobody, of other bytes, or not at hand.
        let turned = String::from_utf8(file.clone()).unwrap().replace("#member", "#debtor").into_bytes();
        for (materials, pins) in
            [(vec![context(&file)], &json!([])), (vec![context(&turned)], &pins), (Vec::new(), &pins)]
        {
            let report = judge(materials, pins);
            assert_ne!(report.outcome(), Outcome::Valid);
            assert!(report.accepted().is_empty());
        }
        let open = judge(Vec::new(), &pins);
        assert_eq!(open.outcome(), Outcome::Undetermined);
        assert!(open.missing().iter().any(|missing| missing.r#type == ResourceType::Context && missing.url == URL));
    }
    let other = vec![GivenContext { url: "https://www.w3.org/ns/credentials/v2".to_owned(), bytes: file.clone() }];
    let issued = issue_document(document, options(CredentialFormat::EddsaRdfc2022, other), cast.ngo.clone());
    assert_eq!(code(issued), "context.other-content");
}
