//! An entry of a trust list: one party, what it may do, and what it left behind.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::credential::kind::Kind;
use crate::encoding::base64url;
use crate::limits;
use crate::time::{Days, Timestamp};

/// One party and what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Entry {
    /// Its DID, or the https URL of its controlled identifier document. With a certificate: `x509_hash:` and the
    /// base64url SHA-256 of that certificate, which may be left out (empty) and is then filled in by the list.
    #[serde(default)]
    pub id: String,
    /// An anchor, as base64 of its DER: an authority's certificate, or a signer's own. The entry is about everyone
    /// whose chain is valid to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// With a certificate: only leaves with exactly these subjects, as RFC 4514 writes them
    /// ([`Chain::subject`](super::certificate::Chain::subject)). All when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<String>>,
    /// What people call it, by language tag (BCP 47).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub name: BTreeMap<String, String>,
    /// What it may issue: names of kinds, credential types, or `*` for everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<String>,
    /// What it may ask holders for, in the same words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verifies: Vec<String>,
    /// Where it may issue: ISO 3166-1 or 3166-2 codes. Everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
    /// From when on it is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when, that moment excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Whose keys it may denounce beside its own: issuers' identifiers, or `*` (see [`notice`](super::notice)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denounces: Vec<String>,
    /// When it closed. What it vouched for is open from then on, but for what `outlives` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// How long after its closing documents still stand, by the words of `issues`: `{"licence": "3650d"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outlives: BTreeMap<String, Days>,
    /// What it left behind when it closed: its log, its last status list. The list's owner answers for it. Of an issuer
    /// that is there: compromise notices alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub archive: Vec<Archived>,
}

/// The type of an archived document of compromise notices.
const NOTICES: &str = "compromise-notices";

/// A piece of material that an entry carries.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Archived {
    /// What it is, as reports name it: `log`, `log-witnesses`, `status-list`, `document`.
    pub r#type: String,
    /// The DID or URL that it belongs to.
    pub url: String,
    /// Its bytes, in base64url without padding.
    pub body: String,
}

impl Archived {
    /// These bytes, as what belongs to that DID or URL.
    pub fn new(type_name: impl Into<String>, url: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        Self { r#type: type_name.into(), url: url.into(), body: base64url::encode(bytes) }
    }

    /// The bytes; `None` if the body is no base64url, which a list that was read never has.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        base64url::decode(&self.body).ok()
    }
}

impl fmt::Debug for Archived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Archived({} of {})", self.r#type, self.url)
    }
}

/// A DID Resolution endpoint whose word counts for some DID methods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Resolver {
    /// Its https URL, to which the DID is appended, such as `https://resolver.example/1.0/identifiers/`.
    pub endpoint: String,
    /// The methods for which it is believed, such as `ethr`.
    pub methods: Vec<String>,
}

impl Resolver {
    /// These methods at this endpoint.
    pub fn new(endpoint: impl Into<String>, methods: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { endpoint: endpoint.into(), methods: methods.into_iter().map(Into::into).collect() }
    }

    pub(super) fn problem(&self) -> Option<&'static str> {
        let is_method = |name: &String| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !self.endpoint.starts_with("https://") || self.endpoint.len() > limits::DID_BYTES {
            return Some("\"endpoint\" must be an https URL");
        }
        if self.methods.is_empty() || !self.methods.iter().all(is_method) {
            return Some("\"methods\" must name DID methods, such as \"ethr\"");
        }
        self.methods
            .iter()
            .any(|name| OWN_METHODS.contains(&name.as_str()))
            .then_some("\"methods\" names a method that needs nobody's word: its identifiers prove themselves")
    }
}

/// Methods whose documents are checked or fetched here. Somebody's word about them would weaken that.
const OWN_METHODS: [&str; 4] = ["key", "jwk", "web", "webvh"];

