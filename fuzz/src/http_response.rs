use std::sync::LazyLock;

use attesta::encoding::json::Value;
use attesta::encoding::{jcs, json};
use attesta::fetch::address::{self, Address};
use attesta::fetch::{Attempt, FetchRequest, HttpAnswer, InMemory, Online, Trace, verify_online};
use attesta::verify::{Material, Materials, Outcome, Report, Resource, Source, verify};

use crate::answers::assert_explained;
use crate::plain;
use crate::scene::{STAGE, Scene, Vector};
use crate::verify::assert_sound;

/// A vector that is valid with what is published, and one resource of that, which the input answers for.
struct Case {
    scene: &'static Scene,
    vector: &'static Vector,
    /// The resource that the input answers for.
    asked: &'static Material,
    address: Address,
    /// What is learnt where it is published as it should be.
    with: Materials,
    /// The report where nothing is published there, and what is learnt all the same.
    without: (Value, Materials),
}

impl Case {
    /// What is thought of what this case presents, without a network.
    fn judged(&self, materials: &Materials) -> Value {
        let scene = self.scene;
        verify(&self.vector.presented, &scene.expected, materials, &scene.policy, scene.at).to_json()
    }
}

/// One for each type of resource: the first vector that cannot do without it.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let case = |name: &&str| {
        let cases = STAGE.vectors.iter().filter_map(|vector| case(vector, name));
        cases.into_iter().next().unwrap_or_else(|| panic!("no vector needs a {name}"))
    };
    Resource::TYPES.iter().map(case).collect()
});

/// For each case the others to which it makes no difference whether the resource is published: then it must make none
/// what stands there.
static OTHERS: LazyLock<Vec<Vec<(&Case, Value)>>> = LazyLock::new(|| {
    let others = |case: &Case| {
        let apart = |other: &'static Case| {
            let without = other.judged(&case.without.1);
            (other.judged(&case.with) == without).then_some((other, without))
        };
        let others: Vec<_> = CASES.iter().filter_map(apart).collect();
        assert!(!others.is_empty(), "everybody needs that {}", case.asked.resource.type_name());
        others
    };
    CASES.iter().map(others).collect()
});

fn case(vector: &'static Vector, type_name: &str) -> Option<Case> {
    let scene = &STAGE.scenes[vector.scene];
    let is_it = |material: &&Material| material.resource.type_name() == type_name && material.source == Source::Fetched;
    let asked = scene.given.iter().find(is_it)?;
    let address = address::of(&asked.resource, &scene.policy).ok()?;
    let (report, with, trace) = judge(scene, &vector.presented, &network(scene, None));
    let is_used = trace.steps().iter().any(|step| step.resource == asked.resource);
    if report.outcome() != Outcome::Valid || !is_used {
        return None;
    }
    let (report, materials, _) = judge(scene, &vector.presented, &network(scene, Some(&asked.resource)));
    (report.outcome() != Outcome::Valid).then(|| Case {
        scene,
        vector,
        asked,
        address,
        with,
        without: (report.to_json(), materials),
    })
}

/// Everything that is given, published where it belongs, but for one resource.
fn network(scene: &Scene, without: Option<&Resource>) -> InMemory {
    let mut network = InMemory::new();
    for given in scene.given.iter().filter(|given| Some(&given.resource) != without) {
        if let Ok(address) = address::of(&given.resource, &scene.policy) {
            network = network.publish(address.url, address.accept[0], given.bytes.clone());
        }
    }
    network
}

fn judge(scene: &Scene, presented: &[u8], network: &InMemory) -> (Report, Materials, Trace) {
    let now = || scene.at.time();
    let online = Online::new(network, &now);
    let mut materials = Materials::none();
    let (report, trace) = verify_online(presented, &scene.expected, &mut materials, &scene.policy, scene.at, &online);
    (report, materials, trace)
}

