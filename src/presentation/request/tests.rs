use serde_json::json;

use super::*;
use crate::credential::kind::Kind;
use crate::did::method;
use crate::encoding::base64url;
use crate::error::Explain;
use crate::keys::{KeyType, SoftwareKey};
use crate::presentation::dcql::{ClaimQuery, CredentialQuery, Path};
use crate::presentation::ledger::fresh_nonce;

const DESK: &str = "https://desk.example/answers";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(1_800_000_000 + seconds).unwrap()
}

fn query() -> Query {
    let district = &["/address/district"];
    Query::one(CredentialQuery::of_kind("address", "dc+sd-jwt", Kind::ProofOfAddress, district).unwrap())
}

/// A request of somebody who cannot sign, and its JSON.
fn unsigned() -> Map {
    let client_id = ClientId::of_redirect_uri(DESK).unwrap();
    RequestObject::new(client_id, query(), fresh_nonce([7; 32]), at(0), at(300)).posted_to(DESK).to_unsigned().unwrap()
}

fn read(payload: &Map) -> Result<RequestObject, RequestError> {
    let bytes = Value::Object(payload.clone()).to_string();
    UnverifiedRequest::parse(bytes.as_bytes()).map(UnverifiedRequest::into_unchecked)
}

/// What reading the request says after this member was changed, or taken away.
fn changed(member: &str, value: Option<Value>) -> &'static str {
    let mut payload = unsigned();
    match value {
        Some(value) => drop(payload.insert(member.to_owned(), value)),
        None => drop(payload.remove(member)),
    }
    read(&payload).map_or_else(|error| error.code(), |_| "read")
}

struct Verifier {
    key: SoftwareKey,
    client_id: ClientId,
    method: String,
}

fn verifier() -> Verifier {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let did = method::key::from_key(&key.public_key());
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    Verifier { key, client_id: ClientId::of_did(&did).unwrap(), method }
}

impl Verifier {
    fn request(&self) -> RequestObject {
        RequestObject::new(self.client_id.clone(), query(), fresh_nonce([7; 32]), at(0), at(300))
    }

    fn signed(&self) -> String {
        self.request().to_signed(&self.key, Identity::Method(&self.method)).unwrap()
    }
}

/// The token with another header or payload; its signature no longer fits, which reading does not look at.
fn with(token: &str, part: usize, change: impl Fn(&mut Map)) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut members = json::parse_object(&base64url::decode(&parts[part]).unwrap()).unwrap();
    change(&mut members);
    parts[part] = base64url::encode(Value::Object(members).to_string());
    parts.join(".")
}

fn code(bytes: impl AsRef<[u8]>) -> &'static str {
    UnverifiedRequest::parse(bytes.as_ref()).map_or_else(|error| error.code(), |_| "read")
}

#[test]
fn what_is_signed_reads_back() {
    let verifier = verifier();
    let request = verifier.request().posted_to("https://api.bank.example/post").state("b3VyIHN0YXRl");
    let token = request.to_signed(&verifier.key, Identity::Method(&verifier.method)).unwrap();
    let read = UnverifiedRequest::parse(token.as_bytes()).unwrap();
    assert_eq!(read.claimed_client_id(), &verifier.client_id);
    let jws = read.jws().unwrap();
    assert_eq!(jws.header.media_type.as_deref(), Some("oauth-authz-req+jwt"));
    assert_eq!(jws.header.key_id.as_deref(), Some(verifier.method.as_str()));
    assert_eq!(jws.payload.get("aud"), Some(&json!("https://self-issued.me/v2")));
    assert!(jws.payload["client_metadata"]["vp_formats_supported"]["dc+sd-jwt"]["kb-jwt_alg_values"].is_array());
    jws.verify(Algorithm::Es256, &verifier.key.public_key()).unwrap();
    assert_eq!(read.into_unchecked(), request);
}

