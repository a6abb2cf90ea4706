//! A bank asks, a phone consents and answers, the bank compares what came with its own request.

use std::thread;

use super::*;

/// Who asks, and the list by which the tenant's phone knows it.
pub(super) struct Desk {
    pub(super) signer: Arc<SoftwareSigner>,
    pub(super) list: String,
}

impl Desk {
    pub(super) fn that_may_ask_for(verifies: &[&str]) -> Self {
        let signer = Arc::new(SoftwareSigner::generate(Algorithm::Es256).unwrap());
        Self { list: who_may_ask(&signer.did_key(), verifies), signer }
    }

    pub(super) fn ask(&self, ask: Ask, options: RequestOptions) -> SignedRequest {
        create_request(ask, options, NOW, self.signer.clone()).unwrap()
    }

    pub(super) fn known(&self, request: &str) -> Result<Arc<Asker>, AttestaError> {
        Asker::known(request.into(), vec![self.list.clone()], Vec::new(), NOW).map(Arc::new)
    }
}

pub(super) fn who_may_ask(did: &str, verifies: &[&str]) -> String {
    json!({
        "type": "TrustList", "version": 1, "issued": "2026-11-01T00:00:00Z",
        "entries": [{ "id": did, "name": { "en": "Harbour Bank" }, "verifies": verifies }],
    })
    .to_string()
}

pub(super) fn plainly() -> RequestOptions {
    RequestOptions { verifier: None, dns_name: None, response_uri: None, state: None, valid_seconds: 600 }
}

pub(super) fn asking(id: &str, kind: Kind, format: CredentialFormat, pointers: &[&str]) -> AskFor {
    AskFor { id: id.to_owned(), kind, format, pointers: pointers.iter().map(|one| (*one).to_owned()).collect() }
}

pub(super) fn district(format: CredentialFormat) -> Ask {
    Ask::Kinds { credentials: vec![asking("home", Kind::ProofOfAddress, format, &["/address/district"])] }
}

fn district_and_name() -> Ask {
    let pointers = ["/address/district", "/name"];
    Ask::Kinds { credentials: vec![asking("home", Kind::ProofOfAddress, CredentialFormat::SdJwtVc, &pointers)] }
}

fn sent(text: &str) -> Expected {
    Expected::AnswerToRequest { text: text.to_owned() }
}

fn pointers(shown: &ShownCredential) -> Vec<&str> {
    shown.claims.iter().map(|claim| claim.pointer.as_str()).collect()
}

fn signing(signer: &Arc<SoftwareSigner>) -> Vec<Arc<dyn Signer>> {
    vec![signer.clone()]
}

