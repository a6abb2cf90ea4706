//! docs/checks.md against the library: every check and every code stands there, with its result, its message, and the
//! vectors of test-vectors/ that it decides. `UPDATE=1 cargo test --test checks_document` writes the tables anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use attesta::verify::{CheckId, Code};
use serde_json::Value;

const DOCUMENT: &str = "docs/checks.md";
const VECTORS: &str = "test-vectors";
const HEADING: &str = "### ";
const OPEN: &str = "<!-- codes of ";
const CLOSE: &str = "<!-- end -->";

/// Codes that belong to no single check stand in a table of this name, before the checks.
const SEVERAL: &str = "several checks";

#[test]
fn the_document_is_the_librarys_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let text = fs::read_to_string(&path).unwrap();
    let fresh = rewritten(&text, &vectors()).unwrap_or_else(|problem| panic!("{DOCUMENT}: {problem}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, fresh).unwrap();
        return;
    }
    let stale: Vec<String> = fresh
        .lines()
        .zip(text.lines())
        .enumerate()
        .filter(|(_, (fresh, old))| fresh != old)
        .map(|(at, (fresh, old))| format!("line {}: {old}\n should be: {fresh}", at + 1))
        .take(3)
        .collect();
    assert!(
        fresh == text,
        "{DOCUMENT} is not what the library and {VECTORS}/ say. Write its tables anew with: UPDATE=1 cargo test \
         --test checks_document\n{}",
        stale.join("\n")
    );
}

#[test]
fn every_document_names_checks_and_codes_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [DOCUMENT, "docs/threat-model.md", "README.md", "ARCHITECTURE.md"] {
        let text = fs::read_to_string(root.join(name)).unwrap();
        assert_eq!(unknown_names(&text), [] as [&str; 0], "{name} names what the library does not have");
    }
}

#[test]
fn a_document_that_differs_is_noticed() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT)).unwrap();
    let vectors = vectors();
    let differs = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from} does not stand in the document");
        rewritten(&changed, &vectors).map_or(true, |fresh| fresh != changed)
    };
    assert!(differs("| `algorithm.none` | fail |", "| `algorithm.none` | undetermined |"), "a wrong result");
    assert!(differs("`algorithm.none`", "`algorithm.nothing`"), "a code that does not exist");
    assert!(differs("### `nonce`", "### `number`"), "a check that does not exist");
    assert!(differs("<!-- codes of nonce -->", ""), "a check without its table");
    assert!(differs("Applies to", "Applied to"), "a check that does not say what it looks at");
    assert_eq!(unknown_names("`key.binding` `key.colour` `src/key.rs` `nonce.other` `status`"), ["key.colour"]);
}

#[test]
fn a_vector_stands_with_the_finding_that_decides_it() {
    let report = |outcome: &str, relaxed: &str| {
        serde_json::from_str::<Value>(&format!(
            r#"{{"outcome":"{outcome}","relaxed":[{relaxed}],"credentials":[{{"checks":[
                {{"id":"proof","result":"undetermined","code":"not-reached"}},
                {{"id":"schema","result":"undetermined","code":"schema.unsupported"}},
                {{"id":"valid-until","result":"fail","code":"valid-until.past"}}]}}]}}"#
        ))
        .unwrap()
    };
    let decided = |outcome, relaxed| deciding(&report(outcome, relaxed)).map(|finding| finding.code);
    assert_eq!(decided("invalid", "").as_deref(), Some("valid-until.past"));
    assert_eq!(decided("undetermined", "\"valid-until\"").as_deref(), Some("schema.unsupported"));
    assert_eq!(decided("valid", "\"valid-until\",\"schema\",\"proof\""), None);

    let vector = |format: &str, name: &str| {
        let deciding = deciding(&report("invalid", ""));
        Vector { path: format!("{format}/licence/invalid/{name}.json"), deciding, findings: Vec::new() }
    };
    let vectors = [vector("a", "late"), vector("a", "old"), vector("b", "late")];
    assert_eq!(
        links("valid-until", "valid-until.past", &vectors),
        "[late](../test-vectors/a/licence/invalid/late.json) ×2, [old](../test-vectors/a/licence/invalid/old.json)"
    );
    assert_eq!(links("valid-from", "valid-until.past", &vectors), "");
}

/// A check and the code that it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    check: String,
    code: String,
}

/// One of our own vectors, as far as this document needs it.
struct Vector {
    /// From the root of the vectors, such as `vc-jwt/licence/invalid/alg-none.json`.
    path: String,
    /// What decides it; nothing if it is valid.
    deciding: Option<Found>,
    /// All that its report says.
    findings: Vec<Found>,
}

impl Vector {
    /// The attack, which the file is named for.
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json")
    }
}

/// The document with each table as the library and the vectors make it.
fn rewritten(text: &str, vectors: &[Vector]) -> Result<String, String> {
    let expected: Vec<&str> = [SEVERAL].into_iter().chain(CheckId::ALL.map(CheckId::name)).collect();
    let headings: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix(HEADING)).map(|line| line.trim_matches('`')).collect();
    if headings != expected[1..] {
        return Err(format!("the sections are {headings:?}, and should be {:?}", &expected[1..]));
    }
    let mut fresh = String::new();
    let mut tables = Vec::new();
    let mut says_where = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        writeln!(fresh, "{line}").unwrap();
        says_where += usize::from(line.starts_with("Applies to"));
        let Some(name) = line.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        if !lines.any(|line| line == CLOSE) {
            return Err(format!("the table of {name} has no end"));
        }
        writeln!(fresh, "{}{CLOSE}", table(name, vectors)).unwrap();
        tables.push(name);
    }
    if tables != expected {
        return Err(format!("the tables are of {tables:?}, and should be of {expected:?}"));
    }
    if says_where != CheckId::ALL.len() {
        return Err("each check says once, in a line that begins so, what it applies to".to_owned());
    }
    Ok(fresh)
}

