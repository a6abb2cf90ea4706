//! One certificate: the fields that a decision needs (RFC 5280 section 4.1).

use std::fmt;

use sha2::{Digest, Sha256};

use super::der::{Reader, tag, whole_bytes};
use super::{host, name};
use crate::encoding::base64url;
use crate::limits;
use crate::time::Timestamp;

/// A certificate's fields. The signature is looked at when a path is validated, not here.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    /// The names as they were written, without the outer tag: RFC 5280 section 7.1 compares them more loosely, but the
    /// same section has authorities repeat their names bit by bit.
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    /// The subject as RFC 4514 writes it.
    pub(super) subject_text: String,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    /// The content of the key's `AlgorithmIdentifier`.
    pub(super) key_algorithm: Vec<u8>,
    pub(super) key: Vec<u8>,
    pub(super) is_authority: bool,
    pub(super) path_length: Option<usize>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) has_unknown_critical: bool,
    /// DNS names without wildcards, lower case.
    pub(super) dns_names: Vec<String>,
    pub(super) uris: Vec<String>,
}

/// The first eight bits of the key usage (RFC 5280 section 4.2.1.3).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyUsage(u8);

impl KeyUsage {
    /// `digitalSignature` or `contentCommitment`: qualified seals often have the second alone.
    pub(super) fn allows_signing(self) -> bool {
        self.0 & 0b1100_0000 != 0
    }

    /// `keyCertSign`.
    pub(super) fn allows_certifying(self) -> bool {
        self.0 & 0b0000_0100 != 0
    }
}

impl Certificate {
    /// `None` for bytes that are no certificate.
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        // Certificate  ::=  SEQUENCE  { tbsCertificate, signatureAlgorithm, signatureValue }
        let mut outer = Reader::new(der);
        let mut certificate = outer.within(tag::SEQUENCE)?;
        outer.end()?;
        let mut signed = certificate.within(tag::SEQUENCE)?;
        certificate.expect(tag::SEQUENCE)?;
        certificate.expect(tag::BIT_STRING)?;
        certificate.end()?;

        // TBSCertificate  ::=  SEQUENCE  { version [0], serialNumber, signature, issuer, validity, subject,
        //    subjectPublicKeyInfo, issuerUniqueID [1], subjectUniqueID [2], extensions [3] }
        signed.optional(0xa0)?;
        signed.expect(tag::INTEGER)?;
        signed.expect(tag::SEQUENCE)?;
        let issuer = signed.expect(tag::SEQUENCE)?.to_vec();
        let mut validity = signed.within(tag::SEQUENCE)?;
        let (from, until) = (time(&mut validity)?, time(&mut validity)?);
        validity.end()?;
        let subject = signed.expect(tag::SEQUENCE)?.to_vec();
        let mut key_info = signed.within(tag::SEQUENCE)?;
        let key_algorithm = key_info.expect(tag::SEQUENCE)?.to_vec();
        let key = whole_bytes(key_info.expect(tag::BIT_STRING)?)?.to_vec();
        key_info.end()?;
        signed.optional(0x81)?;
        signed.optional(0x82)?;
        let extensions = signed.optional(0xa3)?;
        signed.end()?;

