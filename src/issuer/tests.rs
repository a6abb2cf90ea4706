//! The register: places that are never given out twice, one word that reaches every copy, lists that read back.

use std::collections::BTreeSet;

use super::store::{Batch, InMemory, Store, StoreError};
use super::*;
use crate::credential::kind::{Claims, Kind};
use crate::credential::{Credential, Holder, Salt};
use crate::encoding::json::{self, Map};
use crate::error::Explain;
use crate::keys::{KeyType, Signer, SoftwareKey};
use crate::securing::Format;
use crate::securing::jose::Jws;
use crate::status::bitstring::MINIMUM_ENTRIES;
use crate::status::{Entry, List, Purpose, Standing};
use crate::time::{Date, Timestamp};

const REVOKED: &str = "https://ngo.example/status/revoked";
const SUSPENDED: &str = "https://ngo.example/status/suspended";
const TOKEN: &str = "https://ngo.example/status/token";

fn at(hour: u32) -> Timestamp {
    Timestamp::parse(&format!("2026-11-02T{hour:02}:00:00Z")).unwrap()
}

fn key() -> SoftwareKey {
    SoftwareKey::generate(KeyType::Ed25519).unwrap()
}

/// A register with a list of each kind.
fn filled<'s>(store: &'s InMemory, issuer: &Issuer<'_>) -> (Register<'s>, [RegisteredList; 3]) {
    let register = Register::open(store).unwrap();
    let lists = [
        StatusList::bitstring(REVOKED, issuer.id(), Purpose::Revocation),
        StatusList::bitstring(SUSPENDED, issuer.id(), Purpose::Suspension).format(Format::EddsaJcs2022),
        StatusList::token(TOKEN, issuer.id()),
    ];
    (register, lists.map(|list| register.create_list(list).unwrap()))
}

/// The list as a verifier reads it.
fn published(register: &Register<'_>, list: &RegisteredList, issuer: &Issuer<'_>, hour: u32) -> List {
    let signed = register.publish(list, issuer, at(hour), at(hour).plus_seconds(86_400), 3600).unwrap();
    if signed.starts_with('{') {
        let document = json::parse_object(signed.as_bytes()).unwrap();
        return List::from_bitstring_credential(&document, &list.list.url).unwrap();
    }
    let payload = Jws::parse(&signed).unwrap().payload;
    match list.list.url.as_str() {
        TOKEN => List::from_token_claims(&payload, TOKEN).unwrap(),
        url => List::from_bitstring_credential(&payload, url).unwrap(),
    }
}

fn standing(list: &List, entry: &Map) -> Standing<'static> {
    match list.standing(&Entry::read(entry).unwrap().unwrap()).unwrap() {
        Standing::Good => Standing::Good,
        Standing::Revoked => Standing::Revoked,
        Standing::Suspended => Standing::Suspended,
        other => panic!("{other:?}"),
    }
}

fn draft(issuer: &Issuer<'_>) -> Credential {
    let claims = Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example()).unwrap();
    Credential::of(claims, issuer.id(), Date::new(2026, 11, 2).unwrap(), 90, Salt::random().unwrap()).unwrap()
}

/// So many copies with a slot in each of the lists, registered.
fn copies(register: &Register<'_>, lists: &[&RegisteredList], issuer: &Issuer<'_>, count: usize, name: u8) -> Copies {
    let slots: Vec<Vec<Slot>> = lists.iter().map(|list| register.allocate(list, count).unwrap()).collect();
    let recipients: Vec<CopyFor> = (0..count)
        .map(|at| CopyFor {
            holder: Holder::Key(SoftwareKey::generate(KeyType::P256).unwrap().public_key()),
            salt: Salt::random().unwrap(),
            status: slots.iter().map(|slots| slots[at].entry.clone()).collect(),
        })
        .collect();
    let format = if lists[0].list.fits(Format::SdJwtVc) { Format::SdJwtVc } else { Format::Jwt };
    let copies = issuer.secure_copies(&draft(issuer), &recipients, [name; 16], format).unwrap();
    register.record(&copies.record).unwrap();
    copies
}

