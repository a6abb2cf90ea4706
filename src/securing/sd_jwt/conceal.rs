use serde_json::json;

use super::{Hash, SdJwt, SdJwtError};
use crate::encoding::json::{Map, Value};
use crate::encoding::pointer;
use crate::encoding::{base64url, jcs};
use crate::keys::{Signer, SignerError};
use crate::limits;
use crate::securing::jose::{self, NewHeader};

/// What of a payload can be hidden.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// JSON pointers to the members and list items that get a disclosure each. Where one lies within another, its
    /// disclosure can only be used with the outer one (RFC 9901 section 4.2.6).
    pub pointers: &'a [String],
    /// The digests without a disclosure that stand beside the others in each object that hides members, so that their
    /// number tells less (RFC 9901 section 4.2.5).
    pub decoys: Decoys,
    /// The hash for all digests.
    pub hash: Hash,
}

/// How many decoys an object gets that hides members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoys {
    /// So many.
    Each(usize),
    /// As many as fill its digests up to a multiple of this, so that objects with different members look alike.
    ToMultipleOf(usize),
}

impl Decoys {
    fn beside(self, hidden: usize) -> usize {
        match self {
            Self::Each(count) => count,
            Self::ToMultipleOf(size) => hidden.checked_next_multiple_of(size).map_or(0, |full| full - hidden),
        }
    }
}

/// A payload with digests in place of what can be hidden, not signed yet. Has no `Debug`: it holds the claims.
#[derive(Clone)]
pub struct Concealed {
    /// What is to be signed.
    pub payload: Map,
    /// The disclosures, in base64url. Whoever has one and the payload can read the claim.
    pub disclosures: Vec<String>,
}

/// Puts digests in place of what the plan names (RFC 9901 section 4.2). Each call of `salt` gives 16 fresh random
/// bytes: one for each disclosure and each decoy.
///
/// # Errors
/// - [`PointerUnknown`](SdJwtError::PointerUnknown), and [`PointerNotDisclosable`](SdJwtError::PointerNotDisclosable)
///   for the root.
/// - [`ReservedName`](SdJwtError::ReservedName) for a payload that has `_sd`, `_sd_alg` or `...` already.
/// - [`SaltRepeated`](SdJwtError::SaltRepeated).
/// - [`TooDeep`](SdJwtError::TooDeep), [`TooManyValues`](SdJwtError::TooManyValues),
///   [`TooManyDisclosures`](SdJwtError::TooManyDisclosures) for what no verifier of this library would read.
pub fn conceal(mut payload: Map, plan: &Plan<'_>, salt: &mut dyn FnMut() -> [u8; 16]) -> Result<Concealed, SdJwtError> {
    let mut pointers: Vec<(&str, bool)> = plan.pointers.iter().map(|pointer| (pointer.as_str(), false)).collect();
    pointers.sort_unstable();
    pointers.dedup();
    if pointers.first().is_some_and(|(pointer, _)| pointer.is_empty()) {
        return Err(SdJwtError::PointerNotDisclosable { pointer: String::new() });
    }
    let mut concealer = Concealer {
        plan,
        pointers,
        salt,
        salts: Vec::new(),
        disclosures: Vec::new(),
        values: 0,
        pointer: String::new(),
    };
    concealer.object(&mut payload, 1)?;
    let Concealer { pointers, mut salts, disclosures, .. } = concealer;
    if let Some((pointer, _)) = pointers.iter().find(|(_, is_found)| !is_found) {
        return Err(SdJwtError::PointerUnknown { pointer: (*pointer).to_owned() });
    }
    // RFC 9901 section 4.2.1: "The salt value MUST be unique for each claim".
    salts.sort_unstable();
    if salts.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(SdJwtError::SaltRepeated);
    }
    payload.insert("_sd_alg".to_owned(), plan.hash.name().into());
    Ok(Concealed { payload, disclosures })
}

