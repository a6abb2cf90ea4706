//! Who asks.

use attesta::credential::kind::Kind;
use attesta::encoding::json::{self, Value};
use attesta::error::Explain;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::presentation::dcql::{CredentialQuery, Query};
use attesta::presentation::ledger::fresh_nonce;
use attesta::presentation::request::{ClientId, Identity, MEDIA_TYPE, RequestObject};
use attesta::securing::jose::{self, NewHeader};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Material, Materials, Resource, Source};
use attesta::wallet::{Asker, AskerError, VerifiedRequest};
use serde_json::json;

use crate::certificates::{AUTHORITY, BANK, ENDED, FORGED, bank_key};
use crate::{Desk, asker, asking, district, entry, now, unsigned, with};

fn code<T>(result: Result<T, AskerError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "known")
}

#[test]
fn somebody_in_the_trust_list_is_known_by_its_own_name_for_them() {
    let desk = Desk::new();
    let asker = asker(&desk.signed(district()), &desk.may_ask(&["proof-of-address"])).unwrap();
    assert!(asker.is_known());
    assert_eq!(asker.audience(), format!("decentralized_identifier:{}", desk.did));
    assert_eq!((asker.name(), asker.in_words().as_str()), (Some("The desk"), "The desk asks."));
    assert_eq!(asker.request().nonce, fresh_nonce([7; 32]));
}

#[test]
fn a_signature_that_does_not_fit_is_refused() {
    let (desk, thief) = (Desk::new(), Desk::new());
    let list = desk.may_ask(&["*"]);
    let token = desk.signed(district());
    let refused = |token: &str| code(asker(token, &list));
    let renamed = with(&token, 1, |payload| drop(payload.insert("nonce".to_owned(), fresh_nonce([9; 32]).into())));
    assert_eq!(refused(&renamed), "request.signature");
    let (head, signature) = token.rsplit_once('.').unwrap();
    assert_eq!(refused(&format!("{head}.")), "request.signature");
    assert_eq!(refused(&format!("{head}.{}", &signature[4..])), "request.signature");
    // The thief signs in the desk's name, with the desk's kid.
    let payload = json::parse_object(&attesta::encoding::base64url::decode(token.split('.').nth(1).unwrap()).unwrap());
    let sign = |kid: Option<&str>| {
        let header = NewHeader { media_type: MEDIA_TYPE, content_type: None, key_id: kid, certificates: &[] };
        jose::sign(payload.as_ref().unwrap(), &header, &thief.key).unwrap()
    };
    assert_eq!(refused(&sign(Some(&desk.method))), "request.signature");
    // With a kid of its own: the key is the thief's, the name the desk's.
    assert_eq!(refused(&sign(Some(&thief.method))), "request.other-key");
    assert_eq!(refused(&sign(None)), "request.no-key");
    assert_eq!(refused(&sign(Some(&desk.did))), "request.no-key");
    assert_eq!(refused(&sign(Some("key-1"))), "request.no-key");
    assert_eq!(refused(&sign(Some(&format!("{}?a=b#c", desk.did)))), "request.no-key");
    assert_eq!(refused(&sign(Some(&format!("{}#c", desk.did)))), "request.key-not-found");
    for (alg, expected) in
        [("none", "algorithm.unsecured"), ("HS256", "algorithm.mac"), ("RS256", "algorithm.unsupported")]
    {
        assert_eq!(refused(&with(&token, 0, |header| drop(header.insert("alg".to_owned(), alg.into())))), expected);
    }
    assert_eq!(
        refused(&with(&token, 0, |header| drop(header.insert("alg".to_owned(), "ES384".into())))),
        "request.signature"
    );
    assert_eq!(
        refused(&with(&token, 0, |header| drop(header.insert("typ".to_owned(), "JWT".into())))),
        "request.media-type"
    );
}

