//! The three kinds of credential that this library knows by type: what each must say, and in which words.
//!
//! A *claims file* holds what the credential says of its holder, as one JSON object. Issuer, dates, status and the
//! holder's key are not in it. For two kinds the `credentialSubject` is that object; a skill certification becomes an
//! Open Badges 3.0 `AchievementSubject`.
//!
//! Every field of the types is optional, because a holder may disclose any part; what a whole one must have is
//! demanded by `build()` and [`Claims::validate`].
//!
//! ```
//! use attesta::credential::kind::{Address, Consent, Guarantee, KnownBy, Occupancy, Officer, Organisation};
//! use attesta::credential::kind::ProofOfAddress;
//! use attesta::time::Date;
//!
//! let guarantee = ProofOfAddress::builder()
//!     .name("陳大文")
//!     .name_latin("CHAN Tai Man")
//!     .address(
//!         Address::builder()
//!             .formatted("九龍深水埗大南街123號4樓B室3號劏房")
//!             .country("HK")
//!             .district("深水埗")
//!             .street("大南街")
//!             .house_number("123")
//!             .unit("3號劏房"),
//!     )
//!     .occupancy(Occupancy::Tenant)
//!     .resident_since(Date::new(2024, 9, 1)?)
//!     .known_since(Date::new(2023, 5, 20)?)
//!     .known_by([KnownBy::Caseworker])
//!     .level(Guarantee::Vouched)
//!     .organisation(
//!         Organisation::builder()
//!             .legal_name("Dai Nam Street Neighbourhood Centre Limited")
//!             .registration_number("0000001")
//!             .register("Companies Registry, Hong Kong"),
//!     )
//!     .officer(Officer::builder().name("Lee Mei Ling").role("Social worker"))
//!     .consent(Consent::builder().given(true).given_on(Date::new(2026, 11, 2)?))
//!     .build()?;
//! assert_eq!(guarantee.level, Some(Guarantee::Vouched));
//!
//! let error = ProofOfAddress::builder().address(Address::builder().country("Hong Kong")).build().unwrap_err();
//! assert_eq!(error.pointer(), "/address/country");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod claim;
pub(in crate::credential) mod disclosure;
mod error;
mod licence;
mod open_badge;
mod parties;
mod proof_of_address;
mod record;
mod scheme;
mod skill;
mod text;

pub use address::{Address, AddressBuilder};
pub use claim::Built;
pub use error::ClaimsError;
pub use licence::{
    Category, CategoryBuilder, Licence, LicenceBuilder, LicenceType, Restriction, RestrictionBuilder, Vehicle,
    VehicleBuilder,
};
pub use parties::{
    Body, BodyBuilder, Consent, ConsentBuilder, IdentityDocument, IdentityDocumentBuilder, Officer, OfficerBuilder,
    Organisation, OrganisationBuilder, PlaceOfBirth, PlaceOfBirthBuilder,
};
pub use proof_of_address::{Guarantee, KnownBy, Occupancy, ProofOfAddress, ProofOfAddressBuilder};

pub use scheme::{Gap, KeyBoundTo, LegalCategory, Scheme, SchemeError, SchemeTerms};
pub use skill::{
    Alignment, AlignmentBuilder, Assessment, Assurance, EscoReference, EscoReferenceBuilder, Evidence, EvidenceBuilder,
    Proficiency, Programme, ProgrammeBuilder, Skill, SkillBuilder, SkillCertification, SkillCertificationBuilder,
};
pub use text::{
    CountryCode, EscoSkill, Identifier, Jurisdiction, Line, PlusCode, Portrait, Prose, RegionCode, Telephone,
    WebAddress,
};

pub(crate) use disclosure::disclosable_subject;

use claim::{At, Claim, Extent, Reading};
pub(in crate::credential) use claim::{Declared, Held, flowing};
use record::opaque_debug;

use crate::encoding::json::Map;

const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
const OPEN_BADGES_V3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const ATTESTA_V1: &str = "https://w3id.org/attesta/v1";