#[test]
fn one_word_revokes_every_copy_and_nobody_elses() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, suspended, token]) = filled(&store, &issuer);
    let tenant = copies(&register, &[&revoked, &suspended], &issuer, 5, 1);
    let other = copies(&register, &[&revoked, &suspended], &issuer, 5, 2);
    let all = |record: &Record, list: &RegisteredList, hour, expected| {
        let read = published(&register, list, &issuer, hour);
        let entries = record.slots().filter(|entry| entry["statusListCredential"] == list.list.url.as_str());
        assert_eq!(entries.map(|entry| assert_eq!(standing(&read, entry), expected)).count(), 5);
    };
    all(&tenant.record, &revoked, 1, Standing::Good);

    let changed = register.change_reference(&tenant.record.reference, Change::Suspend).unwrap();
    assert_eq!((changed.copies, changed.lists), (5, vec![SUSPENDED.to_owned()]));
    all(&tenant.record, &suspended, 2, Standing::Suspended);
    register.change_reference(&tenant.record.reference, Change::Reinstate).unwrap();
    all(&tenant.record, &suspended, 3, Standing::Good);

    let changed = register.change_reference(&tenant.record.reference, Change::Revoke).unwrap();
    assert_eq!((changed.copies, changed.lists), (5, vec![REVOKED.to_owned()]));
    all(&tenant.record, &revoked, 4, Standing::Revoked);
    all(&tenant.record, &suspended, 4, Standing::Good);
    all(&other.record, &revoked, 5, Standing::Good);
    // Once more changes nothing, and harms nobody.
    register.change_reference(&tenant.record.reference, Change::Revoke).unwrap();

    let tokens = copies(&register, &[&token], &issuer, 3, 3);
    register.change_reference(&tokens.record.reference, Change::Suspend).unwrap();
    let read = published(&register, &token, &issuer, 6);
    assert!(tokens.record.slots().all(|entry| standing(&read, entry) == Standing::Suspended));
    register.change_reference(&tokens.record.reference, Change::Revoke).unwrap();
    let read = published(&register, &token, &issuer, 7);
    assert!(tokens.record.slots().all(|entry| standing(&read, entry) == Standing::Revoked));
    for change in [Change::Suspend, Change::Reinstate] {
        assert_eq!(register.change_reference(&tokens.record.reference, change), Err(RegisterError::Revoked));
    }
}

#[test]
fn the_issuers_own_number_reaches_all_that_was_issued_under_it() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, _, _]) = filled(&store, &issuer);
    let mut number = 0;
    let mut issue = |own_reference: &str| {
        number += 1;
        let mut claims = Kind::ProofOfAddress.example();
        claims.insert("reference".to_owned(), own_reference.into());
        let claims = Claims::from_claims_file(Kind::ProofOfAddress, &claims).unwrap();
        let [slot] = &register.allocate(&revoked, 1).unwrap()[..] else { panic!("one place") };
        let day = Date::new(2026, 11, 2).unwrap();
        let draft = Credential::of(claims, issuer.id(), day, 90, Salt::random().unwrap()).unwrap();
        let holder = Holder::Key(SoftwareKey::generate(KeyType::P256).unwrap().public_key());
        let draft = draft.holder(holder).status(slot.entry.clone());
        let (_, record) = issuer.secure_recorded(&draft, [number; 16], Format::Jwt).unwrap();
        register.record(&record).unwrap();
        record
    };
    let [first, renewed, neighbour] = ["2026-0412", "2026-0412", "2026-0413"].map(&mut issue);
    // A number that looks like somebody else's reference is only a number.
    let confusing = issue(&neighbour.reference);

    assert_eq!(register.find_own("2026-0412").unwrap().len(), 2);
    assert_eq!(register.change_reference("2026-0412", Change::Revoke).unwrap().copies, 2);
    let read = published(&register, &revoked, &issuer, 1);
    let standing_of = |record: &Record| standing(&read, record.slots().next().unwrap());
    assert_eq!([&first, &renewed].map(standing_of), [Standing::Revoked; 2]);
    assert_eq!([&neighbour, &confusing].map(standing_of), [Standing::Good; 2]);

    register.change_reference(&neighbour.reference, Change::Revoke).unwrap();
    let read = published(&register, &revoked, &issuer, 2);
    assert_eq!(standing(&read, neighbour.slots().next().unwrap()), Standing::Revoked);
    assert_eq!(standing(&read, confusing.slots().next().unwrap()), Standing::Good);
    for unknown in ["2026-041", "2026-0412/", "", "2026-0414", "own-reference/"] {
        assert_eq!(register.change_reference(unknown, Change::Revoke), Err(RegisterError::UnknownReference));
    }
}

