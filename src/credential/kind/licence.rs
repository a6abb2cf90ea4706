//! Licences: to drive, to trade, to practise, to keep a stall, to care for people.
//!
//! How it maps onto the mobile driving licence (ISO/IEC 18013-5, namespace `org.iso.18013.5.1`):
//!
//! | ours | mobile driving licence |
//! |---|---|
//! | `familyName`, `givenName`, `birthDate`, `portrait` | `family_name`, `given_name`, `birth_date`, `portrait` |
//! | `issueDate`, `expiryDate` | `issue_date`, `expiry_date` |
//! | `authority`, the country of `jurisdiction` | `issuing_authority`, `issuing_country` |
//! | `jurisdiction`, where it is a region | `issuing_jurisdiction` |
//! | `licenceNumber` | `document_number` |
//! | `distinguishingSign` | `un_distinguishing_sign` |
//! | `categories[]` | `driving_privileges[]` |
//! | `categories[].code`, `issueDate`, `expiryDate` | `vehicle_category_code`, `issue_date`, `expiry_date` |
//! | `categories[].restrictions[]` `code`, `sign`, `value` | `codes[]` `code`, `sign`, `value` |

use super::record::prelude::*;
use super::text::{Jurisdiction, Line, Portrait, Prose, WebAddress};
use crate::time::Date;

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
    Restriction built by RestrictionBuilder {
        /// The code in the authority's list.
        "code" => code: text Line, required;
        /// How the value limits, such as <= for at most.
        "sign" => sign: text Line;
        /// The value, such as 3500 kg.
        "value" => value: text Line;
        /// What it means in words.
        "description" => description: text Prose;
    }
}

impl Rules for Restriction {
    fn rules(&self, at: &At<'_>, extent: Extent) -> Result<(), ClaimsError> {
        let whole = extent == Extent::Disclosed || self.sign.is_none() || self.value.is_some();
        at.needs(whole, "value", "a sign without a value limits nothing")
    }
}

record! {
    /// A category or class that the licence covers, with a validity and restrictions of its own.
    Category built by CategoryBuilder {
        /// The code in the authority's list, such as B or Class 2.
        "code" => code: text Line, required;
        /// What it allows in words.
        "description" => description: text Prose;
        /// First day.
        "issueDate" => issue_date: value Date;
        /// Last day.
        "expiryDate" => expiry_date: value Date;
        /// What restricts it.
        "restrictions" => restrictions: records Restriction;
    }
}

impl Rules for Category {
    fn rules(&self, at: &At<'_>, _: Extent) -> Result<(), ClaimsError> {
        at.in_order(("issueDate", self.issue_date), ("expiryDate", self.expiry_date))
    }
}

record! {
    /// The vehicle that a vehicle licence is about.
    Vehicle built by VehicleBuilder {
        /// What stands on its plates.
        "registrationMark" => registration_mark: text Line, required;
        /// Its identification number (ISO 3779).
        "identificationNumber" => identification_number: text Line;
        /// Make and model.
        "description" => description: text Line;
    }
}

impl Rules for Vehicle {}

record! {
    /// A licence that an authority granted.
    Licence built by LicenceBuilder {
        /// Full name as on the licence, in its own script.
        "name" => name: text Line, required;
        /// The same name in Latin letters.
        "nameLatin" => name_latin: text Line;
        /// Family name.
        "familyName" => family_name: text Line;
        /// Given names.
        "givenName" => given_name: text Line;
        /// Date of birth.
        "birthDate" => birth_date: value Date;
        /// A picture of the person.
        "portrait" => portrait: text Portrait;
        /// What the licence is for.
        "licenceType" => licence_type: value LicenceType, required;
        /// Its title, such as Hawker licence (fixed pitch).
        "title" => title: text Line, required;
        /// Its number.
        "licenceNumber" => licence_number: text Line, required;
        /// The authority that granted it.
        "authority" => authority: text Line, required;
        /// Where it holds: a country or a region (ISO 3166).
        "jurisdiction" => jurisdiction: text Jurisdiction, required;
        /// The distinguishing sign of that country in road traffic, such as FIN.
        "distinguishingSign" => distinguishing_sign: text Line;
        /// Categories or classes that it covers.
        "categories" => categories: records Category;
        /// The activity that it allows, in words.
        "scope" => scope: text Prose;
        /// Conditions that hold for the whole licence.
        "conditions" => conditions: texts Prose;
        /// The shop, stall or practice where it holds.
        "premises" => premises: text Prose;
        /// The vehicle that it is about.
        "vehicle" => vehicle: record Vehicle;
        /// The day on which the person first had such a licence.
        "firstIssued" => first_issued: value Date;
        /// The first day of the present licence by the authority's word, which need not be the credential's.
        "issueDate" => issue_date: value Date, required;
        /// Its last day; absent where it never ends.
        "expiryDate" => expiry_date: value Date;
        /// Where the authority's register shows it.
        "registerUrl" => register_url: text WebAddress;
    }
}

impl Rules for Licence {
    fn rules(&self, at: &At<'_>, extent: Extent) -> Result<(), ClaimsError> {
        let issued = ("issueDate", self.issue_date);
        at.in_order(("birthDate", self.birth_date), ("firstIssued", self.first_issued))?;
        at.in_order(("birthDate", self.birth_date), issued)?;
        at.in_order(("firstIssued", self.first_issued), issued)?;
        at.in_order(issued, ("expiryDate", self.expiry_date))?;
        for (index, category) in self.categories.iter().enumerate() {
            // Twice the same code, once with a restriction: two readers could tell two things.
            if category.code.is_some() && self.categories[..index].iter().any(|other| other.code == category.code) {
                let pointer = at.member("categories").item(index).member("code").pointer();
                return Err(ClaimsError::Duplicate { pointer });
            }
        }
        if extent == Extent::Disclosed {
            return Ok(());
        }
        let driving = self.licence_type == Some(LicenceType::Driving);
        at.needs(!driving || !self.categories.is_empty(), "categories", "a driving licence says what may be driven")?;
        let of_vehicle = self.licence_type == Some(LicenceType::Vehicle);
        at.needs(!of_vehicle || self.vehicle.is_some(), "vehicle", "a vehicle licence names the vehicle")
    }
}
