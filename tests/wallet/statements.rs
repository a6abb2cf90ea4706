//! Statements of `ecdsa-sd-2023` in an answer: what is shown, what cannot be hidden, and what somebody makes of it.

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::json::{self, Map, Value};
use attesta::error::Explain;
use attesta::issuer::Issuer;
use attesta::jsonld::{Contexts, Embedded, GivenContexts};
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use attesta::presentation::dcql::{ClaimQuery, CredentialQuery, Path, Query, Step};
use attesta::presentation::ledger::fresh_nonce;
use attesta::presentation::{Disclose, Request, derive, present};
use attesta::securing::Format;
use attesta::securing::data_integrity::sd::{Prepared, Secrets};
use attesta::securing::data_integrity::{self, ProofOptions, Suite};
use attesta::time::Date;
use attesta::trust::{Entry, PinnedContext, TrustList};
use attesta::verify::{At, Code, Expected, Material, Materials, Outcome, Policy, Report, Resource, Source, verify};
use attesta::wallet::{Answer, Asker, Consent, Held, Refusal, Warning, answer};
use serde_json::json;

use crate::{Desk, asking, issued, now, phone, unknown};

const ADDRESS: Kind = Kind::ProofOfAddress;
const DISTRICT: &str = "/credentialSubject/address/district";
const STREET: &str = "/credentialSubject/address/street";
const COUNTRY: &str = "/credentialSubject/address/country";

/// A centre that signs statements, and what it issued to the phone.
struct World {
    issuer: SoftwareKey,
    phone: SoftwareKey,
    desk: Desk,
}

impl World {
    fn new() -> Self {
        Self { issuer: phone(), phone: phone(), desk: Desk::new() }
    }

    /// The issuer's copy for its holder, in which this is mandatory beside what every verifier needs.
    fn base(&self, kind: Kind, mandatory: &[&str]) -> String {
        let issuer = Issuer::of_key(&self.issuer);
        let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
        let day = Date::new(2026, 11, 18).unwrap();
        let draft = Credential::of(claims, issuer.id(), day, 7, Salt::random().unwrap()).unwrap();
        let draft = draft.holder(Holder::Key(self.phone.public_key()));
        let draft = mandatory.iter().fold(draft, |draft, pointer| draft.mandatory(pointer));
        issuer.secure(&draft, Format::EcdsaSd2023).unwrap()
    }

    fn held(&self, kind: Kind, mandatory: &[&str]) -> Held {
        Held::read(self.base(kind, mandatory).as_bytes()).unwrap()
    }

    fn policy(&self) -> Policy {
        Policy::default().trusting(TrustList::new(now(), vec![Entry::new(self.issuer_id(), ["*"])]).unwrap())
    }

    fn issuer_id(&self) -> String {
        Issuer::of_key(&self.issuer).id().to_owned()
    }

    fn answered(&self, asker: &Asker, held: &[Held]) -> Answer {
        answer(&Consent::new(asker, held, now()).unwrap(), &|key| self.signer(key), now()).unwrap()
    }

    fn signer(&self, wanted: &PublicKey) -> Option<&dyn Signer> {
        (self.phone.public_key() == *wanted).then_some(&self.phone as &dyn Signer)
    }

    /// What whoever asked this makes of an answer.
    fn judge(&self, answer: &Value, query: Query) -> Report {
        let expected = Expected::of(&self.desk.request(query));
        verify(answer.to_string().as_bytes(), &expected, &Materials::none(), &self.policy(), At::Now(now()))
    }

    /// What it makes of a credential that a phone presents under the id of its query.
    fn judge_shown(&self, by: &SoftwareKey, credential: &str, query: Query) -> Report {
        let id = query.credentials[0].id.clone();
        let audience = self.desk.client_id();
        let request = Request { audience: audience.as_str(), nonce: &fresh_nonce([7; 32]), now: now() };
        let shown = present(&[credential.as_bytes()], Disclose::Everything, &request, by).unwrap();
        let shown: Value = serde_json::from_str(&shown).unwrap();
        self.judge(&json!({ "vp_token": { id: [shown] } }), query)
    }
}

fn district() -> Query {
    Query::one(asking(ADDRESS, "ldp_vc", &["/address/district"]))
}

/// The one claim at this path, of the kind of address.
fn path(steps: &[Step]) -> Query {
    Query::one(asking(ADDRESS, "ldp_vc", &[]).asking(ClaimQuery::new(Path::new(steps.iter().cloned()))))
}

fn in_json(answer: &Answer) -> Value {
    Value::Object(answer.to_json())
}

/// The credential in the answer.
fn credential(answer: &Answer, id: &str) -> Value {
    answer.vp_token()[id][0]["verifiableCredential"][0].clone()
}

fn screen(consent: &Consent<'_>) -> Vec<(String, Value)> {
    let [shown] = consent.shown() else { panic!("{:?}", consent.unanswered()) };
    shown.claims().iter().map(|claim| (claim.pointer().to_owned(), claim.value().clone())).collect()
}

fn reasons(consent: &Consent<'_>) -> Vec<&'static str> {
    assert!(consent.shown().is_empty());
    consent.unanswered().iter().map(|unanswered| unanswered.reason.code()).collect()
}

/// Each single value in it, with the pointer that it has there.
fn leaves(value: &Value, at: &str) -> Vec<(String, Value)> {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().flat_map(|(name, value)| leaves(value, &format!("{at}/{name}"))).collect()
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().flat_map(|(index, value)| leaves(value, &format!("{at}/{index}"))).collect()
        }
        single => vec![(at.to_owned(), single.clone())],
    }
}