#[test]
fn what_cannot_be_changed_is_refused() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, suspended, token]) = filled(&store, &issuer);
    let [slot] = &register.allocate(&revoked, 1).unwrap()[..] else { panic!("one place") };
    let free = if slot.index == 0 { 1 } else { 0 };
    assert_eq!(register.change(&revoked, free, Change::Revoke), Err(RegisterError::NotAllocated));
    assert_eq!(register.change(&revoked, u64::MAX, Change::Revoke), Err(RegisterError::NotAllocated));
    assert_eq!(register.change(&token, slot.index, Change::Revoke), Err(RegisterError::NotAllocated));
    for change in [Change::Suspend, Change::Reinstate] {
        let refused = register.change(&revoked, slot.index, change);
        assert_eq!(refused, Err(RegisterError::OtherPurpose { purpose: "suspension" }));
    }
    for reference in ["AQEBAQEBAQEBAQEBAQEBAQ", "", "../version", "AQEBAQEBAQEBAQEBAQEBA/", &"A".repeat(5000)] {
        assert_eq!(register.change_reference(reference, Change::Revoke), Err(RegisterError::UnknownReference));
    }
    // A credential that can only be suspended is not taken for revoked.
    let only = copies(&register, &[&suspended], &issuer, 2, 1);
    let refused = register.change_reference(&only.record.reference, Change::Revoke);
    assert_eq!(refused, Err(RegisterError::OtherPurpose { purpose: "revocation" }));
    assert_eq!(register.record(&only.record), Err(RegisterError::ReferenceTwice));
    let bare = issuer.secure_recorded(&draft(&issuer).holder(Holder::Key(key.public_key())), [9; 16], Format::Jwt);
    let (_, record) = bare.unwrap();
    register.record(&record).unwrap();
    let refused = register.change_reference(&record.reference, Change::Revoke);
    assert_eq!(refused, Err(RegisterError::OtherPurpose { purpose: "revocation" }));
}

/// Of several copies one names a list that the register does not have: all stay as they are.
#[test]
fn of_many_copies_all_are_revoked_or_none() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, ..]) = filled(&store, &issuer);
    let tenant = copies(&register, &[&revoked], &issuer, 3, 1);
    let mut record = tenant.record.clone();
    record.reference = "AgICAgICAgICAgICAgICAg".to_owned();
    record.copies[1].status[0]["statusListCredential"] = "https://elsewhere.example/1".into();
    register.record(&record).unwrap();
    assert_eq!(register.change_reference(&record.reference, Change::Revoke), Err(RegisterError::UnknownList));
    record.reference = "AwMDAwMDAwMDAwMDAwMDAw".to_owned();
    record.copies[1].status.clear();
    register.record(&record).unwrap();
    let refused = register.change_reference(&record.reference, Change::Revoke);
    assert_eq!(refused, Err(RegisterError::OtherPurpose { purpose: "revocation" }));
    let read = published(&register, &revoked, &issuer, 1);
    assert!(tenant.record.slots().all(|entry| standing(&read, entry) == Standing::Good));
}

#[test]
fn places_are_never_given_out_twice() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, ..]) = filled(&store, &issuer);
    let mut seen = BTreeSet::new();
    for count in [1, 500, 1, 500] {
        // Opened anew, as after a restart.
        let register = Register::open(&store).unwrap();
        for slot in register.allocate(&register.list(REVOKED).unwrap(), count).unwrap() {
            assert!(slot.index < MINIMUM_ENTRIES && seen.insert(slot.index));
        }
    }
    assert_eq!(register.lists().unwrap()[0], revoked);
    // From the whole list: with 1,002 places the chance that a given quarter is not hit is below 10^-125.
    for quarter in 0..4 {
        let range = quarter * MINIMUM_ENTRIES / 4..(quarter + 1) * MINIMUM_ENTRIES / 4;
        assert!(seen.range(range).count() > 100);
    }
}

#[test]
fn threads_that_draw_at_once_get_different_places() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, ..]) = filled(&store, &issuer);
    let draw = || {
        let places = (0..50).flat_map(|_| register.allocate(&revoked, 4).unwrap());
        places.map(|slot| slot.index).collect::<Vec<_>>()
    };
    let drawn = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(draw)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 800);
}

/// A store in which every place is taken.
struct Crowded(InMemory);

