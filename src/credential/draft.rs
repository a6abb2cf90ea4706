//! A credential that is not signed yet.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::kind::{Claims, KeyBoundTo, Kind, LegalCategory, Scheme, SchemeError, SchemeTerms};
use super::model::{CredentialView, ModelError};
use super::sd_jwt_vc::{self, SdJwtVcError};
use crate::encoding::json::Map;
use crate::encoding::{base64url, jcs};
use crate::error::Explain;
use crate::keys::PublicKey;
use crate::time::{Date, Timestamp};

/// The random bits of one credential: 128 that it shows, so that nobody can guess what a digest of it stands for, and
/// 128 that it never shows, from which the salts of its disclosures come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt {
    shown: [u8; 16],
    hidden: [u8; 16],
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

impl Salt {
    /// From the operating system's generator.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> Result<Self, DraftError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| DraftError::NoRandomness)?;
        Ok(Self::from_bytes(bytes))
    }

    /// From bytes that the caller drew, or from fixed ones for test vectors. The second half must be kept secret and
    /// never be used for another credential: who knows it can try out what is hidden.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let [mut shown, mut hidden] = [[0; 16]; 2];
        shown.copy_from_slice(&bytes[..16]);
        hidden.copy_from_slice(&bytes[16..]);
        Self { shown, hidden }
    }

    /// A salt for each disclosure and decoy, one after the other. One tells nothing about the next.
    pub(crate) fn of_disclosures(self) -> impl FnMut() -> [u8; 16] {
        let mut count = 0_u32;
        move || {
            let digest = Sha256::new().chain_update(self.hidden).chain_update(count.to_be_bytes()).finalize();
            count = count.wrapping_add(1);
            let mut salt = [0; 16];
            salt.copy_from_slice(&digest[..16]);
            salt
        }
    }

    /// An id for each proof but the last, one after the other. No disclosure has these bits: nothing that has proofs has
    /// disclosures.
    pub(crate) fn of_proofs(self) -> impl FnMut() -> String {
        let mut bits = self.of_disclosures();
        move || urn(bits())
    }

    /// A secret for what is drawn for one document alone, such as the keys of its statements (`ecdsa-sd-2023`). Another
    /// document gets another one, even if its random bits are the same by mistake.
    pub(crate) fn secret_of(self, document: &Map) -> Zeroizing<[u8; 32]> {
        let document = Sha256::digest(jcs::canonicalize(document));
        let hash = Sha256::new().chain_update(self.hidden).chain_update(b"one document").chain_update(document);
        Zeroizing::new(hash.finalize().into())
    }

    /// The credential's id: the shown bits.
    pub(crate) fn urn(self) -> String {
        urn(self.shown)
    }
}