/// A kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An organisation guarantees where somebody lives.
    ProofOfAddress,
    /// An authority licenses somebody.
    Licence,
    /// An awarding body certifies a skill.
    SkillCertification,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Self::ProofOfAddress, Self::Licence, Self::SkillCertification];

    /// The name on the command line, in trust lists and in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProofOfAddress => "proof-of-address",
            Self::Licence => "licence",
            Self::SkillCertification => "skill",
        }
    }

    /// What people call it: `proof of address`, `licence` or `skill certification`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ProofOfAddress => "proof of address",
            Self::Licence => "licence",
            Self::SkillCertification => "skill certification",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The type that makes a credential one of this kind.
    pub fn credential_type(self) -> &'static str {
        match self {
            Self::ProofOfAddress => "ProofOfAddressCredential",
            Self::Licence => "LicenceCredential",
            Self::SkillCertification => "SkillCertificationCredential",
        }
    }

    /// The `type` of what is issued, in order.
    pub fn types(self) -> &'static [&'static str] {
        match self {
            Self::ProofOfAddress => &["VerifiableCredential", "ProofOfAddressCredential"],
            Self::Licence => &["VerifiableCredential", "LicenceCredential"],
            Self::SkillCertification => {
                &["VerifiableCredential", "OpenBadgeCredential", "SkillCertificationCredential"]
            }
        }
    }

    /// The `@context` of what is issued, in order.
    pub fn context(self) -> &'static [&'static str] {
        match self {
            Self::ProofOfAddress | Self::Licence => &[CREDENTIALS_V2, ATTESTA_V1],
            Self::SkillCertification => &[CREDENTIALS_V2, OPEN_BADGES_V3, ATTESTA_V1],
        }
    }

    /// The `vct` of an SD-JWT VC (draft-ietf-oauth-sd-jwt-vc, section 2.2.2.1).
    pub fn vct(self) -> &'static str {
        match self {
            Self::ProofOfAddress => "https://w3id.org/attesta/vct/proof-of-address/1",
            Self::Licence => "https://w3id.org/attesta/vct/licence/1",
            Self::SkillCertification => "https://w3id.org/attesta/vct/skill/1",
        }
    }

    /// The kind of an SD-JWT VC of that type: our own, or that of a [`Scheme`].
    pub fn of_vct(vct: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|kind| kind.vct() == vct);
        own.or_else(|| Scheme::of_vct(vct).map(Scheme::kind))
    }

    /// The kind of an SD-JWT VC of these types, `vct` and what stands in `aka_vcts`. `None` without one, and with two:
    /// nobody can be held to both. Nor can anybody be held to one kind in the words of two schemes.
    pub fn of_vcts<'a>(vcts: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut known = vcts.into_iter().filter_map(|vct| Some((Self::of_vct(vct)?, Scheme::of_vct(vct))));
        let first = known.next()?;
        known.all(|other| other == first).then_some(first.0)
    }

    /// The members of the claims file as they were declared.
    pub(in crate::credential) fn members(self) -> &'static [Declared] {
        match self {
            Self::ProofOfAddress => ProofOfAddress::MEMBERS,
            Self::Licence => Licence::MEMBERS,
            Self::SkillCertification => SkillCertification::MEMBERS,
        }
    }

    /// The name by which our kinds know a type that a query writes as its IRI (OpenID4VP 1.0, appendix B.1.1); any other
    /// text as it is. What stands in a credential is never read so: there a type must be called by its name.
    pub fn type_name(written: &str) -> &str {
        let name = match written.rsplit_once('#') {
            Some(("https://www.w3.org/2018/credentials", name)) if name == "VerifiableCredential" => Some(name),
            Some(("https://purl.imsglobal.org/spec/vc/ob/vocab.html", name)) if name == "OpenBadgeCredential" => {
                Some(name)
            }
            Some(("https://w3id.org/attesta/vocab", name)) => {
                Some(name).filter(|name| Self::of_types([*name]).is_some())
            }
            _ => None,
        };
        name.unwrap_or(written)
    }

    /// The kind of a credential of these types. `None` without one, and with two: nobody can be held to both.
    pub fn of_types<'a>(types: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut found = None;
        for name in types {
            let Some(kind) = Self::ALL.into_iter().find(|kind| kind.credential_type() == name) else { continue };
            if found.is_some_and(|other| other != kind) {
                return None;
            }
            found = Some(kind);
        }
        found
    }

    /// The JSON Schema (2020-12) of the kind's claims file. Rules between members are not in it; reading checks them.
    #[cfg(feature = "schema")]
    pub fn schema(self) -> serde_json::Value {
        let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
        let (mut schema, title) = match self {
            Self::ProofOfAddress => (generator.into_root_schema_for::<ProofOfAddress>(), "Proof of address"),
            Self::Licence => (generator.into_root_schema_for::<Licence>(), "Licence"),
            Self::SkillCertification => (generator.into_root_schema_for::<SkillCertification>(), "Skill certification"),
        };
        schema.insert("$id".to_owned(), format!("https://w3id.org/attesta/schema/{}/1", self.name()).into());
        schema.insert("title".to_owned(), title.into());
        schema.into()
    }

    /// A filled claims file to start from. Its people and organisations are made up.
    pub fn example(self) -> Map {
        // The files are part of the program, and a test reads each of them.
        serde_json::from_str(self.example_text()).unwrap_or_default()
    }

    /// The same as a text, its members in the kind's order.
    pub fn example_text(self) -> &'static str {
        match self {
            Self::ProofOfAddress => include_str!("examples/proof-of-address.json"),
            Self::Licence => include_str!("examples/licence.json"),
            Self::SkillCertification => include_str!("examples/skill.json"),
        }
    }
}

