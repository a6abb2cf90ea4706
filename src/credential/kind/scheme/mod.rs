//! Schemes of others under which a claim of ours can also be issued, as an SD-JWT VC with the scheme's own type and
//! members: so that a verifier reads it who knows that scheme alone.
//!
//! What a scheme has no member for is left out, such as the occupancy and the guarantee of a proof of address. What it
//! demands and the claims lack is an error that names **all** of it, so that a desk asks a person once.

mod residence;
#[cfg(test)]
mod tests;
mod verified_skill;

use serde_json::Value;

use super::claim::{At, Claim, Extent, Reading};
use super::error::dotted;
use super::{Claims, ClaimsError, Kind};
use crate::encoding::json::Map;
use crate::error::Explain;
use crate::time::Date;

/// A scheme of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// The certificate of residence of the WE BUILD consortium's EUDI pilot (rulebook rb-residence, version 0.4).
    CertificateOfResidence,
    /// The verified skill of the same pilot (rulebook rb-verified-skill, version 0.2).
    VerifiedSkill,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 2] = [Self::CertificateOfResidence, Self::VerifiedSkill];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::CertificateOfResidence => "certificate-of-residence",
            Self::VerifiedSkill => "verified-skill",
        }
    }

    /// The scheme of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// What people call what it issues.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::CertificateOfResidence => "certificate of residence",
            Self::VerifiedSkill => "verified skill",
        }
    }

    /// Its type.
    pub fn vct(self) -> &'static str {
        match self {
            Self::CertificateOfResidence => "eu.europa.ec.eudi.cor.1",
            // No collision-resistant name, which SD-JWT VC demands; the rulebook fixes it so.
            Self::VerifiedSkill => "VerifiableVerifiedSkill",
        }
    }

    /// The scheme of that type.
    pub fn of_vct(vct: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.vct() == vct)
    }

    /// The kind whose claims it carries.
    pub fn kind(self) -> Kind {
        match self {
            Self::CertificateOfResidence => Kind::ProofOfAddress,
            Self::VerifiedSkill => Kind::SkillCertification,
        }
    }

    /// Where a claim of the claims file stands in the scheme's claims set, as JSON pointers: of a record, each of its
    /// parts. None where the scheme has no member for it.
    pub fn pointers(self, claims_file_pointer: &str) -> Vec<String> {
        let within = |outer: &str, inner: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut found = Vec::new();
        for (ours, other) in self.members() {
            if within(claims_file_pointer, ours) {
                found.push((*other).to_owned());
            } else if within(ours, claims_file_pointer) {
                found.push(theirs(self.members(), claims_file_pointer));
            }
        }
        found
    }

    fn members(self) -> Members {
        match self {
            Self::CertificateOfResidence => residence::MEMBERS,
            Self::VerifiedSkill => verified_skill::MEMBERS,
        }
    }

    /// Its metadata: members at the top that no holder may hide, beside the registered claims.
    pub fn never_disclosable(self) -> &'static [&'static str] {
        match self {
            Self::CertificateOfResidence => {
                &[LEGAL_CATEGORY, "issuance_date", "expiry_date", "issuing_authority", "issuing_country", BOUND_TO]
            }
            Self::VerifiedSkill => &[LEGAL_CATEGORY, "trust_anchor", BOUND_TO],
        }
    }
}

const LEGAL_CATEGORY: &str = "attestation_legal_category";
const BOUND_TO: &str = "cryptographically_bound_to";
/// The European identity credential as an SD-JWT VC.
const PID: &str = "urn:eudi:pid:1";

/// What an attestation is by European law (Regulation (EU) 2024/1183).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegalCategory {
    /// Of a qualified trust service provider.
    Qualified,
    /// Of a public body, or on its behalf.
    PublicBody,
    /// Of anybody else, such as an NGO.
    NonQualified,
}

impl LegalCategory {
    /// Every word.
    pub const WORDS: &'static [&'static str] = &["QEAA", "PuB-EAA", "non-qualified-EAA"];

    /// The word as both schemes write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Qualified => "QEAA",
            Self::PublicBody => "PuB-EAA",
            Self::NonQualified => "non-qualified-EAA",
        }
    }
}

/// Which key a certificate is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyBoundTo {
    /// The holder's key; nothing is said of other credentials.
    Holder,
    /// A key of the wallet that keeps the holder's European identity credential, as the issuer has checked.
    IdentityCredential,
}

/// What a scheme wants to know beside the claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemeTerms {
    /// What the attestation is by law.
    pub legal_category: LegalCategory,
    /// Which key it is bound to.
    pub bound_to: KeyBoundTo,
    /// The day of issue.
    pub issued: Date,
    /// The last day on which it is valid, if it ends.
    pub last_day: Option<Date>,
}

/// Something that a scheme demands and the claims do not have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// Where in the claims file it stands or should stand, as a JSON pointer (RFC 6901).
    pub pointer: &'static str,
    /// A plain sentence.
    pub why: &'static str,
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", dotted(self.pointer), self.why)
    }
}

/// Why claims cannot be issued under a scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// The scheme is for another kind.
    #[error("a {} cannot be issued as a {}", .kind.in_words(), .scheme.in_words())]
    OtherKind {
        /// The scheme.
        scheme: Scheme,
        /// The kind of the claims.
        kind: Kind,
    },
    /// The scheme has attestations of another legal category alone.
    #[error("a {} is of the legal category non-qualified-EAA alone", .scheme.in_words())]
    LegalCategory {
        /// The scheme.
        scheme: Scheme,
    },
    /// The claims lack what the scheme demands.
    #[error("a {} needs more: {}", .scheme.in_words(), listed(.gaps))]
    Gaps {
        /// The scheme.
        scheme: Scheme,
        /// All that is missing, in the order of the scheme.
        gaps: Vec<Gap>,
    },
    /// The claims are not whole by themselves.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
}

