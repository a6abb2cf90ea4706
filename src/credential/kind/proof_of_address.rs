//! The proof of address: an organisation that knows a person guarantees where the person lives, for those who have no
//! lease and no bill in their own name.
//!
//! It can also be issued as the EUDI pilot's certificate of residence (see [`Scheme`](super::Scheme)), which has no
//! member for the occupancy, the guarantee, and how the organisation knows the person.

use super::address::Address;
use super::parties::{Consent, IdentityDocument, Officer, Organisation, PlaceOfBirth};
use super::record::prelude::*;
use super::text::{CountryCode, Line, Portrait, Prose};
use crate::time::Date;

vocabulary! {
    /// In what capacity the person lives there.
    Occupancy {
        /// Pays rent under a lease, be it to a main tenant.
        Tenant = "tenant",
        /// May stay under a licence, without a lease.
        Licensee = "licensee",
        /// Stays in transitional or social housing for a time.
        Transitional = "transitional",
        /// Stays in a hostel, shelter or dormitory.
        Hostel = "hostel",
        /// Is reached through somebody else's address.
        CareOf = "care-of",
        /// Sleeps in the street, at a place where the organisation finds the person.
        Street = "street",
    }
}

vocabulary! {
    /// How the organisation knows that the person lives there.
    KnownBy {
        /// An officer was there.
        SiteVisit = "site-visit",
        /// A case worker meets the person regularly.
        Caseworker = "caseworker",
        /// The landlord or main tenant confirmed it.
        LandlordConfirmed = "landlord-confirmed",
        /// A letter to the person arrived.
        MailTest = "mail-test",
        /// A document showed it.
        Document = "document",
    }
}

vocabulary! {
    /// What the organisation promises.
    Guarantee {
        /// We know the person here.
        Attested = "attested",
        /// We know the person here, and undertake to tell you when the person leaves.
        Vouched = "vouched",
    }
}

record! {
    /// A proof of address that an organisation guarantees.
    ProofOfAddress built by ProofOfAddressBuilder {
        /// Full name as printed on the identity paper, in its own script.
        "name" => name: text Line, required;
        /// The same name in Latin letters, as the paper has it.
        "nameLatin" => name_latin: text Line;
        /// Family name.
        "familyName" => family_name: text Line;
        /// Given names.
        "givenName" => given_name: text Line;
        /// Date of birth.
        "birthDate" => birth_date: value Date;
        /// Where the person was born.
        "placeOfBirth" => place_of_birth: record PlaceOfBirth;
        /// The person's nationalities, each as a country (ISO 3166-1 alpha-2), such as HK.
        "nationalities" => nationalities: texts CountryCode;
        /// A picture of the person, for whoever sits at the desk.
        "portrait" => portrait: text Portrait;
        /// The identity paper that the officer saw.
        "identityDocument" => identity_document: record IdentityDocument;
        /// Where the person lives.
        "address" => address: record Address, required;
        /// In what capacity the person lives there.
        "occupancy" => occupancy: value Occupancy, required;
        /// Since when the person lives there.
        "residentSince" => resident_since: value Date;
        /// Until when the person may stay there, where that is agreed.
        "residentUntil" => resident_until: value Date;
        /// Whether mail to this address reaches the person.
        "mailDeliverable" => mail_deliverable: value bool;
        /// Since when the organisation knows the person.
        "knownSince" => known_since: value Date, required;
        /// How the organisation knows that the person lives there.
        "knownBy" => known_by: values KnownBy, required;
        /// The last day on which an officer was there.
        "lastVisit" => last_visit: value Date;
        /// What the person is to the organisation, such as member of a food bank.
        "relationship" => relationship: text Prose;
        /// What the organisation promises.
        "level" => level: value Guarantee, required;
        /// The organisation.
        "organisation" => organisation: record Organisation, required;
        /// The officer who signs for it.
        "officer" => officer: record Officer, required;
        /// The organisation's own reference of this letter.
        "reference" => reference: text Line;
        /// What the person needs it for, such as opening a bank account.
        "purpose" => purpose: text Prose;
        /// What the organisation does not guarantee, such as income or debts.
        "whatIsNotGuaranteed" => what_is_not_guaranteed: text Prose;
        /// The person's consent.
        "consent" => consent: record Consent, required;
    }
}

impl Rules for ProofOfAddress {
    fn rules(&self, at: &At<'_>, extent: Extent) -> Result<(), ClaimsError> {
        let birth = ("birthDate", self.birth_date);
        let since = ("residentSince", self.resident_since);
        let visit = ("lastVisit", self.last_visit);
        at.in_order(birth, since)?;
        at.in_order(birth, ("knownSince", self.known_since))?;
        at.in_order(since, ("residentUntil", self.resident_until))?;
        at.in_order(since, visit)?;
        at.in_order(("knownSince", self.known_since), visit)?;
        for (index, way) in self.known_by.iter().enumerate() {
            if self.known_by[..index].contains(way) {
                return Err(ClaimsError::Duplicate { pointer: at.member("knownBy").item(index).pointer() });
            }
        }
        if extent == Extent::Disclosed {
            return Ok(());
        }
        let visited = self.last_visit.is_some() || !self.known_by.contains(&KnownBy::SiteVisit);
        at.needs(visited, "lastVisit", "a visit to the place is given as the way it is known")?;
        let care_of = self.address.as_ref().is_some_and(|address| address.care_of.is_some());
        let address = at.member("address");
        let reached = care_of || self.occupancy != Some(Occupancy::CareOf);
        address.needs(reached, "careOf", "the person is reached through somebody else's address")
    }
}
