//! Distinguished names as text (RFC 4514).

use std::fmt::Write as _;

use super::der::{Element, Reader, tag};
use crate::encoding::shown::is_deceptive;

/// RFC 4514 section 3, by the content of the object identifier.
const SHORT_NAMES: [(&[u8], &str); 9] = [
    (COMMON_NAME, "CN"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (ORGANISATION, "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
];

pub(super) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub(super) const ORGANISATION: &[u8] = &[0x55, 4, 10];

struct Attribute<'a> {
    id: &'a [u8],
    value: Element<'a>,
}

/// The attributes of each relative distinguished name, in the order of the DER. `None` for what is no name.
fn read(name: &[u8]) -> Option<Vec<Vec<Attribute<'_>>>> {
    let mut relative_names = Reader::new(name);
    let mut read = Vec::new();
    while !relative_names.is_at_end() {
        let mut set = relative_names.within(tag::SET)?;
        let mut attributes = Vec::new();
        while !set.is_at_end() {
            let mut attribute = set.within(tag::SEQUENCE)?;
            let (id, value) = (attribute.expect(tag::OID)?, attribute.element()?);
            attribute.end()?;
            object_identifier(id)?;
            attributes.push(Attribute { id, value });
        }
        if attributes.is_empty() {
            return None;
        }
        read.push(attributes);
    }
    Some(read)
}

/// The name as RFC 4514 section 2 writes it. `None` for what is no name.
pub(super) fn to_text(name: &[u8]) -> Option<String> {
    let mut text = String::new();
    // 2.1: "starting with the last element of the sequence and moving backwards toward the first"
    for attributes in read(name)?.iter().rev() {
        if !text.is_empty() {
            text.push(',');
        }
        for (position, attribute) in attributes.iter().enumerate() {
            if position > 0 {
                text.push('+');
            }
            write_attribute(attribute, &mut text)?;
        }
    }
    Some(text)
}

/// The value of the last attribute of that type, which is the most specific one, if it is a text without anything that
/// could not be seen.
pub(super) fn value(name: &[u8], id: &[u8]) -> Option<String> {
    let relative_names = read(name)?;
    let attribute = relative_names.iter().rev().flatten().find(|attribute| attribute.id == id)?;
    string(attribute.value).filter(|text| !text.chars().any(is_hidden)).map(str::to_owned)
}

fn write_attribute(attribute: &Attribute<'_>, text: &mut String) -> Option<()> {
    let short = SHORT_NAMES.iter().find(|(id, _)| *id == attribute.id).map(|(_, short)| *short);
    match (short, string(attribute.value)) {
        (Some(short), Some(value)) => {
            text.push_str(short);
            text.push('=');
            escape(value, text);
        }
        // 2.4: "If the AttributeType is of the dotted-decimal form [or] the AttributeValue is of a type that does not
        // have a string representation", it is '#' and the hexadecimal of its encoding.
        (short, _) => {
            match short {
                Some(short) => text.push_str(short),
                None => text.push_str(&object_identifier(attribute.id)?),
            }
            text.push_str("=#");
            for byte in attribute.value.whole {
                let digit = |bits: u8| char::from_digit(u32::from(bits), 16);
                text.extend([digit(byte >> 4)?, digit(byte & 15)?]);
            }
        }
    }
    Some(())
}

/// The text of the three string types in use, if its bytes are such a text.
fn string(value: Element<'_>) -> Option<&str> {
    let text = std::str::from_utf8(value.content).ok()?;
    let is_printable = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte);
    match value.tag {
        tag::UTF8_STRING => Some(text),
        // Off-spec: X.680 section 41.4 has neither of the two, and certificates do.
        tag::PRINTABLE_STRING => text.bytes().all(|byte| is_printable(byte) || b"*&@_".contains(&byte)).then_some(text),
        tag::IA5_STRING => text.is_ascii().then_some(text),
        _ => None,
    }
}

/// RFC 4514 section 2.4, the characters that must be escaped; and as hexadecimal pairs, which may be used for any,
/// those that a reader would not see.
fn escape(value: &str, text: &mut String) {
    let last = value.chars().count().saturating_sub(1);
    for (position, character) in value.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            ' ' if position == 0 || position == last => text.push_str("\\ "),
            '#' if position == 0 => text.push_str("\\#"),
            _ if is_hidden(character) => {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(text, "\\{byte:02x}");
                }
            }
            _ => text.push(character),
        }
    }
}

/// What is [deceptive](is_deceptive), and the characters that join others.
fn is_hidden(character: char) -> bool {
    is_deceptive(character) || matches!(character, '\u{200c}' | '\u{200d}')
}

/// The dotted form (X.690 section 8.19). `None` for arcs of more than 32 bits, or that are not in their shortest form.
fn object_identifier(id: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut arc: Option<u32> = None;
    for byte in id {
        if arc.is_none() && *byte == 0x80 {
            return None;
        }
        let value = arc.unwrap_or(0).checked_mul(128)?.checked_add(u32::from(byte & 0x7f))?;
        if byte & 0x80 != 0 {
            arc = Some(value);
            continue;
        }
        arc = None;
        if text.is_empty() {
            let first = (value / 40).min(2);
            let _ = write!(text, "{first}.{}", value - 40 * first);
        } else {
            let _ = write!(text, ".{value}");
        }
    }
    (arc.is_none() && !text.is_empty()).then_some(text)
}
