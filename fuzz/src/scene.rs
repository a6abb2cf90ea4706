//! The desks that judge: who is trusted, what was asked, which moment it is. One for each that the vectors have, and
//! some for what they do not have yet.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use attesta::encoding::base64url;
use attesta::encoding::json::{self, Map, Value};
use attesta::presentation::dcql::Query;
use attesta::time::Timestamp;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Material, Materials, Policy, Preset, Report, Resource, Seen, Source, verify};

use crate::people::PEOPLE;

/// Whom most vectors are presented to, with which nonce, and when.
pub(crate) const BANK: &str = "https://onboarding.harbourbank.example";
pub(crate) const NONCE: &str = "n-2ZkF0mR8yWv4tQ1xLpHs7g";
const NOW: &str = "2026-11-20T09:00:00Z";

pub(crate) fn now() -> Timestamp {
    Timestamp::parse(NOW).expect("a moment")
}

/// One desk.
pub(crate) struct Scene {
    pub(crate) at: At,
    pub(crate) expected: Expected,
    pub(crate) policy: Policy,
    pub(crate) materials: Materials,
    /// What the materials were read from.
    pub(crate) given: Vec<Material>,
}

impl Scene {
    pub(crate) fn judge(&self, presented: &[u8]) -> Report {
        verify(presented, &self.expected, &self.materials, &self.policy, self.at)
    }

    /// Whether a trust list names resolvers or makers of checkpoints, or carries along what issuers left behind.
    pub(crate) fn has_keys_by_word(&self) -> bool {
        let at = self.at.time();
        let carries = |list: &TrustList| {
            list.entries().iter().any(|entry| !entry.archive.is_empty() || entry.may_vouch_for_logs(at))
        };
        self.policy.trust_lists().iter().any(|list| carries(list) || !list.resolvers().is_empty())
    }

    /// Whether a trust list has an entry for this issuer, or one for certificates, which name issuers themselves.
    pub(crate) fn knows(&self, issuer: &str) -> bool {
        let mut entries = self.policy.trust_lists().iter().flat_map(TrustList::entries);
        entries.any(|entry| entry.id == issuer || entry.certificate.is_some())
    }
}

/// A vector: what is presented to which scene.
pub(crate) struct Vector {
    pub(crate) name: String,
    /// The scene's position.
    pub(crate) scene: usize,
    pub(crate) presented: Vec<u8>,
}

/// Every scene and every vector.
pub(crate) struct Stage {
    pub(crate) scenes: Vec<Scene>,
    pub(crate) vectors: Vec<Vector>,
    /// The position of the first scene that no vector has.
    pub(crate) own: usize,
}

/// Read once, from `test-vectors/`.
pub(crate) static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut stage = Stage { scenes: Vec::new(), vectors: Vec::new(), own: 0 };
    let mut known: HashMap<String, usize> = HashMap::new();
    for file in files {
        let bytes = std::fs::read(&file).expect("a vector can be read");
        let vector = json::parse_object(&bytes).expect("a vector is JSON");
        if !vector.contains_key("report") {
            continue;
        }
        let of_scene = ["at", "expected", "policy", "trust", "materials"].map(|name| vector.get(name));
        let scene = *known.entry(format!("{of_scene:?}")).or_insert_with(|| {
            stage.scenes.push(read_scene(&vector));
            stage.scenes.len() - 1
        });
        let name = file.strip_prefix(&root).expect("it lies there").with_extension("");
        let name = name.to_string_lossy().replace(['/', '\\'], "-");
        let presented = match (vector.get("presented"), vector.get("presentedBase64url")) {
            (Some(Value::String(text)), _) => text.clone().into_bytes(),
            (_, Some(Value::String(text))) => base64url::decode(text).expect("base64url"),
            _ => panic!("{name} presents nothing"),
        };
        stage.vectors.push(Vector { name, scene, presented });
    }
    stage.own = stage.scenes.len();
    stage.scenes.extend(own_scenes());
    // The first two bytes of an input say which.
    assert!(stage.own > 0 && stage.scenes.len() <= usize::from(u16::MAX), "{} scenes", stage.scenes.len());
    stage
});

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("test-vectors/ can be read") {
        let path = entry.expect("test-vectors/ can be read").path();
        match path.extension() {
            _ if path.is_dir() => collect(&path, files),
            Some(extension) if extension == "json" => files.push(path),
            _ => {}
        }
    }
}

fn moment(value: &Value) -> Timestamp {
    value.as_str().and_then(|text| Timestamp::parse(text).ok()).expect("a moment")
}

fn read_scene(vector: &Map) -> Scene {
    let at = match (&vector["at"]["now"], &vector["at"]["asOf"]) {
        (Value::Null, moment_of) => At::AsOf(moment(moment_of)),
        (now, _) => At::Now(moment(now)),
    };
    let mut expected = Expected::nothing();
    if let Some(asked) = vector.get("expected") {
        let text = |name: &str| asked[name].as_str().expect("a text");
        expected = Expected::answer(text("audience"), text("nonce"));
        if let Some(query) = asked.get("query").and_then(Value::as_object) {
            expected = expected.query(Query::parse(query).expect("a query"));
        }
    }
    let mut policy = match &vector["policy"] {
        Value::String(name) => Policy::preset(Preset::from_name(name).expect("a preset")),
        inline => Policy::parse(inline.to_string().as_bytes()).expect("a policy"),
    };
    for list in vector["trust"].as_array().expect("a list") {
        policy = policy.trusting(TrustList::parse(list.to_string().as_bytes()).expect("a trust list"));
    }
    let (mut materials, mut given) = (Materials::none(), Vec::new());
    for value in vector["materials"].as_array().expect("a list") {
        let source = match value["source"]["assertedBy"].as_str() {
            Some(by) => Source::Asserted { by: by.to_owned() },
            None => Source::Fetched,
        };
        let resource = value["resource"].as_str().expect("a resource").to_owned();
        let material = Material {
            resource: Resource::of_type(value["type"].as_str().unwrap_or("document"), resource).expect("a resource"),
            bytes: match value["text"].as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => value["document"].to_string().into_bytes(),
            },
            obtained: moment(&value["obtained"]),
            source,
        };
        materials.add(&material).expect("material");
        given.push(material);
    }
    if let Some(seen) = vector.get("seen") {
        materials.remember(&Seen::parse(seen.to_string().as_bytes()).expect("what was seen"));
    }
    Scene { at, expected, policy, materials, given }
}

/// Desks that trust everybody: one looks at a file that lies there, one at an answer, one at an answer to a query.
fn own_scenes() -> [Scene; 3] {
    let now = now();
    let mut ids: Vec<&str> = PEOPLE.iter().map(|person| person.did()).collect();
    ids.sort_unstable();
    ids.dedup();
    let list = || TrustList::new(now, ids.iter().map(|id| Entry::new(*id, ["*"])).collect()).expect("a trust list");
    let scene = |expected, preset| Scene {
        at: At::Now(now),
        expected,
        policy: Policy::preset(preset).trusting(list()),
        materials: Materials::none(),
        given: Vec::new(),
    };
    let query = br#"{"credentials":[{"id":"address","format":"dc+sd-jwt","meta":{},"claims":[{"path":["name"]}]}]}"#;
    let query = Query::parse(&json::parse_object(query).expect("JSON")).expect("a query");
    [
        scene(Expected::nothing(), Preset::Default),
        scene(Expected::answer(BANK, NONCE), Preset::Default),
        scene(Expected::answer(BANK, NONCE).query(query), Preset::Default),
    ]
}
