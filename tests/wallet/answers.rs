//! The answer, and what becomes of it at its verifier and at others.

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Salt};
use attesta::encoding::json::Value;
use attesta::error::Explain;
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use attesta::presentation::dcql::Query;
use attesta::presentation::ledger::{MemoryLedger, NonceLedger, Redeemed, fresh_nonce};
use attesta::securing::Format;
use attesta::securing::sd_jwt::SdJwt;
use attesta::time::Date;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Outcome, Policy, Report, verify};
use attesta::wallet::{Answer, AnswerError, Asker, Consent, Held, Warning, answer};

use crate::{Desk, asker, asking, district, issued, now, phone, unknown, unsigned};

fn answered(asker: &Asker, held: &[Held], keys: &[&SoftwareKey]) -> Result<Answer, AnswerError> {
    answer(&Consent::new(asker, held, now()).unwrap(), &|key| find(keys, key), now())
}

fn find<'k>(keys: &[&'k SoftwareKey], wanted: &PublicKey) -> Option<&'k dyn Signer> {
    keys.iter().find(|key| key.public_key() == *wanted).map(|key| *key as &dyn Signer)
}

/// An issuer that everybody trusts, and what it issued to the phone.
struct World {
    issuer: SoftwareKey,
    phone: SoftwareKey,
}

impl World {
    fn new() -> Self {
        Self { issuer: SoftwareKey::generate(KeyType::Ed25519).unwrap(), phone: phone() }
    }

    fn held(&self, kind: Kind, format: Format) -> Held {
        Held::read(issued(kind, format, &self.issuer, &self.phone, 7).as_bytes()).unwrap()
    }

    fn judge(&self, answer: &Answer, audience: &str, nonce: &str, query: Query) -> Report {
        let list = TrustList::new(now(), vec![Entry::new(Issuer::of_key(&self.issuer).id(), ["*"])]).unwrap();
        let expected = Expected::answer(audience, nonce).query(query);
        let answer = Value::Object(answer.to_json()).to_string();
        let policy = Policy::default().trusting(list);
        verify(answer.as_bytes(), &expected, &Materials::none(), &policy, At::Now(now()))
    }
}

#[test]
fn an_answer_of_each_format_is_accepted_by_whoever_asked() {
    let (world, desk) = (World::new(), Desk::new());
    for format in Format::ALL {
        // The issuer's key is of another type than these suites sign with.
        if format.suite().is_some_and(|suite| suite.algorithm(KeyType::Ed25519).is_none()) {
            continue;
        }
        let asked = if format.suite().is_some() { "ldp_vc" } else { format.name() };
        let query = Query::one(asking(Kind::ProofOfAddress, asked, &["/address/district", "/residentSince"]));
        let held = [world.held(Kind::Licence, format), world.held(Kind::ProofOfAddress, format)];
        let asker = desk.known(query.clone());
        let answer = answered(&asker, &held, &[&world.phone]).unwrap();
        assert_eq!(answer.vp_token().keys().collect::<Vec<_>>(), ["proof-of-address"]);
        let report = world.judge(&answer, asker.audience(), &fresh_nonce([7; 32]), query.clone());
        assert_eq!(report.outcome(), Outcome::Valid, "{format}: {:?}", report.reason().map(|check| check.code()));
        // For another verifier, and to another request of the same, it is worth nothing.
        let elsewhere = world.judge(
            &answer,
            "decentralized_identifier:did:web:thief.example",
            &fresh_nonce([7; 32]),
            query.clone(),
        );
        assert_eq!(elsewhere.outcome(), Outcome::Invalid, "{format}");
        let without_prefix = world.judge(&answer, &desk.did, &fresh_nonce([7; 32]), query.clone());
        assert_eq!(without_prefix.outcome(), Outcome::Invalid, "{format}");
        let again = world.judge(&answer, asker.audience(), &fresh_nonce([9; 32]), query);
        assert_eq!(again.outcome(), Outcome::Invalid, "{format}");
    }
}

