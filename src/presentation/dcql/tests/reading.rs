use serde_json::json;

use super::*;
use crate::credential::kind::Kind;
use crate::encoding::json::{self, Map, Value};
use crate::error::Explain;
use crate::limits;

#[test]
fn a_query_that_could_be_misread_is_refused() {
    let credential = |more: Value| {
        let mut credential = map(json!({ "id": "a", "format": "dc+sd-jwt", "meta": { "vct_values": ["t"] } }));
        for (name, value) in map(more) {
            match value {
                Value::Null => drop(credential.remove(&name)),
                value => drop(credential.insert(name, value)),
            }
        }
        json!({ "credentials": [credential] })
    };
    let claims = |claims: Value| credential(json!({ "claims": claims }));
    let path = |path: Value| claims(json!([{ "path": path }]));
    let values = |values: Value| claims(json!([{ "path": ["x"], "values": values }]));
    let sets = |claims: Value, sets: Value| credential(json!({ "claims": claims, "claim_sets": sets }));
    let named = || json!([{ "id": "a", "path": ["x"] }, { "id": "b", "path": ["y"] }]);
    let options = |sets: Value| {
        let mut query = credential(json!({}));
        query["credential_sets"] = sets;
        query
    };
    let at = "/credentials/0";
    for (what, query, pointer, code) in [
        ("no credentials", json!({}), "/credentials", "dcql.missing"),
        ("an empty list of credentials", json!({ "credentials": [] }), "/credentials", "dcql.empty"),
        ("credentials that are no list", json!({ "credentials": {} }), "/credentials", "dcql.type"),
        ("a credential that is no object", json!({ "credentials": ["a"] }), at, "dcql.type"),
        ("no id", credential(json!({ "id": null })), "/credentials/0/id", "dcql.missing"),
        ("an empty id", credential(json!({ "id": "" })), "/credentials/0/id", "dcql.empty"),
        ("an id with a dot", credential(json!({ "id": "a.b" })), "/credentials/0/id", "dcql.id"),
        ("an id in Cyrillic", credential(json!({ "id": "а" })), "/credentials/0/id", "dcql.id"),
        ("an id that is a number", credential(json!({ "id": 1 })), "/credentials/0/id", "dcql.type"),
        ("no format", credential(json!({ "format": null })), "/credentials/0/format", "dcql.missing"),
        ("no meta", credential(json!({ "meta": null })), "/credentials/0/meta", "dcql.missing"),
        (
            "a misspelt meta",
            credential(json!({ "meta": { "vct_value": ["t"] } })),
            "/credentials/0/meta/vct_values",
            "dcql.missing",
        ),
        (
            "another format's meta",
            credential(json!({ "meta": { "doctype_value": "t" } })),
            "/credentials/0/meta/vct_values",
            "dcql.missing",
        ),
        (
            "no types at all",
            credential(json!({ "meta": { "vct_values": [] } })),
            "/credentials/0/meta/vct_values",
            "dcql.empty",
        ),
        (
            "a type that is a text",
            credential(json!({ "meta": { "vct_values": "t" } })),
            "/credentials/0/meta/vct_values",
            "dcql.type",
        ),
        (
            "types that are no lists",
            credential(json!({ "format": "vc+jwt", "meta": { "type_values": ["t"] } })),
            "/credentials/0/meta/type_values/0",
            "dcql.type",
        ),
        (
            "an empty list of types, which all have",
            credential(json!({ "format": "ldp_vc", "meta": { "type_values": [[]] } })),
            "/credentials/0/meta/type_values/0",
            "dcql.empty",
        ),
        ("multiple as a text", credential(json!({ "multiple": "false" })), "/credentials/0/multiple", "dcql.type"),
        (
            "holder binding as a text",
            credential(json!({ "require_cryptographic_holder_binding": "true" })),
            "/credentials/0/require_cryptographic_holder_binding",
            "dcql.type",
        ),
        (
            "no authorities",
            credential(json!({ "trusted_authorities": [] })),
            "/credentials/0/trusted_authorities",
            "dcql.empty",
        ),
        (
            "an authority without values",
            credential(json!({ "trusted_authorities": [{ "type": "aki" }] })),
            "/credentials/0/trusted_authorities/0/values",
            "dcql.missing",
        ),
        (
            "an authority without a type",
            credential(json!({ "trusted_authorities": [{ "values": ["x"] }] })),
            "/credentials/0/trusted_authorities/0/type",
            "dcql.missing",
        ),
        ("an empty list of claims", claims(json!([])), "/credentials/0/claims", "dcql.empty"),
        ("claims that are an object", claims(json!({ "path": ["x"] })), "/credentials/0/claims", "dcql.type"),
        ("a claim without a path", claims(json!([{ "id": "x" }])), "/credentials/0/claims/0/path", "dcql.missing"),
        ("an empty path", path(json!([])), "/credentials/0/claims/0/path", "dcql.empty"),
        ("a path that is a pointer", path(json!("/x")), "/credentials/0/claims/0/path", "dcql.type"),
        ("a path with -1", path(json!(["x", -1])), "/credentials/0/claims/0/path/1", "dcql.type"),
        ("a path with 1.5", path(json!(["x", 1.5])), "/credentials/0/claims/0/path/1", "dcql.type"),
        ("a path with true", path(json!(["x", true])), "/credentials/0/claims/0/path/1", "dcql.type"),
        ("a path in a path", path(json!(["x", ["y"]])), "/credentials/0/claims/0/path/1", "dcql.type"),
        ("a path with a filter", path(json!(["x", { "eq": 1 }])), "/credentials/0/claims/0/path/1", "dcql.type"),
        ("no values", values(json!([])), "/credentials/0/claims/0/values", "dcql.empty"),
        ("one value without a list", values(json!("x")), "/credentials/0/claims/0/values", "dcql.type"),
        ("values with objects", values(json!([{ "a": 1 }])), "/credentials/0/claims/0/values/0", "dcql.type"),
        ("values with lists", values(json!(["x", ["y"]])), "/credentials/0/claims/0/values/1", "dcql.type"),
        ("values with null", values(json!([null])), "/credentials/0/claims/0/values/0", "dcql.type"),
        ("values with a fraction", values(json!([1.5])), "/credentials/0/claims/0/values/0", "dcql.type"),
        ("values beyond a double", values(json!([1e300])), "/credentials/0/claims/0/values/0", "dcql.type"),
        (
            "claim ids twice",
            claims(json!([{ "id": "a", "path": ["x"] }, { "id": "a", "path": ["y"] }])),
            "/credentials/0/claims/1/id",
            "dcql.duplicate-id",
        ),
        (
            "claim sets without claims",
            credential(json!({ "claim_sets": [["a"]] })),
            "/credentials/0/claims",
            "dcql.needed",
        ),
        (
            "claim sets over claims without ids",
            sets(json!([{ "path": ["x"] }]), json!([["a"]])),
            "/credentials/0/claims/0/id",
            "dcql.needed",
        ),
        ("an empty list of claim sets", sets(named(), json!([])), "/credentials/0/claim_sets", "dcql.empty"),
        ("an empty claim set", sets(named(), json!([["a"], []])), "/credentials/0/claim_sets/1", "dcql.empty"),
        (
            "claim sets naming unknown ids",
            sets(named(), json!([["a", "c"]])),
            "/credentials/0/claim_sets/0/1",
            "dcql.unknown-id",
        ),
        (
            "claim sets naming claims by position",
            sets(named(), json!([[0]])),
            "/credentials/0/claim_sets/0/0",
            "dcql.type",
        ),
        ("an empty list of credential sets", options(json!([])), "/credential_sets", "dcql.empty"),
        (
            "a credential set without options",
            options(json!([{ "required": true }])),
            "/credential_sets/0/options",
            "dcql.missing",
        ),
        (
            "a credential set with no options",
            options(json!([{ "options": [] }])),
            "/credential_sets/0/options",
            "dcql.empty",
        ),
        (
            "an option that anything meets",
            options(json!([{ "options": [[]] }])),
            "/credential_sets/0/options/0",
            "dcql.empty",
        ),
        (
            "credential sets naming unknown ids",
            options(json!([{ "options": [["a"], ["b"]] }])),
            "/credential_sets/0/options/1/0",
            "dcql.unknown-id",
        ),
        (
            "required as a text",
            options(json!([{ "options": [["a"]], "required": "false" }])),
            "/credential_sets/0/required",
            "dcql.type",
        ),
        (
            "required as null",
            options(json!([{ "options": [["a"]], "required": null }])),
            "/credential_sets/0/required",
            "dcql.type",
        ),
    ] {
        let error = parse(query).expect_err(what);
        assert_eq!((error.pointer(), error.code()), (pointer, code), "{what}");
    }
    let twice = json!({ "credentials": [
        { "id": "a", "format": "dc+sd-jwt", "meta": {} }, { "id": "a", "format": "dc+sd-jwt", "meta": {} }] });
    assert_eq!(parse(twice).unwrap_err(), DcqlError::DuplicateId { pointer: "/credentials/1/id".to_owned() });
    for path in [json!(["ns"]), json!(["ns", "el", "x"]), json!(["ns", null]), json!([0, "el"])] {
        let query = json!({ "credentials": [
            { "id": "a", "format": "mso_mdoc", "meta": { "doctype_value": "t" }, "claims": [{ "path": path }] }] });
        assert_eq!(parse(query).unwrap_err().code(), "dcql.mdoc-path");
    }
}

