//! What a verifier demands, as data: presets by name, or a JSON file.
//!
//! Everything is required unless the policy says otherwise, and what it relaxes stands in every report.

use serde::{Deserialize, Serialize};

use super::check::{CheckId, CheckSet};
use super::materials::{MaterialError, Materials};
use crate::credential::kind::Kind;
use crate::encoding::json::{self, JsonError};
use crate::error::Explain;
use crate::limits;
use crate::time::{Days, Timestamp};
use crate::trust::certificate::{CertificateError, Chain};
use crate::trust::{Entry, PinnedContext, Resolver, TrustList, pinned, problem_of_pins};

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not strict JSON.
    #[error("the policy: {0}")]
    Json(#[from] JsonError),
    /// A member is missing, unknown or of the wrong form.
    #[error("the policy: {0}")]
    Form(String),
    /// `type` is not `Policy`, or `version` is not 1.
    #[error("the policy: \"type\":\"Policy\" and \"version\":1 were expected")]
    Version,
    /// No check of that name.
    #[error("the policy: there is no check \"{0}\"")]
    UnknownCheck(String),
    /// No kind of that name.
    #[error("the policy: there is no kind \"{0}\"")]
    UnknownKind(String),
    /// A check that nothing may relax.
    #[error("the policy: the check {0} cannot be relaxed")]
    Foundation(CheckId),
    /// A pin of a context cannot be used.
    #[error("the policy: context {position}: {problem}")]
    Context {
        /// Its position, from 0.
        position: usize,
        /// What is wrong.
        problem: &'static str,
    },
}

impl Explain for PolicyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Form(_) => "policy.form",
            Self::Version => "policy.version",
            Self::UnknownCheck(_) => "policy.unknown-check",
            Self::UnknownKind(_) => "policy.unknown-kind",
            Self::Foundation(_) => "policy.foundation",
            Self::Context { .. } => "policy.context",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Form(_) | Self::Version => {
                "Write it like {\"type\":\"Policy\",\"version\":1,\"accepts\":[\"proof-of-address\"],\
                 \"holderBinding\":\"required\"}."
            }
            Self::UnknownCheck(_) => "docs/checks.md lists the checks.",
            Self::UnknownKind(_) => "The kinds are proof-of-address, licence and skill.",
            Self::Context { .. } => {
                "Write it like \"contexts\":[{\"id\":\"https://register.example/context/v1\",\"digest\":\"sha256-...\"}]."
            }
            Self::Foundation(_) => "Without it nothing is known about the document: take it out of \"relax\".",
        }
    }
}

/// Whether whoever presents a credential must show that it was issued to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HolderBinding {
    /// When an audience or nonce is expected.
    #[default]
    WhenExpected,
    /// Always.
    Required,
    /// Never: a copy is as good as the original. Stands in every report as a relaxation of `holder.binding`.
    NotRequired,
}

/// Whether a signature counts whose key its issuer has replaced since. Its own time says little: whoever has the old key
/// writes any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RotatedKeys {
    /// No.
    #[default]
    Refuse,
    /// For so many days after the key was replaced, if the signature claims a time at which the key was in use.
    Within(Days),
    /// If a [compromise notice](crate::trust::notice) confirms this very document.
    WithEvidence,
}

/// Whether a document may define its words itself, where its signature covers what they mean and not the words (suites
/// that sign RDF): whoever holds it can then exchange the words for others of the same meaning, such as a debtor for a
/// creditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InlineContexts {
    /// No: what its words mean stands in contexts that are built in or pinned.
    #[default]
    Refuse,
    /// Yes, if they stand at its top and cannot name dates, status or proofs anew. Never for our own kinds.
    Accept,
}

/// For how long a status list is relied on after it was signed, where a policy does not say it.
pub(crate) const STATUS_DAYS: Days = Days(30);

