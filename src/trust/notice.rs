//! Compromise notices: which of its keys an issuer denounces, and what each of them signed that still stands.
//!
//! A proof's time is its signer's own word, so a stolen key can backdate what it signs. A notice settles that without any
//! time: it lists the digests of what the issuer knows to have signed with the key, and nothing else that the key signed
//! counts, whatever date it claims. The same notice is the evidence that something was signed before a key was replaced.
//!
//! An issuer publishes all its notices as one signed document, so that none of them can be left out: a token of type
//! `compromise-notices+jwt`, or JSON with a Data Integrity proof, with the members
//!
//! ```json
//! {"type": "CompromiseNotices", "issuer": "did:webvh:...", "issued": "2026-11-20T09:00:00Z",
//!  "notices": [{"key": "did:webvh:...#key-1", "publicKeyMultibase": "z6Mk...", "since": "2026-11-18T00:00:00Z",
//!               "accepted": ["base64url of SHA-256"]}]}
//! ```
//!
//! Its key document names the address by a service of type `CompromiseNotices`. Who may sign one is for the verifier to
//! judge; nothing here has been verified.

use std::collections::HashSet;

use serde_json::json;

use crate::did::{Document, is_identifier};
use crate::encoding::base64url;
use crate::encoding::json::{Map, Value};
use crate::error::Explain;
use crate::keys::{PublicKey, Signer, SignerError};
use crate::limits;
use crate::securing::jose::{self, Jws, NewHeader};
use crate::time::Timestamp;

/// The document's `type`, and that of the service that leads to it.
pub const TYPE: &str = "CompromiseNotices";

/// The media type of the document as a token, without `application/`.
pub const MEDIA_TYPE: &str = "compromise-notices+jwt";

/// SHA-256 over exactly the bytes that were signed: the signing input of a token, what a Data Integrity suite hands to
/// its signature algorithm.
pub type Digest = [u8; 32];

/// Why a document holds no compromise notices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoticeError {
    /// A member is missing or has the wrong form.
    #[error("the compromise notices: the member {member} is missing or has the wrong form")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// A notice denounces a key that is not the issuer's.
    #[error("the compromise notices: notice {position} is about a key of somebody else")]
    OtherIssuer {
        /// Its position, from 0.
        position: usize,
    },
    /// Two notices are about one key.
    #[error("the compromise notices: two notices are about one key")]
    Twice,
    /// Not a token that one of the issuer's keys signed.
    #[error("the compromise notices: no key of the issuer signed them")]
    NotSigned,
    /// More than [`limits::NOTICES`] keys or [`limits::NOTICE_DIGESTS`] digests.
    #[error("the compromise notices: more than {limit} keys or digests")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
}

impl Explain for NoticeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Member { .. } => "notice.member",
            Self::OtherIssuer { .. } => "notice.other-issuer",
            Self::Twice => "notice.twice",
            Self::NotSigned => "notice.not-signed",
            Self::TooMany { .. } => "notice.too-many",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Member { .. } => "Ask the issuer to publish its notices anew, in the form that docs/checks.md shows.",
            Self::OtherIssuer { .. } => "An issuer denounces its own keys alone.",
            Self::Twice => "Put everything about one key into one notice.",
            Self::NotSigned => "Give the file that was published, unchanged.",
            Self::TooMany { .. } => "Issue anew what a lost key signed long ago, and leave its digests out.",
        }
    }
}

/// One key that its issuer denounces.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompromiseNotice {
    /// The key's verification method, an absolute URL under the issuer's identifier.
    pub key: String,
    /// The key itself: over the years, a name can stand for several.
    pub public_key: PublicKey,
    /// Since when others may have had it, as far as the issuer knows. Decides nothing: a thief writes any date.
    pub since: Timestamp,
    /// What the key signed that stands.
    pub accepted: HashSet<Digest>,
}

