//! Who vouches: the organisation, its officer, and the paper and consent of the person it vouches for.

use super::record::prelude::*;
use super::text::{CountryCode, Identifier, Line, Prose, Telephone, WebAddress};
use crate::time::Date;

record! {
    /// The organisation that vouches, as a bank can look it up.
    Organisation built by OrganisationBuilder {
        /// The name under which it is registered.
        "legalName" => legal_name: text Line, required;
        /// The same in Latin letters.
        "legalNameLatin" => legal_name_latin: text Line;
        /// Its number in that register.
        "registrationNumber" => registration_number: text Line, required;
        /// The register that keeps the number, such as the Companies Registry.
        "register" => register: text Line, required;
        /// Where the register shows it.
        "registerUrl" => register_url: text WebAddress;
        /// The country of that register, ISO 3166-1 alpha-2, such as HK.
        "country" => country: text CountryCode;
        /// Its registered address.
        "address" => address: text Prose;
        /// Where somebody answers questions about this credential.
        "telephone" => telephone: text Telephone;
    }
}

impl Rules for Organisation {}

record! {
    /// The person who signs for the organisation: a case worker, a hostel manager.
    Officer built by OfficerBuilder {
        /// Full name.
        "name" => name: text Line, required;
        /// What the person is there, such as social worker.
        "role" => role: text Line, required;
        /// The number on the person's work card.
        "staffId" => staff_id: text Line;
    }
}

impl Rules for Officer {}

record! {
    /// The identity paper that the officer saw. With the number disclosed, a bank sees that it is the same person.
    IdentityDocument built by IdentityDocumentBuilder {
        /// What paper it was, such as Hong Kong identity card.
        "documentType" => document_type: text Line, required;
        /// The country that issued it.
        "issuingCountry" => issuing_country: text CountryCode, required;
        /// Its number, as printed.
        "number" => number: text Line;
        /// The day on which the officer saw it.
        "seenOn" => seen_on: value Date;
    }
}

impl Rules for IdentityDocument {}

record! {
    /// Where somebody was born.
    PlaceOfBirth built by PlaceOfBirthBuilder {
        /// City, town or village.
        "locality" => locality: text Line;
        /// State or province.
        "region" => region: text Line;
        /// Country, ISO 3166-1 alpha-2, such as HK.
        "country" => country: text CountryCode, required;
    }
}

impl Rules for PlaceOfBirth {}

record! {
    /// The holder's consent to this credential.
    Consent built by ConsentBuilder {
        /// Whether it was given. Without it nothing is issued.
        "given" => given: value bool, required;
        /// The day on which it was given.
        "givenOn" => given_on: value Date, required;
    }
}

impl Rules for Consent {
    fn rules(&self, at: &At<'_>, _: Extent) -> Result<(), ClaimsError> {
        at.agrees(self.given != Some(false), "given", "without consent no credential may be issued")
    }
}

record! {
    /// Somebody who awards or assesses a skill: a training council, a school, a master of the trade.
    Body built by BodyBuilder {
        /// A URI that names it: its DID or its page.
        "id" => id: text Identifier, required;
        /// Its name.
        "name" => name: text Line, required;
        /// The country where it is, ISO 3166-1 alpha-2, such as HK.
        "country" => country: text CountryCode;
    }
}

impl Rules for Body {}
