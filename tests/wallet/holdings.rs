//! What a holder has.

use attesta::credential::kind::Kind;
use attesta::did::method;
use attesta::encoding::json::{self, Value};
use attesta::error::Explain;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::{Format, sd_jwt};
use attesta::wallet::Held;

use crate::{issued, now, phone, with};

fn code(bytes: impl AsRef<[u8]>) -> &'static str {
    Held::read(bytes.as_ref()).map_or_else(|error| error.code(), |_| "read")
}

#[test]
fn a_credential_of_every_format_and_kind_is_read_with_all_that_it_hides() {
    let (issuer, phone) = (SoftwareKey::generate(KeyType::P256).unwrap(), phone());
    let did = method::key::from_key(&issuer.public_key());
    let mut count = 0;
    for kind in Kind::ALL {
        for format in Format::ALL {
            let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
            let (issuer, did) = match format {
                Format::EddsaJcs2022 | Format::EddsaRdfc2022 => (&key, method::key::from_key(&key.public_key())),
                _ => (&issuer, did.clone()),
            };
            let credential = issued(kind, format, issuer, &phone, 7);
            let held = Held::read(credential.as_bytes()).unwrap();
            assert_eq!((held.format(), held.kind()), (format.name(), Some(kind)));
            assert_eq!(held.issuer(), did);
            assert_eq!(held.valid_from().unwrap().to_string(), "2026-11-18T00:00:00Z");
            assert_eq!(held.valid_until().unwrap().to_string(), "2026-11-25T00:00:00Z");
            assert!(held.is_holder_bound());
            assert_eq!(held.keys(), [phone.public_key()]);
            assert_eq!(held.hides_claims(), format.name().contains("sd-"));
            let name = kind.example().get("name").cloned().unwrap();
            let found = held.claims().get("name").or_else(|| held.claims().get("credentialSubject")?.get("name"));
            assert_eq!(found, Some(&name));
            assert!(!format!("{held:?}").contains(name.as_str().unwrap()));
            count += 1;
        }
    }
    assert_eq!(count, 3 * Format::ALL.len());
}

#[test]
fn an_sd_jwt_in_json_becomes_compact() {
    let phone = phone();
    let token = issued(Kind::Licence, Format::SdJwtVc, &phone, &phone, 7);
    for general in [false, true] {
        let document = Value::Object(sd_jwt::to_json(&token, general).unwrap()).to_string();
        assert_eq!(Held::read(document.as_bytes()).unwrap().text(), token);
    }
}

#[test]
fn what_no_issuer_sends_is_refused() {
    let phone = phone();
    let sd_jwt = issued(Kind::ProofOfAddress, Format::SdJwtVc, &phone, &phone, 7);
    let token = issued(Kind::ProofOfAddress, Format::Jwt, &phone, &phone, 7);
    let document = issued(Kind::ProofOfAddress, Format::EcdsaJcs2019, &phone, &phone, 7);
    assert_eq!((code(&sd_jwt), code(&token), code(&document)), ("read", "read", "read"));

    let request = Request { audience: "did:web:desk.example", nonce: "b3VyIG5vbmNl", now: now() };
    let presented = |bytes: &str| present(&[bytes.as_bytes()], Disclose::Everything, &request, &phone).unwrap();
    assert_eq!(code(presented(&sd_jwt)), "sd-jwt.key-bound");
    assert_eq!(code(presented(&token)), "held.not-a-credential");
    assert_eq!(code(presented(&document)), "held.not-a-credential");
    // A disclosure that belongs to no digest, and one twice.
    assert_ne!(code(format!("{sd_jwt}WyJhIiwibmFtZSIsIkEiXQ~")), "read");
    let first = sd_jwt.split('~').nth(1).unwrap();
    assert_ne!(code(format!("{sd_jwt}{first}~")), "read");
    // Another typ.
    let (jws, disclosures) = sd_jwt.split_once('~').unwrap();
    let renamed = with(jws, 0, |header| drop(header.insert("typ".to_owned(), "vp+sd-jwt".into())));
    assert_eq!(code(format!("{renamed}~{disclosures}")), "held.not-a-credential");
    // A document without a proof, and other files.
    let mut bare = json::parse_object(document.as_bytes()).unwrap();
    bare.remove("proof");
    assert_eq!(code(Value::Object(bare).to_string()), "held.not-a-credential");
    assert_eq!(code("{}"), "held.not-a-credential");
    assert_eq!(code("%PDF-1.7"), "parse.other-file");
    assert_eq!(code(""), "parse.empty");
    // A COSE message that is cut off; one with a presentation in it.
    assert_eq!(code(b"\xd2\x84\x43"), "cbor.truncated");
    let certificate = issued(Kind::Licence, Format::Cose, &phone, &phone, 7);
    let request = Request { audience: "https://bank.example", nonce: "n-0S6_WzA2Mj", now: now() };
    let shown = present(&[certificate.as_bytes()], Disclose::Everything, &request, &phone).unwrap();
    assert_eq!(code(shown), "held.not-a-credential");
    let cut = certificate.replace("cose;base64,", "cose;base64,AAA");
    assert_eq!(code(cut), "cose.base64");
}

#[test]
fn of_several_the_one_that_cannot_be_kept_is_named() {
    let (issuer, phone) =
        (SoftwareKey::generate(KeyType::Ed25519).unwrap(), SoftwareKey::generate(KeyType::P256).unwrap());
    let good = issued(Kind::Licence, Format::SdJwtVc, &issuer, &phone, 365);
    assert_eq!(Held::read_all(&[&good, &good]).map(|held| held.len()), Ok(2));
    assert_eq!(Held::read_all::<&str>(&[]).map(|held| held.len()), Ok(0));
    for (credentials, number) in [([&good, "x", "y"], 2), (["", &good, &good], 1), ([&good, &good, "{}"], 3)] {
        let error = Held::read_all(&credentials).unwrap_err();
        assert_eq!(error.number, number);
        assert!(error.to_string().starts_with(&format!("credential {number}: ")), "{error}");
        let alone = Held::read(credentials[number - 1].as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.hint()), (alone.code(), alone.hint()));
    }
}