/// Signs what was concealed, with all its disclosures behind it: what the issuer hands to the holder, `jwt~d1~..~`.
///
/// # Errors
/// [`SignerError`].
pub fn issue(concealed: &Concealed, header: &NewHeader<'_>, signer: &dyn Signer) -> Result<String, SignerError> {
    let mut issued = jose::sign(&concealed.payload, header, signer)?;
    issued.push('~');
    for disclosure in &concealed.disclosures {
        issued.push_str(disclosure);
        issued.push('~');
    }
    Ok(issued)
}

/// Appends the holder's key binding token (RFC 9901 section 4.3) to what was [selected](SdJwt::select): that the key
/// was at hand for this audience and nonce, at `issued_at` (seconds since 1970-01-01T00:00:00Z).
///
/// # Errors
/// [`SdJwtError`] where `sd_jwt` is none that ends in `~`, or its disclosures do not belong to it, and
/// [`Signer`](SdJwtError::Signer).
pub fn bind(
    sd_jwt: &str,
    audience: &str,
    nonce: &str,
    issued_at: i64,
    signer: &dyn Signer,
) -> Result<String, SdJwtError> {
    let parsed = SdJwt::parse_issued(sd_jwt)?;
    // RFC 9901 section 7.2, presentation step 2.
    parsed.reveal()?;
    let mut payload = Map::new();
    payload.insert("aud".to_owned(), audience.into());
    payload.insert("iat".to_owned(), issued_at.into());
    payload.insert("nonce".to_owned(), nonce.into());
    payload.insert("sd_hash".to_owned(), parsed.sd_hash().into());
    let header = NewHeader { media_type: "kb+jwt", content_type: None, key_id: None, certificates: &[] };
    let key_binding = jose::sign(&payload, &header, signer)?;
    Ok([sd_jwt, &key_binding].concat())
}

struct Concealer<'a> {
    plan: &'a Plan<'a>,
    /// The plan's, sorted, and whether there is something.
    pointers: Vec<(&'a str, bool)>,
    salt: &'a mut dyn FnMut() -> [u8; 16],
    salts: Vec<[u8; 16]>,
    disclosures: Vec<String>,
    values: usize,
    /// Where the concealer is.
    pointer: String,
}

