//! Data Integrity documents of types that are not ours, sets and chains of proofs, and what of the attacks on them another
//! verifier lets pass.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::securing::data_integrity::{ProofOptions, Suite};
use attesta::verify::{At, Code, Expected, InlineContexts, Materials, Outcome, Policy, Preset, Report, danger, verify};
use attesta_interop::data_integrity::{
    changes, issued_by, plain_documents, they_find, they_verify, we_sign, we_sign_with,
};
use attesta_interop::{Form, Party, Tally, document, now, trusting};
use serde_json::{Value, json};

/// Of a document's changes every suite sees another part, and one of them all.
fn sampled(form: Form, at: usize, document: &Value) -> impl Iterator<Item = (String, Value)> {
    let step = if form.key_type == attesta::keys::KeyType::Ed25519 { 2 } else { 7 };
    changes(document).into_iter().skip(at).step_by(step)
}

fn suite(form: Form) -> Suite {
    form.format.suite().unwrap()
}

fn fits(signed: &Value) -> bool {
    danger::check_proof(signed.to_string().as_bytes(), &Materials::none()).fits()
}

fn why(signed: &Value) -> Option<&'static str> {
    let report = danger::check_proof(signed.to_string().as_bytes(), &Materials::none());
    report.reason().map(|check| check.code().name())
}

fn policy(issuer: &Party) -> Policy {
    let types = ["CardCredential", "PermanentResidentCardCredential", "CertificateOfCitizenshipCredential", "licence"];
    trusting(Preset::Default, issuer, &types)
}

fn judge(signed: &Value, policy: &Policy) -> Report {
    verify(signed.to_string().as_bytes(), &Expected::nothing(), &Materials::none(), policy, At::Now(now()))
}

fn found(report: &Report) -> Option<&'static str> {
    report.reason().map(|check| check.code()).map(Code::name)
}

fn parsed(signed: &str) -> Value {
    serde_json::from_str(signed).unwrap()
}

/// The three types that are not ours, and a licence.
fn documents() -> Vec<(&'static str, Value)> {
    let holder = Party::of_did_key(attesta::keys::KeyType::Ed25519);
    let mut documents = plain_documents();
    documents.push(("a licence", document(Kind::Licence, &holder)));
    documents
}

#[test]
fn what_we_sign_they_verify_and_nothing_else() {
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    for form in Form::of_rdf() {
        let issuer = Party::of_did_key(form.key_type);
        for (title, document) in documents() {
            let signed = we_sign(&issuer, suite(form), &issued_by(&issuer, &document));
            theirs.accepts(&format!("{form:?} {title}"), they_verify(&signed));
            ours.accepts(&format!("{form:?} {title}: {:?}", why(&signed)), fits(&signed));
            for (change, changed) in sampled(form, 0, &signed) {
                let name = format!("{form:?} {title}: {change}");
                ours.refuses(&name, fits(&changed));
                theirs.refuses(&name, they_verify(&changed));
            }
        }
    }
    ours.close("signed by attesta, judged by attesta");
    theirs.close("signed by attesta, judged by others");
}

#[test]
fn what_they_sign_we_verify_and_nothing_else() {
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    for form in Form::of_rdf() {
        let issuer = form.their_party();
        let policy = policy(&issuer).inline_contexts(InlineContexts::Accept);
        for (title, document) in documents() {
            let signed = parsed(&form.they_sign(&issuer, &document));
            let report = judge(&signed, &policy);
            ours.accepts(&format!("{form:?} {title}: {:?}", found(&report)), report.outcome() == Outcome::Valid);
            for (change, changed) in sampled(form, 1, &signed) {
                let name = format!("{form:?} {title}: {change}");
                ours.refuses(&name, fits(&changed));
                ours.refuses(&name, judge(&changed, &policy).outcome() == Outcome::Valid);
                theirs.refuses(&name, they_verify(&changed));
            }
            theirs.accepts(&format!("{form:?} {title}"), they_verify(&signed));
        }
    }
    ours.close("signed by others, judged by attesta");
    theirs.close("signed by others, judged by others");
}

