//! Answers to a query: presentations by the id of the credential query that each answers (OpenID4VP 1.0 section 8.1).

use attesta::securing::Format;
use attesta::securing::sd_jwt::to_json;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::put;
use crate::cast::{BANK, CAST, list};
use crate::scene::{ALUMNI, About, Scene};
use crate::selective::{bound, bound_by, content, disclosure};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let [address, licence, _, other] = About::ALL.map(|about| Scene::new(about, Format::SdJwtVc));
    let mut cases = met(&address, &licence);
    cases.extend(unmet(&address, &licence));
    cases.extend(presentations(&address, &licence));
    cases.extend(forms(&other));
    cases.extend(in_other_formats());
    cases.extend(in_statements());
    cases
}

const ADDRESS: &str = "https://w3id.org/attesta/vct/proof-of-address/1";
const LICENCE: &str = "https://w3id.org/attesta/vct/licence/1";

/// A credential query for these claims.
fn one(id: &str, vct: &str, paths: &[Value]) -> Value {
    let claims: Vec<Value> = paths.iter().map(|path| json!({ "path": path })).collect();
    json!({ "id": id, "format": "dc+sd-jwt", "meta": { "vct_values": [vct] }, "claims": claims })
}

fn district() -> Value {
    one("address", ADDRESS, &[json!(["address", "country"]), json!(["address", "district"])])
}

fn licence_type() -> Value {
    one("licence", LICENCE, &[json!(["jurisdiction"]), json!(["licenceType"])])
}

fn all(credentials: &[Value]) -> Value {
    json!({ "credentials": credentials })
}

fn answer(presentations: Value) -> String {
    json!({ "vp_token": presentations }).to_string()
}

/// The tenant's answer to the question for the district.
fn shown(address: &Scene) -> String {
    address.presented(&["/address/country", "/address/district"])
}

fn shown_licence(licence: &Scene) -> String {
    licence.presented(&["/jurisdiction", "/licenceType"])
}

fn trusting_both(address: &Scene, licence: &Scene) -> [Value; 1] {
    [list(&[address.entry.clone(), licence.entry.clone()])]
}

fn met(address: &Scene, licence: &Scene) -> Vec<Case> {
    let (address_shown, licence_shown) = (shown(address), shown_licence(licence));
    let both = answer(json!({ "address": [address_shown], "licence": [licence_shown] }));
    let alternatives = json!({
        "credentials": [district(), licence_type()],
        "credential_sets": [{ "options": [["licence"], ["address"]] }],
    });
    let mut claim_sets = district();
    claim_sets["claims"] = json!([
        { "id": "street", "path": ["address", "street"] },
        { "id": "district", "path": ["address", "district"] },
    ]);
    claim_sets["claim_sets"] = json!([["street"], ["district"]]);
    let mut district_of = district();
    district_of["claims"][1]["values"] = json!(["深水埗", "油麻地"]);
    let mut several = district();
    several["multiple"] = true.into();
    vec![
        address
            .valid("answer-to-one-question", "The answer holds the one presentation that was asked for.", {
                answer(json!({ "address": [address_shown] }))
            })
            .asked_for(all(&[district()])),
        address
            .valid("answer-to-two-questions", "The answer holds two presentations, each under its name.", both.clone())
            .preset("default")
            .trusting(&trusting_both(address, licence))
            .status(licence.status())
            .asked_for(all(&[district(), licence_type()])),
        address
            .valid(
                "answer-without-its-request",
                "What was asked is not known to the desk, and all in it is sound.",
                both,
            )
            .preset("default")
            .trusting(&trusting_both(address, licence))
            .status(licence.status())
            .asked(),
        address
            .valid("answer-without-an-answer-around-it", "The one presentation that was asked for, as it is.", {
                address_shown.clone()
            })
            .asked_for(all(&[district()])),
        address
            .valid("answer-with-more-than-was-asked", "The tenant shows more than was asked for.", {
                answer(json!({ "address": [bound(&address.credential())] }))
            })
            .asked_for(all(&[district()])),
        address
            .valid("answer-with-the-second-choice-of-claims", "Of two choices the answer has the second.", {
                answer(json!({ "address": [address_shown] }))
            })
            .asked_for(all(&[claim_sets])),
        address
            .valid("answer-with-one-of-the-values", "The claim has one of the values that were asked for.", {
                answer(json!({ "address": [address_shown] }))
            })
            .asked_for(all(&[district_of])),
        address
            .valid("answer-with-one-of-two-credentials", "Either would do, and one came.", {
                answer(json!({ "address": [address_shown] }))
            })
            .asked_for(alternatives),
        address
            .valid("answer-with-two-where-several-may-come", "Two credentials answer one question.", {
                let older = address.credential_valid("2026-11-03", 30);
                answer(json!({ "address": [address_shown, bound(&older)] }))
            })
            .asked_for(all(&[several])),
        address
            .valid("answer-with-a-presentation-in-json", "The presentation is in the flattened JSON serialisation.", {
                answer(json!({ "address": [to_json(&address_shown, false).unwrap()] }))
            })
            .asked_for(all(&[district()])),
    ]
}

