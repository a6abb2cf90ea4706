//! `ecdsa-sd-2023` with the Digital Bazaar packages: who signs, who shows some of it and who judges that in every
//! combination, and what of the attacks the other side lets pass.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{SystemTime, UNIX_EPOCH};

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::base64url;
use attesta::encoding::cbor::{self, Key, Value as Cbor};
use attesta::issuer::Issuer;
use attesta::jsonld::Embedded;
use attesta::keys::{self, KeyType, Signer};
use attesta::presentation::{Disclose, Request, derive, present};
use attesta::securing::Format;
use attesta::securing::data_integrity::sd::{Opened, Prepared, Secrets};
use attesta::verify::{
    At, CheckId, Code, Expected, InlineContexts, Materials, Outcome, Policy, Preset, Report, danger, verify,
};
use attesta_interop::data_integrity::{
    changes, issued_by, plain_documents, they_derive, they_sign_statements, they_verify,
};
use attesta_interop::dcql::Dice;
use attesta_interop::{Party, Tally, claims, day, document, now, trusting};
use serde_json::{Value, json};

const BANK: &str = "https://onboarding.bank.example";
const NONCE: &str = "yBmyQ2VVLCcSJ0PqK2mEaw";

fn policy(issuer: &Party) -> Policy {
    let mut types = vec!["CardCredential", "PermanentResidentCardCredential", "CertificateOfCitizenshipCredential"];
    types.extend(Kind::ALL.map(Kind::name));
    // Nobody can show that there is no status.
    let policy = trusting(Preset::Default, issuer, &types).relaxing(CheckId::StatusList).unwrap();
    policy.inline_contexts(InlineContexts::Accept)
}

fn judge(signed: &Value, issuer: &Party) -> Report {
    let expected = Expected::nothing();
    verify(signed.to_string().as_bytes(), &expected, &Materials::none(), &policy(issuer), At::Now(now()))
}

fn found(report: &Report) -> Option<&'static str> {
    report.reason().map(|check| check.code()).map(Code::name)
}

fn fits(signed: &Value) -> bool {
    danger::check_proof(signed.to_string().as_bytes(), &Materials::none()).fits()
}

fn we_derive(base: &Value, selective: &[String]) -> Value {
    let pointers: Vec<&str> = selective.iter().map(String::as_str).collect();
    let derived = derive(base.to_string().as_bytes(), Disclose::Only(&pointers));
    serde_json::from_str(&derived.unwrap_or_else(|error| panic!("{selective:?}: {error}"))).unwrap()
}

fn we_sign(issuer: &Party, title: &str, document: &Value, holder: &Party) -> Value {
    let salt = Salt::random().unwrap();
    let draft = match Kind::ALL.into_iter().find(|kind| kind.name() == title) {
        Some(kind) => {
            Credential::of(claims(kind), &issuer.did, day(0), 7, salt).unwrap().holder(Holder::Did(holder.did.clone()))
        }
        None => Credential::of_document(document.as_object().unwrap().clone(), &issuer.did, day(0), salt).unwrap(),
    };
    let issuer = Issuer::of_did(&issuer.did, &issuer.key).unwrap();
    serde_json::from_str(&issuer.secure(&draft, Format::EcdsaSd2023).unwrap()).unwrap()
}

/// What no holder may hide, as an issuer says it who says everything itself.
fn mandatory_of(document: &Value) -> Vec<String> {
    let is_apart = |name: &&String| matches!(name.as_str(), "@context" | "id" | "type" | "credentialSubject");
    let others = document.as_object().unwrap().keys().filter(|name| !is_apart(name)).map(|name| format!("/{name}"));
    let subject = ["id", "type"].into_iter().find(|name| document["credentialSubject"].get(name).is_some());
    others.chain(subject.map(|name| format!("/credentialSubject/{name}"))).collect()
}

