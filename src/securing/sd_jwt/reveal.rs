use super::{Hash, SdJwt, SdJwtError, pointer};
use crate::encoding::base64url;
use crate::encoding::json::{self, Map, Value};
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
        let (payload, places) = self.put_in_place()?;
        let disclosed = places.disclosed.into_iter().map(|(pointer, _)| pointer).collect();
        Ok(Revealed { payload, disclosed, undisclosed: places.undisclosed })
    }

    pub(super) fn put_in_place(&self) -> Result<(Map, Places), SdJwtError> {
        let mut payload = self.jws.payload.clone();
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
    /// Each disclosure's digest with the disclosure's position, sorted.
    digests: Vec<(String, usize)>,
    is_used: Vec<bool>,
    /// Every digest that was found in an object or a list.
    found: Vec<String>,
    values: usize,
    /// Where the revealer is.
    pointer: String,
    places: Places,
}

impl<'a> Revealer<'a> {
    fn new(hash: Hash, disclosures: &'a [&'a str]) -> Result<Self, SdJwtError> {
        // Step 3.1.1.
        let mut digests: Vec<(String, usize)> =
            disclosures.iter().map(|text| hash.digest(text.as_bytes())).zip(0..).collect();
        digests.sort_unstable();
        if let Some(pair) = digests.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(SdJwtError::DisclosureRepeated { number: pair[1].1 + 1 });
        }
        Ok(Self {
            hash,
            disclosures,
            digests,
            is_used: vec![false; disclosures.len()],
            found: Vec::new(),
            values: 0,
            pointer: String::new(),
            places: Places { disclosed: Vec::new(), undisclosed: Vec::new() },
        })
    }

    /// Steps 4 and 5, after all digests were found.
    fn finish(mut self) -> Result<Places, SdJwtError> {
        self.found.sort_unstable();
        if self.found.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(SdJwtError::DigestRepeated);
        }
        match self.is_used.iter().position(|is_used| !is_used) {
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
        let mut disclosed = Vec::new();
        // Step 3.5 in passing: what is taken out here is put nowhere else.
        if let Some(digests) = object.remove("_sd") {
            let Value::Array(digests) = digests else { return Err(SdJwtError::DigestForm { name: "_sd" }) };
            let mut is_hiding = false;
            for digest in digests {
                let Some(position) = self.find("_sd", digest)? else {
                    is_hiding = true;
                    continue;
                };
                let (name, value) = self.member(position)?;
                // Step 3.3.2.3.
                if object.contains_key(&name) {
                    return Err(SdJwtError::NameTaken { number: position + 1 });
                }
                // Step 3.3.2.4.
                object.insert(name.clone(), value);
                disclosed.push((name, position));
            }
            if is_hiding {
                self.places.undisclosed.push(self.pointer.clone());
            }
            disclosed.sort_unstable();
        }
        self.count(object.len())?;
        for (name, value) in object.iter_mut() {
            let found = disclosed.binary_search_by(|(disclosed, _)| disclosed.as_str().cmp(name));
            let position = found.ok().map(|at| disclosed[at].1);
            if position.is_none() && !is_container(value) {
                continue;
            }
            let end = self.pointer.len();
            pointer::push_name(&mut self.pointer, name);
            self.descend(value, position, level)?;
            self.pointer.truncate(end);
        }
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
        let found = self.digests.binary_search_by(|(known, _)| known.cmp(&digest));
        self.found.push(digest);
        let Some((_, position)) = found.ok().and_then(|at| self.digests.get(at)) else { return Ok(None) };
        match self.is_used.get_mut(*position) {
            Some(is_used) if !*is_used => *is_used = true,
            _ => return Err(SdJwtError::DigestRepeated),
        }
        Ok(Some(*position))
    }

    /// Steps 3.3.2.1 and 3.3.2.2: a salt, a name and a value.
    fn member(&self, position: usize) -> Result<(String, Value), SdJwtError> {
        const FORM: &str = "a list of a salt, a name and a value";
        let number = position + 1;
        let [salt, name, value] =
            self.content(position)?.try_into().map_err(|_| SdJwtError::DisclosureForm { number, expected: FORM })?;
        let (Value::String(_), Value::String(name)) = (salt, name) else {
            return Err(SdJwtError::DisclosureForm { number, expected: FORM });
        };
        match ["_sd", "...", "_sd_alg"].into_iter().find(|reserved| *reserved == name) {
            Some(name) => Err(SdJwtError::ReservedName { name }),
            None => Ok((name, value)),
        }
    }

    /// Step 3.3.3.1: a salt and a value.
    fn item(&self, position: usize) -> Result<Value, SdJwtError> {
        let malformed = SdJwtError::DisclosureForm { number: position + 1, expected: "a list of a salt and a value" };
        match <[Value; 2]>::try_from(self.content(position)?) {
            Ok([Value::String(_), value]) => Ok(value),
            _ => Err(malformed),
        }
    }

    fn content(&self, position: usize) -> Result<Vec<Value>, SdJwtError> {
        let number = position + 1;
        let text = self.disclosures.get(position).copied().unwrap_or_default();
        let bytes = base64url::decode(text).map_err(|_| SdJwtError::DisclosureEncoding { number })?;
        match json::parse(&bytes).map_err(|error| SdJwtError::DisclosureJson { number, error })? {
            Value::Array(content) => Ok(content),
            _ => Err(SdJwtError::DisclosureForm { number, expected: "a list" }),
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
