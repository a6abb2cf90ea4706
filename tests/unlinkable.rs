//! Copies of one guarantee, shown to two verifiers: what the two keep of it has nothing in common but what every
//! credential of the issuer from that day has, and what was shown to both.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::base64url;
use attesta::encoding::json::{Map, Value};
use attesta::error::Explain;
use attesta::issuer::{CopyFor, Issuer};
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, CheckId, Expected, Materials, Outcome, Policy, Preset, verify};
use serde_json::json;

const BANKS: [&str; 2] = ["https://harbour.example", "https://peak.example"];
const NONCES: [&str; 2] = ["n-0S6_WzA2Mj0S6_WzA2Mj", "m-7GDh3kqSl0A7GDh3kqSl"];

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T09:30:00Z").unwrap()
}

fn slot(index: u32) -> Map {
    let entry = json!({ "status_list": { "idx": index, "uri": "https://centre.example/status/1" } });
    entry.as_object().unwrap().clone()
}

fn draft(issuer: &Issuer<'_>, change: impl FnOnce(&mut Map)) -> Credential {
    let mut file = Kind::ProofOfAddress.example();
    change(&mut file);
    let claims = Claims::from_claims_file(Kind::ProofOfAddress, &file).unwrap();
    Credential::of(claims, issuer.id(), Date::new(2026, 11, 18).unwrap(), 7, Salt::random().unwrap()).unwrap()
}

fn recipients(keys: &[SoftwareKey], first_slot: u32) -> Vec<CopyFor> {
    let recipient = |(key, index): (&SoftwareKey, u32)| CopyFor {
        holder: Holder::Key(key.public_key()),
        salt: Salt::random().unwrap(),
        status: vec![slot(index)],
    };
    keys.iter().zip(first_slot..).map(recipient).collect()
}

fn keys(count: usize) -> Vec<SoftwareKey> {
    (0..count).map(|_| SoftwareKey::generate(KeyType::P256).unwrap()).collect()
}

/// Every text and number that a verifier gets to see, with the members' names taken away; and every text that looks
/// like something encoded, taken apart.
fn strings_of(presented: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in presented.split(['~', '.']).filter(|part| !part.is_empty()) {
        found.insert(part.to_owned());
        if let Ok(bytes) = base64url::decode(part)
            && let Ok(value) = serde_json::from_slice::<Value>(&bytes)
        {
            collect(&value, &mut found);
        }
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| collect(value, found)),
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        Value::Null | Value::Bool(_) => {}
        leaf => {
            found.insert(leaf.to_string().trim_matches('"').to_owned());
        }
    }
}

fn shown(credential: &str, pointers: &[&str], bank: usize, key: &SoftwareKey) -> String {
    let request = Request { audience: BANKS[bank], nonce: NONCES[bank], now: now() };
    present(&[credential.as_bytes()], Disclose::Only(pointers), &request, key).unwrap()
}

