//! SD-JWTs that say whatever they are told to say. Digests, disclosures and key binding tokens are made here and not in
//! the library, so that the two can disagree.

use attesta::encoding::base64url;
use attesta::encoding::json::Map;
use attesta::keys::Signer;
use attesta::presentation::{self, Disclose, Request};
use attesta::securing::Format;
use attesta::securing::sd_jwt::SdJwt;
use attesta::time::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cast::{BANK, CAST, NONCE, NOW, Party};
use crate::forge::{map, taken_apart, token};
use crate::scene::{About, Scene};

/// A salt, a name and a value, or a salt and a value, in base64url.
pub(crate) fn disclosure(content: &Value) -> String {
    base64url::encode(content.to_string())
}

/// What stands for a disclosure in the payload (RFC 9901 section 4.2.3).
pub(crate) fn digest(disclosure: &str) -> String {
    base64url::encode(Sha256::digest(disclosure))
}

/// The content of a disclosure.
pub(crate) fn content(disclosure: &str) -> Value {
    serde_json::from_slice(&base64url::decode(disclosure).unwrap()).unwrap()
}

/// An SD-JWT before it is signed: what its issuer signs, and the disclosures behind it.
#[derive(Clone)]
pub(crate) struct Selective {
    pub(crate) header: Map,
    pub(crate) payload: Map,
    pub(crate) disclosures: Vec<String>,
}

impl Selective {
    /// One that was signed, taken apart; a key binding token is left out.
    pub(crate) fn of(signed: &str) -> Self {
        let (token, disclosures) = signed.split_once('~').unwrap();
        let (header, payload, _) = taken_apart(token);
        let mut disclosures: Vec<String> = disclosures.split('~').map(str::to_owned).collect();
        disclosures.pop();
        Self { header, payload, disclosures }
    }

    /// Signed by a party, with all disclosures: `jwt~d1~..~`.
    pub(crate) fn signed(&self, party: &Party) -> String {
        let mut text = token(&self.header, &self.payload, &party.key);
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        text
    }

    /// Adds a disclosure with this content, whatever it is, and returns its digest.
    pub(crate) fn disclose(&mut self, content: &Value) -> String {
        let disclosure = disclosure(content);
        let digest = digest(&disclosure);
        self.disclosures.push(disclosure);
        digest
    }

    /// A salt that no other disclosure of this one has.
    pub(crate) fn salt(&self) -> String {
        base64url::encode(&Sha256::digest(format!("salt {}", self.disclosures.len()))[..16])
    }

    /// Lets the holder hide what stands openly at a JSON pointer: a member, or an item of a list.
    pub(crate) fn hide(&mut self, pointer: &str) {
        let salt = self.salt();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut payload = Value::Object(std::mem::take(&mut self.payload));
        match payload.pointer_mut(parent).unwrap() {
            Value::Array(items) => {
                let item = &mut items[name.parse::<usize>().unwrap()];
                let digest = self.disclose(&json!([salt, item]));
                *item = json!({ "...": digest });
            }
            Value::Object(members) => {
                let value = members.remove(name).unwrap_or_else(|| panic!("there is no {pointer}"));
                let digest = self.disclose(&json!([salt, name, value]));
                add(members, &digest);
            }
            _ => panic!("there is nothing to hide at {pointer}"),
        }
        self.payload = map(payload);
    }

    /// Adds a digest to those of the object at a JSON pointer.
    pub(crate) fn add_digest(&mut self, pointer: &str, digest: &str) {
        let mut payload = Value::Object(std::mem::take(&mut self.payload));
        add(payload.pointer_mut(pointer).unwrap().as_object_mut().unwrap(), digest);
        self.payload = map(payload);
    }

    /// Where the disclosure of the member with this name stands.
    pub(crate) fn position(&self, name: &str) -> usize {
        let is_named =
            |disclosure: &String| content(disclosure).as_array().is_some_and(|it| it.len() == 3 && it[1] == name);
        self.disclosures.iter().position(is_named).unwrap_or_else(|| panic!("{name} is not hidden"))
    }

    /// Without the disclosure of the member with this name.
    pub(crate) fn withhold(&mut self, name: &str) {
        self.disclosures.remove(self.position(name));
    }
}

