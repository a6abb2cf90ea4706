//! Attacks on credentials, with the verdict of ssi beside ours: attesta refuses every one, and what ssi accepts is
//! named, so that a surprise fails. Above all: a credential of issuer A that B signed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::encoding::base64url;
use attesta::keys::{KeyType, Signer as _};
use attesta::securing::Format;
use attesta::verify::{Expected, Outcome};
use attesta_interop::{Party, day, forge, now};
use attesta_interop_ssi::{
    Attacks, Judge, Maker, claims_set, document_of, flipped, hidden_in, signed_as_it_stands, we_judge, we_judge_for,
    with_another_end,
};
use serde_json::{Value, json};
use ssi::verification_methods::ProofPurpose;

const KIND: Kind = Kind::ProofOfAddress;

/// Both verdicts on every attack of a list: what it is, why attesta refuses it, and whether ssi accepts it.
fn judge_all<'a>(
    all: &mut Attacks,
    attacks: impl IntoIterator<Item = (&'a str, String, &'a str, bool)>,
    issuer: &Party,
    ssi_says: impl Fn(&Judge, &str) -> Result<(), String>,
) {
    let judge = Judge::at(now());
    for (what, forged, reason, they_accept) in attacks {
        let ours = we_judge(&forged, &issuer.did);
        all.judged(what, &ours, reason, &ssi_says(&judge, &forged), they_accept);
    }
}