impl Store for Crowded {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if key.starts_with("slot/") { Ok(Some(vec![0])) } else { self.0.get(key) }
    }

    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.0.page(prefix, after, limit)
    }

    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.0.commit(batch)
    }
}

#[test]
fn a_full_list_says_so() {
    let store = Crowded(InMemory::new());
    let register = Register::open(&store).unwrap();
    let list = StatusList::token(TOKEN, "did:web:ngo.example");
    let list = register.create_list(list).unwrap();
    assert_eq!(register.allocate(&list, 1), Err(RegisterError::Full));
}

#[test]
fn lists_are_what_a_list_can_be() {
    let store = InMemory::new();
    let register = Register::open(&store).unwrap();
    let list = || StatusList::bitstring(REVOKED, "did:web:ngo.example", Purpose::Revocation);
    let code = |list: StatusList| register.create_list(list).map_or_else(|error| error.code(), |_| "created");
    assert_eq!(code(list().entries(MINIMUM_ENTRIES - 1)), "status.too-short");
    assert_eq!(code(list().entries(0)), "status.too-short");
    assert_eq!(code(list().entries(u64::MAX)), "status.too-large");
    let mut sized = list();
    sized.size = 2;
    sized.messages = vec!["only one".to_owned()];
    assert_eq!(code(sized), "status.entry");
    let mut sized = list();
    sized.size = 9;
    assert_eq!(code(sized), "status.list");
    let mut sized = StatusList::token(TOKEN, "did:web:ngo.example");
    sized.size = 3;
    assert_eq!(code(sized), "status.list");
    for url in [
        "",
        "status/1",
        "https://ngo.example/a b",
        "https://ngo.example/1#list",
        &format!("https://{}", "a".repeat(3000)),
    ] {
        let mut elsewhere = list();
        elsewhere.url = url.to_owned();
        assert_eq!(code(elsewhere), "register.url", "{url}");
    }
    assert_eq!(code(list()), "created");
    assert_eq!(code(list()), "register.list-twice");
    assert_eq!(register.list(TOKEN), Err(RegisterError::UnknownList));

    for damage in [(&b"2"[..], "version"), (b"{", "list/000001")] {
        let mut batch = Batch::default();
        batch.written.push((damage.1.to_owned(), damage.0.to_vec()));
        store.commit(batch).unwrap();
        let lists = Register::open(&store).and_then(|register| register.lists());
        assert_eq!(lists, Err(RegisterError::Store(StoreError::Damaged)));
        let mut batch = Batch::default();
        batch.written.push(("version".to_owned(), b"1".to_vec()));
        store.commit(batch).unwrap();
    }
}

#[test]
fn a_list_is_signed_by_its_own_issuer_and_never_goes_back() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, suspended, token]) = filled(&store, &issuer);
    let stranger = SoftwareKey::generate(KeyType::P256).unwrap();
    let expires = at(23);
    for list in [&revoked, &suspended, &token] {
        let by_stranger = register.publish(list, &Issuer::of_key(&stranger), at(1), expires, 60);
        assert_eq!(by_stranger, Err(RegisterError::Issue(IssueError::OtherIssuer)));
        let read = published(&register, list, &issuer, 9);
        assert_eq!((read.signed_at(), read.issuer()), (Some(at(9)), Some(issuer.id())));
        assert_eq!((read.ttl(), read.is_named()), (Some(3600), true));
        assert_eq!(register.publish(list, &issuer, at(8), expires, 60), Err(RegisterError::Clock { last: at(9) }));
        register.publish(list, &issuer, at(9), expires, 60).unwrap();
    }
    let hidden = StatusList::bitstring("https://ngo.example/3", issuer.id(), Purpose::Refresh).format(Format::SdJwt);
    let hidden = register.create_list(hidden).unwrap();
    let refused = register.publish(&hidden, &issuer, at(1), expires, 60);
    assert_eq!(refused, Err(RegisterError::Issue(IssueError::ListFormat)));
}

