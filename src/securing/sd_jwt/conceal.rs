use serde_json::json;

use super::{Hash, SdJwt, SdJwtError, pointer};
use crate::encoding::json::{Map, Value};
use crate::encoding::{base64url, jcs};
use crate::keys::{Signer, SignerError};
use crate::limits;
use crate::securing::jose::{self, NewHeader};

/// What of a payload can be hidden.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// JSON pointers to the members and list items that get a disclosure each. Where one lies within another, its
    /// disclosure can only be used with the outer one (RFC 9901 section 4.2.6).
    pub pointers: &'a [String],
    /// How many digests without a disclosure stand beside the others in each object that hides members, so that their
    /// number tells less (RFC 9901 section 4.2.5).
    pub decoys: usize,
    /// The hash for all digests.
    pub hash: Hash,
}

/// A payload with digests in place of what can be hidden, not signed yet. Has no `Debug`: it holds the claims.
#[derive(Clone)]
pub struct Concealed {
    /// What is to be signed.
    pub payload: Map,
    /// The disclosures, in base64url. Whoever has one and the payload can read the claim.
    pub disclosures: Vec<String>,
}

/// Puts digests in place of what the plan names (RFC 9901 section 4.2). Each call of `salt` gives 16 fresh random
/// bytes: one for each disclosure and each decoy.
///
/// # Errors
/// - [`PointerUnknown`](SdJwtError::PointerUnknown), and [`PointerNotDisclosable`](SdJwtError::PointerNotDisclosable)
///   for the root.
/// - [`ReservedName`](SdJwtError::ReservedName) for a payload that has `_sd`, `_sd_alg` or `...` already.
/// - [`SaltRepeated`](SdJwtError::SaltRepeated).
/// - [`TooDeep`](SdJwtError::TooDeep), [`TooManyValues`](SdJwtError::TooManyValues),
///   [`TooManyDisclosures`](SdJwtError::TooManyDisclosures) for what no verifier of this library would read.
pub fn conceal(mut payload: Map, plan: &Plan<'_>, salt: &mut dyn FnMut() -> [u8; 16]) -> Result<Concealed, SdJwtError> {
    let mut pointers: Vec<(&str, bool)> = plan.pointers.iter().map(|pointer| (pointer.as_str(), false)).collect();
    pointers.sort_unstable();
    pointers.dedup();
    if pointers.first().is_some_and(|(pointer, _)| pointer.is_empty()) {
        return Err(SdJwtError::PointerNotDisclosable { pointer: String::new() });
    }
    let mut concealer = Concealer {
        plan,
        pointers,
        salt,
        salts: Vec::new(),
        disclosures: Vec::new(),
        values: 0,
        pointer: String::new(),
    };
    concealer.object(&mut payload, 1)?;
    let Concealer { pointers, mut salts, disclosures, .. } = concealer;
    if let Some((pointer, _)) = pointers.iter().find(|(_, is_found)| !is_found) {
        return Err(SdJwtError::PointerUnknown { pointer: (*pointer).to_owned() });
    }
    // RFC 9901 section 4.2.1: "The salt value MUST be unique for each claim".
    salts.sort_unstable();
    if salts.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(SdJwtError::SaltRepeated);
    }
    payload.insert("_sd_alg".to_owned(), plan.hash.name().into());
    Ok(Concealed { payload, disclosures })
}

/// Signs what was concealed, with all its disclosures behind it: what the issuer hands to the holder, `jwt~d1~..~`.
///
/// # Errors
/// [`SignerError`].
pub fn issue(concealed: &Concealed, header: &NewHeader<'_>, signer: &dyn Signer) -> Result<String, SignerError> {
    let mut issued = jose::sign(&concealed.payload, header, signer)?;
    issued.push('~');
    for disclosure in &concealed.disclosures {
        issued.push_str(disclosure);
        issued.push('~');
    }
    Ok(issued)
}

/// Appends the holder's key binding token (RFC 9901 section 4.3) to what was [selected](SdJwt::select): that the key
/// was at hand for this audience and nonce, at `issued_at` (seconds since 1970-01-01T00:00:00Z).
///
/// # Errors
/// [`SdJwtError`] where `sd_jwt` is none that ends in `~`, or its disclosures do not belong to it, and
/// [`Signer`](SdJwtError::Signer).
pub fn bind(
    sd_jwt: &str,
    audience: &str,
    nonce: &str,
    issued_at: i64,
    signer: &dyn Signer,
) -> Result<String, SdJwtError> {
    let parsed = SdJwt::parse_issued(sd_jwt)?;
    // RFC 9901 section 7.2, presentation step 2.
    parsed.reveal()?;
    let mut payload = Map::new();
    payload.insert("aud".to_owned(), audience.into());
    payload.insert("iat".to_owned(), issued_at.into());
    payload.insert("nonce".to_owned(), nonce.into());
    payload.insert("sd_hash".to_owned(), parsed.sd_hash().into());
    let header = NewHeader { media_type: "kb+jwt", content_type: None, key_id: None, certificates: &[] };
    let key_binding = jose::sign(&payload, &header, signer)?;
    Ok([sd_jwt, &key_binding].concat())
}