/// The policies that come with the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// Any credential of a trusted issuer.
    Default,
    /// A bank that opens an account on a proof of address: bound to the person, at most three months old.
    BankAddress,
    /// A desk that checks licences, also handed over as files.
    LicenceCheck,
    /// A community that looks at a provider's skills.
    SkillCommunity,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 4] = [Self::Default, Self::BankAddress, Self::LicenceCheck, Self::SkillCommunity];

    /// The name by which the command line knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::BankAddress => "bank-address",
            Self::LicenceCheck => "licence-check",
            Self::SkillCommunity => "skill-community",
        }
    }

    /// The preset of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }
}

/// What a verifier demands.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub(crate) accepts: Option<Vec<Kind>>,
    pub(crate) holder_binding: HolderBinding,
    pub(crate) demand: CheckSet,
    relax: CheckSet,
    pub(crate) max_credential_age: Option<Days>,
    pub(crate) max_document_age: Option<Days>,
    pub(crate) max_trust_list_age: Option<Days>,
    pub(crate) max_status_age: Option<Days>,
    pub(crate) rotated_keys: RotatedKeys,
    pub(crate) fetch_unknown_issuers: bool,
    pub(crate) inline_contexts: InlineContexts,
    contexts: Vec<PinnedContext>,
    trust: Vec<TrustList>,
    /// What the trust lists carry along.
    pub(crate) archive: Materials,
    unreadable: Vec<MaterialError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    r#type: String,
    version: u32,
    #[serde(default, rename = "name")]
    _name: Option<String>,
    #[serde(default)]
    accepts: Option<Vec<String>>,
    #[serde(default)]
    holder_binding: HolderBinding,
    #[serde(default)]
    demand: Vec<String>,
    #[serde(default)]
    relax: Vec<String>,
    #[serde(default)]
    max_credential_age: Option<String>,
    #[serde(default)]
    max_document_age: Option<String>,
    #[serde(default)]
    max_trust_list_age: Option<String>,
    #[serde(default)]
    max_status_age: Option<String>,
    #[serde(default)]
    rotated_keys: RotatedKeys,
    #[serde(default)]
    fetch_unknown_issuers: bool,
    #[serde(default)]
    inline_contexts: InlineContexts,
    #[serde(default)]
    contexts: Vec<PinnedContext>,
}

impl Policy {
    /// A policy that comes with the library.
    pub fn preset(preset: Preset) -> Self {
        let accepts = |kind| Some(vec![kind]);
        match preset {
            Preset::Default => Self::default(),
            Preset::BankAddress => Self {
                accepts: accepts(Kind::ProofOfAddress),
                holder_binding: HolderBinding::Required,
                max_credential_age: Some(Days(92)),
                max_document_age: Some(Days(7)),
                max_status_age: Some(Days(7)),
                ..Self::default()
            },
            Preset::LicenceCheck => {
                Self { accepts: accepts(Kind::Licence), max_document_age: Some(Days(30)), ..Self::default() }
            }
            Preset::SkillCommunity => {
                Self { accepts: accepts(Kind::SkillCertification), max_document_age: Some(Days(30)), ..Self::default() }
            }
        }
    }

