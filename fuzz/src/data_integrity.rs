use attesta::encoding::json::{self, Map, Value};
use attesta::jsonld::Embedded;
use attesta::keys::{PublicKey, Signer as _};
use attesta::securing::data_integrity::{ProofOptions, Signed, Suite, Transformation, sign};

use crate::answers::assert_explained;
use crate::people::{Person, known};
use crate::plain;

/// Documents with proofs: taken apart without losing anything, and whatever is signed holds until it is changed.
pub fn data_integrity(bytes: &[u8]) {
    let Ok(document) = json::parse_object(bytes) else { return };
    let signer = known("ngo");
    let signed = match Signed::read(document.clone()) {
        Ok(signed) => signed,
        Err(unsigned) => {
            assert_explained(&unsigned.error);
            assert!(unsigned.document == document, "something was lost");
            return;
        }
    };
    let proofs = match &document["proof"] {
        Value::Array(proofs) => proofs.as_slice(),
        proof => std::slice::from_ref(proof),
    };
    let mut rest = document.clone();
    rest.remove("proof");
    assert_eq!(*signed.document(), rest);
    assert_eq!(signed.count() + signed.unreadable().len(), proofs.len());
    let mut left = proofs.iter();
    for each in signed.each() {
        let proof = Value::Object(each.proof().to_json());
        assert!(left.any(|own| *own == proof), "a proof was changed, or the order");
        check(&each, &signer.key.public_key());
    }
    sign_it(&rest);
    if signed.unreadable().is_empty() {
        add_to_it(document, signer);
    }
}

fn check(signed: &Signed, key: &PublicKey) {
    let proof = signed.proof();
    assert!(!proof.options.contains_key("proofValue"));
    if proof.suite().is_some() {
        assert_eq!(proof.suite(), Suite::from_name(&proof.suite_name));
    }
    let ancestors = signed.ancestors();
    match &ancestors {
        Ok(ancestors) => assert!(ancestors.iter().all(|ancestor| !ancestor.is(signed))),
        Err(error) => assert_explained(error),
    }
    if signed.verify(key, &Embedded).is_ok() {
        assert!(signed.context_holds() && ancestors.is_ok());
    }
    let covered = proof.options.get("@context").cloned();
    if let (true, Some(covered)) = (signed.context_holds(), covered) {
        assert_eq!(signed.clone().into_signed_document()["@context"], covered);
    }
}

/// A proof that builds on those that are there holds as long as they stand there unchanged.
fn add_to_it(document: Map, signer: &Person) {
    let Ok(signed) = Signed::read(document.clone()) else { return };
    let ids: Vec<String> = signed.each().filter_map(|each| each.proof().id.clone()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let options = ProofOptions { previous: &ids, ..ProofOptions::new(&signer.method, "assertionMethod") };
    let Ok(longer) = sign(document, Suite::EddsaJcs2022, &options, &Embedded, &signer.key) else { return };
    let holds = |document: &Map| {
        let Ok(signed) = Signed::read(reread(document)) else { return false };
        let last = signed.each().last();
        last.is_some_and(|last| last.ancestors().is_ok() && last.verify(&signer.key.public_key(), &Embedded).is_ok())
    };
    assert!(holds(&longer), "what was signed does not hold");
    let mut without = longer;
    let Some(Value::Array(proofs)) = without.get_mut("proof") else { return };
    let Some(first) = proofs.iter().position(|proof| proof.get("id").is_some()) else { return };
    proofs.remove(first);
    assert!(!holds(&without), "what it builds on is gone, and it holds");
}

/// A document of any content is signed in each way, written, read and checked; then it is changed and checked again.
fn sign_it(document: &Map) {
    for (signer, how) in [("ngo", Transformation::Jcs), ("ngo", Transformation::Rdfc), ("hostel", Transformation::Rdfc)]
    {
        let signer = known(signer);
        let suite = Suite::of_key(signer.key.algorithm().key_type(), how);
        let options = ProofOptions::new(&signer.method, "assertionMethod");
        let mut signed = match sign(document.clone(), suite, &options, &Embedded, &signer.key) {
            Ok(signed) => signed,
            // No context defines it, or it is not RDF.
            Err(error) => {
                assert!(how == Transformation::Rdfc, "{error}");
                assert_explained(&error);
                continue;
            }
        };
        let Ok(read) = Signed::read(reread(&signed)) else { panic!("what was signed cannot be read") };
        let fits = |read: &Signed, person: &Person| read.verify(&person.key.public_key(), &Embedded).is_ok();
        assert!(fits(&read, signer), "what was signed does not hold");
        assert!(signer.others().all(|other| !fits(&read, other)), "somebody else signed it too");
        let holds = |document: &Map| Signed::read(reread(document)).is_ok_and(|read| fits(&read, signer));
        for (name, value) in [("created", "2026-01-01T00:00:00Z"), ("proofPurpose", "authentication")] {
            let mut changed = signed.clone();
            changed["proof"][name] = value.into();
            assert!(!holds(&changed), "its {name} was changed, and it holds");
        }
        signed.insert("added after signing".to_owned(), true.into());
        assert!(!holds(&signed), "what was changed holds");
    }
}

/// The document as whoever gets it reads it.
fn reread(document: &Map) -> Map {
    json::parse_object(plain::on_a_line(document).as_bytes()).expect("it is strict JSON")
}