/// Sound presentations that are not what was asked for.
fn unmet(address: &Scene, licence: &Scene) -> Vec<Case> {
    let (address_shown, licence_shown) = (shown(address), shown_licence(licence));
    let refused = |name, description: &str, presented: String, query: Value| {
        address
            .invalid(name, description, presented)
            .preset("default")
            .trusting(&trusting_both(address, licence))
            .status(licence.status())
            .asked_for(query)
            .by(CheckId::Disclosure, Code::DisclosureNotAnswered)
    };
    let street = one("address", ADDRESS, &[json!(["address", "street"])]);
    let mut elsewhere = district();
    elsewhere["claims"][1]["values"] = json!(["中環"]);
    let mut in_w3c = district();
    (in_w3c["format"], in_w3c["meta"]) = ("vc+sd-jwt".into(), json!({ "type_values": [["ProofOfAddressCredential"]] }));
    let both = all(&[district(), licence_type()]);
    let sets = json!({
        "credentials": [district(), licence_type()],
        "credential_sets": [{ "options": [["licence"]] }],
    });
    let under = |id: &str| answer(json!({ id: [address_shown] }));
    vec![
        refused(
            "claim-not-shown",
            "The street was asked for, and is withheld.",
            under("address"),
            all(std::slice::from_ref(&street)),
        ),
        refused("claim-with-another-value", "Another district was asked for.", under("address"), all(&[elsewhere])),
        refused(
            "claim-not-shown-in-a-presentation-alone",
            "The street is withheld, and no answer is around it.",
            address_shown.clone(),
            all(&[street]),
        ),
        refused(
            "presentation-under-an-unknown-name",
            "The answer has a name that was not in the request.",
            under("home"),
            all(&[district()]),
        ),
        refused(
            "something-that-was-not-asked",
            "Beside the address somebody pushes a licence.",
            answer(json!({ "address": [address_shown], "licence": [licence_shown] })),
            all(&[district()]),
        ),
        refused("one-of-two-missing", "The licence is missing.", under("address"), both.clone()),
        refused(
            "presentation-alone-where-two-were-asked",
            "One presentation, and no answer around it.",
            address_shown.clone(),
            both.clone(),
        ),
        refused(
            "answers-swapped",
            "Each presentation stands under the other's name.",
            answer(json!({ "address": [licence_shown], "licence": [address_shown] })),
            both,
        ),
        refused(
            "two-where-one-was-asked",
            "Two credentials, of which the desk would have to choose.",
            {
                let older = address.credential_valid("2026-11-03", 30);
                answer(json!({ "address": [address_shown, bound(&older)] }))
            },
            all(&[district()]),
        ),
        refused("none-of-the-alternatives", "What the desk insists on did not come.", under("address"), sets),
        refused(
            "licence-where-an-address-was-asked",
            "A credential of another type.",
            answer(json!({ "address": [licence_shown] })),
            all(&[district()]),
        ),
        refused(
            "credential-in-another-format",
            "It was asked for in the W3C data model.",
            under("address"),
            all(&[in_w3c]),
        ),
        refused(
            "bare-copy-where-a-holder-was-asked",
            "The request asks for the holder, and the policy does not.",
            answer(json!({ "address": [address.showing(&["/address/country", "/address/district"])] })),
            all(&[district()]),
        )
        .policy(json!({ "holderBinding": "not-required" }))
        .relaxed(CheckId::HolderBinding),
    ]
}