#[test]
fn a_bank_asks_and_gets_just_what_the_tenant_agreed_to() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["proof-of-address"]));
    for (format, pointer) in [
        (CredentialFormat::SdJwtVc, "/address/district"),
        (CredentialFormat::SdJwt, "/credentialSubject/address/district"),
    ] {
        let options = RequestOptions {
            response_uri: Some("https://bank.example/answers".to_owned()),
            state: Some("account-4711_".to_owned()),
            ..plainly()
        };
        let request = desk.ask(district(format), options);
        assert_eq!(request.client_id, format!("decentralized_identifier:{}", desk.signer.did_key()));
        assert_eq!((request.nonce.len(), request.expires), (43, NOON + 600));
        let ledger = NonceLedger::new(8);
        ledger.issue(request.nonce.clone(), request.expires, NOW).unwrap();

        let asker = desk.known(&request.text).unwrap();
        let licence = example_claims(Kind::Licence).unwrap();
        let licence = issue(licence, for_holder(&cast.tenant, format), cast.ngo.clone()).unwrap();
        let held = vec![licence.into(), cast.guarantee(format).into()];
        let consent = Arc::new(Consent::new(asker, held, NOW).unwrap());

        let screen = consent.screen();
        assert_eq!((screen.asker.is_known, screen.asker.name.as_deref()), (true, Some("Harbour Bank")));
        assert_eq!(screen.asker.subject, None, "it is known by a DID");
        assert_eq!((&screen.asker.id, screen.asker.in_words.as_str()), (&request.client_id, "Harbour Bank asks."));
        assert_eq!(screen.asker.response_uri.as_deref(), Some("https://bank.example/answers"));
        assert_eq!(screen.asker.expires, Some(request.expires));
        let [shown] = &screen.shown[..] else { panic!("one credential was asked for") };
        assert_eq!((shown.id.as_str(), shown.position, shown.kind), ("home", 1, Some(Kind::ProofOfAddress)));
        assert_eq!((pointers(shown), shown.claims[0].value_json.as_str()), (vec![pointer], "\"深水埗\""));
        assert_eq!((shown.issuer.clone(), shown.shows_more, shown.is_bound), (cast.ngo.did_key(), false, true));
        assert_eq!(shown.valid_until.zip(shown.valid_from).map(|(until, from)| until - from), Some(7 * 86_400));
        assert_eq!(shown.holder_keys, [cast.tenant.public_jwk()]);
        assert!(!shown.types.is_empty() && screen.warnings.is_empty() && screen.unanswered.is_empty());

        // The signer that fits is found among others.
        let signers: Vec<Arc<dyn Signer>> = vec![cast.ngo.clone(), desk.signer.clone(), cast.tenant.clone()];
        let answer = answer(consent, signers, NOW).unwrap();
        assert_eq!(answer.response_uri.as_deref(), Some("https://bank.example/answers"));
        assert_eq!(answer.state.as_deref(), Some("account-4711_"));
        assert!(answer.form.starts_with("vp_token=%7B%22home%22") && answer.form.ends_with("&state=account-4711_"));
        assert_eq!(json(&answer.json)["state"], "account-4711_");

        let report = cast.bank.verify(answer.json.into(), sent(&request.text), NOW).unwrap();
        assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
        let [accepted] = &report.accepted()[..] else { panic!("one credential was presented") };
        assert!(accepted.subject_json.contains("深水埗") && !accepted.subject_json.contains("陳"));
        let Some(Claims::ProofOfAddress { claims }) = &accepted.claims else { panic!("a proof of address") };
        assert_eq!(claims.address.as_ref().and_then(|address| address.district.as_deref()), Some("深水埗"));
        assert_eq!(claims.name, None);

        assert_eq!(ledger.redeem(request.nonce.clone(), NOW).unwrap(), Redeemed::Once);
        assert_eq!(ledger.redeem(request.nonce, NOW).unwrap(), Redeemed::Again, "a copy of the answer");
    }
}

#[test]
fn an_answer_counts_for_its_own_request_alone() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["proof-of-address"]));
    let request = desk.ask(district(CredentialFormat::SdJwtVc), plainly());
    let held = vec![cast.guarantee(CredentialFormat::SdJwtVc).into()];
    let consent = Consent::new(desk.known(&request.text).unwrap(), held, NOW).unwrap();
    let answer = answer(Arc::new(consent), signing(&cast.tenant), NOW).unwrap();
    let judged = |expected: Expected| {
        let report = cast.bank.verify(answer.json.clone().into(), expected, NOW).unwrap();
        assert_eq!(report.accepted().len(), usize::from(report.outcome() == Outcome::Valid));
        report.reason().map_or_else(|| "valid".to_owned(), |check| check.code)
    };
    assert_eq!(judged(sent(&request.text)), "valid");
    assert_eq!(judged(sent(&desk.ask(district(CredentialFormat::SdJwtVc), plainly()).text)), "nonce.other");
    let thief = Desk::that_may_ask_for(&["*"]);
    assert_eq!(judged(sent(&thief.ask(district(CredentialFormat::SdJwtVc), plainly()).text)), "audience.other");

    let request = PresentationRequest { audience: request.client_id, nonce: request.nonce };
    let query = |claim: &str| {
        json!({ "credentials": [{
            "id": "home", "format": "dc+sd-jwt", "claims": [{ "path": [claim] }],
            "meta": { "vct_values": ["https://w3id.org/attesta/vct/proof-of-address/1"] },
        }] })
        .to_string()
    };
    let asked = |query_json: String| Expected::AnswerToQuery { request: request.clone(), query_json };
    assert_eq!(judged(asked(query("address"))), "valid");
    assert_eq!(judged(asked(query("name"))), "disclosure.not-answered");
    for (broken, expected) in [("", "json."), ("{}", "dcql."), ("{\"credentials\":[]}", "dcql.")] {
        let expecting = cast.bank.verify(answer.json.clone().into(), asked(broken.to_owned()), NOW);
        assert!(code(expecting).starts_with(expected), "{broken}");
    }
    let expecting = cast.bank.verify(answer.json.clone().into(), sent("no request"), NOW);
    assert_eq!(code(expecting), "parse.unknown-format");
}