#[test]
fn digests_are_listed_by_the_key_that_signed() {
    let (store, first, second) = (InMemory::new(), key(), key());
    let (issuer, other) = (Issuer::of_key(&first), Issuer::of_key(&second));
    let (register, [revoked, ..]) = filled(&store, &issuer);
    let mut expected = Vec::new();
    for name in 0..3 {
        let copies = copies(&register, &[&revoked], &issuer, 2, name);
        expected.extend(copies.record.copies.iter().map(|copy| copy.digest.clone()));
    }
    let bound = draft(&other).holder(Holder::Key(first.public_key()));
    for (name, format) in [(7, Format::Jwt), (8, Format::EddsaJcs2022)] {
        let (secured, record) = other.secure_recorded(&bound, [name; 16], format).unwrap();
        register.record(&record).unwrap();
        assert_eq!(register.find(&record.reference), Ok(record.clone()));
        assert_eq!(record.copies[0].holder, Some(first.public_key().thumbprint()));
        assert_eq!(record.copies[0].digest, digest_by_hand(&secured, &second));
    }
    let mut digests = register.digests(issuer.method()).unwrap();
    digests.sort();
    expected.sort();
    assert_eq!(digests, expected);
    assert_eq!(register.digests(other.method()).unwrap().len(), 2);
    assert_eq!(register.digests("did:web:ngo.example#other"), Ok(Vec::new()));
}

/// SHA-256 of the bytes over which the key's signature holds, found by verifying it.
fn digest_by_hand(secured: &str, key: &SoftwareKey) -> String {
    use sha2::{Digest as _, Sha256};

    use crate::encoding::{base64url, jcs, multibase};

    let (bytes, signature) = match secured.rsplit_once('.') {
        Some((input, signature)) if secured.starts_with("eyJ") => {
            (input.as_bytes().to_vec(), base64url::decode(signature).unwrap())
        }
        _ => {
            let mut document = json::parse_object(secured.as_bytes()).unwrap();
            let mut proof = document.remove("proof").unwrap().as_object().unwrap().clone();
            let value = proof.remove("proofValue").unwrap();
            let signature = multibase::decode_base58btc(value.as_str().unwrap(), 200).unwrap();
            let hash = |object: &Map| Sha256::digest(jcs::canonicalize(object)).to_vec();
            ([hash(&proof), hash(&document)].concat(), signature)
        }
    };
    key.public_key().verify(key.algorithm(), &bytes, &signature).unwrap();
    base64url::encode(Sha256::digest(bytes))
}

#[test]
fn a_message_stands_at_its_place() {
    let (store, key) = (InMemory::new(), key());
    let issuer = Issuer::of_key(&key);
    let (register, [revoked, _, token]) = filled(&store, &issuer);
    let url = "https://ngo.example/status/messages";
    for count in [0, 1, 3, 257, 512] {
        assert_eq!(StatusList::of_messages(url, issuer.id(), &vec!["text"; count]), None);
    }
    let list = StatusList::of_messages(url, issuer.id(), &["open", "in review", "done", "closed"]).unwrap();
    let list = register.create_list(list).unwrap();
    let slots = register.allocate(&list, 2).unwrap();
    register.change(&list, slots[0].index, Change::Message(2)).unwrap();
    let refused = register.change(&list, slots[0].index, Change::Message(4)).unwrap_err();
    assert_eq!(refused.code(), "status.list");
    for change in [Change::Revoke, Change::Refresh] {
        assert_eq!(register.change(&list, slots[0].index, change).unwrap_err().code(), "register.other-purpose");
    }
    for list in [&revoked, &token] {
        let [slot] = &register.allocate(list, 1).unwrap()[..] else { panic!("one place") };
        for change in [Change::Refresh, Change::Message(1)] {
            assert_eq!(register.change(list, slot.index, change).unwrap_err().code(), "register.other-purpose");
        }
    }
    let signed = register.publish(&list, &issuer, at(1), at(2), 60).unwrap();
    let payload = Jws::parse(&signed).unwrap().payload;
    let subject = payload["credentialSubject"].as_object().unwrap();
    assert_eq!((&subject["statusSize"], &subject["statusMessages"][3]["message"]), (&2.into(), &"closed".into()));
    assert_eq!(slots[0].entry["statusMessage"], subject["statusMessages"]);
    let read = List::from_bitstring_credential(&payload, url).unwrap();
    let says = |slot: &Slot| match read.standing(&Entry::read(&slot.entry).unwrap().unwrap()) {
        Ok(Standing::Message { value, text }) => format!("{value} {text}"),
        other => panic!("{other:?}"),
    };
    assert_eq!((says(&slots[0]).as_str(), says(&slots[1]).as_str()), ("2 done", "0 open"));
}