/// What a credential of a known kind says of its holder.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claims {
    /// A proof of address.
    ProofOfAddress(Box<ProofOfAddress>),
    /// A licence.
    Licence(Box<Licence>),
    /// A skill certification.
    SkillCertification(Box<SkillCertification>),
}

opaque_debug!(Claims);

impl Claims {
    /// Reads a claims file: a member that the kind does not have is an error, and all that is required must be there.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer of the member.
    pub fn from_claims_file(kind: Kind, file: &Map) -> Result<Self, ClaimsError> {
        let claims = Self::read(kind, file, Reading::Strict)?;
        claims.validate()?;
        Ok(claims)
    }

    /// Reads the whole `credentialSubject` of a credential. `id` and members that the kind does not have are left
    /// alone; all that is required must be there.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer into the subject.
    pub fn from_subject(kind: Kind, subject: &Map) -> Result<Self, ClaimsError> {
        Self::from_subject_to(kind, subject, Extent::Whole)
    }

    /// Reads what a holder disclosed of a `credentialSubject`: like [`from_subject`](Self::from_subject), but anything
    /// may be absent. What is there has its form and does not contradict itself.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer into the subject.
    pub fn from_disclosed(kind: Kind, subject: &Map) -> Result<Self, ClaimsError> {
        Self::from_subject_to(kind, subject, Extent::Disclosed)
    }

    /// Reads what a holder disclosed of an SD-JWT VC of these types (`vct` and what stands in `aka_vcts`), in the words of
    /// our kind or of a scheme. `None` where [`Kind::of_vcts`] finds no kind.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer into the claims set.
    pub fn of_sd_jwt_vc(vcts: &[&str], payload: &Map) -> Option<Result<Self, ClaimsError>> {
        let kind = Kind::of_vcts(vcts.iter().copied())?;
        Some(match vcts.iter().copied().find_map(Scheme::of_vct) {
            Some(scheme) => Self::from_scheme_disclosed(scheme, payload),
            None => Self::from_claims_set(kind, payload),
        })
    }

    /// Reads what a holder disclosed of the claims file's members at the top of an SD-JWT VC of that kind. Members that
    /// the kind does not have are left alone, anything may be absent. What is there has its form and does not
    /// contradict itself.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer into the claims set.
    pub fn from_claims_set(kind: Kind, payload: &Map) -> Result<Self, ClaimsError> {
        let claims = Self::read(kind, payload, Reading::Lenient)?;
        claims.check(Extent::Disclosed)?;
        Ok(claims)
    }

