use super::hash::DigestText;
use super::{Hash, SdJwt, SdJwtError};
use crate::encoding::base64url;
use crate::encoding::json::{self, AfterText, Map, Value};
use crate::encoding::pointer;
use crate::limits;

/// What an SD-JWT says with its disclosures put in place: the processed payload (RFC 9901 section 7.1).
#[derive(Clone, PartialEq)]
pub struct Revealed {
    /// The payload; `_sd`, `_sd_alg` and `...` are gone at every level.
    pub payload: Map,
    /// JSON pointers, in the order of the payload, to what a disclosure put there.
    pub disclosed: Vec<String>,
    /// JSON pointers, in the order of the payload, to the objects and lists which hold digests that no disclosure
    /// belongs to: something is hidden there, or the digests are decoys. The root is `""`.
    pub undisclosed: Vec<String>,
}

impl SdJwt<'_> {
    /// Puts the disclosures in place of their digests (RFC 9901 section 7.1 step 3).
    ///
    /// # Errors
    /// [`SdJwtError`] wherever RFC 9901 says that the SD-JWT must be rejected, and beyond the ceilings.
    pub fn reveal(&self) -> Result<Revealed, SdJwtError> {
        self.revealed_in(self.jws.payload.clone())
    }

    /// As [`reveal`](Self::reveal), without a copy: the payload of [`jws`](Self::jws) is taken out. Where the
    /// disclosures do not fit it stays as it was signed.
    pub(crate) fn take_revealed(&mut self) -> Result<Revealed, SdJwtError> {
        let payload = std::mem::take(&mut self.jws.payload);
        let revealed = self.revealed_in(payload);
        if revealed.is_err() {
            self.jws.payload = self.jws.read_payload()?;
        }
        revealed
    }

    fn revealed_in(&self, payload: Map) -> Result<Revealed, SdJwtError> {
        let (payload, places) = self.put_in_place(payload)?;
        let disclosed = places.disclosed.into_iter().map(|(pointer, _)| pointer).collect();
        Ok(Revealed { payload, disclosed, undisclosed: places.undisclosed })
    }

    /// `payload` is that of [`jws`](Self::jws).
    pub(super) fn put_in_place(&self, mut payload: Map) -> Result<(Map, Places), SdJwtError> {
        // Step 3.6; its value was read when the token was taken apart.
        payload.remove("_sd_alg");
        let mut revealer = Revealer::new(self.hash, &self.disclosures)?;
        revealer.object(&mut payload, 1)?;
        Ok((payload, revealer.finish()?))
    }
}

/// Where what stands.
pub(super) struct Places {
    /// A pointer to what each disclosure put there, with the disclosure's position.
    pub(super) disclosed: Vec<(String, usize)>,
    pub(super) undisclosed: Vec<String>,
}

struct Revealer<'a> {
    hash: Hash,
    disclosures: &'a [&'a str],
    /// Sorted by digest, then by position.
    digests: Vec<Known>,
    /// Every digest that was found in an object or a list.
    found: Vec<String>,
    values: usize,
    /// A disclosure's JSON.
    buffer: Vec<u8>,
    /// Where the revealer is.
    pointer: String,
    places: Places,
}

/// A disclosure by its digest.
struct Known {
    digest: DigestText,
    position: usize,
    is_used: bool,
}

/// A member that a disclosure puts into an object.
struct Member {
    name: String,
    value: Value,
    /// The disclosure's.
    position: usize,
}

