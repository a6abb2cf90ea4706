//! A document with its proofs taken off.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::chain::{self, ChainError, Positions};
use super::proof::{self, DataIntegrityError, Proof, ProofError, Transformation};
use super::rdfc::CanonicalError;
use super::sd::{self, Opened, SdError};
use super::sign::SigningError;
use super::transform::{self, HashData, hash_of};
use crate::encoding::json::Map;
use crate::encoding::multibase;
use crate::jsonld::Contexts;
use crate::jsonld::rdfc::{Hash, HashAlgorithm};
use crate::keys::{KeyType, PublicKey};
use crate::limits;

/// A document with its proofs taken off, not yet checked, and the one proof that is looked at.
///
/// Clones share the document, and what was computed of it: it is canonicalised once however many proofs and keys look at
/// it.
#[derive(Clone)]
pub struct Signed {
    all: Arc<All>,
    at: usize,
}

/// A document without a proof that could be looked into.
pub struct Unsigned {
    /// The document; a proof of the wrong form still stands in it.
    pub document: Map,
    /// What is wrong with its proof.
    pub error: DataIntegrityError,
}

struct All {
    /// Without `proof`.
    document: Map,
    entries: Vec<Entry>,
    unreadable: Vec<DataIntegrityError>,
    /// Of the document without any proof, by what is made of it and the hash function.
    hashes: [[OnceLock<Result<Hash, CanonicalError>>; 2]; 2],
    /// How many signatures of single statements may still be checked.
    checks_left: AtomicUsize,
}

struct Entry {
    proof: Proof,
    /// What it was made over, by the hash function.
    data: [OnceLock<Result<HashData, DataError>>; 2],
    /// Its statements, with a suite that signs them one by one.
    opened: OnceLock<Result<Opened, SdError>>,
    /// Whether each of them has its signature, whoever the issuer is.
    statements: OnceLock<Result<(), ProofError>>,
}

impl Entry {
    fn new(proof: Proof) -> Self {
        let data = [const { OnceLock::new() }; 2];
        Self { proof, data, opened: OnceLock::new(), statements: OnceLock::new() }
    }
}

/// Why there is nothing that a proof could have been made over.
#[derive(Debug, Clone)]
enum DataError {
    Suite,
    Chain(ChainError),
    Canonical(CanonicalError),
}

impl From<&DataError> for ProofError {
    fn from(error: &DataError) -> Self {
        match error {
            DataError::Suite => Self::Suite,
            DataError::Chain(_) => Self::Ancestors,
            DataError::Canonical(_) => Self::Canonical,
        }
    }
}

impl From<&SdError> for ProofError {
    fn from(error: &SdError) -> Self {
        match error {
            SdError::Canonical(_) => Self::Canonical,
            SdError::Context => Self::Context,
            SdError::KeyType => Self::KeyType,
            SdError::Signature(error) => Self::Signature(*error),
            SdError::Statement => Self::Statement,
            _ => Self::Opening,
        }
    }
}

impl Signed {
    /// Takes the proofs off a document, and looks at the first. Of several those that cannot be looked into count for
    /// nothing.
    ///
    /// # Errors
    /// The document, with [`DataIntegrityError::Absent`] when there is no proof, and with what is wrong with the first
    /// where none can be looked into.
    pub fn read(mut document: Map) -> Result<Self, Box<Unsigned>> {
        let items = match document.remove("proof") {
            None => return Err(Box::new(Unsigned { document, error: DataIntegrityError::Absent })),
            Some(Value::Array(items)) => items,
            Some(single) => {
                return match read_proof(single) {
                    Ok(proof) => Ok(Self::new(document, vec![Entry::new(proof)], Vec::new())),
                    Err((proof, error)) => Err(unsigned(document, proof, error)),
                };
            }
        };
        if items.len() > limits::PROOFS {
            let error = DataIntegrityError::TooMany { limit: limits::PROOFS };
            return Err(unsigned(document, Value::Array(items), error));
        }
        let (mut entries, mut refused, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            match read_proof(item) {
                Ok(proof) => entries.push(Entry::new(proof)),
                Err((item, error)) => {
                    refused.push(item);
                    unreadable.push(error);
                }
            }
        }
        if entries.is_empty() {
            let error = unreadable.into_iter().next().unwrap_or(DataIntegrityError::Absent);
            return Err(unsigned(document, Value::Array(refused), error));
        }
        Ok(Self::new(document, entries, unreadable))
    }

