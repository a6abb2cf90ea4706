//! What would be shown.

use attesta::credential::kind::Kind;
use attesta::error::Explain;
use attesta::keys::{KeyType, SoftwareKey};
use attesta::presentation::dcql::{ClaimQuery, CredentialQuery, Path, Query};
use attesta::securing::Format;
use attesta::wallet::{Asker, Consent, ConsentError, Held, Refusal, Warning};

use crate::{Desk, asker, asking, district, held, issued, now, phone, unknown};

fn consent<'a>(asker: &'a Asker, held: &'a [Held]) -> Consent<'a> {
    Consent::new(asker, held, now()).unwrap()
}

/// The claims that would be shown under the id, by their pointers.
fn pointers<'a>(consent: &'a Consent<'_>, id: &str) -> Vec<&'a str> {
    let shown = consent.shown().iter().find(|shown| shown.id() == id).unwrap();
    shown.claims().iter().map(|claim| claim.pointer()).collect()
}

/// Why nothing is shown.
fn reasons(consent: &Consent<'_>) -> Vec<&'static str> {
    assert!(consent.shown().is_empty());
    consent.unanswered().iter().map(|unanswered| unanswered.reason.code()).collect()
}

#[test]
fn just_what_is_asked_for_is_shown() {
    let (desk, phone) = (Desk::new(), phone());
    let held = [held(Kind::Licence, Format::SdJwtVc, &phone), held(Kind::ProofOfAddress, Format::SdJwtVc, &phone)];
    let asker = desk.known(district());
    let consent = consent(&asker, &held);
    assert_eq!(pointers(&consent, "proof-of-address"), ["/address/district"]);
    let shown = &consent.shown()[0];
    assert_eq!(shown.position(), 1);
    assert_eq!(Some(shown.claims()[0].value()), Kind::ProofOfAddress.example()["address"].get("district"));
    assert_eq!((shown.issuer(), shown.kind()), (held[1].issuer(), Some(Kind::ProofOfAddress)));
    assert_eq!(shown.types(), [Kind::ProofOfAddress.vct()]);
    assert_eq!((shown.valid_from(), shown.valid_until()), (held[1].valid_from(), held[1].valid_until()));
    assert!(!shown.shows_more() && shown.is_bound());
    assert_eq!((consent.warnings(), consent.unanswered()), (vec![], &[][..]));
    let district = shown.claims()[0].value().as_str().unwrap();
    assert!(!format!("{shown:?} {:?}", shown.claims()).contains(district), "personal data in Debug");

    // The document's form of the same.
    let asker = desk.known(Query::one(asking(Kind::SkillCertification, "vc+sd-jwt", &["/skill/name"])));
    let held = [crate::held(Kind::SkillCertification, Format::SdJwt, &phone)];
    assert_eq!(pointers(&self::consent(&asker, &held), "skill"), ["/credentialSubject/achievement/name"]);
}

#[test]
fn a_format_that_hides_nothing_is_shown_whole_with_a_warning() {
    let (desk, phone) = (Desk::new(), phone());
    let held = [held(Kind::ProofOfAddress, Format::Jwt, &phone)];
    let asker = desk.known(Query::one(asking(Kind::ProofOfAddress, "vc+jwt", &["/address/district"])));
    let consent = consent(&asker, &held);
    let shown = pointers(&consent, "proof-of-address");
    for pointer in
        ["/credentialSubject/name", "/credentialSubject/address/street", "/credentialSubject/address/district"]
    {
        assert!(shown.contains(&pointer), "{pointer}");
    }
    assert_eq!(consent.warnings(), [Warning::ShowsEverything { id: "proof-of-address".to_owned() }]);
    assert!(consent.shown()[0].shows_more());
}

#[test]
fn a_claim_that_the_kind_does_not_have_is_refused() {
    let desk = Desk::new();
    let refuse = |query: CredentialQuery| {
        let asker = desk.known(Query::one(query));
        Consent::new(&asker, &[], now()).map_or_else(|error| error.code(), |_| "read")
    };
    let claims = |format: &str, kind: Kind, path: &[&str]| {
        let query = asking(kind, format, &[]);
        refuse(query.asking(ClaimQuery::new(Path::new(path.iter().copied()))))
    };
    let licence = Kind::Licence;
    for path in [&["title"][..], &["authority"], &["iss"], &["cnf", "jwk"]] {
        assert_eq!(claims("dc+sd-jwt", licence, path), "read", "{path:?}");
    }
    for path in
        [&["income"][..], &["address"], &["title", "en"], &["authority", "name"], &["credentialSubject", "title"]]
    {
        assert_eq!(claims("dc+sd-jwt", licence, path), "request.claim-not-in-kind", "{path:?}");
    }
    for path in [&["credentialSubject", "title"][..], &["issuer"], &["credentialSubject", "id"], &["credentialSubject"]]
    {
        assert_eq!(claims("vc+jwt", licence, path), "read", "{path:?}");
    }
    for path in [&["credentialSubject", "income"][..], &["title"], &["evidence"], &["credentialSubject", "a", "type"]] {
        assert_eq!(claims("vc+jwt", licence, path), "request.claim-not-in-kind", "{path:?}");
    }
    // What is none of our kinds may say anything.
    let other = CredentialQuery::new("other", "dc+sd-jwt").vct("https://other.example/card").claim(&["income"]);
    assert_eq!(refuse(other), "read");
    let error = ConsentError::ClaimNotInKind { id: "a".to_owned(), path: "/income".to_owned(), kind: licence };
    assert_eq!(error.to_string(), "a: a licence has no /income, which the request asks for");
}

#[test]
fn every_claim_of_the_examples_can_be_asked_for() {
    let (desk, phone) = (Desk::new(), phone());
    for kind in Kind::ALL {
        let held = held(kind, Format::SdJwtVc, &phone);
        let every = kind.disclosable(&kind.example());
        // Each claim alone, as there are more than one query may have.
        for pointer in &every {
            let asker = desk.known(Query::one(asking(kind, "dc+sd-jwt", &[pointer.as_str()])));
            let held = std::slice::from_ref(&held);
            let consent = consent(&asker, held);
            let inside = format!("{pointer}/");
            let shown = pointers(&consent, kind.name());
            assert!(!shown.is_empty());
            assert!(shown.iter().all(|shown| shown == pointer || shown.starts_with(&inside)), "{pointer}: {shown:?}");
        }
        let document = self::held(kind, Format::SdJwt, &phone);
        let subject = document.claims()["credentialSubject"].as_object().unwrap();
        for pointer in kind.disclosable_subject(subject) {
            let claim = ClaimQuery::new(Path::from_pointer(&pointer).unwrap());
            let query = asking(kind, "vc+sd-jwt", &[]).asking(claim);
            let asker = desk.known(Query::one(query));
            let held = std::slice::from_ref(&document);
            assert!(Consent::new(&asker, held, now()).is_ok_and(|consent| !consent.shown().is_empty()), "{pointer}");
        }
    }
}

#[test]
fn all_or_nothing_is_shown_and_the_reason_is_said() {
    let (desk, phone) = (Desk::new(), phone());
    let address = || held(Kind::ProofOfAddress, Format::SdJwtVc, &phone);
    let both = || {
        Query::all([
            asking(Kind::ProofOfAddress, "dc+sd-jwt", &["/address/district"]),
            asking(Kind::Licence, "dc+sd-jwt", &["/title"]),
        ])
    };
    let asker = desk.known(both());
    assert_eq!(reasons(&consent(&asker, &[])), ["dcql.unmet.format", "dcql.unmet.format"]);
    assert_eq!(reasons(&consent(&asker, &[address()])), ["dcql.unmet.type"]);
    let held = [address(), held(Kind::Licence, Format::SdJwtVc, &phone)];
    assert_eq!(consent(&asker, &held).shown().len(), 2);
    // One of them is enough, and one is welcome.
    let asker = desk.known(both().require(&[&["licence"], &["proof-of-address"]]));
    assert_eq!(pointers(&consent(&asker, &held[..1]), "proof-of-address"), ["/address/district"]);
    let asker = desk.known(both().require(&[&["licence"]]).welcome(&[&["proof-of-address"]]));
    let consent = consent(&asker, &held);
    assert_eq!((consent.shown().len(), consent.optional_sets()), (1, vec![1]));
    let consent = consent.with_optional(1).unwrap();
    assert_eq!(consent.shown().len(), 2);
    let consent = consent.without("proof-of-address").unwrap();
    assert_eq!((consent.shown().len(), consent.shown()[0].id()), (1, "licence"));
    assert_eq!(consent.unanswered()[0].reason, Refusal::Withdrawn);
    assert_eq!(reasons(&consent.without("licence").unwrap()).last(), Some(&"consent.withdrawn"));
}

#[test]
fn a_credential_that_ended_or_is_of_more_types_is_left_aside() {
    let (desk, phone) = (Desk::new(), phone());
    let issuer = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let ended = Held::read(issued(Kind::ProofOfAddress, Format::SdJwtVc, &issuer, &phone, 1).as_bytes()).unwrap();
    let asker = desk.known(district());
    assert_eq!(reasons(&consent(&asker, std::slice::from_ref(&ended))), ["consent.not-valid"]);
    let held_both = [ended, held(Kind::ProofOfAddress, Format::SdJwtVc, &phone)];
    assert_eq!(consent(&asker, &held_both).shown()[0].position(), 1);

    // The desk may see open badges; a skill certification is one, and more.
    let query = CredentialQuery::new("badge", "vc+sd-jwt").types(&["OpenBadgeCredential"]);
    let request = desk.signed(Query::one(query));
    let skill = [held(Kind::SkillCertification, Format::SdJwt, &phone)];
    let asker = crate::asker(&request, &desk.may_ask(&["OpenBadgeCredential"])).unwrap();
    assert_eq!(reasons(&consent(&asker, &skill)), ["consent.may-not-see"]);
    let asker =
        crate::asker(&request, &desk.may_ask(&["OpenBadgeCredential", "SkillCertificationCredential"])).unwrap();
    assert_eq!(consent(&asker, &skill).shown().len(), 1);
    // Whom the list lets ask for something else learns nothing, not even from a consent.
    assert!(asker_error(&request, &desk));
}

fn asker_error(request: &str, desk: &Desk) -> bool {
    asker(request, &desk.may_ask(&["licence"])).is_err_and(|error| error.code() == "request.may-not-ask")
}

#[test]
fn a_claim_can_be_taken_back() {
    let (desk, phone) = (Desk::new(), phone());
    let held = [held(Kind::ProofOfAddress, Format::SdJwtVc, &phone)];
    let id = "proof-of-address";
    let asker = desk.known(Query::one(asking(Kind::ProofOfAddress, "dc+sd-jwt", &["/address/district", "/name"])));
    let code = |result: Result<Consent<'_>, ConsentError>| result.map_or_else(|error| error.code(), |_| "taken back");
    let taken = |pointer: &str| consent(&asker, &held).without_claim(id, pointer);
    // The verifier insists on each of them, so nothing is left; and the holder is told that it was they who decided.
    assert_eq!(reasons(&taken("/name").unwrap()), ["consent.withdrawn"]);
    assert_eq!(reasons(&taken("/address").unwrap()), ["consent.withdrawn"]);
    assert_eq!(code(taken("/address/street")), "consent.not-shown");
    assert_eq!(code(taken("/nam")), "consent.not-shown");
    assert_eq!(code(taken("")), "consent.not-separable");
    assert_eq!(code(consent(&asker, &held).without_claim("licence", "/name")), "consent.not-shown");
    assert_eq!(code(consent(&asker, &held).without("licence")), "consent.not-shown");

    // With an alternative, that one is shown.
    let claim = |id: &str, path: &[&str]| ClaimQuery::new(Path::new(path.iter().copied())).id(id);
    let query = asking(Kind::ProofOfAddress, "dc+sd-jwt", &[])
        .asking(claim("name", &["name"]))
        .asking(claim("district", &["address", "district"]))
        .claim_set(&["name", "district"])
        .claim_set(&["district"]);
    let asker = desk.known(Query::one(query));
    let consent = self::consent(&asker, &held);
    assert_eq!(pointers(&consent, id).len(), 2);
    assert_eq!(pointers(&consent.without_claim(id, "/name").unwrap(), id), ["/address/district"]);

    let asker = desk.known(Query::one(asking(Kind::ProofOfAddress, "dc+sd-jwt", &["/knownBy"])));
    assert_eq!(code(self::consent(&asker, &held).without_claim(id, "/knownBy/0")), "consent.not-separable");
}

#[test]
fn somebody_unknown_gets_what_is_public_of_what_they_ask_for() {
    let phone = phone();
    let held = [held(Kind::Licence, Format::SdJwtVc, &phone), held(Kind::ProofOfAddress, Format::SdJwtVc, &phone)];
    let asker = unknown(Query::all([
        asking(Kind::Licence, "dc+sd-jwt", &["/title", "/name", "/licenceNumber"]),
        asking(Kind::ProofOfAddress, "dc+sd-jwt", &["/address/district"]),
    ]));
    let consent = consent(&asker, &held);
    assert_eq!(pointers(&consent, "licence"), ["/title"]);
    assert_eq!(consent.shown().len(), 1);
    assert_eq!(consent.unanswered()[0].reason, Refusal::NotPublic);
    assert_eq!(consent.warnings(), [Warning::Unauthenticated]);
    let asker = unknown(Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/authority"])));
    assert!(pointers(&self::consent(&asker, &held), "licence").iter().all(|claim| claim.starts_with("/authority")));
}

#[test]
fn somebody_unknown_gets_nothing_else() {
    let phone = phone();
    let all = |kind| {
        [held(kind, Format::SdJwtVc, &phone), held(kind, Format::Jwt, &phone), held(kind, Format::SdJwt, &phone)]
    };
    let nothing = |query: Query, held: &[Held]| {
        let asker = unknown(query);
        reasons(&consent(&asker, held))
    };
    let licences = all(Kind::Licence);
    for pointers in [&["/name"][..], &["/licenceNumber", "/expiryDate"], &[]] {
        assert_eq!(
            nothing(Query::one(asking(Kind::Licence, "dc+sd-jwt", pointers)), &licences),
            ["consent.not-public"]
        );
    }
    assert_eq!(nothing(district(), &all(Kind::ProofOfAddress)), ["consent.not-public"]);
    // What cannot be hidden would be shown along with what is public.
    assert_eq!(nothing(Query::one(asking(Kind::Licence, "vc+jwt", &["/title"])), &licences), ["consent.not-public"]);
    let whole = asking(Kind::Licence, "vc+sd-jwt", &[]).claim(&["credentialSubject"]);
    assert_eq!(nothing(Query::one(whole), &licences), ["consent.not-public"]);
    // Of no type, or of one that is not ours.
    assert_eq!(
        nothing(Query::one(CredentialQuery::new("a", "dc+sd-jwt").claim(&["title"])), &licences),
        ["consent.not-public"]
    );
    let also = asking(Kind::Licence, "dc+sd-jwt", &["/title"]).vct("https://other.example/card");
    assert_eq!(nothing(Query::one(also), &licences), ["consent.not-public"]);
    // A set of claims that cannot do without what is hidden.
    let claim = |id: &str| ClaimQuery::new(Path::new([id])).id(id);
    let sets =
        asking(Kind::Licence, "dc+sd-jwt", &[]).asking(claim("name")).asking(claim("title")).claim_set(&["name"]);
    assert_eq!(nothing(Query::one(sets), &licences), ["consent.not-public"]);
}

#[test]
fn whether_an_answer_comes_tells_somebody_unknown_no_value() {
    let phone = phone();
    let held = [held(Kind::Licence, Format::SdJwtVc, &phone)];
    let name = Kind::Licence.example()["name"].as_str().unwrap().to_owned();
    let shown_if = |value: &str| {
        let name = ClaimQuery::new(Path::new(["name"])).value(value);
        let asker = unknown(Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/title"]).asking(name)));
        pointers(&consent(&asker, &held), "licence").iter().map(|pointer| (*pointer).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown_if(&name), ["/title"]);
    assert_eq!(shown_if("somebody else"), ["/title"]);
}

#[test]
fn more_credentials_than_are_compared_are_refused() {
    let (desk, phone) = (Desk::new(), phone());
    let held = vec![held(Kind::Licence, Format::Jwt, &phone); attesta::limits::HELD_CREDENTIALS + 1];
    let asker = desk.known(district());
    assert!(Consent::new(&asker, &held[1..], now()).is_ok());
    assert_eq!(Consent::new(&asker, &held, now()).map(drop).unwrap_err().code(), "consent.too-many");
}