fn codes(report: &Report) -> Vec<Code> {
    let bad = |code: Code| !matches!(code, Code::NotReached | Code::NotApplicable | Code::Ok | Code::OkDetail);
    let checks = report.credentials().iter().flat_map(|credential| credential.checks());
    checks.map(|check| check.code()).filter(|code| bad(*code)).collect()
}

#[test]
fn just_what_is_asked_for_and_what_is_mandatory_is_shown() {
    let world = World::new();
    let held = [world.held(Kind::Licence, &[]), world.held(ADDRESS, &[COUNTRY])];
    let asker = world.desk.known(district());
    let consent = Consent::new(&asker, &held, now()).unwrap();
    let example = ADDRESS.example();
    let expected = [
        (COUNTRY.to_owned(), example["address"]["country"].clone()),
        (DISTRICT.to_owned(), example["address"]["district"].clone()),
    ];
    assert_eq!(screen(&consent), expected);
    assert_eq!(consent.shown()[0].position(), 1);
    // The country was not asked for, and cannot be hidden.
    assert_eq!(consent.warnings(), [Warning::ShowsMore { id: ADDRESS.name().to_owned() }]);
    let code = |pointer: &str| {
        let consent = Consent::new(&asker, &held, now()).unwrap();
        consent.without_claim(ADDRESS.name(), pointer).map_or_else(|error| error.code(), |_| "taken back")
    };
    assert_eq!((code(COUNTRY), code(DISTRICT)), ("consent.not-separable", "taken back"));
    assert_eq!((code(STREET), code("/credentialSubject/address")), ("consent.not-shown", "consent.not-separable"));

    let answer = world.answered(&asker, &held);
    let handed = credential(&answer, ADDRESS.name());
    // All that is said of the subject stands on the screen, but its key and its records' types.
    let said = leaves(&handed["credentialSubject"], "/credentialSubject");
    let said: Vec<_> =
        said.into_iter().filter(|(at, _)| at != "/credentialSubject/id" && !at.ends_with("/type")).collect();
    assert_eq!(said, expected);
    let members: Vec<&String> = handed.as_object().unwrap().keys().collect();
    let always = ["@context", "credentialSubject", "id", "issuer", "proof", "salt", "type", "validFrom", "validUntil"];
    assert!(members.iter().all(|name| always.contains(&name.as_str())), "{members:?}");
    let presentation = &answer.vp_token()[ADDRESS.name()][0];
    assert_eq!(presentation["proof"]["domain"], world.desk.client_id().as_str());
    assert_eq!(presentation["proof"]["challenge"], fresh_nonce([7; 32]));
    assert_eq!(presentation["proof"]["proofPurpose"], "authentication");
    assert_eq!(presentation["proof"]["cryptosuite"], "ecdsa-rdfc-2019");

    let report = world.judge(&in_json(&answer), district());
    assert_eq!(report.outcome(), Outcome::Valid, "{:?}", codes(&report));
    assert_eq!(report.credentials()[0].format(), Some(Format::EcdsaSd2023));
    for kept in ["name", "birthDate"] {
        let secret = example.get(kept).and_then(Value::as_str);
        assert!(secret.is_none_or(|secret| !in_json(&answer).to_string().contains(secret)), "{kept}");
    }
}

#[test]
fn nothing_is_shown_but_what_each_request_needs() {
    let world = World::new();
    let held = [world.held(ADDRESS, &[])];
    let shown = |query: Query| {
        let asker = world.desk.known(query.clone());
        let consent = Consent::new(&asker, &held, now()).unwrap();
        let pointers: Vec<String> = screen(&consent).into_iter().map(|(pointer, _)| pointer).collect();
        let report = world.judge(&in_json(&world.answered(&asker, &held)), query);
        assert_eq!(report.outcome(), Outcome::Valid, "{:?}", codes(&report));
        (pointers, consent.warnings().len())
    };
    // No claim at all.
    assert_eq!(shown(Query::one(asking(ADDRESS, "ldp_vc", &[]))), (vec![], 0));
    assert_eq!(shown(district()), (vec![DISTRICT.to_owned()], 0));
    // By its cryptosuite, too.
    let by_suite = Query::one(asking(ADDRESS, "ecdsa-sd-2023", &["/residentSince"]));
    assert_eq!(shown(by_suite), (vec!["/credentialSubject/residentSince".to_owned()], 0));
    // A record is all of it, an item of a list that item.
    let whole = shown(Query::one(asking(ADDRESS, "ldp_vc", &["/address"]))).0;
    assert!(whole.len() > 2 && whole.iter().all(|pointer| pointer.starts_with("/credentialSubject/address/")));
    let item = path(&["credentialSubject".into(), "knownBy".into(), Step::Index(1)]);
    assert_eq!(shown(item), (vec!["/credentialSubject/knownBy/1".to_owned()], 0));
    // Of what comes along with every object nobody can choose a part, and asking for it adds nothing.
    for steps in [
        vec![Step::from("type"), Step::Index(1)],
        vec![Step::from("type"), Step::All],
        vec!["@context".into(), Step::Index(0)],
        vec!["@context".into()],
        vec!["credentialSubject".into(), "id".into()],
        vec!["issuer".into()],
    ] {
        assert_eq!(shown(path(&steps)), (vec![], 0), "{steps:?}");
    }
}

