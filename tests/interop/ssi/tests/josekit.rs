//! Tokens with josekit, which is OpenSSL's cryptography, both ways: our `vc+jwt` read as JWS, and JWS of josekit's
//! making read as credentials. Then attacks, with the verdict of both. josekit judges the signature alone: it knows no
//! credentials, no DIDs and no types of tokens, and is given the key.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::encoding::{base64url, json};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::verify::Outcome;
use attesta_interop::{Party, Tally, claims, coveted, forge};
use attesta_interop_ssi::{
    Attacks, document_of, flipped, found, in_old_words, signed_as_it_stands, we_issue, we_judge, with_another_end,
};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ed::EdCurve;
use josekit::jws::{self, ES256, ES384, EdDSA, JwsHeader, JwsSigner, JwsVerifier};
use serde_json::{Value, json};

const KEY_TYPES: [KeyType; 3] = [KeyType::Ed25519, KeyType::P256, KeyType::P384];

/// Somebody with a key that josekit made, under its did:key.
fn new_party(key_type: KeyType) -> Party {
    let jwk = match key_type {
        KeyType::Ed25519 => EdDSA.generate_key_pair(EdCurve::Ed25519).unwrap().to_jwk_key_pair(),
        KeyType::P256 => ES256.generate_key_pair().unwrap().to_jwk_key_pair(),
        _ => ES384.generate_key_pair().unwrap().to_jwk_key_pair(),
    };
    let text = Value::Object(jwk.into()).to_string();
    let key = SoftwareKey::from_jwk(&json::parse_object(text.as_bytes()).unwrap()).unwrap();
    let did = attesta::did::method::key::from_key(&key.public_key());
    Party { method: format!("{did}#{}", did.trim_start_matches("did:key:")), did, key }
}

fn signer(party: &Party) -> Box<dyn JwsSigner> {
    let jwk = Jwk::from_bytes(party.key.to_private_jwk().as_bytes()).unwrap();
    match party.key_type() {
        KeyType::Ed25519 => Box::new(EdDSA.signer_from_jwk(&jwk).unwrap()),
        KeyType::P256 => Box::new(ES256.signer_from_jwk(&jwk).unwrap()),
        _ => Box::new(ES384.signer_from_jwk(&jwk).unwrap()),
    }
}

fn verifier(party: &Party) -> Box<dyn JwsVerifier> {
    let jwk = Jwk::from_map(party.key.public_key().to_jwk()).unwrap();
    match party.key_type() {
        KeyType::Ed25519 => Box::new(EdDSA.verifier_from_jwk(&jwk).unwrap()),
        KeyType::P256 => Box::new(ES256.verifier_from_jwk(&jwk).unwrap()),
        _ => Box::new(ES384.verifier_from_jwk(&jwk).unwrap()),
    }
}

/// What josekit signs: these bytes, under a header with these members.
fn josekit_signs(party: &Party, header: Value, payload: &[u8]) -> String {
    let header = JwsHeader::from_map(header.as_object().unwrap().clone()).unwrap();
    jws::serialize_compact(payload, &header, signer(party).as_ref()).unwrap()
}

/// The payload and the header, if the signature is that party's.
fn josekit_reads(token: &str, party: &Party) -> Result<(Value, JwsHeader), String> {
    let (payload, header) =
        jws::deserialize_compact(token, verifier(party).as_ref()).map_err(|error| error.to_string())?;
    Ok((serde_json::from_slice(&payload).map_err(|error| error.to_string())?, header))
}

fn header(named: &Party) -> Value {
    json!({ "typ": "vc+jwt", "cty": "vc", "kid": named.method })
}

#[test]
fn what_we_issue_josekit_reads() {
    let mut tally = Tally::default();
    for key_type in KEY_TYPES {
        for kind in Kind::ALL {
            let name = |what: &str| format!("{key_type:?} {kind:?}: {what}");
            let (issuer, stranger) = (Party::of_did_key(key_type), new_party(key_type));
            let issued = we_issue(kind, &issuer, &Party::of_did_jwk(key_type), Format::Jwt);
            let payload: Value =
                serde_json::from_slice(&base64url::decode(issued.split('.').nth(1).unwrap()).unwrap()).unwrap();
            if key_type == KeyType::Ed25519 {
                // josekit knows the algorithm by its deprecated name alone.
                tally.refuses(&name("the name of RFC 9864"), josekit_reads(&issued, &issuer).is_ok());
            }
            let issued = in_old_words(&issued, &issuer.key);
            let (read, header) = josekit_reads(&issued, &issuer).unwrap_or_else(|error| panic!("{}", name(&error)));
            assert_eq!(read, payload, "{}", name("another payload"));
            assert_eq!((header.token_type(), header.key_id()), (Some("vc+jwt"), Some(issuer.method.as_str())));
            tally.accepts(&name("a credential"), true);
            assert_eq!(we_judge(&issued, &issuer.did).outcome(), Outcome::Valid);

            let (claim, wish) = coveted(kind);
            let (token, signature) = issued.rsplit_once('.').unwrap();
            for (what, forged) in [
                ("a claim changed", forge(&issued, claim, wish)),
                ("another issuer", forge(&issued, &issuer.did, &stranger.did)),
                ("no signature", format!("{token}.")),
                ("half a signature", format!("{token}.{}", &signature[..signature.len() / 2])),
                ("one signature after another", format!("{token}.{signature}{signature}")),
            ] {
                tally.refuses(&name(what), josekit_reads(&forged, &issuer).is_ok());
            }
            tally.refuses(&name("a stranger's key"), josekit_reads(&issued, &stranger).is_ok());
        }
    }
    tally.close("vc+jwt issued by attesta, at josekit");
}

