use serde_json::json;

use super::*;
use crate::error::Explain;
use crate::keys::KeyError;

const KEY: &str = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu";
const DID: &str = "did:web:ngo.example";

fn multikey(id: &str) -> Value {
    json!({ "id": id, "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY })
}

fn p256() -> Value {
    json!({
        "kty": "EC", "crv": "P-256", "kid": "first",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    })
}

fn json_web_key(id: &str, jwk: Value) -> Value {
    json!({ "id": id, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk })
}

fn document(members: Value) -> Result<Document, DocumentError> {
    let mut map = members.as_object().unwrap().clone();
    map.entry("id").or_insert(DID.into());
    Document::parse(&serde_json::to_vec(&map).unwrap())
}

fn code(members: Value) -> &'static str {
    document(members).map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn methods_serve_where_they_are_listed_and_nowhere_else() {
    let document = document(json!({
        "verificationMethod": [multikey("#a"), json_web_key("did:web:ngo.example#b", p256())],
        "assertionMethod": ["did:web:ngo.example#a", "#missing", "did:web:other.example#a"],
        "authentication": ["#b", multikey("#embedded")],
        "keyAgreement": ["#b", "#embedded", "#a"],
    }))
    .unwrap();
    let authorized = |url: &str| {
        let listed = Relationship::ALL.into_iter().filter(|relationship| document.authorizes(url, *relationship));
        listed.map(Relationship::name).collect::<Vec<_>>()
    };
    assert_eq!(authorized("did:web:ngo.example#a"), ["assertionMethod"], "Ed25519 agrees on no secret");
    assert_eq!(authorized("did:web:ngo.example#b"), ["authentication", "keyAgreement"]);
    assert_eq!(authorized("did:web:ngo.example#embedded"), ["authentication"]);
    for url in ["#a", "did:web:ngo.example", "did:web:ngo.example#missing", "did:web:other.example#a", ""] {
        assert_eq!(authorized(url), [""; 0], "{url:?}");
    }
    assert_eq!(document.verification_methods().len(), 3);
    let second = document.verification_method("did:web:ngo.example#b").unwrap();
    assert_eq!(second.jwk_kid.as_deref(), Some("first"));
    assert_eq!(format!("{document:?}"), "Document(did:web:ngo.example, 3 verification methods)");
}

#[test]
fn two_services_of_one_id_are_refused() {
    let service = |id: &str, url: &str| json!({ "id": id, "type": "x", "serviceEndpoint": url });
    let services = |first: &str, second: &str| {
        let [first, second] = [service(first, "https://a.example/"), service(second, "https://b.example/")];
        code(json!({ "service": [first, second] }))
    };
    assert_eq!(services("#files", "#notices"), "ok");
    assert_eq!(services("#files", "did:web:other.example#files"), "ok");
    assert_eq!(services("#files", "#files"), "document.duplicate-service");
    assert_eq!(services("#files", "did:web:ngo.example#files"), "document.duplicate-service");
    assert_eq!(services("urn:a", "urn:a"), "document.duplicate-service");
    assert_eq!(services("a", "a"), "document.duplicate-service");
}

#[test]
fn a_method_under_another_documents_url_is_never_found() {
    for url in ["did:web:ngo.example.evil#a", "did:web:other.example#a", "did:web:ngo.exampl#a", "urn:a"] {
        let document = document(json!({ "verificationMethod": [multikey(url)], "assertionMethod": [url] })).unwrap();
        assert!(document.verification_method(url).is_none(), "{url}");
        assert!(!document.authorizes(url, Relationship::AssertionMethod), "{url}");
    }
}

#[test]
fn what_a_jwk_is_not_for_it_does_not_serve() {
    let serves = |changes: Value| {
        let mut jwk = p256();
        jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let method = json_web_key("#a", jwk);
        let document = document(json!({
            "verificationMethod": [method], "assertionMethod": ["#a"], "keyAgreement": ["#a"],
        }))
        .unwrap();
        let url = "did:web:ngo.example#a";
        (document.authorizes(url, Relationship::AssertionMethod), document.authorizes(url, Relationship::KeyAgreement))
    };
    assert_eq!(serves(json!({})), (true, true));
    assert_eq!(serves(json!({ "use": "sig" })), (true, false));
    assert_eq!(serves(json!({ "use": "enc" })), (false, true));
    assert_eq!(serves(json!({ "key_ops": ["deriveBits"] })), (false, true));
    assert_eq!(serves(json!({ "alg": "ECDH-ES" })), (false, true));
}

#[test]
fn one_key_that_cannot_be_used_leaves_the_others() {
    let with_type = |kind: &str| {
        let mut method = multikey("#a");
        method["type"] = kind.into();
        method
    };
    let mut no_key = multikey("#a");
    no_key.as_object_mut().unwrap().remove("publicKeyMultibase");
    let mut number = multikey("#a");
    number["publicKeyMultibase"] = 5.into();
    let mut other_curve = p256();
    other_curve["crv"] = "secp256k1".into();
    for (method, error) in [
        (with_type("Ed25519VerificationKey2018"), KeyError::UnsupportedType),
        (with_type("multikey"), KeyError::UnsupportedType),
        (with_type("JsonWebKey"), KeyError::Member { name: "publicKeyJwk" }),
        (json_web_key("#a", "text".into()), KeyError::Member { name: "publicKeyJwk" }),
        (json_web_key("#a", other_curve), KeyError::UnsupportedType),
        (no_key, KeyError::Member { name: "publicKeyMultibase" }),
        (number, KeyError::Member { name: "publicKeyMultibase" }),
    ] {
        let document = document(json!({ "verificationMethod": [method, multikey("#good")] })).unwrap();
        assert_eq!(document.verification_methods()[0].key, Err(error));
        assert!(document.verification_methods()[1].key.is_ok());
    }
}

#[test]
fn malformed_documents_are_refused() {
    let changed = |name: &str, value: Value| {
        let mut method = multikey("#a");
        method[name] = value;
        json!({ "verificationMethod": [method] })
    };
    let mut private = p256();
    private["d"] = "AA".into();
    let mut both = json_web_key("#a", p256());
    both["publicKeyMultibase"] = KEY.into();
    for (members, expected) in [
        (json!({ "id": null }), "document.id"),
        (json!({ "id": "did:web:ngo.example#a" }), "document.id"),
        (json!({ "id": "http://ngo.example/" }), "document.id"),
        (json!({ "id": "https://" }), "document.id"),
        (json!({ "id": "https:///path" }), "document.id"),
        (json!({ "id": "https://ngo.example/#a" }), "document.id"),
        (json!({ "id": "https://ngo example/" }), "document.id"),
        (json!({ "id": ["did:web:ngo.example"] }), "document.id"),
        (json!({ "verificationMethod": {} }), "document.member"),
        (json!({ "verificationMethod": ["#a"] }), "document.member"),
        (json!({ "assertionMethod": "#a" }), "document.member"),
        (json!({ "assertionMethod": [5] }), "document.member"),
        (json!({ "assertionMethod": [""] }), "document.url"),
        (json!({ "assertionMethod": ["key-1"] }), "document.url"),
        (json!({ "assertionMethod": ["#a#b"] }), "document.url"),
        (changed("id", Value::Null), "document.member"),
        (changed("id", "a b".into()), "document.url"),
        (changed("id", "did:web:ngo.example#ö".into()), "document.url"),
        (changed("type", json!(["Multikey"])), "document.member"),
        (changed("controller", Value::Null), "document.member"),
        (changed("revoked", "yesterday".into()), "document.time"),
        (changed("revoked", true.into()), "document.member"),
        (changed("expires", "2026-02-30T00:00:00Z".into()), "document.time"),
        (changed("secretKeyMultibase", "z".into()), "document.secret-key"),
        (changed("privateKeyJwk", json!({})), "document.secret-key"),
        (json!({ "verificationMethod": [json_web_key("#a", private)] }), "document.secret-key"),
        (json!({ "verificationMethod": [both] }), "document.two-keys"),
        (
            json!({ "verificationMethod": [multikey("#a"), multikey("did:web:ngo.example#a")] }),
            "document.duplicate-method",
        ),
        (
            json!({ "verificationMethod": [multikey("#a")], "authentication": [multikey("#a")] }),
            "document.duplicate-method",
        ),
        (
            json!({ "authentication": [multikey("#a")], "assertionMethod": [multikey("#a")] }),
            "document.duplicate-method",
        ),
    ] {
        assert_eq!(code(members.clone()), expected, "{members}");
    }
    assert_eq!(Document::parse(b"[]").unwrap_err().code(), "json.not-an-object");
    assert_eq!(Document::parse(&[b' '; limits::MATERIAL_BYTES + 1]).unwrap_err().code(), "document.too-large");
    let many: Vec<Value> = (0..=limits::VERIFICATION_METHODS).map(|n| multikey(&format!("#{n}"))).collect();
    assert_eq!(code(json!({ "verificationMethod": many[1..] })), "ok");
    assert_eq!(code(json!({ "verificationMethod": many })), "document.too-many-methods");
}

#[test]
fn a_document_at_a_url_resolves_its_fragments() {
    let url = "https://example.issuer/vc-jose-cose";
    let mut method = json_web_key("#key-1", p256());
    method["controller"] = url.into();
    let members = json!({ "id": url, "verificationMethod": [method], "assertionMethod": ["#key-1"] });
    let document = document(members).unwrap();
    assert!(document.authorizes(&format!("{url}#key-1"), Relationship::AssertionMethod));
    assert!(!document.authorizes("https://example.issuer/#key-1", Relationship::AssertionMethod));
    assert_eq!(document.absolute("/other"), None);
}

#[test]
fn times_are_read_and_other_members_kept() {
    let mut method = multikey("#a");
    method["expires"] = "2026-12-31T00:00:00Z".into();
    method["revoked"] = "2026-06-01T08:00:00+08:00".into();
    let members = json!({
        "verificationMethod": [method], "alsoKnownAs": ["https://ngo.example/"], "authentication": ["#a"],
        "service": [{ "id": "#files", "type": "x", "serviceEndpoint": "https://ngo.example/" }, "#text"],
    });
    let document = document(members.clone()).unwrap();
    let method = &document.verification_methods()[0];
    assert_eq!(method.expires.unwrap().to_string(), "2026-12-31T00:00:00Z");
    assert_eq!(method.revoked.unwrap().to_string(), "2026-06-01T00:00:00Z");
    assert_eq!(document.member("alsoKnownAs"), members.get("alsoKnownAs"));
    assert_eq!(document.to_json()["service"], members["service"]);
    let expanded = document.to_json_with_absolute_urls();
    assert_eq!(expanded["verificationMethod"][0]["id"], "did:web:ngo.example#a");
    assert_eq!(expanded["authentication"], json!(["did:web:ngo.example#a"]));
    assert_eq!(expanded["service"][0]["id"], "did:web:ngo.example#files");
    assert_eq!(expanded["service"][1], "#text");
}