#[test]
fn the_name_in_the_body_must_be_that_of_the_key() {
    let (desk, thief) = (Desk::new(), Desk::new());
    let list = TrustList::new(now(), vec![entry(&desk.did, &["*"]), entry(&thief.did, &["*"])]).unwrap();
    // The thief may ask, too, but in its own name: a request with the desk's name and its key is nobody's.
    let mut request = thief.request(district());
    request.client_id = desk.client_id();
    assert_eq!(
        request.to_signed(&thief.key, Identity::Method(&thief.method)).unwrap_err().code(),
        "request.other-identity"
    );
    let renamed = with(&thief.signed(district()), 1, |payload| {
        payload.insert("client_id".to_owned(), desk.client_id().as_str().into());
    });
    assert_eq!(code(asker(&renamed, &list)), "request.other-key");
    // Other members that could be taken for a name change nothing.
    let mut payload = json::parse_object(Value::Object(district().to_map()).to_string().as_bytes()).unwrap();
    payload = json!({
        "client_id": thief.client_id().as_str(), "iss": desk.did, "sub": desk.did, "audience": desk.did,
        "client_metadata": { "client_name": "The bank" }, "response_type": "vp_token", "nonce": fresh_nonce([1; 32]),
        "dcql_query": payload,
    })
    .as_object()
    .cloned()
    .unwrap();
    let header =
        NewHeader { media_type: MEDIA_TYPE, content_type: None, key_id: Some(&thief.method), certificates: &[] };
    let token = jose::sign(&payload, &header, &thief.key).unwrap();
    let asker = asker(&token, &list).unwrap();
    assert_eq!(asker.audience(), thief.client_id().as_str());
}

#[test]
fn nobody_is_known_who_does_not_sign_or_stand_in_the_list() {
    let (desk, stranger) = (Desk::new(), Desk::new());
    let list = desk.may_ask(&["*"]);
    let error = asker(&stranger.signed(district()), &list).unwrap_err();
    assert_eq!((error.code(), error.is_undetermined(), error.missing()), ("request.unknown-asker", true, None));
    assert_eq!(code(asker(&unsigned(district()), &list)), "request.unsigned");
    let claims_a_did =
        unsigned(district()).replace("redirect_uri:https://stall.example/answers", desk.client_id().as_str());
    assert_eq!(code(asker(&claims_a_did, &list)), "request.not-signed");
    assert_eq!(code(Asker::unauthenticated(claims_a_did.as_bytes(), At::Now(now()))), "request.not-signed");

    let unknown = Asker::unauthenticated(stranger.signed(district()).as_bytes(), At::Now(now())).unwrap();
    assert!(!unknown.is_known());
    assert_eq!((unknown.name(), unknown.in_words().as_str()), (None, "We do not know who asks."));
    assert_eq!(unknown.audience(), stranger.client_id().as_str());
}

#[test]
fn of_several_lists_the_first_that_knows_who_asks_decides() {
    let (desk, other) = (Desk::new(), Desk::new());
    let token = desk.signed(district());
    let judge =
        |lists: &[TrustList]| code(Asker::known_to_any(token.as_bytes(), lists, &Materials::none(), At::Now(now())));
    let (strict, generous) = (desk.may_ask(&["licence"]), desk.may_ask(&["*"]));
    assert_eq!(judge(&[other.may_ask(&["*"]), generous.clone()]), "known");
    assert_eq!(judge(&[generous.clone(), strict.clone()]), "known");
    assert_eq!(judge(&[strict, generous]), "request.may-not-ask");
    assert_eq!(judge(&[other.may_ask(&["*"])]), "request.unknown-asker");
    assert_eq!(judge(&[]), "request.unknown-asker");
}

#[test]
fn a_request_has_its_time() {
    let desk = Desk::new();
    let list = desk.may_ask(&["*"]);
    let token = desk.signed(district());
    let at = |seconds| At::Now(now().plus_seconds(seconds));
    let judge =
        |token: &str, seconds| code(VerifiedRequest::check(token.as_bytes(), &list, &Materials::none(), at(seconds)));
    assert_eq!(judge(&token, 0), "known");
    assert_eq!(judge(&token, 299), "known");
    assert_eq!(judge(&token, 300), "request.expired");
    assert_eq!(code(Asker::unauthenticated(token.as_bytes(), at(300))), "request.expired");
    let mut later = desk.request(district());
    later.issued_at = Some(now().plus_seconds(301));
    later.expires = Some(now().plus_seconds(600));
    assert_eq!(judge(&desk.sign(&later), 0), "request.not-yet");
    assert_eq!(judge(&desk.sign(&later), 1), "known");
    let mut not_before = later;
    not_before.not_before = not_before.issued_at.take();
    assert_eq!(judge(&desk.sign(&not_before), 0), "request.not-yet");
    // The list was written more than five minutes after what this clock says.
    assert_eq!(judge(&token, -301), "request.clock");
}

