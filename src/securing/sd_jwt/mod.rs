//! SD-JWT (RFC 9901): a token whose issuer signs digests in place of claims, and whose holder chooses which claims to
//! disclose.
//!
//! Everything here is about texts: which disclosures belong to a token, what is in it with them, and what a holder
//! hands over. Whether the issuer's signature holds is asked of [`SdJwt::jws`], and the holder's of
//! [`KeyBinding::jws`]; nothing that was [revealed](SdJwt::reveal) counts before.

mod conceal;
mod error;
mod hash;
mod reveal;
mod select;
mod serialization;

pub use conceal::{Concealed, Decoys, Plan, bind, conceal, issue};
pub use error::SdJwtError;
pub use hash::Hash;
pub use reveal::Revealed;
pub use serialization::{from_json, is_json, to_json};

use crate::encoding::json::Value;
use crate::limits;
use crate::securing::jose::{Jws, is_media_type};

/// A token with disclosures, taken apart; neither its signatures nor its disclosures are checked yet.
#[derive(Clone)]
pub struct SdJwt<'a> {
    /// The token that the issuer signed. Its payload still has digests in place of what can be hidden.
    pub jws: Jws<'a>,
    /// The holder's token after the last `~`. That it is there says nothing; whether it must be is the verifier's to
    /// say (RFC 9901 section 7.3).
    pub key_binding: Option<KeyBinding<'a>>,
    /// Up to and with the last `~`.
    text: &'a str,
    disclosures: Vec<&'a str>,
    hash: Hash,
}

impl<'a> SdJwt<'a> {
    /// Takes an SD-JWT apart, with or without a key binding token (RFC 9901 section 4).
    ///
    /// # Errors
    /// [`SdJwtError`]. Disclosures are counted here and looked into by [`reveal`](Self::reveal).
    pub fn parse(token: &'a str) -> Result<Self, SdJwtError> {
        if token.len() > limits::DOCUMENT_BYTES {
            return Err(SdJwtError::TooLarge { bytes: token.len(), limit: limits::DOCUMENT_BYTES });
        }
        let (text, key_binding) = token.split_at(token.rfind('~').ok_or(SdJwtError::Form)? + 1);
        let mut parts = text.split_terminator('~');
        let jws = parts.next().ok_or(SdJwtError::Form)?;
        let disclosures: Vec<&str> = parts.by_ref().take(limits::DISCLOSURES).collect();
        if parts.next().is_some() {
            return Err(SdJwtError::TooManyDisclosures { limit: limits::DISCLOSURES });
        }
        let jws = Jws::parse(jws)?;
        let hash = Hash::of_payload(&jws.payload)?;
        let key_binding = match key_binding {
            "" => None,
            key_binding => Some(KeyBinding { jws: Jws::parse(key_binding).map_err(SdJwtError::KeyBinding)? }),
        };
        Ok(Self { jws, key_binding, text, disclosures, hash })
    }

    /// Takes an SD-JWT apart that an issuer hands to its holder.
    ///
    /// # Errors
    /// [`SdJwtError`]; [`KeyBound`](SdJwtError::KeyBound) where a key binding token stands (RFC 9901 section 7.2).
    pub fn parse_issued(token: &'a str) -> Result<Self, SdJwtError> {
        let parsed = Self::parse(token)?;
        if parsed.key_binding.is_some() { Err(SdJwtError::KeyBound) } else { Ok(parsed) }
    }

    /// The text without a key binding token: up to and with the last `~`.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The hash that its digests are made with.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The disclosures as they stand there, not looked into.
    pub fn disclosures(&self) -> &[&'a str] {
        &self.disclosures
    }

    /// What a key binding token must say as `sd_hash`: the digest of the presented text up to and with the last `~`
    /// (RFC 9901 section 4.3.1), in base64url.
    pub fn sd_hash(&self) -> String {
        self.hash.digest(self.text.as_bytes())
    }
}

/// The holder's token (RFC 9901 section 4.3): that its key was at hand for one request. Not checked yet.
#[derive(Clone)]
pub struct KeyBinding<'a> {
    /// The token itself.
    pub jws: Jws<'a>,
}

impl KeyBinding<'_> {
    /// Whether `typ` is `kb+jwt`, as it must be.
    pub fn is_typed(&self) -> bool {
        self.jws.header.media_type.as_deref().is_some_and(|typ| is_media_type(typ, "kb+jwt"))
    }

    /// `aud`, if it is one text: for whom.
    pub fn audience(&self) -> Option<&str> {
        self.text("aud")
    }

    /// `nonce`, if it is text: the request's.
    pub fn nonce(&self) -> Option<&str> {
        self.text("nonce")
    }

    /// `iat`, if it is a number: when, in seconds since 1970-01-01T00:00:00Z, a fraction dropped (RFC 7519 section 2).
    pub fn issued_at(&self) -> Option<i64> {
        let value = self.jws.payload.get("iat")?;
        value.as_i64().or_else(|| {
            let seconds = value.as_f64()?.floor();
            (seconds.abs() < 1e15).then_some(seconds as i64)
        })
    }

    /// Whether `sd_hash` is that of `sd_jwt`: it was made for just these disclosures.
    pub fn hash_matches(&self, sd_jwt: &SdJwt<'_>) -> bool {
        self.text("sd_hash").is_some_and(|hash| hash == sd_jwt.sd_hash())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.jws.payload.get(name).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests;