#[test]
fn what_is_handed_over_says_just_what_the_holder_agreed_to() {
    let (world, desk) = (World::new(), Desk::new());
    let held = [world.held(Kind::ProofOfAddress, Format::SdJwtVc)];
    let answer = answered(&desk.known(district()), &held, &[&world.phone]).unwrap();
    let token = answer.vp_token()["proof-of-address"][0].as_str().unwrap();
    let parsed = SdJwt::parse(token).unwrap();
    assert_eq!(parsed.reveal().unwrap().disclosed, ["/address", "/address/district"]);
    let binding = parsed.key_binding.as_ref().unwrap();
    assert_eq!(binding.audience(), Some(desk.client_id().as_str()));
    assert_eq!(binding.nonce(), Some(fresh_nonce([7; 32]).as_str()));
    assert_eq!(binding.issued_at(), Some(now().unix()));
    binding.jws.verify(world.phone.algorithm(), &world.phone.public_key()).unwrap();
    let shown = Value::Object(answer.to_json()).to_string();
    let name = Kind::ProofOfAddress.example()["name"].as_str().unwrap().to_owned();
    assert!(!shown.contains(&name) && !format!("{answer:?}").contains(token));
}

#[test]
fn a_request_that_was_passed_on_is_answered_to_whoever_signed_it() {
    let (world, desk, relay) = (World::new(), Desk::new(), Desk::new());
    let held = [world.held(Kind::ProofOfAddress, Format::SdJwtVc)];
    // The relay shows the desk's request as its own. The holder's list knows both.
    let list = TrustList::new(now(), vec![crate::entry(&desk.did, &["*"]), crate::entry(&relay.did, &["*"])]).unwrap();
    let asker = asker(&desk.signed(district()), &list).unwrap();
    let answer = answered(&asker, &held, &[&world.phone]).unwrap();
    let at = |desk: &Desk| world.judge(&answer, desk.client_id().as_str(), &fresh_nonce([7; 32]), district()).outcome();
    assert_eq!((at(&desk), at(&relay)), (Outcome::Valid, Outcome::Invalid));
}

#[test]
fn a_copied_answer_counts_once() {
    let (world, desk) = (World::new(), Desk::new());
    let ledger = MemoryLedger::new(16);
    let nonce = fresh_nonce([7; 32]);
    ledger.issue(&nonce, now().plus_seconds(300), now()).unwrap();
    let held = [world.held(Kind::ProofOfAddress, Format::SdJwtVc)];
    let answer = answered(&desk.known(district()), &held, &[&world.phone]).unwrap();
    // Both copies are as genuine as can be: only the ledger tells them apart.
    for expected in [Redeemed::Once, Redeemed::Again] {
        let report = world.judge(&answer, desk.client_id().as_str(), &nonce, district());
        assert_eq!((report.outcome(), ledger.redeem(&nonce, now())), (Outcome::Valid, expected));
    }
}

#[test]
fn each_credential_is_signed_with_its_own_key() {
    let (world, desk, other) = (World::new(), Desk::new(), phone());
    let licence = Held::read(issued(Kind::Licence, Format::Jwt, &world.issuer, &other, 7).as_bytes()).unwrap();
    let held = [world.held(Kind::ProofOfAddress, Format::SdJwtVc), licence];
    let query = Query::all([
        asking(Kind::ProofOfAddress, "dc+sd-jwt", &["/address/district"]),
        asking(Kind::Licence, "vc+jwt", &[]),
    ]);
    let asker = desk.known(query.clone());
    let answer = answered(&asker, &held, &[&other, &world.phone]).unwrap();
    let report = world.judge(&answer, asker.audience(), &fresh_nonce([7; 32]), query);
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason().map(|check| check.code()));

    let refused = |keys: &[&SoftwareKey]| answered(&asker, &held, keys).unwrap_err().code();
    assert_eq!(refused(&[&world.phone]), "answer.no-key");
    assert_eq!(refused(&[&other]), "answer.no-key");
    let consent = Consent::new(&asker, &held, now()).unwrap();
    let wrong = answer_with(&consent, &other);
    assert_eq!(wrong.unwrap_err().code(), "answer.other-key");
}

/// With this signer, whatever key is asked for.
fn answer_with(consent: &Consent<'_>, key: &SoftwareKey) -> Result<Answer, AnswerError> {
    answer(consent, &|_| Some(key), now())
}

