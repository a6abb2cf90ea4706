//! Licences. Days are written like 2026-03-31.

use super::record::{opaque_display, record, vocabulary};

vocabulary! {
    /// What a licence is for.
    LicenceType {
        /// To drive.
        Driving,
        /// To keep a shop or a business.
        Trade,
        /// To practise a profession.
        Professional,
        /// To use a vehicle on the road or for hire.
        Vehicle,
        /// To sell in the street.
        Hawker,
        /// To care for people.
        CareWorker,
        /// For something else; the title says what.
        Other,
    }
}

record! {
    /// A restriction or condition by its code, such as 01.06 for glasses or contact lenses.
    Restriction {
        /// The code in the authority's list.
        code: Option<String>,
        /// How the value limits, such as <= for at most.
        sign: Option<String>,
        /// The value, such as 3500 kg.
        value: Option<String>,
        /// What it means in words.
        description: Option<String>,
    }
}

record! {
    /// A category or class that the licence covers, with a validity and restrictions of its own.
    LicenceCategory {
        /// The code in the authority's list, such as B or Class 2.
        code: Option<String>,
        /// What it allows in words.
        description: Option<String>,
        /// First day.
        issue_date: Option<String>,
        /// Last day.
        expiry_date: Option<String>,
        /// What restricts it.
        restrictions: Vec<Restriction>,
    }
}

record! {
    /// The vehicle that a vehicle licence is about.
    Vehicle {
        /// What stands on its plates.
        registration_mark: Option<String>,
        /// Its identification number (ISO 3779).
        identification_number: Option<String>,
        /// Make and model.
        description: Option<String>,
    }
}

record! {
    /// A licence that an authority granted.
    Licence {
        /// Full name as on the licence, in its own script.
        name: Option<String>,
        /// The same name in Latin letters.
        name_latin: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Given names.
        given_name: Option<String>,
        /// Date of birth.
        birth_date: Option<String>,
        /// A picture of the person.
        portrait: Option<String>,
        /// What the licence is for.
        licence_type: Option<LicenceType>,
        /// Its title, such as Hawker licence (fixed pitch).
        title: Option<String>,
        /// Its number.
        licence_number: Option<String>,
        /// The authority that granted it.
        authority: Option<String>,
        /// Where it holds: a country or a region (ISO 3166).
        jurisdiction: Option<String>,
        /// The distinguishing sign of that country in road traffic, such as FIN.
        distinguishing_sign: Option<String>,
        /// Categories or classes that it covers.
        categories: Vec<LicenceCategory>,
        /// The activity that it allows, in words.
        scope: Option<String>,
        /// Conditions that hold for the whole licence.
        conditions: Vec<String>,
        /// The shop, stall or practice where it holds.
        premises: Option<String>,
        /// The vehicle that it is about.
        vehicle: Option<Vehicle>,
        /// The day on which the person first had such a licence.
        first_issued: Option<String>,
        /// The first day of the present licence by the authority's word, which need not be the credential's.
        issue_date: Option<String>,
        /// Its last day; absent where it never ends.
        expiry_date: Option<String>,
        /// Where the authority's register shows it.
        register_url: Option<String>,
    }
}