#[test]
fn what_the_credential_does_not_say_is_not_answered() {
    let world = World::new();
    let held = [world.held(ADDRESS, &[])];
    let refused = |query: Query| {
        let asker = world.desk.known(query);
        reasons(&Consent::new(&asker, &held, now()).unwrap())
    };
    let absent = ADDRESS.places().into_iter().find(|place| {
        let example = Value::Object(ADDRESS.example());
        example.pointer(place).is_none()
    });
    let absent = absent.unwrap();
    assert_eq!(refused(Query::one(asking(ADDRESS, "ldp_vc", &[&absent]))), ["dcql.unmet.claim"], "{absent}");
    assert_eq!(refused(path(&["credentialSubject".into(), "knownBy".into(), Step::Index(30)])), ["dcql.unmet.claim"]);
    // The proof is the holder's secret, and no claim.
    assert_eq!(refused(path(&["proof".into(), "proofValue".into()])), ["dcql.unmet.claim"]);
    assert_eq!(refused(Query::one(asking(Kind::Licence, "ldp_vc", &["/title"]))), ["dcql.unmet.type"]);
    assert_eq!(refused(Query::one(asking(ADDRESS, "eddsa-rdfc-2022", &["/address/district"]))), ["dcql.unmet.format"]);
    let value = ClaimQuery::new(Path::new(["credentialSubject", "address", "district"])).value("Peak");
    assert_eq!(refused(Query::one(asking(ADDRESS, "ldp_vc", &[]).asking(value))), ["dcql.unmet.value"]);
}

#[test]
fn a_claim_that_was_taken_back_is_not_shown_with_what_it_stands_in() {
    let (world, id) = (World::new(), ADDRESS.name());
    let (issuer, holder) = (&world.issuer, &world.phone);
    let token = Held::read(issued(ADDRESS, Format::SdJwtVc, issuer, holder, 7).as_bytes()).unwrap();
    for (held, format, street) in
        [(world.held(ADDRESS, &[]), "ldp_vc", STREET), (token, "dc+sd-jwt", "/address/street")]
    {
        let asker = world.desk.known(Query::one(asking(ADDRESS, format, &["/address"])));
        let held = [held];
        let consent = Consent::new(&asker, &held, now()).unwrap();
        assert!(screen(&consent).iter().any(|(pointer, _)| pointer == street));
        let consent = consent.without_claim(id, street).unwrap();
        assert_eq!(reasons(&consent), ["consent.withdrawn"], "{format}");
    }

    // Where another combination will do, that one is shown.
    let claim = |id: &str, steps: &[&str]| ClaimQuery::new(Path::new(steps.iter().copied())).id(id);
    let query = asking(ADDRESS, "ldp_vc", &[])
        .asking(claim("name", &["credentialSubject", "name"]))
        .asking(claim("district", &["credentialSubject", "address", "district"]))
        .claim_set(&["name", "district"])
        .claim_set(&["district"]);
    let asker = world.desk.known(Query::one(query));
    let held = [world.held(ADDRESS, &[])];
    let consent = Consent::new(&asker, &held, now()).unwrap();
    assert_eq!(screen(&consent).len(), 2);
    let consent = consent.without_claim(id, "/credentialSubject/name").unwrap();
    assert_eq!(screen(&consent).into_iter().map(|(pointer, _)| pointer).collect::<Vec<_>>(), [DISTRICT]);
}

#[test]
fn an_answer_counts_for_one_request_of_one_party() {
    let world = World::new();
    let answer = in_json(&world.answered(&world.desk.known(district()), &[world.held(ADDRESS, &[])]));
    assert_eq!(world.judge(&answer, district()).outcome(), Outcome::Valid);
    let client = world.desk.client_id();
    let elsewhere = Desk::new().client_id();
    for (audience, nonce) in [(client.as_str(), fresh_nonce([9; 32])), (elsewhere.as_str(), fresh_nonce([7; 32]))] {
        let expected = Expected::answer(audience, &nonce).query(district());
        let report =
            verify(answer.to_string().as_bytes(), &expected, &Materials::none(), &world.policy(), At::Now(now()));
        assert_eq!(report.outcome(), Outcome::Invalid, "{audience}");
    }
    // Under another name, and twice.
    let presentation = answer["vp_token"][ADDRESS.name()][0].clone();
    let renamed = json!({ "vp_token": { "licence": [presentation] } });
    let twice = json!({ "vp_token": { ADDRESS.name(): [presentation, presentation] } });
    for changed in [renamed, twice] {
        let report = world.judge(&changed, district());
        assert_eq!(report.outcome(), Outcome::Invalid);
        assert!(codes(&report).contains(&Code::DisclosureNotAnswered), "{:?}", codes(&report));
    }
}

