use serde_json::json;

use super::*;
use crate::encoding::base64url;
use crate::error::Explain;
use crate::keys::{Algorithm, KeyType, Signer as _, SoftwareKey};
use crate::securing::jose::{self, NewHeader};

pub(super) const HEADER: NewHeader<'_> =
    NewHeader { media_type: "dc+sd-jwt", content_type: None, key_id: None, certificates: &[] };

/// A token that nobody signed: what is tested with it is independent of signatures.
pub(super) fn token<S: AsRef<str>>(payload: &Value, disclosures: &[S]) -> String {
    let header = base64url::encode(r#"{"alg":"Ed25519","typ":"dc+sd-jwt"}"#);
    let mut token = format!("{header}.{}.c2ln~", base64url::encode(payload.to_string()));
    for disclosure in disclosures {
        token.push_str(disclosure.as_ref());
        token.push('~');
    }
    token
}

pub(super) fn disclosure(content: Value) -> String {
    base64url::encode(content.to_string())
}

pub(super) fn digest(disclosure: impl AsRef<str>) -> String {
    Hash::Sha256.digest(disclosure.as_ref().as_bytes())
}

pub(super) fn revealed(token: &str) -> Revealed {
    SdJwt::parse(token).and_then(|parsed| parsed.reveal()).unwrap_or_else(|error| panic!("{error}"))
}

fn error_of(token: &str) -> Option<SdJwtError> {
    SdJwt::parse(token).and_then(|parsed| parsed.reveal()).err()
}

/// What refuses the token, or `ok`.
fn code(token: &str) -> &'static str {
    error_of(token).map_or("ok", |error| error.code())
}

/// What refuses a payload with the digest of one disclosure wherever `DIGEST` stands.
fn code_with(payload: Value, content: Value) -> &'static str {
    let disclosure = disclosure(content);
    let payload = payload.to_string().replace("DIGEST", &digest(&disclosure));
    code(&token(&serde_json::from_str(&payload).unwrap(), &[disclosure]))
}

const DECOY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn members_items_and_what_is_nested_in_them_come_into_place() {
    let street = disclosure(json!(["s1", "street", "A/~ 1"]));
    let address = disclosure(json!(["s2", "address", { "_sd": [DECOY, digest(&street)], "town": "B" }]));
    let inner = disclosure(json!(["s3", 7]));
    let list = disclosure(json!(["s4", [{ "...": digest(&inner) }, { "...": DECOY.replace('A', "B") }]]));
    let odd = disclosure(json!(["s5", "a/b~c", null]));
    let payload = json!({
        "iss": "https://issuer.example",
        "_sd_alg": "sha-256",
        "_sd": [digest(&odd), digest(&address)],
        "plain": { "_sd": [] },
        "lists": ["first", { "...": DECOY.replace('A', "C") }, { "...": digest(&list) }, "last"],
    });
    let all = [&street, &address, &inner, &list, &odd];
    let found = revealed(&token(&payload, &all));
    let expected = json!({
        "a/b~c": null,
        "address": { "street": "A/~ 1", "town": "B" },
        "iss": "https://issuer.example",
        "lists": ["first", [7], "last"],
        "plain": {},
    });
    assert_eq!(Value::Object(found.payload), expected);
    assert_eq!(found.disclosed, ["/a~1b~0c", "/address", "/address/street", "/lists/1", "/lists/1/0"]);
    assert_eq!(found.undisclosed, ["/address", "/lists", "/lists/1"]);

    // In another order, it says the same.
    let mut backwards = all;
    backwards.reverse();
    assert_eq!(Value::Object(revealed(&token(&payload, &backwards)).payload), expected);

    // With none, what is left says where something is hidden.
    let found = revealed(&token(&payload, &[""; 0]));
    let shown = json!({ "iss": "https://issuer.example", "lists": ["first", "last"], "plain": {} });
    assert_eq!(Value::Object(found.payload), shown);
    assert_eq!(found.disclosed, [""; 0]);
    assert_eq!(found.undisclosed, ["", "/lists"]);

    // An inner disclosure without the outer one belongs to nothing.
    assert_eq!(code(&token(&payload, &[&street])), "sd-jwt.disclosure-unreferenced");
    assert_eq!(code(&token(&payload, &[&address, &inner])), "sd-jwt.disclosure-unreferenced");
}

