use std::collections::HashSet;
use std::sync::LazyLock;

use attesta::encoding::jcs;
use attesta::encoding::json::{self, Map, Value};
use attesta::jsonld::Embedded;
use attesta::keys::Signer as _;
use attesta::limits;
use attesta::securing::cose::{self, Sign1};
use attesta::securing::data_integrity::{ProofOptions, Signed, Suite, Transformation, sign};
use attesta::securing::jose::Jws;
use attesta::securing::sd_jwt::{self, SdJwt};
use attesta::time::Timestamp;
use attesta::verify::{CheckId, CheckResult, Outcome, PresentationReport, Report, danger};

use crate::answers::assert_plain;
use crate::people::PEOPLE;
use crate::plain;
use crate::scene::{STAGE, Scene};
use crate::sd_jwt::is_part;
use crate::seeds;

/// The verifier, whole. The first two bytes say before which desk; the rest is presented.
///
/// Bytes as they are can only be valid if somebody signed them: what is accepted must stand in a document of the
/// vectors. A document in plain form is signed here, with a key that is trusted; then the report must agree with itself
/// and with the dates and the trust list.
pub fn verify(bytes: &[u8]) {
    let Some((number, presented)) = bytes.split_first_chunk() else { return };
    let scene = &STAGE.scenes[usize::from(u16::from_be_bytes(*number)) % STAGE.scenes.len()];
    let signed = std::str::from_utf8(presented).ok().and_then(|text| signed(text, scene));
    match signed {
        Some(signed) => {
            for signed in signed {
                assert_sound(&scene.judge(signed.as_bytes()), scene, signed.as_bytes());
            }
        }
        None => {
            let report = scene.judge(presented);
            assert_sound(&report, scene, presented);
            for accepted in report.accepted() {
                let document = Value::Object(accepted.document().clone());
                assert!(is_genuine(&document), "nobody signed what was accepted: {document}");
            }
        }
    }
}

/// What a text in plain form stands for: a token, or a document that gets its proof here, in each way that signs it.
fn signed(text: &str, scene: &Scene) -> Option<Vec<String>> {
    let (person, rest) = plain::signed_by(text)?;
    let (Some(person), Ok(mut document)) = (person, json::parse_object(rest.as_bytes())) else {
        return Some(vec![plain::assemble(text)?]);
    };
    let is_presentation = document.get("type").is_some_and(|types| types.to_string().contains("Presentation"));
    let purpose = if is_presentation { "authentication" } else { "assertionMethod" };
    let options = ProofOptions {
        created: Timestamp::parse("2026-11-03T00:00:00Z").ok(),
        domain: scene.expected.audience.as_deref().filter(|_| is_presentation),
        challenge: scene.expected.nonce.as_deref().filter(|_| is_presentation),
        ..ProofOptions::new(&person.method, purpose)
    };
    document.remove("proof");
    let by = |how| {
        let suite = Suite::of_key(person.key.algorithm().key_type(), how);
        let signed = sign(document.clone(), suite, &options, &Embedded, &person.key).ok()?;
        Some(plain::on_a_line(&signed))
    };
    Some([Transformation::Jcs, Transformation::Rdfc].into_iter().filter_map(by).collect())
}