#[test]
fn what_was_derived_for_less_or_for_another_is_refused() {
    let world = World::new();
    let base = world.base(ADDRESS, &[COUNTRY]);
    let copy = |pointers: &[&str]| derive(base.as_bytes(), Disclose::Only(pointers)).unwrap();
    let judged = |by: &SoftwareKey, credential: &str| world.judge_shown(by, credential, district());
    assert_eq!(judged(&world.phone, &copy(&[DISTRICT])).outcome(), Outcome::Valid);

    // Less than the query asks, although all that is there is genuine.
    for less in [&[][..], &[STREET]] {
        let report = judged(&world.phone, &copy(less));
        assert_eq!((report.outcome(), codes(&report)), (Outcome::Invalid, vec![Code::DisclosureNotAnswered]));
    }
    // Of another kind than asked for.
    let licence = derive(world.base(Kind::Licence, &[]).as_bytes(), Disclose::Everything).unwrap();
    assert!(codes(&judged(&world.phone, &licence)).contains(&Code::DisclosureNotAnswered));
    // Presented by a key that it was not issued to.
    let thief = phone();
    let audience = world.desk.client_id();
    let request = Request { audience: audience.as_str(), nonce: &fresh_nonce([7; 32]), now: now() };
    let refused = present(&[copy(&[DISTRICT]).as_bytes()], Disclose::Everything, &request, &thief).unwrap_err();
    assert_eq!(refused.code(), "present.other-holder");
    let own = world.answered(&world.desk.known(district()), &[world.held(ADDRESS, &[])]);
    let presentation = own.vp_token()[ADDRESS.name()][0].as_object().unwrap().clone();
    let report = world.judge(&resigned(presentation, &thief, &world.desk), district());
    assert_eq!(report.outcome(), Outcome::Invalid, "{:?}", codes(&report));
    // Another's credential in one's own presentation.
    let mut presentation = own.vp_token()[ADDRESS.name()][0].as_object().unwrap().clone();
    let theirs = issued(ADDRESS, Format::EcdsaSd2023, &world.issuer, &phone(), 7);
    let theirs = derive(theirs.as_bytes(), Disclose::Only(&[DISTRICT])).unwrap();
    presentation["verifiableCredential"][0] = serde_json::from_str(&theirs).unwrap();
    let report = world.judge(&resigned(presentation, &world.phone, &world.desk), district());
    assert!(codes(&report).contains(&Code::BindingOtherKey), "{:?}", codes(&report));
}

/// The presentation with another holder, who signs it for the desk's request.
fn resigned(mut presentation: Map, by: &SoftwareKey, desk: &Desk) -> Value {
    let issuer = Issuer::of_key(by);
    presentation.remove("proof");
    presentation.insert("holder".to_owned(), issuer.id().into());
    let (client, nonce) = (desk.client_id(), fresh_nonce([7; 32]));
    let options = ProofOptions {
        domain: Some(client.as_str()),
        challenge: Some(&nonce),
        ..ProofOptions::new(issuer.method(), "authentication")
    };
    let signed = data_integrity::sign(presentation, Suite::EcdsaRdfc2019, &options, &Embedded, by).unwrap();
    json!({ "vp_token": { ADDRESS.name(): [signed] } })
}

#[test]
fn what_was_changed_after_it_was_derived_is_refused() {
    let world = World::new();
    let base = world.base(ADDRESS, &[COUNTRY]);
    let copy = |pointers: &[&str]| -> Value {
        serde_json::from_str(&derive(base.as_bytes(), Disclose::Only(pointers)).unwrap()).unwrap()
    };
    let judged = |credential: &Value| world.judge_shown(&world.phone, &credential.to_string(), district());
    let honest = copy(&[DISTRICT]);
    assert_eq!(judged(&honest).outcome(), Outcome::Valid);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut copy = honest.clone();
        change(&mut copy);
        let report = judged(&copy);
        assert_eq!(report.outcome(), Outcome::Invalid);
        codes(&report)
    };
    let take = |copy: &mut Value, at: &str, name: &str| {
        assert!(copy.pointer_mut(at).unwrap().as_object_mut().unwrap().remove(name).is_some(), "{name}");
    };
    // What is mandatory is taken away, what is shown changed, or something added to it.
    for at in ["validUntil", "validFrom"] {
        assert!(changed(&|copy| take(copy, "", at)).contains(&Code::ProofMismatch), "{at}");
    }
    assert!(changed(&|copy| take(copy, "/credentialSubject/address", "country")).contains(&Code::ProofMismatch));
    assert!(
        changed(&|copy| copy["credentialSubject"]["address"]["district"] = "Peak".into())
            .contains(&Code::ProofMismatch)
    );
    assert!(changed(&|copy| copy["credentialSubject"]["name"] = "Somebody else".into()).contains(&Code::ProofMismatch));
    // A statement of another credential of the same issuer and holder, with that one's signatures or its own.
    let other: Value = {
        let other = derive(world.base(ADDRESS, &[COUNTRY]).as_bytes(), Disclose::Only(&[DISTRICT, STREET])).unwrap();
        serde_json::from_str(&other).unwrap()
    };
    let street = other["credentialSubject"]["address"]["street"].clone();
    assert!(
        changed(&|copy| copy["credentialSubject"]["address"]["street"] = street.clone()).contains(&Code::ProofMismatch)
    );
    assert!(changed(&|copy| copy["proof"] = other["proof"].clone()).contains(&Code::ProofMismatch));
    // The issuer's own copy, by somebody who does not know better.
    let given: Value = serde_json::from_str(&base).unwrap();
    let honest = world.answered(&world.desk.known(district()), &[world.held(ADDRESS, &[])]);
    let mut presentation = in_json(&honest)["vp_token"][ADDRESS.name()][0].as_object().unwrap().clone();
    presentation["verifiableCredential"][0] = given;
    let report = world.judge(&resigned(presentation, &world.phone, &world.desk), district());
    assert_eq!(report.outcome(), Outcome::Invalid);
    assert!(codes(&report).contains(&Code::ProofForHolder), "{:?}", codes(&report));
}

