//! A vector: what is presented and asked, and the report that must come out. [`judge`] reads one as every language
//! does; [`Case`] is one before its report is known, with the outcome that its author expects.

use std::fmt::Write as _;
use std::rc::Rc;

use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::presentation::dcql::Query;
use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::{
    At, CheckId, CheckResult, Code, Expected, Material, Materials, Outcome, Policy, Preset, Report, Resource, Seen,
    Source, verify,
};
use serde_json::{Value, json};

use crate::cast::{BANK, NONCE, NOW};
use crate::cose;

/// The members of a vector, in the order in which they are written. No other is read.
const MEMBERS: [&str; 10] = [
    "description",
    "at",
    "expected",
    "policy",
    "trust",
    "materials",
    "seen",
    "presented",
    "presentedBase64url",
    "report",
];

/// The members of a request.
const OF_A_REQUEST: [&str; 3] = ["audience", "nonce", "query"];

/// The members of a material.
const OF_A_MATERIAL: [&str; 6] = ["type", "resource", "document", "text", "obtained", "source"];

/// Runs a vector through [`verify`], its expectation aside.
pub(crate) fn judge(vector: &Map) -> Report {
    if let Some(unknown) = vector.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        panic!("a vector has no member {unknown}");
    }
    let mut policy = match &vector["policy"] {
        Value::String(name) => Policy::preset(Preset::from_name(name).unwrap()),
        inline => Policy::parse(inline.to_string().as_bytes()).unwrap(),
    };
    for list in vector["trust"].as_array().unwrap() {
        policy = policy.trusting(TrustList::parse(list.to_string().as_bytes()).unwrap());
    }
    assert_eq!(policy.unreadable_archives(), []);
    let mut materials = Materials::none();
    for material in vector["materials"].as_array().unwrap() {
        materials.add(&material_of(material)).unwrap();
    }
    if let Some(seen) = vector.get("seen") {
        materials.remember(&Seen::parse(seen.to_string().as_bytes()).unwrap());
    }
    verify(&presented(vector), &expected(vector), &materials, &policy, at(&vector["at"]))
}

/// The bytes that are presented.
pub(crate) fn presented(vector: &Map) -> Vec<u8> {
    match (vector.get("presented"), vector.get("presentedBase64url")) {
        (Some(Value::String(text)), None) => text.clone().into_bytes(),
        (None, Some(Value::String(text))) => base64url::decode(text).unwrap(),
        _ => panic!("a vector has either presented or presentedBase64url"),
    }
}

fn expected(vector: &Map) -> Expected {
    match vector.get("expected") {
        Some(expected) => {
            if let Some(unknown) =
                expected.as_object().unwrap().keys().find(|name| !OF_A_REQUEST.contains(&name.as_str()))
            {
                panic!("a request has no member {unknown}");
            }
            let text = |name: &str| expected[name].as_str().unwrap();
            let answer = Expected::answer(text("audience"), text("nonce"));
            match expected.get("query") {
                Some(query) => answer.query(Query::parse(query.as_object().unwrap()).unwrap()),
                None => answer,
            }
        }
        None => Expected::nothing(),
    }
}

fn at(value: &Value) -> At {
    let time = |value: &Value| Timestamp::parse(value.as_str().unwrap()).unwrap();
    match (value.get("now"), value.get("asOf")) {
        (Some(now), None) => At::Now(time(now)),
        (None, Some(moment)) => At::AsOf(time(moment)),
        _ => panic!("at has either now or asOf"),
    }
}

fn material_of(value: &Value) -> Material {
    let members = value.as_object().unwrap();
    if let Some(unknown) = members.keys().find(|name| !OF_A_MATERIAL.contains(&name.as_str())) {
        panic!("a material has no member {unknown}");
    }
    let text = |name: &str| value[name].as_str().unwrap().to_owned();
    let source = match &value["source"] {
        Value::String(source) if source == "fetched" => Source::Fetched,
        source => Source::Asserted { by: source["assertedBy"].as_str().unwrap().to_owned() },
    };
    Material {
        resource: Resource::of_type(value["type"].as_str().unwrap_or("document"), text("resource")).unwrap(),
        bytes: match (value.get("document"), value.get("text")) {
            (Some(document), None) => document.to_string().into_bytes(),
            (None, Some(Value::String(text))) => text.clone().into_bytes(),
            _ => panic!("a material has either document or text"),
        },
        obtained: Timestamp::parse(&text("obtained")).unwrap(),
        source,
    }
}

/// Every place where two values differ, as JSON pointers.
pub(crate) fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut places = Vec::new();
    compare(expected, found, String::new(), &mut places);
    places
}

