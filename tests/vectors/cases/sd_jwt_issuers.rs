//! How the issuer of an SD-JWT VC leads to its key: by its DID, or by its metadata on its own host.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{CAST, Party, entry, list};
use crate::scene::{About, Scene};
use crate::vector::Case;

/// Where the institute's metadata stands.
const METADATA: &str = "https://institute.example/.well-known/jwt-vc-issuer/issuers/7";
/// The key set that it may name.
const KEYS: &str = "https://keys.institute.example/7.json";

pub(super) fn cases() -> Vec<Case> {
    let institute = Scene::new(About::Other, Format::SdJwtVc).issued_by(&CAST.institute);
    let mut cases = by_did();
    cases.extend(by_metadata(&institute));
    cases.extend(missing(&institute));
    cases.extend(keys_in_it(&institute));
    cases.extend(other_metadata(&institute));
    cases.extend(names());
    cases
}

/// A party's public key as a key set has it.
fn jwk(party: &Party, name: &str) -> Value {
    let mut jwk = Value::Object(party.public_key().to_jwk());
    jwk["kid"] = name.into();
    jwk
}

fn metadata(keys: &[Value]) -> Value {
    json!({ "issuer": CAST.institute.did, "jwks": { "keys": keys } })
}

fn elsewhere() -> Value {
    json!({ "issuer": CAST.institute.did, "jwks_uri": KEYS })
}

fn own() -> Value {
    jwk(&CAST.institute, "key-1")
}

/// With the institute's metadata as it is published.
fn published(case: Case) -> Case {
    case.fetched_from(METADATA, "issuer-metadata", &metadata(&[own()]))
}