    /// Reads the JSON form: `type` `"Policy"`, `version` 1, and any of `name`, `accepts` (kinds), `holderBinding`
    /// (`when-expected`, `required`, `not-required`), `demand` and `relax` (check ids), `maxCredentialAge`,
    /// `maxDocumentAge`, `maxStatusAge` and `maxTrustListAge` (such as `90d`), `rotatedKeys` (`refuse`,
    /// `with-evidence`, or `{"within": "30d"}`), `fetchUnknownIssuers`, `inlineContexts` (`refuse`, `accept`), `contexts`
    /// (`{"id": URL, "digest": "sha256-..."}`).
    ///
    /// # Errors
    /// [`PolicyError`]; an unknown member is one: a demand that is misspelt must not become no demand.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > limits::MATERIAL_BYTES {
            return Err(JsonError::TooLarge { bytes: bytes.len(), limit: limits::MATERIAL_BYTES }.into());
        }
        let written: Written =
            serde_json::from_value(json::parse(bytes)?).map_err(|error| PolicyError::Form(error.to_string()))?;
        if written.r#type != "Policy" || written.version != 1 {
            return Err(PolicyError::Version);
        }
        let mut policy = Self {
            accepts: written.accepts.map(kinds).transpose()?,
            holder_binding: written.holder_binding,
            demand: checks(written.demand)?,
            max_credential_age: age("maxCredentialAge", written.max_credential_age)?,
            max_document_age: age("maxDocumentAge", written.max_document_age)?,
            max_trust_list_age: age("maxTrustListAge", written.max_trust_list_age)?,
            max_status_age: age("maxStatusAge", written.max_status_age)?,
            rotated_keys: written.rotated_keys,
            fetch_unknown_issuers: written.fetch_unknown_issuers,
            inline_contexts: written.inline_contexts,
            ..Self::default()
        };
        policy.contexts = check_pins(written.contexts)?;
        for check in checks(written.relax)?.iter() {
            policy = policy.relaxing(check)?;
        }
        Ok(policy)
    }

    /// With the issuers of this list trusted, beside those of lists given before. Where two lists name one issuer, the
    /// one given first decides.
    #[must_use]
    pub fn trusting(mut self, list: TrustList) -> Self {
        self.unreadable.extend(self.archive.add_archives(&list).err());
        self.trust.push(list);
        self
    }

    /// With this context pinned: its content counts for its URL, before what trust lists pin. A content that was pinned
    /// for the same URL before no longer counts.
    ///
    /// # Errors
    /// [`PolicyError::Context`].
    pub fn pinning(mut self, context: PinnedContext) -> Result<Self, PolicyError> {
        self.contexts.retain(|other| other.id != context.id);
        self.contexts.push(context);
        self.contexts = check_pins(self.contexts)?;
        Ok(self)
    }

    /// With another rule for documents that define their words themselves.
    #[must_use]
    pub fn inline_contexts(mut self, rule: InlineContexts) -> Self {
        self.inline_contexts = rule;
        self
    }

    /// The SHA-256 of the content that counts for the context at that URL; `None` where nobody pinned one.
    pub(crate) fn pin_of(&self, url: &str) -> Option<[u8; 32]> {
        pinned(self.contexts.iter().chain(self.trust.iter().flat_map(TrustList::contexts)), url)
    }

    /// What went wrong with the archives of the trust lists, one error a list. What cannot be read is not at hand, so
    /// nothing becomes valid by it.
    pub fn unreadable_archives(&self) -> &[MaterialError] {
        &self.unreadable
    }

    /// The endpoints that the trust lists believe for this DID method, such as `ethr`, in their order.
    pub fn resolvers(&self, method: &str) -> impl Iterator<Item = &Resolver> {
        let is_named = move |resolver: &&Resolver| resolver.methods.iter().any(|name| name == method);
        self.trust.iter().flat_map(TrustList::resolvers).filter(is_named)
    }

    /// With another rule for keys that issuers have replaced.
    #[must_use]
    pub fn rotated_keys(mut self, rule: RotatedKeys) -> Self {
        self.rotated_keys = rule;
        self
    }

    /// Relying on a status list for at most so many days after it was signed; without this for 30.
    #[must_use]
    pub fn max_status_age(mut self, age: Days) -> Self {
        self.max_status_age = Some(age);
        self
    }

    /// Taking credentials of these kinds and no others.
    #[must_use]
    pub fn accepting(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.accepts = Some(kinds.into_iter().collect());
        self
    }

    /// Taking credentials that began at most so many days ago.
    #[must_use]
    pub fn max_credential_age(mut self, age: Days) -> Self {
        self.max_credential_age = Some(age);
        self
    }

    /// Relying on fetched key documents for at most so many days.
    #[must_use]
    pub fn max_document_age(mut self, age: Days) -> Self {
        self.max_document_age = Some(age);
        self
    }

    /// Relying on a trust list for at most so many days after it was written.
    #[must_use]
    pub fn max_trust_list_age(mut self, age: Days) -> Self {
        self.max_trust_list_age = Some(age);
        self
    }

    /// Asking the host to fetch key documents of issuers that no trust list knows, too. Whoever presents a document
    /// then decides what this host fetches.
    #[must_use]
    pub fn fetching_unknown_issuers(mut self) -> Self {
        self.fetch_unknown_issuers = true;
        self
    }

    /// With another rule for holder binding.
    #[must_use]
    pub fn holder_binding(mut self, rule: HolderBinding) -> Self {
        self.holder_binding = rule;
        self
    }

    /// With this check demanded: where it does not apply, the outcome is undetermined.
    #[must_use]
    pub fn demanding(mut self, check: CheckId) -> Self {
        self.demand = self.demand.with(check);
        self
    }

    /// With this check not required. It is still made and reported.
    ///
    /// # Errors
    /// [`PolicyError::Foundation`].
    pub fn relaxing(mut self, check: CheckId) -> Result<Self, PolicyError> {
        if CheckId::FOUNDATION.contains(&check) {
            return Err(PolicyError::Foundation(check));
        }
        self.relax = self.relax.with(check);
        Ok(self)
    }

    /// The trust lists, in the order in which they were given.
    pub fn trust_lists(&self) -> &[TrustList] {
        &self.trust
    }

    /// The checks that are not required.
    pub fn relaxed(&self) -> CheckSet {
        match self.holder_binding {
            HolderBinding::NotRequired => self.relax.with(CheckId::HolderBinding),
            _ => self.relax,
        }
    }

    /// What the first list that names the issuer says of it.
    pub(crate) fn known(&self, issuer: &str) -> Option<Known<'_>> {
        self.trust.iter().find_map(|list| list.entry(issuer).map(|entry| Known { list, entry }))
    }

    /// What the first list says that has an anchor to which the chain leads. Otherwise the most telling reason why none
    /// does.
    pub(crate) fn anchor_of(&self, chain: &Chain, at: Timestamp) -> Result<Known<'_>, CertificateError> {
        let mut reason = CertificateError::UnknownAnchor;
        for list in &self.trust {
            match list.anchor_of(chain, at) {
                Ok(entry) => return Ok(Known { list, entry }),
                Err(CertificateError::UnknownAnchor) => {}
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }
}