#[test]
fn a_party_asks_only_for_what_its_entry_lets_it() {
    let desk = Desk::new();
    let judge = |query: Query, verifies: &[&str]| code(asker(&desk.signed(query), &desk.may_ask(verifies)));
    assert_eq!(judge(district(), &["proof-of-address"]), "known");
    assert_eq!(judge(district(), &["licence"]), "request.may-not-ask");
    let both = || Query::all([asking(Kind::ProofOfAddress, "dc+sd-jwt", &[]), asking(Kind::Licence, "vc+jwt", &[])]);
    assert_eq!(judge(both(), &["proof-of-address", "licence"]), "known");
    assert_eq!(judge(both(), &["proof-of-address"]), "request.may-not-ask");
    // An alternative would tell as well what the holder has.
    let either = || both().require(&[&["proof-of-address"], &["licence"]]);
    assert_eq!(judge(either(), &["proof-of-address"]), "request.may-not-ask");
    let also = district().credentials.remove(0).vct("https://other.example/passport");
    assert_eq!(judge(Query::one(also), &["proof-of-address"]), "request.may-not-ask");
    // No type is every type, and so is the one that every credential has.
    let any = || Query::one(CredentialQuery::new("any", "vc+jwt"));
    let every = || Query::one(CredentialQuery::new("any", "vc+jwt").types(&["VerifiableCredential"]));
    for query in [any(), every()] {
        assert_eq!(judge(query, &["proof-of-address", "licence", "skill"]), "request.may-not-ask");
    }
    assert_eq!(judge(any(), &["*"]), "known");

    let error = asker(&desk.signed(district()), &desk.may_ask(&["licence"])).unwrap_err();
    assert_eq!(error.to_string(), "this party may not ask for a proof of address");
    // Who issues may not ask for that reason alone.
    let issuer = TrustList::new(now(), vec![Entry::new(&desk.did, ["*"])]).unwrap();
    assert_eq!(code(asker(&desk.signed(district()), &issuer)), "request.may-not-ask");
    let timed = |from: i64, until: i64| {
        let mut entry = entry(&desk.did, &["*"]);
        (entry.from, entry.until) = (Some(now().plus_seconds(from)), Some(now().plus_seconds(until)));
        code(asker(&desk.signed(district()), &TrustList::new(now(), vec![entry]).unwrap()))
    };
    assert_eq!(timed(-1, 1), "known");
    assert_eq!(timed(1, 2), "request.trusted-later");
    assert_eq!(timed(-1, 0), "request.trust-ended");
}

#[test]
fn the_document_of_a_web_did_must_be_at_hand_and_list_the_key() {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let (did, method) = ("did:web:desk.example", "did:web:desk.example#key-1");
    let list = TrustList::new(now(), vec![entry(did, &["*"])]).unwrap();
    let client_id = ClientId::of_did(did).unwrap();
    let request = RequestObject::new(client_id, district(), fresh_nonce([7; 32]), now(), now().plus_seconds(300));
    let token = request.to_signed(&key, Identity::Method(method)).unwrap();
    let judge = |document: Option<Value>, source: Source| {
        let mut materials = Materials::none();
        if let Some(document) = document {
            let resource = Resource::Document(did.to_owned());
            let bytes = document.to_string().into_bytes();
            materials.add(&Material { resource, bytes, obtained: now(), source }).unwrap();
        }
        VerifiedRequest::check(token.as_bytes(), &list, &materials, At::Now(now()))
    };
    let document = |relationship: &str, more: Value| {
        let mut method =
            json!({ "id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": key.public_key().to_jwk() });
        method.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        Some(json!({ "id": did, "verificationMethod": [method], relationship: ["#key-1"] }))
    };
    let error = judge(None, Source::Fetched).unwrap_err();
    assert_eq!((error.code(), error.is_undetermined()), ("request.key-unavailable", true));
    assert_eq!(error.missing(), Some(&Resource::Document(did.to_owned())));
    for relationship in ["authentication", "assertionMethod"] {
        assert_eq!(code(judge(document(relationship, json!({})), Source::Fetched)), "known");
    }
    for relationship in ["capabilityInvocation", "capabilityDelegation"] {
        assert_eq!(code(judge(document(relationship, json!({})), Source::Fetched)), "request.key-purpose");
    }
    let asserted = Source::Asserted { by: "did:web:somebody.example".to_owned() };
    assert_eq!(code(judge(document("authentication", json!({})), asserted)), "request.key-unavailable");
    for end in ["revoked", "expires"] {
        let ended = document("authentication", json!({ end: "2026-11-20T09:30:00Z" }));
        assert_eq!(code(judge(ended, Source::Fetched)), "request.key-ended", "{end}");
    }
    let other = SoftwareKey::generate(KeyType::P256).unwrap().public_key().to_jwk();
    let other = document("authentication", json!({ "publicKeyJwk": other }));
    assert_eq!(code(judge(other, Source::Fetched)), "request.signature");
}