#[test]
fn two_sign_one_document() {
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    for (first, second) in Form::data_integrity().flat_map(|one| Form::data_integrity().map(move |other| (one, other)))
    {
        let name = |what: &str| format!("{first:?}, then {second:?}: {what}");
        let (issuer, officer) = (Party::of_did_key(first.key_type), second.their_party());
        let document = issued_by(&issuer, &document(Kind::Licence, &officer));
        let policy = policy(&issuer);
        let by_issuer = we_sign(&issuer, suite(first), &document);
        for (what, both) in [
            ("theirs on ours", parsed(&second.they_sign(&officer, &by_issuer))),
            ("ours on theirs", we_sign(&issuer, suite(first), &parsed(&second.they_sign(&officer, &document)))),
        ] {
            let report = judge(&both, &policy);
            ours.accepts(&name(what), report.outcome() == Outcome::Valid && fits(&both));
            theirs.accepts(&name(what), they_find(&both).len() == 2);

            let mut changed = both.clone();
            changed["credentialSubject"]["jurisdiction"] = "SE".into();
            ours.refuses(&name(what), judge(&changed, &policy).outcome() == Outcome::Valid);
            theirs.refuses(&name(what), they_verify(&changed));

            // The other side asks for one proof, whoever made it: who decides is not its question.
            let proofs = both["proof"].as_array().unwrap();
            let officers = proofs.iter().find(|proof| proof["verificationMethod"] == json!(officer.method)).unwrap();
            let mut alone = both.clone();
            alone["proof"] = json!([officers]);
            let report = judge(&alone, &policy);
            assert_eq!(found(&report), Some("key.binding.other-controller"), "{}", name(what));
            ours.refuses(&name("the officer's alone"), report.outcome() == Outcome::Valid);
            assert_eq!(they_find(&alone), [officer.method.as_str()]);
        }
    }
    ours.close("sets of proofs, judged by attesta");
    theirs.close("sets of proofs, judged by others");
}

/// The other side knows no chains: it judges each proof as if it stood alone, so that it refuses one that builds on others,
/// and accepts what such a one builds on.
#[test]
fn chains_are_ours_alone() {
    let mut tally = Tally::default();
    for form in Form::data_integrity() {
        let (issuer, officer) = (Party::of_did_key(form.key_type), form.their_party());
        let document = issued_by(&issuer, &document(Kind::Licence, &officer));
        let id = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544";
        let first =
            we_sign_with(suite(form), &ProofOptions { id: Some(id), ..officer.proof_options() }, &officer, &document);
        assert!(they_verify(&first), "{form:?}");
        let previous = [id];
        let options = ProofOptions { previous: &previous, ..issuer.proof_options() };
        let chain = we_sign_with(suite(form), &options, &issuer, &first);
        let policy = policy(&issuer);
        tally.accepts(&format!("{form:?}"), judge(&chain, &policy).outcome() == Outcome::Valid);
        assert_eq!(they_find(&chain), [officer.method.as_str()], "{form:?}");

        let proofs = chain["proof"].as_array().unwrap().clone();
        let named = |change: &dyn Fn(&mut Value, &mut Value)| {
            let (mut officers, mut issuers) = (proofs[0].clone(), proofs[1].clone());
            change(&mut officers, &mut issuers);
            let mut changed = chain.clone();
            changed["proof"] = json!([officers, issuers]);
            changed
        };
        let mut alone = chain.clone();
        alone["proof"] = proofs[1].clone();
        for (what, changed, reason) in [
            ("the ancestor taken away", alone, "proof.ancestor-missing"),
            (
                "a circle",
                named(&|officers, issuers| {
                    issuers["id"] = "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54".into();
                    officers["previousProof"] = issuers["id"].clone();
                }),
                "proof.ancestor-cycle",
            ),
            (
                "the ancestor denied",
                named(&|_, issuers| drop(issuers.as_object_mut().unwrap().remove("previousProof"))),
                "proof.mismatch",
            ),
            (
                "the ancestor changed",
                named(&|officers, _| officers["expires"] = "2099-01-01T00:00:00Z".into()),
                "proof.mismatch",
            ),
        ] {
            let report = judge(&changed, &policy);
            assert_eq!(found(&report), Some(reason), "{form:?}: {what}");
            tally.refuses(&format!("{form:?}: {what}"), report.outcome() == Outcome::Valid);
        }
    }
    tally.close("chains of proofs");
}