#[test]
fn what_nobody_signs_reads_back() {
    let request = read(&unsigned()).unwrap();
    assert_eq!(request.client_id.as_str(), "redirect_uri:https://desk.example/answers");
    assert_eq!(request.delivery, Delivery::DirectPost { response_uri: DESK.to_owned() });
    assert_eq!(request.query, query());
    assert_eq!((request.issued_at, request.expires), (Some(at(0)), Some(at(300))));
    // The address stands in the client identifier already.
    assert_eq!(changed("response_uri", None), "read");
    // What is not known is ignored, and so is `iss`.
    assert_eq!(changed("iss", Some(json!("did:web:bank.example"))), "read");
    assert_eq!(changed("acr_values", Some(json!(1))), "read");
    assert_eq!(changed("iat", Some(json!(1_800_000_000.5))), "read");
}

#[test]
fn an_unsigned_request_in_the_name_of_a_key_is_refused() {
    for client_id in [
        "decentralized_identifier:did:web:bank.example",
        "x509_san_dns:desk.example",
        "x509_hash:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    ] {
        assert_eq!(changed("client_id", Some(json!(client_id))), "request.not-signed", "{client_id}");
    }
    assert_eq!(verifier().request().to_unsigned().unwrap_err().code(), "request.not-signed");
}

#[test]
fn a_signature_without_a_party_is_refused() {
    let token = with(&verifier().signed(), 1, |payload| {
        payload.insert("client_id".to_owned(), format!("redirect_uri:{DESK}").into());
    });
    assert_eq!(code(token), "request.signed");
    let request = read(&unsigned()).unwrap();
    let verifier = verifier();
    let error = request.to_signed(&verifier.key, Identity::Method(&verifier.method)).unwrap_err();
    assert_eq!(error.code(), "request.signed");
}

#[test]
fn parameters_that_are_absent_wrong_or_of_drafts_are_refused() {
    for (member, value, expected) in [
        ("client_id", None, "request.member"),
        ("client_id", Some(json!(["redirect_uri:https://desk.example/answers"])), "request.member"),
        ("client_id", Some(json!("origin:https://desk.example")), "request.prefix"),
        ("client_id", Some(json!("desk")), "request.prefix"),
        ("client_id_scheme", Some(json!("redirect_uri")), "request.outdated"),
        ("presentation_definition", Some(json!({})), "request.outdated"),
        ("presentation_definition_uri", Some(json!("https://desk.example/d")), "request.outdated"),
        ("transaction_data", Some(json!([])), "request.unsupported"),
        ("scope", Some(json!("address")), "request.unsupported"),
        ("request_uri", Some(json!("https://desk.example/r")), "request.unsupported"),
        ("redirect_uri", Some(json!(DESK)), "request.unsupported"),
        ("response_type", None, "request.response-type"),
        ("response_type", Some(json!("vp_token id_token")), "request.response-type"),
        ("response_type", Some(json!("code")), "request.response-type"),
        ("response_mode", None, "request.response-mode"),
        ("response_mode", Some(json!("fragment")), "request.response-mode"),
        ("response_mode", Some(json!("direct_post.jwt")), "request.response-mode"),
        ("response_mode", Some(json!("dc_api")), "request.response-mode"),
        ("response_mode", Some(json!(1)), "request.member"),
        ("response_uri", Some(json!("http://desk.example/answers")), "request.member"),
        ("response_uri", Some(json!("https://thief.example/answers")), "request.response-uri"),
        ("response_uri", Some(json!("https://desk.example/other")), "request.response-uri"),
        ("dcql_query", None, "request.member"),
        ("dcql_query", Some(json!("{}")), "request.member"),
        ("dcql_query", Some(json!({ "credentials": [] })), "dcql.empty"),
        ("state", Some(json!("")), "request.member"),
        ("state", Some(json!("a b")), "request.member"),
        ("state", Some(json!("a".repeat(3000))), "request.member"),
        ("nonce", None, "request.member"),
        ("nonce", Some(json!("AAECAwQ")), "nonce.short"),
        ("nonce", Some(json!("a".repeat(15))), "nonce.short"),
        ("nonce", Some(json!("a".repeat(3000))), "nonce.long"),
        ("nonce", Some(json!("YSBub25jZSB3aXRoIGJ5dGVz/+==")), "nonce.characters"),
        ("iat", Some(json!("2026-11-20T09:30:00Z")), "request.member"),
        ("exp", Some(json!(1e300)), "request.member"),
        ("exp", Some(json!(-1e14)), "request.member"),
        ("exp", Some(json!(1_800_000_000)), "request.member"),
        ("nbf", Some(json!(1_800_000_300)), "request.member"),
    ] {
        assert_eq!(changed(member, value.clone()), expected, "{member} {value:?}");
    }
}