impl CompromiseNotice {
    /// A notice about that key, which accepts these digests.
    pub fn new(
        key: impl Into<String>,
        public_key: PublicKey,
        since: Timestamp,
        accepted: impl IntoIterator<Item = Digest>,
    ) -> Self {
        Self { key: key.into(), public_key, since, accepted: accepted.into_iter().collect() }
    }

    fn read(issuer: &str, position: usize, notice: &Value) -> Result<Self, NoticeError> {
        const EXPECTED: [&str; 4] = ["key", "publicKeyMultibase", "since", "accepted"];
        let notice = notice.as_object().ok_or(NoticeError::Member { member: "notices" })?;
        // A member that is not known could limit what the notice means.
        if notice.keys().any(|name| !EXPECTED.contains(&name.as_str())) {
            return Err(NoticeError::Member { member: "notices" });
        }
        let key = text(notice, "key")?;
        if key.strip_prefix(issuer).is_none_or(|rest| rest.len() < 2 || !rest.starts_with('#')) {
            return Err(NoticeError::OtherIssuer { position });
        }
        let public_key = PublicKey::from_multikey(text(notice, "publicKeyMultibase")?)
            .map_err(|_| NoticeError::Member { member: "publicKeyMultibase" })?;
        let member = "accepted";
        let digests = notice.get(member).and_then(Value::as_array).ok_or(NoticeError::Member { member })?;
        let digest = |value: &Value| Digest::try_from(base64url::decode(value.as_str()?).ok()?).ok();
        let accepted: Option<HashSet<Digest>> = digests.iter().map(digest).collect();
        Ok(Self {
            key: key.to_owned(),
            public_key,
            since: moment(notice, "since")?,
            accepted: accepted.ok_or(NoticeError::Member { member })?,
        })
    }
}

/// All notices of one issuer, as it published them at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompromiseNotices {
    issuer: String,
    issued: Timestamp,
    notices: Vec<CompromiseNotice>,
}

impl CompromiseNotices {
    /// The issuer's notices at that moment; there may be none.
    ///
    /// # Errors
    /// [`NoticeError`].
    pub fn new(
        issuer: impl Into<String>,
        issued: Timestamp,
        notices: Vec<CompromiseNotice>,
    ) -> Result<Self, NoticeError> {
        let issuer = issuer.into();
        if !is_identifier(&issuer) {
            return Err(NoticeError::Member { member: "issuer" });
        }
        if notices.len() > limits::NOTICES {
            return Err(NoticeError::TooMany { limit: limits::NOTICES });
        }
        let digests: usize = notices.iter().map(|notice| notice.accepted.len()).sum();
        if digests > limits::NOTICE_DIGESTS {
            return Err(NoticeError::TooMany { limit: limits::NOTICE_DIGESTS });
        }
        for (position, notice) in notices.iter().enumerate() {
            if notice.key.strip_prefix(issuer.as_str()).is_none_or(|rest| rest.len() < 2 || !rest.starts_with('#')) {
                return Err(NoticeError::OtherIssuer { position });
            }
            if notices[..position].iter().any(|earlier| earlier.public_key == notice.public_key) {
                return Err(NoticeError::Twice);
            }
        }
        Ok(Self { issuer, issued, notices })
    }

    /// Reads the content of a signed document, its proof taken off. Other members, such as those of a token or a
    /// `@context`, are left alone.
    ///
    /// # Errors
    /// [`NoticeError`].
    pub fn read(content: &Map) -> Result<Self, NoticeError> {
        if text(content, "type")? != TYPE {
            return Err(NoticeError::Member { member: "type" });
        }
        let issuer = text(content, "issuer")?;
        let items =
            content.get("notices").and_then(Value::as_array).ok_or(NoticeError::Member { member: "notices" })?;
        if items.len() > limits::NOTICES {
            return Err(NoticeError::TooMany { limit: limits::NOTICES });
        }
        let notices = items.iter().enumerate().map(|(position, item)| CompromiseNotice::read(issuer, position, item));
        Self::new(issuer, moment(content, "issued")?, notices.collect::<Result<_, _>>()?)
    }

