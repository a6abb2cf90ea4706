//! What holds for every SD-JWT: what is concealed comes back, what is selected shows just that, and a change anywhere
//! is noticed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test speaks and fails by these")]

use std::collections::BTreeSet;

use attesta::encoding::json::{self, Map, Value};
use attesta::keys::{Algorithm, KeyType, Signer as _, SoftwareKey};
use attesta::securing::jose::NewHeader;
use attesta::securing::sd_jwt::{Decoys, Hash, Plan, SdJwt, bind, conceal, from_json, issue, to_json};
use proptest::prelude::*;
use proptest::sample::Index;

const HEADER: NewHeader<'_> =
    NewHeader { media_type: "dc+sd-jwt", content_type: None, key_id: None, certificates: &[] };

fn key() -> SoftwareKey {
    SoftwareKey::generate(KeyType::Ed25519).unwrap()
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            any_object(inner).prop_map(Value::Object),
        ]
    })
}

fn any_object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map> {
    let name = prop_oneof!["[a-c/~0-2]{0,3}", "_?sd", "\\.{0,4}", any::<String>()];
    let name = name.prop_filter("reserved", |name| !["_sd", "_sd_alg", "..."].contains(&name.as_str()));
    prop::collection::btree_map(name, value, 0..5).prop_map(|members| members.into_iter().collect())
}

fn any_hash() -> impl Strategy<Value = Hash> {
    prop::sample::select(vec![Hash::Sha256, Hash::Sha384, Hash::Sha512])
}

/// Every place beneath the root.
fn pointers(value: &Value, above: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in children {
        let pointer = format!("{above}/{name}");
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

fn some_of(all: &[String], chosen: &[Index]) -> BTreeSet<String> {
    match all {
        [] => BTreeSet::new(),
        all => chosen.iter().map(|index| index.get(all).clone()).collect(),
    }
}

/// Issues the payload so that what `hidden` names can be hidden.
fn issued(payload: &Map, hidden: &BTreeSet<String>, decoys: usize, hash: Hash, key: &SoftwareKey) -> String {
    let pointers: Vec<String> = hidden.iter().cloned().collect();
    let mut count = 0_u128;
    let mut salt = || {
        count += 1;
        count.to_be_bytes()
    };
    let concealed =
        conceal(payload.clone(), &Plan { pointers: &pointers, decoys: Decoys::Each(decoys), hash }, &mut salt).unwrap();
    issue(&concealed, &HEADER, key).unwrap()
}

/// Whether `inner` lies in `outer`, or is the same.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The payload as a verifier sees it to whom just `shown` of `hidden` is disclosed.
fn expected(value: &Value, above: &str, hidden: &BTreeSet<String>, shown: &BTreeSet<String>) -> Value {
    let is_seen = |pointer: &String| !hidden.contains(pointer) || shown.contains(pointer);
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name, format!("{above}/{}", name.replace('~', "~0").replace('/', "~1")), value))
            .filter(|(_, pointer, _)| is_seen(pointer))
            .map(|(name, pointer, value)| (name.clone(), expected(value, &pointer, hidden, shown)))
            .collect::<Map>()
            .into(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, value)| (format!("{above}/{at}"), value))
            .filter(|(pointer, _)| is_seen(pointer))
            .map(|(pointer, value)| expected(value, &pointer, hidden, shown))
            .collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_concealed_comes_back(
        payload in any_object(any_value()),
        chosen in prop::collection::vec(any::<Index>(), 0..12),
        decoys in 0..4_usize,
        hash in any_hash(),
    ) {
        let (key, mut all) = (key(), Vec::new());
        pointers(&Value::Object(payload.clone()), "", &mut all);
        let hidden = some_of(&all, &chosen);
        let issued = issued(&payload, &hidden, decoys, hash, &key);
        let parsed = SdJwt::parse_issued(&issued).unwrap();
        prop_assert!(parsed.jws.verify(Algorithm::Ed25519, &key.public_key()).is_ok());
        let revealed = parsed.reveal().unwrap();
        prop_assert_eq!(revealed.payload, payload);
        prop_assert_eq!(revealed.disclosed.into_iter().collect::<BTreeSet<_>>(), hidden);
        prop_assert_eq!(revealed.undisclosed.is_empty(), decoys == 0 || !hides_members(&parsed));

        for general in [false, true] {
            let document = Value::Object(to_json(&issued, general).unwrap()).to_string();
            prop_assert_eq!(&from_json(&json::parse_object(document.as_bytes()).unwrap()).unwrap(), &issued);
        }
    }

    #[test]
    fn what_is_selected_is_what_is_shown(
        payload in any_object(any_value()),
        chosen in prop::collection::vec(any::<Index>(), 0..12),
        asked in prop::collection::vec(any::<Index>(), 0..6),
    ) {
        let (key, mut all) = (key(), Vec::new());
        pointers(&Value::Object(payload.clone()), "", &mut all);
        let hidden = some_of(&all, &chosen);
        let issued = issued(&payload, &hidden, 0, Hash::Sha256, &key);
        let issued = SdJwt::parse_issued(&issued).unwrap();

        // What can be asked for: places with something hidden on the way to them or in them.
        let mut asked = some_of(&all, &asked);
        asked.retain(|place| {
            let can_be_asked = hidden.iter().any(|hidden| is_within(hidden, place) || is_within(place, hidden));
            assert_eq!(issued.select(&[place]).is_ok(), can_be_asked, "{place}");
            can_be_asked
        });
        let is_asked = |hidden: &&String| asked.iter().any(|place| is_within(hidden, place) || is_within(place, hidden));
        let shown: BTreeSet<String> = hidden.iter().filter(is_asked).cloned().collect();

        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let selected = issued.select(&asked).unwrap();
        let selected = bind(&selected, "https://desk.example", "n-1", 1, &key).unwrap();
        let parsed = SdJwt::parse(&selected).unwrap();
        prop_assert!(parsed.jws.verify(Algorithm::Ed25519, &key.public_key()).is_ok());
        let binding = parsed.key_binding.as_ref().unwrap();
        prop_assert!(binding.jws.verify(Algorithm::Ed25519, &key.public_key()).is_ok());
        prop_assert!(binding.hash_matches(&parsed));
        let revealed = parsed.reveal().unwrap();
        prop_assert_eq!(revealed.disclosed.len(), shown.len());
        let expected = expected(&Value::Object(payload), "", &hidden, &shown);
        prop_assert_eq!(Value::Object(revealed.payload), expected);
    }

    #[test]
    fn no_text_at_all_makes_it_stop(
        header in any::<String>(),
        texts in prop::collection::vec("[A-Za-z0-9_=.~-]{0,40}|\\PC{0,10}", 0..6),
    ) {
        let _ = SdJwt::parse(&texts.join("~")).map(|parsed| parsed.reveal().map(|_| ()));
        let _ = SdJwt::parse(&format!("{header}~{}", texts.join("~"))).map(|parsed| parsed.reveal().map(|_| ()));
        let token = "eyJhbGciOiJFZDI1NTE5In0.eyJfc2QiOltdfQ.AA";
        let _ = SdJwt::parse(&format!("{token}~{}", texts.join("~"))).map(|parsed| parsed.reveal().map(|_| ()));
    }

    #[test]
    fn no_payload_at_all_makes_it_stop(payload in hostile(), contents in prop::collection::vec(hostile(), 0..4)) {
        use attesta::encoding::base64url::encode;
        let disclosures = contents.iter().map(|content| encode(content.to_string()) + "~").collect::<String>();
        let token = format!("eyJhbGciOiJFZDI1NTE5In0.{}.AA~{disclosures}", encode(payload.to_string()));
        if let Ok(parsed) = SdJwt::parse(&token) {
            if let Ok(revealed) = parsed.reveal() {
                // Nothing of the machinery is left.
                let text = Value::Object(revealed.payload).to_string();
                prop_assert!(!["\"_sd\":", "\"_sd_alg\":", "\"...\":"].iter().any(|name| text.contains(name)), "{}", text);
            }
            let _ = parsed.select(&["", "/a", "/a/0"]);
        }
    }
}

