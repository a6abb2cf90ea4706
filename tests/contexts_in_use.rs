//! What a signature over RDF leaves open, and how the verifier closes it: words that were exchanged or hidden after
//! signing, vocabularies that nobody vouches for, and those that are missing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Salt};
use attesta::encoding::json::{Map, Value, parse_object};
use attesta::error::Explain as _;
use attesta::issuer::Issuer;
use attesta::jsonld::{Embedded, GivenContexts};
use attesta::keys::{KeyType, SoftwareKey};
use attesta::securing::Format;
use attesta::securing::data_integrity::{self, ProofOptions, Suite};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, PinnedContext, TrustList};
use attesta::verify::{
    At, CheckId, CheckResult, Code, Expected, InlineContexts, Material, Materials, Outcome, Policy, Report, Resource,
    Source, danger, verify,
};
use serde_json::json;

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const OWN: &str = "https://register.example/context/v1";
const OWN_FILE: &[u8] = br#"{"@context": {
    "DebtCredential": "https://register.example/vocab#DebtCredential",
    "debtor": "https://register.example/vocab#debtor", "creditor": "https://register.example/vocab#creditor"}}"#;
/// The same words the other way round.
const SWAPPED: &[u8] = br#"{"@context": {
    "DebtCredential": "https://register.example/vocab#DebtCredential",
    "creditor": "https://register.example/vocab#debtor", "debtor": "https://register.example/vocab#creditor"}}"#;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

fn key() -> SoftwareKey {
    SoftwareKey::generate(KeyType::Ed25519).unwrap()
}

fn trusting(issuer: &Issuer<'_>) -> TrustList {
    TrustList::new(now(), vec![Entry::new(issuer.id(), ["*"])]).unwrap()
}

fn judge(document: &Map, materials: &Materials, policy: &Policy) -> Report {
    let presented = Value::Object(document.clone()).to_string();
    verify(presented.as_bytes(), &Expected::nothing(), materials, policy, At::Now(now()))
}

fn code(report: &Report, check: CheckId) -> Code {
    report.credentials()[0].check(check).code()
}

fn licence(issuer: &Issuer<'_>) -> Map {
    let mut file = Kind::Licence.example();
    file.insert("conditions".to_owned(), json!(["By day"]));
    let claims = Claims::from_claims_file(Kind::Licence, &file).unwrap();
    let day = Date::new(2026, 11, 20).unwrap();
    let draft = Credential::of(claims, issuer.id(), day, 7, Salt::from_bytes([7; 32])).unwrap();
    let secured = issuer.secure(&draft, Format::EddsaRdfc2022).unwrap();
    parse_object(secured.as_bytes()).unwrap()
}

/// A credential of nobody's kind, in a vocabulary that is not built in, and with another end if one is given.
fn debt(issuer: &Issuer<'_>, contexts: Value) -> Map {
    let document = json!({
        "@context": contexts,
        "type": ["VerifiableCredential", "DebtCredential"],
        "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:a", "debtor": "Ada", "creditor": "Ben"},
    });
    let document = document.as_object().unwrap().clone();
    let day = Date::new(2026, 11, 20).unwrap();
    let draft = Credential::of_document(document, issuer.id(), day, Salt::from_bytes([7; 32])).unwrap();
    let secured = issuer.secure(&draft, Format::EddsaRdfc2022).unwrap();
    parse_object(secured.as_bytes()).unwrap()
}

fn given() -> GivenContexts {
    let mut given = GivenContexts::none();
    given.add(OWN, OWN_FILE).unwrap();
    given
}

fn holding(bytes: &[u8]) -> Materials {
    let mut materials = Materials::none();
    let resource = Resource::Context(OWN.to_owned());
    let source = Source::Asserted { by: "somebody".to_owned() };
    materials.add(&Material { resource, bytes: bytes.to_vec(), obtained: now(), source }).unwrap();
    materials
}

/// Puts a member under the address that it stands for, its value with the type that the word would give it.
fn renamed(document: &Map, at: &str, name: &str, other: &str, datatype: Option<&str>) -> Map {
    let mut changed = Value::Object(document.clone());
    let members = changed.pointer_mut(at).unwrap().as_object_mut().unwrap();
    let value = members.remove(name).unwrap();
    let value = match datatype {
        Some(datatype) => json!({ "@value": value, "@type": format!("http://www.w3.org/2001/XMLSchema#{datatype}") }),
        None => value,
    };
    members.insert(other.to_owned(), value);
    changed.as_object().unwrap().clone()
}

