//! An address as people have one: with a street and a number, behind a partition in somebody else's flat, or beside a
//! landmark where no street has a name.

use std::borrow::Cow;

use super::record::prelude::*;
use super::text::{CountryCode, Line, PlusCode, Prose, RegionCode};

record! {
    /// Where somebody lives: in parts, and as a whole the way it is written there.
    ///
    /// Where no street and no building stands, a landmark, a plus code or a ward is demanded. A post office box alone
    /// is no place to live.
    Address built by AddressBuilder {
        /// The whole address in its own script, as on an envelope.
        "formatted" => formatted: text Prose, required;
        /// The same in Latin letters.
        "formattedLatin" => formatted_latin: text Prose;
        /// Country, ISO 3166-1 alpha-2, such as HK.
        "country" => country: text CountryCode, required;
        /// Part of the country, ISO 3166-2, such as FI-18.
        "region" => region: text RegionCode;
        /// District, such as Sham Shui Po: enough for many purposes without the door.
        "district" => district: text Line;
        /// City, town or village.
        "locality" => locality: text Line;
        /// Postal code.
        "postalCode" => postal_code: text Line;
        /// Street.
        "street" => street: text Line;
        /// Number in the street.
        "houseNumber" => house_number: text Line;
        /// Building, estate or block.
        "building" => building: text Line;
        /// Floor.
        "floor" => floor: text Line;
        /// Flat on that floor.
        "flat" => flat: text Line;
        /// Unit, cubicle or room within the flat.
        "unit" => unit: text Line;
        /// Bed within the unit or dormitory.
        "bed" => bed: text Line;
        /// The person or organisation that takes mail in.
        "careOf" => care_of: text Line;
        /// Post office box, for mail only.
        "poBox" => po_box: text Line;
        /// What stands nearby, where no street has a name.
        "landmark" => landmark: text Line;
        /// A full plus code (Open Location Code) of the place.
        "plusCode" => plus_code: text PlusCode;
        /// Ward or village section.
        "ward" => ward: text Line;
    }
}

impl Address {
    /// The code that the credential is about: the region's if it is there, else the country's.
    pub fn region_code(&self) -> Option<&str> {
        self.region.as_ref().map(RegionCode::as_str).or(self.country.as_ref().map(CountryCode::as_str))
    }

    fn has_place(&self) -> bool {
        self.street.is_some() || self.building.is_some() || self.has_place_without_street()
    }

    fn has_place_without_street(&self) -> bool {
        self.landmark.is_some() || self.plus_code.is_some() || self.ward.is_some()
    }

    /// Whether a part that every script writes in the same digits stands in the whole text.
    fn text_has(&self, part: Option<&Line>) -> bool {
        let mut texts = self.formatted.iter().chain(&self.formatted_latin).peekable();
        let Some(part) = part else { return true };
        let part = with_plain_digits(part.as_str());
        texts.peek().is_none() || texts.any(|text| with_plain_digits(text.as_str()).contains(part.as_ref()))
    }
}

/// Full-width digits and letters, as East Asian keyboards type them, in their plain form.
fn with_plain_digits(text: &str) -> Cow<'_, str> {
    const FULL_WIDTH: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
    let plain = |character| match character {
        wide if FULL_WIDTH.contains(&wide) => char::from_u32(u32::from(wide) - 0xfee0).unwrap_or(wide),
        other => other,
    };
    if text.contains(|character| FULL_WIDTH.contains(&character)) {
        return text.chars().map(plain).collect();
    }
    Cow::Borrowed(text)
}

impl Rules for Address {
    fn rules(&self, at: &At<'_>, extent: Extent) -> Result<(), ClaimsError> {
        if let (Some(country), Some(region)) = (&self.country, &self.region) {
            let within = region.as_str().starts_with(country.as_str());
            at.agrees(within, "region", "the region is in another country")?;
        }
        if extent == Extent::Disclosed {
            return Ok(());
        }
        let box_alone = self.po_box.is_some() && !self.has_place();
        at.agrees(!box_alone, "poBox", "a post office box alone is no place to live")?;
        let without_street = "where no street or building stands, a landmark, a plus code or a ward says where it is";
        at.needs(self.has_place(), "landmark", without_street)?;
        // EUDI certificate of residence, rule IR-03: the full text agrees with the parts.
        at.agrees(self.text_has(self.postal_code.as_ref()), "postalCode", "does not stand in the formatted address")?;
        at.agrees(self.text_has(self.house_number.as_ref()), "houseNumber", "does not stand in the formatted address")
    }
}