/// Whether `_sd` stands somewhere in what was signed or disclosed.
fn hides_members(parsed: &SdJwt<'_>) -> bool {
    let disclosed = parsed.disclosures().iter().map(|text| attesta::encoding::base64url::decode(text).unwrap());
    let signed = Value::Object(parsed.jws.payload.clone()).to_string().into_bytes();
    disclosed.chain([signed]).any(|bytes| String::from_utf8(bytes).unwrap().contains("\"_sd\":["))
}

/// JSON in which the reserved names stand anywhere, with digests and without.
fn hostile() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        "[AB]{43}|sha-256|[a-z]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        let name = prop::sample::select(vec!["_sd", "...", "_sd_alg", "a", "b"]).prop_map(str::to_owned);
        let digest = prop_oneof!["[AB]{43}".prop_map(Value::from), inner.clone()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(digest, 0..3).prop_map(|digests| serde_json::json!({ "_sd": digests, "a": 1 })),
            prop::collection::btree_map(name, inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Any bit of what a holder shows, in the issuer's token, in a disclosure or in the holder's.
#[test]
fn every_bit_counts() {
    let (issuer, holder) = (key(), key());
    let payload = json::parse_object(br#"{"a":{"b":"c","d":[1,2]},"e":"f"}"#).unwrap();
    let hidden = ["/a", "/a/d/0", "/e"].map(str::to_owned).into_iter().collect();
    let issued = issued(&payload, &hidden, 1, Hash::Sha256, &issuer);
    let shown = bind(&issued, "https://desk.example", "n-1", 1, &holder).unwrap();
    let holds = |text: &[u8]| {
        let Ok(text) = std::str::from_utf8(text) else { return false };
        let Ok(parsed) = SdJwt::parse(text) else { return false };
        let Some(binding) = &parsed.key_binding else { return false };
        parsed.jws.verify(Algorithm::Ed25519, &issuer.public_key()).is_ok()
            && parsed.reveal().is_ok()
            && binding.jws.verify(Algorithm::Ed25519, &holder.public_key()).is_ok()
            && binding.hash_matches(&parsed)
    };
    let reveals = |text: &[u8]| {
        let parsed = std::str::from_utf8(text).ok().and_then(|text| SdJwt::parse(text).ok());
        parsed.is_some_and(|parsed| {
            parsed.jws.verify(Algorithm::Ed25519, &issuer.public_key()).is_ok() && parsed.reveal().is_ok()
        })
    };
    let mut bytes = shown.clone().into_bytes();
    assert!(holds(&bytes));
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(!holds(&bytes), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    // Without a key binding it is the issuer's digests alone that hold the disclosures.
    let mut bytes = issued.into_bytes();
    assert!(reveals(&bytes));
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(!reveals(&bytes), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}
