//! Credentials of every kind in every form that ssi has, both ways: what one signs, the other verifies and reads the
//! same; what was forged, both refuse. ssi has no suites over JCS and no P-521, and knows Ed25519 tokens by the
//! deprecated name of their algorithm alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Salt};
use attesta::encoding::json;
use attesta::issuer::Issuer;
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Embedded, to_dataset};
use attesta::keys::KeyType;
use attesta::presentation::{Disclose, derive};
use attesta::securing::Format;
use attesta::securing::sd_jwt::SdJwt;
use attesta::verify::Outcome;
use attesta_interop::{Party, Tally, claims, coveted, day, forge, now};
use attesta_interop_ssi::{Judge, Maker, claims_set, document_of, found, hidden_in, in_old_words, we_issue, we_judge};
use serde_json::{Value, json};

/// Every form that both have, but for `ecdsa-sd-2023`, which is further below.
const FORMS: [(Format, KeyType); 12] = [
    (Format::Jwt, KeyType::Ed25519),
    (Format::Jwt, KeyType::P256),
    (Format::Jwt, KeyType::P384),
    (Format::SdJwt, KeyType::Ed25519),
    (Format::SdJwt, KeyType::P256),
    (Format::SdJwt, KeyType::P384),
    (Format::SdJwtVc, KeyType::Ed25519),
    (Format::SdJwtVc, KeyType::P256),
    (Format::SdJwtVc, KeyType::P384),
    (Format::EddsaRdfc2022, KeyType::Ed25519),
    (Format::EcdsaRdfc2019, KeyType::P256),
    (Format::EcdsaRdfc2019, KeyType::P384),
];

fn forms_and_kinds() -> impl Iterator<Item = (Format, KeyType, Kind)> {
    FORMS.into_iter().flat_map(|(format, key_type)| Kind::ALL.into_iter().map(move |kind| (format, key_type, kind)))
}

/// Whether ssi must come to another canonical text. VC-DI-ECDSA 1.0 (section 3.2.3) makes a document canonical with the
/// hash that belongs to the key, SHA-384 for P-384. ssi takes SHA-256, by which nameless nodes may be numbered otherwise.
fn ssi_departs(format: Format, key_type: KeyType, signed: &str) -> bool {
    if (format, key_type) != (Format::EcdsaRdfc2019, KeyType::P384) {
        return false;
    }
    let mut document = json::parse_object(signed.as_bytes()).unwrap();
    document.remove("proof");
    let data = to_dataset(&document, &Embedded).unwrap();
    let [right, wrong] =
        [HashAlgorithm::Sha384, HashAlgorithm::Sha256].map(|hash| canonicalize(&data, hash).unwrap().text().to_owned());
    right != wrong
}

fn ssi_says(format: Format, signed: &str) -> Result<(), String> {
    let judge = Judge::at(now());
    match format {
        Format::Jwt => judge.jwt(signed),
        Format::SdJwt => judge.sd_jwt_credential(signed),
        Format::SdJwtVc => judge.sd_jwt(signed).map(|_| ()),
        _ => judge.data_integrity(signed),
    }
}

fn is_token(format: Format) -> bool {
    matches!(format, Format::Jwt | Format::SdJwt | Format::SdJwtVc)
}

/// With a claim changed: of an SD-JWT one that nobody can hide.
fn with_another_claim(format: Format, kind: Kind, issuer: &Party, stranger: &Party, signed: &str) -> String {
    match format {
        Format::SdJwt | Format::SdJwtVc => forge(signed, &issuer.did, &stranger.did),
        _ => {
            let (claim, wish) = coveted(kind);
            forge(signed, claim, wish)
        }
    }
}