/// Random bits as a version 4 UUID (RFC 9562 section 5.4), six of them replaced.
fn urn(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Whom a credential is issued to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holder {
    /// A DID, which becomes `credentialSubject.id`.
    Did(String),
    /// A key without an identifier: `cnf` in a token (RFC 7800 section 3.2), the key's did:key elsewhere.
    Key(PublicKey),
}

/// Why a draft cannot become a credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The end is not after the beginning, or out of the calendar.
    #[error("validUntil: a day after {from} was expected")]
    Until {
        /// The first day.
        from: Date,
    },
    /// The document says already whom it is issued to.
    #[error("the document names another holder: {member}")]
    OtherHolder {
        /// Where: `credentialSubject.id` or `cnf`.
        member: &'static str,
    },
    /// The document speaks of several subjects, so that an id has no place.
    #[error("the document speaks of several subjects, so it is open which of them the holder is")]
    SeveralSubjects,
    /// The kind demands somebody that it is issued to.
    #[error("a {} must be issued to somebody's key, or anybody could present it", .kind.in_words())]
    HolderNeeded {
        /// The kind.
        kind: Kind,
    },
    /// The document breaks the data model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A document of the VC Data Model was to become an SD-JWT VC, which has a data model of its own.
    #[error("a document of the W3C data model cannot be issued as an SD-JWT VC")]
    OtherDataModel,
    /// The status entry is of the other data model.
    #[error("status: {expected} was expected")]
    Status {
        /// What the format takes.
        expected: &'static str,
    },
    /// A scheme knows no credential of the VC Data Model.
    #[error("a {} exists as an SD-JWT VC alone", .scheme.in_words())]
    SchemeFormat {
        /// The scheme.
        scheme: Scheme,
    },
    /// The claims do not become what the scheme demands.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// The claims set breaks the rules of SD-JWT VC.
    #[error(transparent)]
    ClaimsSet(#[from] SdJwtVcError),
    /// The operating system gave no random bits.
    #[error("the operating system gave no random bits")]
    NoRandomness,
}

impl Explain for DraftError {
    fn code(&self) -> &'static str {
        match self {
            Self::Until { .. } => "draft.until",
            Self::OtherHolder { .. } => "draft.other-holder",
            Self::SeveralSubjects => "draft.several-subjects",
            Self::HolderNeeded { .. } => "draft.holder-needed",
            Self::Model(error) => error.code(),
            Self::OtherDataModel => "draft.other-data-model",
            Self::Status { .. } => "draft.status",
            Self::SchemeFormat { .. } => "draft.scheme-format",
            Self::Scheme(error) => error.code(),
            Self::ClaimsSet(error) => error.code(),
            Self::NoRandomness => "draft.no-randomness",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Until { .. } => "Let it be valid for at least one day.",
            Self::OtherHolder { .. } => "Take that member out of the document, or leave the holder out.",
            Self::SeveralSubjects => "Issue one credential for each subject.",
            Self::HolderNeeded { .. } => "Give the holder's DID or public key.",
            Self::Model(error) => error.hint(),
            Self::OtherDataModel => "Issue it as vc+sd-jwt, or give the claims file of a kind.",
            Self::Status { .. } => "Give the entry of the status list in the form of the format.",
            Self::SchemeFormat { .. } => "Issue it as dc+sd-jwt, or without the scheme.",
            Self::Scheme(error) => error.hint(),
            Self::ClaimsSet(error) => error.hint(),
            Self::NoRandomness => "Try again in a moment; the system may still be starting.",
        }
    }
}

/// A credential before it is signed: claims, issuer, holder, dates. All dates are whole days, so that they tell nobody
/// at which minute somebody sat at a desk.
#[derive(Clone)]
pub struct Credential {
    content: Content,
    issuer: String,
    holder: Option<Holder>,
    valid_from: Date,
    valid_until: Option<Date>,
    status: Vec<Map>,
    mandatory: Vec<String>,
    salt: Salt,
}

#[derive(Clone)]
enum Content {
    Kind(Box<Claims>),
    Document(Map),
    Scheme(Scheme, Map),
}

impl Content {
    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Kind(claims) => Some(claims.kind()),
            Self::Scheme(scheme, _) => Some(scheme.kind()),
            Self::Document(_) => None,
        }
    }
}

impl Credential {
    /// A credential of one of the three kinds, valid from `valid_from` on for so many days.
    ///
    /// # Errors
    /// [`DraftError::Until`].
    pub fn of(claims: Claims, issuer: &str, valid_from: Date, days: u32, salt: Salt) -> Result<Self, DraftError> {
        let valid_until = valid_from.plus_days(i64::from(days)).filter(|until| *until > valid_from);
        let valid_until = Some(valid_until.ok_or(DraftError::Until { from: valid_from })?);
        let content = Content::Kind(Box::new(claims));
        Ok(Self::new(content, issuer, valid_from, valid_until, salt))
    }