/// In each of these the signature still fits, as it covers what is meant. Without the check an expired, revoked or
/// restricted document would seem to be none of these.
#[test]
fn what_was_put_where_no_reader_looks_is_found() {
    let key = key();
    let issuer = Issuer::of_key(&key);
    let policy = Policy::default().trusting(trusting(&issuer));
    let document = licence(&issuer);
    assert_eq!(judge(&document, &Materials::none(), &policy).outcome(), Outcome::Valid);
    let mut nested = Value::Object(document.clone());
    let category = nested.pointer_mut("/credentialSubject/categories/1").unwrap().as_object_mut().unwrap();
    let restrictions = category.remove("restrictions").unwrap();
    category.insert("@nest".to_owned(), json!({ "restrictions": restrictions }));
    for changed in [
        renamed(&document, "", "validUntil", "https://www.w3.org/2018/credentials#validUntil", Some("dateTime")),
        renamed(&document, "/credentialSubject", "conditions", "https://w3id.org/attesta/vocab#condition", None),
        renamed(
            &document,
            "/credentialSubject",
            "expiryDate",
            "https://w3id.org/attesta/vocab#expiryDate",
            Some("date"),
        ),
        nested.as_object().unwrap().clone(),
    ] {
        let report = judge(&changed, &Materials::none(), &policy);
        assert_eq!(report.outcome(), Outcome::Invalid);
        assert_eq!(
            (code(&report, CheckId::Proof), code(&report, CheckId::DataTerms)),
            (Code::Ok, Code::TermsDisguised)
        );
        let presented = Value::Object(changed).to_string();
        assert!(!danger::check_proof(presented.as_bytes(), &Materials::none()).fits());
    }
}

/// The status of a credential of no kind could otherwise be hidden, so that it would seem to have none.
#[test]
fn a_status_is_not_hidden_under_its_address() {
    let key = key();
    let issuer = Issuer::of_key(&key);
    let policy = Policy::default().trusting(trusting(&issuer));
    let document = json!({
        "@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": {"name": "Ada"},
        "credentialStatus": {
            "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7",
            "statusListCredential": "https://status.example/1",
        },
    });
    let document = document.as_object().unwrap().clone();
    let day = Date::new(2026, 11, 20).unwrap();
    let draft = Credential::of_document(document, issuer.id(), day, Salt::from_bytes([7; 32])).unwrap();
    let document = parse_object(issuer.secure(&draft, Format::EddsaRdfc2022).unwrap().as_bytes()).unwrap();
    assert_eq!(judge(&document, &Materials::none(), &policy).outcome(), Outcome::Undetermined);
    let address = "https://www.w3.org/2018/credentials#credentialStatus";
    let report = judge(&renamed(&document, "", "credentialStatus", address, None), &Materials::none(), &policy);
    assert_eq!(code(&report, CheckId::Proof), Code::Ok);
    assert_eq!(code(&report, CheckId::StatusRevocation).result(), CheckResult::NotApplicable);
    assert_eq!((report.outcome(), code(&report, CheckId::DataTerms)), (Outcome::Invalid, Code::TermsDisguised));
}

#[test]
fn the_end_of_a_proof_is_not_hidden_under_its_address() {
    let key = key();
    let issuer = Issuer::of_key(&key);
    let policy = Policy::default().trusting(trusting(&issuer));
    let document = json!({
        "@context": [V2], "type": ["VerifiableCredential"], "issuer": issuer.id(), "credentialSubject": {"name": "Ada"},
    });
    let mut options = ProofOptions::new(issuer.method(), "assertionMethod");
    options.expires = Some(Timestamp::parse("2026-11-20T00:00:00Z").unwrap());
    let document = document.as_object().unwrap().clone();
    let signed = data_integrity::sign(document, Suite::EddsaRdfc2022, &options, &Embedded, &key).unwrap();
    let report = judge(&signed, &Materials::none(), &policy);
    assert_eq!(code(&report, CheckId::ProofExpiry).result(), CheckResult::Fail);
    let hidden = renamed(&signed, "/proof", "expires", "https://w3id.org/security#expiration", Some("dateTime"));
    let report = judge(&hidden, &Materials::none(), &policy);
    assert_eq!(code(&report, CheckId::Proof), Code::Ok);
    assert_eq!(code(&report, CheckId::ProofExpiry).result(), CheckResult::NotApplicable);
    assert_eq!((report.outcome(), code(&report, CheckId::DataTerms)), (Outcome::Invalid, Code::TermsDisguised));
}

