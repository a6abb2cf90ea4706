//! The forms in which both sides sign.

use attesta::credential::Credential;
use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::issuer::Issuer;
use attesta::jsonld::Embedded;
use attesta::keys::KeyType;
use attesta::securing::Format;
use attesta::securing::data_integrity::{self, ProofOptions, Suite};
use attesta::securing::jose::{self, NewHeader};
use serde_json::{Value, json};

use crate::data_integrity::{self as other_side, contexts_of};
use crate::oracle::ask;
use crate::people::Party;

/// A format with one type of key.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// How a credential is secured.
    pub format: Format,
    /// With what key.
    pub key_type: KeyType,
    /// The `alg` that the other side writes, if not the fully specified name.
    alg: Option<&'static str>,
}

impl Form {
    /// Every form that both sides have.
    pub const ALL: [Self; 10] = [
        Self { format: Format::Jwt, key_type: KeyType::Ed25519, alg: None },
        Self { format: Format::Jwt, key_type: KeyType::Ed25519, alg: Some("EdDSA") },
        Self { format: Format::Jwt, key_type: KeyType::P256, alg: None },
        Self { format: Format::Jwt, key_type: KeyType::P384, alg: None },
        Self { format: Format::EddsaJcs2022, key_type: KeyType::Ed25519, alg: None },
        Self { format: Format::EcdsaJcs2019, key_type: KeyType::P256, alg: None },
        Self { format: Format::EcdsaJcs2019, key_type: KeyType::P384, alg: None },
        Self { format: Format::EddsaRdfc2022, key_type: KeyType::Ed25519, alg: None },
        Self { format: Format::EcdsaRdfc2019, key_type: KeyType::P256, alg: None },
        Self { format: Format::EcdsaRdfc2019, key_type: KeyType::P384, alg: None },
    ];

