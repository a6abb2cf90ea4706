//! The register is killed at 200 random moments: what it confirmed stays, no place is given out twice, and what belongs
//! together is all there or not at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::issuer::store::FileStore;
use attesta::issuer::{Change, CopyFor, Issuer, Register, StatusList};
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::securing::Format;
use attesta::status::{Entry, List, Mechanism, NewList, Standing, Statuses};
use attesta::time::{Date, Timestamp};

use common::kill;

const URL: &str = "https://centre.example/status/1";
const COPIES: usize = 3;

/// Issues and revokes until it is killed.
fn work(folder: &Path) -> ! {
    let store = FileStore::open_or_create(folder).unwrap();
    let register = Register::open(&store).unwrap();
    let key = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let issuer = Issuer::of_key(&key);
    let list = register.list(URL).or_else(|_| register.create_list(StatusList::token(URL, issuer.id()))).unwrap();
    kill::confirm("list");
    let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example()).unwrap();
    let day = Date::new(2026, 11, 2).unwrap();
    let draft = Credential::of(claims, issuer.id(), day, 90, Salt::random().unwrap()).unwrap();
    let holders: Vec<_> = (0..COPIES).map(|_| SoftwareKey::generate(KeyType::Ed25519).unwrap().public_key()).collect();
    loop {
        let slots = register.allocate(&list, COPIES).unwrap();
        for slot in &slots {
            kill::confirm(&format!("slot {}", slot.index));
        }
        let recipient = |(key, status): (&attesta::keys::PublicKey, _)| CopyFor {
            holder: Holder::Key(key.clone()),
            salt: Salt::random().unwrap(),
            status: vec![status],
        };
        let recipients: Vec<_> = holders.iter().zip(slots.into_iter().map(|slot| slot.entry)).map(recipient).collect();
        let mut reference = [0; 16];
        getrandom::fill(&mut reference).unwrap();
        let copies = issuer.secure_copies(&draft, &recipients, reference, Format::SdJwtVc).unwrap();
        register.record(&copies.record).unwrap();
        kill::confirm(&format!("record {}", copies.record.reference));
        register.change_reference(&copies.record.reference, Change::Revoke).unwrap();
        kill::confirm(&format!("revoked {}", copies.record.reference));
    }
}

/// What a verifier would read if the list were published now.
fn published(statuses: &Statuses) -> List {
    let moment = |text| Timestamp::parse(text).unwrap();
    let new = NewList {
        url: URL,
        issuer: "did:web:centre.example",
        purposes: &[],
        signed_at: moment("2026-11-02T09:00:00Z"),
        expires: moment("2026-11-09T09:00:00Z"),
        ttl: 60,
        statuses,
    };
    List::from_token_claims(&new.to_token_claims().unwrap(), URL).unwrap()
}

#[test]
fn nothing_that_was_confirmed_is_lost() {
    if let Some(folder) = kill::victim() {
        work(Path::new(&folder));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("register_killed");
    let _ = std::fs::remove_dir_all(&folder);
    let mut taken = BTreeSet::new();
    let mut records: BTreeMap<String, bool> = BTreeMap::new();
    let argument = folder.to_str().unwrap();
    let test = "nothing_that_was_confirmed_is_lost";
    kill::rounds(test, argument, 200, Duration::from_millis(120), |round, confirmed| {
        // Anew from time to time, so that the first moments of a store are among those that are cut short.
        let begins = round % 20 == 0;
        if begins {
            taken.clear();
            records.clear();
        }
        let has_list = confirmed.iter().any(|line| line == "list");
        for line in &confirmed {
            match line.split_once(' ') {
                Some(("slot", index)) => {
                    assert!(taken.insert(index.parse::<u64>().unwrap()), "{index} was given out twice");
                }
                Some(("record", reference)) => assert_eq!(records.insert(reference.to_owned(), false), None),
                Some(("revoked", reference)) => assert_eq!(records.insert(reference.to_owned(), true), Some(false)),
                _ => assert_eq!(line, "list"),
            }
        }
        let store = FileStore::open_or_create(&folder).unwrap_or_else(|error| panic!("round {round}: {error}"));
        let register = Register::open(&store).unwrap();
        let Ok(list) = register.list(URL) else {
            assert!(!has_list && taken.is_empty(), "round {round}: the list is gone");
            return;
        };
        assert_eq!(list.list.mechanism, Mechanism::Token);
        let read = published(&register.statuses(&list).unwrap());
        let mut found = register.records(None, usize::MAX).unwrap();
        for reference in records.keys() {
            assert!(found.iter().any(|record| record.reference == *reference), "round {round}: a record is gone");
        }
        for record in &found {
            let standing = |entry| read.standing(&Entry::read(entry).unwrap().unwrap()).unwrap();
            let standings: BTreeSet<_> = record.slots().map(|entry| standing(entry) == Standing::Revoked).collect();
            assert_eq!((record.slots().count(), standings.len()), (COPIES, 1), "round {round}: half of the copies");
            if records.get(&record.reference) == Some(&true) {
                assert!(standings.contains(&true), "round {round}: a revocation is gone");
            }
        }
        // Each place that was confirmed is taken, whether or not its record was still written.
        for index in &taken {
            register.change(&list, *index, Change::Revoke).unwrap();
        }
        for record in found.drain(..) {
            records.insert(record.reference, true);
        }
        drop(store);
        if round % 20 == 19 {
            std::fs::remove_dir_all(&folder).unwrap();
        }
    });
}