    /// The content that is signed.
    pub fn to_json(&self) -> Map {
        let notice = |notice: &CompromiseNotice| {
            let mut accepted: Vec<String> = notice.accepted.iter().map(base64url::encode).collect();
            accepted.sort_unstable();
            json!({
                "key": notice.key,
                "publicKeyMultibase": notice.public_key.to_multikey(),
                "since": notice.since,
                "accepted": accepted,
            })
        };
        let mut content = Map::new();
        content.insert("type".to_owned(), TYPE.into());
        content.insert("issuer".to_owned(), self.issuer.as_str().into());
        content.insert("issued".to_owned(), json!(self.issued));
        content.insert("notices".to_owned(), self.notices.iter().map(notice).collect());
        content
    }

    /// Signs them into a token with the key that `method` names: one of the issuer's current keys, or that of a party
    /// that verifiers let denounce the issuer's.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn sign(&self, method: &str, signer: &dyn Signer) -> Result<String, SignerError> {
        let header = NewHeader { media_type: MEDIA_TYPE, content_type: None, key_id: Some(method), certificates: &[] };
        jose::sign(&self.to_json(), &header, signer)
    }

    /// Takes a token apart that [`sign`](Self::sign) made, if one of these keys signed it. Who may sign notices that
    /// count, the verifier judges; this is for an issuer that adds to its own.
    ///
    /// # Errors
    /// [`NoticeError`].
    pub fn open<'k>(token: &str, keys: impl IntoIterator<Item = &'k PublicKey>) -> Result<Self, NoticeError> {
        let token = Jws::parse(token.trim()).map_err(|_| NoticeError::NotSigned)?;
        if !token.header.media_type.as_deref().is_some_and(|it| jose::is_media_type(it, MEDIA_TYPE)) {
            return Err(NoticeError::Member { member: "typ" });
        }
        let algorithm = token.header.algorithm.as_ref().ok().filter(|_| !token.header.has_critical);
        let fits = |key: &PublicKey| algorithm.is_some_and(|algorithm| token.verify(*algorithm, key).is_ok());
        if !keys.into_iter().any(fits) {
            return Err(NoticeError::NotSigned);
        }
        Self::read(&token.payload)
    }

    /// Whose keys they are about.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// When they were signed.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// Each notice.
    pub fn notices(&self) -> &[CompromiseNotice] {
        &self.notices
    }

    /// The notice about this key.
    pub fn about(&self, key: &PublicKey) -> Option<&CompromiseNotice> {
        self.notices.iter().find(|notice| notice.public_key == *key)
    }
}

/// Where the issuer with this key document publishes its notices: the https URL of its service of that type. Of several
/// the first counts.
///
/// # Errors
/// [`NoticeError::Member`] where there is such a service and no https URL in it.
pub fn address(document: &Document) -> Result<Option<&str>, NoticeError> {
    let Some(Value::Array(services)) = document.member("service") else { return Ok(None) };
    let is_ours = |service: &&Value| match service.get("type") {
        Some(Value::String(name)) => name == TYPE,
        Some(Value::Array(names)) => names.iter().any(|name| name == TYPE),
        _ => false,
    };
    let Some(service) = services.iter().find(is_ours) else { return Ok(None) };
    let endpoint = service.get("serviceEndpoint").and_then(Value::as_str);
    match endpoint.filter(|url| url.starts_with("https://") && url.len() <= limits::DID_BYTES) {
        Some(url) => Ok(Some(url)),
        None => Err(NoticeError::Member { member: "serviceEndpoint" }),
    }
}

fn text<'m>(map: &'m Map, member: &'static str) -> Result<&'m str, NoticeError> {
    map.get(member).and_then(Value::as_str).ok_or(NoticeError::Member { member })
}

