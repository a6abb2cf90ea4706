//! A Data Integrity proof as it stands in a document (Data Integrity 1.0, section 2.1).

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::encoding::jcs;
use crate::encoding::json::Map;
use crate::encoding::multibase::{self, MultibaseError};
use crate::error::Explain;
use crate::keys::{Algorithm, KeyType, PublicKey, VerifyError};
use crate::limits;
use crate::time::Timestamp;

/// The longest `proofValue` that is decoded: a P-384 signature has 96 bytes, 132 characters.
pub(super) const VALUE_CHARACTERS: usize = 256;

/// A cryptosuite of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Suite {
    /// Ed25519 over canonical JSON.
    EddsaJcs2022,
    /// ECDSA with P-256 or P-384 over canonical JSON.
    EcdsaJcs2019,
    /// Ed25519 over canonical RDF.
    EddsaRdfc2022,
    /// ECDSA with P-256 or P-384 over canonical RDF.
    EcdsaRdfc2019,
    /// ECDSA with P-256 over each statement of canonical RDF, of which the holder chooses what to show.
    EcdsaSd2023,
}

/// What a suite makes of a document before it hashes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transformation {
    /// Canonical JSON (RFC 8785).
    Jcs,
    /// Canonical RDF (RDFC-1.0), by way of the document's contexts.
    Rdfc,
    /// Canonical RDF, statement by statement ([`sd`](super::sd)).
    Statements,
}

impl Suite {
    /// All suites.
    pub const ALL: [Self; 5] =
        [Self::EddsaJcs2022, Self::EcdsaJcs2019, Self::EddsaRdfc2022, Self::EcdsaRdfc2019, Self::EcdsaSd2023];

    /// The value of `cryptosuite`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
        }
    }

    /// The suite of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }

    /// The suite that keys of this type sign whole documents with in this way.
    pub fn of_key(key_type: KeyType, transformation: Transformation) -> Self {
        match (key_type, transformation) {
            (KeyType::Ed25519, Transformation::Jcs) => Self::EddsaJcs2022,
            (KeyType::Ed25519, Transformation::Rdfc | Transformation::Statements) => Self::EddsaRdfc2022,
            (_, Transformation::Jcs) => Self::EcdsaJcs2019,
            (_, Transformation::Rdfc | Transformation::Statements) => Self::EcdsaRdfc2019,
        }
    }

    /// What it makes of a document before it hashes it.
    pub fn transformation(self) -> Transformation {
        match self {
            Self::EddsaJcs2022 | Self::EcdsaJcs2019 => Transformation::Jcs,
            Self::EddsaRdfc2022 | Self::EcdsaRdfc2019 => Transformation::Rdfc,
            Self::EcdsaSd2023 => Transformation::Statements,
        }
    }

    /// The algorithm that the suite uses with keys of this type; `None` where it has no use for them.
    pub fn algorithm(self, key_type: KeyType) -> Option<Algorithm> {
        match (self, key_type) {
            (Self::EddsaJcs2022 | Self::EddsaRdfc2022, KeyType::Ed25519) => Some(Algorithm::Ed25519),
            (Self::EcdsaJcs2019 | Self::EcdsaRdfc2019 | Self::EcdsaSd2023, KeyType::P256) => Some(Algorithm::Es256),
            (Self::EcdsaJcs2019 | Self::EcdsaRdfc2019, KeyType::P384) => Some(Algorithm::Es384),
            _ => None,
        }
    }
}

/// Why a `proof` cannot be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataIntegrityError {
    /// There is none.
    #[error("the document has no proof: nobody signed it")]
    Absent,
    /// More proofs than [`limits::PROOFS`].
    #[error("the document has more than {limit} proofs")]
    TooMany {
        /// The ceiling.
        limit: usize,
    },
    /// A proof that stands beside its document names another that came before it (Data Integrity 1.0, section 2.1.2).
    #[error("the proof builds on another one, which is not there")]
    Ancestor,
    /// `proof` is neither an object nor an array of objects.
    #[error("proof: an object was expected")]
    NotAnObject,
    /// A member is missing or of the wrong form.
    #[error("proof.{member}: {expected} was expected")]
    Member {
        /// Its name.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
}

impl Explain for DataIntegrityError {
    fn code(&self) -> &'static str {
        match self {
            Self::Absent => "data-integrity.absent",
            Self::TooMany { .. } => "data-integrity.too-many",
            Self::Ancestor => "data-integrity.ancestor",
            Self::NotAnObject => "data-integrity.not-an-object",
            Self::Member { .. } => "data-integrity.member",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::TooMany { .. } => "Ask for a copy with the issuer's signature alone.",
            _ => "Ask the holder for the file as the issuer gave it.",
        }
    }
}

