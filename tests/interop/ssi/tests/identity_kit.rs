//! Tokens and SD-JWTs with identity-kit, both ways: credentials of every kind, and presentations for one request. Then
//! attacks, with the verdict of both. identity-kit has no Data Integrity, no COSE and no P-384, and knows tokens of
//! Ed25519 by the deprecated name of their algorithm alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::encoding::base64url;
use attesta::keys::{KeyType, PublicKey, Signer as _, SoftwareKey};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::Format;
use attesta::securing::sd_jwt::SdJwt;
use attesta::verify::{Expected, Outcome};
use attesta_interop::{Party, Tally, claims, coveted, day, forge, now};
use attesta_interop_ssi::{
    Attacks, Kit, KitJudge, claims_set_of, document_by, flipped, found, hidden_in, in_old_words, signed_as_it_stands,
    we_issue, we_judge, we_judge_for, with_another_end,
};
use serde_json::{Value, json};

const BANK: &str = "https://onboarding.bank.example";
const THIEF: &str = "https://thief.example";
const NONCE: &str = "yBmyQ2VVLCcSJ0PqK2mEaw";
const FORMATS: [Format; 3] = [Format::Jwt, Format::SdJwt, Format::SdJwtVc];

fn cases() -> impl Iterator<Item = (Format, KeyType, Kind)> {
    let forms = FORMATS.into_iter().flat_map(|format| Kit::KEY_TYPES.map(move |key_type| (format, key_type)));
    forms.flat_map(|(format, key_type)| Kind::ALL.map(move |kind| (format, key_type, kind)))
}

fn kit_reads(format: Format, text: &str, bound: Option<(&str, &str)>) -> Result<Value, String> {
    let judge = KitJudge::at(now());
    match format {
        Format::Jwt => judge.jwt(text),
        Format::SdJwt => judge.sd_jwt(text, bound),
        _ => judge.sd_jwt_vc(text, bound),
    }
}

/// What a token or an SD-JWT says, as attesta reads it.
fn payload_of(format: Format, text: &str) -> Value {
    match format {
        Format::Jwt => attesta_interop_ssi::payload_of(text),
        _ => Value::Object(SdJwt::parse(text).unwrap().reveal().unwrap().payload),
    }
}

#[test]
fn what_we_issue_it_reads() {
    let mut tally = Tally::default();
    for (format, key_type, kind) in cases() {
        let name = |what: &str| format!("{} {key_type:?} {kind:?}: {what}", format.name());
        let (issuer, stranger) = (Party::of_did_key(key_type), Party::of_did_key(key_type));
        let holder = Party::of_did_jwk(key_type);
        let mut issued = we_issue(kind, &issuer, &holder, format);
        if key_type == KeyType::Ed25519 {
            tally.refuses(&name("the name of RFC 9864"), kit_reads(format, &issued, None).is_ok());
            issued = in_old_words(&issued, &issuer.key);
        }
        let read = kit_reads(format, &issued, None).unwrap_or_else(|error| panic!("{}", name(&error)));
        let mut signed = payload_of(format, &issued);
        if format == Format::Jwt {
            // It returns the credential alone, without the token's own claim.
            assert!(signed.as_object_mut().unwrap().remove("iat").is_some());
        }
        assert_eq!(read, signed, "{}", name("another payload was read than was signed"));
        tally.accepts(&name("a credential"), true);
        tally.refuses(
            &name("another issuer"),
            kit_reads(format, &forge(&issued, &issuer.did, &stranger.did), None).is_ok(),
        );
        if format == Format::Jwt {
            let (claim, wish) = coveted(kind);
            tally.refuses(&name("a claim changed"), kit_reads(format, &forge(&issued, claim, wish), None).is_ok());
            tally.refuses(&name("a bit changed"), kit_reads(format, &flipped(&issued), None).is_ok());
        }
    }
    tally.close("issued by attesta, at identity-kit");
}

