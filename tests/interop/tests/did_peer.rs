//! did:peer, forms 2 and 4: what either side makes of fresh keys, both resolve to the same document; and what we refuse,
//! with the other side's verdict beside it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{SystemTime, UNIX_EPOCH};

use attesta::did::method::peer;
use attesta::did::{self, Did, Document, Relationship};
use attesta::encoding::json::Map;
use attesta::encoding::{base64url, multibase, multihash};
use attesta::keys::PublicKey;
use attesta_interop::dcql::Dice;
use attesta_interop::did_peer::{
    document, has_python, javascript_makes_form_2, javascript_resolves_form_2, key as new_key, keys, services,
    they_make_form_2, they_make_form_4, they_resolve_form_2, they_resolve_form_4, with_absolute_urls,
};
use serde_json::{Value, json};

/// How many DIDs each side makes of each form, for a seed.
const CASES: usize = 60;
const SEED: u64 = 0x7065_6572;

/// A fixed seed for what is drawn, and a fresh one, which is printed. The keys are fresh in both.
fn dice() -> [Dice; 2] {
    let fresh = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() & 0xffff_ffff).unwrap();
    println!("fresh seed: {fresh}");
    [Dice::new(SEED), Dice::new(fresh)]
}

fn we_resolve(did: &str) -> Result<Document, String> {
    let result = did::resolve(did, &Default::default());
    result.document.ok_or_else(|| result.error.map_or_else(String::new, |error| error.to_string()))
}

/// Our document, with absolute references worked out twice: here and by the library.
fn ours(document: &Document) -> Value {
    let expanded = with_absolute_urls(document.to_json().into());
    assert_eq!(Value::from(document.to_json_with_absolute_urls()), expanded);
    expanded
}

/// The keys under each relationship, as the library decides over them.
fn authorized(document: &Document) -> Vec<(Relationship, String, PublicKey)> {
    let mut found = Vec::new();
    for method in document.verification_methods() {
        for relationship in Relationship::ALL.into_iter().filter(|relationship| method.serves(*relationship)) {
            found.push((relationship, method.id.clone(), method.key.clone().unwrap()));
        }
    }
    found
}

#[test]
fn form_2_is_resolved_on_both_sides() {
    if !has_python() {
        return;
    }
    for mut dice in dice() {
        for case in 0..CASES {
            let keys = keys(&mut dice);
            let services = services(&mut dice, false);
            for did in [peer::from_keys(&keys, &services).unwrap(), they_make_form_2(&keys, &services)] {
                let document = we_resolve(&did).unwrap_or_else(|error| panic!("case {case}: {did}: {error}"));
                let mut theirs = they_resolve_form_2(&did).unwrap_or_else(|| panic!("case {case}: {did}"));
                // They list the short name, which is optional and is not resolved here.
                let names = theirs.as_object_mut().unwrap().remove("alsoKnownAs").unwrap();
                assert!(names[0].as_str().unwrap().starts_with("did:peer:3zQm"), "{names}");
                assert_eq!(ours(&document), with_absolute_urls(theirs), "case {case}: {did}");

                let given: Vec<_> = (1..)
                    .zip(&keys)
                    .map(|(number, (relationship, key))| (*relationship, format!("{did}#key-{number}"), key.clone()))
                    .collect();
                assert_eq!(authorized(&document), given, "case {case}: {did}");
                assert_eq!(document.to_json().get("service"), named(&services).as_ref(), "case {case}: {did}");
            }
        }
    }
}

/// The services with the ids that the method gives to those without.
fn named(services: &[Map]) -> Option<Value> {
    let mut ids = std::iter::once("#service".to_owned()).chain((1..).map(|number| format!("#service-{number}")));
    let mut services = services.to_vec();
    for service in services.iter_mut().filter(|service| !service.contains_key("id")) {
        service.insert("id".to_owned(), ids.next().unwrap().into());
    }
    (!services.is_empty()).then(|| services.into())
}

