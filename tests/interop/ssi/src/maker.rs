//! What ssi signs, with keys of its own making.

use std::borrow::Cow;

use attesta::encoding::{base64url, json};
use attesta::keys::{KeyType, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta_interop::{Party, now};
use serde_json::{Value, json};
use ssi::JWK;
use ssi::claims::data_integrity::{AnyInputOptions, AnySignatureOptions, AnySuite, CryptographicSuite};
use ssi::claims::jws::JwsSigner;
use ssi::claims::sd_jwt::{JsonPointerBuf, SdAlg, SdJwtPayload};
use ssi::claims::vc::v2::JsonCredential;
use ssi::claims::vc_jose_cose::JoseVc;
use ssi::claims::{JwsPayload, SignatureEnvironment};
use ssi::dids::{AnyDidMethod, VerificationMethodDIDResolver};
use ssi::json_ld::iref::IriBuf;
use ssi::verification_methods::{AnyMethod, SingleSecretSigner};
use ssi::xsd::DateTimeStamp;

use crate::done;
use crate::judge::contexts;

/// What ssi lets its caller say in a proof.
pub type Words = AnyInputOptions;

/// Somebody who signs with ssi.
pub struct Maker {
    /// The same key as attesta has it, and its DID.
    pub party: Party,
    key: JWK,
}

impl Maker {
    /// With a new key and its did:key.
    pub fn of_did_key(key_type: KeyType) -> Self {
        let key = new_key(key_type);
        let did = ssi::dids::DIDKey::generate(&key.to_public()).unwrap().to_string();
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        Self::of(key, did, method)
    }

    /// With a new key and its did:jwk.
    pub fn of_did_jwk(key_type: KeyType) -> Self {
        let key = new_key(key_type);
        let did = ssi::dids::DIDJWK::generate(&key.to_public()).to_string();
        let method = format!("{did}#0");
        Self::of(key, did, method)
    }

    fn of(key: JWK, did: String, method: String) -> Self {
        let private = serde_json::to_string(&key).unwrap();
        let ours = SoftwareKey::from_jwk(&json::parse_object(private.as_bytes()).unwrap()).unwrap();
        Self { party: Party { did, method, key: ours }, key }
    }

    /// A credential as ssi labels it by itself.
    pub fn jose(&self, document: &Value) -> String {
        let credential: JsonCredential = serde_json::from_value(document.clone()).unwrap();
        done(JoseVc(credential).sign(&self.named(&self.party.method))).unwrap().into_string()
    }

    /// Any payload, with that label and its key under that name.
    pub fn jws(&self, payload: &Value, label: &'static str, named: &str) -> String {
        done(Labelled { label, payload: payload.to_string() }.sign(&self.named(named))).unwrap().into_string()
    }

    /// The claims as an SD-JWT, with that label and its key under that name, and what the pointers name hidden. All of
    /// it is shown.
    pub fn sd_jwt(&self, claims: &Value, hidden: &[&str], label: &'static str, named: &str) -> String {
        let pointers: Vec<JsonPointerBuf> = hidden.iter().map(|pointer| pointer.parse().unwrap()).collect();
        let (payload, disclosures) = SdJwtPayload::conceal(claims, SdAlg::Sha256, &pointers).unwrap();
        let mut text = self.jws(&serde_json::to_value(payload).unwrap(), label, named);
        for disclosure in disclosures {
            text += &format!("~{}", disclosure.encoded);
        }
        text + "~"
    }

    /// A credential with a proof of that suite, its key under that name.
    pub fn data_integrity(&self, document: &Value, format: Format, named: &str) -> String {
        self.prove(document, format, named).unwrap()
    }

    /// A credential whose claims can be hidden, but for what the pointers name.
    pub fn statements(&self, document: &Value, mandatory: &[String], named: &str) -> String {
        let mut options = AnySignatureOptions::default();
        options.mandatory_pointers = mandatory.iter().map(|pointer| pointer.parse().unwrap()).collect();
        self.sign(document, Format::EcdsaSd2023, self.words(named), options).unwrap()
    }

    /// The same with other words in the proof.
    pub fn data_integrity_with(&self, document: &Value, format: Format, change: impl FnOnce(&mut Words)) -> String {
        let mut words = self.words(&self.party.method);
        change(&mut words);
        self.sign(document, format, words, AnySignatureOptions::default()).unwrap()
    }

    /// Whether ssi signs a document under a name, or why it does not.
    ///
    /// # Errors
    /// Why it does not.
    pub fn prove(&self, document: &Value, format: Format, named: &str) -> Result<String, String> {
        self.sign(document, format, self.words(named), AnySignatureOptions::default())
    }

    fn words(&self, named: &str) -> Words {
        let mut words = Words::from_method(IriBuf::new(named.to_owned()).unwrap().into());
        // Not when ssi signs: on a slow machine that is too long after the moment of the decision.
        words.created = Some(now().to_string().parse::<DateTimeStamp>().unwrap().into());
        words
    }

    fn sign(&self, document: &Value, format: Format, words: Words, how: AnySignatureOptions) -> Result<String, String> {
        let credential: JsonCredential = serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
        let resolver = VerificationMethodDIDResolver::<_, AnyMethod>::new(AnyDidMethod::default());
        let environment = SignatureEnvironment { json_ld_loader: contexts(), eip712_loader: () };
        let signer = SingleSecretSigner::new(self.key.clone()).into_local();
        let suite = suite(format);
        let signing = suite.sign_with(environment, credential, &resolver, signer, words, how);
        let signed = done(signing).map_err(|error| error.to_string())?;
        serde_json::to_string(&signed).map_err(|error| error.to_string())
    }

    fn named(&self, method: &str) -> impl JwsSigner + use<> {
        JWK { key_id: Some(method.to_owned()), ..self.key.clone() }
    }
}

struct Labelled {
    label: &'static str,
    payload: String,
}

impl JwsPayload for Labelled {
    fn typ(&self) -> Option<&str> {
        Some(self.label)
    }

    fn payload_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.payload.as_bytes())
    }
}