fn compare(expected: &Value, found: &Value, place: String, places: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(left), Value::Object(right)) => {
            for name in left.keys().chain(right.keys().filter(|name| !left.contains_key(*name))) {
                match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => compare(left, right, format!("{place}/{name}"), places),
                    _ => places.push(format!("{place}/{name}")),
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (position, (left, right)) in left.iter().zip(right).enumerate() {
                compare(left, right, format!("{place}/{position}"), places);
            }
        }
        _ if expected == found => {}
        _ => places.push(place),
    }
}

/// What the author of a vector expects, written down before the verifier is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Verdict {
    outcome: Outcome,
    /// The check and the code that decide; none where the outcome is valid.
    deciding: Option<(CheckId, Code)>,
    /// What the report asks the host to fetch.
    missing: Vec<String>,
    relaxed: Vec<CheckId>,
}

/// A vector before its report is known.
#[derive(Clone)]
pub(crate) struct Case {
    /// Such as `vc-jwt/licence`.
    pub(crate) folder: String,
    pub(crate) name: &'static str,
    verdict: Verdict,
    vector: Map,
    /// The issuers' status lists as they are at that moment.
    status: Vec<StatusAt>,
}

/// A status list as material, by the moment that is judged.
pub(crate) type StatusAt = Rc<dyn Fn(Timestamp) -> Value>;

impl Case {
    pub(crate) fn new(
        folder: String,
        name: &'static str,
        description: &str,
        presented: impl AsRef<[u8]>,
        outcome: Outcome,
    ) -> Self {
        let mut vector = Map::new();
        vector.insert("description".to_owned(), description.into());
        let message = std::str::from_utf8(presented.as_ref()).ok().and_then(cose::of_text);
        let presented = message.as_deref().unwrap_or(presented.as_ref());
        match std::str::from_utf8(presented) {
            Ok(text) => vector.insert("presented".to_owned(), text.into()),
            Err(_) => vector.insert("presentedBase64url".to_owned(), base64url::encode(presented).into()),
        };
        vector.insert("policy".to_owned(), "default".into());
        vector.insert("trust".to_owned(), json!([]));
        vector.insert("materials".to_owned(), json!([]));
        vector.insert("at".to_owned(), json!({ "now": NOW }));
        let verdict = Verdict { outcome, deciding: None, missing: Vec::new(), relaxed: Vec::new() };
        Self { folder, name, verdict, vector, status: Vec::new() }
    }

    /// Decided by this check with this code.
    pub(crate) fn by(mut self, check: CheckId, code: Code) -> Self {
        self.verdict.deciding = Some((check, code));
        self
    }

    /// The report asks the host to fetch this document.
    pub(crate) fn missing(mut self, id: &str) -> Self {
        self.verdict.missing.push(id.to_owned());
        self
    }

    /// The report says that this check is not required.
    pub(crate) fn relaxed(mut self, check: CheckId) -> Self {
        self.verdict.relaxed.push(check);
        self
    }

    /// Asked by the bank, which wants just this (DCQL).
    pub(crate) fn asked_for(self, query: Value) -> Self {
        self.with("expected", json!({ "audience": BANK, "nonce": NONCE, "query": query }))
    }

    fn with(mut self, member: &str, value: Value) -> Self {
        self.vector.insert(member.to_owned(), value);
        self
    }

    /// Asked by the bank, with its nonce.
    pub(crate) fn asked(self) -> Self {
        self.asked_as(BANK, NONCE)
    }

    pub(crate) fn asked_as(self, audience: &str, nonce: &str) -> Self {
        self.with("expected", json!({ "audience": audience, "nonce": nonce }))
    }

    /// A preset.
    pub(crate) fn preset(self, name: &str) -> Self {
        self.with("policy", name.into())
    }

    /// A policy with these members beside its type and version.
    pub(crate) fn policy(self, mut members: Value) -> Self {
        members["type"] = "Policy".into();
        members["version"] = 1.into();
        self.with("policy", members)
    }

    pub(crate) fn trusting(self, lists: &[Value]) -> Self {
        self.with("trust", json!(lists))
    }

    /// With this document, fetched a day ago.
    pub(crate) fn fetched(self, document: &Value) -> Self {
        self.material(document, "2026-11-19T09:00:00Z", json!("fetched"))
    }

    pub(crate) fn material(self, document: &Value, obtained: &str, source: Value) -> Self {
        self.with_material(
            json!({ "resource": document["id"], "document": document, "obtained": obtained, "source": source }),
        )
    }

    /// With a document of another type than an identifier's, from that address, fetched a day ago.
    pub(crate) fn fetched_from(self, address: &str, type_name: &str, document: &Value) -> Self {
        self.with_material(json!({
            "type": type_name,
            "resource": address,
            "document": document,
            "obtained": "2026-11-19T09:00:00Z",
            "source": "fetched",
        }))
    }