#[test]
fn what_we_issue_ssi_verifies() {
    let mut tally = Tally::default();
    for (format, key_type, kind) in forms_and_kinds() {
        let name = |what: &str| format!("{} {key_type:?} {kind:?}: {what}", format.name());
        let (issuer, stranger) = (Party::of_did_key(key_type), Party::of_did_key(key_type));
        let mut issued = we_issue(kind, &issuer, &Party::of_did_jwk(key_type), format);
        if is_token(format) && key_type == KeyType::Ed25519 {
            tally.refuses(&name("the name of RFC 9864"), ssi_says(format, &issued).is_ok());
            issued = in_old_words(&issued, &issuer.key);
        }
        assert_eq!(we_judge(&issued, &issuer.did).outcome(), Outcome::Valid, "{}", name("our own decision"));
        if ssi_departs(format, key_type, &issued) {
            tally.refuses(&name("canonical with SHA-384"), ssi_says(format, &issued).is_ok());
            continue;
        }
        let verdict = ssi_says(format, &issued);
        tally.accepts(&name(&format!("a credential ({verdict:?})")), verdict.is_ok());
        let forged = with_another_claim(format, kind, &issuer, &stranger, &issued);
        tally.refuses(&name("a claim changed"), ssi_says(format, &forged).is_ok());
        let later = match format {
            Format::SdJwtVc => forge(&issued, "\"exp\":1", "\"exp\":4"),
            _ => forge(&issued, &day(0).to_string()[..4], "2099"),
        };
        tally.refuses(&name("other years"), ssi_says(format, &later).is_ok());
        if format == Format::SdJwtVc {
            let whole = SdJwt::parse(&issued).unwrap().reveal().unwrap().payload;
            assert_eq!(Judge::at(now()).sd_jwt(&issued).unwrap(), Value::Object(whole), "{}", name("other claims"));
        }
    }
    tally.close("issued by attesta, at ssi");
}

#[test]
fn what_ssi_issues_we_verify() {
    let mut tally = Tally::default();
    let (mut not_hidden, mut accepted_of_b) = (0, 0);
    for (format, key_type, kind) in forms_and_kinds() {
        let name = |what: &str| format!("{} {key_type:?} {kind:?}: {what}", format.name());
        let (issuer, stranger) = (Maker::of_did_key(key_type), Maker::of_did_key(key_type));
        let holder = Maker::of_did_jwk(key_type).party;
        let payload = match format {
            Format::SdJwtVc => claims_set(kind, &issuer.party, &holder),
            _ => document_of(kind, &issuer.party, &holder),
        };
        let hidden = match format {
            Format::SdJwt | Format::SdJwtVc => hidden_in(kind, format, &payload),
            _ => Vec::new(),
        };
        // ssi finds nothing to hide within an item of a list.
        let (hidden, others): (Vec<&str>, Vec<&str>) =
            hidden.iter().map(String::as_str).partition(|pointer| !is_within_an_item(pointer));
        not_hidden += others.len();
        let signs = |signer: &Maker, named: &Maker| match format {
            Format::Jwt => signer.jws(&payload, "vc+jwt", &named.party.method),
            Format::SdJwt => signer.sd_jwt(&payload, &hidden, "vc+sd-jwt", &named.party.method),
            Format::SdJwtVc => signer.sd_jwt(&payload, &hidden, "dc+sd-jwt", &named.party.method),
            _ => signer.data_integrity(&payload, format, &named.party.method),
        };
        let signed = signs(&issuer, &issuer);
        assert!(ssi_says(format, &signed).is_ok(), "{}", name("its own decision"));
        let report = we_judge(&signed, &issuer.party.did);
        if ssi_departs(format, key_type, &signed) {
            assert_eq!(found(&report), Some(("proof", "proof.mismatch")), "{}", name("canonical with SHA-256"));
            tally.refuses(&name("canonical with SHA-256"), report.outcome() == Outcome::Valid);
            continue;
        }
        assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("a credential"), found(&report));
        let accepted = &report.accepted()[0];
        assert!(accepted.claims() == Some(&claims(kind)), "{}", name("other claims were read than were signed"));
        assert_eq!(accepted.issuer(), Some(issuer.party.did.as_str()));
        if matches!(format, Format::SdJwt | Format::SdJwtVc) {
            assert_eq!(Value::Object(accepted.document().clone()), payload, "{}", name("all of it"));
        }
        tally.accepts(&name("a credential"), true);

        for (what, forged, check, code) in [
            (
                "a claim changed",
                with_another_claim(format, kind, &issuer.party, &stranger.party, &signed),
                "proof",
                "proof.mismatch",
            ),
            ("key B named A", signs(&stranger, &issuer), "proof", "proof.mismatch"),
            ("issuer A, key B", signs(&stranger, &stranger), "key.binding", "key.binding.other-controller"),
        ] {
            // It compares the controller of the key with the issuer in no format.
            let ssi_accepts = code == "key.binding.other-controller";
            assert_eq!(ssi_says(format, &forged).is_ok(), ssi_accepts, "{}: ssi", name(what));
            accepted_of_b += usize::from(ssi_accepts);
            let report = we_judge(&forged, &issuer.party.did);
            assert_eq!(found(&report), Some((check, code)), "{}", name(what));
            assert!(report.accepted().is_empty());
            tally.refuses(&name(what), report.outcome() == Outcome::Valid);
        }
    }
    println!("ssi cannot hide {not_hidden} claims within items of lists");
    println!("ssi accepts {accepted_of_b} credentials of issuer A that B signed");
    assert!(accepted_of_b >= 33);
    tally.close("issued by ssi, at attesta");
}