    /// Any VC Data Model 2.0 credential. Members that it has stay; `id`, `issuer` and `validFrom` are added where they
    /// are absent.
    ///
    /// # Errors
    /// [`DraftError::Model`].
    pub fn of_document(mut document: Map, issuer: &str, valid_from: Date, salt: Salt) -> Result<Self, DraftError> {
        document.entry("issuer").or_insert_with(|| issuer.into());
        document.entry("id").or_insert_with(|| salt.urn().into());
        document.entry("validFrom").or_insert_with(|| midnight(valid_from));
        CredentialView::read(&document)?;
        Ok(Self::new(Content::Document(document), issuer, valid_from, None, salt))
    }

    fn new(content: Content, issuer: &str, valid_from: Date, valid_until: Option<Date>, salt: Salt) -> Self {
        let (status, mandatory) = (Vec::new(), Vec::new());
        Self { content, issuer: issuer.to_owned(), holder: None, valid_from, valid_until, status, mandatory, salt }
    }

    /// The same claims in the words and under the type of another scheme, which exists as an SD-JWT VC alone. What the
    /// scheme has no member for is left out.
    ///
    /// # Errors
    /// [`DraftError::Scheme`], which names all that the scheme demands and the claims lack;
    /// [`DraftError::OtherDataModel`] for a document.
    pub fn under(
        self,
        scheme: Scheme,
        legal_category: LegalCategory,
        bound_to: KeyBoundTo,
    ) -> Result<Self, DraftError> {
        let Content::Kind(claims) = &self.content else { return Err(DraftError::OtherDataModel) };
        let last_day = self.valid_until.and_then(|until| until.plus_days(-1));
        let terms = SchemeTerms { legal_category, bound_to, issued: self.valid_from, last_day };
        let content = Content::Scheme(scheme, claims.to_scheme(scheme, &terms)?);
        Ok(Self { content, ..self })
    }

    /// Issued to this person's key.
    #[must_use]
    pub fn holder(mut self, holder: Holder) -> Self {
        self.holder = Some(holder);
        self
    }

    /// With this `credentialStatus` entry; for an SD-JWT VC the object under `status`, of which it has one. Several stand
    /// beside each other: one for revocation, one for suspension.
    #[must_use]
    pub fn status(mut self, entry: Map) -> Self {
        self.status.push(entry);
        self
    }

    /// With what stands at this JSON pointer into the document always shown, whatever its holder chooses
    /// (`ecdsa-sd-2023`). What a verifier needs to be safe is shown anyway.
    #[must_use]
    pub fn mandatory(mut self, pointer: &str) -> Self {
        self.mandatory.push(pointer.to_owned());
        self
    }

    /// What is always shown beside what a verifier needs.
    pub(crate) fn mandatory_pointers(&self) -> &[String] {
        &self.mandatory
    }

    /// The status entries that were given.
    pub fn statuses(&self) -> &[Map] {
        &self.status
    }

    /// Who issues it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The number by which its issuer itself knows it (see [`Claims::own_reference`]).
    pub fn own_reference(&self) -> Option<&str> {
        match &self.content {
            Content::Kind(claims) => claims.own_reference(),
            _ => None,
        }
    }

    /// Whom it is issued to.
    pub fn issued_to(&self) -> Option<&Holder> {
        self.holder.as_ref()
    }

    /// The same with other random bits, and with them another id.
    pub(crate) fn salted(mut self, salt: Salt) -> Self {
        self.salt = salt;
        self
    }

    /// Whether it says the claims of one of the kinds, so that its id is made from its random bits.
    pub(crate) fn is_of_kind(&self) -> bool {
        matches!(self.content, Content::Kind(_))
    }

    pub(crate) fn salt(&self) -> Salt {
        self.salt
    }

    /// The first day on which it is valid.
    pub fn valid_from(&self) -> Date {
        self.valid_from
    }

