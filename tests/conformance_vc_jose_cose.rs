//! The working group's test suite for VC-JOSE-COSE 1.0: its JOSE cases, 1 to 16, its SD-JWT cases, 17 to 26, and its COSE
//! cases, 27 to 35. What it says to issue is issued and checked; what it says to verify is judged on the outer document
//! alone.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test speaks and fails by these")]

mod common;

use std::fs;
use std::path::PathBuf;

use attesta::credential::{Credential, Salt};
use attesta::encoding::json::{Map, Value, parse_object};
use attesta::encoding::{base64url, jcs};
use attesta::issuer::Issuer;
use attesta::keys::{PublicKey, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::securing::cose::{self, Sign1};
use attesta::securing::jose::{self, Jws, NewHeader};
use attesta::securing::sd_jwt::{self, Decoys, Hash, Plan, SdJwt};
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, Resolver, TrustList};
use attesta::verify::{
    At, Check, CheckId, CheckResult, Expected, Material, Materials, Outcome, Policy, Preset, Resource, Source,
};
use attesta::verify::{danger, verify};
use serde_json::json;

/// Who issues and presents in every case.
const AUTHOR: &str = "https://example.issuer/vc-jose-cose";

/// Issuing with members that nobody defined must fail, says the suite. Its second context, the one for examples, has a
/// `@vocab` that defines them all, and where JSON is signed members that are not understood are ignored (VC-JOSE-COSE
/// 1.0, section 3.1.3).
const KNOWN_EXCEPTIONS: [u64; 1] = [5];

struct Case {
    number: u64,
    /// What is issued, or verified.
    input: Vec<u8>,
    /// A verification method, with its private key.
    key: Map,
    issues: bool,
    of_presentation: bool,
    /// What can be hidden, as JSON pointers; of SD-JWT cases alone.
    hidden: Vec<String>,
    succeeds: bool,
}

impl Case {
    fn materials(&self) -> Materials {
        materials(&self.key)
    }

    fn signer(&self) -> SoftwareKey {
        SoftwareKey::from_jwk(self.key["secretKeyJwk"].as_object().unwrap()).unwrap()
    }

    fn method(&self) -> &str {
        self.key["id"].as_str().unwrap()
    }

    /// The token to judge: the one that the suite gives, or one issued here.
    fn token(&self) -> Vec<u8> {
        if !self.issues {
            return self.input.clone();
        }
        let document = parse_object(&self.input).unwrap();
        let token = if self.of_presentation {
            sign(&document, ["vp+jwt", "vp"], self.method(), &self.signer())
        } else {
            issue(document, self.method(), &self.signer())
        };
        token.into_bytes()
    }
}

#[test]
fn the_jose_cases_agree() {
    let Some(cases) = cases() else { return };
    let mut surprises = Vec::new();
    let (mut agree, mut excepted) = (0, Vec::new());
    for case in &cases {
        let report = danger::check_proof(&case.token(), &case.materials());
        assert_eq!(report.fits(), report.reason().is_none(), "case {}: a refusal has its reason", case.number);
        if report.fits() == case.succeeds {
            agree += 1;
        } else if KNOWN_EXCEPTIONS.contains(&case.number) {
            excepted.push(case.number);
        } else {
            surprises.push(format!("case {}: {:?}", case.number, report.reason()));
        }
    }
    assert_eq!(surprises, Vec::<String>::new());
    assert_eq!(excepted, KNOWN_EXCEPTIONS, "a case agrees now that was listed as an exception: take it from the list");
    assert_eq!((cases.len(), agree), (16, 15));
    println!("vc-jose-cose: 15 of 16 JOSE cases agree, 1 known exception (case 5)");
}

/// `credentialSubject.phoneNumbers[0]` becomes `/credentialSubject/phoneNumbers/0`.
fn pointers(paths: &Value) -> Vec<String> {
    let pointer = |path: &Value| format!("/{}", path.as_str().unwrap().replace(['.', '['], "/").replace(']', ""));
    paths.as_array().unwrap().iter().map(pointer).collect()
}

