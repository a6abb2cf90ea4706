use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::credential::kind::{Claims, Kind};
use crate::credential::type_metadata::TypeMetadata;
use crate::credential::{Credential, Holder, Salt};
use crate::error::Explain;
use crate::time::Date;

const ISSUER: &str = "did:web:ngo.example";
const TENANT: &str = "did:example:tenant";

/// A claims set that holds, with these members put in, or taken out where they are null.
fn payload(changes: Value) -> Map {
    let mut payload = json!({
        "vct": "https://credentials.example.com/identity_credential",
        "iss": "https://issuer.example",
        "nbf": 1_790_000_000, "exp": 1_800_000_000, "iat": 1_790_000_000,
        "sub": "did:example:holder",
        "cnf": { "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "A" } },
        "status": { "status_list": { "idx": 7, "uri": "https://issuer.example/status/1" } },
        "given_name": "Ada",
    })
    .as_object()
    .unwrap()
    .clone();
    for (name, value) in changes.as_object().unwrap().clone() {
        if value.is_null() {
            payload.remove(&name)
        } else {
            payload.insert(name, value)
        };
    }
    payload
}

fn code(changes: Value) -> &'static str {
    view(&payload(changes), None).map_or_else(|error| error.code(), |_| "")
}

#[test]
fn the_view_holds_what_the_verifier_reads() {
    let payload = payload(json!({ "aka_vcts": ["urn:example:identity"], "id": "did:example:somebody-else" }));
    let view = view(&payload, None).unwrap();
    assert_eq!(view.issuer, "https://issuer.example");
    assert_eq!(view.types, ["https://credentials.example.com/identity_credential", "urn:example:identity"]);
    assert_eq!(view.valid_from.unwrap().unix(), 1_790_000_000);
    assert_eq!(view.valid_until.unwrap().unix(), 1_800_000_000);
    assert_eq!(view.subject_id(), Some("did:example:holder"));
    assert!(view.names_a_subject());
    assert_eq!(view.confirmation.unwrap()["jwk"]["crv"], "Ed25519");
    assert_eq!(view.status[0]["status_list"]["idx"], 7);
    assert!(view.contexts.is_empty() && view.schemas.is_empty() && view.id.is_none());
    let claims = subject_claims(view.single_subject().unwrap().clone());
    assert_eq!(claims.keys().collect::<Vec<_>>(), ["given_name", "id"]);
}

#[test]
fn a_claim_named_id_names_no_holder() {
    let payload = payload(json!({ "sub": null, "cnf": null, "id": TENANT }));
    let view = view(&payload, None).unwrap();
    assert_eq!((view.subject_id(), view.names_a_subject()), (None, false));
}

#[test]
fn whoever_else_says_who_issued_it_is_the_issuer() {
    let without = payload(json!({ "iss": null }));
    assert_eq!(view(&without, Some("CN=Issuer")).unwrap().issuer, "CN=Issuer");
    assert_eq!(view(&without, None).err().unwrap().code(), "sd-jwt-vc.issuer-missing");
    assert_eq!(view(&payload(json!({})), Some("CN=Issuer")).unwrap().issuer, "CN=Issuer");
    let broken = payload(json!({ "iss": 1 }));
    assert_eq!(view(&broken, Some("CN=Issuer")).err().unwrap().code(), "sd-jwt-vc.iss");
}

