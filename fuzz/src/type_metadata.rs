use std::collections::BTreeSet;

use attesta::credential::type_metadata::{Pins, Resolution, Resolved, Step, TypeMetadata, resolve};
use attesta::encoding::json::{self, Map, Value};
use attesta::limits;

use crate::answers::assert_explained;

/// Type metadata: what a chain of documents comes to, and whether a credential keeps it.
///
/// The first line is the credential, whose members `_disclosed` and `_undisclosed` list JSON pointers; each further
/// line is a document that is at hand.
pub fn type_metadata(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut payload = lines.next().and_then(|line| json::parse_object(line).ok()).unwrap_or_default();
    let disclosed = pointers(payload.remove("_disclosed"));
    let undisclosed = pointers(payload.remove("_undisclosed"));
    let mut at_hand: Vec<(String, &[u8])> = Vec::new();
    for line in lines {
        match TypeMetadata::parse(line) {
            Ok(document) => {
                assert_read(&document);
                at_hand.push((document.vct, line));
            }
            Err(error) => assert_explained(&error),
        }
    }
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let Some(vct) = text("vct").or_else(|| at_hand.first().map(|(vct, _)| &**vct)) else { return };
    let lookup = |vct: &str| at_hand.iter().find(|(own, _)| own == vct).map(|(_, line)| *line);
    let of = |pins| resolve(vct, text("vct#integrity"), pins, lookup);
    let (loose, strict) = (of(Pins::Optional), of(Pins::Demanded));
    if let Ok(Resolution::Resolved(resolved)) = &strict {
        assert_eq!(loose.as_ref(), Ok(&Resolution::Resolved(resolved.clone())), "pins change what is said");
    }
    if let Err(error) = &strict {
        assert_explained(error);
    }
    match loose {
        Err(error) => assert_explained(&error),
        Ok(Resolution::Missing { vct: missing, .. }) => assert!(lookup(&missing).is_none(), "it was at hand"),
        Ok(Resolution::Resolved(resolved)) => {
            assert_eq!(resolved.types.first().map(String::as_str), Some(vct));
            assert_resolved(&resolved);
            assert_checked(&resolved, &payload, &disclosed, &undisclosed);
        }
    }
}

fn pointers(value: Option<Value>) -> Vec<String> {
    let items = value.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn assert_read(document: &TypeMetadata) {
    assert!(document.claims.len() <= limits::TYPE_METADATA_CLAIMS);
    assert!(document.display.len() <= limits::TYPE_METADATA_LANGUAGES);
}

fn assert_resolved(resolved: &Resolved) {
    assert!(resolved.types.len() <= limits::TYPE_METADATA_CHAIN);
    assert_eq!(resolved.types.iter().collect::<BTreeSet<_>>().len(), resolved.types.len(), "a circle");
    let paths: BTreeSet<&[Step]> = resolved.claims.iter().map(|claim| &*claim.path).collect();
    assert_eq!(paths.len(), resolved.claims.len(), "a path stands twice");
}

fn assert_checked(resolved: &Resolved, payload: &Map, disclosed: &[String], undisclosed: &[String]) {
    let checked = resolved.check(payload, disclosed, undisclosed);
    if let Err(error) = &checked {
        assert_explained(error);
    }
    // Where nothing is hidden, everything that is mandatory is there.
    let Ok(()) = resolved.check(payload, disclosed, &[]) else { return };
    let payload = Value::Object(payload.clone());
    for claim in resolved.claims.iter().filter(|claim| claim.mandatory == Some(true)) {
        let mut found = Some(&payload);
        for step in &claim.path {
            found = match step {
                Step::Member(name) => found.and_then(|value| value.get(name)),
                // What stands in lists is looked for by the library alone.
                _ => return,
            };
        }
        assert!(found.is_some(), "a mandatory claim is missing");
    }
}
