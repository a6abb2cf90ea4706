//! W3C decentralized identifiers and verifiable credentials: proofs of address that an organisation vouches for,
//! licences, and skill certifications.
//!
//! # The paved path
//!
//! 1. An issuer fills in what it knows ([`credential::kind::Claims`]), makes a draft of it ([`credential::Credential`])
//!    and signs that ([`issuer::Issuer`]).
//! 2. A holder answers one request of one verifier ([`presentation::present`]).
//! 3. A verifier decides ([`verify::verify`]), by its own trust list ([`trust::TrustList`]) and its own policy
//!    ([`verify::Policy`]). The [`verify::Report`] says valid, invalid or undetermined, why, and what to do, and hands
//!    the claims out only if they may be relied on.
//!
//! ```
//! use attesta::credential::kind::{Claims, Kind};
//! use attesta::credential::{Credential, Holder, Salt};
//! use attesta::issuer::Issuer;
//! use attesta::keys::{KeyType, Signer, SoftwareKey};
//! use attesta::presentation::{Disclose, Request, present};
//! use attesta::securing::Format;
//! use attesta::time::{Date, Timestamp};
//! use attesta::trust::{Entry, TrustList};
//! use attesta::verify::{At, Code, Expected, Materials, Outcome, Policy, Preset, verify};
//!
//! // An authority issues a licence, here for a week: one that lasts longer needs a place in a status list, by which it can
//! // be revoked (`issuer::Register`). On a phone, `Signer` stands for the key in its hardware.
//! let authority = SoftwareKey::generate(KeyType::Ed25519)?;
//! let phone = SoftwareKey::generate(KeyType::P256)?;
//! let issuer = Issuer::of_key(&authority);
//! let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example())?;
//! let draft = Credential::of(claims, issuer.id(), Date::new(2026, 11, 18)?, 7, Salt::random()?)?;
//! let licence = issuer.secure(&draft.holder(Holder::Key(phone.public_key())), Format::Jwt)?;
//!
//! // Its holder shows it to a desk that asked for it.
//! let now = Timestamp::parse("2026-11-20T09:30:00Z")?;
//! let request = Request { audience: "did:web:desk.example", nonce: "b3Vyc2VsdmVz", now };
//! let shown = present(&[licence.as_bytes()], Disclose::Everything, &request, &phone)?;
//!
//! // The desk decides. Time is an argument, and nothing is fetched.
//! let list = TrustList::new(now, vec![Entry::new(issuer.id(), [Kind::Licence.name()])])?;
//! let policy = Policy::preset(Preset::LicenceCheck).trusting(list);
//! let decide = |nonce| {
//!     let expected = Expected::answer(request.audience, nonce);
//!     verify(shown.as_bytes(), &expected, &Materials::none(), &policy, At::Now(now))
//! };
//! let report = decide(request.nonce);
//! assert_eq!(report.outcome(), Outcome::Valid);
//! for accepted in report.accepted() {
//!     assert!(matches!(accepted.claims(), Some(Claims::Licence(_))));
//! }
//!
//! // Somebody copied the answer and sends it to another request of the same desk.
//! let report = decide("bm90IHRoaXMgb25l");
//! assert_eq!(report.outcome(), Outcome::Invalid);
//! assert_eq!(report.reason().map(|check| check.code()), Some(Code::NonceOther));
//! assert!(report.accepted().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Modules
//!
//! Each item has one path. From the top layer down:
//!
//! | module | for |
//! |---|---|
//! | [`issuer`] | issuing |
//! | [`wallet`] | a holder's side: who asks, what would be shown, the answer |
//! | [`fetch`] | verifying with a network: what is missing is fetched, safely |
//! | [`verify`] | deciding: [`verify::verify`], policies, materials, reports; [`verify::danger`] checks a proof alone |
//! | [`trust`] | whom a verifier believes, and for what |
//! | [`presentation`] | presenting |
//! | [`status`] | status lists: what an issuer says of a credential after issuing it |
//! | [`credential`] | the three kinds, drafts, VC Data Model 2.0 |
//! | [`did`] | DIDs, their documents and resolution |
//! | [`securing`] | formats: given a key, does the envelope hold |
//! | [`jsonld`] | JSON-LD to quads, quads to canonical text |
//! | [`keys`] | public keys, JWK and Multikey, the [`keys::Signer`] trait, software keys |
//! | [`encoding`] | strict JSON, canonical JSON, base64url, multibase |
//! | [`time`] | days and moments |
//! | [`threshold`] | how many different parties stand behind something |
//! | [`error`], [`limits`] | what every error says of itself; every ceiling on untrusted input |
//!
//! # Features
//!
//! None is on by default, and each only adds: `schema` for the kinds' JSON Schemas, `http` for fetching over HTTPS,
//! `store` for what is kept on disk, `cli` for the command line.

#![forbid(unsafe_code)]

pub mod credential;
pub mod did;
pub mod encoding;
pub mod error;
pub mod fetch;
pub mod issuer;
pub mod jsonld;
pub mod keys;
pub mod limits;
pub mod presentation;
pub mod securing;
pub mod status;
pub mod threshold;
pub mod time;
pub mod trust;
pub mod verify;
pub mod wallet;

/// Compiles and runs what the README shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