#[test]
fn a_query_is_refused_beyond_its_ceilings() {
    let claims =
        |count: usize| one((0..count).map(|at| json!({ "id": format!("c{at}"), "path": [at.to_string()] })).collect());
    let credentials = |count: usize| {
        let all = (0..count).map(|at| json!({ "id": format!("q{at}"), "format": "f", "meta": {} }));
        json!({ "credentials": all.collect::<Value>() })
    };
    let path = |steps: usize| one(json!([{ "path": vec!["x"; steps] }]));
    let values = |count: usize| one(json!([{ "path": ["x"], "values": vec![1; count] }]));
    let text = |bytes: usize| one(json!([{ "path": ["x".repeat(bytes)] }]));
    let claim_sets = |count: usize| {
        let mut query = claims(1);
        query["credentials"][0]["claim_sets"] = json!(vec![["c0"]; count]);
        query
    };
    let sets = |count: usize| {
        let mut query = claims(1);
        query["credential_sets"] = json!(vec![json!({ "options": [["pid"]] }); count]);
        query
    };
    let options = |count: usize| {
        let mut query = claims(1);
        query["credential_sets"] = json!([{ "options": vec![["pid"]; count] }]);
        query
    };
    let names = |count: usize| {
        let mut query = claims(1);
        query["credential_sets"] = json!([{ "options": [vec!["pid"; count]] }]);
        query
    };
    let types = |count: usize| {
        let mut query = claims(1);
        query["credentials"][0]["meta"]["vct_values"] = json!(vec![PID; count]);
        query
    };
    let makers: [(&dyn Fn(usize) -> Value, usize); 10] = [
        (&claims, limits::DCQL_CLAIMS),
        (&credentials, limits::DCQL_CREDENTIALS),
        (&path, limits::DCQL_PATH_STEPS),
        (&values, limits::DCQL_VALUES),
        (&text, limits::DCQL_TEXT_BYTES),
        (&claim_sets, limits::DCQL_OPTIONS),
        (&sets, limits::DCQL_SETS),
        (&options, limits::DCQL_OPTIONS),
        (&names, limits::DCQL_OPTIONS),
        (&types, limits::DCQL_VALUES),
    ];
    for (at, (maker, limit)) in makers.into_iter().enumerate() {
        assert!(parse(maker(limit)).is_ok(), "maker {at}");
        let code = parse(maker(limit + 1)).unwrap_err().code();
        assert!(matches!(code, "dcql.too-many" | "dcql.too-long"), "maker {at}: {code}");
    }
    assert_eq!(parse(claims(10_000)).unwrap_err().code(), "dcql.too-many");
}