#[test]
fn somebody_unknown_gets_nothing_of_a_proof_of_address() {
    let (cast, stranger) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let request = stranger.ask(district(CredentialFormat::SdJwtVc), plainly()).text;
    let others = who_may_ask(&cast.ngo.did_key(), &["*"]);
    for lists in [vec![], vec![others.clone()], vec![others.clone(), who_may_ask("did:web:bank.example", &["*"])]] {
        let asker = Asker::known(request.clone().into(), lists.clone(), Vec::new(), NOW);
        assert_eq!(code(asker), "request.unknown-asker");
        assert_eq!(missing_for_request(request.clone().into(), lists, Vec::new(), NOW).unwrap(), []);
    }

    let asker = Arc::new(Asker::unauthenticated(request.into(), NOW).unwrap());
    let held: Vec<Vec<u8>> = [CredentialFormat::SdJwtVc, CredentialFormat::SdJwt, CredentialFormat::Jwt]
        .into_iter()
        .map(|format| cast.guarantee(format).into())
        .collect();
    let consent = Consent::new(asker, held, NOW).unwrap();
    let screen = consent.screen();
    assert_eq!((screen.asker.is_known, screen.asker.name, screen.asker.subject), (false, None, None));
    assert_eq!(screen.asker.in_words, "We do not know who asks.");
    assert!(screen.shown.is_empty());
    let [unanswered] = &screen.unanswered[..] else { panic!("one credential was asked for") };
    assert_eq!((unanswered.id.as_str(), unanswered.code.as_str()), ("home", "consent.not-public"));
    assert!(!unanswered.message.is_empty() && !unanswered.hint.is_empty());
    let [warning] = &screen.warnings[..] else { panic!("the holder must be warned") };
    assert_eq!((warning.r#type, &warning.id), (WarningType::Unauthenticated, &None));
    assert_eq!(code(answer(Arc::new(consent), signing(&cast.tenant), NOW)), "answer.nothing");
}

#[test]
fn of_several_credentials_the_one_that_cannot_be_read_is_named() {
    let (cast, stranger) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let request = stranger.ask(district(CredentialFormat::SdJwtVc), plainly()).text;
    let asker = Arc::new(Asker::unauthenticated(request.into(), NOW).unwrap());
    let good: Vec<u8> = cast.guarantee(CredentialFormat::SdJwtVc).into();
    let refused = Consent::new(asker, vec![good.clone(), good, b"no credential".to_vec()], NOW);
    let Err(AttestaError::Failed { message, .. }) = refused else { panic!("it was read") };
    assert!(message.starts_with("credential 3: "), "{message}");
}

#[test]
fn somebody_unknown_gets_what_is_public_of_a_licence() {
    let (cast, stranger) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let asked = asking("work", Kind::Licence, CredentialFormat::SdJwtVc, &["/title", "/name"]);
    let request = stranger.ask(Ask::Kinds { credentials: vec![asked] }, plainly());
    let asker = Arc::new(Asker::unauthenticated(request.text.into(), NOW).unwrap());
    let options = for_holder(&cast.tenant, CredentialFormat::SdJwtVc);
    let licence = issue(example_claims(Kind::Licence).unwrap(), options, cast.ngo.clone()).unwrap();
    let screen = Consent::new(asker, vec![licence.into()], NOW).unwrap().screen();
    assert_eq!(screen.shown.iter().map(pointers).collect::<Vec<_>>(), [["/title"]]);
}

#[test]
fn over_asking_is_refused() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["licence"]));
    let request = desk.ask(district(CredentialFormat::SdJwtVc), plainly());
    assert_eq!(code(desk.known(&request.text)), "request.may-not-ask");
    let also = vec![
        asking("work", Kind::Licence, CredentialFormat::SdJwtVc, &["/title"]),
        asking("home", Kind::ProofOfAddress, CredentialFormat::SdJwtVc, &["/name"]),
    ];
    let request = desk.ask(Ask::Kinds { credentials: also }, plainly());
    assert_eq!(code(desk.known(&request.text)), "request.may-not-ask");
    // The first list that knows who asks decides, not one that allows more.
    let lists = vec![desk.list.clone(), who_may_ask(&desk.signer.did_key(), &["*"])];
    assert_eq!(code(Asker::known(request.text.into(), lists, Vec::new(), NOW)), "request.may-not-ask");

    let fishing = asking("work", Kind::Licence, CredentialFormat::SdJwtVc, &["/income"]);
    let refused = create_request(Ask::Kinds { credentials: vec![fishing] }, plainly(), NOW, desk.signer.clone());
    assert_eq!(code(refused), "dcql.path.not-in-kind");
    let fishing = json!({ "credentials": [{
        "id": "work",
        "format": "dc+sd-jwt",
        "meta": { "vct_values": ["https://w3id.org/attesta/vct/licence/1"] },
        "claims": [{ "path": ["income"] }],
    }] });
    let request = desk.ask(Ask::Query { json: fishing.to_string() }, plainly());
    let asker = desk.known(&request.text).unwrap();
    assert_eq!(code(Consent::new(asker, Vec::new(), NOW)), "request.claim-not-in-kind");

    let licence = asking("work", Kind::Licence, CredentialFormat::Jwt, &[]);
    let request = desk.ask(Ask::Kinds { credentials: vec![licence] }, plainly());
    let lists = vec![who_may_ask(&cast.ngo.did_key(), &["*"]), desk.list.clone()];
    let asker = Asker::known(request.text.into(), lists, Vec::new(), NOW).unwrap();
    assert!(asker.describe().is_known, "the second list knows who asks");
}