/// The report agrees with itself, with the moment and with the trust list.
pub(crate) fn assert_sound(report: &Report, scene: &Scene, presented: &[u8]) {
    let json = report.to_json();
    let text = json.to_string();
    assert_eq!(serde_json::from_str::<Value>(&text).ok().as_ref(), Some(&json), "the report is not JSON");
    assert_eq!(json["outcome"], report.outcome().name());
    assert!(!report.credentials().is_empty() || !report.presentations().is_empty(), "a report about nothing");
    assert!(report.missing().len() <= limits::MISSING_RESOURCES);
    assert_eq!(report.reason().is_none(), report.outcome() == Outcome::Valid, "no reason is given");

    let relaxed = report.relaxed();
    let credentials = report.credentials().iter().map(|report| (report.outcome(), report.checks()));
    let presentations = report.presentations().iter().map(|report| (report.outcome(), report.checks()));
    let parts: Vec<_> = credentials.chain(presentations).collect();
    let (mut worst, mut is_reached) = (Outcome::Valid, false);
    for (outcome, checks) in &parts {
        worst = worse(worst, *outcome);
        assert_eq!(checks.len(), CheckId::ALL.len());
        for check in *checks {
            assert_plain(&check.message());
            assert_plain(check.hint());
            let is_in_order = matches!(check.result(), CheckResult::Pass | CheckResult::NotApplicable);
            assert!(!check.message().is_empty());
            assert!(is_in_order || !check.hint().is_empty(), "{:?} has no hint", check.code());
            assert!(*outcome != Outcome::Valid || is_in_order || relaxed.contains(check.id()), "{check:?}");
            is_reached |= check.result() == CheckResult::Pass;
        }
        for check in CheckId::FOUNDATION {
            assert!(!relaxed.contains(check));
        }
    }
    assert_eq!(worst, report.outcome());
    assert!(is_reached || report.outcome() != Outcome::Valid);

    let has = |name: &str| {
        report
            .credentials()
            .iter()
            .zip(json["credentials"].as_array().into_iter().flatten())
            .any(|(_, credential)| credential.get(name).is_some())
    };
    match report.outcome() {
        Outcome::Valid => assert_valid(report, scene, presented),
        Outcome::Undetermined => assert!(report.accepted().is_empty() && !has("claims")),
        Outcome::Invalid => {
            assert!(report.accepted().is_empty() && report.unconfirmed_claims().is_empty());
            assert!(!has("claims") && !has("unconfirmedClaims"), "claims of an invalid document are shown");
        }
    }
}

fn worse(left: Outcome, right: Outcome) -> Outcome {
    match (left, right) {
        (Outcome::Invalid, _) | (_, Outcome::Invalid) => Outcome::Invalid,
        (Outcome::Undetermined, _) | (_, Outcome::Undetermined) => Outcome::Undetermined,
        (Outcome::Valid, Outcome::Valid) => Outcome::Valid,
    }
}

fn assert_valid(report: &Report, scene: &Scene, presented: &[u8]) {
    let accepted = report.accepted();
    assert!(!accepted.is_empty() && accepted.len() == report.credentials().len());
    assert!(report.missing().is_empty(), "something is still needed");
    let (at, relaxed) = (scene.at.time(), report.relaxed());
    for accepted in &accepted {
        let is_begun = accepted.valid_from().is_none_or(|from| from <= at);
        let is_over = accepted.valid_until().is_some_and(|until| until <= at);
        // A signer's clock may be a few minutes ahead.
        let is_begun = is_begun || accepted.valid_from().is_some_and(|from| from.seconds_since(at) <= 300);
        assert!(is_begun || relaxed.contains(CheckId::ValidFrom), "it has not begun");
        assert!(!is_over || relaxed.contains(CheckId::ValidUntil), "it is over");
        let issuer = accepted.issuer().unwrap_or_default();
        assert!(scene.knows(issuer) || relaxed.contains(CheckId::IssuerTrust), "{issuer} is unknown");
        assert!(accepted.kind().is_none() || accepted.claims().is_some());
        assert!(accepted.subject().is_some());
    }
    // What was asked must have been answered by somebody with a key, for this desk and this time.
    if scene.expected.audience.is_some() && !report.presentations().is_empty() {
        let is_answer = |report: &PresentationReport| {
            [CheckId::Audience, CheckId::Nonce, CheckId::Proof]
                .into_iter()
                .all(|check| relaxed.contains(check) || report.check(check).result() == CheckResult::Pass)
        };
        assert!(report.presentations().iter().all(is_answer), "an answer to another request");
    }
    let is_answer = presented.windows(10).any(|part| part == b"\"vp_token\"");
    // Keys that count by a trust list's word are not among the materials, and a stranger's proof beside the issuer's
    // need not fit.
    let is_set = json::parse_object(presented).is_ok_and(|document| document.get("proof").is_some_and(Value::is_array));
    if report.presentations().len() <= 1 && !is_answer && !is_set && !scene.has_keys_by_word() {
        assert!(danger::check_proof(presented, &scene.materials).fits(), "valid, and its proof fits nobody");
    }
}

/// Whether a vector's proof holds; where a key counts by a trust list's word, by the vector's own desk.
fn fits(bytes: &[u8], scene: &Scene) -> bool {
    let is_believed = || scene.has_keys_by_word() && scene.judge(bytes).outcome() == Outcome::Valid;
    danger::check_proof(bytes, &scene.materials).fits() || is_believed()
}

