//! The people of the vectors, whose private keys are public on purpose.

use std::sync::LazyLock;

use attesta::encoding::json::{self, Value};
use attesta::keys::{Signer as _, SoftwareKey};

/// Somebody with a key.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) key: SoftwareKey,
    /// The verification method's absolute URL.
    pub(crate) method: String,
}

impl Person {
    /// Those who have another key, none of which must ever stand in for this one.
    pub(crate) fn others(&self) -> impl Iterator<Item = &'static Self> {
        let own = self.key.public_key();
        PEOPLE.iter().filter(move |other| other.key.public_key() != own)
    }

    /// The DID that the verification method belongs to.
    pub(crate) fn did(&self) -> &str {
        self.method.split_once('#').map_or(&*self.method, |(did, _)| did)
    }
}

/// Everybody.
pub(crate) static PEOPLE: LazyLock<Vec<Person>> = LazyLock::new(|| {
    let file = json::parse_object(include_bytes!("../../test-vectors/keys.json")).expect("the keys are JSON");
    let read = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
        let jwk = entry["privateJwk"].as_object().expect("a key");
        let key = SoftwareKey::from_jwk(jwk).expect("a sound key");
        Person { name: text("name"), key, method: text("verificationMethod") }
    };
    file["keys"].as_array().expect("a list of keys").iter().map(read).collect()
});

/// The person of a name that is known to be there.
///
/// # Panics
/// If nobody has it.
pub(crate) fn known(name: &str) -> &'static Person {
    person(name).expect("one of the people")
}

/// The person of that name.
pub(crate) fn person(name: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.name == name)
}