        let mut read = Self {
            der: der.to_vec(),
            issuer,
            subject_text: name::to_text(&subject)?,
            subject,
            from,
            until,
            key_algorithm,
            key,
            is_authority: false,
            path_length: None,
            key_usage: None,
            has_unknown_critical: false,
            dns_names: Vec::new(),
            uris: Vec::new(),
        };
        if let Some(extensions) = extensions {
            let mut outer = Reader::new(extensions);
            let mut list = outer.within(tag::SEQUENCE)?;
            outer.end()?;
            let mut seen = Vec::new();
            while !list.is_at_end() {
                read.extension(list.within(tag::SEQUENCE)?, &mut seen)?;
            }
        }
        Some(read)
    }

    /// Base64url of the SHA-256 of the DER.
    pub(super) fn thumbprint(&self) -> String {
        base64url::encode(Sha256::digest(&self.der))
    }

    /// Extension  ::=  SEQUENCE  { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
    fn extension<'a>(&mut self, mut extension: Reader<'a>, seen: &mut Vec<&'a [u8]>) -> Option<()> {
        let id = extension.expect(tag::OID)?;
        let is_critical = boolean(&mut extension)?;
        let mut value = Reader::new(extension.expect(tag::OCTET_STRING)?);
        extension.end()?;
        // RFC 5280 section 4.2: "A certificate MUST NOT include more than one instance of a particular extension."
        if seen.contains(&id) || seen.len() == limits::CERTIFICATE_EXTENSIONS {
            return None;
        }
        seen.push(id);
        // id-ce is 2.5.29; name constraints (30), CRL distribution points (31) and extended key usage (37) are read
        // where the path is validated.
        match id {
            [0x55, 0x1d, 15] => {
                let bits = value.expect(tag::BIT_STRING)?;
                value.end()?;
                self.key_usage = Some(match bits {
                    [0..=7, first, ..] => KeyUsage(*first),
                    [0] => KeyUsage(0),
                    _ => return None,
                });
            }
            [0x55, 0x1d, 17] => {
                let mut names = value.within(tag::SEQUENCE)?;
                value.end()?;
                while !names.is_at_end() {
                    let name = names.element()?;
                    let text = std::str::from_utf8(name.content).ok().filter(|text| is_visible_ascii(text));
                    match (name.tag, text) {
                        (tag::DNS_NAME, Some(text)) if host::is_host(text) => {
                            self.dns_names.push(text.to_ascii_lowercase());
                        }
                        (tag::URI, Some(text)) => self.uris.push(text.to_owned()),
                        // Other forms, wildcards and texts with a NUL in them name nobody here.
                        _ => {}
                    }
                }
            }
            [0x55, 0x1d, 19] => {
                let mut constraints = value.within(tag::SEQUENCE)?;
                value.end()?;
                self.is_authority = boolean(&mut constraints)?;
                if let Some(length) = constraints.optional(tag::INTEGER)? {
                    self.path_length = Some(small_integer(length)?);
                }
                constraints.end()?;
            }
            [0x55, 0x1d, 30 | 31 | 37] => {}
            _ => self.has_unknown_critical |= is_critical,
        }
        Some(())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.thumbprint())
    }
}

/// `BOOLEAN DEFAULT FALSE`. Off-spec: a FALSE that DER would leave out is read, since authorities write it.
fn boolean(reader: &mut Reader<'_>) -> Option<bool> {
    match reader.optional(tag::BOOLEAN)? {
        None | Some([0]) => Some(false),
        Some([0xff]) => Some(true),
        Some(_) => None,
    }
}

/// A number from 0 to 32,767, in its shortest form.
fn small_integer(integer: &[u8]) -> Option<usize> {
    match integer {
        [low @ 0..=0x7f] => Some(usize::from(*low)),
        [0, low @ 0x80..=0xff] => Some(usize::from(*low)),
        [high @ 1..=0x7f, low] => Some(usize::from(*high) << 8 | usize::from(*low)),
        _ => None,
    }
}

/// Time ::= CHOICE { utcTime YYMMDDHHMMSSZ, generalTime YYYYMMDDHHMMSSZ } (RFC 5280 section 4.1.2.5).
fn time(reader: &mut Reader<'_>) -> Option<Timestamp> {
    let element = reader.element()?;
    let digits = element.content.strip_suffix(b"Z")?;
    let length = match element.tag {
        tag::UTC_TIME => 12,
        tag::GENERALIZED_TIME => 14,
        _ => return None,
    };
    if digits.len() != length || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    let (year, rest) = text.split_at_checked(length - 10)?;
    let century = match (element.tag, year) {
        (tag::GENERALIZED_TIME, _) => "",
        // "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY".
        (_, year) if year >= "50" => "19",
        _ => "20",
    };
    // A day has no hour 24 here, though `xsd:dateTime` knows it.
    if rest.get(4..6)? == "24" {
        return None;
    }
    let part = |start: usize| rest.get(start..start + 2);
    let (month, day, hour, minute, second) = (part(0)?, part(2)?, part(4)?, part(6)?, part(8)?);
    Timestamp::parse(&format!("{century}{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()
}

fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}