/// Whether this stands in a document that somebody signed.
fn is_genuine(document: &Value) -> bool {
    let whole = document.as_object().map(jcs::canonicalize).unwrap_or_default();
    GENUINE.whole.contains(&whole) || GENUINE.with_disclosures.iter().any(|genuine| is_part(document, genuine))
}

struct Genuine {
    /// Canonical bytes of what has to be shown whole.
    whole: HashSet<Vec<u8>>,
    with_disclosures: Vec<Value>,
}

/// The documents in the vectors whose proof fits, those inside presentations too.
static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let mut genuine = Genuine { whole: HashSet::new(), with_disclosures: Vec::new() };
    for vector in &STAGE.vectors {
        genuine.add(&vector.presented, &STAGE.scenes[vector.scene]);
    }
    for token in seeds::sd_jwts() {
        genuine.add(token.as_bytes(), &STAGE.scenes[STAGE.own]);
    }
    genuine
});

impl Genuine {
    fn add(&mut self, bytes: &[u8], scene: &Scene) {
        if let Ok(message) = Sign1::parse(bytes) {
            self.add_inside(&message.payload, scene);
            if fits(bytes, scene) {
                self.whole.insert(jcs::canonicalize(&message.payload));
            }
            return;
        }
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim_ascii();
        if text.starts_with('{') {
            if let Ok(document) = json::parse_object(text.as_bytes()) {
                self.add_document(document, bytes, scene);
            }
        } else if text.contains('~') {
            if fits(text.as_bytes(), scene) {
                let revealed = SdJwt::parse(text).ok().and_then(|sd_jwt| sd_jwt.reveal().ok());
                self.with_disclosures.extend(revealed.map(|revealed| Value::Object(revealed.payload)));
            }
        } else if let Ok(jws) = Jws::parse(text) {
            self.add_inside(&jws.payload, scene);
            if fits(bytes, scene) {
                self.whole.insert(jcs::canonicalize(&jws.payload));
            }
        }
    }

    fn add_document(&mut self, document: Map, bytes: &[u8], scene: &Scene) {
        self.add_inside(&document, scene);
        for presentation in document.get("vp_token").and_then(Value::as_object).into_iter().flat_map(Map::values) {
            for one in presentation.as_array().into_iter().flatten() {
                let text = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
                self.add(text.as_bytes(), scene);
            }
        }
        if let Ok(token) = sd_jwt::from_json(&document) {
            self.add(token.as_bytes(), scene);
        }
        let token = document.get("id").and_then(Value::as_str).and_then(|id| id.strip_prefix("data:")?.split_once(','));
        if let Some((media_type, token)) = token {
            match media_type.ends_with(";base64") {
                true => self.add(&cose::from_data(token).unwrap_or_default(), scene),
                false => self.add(token.as_bytes(), scene),
            }
        }
        if fits(bytes, scene)
            && let Ok(signed) = Signed::read(document)
        {
            self.whole.insert(jcs::canonicalize(signed.document()));
            self.whole.insert(jcs::canonicalize(&signed.into_signed_document()));
        }
    }

    fn add_inside(&mut self, document: &Map, scene: &Scene) {
        let inside = match document.get("verifiableCredential") {
            Some(Value::Array(items)) => items.as_slice(),
            Some(item) => std::slice::from_ref(item),
            None => return,
        };
        for item in inside.iter().filter_map(Value::as_object) {
            let bytes = plain::on_a_line(item);
            self.add_document(item.clone(), bytes.as_bytes(), scene);
        }
    }
}

/// The plain form of what is presented, where it has one: a token's, or that of a document whose signer can be told.
pub(crate) fn plain_form(presented: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(presented).ok()?.trim_ascii();
    if !text.starts_with('{') {
        return plain::take_apart(text);
    }
    let mut document = json::parse_object(text.as_bytes()).ok()?;
    let proof = document.remove("proof")?;
    let method = proof["verificationMethod"].as_str()?;
    let person = PEOPLE.iter().find(|person| person.method == method)?;
    Some(format!("sign {}\n{}", person.name, plain::on_a_line(&document)))
}

/// A token in an envelope.
pub(crate) fn wrapped(media_type: &str, token: &str) -> String {
    format!(
        r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"EnvelopedVerifiableCredential","id":"data:application/{media_type},{token}"}}"#
    )
}