    /// Those with a proof in the document.
    pub fn data_integrity() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|form| !form.is_token())
    }

    /// Those that sign a document's meaning and not its words.
    pub fn of_rdf() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|form| form.signs_rdf())
    }

    /// Whether it is a token.
    pub fn is_token(self) -> bool {
        self.format == Format::Jwt
    }

    /// Whether it signs a document's meaning and not its words.
    pub fn signs_rdf(self) -> bool {
        matches!(self.format, Format::EddsaRdfc2022 | Format::EcdsaRdfc2019)
    }

    fn oracle(self) -> &'static str {
        if self.is_token() { "vc-jwt" } else { "data-integrity" }
    }

    /// What the other side must be told beside a document.
    fn with_suite(self, document: &Value, mut input: Value) -> Value {
        if !self.is_token() {
            input["cryptosuite"] = self.format.name().into();
            input["contexts"] = contexts_of(document);
        }
        input
    }

    /// A new key of the other side's making.
    pub fn their_party(self) -> Party {
        let document =
            json!({ "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"] });
        let input = self.with_suite(&document, json!({ "document": document, "crv": self.key_type.crv() }));
        let answer = ask(self.oracle(), "sign", &input);
        Party::of_jwk(&answer["key"], text(&answer["did"]), text(&answer["verificationMethod"]))
    }

    /// What the other side signs, for nobody in particular. It adds `issuer` (or `holder`) where that is absent.
    pub fn they_sign(self, party: &Party, document: &Value) -> String {
        self.they_sign_with(party, document, json!({}))
    }

    /// A presentation that the other side signs for an audience, with a nonce.
    pub fn they_present(self, party: &Party, document: &Value, audience: &str, nonce: &str) -> String {
        self.they_sign_with(party, document, self.transaction(audience, nonce))
    }

    /// What the other side signs with these members in its input, beside the document and the key.
    pub fn they_sign_with(self, party: &Party, document: &Value, mut input: Value) -> String {
        input = self.with_suite(document, input);
        input["document"] = document.clone();
        input["key"] = party.private_jwk();
        if let Some(alg) = self.alg {
            input["alg"] = alg.into();
        }
        let answer = ask(self.oracle(), "sign", &input);
        assert!(answer.get("refused").is_none(), "{self:?}: {}", answer["refused"]);
        if self.is_token() { text(&answer["jwt"]) } else { answer["document"].to_string() }
    }

    /// Whether the other side verifies it.
    pub fn they_verify(self, signed: &str) -> bool {
        self.they_verify_with(signed, json!({}))
    }

    /// Whether the other side verifies a presentation, as this audience and for this nonce.
    pub fn they_verify_for(self, signed: &str, audience: &str, nonce: &str) -> bool {
        self.they_verify_with(signed, self.transaction(audience, nonce))
    }

    fn they_verify_with(self, signed: &str, mut input: Value) -> bool {
        if !self.is_token() {
            return other_side::they_verify_with(&json_of(signed), input);
        }
        input["jwt"] = signed.into();
        ask(self.oracle(), "verify", &input)["verified"].as_bool().unwrap()
    }

    fn transaction(self, audience: &str, nonce: &str) -> Value {
        match self.is_token() {
            true => json!({ "audience": audience, "nonce": nonce }),
            false => json!({ "domain": audience, "challenge": nonce }),
        }
    }

    /// What we issue.
    pub fn we_issue(self, party: &Party, draft: &Credential) -> String {
        Issuer::of_did(&party.did, &party.key).unwrap().secure(draft, self.format).unwrap()
    }

    /// What `signer` signs in the name of `named`: the whole document stays, and so does the name of the key.
    pub fn signed_in_the_name_of(self, named: &Party, signer: &Party, signed: &str) -> String {
        let mut document = document_of(signed);
        if self.is_token() {
            let kind = if document.contains_key("verifiableCredential") { "vp" } else { "vc" };
            let media_type = format!("{kind}+jwt");
            let header = NewHeader {
                media_type: &media_type,
                content_type: Some(kind),
                key_id: Some(&named.method),
                certificates: &[],
            };
            return jose::sign(&document, &header, &signer.key).unwrap();
        }
        let proof = document.remove("proof").unwrap();
        let member = |name: &str| proof.get(name).and_then(Value::as_str);
        let options = ProofOptions {
            domain: member("domain"),
            challenge: member("challenge"),
            ..ProofOptions::new(&named.method, member("proofPurpose").unwrap())
        };
        let suite = Suite::from_name(self.format.name()).unwrap();
        Value::Object(data_integrity::sign(document, suite, &options, &Embedded, &signer.key).unwrap()).to_string()
    }

    /// The document with no signature.
    pub fn unsigned(self, signed: &str) -> String {
        match self.is_token() {
            true => signed[..=signed.rfind('.').unwrap()].to_owned(),
            false => {
                let mut document = document_of(signed);
                document.remove("proof");
                Value::Object(document).to_string()
            }
        }
    }

    /// The credential in its place in a presentation's `verifiableCredential`.
    pub fn enclosed(self, credential: &str) -> Value {
        match self.is_token() {
            false => json_of(credential),
            true => json!({
                "@context": "https://www.w3.org/ns/credentials/v2",
                "type": "EnvelopedVerifiableCredential",
                "id": format!("data:application/vc+jwt,{credential}"),
            }),
        }
    }

    /// The first credential of a presentation, as it was before.
    pub fn first_enclosed(self, presentation: &str) -> String {
        let first = &document_of(presentation)["verifiableCredential"][0];
        match self.is_token() {
            false => first.to_string(),
            true => first["id"].as_str().unwrap().strip_prefix("data:application/vc+jwt,").unwrap().to_owned(),
        }
    }
}

/// The signed text with the first `from` in it replaced, and the signature left as it was. All other bytes stay, so that
/// a token is refused for this change alone.
///
/// # Panics
/// If there is no `from` in it.
pub fn forge(signed: &str, from: &str, to: &str) -> String {
    let change = |text: &str| {
        assert!(text.contains(from), "there is no {from} to change");
        text.replacen(from, to, 1)
    };
    match signed.split('.').collect::<Vec<_>>()[..] {
        [header, payload, signature] if !signed.starts_with('{') => {
            let text = String::from_utf8(base64url::decode(payload).unwrap()).unwrap();
            [header, &base64url::encode(change(&text)), signature].join(".")
        }
        _ => change(signed),
    }
}

fn document_of(signed: &str) -> Map {
    let document = match signed.starts_with('{') {
        true => json_of(signed),
        false => json_of(&String::from_utf8(base64url::decode(signed.split('.').nth(1).unwrap()).unwrap()).unwrap()),
    };
    document.as_object().unwrap().clone()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