#[test]
fn a_header_says_that_it_is_a_request() {
    let token = verifier().signed();
    assert_eq!(code(&token), "read");
    assert_eq!(code(with(&token, 0, |header| drop(header.remove("typ")))), "request.media-type");
    for typ in ["JWT", "vp+jwt", "kb+jwt", "oauth-authz-req"] {
        assert_eq!(code(with(&token, 0, |h| drop(h.insert("typ".to_owned(), typ.into())))), "request.media-type");
    }
    let long = with(&token, 0, |h| drop(h.insert("typ".to_owned(), "application/oauth-authz-req+jwt".into())));
    assert_eq!(code(long), "read");
    let critical = with(&token, 0, |header| drop(header.insert("crit".to_owned(), json!(["exp"]))));
    assert_eq!(code(critical), "request.critical");
    for audience in [json!("https://other.example"), json!(["https://other.example"]), json!(1), json!(null)] {
        let token = with(&token, 1, |payload| drop(payload.insert("aud".to_owned(), audience.clone())));
        assert_eq!(code(token), "request.audience");
    }
    assert_eq!(code(with(&token, 1, |payload| drop(payload.remove("aud")))), "read");
}

#[test]
fn answers_for_a_certificate_go_to_its_host() {
    let token = verifier().signed();
    let to = |client_id: &str, response_uri: &str| {
        code(with(&token, 1, |payload| {
            payload.insert("client_id".to_owned(), client_id.into());
            payload.insert("response_mode".to_owned(), "direct_post".into());
            payload.insert("response_uri".to_owned(), response_uri.into());
        }))
    };
    assert_eq!(to("x509_san_dns:bank.example", "https://bank.example/post"), "read");
    assert_eq!(to("x509_san_dns:bank.example", "https://BANK.example:8443/post"), "read");
    for elsewhere in ["https://thief.example/bank.example", "https://bank.example.thief.example", "https://ank.example"]
    {
        assert_eq!(to("x509_san_dns:bank.example", elsewhere), "request.response-uri", "{elsewhere}");
    }
    assert_eq!(to("x509_san_dns:bank.example", "https://bank.example@thief.example"), "request.member");
    // These identify a key and no host, and the signature covers the address.
    assert_eq!(to("decentralized_identifier:did:web:bank.example", "https://post.example"), "read");
}

#[test]
fn too_much_is_refused() {
    let claims = |count: usize| {
        let name = |at: usize| ClaimQuery::new(Path::new([format!("claim{at}")]));
        let credential =
            (0..count).fold(CredentialQuery::new("all", "dc+sd-jwt").vct("a"), |query, at| query.asking(name(at)));
        Query::one(credential).to_map()
    };
    assert_eq!(changed("dcql_query", Some(Value::Object(claims(limits::DCQL_CLAIMS)))), "read");
    assert_eq!(changed("dcql_query", Some(Value::Object(claims(limits::DCQL_CLAIMS + 1)))), "dcql.too-many");
    assert_eq!(changed("dcql_query", Some(Value::Object(claims(10_000)))), "request.too-large");
    assert_eq!(changed("padding", Some("a".repeat(limits::REQUEST_BYTES).into())), "request.too-large");
}