fn suite(format: Format) -> AnySuite {
    match format {
        Format::EddsaRdfc2022 => AnySuite::EdDsaRdfc2022,
        Format::EcdsaRdfc2019 => AnySuite::EcdsaRdfc2019,
        Format::EcdsaSd2023 => AnySuite::EcdsaSd2023,
        other => panic!("ssi has no {}", other.name()),
    }
}

fn new_key(key_type: KeyType) -> JWK {
    match key_type {
        KeyType::Ed25519 => JWK::generate_ed25519().unwrap(),
        KeyType::P256 => JWK::generate_p256(),
        KeyType::P384 => JWK::generate_p384(),
        other => panic!("ssi makes no {other:?} keys"),
    }
}

/// A token of ours, or the token that an SD-JWT begins with, signed once more with the same key and the deprecated name
/// of the algorithm, `EdDSA`: none of the others knows the one of RFC 9864, `Ed25519`. Tokens of other algorithms stay.
pub fn in_old_words(token: &str, key: &SoftwareKey) -> String {
    if key.algorithm().key_type() != KeyType::Ed25519 {
        return token.to_owned();
    }
    let (token, disclosures) = token.split_at(token.find('~').unwrap_or(token.len()));
    let mut parts = token.split('.');
    let header = base64url::decode(parts.next().unwrap()).unwrap();
    let mut header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["alg"], "Ed25519");
    header["alg"] = json!("EdDSA");
    let input = format!("{}.{}", base64url::encode(header.to_string().as_bytes()), parts.next().unwrap());
    let signature = attesta::keys::sign(key, input.as_bytes()).unwrap();
    format!("{input}.{}{disclosures}", base64url::encode(&signature))
}