impl<'a> Revealer<'a> {
    fn new(hash: Hash, disclosures: &'a [&'a str]) -> Result<Self, SdJwtError> {
        // Step 3.1.1.
        let known = |(text, position): (&&str, usize)| Known {
            digest: hash.digest_text(text.as_bytes()),
            position,
            is_used: false,
        };
        let mut digests: Vec<Known> = disclosures.iter().zip(0..).map(known).collect();
        digests.sort_unstable_by_key(|known| (known.digest, known.position));
        if let Some(pair) = digests.windows(2).find(|pair| pair[0].digest == pair[1].digest) {
            return Err(SdJwtError::DisclosureRepeated { number: pair[1].position + 1 });
        }
        Ok(Self {
            hash,
            disclosures,
            digests,
            found: Vec::new(),
            values: 0,
            buffer: Vec::new(),
            pointer: String::new(),
            places: Places { disclosed: Vec::with_capacity(disclosures.len()), undisclosed: Vec::new() },
        })
    }

    /// Steps 4 and 5, after all digests were found.
    fn finish(mut self) -> Result<Places, SdJwtError> {
        self.found.sort_unstable();
        if self.found.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(SdJwtError::DigestRepeated);
        }
        match self.digests.iter().filter(|known| !known.is_used).map(|known| known.position).min() {
            Some(position) => Err(SdJwtError::DisclosureUnreferenced { number: position + 1 }),
            None => Ok(self.places),
        }
    }

    fn object(&mut self, object: &mut Map, level: usize) -> Result<(), SdJwtError> {
        check_level(level)?;
        for name in ["...", "_sd_alg"] {
            if object.contains_key(name) {
                return Err(SdJwtError::ReservedName { name });
            }
        }
        let mut disclosed: Vec<Member> = Vec::new();
        // Step 3.5 in passing: what is taken out here is put nowhere else.
        if let Some(digests) = object.remove("_sd") {
            let Value::Array(digests) = digests else { return Err(SdJwtError::DigestForm { name: "_sd" }) };
            let mut is_hiding = false;
            self.found.reserve(digests.len());
            for digest in digests {
                let Some(position) = self.find("_sd", digest)? else {
                    is_hiding = true;
                    continue;
                };
                let (name, value) = self.member(position)?;
                // Step 3.3.2.3.
                let among = disclosed.binary_search_by(|member| member.name.cmp(&name));
                let (Err(place), false) = (among, object.contains_key(&name)) else {
                    return Err(SdJwtError::NameTaken { number: position + 1 });
                };
                disclosed.insert(place, Member { name, value, position });
            }
            if is_hiding {
                self.places.undisclosed.push(self.pointer.clone());
            }
        }
        self.count(object.len() + disclosed.len())?;
        // The order of the payload, as it will be: both are sorted by name.
        let mut members = disclosed.iter_mut().peekable();
        for (name, value) in object.iter_mut() {
            while let Some(member) = members.next_if(|member| member.name < *name) {
                self.enter(&member.name, &mut member.value, Some(member.position), level)?;
            }
            if is_container(value) {
                self.enter(name, value, None, level)?;
            }
        }
        for member in members {
            self.enter(&member.name, &mut member.value, Some(member.position), level)?;
        }
        // Step 3.3.2.4.
        object.extend(disclosed.into_iter().map(|member| (member.name, member.value)));
        Ok(())
    }

    fn enter(
        &mut self,
        name: &str,
        value: &mut Value,
        disclosure: Option<usize>,
        level: usize,
    ) -> Result<(), SdJwtError> {
        let end = self.pointer.len();
        pointer::push_name(&mut self.pointer, name);
        self.descend(value, disclosure, level)?;
        self.pointer.truncate(end);
        Ok(())
    }

    fn array(&mut self, items: &mut Vec<Value>, level: usize) -> Result<(), SdJwtError> {
        check_level(level)?;
        let mut disclosed = Vec::new();
        if items.iter().any(is_placeholder) {
            let mut is_hiding = false;
            for item in std::mem::take(items) {
                let Some(digest) = placeholder(item, items)? else { continue };
                match self.find("...", digest)? {
                    Some(position) => {
                        // Step 3.3.3.2.
                        disclosed.push((items.len(), position));
                        items.push(self.item(position)?);
                    }
                    // Step 3.4.
                    None => is_hiding = true,
                }
            }
            if is_hiding {
                self.places.undisclosed.push(self.pointer.clone());
            }
        }
        self.count(items.len())?;
        for (place, value) in items.iter_mut().enumerate() {
            let found = disclosed.binary_search_by_key(&place, |(place, _)| *place);
            let position = found.ok().map(|at| disclosed[at].1);
            if position.is_none() && !is_container(value) {
                continue;
            }
            let end = self.pointer.len();
            pointer::push_position(&mut self.pointer, place);
            self.descend(value, position, level)?;
            self.pointer.truncate(end);
        }
        Ok(())
    }

    /// Steps 3.3.2.5 and 3.3.3.3: what was put there can hold digests too.
    fn descend(&mut self, value: &mut Value, disclosure: Option<usize>, level: usize) -> Result<(), SdJwtError> {
        if let Some(position) = disclosure {
            self.places.disclosed.push((self.pointer.clone(), position));
        }
        match value {
            Value::Object(object) => self.object(object, level + 1),
            Value::Array(items) => self.array(items, level + 1),
            _ => Ok(()),
        }
    }

    /// Step 3.3.1: which disclosure belongs to a digest, compared as text. Each is used once, so that a digest that is
    /// repeated cannot multiply what is disclosed.
    fn find(&mut self, name: &'static str, digest: Value) -> Result<Option<usize>, SdJwtError> {
        let digest = match digest {
            Value::String(digest) if self.hash.fits(&digest) => digest,
            _ => return Err(SdJwtError::DigestForm { name }),
        };
        self.count(1)?;
        let found = self.digests.binary_search_by(|known| known.digest.compare(&digest));
        self.found.push(digest);
        match found.ok().and_then(|at| self.digests.get_mut(at)) {
            None => Ok(None),
            Some(known) if known.is_used => Err(SdJwtError::DigestRepeated),
            Some(known) => {
                known.is_used = true;
                Ok(Some(known.position))
            }
        }
    }

    /// Steps 3.3.2.1 and 3.3.2.2: a salt, a name and a value.
    fn member(&mut self, position: usize) -> Result<(String, Value), SdJwtError> {
        const FORM: &str = "a list of a salt, a name and a value";
        let [name, value] = self.content(position, FORM)?;
        let Value::String(name) = name else {
            return Err(SdJwtError::DisclosureForm { number: position + 1, expected: FORM });
        };
        match ["_sd", "...", "_sd_alg"].into_iter().find(|reserved| *reserved == name) {
            Some(name) => Err(SdJwtError::ReservedName { name }),
            None => Ok((name, value)),
        }
    }

    /// Step 3.3.3.1: a salt and a value.
    fn item(&mut self, position: usize) -> Result<Value, SdJwtError> {
        let [value] = self.content(position, "a list of a salt and a value")?;
        Ok(value)
    }

    /// What stands after the salt.
    fn content<const N: usize>(&mut self, position: usize, expected: &'static str) -> Result<[Value; N], SdJwtError> {
        let number = position + 1;
        let text = self.disclosures.get(position).copied().unwrap_or_default();
        base64url::decode_into(text, &mut self.buffer).map_err(|_| SdJwtError::DisclosureEncoding { number })?;
        match json::parse_after_text(&self.buffer).map_err(|error| SdJwtError::DisclosureJson { number, error })? {
            AfterText::Items(content) => Ok(content),
            AfterText::OtherList => Err(SdJwtError::DisclosureForm { number, expected }),
            AfterText::NoList => Err(SdJwtError::DisclosureForm { number, expected: "a list" }),
        }
    }

    fn count(&mut self, values: usize) -> Result<(), SdJwtError> {
        self.values += values;
        if self.values > limits::JSON_VALUES {
            return Err(SdJwtError::TooManyValues { limit: limits::JSON_VALUES });
        }
        Ok(())
    }
}

fn check_level(level: usize) -> Result<(), SdJwtError> {
    if level > limits::JSON_DEPTH { Err(SdJwtError::TooDeep { limit: limits::JSON_DEPTH }) } else { Ok(()) }
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Step 3.2.2: an object with `...` stands for an item that can be hidden.
fn is_placeholder(item: &Value) -> bool {
    item.as_object().is_some_and(|object| object.contains_key("..."))
}

/// The digest of a placeholder; any other item goes into `items`.
fn placeholder(item: Value, items: &mut Vec<Value>) -> Result<Option<Value>, SdJwtError> {
    match item {
        Value::Object(mut object) if object.contains_key("...") => {
            let digest = object.remove("...");
            // RFC 9901 section 4.2.4.2: no other member.
            if object.is_empty() { Ok(digest) } else { Err(SdJwtError::DigestForm { name: "..." }) }
        }
        other => {
            items.push(other);
            Ok(None)
        }
    }
}