/// Presentations that are not sound, in an answer that has all that was asked for.
fn presentations(address: &Scene, licence: &Scene) -> Vec<Case> {
    let shown_copy = address.showing(&["/address/country", "/address/district"]);
    let (address_shown, licence_shown) = (shown(address), shown_licence(licence));
    let tenant = &CAST.tenant;
    let one_bad = |name, description: &str, presentation: String| {
        address
            .invalid(name, description, answer(json!({ "address": [presentation], "licence": [licence_shown] })))
            .preset("default")
            .trusting(&trusting_both(address, licence))
            .status(licence.status())
            .asked_for(all(&[district(), licence_type()]))
    };
    let replayed = bound_by(tenant, &shown_copy, |_, payload| put(payload, "/nonce", "n-yesterdaysRequest00000"));
    let for_another = bound_by(tenant, &shown_copy, |_, payload| put(payload, "/aud", "https://shop.example"));
    let forged = {
        let mut credential = address.open_claims();
        put(&mut credential.header, "/kid", address.issuer.method.as_str());
        bound(&credential.signed(&CAST.forger))
    };
    let changed = {
        let issued = address.credential();
        let mut shown = address.selective();
        let position = shown.position("district");
        let mut district = content(&shown.disclosures[position]);
        district[2] = "中環".into();
        shown.disclosures[position] = disclosure(&district);
        bound(&format!("{}~{}~", issued.split('~').next().unwrap(), shown.disclosures.join("~")))
    };
    vec![
        one_bad("one-of-two-replayed", "One of two presentations answers an old request.", replayed)
            .by(CheckId::Nonce, Code::NonceOther),
        one_bad("one-of-two-made-for-another", "One of two presentations was made for a shop.", for_another)
            .by(CheckId::Audience, Code::AudienceOther),
        one_bad("one-of-two-by-a-stranger", "One of two presentations is a stranger's.", {
            bound_by(&CAST.thief, &shown_copy, |_, _| {})
        })
        .by(CheckId::HolderBinding, Code::BindingOtherKey),
        one_bad("one-of-two-copied", "One of two presentations is a bare copy.", shown_copy.clone())
            .by(CheckId::HolderBinding, Code::BindingNotPresented),
        one_bad("one-of-two-forged", "One of two credentials was signed by somebody else.", forged)
            .by(CheckId::Proof, Code::ProofMismatch),
        one_bad("one-of-two-with-a-claim-changed", "A disclosure in one of two presentations was changed.", changed)
            .by(CheckId::Disclosure, Code::DisclosureBroken),
        one_bad("one-of-two-unreadable", "One of two presentations is no credential.", "hello".to_owned())
            .by(CheckId::Parse, Code::ParseUnrecognised),
        address
            .open("one-of-two-unknown", "Nobody knows the issuer of one of two presentations.", {
                answer(json!({ "address": [address_shown], "licence": [licence_shown] }))
            })
            .preset("default")
            .asked_for(all(&[district(), licence_type()]))
            .status(licence.status())
            .by(CheckId::IssuerTrust, Code::TrustUnknown),
        address
            .invalid("thirty-three-presentations", "More presentations than are looked at.", {
                answer(json!({ "address": vec![address_shown; 33] }))
            })
            .asked_for(all(&[district()]))
            .by(CheckId::Parse, Code::ParseUnrecognised),
    ]
}