    fn new(document: Map, entries: Vec<Entry>, unreadable: Vec<DataIntegrityError>) -> Self {
        let hashes = [const { [const { OnceLock::new() }; 2] }; 2];
        let checks_left = AtomicUsize::new(limits::SD_CHECKS);
        Self { all: Arc::new(All { document, entries, unreadable, hashes, checks_left }), at: 0 }
    }

    /// The document of these proofs with one more, which has no value yet and is looked at.
    pub(super) fn about_to_be(document: Map, others: Vec<Proof>, options: Map) -> Result<Self, DataIntegrityError> {
        let at = others.len();
        if at >= limits::PROOFS {
            return Err(DataIntegrityError::TooMany { limit: limits::PROOFS });
        }
        let mut options = options;
        options.insert("proofValue".to_owned(), Value::String(String::new()));
        let proof = Proof::read(options).map_err(|(_, error)| error)?;
        let entries = others.into_iter().chain([proof]).map(Entry::new).collect();
        Ok(Self { at, ..Self::new(document, entries, Vec::new()) })
    }

    /// The document without `proof`.
    pub fn document(&self) -> &Map {
        &self.all.document
    }

    /// The proof that is looked at.
    pub fn proof(&self) -> &Proof {
        &self.entry().proof
    }

    fn entry(&self) -> &Entry {
        // A position that was found in these very entries.
        &self.all.entries[self.at]
    }

    fn proofs(&self) -> impl Iterator<Item = &Proof> + Clone {
        self.all.entries.iter().map(|entry| &entry.proof)
    }

    /// The same document, with each of its proofs looked at in turn.
    pub fn each(&self) -> impl ExactSizeIterator<Item = Self> {
        (0..self.all.entries.len()).map(|at| Self { all: Arc::clone(&self.all), at })
    }

    /// How many proofs can be looked into.
    pub fn count(&self) -> usize {
        self.all.entries.len()
    }

