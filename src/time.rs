//! Dates and moments as the standards write them. No clock is read here: every moment is an argument.
//!
//! The lexical form is `xsd:dateTimeStamp` (XML Schema 1.1 Part 2, section 3.4.28), which VC Data Model 2.0,
//! Data Integrity and DID Resolution use; no crate reads exactly that, and the calendar beneath it is small.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Explain;

const SECONDS_PER_DAY: i64 = 86_400;

/// Why a text is no date or moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not of the form `YYYY-MM-DD`.
    #[error("not a date of the form YYYY-MM-DD")]
    DateForm,
    /// Not of the form `YYYY-MM-DDThh:mm:ssZ`, fraction and offset allowed.
    #[error("not a date and time of the form YYYY-MM-DDThh:mm:ssZ")]
    TimestampForm,
    /// The calendar or the clock has no such moment, such as 30 February.
    #[error("no such day or time in the calendar")]
    OutOfRange,
}

impl Explain for TimeError {
    fn code(&self) -> &'static str {
        match self {
            Self::DateForm => "time.date-form",
            Self::TimestampForm => "time.timestamp-form",
            Self::OutOfRange => "time.out-of-range",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::DateForm => "Write the date like 2026-03-31.",
            Self::TimestampForm => "Write the moment like 2026-03-31T09:30:00Z.",
            Self::OutOfRange => "Check the day against a calendar.",
        }
    }
}