#[test]
fn a_certificate_must_be_the_clients_own_and_lead_to_the_holders_anchor() {
    let key = bank_key();
    let mut anchored = Entry::anchored(AUTHORITY, [] as [&str; 0]);
    anchored.verifies = vec!["proof-of-address".to_owned()];
    anchored.name.insert("en".to_owned(), "The banks' association".to_owned());
    let list = TrustList::new(now(), vec![anchored]).unwrap();
    let request = |client_id: &str, query: Query| {
        let client_id = ClientId::parse(client_id).unwrap();
        RequestObject::new(client_id, query, fresh_nonce([7; 32]), now(), now().plus_seconds(300))
    };
    let named = |query| request("x509_san_dns:bank.example", query);
    let sign = |request: &RequestObject, certificates: &[&str], key: &dyn Signer| {
        let certificates: Vec<String> = certificates.iter().map(|text| (*text).to_owned()).collect();
        request.to_signed(key, Identity::Certificates(&certificates)).unwrap()
    };
    let judge = |token: &str| code(asker(token, &list));

    let known = asker(&sign(&named(district()), &[BANK], &key), &list).unwrap();
    assert_eq!(known.audience(), "x509_san_dns:bank.example");
    assert_eq!(known.in_words(), "O=Harbour Bank,CN=bank.example asks, for whom The banks' association answers.");
    assert_eq!(
        (known.subject(), known.name()),
        (Some("O=Harbour Bank,CN=bank.example"), Some("The banks' association"))
    );
    let by_hash = request(ClientId::of_certificate(BANK).unwrap().as_str(), district());
    assert_eq!(judge(&sign(&by_hash, &[BANK, AUTHORITY], &key)), "known");

    // Another host than the certificate's.
    assert_eq!(judge(&sign(&request("x509_san_dns:ank.example", district()), &[BANK], &key)), "request.other-key");
    assert_eq!(judge(&sign(&request("x509_san_dns:thief.example", district()), &[BANK], &key)), "request.other-key");
    // Another certificate than the hash's.
    let swapped =
        with(&sign(&by_hash, &[BANK], &key), 0, |header| drop(header.insert("x5c".to_owned(), json!([ENDED]))));
    assert_eq!(judge(&swapped), "request.other-key");
    // A certificate that anybody can copy, and a key of somebody else.
    let thief = SoftwareKey::generate(KeyType::P256).unwrap();
    assert_eq!(judge(&sign(&named(district()), &[BANK], &thief)), "request.signature");
    // An authority of the same name, and an end in June.
    assert_eq!(judge(&sign(&named(district()), &[FORGED], &key)), "certificate.signature");
    assert_eq!(judge(&sign(&named(district()), &[ENDED], &key)), "certificate.expired");
    assert_eq!(
        judge(&with(&sign(&named(district()), &[BANK], &key), 0, |header| drop(header.remove("x5c")))),
        "request.no-key"
    );
    assert_eq!(judge(&sign(&named(district()), &["MIIB"], &key)), "certificate.malformed");
    let licence = Query::one(asking(Kind::Licence, "dc+sd-jwt", &["/title"]));
    assert_eq!(judge(&sign(&named(licence), &[BANK], &key)), "request.may-not-ask");
    // Whom no anchor of the holder's vouches for.
    let desk = Desk::new();
    let error = asker(&sign(&named(district()), &[BANK], &key), &desk.may_ask(&["*"])).unwrap_err();
    assert_eq!((error.code(), error.is_undetermined()), ("certificate.unknown-anchor", true));
    // The answer goes to the certificate's host.
    let posted = named(district()).posted_to("https://bank.example/post");
    assert_eq!(judge(&sign(&posted, &[BANK], &key)), "known");
    let elsewhere = with(&sign(&posted, &[BANK], &key), 1, |payload| {
        payload.insert("response_uri".to_owned(), "https://thief.example/post".into());
    });
    assert_eq!(judge(&elsewhere), "request.response-uri");
}

#[test]
fn no_change_to_a_signed_request_goes_unnoticed() {
    let desk = Desk::new();
    let list = desk.may_ask(&["*"]);
    let token = desk.signed(district());
    let mut count = 0;
    for at in (0..token.len()).step_by(11) {
        let other = if token.as_bytes()[at] == b'A' { 'B' } else { 'A' };
        let mut changed = token.clone();
        changed.replace_range(at..=at, &other.to_string());
        assert!(asker(&changed, &list).is_err(), "{at}");
        assert!(asker(&token[..at], &list).is_err(), "cut at {at}");
        // Read without its signature, it is refused or somebody unknown's, and breaks nothing.
        if let Ok(unknown) = Asker::unauthenticated(changed.as_bytes(), At::Now(now())) {
            assert!(!unknown.is_known(), "{at}");
        }
        count += 1;
    }
    assert!(count > 50);
}
