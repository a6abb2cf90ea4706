//! The trust list: parties that a verifier knows, what each may issue, where and when; and what each may ask holders
//! for, which a wallet looks at.
//!
//! A party is known by its identifier, or by a certificate: then it is everyone whose chain leads to that certificate.
//! The list is its owner's word, kept on the owner's machine. Nothing that is presented can add to it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::certificate::{Anchor, CertificateError, Chain};
use super::context::{self, PinnedContext};
use super::entry::{Entry, Resolver, grants};
use super::error::TrustError;
use crate::encoding::json::{self, JsonError};
use crate::limits;
use crate::time::Timestamp;

/// What a trust list says of one credential's issuer, or of whoever asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing<'a> {
    /// It may do all of this.
    Trusted,
    /// It does not stand in the list.
    Unknown,
    /// It may not issue this type, or not ask for it. An empty text where no type was named at all.
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

/// A list of parties: a verifier's issuers, or who may ask a holder.
#[derive(Debug, Clone, Serialize)]
pub struct TrustList {
    r#type: &'static str,
    version: u32,
    issued: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resolvers: Vec<Resolver>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contexts: Vec<PinnedContext>,
    entries: Vec<Entry>,
    #[serde(skip)]
    by_id: HashMap<String, usize>,
    /// The anchors, each with the position of its entry.
    #[serde(skip)]
    anchors: Vec<(usize, Anchor)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    r#type: String,
    version: u32,
    issued: Timestamp,
    #[serde(default)]
    resolvers: Vec<Resolver>,
    #[serde(default)]
    contexts: Vec<PinnedContext>,
    entries: Vec<Entry>,
}

impl TrustList {
    /// A list of these entries.
    ///
    /// # Errors
    /// [`TrustError`] when an entry contradicts itself or another.
    pub fn new(issued: Timestamp, mut entries: Vec<Entry>) -> Result<Self, TrustError> {
        if entries.len() > limits::TRUST_ENTRIES {
            return Err(TrustError::TooMany { limit: limits::TRUST_ENTRIES });
        }
        let mut by_id = HashMap::with_capacity(entries.len());
        let mut anchors = Vec::new();
        for (position, entry) in entries.iter_mut().enumerate() {
            if let Some(problem) = entry.problem() {
                return Err(TrustError::Entry { position, problem });
            }
            if let Some(certificate) = &entry.certificate {
                let anchor =
                    Anchor::from_base64(certificate).map_err(|error| TrustError::Certificate { position, error })?;
                let id = anchor.id();
                if !entry.id.is_empty() && entry.id != id {
                    let problem = "\"id\" is not that of the certificate: leave it out";
                    return Err(TrustError::Entry { position, problem });
                }
                entry.id = id;
                anchors.push((position, anchor));
            }
            if let Some(first) = by_id.insert(entry.id.clone(), position) {
                return Err(TrustError::Twice { first, second: position });
            }
        }
        let (resolvers, contexts) = (Vec::new(), Vec::new());
        Ok(Self { r#type: "TrustList", version: 1, issued, resolvers, contexts, entries, by_id, anchors })
    }

    /// With these endpoints believed for their DID methods.
    ///
    /// # Errors
    /// [`TrustError::Resolver`].
    pub fn resolving(mut self, resolvers: Vec<Resolver>) -> Result<Self, TrustError> {
        if resolvers.len() > limits::RESOLVERS {
            return Err(TrustError::TooMany { limit: limits::RESOLVERS });
        }
        for (position, resolver) in resolvers.iter().enumerate() {
            if let Some(problem) = resolver.problem() {
                return Err(TrustError::Resolver { position, problem });
            }
        }
        self.resolvers = resolvers;
        Ok(self)
    }

    /// With these contexts pinned: what the issuers in it write is read by them.
    ///
    /// # Errors
    /// [`TrustError::Context`].
    pub fn pinning(mut self, contexts: Vec<PinnedContext>) -> Result<Self, TrustError> {
        if contexts.len() > limits::PINNED_CONTEXTS {
            return Err(TrustError::TooMany { limit: limits::PINNED_CONTEXTS });
        }
        if let Some((position, problem)) = context::problem(&contexts) {
            return Err(TrustError::Context { position, problem });
        }
        self.contexts = contexts;
        Ok(self)
    }

    /// Reads the JSON form. Unknown members are refused: a limit that is misspelt must not become no limit.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, TrustError> {
        if bytes.len() > limits::TRUST_LIST_BYTES {
            return Err(JsonError::TooLarge { bytes: bytes.len(), limit: limits::TRUST_LIST_BYTES }.into());
        }
        let written: Written =
            serde_json::from_value(json::parse(bytes)?).map_err(|error| TrustError::Form(error.to_string()))?;
        if written.r#type != "TrustList" || written.version != 1 {
            return Err(TrustError::Version);
        }
        Self::new(written.issued, written.entries)?.resolving(written.resolvers)?.pinning(written.contexts)
    }

