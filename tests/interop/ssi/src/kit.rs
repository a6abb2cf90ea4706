//! What identity-kit signs, presents and says.

use attesta::keys::KeyType;
use attesta::time::Timestamp;
use identity_kit::prelude::credentials::*;
use identity_kit::prelude::*;
use identity_kit::vc::PathComponent;
use serde_json::Value;

use crate::done;

/// Somebody who signs with identity-kit, whose key never leaves its key store.
pub struct Kit {
    /// Its DID.
    pub did: String,
    /// The DID URL of its only verification method.
    pub method: String,
    signer: KeySigner<InMemoryKeyStore>,
}

impl Kit {
    /// The keys that identity-kit makes; for P-384 it has neither keys nor signatures nor a did:key.
    pub const KEY_TYPES: [KeyType; 2] = [KeyType::Ed25519, KeyType::P256];

    /// With a new key and its did:key.
    pub fn of_did_key(key_type: KeyType) -> Self {
        let signer = new_signer(key_type);
        let did = DidKey::did(signer.public_jwk()).unwrap().to_string();
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        Self { did, method, signer }
    }

    /// With a new key and its did:jwk.
    pub fn of_did_jwk(key_type: KeyType) -> Self {
        let signer = new_signer(key_type);
        let did = DidJwk::did(signer.public_jwk()).unwrap().to_string();
        let method = format!("{did}#0");
        Self { did, method, signer }
    }

    /// Its public key, as JWK.
    pub fn public_jwk(&self) -> Value {
        serde_json::to_value(self.signer.public_jwk()).unwrap()
    }

    /// Any payload as a token with that label, its key under that name.
    pub fn jws(&self, payload: &Value, label: &str, named: &str) -> String {
        let header = JwsHeader::new(self.signer.alg()).with_typ(label).with_kid(named);
        done(encode_compact(&header, payload.to_string().as_bytes(), &self.signer)).unwrap()
    }

    /// A credential, read and written by identity-kit's own model.
    pub fn credential(&self, document: &Value, named: &str) -> String {
        let credential: CredentialV2 = serde_json::from_value(document.clone()).unwrap();
        credential.check().unwrap();
        self.of_model("vc+jwt", &credential.to_jwt_claims(), named)
    }

    /// A presentation of credentials that are tokens, for an audience and with a nonce, with these contexts beside the
    /// first.
    pub fn presentation(&self, credentials: &[&str], contexts: &[&str], audience: &str, nonce: &str) -> String {
        let holder: Uri = self.did.parse().unwrap();
        let empty = PresentationV2::new().with_holder(holder);
        let empty = contexts.iter().fold(empty, |all, context| all.with_context(*context));
        let presentation = credentials
            .iter()
            .fold(empty, |all, credential| all.with_credential(EnvelopedVc::from_jwt(&credential.parse().unwrap())));
        let mut claims = presentation.to_jwt_claims().with_aud(audience);
        claims.additional.insert("nonce".to_owned(), nonce.into());
        self.of_model("vp+jwt", &claims, &self.method)
    }

    fn of_model(&self, label: &str, claims: &JwtClaims, named: &str) -> String {
        let header = JwsHeader::new(self.signer.alg()).with_typ(label).with_kid(named);
        done(Jwt::sign(&header, claims, &self.signer)).unwrap().into_string()
    }

    /// Claims as an SD-JWT with that label, what the pointers name hidden. All of it is shown.
    pub fn sd_jwt(&self, claims: &Value, hidden: &[String], label: &str, named: &str) -> String {
        let header = JwsHeader::new(self.signer.alg()).with_typ(label).with_kid(named);
        let builder = SdJwtBuilder::new(claims.as_object().unwrap().clone()).with_decoys(2);
        let builder = hidden.iter().fold(builder, |builder, pointer| builder.conceal(path(pointer, claims)));
        done(builder.sign(&header, &self.signer)).unwrap().to_string()
    }

    /// Shows of an SD-JWT what the pointers name, for an audience and with a nonce.
    pub fn binds(&self, sd_jwt: &str, shown: &[String], audience: &str, nonce: &str, at: Timestamp) -> String {
        let sd_jwt = SdJwt::parse(sd_jwt).unwrap();
        let whole = Value::Object(sd_jwt.process().unwrap().payload);
        let paths: Vec<ClaimPath> = shown.iter().map(|pointer| path(pointer, &whole)).collect();
        let binding = KeyBinding::new(audience, nonce, at.to_string().parse().unwrap());
        done(sd_jwt.disclose(&paths).unwrap().sign_key_binding(&binding, &self.signer)).unwrap().to_string()
    }
}

