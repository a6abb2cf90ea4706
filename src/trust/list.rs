//! The trust list: issuers that a verifier knows, what each may issue, where and when.
//!
//! It is the verifier's own word, kept on its own machine. Nothing that is presented can add to it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::credential::kind::Kind;
use crate::encoding::json::{self, JsonError};
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;

/// Why a trust list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not strict JSON.
    #[error("the trust list: {0}")]
    Json(#[from] JsonError),
    /// A member is missing, unknown or of the wrong form.
    #[error("the trust list: {0}")]
    Form(String),
    /// `type` is not `TrustList`, or `version` is not 1.
    #[error("the trust list: \"type\":\"TrustList\" and \"version\":1 were expected")]
    Version,
    /// More than [`limits::TRUST_ENTRIES`].
    #[error("the trust list has more than {limit} entries")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// The same issuer stands in two entries.
    #[error("the trust list: entries {first} and {second} have the same id")]
    Twice {
        /// Position of the first, from 0.
        first: usize,
        /// Position of the second, from 0.
        second: usize,
    },
    /// An entry contradicts itself.
    #[error("the trust list: entry {position}: {problem}")]
    Entry {
        /// Its position, from 0.
        position: usize,
        /// What is wrong.
        problem: &'static str,
    },
}

impl Explain for TrustError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Form(_) => "trust-list.form",
            Self::Version => "trust-list.version",
            Self::TooMany { .. } => "trust-list.too-many",
            Self::Twice { .. } => "trust-list.twice",
            Self::Entry { .. } => "trust-list.entry",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Form(_) | Self::Version | Self::Entry { .. } => {
                "Write it like {\"type\":\"TrustList\",\"version\":1,\"issued\":\"2026-01-01T00:00:00Z\",\
                 \"entries\":[{\"id\":\"did:key:...\",\"name\":{\"en\":\"...\"},\"issues\":[\"proof-of-address\"]}]}."
            }
            Self::TooMany { .. } => "Split it by region and load the lists that this desk needs.",
            Self::Twice { .. } => "Put everything about one issuer into one entry.",
        }
    }
}

/// One issuer and what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Entry {
    /// Its DID, or the https URL of its controlled identifier document.
    pub id: String,
    /// What people call it, by language tag (BCP 47).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub name: BTreeMap<String, String>,
    /// What it may issue: names of kinds, credential types, or `*` for everything.
    pub issues: Vec<String>,
    /// Where: ISO 3166-1 or 3166-2 codes. Everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
    /// From when on it is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when, that moment excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Entry {
    /// An entry without limits in place or time.
    pub fn new(id: impl Into<String>, issues: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            id: id.into(),
            name: BTreeMap::new(),
            issues: issues.into_iter().map(Into::into).collect(),
            regions: None,
            from: None,
            until: None,
        }
    }

    /// The name in English, or else in the first language that it has.
    pub fn display_name(&self) -> Option<&str> {
        self.name.get("en").or_else(|| self.name.values().next()).map(String::as_str)
    }

    /// A kind's name grants the types that come with the kind, and only on credentials of that kind.
    fn grants(&self, credential_type: &str, claimed: &[&str]) -> bool {
        let is_part_of =
            |kind: Kind| claimed.contains(&kind.credential_type()) && kind.types().contains(&credential_type);
        self.issues.iter().any(|granted| {
            granted == "*" || granted == credential_type || Kind::from_name(granted).is_some_and(is_part_of)
        })
    }

    /// `HK` covers `HK` and every subdivision such as `HK-KC`.
    fn covers(&self, region: &str) -> bool {
        self.regions.iter().flatten().any(|granted| {
            region.strip_prefix(granted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }

    fn problem(&self) -> Option<&'static str> {
        let is_url = self.id.starts_with("did:") || self.id.starts_with("https://");
        if !is_url || self.id.contains(['#', '?', ' ']) || self.id.len() > limits::DID_BYTES {
            return Some("\"id\" must be a DID or an https URL, without a fragment");
        }
        if self.issues.is_empty() {
            return Some("\"issues\" is empty: this issuer may issue nothing");
        }
        if self.regions.as_ref().is_some_and(Vec::is_empty) {
            return Some("\"regions\" is empty: leave it out for everywhere");
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) if from >= until => Some("\"from\" is not before \"until\""),
            _ => None,
        }
    }
}