/// The document as an SD-JWT in which just these things can be hidden.
fn issue_selectively(case: &Case) -> String {
    let mut document = parse_object(&case.input).unwrap();
    document.insert("iat".to_owned(), 1_735_689_600.into());
    let plan = Plan { pointers: &case.hidden, decoys: Decoys::Each(1), hash: Hash::Sha256 };
    let mut count = case.number as u128;
    let mut salt = || {
        count += 1 << 64;
        count.to_be_bytes()
    };
    let concealed = sd_jwt::conceal(document, &plan, &mut salt).unwrap();
    let [typ, cty] = if case.of_presentation { ["vp+sd-jwt", "vp"] } else { ["vc+sd-jwt", "vc"] };
    let header = NewHeader { media_type: typ, content_type: Some(cty), key_id: Some(case.method()), certificates: &[] };
    sd_jwt::issue(&concealed, &header, &case.signer()).unwrap()
}

#[test]
fn the_sd_jwt_cases_agree() {
    let Some(cases) = cases_of("SDJWTTestMapping", "sdjwt") else { return };
    let expected =
        [(23, "proof.mismatch"), (24, "media-type.other"), (25, "media-type.other"), (26, "media-type.other")];
    let mut refused = Vec::new();
    for case in &cases {
        let number = case.number;
        if case.issues {
            let token = issue_selectively(case);
            let parsed = SdJwt::parse_issued(&token).unwrap();
            let mut revealed = parsed.reveal().unwrap();
            assert_eq!(revealed.disclosed.len(), case.hidden.len(), "case {number}");
            revealed.payload.remove("iat");
            assert_eq!(revealed.payload, parse_object(&case.input).unwrap(), "case {number}");
            let report = danger::check_proof(token.as_bytes(), &case.materials());
            assert!(report.fits() && case.succeeds, "case {number}: {:?}", report.reason());
            let stranger = SoftwareKey::generate(key_type(case)).unwrap();
            let mut other = case.key.clone();
            other["publicKeyJwk"] = Value::Object(stranger.public_key().to_jwk());
            assert!(!danger::check_proof(token.as_bytes(), &materials(&other)).fits(), "case {number}");
            continue;
        }
        let report = danger::check_proof(&case.input, &case.materials());
        assert_eq!(report.fits(), case.succeeds, "case {number}: {:?}", report.reason());
        if number == 26 {
            let model = report.checks().iter().find(|check| check.id() == CheckId::DataModel).unwrap();
            assert_eq!(model.code().name(), "data-model.broken");
        }
        if let Some(reason) = report.reason() {
            refused.push((number, reason.code().name()));
        }
    }
    assert_eq!(refused, expected);
    assert_eq!(cases.len(), 10);
    println!("vc-jose-cose: 10 of 10 SD-JWT cases agree");
}

/// The case with a key that stands in the author's own document.
fn of_the_author(case: &Case) -> Case {
    let mut case = Case { input: case.input.clone(), key: case.key.clone(), hidden: Vec::new(), ..*case };
    case.key["id"] = format!("{AUTHOR}#{}", case.method().split_once('#').unwrap().1).into();
    case.key["controller"] = AUTHOR.into();
    case
}

/// The suite writes COSE messages in base64 without padding. What is not, it wants refused before anything else.
fn message(case: &Case) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(&case.input).unwrap().trim();
    let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    base64url::decode(&text).ok()
}

fn cose_header<'a>(case: &'a Case) -> cose::NewHeader<'a> {
    let [media_type, content_type] = match case.of_presentation {
        true => ["application/vp+cose", "application/vp"],
        false => ["application/vc+cose", "application/vc"],
    };
    cose::NewHeader {
        media_type,
        content_type: Some(content_type),
        key_id: Some(case.method()),
        issued_at: None,
        audience: None,
        nonce: None,
    }
}