/// identity-kit at a moment: it finds keys in DIDs.
pub struct KitJudge {
    time: TimeOptions,
}

impl KitJudge {
    /// At that moment.
    pub fn at(moment: Timestamp) -> Self {
        Self { time: TimeOptions::at(moment.to_string().parse().unwrap()) }
    }

    /// A credential as a token. Returns the credential as it was read.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn jwt(&self, token: &str) -> Result<Value, String> {
        let token: Jwt = token.parse().map_err(reason)?;
        let options = CredentialValidationOptions::new().with_time(self.time);
        let validator = JwtCredentialValidator::new(resolver(), DefaultVerifier);
        let decoded = done(validator.validate_v2(&token, &options)).map_err(reason)?;
        serde_json::to_value(decoded.credential).map_err(reason)
    }

    /// A presentation as a token, for an audience and a nonce. Returns how many credentials it has.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn presentation(&self, token: &str, audience: &str, nonce: &str) -> Result<usize, String> {
        let token: Jwt = token.parse().map_err(reason)?;
        let credentials = CredentialValidationOptions::new().with_time(self.time);
        let mut options = PresentationValidationOptions::new().with_time(self.time);
        options = options.with_audience(audience).with_nonce(nonce).with_credentials(credentials);
        let validator = JwtPresentationValidator::new(resolver(), DefaultVerifier);
        let decoded = done(validator.validate_v2(&token, &options)).map_err(reason)?;
        Ok(decoded.credentials.len())
    }

    /// A claims set as an SD-JWT, `dc+sd-jwt`, of its holder where somebody is expected. Returns the claims.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn sd_jwt_vc(&self, text: &str, bound: Option<(&str, &str)>) -> Result<Value, String> {
        let sd_jwt = SdJwt::parse(text).map_err(reason)?;
        let validator = SdJwtCredentialValidator::new(resolver(), DefaultVerifier);
        let validated = done(validator.validate(&sd_jwt, &self.options(bound))).map_err(reason)?;
        Ok(Value::Object(validated.credential.payload().clone()))
    }

    /// The same of a credential, `vc+sd-jwt`.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn sd_jwt(&self, text: &str, bound: Option<(&str, &str)>) -> Result<Value, String> {
        let sd_jwt = SdJwt::parse(text).map_err(reason)?;
        let validator = SdJwtCredentialValidator::new(resolver(), DefaultVerifier);
        let validated = done(validator.validate_v2(&sd_jwt, &self.options(bound))).map_err(reason)?;
        Ok(Value::Object(validated.credential.payload().clone()))
    }

    fn options(&self, bound: Option<(&str, &str)>) -> SdJwtValidationOptions {
        let options = SdJwtValidationOptions::new().with_time(self.time);
        match bound {
            Some((audience, nonce)) => {
                options.with_key_binding(KeyBindingOptions::new(audience, nonce).with_time(self.time))
            }
            None => options,
        }
    }

    /// The document of a DID.
    ///
    /// # Errors
    /// Why there is none.
    pub fn resolve(did: &str) -> Result<Value, String> {
        let did = Did::parse(did).map_err(reason)?;
        let document = done(resolver().resolve_document(&did)).map_err(reason)?;
        serde_json::to_value(document).map_err(reason)
    }
}

fn resolver() -> Resolver {
    Resolver::builder().with(DidKey::new()).with(DidJwk).build()
}

fn new_signer(key_type: KeyType) -> KeySigner<InMemoryKeyStore> {
    let (key_type, algorithm) = match key_type {
        KeyType::Ed25519 => (identity_kit::jose::KeyType::Ed25519, JwsAlgorithm::EdDSA),
        KeyType::P256 => (identity_kit::jose::KeyType::P256, JwsAlgorithm::ES256),
        other => panic!("identity-kit makes no {other:?} keys"),
    };
    let store = InMemoryKeyStore::new();
    let key = done(store.generate(KeySpec::new(key_type, algorithm))).unwrap();
    done(KeySigner::new(store, key, algorithm)).unwrap()
}

/// A JSON pointer as identity-kit has it, which tells an item's place from a member's name.
fn path(pointer: &str, document: &Value) -> ClaimPath {
    let mut at = document;
    let components = pointer.split('/').skip(1).map(|part| {
        let name = part.replace("~1", "/").replace("~0", "~");
        let (next, component) = match at {
            Value::Array(items) => {
                let place: usize = name.parse().unwrap();
                (&items[place], PathComponent::Index(place))
            }
            _ => (&at[&name], PathComponent::Key(name)),
        };
        at = next;
        component
    });
    components.collect()
}

fn reason(error: impl ToString) -> String {
    error.to_string()
}