#[test]
fn a_request_that_was_changed_or_is_late_is_refused() {
    let desk = Desk::that_may_ask_for(&["*"]);
    let request = desk.ask(district(CredentialFormat::SdJwtVc), plainly());
    let other = desk.ask(district_and_name(), plainly());
    let (content, _) = request.text.rsplit_once('.').unwrap();
    let (_, signature) = other.text.rsplit_once('.').unwrap();
    assert_eq!(code(desk.known(&format!("{content}.{signature}"))), "request.signature");
    let late = At::NowIs { unix_seconds: NOON + 600 };
    assert_eq!(
        code(Asker::known(request.text.clone().into(), vec![desk.list.clone()], vec![], late)),
        "request.expired"
    );
    assert_eq!(code(Asker::unauthenticated(request.text.clone().into(), late)), "request.expired");
    for nothing in ["", "{}", "e30.e30.AA", "%PDF-1.7"] {
        assert!(desk.known(nothing).is_err() && Asker::unauthenticated(nothing.into(), NOW).is_err());
    }
    let unsigned = json!({ "client_id": request.client_id, "response_type": "vp_token", "nonce": request.nonce,
        "dcql_query": { "credentials": [{ "id": "a", "format": "vc+jwt", "meta": {} }] } });
    assert_eq!(code(desk.known(&unsigned.to_string())), "request.not-signed");
    assert_eq!(code(Asker::unauthenticated(unsigned.to_string().into(), NOW)), "request.not-signed");
    let never = At::NowIs { unix_seconds: i64::MAX };
    assert_eq!(code(Asker::unauthenticated(request.text.clone().into(), never)), "time.out-of-range");
    let broken = Asker::known(request.text.into(), vec![desk.list.clone(), "[]".to_owned()], vec![], NOW);
    assert!(code(broken).starts_with("trust-list."));
}

#[test]
fn wrong_requests_are_not_written() {
    let desk = Desk::that_may_ask_for(&["*"]);
    let refused = |ask: Ask, options: RequestOptions| code(create_request(ask, options, NOW, desk.signer.clone()));
    let kinds = |credentials| Ask::Kinds { credentials };
    let home = |pointers: &[&str]| asking("home", Kind::ProofOfAddress, CredentialFormat::SdJwtVc, pointers);
    assert_eq!(refused(kinds(Vec::new()), plainly()), "dcql.empty");
    assert_eq!(refused(kinds(vec![home(&["/name"]), home(&["/address"])]), plainly()), "dcql.duplicate-id");
    let unnamed = AskFor { id: "my home".to_owned(), ..home(&["/name"]) };
    assert_eq!(refused(kinds(vec![unnamed]), plainly()), "dcql.id");
    assert!(refused(kinds(vec![home(&["name"])]), plainly()).starts_with("dcql."));
    assert!(refused(Ask::Query { json: "[]".to_owned() }, plainly()).starts_with("json."));
    let good = || district(CredentialFormat::SdJwtVc);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(refused(good(), RequestOptions { valid_seconds: 0, ..plainly() }), "request.member");
    assert_eq!(refused(good(), RequestOptions { state: text("a b"), ..plainly() }), "request.member");
    assert_eq!(
        refused(good(), RequestOptions { response_uri: text("http://bank.example"), ..plainly() }),
        "request.member"
    );
    assert_eq!(
        refused(good(), RequestOptions { dns_name: text("bank.example"), ..plainly() }),
        "request.other-identity"
    );
    let named = |did: &str| RequestOptions { verifier: Some(Identity::Did { did: did.to_owned() }), ..plainly() };
    assert_eq!(refused(good(), named("did:web:bank.example")), "issue.method-needed");
    let other = SoftwareSigner::generate(Algorithm::Es256).unwrap();
    assert_eq!(refused(good(), named(&other.did_key())), "issue.other-key");
    assert_eq!(refused(good(), named("Harbour Bank")), "issue.did");
}

