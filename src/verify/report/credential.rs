//! What was found about one credential, and what it says: of that only as much as the report lets through.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Value, json};

use super::{Check, OtherProof, Outcome};
use crate::credential::kind::{Claims, Kind};
use crate::credential::sd_jwt_vc;
use crate::encoding::json::Map;
use crate::securing::Format;
use crate::time::Timestamp;
use crate::verify::check::CheckId;

/// One credential and what was found about it.
#[derive(Clone)]
pub struct CredentialReport {
    pub(crate) outcome: Outcome,
    pub(crate) checks: Vec<Check>,
    pub(crate) issuer: Option<String>,
    pub(crate) issuer_name: Option<String>,
    pub(crate) format: Option<Format>,
    pub(crate) kind: Option<Kind>,
    pub(crate) content: Option<Content>,
    pub(crate) other_proofs: Vec<OtherProof>,
}

/// What a credential says. Reachable only through the gates of the report.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) document: Map,
    /// Whether the claims stand beside those of the token, as in an SD-JWT VC.
    pub(crate) is_flat: bool,
    pub(crate) claims: Option<Claims>,
    pub(crate) valid_from: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    /// Whether proof, binding, purpose and disclosure passed, so that it may be shown as unconfirmed.
    pub(crate) is_authentic: bool,
}

impl Content {
    /// `credentialSubject`; of an SD-JWT VC its claims without the registered ones.
    pub(super) fn subject(&self) -> Option<Cow<'_, Value>> {
        if self.is_flat {
            return Some(Cow::Owned(Value::Object(sd_jwt_vc::subject_claims(self.document.clone()))));
        }
        self.document.get("credentialSubject").map(Cow::Borrowed)
    }
}

impl CredentialReport {
    /// This credential's own outcome. Whether it may be relied on is the whole report's.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Every check, in the order of [`CheckId::ALL`].
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// One check.
    pub fn check(&self, id: CheckId) -> &Check {
        &self.checks[id as usize]
    }

    /// The issuer that the credential names; who that is stands only if `key.binding` passed.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The name that the verifier's own trust list gives the issuer.
    pub fn issuer_name(&self) -> Option<&str> {
        self.issuer_name.as_deref()
    }

    /// How it is secured, as far as that could be told.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// Its kind, if it is one of the three.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// The proofs on it beside the one that decides.
    pub fn other_proofs(&self) -> &[OtherProof] {
        &self.other_proofs
    }

    pub(super) fn to_json(&self, overall: Outcome) -> Value {
        let mut object = json!({
            "outcome": self.outcome.name(),
            "checks": self.checks.iter().map(Check::to_json).collect::<Vec<_>>(),
            "issuer": self.issuer,
            "issuerName": self.issuer_name,
            "format": self.format.map(Format::name),
            "kind": self.kind.map(Kind::name),
        });
        OtherProof::add_all(&self.other_proofs, &mut object);
        if let (Some(content), Some(members)) = (&self.content, object.as_object_mut()) {
            if overall == Outcome::Valid {
                members.insert("claims".to_owned(), json!(content.subject()));
                members.insert("validFrom".to_owned(), json!(content.valid_from));
                members.insert("validUntil".to_owned(), json!(content.valid_until));
            } else if overall == Outcome::Undetermined && content.is_authentic {
                members.insert("unconfirmedClaims".to_owned(), json!(content.subject()));
            }
        }
        object
    }
}

impl fmt::Debug for CredentialReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialReport")
            .field("outcome", &self.outcome)
            .field("kind", &self.kind)
            .field("issuer", &self.issuer)
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}

/// A credential that may be relied on.
#[derive(Clone, Copy)]
pub struct Accepted<'a> {
    report: &'a CredentialReport,
    content: &'a Content,
}

impl<'a> Accepted<'a> {
    /// The caller has looked at the outcome.
    pub(super) fn of(report: &'a CredentialReport) -> Option<Self> {
        report.content.as_ref().map(|content| Self { report, content })
    }

    /// The issuer.
    pub fn issuer(&self) -> Option<&'a str> {
        self.report.issuer()
    }

    /// The name that the verifier's own trust list gives the issuer.
    pub fn issuer_name(&self) -> Option<&'a str> {
        self.report.issuer_name()
    }

    /// Its kind, if it is one of the three.
    pub fn kind(&self) -> Option<Kind> {
        self.report.kind()
    }

    /// The typed claims, if it is one of the three kinds.
    pub fn claims(&self) -> Option<&'a Claims> {
        self.content.claims.as_ref()
    }

    /// `credentialSubject` as it stands in the document; of an SD-JWT VC its claims without the registered ones. What
    /// the holder did not disclose is not there.
    pub fn subject(&self) -> Option<Cow<'a, Value>> {
        self.content.subject()
    }

    /// The whole document, its proof taken off.
    pub fn document(&self) -> &'a Map {
        &self.content.document
    }

    /// Valid from that moment on.
    pub fn valid_from(&self) -> Option<Timestamp> {
        self.content.valid_from
    }

    /// Valid until that moment, itself excluded.
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.content.valid_until
    }
}

impl fmt::Debug for Accepted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted").field("issuer", &self.issuer()).finish_non_exhaustive()
    }
}