/// The holder of case 31 is a did:example, of which only a resolver could say that the case's key is its own. The first
/// check of the presentation that stands in the way where the trust list believes that resolver.
fn refused_by_resolver(case: &Case, presented: &[u8]) -> Option<&'static str> {
    const ENDPOINT: &str = "https://resolver.example/1.0/identifiers/";
    let holder = Sign1::parse(presented).unwrap().payload["holder"].as_str().unwrap().to_owned();
    let mut method = case.key.clone();
    method.remove("secretKeyJwk");
    method["id"] = format!("{holder}#key").into();
    method["controller"] = holder.as_str().into();
    let document = json!({ "id": holder, "verificationMethod": [method], "authentication": [method["id"]] });
    let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let mut materials = Materials::none();
    let material = Material {
        resource: Resource::Document(holder),
        bytes: document.to_string().into_bytes(),
        obtained: now,
        source: Source::Asserted { by: ENDPOINT.to_owned() },
    };
    materials.add(&material).unwrap();
    let resolver = Resolver::new(ENDPOINT, ["example"]);
    let list = TrustList::new(now, Vec::new()).unwrap().resolving(vec![resolver]).unwrap();
    let policy = Policy::preset(Preset::Default).trusting(list);
    let report = verify(presented, &Expected::nothing(), &materials, &policy, At::Now(now));
    // What stands in it are no credentials, which is not for this case to say.
    let mut checks = report.presentation().unwrap().checks().iter();
    let stands = |check: &&Check| !matches!(check.result(), CheckResult::Pass | CheckResult::NotApplicable);
    checks.find(stands).map(|check| check.code().name())
}

#[test]
fn the_cose_cases_agree() {
    let Some(cases) = cases_of("COSETestMapping", "cose") else { return };
    let expected = [
        (30, "parse.unrecognised"), // hexadecimal
        (32, "proof.mismatch"),
        (33, "media-type.other"),
        (34, "media-type.other"),
        (35, "data-model.broken"),
    ];
    let mut refused = Vec::new();
    for case in &cases {
        let number = case.number;
        if case.issues {
            let document = parse_object(&case.input).unwrap();
            // Under the name that the suite gives the key; then under the author's own, as nobody can look did:example up.
            let issued = cose::sign(&document, &cose_header(case), &case.signer()).unwrap();
            let read = Sign1::parse(&issued).unwrap();
            assert_eq!(read.header.key_id.as_deref(), Some(case.method()), "case {number}");
            read.verify(case.signer().algorithm(), &case.signer().public_key()).unwrap();
            let case = &of_the_author(case);
            let issued = cose::sign(&document, &cose_header(case), &case.signer()).unwrap();
            let read = Sign1::parse(&issued).unwrap();
            assert_eq!(read.payload, document, "case {number}");
            let report = danger::check_proof(&issued, &case.materials());
            assert!(report.fits() && case.succeeds, "case {number}: {:?}", report.reason());
            for position in (0..issued.len()).step_by(13) {
                let mut changed = issued.clone();
                changed[position] ^= 1;
                assert!(!danger::check_proof(&changed, &case.materials()).fits(), "case {number}: byte {position}");
            }
            let mut other = case.key.clone();
            other["publicKeyJwk"] = Value::Object(stranger_of(case).to_jwk());
            assert!(!danger::check_proof(&issued, &materials(&other)).fits(), "case {number}");
            continue;
        }
        let presented = message(case).unwrap_or_else(|| case.input.clone());
        if number == 31 {
            assert_eq!(refused_by_resolver(case, &presented), None, "case 31");
            assert!(case.succeeds);
            let changed = [&presented[..presented.len() - 1], &[!presented[presented.len() - 1]]].concat();
            assert_eq!(refused_by_resolver(case, &changed), Some("proof.mismatch"), "case 31");
            continue;
        }
        let report = danger::check_proof(&presented, &case.materials());
        assert_eq!(report.fits(), case.succeeds, "case {number}: {:?}", report.reason());
        // As it stands, it is text and no COSE message.
        assert!(!danger::check_proof(&case.input, &case.materials()).fits(), "case {number}");
        if let Some(reason) = report.reason() {
            refused.push((number, reason.code().name()));
            let proof = report.checks().iter().find(|check| check.id() == CheckId::Proof).unwrap();
            // Case 34 names a key of another type than the one that it comes with.
            assert_eq!(proof.code().name() == "ok", matches!(number, 33 | 35), "case {number}");
        }
    }
    assert_eq!(refused, expected);
    assert_eq!(cases.len(), 9);
    println!("vc-jose-cose: 9 of 9 COSE cases agree");
}