#[test]
fn what_must_be_fetched_to_know_who_asks_is_said() {
    const BANK: &str = "did:web:bank.example";
    let desk = Desk::that_may_ask_for(&[]);
    let method = format!("{BANK}#key-1");
    let options = RequestOptions { verifier: Some(Identity::Did { did: method.clone() }), ..plainly() };
    let request = desk.ask(district(CredentialFormat::SdJwtVc), options).text;
    let lists = vec![who_may_ask(BANK, &["proof-of-address"])];
    let known = |materials| Asker::known(request.clone().into(), lists.clone(), materials, NOW);
    let missing = |materials| missing_for_request(request.clone().into(), lists.clone(), materials, NOW).unwrap();
    assert_eq!(code(known(Vec::new())), "request.key-unavailable");
    let [document] = &missing(Vec::new())[..] else { panic!("the bank's key document is missing") };
    assert_eq!((document.r#type, document.url.as_str()), (ResourceType::Document, BANK));
    let document = |key: &SoftwareSigner, source| Material {
        r#type: ResourceType::Document,
        url: BANK.to_owned(),
        bytes: json!({
            "id": BANK, "authentication": [method],
            "verificationMethod": [{
                "id": method, "type": "JsonWebKey", "controller": BANK, "publicKeyJwk": json(&key.public_jwk()),
            }],
        })
        .to_string()
        .into(),
        obtained: NOON,
        source,
    };
    assert!(known(vec![document(&desk.signer, MaterialSource::Fetched)]).unwrap().describe().is_known);
    assert_eq!(missing(vec![document(&desk.signer, MaterialSource::Fetched)]), []);
    let other = SoftwareSigner::generate(Algorithm::Es256).unwrap();
    assert_eq!(code(known(vec![document(&other, MaterialSource::Fetched)])), "request.signature");
    let hearsay = MaterialSource::Asserted { by: "did:web:somebody.example".to_owned() };
    assert_eq!(code(known(vec![document(&desk.signer, hearsay)])), "request.key-unavailable");
    let broken = Material { bytes: b"{}".to_vec(), ..document(&other, MaterialSource::Fetched) };
    assert!(missing_for_request(request.clone().into(), lists.clone(), vec![broken], NOW).is_err());
}

#[test]
fn a_holder_takes_back_and_adds() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let query = json!({
        "credentials": [
            { "id": "home", "format": "dc+sd-jwt",
              "meta": { "vct_values": ["https://w3id.org/attesta/vct/proof-of-address/1"] },
              "claims": [{ "id": "d", "path": ["address", "district"] }, { "id": "n", "path": ["name"] }],
              "claim_sets": [["d", "n"], ["d"]] },
            { "id": "work", "format": "vc+jwt", "meta": { "type_values": [["LicenceCredential"]] } },
        ],
        "credential_sets": [{ "options": [["home"]] }, { "options": [["work"]], "required": false }],
    });
    let request = desk.ask(Ask::Query { json: query.to_string() }, plainly());
    let licence = issue(
        example_claims(Kind::Licence).unwrap(),
        for_holder(&cast.tenant, CredentialFormat::Jwt),
        cast.ngo.clone(),
    );
    let held = vec![cast.guarantee(CredentialFormat::SdJwtVc).into(), licence.unwrap().into()];
    let first = Consent::new(desk.known(&request.text).unwrap(), held, NOW).unwrap();
    let ids = |consent: &Consent| consent.screen().shown.into_iter().map(|shown| shown.id).collect::<Vec<_>>();
    let home = || "home".to_owned();
    assert_eq!((ids(&first), first.screen().optional), (vec![home()], vec![1]));

    let both = first.with_optional(1).unwrap();
    assert_eq!(ids(&both), ["home", "work"]);
    let warned: Vec<_> = both.screen().warnings.into_iter().map(|warning| (warning.r#type, warning.id)).collect();
    assert_eq!(warned, [(WarningType::ShowsEverything, Some("work".to_owned()))]);
    assert_eq!(code(first.with_optional(0)), "consent.not-shown");
    assert_eq!(code(first.with_optional(u32::MAX)), "consent.not-shown");
    assert_eq!(ids(&first), ["home"], "the first consent has changed");

    let back = both.without("work".to_owned()).unwrap();
    assert_eq!(ids(&back), ["home"]);
    assert_eq!(code(back.without("work".to_owned())), "consent.not-shown");

    let shown =
        |consent: &Consent| pointers(&consent.screen().shown[0]).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let all = shown(&first);
    assert_eq!(code(first.without_claim(home(), "/officer".to_owned())), "consent.not-shown");
    assert_eq!(all, ["/address/district", "/name"], "the most wanted combination is shown");
    let less = back.without_claim(home(), "/name".to_owned()).unwrap();
    assert_eq!(shown(&less), ["/address/district"]);
    assert_eq!(shown(&back), all, "the consent before has changed");
    let answered = answer(Arc::new(less), signing(&cast.tenant), NOW).unwrap();
    let report = cast.bank.verify(answered.json.into(), sent(&request.text), NOW).unwrap();
    assert_eq!(report.outcome(), Outcome::Valid, "{}", report.to_json());
    assert!(!report.accepted()[0].subject_json.contains("陳大文"));
    let nothing = first.without(home()).unwrap();
    assert!(nothing.screen().shown.is_empty());
    assert_eq!(nothing.screen().unanswered.last().map(|one| one.code.clone()).as_deref(), Some("consent.withdrawn"));
    assert_eq!(code(answer(Arc::new(nothing), signing(&cast.tenant), NOW)), "answer.nothing");
}

/// A key that is at hand, and does not sign.
struct Refusing(SignerDescription, Result<Vec<u8>, SignerError>);

impl Signer for Refusing {
    fn describe(&self) -> Result<SignerDescription, SignerError> {
        Ok(self.0.clone())
    }

    fn sign(&self, _: Vec<u8>) -> Result<Vec<u8>, SignerError> {
        self.1.clone()
    }
}

#[test]
fn nobody_answers_without_the_holders_key() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let request = desk.ask(district(CredentialFormat::SdJwtVc), plainly());
    let held = vec![cast.guarantee(CredentialFormat::SdJwtVc).into()];
    let consent = Arc::new(Consent::new(desk.known(&request.text).unwrap(), held, NOW).unwrap());
    let answering = |signers| code(answer(consent.clone(), signers, NOW));
    assert_eq!(answering(Vec::new()), "answer.no-key");
    assert_eq!(answering(vec![cast.ngo.clone(), desk.signer.clone()]), "answer.no-key");
    let own = cast.tenant.describe().unwrap();
    for (signature, expected) in [
        (Err(SignerError::Cancelled), "signer.cancelled"),
        (Err(SignerError::Unavailable), "signer.unavailable"),
        (Err(SignerError::Unexpected), "signer.unexpected"),
        (Ok(vec![7; 64]), "signer.key-mismatch"),
        (Ok(cast.tenant.sign(b"another message".to_vec()).unwrap()), "signer.key-mismatch"),
    ] {
        assert_eq!(answering(vec![Arc::new(Refusing(own.clone(), signature))]), expected);
    }
    let pretending = SignerDescription { public_key: vec![9; 33], ..own };
    assert_eq!(answering(vec![Arc::new(Refusing(pretending, Ok(Vec::new())))]), "key.not-on-curve");
    let late = At::NowIs { unix_seconds: NOON + 600 };
    assert_eq!(code(answer(consent.clone(), signing(&cast.tenant), late)), "request.expired");
    answer(consent, signing(&cast.tenant), NOW).unwrap();
}

#[test]
fn a_consent_takes_credentials_and_nothing_else() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let asker = desk.known(&desk.ask(district(CredentialFormat::SdJwtVc), plainly()).text).unwrap();
    let guarantee = cast.guarantee(CredentialFormat::SdJwtVc);
    let presented = new_request(AUDIENCE.to_owned()).unwrap();
    let presented = present(vec![guarantee.clone().into()], Disclose::Everything, presented, NOW, cast.tenant.clone());
    for something in [String::new(), "{}".to_owned(), "a letter".to_owned(), presented.unwrap()] {
        assert!(Consent::new(asker.clone(), vec![guarantee.clone().into(), something.into()], NOW).is_err());
    }
    let many = vec![guarantee.into(); attesta::limits::HELD_CREDENTIALS + 1];
    assert_eq!(code(Consent::new(asker, many, NOW)), "consent.too-many");
}

#[test]
fn of_a_hundred_threads_with_one_nonce_one_wins() {
    let ledger = NonceLedger::new(1);
    let nonce = new_request(AUDIENCE.to_owned()).unwrap().nonce;
    ledger.issue(nonce.clone(), NOON + 600, NOW).unwrap();
    let redeemed: Vec<Redeemed> = thread::scope(|scope| {
        let redeem = || ledger.redeem(nonce.clone(), NOW).unwrap();
        let threads: Vec<_> = (0..100).map(|_| scope.spawn(redeem)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let count = |what| redeemed.iter().filter(|one| **one == what).count();
    assert_eq!((count(Redeemed::Once), count(Redeemed::Again)), (1, 99));
}

#[test]
fn the_ledger_gives_out_what_can_be_answered_once() {
    let ledger = NonceLedger::new(1);
    let nonce = || new_request(AUDIENCE.to_owned()).unwrap().nonce;
    let first = nonce();
    assert_eq!(code(ledger.issue("AAECAw".to_owned(), NOON + 600, NOW)), "nonce.short");
    assert_eq!(code(ledger.issue(first.clone(), NOON, NOW)), "ledger.expired");
    assert_eq!(code(ledger.issue(first.clone(), i64::MAX, NOW)), "time.out-of-range");
    ledger.issue(first.clone(), NOON + 600, NOW).unwrap();
    assert_eq!(code(ledger.issue(first.clone(), NOON + 600, NOW)), "ledger.duplicate");
    assert_eq!(code(ledger.issue(nonce(), NOON + 600, NOW)), "ledger.full");
    assert_eq!(ledger.redeem(nonce(), NOW).unwrap(), Redeemed::Unknown);
    let late = At::NowIs { unix_seconds: NOON + 600 };
    assert_eq!(ledger.redeem(first, late).unwrap(), Redeemed::Expired);
}

#[test]
fn a_hundred_threads_share_one_consent() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let request = desk.ask(district_and_name(), plainly());
    let held = vec![cast.guarantee(CredentialFormat::SdJwtVc).into()];
    let consent = Arc::new(Consent::new(desk.known(&request.text).unwrap(), held, NOW).unwrap());
    thread::scope(|scope| {
        for number in 0..100 {
            let (cast, consent, request) = (&cast, consent.clone(), &request);
            scope.spawn(move || {
                if number % 2 == 0 {
                    let answer = answer(consent, signing(&cast.tenant), NOW).unwrap();
                    let report = cast.bank.verify(answer.json.into(), sent(&request.text), NOW).unwrap();
                    assert_eq!(report.outcome(), Outcome::Valid);
                } else {
                    let nothing = consent.without_claim("home".to_owned(), "/name".to_owned()).unwrap();
                    assert!(nothing.screen().shown.is_empty());
                    assert_eq!(consent.screen().shown[0].claims.len(), 2);
                }
            });
        }
    });
}

#[test]
fn what_is_printed_says_nothing_of_the_person() {
    let (cast, desk) = (Cast::gather(), Desk::that_may_ask_for(&["*"]));
    let request = desk.ask(district_and_name(), plainly());
    let held = vec![cast.guarantee(CredentialFormat::SdJwtVc).into()];
    let consent = Arc::new(Consent::new(desk.known(&request.text).unwrap(), held, NOW).unwrap());
    let screen = consent.screen();
    assert!(screen.shown[0].claims.iter().any(|claim| claim.value_json.contains("陳大文")));
    let answer = answer(consent.clone(), signing(&cast.tenant), NOW).unwrap();
    let printed = [
        format!("{consent:?}"),
        screen.to_string(),
        screen.shown[0].to_string(),
        screen.shown[0].claims[0].to_string(),
        answer.to_string(),
    ];
    for text in printed {
        assert!(text.contains("..") && !text.contains('陳') && !text.contains("深水埗"), "{text}");
    }
}