#[test]
fn what_the_issuer_forgot_to_make_mandatory_is_found() {
    // The end was the holder's to choose: an issuer of ours makes it mandatory.
    let world = World::new();
    let base: Value = serde_json::from_str(&world.base(ADDRESS, &[])).unwrap();
    let mut document = base.as_object().unwrap().clone();
    let mut options = document.remove("proof").unwrap().as_object().unwrap().clone();
    options.remove("proofValue");
    let sign = |mandatory: &[&str]| {
        let secrets = Secrets::random().unwrap();
        let prepared = Prepared::new(document.clone(), options.clone(), mandatory, secrets, &Embedded).unwrap();
        Value::Object(prepared.sign(&world.issuer).unwrap()).to_string()
    };
    let asker = world.desk.known(district());
    let judged = |base: &str| {
        let held = [Held::read(base.as_bytes()).unwrap()];
        world.judge(&in_json(&world.answered(&asker, &held)), district())
    };
    let report = judged(&sign(&["/issuer", "/validFrom", "/credentialSubject/id"]));
    assert_ne!(report.outcome(), Outcome::Valid);
    // Issuer and dates, which every screen says.
    let held = [Held::read(sign(&["/credentialSubject/id"]).as_bytes()).unwrap()];
    let handed = credential(&world.answered(&asker, &held), ADDRESS.name());
    for name in ["issuer", "validFrom", "validUntil"] {
        assert_eq!(handed[name], document[name], "{name}");
    }
    // Whoever it was issued to is shown although nothing makes it so, as the answer would be worth nothing without.
    let held = [Held::read(sign(&["/issuer", "/validFrom", "/validUntil"]).as_bytes()).unwrap()];
    let none = world.desk.known(Query::one(asking(ADDRESS, "ldp_vc", &[])));
    let handed = credential(&world.answered(&none, &held), ADDRESS.name());
    assert_eq!(handed["credentialSubject"]["id"], document["credentialSubject"]["id"]);
    assert_eq!(
        handed["credentialSubject"].as_object().unwrap().len(),
        1 + usize::from(document["credentialSubject"].get("type").is_some())
    );
    assert_eq!(codes(&judged(&sign(&["/issuer", "/validFrom", "/validUntil"]))), [Code::DisclosureOfFixed]);
}

#[test]
fn a_credential_that_was_changed_is_not_shown() {
    let world = World::new();
    let mut base: Value = serde_json::from_str(&world.base(ADDRESS, &[])).unwrap();
    base["credentialSubject"]["address"]["district"] = "Peak".into();
    let held = [Held::read(base.to_string().as_bytes()).unwrap()];
    let asker = world.desk.known(district());
    let consent = Consent::new(&asker, &held, now()).unwrap();
    assert_eq!(reasons(&consent), ["ecdsa-sd.changed"]);
    assert!(matches!(consent.unanswered()[0].reason, Refusal::Statements(_)));
    // A member that nobody defined, and one that is gone.
    let mut base: Value = serde_json::from_str(&world.base(ADDRESS, &[])).unwrap();
    base["credentialSubject"]["shoeSize"] = 43.into();
    let held = [Held::read(base.to_string().as_bytes()).unwrap()];
    assert_eq!(reasons(&Consent::new(&asker, &held, now()).unwrap()), ["json-ld.undefined-term"]);
    let mut base: Value = serde_json::from_str(&world.base(ADDRESS, &[])).unwrap();
    base["credentialSubject"].as_object_mut().unwrap().remove("name");
    let held = [Held::read(base.to_string().as_bytes()).unwrap()];
    assert_eq!(reasons(&Consent::new(&asker, &held, now()).unwrap()), ["ecdsa-sd.changed"]);
    let mut base: Value = serde_json::from_str(&world.base(ADDRESS, &[])).unwrap();
    base.as_object_mut().unwrap().remove("validUntil");
    // It is among what is mandatory.
    assert_eq!(Held::read(base.to_string().as_bytes()).map(drop).unwrap_err().code(), "ecdsa-sd.pointer-unknown");
}

#[test]
fn a_copy_that_was_derived_is_shown_whole_or_not_at_all() {
    let world = World::new();
    let copy = derive(world.base(ADDRESS, &[COUNTRY]).as_bytes(), Disclose::Only(&[DISTRICT])).unwrap();
    let held = [Held::read(copy.as_bytes()).unwrap()];
    assert!(!held[0].hides_claims());
    let asker = world.desk.known(district());
    let consent = Consent::new(&asker, &held, now()).unwrap();
    assert_eq!(screen(&consent).len(), 2);
    assert_eq!(consent.warnings(), [Warning::ShowsEverything { id: ADDRESS.name().to_owned() }]);
    assert_eq!(world.judge(&in_json(&world.answered(&asker, &held)), district()).outcome(), Outcome::Valid);
    let name = world.desk.known(Query::one(asking(ADDRESS, "ldp_vc", &["/name"])));
    assert_eq!(reasons(&Consent::new(&name, &held, now()).unwrap()), ["dcql.unmet.claim"]);
    // What can hide the rest is preferred, wherever it stands.
    let whole = derive(world.base(ADDRESS, &[]).as_bytes(), Disclose::Everything).unwrap();
    let held = [Held::read(whole.as_bytes()).unwrap(), world.held(ADDRESS, &[])];
    assert_eq!(Consent::new(&asker, &held, now()).unwrap().shown()[0].position(), 1);
}