/// The three kinds by their names, and types that are not ours.
fn documents(holder: &Party) -> Vec<(&'static str, Value)> {
    let mut documents = plain_documents();
    // The other side cannot sign lists: it names their nodes before it writes them, as section 3.4.3 of VC-DI-ECDSA 1.0 says.
    documents[0].1["credentialSubject"]["card"].as_object_mut().unwrap().remove("doors");
    documents.extend(Kind::ALL.map(|kind| (kind.name(), document(kind, holder))));
    documents
}

/// Everything that a holder could choose: what stands in the subject, and nothing within a literal with its languages or
/// JSON that is one value. Of several types, which are always shown together, attesta lets nobody choose one; the other
/// side does, and shows all.
fn choices(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (format!("{pointer}/{name}"), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (format!("{pointer}/{at}"), item)).collect(),
        _ => Vec::new(),
    };
    for (pointer, member) in below {
        let is_whole = ["layout", "titles", "/type"].iter().any(|name| pointer.ends_with(name));
        if !is_whole {
            choices(member, &pointer, found);
        }
        found.push(pointer);
    }
}

#[test]
fn every_combination() {
    let fresh = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() % (1 << 60)).unwrap();
    println!("ecdsa-sd-2023: seed {fresh}");
    let mut dice = Dice::new(fresh);
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    let [issuer, holder] = [(); 2].map(|()| Party::of_did_key(KeyType::P256));
    let mut same = 0;
    for (title, document) in documents(&holder) {
        let document = issued_by(&issuer, &document);
        let by_them = they_sign_statements(&issuer, &document, &mandatory_of(&document));
        for (signer, base) in [("we", we_sign(&issuer, title, &document, &holder)), ("they", by_them)] {
            let mut all = Vec::new();
            choices(&base["credentialSubject"], "/credentialSubject", &mut all);
            let mut selections: Vec<Vec<String>> = vec![Vec::new(), vec!["/credentialSubject".to_owned()]];
            for _ in 0..6 {
                let often = 1 + dice.below(6);
                selections.push(all.iter().filter(|_| dice.once_in(often)).cloned().collect());
            }
            for selection in selections {
                let name = format!("{title}, {signer} signed it, {selection:?} is shown");
                let shown = [we_derive(&base, &selection), they_derive(&base, &selection).unwrap()];
                assert!(shown[0] == shown[1], "{name}\nours: {}\ntheirs: {}", shown[0], shown[1]);
                same += 1;
                let report = danger::check_proof(shown[0].to_string().as_bytes(), &Materials::none());
                ours.accepts(&format!("{name}: {:?}", report.reason()), report.fits());
                theirs.accepts(&name, they_verify(&shown[0]));

                // What a context says of words that are not shown may be anything.
                let mut changed = changes(&shown[0]);
                changed.retain(|(change, _)| !change.contains("/@context/1"));
                for _ in 0..3 {
                    let (change, changed) = dice.pick(&changed);
                    ours.refuses(&format!("{name}: {change}: attesta"), fits(changed));
                    // The other side leaves out a last character of base64url that says nothing.
                    if change != "lengthened /proof/proofValue" {
                        theirs.refuses(&format!("{name}: {change}: the other side"), they_verify(changed));
                    }
                }
                if selection == ["/credentialSubject"] {
                    let report = judge(&shown[0], &issuer);
                    assert!(report.outcome() == Outcome::Valid, "{name}: {:?}", found(&report));
                }
            }
            ours.refuses(&format!("{title}: the copy for the holder"), fits(&base));
            theirs.refuses(&format!("{title}: the copy for the holder"), they_verify(&base));
        }
    }
    ours.close("ecdsa-sd-2023, judged by attesta");
    theirs.close("ecdsa-sd-2023, judged by others");
    assert_eq!(same, 6 * 2 * 8, "documents derived alike");
}

