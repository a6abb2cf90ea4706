//! Credentials in the words of others' schemes: a proof of address as a certificate of residence, a skill as a verified
//! skill.

use attesta::credential::kind::{Claims, KeyBoundTo, LegalCategory, Scheme};
use attesta::credential::{Credential, Holder, Salt};
use attesta::issuer::Issuer;
use attesta::presentation::{Disclose, derive};
use attesta::securing::Format;
use attesta::securing::sd_jwt::SdJwt;
use attesta::time::Timestamp;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::put;
use crate::cast::{CAST, VALID_FROM, entry, list};
use crate::forge::map;
use crate::scene::{About, Scene};
use crate::selective::{Selective, bound};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let grant = entry(&CAST.ngo, "Tai Nan Street Neighbourhood Centre", &["proof-of-address"], &["FI"]);
    let address = Scene::new(About::Address, Format::SdJwtVc).known_by(grant);
    let skill = Scene::new(About::Skill, Format::SdJwtVc);
    let residence = issued(&address, Scheme::CertificateOfResidence, &resident());
    let verified = issued(&skill, Scheme::VerifiedSkill, &skilled());
    [residences(&address, &residence), skills(&skill, &verified)].concat()
}

fn resident() -> Value {
    json!({
        "name": "Aino Virtanen", "familyName": "Virtanen", "givenName": "Aino",
        "placeOfBirth": { "locality": "Turku", "country": "FI" },
        "nationalities": ["FI"],
        "address": {
            "formatted": "Esimerkkikatu 12, 00100 Helsinki, Suomi", "country": "FI", "region": "FI-18",
            "locality": "Helsinki", "postalCode": "00100", "street": "Esimerkkikatu", "houseNumber": "12",
        },
        "organisation": {
            "legalName": "Example Foundation", "registrationNumber": "1", "register": "Example Register", "country": "FI",
        },
    })
}

fn skilled() -> Value {
    json!({
        "familyName": "WONG", "givenName": "Sau Ying",
        "awardingBody": { "id": "https://timevoucher.example.org", "name": "Time Voucher Programme", "country": "HK" },
    })
}

/// The kind's example with these members, in the scheme's words, for the tenant.
fn issued(scene: &Scene, scheme: Scheme, members: &Value) -> String {
    let mut file = scheme.kind().example();
    file.extend(members.as_object().unwrap().clone());
    let claims = Claims::from_claims_file(scheme.kind(), &file).unwrap();
    let from = Timestamp::parse(VALID_FROM).unwrap().date();
    let draft = Credential::of(claims, &scene.issuer.did, from, 90, Salt::from_bytes([9; 32])).unwrap();
    let draft = draft.under(scheme, LegalCategory::NonQualified, KeyBoundTo::Holder).unwrap();
    let draft = draft.status(map(scene.place()));
    let issuer = Issuer::of_did(&scene.issuer.method, &scene.issuer.key).unwrap();
    issuer.secure(&draft.holder(Holder::Key(CAST.tenant.public_key())), Format::SdJwtVc).unwrap()
}

/// The credential with nothing hidden, after a change, signed by the issuer.
fn made(scene: &Scene, issued: &str, change: impl FnOnce(&mut Selective)) -> String {
    let payload = SdJwt::parse(issued).unwrap().reveal().unwrap().payload;
    let mut credential = Selective { payload, disclosures: Vec::new(), ..Selective::of(issued) };
    change(&mut credential);
    credential.signed(scene.issuer)
}

fn showing(issued: &str, pointers: &[&str]) -> String {
    bound(&derive(issued.as_bytes(), Disclose::Only(pointers)).unwrap())
}