fn add(members: &mut Map, digest: &str) {
    members.entry("_sd").or_insert_with(|| json!([])).as_array_mut().unwrap().push(digest.into());
}

/// With the party's key binding token, which says whatever the change to its header and payload makes of it.
pub(crate) fn bound_by(party: &Party, sd_jwt: &str, change: impl FnOnce(&mut Map, &mut Map)) -> String {
    let mut header = map(json!({ "alg": party.key.algorithm().jose_name(), "typ": "kb+jwt" }));
    let mut payload = map(json!({ "aud": BANK, "nonce": NONCE, "iat": now(), "sd_hash": digest(sd_jwt) }));
    change(&mut header, &mut payload);
    format!("{sd_jwt}{}", token(&header, &payload, &party.key))
}

/// With the tenant's key binding token for the bank.
pub(crate) fn bound(sd_jwt: &str) -> String {
    bound_by(&CAST.tenant, sd_jwt, |_, _| {})
}

/// The moment that most vectors judge, in seconds.
pub(crate) fn now() -> i64 {
    Timestamp::parse(NOW).unwrap().unix()
}

/// Where the claims of a credential stand.
impl Scene {
    /// The object that holds the claims.
    pub(crate) fn top(&self) -> &'static str {
        if self.format == Format::SdJwtVc { "" } else { "/credentialSubject" }
    }

    /// Where a claim of the claims file stands in the payload.
    pub(crate) fn at(&self, pointer: &str) -> String {
        match (self.format, self.about.kind()) {
            (Format::SdJwtVc, _) => pointer.to_owned(),
            (_, Some(kind)) => kind.pointer_in_document(pointer),
            (_, None) => format!("/credentialSubject{pointer}"),
        }
    }

    /// The tenant's credential as it was issued, taken apart.
    pub(crate) fn selective(&self) -> Selective {
        Selective::of(&self.credential())
    }

    /// The tenant's credential with nothing in it that could be hidden.
    pub(crate) fn open_claims(&self) -> Selective {
        let issued = self.credential();
        let payload = SdJwt::parse(&issued).unwrap().reveal().unwrap().payload;
        Selective { payload, disclosures: Vec::new(), ..Selective::of(&issued) }
    }

    /// The same after a change, signed by the issuer.
    pub(crate) fn made(&self, change: impl FnOnce(&mut Selective)) -> String {
        let mut credential = self.open_claims();
        change(&mut credential);
        credential.signed(self.issuer)
    }

    /// The credential as it was issued, after a change to what is signed or disclosed, signed anew by the issuer.
    pub(crate) fn remade(&self, change: impl FnOnce(&mut Selective)) -> String {
        let mut credential = self.selective();
        change(&mut credential);
        credential.signed(self.issuer)
    }

    /// The tenant's credential after a change to its disclosures, its signature untouched.
    pub(crate) fn with_disclosures(&self, change: impl FnOnce(&mut Vec<String>)) -> String {
        let issued = self.credential();
        let (token, _) = issued.split_once('~').unwrap();
        let mut disclosures = self.selective().disclosures;
        change(&mut disclosures);
        let mut text = format!("{token}~");
        for disclosure in disclosures {
            text.push_str(&disclosure);
            text.push('~');
        }
        text
    }

    /// The tenant's credential with what the claims file's pointers lead to, and no more.
    pub(crate) fn showing(&self, pointers: &[&str]) -> String {
        let pointers: Vec<String> = pointers.iter().map(|pointer| self.at(pointer)).collect();
        let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
        presentation::derive(self.credential().as_bytes(), Disclose::Only(&pointers)).unwrap()
    }

    /// The tenant's answer to the bank, as the library makes it.
    pub(crate) fn presented(&self, pointers: &[&str]) -> String {
        let request = Request { audience: BANK, nonce: NONCE, now: Timestamp::parse(NOW).unwrap() };
        let shown = self.showing(pointers);
        presentation::present(&[shown.as_bytes()], Disclose::Everything, &request, &CAST.tenant.key).unwrap()
    }

    /// A claim that every credential of this kind has, at the top of its claims.
    pub(crate) fn claim(&self) -> &'static str {
        match self.about {
            About::Other => "alumniOf",
            _ => "name",
        }
    }
}