/// Why a proof does not hold with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The suite has no use for keys of this type.
    #[error("the key is of a type that the cryptosuite does not use")]
    KeyType,
    /// The proof is of no suite that this version has.
    #[error("the proof is of a cryptosuite that this version does not have")]
    Suite,
    /// The document's `@context` is not the one that was signed.
    #[error("the document's @context is not the proof's")]
    Context,
    /// The proof builds on others, of which one is not there or builds on this one.
    #[error("the proofs that it builds on cannot be put in order")]
    Ancestors,
    /// The document has no canonical form: [`Signed::canonical`](super::Signed::canonical) says why.
    #[error("the document cannot be brought into the form that was signed")]
    Canonical,
    /// The signatures of its statements cannot be read, or do not belong to the document:
    /// [`Signed::opened`](super::Signed::opened) says why.
    #[error("the signatures of its statements do not fit the document")]
    Opening,
    /// A statement is not the issuer's.
    #[error("something in the document is not what the issuer signed")]
    Statement,
    /// All proofs of the document together have more signatures of single statements than [`limits::SD_CHECKS`].
    #[error("the proofs of the document have more than {limit} signatures of single statements")]
    TooManyStatements {
        /// The ceiling.
        limit: usize,
    },
    /// `proofValue` is no base58btc.
    #[error("proof.proofValue: {0}")]
    Value(#[from] MultibaseError),
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] VerifyError),
}

/// A proof without its value, and the value.
#[derive(Clone)]
pub struct Proof {
    /// All members but `proofValue`, as they were signed.
    pub options: Map,
    /// `id`, by which a later proof names it.
    pub id: Option<String>,
    /// `previousProof`: the proofs that it builds on.
    pub previous: Vec<String>,
    /// `cryptosuite`, or the type of an older kind of proof.
    pub suite_name: String,
    /// `verificationMethod`.
    pub verification_method: String,
    /// `proofPurpose`.
    pub purpose: String,
    /// `created`.
    pub created: Option<Timestamp>,
    /// `expires`.
    pub expires: Option<Timestamp>,
    /// `domain`, one or several.
    pub domains: Vec<String>,
    /// `challenge`.
    pub challenge: Option<String>,
    suite: Option<Suite>,
    pub(super) value: String,
}

impl Proof {
    /// The suite, if it is one of this version. A proof whose `type` is a suite's name is of no suite: its `type` must be
    /// `DataIntegrityProof`.
    pub fn suite(&self) -> Option<Suite> {
        self.suite
    }

    /// Reads a proof that stands beside its document, as in a log. It builds on no other.
    ///
    /// # Errors
    /// [`DataIntegrityError`].
    pub fn parse(proof: Map) -> Result<Self, DataIntegrityError> {
        let proof = Self::read(proof).map_err(|(_, error)| error)?;
        if proof.previous.is_empty() { Ok(proof) } else { Err(DataIntegrityError::Ancestor) }
    }

    /// The proof as it was read.
    pub fn to_json(&self) -> Map {
        let mut proof = self.options.clone();
        proof.insert("proofValue".to_owned(), self.value.as_str().into());
        proof
    }

    /// Checks the signature of `eddsa-jcs-2022` over the document whose canonical form has that SHA-256: for documents
    /// of which the caller has the digest anyway. The document has no `@context`, so a proof with one fails.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify_digest(&self, key: &PublicKey, document: &[u8; 32]) -> Result<(), ProofError> {
        let algorithm = Suite::EddsaJcs2022.algorithm(key.key_type()).ok_or(ProofError::KeyType)?;
        if self.options.contains_key("@context") {
            return Err(ProofError::Context);
        }
        let signature = multibase::decode_base58btc(&self.value, VALUE_CHARACTERS)?;
        let mut data = [0; 64];
        data[..32].copy_from_slice(&Sha256::digest(jcs::canonicalize(&self.options)));
        data[32..].copy_from_slice(document);
        Ok(key.verify(algorithm, &data, &signature)?)
    }

    /// Reads a proof; an error gives the object back.
    pub(super) fn read(mut options: Map) -> Result<Self, (Map, DataIntegrityError)> {
        let value = match options.get("proofValue") {
            Some(Value::String(_)) => options.remove("proofValue"),
            _ => None,
        };
        let Some(Value::String(value)) = value else {
            return Err((options, DataIntegrityError::Member { member: "proofValue", expected: "text" }));
        };
        match Members::read(&options) {
            Ok(members) => Ok(Self {
                id: members.id.map(str::to_owned),
                previous: members.previous,
                suite: members.suite,
                suite_name: members.suite_name.to_owned(),
                verification_method: members.verification_method.to_owned(),
                purpose: members.purpose.to_owned(),
                created: members.created,
                expires: members.expires,
                domains: members.domains,
                challenge: members.challenge.map(str::to_owned),
                value,
                options,
            }),
            Err(error) => {
                options.insert("proofValue".to_owned(), Value::String(value));
                Err((options, error))
            }
        }
    }
}

struct Members<'a> {
    id: Option<&'a str>,
    previous: Vec<String>,
    suite: Option<Suite>,
    suite_name: &'a str,
    verification_method: &'a str,
    purpose: &'a str,
    created: Option<Timestamp>,
    expires: Option<Timestamp>,
    domains: Vec<String>,
    challenge: Option<&'a str>,
}