struct Concealer<'a> {
    plan: &'a Plan<'a>,
    /// The plan's, sorted, and whether there is something.
    pointers: Vec<(&'a str, bool)>,
    salt: &'a mut dyn FnMut() -> [u8; 16],
    salts: Vec<[u8; 16]>,
    disclosures: Vec<String>,
    values: usize,
    /// Where the concealer is.
    pointer: String,
}

impl Concealer<'_> {
    fn object(&mut self, object: &mut Map, level: usize) -> Result<(), SdJwtError> {
        self.enter(object.len(), level)?;
        let mut hidden = Vec::new();
        for (name, value) in object.iter_mut() {
            if let Some(name) = ["_sd", "...", "_sd_alg"].into_iter().find(|reserved| reserved == name) {
                return Err(SdJwtError::ReservedName { name });
            }
            let end = self.pointer.len();
            pointer::push_name(&mut self.pointer, name);
            self.descend(value, level)?;
            if self.is_planned() {
                hidden.push(name.clone());
            }
            self.pointer.truncate(end);
        }
        if hidden.is_empty() {
            return Ok(());
        }
        self.enter(hidden.len() + self.plan.decoys, level + 1)?;
        let mut digests = Vec::with_capacity(hidden.len() + self.plan.decoys);
        for name in hidden {
            let value = object.remove(&name);
            digests.push(self.disclosure(|salt| json!([salt, name, value]))?);
        }
        for _ in 0..self.plan.decoys {
            let salt = self.salt();
            digests.push(self.plan.hash.digest(&salt));
        }
        // RFC 9901 section 4.2.4.1: "The Issuer MUST hide the original order of the claims in the array."
        digests.sort_unstable();
        object.insert("_sd".to_owned(), digests.into());
        Ok(())
    }

    fn array(&mut self, items: &mut [Value], level: usize) -> Result<(), SdJwtError> {
        self.enter(items.len(), level)?;
        for (position, item) in items.iter_mut().enumerate() {
            let end = self.pointer.len();
            pointer::push_position(&mut self.pointer, position);
            self.descend(item, level)?;
            if self.is_planned() {
                self.enter(1, level + 1)?;
                let value = item.take();
                *item = json!({ "...": self.disclosure(|salt| json!([salt, value]))? });
            }
            self.pointer.truncate(end);
        }
        Ok(())
    }

    fn descend(&mut self, value: &mut Value, level: usize) -> Result<(), SdJwtError> {
        match value {
            Value::Object(object) => self.object(object, level + 1),
            Value::Array(items) => self.array(items, level + 1),
            _ => Ok(()),
        }
    }

    /// Bounds what is written by what is read.
    fn enter(&mut self, values: usize, level: usize) -> Result<(), SdJwtError> {
        if level > limits::JSON_DEPTH {
            return Err(SdJwtError::TooDeep { limit: limits::JSON_DEPTH });
        }
        self.values = self.values.saturating_add(values).saturating_add(1);
        if self.values > limits::JSON_VALUES {
            return Err(SdJwtError::TooManyValues { limit: limits::JSON_VALUES });
        }
        Ok(())
    }

    fn is_planned(&mut self) -> bool {
        let found = self.pointers.binary_search_by(|(pointer, _)| (*pointer).cmp(&self.pointer));
        match found.ok().and_then(|at| self.pointers.get_mut(at)) {
            None => false,
            Some((_, is_found)) => {
                *is_found = true;
                true
            }
        }
    }

    fn salt(&mut self) -> [u8; 16] {
        let salt = (self.salt)();
        self.salts.push(salt);
        salt
    }

    /// Writes a disclosure; returns its digest.
    fn disclosure(&mut self, content: impl FnOnce(String) -> Value) -> Result<String, SdJwtError> {
        if self.disclosures.len() == limits::DISCLOSURES {
            return Err(SdJwtError::TooManyDisclosures { limit: limits::DISCLOSURES });
        }
        let content = content(base64url::encode(self.salt()));
        let disclosure = base64url::encode(jcs::canonicalize_value(&content));
        let digest = self.plan.hash.digest(disclosure.as_bytes());
        self.disclosures.push(disclosure);
        Ok(digest)
    }
}