/// What the library issues as `vc+cose` is accepted by whoever trusts the issuer, as bytes and in its envelope.
#[test]
fn what_is_issued_as_cose_is_accepted_in_both_forms() {
    let Some(cases) = cases_of("COSETestMapping", "cose") else { return };
    let case = &of_the_author(cases.iter().find(|case| case.number == 27).unwrap());
    let signer = case.signer();
    let issuer = Issuer::of_did(case.method(), &signer).unwrap();
    let mut document = parse_object(&case.input).unwrap();
    document.remove("credentialSchema");
    document.remove("credentialStatus");
    let day = Date::new(2025, 1, 1).unwrap();
    let draft = Credential::of_document(document, issuer.id(), day, Salt::from_bytes([1; 32])).unwrap();
    let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let list = TrustList::new(now, vec![Entry::new(issuer.id(), ["*"])]).unwrap();
    let policy = Policy::preset(Preset::Default).trusting(list);
    let forms =
        [issuer.secure_bytes(&draft, Format::Cose), issuer.secure(&draft, Format::Cose).map(String::into_bytes)];
    for form in forms {
        let report = verify(&form.unwrap(), &Expected::nothing(), &case.materials(), &policy, At::Now(now));
        assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
        assert_eq!(report.credentials()[0].format(), Some(Format::Cose));
    }
}

/// A refusal is worth something only if it is for the fault that the case was made for.
#[test]
fn each_refusal_has_the_reason_that_the_case_was_made_for() {
    let Some(cases) = cases() else { return };
    let expected = [
        (9, "proof.key-unusable"), // signed by a key that the document does not hold
        (10, "proof.absent"),
        (11, "proof.absent"),
        (12, "proof.mismatch"),
        (13, "media-type.other"),
        (14, "media-type.other"),
        (15, "data-model.broken"),
        (16, "data-model.broken"),
    ];
    let refused = cases.iter().filter(|case| !case.succeeds && !KNOWN_EXCEPTIONS.contains(&case.number));
    let found: Vec<_> = refused
        .map(|case| {
            let report = danger::check_proof(&case.token(), &case.materials());
            (case.number, report.reason().unwrap().code().name())
        })
        .collect();
    assert_eq!(found, expected);
}

/// Cases 13 to 16 hold signatures that fit, so that nothing but their own fault can have refused them.
#[test]
fn the_faulty_tokens_are_truly_signed() {
    let Some(cases) = cases() else { return };
    for case in cases.iter().filter(|case| case.number >= 13) {
        let report = danger::check_proof(&case.token(), &case.materials());
        let proof = report.checks().iter().find(|check| check.id() == CheckId::Proof).unwrap();
        assert_eq!(proof.code().name(), "ok", "case {}", case.number);
    }
}

#[test]
fn what_is_issued_is_the_given_document_under_the_given_key() {
    let Some(cases) = cases() else { return };
    let issued: Vec<_> = cases.iter().filter(|case| case.issues).collect();
    assert_eq!(issued.len(), 5);
    for case in issued {
        let number = case.number;
        let token = String::from_utf8(case.token()).unwrap();
        let jws = Jws::parse(&token).unwrap();
        let mut payload = jws.payload.clone();
        if !case.of_presentation {
            assert!(payload.remove("iat").unwrap().is_i64(), "case {number}: iat is a number of seconds");
        }
        assert_eq!(payload, parse_object(&case.input).unwrap(), "case {number}");
        let kind = if case.of_presentation { "vp" } else { "vc" };
        assert_eq!(jws.header.media_type.as_deref(), Some(format!("{kind}+jwt").as_str()), "case {number}");
        assert_eq!(jws.header.content_type.as_deref(), Some(kind), "case {number}");
        assert_eq!(jws.header.key_id.as_deref(), Some(case.method()), "case {number}");

        for (what, forged) in forgeries(case, &token) {
            let report = danger::check_proof(forged.as_bytes(), &case.materials());
            assert!(!report.fits(), "case {number}: accepted {what}");
            assert!(report.reason().is_some(), "case {number}: {what} is refused without a reason");
        }
    }
}

