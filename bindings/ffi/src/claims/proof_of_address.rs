//! The proof of address. Days are written like 2026-03-31.

use super::record::prelude::*;

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
    /// Where somebody lives: in parts, and as a whole the way it is written there.
    ///
    /// Where no street and no building stands, a landmark, a plus code or a ward is demanded. A post office box alone
    /// is no place to live.
    Address {
        /// The whole address in its own script, as on an envelope.
        "formatted" => formatted: Option<String>,
        /// The same in Latin letters.
        "formattedLatin" => formatted_latin: Option<String>,
        /// Country, ISO 3166-1 alpha-2, such as HK.
        "country" => country: Option<String>,
        /// Part of the country, ISO 3166-2, such as FI-18.
        "region" => region: Option<String>,
        /// District, such as Sham Shui Po: enough for many purposes without the door.
        "district" => district: Option<String>,
        /// City, town or village.
        "locality" => locality: Option<String>,
        /// Postal code.
        "postalCode" => postal_code: Option<String>,
        /// Street.
        "street" => street: Option<String>,
        /// Number in the street.
        "houseNumber" => house_number: Option<String>,
        /// Building, estate or block.
        "building" => building: Option<String>,
        /// Floor.
        "floor" => floor: Option<String>,
        /// Flat on that floor.
        "flat" => flat: Option<String>,
        /// Unit, cubicle or room within the flat.
        "unit" => unit: Option<String>,
        /// Bed within the unit or dormitory.
        "bed" => bed: Option<String>,
        /// The person or organisation that takes mail in.
        "careOf" => care_of: Option<String>,
        /// Post office box, for mail only.
        "poBox" => po_box: Option<String>,
        /// What stands nearby, where no street has a name.
        "landmark" => landmark: Option<String>,
        /// A full plus code (Open Location Code) of the place.
        "plusCode" => plus_code: Option<String>,
        /// Ward or village section.
        "ward" => ward: Option<String>,
    }
}

record! {
    /// The organisation that vouches, as a bank can look it up.
    Organisation {
        /// The name under which it is registered.
        "legalName" => legal_name: Option<String>,
        /// The same in Latin letters.
        "legalNameLatin" => legal_name_latin: Option<String>,
        /// Its number in that register.
        "registrationNumber" => registration_number: Option<String>,
        /// The register that keeps the number, such as the Companies Registry.
        "register" => register: Option<String>,
        /// Where the register shows it.
        "registerUrl" => register_url: Option<String>,
        /// The country of that register, ISO 3166-1 alpha-2, such as HK.
        "country" => country: Option<String>,
        /// Its registered address.
        "address" => address: Option<String>,
        /// Where somebody answers questions about this credential.
        "telephone" => telephone: Option<String>,
    }
}

record! {
    /// The person who signs for the organisation: a case worker, a hostel manager.
    Officer {
        /// Full name.
        "name" => name: Option<String>,
        /// What the person is there, such as social worker.
        "role" => role: Option<String>,
        /// The number on the person's work card.
        "staffId" => staff_id: Option<String>,
    }
}

record! {
    /// The identity paper that the officer saw. With the number disclosed, a bank sees that it is the same person.
    IdentityDocument {
        /// What paper it was, such as Hong Kong identity card.
        "documentType" => document_type: Option<String>,
        /// The country that issued it.
        "issuingCountry" => issuing_country: Option<String>,
        /// Its number, as printed.
        "number" => number: Option<String>,
        /// The day on which the officer saw it.
        "seenOn" => seen_on: Option<String>,
    }
}

record! {
    /// Where somebody was born.
    PlaceOfBirth {
        /// City, town or village.
        "locality" => locality: Option<String>,
        /// State or province.
        "region" => region: Option<String>,
        /// Country, ISO 3166-1 alpha-2, such as HK.
        "country" => country: Option<String>,
    }
}

record! {
    /// The holder's consent to this credential.
    GivenConsent {
        /// Whether it was given. Without it nothing is issued.
        "given" => given: Option<bool>,
        /// The day on which it was given.
        "givenOn" => given_on: Option<String>,
    }
}

record! {
    /// A proof of address that an organisation guarantees.
    ProofOfAddress {
        /// Full name as printed on the identity paper, in its own script.
        "name" => name: Option<String>,
        /// The same name in Latin letters, as the paper has it.
        "nameLatin" => name_latin: Option<String>,
        /// Family name.
        "familyName" => family_name: Option<String>,
        /// Given names.
        "givenName" => given_name: Option<String>,
        /// Date of birth.
        "birthDate" => birth_date: Option<String>,
        /// Where the person was born.
        "placeOfBirth" => place_of_birth: Option<PlaceOfBirth>,
        /// The person's nationalities, each as a country (ISO 3166-1 alpha-2), such as HK.
        "nationalities" => nationalities: Vec<String>,
        /// A picture of the person, for whoever sits at the desk.
        "portrait" => portrait: Option<String>,
        /// The identity paper that the officer saw.
        "identityDocument" => identity_document: Option<IdentityDocument>,
        /// Where the person lives.
        "address" => address: Option<Address>,
        /// In what capacity the person lives there.
        "occupancy" => occupancy: Option<Occupancy>,
        /// Since when the person lives there.
        "residentSince" => resident_since: Option<String>,
        /// Until when the person may stay there, where that is agreed.
        "residentUntil" => resident_until: Option<String>,
        /// Whether mail to this address reaches the person.
        "mailDeliverable" => mail_deliverable: Option<bool>,
        /// Since when the organisation knows the person.
        "knownSince" => known_since: Option<String>,
        /// How the organisation knows that the person lives there.
        "knownBy" => known_by: Vec<KnownBy>,
        /// The last day on which an officer was there.
        "lastVisit" => last_visit: Option<String>,
        /// What the person is to the organisation, such as member of a food bank.
        "relationship" => relationship: Option<String>,
        /// What the organisation promises.
        "level" => level: Option<Guarantee>,
        /// The organisation.
        "organisation" => organisation: Option<Organisation>,
        /// The officer who signs for it.
        "officer" => officer: Option<Officer>,
        /// The organisation's own reference of this letter.
        "reference" => reference: Option<String>,
        /// What the person needs it for, such as opening a bank account.
        "purpose" => purpose: Option<String>,
        /// What the organisation does not guarantee, such as income or debts.
        "whatIsNotGuaranteed" => what_is_not_guaranteed: Option<String>,
        /// The person's consent.
        "consent" => consent: Option<GivenConsent>,
    }
}