#[test]
fn what_it_issues_we_read_and_present() {
    let mut tally = Tally::default();
    for (format, key_type, kind) in cases() {
        let name = |what: &str| format!("{} {key_type:?} {kind:?}: {what}", format.name());
        let (issuer, stranger) = (Kit::of_did_key(key_type), Kit::of_did_key(key_type));
        let holder = Party::of_did_jwk(key_type);
        let payload = payload(format, kind, &issuer, &holder.did, &holder.key.public_key());
        let hidden = hidden(format, kind, &payload);
        let issued = issues(format, &issuer, &payload, &hidden, &issuer);
        let report = we_judge(&issued, &issuer.did);
        if report.outcome() != Outcome::Valid {
            continue;
        }
        assert!(report.accepted()[0].claims() == Some(&claims(kind)), "{}", name("other claims were read"));
        tally.accepts(&name("a credential"), true);
        assert!(kit_reads(format, &issued, None).is_ok(), "{}", name("its own"));

        for (what, forged, code) in [
            ("another issuer", forge(&issued, &issuer.did, &stranger.did), "proof.mismatch"),
            ("key B named A", issues(format, &stranger, &payload, &hidden, &issuer), "proof.mismatch"),
            (
                "issuer A, key B",
                issues(format, &stranger, &payload, &hidden, &stranger),
                "key.binding.other-controller",
            ),
        ] {
            let report = we_judge(&forged, &issuer.did);
            assert_eq!(found(&report).map(|(_, code)| code), Some(code), "{}", name(what));
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }

        // Our holder answers with it, and both find the answer sound.
        let request = Request { audience: BANK, nonce: NONCE, now: now() };
        let shown = present(&[issued.as_bytes()], Disclose::Everything, &request, &holder.key).unwrap();
        let report = we_judge_for(&shown, &issuer.did, &Expected::answer(BANK, NONCE));
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("our answer"), found(&report));
        let shown = answer_in_old_words(format, &shown, &holder.key);
        let says = |audience, nonce| kit_reads_answer(format, &shown, audience, nonce);
        tally.accepts(&name("our answer"), says(BANK, NONCE).is_ok());
        tally.refuses(&name("for another"), says(THIEF, NONCE).is_ok());
        tally.refuses(&name("of another request"), says(BANK, "another").is_ok());
    }
    tally.close("issued by identity-kit, at attesta");
}

#[test]
fn what_it_presents_we_verify() {
    let mut tally = Tally::default();
    for (format, key_type, kind) in cases() {
        let name = |what: &str| format!("{} {key_type:?} {kind:?}: {what}", format.name());
        let (holder, stranger) = (Kit::of_did_jwk(key_type), Kit::of_did_jwk(key_type));
        let issuer = Kit::of_did_key(key_type);
        let key = PublicKey::from_jwk(holder.public_jwk().as_object().unwrap()).unwrap();
        let payload = payload(format, kind, &issuer, &holder.did, &key);
        let hidden = hidden(format, kind, &payload);
        let issued = issues(format, &issuer, &payload, &hidden, &issuer);
        let shows = |holder: &Kit, audience: &str, nonce: &str| match format {
            Format::Jwt => holder.presentation(&[&issued], &[SECOND_CONTEXT], audience, nonce),
            _ => holder.binds(&issued, &hidden, audience, nonce, now()),
        };
        let judge = |shown: &str| we_judge_for(shown, &issuer.did, &Expected::answer(BANK, NONCE));
        let report = judge(&shows(&holder, BANK, NONCE));
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("a presentation"), found(&report));
        assert!(report.accepted()[0].claims() == Some(&claims(kind)), "{}", name("other claims were read"));
        tally.accepts(&name("a presentation"), true);
        for (what, forged, reason) in [
            ("for another", shows(&holder, THIEF, NONCE), "audience.other"),
            ("of another request", shows(&holder, BANK, "another"), "nonce.other"),
            ("a stranger's", shows(&stranger, BANK, NONCE), "holder.binding.other-key"),
        ] {
            let report = judge(&forged);
            assert_eq!(found(&report).map(|(_, code)| code), Some(reason), "{}", name(what));
            assert!(report.accepted().is_empty());
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }
        if format == Format::Jwt {
            // Of a single context it makes a text, where VC Data Model 2.0 (section 4.3) has an array.
            let report = judge(&holder.presentation(&[&issued], &[], BANK, NONCE));
            assert_eq!(found(&report), Some(("data-model", "data-model.broken")), "{}", name("a single context"));
            tally.refuses(&name("a single context"), report.outcome() == Outcome::Valid);
        }
    }
    tally.close("presented by identity-kit, at attesta");
}

