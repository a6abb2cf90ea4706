//! Which numbers survive a trip through an IEEE 754 double (RFC 7493 section 2.2).

use crate::limits;

/// Whether the number survives as a double. It does if it is
/// - what ECMAScript, and so canonical JSON (RFC 8785), writes for its double, however it is spelled: whatever is
///   read here is thus written as something that is read again; or
/// - a whole number that is exactly the value of its double; or
/// - a fraction of at most 17 digits, which no other double is nearer to: many writers print so many, and RFC 8785's
///   own examples hold one.
pub(super) fn survives_as_double(text: &[u8]) -> bool {
    if text.len() > limits::JSON_NUMBER_CHARACTERS {
        return false;
    }
    // DBL_DIG: fifteen significant digits always survive, unless an exponent leaves the range. No number of so few
    // characters leaves it without one.
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let has_exponent = text.iter().any(|byte| matches!(byte, b'e' | b'E'));
    if !has_exponent && text.iter().filter(is_digit).skip_while(|digit| **digit == b'0').count() <= 15 {
        return true;
    }
    if !is_number(text) {
        return true; // the parser says so
    }
    // By the parser that reads it later. It refuses what leaves the range.
    let Ok(value) = serde_json::from_slice::<f64>(text) else { return false };
    let Some(decimal) = Decimal::read(text) else { return false };
    let is_same = |written: &str| Decimal::read(written.as_bytes()).is_some_and(|other| other == decimal);
    let mut buffer = ryu_js::Buffer::new();
    if is_same(buffer.format_finite(value)) {
        return true;
    }
    if value.fract() != 0.0 { decimal.length <= 17 && value.is_normal() } else { is_same(&format!("{value:.0}")) }
}

/// Whether the text is a number of JSON (RFC 8259 section 6).
fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (b"0".as_slice(), rest),
    };
    let exponent = match rest {
        [] => b"0".as_slice(),
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => exponent,
        _ => return false,
    };
    let has_end = !exponent.is_empty() && digits(exponent).1.is_empty();
    (whole == b"0" || whole.first().is_some_and(|first| *first != b'0')) && !fraction.is_empty() && has_end
}

/// The digits that the text begins with, and what follows them.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// The value of a number's text without its sign: the significant digits, and the power of ten of the last of them.
/// Nothing has no digits, and no power.
#[derive(PartialEq)]
struct Decimal {
    digits: [u8; limits::JSON_NUMBER_CHARACTERS],
    length: usize,
    exponent: i64,
}

impl Decimal {
    /// `None` for a text that is no number of at most [`limits::JSON_NUMBER_CHARACTERS`].
    fn read(text: &[u8]) -> Option<Self> {
        let mut decimal = Self { digits: [0; limits::JSON_NUMBER_CHARACTERS], length: 0, exponent: 0 };
        let (mut length, mut zeros, mut is_fraction) = (0, 0, false);
        for (position, byte) in text.iter().enumerate() {
            match byte {
                b'e' | b'E' => {
                    let exponent: i64 = std::str::from_utf8(text.get(position + 1..)?).ok()?.parse().ok()?;
                    decimal.exponent = decimal.exponent.checked_add(exponent)?;
                    break;
                }
                b'.' => is_fraction = true,
                b'0'..=b'9' => {
                    decimal.exponent -= i64::from(is_fraction);
                    // A zero counts once another digit follows it, and never before the first.
                    if *byte == b'0' {
                        zeros += usize::from(length > 0);
                        continue;
                    }
                    length += zeros;
                    *decimal.digits.get_mut(length)? = *byte;
                    (length, zeros) = (length + 1, 0);
                }
                _ => {}
            }
        }
        decimal.length = length;
        if length == 0 {
            decimal.exponent = 0;
        } else {
            decimal.exponent = decimal.exponent.checked_add(i64::try_from(zeros).ok()?)?;
        }
        Some(decimal)
    }
}

#[cfg(test)]
mod tests {
    use crate::encoding::json::tests::code;

    #[test]
    fn numbers_that_a_double_would_change_are_refused() {
        for number in [
            "9007199254740993",
            "-9007199254740993",
            "9007199254740993.0",
            "9007199254740992.5",
            "12345678901234567890",
            "18446744073709551615",
            "1e400",
            "-1e400",
            "1e309",
            "1.7976931348623158e308",
            "1.7976931348623157e309",
            "1e-400",
            "2e-324",
            "3.14159265358979323846",
            "1000000000000000000000000000000000000000000000",
            "1e99999999999999999999999999",
            "1e-99999999999999999999999999",
        ] {
            assert_eq!(code(number), "json.number", "{number}");
        }
    }

    #[test]
    fn a_number_that_is_nearly_its_double_is_refused() {
        for (taken, refused) in [
            ("1152921504606846976", "1152921504606846977"),
            ("1152921504606847000", "1152921504606846999"),
            ("1e23", "9.9999999999999995e22"),
            ("0.30000000000000004", "0.300000000000000044"),
            ("5e-324", "4.9e-324"),
            ("5e-324", "3e-324"),
            ("2.2250738585072014e-308", "2.22507385850720138e-308"),
            ("1.7976931348623157e308", "1.797693134862315708e308"),
            ("9007199254740992", "9007199254740992.4"),
            ("0", "1e-999"),
        ] {
            let double = |text: &str| text.parse::<f64>().unwrap().to_bits();
            assert_eq!(double(taken), double(refused), "{taken} {refused}");
            for sign in ["", "-"] {
                assert_eq!(code(&format!("{sign}{taken}")), "ok", "{taken}");
                assert_eq!(code(&format!("{sign}{refused}")), "json.number", "{refused}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_no_question_of_doubles() {
        for text in [
            "01e400",
            "-01e400",
            "00e1",
            "1.e400",
            "1e",
            "1e+",
            "1e400.5",
            "1e4e4",
            "--1e400",
            "1.5.5e400",
            "-e400",
            "1e+-4",
            "1E",
        ] {
            assert_eq!(code(text), "json.syntax", "{text}");
        }
    }

    #[test]
    fn numbers_that_a_double_holds_are_read() {
        for number in [
            "0",
            "-0",
            "-0.0",
            "0e999",
            "0.1",
            "1.0",
            "1e21",
            "1e23",
            "9007199254740992",
            "-9007199254740992",
            "9007199254740992.00",
            "90071992547409920000e-4",
            "1E30",
            "1e+30",
            "4.50",
            "5e-324",
            "50000e-328",
            "0.30000000000000004",
            "333333333.33333329",
            "0.10000000000000001",
            "51184467409551616",
            "51184467409551620",
            "99999999999999991611392",
            "100000000000000000000",
            "10000000000000000000000",
            "1.7976931348623157e308",
            "0.00000000000000000000000000000000000001",
        ] {
            assert_eq!(code(number), "ok", "{number}");
        }
    }
}
