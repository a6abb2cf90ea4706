//! Issuing: a draft becomes a secured credential.

use serde_json::Value;

use crate::credential::{Credential, DraftError, Holder, Salt, kind, model, sd_jwt_vc};
use crate::did::{Did, DidUrl, Relationship, ResolutionOptions, method};
use crate::encoding::json::{JsonError, Map};
use crate::error::Explain;
use crate::jsonld::{Contexts, Embedded};
use crate::keys::{KeyType, PublicKey, Signer, SignerError};
use crate::securing::cose;
use crate::securing::data_integrity::sd::SdError;
use crate::securing::data_integrity::{self, ProofOptions, SigningError, Suite};
use crate::securing::jose::{self, NewHeader};
use crate::securing::sd_jwt::{self, Decoys, Hash, Plan, SdJwtError};
use crate::securing::{Format, Secured};
use crate::time::Timestamp;
use crate::trust::certificate::{CertificateError, Chain};

/// Why a credential could not be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The issuer is not a DID or DID URL.
    #[error("the issuer: {0}")]
    Did(String),
    /// The DID's own key is another than the signer's.
    #[error("the signing key does not belong to {did}")]
    OtherKey {
        /// The issuer's DID.
        did: String,
    },
    /// The DID does not say which of its keys signs.
    #[error("{did} does not say which key signs")]
    MethodNeeded {
        /// The issuer's DID.
        did: String,
    },
    /// The draft names another issuer than the one that signs.
    #[error("the credential names another issuer than the one that signs it")]
    OtherIssuer,
    /// The draft cannot become a credential.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The certificate is for another key than the signer's, or cannot be read.
    #[error("the certificate: {0}")]
    Certificate(#[from] CertificateError),
    /// The certificate is for another key than the signer's.
    #[error("the certificate is for another key than the one that signs")]
    OtherCertificate,
    /// A subject of which nothing would be left when all its claims are hidden.
    #[error("with all claims hidden nothing would be left of a subject that has neither an id nor a type")]
    NothingLeft,
    /// Copies of which two could be linked.
    #[error("{0}")]
    Copies(&'static str),
    /// A status list cannot be secured in that format.
    #[error("a status list cannot be secured in this format")]
    ListFormat,
    /// A format in which a document has one signature and no place for another.
    #[error("a document in this format has one signature and no place for another")]
    OneProof,
    /// What was to get a further proof is no document.
    #[error("this is no document that could get another proof: {0}")]
    NoDocument(JsonError),
    /// Something is to be mandatory in a format that does not say so.
    #[error("only with ecdsa-sd-2023 something can be named that is always shown")]
    MandatoryFormat,
    /// Something in the credential stands in the way of signing its statements one by one.
    #[error(transparent)]
    Statements(#[from] SdError),
    /// Something in the credential stands in the way of hiding its claims.
    #[error(transparent)]
    SdJwt(#[from] SdJwtError),
    /// The signer did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

impl From<SignerError> for IssueError {
    fn from(error: SignerError) -> Self {
        Self::Signing(error.into())
    }
}

impl Explain for IssueError {
    fn code(&self) -> &'static str {
        match self {
            Self::Did(_) => "issue.did",
            Self::OtherKey { .. } => "issue.other-key",
            Self::MethodNeeded { .. } => "issue.method-needed",
            Self::OtherIssuer => "issue.other-issuer",
            Self::Draft(error) => error.code(),
            Self::Certificate(error) => error.code(),
            Self::OtherCertificate => "issue.other-certificate",
            Self::NothingLeft => "issue.nothing-left",
            Self::Copies(_) => "issue.copies",
            Self::ListFormat => "issue.list-format",
            Self::OneProof => "issue.one-proof",
            Self::NoDocument(error) => error.code(),
            Self::MandatoryFormat => "issue.mandatory-format",
            Self::Statements(error) => error.code(),
            Self::SdJwt(error) => error.code(),
            Self::Signing(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Did(_) => "Give the issuer's DID, such as did:key:z6Mk... or did:web:ngo.example#key-1.",
            Self::OtherKey { .. } => {
                "Sign with the key of that DID, or leave the issuer out to use the key's own did:key."
            }
            Self::MethodNeeded { .. } => "Give the DID with the key's fragment, such as did:web:ngo.example#key-1.",
            Self::OtherIssuer => "Take \"issuer\" out of the document, or sign with that issuer's key.",
            Self::Draft(error) => error.hint(),
            Self::Certificate(error) => error.hint(),
            Self::OtherCertificate => "Give the certificate of this key, first in the chain.",
            Self::NothingLeft => {
                "Say whom it is issued to, put an id or a type into credentialSubject, or issue it as dc+sd-jwt."
            }
            Self::Copies(_) => "Ask the wallet for as many fresh keys as there are copies, and take a slot for each.",
            Self::ListFormat => "Secure it as vc+jwt, or with a Data Integrity proof.",
            Self::OneProof => "Secure it with a Data Integrity proof, of which a document can have several.",
            Self::NoDocument(error) => error.hint(),
            Self::MandatoryFormat => "Leave it out, or issue the credential as ecdsa-sd-2023.",
            Self::Statements(error) => error.hint(),
            Self::SdJwt(error) => error.hint(),
            Self::Signing(error) => error.hint(),
        }
    }
}

/// Somebody who issues: an identifier, the verification method that it signs with, and the key behind it.
pub struct Issuer<'a> {
    id: String,
    method: String,
    certificates: Vec<String>,
    pub(super) contexts: &'a dyn Contexts,
    pub(super) signer: &'a dyn Signer,
}

impl<'a> Issuer<'a> {
    /// The issuer whose DID is the key's own did:key.
    pub fn of_key(signer: &'a dyn Signer) -> Self {
        let id = method::key::from_key(&signer.public_key());
        let fragment = id.trim_start_matches("did:key:").to_owned();
        Self::new(id.clone(), format!("{id}#{fragment}"), Vec::new(), signer)
    }

    fn new(id: String, method: String, certificates: Vec<String>, signer: &'a dyn Signer) -> Self {
        Self { id, method, certificates, contexts: &Embedded, signer }
    }

    /// The same, with more contexts than the library's own, for suites that sign RDF: what a document's contexts do not
    /// define is not signed.
    #[must_use]
    pub fn with_contexts(mut self, contexts: &'a dyn Contexts) -> Self {
        self.contexts = contexts;
        self
    }

    /// An issuer by its identifier. For did:key and did:jwk the key is compared with the signer's; any other DID, and
    /// an https URL, must come with the fragment of the key, such as `did:web:ngo.example#key-1`.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn of_did(did: &str, signer: &'a dyn Signer) -> Result<Self, IssueError> {
        if let Some((id, _)) = did.split_once('#').filter(|_| did.starts_with("https://")) {
            return Ok(Self::new(id.to_owned(), did.to_owned(), Vec::new(), signer));
        }
        let url = DidUrl::parse(did).map_err(|error| IssueError::Did(error.to_string()))?;
        let id = url.did().as_str().to_owned();
        match own_method(url.did(), &signer.public_key(), Relationship::AssertionMethod) {
            Some(Some(method)) => Ok(Self::new(id, method, Vec::new(), signer)),
            Some(None) => Err(IssueError::OtherKey { did: id }),
            None if url.fragment().is_some() && url.path().is_empty() && url.query().is_none() => {
                Ok(Self::new(id, did.to_owned(), Vec::new(), signer))
            }
            None => Err(IssueError::MethodNeeded { did: id }),
        }
    }

    /// An issuer by its certificate, the chain from the issuer's own upwards. It can issue SD-JWT VCs alone; its
    /// identifier is the certificate's subject.
    ///
    /// # Errors
    /// [`IssueError::Certificate`], [`IssueError::OtherCertificate`].
    pub fn of_certificates(chain: &Chain, signer: &'a dyn Signer) -> Result<Self, IssueError> {
        if chain.key()? != signer.public_key() {
            return Err(IssueError::OtherCertificate);
        }
        Ok(Self::new(chain.subject(), String::new(), chain.to_x5c(), signer))
    }

    /// The issuer's identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The verification method that signs: a DID URL. Empty for an issuer that is known by a certificate.
    pub fn method(&self) -> &str {
        &self.method
    }

    pub(super) fn key_type(&self) -> KeyType {
        self.signer.algorithm().key_type()
    }

    /// Signs a draft into the text that is handed over: a compact token, or a JSON document. Of `vc+cose`, whose own form
    /// is bytes, it is the `EnvelopedVerifiableCredential` that holds them (VC Data Model 2.0, section 4.13.1).
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn secure(&self, credential: &Credential, format: Format) -> Result<String, IssueError> {
        Ok(text_of(self.sign(credential, format)?))
    }

    /// Signs a draft into the bytes that a file of the format holds: of `vc+cose` a COSE message, else the text.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn secure_bytes(&self, credential: &Credential, format: Format) -> Result<Vec<u8>, IssueError> {
        Ok(self.sign(credential, format)?.into_bytes())
    }

    pub(super) fn sign(&self, credential: &Credential, format: Format) -> Result<Secured, IssueError> {
        if format != Format::EcdsaSd2023 && !credential.mandatory_pointers().is_empty() {
            return Err(IssueError::MandatoryFormat);
        }
        let document = self.document(credential, format)?;
        let day = credential.valid_from().midnight();
        let text = match format {
            Format::Jwt => {
                let mut payload = document;
                payload.insert("iat".to_owned(), day.unix().into());
                self.sign_token(payload, "vc+jwt", Some("vc"))
            }
            Format::SdJwt => {
                let hidden = sd_jwt_document_claims(&document);
                let mut payload = document;
                payload.insert("iat".to_owned(), day.unix().into());
                self.selectively(payload, &hidden, credential.salt(), &self.header("vc+sd-jwt", Some("vc")))
            }
            Format::SdJwtVc => {
                let hidden = sd_jwt_vc::disclosable(&document);
                self.selectively(document, &hidden, credential.salt(), &self.header("dc+sd-jwt", None))
            }
            Format::Cose => return Ok(Secured::Message(self.sign_message(&document, day)?)),
            Format::EddsaJcs2022 => self.sign_document(document, Suite::EddsaJcs2022, day),
            Format::EcdsaJcs2019 => self.sign_document(document, Suite::EcdsaJcs2019, day),
            Format::EddsaRdfc2022 => self.sign_document(document, Suite::EddsaRdfc2022, day),
            Format::EcdsaRdfc2019 => self.sign_document(document, Suite::EcdsaRdfc2019, day),
            Format::EcdsaSd2023 => self.sign_statements(document, credential, day),
        };
        text.map(Secured::Text)
    }

    /// Signs a document into a COSE message.
    fn sign_message(&self, document: &Map, issued_at: Timestamp) -> Result<Vec<u8>, IssueError> {
        let header = cose::NewHeader {
            media_type: "application/vc+cose",
            content_type: Some("application/vc"),
            key_id: Some(&self.method),
            issued_at: Some(issued_at.unix()),
            audience: None,
            nonce: None,
        };
        Ok(cose::sign(document, &header, self.signer)?)
    }

    /// Signs a payload into a token. The certificate names the issuer; a name beside it would have to be an alternative
    /// name of the certificate.
    pub(super) fn sign_token(
        &self,
        mut payload: Map,
        media_type: &str,
        content_type: Option<&str>,
    ) -> Result<String, IssueError> {
        if !self.certificates.is_empty() {
            payload.remove("iss");
        }
        Ok(jose::sign(&payload, &self.header(media_type, content_type), self.signer)?)
    }

    /// Adds a proof to a document.
    pub(super) fn sign_document(&self, document: Map, suite: Suite, created: Timestamp) -> Result<String, IssueError> {
        let options = ProofOptions { created: Some(created), ..self.proof_options() };
        let signed = data_integrity::sign(document, suite, &options, self.contexts, self.signer)?;
        Ok(Value::Object(signed).to_string())
    }

    pub(super) fn proof_options(&self) -> ProofOptions<'_> {
        ProofOptions::new(&self.method, "assertionMethod")
    }

    fn header<'h>(&'h self, media_type: &'h str, content_type: Option<&'h str>) -> NewHeader<'h> {
        // The issuer's metadata knows a key by the `kid` of its JWK, which is what stands after `#`.
        let key_id = match self.method.split_once('#') {
            Some((id, fragment)) if media_type == "dc+sd-jwt" && id.starts_with("https://") => fragment,
            _ => &self.method,
        };
        let key_id = self.certificates.is_empty().then_some(key_id);
        NewHeader { media_type, content_type, key_id, certificates: &self.certificates }
    }

    /// Signs a payload in which everything at these pointers can be hidden.
    fn selectively(
        &self,
        payload: Map,
        pointers: &[String],
        salt: Salt,
        header: &NewHeader<'_>,
    ) -> Result<String, IssueError> {
        let plan = Plan { pointers, decoys: DECOYS, hash: Hash::Sha256 };
        let concealed = sd_jwt::conceal(payload, &plan, &mut salt.of_disclosures())?;
        Ok(sd_jwt::issue(&concealed, header, self.signer)?)
    }

    pub(super) fn document(&self, credential: &Credential, format: Format) -> Result<Map, IssueError> {
        let holder = credential.issued_to();
        // Every reader of SD-JWT looks for the key in `cnf` (RFC 9901 section 4.1.2), so a DID that is a key goes there.
        let key = match holder {
            Some(Holder::Key(key)) => Some(key.clone()),
            Some(Holder::Did(did)) if format.can_hide() => only_key_of(did),
            _ => None,
        };
        let subject_id = match (holder, &key, format) {
            (Some(Holder::Did(_)), Some(_), Format::SdJwtVc) => None,
            (Some(Holder::Did(did)), _, _) => Some(did.clone()),
            (_, Some(key), format) if format == Format::Cose || format.suite().is_some() => {
                Some(method::key::from_key(key))
            }
            _ => None,
        };
        let confirmation = match (&key, format) {
            (Some(key), Format::Jwt | Format::SdJwt | Format::SdJwtVc) => {
                Some(Map::from_iter([("jwk".to_owned(), Value::Object(key.to_jwk()))]))
            }
            _ => None,
        };
        if format == Format::SdJwtVc {
            return self.claims_set(credential, subject_id.as_deref(), confirmation);
        }
        let mut document = credential.document(subject_id.as_deref(), confirmation)?;
        if format.can_hide() {
            name_subjects(&mut document, key.as_ref())?;
        }
        let issuer = document.get("issuer");
        let named = issuer.and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str()));
        if named == Some(self.id.as_str()) { Ok(document) } else { Err(IssueError::OtherIssuer) }
    }

    fn claims_set(
        &self,
        credential: &Credential,
        subject_id: Option<&str>,
        confirmation: Option<Map>,
    ) -> Result<Map, IssueError> {
        let mut payload = credential.claims_set(subject_id, confirmation)?;
        if payload.get("iss").and_then(Value::as_str) != Some(self.id.as_str()) {
            return Err(IssueError::OtherIssuer);
        }
        // The certificate names the issuer; a name beside it would have to be an alternative name of the certificate.
        if !self.certificates.is_empty() {
            payload.remove("iss");
        }
        Ok(payload)
    }
}