fn moment(map: &Map, member: &'static str) -> Result<Timestamp, NoticeError> {
    Timestamp::parse(text(map, member)?).map_err(|_| NoticeError::Member { member })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{KeyType, SoftwareKey};

    const NGO: &str = "did:web:ngo.example";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn key() -> PublicKey {
        SoftwareKey::generate(KeyType::Ed25519).unwrap().public_key()
    }

    fn content(change: impl FnOnce(&mut Value)) -> &'static str {
        let mut content = json!({
            "type": TYPE, "issuer": NGO, "issued": "2026-11-20T09:00:00Z",
            "notices": [{
                "key": "did:web:ngo.example#key-1", "publicKeyMultibase": key().to_multikey(),
                "since": "2026-11-18T00:00:00Z", "accepted": [base64url::encode([7; 32])],
            }],
        });
        change(&mut content);
        CompromiseNotices::read(content.as_object().unwrap()).map_or_else(|error| error.code(), |_| "read")
    }

    #[test]
    fn what_is_written_reads_back() {
        let stolen = key();
        let notice =
            CompromiseNotice::new(format!("{NGO}#key-1"), stolen.clone(), at("2026-11-18T00:00:00Z"), [[7; 32]]);
        let notices = CompromiseNotices::new(NGO, at("2026-11-20T09:00:00Z"), vec![notice]).unwrap();
        assert_eq!(CompromiseNotices::read(&notices.to_json()).unwrap(), notices);
        assert!(notices.about(&stolen).unwrap().accepted.contains(&[7; 32]));
        assert!(!notices.about(&stolen).unwrap().accepted.contains(&[8; 32]));
        assert!(notices.about(&key()).is_none());
        assert_eq!(content(|_| {}), "read");
        assert_eq!(content(|content| content["notices"] = json!([])), "read", "an issuer may have nothing to denounce");
    }

    #[test]
    fn what_was_signed_opens_for_its_signer_alone() {
        let [own, other] = [(); 2].map(|()| SoftwareKey::generate(KeyType::Ed25519).unwrap());
        let notices = CompromiseNotices::new(NGO, at("2026-11-20T09:00:00Z"), Vec::new()).unwrap();
        let token = notices.sign(&format!("{NGO}#key-1"), &own).unwrap();
        let keys = [other.public_key(), own.public_key()];
        let code = |token: &str, keys: &[PublicKey]| {
            CompromiseNotices::open(token, keys).map_or_else(|error| error.code(), |_| "read")
        };
        assert_eq!(CompromiseNotices::open(&format!("{token}\n"), &keys), Ok(notices));
        assert_eq!(code(&token, &keys[..1]), "notice.not-signed");
        assert_eq!(code(&token, &[]), "notice.not-signed");
        let (rest, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = rest.split_once('.').unwrap();
        let content = base64url::encode(
            r#"{"type":"CompromiseNotices","issuer":"did:web:ngo.example","issued":"2026-11-21T09:00:00Z","notices":[]}"#,
        );
        assert_eq!(code(&format!("{header}.{content}.{signature}"), &keys), "notice.not-signed");
        assert_eq!(code(&token[1..], &keys), "notice.not-signed");
        assert_eq!(code("{}", &keys), "notice.not-signed");
        let other_type = NewHeader { media_type: "vc+jwt", content_type: None, key_id: None, certificates: &[] };
        let credential = jose::sign(
            &CompromiseNotices::read(&Jws::parse(&token).unwrap().payload).unwrap().to_json(),
            &other_type,
            &own,
        );
        assert_eq!(code(&credential.unwrap(), &keys), "notice.member");
    }

    #[test]
    fn a_notice_that_could_be_misread_is_refused() {
        for other in [
            "did:web:other.example#key-1",
            "did:web:ngo.example",
            "did:web:ngo.example#",
            "#key-1",
            "did:web:ngo.example.evil#key-1",
        ] {
            assert_eq!(
                content(|content| content["notices"][0]["key"] = other.into()),
                "notice.other-issuer",
                "{other}"
            );
        }
        for (member, value) in [
            ("accepted", json!("all")),
            ("accepted", json!([base64url::encode([7; 31])])),
            ("accepted", json!([1])),
            ("since", json!("yesterday")),
            ("publicKeyMultibase", json!("z6Mk")),
            ("until", json!("2026-11-20T09:00:00Z")),
        ] {
            assert_eq!(content(|content| content["notices"][0][member] = value.clone()), "notice.member", "{member}");
        }
        // Names that a key's URL could begin with all the same.
        for issuer in [
            "",
            "did",
            "did:web",
            "did:web:ngo.example#key-1",
            "did:web:ngo.example?a=b",
            "ngo.example",
            "urn:ngo",
            "http://ngo.example",
            "https://",
            "https://ngo.example#a",
        ] {
            let other = |content: &mut Value| {
                content["issuer"] = issuer.into();
                content["notices"] = json!([]);
            };
            assert_eq!(content(other), "notice.member", "{issuer}");
            let with_key = |content: &mut Value| {
                content["issuer"] = issuer.into();
                content["notices"][0]["key"] = format!("{issuer}#key-1").into();
            };
            assert_eq!(content(with_key), "notice.member", "{issuer}");
        }
        let https = |content: &mut Value| {
            content["issuer"] = "https://ngo.example/keys".into();
            content["notices"][0]["key"] = "https://ngo.example/keys#key-1".into();
        };
        assert_eq!(content(https), "read");
        assert_eq!(content(|content| content["type"] = "Notices".into()), "notice.member");
        assert_eq!(content(|content| content["notices"] = json!({})), "notice.member");
        assert_eq!(content(|content| content["notices"] = json!([1])), "notice.member");
        assert_eq!(content(|content| drop(content.as_object_mut().unwrap().remove("issued"))), "notice.member");
        let twice = |content: &mut Value| {
            let first = content["notices"][0].clone();
            content["notices"].as_array_mut().unwrap().push(first);
        };
        assert_eq!(content(twice), "notice.twice");
    }

    #[test]
    fn keys_and_digests_are_bounded() {
        let notice = |digests: usize| {
            let accepted = (0..digests).map(|count| {
                let mut digest = [0; 32];
                digest[..8].copy_from_slice(&count.to_be_bytes());
                digest
            });
            CompromiseNotice::new(format!("{NGO}#key-1"), key(), at("2026-11-18T00:00:00Z"), accepted)
        };
        let now = at("2026-11-20T09:00:00Z");
        let full = CompromiseNotices::new(NGO, now, vec![notice(limits::NOTICE_DIGESTS)]).unwrap();
        let bytes = serde_json::to_vec(&full.to_json()).unwrap();
        assert!(crate::encoding::json::parse_object(&bytes).is_ok(), "the ceilings of JSON leave room for all digests");
        let error = CompromiseNotices::new(NGO, now, vec![notice(limits::NOTICE_DIGESTS), notice(1)]).unwrap_err();
        assert_eq!(error.code(), "notice.too-many");
        let keys = (0..=limits::NOTICES).map(|_| notice(0)).collect();
        assert_eq!(CompromiseNotices::new(NGO, now, keys).unwrap_err().code(), "notice.too-many");
    }

    #[test]
    fn the_key_document_names_the_address() {
        let found = |service: Value| {
            let text = json!({ "id": NGO, "service": service }).to_string();
            let document = Document::parse(text.as_bytes()).unwrap();
            address(&document).map(|url| url.map(str::to_owned))
        };
        let url = "https://ngo.example/notices";
        let there = Ok(Some(url.to_owned()));
        assert_eq!(found(json!([{ "id": "#n", "type": TYPE, "serviceEndpoint": url }])), there);
        assert_eq!(found(json!([{ "id": "#n", "type": ["A", TYPE], "serviceEndpoint": url }])), there);
        assert_eq!(found(json!([{ "id": "#n", "type": "Files", "serviceEndpoint": url }])), Ok(None));
        for endpoint in [json!("http://ngo.example/"), json!({ "uri": url }), json!(null)] {
            assert!(found(json!([{ "id": "#n", "type": TYPE, "serviceEndpoint": endpoint }])).is_err(), "{endpoint}");
        }
    }
}