impl Entry {
    /// An entry without limits in place or time.
    pub fn new(id: impl Into<String>, issues: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            id: id.into(),
            certificate: None,
            subjects: None,
            name: BTreeMap::new(),
            issues: issues.into_iter().map(Into::into).collect(),
            verifies: Vec::new(),
            regions: None,
            from: None,
            until: None,
            denounces: Vec::new(),
            closed: None,
            outlives: BTreeMap::new(),
            archive: Vec::new(),
        }
    }

    /// An entry about everyone whose chain is valid to this certificate, base64 of its DER.
    pub fn anchored(certificate: impl Into<String>, issues: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { certificate: Some(certificate.into()), ..Self::new(String::new(), issues) }
    }

    /// The name in English, or else in the first language that it has.
    pub fn display_name(&self) -> Option<&str> {
        self.name.get("en").or_else(|| self.name.values().next()).map(String::as_str)
    }

    /// `HK` covers `HK` and every subdivision such as `HK-KC`.
    pub(super) fn covers(&self, region: &str) -> bool {
        self.regions.iter().flatten().any(|granted| {
            region.strip_prefix(granted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }

    pub(super) fn problem(&self) -> Option<&'static str> {
        let is_url = self.id.starts_with("did:") || self.id.starts_with("https://");
        let is_identifier = is_url && !self.id.contains(['#', '?', ' ']) && self.id.len() <= limits::DID_BYTES;
        if self.certificate.is_none() && !is_identifier {
            return Some("\"id\" must be a DID or an https URL, without a fragment");
        }
        if self.certificate.is_none() && self.subjects.is_some() {
            return Some("\"subjects\" has a meaning only beside \"certificate\"");
        }
        if self.subjects.as_ref().is_some_and(|subjects| subjects.is_empty() || subjects.contains(&String::new())) {
            return Some("\"subjects\" is empty or has an empty text: leave it out for all");
        }
        if self.issues.is_empty() && self.verifies.is_empty() && self.denounces.is_empty() {
            return Some("\"issues\", \"verifies\" and \"denounces\" are all empty: this party may do nothing");
        }
        if self.certificate.is_some() && !(self.denounces.is_empty() && self.archive.is_empty()) {
            return Some("\"denounces\" and \"archive\" have no meaning beside \"certificate\"");
        }
        if self.outlives.keys().any(|word| is_address(word)) {
            return Some("\"outlives\" names proofs of address, which no issuer outlives");
        }
        // Of an issuer that is there, what it publishes today counts. A notice only ever adds to that.
        if self.closed.is_none() && self.archive.iter().any(|archived| archived.r#type != NOTICES) {
            return Some("\"archive\" holds more than compromise notices, which has a meaning only beside \"closed\"");
        }
        if self.archive.len() > limits::ARCHIVED || self.archive.iter().any(|archived| archived.bytes().is_none()) {
            return Some("\"archive\" has too many items, or one whose \"body\" is no base64url");
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

/// The word in `issues` that lets a party keep the status lists of other issuers' credentials. `*` does not say it.
pub const STATUS_LIST: &str = "status-list";

/// The word in `issues` that lets a party vouch for the beginnings of did:webvh logs by checkpoints
/// ([`Checkpoint`](crate::did::method::webvh::Checkpoint)). `*` does not say it.
pub const CHECKPOINT: &str = "log-checkpoint";

impl Entry {
    /// Whether its checkpoints of logs count at that moment.
    pub fn may_vouch_for_logs(&self, at: Timestamp) -> bool {
        self.is_in_force(at) && self.issues.iter().any(|word| word == CHECKPOINT)
    }

    /// Whether it may keep status lists of others' credentials at that moment.
    pub fn may_keep_status(&self, at: Timestamp) -> bool {
        self.is_in_force(at) && self.issues.iter().any(|word| word == STATUS_LIST)
    }

    /// Whether it may denounce keys of that issuer at that moment.
    pub fn may_denounce(&self, issuer: &str, at: Timestamp) -> bool {
        self.is_in_force(at) && self.denounces.iter().any(|word| word == "*" || word == issuer)
    }

    fn is_in_force(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at < until)
    }

    /// Until when a credential of all these types stands after its issuer closed: the shortest of what `outlives` says.
    /// `None` where it says nothing of one of them.
    pub fn stands_until(&self, types: &[&str], closed: Timestamp) -> Option<Timestamp> {
        let plain = types.len() == 1;
        let of_type = |claimed: &&str| {
            let granted = self.outlives.iter().filter(|(word, _)| grants(std::slice::from_ref(word), claimed, types));
            granted.map(|(_, days)| *days).max()
        };
        let claimed = types.iter().filter(|claimed| plain || **claimed != "VerifiableCredential");
        let days = claimed.map(of_type).collect::<Option<Vec<Days>>>()?.into_iter().min()?;
        Some(closed.plus_seconds(i64::try_from(days.seconds()).unwrap_or(i64::MAX)))
    }
}

/// Whether a word of `issues` names proofs of address: that somebody lives somewhere needs an issuer who would say that
/// they left.
fn is_address(word: &str) -> bool {
    let kind = Kind::ProofOfAddress;
    word == kind.name() || word == kind.credential_type() || Kind::of_vct(word) == Some(kind)
}

/// A kind's name grants the types that come with the kind, and only where the kind's own type is among those claimed;
/// and a `vct` that stands for the kind, the kind's own or another scheme's, by itself.
pub(super) fn grants(words: &[String], credential_type: &str, claimed: &[&str]) -> bool {
    let is_part_of = |kind: Kind| {
        Kind::of_vct(credential_type) == Some(kind)
            || claimed.contains(&kind.credential_type()) && kind.types().contains(&credential_type)
    };
    words
        .iter()
        .any(|granted| granted == "*" || granted == credential_type || Kind::from_name(granted).is_some_and(is_part_of))
}