#[test]
fn every_supported_hash_works_and_no_other_does() {
    let disclosure = disclosure(json!(["salt", "name", 1]));
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let digest = hash.digest(disclosure.as_bytes());
        assert_eq!(code(&token(&json!({ "_sd_alg": hash.name(), "_sd": [digest] }), &[&disclosure])), "ok");
        for other in [Hash::Sha256, Hash::Sha384, Hash::Sha512].into_iter().filter(|other| *other != hash) {
            let payload = json!({ "_sd_alg": other.name(), "_sd": [digest] });
            assert_eq!(code(&token(&payload, &[&disclosure])), "sd-jwt.digest-form", "{hash:?} as {other:?}");
        }
    }
    for name in ["sha-1", "sha-224", "SHA-256", "sha256", "md5", "sha-256 ", "sha3-256", "sha-256-128", ""] {
        assert_eq!(code(&token(&json!({ "_sd_alg": name }), &[""; 0])), "sd-jwt.hash-unsupported", "{name}");
    }
    for name in [json!(null), json!(256), json!(["sha-256"]), json!({})] {
        assert_eq!(code(&token(&json!({ "_sd_alg": name }), &[""; 0])), "sd-jwt.hash-form", "{name}");
    }
}

#[test]
fn digests_are_compared_as_they_stand() {
    let sound = disclosure(json!(["salt", "name", 1]));
    let payload = json!({ "_sd": [digest(&sound)] });
    assert_eq!(code(&token(&payload, &[&sound])), "ok");

    // The same JSON in another text, and the same bytes in another alphabet or with padding.
    let spaced = base64url::encode(r#"["salt", "name", 1]"#);
    assert_eq!(code(&token(&payload, &[&spaced])), "sd-jwt.disclosure-unreferenced");
    assert_eq!(code(&token(&json!({ "_sd": [digest(&spaced)] }), &[&spaced])), "ok");
    assert_eq!(code(&token(&payload, &[format!("{sound}=")])), "sd-jwt.disclosure-unreferenced");

    // A digest whose last character differs in bits that decoding would drop.
    let text = digest(&sound);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet.find(text.chars().last().unwrap()).unwrap();
    let near = format!("{}{}", &text[..42], alphabet.chars().nth(last ^ 1).unwrap());
    assert_eq!(code(&token(&json!({ "_sd": [near] }), &[&sound])), "sd-jwt.disclosure-unreferenced");

    for wrong in [
        json!(format!("{text}=")),
        json!(format!("{text}A")),
        json!(&text[..42]),
        json!(text.replacen(|_| true, "+", 1)),
        json!(text.replacen(|_| true, " ", 1)),
        json!(""),
        json!(1),
        json!(null),
        json!([text]),
        json!({ "...": text }),
    ] {
        assert_eq!(code(&token(&json!({ "_sd": [wrong] }), &[""; 0])), "sd-jwt.digest-form", "{wrong}");
        assert_eq!(code(&token(&json!({ "a": [{ "...": wrong }] }), &[""; 0])), "sd-jwt.digest-form", "{wrong}");
    }
}

#[test]
fn a_digest_stands_once() {
    let one = disclosure(json!(["salt", "name", 1]));
    let item = disclosure(json!(["salt", 1]));
    let (name, value) = (digest(&one), digest(&item));
    let refused = [
        json!({ "_sd": [name, name] }),
        json!({ "_sd": [name], "inner": { "_sd": [name] } }),
        json!({ "list": [{ "...": name }], "_sd": [name] }),
        json!({ "list": [[{ "...": DECOY }], { "...": DECOY }], "_sd": [name] }),
        json!({ "_sd": [name, DECOY, DECOY] }),
        json!({ "_sd": [name, DECOY], "inner": { "_sd": [DECOY] } }),
        json!({ "_sd": [name, DECOY], "list": [{ "...": DECOY }] }),
    ];
    for payload in refused {
        assert_eq!(code(&token(&payload, &[&one])), "sd-jwt.digest-repeated", "{payload}");
    }
    let twice = json!({ "list": [{ "...": value }, { "...": value }] });
    assert_eq!(code(&token(&twice, &[&item])), "sd-jwt.digest-repeated");
    assert_eq!(code(&token(&twice, &[""; 0])), "sd-jwt.digest-repeated");

    // Across disclosures.
    let outer = disclosure(json!(["salt", "outer", { "_sd": [DECOY] }]));
    let other = disclosure(json!(["salt", "other", { "_sd": [DECOY] }]));
    let payload = json!({ "_sd": [digest(&outer), digest(&other)] });
    assert_eq!(code(&token(&payload, &[&outer, &other])), "sd-jwt.digest-repeated");
    assert_eq!(code(&token(&payload, &[&outer])), "ok");
    let payload = json!({ "_sd": [digest(&outer), DECOY] });
    assert_eq!(code(&token(&payload, &[&outer])), "sd-jwt.digest-repeated");
}

#[test]
fn a_disclosure_stands_once_and_belongs_to_a_digest() {
    let mine = disclosure(json!(["salt", "name", 1]));
    let strange = disclosure(json!(["salt", "admin", true]));
    let payload = json!({ "_sd": [digest(&mine)] });
    assert_eq!(code(&token(&payload, &[&mine, &mine])), "sd-jwt.disclosure-repeated");
    assert_eq!(code(&token(&payload, &[&strange, &strange])), "sd-jwt.disclosure-repeated");
    for strangers in [vec![&mine, &strange], vec![&strange, &mine], vec![&strange]] {
        assert_eq!(code(&token(&payload, &strangers)), "sd-jwt.disclosure-unreferenced");
    }
    assert_eq!(code(&token(&payload, &[mine.as_str(), ""])), "sd-jwt.disclosure-unreferenced");
    assert_eq!(code(&token(&json!({}), &[&mine])), "sd-jwt.disclosure-unreferenced");
    // The digest in a place that holds none.
    assert_eq!(code(&token(&json!({ "sd": [digest(&mine)] }), &[&mine])), "sd-jwt.disclosure-unreferenced");
    assert_eq!(error_of(&token(&payload, &[&mine, &strange])), Some(SdJwtError::DisclosureUnreferenced { number: 2 }));
}

#[test]
fn a_disclosure_of_another_form_is_refused() {
    let member = |content: Value| code_with(json!({ "_sd": ["DIGEST"] }), content);
    let item = |content: Value| code_with(json!({ "list": [{ "...": "DIGEST" }] }), content);
    assert_eq!(member(json!(["salt", "name", null])), "ok");
    assert_eq!(item(json!(["salt", { "a": [1] }])), "ok");
    for content in [
        json!(["salt", 1]),
        json!(["salt", "name"]),
        json!(["salt"]),
        json!([]),
        json!(["salt", "name", 1, 2]),
        json!([1, "name", 1]),
        json!([null, "name", 1]),
        json!(["salt", 1, 1]),
        json!(["salt", null, 1]),
        json!(["salt", ["name"], 1]),
        json!({ "salt": "salt", "name": "name", "value": 1 }),
        json!("salt"),
        json!(null),
    ] {
        assert_eq!(member(content.clone()), "sd-jwt.disclosure-form", "{content}");
    }
    for content in
        [json!(["salt", "name", 1]), json!(["salt"]), json!([]), json!([1, 1]), json!([null, 1]), json!({}), json!("a")]
    {
        assert_eq!(item(content.clone()), "sd-jwt.disclosure-form", "{content}");
    }
    for name in ["_sd", "...", "_sd_alg"] {
        assert_eq!(member(json!(["salt", name, []])), "sd-jwt.reserved-name", "{name}");
        assert_eq!(member(json!(["salt", name, "sha-256"])), "sd-jwt.reserved-name", "{name}");
    }
}

#[test]
fn a_disclosure_is_strict_json_in_strict_base64url() {
    let with = |text: &str| code(&token(&json!({ "_sd": [digest(text)] }), &[text]));
    let encoded = |json: &str| with(&base64url::encode(json));
    assert_eq!(encoded("[\n\"salt\" ,\t\"name\",1 ]"), "ok");
    for json in [
        r#"["salt","name",{"a":1,"a":2}]"#,
        r#"["salt","name",1]x"#,
        r#"["salt","name",1,]"#,
        r#"["salt","name",9007199254740993]"#,
        r#"["salt","name","\ud800"]"#,
        r#"["salt","name",NaN]"#,
        r#"['salt','name',1]"#,
        r#"["salt","name""#,
        "\u{feff}[\"salt\",\"name\",1]",
        "",
    ] {
        assert_eq!(encoded(json), "sd-jwt.disclosure-json", "{json}");
    }
    assert_eq!(with(&base64url::encode(b"[\"salt\",\"name\",\"\xff\"]")), "sd-jwt.disclosure-json");
    let sound = base64url::encode(r#"["salt","name",12]"#);
    assert_eq!(with(&sound), "ok");
    for text in [
        format!("{sound}="),
        format!("{sound}A"),
        format!("{sound} "),
        format!("{sound}\n"),
        format!(" {sound}"),
        sound.replacen('W', "+", 1),
        r#"["salt","name",12]"#.to_owned(),
    ] {
        assert_eq!(with(&text), "sd-jwt.disclosure-encoding", "{text:?}");
    }
    assert_eq!(code(&token(&json!({ "_sd": [digest("")] }), &[""])), "sd-jwt.disclosure-json");
}

#[test]
fn a_claim_that_is_there_cannot_be_added() {
    let content = || json!(["salt", "name", "mine"]);
    assert_eq!(code_with(json!({ "_sd": ["DIGEST"], "name": "issuer's" }), content()), "sd-jwt.name-taken");
    assert_eq!(code_with(json!({ "in": { "_sd": ["DIGEST"], "name": null } }), content()), "sd-jwt.name-taken");
    assert_eq!(code_with(json!({ "in": { "_sd": ["DIGEST"] }, "name": 1 }), content()), "ok");
    let disclosures = [disclosure(json!(["salt1", "name", 1])), disclosure(json!(["salt2", "name", 2]))];
    let payload = json!({ "_sd": disclosures.each_ref().map(digest) });
    assert_eq!(code(&token(&payload, &disclosures)), "sd-jwt.name-taken");
    assert_eq!(code(&token(&payload, &disclosures[..1])), "ok");
}

#[test]
fn reserved_names_stand_only_where_they_mean_something() {
    for (payload, expected) in [
        (json!({ "in": { "_sd_alg": "sha-256" } }), "sd-jwt.reserved-name"),
        (json!({ "list": [{ "_sd_alg": "sha-256" }] }), "sd-jwt.reserved-name"),
        (json!({ "...": DECOY }), "sd-jwt.reserved-name"),
        (json!({ "in": { "...": DECOY } }), "sd-jwt.reserved-name"),
        (json!({ "list": [{ "...": DECOY, "a": 1 }] }), "sd-jwt.digest-form"),
        (json!({ "list": [{ "...": DECOY, "_sd": [] }] }), "sd-jwt.digest-form"),
        (json!({ "list": [{ "...": [DECOY] }] }), "sd-jwt.digest-form"),
        (json!({ "_sd": DECOY }), "sd-jwt.digest-form"),
        (json!({ "_sd": null }), "sd-jwt.digest-form"),
        (json!({ "_sd": { "a": DECOY } }), "sd-jwt.digest-form"),
        (json!({ "in": { "_sd": "x" } }), "sd-jwt.digest-form"),
        (json!({ "_sd": [] }), "ok"),
        (json!({ "_sd": [DECOY] }), "ok"),
        (json!({ "list": [{ "...": DECOY }] }), "ok"),
    ] {
        assert_eq!(code(&token(&payload, &[""; 0])), expected, "{payload}");
        // The same in what was disclosed, as a member and as an item.
        assert_eq!(code_with(json!({ "_sd": ["DIGEST"] }), json!(["s", "n", payload])), expected, "{payload}");
        assert_eq!(code_with(json!({ "l": [{ "...": "DIGEST" }] }), json!(["s", payload])), expected, "{payload}");
    }
    // An item that was disclosed is no placeholder for another one.
    let inner = disclosure(json!(["salt", 1]));
    let outer = disclosure(json!(["salt", { "...": digest(&inner) }]));
    let payload = json!({ "list": [{ "...": digest(&outer) }] });
    assert_eq!(code(&token(&payload, &[&inner, &outer])), "sd-jwt.reserved-name");
    assert_eq!(code(&token(&payload, &[&outer])), "sd-jwt.reserved-name");
}

/// Disclosures, each of which holds the digest of the one before.
fn chain(levels: usize) -> (String, Vec<String>) {
    let mut disclosures = vec![disclosure(json!(["salt", "a", {}]))];
    while disclosures.len() < levels {
        let inner = digest(disclosures.last().unwrap());
        disclosures.push(disclosure(json!(["salt", "a", { "_sd": [inner] }])));
    }
    (digest(disclosures.last().unwrap()), disclosures)
}

#[test]
fn disclosures_nest_no_deeper_than_documents() {
    let nested = |levels| {
        let (digest, disclosures) = chain(levels);
        code(&token(&json!({ "_sd": [digest] }), &disclosures))
    };
    assert_eq!(nested(limits::JSON_DEPTH - 1), "ok");
    assert_eq!(nested(limits::JSON_DEPTH), "sd-jwt.too-deep");
    assert_eq!(nested(limits::DISCLOSURES), "sd-jwt.too-deep");
    assert_eq!(nested(10_000), "sd-jwt.too-many-disclosures");

    // A deep value in a deep place.
    let deep = |levels: usize| (0..levels).fold(json!(1), |value, _| json!([value]));
    let place = (0..limits::JSON_DEPTH - 8).fold(json!({ "_sd": ["DIGEST"] }), |value, _| json!({ "a": value }));
    assert_eq!(code_with(place.clone(), json!(["salt", "name", deep(7)])), "ok");
    assert_eq!(code_with(place, json!(["salt", "name", deep(8)])), "sd-jwt.too-deep");
}

#[test]
fn numbers_are_bounded() {
    let of = |count: usize| (0..count).map(|n| disclosure(json!(["salt", n.to_string(), n]))).collect::<Vec<_>>();
    let payload = |all: &[String]| json!({ "_sd": all.iter().map(digest).collect::<Vec<_>>() });
    let most = of(limits::DISCLOSURES);
    assert_eq!(code(&token(&payload(&most), &most)), "ok");
    let more = of(limits::DISCLOSURES + 1);
    assert_eq!(code(&token(&payload(&more), &more)), "sd-jwt.too-many-disclosures");
    // Before anything else is looked into: not even the issuer's token is sound.
    assert_eq!(code(&format!("x~{}", "A~".repeat(100_000))), "sd-jwt.too-many-disclosures");
    assert_eq!(code(&"~".repeat(100_000)), "sd-jwt.too-many-disclosures");
    assert_eq!(code(&"~".repeat(limits::DOCUMENT_BYTES + 1)), "sd-jwt.too-large");

    let decoys = |count: usize| (0..count).map(|n| format!("{n:043}")).collect::<Vec<_>>();
    assert_eq!(code(&token(&json!({ "_sd": decoys(15_000) }), &[""; 0])), "ok");
    assert_eq!(code(&token(&json!({ "_sd": decoys(100_000) }), &[""; 0])), "sd-jwt.too-large");

    // Each part is within the ceiling, and all together are not.
    let half = vec![0; limits::JSON_VALUES / 2];
    assert_eq!(code_with(json!({ "_sd": ["DIGEST"], "a": &half[100..] }), json!(["s", "b", half])), "ok");
    assert_eq!(code_with(json!({ "_sd": ["DIGEST"], "a": half }), json!(["s", "b", half])), "sd-jwt.too-many-values");
}

#[test]
fn what_is_no_sd_jwt_is_refused() {
    let sound = token(&json!({}), &[""; 0]);
    assert_eq!(code(&sound), "ok");
    assert_eq!(code(&sound[..sound.len() - 1]), "sd-jwt.form");
    let jws = sound.trim_end_matches('~');
    for (text, expected) in [
        ("", "sd-jwt.form"),
        ("~", "jose.parts"),
        ("~~", "jose.parts"),
        ("a.b~", "jose.parts"),
        (&format!("~{sound}"), "jose.parts"),
        (&format!("{jws}~~"), "sd-jwt.disclosure-unreferenced"),
        (&format!("{jws}~WyJhIiwiYiIsMV0"), "sd-jwt.key-binding"),
        (&format!("{jws}~ "), "sd-jwt.key-binding"),
        (&format!("{jws}~\n"), "sd-jwt.key-binding"),
        (&format!("{jws}~..~"), "sd-jwt.disclosure-unreferenced"),
        (&format!("{jws}~{jws}~"), "sd-jwt.disclosure-unreferenced"),
        (&format!("{jws}~.."), "sd-jwt.key-binding"),
    ] {
        assert_eq!(code(text), expected, "{text:?}");
    }
}

#[test]
fn errors_show_no_claims_and_say_what_to_do() {
    let secret = disclosure(json!(["salt", "name", "Salome"]));
    let payload = json!({ "_sd": [digest(&secret)], "name": "Judith" });
    for text in [token(&payload, &[&secret]), token(&json!({}), &[&secret])] {
        let error = error_of(&text).unwrap();
        let said = format!("{error} {error:?} {}", error.hint());
        assert!(!error.hint().is_empty());
        assert!(!["Salome", "Judith", "salt", &secret].iter().any(|word| said.contains(word)), "{said}");
    }
}

/// A credential and what its holder shows of it.
fn presented() -> (SoftwareKey, String) {
    let holder = SoftwareKey::generate(KeyType::P256).unwrap();
    let disclosure = disclosure(json!(["salt", "name", 1]));
    let issued = token(&json!({ "_sd": [digest(&disclosure)] }), &[disclosure]);
    let shown = bind(&issued, "https://desk.example", "n-1", 1_700_000_000, &holder).unwrap();
    (holder, shown)
}

#[test]
fn a_key_binding_token_names_the_request_and_what_was_shown() {
    let (holder, shown) = presented();
    let parsed = SdJwt::parse(&shown).unwrap();
    let binding = parsed.key_binding.as_ref().unwrap();
    binding.jws.verify(Algorithm::Es256, &holder.public_key()).unwrap();
    assert!(binding.is_typed());
    assert_eq!(binding.audience(), Some("https://desk.example"));
    assert_eq!(binding.nonce(), Some("n-1"));
    assert_eq!(binding.issued_at(), Some(1_700_000_000));
    assert!(binding.hash_matches(&parsed));
    assert_eq!(parsed.sd_hash(), digest(&shown[..=shown.rfind('~').unwrap()]));

    // The same binding over fewer disclosures, over more, and over another token.
    let (text, jws) = shown.rsplit_once('~').unwrap();
    let (issued, rest) = text.split_once('~').unwrap();
    let another = token(&json!({ "_sd": [digest(rest)], "more": 1 }), &[rest]);
    for other in [format!("{issued}~{jws}"), format!("{issued}~{rest}~{rest}~{jws}"), format!("{another}{jws}")] {
        let other = SdJwt::parse(&other).unwrap();
        assert!(!other.key_binding.as_ref().unwrap().hash_matches(&other));
    }
}

#[test]
fn a_key_binding_token_without_its_claims_says_nothing() {
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let issued = token(&json!({}), &[""; 0]);
    let with = |payload: Value, typ: &str| {
        let header = NewHeader { media_type: typ, ..HEADER };
        format!("{issued}{}", jose::sign(payload.as_object().unwrap(), &header, &key).unwrap())
    };
    let shown = with(json!({}), "kb+jwt");
    let parsed = SdJwt::parse(&shown).unwrap();
    let binding = parsed.key_binding.as_ref().unwrap();
    assert!(binding.is_typed());
    assert_eq!((binding.audience(), binding.nonce(), binding.issued_at()), (None, None, None));
    assert!(!binding.hash_matches(&parsed));

    let payload = json!({ "aud": ["https://desk.example"], "nonce": 1, "iat": "1", "sd_hash": [parsed.sd_hash()] });
    for typ in ["JWT", "kb", "kb+jwt ", "vp+jwt", "dc+sd-jwt"] {
        let shown = with(payload.clone(), typ);
        let parsed = SdJwt::parse(&shown).unwrap();
        let binding = parsed.key_binding.as_ref().unwrap();
        assert!(!binding.is_typed(), "{typ}");
        assert_eq!((binding.audience(), binding.nonce(), binding.issued_at()), (None, None, None));
        assert!(!binding.hash_matches(&parsed));
    }
    for (iat, expected) in [(json!(1.9), Some(1)), (json!(-1.5), Some(-2)), (json!(1e20), None), (json!(null), None)] {
        let shown = with(json!({ "iat": iat }), "application/kb+jwt");
        let binding = SdJwt::parse(&shown).unwrap().key_binding.unwrap();
        assert_eq!(binding.issued_at(), expected, "{iat}");
        assert!(binding.is_typed());
    }
}

#[test]
fn an_issuer_hands_over_no_key_binding_token() {
    let (holder, shown) = presented();
    assert!(SdJwt::parse(&shown).is_ok());
    assert_eq!(SdJwt::parse_issued(&shown).err(), Some(SdJwtError::KeyBound));
    assert_eq!(bind(&shown, "https://desk.example", "n-2", 1, &holder), Err(SdJwtError::KeyBound));
    let issued = &shown[..=shown.rfind('~').unwrap()];
    assert!(SdJwt::parse_issued(issued).is_ok());
    // Nothing is bound that does not belong together.
    let strange = disclosure(json!(["salt", "admin", true]));
    let error = bind(&format!("{issued}{strange}~"), "https://desk.example", "n-2", 1, &holder).unwrap_err();
    assert_eq!(error.code(), "sd-jwt.disclosure-unreferenced");
}