#[test]
fn what_is_no_claims_set_of_an_sd_jwt_vc_is_refused() {
    for (changes, expected) in [
        (json!({ "vct": null }), "sd-jwt-vc.vct-missing"),
        (json!({ "vct": 1 }), "sd-jwt-vc.vct"),
        (json!({ "vct": "" }), "sd-jwt-vc.vct"),
        (json!({ "vct": ["urn:a:b"] }), "sd-jwt-vc.vct"),
        (json!({ "vct": "proof of address" }), "sd-jwt-vc.vct"),
        (json!({ "vct": "https://" }), ""),
        (json!({ "vct": "https:" }), "sd-jwt-vc.vct"),
        (json!({ "vct": "a".repeat(2049) }), "sd-jwt-vc.vct"),
        (json!({ "vct#integrity": 1 }), "sd-jwt-vc.vct-integrity"),
        (json!({ "iss": "" }), "sd-jwt-vc.iss"),
        (json!({ "iss": { "id": "https://issuer.example" } }), "sd-jwt-vc.iss"),
        (json!({ "iss": "https://issuer.example/ other" }), "sd-jwt-vc.iss"),
        (json!({ "sub": 7 }), "sd-jwt-vc.sub"),
        (json!({ "exp": "1800000000" }), "sd-jwt-vc.exp"),
        (json!({ "exp": "2027-01-15T08:00:00Z" }), "sd-jwt-vc.exp"),
        (json!({ "exp": 1e300 }), "sd-jwt-vc.exp"),
        (json!({ "exp": -1e300 }), "sd-jwt-vc.exp"),
        (json!({ "exp": u64::MAX }), "sd-jwt-vc.exp"),
        (json!({ "exp": true }), "sd-jwt-vc.exp"),
        (json!({ "nbf": 253_402_300_800_i64 }), "sd-jwt-vc.nbf"),
        (json!({ "nbf": [1] }), "sd-jwt-vc.nbf"),
        (json!({ "iat": {} }), "sd-jwt-vc.iat"),
        (json!({ "exp": 1_789_999_999 }), "sd-jwt-vc.validity-period"),
        (json!({ "cnf": "did:example:holder#key" }), "sd-jwt-vc.cnf"),
        (json!({ "cnf": {} }), "sd-jwt-vc.cnf"),
        (json!({ "cnf": { "jwk": "A" } }), "sd-jwt-vc.cnf"),
        (json!({ "cnf": { "jwk": {}, "jku": "https://holder.example" } }), "sd-jwt-vc.cnf"),
        (json!({ "status": "valid" }), "sd-jwt-vc.status"),
        (json!({ "status": [] }), "sd-jwt-vc.status"),
        (json!({ "status": { "status_list": { "idx": "7", "uri": "https://a.example" } } }), "sd-jwt-vc.status"),
        (json!({ "status": { "status_list": { "idx": -1, "uri": "https://a.example" } } }), "sd-jwt-vc.status"),
        (json!({ "status": { "status_list": { "idx": 1 } } }), "sd-jwt-vc.status"),
        (json!({ "status": { "status_list": { "idx": 1, "uri": "list" } } }), "sd-jwt-vc.status"),
        (json!({ "aka_vcts": [] }), "sd-jwt-vc.aka-vcts"),
        (json!({ "aka_vcts": "urn:a:b" }), "sd-jwt-vc.aka-vcts"),
        (json!({ "aka_vcts": [1] }), "sd-jwt-vc.aka-vcts"),
        (json!({ "aka_vcts": ["urn:a:b", "urn:a:b"] }), "sd-jwt-vc.aka-vcts"),
        (json!({ "aka_vcts": ["https://credentials.example.com/identity_credential"] }), "sd-jwt-vc.aka-vcts"),
        (json!({ "aka_vcts": vec!["urn:a:b"; 16] }), "sd-jwt-vc.too-many-types"),
        (json!({ "@context": ["https://www.w3.org/ns/credentials/v2"] }), "sd-jwt-vc.refused"),
        (json!({ "credentialSubject": { "id": TENANT } }), "sd-jwt-vc.refused"),
        (json!({ "vc": {} }), "sd-jwt-vc.refused"),
        (json!({ "_sd": ["digest"] }), "sd-jwt-vc.refused"),
    ] {
        assert_eq!(code(changes.clone()), expected, "{changes}");
    }
}

#[test]
fn what_the_draft_allows_is_read() {
    for changes in [
        json!({ "vct": "eu.europa.ec.eudi.cor.1" }),
        json!({ "vct": "urn:eudi:pid:1", "aka_vcts": ["urn:eudi:pid"] }),
        json!({ "nbf": null, "exp": null, "iat": null, "sub": null, "cnf": null, "status": null }),
        json!({ "iss": "the issuer" }),
        json!({ "cnf": { "kid": "did:example:holder#key" } }),
        json!({ "status": { "another_mechanism": "x" } }),
        json!({ "exp": 1_800_000_000.5 }),
        json!({ "type": "Person", "issuer": "a claim like any other", "aud": 1 }),
    ] {
        assert_eq!(code(changes.clone()), "", "{changes}");
    }
}

