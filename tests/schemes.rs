//! Credentials in the words of other schemes, from the desk to the verifier.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::{Claims, KeyBoundTo, Kind, LegalCategory, Scheme};
use attesta::credential::{Credential, Holder, Salt, sd_jwt_vc};
use attesta::encoding::json::{Map, Value};
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::Format;
use attesta::securing::jose::NewHeader;
use attesta::securing::sd_jwt::{self, Decoys, Hash, Plan};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Code, Expected, Materials, Outcome, Policy, Preset, Report, verify};
use serde_json::json;

const AUDIENCE: &str = "https://bank.example";
const NONCE: &str = "n-0S6_WzA2Mj";

struct Scene {
    issuer: SoftwareKey,
    holder: SoftwareKey,
}

impl Scene {
    fn new() -> Self {
        Self {
            issuer: SoftwareKey::generate(KeyType::Ed25519).unwrap(),
            holder: SoftwareKey::generate(KeyType::P256).unwrap(),
        }
    }

    fn day() -> Date {
        Date::new(2026, 11, 20).unwrap()
    }

    fn claims() -> Claims {
        let mut file = Kind::ProofOfAddress.example();
        let more = json!({
            "familyName": "Virtanen", "givenName": "Aino",
            "placeOfBirth": { "locality": "Turku", "country": "FI" }, "nationalities": ["FI"],
            "address": {
                "formatted": "Esimerkkikatu 12, 00100 Helsinki", "country": "FI", "locality": "Helsinki",
                "postalCode": "00100", "street": "Esimerkkikatu", "houseNumber": "12",
            },
            "organisation": { "legalName": "Foundation", "registrationNumber": "1", "register": "PRH", "country": "FI" },
        });
        file.extend(more.as_object().unwrap().clone());
        Claims::from_claims_file(Kind::ProofOfAddress, &file).unwrap()
    }

    fn draft(&self) -> Credential {
        let issuer = Issuer::of_key(&self.issuer);
        let salt = Salt::from_bytes([7; 32]);
        let draft = Credential::of(Self::claims(), issuer.id(), Self::day(), 7, salt).unwrap();
        let scheme = Scheme::CertificateOfResidence;
        let draft = draft.under(scheme, LegalCategory::NonQualified, KeyBoundTo::Holder).unwrap();
        draft.holder(Holder::Key(self.holder.public_key()))
    }

    /// Signed as it is, with these members hidden.
    fn signed(&self, payload: Map, hidden: &[String]) -> String {
        let plan = Plan { pointers: hidden, decoys: Decoys::Each(0), hash: Hash::Sha256 };
        let mut count = 0;
        let mut salt = || {
            count += 1;
            [count; 16]
        };
        let concealed = sd_jwt::conceal(payload, &plan, &mut salt).unwrap();
        let id = Issuer::of_key(&self.issuer).id().to_owned();
        let method = format!("{id}#{}", id.trim_start_matches("did:key:"));
        let header =
            NewHeader { media_type: "dc+sd-jwt", content_type: None, key_id: Some(&method), certificates: &[] };
        sd_jwt::issue(&concealed, &header, &self.issuer).unwrap()
    }

    fn shown(&self, credential: &str, disclose: Disclose<'_>, issues: &str) -> Report {
        let now = Self::day().midnight().plus_seconds(3600);
        let request = Request { audience: AUDIENCE, nonce: NONCE, now };
        let shown = present(&[credential.as_bytes()], disclose, &request, &self.holder).unwrap();
        self.judged(&shown, now, issues)
    }

    fn judged(&self, shown: &str, now: Timestamp, issues: &str) -> Report {
        let issuer = Issuer::of_key(&self.issuer);
        let list = TrustList::new(now, vec![Entry::new(issuer.id(), [issues])]).unwrap();
        let policy = Policy::preset(Preset::Default).trusting(list);
        verify(shown.as_bytes(), &Expected::answer(AUDIENCE, NONCE), &Materials::none(), &policy, At::Now(now))
    }
}