/// A calendar day (proleptic Gregorian), years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if the calendar has it.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`].
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, TimeError> {
        let exists =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        if exists { Ok(Self { year, month, day }) } else { Err(TimeError::OutOfRange) }
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    ///
    /// # Errors
    /// [`TimeError::DateForm`], [`TimeError::OutOfRange`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        match text.as_bytes() {
            [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
                let year = digits(y).ok_or(TimeError::DateForm)?;
                let month = digits(&[*m1, *m2]).ok_or(TimeError::DateForm)?;
                let day = digits(&[*d1, *d2]).ok_or(TimeError::DateForm)?;
                Self::new(year as u16, month as u8, day as u8)
            }
            _ => Err(TimeError::DateForm),
        }
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The moment at which this day begins in UTC.
    pub fn midnight(self) -> Timestamp {
        Timestamp { seconds: self.days_since_epoch() * SECONDS_PER_DAY, nanoseconds: 0 }
    }

    /// This day moved by `days`; `None` outside the years 1 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::from_days_since_epoch(self.days_since_epoch().checked_add(days)?)
    }

    /// Days since 1970-01-01.
    pub fn days_since_epoch(self) -> i64 {
        // Counting years from 1 March puts the leap day last, so that a month's offset needs no table.
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    fn from_days_since_epoch(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let year = u16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        Some(Self { year, month: month as u8, day: day as u8 })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A moment in UTC, to the nanosecond, years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// The moment that many seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside the years 1 to 9999.
    pub fn from_unix(seconds: i64) -> Result<Self, TimeError> {
        Date::from_days_since_epoch(seconds.div_euclid(SECONDS_PER_DAY)).ok_or(TimeError::OutOfRange)?;
        Ok(Self { seconds, nanoseconds: 0 })
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.seconds
    }

    /// Reads `xsd:dateTime`: a fraction and `24:00:00` are allowed, and an absent offset means UTC
    /// (VC Data Model 2.0, section 4.9 and `xsd:dateTimeStamp`).
    ///
    /// # Errors
    /// [`TimeError::TimestampForm`], [`TimeError::OutOfRange`].
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        use TimeError::TimestampForm as Form;
        let bytes = text.as_bytes();
        if !text.is_ascii() || bytes.len() < 19 || bytes.len() > 40 || bytes[10] != b'T' {
            return Err(Form);
        }
        let date = Date::parse(&text[..10]).map_err(|error| match error {
            TimeError::DateForm => Form,
            other => other,
        })?;
        if bytes[13] != b':' || bytes[16] != b':' {
            return Err(Form);
        }
        let hour = digits(&bytes[11..13]).ok_or(Form)?;
        let minute = digits(&bytes[14..16]).ok_or(Form)?;
        let second = digits(&bytes[17..19]).ok_or(Form)?;
        let (nanoseconds, rest) = fraction(&bytes[19..])?;
        let is_whole = bytes[19..bytes.len() - rest.len()].iter().all(|byte| matches!(byte, b'.' | b'0'));
        let end_of_day = hour == 24 && minute == 0 && second == 0 && is_whole;
        if !(hour < 24 || end_of_day) || minute > 59 || second > 59 {
            return Err(TimeError::OutOfRange);
        }
        let local = date.days_since_epoch() * SECONDS_PER_DAY + i64::from(hour * 3600 + minute * 60 + second);
        let moment = Self::from_unix(local - offset(rest)?)?;
        Ok(Self { nanoseconds, ..moment })
    }

    /// The day in UTC.
    pub fn date(self) -> Date {
        Date::from_days_since_epoch(self.seconds.div_euclid(SECONDS_PER_DAY)).unwrap_or(Date {
            year: 9999,
            month: 12,
            day: 31,
        })
    }

    /// This moment moved by `seconds`, held within the years 1 to 9999.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        match Self::from_unix(self.seconds.saturating_add(seconds)) {
            Ok(moment) => Self { nanoseconds: self.nanoseconds, ..moment },
            Err(_) if seconds < 0 => {
                Self { seconds: Date { year: 1, month: 1, day: 1 }.midnight().seconds, nanoseconds: 0 }
            }
            Err(_) => Self { seconds: Date { year: 9999, month: 12, day: 31 }.midnight().seconds, nanoseconds: 0 },
        }
    }

    /// As a person says it: the day alone where it is a midnight in UTC, else the whole moment.
    pub fn in_words(self) -> String {
        if self == self.date().midnight() { self.date().to_string() } else { self.to_string() }
    }

    /// Whole seconds from `earlier` to this moment; negative if `earlier` is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.seconds - earlier.seconds
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.seconds.rem_euclid(SECONDS_PER_DAY);
        write!(f, "{}T{:02}:{:02}:{:02}", self.date(), time / 3600, time / 60 % 60, time % 60)?;
        if self.nanoseconds != 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A number of days, written like `90d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub u32);

impl Days {
    /// Reads `90d`, at most five digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('d')?;
        let plain = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok().map(Self)).flatten()
    }

    /// As many seconds.
    pub fn seconds(self) -> u64 {
        u64::from(self.0) * 86_400
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}d", self.0)
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("days such as \"90d\" were expected"))
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
}

/// Nanoseconds of an optional `.fff`, digits past the ninth dropped, and what follows it.
fn fraction(bytes: &[u8]) -> Result<(u32, &[u8]), TimeError> {
    let Some(rest) = bytes.strip_prefix(b".") else { return Ok((0, bytes)) };
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return Err(TimeError::TimestampForm);
    }
    let kept = length.min(9);
    let value = digits(&rest[..kept]).ok_or(TimeError::TimestampForm)?;
    Ok((value * 10u32.pow(9 - kept as u32), &rest[length..]))
}

/// Seconds east of UTC; an absent offset is UTC. At most 14 hours.
fn offset(bytes: &[u8]) -> Result<i64, TimeError> {
    match bytes {
        [] | [b'Z'] => Ok(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let hours = digits(&[*h1, *h2]).ok_or(TimeError::TimestampForm)?;
            let minutes = digits(&[*m1, *m2]).ok_or(TimeError::TimestampForm)?;
            if minutes > 59 || hours * 60 + minutes > 14 * 60 {
                return Err(TimeError::OutOfRange);
            }
            let seconds = i64::from(hours * 3600 + minutes * 60);
            Ok(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => Err(TimeError::TimestampForm),
    }
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                <$type>::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl std::str::FromStr for $type {
            type Err = TimeError;

            fn from_str(text: &str) -> Result<Self, TimeError> {
                Self::parse(text)
            }
        }
    };
}

serde_as_text!(Date);
serde_as_text!(Timestamp);

#[cfg(feature = "schema")]
macro_rules! schema_as_text {
    ($type:ident, $format:literal) => {
        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}

#[cfg(feature = "schema")]
schema_as_text!(Date, "date");
#[cfg(feature = "schema")]
schema_as_text!(Timestamp, "date-time");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_plain_numbers() {
        assert_eq!(Days::parse("90d"), Some(Days(90)));
        assert!(["", "d", "90", "-1d", "+1d", "1.5d", "123456d", "90D"].iter().all(|text| Days::parse(text).is_none()));
    }

    #[test]
    fn midnights_are_said_as_days() {
        let in_words = |text| Timestamp::parse(text).unwrap().in_words();
        assert_eq!(in_words("2026-11-20T00:00:00Z"), "2026-11-20");
        assert_eq!(in_words("2026-11-20T08:00:00+08:00"), "2026-11-20");
        assert_eq!(in_words("2026-11-20T00:00:00.5Z"), "2026-11-20T00:00:00.5Z");
        assert_eq!(in_words("2026-11-20T00:00:01Z"), "2026-11-20T00:00:01Z");
    }

    #[test]
    fn a_moment_reads_and_writes_back() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2026-11-20T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2024-02-29T12:00:00.5Z",
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn offsets_fractions_and_their_absence_are_read() {
        let moment = |text| Timestamp::parse(text).unwrap();
        assert_eq!(moment("2026-01-01T08:00:00+08:00"), moment("2026-01-01T00:00:00Z"));
        assert_eq!(moment("2025-12-31T19:00:00-05:00"), moment("2026-01-01T00:00:00"));
        assert_eq!(moment("2025-12-31T24:00:00Z"), moment("2026-01-01T00:00:00Z"));
        assert!(moment("2026-01-01T00:00:00.000000001Z") > moment("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn what_the_calendar_does_not_have_is_refused() {
        for text in [
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:01Z",
            "2026-01-01T24:00:00.0000000001Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00+14:01",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), Err(TimeError::OutOfRange), "{text}");
        }
        for text in [
            "",
            "2026-01-01",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00Z",
            "2026-01-01T00:00:00z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+8:00",
            "+2026-01-01T00:00:00Z",
            "2026-1-01T00:00:00Z",
            "２０２６-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), Err(TimeError::TimestampForm), "{text}");
        }
        assert_eq!(Date::parse("2026-1-1"), Err(TimeError::DateForm));
    }

    #[test]
    fn days_count_through_every_day_of_four_centuries() {
        let mut date = Date::new(1899, 12, 31).unwrap();
        for days in date.days_since_epoch()..date.days_since_epoch() + 146_097 {
            assert_eq!(date.days_since_epoch(), days);
            assert_eq!(Date::parse(&date.to_string()), Ok(date));
            date = date.plus_days(1).unwrap();
        }
        assert_eq!(Date::new(9999, 12, 31).unwrap().plus_days(1), None);
    }
}