impl Concealer<'_> {
    fn object(&mut self, object: &mut Map, level: usize) -> Result<(), SdJwtError> {
        self.enter(object.len(), level)?;
        let mut hidden = Vec::new();
        for (name, value) in object.iter_mut() {
            if let Some(name) = ["_sd", "...", "_sd_alg"].into_iter().find(|reserved| reserved == name) {
                return Err(SdJwtError::ReservedName { name });
            }
            let end = self.pointer.len();
            pointer::push_name(&mut self.pointer, name);
            self.descend(value, level)?;
            if self.is_planned() {
                hidden.push(name.clone());
            }
            self.pointer.truncate(end);
        }
        if hidden.is_empty() {
            return Ok(());
        }
        let decoys = self.plan.decoys.beside(hidden.len());
        self.enter(hidden.len().saturating_add(decoys), level + 1)?;
        let mut digests = Vec::with_capacity(hidden.len() + decoys);
        for name in hidden {
            let value = object.remove(&name);
            digests.push(self.disclosure(|salt| json!([salt, name, value]))?);
        }
        for _ in 0..decoys {
            let salt = self.salt();
            digests.push(self.plan.hash.digest(&salt));
        }
        // RFC 9901 section 4.2.4.1: "The Issuer MUST hide the original order of the claims in the array."
        digests.sort_unstable();
        object.insert("_sd".to_owned(), digests.into());
        Ok(())
    }

    fn array(&mut self, items: &mut [Value], level: usize) -> Result<(), SdJwtError> {
        self.enter(items.len(), level)?;
        for (position, item) in items.iter_mut().enumerate() {
            let end = self.pointer.len();
            pointer::push_position(&mut self.pointer, position);
            self.descend(item, level)?;
            if self.is_planned() {
                self.enter(1, level + 1)?;
                let value = item.take();
                *item = json!({ "...": self.disclosure(|salt| json!([salt, value]))? });
            }
            self.pointer.truncate(end);
        }
        Ok(())
    }

    fn descend(&mut self, value: &mut Value, level: usize) -> Result<(), SdJwtError> {
        match value {
            Value::Object(object) => self.object(object, level + 1),
            Value::Array(items) => self.array(items, level + 1),
            _ => Ok(()),
        }
    }

    /// Bounds what is written by what is read.
    fn enter(&mut self, values: usize, level: usize) -> Result<(), SdJwtError> {
        if level > limits::JSON_DEPTH {
            return Err(SdJwtError::TooDeep { limit: limits::JSON_DEPTH });
        }
        self.values = self.values.saturating_add(values).saturating_add(1);
        if self.values > limits::JSON_VALUES {
            return Err(SdJwtError::TooManyValues { limit: limits::JSON_VALUES });
        }
        Ok(())
    }

    fn is_planned(&mut self) -> bool {
        let found = self.pointers.binary_search_by(|(pointer, _)| (*pointer).cmp(&self.pointer));
        match found.ok().and_then(|at| self.pointers.get_mut(at)) {
            None => false,
            Some((_, is_found)) => {
                *is_found = true;
                true
            }
        }
    }

    fn salt(&mut self) -> [u8; 16] {
        let salt = (self.salt)();
        self.salts.push(salt);
        salt
    }

    /// Writes a disclosure; returns its digest.
    fn disclosure(&mut self, content: impl FnOnce(String) -> Value) -> Result<String, SdJwtError> {
        if self.disclosures.len() == limits::DISCLOSURES {
            return Err(SdJwtError::TooManyDisclosures { limit: limits::DISCLOSURES });
        }
        let content = content(base64url::encode(self.salt()));
        let disclosure = base64url::encode(jcs::canonicalize_value(&content));
        let digest = self.plan.hash.digest(disclosure.as_bytes());
        self.disclosures.push(disclosure);
        Ok(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;
    use crate::keys::{Algorithm, KeyType, SoftwareKey};
    use crate::securing::sd_jwt::tests::{HEADER, digest, token};

    /// Salts that differ.
    fn counting() -> impl FnMut() -> [u8; 16] {
        let mut count = 0_u128;
        move || {
            count += 1;
            count.to_be_bytes()
        }
    }

    fn conceal_all(payload: &Value, pointers: &[&str], decoys: usize) -> Result<Concealed, SdJwtError> {
        let pointers: Vec<String> = pointers.iter().map(|pointer| (*pointer).to_owned()).collect();
        let plan = Plan { pointers: &pointers, decoys: Decoys::Each(decoys), hash: Hash::Sha256 };
        conceal(payload.as_object().unwrap().clone(), &plan, &mut counting())
    }

    fn code(payload: &Value, pointers: &[&str]) -> &'static str {
        conceal_all(payload, pointers, 0).map_or_else(|error| error.code(), |_| "ok")
    }

    fn claims() -> Value {
        json!({
            "iss": "https://issuer.example",
            "name": "A",
            "address": { "street": "B 1", "town": "C" },
            "list": ["one", { "two": 2 }, ["three"]],
            "a/b": { "~": true },
        })
    }

    #[test]
    fn only_what_the_plan_names_is_hidden() {
        let concealed = conceal_all(&claims(), &["/name", "/address/street", "/list/1", "/a~1b/~0"], 0).unwrap();
        assert_eq!(concealed.disclosures.len(), 4);
        let hidden: Vec<Value> = concealed
            .disclosures
            .iter()
            .map(|text| serde_json::from_slice(&base64url::decode(text).unwrap()).unwrap())
            .collect();
        let salt = |last: u8| base64url::encode([&[0; 15][..], &[last]].concat());
        assert_eq!(
            hidden,
            [
                json!([salt(1), "~", true]),
                json!([salt(2), "street", "B 1"]),
                json!([salt(3), { "two": 2 }]),
                json!([salt(4), "name", "A"]),
            ]
        );
        let [mark, street, item, name] = [0, 1, 2, 3].map(|at: usize| digest(&concealed.disclosures[at]));
        let expected = json!({
            "_sd": [name],
            "_sd_alg": "sha-256",
            "iss": "https://issuer.example",
            "address": { "_sd": [street], "town": "C" },
            "list": ["one", { "...": item }, ["three"]],
            "a/b": { "_sd": [mark] },
        });
        assert_eq!(Value::Object(concealed.payload), expected);
    }

    #[test]
    fn what_lies_within_is_hidden_in_what_lies_around_it() {
        let concealed = conceal_all(&claims(), &["/address", "/address/town", "/list", "/list/2", "/list/2/0"], 0);
        let concealed = concealed.unwrap();
        let text = Value::Object(concealed.payload.clone()).to_string();
        assert!(!text.contains("street") && !text.contains("list"), "{text}");
        let all = token(&Value::Object(concealed.payload), &concealed.disclosures);
        let all = SdJwt::parse(&all).unwrap();
        assert_eq!(Value::Object(all.reveal().unwrap().payload), claims());
        let selected = all.select(&["/address/street"]).unwrap();
        let found = SdJwt::parse(&selected).unwrap().reveal().unwrap();
        assert_eq!(found.payload["address"], json!({ "street": "B 1" }));
        assert_eq!(found.undisclosed, ["", "/address"]);
    }

    #[test]
    fn objects_are_filled_up_until_they_look_alike() {
        let claims = json!({ "a": 1, "b": { "c": 1, "d": 2 }, "e": 3 });
        let pointers = ["/a", "/b", "/b/c", "/b/d", "/e"].map(str::to_owned);
        for (size, top) in [(1, 3), (2, 4), (3, 3), (8, 8), (0, 3)] {
            let plan = Plan { pointers: &pointers, decoys: Decoys::ToMultipleOf(size), hash: Hash::Sha256 };
            let concealed = conceal(claims.as_object().unwrap().clone(), &plan, &mut counting()).unwrap();
            assert_eq!(concealed.payload["_sd"].as_array().unwrap().len(), top, "{size}");
            assert_eq!(concealed.disclosures.len(), 5);
        }
    }

    #[test]
    fn the_order_of_digests_tells_nothing_and_decoys_are_like_the_others() {
        let concealed = conceal_all(&claims(), &["/name", "/list", "/address/town", "/iss"], 5).unwrap();
        for (digests, expected) in [(&concealed.payload["_sd"], 8), (&concealed.payload["address"]["_sd"], 6)] {
            let digests: Vec<&str> =
                digests.as_array().unwrap().iter().map(|digest| digest.as_str().unwrap()).collect();
            assert_eq!(digests.len(), expected);
            assert!(digests.is_sorted());
            assert!(digests.iter().all(|digest| Hash::Sha256.fits(digest)));
        }
        let shown = token(&Value::Object(concealed.payload), &concealed.disclosures);
        let found = SdJwt::parse(&shown).unwrap().reveal().unwrap();
        assert_eq!(Value::Object(found.payload), claims());
        assert_eq!(found.undisclosed, ["", "/address"]);
    }

    #[test]
    fn a_plan_that_cannot_be_kept_is_refused() {
        assert_eq!(code(&claims(), &["/name", "/name"]), "ok");
        assert_eq!(code(&claims(), &[""]), "sd-jwt.pointer-not-disclosable");
        for pointer in ["name", "/nam", "/name/", "/list/3", "/list/01", "/list/-", "/a/b", "/a~1b/~", "/address/", "/"]
        {
            assert_eq!(code(&claims(), &["/name", pointer]), "sd-jwt.pointer-unknown", "{pointer}");
        }
        for name in ["_sd", "_sd_alg", "..."] {
            assert_eq!(code(&json!({ name: "x" }), &[]), "sd-jwt.reserved-name");
            assert_eq!(code(&json!({ "a": [{ name: [] }], "b": 1 }), &["/b"]), "sd-jwt.reserved-name");
            assert_eq!(code(&json!({ name: "x" }), &[&format!("/{name}")]), "sd-jwt.reserved-name");
        }
    }

    #[test]
    fn what_nobody_would_read_is_not_written() {
        let names: Vec<String> = (0..=limits::DISCLOSURES).map(|name| format!("/{name}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let payload: Map = names.iter().map(|name| (name[1..].to_owned(), json!(1))).collect();
        let payload = Value::Object(payload);
        assert_eq!(code(&payload, &names[1..]), "ok");
        assert_eq!(code(&payload, &names), "sd-jwt.too-many-disclosures");
        assert_eq!(code(&json!({ "a": vec![0; limits::JSON_VALUES] }), &[]), "sd-jwt.too-many-values");
        let error = conceal_all(&claims(), &["/name"], limits::JSON_VALUES).err().unwrap();
        assert_eq!(error.code(), "sd-jwt.too-many-values");
        assert_eq!(conceal_all(&claims(), &["/name"], usize::MAX).err().unwrap(), error);

        let deep = |levels: usize| (1..levels).fold(json!({ "a": 1 }), |value, _| json!({ "a": value }));
        assert_eq!(code(&deep(limits::JSON_DEPTH), &[]), "ok");
        assert_eq!(code(&deep(limits::JSON_DEPTH + 1), &[]), "sd-jwt.too-deep");
        // `_sd` is a list, one level below the object that holds it.
        let innermost = "/a".repeat(limits::JSON_DEPTH);
        assert_eq!(code(&deep(limits::JSON_DEPTH), &[&innermost]), "sd-jwt.too-deep");
        let innermost = "/a".repeat(limits::JSON_DEPTH - 1);
        let concealed = conceal_all(&deep(limits::JSON_DEPTH - 1), &[&innermost], 0).unwrap();
        let shown = token(&Value::Object(concealed.payload), &concealed.disclosures);
        assert!(SdJwt::parse(&shown).unwrap().reveal().is_ok());
    }

    #[test]
    fn salts_that_repeat_are_noticed() {
        let pointers = ["/name".to_owned(), "/iss".to_owned()];
        let plan =
            |decoys, count| Plan { pointers: &pointers[..count], decoys: Decoys::Each(decoys), hash: Hash::Sha256 };
        let payload = || claims().as_object().unwrap().clone();
        let mut same = || [7; 16];
        assert!(conceal(payload(), &plan(0, 1), &mut same).is_ok());
        assert_eq!(conceal(payload(), &plan(0, 2), &mut same).err(), Some(SdJwtError::SaltRepeated));
        assert_eq!(conceal(payload(), &plan(1, 1), &mut same).err(), Some(SdJwtError::SaltRepeated));
    }

    #[test]
    fn what_is_issued_verifies_and_reads_back() {
        let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let pointers = ["/address/street".to_owned(), "/list/0".to_owned()];
            let plan = Plan { pointers: &pointers, decoys: Decoys::Each(1), hash };
            let concealed = conceal(claims().as_object().unwrap().clone(), &plan, &mut counting()).unwrap();
            let issued = issue(&concealed, &HEADER, &key).unwrap();
            let bound = bind(&issued, "https://desk.example", "n-1", 1, &key).unwrap();
            let parsed = SdJwt::parse(&bound).unwrap();
            assert_eq!(parsed.hash(), hash);
            parsed.jws.verify(Algorithm::Ed25519, &key.public_key()).unwrap();
            assert_eq!(parsed.jws.header.media_type.as_deref(), Some("dc+sd-jwt"));
            assert_eq!(Value::Object(parsed.reveal().unwrap().payload), claims());
            assert!(parsed.key_binding.as_ref().unwrap().hash_matches(&parsed));
        }
    }
}