    /// The document, with the subject's id and the confirmation that the format gives the holder.
    ///
    /// # Errors
    /// [`DraftError::HolderNeeded`]; [`DraftError::OtherHolder`] and [`DraftError::SeveralSubjects`], when the holder
    /// contradicts the document; [`DraftError::Model`], when what was added breaks the data model.
    pub(crate) fn document(&self, subject_id: Option<&str>, confirmation: Option<Map>) -> Result<Map, DraftError> {
        let mut document = match &self.content {
            Content::Document(document) => document.clone(),
            Content::Kind(claims) if claims.kind() == Kind::ProofOfAddress && self.holder.is_none() => {
                return Err(DraftError::HolderNeeded { kind: claims.kind() });
            }
            Content::Kind(claims) => self.document_of_kind(claims, subject_id),
            Content::Scheme(scheme, _) => return Err(DraftError::SchemeFormat { scheme: *scheme }),
        };
        if let (Content::Document(_), Some(id)) = (&self.content, subject_id) {
            let subject = match document.get_mut("credentialSubject") {
                Some(Value::Object(subject)) => Some(subject),
                Some(Value::Array(subjects)) if subjects.len() == 1 => subjects[0].as_object_mut(),
                _ => None,
            };
            let subject = subject.ok_or(DraftError::SeveralSubjects)?;
            if *subject.entry("id").or_insert_with(|| id.into()) != id {
                return Err(DraftError::OtherHolder { member: "credentialSubject.id" });
            }
        }
        match self.status.as_slice() {
            [] => {}
            [entry] => {
                document.insert("credentialStatus".to_owned(), Value::Object(entry.clone()));
            }
            entries => {
                let entries = entries.iter().cloned().map(Value::Object).collect();
                document.insert("credentialStatus".to_owned(), entries);
            }
        }
        if let Some(confirmation) = confirmation.map(Value::Object)
            && *document.entry("cnf").or_insert_with(|| confirmation.clone()) != confirmation
        {
            return Err(DraftError::OtherHolder { member: "cnf" });
        }
        CredentialView::read(&document)?;
        Ok(document)
    }

    /// The claims set of an SD-JWT VC (see [`sd_jwt_vc`]): the kind's own members stand at the top, none of them hidden
    /// yet. `sub` is the subject's id, `cnf` the confirmation.
    ///
    /// # Errors
    /// [`DraftError::OtherDataModel`] for a document; [`DraftError::HolderNeeded`]; [`DraftError::Status`];
    /// [`DraftError::ClaimsSet`], when what was given breaks the rules of SD-JWT VC.
    pub fn claims_set(&self, subject_id: Option<&str>, confirmation: Option<Map>) -> Result<Map, DraftError> {
        let (vct, mut payload) = match &self.content {
            Content::Kind(claims) => (claims.kind().vct(), claims.to_claims_file()),
            Content::Scheme(scheme, members) => (scheme.vct(), members.clone()),
            Content::Document(_) => return Err(DraftError::OtherDataModel),
        };
        if let Some(kind @ Kind::ProofOfAddress) = self.content.kind()
            && self.holder.is_none()
        {
            return Err(DraftError::HolderNeeded { kind });
        }
        let mut set = |name: &str, value: Value| payload.insert(name.to_owned(), value);
        let from = self.valid_from.midnight().unix();
        set("vct", vct.into());
        set("iss", self.issuer.as_str().into());
        set("iat", from.into());
        set("nbf", from.into());
        if let Some(until) = self.valid_until {
            set("exp", until.midnight().unix().into());
        }
        if let Some(id) = subject_id {
            set("sub", id.into());
        }
        if let Some(confirmation) = confirmation {
            set("cnf", Value::Object(confirmation));
        }
        match self.status.as_slice() {
            [] => {}
            [entry] if !entry.contains_key("type") => {
                set("status", Value::Object(entry.clone()));
            }
            _ => {
                let expected = "one object such as {\"status_list\": {\"idx\", \"uri\"}}";
                return Err(DraftError::Status { expected });
            }
        }
        sd_jwt_vc::view(&payload, None)?;
        Ok(payload)
    }