/// What a server answers, for one resource of each type: what does not count changes nothing, what counts is signed or
/// its server's to say, and nothing that is said in one place is believed of another.
///
/// The first byte says of which type. Then come the status on a line, headers a line each (`url` is the address that
/// answered), an empty line, and the body: as it is, a token in plain form, or behind `=` the genuine one with changes of
/// three bytes each, where and what.
pub fn http_response(bytes: &[u8]) {
    let Some((number, answer)) = bytes.split_first() else { return };
    let number = usize::from(*number) % CASES.len();
    let case = &CASES[number];
    let (head, body) = match answer.windows(2).position(|bytes| bytes == b"\n\n") {
        Some(end) => (&answer[..end], &answer[end + 2..]),
        None => (answer, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split('\n');
    let status = lines.next().and_then(|line| line.parse().ok()).unwrap_or(200);
    let mut headers = Vec::new();
    let mut url = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        match name {
            "url" => url = Some(value.trim().to_owned()),
            _ => headers.push((name.to_owned(), value.to_owned())),
        }
    }
    let (body, is_signed_here) = body_of(body, case);
    let answer = HttpAnswer { status, headers, body, url };
    check(number, case, answer, is_signed_here);
}

/// The body that is meant, and whether it was signed for the input.
fn body_of(body: &[u8], case: &Case) -> (Vec<u8>, bool) {
    if let Some(changes) = body.strip_prefix(b"=") {
        let mut genuine = case.asked.bytes.clone();
        for change in changes.chunks_exact(3).take(64) {
            let position = usize::from(u16::from_be_bytes([change[0], change[1]])) % genuine.len().max(1);
            if let Some(byte) = genuine.get_mut(position) {
                *byte = change[2];
            }
        }
        return (genuine, false);
    }
    match std::str::from_utf8(body).ok().and_then(plain::assemble) {
        Some(token) => (token.into_bytes(), true),
        None => (body.to_vec(), false),
    }
}

fn check(number: usize, case: &Case, answer: HttpAnswer, is_signed_here: bool) {
    let mut request = FetchRequest::new(&case.address.url, case.address.accept);
    request.max_bytes = case.address.max_bytes;
    let (status, headers, body) = (answer.status, answer.headers.clone(), answer.body.clone());
    let read = answer.read(&request);
    match &read {
        Ok(_) => {
            assert_eq!(status, 200, "an answer that is none counts");
            let types: Vec<_> = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type")).collect();
            assert!(types.len() <= 1, "two types");
            // What has no type is any bytes (RFC 9110, section 8.3).
            let stated = types.first().map_or("application/octet-stream", |(_, value)| value);
            let essence = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            assert!(case.address.accept.contains(&&*essence), "{essence:?} counts");
            let is_encoded = |(name, value): &(String, String)| {
                name.eq_ignore_ascii_case("content-encoding") && !value.trim().eq_ignore_ascii_case("identity")
            };
            assert!(!headers.iter().any(is_encoded));
        }
        Err(error) => assert_explained(error),
    }
    let counts = read.is_ok();
    let network = network(case.scene, Some(&case.asked.resource)).answer(&case.address.url, read);
    let (report, materials, trace) = judge(case.scene, &case.vector.presented, &network);
    assert_sound(&report, case.scene, &case.vector.presented);
    assert_honest(&trace, &network);

    let step = trace.steps().iter().find(|step| step.resource == case.asked.resource);
    let is_used = step.is_some_and(|step| matches!(step.attempt, Attempt::Fetched { .. }));
    assert!(counts || !is_used, "what does not count was read");
    if !is_used {
        assert_eq!(report.to_json(), case.without.0, "what was not read changed the report");
    }
    if report.outcome() == Outcome::Valid && !is_signed_here && is_signed(&case.asked.resource) {
        assert!(is_same(&body, &case.asked.bytes), "nobody signed what was believed");
    }
    // Signed notices count wherever they were published.
    if is_signed_here && matches!(case.asked.resource, Resource::CompromiseNotices(_)) {
        return;
    }
    // One of them, so that more can be tried; none where nothing was read.
    if !step.is_some_and(|step| matches!(step.attempt, Attempt::Fetched { .. } | Attempt::Unusable(_))) {
        return;
    }
    let others = &OTHERS[number];
    let (other, expected) = &others[body.len() % others.len()];
    assert_eq!(other.judged(&materials), *expected, "a {} spoke of others", case.asked.resource.type_name());
}

/// The trace names everything that was asked for, once, and no address that must not be opened.
fn assert_honest(trace: &Trace, network: &InMemory) {
    let mut asked: Vec<String> = network.asked().into_iter().map(|request| request.url).collect();
    let told = trace.steps().iter().filter(|step| step.revealed().is_some());
    let mut told: Vec<String> = told.filter_map(|step| step.url.clone()).collect();
    asked.sort_unstable();
    told.sort_unstable();
    assert_eq!(asked, told, "somebody was asked, and the trace does not say so");
    assert!(asked.iter().all(|url| address::check(url).is_ok()), "{asked:?}");
    for (index, step) in trace.steps().iter().enumerate() {
        assert!(trace.steps()[..index].iter().all(|earlier| earlier.resource != step.resource), "{step:?} twice");
        if let Some(error) = step.attempt.error() {
            assert_explained(error);
        }
    }
    let json = trace.to_json();
    assert_eq!(serde_json::from_str::<Value>(&json.to_string()).ok(), Some(json));
}

/// What counts because somebody signed it, and not because of where it is. A log may also be cut off where it holds,
/// which its own target looks at.
fn is_signed(resource: &Resource) -> bool {
    matches!(resource, Resource::StatusList(_) | Resource::CompromiseNotices(_))
}

/// Whether two texts are one token, or one document.
fn is_same(found: &[u8], genuine: &[u8]) -> bool {
    let canonical = |bytes: &[u8]| json::parse_object(bytes).ok().map(|map| jcs::canonicalize(&map));
    found.trim_ascii() == genuine.trim_ascii()
        || canonical(found).is_some_and(|found| Some(found) == canonical(genuine))
}

/// For each type what is published, as it is and with headers that do not fit.
pub(crate) fn made() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (number, case) in (0..).zip(CASES.iter()) {
        let name = case.asked.resource.type_name();
        let media_type = case.address.accept[0];
        let other = CASES[(usize::from(number) + 1) % CASES.len()].asked;
        let mut put = |what: &str, head: String, body: &[u8]| {
            seeds.push((format!("{name}-{what}"), [&[number], head.as_bytes(), b"\n\n", body].concat()));
        };
        let head = format!("200\ncontent-type: {media_type}");
        put("genuine", head.clone(), b"=");
        put("changed", head.clone(), &[b'=', 0, 90, b'x']);
        put("written-out", head.clone(), &case.asked.bytes);
        put("of-another", head.clone(), &other.bytes);
        put("cached", format!("{head}; charset=utf-8\netag: \"1\"\ncache-control: max-age=60\nage: 5"), b"=");
        put("elsewhere", format!("{head}\nurl: https://evil.example/"), b"=");
        put("compressed", format!("{head}\ncontent-encoding: gzip"), b"=");
        put("page", "200\ncontent-type: text/html".to_owned(), b"<html></html>");
        put("gone", "410\ncontent-type: application/json".to_owned(), b"=");
        if let Some(plain) = std::str::from_utf8(&case.asked.bytes).ok().and_then(plain::take_apart) {
            put("plain", head, plain.as_bytes());
        }
    }
    seeds
}