#[test]
fn a_fraction_never_lengthens_validity() {
    let payload = payload(json!({ "nbf": 10.25, "exp": 20.75 }));
    let view = view(&payload, None).unwrap();
    assert_eq!((view.valid_from.unwrap().unix(), view.valid_until.unwrap().unix()), (11, 20));
}

#[test]
fn an_issuer_must_be_trusted_for_every_type() {
    let address = Kind::ProofOfAddress.vct();
    let also = payload(json!({ "aka_vcts": [address, "urn:a:b"] }));
    let types = view(&also, None).unwrap().types;
    assert_eq!(types.len(), 3);
    assert_eq!(Kind::of_vcts(types), Some(Kind::ProofOfAddress));

    let two = payload(json!({ "vct": address, "aka_vcts": [Kind::Licence.vct()] }));
    assert_eq!(Kind::of_vcts(view(&two, None).unwrap().types), None);
    assert_eq!(Kind::of_vcts(["urn:a:b"]), None);
    assert_eq!(Kind::of_vct("https://w3id.org/attesta/vct/proof-of-address/1/"), None);
    assert_eq!(Kind::of_vct("ProofOfAddressCredential"), None);
}

#[test]
fn no_error_tells_what_stood_there() {
    for name in ["vct", "iss", "sub", "exp", "cnf", "status", "aka_vcts", "vct#integrity"] {
        let error = view(&payload(json!({ name: ["陳 大文"] })), None).err().unwrap();
        assert!(!format!("{error} {error:?} {}", error.hint()).contains("陳"), "{name}");
    }
}

fn draft(kind: Kind) -> Credential {
    let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
    let from = Date::new(2026, 11, 20).unwrap();
    let draft = Credential::of(claims, ISSUER, from, 90, Salt::from_bytes([7; 32])).unwrap();
    draft.holder(Holder::Did(TENANT.to_owned()))
}

fn key() -> Option<Map> {
    json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "A" } }).as_object().cloned()
}

#[test]
fn a_draft_becomes_a_claims_set_and_is_read_back() {
    for kind in Kind::ALL {
        let status = json!({ "status_list": { "idx": 3, "uri": "https://ngo.example/list" } });
        let draft = draft(kind).status(status.as_object().unwrap().clone());
        let payload = draft.claims_set(Some(TENANT), key()).unwrap();
        let view = view(&payload, None).unwrap();
        assert_eq!((view.issuer, view.types.as_slice()), (ISSUER, &[kind.vct()][..]));
        assert_eq!(view.valid_from.unwrap().to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(view.valid_until.unwrap().to_string(), "2027-02-18T00:00:00Z");
        assert_eq!(payload["iat"], payload["nbf"]);
        assert_eq!((view.subject_id(), view.status.len()), (Some(TENANT), 1));
        assert_eq!(subject_claims(payload.clone()), kind.example());
        let claims = Claims::from_claims_set(Kind::of_vcts(view.types).unwrap(), &payload).unwrap();
        assert_eq!(claims.to_claims_file(), kind.example());
    }
}

#[test]
fn a_claims_set_is_only_made_of_what_it_can_hold() {
    let day = Date::new(2026, 11, 20).unwrap();
    let unbound = Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example()).unwrap();
    let unbound = Credential::of(unbound, ISSUER, day, 90, Salt::from_bytes([7; 32])).unwrap();
    assert_eq!(unbound.claims_set(None, None).unwrap_err().code(), "draft.holder-needed");

    let entry = json!({ "type": "BitstringStatusListEntry", "statusListIndex": "1" });
    let entry = draft(Kind::Licence).status(entry.as_object().unwrap().clone());
    assert_eq!(entry.claims_set(None, None).unwrap_err().code(), "draft.status");
    let entry = draft(Kind::Licence).status(Map::new());
    assert_eq!(entry.claims_set(None, None).unwrap_err().code(), "sd-jwt-vc.status");

    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
        "credentialSubject": { "name": "Ada" },
    });
    let document = document.as_object().unwrap().clone();
    let document = Credential::of_document(document, ISSUER, day, Salt::from_bytes([7; 32])).unwrap();
    assert_eq!(document.claims_set(None, None).unwrap_err().code(), "draft.other-data-model");
    assert_eq!(draft(Kind::Licence).claims_set(None, Some(Map::new())).unwrap_err().code(), "sd-jwt-vc.cnf");
}

