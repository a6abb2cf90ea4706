//! The issuer's side of status lists: what a list is, which entry stands for a place in it, and how it is signed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::issue::{IssueError, Issuer};
use crate::encoding::json::Map;
use crate::securing::Format;
use crate::status::bitstring::{self, MINIMUM_ENTRIES};
use crate::status::{Mechanism, NewList, Purpose, described, token};

/// A status list of an issuer: what stays the same while its statuses change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct StatusList {
    /// The URL under which it is published.
    pub url: String,
    /// Who issues it: an identifier as [`Issuer::id`] has it.
    pub issuer: String,
    /// Of which kind it is.
    #[serde(with = "mechanism")]
    pub mechanism: Mechanism,
    /// What its statuses are about; for a Token Status List nothing, its statuses say that themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Bits of one status.
    pub size: u8,
    /// What each status says, in a list for messages whose statuses have several bits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
    /// How many places it has.
    pub entries: u64,
    /// How a list that is a credential is secured; a Token Status List is always a token.
    #[serde(with = "format")]
    pub format: Format,
    /// What a host needs to find the signing key again, such as a file's name. Never the key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
}

impl StatusList {
    /// A Bitstring Status List for one purpose: statuses of one bit, as many as a list must have at least, as a
    /// `vc+jwt`.
    pub fn bitstring(url: &str, issuer: &str, purpose: Purpose<'_>) -> Self {
        Self {
            url: url.to_owned(),
            issuer: issuer.to_owned(),
            mechanism: Mechanism::Bitstring,
            purpose: Some(purpose.name().to_owned()),
            size: 1,
            messages: Vec::new(),
            entries: MINIMUM_ENTRIES,
            format: Format::Jwt,
            key_name: None,
        }
    }

    /// A Token Status List: statuses of two bits, so that it can revoke and suspend.
    pub fn token(url: &str, issuer: &str) -> Self {
        let list = Self::bitstring(url, issuer, Purpose::Revocation);
        Self { mechanism: Mechanism::Token, purpose: None, size: 2, ..list }
    }

    /// A Bitstring Status List for messages, with what each status says from 0 on: 2, 4, 8 and so on up to 256 of them.
    /// `None` for another number.
    pub fn of_messages(url: &str, issuer: &str, messages: &[&str]) -> Option<Self> {
        let is_complete = (2..=256).contains(&messages.len()) && messages.len().is_power_of_two();
        let list = Self::bitstring(url, issuer, Purpose::Message);
        let messages: Vec<String> = messages.iter().map(|message| (*message).to_owned()).collect();
        is_complete.then(|| Self { size: messages.len().trailing_zeros() as u8, messages, ..list })
    }

    /// With so many places, where there are more to hand out: a longer list hides each of them better.
    #[must_use]
    pub fn entries(mut self, entries: u64) -> Self {
        self.entries = entries;
        self
    }

    /// Secured in this format, for a list that is a credential.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// With what a host needs to find the signing key again.
    #[must_use]
    pub fn key_name(mut self, name: &str) -> Self {
        self.key_name = Some(name.to_owned());
        self
    }

    /// What its statuses are about.
    pub fn purpose(&self) -> Option<Purpose<'_>> {
        self.purpose.as_deref().map(Purpose::from_name)
    }

    /// The entry that a credential has for this place: a `credentialStatus`, or the object under `status`.
    pub fn entry(&self, index: u64) -> Map {
        let mut entry = Map::new();
        let mut set = |name: &str, value: Value| entry.insert(name.to_owned(), value);
        match self.mechanism {
            Mechanism::Bitstring => {
                set("type", bitstring::ENTRY_TYPE.into());
                set("statusPurpose", self.purpose.as_deref().into());
                set("statusListIndex", index.to_string().into());
                set("statusListCredential", self.url.as_str().into());
                if !self.messages.is_empty() {
                    set("statusSize", self.size.into());
                    set("statusMessage", described(&self.messages));
                }
            }
            Mechanism::Token => drop(set("status_list", json!({ "idx": index, "uri": self.url }))),
        }
        entry
    }

    /// Whether credentials of this format can have an entry in it: an SD-JWT VC has one in a Token Status List, any
    /// other one in a Bitstring Status List.
    pub fn fits(&self, format: Format) -> bool {
        (format == Format::SdJwtVc) == (self.mechanism == Mechanism::Token)
    }
}

impl Issuer<'_> {
    /// Signs a status list into the form that is published: a token for a Token Status List, a credential in this format
    /// for a Bitstring Status List (`vc+jwt`, or one with a Data Integrity proof).
    ///
    /// # Errors
    /// [`IssueError::OtherIssuer`], [`IssueError::ListFormat`], [`IssueError::Signing`].
    pub fn secure_list(&self, list: &NewList<'_>, format: Format) -> Result<String, IssueError> {
        if list.issuer != self.id() {
            return Err(IssueError::OtherIssuer);
        }
        if let Some(claims) = list.to_token_claims() {
            return self.sign_token(claims, token::MEDIA_TYPE, None);
        }
        let document = list.to_bitstring_credential().ok_or(IssueError::ListFormat)?;
        match format {
            Format::Jwt => {
                let mut payload = document;
                payload.insert("iat".to_owned(), list.signed_at.unix().into());
                self.sign_token(payload, "vc+jwt", Some("vc"))
            }
            // Nothing in a list is there to be hidden.
            _ => match format.suite().filter(|_| !format.can_hide()) {
                Some(suite) => self.sign_document(document, suite, list.signed_at),
                None => Err(IssueError::ListFormat),
            },
        }
    }
}

mod mechanism {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::status::Mechanism;

    pub(super) fn serialize<S: Serializer>(mechanism: &Mechanism, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match mechanism {
            Mechanism::Bitstring => "bitstring",
            Mechanism::Token => "token",
        })
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Mechanism, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "bitstring" => Ok(Mechanism::Bitstring),
            "token" => Ok(Mechanism::Token),
            _ => Err(serde::de::Error::custom("bitstring or token was expected")),
        }
    }
}

mod format {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::securing::Format;

    pub(super) fn serialize<S: Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(format.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
        Format::from_name(&String::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("the name of a format was expected"))
    }
}
