use serde_json::json;

use super::list::Mechanism;
use super::{Purpose, StatusError, bitstring, token};
use crate::credential::model::{BASE_CONTEXT, CREDENTIAL_TYPE};
use crate::encoding::json::{Map, Value};
use crate::limits;
use crate::time::Timestamp;

/// The statuses of a list that is about to be published, all of them 0 at first.
#[derive(Clone, PartialEq, Eq)]
pub struct Statuses {
    mechanism: Mechanism,
    size: u8,
    bytes: Vec<u8>,
    messages: Vec<String>,
}

impl Statuses {
    /// As many places as are asked for, and what is needed to fill the last byte. `size` is the number of bits of a
    /// status: 1 to 8, in a Token Status List 1, 2, 4 or 8.
    ///
    /// # Errors
    /// [`StatusError::List`] for a size that the mechanism does not have, [`StatusError::TooShort`] for fewer places
    /// than [`bitstring::MINIMUM_ENTRIES`], [`StatusError::TooLarge`] for more than are read.
    pub fn new(mechanism: Mechanism, size: u8, entries: u64) -> Result<Self, StatusError> {
        let has_size = match mechanism {
            Mechanism::Bitstring => (1..=bitstring::MAXIMUM_SIZE).contains(&size),
            Mechanism::Token => token::SIZES.contains(&size),
        };
        if !has_size {
            let expected = "1 to 8 bits, in a Token Status List 1, 2, 4 or 8,";
            return Err(StatusError::List { member: "size of a status", expected });
        }
        // Token Status List knows no minimum; nobody is less lost in a crowd for that.
        if entries < bitstring::MINIMUM_ENTRIES {
            return Err(StatusError::TooShort { entries, minimum: bitstring::MINIMUM_ENTRIES });
        }
        let too_large = StatusError::TooLarge { limit: limits::STATUS_LIST_BYTES };
        let bytes = entries.checked_mul(u64::from(size)).map(|bits| bits.div_ceil(8));
        let bytes =
            bytes.and_then(|bytes| usize::try_from(bytes).ok()).filter(|bytes| *bytes <= limits::STATUS_LIST_BYTES);
        Ok(Self { mechanism, size, bytes: vec![0; bytes.ok_or(too_large)?], messages: Vec::new() })
    }

    /// With what each status says, from 0 on, for a list of messages.
    #[must_use]
    pub fn messages(mut self, messages: &[String]) -> Self {
        self.messages = messages.to_vec();
        self
    }

    /// Gives a place its status.
    ///
    /// # Errors
    /// [`StatusError::OutOfRange`] where there is no such place; [`StatusError::List`] for a status that needs more bits.
    pub fn set(&mut self, index: u64, value: u8) -> Result<(), StatusError> {
        if value > bitstring::mask(self.size) {
            return Err(StatusError::List { member: "status", expected: "a number that fits its bits" });
        }
        let is_set = match self.mechanism {
            Mechanism::Bitstring => bitstring::set(&mut self.bytes, self.size, index, value),
            Mechanism::Token => token::set(&mut self.bytes, self.size, index, value),
        };
        if is_set { Ok(()) } else { Err(StatusError::OutOfRange { entries: self.entries() }) }
    }

    fn entries(&self) -> u64 {
        self.bytes.len() as u64 * 8 / u64::from(self.size)
    }
}

/// A list that is about to be signed: what [`List`](super::List) reads, written.
pub struct NewList<'a> {
    /// The URL under which it will be published.
    pub url: &'a str,
    /// Who issues it.
    pub issuer: &'a str,
    /// What its statuses are about; nothing of that stands in a token.
    pub purposes: &'a [Purpose<'a>],
    /// The moment of signing.
    pub signed_at: Timestamp,
    /// When it ceases to be valid.
    pub expires: Timestamp,
    /// After how many seconds a newer one should be asked for.
    pub ttl: u32,
    /// Its statuses.
    pub statuses: &'a Statuses,
}

impl NewList<'_> {
    /// As Bitstring Status List 1.0 has it (section 2.2): a credential to be secured. `None` for statuses of the other
    /// mechanism.
    pub fn to_bitstring_credential(&self) -> Option<Map> {
        let statuses = self.statuses_of(Mechanism::Bitstring)?;
        let purposes: Vec<&str> = self.purposes.iter().map(|purpose| purpose.name()).collect();
        let purposes = match purposes[..] {
            [only] => Value::from(only),
            _ => Value::from(purposes),
        };
        let mut subject = Map::new();
        subject.insert("id".to_owned(), format!("{}#list", self.url).into());
        subject.insert("type".to_owned(), bitstring::SUBJECT_TYPE.into());
        subject.insert("statusPurpose".to_owned(), purposes);
        subject.insert("encodedList".to_owned(), bitstring::encode(&statuses.bytes).into());
        subject.insert("ttl".to_owned(), (u64::from(self.ttl) * 1000).into());
        // What says its size cannot be read by another.
        let is_of_messages = self.purposes.contains(&Purpose::Message);
        if statuses.size > 1 || is_of_messages {
            subject.insert("statusSize".to_owned(), statuses.size.into());
        }
        // Section 2.2, of messages: their descriptions "MUST be defined in credentialSubject.statusMessages".
        if is_of_messages {
            subject.insert("statusMessages".to_owned(), described(&statuses.messages));
        }
        let document = json!({
            "@context": [BASE_CONTEXT],
            "id": self.url,
            "type": [CREDENTIAL_TYPE, bitstring::CREDENTIAL_TYPE],
            "issuer": self.issuer,
            "validFrom": self.signed_at.to_string(),
            "validUntil": self.expires.to_string(),
            "credentialSubject": subject,
        });
        match document {
            Value::Object(document) => Some(document),
            _ => None,
        }
    }

    /// As Token Status List has it (section 5.1): the claims of a token. `None` for statuses of the other mechanism.
    pub fn to_token_claims(&self) -> Option<Map> {
        let statuses = self.statuses_of(Mechanism::Token)?;
        let claims = json!({
            "iss": self.issuer,
            "sub": self.url,
            "iat": self.signed_at.unix(),
            "exp": self.expires.unix(),
            "ttl": self.ttl,
            "status_list": { "bits": statuses.size, "lst": token::encode(&statuses.bytes) },
        });
        match claims {
            Value::Object(claims) => Some(claims),
            _ => None,
        }
    }

    fn statuses_of(&self, mechanism: Mechanism) -> Option<&Statuses> {
        Some(self.statuses).filter(|statuses| statuses.mechanism == mechanism)
    }
}

/// Each status with its message. Section 2.1: without messages 0 and 1 are `unset` and `set`.
pub(crate) fn described(messages: &[String]) -> Value {
    let describe = |(status, message): (usize, &str)| json!({ "status": format!("0x{status:x}"), "message": message });
    if messages.is_empty() {
        return ["unset", "set"].into_iter().enumerate().map(describe).collect();
    }
    messages.iter().map(String::as_str).enumerate().map(describe).collect()
}
