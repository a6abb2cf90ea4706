//! Credentials and presentations of every kind, in every form that both sides have: what one signs, the other verifies;
//! what was forged, the other refuses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Holder, Salt};
use attesta::presentation::{Disclose, Request, present};
use attesta::verify::{At, Code, Expected, Materials, Outcome, Policy, Preset, Report, danger, verify};
use attesta_interop::{Form, Party, Tally, claims, coveted, day, document, forge, now, trusting};
use serde_json::{Value, json};

const BANK: &str = "https://onboarding.bank.example";
const THIEF: &str = "https://thief.example";
const NONCE: &str = "yBmyQ2VVLCcSJ0PqK2mEaw";

fn forms_and_kinds() -> impl Iterator<Item = (Form, Kind)> {
    Form::ALL.into_iter().flat_map(|form| Kind::ALL.into_iter().map(move |kind| (form, kind)))
}

#[test]
fn what_we_issue_they_verify() {
    let mut tally = Tally::default();
    for (form, kind) in forms_and_kinds() {
        let name = |what: &str| format!("{form:?} {kind:?}: {what}");
        let (issuer, stranger) = (Party::of_did_key(form.key_type), Party::of_did_key(form.key_type));
        let holder = Party::of_did_jwk(form.key_type);
        let issued = our_credential(form, kind, &issuer, &holder);

        tally.accepts(&name("a credential"), form.they_verify(&issued));
        let again = form.signed_in_the_name_of(&issuer, &issuer, &issued);
        tally.accepts(&name("the issuer's second signature"), form.they_verify(&again));
        for (what, forged) in [
            ("a claim changed", forge_claim(kind, &issued)),
            ("a claim added", forge_addition(&issued)),
            ("the holder changed", forge(&issued, &holder.did, &stranger.did)),
            ("a longer validity", forge_validity(&issued)),
            ("a stranger's signature", form.signed_in_the_name_of(&issuer, &stranger, &issued)),
            ("no signature", form.unsigned(&issued)),
        ] {
            tally.refuses(&name(what), form.they_verify(&forged));
        }
    }
    tally.close("issued by attesta");
}

#[test]
fn what_they_issue_we_verify() {
    let mut tally = Tally::default();
    for (form, kind) in forms_and_kinds() {
        let name = |what: &str| format!("{form:?} {kind:?}: {what}");
        let (issuer, holder, stranger) = (form.their_party(), form.their_party(), form.their_party());
        let document = document(kind, &holder);
        let issued = form.they_sign(&issuer, &document);
        let policy = trusting(Preset::Default, &issuer, &[kind.name()]);

        let report = judge(&issued, &Expected::nothing(), &policy);
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("a credential"), report.reason());
        let accepted = &report.accepted()[0];
        assert!(accepted.claims() == Some(&claims(kind)), "{}", name("other claims were read than were signed"));
        assert_eq!(accepted.issuer(), Some(issuer.did.as_str()));
        tally.accepts(&name("a proof"), fits(&issued));

        let in_its_name = with(&document, "issuer", &issuer.did);
        let outdated = with(&document, "validFrom", &day(-7).midnight().to_string());
        let outdated = with(&outdated, "validUntil", &day(0).midnight().to_string());
        let early = with(&document, "validFrom", &day(1).midnight().to_string());
        for (what, forged, reason, is_proven) in [
            ("a claim changed", forge_claim(kind, &issued), "proof.mismatch", false),
            ("a claim added", forge_addition(&issued), undefined(form), false),
            ("the holder changed", forge(&issued, &holder.did, &stranger.did), "proof.mismatch", false),
            ("a longer validity", forge_validity(&issued), "proof.mismatch", false),
            ("no signature", form.unsigned(&issued), absent(form), false),
            ("key B named A", under_the_name_of(form, &issuer, &stranger, &in_its_name), "proof.mismatch", false),
            ("another purpose", for_another_purpose(form, &issuer, &document), other_purpose(form), false),
            ("issuer A, key B", form.they_sign(&stranger, &in_its_name), "key.binding.other-controller", true),
            ("a stranger's own", form.they_sign(&stranger, &document), "issuer.trust.unknown", true),
            ("one that has run out", form.they_sign(&issuer, &outdated), "valid-until.past", true),
            ("one of tomorrow", form.they_sign(&issuer, &early), "valid-from.future", true),
        ] {
            let report = judge(&forged, &Expected::nothing(), &policy);
            assert_eq!(found(&report), Some(reason), "{}", name(what));
            assert_eq!(fits(&forged), is_proven, "{}", name(what));
            assert!(report.accepted().is_empty());
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }
        let policy = trusting(Preset::Default, &issuer, &[another(kind).name()]);
        let report = judge(&issued, &Expected::nothing(), &policy);
        assert_eq!(found(&report), Some("issuer.trust.other-type"), "{}", name("a kind that it may not issue"));
    }
    tally.close("issued by others");
}