    /// When the list was written.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// All entries, in their order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The endpoints that are believed for some DID methods.
    pub fn resolvers(&self) -> &[Resolver] {
        &self.resolvers
    }

    /// The contexts that are pinned.
    pub fn contexts(&self) -> &[PinnedContext] {
        &self.contexts
    }

    /// The entry with that `id`.
    ///
    /// Of an entry with a certificate it says that it exists and no more: whether somebody belongs to it is for
    /// [`anchor_of`](Self::anchor_of) to say.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.by_id.get(id).and_then(|position| self.entries.get(*position))
    }

    /// The first entry to whose certificate the chain is valid at that moment, and among whose `subjects`, where it has
    /// some, is that of the leaf.
    ///
    /// # Errors
    /// [`CertificateError`]: [`UnknownAnchor`](CertificateError::UnknownAnchor) where the chain leads to no entry, and
    /// else what is wrong with the path to one.
    pub fn anchor_of(&self, chain: &Chain, at: Timestamp) -> Result<&Entry, CertificateError> {
        let mut found = CertificateError::UnknownAnchor;
        for (position, anchor) in &self.anchors {
            let Some(entry) = self.entries.get(*position) else { continue };
            match chain.validate([anchor], at) {
                Ok(_) if entry.subjects.as_ref().is_none_or(|subjects| subjects.contains(&chain.subject())) => {
                    return Ok(entry);
                }
                Ok(_) => found = found.or_more_telling(CertificateError::SubjectNotListed),
                Err(error) => found = found.or_more_telling(error),
            }
        }
        Err(found)
    }

    /// Whether `issuer`, by its own identifier, may issue a credential of **all** these types, about `region`, at that
    /// moment. `VerifiableCredential` itself needs no grant unless it is the only type.
    ///
    /// An entry with a certificate is nobody's identifier: see [`anchor_of`](Self::anchor_of) and
    /// [`standing_of`](Self::standing_of).
    pub fn standing<'a>(
        &self,
        issuer: &str,
        types: &[&'a str],
        region: Option<&'a str>,
        at: Timestamp,
    ) -> Standing<'a> {
        match self.entry(issuer) {
            Some(entry) if entry.certificate.is_none() => Self::standing_of(entry, types, region, at),
            _ => Standing::Unknown,
        }
    }

    /// As [`standing`](Self::standing), for an entry that was found by other means than its `id`.
    pub fn standing_of<'a>(entry: &Entry, types: &[&'a str], region: Option<&'a str>, at: Timestamp) -> Standing<'a> {
        if let Some(outside) = outside(entry, &entry.issues, types, at) {
            return outside;
        }
        match (&entry.regions, region) {
            (None, _) => Standing::Trusted,
            (Some(_), None) => Standing::RegionNotShown,
            (Some(_), Some(region)) if entry.covers(region) => Standing::Trusted,
            (Some(_), Some(region)) => Standing::OtherRegion(region),
        }
    }

    /// Whether this party may ask holders for a credential of **all** these types at that moment, by its `verifies`.
    /// `regions` says where it issues, and does not limit what it asks for.
    pub fn may_ask<'a>(entry: &Entry, types: &[&'a str], at: Timestamp) -> Standing<'a> {
        outside(entry, &entry.verifies, types, at).unwrap_or(Standing::Trusted)
    }
}