#[test]
fn two_verifiers_have_nothing_in_common_but_what_every_tenant_shares() {
    let centre = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let issuer = Issuer::of_key(&centre);
    let (tenants_keys, others_keys) = (keys(2), keys(1));
    let copies = |keys: &[SoftwareKey], first_slot, change: fn(&mut Map)| {
        let recipients = recipients(keys, first_slot);
        issuer.secure_copies(&draft(&issuer, change), &recipients, [first_slot as u8; 16], Format::SdJwtVc).unwrap()
    };
    let tenants = copies(&tenants_keys, 100, |_| {});
    // Another tenant of the same centre, with another name, who has fewer papers.
    let other = copies(&others_keys, 200, |file| {
        file.insert("name".to_owned(), "李小明".into());
        for member in ["nameLatin", "familyName", "givenName", "birthDate", "identityDocument", "portrait", "purpose"] {
            file.remove(member);
        }
    });

    let district = ["/address/country", "/address/district"];
    let since = ["/address/country", "/residentSince"];
    let first = shown(&tenants.credentials[0], &district, 0, &tenants_keys[0]);
    let second = shown(&tenants.credentials[1], &since, 1, &tenants_keys[1]);
    let third = shown(&other.credentials[0], &since, 1, &others_keys[0]);
    let entry = Entry::new(issuer.id(), ["proof-of-address"]);
    let policy = Policy::preset(Preset::BankAddress).trusting(TrustList::new(now(), vec![entry]).unwrap());
    let of_status = [CheckId::StatusRevocation, CheckId::StatusSuspension, CheckId::StatusList];
    let policy = of_status.into_iter().fold(policy, |policy, check| policy.relaxing(check).unwrap());
    for (answer, bank) in [(&first, 0), (&second, 1), (&third, 1)] {
        let expected = Expected::answer(BANKS[bank], NONCES[bank]);
        let report = verify(answer.as_bytes(), &expected, &Materials::none(), &policy, At::Now(now()));
        assert_eq!(report.outcome(), Outcome::Valid, "{:?}", report.reason());
    }

    let [first, second, third] = [&first, &second, &third].map(|shown| strings_of(shown));
    let common: BTreeSet<&String> = first.intersection(&second).collect();
    let mut of_everybody: BTreeSet<&String> = first.intersection(&third).collect();
    let disclosed_to_both = ["HK".to_owned(), "country".to_owned(), "address".to_owned()];
    of_everybody.extend(&disclosed_to_both);
    let linking: Vec<_> = common.difference(&of_everybody).collect();
    assert!(linking.is_empty(), "both records hold {linking:?}");
    assert!(common.len() > 5, "nothing was compared: {common:?}");

    // The negative control: one copy shown to both is linked by its digests, its key and its slot.
    let again = strings_of(&shown(&tenants.credentials[0], &since, 1, &tenants_keys[0]));
    assert!(first.intersection(&again).filter(|text| !of_everybody.contains(text)).count() > 10);

    assert_eq!(tenants.record.slots().count(), 2);
    assert!(tenants.record.slots().eq([&slot(100), &slot(101)]));
    assert_ne!(tenants.record.copies[0].digest, tenants.record.copies[1].digest);
    let written = serde_json::to_string(&tenants.record).unwrap();
    assert_eq!(serde_json::from_str::<attesta::issuer::Record>(&written).unwrap(), tenants.record);
    assert!(!written.contains("陳") && !written.contains("address"), "{written}");
}

#[test]
fn copies_that_anybody_could_link_are_not_made() {
    let centre = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let issuer = Issuer::of_key(&centre);
    let draft = draft(&issuer, |_| {});
    let keys = keys(2);
    let code = |draft: &Credential, recipients: &[CopyFor]| {
        let copies = issuer.secure_copies(draft, recipients, [1; 16], Format::SdJwtVc);
        copies.map_or_else(|error| error.code(), |_| "issued")
    };
    let good = recipients(&keys, 1);
    assert_eq!(code(&draft, &good), "issued");
    assert_eq!(code(&draft, &[]), "issue.copies");

    let changed = |change: fn(&mut Vec<CopyFor>)| {
        let mut recipients = good.clone();
        change(&mut recipients);
        recipients
    };
    let same_key = changed(|them| them[1].holder = them[0].holder.clone());
    let same_key_as_did = changed(|them| {
        if let Holder::Key(key) = &them[0].holder {
            them[1].holder = Holder::Did(attesta::did::method::key::from_key(key));
        }
    });
    let same_salt = changed(|them| them[1].salt = them[0].salt);
    let same_slot = changed(|them| them[1].status = them[0].status.clone());
    for linked in [same_key, same_key_as_did, same_salt, same_slot] {
        assert_eq!(code(&draft, &linked), "issue.copies");
    }
    let bound = draft.clone().holder(Holder::Key(keys[0].public_key()));
    assert_eq!(code(&bound, &good), "issue.copies");
    // A slot of the draft's would be the slot of every copy that has none of its own.
    let slot = good[0].status[0].clone();
    let without = changed(|them| them.iter_mut().for_each(|one| one.status.clear()));
    assert_eq!(code(&draft, &without), "issued");
    for recipients in [&without, &good] {
        assert_eq!(code(&draft.clone().status(slot.clone()), recipients), "issue.copies");
    }
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": { "name": "Ada" },
    });
    let document = std::mem::take(document.as_object_mut().unwrap());
    let day = Date::new(2026, 11, 2).unwrap();
    let document = Credential::of_document(document, issuer.id(), day, Salt::random().unwrap()).unwrap();
    assert_eq!(code(&document, &good), "issue.copies");
}