#[test]
fn tokens() {
    let mut all = Attacks::default();
    for key_type in [KeyType::Ed25519, KeyType::P256, KeyType::P384] {
        let (issuer, stranger) = (Maker::of_did_key(key_type), Maker::of_did_key(key_type));
        let document = document_of(KIND, &issuer.party, &Party::of_did_jwk(key_type));
        let sound = issuer.jws(&document, "vc+jwt", &issuer.party.method);
        assert_eq!(we_judge(&sound, &issuer.party.did).outcome(), Outcome::Valid);
        Judge::at(now()).jwt(&sound).unwrap();

        let with = |name: &str, value: Value| {
            let mut changed = document.clone();
            changed[name] = value;
            changed
        };
        let signs = |signer: &Maker, document: &Value| signer.jws(document, "vc+jwt", &signer.party.method);
        let labelled = |label| issuer.jws(&document, label, &issuer.party.method);
        let text = document.to_string();
        let twice = text.replacen('{', &format!(r#"{{"issuer":"{}","#, stranger.party.did), 1);
        let alg = if key_type == KeyType::Ed25519 {
            "EdDSA".to_owned()
        } else {
            issuer.party.key.algorithm().jose_name().to_owned()
        };
        let header = |more: &str| format!(r#"{{"alg":"{alg}","typ":"vc+jwt","kid":"{}"{more}}}"#, issuer.party.method);
        let (head, rest) = sound.split_once('.').unwrap();
        let payload = rest.split_once('.').unwrap().0;
        let none = base64url::encode(header("").replace(&alg, "none").as_bytes());
        // 64 bytes leave bits over in their last letter, 96 bytes none.
        let last_letter = if key_type == KeyType::P384 { "proof.mismatch" } else { "parse.unrecognised" };
        let attacks = [
            ("issuer A, key B", signs(&stranger, &document), "key.binding.other-controller", true),
            ("key B named A", stranger.jws(&document, "vc+jwt", &issuer.party.method), "proof.mismatch", false),
            ("a claim changed", forge(&sound, "CHAN Tai Man", "CHAN Tai Wan"), "proof.mismatch", false),
            ("the issuer changed", forge(&sound, &issuer.party.did, &stranger.party.did), "proof.mismatch", false),
            ("no signature", format!("{head}.{payload}."), "proof.form", false),
            ("the algorithm none", format!("{none}.{payload}."), "algorithm.none", false),
            ("a bit of the signature changed", flipped(&sound), "proof.mismatch", false),
            ("another last letter", with_another_end(&sound), last_letter, false),
            (
                "one that has run out",
                signs(&issuer, &with("validUntil", day(0).midnight().to_string().into())),
                "valid-until.past",
                false,
            ),
            (
                "one of the day after tomorrow",
                signs(&issuer, &with("validFrom", day(2).midnight().to_string().into())),
                "valid-from.future",
                false,
            ),
            (
                "no validity, an `exp` that is past",
                signs(&issuer, &with("exp", json!(day(0).midnight().unix()))),
                "proof-expiry.past",
                true,
            ),
            (
                "another `iss`",
                signs(&issuer, &with("iss", stranger.party.did.as_str().into())),
                "data-model.claims-contradict",
                true,
            ),
            (
                "another `sub`",
                signs(&issuer, &with("sub", stranger.party.did.as_str().into())),
                "data-model.claims-contradict",
                true,
            ),
            (
                "a `vc` beside the credential",
                signs(&issuer, &with("vc", json!({"issuer": stranger.party.did}))),
                "data-model.broken",
                true,
            ),
            ("a label that nobody uses any more", issuer.jose(&document), "media-type.other", true),
            ("a login's label", labelled("JWT"), "media-type.other", true),
            ("a presentation's label", labelled("vp+jwt"), "media-type.contradiction", true),
            (
                "something critical",
                signed_as_it_stands(&header(r#","crit":["x"],"x":1"#), &text, &issuer.party),
                "algorithm.critical",
                true,
            ),
            (
                "the payload not encoded",
                signed_as_it_stands(&header(r#","b64":false,"crit":["b64"]"#), &text, &issuer.party),
                "algorithm.critical",
                false,
            ),
            (
                "a header's member twice",
                signed_as_it_stands(&header(r#","typ":"vc+jwt""#), &text, &issuer.party),
                "parse.unrecognised",
                false,
            ),
            ("two issuers", signed_as_it_stands(&header(""), &twice, &issuer.party), "parse.unrecognised", false),
            (
                "the key beside its name",
                signed_as_it_stands(
                    &header(&format!(r#","jwk":{}"#, Value::Object(stranger.party.key.public_key().to_jwk()))),
                    &text,
                    &stranger.party,
                ),
                "proof.mismatch",
                false,
            ),
        ];
        judge_all(&mut all, attacks, &issuer.party, |judge, token| judge.jwt(token));
    }
    all.close("ssi");
}

#[test]
fn claims_that_can_be_hidden() {
    let mut all = Attacks::default();
    for key_type in [KeyType::Ed25519, KeyType::P256, KeyType::P384] {
        let (issuer, stranger) = (Maker::of_did_key(key_type), Maker::of_did_key(key_type));
        let holder = Party::of_did_jwk(key_type);
        let claims = claims_set(KIND, &issuer.party, &holder);
        let hidden = hidden_in(KIND, Format::SdJwtVc, &claims);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let signs = |signer: &Maker, label, named: &Maker| signer.sd_jwt(&claims, &hidden, label, &named.party.method);
        let sound = signs(&issuer, "dc+sd-jwt", &issuer);
        assert_eq!(we_judge(&sound, &issuer.party.did).outcome(), Outcome::Valid);
        Judge::at(now()).sd_jwt(&sound).unwrap();

        let first = sound.split('~').nth(1).unwrap();
        let with_end = [&hidden[..], &["/exp"]].concat();
        let end_hidden = issuer.sd_jwt(&claims, &with_end, "dc+sd-jwt", &issuer.party.method);
        let end = end_hidden
            .split('~')
            .find(|text| {
                String::from_utf8(base64url::decode(text).unwrap_or_default()).unwrap_or_default().contains("\"exp\"")
            })
            .unwrap();
        let attacks = [
            ("issuer A, key B", signs(&stranger, "dc+sd-jwt", &stranger), "key.binding.other-controller", true),
            ("key B named A", signs(&stranger, "dc+sd-jwt", &issuer), "proof.mismatch", false),
            ("the issuer changed", forge(&sound, &issuer.party.did, &stranger.party.did), "proof.mismatch", false),
            ("a disclosure changed", sound.replacen(first, &changed(first), 1), "disclosure.broken", false),
            ("a disclosure of its own", format!("{sound}WyJhIiwiYWRtaW4iLHRydWVd~"), "disclosure.broken", false),
            ("a disclosure twice", format!("{sound}{first}~"), "disclosure.broken", true),
            ("its end among what can be hidden", end_hidden.clone(), "disclosure.fixed", true),
            ("its end hidden", end_hidden.replacen(&format!("{end}~"), "", 1), "data-model.kind-needs", true),
            ("no tilde", sound.split('~').next().unwrap().to_owned(), "media-type.other", false),
            ("a login's label", signs(&issuer, "JWT", &issuer), "media-type.other", true),
        ];
        judge_all(&mut all, attacks, &issuer.party, |judge, text| judge.sd_jwt(text).map(|_| ()));

        // ssi has no check of the holder's answer: it reads past it.
        let answer = |signer: &Maker| {
            signer.jws(
                &json!({ "aud": "a", "nonce": "n", "iat": now().unix(), "sd_hash": "x" }),
                "kb+jwt",
                &signer.party.method,
            )
        };
        let expected = Expected::answer("https://bank.example", "yBmyQ2VVLCcSJ0PqK2mEaw");
        let answered = format!("{sound}{}", answer(&stranger));
        let ours = we_judge_for(&answered, &issuer.party.did, &expected);
        let theirs = Judge::at(now()).sd_jwt(&answered).map(|_| ());
        all.judged(
            "a stranger's answer, for somebody else, to other disclosures",
            &ours,
            "holder.binding.other-key",
            &theirs,
            true,
        );
    }
    all.close("ssi");
}

#[test]
fn proofs() {
    let mut all = Attacks::default();
    for (format, key_type) in [(Format::EddsaRdfc2022, KeyType::Ed25519), (Format::EcdsaRdfc2019, KeyType::P256)] {
        let (issuer, stranger) = (Maker::of_did_key(key_type), Maker::of_did_key(key_type));
        let document = document_of(KIND, &issuer.party, &Party::of_did_jwk(key_type));
        let signs = |signer: &Maker, document: &Value| signer.data_integrity(document, format, &signer.party.method);
        let sound = signs(&issuer, &document);
        assert_eq!(we_judge(&sound, &issuer.party.did).outcome(), Outcome::Valid);
        Judge::at(now()).data_integrity(&sound).unwrap();

        let with = |name: &str, value: Value| {
            let mut changed = document.clone();
            changed[name] = value;
            changed
        };
        // What stands in the signed document once that was done to it.
        let after = |change: &dyn Fn(&mut Value)| {
            let mut changed: Value = serde_json::from_str(&sound).unwrap();
            change(&mut changed);
            changed.to_string()
        };
        let value = serde_json::from_str::<Value>(&sound).unwrap()["proof"]["proofValue"].as_str().unwrap().to_owned();
        let for_a_login =
            issuer.data_integrity_with(&document, format, |words| words.proof_purpose = ProofPurpose::Authentication);
        let expired = issuer.data_integrity_with(&document, format, |words| {
            words.expires = Some(day(-1).midnight().to_string().parse::<ssi::xsd::DateTimeStamp>().unwrap().into())
        });
        let early = issuer.data_integrity_with(&document, format, |words| {
            words.created = Some(day(2).midnight().to_string().parse::<ssi::xsd::DateTimeStamp>().unwrap().into())
        });
        let over = signs(&issuer, &with("validUntil", day(0).midnight().to_string().into()));
        let named_a = stranger.prove(&document, format, &issuer.party.method).unwrap();
        let other_suite = if format == Format::EddsaRdfc2022 { "ecdsa-rdfc-2019" } else { "eddsa-rdfc-2022" };
        let attacks = vec![
            ("issuer A, key B", signs(&stranger, &document), "key.binding.other-controller", true),
            ("a claim changed", forge(&sound, "CHAN Tai Man", "CHAN Tai Wan"), "proof.mismatch", false),
            (
                "the issuer changed",
                after(&|all| all["issuer"] = stranger.party.did.as_str().into()),
                "proof.mismatch",
                false,
            ),
            (
                "an undefined term added",
                after(&|all| all["credentialSubject"]["added"] = true.into()),
                "data-terms.undefined",
                false,
            ),
            ("an undefined term added, above", after(&|all| all["added"] = true.into()), "data-terms.undefined", false),
            (
                "an undefined type added",
                after(&|all| all["type"].as_array_mut().unwrap().push("Added".into())),
                "data-terms.undefined",
                false,
            ),
            (
                "a claim taken out",
                after(&|all| drop(all["credentialSubject"].as_object_mut().unwrap().remove("residentSince"))),
                "proof.mismatch",
                false,
            ),
            (
                "a longer validity",
                after(&|all| all["validUntil"] = "2099-01-01T00:00:00Z".into()),
                "proof.mismatch",
                false,
            ),
            (
                "the key's name changed",
                after(&|all| all["proof"]["verificationMethod"] = stranger.party.method.as_str().into()),
                "proof.mismatch",
                false,
            ),
            (
                "the purpose changed",
                after(&|all| all["proof"]["proofPurpose"] = "authentication".into()),
                "proof.mismatch",
                false,
            ),
            (
                "the time of signing changed",
                after(&|all| all["proof"]["created"] = "2026-01-01T00:00:00Z".into()),
                "proof.mismatch",
                false,
            ),
            (
                "an end added to the proof",
                after(&|all| all["proof"]["expires"] = "2099-01-01T00:00:00Z".into()),
                "proof.mismatch",
                false,
            ),
            (
                "a domain added to the proof",
                after(&|all| all["proof"]["domain"] = "bank.example".into()),
                "proof.mismatch",
                false,
            ),
            (
                "an undefined member added to the proof",
                after(&|all| all["proof"]["added"] = "x".into()),
                "data-terms.undefined",
                false,
            ),
            (
                "another cryptosuite named",
                after(&|all| all["proof"]["cryptosuite"] = other_suite.into()),
                "algorithm.mismatch",
                false,
            ),
            (
                "a signature in base64url",
                after(&|all| all["proof"]["proofValue"] = "uAAAA".into()),
                "proof.form",
                false,
            ),
            (
                "half a signature",
                after(&|all| all["proof"]["proofValue"] = value[..value.len() / 2].into()),
                "proof.form",
                false,
            ),
            ("no proof", after(&|all| drop(all.as_object_mut().unwrap().remove("proof"))), "proof.absent", false),
            ("a list of no proofs", after(&|all| all["proof"] = json!([])), "proof.absent", false),
            (
                "a context in the document added",
                after(&|all| {
                    all["@context"].as_array_mut().unwrap().push(json!({"@vocab": "https://thief.example/#"}))
                }),
                "context.kind",
                true,
            ),
            (
                "the contexts in another order",
                after(&|all| all["@context"].as_array_mut().unwrap().reverse()),
                "data-model.broken",
                false,
            ),
            (
                "a context twice",
                after(&|all| {
                    let first = all["@context"][0].clone();
                    all["@context"].as_array_mut().unwrap().push(first)
                }),
                "context.kind",
                true,
            ),
            (
                "the issuer by its address",
                after(&|all| {
                    let issuer = all.as_object_mut().unwrap().remove("issuer").unwrap();
                    all["https://www.w3.org/2018/credentials#issuer"] = issuer;
                }),
                "proof.mismatch",
                false,
            ),
            ("one that has run out, its end out of sight", moved(&over, "@nest"), "data-model.broken", true),
            (
                "one that has run out, its end under an address",
                moved(&over, "https://www.w3.org/2018/credentials#validUntil"),
                "data-model.kind-needs",
                true,
            ),
            (
                "two issuers",
                sound.replacen('{', &format!(r#"{{"issuer":"{}","#, stranger.party.did), 1),
                "parse.unrecognised",
                false,
            ),
            ("signed for a login", for_a_login, "key.purpose.claimed", true),
            ("a proof that has ended", expired, "proof-expiry.past", true),
            ("a proof of the day after tomorrow", early, "proof-expiry.future", true),
            ("one that has run out", over.clone(), "valid-until.past", false),
            (
                "one of the day after tomorrow",
                signs(&issuer, &with("validFrom", day(2).midnight().to_string().into())),
                "valid-from.future",
                false,
            ),
            ("key B named A", named_a, "proof.mismatch", false),
        ];
        judge_all(&mut all, attacks, &issuer.party, |judge, document| judge.data_integrity(document));

        // It signs no undefined term, and attesta neither.
        let mut undefined = document.clone();
        undefined["credentialSubject"]["nickname"] = "Tai".into();
        assert!(issuer.prove(&undefined, format, &issuer.party.method).is_err());

        // Here ssi is the stricter one: of several proofs all must fit, where attesta asks for one of the issuer's.
        let with_another = after(&|all| {
            let mut second = all["proof"].clone();
            second["created"] = "2026-01-01T00:00:00Z".into();
            all["proof"] = json!([all["proof"], second]);
        });
        assert_eq!(we_judge(&with_another, &issuer.party.did).outcome(), Outcome::Valid);
        assert!(Judge::at(now()).data_integrity(&with_another).is_err());
    }
    all.close("ssi");
}

/// The document, its `validUntil` moved to where JSON-LD still reads it, with the same signature: under `@nest`, or
/// under the address that the word stands for.
fn moved(document: &str, to: &str) -> String {
    let mut document: Value = serde_json::from_str(document).unwrap();
    let end = document.as_object_mut().unwrap().remove("validUntil").unwrap();
    document[to] = match to {
        "@nest" => json!({ "validUntil": end }),
        _ => json!({ "@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": end }),
    };
    document.to_string()
}

/// The same disclosure with another salt.
fn changed(disclosure: &str) -> String {
    let text = String::from_utf8(base64url::decode(disclosure).unwrap()).unwrap();
    base64url::encode(text.replacen("[\"", "[\"_", 1))
}