    /// Whether both look at the same proof of one document that was read once.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.all, &other.all) && self.at == other.at
    }

    /// What is wrong with the proofs beside these that cannot be looked into.
    pub fn unreadable(&self) -> &[DataIntegrityError] {
        &self.all.unreadable
    }

    /// The proofs that this one builds on, directly or through others, in the document's order.
    ///
    /// # Errors
    /// [`ChainError`].
    pub fn ancestors(&self) -> Result<Vec<Self>, ChainError> {
        if self.proof().previous.is_empty() {
            return Ok(Vec::new());
        }
        let ancestors = chain::ancestors(self.proofs(), self.at)?;
        Ok(self.each().filter(|each| ancestors.contains(each.at)).collect())
    }

    /// Whether the document's `@context` is the one that the proof says it covers. A proof that does not say covers the
    /// document's own.
    ///
    /// Canonical JSON: the document's begins with the proof's, item by item (VC-DI-EdDSA 1.0, section 3.3.2, step 5).
    /// Canonical RDF: the proof is read with the document's (section 3.2.5), so another one would say something else.
    pub fn context_holds(&self) -> bool {
        fn items(context: &Value) -> &[Value] {
            match context {
                Value::Array(items) => items,
                single => std::slice::from_ref(single),
            }
        }
        let Some(covered) = self.proof().options.get("@context") else { return true };
        let Some(present) = self.document().get("@context") else { return false };
        match self.transformation() {
            Some(Transformation::Rdfc | Transformation::Statements) => present == covered,
            _ => items(present).starts_with(items(covered)),
        }
    }

    fn transformation(&self) -> Option<Transformation> {
        self.proof().suite().map(|suite| suite.transformation())
    }

    /// The document as it was signed: without contexts that were added after the signed ones.
    pub fn into_signed_document(self) -> Map {
        let covered = match self.transformation() {
            Some(Transformation::Rdfc | Transformation::Statements) => None,
            _ => self.proof().options.get("@context").cloned(),
        };
        let mut document = self.into_document();
        if let (Some(present), Some(covered)) = (document.get_mut("@context"), covered) {
            *present = covered;
        }
        document
    }

    /// The document, whatever the proofs cover of it.
    pub(super) fn into_document(self) -> Map {
        Arc::try_unwrap(self.all).map_or_else(|shared| shared.document.clone(), |all| all.document)
    }

    /// Checks the signature with `key`, and that the context [holds](Self::context_holds). Whether the proofs that it
    /// builds on hold is a question of its own ([`ancestors`](Self::ancestors)).
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(&self, key: &PublicKey, contexts: &dyn Contexts) -> Result<(), ProofError> {
        let proof = self.proof();
        let suite = proof.suite().ok_or(ProofError::Suite)?;
        let algorithm = suite.algorithm(key.key_type()).ok_or(ProofError::KeyType)?;
        if !self.context_holds() {
            return Err(ProofError::Context);
        }
        if suite.transformation() == Transformation::Statements {
            return self.verify_statements(key, contexts);
        }
        let signature = multibase::decode_base58btc(&proof.value, proof::VALUE_CHARACTERS)?;
        let data = self.data(hash_of(key.key_type()), contexts).as_ref()?;
        Ok(key.verify(algorithm, data.as_bytes(), &signature)?)
    }

    /// The bytes that were signed, with a key of that type.
    ///
    /// # Errors
    /// [`ProofError::Suite`], [`ProofError::Ancestors`], [`ProofError::Canonical`].
    pub fn signed_bytes(&self, key_type: KeyType, contexts: &dyn Contexts) -> Result<HashData, ProofError> {
        if self.transformation() != Some(Transformation::Statements) {
            return Ok(*self.data(hash_of(key_type), contexts).as_ref()?);
        }
        match self.opened(contexts) {
            Ok(opened) => Ok(HashData::of_statements(opened.signed_bytes())),
            Err(SdError::IsBase) => {
                let Proof { options, value, .. } = self.proof();
                let signed = sd::base_signed_bytes(self.document(), options, value, contexts);
                Ok(HashData::of_statements(&signed.map_err(|error| ProofError::from(&error))?))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The statements of a document with a derived proof of `ecdsa-sd-2023`.
    ///
    /// # Errors
    /// [`SdError`]; [`SdError::Header`] for a proof of another suite.
    pub fn opened(&self, contexts: &dyn Contexts) -> Result<&Opened, &SdError> {
        let open = || {
            if self.transformation() != Some(Transformation::Statements) {
                return Err(SdError::Header);
            }
            let Proof { options, value, .. } = self.proof();
            Opened::read(self.document(), options, value, contexts)
        };
        self.entry().opened.get_or_init(open).as_ref()
    }

    /// Whether the proof that is looked at is for the document's holder alone: a base proof of `ecdsa-sd-2023`.
    pub fn is_base(&self) -> bool {
        sd::is_base(&self.proof().value)
    }

    /// The document with the base proof that it has beside others or alone; nothing if it has none. No document that has
    /// one may be shown as it is.
    ///
    /// # Errors
    /// [`DataIntegrityError`], where it cannot be looked into.
    pub fn base_of(document: &Map) -> Result<Option<Self>, DataIntegrityError> {
        let is_base = |proof: &Value| proof.get("proofValue").and_then(Value::as_str).is_some_and(sd::is_base);
        match document.get("proof") {
            Some(Value::Array(proofs)) if proofs.iter().any(is_base) => {}
            Some(proof) if is_base(proof) => {}
            _ => return Ok(None),
        }
        let signed = Self::read(document.clone()).map_err(|unsigned| unsigned.error)?;
        match signed.each().find(Self::is_base) {
            Some(base) => Ok(Some(base)),
            None => Err(signed.unreadable().first().cloned().unwrap_or(DataIntegrityError::NotAnObject)),
        }
    }

    /// The JSON pointers to what every verifier sees of a document with a base proof.
    ///
    /// # Errors
    /// [`SdError`].
    pub fn mandatory_pointers(&self) -> Result<Vec<String>, SdError> {
        sd::mandatory_pointers(&self.proof().value)
    }

    /// What a holder shows of a document with a base proof (see [`sd::derive()`]); other proofs do not come along.
    ///
    /// # Errors
    /// [`SdError`].
    pub fn derive(&self, selective: &[&str], contexts: &dyn Contexts) -> Result<Map, SdError> {
        let Proof { options, value, .. } = self.proof();
        sd::derive(self.document(), options, value, selective, contexts)
    }

    fn verify_statements(&self, key: &PublicKey, contexts: &dyn Contexts) -> Result<(), ProofError> {
        // Off-spec: with what it builds on such a proof would have to say which of its statements are mandatory.
        if !self.proof().previous.is_empty() {
            return Err(ProofError::Ancestors);
        }
        let opened = self.opened(contexts)?;
        // First, so that nobody's proof but the issuer's costs more than one check.
        opened.verify_issuer(key).map_err(|error| ProofError::from(&error))?;
        *self.entry().statements.get_or_init(|| {
            let left = |left: usize| left.checked_sub(opened.signatures());
            if self.all.checks_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_err() {
                return Err(ProofError::TooManyStatements { limit: limits::SD_CHECKS });
            }
            opened.verify_statements().map_err(|error| ProofError::from(&error))
        })
    }

    /// The bytes that a new proof is made over.
    pub(super) fn bytes_to_sign(&self, key_type: KeyType, contexts: &dyn Contexts) -> Result<HashData, SigningError> {
        self.compute(hash_of(key_type), contexts).map_err(|error| match error {
            // Whoever signs names a suite that there is, and all but this one sign a document as a whole.
            DataError::Suite => SigningError::Statements,
            DataError::Chain(error) => SigningError::Chain(error),
            DataError::Canonical(error) => SigningError::Canonical(error),
        })
    }

    /// Whether document and proof have a canonical form, for a key of that type.
    ///
    /// # Errors
    /// [`CanonicalError`].
    pub fn canonical(&self, key_type: KeyType, contexts: &dyn Contexts) -> Result<(), &CanonicalError> {
        if self.transformation() == Some(Transformation::Statements) {
            return match self.opened(contexts) {
                Err(SdError::Canonical(error)) => Err(error),
                _ => Ok(()),
            };
        }
        match self.data(hash_of(key_type), contexts) {
            Err(DataError::Canonical(error)) => Err(error),
            _ => Ok(()),
        }
    }

    fn data(&self, hash: HashAlgorithm, contexts: &dyn Contexts) -> &Result<HashData, DataError> {
        self.entry().data[place_of(hash)].get_or_init(|| self.compute(hash, contexts))
    }

    fn compute(&self, hash: HashAlgorithm, contexts: &dyn Contexts) -> Result<HashData, DataError> {
        let options = &self.proof().options;
        let how = self.transformation().filter(|how| *how != Transformation::Statements).ok_or(DataError::Suite)?;
        let own = self.document().get("@context");
        // Canonical JSON, section 3.3.2, step 5: the context that was signed stands in for the document's, which may only
        // add to it.
        let covered = options.get("@context").filter(|covered| own != Some(covered) && how == Transformation::Jcs);
        let previous = if self.proof().previous.is_empty() {
            Positions::default()
        } else {
            // What builds on itself was never signed.
            chain::ancestors(self.proofs(), self.at).map_err(DataError::Chain)?;
            chain::named(self.proofs(), self.proof()).map_err(DataError::Chain)?
        };
        let options = transform::hash_of_options(options, own, how, hash, contexts).map_err(DataError::Canonical)?;
        let document = if covered.is_none() && previous.is_empty() {
            let shared = &self.all.hashes[how as usize][place_of(hash)];
            shared.get_or_init(|| transform::hash_of_document(self.document(), how, hash, contexts)).clone()
        } else {
            transform::hash_of_document(&self.with(covered, previous), how, hash, contexts)
        };
        Ok(HashData::of(&options, &document.map_err(DataError::Canonical)?))
    }

    /// The document as a proof sees it that covers another context or builds on other proofs.
    ///
    /// Data Integrity 1.0, section 4.5: `proof` holds exactly the proofs that `previousProof` names, in the document's
    /// order.
    fn with(&self, context: Option<&Value>, previous: Positions) -> Map {
        let mut document = self.document().clone();
        if let Some(context) = context {
            document.insert("@context".to_owned(), context.clone());
        }
        if !previous.is_empty() {
            let proofs = self.proofs().enumerate().filter(|(at, _)| previous.contains(*at));
            let proofs = proofs.map(|(_, proof)| Value::Object(proof.to_json())).collect();
            document.insert("proof".to_owned(), Value::Array(proofs));
        }
        document
    }
}

fn place_of(hash: HashAlgorithm) -> usize {
    match hash {
        HashAlgorithm::Sha256 => 0,
        HashAlgorithm::Sha384 => 1,
    }
}

/// A proof as it stands in a document; an error gives it back.
pub(super) fn read_proof(item: Value) -> Result<Proof, (Value, DataIntegrityError)> {
    match item {
        Value::Object(proof) => Proof::read(proof).map_err(|(proof, error)| (Value::Object(proof), error)),
        other => Err((other, DataIntegrityError::NotAnObject)),
    }
}

fn unsigned(mut document: Map, proof: Value, error: DataIntegrityError) -> Box<Unsigned> {
    document.insert("proof".to_owned(), proof);
    Box::new(Unsigned { document, error })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::json;

    use super::*;
    use crate::encoding::json;
    use crate::jsonld::{Context, Embedded};
    use crate::keys::{KeyType, Signer, SoftwareKey};
    use crate::securing::data_integrity::{ProofOptions, Suite, sign};

    /// Counts how often a context is asked for: once for each reading of a document or proof.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Contexts for Counting {
        fn context(&self, url: &str) -> Option<&Context> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Embedded.context(url)
        }
    }

    fn document() -> Map {
        let document = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": "did:example:a",
            "credentialSubject": { "id": "did:example:b", "name": "Ada" },
        });
        json::parse_object(document.to_string().as_bytes()).unwrap()
    }

    fn signed_by(keys: &[SoftwareKey], how: Transformation) -> Map {
        keys.iter().fold(document(), |document, key| {
            let suite = Suite::of_key(key.algorithm().key_type(), how);
            let options = ProofOptions::new("did:example:a#key", "assertionMethod");
            sign(document, suite, &options, &Embedded, key).unwrap()
        })
    }

    #[test]
    fn a_document_is_read_once_however_many_proofs_and_keys_look_at_it() {
        let keys: Vec<SoftwareKey> = (0..8).map(|_| SoftwareKey::generate(KeyType::Ed25519).unwrap()).collect();
        let Ok(signed) = Signed::read(signed_by(&keys, Transformation::Rdfc)) else { panic!("it has proofs") };
        let (contexts, once) = (Counting::default(), Counting::default());
        crate::jsonld::to_dataset(&document(), &once).unwrap();
        for (at, each) in signed.each().enumerate() {
            for (other, key) in keys.iter().enumerate() {
                assert_eq!(each.verify(&key.public_key(), &contexts).is_ok(), at == other);
            }
            assert!(each.canonical(KeyType::Ed25519, &contexts).is_ok());
            each.signed_bytes(KeyType::Ed25519, &contexts).unwrap();
        }
        let of_one = once.0.load(Ordering::Relaxed);
        assert_eq!(contexts.0.load(Ordering::Relaxed), (1 + keys.len()) * of_one, "the document, and each proof");
    }

    #[test]
    fn what_is_signed_as_rdf_is_defined() {
        let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
        let options = ProofOptions::new("did:example:a#key", "assertionMethod");
        let code = |name: &str, value: Value| {
            let mut document = document();
            document.insert(name.to_owned(), value);
            let signed = sign(document, Suite::EddsaRdfc2022, &options, &Embedded, &key);
            signed.map_or_else(|error| crate::error::Explain::code(&error), |_| "signed")
        };
        assert_eq!(code("name", json!("A card")), "signed");
        assert_eq!(code("shoeSize", json!(43)), "json-ld.undefined-term");
        assert_eq!(code("name", json!(null)), "json-ld.null-value");
        assert_eq!(code("@context", json!(["https://a.example/v1"])), "json-ld.context-unavailable");
    }

    #[test]
    fn a_proof_over_rdf_covers_the_documents_own_context_alone() {
        let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
        let holds = |how: Transformation, context: Option<Value>, covered: Option<Value>| {
            let mut signed = signed_by(std::slice::from_ref(&key), how);
            if let Some(context) = context {
                signed.insert("@context".to_owned(), context);
            }
            if let (Some(covered), Some(proof)) = (covered, signed.get_mut("proof")) {
                proof["@context"] = covered;
            }
            let Ok(signed) = Signed::read(signed) else { panic!("it has a proof") };
            signed.verify(&key.public_key(), &Embedded)
        };
        let own = json!(["https://www.w3.org/ns/credentials/v2"]);
        let longer = json!(["https://www.w3.org/ns/credentials/v2", "https://w3id.org/citizenship/v2"]);
        assert_eq!(holds(Transformation::Rdfc, None, None), Ok(()));
        assert_eq!(holds(Transformation::Rdfc, None, Some(own.clone())), Ok(()));
        assert_eq!(holds(Transformation::Rdfc, Some(longer.clone()), Some(own.clone())), Err(ProofError::Context));
        assert_eq!(holds(Transformation::Rdfc, None, Some(longer.clone())), Err(ProofError::Context));
        // Canonical JSON says with its proof how much of a longer one was signed.
        assert_eq!(holds(Transformation::Jcs, Some(longer), Some(own)), Ok(()));
    }

    #[test]
    fn whoever_signs_is_told_what_is_wrong() {
        let key = SoftwareKey::generate(KeyType::P256).unwrap();
        let options = ProofOptions::new("did:example:a#key", "assertionMethod");
        let code = |suite: Suite, proof: Option<Value>| {
            let mut document = document();
            document.extend(proof.map(|proof| ("proof".to_owned(), proof)));
            let signed = sign(document, suite, &options, &Embedded, &key);
            signed.map_or_else(|error| crate::error::Explain::code(&error), |_| "signed")
        };
        assert_eq!(code(Suite::EcdsaRdfc2019, None), "signed");
        assert_eq!(code(Suite::EcdsaSd2023, None), "data-integrity.statements");
        assert_eq!(code(Suite::EddsaRdfc2022, None), "data-integrity.key-type");
        let other = signed_by(std::slice::from_ref(&key), Transformation::Jcs)["proof"].clone();
        assert_eq!(code(Suite::EcdsaRdfc2019, Some(other.clone())), "signed");
        assert_eq!(code(Suite::EcdsaRdfc2019, Some(json!("text"))), "data-integrity.not-an-object");
        assert_eq!(code(Suite::EcdsaRdfc2019, Some(json!([other, 7]))), "data-integrity.not-an-object");
        assert_eq!(code(Suite::EcdsaRdfc2019, Some(json!([other, {}]))), "data-integrity.member");
        for count in [limits::PROOFS, limits::PROOFS + 1, 1_000] {
            assert_eq!(
                code(Suite::EcdsaRdfc2019, Some(json!(vec![json!({}); count]))),
                match count {
                    limits::PROOFS => "data-integrity.member",
                    _ => "data-integrity.too-many",
                }
            );
        }
        let full = vec![other; limits::PROOFS];
        assert_eq!(code(Suite::EcdsaRdfc2019, Some(json!(full))), "data-integrity.too-many");
        // What the suite signs is said of the suite, and not of some proof.
        let options = options.to_map(Suite::EcdsaSd2023);
        let new = Signed::about_to_be(document(), Vec::new(), options).unwrap();
        assert_eq!(new.bytes_to_sign(KeyType::P256, &Embedded), Err(SigningError::Statements));
    }
}