fn residences(address: &Scene, residence: &str) -> Vec<Case> {
    let category = "/attestation_legal_category";
    vec![
        address
            .valid("certificate-of-residence", "A guarantee in the words of the European pilots.", bound(residence))
            .asked(),
        address
            .valid("certificate-of-residence-in-part", "The town and the country, and no street.", {
                showing(residence, &["/resident_country", "/resident_city"])
            })
            .asked(),
        address
            .valid(
                "certificate-of-residence-by-its-own-type",
                "The trust list grants the scheme's type by its name.",
                bound(residence),
            )
            .asked()
            .trusting(&[list(&[entry(
                &CAST.ngo,
                "Neighbourhood Centre",
                &[Scheme::CertificateOfResidence.vct()],
                &[],
            )])]),
        address
            .open("certificate-of-residence-without-its-place", "The place is withheld, and the grant is for one.", {
                showing(residence, &["/family_name"])
            })
            .asked()
            .by(CheckId::IssuerTrust, Code::TrustRegionNotShown),
        address
            .invalid("certificate-of-residence-elsewhere", "The grant is for another place.", bound(residence))
            .asked()
            .trusting(&[list(&[entry(&CAST.ngo, "Neighbourhood Centre", &["proof-of-address"], &["HK"])])])
            .by(CheckId::IssuerTrust, Code::TrustOtherRegion),
        address
            .invalid("certificate-of-residence-whose-rank-can-be-hidden", "The issuer hid what it is by law.", {
                bound(&made(address, residence, |credential| credential.hide(category)))
            })
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureOfFixed),
        address
            .invalid("certificate-of-residence-with-a-wrong-country", "A claim does not keep the scheme's rules.", {
                bound(&made(address, residence, |credential| {
                    put(&mut credential.payload, "/resident_country", "Finland");
                }))
            })
            .asked()
            .by(CheckId::DataModel, Code::ModelClaims),
        address
            .invalid("two-schemes-at-once", "The types are those of two schemes for two kinds.", {
                bound(&made(address, residence, |credential| {
                    put(&mut credential.payload, "/aka_vcts", json!([Scheme::VerifiedSkill.vct()]));
                }))
            })
            .asked()
            .policy(json!({}))
            .trusting(&[list(&[entry(&CAST.ngo, "Neighbourhood Centre", &["*"], &[])])])
            .by(CheckId::DataModel, Code::ModelTwoKinds),
        address
            .invalid(
                "scheme-and-our-own-words-at-once",
                "The types are the scheme's and ours, in whose words to read it?",
                {
                    bound(&made(address, residence, |credential| {
                        put(
                            &mut credential.payload,
                            "/aka_vcts",
                            json!(["https://w3id.org/attesta/vct/proof-of-address/1"]),
                        );
                    }))
                },
            )
            .asked()
            .policy(json!({}))
            .trusting(&[list(&[entry(&CAST.ngo, "Neighbourhood Centre", &["*"], &[])])])
            .by(CheckId::DataModel, Code::ModelTwoKinds),
        address
            .invalid("certificate-of-residence-without-a-holder", "A guarantee that anybody could present.", {
                made(address, residence, |credential| drop(credential.payload.remove("cnf")))
            })
            .policy(json!({ "accepts": ["proof-of-address"] }))
            .by(CheckId::DataModel, Code::ModelKindNeeds),
    ]
}

fn skills(skill: &Scene, verified: &str) -> Vec<Case> {
    vec![
        skill
            .valid("verified-skill", "A skill in the words of the European pilots.", bound(verified))
            .asked()
            .trusting(&[list(&[entry(&CAST.programme, "Time Voucher Programme", &["skill"], &[])])]),
        skill
            .open(
                "verified-skill-that-says-no-place",
                "The grant is for one place, of which the scheme says nothing.",
                bound(verified),
            )
            .asked()
            .by(CheckId::IssuerTrust, Code::TrustRegionNotShown),
        skill
            .invalid("verified-skill-whose-rank-can-be-hidden", "The issuer hid what it is by law.", {
                bound(&made(skill, verified, |credential| credential.hide("/attestation_legal_category")))
            })
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureOfFixed),
    ]
}