/// The table of one check: its own codes, and those of several checks by which a vector of it is decided.
fn table(name: &str, vectors: &[Vector]) -> String {
    let decides = |code: &str| {
        vectors
            .iter()
            .filter_map(|vector| vector.deciding.as_ref())
            .any(|found| found.check == name && found.code == code)
    };
    let mut rows = String::new();
    let mut seen = BTreeSet::new();
    for code in Code::ALL {
        let owner = CheckId::ALL.into_iter().map(CheckId::name).find(|check| is_own(code.name(), check));
        let belongs = owner.unwrap_or(SEVERAL) == name || decides(code.name());
        if !belongs || !seen.insert(code.name()) {
            continue;
        }
        let links = links(name, code.name(), vectors);
        let message = code.template().replace("{}", "…");
        writeln!(rows, "| `{}` | {} | {message} | {links} |", code.name(), code.result().name()).unwrap();
    }
    if rows.is_empty() {
        return "It has no codes of its own yet.\n".to_owned();
    }
    format!("| code | result | what the report says | vectors |\n|---|---|---|---|\n{rows}")
}

fn is_own(code: &str, check: &str) -> bool {
    code.strip_prefix(check).is_some_and(|rest| rest.starts_with('.'))
}

/// The vectors that the finding decides, or else those in whose reports it stands beside.
fn links(check: &str, code: &str, vectors: &[Vector]) -> String {
    if check == SEVERAL {
        return String::new();
    }
    let is_it = |found: &Found| found.check == check && found.code == code;
    let deciding: Vec<&Vector> = vectors.iter().filter(|vector| vector.deciding.as_ref().is_some_and(is_it)).collect();
    if !deciding.is_empty() {
        return by_attack(&deciding);
    }
    let beside: Vec<&Vector> = vectors.iter().filter(|vector| vector.findings.iter().any(is_it)).collect();
    if beside.is_empty() { String::new() } else { format!("beside another: {}", by_attack(&beside)) }
}

/// How many attacks a cell names; more are counted.
const NAMED: usize = 6;

/// One link an attack, to the first of its vectors, and in how many formats and kinds it is made.
fn by_attack(vectors: &[&Vector]) -> String {
    let mut attacks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for vector in vectors {
        attacks.entry(vector.name()).or_default().push(&vector.path);
    }
    let others = attacks.len().saturating_sub(NAMED);
    let links = attacks.into_iter().take(NAMED).map(|(name, paths)| {
        let times = if paths.len() > 1 { format!(" ×{}", paths.len()) } else { String::new() };
        format!("[{name}](../{VECTORS}/{}){times}", paths[0])
    });
    let more = (others > 0).then(|| format!("{others} more"));
    links.chain(more).collect::<Vec<_>>().join(", ")
}

/// Names in code spans that look like a check or code, and are none.
fn unknown_names(text: &str) -> Vec<&str> {
    let families: BTreeSet<&str> = CheckId::ALL.iter().filter_map(|check| check.name().split('.').next()).collect();
    let known: BTreeSet<&str> =
        CheckId::ALL.map(CheckId::name).into_iter().chain(Code::ALL.iter().map(|code| code.name())).collect();
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    spans
        .flat_map(str::split_whitespace)
        .filter(|name| name.split_once('.').is_some_and(|(family, _)| families.contains(family)))
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-')))
        .filter(|name| !known.contains(name))
        .collect()
}

/// Our own vectors, sorted by path; none where there is no such folder yet.
fn vectors() -> Vec<Vector> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(VECTORS);
    let mut files = Vec::new();
    if root.is_dir() {
        collect(&root, &mut files);
    }
    files.sort();
    files.iter().filter(|file| is_vector(file)).map(|file| read(&root, file)).collect()
}

fn is_vector(file: &Path) -> bool {
    let folder = file.parent().and_then(Path::file_name);
    folder.is_some_and(|name| name == "valid" || name == "invalid") && file.extension().is_some_and(|e| e == "json")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn read(root: &Path, file: &Path) -> Vector {
    let path = file.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let vector: Value =
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap_or_else(|error| panic!("{path}: {error}"));
    let report = vector.get("report").unwrap_or_else(|| panic!("{path} has no report"));
    let findings: Vec<Found> = findings(report).into_iter().map(|(found, _)| found).collect();
    assert!(!findings.is_empty(), "{path}: its report has no checks");
    Vector { path, deciding: deciding(report), findings }
}

/// Every finding with its result, in the order in which a report is read: the presentation, then the credentials.
fn findings(report: &Value) -> Vec<(Found, String)> {
    let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
    let credentials = report["credentials"].as_array().into_iter().flatten();
    [&report["presentation"]]
        .into_iter()
        .chain(credentials)
        .filter_map(|part| part.get("checks")?.as_array())
        .flatten()
        .map(|check| (Found { check: text(check, "id"), code: text(check, "code") }, text(check, "result")))
        .collect()
}

/// What `Report::reason` answers, read from the report's JSON.
fn deciding(report: &Value) -> Option<Found> {
    let result = match report["outcome"].as_str()? {
        "invalid" => "fail",
        "undetermined" => "undetermined",
        _ => return None,
    };
    let is_relaxed =
        |found: &Found| report["relaxed"].as_array().into_iter().flatten().any(|name| *name == *found.check);
    findings(report)
        .into_iter()
        .filter(|(found, _)| !is_relaxed(found) && found.code != Code::NotReached.name())
        .find(|(_, own)| own == result)
        .map(|(found, _)| found)
}
