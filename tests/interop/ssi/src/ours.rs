//! What attesta issues and decides here, and how both verdicts on an attack are kept.

use std::collections::BTreeMap;

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Holder, Salt};
use attesta::issuer::Issuer;
use attesta::keys::Signer as _;
use attesta::securing::Format;
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Expected, Materials, Outcome, Policy, Preset, Report, verify};
use attesta_interop::{Party, claims, day, now};

/// A credential of that kind, issued by attesta.
pub fn we_issue(kind: Kind, issuer: &Party, holder: &Party, format: Format) -> String {
    let draft = Credential::of(claims(kind), &issuer.did, day(0), 7, Salt::random().unwrap()).unwrap();
    let holder = match format {
        Format::SdJwt | Format::SdJwtVc => Holder::Key(holder.key.public_key()),
        _ => Holder::Did(holder.did.clone()),
    };
    Issuer::of_did(&issuer.did, &issuer.key).unwrap().secure(&draft.holder(holder), format).unwrap()
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