#[test]
fn there_is_no_answer_where_nothing_is_shown_or_the_time_is_over() {
    let (world, desk) = (World::new(), Desk::new());
    let held = [world.held(Kind::ProofOfAddress, Format::SdJwtVc)];
    let asker = desk.known(district());
    let refused = |held: &[Held]| answered(&asker, held, &[&world.phone]).unwrap_err().code();
    assert_eq!(refused(&[]), "answer.nothing");
    assert_eq!(refused(&[world.held(Kind::Licence, Format::SdJwtVc)]), "answer.nothing");
    let consent = Consent::new(&asker, &held, now()).unwrap();
    let keys = [&world.phone];
    let late = answer(&consent, &|key| find(&keys, key), now().plus_seconds(300)).unwrap_err();
    assert_eq!(late.code(), "request.expired");
    let withdrawn = consent.without("proof-of-address").unwrap();
    assert_eq!(answer_with(&withdrawn, &world.phone).unwrap_err().code(), "answer.nothing");
    assert_eq!(answered(&unknown(district()), &held, &keys).unwrap_err().code(), "answer.nothing");
}

#[test]
fn somebody_unknown_gets_an_answer_that_is_of_no_use_to_others() {
    let world = World::new();
    let held = [world.held(Kind::Licence, Format::SdJwtVc)];
    let query = Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/title", "/name"]));
    let bytes = unsigned(query);
    let asker = Asker::unauthenticated(bytes.as_bytes(), At::Now(now())).unwrap();
    let answer = answered(&asker, &held, &[&world.phone]).unwrap();
    assert_eq!(answer.response_uri(), Some("https://stall.example/answers"));
    let token = answer.vp_token()["licence"][0].as_str().unwrap();
    let parsed = SdJwt::parse(token).unwrap();
    assert_eq!(parsed.reveal().unwrap().disclosed, ["/title"]);
    let audience = "redirect_uri:https://stall.example/answers";
    assert_eq!(parsed.key_binding.unwrap().audience(), Some(audience));
    let title = Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/title"]));
    let judge = |audience| world.judge(&answer, audience, &fresh_nonce([8; 32]), title.clone()).outcome();
    assert_eq!((judge(audience), judge("redirect_uri:https://desk.example")), (Outcome::Valid, Outcome::Invalid));
}

#[test]
fn a_credential_that_is_bound_to_nobody_is_shown_with_a_warning() {
    let (world, desk) = (World::new(), Desk::new());
    let issuer = Issuer::of_key(&world.issuer);
    let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example()).unwrap();
    let day = Date::new(2026, 11, 18).unwrap();
    let draft = Credential::of(claims, issuer.id(), day, 7, Salt::random().unwrap()).unwrap();
    let held = [Held::read(issuer.secure(&draft, Format::SdJwtVc).unwrap().as_bytes()).unwrap()];
    let bound = desk.known(Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/title"])));
    assert_eq!(answered(&bound, &held, &[&world.phone]).unwrap_err().code(), "answer.nothing");

    let query = Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/title"]).without_holder_binding());
    let request = desk.request(query).state(fresh_nonce([3; 32]));
    let asker = asker(&desk.sign(&request), &desk.may_ask(&["licence"])).unwrap();
    let consent = Consent::new(&asker, &held, now()).unwrap();
    assert_eq!(consent.warnings(), [Warning::NotBound { id: "licence".to_owned() }]);
    let answer = answer(&consent, &|_| None, now()).unwrap();
    assert_eq!(answer.state(), Some(fresh_nonce([3; 32]).as_str()));
    let token = answer.vp_token()["licence"][0].as_str().unwrap();
    assert!(SdJwt::parse(token).unwrap().key_binding.is_none());
}

#[test]
fn a_form_is_written_so_that_no_value_leaves_its_place() {
    let (world, desk) = (World::new(), Desk::new());
    let held = [world.held(Kind::ProofOfAddress, Format::SdJwtVc)];
    let request = desk.request(district()).state("a.b-c_d~e").posted_to("https://desk.example/post");
    let asker = asker(&desk.sign(&request), &desk.may_ask(&["*"])).unwrap();
    let answer = answered(&asker, &held, &[&world.phone]).unwrap();
    assert_eq!(answer.response_uri(), Some("https://desk.example/post"));
    let form = answer.to_form();
    let (token, state) = form.strip_prefix("vp_token=").unwrap().split_once('&').unwrap();
    assert_eq!(state, "state=a.b-c_d%7Ee");
    assert!(token.starts_with("%7B%22proof-of-address%22%3A%5B%22ey") && token.ends_with("%22%5D%7D"));
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%-._".contains(&byte)));
}