#[test]
fn what_only_the_holder_may_have_never_leaves() {
    let world = World::new();
    let base: Value = serde_json::from_str(&world.base(ADDRESS, &[])).unwrap();
    let secret = base["proof"]["proofValue"].as_str().unwrap();
    // Beside another proof, in either order, and alone in a list.
    let mut document = base.as_object().unwrap().clone();
    let proof = document.remove("proof").unwrap();
    let issuer = Issuer::of_key(&world.issuer);
    let options = ProofOptions::new(issuer.method(), "assertionMethod");
    let signed = data_integrity::sign(document, Suite::EcdsaJcs2019, &options, &Embedded, &world.issuer).unwrap();
    let whole = signed["proof"].clone();
    let asker = world.desk.known(district());
    for proofs in [json!([proof, whole]), json!([whole, proof]), json!([proof])] {
        let mut both = signed.clone();
        both.insert("proof".to_owned(), proofs);
        let held = [Held::read(Value::Object(both).to_string().as_bytes()).unwrap()];
        assert_eq!((held[0].format(), held[0].hides_claims()), ("ecdsa-sd-2023", true));
        let answer = world.answered(&asker, &held);
        assert!(!in_json(&answer).to_string().contains(&secret[..40]));
        assert_eq!(world.judge(&in_json(&answer), district()).outcome(), Outcome::Valid);
    }
    // One that cannot be read, or is of no suite that is known, is not handed on beside another either.
    let mut nameless = proof.clone();
    nameless.as_object_mut().unwrap().remove("verificationMethod");
    let mut other = proof.clone();
    other["cryptosuite"] = "bbs-2023".into();
    for (broken, code) in [(nameless, "data-integrity.member"), (other, "held.unsupported")] {
        for proofs in [json!([whole, broken]), json!([broken]), broken] {
            let mut both = signed.clone();
            both.insert("proof".to_owned(), proofs);
            let text = Value::Object(both).to_string();
            assert_eq!(Held::read(text.as_bytes()).map(drop).unwrap_err().code(), code);
            if code == "data-integrity.member" {
                let refused = derive(text.as_bytes(), Disclose::Everything).unwrap_err();
                assert_eq!(refused.code(), code);
            }
        }
    }
}

#[test]
fn somebody_unknown_gets_the_statements_that_are_public() {
    let world = World::new();
    let asker = unknown(Query::one(asking(Kind::Licence, "ldp_vc", &["/title", "/name"])));
    let held = [world.held(Kind::Licence, &[])];
    let consent = Consent::new(&asker, &held, now()).unwrap();
    let shown: Vec<String> = screen(&consent).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(shown, ["/credentialSubject/title"]);
    // What is mandatory and not public keeps all of it back.
    let held = [world.held(Kind::Licence, &["/credentialSubject/licenceNumber"])];
    assert_eq!(reasons(&Consent::new(&asker, &held, now()).unwrap()), ["consent.not-public"]);
    let held = [world.held(ADDRESS, &[])];
    assert_eq!(reasons(&Consent::new(&unknown(district()), &held, now()).unwrap()), ["consent.not-public"]);
}

#[test]
fn other_suites_are_shown_whole() {
    let world = World::new();
    let edwards = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    for (format, issuer) in [
        (Format::EddsaRdfc2022, &edwards),
        (Format::EddsaJcs2022, &edwards),
        (Format::EcdsaRdfc2019, &world.issuer),
        (Format::EcdsaJcs2019, &world.issuer),
    ] {
        let held = [Held::read(issued(ADDRESS, format, issuer, &world.phone, 7).as_bytes()).unwrap()];
        let asker = world.desk.known(district());
        let consent = Consent::new(&asker, &held, now()).unwrap();
        assert_eq!(consent.warnings(), [Warning::ShowsEverything { id: ADDRESS.name().to_owned() }]);
        let handed = credential(&world.answered(&asker, &held), ADDRESS.name());
        // Its salt is random, and says nothing.
        let said: Vec<_> = leaves(&handed["credentialSubject"], "/credentialSubject")
            .into_iter()
            .filter(|(at, _)| at != "/credentialSubject/id" && !at.ends_with("/type"))
            .collect();
        assert_eq!(screen(&consent), said, "{format}");
        let list = TrustList::new(now(), vec![Entry::new(Issuer::of_key(issuer).id(), ["*"])]).unwrap();
        let answer = in_json(&world.answered(&asker, &held)).to_string();
        let expected = Expected::of(&world.desk.request(district()));
        let judged =
            verify(answer.as_bytes(), &expected, &Materials::none(), &Policy::default().trusting(list), At::Now(now()));
        assert_eq!(judged.outcome(), Outcome::Valid, "{format}: {:?}", codes(&judged));
    }
}

const PASS: &str = "https://register.example/context/v1";
const PASS_FILE: &[u8] = br#"{"@context": {
    "PassCredential": "https://register.example/vocab#PassCredential",
    "zone": "https://register.example/vocab#zone", "number": "https://register.example/vocab#number"}}"#;
/// The same words the other way round.
const SWAPPED: &[u8] = br#"{"@context": {
    "PassCredential": "https://register.example/vocab#PassCredential",
    "number": "https://register.example/vocab#zone", "zone": "https://register.example/vocab#number"}}"#;

/// A pass in words that are not built in, with this proof.
fn pass(world: &World, format: Format) -> Held {
    let mut given = GivenContexts::none();
    given.add(PASS, PASS_FILE).unwrap();
    Held::read(pass_in(world, format, json!(["https://www.w3.org/ns/credentials/v2", PASS]), &given).as_bytes())
        .unwrap()
}