#[test]
fn what_josekit_signs_we_verify() {
    let mut tally = Tally::default();
    for key_type in KEY_TYPES {
        for kind in Kind::ALL {
            let name = |what: &str| format!("{key_type:?} {kind:?}: {what}");
            let (issuer, holder) = (new_party(key_type), Party::of_did_jwk(key_type));
            let document = document_of(kind, &issuer, &holder);
            let signed = josekit_signs(&issuer, header(&issuer), document.to_string().as_bytes());
            let report = we_judge(&signed, &issuer.did);
            assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("a credential"), found(&report));
            assert!(report.accepted()[0].claims() == Some(&claims(kind)), "{}", name("other claims were read"));
            tally.accepts(&name("a credential"), true);

            let (claim, wish) = coveted(kind);
            let report = we_judge(&forge(&signed, claim, wish), &issuer.did);
            assert_eq!(found(&report), Some(("proof", "proof.mismatch")), "{}", name("a claim changed"));
            tally.refuses(&name("a claim changed"), report.outcome() == Outcome::Valid);
            let stranger = new_party(key_type);
            let as_issuer = josekit_signs(&stranger, header(&issuer), document.to_string().as_bytes());
            let report = we_judge(&as_issuer, &issuer.did);
            assert_eq!(found(&report), Some(("proof", "proof.mismatch")), "{}", name("key B named A"));
            tally.refuses(&name("key B named A"), report.outcome() == Outcome::Valid);
        }
    }
    tally.close("vc+jwt signed by josekit, at attesta");
}

#[test]
fn attacks() {
    let mut attacks = Attacks::default();
    for key_type in KEY_TYPES {
        let (issuer, stranger) = (new_party(key_type), new_party(key_type));
        let kind = Kind::ProofOfAddress;
        let text = document_of(kind, &issuer, &Party::of_did_jwk(key_type)).to_string();
        let sound = josekit_signs(&issuer, header(&issuer), text.as_bytes());
        let (_, rest) = sound.split_once('.').unwrap();
        let (_, signature) = sound.rsplit_once('.').unwrap();
        let alg = match key_type {
            KeyType::Ed25519 => "EdDSA",
            KeyType::P256 => "ES256",
            _ => "ES384",
        };
        let head_of =
            |more: &str| format!(r#"{{"alg":"{alg}","typ":"vc+jwt","cty":"vc","kid":"{}"{more}}}"#, issuer.method);
        let labelled =
            |label: &str| josekit_signs(&issuer, json!({ "typ": label, "kid": issuer.method }), text.as_bytes());
        let unlabelled = josekit_signs(&issuer, json!({ "kid": issuer.method }), text.as_bytes());
        let none = base64url::encode(head_of("").replace(alg, "none").as_bytes());
        let hs256 = base64url::encode(head_of("").replace(alg, "HS256").as_bytes());
        let twice = text.replacen('{', &format!(r#"{{"issuer":"{}","#, stranger.did), 1);
        let key_within = json!({ "typ": "vc+jwt", "kid": issuer.method, "jwk": stranger.key.public_key().to_jwk() });
        // 64 bytes leave bits over in their last letter, 96 bytes none.
        let last_letter = if key_type == KeyType::P384 { "proof.mismatch" } else { "parse.unrecognised" };
        for (what, forged, key, reason, they_accept) in [
            ("one bit changed", flipped(&sound), &issuer, "proof.mismatch", false),
            (
                "the algorithm none",
                format!("{none}.{}.", rest.split_once('.').unwrap().0),
                &issuer,
                "algorithm.none",
                false,
            ),
            ("the algorithm HS256", format!("{hs256}.{rest}"), &issuer, "algorithm.mac", false),
            ("another last letter", with_another_end(&sound), &issuer, last_letter, false),
            ("padding behind the signature", format!("{sound}=="), &issuer, "parse.unrecognised", false),
            ("a part more", format!("{sound}.{signature}"), &issuer, "parse.unrecognised", false),
            (
                "something critical",
                signed_as_it_stands(&head_of(r#","crit":["x"],"x":1"#), &text, &issuer),
                &issuer,
                "algorithm.critical",
                false,
            ),
            (
                "a payload that is not encoded",
                signed_as_it_stands(&head_of(r#","crit":["b64"],"b64":false"#), &text, &issuer),
                &issuer,
                "algorithm.critical",
                false,
            ),
            (
                "a header's member twice",
                signed_as_it_stands(&head_of(r#","typ":"vc+jwt""#), &text, &issuer),
                &issuer,
                "parse.unrecognised",
                true,
            ),
            ("two issuers", signed_as_it_stands(&head_of(""), &twice, &issuer), &issuer, "parse.unrecognised", true),
            (
                "another key within",
                josekit_signs(&stranger, key_within, text.as_bytes()),
                &stranger,
                "proof.mismatch",
                true,
            ),
            ("a login's label", labelled("JWT"), &issuer, "media-type.other", true),
            ("a presentation's label", labelled("vp+jwt"), &issuer, "media-type.contradiction", true),
            ("no label", unlabelled, &issuer, "media-type.missing", true),
            (
                "issuer A, key B",
                josekit_signs(&stranger, header(&stranger), text.as_bytes()),
                &stranger,
                "key.binding.other-controller",
                true,
            ),
        ] {
            let ours = we_judge(&forged, &issuer.did);
            let theirs = josekit_reads(&forged, key).map(|_| ());
            attacks.judged(what, &ours, reason, &theirs, they_accept);
        }
    }
    attacks.close("josekit");
}