/// Answers that are none.
fn forms(other: &Scene) -> Vec<Case> {
    let presentation = bound(&other.credential());
    let query = || all(&[one("alumni", ALUMNI, &[json!(["alumniOf"])])]);
    let unreadable = |name, description: &str, presented: String| {
        other.invalid(name, description, presented).asked_for(query()).by(CheckId::Parse, Code::ParseUnrecognised)
    };
    vec![
        other
            .valid("answer-with-other-members", "Beside the presentations the wallet sent what it must.", {
                json!({ "vp_token": { "alumni": [presentation] }, "state": "eyJhb" }).to_string()
            })
            .asked_for(query()),
        unreadable("answer-without-presentations", "The answer is empty.", answer(json!({}))),
        unreadable(
            "answer-with-an-empty-list",
            "A question is answered with nothing.",
            answer(json!({ "alumni": [] })),
        ),
        unreadable(
            "answer-as-text",
            "The presentation stands there without its name.",
            answer(presentation.clone().into()),
        ),
        unreadable("answer-as-a-list", "The presentations have no names.", answer(json!([presentation]))),
        unreadable("presentation-not-in-a-list", "The presentation stands there alone, and not in a list.", {
            answer(json!({ "alumni": presentation }))
        }),
        unreadable(
            "presentation-that-is-a-number",
            "A number stands for a presentation.",
            answer(json!({ "alumni": [7] })),
        ),
        unreadable("answer-null", "The answer is null.", answer(Value::Null)),
        unreadable("answer-with-a-name-twice", "The answer has one name twice.", {
            let presentation = Value::from(presentation.as_str());
            format!(r#"{{"vp_token":{{"alumni":[{presentation}],"alumni":[{presentation}]}}}}"#)
        }),
        other
            .invalid("answer-in-an-answer", "An answer stands where a presentation should.", {
                answer(json!({ "alumni": [answer(json!({ "alumni": [presentation] }))] }))
            })
            .asked_for(query())
            .by(CheckId::Proof, Code::ProofAbsent),
    ]
}

/// Presentations of other formats in an answer.
fn in_other_formats() -> Vec<Case> {
    let token = Scene::new(About::Address, Format::Jwt);
    let proof = Scene::new(About::Address, Format::EddsaJcs2022);
    let query = |format: &str| {
        all(&[json!({
            "id": "address",
            "format": format,
            "meta": { "type_values": [["ProofOfAddressCredential"]] },
            "claims": [{ "path": ["credentialSubject", "address", "district"] }],
        })])
    };
    let answered = |presentation: Value| answer(json!({ "address": [presentation] }));
    let signed = token.answer(&token.credential());
    let object: Value = serde_json::from_str(&proof.answer(&proof.credential())).unwrap();
    vec![
        token
            .valid(
                "answer-to-one-question",
                "The answer holds a presentation in a token.",
                answered(signed.clone().into()),
            )
            .asked_for(query("vc+jwt")),
        proof
            .valid("answer-to-one-question", "The answer holds a presentation with a proof.", answered(object))
            .asked_for(query("ldp_vc")),
        token
            .invalid("answer-in-another-format", "It was asked for with a proof.", answered(signed.into()))
            .asked_for(query("ldp_vc"))
            .by(CheckId::Disclosure, Code::DisclosureNotAnswered),
        token
            .invalid("answer-made-for-another-verifier", "The presentation in the answer was made for a shop.", {
                answered(
                    token
                        .answer_to(&[&token.credential()], &format!("{BANK}.stranger.example"), crate::cast::NONCE)
                        .into(),
                )
            })
            .asked_for(query("vc+jwt"))
            .by(CheckId::Audience, Code::AudienceOther),
        token
            .invalid("two-credentials-in-one-presentation", "The presentation holds two where one was asked for.", {
                let older = token.credential_valid("2026-11-03", 30);
                answered(token.answer_to(&[&token.credential(), &older], BANK, crate::cast::NONCE).into())
            })
            .asked_for(query("vc+jwt"))
            .by(CheckId::Disclosure, Code::DisclosureNotAnswered),
    ]
}

/// Answers with statements that were chosen from a document (`ecdsa-sd-2023`).
fn in_statements() -> Vec<Case> {
    let address = Scene::new(About::Address, Format::EcdsaSd2023);
    let query = |types: &[&str]| {
        all(&[json!({
            "id": "address",
            "format": "ldp_vc",
            "meta": { "type_values": [types] },
            "claims": [{ "path": ["credentialSubject", "address", "district"] }],
        })])
    };
    let vocabulary = |name: &str| format!("https://w3id.org/attesta/vocab#{name}");
    let by_name = || query(&["ProofOfAddressCredential"]);
    let answered = |presentation: &str| {
        let presentation: Value = serde_json::from_str(presentation).unwrap();
        answer(json!({ "address": [presentation] }))
    };
    let shown = address.shown(&["/address/district", "/address/country"]);
    let whole = answered(&address.answer(&shown));
    vec![
        address
            .valid("answer-to-one-question", "The answer shows the one statement that was asked for.", whole.clone())
            .asked_for(by_name()),
        address
            .valid("answer-to-types-by-their-iris", "The bank names the types by their IRIs.", whole.clone())
            .asked_for(query(&[
                "https://www.w3.org/2018/credentials#VerifiableCredential",
                &vocabulary("ProofOfAddressCredential"),
            ])),
        address
            .invalid("answer-of-another-type", "The bank asked for a licence, by its IRI.", whole)
            .asked_for(query(&[&vocabulary("LicenceCredential")]))
            .by(CheckId::Disclosure, Code::DisclosureNotAnswered),
        address
            .invalid(
                "answer-with-less-than-was-asked",
                "The district was withheld: the holder chose the country alone.",
                answered(&address.answer(&address.shown(&["/address/country"]))),
            )
            .asked_for(by_name())
            .by(CheckId::Disclosure, Code::DisclosureNotAnswered),
        address
            .invalid("answer-to-an-older-request", "The presentation answers the bank's last request.", {
                answered(&address.answer_to(&[&shown], BANK, "m-anotherRequestAltogether"))
            })
            .asked_for(by_name())
            .by(CheckId::Nonce, Code::NonceOther),
    ]
}