fn pass_in(world: &World, format: Format, contexts: Value, known: &dyn Contexts) -> String {
    let holder = Issuer::of_key(&world.phone).id().to_owned();
    let document = json!({
        "@context": contexts,
        "type": ["VerifiableCredential", "PassCredential"],
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": { "id": holder, "zone": "north", "number": "7" },
    });
    let issuer = Issuer::of_key(&world.issuer).with_contexts(known);
    let day = Date::new(2026, 11, 18).unwrap();
    let document = document.as_object().unwrap().clone();
    let draft = Credential::of_document(document, issuer.id(), day, Salt::random().unwrap()).unwrap();
    issuer.secure(&draft, format).unwrap()
}

fn zone(types: &[&str]) -> Query {
    Query::one(CredentialQuery::new("pass", "ldp_vc").types(types).claim(&["credentialSubject", "zone"]))
}

fn holding(bytes: &[u8]) -> Materials {
    let mut materials = Materials::none();
    let resource = Resource::Context(PASS.to_owned());
    let source = Source::Asserted { by: "somebody".to_owned() };
    materials.add(&Material { resource, bytes: bytes.to_vec(), obtained: now(), source }).unwrap();
    materials
}

#[test]
fn words_from_elsewhere_count_by_their_pinned_hash() {
    let (world, query) = (World::new(), zone(&["PassCredential"]));
    let bytes = world.desk.signed(query.clone());
    let list = world.desk.may_ask(&["*"]);
    let pinning = |file: &[u8]| list.clone().pinning(vec![PinnedContext::of(PASS, file)]).unwrap();
    let known = |list: &TrustList, materials: &Materials| {
        Asker::known(bytes.as_bytes(), list, materials, At::Now(now())).unwrap()
    };
    let (right, swapped) = (holding(PASS_FILE), holding(SWAPPED));
    let policy = || world.policy().pinning(PinnedContext::of(PASS, PASS_FILE)).unwrap();
    for (format, seen) in [(Format::EcdsaSd2023, 1), (Format::EcdsaRdfc2019, 2)] {
        let held = [pass(&world, format)];
        let asked = known(&pinning(PASS_FILE), &right);
        let consent = Consent::new(&asked, &held, now()).unwrap();
        assert_eq!(screen(&consent).len(), seen);
        let answer = in_json(&world.answered(&asked, &held));
        let expected = Expected::of(&world.desk.request(query.clone()));
        let report = verify(answer.to_string().as_bytes(), &expected, &right, &policy(), At::Now(now()));
        // Whether it has a status that is not shown, a verifier cannot tell of what is no kind of ours.
        let open = if format == Format::EcdsaSd2023 { vec![Code::StatusHidden] } else { vec![] };
        assert_eq!(codes(&report), open, "{format}");
        // Of two lists the first that pins it decides; nobody's pin, and somebody else's bytes, do not count.
        let any = |lists: &[TrustList], materials: &Materials| {
            Asker::known_to_any(bytes.as_bytes(), lists, materials, At::Now(now())).unwrap()
        };
        let stranger =
            TrustList::new(now(), vec![]).unwrap().pinning(vec![PinnedContext::of(PASS, PASS_FILE)]).unwrap();
        let mut given = GivenContexts::none();
        given.add(PASS, PASS_FILE).unwrap();
        for (asked, counts) in [
            (any(&[stranger.clone(), list.clone()], &right), true),
            (any(&[pinning(PASS_FILE), stranger], &right), true),
            (known(&list, &Materials::none()).with_contexts(&given), true),
            (known(&list, &right), false),
            (known(&pinning(PASS_FILE), &Materials::none()), false),
            (known(&pinning(PASS_FILE), &swapped), false),
            (known(&pinning(SWAPPED), &right), false),
            (any(&[pinning(SWAPPED), pinning(PASS_FILE)], &right), false),
        ] {
            let consent = Consent::new(&asked, &held, now()).unwrap();
            let refused = match format {
                // It has to be read so that a part of it can be shown.
                Format::EcdsaSd2023 if !counts => reasons(&consent)[0],
                _ => answer_code(&world, &consent),
            };
            assert_eq!(refused, if counts { "answered" } else { "json-ld.context-unavailable" }, "{format}");
        }
    }
    // Whoever pinned other words shows nothing in the wrong ones.
    let held = [pass(&world, Format::EcdsaSd2023)];
    let asked = known(&pinning(SWAPPED), &swapped);
    assert_eq!(reasons(&Consent::new(&asked, &held, now()).unwrap()), ["ecdsa-sd.changed"]);
}

