//! The proof of address. Days are written like 2026-03-31.

use super::record::{opaque_display, record, vocabulary};

vocabulary! {
    /// In what capacity the person lives there.
    Occupancy {
        /// Pays rent under a lease, be it to a main tenant.
        Tenant,
        /// May stay under a licence, without a lease.
        Licensee,
        /// Stays in transitional or social housing for a time.
        Transitional,
        /// Stays in a hostel, shelter or dormitory.
        Hostel,
        /// Is reached through somebody else's address.
        CareOf,
        /// Sleeps in the street, at a place where the organisation finds the person.
        Street,
    }
}

vocabulary! {
    /// How the organisation knows that the person lives there.
    KnownBy {
        /// An officer was there.
        SiteVisit,
        /// A case worker meets the person regularly.
        Caseworker,
        /// The landlord or main tenant confirmed it.
        LandlordConfirmed,
        /// A letter to the person arrived.
        MailTest,
        /// A document showed it.
        Document,
    }
}

vocabulary! {
    /// What the organisation promises.
    Guarantee {
        /// We know the person here.
        Attested,
        /// We know the person here, and undertake to tell you when the person leaves.
        Vouched,
    }
}

record! {
    /// Where somebody lives: in parts, and as a whole the way it is written there.
    ///
    /// Where no street and no building stands, a landmark, a plus code or a ward is demanded. A post office box alone
    /// is no place to live.
    Address {
        /// The whole address in its own script, as on an envelope.
        formatted: Option<String>,
        /// The same in Latin letters.
        formatted_latin: Option<String>,
        /// Country, ISO 3166-1 alpha-2, such as HK.
        country: Option<String>,
        /// Part of the country, ISO 3166-2, such as FI-18.
        region: Option<String>,
        /// District, such as Sham Shui Po: enough for many purposes without the door.
        district: Option<String>,
        /// City, town or village.
        locality: Option<String>,
        /// Postal code.
        postal_code: Option<String>,
        /// Street.
        street: Option<String>,
        /// Number in the street.
        house_number: Option<String>,
        /// Building, estate or block.
        building: Option<String>,
        /// Floor.
        floor: Option<String>,
        /// Flat on that floor.
        flat: Option<String>,
        /// Unit, cubicle or room within the flat.
        unit: Option<String>,
        /// Bed within the unit or dormitory.
        bed: Option<String>,
        /// The person or organisation that takes mail in.
        care_of: Option<String>,
        /// Post office box, for mail only.
        po_box: Option<String>,
        /// What stands nearby, where no street has a name.
        landmark: Option<String>,
        /// A full plus code (Open Location Code) of the place.
        plus_code: Option<String>,
        /// Ward or village section.
        ward: Option<String>,
    }
}

record! {
    /// The organisation that vouches, as a bank can look it up.
    Organisation {
        /// The name under which it is registered.
        legal_name: Option<String>,
        /// The same in Latin letters.
        legal_name_latin: Option<String>,
        /// Its number in that register.
        registration_number: Option<String>,
        /// The register that keeps the number, such as the Companies Registry.
        register: Option<String>,
        /// Where the register shows it.
        register_url: Option<String>,
        /// Its registered address.
        address: Option<String>,
        /// Where somebody answers questions about this credential.
        telephone: Option<String>,
    }
}

record! {
    /// The person who signs for the organisation: a case worker, a hostel manager.
    Officer {
        /// Full name.
        name: Option<String>,
        /// What the person is there, such as social worker.
        role: Option<String>,
        /// The number on the person's work card.
        staff_id: Option<String>,
    }
}

record! {
    /// The identity paper that the officer saw. With the number disclosed, a bank sees that it is the same person.
    IdentityDocument {
        /// What paper it was, such as Hong Kong identity card.
        document_type: Option<String>,
        /// The country that issued it.
        issuing_country: Option<String>,
        /// Its number, as printed.
        number: Option<String>,
        /// The day on which the officer saw it.
        seen_on: Option<String>,
    }
}

record! {
    /// The holder's consent to this credential.
    Consent {
        /// Whether it was given. Without it nothing is issued.
        given: Option<bool>,
        /// The day on which it was given.
        given_on: Option<String>,
    }
}

record! {
    /// A proof of address that an organisation guarantees.
    ProofOfAddress {
        /// Full name as printed on the identity paper, in its own script.
        name: Option<String>,
        /// The same name in Latin letters, as the paper has it.
        name_latin: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Given names.
        given_name: Option<String>,
        /// Date of birth.
        birth_date: Option<String>,
        /// A picture of the person, for whoever sits at the desk.
        portrait: Option<String>,
        /// The identity paper that the officer saw.
        identity_document: Option<IdentityDocument>,
        /// Where the person lives.
        address: Option<Address>,
        /// In what capacity the person lives there.
        occupancy: Option<Occupancy>,
        /// Since when the person lives there.
        resident_since: Option<String>,
        /// Until when the person may stay there, where that is agreed.
        resident_until: Option<String>,
        /// Whether mail to this address reaches the person.
        mail_deliverable: Option<bool>,
        /// Since when the organisation knows the person.
        known_since: Option<String>,
        /// How the organisation knows that the person lives there.
        known_by: Vec<KnownBy>,
        /// The last day on which an officer was there.
        last_visit: Option<String>,
        /// What the person is to the organisation, such as member of a food bank.
        relationship: Option<String>,
        /// What the organisation promises.
        level: Option<Guarantee>,
        /// The organisation.
        organisation: Option<Organisation>,
        /// The officer who signs for it.
        officer: Option<Officer>,
        /// The organisation's own reference of this letter.
        reference: Option<String>,
        /// What the person needs it for, such as opening a bank account.
        purpose: Option<String>,
        /// What the organisation does not guarantee, such as income or debts.
        what_is_not_guaranteed: Option<String>,
        /// The person's consent.
        consent: Option<Consent>,
    }
}