#[test]
fn what_we_present_they_verify() {
    let mut tally = Tally::default();
    for (form, kind) in forms_and_kinds() {
        let name = |what: &str| format!("{form:?} {kind:?}: {what}");
        let (holder, stranger) = (Party::of_did_jwk(form.key_type), Party::of_did_jwk(form.key_type));
        let issuer = form.their_party();
        let issued = form.they_sign(&issuer, &document(kind, &holder));
        let request = Request { audience: BANK, nonce: NONCE, now: now() };
        let shown = present(&[issued.as_bytes()], Disclose::Everything, &request, &holder.key).unwrap();

        tally.accepts(&name("a presentation"), form.they_verify_for(&shown, BANK, NONCE));
        tally.accepts(&name("the credential in it"), form.they_verify(&form.first_enclosed(&shown)));
        let again = form.signed_in_the_name_of(&holder, &holder, &shown);
        tally.accepts(&name("the holder's second signature"), form.they_verify_for(&again, BANK, NONCE));
        tally.refuses(&name("another audience"), form.they_verify_for(&shown, THIEF, NONCE));
        tally.refuses(&name("another nonce"), form.they_verify_for(&shown, BANK, "another"));
        let inside = form.first_enclosed(&shown);
        for (what, forged) in [
            ("the credential changed", forge(&shown, &inside, &forge_claim(kind, &inside))),
            ("the holder changed", forge_holder(&shown, &holder, &stranger)),
            ("a stranger's signature", form.signed_in_the_name_of(&holder, &stranger, &shown)),
            ("no signature", form.unsigned(&shown)),
        ] {
            tally.refuses(&name(what), form.they_verify_for(&forged, BANK, NONCE));
        }

        // The whole way round: their credential, our presentation, our decision.
        let report = judge(&shown, &Expected::answer(BANK, NONCE), &trusting(preset(kind), &issuer, &[kind.name()]));
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("our own decision"), report.reason());
    }
    tally.close("presented by attesta");
}

#[test]
fn what_they_present_we_verify() {
    let mut tally = Tally::default();
    for (form, kind) in forms_and_kinds() {
        let name = |what: &str| format!("{form:?} {kind:?}: {what}");
        let (holder, stranger) = (form.their_party(), form.their_party());
        let issuer = Party::of_did_key(form.key_type);
        let issued = our_credential(form, kind, &issuer, &holder);
        let document = presentation(form, &issued);
        let shown = form.they_present(&holder, &with(&document, "holder", &holder.did), BANK, NONCE);
        let policy = trusting(preset(kind), &issuer, &[kind.name()]);
        let expected = Expected::answer(BANK, NONCE);

        let report = judge(&shown, &expected, &policy);
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("a presentation"), report.reason());
        assert!(report.accepted()[0].claims() == Some(&claims(kind)), "{}", name("other claims were read"));
        assert_eq!(report.presentation().unwrap().holder(), Some(holder.did.as_str()));
        tally.accepts(&name("a proof"), fits(&shown));

        let in_its_name = with(&document, "holder", &holder.did);
        let forged_inside = presentation(form, &forge_claim(kind, &issued));
        let other_kind = presentation(form, &our_credential(form, another(kind), &issuer, &holder));
        let by = |signer: &Party, document: &Value| form.they_present(signer, document, BANK, NONCE);
        for (what, forged, reason) in [
            ("for another audience", form.they_present(&holder, &document, THIEF, NONCE), "audience.other"),
            ("for another request", form.they_present(&holder, &document, BANK, "another"), "nonce.other"),
            ("for nobody", for_nobody(form, &holder, &document), "audience.missing"),
            ("a stranger's copy", by(&stranger, &document), "holder.binding.other-key"),
            ("a copy in the holder's name", by(&stranger, &in_its_name), "key.binding.other-controller"),
            ("key B named A", under_the_name_of(form, &holder, &stranger, &in_its_name), "proof.mismatch"),
            ("a forged credential", by(&holder, &forged_inside), "proof.mismatch"),
            ("another kind", by(&holder, &other_kind), "data-model.kind-refused"),
            ("the holder changed", forge_holder(&shown, &holder, &stranger), "proof.mismatch"),
            ("the credential hidden", forge(&shown, "verifiableCredential", "credential"), undefined(form)),
            ("no signature", form.unsigned(&shown), absent(form)),
        ] {
            let report = judge(&forged, &expected, &policy);
            assert_eq!(found(&report), Some(reason), "{}", name(what));
            assert!(report.accepted().is_empty());
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }
        let bare = judge(&issued, &expected, &policy);
        assert_eq!(found(&bare), Some("holder.binding.not-presented"), "{}", name("a bare copy"));
    }
    tally.close("presented by others");
}