#[test]
fn a_query_nested_ten_thousand_deep_exhausts_no_stack() {
    let text = format!(r#"{{"credentials":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(json::parse_object(text.as_bytes()).unwrap_err().code(), "json.too-deep");
    // What a host builds itself does not come through the strict reader. It is forgotten afterwards, since dropping it
    // would take a call for each level.
    let deep = || (0..10_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    let with = |edit: &dyn Fn(&mut Map)| {
        let mut credential = map(json!({ "id": "a", "format": "f", "meta": {}, "claims": [{ "path": ["x"] }] }));
        edit(&mut credential);
        let query = map(json!({}))
            .into_iter()
            .chain([("credentials".to_owned(), Value::Array(vec![Value::Object(credential)]))]);
        let query: Map = query.collect();
        let code = Query::parse(&query).map_or_else(|error| error.code(), |_| "read");
        std::mem::forget(query);
        code
    };
    let set = |name: &'static str| with(&|credential| drop(credential.insert(name.to_owned(), deep())));
    assert_eq!(set("meta"), "dcql.type");
    assert_eq!(set("claims"), "dcql.type");
    assert_eq!(set("unheard-of"), "read");
    let within = |name: &'static str, inner: &'static str| {
        with(&|credential| {
            let mut object = Map::new();
            object.insert(inner.to_owned(), deep());
            let object = Value::Object(object);
            credential.insert(name.to_owned(), if name == "meta" { object } else { Value::Array(vec![object]) });
        })
    };
    assert_eq!(within("meta", "x"), "dcql.too-deep");
    assert_eq!(within("claims", "path"), "dcql.type");
    // And a credential that deep is walked, counted and pointed to without a call for each level.
    let mut claims = Map::new();
    claims.insert("x".to_owned(), deep());
    let query = parse(one(json!([{ "path": ["x"] }]))).unwrap();
    let matches = query.matches(&[identity(&claims)]);
    assert_eq!(matches.credentials[0].fits[0].disclosed, 1);
    std::mem::forget(claims);
}

#[test]
fn unknown_members_are_ignored() {
    let mut query = one(json!([{ "path": ["name"], "purpose": {} }]));
    query["extension"] = json!(1);
    query["credentials"][0]["extension"] = json!([]);
    query["credentials"][0]["meta"]["extension"] = json!("x");
    assert_eq!(parse(query).unwrap(), parse(one(json!([{ "path": ["name"] }]))).unwrap());
}

#[test]
fn a_query_reads_what_it_writes() {
    let claim = |name: &str| ClaimQuery::new(Path::new([name])).id(name);
    let query = Query::all([
        CredentialQuery::new("pid", "dc+sd-jwt")
            .vct(PID)
            .vct("https://other.example/pid")
            .asking(claim("name").value("Arthur Dent"))
            .asking(claim("age").value(42).value(43))
            .asking(claim("isAdult").value(true))
            .claim_set(&["isAdult"])
            .claim_set(&["name", "age"])
            .trusted_authority("aki", &["s9tIpPmhxdiuNkHMEWNpYim8S8Y"])
            .multiple(),
        CredentialQuery::new("badge", "ldp_vc")
            .types(&["VerifiableCredential", "OpenBadgeCredential"])
            .claim(&[Step::from("credentialSubject"), Step::All, Step::Index(3)])
            .without_holder_binding(),
    ])
    .require(&[&["pid"], &["badge"]])
    .welcome(&[&["badge"]]);
    assert_eq!(query.check(), Ok(()));
    assert_eq!(Query::parse(&query.to_map()), Ok(query.clone()));
    let written = serde_json::to_value(query.to_map()).unwrap();
    assert_eq!(written["credentials"][1]["claims"][0]["path"], json!(["credentialSubject", null, 3]));
    assert_eq!(written["credential_sets"][1], json!({ "options": [["badge"]], "required": false }));
    let debug = format!("{query:?}");
    assert!(!debug.contains("Arthur") && !debug.contains("42"), "{debug}");

    let bare = CredentialQuery::new("a", "dc+sd-jwt");
    for (what, query) in [
        ("no credential", Query::all([])),
        ("an id with a space", Query::one(CredentialQuery::new("a b", "dc+sd-jwt"))),
        ("an empty path", Query::one(bare.clone().claim::<&str>(&[]))),
        ("a claim set over nothing", Query::one(bare.clone().claim_set(&["x"]))),
        ("an unknown set", Query::one(bare.clone()).require(&[&["b"]])),
        ("another format's type", Query::one(bare.clone().types(&["X"]))),
        ("the same id twice", Query::all([bare.clone(), bare])),
    ] {
        assert!(query.check().is_err(), "{what}");
    }
}

#[test]
fn a_kind_is_asked_for_by_pointers_into_its_claims_file() {
    let path = |format: &str, kind: Kind, pointer: &str| {
        let query = CredentialQuery::of_kind("q", format, kind, &[pointer]).unwrap();
        assert_eq!(Query::one(query.clone()).check(), Ok(()));
        query.claims[0].path.to_string()
    };
    assert_eq!(path("dc+sd-jwt", Kind::ProofOfAddress, "/address/district"), "/address/district");
    assert_eq!(path("vc+sd-jwt", Kind::ProofOfAddress, "/address/district"), "/credentialSubject/address/district");
    assert_eq!(path("dc+sd-jwt", Kind::SkillCertification, "/skill/name"), "/skill/name");
    assert_eq!(path("vc+jwt", Kind::SkillCertification, "/skill/name"), "/credentialSubject/achievement/name");
    assert_eq!(path("eddsa-jcs-2022", Kind::Licence, "/categories/0/code"), "/credentialSubject/categories/0/code");
    for pointer in ["", "address", "~", "/a~2b", "é"] {
        let refused = CredentialQuery::of_kind("q", "vc+jwt", Kind::SkillCertification, &[pointer]);
        assert_eq!(refused, Err(PathError::Pointer), "{pointer}");
    }
    for (format, kind, pointer) in [
        ("dc+sd-jwt", Kind::Licence, "/address"),
        ("vc+jwt", Kind::Licence, "/address/district"),
        ("dc+sd-jwt", Kind::ProofOfAddress, "/licenceNumber"),
        ("dc+sd-jwt", Kind::ProofOfAddress, "/address/0"),
        ("dc+sd-jwt", Kind::ProofOfAddress, "/address/district/x"),
        ("dc+sd-jwt", Kind::ProofOfAddress, "/knownBy/0/x"),
        ("dc+sd-jwt", Kind::Licence, "/categories/code"),
        ("vc+sd-jwt", Kind::SkillCertification, "/credentialSubject/achievement/name"),
        ("dc+sd-jwt", Kind::SkillCertification, "/"),
        ("dc+sd-jwt", Kind::SkillCertification, "/iss"),
    ] {
        let refused = CredentialQuery::of_kind("q", format, kind, &["/name", pointer]);
        assert_eq!(refused, Err(PathError::NotInKind { number: 2, kind }), "{pointer}");
        assert_eq!(PathError::NotInKind { number: 2, kind }.code(), "dcql.path.not-in-kind");
    }
    // What is asked of the example is found in it.
    for kind in Kind::ALL {
        let claims = kind.example();
        let names: Vec<String> = claims.keys().map(|name| format!("/{name}")).collect();
        let pointers: Vec<&str> = names.iter().map(String::as_str).collect();
        let query = Query::one(CredentialQuery::of_kind("q", "dc+sd-jwt", kind, &pointers).unwrap());
        let held = Candidate { types: &[kind.vct()], ..identity(&claims) };
        assert_eq!(query.matches(&[held]).least().unwrap()[0].fit.pointers, names);
    }
}

#[test]
fn pointers_and_paths_lead_to_each_other() {
    let claims = person();
    for pointer in ["/name", "/address/a~1b~0c", "/degrees/1/type", "/nationalities/0"] {
        let path = Path::from_pointer(pointer).unwrap();
        assert_eq!(path.pointers(&claims).unwrap(), [pointer]);
        assert_eq!(path.to_string(), pointer);
    }
    assert_eq!(Path::from_pointer("/01").unwrap().steps(), [Step::from("01")]);
    assert_eq!(Path::from_pointer("/-").unwrap().steps(), [Step::from("-")]);
    assert_eq!(Path::from_pointer("/").unwrap().steps(), [Step::from("")]);
    assert_eq!(Path::from_pointer("/99999999999999999999").unwrap().steps(), [Step::from("99999999999999999999")]);
    for refused in ["", "x", "/~", "/~2", "/a~", "/~é"] {
        assert_eq!(Path::from_pointer(refused), Err(PathError::Pointer), "{refused}");
    }
    let long = "/x".repeat(limits::DCQL_PATH_STEPS + 1);
    assert_eq!(Path::from_pointer(&long), Err(PathError::TooLong { limit: limits::DCQL_PATH_STEPS }));
    assert_eq!(Path::new::<&str>([]).pointers(&claims), Err(PathError::NotAList));
}

#[test]
fn codes_are_stable_and_errors_say_what_to_do() {
    let unmet = [
        Unmet::Format { id: "q".into(), format: "f".into() },
        Unmet::NotAnswered { id: "q".into() },
        Unmet::NoOption { position: 0 },
        Unmet::NotAsked { position: 0 },
        Unmet::Several { id: "q".into(), count: 2 },
    ];
    for reason in unmet {
        assert!(reason.code().starts_with("dcql.unmet.") && reason.hint().ends_with('.'));
    }
    for error in [PathError::NotAnObject, PathError::NotAList, PathError::Nothing, PathError::Pointer] {
        assert!(error.code().starts_with("dcql.path.") && error.hint().ends_with('.'));
    }
}