#[test]
fn what_is_no_request_is_refused() {
    for (bytes, expected) in [
        ("", "parse.empty"),
        ("openid4vp://?client_id=a", "parse.unknown-format"),
        ("%PDF", "parse.other-file"),
        ("eyJhbGciOiJFUzI1NiJ9.e30.AA~", "request.not-a-request"),
        ("e30.e30.AA", "jose.parameter"),
        ("[]", "parse.unknown-format"),
        ("{\"client_id\":\"a\",\"client_id\":\"b\"}", "json.duplicate-member"),
        ("{}", "request.member"),
    ] {
        assert_eq!(code(bytes), expected, "{bytes}");
    }
    let twice = Value::Object(unsigned()).to_string().replacen('{', "{\"nonce\":\"b3VyIG90aGVyIG5vbmNl\",", 1);
    assert_eq!(code(twice), "json.duplicate-member");
}

#[test]
fn only_with_its_own_key_is_a_request_signed() {
    let (own, other) = (verifier(), verifier());
    let request = own.request();
    let refused =
        |request: &RequestObject, identity: Identity<'_>| request.to_signed(&own.key, identity).unwrap_err().code();
    assert_eq!(refused(&request, Identity::Method(&other.method)), "request.other-identity");
    assert_eq!(refused(&request, Identity::Method(own.client_id.original())), "request.other-identity");
    let longer = format!("{}0#a", own.client_id.original());
    assert_eq!(refused(&request, Identity::Method(&longer)), "request.other-identity");
    let (certificates, others) = (["MIIB".to_owned()], ["MIIC".to_owned()]);
    assert_eq!(refused(&request, Identity::Certificates(&certificates)), "request.other-identity");

    let with_hash = RequestObject { client_id: ClientId::of_certificate("MIIB").unwrap(), ..request.clone() };
    with_hash.to_signed(&own.key, Identity::Certificates(&certificates)).unwrap();
    assert_eq!(refused(&with_hash, Identity::Certificates(&others)), "request.other-identity");
    assert_eq!(refused(&with_hash, Identity::Certificates(&[])), "request.other-identity");
    assert_eq!(refused(&with_hash, Identity::Method(&own.method)), "request.other-identity");
    let with_name = RequestObject { client_id: ClientId::of_dns_name("bank.example").unwrap(), ..request };
    assert_eq!(refused(&with_name, Identity::Certificates(&[])), "request.other-identity");
}

#[test]
fn what_a_wallet_would_refuse_is_not_written() {
    let verifier = verifier();
    let write = |request: RequestObject| {
        let written = request.to_signed(&verifier.key, Identity::Method(&verifier.method));
        written.map_or_else(|error| error.code(), |_| "written")
    };
    assert_eq!(write(verifier.request()), "written");
    assert_eq!(write(RequestObject { nonce: "a".repeat(21), ..verifier.request() }), "nonce.short");
    assert_eq!(write(RequestObject { expires: Some(at(0)), ..verifier.request() }), "request.member");
    assert_eq!(write(verifier.request().state("a b")), "request.member");
    assert_eq!(write(verifier.request().posted_to("http://bank.example")), "request.member");
    let query = Query::all([CredentialQuery::new("a", "dc+sd-jwt"), CredentialQuery::new("a", "dc+sd-jwt")]);
    assert_eq!(write(RequestObject { query, ..verifier.request() }), "dcql.duplicate-id");
}

#[test]
fn a_credential_without_its_holders_key_needs_a_state() {
    let verifier = verifier();
    let query = Query::one(CredentialQuery::new("ticket", "dc+sd-jwt").vct("ticket").without_holder_binding());
    let request = RequestObject { query, ..verifier.request() };
    let write = |request: &RequestObject| request.to_signed(&verifier.key, Identity::Method(&verifier.method));
    assert_eq!(write(&request).unwrap_err().code(), "request.state-needed");
    assert_eq!(write(&request.clone().state("a".repeat(21))).unwrap_err().code(), "request.state-needed");
    write(&request.state(fresh_nonce([9; 32]))).unwrap();
}
