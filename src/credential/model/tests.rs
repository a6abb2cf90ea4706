use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::encoding::json::{Map, Value, parse};
use crate::error::Explain;
use crate::limits;

fn object(value: Value) -> Map {
    match value {
        Value::Object(map) => map,
        _ => panic!("an object was expected"),
    }
}

fn credential() -> Map {
    object(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", {"district": "https://example.org/#district"}],
        "id": "urn:uuid:9c9a36f8-518f-4976-a934-6649502d0008",
        "type": ["VerifiableCredential", "ProofOfAddress"],
        "name": "Proof of address",
        "description": [{"@value": "住址證明", "@language": "zh-Hant-HK", "@direction": "ltr"}],
        "issuer": {"id": "did:web:ngo.example", "name": {"@value": "Harbour Aid", "@language": "en"}},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2026-04-01T00:00:00Z",
        "credentialSubject": {"id": "did:key:z6MkHolder", "district": "Sham Shui Po"},
        "credentialStatus": {"id": "https://ngo.example/status/1#94567", "type": "BitstringStatusListEntry"},
        "credentialSchema": [{"id": "https://ngo.example/schema.json", "type": "JsonSchema"}],
        "termsOfUse": {"type": "TrustFrameworkPolicy"},
        "refreshService": {"id": "https://ngo.example/refresh", "type": "https://example.org/#Refresh"},
        "evidence": [{"type": ["Evidence", "HomeVisit"]}],
        "relatedResource": [
            {"id": "https://ngo.example/a", "mediaType": "application/ld+json; charset=utf-8",
             "digestSRI": "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg"},
            {"id": "https://ngo.example/b", "digestMultibase": "uEiBZlVzO1mfAPhUrKyteqtBlrbNmO4jpMSHJ9kbtJV5UMg"}
        ],
        "confidenceMethod": {"type": "ConfidenceMethod"},
        "renderMethod": {"type": "TemplateRenderMethod"},
        "cnf": {"jwk": {"kty": "EC"}},
        "proof": {"type": "DataIntegrityProof", "@context": ["https://www.w3.org/ns/credentials/v2"]},
        "termNobodyKnows": null
    }))
}

fn presentation() -> Map {
    object(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:9c9a36f8-518f-4976-a934-6649502d0009",
        "type": "VerifiablePresentation",
        "holder": {"id": "did:key:z6MkHolder"},
        "termsOfUse": {"type": "TrustFrameworkPolicy"},
        "verifiableCredential": [
            credential(),
            {"@context": "https://www.w3.org/ns/credentials/v2", "type": ["EnvelopedVerifiableCredential"],
             "id": "data:application/vc+jwt,eyJh.eyJi.c2ln"}
        ]
    }))
}

type Case = (&'static str, &'static str, &'static str, &'static str);

/// Puts a value, or nothing, where a sound document has a sound member, and compares what is said about it.
fn refuses(sound: &Map, cases: &[Case], read: impl Fn(&Map) -> Result<(), ModelError>) {
    assert_eq!(read(sound), Ok(()));
    for (member, value, code, pointer) in cases {
        let mut document = sound.clone();
        match *value {
            "" => document.remove(*member),
            value => document.insert((*member).to_owned(), parse(value.as_bytes()).unwrap()),
        };
        let error = read(&document).map_err(|error| (error.code(), place(&error)));
        assert_eq!(error, Err((*code, (*pointer).to_owned())), "{member}: {value}");
    }
}

fn place(error: &ModelError) -> String {
    match error {
        ModelError::Malformed { pointer, .. }
        | ModelError::Keyword { pointer }
        | ModelError::RepeatedResource { pointer } => pointer.clone(),
        _ => String::new(),
    }
}

const SRI: &str = "sha256-WZVc7NZn7APhUrKyteqtBlrbNmO4jpMSHJ9kbtJV5UM=";