#[test]
fn what_a_reader_would_overlook_is_not_signed_either() {
    let key = key();
    let options = ProofOptions::new("did:example:a#b", "assertionMethod");
    let sign = |document: Value| {
        let document = document.as_object().unwrap().clone();
        data_integrity::sign(document, Suite::EddsaRdfc2022, &options, &Embedded, &key).unwrap_err().code()
    };
    let status = "https://www.w3.org/2018/credentials#credentialStatus";
    assert_eq!(sign(json!({ "@context": [V2], status: {"id": "urn:a"} })), "data-integrity.disguised");
    assert_eq!(sign(json!({ "@context": [V2], "@nest": {"name": "Ada"} })), "data-integrity.disguised");
    assert_eq!(sign(json!({ "@context": [V2], "debts": 3 })), "json-ld.undefined-term");
    assert_eq!(sign(json!({ "@context": [V2, OWN], "name": "Ada" })), "json-ld.context-unavailable");

    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let issuer = Issuer::of_key(&key);
    let document = json!({
        "@context": [V2], "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:ada", "name": "Ada"},
        "https://www.w3.org/2018/credentials#validUntil": "2026-11-22T00:00:00Z",
    });
    let document = document.as_object().unwrap().clone();
    let day = Date::new(2026, 11, 20).unwrap();
    let draft = Credential::of_document(document, issuer.id(), day, Salt::from_bytes([7; 32])).unwrap();
    for format in [Format::EcdsaRdfc2019, Format::EcdsaSd2023] {
        assert_eq!(issuer.secure(&draft, format).unwrap_err().code(), "data-integrity.disguised");
    }
    assert!(issuer.secure(&draft, Format::EcdsaJcs2019).is_ok());
}

#[test]
fn a_vocabulary_counts_as_the_trust_list_pins_it() {
    let (key, contexts) = (key(), given());
    let issuer = Issuer::of_key(&key).with_contexts(&contexts);
    let document = debt(&issuer, json!([V2, OWN]));
    let judged = |materials: &Materials, policy: &Policy| {
        let report = judge(&document, materials, policy);
        let missing: Vec<_> = report.missing().iter().map(|missing| missing.resource.clone()).collect();
        (report.outcome(), code(&report, CheckId::DataTerms), missing)
    };
    let pin = PinnedContext::of(OWN, OWN_FILE);
    let list = trusting(&issuer);
    let unpinned = Policy::default().trusting(list.clone());
    let pinned = Policy::default().trusting(list.pinning(vec![pin.clone()]).unwrap());
    let wanted = vec![Resource::Context(OWN.to_owned())];

    assert_eq!(judged(&holding(OWN_FILE), &pinned), (Outcome::Valid, Code::Ok, vec![]));
    let unavailable = (Outcome::Undetermined, Code::TermsContextUnavailable, wanted.clone());
    assert_eq!(judged(&Materials::none(), &pinned), unavailable);
    // Whoever hands over another one with the words exchanged is not heard.
    assert_eq!(judged(&holding(SWAPPED), &pinned), unavailable);
    let unknown = (Outcome::Undetermined, Code::TermsContextUnknown, vec![]);
    assert_eq!(judged(&Materials::none(), &unpinned), unknown);
    assert_eq!(judged(&holding(OWN_FILE), &unpinned), unknown);
    // Nothing is fetched for somebody whom nobody knows.
    let strangers = Policy::default().pinning(pin.clone()).unwrap();
    assert_eq!(judged(&Materials::none(), &strangers).2, []);
    let asking = strangers.fetching_unknown_issuers();
    assert_eq!(judged(&Materials::none(), &asking).2, wanted);
    // A pin of other words makes the signature of these no longer fit.
    let swapped = unpinned.pinning(PinnedContext::of(OWN, SWAPPED)).unwrap();
    let report = judge(&document, &holding(SWAPPED), &swapped);
    assert_eq!((report.outcome(), code(&report, CheckId::Proof)), (Outcome::Invalid, Code::ProofMismatch));
}

