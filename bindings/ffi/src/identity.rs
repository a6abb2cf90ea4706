//! In whose name a key signs.

use attesta::issuer::{IssueError, Issuer};
use attesta::trust::Chain;

use crate::AttestaError;
use crate::signer::HostKey;

/// In whose name a key signs credentials or requests.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Identity {
    /// That of a DID.
    Did {
        /// The DID, with the key's fragment unless it is a did:key or did:jwk: `did:web:ngo.example#key-1`.
        did: String,
    },
    /// That of a certificate. Credentials can be issued by it as `dc+sd-jwt` alone.
    Certificate {
        /// PEM: the certificate of the key first, then those that lead from it to an anchor.
        pem: String,
    },
}

/// An identity that was read: without one, that of the key's own did:key.
pub(crate) struct Named(Option<Read>);

enum Read {
    Did(String),
    Chain(Box<Chain>),
}

impl Named {
    pub(crate) fn read(identity: Option<&Identity>) -> Result<Self, AttestaError> {
        Ok(Self(match identity {
            None => None,
            Some(Identity::Did { did }) => Some(Read::Did(did.clone())),
            Some(Identity::Certificate { pem }) => Some(Read::Chain(Chain::from_pem(pem.as_bytes())?.into())),
        }))
    }

    /// The certificates in base64 DER, if there are some.
    pub(crate) fn certificates(&self) -> Option<Vec<String>> {
        match &self.0 {
            Some(Read::Chain(chain)) => Some(chain.to_x5c()),
            _ => None,
        }
    }

    /// The identity with this key, which must be its own.
    pub(crate) fn with<'k>(&self, key: &'k HostKey) -> Result<Issuer<'k>, IssueError> {
        match &self.0 {
            None => Ok(Issuer::of_key(key)),
            Some(Read::Did(did)) => Issuer::of_did(did, key),
            Some(Read::Chain(chain)) => Issuer::of_certificates(chain, key),
        }
    }
}
