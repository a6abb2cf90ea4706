use std::sync::LazyLock;

use attesta::encoding::json::{self, Map, Value};
use attesta::jsonld::Embedded;
use attesta::keys::{KeyType, PublicKey, Signer as _};
use attesta::limits;
use attesta::securing::data_integrity::Signed;
use attesta::securing::data_integrity::sd::{Opened, Prepared, SdError, Secrets, base_signed_bytes, derive, is_base};

use crate::answers::assert_explained;
use crate::people::{Person, known};
use crate::sd_jwt::is_part;
use crate::sd_value::{Parts, Pools, Rest, Signature};

/// What a holder shows of each credential, beside what is mandatory.
const SELECTIONS: [&[&str]; 4] =
    [&[], &["/credentialSubject/town"], &["/credentialSubject/child/1", "/credentialSubject/town"], &[""]];

/// The `proofValue` of `ecdsa-sd-2023`, base and derived, at documents that were issued and shown here: it is read as it
/// is written, and holds nowhere but where it was made, as it was made.
///
/// The first byte says at which document. What follows is the text that begins with `u`; or the bytes behind it, which
/// begin with the header; or pieces of genuine proofs, put together anew (see [`Pools::assemble`]).
pub fn ecdsa_sd(bytes: &[u8]) {
    let Some((which, rest)) = bytes.split_first() else { return };
    let stand = &*STAND;
    let value = match rest {
        [b'u', ..] => match std::str::from_utf8(rest) {
            Ok(text) => text.to_owned(),
            Err(_) => return,
        },
        [0xd9, ..] => format!("u{}", data_encoding::BASE64URL_NOPAD.encode(rest)),
        _ => stand.pools.assemble(rest),
    };
    let shown = &stand.shown[usize::from(*which) % stand.shown.len()];
    at_a_verifier(stand, shown, &value);
    at_its_holder(stand, shown, &value);
}

/// A document without its proof, the proof without its value, and that.
struct Proven {
    document: Map,
    options: Map,
    value: String,
}

impl Proven {
    fn of(mut signed: Map) -> Self {
        let Some(Value::Object(mut options)) = signed.remove("proof") else { panic!("it has a proof") };
        let Some(Value::String(value)) = options.remove("proofValue") else { panic!("it has a value") };
        Self { document: signed, options, value }
    }

    /// The document with another value in its proof.
    fn with(&self, value: &str) -> Map {
        let (mut document, mut options) = (self.document.clone(), self.options.clone());
        options.insert("proofValue".to_owned(), value.into());
        document.insert("proof".to_owned(), options.into());
        document
    }

    fn opened(&self, value: &str) -> Result<Opened, SdError> {
        Opened::read(&self.document, &self.options, value, &Embedded)
    }
}

/// What one selection makes of one credential.
struct Shown {
    /// The credential's position.
    of: usize,
    selection: &'static [&'static str],
    proven: Proven,
}

/// Two credentials by one issuer, and what is shown of them.
struct Stand {
    issuer: &'static Person,
    issued: [Proven; 2],
    shown: Vec<Shown>,
    pools: Pools,
}

static STAND: LazyLock<Stand> = LazyLock::new(|| {
    let issuer = known("hostel");
    let issue = |number: u8, town: &str, mandatory: &[&str]| {
        let document = format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2",{{"@protected":true,"town":"https://example.org/#town","child":"https://example.org/#child","called":"https://example.org/#called"}}],"type":["VerifiableCredential"],"issuer":"{}","validFrom":"2026-01-01T00:00:00Z","credentialSubject":{{"town":"{town}","child":[{{"called":"Ada"}},{{"called":"Mei"}}]}}}}"#,
            issuer.did()
        );
        let options = format!(
            r#"{{"type":"DataIntegrityProof","cryptosuite":"ecdsa-sd-2023","proofPurpose":"assertionMethod","verificationMethod":"{}"}}"#,
            issuer.method
        );
        let read = |text: &str| json::parse_object(text.as_bytes()).expect("it is JSON");
        // The same at every run, so that what a run learns is worth something to the next.
        let secrets = Secrets::from_seed(&[number; 32]).expect("a seed makes them");
        let prepared = Prepared::new(read(&document), read(&options), mandatory, secrets, &Embedded);
        Proven::of(prepared.expect("it can be signed").sign(&issuer.key).expect("it is signed"))
    };
    let issued = [
        issue(1, "Sham Shui Po", &["/issuer", "/validFrom"]),
        issue(2, "Mong Kok", &["/issuer", "/credentialSubject/child"]),
    ];
    let mut shown = Vec::new();
    for (of, credential) in issued.iter().enumerate() {
        for selection in SELECTIONS {
            let derived = derive(&credential.document, &credential.options, &credential.value, selection, &Embedded)
                .expect("it can be shown");
            shown.push(Shown { of, selection, proven: Proven::of(derived) });
        }
    }
    let parts = issued.iter().chain(shown.iter().map(|shown| &shown.proven));
    let pools = Pools::of(parts.map(|proven| Parts::read(&proven.value).expect("it was made here")));
    let stand = Stand { issuer, issued, shown, pools };
    for shown in &stand.shown {
        assert!(holds(&issuer.key.public_key(), &shown.proven, &shown.proven.value), "what was shown does not hold");
    }
    stand
});