#[test]
fn no_member_of_a_kind_has_the_name_of_a_registered_claim() {
    for kind in Kind::ALL {
        for member in kind.members() {
            assert!(!is_registered(member.name) && !REFUSED.contains(&member.name), "{}", member.name);
        }
    }
}

#[test]
fn a_registered_claim_is_never_read_as_a_claim_of_the_kind() {
    let mut payload = draft(Kind::Licence).claims_set(None, key()).unwrap();
    for name in NEVER_DISCLOSABLE.iter().chain(ALSO_REGISTERED) {
        payload.insert((*name).to_owned(), json!({ "licenceType": "trade" }));
    }
    let claims = Claims::from_claims_set(Kind::Licence, &payload).unwrap();
    assert_eq!(claims.to_claims_file(), Kind::Licence.example());
    payload.insert("licenceType".to_owned(), json!("pilot"));
    assert_eq!(Claims::from_claims_set(Kind::Licence, &payload).unwrap_err().code(), "claims.choice");
}

#[test]
fn nothing_that_the_verifier_needs_can_be_hidden() {
    for kind in Kind::ALL {
        let payload = draft(kind).claims_set(Some(TENANT), key()).unwrap();
        let pointers = disclosable(&payload);
        let registered =
            |name: &&str| pointers.iter().any(|p| p.trim_start_matches('/').split('/').next() == Some(name));
        assert!(!NEVER_DISCLOSABLE.iter().chain(ALSO_REGISTERED).any(registered));
        assert_eq!(pointers, kind.disclosable(&kind.example()));
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~]{0,12}|20[0-9]{2}-0[1-9]-1[0-9]|https://[a-z]{1,5}[.]example/".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let name = "idx|uri|jwk|name|resident_address|resident_city|locality|[a-z~/]{0,6}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_in_a_claims_set_is_judged_without_a_panic(
        names in prop::collection::vec(0_usize..40, 1..4),
        value in any_value(),
        scheme in prop::sample::select(&Scheme::ALL[..]),
    ) {
        const MORE: &[&str] = &[
            "resident_address", "resident_city", "resident_state", "place_of_birth", "nationalities", "issuance_date",
            "arrival_date", "skillOutcome", "escoReference", "qualityAssuranceMethod", "assessor", "auditInformation",
            "assessmentEvidence", "awardingBody", "attestation_legal_category", "title",
        ];
        let mut changed = payload(json!({}));
        for index in names {
            let names = NEVER_DISCLOSABLE.iter().chain(ALSO_REGISTERED).chain(MORE);
            let name = names.cycle().nth(index).unwrap();
            changed.insert((*name).to_owned(), value.clone());
        }
        if let Ok(view) = view(&changed, None) {
            prop_assert!(view.types[0] == changed["vct"] && !view.issuer.is_empty());
            prop_assert!(view.valid_from <= view.valid_until || view.valid_until.is_none());
        }
        if let Ok(claims) = Claims::from_scheme_disclosed(scheme, &changed) {
            prop_assert!(claims.kind() == scheme.kind());
        }
        let document = Value::Object(changed.clone());
        prop_assert!(disclosable(&changed).iter().all(|pointer| document.pointer(pointer).is_some()));
        let text = Value::Object(changed).to_string();
        let _ = TypeMetadata::parse(text.as_bytes());
    }
}
