//! What was seen before, so that a log that was cut off, or last month's list, is noticed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::encoding::json::{self, JsonError};
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// Why what was seen cannot be read back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeenError {
    /// Not strict JSON.
    #[error("what was seen before: {0}")]
    Json(#[from] JsonError),
    /// A member is missing, unknown or of the wrong form.
    #[error("what was seen before: {0}")]
    Form(String),
    /// More than [`limits::SEEN`] of one type.
    #[error("what was seen before: more than {limit} of one type")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
}

impl Explain for SeenError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Form(_) => "seen.form",
            Self::TooMany { .. } => "seen.too-many",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            _ => "Give it as a report wrote it, unchanged.",
        }
    }
}

/// The newest of each log and list that a host has relied on. A report hands it over; the host keeps it, and gives it
/// back with its next materials.
///
/// It grows by what genuine documents of issuers in the trust list led to, one line for each log and list, and names no
/// credential.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seen {
    /// The newest `versionId` of each did:webvh log, by its SCID.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    logs: BTreeMap<String, String>,
    /// When the newest status list at each address was signed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    status_lists: BTreeMap<String, Timestamp>,
    /// When the newest compromise notices at each address were signed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    compromise_notices: BTreeMap<String, Timestamp>,
}

impl Seen {
    /// Nothing yet.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// [`SeenError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, SeenError> {
        let seen: Self = serde_json::from_value(json::parse_object(bytes)?.into())
            .map_err(|error| SeenError::Form(error.to_string()))?;
        if [seen.logs.len(), seen.status_lists.len(), seen.compromise_notices.len()]
            .iter()
            .any(|count| *count > limits::SEEN)
        {
            return Err(SeenError::TooMany { limit: limits::SEEN });
        }
        if seen.logs.values().any(|version| number_of(version).is_none()) {
            return Err(SeenError::Form("a versionId such as \"3-Qm...\" was expected".to_owned()));
        }
        Ok(seen)
    }

    /// The form in which a host keeps it: `{"logs": {SCID: versionId}, "statusLists": {URL: TIME},
    /// "compromiseNotices": {URL: TIME}}`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!(self)
    }

    /// With what another has seen: of each log and list the newer. Two versions of one number are a fork; then what stands
    /// here stays.
    pub fn merge(&mut self, other: &Self) {
        for (scid, version) in &other.logs {
            self.saw_log(scid, version);
        }
        for (url, signed) in &other.status_lists {
            newest(&mut self.status_lists, url, *signed);
        }
        for (url, signed) in &other.compromise_notices {
            newest(&mut self.compromise_notices, url, *signed);
        }
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.logs.is_empty() && self.status_lists.is_empty() && self.compromise_notices.is_empty()
    }

    /// The number and `versionId` of the newest entry of that log.
    pub(crate) fn log(&self, scid: &str) -> Option<(u32, &str)> {
        let version = self.logs.get(scid)?;
        Some((number_of(version)?, version))
    }

    pub(crate) fn status_list(&self, url: &str) -> Option<Timestamp> {
        self.status_lists.get(url).copied()
    }

    pub(crate) fn notices(&self, url: &str) -> Option<Timestamp> {
        self.compromise_notices.get(url).copied()
    }

    pub(crate) fn saw_log(&mut self, scid: &str, version: &str) {
        let Some(number) = number_of(version) else { return };
        let has_room = self.logs.len() < limits::SEEN;
        match self.logs.get_mut(scid) {
            Some(known) if number_of(known).is_none_or(|known| known < number) => version.clone_into(known),
            Some(_) => {}
            None if has_room => drop(self.logs.insert(scid.to_owned(), version.to_owned())),
            None => {}
        }
    }

    pub(crate) fn saw_status_list(&mut self, url: &str, signed: Timestamp) {
        newest(&mut self.status_lists, url, signed);
    }

    pub(crate) fn saw_notices(&mut self, url: &str, signed: Timestamp) {
        newest(&mut self.compromise_notices, url, signed);
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = self.status_lists.len() + self.compromise_notices.len();
        write!(f, "Seen({} logs, {lists} lists)", self.logs.len())
    }
}

/// What is full keeps what it has: it goes on noticing older ones of those.
fn newest(lists: &mut BTreeMap<String, Timestamp>, url: &str, signed: Timestamp) {
    let has_room = lists.len() < limits::SEEN;
    match lists.get_mut(url) {
        Some(known) => *known = signed.max(*known),
        None if has_room => drop(lists.insert(url.to_owned(), signed)),
        None => {}
    }
}

fn number_of(version: &str) -> Option<u32> {
    version.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_newer_stays() {
        let mut seen = Seen::nothing();
        seen.saw_log("QmA", "2-Qx");
        seen.saw_log("QmA", "10-Qy");
        seen.saw_log("QmA", "9-Qz");
        seen.saw_log("QmA", "10-Qfork");
        seen.saw_log("QmB", "no version");
        assert_eq!(seen.log("QmA"), Some((10, "10-Qy")));
        assert_eq!(seen.log("QmB"), None);
        seen.saw_status_list("https://a.example/1", at("2026-11-02T00:00:00Z"));
        let mut other = Seen::nothing();
        other.saw_status_list("https://a.example/1", at("2026-11-01T00:00:00Z"));
        other.saw_notices("https://a.example/1", at("2026-11-03T00:00:00Z"));
        seen.merge(&other);
        assert_eq!(seen.status_list("https://a.example/1"), Some(at("2026-11-02T00:00:00Z")));
        assert_eq!(seen.notices("https://a.example/1"), Some(at("2026-11-03T00:00:00Z")));
        assert_eq!(Seen::parse(seen.to_json().to_string().as_bytes()).unwrap(), seen);
        assert_eq!(Seen::parse(b"{}").unwrap(), Seen::nothing());
    }

    #[test]
    fn what_a_host_did_not_get_from_a_report_is_refused() {
        let code = |text: &str| Seen::parse(text.as_bytes()).map_or_else(|error| error.code(), |_| "read");
        assert_eq!(code(r#"{"logs":{"QmA":"latest"}}"#), "seen.form");
        assert_eq!(code(r#"{"log":{}}"#), "seen.form");
        assert_eq!(code(r#"{"statusLists":{"https://a.example/":"yesterday"}}"#), "seen.form");
        assert_eq!(code("[]"), "json.not-an-object");
        assert_eq!(code(r#"{"logs":{},"logs":{}}"#), "json.duplicate-member");
    }
}