fn holds(key: &PublicKey, proven: &Proven, value: &str) -> bool {
    proven.opened(value).is_ok_and(|opened| opened.verify(key).is_ok())
}

/// In the place of a derived proof.
fn at_a_verifier(stand: &Stand, shown: &Shown, value: &str) {
    let key = stand.issuer.key.public_key();
    let opened = shown.proven.opened(value);
    assert_read(value, opened.as_ref().err(), false);
    let is_held =
        opened.as_ref().is_ok_and(|opened| opened.verify(&key).inspect_err(|error| assert_explained(error)).is_ok());
    let signed = Signed::read(shown.proven.with(value)).ok();
    let by_signed = signed.is_some_and(|signed| signed.verify(&key, &Embedded).is_ok());
    assert_eq!(by_signed, is_held, "two answers about one proof");
    let Ok(opened) = opened else { return };
    let (all, mandatory) = opened.statements().fold((0, 0), |(all, own), (_, is)| (all + 1, own + usize::from(is)));
    let Some(Parts { signatures, rest: Rest::Derived { mandatory: positions, .. }, .. }) = Parts::read(value) else {
        panic!("only the library reads it")
    };
    assert_eq!(
        (mandatory, all),
        (positions.len(), positions.len() + signatures.len()),
        "a statement without a signature"
    );
    if !is_held {
        return;
    }
    assert_is_genuine(&shown.proven.value, value);
    let genuine = shown.proven.opened(&shown.proven.value).expect("it was made here");
    assert!(opened.statements().eq(genuine.statements()), "other statements hold");
    let places = ["", "/issuer", "/validFrom", "/credentialSubject"];
    let places: Vec<&str> = places.into_iter().filter(|place| has(&shown.proven.document, place)).collect();
    let ask = |opened: &Opened| opened.mandatory(&shown.proven.document, &places, &Embedded);
    assert_eq!(ask(&opened), ask(&genuine));
    for other in stand.shown.iter().filter(|other| other.proven.document != shown.proven.document) {
        assert!(!holds(&key, &other.proven, value), "it holds at another document");
    }
    for other in stand.issuer.others() {
        assert!(opened.verify(&other.key.public_key()).is_err(), "it holds with the key of {}", other.name);
    }
}

fn has(document: &Map, pointer: &str) -> bool {
    Value::Object(document.clone()).pointer(pointer).is_some()
}

/// In the place of a base proof.
fn at_its_holder(stand: &Stand, shown: &Shown, value: &str) {
    let (issued, key) = (&stand.issued[shown.of], stand.issuer.key.public_key());
    let signed_bytes = base_signed_bytes(&issued.document, &issued.options, value, &Embedded);
    assert_read(value, signed_bytes.as_ref().err(), true);
    let signed = Signed::read(issued.with(value)).ok();
    if is_base(value) {
        assert!(signed.is_none_or(|signed| signed.verify(&key, &Embedded).is_err()), "a verifier takes it");
    }
    let derived = match derive(&issued.document, &issued.options, value, shown.selection, &Embedded) {
        Ok(derived) => derived,
        Err(error) => return assert_explained(&error),
    };
    let derived = Proven::of(derived);
    assert!(is_base(value) && !is_base(&derived.value));
    assert_eq!(derived.options, issued.options);
    assert!(is_part(&derived.document.clone().into(), &issued.document.clone().into()), "more is shown than there is");
    let opened = derived.opened(&derived.value).expect("what was derived cannot be read");
    assert_eq!(signed_bytes.as_ref(), Ok(opened.signed_bytes()), "something else was signed");
    match opened.verify(&key) {
        // Nothing was changed of what is shown; it may be another credential that begins alike.
        Ok(()) => {
            let genuine = stand.shown.iter().find(|genuine| genuine.proven.document == derived.document);
            let genuine = genuine.expect("something that nobody could show holds");
            assert_is_genuine(&genuine.proven.value, &derived.value);
        }
        Err(SdError::Signature(error)) => assert_explained(&error),
        Err(error) => panic!("the holder shows what does not hold: {error}"),
    }
}