/// An entry and the list in which it stands.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) list: &'a TrustList,
    pub(crate) entry: &'a Entry,
}

fn check_pins(contexts: Vec<PinnedContext>) -> Result<Vec<PinnedContext>, PolicyError> {
    if contexts.len() > limits::PINNED_CONTEXTS {
        let problem = "there are too many";
        return Err(PolicyError::Context { position: limits::PINNED_CONTEXTS, problem });
    }
    match problem_of_pins(&contexts) {
        Some((position, problem)) => Err(PolicyError::Context { position, problem }),
        None => Ok(contexts),
    }
}

fn kinds(names: Vec<String>) -> Result<Vec<Kind>, PolicyError> {
    names.into_iter().map(|name| Kind::from_name(&name).ok_or(PolicyError::UnknownKind(name))).collect()
}

fn checks(names: Vec<String>) -> Result<CheckSet, PolicyError> {
    names.into_iter().map(|name| CheckId::from_name(&name).ok_or(PolicyError::UnknownCheck(name))).collect()
}

fn age(member: &str, text: Option<String>) -> Result<Option<Days>, PolicyError> {
    text.map(|text| {
        Days::parse(&text).ok_or_else(|| PolicyError::Form(format!("{member}: days such as \"90d\" were expected")))
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(members: &str) -> &'static str {
        let text = format!(r#"{{"type":"Policy","version":1{members}}}"#);
        Policy::parse(text.as_bytes()).map_or_else(|error| error.code(), |_| "read")
    }

    #[test]
    fn a_policy_reads_every_member() {
        let all = r#","name":"Desk 4","accepts":["licence","skill"],"holderBinding":"required","demand":["status.revocation"],
            "relax":["schema"],"maxCredentialAge":"90d","maxDocumentAge":"1d","maxTrustListAge":"30d","maxStatusAge":"7d",
            "rotatedKeys":{"within":"30d"},"fetchUnknownIssuers":true,"inlineContexts":"accept",
            "contexts":[{"id":"https://a.example/v1","digest":"sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="}]"#;
        assert_eq!(code(all), "read");
        assert_eq!(code(""), "read");
        assert_eq!(code(r#","rotatedKeys":"with-evidence""#), "read");
    }

    #[test]
    fn nothing_undoes_the_foundation() {
        for check in CheckId::FOUNDATION {
            assert_eq!(code(&format!(r#","relax":["{check}"]"#)), "policy.foundation");
            assert_eq!(Policy::default().relaxing(check).unwrap_err(), PolicyError::Foundation(check));
        }
        for check in CheckId::ALL.into_iter().filter(|check| !CheckId::FOUNDATION.contains(check)) {
            assert!(Policy::default().relaxing(check).unwrap().relaxed().contains(check));
        }
    }

    #[test]
    fn what_is_misspelt_is_refused() {
        assert_eq!(code(r#","accept":["licence"]"#), "policy.form");
        assert_eq!(code(r#","accepts":["license"]"#), "policy.unknown-kind");
        assert_eq!(code(r#","demand":["status"]"#), "policy.unknown-check");
        assert_eq!(code(r#","relax":["Schema"]"#), "policy.unknown-check");
        assert_eq!(code(r#","holderBinding":false"#), "policy.form");
        assert_eq!(code(r#","maxCredentialAge":"90"#), "json.syntax");
        assert_eq!(code(r#","maxCredentialAge":"3 months""#), "policy.form");
        assert_eq!(code(r#","maxCredentialAge":90"#), "policy.form");
        assert_eq!(code(r#","maxStatusAge":"0""#), "policy.form");
        assert_eq!(code(r#","rotatedKeys":"accept""#), "policy.form");
        assert_eq!(code(r#","rotatedKeys":{"within":"ever"}"#), "policy.form");
        assert_eq!(code(r#","rotatedKeys":{"within":"30d","refuse":true}"#), "policy.form");
        assert_eq!(code(r#","inlineContexts":true"#), "policy.form");
        assert_eq!(code(r#","contexts":[{"id":"https://a.example/v1","digest":"sha256-"}]"#), "policy.context");
        assert_eq!(code(r#","contexts":["https://a.example/v1"]"#), "policy.form");
        assert_eq!(code(r#","version":1"#), "json.duplicate-member");
        assert_eq!(Policy::parse(br#"{"type":"Policy","version":2}"#).unwrap_err(), PolicyError::Version);
    }

    #[test]
    fn of_two_pins_of_one_context_the_policys_own_decides() {
        let (own, theirs) = (b"{}", b"[]");
        let pin = |bytes: &[u8]| PinnedContext::of("https://a.example/v1", bytes);
        let list = TrustList::new(Timestamp::from_unix(0).unwrap(), Vec::new()).unwrap();
        let trusting = Policy::default().trusting(list.pinning(vec![pin(theirs)]).unwrap());
        assert_eq!(trusting.pin_of("https://a.example/v1"), pin(theirs).sha_256());
        let policy = trusting.pinning(pin(own)).unwrap();
        assert_eq!(policy.pin_of("https://a.example/v1"), pin(own).sha_256());
        assert_eq!(policy.pin_of("https://a.example/v2"), None);
        // Another word of the same owner takes the place of the one before.
        let anew = policy.pinning(pin(theirs)).unwrap();
        assert_eq!(anew.pin_of("https://a.example/v1"), pin(theirs).sha_256());
    }

    #[test]
    fn a_relaxed_holder_binding_is_reported() {
        assert!(Policy::default().relaxed().is_empty());
        assert!(
            Policy::default().holder_binding(HolderBinding::NotRequired).relaxed().contains(CheckId::HolderBinding)
        );
    }
}