    fn document_of_kind(&self, claims: &Claims, subject_id: Option<&str>) -> Map {
        let kind = claims.kind();
        let mut document = Map::new();
        let mut set = |name: &str, value: Value| document.insert(name.to_owned(), value);
        set("@context", kind.context().into());
        set("id", self.salt.urn().into());
        set("type", kind.types().into());
        set("issuer", self.issuer.as_str().into());
        set("validFrom", midnight(self.valid_from));
        if let Some(until) = self.valid_until {
            set("validUntil", midnight(until));
        }
        set("credentialSubject", Value::Object(claims.to_subject(subject_id)));
        set("salt", base64url::encode(self.salt.shown).into());
        document
    }
}

fn midnight(date: Date) -> Value {
    Timestamp::to_string(&date.midnight()).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "did:web:ngo.example";
    const HOLDER: &str = "did:web:holder.example";

    /// What becomes of a document with these members, when its subject's id and its confirmation are given.
    fn code(members: Value, id: Option<&str>, confirmation: Option<Value>) -> &'static str {
        let mut document = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "credentialSubject": {"name": "Ada"},
        });
        let given = members.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(given);
        let Value::Object(document) = document else { unreachable!() };
        let from = Date::new(2026, 11, 1).unwrap();
        let draft = Credential::of_document(document, ISSUER, from, Salt::from_bytes([7; 32])).unwrap();
        let confirmation = confirmation.map(|value| value.as_object().unwrap().clone());
        draft.document(id, confirmation).map_or_else(|error| error.code(), |_| "drafted")
    }

    #[test]
    fn a_holder_never_replaces_the_one_that_the_document_names() {
        let own = json!({"credentialSubject": {"id": HOLDER}});
        assert_eq!(code(json!({}), Some(HOLDER), None), "drafted");
        assert_eq!(code(own.clone(), Some(HOLDER), None), "drafted");
        assert_eq!(code(own, Some("did:web:thief.example"), None), "draft.other-holder");

        let key = |x: &str| json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}});
        assert_eq!(code(json!({}), None, Some(key("A"))), "drafted");
        assert_eq!(code(json!({"cnf": key("A")}), None, Some(key("A"))), "drafted");
        assert_eq!(code(json!({"cnf": key("A")}), None, Some(key("B"))), "draft.other-holder");
    }

    #[test]
    fn what_a_credential_shows_tells_nothing_of_its_hidden_salts() {
        let salts = |bytes| std::iter::repeat_with(Salt::from_bytes(bytes).of_disclosures()).take(100);
        let mut other_shown = [7; 32];
        other_shown[..16].fill(1);
        assert!(salts([7; 32]).eq(salts(other_shown)));
        let mut drawn: Vec<_> = salts([7; 32]).chain(salts([8; 32])).chain([[7; 16]]).collect();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 201);
        assert_eq!(format!("{:?}", Salt::from_bytes([7; 32])), "Salt(..)");
    }

    #[test]
    fn a_holder_is_one_person() {
        let several = json!({"credentialSubject": [{"name": "Ada"}, {"name": "Ben"}]});
        assert_eq!(code(several.clone(), None, None), "drafted");
        assert_eq!(code(several, Some(HOLDER), None), "draft.several-subjects");
        assert_eq!(code(json!({"credentialSubject": [{"name": "Ada"}]}), Some(HOLDER), None), "drafted");
    }

    #[test]
    fn a_guarantee_that_anybody_could_present_is_not_made() {
        let day = Date::new(2026, 11, 20).unwrap();
        let draft = |kind: Kind| {
            let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
            Credential::of(claims, "did:example:ngo", day, 90, Salt::from_bytes([7; 32])).unwrap()
        };
        let bare = draft(Kind::ProofOfAddress).document(None, None).unwrap_err();
        assert_eq!(bare.code(), "draft.holder-needed");
        // Whoever reads it may have an app before them, and no command line.
        assert!(!bare.hint().contains("--"));
        let bound = draft(Kind::ProofOfAddress).holder(Holder::Did("did:example:tenant".to_owned()));
        assert!(bound.document(Some("did:example:tenant"), None).is_ok());
        assert!(draft(Kind::Licence).document(None, None).is_ok());
    }
}