impl<'a> Members<'a> {
    fn read(options: &'a Map) -> Result<Self, DataIntegrityError> {
        const KIND: &str = "DataIntegrityProof";
        let kind = required(options, "type")?;
        let suite_name = if kind == KIND { required(options, "cryptosuite")? } else { kind };
        Ok(Self {
            id: text(options, "id")?,
            previous: previous(options)?,
            suite: Suite::from_name(suite_name).filter(|_| kind == KIND),
            suite_name,
            verification_method: required(options, "verificationMethod")?,
            purpose: required(options, "proofPurpose")?,
            created: moment(options, "created")?,
            expires: moment(options, "expires")?,
            domains: texts(options, "domain")?,
            challenge: text(options, "challenge")?,
        })
    }
}

fn text<'a>(options: &'a Map, member: &'static str) -> Result<Option<&'a str>, DataIntegrityError> {
    match options.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(DataIntegrityError::Member { member, expected: "text" }),
    }
}

fn required<'a>(options: &'a Map, member: &'static str) -> Result<&'a str, DataIntegrityError> {
    text(options, member)?.ok_or(DataIntegrityError::Member { member, expected: "text" })
}

fn moment(options: &Map, member: &'static str) -> Result<Option<Timestamp>, DataIntegrityError> {
    text(options, member)?
        .map(|text| {
            Timestamp::parse(text).map_err(|_| DataIntegrityError::Member { member, expected: "a date and time" })
        })
        .transpose()
}

/// The proofs that this one names. An empty list is refused: it could be taken for none or for all.
fn previous(options: &Map) -> Result<Vec<String>, DataIntegrityError> {
    let previous = texts(options, "previousProof")?;
    if previous.is_empty() && options.contains_key("previousProof") {
        return Err(DataIntegrityError::Member { member: "previousProof", expected: "text or a list of texts" });
    }
    Ok(previous)
}

fn texts(options: &Map, member: &'static str) -> Result<Vec<String>, DataIntegrityError> {
    let wrong = DataIntegrityError::Member { member, expected: "text or a list of texts" };
    match options.get(member) {
        None => Ok(Vec::new()),
        Some(Value::String(single)) => Ok(vec![single.clone()]),
        Some(Value::Array(items)) if items.len() <= limits::PROOFS => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(|| wrong.clone())).collect()
        }
        Some(_) => Err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code(changes: Value) -> &'static str {
        let mut proof = Map::new();
        for (name, value) in [
            ("type", "DataIntegrityProof"),
            ("cryptosuite", "eddsa-jcs-2022"),
            ("verificationMethod", "did:example:a#b"),
            ("proofPurpose", "assertionMethod"),
            ("proofValue", "z2"),
        ] {
            proof.insert(name.to_owned(), value.into());
        }
        proof.extend(changes.as_object().cloned().unwrap_or_default());
        Proof::read(proof).map_or_else(|(_, error)| error.code(), |_| "read")
    }

    #[test]
    fn a_type_that_is_called_as_a_suite_is_none() {
        let suite = |kind: &str| {
            let proof = json!({
                "type": kind, "cryptosuite": "eddsa-jcs-2022", "verificationMethod": "did:example:a#b",
                "proofPurpose": "assertionMethod", "proofValue": "z2",
            });
            Proof::parse(proof.as_object().unwrap().clone()).unwrap().suite()
        };
        assert_eq!(suite("DataIntegrityProof"), Some(Suite::EddsaJcs2022));
        for kind in ["eddsa-jcs-2022", "ecdsa-jcs-2019", "Ed25519Signature2020", ""] {
            assert_eq!(suite(kind), None, "{kind}");
        }
    }

    #[test]
    fn what_names_no_earlier_proof_is_refused() {
        for ancestor in [json!("urn:a"), json!(["urn:a"]), json!(["urn:a", "urn:b"])] {
            assert_eq!(code(json!({ "previousProof": ancestor })), "read");
        }
        let nine: Vec<String> = (0..9).map(|number| format!("urn:{number}")).collect();
        for ancestor in [json!([]), json!(null), json!(7), json!({ "id": "urn:a" }), json!(["urn:a", 7]), json!(nine)] {
            assert_eq!(code(json!({ "previousProof": ancestor })), "data-integrity.member", "{ancestor}");
        }
        for id in [json!(null), json!(7), json!(["urn:a"])] {
            assert_eq!(code(json!({ "id": id })), "data-integrity.member", "{id}");
        }
    }

    #[test]
    fn a_proof_beside_its_document_builds_on_no_other() {
        let proof = json!({
            "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": "did:example:a#b",
            "proofPurpose": "assertionMethod", "proofValue": "z2", "previousProof": "urn:a",
        });
        let error = Proof::parse(proof.as_object().unwrap().clone()).err();
        assert_eq!(error, Some(DataIntegrityError::Ancestor));
    }
}