/// Tokens that nobody who holds the case's key alone has signed.
fn forgeries(case: &Case, token: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = token.split('.').collect();
    let with_header = |change: &dyn Fn(&mut Map)| {
        let mut header = parse_object(&base64url::decode(parts[0]).unwrap()).unwrap();
        change(&mut header);
        [&base64url::encode(jcs::canonicalize(&header)), parts[1], parts[2]].join(".")
    };
    let mut payload = parse_object(&base64url::decode(parts[1]).unwrap()).unwrap();
    payload.insert("id".to_owned(), "urn:uuid:00000000-0000-4000-8000-000000000000".into());
    let altered = base64url::encode(jcs::canonicalize(&payload));
    let mut signature = base64url::decode(parts[2]).unwrap();
    let last = signature.len() - 1;
    signature[last] ^= 1;
    let stranger = SoftwareKey::generate(key_type(case)).unwrap();
    let kind = if case.of_presentation { ["vp+jwt", "vp"] } else { ["vc+jwt", "vc"] };
    vec![
        ("another id", [parts[0], &altered, parts[2]].join(".")),
        ("a signature with one bit changed", [parts[0], parts[1], &base64url::encode(&signature)].join(".")),
        ("no signature", [parts[0], parts[1], ""].join(".")),
        ("half a signature", [parts[0], parts[1], &base64url::encode(&signature[..signature.len() / 2])].join(".")),
        ("alg none", with_header(&|header| drop(header.insert("alg".to_owned(), "none".into())))),
        ("alg HS256", with_header(&|header| drop(header.insert("alg".to_owned(), "HS256".into())))),
        ("another curve's alg", with_header(&|header| drop(header.insert("alg".to_owned(), "EdDSA".into())))),
        ("crit", with_header(&|header| drop(header.insert("crit".to_owned(), json!(["exp"]))))),
        ("another kid", with_header(&|header| drop(header.insert("kid".to_owned(), format!("{AUTHOR}#key-9").into())))),
        ("a stranger's key", sign(&payload, kind, case.method(), &stranger)),
    ]
}

#[test]
fn a_date_in_words_is_no_time_of_signing() {
    let Some(cases) = cases() else { return };
    let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let list = TrustList::new(now, vec![Entry::new(AUTHOR, ["*"])]).unwrap();
    let mut judged = 0;
    for case in cases.iter().filter(|case| !case.issues) {
        let Ok(text) = std::str::from_utf8(&case.input) else { continue };
        let Ok(jws) = Jws::parse(text.trim()) else { continue };
        let Some(Value::String(_)) = jws.payload.get("iat") else { continue };
        for preset in Preset::ALL {
            let policy = Policy::preset(preset).trusting(list.clone());
            let report = verify(&case.input, &Expected::nothing(), &case.materials(), &policy, At::Now(now));
            assert_eq!(report.outcome(), Outcome::Invalid, "case {}", case.number);
            let check = report.credentials()[0].check(CheckId::ProofExpiry);
            assert_eq!(check.code().name(), "proof-expiry.form", "case {}", case.number);
        }
        judged += 1;
    }
    assert_eq!(judged, 6, "cases 6, 8, 9, 12, 13 and 15");
}

