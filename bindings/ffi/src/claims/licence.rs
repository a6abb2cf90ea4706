//! Licences. Days are written like 2026-03-31.

use super::record::prelude::*;

vocabulary! {
    /// What a licence is for.
    LicenceType {
        /// To drive.
        Driving = "driving",
        /// To keep a shop or a business.
        Trade = "trade",
        /// To practise a profession.
        Professional = "professional",
        /// To use a vehicle on the road or for hire.
        Vehicle = "vehicle",
        /// To sell in the street.
        Hawker = "hawker",
        /// To care for people.
        CareWorker = "care-worker",
        /// For something else; the title says what.
        Other = "other",
    }
}

record! {
    /// A restriction or condition by its code, such as 01.06 for glasses or contact lenses.
    Restriction {
        /// The code in the authority's list.
        "code" => code: Option<String>,
        /// How the value limits, such as <= for at most.
        "sign" => sign: Option<String>,
        /// The value, such as 3500 kg.
        "value" => value: Option<String>,
        /// What it means in words.
        "description" => description: Option<String>,
    }
}

record! {
    /// A category or class that the licence covers, with a validity and restrictions of its own.
    LicenceCategory {
        /// The code in the authority's list, such as B or Class 2.
        "code" => code: Option<String>,
        /// What it allows in words.
        "description" => description: Option<String>,
        /// First day.
        "issueDate" => issue_date: Option<String>,
        /// Last day.
        "expiryDate" => expiry_date: Option<String>,
        /// What restricts it.
        "restrictions" => restrictions: Vec<Restriction>,
    }
}

record! {
    /// The vehicle that a vehicle licence is about.
    Vehicle {
        /// What stands on its plates.
        "registrationMark" => registration_mark: Option<String>,
        /// Its identification number (ISO 3779).
        "identificationNumber" => identification_number: Option<String>,
        /// Make and model.
        "description" => description: Option<String>,
    }
}

record! {
    /// A licence that an authority granted.
    Licence {
        /// Full name as on the licence, in its own script.
        "name" => name: Option<String>,
        /// The same name in Latin letters.
        "nameLatin" => name_latin: Option<String>,
        /// Family name.
        "familyName" => family_name: Option<String>,
        /// Given names.
        "givenName" => given_name: Option<String>,
        /// Date of birth.
        "birthDate" => birth_date: Option<String>,
        /// A picture of the person.
        "portrait" => portrait: Option<String>,
        /// What the licence is for.
        "licenceType" => licence_type: Option<LicenceType>,
        /// Its title, such as Hawker licence (fixed pitch).
        "title" => title: Option<String>,
        /// Its number.
        "licenceNumber" => licence_number: Option<String>,
        /// The authority that granted it.
        "authority" => authority: Option<String>,
        /// Where it holds: a country or a region (ISO 3166).
        "jurisdiction" => jurisdiction: Option<String>,
        /// The distinguishing sign of that country in road traffic, such as FIN.
        "distinguishingSign" => distinguishing_sign: Option<String>,
        /// Categories or classes that it covers.
        "categories" => categories: Vec<LicenceCategory>,
        /// The activity that it allows, in words.
        "scope" => scope: Option<String>,
        /// Conditions that hold for the whole licence.
        "conditions" => conditions: Vec<String>,
        /// The shop, stall or practice where it holds.
        "premises" => premises: Option<String>,
        /// The vehicle that it is about.
        "vehicle" => vehicle: Option<Vehicle>,
        /// The day on which the person first had such a licence.
        "firstIssued" => first_issued: Option<String>,
        /// The first day of the present licence by the authority's word, which need not be the credential's.
        "issueDate" => issue_date: Option<String>,
        /// Its last day; absent where it never ends.
        "expiryDate" => expiry_date: Option<String>,
        /// Where the authority's register shows it.
        "registerUrl" => register_url: Option<String>,
    }
}