#[test]
fn form_4_is_resolved_on_both_sides() {
    if !has_python() {
        return;
    }
    for mut dice in dice() {
        for case in 0..CASES {
            let input = document(&mut dice);
            for did in [peer::from_document(&input).unwrap(), they_make_form_4(&input)] {
                let long = we_resolve(&did).unwrap_or_else(|error| panic!("case {case}: {did}: {error}"));
                let (theirs, short, of_short) =
                    they_resolve_form_4(&did).unwrap_or_else(|| panic!("case {case}: {did}"));
                assert_eq!(ours(&long), with_absolute_urls(theirs), "case {case}: {did}");
                assert_eq!(peer::short_form(&did), Some(&*short), "case {case}");
                let ours_of_short = peer::resolve_short_form(&Did::parse(&did).unwrap()).unwrap();
                assert_eq!(ours(&ours_of_short), with_absolute_urls(of_short), "case {case}: {did}");
                assert_eq!(ours_of_short.id(), short);

                let mut plain = long.to_json();
                plain.remove("id");
                assert_eq!(as_given(plain, &input, &did), input, "case {case}: {did}");
                assert!(!authorized(&long).is_empty(), "case {case}: {did}");

                assert!(we_resolve(&short).is_err() && they_resolve_form_4(&short).is_none(), "case {case}: {short}");
                for (what, changed) in changed(&mut dice, &did) {
                    assert!(we_resolve(&changed).is_err(), "case {case}, {what}: {changed}");
                    assert!(they_resolve_form_4(&changed).is_none(), "case {case}, {what}: {changed}");
                }
            }
        }
    }
}

/// Without what resolution adds: the short name and the controllers.
fn as_given(mut resolved: Map, input: &Map, did: &str) -> Map {
    if input.contains_key("alsoKnownAs") {
        assert_eq!(resolved["alsoKnownAs"].as_array_mut().unwrap().pop(), peer::short_form(did).map(Value::from));
    } else {
        assert_eq!(resolved.remove("alsoKnownAs"), Some(json!([peer::short_form(did)])));
    }
    let members = Relationship::ALL.map(Relationship::name);
    for member in members.into_iter().chain(["verificationMethod"]) {
        for item in resolved.get_mut(member).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(method) = item.as_object_mut()
                && method["controller"] == did
            {
                method.remove("controller");
            }
        }
    }
    resolved
}