fn reason(report: &Report) -> String {
    report.reason().map(|check| check.message()).unwrap_or_default()
}

#[test]
fn a_certificate_of_residence_is_shown_in_part_and_read_as_a_proof_of_address() {
    let scene = Scene::new();
    let secured = Issuer::of_key(&scene.issuer).secure(&scene.draft(), Format::SdJwtVc).unwrap();
    let only = ["/resident_city", "/arrival_date"];
    let report = scene.shown(&secured, Disclose::Only(&only), "proof-of-address");
    assert_eq!(report.outcome(), Outcome::Valid, "{}", reason(&report));
    let accepted = report.accepted();
    assert_eq!(accepted[0].kind(), Some(Kind::ProofOfAddress));
    let Some(Claims::ProofOfAddress(proof)) = accepted[0].claims() else { panic!("no claims") };
    assert_eq!(proof.address.as_ref().unwrap().locality.as_ref().unwrap().as_str(), "Helsinki");
    assert_eq!(proof.resident_since, Some(Date::new(2024, 9, 1).unwrap()));
    assert!(proof.family_name.is_none() && proof.address.as_ref().unwrap().street.is_none());
    let issued_by = proof.organisation.as_ref().unwrap().legal_name.as_ref().unwrap();
    assert_eq!(issued_by.as_str(), "Foundation");

    // Whoever may issue licences alone may not issue this.
    let report = scene.shown(&secured, Disclose::Everything, "licence");
    assert_ne!(report.outcome(), Outcome::Valid);
}

#[test]
fn what_the_scheme_does_not_define_is_not_typed_under_its_type() {
    let scene = Scene::new();
    let mut payload = scene.draft().claims_set(None, confirmation(&scene)).unwrap();
    payload.insert("level".to_owned(), json!("vouched"));
    payload.insert("address".to_owned(), json!({ "district": "Elsewhere" }));
    let hidden = sd_jwt_vc::disclosable(&payload);
    let report = scene.shown(&scene.signed(payload, &hidden), Disclose::Everything, "proof-of-address");
    assert_eq!(report.outcome(), Outcome::Valid, "{}", reason(&report));
    let accepted = report.accepted();
    let Some(Claims::ProofOfAddress(proof)) = accepted[0].claims() else { panic!("no claims") };
    assert!(proof.level.is_none() && proof.address.as_ref().unwrap().district.is_none());
}

#[test]
fn a_certificate_that_breaks_its_rules_is_invalid() {
    let scene = Scene::new();
    let payload = scene.draft().claims_set(None, confirmation(&scene)).unwrap();
    let hidden = sd_jwt_vc::disclosable(&payload);
    let check = |payload: Map, hidden: &[String], check: CheckId| {
        let report = scene.shown(&scene.signed(payload, hidden), Disclose::Everything, "proof-of-address");
        assert_eq!(report.outcome(), Outcome::Invalid);
        assert!(report.accepted().is_empty());
        report.credentials()[0].check(check).code()
    };
    let with = |name: &str, value: Value| {
        let mut payload = payload.clone();
        payload.insert(name.to_owned(), value);
        payload
    };
    let mut metadata = hidden.clone();
    metadata.push("/issuance_date".to_owned());
    assert_eq!(check(payload.clone(), &metadata, CheckId::Disclosure), Code::DisclosureOfFixed);
    let later = with("arrival_date", json!("2026-12-24"));
    assert_eq!(check(later, &hidden, CheckId::DataModel), Code::ModelClaims);
    let elsewhere = with("resident_city", json!("Espoo"));
    assert_eq!(check(elsewhere, &hidden, CheckId::DataModel), Code::ModelClaims);
    // Two readers could read it by our own type or by the scheme's.
    let both = with("aka_vcts", json!([Kind::ProofOfAddress.vct()]));
    assert_eq!(check(both, &hidden, CheckId::DataModel), Code::ModelTwoKinds);
}

fn confirmation(scene: &Scene) -> Option<Map> {
    Some(Map::from_iter([("jwk".to_owned(), Value::Object(scene.holder.public_key().to_jwk()))]))
}