fn answer_code(world: &World, consent: &Consent<'_>) -> &'static str {
    answer(consent, &|key| world.signer(key), now()).map_or_else(|error| error.code(), |_| "answered")
}

#[test]
fn types_are_asked_for_by_their_iris() {
    let world = World::new();
    const VC: &str = "https://www.w3.org/2018/credentials#VerifiableCredential";
    const OWN: &str = "https://w3id.org/attesta/vocab#ProofOfAddressCredential";
    let by = |types: &[&str]| {
        let mut query = CredentialQuery::new(ADDRESS.name(), "ldp_vc").types(types);
        query = query.claim(&["credentialSubject", "address", "district"]);
        Query::one(query)
    };
    let held = [world.held(ADDRESS, &[])];
    let shown = |query: &Query, verifies: &[&str]| {
        let request = world.desk.signed(query.clone());
        let asker = Asker::known(request.as_bytes(), &world.desk.may_ask(verifies), &Materials::none(), At::Now(now()));
        let asker = asker.map_err(|error| error.code())?;
        let consent = Consent::new(&asker, &held, now()).map_err(|error| error.code())?;
        match consent.shown() {
            [] => Err(consent.unanswered()[0].reason.code()),
            _ => Ok(in_json(&world.answered(&asker, &held))),
        }
    };
    for types in [&[VC, OWN][..], &[OWN], &["VerifiableCredential", OWN]] {
        for verifies in [&["proof-of-address"][..], &["*"], &["ProofOfAddressCredential"]] {
            let answer = shown(&by(types), verifies).unwrap();
            let report = world.judge(&answer, by(types));
            assert_eq!(report.outcome(), Outcome::Valid, "{types:?}: {:?}", codes(&report));
        }
        assert_eq!(shown(&by(types), &["licence"]).unwrap_err(), "request.may-not-ask");
    }
    let other = "https://w3id.org/attesta/vocab#LicenceCredential";
    for (types, code) in [
        (&[VC, other][..], "request.claim-not-in-kind"),
        (&[OWN, other], "dcql.unmet.type"),
        (&["https://a.example/vocab#ProofOfAddressCredential"], "dcql.unmet.type"),
    ] {
        assert_eq!(shown(&by(types), &["*"]).unwrap_err(), code, "{types:?}");
        let answer = shown(&by(&[OWN]), &["*"]).unwrap();
        assert_eq!(codes(&world.judge(&answer, by(types))), [Code::DisclosureNotAnswered]);
    }
    // What our kinds never say is fished for under no name.
    let asker = world
        .desk
        .known(Query::one(CredentialQuery::new("a", "ldp_vc").types(&[OWN]).claim(&["credentialSubject", "income"])));
    assert_eq!(Consent::new(&asker, &held, now()).map(drop).unwrap_err().code(), "request.claim-not-in-kind");

    // Of words from elsewhere, where they are known. A list may grant either name.
    let iri = "https://register.example/vocab#PassCredential";
    let held = [pass(&world, Format::EcdsaSd2023)];
    let mut given = GivenContexts::none();
    given.add(PASS, PASS_FILE).unwrap();
    let request = world.desk.signed(zone(&[VC, iri]));
    let known = |verifies: &[&str]| {
        Asker::known(request.as_bytes(), &world.desk.may_ask(verifies), &Materials::none(), At::Now(now()))
    };
    assert_eq!(known(&["PassCredential"]).unwrap_err().code(), "request.may-not-ask");
    let asker = known(&[iri]).unwrap();
    // Without the words nobody can tell that it is of the type that the list grants.
    assert_eq!(reasons(&Consent::new(&asker, &held, now()).unwrap()), ["dcql.unmet.format"]);
    let asker = asker.with_contexts(&given);
    let answer = in_json(&world.answered(&asker, &held));
    let expected = Expected::of(&world.desk.request(zone(&[VC, iri])));
    let pinned = world.policy().pinning(PinnedContext::of(PASS, PASS_FILE)).unwrap();
    let judge = |materials: &Materials, policy: &Policy| {
        verify(answer.to_string().as_bytes(), &expected, materials, policy, At::Now(now()))
    };
    assert_eq!(codes(&judge(&holding(PASS_FILE), &pinned)), [Code::StatusHidden]);
    assert!(codes(&judge(&Materials::none(), &pinned)).contains(&Code::DisclosureNotAnswered));
}

#[test]
fn a_type_is_nothing_that_a_credential_says_it_is_by_itself() {
    // A pass that calls itself a proof of address by a context of its own.
    let world = World::new();
    let own = json!({
        "PassCredential": "https://w3id.org/attesta/vocab#ProofOfAddressCredential",
        "zone": "https://register.example/vocab#zone", "number": "https://register.example/vocab#number"
    });
    let contexts = json!(["https://www.w3.org/ns/credentials/v2", own]);
    let query = zone(&["https://w3id.org/attesta/vocab#ProofOfAddressCredential"]);
    for format in [Format::EcdsaSd2023, Format::EcdsaRdfc2019, Format::EcdsaJcs2019] {
        let text = pass_in(&world, format, contexts.clone(), &Embedded);
        let held = [Held::read(text.as_bytes()).unwrap()];
        // The claim is none of a proof of address, so the query is not for our wallets; another wallet might answer it.
        let by_name = world.desk.known(zone(&["PassCredential"]));
        let answer = in_json(&world.answered(&by_name, &held));
        let report = world.judge(&answer, query.clone());
        assert_ne!(report.outcome(), Outcome::Valid);
        assert!(codes(&report).contains(&Code::DisclosureNotAnswered), "{:?}", codes(&report));
    }
}

#[test]
fn what_is_held_says_what_it_is() {
    let world = World::new();
    for kind in Kind::ALL {
        let base = world.base(kind, &[]);
        let held = Held::read(base.as_bytes()).unwrap();
        assert_eq!((held.format(), held.kind(), held.hides_claims()), ("ecdsa-sd-2023", Some(kind), true));
        assert!(!held.claims().contains_key("proof"));
        assert_eq!(held.text(), Value::Object(json::parse_object(base.as_bytes()).unwrap()).to_string());
    }
    let cut = world.base(ADDRESS, &[]).replace("\"u2V0A", "\"u2V0AAAA");
    assert_ne!(Held::read(cut.as_bytes()).map(drop).map_err(|error| error.code()), Ok(()));
}