/// The DID with one character changed, in its hash and in its document, and cut short.
fn changed(dice: &mut Dice, did: &str) -> [(&'static str, String); 3] {
    let start = "did:peer:4zQm".len();
    let colon = did.rfind(':').unwrap();
    let other = |at: usize| {
        let replacement = if &did[at..=at] == "a" { "b" } else { "a" };
        format!("{}{replacement}{}", &did[..at], &did[at + 1..])
    };
    let hash = other(start + dice.below(colon - start));
    let body = other(colon + 2 + dice.below(did.len() - colon - 2));
    [("the hash", hash), ("the document", body), ("cut short", did[..did.len() - 1].to_owned())]
}

const THEY_REFUSE: bool = false;
const THEY_ACCEPT: bool = true;

/// All of it is refused here. What the other side accepts departs from the Peer DID Method 1.0, or is left to whoever
/// uses the package; a surprise, either way, fails.
#[test]
fn hostile_form_2_is_refused() {
    if !has_python() {
        return;
    }
    let mut dice = Dice::new(SEED);
    let key = new_key(&mut dice, Relationship::Authentication);
    let multikey = key.to_multikey();
    let whole = peer::from_keys(&[(Relationship::Authentication, key)], &[]).unwrap();
    assert!(we_resolve(&whole).is_ok() && they_resolve_form_2(&whole).is_some());
    let bytes = multibase::decode_base58btc(&multikey, 100).unwrap();
    let of = |bytes: &[u8]| format!("did:peer:2.V{}", multibase::encode_base58btc(bytes));
    let text = |text: &str| format!("{whole}.S{}", base64url::encode(text));
    let service = |service: Value| text(&service.to_string());
    let good = service(json!({ "t": "dm", "s": "https://ngo.example" }));
    assert!(we_resolve(&good).is_ok() && they_resolve_form_2(&good).is_some());
    let named = service(json!({ "id": "#service", "t": "dm", "s": "https://ngo.example" }));
    assert!(we_resolve(&named).is_ok() && they_resolve_form_2(&named).is_some());
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();

    for (what, did, accepted) in [
        ("nothing behind the form", "did:peer:2".to_owned(), THEY_REFUSE),
        ("an empty element", format!("{whole}."), THEY_REFUSE),
        ("an empty element between", whole.replace(".V", "..V"), THEY_REFUSE),
        ("no full stop", whole.replace(".V", "V"), THEY_REFUSE),
        ("an unknown purpose", whole.replace(".V", ".X"), THEY_REFUSE),
        ("a purpose in lower case", whole.replace(".V", ".v"), THEY_REFUSE),
        ("another form", whole.replacen("peer:2", "peer:5", 1), THEY_REFUSE),
        ("another method", whole.replacen("peer:", "pear:", 1), THEY_REFUSE),
        ("capitals", whole.replacen("did:peer", "DID:PEER", 1), THEY_REFUSE),
        ("a path", format!("{whole}/inbox"), THEY_REFUSE),
        ("a fragment", format!("{whole}#key-1"), THEY_REFUSE),
        ("the key in base64url", format!("did:peer:2.Vu{}", base64url::encode(&bytes)), THEY_REFUSE),
        ("the key in hexadecimal", format!("did:peer:2.Vf{hexadecimal}"), THEY_REFUSE),
        ("the key without its base", format!("did:peer:2.V{}", &multikey[1..]), THEY_REFUSE),
        ("a character that base58btc does not have", format!("did:peer:2.V{multikey}0"), THEY_REFUSE),
        ("padding behind a service", format!("{good}="), THEY_REFUSE),
        ("services as a list", service(json!([{ "t": "dm", "s": "https://ngo.example" }])), THEY_REFUSE),
        ("a service that is a text", service(json!("dm")), THEY_REFUSE),
        ("a service that is no JSON", text("{]"), THEY_REFUSE),
        ("a service that is no UTF-8", format!("{whole}.S{}", base64url::encode(b"{\"t\":\"\xff\"}")), THEY_REFUSE),
        // They never look at the key.
        ("a key cut short", of(&bytes[..bytes.len() - 1]), THEY_ACCEPT),
        ("a key and more", of(&[&bytes[..], b"\0"].concat()), THEY_ACCEPT),
        ("a key of an unknown type", of(&[&[0xff, 0x7f], &bytes[2..]].concat()), THEY_ACCEPT),
        ("a private key", of(&[&[0x80, 0x26], &bytes[2..34]].concat()), THEY_ACCEPT),
        ("no bytes of a key", of(&bytes[..2]), THEY_ACCEPT),
        // Nor at what a service is called.
        ("a service named absolutely", service(json!({ "id": "did:example:a#b", "t": "dm", "s": "x:y" })), THEY_ACCEPT),
        ("a service with a number for a name", service(json!({ "id": 1, "t": "dm", "s": "x:y" })), THEY_ACCEPT),
        ("two services of one name", format!("{named}{}", &named[whole.len()..]), THEY_ACCEPT),
        ("a service named as one without a name is", format!("{named}{}", &good[whole.len()..]), THEY_ACCEPT),
        // One hides the other.
        ("a member under both its names", service(json!({ "t": "dm", "type": "Files", "s": "x:y" })), THEY_ACCEPT),
        ("a member twice", text(r#"{"t":"dm","s":"https://ngo.example","s":"https://thief.example"}"#), THEY_ACCEPT),
        ("a number beyond a double", text(r#"{"t":"dm","s":{"priority":9007199254740993}}"#), THEY_ACCEPT),
        // The end of a line is the end of a text to them.
        ("the end of a line", format!("{whole}\n"), THEY_ACCEPT),
    ] {
        assert!(we_resolve(&did).is_err(), "{what}: {did}");
        assert_eq!(they_resolve_form_2(&did).is_some(), accepted, "{what}: {did}");
    }
}

#[test]
fn hostile_form_4_is_refused() {
    if !has_python() {
        return;
    }
    let mut dice = Dice::new(SEED);
    let input = document(&mut dice);
    let whole = peer::from_document(&input).unwrap();
    let other = peer::from_document(&document(&mut dice)).unwrap();
    let (short, encoded) = whole.rsplit_once(':').unwrap();
    let (other_short, other_encoded) = other.rsplit_once(':').unwrap();
    let hash = |encoded: &str| multibase::encode_base58btc(multihash::sha2_256(encoded.as_bytes()));
    let with_hash = |encoded: &str| format!("did:peer:4{}:{encoded}", hash(encoded));
    let of_bytes = |bytes: &[u8]| with_hash(&multibase::encode_base58btc(bytes));
    let of_text = |text: &str| of_bytes(&[b"\x80\x04", text.as_bytes()].concat());
    assert_eq!(of_text(&Value::from(input.clone()).to_string()).len(), whole.len());
    let with = |name: &str, value: Value| {
        let mut map = input.clone();
        map.insert(name.to_owned(), value);
        of_text(&Value::from(map).to_string())
    };
    let bytes = multibase::decode_base58btc(encoded, 5_000).unwrap();
    let digest = multibase::decode_base58btc(&hash(encoded), 100).unwrap();
    let of_digest = |digest: &[u8]| format!("did:peer:4{}:{encoded}", multibase::encode_base58btc(digest));
    let method = |id: &str, name: &str, value: Value| json!([{ "id": id, "type": "JsonWebKey", name: value }]);

    for (what, did, accepted) in [
        ("the document of another hash", format!("{short}:{other_encoded}"), THEY_REFUSE),
        ("the hash of another document", format!("{other_short}:{encoded}"), THEY_REFUSE),
        ("no hash", format!("did:peer:4:{encoded}"), THEY_REFUSE),
        ("no document", format!("{short}:"), THEY_REFUSE),
        ("two documents", format!("{whole}:{encoded}"), THEY_REFUSE),
        ("the hash of the bytes", of_digest(&multihash::sha2_256(&bytes)), THEY_REFUSE),
        ("the hash of the document's text", of_digest(&multihash::sha2_256(&bytes[2..])), THEY_REFUSE),
        ("half a hash", of_digest(&[&[0x12, 0x10], &digest[2..18]].concat()), THEY_REFUSE),
        ("a hash that names another function", of_digest(&[&[0x16, 0x20], &digest[2..]].concat()), THEY_REFUSE),
        ("a hash that names none", of_digest(&digest[2..]), THEY_REFUSE),
        ("the hash in base64url", format!("did:peer:4u{}:{encoded}", base64url::encode(&digest)), THEY_REFUSE),
        ("the document in base64url", with_hash(&format!("u{}", base64url::encode(&bytes))), THEY_REFUSE),
        ("a document that is not marked as JSON", of_bytes(&bytes[2..]), THEY_REFUSE),
        ("a document marked as raw bytes", of_bytes(&[b"\x55", &bytes[2..]].concat()), THEY_REFUSE),
        ("a document that is no JSON", of_text("{]]]]]]]"), THEY_REFUSE),
        ("a document that is a list", of_text("[[],[],[]]"), THEY_REFUSE),
        ("other names that are no list", with("alsoKnownAs", json!("did:example:a")), THEY_REFUSE),
        ("methods that are no list", with("verificationMethod", json!("#a")), THEY_REFUSE),
        ("another form", whole.replacen("peer:4", "peer:5", 1), THEY_REFUSE),
        ("a fragment", format!("{whole}#key-1"), THEY_REFUSE),
        // What makes a document is checked by them where one is made, and not where one is resolved.
        ("an id inside", with("id", json!("did:example:a")), THEY_ACCEPT),
        ("its own id inside", with("id", json!(short)), THEY_ACCEPT),
        ("a relationship that is no list", with("keyAgreement", json!("")), THEY_ACCEPT),
        ("a number for a key", with("assertionMethod", json!([1])), THEY_ACCEPT),
        ("a private key", with("keyAgreement", method("#p", "privateKeyJwk", json!({}))), THEY_ACCEPT),
        (
            "a private part of a key",
            with("keyAgreement", method("#p", "publicKeyJwk", json!({ "d": "" }))),
            THEY_ACCEPT,
        ),
        (
            "two methods of one name",
            with("verificationMethod", json!([{ "id": "#a", "type": "T" }, { "id": "#a", "type": "T" }])),
            THEY_ACCEPT,
        ),
        ("a method without a name", with("verificationMethod", json!([{ "type": "T" }])), THEY_ACCEPT),
        ("a member twice", of_text(r#"{"service":[],"service":[]}"#), THEY_ACCEPT),
        ("a number beyond a double", of_text(r#"{"service":[],"a":9007199254740993}"#), THEY_ACCEPT),
        ("the end of a line", format!("{whole}\n"), THEY_REFUSE),
    ] {
        assert!(we_resolve(&did).is_err(), "{what}: {did}");
        assert_eq!(they_resolve_form_4(&did).is_some(), accepted, "{what}: {did}");
    }
    assert!(peer::from_document(&Map::new()).is_ok(), "an empty document is none to them, and one here");
}

/// Where the packages in Python depart from the method, or read it otherwise; each is met.
#[test]
fn python_departs_from_form_2() {
    if !has_python() {
        return;
    }
    let key = new_key(&mut Dice::new(SEED), Relationship::Authentication);
    let whole = peer::from_keys(&[(Relationship::Authentication, key)], &[]).unwrap();
    for (given, ours, theirs) in [
        // A type may be a list (DID 1.0, section 5.4).
        (json!({ "t": ["a", "b"] }), json!({ "type": ["a", "b"] }), None),
        // They take any abbreviation for one in a type.
        (json!({ "t": "s" }), json!({ "type": "s" }), Some(json!({ "type": "serviceEndpoint" }))),
        // They do not look into a list in a list.
        (
            json!({ "s": [[{ "a": 1 }]] }),
            json!({ "serviceEndpoint": [[{ "accept": 1 }]] }),
            Some(json!({ "serviceEndpoint": [[{ "a": 1 }]] })),
        ),
    ] {
        let did = format!("{whole}.S{}", base64url::encode(given.to_string()));
        let with_id = |mut service: Value| {
            service["id"] = "#service".into();
            service
        };
        assert_eq!(we_resolve(&did).unwrap().to_json()["service"], json!([with_id(ours)]));
        assert_eq!(they_resolve_form_2(&did).map(|mut document| document["service"][0].take()), theirs.map(with_id));
    }
}

/// What the package in JavaScript has: one key for authentication, which it takes for one that asserts too, any to agree
/// with, and services whose abbreviations stand at the root and in an endpoint that is an object.
#[test]
fn form_2_is_resolved_in_javascript() {
    for mut dice in dice() {
        let mut refused = 0;
        for case in 0..CASES {
            let relationships = [Relationship::Authentication, Relationship::KeyAgreement];
            let keys = relationships.map(|relationship| (relationship, new_key(&mut dice, relationship)));
            let keys = &keys[..=dice.below(2)];
            let services: Vec<Map> = (0..dice.below(4)).map(|index| plain_service(&mut dice, index)).collect();
            for did in [peer::from_keys(keys, &services).unwrap(), javascript_makes_form_2(keys, &services)] {
                let document = we_resolve(&did).unwrap_or_else(|error| panic!("case {case}: {did}: {error}"));
                let given: Vec<_> = (1..)
                    .zip(keys)
                    .map(|(number, (relationship, key))| (*relationship, format!("{did}#key-{number}"), key.clone()))
                    .collect();
                assert_eq!(authorized(&document), given, "case {case}: {did}");
                assert_eq!(document.to_json().get("service"), named(&services).as_ref(), "case {case}: {did}");

                let theirs = javascript_resolves_form_2(&did);
                // Two of the characters of base64url are none to it.
                if did.contains(['-', '_']) {
                    assert_eq!(theirs, None, "case {case}: {did}");
                    refused += 1;
                    continue;
                }
                let mut theirs = theirs.unwrap_or_else(|| panic!("case {case}: {did}"));
                let members = theirs.as_object_mut().unwrap();
                assert_eq!(members.remove("assertionMethod"), Some(json!(["#key-1"])));
                let context = members["@context"].as_array_mut().unwrap();
                assert_eq!(context.pop(), Some(json!({ "@base": did })));
                assert_eq!(ours(&document), with_absolute_urls(theirs), "case {case}: {did}");
            }
        }
        println!("{refused} of {} refused for a character of base64url", 2 * CASES);
        assert!(refused > 0 && refused < CASES);
    }
}

/// It replaces the first place where a word stands, whatever that is: so each word stands once, in its own place.
fn plain_service(dice: &mut Dice, index: usize) -> Map {
    // Wherever it comes to stand, base64url has a character for this that base64 has not.
    let path = if dice.once_in(6) { "~~~~~" } else { "inbox" };
    let uri = format!("https://ngo.example/{path}/{}", dice.below(100));
    let endpoint = if dice.once_in(2) {
        uri.into()
    } else {
        json!({ "uri": uri, "accept": ["didcomm/v2"], "routingKeys": ["did:example:mediator#1"] })
    };
    let mut service = Map::new();
    if dice.once_in(2) {
        service.insert("id".to_owned(), format!("#s{index}").into());
    }
    service.insert("type".to_owned(), (*dice.pick(&["DIDCommMessaging", "LinkedDomains"])).into());
    service.insert("serviceEndpoint".to_owned(), endpoint);
    service
}

/// Where the package in JavaScript departs from the method; each is met, else it is no departure any more.
#[test]
fn javascript_departs_from_form_2() {
    let key = |relationship| (relationship, new_key(&mut Dice::new(SEED), relationship));
    let whole = peer::from_keys(&[key(Relationship::Authentication)], &[]).unwrap();
    assert!(javascript_resolves_form_2(&whole).is_some());

    // It joins keys of one kind with commas.
    let two = [key(Relationship::Authentication), key(Relationship::Authentication)];
    let made = javascript_makes_form_2(&two, &[]);
    assert!(made.contains(",.V") && we_resolve(&made).is_err() && javascript_resolves_form_2(&made).is_none());

    // It leaves keys out that are for something else, and refers to none.
    for relationship in
        [Relationship::AssertionMethod, Relationship::CapabilityInvocation, Relationship::CapabilityDelegation]
    {
        let did = peer::from_keys(&[key(relationship)], &[]).unwrap();
        assert_eq!(authorized(&we_resolve(&did).unwrap()).len(), 1);
        assert_eq!(javascript_resolves_form_2(&did).unwrap()["verificationMethod"], json!([]));
    }

    // Abbreviations in a list stay what they are.
    let listed = json!({ "type": "DIDCommMessaging", "serviceEndpoint": [{ "uri": "x:y", "accept": [] }] });
    let listed = listed.as_object().unwrap().clone();
    let did = peer::from_keys(&[key(Relationship::Authentication)], std::slice::from_ref(&listed)).unwrap();
    assert_eq!(we_resolve(&did).unwrap().to_json()["service"][0]["serviceEndpoint"], listed["serviceEndpoint"]);
    let theirs = javascript_resolves_form_2(&did).unwrap();
    assert_eq!(theirs["service"][0]["serviceEndpoint"], json!([{ "uri": "x:y", "a": [] }]));

    // It looks at no key, and at no name of a service.
    let encoded = |service: Value| format!("{whole}.S{}", base64url::encode(service.to_string()));
    for (what, did, accepted) in [
        ("a key cut short", whole[..whole.len() - 2].to_owned(), THEY_ACCEPT),
        ("no key", "did:peer:2.Vz".to_owned(), THEY_ACCEPT),
        ("a service named absolutely", encoded(json!({ "id": "did:example:a#b", "t": "dm", "s": "x:y" })), THEY_ACCEPT),
        ("two elements, one empty", whole.replace(".V", "..V"), THEY_REFUSE),
        ("an unknown purpose", whole.replace(".V", ".X"), THEY_REFUSE),
        ("nothing behind the form", "did:peer:2".to_owned(), THEY_REFUSE),
        ("the key without its base", whole.replace(".Vz", ".V"), THEY_REFUSE),
        ("the key in base64url", whole.replace(".Vz", ".Vu"), THEY_REFUSE),
        ("services as a list", encoded(json!([{ "t": "dm", "s": "x:y" }])), THEY_ACCEPT),
        ("a service that is no JSON", format!("{whole}.S{}", base64url::encode("{]")), THEY_REFUSE),
    ] {
        assert!(we_resolve(&did).is_err(), "{what}: {did}");
        assert_eq!(javascript_resolves_form_2(&did).is_some(), accepted, "{what}: {did}");
    }
}