/// What the other side shows of its own signing, presented by us and judged by us.
#[test]
fn what_they_show_is_presented() {
    let [issuer, holder, thief] = [(); 3].map(|()| Party::of_did_key(KeyType::P256));
    for kind in Kind::ALL {
        let document = issued_by(&issuer, &document(kind, &holder));
        let base = they_sign_statements(&issuer, &document, &mandatory_of(&document));
        let shown = they_derive(&base, &["/credentialSubject".to_owned()]).unwrap().to_string();
        let request = Request { audience: BANK, nonce: NONCE, now: now() };
        let by = |party: &Party| present(&[shown.as_bytes()], Disclose::Everything, &request, &party.key);
        let presented: Value = serde_json::from_str(&by(&holder).unwrap()).unwrap();
        let expected = Expected::answer(BANK, NONCE);
        let decide = |presented: &Value| {
            let bytes = presented.to_string();
            verify(bytes.as_bytes(), &expected, &Materials::none(), &policy(&issuer), At::Now(now()))
        };
        let report = decide(&presented);
        assert_eq!(report.outcome(), Outcome::Valid, "{kind:?}: {:?}", report.reason());
        assert!(report.accepted()[0].claims() == Some(&claims(kind)), "{kind:?}");
        assert!(by(&thief).is_err(), "{kind:?}: presented by a thief");
        for (change, changed) in changes(&presented).into_iter().step_by(9) {
            assert_ne!(decide(&changed).outcome(), Outcome::Valid, "{kind:?}: {change}");
        }
    }
}

/// A derived proof taken apart.
#[derive(Clone)]
struct Parts {
    document: Value,
    base_signature: Vec<u8>,
    key: Vec<u8>,
    signatures: Vec<Vec<u8>>,
    labels: Vec<(u64, Vec<u8>)>,
    mandatory: Vec<u64>,
}

const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];

impl Parts {
    fn of(shown: &Value) -> Self {
        let value = shown["proof"]["proofValue"].as_str().unwrap().strip_prefix('u').unwrap();
        let content = base64url::decode(value).unwrap();
        let content = cbor::decode(content.strip_prefix(&DERIVED).unwrap()).unwrap();
        let [base_signature, key, signatures, labels, mandatory] = content.as_array().unwrap() else {
            panic!("a derived proof has five parts")
        };
        let bytes_of = |value: &Cbor<'_>| value.as_bytes().unwrap().to_vec();
        let number = |key: Key<'_>| match key {
            Key::Unsigned(number) => number,
            _ => panic!("labels have numbers"),
        };
        Self {
            document: shown.clone(),
            base_signature: bytes_of(base_signature),
            key: bytes_of(key),
            signatures: signatures.as_array().unwrap().iter().map(bytes_of).collect(),
            labels: labels.as_map().unwrap().iter().map(|(key, label)| (number(key), bytes_of(label))).collect(),
            mandatory: mandatory.as_array().unwrap().iter().map(|index| index.as_u64().unwrap()).collect(),
        }
    }

    fn content(&self) -> Vec<u8> {
        let string = |content: &Vec<u8>| cbor::encode(&Cbor::Bytes(content));
        let signatures = Cbor::Array(self.signatures.iter().map(|signature| Cbor::Bytes(signature)).collect());
        // A map can say one label twice, which the library's own cannot.
        let labels =
            self.labels.iter().map(|(number, label)| [cbor::encode(&Cbor::Unsigned(*number)), string(label)].concat());
        let labels =
            [vec![0xb8, u8::try_from(self.labels.len()).unwrap()], labels.collect::<Vec<_>>().concat()].concat();
        let labels =
            if self.labels.len() < 24 { [vec![0xa0 | labels[1]], labels[2..].to_vec()].concat() } else { labels };
        let mandatory = Cbor::Array(self.mandatory.iter().map(|index| Cbor::Unsigned(*index)).collect());
        [
            vec![0x85],
            string(&self.base_signature),
            string(&self.key),
            cbor::encode(&signatures),
            labels,
            cbor::encode(&mandatory),
        ]
        .concat()
    }

    fn with_content(&self, content: &[u8]) -> Value {
        let mut document = self.document.clone();
        let value = base64url::encode([&DERIVED[..], content].concat());
        document["proof"]["proofValue"] = format!("u{value}").into();
        document
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Value {
        let mut changed = self.clone();
        change(&mut changed);
        changed.with_content(&changed.content())
    }

    /// The statements that can be hidden, signed by this key.
    fn signed_by(&self, signer: &dyn Signer) -> Vec<Vec<u8>> {
        let mut document = self.with(|_| ()).as_object().unwrap().clone();
        let mut options = document.remove("proof").unwrap().as_object().unwrap().clone();
        let value = options.remove("proofValue").unwrap();
        let opened = Opened::read(&document, &options, value.as_str().unwrap(), &Embedded).unwrap();
        let open = opened.statements().filter(|(_, is_mandatory)| !is_mandatory);
        open.map(|(line, _)| keys::sign(signer, line.as_bytes()).unwrap()).collect()
    }
}