/// The holder exchanges the words, and the context with them: all that was signed is the same.
#[test]
fn words_that_are_explained_in_the_document_can_be_exchanged() {
    let key = key();
    let issuer = Issuer::of_key(&key);
    let policy = Policy::default().trusting(trusting(&issuer));
    let (own, swapped): (Value, Value) =
        (serde_json::from_slice(OWN_FILE).unwrap(), serde_json::from_slice(SWAPPED).unwrap());
    let document = debt(&issuer, json!([V2, own["@context"]]));
    let mut exchanged = Value::Object(document.clone());
    exchanged["@context"] = json!([V2, swapped["@context"]]);
    exchanged["credentialSubject"]["debtor"] = json!("Ben");
    exchanged["credentialSubject"]["creditor"] = json!("Ada");
    for document in [&document, exchanged.as_object().unwrap()] {
        let report = judge(document, &Materials::none(), &policy);
        assert_eq!(code(&report, CheckId::Proof), Code::Ok);
        assert_eq!((report.outcome(), code(&report, CheckId::Context)), (Outcome::Undetermined, Code::ContextInline));
    }
    let accepting = policy.inline_contexts(InlineContexts::Accept);
    assert_eq!(judge(&document, &Materials::none(), &accepting).outcome(), Outcome::Valid);

    // Even then nobody gives the end another name.
    let mut hidden = renamed(&document, "", "validUntil", "end", None);
    let end = json!({"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"});
    hidden["@context"][1]["end"] = end;
    let report = judge(&hidden, &Materials::none(), &accepting);
    assert_eq!(code(&report, CheckId::Proof), Code::Ok);
    assert_eq!(code(&report, CheckId::ValidUntil).result(), CheckResult::NotApplicable);
    assert_eq!((report.outcome(), code(&report, CheckId::Context)), (Outcome::Undetermined, Code::ContextInline));
}

#[test]
fn what_no_vocabulary_has_is_refused_by_name() {
    let key = key();
    let issuer = Issuer::of_key(&key);
    let policy = Policy::default().trusting(trusting(&issuer));
    let mut added = Value::Object(licence(&issuer));
    added["credentialSubject"]["vehicle"] = json!({ "registrationMark": "ABC-123", "owner": "Ada" });
    let report = judge(added.as_object().unwrap(), &Materials::none(), &policy);
    let terms = report.credentials()[0].check(CheckId::DataTerms);
    assert_eq!(terms.code(), Code::TermsUndefined);
    assert!(terms.message().contains("/credentialSubject/vehicle/owner"), "{}", terms.message());
    assert!(!terms.message().contains("Ada"));
    assert_eq!(report.outcome(), Outcome::Invalid);
    // Formats that sign bytes keep what they do not know.
    let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example()).unwrap();
    let draft = Credential::of(claims, issuer.id(), Date::new(2026, 11, 20).unwrap(), 7, Salt::from_bytes([7; 32]));
    let secured = issuer.secure(&draft.unwrap(), Format::EddsaJcs2022).unwrap();
    let report = verify(secured.as_bytes(), &Expected::nothing(), &Materials::none(), &policy, At::Now(now()));
    assert_eq!(code(&report, CheckId::DataTerms), Code::NotApplicable);
}

/// Every presented vocabulary: looping ones, and more than anybody reads.
#[test]
fn hostile_vocabularies_are_refused() {
    let key = key();
    let issuer = Issuer::of_key(&key);
    let policy =
        |file: &[u8]| Policy::default().trusting(trusting(&issuer)).pinning(PinnedContext::of(OWN, file)).unwrap();
    let mut document = licence(&issuer);
    document["@context"] = json!([V2, OWN]);
    let looping = format!(r#"{{"@context": ["{OWN}", {{"a": "https://a.example/a"}}]}}"#);
    let report = judge(&document, &holding(looping.as_bytes()), &policy(looping.as_bytes()));
    assert_eq!((report.outcome(), code(&report, CheckId::DataTerms)), (Outcome::Invalid, Code::TermsInvalid));

    let terms: Map = (0..10_000).map(|number| (format!("t{number}"), json!("https://a.example/a"))).collect();
    document["@context"] = json!([V2, terms]);
    let report = judge(&document, &Materials::none(), &Policy::default().trusting(trusting(&issuer)));
    assert_eq!((report.outcome(), code(&report, CheckId::DataTerms)), (Outcome::Invalid, Code::TermsTooMuch));
}
