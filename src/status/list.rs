use std::fmt;

use super::entry::{Entry, Of, Standing};
use super::{StatusError, bitstring, token};
use crate::encoding::json::Map;
use crate::time::Timestamp;

/// The two kinds of status list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// Bitstring Status List 1.0 (W3C Recommendation of 15 May 2025).
    Bitstring,
    /// Token Status List (draft-ietf-oauth-status-list-21).
    Token,
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bitstring => "Bitstring Status List",
            Self::Token => "Token Status List",
        })
    }
}

/// A status list, decoded. Its signature was verified by whoever made it.
#[derive(Clone, PartialEq, Eq)]
pub struct List {
    pub(super) url: String,
    pub(super) is_named: bool,
    pub(super) issuer: Option<String>,
    pub(super) of: Content,
    pub(super) bytes: Vec<u8>,
    pub(super) signed_at: Option<Timestamp>,
    pub(super) valid_from: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
    pub(super) ttl: Option<u64>,
}

/// What the two mechanisms say of a list beside its bytes.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Content {
    Bitstring { purposes: Vec<String>, size: Option<u8> },
    Token { bits: u8 },
}

impl List {
    /// Reads a `BitstringStatusListCredential` whose signature was verified: the credential itself, for a token its
    /// payload. `url` is the URL under which it was asked for. See [`bitstring`].
    ///
    /// # Errors
    /// [`StatusError`].
    pub fn from_bitstring_credential(document: &Map, url: &str) -> Result<Self, StatusError> {
        bitstring::list(document, url)
    }

    /// Reads the claims of a status list token whose signature was verified and whose `typ` is
    /// [`token::MEDIA_TYPE`]. `url` is the URL under which it was asked for. See [`token`].
    ///
    /// # Errors
    /// [`StatusError`].
    pub fn from_token_claims(claims: &Map, url: &str) -> Result<Self, StatusError> {
        token::list(claims, url)
    }

    /// The status of an entry: up to the number of bits that one has in this list. Takes the same time for every place,
    /// and allocates nothing.
    ///
    /// # Errors
    /// [`StatusError::OtherList`], [`StatusError::OtherMechanism`], [`StatusError::OtherPurpose`],
    /// [`StatusError::OtherSize`] where the list is not the one that the entry means; [`StatusError::TooShort`] where it
    /// has fewer places than a list must have; [`StatusError::OutOfRange`] where it ends before the entry's place.
    pub fn value(&self, entry: &Entry<'_>) -> Result<u8, StatusError> {
        if entry.list() != self.url {
            return Err(StatusError::OtherList);
        }
        match (&self.of, entry.of) {
            (Content::Token { bits }, Of::Token) => token::value(&self.bytes, *bits, entry.index()),
            (Content::Bitstring { purposes, size: of_list }, Of::Bitstring { purpose, size, .. }) => {
                if !purposes.iter().any(|name| name == purpose.name()) {
                    return Err(StatusError::OtherPurpose);
                }
                if let Some(list) = of_list.filter(|list| *list != size) {
                    return Err(StatusError::OtherSize { entry: size, list });
                }
                bitstring::value(&self.bytes, size, entry.index())
            }
            _ => Err(StatusError::OtherMechanism { entry: entry.mechanism(), list: self.mechanism() }),
        }
    }

    /// What the list says of an entry: [`value`](Self::value), and what it means.
    ///
    /// # Errors
    /// Those of [`value`](Self::value).
    pub fn standing<'a>(&self, entry: &Entry<'a>) -> Result<Standing<'a>, StatusError> {
        Ok(entry.standing(self.value(entry)?))
    }

    /// The URL under which the list was asked for.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the signed list itself says that [`url`](Self::url) is its own. It always does in a Token Status List,
    /// and may do so in a Bitstring Status List; one that does not could be another list of the same issuer, unless it
    /// was fetched from that URL.
    pub fn is_named(&self) -> bool {
        self.is_named
    }

    /// Who says that it issued the list: `issuer`, or `iss` if it is there. It may be another than the credential's.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Of which kind the list is.
    pub fn mechanism(&self) -> Mechanism {
        match self.of {
            Content::Bitstring { .. } => Mechanism::Bitstring,
            Content::Token { .. } => Mechanism::Token,
        }
    }

    /// The names of what its statuses are about; none in a Token Status List, whose statuses say that themselves.
    pub fn purposes(&self) -> &[String] {
        match &self.of {
            Content::Bitstring { purposes, .. } => purposes,
            Content::Token { .. } => &[],
        }
    }

    /// When it was signed, by its own word: `iat`, else the earliest `created` of its proofs, else `validFrom`. `None`
    /// where it says nothing of that; its age is then unknown.
    pub fn signed_at(&self) -> Option<Timestamp> {
        self.signed_at
    }

    /// From when on it is valid: `validFrom` or `nbf`.
    pub fn valid_from(&self) -> Option<Timestamp> {
        self.valid_from
    }

    /// When it ceases to be valid: `validUntil` or `exp`, the earlier where both are there. Whether that is past is for
    /// the verifier to say.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// How long it may be kept before a newer one should be asked for, in whole seconds.
    pub fn ttl(&self) -> Option<u64> {
        self.ttl
    }
}

/// Without its content, which would be long.
impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_struct("List");
        list.field("mechanism", &self.mechanism()).field("url", &self.url).field("bytes", &self.bytes.len());
        list.field("signed_at", &self.signed_at).field("expires", &self.expires).finish_non_exhaustive()
    }
}