    /// With the description of this type, byte for byte, fetched a day ago.
    pub(crate) fn describing(self, vct: &str, text: &str) -> Self {
        self.with_material(json!({
            "type": "type-metadata",
            "resource": vct,
            "text": text,
            "obtained": "2026-11-19T09:00:00Z",
            "source": "fetched",
        }))
    }

    pub(crate) fn with_material(mut self, material: Value) -> Self {
        if let Some(Value::Array(materials)) = self.vector.get_mut("materials") {
            materials.push(material);
        }
        self
    }

    pub(crate) fn without_materials(self) -> Self {
        self.with("materials", json!([]))
    }

    pub(crate) fn now(self, moment: &str) -> Self {
        self.with("at", json!({ "now": moment }))
    }

    pub(crate) fn at_past(self, moment: &str) -> Self {
        self.with("at", json!({ "asOf": moment }))
    }

    /// Where its file lies beneath `test-vectors`.
    pub(crate) fn path(&self) -> String {
        let side = if self.verdict.outcome == Outcome::Valid { "valid" } else { "invalid" };
        format!("{}/{side}/{}.json", self.folder, self.name)
    }

    /// With the status list that the issuer publishes, whenever it is judged.
    pub(crate) fn status(mut self, status: StatusAt) -> Self {
        self.status.push(status);
        self
    }

    pub(crate) fn without_status(mut self) -> Self {
        self.status.clear();
        self
    }

    /// The host has seen this before.
    pub(crate) fn seen(self, seen: Value) -> Self {
        self.with("seen", seen)
    }

    /// The finished vector, or how the verifier's answer differs from what the author expects.
    pub(crate) fn finish(&self) -> Result<Map, String> {
        let mut vector = self.vector.clone();
        if let Some(Value::Array(materials)) = vector.get_mut("materials") {
            materials.extend(self.status.iter().map(|status| status(at(&self.vector["at"]).time())));
        }
        let report = judge(&vector);
        let reason = report.reason();
        let found = Verdict {
            outcome: report.outcome(),
            deciding: reason.map(|check| (check.id(), check.code())),
            missing: report.missing().iter().map(|missing| missing.resource.url().to_owned()).collect(),
            relaxed: report.relaxed().iter().collect(),
        };
        if found != self.verdict {
            let why = reason.map(|check| check.message()).unwrap_or_default();
            return Err(format!("{}\n  expected {:?}\n  found    {found:?} {why}", self.path(), self.verdict));
        }
        vector.insert("report".to_owned(), report.to_json());
        Ok(vector)
    }
}

/// The checks that stand in the way: those that fail or, if none does, those that are open. What was not reached is
/// left out.
pub(crate) fn standing_in_the_way(report: &Report) -> Vec<CheckId> {
    let all = || {
        let presentations = report.presentations().iter().flat_map(|presentation| presentation.checks());
        presentations.chain(report.credentials().iter().flat_map(|credential| credential.checks()))
    };
    let with = |result| {
        let found = all().filter(|check| check.result() == result && check.code() != Code::NotReached);
        found.map(|check| check.id()).collect::<Vec<_>>()
    };
    let failing = with(CheckResult::Fail);
    if failing.is_empty() { with(CheckResult::Undetermined) } else { failing }
}

/// A vector as it stands in its file: the members in their order; objects and lists that hold no others on one line.
pub(crate) fn to_text(vector: &Map) -> String {
    let mut text = String::from("{");
    for name in MEMBERS.iter().filter(|name| vector.contains_key(**name)) {
        let comma = if text.len() == 1 { "" } else { "," };
        let _ = write!(text, "{comma}\n  \"{name}\": ");
        write_value(&vector[*name], 1, &mut text);
    }
    text.push_str("\n}\n");
    text
}

/// Any other value, written in the same way.
pub(crate) fn value_to_text(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, 0, &mut text);
    text.push('\n');
    text
}

fn write_value(value: &Value, depth: usize, text: &mut String) {
    let is_flat = |value: &Value| !matches!(value, Value::Object(_) | Value::Array(_));
    let indent = "  ".repeat(depth + 1);
    match value {
        Value::Object(members) if !members.values().all(is_flat) => {
            text.push('{');
            for (position, (name, value)) in members.iter().enumerate() {
                let comma = if position == 0 { "" } else { "," };
                let _ = write!(text, "{comma}\n{indent}{}: ", Value::from(name.as_str()));
                write_value(value, depth + 1, text);
            }
            let _ = write!(text, "\n{}}}", &indent[2..]);
        }
        Value::Array(items) if !items.iter().all(is_flat) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                let comma = if position == 0 { "" } else { "," };
                let _ = write!(text, "{comma}\n{indent}");
                write_value(item, depth + 1, text);
            }
            let _ = write!(text, "\n{}]", &indent[2..]);
        }
        flat => {
            let _ = write!(text, "{flat}");
        }
    }
}