/// What a trust list says of one credential's issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing<'a> {
    /// It may issue all of this.
    Trusted,
    /// It does not stand in the list.
    Unknown,
    /// It may not issue this type.
    OtherType(&'a str),
    /// It may issue this, but not there.
    OtherRegion(&'a str),
    /// It may issue this in certain places only, and the credential does not say where it belongs.
    RegionNotShown,
    /// Trusted only from this moment on.
    NotYet(Timestamp),
    /// Trusted only until this moment.
    Ended(Timestamp),
}

/// A verifier's list of issuers.
#[derive(Debug, Clone, Serialize)]
pub struct TrustList {
    r#type: &'static str,
    version: u32,
    issued: Timestamp,
    entries: Vec<Entry>,
    #[serde(skip)]
    by_id: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    r#type: String,
    version: u32,
    issued: Timestamp,
    entries: Vec<Entry>,
}

impl TrustList {
    /// A list of these entries.
    ///
    /// # Errors
    /// [`TrustError`] when an entry contradicts itself or another.
    pub fn new(issued: Timestamp, entries: Vec<Entry>) -> Result<Self, TrustError> {
        if entries.len() > limits::TRUST_ENTRIES {
            return Err(TrustError::TooMany { limit: limits::TRUST_ENTRIES });
        }
        let mut by_id = HashMap::with_capacity(entries.len());
        for (position, entry) in entries.iter().enumerate() {
            if let Some(problem) = entry.problem() {
                return Err(TrustError::Entry { position, problem });
            }
            if let Some(first) = by_id.insert(entry.id.clone(), position) {
                return Err(TrustError::Twice { first, second: position });
            }
        }
        Ok(Self { r#type: "TrustList", version: 1, issued, entries, by_id })
    }

    /// Reads the JSON form. Unknown members are refused: a limit that is misspelt must not become no limit.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, TrustError> {
        if bytes.len() > limits::MATERIAL_BYTES {
            return Err(JsonError::TooLarge { bytes: bytes.len(), limit: limits::MATERIAL_BYTES }.into());
        }
        let written: Written =
            serde_json::from_value(json::parse(bytes)?).map_err(|error| TrustError::Form(error.to_string()))?;
        if written.r#type != "TrustList" || written.version != 1 {
            return Err(TrustError::Version);
        }
        Self::new(written.issued, written.entries)
    }

    /// When the list was written.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// All entries, in their order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that issuer.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.by_id.get(id).and_then(|position| self.entries.get(*position))
    }

    /// Whether `issuer` may issue a credential of **all** these types, about `region`, at that moment.
    /// `VerifiableCredential` itself needs no grant unless it is the only type.
    pub fn standing<'a>(
        &self,
        issuer: &str,
        types: &[&'a str],
        region: Option<&'a str>,
        at: Timestamp,
    ) -> Standing<'a> {
        let Some(entry) = self.entry(issuer) else { return Standing::Unknown };
        if let Some(from) = entry.from.filter(|from| at < *from) {
            return Standing::NotYet(from);
        }
        if let Some(until) = entry.until.filter(|until| at >= *until) {
            return Standing::Ended(until);
        }
        let plain = types.len() == 1;
        let claimed = types.iter().filter(|claimed| plain || **claimed != "VerifiableCredential");
        if let Some(refused) = claimed.into_iter().find(|claimed| !entry.grants(claimed, types)) {
            return Standing::OtherType(refused);
        }
        match (&entry.regions, region) {
            (None, _) => Standing::Trusted,
            (Some(_), None) => Standing::RegionNotShown,
            (Some(_), Some(region)) if entry.covers(region) => Standing::Trusted,
            (Some(_), Some(region)) => Standing::OtherRegion(region),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NGO: &str = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn list(entry: &str) -> Result<TrustList, TrustError> {
        TrustList::parse(
            format!(r#"{{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[{entry}]}}"#)
                .as_bytes(),
        )
    }

    #[test]
    fn an_issuer_must_be_granted_every_type_that_the_credential_claims() {
        let list = list(&format!(r#"{{"id":"{NGO}","issues":["proof-of-address","AlumniCredential"]}}"#)).unwrap();
        let standing = |types: &[&'static str]| list.standing(NGO, types, None, at("2026-06-01T00:00:00Z"));
        assert_eq!(standing(&["VerifiableCredential", "ProofOfAddressCredential"]), Standing::Trusted);
        assert_eq!(standing(&["VerifiableCredential", "AlumniCredential"]), Standing::Trusted);
        assert_eq!(
            standing(&["VerifiableCredential", "ProofOfAddressCredential", "LicenceCredential"]),
            Standing::OtherType("LicenceCredential")
        );
        assert_eq!(standing(&["VerifiableCredential"]), Standing::OtherType("VerifiableCredential"));
        let badge = ["VerifiableCredential", "OpenBadgeCredential"];
        let skills = TrustList::new(at("2026-01-01T00:00:00Z"), vec![Entry::new(NGO, ["skill"])]).unwrap();
        let standing = |types: &[&'static str]| skills.standing(NGO, types, None, at("2026-06-01T00:00:00Z"));
        assert_eq!(standing(Kind::SkillCertification.types()), Standing::Trusted);
        assert_eq!(standing(&badge), Standing::OtherType("OpenBadgeCredential"));
        assert_eq!(
            list.standing("did:key:zOther", &["AlumniCredential"], None, at("2026-06-01T00:00:00Z")),
            Standing::Unknown
        );
    }

    #[test]
    fn places_and_times_limit_a_grant() {
        let list = list(&format!(
            r#"{{"id":"{NGO}","issues":["*"],"regions":["HK"],"from":"2026-02-01T00:00:00Z","until":"2026-03-01T00:00:00Z"}}"#
        ))
        .unwrap();
        let standing = |region, time| list.standing(NGO, &["LicenceCredential"], region, at(time));
        assert_eq!(standing(Some("HK"), "2026-02-01T00:00:00Z"), Standing::Trusted);
        assert_eq!(standing(Some("HK-KC"), "2026-02-28T23:59:59Z"), Standing::Trusted);
        assert_eq!(standing(Some("HKX"), "2026-02-10T00:00:00Z"), Standing::OtherRegion("HKX"));
        assert_eq!(standing(None, "2026-02-10T00:00:00Z"), Standing::RegionNotShown);
        assert_eq!(standing(Some("HK"), "2026-01-31T23:59:59Z"), Standing::NotYet(at("2026-02-01T00:00:00Z")));
        assert_eq!(standing(Some("HK"), "2026-03-01T00:00:00Z"), Standing::Ended(at("2026-03-01T00:00:00Z")));
    }

    #[test]
    fn a_list_that_could_be_misread_is_refused() {
        let code = |entry: &str| list(entry).map_or_else(|error| error.code(), |_| "read");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"]}}"#)), "read");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"],"region":["HK"]}}"#)), "trust-list.form");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"],"until":"soon"}}"#)), "trust-list.form");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}"}}"#)), "trust-list.form");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":[]}}"#)), "trust-list.entry");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"],"regions":[]}}"#)), "trust-list.entry");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}#key","issues":["*"]}}"#)), "trust-list.entry");
        assert_eq!(code(r#"{"id":"Kwai Chung","issues":["*"]}"#), "trust-list.entry");
        assert_eq!(
            code(&format!(r#"{{"id":"{NGO}","issues":["*"]}},{{"id":"{NGO}","issues":["*"]}}"#)),
            "trust-list.twice"
        );
        assert_eq!(
            code(&format!(
                r#"{{"id":"{NGO}","issues":["*"],"from":"2026-02-01T00:00:00Z","until":"2026-02-01T00:00:00Z"}}"#
            )),
            "trust-list.entry"
        );
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","id":"{NGO}","issues":["*"]}}"#)), "json.duplicate-member");
        assert_eq!(TrustList::parse(b"[]").unwrap_err().code(), "trust-list.form");
        let other = br#"{"type":"TrustList","version":2,"issued":"2026-01-01T00:00:00Z","entries":[]}"#;
        assert_eq!(TrustList::parse(other).unwrap_err(), TrustError::Version);
    }

    #[test]
    fn a_list_reads_what_it_writes() {
        let list = list(&format!(r#"{{"id":"{NGO}","name":{{"en":"A"}},"issues":["*"],"regions":["HK"]}}"#)).unwrap();
        let again = TrustList::parse(serde_json::to_string(&list).unwrap().as_bytes()).unwrap();
        assert_eq!(again.entries(), list.entries());
        assert_eq!(again.issued(), list.issued());
    }
}