fn by_did() -> Vec<Case> {
    let other = Scene::new(About::Other, Format::SdJwtVc);
    let named = |key: &str| {
        let key = key.to_owned();
        other.made(|credential| put(&mut credential.header, "/kid", key))
    };
    let by_forger = |key: Option<&str>| {
        let mut credential = other.open_claims();
        match key {
            Some(key) => put(&mut credential.header, "/kid", key),
            None => drop(take(&mut credential.header, "/kid")),
        }
        credential.signed(&CAST.forger)
    };
    vec![
        other.valid("no-key-named-where-there-is-one", "The issuer has one key, and the token names none.", {
            other.made(|credential| drop(take(&mut credential.header, "/kid")))
        }),
        other.valid("key-by-its-fragment", "The token names the key by its fragment alone.", {
            let (_, fragment) = other.issuer.method.split_once('#').unwrap();
            named(&format!("#{fragment}"))
        }),
        other
            .invalid("key-of-another-did", "A stranger signed, and names a key of their own.", {
                by_forger(Some(&CAST.forger.method))
            })
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        other
            .invalid("key-of-a-stranger-named-as-the-issuers", "A stranger signed, and names the issuer's key.", {
                by_forger(Some(&other.issuer.method))
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        other
            .invalid("key-of-a-stranger-not-named", "A stranger signed, and names no key.", by_forger(None))
            .by(CheckId::Proof, Code::ProofMismatch),
        other
            .invalid(
                "key-that-the-issuer-does-not-have",
                "The issuer's identifier, and a fragment that is not there.",
                named(&format!("{}#another", other.issuer.did)),
            )
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        other
            .invalid("issuer-a-key-b", "The issuer is named, and the key is that of another who is trusted too.", {
                let mut credential = other.open_claims();
                put(&mut credential.header, "/kid", CAST.marine.method.as_str());
                credential.signed(&CAST.marine)
            })
            .trusting(&[list(&[other.entry.clone(), entry(&CAST.marine, "Example Marine Office", &["*"], &[])])])
            .by(CheckId::KeyBinding, Code::BindingOtherController),
    ]
}

fn by_metadata(institute: &Scene) -> Vec<Case> {
    let licence = Scene::new(About::Licence, Format::SdJwtVc).issued_by(&CAST.institute);
    vec![
        published(institute.valid(
            "keys-in-the-issuers-metadata",
            "The issuer is an https URL, whose metadata holds its key.",
            institute.credential(),
        )),
        published(licence.valid(
            "keys-in-the-issuers-metadata",
            "The licence of an issuer that is an https URL.",
            licence.credential(),
        )),
        institute
            .valid(
                "keys-at-another-address",
                "The issuer's metadata names the address of its keys, and both are at hand.",
                institute.credential(),
            )
            .fetched_from(METADATA, "issuer-metadata", &elsewhere())
            .fetched_from(KEYS, "key-set", &json!({ "keys": [own()] })),
        institute
            .valid("one-key-that-is-not-named", "The issuer has one key for signatures, and the token names none.", {
                institute.made(|credential| drop(take(&mut credential.header, "/kid")))
            })
            .fetched_from(METADATA, "issuer-metadata", &metadata(&[encryption(), own()])),
        institute
            .valid("metadata-fetched-after-an-assertion", "What the host fetched goes before somebody's newer word.", {
                institute.credential()
            })
            .fetched_from(METADATA, "issuer-metadata", &metadata(&[own()]))
            .with_material(json!({
                "type": "issuer-metadata",
                "resource": METADATA,
                "document": metadata(&[jwk(&CAST.forger, "key-1")]),
                "obtained": "2026-11-20T08:59:00Z",
                "source": { "assertedBy": CAST.forger.did },
            })),
    ]
}

/// A key that is for encryption.
fn encryption() -> Value {
    let mut key = jwk(&CAST.marine, "key-0");
    key["use"] = "enc".into();
    key
}

fn missing(institute: &Scene) -> Vec<Case> {
    let strangers = [list(&[entry(&CAST.school, "Example Evening School", &["*"], &[])])];
    let unavailable = |case: Case| case.by(CheckId::Proof, Code::ProofKeyUnavailable);
    let document = Scene::new(About::Other, Format::SdJwt).issued_by(&CAST.institute);
    vec![
        unavailable(institute.open(
            "metadata-missing-of-a-known-issuer",
            "The trust list knows the issuer, so the report names the metadata that is to be fetched.",
            institute.credential(),
        ))
        .missing(METADATA),
        unavailable(institute.open(
            "key-set-missing-of-a-known-issuer",
            "The metadata is at hand, and the keys that it names are not.",
            institute.credential(),
        ))
        .fetched_from(METADATA, "issuer-metadata", &elsewhere())
        .missing(KEYS),
        unavailable(institute.open(
            "metadata-missing-of-an-unknown-issuer",
            "Nobody knows the issuer, so the credential cannot make the verifier fetch anything.",
            institute.credential(),
        ))
        .trusting(&strangers),
        unavailable(institute.open(
            "key-set-missing-of-an-unknown-issuer",
            "Nobody knows the issuer, so what its metadata names is not fetched either.",
            institute.credential(),
        ))
        .trusting(&strangers)
        .fetched_from(METADATA, "issuer-metadata", &elsewhere()),
        unavailable(institute.open(
            "metadata-missing-but-may-be-fetched",
            "Nobody knows the issuer, and the policy lets the host fetch its metadata all the same.",
            institute.credential(),
        ))
        .trusting(&strangers)
        .policy(json!({ "fetchUnknownIssuers": true }))
        .missing(METADATA),
        unavailable(document.open(
            "metadata-where-a-document-is-needed",
            "The keys of an issuer in the W3C data model stand in its own document, not in its metadata.",
            document.credential(),
        ))
        .fetched_from(METADATA, "issuer-metadata", &metadata(&[own()]))
        .missing(&CAST.institute.did),
    ]
}

fn keys_in_it(institute: &Scene) -> Vec<Case> {
    let named = |name: &str| {
        let name = name.to_owned();
        institute.made(|credential| put(&mut credential.header, "/kid", name))
    };
    vec![
        institute
            .invalid("no-key-named-where-there-are-two", "The issuer has two keys, and the token names neither.", {
                institute.made(|credential| drop(take(&mut credential.header, "/kid")))
            })
            .fetched_from(METADATA, "issuer-metadata", &metadata(&[own(), jwk(&CAST.marine, "key-2")]))
            .by(CheckId::Proof, Code::ProofNoKey),
        institute
            .invalid("other-key-of-the-issuer-named", "The token names another key of the issuer's.", named("key-2"))
            .fetched_from(METADATA, "issuer-metadata", &metadata(&[own(), jwk(&CAST.marine, "key-2")]))
            .by(CheckId::Proof, Code::ProofMismatch),
        published(
            institute.invalid("key-by-a-name-that-nobody-gave", "No key has the name that the token says.", {
                named("key-9")
            }),
        )
        .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        institute
            .invalid("key-for-encryption-named", "The token names a key that is for encryption.", {
                let mut credential = institute.open_claims();
                put(&mut credential.header, "/kid", "key-0");
                credential.signed(&CAST.marine)
            })
            .fetched_from(METADATA, "issuer-metadata", &metadata(&[encryption(), own()]))
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        published(institute.invalid(
            "key-of-another-did-beside-an-issuers-url",
            "The key is named by a stranger's DID.",
            {
                let mut credential = institute.open_claims();
                put(&mut credential.header, "/kid", CAST.forger.method.as_str());
                credential.signed(&CAST.forger)
            },
        ))
        .by(CheckId::KeyBinding, Code::BindingOtherController),
        published(institute.invalid("signed-by-a-stranger", "A stranger signed, and names the institute's key.", {
            institute.open_claims().signed(&CAST.forger)
        }))
        .by(CheckId::Proof, Code::ProofMismatch),
        institute
            .invalid("key-replaced-in-the-metadata", "The issuer has another key by that name today.", {
                institute.credential()
            })
            .fetched_from(METADATA, "issuer-metadata", &metadata(&[jwk(&CAST.marine, "key-1")]))
            .by(CheckId::Proof, Code::ProofMismatch),
    ]
}

/// Metadata and key sets that do not count.
fn other_metadata(institute: &Scene) -> Vec<Case> {
    let with = |issuer: &str, mut metadata: Value| {
        metadata["issuer"] = issuer.into();
        metadata
    };
    let asserted = |type_name: &str, address: &str, document: Value| {
        json!({
            "type": type_name,
            "resource": address,
            "document": document,
            "obtained": "2026-11-19T09:00:00Z",
            "source": { "assertedBy": CAST.forger.did },
        })
    };
    let same_address = format!("{}/", CAST.institute.did);
    vec![
        institute
            .invalid("metadata-of-another-issuer", "The metadata names an issuer that only shares its address.", {
                institute.credential()
            })
            .fetched_from(METADATA, "issuer-metadata", &with(&same_address, metadata(&[own()])))
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        institute
            .invalid(
                "metadata-of-another-issuer-with-keys-elsewhere",
                "The same, and its keys stand at another address.",
                institute.credential(),
            )
            .fetched_from(METADATA, "issuer-metadata", &with(&same_address, elsewhere()))
            .fetched_from(KEYS, "key-set", &json!({ "keys": [own()] }))
            .by(CheckId::KeyBinding, Code::BindingNotInDocument),
        institute
            .open("metadata-only-asserted", "The issuer's metadata is somebody else's word.", institute.credential())
            .with_material(asserted("issuer-metadata", METADATA, metadata(&[own()])))
            .by(CheckId::Proof, Code::ProofKeyAsserted),
        institute
            .open("key-set-only-asserted", "The issuer's keys are somebody else's word.", institute.credential())
            .fetched_from(METADATA, "issuer-metadata", &elsewhere())
            .with_material(asserted("key-set", KEYS, json!({ "keys": [own()] })))
            .by(CheckId::Proof, Code::ProofKeyAsserted),
        institute
            .open("metadata-old", "The keys are a day old, and the metadata that names them a month.", {
                institute.credential()
            })
            .policy(json!({ "maxDocumentAge": "7d" }))
            .with_material(json!({
                "type": "issuer-metadata",
                "resource": METADATA,
                "document": elsewhere(),
                "obtained": "2026-10-20T09:00:00Z",
                "source": "fetched",
            }))
            .fetched_from(KEYS, "key-set", &json!({ "keys": [own()] }))
            .by(CheckId::Freshness, Code::FreshnessDocument),
    ]
}

/// Issuers by other names.
fn names() -> Vec<Case> {
    let other = Scene::new(About::Other, Format::SdJwtVc);
    let from = |name: Value, key: Option<&str>| {
        other.made(|credential| {
            put(&mut credential.payload, "/iss", name);
            match key {
                Some(key) => put(&mut credential.header, "/kid", key),
                None => drop(take(&mut credential.header, "/kid")),
            }
        })
    };
    let without_issuer = |key: Option<&str>| {
        other.made(|credential| {
            take(&mut credential.payload, "/iss");
            if key.is_none() {
                take(&mut credential.header, "/kid");
            }
        })
    };
    vec![
        other
            .invalid("issuer-over-plain-http", "The issuer is an http URL, which anybody on the way can answer.", {
                from("http://school.example".into(), Some("key-1"))
            })
            .by(CheckId::Proof, Code::ProofKeyUnusable),
        other
            .invalid("issuer-by-a-bare-name", "The issuer is a name that leads nowhere.", {
                from("Example Evening School".into(), Some("key-1"))
            })
            .by(CheckId::Proof, Code::ProofKeyUnusable),
        other
            .invalid("issuer-as-a-list", "The issuer is a list, of which each reader may take another item.", {
                from(json!([other.issuer.did, CAST.forger.did]), Some(&other.issuer.method))
            })
            .by(CheckId::KeyBinding, Code::BindingNoAuthor),
        other
            .invalid("issuer-missing", "Nobody is named as the issuer.", without_issuer(Some(&other.issuer.method)))
            .by(CheckId::KeyBinding, Code::BindingNoAuthor),
        other
            .invalid("issuer-and-key-missing", "Neither an issuer nor a key is named.", without_issuer(None))
            .by(CheckId::Proof, Code::ProofNoKey),
        other
            .invalid("issuer-may-ask-and-not-issue", "The list lets this party ask holders, and issue nothing.", {
                other.credential()
            })
            .trusting(&[list(&[json!({ "id": other.issuer.did, "verifies": ["*"] })])])
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        other
            .open("issuer-unknown", "The trust list knows other issuers, not this one.", other.credential())
            .trusting(&[list(&[entry(&CAST.marine, "Example Marine Office", &["*"], &[])])])
            .by(CheckId::IssuerTrust, Code::TrustUnknown),
    ]
}
