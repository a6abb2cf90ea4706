//! The rules themselves: which module stands where, and who may touch files, sockets and clocks.

use crate::paths::{Named, Names};

/// The layers from the top down. A module uses what stands below its own layer.
const LAYERS: &[&[&str]] = &[
    &["bin", "service"],
    &["issuer", "wallet", "pack", "fetch"],
    &["verify"],
    &["status", "trust", "presentation"],
    &["did", "credential"],
    &["securing"],
    &["jsonld"],
    &["keys"],
    &["encoding"],
    &["time"],
    &["error", "limits", "threshold"],
];

/// Where files, sockets, processes, the environment and clocks may be touched.
const EDGE: &[&str] = &["bin/", "service/", "fetch/cache/", "fetch/http/", "issuer/store/", "wallet/store/"];

/// What only the edge may use.
const INPUT_AND_OUTPUT: &[[&str; 2]] = &[
    ["std", "fs"],
    ["std", "net"],
    ["std", "env"],
    ["std", "process"],
    ["io", "stdin"],
    ["io", "stdout"],
    ["io", "stderr"],
    ["SystemTime", "now"],
    ["Instant", "now"],
];

/// A file: its path from the crate's root, and its text.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
}

/// Every rule that the file breaks, as `file:line: sentence`.
pub(crate) fn broken(source: &Source<'_>) -> Vec<String> {
    let path = source.path;
    let module = module_of(path);
    let names = match Names::of(source.text) {
        Ok(names) => names,
        Err(error) => return vec![format!("{path}:1: cannot be read as Rust: {error}")],
    };
    let Some(own) = module.first() else { return Vec::new() };
    let mut found = Vec::new();
    if layer(own).is_none() {
        found.push(format!("{path}:1: {}", unknown(own)));
        return found;
    }
    for named in &names.paths {
        let sentences = [layering(own, &module, named), detour(own, named), edge(path, &module, named)];
        found.extend(sentences.into_iter().flatten().map(|sentence| format!("{path}:{}: {sentence}", named.line)));
    }
    for declared in &names.modules {
        if declared.name == "tests" && !declared.only_in_tests {
            found.push(format!("{path}:{}: a module `tests` must stand behind #[cfg(test)]", declared.line));
        }
    }
    found
}

/// `src/did/method/web.rs` is the module `did::method::web`; `src/lib.rs` is the root, an empty path.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut segments: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if segments.last().is_some_and(|last| last == "mod" || last == "lib") {
        segments.pop();
    }
    segments
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn unknown(module: &str) -> String {
    format!("unknown module `{module}`: import from the module that defines it, or give a new one its layer in LAYERS")
}

/// The top module that a path leads to, `None` if it stays in its own or leaves the crate. The root is `Some("")`.
fn target<'a>(module: &[String], named: &'a Named) -> Option<&'a str> {
    let mut rest = named.segments.as_slice();
    let depth = module.len() + named.within.len();
    if rest.first().is_some_and(|first| first == "crate") {
        rest = &rest[1..];
    } else {
        if rest.first().is_some_and(|first| first == "self") {
            rest = &rest[1..];
        }
        let climbs = rest.iter().take_while(|segment| *segment == "super").count();
        if climbs == 0 || climbs < depth {
            return None;
        }
        rest = &rest[climbs..];
    }
    match rest.first().map(String::as_str) {
        // A visibility, such as `pub(crate)`.
        None if !named.renamed => None,
        None | Some("*" | "self") => Some(""),
        top => top,
    }
}

/// Imports go down only.
fn layering(own: &str, module: &[String], named: &Named) -> Option<String> {
    if own == "bin" {
        return None;
    }
    let top = target(module, named)?;
    if top.is_empty() {
        return Some("nothing may import the crate's root: name the module".to_owned());
    }
    let Some(theirs) = layer(top) else { return Some(unknown(top)) };
    let ours = layer(own)?;
    if own == top || theirs > ours {
        None
    } else if theirs == ours {
        Some(format!("`{own}` may not use `{top}`: modules of one layer never import each other"))
    } else {
        Some(format!("`{own}` may not use `{top}`: imports go down, and `{top}` stands above"))
    }
}

/// Ways around the layers that paths alone would not show.
fn detour(own: &str, named: &Named) -> Option<String> {
    let segments: Vec<&str> = named.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        _ if own == "bin" => None,
        ["attesta", ..] | ["extern crate"] => Some("the library does not import itself by its own name".to_owned()),
        [.., "include!"] | ["#[path]"] => {
            Some("`include!` and `#[path]` would put a module where this test does not look".to_owned())
        }
        ["std"] | ["std", "self"] | [.., "SystemTime" | "Instant"] if named.renamed => {
            Some("no clock and no `std` under another name: their use could not be seen".to_owned())
        }
        _ => None,
    }
}

/// Only the edge touches files, sockets, processes, the environment and clocks; unit tests may.
fn edge(path: &str, module: &[String], named: &Named) -> Option<String> {
    let folder = format!("{}/", path.trim_start_matches("src/").trim_end_matches(".rs"));
    let in_tests = module.iter().chain(&named.within).any(|segment| segment == "tests");
    if in_tests || EDGE.iter().any(|edge| folder.starts_with(edge)) {
        return None;
    }
    let segments: Vec<&str> = named.segments.iter().map(String::as_str).collect();
    INPUT_AND_OUTPUT.iter().find(|banned| segments.windows(2).any(|pair| pair == *banned)).map(|banned| {
        format!("`{}` belongs to the edge ({}): take it as an argument", banned.join("::"), EDGE.join(" "))
    })
}