/// A credential as text.
pub(super) fn text_of(secured: Secured) -> String {
    match secured {
        Secured::Text(text) => text,
        Secured::Message(message) => {
            let url = cose::data_url("vc+cose", &message);
            Value::Object(model::enveloped(model::ENVELOPED_CREDENTIAL_TYPE, url)).to_string()
        }
    }
}

/// So that the number of digests does not tell two people's credentials apart, who left out different members.
const DECOYS: Decoys = Decoys::ToMultipleOf(8);

/// What can be hidden in a VC Data Model document: everything said of its subjects.
fn sd_jwt_document_claims(document: &Map) -> Vec<String> {
    match document.get("credentialSubject") {
        Some(Value::Object(subject)) => kind::disclosable_subject("/credentialSubject", subject),
        Some(Value::Array(subjects)) => {
            let subjects = subjects.iter().enumerate().filter_map(|(at, subject)| Some((at, subject.as_object()?)));
            subjects
                .flat_map(|(at, subject)| kind::disclosable_subject(&format!("/credentialSubject/{at}"), subject))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// VC Data Model 2.0, section 4.8: something is said of each subject, and that must be so whatever its holder hides. A
/// single subject of which nothing would be left gets the holder's did:key as its id, which tells no more than `cnf`.
fn name_subjects(document: &mut Map, holder: Option<&PublicKey>) -> Result<(), IssueError> {
    let subjects = match document.get_mut("credentialSubject") {
        Some(Value::Array(subjects)) => subjects.as_mut_slice(),
        Some(single) => std::slice::from_mut(single),
        None => return Ok(()),
    };
    let is_only = subjects.len() == 1;
    for subject in subjects.iter_mut().filter_map(Value::as_object_mut) {
        if subject.contains_key("id") || subject.contains_key("type") {
            continue;
        }
        let key = holder.filter(|_| is_only).ok_or(IssueError::NothingLeft)?;
        subject.insert("id".to_owned(), method::key::from_key(key).into());
    }
    Ok(())
}

/// The one key that a did:key or did:jwk stands for.
pub(super) fn only_key_of(did: &str) -> Option<PublicKey> {
    let document = method::resolve(&Did::parse(did).ok()?, &ResolutionOptions::default())?.ok()?;
    match document.verification_methods() {
        [only] => only.key.clone().ok(),
        _ => None,
    }
}

/// For a DID that holds its keys itself: the method of this key under the relationship, if it has it. `None` for other
/// DID methods.
fn own_method(did: &Did, key: &PublicKey, relationship: Relationship) -> Option<Option<String>> {
    let document = method::resolve(did, &ResolutionOptions::default())?.ok();
    Some(document.and_then(|document| document.method_of_key(key, relationship).map(|method| method.id.clone())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::credential::kind::{Claims, Kind};
    use crate::encoding::json;
    use crate::keys::{KeyType, SoftwareKey};
    use crate::securing::sd_jwt::SdJwt;
    use crate::time::Date;

    /// What is left of the subjects when their holder shows nothing, or why it was not issued.
    fn left(draft: Credential, key: &SoftwareKey, holder: Option<Holder>) -> Result<Value, &'static str> {
        let draft = holder.into_iter().fold(draft, Credential::holder);
        let issued = Issuer::of_key(key).secure(&draft, Format::SdJwt).map_err(|error| error.code())?;
        let parsed = SdJwt::parse(&issued).unwrap();
        let nothing = parsed.select(&[]).unwrap();
        let payload = SdJwt::parse(&nothing).unwrap().reveal().unwrap().payload;
        crate::credential::model::CredentialView::read(&payload).unwrap();
        Ok(payload["credentialSubject"].clone())
    }

    #[test]
    fn something_is_left_of_each_subject_whatever_its_holder_hides() {
        let (key, holder) =
            (SoftwareKey::generate(KeyType::Ed25519).unwrap(), SoftwareKey::generate(KeyType::P256).unwrap());
        let (day, salt) = (Date::new(2026, 11, 2).unwrap(), Salt::from_bytes([7; 32]));
        let did = method::key::from_key(&holder.public_key());
        let by_key = || Some(Holder::Key(holder.public_key()));
        let document = |subject: Value| {
            let document = json!({
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiableCredential"],
                "credentialSubject": subject,
            });
            let document = json::parse_object(document.to_string().as_bytes()).unwrap();
            Credential::of_document(document, Issuer::of_key(&key).id(), day, salt).unwrap()
        };
        let of_kind = |kind: Kind| {
            let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
            Credential::of(claims, Issuer::of_key(&key).id(), day, 90, salt).unwrap()
        };
        let refused = Err("issue.nothing-left");
        let bare = json!({ "name": "Ada" });
        assert_eq!(left(document(bare.clone()), &key, None), refused);
        assert_eq!(left(document(json!([bare])), &key, None), refused);
        assert_eq!(left(of_kind(Kind::Licence), &key, None), refused);
        // Whose key it is, is open where there are two subjects.
        let [one, two] = [json!({ "id": "urn:a", "name": "Ada" }), json!({ "type": "Person", "name": "Ben" })];
        assert_eq!(left(document(json!([one, bare])), &key, None), refused);
        assert_eq!(left(document(json!([one, bare])), &key, by_key()), refused);
        assert_eq!(left(document(json!([bare, bare])), &key, by_key()), refused);

        assert_eq!(left(document(bare.clone()), &key, by_key()), Ok(json!({ "id": did })));
        assert_eq!(left(document(json!([bare])), &key, by_key()), Ok(json!([{ "id": did }])));
        assert_eq!(left(of_kind(Kind::Licence), &key, by_key()), Ok(json!({ "id": did })));
        assert_eq!(left(of_kind(Kind::Licence), &key, Some(Holder::Did(did.clone()))), Ok(json!({ "id": did })));
        assert_eq!(left(document(one.clone()), &key, by_key()), Ok(json!({ "id": "urn:a" })));
        assert_eq!(
            left(document(json!([one, two])), &key, by_key()),
            Ok(json!([{ "id": "urn:a" }, { "type": "Person" }]))
        );
        assert!(left(of_kind(Kind::SkillCertification), &key, None).is_ok());
        assert!(Issuer::of_key(&key).secure(&document(bare), Format::Jwt).is_ok(), "nothing can be hidden");
    }
}