fn our_credential(form: Form, kind: Kind, issuer: &Party, holder: &Party) -> String {
    let draft = Credential::of(claims(kind), &issuer.did, day(0), 7, Salt::random().unwrap()).unwrap();
    form.we_issue(issuer, &draft.holder(Holder::Did(holder.did.clone())))
}

fn presentation(form: Form, credential: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [form.enclosed(credential)],
    })
}

/// The policy of a desk for this kind.
fn preset(kind: Kind) -> Preset {
    match kind {
        Kind::ProofOfAddress => Preset::BankAddress,
        Kind::Licence => Preset::LicenceCheck,
        _ => Preset::SkillCommunity,
    }
}

fn another(kind: Kind) -> Kind {
    Kind::ALL.into_iter().find(|other| *other != kind).unwrap()
}

fn judge(signed: &str, expected: &Expected, policy: &Policy) -> Report {
    verify(signed.as_bytes(), expected, &Materials::none(), policy, At::Now(now()))
}

fn found(report: &Report) -> Option<&'static str> {
    report.reason().map(|check| check.code()).map(Code::name)
}

fn fits(signed: &str) -> bool {
    danger::check_proof(signed.as_bytes(), &Materials::none()).fits()
}

fn forge_claim(kind: Kind, signed: &str) -> String {
    let (claim, coveted) = coveted(kind);
    forge(signed, claim, coveted)
}

fn forge_addition(signed: &str) -> String {
    forge(signed, r#""credentialSubject":{"#, r#""credentialSubject":{"added":true,"#)
}

fn forge_validity(signed: &str) -> String {
    forge(signed, &day(7).to_string(), "2099-01-01")
}

fn forge_holder(signed: &str, holder: &Party, stranger: &Party) -> String {
    let member = |party: &Party| format!(r#""holder":"{}""#, party.did);
    forge(signed, &member(holder), &member(stranger))
}

fn with(document: &Value, name: &str, text: &str) -> Value {
    let mut changed = document.clone();
    changed[name] = text.into();
    changed
}

/// What `signer` has signed, with the name of the key changed to that of `named`.
fn under_the_name_of(form: Form, named: &Party, signer: &Party, document: &Value) -> String {
    if form.is_token() {
        return form.they_sign_with(signer, document, json!({ "header": { "kid": named.method } }));
    }
    forge(&form.they_sign(signer, document), &signer.method, &named.method)
}

/// A document that was signed to be something else: a token of another type, or a proof of who is there.
fn for_another_purpose(form: Form, issuer: &Party, document: &Value) -> String {
    let input = match form.is_token() {
        true => json!({ "header": { "typ": "JWT" } }),
        false => json!({ "purpose": "authentication", "challenge": NONCE, "domain": BANK }),
    };
    form.they_sign_with(issuer, document, input)
}

fn other_purpose(form: Form) -> &'static str {
    if form.is_token() { "media-type.other" } else { "key.purpose.claimed" }
}

/// A member of a name that no context has: suites that sign RDF do not sign it at all.
fn undefined(form: Form) -> &'static str {
    if form.signs_rdf() { "data-terms.undefined" } else { "proof.mismatch" }
}

fn absent(form: Form) -> &'static str {
    if form.is_token() { "proof.form" } else { "proof.absent" }
}

/// A presentation that answers the request, but does not say for whom it was made.
fn for_nobody(form: Form, holder: &Party, document: &Value) -> String {
    let nonce = if form.is_token() { "nonce" } else { "challenge" };
    form.they_sign_with(holder, document, json!({ nonce: NONCE }))
}