/// What was read has one text; and nothing is refused as malformed that is not.
fn assert_read(value: &str, error: Option<&SdError>, as_base: bool) {
    if let Some(error) = error {
        assert_explained(error);
    }
    let parts = Parts::read(value);
    let Some(parts) = parts.filter(|parts| matches!(parts.rest, Rest::Base { .. }) == as_base) else {
        assert!(error.is_some(), "only the library reads it");
        return;
    };
    let is_written_so = parts.write() == value;
    let pointers = if let Rest::Base { mandatory, .. } = &parts.rest { mandatory.len() } else { 0 };
    match error {
        None => {
            assert!(is_written_so, "a second text for the same proof");
            assert_eq!(is_base(value), as_base);
            assert!(parts.signatures.len() <= limits::SD_STATEMENTS && pointers <= limits::SD_POINTERS);
            assert!(key_of(&parts).is_some());
        }
        Some(SdError::Key(_)) => assert!(key_of(&parts).is_none(), "a sound key is refused"),
        Some(SdError::TooManyStatements { limit }) => {
            assert!(parts.signatures.len() > *limit || pointers > limits::SD_POINTERS || !is_written_so);
        }
        Some(SdError::TooManyPointers { limit }) => assert!(pointers > *limit),
        Some(SdError::Form { expected }) => {
            assert_eq!((*expected, parts.key.starts_with(&[0x80, 0x24])), ("a key of P-256", false));
        }
        Some(SdError::Value(_) | SdError::Header | SdError::IsBase | SdError::IsDerived | SdError::Cbor(_)) => {
            assert!(!is_written_so, "{error:?}: a sound proof is refused");
        }
        Some(_) => {}
    }
}

fn key_of(parts: &Parts) -> Option<PublicKey> {
    PublicKey::from_bytes(KeyType::P256, parts.key.strip_prefix(&[0x80, 0x24])?).ok()
}

/// Two values say the same. Of each signature there are two forms, which whoever has one can make of the other; and the
/// positions of what is mandatory may stand in any order, which no signature covers.
fn assert_is_genuine(genuine: &str, value: &str) {
    let of = |value: &str| {
        let mut parts = Parts::read(value).expect("it was read");
        let first_half = |signature: &Signature| signature[..32].to_vec();
        let signatures: Vec<Vec<u8>> =
            [&parts.base_signature].into_iter().chain(&parts.signatures).map(first_half).collect();
        if let Rest::Derived { mandatory, .. } = &mut parts.rest {
            mandatory.sort_unstable();
        }
        (signatures, parts.key, parts.rest)
    };
    assert_eq!(of(genuine), of(value), "a changed proof holds");
}

/// Seeds: every genuine value as text, as bytes and in pieces, and attacks in pieces.
pub(crate) fn made() -> Vec<(String, Vec<u8>)> {
    let stand = &*STAND;
    let mut seeds = Vec::new();
    for (number, shown) in (0_u8..).zip(&stand.shown) {
        let issued = &stand.issued[shown.of];
        for (name, proven) in [("base", issued), ("derived", &shown.proven)] {
            let parts = Parts::read(&proven.value).expect("it was made here");
            let bytes = data_encoding::BASE64URL_NOPAD.decode(&proven.value.as_bytes()[1..]).expect("it was made here");
            let pieces = stand.pools.take_apart(&parts);
            assert_eq!(stand.pools.assemble(&pieces), proven.value, "the pieces make another proof");
            let mut put = |form: &str, bytes: &[u8]| {
                seeds.push((format!("{name}-{number}-{form}"), [&[number], bytes].concat()));
            };
            put("text", proven.value.as_bytes());
            put("bytes", &bytes);
            put("pieces", &pieces);
            for (attack, parts) in parts.attacks(&stand.pools) {
                put(attack, &stand.pools.take_apart(&parts));
            }
        }
    }
    seeds
}