fn is_within_an_item(pointer: &str) -> bool {
    let is_place = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    pointer.rsplit('/').skip(1).any(|part| !part.is_empty() && is_place(part))
}

/// A credential in the words of citizenship, whose nodes all have names or none of which but one has.
fn resident(issuer: &Party, has_id: bool) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/citizenship/v2"],
        "id": "urn:uuid:f2c0a1c8-3f0e-4f5e-8f0a-5a2c6c4d0a77",
        "type": ["VerifiableCredential", "PermanentResidentCardCredential"],
        "issuer": issuer.did,
        "validFrom": day(0).midnight().to_string(),
        "validUntil": day(7).midnight().to_string(),
        "credentialSubject": {
            "type": ["Person", "PermanentResident"], "givenName": "Tai Man", "familyName": "CHAN",
            "birthCountry": "Bahamas",
        },
    });
    if has_id {
        document["credentialSubject"]["id"] = "did:example:abcdefgh".into();
    }
    document
}

/// With one nameless node at most both always agree about P-384 too.
#[test]
fn p384_with_one_nameless_node() {
    let mut tally = Tally::default();
    for has_id in [true, false] {
        let maker = Maker::of_did_key(KeyType::P384);
        let ours = Party::of_did_key(KeyType::P384);
        let document = resident(&ours, has_id).as_object().unwrap().clone();
        let draft = Credential::of_document(document, &ours.did, day(0), Salt::random().unwrap()).unwrap();
        let issued = Issuer::of_did(&ours.did, &ours.key).unwrap().secure(&draft, Format::EcdsaRdfc2019).unwrap();
        tally.accepts("ours", ssi_says(Format::EcdsaRdfc2019, &issued).is_ok());
        tally.refuses("ours", ssi_says(Format::EcdsaRdfc2019, &forge(&issued, "Tai Man", "Tai Wan")).is_ok());

        let document = resident(&maker.party, has_id);
        let signed = maker.data_integrity(&document, Format::EcdsaRdfc2019, &maker.party.method);
        assert_eq!(found(&we_judge(&signed, &maker.party.did)), None);
        tally.accepts("theirs", true);
        let report = we_judge(&forge(&signed, "Tai Man", "Tai Wan"), &maker.party.did);
        assert_eq!(found(&report), Some(("proof", "proof.mismatch")));
        tally.refuses("theirs", report.outcome() == Outcome::Valid);
    }
    tally.close("ecdsa-rdfc-2019 with P-384");
}