fn listed(gaps: &[Gap]) -> String {
    gaps.iter().map(Gap::to_string).collect::<Vec<_>>().join("; ")
}

impl Explain for SchemeError {
    fn code(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } => "scheme.other-kind",
            Self::LegalCategory { .. } => "scheme.legal-category",
            Self::Gaps { .. } => "scheme.gaps",
            Self::Claims(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } => "Take the scheme that is for this kind, or none.",
            Self::LegalCategory { .. } => "Leave the legal category at non-qualified-EAA.",
            Self::Gaps { .. } => "Add these members to the claims file, or issue it without the scheme.",
            Self::Claims(error) => error.hint(),
        }
    }
}

impl Claims {
    /// The members of a scheme, as they stand at the top of its SD-JWT VC, with its metadata.
    ///
    /// # Errors
    /// [`SchemeError`]; [`SchemeError::Gaps`] names all that is missing.
    pub fn to_scheme(&self, scheme: Scheme, terms: &SchemeTerms) -> Result<Map, SchemeError> {
        self.validate()?;
        match (scheme, self) {
            (Scheme::CertificateOfResidence, Self::ProofOfAddress(proof)) => residence::write(proof, terms),
            (Scheme::VerifiedSkill, Self::SkillCertification(skill)) => verified_skill::write(skill, terms),
            _ => Err(SchemeError::OtherKind { scheme, kind: self.kind() }),
        }
    }

    /// Reads what a holder disclosed of a scheme's credential as claims of our kind. Members that have no counterpart
    /// are left alone, and so is what the scheme leaves to its issuers where they wrote it in another way than ours.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer into the claims set, where a member has not its form, members contradict
    /// each other, or a rule between them that the scheme has is broken.
    pub fn from_scheme_disclosed(scheme: Scheme, payload: &Map) -> Result<Self, ClaimsError> {
        let category = payload.get(LEGAL_CATEGORY);
        if category.is_some_and(|word| !word.as_str().is_some_and(|word| LegalCategory::WORDS.contains(&word))) {
            let pointer = At::ROOT.member(LEGAL_CATEGORY).pointer();
            return Err(ClaimsError::Choice { pointer, choices: LegalCategory::WORDS });
        }
        let file = match scheme {
            Scheme::CertificateOfResidence => residence::read(payload)?,
            Scheme::VerifiedSkill => verified_skill::read(payload)?,
        };
        let read = Self::read(scheme.kind(), &file, Reading::Lenient).and_then(|claims| {
            claims.check(Extent::Disclosed)?;
            Ok(claims)
        });
        read.map_err(|error| error.moved(|pointer| theirs(scheme.members(), pointer)))
    }
}

/// Where a member stands in the claims file, and where in the scheme.
type Members = &'static [(&'static str, &'static str)];

/// The scheme's pointer for one of ours, or for something within it.
fn theirs(members: Members, ours: &str) -> String {
    let found = members.iter().find_map(|(own, other)| {
        let rest = ours.strip_prefix(own)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{other}{rest}"))
    });
    found.unwrap_or_else(|| ours.to_owned())
}

/// Puts a value at a pointer of one or two steps.
fn put(map: &mut Map, pointer: &str, value: Value) {
    let mut steps = pointer.trim_start_matches('/').splitn(2, '/');
    match (steps.next(), steps.next()) {
        (Some(outer), Some(inner)) => {
            let record = map.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            if let Some(record) = record.as_object_mut() {
                record.insert(inner.to_owned(), value);
            }
        }
        (Some(name), None) => {
            map.insert(name.to_owned(), value);
        }
        _ => {}
    }
}

/// The value at a pointer of one or two steps.
fn at<'a>(map: &'a Map, pointer: &str) -> Option<&'a Value> {
    let mut steps = pointer.trim_start_matches('/').split('/');
    let first = map.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// A day at the top of a claims set, if it is there.
fn day(payload: &Map, name: &str) -> Result<Option<Date>, ClaimsError> {
    let read = |value| Date::read(value, &At::ROOT.member(name), Reading::Lenient);
    payload.get(name).map(read).transpose()
}

/// Collects the members of a scheme, and what is missing of them.
struct Writer {
    members: Map,
    gaps: Vec<Gap>,
}

impl Writer {
    fn new() -> Self {
        Self { members: Map::new(), gaps: Vec::new() }
    }

    fn gap(&mut self, pointer: &'static str, why: &'static str) {
        self.gaps.push(Gap { pointer, why });
    }

    /// A member that the scheme demands; without it, `why` says what is missing.
    fn demand<T: Claim>(&mut self, name: &str, pointer: &'static str, value: Option<&T>, why: &'static str) {
        match value {
            Some(value) => self.set(name, value.write()),
            None => self.gap(pointer, why),
        }
    }

    fn offer<T: Claim>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.set(name, value.write());
        }
    }

    fn set(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
    }

    fn metadata(&mut self, terms: &SchemeTerms) {
        self.set(LEGAL_CATEGORY, terms.legal_category.as_str().into());
        if terms.bound_to == KeyBoundTo::IdentityCredential {
            self.set(BOUND_TO, PID.into());
        }
    }

    fn finish(self, scheme: Scheme) -> Result<Map, SchemeError> {
        if self.gaps.is_empty() { Ok(self.members) } else { Err(SchemeError::Gaps { scheme, gaps: self.gaps }) }
    }
}