/// Why an entry that grants these words does not reach these types at that moment; `None` if it does.
fn outside<'a>(entry: &Entry, words: &[String], types: &[&'a str], at: Timestamp) -> Option<Standing<'a>> {
    if let Some(from) = entry.from.filter(|from| at < *from) {
        return Some(Standing::NotYet(from));
    }
    if let Some(until) = entry.until.filter(|until| at >= *until) {
        return Some(Standing::Ended(until));
    }
    if types.is_empty() && !words.iter().any(|word| word == "*") {
        return Some(Standing::OtherType(""));
    }
    let plain = types.len() == 1;
    let claimed = types.iter().filter(|claimed| plain || **claimed != "VerifiableCredential");
    let refused = claimed.into_iter().find(|claimed| !grants(words, claimed, types))?;
    Some(Standing::OtherType(refused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::kind::Kind;
    use crate::error::Explain;

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
    fn who_may_ask_is_told_apart_from_who_may_issue() {
        let list = list(&format!(
            r#"{{"id":"{NGO}","issues":["proof-of-address"],"verifies":["licence","AlumniCredential"],"regions":["HK"],"until":"2026-03-01T00:00:00Z"}},{{"id":"did:web:bank.example","verifies":["*"]}},{{"id":"did:web:school.example","issues":["*"]}}"#
        ))
        .unwrap();
        let may = |id: &str, types: &[&'static str], time| TrustList::may_ask(list.entry(id).unwrap(), types, at(time));
        let (early, late) = ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
        assert_eq!(may(NGO, Kind::Licence.types(), early), Standing::Trusted);
        assert_eq!(may(NGO, &[Kind::Licence.vct()], early), Standing::Trusted);
        assert_eq!(may(NGO, &["VerifiableCredential", "AlumniCredential"], early), Standing::Trusted);
        assert_eq!(may(NGO, Kind::Licence.types(), late), Standing::Ended(at(late)));
        let address = "ProofOfAddressCredential";
        assert_eq!(may(NGO, Kind::ProofOfAddress.types(), early), Standing::OtherType(address));
        assert_eq!(may(NGO, &["LicenceCredential", address], early), Standing::OtherType(address));
        assert_eq!(may(NGO, &["VerifiableCredential"], early), Standing::OtherType("VerifiableCredential"));
        assert_eq!(may(NGO, &[], early), Standing::OtherType(""), "whoever names no type asks for any");
        assert_eq!(may("did:web:bank.example", &[], late), Standing::Trusted);
        assert_eq!(may("did:web:bank.example", &["Anything"], late), Standing::Trusted);
        assert_eq!(may("did:web:school.example", &["Anything"], late), Standing::OtherType("Anything"));
        let issue = |id: &str| list.standing(id, &["Anything"], Some("HK"), at(early));
        assert_eq!(issue("did:web:bank.example"), Standing::OtherType("Anything"));
        assert_eq!(issue("did:web:school.example"), Standing::Trusted);
    }

    #[test]
    fn a_list_that_could_be_misread_is_refused() {
        let code = |entry: &str| list(entry).map_or_else(|error| error.code(), |_| "read");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"]}}"#)), "read");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"],"region":["HK"]}}"#)), "trust-list.form");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":["*"],"until":"soon"}}"#)), "trust-list.form");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}"}}"#)), "trust-list.entry");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":[]}}"#)), "trust-list.entry");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","issues":[],"verifies":[]}}"#)), "trust-list.entry");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","verifies":"*"}}"#)), "trust-list.form");
        assert_eq!(code(&format!(r#"{{"id":"{NGO}","verifies":["*"]}}"#)), "read");
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
    fn what_closed_issuers_leave_is_bounded_and_names_no_addresses() {
        let code = |members: &str| {
            list(&format!(r#"{{"id":"{NGO}","issues":["*"],{members}}}"#)).map_or_else(|error| error.code(), |_| "read")
        };
        assert_eq!(code(r#""closed":"2026-02-01T00:00:00Z","outlives":{"licence":"3650d"}"#), "read");
        for word in ["proof-of-address", "ProofOfAddressCredential", Kind::ProofOfAddress.vct()] {
            let members = format!(r#""closed":"2026-02-01T00:00:00Z","outlives":{{"{word}":"90d"}}"#);
            assert_eq!(code(&members), "trust-list.entry", "{word}");
        }
        assert_eq!(code(r#""outlives":{"licence":"90d"}"#), "read", "said while the issuer is still there");
        assert_eq!(
            code(r#""archive":[{"type":"log","url":"did:webvh:a:b.example","body":"e30"}]"#),
            "trust-list.entry"
        );
        let notices = r#""archive":[{"type":"compromise-notices","url":"https://ngo.example/notices","body":"e30"}]"#;
        assert_eq!(code(notices), "read");
        assert_eq!(code(r#""outlives":{"licence":"for ever"}"#), "trust-list.form");
        assert_eq!(code(r#""closed":"soon""#), "trust-list.form");
        let archived = |count: usize, body: &str| {
            let item = format!(r#"{{"type":"log","url":"did:webvh:a:b.example","body":"{body}"}}"#);
            format!(r#""closed":"2026-02-01T00:00:00Z","archive":[{}]"#, vec![item; count].join(","))
        };
        assert_eq!(code(&archived(limits::ARCHIVED, "e30")), "read");
        assert_eq!(code(&archived(limits::ARCHIVED + 1, "e30")), "trust-list.entry");
        assert_eq!(code(&archived(1, "e30=")), "trust-list.entry");
        assert_eq!(code(r#""archive":[{"type":"log","url":"did:webvh:a:b.example","file":"log"}]"#), "trust-list.form");
    }

    #[test]
    fn how_long_documents_outlive_their_issuer_is_said_for_every_type() {
        let list =
            list(&format!(r#"{{"id":"{NGO}","issues":["*"],"closed":"2026-02-01T00:00:00Z","outlives":{{"licence":"10d","AlumniCredential":"5d"}}}}"#))
                .unwrap();
        let closed = at("2026-02-01T00:00:00Z");
        let until = |types: &[&str]| list.entry(NGO).unwrap().stands_until(types, closed);
        assert_eq!(until(Kind::Licence.types()), Some(at("2026-02-11T00:00:00Z")));
        assert_eq!(until(&[Kind::Licence.vct()]), Some(at("2026-02-11T00:00:00Z")));
        let both = ["VerifiableCredential", "LicenceCredential", "AlumniCredential"];
        assert_eq!(until(&both), Some(at("2026-02-06T00:00:00Z")), "the shortest");
        assert_eq!(until(&["VerifiableCredential", "LicenceCredential", "OtherCredential"]), None);
        assert_eq!(until(Kind::SkillCertification.types()), None);
    }

    #[test]
    fn contexts_are_pinned_by_their_bytes() {
        let code = |contexts: &str| {
            let text = format!(
                r#"{{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[],"contexts":{contexts}}}"#
            );
            TrustList::parse(text.as_bytes()).map_or_else(|error| error.code(), |_| "read")
        };
        let pin = |id: &str| format!(r#"{{"id":"{id}","digest":"{}"}}"#, PinnedContext::of(id, b"{}").digest);
        assert_eq!(code(&format!("[{}]", pin("https://a.example/v1"))), "read");
        assert_eq!(code(&format!("[{0},{0}]", pin("https://a.example/v1"))), "trust-list.context");
        assert_eq!(code(&format!("[{}]", pin("https://www.w3.org/ns/credentials/v2"))), "trust-list.context");
        assert_eq!(code(r#"[{"id":"https://a.example/v1","digest":"sha256-"}]"#), "trust-list.context");
        assert_eq!(code(r#"[{"id":"https://a.example/v1"}]"#), "trust-list.form");
        assert_eq!(code(r#"[{"id":"https://a.example/v1","digest":"sha256-","body":"e30"}]"#), "trust-list.form");
        let many = |count: usize| {
            let pins: Vec<_> = (0..count).map(|number| pin(&format!("https://a.example/v{number}"))).collect();
            format!("[{}]", pins.join(","))
        };
        assert_eq!(code(&many(limits::PINNED_CONTEXTS)), "read");
        assert_eq!(code(&many(limits::PINNED_CONTEXTS + 1)), "trust-list.too-many");
    }

    #[test]
    fn a_resolver_is_believed_for_methods_that_prove_nothing_themselves() {
        let code = |resolvers: &str| {
            let text = format!(
                r#"{{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[],"resolvers":{resolvers}}}"#
            );
            TrustList::parse(text.as_bytes()).map_or_else(|error| error.code(), |_| "read")
        };
        let resolver = |endpoint: &str, methods: &str| format!(r#"[{{"endpoint":"{endpoint}","methods":{methods}}}]"#);
        assert_eq!(code(&resolver("https://resolver.example/1.0/identifiers/", r#"["ethr","ion"]"#)), "read");
        assert_eq!(code(&resolver("http://resolver.example/", r#"["ethr"]"#)), "trust-list.resolver");
        assert_eq!(code(&resolver("https://resolver.example/", "[]")), "trust-list.resolver");
        assert_eq!(code(&resolver("https://resolver.example/", r#"["*"]"#)), "trust-list.resolver");
        for method in ["key", "jwk", "web", "webvh"] {
            let named = resolver("https://resolver.example/", &format!(r#"["{method}"]"#));
            assert_eq!(code(&named), "trust-list.resolver", "{method}");
        }
        assert_eq!(code(r#"[{"endpoint":"https://resolver.example/"}]"#), "trust-list.form");
    }

    #[test]
    fn who_keeps_lists_and_who_denounces_is_said_expressly() {
        let list = list(&format!(
            r#"{{"id":"{NGO}","issues":["*"],"until":"2026-03-01T00:00:00Z"}},
               {{"id":"did:web:keeper.example","issues":["status-list"],"until":"2026-03-01T00:00:00Z"}},
               {{"id":"did:web:registry.example","denounces":["{NGO}"],"from":"2026-02-01T00:00:00Z"}}"#
        ))
        .unwrap();
        let entry = |id: &str| list.entry(id).unwrap();
        let (early, late) = (at("2026-01-15T00:00:00Z"), at("2026-03-01T00:00:00Z"));
        assert!(!entry(NGO).may_keep_status(early), "who may issue anything keeps no lists of others");
        assert!(entry("did:web:keeper.example").may_keep_status(early));
        assert!(!entry("did:web:keeper.example").may_keep_status(late));
        let registry = entry("did:web:registry.example");
        assert!(registry.may_denounce(NGO, late) && !registry.may_denounce(NGO, early));
        assert!(!registry.may_denounce("did:web:keeper.example", late));
        assert!(!entry(NGO).may_denounce("did:web:keeper.example", early));
    }

    #[test]
    fn a_list_reads_what_it_writes() {
        let list = list(&format!(
            r#"{{"id":"{NGO}","name":{{"en":"A"}},"issues":["*"],"regions":["HK"],"closed":"2026-02-01T00:00:00Z",
                "outlives":{{"licence":"10d"}},"archive":[{{"type":"log","url":"did:webvh:a:b.example","body":"e30"}}]}}"#
        ))
        .unwrap();
        let again = TrustList::parse(serde_json::to_string(&list).unwrap().as_bytes()).unwrap();
        assert_eq!(again.entries(), list.entries());
        assert_eq!(again.issued(), list.issued());
    }
}