#[test]
fn attacks() {
    let mut attacks = Attacks::default();
    for key_type in Kit::KEY_TYPES {
        let (issuer, stranger) = (Party::of_did_key(key_type), Party::of_did_key(key_type));
        let holder = Party::of_did_jwk(key_type);
        let kind = Kind::Licence;
        let document = document_by(kind, &issuer.did, &holder.did);
        let alg = if key_type == KeyType::Ed25519 { "EdDSA" } else { "ES256" };
        let header = |label: &str, named: &Party, more: &str| {
            format!(r#"{{"alg":"{alg}","typ":"{label}","kid":"{}"{more}}}"#, named.method)
        };
        let signs = |signer: &Party, document: &Value, label: &str, more: &str| {
            signed_as_it_stands(&header(label, signer, more), &document.to_string(), signer)
        };
        let with = |name: &str, value: Value| {
            let mut changed = document.clone();
            changed[name] = value;
            changed
        };
        let midnight = |days: i64| Value::from(day(days).midnight().to_string());
        let sound = signs(&issuer, &document, "vc+jwt", "");
        assert!(kit_reads(Format::Jwt, &sound, None).is_ok());
        assert_eq!(we_judge(&sound, &issuer.did).outcome(), Outcome::Valid);

        let twice = document.to_string().replacen('{', &format!(r#"{{"issuer":"{}","#, stranger.did), 1);
        let twice = signed_as_it_stands(&header("vc+jwt", &issuer, ""), &twice, &issuer);
        let named_a = signed_as_it_stands(&header("vc+jwt", &issuer, ""), &document.to_string(), &stranger);
        let without_label = format!(r#"{{"alg":"{alg}","kid":"{}"}}"#, issuer.method);
        let without_label = signed_as_it_stands(&without_label, &document.to_string(), &issuer);
        let versioned = header("vc+jwt", &issuer, "").replace('#', "?versionId=1#");
        let versioned = signed_as_it_stands(&versioned, &document.to_string(), &issuer);
        let none = sound.replacen(
            sound.split('.').next().unwrap(),
            &base64url::encode(header("vc+jwt", &issuer, "").replace(alg, "none").as_bytes()),
            1,
        );
        for (what, forged, reason, they_accept) in [
            ("issuer A, key B", signs(&stranger, &document, "vc+jwt", ""), "key.binding.other-controller", false),
            ("key B named A", named_a, "proof.mismatch", false),
            ("a bit changed", flipped(&sound), "proof.mismatch", false),
            ("the algorithm none", none, "algorithm.none", false),
            ("another last letter", with_another_end(&sound), "parse.unrecognised", false),
            ("another version of the key", versioned, "proof.key-unusable", false),
            ("no label", without_label, "media-type.missing", true),
            ("a login's label", signs(&issuer, &document, "JWT", ""), "media-type.other", false),
            ("a presentation's label", signs(&issuer, &document, "vp+jwt", ""), "media-type.contradiction", false),
            (
                "something critical",
                signs(&issuer, &document, "vc+jwt", r#","crit":["x"],"x":1"#),
                "algorithm.critical",
                false,
            ),
            (
                "a header's member twice",
                signs(&issuer, &document, "vc+jwt", r#","typ":"vc+jwt""#),
                "parse.unrecognised",
                true,
            ),
            ("two issuers", twice, "parse.unrecognised", true),
            (
                "another `iss`",
                signs(&issuer, &with("iss", stranger.did.as_str().into()), "vc+jwt", ""),
                "data-model.claims-contradict",
                false,
            ),
            (
                "another `sub`",
                signs(&issuer, &with("sub", stranger.did.as_str().into()), "vc+jwt", ""),
                "data-model.claims-contradict",
                false,
            ),
            (
                "another `jti`",
                signs(&issuer, &with("jti", "urn:x".into()), "vc+jwt", ""),
                "data-model.claims-contradict",
                false,
            ),
            (
                "an `exp` that is past",
                signs(&issuer, &with("exp", day(0).midnight().unix().into()), "vc+jwt", ""),
                "proof-expiry.past",
                false,
            ),
            (
                "one that has run out",
                signs(&issuer, &with("validUntil", midnight(0)), "vc+jwt", ""),
                "valid-until.past",
                false,
            ),
            (
                "one of the day after tomorrow",
                signs(&issuer, &with("validFrom", midnight(2)), "vc+jwt", ""),
                "valid-from.future",
                false,
            ),
            (
                "a single context",
                signs(&issuer, &with("@context", document["@context"][0].clone()), "vc+jwt", ""),
                "data-model.broken",
                true,
            ),
            (
                "contexts in another order",
                signs(
                    &issuer,
                    &with("@context", json!([document["@context"][1], document["@context"][0]])),
                    "vc+jwt",
                    "",
                ),
                "data-model.broken",
                false,
            ),
            (
                "a context that gives every word a meaning",
                signs(
                    &issuer,
                    &with(
                        "@context",
                        json!([document["@context"][0], document["@context"][1], {"@vocab": "https://thief.example/#"}]),
                    ),
                    "vc+jwt",
                    "",
                ),
                "context.kind",
                true,
            ),
        ] {
            let theirs = kit_reads(Format::Jwt, &forged, None).map(|_| ());
            attacks.judged(what, &we_judge(&forged, &issuer.did), reason, &theirs, they_accept);
        }

        let (issuer, stranger) = (Kit::of_did_key(key_type), Kit::of_did_key(key_type));
        let claims = payload(Format::SdJwtVc, kind, &issuer, &holder.did, &holder.key.public_key());
        let hidden = hidden(Format::SdJwtVc, kind, &claims);
        let signs = |label: &str, hidden: &[String]| issuer.sd_jwt(&claims, hidden, label, &issuer.method);
        let sound = signs("dc+sd-jwt", &hidden);
        let first = sound.split('~').nth(1).unwrap();
        let with_end = [&hidden[..], &["/exp".to_owned()]].concat();
        for (what, forged, reason, they_accept) in [
            (
                "issuer A, key B",
                stranger.sd_jwt(&claims, &hidden, "dc+sd-jwt", &stranger.method),
                "key.binding.other-controller",
                false,
            ),
            ("key B named A", stranger.sd_jwt(&claims, &hidden, "dc+sd-jwt", &issuer.method), "proof.mismatch", false),
            ("a disclosure twice", format!("{sound}{first}~"), "disclosure.broken", false),
            ("a disclosure of its own", format!("{sound}WyJhIiwiYWRtaW4iLHRydWVd~"), "disclosure.broken", false),
            ("its end among what can be hidden", signs("dc+sd-jwt", &with_end), "disclosure.fixed", false),
            ("a login's label", signs("JWT", &hidden), "media-type.other", false),
        ] {
            let theirs = kit_reads(Format::SdJwtVc, &forged, None).map(|_| ());
            attacks.judged(what, &we_judge(&forged, &issuer.did), reason, &theirs, they_accept);
        }
    }
    attacks.close("identity-kit");
}

/// One that the presentation need not have.
const SECOND_CONTEXT: &str = "https://w3id.org/security/data-integrity/v2";

fn payload(format: Format, kind: Kind, issuer: &Kit, holder: &str, key: &PublicKey) -> Value {
    let mut payload = match format {
        Format::SdJwtVc => claims_set_of(kind, &issuer.did, key),
        _ => document_by(kind, &issuer.did, holder),
    };
    if format == Format::SdJwt {
        payload["cnf"] = json!({ "jwk": key.to_jwk() });
    }
    payload
}

fn hidden(format: Format, kind: Kind, payload: &Value) -> Vec<String> {
    if format == Format::Jwt { Vec::new() } else { hidden_in(kind, format, payload) }
}

fn issues(format: Format, signer: &Kit, payload: &Value, hidden: &[String], named: &Kit) -> String {
    match format {
        Format::Jwt => signer.credential(payload, &named.method),
        _ => signer.sd_jwt(payload, hidden, format.name(), &named.method),
    }
}

fn answer_in_old_words(format: Format, shown: &str, key: &SoftwareKey) -> String {
    match format {
        Format::Jwt => in_old_words(shown, key),
        _ => {
            let (issued, answer) = shown.rsplit_once('~').unwrap();
            format!("{issued}~{}", in_old_words(answer, key))
        }
    }
}

fn kit_reads_answer(format: Format, shown: &str, audience: &str, nonce: &str) -> Result<(), String> {
    match format {
        Format::Jwt => KitJudge::at(now()).presentation(shown, audience, nonce).map(|_| ()),
        _ => kit_reads(format, shown, Some((audience, nonce))).map(|_| ()),
    }
}
