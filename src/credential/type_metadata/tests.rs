use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::credential::integrity;
use crate::credential::kind::Claims;
use crate::encoding::json::Map;
use crate::error::Explain;

const A: &str = "https://types.example/a";
const B: &str = "https://types.example/b";

fn resolved(documents: &[Value], vct: &str, pin: Option<&str>, pins: Pins) -> Result<Resolution, TypeMetadataError> {
    let texts: BTreeMap<String, String> = documents
        .iter()
        .map(|document| (document["vct"].as_str().unwrap_or(A).to_owned(), document.to_string()))
        .collect();
    resolve(vct, pin, pins, |vct| texts.get(vct).map(String::as_bytes))
}

fn one(document: Value) -> Result<Resolved, TypeMetadataError> {
    match resolved(&[document], A, None, Pins::Optional)? {
        Resolution::Resolved(found) => Ok(found),
        Resolution::Missing { .. } => panic!("missing"),
    }
}

fn pin(document: &Value) -> String {
    integrity::of(document.to_string().as_bytes())
}

fn code<T>(result: Result<T, TypeMetadataError>) -> &'static str {
    result.err().map_or("", |error| error.code())
}

#[test]
fn a_document_that_is_broken_is_refused() {
    let claim = |claim: Value| json!({ "vct": A, "claims": [claim] });
    for (document, expected) in [
        (json!({}), "type-metadata.form"),
        (json!({ "vct": 1 }), "type-metadata.form"),
        (json!({ "vct": A, "extends": 1 }), "type-metadata.form"),
        (json!({ "vct": A, "name": {} }), "type-metadata.form"),
        (json!({ "vct": A, "extends": B, "extends#integrity": "sha256" }), "type-metadata.integrity-form"),
        (json!({ "vct": A, "extends#integrity": pin(&json!({ "vct": B })) }), "type-metadata.form"),
        (json!({ "vct": A, "display": {} }), "type-metadata.form"),
        (json!({ "vct": A, "display": [{ "name": "A" }] }), "type-metadata.form"),
        (json!({ "vct": A, "display": [{ "locale": "en_GB", "name": "A" }] }), "type-metadata.form"),
        (json!({ "vct": A, "display": [{ "locale": "en" }] }), "type-metadata.form"),
        (json!({ "vct": A, "display": vec![json!({ "locale": "en", "name": "A" }); 65] }), "type-metadata.too-many"),
        (json!({ "vct": A, "claims": vec![json!({ "path": ["a"] }); 513] }), "type-metadata.too-many"),
        (json!({ "vct": A, "claims": {} }), "type-metadata.form"),
        (json!({ "vct": A, "claims": ["a"] }), "type-metadata.form"),
        (claim(json!({})), "type-metadata.form"),
        (claim(json!({ "path": [] })), "type-metadata.form"),
        (claim(json!({ "path": "a" })), "type-metadata.form"),
        (claim(json!({ "path": [-1] })), "type-metadata.form"),
        (claim(json!({ "path": ["a", 1.5] })), "type-metadata.form"),
        (claim(json!({ "path": ["a", true] })), "type-metadata.form"),
        (claim(json!({ "path": vec!["a"; 33] })), "type-metadata.too-many"),
        (claim(json!({ "path": ["a"], "sd": "sometimes" })), "type-metadata.form"),
        (claim(json!({ "path": ["a"], "sd": null })), "type-metadata.form"),
        (claim(json!({ "path": ["a"], "mandatory": "true" })), "type-metadata.form"),
        (claim(json!({ "path": ["a"], "svg_id": "1a" })), "type-metadata.form"),
        (claim(json!({ "path": ["a"], "svg_id": "a-b" })), "type-metadata.form"),
        (claim(json!({ "path": ["a"], "display": [{ "locale": "en", "name": "A" }] })), "type-metadata.form"),
        (json!({ "vct": A, "claims": [{ "path": ["a"] }, { "path": ["a"] }] }), "type-metadata.form"),
        (
            json!({ "vct": A, "claims": [{ "path": ["a"], "svg_id": "x" }, { "path": ["b"], "svg_id": "x" }] }),
            "type-metadata.form",
        ),
    ] {
        assert_eq!(code(one(document.clone())), expected, "{document}");
    }
    let bytes = |text: &[u8]| code(TypeMetadata::parse(text));
    assert_eq!(bytes(br#"{"vct":"a:b","vct":"c:d"}"#), "json.duplicate-member");
    assert_eq!(bytes(b"[]"), "json.not-an-object");
    assert_eq!(bytes(&vec![b' '; limits::MATERIAL_BYTES + 1]), "json.too-large");
}

#[test]
fn what_is_not_understood_is_left_alone() {
    let document = json!({
        "vct": A, "$schema": "x", "display": [{ "locale": "en", "name": "A", "rendering": 1 }],
        "claims": [{ "path": ["a", null, 0], "sd": "never", "unit": "m" }],
    });
    let found = one(document).unwrap();
    assert_eq!(found.display[0].name, "A");
    assert_eq!(found.claims[0].path, [Step::Member("a".to_owned()), Step::Each, Step::Item(0)]);
    assert_eq!(found.claims[0].disclosure.unwrap().as_str(), "never");
}

#[test]
fn a_document_is_of_the_type_and_the_bytes_that_were_asked_for() {
    let other = json!({ "vct": B });
    let text = other.to_string();
    let lookup = |_: &str| Some(text.as_bytes());
    assert_eq!(code(resolve(A, None, Pins::Optional, lookup)), "type-metadata.other-type");

    let document = json!({ "vct": A });
    let fit = |pin: &str| code(resolved(std::slice::from_ref(&document), A, Some(pin), Pins::Optional));
    assert_eq!(fit(&pin(&document)), "");
    assert_eq!(fit(&pin(&other)), "type-metadata.other-bytes");
    assert_eq!(fit("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="), "type-metadata.integrity-algorithm");
    assert_eq!(fit("sha256-short"), "type-metadata.integrity-form");
    assert_eq!(fit(""), "type-metadata.integrity-form");
    // The digest stands for bytes: the same JSON with a space in it is another document.
    let spaced = format!(" {document}");
    let spaced = resolve(A, Some(&pin(&document)), Pins::Optional, |_| Some(spaced.as_bytes()));
    assert_eq!(code(spaced), "type-metadata.other-bytes");
}

#[test]
fn what_is_not_at_hand_is_named_with_its_digest() {
    let missing = |vct: &str, integrity: Option<&str>| {
        Ok(Resolution::Missing { vct: vct.to_owned(), integrity: integrity.map(str::to_owned) })
    };
    assert_eq!(resolved(&[], A, None, Pins::Optional), missing(A, None));
    let digest = pin(&json!({ "vct": B }));
    assert_eq!(resolved(&[], A, Some(&digest), Pins::Demanded), missing(A, Some(&digest)));
    let child = json!({ "vct": A, "extends": B, "extends#integrity": digest });
    assert_eq!(resolved(&[child], A, None, Pins::Optional), missing(B, Some(&digest)));
}

#[test]
fn where_digests_are_demanded_each_document_has_one() {
    let base = json!({ "vct": B });
    let pinned = json!({ "vct": A, "extends": B, "extends#integrity": pin(&base) });
    let bare = json!({ "vct": A, "extends": B });
    let follow = |child: &Value, own: Option<&str>, pins| code(resolved(&[child.clone(), base.clone()], A, own, pins));
    assert_eq!(follow(&pinned, Some(&pin(&pinned)), Pins::Demanded), "");
    assert_eq!(follow(&pinned, None, Pins::Demanded), "type-metadata.not-pinned");
    assert_eq!(follow(&bare, Some(&pin(&bare)), Pins::Demanded), "type-metadata.not-pinned");
    assert_eq!(follow(&bare, None, Pins::Optional), "");
    let forged = json!({ "vct": A, "extends": B, "extends#integrity": pin(&json!({ "vct": B, "name": "other" })) });
    assert_eq!(follow(&forged, None, Pins::Optional), "type-metadata.other-bytes");
}

#[test]
fn a_chain_ends() {
    let named = |number: usize| format!("https://types.example/{number}");
    let chain = |length: usize| {
        let documents: Vec<Value> = (1..=length)
            .map(|number| match number == length {
                true => json!({ "vct": named(number) }),
                false => json!({ "vct": named(number), "extends": named(number + 1) }),
            })
            .collect();
        resolved(&documents, &named(1), None, Pins::Optional)
    };
    let Ok(Resolution::Resolved(four)) = chain(4) else { panic!("a chain of four") };
    assert_eq!(four.types, [1, 2, 3, 4].map(named));
    assert_eq!(code(chain(5)), "type-metadata.too-deep");

    assert_eq!(code(one(json!({ "vct": A, "extends": A }))), "type-metadata.circular");
    let round = [json!({ "vct": A, "extends": B }), json!({ "vct": B, "extends": A })];
    assert_eq!(code(resolved(&round, A, None, Pins::Optional)), "type-metadata.circular");
}

fn extended(base: Value, child: Value) -> Result<Resolved, TypeMetadataError> {
    let documents = [json!({ "vct": A, "extends": B, "claims": child }), json!({ "vct": B, "claims": base })];
    match resolved(&documents, A, None, Pins::Optional)? {
        Resolution::Resolved(found) => Ok(found),
        Resolution::Missing { .. } => panic!("missing"),
    }
}

#[test]
fn a_type_inherits_and_may_only_tighten() {
    let display = |label: &str| json!([{ "locale": "en", "label": label }]);
    let base = json!([
        { "path": ["name"], "display": display("Full name"), "mandatory": true, "sd": "always" },
        { "path": ["city"], "display": display("City") },
    ]);
    let child = json!([
        { "path": ["city"], "display": display("Town"), "mandatory": true, "sd": "never" },
        { "path": ["nationalities"] },
    ]);
    let found = extended(base.clone(), child).unwrap();
    let shown: Vec<_> = found
        .claims
        .iter()
        .map(|claim| (claim.shown_path(), claim.display.as_ref().map(|d| d[0].name.as_str()), claim.disclosure))
        .collect();
    let name = ("name".to_owned(), Some("Full name"), Some(Disclosure::Always));
    let city = ("city".to_owned(), Some("Town"), Some(Disclosure::Never));
    assert_eq!(shown, [name, city, ("nationalities".to_owned(), None, None)]);
    assert_eq!(found.claims[1].mandatory, Some(true));

    for loosened in [
        json!([{ "path": ["name"], "sd": "never" }]),
        json!([{ "path": ["name"], "sd": "allowed" }]),
        json!([{ "path": ["name"], "mandatory": false }]),
    ] {
        assert_eq!(code(extended(base.clone(), loosened.clone())), "type-metadata.loosened", "{loosened}");
    }
    assert_eq!(code(extended(base, json!([{ "path": ["name"], "sd": "always", "mandatory": true }]))), "");
}

/// What becomes of a claims set under a type with this one claim.
fn checked(claim: Value, payload: Value, disclosed: &[&str], undisclosed: &[&str]) -> &'static str {
    let owned = |pointers: &[&str]| pointers.iter().map(|pointer| (*pointer).to_owned()).collect::<Vec<_>>();
    let found = one(json!({ "vct": A, "claims": [claim] })).unwrap();
    code(found.check(payload.as_object().unwrap(), &owned(disclosed), &owned(undisclosed)))
}

#[test]
fn what_must_be_there_is_there_unless_its_holder_hides_it() {
    let name = json!({ "path": ["name"], "mandatory": true });
    let never = json!({ "path": ["name"], "mandatory": true, "sd": "never" });
    let city = json!({ "path": ["address", "city"], "mandatory": true });
    let kind = json!({ "path": ["degrees", null, "type"], "mandatory": true });
    let first = json!({ "path": ["degrees", 0], "mandatory": true });
    const WITHHELD: &str = "type-metadata.mandatory";
    for (claim, payload, undisclosed, expected) in [
        (&name, json!({ "name": "Ada" }), &[][..], ""),
        (&name, json!({}), &[], WITHHELD),
        (&name, json!({}), &["/address"], WITHHELD),
        (&name, json!({}), &[""], ""),
        (&never, json!({}), &[""], WITHHELD),
        (&city, json!({ "address": {} }), &[], WITHHELD),
        (&city, json!({ "address": {} }), &[""], WITHHELD),
        (&city, json!({ "address": {} }), &["/address"], ""),
        (&city, json!({}), &[""], ""),
        (&city, json!({}), &[], WITHHELD),
        (&kind, json!({ "degrees": [] }), &[], WITHHELD),
        (&kind, json!({ "degrees": [] }), &["/degrees"], ""),
        (&kind, json!({ "degrees": [{}] }), &["/degrees/0"], ""),
        (&kind, json!({ "degrees": [{}, { "type": "B" }] }), &[], ""),
        (&first, json!({ "degrees": [] }), &[], WITHHELD),
        (&first, json!({ "degrees": [] }), &["/degrees"], ""),
    ] {
        assert_eq!(checked(claim.clone(), payload.clone(), &[], undisclosed), expected, "{claim} {payload}");
    }
}

#[test]
fn what_can_be_hidden_is_as_the_type_says() {
    let rule = |path: Value, sd: &str| json!({ "path": path, "sd": sd });
    let address = || json!({ "address": { "city": "Kowloon" }, "names": ["a", "b"] });
    for (claim, disclosed, expected) in [
        (rule(json!(["address"]), "never"), &[][..], ""),
        (rule(json!(["address"]), "never"), &["/address"], "type-metadata.hidden"),
        (rule(json!(["address"]), "never"), &["/address/city"], ""),
        (rule(json!(["address"]), "always"), &["/address"], ""),
        (rule(json!(["address"]), "always"), &["/address/city"], "type-metadata.unhidden"),
        (rule(json!(["address", "city"]), "always"), &["/address"], "type-metadata.unhidden"),
        (rule(json!(["address", "city"]), "never"), &["/address"], ""),
        (rule(json!(["names", null]), "always"), &["/names/0", "/names/1"], ""),
        (rule(json!(["names", null]), "always"), &["/names/0"], "type-metadata.unhidden"),
        (rule(json!(["names", 1]), "never"), &["/names/1"], "type-metadata.hidden"),
        (rule(json!(["names", 1]), "never"), &["/names/0"], ""),
        (rule(json!(["names", 2]), "always"), &[], ""),
        (rule(json!(["address"]), "allowed"), &["/address"], ""),
    ] {
        assert_eq!(checked(claim.clone(), address(), disclosed, &[]), expected, "{claim} {disclosed:?}");
    }
    // Which item it is cannot be told among hidden ones.
    assert_eq!(checked(rule(json!(["names", 1]), "never"), address(), &["/names/1"], &["/names"]), "");
}

#[test]
fn a_path_that_the_credential_has_no_place_for_is_refused() {
    for path in [json!(["name", "given"]), json!(["name", null]), json!(["name", 0]), json!(["address", 0])] {
        let payload = json!({ "name": "Ada", "address": {} });
        assert_eq!(checked(json!({ "path": path }), payload, &[], &[]), "type-metadata.structure", "{path}");
    }
    for path in [json!([0]), json!([null])] {
        assert_eq!(checked(json!({ "path": path }), json!({}), &[], &[]), "type-metadata.structure");
    }
    assert_eq!(checked(json!({ "path": ["list", "a"] }), json!({ "list": [] }), &[], &[]), "type-metadata.structure");
}

#[test]
fn checking_takes_no_more_work_than_is_spent_on_it() {
    let claims: Vec<_> = (0..200).map(|number| json!({ "path": ["list", null, number.to_string()] })).collect();
    let found = one(json!({ "vct": A, "claims": claims })).unwrap();
    let payload = json!({ "list": vec![json!({}); 1000] });
    assert_eq!(code(found.check(payload.as_object().unwrap(), &[], &[])), "type-metadata.too-much");
}

#[test]
fn an_error_shows_a_path_and_no_claim() {
    let claim = json!({ "path": ["\u{1b}[2J", null, "a".repeat(1000)], "mandatory": true });
    let found = one(json!({ "vct": A, "claims": [claim] })).unwrap();
    let error = found.check(&Map::new(), &[], &[]).unwrap_err().to_string();
    assert!(error.starts_with("\u{fffd}[2J.*.aaa") && error.len() < 300, "{error}");
}

fn own(kind: Kind) -> Resolved {
    match resolve(kind.vct(), None, Pins::Demanded, |_| None) {
        Ok(Resolution::Resolved(found)) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn our_own_types_are_always_at_hand() {
    for kind in Kind::ALL {
        let found = own(kind);
        assert_eq!(found.types, [kind.vct()]);
        let locales: Vec<_> = found.display.iter().map(|display| display.locale.as_str()).collect();
        assert_eq!(locales, ["en", "zh-Hant"]);
        assert!(found.display[0].name.eq_ignore_ascii_case(kind.in_words()));

        let payload = kind.example();
        let disclosed = kind.disclosable(&payload);
        assert_eq!(found.check(&payload, &disclosed, &[]), Ok(()));
        assert_eq!(found.check(&Map::new(), &[], &[String::new()]), Ok(()));
        assert_eq!(code(found.check(&Map::new(), &[], &[])), "type-metadata.mandatory");
        assert_eq!(code(found.check(&payload, &disclosed[1..], &[])), "type-metadata.unhidden");
        assert!(Claims::from_claims_set(kind, &payload).is_ok());

        let text = kind.type_metadata();
        let digest = integrity::of(text.as_bytes());
        assert!(resolve(kind.vct(), Some(&digest), Pins::Demanded, |_| None).is_ok());
        // A digest that stands for what another version had built in is looked for elsewhere.
        let earlier = format!("{text} ");
        let digest = integrity::of(earlier.as_bytes());
        let other = resolve(kind.vct(), Some(&digest), Pins::Demanded, |_| None);
        assert!(matches!(other, Ok(Resolution::Missing { .. })));
        assert!(resolve(kind.vct(), Some(&digest), Pins::Demanded, |_| Some(earlier.as_bytes())).is_ok());
    }
    // What is built in cannot be replaced by what somebody hands in.
    let forged = json!({ "vct": Kind::Licence.vct(), "name": "forged" }).to_string();
    let found = resolve(Kind::Licence.vct(), None, Pins::Optional, |_| Some(forged.as_bytes()));
    assert_eq!(found, Ok(Resolution::Resolved(own(Kind::Licence))));
}

#[test]
fn a_built_in_type_names_every_member_for_people() {
    let found = own(Kind::ProofOfAddress);
    let of = |path: &[&str]| {
        let path: Vec<_> = path.iter().map(|name| Step::Member((*name).to_owned())).collect();
        found.claims.iter().find(|claim| claim.path == path).unwrap()
    };
    let since = of(&["knownSince"]);
    let display = &since.display.as_ref().unwrap()[0];
    assert_eq!((display.name.as_str(), display.locale.as_str()), ("Known since", "en"));
    assert_eq!(display.description.as_deref(), Some("Since when the organisation knows the person."));
    assert_eq!(since.mandatory, Some(true));
    assert_eq!(of(&["address", "formatted"]).mandatory, Some(true));
    assert_eq!(of(&["address", "district"]).mandatory, None);
    // The paper need not be there, so nothing of it is demanded.
    assert_eq!(of(&["identityDocument", "documentType"]).mandatory, None);
    assert!(found.claims.iter().all(|claim| claim.disclosure == Some(Disclosure::Always)));
}