/// A key as a Multikey has it.
fn multikey(party: &Party) -> Vec<u8> {
    [&[0x80, 0x24][..], &party.key.public_key().to_bytes()].concat()
}

#[test]
fn attacks() {
    let [issuer, holder, thief] = [(); 3].map(|()| Party::of_did_key(KeyType::P256));
    let licence = issued_by(&issuer, &document(Kind::Licence, &holder));
    let base_of = |document: &Value| they_sign_statements(&issuer, document, &mandatory_of(document));
    let shown = |base: &Value| they_derive(base, &["/credentialSubject".to_owned()]).unwrap();
    let sound = shown(&base_of(&licence));
    assert!(judge(&sound, &issuer).outcome() == Outcome::Valid && they_verify(&sound));
    let parts = Parts::of(&sound);
    assert_eq!(parts.with(|_| ()), sound);
    // The specification gives the positions no order, and what they say is the same in any.
    let reversed = parts.with(|parts| parts.mandatory.reverse());
    assert!(judge(&reversed, &issuer).outcome() == Outcome::Valid && they_verify(&reversed));
    let another = {
        let mut another = licence.clone();
        another["credentialSubject"]["name"] = "Eve Example".into();
        shown(&base_of(&another))
    };
    // A thief signs all of it, and names the issuer's key.
    let in_its_name = {
        let document = licence.as_object().unwrap().clone();
        let options = json!({
            "type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023",
            "verificationMethod": issuer.method, "proofPurpose": "assertionMethod",
        });
        let mandatory = mandatory_of(&licence);
        let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
        let options = options.as_object().unwrap().clone();
        let prepared = Prepared::new(document, options, &mandatory, Secrets::random().unwrap(), &Embedded).unwrap();
        Value::Object(prepared.sign(&thief.key).unwrap())
    };
    let mut openly = licence.clone();
    openly["issuer"] = issuer.did.as_str().into();

    // The attack, what was made of it, and whether the other side accepts it.
    let table: Vec<(&str, Value, bool)> = vec![
        ("the copy for the holder", base_of(&licence), false),
        ("signed by a thief in the issuer's name", we_derive(&in_its_name, &["/credentialSubject".to_owned()]), false),
        (
            "signed by a thief under the thief's key",
            shown(&they_sign_statements(&thief, &openly, &mandatory_of(&openly))),
            true,
        ),
        (
            "a foreign key within, with its signatures",
            parts.with(|parts| {
                parts.signatures = parts.signed_by(&thief.key);
                parts.key = multikey(&thief);
            }),
            false,
        ),
        (
            "a foreign key within that signed the base too",
            {
                let mut parts = Parts::of(&we_derive(&in_its_name, &["/credentialSubject".to_owned()]));
                parts.signatures = parts.signed_by(&thief.key);
                parts.key = multikey(&thief);
                parts.with(|_| ())
            },
            false,
        ),
        ("statements signed by a thief", parts.with(|parts| parts.signatures = parts.signed_by(&thief.key)), false),
        (
            "statements signed by the issuer itself",
            parts.with(|parts| parts.signatures = parts.signed_by(&issuer.key)),
            false,
        ),
        (
            "the proof of another credential",
            {
                let mut swapped = sound.clone();
                swapped["proof"] = another["proof"].clone();
                swapped
            },
            false,
        ),
        (
            "a statement of another credential",
            {
                let mut swapped = sound.clone();
                swapped["credentialSubject"]["name"] = another["credentialSubject"]["name"].clone();
                Parts::of(&swapped).with(|parts| parts.signatures = Parts::of(&another).signatures)
            },
            false,
        ),
        ("signatures in another order", parts.with(|parts| parts.signatures.swap(0, 1)), false),
        ("a signature left out", parts.with(|parts| drop(parts.signatures.pop())), false),
        ("a signature too many", parts.with(|parts| parts.signatures.push(parts.signatures[0].clone())), false),
        (
            "a mandatory position twice",
            parts.with(|parts| parts.mandatory.push(*parts.mandatory.last().unwrap())),
            true,
        ),
        ("a mandatory position outside", parts.with(|parts| parts.mandatory.push(100_000)), true),
        (
            "a mandatory position left out",
            parts.with(|parts| {
                parts.mandatory.pop();
                parts.signatures.push(parts.signatures[0].clone());
            }),
            false,
        ),
        (
            "everything said to be mandatory",
            parts.with(|parts| {
                parts.mandatory = (0..(parts.mandatory.len() + parts.signatures.len()) as u64).collect();
                parts.signatures.clear();
            }),
            false,
        ),
        ("one name for two nodes", parts.with(|parts| parts.labels[1].1 = parts.labels[0].1.clone()), false),
        (
            "names that changed places",
            parts.with(|parts| {
                let first = parts.labels[0].1.clone();
                parts.labels[0].1 = std::mem::replace(&mut parts.labels[1].1, first);
            }),
            false,
        ),
        ("a name left out", parts.with(|parts| drop(parts.labels.pop())), false),
        ("a name too many", parts.with(|parts| parts.labels.push((parts.labels.len() as u64, vec![9; 32]))), true),
        (
            "a name too many, of a number that is there",
            parts.with(|parts| {
                let last = parts.labels.last().unwrap().clone();
                parts.labels.push(last);
            }),
            true,
        ),
        ("a length that is not said", parts.with_content(&[&[0x9f], &parts.content()[1..], &[0xff]].concat()), true),
        ("a length longer than needed", parts.with_content(&[&[0x98, 5], &parts.content()[1..]].concat()), true),
        ("bytes behind the proof", parts.with_content(&[&parts.content()[..], &[0]].concat()), false),
        ("lists 10,000 deep", parts.with_content(&[vec![0x81; 10_000], vec![0]].concat()), false),
        (
            "a mandatory statement left out",
            {
                let mut cut = sound.clone();
                cut.as_object_mut().unwrap().remove("validUntil");
                cut
            },
            false,
        ),
        (
            "a mandatory statement under its address",
            {
                let mut renamed = sound.clone();
                let members = renamed.as_object_mut().unwrap();
                let end = members.remove("validUntil").unwrap();
                let end = json!({ "@value": end, "@type": "http://www.w3.org/2001/XMLSchema#dateTime" });
                members.insert("https://www.w3.org/2018/credentials#validUntil".to_owned(), end);
                renamed
            },
            true,
        ),
        (
            "words of the holder's own",
            {
                let mut renamed = sound.clone();
                let members = renamed.as_object_mut().unwrap();
                let end = members.remove("validUntil").unwrap();
                members.insert("until".to_owned(), end);
                members.get_mut("@context").unwrap().as_array_mut().unwrap().push(json!({
                "until": { "@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime" }
            }));
                renamed
            },
            true,
        ),
    ];
    let mut accepted = 0;
    for (what, attack, theirs) in table {
        let report = judge(&attack, &issuer);
        let verified = they_verify(&attack);
        println!(
            "{what:48} {:34} {}",
            found(&report).unwrap_or("accepted"),
            if verified { "accepted" } else { "refused" }
        );
        assert_ne!(report.outcome(), Outcome::Valid, "{what}");
        assert_eq!(verified, theirs, "{what}: the other side");
        accepted += usize::from(verified);
    }
    println!("the other side accepts {accepted} of them");
}
