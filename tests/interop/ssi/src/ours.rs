//! What attesta issues and decides here, and how both verdicts on an attack are kept.

use std::collections::BTreeMap;

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::base64url;
use attesta::issuer::Issuer;
use attesta::keys::{PublicKey, Signer as _};
use attesta::securing::Format;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Expected, Materials, Outcome, Policy, Preset, Report, verify};
use attesta_interop::{Party, claims, day, now};
use serde_json::{Value, json};

/// A credential of that kind, issued by attesta.
pub fn we_issue(kind: Kind, issuer: &Party, holder: &Party, format: Format) -> String {
    let draft = Credential::of(claims(kind), &issuer.did, day(0), 7, Salt::random().unwrap()).unwrap();
    let holder = match format {
        Format::SdJwt | Format::SdJwtVc => Holder::Key(holder.key.public_key()),
        _ => Holder::Did(holder.did.clone()),
    };
    Issuer::of_did(&issuer.did, &issuer.key).unwrap().secure(&draft.holder(holder), format).unwrap()
}

/// A credential of that kind for somebody else to sign: it has no status, and so is valid for a week.
pub fn document_of(kind: Kind, issuer: &Party, holder: &Party) -> Value {
    document_by(kind, &issuer.did, &holder.did)
}

/// The same by DIDs.
pub fn document_by(kind: Kind, issuer: &str, holder: &str) -> Value {
    let (since, until) = (day(0).midnight().to_string(), day(7).midnight().to_string());
    json!({
        "@context": kind.context(),
        "id": "urn:uuid:1f0c9f0e-6d3c-4e0b-9d55-0a4b7b1f2a11",
        "type": kind.types(),
        "issuer": issuer,
        "validFrom": since,
        "validUntil": until,
        "credentialSubject": claims(kind).to_subject(Some(holder)),
    })
}

/// The same as a claims set, for an SD-JWT VC.
pub fn claims_set(kind: Kind, issuer: &Party, holder: &Party) -> Value {
    claims_set_of(kind, &issuer.did, &holder.key.public_key())
}

/// The same by a DID and a key.
pub fn claims_set_of(kind: Kind, issuer: &str, holder: &PublicKey) -> Value {
    let mut set = Value::Object(claims(kind).to_claims_file());
    set["vct"] = kind.vct().into();
    set["iss"] = issuer.into();
    set["iat"] = day(0).midnight().unix().into();
    set["nbf"] = day(0).midnight().unix().into();
    set["exp"] = day(7).midnight().unix().into();
    set["cnf"] = json!({ "jwk": holder.to_jwk() });
    set
}

/// What a token says.
pub fn payload_of(token: &str) -> Value {
    serde_json::from_slice(&base64url::decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// What of a credential or a claims set its holder may hide.
pub fn hidden_in(kind: Kind, format: Format, payload: &Value) -> Vec<String> {
    match format {
        Format::SdJwt => kind.disclosable_subject(payload["credentialSubject"].as_object().unwrap()),
        _ => kind.disclosable(payload.as_object().unwrap()),
    }
}

/// attesta's decision about a credential, the issuer trusted for whatever it issues.
pub fn we_judge(signed: &str, issuer: &str) -> Report {
    we_judge_for(signed, issuer, &Expected::nothing())
}

/// The same, about an answer to a request.
pub fn we_judge_for(signed: &str, issuer: &str, expected: &Expected) -> Report {
    let list = TrustList::new(now(), vec![Entry::new(issuer, ["*"])]).unwrap();
    // No derived proof can show that there is no status.
    let policy = Policy::preset(Preset::Default).trusting(list).relaxing(CheckId::StatusList).unwrap();
    verify(signed.as_bytes(), expected, &Materials::none(), &policy, At::Now(now()))
}

/// The check that decided, and what it found.
pub fn found(report: &Report) -> Option<(&'static str, &'static str)> {
    report.reason().map(|check| (check.id().name(), check.code().name()))
}

/// A token that was signed with its header and payload exactly like this.
pub fn signed_as_it_stands(header: &str, payload: &str, party: &Party) -> String {
    let input = format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
    format!("{input}.{}", base64url::encode(party.key.sign(input.as_bytes()).unwrap()))
}

/// With one bit of the signature changed.
pub fn flipped(token: &str) -> String {
    let (token, signature) = token.rsplit_once('.').unwrap();
    let mut signature = base64url::decode(signature).unwrap();
    signature[9] ^= 1;
    format!("{token}.{}", base64url::encode(&signature))
}

/// With one bit of the last letter changed.
pub fn with_another_end(token: &str) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = token.split_at(token.len() - 1);
    let place = LETTERS.find(last).unwrap() ^ 1;
    format!("{rest}{}", &LETTERS[place..=place])
}

/// What is said of attacks: attesta refuses every one, and what another implementation accepts is named.
#[derive(Default)]
pub struct Attacks {
    refused_by_both: usize,
    they_accept: BTreeMap<String, usize>,
}

impl Attacks {
    /// attesta must refuse it for that reason, and the other must say what is expected of it.
    ///
    /// # Panics
    /// If one of them says something else.
    pub fn judged(&mut self, what: &str, ours: &Report, reason: &str, theirs: &Result<(), String>, they_accept: bool) {
        assert_ne!(ours.outcome(), Outcome::Valid, "{what}: attesta accepted it");
        assert!(ours.accepted().is_empty(), "{what}: claims were shown");
        assert_eq!(found(ours).map(|(_, code)| code), Some(reason), "{what}");
        assert_eq!(theirs.is_ok(), they_accept, "{what}: the other says {theirs:?}");
        match they_accept {
            true => *self.they_accept.entry(what.to_owned()).or_default() += 1,
            false => self.refused_by_both += 1,
        }
    }

    /// Says what was found.
    ///
    /// # Panics
    /// If there were no attacks that both refuse.
    pub fn close(&self, whom: &str) {
        assert!(self.refused_by_both > 0);
        let accepted: usize = self.they_accept.values().sum();
        println!("attacks: {} refused by both, {accepted} more by attesta alone", self.refused_by_both);
        for (what, count) in &self.they_accept {
            println!("  {whom} accepts {count} x {what}");
        }
    }
}