    fn from_subject_to(kind: Kind, subject: &Map, extent: Extent) -> Result<Self, ClaimsError> {
        match kind {
            Kind::SkillCertification => {
                let claims = Self::from(open_badge::from_subject(subject)?);
                claims.check(extent).map_err(|error| error.moved(open_badge::subject_pointer))?;
                Ok(claims)
            }
            _ => {
                let claims = Self::read(kind, subject, Reading::Lenient)?;
                claims.check(extent)?;
                Ok(claims)
            }
        }
    }

    fn read(kind: Kind, map: &Map, reading: Reading) -> Result<Self, ClaimsError> {
        macro_rules! read {
            ($record:ident) => {{
                let mut record = $record::blank();
                for (name, value) in map {
                    record.read_member(name, value, &At::ROOT, reading)?;
                }
                Ok(Self::from(record))
            }};
        }
        match kind {
            Kind::ProofOfAddress => read!(ProofOfAddress),
            Kind::Licence => read!(Licence),
            Kind::SkillCertification => read!(SkillCertification),
        }
    }

    /// The `credentialSubject`, with the holder's id if there is one.
    pub fn to_subject(&self, holder_id: Option<&str>) -> Map {
        let mut subject = match self {
            Self::SkillCertification(skill) => open_badge::to_subject(skill),
            _ => self.to_claims_file(),
        };
        if let Some(id) = holder_id {
            subject.insert("id".to_owned(), id.into());
        }
        subject
    }

    /// The claims file.
    pub fn to_claims_file(&self) -> Map {
        match self {
            Self::ProofOfAddress(proof) => proof.to_map(),
            Self::Licence(licence) => licence.to_map(),
            Self::SkillCertification(skill) => skill.to_map(),
        }
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::ProofOfAddress(_) => Kind::ProofOfAddress,
            Self::Licence(_) => Kind::Licence,
            Self::SkillCertification(_) => Kind::SkillCertification,
        }
    }

    /// The ISO 3166 code of what the credential is about: the address's region or else country, the licence's
    /// jurisdiction, the place where the skill was used.
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::ProofOfAddress(proof) => proof.address.as_ref().and_then(Address::region_code),
            Self::Licence(licence) => licence.jurisdiction.as_ref().map(Jurisdiction::as_str),
            Self::SkillCertification(skill) => skill.jurisdiction.as_ref().map(Jurisdiction::as_str),
        }
    }

    /// The number by which the issuer itself knows the document: a letter's reference, a licence's number.
    pub fn own_reference(&self) -> Option<&str> {
        match self {
            Self::ProofOfAddress(proof) => proof.reference.as_ref().map(Line::as_str),
            Self::Licence(licence) => licence.licence_number.as_ref().map(Line::as_str),
            Self::SkillCertification(_) => None,
        }
    }

    /// Whether all that is required is there and no member contradicts another. Reading and building did this already;
    /// it matters to whoever changed a field since.
    ///
    /// # Errors
    /// [`ClaimsError`] with the JSON pointer into the claims file.
    pub fn validate(&self) -> Result<(), ClaimsError> {
        self.check(Extent::Whole)
    }

    fn check(&self, extent: Extent) -> Result<(), ClaimsError> {
        match self {
            Self::ProofOfAddress(proof) => proof.check(&At::ROOT, extent),
            Self::Licence(licence) => licence.check(&At::ROOT, extent),
            Self::SkillCertification(skill) => skill.check(&At::ROOT, extent),
        }
    }
}

impl From<ProofOfAddress> for Claims {
    fn from(proof: ProofOfAddress) -> Self {
        Self::ProofOfAddress(Box::new(proof))
    }
}

impl From<Licence> for Claims {
    fn from(licence: Licence) -> Self {
        Self::Licence(Box::new(licence))
    }
}

impl From<SkillCertification> for Claims {
    fn from(skill: SkillCertification) -> Self {
        Self::SkillCertification(Box::new(skill))
    }
}

#[cfg(test)]
mod tests;