/// What an issuer signs here is accepted by a verifier who knows that issuer, and by no other.
#[test]
fn what_is_issued_is_accepted_by_whoever_trusts_the_issuer() {
    let Some(cases) = cases() else { return };
    let mut judged = 0;
    for case in cases.iter().filter(|case| case.issues && !case.of_presentation) {
        let mut document = parse_object(&case.input).unwrap();
        // This version reads neither schemas nor status lists.
        document.remove("credentialSchema");
        document.remove("credentialStatus");
        let token = issue(document, case.method(), &case.signer());
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let outcome = |trusted: &str, materials: &Materials| {
            let list = TrustList::new(now, vec![Entry::new(trusted, ["*"])]).unwrap();
            let policy = Policy::preset(Preset::Default).trusting(list);
            let report = verify(token.as_bytes(), &Expected::nothing(), materials, &policy, At::Now(now));
            (report.outcome(), report.reason().map(|check| check.code().name()))
        };
        assert_eq!(outcome(AUTHOR, &case.materials()), (Outcome::Valid, None), "case {}", case.number);
        let unknown = Some("issuer.trust.unknown");
        assert_eq!(outcome("https://other.issuer/", &case.materials()), (Outcome::Undetermined, unknown));
        let unavailable = Some("proof.key-unavailable");
        assert_eq!(outcome(AUTHOR, &Materials::none()), (Outcome::Undetermined, unavailable));
        let mut other_key = case.key.clone();
        other_key["publicKeyJwk"] = Value::Object(stranger_of(case).to_jwk());
        assert_eq!(outcome(AUTHOR, &materials(&other_key)), (Outcome::Invalid, Some("proof.mismatch")));
        judged += 1;
    }
    assert_eq!(judged, 3);
}

fn sign(document: &Map, [typ, cty]: [&str; 2], method: &str, signer: &SoftwareKey) -> String {
    let header = NewHeader { media_type: typ, content_type: Some(cty), key_id: Some(method), certificates: &[] };
    jose::sign(document, &header, signer).unwrap()
}

fn issue(document: Map, method: &str, signer: &SoftwareKey) -> String {
    let issuer = Issuer::of_did(method, signer).unwrap();
    let day = Date::new(2025, 1, 1).unwrap();
    let draft = Credential::of_document(document, issuer.id(), day, Salt::from_bytes([1; 32])).unwrap();
    issuer.secure(&draft, Format::Jwt).unwrap()
}

/// The author's document, which holds this one key, as fetched.
fn materials(key: &Map) -> Materials {
    let mut method = key.clone();
    method.remove("secretKeyJwk");
    let document = json!({
        "id": AUTHOR,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
        "authentication": [method["id"]],
    });
    let mut materials = Materials::none();
    let material = Material {
        resource: Resource::Document(AUTHOR.to_owned()),
        bytes: document.to_string().into_bytes(),
        obtained: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
        source: Source::Fetched,
    };
    materials.add(&material).unwrap();
    materials
}

fn key_type(case: &Case) -> attesta::keys::KeyType {
    case.key["publicKeyJwk"]["crv"].as_str().unwrap().parse().unwrap()
}

fn stranger_of(case: &Case) -> PublicKey {
    SoftwareKey::generate(key_type(case)).unwrap().public_key()
}

/// The JOSE cases, by number; `None` where the suite is not there.
fn cases() -> Option<Vec<Case>> {
    cases_of("JOSETestMapping", "jose")
}

fn cases_of(mapping: &str, family: &str) -> Option<Vec<Case>> {
    let folder = common::vectors("vc-jose-cose")?;
    let read = |path: PathBuf| fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let expected = parse_object(&read(folder.join("expected.json"))).unwrap();
    let mut cases: Vec<Case> = expected[mapping]
        .as_object()
        .unwrap()
        .values()
        .map(|case| {
            let text = |name: &str| case[name].as_str().unwrap();
            let input = |name: &str| read(folder.join("input").join(text(name)));
            let known = |name: &str, yes: &str, no: &str| match text(name) {
                found if found == yes => true,
                found if found == no => false,
                other => panic!("{name} is neither {yes} nor {no}: {other}"),
            };
            Case {
                number: case["number"].as_u64().unwrap(),
                input: input("input_file"),
                key: parse_object(&input("key_file")).unwrap(),
                issues: known("fn", "issue", "verify"),
                of_presentation: known("feature", &format!("presentation_{family}"), &format!("credential_{family}")),
                hidden: case.get("disclosure_paths").map(pointers).unwrap_or_default(),
                succeeds: known("expected_result", "success", "failure"),
            }
        })
        .collect();
    cases.sort_by_key(|case| case.number);
    Some(cases)
}
