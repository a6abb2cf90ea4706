//! What ssi says of what it is shown.

use std::collections::HashMap;

use attesta::jsonld::Embedded;
use attesta::time::Timestamp;
use serde_json::Value;
use ssi::claims::data_integrity::{AnyDataIntegrity, AnySelectionOptions, from_json_str};
use ssi::claims::sd_jwt::SdJwt;
use ssi::claims::vc::v2::JsonCredential;
use ssi::claims::vc_jose_cose::{JoseVc, SdJwtVc};
use ssi::claims::{JwsSlice, Verification, VerificationParameters};
use ssi::dids::resolution::Options;
use ssi::dids::{AnyDidMethod, DID, DIDResolver, VerificationMethodDIDResolver};
use ssi::json_ld::ContextLoader;
use ssi::verification_methods::AnyMethod;

use crate::done;

/// ssi at a moment, with everything in memory: it finds keys in DIDs, and knows the contexts that attesta has built in
/// beside its own.
pub struct Judge {
    parameters: VerificationParameters<VerificationMethodDIDResolver<AnyDidMethod, AnyMethod>>,
}

impl Judge {
    /// At that moment.
    pub fn at(moment: Timestamp) -> Self {
        let mut parameters =
            VerificationParameters::from_resolver(VerificationMethodDIDResolver::new(AnyDidMethod::default()))
                .with_json_ld_loader(contexts());
        parameters.date_time = Some(moment.to_string().parse().unwrap());
        Self { parameters }
    }

    /// A credential as a token: `vc+jwt`.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn jwt(&self, token: &str) -> Result<(), String> {
        let token = JwsSlice::new(token.as_bytes()).map_err(|_| "no JWS".to_owned())?;
        let credential = JoseVc::decode_any(token).map_err(reason)?;
        verdict(done(credential.verify(&self.parameters)))
    }

    /// Any payload as a token, of which the signature alone is judged.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn jws(&self, token: &str) -> Result<(), String> {
        let token = JwsSlice::new(token.as_bytes()).map_err(|_| "no JWS".to_owned())?;
        verdict(done(token.verify(&self.parameters)))
    }

    /// A claims set as an SD-JWT, `dc+sd-jwt`, whose disclosures are put in place. Returns the claims.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn sd_jwt(&self, text: &str) -> Result<Value, String> {
        let sd_jwt = SdJwt::new(text).map_err(reason)?;
        let (revealed, verification) = done(sd_jwt.decode_reveal_verify_any(&self.parameters)).map_err(reason)?;
        verification.map_err(reason)?;
        serde_json::to_value(revealed.claims()).map_err(reason)
    }

    /// A credential as an SD-JWT, `vc+sd-jwt`.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn sd_jwt_credential(&self, text: &str) -> Result<(), String> {
        let credential = SdJwtVc::decode_reveal_any(SdJwt::new(text).map_err(reason)?).map_err(reason)?;
        verdict(done(credential.verify(&self.parameters)))
    }

    /// A credential with a Data Integrity proof.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn data_integrity(&self, document: &str) -> Result<(), String> {
        let credential: AnyDataIntegrity<JsonCredential> = from_json_str(document).map_err(reason)?;
        verdict(done(credential.verify(&self.parameters)))
    }

    /// Of a credential whose claims can be hidden, what ssi shows where these are chosen.
    ///
    /// # Errors
    /// Why it does not.
    pub fn select(&self, base: &str, pointers: &[&str]) -> Result<String, String> {
        let credential: AnyDataIntegrity<JsonCredential> = from_json_str(base).map_err(reason)?;
        let mut options = AnySelectionOptions::default();
        options.selective_pointers = pointers.iter().map(|pointer| pointer.parse().unwrap()).collect();
        let derived = done(credential.select(&self.parameters, options)).map_err(reason)?;
        serde_json::to_string(&derived).map_err(reason)
    }

    /// The document of a DID.
    ///
    /// # Errors
    /// Why there is none.
    pub fn resolve(&self, did: &str) -> Result<Value, String> {
        let did = DID::new(did).map_err(reason)?;
        let resolved =
            done(self.parameters.resolver.resolve_representation(did, Options::default())).map_err(reason)?;
        serde_json::from_slice(&resolved.document).map_err(reason)
    }
}

/// Those that ssi has, and those that attesta has beside them.
pub(crate) fn contexts() -> ContextLoader {
    let documents = Embedded::urls().filter_map(|url| Some((url.to_owned(), Embedded::document(url)?.to_string())));
    ContextLoader::default().with_context_map_from(documents.collect::<HashMap<_, _>>()).unwrap()
}

fn verdict(result: Result<Verification, impl ToString>) -> Result<(), String> {
    result.map_err(reason)?.map_err(reason)
}

fn reason(error: impl ToString) -> String {
    error.to_string()
}