/// `ecdsa-sd-2023`: who signs, who shows some of it, and who judges that. ssi judges what is shown, never what the
/// issuer signed. What it shows of a document with nameless nodes fits no more, for itself neither; so it shows
/// something here of the one document that has none.
#[test]
fn statements() {
    let mut tally = Tally::default();
    let judge = Judge::at(now());
    for case in 0..=Kind::ALL.len() {
        let kind = Kind::ALL.get(case).copied();
        let (maker, ours) = (Maker::of_did_key(KeyType::P256), Party::of_did_key(KeyType::P256));
        let holder = Party::of_did_jwk(KeyType::P256);
        let document =
            |issuer: &Party| kind.map_or_else(|| resident(issuer, true), |kind| document_of(kind, issuer, &holder));
        let subject = document(&ours)["credentialSubject"].clone();
        let claims = subject.as_object().unwrap().keys().filter(|name| *name != "id" && *name != "type");
        let chosen: Vec<String> = claims.take(2).map(|name| format!("/credentialSubject/{name}")).collect();
        let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();

        let mandatory = ["/issuer", "/validFrom", "/validUntil", "/credentialSubject/id"].map(str::to_owned);
        let theirs = maker.statements(&document(&maker.party), &mandatory, &maker.party.method);
        let draft = Credential::of_document(
            document(&ours).as_object().unwrap().clone(),
            &ours.did,
            day(0),
            Salt::random().unwrap(),
        );
        let issued =
            Issuer::of_did(&ours.did, &ours.key).unwrap().secure(&draft.unwrap(), Format::EcdsaSd2023).unwrap();
        for (who, base, issuer) in [("attesta", issued, &ours), ("ssi", theirs, &maker.party)] {
            let name = |what: &str| format!("{kind:?} signed by {who}: {what}");
            tally.refuses(&name("the issuer's whole proof"), judge.data_integrity(&base).is_ok());
            let shown = derive(base.as_bytes(), Disclose::Only(&chosen)).unwrap();
            assert_eq!(we_judge(&shown, &issuer.did).outcome(), Outcome::Valid, "{}", name("shown by attesta"));
            let verdict = judge.data_integrity(&shown);
            tally.accepts(&name(&format!("shown by attesta ({verdict:?})")), verdict.is_ok());
            for (what, forged) in [
                ("another issuer", shown.replace(&issuer.did, &holder.did)),
                ("another end", shown.replacen(&day(0).to_string()[..4], "2099", 1)),
            ] {
                assert_ne!(shown, forged);
                tally.refuses(&name(what), judge.data_integrity(&forged).is_ok());
                assert_ne!(we_judge(&forged, &issuer.did).outcome(), Outcome::Valid, "{}", name(what));
            }

            let shown = judge.select(&base, &chosen).unwrap();
            let (report, verdict) = (we_judge(&shown, &issuer.did), judge.data_integrity(&shown));
            if kind.is_some() {
                assert_eq!(found(&report), Some(("proof", "proof.mismatch")), "{}", name("shown by ssi"));
                tally.refuses(&name("shown by ssi"), verdict.is_ok());
            } else {
                assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", name("shown by ssi"), found(&report));
                tally.accepts(&name(&format!("shown by ssi ({verdict:?})")), verdict.is_ok());
            }
        }
    }

    // A document of A that B signed.
    let (maker, issuer) = (Maker::of_did_key(KeyType::P256), Party::of_did_key(KeyType::P256));
    let mandatory = ["/issuer", "/validFrom", "/validUntil", "/credentialSubject/id"].map(str::to_owned);
    let base = maker.statements(&resident(&issuer, true), &mandatory, &maker.party.method);
    let shown = derive(base.as_bytes(), Disclose::Only(&["/credentialSubject/givenName"])).unwrap();
    assert!(judge.data_integrity(&shown).is_ok());
    let report = we_judge(&shown, &issuer.did);
    assert_eq!(found(&report), Some(("key.binding", "key.binding.other-controller")));
    tally.refuses("issuer A, key B", report.outcome() == Outcome::Valid);
    tally.close("ecdsa-sd-2023");
}

/// What ssi cannot read at all, so that nothing of it is compared: each is refused as unknown, not as forged.
#[test]
fn what_ssi_does_not_have() {
    for (format, key_type) in [
        (Format::EddsaJcs2022, KeyType::Ed25519),
        (Format::EcdsaJcs2019, KeyType::P256),
        (Format::EcdsaJcs2019, KeyType::P384),
        (Format::Jwt, KeyType::P521),
    ] {
        let issuer = Party::of_did_key(key_type);
        let issued = we_issue(Kind::Licence, &issuer, &Party::of_did_key(key_type), format);
        assert_eq!(we_judge(&issued, &issuer.did).outcome(), Outcome::Valid);
        let reason = ssi_says(format, &issued).unwrap_err();
        println!("{} {key_type:?}: {reason}", format.name());
    }
}