#[test]
fn a_credential_that_breaks_a_rule_is_refused_and_told_where() {
    let cases: &[Case] = &[
        ("@context", "", "data-model.context", ""),
        ("@context", "null", "data-model.context", "/@context"),
        ("@context", "[]", "data-model.context", "/@context"),
        ("@context", r#""https://www.w3.org/ns/credentials/v2""#, "data-model.context", "/@context"),
        ("@context", r#"["https://www.w3.org/2018/credentials/v1"]"#, "data-model.context", "/@context"),
        ("@context", r#"[{}, "https://www.w3.org/ns/credentials/v2"]"#, "data-model.context", "/@context"),
        ("@context", r#"["https://www.w3.org/ns/credentials/v2/"]"#, "data-model.context", "/@context"),
        ("@context", r#"["https://www.w3.org/ns/credentials/v2", 7]"#, "data-model.context", "/@context/1"),
        ("@context", r#"["https://www.w3.org/ns/credentials/v2", {}, "v1"]"#, "data-model.context", "/@context/2"),
        ("@context", r#"["https://www.w3.org/ns/credentials/v2", null]"#, "data-model.context", "/@context/1"),
        ("id", "null", "data-model.id", "/id"),
        ("id", r#"["urn:a:1", "urn:a:2"]"#, "data-model.id", "/id"),
        ("id", r#""12345""#, "data-model.id", "/id"),
        ("id", r#""https ://not-a-url""#, "data-model.id", "/id"),
        ("type", "", "data-model.type", ""),
        ("type", "[]", "data-model.type", "/type"),
        ("type", r#""ProofOfAddress""#, "data-model.type", "/type"),
        ("type", r#"["verifiableCredential"]"#, "data-model.type", "/type"),
        ("type", r#"["VerifiableCredential", 2]"#, "data-model.type", "/type/1"),
        ("type", r#"["VerifiableCredential", ""]"#, "data-model.type", "/type/1"),
        ("type", r#"["VerifiableCredential", "a b:c"]"#, "data-model.type", "/type/1"),
        ("type", r#"["VerifiableCredential", "@json"]"#, "data-model.type", "/type/1"),
        ("type", r#"["VerifiableCredential", ["ProofOfAddress"]]"#, "data-model.type", "/type/1"),
        ("type", r#"["VerifiableCredential", "VerifiablePresentation"]"#, "data-model.type", "/type"),
        ("issuer", "", "data-model.issuer", ""),
        ("issuer", "null", "data-model.issuer", "/issuer"),
        ("issuer", r#""Harbour Aid""#, "data-model.issuer", "/issuer"),
        ("issuer", r#"["did:web:ngo.example"]"#, "data-model.issuer", "/issuer"),
        ("issuer", r#"{"name": "Harbour Aid"}"#, "data-model.issuer", "/issuer/id"),
        ("issuer", r#"{"id": null}"#, "data-model.issuer", "/issuer/id"),
        ("issuer", r#"{"id": ["did:web:a.example", "did:web:b.example"]}"#, "data-model.issuer", "/issuer/id"),
        ("issuer", r#"{"id": "did:web:a.example", "name": 7}"#, "data-model.issuer", "/issuer/name"),
        (
            "issuer",
            r#"{"id": "did:web:a.example", "description": {"@value": "a", "url": "b"}}"#,
            "data-model.issuer",
            "/issuer/description",
        ),
        ("issuer", r#"{"id": "did:web:a.example", "@id": "did:web:b.example"}"#, "data-model.keyword", "/issuer"),
        ("name", "null", "data-model.name", "/name"),
        ("name", "[]", "data-model.name", "/name"),
        ("name", r#"["a", "b"]"#, "data-model.name", "/name/0"),
        ("name", r#"{"@language": "en"}"#, "data-model.name", "/name/@value"),
        ("name", r#"{"@value": 7}"#, "data-model.name", "/name/@value"),
        ("name", r#"{"@value": "a", "@language": "english language"}"#, "data-model.name", "/name/@language"),
        ("name", r#"{"@value": "a", "@language": null}"#, "data-model.name", "/name/@language"),
        ("name", r#"{"@value": "a", "@direction": "up"}"#, "data-model.name", "/name/@direction"),
        ("description", r#"{"@value": "a", "@type": "b"}"#, "data-model.description", "/description"),
        ("description", r#"[{"@value": "a"}, {"value": "b"}]"#, "data-model.description", "/description/1"),
        ("credentialSubject", "", "data-model.credential-subject", ""),
        ("credentialSubject", "null", "data-model.credential-subject", "/credentialSubject"),
        ("credentialSubject", "[]", "data-model.credential-subject", "/credentialSubject"),
        ("credentialSubject", "{}", "data-model.credential-subject", "/credentialSubject"),
        ("credentialSubject", r#""did:key:z6Mk""#, "data-model.credential-subject", "/credentialSubject"),
        ("credentialSubject", r#"[{"a": 1}, {}]"#, "data-model.credential-subject", "/credentialSubject/1"),
        ("credentialSubject", r#"[[{"a": 1}]]"#, "data-model.credential-subject", "/credentialSubject/0"),
        ("credentialSubject", r#"{"id": "me"}"#, "data-model.credential-subject", "/credentialSubject/id"),
        ("credentialSubject", r#"{"id": ["a:b", "a:c"]}"#, "data-model.credential-subject", "/credentialSubject/id"),
        ("credentialSubject", r#"{"@id": "did:key:z6Mk"}"#, "data-model.keyword", "/credentialSubject"),
        ("credentialSubject", r#"{"@set": [{"a": 1}]}"#, "data-model.keyword", "/credentialSubject"),
        ("validFrom", "null", "data-model.valid-from", "/validFrom"),
        ("validFrom", "1767225600", "data-model.valid-from", "/validFrom"),
        ("validFrom", r#""2026-01-01""#, "data-model.valid-from", "/validFrom"),
        ("validFrom", r#""Sat 25 Feb 2023 07:16:31 PM CST""#, "data-model.valid-from", "/validFrom"),
        ("validUntil", r#""2026-02-30T00:00:00Z""#, "data-model.valid-until", "/validUntil"),
        ("validUntil", r#"["2026-04-01T00:00:00Z"]"#, "data-model.valid-until", "/validUntil"),
        ("validUntil", r#""2025-12-31T23:59:59Z""#, "data-model.validity-period", ""),
        ("validUntil", r#""2026-01-01T08:00:00+08:30""#, "data-model.validity-period", ""),
        ("credentialStatus", "null", "data-model.credential-status", "/credentialStatus"),
        ("credentialStatus", "[]", "data-model.credential-status", "/credentialStatus"),
        ("credentialStatus", r#""https://a.example/1""#, "data-model.credential-status", "/credentialStatus"),
        ("credentialStatus", r#"{"id": "a:b"}"#, "data-model.credential-status", "/credentialStatus/type"),
        ("credentialStatus", r#"{"type": 2}"#, "data-model.credential-status", "/credentialStatus/type"),
        (
            "credentialStatus",
            r#"[{"type": "A"}, {"type": "A", "id": "b"}]"#,
            "data-model.credential-status",
            "/credentialStatus/1/id",
        ),
        (
            "credentialStatus",
            r#"{"type": "A", "id": ["a:b", "a:c"]}"#,
            "data-model.credential-status",
            "/credentialStatus/id",
        ),
        ("credentialStatus", r#"{"type": "A", "@type": "B"}"#, "data-model.keyword", "/credentialStatus"),
        ("credentialSchema", r#"{"id": "a:b"}"#, "data-model.credential-schema", "/credentialSchema/type"),
        ("credentialSchema", r#"{"type": "JsonSchema"}"#, "data-model.credential-schema", "/credentialSchema/id"),
        (
            "credentialSchema",
            r#"[{"type": "JsonSchema", "id": "schema.json"}]"#,
            "data-model.credential-schema",
            "/credentialSchema/0/id",
        ),
        ("termsOfUse", "{}", "data-model.terms-of-use", "/termsOfUse/type"),
        ("termsOfUse", r#""https://a.example/terms""#, "data-model.terms-of-use", "/termsOfUse"),
        ("refreshService", r#"{"id": "a:b"}"#, "data-model.refresh-service", "/refreshService/type"),
        ("evidence", r#"[{"type": "A"}, {}]"#, "data-model.evidence", "/evidence/1/type"),
        ("evidence", r#"{"type": []}"#, "data-model.evidence", "/evidence/type"),
        ("evidence", r#"{"type": ["A", null]}"#, "data-model.evidence", "/evidence/type/1"),
        ("confidenceMethod", "{}", "data-model.confidence-method", "/confidenceMethod/type"),
        ("renderMethod", "[]", "data-model.render-method", "/renderMethod"),
        ("proof", "null", "data-model.proof", "/proof"),
        ("proof", "[]", "data-model.proof", "/proof"),
        ("proof", r#"{"proofValue": "z"}"#, "data-model.proof", "/proof/type"),
        ("proof", r#"[{"type": "A"}, "z"]"#, "data-model.proof", "/proof/1"),
        ("cnf", "null", "data-model.confirmation", "/cnf"),
        ("cnf", r#"[{"jwk": {}}]"#, "data-model.confirmation", "/cnf"),
        ("vc", "{}", "data-model.vc-claim", ""),
        ("vp", "null", "data-model.vp-claim", ""),
        ("@graph", "[]", "data-model.keyword", ""),
        ("@type", r#"["VerifiableCredential"]"#, "data-model.keyword", ""),
    ];
    refuses(&credential(), cases, |document| CredentialView::read(document).map(drop));
}

#[test]
fn a_related_resource_that_pins_nothing_is_refused() {
    const CODE: &str = "data-model.related-resource";
    let (truncated, padded) = (SRI.replace("WZVc", ""), SRI.replace('=', "=="));
    let digest = |digest: &str| format!(r#"{{"id": "a:b", "digestSRI": "{digest}"}}"#);
    let multibase = |digest: &str| format!(r#"{{"id": "a:b", "digestMultibase": "{digest}"}}"#);
    let cases = [
        ("[]".to_owned(), CODE, ""),
        (r#"["a:b"]"#.to_owned(), CODE, "/0"),
        (format!(r#"{{"digestSRI": "{SRI}"}}"#), CODE, "/id"),
        (r#"{"id": "a:b"}"#.to_owned(), CODE, ""),
        (r#"{"id": "a:b", "digestMultibase": []}"#.to_owned(), CODE, "/digestMultibase"),
        (r#"{"id": "a:b", "digestSRI": 7}"#.to_owned(), CODE, "/digestSRI"),
        (format!(r#"{{"id": "a:b", "mediaType": "json", "digestSRI": "{SRI}"}}"#), CODE, "/mediaType"),
        (format!(r#"{{"id": "a:b", "mediaType": null, "digestSRI": "{SRI}"}}"#), CODE, "/mediaType"),
        (digest(&truncated), CODE, "/digestSRI"),
        (digest(&padded), CODE, "/digestSRI"),
        (digest("sha256-"), CODE, "/digestSRI"),
        (digest("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="), CODE, "/digestSRI"),
        (digest("sha256-WZVc7NZn7APhUrKyteqtBlrbNmO4jpMSHJ9kbtJV5ü="), CODE, "/digestSRI"),
        (format!(r#"{{"id": "a:b", "digestSRI": ["{SRI}", "none"]}}"#), CODE, "/digestSRI/1"),
        (multibase(""), CODE, "/digestMultibase"),
        (multibase("z"), CODE, "/digestMultibase"),
        (multibase("z0"), CODE, "/digestMultibase"),
        (multibase("uEiB="), CODE, "/digestMultibase"),
        (multibase("f1220"), CODE, "/digestMultibase"),
        (multibase("éa"), CODE, "/digestMultibase"),
        (format!("[{0}, {0}]", digest(SRI)), "data-model.repeated-resource", "/1/id"),
        (format!("[{}, {}]", digest(SRI), multibase("zQm")), "data-model.repeated-resource", "/1/id"),
    ];
    let sound = credential();
    for (value, code, tail) in cases {
        let mut document = sound.clone();
        document.insert("relatedResource".to_owned(), parse(value.as_bytes()).unwrap());
        let error = CredentialView::read(&document).map(drop).map_err(|error| (error.code(), place(&error)));
        assert_eq!(error, Err((code, format!("/relatedResource{tail}"))), "{value}");
    }
}

#[test]
fn a_presentation_that_breaks_a_rule_is_refused_and_told_where() {
    const CREDENTIALS: &str = "data-model.verifiable-credential";
    let cases: &[Case] = &[
        ("@context", "", "data-model.context", ""),
        ("@context", r#"["https://www.w3.org/2018/credentials/v1"]"#, "data-model.context", "/@context"),
        ("type", "", "data-model.type", ""),
        ("type", r#"["VerifiableCredential"]"#, "data-model.type", "/type"),
        ("type", r#"["VerifiablePresentation", "VerifiableCredential"]"#, "data-model.type", "/type"),
        ("id", r#""one""#, "data-model.id", "/id"),
        ("holder", "null", "data-model.holder", "/holder"),
        ("holder", r#""z6MkHolder""#, "data-model.holder", "/holder"),
        ("holder", r#"{"name": "Acme"}"#, "data-model.holder", "/holder/id"),
        ("holder", r#"{"id": "z6MkHolder"}"#, "data-model.holder", "/holder/id"),
        ("holder", r#"["did:key:z6MkHolder"]"#, "data-model.holder", "/holder"),
        ("holder", r#"{"id": "a:b", "@id": "a:c"}"#, "data-model.keyword", "/holder"),
        ("termsOfUse", "{}", "data-model.terms-of-use", "/termsOfUse/type"),
        ("proof", r#"{"proofValue": "z"}"#, "data-model.proof", "/proof/type"),
        ("vp", "{}", "data-model.vp-claim", ""),
        ("vc", "{}", "data-model.vc-claim", ""),
        ("@included", "[]", "data-model.keyword", ""),
        ("verifiableCredential", "null", CREDENTIALS, "/verifiableCredential"),
        ("verifiableCredential", "[]", CREDENTIALS, "/verifiableCredential"),
        ("verifiableCredential", r#"["eyJh.eyJi.c2ln"]"#, CREDENTIALS, "/verifiableCredential/0"),
        ("verifiableCredential", "{}", CREDENTIALS, "/verifiableCredential/type"),
        ("verifiableCredential", r#"[{"type": []}]"#, CREDENTIALS, "/verifiableCredential/0/type"),
        ("verifiableCredential", r#"{"type": "ProofOfAddress"}"#, CREDENTIALS, "/verifiableCredential/type"),
        (
            "verifiableCredential",
            r#"{"@graph": [], "type": "VerifiableCredential"}"#,
            "data-model.keyword",
            "/verifiableCredential",
        ),
    ];
    refuses(&presentation(), cases, |document| PresentationView::read(document).map(drop));
}

#[test]
fn an_envelope_that_hides_what_it_holds_is_refused() {
    let sound = object(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "EnvelopedVerifiableCredential",
        "id": "data:application/vc+jwt,eyJh.eyJi.c2ln"
    }));
    const CODE: &str = "data-model.verifiable-credential";
    const ID: &str = "/verifiableCredential/id";
    const CONTEXT: &str = "/verifiableCredential/@context";
    let cases: &[Case] = &[
        ("@context", "", CODE, CONTEXT),
        ("@context", "[]", CODE, CONTEXT),
        ("@context", r#""https://www.w3.org/ns/credentials/examples/v2""#, CODE, CONTEXT),
        ("@context", r#"["https://www.w3.org/ns/credentials/v2", 7]"#, CODE, "/verifiableCredential/@context/1"),
        ("type", "", CODE, "/verifiableCredential/type"),
        ("type", r#"["EnvelopedVerifiableCredential", "VerifiableCredential"]"#, CODE, "/verifiableCredential/type"),
        ("type", r#"["EnvelopedVerifiableCredential", "Licence"]"#, CODE, "/verifiableCredential/type/1"),
        ("id", "", CODE, ID),
        ("id", "null", CODE, ID),
        ("id", r#""eyJh.eyJi.c2ln""#, CODE, ID),
        ("id", r#""https://ngo.example/vc.jwt""#, CODE, ID),
        ("id", r#""data:application/vc+jwt""#, CODE, ID),
        ("id", r#""data:application/vc+jwt,""#, CODE, ID),
        ("id", r#""data:application/,eyJh""#, CODE, ID),
        ("id", r#""data:application/;vc+jwt,eyJh""#, CODE, ID),
        ("id", r#""data:text/html,eyJh""#, CODE, ID),
        ("id", r#""data:,eyJh""#, CODE, ID),
        ("id", r#""data:application/vc+jwt,eyJh eyJi""#, CODE, ID),
        ("id", r#""data:application/vc+jwt,%zz""#, CODE, ID),
        ("id", r#""data:application/vc+jwt,\n""#, CODE, ID),
        ("id", r#""data:application/vc+jwt,eyJh\neyJi""#, CODE, ID),
        ("id", r#""data:application/vc+jwt,eyJh \n""#, CODE, ID),
        ("id", r#""\ndata:application/vc+jwt,eyJh""#, CODE, ID),
        ("@type", r#""VerifiableCredential""#, "data-model.keyword", "/verifiableCredential"),
    ];
    let presentation = presentation();
    refuses(&sound, cases, |envelope| {
        let mut document = presentation.clone();
        document.insert("verifiableCredential".to_owned(), Value::Object(envelope.clone()));
        PresentationView::read(&document).map(drop)
    });
}

#[test]
fn more_credentials_than_anyone_presents_are_refused() {
    let mut document = presentation();
    let mut enclose = |count: usize| {
        document.insert("verifiableCredential".to_owned(), Value::Array(vec![Value::Object(credential()); count]));
        PresentationView::read(&document).map(|view| view.credentials.len())
    };
    assert_eq!(enclose(limits::CREDENTIALS), Ok(limits::CREDENTIALS));
    let refused = Err(ModelError::TooManyCredentials { limit: limits::CREDENTIALS });
    assert_eq!(enclose(limits::CREDENTIALS + 1), refused);
}

#[test]
fn a_credential_is_read_as_it_was_written() {
    let document = credential();
    let Ok(view) = CredentialView::read(&document) else { panic!("a sound credential") };
    assert_eq!(view.id, Some("urn:uuid:9c9a36f8-518f-4976-a934-6649502d0008"));
    assert_eq!(view.issuer, "did:web:ngo.example");
    assert_eq!(view.types, ["VerifiableCredential", "ProofOfAddress"]);
    assert_eq!(view.contexts, [Some(BASE_CONTEXT), None]);
    assert_eq!(view.valid_from.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(view.valid_until.unwrap().to_string(), "2026-04-01T00:00:00Z");
    assert_eq!(view.subject_id(), Some("did:key:z6MkHolder"));
    assert_eq!(view.status.len(), 1);
    assert_eq!(view.schemas.len(), 1);
    assert_eq!(view.confirmation, document["cnf"].as_object());
}

#[test]
fn several_subjects_have_no_single_one() {
    let mut document = credential();
    document.insert("credentialSubject".to_owned(), json!([{"id": "did:key:a"}, {"id": "did:key:b"}]));
    let Ok(view) = CredentialView::read(&document) else { panic!("a sound credential") };
    assert_eq!(view.subjects.len(), 2);
    assert!(view.single_subject().is_none() && view.subject_id().is_none());
}

#[test]
fn the_members_that_may_be_absent_may_be_absent() {
    let document = object(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiableCredential",
        "issuer": "https://ngo.example/",
        "credentialSubject": {"district": "Sham Shui Po"},
        "validFrom": "2026-01-01T00:00:00",
        "validUntil": "2026-01-01T08:00:00+08:00"
    }));
    let Ok(view) = CredentialView::read(&document) else { panic!("a sound credential") };
    assert_eq!((view.id, view.subject_id(), view.confirmation), (None, None, None));
    assert_eq!(view.valid_from, view.valid_until);
    assert!(view.status.is_empty() && view.schemas.is_empty() && view.single_subject().is_some());
}

#[test]
fn a_presentation_tells_its_credentials_apart() {
    let document = presentation();
    let Ok(view) = PresentationView::read(&document) else { panic!("a sound presentation") };
    assert_eq!(view.holder, Some("did:key:z6MkHolder"));
    assert_eq!(view.types, ["VerifiablePresentation"]);
    let [Enclosed::Embedded(embedded), Enclosed::Enveloped { media_type, data }] = view.credentials[..] else {
        panic!("one credential of each form")
    };
    assert_eq!(*embedded, credential());
    assert_eq!((media_type, data), ("vc+jwt", "eyJh.eyJi.c2ln"));
    assert!(is_presentation(&document) && !is_presentation(embedded));
}

#[test]
fn parameters_of_an_envelope_stay_with_its_media_type() {
    for id in ["data:application/vc+cose;base64,UkVBTExZ", "data:application/vc+cose;base64,UkVBTExZ\n"] {
        let mut document = presentation();
        document.insert(
            "verifiableCredential".to_owned(),
            json!({"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential",
                   "id": id}),
        );
        let Ok(view) = PresentationView::read(&document) else { panic!("a sound presentation") };
        let [Enclosed::Enveloped { media_type, data }] = view.credentials[..] else { panic!("one envelope") };
        assert_eq!((media_type, data), ("vc+cose;base64", "UkVBTExZ"));
    }
}

#[test]
fn no_error_repeats_what_the_document_says() {
    let secret = "Flat 7, Tai Nan Street";
    for member in credential().keys().chain(presentation().keys()) {
        for value in [json!(secret), json!({secret: secret}), json!([secret]), json!([{secret: secret}])] {
            for mut document in [credential(), presentation()] {
                document.insert(member.clone(), value.clone());
                let errors = [CredentialView::read(&document).err(), PresentationView::read(&document).err()];
                for error in errors.into_iter().flatten() {
                    let said = format!("{error} {error:?} {} {}", error.code(), error.hint());
                    assert!(!said.contains("Flat"), "{member}");
                }
            }
        }
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "(did|data|https|sha256|z|u)[:-]?[ -~]{0,8}".prop_map(Value::from),
        Just(Value::from("EnvelopedVerifiableCredential")),
        Just(Value::from("VerifiableCredential")),
        Just(Value::from(SRI)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let name = prop_oneof!["(@value|@language|id|type|@context|digestSRI|digestMultibase)", ".{0,4}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_in_a_member_is_judged_without_a_panic(value in any_value(), index in any::<prop::sample::Index>()) {
        for mut document in [credential(), presentation()] {
            let member = index.get(&document.keys().cloned().collect::<Vec<_>>()).clone();
            document.insert(member, value.clone());
            for error in [CredentialView::read(&document).err(), PresentationView::read(&document).err()] {
                prop_assert!(error.is_none_or(|error| error.code().starts_with("data-model.")));
            }
        }
    }
}
