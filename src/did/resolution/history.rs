//! The versions of a did:webvh (did:webvh 1.0, "Reading did:webvh DID URLs").

use serde_json::json;

use super::{ResolutionError, ResolutionOptions};
use crate::did::Document;
use crate::did::method::webvh::{Log, Select, Version};
use crate::encoding::json::Map;
use crate::time::Timestamp;

/// The version that the options ask for, or the newest. A deactivated DID has no newest document, and its earlier
/// versions are still to be had.
///
/// Off-spec: DID Resolution 1.0 wants the document's `id` to be the DID that was asked for. That of a DID that has
/// moved is the new one, as did:webvh has it; `canonicalId` names it.
pub(super) fn version_of(log: &Log, options: &ResolutionOptions) -> Result<(Option<Document>, Map), ResolutionError> {
    let select = match (&options.version_id, options.version_number, options.version_time) {
        (Some(id), _, _) => Some(Select::Id(id)),
        (_, Some(number), _) => Some(Select::Number(u32::try_from(number).map_err(|_| ResolutionError::NotFound)?)),
        (_, _, Some(time)) => Some(Select::Time(time)),
        _ => None,
    };
    let version = match select {
        Some(select) => log.version(select).ok_or(ResolutionError::NotFound)?,
        None => log.current(),
    };
    let is_closed = version.parameters().deactivated();
    let document = (!is_closed).then(|| version.document().clone());
    Ok((document, metadata(log, version)))
}

/// "did:webvh resolver should return the following DID Document Metadata".
fn metadata(log: &Log, version: &Version) -> Map {
    let parameters = log.current().parameters();
    let mut map = Map::new();
    let mut put = |name: &str, value: serde_json::Value| {
        map.insert(name.to_owned(), value);
    };
    let time = |moment: Timestamp| json!(moment.to_string());
    put("versionId", json!(version.id()));
    put("versionTime", time(version.time()));
    put("created", time(log.created()));
    // DID Resolution 1.0: the last update "for the document version which was resolved".
    put("updated", time(version.time()));
    put("scid", json!(log.scid()));
    put("portable", json!(log.portable()));
    put("deactivated", json!(log.deactivated().is_some()));
    // "DID metadata must not include integers".
    put("ttl", json!(log.ttl().to_string()));
    if let Some(witnesses) = parameters.witness() {
        let ids: Vec<_> = witnesses.ids().iter().map(|id| json!({ "id": id })).collect();
        put("witness", json!({ "threshold": witnesses.threshold().to_string(), "witnesses": ids }));
    }
    if !parameters.watchers().is_empty() {
        put("watchers", json!(parameters.watchers()));
    }
    if let Some(next) = log.version(Select::Number(version.number() + 1)) {
        put("nextUpdate", time(next.time()));
        put("nextVersionId", json!(next.id()));
    }
    if log.did() != log.identifier().did().as_str() {
        put("canonicalId", json!(log.did()));
    }
    map
}
